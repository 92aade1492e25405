/* SPDX-License-Identifier: MIT
 *
 * Hits with their reasons, and what staff decided about held ones.
 */
#include "store/db.h"

#define PASSED_DAYS 30 /* a hit whose last deadline passed so long ago waits for nothing */

static const char *const state_names[] = {
	[HIT_OPEN] = "open",
	[HIT_REVIEW] = "review",
	[HIT_APPROVED] = "approved",
	[HIT_REJECTED] = "rejected",
};

static const char *const verdict_names[] = {
	[REVIEW_APPROVE] = "approve",
	[REVIEW_REJECT] = "reject",
	[REVIEW_EDIT] = "edit",
};

/* The state a verdict leads to; "" leaves it as it is. */
static const char *const verdict_states[] = {
	[REVIEW_APPROVE] = "approved",
	[REVIEW_REJECT] = "rejected",
	[REVIEW_EDIT] = "",
};

const char *hit_state_name(enum hit_state st)
{
	return state_names[st];
}

static enum err save_reasons(struct store *s, int64_t hit, const struct stored_hit *h, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_REASON_CLEAR);
	db_int(st, ":hit", hit);
	enum err rc = db_run(s, st, e);
	for (size_t i = 0; rc == ERR_OK && i < h->reasons.n; i++) {
		const struct stored_reason *r = &h->reasons.v[i];
		st = db_stmt(s, SQL_REASON_ADD);
		db_int(st, ":hit", hit);
		db_int(st, ":position", (int64_t)i);
		db_text(st, ":line", r->line);
		db_text(st, ":label", r->label);
		db_text(st, ":field", r->field);
		db_int(st, ":start", r->start);
		db_int(st, ":end", r->end);
		db_text(st, ":words", r->words);
		rc = db_run(s, st, e);
	}
	return rc;
}

enum err store_hit_save(struct store *s, const struct stored_hit *h, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_HIT_SAVE);
	db_int(st, ":opportunity", h->opportunity);
	db_text(st, ":profile", h->profile);
	db_int(st, ":score", h->score);
	db_text(st, ":state", str_of(state_names[h->state]));
	db_text(st, ":rules", h->rules);
	db_int(st, ":urgent", h->urgent ? 1 : 0);
	db_int(st, ":at", h->at);
	int64_t id;
	enum err rc = db_one(s, st, 0, &id, e);
	return rc == ERR_OK ? save_reasons(s, id, h, e) : rc;
}

enum err store_hit_drop(struct store *s, int64_t opportunity, struct str profile, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_HIT_DROP);
	db_int(st, ":opportunity", opportunity);
	db_text(st, ":profile", profile);
	return db_run(s, st, e);
}

static enum err read_reasons(struct store *s, struct arena *a, struct stored_hit *h, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_REASONS);
	db_int(st, ":hit", h->id);
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &h->reasons) = (struct stored_reason){
			.line = db_get_text(st, a, 0),
			.label = db_get_text(st, a, 1),
			.field = db_get_text(st, a, 2),
			.start = db_get_int(st, 3),
			.end = db_get_int(st, 4),
			.words = db_get_text(st, a, 5),
		};
	return rc;
}

/* HIT_COLUMNS of sql.c. */
static struct stored_hit read_hit(sqlite3_stmt *st, struct arena *a)
{
	struct stored_hit h = {
		.id = db_get_int(st, 0),
		.opportunity = db_get_int(st, 1),
		.profile = db_get_text(st, a, 2),
		.score = db_get_int(st, 3),
		.rules = db_get_text(st, a, 5),
		.at = db_get_int(st, 6),
		.note = db_get_text(st, a, 7),
		.urgent = db_get_int(st, 8) != 0,
		.paused = db_get_int(st, 9) != 0,
	};
	struct str state = db_get_text(st, a, 4);
	for (size_t i = 0; i < COUNT(state_names); i++)
		if (str_eq(state, str_of(state_names[i])))
			h.state = (enum hit_state)i;
	return h;
}

static enum err read_hits(
	struct store *s, struct arena *a, sqlite3_stmt *st, struct stored_hits *out, struct error *e)
{
	struct stored_hits hits = {0};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &hits.list) = read_hit(st, a);
	for (size_t i = 0; rc == ERR_OK && i < hits.list.n; i++)
		rc = read_reasons(s, a, &hits.list.v[i], e);
	if (rc == ERR_OK)
		*out = hits;
	return rc;
}

enum err store_hits(
	struct store *s, struct arena *a, struct str profile, struct stored_hits *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_HITS_OF_PROFILE);
	db_text(st, ":profile", profile);
	return read_hits(s, a, st, out, e);
}

enum err store_untold_hits(struct store *s, struct arena *a, struct str profile, struct str recipient,
	int64_t now, struct stored_hits *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_HITS_UNTOLD);
	db_text(st, ":profile", profile);
	db_text(st, ":recipient", recipient);
	db_int(st, ":now", now);
	db_text(st, ":from", date_iso(a, date_from_days(now / DAY_SECONDS - PASSED_DAYS)));
	return read_hits(s, a, st, out, e);
}

static enum err read_names(
	struct store *s, sqlite3_stmt *st, struct arena *a, struct strv *out, struct error *e)
{
	struct strv list = {0};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list) = db_get_text(st, a, 0);
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

enum err store_hit_profiles(struct store *s, struct arena *a, struct strv *out, struct error *e)
{
	return read_names(s, db_stmt(s, SQL_HIT_PROFILES), a, out, e);
}

enum err store_call_profiles(
	struct store *s, struct arena *a, int64_t opportunity, struct strv *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_CALL_PROFILES);
	db_int(st, ":opportunity", opportunity);
	return read_names(s, st, a, out, e);
}

enum err store_hits_drop(struct store *s, struct str profile, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_HITS_DROP_STRANGERS);
	db_text(st, ":profile", profile);
	return db_run(s, st, e);
}

enum err store_hit(struct store *s, struct arena *a, int64_t opportunity, struct str profile,
	struct stored_hit *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_HIT_ONE);
	db_int(st, ":opportunity", opportunity);
	db_text(st, ":profile", profile);
	struct stored_hits hits;
	enum err rc = read_hits(s, a, st, &hits, e);
	if (rc == ERR_OK && hits.list.n == 0)
		rc = err_set(e, ERR_INPUT, "this call does not suit '%.*s'", STRF(profile));
	if (rc == ERR_OK)
		*out = hits.list.v[0];
	return rc;
}

enum err store_reviews(struct store *s, struct arena *a, struct stored_hits *out, struct error *e)
{
	return read_hits(s, a, db_stmt(s, SQL_HITS_IN_REVIEW), out, e);
}

static enum err decide_hit(struct store *s, const struct review *r, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_HIT_DECIDE);
	db_int(st, ":opportunity", r->opportunity);
	db_text(st, ":profile", r->profile);
	db_text(st, ":state", str_of(verdict_states[r->verdict]));
	db_text(st, ":note", r->note);
	return db_run(s, st, e);
}

struct holding {
	int64_t mail;
	struct str state;
};

/* Mails that hold the call for the profile: those that wait are taken back; one that
 * left or is leaving makes the decision too late. */
static enum err take_back(struct store *s, struct arena *a, const struct review *r, struct error *e)
{
	VEC(struct holding) list = {0};
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_HOLDING);
	bool row, recalled;
	enum err rc;
	db_int(st, ":opportunity", r->opportunity);
	db_text(st, ":profile", r->profile);
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list) =
			(struct holding){.mail = db_get_int(st, 0), .state = db_get_text(st, a, 1)};
	for (size_t i = 0; rc == ERR_OK && i < list.n; i++) {
		rc = store_mail_recall(s, list.v[i].mail, true, r->at, &recalled, e);
		if (rc == ERR_OK && !recalled)
			rc = err_set(e, ERR_INPUT, "this call was already sent to '%.*s'", STRF(r->profile));
	}
	return rc;
}

enum err store_review(struct store *s, const struct review *r, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new((size_t)1 << 20);
	struct stored_hit h;
	int64_t forwarded = 0;
	enum err rc = store_hit(s, a, r->opportunity, r->profile, &h, e);
	if (rc == ERR_OK)
		rc = store_forwarded_at(s, r->opportunity, r->profile, &forwarded, e);
	if (rc == ERR_OK && forwarded != 0)
		rc = err_set(e, ERR_INPUT, "this call was already sent to '%.*s'", STRF(r->profile));
	if (rc == ERR_OK)
		rc = take_back(s, a, r, e);
	struct review kept = *r;
	if (kept.note.n == 0)
		kept.note = h.note;
	if (rc == ERR_OK)
		rc = decide_hit(s, &kept, e);
	if (rc != ERR_OK)
		return rc;
	sqlite3_stmt *st = db_stmt(s, SQL_DECISION_ADD);
	db_int(st, ":opportunity", r->opportunity);
	db_text(st, ":profile", r->profile);
	db_text(st, ":verdict", str_of(verdict_names[r->verdict]));
	db_int(st, ":at", r->at);
	db_text(st, ":who", r->who);
	db_text(st, ":why", r->why);
	db_text(st, ":note", r->note);
	return db_run(s, st, e);
}

enum err store_decision(struct store *s, struct arena *a, int64_t opportunity, struct str profile,
	bool *found, struct review *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_DECISION_GET);
	db_int(st, ":opportunity", opportunity);
	db_text(st, ":profile", profile);
	enum err rc = db_row(s, st, found, e);
	if (rc != ERR_OK || !*found)
		return rc;
	struct str verdict = db_get_text(st, a, 0);
	*out = (struct review){.opportunity = opportunity,
		.profile = profile,
		.at = db_get_int(st, 1),
		.who = db_get_text(st, a, 2),
		.why = db_get_text(st, a, 3),
		.note = db_get_text(st, a, 4)};
	if (str_eq(verdict, STR("reject")))
		out->verdict = REVIEW_REJECT;
	else if (str_eq(verdict, STR("edit")))
		out->verdict = REVIEW_EDIT;
	(void)sqlite3_reset(st);
	return ERR_OK;
}
