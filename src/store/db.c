/* SPDX-License-Identifier: MIT
 *
 * The connection: opening with safe settings, migrations, transactions, and the
 * few calls through which the rest of store/ speaks to SQLite.
 */
#include "store/db.h"

#include <unistd.h>

#include "store/schema.h"

sqlite3_stmt *db_stmt(struct store *s, enum sql which)
{
	sqlite3_stmt *st = s->statements[which];
	if (st == NULL) {
		int rc = sqlite3_prepare_v3(s->db, sql_text[which], -1, SQLITE_PREPARE_PERSISTENT, &st, NULL);
		if (rc != SQLITE_OK)
			die("statement %d: %s", (int)which, sqlite3_errmsg(s->db));
		s->statements[which] = st;
	}
	(void)sqlite3_reset(st);
	(void)sqlite3_clear_bindings(st);
	return st;
}

/* A name that the statement does not have is a bug in our own table. */
static int parameter(sqlite3_stmt *st, const char *name)
{
	int i = sqlite3_bind_parameter_index(st, name);
	if (i == 0)
		die("no parameter %s in: %s", name, sqlite3_sql(st));
	return i;
}

void db_int(sqlite3_stmt *st, const char *name, int64_t v)
{
	(void)sqlite3_bind_int64(st, parameter(st, name), v);
}

void db_text(sqlite3_stmt *st, const char *name, struct str v)
{
	(void)sqlite3_bind_text64(
		st, parameter(st, name), v.p == NULL ? "" : v.p, v.n, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void db_blob(sqlite3_stmt *st, const char *name, struct str v)
{
	(void)sqlite3_bind_blob64(st, parameter(st, name), v.p == NULL ? "" : v.p, v.n, SQLITE_TRANSIENT);
}

enum err db_error(struct store *s, const char *what, struct error *e)
{
	switch (sqlite3_errcode(s->db) & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_FULL:
	case SQLITE_IOERR:
		return err_set(e, ERR_TEMPORARY, "database: %s: %s", what, sqlite3_errmsg(s->db));
	case SQLITE_CONSTRAINT:
		return err_set(e, ERR_INPUT, "database: %s: %s", what, sqlite3_errmsg(s->db));
	case SQLITE_CANTOPEN:
	case SQLITE_NOTADB:
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return err_set(e, ERR_CONFIG, "database: %s: %s", what, sqlite3_errmsg(s->db));
	default:
		return err_set(e, ERR_INTERNAL, "database: %s: %s", what, sqlite3_errmsg(s->db));
	}
}

enum err db_row(struct store *s, sqlite3_stmt *st, bool *row, struct error *e)
{
	int rc = sqlite3_step(st);
	if (rc == SQLITE_ROW) {
		*row = true;
		return ERR_OK;
	}
	*row = false;
	if (rc != SQLITE_DONE) {
		enum err kind = db_error(s, "step", e);
		(void)sqlite3_reset(st);
		return kind;
	}
	(void)sqlite3_reset(st);
	return ERR_OK;
}

enum err db_run(struct store *s, sqlite3_stmt *st, struct error *e)
{
	bool row = true;
	enum err rc = ERR_OK;
	while (row && rc == ERR_OK)
		rc = db_row(s, st, &row, e);
	return rc;
}

enum err db_one(struct store *s, sqlite3_stmt *st, int64_t none, int64_t *out, struct error *e)
{
	bool row;
	enum err rc = db_row(s, st, &row, e);
	if (rc != ERR_OK)
		return rc;
	*out = row ? sqlite3_column_int64(st, 0) : none;
	(void)sqlite3_reset(st);
	return ERR_OK;
}

enum err db_one_text(struct store *s, sqlite3_stmt *st, struct arena *a, struct str *out, struct error *e)
{
	bool row;
	enum err rc = db_row(s, st, &row, e);
	if (rc != ERR_OK)
		return rc;
	*out = row ? db_get_text(st, a, 0) : (struct str){0};
	(void)sqlite3_reset(st);
	return ERR_OK;
}

int64_t db_get_int(sqlite3_stmt *st, int col)
{
	return sqlite3_column_int64(st, col);
}

struct str db_get_text(sqlite3_stmt *st, struct arena *a, int col)
{
	const void *p = sqlite3_column_blob(st, col);
	int n = sqlite3_column_bytes(st, col);
	return str_dup(a, (struct str){p, p == NULL ? 0 : (size_t)n});
}

/* ---- transactions --------------------------------------------------------- */

static enum err begin(struct store *s, enum sql which, struct error *e)
{
	enum err rc = db_run(s, db_stmt(s, which), e);
	s->in_transaction = rc == ERR_OK;
	return rc;
}

enum err store_begin(struct store *s, struct error *e)
{
	return begin(s, SQL_BEGIN, e);
}

enum err store_begin_reading(struct store *s, struct error *e)
{
	return begin(s, SQL_BEGIN_READING, e);
}

enum err store_commit(struct store *s, struct error *e)
{
	enum err rc = db_run(s, db_stmt(s, SQL_COMMIT), e);
	if (rc != ERR_OK)
		store_rollback(s);
	s->in_transaction = false;
	return rc;
}

void store_rollback(struct store *s)
{
	if (s->in_transaction)
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	s->in_transaction = false;
}

/* ---- opening --------------------------------------------------------------- */

static enum err exec(struct store *s, const char *what, const char *sql, struct error *e)
{
	return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK ? ERR_OK : db_error(s, what, e);
}

static enum err pragma_int(struct store *s, const char *sql, int64_t *out, struct error *e)
{
	sqlite3_stmt *st = NULL;
	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		return db_error(s, sql, e);
	enum err rc = db_one(s, st, 0, out, e);
	(void)sqlite3_finalize(st);
	return rc;
}

static enum err configure(struct store *s, struct error *e)
{
	(void)sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	(void)sqlite3_extended_result_codes(s->db, 1);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	(void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* FULL for all: outbox and ledger need it (a lost T3 would mail twice), and the
	 * other transactions are one per document. */
	return exec(s, "settings",
		"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
		"PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864; PRAGMA cell_size_check = "
		"ON",
		e);
}

/* A consistent copy beside the database before its schema is touched. */
static enum err copy_before(struct store *s, const char *path, int64_t version, struct error *e)
{
	char target[4500], sql[5000];
	int n = snprintf(target, sizeof(target), "%s.before-v%d", path, STORE_VERSION);
	if (version == 0)
		return ERR_OK;
	if (n < 0 || (size_t)n >= sizeof(target) || strchr(path, '\'') != NULL)
		return err_set(e, ERR_CONFIG, "no copy can be made under this name");
	(void)snprintf(sql, sizeof(sql), "VACUUM INTO '%s'", target);
	(void)unlink(target); /* left by a migration that failed */
	return exec(s, "copy", sql, e);
}

struct versions {
	int64_t version, application, tables;
};

static enum err read_versions(struct store *s, struct versions *out, struct error *e)
{
	enum err rc = pragma_int(s, "PRAGMA user_version", &out->version, e);
	if (rc == ERR_OK)
		rc = pragma_int(s, "PRAGMA application_id", &out->application, e);
	return rc == ERR_OK ? pragma_int(s, "SELECT count(*) FROM sqlite_master", &out->tables, e) : rc;
}

/* Inside a transaction, so that another process that does the same is waited for. */
static enum err run_migrations(struct store *s, struct error *e)
{
	struct versions v = {0};
	enum err rc = read_versions(s, &v, e);
	if (rc != ERR_OK)
		return rc;
	if (v.version > STORE_VERSION || (v.tables > 0 && v.application != STORE_APP_ID))
		return err_set(e, ERR_CONFIG, "made by a newer Fundwatch or another program (version %lld)",
			(long long)v.version);
	for (size_t i = (size_t)v.version; rc == ERR_OK && i < schema_files_count; i++)
		rc = exec(s, schema_files[i].name, schema_files[i].text, e);
	char sql[120];
	(void)snprintf(sql, sizeof(sql), "PRAGMA user_version = %d; PRAGMA application_id = %d; COMMIT",
		STORE_VERSION, STORE_APP_ID);
	return rc == ERR_OK ? exec(s, "version", sql, e) : rc;
}

static enum err migrate(struct store *s, const char *path, struct error *e)
{
	struct versions v = {0};
	enum err rc = read_versions(s, &v, e);
	if (rc != ERR_OK || (v.version == STORE_VERSION && v.application == STORE_APP_ID))
		return rc;
	if (v.version < STORE_VERSION && v.application == STORE_APP_ID)
		rc = copy_before(s, path, v.version, e);
	/* A table that is made anew must not take the rows that refer to it along. */
	if (rc == ERR_OK)
		rc = exec(s, "lock", "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE", e);
	if (rc != ERR_OK)
		return rc;
	rc = run_migrations(s, e);
	if (rc != ERR_OK)
		(void)sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return rc == ERR_OK ? exec(s, "settings", "PRAGMA foreign_keys = ON", e) : rc;
}

enum err store_open_reading(const char *path, struct store **out, struct error *e)
{
	struct store *s = calloc(1, sizeof(*s));
	if (s == NULL)
		die("out of memory");
	int64_t version = 0, app = 0;
	enum err rc = ERR_OK;
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		rc = db_error(s, path, e);
	if (rc == ERR_OK)
		rc = pragma_int(s, "PRAGMA user_version", &version, e);
	if (rc == ERR_OK)
		rc = pragma_int(s, "PRAGMA application_id", &app, e);
	if (rc == ERR_OK && (version != STORE_VERSION || app != STORE_APP_ID))
		rc = err_set(e, ERR_CONFIG, "%s: of another version, or of another program", path);
	if (rc != ERR_OK) {
		store_close(s);
		return rc;
	}
	(void)sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	*out = s;
	return ERR_OK;
}

enum err store_open(const char *path, struct store **out, struct error *e)
{
	struct store *s = calloc(1, sizeof(*s));
	if (s == NULL)
		die("out of memory");
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	enum err rc = ERR_OK;
	if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK)
		rc = db_error(s, "open", e);
	if (rc == ERR_OK)
		rc = configure(s, e);
	if (rc == ERR_OK)
		rc = migrate(s, path, e);
	if (rc != ERR_OK) {
		store_close(s);
		return err_prefix(e, "%s", path);
	}
	*out = s;
	return ERR_OK;
}

void store_close(struct store *s)
{
	if (s == NULL)
		return;
	store_rollback(s);
	for (size_t i = 0; i < SQL_COUNT; i++)
		(void)sqlite3_finalize(s->statements[i]);
	(void)sqlite3_close(s->db);
	free(s);
}

enum err store_prepare_all(struct store *s, struct error *e)
{
	for (size_t i = 0; i < SQL_COUNT; i++) {
		sqlite3_stmt *st = NULL;
		if (sqlite3_prepare_v2(s->db, sql_text[i], -1, &st, NULL) != SQLITE_OK)
			return err_set(e, ERR_INTERNAL, "statement %zu: %s", i, sqlite3_errmsg(s->db));
		(void)sqlite3_finalize(st);
	}
	return ERR_OK;
}

enum err store_meta_get(struct store *s, struct arena *a, const char *key, struct str *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_META_GET);
	db_text(st, ":key", str_of(key));
	return db_one_text(s, st, a, out, e);
}

enum err store_meta_set(struct store *s, const char *key, struct str value, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_META_SET);
	db_text(st, ":key", str_of(key));
	db_text(st, ":value", value);
	return db_run(s, st, e);
}
