/* SPDX-License-Identifier: MIT
 *
 * Which rules were in force when, and profiles that change their name.
 */
#include "store/db.h"

enum err store_rules_now(struct store *s, struct arena *a, struct str *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_RULES_NOW);
	return db_one_text(s, st, a, out, e);
}

enum err store_rules_force(struct store *s, struct str hash, struct str text, int64_t at, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new((size_t)1 << 16);
	struct str now;
	enum err rc = store_rules_now(s, a, &now, e);
	if (rc != ERR_OK || str_eq(now, hash))
		return rc;
	sqlite3_stmt *st = db_stmt(s, SQL_RULESET_ADD);
	db_text(st, ":hash", hash);
	db_text(st, ":text", text);
	rc = db_run(s, st, e);
	if (rc != ERR_OK)
		return rc;
	st = db_stmt(s, SQL_IN_FORCE_ADD);
	db_int(st, ":at", at);
	db_text(st, ":hash", hash);
	return db_run(s, st, e);
}

enum err store_rules_at(
	struct store *s, struct arena *a, int64_t at, struct rules_in_force *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_RULES_AT);
	db_int(st, ":at", at);
	bool row;
	*out = (struct rules_in_force){0};
	enum err rc = db_row(s, st, &row, e);
	if (rc != ERR_OK || !row)
		return rc;
	*out = (struct rules_in_force){
		.from = db_get_int(st, 0), .hash = db_get_text(st, a, 1), .text = db_get_text(st, a, 2)};
	(void)sqlite3_reset(st);
	return ERR_OK;
}

enum err store_rules_all(struct store *s, struct arena *a, struct rules_history *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_RULES_ALL);
	bool row;
	enum err rc;
	*out = (struct rules_history){0};
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &out->list) =
			(struct rules_in_force){.from = db_get_int(st, 0), .hash = db_get_text(st, a, 1)};
	return rc;
}

enum err store_profile_rename(struct store *s, struct str from, struct str to, struct error *e)
{
	static const enum sql steps[] = {SQL_RENAME_HITS_CLEAR, SQL_RENAME_HITS, SQL_RENAME_HITS_END,
		SQL_RENAME_DECISIONS, SQL_RENAME_SERVED, SQL_RENAME_SERVED_END, SQL_RENAME_MAIL_ITEMS,
		SQL_RENAME_FORWARDS, SQL_RENAME_PAUSES, SQL_RENAME_EVENTS};
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < COUNT(steps); i++) {
		sqlite3_stmt *st = db_stmt(s, steps[i]);
		db_text(st, ":from", from);
		db_text(st, ":to", to);
		rc = db_run(s, st, e);
	}
	return rc;
}

enum err store_known_profiles(struct store *s, struct arena *a, struct known_profiles *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_KNOWN_PROFILES);
	bool row;
	enum err rc;
	*out = (struct known_profiles){0};
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &out->list) = (struct known_profile){
			.profile = db_get_text(st, a, 0), .recipient = db_get_text(st, a, 1)};
	return rc;
}
