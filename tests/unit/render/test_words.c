/* SPDX-License-Identifier: MIT
 *
 * Dates, deadlines and amounts in words of each language, and changes read back; brand
 * colours; lines of text cut and wrapped; links.
 */
#include <math.h>

#include "harness.h"

#include "render/brand.h"
#include "render/said.h"
#include "render/show.h"
#include "render/words.h"

#define NOW INT64_C(1795417200) /* Monday 2026-11-23T07:00:00Z */

static struct deadline deadline(int year, int month, int day, int minute, const char *zone)
{
	return (struct deadline){
		.date = {(int16_t)year, (int8_t)month, (int8_t)day}, .minute = minute, .zone = str_of(zone)};
}

static void test_deadline(void **state)
{
	(void)state;
	static const struct {
		int year, month, day, minute;
		const char *zone, *want;
	} rows[] = {
		{2026, 12, 15, 1020, "Europe/Brussels", "15 December 2026, 17:00 Brussels, in 22 days"},
		{2026, 12, 15, -1, "Europe/Brussels", "15 December 2026, in 22 days"},
		{2027, 1, 1, 0, "UTC", "1 January 2027, 00:00 UTC, in 39 days"},
		{2026, 11, 25, 605, "Europe/Tallinn", "25 November 2026, 10:05 Tallinn, in 2 days"},
		{2026, 11, 24, -1, "UTC", "24 November 2026, tomorrow"},
		{2026, 11, 23, -1, "UTC", "23 November 2026, today"},
		{2026, 11, 23, 540, "UTC", "23 November 2026, 09:00 UTC, today"},
		{2026, 11, 23, 360, "UTC", "23 November 2026, 06:00 UTC, passed"},
		{2026, 11, 20, -1, "UTC", "20 November 2026, passed"},
		{2027, 2, 28, 1020, "America/Argentina/Buenos_Aires",
			"28 February 2027, 17:00 Buenos Aires, in 97 days"},
		/* 07:00 UTC is 20:00 of the same day in Auckland, and still the day before in Honolulu:
		 * 21:00 on the 22nd. */
		{2026, 11, 24, -1, "Pacific/Auckland", "24 November 2026, tomorrow"},
		{2026, 11, 23, -1, "Pacific/Honolulu", "23 November 2026, tomorrow"},
		{2026, 11, 22, 1380, "Pacific/Honolulu", "22 November 2026, 23:00 Honolulu, today"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct deadline d =
			deadline(rows[i].year, rows[i].month, rows[i].day, rows[i].minute, rows[i].zone);
		assert_str(render_deadline(a, &d, NOW), rows[i].want);
	}
	arena_free(a);
}

static void test_day(void **state)
{
	(void)state;
	static const struct {
		int year, month, day;
		const char *language, *want;
	} rows[] = {
		{2026, 12, 3, "en", "3 December"},
		{2027, 2, 3, "en", "3 February 2027"},
		{2026, 12, 1, "fr", "1er décembre"},
		{2027, 12, 15, "fr", "15 décembre 2027"},
		{2026, 12, 15, "de", "15. Dezember"},
		{2027, 12, 1, "et", "1. detsember 2027"},
		{2026, 12, 15, "xx", "15 December"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct deadline d = deadline(rows[i].year, rows[i].month, rows[i].day, -1, "UTC");
		assert_str(words_day(a, language_of(str_of(rows[i].language)), &d, NOW), rows[i].want);
	}
	arena_free(a);
}

static void test_left(void **state)
{
	(void)state;
	static const struct {
		int day;
		const char *language, *want;
	} rows[] = {
		{22, "en", "passed"},
		{23, "en", "today"},
		{24, "de", "morgen"},
		{26, "de", "in 3 Tagen"},
		{26, "et", "3 päeva pärast"},
		{26, "fr", "dans 3 jours"},
		{24, "fr", "demain"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct deadline d = deadline(2026, 11, rows[i].day, -1, "UTC");
		assert_str(words_left(a, language_of(str_of(rows[i].language)), &d, NOW), rows[i].want);
	}
	arena_free(a);
}

static void test_counted(void **state)
{
	(void)state;
	static const struct {
		const char *language;
		int64_t n;
		const char *want;
	} rows[] = {
		{"en", 0, "{n} new calls"},
		{"en", 1, "{n} new call"},
		{"de", 1, "{n} neue Ausschreibung"},
		{"de-AT", 2, "{n} neue Ausschreibungen"},
		{"et", 1, "{n} uus taotlusvoor"},
		{"ET", 5, "{n} uut taotlusvooru"},
		/* In French nothing is singular. */
		{"fr", 0, "{n} nouvel appel"},
		{"fr", 1, "{n} nouvel appel"},
		{"fr", 2, "{n} nouveaux appels"},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(tr_n(language_of(str_of(rows[i].language)), "{n} new call", "{n} new calls",
				   rows[i].n),
			rows[i].want);
}

static void test_fill(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	assert_str(
		FILL(a, STR("{a} and {b}, {c} {"), {"a", STR("{b}")}, {"b", STR("2")}), "{b} and 2, {c} {");
	assert_str(FILL(a, STR(""), {"a", STR("1")}), "");
	arena_free(a);
}

static void test_money(void **state)
{
	(void)state;
	static const struct {
		const char *language, *want, *small;
	} rows[] = {
		{"en", "EUR 6,000,000 to 8,000,000, EUR 24,000,000 in total", "up to EUR 5,000"},
		{"de", "6.000.000 bis 8.000.000\u00A0EUR, 24.000.000\u00A0EUR insgesamt",
			"bis zu 5.000\u00A0EUR"},
		{"et", "6\u00A0000\u00A0000 kuni 8\u00A0000\u00A0000\u00A0EUR, kokku "
		       "24\u00A0000\u00A0000\u00A0EUR",
			"kuni 5000\u00A0EUR"}, /* four digits are one group */
		{"fr", "de 6\u202F000\u202F000 à 8\u202F000\u202F000\u00A0EUR, "
		       "24\u202F000\u202F000\u00A0EUR au total",
			"jusqu'à 5\u202F000\u00A0EUR"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	const struct budget b = {6000000, 8000000, 24000000, "EUR"}, small = {-1, 5000, -1, "EUR"};
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_str(words_budget(a, language_of(str_of(rows[i].language)), &b), rows[i].want);
		assert_str(words_budget(a, language_of(str_of(rows[i].language)), &small), rows[i].small);
	}
	arena_free(a);
}

static void test_names(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	assert_str(words_country(language_of(STR("et")), STR("EE")), "Eesti");
	assert_str(words_country(language_of(STR("fr")), STR("eu")), "Union européenne");
	assert_str(words_country(language_of(STR("de")), STR("QQ")), "QQ");
	assert_str(words_kind(language_of(STR("de")), KIND_UNKNOWN), "");
	assert_str(words_stage(a, language_of(STR("et")), STR("stage 2")), "2.\u00A0etapp");
	assert_str(words_stage(a, language_of(STR("de")), STR("cut-off 3")), "Stichtag\u00A03");
	assert_str(words_stage(a, language_of(STR("de")), STR("stage two")), "stage two");
	arena_free(a);
}

/* A second reckoning of WCAG 2's contrast, in whole bytes. */
static double brightness(struct str colour)
{
	static const double weights[3] = {0.2126, 0.7152, 0.0722};
	static const char digits[] = "0123456789abcdef";
	double sum = 0;
	assert_int_equal(colour.n, 7);
	for (size_t i = 0; i < 3; i++) {
		const char *high = strchr(digits, colour.p[1 + 2 * i]);
		const char *low = strchr(digits, colour.p[2 + 2 * i]);
		assert_true(high != NULL && low != NULL);
		double v = (double)((high - digits) * 16 + (low - digits));
		sum += weights[i] * (v <= 10 ? v / 255 / 12.92 : pow((v / 255 + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast_of(struct str x, struct str y)
{
	double a = brightness(x) + 0.05, b = brightness(y) + 0.05;
	return a > b ? a / b : b / a;
}

static void test_brand(void **state)
{
	(void)state;
	static const char *const colours[] = {"#0b5394", "#ffff00", "#ff0000", "#ffffff", "#000000",
		"#7f7f7f", "", "red", "#12345g", "#00FF7f"};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(colours); i++) {
		struct str light = brand_colour(a, str_of(colours[i]), STR(BRAND_LIGHT));
		struct str dark = brand_colour(a, str_of(colours[i]), STR(BRAND_DARK));
		if (contrast_of(light, STR(BRAND_LIGHT)) < 4.5 ||
			contrast_of(light, STR("#ffffff")) < 4.5)
			fail_msg("%s becomes %.*s on light", colours[i], STRF(light));
		if (contrast_of(dark, STR(BRAND_DARK)) < 4.5 || contrast_of(dark, STR("#121417")) < 4.5)
			fail_msg("%s becomes %.*s on dark", colours[i], STRF(dark));
	}
	assert_str(brand_colour(a, STR("#0b5394"), STR(BRAND_LIGHT)), "#0b5394");
	assert_true(contrast_of(STR("#000000"), STR("#ffffff")) > 20.9);
	assert_true(contrast_of(STR("#777777"), STR("#ffffff")) < 4.5);
	arena_free(a);
}

static void test_said(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct said_deadlines d;
	assert_true(
		said_deadlines(a,
			STR("stage 1: 2026-12-15 17:00 Europe/Brussels; cut-off: b: 2027-03-14; 2027-04-01"),
			&d) == false);
	assert_true(said_deadlines(a, STR("stage 1: 2026-12-15 17:00 Europe/Brussels; 2027-04-01"), &d));
	assert_int_equal(d.list.n, 2);
	assert_str(d.list.v[0].stage, "stage 1");
	assert_int_equal(d.list.v[0].minute, 1020);
	assert_int_equal(d.list.v[1].minute, -1);
	static const char *const wrong[] = {"2026-13-01", "soon", "2026-12-15 25:00 UTC", "2026-12-15 17:00",
		"2026-12-15 17:00 Europe/Nowhere", "; ", "stage: "};
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (said_deadlines(a, str_of(wrong[i]), &d))
			fail_msg("read '%s'", wrong[i]);
	static const struct {
		const char *text;
		bool ok;
		struct budget want;
	} rows[] = {
		{"", true, {-1, -1, -1, ""}},
		{"EUR 5000000 to 6000000, EUR 24000000 in total", true, {5000000, 6000000, 24000000, "EUR"}},
		{"up to EUR 50", true, {-1, 50, -1, "EUR"}},
		{"at least 7", true, {7, -1, -1, ""}},
		{"GBP 7", true, {7, 7, -1, "GBP"}},
		{"EUR 9 in total", true, {-1, -1, 9, "EUR"}},
		{"much", false, {0}},
		{"EUR 7 or so", false, {0}},
		{"EUR", false, {0}},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct budget b;
		if (said_budget(str_of(rows[i].text), &b) != rows[i].ok)
			fail_msg("'%s'", rows[i].text);
		if (rows[i].ok)
			assert_true(b.min == rows[i].want.min && b.max == rows[i].want.max &&
				    b.total == rows[i].want.total &&
				    strcmp(b.currency, rows[i].want.currency) == 0);
	}
	arena_free(a);
}

static void test_budget(void **state)
{
	(void)state;
	static const struct {
		struct budget budget;
		const char *want;
	} rows[] = {
		{{-1, -1, -1, "EUR"}, ""},
		{{5000000, 6000000, -1, "EUR"}, "EUR 5,000,000 to 6,000,000"},
		{{-1, 50000, -1, "EUR"}, "up to EUR 50,000"},
		{{0, 50000, 0, "EUR"}, "up to EUR 50,000"},
		{{50000, -1, -1, "GBP"}, "from GBP 50,000"},
		{{50000, 50000, -1, "EUR"}, "EUR 50,000"},
		{{-1, -1, 24000000, "EUR"}, "EUR 24,000,000 in total"},
		{{-1, 2500000, 24000000, "EUR"}, "up to EUR 2,500,000, EUR 24,000,000 in total"},
		{{-1, 50000, -1, ""}, "up to 50,000"},
		{{0, 0, 0, "EUR"}, ""},
		{{-1, 999, -1, "EUR"}, "up to EUR 999"},
		{{-1, 1000, -1, "EUR"}, "up to EUR 1,000"},
		{{1, 2, INT64_MAX, "EUR"}, "EUR 1 to 2, EUR 9,223,372,036,854,775,807 in total"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(render_budget(a, &rows[i].budget), rows[i].want);
	arena_free(a);
}

static void test_date(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	assert_str(render_date(a, (struct date){2026, 3, 31}), "31 March 2026");
	assert_str(render_date(a, (struct date){2026, 12, 1}), "1 December 2026");
	assert_str(render_date(a, (struct date){0}), "");
	arena_free(a);
}

static void test_line(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t max;
		const char *want;
	} rows[] = {
		{"", 20, ""},
		{" \n\t ", 20, ""},
		{"  one\r\n two\xC2\xA0three ", 20, "one two three"},
		{"a\u202Eb\u2066c\u2069d\u200Be\uFEFF\u00ADf\uFFFE", 20, "abcdef"},
		{"a\x01\x7F\xC2\x85"
		 "b",
			20, "a b"},
		{"bad \xFF\xC3 bytes", 20, "bad \uFFFD\uFFFD bytes"},
		{"twenty characters ok", 20, "twenty characters ok"},
		{"fifteen characters and no more", 20, "fifteen..."},
		{"twenty-characters-not-ok", 20, "twenty-characters..."},
		{"äöüäöüäöüäöüäöüäöüäöüäöü", 20, "äöüäöüäöüäöüäöüäö..."},
		{"one two, three - four five six", 20, "one two, three..."},
		{"Sentence one. Sentence two.", 20, "Sentence one."},
		{"Sentence (one). Sentence two.", 20, "Sentence (one)."},
		{"Is it (one?) Sentence two.", 20, "Is it (one?)"},
		{"Sentence no. 5 is a long one.", 20, "Sentence no. 5 is..."},
		{"Sentence e.g. this long one.", 20, "Sentence e.g..."},
		{"Version 1.2.3.4.5.6.7.8.9 here", 20, "Version..."},
		{"Oh. This is far too long for it", 20, "Oh. This is far..."},
		{"Exactly at the edge! And on", 20, "Exactly at the edge!"},
		{"Exactly at the edges! And on", 20, "Exactly at the..."},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_str(show_line(a, str_of(rows[i].text), rows[i].max), rows[i].want);
		assert_true(utf8_valid(show_line(a, str_of(rows[i].text), rows[i].max)));
	}
	assert_str(show_line(a, (struct str){"a\0b", 3}, 20), "a b");
	arena_free(a);
}

static void test_link(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		bool ok;
	} rows[] = {
		{"https://a.example/?x=1&y=\"<'", true},
		{"HTTP://a.example", true},
		{"mailto:a@b.example", true},
		{"", false},
		{"https://", false},
		{"javascript:alert(1)", false},
		{"JaVaScRiPt:alert(1)", false},
		{" https://a.example", false},
		{"data:text/html,x", false},
		{"//a.example", false},
		{"/a", false},
		{"ftp://a.example", false},
		{"https:a.example", false},
		{"https://a.example/a b", false},
		{"https://a.example/\n", false},
		{"https://a.example/\u202E", false},
		{"https://a.example/\xFF", false},
		{"vbscript:x", false},
		{"file:///etc/passwd", false},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(show_link(str_of(rows[i].url)), rows[i].ok ? rows[i].url : "");
}

static void test_wrap(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", ""},
		{"\n\n", "\n\n"},
		{"short\nlines", "short\nlines\n"},
		{"one two three four", "one two\nthree four\n"},
		{"1234567890 1", "1234567890\n1\n"},
		{"12345678901 2", "12345678901\n2\n"},
		{"a https://long.example/link b", "a\nhttps://long.example/link\nb\n"},
		{"  one two three", "  one two\n  three\n"},
		{"- one two three", "- one two\n  three\n"},
		{"1) one two three", "1) one two\n   three\n"},
		{"12) one two", "12) one\n    two\n"},
		{"1234) one two", "1234) one\ntwo\n"},
		{"äöüäö üäöüä x", "äöüäö\nüäöüä x\n"},
		{"日本 日本語", "日本\n日本語\n"},
		{"日本 日本", "日本 日本\n"},
		{"a\u0301a\u0301a\u0301 1234567", "a\u0301a\u0301a\u0301\n1234567\n"},
		{"a\u0301a\u0301a\u0301 123456", "a\u0301a\u0301a\u0301 123456\n"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(show_wrap(a, str_of(rows[i].text), 10), rows[i].want);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_deadline), cmocka_unit_test(test_day), cmocka_unit_test(test_left),
	cmocka_unit_test(test_counted), cmocka_unit_test(test_fill), cmocka_unit_test(test_money),
	cmocka_unit_test(test_names), cmocka_unit_test(test_brand), cmocka_unit_test(test_said),
	cmocka_unit_test(test_budget), cmocka_unit_test(test_date), cmocka_unit_test(test_line),
	cmocka_unit_test(test_link), cmocka_unit_test(test_wrap))
