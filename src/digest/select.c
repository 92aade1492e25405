/* SPDX-License-Identifier: MIT
 *
 * What goes into one digest. In: every call that suits a profile of one recipient,
 * with the verdict of the filters on time. Out: the calls of this mail in order,
 * and what waits, with the reason.
 */
#include "digest/digest.h"

/* One call with all profiles it may reach now. */
struct group {
	struct digest_call call;
	int64_t closes; /* instant of its next deadline; INT64_MAX when there is none */
	bool urgent;	/* closed by the time of the next mail */
};

struct groups { /* no more than there are candidates */
	struct group *v;
	size_t n;
};

/* How many calls a profile may still bring. */
struct quota {
	struct str profile;
	int64_t left;
};

struct quotas { /* one per profile */
	struct quota *v;
	size_t n;
};

const char *wait_reason_name(enum wait_reason r)
{
	static const char *const names[WAIT_REASON_COUNT] = {
		[WAIT_REVIEW] = "held for review",
		[WAIT_EARLY] = "too early",
		[WAIT_LATE] = "too close to its deadline",
		[WAIT_CLOSED] = "closed",
		[WAIT_LIMIT] = "over the limit of the digest",
		[WAIT_PAUSED] = "came during a pause, is not sent by itself",
	};
	return r < WAIT_REASON_COUNT ? names[r] : "unknown";
}

static int cmp_i64(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_call(const void *x, const void *y)
{
	const struct candidate *a = *(const struct candidate *const *)x,
			       *b = *(const struct candidate *const *)y;
	int c = cmp_i64(a->opportunity->id, b->opportunity->id);
	return c != 0 ? c : str_cmp(a->profile->id, b->profile->id);
}

static int by_rank(const void *x, const void *y)
{
	const struct group *a = x, *b = y;
	const struct opportunity *oa = a->call.opportunity, *ob = b->call.opportunity;
	int c = (int)b->urgent - (int)a->urgent;
	if (c == 0)
		c = cmp_i64(b->call.score, a->call.score);
	if (c == 0)
		c = cmp_i64(a->closes, b->closes);
	if (c == 0)
		c = str_cmp(oa->title, ob->title);
	return c != 0 ? c : cmp_i64(oa->id, ob->id);
}

static const struct candidate **sorted(struct arena *a, const struct candidate *c, size_t n)
{
	const struct candidate **v = arena_make_n(a, n, const struct candidate *);
	for (size_t i = 0; i < n; i++)
		v[i] = &c[i];
	qsort(v, n, sizeof(*v), by_call);
	return v;
}

static void wait_for(
	struct arena *a, struct waiting_list *w, const struct candidate *c, enum wait_reason reason)
{
	*vec_push(a, &w->list) = (struct waiting){
		.candidate = c,
		.reason = reason,
		.from = reason == WAIT_EARLY ? c->from : (struct date){0},
	};
}

static struct group *group_of(struct groups *groups, const struct opportunity *o, int64_t now)
{
	if (groups->n > 0) {
		struct group *last = &groups->v[groups->n - 1];
		if (last->call.opportunity->id == o->id)
			return last;
	}
	const struct deadline *d = opportunity_deadline(o, now);
	struct group *g = &groups->v[groups->n++];
	g->call.opportunity = o;
	g->call.score = INT64_MIN;
	g->closes = d == NULL ? INT64_MAX : deadline_instant(d);
	return g;
}

/* Without a further slot (`digest: off`, sent by hand) nothing can be missed. */
static bool misses_next(const struct candidate *c, int64_t closes, int64_t now)
{
	if (closes == INT64_MAX)
		return false;
	/* One address gets one mail a day: the next one is not of today. */
	const struct schedule *s = &c->profile->digest;
	struct civil tomorrow = {.date = date_from_days(date_days(zone_civil(s->zone, now).date) + 1)};
	int64_t next = schedule_next(s, zone_instant(s->zone, tomorrow) - 1);
	return next != INT64_MAX && closes <= next;
}

/* `v` is sorted by call. */
static void collect(struct arena *a, const struct candidate *const *v, size_t n, int64_t now,
	struct groups *groups, struct waiting_list *waiting)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i]->stopped) {
			wait_for(a, waiting, v[i], v[i]->stop);
			continue;
		}
		struct group *g = group_of(groups, v[i]->opportunity, now);
		*vec_push(a, &g->call.hits) = v[i];
		if (v[i]->score > g->call.score)
			g->call.score = v[i]->score;
		g->urgent = g->urgent || misses_next(v[i], g->closes, now);
	}
}

static struct quota *quota_of(struct quotas *q, const struct profile *p)
{
	for (size_t i = 0; i < q->n; i++)
		if (str_eq(q->v[i].profile, p->id))
			return &q->v[i];
	q->v[q->n] = (struct quota){.profile = p->id, .left = p->limit};
	return &q->v[q->n++];
}

/* Takes the room for one call; false when none of its profiles has any. */
static bool admit(struct quotas *q, const struct digest_call *call)
{
	struct quota *most = NULL;
	for (size_t i = 0; i < call->hits.n; i++) {
		struct quota *next = quota_of(q, call->hits.v[i]->profile);
		if (most == NULL || next->left > most->left)
			most = next;
	}
	if (most == NULL || most->left <= 0)
		return false;
	most->left--;
	return true;
}

void digest_select(struct arena *a, const struct candidate *c, size_t n, int64_t now, struct digest *out,
	struct waiting_list *waiting)
{
	out->now = now;
	if (n == 0)
		return;
	struct groups groups = {.v = arena_make_n(a, n, struct group)};
	struct quotas quotas = {.v = arena_make_n(a, n, struct quota)};
	collect(a, sorted(a, c, n), n, now, &groups, waiting);
	qsort(groups.v, groups.n, sizeof(*groups.v), by_rank);
	for (size_t i = 0; i < groups.n; i++) {
		const struct digest_call *call = &groups.v[i].call;
		if (admit(&quotas, call)) {
			*vec_push(a, &out->calls) = *call;
			continue;
		}
		out->carried_over++;
		for (size_t j = 0; j < call->hits.n; j++)
			wait_for(a, waiting, call->hits.v[j], WAIT_LIMIT);
	}
}
