/* SPDX-License-Identifier: MIT
 *
 * What the files of store/ share: the connection, its prepared statements by
 * name, binding and reading. Nothing outside this folder includes it.
 */
#ifndef FW_STORE_DB_H
#define FW_STORE_DB_H

#include <sqlite3.h>

#include "store/sql.h"
#include "store/store.h"

#define STORE_BUSY_MS  30000       /* how long a writer waits for another one */
#define STORE_VERSION  2           /* = number of files in schema/ */
#define STORE_APP_ID   0x46574348  /* "FWCH": tells our files from other SQLite databases */

struct store {
	sqlite3 *db;
	sqlite3_stmt *statements[SQL_COUNT];
	bool in_transaction;
};

/* The statement, reset and without bindings; prepared at first use. Never NULL. */
sqlite3_stmt *db_stmt(struct store *s, enum sql which) RET_NONNULL;

void db_int(sqlite3_stmt *st, const char *name, int64_t v);
void db_text(sqlite3_stmt *st, const char *name, struct str v);
void db_blob(sqlite3_stmt *st, const char *name, struct str v);

/* Runs to the end; rows are ignored. */
enum err db_run(struct store *s, sqlite3_stmt *st, struct error *e) NODISCARD;
/* The next row: *row false at the end (the statement is then reset). */
enum err db_row(struct store *s, sqlite3_stmt *st, bool *row, struct error *e) NODISCARD;
/* One integer of a query that gives at most one row; `none` when it gives none. */
enum err db_one(struct store *s, sqlite3_stmt *st, int64_t none, int64_t *out, struct error *e) NODISCARD;
/* One text of such a query; empty when it gives no row. */
enum err db_one_text(
	struct store *s, sqlite3_stmt *st, struct arena *a, struct str *out, struct error *e) NODISCARD;

/* A column of the present row; text is copied into the arena. */
int64_t db_get_int(sqlite3_stmt *st, int col);
struct str db_get_text(sqlite3_stmt *st, struct arena *a, int col);

/* A call as its list has it now keeps what its second pages filled in before. */
enum err detail_keep(struct store *s, struct arena *a, const struct opportunity *stored, struct opportunity *o,
	struct error *e) NODISCARD;

/* The error that SQLite reports now, with its kind. */
enum err db_error(struct store *s, const char *what, struct error *e);

#endif
