/* SPDX-License-Identifier: MIT
 *
 * What a recipient was told, and what it should hear of it since: changes and
 * deadlines to come; urgent mails of a day; pauses.
 */
#include "store/db.h"

enum err store_untold_changes(
	struct store *s, struct arena *a, struct str recipient, struct untold_changes *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_CHANGES_UNTOLD);
	struct untold_changes list = {0};
	bool row;
	enum err rc;
	db_text(st, ":recipient", recipient);
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) = (struct untold_change){
			.change = db_get_int(st, 0),
			.opportunity = db_get_int(st, 1),
			.field = db_get_text(st, a, 2),
			.before = db_get_text(st, a, 3),
			.after = db_get_text(st, a, 4),
			.at = db_get_int(st, 5),
			.profile = db_get_text(st, a, 6),
		};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

enum err store_told_deadlines(struct store *s, struct arena *a, struct str recipient, struct date from,
	struct date to, struct told_deadlines *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_DEADLINES_TOLD);
	struct told_deadlines list = {0};
	bool row;
	enum err rc;
	db_text(st, ":recipient", recipient);
	db_text(st, ":from", date_iso(a, from));
	db_text(st, ":to", date_iso(a, to));
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) = (struct told_deadline){
			.opportunity = db_get_int(st, 0),
			.position = db_get_int(st, 1),
			.told = db_get_int(st, 2),
			.reminded = db_get_int(st, 3),
			.profile = db_get_text(st, a, 4),
		};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

enum err store_urgent_count(
	struct store *s, struct str recipient, int64_t from, int64_t *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_URGENT_COUNT);
	db_text(st, ":recipient", recipient);
	db_int(st, ":from", from);
	return db_one(s, st, 0, out, e);
}

enum err store_pauses(struct store *s, struct arena *a, int64_t now, struct pauses *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_PAUSES);
	struct pauses list = {0};
	bool row;
	enum err rc;
	db_int(st, ":now", now);
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) =
			(struct pause){.profile = db_get_text(st, a, 0), .until = db_get_int(st, 1)};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

enum err store_pause(struct store *s, struct str profile, int64_t now, int64_t until, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_PAUSE_CLOSE);
	db_text(st, ":profile", profile);
	db_int(st, ":now", now);
	enum err rc = db_run(s, st, e);
	if (rc != ERR_OK || until <= now)
		return rc;
	st = db_stmt(s, SQL_PAUSE_OPEN);
	db_text(st, ":profile", profile);
	db_int(st, ":now", now);
	db_int(st, ":until", until);
	return db_run(s, st, e);
}
