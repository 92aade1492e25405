/* SPDX-License-Identifier: MIT
 *
 * Changes and reminders: what is worth a line, and when.
 */
#include "harness.h"

#include "digest/digest.h"

#define NOW 1795417200 /* Monday 2026-11-23 07:00 UTC */

static struct opportunity call(struct arena *a, int64_t id, int days)
{
	struct opportunity o = {.id = id};
	*vec_push(a, &o.deadlines) = (struct deadline){.date = date_from_days(NOW / DAY_SECONDS + days),
		.minute = 1020,
		.zone = STR("Europe/Brussels")};
	return o;
}

static void test_changes(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct opportunity late = call(a, 1, 50), soon = call(a, 2, 20), fresh = call(a, 3, 10),
			   back = call(a, 4, 5);
	struct update u[] = {
		{&late, STR("deadline"), STR("1"), STR("2"), STR("celltech"), false},
		{&late, STR("budget"), STR("x"), STR("y"), STR("celltech"), false},
		{&late, STR("deadline"), STR("2"), STR("3"), STR("celltech"), false},
		{&soon, STR("deadline"), STR("4"), STR("5"), STR("celltech"), false},
		{&fresh, STR("deadline"), STR("6"), STR("7"), STR("celltech"), false},
		{&back, STR("deadline"), STR("8"), STR("9"), STR("celltech"), false},
		{&back, STR("deadline"), STR("9"), STR("8"), STR("celltech"), false},
	};
	struct digest d = {.now = NOW};
	vec_push(a, &d.calls)->opportunity = &fresh; /* told whole in this mail */
	digest_add_changes(a, u, COUNT(u), &d);
	assert_int_equal(d.changes.n, 2); /* what came back to where it was is no news */
	assert_int_equal(d.changes.v[0].opportunity->id, 2);
	assert_int_equal(d.changes.v[1].opportunity->id, 1);
	assert_int_equal(d.changes.v[1].fields.n, 2);
	assert_str(d.changes.v[1].fields.v[0].before, "1");
	assert_str(d.changes.v[1].fields.v[0].after, "3");
	assert_str(d.changes.v[1].profile, "celltech");
	arena_free(a);
}

/* What a reader hears of a call that comes and goes, and of one that is over. */
static void test_standing(void **state)
{
	(void)state;
	enum { OPEN, WITHDRAWN, PASSED };
	static const struct {
		const char *what;
		const char *fields[4];
		int is; /* at the time of the mail */
		const char *want; /* the fields told */
		bool waits;
	} rows[] = {
		{"withdrawn", {"withdrawn"}, WITHDRAWN, "withdrawn", false},
		{"withdrawn and back", {"withdrawn", "reopened"}, OPEN, "", false},
		{"back and withdrawn again", {"reopened", "withdrawn"}, WITHDRAWN, "", false},
		{"withdrawn, back, withdrawn", {"withdrawn", "reopened", "withdrawn"}, WITHDRAWN, "withdrawn", false},
		{"withdrawn and back, budget too", {"withdrawn", "budget", "reopened"}, OPEN, "budget", false},
		{"a withdrawn call gets another budget", {"budget"}, WITHDRAWN, "", true},
		{"a passed call gets another budget", {"budget", "title"}, PASSED, "", true},
		{"a passed call that was closed early", {"deadline", "title"}, PASSED, "deadline title", false},
		{"an open call gets another budget", {"budget"}, OPEN, "budget", false},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct opportunity o = call(a, 1, rows[i].is == PASSED ? -3 : 30);
		o.withdrawn = rows[i].is == WITHDRAWN;
		struct update u[COUNT(rows[i].fields)];
		size_t n = 0;
		for (; n < COUNT(u) && rows[i].fields[n] != NULL; n++)
			u[n] = (struct update){.opportunity = &o,
				.field = str_of(rows[i].fields[n]),
				.before = str_of(arena_printf(a, "%zu", n)),
				.after = str_of(arena_printf(a, "%zu", n + 1))};
		struct digest d = {.now = NOW};
		struct strv told = {0};
		digest_add_changes(a, u, n, &d);
		for (size_t k = 0; d.changes.n > 0 && k < d.changes.v[0].fields.n; k++)
			*vec_push(a, &told) = d.changes.v[0].fields.v[k].field;
		struct str got = strv_join(a, &told, " ");
		if (!str_eq(got, str_of(rows[i].want)) || u[0].waits != rows[i].waits)
			fail_msg("%s: told '%.*s', waits %d", rows[i].what, STRF(got), u[0].waits);
		arena_free(a);
	}
}

static void test_reminders(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		int days, told_days_ago;
		int64_t reminded, next_slot_days, want; /* want -1: none */
	} rows[] = {
		{"far away", 20, 30, -1, 1, -1},
		{"14 days left", 14, 30, -1, 1, 14},
		{"10 left, never reminded", 10, 30, -1, 1, 14},
		{"10 left, reminded of 14", 10, 30, 14, 1, -1},
		{"3 left", 3, 30, 14, 1, 3},
		{"2 left, none sent: the smallest", 2, 30, -1, 1, 3},
		{"all sent", 1, 30, 3, 1, -1},
		{"told with 10 left: 14 had passed", 8, 2, -1, 1, -1},
		{"told with 10 left, 3 left", 3, 7, -1, 1, 3},
		{"told with 2 left", 1, 1, -1, 1, -1},
		{"6 left, the next mail comes too late", 6, 30, 14, 7, 3},
		{"8 left, the next mail is in time", 8, 30, 14, 7, -1},
		{"today, before its hour", 0, 30, 3, 1, -1},
		{"passed", -1, 30, -1, 1, -1},
	};
	static const int64_t steps[] = {14, 3};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct opportunity o = call(a, 1, rows[i].days);
		struct due_deadline due = {.opportunity = &o,
			.deadline = &o.deadlines.v[0],
			.told = NOW - rows[i].told_days_ago * DAY_SECONDS,
			.reminded = rows[i].reminded};
		struct digest d = {.now = NOW};
		digest_add_reminders(
			a, steps, COUNT(steps), &due, 1, NOW + rows[i].next_slot_days * DAY_SECONDS, &d);
		int64_t got = d.reminders.n == 0 ? -1 : d.reminders.v[0].step;
		if (got != rows[i].want)
			fail_msg("%s: got %lld, want %lld", rows[i].what, (long long)got,
				(long long)rows[i].want);
		struct digest told = {.now = NOW};
		vec_push(a, &told.changes)->opportunity = &o;
		digest_add_reminders(a, steps, COUNT(steps), &due, 1, NOW, &told);
		assert_int_equal(told.reminders.n, 0); /* the change tells the deadline */
		struct digest none = {.now = NOW};
		o.withdrawn = true;
		digest_add_reminders(a, steps, COUNT(steps), &due, 1, NOW, &none);
		assert_int_equal(none.reminders.n, 0);
		arena_free(a);
	}
}

HARNESS_MAIN(cmocka_unit_test(test_changes), cmocka_unit_test(test_standing), cmocka_unit_test(test_reminders))
