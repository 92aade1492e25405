/* SPDX-License-Identifier: MIT
 *
 * check, extract: files that people edit, and recipes on local files.
 */
#include "cli/cli.h"

#include "cli/sample.h"
#include "cli/stored.h"

/* ---- check ----------------------------------------------------------------------- */

static void check_recipe(
	struct cli *c, const struct config *conf, const struct recipe *r, bool sample, struct diags *d)
{
	size_t before = d->errors;
	(void)extract_check(r, d);
	if (r->relevance.text.n > 0)
		(void)query_compile(c->a, conf, &r->relevance, d);
	if (sample && d->errors == before)
		sample_check(c->a, r, d);
}

static void check_file(struct cli *c, const char *path, struct diags *d)
{
	size_t before = d->errors;
	struct diags quiet = {.a = c->a};
	(void)conf_check_file(path, d);
	/* A recipe is tried on its sample; other files have no recipe in them. */
	const struct recipe *r = d->errors == before ? conf_recipe_file(c->a, path, &quiet) : NULL;
	if (r != NULL)
		check_recipe(c, NULL, r, true, d);
}

/* Everything of the configuration: rules and recipes compiled, tests run, rules held
 * against the stored calls; its size in words. */
static const char *check_all(struct cli *c, struct diags *d)
{
	struct config *conf = NULL;
	const char *summary = "";
	size_t tests;
	enum err rc = conf_load(c->dir, d, &conf);
	c->app.config = conf; /* diagnostics point into it; freed with the app */
	c->app.rules = match_compile(c->a, conf, d);
	if (c->app.rules == NULL || rc != ERR_OK)
		return summary;
	for (size_t i = 0; i < conf->recipes.n; i++)
		check_recipe(c, conf, &conf->recipes.v[i], false, d);
	match_tests(c->app.rules, clock_now(), d, &tests);
	check_stored(c, d);
	summary = arena_printf(c->a, "%zu profiles, %zu rule sets, %zu sources, %zu tests: ", conf->profiles.n,
		conf->rule_sets.n, conf->recipes.n, tests);
	return summary;
}

int cmd_check(struct cli *c)
{
	bool quiet = false;
	const char *word = "text";
	enum diag_format format;
	const struct option_spec specs[] = {{"quiet", NULL, &quiet}, {"format", &word, NULL}};
	if (!cli_options(c, specs, COUNT(specs), 0, 100000))
		return EXIT_USAGE;
	if (!diag_format_from(word, &format)) {
		log_error("there is no format '%s': text, gcc or json", word);
		return EXIT_USAGE;
	}
	struct diags d = {.a = c->a};
	const char *summary = "";
	if (c->argc == 0)
		summary = check_all(c, &d);
	for (int i = 0; i < c->argc; i++)
		check_file(c, c->argv[i], &d);
	/* For people both go to the terminal; programs read the list alone. */
	diags_write(&d, format, format == DIAG_TEXT ? stderr : stdout);
	if (!quiet && format == DIAG_TEXT)
		printf("%s%zu error%s, %zu warning%s\n", summary, d.errors, d.errors == 1 ? "" : "s",
			d.warnings, d.warnings == 1 ? "" : "s");
	return d.errors > 0 ? EXIT_FAILED : EXIT_OK;
}

/* ---- extract ---------------------------------------------------------------------- */

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

static bool extract_one(const struct recipe *r, struct extractor *x, const char *path)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(SAMPLE_BYTES_MAX * 8);
	struct page p = {0};
	struct tally t = {0};
	struct error e = {0};
	enum err rc = sample_page(a, r, x, path, &t, &p, &e);
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
	if (!cli_options(c, NULL, 0, 2, 1000000))
		return EXIT_USAGE;
	const struct recipe *r = NULL;
	if (strcmp(c->argv[0], "auto") != 0 && (r = find_recipe(c, c->argv[0])) == NULL)
		return EXIT_FAILED;
	struct extractor *x = r == NULL ? NULL : extract_new(r);
	bool ok = true;
	for (int i = 1; i < c->argc; i++)
		ok = extract_one(r, x, c->argv[i]) && ok;
	extract_free(x);
	return ok ? EXIT_OK : EXIT_FAILED;
}
