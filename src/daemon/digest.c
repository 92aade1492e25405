/* SPDX-License-Identifier: MIT
 *
 * Digests: who is due at this moment, what the database knows for them, one frozen
 * mail each into the outbox. One transaction per recipient (T1): either the mail
 * with all it holds is queued and its slots are served, or nothing happened. Mail
 * that waits too long, or for somebody who left, is taken back first.
 */
#include "daemon/compose.h"
#include "daemon/due.h"

#include "base/log.h"
#include "mail/mail.h"

/* One recipient at work. */
struct serving {
	struct app *app;
	struct arena *a;
	struct due *due; /* all profiles of the address */
	size_t n;
	const struct due *first; /* the first of them that is due */
	struct str address;
	int64_t slot;
	struct candidates main, rest; /* of the profiles that are due, and of the others */
	struct digest_counts *counts;
};

/* ---- what the recipient knows ----------------------------------------------------------- */

/* Stored calls by id, each read once. */
struct calls {
	VEC(const struct opportunity *) list;
};

static enum err call_of(
	struct serving *s, struct calls *known, int64_t id, const struct opportunity **out, struct error *e)
{
	for (size_t i = 0; i < known->list.n; i++)
		if (known->list.v[i]->id == id) {
			*out = known->list.v[i];
			return ERR_OK;
		}
	struct opportunity *o = arena_make(s->a, struct opportunity);
	enum err rc = store_opportunity(s->app->store, s->a, id, o, e);
	if (rc == ERR_OK)
		*vec_push(s->a, &known->list) = *out = o;
	return rc;
}

/* Changes are told once; those that need no line are told by being listed here too. */
static enum err add_changes(
	struct serving *s, struct calls *known, struct digest *d, struct mail *m, struct error *e)
{
	struct untold_changes list;
	VEC(struct update) updates = {0};
	enum err rc = store_untold_changes(s->app->store, s->a, s->address, &list, e);
	for (size_t i = 0; rc == ERR_OK && i < list.list.n; i++) {
		const struct untold_change *c = &list.list.v[i];
		struct update u = {
			.field = c->field, .before = c->before, .after = c->after, .profile = c->profile};
		rc = call_of(s, known, c->opportunity, &u.opportunity, e);
		*vec_push(s->a, &updates) = u;
	}
	if (rc == ERR_OK && updates.n > 0)
		digest_add_changes(s->a, updates.v, updates.n, d);
	for (size_t i = 0; rc == ERR_OK && i < updates.n; i++)
		if (!updates.v[i].waits)
			*vec_push(s->a, &m->changes) = (struct mail_change){
				.opportunity = list.list.v[i].opportunity, .change = list.list.v[i].change};
	return rc;
}

/* The last day of which this mail may remind: the longest step ahead, or the day of the
 * next mail, before which a deadline may pass. */
static struct date last_reminded(const struct settings *set, int64_t now, int64_t next_slot)
{
	int64_t last = date_days(zone_civil(set->zone, now).date), next = next_slot / DAY_SECONDS;
	int64_t most = 0;
	for (size_t i = 0; i < set->reminders.n; i++)
		most = set->reminders.v[i] > most ? set->reminders.v[i] : most;
	last += most;
	return date_from_days((next_slot != INT64_MAX && next > last ? next : last) + 1);
}

/* When the address gets its next mail, by whichever of its profiles. */
static int64_t next_mail(const struct serving *s, int64_t now)
{
	int64_t first = INT64_MAX;
	for (size_t i = 0; i < s->n; i++) {
		int64_t served = s->due[i].now && s->due[i].slot > now ? s->due[i].slot : now;
		int64_t next = schedule_next(&s->due[i].profile->digest, served);
		first = next < first ? next : first;
	}
	return first;
}

static enum err add_reminders(struct serving *s, struct calls *known, struct digest *d, struct error *e)
{
	const struct settings *set = &s->app->config->settings;
	struct date today = zone_civil(set->zone, d->now).date;
	int64_t next_slot = next_mail(s, d->now);
	struct date last = last_reminded(set, d->now, next_slot);
	struct told_deadlines list;
	VEC(struct due_deadline) due = {0};
	enum err rc = store_told_deadlines(s->app->store, s->a, s->address, today, last, &list, e);
	for (size_t i = 0; rc == ERR_OK && i < list.list.n; i++) {
		const struct told_deadline *t = &list.list.v[i];
		const struct opportunity *o = NULL;
		rc = call_of(s, known, t->opportunity, &o, e);
		if (rc == ERR_OK && (size_t)t->position < o->deadlines.n)
			*vec_push(s->a, &due) = (struct due_deadline){
				.opportunity = o,
				.deadline = &o->deadlines.v[t->position],
				.told = t->told,
				.reminded = t->reminded,
				.profile = t->profile,
			};
	}
	if (rc == ERR_OK && due.n > 0)
		digest_add_reminders(s->a, set->reminders.v, set->reminders.n, due.v, due.n, next_slot,
			d);
	return rc;
}

/* ---- new calls ------------------------------------------------------------------------------ */

/* A call that goes out anyway goes for every profile of the address that it suits. */
static void attach_rest(struct serving *s, struct digest *d)
{
	for (size_t i = 0; i < d->calls.n; i++)
		for (size_t k = 0; k < s->rest.list.n; k++) {
			const struct candidate *c = &s->rest.list.v[k];
			if (!c->stopped && c->opportunity->id == d->calls.v[i].opportunity->id)
				*vec_push(s->a, &d->calls.v[i].hits) = c;
		}
}

static enum err read_candidates(struct serving *s, bool all, struct error *e)
{
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < s->n; i++)
		rc = candidates_add(s->app, s->a, s->due[i].profile, s->address,
			all || s->due[i].now ? &s->main : &s->rest, e);
	return rc;
}

static struct digest new_digest(const struct serving *s, enum digest_kind kind)
{
	struct digest d = {
		.kind = kind,
		.to = *s->first->contact,
		.language = s->first->profile->language,
		.now = clock_now(),
		.schedule = &s->first->profile->digest,
	};
	for (size_t i = 0; i < s->n; i++)
		*vec_push(s->a, &d.profiles) = s->due[i].profile->name;
	return d;
}

static enum err queue(struct serving *s, struct digest *d, struct mail *m, struct error *e)
{
	struct compose_frame frame;
	int64_t id;
	enum err rc = compose_frame(s->app, s->a, s->address, false, &frame, e);
	if (rc == ERR_OK)
		rc = compose_mail(s->app, s->a, d, s->slot, &frame, m, e);
	if (rc == ERR_OK)
		rc = store_mail_add(s->app->store, m, &id, e);
	if (rc == ERR_OK) {
		s->counts->mails++;
		s->counts->calls += (int64_t)d->calls.n;
		s->counts->changes += (int64_t)d->changes.n;
		s->counts->reminders += (int64_t)d->reminders.n;
	}
	return rc;
}

static bool wants_empty(const struct serving *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->due[i].now && s->due[i].profile->empty_send)
			return true;
	return false;
}

/* What the mail of this slot holds; *any is false when there is nothing to say. */
static enum err gather(
	struct serving *s, bool again, struct digest *d, struct mail *m, bool *any, struct error *e)
{
	struct waiting_list waiting = {0};
	struct calls known = {0};
	enum err rc = read_candidates(s, again, e);
	if (rc != ERR_OK)
		return rc;
	*d = new_digest(s, DIGEST_REGULAR);
	digest_select(s->a, s->main.list.v, s->main.list.n, d->now, d, &waiting);
	attach_rest(s, d);
	s->counts->waiting += (int64_t)waiting.list.n;
	rc = add_changes(s, &known, d, m, e);
	if (rc == ERR_OK)
		rc = add_reminders(s, &known, d, e);
	*any = d->calls.n + d->changes.n + d->reminders.n > 0 || wants_empty(s);
	return rc;
}

/* ---- one recipient --------------------------------------------------------------------------- */

/* Takes back this recipient's mails that wait: what they held is told anew. */
static enum err take_back_waiting(struct serving *s, bool *any, struct error *e)
{
	struct mails waiting;
	enum err rc = store_mail_waiting(s->app->store, s->a, &waiting, e);
	*any = false;
	for (size_t i = 0; rc == ERR_OK && i < waiting.list.n; i++) {
		bool recalled = false;
		if (!str_eq(waiting.list.v[i].recipient, s->address))
			continue;
		rc = store_mail_recall(s->app->store, waiting.list.v[i].id, false, clock_now(), &recalled, e);
		*any = *any || recalled;
	}
	return rc;
}

/* Calls that the address has by another of its profiles. */
static enum err forward_known(struct serving *s, struct error *e)
{
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < s->n; i++) {
		const struct profile *p = s->due[i].profile;
		struct mail_item who = {.profile = p->id,
			.organisation = p->organisation,
			.org_kind = p->kind,
			.test = p->test};
		rc = store_forward_known(s->app->store, &who, s->address, clock_now(), e);
	}
	return rc;
}

static enum err serve(struct serving *s, struct error *e)
{
	bool taken = false, suppressed = false, again = false;
	enum err rc = store_slot_taken(s->app->store, s->address, MAIL_DIGEST, s->slot, &taken, e);
	if (rc == ERR_OK)
		rc = store_suppressed(s->app->store, s->address, &suppressed, e);
	if (rc == ERR_OK && !taken)
		rc = take_back_waiting(s, &again, e);
	if (rc == ERR_OK)
		rc = forward_known(s, e);
	for (size_t i = 0; rc == ERR_OK && i < s->n; i++)
		if (s->due[i].now)
			rc = due_served(s->app, s->a, &s->due[i], e);
	/* A profile that came to an address after its mail of this period: next time. */
	if (rc != ERR_OK || taken || suppressed)
		return rc;
	struct digest d;
	struct mail m = {0};
	bool any = false;
	rc = gather(s, again, &d, &m, &any, e);
	return rc == ERR_OK && any ? queue(s, &d, &m, e) : rc;
}

/* ---- urgent ------------------------------------------------------------------------------------ */

static int64_t urgent_limit(const struct serving *s)
{
	int64_t most = 0;
	for (size_t i = 0; i < s->n; i++)
		most = s->due[i].profile->urgent_limit > most ? s->due[i].profile->urgent_limit : most;
	return most;
}

static void keep_urgent(struct candidates *c)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->list.n; i++)
		if (c->list.v[i].urgent && !c->list.v[i].stopped)
			c->list.v[kept++] = c->list.v[i];
	c->list.n = kept;
}

static bool has_urgent_rule(const struct serving *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t k = 0; k < s->due[i].profile->rules.n; k++)
			if (s->due[i].profile->rules.v[k].type == RULE_URGENT)
				return true;
	return false;
}

static enum err serve_urgent(struct serving *s, struct error *e)
{
	struct str zone = s->first->profile->digest.zone;
	struct civil day = {.date = zone_civil(zone, clock_now()).date};
	int64_t sent = 0;
	bool suppressed = false;
	enum err rc = store_urgent_count(s->app->store, s->address, zone_instant(zone, day), &sent, e);
	if (rc == ERR_OK)
		rc = store_suppressed(s->app->store, s->address, &suppressed, e);
	if (rc != ERR_OK || suppressed || sent >= urgent_limit(s))
		return rc;
	rc = read_candidates(s, true, e);
	keep_urgent(&s->main);
	if (rc != ERR_OK || s->main.list.n == 0)
		return rc;
	struct digest d = new_digest(s, DIGEST_URGENT);
	struct waiting_list waiting = {0};
	struct mail m = {0};
	digest_select(s->a, s->main.list.v, s->main.list.n, d.now, &d, &waiting);
	s->slot = d.now;
	rc = store_slot_taken(s->app->store, s->address, MAIL_URGENT, s->slot, &suppressed, e);
	return rc != ERR_OK || suppressed ? rc : queue(s, &d, &m, e);
}

/* ---- all ----------------------------------------------------------------------------------------- */

typedef enum err serve_fn(struct serving *s, struct error *e);

/* One transaction. What is wrong with one recipient's mail is logged and stops no
 * other's; only the database stops all. */
static enum err in_transaction(struct serving *s, serve_fn *what, struct error *e)
{
	struct digest_counts before = *s->counts;
	enum err rc = store_begin(s->app->store, e);
	if (rc == ERR_OK)
		rc = what(s, e);
	if (rc == ERR_OK)
		return store_commit(s->app->store, e);
	store_rollback(s->app->store);
	*s->counts = before;
	if (rc == ERR_TEMPORARY || rc == ERR_INTERNAL)
		return rc;
	log_error("no mail for a contact of profile %.*s: %s", STRF(s->first->profile->id), e->text);
	return ERR_OK;
}

/* The slot of the mail: the latest of the profiles that are due. */
static void find_slot(struct serving *s)
{
	for (size_t k = 0; k < s->n; k++) {
		if (!s->due[k].now)
			continue;
		if (s->first == NULL)
			s->first = &s->due[k];
		if (s->due[k].slot > s->slot)
			s->slot = s->due[k].slot;
	}
}

static enum err serve_group(struct app *app, struct dues *all, size_t i, size_t n,
	struct digest_counts *counts, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct serving s = {
		.app = app, .a = a, .due = &all->v[i], .n = n, .counts = counts, .slot = INT64_MIN};
	s.address = s.due[0].contact->address;
	dues_join(s.due, n);
	find_slot(&s);
	if (s.first != NULL) {
		counts->recipients++;
		return in_transaction(&s, serve, e);
	}
	s.first = &s.due[0];
	return has_urgent_rule(&s) ? in_transaction(&s, serve_urgent, e) : ERR_OK;
}

/* Mail that waits for an address which no profile gets digests at any more. */
static enum err take_back_orphans(struct app *app, const struct dues *d, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct mails waiting;
	enum err rc = store_mail_waiting(app->store, a, &waiting, e);
	for (size_t i = 0; rc == ERR_OK && i < waiting.list.n; i++) {
		bool known = false, recalled;
		for (size_t k = 0; k < d->n; k++)
			known = known || str_eq(d->v[k].contact->address, waiting.list.v[i].recipient);
		if (known)
			continue;
		rc = store_begin(app->store, e);
		if (rc == ERR_OK)
			rc = store_mail_recall(
				app->store, waiting.list.v[i].id, true, clock_now(), &recalled, e);
		if (rc == ERR_OK)
			rc = store_commit(app->store, e);
		else
			store_rollback(app->store);
	}
	return rc;
}

enum err digest_due(struct app *app, struct digest_counts *out, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct dues dues = {0};
	*out = (struct digest_counts){0};
	enum err rc = rules_enter_force(app, e);
	if (rc == ERR_OK)
		rc = pauses_settle(app, e);
	if (rc == ERR_OK)
		rc = slots_settle(app, e);
	if (rc == ERR_OK)
		rc = dues_list(app, a, &dues, e);
	if (rc == ERR_OK)
		rc = take_back_orphans(app, &dues, e);
	for (size_t i = 0, n; rc == ERR_OK && i < dues.n; i += n) {
		n = dues_group(&dues, i);
		rc = serve_group(app, &dues, i, n, out, e);
	}
	return rc;
}

/* ---- preview ----------------------------------------------------------------------------------- */

/* The profile as if it were due now, beside the others of its address as they are. */
static enum err as_if_due(struct serving *s, const struct profile *p, struct error *e)
{
	struct due *alone = arena_make(s->a, struct due);
	struct dues all = {0};
	*alone = (struct due){.profile = p, .contact = &p->contacts.v[0], .slot = clock_now(), .now = true};
	s->due = alone; /* also when it gets no digests */
	s->n = 1;
	s->address = alone->contact->address;
	s->slot = INT64_MIN;
	enum err rc = dues_list(s->app, s->a, &all, e);
	for (size_t i = 0, n; rc == ERR_OK && i < all.n; i += n) {
		n = dues_group(&all, i);
		for (size_t k = i; k < i + n; k++)
			if (all.v[k].profile == p && str_eq(all.v[k].contact->address, s->address)) {
				all.v[k].now = true;
				s->due = &all.v[i];
				s->n = n;
			}
	}
	dues_join(s->due, s->n);
	find_slot(s);
	return rc;
}

/* What serve() would do, in a transaction that is taken back. */
static enum err look_ahead(struct serving *s, const struct profile *p, bool test, struct digest *d,
	struct compose_frame *frame, struct preview *out, struct error *e)
{
	struct digest_counts counts = {0};
	struct mail told = {0};
	struct rendered r = {0};
	bool again = false, any = false, suppressed = false;
	s->counts = &counts;
	enum err rc = rules_in_transaction(s->app, e);
	if (rc == ERR_OK)
		rc = as_if_due(s, p, e);
	if (rc == ERR_OK)
		rc = store_suppressed(s->app->store, s->address, &suppressed, e);
	if (rc == ERR_OK)
		rc = take_back_waiting(s, &again, e);
	if (rc == ERR_OK)
		rc = forward_known(s, e);
	if (rc == ERR_OK)
		rc = gather(s, again, d, &told, &any, e);
	out->waiting = (size_t)counts.waiting;
	out->suppressed = suppressed && !test;
	if (rc == ERR_OK)
		rc = compose_frame(s->app, s->a, s->address, test, frame, e);
	if (rc == ERR_OK && any && !out->suppressed)
		rc = render_digest(s->a, d, &frame->render, &r, e);
	out->subject = r.subject;
	out->text = r.text;
	out->html = r.html;
	return rc;
}

static enum err preview(struct app *app, struct arena *a, const struct profile *p, bool test, struct digest *d,
	struct compose_frame *frame, struct preview *out, struct error *e)
{
	struct serving s = {.app = app, .a = a};
	*out = (struct preview){0};
	enum err rc = store_begin(app->store, e);
	if (rc != ERR_OK)
		return rc;
	rc = look_ahead(&s, p, test, d, frame, out, e);
	store_rollback(app->store);
	return rc;
}

enum err digest_preview(
	struct app *app, struct arena *a, const struct profile *p, struct preview *out, struct error *e)
{
	struct digest d;
	struct compose_frame frame;
	return preview(app, a, p, false, &d, &frame, out, e);
}

/* ---- a test copy --------------------------------------------------------------------------------- */

struct one_mail {
	struct delivery delivery;
	bool given;
	enum mail_outcome outcome;
	struct str reply;
	struct arena *a;
};

static bool give(void *ctx, struct delivery *out)
{
	struct one_mail *m = ctx;
	bool more = !m->given;
	m->given = true;
	*out = m->delivery;
	return more;
}

static void ended(void *ctx, const struct delivery *d, enum mail_outcome outcome, struct str reply)
{
	struct one_mail *m = ctx;
	(void)d;
	m->outcome = outcome;
	m->reply = str_dup(m->a, reply);
}

enum err digest_test_copy(struct app *app, struct arena *a, const struct profile *p, struct str to,
	struct preview *out, struct error *e)
{
	struct digest d;
	struct compose_frame frame;
	struct mail m = {0};
	*out = (struct preview){0};
	if (!deliver_allows(&app->config->settings, to))
		return err_set(e, ERR_INPUT, "'deliver' does not allow %.*s; add it: deliver: only %.*s",
			STRF(to), STRF(to));
	enum err rc = preview(app, a, p, true, &d, &frame, out, e);
	if (rc != ERR_OK || out->text.n == 0)
		return rc;
	d.to = (struct contact){.name = d.to.name, .address = to};
	rc = compose_mail(app, a, &d, clock_now(), &frame, &m, e);
	if (rc != ERR_OK)
		return rc;
	struct one_mail one = {.a = a,
		.delivery = {
			.sender = m.sender, .recipient = to, .message_id = m.message_id, .bytes = m.bytes}};
	struct mail_queue queue = {.next = give, .done = ended, .ctx = &one};
	rc = mail_send_all(&app->config->settings.route, &queue, e);
	if (rc == ERR_OK && one.outcome != MAIL_ACCEPTED)
		rc = err_set(e, ERR_TEMPORARY, "%s: %.*s", mail_outcome_name(one.outcome), STRF(one.reply));
	return rc;
}
