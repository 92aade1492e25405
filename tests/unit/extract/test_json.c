/* SPDX-License-Identifier: MIT
 *
 * JSON pages: jq programs (compiling, running, what they must not see), ITEM
 * objects of every shape, streaming, and faults with their places.
 */
#include "recipe_text.h"

#define JSON "format: json\n"

static void test_items(void **state)
{
	(void)state;
	static const char lines[] =
		JSON "items:\n  def t: .t;\n  # a comment of jq's own\n  .list[]\n  | {id: .i, title: t}\n";
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	assert_int_equal(
		page_of(a, lines,
			"\xEF\xBB\xBF "
			"{\"list\":[{\"i\":12,\"t\":\"a\"},{\"i\":\"x\",\"t\":[]},{\"t\":\"b\"},7,{}]}",
			&p, &e),
		ERR_INPUT); /* .t of a number */
	assert_non_null(strstr(e.text, "items: Cannot index number"));
	assert_int_equal(
		page_of(a, lines,
			"{\"list\":[{\"i\":12,\"t\":\"a\"},{\"i\":\"x\",\"t\":[]},{\"t\":\"b\"},{}]}", &p,
			&e),
		ERR_OK);
	assert_int_equal(p.items.n, 2);
	assert_str(p.items.v[0].id, "12");
	assert_str(p.items.v[1].title, "b");
	assert_int_equal(p.bad, 2);
	assert_str(p.bad_why, "'title' is not a string");
	arena_free(a);
}

static void test_expect(void **state)
{
	(void)state;
	static const char lines[] = JSON "expect: .ok\nitems: .list[]\n";
	static const struct {
		const char *page;
		enum err want;
		const char *text;
	} rows[] = {
		{"{\"ok\":true,\"list\":[]}", ERR_OK, ""},
		{"{\"ok\":0,\"list\":[]}", ERR_OK, ""},
		{"{\"ok\":false,\"list\":[]}", ERR_INPUT, "not what the recipe expects"},
		{"{\"list\":[]}", ERR_INPUT, "not what the recipe expects"},
		{"[]", ERR_INPUT, "expect: Cannot index array"},
		{"{\"ok\":true", ERR_INPUT, "not JSON"},
		{"<html>", ERR_INPUT, "not JSON but a page that starts with '<html>'"},
		{"  ", ERR_INPUT, "empty"},
		{"{\"ok\":true,\"list\":5}", ERR_INPUT, "items: Cannot iterate"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct page p;
		struct error e = {0};
		enum err got = page_of(a, lines, rows[i].page, &p, &e);
		if (got != rows[i].want || strstr(e.text, rows[i].text) == NULL)
			fail_msg("%s: %s '%s'", rows[i].page, err_name(got), e.text);
		arena_free(a);
	}
}

/* The environment and files are not a recipe's business. */
static void test_no_environment(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	assert_int_equal(setenv("FW_TEST_SECRET", "seen", 1), 0);
	static const char lines[] =
		JSON "items: {title: \"\\($ENV | length) \\(env | length) \\($ENV.FW_TEST_SECRET)\"}\n";
	assert_int_equal(page_of(a, lines, "{}", &p, &e), ERR_OK);
	assert_str(p.items.v[0].title, "0 0 null");
	assert_string_equal(getenv("FW_TEST_SECRET"), "seen");
	arena_free(a);
}

static void test_many_outputs(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST * 4);
	struct page p;
	struct error e;
	assert_int_equal(
		page_of(a, JSON "items: range(infinite) | {title: \"t\"}\n", "{}", &p, &e), ERR_LIMIT);
	arena_free(a);
}

static void test_stream(void **state)
{
	(void)state;
	static const char lines[] = JSON "stream: 2\nitems: {title: .t, id: .i}\n";
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	static const char page[] = "{\"head\":{\"x\":{\"t\":\"h\"}},\"n\":1,\"list\":[{\"t\":\"a\",\"i\":"
				   "\"1\",\"deep\":[1,{\"t\":2}]},"
				   "{\"t\":\"b\"},{\"i\":\"3\"}]}";
	assert_int_equal(page_of(a, lines, page, &p, &e), ERR_OK);
	assert_int_equal(p.items.n, 4);
	assert_str(p.items.v[0].title, "h");
	assert_str(p.items.v[1].id, "1");
	assert_str(p.items.v[2].title, "b");
	assert_str(p.items.v[3].id, "3");
	assert_int_equal(page_of(a, lines, "{\"list\":[{\"t\":\"a\"},{\"t\":", &p, &e), ERR_INPUT);
	arena_free(a);
}

static void test_item_object(void **state)
{
	(void)state;
	static const struct {
		const char *json, *why; /* NULL = fine */
	} rows[] = {
		{"{\"title\":\"t\",\"unknown\":[1,2]}", NULL},
		{"{\"title\":\"t\",\"categories\":null,\"budget\":null,\"deadlines\":[]}", NULL},
		{"{\"title\":\"t\",\"categories\":[\"a\",null,3]}", NULL},
		{"{\"title\":\"t\",\"budget\":\"EUR 2 million\"}", NULL},
		{"{\"title\":7}", NULL},
		{"{\"title\":true}", "'title' is not a string"},
		{"{\"title\":{}}", "'title' is not a string"},
		{"{\"title\":\"t\",\"categories\":\"a\"}", "'categories' is not an array of strings"},
		{"{\"title\":\"t\",\"countries\":[[]]}", "'countries' is not an array of strings"},
		{"{\"title\":\"t\",\"deadlines\":\"2026-12-01\"}", "'deadlines' is not an array of dates"},
		{"{\"title\":\"t\",\"deadlines\":[{\"date\":{}}]}", "'deadlines' is not an array of dates"},
		{"{\"title\":\"t\",\"budget\":[]}", "'budget' is not an object"},
		{"{\"title\":\"t\",\"budget\":{\"min\":{}}}", "'budget' is not an object"},
		{"{}", "empty item"},
		{"[]", "'item' is not an object"},
		{"", "empty"},
		{"{", "not JSON"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct item it;
		struct error e = {0};
		enum err err = extract_item_json(a, str_of(rows[i].json), &it, &e);
		bool ok = rows[i].why == NULL ? err == ERR_OK
					      : err == ERR_INPUT && strstr(e.text, rows[i].why) != NULL;
		if (!ok)
			fail_msg("%s: %s '%s'", rows[i].json, err_name(err), e.text);
		arena_free(a);
	}
}

static void test_item_values(void **state)
{
	(void)state;
	static const char json[] = "{\"id\":4503599627370497,\"title\":\" t \",\"deadlines\":[\"1 May "
				   "2027\",{\"stage\":\"s\",\"date\":\"2027-06-01\","
				   "\"time\":\"12:00\",\"zone\":\"Europe/Riga\"},{\"stage\":\"no "
				   "date\"}],\"budget\":{\"min\":0.5,\"max\":\"2000000\","
				   "\"total\":3000000,\"currency\":\"EUR\"},\"countries\":[\"EE\",\"EE\","
				   "\"FI\"],\"call\":\"C\"}";
	struct arena *a = arena_new(ARENA_TEST);
	struct item it;
	struct error e;
	assert_int_equal(extract_item_json(a, str_of(json), &it, &e), ERR_OK);
	assert_str(it.id, "4503599627370497");
	assert_str(it.title, "t");
	assert_int_equal(it.deadlines.n, 2);
	assert_str(it.deadlines.v[0].date, "1 May 2027");
	assert_str(it.deadlines.v[1].zone, "Europe/Riga");
	assert_str(it.budget_max, "2000000");
	assert_str(it.budget_total, "3000000");
	assert_int_equal(it.countries.n, 2);
	arena_free(a);
}

/* Faults of programs stand at the line of their file where libjq saw them. */
static void test_faults(void **state)
{
	(void)state;
	static const struct {
		const char *lines;
		int line; /* RECIPE_HEAD has three */
		const char *text;
	} rows[] = {
		{JSON "items: .x | unknown_word\n", 5, "items: unknown_word/0 is not defined"},
		{JSON "items:\n  .list[]\n  | {title: .t,\n     id: nonsense(1)}\n", 8,
			"items: nonsense/1 is not defined"},
		{JSON "items: .[]\nexpect: .ok and )\n", 6, "expect: syntax error"},
		{JSON "items: .x\n  | $nothing\n", 6, "items: $nothing is not defined"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct diags d = {.a = a};
		const struct recipe *r = recipe_of(a, rows[i].lines, &d);
		assert_non_null(r);
		assert_true(extract_check(r, &d) >= 1);
		if (d.list.v[0].at.line != rows[i].line ||
			str_find(d.list.v[0].message, str_of(rows[i].text)) != 0)
			fail_msg(
				"row %zu: line %d '%.*s'", i, d.list.v[0].at.line, STRF(d.list.v[0].message));
		struct page p;
		struct error e;
		struct extractor *x = extract_new(r);
		assert_int_equal(extract_page(x, a, STR("{}"), STR(""), STR(""), &p, &e), ERR_CONFIG);
		extract_free(x);
		arena_free(a);
	}
}

HARNESS_MAIN(cmocka_unit_test(test_items), cmocka_unit_test(test_expect),
	cmocka_unit_test(test_no_environment), cmocka_unit_test(test_many_outputs),
	cmocka_unit_test(test_stream), cmocka_unit_test(test_item_object), cmocka_unit_test(test_item_values),
	cmocka_unit_test(test_faults))
