/* SPDX-License-Identifier: MIT
 *
 * A change of a call that the reader knows, and a reminder of a deadline. In: what the
 * store recorded, as model/change.c words it; out: the same in the language of the
 * mail, "14 March 2027 -> 28 March 2027".
 */
#include "render/said.h"
#include "render/scene.h"

#define SIDE_CHARS	160 /* of one side of a change that is text */
#define DEADLINES_SHOWN 6   /* of one side of a change */

/* Both in the words of the mail; empty ones are not given. */
static void set_sides(
	const struct scene *s, struct view *v, const char *label, struct str before, struct str after)
{
	struct view *field = view_append(v, "fields");
	view_set(field, "label", tr(s->l, label));
	view_set(field, "before", before.n > 0 ? before : tr(s->l, N_("not given")));
	view_set(field, "after", after.n > 0 ? after : tr(s->l, N_("not given")));
}

/* As the source has them. */
static void set_text(const struct scene *s, struct view *v, const char *label, const struct field_change *c)
{
	set_sides(s, v, label, show_line(s->a, c->before, SIDE_CHARS), show_line(s->a, c->after, SIDE_CHARS));
}

/* ---- deadlines ----------------------------------------------------------------- */

/* One deadline alone is said with the days left; of several each with its stage. */
static struct str say_deadlines(const struct scene *s, const struct said_deadlines *d, bool left)
{
	struct strv each = {0};
	for (size_t i = 0; i < d->list.n && i < DEADLINES_SHOWN; i++) {
		const struct deadline *one = &d->list.v[i];
		struct str parts[] = {words_date(s->a, s->l, one->date), words_time(s->a, s->l, one)};
		struct strv when = {.v = parts, .n = parts[1].n > 0 ? 2 : 1};
		struct str said =
			left ? words_deadline(s->a, s->l, one, s->d->now) : strv_join(s->a, &when, ", ");
		struct str stage = words_stage(s->a, s->l, one->stage);
		if (stage.n > 0)
			said = str_of(arena_printf(s->a, "%.*s (%.*s)", STRF(said), STRF(stage)));
		*vec_push(s->a, &each) = said;
	}
	return scene_more(s, strv_join(s->a, &each, "; "), d->list.n - each.n);
}

/* The last instant of the list; INT64_MAX for an empty one, which never closes. */
static int64_t last_instant(const struct said_deadlines *d)
{
	return d->list.n == 0 ? INT64_MAX : deadline_instant(&d->list.v[d->list.n - 1]);
}

static const char *deadline_label(
	const struct said_deadlines *before, const struct said_deadlines *after, int64_t now)
{
	int64_t old = last_instant(before), end = last_instant(after);
	if (end < now)
		return N_("Closed early:");
	if (before->list.n != 1 || after->list.n != 1 || old == end)
		return N_("Deadline:");
	return end > old ? N_("More time:") : N_("Less time:");
}

static void set_deadlines(const struct scene *s, struct view *v, const struct said_deadlines *before,
	const struct said_deadlines *after)
{
	set_sides(s, v, deadline_label(before, after, s->d->now), say_deadlines(s, before, false),
		say_deadlines(s, after, true));
}

/* Whether both are of the same stages: then each that moved is told by itself. */
static bool same_stages(const struct said_deadlines *x, const struct said_deadlines *y)
{
	bool same = x->list.n == y->list.n;
	for (size_t i = 0; same && i < x->list.n; i++)
		same = str_eq(x->list.v[i].stage, y->list.v[i].stage);
	return same;
}

static void say_deadline(const struct scene *s, struct view *v, const struct field_change *c)
{
	struct said_deadlines before, after;
	if (!said_deadlines(s->a, c->before, &before) || !said_deadlines(s->a, c->after, &after)) {
		set_text(s, v, N_("Deadline:"), c);
		return;
	}
	if (!same_stages(&before, &after)) {
		set_deadlines(s, v, &before, &after);
		return;
	}
	for (size_t i = 0; i < after.list.n; i++) {
		struct deadline old = before.list.v[i], *new = &after.list.v[i];
		struct said_deadlines was = {{&old, 1, 1}}, is = {{new, 1, 1}};
		old.stage = (struct str){0};
		if (date_cmp(old.date, new->date) != 0 || old.minute != new->minute ||
			!str_eq(old.zone, new->zone))
			set_deadlines(s, v, &was, &is);
	}
}

/* ---- other fields ---------------------------------------------------------------- */

static void say_budget(const struct scene *s, struct view *v, const struct field_change *c)
{
	struct budget before, after;
	if (!said_budget(c->before, &before) || !said_budget(c->after, &after))
		set_text(s, v, N_("Budget:"), c);
	else
		set_sides(s, v, N_("Budget:"), words_budget(s->a, s->l, &before),
			words_budget(s->a, s->l, &after));
}

static void say_title(const struct scene *s, struct view *v, const struct field_change *c)
{
	set_text(s, v, N_("Title:"), c);
}

static void say_eligibility(const struct scene *s, struct view *v, const struct field_change *c)
{
	set_text(s, v, N_("Who may apply:"), c);
}

static void say_withdrawn(const struct scene *s, struct view *v, const struct field_change *c)
{
	(void)c;
	view_set(view_append(v, "fields"), "label", tr(s->l, N_("This call was withdrawn.")));
}

static void say_reopened(const struct scene *s, struct view *v, const struct field_change *c)
{
	(void)c;
	view_set(view_append(v, "fields"), "label", tr(s->l, N_("This call is open again.")));
}

/* In the order of the mail. */
static const struct {
	const char *field;
	void (*say)(const struct scene *s, struct view *v, const struct field_change *c);
} fields[] = {
	{"withdrawn", say_withdrawn},
	{"reopened", say_reopened},
	{"deadline", say_deadline},
	{"budget", say_budget},
	{"title", say_title},
	{"eligibility", say_eligibility},
};

/* Nobody applies any more to a call that was withdrawn or has closed. */
static bool answerable(const struct scene *s, const struct opportunity *o)
{
	return !o->withdrawn && (o->deadlines.n == 0 || opportunity_deadline(o, s->d->now) != NULL);
}

enum err scene_change(const struct scene *s, struct view *v, const struct digest_change *c)
{
	enum err rc = scene_room(s);
	if (rc != ERR_OK)
		return rc;
	bool told = c->opportunity->withdrawn;
	scene_heading(s, v, c->opportunity);
	for (size_t k = 0; k < COUNT(fields); k++)
		for (size_t i = 0; i < c->fields.n; i++) {
			const struct field_change *f = &c->fields.v[i];
			if (!str_eq(f->field, str_of(fields[k].field)))
				continue;
			fields[k].say(s, v, f);
			told = told || str_eq(f->field, STR("deadline"));
		}
	const struct deadline *next = opportunity_deadline(c->opportunity, s->d->now);
	if (!told && next != NULL)
		view_set(v, "deadline", scene_deadline(s, next));
	if (answerable(s, c->opportunity))
		scene_answers(s, v, c->opportunity, c->profile);
	return ERR_OK;
}

enum err scene_reminder(const struct scene *s, struct view *v, const struct digest_reminder *r)
{
	scene_heading(s, v, r->opportunity);
	view_set(v, "deadline", scene_deadline(s, r->deadline));
	scene_answers(s, v, r->opportunity, r->profile);
	return scene_room(s);
}
