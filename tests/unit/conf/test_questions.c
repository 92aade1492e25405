/* SPDX-License-Identifier: MIT
 *
 * What other parts ask of a configuration: when a digest is due (across clock
 * changes and year ends), which addresses are addresses, who may be written to.
 */
#include "harness.h"

#include "base/clock.h"
#include "conf/conf.h"

#define STR_INIT(x)                                                                                          \
	{                                                                                                    \
		x, sizeof(x) - 1                                                                             \
	}
#define ZONE STR_INIT("Europe/Tallinn")

/* ---- schedules -------------------------------------------------------------------- */

static int64_t instant(const char *text)
{
	int64_t at = 0;
	assert_true(instant_from_iso(str_of(text), &at));
	return at;
}

static void test_schedule(void **state)
{
	(void)state;
	/* 2027: forward on 28 March at 03:00, back on 31 October at 04:00, in Tallinn. */
	static const struct {
		struct schedule s;
		const char *now, *slot, *next;
	} rows[] = {
		{{EVERY_WEEK, 0, 480, ZONE}, "2026-11-23T07:00:00Z", "2026-11-23T06:00:00Z",
			"2026-11-30T06:00:00Z"},
		{{EVERY_WEEK, 0, 480, ZONE}, "2026-11-23T06:00:00Z", "2026-11-23T06:00:00Z",
			"2026-11-30T06:00:00Z"},
		{{EVERY_WEEK, 0, 480, ZONE}, "2026-11-23T05:59:59Z", "2026-11-16T06:00:00Z",
			"2026-11-23T06:00:00Z"},
		{{EVERY_WEEK, 0, 480, ZONE}, "2027-03-28T12:00:00Z", "2027-03-22T06:00:00Z",
			"2027-03-29T05:00:00Z"},
		{{EVERY_WEEK, 0, 480, ZONE}, "2027-10-31T12:00:00Z", "2027-10-25T05:00:00Z",
			"2027-11-01T06:00:00Z"},
		{{EVERY_DAY, 0, 480, ZONE}, "2026-12-31T23:00:00Z", "2026-12-31T06:00:00Z",
			"2027-01-01T06:00:00Z"},
		/* 03:30 does not exist on 28 March: read as winter time, 04:30 of summer time */
		{{EVERY_DAY, 0, 210, ZONE}, "2027-03-28T01:29:59Z", "2027-03-27T01:30:00Z",
			"2027-03-28T01:30:00Z"},
		{{EVERY_DAY, 0, 210, ZONE}, "2027-03-28T01:30:00Z", "2027-03-28T01:30:00Z",
			"2027-03-29T00:30:00Z"},
		/* 03:30 occurs twice on 31 October: the first counts, once */
		{{EVERY_DAY, 0, 210, ZONE}, "2027-10-31T00:30:00Z", "2027-10-31T00:30:00Z",
			"2027-11-01T01:30:00Z"},
		{{EVERY_DAY, 0, 210, ZONE}, "2027-10-31T01:30:00Z", "2027-10-31T00:30:00Z",
			"2027-11-01T01:30:00Z"},
		{{EVERY_MONTH, 28, 0, ZONE}, "2027-02-27T21:59:59Z", "2027-01-27T22:00:00Z",
			"2027-02-27T22:00:00Z"},
		{{EVERY_MONTH, 1, 480, ZONE}, "2026-12-31T12:00:00Z", "2026-12-01T06:00:00Z",
			"2027-01-01T06:00:00Z"},
		{{EVERY_MONTH, 1, 480, ZONE}, "2028-02-29T12:00:00Z", "2028-02-01T06:00:00Z",
			"2028-03-01T06:00:00Z"},
		/* the zone's day is already the next one */
		{{EVERY_DAY, 0, 5, STR_INIT("Pacific/Kiritimati")}, "2026-11-22T10:05:00Z",
			"2026-11-22T10:05:00Z", "2026-11-23T10:05:00Z"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t now = instant(rows[i].now);
		int64_t slot = schedule_slot(&rows[i].s, now), next = schedule_next(&rows[i].s, now);
		if (slot != instant(rows[i].slot) || next != instant(rows[i].next)) {
			struct arena *a = arena_new(ARENA_TEST);
			fail_msg("row %zu: %s %s", i, instant_iso(a, slot).p, instant_iso(a, next).p);
		}
	}
	const struct schedule never = {.every = EVERY_NEVER};
	assert_true(schedule_slot(&never, 0) == INT64_MIN && schedule_next(&never, 0) == INT64_MAX);
}

/* Two years, hour by hour: slot and next agree, and there is one a day. */
static void test_schedule_every_hour(void **state)
{
	(void)state;
	const struct schedule s = {EVERY_DAY, 0, 210, STR_INIT("Europe/Tallinn")};
	int64_t from = instant("2026-12-01T00:00:00Z"), slot = schedule_slot(&s, from), slots = 0;
	for (int64_t now = from; now < from + (int64_t)730 * DAY_SECONDS; now += 3600) {
		int64_t at = schedule_slot(&s, now), next = schedule_next(&s, now);
		assert_true(at <= now && now < next);
		assert_true(schedule_slot(&s, next) == next && schedule_slot(&s, next - 1) == at);
		slots += at != slot;
		slot = at;
	}
	assert_int_equal(slots, 730);
}

/* ---- addresses -------------------------------------------------------------------- */

static void test_address(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool ok;
	} rows[] = {
		{"a@b.example", true},
		{"first.last+tag@sub.b.example", true},
		{"o'neil_x@b-c.example", true},
		{"root@localhost", true},
		{"a@b", false},
		{"", false},
		{"@", false},
		{"a@", false},
		{"@b.example", false},
		{"a b@c.example", false},
		{"a@b@c.example", false},
		{"a@b..example", false},
		{"a@.example", false},
		{"a@b.example.", false},
		{".a@b.example", false},
		{"a.@b.example", false},
		{"a..b@c.example", false},
		{"a@-b.example", false},
		{"a@b-.example", false},
		{"a@127.0.0.1", false},
		{"a@[127.0.0.1]", false},
		{"a\n@b.example", false},
		{"a@b.example\r\nRCPT", false},
		{"\xC3\xB5@b.example", false},
		{"a@\xC3\xB5.example", false},
		{"<a@b.example>", false},
		{"a,b@c.example", false},
		{"\"a b\"@c.example", false},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (address_valid(str_of(rows[i].text)) != rows[i].ok)
			fail_msg("'%s' must be %s", rows[i].text, rows[i].ok ? "valid" : "refused");
	assert_false(address_valid((struct str){"a\0b@c.example", 13}));
	char local[400] = {0};
	memset(local, 'a', 65);
	memcpy(local + 65, "@b.example", 11);
	assert_false(address_valid(str_of(local)));
	assert_true(address_valid(str_of(local + 1)));
	memset(local, 'a', 300);
	memcpy(local, "a@", 2);
	for (size_t i = 50; i < 300; i += 50)
		local[i] = '.';
	assert_false(address_valid((struct str){local, 255}));
	assert_true(address_valid((struct str){local, 254}));
}

static void test_deliver(void **state)
{
	(void)state;
	struct str list[] = {STR_INIT("only.example"), STR_INIT("Me@home.example")};
	static const struct {
		enum deliver deliver;
		const char *address;
		bool ok;
	} rows[] = {
		{DELIVER_OFF, "a@only.example", false},
		{DELIVER_ON, "a@x.example", true},
		{DELIVER_ONLY, "a@only.example", true},
		{DELIVER_ONLY, "a@ONLY.example", true},
		{DELIVER_ONLY, "a@sub.only.example", false},
		{DELIVER_ONLY, "me@home.example", true},
		{DELIVER_ONLY, "you@home.example", false},
		{DELIVER_ONLY, "a@notonly.example", false},
		{DELIVER_ONLY, "only.example", false},
		{DELIVER_ONLY, "", false},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct settings s = {.deliver = rows[i].deliver, .deliver_only = {list, 2, 2}};
		if (deliver_allows(&s, str_of(rows[i].address)) != rows[i].ok)
			fail_msg("row %zu", i);
	}
}

HARNESS_MAIN(cmocka_unit_test(test_schedule), cmocka_unit_test(test_schedule_every_hour),
	cmocka_unit_test(test_address), cmocka_unit_test(test_deliver))
