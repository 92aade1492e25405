/* SPDX-License-Identifier: MIT
 *
 * extract: recipes on local files, as JSON or as an account of what was found where.
 */
#include "base/buf.h"
#include "cli/cli.h"
#include "cli/sample.h"
#include "cli/trace.h"

/* A recipe by path, or by name where recipes are kept; NULL after a message. */
static const struct recipe *find_recipe(struct cli *c, const char *name)
{
	const char *const places[] = {
		name,
		arena_printf(c->a, "%s/feeds.d/%s.conf", c->dir, name),
		arena_printf(c->a, "feeds/%s.conf", name),
		arena_printf(c->a, "/usr/share/fundwatch/feeds/%s.conf", name),
	};
	for (size_t i = 0; i < COUNT(places); i++) {
		if (!file_exists(places[i]))
			continue;
		struct diags d = {.a = c->a};
		const struct recipe *r = conf_recipe_file(c->a, places[i], &d);
		diags_print(&d, stderr);
		return r;
	}
	log_error("there is no recipe '%s' (looked for %s, %s, %s)", name, places[1], places[2], places[3]);
	return NULL;
}

/* `refused`: why a poll would not believe the page; empty = it would. */
static void print_page(struct arena *a, const char *path, const struct page *p, struct str refused)
{
	struct buf b = buf_init(SAMPLE_BYTES_MAX * 4);
	struct json j = json_to(&b);
	json_open(&j, '{');
	json_member_str(&j, "file", str_of(path));
	json_key(&j, "feed");
	json_open(&j, '{');
	json_member_str(&j, "title", plain_line(a, p->title));
	json_member_str(&j, "link", p->link);
	json_member_str(&j, "language", p->language);
	json_member_str(&j, "format", str_of(p->format));
	json_close(&j, '}');
	json_key(&j, "entries");
	json_open(&j, '[');
	for (size_t i = 0; i < p->items.n; i++) {
		json_open(&j, '{');
		item_json_members(&j, &p->items.v[i]);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_member_str(&j, "refused", refused);
	json_close(&j, '}');
	printf("%.*s\n", STRF(buf_str(&b)));
	buf_free(&b);
}

static bool extract_one(const struct recipe *r, struct extractor *x, const char *path, bool trace)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(SAMPLE_BYTES_MAX * 8);
	struct page p = {0};
	struct page_tally t = {0};
	struct error e = {0};
	enum err rc = trace ? trace_print(a, r, x, path, stdout, &e)
			    : sample_page(a, r, x, path, &t, &p, &e);
	if (rc == ERR_OK && trace)
		return true;
	if (rc == ERR_OK) {
		if (r != NULL && tally_check(&t, r, &e) == ERR_OK)
			e.text[0] = '\0';
		print_page(a, path, &p, str_of(e.text));
		return true;
	}
	struct buf b = buf_init(ERROR_TEXT_MAX * 8);
	struct json j = json_to(&b);
	json_open(&j, '{');
	json_member_str(&j, "file", str_of(path));
	json_member_str(&j, "error", str_of(e.text));
	json_close(&j, '}');
	printf("%.*s\n", STRF(buf_str(&b)));
	buf_free(&b);
	return false;
}

int cmd_extract(struct cli *c)
{
	bool trace = false, detail = false;
	const struct option_spec specs[] = {{"trace", NULL, &trace}, {"detail", NULL, &detail}};
	if (!cli_options(c, specs, COUNT(specs), 2, 1000000))
		return EXIT_USAGE;
	const struct recipe *r = NULL;
	if (strcmp(c->argv[0], "auto") != 0 && (r = find_recipe(c, c->argv[0])) == NULL)
		return EXIT_FAILED;
	if (detail && (r == NULL || r->detail == NULL)) {
		log_error("%s has no 'detail:' line", c->argv[0]);
		return EXIT_FAILED;
	}
	r = detail ? r->detail : r;
	struct extractor *x = r == NULL ? NULL : extract_new(r);
	if (trace && x != NULL)
		extract_trace(x);
	bool ok = true;
	for (int i = 1; i < c->argc; i++)
		ok = extract_one(r, x, c->argv[i], trace) && ok;
	extract_free(x);
	return ok ? EXIT_OK : EXIT_FAILED;
}
