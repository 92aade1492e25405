/* SPDX-License-Identifier: MIT
 *
 * The base layer: arena caps, capped buffers, strict numbers, UTF-8, calendar,
 * zones across DST, ISO instants, JSON escaping, files.
 */
#include "harness.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/vec.h"

static void test_arena(void **state)
{
	(void)state;
	struct arena *a = arena_new(100000);
	unsigned char *p = arena_alloc(a, 50000);
	for (size_t i = 0; i < 50000; i++)
		assert_int_equal(p[i], 0);
	assert_int_equal(arena_room(a), 50000);
	assert_null(arena_try_alloc(a, 50001));
	assert_non_null(arena_try_alloc(a, 50000));
	assert_null(arena_try_alloc(a, 1));
	arena_reset(a);
	assert_int_equal(arena_room(a), 100000);
	assert_string_equal(arena_printf(a, "%d-%s", 7, "x"), "7-x");
	arena_free(a);
	arena_free(NULL);
}

static void test_buf(void **state)
{
	(void)state;
	struct buf b = buf_init(10);
	buf_addz(&b, "12345");
	buf_printf(&b, "%d", 6789);
	assert_str(buf_str(&b), "123456789");
	buf_addz(&b, "ab"); /* one too many: dropped whole, and everything after it */
	buf_addc(&b, 'c');
	assert_true(b.failed);
	assert_str(buf_str(&b), "123456789");
	buf_clear(&b);
	buf_utf8(&b, 0x20AC);
	assert_str(buf_str(&b), "€");
	buf_free(&b);
}

static void test_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t min, max, want;
		bool ok;
	} rows[] = {
		{"0", 0, 9, 0, true},
		{"-5", -9, 9, -5, true},
		{"10", 0, 9, 0, false},
		{"", 0, 9, 0, false},
		{"-", -9, 9, 0, false},
		{"+5", 0, 9, 0, false},
		{" 5", 0, 9, 0, false},
		{"5 ", 0, 9, 0, false},
		{"0x5", 0, 9, 0, false},
		{"5.0", 0, 9, 0, false},
		{"9223372036854775807", INT64_MIN, INT64_MAX, INT64_MAX, true},
		{"9223372036854775808", INT64_MIN, INT64_MAX, 0, false},
		{"-9223372036854775808", INT64_MIN, INT64_MAX, INT64_MIN, true},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t v = 42;
		bool ok = str_to_i64(str_of(rows[i].text), rows[i].min, rows[i].max, &v);
		assert_int_equal(ok, rows[i].ok);
		assert_int_equal(v, rows[i].ok ? rows[i].want : 42);
	}
}

static void test_slices(void **state)
{
	(void)state;
	struct str rest = STR("a,,b");
	assert_str(str_cut(rest, ',', &rest), "a");
	assert_str(str_cut(rest, ',', &rest), "");
	assert_str(str_cut(rest, ',', &rest), "b");
	assert_int_equal(rest.n, 0);
	assert_str(str_trim(STR("\t x y\r\n")), "x y");
	assert_true(str_ieq(STR("AbC"), STR("aBc")));
	assert_false(str_starts(STR("ab"), STR("abc")));
	assert_int_equal(str_find(STR("hay needle"), STR("needle")), 4);
	assert_int_equal(str_distance(STR("tittle"), STR("title")), 1);
	assert_int_equal(str_distance(STR("maile"), STR("email")), 2);
	assert_int_equal(str_distance(STR("recieve"), STR("receive")), 1);
	struct arena *a = arena_new(ARENA_TEST);
	struct strv list = strv_split(a, STR(" x , ,y,"), ',');
	assert_int_equal(list.n, 2);
	assert_str(strv_join(a, &list, "+"), "x+y");
	arena_free(a);
}

static void test_utf8(void **state)
{
	(void)state;
	size_t at = 0;
	struct str s = STR("ä\xff€");
	assert_int_equal(utf8_next(s, &at), 0xE4);
	assert_int_equal(utf8_next(s, &at), 0xFFFD);
	assert_int_equal(utf8_next(s, &at), 0x20AC);
	assert_int_equal(at, s.n);
	assert_false(utf8_valid(s));
	assert_true(utf8_valid(STR("žлα")));
	assert_false(utf8_valid(STR("\xed\xa0\x80"))); /* a surrogate */
}

/* One byte of every value at every place of text that is short, and longer than a word. */
static void test_ascii_run(void **state)
{
	(void)state;
	for (size_t n = 0; n <= 20; n++)
		for (size_t at = 0; at <= n; at++)
			for (size_t odd = at; odd < n; odd++)
				for (int c = 0; c < 256; c++) {
					char text[20];
					memset(text, 'x', sizeof(text));
					text[odd] = (char)c;
					struct str s = {text, n};
					bool plain = c >= ' ' && c <= '~';
					assert_int_equal(ascii_run(s, at, '\0'), (plain ? n : odd) - at);
					assert_int_equal(ascii_run(s, at, '='), (plain && c != '=' ? n : odd) - at);
				}
	assert_int_equal(ascii_run(STR("a==b\x7f\x80"), 0, '\0'), 4);
	assert_int_equal(ascii_run(STR("a b = c"), 2, ' '), 1);
	assert_int_equal(ascii_run((struct str){0}, 0, ' '), 0);
}

static void test_calendar(void **state)
{
	(void)state;
	assert_true(date_valid(2028, 2, 29));
	assert_false(date_valid(2027, 2, 29));
	assert_false(date_valid(2026, 4, 31));
	assert_false(date_valid(2026, 13, 1));
	for (int64_t d = -200000; d < 200000; d += 17)
		assert_int_equal(date_days(date_from_days(d)), d);
	assert_int_equal(date_weekday((struct date){2026, 11, 21}), 5);
	assert_true(date_cmp((struct date){2026, 1, 1}, (struct date){0}) < 0);
}

static void test_zones(void **state)
{
	(void)state;
	static const struct {
		const char *zone;
		struct civil at;
		const char *instant;
	} rows[] = {
		{"Europe/Brussels", {{2026, 12, 15}, 17, 0, 0}, "2026-12-15T16:00:00Z"},
		{"Europe/Brussels", {{2026, 7, 15}, 17, 0, 0}, "2026-07-15T15:00:00Z"},
		{"Europe/Tallinn", {{2026, 3, 29}, 3, 30, 0}, "2026-03-29T01:30:00Z"},	/* does not exist */
		{"Europe/Tallinn", {{2026, 10, 25}, 3, 30, 0}, "2026-10-25T00:30:00Z"}, /* occurs twice */
		{"Europe/Tallinn", {{2026, 10, 25}, 4, 0, 0}, "2026-10-25T02:00:00Z"},
		{"UTC", {{1969, 12, 31}, 23, 59, 59}, "1969-12-31T23:59:59Z"},
		{"America/New_York", {{2026, 11, 1}, 0, 30, 0}, "2026-11-01T04:30:00Z"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(instant_iso(a, zone_instant(str_of(rows[i].zone), rows[i].at)), rows[i].instant);
	assert_true(zone_valid(STR("Europe/Tallinn")));
	assert_false(zone_valid(STR("Europe/Talinn")));
	assert_false(zone_valid(STR("../../etc/passwd")));
	assert_false(zone_valid(STR("")));
	arena_free(a);
}

static void test_iso(void **state)
{
	(void)state;
	int64_t t = 0;
	assert_true(instant_from_iso(STR("2026-12-15T18:00:00+02:00"), &t));
	assert_int_equal(t, 1797350400);
	assert_true(instant_from_iso(STR("1970-01-02"), &t));
	assert_int_equal(t, 86400);
	assert_false(instant_from_iso(STR("2026-02-30"), &t));
	assert_false(instant_from_iso(STR("2026-12-15T18:00:00"), &t));
	assert_false(instant_from_iso(STR("2026-12-15T24:00:00Z"), &t));
	assert_int_equal(t, 86400);
}

static void test_json(void **state)
{
	(void)state;
	struct buf b = buf_init(1000);
	struct json j = json_to(&b);
	json_open(&j, '{');
	json_member_str(&j, "a", STR("q\"\\\n\x01\xff"));
	json_member_str(&j, "none", STR(""));
	json_key(&j, "l");
	json_open(&j, '[');
	json_int(&j, -1);
	json_bool(&j, true);
	json_close(&j, ']');
	json_member_int(&j, "z", 9007199254740993);
	json_close(&j, '}');
	assert_str(buf_str(&b),
		"{\"a\":\"q\\\"\\\\\\n\\u0001\xef\xbf\xbd\",\"l\":[-1,true],\"z\":9007199254740993}");
	buf_free(&b);
}

static void test_files(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct error e;
	char dir[] = "/tmp/fundwatch-test-XXXXXX";
	assert_non_null(mkdtemp(dir));
	const char *deep = arena_printf(a, "%s/x/y", dir), *path = arena_printf(a, "%s/f", deep);
	assert_int_equal(file_mkdirs(deep, &e), ERR_OK);
	assert_int_equal(file_mkdirs(deep, &e), ERR_OK);
	assert_int_equal(file_write(path, STR("one"), &e), ERR_OK);
	assert_int_equal(file_write(path, STR("two\n"), &e), ERR_OK);
	struct str s;
	struct strv names;
	assert_int_equal(file_read(a, path, 4, &s, &e), ERR_OK);
	assert_str(s, "two\n");
	assert_int_equal(file_read(a, path, 3, &s, &e), ERR_LIMIT);
	assert_int_equal(file_list(a, deep, &names, &e), ERR_OK);
	assert_int_equal(names.n, 1); /* no temporary file is left */
	assert_int_equal(file_read(a, "/nonexistent/f", 9, &s, &e), ERR_CONFIG);
	struct str parts[] = {STR("a"), STR("bc")};
	assert_str(
		sha256_hex(a, parts, 2), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	(void)unlink(path);
	(void)rmdir(deep);
	(void)rmdir(arena_printf(a, "%s/x", dir));
	(void)rmdir(dir);
	arena_free(a);
}

static void test_errors(void **state)
{
	(void)state;
	struct error e = {0};
	assert_int_equal(err_set(&e, ERR_INPUT, "bad\n%s", "line"), ERR_INPUT);
	assert_string_equal(e.text, "bad line");
	assert_int_equal(err_prefix(&e, "source %s", "x"), ERR_INPUT);
	assert_string_equal(e.text, "source x: bad line");
	assert_int_equal(err_set(NULL, ERR_LIMIT, "x"), ERR_LIMIT);
}

HARNESS_MAIN(cmocka_unit_test(test_arena), cmocka_unit_test(test_buf), cmocka_unit_test(test_numbers),
	cmocka_unit_test(test_slices), cmocka_unit_test(test_utf8), cmocka_unit_test(test_ascii_run),
	cmocka_unit_test(test_calendar), cmocka_unit_test(test_zones), cmocka_unit_test(test_iso),
	cmocka_unit_test(test_json), cmocka_unit_test(test_files), cmocka_unit_test(test_errors))
