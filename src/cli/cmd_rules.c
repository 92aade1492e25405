/* SPDX-License-Identifier: MIT
 *
 * rules: which rules were in force when.
 */
#include "cli/cli.h"

/* "2026-11-23" is that day's end in the cluster's zone, so that what came into
 * force during it is shown. */
static bool moment_of(struct cli *c, const char *text, int64_t *out)
{
	struct date day;
	if (!date_from_iso(str_of(text), &day))
		return instant_from_iso(str_of(text), out);
	struct civil end = {.date = day, .hour = 23, .minute = 59, .second = 59};
	*out = zone_instant(c->app.config->settings.zone, end);
	return true;
}

static int print_at(struct cli *c, int64_t at)
{
	struct rules_in_force r;
	struct error e;
	enum err rc = store_rules_at(c->app.store, c->a, at, &r, &e);
	if (rc == ERR_OK && r.hash.n == 0)
		rc = err_set(&e, ERR_INPUT, "no rules were in force yet at that time");
	if (rc == ERR_OK)
		printf("# rules %.*s, in force since %.*s\n# (without addresses, notes and remarks)\n\n%.*s",
			STRF(str_sub(r.hash, 0, RULES_SHOWN)), STRF(cli_time(c, r.from)), STRF(r.text));
	return cli_end(rc, &e);
}

static int print_all(struct cli *c, bool json)
{
	static const char *const heads[] = {"in force since", "rules", "at"};
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct rules_history all;
	struct error e;
	enum err rc = store_rules_all(c->app.store, c->a, &all, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	for (size_t i = 0; i < all.list.n; i++) {
		table_add(&t, cli_time(c, all.list.v[i].from));
		table_add(&t, str_sub(all.list.v[i].hash, 0, RULES_SHOWN));
		table_add(&t, instant_iso(c->a, all.list.v[i].from));
	}
	table_print(&t, json, stdout);
	return EXIT_OK;
}

int cmd_rules(struct cli *c)
{
	const char *text = NULL;
	bool json = false;
	int64_t at;
	const struct option_spec specs[] = {{"at", &text, NULL}, {"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 0))
		return EXIT_USAGE;
	if (text == NULL)
		return print_all(c, json);
	if (moment_of(c, text, &at))
		return print_at(c, at);
	log_error("--at expects a day or a time, such as 2026-11-23 or 2026-11-23T07:00:00Z");
	return cli_usage(c);
}
