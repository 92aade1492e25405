/* SPDX-License-Identifier: MIT
 *
 * Dates, deadlines and amounts in words; lines of text cut and wrapped; links.
 */
#include "harness.h"

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

static void test_on(void **state)
{
	(void)state;
	static const struct {
		int year, month, day;
		const char *want;
	} rows[] = {
		{2026, 12, 3, "on 3 December"},
		{2027, 2, 3, "on 3 February 2027"},
		{2026, 11, 23, "today"},
		{2026, 11, 24, "tomorrow"},
		{2026, 11, 25, "on 25 November"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct deadline d = deadline(rows[i].year, rows[i].month, rows[i].day, -1, "UTC");
		assert_str(words_on(a, &d, NOW), rows[i].want);
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
		{"fifteen characters and no more", 20, "fifteen ..."},
		{"twenty-characters-not-ok", 20, "twenty-character ..."},
		{"äöüäöüäöüäöüäöüäöüäöüäöü", 20, "äöüäöüäöüäöüäöüä ..."},
		{"one two, three - four five six", 20, "one two, three ..."},
		{"Sentence one. Sentence two.", 20, "Sentence one."},
		{"Sentence (one). Sentence two.", 20, "Sentence (one)."},
		{"Is it (one?) Sentence two.", 20, "Is it (one?)"},
		{"Sentence no. 5 is a long one.", 20, "Sentence no. 5 ..."},
		{"Sentence e.g. this long one.", 20, "Sentence e.g. ..."},
		{"Version 1.2.3.4.5.6.7.8.9 here", 20, "Version ..."},
		{"Oh. This is far too long for it", 20, "Oh. This is far ..."},
		{"Exactly at the edge! And on", 20, "Exactly at the edge!"},
		{"Exactly at the edges! And on", 20, "Exactly at the ..."},
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
		{"1. one two three", "1. one two\n   three\n"},
		{"12. one two", "12. one\n    two\n"},
		{"1234. one two", "1234. one\ntwo\n"},
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

HARNESS_MAIN(cmocka_unit_test(test_deadline), cmocka_unit_test(test_on), cmocka_unit_test(test_budget),
	cmocka_unit_test(test_date), cmocka_unit_test(test_line), cmocka_unit_test(test_link),
	cmocka_unit_test(test_wrap))
