/* SPDX-License-Identifier: MIT
 *
 * A change of a call that the reader knows, and a reminder of a deadline. In: what the
 * store recorded, as model/change.c words it; out: the same in the language of the
 * mail, "14 March 2027 -> 28 March 2027".
 */
#include "render/said.h"
#include "render/scene.h"

#define SIDE_CHARS 160 /* of one side of a change that is text */

struct sides {
	struct str label, before, after;
};

/* ---- deadlines ----------------------------------------------------------------- */

/* One deadline alone is said with the days left; of several each with its stage. */
static struct str say_deadlines(const struct scene *s, const struct said_deadlines *d, bool left)
{
	struct strv each = {0};
	for (size_t i = 0; i < d->list.n; i++) {
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
	return strv_join(s->a, &each, "; ");
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

static struct sides say_deadline(const struct scene *s, const struct field_change *c)
{
	struct said_deadlines before, after;
	struct sides out = {tr(s->l, N_("Deadline:")), c->before, c->after};
	if (!said_deadlines(s->a, c->before, &before) || !said_deadlines(s->a, c->after, &after))
		return out;
	out.label = tr(s->l, deadline_label(&before, &after, s->d->now));
	out.before = say_deadlines(s, &before, false);
	out.after = say_deadlines(s, &after, true);
	return out;
}

/* ---- other fields ---------------------------------------------------------------- */

static struct sides say_budget(const struct scene *s, const struct field_change *c)
{
	struct budget before, after;
	struct sides out = {tr(s->l, N_("Budget:")), c->before, c->after};
	if (said_budget(c->before, &before) && said_budget(c->after, &after)) {
		out.before = words_budget(s->a, s->l, &before);
		out.after = words_budget(s->a, s->l, &after);
	}
	return out;
}

static struct sides say_title(const struct scene *s, const struct field_change *c)
{
	return (struct sides){tr(s->l, N_("Title:")), c->before, c->after};
}

static struct sides say_eligibility(const struct scene *s, const struct field_change *c)
{
	return (struct sides){tr(s->l, N_("Who may apply:")), c->before, c->after};
}

static struct sides say_withdrawn(const struct scene *s, const struct field_change *c)
{
	(void)c;
	return (struct sides){tr(s->l, N_("This call was withdrawn.")), {0}, {0}};
}

static struct sides say_reopened(const struct scene *s, const struct field_change *c)
{
	(void)c;
	return (struct sides){tr(s->l, N_("This call is open again.")), {0}, {0}};
}

static const struct {
	const char *field;
	struct sides (*say)(const struct scene *s, const struct field_change *c);
	bool sentence; /* the label says it all */
} fields[] = {
	{"withdrawn", say_withdrawn, true},
	{"reopened", say_reopened, true},
	{"deadline", say_deadline, false},
	{"budget", say_budget, false},
	{"title", say_title, false},
	{"eligibility", say_eligibility, false},
};

static void set_field(const struct scene *s, struct view *v, const struct sides *sides, bool sentence)
{
	struct view *field = view_append(v, "fields");
	view_set(field, "label", sides->label);
	if (sentence)
		return;
	struct str before = show_line(s->a, sides->before, SIDE_CHARS),
		   after = show_line(s->a, sides->after, SIDE_CHARS);
	view_set(field, "before", before.n > 0 ? before : tr(s->l, N_("not given")));
	view_set(field, "after", after.n > 0 ? after : tr(s->l, N_("not given")));
}

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
			struct sides sides = fields[k].say(s, f);
			set_field(s, v, &sides, fields[k].sentence);
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
