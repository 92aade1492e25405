/* SPDX-License-Identifier: MIT
 *
 * Offers that staff were sent: stored like everything else, with their provenance,
 * and matched at once.
 */
#include "daemon/daemon.h"

#define CALL_HYPHENS   2   /* a call id has so many at least */
#define CALL_BYTES_MAX 100 /* and is no longer than this */

static enum err store_offer(struct app *app, struct arena *a, const struct opportunity *o, enum seen *seen,
	int64_t *id, struct error *e)
{
	int64_t now = clock_now(), hits;
	enum err rc;
	if (*id > 0) {
		*seen = SEEN_CHANGED;
		rc = store_opportunity_edit(app->store, o, now, e);
	} else {
		rc = store_take_in(app->store, a, o, now, seen, id, e);
	}
	return rc == ERR_OK ? match_in_transaction(app, &hits, e) : rc;
}

static bool id_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '_';
}

/* The first stored call id that stands in a text: words such as HORIZON-HLTH-2027-01. */
static enum err call_in(struct app *app, struct str text, struct str *out, struct error *e)
{
	enum err rc = ERR_OK;
	for (size_t i = 0, n; rc == ERR_OK && out->n == 0 && i < text.n; i += n + 1) {
		bool known = false;
		size_t hyphens = 0;
		for (n = 0; i + n < text.n && id_char(text.p[i + n]); n++)
			hyphens += text.p[i + n] == '-';
		if (hyphens < CALL_HYPHENS || n > CALL_BYTES_MAX)
			continue;
		rc = store_call_known(app->store, str_sub(text, i, i + n), &known, e);
		if (known)
			*out = str_sub(text, i, i + n);
	}
	return rc;
}

/* An offer that speaks of a call we have is that call, not another one. */
static enum err name_call(struct app *app, struct item *raw, struct error *e)
{
	const struct str texts[] = {raw->title, raw->link, raw->summary, raw->content};
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && raw->call.n == 0 && i < COUNT(texts); i++)
		rc = call_in(app, texts[i], &raw->call, e);
	return rc;
}

enum err offer_add(struct app *app, struct item *raw, enum seen *seen, int64_t *id, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct item_rules rules = {
		.source = STR(OFFER_SOURCE),
		.zone = app->config->settings.zone,
		.closes_at = -1,
		.identity = IDENTITY_CALL,
	};
	struct opportunity o = {0};
	enum err rc = *id == 0 ? name_call(app, raw, e) : ERR_OK;
	if (rc != ERR_OK)
		return rc;
	item_settle(a, &rules, raw);
	rc = opportunity_from_item(a, &rules, raw, &o, e);
	o.id = *id;
	if (rc == ERR_OK)
		rc = store_begin(app->store, e);
	if (rc != ERR_OK)
		return rc;
	rc = store_offer(app, a, &o, seen, id, e);
	if (rc == ERR_OK)
		return store_commit(app->store, e);
	store_rollback(app->store);
	return rc;
}

enum err offer_past(struct app *app, struct arena *a, struct item *raw, struct past_forward *f, bool *added,
	struct error *e)
{
	struct item_rules rules = {
		.source = STR(IMPORT_SOURCE),
		.zone = app->config->settings.zone,
		.closes_at = -1,
		.identity = IDENTITY_CALL,
	};
	struct opportunity o = {0};
	enum seen seen;
	raw->provenance = f->imported;
	item_settle(a, &rules, raw);
	enum err rc = opportunity_from_item(a, &rules, raw, &o, e);
	if (rc == ERR_OK && f->opportunity == 0)
		rc = store_take_in(app->store, a, &o, f->at, &seen, &f->opportunity, e);
	return rc == ERR_OK ? store_past_forward(app->store, f, added, e) : rc;
}
