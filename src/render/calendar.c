/* SPDX-License-Identifier: MIT
 *
 * The deadlines of a mail as one iCalendar file, built by libical: an event for each
 * deadline of new and changed calls, cancelled when a call was withdrawn or lost that
 * deadline. In: the digest; out: the bytes. A deadline keeps its UID by its place in
 * the call's list, so that a calendar moves the entry instead of adding another.
 */
#include <libical/ical.h>

#include "render/said.h"
#include "render/scene.h"

#define ICS_MAX ((size_t)256 << 10) /* bytes of one file */

struct event {
	const struct opportunity *o;
	const struct deadline *d;
	size_t place; /* in the call's list, from 1 */
	bool cancelled;
};

struct book {
	const struct scene *s;
	icalcomponent *top;
	struct strv zones; /* that the file describes already */
	size_t events;
};

/* ---- zones --------------------------------------------------------------------- */

/* The rules of a zone that are still in force; without any, the latest. */
static bool in_force(icalcomponent *rules, int year)
{
	icalproperty *p = icalcomponent_get_first_property(rules, ICAL_RRULE_PROPERTY);
	if (p == NULL)
		return false;
	struct icaltimetype until = icalproperty_get_rrule(p).until;
	return icaltime_is_null_time(until) || until.year >= year;
}

static icalcomponent *latest_rules(icalcomponent *zone)
{
	icalcomponent *latest = NULL;
	for (icalcomponent *c = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT); c != NULL;
		c = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT))
		if (latest == NULL ||
			icaltime_compare(icalcomponent_get_dtstart(c), icalcomponent_get_dtstart(latest)) > 0)
			latest = c;
	return latest;
}

static bool any_in_force(icalcomponent *zone, int year)
{
	bool any = false;
	for (icalcomponent *c = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT); c != NULL;
		c = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT))
		any = any || in_force(c, year);
	return any;
}

/* A copy without the rules of former times: a century of them is of no use to a
 * calendar that holds next year's deadlines. */
static icalcomponent *present_rules(icalcomponent *zone, int year)
{
	icalcomponent *out = icalcomponent_new(ICAL_VTIMEZONE_COMPONENT), *latest = latest_rules(zone);
	bool any = any_in_force(zone, year);
	for (icalcomponent *c = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT); c != NULL;
		c = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT))
		if (any ? in_force(c, year) : c == latest)
			icalcomponent_add_component(out, icalcomponent_new_clone(c));
	return out;
}

/* False for a zone that libical does not know. */
static bool describe_zone(struct book *b, struct str name)
{
	for (size_t i = 0; i < b->zones.n; i++)
		if (str_eq(b->zones.v[i], name))
			return true;
	icaltimezone *zone = icaltimezone_get_builtin_timezone(str_c(b->s->a, name));
	icalcomponent *rules = zone == NULL ? NULL : icaltimezone_get_component(zone);
	if (rules == NULL)
		return false;
	icalcomponent *copy = present_rules(rules, b->s->today.year);
	/* Not libical's own name for it, which no other program knows. */
	icalcomponent_add_property(copy, icalproperty_new_tzid(str_c(b->s->a, name)));
	icalcomponent_add_component(b->top, copy);
	*vec_push(b->s->a, &b->zones) = name;
	return true;
}

/* ---- events -------------------------------------------------------------------- */

static struct icaltimetype utc_time(int64_t at)
{
	return icaltime_from_timet_with_zone((time_t)at, 0, icaltimezone_get_utc_timezone());
}

static icalproperty *start_of(struct book *b, const struct deadline *d)
{
	struct icaltimetype t = {.year = d->date.year, .month = d->date.month, .day = d->date.day};
	if (d->minute < 0) {
		t.is_date = 1;
		return icalproperty_new_dtstart(t);
	}
	if (str_eq(d->zone, STR("UTC")) || !describe_zone(b, d->zone))
		return icalproperty_new_dtstart(utc_time(deadline_instant(d)));
	t.hour = d->minute / 60;
	t.minute = d->minute % 60;
	icalproperty *p = icalproperty_new_dtstart(t);
	icalproperty_add_parameter(p, icalparameter_new_tzid(str_c(b->s->a, d->zone)));
	return p;
}

/* "Deadline: Cell therapy manufacturing (stage 1)" */
static const char *summary_of(const struct scene *s, const struct event *ev)
{
	struct str title = scene_title(s, ev->o, SHORT_CHARS), stage = words_stage(s->a, s->l, ev->d->stage);
	struct str label = tr(s->l, N_("Deadline:"));
	return arena_printf(
		s->a, stage.n == 0 ? "%.*s %.*s" : "%.*s %.*s (%.*s)", STRF(label), STRF(title), STRF(stage));
}

static const char *uid_of(const struct scene *s, const struct event *ev)
{
	struct str domain, id = ev->o->short_id;
	(void)str_cut(s->f->settings->from.address, '@', &domain);
	if (id.n == 0)
		id = str_of(arena_printf(s->a, "%lld", (long long)ev->o->id));
	id = show_line(s->a, id, NAME_CHARS);
	return arena_printf(s->a, "call-%.*s-%zu@%.*s", STRF(id), ev->place, STRF(domain));
}

static void add_event(struct book *b, const struct event *ev)
{
	const struct scene *s = b->s;
	struct str url = show_link(ev->o->url), call = show_line(s->a, ev->o->call, NAME_CHARS);
	icalcomponent *c = icalcomponent_new(ICAL_VEVENT_COMPONENT);
	icalcomponent_add_property(c, icalproperty_new_uid(uid_of(s, ev)));
	icalcomponent_add_property(c, icalproperty_new_dtstamp(utc_time(s->d->now)));
	icalcomponent_add_property(
		c, icalproperty_new_sequence((int)(ev->o->revision < INT_MAX ? ev->o->revision : INT_MAX)));
	icalcomponent_add_property(c, start_of(b, ev->d));
	icalcomponent_add_property(c, icalproperty_new_summary(summary_of(s, ev)));
	if (call.n > 0)
		icalcomponent_add_property(c, icalproperty_new_description(str_c(s->a, call)));
	if (url.n > 0)
		icalcomponent_add_property(c, icalproperty_new_url(str_c(s->a, url)));
	icalcomponent_add_property(
		c, icalproperty_new_status(ev->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED));
	icalcomponent_add_property(c, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
	icalcomponent_add_component(b->top, c);
	b->events++;
}

static enum err add_call(struct book *b, const struct opportunity *o, bool passed_too)
{
	for (size_t i = 0; i < o->deadlines.n; i++) {
		enum err rc = scene_room(b->s);
		if (rc != ERR_OK)
			return rc;
		const struct deadline *d = &o->deadlines.v[i];
		struct event ev = {o, d, i + 1, o->withdrawn};
		if (passed_too || deadline_instant(d) >= b->s->d->now)
			add_event(b, &ev);
	}
	return ERR_OK;
}

/* Also the deadlines that the call had before and has no more. */
static enum err add_change(struct book *b, const struct digest_change *c)
{
	const struct opportunity *o = c->opportunity;
	enum err rc = add_call(b, o, true);
	for (size_t i = 0; rc == ERR_OK && i < c->fields.n; i++) {
		struct said_deadlines before;
		if (!str_eq(c->fields.v[i].field, STR("deadline")) ||
			!said_deadlines(b->s->a, c->fields.v[i].before, &before))
			continue;
		for (size_t k = o->deadlines.n; k < before.list.n; k++) {
			struct event ev = {o, &before.list.v[k], k + 1, true};
			add_event(b, &ev);
		}
	}
	return rc;
}

static enum err fill(struct book *b)
{
	const struct scene *s = b->s;
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < s->calls; i++)
		rc = add_call(b, s->d->calls.v[i].opportunity, false);
	for (size_t i = 0; rc == ERR_OK && i < s->changes; i++)
		rc = add_change(b, &s->d->changes.v[i]);
	return rc;
}

enum err scene_calendar(const struct scene *s, struct str *out)
{
	struct book b = {.s = s, .top = icalcomponent_new(ICAL_VCALENDAR_COMPONENT)};
	icalcomponent_add_property(b.top, icalproperty_new_prodid("-//Fundwatch//Funding digest//EN"));
	icalcomponent_add_property(b.top, icalproperty_new_version("2.0"));
	icalcomponent_add_property(b.top, icalproperty_new_method(ICAL_METHOD_PUBLISH));
	enum err rc = fill(&b);
	*out = (struct str){0};
	if (rc == ERR_OK && b.events > 0) {
		char *text = icalcomponent_as_ical_string_r(b.top);
		size_t n = text == NULL ? 0 : strlen(text);
		if (n > ICS_MAX || n >= arena_room(s->a))
			rc = err_set(s->e, ERR_LIMIT, "the calendar has more than %zu bytes", ICS_MAX);
		else
			*out = str_dup(s->a, (struct str){text, n});
		icalmemory_free_buffer(text);
	}
	icalcomponent_free(b.top);
	return rc;
}
