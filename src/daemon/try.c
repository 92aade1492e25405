/* SPDX-License-Identifier: MIT
 *
 * A prophecy: what edited rules would make of the stored calls, beside the rules in
 * force. Each call is read once and cut into words once; what is kept of it is small.
 * How many mails that makes is found by going through the digests of the past.
 */
#include "daemon/daemon.h"

#define CALL_ARENA_MAX ((size_t)192 << 20) /* one call against the profiles looked at */
#define WORDS_SHOWN    4		   /* of a hit */

/* ---- which profiles ------------------------------------------------------------------ */

static const struct synonym *synonym_of(const struct config *c, struct str word)
{
	for (size_t i = 0; i < c->synonyms.n; i++)
		if (str_ieq(c->synonyms.v[i].word, word))
			return &c->synonyms.v[i];
	return NULL;
}

/* Whether a word stands for other words than before, which may matter to everybody. */
static bool synonyms_differ(const struct config *was, const struct config *is)
{
	for (size_t i = 0; i < is->synonyms.n; i++) {
		const struct synonym *known = synonym_of(was, is->synonyms.v[i].word);
		if (known == NULL || !str_eq(known->expansion.text, is->synonyms.v[i].expansion.text))
			return true;
	}
	return was->synonyms.n != is->synonyms.n;
}

static bool touched(const struct profile *p, struct str file)
{
	if (str_eq(p->at.file, file))
		return true;
	for (size_t i = 0; i < p->use.n; i++)
		if (str_eq(p->use.v[i]->at.file, file))
			return true;
	return false;
}

/* The same profile before the edit, under its old name if it is renamed. */
static const struct profile *known_as(const struct config *c, const struct profile *p)
{
	const struct profile *same = conf_profile(c, p->id);
	return same != NULL || p->was.n == 0 ? same : conf_profile(c, p->was);
}

void try_touched(const struct app *app, const struct app *tried, const char *edited, struct arena *a,
	struct trial *out)
{
	bool all = synonyms_differ(app->config, tried->config);
	for (size_t i = 0; i < tried->config->profiles.n; i++) {
		const struct profile *p = &tried->config->profiles.v[i];
		if (all || touched(p, str_of(edited)))
			*vec_push(a, &out->profiles) =
				(struct trial_profile){.before = known_as(app->config, p), .after = p};
	}
}

/* ---- one call -------------------------------------------------------------------------- */

static struct str words_of(struct arena *a, const struct hit *h)
{
	struct strv words = {0};
	for (size_t i = 0; i < h->reasons.n && words.n < WORDS_SHOWN; i++)
		if (!strv_has(&words, h->reasons.v[i].text))
			*vec_push(a, &words) = h->reasons.v[i].text;
	return strv_join(a, &words, ", ");
}

/* What the digests and the listing need to know of a call. */
static struct opportunity without_texts(struct arena *a, const struct opportunity *o)
{
	struct opportunity bare = *o;
	bare.summary = bare.body = bare.eligibility = (struct str){0};
	return opportunity_copy(a, &bare);
}

/* Hits come in the order of their profiles. */
static int by_profile(const void *key, const void *hit)
{
	const struct profile *p = key, *of = ((const struct hit *)hit)->profile;
	return (p > of) - (p < of);
}

static const struct hit *hit_of(const struct hits *h, const struct profile *p)
{
	return p == NULL || h->list.n == 0
		       ? NULL
		       : bsearch(p, h->list.v, h->list.n, sizeof(h->list.v[0]), by_profile);
}

static void judge(const struct app *tried, struct document *doc, const struct opportunity *o,
	const struct hits *hits, struct arena *scratch, struct arena *a, struct trial_profile *t)
{
	const struct hit *before = hit_of(hits, t->before), *after = hit_of(hits, t->after);
	if (before == NULL && after == NULL)
		return;
	struct trial_call *c = vec_push(a, &t->calls);
	*c = (struct trial_call){
		.call = without_texts(a, o),
		.before = before != NULL,
		.after = after != NULL,
		.open = opportunity_status(o, clock_now()) != STATUS_CLOSED,
		.score = after != NULL ? after->score : before->score,
	};
	t->gained += !c->before;
	t->gained_open += !c->before && c->open;
	t->gone += !c->after;
	t->stay += c->before && c->after;
	if (after != NULL) {
		c->words = words_of(a, after);
		c->line = after->reasons.n > 0 ? str_dup(a, after->reasons.v[0].line) : (struct str){0};
	} else if (t->after != NULL) {
		struct explanation x;
		match_explain(tried->rules, doc, t->after, scratch, &x);
		c->words = str_dup(a, x.verdict);
	}
}

/* ---- the pace --------------------------------------------------------------------------- */

struct past { /* the digests of one profile, one after the other */
	const struct profile *p;
	const struct trial_call **todo; /* not mailed yet, best first */
	size_t n;
};

static int by_score(const void *x, const void *y)
{
	const struct trial_call *a = *(const struct trial_call *const *)x;
	const struct trial_call *b = *(const struct trial_call *const *)y;
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	return (a->call.id > b->call.id) - (a->call.id < b->call.id);
}

/* One digest: how many calls it holds. They and those that closed are done with. */
static int64_t past_digest(struct past *past, int64_t slot)
{
	int64_t taken = 0;
	size_t kept = 0;
	for (size_t i = 0; i < past->n; i++) {
		const struct opportunity *o = &past->todo[i]->call;
		struct date from;
		bool known = o->first_seen <= slot;
		if (known && opportunity_status(o, slot) == STATUS_CLOSED)
			continue;
		if (known && taken < past->p->limit && match_deadline(past->p, o, slot, &from) == DEADLINE_OK)
			taken++;
		else
			past->todo[kept++] = past->todo[i];
	}
	past->n = kept;
	return taken;
}

static struct pace pace_of(
	struct arena *a, const struct profile *p, const struct trial_profile *t, bool after, int64_t since)
{
	struct pace pace = {0};
	if (p == NULL || p->mode == MODE_MUTE || t->calls.n == 0)
		return pace;
	struct past past = {.p = p, .todo = arena_make_n(a, t->calls.n, const struct trial_call *)};
	for (size_t i = 0; i < t->calls.n; i++) {
		const struct trial_call *c = &t->calls.v[i];
		if ((after ? c->after : c->before) && c->call.first_seen >= since)
			past.todo[past.n++] = c;
	}
	if (past.n > 1)
		qsort(past.todo, past.n, sizeof(past.todo[0]), by_score);
	/* The slot after now stands for what was stored since the latest one. */
	int64_t now = clock_now(), slot = since;
	while (past.n > 0 && slot <= now && (slot = schedule_next(&p->digest, slot)) != INT64_MAX) {
		int64_t taken = past_digest(&past, slot);
		pace.mails += taken > 0;
		pace.calls += taken;
	}
	return pace;
}

/* ---- what would come at once --------------------------------------------------------------- */

static enum err count_ready(struct app *app, struct trial_profile *t, struct error *e)
{
	enum err rc = ERR_OK;
	int64_t now = clock_now();
	const struct profile *known = t->before != NULL ? t->before : t->after;
	for (size_t i = 0; rc == ERR_OK && i < t->calls.n; i++) {
		const struct trial_call *c = &t->calls.v[i];
		struct date from;
		int64_t sent = 0;
		if (!c->open)
			continue;
		rc = store_forwarded_at(app->store, c->call.id, known->id, &sent, e);
		if (sent != 0)
			continue;
		t->ready_before +=
			c->before && match_deadline(t->before, &c->call, now, &from) == DEADLINE_OK;
		t->ready_after += c->after && match_deadline(t->after, &c->call, now, &from) == DEADLINE_OK;
	}
	return rc;
}

static enum err settle(
	struct app *app, struct arena *a, int64_t first, int64_t since, struct trial *out, struct error *e)
{
	enum err rc = ERR_OK;
	int64_t from = first > since ? first - 1 : since;
	out->days = (clock_now() - from + DAY_SECONDS - 1) / DAY_SECONDS;
	for (size_t i = 0; rc == ERR_OK && i < out->profiles.n; i++) {
		struct trial_profile *t = &out->profiles.v[i];
		t->pace_before = pace_of(a, t->before, t, false, from);
		t->pace_after = pace_of(a, t->after, t, true, from);
		rc = count_ready(app, t, e);
	}
	return rc;
}

/* Both sides of what is compared. */
static struct engine *engine_of(const struct app *app, const struct app *tried, const struct trial *t)
{
	struct engine *e = engine_new();
	for (size_t i = 0; i < t->profiles.n; i++) {
		if (t->profiles.v[i].before != NULL)
			engine_add(e, app->rules, t->profiles.v[i].before);
		if (t->profiles.v[i].after != NULL)
			engine_add(e, tried->rules, t->profiles.v[i].after);
	}
	return e;
}

static struct compounds *compounds_of(const struct app *tried, struct arena *a, const struct trial *t)
{
	struct compounds *c = compounds_new(a);
	for (size_t i = 0; i < t->profiles.n; i++)
		if (t->profiles.v[i].after != NULL)
			compounds_add(c, tried->rules, t->profiles.v[i].after);
	return c;
}

enum err try_rules(struct app *app, const struct app *tried, struct arena *a, int64_t since,
	struct trial *out, struct error *e)
{
	struct arena *list CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct arena *scratch CLEANUP(arena_freep) = arena_new(CALL_ARENA_MAX);
	struct ids ids = {0};
	int64_t now = clock_now(), first = now;
	struct engine *engine = engine_of(app, tried, out);
	struct compounds *inside = compounds_of(tried, a, out);
	enum err rc = store_begin_reading(app->store, e);
	if (rc == ERR_OK)
		rc = store_opportunities(app->store, list, &ids, e);
	for (size_t i = 0; rc == ERR_OK && i < ids.list.n; i++) {
		struct opportunity o;
		arena_reset(scratch);
		rc = store_opportunity(app->store, scratch, ids.list.v[i], &o, e);
		bool open = rc == ERR_OK && opportunity_status(&o, now) != STATUS_CLOSED;
		if (rc != ERR_OK || (!open && o.first_seen < since))
			continue;
		first = o.first_seen < first ? o.first_seen : first;
		out->calls++;
		out->open += open;
		struct document *doc = match_document(scratch, &o);
		struct hits hits;
		engine_match(engine, doc, scratch, &hits);
		for (size_t k = 0; k < out->profiles.n; k++)
			judge(tried, doc, &o, &hits, scratch, a, &out->profiles.v[k]);
		compounds_count(inside, doc);
	}
	compounds_list(inside, &out->compounds);
	engine_free(engine);
	if (rc == ERR_OK)
		rc = settle(app, a, first, since, out, e);
	store_rollback(app->store);
	return rc;
}
