/* SPDX-License-Identifier: MIT
 *
 * Every recipe of the catalogue against its sample: all pages in order, brought
 * to ITEM form at the sample's clock, must give exactly the lines of its .expect
 * file (feeds/samples/). Runs in the project's root.
 */
#include "harness.h"

#include <jv.h>

#include "base/file.h"
#include "base/json.h"
#include "extract/extract.h"

#define SAMPLE_CLOCK   1795417200 /* 2026-11-23T07:00:00Z */
#define SAMPLE_MAX     ((size_t)4 << 20)
#define SAMPLE_PAGES   9
#define EXPECTED_PAGES 43/* pages of all samples together */

static const char *const endings[] = {"xml", "json", "html"};

/* The file of page `n`: NAME.n.ext, or NAME.ext for the first. NULL = there is none. */
static const char *sample_path(struct arena *a, struct str name, int n)
{
	for (size_t i = 0; i < COUNT(endings); i++) {
		const char *path = arena_printf(a, "feeds/samples/%.*s.%d.%s", STRF(name), n, endings[i]);
		if (file_exists(path))
			return path;
		path = arena_printf(a, "feeds/samples/%.*s.%s", STRF(name), endings[i]);
		if (n == 1 && file_exists(path))
			return path;
	}
	return NULL;
}

static void compare_line(struct str name, size_t line, struct str want, struct str got)
{
	jv w = jv_parse_sized(want.p, (int)want.n), g = jv_parse_sized(got.p, (int)got.n);
	if (!jv_is_valid(w) || !jv_equal(jv_copy(w), jv_copy(g))) { /* longer than cmocka's messages */
		fprintf(stderr, "want %.*s\n got %.*s\n", STRF(want), STRF(got));
		fail_msg("%.*s.expect:%zu differs", STRF(name), line);
	}
	jv_free(w);
	jv_free(g);
}

static void compare_items(
	struct arena *a, const struct recipe *r, struct page *p, struct str *want, size_t *line)
{
	assert_int_equal(p->bad, 0);
	for (size_t i = 0; i < p->items.n; i++) {
		item_settle(a, &r->rules, &p->items.v[i]);
		struct buf out = buf_init(SAMPLE_MAX);
		struct json j = json_to(&out);
		json_open(&j, '{');
		item_json_members(&j, &p->items.v[i]);
		json_close(&j, '}');
		compare_line(r->name, ++*line, str_cut(*want, '\n', want), buf_str(&out));
		buf_free(&out);
	}
}

static int run_recipe(const char *path)
{
	struct arena *a = arena_new(ARENA_TEST * 4);
	struct diags d = {.a = a};
	struct error e = {0};
	const struct recipe *r = conf_recipe_file(a, path, &d);
	if (r == NULL || extract_check(r, &d) > 0) {
		diags_print(&d, stderr);
		fail_msg("%s has errors", path);
		return 0;
	}
	struct str want;
	const char *expect = arena_printf(a, "feeds/samples/%.*s.expect", STRF(r->name));
	assert_int_equal(file_read(a, expect, SAMPLE_MAX, &want, &e), ERR_OK);
	struct extractor *x = extract_new(r);
	size_t line = 0;
	int n = 1;
	for (const char *sample; n <= SAMPLE_PAGES && (sample = sample_path(a, r->name, n)) != NULL; n++) {
		struct str bytes;
		struct page page;
		assert_int_equal(file_read(a, sample, SAMPLE_MAX, &bytes, &e), ERR_OK);
		if (extract_page(x, a, bytes, (struct str){0}, r->url, &page, &e) != ERR_OK)
			fail_msg("%s: %s", sample, e.text);
		compare_items(a, r, &page, &want, &line);
	}
	if (want.n > 0)
		fail_msg("%.*s: missing after item %zu: %.*s", STRF(r->name), line, STRF(want));
	extract_free(x);
	arena_free(a);
	return n - 1;
}

static void test_catalogue(void **state)
{
	(void)state;
	clock_set(SAMPLE_CLOCK);
	struct arena *a = arena_new(ARENA_TEST);
	struct strv names = {0};
	struct error e = {0};
	int pages = 0;
	assert_int_equal(file_list(a, "feeds", &names, &e), ERR_OK);
	for (size_t i = 0; i < names.n; i++)
		if (str_ends(names.v[i], STR(".conf")))
			pages += run_recipe(arena_printf(a, "feeds/%.*s", STRF(names.v[i])));
	assert_true(pages >= EXPECTED_PAGES);
	arena_free(a);
}

/* What the portal's recipe must refuse, and the empty last page that it must not. */
static void test_portal_expectations(void **state)
{
	(void)state;
	static const struct {
		const char *page;
		enum err want;
	} rows[] = {
		{"{\"totalResults\":16,\"results\":[]}", ERR_OK},
		{"{\"totalResults\":16,\"results\":[{\"metadata\":{\"type\":[\"8\"]}}]}", ERR_OK},
		{"{\"totalResults\":16,\"results\":[{\"type\":\"1\"}]}", ERR_OK},
		{"{\"totalResults\":642000,\"results\":[]}", ERR_INPUT},
		{"{\"totalResults\":16,\"results\":[{\"metadata\":{\"type\":[\"FAQ\"]}}]}", ERR_INPUT},
		{"{\"totalResults\":16}", ERR_INPUT},
		{"{\"results\":[]}", ERR_INPUT},
		{"{\"type\":\"throwable\"}", ERR_INPUT},
		{"[]", ERR_INPUT},
		{"null", ERR_INPUT},
		{"<!DOCTYPE html><html><body>Maintenance</body></html>", ERR_INPUT},
		{"", ERR_INPUT},
	};
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	const struct recipe *r = conf_recipe_file(a, "feeds/eu-funding-tenders.conf", &d);
	assert_non_null(r);
	struct extractor *x = extract_new(r);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct page page;
		struct error e = {0};
		enum err got = extract_page(x, a, str_of(rows[i].page), STR("utf-8"), r->url, &page, &e);
		if (got != rows[i].want)
			fail_msg("%s: %s %s", rows[i].page, err_name(got), e.text);
	}
	extract_free(x);
	arena_free(a);
}

/* A row that the program can't read costs only itself. */
static void test_portal_bad_row(void **state)
{
	(void)state;
	static const char text[] =
		"{\"totalResults\":2,\"results\":[{\"reference\":\"R1\",\"metadata\":{\"type\":[\"1\"],"
		"\"status\":"
		"[\"31094502\"],\"identifier\":[]}},{\"metadata\":{\"type\":[\"1\"],\"status\":[\"31094502\"]"
		","
		"\"identifier\":[\"X-1\"],\"title\":[\"T\"],\"budgetOverview\":[\"{broken\"]}}]}";
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	struct error e = {0};
	struct page page;
	const struct recipe *r = conf_recipe_file(a, "feeds/eu-funding-tenders.conf", &d);
	assert_non_null(r);
	struct extractor *x = extract_new(r);
	assert_int_equal(extract_page(x, a, str_of(text), STR(""), r->url, &page, &e), ERR_OK);
	assert_int_equal(page.items.n, 1);
	assert_str(page.items.v[0].call, "X-1");
	assert_int_equal(page.bad, 1);
	assert_str(page.bad_why, "row R1: no identifier");
	extract_free(x);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_catalogue), cmocka_unit_test(test_portal_expectations),
	cmocka_unit_test(test_portal_bad_row))
