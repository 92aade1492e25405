/* SPDX-License-Identifier: MIT
 *
 * Notices: what staff and admins must know although nobody asked.
 */
#include "daemon/notice.h"

#include "base/file.h"
#include "mail/mail.h"

#define SLOT_DIGITS 15 /* hex digits of a hash that make a number of their own */
#define ID_CHARS    24 /* characters of the hash in a Message-ID */

/* A number from hex digits, for a mail that no schedule asked for. */
static int64_t slot_of(struct str hash)
{
	int64_t n = 1;
	for (size_t i = 0; i < hash.n && i < SLOT_DIGITS; i++)
		n = n * 16 + (hash.p[i] <= '9' ? hash.p[i] - '0' : hash.p[i] - 'a' + 10);
	return n;
}

static enum err queue_one(struct app *app, struct arena *a, struct str to, struct str occasion,
	const char *subject, struct str text, struct error *e)
{
	const struct settings *s = &app->config->settings;
	struct str domain, parts[] = {s->from.address, STR(" "), to, STR(" "), occasion};
	struct str hash = sha256_hex(a, parts, COUNT(parts));
	(void)str_cut(s->from.address, '@', &domain);
	struct mail m = {
		.kind = MAIL_STAFF,
		.recipient = to,
		.slot = slot_of(hash),
		.message_id = str_of(
			arena_printf(a, "s.%.*s@%.*s", STRF(str_sub(hash, 0, ID_CHARS)), STRF(domain))),
		.sender = s->from.address,
		.subject = str_of(subject),
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
		.text = text,
		.message_id = m.message_id,
		.date = m.created};
	rc = mail_build(a, &out, &m.bytes, e);
	return rc == ERR_OK ? store_mail_add(app->store, &m, &id, e) : rc;
}

enum err notice_queue(struct app *app, struct arena *a, const struct strv *to, struct str occasion,
	const char *subject, struct str text, struct error *e)
{
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < to->n; i++)
		rc = queue_one(app, a, to->v[i], occasion, subject, text, e);
	return rc;
}

enum err notice_failing(struct app *app, struct arena *a, const struct recipe *r,
	const struct source_state *st, struct error *e)
{
	if (st->failures != NOTICE_AFTER)
		return ERR_OK;
	struct str since = st->last_ok == 0 ? STR("never") : instant_iso(a, st->last_ok);
	struct str occasion = str_of(arena_printf(a, "failing %.*s since %.*s", STRF(r->name), STRF(since)));
	struct str text = str_of(arena_printf(a,
		"The source %.*s (%.*s) could not be read %d times in a row.\n"
		"What it says: %.*s\n"
		"It was read last: %.*s\n\n"
		"Nothing that is stored changed, and no call was closed. Fundwatch goes on trying, at\n"
		"least once a day; 'fundwatch sources' shows the state. If the portal changed its pages,\n"
		"the recipe needs a new look: 'fundwatch poll %.*s' tries it at once.\n"
		"This mail comes once until the source has been read again.\n",
		STRF(r->name), STRF(r->label), NOTICE_AFTER, STRF(st->last_error), STRF(since),
		STRF(r->name)));
	const char *subject = arena_printf(a, "Fundwatch: the source %.*s can't be read", STRF(r->name));
	return notice_queue(app, a, &app->config->settings.admin, occasion, subject, text, e);
}
