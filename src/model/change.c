/* SPDX-License-Identifier: MIT
 *
 * What changed between two states of a call, as far as it means something to
 * those it was forwarded to. Two opportunities go in, at most one change per field
 * comes out, with both states in words.
 */
#include "model/internal.h"

#include "base/buf.h"

#define WORDS_MAX ((size_t)4000) /* bytes of one side of a change */

static void note(struct arena *a, struct changes *out, const char *field, struct str before, struct str after)
{
	*vec_push(a, &out->list) =
		(struct change){field, cut_text(before, WORDS_MAX), cut_text(after, WORDS_MAX)};
}

/* ---- deadlines --------------------------------------------------------- */

/* The same date is the same deadline unless both sides name different instants. */
static bool same_deadline(const struct deadline *x, const struct deadline *y)
{
	if (x->minute >= 0 && y->minute >= 0)
		return deadline_instant(x) == deadline_instant(y);
	return date_cmp(x->date, y->date) == 0;
}

/* Whether each deadline of `x` that passes at `from` or later has its equal in `y`. */
static bool all_in(const struct opportunity *x, const struct opportunity *y, int64_t from)
{
	for (size_t i = 0; i < x->deadlines.n; i++) {
		bool found = deadline_instant(&x->deadlines.v[i]) < from;
		for (size_t k = 0; k < y->deadlines.n && !found; k++)
			found = same_deadline(&x->deadlines.v[i], &y->deadlines.v[k]);
		if (!found)
			return false;
	}
	return true;
}

static struct str deadline_words(struct arena *a, const struct opportunity *o)
{
	struct buf b = buf_init(WORDS_MAX);
	for (size_t i = 0; i < o->deadlines.n; i++) {
		const struct deadline *d = &o->deadlines.v[i];
		if (i > 0)
			buf_addz(&b, "; ");
		if (d->stage.n > 0)
			buf_printf(&b, "%.*s: ", STRF(cut_text(d->stage, 60)));
		buf_printf(&b, "%04d-%02d-%02d", d->date.year, d->date.month, d->date.day);
		if (d->minute >= 0)
			buf_printf(&b, " %02d:%02d %.*s", d->minute / 60, d->minute % 60, STRF(d->zone));
	}
	return buf_take(&b, a);
}

/* ---- budget ------------------------------------------------------------ */

static bool same_budget(const struct budget *x, const struct budget *y)
{
	return x->min == y->min && x->max == y->max && x->total == y->total &&
	       strcmp(x->currency, y->currency) == 0;
}

static struct str budget_words(struct arena *a, const struct budget *b)
{
	const char *c = b->currency, *gap = c[0] == '\0' ? "" : " ";
	struct buf w = buf_init(WORDS_MAX);
	if (b->min > 0 && b->max > 0 && b->min != b->max)
		buf_printf(&w, "%s%s%lld to %lld", c, gap, (long long)b->min, (long long)b->max);
	else if (b->max > 0)
		buf_printf(&w, "%s%s%s%lld", b->min > 0 ? "" : "up to ", c, gap, (long long)b->max);
	else if (b->min > 0)
		buf_printf(&w, "at least %s%s%lld", c, gap, (long long)b->min);
	if (b->total > 0)
		buf_printf(&w, "%s%s%s%lld in total", w.n > 0 ? ", " : "", c, gap, (long long)b->total);
	return buf_take(&w, a);
}

/* ---- texts ------------------------------------------------------------- */

/* The next character of a text, folded; runs of white space are one space. */
static uint32_t folded_next(struct str s, size_t *at)
{
	size_t behind = skip_space(s, *at);
	if (behind > *at) {
		*at = behind;
		return ' ';
	}
	struct word w = {0};
	size_t next = *at;
	uint32_t c = utf8_next(s, &next);
	if (letter_at(s, *at))
		w = word_read(str_sub(s, *at, next), 0);
	*at = next;
	size_t first = 0;
	return w.n > 0 ? utf8_next((struct str){w.p, w.n}, &first) : c;
}

/* Equal but for case, accents and white space. */
static bool same_text(struct str x, struct str y)
{
	size_t i = 0, k = 0;
	if (str_eq(x, y))
		return true;
	x = str_trim(x);
	y = str_trim(y);
	while (i < x.n && k < y.n)
		if (folded_next(x, &i) != folded_next(y, &k))
			return false;
	return i == x.n && k == y.n;
}

struct str title_folded(struct arena *a, struct str title)
{
	struct buf b = buf_init(WORDS_MAX);
	title = str_trim(title);
	for (size_t i = 0; i < title.n;)
		buf_utf8(&b, folded_next(title, &i));
	return buf_take(&b, a);
}

void opportunity_changes(
	struct arena *a, const struct opportunity *old, const struct opportunity *now, struct changes *out)
{
	*out = (struct changes){0};
	if (!all_in(old, now, INT64_MIN) || !all_in(now, old, INT64_MIN))
		note(a, out, "deadline", deadline_words(a, old), deadline_words(a, now));
	if (!same_budget(&old->budget, &now->budget))
		note(a, out, "budget", budget_words(a, &old->budget), budget_words(a, &now->budget));
	if (!same_text(old->title, now->title))
		note(a, out, "title", old->title, now->title);
	if (!same_text(old->eligibility, now->eligibility))
		note(a, out, "eligibility", old->eligibility, now->eligibility);
	if (!old->withdrawn && now->withdrawn)
		note(a, out, "withdrawn", STR("announced"), STR("withdrawn"));
	if (old->withdrawn && !now->withdrawn)
		note(a, out, "reopened", STR("withdrawn"), STR("announced"));
}

/* Whether all its deadlines are today's or were before. */
static bool over_by_date(const struct opportunity *o, int64_t at)
{
	for (size_t i = 0; i < o->deadlines.n; i++)
		if (deadline_days_left(&o->deadlines.v[i], at) > 0)
			return false;
	return o->deadlines.n > 0;
}

void changes_news(const struct opportunity *old, const struct opportunity *now, int64_t at, struct changes *c)
{
	bool same_ahead = all_in(old, now, at) && all_in(now, old, at);
	size_t kept = 0;
	for (size_t i = 0; i < c->list.n; i++) {
		struct str field = str_of(c->list.v[i].field);
		bool calendar = (str_eq(field, STR("deadline")) && same_ahead) ||
				(str_eq(field, STR("withdrawn")) && over_by_date(old, at)) ||
				(str_eq(field, STR("reopened")) && over_by_date(now, at));
		if (!calendar)
			c->list.v[kept++] = c->list.v[i];
	}
	c->list.n = kept;
}
