/* SPDX-License-Identifier: MIT
 *
 * answer, retract, unsubscribe, report: the ledger's side of the command line.
 */
#include "cli/cli.h"

#include "report/report.h"

#define EUR_MAX ((int64_t)1000000000000) /* of one outcome */

/* What people may record; clicks and bounces are the program's own. */
static const char *const states[] = {
	"interested", "not-relevant", "contact", "applying", "applied", "won", "lost"};

bool answer_known(struct str s)
{
	for (size_t i = 0; i < COUNT(states); i++)
		if (str_eq(s, str_of(states[i])))
			return true;
	return false;
}

static bool known_state(const char *s)
{
	if (answer_known(str_of(s)))
		return true;
	log_error("'%s' is no answer; one of " ANSWERS " is expected", s);
	return false;
}

/* One write in one transaction: the pattern of all verbs below. */
static enum err committed(struct cli *c, enum err rc, struct error *e)
{
	if (rc == ERR_OK)
		return store_commit(c->app.store, e);
	store_rollback(c->app.store);
	return rc;
}

/* A date option; the default stays when it is not given. */
static bool date_option(const char *name, const char *value, struct date *out)
{
	if (value == NULL || date_from_iso(str_of(value), out))
		return true;
	log_error("--%s expects a date such as 2026-12-31", name);
	return false;
}

int cmd_answer(struct cli *c)
{
	const char *note = "", *by = NULL, *eur = "0", *project = "", *on = NULL;
	const struct option_spec specs[] = {{"note", &note, NULL}, {"by", &by, NULL}, {"on", &on, NULL},
		{"eur", &eur, NULL}, {"project", &project, NULL}};
	if (!cli_options(c, specs, COUNT(specs), 3, 3))
		return EXIT_USAGE;
	const struct profile *p = cli_profile(c, c->argv[0]);
	struct opportunity o;
	struct error e;
	if (p == NULL || !known_state(c->argv[2]) || !cli_find(c, c->argv[1], &o))
		return EXIT_FAILED;
	struct ledger_event ev = {
		.opportunity = o.id,
		.at = clock_now(),
		.profile = p->id,
		.state = str_of(c->argv[2]),
		.who = by == NULL ? cli_who(c) : str_of(by),
		.note = str_of(note),
		.project = str_of(project),
	};
	struct date day = {0};
	if (!date_option("on", on, &day))
		return EXIT_USAGE;
	if (date_known(day)) /* noon: that day in every reading */
		ev.at = zone_instant(c->app.config->settings.zone, (struct civil){.date = day, .hour = 12});
	if (!str_to_i64(str_of(eur), 0, EUR_MAX, &ev.eur)) {
		log_error("--eur expects a whole number of euros, such as 250000");
		return EXIT_USAGE;
	}
	int64_t id = 0;
	enum err rc = store_begin(c->app.store, &e);
	if (rc == ERR_OK)
		rc = committed(c, store_event_add(c->app.store, &ev, &id, &e), &e);
	if (rc == ERR_OK)
		printf("recorded as event %lld: %s, %.*s: %s\n", (long long)id, c->argv[0], STRF(o.title),
			c->argv[2]);
	return cli_end(rc, &e);
}

int cmd_retract(struct cli *c)
{
	const char *by = NULL;
	const struct option_spec specs[] = {{"by", &by, NULL}};
	int64_t event;
	struct error e;
	if (!cli_options(c, specs, COUNT(specs), 2, 2))
		return EXIT_USAGE;
	if (!str_to_i64(str_of(c->argv[0]), 1, INT64_MAX, &event))
		return cli_usage(c);
	struct str who = by == NULL ? cli_who(c) : str_of(by);
	enum err rc = store_begin(c->app.store, &e);
	if (rc == ERR_OK)
		rc = committed(c,
			store_event_retract(c->app.store, event, who, str_of(c->argv[1]), clock_now(), &e),
			&e);
	if (rc == ERR_OK)
		printf("event %lld is retracted and counts no more\n", (long long)event);
	return cli_end(rc, &e);
}

int cmd_unsubscribe(struct cli *c)
{
	const char *why = "asked by mail";
	const struct option_spec specs[] = {{"why", &why, NULL}};
	struct error e;
	if (!cli_options(c, specs, COUNT(specs), 1, 1))
		return EXIT_USAGE;
	struct str address = str_lower(c->a, str_of(c->argv[0]));
	if (!address_valid(address)) {
		log_error("an address such as name@company.example is expected");
		return EXIT_USAGE;
	}
	enum err rc = store_begin(c->app.store, &e);
	if (rc == ERR_OK)
		rc = committed(c, store_suppress(c->app.store, address, str_of(why), clock_now(), &e), &e);
	if (rc == ERR_OK)
		puts("this address gets nothing any more");
	return cli_end(rc, &e);
}

static int64_t midnight(const struct settings *s, struct date d)
{
	return zone_instant(s->zone, (struct civil){.date = d});
}

/* "2026-11-23 09:00" in the zone by which days are counted. */
static struct str local_iso(struct cli *c, int64_t at)
{
	struct civil t = zone_civil(c->app.config->settings.zone, at);
	return str_of(arena_printf(c->a, "%.*s %02d:%02d", STRF(date_iso(c->a, t.date)), t.hour, t.minute));
}

static struct str event_number(struct cli *c, int64_t event)
{
	return event == 0 ? (struct str){0} : str_of(arena_printf(c->a, "%lld", (long long)event));
}

static int print_evidence(struct cli *c, int64_t from, int64_t to, bool json)
{
	static const char *const heads[] = {
		"when", "what", "event", "profile", "organisation", "kind", "call", "title", "from"};
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct evidence_list list;
	struct error e;
	enum err rc = store_evidence(c->app.store, c->a, from, to, &list, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	for (size_t i = 0; i < list.list.n; i++) {
		const struct evidence *v = &list.list.v[i];
		const struct str cells[] = {local_iso(c, v->at), v->state, event_number(c, v->event),
			v->profile, v->organisation, v->org_kind, v->opportunity, v->title, v->from};
		for (size_t k = 0; k < COUNT(cells); k++)
			table_add(&t, cells[k]);
	}
	table_print(&t, json, stdout);
	return EXIT_OK;
}

int cmd_report(struct cli *c)
{
	const char *from = NULL, *to = NULL;
	bool json = false, evidence = false;
	const struct option_spec specs[] = {{"from", &from, NULL}, {"to", &to, NULL}, {"json", NULL, &json},
		{"evidence", NULL, &evidence}};
	if (!cli_options(c, specs, COUNT(specs), 0, 0))
		return EXIT_USAGE;
	const struct settings *s = &c->app.config->settings;
	struct date today = zone_civil(s->zone, clock_now()).date;
	struct report r = {.name = s->name, .zone = s->zone, .from = {today.year, 1, 1}, .to = today};
	if (!date_option("from", from, &r.from) || !date_option("to", to, &r.to))
		return EXIT_USAGE;
	if (date_cmp(r.from, r.to) > 0) {
		log_error("the period ends before it begins");
		return EXIT_USAGE;
	}
	int64_t start = midnight(s, r.from), end = midnight(s, date_from_days(date_days(r.to) + 1));
	if (evidence)
		return print_evidence(c, start, end, json);
	struct error e;
	enum err rc = store_kpi(c->app.store, start, end, &r.kpi, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	struct buf b = buf_init((size_t)1 << 16);
	if (json)
		report_json(&b, &r);
	else
		report_text(&b, &r);
	fputs(b.p, stdout);
	buf_free(&b);
	return EXIT_OK;
}
