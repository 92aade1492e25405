/* SPDX-License-Identifier: MIT
 *
 * What a mail says before it is opened: subject, preheader, first heading. In: a
 * digest; out: counts and the nearest deadline in the language of the reader.
 */
#include "render/scene.h"

#define SUBJECT_TITLE_CHARS 60 /* of the one call that a subject names */
#define TITLES_SHOWN	    3  /* in the preheader */

static struct str number(const struct scene *s, size_t n)
{
	return str_of(arena_printf(s->a, "%zu", n));
}

static struct str counted(const struct scene *s, const char *one, const char *many, size_t n)
{
	return FILL(s->a, tr_n(s->l, one, many, (int64_t)n), {"n", number(s, n)});
}

const struct deadline *scene_first_deadline(const struct scene *s)
{
	const struct deadline *first = NULL;
	for (size_t i = 0; i < s->calls; i++) {
		const struct deadline *next = opportunity_deadline(s->d->calls.v[i].opportunity, s->d->now);
		if (next != NULL && (first == NULL || deadline_instant(next) < deadline_instant(first)))
			first = next;
	}
	return first;
}

/* "one closes on 3 December"; empty without a deadline. */
static struct str closing(const struct scene *s)
{
	static const char *const said[2][3] = {
		{N_("it closes today"), N_("it closes tomorrow"), N_("it closes on {date}")},
		{N_("one closes today"), N_("one closes tomorrow"), N_("one closes on {date}")},
	};
	const struct deadline *first = scene_first_deadline(s);
	if (first == NULL)
		return (struct str){0};
	int64_t days = deadline_days_left(first, s->d->now);
	size_t when = days < 1 ? 0 : days < 2 ? 1 : 2;
	return FILL(
		s->a, tr(s->l, said[s->calls > 1][when]), {"date", words_day(s->a, s->l, first, s->d->now)});
}

/* ---- what there is ------------------------------------------------------------- */

static struct str say_calls(const struct scene *s)
{
	struct strv parts = {0};
	*vec_push(s->a, &parts) = counted(s, "{n} new call", "{n} new calls", s->calls);
	struct str next = closing(s);
	if (next.n > 0)
		*vec_push(s->a, &parts) = next;
	return strv_join(s->a, &parts, ", ");
}

static struct str say_changes(const struct scene *s)
{
	if (s->changes > 1)
		return counted(
			s, "{n} call you know has changed", "{n} calls you know have changed", s->changes);
	const struct opportunity *o = s->d->changes.v[0].opportunity;
	return FILL(s->a,
		o->withdrawn ? tr(s->l, N_("Withdrawn: {title}")) : tr(s->l, N_("Changed: {title}")),
		{"title", scene_title(s, o, SUBJECT_TITLE_CHARS)});
}

static struct str say_reminders(const struct scene *s)
{
	const struct digest_reminder *r = &s->d->reminders.v[0];
	struct str left = words_left(s->a, s->l, r->deadline, s->d->now);
	if (s->reminders == 1)
		return FILL(s->a, tr(s->l, N_("Reminder: {title} closes {left}")),
			{"title", scene_title(s, r->opportunity, SUBJECT_TITLE_CHARS)}, {"left", left});
	return FILL(s->a,
		tr_n(s->l, "Reminder: {n} call closes soon, {left}",
			"Reminder: {n} calls close soon, the first {left}", (int64_t)s->reminders),
		{"n", number(s, s->reminders)}, {"left", left});
}

static struct str say_nothing(const struct scene *s)
{
	static const char *const said[] = {
		[EVERY_NEVER] = N_("Nothing new"),
		[EVERY_DAY] = N_("Nothing new today"),
		[EVERY_WEEK] = N_("Nothing new this week"),
		[EVERY_MONTH] = N_("Nothing new this month"),
	};
	return tr(s->l, said[s->d->schedule == NULL ? EVERY_NEVER : s->d->schedule->every]);
}

/* What stands first in the mail. */
static struct str main_thing(const struct scene *s)
{
	if (s->calls > 0)
		return say_calls(s);
	if (s->changes > 0)
		return say_changes(s);
	return s->reminders > 0 ? say_reminders(s) : say_nothing(s);
}

struct str scene_also(const struct scene *s)
{
	struct strv also = {0};
	if (s->calls > 0 && s->changes > 0)
		*vec_push(s->a, &also) = counted(s, "{n} change", "{n} changes", s->changes);
	if (s->calls + s->changes > 0 && s->reminders > 0)
		*vec_push(s->a, &also) = counted(s, "{n} reminder", "{n} reminders", s->reminders);
	return strv_join(s->a, &also, ", ");
}

struct str scene_subject(const struct scene *s)
{
	struct strv parts = {0};
	*vec_push(s->a, &parts) = main_thing(s);
	struct str also = scene_also(s);
	if (also.n > 0)
		*vec_push(s->a, &parts) = also;
	struct str subject = strv_join(s->a, &parts, "; ");
	if (s->d->kind == DIGEST_URGENT)
		subject = FILL(s->a, tr(s->l, N_("Urgent: {subject}")), {"subject", subject});
	return s->f->test ? FILL(s->a, tr(s->l, N_("[Test] {subject}")), {"subject", subject}) : subject;
}

struct str scene_headline(const struct scene *s)
{
	if (s->calls == 0)
		return main_thing(s);
	if (s->names.n != 1)
		return counted(s, "{n} new call", "{n} new calls", s->calls);
	struct str words =
		tr_n(s->l, "{n} new call for {name}", "{n} new calls for {name}", (int64_t)s->calls);
	return FILL(s->a, words, {"n", number(s, s->calls)},
		{"name", show_line(s->a, s->names.v[0], NAME_CHARS)});
}

struct str scene_preheader(const struct scene *s)
{
	struct strv titles = {0};
	for (size_t i = 0; i < s->calls && titles.n < TITLES_SHOWN; i++)
		*vec_push(s->a, &titles) = scene_title(s, s->d->calls.v[i].opportunity, SHORT_CHARS);
	for (size_t i = 0; i < s->changes && titles.n < TITLES_SHOWN; i++)
		*vec_push(s->a, &titles) = scene_title(s, s->d->changes.v[i].opportunity, SHORT_CHARS);
	for (size_t i = 0; i < s->reminders && titles.n < TITLES_SHOWN; i++)
		*vec_push(s->a, &titles) = scene_title(s, s->d->reminders.v[i].opportunity, SHORT_CHARS);
	return show_line(s->a, strv_join(s->a, &titles, "; "), SHORT_CHARS);
}
