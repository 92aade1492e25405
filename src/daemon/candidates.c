/* SPDX-License-Identifier: MIT
 *
 * Stored hits -> candidates of a digest, with what keeps each out of it now.
 */
#include "daemon/candidates.h"

#define WORDS_SHOWN_MAX 6 /* words of a "because" */

static void add_once(struct arena *a, struct strv *list, struct str s)
{
	if (s.n > 0 && list->n < WORDS_SHOWN_MAX && !strv_has(list, s))
		*vec_push(a, list) = s;
}

/* After the first stage of a two-stage call nobody new can apply. */
static bool first_stage_over(const struct opportunity *o, int64_t now)
{
	return str_eq(o->stage, STR("two-stage")) && o->deadlines.n > 1 &&
	       deadline_instant(&o->deadlines.v[0]) < now;
}

/* Why a hit can't be in a digest now; false when it can. */
static bool judge(struct candidate *c, const struct stored_hit *h, int64_t now)
{
	if (opportunity_status(c->opportunity, now) == STATUS_CLOSED ||
		first_stage_over(c->opportunity, now)) {
		c->stop = WAIT_CLOSED;
		return true;
	}
	if (h->state == HIT_REVIEW) {
		c->stop = WAIT_REVIEW;
		return true;
	}
	if (h->paused) {
		c->stop = WAIT_PAUSED;
		return true;
	}
	switch (match_deadline(c->profile, c->opportunity, now, &c->from)) {
	case DEADLINE_OK:
		return false;
	case DEADLINE_EARLY:
		c->stop = WAIT_EARLY;
		return true;
	case DEADLINE_LATE:
		c->stop = WAIT_LATE;
		return true;
	}
	return false;
}

static struct candidate candidate_of(
	struct arena *a, const struct profile *p, const struct opportunity *o, const struct stored_hit *h)
{
	struct candidate c = {
		.profile = p, .opportunity = o, .score = h->score, .note = h->note, .urgent = h->urgent};
	for (size_t i = 0; i < h->reasons.n; i++) {
		add_once(a, &c.labels, h->reasons.v[i].label);
		add_once(a, &c.words, h->reasons.v[i].words);
	}
	c.stopped = judge(&c, h, clock_now());
	return c;
}

enum err candidates_add(struct app *app, struct arena *a, const struct profile *p, struct str address,
	struct candidates *out, struct error *e)
{
	struct stored_hits hits;
	enum err rc = store_untold_hits(app->store, a, p->id, address, clock_now(), &hits, e);
	for (size_t i = 0; rc == ERR_OK && i < hits.list.n; i++) {
		const struct stored_hit *h = &hits.list.v[i];
		struct opportunity *o = arena_make(a, struct opportunity);
		rc = store_opportunity(app->store, a, h->opportunity, o, e);
		if (rc == ERR_OK)
			*vec_push(a, &out->list) = candidate_of(a, p, o, h);
	}
	return rc;
}
