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

enum role { ROLE_PLAIN, ROLE_LEAST, ROLE_MOST, ROLE_TOTAL, ROLE_COUNT };

struct amount {
	int64_t value;
	int64_t times; /* multiplier; 1 = none given */
	char currency[4];
	enum role role;
	bool range_with_next; /* "a - b" */
};

struct money_scan {
	struct str s;
	size_t at;
	struct amount list[AMOUNTS_MAX];
	size_t n;
	char currency[4]; /* seen before a number */
	enum role role;	  /* said before a number */
	bool joined;	  /* a dash or "to" stands between the last number and here */
	bool other_words; /* text that says nothing about money */
};

static const struct {
	const char *words; /* folded */
	int64_t times;
	const char *currency; /* of "MEUR" */
} multipliers[] = {
	{"k tsd thousand thousands tausend tuhat tuh tis tys mille miles tusen duizend tuhatta "
	 "tusind tisic tisice mie mii ezer χιλιαδες χιλ хиляди хил tisuca tisuce tisoc tisocaka tukst "
	 "tukstanc* tukstos* elf mhile",
		1000, ""},
	{"m mn mln mio mill million* miljon* milj millon* milion* milione* millones miljoen "
	 "milijun* milijon* milioane millio* miljoona* miljun* milhao milhoes milliun εκατομμυρι* εκατ милион* млн",
		1000000, ""},
	{"b bn bln mrd milliard* miljard* miliard* billion billions", 1000000000, ""},
	{"keur teur", 1000, "EUR"},
	{"meur mioeur", 1000000, "EUR"},
	{"mgbp", 1000000, "GBP"},
	{"msek mkr", 1000000, "SEK"},
};

static const struct {
	const char *words, *code;
} currency_words[] = {
	{"eur euro euros eurot euros eurode eura euroa evro euron eiro "
	 "evrov evra eurai euru eura ewro ευρω евро", "EUR"},
	{"usd dollar dollars", "USD"},
	{"gbp pound pounds sterling", "GBP"},
	{"sek", "SEK"},
	{"nok", "NOK"},
	{"dkk", "DKK"},
	{"isk", "ISK"},
	{"chf sfr", "CHF"},
	{"pln zl zloty zlotych", "PLN"},
	{"czk kc", "CZK"},
	{"huf ft forint*", "HUF"},
	{"ron lei leu", "RON"},
	{"bgn лв лева", "BGN"},
	{"try", "TRY"},
	{"uah", "UAH"},
	{"cad", "CAD"},
	{"aud", "AUD"},
	{"jpy", "JPY"},
	{"ils", "ILS"},
	{"rsd", "RSD"},
	{"mdl", "MDL"},
	{"gel", "GEL"},
	{"cny", "CNY"},
	{"krw", "KRW"},
};

static const struct {
	const char *text, *code;
} currency_signs[] = {
	{"€", "EUR"},
	{"£", "GBP"},
	{"$", "USD"},
	{"zł", "PLN"},
	{"Kč", "CZK"},
	{"¥", "JPY"},
};

/* Words before a number that say which limit it is. */
static const char *const role_words[ROLE_COUNT] = {
	[ROLE_LEAST] = "minimum min least mindestens ab from minimaalselt vahemalt minimal minimale starting "
		       "minst mindst vahintaan minimalno najmanje najmanj najmniej nejmene najmenej legalabb bent "
		       "vismaz almeno menos τουλαχιστον поне maziausiai nuo od",
	[ROLE_MOST] =
		"up max maximum maximal maximale bis jusqu kuni upto maximaal maksimaalselt suurim suurem "
		"hochstens tot maximalt ceiling enintaan hasta fino ate not exceeding "
		"iki lidz pana εως до do legfeljebb najvise najvec maksymalnie maksimalno maksimaliai maksimali "
		"enimmillaan hojst hojest maximo massimo maximalne maximalnie",
	[ROLE_TOTAL] = "total overall gesamt gesamtbudget insgesamt globale kogueelarve kogumaht budget "
		       "envelope pot "
		       "totaal totale presupuesto enveloppe fund "
		       "celkem celkom razem lacznie ukupno skupaj osszesen kopa viso συνολο общо totalt yhteensa",
};
/* Words that join the two ends of a range. */
static const char range_words[] = "to bis and und et a au kuni until till tot do ja y e och hasta "
				  "iki lidz pana εως до";
/* Words that neither say which limit nor make the text one about something else. */
static const char neutral_words[] =
	"to of at de the approx about circa ca c approximately per project a an eur each "
	"between zwischen entre vahemikus amount grant a le la zu au our funding "
	"support award toetus";

static bool is_decimal_sign(char c)
{
	return c == '.' || c == ',';
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

/* The digits before the decimal sign, without their grouping. */
static bool read_units(struct money_scan *m, int64_t *out)
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
		if (skip == 0 && is_decimal_sign(m->s.p[m->at]) && sign_groups(m->s, start, m->at, lead))
			skip = 1;
		if (skip == 0)
			break;
		if (!add_digits(units, &n, UNITS_MAX, str_sub(m->s, m->at + skip, m->at + skip + 3)))
			return false;
		m->at += skip + 3;
		lead = 3;
	}
	return str_to_i64((struct str){units, n}, 0, AMOUNT_MAX, out);
}

/* The decimals behind the sign, as billionths. */
static int64_t read_fraction(struct money_scan *m)
{
	if (m->at + 1 >= m->s.n || !is_decimal_sign(m->s.p[m->at]) || !digit_at(m->s, m->at + 1))
		return 0;
	int64_t billionths = 0, place = 100000000;
	for (m->at++; digit_at(m->s, m->at); m->at++) {
		billionths += (m->s.p[m->at] - '0') * place;
		place /= 10;
	}
	return billionths;
}

static const char *word_currency(const struct word *w)
{
	for (size_t i = 0; i < COUNT(currency_words); i++)
		if (word_in(w, currency_words[i].words))
			return currency_words[i].code;
	return NULL;
}

/* A currency sign or word at the place, moving past it; NULL = none. */
static const char *read_currency(struct money_scan *m)
{
	struct str rest = str_sub(m->s, m->at, m->s.n);
	for (size_t i = 0; i < COUNT(currency_signs); i++)
		if (str_starts(rest, str_of(currency_signs[i].text))) {
			m->at += strlen(currency_signs[i].text);
			return currency_signs[i].code;
		}
	struct word w = word_read(m->s, m->at);
	const char *code = word_currency(&w);
	if (code != NULL)
		m->at = w.end;
	return code;
}

/* "mil" is a thousand in Spanish and Portuguese; where it is cut short ("2 mil. Kč") or
 * the currency comes first ("$2 mil") it is a million. */
static int64_t twofold_multiplier(const struct money_scan *m, const struct word *w)
{
	if (!word_in(w, "mil"))
		return 0;
	bool dot = w->end < m->s.n && m->s.p[w->end] == '.';
	return dot || m->currency[0] != '\0' ? 1000000 : 1000;
}

/* The multiplier behind a number: "2.5 million", "200k", "2 Mio. €", "3 MEUR". */
static void read_multiplier(struct money_scan *m, struct amount *a)
{
	size_t at = skip_space(m->s, m->at);
	struct word w = word_read(m->s, at);
	int64_t times = twofold_multiplier(m, &w);
	for (size_t i = 0; i < COUNT(multipliers) && times == 0; i++) {
		if (!word_in(&w, multipliers[i].words))
			continue;
		times = multipliers[i].times;
		if (multipliers[i].currency[0] != '\0')
			(void)snprintf(a->currency, sizeof(a->currency), "%s", multipliers[i].currency);
	}
	if (times == 0)
		return;
	a->times = times;
	m->at = w.end;
	if (m->at < m->s.n && m->s.p[m->at] == '.' && !digit_at(m->s, m->at + 1))
		m->at++;
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
	if (code == NULL || (m->currency[0] != '\0' && digit_at(m->s, m->at)))
		m->at = back;
	else
		(void)snprintf(a->currency, sizeof(a->currency), "%s", code);
}

static bool percent_follows(const struct money_scan *m)
{
	size_t at = skip_space(m->s, m->at), end;
	return (at < m->s.n && m->s.p[at] == '%') || phrase_at(m->s, at, "percent", &end) ||
	       phrase_at(m->s, at, "per cent", &end);
}

/* units and billionths times the multiplier; AMOUNT_UNKNOWN when out of range. */
static int64_t scaled(int64_t units, int64_t billionths, int64_t times)
{
	int64_t v;
	if (__builtin_mul_overflow(units, times, &v) || v > AMOUNT_MAX)
		return AMOUNT_UNKNOWN;
	return v + billionths / (1000000000 / times);
}

static void read_number(struct money_scan *m)
{
	int64_t units;
	struct amount a = {.times = 1, .role = m->role};
	bool fits = read_units(m, &units);
	if (!fits)
		m->at += digit_run(m->s, m->at);
	int64_t billionths = read_fraction(m);
	read_multiplier(m, &a);
	read_currency_behind(m, &a);
	bool joined = m->joined;
	m->joined = false;
	if (!fits || percent_follows(m)) {
		m->other_words = true;
		return;
	}
	if (a.currency[0] == '\0')
		memcpy(a.currency, m->currency, sizeof(a.currency));
	a.value = scaled(units, billionths, a.times);
	if (a.value < 0 || m->n == AMOUNTS_MAX)
		return;
	if (joined && m->n > 0) {
		m->list[m->n - 1].range_with_next = true;
		a.role = ROLE_PLAIN;
	}
	m->list[m->n++] = a;
	m->currency[0] = '\0';
	m->role = ROLE_PLAIN;
}

static void note_word(struct money_scan *m, const struct word *w)
{
	bool behind_number = m->n > 0 && m->role == ROLE_PLAIN && m->currency[0] == '\0';
	if (behind_number && word_in(w, range_words))
		m->joined = true;
	for (enum role r = ROLE_LEAST; r < ROLE_COUNT; r++)
		if (word_in(w, role_words[r])) {
			/* "total budget up to": the first word said wins. */
			if (m->role == ROLE_PLAIN)
				m->role = r;
			return;
		}
	if (!word_in(w, neutral_words) && !word_in(w, range_words)) {
		m->other_words = true;
		m->joined = false;
	}
}

static bool is_dash(struct str s, size_t at, size_t *n)
{
	struct str rest = str_sub(s, at, s.n);
	bool plain = str_starts(rest, STR("-"));
	*n = plain ? 1 : 3;
	return plain || str_starts(rest, STR("\xE2\x80\x93")) || str_starts(rest, STR("\xE2\x80\x94"));
}

static void scan_amounts(struct money_scan *m)
{
	while (m->at < m->s.n) {
		size_t n;
		if (digit_at(m->s, m->at)) {
			read_number(m);
			continue;
		}
		const char *code = read_currency(m);
		if (code != NULL) {
			(void)snprintf(m->currency, sizeof(m->currency), "%s", code);
			continue;
		}
		struct word w = word_read(m->s, m->at);
		if (w.end > m->at) {
			note_word(m, &w);
			m->at = w.end;
		} else if (is_dash(m->s, m->at, &n)) {
			m->joined = m->n > 0;
			m->at += n;
		} else {
			(void)utf8_next(m->s, &m->at);
		}
	}
}

/* The end of a range passes its multiplier and currency to the beginning. */
static void share_range(struct amount *a, struct amount *b)
{
	if (a->times == 1 && b->times > 1 && a->value < SHARED_BELOW)
		a->value *= b->times;
	if (a->currency[0] == '\0')
		memcpy(a->currency, b->currency, sizeof(a->currency));
	if (b->currency[0] == '\0')
		memcpy(b->currency, a->currency, sizeof(b->currency));
	a->times = b->times > a->times ? b->times : a->times;
	a->role = ROLE_LEAST;
	b->role = ROLE_MOST;
}

static void set_amount(int64_t *field, int64_t value)
{
	if (*field == AMOUNT_UNKNOWN && value > 0)
		*field = value;
}

static void use_amount(const struct amount *a, struct budget *out)
{
	if (out->currency[0] == '\0')
		memcpy(out->currency, a->currency, sizeof(out->currency));
	/* A second currency is the same amount said twice. */
	else if (a->currency[0] != '\0' && strcmp(out->currency, a->currency) != 0)
		return;
	if (a->role == ROLE_TOTAL)
		set_amount(&out->total, a->value);
	if (a->role == ROLE_LEAST || a->role == ROLE_PLAIN)
		set_amount(&out->min, a->value);
	if (a->role == ROLE_MOST || a->role == ROLE_PLAIN)
		set_amount(&out->max, a->value);
}

/* Of plain amounts one after the other only the first counts. */
static void use_amounts(const struct money_scan *m, struct budget *out)
{
	bool plain_seen = false;
	for (size_t i = 0; i < m->n; i++) {
		const struct amount *a = &m->list[i];
		bool money = a->currency[0] != '\0' || a->times > 1 || !m->other_words;
		if (!money || (a->role == ROLE_PLAIN && plain_seen))
			continue;
		plain_seen = plain_seen || a->role == ROLE_PLAIN;
		use_amount(a, out);
	}
}

bool money_parse(struct str text, struct budget *out)
{
	struct money_scan m = {.s = text};
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
