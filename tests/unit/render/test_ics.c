/* SPDX-License-Identifier: MIT
 *
 * Lines of a calendar: what is written is what libical reads, and no line is too long.
 */
#include "harness.h"

#include <libical/ical.h>

#include "render/ics.h"

#define EVENTS	  5000
#define PARTS	  120 /* of one value at most */
#define LINE_MOST 75  /* octets of a line (RFC 5545 section 3.1) */

/* Text of what is escaped or must not be cut. */
static struct str some_text(struct arena *a, uint32_t *random)
{
	static const char *const parts[] = {"a", "deadline", " ", ";", ":", ",", "\\", "\"", "õ", "€", "🧬", "n"};
	struct buf value = buf_init(4096);
	buf_addz(&value, "a"); /* libical's reader trims */
	uint32_t n = (*random = *random * 1664525 + 1013904223) >> 16;
	for (n %= PARTS; n > 0; n--) {
		*random = *random * 1664525 + 1013904223;
		buf_addz(&value, parts[(*random >> 16) % COUNT(parts)]);
	}
	buf_addz(&value, "z");
	return buf_take(&value, a);
}

static void check_lines(struct str text)
{
	while (text.n > 0) {
		struct str line = str_cut(text, '\n', &text);
		assert_true(line.n > 1 && line.n <= LINE_MOST + 1 && str_ends(line, STR("\r")));
		assert_true(utf8_valid(line));
	}
}

static void test_read_by_libical(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct ics f = {buf_init(8192), buf_init(8192)};
	uint32_t random = 1;
	for (size_t i = 0; i < EVENTS; i++) {
		struct str summary = some_text(a, &random), uid = some_text(a, &random);
		/* Of every length, with nowhere to fold. */
		struct str url = str_of(arena_printf(a, "https://x.example/%0*zu", (int)(i % 300) + 1, i));
		ics_line(&f, "BEGIN", STR("VEVENT"));
		ics_text(&f, "SUMMARY", summary);
		ics_text(&f, "UID", uid);
		ics_line(&f, "DTSTART;TZID=Europe/Brussels", STR("20270205T170000"));
		ics_line(&f, "URL", url);
		ics_line(&f, "END", STR("VEVENT"));
		assert_false(f.text.failed);
		check_lines(buf_str(&f.text));
		icalcomponent *c = icalparser_parse_string(f.text.p);
		assert_non_null(c);
		assert_int_equal(icalcomponent_count_errors(c), 0);
		assert_string_equal(icalcomponent_get_summary(c), summary.p);
		assert_string_equal(icalcomponent_get_uid(c), uid.p);
		icalproperty *p = icalcomponent_get_first_property(c, ICAL_URL_PROPERTY);
		assert_string_equal(icalproperty_get_url(p), url.p);
		icalcomponent_free(c);
		buf_clear(&f.text);
	}
	buf_free(&f.text);
	buf_free(&f.line);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_read_by_libical))
