/* SPDX-License-Identifier: MIT
 *
 * import members: a spreadsheet -> one profile file per row.
 * import forwards: what was forwarded by hand before -> the ledger, with who said so.
 * Both show what they would do, and do it with --write.
 */
#include "cli/columns.h"
#include "cli/member.h"

#define EUR_MAX ((int64_t)1000000000000) /* of one outcome */

/* ---- members ------------------------------------------------------------------- */

struct members {
	VEC(struct member) list;
};

static bool id_taken(const struct members *m, struct str id)
{
	for (size_t i = 0; i < m->list.n; i++)
		if (str_eq(m->list.v[i].v[MEMBER_ID], id))
			return true;
	return false;
}

/* The profile that has one of these addresses; empty = none. */
static struct str mailed_already(struct cli *c, struct str emails)
{
	struct str small = str_lower(c->a, emails);
	for (size_t i = 0; i < c->app.config->profiles.n; i++) {
		const struct profile *p = &c->app.config->profiles.v[i];
		for (size_t k = 0; k < p->contacts.n; k++)
			if (str_find(small, p->contacts.v[k].address) != SIZE_MAX)
				return p->id;
	}
	return (struct str){0};
}

static void member_row(struct cli *c, struct columns *cs, size_t row, struct members *out)
{
	struct member m;
	for (size_t f = 0; f < MEMBER_FIELDS; f++)
		m.v[f] = columns_cell(cs, row, f);
	if (m.v[MEMBER_ID].n == 0)
		m.v[MEMBER_ID] = member_id_of(c->a, m.v[MEMBER_NAME]);
	struct str fault = member_faults(c, &m);
	if (fault.n > 0)
		columns_refuse(cs, row, "%.*s", STRF(fault));
	else if (mailed_already(c, m.v[MEMBER_EMAIL]).n > 0)
		columns_refuse(cs, row, "email: profile '%.*s' has this address already",
			STRF(mailed_already(c, m.v[MEMBER_EMAIL])));
	else if (id_taken(out, m.v[MEMBER_ID]))
		columns_refuse(cs, row, "id: another row is called '%.*s' too", STRF(m.v[MEMBER_ID]));
	else
		*vec_push(c->a, &out->list) = m;
}

static void show_members(struct cli *c, const struct members *m)
{
	static const char *const heads[] = {"profile", "name", "kind", "email", "rules"};
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	for (size_t i = 0; i < m->list.n; i++) {
		const struct str *v = m->list.v[i].v;
		struct str parts[] = {v[MEMBER_USE], v[MEMBER_KEYWORDS], v[MEMBER_MATCH]};
		struct strv rules = {0};
		for (size_t k = 0; k < COUNT(parts); k++)
			if (parts[k].n > 0)
				*vec_push(c->a, &rules) = parts[k];
		table_add(&t, v[MEMBER_ID]);
		table_add(&t, v[MEMBER_NAME]);
		table_add(&t, v[MEMBER_KIND]);
		table_add(&t, v[MEMBER_EMAIL]);
		table_add(&t,
			rules.n > 0 ? strv_join(c->a, &rules, "; ") : STR("none yet: it would get nothing"));
	}
	table_print(&t, false, stdout);
}

static int import_members(struct cli *c, const char *path, bool write)
{
	struct column_spec specs[MEMBER_FIELDS];
	struct columns cs;
	struct members m = {0};
	struct error e;
	for (size_t f = 0; f < MEMBER_FIELDS; f++)
		specs[f] = (struct column_spec){member_specs[f].name, member_specs[f].others,
			member_specs[f].required && f != MEMBER_ID};
	if (!columns_read(c, path, specs, COUNT(specs), &cs))
		return EXIT_FAILED;
	for (size_t row = 1; row < cs.sheet.rows.n; row++)
		member_row(c, &cs, row, &m);
	if (!write)
		show_members(c, &m);
	else if (cli_end(members_write(c, m.list.v, m.list.n, "'fundwatch import members'", &e), &e) !=
		 EXIT_OK)
		return EXIT_FAILED;
	printf("%zu file%s %s in %s/profiles.d, %zu row%s refused%s\n", m.list.n, plural(m.list.n),
		write ? "written" : "would be written", c->dir, cs.refused, plural(cs.refused),
		write ? "" : "; --write does it");
	return cs.refused > 0 ? EXIT_FAILED : EXIT_OK;
}

/* ---- forwards -------------------------------------------------------------------- */

enum { F_DATE, F_PROFILE, F_CALL, F_TITLE, F_LINK, F_DEADLINE, F_ANSWER, F_NOTE, F_EUR, F_PROJECT };

static const struct column_spec forward_specs[] = {
	[F_DATE] = {"date", "day sent forwarded", true},
	[F_PROFILE] = {"profile", "member", true},
	[F_CALL] = {"call", "callid topic", true},
	[F_TITLE] = {"title", "calltitle", false},
	[F_LINK] = {"link", "url", false},
	[F_DEADLINE] = {"deadline", "closes", false},
	[F_ANSWER] = {"answer", "state outcome result", false},
	[F_NOTE] = {"note", "notes remark comment", false},
	[F_EUR] = {"eur", "amount", false},
	[F_PROJECT] = {"project", "acronym", false},
};

struct import_counts {
	size_t forwards, answers, known;
};

static const struct profile *row_profile(struct cli *c, struct columns *cs, size_t row)
{
	const struct config *conf = c->app.config;
	struct str id = columns_cell(cs, row, F_PROFILE);
	const char **ids = arena_make_n(c->a, conf->profiles.n + 1, const char *);
	for (size_t i = 0; i < conf->profiles.n; i++) {
		const struct profile *p = &conf->profiles.v[i];
		ids[i] = str_c(c->a, p->id);
		if (str_eq(p->id, id) || (p->was.n > 0 && str_eq(p->was, id)) || str_ieq(p->name, id))
			return p;
	}
	struct diags d = {.a = c->a};
	const char *hint = diag_suggest(&d, id, ids, conf->profiles.n);
	columns_refuse(cs, row, "there is no profile '%.*s'%s%s", STRF(id), hint == NULL ? "" : "; ",
		hint == NULL ? "" : hint);
	return NULL;
}

/* Noon of the day in the cluster's zone. */
static bool row_time(struct cli *c, struct columns *cs, size_t row, int64_t *out)
{
	struct str text = columns_cell(cs, row, F_DATE);
	struct when when;
	if (!date_parse(text, NULL, &when)) {
		columns_refuse(cs, row, "'%.*s' is no date such as 2026-03-31 or 31.03.2026", STRF(text));
		return false;
	}
	*out = zone_instant(c->app.config->settings.zone, (struct civil){when.date, 12, 0, 0});
	if (*out <= clock_now())
		return true;
	columns_refuse(cs, row, "%.*s is in the future", STRF(text));
	return false;
}

static bool row_event(struct columns *cs, size_t row, struct ledger_event *ev)
{
	struct str eur = columns_cell(cs, row, F_EUR);
	ev->state = columns_cell(cs, row, F_ANSWER);
	ev->note = columns_cell(cs, row, F_NOTE);
	ev->project = columns_cell(cs, row, F_PROJECT);
	if (ev->state.n > 0 && !answer_known(ev->state)) {
		columns_refuse(cs, row, "'%.*s' is no answer; one of %s is expected, or nothing",
			STRF(ev->state), ANSWERS);
		return false;
	}
	if (eur.n == 0 || str_to_i64(eur, 0, EUR_MAX, &ev->eur))
		return true;
	columns_refuse(cs, row, "'%.*s' is no whole number of euros, such as 250000", STRF(eur));
	return false;
}

/* The row's call as an offer that only this import knows; the store recognises one
 * that it has by its call id or link. */
static bool row_item(struct cli *c, struct columns *cs, size_t row, struct item *it)
{
	struct str call = columns_cell(cs, row, F_CALL), title = columns_cell(cs, row, F_TITLE);
	struct str deadline = columns_cell(cs, row, F_DEADLINE);
	struct when when;
	*it = (struct item){.title = title.n > 0 ? title : call, .link = columns_cell(cs, row, F_LINK)};
	if (call.n == 0 && title.n == 0) {
		columns_refuse(cs, row, "it names no call");
		return false;
	}
	if (str_find_char(call, ' ') == SIZE_MAX)
		it->call = call;
	if (deadline.n > 0 && !date_parse(deadline, NULL, &when)) {
		columns_refuse(cs, row, "'%.*s' is no date such as 2026-03-31 or 31.03.2026", STRF(deadline));
		return false;
	}
	if (deadline.n > 0)
		vec_push(c->a, &it->deadlines)->date = deadline;
	return true;
}

/* A call may be named by the id that `list` shows; 0 = it is not. */
static int64_t by_short_id(struct cli *c, struct str call)
{
	struct error e;
	int64_t id = 0;
	bool found = call.n > 0 && store_find(c->app.store, call, &id, &e) == ERR_OK;
	return found && str_ieq(cli_short_id(c, id), call) ? id : 0;
}

static enum err forward_row(struct cli *c, struct columns *cs, size_t row, struct str by,
	struct import_counts *n, struct error *e)
{
	struct ledger_event ev = {.who = by};
	struct item it;
	const struct profile *p = row_profile(c, cs, row);
	if (p == NULL || !row_time(c, cs, row, &ev.at) || !row_event(cs, row, &ev) ||
		!row_item(c, cs, row, &it))
		return ERR_OK;
	struct past_forward f = {
		.profile = p->id,
		.organisation = p->organisation,
		.recipient = p->contacts.v[0].address,
		.imported = by,
		.opportunity = by_short_id(c, columns_cell(cs, row, F_CALL)),
		.org_kind = p->kind,
		.test = p->test,
		.at = ev.at,
	};
	bool forwarded = false, answered = false;
	ev.profile = p->id;
	enum err rc = offer_past(&c->app, c->a, &it, &f, &forwarded, e);
	ev.opportunity = f.opportunity;
	if (rc == ERR_OK && ev.state.n > 0)
		rc = store_past_event(c->app.store, &ev, &answered, e);
	n->forwards += forwarded;
	n->answers += answered;
	n->known += !forwarded && !answered;
	return rc;
}

static int import_forwards(struct cli *c, const char *path, bool write, const char *by)
{
	struct columns cs;
	struct import_counts n = {0};
	struct error e;
	enum err rc = app_open(&c->app, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	if (!columns_read(c, path, forward_specs, COUNT(forward_specs), &cs))
		return EXIT_FAILED;
	struct str day = date_iso(c->a, zone_civil(c->app.config->settings.zone, clock_now()).date);
	struct str who = by == NULL ? cli_who(c) : str_of(by);
	who = str_of(arena_printf(c->a, "imported by %.*s on %.*s", STRF(who), STRF(day)));
	rc = store_begin(c->app.store, &e);
	for (size_t row = 1; rc == ERR_OK && row < cs.sheet.rows.n; row++)
		rc = forward_row(c, &cs, row, who, &n, &e);
	/* A preview is the same work, taken back. */
	if (rc == ERR_OK && write)
		rc = store_commit(c->app.store, &e);
	else
		store_rollback(c->app.store);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	printf("%zu forward%s and %zu answer%s %s, %zu row%s known already, %zu row%s refused%s\n",
		n.forwards, plural(n.forwards), n.answers, plural(n.answers),
		write ? "stored" : "would be stored", n.known, plural(n.known), cs.refused,
		plural(cs.refused), write ? "" : "; --write does it");
	return cs.refused > 0 ? EXIT_FAILED : EXIT_OK;
}

int cmd_import(struct cli *c)
{
	const char *by = NULL;
	bool write = false;
	const struct option_spec specs[] = {{"write", NULL, &write}, {"by", &by, NULL}};
	if (!cli_options(c, specs, COUNT(specs), 2, 2))
		return EXIT_USAGE;
	if (strcmp(c->argv[0], "members") == 0)
		return import_members(c, c->argv[1], write);
	if (strcmp(c->argv[0], "forwards") == 0)
		return import_forwards(c, c->argv[1], write, by);
	return cli_usage(c);
}
