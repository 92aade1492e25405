/* SPDX-License-Identifier: MIT
 *
 * The time of the day in a date as sources write it: "17:00", "4pm", "16h30", "kl. 15",
 * "12.00 hod.", "do godz. 16.00", "noon". A place in a text goes in; when a time stands
 * there the scan moves past it and takes it.
 */
#include "model/internal.h"

#define CLOCK_WORDS_MAX 3 /* "do godz.", "lidz plkst.": words before a time */

/* Signs of the half of the day, before or behind the time; longer ones first. */
static const struct {
	const char *text;
	char half;
} meridiems[] = {
	{"a.m.", 'a'},
	{"p.m.", 'p'},
	{"a.m", 'a'},
	{"p.m", 'p'},
	{"am", 'a'},
	{"pm", 'p'},
	{"p. m.", 'p'},
	{"a. m.", 'a'},
	{"μ.μ.", 'p'},
	{"π.μ.", 'a'},
	{"μμ", 'p'},
	{"πμ", 'a'},
	{"오전", 'a'},
	{"오후", 'p'},
};
/* Words behind a number that make it an hour. */
static const char hour_words[] =
	"h uhr heures heure uur hrs u sati hod hodin orakor oraig ora ч часа val ure uri horas hora";
/* Words behind which an hour alone is a time: "kl. 15". */
static const char clock_words[] = "kl klo kello kell klockan ora ore orele godz godzinie godziny plkst h ωρα";
/* Words between a date and its time that join ranges too. */
static const char until_words[] = "do iki lidz pana la εωσ до vkljucno";

bool number_ends(struct str s, size_t at)
{
	char next = char_at(s, at);
	if (next == ':' || (next == '.' && digit_at(s, at + 1)) || (next == '/' && !letter_at(s, at + 1)))
		return false;
	return !letter_at(s, at) || ((next == 'T' || next == 't') && digit_at(s, at + 1));
}

/* The half of the day: "pm", "p.m.", "오후"; 0 = none, else 'a' or 'p'. */
static char read_meridiem(struct scan *c)
{
	size_t at = skip_space(c->s, c->at);
	unsigned char first = (unsigned char)(char_at(c->s, at) | 32);
	if (first < 0x80 && first != 'a' && first != 'p') /* most places, in a hurry */
		return 0;
	for (size_t i = 0; i < COUNT(meridiems); i++) {
		size_t n = strlen(meridiems[i].text);
		if (!str_istarts(str_sub(c->s, at, c->s.n), str_of(meridiems[i].text)) ||
			letter_at(c->s, at + n))
			continue;
		c->at = at + n;
		return meridiems[i].half;
	}
	return 0;
}

/* An hour above 12 with "pm" ("15 pm") stays what it is. */
static bool apply_meridiem(struct parts *p, char half)
{
	if (half == 0 || (half == 'p' && p->hour > 12))
		return true;
	if (p->hour < 1 || p->hour > 12)
		return half == 'a' && p->hour == 0;
	p->hour = p->hour % 12 + (half == 'p' ? 12 : 0);
	return true;
}

bool take_meridiem(struct scan *c)
{
	char half = read_meridiem(c);
	return half != 0 && c->p.hour >= 0 && apply_meridiem(&c->p, half);
}

static bool take_fraction(struct scan *c)
{
	struct scan t = *c;
	int64_t ignored;
	if (t.at >= t.s.n || (t.s.p[t.at] != '.' && t.s.p[t.at] != ',') || !digit_at(t.s, t.at + 1))
		return true;
	t.at++;
	if (!take_digits(&t, 1, 18, &ignored))
		return false;
	*c = t;
	return true;
}

/* Behind "HH:MM": seconds and their fraction. */
static bool take_seconds(struct scan *c)
{
	if (c->at >= c->s.n || c->s.p[c->at] != ':' || !digit_at(c->s, c->at + 1))
		return true;
	c->at++;
	return take_digits(c, 2, 2, &c->p.second) && take_fraction(c);
}

static bool take_hour_word(struct scan *c)
{
	struct word w = word_read(c->s, skip_space(c->s, c->at));
	if (!word_in(&w, hour_words))
		return false;
	c->at = w.end;
	if (!digit_at(c->s, c->at + 1))
		(void)take_char(c, '.');
	return true;
}

/* "noon", "12 noon", "midnight" (the day's end) */
static bool take_named_hour(struct scan *c)
{
	struct word w = word_read(c->s, skip_space(c->s, c->at));
	bool noon = word_in(&w, "noon midday midi middag mezzogiorno");
	bool midnight = word_in(&w, "midnight mitternacht minuit mezzanotte medianoche middernacht ejfel");
	if (!noon && !midnight)
		return false;
	c->p.hour = noon ? 12 : 24;
	c->p.minute = 0;
	c->at = w.end;
	return true;
}

bool hour_word_follows(const struct scan *c)
{
	struct scan t = *c;
	return take_hour_word(&t) || read_meridiem(&t) != 0;
}

/* ".15" behind an hour: a time only where nothing else can be meant; ".30" and ".00" are no
 * month. */
static bool take_dotted_minutes(struct scan *c, bool sure)
{
	c->at++;
	if (!take_digits(c, 2, 2, &c->p.minute) || (char_at(c->s, c->at) == '.' && digit_at(c->s, c->at + 1)))
		return false;
	return sure || (date_complete(&c->p) && (c->p.minute == 0 || c->p.minute > 12)) ||
	       hour_word_follows(c);
}

/* Behind "17 h" and "16 val.": " 30", unless that is a day. */
static void take_loose_minutes(struct scan *c)
{
	struct scan t = *c;
	(void)take_char(&t, '.');
	t.at = skip_space(t.s, t.at);
	if (t.at == c->at || !take_digits(&t, 2, 2, &t.p.minute) || !number_ends(t.s, t.at))
		return;
	struct scan month = {.s = t.s, .at = skip_space(t.s, t.at), .p = {.day = 1}};
	if (char_at(t.s, t.at) != '.' && !take_month(&month))
		*c = t;
}

/* A word that makes the number before it an hour: "17 h 30", "14. ure". */
static bool take_worded_hour(struct scan *c)
{
	struct scan t = *c;
	(void)take_char(&t, '.');
	if (take_hour_word(&t)) {
		*c = t;
		struct word w = word_read(c->s, skip_space(c->s, c->at));
		if (w.n == 0)
			take_loose_minutes(c);
		return true;
	}
	return hour_word_follows(c);
}

/* What may stand behind an hour: ":MM", "hMM", ".MM", or a word that makes it one. */
static bool take_minutes(struct scan *c, bool sure)
{
	char sign = char_at(c->s, c->at);
	if (!digit_at(c->s, c->at + 1))
		return take_worded_hour(c);
	if (sign == '.')
		return take_dotted_minutes(c, sure);
	if (sign != ':' && sign != 'h' && sign != 'H')
		return take_worded_hour(c);
	c->at++;
	return take_digits(c, 2, 2, &c->p.minute) && (sign != ':' || take_seconds(c));
}

/* "kl.", "do godz.", "lidz plkst." before a time; *named says that an hour alone is one now,
 * *until that a day could follow as well. */
static void pass_clock_words(struct scan *c, bool *named, bool *until)
{
	for (int i = 0; i < CLOCK_WORDS_MAX; i++) {
		struct word w = word_read(c->s, c->at);
		if (word_in(&w, clock_words))
			*named = true;
		else if (date_complete(&c->p) && word_in(&w, until_words))
			*until = true;
		else
			return;
		c->at = w.end;
		(void)take_char(c, '.');
		c->at = skip_space(c->s, c->at);
	}
}

/* The hour behind `half` and the words before it, with its minutes. */
static bool take_hour(struct scan *c, char half)
{
	bool named = false, until = false;
	pass_clock_words(c, &named, &until);
	if (!take_digits(c, 1, 2, &c->p.hour))
		return false;
	struct scan bare = *c;
	if (c->p.hour == 12 && take_named_hour(c))
		return true;
	if (!take_minutes(c, named || (date_complete(&c->p) && !until))) {
		*c = bare;
		if (!named || !number_ends(c->s, c->at))
			return false;
	}
	(void)take_hour_word(c);
	if (half == 0)
		half = read_meridiem(c);
	return apply_meridiem(&c->p, half);
}

bool take_clock(struct scan *c)
{
	struct scan t = *c;
	if (t.p.hour >= 0)
		return false;
	t.p.minute = t.p.second = 0;
	if (!take_named_hour(&t)) {
		/* The T of ISO 8601 stands between digits. */
		if (t.at > 0 && digit_at(t.s, t.at - 1) && (char_at(t.s, t.at) | 32) == 't')
			t.at++;
		char half = read_meridiem(&t);
		t.at = skip_space(t.s, t.at);
		if (!take_hour(&t, half))
			return false;
	}
	*c = t;
	return true;
}

bool clock_word(const struct word *w)
{
	return word_in(w, clock_words);
}
