/* SPDX-License-Identifier: MIT
 *
 * Where a call stands on its way to a member, in words: sent on which day, in a
 * mail, held for review since when, too early until when, over the limit and in
 * which digest it will come. What `explain` answers first, and what `pending` lists.
 */
#include "daemon/candidates.h"

#include "render/render.h"

const char *local_time(struct app *app, struct arena *a, int64_t at)
{
	struct civil c = zone_civil(app->config->settings.zone, at);
	return arena_printf(a, "%.*s %02d:%02d", STRF(render_date(a, c.date)), c.hour, c.minute);
}

static const char *local_day(struct app *app, struct arena *a, int64_t at)
{
	return str_c(a, render_date(a, zone_civil(app->config->settings.zone, at).date));
}

/* ---- the next mail ---------------------------------------------------------------- */

static bool scheduled(const struct profile *p)
{
	return p->mode != MODE_MUTE && p->digest.every != EVERY_NEVER;
}

static bool has_address(const struct profile *p, struct str address)
{
	for (size_t i = 0; i < p->contacts.n; i++)
		if (str_eq(p->contacts.v[i].address, address))
			return true;
	return false;
}

enum err outlook_of(struct app *app, struct arena *a, const struct profile *p, struct str address,
	struct outlook *out, struct error *e)
{
	*out = (struct outlook){0};
	int64_t now = clock_now(), next = schedule_next(&p->digest, now);
	enum err rc = store_suppressed(app->store, address, &out->suppressed, e);
	for (size_t i = 0; rc == ERR_OK && i < app->config->profiles.n; i++) {
		const struct profile *q = &app->config->profiles.v[i];
		bool same_mail = scheduled(p) && scheduled(q) && has_address(q, address) &&
				 schedule_next(&q->digest, now) == next;
		if (q == p || same_mail)
			rc = candidates_add(app, a, q, address, &out->candidates, e);
	}
	if (rc == ERR_OK)
		digest_select(
			a, out->candidates.list.v, out->candidates.list.n, now, &out->next, &out->waiting);
	return rc;
}

struct str outlook_next(struct app *app, struct arena *a, const struct profile *p)
{
	if (p->mode == MODE_MUTE)
		return STR("this profile is muted (mode: mute)");
	int64_t next = schedule_next(&p->digest, clock_now());
	if (next == INT64_MAX)
		return STR("this profile gets no digests (digest: off)");
	return str_of(arena_printf(a, "goes with the next digest, %s", local_time(app, a, next)));
}

/* The digest that will have room, when nothing better comes first. */
static struct str over_limit(
	struct app *app, struct arena *a, const struct outlook *o, const struct waiting *w)
{
	const struct profile *p = w->candidate->profile;
	int64_t before = 0, at = clock_now();
	for (const struct waiting *x = o->waiting.list.v; x < w; x++)
		before += x->reason == WAIT_LIMIT && x->candidate->profile == p;
	if (!scheduled(p))
		return outlook_next(app, a, p);
	for (int64_t i = 0; i < before / p->limit + 2 && at != INT64_MAX; i++)
		at = schedule_next(&p->digest, at);
	return str_of(arena_printf(a,
		"over the limit of %lld per digest; carried over to the digest of %s, unless better ones come",
		(long long)p->limit, at == INT64_MAX ? "some later day" : local_day(app, a, at)));
}

/* "too close to its deadline: closes in 18 days, the profile asks for 30 or more". */
static struct str late_text(struct arena *a, const struct candidate *c)
{
	const char *name = wait_reason_name(WAIT_LATE);
	const struct deadline *d = opportunity_deadline(c->opportunity, clock_now());
	if (d == NULL)
		return str_of(arena_printf(a, "%s: no deadline is known", name));
	return str_of(arena_printf(a, "%s: it closes in %lld days, the profile asks for %lld or more", name,
		(long long)deadline_days_left(d, clock_now()), (long long)c->profile->deadline.min));
}

struct str outlook_reason(struct app *app, struct arena *a, const struct outlook *o, const struct waiting *w)
{
	const char *name = wait_reason_name(w->reason);
	switch (w->reason) {
	case WAIT_EARLY:
		return str_of(arena_printf(a, "%s: counts from %.*s", name, STRF(render_date(a, w->from))));
	case WAIT_LIMIT:
		return over_limit(app, a, o, w);
	case WAIT_LATE:
		return late_text(a, w->candidate);
	case WAIT_REVIEW:
	case WAIT_CLOSED:
	case WAIT_PAUSED:
	case WAIT_REASON_COUNT:
		break;
	}
	return str_of(name);
}

/* ---- mails ------------------------------------------------------------------------- */

struct str unsent_text(struct app *app, struct arena *a, struct str recipient, struct str state,
	struct str reply, int64_t next_try)
{
	if (!str_eq(state, STR("queued")))
		return str_of(arena_printf(
			a, "mail %.*s%s%.*s", STRF(state), reply.n > 0 ? ": " : "", STRF(reply)));
	if (!deliver_allows(&app->config->settings, recipient))
		return STR("in a queued mail; 'deliver' does not allow this address");
	if (reply.n > 0)
		return str_of(arena_printf(
			a, "in a queued mail, next try %s: %.*s", local_time(app, a, next_try), STRF(reply)));
	return STR("in a queued mail");
}

static void tell(
	struct arena *a, struct standings *out, struct str recipient, const char *stage, struct str text)
{
	*vec_push(a, &out->list) = (struct standing){
		.recipient = recipient, .sent = strcmp(stage, "sent") == 0, .stage = stage, .text = text};
}

/* The mail that holds the call for this recipient; false when there is none. */
static enum err told_by_mail(struct app *app, struct arena *a, const struct opportunity *o,
	struct str recipient, bool *told, struct standings *out, struct error *e)
{
	struct mail m;
	enum err rc = store_told(app->store, a, o->id, recipient, &m, e);
	*told = rc == ERR_OK && m.state.n > 0;
	if (!*told)
		return rc;
	if (str_eq(m.state, STR("accepted")))
		tell(a, out, recipient, "sent",
			str_of(arena_printf(
				a, "on %s, in \"%.*s\"", local_time(app, a, m.created), STRF(m.subject))));
	else
		tell(a, out, recipient, str_eq(m.state, STR("failed")) ? "refused" : "in a mail",
			unsent_text(app, a, recipient, m.state, m.reply, m.next_try));
	return rc;
}

/* What staff forwarded before there was fundwatch, by their own list. */
static enum err told_by_hand(struct app *app, struct arena *a, const struct opportunity *o,
	const struct profile *p, struct str recipient, bool *told, struct standings *out, struct error *e)
{
	struct past_forward f = {.opportunity = o->id, .profile = p->id, .recipient = recipient};
	enum err rc = store_past_forward_of(app->store, a, &f, told, e);
	if (rc == ERR_OK && *told)
		tell(a, out, recipient, "sent",
			str_of(arena_printf(
				a, "by hand on %s (%.*s)", local_day(app, a, f.at), STRF(f.imported))));
	return rc;
}

/* ---- one call ----------------------------------------------------------------------- */

static const char *const stages[WAIT_REASON_COUNT] = {
	[WAIT_REVIEW] = "review",
	[WAIT_EARLY] = "too early",
	[WAIT_LATE] = "too late",
	[WAIT_CLOSED] = "closed",
	[WAIT_LIMIT] = "over the limit",
	[WAIT_PAUSED] = "paused",
};

static struct str closed_text(struct app *app, struct arena *a, const struct opportunity *o)
{
	if (str_eq(o->source, STR(IMPORT_SOURCE)))
		return STR("only the list of past forwards names it, no source does");
	if (o->withdrawn)
		return STR("the call was withdrawn");
	if (o->deadlines.n == 0)
		return STR("the call is closed");
	int64_t at = deadline_instant(&o->deadlines.v[o->deadlines.n - 1]);
	return str_of(arena_printf(a, "the call closed on %s", local_day(app, a, at)));
}

static void tell_next(struct app *app, struct arena *a, const struct profile *p, struct str recipient,
	struct standings *out)
{
	struct str text = outlook_next(app, a, p);
	const char *stage = p->mode == MODE_MUTE ? "muted" : !scheduled(p) ? "digest off" : "next digest";
	if (scheduled(p) && !deliver_allows(&app->config->settings, recipient)) {
		stage = "delivery off";
		text = str_of(arena_printf(a, "%.*s, but 'deliver' does not allow this address", STRF(text)));
	}
	tell(a, out, recipient, stage, text);
}

static struct str review_text(struct app *app, struct arena *a, const struct stored_hit *h)
{
	struct error e;
	struct str id;
	if (store_short_id(app->store, a, h->opportunity, &id, &e) != ERR_OK)
		id = STR("ID");
	return str_of(arena_printf(a,
		"held for review since %s; nobody has decided yet: fundwatch review approve %.*s %.*s (or "
		"reject)",
		local_time(app, a, h->at), STRF(id), STRF(h->profile)));
}

/* A call that is matched and in no mail: what the next digest makes of it. */
static enum err tell_outlook(struct app *app, struct arena *a, const struct stored_hit *h,
	const struct profile *p, struct str recipient, struct standings *out, struct error *e)
{
	struct outlook look;
	enum err rc = outlook_of(app, a, p, recipient, &look, e);
	if (rc != ERR_OK)
		return rc;
	if (look.suppressed) {
		tell(a, out, recipient, "suppressed", STR(SUPPRESSED_TEXT));
		return ERR_OK;
	}
	for (size_t i = 0; i < look.waiting.list.n; i++) {
		const struct waiting *w = &look.waiting.list.v[i];
		if (w->candidate->opportunity->id != h->opportunity || w->candidate->profile != p)
			continue;
		tell(a, out, recipient, stages[w->reason],
			w->reason == WAIT_CLOSED   ? closed_text(app, a, w->candidate->opportunity)
			: w->reason == WAIT_REVIEW ? review_text(app, a, h)
						   : outlook_reason(app, a, &look, w));
		return ERR_OK;
	}
	tell_next(app, a, p, recipient, out);
	return ERR_OK;
}

static struct str rejected_text(struct app *app, struct arena *a, const struct review *r)
{
	return str_of(arena_printf(a, "rejected by %.*s on %s%s%.*s", STRF(r->who), local_time(app, a, r->at),
		r->why.n > 0 ? ": " : "", STRF(r->why)));
}

/* A call that is in no mail for this recipient. */
static enum err tell_unmailed(struct app *app, struct arena *a, const struct opportunity *o,
	const struct profile *p, bool suits, const struct stored_hit *h, struct str recipient,
	struct standings *out, struct error *e)
{
	struct review r;
	bool decided = false;
	if (h != NULL && h->state != HIT_REJECTED && opportunity_status(o, clock_now()) != STATUS_CLOSED)
		return tell_outlook(app, a, h, p, recipient, out, e);
	enum err rc = store_decision(app->store, a, o->id, p->id, &decided, &r, e);
	if (rc != ERR_OK)
		return rc;
	if (h != NULL && decided && r.verdict == REVIEW_REJECT)
		tell(a, out, recipient, "rejected", rejected_text(app, a, &r));
	else if (opportunity_status(o, clock_now()) == STATUS_CLOSED)
		tell(a, out, recipient, "closed", closed_text(app, a, o));
	else if (!suits)
		tell(a, out, recipient, "not matched", STR("it does not suit, no match line hits"));
	else
		tell(a, out, recipient, "not matched yet",
			STR("it suits by the rules as they are now, and was not matched with them yet; "
			    "the next poll does that"));
	return ERR_OK;
}

/* The stored hit, or NULL. */
static enum err find_hit(struct app *app, struct arena *a, const struct opportunity *o,
	const struct profile *p, const struct stored_hit **out, struct error *e)
{
	struct stored_hit *h = arena_make(a, struct stored_hit);
	enum err rc = store_hit(app->store, a, o->id, p->id, h, e);
	*out = rc == ERR_OK ? h : NULL;
	return rc == ERR_INPUT ? ERR_OK : rc;
}

enum err standings_of(struct app *app, struct arena *a, const struct opportunity *o, const struct profile *p,
	bool suits, struct standings *out, struct error *e)
{
	const struct stored_hit *h;
	*out = (struct standings){0};
	enum err rc = find_hit(app, a, o, p, &h, e);
	for (size_t i = 0; rc == ERR_OK && i < p->contacts.n; i++) {
		struct str recipient = p->contacts.v[i].address;
		bool told;
		rc = told_by_mail(app, a, o, recipient, &told, out, e);
		if (rc == ERR_OK && !told)
			rc = told_by_hand(app, a, o, p, recipient, &told, out, e);
		if (rc == ERR_OK && !told)
			rc = tell_unmailed(app, a, o, p, suits, h, recipient, out, e);
	}
	return rc;
}
