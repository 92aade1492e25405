/* SPDX-License-Identifier: MIT
 *
 * check: files that people edit, and recipes on their samples.
 */
#include "cli/cli.h"

#include "cli/languages.h"
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
	if (sample && d->errors == before && r->detail != NULL)
		sample_check(c->a, r->detail, d);
}

static void check_file(struct cli *c, const char *path, struct diags *d)
{
	size_t before = d->errors;
	struct diags quiet = {.a = c->a};
	struct config *alone CLEANUP(conf_freep) = conf_file(path, d);
	(void)match_compile(c->a, alone, d);
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
	languages_tell(conf, d);
	summary =
		arena_printf(c->a, "%zu profile%s, %zu rule set%s, %zu source%s, %zu test%s: ", conf->profiles.n,
			plural(conf->profiles.n), conf->rule_sets.n, plural(conf->rule_sets.n), conf->recipes.n,
			plural(conf->recipes.n), tests, plural(tests));
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
		printf("%s%zu error%s, %zu warning%s\n", summary, d.errors, plural(d.errors), d.warnings,
			plural(d.warnings));
	return d.errors > 0 ? EXIT_FAILED : EXIT_OK;
}
