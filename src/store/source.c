/* SPDX-License-Identifier: MIT
 *
 * Health and validators of sources.
 */
#include "store/db.h"

enum err store_source(
	struct store *s, struct arena *a, struct str name, struct source_state *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SOURCE_GET);
	db_text(st, ":name", name);
	bool row;
	enum err rc = db_row(s, st, &row, e);
	if (rc != ERR_OK)
		return rc;
	*out = (struct source_state){.name = name};
	if (!row)
		return ERR_OK;
	out->etag = db_get_text(st, a, 0);
	out->last_modified = db_get_text(st, a, 1);
	out->next_poll = db_get_int(st, 2);
	out->last_try = db_get_int(st, 3);
	out->last_ok = db_get_int(st, 4);
	out->failures = db_get_int(st, 5);
	out->last_error = db_get_text(st, a, 6);
	out->items = db_get_int(st, 7);
	out->bad_items = db_get_int(st, 8);
	out->bad_why = db_get_text(st, a, 9);
	out->usual = db_get_int(st, 10);
	(void)sqlite3_reset(st);
	return ERR_OK;
}

enum err store_source_save(struct store *s, const struct source_state *v, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SOURCE_SAVE);
	db_text(st, ":name", v->name);
	db_text(st, ":etag", v->etag);
	db_text(st, ":last_modified", v->last_modified);
	db_int(st, ":next_poll", v->next_poll);
	db_int(st, ":last_try", v->last_try);
	db_int(st, ":last_ok", v->last_ok);
	db_int(st, ":failures", v->failures);
	db_text(st, ":last_error", v->last_error);
	db_int(st, ":items", v->items);
	db_int(st, ":bad_items", v->bad_items);
	db_text(st, ":bad_why", v->bad_why);
	db_int(st, ":usual", v->usual);
	return db_run(s, st, e);
}
