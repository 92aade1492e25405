/* SPDX-License-Identifier: MIT
 *
 * Reading across calls, profiles and answers: who was reached, who is silent, and
 * which words bring what nobody wants.
 */
#include "store/db.h"

enum err store_reached(struct store *s, struct arena *a, struct reached_list *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_REACHED);
	struct reached_list list = {0};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) = (struct reached){db_get_int(st, 0), db_get_text(st, a, 1)};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

enum err store_last_forwards(struct store *s, struct arena *a, struct last_forwards *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_LAST_FORWARDS);
	struct last_forwards list = {0};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) = (struct last_forward){db_get_text(st, a, 0), db_get_int(st, 1)};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

enum err store_disliked_terms(struct store *s, struct arena *a, struct disliked_terms *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_DISLIKED_TERMS);
	struct disliked_terms list = {0};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) = (struct disliked_term){
			.profile = db_get_text(st, a, 0),
			.line = db_get_text(st, a, 1),
			.words = db_get_text(st, a, 2),
			.answers = db_get_int(st, 3),
			.sent = db_get_int(st, 4),
		};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}
