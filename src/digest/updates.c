/* SPDX-License-Identifier: MIT
 *
 * What a digest says of calls that its recipient knows: changes and reminders. In:
 * what the store recorded; out: what is worth a line in this mail.
 */
#include "digest/digest.h"

static bool in_calls(const struct digest *d, const struct opportunity *o)
{
	for (size_t i = 0; i < d->calls.n; i++)
		if (d->calls.v[i].opportunity->id == o->id)
			return true;
	return false;
}

/* ---- changes ------------------------------------------------------------------- */

/* "withdrawn" and "reopened" say one thing, whether there is a call at all. */
static bool of_standing(struct str field)
{
	return str_eq(field, STR("withdrawn")) || str_eq(field, STR("reopened"));
}

/* The way goes on to the last state; the opposite of its beginning leads back there. */
static void add_field(struct arena *a, struct digest_change *c, const struct update *u)
{
	for (size_t i = 0; i < c->fields.n; i++) {
		struct field_change *f = &c->fields.v[i];
		bool same = str_eq(f->field, u->field);
		if (same || (of_standing(f->field) && of_standing(u->field))) {
			f->after = same ? u->after : f->before;
			return;
		}
	}
	*vec_push(a, &c->fields) =
		(struct field_change){.field = u->field, .before = u->before, .after = u->after};
}

/* Without the fields that came back to where they were. */
static bool still_different(struct digest_change *c)
{
	size_t kept = 0;
	for (size_t i = 0; i < c->fields.n; i++)
		if (!str_eq(c->fields.v[i].before, c->fields.v[i].after))
			c->fields.v[kept++] = c->fields.v[i];
	c->fields.n = kept;
	return kept > 0;
}

/* Of a call that is over, only what ended it is worth a line: the rest waits until it
 * opens again, perhaps for ever. */
static bool worth_a_line(const struct digest_change *c, int64_t now)
{
	if (c->fields.n == 0 || opportunity_status(c->opportunity, now) != STATUS_CLOSED)
		return true;
	for (size_t i = 0; i < c->fields.n; i++)
		if (of_standing(c->fields.v[i].field) || str_eq(c->fields.v[i].field, STR("deadline")))
			return true;
	return false;
}

static int64_t closes(const struct opportunity *o, int64_t now)
{
	const struct deadline *d = opportunity_deadline(o, now);
	return d == NULL ? INT64_MAX : deadline_instant(d);
}

/* Insertion by deadline: a mail has few changes. */
static void put_change(struct arena *a, struct digest *out, const struct digest_change *c)
{
	(void)vec_push(a, &out->changes);
	size_t at = out->changes.n - 1;
	int64_t when = closes(c->opportunity, out->now);
	while (at > 0 && closes(out->changes.v[at - 1].opportunity, out->now) > when) {
		out->changes.v[at] = out->changes.v[at - 1];
		at--;
	}
	out->changes.v[at] = *c;
}

void digest_add_changes(struct arena *a, struct update *u, size_t n, struct digest *out)
{
	for (size_t i = 0, next; i < n; i = next) {
		struct digest_change c = {.opportunity = u[i].opportunity, .profile = u[i].profile};
		for (next = i; next < n && u[next].opportunity == c.opportunity; next++)
			add_field(a, &c, &u[next]);
		bool different = still_different(&c), told = worth_a_line(&c, out->now);
		for (size_t k = i; k < next; k++)
			u[k].waits = !told;
		if (different && told && !in_calls(out, c.opportunity))
			put_change(a, out, &c);
	}
}

/* ---- reminders ------------------------------------------------------------------ */

static bool in_changes(const struct digest *d, const struct opportunity *o)
{
	for (size_t i = 0; i < d->changes.n; i++)
		if (d->changes.v[i].opportunity->id == o->id)
			return true;
	return false;
}

/* The step that is due, or -1. */
static int64_t due_step(
	const int64_t *steps, size_t n, const struct due_deadline *d, int64_t now, int64_t next_slot)
{
	int64_t left = deadline_days_left(d->deadline, now),
		at_first = deadline_days_left(d->deadline, d->told);
	bool last_chance = deadline_instant(d->deadline) <= next_slot;
	int64_t found = -1;
	if (deadline_instant(d->deadline) <= now)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool due = left <= steps[i] || last_chance;
		bool news = steps[i] < at_first && (d->reminded < 0 || steps[i] < d->reminded);
		if (due && news && (found < 0 || steps[i] < found))
			found = steps[i];
	}
	return found;
}

void digest_add_reminders(struct arena *a, const int64_t *steps, size_t step_count,
	const struct due_deadline *d, size_t n, int64_t next_slot, struct digest *out)
{
	for (size_t i = 0; i < n; i++) {
		if (d[i].opportunity->withdrawn || in_calls(out, d[i].opportunity) ||
			in_changes(out, d[i].opportunity))
			continue;
		int64_t step = due_step(steps, step_count, &d[i], out->now, next_slot);
		if (step >= 0)
			*vec_push(a, &out->reminders) = (struct digest_reminder){
				.opportunity = d[i].opportunity,
				.deadline = d[i].deadline,
				.step = step,
				.profile = d[i].profile,
			};
	}
}
