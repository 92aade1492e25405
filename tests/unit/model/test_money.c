/* SPDX-License-Identifier: MIT
 *
 * Amounts in the notations of Europe, ranges, limits, and texts that hold none.
 */
#include "harness.h"

#include "model/model.h"

static void test_amounts(void **state)
{
	(void)state;
	enum { U = AMOUNT_UNKNOWN };
	static const struct {
		const char *text;
		int64_t min, max, total;
		const char *currency;
	} rows[] = {
		{"24000000", 24000000, 24000000, U, ""},
		{"2.5 million", 2500000, 2500000, U, ""},
		{"7 500", 7500, 7500, U, ""},
		{"7\xC2\xA0"
		 "500",
			7500, 7500, U, ""},
		{"EUR 7 500", 7500, 7500, U, "EUR"},
		{"200k", 200000, 200000, U, ""},
		{"€1,234.50", 1234, 1234, U, "EUR"},
		{"1.234.567,89", 1234567, 1234567, U, ""},
		{"1,234,567.89", 1234567, 1234567, U, ""},
		{"1 234 567", 1234567, 1234567, U, ""},
		{"1'000'000 CHF", 1000000, 1000000, U, "CHF"},
		{"2,5 Mio. €", 2500000, 2500000, U, "EUR"},
		{"2,5 Mio. Euro", 2500000, 2500000, U, "EUR"},
		{"1.500 €", 1500, 1500, U, "EUR"},
		{"1.5 €", 1, 1, U, "EUR"},
		{"0,5 M€", 500000, 500000, U, "EUR"},
		{"3 MEUR", 3000000, 3000000, U, "EUR"},
		{"€2.5M", 2500000, 2500000, U, "EUR"},
		{"€500k", 500000, 500000, U, "EUR"},
		{"£50,000", 50000, 50000, U, "GBP"},
		{"$1.2bn", 1200000000, 1200000000, U, "USD"},
		{"1 mrd eurot", 1000000000, 1000000000, U, "EUR"},
		{"2 miljonit eurot", 2000000, 2000000, U, "EUR"},
		{"10 tuhat eurot", 10000, 10000, U, "EUR"},
		{"2 millions d'euros", 2000000, 2000000, U, "EUR"},
		{"5 mln zł", 5000000, 5000000, U, "PLN"},
		{"12 miljoner SEK", 12000000, 12000000, U, "SEK"},
		{"500 000 Kč", 500000, 500000, U, "CZK"},
		/* the other languages of the EU */
		{"2 milijuna eura", 2000000, 2000000, U, "EUR"},
		{"2 milijona evrov", 2000000, 2000000, U, "EUR"},
		{"1,5 millió forint", 1500000, 1500000, U, "HUF"},
		{"500 ezer Ft", 500000, 500000, U, "HUF"},
		{"3 milioane lei", 3000000, 3000000, U, "RON"},
		{"50 mii euro", 50000, 50000, U, "EUR"},
		{"2 εκατομμύρια ευρώ", 2000000, 2000000, U, "EUR"},
		{"300 хиляди лева", 300000, 300000, U, "BGN"},
		{"2 милиона евро", 2000000, 2000000, U, "EUR"},
		{"100 tūkst. eurų", 100000, 100000, U, "EUR"},
		{"2 miljoni eiro", 2000000, 2000000, U, "EUR"},
		{"1,2 miljoonaa euroa", 1200000, 1200000, U, "EUR"},
		{"2 milhões de euros", 2000000, 2000000, U, "EUR"},
		{"50 mil euros", 50000, 50000, U, "EUR"},
		{"2 mil. Kč", 2000000, 2000000, U, "CZK"},
		{"$2 mil", 2000000, 2000000, U, "USD"},
		{"od 10 000 do 50 000 zł", 10000, 50000, U, "PLN"},
		{"iki 60 000 Eur", U, 60000, U, "EUR"},
		{"până la 200.000 euro", U, 200000, U, "EUR"},
		{"до 200 000 лв.", U, 200000, U, "BGN"},
		{"legfeljebb 20 millió Ft", U, 20000000, U, "HUF"},
		/* ranges and limits */
		{"EUR 1 million to 2 million", 1000000, 2000000, U, "EUR"},
		{"EUR 1 to 2 million", 1000000, 2000000, U, "EUR"},
		{"1-2 million EUR", 1000000, 2000000, U, "EUR"},
		{"€500-800k", 500000, 800000, U, "EUR"},
		{"500 000 – 2 million €", 500000, 2000000, U, "EUR"},
		{"between €50,000 and €200,000", 50000, 200000, U, "EUR"},
		{"50.000 bis 200.000 Euro", 50000, 200000, U, "EUR"},
		{"entre 10 000 et 50 000 euros", 10000, 50000, U, "EUR"},
		{"up to £50,000", U, 50000, U, "GBP"},
		{"bis zu 200.000 €", U, 200000, U, "EUR"},
		{"jusqu'à 1 M€", U, 1000000, U, "EUR"},
		{"max. EUR 60 000", U, 60000, U, "EUR"},
		{"Suurim toetus 7 500", U, 7500, U, ""},
		{"at least EUR 100,000", 100000, U, U, "EUR"},
		{"from €1m", 1000000, U, U, "EUR"},
		{"total budget of EUR 20 million", U, U, 20000000, "EUR"},
		{"Grants up to EUR 60,000; total budget EUR 1,200,000", U, 60000, 1200000, "EUR"},
		{"EUR 50,000 (£43,000)", 50000, 50000, U, "EUR"},
		{"70% of costs, up to €60 000", U, 60000, U, "EUR"},
		{"3 projects of EUR 2 million", 2000000, 2000000, U, "EUR"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct budget b;
		if (!money_parse(str_of(rows[i].text), &b))
			fail_msg("'%s' was refused", rows[i].text);
		if (b.min != rows[i].min || b.max != rows[i].max || b.total != rows[i].total ||
			strcmp(b.currency, rows[i].currency) != 0)
			fail_msg("'%s': got %lld %lld %lld '%s'", rows[i].text, (long long)b.min,
				(long long)b.max, (long long)b.total, b.currency);
	}
}

static void test_none(void **state)
{
	(void)state;
	static const char *const rows[] = {"", "none", "to be announced", "0", "0 EUR", "EUR", "up to",
		"100%", "70 % of the costs", "2 projects", "see the call text", "99999999999999999999999 EUR",
		"9999999999 billion", "-", "..,,", "€"};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct budget b = {.min = 7};
		if (money_parse(str_of(rows[i]), &b))
			fail_msg("'%s': got %lld %lld %lld", rows[i], (long long)b.min, (long long)b.max,
				(long long)b.total);
		assert_int_equal(b.min, 7); /* untouched */
	}
}

HARNESS_MAIN(cmocka_unit_test(test_amounts), cmocka_unit_test(test_none))
