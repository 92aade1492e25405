/* SPDX-License-Identifier: MIT
 *
 * What a load of the rules leaves behind: its outcome for `status`, a mail to staff
 * when it was refused, and which rules are in force from when on, with what that
 * means for profiles that changed their name.
 */
#include "daemon/daemon.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"
#include "mail/mail.h"

#define NOTE_ARENA_MAX ((size_t)64 << 20) /* one note and its mails */
#define SLOT_DIGITS    15		  /* hex digits of a hash that make a number of their own */
#define ID_CHARS       24		  /* characters of the hash in a Message-ID */

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

/* A number from hex digits, for a mail that no schedule asked for. */
static int64_t staff_slot(struct str hash)
{
	int64_t n = 1;
	for (size_t i = 0; i < hash.n && i < SLOT_DIGITS; i++)
		n = n * 16 + (hash.p[i] <= '9' ? hash.p[i] - '0' : hash.p[i] - 'a' + 10);
	return n;
}

/* What the list of faults and the address give is told once. */
static enum err queue_one(
	struct app *app, struct arena *a, struct str to, struct str list, size_t errors, struct error *e)
{
	const struct settings *s = &app->config->settings;
	struct str domain, parts[] = {s->from.address, STR(" "), to, STR(" "), list};
	struct str hash = sha256_hex(a, parts, COUNT(parts));
	(void)str_cut(s->from.address, '@', &domain);
	struct mail m = {
		.kind = MAIL_STAFF,
		.recipient = to,
		.slot = staff_slot(hash),
		.message_id = str_of(
			arena_printf(a, "s.%.*s@%.*s", STRF(str_sub(hash, 0, ID_CHARS)), STRF(domain))),
		.sender = s->from.address,
		.subject = str_of(
			arena_printf(a, "Fundwatch: %zu error%s in the files; the old rules stay in force",
				errors, errors == 1 ? "" : "s")),
		.created = clock_now(),
		.rules = app->config->hash,
	};
	bool taken = false, suppressed = false;
	int64_t id;
	enum err rc = store_slot_taken(app->store, to, MAIL_STAFF, m.slot, &taken, e);
	if (rc == ERR_OK)
		rc = store_suppressed(app->store, to, &suppressed, e);
	if (rc != ERR_OK || taken || suppressed)
		return rc;
	struct mail_out out = {.from = s->from,
		.reply_to = s->reply_to,
		.to = {.address = to},
		.subject = m.subject,
		.text = faults_text(app, a, list),
		.message_id = m.message_id,
		.date = m.created};
	rc = mail_build(a, &out, &m.bytes, e);
	return rc == ERR_OK ? store_mail_add(app->store, &m, &id, e) : rc;
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
	for (size_t i = 0; rc == ERR_OK && faults != NULL && i < s->staff.n; i++)
		rc = queue_one(app, a, s->staff.v[i], list, faults->errors, e);
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
