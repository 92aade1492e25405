/* SPDX-License-Identifier: MIT
 *
 * orphans, silent, terms: where rules and calls miss each other. What staff look at
 * before they edit.
 */
#include "cli/explain.h"
#include "cli/stored.h"

#define CALL_ARENA_MAX ((size_t)192 << 20) /* one call against the profiles looked at */
#define SILENT_DAYS    60
#define SILENT_MAX     3650 /* days */
#define STOPS_MAX      16   /* kinds of things that stop a call */
#define WHY_MAX	       1000 /* bytes of a reason */

/* Test members get nearly everything, and muted ones nothing. */
static bool counts(const struct profile *p)
{
	return p != NULL && !p->test && p->mode != MODE_MUTE;
}

/* ---- orphans ------------------------------------------------------------------------- */

/* Whether the call is in the list (which is by call) for a profile that counts. */
static bool reaches(struct cli *c, const struct reached_list *r, int64_t call)
{
	size_t low = 0, high = r->list.n;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (r->list.v[mid].opportunity < call)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < r->list.n && r->list.v[low].opportunity == call; low++)
		if (counts(conf_profile(c->app.config, r->list.v[low].profile)))
			return true;
	return false;
}

struct near_miss {
	const struct profile *p;
	struct remedy remedy;
	bool suits; /* by the rules; staff rejected it, or it was not matched yet */
};

static bool nearer(const struct remedy *r, const struct near_miss *than)
{
	if (than->p == NULL || r->needs.n != than->remedy.needs.n)
		return than->p == NULL || r->needs.n < than->remedy.needs.n;
	return r->found > than->remedy.found;
}

static struct near_miss nearest(struct cli *c, struct arena *a, const struct opportunity *o)
{
	struct near_miss best = {0};
	struct hits found;
	engine_match(app_engine(&c->app), match_document(a, o), a, &found);
	for (size_t i = 0; i < found.list.n; i++)
		if (counts(found.list.v[i].profile))
			return (struct near_miss){.p = found.list.v[i].profile, .suits = true};
	for (size_t i = 0; i < c->app.config->profiles.n; i++) {
		const struct profile *p = &c->app.config->profiles.v[i];
		struct remedies r;
		if (!counts(p))
			continue;
		match_remedies(c->app.rules, o, p, a, 1, &r);
		if (r.list.n > 0 && nearer(&r.list.v[0], &best))
			best = (struct near_miss){.p = p, .remedy = r.list.v[0]};
	}
	return best;
}

static void add_orphan(struct cli *c, struct arena *a, struct table *t, const struct opportunity *o)
{
	struct near_miss m = nearest(c, a, o);
	const char *why = "nothing near: no word of any rule is in it";
	if (m.suits)
		why = "it suits; rejected in review, or not matched yet";
	else if (m.p != NULL && m.remedy.found == 0)
		m.p = NULL; /* no word of its rules is there: not near, only first */
	else if (m.p != NULL)
		why = arena_printf(c->a, "if %.*s", STRF(remedy_text(a, &m.remedy)));
	table_add(t, cli_short_id(c, o->id));
	table_add(t, cli_deadline(c, o));
	table_add(t, str_dup(c->a, o->title));
	table_add(t, m.p == NULL ? STR("-") : m.p->id);
	table_add(t, str_of(why));
}

int cmd_orphans(struct cli *c)
{
	static const char *const heads[] = {"id", "deadline", "title", "nearest", "would suit"};
	bool json = false;
	const struct option_spec specs[] = {{"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 0))
		return EXIT_USAGE;
	struct arena *a CLEANUP(arena_freep) = arena_new(CALL_ARENA_MAX);
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct reached_list reached = {0};
	struct ids ids = {0};
	struct error e;
	enum err rc = store_reached(c->app.store, c->a, &reached, &e);
	if (rc == ERR_OK)
		rc = store_opportunities(c->app.store, c->a, &ids, &e);
	for (size_t i = 0; rc == ERR_OK && i < ids.list.n; i++) {
		struct opportunity o;
		if (reaches(c, &reached, ids.list.v[i]))
			continue;
		arena_reset(a);
		rc = store_opportunity(c->app.store, a, ids.list.v[i], &o, &e);
		if (rc == ERR_OK && opportunity_status(&o, clock_now()) != STATUS_CLOSED)
			add_orphan(c, a, &t, &o);
	}
	if (rc == ERR_OK)
		table_print(&t, json, stdout);
	return cli_end(rc, &e);
}

/* ---- silent --------------------------------------------------------------------------- */

struct quiet { /* one silent profile, and what stopped the calls of that time */
	const struct profile *p;
	int64_t last; /* 0 = never */
	size_t calls, suits, out_of_time, unmatched, stops;
	struct {
		struct str name;
		size_t n;
	} stop[STOPS_MAX];
};
struct quiets {
	struct quiet *v;
	size_t n, room;
};

static int64_t last_of(const struct last_forwards *l, struct str profile)
{
	for (size_t i = 0; i < l->list.n; i++)
		if (str_eq(l->list.v[i].profile, profile))
			return l->list.v[i].at;
	return 0;
}

static void count_stop(struct cli *c, struct quiet *q, struct str name)
{
	if (str_eq(name, STR("match")) || str_eq(name, STR("rules"))) {
		q->unmatched++;
		return;
	}
	size_t i = 0;
	while (i < q->stops && !str_eq(q->stop[i].name, name))
		i++;
	if (i == STOPS_MAX)
		return;
	if (i == q->stops)
		q->stop[q->stops++].name = str_dup(c->a, name);
	q->stop[i].n++;
}

static void judge_silent(struct cli *c, struct arena *a, const struct opportunity *o, struct quiets *all)
{
	struct document *doc = match_document(a, o);
	for (size_t i = 0; i < all->n; i++) {
		struct quiet *q = &all->v[i];
		struct explanation x;
		struct date from;
		match_explain(c->app.rules, doc, q->p, a, &x);
		q->calls++;
		if (!x.hit)
			count_stop(c, q, x.stopped_by);
		q->suits += x.hit;
		q->out_of_time += x.hit && match_deadline(q->p, o, clock_now(), &from) != DEADLINE_OK;
	}
}

static void say_stops(struct buf *b, const struct quiet *q)
{
	static const char *const lines[] = {"require", "exclude", "threshold"};
	size_t stopped = q->calls - q->unmatched - q->suits;
	buf_printf(b, "its words are in %zu call%s, all stopped:", stopped, stopped == 1 ? "" : "s");
	for (size_t i = 0; i < q->stops; i++) {
		bool rule = false;
		for (size_t k = 0; k < COUNT(lines); k++)
			rule |= str_eq(q->stop[i].name, str_of(lines[k]));
		buf_printf(b, rule ? "%s %zu by '%.*s'" : "%s %zu by the filter '%.*s'", i > 0 ? "," : "",
			q->stop[i].n, STRF(q->stop[i].name));
	}
}

static struct str silence(struct cli *c, const struct quiet *q)
{
	struct buf b = buf_init(WHY_MAX);
	const char *suiting = q->suits == 1 ? "1 call suits" : arena_printf(c->a, "%zu calls suit", q->suits);
	if (q->p->mode == MODE_MUTE)
		buf_addz(&b, "it is muted (mode: mute)");
	else if (q->p->digest.every == EVERY_NEVER)
		buf_addz(&b, "it gets no digests (digest: off)");
	else if (q->calls == 0)
		buf_addz(&b, "no call was stored in this time");
	else if (q->suits > 0 && q->suits == q->out_of_time)
		buf_printf(&b, "%s, stopped by the filter 'deadline'", suiting);
	else if (q->suits > 0)
		buf_printf(&b, "%s, not sent yet: see 'fundwatch pending'", suiting);
	else if (q->unmatched == q->calls)
		buf_printf(&b, "nothing matched: no match line hits any of %zu calls", q->calls);
	else
		say_stops(&b, q);
	return buf_take(&b, c->a);
}

static enum err judge_calls(struct cli *c, int64_t since, struct quiets *all, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(CALL_ARENA_MAX);
	struct ids ids = {0};
	enum err rc = store_opportunities(c->app.store, c->a, &ids, e);
	for (size_t i = 0; rc == ERR_OK && i < ids.list.n && all->n > 0; i++) {
		struct opportunity o;
		arena_reset(a);
		rc = store_opportunity(c->app.store, a, ids.list.v[i], &o, e);
		if (rc == ERR_OK &&
			(o.first_seen >= since || opportunity_status(&o, clock_now()) != STATUS_CLOSED))
			judge_silent(c, a, &o, all);
	}
	return rc;
}

int cmd_silent(struct cli *c)
{
	static const char *const heads[] = {"profile", "last sent", "why"};
	const char *last = NULL;
	bool json = false;
	int64_t days = SILENT_DAYS;
	const struct option_spec specs[] = {{"last", &last, NULL}, {"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 0))
		return EXIT_USAGE;
	if (last != NULL && !cli_days(last, SILENT_MAX, &days))
		return EXIT_USAGE;
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct last_forwards forwards = {0};
	struct quiets quiets = {0};
	struct error e;
	int64_t since = clock_now() - days * DAY_SECONDS;
	enum err rc = store_last_forwards(c->app.store, c->a, &forwards, &e);
	for (size_t i = 0; rc == ERR_OK && i < c->app.config->profiles.n; i++) {
		const struct profile *p = &c->app.config->profiles.v[i];
		int64_t at = last_of(&forwards, p->id);
		if (at < since && !profile_for_tests(p))
			*vec_push(c->a, &quiets) = (struct quiet){.p = p, .last = at};
	}
	if (rc == ERR_OK)
		rc = judge_calls(c, since, &quiets, &e);
	for (size_t i = 0; i < quiets.n; i++) {
		const struct quiet *q = &quiets.v[i];
		table_add(&t, q->p->id);
		table_add(&t, q->last == 0 ? STR("never") : cli_time(c, q->last));
		table_add(&t, silence(c, q));
	}
	if (rc == ERR_OK)
		table_print(&t, json, stdout);
	return cli_end(rc, &e);
}

/* ---- terms ------------------------------------------------------------------------------ */

static void print_idle(struct cli *c, const struct idle_terms *idle, bool json)
{
	static const char *const heads[] = {"line", "never found"};
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	for (size_t i = 0, n; i < idle->list.n; i += n) {
		struct strv words = {0};
		for (n = 0; i + n < idle->list.n && str_eq(idle->list.v[i + n].line, idle->list.v[i].line);
			n++)
			*vec_push(c->a, &words) = idle->list.v[i + n].text;
		table_add(&t, idle->list.v[i].line);
		table_add(&t, strv_join(c->a, &words, ", "));
	}
	if (!json)
		printf("Words of rules that are in none of the %zu newest stored calls:\n", idle->calls);
	table_print(&t, json, stdout);
}

static void print_disliked(struct cli *c, const struct disliked_terms *d, bool json)
{
	static const char *const heads[] = {"not relevant", "of sent", "words", "profile", "line"};
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	for (size_t i = 0; i < d->list.n; i++) {
		const struct disliked_term *k = &d->list.v[i];
		table_add(&t, str_of(arena_printf(c->a, "%lld", (long long)k->answers)));
		table_add(&t, str_of(arena_printf(c->a, "%lld", (long long)k->sent)));
		table_add(&t, k->words);
		table_add(&t, k->profile);
		table_add(&t, k->line);
	}
	if (!json && d->list.n == 0)
		printf("\nNo call was answered 'not relevant'.\n");
	else if (!json)
		printf("\nWords that brought calls which members called not relevant:\n");
	if (json || d->list.n > 0)
		table_print(&t, json, stdout);
}

int cmd_terms(struct cli *c)
{
	bool json = false;
	const struct option_spec specs[] = {{"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 0))
		return EXIT_USAGE;
	struct rates *rates CLEANUP(rates_freep) = rates_new(c->a, c->app.rules);
	struct idle_terms idle;
	struct disliked_terms disliked = {0};
	struct error e;
	enum err rc = count_rates(c, rates, &e);
	if (rc == ERR_OK)
		rc = store_disliked_terms(c->app.store, c->a, &disliked, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	rates_idle(rates, c->a, &idle);
	if (idle.calls > 0)
		print_idle(c, &idle, json);
	else if (!json)
		printf("There are no stored calls to hold the rules against.\n");
	print_disliked(c, &disliked, json);
	return EXIT_OK;
}
