/* SPDX-License-Identifier: MIT
 *
 * Digests: who is due at this moment, what the database knows for them, one frozen
 * mail each into the outbox. One transaction per recipient (T1): either the mail
 * with all it holds is queued and its slots are served, or nothing happened.
 */
#include "daemon/candidates.h"

#include "base/file.h"
#include "mail/mail.h"
#include "render/render.h"

#define ID_CHARS 24 /* characters of the hash in a Message-ID */

/* One profile of one address, with the slot it is due for. */
struct due {
	const struct profile *profile;
	const struct contact *contact;
	int64_t slot;
	bool now; /* its slot is not served yet */
};
struct dues {
	struct due *v;
	size_t n, room;
};

/* ---- who ------------------------------------------------------------------------ */

static int by_address(const void *x, const void *y)
{
	const struct due *a = x, *b = y;
	int c = str_cmp(a->contact->address, b->contact->address);
	return c != 0 ? c : str_cmp(a->profile->id, b->profile->id);
}

/* All addresses of all profiles that get digests at all, sorted by address. */
static enum err list_dues(struct app *app, struct arena *a, struct dues *out, struct error *e)
{
	int64_t now = clock_now();
	for (size_t i = 0; i < app->config->profiles.n; i++) {
		const struct profile *p = &app->config->profiles.v[i];
		int64_t slot = schedule_slot(&p->digest, now);
		for (size_t k = 0; p->mode != MODE_MUTE && slot != INT64_MIN && k < p->contacts.n; k++) {
			int64_t served;
			enum err rc = store_served(app->store, p->id, p->contacts.v[k].address, &served, e);
			if (rc != ERR_OK)
				return rc;
			*vec_push(a, out) = (struct due){.profile = p,
				.contact = &p->contacts.v[k],
				.slot = slot,
				.now = served < slot};
		}
	}
	if (out->n > 0)
		qsort(out->v, out->n, sizeof(*out->v), by_address);
	return ERR_OK;
}

/* ---- the mail --------------------------------------------------------------------- */

static struct str domain_of(struct str address)
{
	struct str rest;
	(void)str_cut(address, '@', &rest);
	return rest;
}

/* The same recipient and slot always give the same id, so that a run which a crash
 * cut off before T1 makes the same mail again. */
static struct str message_id(struct arena *a, const struct settings *s, struct str recipient, int64_t slot)
{
	struct str when = str_of(arena_printf(a, " %lld", (long long)slot));
	struct str parts[] = {s->from.address, STR(" "), recipient, when};
	struct str hash = str_sub(sha256_hex(a, parts, COUNT(parts)), 0, ID_CHARS);
	return str_of(arena_printf(a, "d.%.*s@%.*s", STRF(hash), STRF(domain_of(s->from.address))));
}

static struct render_frame frame_of(const struct app *app, struct arena *a)
{
	const struct settings *s = &app->config->settings;
	return (struct render_frame){
		.settings = s,
		.unsubscribe =
			str_of(arena_printf(a, "mailto:%.*s?subject=unsubscribe", STRF(s->inbound.address))),
	};
}

static enum err build(struct app *app, struct arena *a, const struct digest *d, int64_t slot,
	struct mail *out, struct error *e)
{
	const struct settings *s = &app->config->settings;
	struct str domain = domain_of(s->from.address);
	struct render_frame frame = frame_of(app, a);
	struct rendered r;
	enum err rc = render_digest(a, d, &frame, &r, e);
	if (rc != ERR_OK)
		return rc;
	out->recipient = d->to.address;
	out->slot = slot;
	out->message_id = message_id(a, s, d->to.address, slot);
	out->sender = s->from.address;
	out->subject = r.subject;
	out->created = d->now;
	out->rules = app->config->hash;
	struct mail_out m = {
		.from = s->from,
		.reply_to = s->reply_to,
		.to = d->to,
		.subject = r.subject,
		.text = r.text,
		.html = r.html,
		.message_id = out->message_id,
		.date = d->now,
		.list_id = str_of(
			arena_printf(a, "%.*s funding digest <digest.%.*s>", STRF(s->name), STRF(domain))),
		.list_unsubscribe = str_of(arena_printf(a, "<%.*s>", STRF(frame.unsubscribe))),
		.feedback_id =
			str_of(arena_printf(a, "%lld:digest:%.*s:fundwatch", (long long)slot, STRF(domain))),
	};
	return mail_build(a, &m, &out->bytes, e);
}

static void list_items(struct arena *a, const struct digest *d, struct mail *out)
{
	for (size_t i = 0; i < d->calls.n; i++)
		for (size_t k = 0; k < d->calls.v[i].hits.n; k++) {
			const struct candidate *c = d->calls.v[i].hits.v[k];
			*vec_push(a, &out->items) = (struct mail_item){
				.opportunity = c->opportunity->id,
				.profile = c->profile->id,
				.organisation = c->profile->organisation,
				.org_kind = c->profile->kind,
				.test = c->profile->test,
			};
		}
}

/* Selects and, unless there is nothing to say, queues. */
static enum err queue_mail(struct app *app, struct arena *a, const struct contact *to, struct str language,
	int64_t slot, const struct candidates *c, struct digest_counts *counts, struct error *e)
{
	struct digest d = {0};
	struct waiting_list waiting = {0};
	struct mail m = {0};
	int64_t id;
	bool suppressed;
	digest_select(a, c->list.v, c->list.n, clock_now(), &d, &waiting);
	counts->waiting += (int64_t)waiting.list.n;
	enum err rc = store_suppressed(app->store, to->address, &suppressed, e);
	if (rc != ERR_OK || suppressed || d.calls.n == 0)
		return rc;
	d.to = *to;
	d.language = language;
	rc = build(app, a, &d, slot, &m, e);
	if (rc != ERR_OK)
		return rc;
	list_items(a, &d, &m);
	counts->mails++;
	counts->calls += (int64_t)d.calls.n;
	return store_mail_add(app->store, &m, &id, e);
}

/* All profiles of one address, `n` of them; those with `now` are due. What an older
 * mail that never left held is told anew, together with the profiles it was for. */
static enum err serve(struct app *app, struct arena *a, const struct due *due, size_t n,
	struct digest_counts *counts, struct error *e)
{
	struct candidates c = {0};
	int64_t slot = INT64_MIN, superseded = 0;
	bool taken = false;
	for (size_t i = 0; i < n; i++)
		if (due[i].now && due[i].slot > slot)
			slot = due[i].slot;
	const struct contact *to = due[0].contact;
	enum err rc = store_slot_taken(app->store, to->address, slot, &taken, e);
	if (rc == ERR_OK && !taken)
		rc = store_mail_supersede(app->store, to->address, clock_now(), &superseded, e);
	for (size_t i = 0; rc == ERR_OK && i < n; i++) {
		if (due[i].now || superseded > 0)
			rc = candidates_add(app, a, due[i].profile, to->address, &c, e);
		if (rc == ERR_OK && due[i].now)
			rc = store_set_served(app->store, due[i].profile->id, to->address, due[i].slot, e);
	}
	/* A profile that came to an address after its mail of this period: next time. */
	if (rc == ERR_OK && !taken)
		rc = queue_mail(app, a, to, due[0].profile->language, slot, &c, counts, e);
	return rc;
}

static enum err serve_recipient(
	struct app *app, const struct due *due, size_t n, struct digest_counts *counts, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct digest_counts before = *counts;
	counts->recipients++;
	enum err rc = store_begin(app->store, e);
	if (rc == ERR_OK)
		rc = serve(app, a, due, n, counts, e);
	if (rc == ERR_OK)
		return store_commit(app->store, e);
	store_rollback(app->store);
	*counts = before;
	return rc;
}

enum err digest_due(struct app *app, struct digest_counts *out, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct dues dues = {0};
	*out = (struct digest_counts){0};
	enum err rc = rules_enter_force(app, e);
	if (rc == ERR_OK)
		rc = list_dues(app, a, &dues, e);
	for (size_t i = 0, n; rc == ERR_OK && i < dues.n; i += n) {
		const struct due *first = &dues.v[i];
		bool any = false;
		for (n = 0; i + n < dues.n && str_eq(first[n].contact->address, first->contact->address); n++)
			any = any || first[n].now;
		if (any)
			rc = serve_recipient(app, first, n, out, e);
	}
	return rc;
}

enum err digest_preview(
	struct app *app, struct arena *a, const struct profile *p, struct preview *out, struct error *e)
{
	struct candidates c = {0};
	struct digest d = {0};
	struct waiting_list waiting = {0};
	*out = (struct preview){0};
	enum err rc = candidates_add(app, a, p, p->contacts.v[0].address, &c, e);
	if (rc != ERR_OK)
		return rc;
	digest_select(a, c.list.v, c.list.n, clock_now(), &d, &waiting);
	out->calls = d.calls.n;
	out->waiting = waiting.list.n;
	if (d.calls.n == 0)
		return ERR_OK;
	d.to = p->contacts.v[0];
	d.language = p->language;
	struct render_frame frame = frame_of(app, a);
	struct rendered r;
	rc = render_digest(a, &d, &frame, &r, e);
	if (rc != ERR_OK)
		return rc;
	out->subject = r.subject;
	out->text = r.text;
	out->html = r.html;
	return ERR_OK;
}
