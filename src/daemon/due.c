/* SPDX-License-Identifier: MIT
 *
 * Schedules, pauses and addresses -> who is due.
 */
#include "daemon/due.h"

int64_t pause_end(const struct app *app, const struct profile *p)
{
	struct str zone = p->digest.zone.n > 0 ? p->digest.zone : app->config->settings.zone;
	return date_known(p->pause) ? zone_instant(zone, (struct civil){.date = p->pause}) : 0;
}

static int by_address(const void *x, const void *y)
{
	const struct due *a = x, *b = y;
	int c = str_cmp(a->contact->address, b->contact->address);
	return c != 0 ? c : str_cmp(a->profile->id, b->profile->id);
}

/* Whether a source of the configuration was never asked. */
static enum err first_poll_missing(struct app *app, struct arena *a, bool *out, struct error *e)
{
	enum err rc = ERR_OK;
	*out = false;
	for (size_t i = 0; rc == ERR_OK && i < app->config->recipes.n; i++) {
		struct source_state st;
		rc = store_source(app->store, a, app->config->recipes.v[i].name, &st, e);
		*out = *out ||
		       (rc == ERR_OK && st.last_try == 0 && app->config->recipes.v[i].format != FORMAT_MAIL);
	}
	return rc;
}

/* Tells one schedule from another. */
static struct str schedule_name(struct arena *a, const struct schedule *s)
{
	return str_of(arena_printf(a, "%d %d %d %.*s", (int)s->every, s->day, s->minute, STRF(s->zone)));
}

enum err due_served(struct app *app, struct arena *a, const struct due *d, struct error *e)
{
	struct served now = {.slot = d->slot, .schedule = schedule_name(a, &d->profile->digest)};
	return store_set_served(app->store, d->profile->id, d->contact->address, &now, clock_now(), e);
}

static bool silent(const struct app *app, const struct profile *p)
{
	return p->mode == MODE_MUTE || pause_end(app, p) > clock_now();
}

static bool is_today(const struct schedule *s, int64_t slot)
{
	return slot != INT64_MAX &&
	       date_cmp(zone_civil(s->zone, slot).date, zone_civil(s->zone, clock_now()).date) == 0;
}

static enum err add_contacts(struct app *app, struct arena *a, const struct profile *p, bool wait_for_first,
	struct dues *out, struct error *e)
{
	int64_t slot = schedule_slot(&p->digest, clock_now()), next = schedule_next(&p->digest, clock_now());
	if (slot == INT64_MIN || silent(app, p))
		return ERR_OK;
	for (size_t k = 0; k < p->contacts.n; k++) {
		struct served served;
		enum err rc = store_served(app->store, a, p->id, p->contacts.v[k].address, &served, e);
		if (rc != ERR_OK)
			return rc;
		bool waits = wait_for_first && served.slot == INT64_MIN;
		*vec_push(a, out) = (struct due){
			.profile = p,
			.contact = &p->contacts.v[k],
			.slot = slot,
			/* A slot of the pause is not caught up: the next one is on its day. */
			.now = served.slot < slot && slot >= pause_end(app, p) && !waits,
			.later =
				served.slot < next && !waits && is_today(&p->digest, next) ? next : INT64_MAX,
		};
	}
	return ERR_OK;
}

enum err dues_list(struct app *app, struct arena *a, struct dues *out, struct error *e)
{
	bool wait_for_first = false;
	enum err rc = first_poll_missing(app, a, &wait_for_first, e);
	for (size_t i = 0; rc == ERR_OK && i < app->config->profiles.n; i++)
		rc = add_contacts(app, a, &app->config->profiles.v[i], wait_for_first, out, e);
	if (rc == ERR_OK && out->n > 0)
		qsort(out->v, out->n, sizeof(*out->v), by_address);
	return rc;
}

void dues_join(struct due *v, size_t n)
{
	bool any = false; /* what is caught up of former days takes nobody along */
	for (size_t i = 0; i < n; i++)
		any = any || (v[i].now && is_today(&v[i].profile->digest, v[i].slot));
	for (size_t i = 0; i < n && any; i++)
		if (!v[i].now && v[i].later != INT64_MAX) {
			v[i].slot = v[i].later;
			v[i].now = true;
		}
}

size_t dues_group(const struct dues *d, size_t i)
{
	size_t n = 1;
	while (i + n < d->n && str_eq(d->v[i + n].contact->address, d->v[i].contact->address))
		n++;
	return n;
}

/* ---- pauses -------------------------------------------------------------------------- */

static int64_t stored_end(const struct pauses *p, struct str profile)
{
	for (size_t i = 0; i < p->list.n; i++)
		if (str_eq(p->list.v[i].profile, profile))
			return p->list.v[i].until;
	return 0;
}

enum err pauses_settle(struct app *app, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct pauses stored;
	int64_t now = clock_now();
	enum err rc = store_pauses(app->store, a, now, &stored, e);
	for (size_t i = 0; rc == ERR_OK && i < app->config->profiles.n; i++) {
		const struct profile *p = &app->config->profiles.v[i];
		int64_t is = stored_end(&stored, p->id), until = pause_end(app, p);
		if (until <= now)
			until = 0;
		if (is == until)
			continue;
		rc = store_begin(app->store, e);
		if (rc == ERR_OK)
			rc = store_pause(app->store, p->id, now, until, e);
		if (rc == ERR_OK)
			rc = store_commit(app->store, e);
		else
			store_rollback(app->store);
	}
	return rc;
}

/* ---- slots in silence ------------------------------------------------------------------ */

static enum err pass_over(struct app *app, struct arena *a, const struct profile *p, struct error *e)
{
	enum err rc = ERR_OK;
	for (size_t k = 0; rc == ERR_OK && k < p->contacts.n; k++) {
		struct due d = {.profile = p,
			.contact = &p->contacts.v[k],
			.slot = schedule_slot(&p->digest, clock_now())};
		struct served served;
		rc = store_served(app->store, a, p->id, d.contact->address, &served, e);
		if (rc != ERR_OK)
			return rc;
		bool other = served.slot != INT64_MIN && served.schedule.n > 0 &&
			     !str_eq(served.schedule, schedule_name(a, &p->digest));
		if (d.slot == INT64_MIN) /* `digest: off`: that it is off is all there is to keep */
			d.slot = served.slot;
		if (other || (silent(app, p) && served.slot < d.slot))
			rc = due_served(app, a, &d, e);
	}
	return rc;
}

enum err slots_settle(struct app *app, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	enum err rc = store_begin(app->store, e);
	for (size_t i = 0; rc == ERR_OK && i < app->config->profiles.n; i++)
		rc = pass_over(app, a, &app->config->profiles.v[i], e);
	if (rc == ERR_OK)
		return store_commit(app->store, e);
	store_rollback(app->store);
	return rc;
}
