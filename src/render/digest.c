/* SPDX-License-Identifier: MIT
 *
 * A digest -> subject, text part, HTML part, calendar. What a mail says is put into one
 * value tree, cleaned on its way in; how it is said stands in the two templates. A mail
 * that would be too long for mailboxes is made again with fewer calls.
 */
#include "base/buf.h"
#include "render/brand.h"
#include "render/scene.h"
#include "render/templates.h"

#define GLANCE_MIN    3			  /* calls from which a list of them all comes first */
#define CALLS_KEPT    5			  /* new calls that stay before changes are left out */
#define BLOCKS_MAX    150		  /* of one list; the smallest block has 600 bytes */
#define TEXT_CHARS    600		  /* of the cluster's intro and footer */
#define ADDRESS_CHARS 400		  /* of an address */
#define NAMES_SHOWN   5			  /* profiles named in the footer */
#define ROOM_MIN      ((size_t)256 << 10) /* arena left when a part is copied into it */
#define PART_BYTES    ((size_t)64 << 10)  /* that a part may have without more memory being asked for */
#define TEMPLATES_MAX ((size_t)4 << 20)	  /* memory for parsed templates */

/* ---- the frame ------------------------------------------------------------------- */

/* Words that the templates need as they are, by the name they have there. */
static const struct {
	const char *name, *words;
} labels[] = {
	{"l_calls", N_("New calls")},
	{"l_changes", N_("Changes to calls you know")},
	{"l_reminders", N_("Deadlines coming up")},
	{"l_next", N_("Next deadline:")},
	{"l_also", N_("Also in this mail:")},
	{"l_deadline", N_("Deadline:")},
	{"l_none", N_("none given")},
	{"l_then", N_("Then:")},
	{"l_opens", N_("Opens:")},
	{"l_budget", N_("Budget:")},
	{"l_who", N_("Who may apply:")},
	{"l_countries", N_("Countries:")},
	{"l_calendar", N_("The deadlines are attached as a calendar file, calls.ics.")},
	{"l_nothing", N_("We looked, and nothing new suits you. This mail only shows that all is well.")},
	{"l_test", N_("This is a test copy.")},
	{"l_about", N_("About this service")},
	{"l_preferences", N_("Change what you get")},
	{"l_stop", N_("Stop these mails")},
};

static struct strv profile_names(struct arena *a, const struct digest *d)
{
	struct strv names = {0};
	for (size_t i = 0; i < d->profiles.n; i++)
		if (!strv_has(&names, d->profiles.v[i]))
			*vec_push(a, &names) = d->profiles.v[i];
	for (size_t i = 0; i < d->calls.n; i++)
		for (size_t j = 0; j < d->calls.v[i].hits.n; j++) {
			struct str name = d->calls.v[i].hits.v[j]->profile->name;
			if (!strv_has(&names, name))
				*vec_push(a, &names) = name;
		}
	return names;
}

static struct str carried(const struct scene *s)
{
	size_t n = s->d->carried_over + (s->d->calls.n - s->calls) + (s->d->changes.n - s->changes) +
		   (s->d->reminders.n - s->reminders);
	if (n == 0)
		return (struct str){0};
	return FILL(s->a,
		tr_n(s->l, "{n} more call waits and comes with the next mail.",
			"{n} more calls wait and come with the next mail.", (int64_t)n),
		{"n", str_of(arena_printf(s->a, "%zu", n))});
}

static void set_brand(const struct scene *s, struct view *v)
{
	const struct settings *set = s->f->settings;
	struct str logo = show_link(set->logo);
	view_set(v, "colour", brand_colour(s->a, set->colour, STR(BRAND_LIGHT)));
	view_set(v, "dark_colour", brand_colour(s->a, set->colour, STR(BRAND_DARK)));
	view_set(v, "logo", str_istarts(logo, STR("https://")) ? logo : (struct str){0});
	view_set(v, "intro", show_line(s->a, set->intro, TEXT_CHARS));
	view_set(v, "brand_footer", show_line(s->a, set->footer, TEXT_CHARS));
}

static void set_footer(const struct scene *s, struct view *v, struct str unsubscribe)
{
	const struct settings *set = s->f->settings;
	const struct contact *reply = set->reply_to.address.n > 0 ? &set->reply_to : &set->from;
	struct str name = show_line(s->a, reply->name.n > 0 ? reply->name : reply->address, NAME_CHARS);
	struct str cluster = show_line(s->a, set->name, SHORT_CHARS);
	struct str to = show_line(s->a, s->d->to.address, ADDRESS_CHARS);
	struct str profiles = scene_join(s, &s->names, NAMES_SHOWN, "; ");
	view_set(v, "sender",
		FILL(s->a,
			profiles.n > 0
				? tr(s->l,
					  N_("{cluster} sends this mail to {to} as a contact of {profiles}."))
				: tr(s->l, N_("{cluster} sends this mail to {to}.")),
			{"cluster", cluster}, {"to", to}, {"profiles", profiles}));
	view_set(v, "questions",
		FILL(s->a,
			tr(s->l, N_("Questions, or a call does not suit? Reply to this mail: it reaches "
				    "{name}.")),
			{"name", name}));
	view_set(v, "write", FILL(s->a, tr(s->l, N_("Write to {name}")), {"name", name}));
	view_set(v, "note_from", FILL(s->a, tr(s->l, N_("Note from {name}:")), {"name", cluster}));
	view_set(v, "cluster", cluster);
	view_set(v, "reply_address", show_line(s->a, reply->address, ADDRESS_CHARS));
	view_set(v, "unsubscribe", unsubscribe);
	view_set(v, "preferences", show_link(s->f->preferences));
	view_set(v, "contact", show_line(s->a, set->contact, NOTE_CHARS));
	view_set(v, "contact_link", show_link(set->contact));
	view_set(v, "address", show_line(s->a, set->address, NOTE_CHARS));
}

static void set_head(const struct scene *s, struct view *v)
{
	const struct deadline *first = scene_first_deadline(s);
	for (size_t i = 0; i < COUNT(labels); i++)
		view_set(v, labels[i].name, tr(s->l, labels[i].words));
	view_set(v, "mail_language", str_of(s->l->code));
	view_set(v, "heading", scene_headline(s));
	view_set(v, "next", first == NULL ? (struct str){0} : words_deadline(s->a, s->l, first, s->d->now));
	view_set(v, "also", scene_also(s));
	view_set(v, "preheader", scene_preheader(s));
	view_set(v, "test", s->f->test ? STR("yes") : (struct str){0});
	view_set(v, "glance", s->calls >= GLANCE_MIN ? STR("yes") : (struct str){0});
	view_set(v, "carried", carried(s));
	view_set(v, "nothing", s->calls + s->changes + s->reminders == 0 ? STR("yes") : (struct str){0});
}

/* ---- the blocks ------------------------------------------------------------------ */

static enum err set_blocks(const struct scene *s, struct view *v)
{
	const struct digest *d = s->d;
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < s->calls; i++) {
		struct view *call = view_append(v, "calls");
		view_set(call, "number", str_of(arena_printf(s->a, "%zu", i + 1)));
		view_set(v, "any_calls", STR("yes"));
		rc = scene_call(s, call, &d->calls.v[i]);
	}
	for (size_t i = 0; rc == ERR_OK && i < s->changes; i++) {
		view_set(v, "any_changes", STR("yes"));
		rc = scene_change(s, view_append(v, "changes"), &d->changes.v[i]);
	}
	for (size_t i = 0; rc == ERR_OK && i < s->reminders; i++) {
		view_set(v, "any_reminders", STR("yes"));
		rc = scene_reminder(s, view_append(v, "reminders"), &d->reminders.v[i]);
	}
	return rc;
}

/* The parts of a mail; their templates are parsed once and kept by the process. */
static struct template_part {
	const char *name;
	enum escape escape;
	const struct template *parsed;
} html_part = {"digest.html.mustache", ESCAPE_HTML, NULL}, text_part = {"digest.txt.mustache", ESCAPE_NONE, NULL};

static enum err parse_part(struct template_part *part, struct error *e)
{
	static struct arena *kept;
	size_t i = 0;
	if (part->parsed != NULL)
		return ERR_OK;
	while (i < template_files_count && !str_eq(str_of(template_files[i].name), str_of(part->name)))
		i++;
	if (i == template_files_count)
		return err_set(e, ERR_INTERNAL, "there is no template %s", part->name);
	if (kept == NULL)
		kept = arena_new(TEMPLATES_MAX);
	return template_parse(
		kept, (struct str){template_files[i].text, template_files[i].n}, &part->parsed, e);
}

static enum err render_part(const struct scene *s, struct template_part *part, const struct view *v, struct str *out)
{
	struct buf b = buf_init(RENDER_BYTES_MAX);
	buf_reserve(&b, PART_BYTES);
	enum err err = parse_part(part, s->e);
	if (err == ERR_OK)
		err = template_write(part->parsed, v, part->escape, &b, s->e);
	if (err == ERR_OK && arena_room(s->a) < 2 * b.n + ROOM_MIN)
		err = err_set(s->e, ERR_LIMIT, "no room for %zu bytes of text", b.n);
	if (err != ERR_OK) {
		buf_free(&b);
		return err_prefix(s->e, "%s", part->name);
	}
	*out = buf_take(&b, s->a);
	return ERR_OK;
}

/* One mail with what the scene shows; *bytes is the size of its HTML, also when that
 * was too much to be made whole; twice the most where the calendar is too large. */
static enum err build(const struct scene *s, struct rendered *out, size_t *bytes)
{
	struct view *v = view_new(s->a);
	struct str text = {0}, unsubscribe = show_link(s->f->unsubscribe);
	if (unsubscribe.n == 0)
		return err_set(s->e, ERR_INTERNAL, "a digest needs a link to unsubscribe");
	enum err err = scene_calendar(s, &out->calendar);
	if (err == ERR_LIMIT && scene_room(s) == ERR_OK) {
		*bytes = 2 * RENDER_HTML_MAX;
		return ERR_OK;
	}
	if (err == ERR_OK)
		err = set_blocks(s, v);
	if (err != ERR_OK)
		return err;
	set_head(s, v);
	set_brand(s, v);
	set_footer(s, v, unsubscribe);
	view_set(v, "calendar", out->calendar.n > 0 ? STR("yes") : (struct str){0});
	err = render_part(s, &html_part, v, &out->html);
	*bytes = err == ERR_LIMIT ? RENDER_BYTES_MAX : out->html.n;
	if (*bytes > RENDER_HTML_MAX && scene_room(s) == ERR_OK)
		return ERR_OK;
	if (err != ERR_OK)
		return err;
	err = render_part(s, &text_part, v, &text);
	if (err != ERR_OK)
		return err;
	out->subject = scene_subject(s);
	out->text = show_wrap(s->a, text, RENDER_TEXT_COLUMNS);
	return ERR_OK;
}

/* Fewer by about the part that is too much: of new calls but for the first few, then of
 * changes, then of reminders. False when there is nothing left to leave out. */
static bool shorten(struct scene *s, size_t bytes)
{
	size_t *lists[] = {&s->calls, &s->changes, &s->reminders, &s->calls};
	const size_t least[] = {CALLS_KEPT, 0, 0, 0};
	for (size_t i = 0; i < COUNT(lists); i++) {
		if (*lists[i] <= least[i])
			continue;
		size_t fit = *lists[i] * RENDER_HTML_MAX / bytes;
		if (fit >= *lists[i])
			fit = *lists[i] - 1;
		*lists[i] = fit < least[i] ? least[i] : fit;
		return true;
	}
	return false;
}

static size_t at_most(size_t n)
{
	return n < BLOCKS_MAX ? n : BLOCKS_MAX;
}

enum err render_digest(struct arena *a, const struct digest *d, const struct render_frame *f,
	struct rendered *out, struct error *e)
{
	struct scene s = {.a = a,
		.d = d,
		.f = f,
		.l = language_of(d->language),
		.today = zone_civil(f->settings->zone, d->now).date,
		.calls = at_most(d->calls.n),
		.changes = at_most(d->changes.n),
		.reminders = at_most(d->reminders.n),
		.e = e};
	enum err err = scene_room(&s);
	if (err != ERR_OK)
		return err;
	size_t bytes;
	s.names = profile_names(a, d);
	err = build(&s, out, &bytes);
	while (err == ERR_OK && bytes > RENDER_HTML_MAX) {
		if (!shorten(&s, bytes))
			return err_set(e, ERR_LIMIT, "a mail without any call is longer than %zu bytes",
				RENDER_HTML_MAX);
		err = build(&s, out, &bytes);
	}
	out->calls_shown = s.calls;
	out->changes_shown = s.changes;
	out->reminders_shown = s.reminders;
	return err;
}
