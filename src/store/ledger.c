/* SPDX-License-Identifier: MIT
 *
 * The ledger: events after forwards, retractions, and the figures.
 */
#include "store/db.h"

enum err store_event_add(struct store *s, const struct ledger_event *ev, int64_t *id, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_EVENT_ADD);
	db_text(st, ":profile", ev->profile);
	db_int(st, ":opportunity", ev->opportunity);
	db_text(st, ":state", ev->state);
	db_int(st, ":at", ev->at);
	db_text(st, ":who", ev->who);
	db_text(st, ":note", ev->note);
	db_int(st, ":eur", ev->eur);
	db_text(st, ":project", ev->project);
	enum err rc = db_one(s, st, 0, id, e);
	if (rc == ERR_OK && *id == 0)
		rc = err_set(e, ERR_INPUT,
			"this call was never forwarded to '%.*s', so there is nothing to answer",
			STRF(ev->profile));
	return rc;
}

enum err store_past_forward(struct store *s, const struct past_forward *f, bool *added, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_PAST_FORWARD_ADD);
	db_text(st, ":profile", f->profile);
	db_int(st, ":opportunity", f->opportunity);
	db_text(st, ":organisation", f->organisation);
	db_text(st, ":org_kind", str_of(org_kind_name(f->org_kind)));
	db_int(st, ":test", f->test);
	db_text(st, ":recipient", f->recipient);
	db_text(st, ":imported", f->imported);
	db_int(st, ":at", f->at);
	int64_t id;
	enum err rc = db_one(s, st, 0, &id, e);
	*added = rc == ERR_OK && id > 0;
	return rc;
}

enum err store_past_forward_of(
	struct store *s, struct arena *a, struct past_forward *f, bool *found, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_PAST_FORWARD_GET);
	db_int(st, ":opportunity", f->opportunity);
	db_text(st, ":profile", f->profile);
	db_text(st, ":recipient", f->recipient);
	enum err rc = db_row(s, st, found, e);
	if (rc == ERR_OK && *found) {
		f->at = db_get_int(st, 0);
		f->imported = db_get_text(st, a, 1);
	}
	(void)sqlite3_reset(st);
	return rc;
}

enum err store_past_event(struct store *s, const struct ledger_event *ev, bool *added, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_EVENT_KNOWN);
	db_text(st, ":profile", ev->profile);
	db_int(st, ":opportunity", ev->opportunity);
	db_text(st, ":state", ev->state);
	db_int(st, ":at", ev->at);
	int64_t known, id;
	enum err rc = db_one(s, st, 0, &known, e);
	*added = rc == ERR_OK && known == 0;
	return *added ? store_event_add(s, ev, &id, e) : rc;
}

enum err store_event_retract(
	struct store *s, int64_t event, struct str who, struct str why, int64_t now, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_EVENT_RETRACTABLE);
	db_int(st, ":event", event);
	int64_t n;
	enum err rc = db_one(s, st, 0, &n, e);
	if (rc == ERR_OK && n == 0)
		rc = err_set(e, ERR_INPUT, "there is no event %lld that is not retracted already",
			(long long)event);
	if (rc != ERR_OK)
		return rc;
	st = db_stmt(s, SQL_RETRACTION_ADD);
	db_int(st, ":event", event);
	db_int(st, ":at", now);
	db_text(st, ":who", who);
	db_text(st, ":why", why);
	return db_run(s, st, e);
}

enum err store_forwarded_at(
	struct store *s, int64_t opportunity, struct str profile, int64_t *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_FORWARDED_AT);
	db_int(st, ":opportunity", opportunity);
	db_text(st, ":profile", profile);
	return db_one(s, st, 0, out, e);
}

static sqlite3_stmt *period(struct store *s, enum sql which, int64_t from, int64_t to)
{
	sqlite3_stmt *st = db_stmt(s, which);
	db_int(st, ":from", from);
	db_int(st, ":to", to);
	return st;
}

static enum err count_organisations(struct store *s, sqlite3_stmt *st, struct org_count *out, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(4096);
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row) {
		enum org_kind kind;
		if (!org_kind_from(db_get_text(st, a, 0), &kind))
			return err_set(
				e, ERR_INTERNAL, "database: unknown kind of organisation in the ledger");
		out->by_kind[kind] = db_get_int(st, 1);
		out->total += out->by_kind[kind];
	}
	return rc;
}

enum err store_kpi(struct store *s, int64_t from, int64_t to, struct kpi *out, struct error *e)
{
	struct kpi k = {0};
	enum err rc = db_one(s, period(s, SQL_KPI_IDENTIFIED, from, to), 0, &k.identified, e);
	if (rc == ERR_OK)
		rc = db_one(s, period(s, SQL_KPI_FORWARDED, from, to), 0, &k.forwarded, e);
	if (rc == ERR_OK)
		rc = count_organisations(s, period(s, SQL_KPI_REACHED, from, to), &k.reached, e);
	if (rc == ERR_OK)
		rc = count_organisations(s, period(s, SQL_KPI_ENGAGED, from, to), &k.engaged, e);
	if (rc == ERR_OK)
		*out = k;
	return rc;
}

enum err store_evidence(struct store *s, struct arena *a, int64_t from, int64_t to, struct evidence_list *out,
	struct error *e)
{
	sqlite3_stmt *st = period(s, SQL_EVIDENCE, from, to);
	struct evidence_list list = {0};
	bool row;
	enum err rc;
	while ((rc = db_row(s, st, &row, e)) == ERR_OK && row)
		*vec_push(a, &list.list) = (struct evidence){
			.what = str_c(a, db_get_text(st, a, 0)),
			.opportunity = db_get_text(st, a, 1),
			.title = db_get_text(st, a, 2),
			.organisation = db_get_text(st, a, 3),
			.org_kind = db_get_text(st, a, 4),
			.profile = db_get_text(st, a, 5),
			.state = db_get_text(st, a, 6),
			.at = db_get_int(st, 7),
			.from = db_get_text(st, a, 8),
			.event = db_get_int(st, 9),
		};
	if (rc == ERR_OK)
		*out = list;
	return rc;
}

enum err store_totals(struct store *s, struct totals *out, struct error *e)
{
	sqlite3_stmt *st = db_stmt(s, SQL_TOTALS);
	bool row;
	enum err rc = db_row(s, st, &row, e);
	if (rc == ERR_OK && row)
		*out = (struct totals){db_get_int(st, 0), db_get_int(st, 1), db_get_int(st, 2),
			db_get_int(st, 3), db_get_int(st, 4), db_get_int(st, 5)};
	(void)sqlite3_reset(st);
	return rc;
}
