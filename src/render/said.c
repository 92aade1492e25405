/* SPDX-License-Identifier: MIT
 *
 * The inverse of the words in model/change.c: deadlines and budgets out of the two
 * sides of a recorded change. Strict; what is not quite so is left to be shown as it
 * stands.
 */
#include "render/said.h"

/* ---- deadlines ------------------------------------------------------------- */

static bool read_time(struct str s, int *out)
{
	int64_t hour, minute;
	if (s.n != 5 || s.p[2] != ':' || !str_to_i64(str_sub(s, 0, 2), 0, 23, &hour) ||
		!str_to_i64(str_sub(s, 3, 5), 0, 59, &minute))
		return false;
	*out = (int)(hour * 60 + minute);
	return true;
}

/* "2026-12-15 17:00 Europe/Brussels" or the date alone. */
static bool read_when(struct str s, struct deadline *out)
{
	struct str rest, day = str_word(s, &rest), time = str_word(rest, &rest);
	out->minute = -1;
	out->zone = STR("UTC");
	if (!date_from_iso(day, &out->date))
		return false;
	if (time.n == 0)
		return true;
	out->zone = str_trim(rest);
	return read_time(time, &out->minute) && zone_valid(out->zone);
}

static bool read_deadline(struct str s, struct deadline *out)
{
	size_t colon = str_find(s, STR(": "));
	*out = (struct deadline){0};
	if (read_when(s, out))
		return true;
	if (colon == SIZE_MAX)
		return false;
	out->stage = str_sub(s, 0, colon);
	return read_when(str_sub(s, colon + 2, s.n), out);
}

bool said_deadlines(struct arena *a, struct str text, struct said_deadlines *out)
{
	*out = (struct said_deadlines){0};
	while (text.n > 0) {
		struct deadline d;
		if (out->list.n == ITEM_DEADLINES_MAX ||
			!read_deadline(str_trim(str_cut(text, ';', &text)), &d))
			return false;
		*vec_push(a, &out->list) = d;
	}
	return true;
}

/* ---- budgets --------------------------------------------------------------- */

static bool read_currency(struct str word, struct budget *out)
{
	if (word.n != 3)
		return false;
	for (size_t i = 0; i < 3; i++)
		if (word.p[i] < 'A' || word.p[i] > 'Z')
			return false;
	memcpy(out->currency, word.p, 3);
	return true;
}

/* "EUR 5000000" or "5000000"; what is behind it goes to *rest. */
static bool read_money(struct str text, struct budget *out, int64_t *amount, struct str *rest)
{
	struct str word = str_word(text, rest);
	if (read_currency(word, out))
		word = str_word(*rest, rest);
	*rest = str_trim(*rest);
	return str_to_i64(word, 0, INT64_MAX, amount);
}

static bool read_range(struct str part, struct budget *out)
{
	struct str rest;
	if (str_starts(part, STR("up to ")))
		return read_money(str_sub(part, 6, part.n), out, &out->max, &rest) && rest.n == 0;
	if (str_starts(part, STR("at least ")))
		return read_money(str_sub(part, 9, part.n), out, &out->min, &rest) && rest.n == 0;
	if (!read_money(part, out, &out->max, &rest))
		return false;
	out->min = out->max;
	return rest.n == 0 || (str_starts(rest, STR("to ")) &&
				      str_to_i64(str_sub(rest, 3, rest.n), 0, INT64_MAX, &out->max));
}

static bool read_total(struct str part, struct budget *out)
{
	struct str rest;
	return read_money(part, out, &out->total, &rest) && str_eq(rest, STR("in total"));
}

bool said_budget(struct str text, struct budget *out)
{
	*out = (struct budget){AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, ""};
	while (text.n > 0) {
		struct str part = str_trim(str_cut(text, ',', &text));
		if (!(str_ends(part, STR("in total")) ? read_total : read_range)(part, out))
			return false;
	}
	return true;
}
