/* SPDX-License-Identifier: MIT
 *
 * What waits, and why: promise 1 says that everything matched is in a digest, in
 * the review queue, or here.
 */
#include "daemon/candidates.h"

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
	struct outlook o;
	enum err rc = outlook_of(app, a, p, address, &o, e);
	if (rc != ERR_OK)
		return rc;
	struct str next = o.suppressed ? STR(SUPPRESSED_TEXT) : outlook_next(app, a, p);
	for (size_t i = 0; i < o.next.calls.n; i++)
		for (size_t k = 0; k < o.next.calls.v[i].hits.n; k++)
			if (o.next.calls.v[i].hits.v[k]->profile == p)
				add(a, out, o.next.calls.v[i].hits.v[k], address, next);
	for (size_t i = 0; i < o.waiting.list.n; i++)
		if (o.waiting.list.v[i].candidate->profile == p)
			add(a, out, o.waiting.list.v[i].candidate, address,
				outlook_reason(app, a, &o, &o.waiting.list.v[i]));
	return ERR_OK;
}

static enum err in_outbox(struct app *app, struct arena *a, struct pending_list *out, struct error *e)
{
	struct unsents u;
	enum err rc = store_unsent(app->store, a, &u, e);
	for (size_t i = 0; rc == ERR_OK && i < u.list.n; i++) {
		const struct unsent *m = &u.list.v[i];
		struct opportunity o;
		rc = store_opportunity(app->store, a, m->opportunity, &o, e);
		if (rc == ERR_OK)
			*vec_push(a, &out->list) = (struct pending){
				.opportunity = o.id,
				.title = o.title,
				.profile = m->profile,
				.recipient = m->recipient,
				.reason = unsent_text(app, a, m->recipient, m->state, m->reply, m->next_try),
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
