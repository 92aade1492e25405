/* SPDX-License-Identifier: MIT
 *
 * What waits, and why: promise 1 says that everything matched is in a digest, in
 * the review queue, or here.
 */
#include "daemon/candidates.h"

#include "render/render.h"

static const char *local_time(struct app *app, struct arena *a, int64_t at)
{
	struct civil c = zone_civil(app->config->settings.zone, at);
	return arena_printf(a, "%.*s %02d:%02d", STRF(render_date(a, c.date)), c.hour, c.minute);
}

static struct str next_digest(struct app *app, struct arena *a, const struct profile *p)
{
	int64_t next = schedule_next(&p->digest, clock_now());
	if (p->mode == MODE_MUTE || next == INT64_MAX)
		return STR("this profile gets no digests (digest: off or mode: mute)");
	return str_of(arena_printf(a, "goes with the next digest, %s", local_time(app, a, next)));
}

/* "too close to its deadline: closes in 18 days, the profile asks for 30 or more". */
static struct str late_text(struct arena *a, const char *name, const struct candidate *c)
{
	const struct deadline *d = opportunity_deadline(c->opportunity, clock_now());
	if (d == NULL)
		return str_of(arena_printf(a, "%s: no deadline is known", name));
	return str_of(arena_printf(a, "%s: it closes in %lld days, the profile asks for %lld or more", name,
		(long long)deadline_days_left(d, clock_now()), (long long)c->profile->deadline.min));
}

static struct str reason_text(struct app *app, struct arena *a, const struct waiting *w)
{
	const struct profile *p = w->candidate->profile;
	const char *name = wait_reason_name(w->reason);
	switch (w->reason) {
	case WAIT_EARLY:
		return str_of(arena_printf(a, "%s: counts from %.*s", name, STRF(render_date(a, w->from))));
	case WAIT_LIMIT:
		return str_of(arena_printf(
			a, "%s of %lld; %.*s", name, (long long)p->limit, STRF(next_digest(app, a, p))));
	case WAIT_LATE:
		return late_text(a, name, w->candidate);
	case WAIT_REVIEW:
	case WAIT_CLOSED:
	case WAIT_SCHEDULE:
	case WAIT_DELIVER:
	case WAIT_REASON_COUNT:
		break;
	}
	return str_of(name);
}

static void add(struct arena *a, struct pending_list *out, const struct candidate *c, struct str recipient,
	struct str reason)
{
	*vec_push(a, &out->list) = (struct pending){
		.opportunity = c->opportunity->id,
		.title = c->opportunity->title,
		.profile = c->profile->id,
		.recipient = recipient,
		.reason = reason,
	};
}

static enum err of_recipient(struct app *app, struct arena *a, const struct profile *p, struct str address,
	struct pending_list *out, struct error *e)
{
	struct candidates c = {0};
	struct digest d = {0};
	struct waiting_list waiting = {0};
	enum err rc = candidates_add(app, a, p, address, &c, e);
	if (rc != ERR_OK)
		return rc;
	digest_select(a, c.list.v, c.list.n, clock_now(), &d, &waiting);
	for (size_t i = 0; i < d.calls.n; i++)
		for (size_t k = 0; k < d.calls.v[i].hits.n; k++)
			add(a, out, d.calls.v[i].hits.v[k], address, next_digest(app, a, p));
	for (size_t i = 0; i < waiting.list.n; i++)
		add(a, out, waiting.list.v[i].candidate, address, reason_text(app, a, &waiting.list.v[i]));
	return ERR_OK;
}

static struct str unsent_text(struct app *app, struct arena *a, const struct unsent *u)
{
	if (!str_eq(u->state, STR("queued")))
		return str_of(arena_printf(a, "mail %.*s: %.*s", STRF(u->state), STRF(u->reply)));
	if (!deliver_allows(&app->config->settings, u->recipient))
		return STR("in a queued mail; 'deliver' does not allow this address");
	if (u->reply.n > 0)
		return str_of(arena_printf(a, "in a queued mail, next try %s: %.*s",
			local_time(app, a, u->next_try), STRF(u->reply)));
	return STR("in a queued mail");
}

static enum err in_outbox(struct app *app, struct arena *a, struct pending_list *out, struct error *e)
{
	struct unsents u;
	enum err rc = store_unsent(app->store, a, &u, e);
	for (size_t i = 0; rc == ERR_OK && i < u.list.n; i++) {
		struct opportunity o;
		rc = store_opportunity(app->store, a, u.list.v[i].opportunity, &o, e);
		if (rc == ERR_OK)
			*vec_push(a, &out->list) = (struct pending){
				.opportunity = o.id,
				.title = o.title,
				.profile = u.list.v[i].profile,
				.recipient = u.list.v[i].recipient,
				.reason = unsent_text(app, a, &u.list.v[i]),
			};
	}
	return rc;
}

enum err pending_all(struct app *app, struct arena *a, struct pending_list *out, struct error *e)
{
	*out = (struct pending_list){0};
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < app->config->profiles.n; i++) {
		const struct profile *p = &app->config->profiles.v[i];
		for (size_t k = 0; rc == ERR_OK && k < p->contacts.n; k++)
			rc = of_recipient(app, a, p, p->contacts.v[k].address, out, e);
	}
	return rc == ERR_OK ? in_outbox(app, a, out, e) : rc;
}
