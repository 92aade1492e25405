/* SPDX-License-Identifier: MIT
 *
 * try: what an edited rule file, a profile or a query makes of the stored calls,
 * before any member sees it. Prints the difference as a diff, the mails a week, and
 * a warning when it would be a flood.
 */
#include "cli/cli.h"

#define LAST_DEFAULT 180  /* days */
#define LAST_MAX     3650 /* days */
#define ROW_JSON_MAX ((size_t)1 << 20)

static const char *verb_of(const struct trial_call *c)
{
	if (c->before == c->after)
		return "same";
	return c->after ? "new" : "gone";
}

/* ---- text ------------------------------------------------------------------------ */

static void print_call(struct cli *c, const struct trial_call *k)
{
	printf("  %c %.*s  %.*s%s\n", k->after ? k->before ? '=' : '+' : '-',
		STRF(cli_short_id(c, k->call.id)), STRF(k->call.title), k->open ? "" : "  [closed]");
	if (k->after)
		printf("      because %.*s (%.*s)\n", STRF(k->words), STRF(k->line));
	else
		printf("      %.*s\n", STRF(k->words));
}

/* "0.5" of a number in the days looked back on, by the week. */
static const char *weekly(struct cli *c, int64_t n, int64_t days)
{
	int64_t tenths = (n * 70 + days / 2) / (days > 7 ? days : 7);
	return arena_printf(c->a, "%lld.%lld", (long long)(tenths / 10), (long long)(tenths % 10));
}

static const struct profile *any_of(const struct trial_profile *t)
{
	return t->after != NULL ? t->after : t->before;
}

/* More than one digest holds would come at once. */
static bool flood(const struct trial_profile *t)
{
	return t->after != NULL && (int64_t)t->ready_after > t->after->limit &&
	       t->ready_after > t->ready_before;
}

static void print_flood(const struct trial_profile *t)
{
	const struct profile *p = t->after;
	long long limit = (long long)p->limit, n = (long long)t->ready_after;
	if (flood(t))
		printf("  warning: a flood: %lld calls would come to %.*s at once (now %zu); its limit of "
		       "%lld per "
		       "digest spreads them over %lld digests\n",
			n, STRF(p->id), t->ready_before, limit, (n + limit - 1) / limit);
}

static void print_profile(struct cli *c, const struct trial *t, const struct trial_profile *p, bool diff)
{
	if (diff)
		printf("%.*s: %zu new (%zu of them open now), %zu gone, %zu stay\n", STRF(any_of(p)->id),
			p->gained, p->gained_open, p->gone, p->stay);
	else
		printf("%.*s: %zu call%s\n", STRF(any_of(p)->id), p->gained + p->stay,
			p->gained + p->stay == 1 ? " suits" : "s suit");
	for (size_t i = 0; i < p->calls.n; i++)
		if (!diff || p->calls.v[i].before != p->calls.v[i].after)
			print_call(c, &p->calls.v[i]);
	if (diff)
		printf("  mails a week: %s, would be %s; calls a week: %s, would be %s\n",
			weekly(c, p->pace_before.mails, t->days), weekly(c, p->pace_after.mails, t->days),
			weekly(c, p->pace_before.calls, t->days), weekly(c, p->pace_after.calls, t->days));
	else
		printf("  mails a week: %s; calls a week: %s\n", weekly(c, p->pace_after.mails, t->days),
			weekly(c, p->pace_after.calls, t->days));
	print_flood(p);
}

static void print_looked(const struct trial *t)
{
	if (t->calls == 0) {
		puts("there is no stored call to look at: fetch some with 'fundwatch poll', or look further back with --last");
		return;
	}
	printf("looked at %zu stored calls of the last %lld day%s, %zu of them open now\n", t->calls,
		(long long)t->days, t->days == 1 ? "" : "s", t->open);
}

/* ---- JSON ------------------------------------------------------------------------ */

static void json_call(struct cli *c, const char *profile, const struct trial_call *k)
{
	struct buf b = buf_init(ROW_JSON_MAX);
	struct json j = json_to(&b);
	json_open(&j, '{');
	json_member_str(&j, "change", str_of(verb_of(k)));
	json_member_str(&j, "profile", str_of(profile));
	json_member_str(&j, "id", cli_short_id(c, k->call.id));
	json_member_str(&j, "title", k->call.title);
	json_member_bool(&j, "open", k->open);
	json_member_int(&j, "score", k->score);
	json_member_str(&j, "why", k->words);
	json_member_str(&j, "line", k->line);
	json_close(&j, '}');
	printf("%.*s\n", STRF(buf_str(&b)));
	buf_free(&b);
}

static void json_profile(struct cli *c, const struct trial *t, const struct trial_profile *p, bool diff)
{
	const char *id = str_c(c->a, any_of(p)->id);
	for (size_t i = 0; i < p->calls.n; i++)
		json_call(c, id, &p->calls.v[i]);
	struct buf b = buf_init(ROW_JSON_MAX);
	struct json j = json_to(&b);
	json_open(&j, '{');
	json_member_str(&j, "summary of", str_of(id));
	json_member_int(&j, "new", (int64_t)p->gained);
	json_member_int(&j, "gone", (int64_t)p->gone);
	json_member_int(&j, "stay", (int64_t)p->stay);
	if (diff)
		json_member_str(&j, "mails a week before", str_of(weekly(c, p->pace_before.mails, t->days)));
	json_member_str(&j, "mails a week", str_of(weekly(c, p->pace_after.mails, t->days)));
	json_member_str(&j, "calls a week", str_of(weekly(c, p->pace_after.calls, t->days)));
	json_member_int(&j, "at once", (int64_t)p->ready_after);
	json_member_bool(&j, "flood", flood(p));
	json_close(&j, '}');
	printf("%.*s\n", STRF(buf_str(&b)));
	buf_free(&b);
}

/* ---- the three ways -------------------------------------------------------------------- */

static bool unchanged(const struct trial_profile *p)
{
	return p->gained == 0 && p->gone == 0 && p->ready_before == p->ready_after &&
	       p->pace_before.mails == p->pace_after.mails && p->pace_before.calls == p->pace_after.calls;
}

static int tell(struct cli *c, const struct trial *t, bool diff, bool json)
{
	size_t alike = 0;
	for (size_t i = 0; i < t->profiles.n; i++) {
		const struct trial_profile *p = &t->profiles.v[i];
		if (json)
			json_profile(c, t, p, diff);
		else if (diff && unchanged(p))
			alike++;
		else
			print_profile(c, t, p, diff);
	}
	if (!json && alike > 0)
		printf("no difference for %zu profile%s\n", alike, alike == 1 ? "" : "s");
	if (!json && t->profiles.n == 0)
		printf("this file touches no profile: it holds none, and no profile uses its rule sets\n");
	if (!json) {
		cli_print_compounds(&t->compounds, "these calls have");
		print_looked(t);
	}
	return EXIT_OK;
}

static int try_file(struct cli *c, const char *path, int64_t since, bool json)
{
	struct app tried = {0};
	struct trial t = {0};
	struct error e;
	if (app_load_edited(&tried, c->dir, path) != ERR_OK)
		return EXIT_FAILED;
	try_touched(&c->app, &tried, path, c->a, &t);
	enum err rc = try_rules(&c->app, &tried, c->a, since, &t, &e);
	int status = rc == ERR_OK ? tell(c, &t, true, json) : cli_end(rc, &e);
	app_close(&tried);
	return status;
}

static int try_profile(struct cli *c, const char *id, int64_t since, bool json)
{
	const struct profile *p = cli_profile(c, id);
	struct trial t = {0};
	struct error e;
	if (p == NULL)
		return EXIT_FAILED;
	*vec_push(c->a, &t.profiles) = (struct trial_profile){.after = p};
	enum err rc = try_rules(&c->app, &c->app, c->a, since, &t, &e);
	return rc == ERR_OK ? tell(c, &t, false, json) : cli_end(rc, &e);
}

/* A profile that asks for nothing but the query. */
static int try_query(struct cli *c, const char *text, int64_t since, bool json)
{
	struct app tried = {.a = c->a};
	struct trial t = {0};
	struct error e;
	struct diags d = {.a = c->a};
	struct config *conf = arena_make(c->a, struct config);
	struct profile p = {.id = STR("query"), .limit = INT64_MAX, .language = STR("en")};
	struct value v = value_typed(c->a, text);
	*vec_push(c->a, &p.rules) = (struct rule){.type = RULE_MATCH, .query = v};
	p.digest = (struct schedule){.every = EVERY_WEEK, .zone = c->app.config->settings.zone};
	p.kinds.unknown_ok = p.programme.unknown_ok = p.stage.unknown_ok = p.eligible_in.unknown_ok = true;
	conf->a = c->a;
	conf->settings = c->app.config->settings;
	conf->synonyms.v = c->app.config->synonyms.v;
	conf->synonyms.n = conf->synonyms.room = c->app.config->synonyms.n;
	*vec_push(c->a, &conf->profiles) = p;
	tried.config = conf;
	tried.rules = match_compile(c->a, conf, &d);
	diags_print(&d, stderr);
	if (tried.rules == NULL)
		return EXIT_USAGE;
	*vec_push(c->a, &t.profiles) = (struct trial_profile){.after = &conf->profiles.v[0]};
	enum err rc = try_rules(&c->app, &tried, c->a, since, &t, &e);
	return rc == ERR_OK ? tell(c, &t, false, json) : cli_end(rc, &e);
}

int cmd_try(struct cli *c)
{
	const char *query = NULL, *last = NULL;
	bool json = false;
	int64_t days = LAST_DEFAULT;
	const struct option_spec specs[] = {
		{"query", &query, NULL}, {"last", &last, NULL}, {"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 1))
		return EXIT_USAGE;
	if (last != NULL && !cli_days(last, LAST_MAX, &days))
		return EXIT_USAGE;
	if ((query != NULL) == (c->argc == 1))
		return cli_usage(c);
	int64_t since = clock_now() - days * DAY_SECONDS;
	if (query != NULL)
		return try_query(c, query, since, json);
	const char *what = c->argv[0];
	bool file = strchr(what, '/') != NULL || str_ends(str_of(what), STR(".conf")) || file_exists(what);
	return file ? try_file(c, what, since, json) : try_profile(c, what, since, json);
}
