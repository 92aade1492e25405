/* SPDX-License-Identifier: MIT
 *
 * Amounts of money as calls write them: "up to £50,000", "2,5 Mio. €",
 * "EUR 1 million to 2 million". A text goes in; minimum, maximum, total and
 * currency come out in whole units.
 *
 * The text is read word by word. Each number becomes an amount with what stands
 * around it: a currency before or behind, a multiplier behind, a word before it
 * that says what it limits. Then two amounts joined by a dash or "to" are made a
 * range, and numbers that nothing marks as money ("2 projects") are dropped.
 */
#include "model/internal.h"

#define AMOUNTS_MAX  12				 /* amounts looked at in one text */
#define AMOUNT_MAX   ((int64_t)1000000000000000) /* larger ones are no budget */
#define UNITS_MAX    16				 /* digits before the decimal sign */
#define SHARED_BELOW 1000			 /* "1 to 2 million": below it the multiplier is shared */
#define SHORT_BELOW  100   /* "10-50.000": a beginning below it may leave out its thousands ... */
#define THOUSANDS    1000  /* ... where the end is that much at least */
#define BARE_BELOW   10000 /* beside an amount that is marked as money, a smaller one that is not is none */
#define YEAR_FIRST   2001  /* a bare number of four digits between these is a year */
#define YEAR_LAST    2099

struct amount {
	int64_t units, billionths; /* as written, before the multiplier */
	int64_t times;		   /* multiplier; 1 = none given */
	char currency[4];
	bool marked; /* a currency or a multiplier says that it is money */
	bool year;   /* four digits that may be a year */
	enum money_role role;
	bool range_with_next; /* "a - b" */
};

struct money_scan {
	struct str s;
	size_t at;
	struct amount list[AMOUNTS_MAX];
	size_t n;
	char currency[4];     /* seen before a number */
	bool marked;	      /* a currency was seen before a number */
	int64_t times;	      /* "in Mio. €:" was, or 0 */
	enum money_role role; /* said before a number */
	bool joined;	      /* a dash or "to" stands between the last number and here */
	bool behind;	      /* nothing but "in" or "(" stands between the last number and here */
	bool between;	      /* the text says "between": "and" joins */
	bool other_words;     /* text that says nothing about money */
};

static bool is_decimal_sign(char c)
{
	return c == '.' || c == ',';
}

/* A dash at `at`; its bytes in *n. */
static bool is_dash(struct str s, size_t at, size_t *n)
{
	static const char *const dashes[] = {
		"-", "\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x91", "\xE2\x88\x92", "t/m"};
	for (size_t i = 0; i < COUNT(dashes); i++)
		if (str_starts(str_sub(s, at, s.n), str_of(dashes[i]))) {
			*n = strlen(dashes[i]);
			return true;
		}
	return false;
}

/* Bytes of a grouping space or apostrophe at `at`; 0 = none. */
static size_t group_space(struct str s, size_t at)
{
	static const char *const signs[] = {
		" ", "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x89", "'", "\xE2\x80\x99"};
	for (size_t i = 0; i < COUNT(signs); i++)
		if (str_starts(str_sub(s, at, s.n), str_of(signs[i])))
			return strlen(signs[i]);
	return 0;
}

static size_t digit_run(struct str s, size_t at)
{
	size_t n = 0;
	while (digit_at(s, at + n))
		n++;
	return n;
}

/* How often `sign` stands between digits of the number at `at`. */
static size_t count_sign(struct str s, size_t at, char sign)
{
	size_t n = 0;
	while (at < s.n && (digit_at(s, at) || (is_decimal_sign(s.p[at]) && digit_at(s, at + 1)))) {
		n += s.p[at] == sign;
		at++;
	}
	return n;
}

/* Whether the sign at `at` (a digit on both sides) groups thousands rather than
 * beginning the decimals; `lead` digits stand before it in its group. */
static bool sign_groups(struct str s, size_t start, size_t at, size_t lead)
{
	char sign = s.p[at], other = sign == '.' ? ',' : '.';
	if (digit_run(s, at + 1) != 3 || lead > 3)
		return false;
	if (count_sign(s, start, sign) > 1)
		return true;
	if (count_sign(s, start, other) > 0)
		return str_find_char(str_sub(s, at, at + 5), other) != SIZE_MAX;
	return !(lead == 1 && s.p[at - 1] == '0');
}

/* Appends digits to a number that is kept as text. */
static bool add_digits(char *out, size_t *n, size_t max, struct str digits)
{
	if (*n + digits.n > max)
		return false;
	memcpy(out + *n, digits.p, digits.n);
	*n += digits.n;
	return true;
}

/* The digits before the decimal sign, without their grouping; a sign that grouped them goes
 * to *grouped. */
static bool read_units(struct money_scan *m, int64_t *out, char *grouped)
{
	char units[UNITS_MAX];
	size_t n = 0, start = m->at, lead = digit_run(m->s, m->at);
	if (!add_digits(units, &n, UNITS_MAX, str_sub(m->s, m->at, m->at + lead)))
		return false;
	m->at += lead;
	while (m->at < m->s.n) {
		size_t skip = group_space(m->s, m->at);
		if (skip > 0 && (lead > 3 || digit_run(m->s, m->at + skip) != 3))
			break;
		if (skip == 0 && is_decimal_sign(m->s.p[m->at]) &&
			(*grouped == '\0' || *grouped == m->s.p[m->at]) &&
			sign_groups(m->s, start, m->at, lead)) {
			*grouped = m->s.p[m->at];
			skip = 1;
		}
		if (skip == 0)
			break;
		if (!add_digits(units, &n, UNITS_MAX, str_sub(m->s, m->at + skip, m->at + skip + 3)))
			return false;
		m->at += skip + 3;
		lead = 3;
	}
	return str_to_i64((struct str){units, n}, 0, AMOUNT_MAX, out);
}

/* The decimals behind a sign other than that of the groups, as billionths. */
static int64_t read_fraction(struct money_scan *m, char grouped)
{
	if (m->at + 1 >= m->s.n || !is_decimal_sign(m->s.p[m->at]) || m->s.p[m->at] == grouped ||
		!digit_at(m->s, m->at + 1))
		return 0;
	int64_t billionths = 0, place = 100000000;
	for (m->at++; digit_at(m->s, m->at); m->at++) {
		billionths += (m->s.p[m->at] - '0') * place;
		place /= 10;
	}
	return billionths;
}

/* A currency sign or word at the place, moving past it; NULL = none. */
static const char *read_currency(struct money_scan *m)
{
	size_t end;
	const char *code = money_currency(m->s, m->at, &end);
	if (code != NULL)
		m->at = end;
	return code;
}

static void pass_dot(struct money_scan *m)
{
	if (m->at < m->s.n && m->s.p[m->at] == '.' && !digit_at(m->s, m->at + 1))
		m->at++;
}

/* One group before a multiplier may be decimals: as the multiplier's language has it. False
 * when that can't be told. */
static bool regroup(struct money_scan *m, struct amount *a, char grouped, size_t word)
{
	if (grouped == '\0' || a->billionths > 0 || a->units >= 1000 * 1000)
		return true;
	char decimal = money_decimal_sign(m->s, word);
	if (decimal == grouped) {
		a->billionths = a->units % 1000 * 1000000;
		a->units /= 1000;
	}
	return decimal != '\0';
}

/* "200k" and "2 m €" are money; "20 m", "1b" and "42b9" are not. */
static bool letter_multiplies(const struct money_scan *m, size_t at, size_t end)
{
	bool dot = end < m->s.n && m->s.p[end] == '.';
	size_t ignored, behind = skip_space(m->s, dot ? end + 1 : end);
	if (m->marked || end - at > 1 || money_currency(m->s, behind, &ignored) != NULL)
		return true;
	bool ends = end >= m->s.n || (!digit_at(m->s, end) && m->s.p[end] != '/');
	return at == m->at && (m->s.p[at] | 32) != 'b' && ends;
}

/* The multiplier behind a number: "2.5 million", "200k", "2 Mio. €", "3 MEUR", "500 de mii".
 * False when it leaves the number unclear. */
static bool read_multiplier(struct money_scan *m, struct amount *a, char grouped)
{
	size_t at = skip_space(m->s, m->at), end;
	struct word of = word_read(m->s, at);
	if (word_in(&of, "de"))
		at = skip_space(m->s, of.end);
	const char *currency;
	int64_t times = money_multiplier(m->s, at, m->marked, &end, &currency);
	if (times == 0 || !letter_multiplies(m, at, end))
		return true;
	(void)snprintf(a->currency, sizeof(a->currency), "%s", currency);
	a->marked = true;
	a->times = times;
	m->at = end;
	pass_dot(m);
	return regroup(m, a, grouped, at);
}

/* "in Mio. €: 2,5", "T€ 500", "MEUR 3", "EUR M 3": multiplier and currency before the number. */
static bool read_scale_before(struct money_scan *m)
{
	size_t end;
	const char *currency, *code;
	int64_t times = money_multiplier(m->s, m->at, false, &end, &currency);
	if (times == 0)
		return false;
	struct money_scan t = *m;
	t.at = end;
	pass_dot(&t);
	t.at = skip_space(t.s, t.at);
	code = currency[0] != '\0' ? currency : read_currency(&t);
	if (code == NULL && m->marked && digit_at(t.s, t.at))
		code = m->currency;
	if (code == NULL)
		return false;
	(void)snprintf(t.currency, sizeof(t.currency), "%s", code);
	t.marked = true;
	t.times = times;
	*m = t;
	return true;
}

/* "2 millions d'euros", "2 milioni di euro" */
static void skip_of(struct money_scan *m)
{
	struct word w = word_read(m->s, m->at);
	if (!word_in(&w, "d de di of"))
		return;
	m->at = w.end;
	m->at += group_space(m->s, m->at);
}

/* A currency that stands behind the number. */
static void read_currency_behind(struct money_scan *m, struct amount *a)
{
	size_t back = m->at;
	m->at = skip_space(m->s, m->at);
	skip_of(m);
	const char *code = read_currency(m);
	/* "EUR 5 000 $": the sign behind belongs to what follows when one stood before. */
	if (code == NULL || (m->marked && digit_at(m->s, m->at))) {
		m->at = back;
		return;
	}
	(void)snprintf(a->currency, sizeof(a->currency), "%s", code);
	a->marked = true;
	pass_dot(m);
}

static bool percent_follows(const struct money_scan *m)
{
	size_t at = skip_space(m->s, m->at), end;
	return (at < m->s.n && m->s.p[at] == '%') || phrase_at(m->s, at, "percent", &end) ||
	       phrase_at(m->s, at, "per cent", &end);
}

/* ",-" and ".--" behind whole units. */
static void pass_no_cents(struct money_scan *m)
{
	size_t at = m->at + 1, n;
	if (m->at >= m->s.n || !is_decimal_sign(m->s.p[m->at]) || !is_dash(m->s, at, &n))
		return;
	while (is_dash(m->s, at, &n))
		at += n;
	m->at = at;
}

/* "2026-12-31" and the like: digits joined by two hyphens. */
static bool hyphens_join(struct str s, size_t at)
{
	size_t n = digit_run(s, at), second = at + n + 1 + digit_run(s, at + n + 1);
	return str_starts(str_sub(s, at + n, s.n), STR("-")) && second > at + n + 1 &&
	       str_starts(str_sub(s, second, s.n), STR("-")) && digit_at(s, second + 1);
}

/* "-1" for "no limit", "€.5": a sign before the digits that is no hyphen or full stop of a word. */
static bool behind_sign(struct str s, size_t at)
{
	if (at == 0 || (s.p[at - 1] != '+' && s.p[at - 1] != '-' && !is_decimal_sign(s.p[at - 1])))
		return false;
	struct str before = str_sub(s, 0, at - 1);
	if (s.p[at - 1] == '-')
		return str_trim(before).n == 0;
	return s.p[at - 1] == '+' || before.n == 0 || before.p[before.n - 1] == ' ' ||
	       str_ends(before, STR("€"));
}

/* "+372 5555 5555", "08-473 30 00", "2026-12-31": no amount is written like that. */
static bool pass_other_number(struct money_scan *m)
{
	size_t at = m->at, n;
	if (!behind_sign(m->s, at) && (m->s.p[at] != '0' || !digit_at(m->s, at + 1)) &&
		!hyphens_join(m->s, at))
		return false;
	while (digit_at(m->s, at) ||
		(digit_at(m->s, at + 1) && (group_space(m->s, at) == 1 || is_dash(m->s, at, &n))))
		at++;
	m->at = at;
	m->joined = false;
	m->other_words = true;
	return true;
}

/* Digits that go on in a way no amount does: "1,000,00", "1.2.3", "31/12/2026". */
static bool pass_rest(struct money_scan *m)
{
	size_t from = m->at;
	while (digit_at(m->s, m->at) ||
		(digit_at(m->s, m->at + 1) && (is_decimal_sign(m->s.p[m->at]) || m->s.p[m->at] == '/')))
		m->at++;
	return m->at > from;
}

/* The value, or AMOUNT_UNKNOWN when out of range. */
static int64_t value_of(const struct amount *a)
{
	int64_t v;
	if (__builtin_mul_overflow(a->units, a->times, &v) || v > AMOUNT_MAX)
		return AMOUNT_UNKNOWN;
	return v + a->billionths / (1000000000 / a->times);
}

static void add_amount(struct money_scan *m, struct amount a)
{
	bool joined = m->joined && m->n > 0;
	m->joined = false;
	if (value_of(&a) < 0 || m->n == AMOUNTS_MAX)
		return;
	if (a.currency[0] == '\0')
		memcpy(a.currency, m->currency, sizeof(a.currency));
	a.marked = a.marked || m->marked;
	if (joined && a.role != MONEY_TOTAL && a.role != MONEY_BUDGET)
		m->list[m->n - 1].range_with_next = true;
	if (a.role != MONEY_MOST && money_per_project(m->s, m->at))
		a.role = a.role == MONEY_LEAST ? MONEY_LEAST : MONEY_PLAIN;
	m->list[m->n++] = a;
	m->currency[0] = '\0';
	m->marked = false;
	m->times = 0;
	m->role = MONEY_PLAIN;
	m->behind = true;
}

static void read_number(struct money_scan *m)
{
	struct amount a = {.times = 1, .role = m->role};
	if (pass_other_number(m))
		return;
	a.year = digit_run(m->s, m->at) == 4;
	char grouped = '\0';
	bool fits = read_units(m, &a.units, &grouped);
	if (!fits)
		m->at += digit_run(m->s, m->at);
	a.billionths = read_fraction(m, grouped);
	fits = !pass_rest(m) && fits;
	pass_no_cents(m);
	fits = read_multiplier(m, &a, grouped) && fits;
	if (a.times == 1 && m->times > 0)
		a.times = m->times;
	read_currency_behind(m, &a);
	if (!fits || percent_follows(m)) {
		m->joined = false;
		m->other_words = true;
		m->role = MONEY_PLAIN;
		return;
	}
	add_amount(m, a);
}

/* Whether what follows lets a word speak for the amount before it: "€ 200 000 max.", "£1.5
 * million total fund". */
static bool clause_ends(struct str s, size_t at)
{
	at = skip_space(s, at);
	struct word w = word_read(s, at);
	if (word_in(&w, "fund funding budget"))
		at = skip_space(s, w.end);
	return at >= s.n || strchr(".,;)", s.p[at]) != NULL || money_per_project(s, at);
}

/* A word that says which limit it is, before its amount or behind it. */
static void note_role(struct money_scan *m, enum money_role role, size_t end)
{
	struct amount *last = m->n > 0 ? &m->list[m->n - 1] : NULL;
	if (m->behind && last->role == MONEY_PLAIN && clause_ends(m->s, end))
		last->role = role;
	/* "total budget up to": the first word said wins; but a mere "budget up to" is a limit. */
	else if (m->role == MONEY_PLAIN || m->role == MONEY_BUDGET)
		m->role = role;
}

static void note_word(struct money_scan *m, const struct word *w)
{
	if (m->n > 0 && m->role == MONEY_PLAIN && !m->marked &&
		(money_range_word(w) || (m->between && money_and_word(w))))
		m->joined = true;
	enum money_role role = money_role_of(w);
	if (role != MONEY_PLAIN) {
		note_role(m, role, w->end);
	} else if (!money_neutral_word(w)) {
		m->other_words = true;
		m->joined = m->behind = false;
	}
}

/* "no more than" right before an amount. */
static bool read_role_phrase(struct money_scan *m)
{
	size_t end, behind;
	enum money_role role = money_role_phrase(m->s, m->at, &end);
	if (role == MONEY_PLAIN)
		return false;
	end = skip_space(m->s, end);
	if (!digit_at(m->s, end) && money_currency(m->s, end, &behind) == NULL)
		return false;
	note_role(m, role, end);
	m->at = end;
	return true;
}

static void pass_sign(struct money_scan *m)
{
	if (m->s.p[m->at] != '(' && m->s.p[m->at] != ' ')
		m->behind = false;
	(void)utf8_next(m->s, &m->at);
}

static void scan_amounts(struct money_scan *m)
{
	while (m->at < m->s.n) {
		size_t n;
		if (digit_at(m->s, m->at)) {
			read_number(m);
			continue;
		}
		if (is_dash(m->s, m->at, &n)) {
			m->joined = m->n > 0;
			m->at += n;
			continue;
		}
		if (read_scale_before(m))
			continue;
		const char *code = read_currency(m);
		if (code != NULL) {
			(void)snprintf(m->currency, sizeof(m->currency), "%s", code);
			m->marked = true;
			continue;
		}
		if (read_role_phrase(m))
			continue;
		struct word w = word_read(m->s, m->at);
		if (w.end == m->at) {
			pass_sign(m);
			continue;
		}
		note_word(m, &w);
		m->at = w.end;
		/* "DE123456789", "TRL5", "1e6" */
		if (digit_at(m->s, m->at))
			m->other_words = pass_rest(m);
	}
}

static bool says_between(struct str s)
{
	for (size_t at = 0; at < s.n;) {
		struct word w = word_read(s, at);
		if (money_between_word(&w))
			return true;
		if (w.end == at)
			(void)utf8_next(s, &at);
		else
			at = w.end;
	}
	return false;
}

/* "EUR 10-50.000": ten euros, or ten thousand? "EUR 10 - EUR 50.000" leaves no doubt. */
static bool begins_short(const struct amount *a, const struct amount *b)
{
	bool apart = a->currency[0] != '\0' && b->currency[0] != '\0';
	return !apart && value_of(a) < SHORT_BELOW && value_of(b) >= THOUSANDS;
}

/* The end of a range passes its multiplier and currency to the beginning. Of one that runs
 * backwards neither end is known. */
static void share_range(struct amount *a, struct amount *b)
{
	if (a->times == 1 && b->times > 1 && a->units < SHARED_BELOW)
		a->times = b->times;
	bool is_short = begins_short(a, b);
	if (a->currency[0] == '\0')
		memcpy(a->currency, b->currency, sizeof(a->currency));
	if (b->currency[0] == '\0')
		memcpy(b->currency, a->currency, sizeof(b->currency));
	a->marked = b->marked = a->marked || b->marked;
	bool unclear = a->role == MONEY_TOTAL || value_of(a) > value_of(b);
	a->role = unclear || is_short ? MONEY_UNCLEAR : MONEY_LEAST;
	b->role = unclear ? MONEY_UNCLEAR : MONEY_MOST;
}

static void set_amount(int64_t *field, int64_t value)
{
	if (*field == AMOUNT_UNKNOWN && value > 0)
		*field = value;
}

static void use_amount(const struct amount *a, struct budget *out)
{
	int64_t value = value_of(a);
	if (out->currency[0] == '\0')
		memcpy(out->currency, a->currency, sizeof(out->currency));
	/* A second currency is the same amount said twice. */
	else if (a->currency[0] != '\0' && strcmp(out->currency, a->currency) != 0)
		return;
	if (a->role == MONEY_TOTAL || a->role == MONEY_BUDGET)
		set_amount(&out->total, value);
	bool plain = a->role == MONEY_PLAIN && out->min == AMOUNT_UNKNOWN && out->max == AMOUNT_UNKNOWN;
	if (a->role == MONEY_LEAST || plain)
		set_amount(&out->min, value);
	if (a->role == MONEY_MOST || plain)
		set_amount(&out->max, value);
}

/* Whether it is money at all, rather than a year or a number of projects. */
static bool is_money(const struct money_scan *m, const struct amount *a, bool any_marked)
{
	if (a->marked)
		return true;
	if (m->other_words || (a->year && a->units >= YEAR_FIRST && a->units <= YEAR_LAST))
		return false;
	return !any_marked || a->units >= BARE_BELOW;
}

/* Of plain amounts one after the other only the first counts, and none where a limit is
 * named: "EUR 20 million, up to EUR 500 000 each". */
static void use_amounts(struct money_scan *m, struct budget *out)
{
	bool any_marked = false, limited = false;
	for (size_t i = 0; i < m->n; i++)
		any_marked = any_marked || m->list[i].marked;
	for (size_t i = 0; i < m->n; i++)
		limited = limited || (m->list[i].role == MONEY_MOST && is_money(m, &m->list[i], any_marked));
	for (size_t i = 0; i < m->n; i++) {
		struct amount *a = &m->list[i];
		if (limited && a->role == MONEY_PLAIN)
			a->role = MONEY_UNCLEAR;
		if (is_money(m, a, any_marked))
			use_amount(a, out);
	}
	if (out->max > 0 && out->min > out->max)
		out->min = out->max = AMOUNT_UNKNOWN;
}

bool money_parse(struct str text, struct budget *out)
{
	struct money_scan m = {.s = text, .between = says_between(text)};
	struct budget b = {.min = AMOUNT_UNKNOWN, .max = AMOUNT_UNKNOWN, .total = AMOUNT_UNKNOWN};
	scan_amounts(&m);
	for (size_t i = 0; i + 1 < m.n; i++)
		if (m.list[i].range_with_next)
			share_range(&m.list[i], &m.list[i + 1]);
	use_amounts(&m, &b);
	if (b.min < 0 && b.max < 0 && b.total < 0)
		return false;
	*out = b;
	return true;
}

struct str amount_text(struct arena *a, int64_t amount)
{
	return amount > 0 ? str_of(arena_printf(a, "%lld", (long long)amount)) : (struct str){0};
}
