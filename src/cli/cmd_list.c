/* SPDX-License-Identifier: MIT
 *
 * list, search, show, sources: looking at what is stored.
 */
#include "cli/cli.h"

#include "render/render.h"

struct listed {
	struct opportunity *o;
	int64_t closes; /* of the next deadline; INT64_MAX = none */
};

static int by_deadline(const void *x, const void *y)
{
	const struct listed *a = x, *b = y;
	if (a->closes != b->closes)
		return a->closes < b->closes ? -1 : 1;
	return str_cmp(a->o->title, b->o->title);
}

static void print_item(struct cli *c, const struct opportunity *o)
{
	struct item it = {0};
	struct buf b = buf_init((size_t)4 << 20);
	struct json j = json_to(&b);
	item_from_opportunity(c->a, o, &it);
	json_open(&j, '{');
	item_json_members(&j, &it);
	json_member_str(&j, "opportunity", cli_short_id(c, o->id));
	json_close(&j, '}');
	printf("%.*s\n", STRF(buf_str(&b)));
	buf_free(&b);
}

static void print_list(struct cli *c, const struct listed *v, size_t n, bool json)
{
	static const char *const heads[] = {"id", "status", "deadline", "source", "title"};
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	for (size_t i = 0; i < n; i++) {
		const struct opportunity *o = v[i].o;
		if (json) {
			print_item(c, o);
			continue;
		}
		table_add(&t, cli_short_id(c, o->id));
		table_add(&t, str_of(status_name(opportunity_status(o, clock_now()))));
		table_add(&t, cli_deadline(c, o));
		table_add(&t, o->source);
		table_add(&t, o->title);
	}
	if (!json)
		table_print(&t, false, stdout);
	if (!json && t.cells.n == 0)
		fputs("no call is found\n", stderr);
}

/* Prints the stored calls that pass; `q` NULL = all. */
static int list(struct cli *c, const struct query *q, bool all, bool json)
{
	struct ids ids;
	struct error e;
	VEC(struct listed) found = {0};
	enum err rc = store_opportunities(c->app.store, c->a, &ids, &e);
	for (size_t i = 0; rc == ERR_OK && i < ids.list.n; i++) {
		struct opportunity *o = arena_make(c->a, struct opportunity);
		rc = store_opportunity(c->app.store, c->a, ids.list.v[i], o, &e);
		if (rc != ERR_OK || (!all && opportunity_status(o, clock_now()) == STATUS_CLOSED))
			continue;
		if (q != NULL && !query_matches(q, match_document(c->a, o)))
			continue;
		const struct deadline *d = opportunity_deadline(o, clock_now());
		*vec_push(c->a, &found) =
			(struct listed){.o = o, .closes = d == NULL ? INT64_MAX : deadline_instant(d)};
	}
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	if (found.n > 0)
		qsort(found.v, found.n, sizeof(*found.v), by_deadline);
	print_list(c, found.v, found.n, json);
	return EXIT_OK;
}

int cmd_list(struct cli *c)
{
	bool all = false, json = false;
	const struct option_spec specs[] = {{"all", NULL, &all}, {"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 0))
		return EXIT_USAGE;
	return list(c, NULL, all, json);
}

int cmd_search(struct cli *c)
{
	bool all = false, json = false;
	const struct option_spec specs[] = {{"all", NULL, &all}, {"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 1, 1))
		return EXIT_USAGE;
	struct diags d = {.a = c->a};
	struct value text = value_typed(c->a, c->argv[0]);
	const struct query *q = query_compile(c->a, c->app.config, &text, &d);
	diags_print(&d, stderr);
	return q == NULL ? EXIT_USAGE : list(c, q, all, json);
}

/* ---- show ------------------------------------------------------------------------ */

static void line(const char *what, struct str text)
{
	if (text.n > 0)
		printf("%-13s %.*s\n", what, STRF(text));
}

static void show_facts(struct cli *c, const struct opportunity *o)
{
	line("Title:", o->title);
	line("Id:", cli_short_id(c, o->id));
	line("Call id:", o->call);
	line("Kind:", str_of(kind_name(o->kind)));
	line("Status:", str_of(status_name(opportunity_status(o, clock_now()))));
	line("Link:", o->url);
	line("Programme:", o->programme);
	line("Funder:", o->funder);
	for (size_t i = 0; i < o->deadlines.n; i++) {
		struct str stage = o->deadlines.v[i].stage;
		line("Deadline:", str_of(arena_printf(c->a, "%.*s%s%.*s%s",
					  STRF(render_deadline(c->a, &o->deadlines.v[i], clock_now())),
					  stage.n > 0 ? " (" : "", STRF(stage), stage.n > 0 ? ")" : "")));
	}
	if (date_known(o->opens))
		line("Opens:", render_date(c->a, o->opens));
	line("Budget:", render_budget(c->a, &o->budget));
	line("Eligibility:", o->eligibility);
	line("Countries:", strv_join(c->a, &o->countries, ", "));
	line("Categories:", strv_join(c->a, &o->categories, "; "));
	line("Came from:", o->provenance.n > 0 ? o->provenance : o->source);
	line("First seen:", cli_time(c, o->first_seen));
}

static enum err show_history(struct cli *c, const struct opportunity *o, struct error *e)
{
	struct history h;
	enum err rc = store_history(c->app.store, c->a, o->id, &h, e);
	for (size_t i = 0; rc == ERR_OK && i < h.sightings.n; i++)
		line("Seen at:",
			str_of(arena_printf(c->a, "%.*s, last on %.*s", STRF(h.sightings.v[i].source),
				STRF(cli_time(c, h.sightings.v[i].last_seen)))));
	for (size_t i = 0; rc == ERR_OK && i < h.changes.n; i++)
		line("Changed:", str_of(arena_printf(c->a, "%.*s: %.*s: %.*s -> %.*s",
					 STRF(cli_time(c, h.changes.v[i].at)), STRF(h.changes.v[i].field),
					 STRF(h.changes.v[i].before), STRF(h.changes.v[i].after))));
	return rc;
}

/* The calls that were merged into it; `asked` may be the name of one. */
static enum err show_merged(struct cli *c, const struct opportunity *o, const char *asked, struct error *e)
{
	struct merged_calls m;
	enum err rc = store_merges_of(c->app.store, c->a, o->id, &m, e);
	for (size_t i = 0; rc == ERR_OK && i < m.list.n; i++) {
		const struct merged_call *g = &m.list.v[i];
		line("Merged in:", str_of(arena_printf(c->a, "%.*s, \"%.*s\" at %.*s, by %.*s on %.*s",
					   STRF(g->short_id), STRF(g->title), STRF(g->source), STRF(g->who),
					   STRF(cli_time(c, g->at)))));
		if (str_starts(g->short_id, str_of(asked)) ||
			(str_ieq(g->call, str_of(asked)) && !str_ieq(o->call, str_of(asked))))
			fprintf(stderr, "%s was merged into %.*s\n", asked, STRF(o->short_id));
	}
	return rc;
}

/* What the page of the call itself gave, or why it could not be asked. */
static enum err show_details(struct cli *c, const struct opportunity *o, struct error *e)
{
	struct details details;
	enum err rc = store_details(c->app.store, c->a, o->id, &details, e);
	for (size_t i = 0; rc == ERR_OK && i < details.list.n; i++) {
		const struct detail *d = &details.list.v[i];
		const char *from =
			arena_printf(c->a, "%.*s, %.*s", STRF(d->source), STRF(cli_time(c, d->fetched_at)));
		const char *text;
		if (d->done && d->fields.n > 0)
			text = arena_printf(c->a, "%s: %.*s", from, STRF(strv_join(c->a, &d->fields, ", ")));
		else if (d->done)
			text = arena_printf(c->a, "%s: nothing that was not known", from);
		else
			text = arena_printf(c->a, "%s: failed (%.*s), again on %.*s", from, STRF(d->error),
				STRF(cli_time(c, d->next_try)));
		line("Details:", str_of(text));
	}
	return rc;
}

static enum err show_hits(struct cli *c, const struct opportunity *o, struct error *e)
{
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < c->app.config->profiles.n; i++) {
		const struct profile *p = &c->app.config->profiles.v[i];
		struct stored_hits hits;
		rc = store_hits(c->app.store, c->a, p->id, &hits, e);
		for (size_t k = 0; rc == ERR_OK && k < hits.list.n; k++) {
			int64_t at = 0;
			if (hits.list.v[k].opportunity != o->id)
				continue;
			rc = store_forwarded_at(c->app.store, o->id, p->id, &at, e);
			const char *state =
				at > 0 ? arena_printf(c->a, "forwarded on %.*s", STRF(cli_time(c, at)))
				       : hit_state_name(hits.list.v[k].state);
			line("Suits:", str_of(arena_printf(c->a, "%.*s (%s)", STRF(p->id), state)));
		}
	}
	return rc;
}

int cmd_show(struct cli *c)
{
	bool json = false;
	const struct option_spec specs[] = {{"json", NULL, &json}};
	struct opportunity o;
	struct error e;
	if (!cli_options(c, specs, COUNT(specs), 1, 1))
		return EXIT_USAGE;
	if (!cli_find(c, c->argv[0], &o))
		return EXIT_FAILED;
	if (json) {
		print_item(c, &o);
		return EXIT_OK;
	}
	show_facts(c, &o);
	enum err rc = show_merged(c, &o, c->argv[0], &e);
	if (rc == ERR_OK)
		rc = show_history(c, &o, &e);
	if (rc == ERR_OK)
		rc = show_details(c, &o, &e);
	if (rc == ERR_OK)
		rc = show_hits(c, &o, &e);
	printf("\n%.*s\n", STRF(opportunity_text(c->a, &o)));
	return cli_end(rc, &e);
}

/* ---- sources ----------------------------------------------------------------------- */

/* What is wrong with a source; `failing`: so many of its second pages could not be had. */
static const char *health(struct cli *c, const struct source_state *st, int64_t failing, struct str why)
{
	if (st->failures > 0)
		return arena_printf(
			c->a, "failing (%lld in a row): %.*s", (long long)st->failures, STRF(st->last_error));
	if (st->last_ok == 0)
		return "never polled";
	if (st->usual > 0 && st->items * 100 < st->usual * SHRINK_PERCENT && st->usual >= SHRINK_ITEMS)
		return arena_printf(c->a, "shrunk: %lld items, usually about %lld; no call is closed by it",
			(long long)st->items, (long long)st->usual);
	if (st->bad_items > 0)
		return arena_printf(c->a, "ok, but %lld item%s could not be used: %.*s",
			(long long)st->bad_items, st->bad_items == 1 ? "" : "s", STRF(st->bad_why));
	if (failing > 0)
		return arena_printf(c->a, "ok, but details of %lld call%s failed: %.*s", (long long)failing,
			failing == 1 ? "" : "s", STRF(why));
	return "ok";
}

static enum err add_source(struct cli *c, struct table *t, const struct recipe *r, struct error *e)
{
	struct source_state state, *st = &state;
	int64_t failing = 0;
	struct str why = {0};
	enum err rc = store_source(c->app.store, c->a, r->name, st, e);
	if (rc == ERR_OK && r->detail != NULL)
		rc = store_details_failing(c->app.store, c->a, r->name, &failing, &why, e);
	if (rc != ERR_OK)
		return rc;
	table_add(t, r->name);
	table_add(t, r->verified ? STR("yes") : STR("no"));
	table_add(t, st->last_ok == 0 ? STR("never") : cli_time(c, st->last_ok));
	table_add(t, st->next_poll == 0 ? STR("now") : cli_time(c, st->next_poll));
	table_add(t, str_of(arena_printf(c->a, "%lld", (long long)st->items)));
	table_add(t, str_of(health(c, st, failing, why)));
	return ERR_OK;
}

int cmd_sources(struct cli *c)
{
	static const char *const heads[] = {"source", "verified", "last ok", "next poll", "items", "state"};
	bool json = false;
	const struct option_spec specs[] = {{"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 0))
		return EXIT_USAGE;
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct error e;
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < c->app.config->recipes.n; i++)
		rc = add_source(c, &t, &c->app.config->recipes.v[i], &e);
	if (rc == ERR_OK)
		table_print(&t, json, stdout);
	return cli_end(rc, &e);
}
