/* SPDX-License-Identifier: MIT
 *
 * Offers that staff were sent: stored like everything else, with their provenance,
 * and matched at once.
 */
#include "daemon/daemon.h"

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
	item_settle(a, &rules, raw);
	enum err rc = opportunity_from_item(a, &rules, raw, &o, e);
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
