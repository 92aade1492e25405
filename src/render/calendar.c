/* SPDX-License-Identifier: MIT
 *
 * The deadlines of a mail as one iCalendar file: an event for each deadline of new and
 * changed calls, cancelled when a call was withdrawn or lost that deadline, and for each
 * that the mail reminds of. In: the digest; out: the bytes. The description of zones is
 * libical's.
 *
 * A calendar knows an entry again by its UID, so that it moves the entry instead of
 * adding another. A deadline has it from the call and the stage. Where several have the
 * same stage, or none, they are counted from the last one back: sources drop what has
 * passed, and what is still to come keeps its number. One that is added behind takes the
 * last number; the mail that tells of it carries all of them, and so puts all in place.
 */
#include <libical/ical.h>

#include "render/ics.h"
#include "render/said.h"
#include "render/scene.h"

#define ICS_MAX	   ((size_t)256 << 10) /* bytes of one file */
#define ICS_BYTES  ((size_t)8 << 10)   /* of most files */
#define ZONES_KEPT 16		       /* descriptions of zones that the process keeps */

struct event {
	const struct opportunity *o;
	const struct deadline *d;
	struct str uid;
	bool cancelled;
};

struct book {
	const struct scene *s;
	struct str made; /* when, as calendars write it */
	struct ics file;
	struct strv zones; /* that the file describes already */
	size_t events;
};

/* The description of a zone as of a year; libical takes longer for one than for all
 * events of a mail. */
struct zone_text {
	char *name, *text; /* text NULL = libical does not know the zone */
	int year;
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

/* The text of a zone, NULL when libical does not know it; the caller frees it. */
static char *zone_text_new(const char *name, int year)
{
	icaltimezone *zone = icaltimezone_get_builtin_timezone(name);
	icalcomponent *rules = zone == NULL ? NULL : icaltimezone_get_component(zone);
	if (rules == NULL)
		return NULL;
	icalcomponent *copy = present_rules(rules, year);
	/* Not libical's own name for it, which no other program knows. */
	icalcomponent_add_property(copy, icalproperty_new_tzid(name));
	char *text = icalcomponent_as_ical_string_r(copy);
	icalcomponent_free(copy);
	return text;
}

static const char *zone_text(const char *name, int year)
{
	static struct zone_text kept[ZONES_KEPT];
	static size_t n; /* ever kept */
	for (size_t i = 0; i < n && i < ZONES_KEPT; i++)
		if (kept[i].year == year && strcmp(kept[i].name, name) == 0)
			return kept[i].text;
	struct zone_text *z = &kept[n++ % ZONES_KEPT];
	free(z->name);
	icalmemory_free_buffer(z->text);
	*z = (struct zone_text){.name = strdup(name), .text = zone_text_new(name, year), .year = year};
	if (z->name == NULL)
		die("out of memory");
	return z->text;
}

/* False for a zone that libical does not know. */
static bool describe_zone(struct book *b, struct str name)
{
	if (strv_has(&b->zones, name))
		return true;
	const char *text = zone_text(str_c(b->s->a, name), b->s->today.year);
	if (text == NULL)
		return false;
	buf_addz(&b->file.text, text);
	*vec_push(b->s->a, &b->zones) = name;
	return true;
}

/* ---- events -------------------------------------------------------------------- */

/* "20261123T070000Z" */
static struct str utc_time(struct arena *a, int64_t at)
{
	struct civil c = zone_civil(STR("UTC"), at);
	return str_of(arena_printf(a, "%04d%02d%02dT%02d%02d%02dZ", c.date.year, c.date.month, c.date.day,
		c.hour, c.minute, c.second));
}

/* The day where no time is known, else the time in its zone, or in UTC where libical does
 * not know the zone. *head is the property's name with what tells them apart. */
static struct str start_of(struct book *b, const struct deadline *d, const char **head)
{
	struct arena *a = b->s->a;
	struct str day = str_of(arena_printf(a, "%04d%02d%02d", d->date.year, d->date.month, d->date.day));
	*head = "DTSTART;VALUE=DATE";
	if (d->minute < 0)
		return day;
	*head = "DTSTART";
	if (str_eq(d->zone, STR("UTC")) || !describe_zone(b, d->zone))
		return utc_time(a, deadline_instant(d));
	*head = arena_printf(a, "DTSTART;TZID=%.*s", STRF(d->zone));
	return str_of(arena_printf(a, "%.*sT%02d%02d00", STRF(day), d->minute / 60, d->minute % 60));
}

/* "Deadline: Cell therapy manufacturing (stage 1)" */
static struct str summary_of(const struct scene *s, const struct event *ev)
{
	struct str title = scene_title(s, ev->o, SHORT_CHARS), stage = words_stage(s->a, s->l, ev->d->stage);
	struct str label = tr(s->l, N_("Deadline:"));
	return str_of(arena_printf(s->a, stage.n == 0 ? "%.*s %.*s" : "%.*s %.*s (%.*s)", STRF(label),
		STRF(title), STRF(stage)));
}

/* ---- identities ---------------------------------------------------------------- */

/* "Stage 1" -> "stage-1" */
static struct str slug(struct arena *a, struct str stage)
{
	char *p = arena_alloc(a, stage.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < stage.n; i++) {
		char c = stage.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			p[n++] = c;
		else if (n > 0 && p[n - 1] != '-')
			p[n++] = '-';
	}
	return (struct str){p, n > 0 && p[n - 1] == '-' ? n - 1 : n};
}

/* "call-k3f9", "call-k3f9-stage-1", "call-k3f9.2": the last but one without a stage. */
static struct str uid_of(
	const struct scene *s, const struct opportunity *o, const struct deadline *list, size_t n, size_t i)
{
	struct str domain, id = o->short_id, stage = slug(s->a, show_line(s->a, list[i].stage, NAME_CHARS));
	size_t rank = 1;
	for (size_t k = i + 1; k < n; k++)
		rank += str_eq(stage, slug(s->a, show_line(s->a, list[k].stage, NAME_CHARS)));
	(void)str_cut(s->f->settings->from.address, '@', &domain);
	if (id.n == 0)
		id = str_of(arena_printf(s->a, "%lld", (long long)o->id));
	id = show_line(s->a, id, NAME_CHARS);
	const char *number = rank > 1 ? arena_printf(s->a, ".%zu", rank) : "";
	return str_of(arena_printf(s->a, "call-%.*s%s%.*s%s@%.*s", STRF(id), stage.n > 0 ? "-" : "",
		STRF(stage), number, STRF(domain)));
}

/* ---- the file ------------------------------------------------------------------ */

static void add_event(struct book *b, const struct event *ev)
{
	const struct scene *s = b->s;
	struct str url = show_link(ev->o->url), call = show_line(s->a, ev->o->call, NAME_CHARS);
	int sequence = (int)(ev->o->revision < INT_MAX ? ev->o->revision : INT_MAX);
	const char *head;
	struct str start = start_of(b, ev->d, &head); /* may describe a zone, which stands before the event */
	buf_add(&b->file.text, STR("BEGIN:VEVENT\r\n"));
	ics_text(&b->file, "UID", ev->uid);
	ics_line(&b->file, "DTSTAMP", b->made);
	ics_line(&b->file, "SEQUENCE", str_of(arena_printf(s->a, "%d", sequence)));
	ics_line(&b->file, head, start);
	ics_text(&b->file, "SUMMARY", summary_of(s, ev));
	if (call.n > 0)
		ics_text(&b->file, "DESCRIPTION", call);
	if (url.n > 0)
		ics_line(&b->file, "URL", url);
	ics_line(&b->file, "STATUS", ev->cancelled ? STR("CANCELLED") : STR("CONFIRMED"));
	buf_add(&b->file.text, STR("TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"));
	b->events++;
}

static enum err add_call(struct book *b, const struct opportunity *o, bool passed_too)
{
	for (size_t i = 0; i < o->deadlines.n; i++) {
		enum err rc = scene_room(b->s);
		if (rc != ERR_OK)
			return rc;
		const struct deadline *d = &o->deadlines.v[i];
		struct event ev = {o, d, uid_of(b->s, o, o->deadlines.v, o->deadlines.n, i), o->withdrawn};
		if (passed_too || deadline_instant(d) >= b->s->d->now)
			add_event(b, &ev);
	}
	return ERR_OK;
}

static bool has_uid(const struct scene *s, const struct opportunity *o, struct str uid)
{
	for (size_t i = 0; i < o->deadlines.n; i++)
		if (str_eq(uid, uid_of(s, o, o->deadlines.v, o->deadlines.n, i)))
			return true;
	return false;
}

/* Also the deadlines to come that the call had before and has no more. */
static enum err add_change(struct book *b, const struct digest_change *c)
{
	const struct opportunity *o = c->opportunity;
	enum err rc = add_call(b, o, true);
	for (size_t i = 0; rc == ERR_OK && i < c->fields.n; i++) {
		struct said_deadlines before;
		if (!str_eq(c->fields.v[i].field, STR("deadline")) ||
			!said_deadlines(b->s->a, c->fields.v[i].before, &before))
			continue;
		for (size_t k = 0; k < before.list.n; k++) {
			const struct deadline *d = &before.list.v[k];
			struct event ev = {o, d, uid_of(b->s, o, before.list.v, before.list.n, k), true};
			if (deadline_instant(d) >= b->s->d->now && !has_uid(b->s, o, ev.uid))
				add_event(b, &ev);
		}
	}
	return rc;
}

/* The entry that came with the call, once more: it may not have been taken over. */
static enum err add_reminder(struct book *b, const struct digest_reminder *r)
{
	const struct opportunity *o = r->opportunity;
	size_t i = (size_t)(r->deadline - o->deadlines.v);
	struct event ev = {o, r->deadline, uid_of(b->s, o, o->deadlines.v, o->deadlines.n, i), false};
	add_event(b, &ev);
	return scene_room(b->s);
}

static enum err fill(struct book *b)
{
	const struct scene *s = b->s;
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < s->calls; i++)
		rc = add_call(b, s->d->calls.v[i].opportunity, false);
	for (size_t i = 0; rc == ERR_OK && i < s->changes; i++)
		rc = add_change(b, &s->d->changes.v[i]);
	for (size_t i = 0; rc == ERR_OK && i < s->reminders; i++)
		rc = add_reminder(b, &s->d->reminders.v[i]);
	return rc;
}

enum err scene_calendar(const struct scene *s, struct str *out)
{
	struct book b = {
		.s = s, .made = utc_time(s->a, s->d->now), .file = {buf_init(ICS_MAX), buf_init(ICS_MAX)}};
	struct buf *text = &b.file.text;
	buf_reserve(text, ICS_BYTES);
	buf_addz(text, "BEGIN:VCALENDAR\r\nPRODID:-//Fundwatch//Funding digest//EN\r\n"
		       "VERSION:2.0\r\nMETHOD:PUBLISH\r\n");
	enum err rc = fill(&b);
	buf_addz(text, "END:VCALENDAR\r\n");
	*out = (struct str){0};
	if (rc == ERR_OK && (text->failed || text->n >= arena_room(s->a)))
		rc = err_set(s->e, ERR_LIMIT, "the calendar has more than %zu bytes", ICS_MAX);
	if (rc == ERR_OK && b.events > 0)
		*out = buf_take(text, s->a);
	buf_free(text);
	buf_free(&b.file.line);
	return rc;
}
