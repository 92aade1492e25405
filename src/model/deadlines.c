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
#define OPEN_ENDS "open ongoing continuous offen laufend ouvert avatud avoin" /* where a range has no end */

/* Words between two dates that make them a range. */
static const char range_words[] = "to bis au until till tot do kuni al a hasta through til iki lidz "
				  "pana asti ate до εωσ μεχρι go sal tol jetol etol";
/* Words and signs between the dates of a list: "15 January, 15 April and 15 July 2027". */
static const char list_words[] =
	"and und et y e en och og agus u in i si es ja un ir και и or oder ou o le the den am el il on";
static const char list_signs[] = ",;/|&+";
/* Words behind a date that belong to it: "2026 r.", "15 d." */
static const char behind_words[] = "r d g г m gada leta roku";
/* Words before a date that make it a beginning, or one that no longer counts. */
static const char opening_words[] =
	"opens opened open opening from start starts starting started published release launch launched "
	"publication posted begins since previously originally formerly "
	"ab vom beginn eroffnung veroffentlicht ouverture ouvre du depuis publie publication "
	"alates avaneb avatud avamine avaldatud apertura publicacion inicio desde dal dalle pubblicato "
	"gepubliceerd startdatum vanaf fra abner fran oppnar publicerad avautuu alkaa julkaistu "
	"between zwischen entre mill od zahajeni zverejneno ogloszono nuo paskelbta apo απο εναρξη от начало "
	"publicat deschidere objavljen otvaranje objava";
/* Words that may stand between those and the date. */
static const char between_words[] = "on the date le am den der de is will be el il la les lo dia dnia dne";

static bool only_signs(struct str s, const char *allowed)
{
	for (size_t i = 0; i < s.n; i++)
		if (strchr(allowed, s.p[i]) == NULL)
			return false;
	return true;
}

/* Without the words that still belong to the date before. */
static struct str without_ending(struct str s)
{
	for (;;) {
		size_t at = skip_space(s, 0);
		struct word w = word_read(s, at);
		if (word_in(&w, behind_words))
			at = w.end;
		if (at < s.n && (s.p[at] == '.' || s.p[at] == ',' || s.p[at] == ')'))
			at++;
		if (at == 0)
			return s;
		s = str_sub(s, at, s.n);
	}
}

bool joins_range(struct str between)
{
	struct str s = without_ending(between);
	if (s.n > 1 && s.p[0] == '-' && letter_at(s, 1)) /* "október 1-jétől" */
		s = str_sub(s, 1, s.n);
	struct word w = word_read(s, 0);
	if (str_istarts(s, STR("t/m ")))
		return s.n < LOOK_BACK / 4;
	if (w.n > 0)
		return word_in(&w, range_words) && s.n - w.end < LOOK_BACK / 4;
	s = str_trim(s);
	return str_eq(s, STR("\xE2\x80\x93")) || str_eq(s, STR("\xE2\x80\x94")) ||
	       (s.n > 0 && only_signs(s, "-/"));
}

/* "15. 3. a 15. 9. 2027": in languages that write a dot behind the day "a" is "and", in others
 * it is "to". */
static bool and_before_dot(struct str text, size_t last, size_t at)
{
	struct word w = word_read(text, skip_space(text, last));
	while (digit_at(text, at))
		at++;
	return word_in(&w, "a") && at < text.n && text.p[at] == '.';
}

/* Whether what stands between two dates makes them a list. */
static bool joins_list(struct str text, size_t last, size_t at)
{
	struct str s = str_sub(text, last, at);
	if (and_before_dot(text, last, at))
		return true;
	for (size_t i = 0; i < s.n;) {
		struct word w = word_read(s, i);
		bool sign = strchr(list_signs, s.p[i]) != NULL;
		if (w.n > 0 ? !word_in(&w, list_words) && !word_in(&w, behind_words)
			    : !sign && skip_space(s, i) == i && s.p[i] != '.')
			return false;
		i = w.n > 0 ? w.end : sign || s.p[i] == '.' ? i + 1 : skip_space(s, i);
	}
	return str_trim(s).n > 0;
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

/* `w` on another day of its year; false when there is none, or it is on the wrong side. */
static bool same_year(const struct when *w, int64_t day, int64_t month, bool earlier, struct when *out)
{
	if (!date_valid(w->date.year, month, day))
		return false;
	*out = *w;
	out->date.month = (int8_t)month;
	out->date.day = (int8_t)day;
	int64_t days = date_days(out->date) - date_days(w->date);
	out->instant += days * DAY_SECONDS;
	return earlier ? days < 0 : days > 0;
}

static void add_when(struct arena *a, struct whens *out, struct when w)
{
	if (out->list.n < ITEM_DEADLINES_MAX)
		*vec_push(a, &out->list) = w;
}

/* "15 January, 15 April and 15 July 2027": the days between `from` and the date at `at`. A
 * range's beginning is none of them. */
static void add_days_before(
	struct arena *a, struct str text, size_t from, size_t at, const struct when *w, struct whens *out)
{
	size_t first = out->list.n, end;
	int64_t day, month;
	struct when d;
	for (size_t i = from; i < at;) {
		if (!digit_at(text, i) || !day_month_at(text, i, &day, &month, &end) || end > at) {
			struct word word = word_read(text, i);
			i = word.end > i ? word.end : i + 1;
			continue;
		}
		size_t next = end;
		while (next < at && !digit_at(text, next))
			next++;
		if (!joins_list(text, end, next) || behind_opening(str_sub(text, from, i)))
			out->list.n = first;
		else if (same_year(w, day, month, true, &d))
			add_when(a, out, d);
		i = end;
	}
}

/* The day without a year that begins at the next word behind *at; *end is behind it. */
static bool next_day(struct str text, size_t *at, int64_t *day, int64_t *month, size_t *end)
{
	size_t from = *at;
	while (*at < text.n && *at - from < LOOK_BACK) {
		struct word w = word_read(text, *at);
		bool digit = digit_at(text, *at);
		if ((digit || (w.n > 0 && !word_in(&w, behind_words))) &&
			day_month_at(text, *at, day, month, end))
			return true;
		if (digit)
			return false;
		*at = w.end > *at ? w.end : *at + 1;
	}
	return false;
}

/* "2026. gada 1. oktobra līdz 15. decembrim": where the year comes first, the next day may be
 * of the same. *open says that a deadline stands before it whose range it may end; a range of
 * which nobody knows when it ends is left out whole. */
static bool add_day_behind(
	struct arena *a, struct str text, size_t *end, struct when *w, bool *open, struct whens *out)
{
	size_t at = *end, to;
	int64_t day, month;
	if (!next_day(text, &at, &day, &month, &to))
		return false;
	bool range = joins_range(str_sub(text, *end, at)) && !and_before_dot(text, *end, at);
	if (!range && !joins_list(text, *end, at))
		return false;
	if (range && *open)
		out->list.n--;
	struct when d;
	*open = same_year(w, day, month, false, &d);
	if (*open)
		add_when(a, out, d);
	*w = *open ? d : *w;
	*end = to;
	return true;
}

static bool year_first(struct str text, size_t at)
{
	return digit_at(text, at) && digit_at(text, at + 1) && digit_at(text, at + 2) &&
	       digit_at(text, at + 3);
}

/* "1 October 2026 - 31 November 2026", "... to 15 January", "... - open end": whether the date in
 * [from, end) begins a range of which nobody knows when it ends. Behind a date that begins with its year
 * the end may do without one. */
static bool range_without_end(struct str text, size_t from, size_t end, const struct strv *forms)
{
	struct when ignored;
	int64_t day, month;
	size_t to;
	for (size_t at = end; at < text.n && at - end < LOOK_BACK;) {
		struct word w = word_read(text, at);
		bool digit = digit_at(text, at),
		     joins = (digit || w.n > 0) && joins_range(str_sub(text, end, at));
		if (joins && !and_before_dot(text, end, at) && !date_at(text, at, forms, &ignored, &to) &&
			(unclear_day_at(text, at) || word_in(&w, OPEN_ENDS) ||
				(!year_first(text, from) && day_month_at(text, at, &day, &month, &to))))
			return true;
		if (digit)
			return false;
		at = w.end > at ? w.end : at + 1;
	}
	return false;
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
		bool opening = behind_opening(between);
		if (range_open && joins_range(between) && !and_before_dot(text, last, at)) {
			out->list.v[out->list.n - 1] = w;
		} else if (!opening) {
			add_days_before(a, str_sub(text, 0, end), last, at, &w, out);
			add_when(a, out, w);
		}
		range_open = !opening && out->list.n > 0;
		if (range_open && range_without_end(text, at, end, forms)) {
			out->list.n--;
			range_open = false;
		}
		while (year_first(text, at) && add_day_behind(a, text, &end, &w, &range_open, out))
			continue;
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

/* Inserts in order; the same date again only brings its stage, or the time that was missing. */
static void insert(struct arena *a, struct item *it, struct item_deadline d)
{
	size_t i = it->deadlines.n;
	for (size_t k = 0; k < it->deadlines.n; k++) {
		struct item_deadline *old = &it->deadlines.v[k];
		bool same_stage = d.stage.n == 0 || old->stage.n == 0 || str_ieq(d.stage, old->stage);
		if (!str_eq(old->date, d.date) || !same_stage ||
			!(d.time.n == 0 || old->time.n == 0 || str_eq(old->time, d.time)))
			continue;
		if (old->time.n == 0) {
			old->time = d.time;
			old->zone = d.zone;
		}
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
