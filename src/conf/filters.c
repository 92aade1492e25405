/* SPDX-License-Identifier: MIT
 *
 * Parsers for filters and schedules: "14..200 days, unknown ok", ">= 50k EUR",
 * "grant, prize, not equity", "weekly mon 08:00 Europe/Tallinn". In: a value; out:
 * the filter in the target of its key, or a diagnostic at the part that is wrong.
 */
#include "conf/schema.h"

#define DAYS_MAX      3650 /* days ahead that a deadline filter can speak of */
#define FILTER_WORDS  2000 /* words of one list filter */
#define MONTH_DAY_MAX 28   /* the last day that every month has */

static const char days_hint[] =
	"for example: 14..200 days, or >= 14 days, or <= 90 days, or any; then: , unknown no";
static const char money_hint[] = "for example: >= 50k EUR, or 50k..2M EUR, or <= 1 million EUR, or any";
static const char schedule_hint[] =
	"for example: weekly mon 08:00, daily 07:30, monthly 1 08:00 Europe/Tallinn, or off";

/* ---- ranges --------------------------------------------------------------------- */

/* What stands around the numbers of a range. */
struct range {
	bool any;
	struct str low, high; /* either may be empty: open */
	bool unknown_ok;
};

/* ", unknown ok" at the end; the default is ok. */
static bool cut_unknown(struct reading *r, const struct value *v, struct str *text, bool *unknown_ok)
{
	size_t comma = SIZE_MAX;
	*unknown_ok = true;
	for (size_t i = 0; i < text->n; i++)
		if (text->p[i] == ',')
			comma = i;
	if (comma == SIZE_MAX)
		return true;
	struct str rest, tail = str_trim(str_sub(*text, comma + 1, text->n)), word = str_word(tail, &rest);
	if (!str_ieq(word, STR("unknown")))
		return true;
	struct str verdict = str_trim(rest);
	*text = str_trim(str_sub(*text, 0, comma));
	if (!str_ieq(verdict, STR("ok")) && !str_ieq(verdict, STR("no"))) {
		value_error(r, v, tail, "unknown ok: calls that don't say pass; unknown no: they don't",
			"expected 'unknown ok' or 'unknown no'");
		return false;
	}
	*unknown_ok = str_ieq(verdict, STR("ok"));
	return true;
}

/* "any", ">= A", "<= B", "A..B"; false when it is none of these. */
static bool range_parse(struct str text, struct range *out)
{
	size_t dots = str_find(text, STR(".."));
	out->any = str_ieq(text, STR("any"));
	if (out->any)
		return true;
	if (str_starts(text, STR(">=")))
		out->low = str_trim(str_sub(text, 2, text.n));
	else if (str_starts(text, STR("<=")))
		out->high = str_trim(str_sub(text, 2, text.n));
	else if (dots == SIZE_MAX)
		return false;
	else {
		out->low = str_trim(str_sub(text, 0, dots));
		out->high = str_trim(str_sub(text, dots + 2, text.n));
		return out->low.n > 0 && out->high.n > 0;
	}
	return out->low.n + out->high.n > 0;
}

/* "200 days" -> 200; the word may stand at the last number only. */
static bool days_number(struct str s, bool last, int64_t *out)
{
	struct str rest, number = str_word(s, &rest);
	rest = str_trim(rest);
	bool unit = str_ieq(rest, STR("days")) || str_ieq(rest, STR("day"));
	return (unit || (!last && rest.n == 0)) && str_to_i64(number, 0, DAYS_MAX, out);
}

void parse_days(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct days_filter *f = TARGET(struct days_filter, k, base);
	struct str text = v->text;
	struct range range = {0};
	*f = (struct days_filter){.min = 0, .max = INT64_MAX};
	if (!cut_unknown(r, v, &text, &f->unknown_ok))
		return;
	bool ok = range_parse(text, &range);
	if (ok && range.low.n > 0)
		ok = days_number(range.low, range.high.n == 0, &f->min);
	if (ok && range.high.n > 0)
		ok = days_number(range.high, true, &f->max);
	if (!ok)
		value_error(r, v, text, days_hint, "expected a number of days such as '14..200 days'");
	else if (f->min > f->max)
		value_error(
			r, v, text, "the smaller number comes first", "no number of days lies in this range");
	f->set = !range.any || !f->unknown_ok;
}

/* One amount; *currency is filled when the text names one. */
static bool amount(struct str s, int64_t *out, char currency[static 4])
{
	struct budget b = {.min = AMOUNT_UNKNOWN, .max = AMOUNT_UNKNOWN, .total = AMOUNT_UNKNOWN};
	if (!money_parse(s, &b))
		return false;
	*out = b.max != AMOUNT_UNKNOWN ? b.max : b.min != AMOUNT_UNKNOWN ? b.min : b.total;
	if (b.currency[0] != '\0')
		memcpy(currency, b.currency, sizeof(b.currency));
	return *out >= 0;
}

void parse_money(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct money_filter *f = TARGET(struct money_filter, k, base);
	struct str text = v->text;
	struct range range = {0};
	*f = (struct money_filter){.min = 0, .max = INT64_MAX};
	if (!cut_unknown(r, v, &text, &f->unknown_ok))
		return;
	bool ok = range_parse(text, &range);
	if (ok && range.low.n > 0)
		ok = amount(range.low, &f->min, f->currency);
	if (ok && range.high.n > 0)
		ok = amount(range.high, &f->max, f->currency);
	if (!ok)
		value_error(r, v, text, money_hint, "expected an amount of money such as '>= 50k EUR'");
	else if (!range.any && f->currency[0] == '\0')
		value_error(r, v, text, "write EUR behind it", "this amount has no currency");
	else if (f->min > f->max)
		value_error(r, v, text, "the smaller amount comes first", "no amount lies in this range");
	f->set = !range.any || !f->unknown_ok;
}

/* ---- lists ------------------------------------------------------------------------- */

/* Says what is wrong with a word of a list filter, or brings it to its usual form. */
typedef bool word_check(struct reading *r, const struct value *v, struct str *word);

static void words_add(
	struct reading *r, const struct value *v, struct word_filter *f, struct str part, word_check *check)
{
	bool refused = str_istarts(part, STR("not "));
	struct str word = refused ? str_trim(str_sub(part, 4, part.n)) : part;
	if (word.n == 0) {
		value_error(r, v, part.n > 0 ? part : v->text, "between two commas there must be something",
			"this list has an empty entry");
		return;
	}
	if (check != NULL && !check(r, v, &word))
		return;
	if (strv_has(&f->allow, word) || strv_has(&f->refuse, word))
		value_error(r, v, part, "keep one of them", "'%.*s' is given twice", STRF(word));
	else if (refused)
		*vec_push(r->a, &f->refuse) = word;
	else
		*vec_push(r->a, &f->allow) = word;
}

static void words_parse(struct reading *r, const struct value *v, struct word_filter *f, word_check *check)
{
	struct str text = v->text;
	*f = (struct word_filter){0};
	if (!cut_unknown(r, v, &text, &f->unknown_ok) || str_ieq(text, STR("any")))
		return;
	while (text.n > 0) {
		struct str part = next_part(&text, ',');
		if (f->allow.n + f->refuse.n >= FILTER_WORDS) {
			value_error(r, v, part, NULL, "more than %d entries in one list", FILTER_WORDS);
			return;
		}
		words_add(r, v, f, part, check);
	}
}

static bool check_kind(struct reading *r, const struct value *v, struct str *word)
{
	enum kind kind;
	const char *names[KIND_COUNT];
	for (size_t i = 0; i < KIND_COUNT; i++)
		names[i] = kind_name((enum kind)i);
	if (kind_from(*word, &kind)) {
		*word = str_of(kind_name(kind));
		return true;
	}
	const char *hint = diag_suggest(r->d, *word, names + 1, KIND_COUNT - 1);
	value_error(r, v, *word,
		hint != NULL ? hint
			     : "known are: grant, tender, cascade, equity, loan, prize, event, partner, "
			       "programme, training, news",
		"there is no kind of call named '%.*s'", STRF(*word));
	return false;
}

static bool check_stage(struct reading *r, const struct value *v, struct str *word)
{
	static const char *const stages[] = {"single", "two-stage"};
	for (size_t i = 0; i < COUNT(stages); i++)
		if (str_ieq(*word, str_of(stages[i])))
			return true;
	const char *hint = diag_suggest(r->d, *word, stages, COUNT(stages));
	value_error(r, v, *word, hint, "a stage is 'single' or 'two-stage', not '%.*s'", STRF(*word));
	return false;
}

static bool check_country(struct reading *r, const struct value *v, struct str *word)
{
	if (str_ieq(*word, STR("associated"))) {
		*word = STR("associated");
		return true;
	}
	struct str code = upper(r->a, *word);
	if (str_eq(code, STR("EU")) || country_valid(code)) {
		*word = code;
		return true;
	}
	value_error(r, v, *word,
		"two letters such as EE (GB is the United Kingdom, GR Greece), or EU, or associated",
		"'%.*s' is no country code", STRF(*word));
	return false;
}

void parse_words(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	words_parse(r, v, TARGET(struct word_filter, k, base), NULL);
}

void parse_kinds(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	words_parse(r, v, TARGET(struct word_filter, k, base), check_kind);
}

void parse_stages(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	words_parse(r, v, TARGET(struct word_filter, k, base), check_stage);
}

void parse_countries(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	words_parse(r, v, TARGET(struct word_filter, k, base), check_country);
}

/* ---- schedules ------------------------------------------------------------------------ */

/* "mon", "Monday" -> 0. */
static bool weekday_parse(struct str s, int *out)
{
	static const char *const days[] = {
		"monday",
		"tuesday",
		"wednesday",
		"thursday",
		"friday",
		"saturday",
		"sunday",
	};
	for (size_t i = 0; i < COUNT(days); i++)
		if (str_ieq(s, str_of(days[i])) || str_ieq(s, (struct str){days[i], 3})) {
			*out = (int)i;
			return true;
		}
	return false;
}

/* The day of a weekly or monthly schedule, if `text` starts with what asks for one. */
static bool schedule_day(struct reading *r, const struct value *v, struct schedule *s, struct str *text)
{
	if (s->every == EVERY_DAY)
		return true;
	struct str day = str_word(*text, text);
	int64_t number = 0;
	if (s->every == EVERY_WEEK && weekday_parse(day, &s->day))
		return true;
	if (s->every == EVERY_MONTH && str_to_i64(day, 1, MONTH_DAY_MAX, &number)) {
		s->day = (int)number;
		return true;
	}
	if (s->every == EVERY_WEEK)
		value_error(r, v, day, "mon, tue, wed, thu, fri, sat or sun",
			"expected a day of the week, not '%.*s'", STRF(day));
	else
		value_error(r, v, day, "days 29 to 31 are missing in some months",
			"expected a day of the month from 1 to 28, not '%.*s'", STRF(day));
	return false;
}

void parse_schedule(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	static const char *const words[] = {
		[EVERY_NEVER] = "off",
		[EVERY_DAY] = "daily",
		[EVERY_WEEK] = "weekly",
		[EVERY_MONTH] = "monthly",
	};
	struct schedule s = {0};
	struct str rest, word = str_word(v->text, &rest);
	unsigned every = 0;
	while (every < COUNT(words) && !str_ieq(word, str_of(words[every])))
		every++;
	if (every == COUNT(words)) {
		const char *hint = diag_suggest(r->d, word, words, COUNT(words));
		value_error(r, v, word, hint != NULL ? hint : schedule_hint,
			"expected daily, weekly, monthly or off, not '%.*s'", STRF(word));
		return;
	}
	s.every = every;
	struct str time = {0};
	if (s.every != EVERY_NEVER) {
		if (!schedule_day(r, v, &s, &rest))
			return;
		time = str_word(rest, &rest);
		s.zone = str_word(rest, &rest);
	}
	if (s.every != EVERY_NEVER && !minute_parse(time, &s.minute))
		value_error(r, v, time, schedule_hint, "expected a time of day such as 08:00, not '%.*s'",
			STRF(time));
	else if (s.zone.n > 0 && !zone_valid(s.zone))
		value_error(r, v, s.zone, "write it like Europe/Tallinn",
			"there is no time zone called '%.*s'", STRF(s.zone));
	else if (str_trim(rest).n > 0)
		value_error(r, v, str_trim(rest), schedule_hint, "'%.*s' does not belong here",
			STRF(str_trim(rest)));
	else
		*TARGET(struct schedule, k, base) = s;
}
