/* SPDX-License-Identifier: MIT
 *
 * A digest -> subject, text part and HTML part. What a digest says is put into one
 * value tree, cleaned on its way in; how it is said stands in the two templates.
 */
#include "base/buf.h"
#include "render/show.h"
#include "render/templates.h"
#include "render/words.h"

#define MAIL_LANGUAGE	"en"		    /* until there are catalogues */
#define GLANCE_MIN	3		    /* calls from which a list of them all comes first */
#define NAME_CHARS	80		    /* of a profile, programme, funder or stage */
#define TITLE_CHARS	250		    /* of a call's title */
#define SHORT_CHARS	90		    /* of a title in the list, of the preheader */
#define WHO_CHARS	160		    /* of the eligibility text */
#define NOTE_CHARS	1000		    /* of staff's note */
#define WORDS_SHOWN	8		    /* found words named of one profile */
#define LABELS_SHOWN	5		    /* rule sets named of one profile */
#define COUNTRIES_SHOWN 12		    /* countries named of one call */
#define NAMES_SHOWN	5		    /* profiles named in the footer */
#define ROOM_MIN	((size_t)256 << 10) /* arena left for what one call or hit needs */

struct scene {
	struct arena *a;
	const struct digest *d;
	const struct render_frame *f;
	struct strv names; /* of the profiles in this mail, each once */
	struct error *e;
};

static const char *const kinds[KIND_COUNT] = {
	[KIND_UNKNOWN] = "",
	[KIND_GRANT] = "Grant",
	[KIND_TENDER] = "Tender",
	[KIND_CASCADE] = "Cascade funding",
	[KIND_EQUITY] = "Equity",
	[KIND_LOAN] = "Loan",
	[KIND_PRIZE] = "Prize",
	[KIND_EVENT] = "Event",
	[KIND_PARTNER] = "Partner search",
	[KIND_PROGRAMME] = "Programme",
	[KIND_TRAINING] = "Training",
	[KIND_NEWS] = "News",
};

static enum err check_room(const struct scene *s)
{
	if (arena_room(s->a) < ROOM_MIN)
		return err_set(s->e, ERR_LIMIT, "the digest has too many calls to be rendered");
	return ERR_OK;
}

/* The first `max` of the list with `sep` between, "and 3 more" behind. */
static struct str join(struct arena *a, const struct strv *list, size_t max, const char *sep)
{
	struct strv shown = {.v = list->v, .n = list->n < max ? list->n : max};
	struct strv clean = {0};
	for (size_t i = 0; i < shown.n; i++)
		*vec_push(a, &clean) = show_line(a, shown.v[i], NAME_CHARS);
	struct str s = strv_join(a, &clean, sep);
	if (list->n <= max)
		return s;
	return str_of(arena_printf(a, "%.*s and %zu more", STRF(s), list->n - max));
}

/* ---- one call ------------------------------------------------------------ */

/* "Grant, Horizon Europe, HORIZON-HLTH-2027-01-TOOL-03, European Commission" */
static struct str origin(struct arena *a, const struct opportunity *o)
{
	const struct str parts[] = {str_of(kinds[o->kind]), o->programme, o->call, o->funder};
	struct strv known = {0};
	for (size_t i = 0; i < COUNT(parts); i++)
		if (parts[i].n > 0 && !strv_has(&known, parts[i]))
			*vec_push(a, &known) = parts[i];
	return join(a, &known, COUNT(parts), ", ");
}

static void set_deadlines(const struct scene *s, struct view *v, const struct opportunity *o)
{
	const struct deadline *next = opportunity_deadline(o, s->d->now);
	struct str deadline = {0}, stage = {0}, brief = STR("No deadline given");
	if (next != NULL) {
		deadline = render_deadline(s->a, next, s->d->now);
		stage = show_line(s->a, next->stage, NAME_CHARS);
		struct str date = render_date(s->a, next->date), left = words_left(s->a, next, s->d->now);
		brief = str_of(arena_printf(s->a, "%.*s, %.*s", STRF(date), STRF(left)));
	}
	view_set(v, "deadline", deadline);
	view_set(v, "stage", stage);
	view_set(v, "brief_deadline", brief);
	for (size_t i = 0; next != NULL && i < o->deadlines.n; i++) {
		const struct deadline *d = &o->deadlines.v[i];
		if (d == next || deadline_instant(d) < deadline_instant(next))
			continue;
		struct view *further = view_append(v, "further");
		view_set(further, "deadline", render_deadline(s->a, d, s->d->now));
		view_set(further, "stage", show_line(s->a, d->stage, NAME_CHARS));
	}
}

/* A source may leave its titles empty; the heading is the link, so there must be one. */
static struct str title(struct arena *a, const struct opportunity *o, size_t max)
{
	struct str shown = show_line(a, o->title, max);
	if (shown.n == 0)
		shown = show_line(a, o->call, max);
	return shown.n > 0 ? shown : STR("Call without a title");
}

static void set_facts(const struct scene *s, struct view *v, const struct opportunity *o)
{
	struct date today = zone_civil(STR("UTC"), s->d->now).date;
	bool opens = date_known(o->opens) && date_cmp(o->opens, today) > 0;
	struct str text = o->summary.n > 0 ? o->summary : o->body;
	bool foreign = o->language.n > 0 && !str_ieq(o->language, STR(MAIL_LANGUAGE));
	view_set(v, "title", title(s->a, o, TITLE_CHARS));
	view_set(v, "short_title", title(s->a, o, SHORT_CHARS));
	view_set(v, "url", show_link(o->url));
	view_set(v, "language", foreign ? show_line(s->a, o->language, NAME_CHARS) : (struct str){0});
	view_set(v, "origin", origin(s->a, o));
	view_set(v, "opens", opens ? render_date(s->a, o->opens) : (struct str){0});
	view_set(v, "budget", render_budget(s->a, &o->budget));
	view_set(v, "who", show_line(s->a, o->eligibility, WHO_CHARS));
	view_set(v, "countries", join(s->a, &o->countries, COUNTRIES_SHOWN, ", "));
	view_set(v, "summary", show_line(s->a, text, RENDER_SUMMARY_MAX));
}

/* Why it suits this profile. A profile may have filters only. */
static void set_reason(const struct scene *s, struct view *v, const struct candidate *c)
{
	struct str words = join(s->a, &c->words, WORDS_SHOWN, ", ");
	struct str labels = join(s->a, &c->labels, LABELS_SHOWN, ", ");
	if (words.n == 0 && labels.n == 0)
		words = STR("it passes every filter of the profile");
	view_set(v, "words", words);
	view_set(v, "labels", labels);
	view_set(v, "and_labels", words.n > 0 ? labels : (struct str){0});
	view_set(v, "profile", s->names.n > 1 ? show_line(s->a, c->profile->name, NAME_CHARS) : STR("you"));
}

static enum err set_hits(const struct scene *s, struct view *v, const struct digest_call *call)
{
	struct strv notes = {0};
	for (size_t i = 0; i < call->hits.n; i++) {
		enum err err = check_room(s);
		if (err != ERR_OK)
			return err;
		const struct candidate *c = call->hits.v[i];
		set_reason(s, view_append(v, "reasons"), c);
		struct str note = show_line(s->a, c->note, NOTE_CHARS);
		if (note.n > 0 && !strv_has(&notes, note)) {
			*vec_push(s->a, &notes) = note;
			view_set(view_append(v, "notes"), "note", note);
		}
	}
	return ERR_OK;
}

static enum err add_calls(const struct scene *s, struct view *root)
{
	for (size_t i = 0; i < s->d->calls.n; i++) {
		enum err err = check_room(s);
		if (err != ERR_OK)
			return err;
		struct view *v = view_append(root, "calls");
		view_set(v, "number", str_of(arena_printf(s->a, "%zu", i + 1)));
		set_facts(s, v, s->d->calls.v[i].opportunity);
		set_deadlines(s, v, s->d->calls.v[i].opportunity);
		err = set_hits(s, v, &s->d->calls.v[i]);
		if (err != ERR_OK)
			return err;
	}
	return ERR_OK;
}

/* ---- the mail ------------------------------------------------------------ */

static struct strv profile_names(struct arena *a, const struct digest *d)
{
	struct strv names = {0};
	for (size_t i = 0; i < d->calls.n; i++)
		for (size_t j = 0; j < d->calls.v[i].hits.n; j++) {
			struct str name = d->calls.v[i].hits.v[j]->profile->name;
			if (!strv_has(&names, name))
				*vec_push(a, &names) = name;
		}
	return names;
}

/* The deadline of the digest's calls that passes first, or NULL. */
static const struct deadline *first_deadline(const struct digest *d)
{
	const struct deadline *first = NULL;
	for (size_t i = 0; i < d->calls.n; i++) {
		const struct deadline *next = opportunity_deadline(d->calls.v[i].opportunity, d->now);
		if (next != NULL && (first == NULL || deadline_instant(next) < deadline_instant(first)))
			first = next;
	}
	return first;
}

/* "5 new calls for CellTech OÜ"; "for you" when several profiles share the mail. */
static struct str heading(const struct scene *s)
{
	size_t n = s->d->calls.n;
	struct str whom = s->names.n == 1 ? show_line(s->a, s->names.v[0], NAME_CHARS) : STR("you");
	const char *count = n == 0 ? "No" : arena_printf(s->a, "%zu", n);
	return str_of(arena_printf(s->a, "%s new call%s for %.*s", count, n == 1 ? "" : "s", STRF(whom)));
}

/* "the next closes on 3 December"; empty without a deadline. */
static struct str closing(const struct scene *s, const char *one, const char *several)
{
	const struct deadline *first = first_deadline(s->d);
	if (first == NULL)
		return (struct str){0};
	struct str on = words_on(s->a, first, s->d->now);
	return str_of(arena_printf(s->a, "%s closes %.*s", s->d->calls.n == 1 ? one : several, STRF(on)));
}

static struct str subject(const struct scene *s)
{
	struct str head = heading(s), next = closing(s, "it", "the next");
	return str_of(arena_printf(s->a, "%s%.*s%s%.*s", s->f->test ? "[Test] " : "", STRF(head),
		next.n > 0 ? ", " : "", STRF(next)));
}

/* What a list of mails shows behind the subject: the first titles. */
static struct str preheader(const struct scene *s)
{
	struct strv titles = {0};
	for (size_t i = 0; i < s->d->calls.n && i < GLANCE_MIN; i++)
		*vec_push(s->a, &titles) = title(s->a, s->d->calls.v[i].opportunity, SHORT_CHARS);
	return show_line(s->a, strv_join(s->a, &titles, "; "), SHORT_CHARS);
}

static struct str carried(const struct scene *s)
{
	size_t n = s->d->carried_over;
	if (n == 0)
		return (struct str){0};
	return str_of(arena_printf(s->a,
		n == 1 ? "%zu more call waits and comes with the next mail."
		       : "%zu more calls wait and come with the next mail.",
		n));
}

static void set_footer(const struct scene *s, struct view *v, struct str unsubscribe)
{
	const struct settings *set = s->f->settings;
	const struct contact *reply = set->reply_to.address.n > 0 ? &set->reply_to : &set->from;
	struct str name = reply->name.n > 0 ? reply->name : reply->address;
	view_set(v, "to", show_line(s->a, s->d->to.address, NAME_CHARS * 5));
	view_set(v, "profiles", join(s->a, &s->names, NAMES_SHOWN, "; "));
	view_set(v, "reply_name", show_line(s->a, name, NAME_CHARS));
	view_set(v, "reply_address", show_line(s->a, reply->address, NAME_CHARS * 5));
	view_set(v, "unsubscribe", unsubscribe);
	view_set(v, "contact", show_line(s->a, set->contact, NOTE_CHARS));
	view_set(v, "contact_link", show_link(set->contact));
	view_set(v, "address", show_line(s->a, set->address, NOTE_CHARS));
}

static enum err build(const struct scene *s, struct view *v)
{
	struct str unsubscribe = show_link(s->f->unsubscribe);
	if (unsubscribe.n == 0)
		return err_set(s->e, ERR_INTERNAL, "a digest needs a link to unsubscribe");
	struct str next = closing(s, "It", "The next");
	view_set(v, "mail_language", STR(MAIL_LANGUAGE));
	view_set(v, "cluster", show_line(s->a, s->f->settings->name, SHORT_CHARS));
	view_set(v, "heading", heading(s));
	view_set(v, "closing", next.n > 0 ? str_of(arena_printf(s->a, "%.*s.", STRF(next))) : next);
	view_set(v, "preheader", preheader(s));
	view_set(v, "test", s->f->test ? STR("yes") : (struct str){0});
	view_set(v, "glance", s->d->calls.n >= GLANCE_MIN ? STR("yes") : (struct str){0});
	view_set(v, "carried", carried(s));
	set_footer(s, v, unsubscribe);
	return add_calls(s, v);
}

static enum err render_part(
	const struct scene *s, const char *name, const struct view *v, enum escape escape, struct str *out)
{
	size_t i = 0;
	while (i < template_files_count && !str_eq(str_of(template_files[i].name), str_of(name)))
		i++;
	if (i == template_files_count)
		return err_set(s->e, ERR_INTERNAL, "there is no template %s", name);
	struct buf b = buf_init(RENDER_BYTES_MAX);
	struct str text = {template_files[i].text, template_files[i].n};
	enum err err = template_render(text, v, escape, &b, s->e);
	if (err == ERR_OK && arena_room(s->a) < 2 * b.n + ROOM_MIN)
		err = err_set(s->e, ERR_LIMIT, "no room for %zu bytes of text", b.n);
	if (err != ERR_OK) {
		buf_free(&b);
		return err_prefix(s->e, "%s", name);
	}
	*out = buf_take(&b, s->a);
	return ERR_OK;
}

enum err render_digest(struct arena *a, const struct digest *d, const struct render_frame *f,
	struct rendered *out, struct error *e)
{
	struct scene s = {.a = a, .d = d, .f = f, .e = e};
	enum err err = check_room(&s);
	if (err != ERR_OK)
		return err;
	s.names = profile_names(a, d);
	struct view *v = view_new(a);
	struct str text = {0};
	err = build(&s, v);
	if (err == ERR_OK)
		err = render_part(&s, "digest.html.mustache", v, ESCAPE_HTML, &out->html);
	if (err == ERR_OK)
		err = render_part(&s, "digest.txt.mustache", v, ESCAPE_NONE, &text);
	if (err != ERR_OK)
		return err;
	out->subject = subject(&s);
	out->text = show_wrap(a, text, RENDER_TEXT_COLUMNS);
	return ERR_OK;
}
