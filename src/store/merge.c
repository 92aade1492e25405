/* SPDX-License-Identifier: MIT
 *
 * Calls that turn out to be one: proposals, merging, undoing, and what staff decided.
 * Nothing is deleted: rows of the call that goes are moved to the one that is kept and
 * remember where they came from; what both have of the same kind stays with the call
 * that goes, which nobody is told of any more.
 */
#include "store/db.h"

#define GROUP_MAX 20 /* calls of one title and deadline that are proposed pairwise */

/* ---- two ids, one statement ------------------------------------------------------ */

static enum err standing_of(struct store *s, int64_t id, int64_t *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MERGED_INTO);
	db_int(st, ":id", id);
	return db_one(s, st, id, out, e);
}

static enum err add_verdict(struct store *s, int64_t kept, int64_t gone, const char *verdict, struct str who,
	int64_t now, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MERGE_ADD);
	db_int(st, ":kept", kept);
	db_int(st, ":gone", gone);
	db_text(st, ":verdict", str_of(verdict));
	db_text(st, ":who", who);
	db_int(st, ":now", now);
	return db_run(s, st, e);
}

/* ---- merging --------------------------------------------------------------------- */

/* Whose words stand: taking turns later would make false changes. */
static bool words_stand(const struct opportunity *x, const struct opportunity *y)
{
	const bool ranks[][2] = {
		{!str_eq(x->source, STR(IMPORT_SOURCE)), !str_eq(y->source, STR(IMPORT_SOURCE))},
		{str_starts(x->key, STR("call:")), str_starts(y->key, STR("call:"))},
		{x->deadlines.n > 0, y->deadlines.n > 0},
	};
	for (size_t i = 0; i < COUNT(ranks); i++)
		if (ranks[i][0] != ranks[i][1])
			return ranks[i][0];
	return x->id < y->id;
}

/* A mail that waits would tell of the call under its old name. */
static enum err take_back_mails(struct store *s, struct arena *a, int64_t gone, int64_t now, struct error *e)
{
	struct ids mails = {0};
	sqlite3_stmt *st = db_stmt(s, SQL_MERGE_MAILS);
	bool row, recalled;
	enum err rc;
	db_int(st, ":opportunity", gone);
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &mails.list) = db_get_int(st, 0);
	for (size_t i = 0; rc == ERR_OK && i < mails.list.n; i++)
		rc = store_mail_recall(s, mails.list.v[i], true, now, &recalled, e);
	return rc;
}

static enum err move_rows(struct store *s, int64_t from, int64_t to, struct error *e)
{
	/* What goes with something else comes behind it. */
	static const enum sql steps[] = {SQL_MERGE_IDENTITY, SQL_MERGE_SIGHTING, SQL_MERGE_HIT,
		SQL_MERGE_DECISION, SQL_MERGE_MAIL_ITEM, SQL_MERGE_MAIL_PROFILE, SQL_MERGE_REMINDER,
		SQL_MERGE_FORWARD, SQL_MERGE_EVENT, SQL_MERGE_POINT};
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < COUNT(steps); i++) {
		sqlite3_stmt *st = db_stmt(s, steps[i]);
		db_int(st, ":from", from);
		db_int(st, ":to", to);
		rc = db_run(s, st, e);
	}
	return rc;
}

enum err store_merge(struct store *s, struct arena *a, int64_t one, int64_t two, struct str who, int64_t now,
	int64_t *kept, struct error *e)
{
	struct opportunity x, y;
	enum err rc = standing_of(s, one, &one, e);
	if (rc == ERR_OK)
		rc = standing_of(s, two, &two, e);
	if (rc == ERR_OK && one == two)
		rc = err_set(e, ERR_INPUT, "they are one call already");
	if (rc == ERR_OK)
		rc = store_opportunity(s, a, one, &x, e);
	if (rc == ERR_OK)
		rc = store_opportunity(s, a, two, &y, e);
	if (rc != ERR_OK)
		return rc;
	bool first = words_stand(&x, &y);
	int64_t gone = first ? two : one;
	*kept = first ? one : two;
	rc = take_back_mails(s, a, gone, now, e);
	if (rc == ERR_OK)
		rc = add_verdict(s, *kept, gone, "merged", who, now, e);
	return rc == ERR_OK ? move_rows(s, gone, *kept, e) : rc;
}

/* ---- undoing --------------------------------------------------------------------- */

struct merge_row {
	int64_t id, gone, kept; /* kept: where its rows are now */
	struct str key, source; /* of the one it was merged into, as they were */
};

static enum err find_merge(
	struct store *s, struct arena *a, int64_t one, int64_t two, struct merge_row *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MERGE_FIND);
	bool row;
	db_int(st, ":one", one);
	db_int(st, ":two", two);
	enum err rc = db_row(s, st, &row, e);
	if (rc != ERR_OK)
		return rc;
	if (!row)
		return err_set(e, ERR_INPUT, "these two calls are not merged");
	*out = (struct merge_row){.id = db_get_int(st, 0),
		.gone = db_get_int(st, 1),
		.key = db_get_text(st, a, 2),
		.source = db_get_text(st, a, 3),
		.kept = db_get_int(st, 4)};
	(void)sqlite3_reset(st);
	return ERR_OK;
}

static enum err move_back(struct store *s, const struct merge_row *m, struct error *e)
{
	static const enum sql steps[] = {SQL_UNMERGE_IDENTITY, SQL_UNMERGE_SIGHTING, SQL_UNMERGE_HIT,
		SQL_UNMERGE_DECISION, SQL_UNMERGE_MAIL_ITEM, SQL_UNMERGE_MAIL_PROFILE, SQL_UNMERGE_REMINDER,
		SQL_UNMERGE_NEW_EVENTS, SQL_UNMERGE_EVENT, SQL_UNMERGE_FORWARD, SQL_UNMERGE_POINT};
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < COUNT(steps); i++) {
		sqlite3_stmt *st = db_stmt(s, steps[i]);
		db_int(st, ":gone", m->gone);
		if (steps[i] == SQL_UNMERGE_NEW_EVENTS)
			db_int(st, ":kept", m->kept);
		rc = db_run(s, st, e);
	}
	return rc;
}

enum err store_merge_undo(struct store *s, struct arena *a, int64_t one, int64_t two, struct str who,
	int64_t now, int64_t *gone, struct error *e)
{
	struct merge_row m = {0};
	enum err rc = find_merge(s, a, one, two, &m, e);
	if (rc != ERR_OK)
		return rc;
	*gone = m.gone;
	rc = move_back(s, &m, e);
	if (rc != ERR_OK)
		return rc;
	sqlite3_stmt *st = db_stmt(s, SQL_MERGE_VOICE);
	db_int(st, ":id", m.kept);
	db_text(st, ":key", m.key);
	db_text(st, ":source", m.source);
	rc = db_run(s, st, e);
	if (rc != ERR_OK)
		return rc;
	st = db_stmt(s, SQL_MERGE_END);
	db_int(st, ":id", m.id);
	db_int(st, ":now", now);
	db_text(st, ":who", who);
	return db_run(s, st, e);
}

/* ---- deciding and listing ---------------------------------------------------------- */

enum err store_merge_reject(
	struct store *s, int64_t one, int64_t two, struct str who, int64_t now, struct error *e)
{
	enum err rc = standing_of(s, one, &one, e);
	if (rc == ERR_OK)
		rc = standing_of(s, two, &two, e);
	if (rc == ERR_OK && one == two)
		rc = err_set(e, ERR_INPUT, "they are one call now; 'merge --undo' makes them two again");
	return rc == ERR_OK ? add_verdict(s, one, two, "rejected", who, now, e) : rc;
}

enum err store_merges_of(
	struct store *s, struct arena *a, int64_t opportunity, struct merged_calls *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MERGES_OF);
	bool row;
	enum err rc;
	*out = (struct merged_calls){0};
	db_int(st, ":opportunity", opportunity);
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &out->list) = (struct merged_call){
			.short_id = db_get_text(st, a, 0),
			.call = db_get_text(st, a, 1),
			.title = db_get_text(st, a, 2),
			.source = db_get_text(st, a, 3),
			.at = db_get_int(st, 4),
			.who = db_get_text(st, a, 5),
		};
	return rc;
}

/* ---- proposals ------------------------------------------------------------------- */

/* A call by what two have to share: folded title and dates. */
struct alike {
	struct str key;
	int64_t id;
};
struct alikes {
	VEC(struct alike) list;
};

static int by_key(const void *x, const void *y)
{
	const struct alike *a = x, *b = y;
	int c = str_cmp(a->key, b->key);
	return c != 0 ? c : a->id < b->id ? -1 : a->id > b->id;
}

static enum err read_titles(struct store *s, struct arena *a, int64_t now, struct alikes *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_MERGE_TITLES);
	bool row;
	enum err rc;
	db_text(st, ":from", date_iso(a, zone_civil(STR("UTC"), now).date));
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row) {
		int64_t id = db_get_int(st, 0);
		struct str date = db_get_text(st, a, 2);
		bool further = out->list.n > 0 && out->list.v[out->list.n - 1].id == id;
		struct str so_far = further ? out->list.v[out->list.n - 1].key
					    : title_folded(a, db_get_text(st, a, 1));
		struct alike x = {str_of(arena_printf(a, "%.*s\n%.*s", STRF(so_far), STRF(date))), id};
		if (further)
			out->list.v[out->list.n - 1] = x;
		else
			*vec_push(a, &out->list) = x;
	}
	return rc;
}

static enum err propose(struct store *s, struct arena *a, int64_t one, int64_t two,
	struct merge_proposals *out, struct error *e)
{
	int64_t decided;
	sqlite3_stmt *st = db_stmt(s, SQL_MERGE_SEEN);
	db_int(st, ":one", one);
	db_int(st, ":two", two);
	enum err rc = db_one(s, st, 0, &decided, e);
	if (rc == ERR_OK && decided == 0)
		*vec_push(a, &out->list) = (struct merge_proposal){one, two};
	return rc;
}

enum err store_merge_proposals(
	struct store *s, struct arena *a, int64_t now, struct merge_proposals *out, struct error *e)
{
	struct alikes all = {0};
	enum err rc = read_titles(s, a, now, &all, e);
	*out = (struct merge_proposals){0};
	if (all.list.n > 0)
		qsort(all.list.v, all.list.n, sizeof(*all.list.v), by_key);
	for (size_t i = 0; rc == ERR_OK && i < all.list.n; i++)
		for (size_t k = i + 1; rc == ERR_OK && k < all.list.n && k - i < GROUP_MAX; k++) {
			if (!str_eq(all.list.v[i].key, all.list.v[k].key))
				break;
			rc = propose(s, a, all.list.v[i].id, all.list.v[k].id, out, e);
		}
	return rc;
}
