/* SPDX-License-Identifier: MIT
 *
 * What a load of the rules leaves behind: its outcome for `status`, a mail to staff
 * when it was refused, and which rules are in force from when on, with what that
 * means for profiles that changed their name.
 */
#include "daemon/notice.h"

#include "base/buf.h"
#include "base/log.h"

#define NOTE_ARENA_MAX ((size_t)64 << 20) /* one note and its mails */

/* Keys of what reload_note() keeps. */
static const char key_at[] = "load-at", key_errors[] = "load-errors", key_rules[] = "load-rules";

/* ---- in force --------------------------------------------------------------------- */

enum err rules_in_transaction(struct app *app, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new((size_t)1 << 16);
	const struct config *c = app->config;
	struct str now;
	enum err rc = store_rules_now(app->store, a, &now, e);
	if (rc != ERR_OK || str_eq(now, c->hash))
		return rc;
	for (size_t i = 0; rc == ERR_OK && i < c->profiles.n; i++)
		if (c->profiles.v[i].was.n > 0)
			rc = store_profile_rename(app->store, c->profiles.v[i].was, c->profiles.v[i].id, e);
	return rc == ERR_OK ? store_rules_force(app->store, c->hash, c->rules_text, clock_now(), e) : rc;
}

enum err rules_enter_force(struct app *app, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new((size_t)1 << 16);
	struct str now;
	enum err rc = store_rules_now(app->store, a, &now, e);
	if (rc != ERR_OK || str_eq(now, app->config->hash))
		return rc;
	rc = store_begin(app->store, e);
	if (rc == ERR_OK)
		rc = rules_in_transaction(app, e);
	if (rc == ERR_OK)
		return store_commit(app->store, e);
	store_rollback(app->store);
	return rc;
}

/* ---- the mail to staff --------------------------------------------------------------- */

static struct str faults_text(struct app *app, struct arena *a, struct str list)
{
	struct str before = str_sub(app->config->hash, 0, RULES_SHOWN);
	return str_of(arena_printf(a,
		"Somebody changed the files of %.*s, and they can't be used as they are now.\n"
		"Nothing is lost and nothing stopped: the rules before the change (%.*s) stay in force\n"
		"until the files are right again.\n\n"
		"%.*s\n"
		"To try again: mend the lines above, look at them with 'fundwatch check',\n"
		"then have them loaded with 'systemctl reload fundwatch'.\n"
		"This mail comes once for each set of faults.\n",
		STRF(app->config->settings.name), STRF(before), STRF(list)));
}

/* ---- the note -------------------------------------------------------------------------- */

static enum err set_number(struct app *app, struct arena *a, const char *key, int64_t n, struct error *e)
{
	return store_meta_set(app->store, key, str_of(arena_printf(a, "%lld", (long long)n)), e);
}

static enum err save_note(struct app *app, struct diags *faults, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(NOTE_ARENA_MAX);
	const struct settings *s = &app->config->settings;
	struct str list = faults == NULL ? (struct str){0} : diags_text(a, faults);
	enum err rc = store_begin(app->store, e);
	if (rc != ERR_OK)
		return rc;
	rc = set_number(app, a, key_at, clock_now(), e);
	if (rc == ERR_OK)
		rc = set_number(app, a, key_errors, faults == NULL ? 0 : (int64_t)faults->errors, e);
	if (rc == ERR_OK)
		rc = store_meta_set(app->store, key_rules, app->config->hash, e);
	if (rc == ERR_OK && faults != NULL)
		rc = notice_queue(app, a, &s->staff, list,
			arena_printf(a, "Fundwatch: %zu error%s in the files; the old rules stay in force",
				faults->errors, faults->errors == 1 ? "" : "s"),
			faults_text(app, a, list), e);
	if (rc == ERR_OK)
		return store_commit(app->store, e);
	store_rollback(app->store);
	return rc;
}

void reload_note(struct app *app, struct diags *faults)
{
	struct error e;
	bool opened = app->store == NULL;
	enum err rc = opened ? app_open(app, &e) : ERR_OK;
	if (rc == ERR_OK)
		rc = save_note(app, faults, &e);
	if (rc != ERR_OK)
		log_error("the outcome of the load can't be kept: %s", e.text);
	if (!opened)
		return;
	store_close(app->store);
	app->store = NULL;
}

static enum err get_number(struct app *app, struct arena *a, const char *key, int64_t *out, struct error *e)
{
	struct str text;
	enum err rc = store_meta_get(app->store, a, key, &text, e);
	if (rc != ERR_OK || !str_to_i64(text, 0, INT64_MAX, out))
		*out = 0;
	return rc;
}

enum err reload_last(struct app *app, struct arena *a, struct last_load *out, struct error *e)
{
	*out = (struct last_load){0};
	enum err rc = get_number(app, a, key_at, &out->at, e);
	if (rc == ERR_OK)
		rc = get_number(app, a, key_errors, &out->errors, e);
	if (rc == ERR_OK)
		rc = store_meta_get(app->store, a, key_rules, &out->rules, e);
	out->known = rc == ERR_OK && out->at > 0;
	return rc;
}
