/* SPDX-License-Identifier: MIT
 *
 * Deadlines of an item. Raw strings of a recipe come in ("21 February 2027 | 22
 * August 2027", "01.10.2026 - 31.12.2026", "rolling"); dates in order, each with a
 * time of the day and a zone as far as they are known, go out. A deadline is a
 * wall-clock time where the funder sits: an instant with an offset is brought to
 * the recipe's zone, and midnight means that only the date was meant.
 */
#include "model/internal.h"

#define LOOK_BACK 40 /* bytes before a date in which a word says what it is */

/* Words between two dates that make them a range. */
static const char range_words[] = "to bis au until till tot do kuni al a hasta through til iki lidz "
						 "pana asti ate до εως go";
/* Words before a date that make it a beginning. */
static const char opening_words[] =
	"opens opened open opening from start starts starting started published release "
	"since ab vom beginn eroffnung ouverture ouvre du depuis alates avaneb "
	"avatud avamine apertura desde dal oppnar between zwischen entre od nuo apo απο от";
/* Words that may stand between those and the date. */
static const char between_words[] = "on the date le am den der de is will be";

static bool only_signs(struct str s, const char *allowed)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr(allowed, s.p[i]) == NULL)
			return false;
	return true;
}

bool joins_range(struct str between)
{
	struct str s = str_sub(between, skip_space(between, 0), between.n);
	struct word w = word_read(s, 0);
	if (w.n > 0)
		return word_in(&w, range_words) && s.n - w.end < LOOK_BACK / 4;
	s = str_trim(s);
	return str_eq(s, STR("\xE2\x80\x93")) || str_eq(s, STR("\xE2\x80\x94")) ||
	       (s.n > 0 && only_signs(s, "-/"));
}

/* Whether the words before a date say that something begins there. */
static bool behind_opening(struct str before)
{
	struct str s = str_sub(before, before.n > LOOK_BACK ? before.n - LOOK_BACK : 0, before.n);
	bool opening = false;
	for (size_t i = 0; i < s.n;) {
		struct word w = word_read(s, i);
		if (w.end == i) {
			i++;
			continue;
		}
		if (!word_in(&w, between_words))
			opening = word_in(&w, opening_words);
		i = w.end;
	}
	return opening;
}

void deadline_dates(struct arena *a, struct str text, const struct strv *forms, struct whens *out)
{
	struct when w;
	size_t at = 0, end = 0, last = 0;
	if (date_parse(text, forms, &w)) {
		if (w.has_day)
			*vec_push(a, &out->list) = w;
		return;
	}
	for (bool range_open = false; date_find(text, &at, forms, &w, &end); at = last = end) {
		struct str between = str_sub(text, last, at);
		if (range_open && joins_range(between))
			out->list.v[out->list.n - 1] = w;
		else if (behind_opening(between))
			range_open = false;
		else if (out->list.n < ITEM_DEADLINES_MAX) {
			*vec_push(a, &out->list) = w;
			range_open = true;
		}
	}
}

void when_to_zone(struct when *w, struct str zone)
{
	if (w->minute == 0)
		w->minute = -1;
	bool named = w->zone.n > 0 && !str_eq(w->zone, STR("UTC"));
	if (w->minute < 0 || !w->has_offset || named || zone.n == 0)
		return;
	struct civil c = zone_civil(zone, w->instant);
	w->date = c.date;
	w->minute = c.hour * 60 + c.minute;
	w->zone = zone;
	if (w->minute == 0)
		w->minute = -1;
}

/* The time and zone that the item gave apart from the date. */
static void add_time(struct arena *a, const struct item_deadline *d, struct when *w)
{
	struct when t;
	if (d->time.n == 0 || !date_known(w->date))
		return;
	const char *day = arena_printf(a, "%04d-%02d-%02d", w->date.year, w->date.month, w->date.day);
	struct str zoned = str_of(arena_printf(a, "%s %.*s %.*s", day, STRF(d->time), STRF(d->zone)));
	struct str plain = str_of(arena_printf(a, "%s %.*s", day, STRF(d->time)));
	if (!date_parse(zoned, NULL, &t) && !date_parse(plain, NULL, &t))
		return;
	*w = t;
}

static struct item_deadline settled(
	struct arena *a, const struct item_rules *r, const struct item_deadline *d, struct when w)
{
	struct str own = zone_valid(d->zone) ? d->zone : (struct str){0};
	struct str zone = own.n > 0 ? own : r->zone.n > 0 ? r->zone : STR("UTC");
	bool apart = d->time.n > 0;
	add_time(a, d, &w);
	int given = w.minute;
	when_to_zone(&w, own.n > 0 ? own : r->zone);
	/* A midnight that was given as a time of its own is meant. */
	if (apart && given == 0 && w.minute < 0)
		w.minute = 0;
	if (w.minute < 0 && r->closes_at >= 0)
		w.minute = r->closes_at;
	else if (w.zone.n > 0 && (w.minute >= 0 || !str_eq(w.zone, STR("UTC"))))
		zone = w.zone;
	struct item_deadline out = {
		.stage = plain_line(a, d->stage), .date = date_iso(a, w.date), .zone = str_dup(a, zone)};
	if (w.minute >= 0)
		out.time = str_of(arena_printf(a, "%02d:%02d", w.minute / 60, w.minute % 60));
	return out;
}

/* ISO dates and times sort as text; no time sorts last. */
static int compare(const struct item_deadline *x, const struct item_deadline *y)
{
	int c = str_cmp(x->date, y->date);
	if (c != 0)
		return c;
	if (x->time.n == 0 || y->time.n == 0)
		return (x->time.n == 0) - (y->time.n == 0);
	return str_cmp(x->time, y->time);
}

/* Inserts in order; the same date and time again only brings its stage. */
static void insert(struct arena *a, struct item *it, struct item_deadline d)
{
	size_t i = it->deadlines.n;
	for (size_t k = 0; k < it->deadlines.n; k++) {
		struct item_deadline *old = &it->deadlines.v[k];
		bool same_stage = d.stage.n == 0 || old->stage.n == 0 || str_ieq(d.stage, old->stage);
		if (!str_eq(old->date, d.date) || !same_stage ||
			!(d.time.n == 0 || str_eq(old->time, d.time)))
			continue;
		if (old->stage.n == 0)
			old->stage = d.stage;
		return;
	}
	if (it->deadlines.n == ITEM_DEADLINES_MAX)
		return;
	(void)vec_push(a, &it->deadlines);
	for (; i > 0 && compare(&d, &it->deadlines.v[i - 1]) < 0; i--)
		it->deadlines.v[i] = it->deadlines.v[i - 1];
	it->deadlines.v[i] = d;
}

void settle_deadlines(struct arena *a, const struct item_rules *r, struct item *it)
{
	struct item raw = *it;
	memset(&it->deadlines, 0, sizeof(it->deadlines));
	for (size_t i = 0; i < raw.deadlines.n && i < ITEM_DEADLINES_MAX; i++) {
		const struct item_deadline *d = &raw.deadlines.v[i];
		struct whens dates = {0};
		deadline_dates(a, cut_text(d->date, ITEM_TITLE_MAX), &r->dates, &dates);
		for (size_t k = 0; k < dates.list.n; k++)
			insert(a, it, settled(a, r, d, dates.list.v[k]));
	}
}
