/* SPDX-License-Identifier: MIT
 *
 * Taking in: opportunities with their identity keys, sightings, deadlines and
 * recorded changes; finding and reading them again.
 */
#include "store/db.h"

#include "base/buf.h"
#include "base/file.h"

#define KEYS_MAX       5 /* keys of one opportunity: its own, call, guid, url, path */
#define SHORT_ID_MIN   6 /* characters of a short id; longer when taken */
#define KEY_BYTES_MAX  4000
#define TITLES_MAX     ((size_t)1 << 16) /* for comparing two titles */
#define CANDIDATES_MAX 5		 /* named when a prefix is not unique */

struct keys {
	struct str v[KEYS_MAX];
	size_t n;
};

static void add_key(struct keys *k, struct str key)
{
	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->v[i], key))
			return;
	k->v[k->n++] = key;
}

/* A link without its host, which may change; empty when it says nothing then. */
static struct str path_of(struct str link)
{
	struct str rest = str_sub(link, strlen("https://"), link.n);
	size_t at = str_find_char(rest, '/'), query = str_find_char(rest, '?');
	if (query < at)
		at = query;
	return at == SIZE_MAX || at + 1 >= rest.n ? (struct str){0} : str_sub(rest, at, rest.n);
}

/* Surest first: what is asked first decides. */
static struct keys keys_of(struct arena *a, const struct opportunity *o)
{
	struct keys k = {0};
	add_key(&k, o->key);
	if (o->call.n > 0)
		add_key(&k, str_of(arena_printf(a, "call:%.*s", STRF(str_upper(a, o->call)))));
	if (o->guid.n > 0)
		add_key(&k, guid_key(a, o));
	struct str link = url_canonical(a, o->url), path = path_of(link);
	if (link.n > 0)
		add_key(&k, str_of(arena_printf(a, "url:%.*s", STRF(link))));
	if (path.n > 0)
		add_key(&k, str_of(arena_printf(a, "path:%.*s:%.*s", STRF(o->source), STRF(path))));
	return k;
}

static enum err find_key(struct store *s, struct str key, int64_t *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_IDENTITY_FIND);
	db_text(st, ":key", key);
	return db_one(s, st, 0, out, e);
}

static bool same_title(const struct opportunity *x, const struct opportunity *y)
{
	struct changes c = {0};
	struct arena *a CLEANUP(arena_freep) = arena_new(TITLES_MAX);
	struct opportunity one = {.title = x->title}, two = {.title = y->title};
	opportunity_changes(a, &one, &two, &c);
	return c.list.n == 0;
}

/* A shared link is weak evidence: one page may list several calls. At one source it
 * joins calls of the same title (a feed that changed its ids), across sources calls
 * without a second one of that source behind it; never two different call ids. */
static enum err link_may_join(struct store *s, const struct opportunity *stored, const struct opportunity *o,
	bool *may, struct error *e)
{
	bool calls_agree = stored->call.n == 0 || o->call.n == 0 || str_ieq(stored->call, o->call);
	int64_t others = 0;
	*may = false;
	if (!calls_agree || o->link_shared)
		return ERR_OK;
	if (str_eq(stored->source, o->source)) {
		*may = same_title(stored, o);
		return ERR_OK;
	}
	sqlite3_stmt *st = db_stmt(s, SQL_SIGHTED_OTHERWISE);
	db_int(st, ":opportunity", stored->id);
	db_text(st, ":source", o->source);
	db_text(st, ":key", o->key);
	enum err rc = db_one(s, st, 0, &others, e);
	*may = others == 0;
	return rc;
}

/* Whether what was found by this key is the same call. */
static enum err key_joins(struct store *s, struct str key, bool own, const struct opportunity *stored,
	 const struct opportunity *o, bool *joins, struct error *e)
{
	bool weak = str_starts(key, STR("path:")) || (!own && str_starts(key, STR("url:")));
	*joins = true;
	return weak ? link_may_join(s, stored, o, joins, e) : ERR_OK;
}

static enum err find_stored(struct store *s, struct arena *a, const struct opportunity *o,
	const struct keys *k, int64_t *id, struct opportunity *stored, struct error *e)
{
	*id = 0;
	for (size_t i = 0; i < k->n; i++) {
		int64_t found;
		enum err rc = find_key(s, k->v[i], &found, e);
		if (rc == ERR_OK && found != 0)
			rc = store_opportunity(s, a, found, stored, e);
		if (rc != ERR_OK)
			return rc;
		bool joins = false;
		if (found != 0)
			rc = key_joins(s, k->v[i], i == 0, stored, o, &joins, e);
		if (rc != ERR_OK)
			return rc;
		if (joins) {
			*id = found;
			return ERR_OK;
		}
	}
	return ERR_OK;
}

static struct str lines_of(struct arena *a, const struct strv *list)
{
	return strv_join(a, list, "\n");
}

static void bind_content(sqlite3_stmt *st, struct arena *a, const struct opportunity *o, int64_t now)
{
	db_text(st, ":key", o->key);
	db_text(st, ":kind", str_of(kind_name(o->kind)));
	db_text(st, ":title", o->title);
	db_text(st, ":summary", o->summary);
	db_text(st, ":body", o->body);
	db_text(st, ":url", o->url);
	db_text(st, ":call_id", o->call);
	db_text(st, ":programme", o->programme);
	db_text(st, ":funder", o->funder);
	db_text(st, ":source", o->source);
	db_text(st, ":eligibility", o->eligibility);
	db_text(st, ":language", o->language);
	db_text(st, ":stage", o->stage);
	db_text(st, ":countries", lines_of(a, &o->countries));
	db_text(st, ":categories", lines_of(a, &o->categories));
	db_text(st, ":opens", date_known(o->opens) ? date_iso(a, o->opens) : (struct str){0});
	db_int(st, ":budget_min", o->budget.min);
	db_int(st, ":budget_max", o->budget.max);
	db_int(st, ":budget_total", o->budget.total);
	db_text(st, ":currency", str_of(o->budget.currency));
	db_text(st, ":source_status", o->source_status);
	db_text(st, ":provenance", o->provenance);
	db_int(st, ":published", o->published);
	db_int(st, ":withdrawn", o->withdrawn);
	db_int(st, ":now", now);
}

static enum err save_deadlines(
	struct store *s, struct arena *a, int64_t id, const struct opportunity *o, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_DEADLINE_CLEAR);
	db_int(st, ":opportunity", id);
	enum err rc = db_run(s, st, e);
	for (size_t i = 0; rc == ERR_OK && i < o->deadlines.n; i++) {
		const struct deadline *d = &o->deadlines.v[i];
		st = db_stmt(s, SQL_DEADLINE_ADD);
		db_int(st, ":opportunity", id);
		db_int(st, ":position", (int64_t)i);
		db_text(st, ":stage", d->stage);
		db_text(st, ":date", date_iso(a, d->date));
		db_int(st, ":minute", d->minute);
		db_text(st, ":zone", d->zone);
		rc = db_run(s, st, e);
	}
	return rc;
}

/* The first characters of the key's hash that no other call has. */
static enum err make_short_id(
	struct store *s, struct arena *a, struct str key, struct str *out, struct error *e)
{
	struct str hash = sha256_hex(a, &key, 1);
	for (size_t n = SHORT_ID_MIN; n <= hash.n; n++) {
		sqlite3_stmt *st = db_stmt(s, SQL_SHORT_ID_TAKEN);
		db_text(st, ":short_id", str_sub(hash, 0, n));
		int64_t taken;
		enum err rc = db_one(s, st, 0, &taken, e);
		if (rc != ERR_OK)
			return rc;
		if (taken == 0) {
			*out = str_sub(hash, 0, n);
			return ERR_OK;
		}
	}
	return err_set(e, ERR_INTERNAL, "no short id is left for '%.*s'", STRF(key));
}

static enum err add_new(struct store *s, struct arena *a, const struct opportunity *o, int64_t now,
	int64_t *id, struct error *e)
{
	struct str short_id;
	enum err rc = make_short_id(s, a, o->key, &short_id, e);
	if (rc != ERR_OK)
		return rc;
	sqlite3_stmt *st = db_stmt(s, SQL_OPPORTUNITY_ADD);
	bind_content(st, a, o, now);
	db_text(st, ":short_id", short_id);
	rc = db_one(s, st, 0, id, e);
	return rc == ERR_OK ? save_deadlines(s, a, *id, o, e) : rc;
}

static enum err rewrite(struct store *s, struct arena *a, const struct opportunity *o, int64_t id,
	int64_t now, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_OPPORTUNITY_UPDATE);
	bind_content(st, a, o, now);
	db_int(st, ":id", id);
	enum err rc = db_run(s, st, e);
	return rc == ERR_OK ? save_deadlines(s, a, id, o, e) : rc;
}

static bool same_lists(const struct strv *x, const struct strv *y)
{
	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (!str_eq(x->v[i], y->v[i]))
			return false;
	return true;
}

static bool same_deadlines(const struct opportunity *x, const struct opportunity *y)
{
	if (x->deadlines.n != y->deadlines.n)
		return false;
	for (size_t i = 0; i < x->deadlines.n; i++) {
		const struct deadline *d = &x->deadlines.v[i], *f = &y->deadlines.v[i];
		if (date_cmp(d->date, f->date) != 0 || d->minute != f->minute ||
			!str_eq(d->stage, f->stage) || !str_eq(d->zone, f->zone))
			return false;
	}
	return true;
}

/* Whether writing the new words would change anything at all. */
static bool same_content(const struct opportunity *x, const struct opportunity *y)
{
	const struct str pairs[][2] = {
		{x->key, y->key},
		{x->title, y->title},
		{x->summary, y->summary},
		{x->body, y->body},
		{x->url, y->url},
		{x->call, y->call},
		{x->programme, y->programme},
		{x->funder, y->funder},
		{x->source, y->source},
		{x->eligibility, y->eligibility},
		{x->language, y->language},
		{x->stage, y->stage},
		{x->source_status, y->source_status},
		{x->provenance, y->provenance},
		{str_of(x->budget.currency), str_of(y->budget.currency)},
	};
	for (size_t i = 0; i < COUNT(pairs); i++)
		if (!str_eq(pairs[i][0], pairs[i][1]))
			return false;
	return x->kind == y->kind && x->withdrawn == y->withdrawn && x->published == y->published && date_cmp(x->opens, y->opens) == 0 &&
	       x->budget.min == y->budget.min && x->budget.max == y->budget.max &&
	       x->budget.total == y->budget.total && same_lists(&x->countries, &y->countries) &&
	       same_lists(&x->categories, &y->categories) && same_deadlines(x, y);
}

static enum err record_changes(
	struct store *s, int64_t id, const struct changes *c, int64_t now, struct error *e)
{
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < c->list.n; i++) {
		sqlite3_stmt *st = db_stmt(s, SQL_CHANGE_ADD);
		db_int(st, ":opportunity", id);
		db_int(st, ":at", now);
		db_text(st, ":field", str_of(c->list.v[i].field));
		db_text(st, ":before", c->list.v[i].before);
		db_text(st, ":after", c->list.v[i].after);
		rc = db_run(s, st, e);
	}
	return rc;
}

/* Whether the stored words are this entry's own: by its identity, or by its title when
 * the identity that spoke is no longer listed (a source that changed its ids). */
static enum err same_voice(
	struct store *s, const struct opportunity *stored, const struct opportunity *o, bool *same, struct error *e)
{
	int64_t listed = 0;
	bool source = str_eq(stored->source, o->source);
	*same = source && str_eq(stored->key, o->key);
	if (*same || !source || !same_title(stored, o))
		return ERR_OK;
	sqlite3_stmt *st = db_stmt(s, SQL_VOICE_SEEN);
	db_text(st, ":source", stored->source);
	db_text(st, ":key", stored->key);
	enum err rc = db_one(s, st, 0, &listed, e);
	*same = listed == 0;
	return rc;
}

static bool by_call_id(const struct opportunity *o)
{
	return str_starts(o->key, STR("call:"));
}

/* Whose words stand when a call is seen in several places: the first one's, unless
 * a later one is the portal that knows the call by its id, or alone knows a deadline.
 * The order is fixed, so two places never take turns and make false changes. */
static bool speaks_for(const struct opportunity *stored, const struct opportunity *o, bool same)
{
	/* A list of past forwards words nothing anew, and gives way to everybody. */
	if (str_eq(o->source, STR(IMPORT_SOURCE)))
		return false;
	if (same || str_eq(stored->source, STR(IMPORT_SOURCE)))
		return true;
	if (by_call_id(stored) != by_call_id(o))
		return by_call_id(o);
	return stored->deadlines.n == 0 && o->deadlines.n > 0;
}

/* The call in another language is no other call: the first words stay. */
static void keep_language(const struct opportunity *stored, struct opportunity *o)
{
	if (stored->language.n == 0 || o->language.n == 0 || str_ieq(stored->language, o->language))
		return;
	const struct opportunity other = *o;
	*o = *stored;
	o->source_status = other.source_status;
	o->withdrawn = other.withdrawn;
	if (other.deadlines.n > 0)
		o->deadlines = other.deadlines;
	if (other.budget.min > 0 || other.budget.max > 0 || other.budget.total > 0)
		o->budget = other.budget;
}

/* A deadline that passed and is no longer shown does not make the call open for ever. */
static void keep_passed(const struct opportunity *stored, struct opportunity *o, int64_t now)
{
	if (o->deadlines.n == 0 && stored->deadlines.n > 0 && opportunity_deadline(stored, now) == NULL)
		o->deadlines = stored->deadlines;
}

static enum err update_known(struct store *s, struct arena *a, const struct opportunity *stored,
	const struct opportunity *seen, int64_t id, int64_t now, enum seen *out, struct error *e)
{
	struct opportunity next = *seen;
	struct changes c = {0};
	bool same;
	*out = SEEN_SAME;
	enum err rc = same_voice(s, stored, seen, &same, e);
	if (rc != ERR_OK || !speaks_for(stored, seen, same) || same_content(stored, seen))
		return rc;
	rc = detail_keep(s, a, stored, &next, e);
	if (rc != ERR_OK)
		return rc;
	if (same) {
		keep_language(stored, &next);
		keep_passed(stored, &next, now);
	}
	if (same_content(stored, &next))
		return ERR_OK;
	/* Another place that words the call otherwise does not change the call. */
	if (same) {
		opportunity_changes(a, stored, &next, &c);
		changes_news(stored, &next, now, &c);
	}
	if (c.list.n > 0)
		*out = SEEN_CHANGED;
	rc = record_changes(s, id, &c, now, e);
	return rc == ERR_OK ? rewrite(s, a, &next, id, now, e) : rc;
}

static enum err save_keys(struct store *s, const struct keys *k, int64_t id, struct error *e)
{
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < k->n; i++) {
		sqlite3_stmt *st = db_stmt(s, SQL_IDENTITY_ADD);
		db_text(st, ":key", k->v[i]);
		db_int(st, ":opportunity", id);
		rc = db_run(s, st, e);
	}
	return rc;
}

/* An edited call takes new keys along; a call id that another call has is a mistake. */
static enum err claim_keys(struct store *s, struct arena *a, const struct opportunity *o, struct error *e)
{
	struct keys k = keys_of(a, o);
	for (size_t i = 0; i < k.n; i++) {
		int64_t owner = 0;
		enum err rc = find_key(s, k.v[i], &owner, e);
		if (rc != ERR_OK)
			return rc;
		if (owner != 0 && owner != o->id && str_starts(k.v[i], STR("call:")))
			return err_set(e, ERR_INPUT, "another call has the id '%.*s' ('show %.*s')",
				STRF(o->call), STRF(o->call));
	}
	return save_keys(s, &k, o->id, e);
}

static enum err save_sighting(
	struct store *s, const struct opportunity *o, int64_t id, int64_t now, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SIGHTING_SAVE);
	db_text(st, ":source", o->source);
	db_text(st, ":key", o->key);
	db_int(st, ":opportunity", id);
	db_text(st, ":url", o->url);
	db_int(st, ":now", now);
	return db_run(s, st, e);
}

/* An id that its source gave to two calls once tells nothing from then on. */
static enum err judge_guid(struct store *s, struct arena *a, struct opportunity *o, struct error *e)
{
	if (o->guid.n == 0)
		return ERR_OK;
	struct str key = guid_key(a, o);
	int64_t shared = 0;
	enum err rc = ERR_OK;
	if (o->guid_shared) {
		sqlite3_stmt *add = db_stmt(s, SQL_SHARED_ID_ADD);
		db_text(add, ":key", key);
		rc = db_run(s, add, e);
	}
	if (rc != ERR_OK)
		return rc;
	sqlite3_stmt *st = db_stmt(s, SQL_SHARED_ID_FIND);
	db_text(st, ":key", key);
	rc = db_one(s, st, 0, &shared, e);
	if (rc == ERR_OK && shared != 0)
		opportunity_forget_guid(a, o);
	return rc;
}

enum err store_take_in(struct store *s, struct arena *a, const struct opportunity *o, int64_t now,
	enum seen *out, int64_t *id, struct error *e)
{
	struct opportunity own = *o, stored = {0};
	enum err rc = judge_guid(s, a, &own, e);
	o = &own;
	struct keys k = keys_of(a, o);
	if (rc == ERR_OK)
		rc = find_stored(s, a, o, &k, id, &stored, e);
	if (rc != ERR_OK)
		return rc;
	if (*id == 0) {
		*out = SEEN_NEW;
		rc = add_new(s, a, o, now, id, e);
	} else {
		rc = update_known(s, a, &stored, o, *id, now, out, e);
	}
	if (rc == ERR_OK)
		rc = save_keys(s, &k, *id, e);
	return rc == ERR_OK ? save_sighting(s, o, *id, now, e) : rc;
}

enum err store_listed(struct store *s, struct str source, struct str key, int64_t now, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SIGHTING_LISTED);
	db_text(st, ":source", source);
	db_text(st, ":key", key);
	db_int(st, ":now", now);
	return db_run(s, st, e);
}

static enum err read_ids(struct store *s, struct arena *a, sqlite3_stmt *st, struct ids *out, struct error *e)
{
	struct ids ids = {0};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &ids.list) = db_get_int(st, 0);
	if (rc == ERR_OK)
		*out = ids;
	return rc;
}

static enum err close_gone(struct store *s, int64_t id, int64_t now, struct error *e)
{
	struct changes c = {0};
	struct change gone[1] = {{"withdrawn", STR("announced"), STR("no longer listed")}};
	c.list.v = gone;
	c.list.n = 1;
	enum err rc = record_changes(s, id, &c, now, e);
	if (rc != ERR_OK)
		return rc;
	sqlite3_stmt *st = db_stmt(s, SQL_CLOSE_GONE);
	db_int(st, ":id", id);
	db_int(st, ":now", now);
	return db_run(s, st, e);
}

enum err store_absent(struct store *s, struct arena *a, struct str source, bool unmodified, int64_t polls,
	int64_t now, int64_t *closed, struct error *e)
{
	struct ids gone = {0};
	*closed = 0;
	sqlite3_stmt *st = db_stmt(s, SQL_SIGHTING_MISS);
	db_text(st, ":source", source);
	db_int(st, ":unmodified", unmodified ? 1 : 0);
	db_int(st, ":now", now);
	enum err rc = db_run(s, st, e);
	if (rc != ERR_OK || polls == 0)
		return rc;
	st = db_stmt(s, SQL_GONE);
	db_text(st, ":source", source);
	db_int(st, ":polls", polls);
	db_text(st, ":from", date_iso(a, zone_civil(STR("UTC"), now).date));
	rc = read_ids(s, a, st, &gone, e);
	for (size_t i = 0; rc == ERR_OK && i < gone.list.n; i++)
		rc = close_gone(s, gone.list.v[i], now, e);
	*closed = (int64_t)gone.list.n;
	return rc;
}

enum err store_opportunity_edit(struct store *s, const struct opportunity *o, int64_t now, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new((size_t)8 << 20);
	struct opportunity stored = {0};
	struct changes c = {0};
	enum err rc = store_opportunity(s, a, o->id, &stored, e);
	if (rc != ERR_OK)
		return rc;
	opportunity_changes(a, &stored, o, &c);
	rc = claim_keys(s, a, o, e);
	if (rc == ERR_OK)
		rc = record_changes(s, o->id, &c, now, e);
	return rc == ERR_OK ? rewrite(s, a, o, o->id, now, e) : rc;
}

static enum err read_deadlines(struct store *s, struct arena *a, struct opportunity *o, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_DEADLINES);
	db_int(st, ":opportunity", o->id);
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row) {
		struct deadline *d = vec_push(a, &o->deadlines);
		d->stage = db_get_text(st, a, 0);
		if (!date_from_iso(db_get_text(st, a, 1), &d->date))
			return err_set(e, ERR_INTERNAL, "database: deadline of call %lld is no date",
				(long long)o->id);
		d->minute = (int)db_get_int(st, 2);
		d->zone = db_get_text(st, a, 3);
	}
	return rc;
}

static void read_content(sqlite3_stmt *st, struct arena *a, struct opportunity *o)
{
	struct str *const texts[] = {&o->title, &o->summary, &o->body, &o->url, &o->call, &o->programme,
		&o->funder, &o->source, &o->eligibility, &o->language, &o->stage};
	if (!kind_from(db_get_text(st, a, 0), &o->kind))
		o->kind = KIND_UNKNOWN;
	for (size_t i = 0; i < COUNT(texts); i++)
		*texts[i] = db_get_text(st, a, (int)i + 1);
	o->countries = strv_split(a, db_get_text(st, a, 12), '\n');
	o->categories = strv_split(a, db_get_text(st, a, 13), '\n');
	if (!date_from_iso(db_get_text(st, a, 14), &o->opens))
		o->opens = (struct date){0};
	o->budget.min = db_get_int(st, 15);
	o->budget.max = db_get_int(st, 16);
	o->budget.total = db_get_int(st, 17);
	(void)snprintf(o->budget.currency, sizeof(o->budget.currency), "%.*s", STRF(db_get_text(st, a, 18)));
	o->source_status = db_get_text(st, a, 19);
	o->provenance = db_get_text(st, a, 20);
	o->published = db_get_int(st, 21);
	o->first_seen = db_get_int(st, 22);
	o->withdrawn = db_get_int(st, 23) != 0;
	o->key = db_get_text(st, a, 24);
	o->short_id = db_get_text(st, a, 25);
	o->revision = db_get_int(st, 26);
}

enum err store_opportunity(
	struct store *s, struct arena *a, int64_t id, struct opportunity *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_OPPORTUNITY_GET);
	db_int(st, ":id", id);
	bool row;
	enum err rc = db_row(s, st, &row, e);
	if (rc != ERR_OK)
		return rc;
	if (!row)
		return err_set(e, ERR_INPUT, "there is no call number %lld", (long long)id);
	struct opportunity o = {.id = id};
	read_content(st, a, &o);
	(void)sqlite3_reset(st);
	rc = read_deadlines(s, a, &o, e);
	if (rc == ERR_OK)
		*out = o;
	return rc;
}

enum err store_call_known(struct store *s, struct str call, bool *out, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(KEY_BYTES_MAX);
	int64_t id = 0;
	if (call.n > KEY_BYTES_MAX / 4)
		call.n = 0;
	struct str key = str_of(arena_printf(a, "call:%.*s", STRF(str_upper(a, call))));
	enum err rc = find_key(s, key, &id, e);
	*out = rc == ERR_OK && id != 0;
	return rc;
}

/* What a lookup found: the first row, and the names of all for the message. */
struct found {
	int64_t first; /* itself, or what it was merged into */
	int64_t itself;
	size_t n;
	bool exact;
	struct buf names;
};

static void add_found(struct found *f, sqlite3_stmt *st, struct arena *a, struct str id)
{
	struct str short_id = db_get_text(st, a, 1), call = db_get_text(st, a, 2);
	if (f->n > 0 && db_get_int(st, 0) == f->first)
		return;
	if (f->n++ == 0) {
		f->first = db_get_int(st, 0);
		f->itself = db_get_int(st, 3);
		f->exact = str_ieq(short_id, id) || str_ieq(call, id);
	}
	buf_printf(&f->names, "%s%.*s", f->n > 1 ? ", " : "", STRF(call.n > 0 ? call : short_id));
}

static enum err judge_found(const struct found *f, struct str id, struct error *e)
{
	if (f->n == 0)
		return err_set(e, ERR_INPUT, "no call has the id '%.*s' ('list --all' shows them)", STRF(id));
	if (f->n > 1 && !f->exact)
		return err_set(e, ERR_INPUT, "'%.*s' could be %.*s%s", STRF(id), STRF(buf_str(&f->names)),
			f->n > CANDIDATES_MAX ? " and others" : "");
	return ERR_OK;
}

static enum err look_up(struct store *s, struct str id, struct found *out, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new((size_t)1 << 20);
	if (id.n == 0 || id.n > KEY_BYTES_MAX)
		return err_set(e, ERR_INPUT, "an id is expected, as 'list' shows it");
	sqlite3_stmt *st = db_stmt(s, SQL_OPPORTUNITY_FIND);
	db_text(st, ":lower", str_lower(a, id));
	db_text(st, ":upper", str_upper(a, id));
	struct found f = {.names = buf_init(KEY_BYTES_MAX)};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		add_found(&f, st, a, id);
	if (rc == ERR_OK)
		rc = judge_found(&f, id, e);
	buf_free(&f.names);
	*out = f;
	return rc;
}

enum err store_find(struct store *s, struct str id, int64_t *out, struct error *e)
{
	struct found f;
	enum err rc = look_up(s, id, &f, e);
	if (rc == ERR_OK)
		*out = f.first;
	return rc;
}

enum err store_find_itself(struct store *s, struct str id, int64_t *out, struct error *e)
{
	struct found f;
	enum err rc = look_up(s, id, &f, e);
	if (rc == ERR_OK)
		*out = f.itself;
	return rc;
}

enum err store_short_id(struct store *s, struct arena *a, int64_t id, struct str *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SHORT_ID);
	db_int(st, ":id", id);
	bool row;
	enum err rc = db_row(s, st, &row, e);
	if (rc == ERR_OK && row)
		*out = db_get_text(st, a, 0);
	(void)sqlite3_reset(st);
	return rc == ERR_OK && !row ? err_set(e, ERR_INPUT, "there is no call number %lld", (long long)id)
				    : rc;
}

enum err store_opportunities(struct store *s, struct arena *a, struct ids *out, struct error *e)
{
	return read_ids(s, a, db_stmt(s, SQL_OPPORTUNITY_IDS), out, e);
}

enum err store_unmatched(struct store *s, struct arena *a, struct str rules, struct ids *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_OPPORTUNITY_UNMATCHED);
	db_text(st, ":rules", rules);
	return read_ids(s, a, st, out, e);
}

enum err store_set_matched(struct store *s, int64_t opportunity, struct str rules, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_OPPORTUNITY_SET_MATCHED);
	db_int(st, ":id", opportunity);
	db_text(st, ":rules", rules);
	return db_run(s, st, e);
}

static enum err read_sightings(
	struct store *s, struct arena *a, int64_t id, struct history *h, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_SIGHTINGS);
	db_int(st, ":opportunity", id);
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &h->sightings) = (struct sighting){
			.source = db_get_text(st, a, 0),
			.url = db_get_text(st, a, 1),
			.first_seen = db_get_int(st, 2),
			.last_seen = db_get_int(st, 3),
		};
	return rc;
}

enum err store_history(
	struct store *s, struct arena *a, int64_t opportunity, struct history *out, struct error *e)
{
	struct history h = {0};
	enum err rc = read_sightings(s, a, opportunity, &h, e);
	if (rc != ERR_OK)
		return rc;
	sqlite3_stmt *st = db_stmt(s, SQL_CHANGES);
	db_int(st, ":opportunity", opportunity);
	bool row;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &h.changes) = (struct recorded_change){
			.at = db_get_int(st, 0),
			.field = db_get_text(st, a, 1),
			.before = db_get_text(st, a, 2),
			.after = db_get_text(st, a, 3),
		};
	if (rc == ERR_OK)
		*out = h;
	return rc;
}
