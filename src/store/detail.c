/* SPDX-License-Identifier: MIT
 *
 * Second pages of calls that suit somebody: which are to be asked for, how the
 * last try went, and what they filled in.
 */
#include "store/db.h"

enum err store_details_due(struct store *s, struct arena *a, struct str source, int64_t now, int64_t max,
	struct details *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_DETAILS_DUE);
	struct details list = {0};
	bool row;
	enum err rc;
	db_text(st, ":source", source);
	db_text(st, ":yesterday", date_iso(a, zone_civil(STR("UTC"), now - 86400).date));
	db_int(st, ":now", now);
	db_int(st, ":max", max);
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) = (struct detail){
			.opportunity = db_get_int(st, 0),
			.source = source,
			.url = db_get_text(st, a, 1),
			.guid = db_get_text(st, a, 2),
			.tries = db_get_int(st, 3),
		};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

enum err store_detail_save(struct store *s, struct arena *a, const struct detail *d, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_DETAIL_SAVE);
	db_int(st, ":opportunity", d->opportunity);
	db_text(st, ":source", d->source);
	db_text(st, ":state", d->done ? STR("done") : STR("failed"));
	db_int(st, ":tries", d->tries);
	db_int(st, ":next_try", d->next_try);
	db_int(st, ":rest", d->rest);
	db_int(st, ":fetched_at", d->fetched_at);
	db_text(st, ":fields", strv_join(a, &d->fields, "\n"));
	db_text(st, ":error", d->error);
	return db_run(s, st, e);
}

enum err store_details(
	struct store *s, struct arena *a, int64_t opportunity, struct details *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_DETAILS);
	struct details list = {0};
	bool row;
	enum err rc;
	db_int(st, ":opportunity", opportunity);
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) = (struct detail){
			.opportunity = opportunity,
			.source = db_get_text(st, a, 0),
			.done = db_get_int(st, 1) != 0,
			.tries = db_get_int(st, 2),
			.next_try = db_get_int(st, 3),
			.fetched_at = db_get_int(st, 4),
			.fields = strv_split(a, db_get_text(st, a, 5), '\n'),
			.error = db_get_text(st, a, 6),
		};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

enum err store_details_failing(struct store *s, struct arena *a, struct str source, int64_t *n,
	struct str *why, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_DETAILS_FAILING);
	bool row;
	*n = 0;
	*why = (struct str){0};
	db_text(st, ":source", source);
	enum err rc = db_row(s, st, &row, e);
	if (rc == ERR_OK && row) {
		*n = db_get_int(st, 0);
		*why = db_get_text(st, a, 1);
	}
	(void)sqlite3_reset(st);
	return rc;
}

enum err detail_keep(struct store *s, struct arena *a, const struct opportunity *stored,
	struct opportunity *o, struct error *e)
{
	struct details d = {0};
	enum err rc = store_details(s, a, stored->id, &d, e);
	for (size_t i = 0; rc == ERR_OK && i < d.list.n; i++)
		(void)opportunity_fill(a, o, stored, &d.list.v[i].fields);
	return rc;
}
