/* SPDX-License-Identifier: MIT
 *
 * Dates by a form that a recipe gives, in the letters of strptime(): "%d/%m/%Y
 * %H:%M", "%A %d %B %Y as date". A form and a place in a text go in, the parts of
 * the date come out. Names are read in every language that date_words.c knows, so
 * the C library's strptime(), which reads the locale's alone and lets impossible
 * dates pass, is not used.
 */
#include "model/internal.h"

#define AS_DATE	   STR(" as date") /* behind a form: its time and zone are dropped */
#define EPOCH_LAST 253402300799	   /* the last second of the year 9999 */

/* Letters that read a number into one part. */
static const struct {
	char letter;
	int8_t min, max; /* digits */
	size_t part;
} numbers[] = {
	{'Y', 4, 4, offsetof(struct parts, year)},
	{'m', 1, 2, offsetof(struct parts, month)},
	{'d', 1, 2, offsetof(struct parts, day)},
	{'e', 1, 2, offsetof(struct parts, day)},
	{'H', 1, 2, offsetof(struct parts, hour)},
	{'k', 1, 2, offsetof(struct parts, hour)},
	{'I', 1, 2, offsetof(struct parts, hour)},
	{'l', 1, 2, offsetof(struct parts, hour)},
	{'M', 1, 2, offsetof(struct parts, minute)},
	{'S', 1, 2, offsetof(struct parts, second)},
};

/* Letters that stand for other forms. */
static const struct {
	char letter;
	const char *form;
} compounds[] = {
	{'F', "%Y-%m-%d"},
	{'T', "%H:%M:%S"},
	{'R', "%H:%M"},
	{'D', "%m/%d/%y"},
};

/* As take_digits(), but digits may follow ("%d%m%Y"): at most `max` are taken. */
static bool take_field(struct scan *c, size_t min, size_t max, int64_t *out)
{
	size_t n = 0;
	while (n < max && digit_at(c->s, c->at + n))
		n++;
	if (n < min || !str_to_i64(str_sub(c->s, c->at, c->at + n), 0, INT64_MAX, out))
		return false;
	c->at += n;
	return true;
}

static bool take_number_letter(struct scan *c, char letter, bool *known)
{
	for (size_t i = 0; i < COUNT(numbers); i++) {
		if (numbers[i].letter != letter)
			continue;
		int64_t v;
		*known = true;
		if (letter == 'e' || letter == 'k' || letter == 'l')
			c->at = skip_space(c->s, c->at);
		if (!take_field(c, (size_t)numbers[i].min, (size_t)numbers[i].max, &v))
			return false;
		memcpy((char *)&c->p + numbers[i].part, &v, sizeof(v));
		return true;
	}
	return false;
}

static bool take_short_year(struct scan *c)
{
	int64_t y;
	if (!take_field(c, 2, 2, &y))
		return false;
	c->p.year = full_year(y);
	return true;
}

static bool take_epoch(struct scan *c, int64_t unit)
{
	int64_t v;
	if (!take_field(c, 1, 15, &v) || v / unit > EPOCH_LAST)
		return false;
	parts_from_epoch(&c->p, v / unit);
	return true;
}

static bool take_epoch_seconds(struct scan *c)
{
	return take_epoch(c, 1);
}

static bool take_epoch_milliseconds(struct scan *c)
{
	return take_epoch(c, 1000);
}

/* "mar" is Tuesday here, whatever it is elsewhere. */
static bool take_day_name(struct scan *c)
{
	return take_weekday(c) || take_month(c);
}

static bool take_fraction_digits(struct scan *c)
{
	int64_t ignored;
	return take_field(c, 1, 9, &ignored);
}

static bool take_percent(struct scan *c)
{
	return take_char(c, '%');
}

/* Letters that read a name or something longer. */
static bool take_name_letter(struct scan *c, char letter)
{
	static const struct {
		const char *letters;
		bool (*take)(struct scan *);
	} readers[] = {
		{"bBh", take_month},
		{"aA", take_day_name},
		{"pP", take_meridiem},
		{"zZ", take_zone},
		{"y", take_short_year},
		{"f", take_fraction_digits},
		{"s", take_epoch_seconds},
		{"L", take_epoch_milliseconds},
		{"%", take_percent},
	};
	for (size_t i = 0; i < COUNT(readers); i++)
		if (letter != '\0' && strchr(readers[i].letters, letter) != NULL)
			return readers[i].take(c);
	return false;
}

static bool take_letters(struct scan *c, struct str form);

static bool take_letter(struct scan *c, char letter)
{
	bool known = false;
	if (take_number_letter(c, letter, &known))
		return true;
	for (size_t i = 0; !known && i < COUNT(compounds); i++)
		if (compounds[i].letter == letter)
			return take_letters(c, str_of(compounds[i].form));
	return !known && take_name_letter(c, letter);
}

static bool take_letters(struct scan *c, struct str form)
{
	for (size_t i = 0; i < form.n; i++) {
		size_t behind = skip_space(form, i);
		if (behind > i) {
			c->at = skip_space(c->s, c->at);
			i = behind - 1;
		} else if (form.p[i] == '%' && i + 1 < form.n) {
			if (!take_letter(c, form.p[++i]))
				return false;
		} else if (!take_char(c, form.p[i])) {
			return false;
		}
	}
	return true;
}

bool take_form(struct scan *c, struct str form, bool *date_only)
{
	*date_only = str_ends(form, AS_DATE);
	if (*date_only)
		form.n -= AS_DATE.n;
	form = str_trim(form);
	return form.n > 0 && take_letters(c, form);
}
