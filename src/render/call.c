/* SPDX-License-Identifier: MIT
 *
 * One new call of a mail: what it is, by when, how much, for whom, why it suits, and
 * the answers. A call goes in, named strings of the value tree come out; everything
 * from outside is cleaned on its way.
 */
#include "render/scene.h"

#define WORDS_SHOWN	8		    /* found words named of one profile */
#define LABELS_SHOWN	5		    /* rule sets named of one profile */
#define COUNTRIES_SHOWN 12		    /* countries named of one call */
#define COUNTRY_CHARS	40		    /* of a country's name */
#define ROOM_MIN	((size_t)256 << 10) /* arena left for what one call or hit needs */

enum err scene_room(const struct scene *s)
{
	if (arena_room(s->a) < ROOM_MIN)
		return err_set(s->e, ERR_LIMIT, "the digest has too many calls to be rendered");
	return ERR_OK;
}

struct str scene_more(const struct scene *s, struct str shown, size_t more)
{
	if (more == 0)
		return shown;
	struct str n = str_of(arena_printf(s->a, "%zu", more));
	return FILL(s->a, tr(s->l, N_("{list} and {n} more")), {"list", shown}, {"n", n});
}

struct str scene_join(const struct scene *s, const struct strv *list, size_t max, const char *sep)
{
	struct strv clean = {0};
	for (size_t i = 0; i < list->n && i < max; i++)
		*vec_push(s->a, &clean) = show_line(s->a, list->v[i], NAME_CHARS);
	return scene_more(s, strv_join(s->a, &clean, sep), list->n - clean.n);
}

struct str scene_title(const struct scene *s, const struct opportunity *o, size_t max)
{
	struct str shown = show_line(s->a, o->title, max);
	if (shown.n == 0)
		shown = show_line(s->a, o->call, max);
	return shown.n > 0 ? shown : tr(s->l, N_("Call without a title"));
}

/* The call's own language, where it is not that of the mail. */
static struct str foreign(const struct scene *s, const struct opportunity *o)
{
	bool own = o->language.n == 0 || str_ieq(o->language, str_of(s->l->code));
	return own ? (struct str){0} : show_line(s->a, o->language, NAME_CHARS);
}

void scene_heading(const struct scene *s, struct view *v, const struct opportunity *o)
{
	view_set(v, "title", scene_title(s, o, TITLE_CHARS));
	view_set(v, "url", show_link(o->url));
	view_set(v, "language", foreign(s, o));
}

struct str scene_deadline(const struct scene *s, const struct deadline *d)
{
	struct str when = words_deadline(s->a, s->l, d, s->d->now), stage = words_stage(s->a, s->l, d->stage);
	return stage.n == 0 ? when : str_of(arena_printf(s->a, "%.*s (%.*s)", STRF(when), STRF(stage)));
}

/* ---- facts ------------------------------------------------------------------- */

/* "Grant, Horizon Europe, HORIZON-HLTH-2027-01-TOOL-03, European Commission" */
static struct str origin(const struct scene *s, const struct opportunity *o)
{
	const struct str parts[] = {words_kind(s->l, o->kind), o->programme, o->call, o->funder};
	struct strv known = {0};
	for (size_t i = 0; i < COUNT(parts); i++)
		if (parts[i].n > 0 && !strv_has(&known, parts[i]))
			*vec_push(s->a, &known) = parts[i];
	return scene_join(s, &known, COUNT(parts), ", ");
}

static struct str countries(const struct scene *s, const struct opportunity *o)
{
	struct strv names = {0};
	for (size_t i = 0; i < o->countries.n; i++)
		*vec_push(s->a, &names) =
			words_country(s->l, show_line(s->a, o->countries.v[i], COUNTRY_CHARS));
	return scene_join(s, &names, COUNTRIES_SHOWN, ", ");
}

static void set_deadlines(const struct scene *s, struct view *v, const struct opportunity *o)
{
	const struct deadline *next = opportunity_deadline(o, s->d->now);
	struct str brief = tr(s->l, N_("No deadline given"));
	if (next != NULL) {
		struct str date = words_date(s->a, s->l, next->date);
		struct str left = words_left(s->a, s->l, next, s->d->now);
		brief = str_of(arena_printf(s->a, "%.*s, %.*s", STRF(date), STRF(left)));
		view_set(v, "deadline", scene_deadline(s, next));
	}
	view_set(v, "brief_deadline", brief);
	for (size_t i = 0; next != NULL && i < o->deadlines.n; i++) {
		const struct deadline *d = &o->deadlines.v[i];
		if (d != next && deadline_instant(d) >= deadline_instant(next))
			view_set(view_append(v, "further"), "deadline", scene_deadline(s, d));
	}
}

static void set_facts(const struct scene *s, struct view *v, const struct opportunity *o)
{
	bool opens = date_known(o->opens) && date_cmp(o->opens, s->today) > 0;
	struct str text = o->summary.n > 0 ? o->summary : o->body;
	view_set(v, "short_title", scene_title(s, o, SHORT_CHARS));
	view_set(v, "origin", origin(s, o));
	view_set(v, "opens", opens ? words_date(s->a, s->l, o->opens) : (struct str){0});
	view_set(v, "budget", words_budget(s->a, s->l, &o->budget));
	view_set(v, "who", show_line(s->a, o->eligibility, WHO_CHARS));
	view_set(v, "countries", countries(s, o));
	view_set(v, "summary", show_line(s->a, text, RENDER_SUMMARY_MAX));
}

/* ---- why --------------------------------------------------------------------- */

/* Why it suits this profile. A profile may have filters only. */
static void set_reason(const struct scene *s, struct view *v, const struct candidate *c)
{
	struct str words = scene_join(s, &c->words, WORDS_SHOWN, ", ");
	struct str labels = scene_join(s, &c->labels, LABELS_SHOWN, ", ");
	if (words.n == 0 && labels.n == 0)
		words = tr(s->l, N_("it passes every filter of the profile"));
	struct str name = show_line(s->a, c->profile->name, NAME_CHARS);
	view_set(v, "words", words);
	view_set(v, "labels", labels);
	view_set(v, "and_labels", words.n > 0 ? labels : (struct str){0});
	view_set(v, "suits",
		s->names.n > 1 ? FILL(s->a, tr(s->l, N_("Suits {name} because:")), {"name", name})
			       : tr(s->l, N_("Suits you because:")));
}

static enum err set_hits(const struct scene *s, struct view *v, const struct digest_call *call)
{
	struct strv notes = {0};
	for (size_t i = 0; i < call->hits.n; i++) {
		enum err err = scene_room(s);
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

/* ---- answers ------------------------------------------------------------------- */

void scene_answers(const struct scene *s, struct view *v, const struct opportunity *o, struct str profile)
{
	static const char *const names[ANSWER_COUNT] = {
		[ANSWER_INTERESTED] = N_("Interested"),
		[ANSWER_NOT_RELEVANT] = N_("Not for us"),
		[ANSWER_APPLYING] = N_("We are applying"),
	};
	for (int i = 0; s->f->answer_link != NULL && i < ANSWER_COUNT; i++) {
		struct str link = show_link(s->f->answer_link(s->f->ctx, s->a, o, profile, (enum answer)i));
		if (link.n == 0)
			continue;
		struct view *answer = view_append(v, "answers");
		view_set(answer, "answer", tr(s->l, names[i]));
		view_set(answer, "link", link);
		view_set(v, "answerable",
			str_istarts(link, STR("mailto:"))
				? tr(s->l, N_("Your answer (one tap opens a mail, just send it):"))
				: tr(s->l, N_("Your answer:")));
	}
}

enum err scene_call(const struct scene *s, struct view *v, const struct digest_call *call)
{
	scene_heading(s, v, call->opportunity);
	set_facts(s, v, call->opportunity);
	set_deadlines(s, v, call->opportunity);
	scene_answers(s, v, call->opportunity, call->hits.v[0]->profile->id);
	return set_hits(s, v, call);
}
