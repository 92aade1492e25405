/* SPDX-License-Identifier: MIT
 *
 * Matching: every opportunity that was not yet matched with the rules in force,
 * against every profile; hits go to the database, those of profiles under review
 * as held. Changed rules match everything again: nothing is mailed twice, because
 * mail items are unique, and what staff decided stays decided.
 */
#include "daemon/daemon.h"

static enum hit_state first_state(const struct profile *p)
{
	return p->mode == MODE_REVIEW ? HIT_REVIEW : HIT_OPEN;
}

static enum err save_hit(
	struct app *app, struct arena *a, const struct opportunity *o, const struct hit *hit, struct error *e)
{
	struct stored_hit h = {
		.opportunity = o->id,
		.profile = hit->profile->id,
		.score = hit->score,
		.urgent = hit->urgent,
		.state = first_state(hit->profile),
		.rules = app->config->hash,
		.at = clock_now(),
	};
	for (size_t i = 0; i < hit->reasons.n; i++) {
		const struct reason *r = &hit->reasons.v[i];
		*vec_push(a, &h.reasons) = (struct stored_reason){
			.line = r->line,
			.label = r->label,
			.field = str_of(match_field_name(r->field)),
			.start = (int64_t)r->start,
			.end = (int64_t)r->end,
			.words = r->text,
		};
	}
	return store_hit_save(app->store, &h, e);
}

/* Hits that the rules no longer make. */
static enum err drop_others(
	struct app *app, struct arena *a, int64_t id, const struct hits *found, struct error *e)
{
	struct strv stored, hit = {0};
	enum err rc = store_call_profiles(app->store, a, id, &stored, e);
	for (size_t i = 0; i < found->list.n && stored.n > 0; i++)
		*vec_push(a, &hit) = found->list.v[i].profile->id;
	for (size_t i = 0; rc == ERR_OK && i < stored.n; i++)
		if (!strv_has(&hit, stored.v[i]))
			rc = store_hit_drop(app->store, id, stored.v[i], e);
	return rc;
}

static enum err match_one(struct app *app, struct arena *a, int64_t id, int64_t *hits, struct error *e)
{
	struct opportunity o;
	enum err rc = store_opportunity(app->store, a, id, &o, e);
	if (rc != ERR_OK)
		return rc;
	/* A call that is closed makes no new hits, and keeps those it has, so that `pending`
	 * says what became of it. */
	if (opportunity_status(&o, clock_now()) == STATUS_CLOSED)
		return store_set_matched(app->store, id, app->config->hash, e);
	struct hits found;
	engine_match(app_engine(app), match_document(a, &o), a, &found);
	rc = drop_others(app, a, id, &found, e);
	for (size_t i = 0; rc == ERR_OK && i < found.list.n; i++)
		rc = save_hit(app, a, &o, &found.list.v[i], e);
	*hits += (int64_t)found.list.n;
	return rc == ERR_OK ? store_set_matched(app->store, id, app->config->hash, e) : rc;
}

/* Hits of profiles that are gone: nobody could decide or send them. */
static enum err drop_strangers(struct app *app, struct arena *a, struct error *e)
{
	struct strv profiles;
	enum err rc = store_hit_profiles(app->store, a, &profiles, e);
	for (size_t i = 0; rc == ERR_OK && i < profiles.n; i++)
		if (conf_profile(app->config, profiles.v[i]) == NULL)
			rc = store_hits_drop(app->store, profiles.v[i], e);
	return rc;
}

enum err match_in_transaction(struct app *app, int64_t *hits, struct error *e)
{
	struct arena *list CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct ids todo;
	*hits = 0;
	enum err rc = rules_in_transaction(app, e);
	if (rc == ERR_OK)
		rc = drop_strangers(app, list, e);
	if (rc == ERR_OK)
		rc = store_unmatched(app->store, list, app->config->hash, &todo, e);
	for (size_t i = 0; rc == ERR_OK && i < todo.list.n; i++) {
		arena_reset(a);
		rc = match_one(app, a, todo.list.v[i], hits, e);
	}
	return rc;
}

enum err match_new(struct app *app, int64_t *hits, struct error *e)
{
	enum err rc = store_begin(app->store, e);
	if (rc == ERR_OK)
		rc = match_in_transaction(app, hits, e);
	if (rc == ERR_OK)
		return store_commit(app->store, e);
	store_rollback(app->store);
	return rc;
}
