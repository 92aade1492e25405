/* SPDX-License-Identifier: MIT
 *
 * Delivery: the outbox through the transport. T2 is committed before a mail is
 * handed over, T3 after the relay's answer; between them nothing is held open. What
 * `deliver` does not allow stays queued.
 */
#include "daemon/compose.h"

#include "base/log.h"
#include "base/token.h"
#include "mail/mail.h"

/* Seconds to wait after the 1st, 2nd, ... deferral; the last one repeats. */
static const int64_t backoffs[] = {300, 900, 3600, 4 * 3600, 12 * 3600};

/* After so many deferrals the mail has failed: after a day and three quarters. */
#define ATTEMPTS_MAX 8

/* Times that T3 is tried, each with the store's own patience. */
#define END_TRIES 10

struct sending {
	struct app *app;
	struct arena *a; /* the mail that is under way */
	struct mails ready;
	size_t at;
	struct mail current;
	struct mail_counts *counts;
	struct str key; /* signs the addresses that mails return to; empty when there are none */
	enum err kind; /* of the database */
	struct error error;
};

static const enum mail_end ends[] = {
	[MAIL_ACCEPTED] = MAIL_END_ACCEPTED,
	[MAIL_DEFERRED] = MAIL_END_DEFERRED,
	[MAIL_REJECTED_RECIPIENT] = MAIL_END_FAILED,
	[MAIL_REJECTED_MESSAGE] = MAIL_END_FAILED,
	/* All mails have this sender: it is the relay's settings, not this mail. */
	[MAIL_REJECTED_SENDER] = MAIL_END_DEFERRED,
	[MAIL_NOT_ATTEMPTED] = MAIL_END_UNTRIED,
	[MAIL_UNKNOWN] = MAIL_END_UNKNOWN,
};

static bool resend(const struct app *app)
{
	return app->config->settings.after_crash == AFTER_CRASH_RESEND_ONCE;
}

/* Who said stop after the mail was made gets nothing any more. */
static enum err drop_suppressed(struct sending *s, const struct mail *m, bool *suppressed)
{
	bool recalled;
	enum err rc = store_suppressed(s->app->store, m->recipient, suppressed, &s->error);
	if (rc == ERR_OK && *suppressed)
		rc = store_mail_recall(s->app->store, m->id, false, clock_now(), &recalled, &s->error);
	return rc;
}

/* T2. False when the mail is gone or the database fails. */
static bool claim(struct sending *s, const struct mail *m)
{
	bool claimed = false, suppressed = false;
	arena_reset(s->a);
	s->kind = store_begin(s->app->store, &s->error);
	if (s->kind == ERR_OK)
		s->kind = drop_suppressed(s, m, &suppressed);
	if (s->kind == ERR_OK && !suppressed)
		s->kind = store_mail_claim(s->app->store, s->a, m->id, &claimed, &s->current, &s->error);
	if (s->kind == ERR_OK)
		s->kind = store_commit(s->app->store, &s->error);
	else
		store_rollback(s->app->store);
	return s->kind == ERR_OK && claimed;
}

/* calls+bounce-17-TOKEN@cluster.example: what comes back there tells of mail 17. */
static struct str return_address(const struct sending *s)
{
	struct str domain, local = str_cut(s->app->config->settings.bounces, '@', &domain);
	if (s->key.n == 0)
		return s->current.sender;
	struct str id = str_of(arena_printf(s->a, "%lld", (long long)s->current.id));
	struct str token = token_make(s->a, s->key, "bounce", &id, 1);
	return str_of(arena_printf(
		s->a, "%.*s-%.*s-%.*s@%.*s", STRF(local), STRF(id), STRF(token), STRF(domain)));
}

static bool next_mail(void *ctx, struct delivery *out)
{
	struct sending *s = ctx;
	while (s->kind == ERR_OK && s->at < s->ready.list.n) {
		if (s->app->stop != NULL && *s->app->stop)
			return false;
		const struct mail *m = &s->ready.list.v[s->at++];
		if (!deliver_allows(&s->app->config->settings, m->recipient)) {
			s->counts->not_allowed++;
			continue;
		}
		if (!claim(s, m))
			continue;
		*out = (struct delivery){
			.id = s->current.id,
			.sender = return_address(s),
			.recipient = s->current.recipient,
			.message_id = s->current.message_id,
			.bytes = s->current.bytes,
		};
		return true;
	}
	return false;
}

static void count(struct mail_counts *c, enum mail_end end)
{
	switch (end) {
	case MAIL_END_ACCEPTED:
		c->accepted++;
		break;
	case MAIL_END_DEFERRED:
		c->deferred++;
		break;
	case MAIL_END_FAILED:
		c->failed++;
		break;
	case MAIL_END_UNKNOWN:
		c->unknown++;
		break;
	case MAIL_END_UNTRIED:
		c->untried++;
		break;
	}
}

static int64_t next_try(const struct sending *s, enum mail_end end)
{
	int64_t now = clock_now();
	size_t n = (size_t)(s->current.attempts > 0 ? s->current.attempts - 1 : 0);
	if (end == MAIL_END_DEFERRED)
		return now + backoffs[n < COUNT(backoffs) ? n : COUNT(backoffs) - 1];
	return end == MAIL_END_UNKNOWN ? now + UNKNOWN_WAIT : now;
}

static enum err record_end(struct sending *s, int64_t id, enum mail_end end, struct str reply)
{
	struct app *app = s->app;
	enum err rc = store_begin(app->store, &s->error);
	if (rc == ERR_OK)
		rc = store_mail_end(
			app->store, id, end, reply, next_try(s, end), resend(app), clock_now(), &s->error);
	if (rc == ERR_OK)
		return store_commit(app->store, &s->error);
	store_rollback(app->store);
	return rc;
}

/* T3. A database that is busy for long is asked again: what the relay said must not
 * get lost, or the mail goes twice. */
static void mail_done(void *ctx, const struct delivery *d, enum mail_outcome outcome, struct str reply)
{
	struct sending *s = ctx;
	enum mail_end end = ends[outcome];
	if (end == MAIL_END_DEFERRED && s->current.attempts >= ATTEMPTS_MAX)
		end = MAIL_END_FAILED;
	for (int i = 0; i < END_TRIES; i++) {
		s->kind = record_end(s, d->id, end, reply);
		if (s->kind != ERR_TEMPORARY)
			break;
	}
	count(s->counts, end);
	if (end != MAIL_END_ACCEPTED)
		log_warn("mail %lld: %s: %.*s", (long long)d->id, mail_outcome_name(outcome), STRF(reply));
}

static enum err recover(struct app *app, struct error *e)
{
	int64_t found = 0;
	if (app->recovered)
		return ERR_OK;
	enum err rc = store_begin(app->store, e);
	if (rc == ERR_OK)
		rc = store_mail_recover(app->store, resend(app), clock_now(), &found, e);
	if (rc == ERR_OK)
		rc = store_commit(app->store, e);
	else
		store_rollback(app->store);
	app->recovered = rc == ERR_OK;
	if (rc == ERR_OK && found > 0)
		log_warn("%lld mail%s of unknown fate after a crash: %s", (long long)found,
			found == 1 ? "" : "s",
			resend(app) ? "sent once more, identical; it may arrive twice"
				    : "held, see 'outbox'");
	return rc;
}

enum err deliver(struct app *app, struct mail_counts *out, struct error *e)
{
	struct arena *list CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct arena *one CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	*out = (struct mail_counts){0};
	struct sending s = {.app = app, .a = one, .counts = out};
	enum err rc = recover(app, e);
	if (rc == ERR_OK)
		rc = store_mail_ready(app->store, list, clock_now(), &s.ready, e);
	if (rc != ERR_OK || s.ready.list.n == 0)
		return rc;
	if (app->config->settings.bounces.n > 0) {
		rc = compose_key(app, list, &s.key, e);
		if (rc != ERR_OK)
			return rc;
	}
	struct mail_queue queue = {.next = next_mail, .done = mail_done, .ctx = &s};
	rc = mail_send_all(&app->config->settings.route, &queue, e);
	if (s.kind != ERR_OK) {
		*e = s.error;
		return s.kind;
	}
	return rc;
}
