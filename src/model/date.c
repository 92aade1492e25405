/* SPDX-License-Identifier: MIT
 *
 * Dates as sources write them. A text goes in; a date with an optional time and
 * zone comes out, or nothing: an impossible date is refused, never rolled over,
 * and an order of day and month that only a person could know (03/04/2026) is
 * not guessed.
 *
 * Reading is one loop over the places of a text: at each of them the readers are
 * asked in turn, and the one that knows what stands there takes it. So weekday,
 * day, month, year, time and zone may come in any order that people use. What was
 * read is the longest beginning of the text that the readers know.
 */
#include "model/internal.h"

#define YEAR_PIVOT  69	 /* two digits below it are 20xx, as in RFC 5322 parsers */
#define YEAR_FIRST  1900 /* compact dates (20261215) outside these years are other numbers */
#define YEAR_LAST   2199
#define FILLERS_MAX 3 /* "on the", "de mhi na": filler words in a row */

/* Words between the parts of a date that mean nothing. */
static const char filler_words[] =
	"at of de del the le la den dem um kell klo kl kello a alle ore o godz ja von by om las "
	"m gada mi mhi na v ve u ob plkst val ora orele as ωρα on και στισ на ag ar an dia giorno dne dnia "
	"ta t f fil r g d г година години godine roku roka";
/* Of those, the ones that stand between a time and the day it belongs to. */
static const char day_words[] = "on of del dia giorno dne dnia на στισ";
/* Words that may stand behind the year or the day: "2026 r.", "15 d.", "2026. godine". */
static const char closing_words[] = "r г година d g godine leta roku roka gada ora";

bool take_char(struct scan *c, char want)
{
	if (c->at >= c->s.n || c->s.p[c->at] != want)
		return false;
	c->at++;
	return true;
}

bool take_digits(struct scan *c, size_t min, size_t max, int64_t *out)
{
	size_t n = 0;
	while (n <= max && digit_at(c->s, c->at + n))
		n++;
	if (n < min || n > max || !str_to_i64(str_sub(c->s, c->at, c->at + n), 0, INT64_MAX, out))
		return false;
	c->at += n;
	return true;
}

static bool date_started(const struct parts *p)
{
	return p->year != 0 || p->month != 0 || p->day != 0;
}

bool date_complete(const struct parts *p)
{
	return p->year != 0 && p->month != 0 && p->day != 0;
}

int64_t full_year(int64_t two_digits)
{
	return two_digits + (two_digits < YEAR_PIVOT ? 2000 : 1900);
}

/* ---- whole dates in digits --------------------------------------------- */

/* The sign between the numbers of a date that begins with the year. */
static bool take_iso_sign(struct scan *c)
{
	static const char *const signs[] = {"-", "/", ".", "년", "월", "年", "月"};
	struct str rest = str_sub(c->s, c->at, c->s.n);
	for (size_t i = 0; i < COUNT(signs); i++)
		if (str_starts(rest, str_of(signs[i]))) {
			c->at += strlen(signs[i]);
			if (i > 1)
				c->at = skip_space(c->s, c->at);
			return true;
		}
	return false;
}

static void take_day_sign(struct scan *c)
{
	struct str rest = str_sub(c->s, c->at, c->s.n);
	if (str_starts(rest, STR("일")) || str_starts(rest, STR("日")))
		c->at += strlen("일");
}

static bool set_day_of_year(struct parts *p, int64_t year, int64_t day)
{
	if (!date_valid(year, 1, 1) || day < 1)
		return false;
	struct date d = date_from_days(date_days((struct date){(int16_t)year, 1, 1}) + day - 1);
	p->year = year;
	p->month = d.month;
	p->day = d.day;
	return d.year == year;
}

/* "2026-12-15", "2026/12/15", "2026. 12. 15", "2003-335" (day of the year), "2026-12" */
static bool take_iso(struct scan *c)
{
	struct scan t = *c;
	int64_t y, m, d;
	if (date_started(&t.p) || !take_digits(&t, 4, 4, &y))
		return false;
	bool dash = t.at < t.s.n && t.s.p[t.at] == '-';
	if (!take_iso_sign(&t))
		return false;
	size_t month_at = t.at;
	if (!take_digits(&t, 1, 3, &m))
		return false;
	size_t month_digits = t.at - month_at;
	struct scan before = t;
	if (take_iso_sign(&t) && take_digits(&t, 1, 2, &d)) {
		take_day_sign(&t);
		t.p.year = y;
		t.p.month = m;
		t.p.day = d;
		*c = t;
		return date_valid(y, m, d);
	}
	*c = before;
	if (month_digits == 3)
		return set_day_of_year(&c->p, y, m);
	c->p.year = y;
	c->p.month = m;
	return dash && month_digits == 2;
}

/* "31.12.2026", "1. 9. 2026", "30.10.23" */
static bool take_dotted(struct scan *c)
{
	struct scan t = *c;
	int64_t d, m, y;
	if (date_started(&t.p) || !take_digits(&t, 1, 2, &d) || !take_char(&t, '.'))
		return false;
	t.at = skip_space(t.s, t.at);
	if (!take_digits(&t, 1, 2, &m) || !take_char(&t, '.'))
		return false;
	size_t sign = t.at;
	t.at = skip_space(t.s, t.at);
	if (!take_digits(&t, 4, 4, &y)) {
		if (t.at != sign || !take_digits(&t, 2, 2, &y))
			return false;
		y = full_year(y);
	}
	if ((t.at < t.s.n && t.s.p[t.at] == '.' && digit_at(t.s, t.at + 1)) || !date_valid(y, m, d))
		return false;
	t.p.year = y;
	t.p.month = m;
	t.p.day = d;
	*c = t;
	return true;
}

/* "20261215", also with T and "120000" behind */
static bool take_compact(struct scan *c)
{
	struct scan t = *c;
	int64_t v;
	if (date_started(&t.p) || !take_digits(&t, 8, 8, &v))
		return false;
	int64_t y = v / 10000, m = v / 100 % 100, d = v % 100;
	if (y < YEAR_FIRST || y > YEAR_LAST || !date_valid(y, m, d))
		return false;
	t.p.year = y;
	t.p.month = m;
	t.p.day = d;
	if (take_char(&t, 'T')) {
		int64_t clock;
		bool seconds = take_digits(&t, 6, 6, &clock);
		if (!seconds && !take_digits(&t, 4, 4, &clock))
			return false;
		t.p.second = seconds ? clock % 100 : 0;
		clock = seconds ? clock / 100 : clock;
		t.p.hour = clock / 100;
		t.p.minute = clock % 100;
	}
	*c = t;
	return true;
}

/* ---- single numbers ---------------------------------------------------- */

/* "1st", "16th", "1er", "1.", "1º", "1-ви", "15-én" */
static bool take_ordinal(struct scan *c)
{
	static const char *const signs[] = {".º", "º", "ª", "°", ".°"};
	struct str rest = str_sub(c->s, c->at, c->s.n);
	for (size_t i = 0; i < COUNT(signs); i++)
		if (str_starts(rest, str_of(signs[i]))) {
			c->at += strlen(signs[i]);
			return true;
		}
	bool hyphen = char_at(c->s, c->at) == '-';
	struct word w = word_read(c->s, c->at + (hyphen ? 1 : 0));
	if (word_in(&w, hyphen ? "ви ри ти ми en an ig jen jeig eig aig" : "st nd rd th er η ησ")) {
		c->at = w.end;
		return true;
	}
	return take_char(c, '.') && !digit_at(c->s, c->at);
}

/* "3-15" behind the month: the range's last day counts. */
static void take_last_day(struct scan *c)
{
	struct scan t = *c;
	int64_t last;
	t.at = skip_space(t.s, t.at);
	if (!take_char(&t, '-')) {
		if (!str_starts(str_sub(t.s, t.at, t.s.n), STR("\xE2\x80\x93")))
			return;
		t.at += 3;
	}
	t.at = skip_space(t.s, t.at);
	if (!take_digits(&t, 1, 2, &last) || last <= t.p.day || !number_ends(t.s, t.at) ||
		hour_word_follows(&t))
		return;
	t.p.day = last;
	t.p.last_day = true;
	*c = t;
}

/* Gives a number of `n` digits its meaning. */
static bool place_number(struct parts *p, int64_t v, size_t n, bool *day)
{
	*day = n <= 2 && p->day == 0;
	if (n == 4 && p->year == 0)
		p->year = v;
	else if (*day)
		p->day = v;
	else if (n == 2 && p->month != 0 && p->year == 0)
		p->year = full_year(v);
	else
		return false;
	return v != 0;
}

/* Whether a number of two digits behind day and month may be the year: nothing but a time or
 * the end of the clause follows. "15 January, 15 April" and "15 December 20 people" are other
 * things. */
static bool short_year_ends(struct str s, size_t at)
{
	struct scan t = {.s = s, .at = skip_space(s, at), .p = {.day = 1}};
	if (t.at >= s.n || digit_at(s, t.at))
		return true;
	if (strchr(".,;)|", s.p[t.at]) == NULL)
		return false;
	t.at = skip_space(s, t.at + 1);
	return !take_month(&t);
}

/* A day of one or two digits, a year of four, or of two behind day and month. */
static bool take_number(struct scan *c)
{
	int64_t v;
	bool day;
	size_t from = c->at;
	if (!take_digits(c, 1, 4, &v) || !place_number(&c->p, v, c->at - from, &day))
		return false;
	if (!day && c->at - from == 2)
		return number_ends(c->s, c->at) && short_year_ends(c->s, c->at);
	if (!day)
		return number_ends(c->s, c->at);
	struct scan ordinal = *c;
	bool dot = take_ordinal(&ordinal) && c->s.p[ordinal.at - 1] == '.';
	if (ordinal.at > c->at && !(ordinal.at == c->at + 1 && digit_at(c->s, ordinal.at)))
		*c = ordinal;
	if (c->p.month != 0)
		take_last_day(c);
	/* "15.Dezember" */
	return dot || number_ends(c->s, c->at);
}

/* ---- the loop ---------------------------------------------------------- */

static bool take_zone_part(struct scan *c)
{
	return (c->p.hour >= 0 || date_complete(&c->p)) && take_zone(c);
}

/* Military letters mean too many things to mean one: passed over. */
static bool take_military(struct scan *c)
{
	struct word w = word_read(c->s, c->at);
	if (c->p.hour < 0 || !date_complete(&c->p) || w.n != 1 || w.end != c->s.n || c->s.p[c->at] < 'A' ||
		c->s.p[c->at] > 'Z')
		return false;
	c->at = w.end;
	return true;
}

/* A day in a form of the recipe; a time may stand before or behind it. */
static bool take_formed_day(struct scan *c)
{
	for (size_t i = 0; c->forms != NULL && i < c->forms->n && !date_started(&c->p); i++) {
		bool date_only = false;
		struct scan t = *c;
		bool formed = digit_at(t.s, t.at) && take_form(&t, c->forms->v[i], &date_only) &&
			      !date_only && date_complete(&t.p) && t.p.hour == c->p.hour;
		if (!formed || digit_at(t.s, t.at) || !number_ends(t.s, t.at) ||
			!date_valid(t.p.year, t.p.month, t.p.day))
			continue;
		*c = t;
		return true;
	}
	return false;
}

static bool take_part(struct scan *c)
{
	static bool (*const readers[])(struct scan *) = {take_formed_day, take_iso, take_dotted, take_compact,
		take_clock, take_zone_part, take_number, take_weekday, take_month, take_military};
	for (size_t i = 0; i < COUNT(readers); i++) {
		struct scan t = *c;
		if (readers[i](&t)) {
			*c = t;
			return true;
		}
	}
	return false;
}

/* A sign that joins digits and a name: "31-Dec-2026". */
static bool tight_sign(struct str s, size_t at)
{
	if (at == 0 || at + 1 >= s.n || (s.p[at] != '-' && s.p[at] != '/'))
		return false;
	bool before = digit_at(s, at - 1), behind = digit_at(s, at + 1);
	return (before && letter_at(s, at + 1)) || (behind && !before && s.p[at - 1] != ' ');
}

/* A dash between spaces or a bracket, which only a time may follow; its length, or 0. */
static size_t loose_dash(struct str s, size_t at)
{
	struct str rest = str_sub(s, at, s.n);
	if (at == 0 || s.p[at - 1] != ' ')
		return 0;
	if (str_starts(rest, STR("(")) || str_starts(rest, STR("- ")) || str_starts(rest, STR("@ ")) ||
		str_starts(rest, STR("| ")))
		return 1;
	return str_starts(rest, STR("\xE2\x80\x93 ")) ? 3 : 0;
}

static size_t skip_between(struct str s, size_t at)
{
	for (;;) {
		size_t to = skip_space(s, at);
		if (to < s.n && (s.p[to] == ',' || tight_sign(s, to)))
			to++;
		if (to == at)
			return at;
		at = to;
	}
}

/* Behind the full stop or apostrophe of a short word: "kl.", "ta'". */
static size_t pass_mark(struct str s, size_t at)
{
	char mark = char_at(s, at);
	if (mark == '.' || mark == '\'')
		return at + 1;
	return str_starts(str_sub(s, at, s.n), STR("\xE2\x80\x99")) ? at + 3 : at;
}

static size_t skip_fillers(struct str s, size_t at)
{
	size_t from = at;
	/* "15. 12. 2026. u 12:00": languages in which every number of a date ends in a dot */
	if (char_at(s, at) == '.' && at > 0 && digit_at(s, at - 1))
		at = skip_between(s, at + 1);
	size_t first = at;
	for (int i = 0; i < FILLERS_MAX; i++) {
		struct word w = word_read(s, at);
		if (!word_in(&w, filler_words))
			break;
		at = pass_mark(s, w.end);
		at = skip_between(s, at);
	}
	return at == first ? from : at;
}

/* Whether a time that was read behind a date belongs to the day that comes next: "1 ottobre
 * 2026 alle ore 17.00 del 15 dicembre 2026". */
static bool time_of_next_day(struct str s, size_t at)
{
	struct word w = word_read(s, skip_space(s, at));
	if (!word_in(&w, day_words))
		return false;
	struct scan t = {.s = s, .at = skip_space(s, w.end), .p = {.hour = -1}};
	while (take_weekday(&t))
		t.at = skip_space(s, t.at);
	return digit_at(s, t.at);
}

/* Where a time may follow a date: behind " - ", "(" and the full stop of "2026.12.15. 16:00". */
static size_t before_time(struct str s, size_t at)
{
	size_t n = loose_dash(s, at);
	if (n == 0 && char_at(s, at) == '.' && at > 0 && digit_at(s, at - 1))
		n = 1;
	return n > 0 ? skip_space(s, at + n) : at;
}

/* A time behind a complete date, also in brackets: " - 17:00", "(12:00)", "(Wednesday), 12:00". */
static bool take_time_behind(struct scan *c, size_t at)
{
	struct scan t = *c;
	t.at = before_time(t.s, skip_fillers(t.s, at));
	if (t.at == at || !date_complete(&t.p))
		return false;
	bool weekday = t.s.p[t.at - 1] == '(' && take_weekday(&t) && take_char(&t, ')');
	if (!weekday && !take_clock(&t))
		return false;
	*c = t;
	return true;
}

/* A part behind words that mean nothing, or behind the full stop of "2026. december 15." */
static bool take_part_behind(struct scan *c, size_t at)
{
	struct scan t = *c;
	t.at = skip_fillers(t.s, at);
	bool year_dot = c->p.year != 0 && c->p.month == 0 && char_at(t.s, at) == '.' && digit_at(t.s, at - 1);
	if (t.at == at && year_dot)
		t.at = skip_between(t.s, at + 1);
	size_t behind = t.at;
	if (behind == at || !take_part(&t))
		return false;
	/* "1 October until 15 ..." is not October 2015. */
	if (t.p.year != c->p.year && c->p.day != 0 && !digit_at(t.s, behind + 2))
		return false;
	*c = t;
	return true;
}

/* Reads on at `at`, moving c->at behind what was read. */
static bool take_next(struct scan *c, size_t at)
{
	struct scan t = *c;
	t.at = at;
	if (!take_part(&t) && !take_time_behind(&t, at) && !take_part_behind(&t, at))
		return false;
	if (c->p.hour < 0 && t.p.hour >= 0 && date_complete(&c->p) && time_of_next_day(t.s, t.at))
		return false;
	*c = t;
	return true;
}

static void take_all(struct scan *c)
{
	for (;;) {
		size_t at = skip_between(c->s, c->at);
		if (at >= c->s.n || !take_next(c, at))
			return;
	}
}

/* ---- what the parts say ------------------------------------------------ */

/* False when the time is none; the day's end, 24:00, is its last second. */
static bool parts_time(const struct parts *p, struct civil *out)
{
	if (p->hour == 24 && p->minute + p->second == 0) {
		*out = (struct civil){out->date, 23, 59, 59};
		return true;
	}
	if (p->hour > 23 || p->minute > 59 || p->second > 60)
		return false;
	*out = (struct civil){
		out->date, (int8_t)p->hour, (int8_t)p->minute, (int8_t)(p->second > 59 ? 59 : p->second)};
	return true;
}

bool parts_when(const struct parts *p, struct when *out)
{
	bool has_time = p->hour >= 0, has_day = p->day != 0;
	int64_t month = p->month == 0 ? 1 : p->month, day = has_day ? p->day : 1;
	if (!date_valid(p->year, month, day) || (has_day && p->month == 0) || (has_time && !has_day))
		return false;
	struct civil c = {.date = {(int16_t)p->year, (int8_t)month, (int8_t)day}};
	if (has_time && !parts_time(p, &c))
		return false;
	*out = (struct when){
		.date = c.date,
		.minute = has_time ? c.hour * 60 + c.minute : -1,
		.zone = p->zone,
		.has_day = has_day,
		.last_day = p->last_day,
		.has_offset = p->has_offset || p->zone.n > 0,
	};
	if (p->has_offset || p->zone.n == 0)
		out->instant = zone_instant(STR("UTC"), c) - p->offset;
	else
		out->instant = zone_instant(p->zone, c);
	return true;
}

void parts_from_epoch(struct parts *p, int64_t seconds)
{
	struct civil c = zone_civil(STR("UTC"), seconds);
	*p = (struct parts){.year = c.date.year,
		.month = c.date.month,
		.day = c.date.day,
		.hour = c.hour,
		.minute = c.minute,
		.second = c.second,
		.has_offset = true,
		.zone = STR("UTC")};
}

static struct scan scan_at(struct str text, size_t at)
{
	return (struct scan){.s = text, .at = at, .p = {.hour = -1}};
}

/* By the recipe's forms; the end of what was read, or 0. */
static size_t read_by_forms(struct str text, size_t at, const struct strv *forms, struct when *out)
{
	for (size_t i = 0; forms != NULL && i < forms->n; i++) {
		bool date_only = false;
		struct scan c = scan_at(text, at);
		if (!take_form(&c, forms->v[i], &date_only) || digit_at(text, c.at) || letter_at(text, c.at))
			continue;
		if (date_only)
			c.p = (struct parts){
				.year = c.p.year, .month = c.p.month, .day = c.p.day, .hour = -1};
		if (parts_when(&c.p, out))
			return c.at;
	}
	return 0;
}

/* Signs that one country alone writes dates with, and its clock. */
static const struct {
	const char *sign, *zone;
} home_signs[] = {{"년", "Asia/Seoul"}, {"오전", "Asia/Seoul"}, {"오후", "Asia/Seoul"}};

static struct str home_zone(struct str written)
{
	for (size_t i = 0; i < COUNT(home_signs); i++)
		if (str_find(written, str_of(home_signs[i].sign)) != SIZE_MAX)
			return str_of(home_signs[i].zone);
	return (struct str){0};
}

/* By the unambiguous shapes and days in the recipe's forms; the end of what was read, or 0. */
static size_t read_by_shape(struct str text, size_t at, const struct strv *forms, struct when *out)
{
	struct scan c = scan_at(text, at);
	c.forms = forms;
	take_all(&c);
	if (c.p.hour >= 0 && !c.p.has_offset && c.p.zone.n == 0)
		c.p.zone = home_zone(str_sub(text, at, c.at));
	bool read = date_started(&c.p) && c.p.year != 0 && parts_when(&c.p, out);
	return read ? c.at : 0;
}

/* 10 digits are seconds, 13 are milliseconds since 1970. */
static bool epoch_parse(struct str text, struct when *out)
{
	struct parts p;
	int64_t v;
	if ((text.n != 10 && text.n != 13) || !str_to_i64(text, 0, INT64_MAX, &v))
		return false;
	parts_from_epoch(&p, text.n == 13 ? v / 1000 : v);
	return parts_when(&p, out);
}

static struct str trim_date(struct str s)
{
	s = str_trim(str_sub(s, skip_space(s, 0), s.n));
	while (s.n > 0 && (s.p[s.n - 1] == '.' || s.p[s.n - 1] == ',' || s.p[s.n - 1] == ';'))
		s = str_trim(str_sub(s, 0, s.n - 1));
	return s;
}

/* Whether a text ends at `at`, but for a word such as "year". */
static bool ends_at(struct str s, size_t at)
{
	if (at == 0 || at == s.n)
		return at > 0;
	at += s.p[at] == '.' ? 1 : 0;
	struct word w = word_read(s, skip_space(s, at));
	return word_in(&w, closing_words) && w.end == s.n;
}

bool date_parse(struct str text, const struct strv *forms, struct when *out)
{
	struct str s = str_trim(text);
	struct when w;
	if (s.n > 0 && read_by_forms(s, 0, forms, &w) == s.n) {
		*out = w;
		return true;
	}
	s = trim_date(s);
	if (s.n == 0)
		return false;
	if (!epoch_parse(s, &w) && !ends_at(s, read_by_shape(s, 0, forms, &w))) {
		size_t from = skip_fillers(s, 0);
		if (from == 0 || !ends_at(s, read_by_shape(s, from, forms, &w)))
			return false;
	}
	*out = w;
	return true;
}

bool date_at(struct str text, size_t at, const struct strv *forms, struct when *out, size_t *end)
{
	struct when longer;
	size_t to = read_by_forms(text, at, forms, out), shaped = read_by_shape(text, at, forms, &longer);
	if (shaped > to) {
		to = shaped;
		*out = longer;
	}
	if (to == 0 || !out->has_day)
		return false;
	*end = to;
	return true;
}

/* Three numbers with a sign between them, one of four digits: "31.11.2026", "03/04/2026" */
static bool take_three_numbers(struct scan *c)
{
	bool year = false;
	char sign = '\0';
	for (int i = 0; i < 3; i++) {
		int64_t ignored;
		size_t from = c->at;
		if (!take_digits(c, 1, 4, &ignored))
			return false;
		year = year || c->at - from == 4;
		sign = i == 0 ? char_at(c->s, c->at) : sign;
		bool joins = sign == '.' || sign == '/' || sign == '-';
		if (i < 2 && (!joins || !take_char(c, sign)))
			return false;
		c->at = i < 2 ? skip_space(c->s, c->at) : c->at;
	}
	return year;
}

bool unclear_day_at(struct str text, size_t at)
{
	struct scan c = scan_at(text, at), numbers = c;
	take_all(&c);
	return (c.p.year != 0 && c.p.month != 0) || take_three_numbers(&numbers);
}

/* "15.01.", "15. 1." */
static bool take_short_dotted(struct scan *c)
{
	if (!take_digits(c, 1, 2, &c->p.day) || !take_char(c, '.'))
		return false;
	c->at = skip_space(c->s, c->at);
	return take_digits(c, 1, 2, &c->p.month) && take_char(c, '.') && !digit_at(c->s, c->at);
}

bool day_month_at(struct str text, size_t at, int64_t *day, int64_t *month, size_t *end)
{
	struct scan c = scan_at(text, at);
	if (!take_short_dotted(&c)) {
		c = scan_at(text, at);
		take_all(&c);
	}
	if (c.p.year != 0 || c.p.month == 0 || c.p.day == 0)
		return false;
	*day = c.p.day;
	*month = c.p.month;
	*end = c.at;
	return true;
}

bool date_find(struct str text, size_t *at, const struct strv *forms, struct when *out, size_t *end)
{
	for (size_t i = *at; i < text.n;) {
		bool letter = letter_at(text, i);
		if (!letter && !digit_at(text, i)) {
			i++;
			continue;
		}
		struct word w = word_read(text, i);
		/* "to", "do", "a" may join a range: the date begins behind them */
		bool small = w.n == 2 || (word_in(&w, filler_words) && !clock_word(&w));
		if (!small && date_at(text, i, forms, out, end)) {
			*at = i;
			return true;
		}
		i = w.end;
		while (digit_at(text, i))
			i++;
	}
	return false;
}
