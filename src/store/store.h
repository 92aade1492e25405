/* SPDX-License-Identifier: MIT
 *
 * The database: the only place where stages meet, and the only owner of SQL.
 * Named operations; domain structs go in and come out, strings that come out live
 * in the arena given. The schema, with a comment per table, is
 * in src/store/schema.
 *
 * Errors: ERR_TEMPORARY when the database is busy for too long or the disk is
 * full, ERR_INTERNAL for everything that should not happen, ERR_CONFIG when the
 * file can't be opened or is of a newer version. After an error inside a
 * transaction: store_rollback().
 */
#ifndef FW_STORE_STORE_H
#define FW_STORE_STORE_H

#include "base/err.h"
#include "model/kpi.h"
#include "model/model.h"

struct store;

/* Opens or creates the database, brings it to this program's version (a copy
 * FILE.before-vN is taken first when there is something to migrate). */
enum err store_open(const char *path, struct store **out, struct error *e) NODISCARD;
/* An existing database, of this program's version, to read only. ERR_CONFIG when
 * there is none, or it is of another version or can't be read. */
enum err store_open_reading(const char *path, struct store **out, struct error *e) NODISCARD;
void store_close(struct store *s);

/* The source of calls that only a list of past forwards names. Any other source's
 * words stand above it, and until there is one such a call is closed. */
#define IMPORT_SOURCE "imported"

/* One write transaction (BEGIN IMMEDIATE). Short; never held over network I/O.
 * Every operation below that writes needs one. */
enum err store_begin(struct store *s, struct error *e) NODISCARD;
/* One state of the database for many reads, whatever others write meanwhile; ends with
 * store_rollback(). */
enum err store_begin_reading(struct store *s, struct error *e) NODISCARD;
enum err store_commit(struct store *s, struct error *e) NODISCARD;
void store_rollback(struct store *s);

/* For tests: prepares every statement; ERR_INTERNAL names the first that fails. */
enum err store_prepare_all(struct store *s, struct error *e) NODISCARD;

/* A word kept under a key ("rules" ...); empty when never set. */
enum err store_meta_get(struct store *s, struct arena *a, const char *key, struct str *out, struct error *e) NODISCARD;
enum err store_meta_set(struct store *s, const char *key, struct str value, struct error *e) NODISCARD;

/* ---- sources -------------------------------------------------------------- */

struct source_state {
	struct str name, etag, last_modified;
	int64_t next_poll, last_try, last_ok, failures, items, bad_items;
	int64_t usual; /* items of the last poll that was not short of them */
	struct str last_error, bad_why;
};

/* Of a source never polled: all zero but the name. */
enum err store_source(struct store *s, struct arena *a, struct str name, struct source_state *out, struct error *e)
	NODISCARD;
enum err store_source_save(struct store *s, const struct source_state *st, struct error *e) NODISCARD;

/* ---- opportunities --------------------------------------------------------- */

enum seen { SEEN_NEW, SEEN_CHANGED, SEEN_SAME };

/* Takes in one normalised opportunity: finds it by any of its keys or makes it,
 * records the sighting, the meaningful changes, and its new content. A call known
 * from another source keeps that source's words, unless only the new one knows a
 * deadline; one that comes in another language keeps the words of the first. *id is the stored one. New and changed ones are marked to be matched. */
enum err store_take_in(struct store *s, struct arena *a, const struct opportunity *o, int64_t now, enum seen *out,
	int64_t *id, struct error *e) NODISCARD;

/* An item of this poll that is not taken in is listed all the same. */
enum err store_listed(struct store *s, struct str source, struct str key, int64_t now, struct error *e) NODISCARD;
/* After a complete poll at `now`: what it did not show was missed once more; a document
 * that is `unmodified` lacks what it lacked before. Calls that were missed `polls` times
 * in a row (0 = never) and that no other source shows are withdrawn; *closed is how many. */
enum err store_absent(struct store *s, struct arena *a, struct str source, bool unmodified, int64_t polls, int64_t now,
	int64_t *closed, struct error *e) NODISCARD;

/* Rewrites a stored opportunity by hand (`add` with flags); marks it to be matched. */
enum err store_opportunity_edit(struct store *s, const struct opportunity *o, int64_t now, struct error *e) NODISCARD;

/* ERR_INPUT when there is none with this id. */
enum err store_opportunity(struct store *s, struct arena *a, int64_t id, struct opportunity *out, struct error *e)
	NODISCARD;

/* Whether a call with exactly this call id is stored (case ignored). */
enum err store_call_known(struct store *s, struct str call, bool *out, struct error *e) NODISCARD;

/* By short id, call id, or a prefix of either that only one has; ERR_INPUT says
 * "no call ..." or lists the candidates. */
enum err store_find(struct store *s, struct str id, int64_t *out, struct error *e) NODISCARD;

enum err store_short_id(struct store *s, struct arena *a, int64_t id, struct str *out, struct error *e) NODISCARD;

struct ids {
	VEC(int64_t) list;
};
/* All ids, newest first. */
enum err store_opportunities(struct store *s, struct arena *a, struct ids *out, struct error *e) NODISCARD;
/* Those that were not yet matched with the rules of this hash, oldest first. */
enum err store_unmatched(struct store *s, struct arena *a, struct str rules, struct ids *out, struct error *e) NODISCARD;
enum err store_set_matched(struct store *s, int64_t opportunity, struct str rules, struct error *e) NODISCARD;

struct sighting {
	struct str source, url;
	int64_t first_seen, last_seen;
};
struct recorded_change {
	struct str field, before, after;
	int64_t at;
};
struct history {
	VEC(struct sighting) sightings;
	VEC(struct recorded_change) changes;
};
enum err store_history(struct store *s, struct arena *a, int64_t opportunity, struct history *out, struct error *e)
	NODISCARD;

/* ---- calls that turn out to be one ------------------------------------------- */

/* By id as store_find(), but a merged call is found itself, not the one it went into. */
enum err store_find_itself(struct store *s, struct str id, int64_t *out, struct error *e) NODISCARD;

/* Makes two calls one: the one whose words stand (known by its call id, with deadlines,
 * older) is *kept, sightings, identities, hits, mails, forwards and answers of the other
 * count as its own. Mails that wait with the other one are taken back. ERR_INPUT when
 * they are one already. */
enum err store_merge(struct store *s, struct arena *a, int64_t one, int64_t two, struct str who, int64_t now,
	int64_t *kept, struct error *e) NODISCARD;
/* Makes them two again, each with what was its own; *gone is the one that is back. */
enum err store_merge_undo(struct store *s, struct arena *a, int64_t one, int64_t two, struct str who, int64_t now,
	int64_t *gone, struct error *e) NODISCARD;
/* They are two calls: never proposed again. */
enum err store_merge_reject(struct store *s, int64_t one, int64_t two, struct str who, int64_t now, struct error *e)
	NODISCARD;

struct merged_call {
	struct str short_id, call, title, source, who;
	int64_t at;
};
struct merged_calls {
	VEC(struct merged_call) list;
};
/* The calls that were merged into this one. */
enum err store_merges_of(struct store *s, struct arena *a, int64_t opportunity, struct merged_calls *out,
	struct error *e) NODISCARD;

struct merge_proposal {
	int64_t one, two;
};
struct merge_proposals {
	VEC(struct merge_proposal) list;
};
/* Pairs with the same title and the same deadlines, not all passed at `now`, that nobody
 * decided about. */
enum err store_merge_proposals(struct store *s, struct arena *a, int64_t now, struct merge_proposals *out,
	struct error *e) NODISCARD;

/* ---- second pages ------------------------------------------------------------ */

/* The page with more about a call, as one source has it. */
struct detail {
	int64_t opportunity, tries, next_try, fetched_at; /* fetched_at: the last try */
	struct str source;
	struct str url, guid; /* of the call at that source; set by store_details_due() alone */
	bool done;
	int64_t rest;         /* the source is asked for no other detail before */
	struct strv fields;   /* that it filled in */
	struct str error;     /* of the last try; empty = it went well */
};
struct details {
	VEC(struct detail) list;
};
/* Calls of the source with a hit that staff did not reject, whose last deadline did not
 * pass before yesterday, and whose detail was never asked for or may be tried again;
 * oldest first, at most `max`. None while the source rests. */
enum err store_details_due(struct store *s, struct arena *a, struct str source, int64_t now, int64_t max,
	struct details *out, struct error *e) NODISCARD;
/* How a try went. What it filled in stays filled in when the list is read again without it. */
enum err store_detail_save(struct store *s, struct arena *a, const struct detail *d, struct error *e) NODISCARD;
/* Those of one call. */
enum err store_details(struct store *s, struct arena *a, int64_t opportunity, struct details *out, struct error *e)
	NODISCARD;
/* How many of the source's last tries failed, and why the newest of them did. */
enum err store_details_failing(struct store *s, struct arena *a, struct str source, int64_t *n, struct str *why,
	struct error *e) NODISCARD;

/* ---- hits and reviews ------------------------------------------------------- */

struct stored_reason {
	struct str line, label, field, words;
	int64_t start, end;
};

enum hit_state { HIT_OPEN, HIT_REVIEW, HIT_APPROVED, HIT_REJECTED };
const char *hit_state_name(enum hit_state st) RET_NONNULL;

struct stored_hit {
	int64_t id, opportunity, score, at;
	struct str profile, note, rules;
	enum hit_state state;
	bool urgent; /* an `urgent` line hit too */
	bool paused; /* read only: it came while its profile was paused */
	VEC(struct stored_reason) reasons;
};
struct stored_hits {
	VEC(struct stored_hit) list;
};

/* Stores or refreshes a hit. A new one starts in h->state; a known one keeps what
 * staff decided (and goes from HIT_OPEN to HIT_REVIEW or back as h->state says). */
enum err store_hit_save(struct store *s, const struct stored_hit *h, struct error *e) NODISCARD;
/* Drops a hit that the rules no longer make, unless staff decided about it. */
enum err store_hit_drop(struct store *s, int64_t opportunity, struct str profile, struct error *e) NODISCARD;

/* Profiles with a hit of this call that is not decided about. */
enum err store_call_profiles(struct store *s, struct arena *a, int64_t opportunity, struct strv *out, struct error *e)
	NODISCARD;
/* All hits of a profile, by opportunity. */
enum err store_hits(struct store *s, struct arena *a, struct str profile, struct stored_hits *out, struct error *e)
	NODISCARD;
/* Hits of a profile that this recipient was not yet told of (no mail item), but for
 * those that staff rejected, those that the profile got before this recipient was its
 * contact, and those whose last deadline passed a month ago. */
enum err store_untold_hits(struct store *s, struct arena *a, struct str profile, struct str recipient, int64_t now,
	struct stored_hits *out, struct error *e) NODISCARD;
/* Profiles that have hits without a decision; and drops those of one that is gone. */
enum err store_hit_profiles(struct store *s, struct arena *a, struct strv *out, struct error *e) NODISCARD;
enum err store_hits_drop(struct store *s, struct str profile, struct error *e) NODISCARD;
/* ERR_INPUT when the call does not suit the profile by the stored rules. */
enum err store_hit(struct store *s, struct arena *a, int64_t opportunity, struct str profile, struct stored_hit *out,
	struct error *e) NODISCARD;
/* Hits in HIT_REVIEW of all profiles, oldest first. */
enum err store_reviews(struct store *s, struct arena *a, struct stored_hits *out, struct error *e) NODISCARD;

struct review {
	int64_t opportunity;
	struct str profile;
	enum { REVIEW_APPROVE, REVIEW_REJECT, REVIEW_EDIT } verdict; /* edit: changes the note only */
	struct str who, why, note;
	int64_t at;
};
/* ERR_INPUT when there is no such hit, or it was already sent. A mail with the call
 * that waits in the outbox is taken back and made anew. */
enum err store_review(struct store *s, const struct review *r, struct error *e) NODISCARD;
/* The newest decision about a hit: false when there was none. */
enum err store_decision(struct store *s, struct arena *a, int64_t opportunity, struct str profile, bool *found,
	struct review *out, struct error *e) NODISCARD;

/* ---- rules in force ---------------------------------------------------------- */

/* Keeps the rule text under its hash and says that it is in force from `at` on,
 * unless it already was the latest. */
enum err store_rules_force(struct store *s, struct str hash, struct str text, int64_t at, struct error *e) NODISCARD;
/* Hash of the rules that are in force now; empty when there never were any. */
enum err store_rules_now(struct store *s, struct arena *a, struct str *out, struct error *e) NODISCARD;

struct rules_in_force {
	int64_t from;
	struct str hash, text; /* hash empty = none were */
};
struct rules_history {
	VEC(struct rules_in_force) list; /* without their texts */
};
/* What was in force at that moment. */
enum err store_rules_at(struct store *s, struct arena *a, int64_t at, struct rules_in_force *out, struct error *e)
	NODISCARD;
/* All of them, oldest first. */
enum err store_rules_all(struct store *s, struct arena *a, struct rules_history *out, struct error *e) NODISCARD;

/* A profile's new name: hits, decisions, schedule, mail items, forwards and events
 * follow, so that nothing is sent again. Where both names have the same call,
 * what staff decided stays. */
enum err store_profile_rename(struct store *s, struct str from, struct str to, struct error *e) NODISCARD;

/* Profiles that were ever looked after, with each address they had. */
struct known_profile {
	struct str profile, recipient;
};
struct known_profiles {
	VEC(struct known_profile) list;
};
enum err store_known_profiles(struct store *s, struct arena *a, struct known_profiles *out, struct error *e)
	NODISCARD;

/* ---- digests and outbox ------------------------------------------------------ */

/* The latest slot that this profile's recipient was served for, and the schedule that it
 * belongs to, in words of the caller; empty when it was served before version 2. */
struct served {
	int64_t slot; /* INT64_MIN: never */
	struct str schedule;
};
enum err store_served(struct store *s, struct arena *a, struct str profile, struct str recipient, struct served *out,
	struct error *e) NODISCARD;
enum err store_set_served(struct store *s, struct str profile, struct str recipient, const struct served *served,
	int64_t now, struct error *e) NODISCARD;

struct mail_item { /* one call in one mail for one profile */
	int64_t opportunity;
	struct str profile, organisation;
	enum org_kind org_kind;
	bool test;
};
struct mail_change { /* one recorded change, told */
	int64_t opportunity, change;
};
struct mail_reminder {
	int64_t opportunity, step;
	struct date date; /* of the deadline */
};
enum mail_kind { MAIL_DIGEST, MAIL_URGENT, MAIL_STAFF };
struct mail {
	int64_t id;
	enum mail_kind kind; /* for store_mail_add(), like the three lists */
	struct str recipient, message_id, sender, subject, bytes, state, reply;
	struct str rules; /* hash of those in force; for store_mail_add() */
	int64_t slot, next_try, attempts, created;
	VEC(struct mail_item) items;
	VEC(struct mail_change) changes;
	VEC(struct mail_reminder) reminders;
};
struct mails {
	VEC(struct mail) list;
};

/* Whether this recipient already has a mail of this kind for this slot. */
enum err store_slot_taken(struct store *s, struct str recipient, enum mail_kind kind, int64_t slot, bool *out,
	struct error *e) NODISCARD;

/* T1: the frozen mail with what it holds, queued. ERR_INPUT when the schema
 * refuses it (same slot, same Message-ID, or a call told twice). */
enum err store_mail_add(struct store *s, const struct mail *m, int64_t *id, struct error *e) NODISCARD;
/* Queued mails of which nothing can have left, oldest first, without bytes. */
enum err store_mail_waiting(struct store *s, struct arena *a, struct mails *out, struct error *e) NODISCARD;
/* Takes back a mail of which nothing can have left (queued, failed or held): what it
 * held is untold again; with `due_again` its slots are due again. *recalled is false
 * when it may have left. */
enum err store_mail_recall(struct store *s, int64_t id, bool due_again, int64_t now, bool *recalled, struct error *e)
	NODISCARD;
/* A held or failed mail is queued again; ERR_INPUT when it is neither. */
enum err store_mail_release(struct store *s, int64_t id, int64_t now, struct error *e) NODISCARD;

/* At start: mails in 'sending' whose process is gone become 'unknown', and then
 * (resend) queued once more, or 'held'. *n = how many were found. */
enum err store_mail_recover(struct store *s, bool resend, int64_t now, int64_t *n, struct error *e) NODISCARD;
/* Ids of queued mails that may be tried at `now`, oldest first. */
enum err store_mail_ready(struct store *s, struct arena *a, int64_t now, struct mails *out, struct error *e) NODISCARD;
/* T2: this process takes the mail: 'sending', one attempt more. False when it is
 * no longer queued. `out` with bytes. */
enum err store_mail_claim(struct store *s, struct arena *a, int64_t id, bool *claimed, struct mail *out, struct error *e)
	NODISCARD;
enum mail_end { MAIL_END_ACCEPTED, MAIL_END_DEFERRED, MAIL_END_FAILED, MAIL_END_UNKNOWN, MAIL_END_UNTRIED };
/* T3: how it ended. Accepted makes the forwards. next_try counts for DEFERRED and
 * UNKNOWN (which is queued again once, then held, when resend; else held). */
enum err store_mail_end(struct store *s, int64_t id, enum mail_end end, struct str reply, int64_t next_try, bool resend,
	int64_t now, struct error *e) NODISCARD;

/* All mails not yet accepted or superseded (and the newest `accepted` accepted
 * ones), without bytes, oldest first. */
enum err store_outbox(struct store *s, struct arena *a, int64_t accepted, struct mails *out, struct error *e) NODISCARD;
/* The mail that told a recipient of a call: state "" when none. Without bytes. */
enum err store_told(struct store *s, struct arena *a, int64_t opportunity, struct str recipient, struct mail *out,
	struct error *e) NODISCARD;
/* Calls queued in mails that no relay accepted: one row per call and profile. */
struct unsent {
	int64_t opportunity;
	struct str profile, recipient, state, reply;
	int64_t next_try;
};
struct unsents {
	VEC(struct unsent) list;
};
enum err store_unsent(struct store *s, struct arena *a, struct unsents *out, struct error *e) NODISCARD;

/* Calls that this address got by another profile are forwarded to this one too, where
 * it suits and staff do not hold it. Of `who` the opportunity is ignored. */
enum err store_forward_known(struct store *s, const struct mail_item *who, struct str recipient, int64_t now,
	struct error *e) NODISCARD;

enum err store_suppressed(struct store *s, struct str address, bool *out, struct error *e) NODISCARD;
enum err store_suppress(struct store *s, struct str address, struct str why, int64_t now, struct error *e) NODISCARD;

/* ---- what a recipient knows -------------------------------------------------------- */

struct untold_change {
	int64_t change, opportunity, at;
	struct str field, before, after;
	struct str profile; /* for which the recipient was told of the call; of several the first */
};
struct untold_changes {
	VEC(struct untold_change) list;
};
/* Changes of calls that a relay took for this recipient, recorded since it was told of
 * them; by call, oldest first. */
enum err store_untold_changes(struct store *s, struct arena *a, struct str recipient, struct untold_changes *out,
	struct error *e) NODISCARD;

struct told_deadline {
	int64_t opportunity, position, told; /* told: when the mail was made */
	int64_t reminded;                    /* smallest step reminded of; -1 = none */
	struct str profile;                  /* as in untold_change */
};
struct told_deadlines {
	VEC(struct told_deadline) list;
};
/* Deadlines from `from` to `to` of calls that a relay took for this recipient and that
 * none of its profiles answered for good (not relevant, applied, won, lost). */
enum err store_told_deadlines(struct store *s, struct arena *a, struct str recipient, struct date from, struct date to,
	struct told_deadlines *out, struct error *e) NODISCARD;

/* Urgent mails made for this recipient since `from`. */
enum err store_urgent_count(struct store *s, struct str recipient, int64_t from, int64_t *out, struct error *e) NODISCARD;

struct pause {
	struct str profile;
	int64_t until;
};
struct pauses {
	VEC(struct pause) list;
};
/* Pauses that are on at `now`. */
enum err store_pauses(struct store *s, struct arena *a, int64_t now, struct pauses *out, struct error *e) NODISCARD;
/* Ends what pause the profile has, and begins one when `until` is later than `now`. */
enum err store_pause(struct store *s, struct str profile, int64_t now, int64_t until, struct error *e) NODISCARD;

/* ---- ledger ------------------------------------------------------------------ */

struct ledger_event {
	int64_t id, opportunity, at, eur;
	struct str profile, state, who, note, project;
};
/* ERR_INPUT when the call was never forwarded to the profile. *id is its number. */
enum err store_event_add(struct store *s, const struct ledger_event *ev, int64_t *id, struct error *e) NODISCARD;
/* What was forwarded by hand before: counts, and is never sent again. `imported` says
 * who says so. *added is false when the profile had the call already. */
struct past_forward {
	int64_t opportunity, at;
	struct str profile, organisation, recipient, imported;
	enum org_kind org_kind;
	bool test;
};
enum err store_past_forward(struct store *s, const struct past_forward *f, bool *added, struct error *e) NODISCARD;
/* Whether one was stored for f's profile or recipient; sets f->at and f->imported. */
enum err store_past_forward_of(struct store *s, struct arena *a, struct past_forward *f, bool *found, struct error *e)
	NODISCARD;
/* An answer to one; the same twice is one. */
enum err store_past_event(struct store *s, const struct ledger_event *ev, bool *added, struct error *e) NODISCARD;
/* ERR_INPUT when there is no such event or it was retracted before. */
enum err store_event_retract(struct store *s, int64_t event, struct str who, struct str why, int64_t now, struct error *e)
	NODISCARD;

/* When the call was forwarded to the profile; 0 = not. */
enum err store_forwarded_at(struct store *s, int64_t opportunity, struct str profile, int64_t *out, struct error *e)
	NODISCARD;

/* The figures of [from, to) in instants. */
enum err store_kpi(struct store *s, int64_t from, int64_t to, struct kpi *out, struct error *e) NODISCARD;

/* The rows behind the figures, oldest first. */
struct evidence {
	const char *what; /* "forward" or an event's state */
	struct str opportunity, title, organisation, org_kind, profile, state;
	struct str from; /* "mail", who recorded it, or "imported by .." */
	int64_t at, event; /* event: its number, 0 for a forward */
};
struct evidence_list {
	VEC(struct evidence) list;
};
enum err store_evidence(struct store *s, struct arena *a, int64_t from, int64_t to, struct evidence_list *out,
	struct error *e) NODISCARD;

/* ---- views --------------------------------------------------------------------- */

/* Calls that a profile was sent, or that suit it and were not rejected. */
struct reached {
	int64_t opportunity;
	struct str profile;
};
struct reached_list { /* by opportunity */
	VEC(struct reached) list;
};
enum err store_reached(struct store *s, struct arena *a, struct reached_list *out, struct error *e) NODISCARD;

/* When each profile was last sent a call; those never sent one are not in it. */
struct last_forward {
	struct str profile;
	int64_t at;
};
struct last_forwards {
	VEC(struct last_forward) list;
};
enum err store_last_forwards(struct store *s, struct arena *a, struct last_forwards *out, struct error *e) NODISCARD;

/* Words of rules behind calls that members called not relevant, most first. */
struct disliked_term {
	struct str profile, line, words; /* words in lower case, as found */
	int64_t answers, sent;		 /* calls answered so, of calls sent for these words */
};
struct disliked_terms {
	VEC(struct disliked_term) list;
};
enum err store_disliked_terms(struct store *s, struct arena *a, struct disliked_terms *out, struct error *e) NODISCARD;

/* Counters for the summary lines of `run` and `status`. */
struct totals {
	int64_t opportunities, hits, in_review, queued, accepted, held;
};
enum err store_totals(struct store *s, struct totals *out, struct error *e) NODISCARD;

#endif
