/* SPDX-License-Identifier: MIT
 *
 * What `check` can say only with a database: rules held against the stored calls,
 * and profiles that vanished while a new one has their address. In: configuration
 * and rule book; out: warnings. Without a readable database nothing is said.
 */
#include "cli/stored.h"

#define CALL_ARENA_MAX ((size_t)128 << 20) /* one call against all rules */

/* ---- rates ------------------------------------------------------------------------- */

enum err count_rates(struct cli *c, struct rates *r, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(CALL_ARENA_MAX);
	struct ids ids;
	enum err rc = store_opportunities(c->app.store, c->a, &ids, e);
	size_t wanted = rates_wanted(r);
	for (size_t i = 0; rc == ERR_OK && i < ids.list.n && i < wanted; i++) {
		struct opportunity o;
		arena_reset(a);
		rc = store_opportunity(c->app.store, a, ids.list.v[i], &o, e);
		if (rc == ERR_OK)
			rates_count(r, match_document(a, &o));
	}
	return rc;
}

/* ---- vanished profiles -------------------------------------------------------------- */

static bool has_address(const struct profile *p, struct str address)
{
	for (size_t i = 0; i < p->contacts.n; i++)
		if (str_ieq(p->contacts.v[i].address, address))
			return true;
	return false;
}

static bool was_known(const struct known_profiles *k, struct str id)
{
	for (size_t i = 0; i < k->list.n; i++)
		if (str_eq(k->list.v[i].profile, id))
			return true;
	return false;
}

static bool renamed(const struct config *conf, struct str id)
{
	for (size_t i = 0; i < conf->profiles.n; i++)
		if (str_eq(conf->profiles.v[i].was, id))
			return true;
	return false;
}

static void ask_about(
	struct cli *c, const struct known_profiles *k, const struct known_profile *gone, struct diags *d)
{
	for (size_t i = 0; i < c->app.config->profiles.n; i++) {
		const struct profile *p = &c->app.config->profiles.v[i];
		if (p->was.n > 0 || !has_address(p, gone->recipient) || was_known(k, p->id))
			continue;
		diag_add(d, DIAG_WARNING, p->at,
			arena_printf(c->a,
				"then add the line 'was: %.*s': its history goes on, and nothing is "
				"counted twice",
				STRF(gone->profile)),
			"is '%.*s' the former '%.*s', which is gone and had the same address?", STRF(p->id),
			STRF(gone->profile));
	}
}

static enum err ask_about_gone(struct cli *c, struct diags *d, struct error *e)
{
	struct known_profiles k;
	enum err rc = store_known_profiles(c->app.store, c->a, &k, e);
	for (size_t i = 0; rc == ERR_OK && i < k.list.n; i++) {
		const struct known_profile *one = &k.list.v[i];
		if (conf_profile(c->app.config, one->profile) == NULL &&
			!renamed(c->app.config, one->profile))
			ask_about(c, &k, one, d);
	}
	return rc;
}

/* ---- both --------------------------------------------------------------------------- */

void check_stored(struct cli *c, struct diags *d)
{
	struct error e;
	const char *path = str_c(c->a, c->app.config->settings.database);
	if (!file_exists(path))
		return;
	enum err rc = store_open_reading(path, &c->app.store, &e);
	struct rates *r CLEANUP(rates_freep) = rates_new(c->a, c->app.rules);
	if (rc == ERR_OK)
		rc = ask_about_gone(c, d, &e);
	if (rc == ERR_OK)
		rc = count_rates(c, r, &e);
	if (rc == ERR_OK)
		rates_tell(r, d);
	else
		diag_add(d, DIAG_NOTE, (struct place){.file = STR("fundwatch.conf")}, NULL,
			"the rules were not held against the stored calls: %s", e.text);
}
