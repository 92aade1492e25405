/* SPDX-License-Identifier: MIT
 *
 * The outbox and its three transactions (design.md section 8, promise 3):
 * T1 store_mail_add(), T2 store_mail_claim(), T3 store_mail_end().
 */
#include "store/db.h"

#include <unistd.h>

#include "base/file.h"

#define OWNER_MAX  64	/* bytes of "pid:start time" */
#define DATE_BYTES 64	/* for one ISO date */
#define STAT_BYTES 4096 /* of /proc/PID/stat */

/* A process by number and start time, so that a reused number is not mistaken. */
static bool process_name(long pid, char out[static OWNER_MAX])
{
	char path[64];
	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	struct arena *a CLEANUP(arena_freep) = arena_new(STAT_BYTES * 2);
	struct str stat, word = {0};
	if (file_read(a, path, STAT_BYTES, &stat, NULL) != ERR_OK)
		return false;
	/* The second field is a name in brackets that may hold anything; field 22 is
	 * the start time (proc(5)), so the 20th word behind the last bracket. */
	size_t at = stat.n;
	while (at > 0 && stat.p[at - 1] != ')')
		at--;
	struct str rest = str_sub(stat, at, stat.n);
	for (int i = 0; i < 20; i++)
		word = str_word(rest, &rest);
	(void)snprintf(out, OWNER_MAX, "%ld:%.*s", pid, STRF(word));
	return word.n > 0;
}

/* One process sends one mail at a time: what it finds under its own name is left over. */
static bool process_lives(struct str owner)
{
	struct str rest;
	int64_t pid;
	char now[OWNER_MAX];
	if (process_name((long)getpid(), now) && str_eq(str_of(now), owner))
		return false;
	return str_to_i64(str_cut(owner, ':', &rest), 1, INT32_MAX, &pid) && process_name((long)pid, now) &&
	       str_eq(str_of(now), owner);
}

/* ---- schedules -------------------------------------------------------------- */

enum err store_served(struct store *s, struct arena *a, struct str profile, struct str recipient,
	struct served *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SERVED_GET);
	bool row;
	db_text(st, ":profile", profile);
	db_text(st, ":recipient", recipient);
	enum err rc = db_row(s, st, &row, e);
	if (rc != ERR_OK)
		return rc;
	*out = (struct served){.slot = INT64_MIN};
	if (row)
		*out = (struct served){.slot = db_get_int(st, 0), .schedule = db_get_text(st, a, 1)};
	(void)sqlite3_reset(st);
	return ERR_OK;
}

enum err store_set_served(struct store *s, struct str profile, struct str recipient,
	const struct served *served, int64_t now, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SERVED_SET);
	db_text(st, ":profile", profile);
	db_text(st, ":recipient", recipient);
	db_int(st, ":slot", served->slot);
	db_text(st, ":schedule", served->schedule);
	db_int(st, ":now", now);
	return db_run(s, st, e);
}

static const char *const kinds[] = {
	[MAIL_DIGEST] = "digest",
	[MAIL_URGENT] = "urgent",
	[MAIL_STAFF] = "staff",
};

enum err store_slot_taken(
	struct store *s, struct str recipient, enum mail_kind kind, int64_t slot, bool *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SLOT_TAKEN);
	db_text(st, ":recipient", recipient);
	db_text(st, ":kind", str_of(kinds[kind]));
	db_int(st, ":slot", slot);
	int64_t n;
	enum err rc = db_one(s, st, 0, &n, e);
	*out = rc == ERR_OK && n > 0;
	return rc;
}

/* ---- T1 ----------------------------------------------------------------------- */

static bool told_before(const struct mail *m, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (m->items.v[k].opportunity == m->items.v[i].opportunity)
			return true;
	return false;
}

static enum err add_item(struct store *s, const struct mail *m, int64_t id, size_t i, struct error *e)
{
	const struct mail_item *it = &m->items.v[i];
	enum err rc = ERR_OK;
	sqlite3_stmt *st;
	if (!told_before(m, i)) {
		st = db_stmt(s, SQL_MAIL_ITEM_ADD);
		db_text(st, ":recipient", m->recipient);
		db_int(st, ":opportunity", it->opportunity);
		db_int(st, ":outbox", id);
		rc = db_run(s, st, e);
	}
	if (rc != ERR_OK)
		return rc;
	st = db_stmt(s, SQL_MAIL_ITEM_PROFILE_ADD);
	db_int(st, ":outbox", id);
	db_int(st, ":opportunity", it->opportunity);
	db_text(st, ":profile", it->profile);
	db_text(st, ":organisation", it->organisation);
	db_text(st, ":org_kind", str_of(org_kind_name(it->org_kind)));
	db_int(st, ":test", it->test ? 1 : 0);
	return db_run(s, st, e);
}

static enum err add_change(
	struct store *s, const struct mail *m, int64_t id, const struct mail_change *c, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_CHANGE_ADD);
	db_text(st, ":recipient", m->recipient);
	db_int(st, ":opportunity", c->opportunity);
	db_int(st, ":change", c->change);
	db_int(st, ":outbox", id);
	return db_run(s, st, e);
}

static enum err add_reminder(
	struct store *s, const struct mail *m, int64_t id, const struct mail_reminder *r, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(DATE_BYTES);
	sqlite3_stmt *st = db_stmt(s, SQL_REMINDER_ADD);
	db_text(st, ":recipient", m->recipient);
	db_int(st, ":opportunity", r->opportunity);
	db_text(st, ":date", date_iso(a, r->date));
	db_int(st, ":step", r->step);
	db_int(st, ":outbox", id);
	return db_run(s, st, e);
}

enum err store_mail_add(struct store *s, const struct mail *m, int64_t *id, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_ADD);
	db_text(st, ":kind", str_of(kinds[m->kind]));
	db_text(st, ":recipient", m->recipient);
	db_int(st, ":slot", m->slot);
	db_text(st, ":message_id", m->message_id);
	db_text(st, ":sender", m->sender);
	db_text(st, ":subject", m->subject);
	db_blob(st, ":bytes", m->bytes);
	db_int(st, ":now", m->created);
	db_text(st, ":rules", m->rules);
	enum err rc = db_one(s, st, 0, id, e);
	for (size_t i = 0; rc == ERR_OK && i < m->items.n; i++)
		rc = add_item(s, m, *id, i, e);
	for (size_t i = 0; rc == ERR_OK && i < m->changes.n; i++)
		rc = add_change(s, m, *id, &m->changes.v[i], e);
	for (size_t i = 0; rc == ERR_OK && i < m->reminders.n; i++)
		rc = add_reminder(s, m, *id, &m->reminders.v[i], e);
	return rc;
}

static enum err run_for(struct store *s, enum sql which, int64_t id, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, which);
	db_int(st, ":id", id);
	return db_run(s, st, e);
}

enum err store_mail_recall(
	struct store *s, int64_t id, bool due_again, int64_t now, bool *recalled, struct error *e)
{
	static const enum sql steps[] = {
		SQL_MAIL_RECALL_ITEMS, SQL_MAIL_RECALL_PROFILES, SQL_MAIL_RECALL_REMINDERS};
	int64_t n = 0;
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_RECALLABLE);
	db_int(st, ":id", id);
	enum err rc = db_one(s, st, 0, &n, e);
	*recalled = n > 0;
	if (rc != ERR_OK || n == 0)
		return rc;
	if (due_again)
		rc = run_for(s, SQL_MAIL_RECALL_SERVED, id, e);
	for (size_t i = 0; rc == ERR_OK && i < COUNT(steps); i++)
		rc = run_for(s, steps[i], id, e);
	if (rc != ERR_OK)
		return rc;
	st = db_stmt(s, SQL_MAIL_RECALL);
	db_int(st, ":id", id);
	db_int(st, ":now", now);
	return db_run(s, st, e);
}

enum err store_mail_release(struct store *s, int64_t id, int64_t now, struct error *e)
{
	int64_t got;
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_RELEASE);
	db_int(st, ":id", id);
	db_int(st, ":now", now);
	enum err rc = db_one(s, st, 0, &got, e);
	if (rc == ERR_OK && got == 0)
		rc = err_set(e, ERR_INPUT, "mail %lld is neither held nor failed", (long long)id);
	return rc;
}

/* ---- reading ------------------------------------------------------------------ */

/* OUTBOX_COLUMNS of sql.c. */
static struct mail read_mail(sqlite3_stmt *st, struct arena *a)
{
	return (struct mail){
		.id = db_get_int(st, 0),
		.recipient = db_get_text(st, a, 1),
		.message_id = db_get_text(st, a, 2),
		.sender = db_get_text(st, a, 3),
		.subject = db_get_text(st, a, 4),
		.state = db_get_text(st, a, 5),
		.reply = db_get_text(st, a, 6),
		.slot = db_get_int(st, 7),
		.next_try = db_get_int(st, 8),
		.attempts = db_get_int(st, 9),
		.created = db_get_int(st, 10),
	};
}

static enum err read_mails(
	struct store *s, struct arena *a, sqlite3_stmt *st, struct mails *out, struct error *e)
{
	struct mails mails = {0};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &mails.list) = read_mail(st, a);
	if (rc == ERR_OK)
		*out = mails;
	return rc;
}

enum err store_mail_ready(struct store *s, struct arena *a, int64_t now, struct mails *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_READY);
	db_int(st, ":now", now);
	return read_mails(s, a, st, out, e);
}

enum err store_outbox(struct store *s, struct arena *a, int64_t accepted, struct mails *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_OUTBOX);
	db_int(st, ":accepted", accepted);
	return read_mails(s, a, st, out, e);
}

enum err store_mail_waiting(struct store *s, struct arena *a, struct mails *out, struct error *e)
{
	return read_mails(s, a, db_stmt(s, SQL_MAIL_WAITING), out, e);
}

enum err store_told(struct store *s, struct arena *a, int64_t opportunity, struct str recipient,
	struct mail *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_TOLD);
	db_int(st, ":opportunity", opportunity);
	db_text(st, ":recipient", recipient);
	struct mails mails;
	enum err rc = read_mails(s, a, st, &mails, e);
	if (rc == ERR_OK)
		*out = mails.list.n > 0 ? mails.list.v[0] : (struct mail){0};
	return rc;
}

enum err store_unsent(struct store *s, struct arena *a, struct unsents *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_UNSENT);
	struct unsents list = {0};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) = (struct unsent){
			.opportunity = db_get_int(st, 0),
			.profile = db_get_text(st, a, 1),
			.recipient = db_get_text(st, a, 2),
			.state = db_get_text(st, a, 3),
			.reply = db_get_text(st, a, 4),
			.next_try = db_get_int(st, 5),
		};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

/* ---- T2 and T3 ----------------------------------------------------------------- */

enum err store_mail_claim(
	struct store *s, struct arena *a, int64_t id, bool *claimed, struct mail *out, struct error *e)
{
	char owner[OWNER_MAX];
	if (!process_name((long)getpid(), owner))
		return err_set(e, ERR_INTERNAL, "/proc is needed to tell one process from another");
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_CLAIM);
	db_int(st, ":id", id);
	db_text(st, ":owner", str_of(owner));
	int64_t got;
	enum err rc = db_one(s, st, 0, &got, e);
	*claimed = rc == ERR_OK && got == id;
	if (rc != ERR_OK || !*claimed)
		return rc;
	st = db_stmt(s, SQL_MAIL_GET);
	db_int(st, ":id", id);
	bool row;
	rc = db_row(s, st, &row, e);
	if (rc == ERR_OK && row) {
		*out = read_mail(st, a);
		out->bytes = db_get_text(st, a, 11);
	}
	(void)sqlite3_reset(st);
	return rc;
}

static enum err end_row(struct store *s, int64_t id, const char *state, struct str reply, int64_t next_try,
	bool untried, int64_t now, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_END);
	db_int(st, ":id", id);
	db_text(st, ":state", str_of(state));
	db_text(st, ":reply", reply);
	db_int(st, ":next_try", next_try);
	db_int(st, ":untried", untried ? 1 : 0);
	db_int(st, ":now", now);
	return db_run(s, st, e);
}

/* An unknown mail is queued once more, identical, or held for staff. */
static enum err resend_once(struct store *s, int64_t id, bool resend, int64_t next_try, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_RESENT);
	db_int(st, ":id", id);
	db_int(st, ":resend", resend ? 1 : 0);
	db_int(st, ":next_try", next_try);
	return db_run(s, st, e);
}

enum err store_mail_end(struct store *s, int64_t id, enum mail_end end, struct str reply, int64_t next_try,
	bool resend, int64_t now, struct error *e)
{
	static const char *const states[] = {
		[MAIL_END_ACCEPTED] = "accepted",
		[MAIL_END_DEFERRED] = "queued",
		[MAIL_END_FAILED] = "failed",
		[MAIL_END_UNKNOWN] = "unknown",
		[MAIL_END_UNTRIED] = "queued",
	};
	enum err rc = end_row(s, id, states[end], reply, next_try, end == MAIL_END_UNTRIED, now, e);
	if (rc == ERR_OK && end == MAIL_END_UNKNOWN)
		rc = resend_once(s, id, resend, next_try, e);
	if (rc != ERR_OK || end != MAIL_END_ACCEPTED)
		return rc;
	sqlite3_stmt *st = db_stmt(s, SQL_FORWARDS_ADD);
	db_int(st, ":id", id);
	db_int(st, ":now", now);
	return db_run(s, st, e);
}

enum err store_mail_recover(struct store *s, bool resend, int64_t now, int64_t *n, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new((size_t)1 << 20);
	struct ids dead = {0};
	sqlite3_stmt *st = db_stmt(s, SQL_MAIL_SENDING);
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		if (!process_lives(db_get_text(st, a, 1)))
			*vec_push(a, &dead.list) = db_get_int(st, 0);
	for (size_t i = 0; rc == ERR_OK && i < dead.list.n; i++) {
		st = db_stmt(s, SQL_MAIL_UNKNOWN);
		db_int(st, ":id", dead.list.v[i]);
		rc = db_run(s, st, e);
		if (rc == ERR_OK)
			rc = resend_once(s, dead.list.v[i], resend, now, e);
	}
	*n = (int64_t)dead.list.n;
	return rc;
}

enum err store_forward_known(
	struct store *s, const struct mail_item *who, struct str recipient, int64_t now, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_FORWARDS_KNOWN);
	db_text(st, ":profile", who->profile);
	db_text(st, ":organisation", who->organisation);
	db_text(st, ":org_kind", str_of(org_kind_name(who->org_kind)));
	db_int(st, ":test", who->test ? 1 : 0);
	db_text(st, ":recipient", recipient);
	db_int(st, ":now", now);
	return db_run(s, st, e);
}

enum err store_suppressed(struct store *s, struct str address, bool *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SUPPRESSED);
	db_text(st, ":address", address);
	int64_t n;
	enum err rc = db_one(s, st, 0, &n, e);
	*out = rc == ERR_OK && n > 0;
	return rc;
}

enum err store_suppress(struct store *s, struct str address, struct str why, int64_t now, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SUPPRESS);
	db_text(st, ":address", address);
	db_text(st, ":why", why);
	db_int(st, ":at", now);
	return db_run(s, st, e);
}
