/* SPDX-License-Identifier: MIT
 *
 * What goes into a digest and what waits: tables of candidates, each with the calls
 * expected in order, the carried-over count and the waiting list.
 */
#include "harness.h"

#include "base/buf.h"
#include "digest/digest.h"

#define NOW	 INT64_C(1795417200) /* Monday 2026-11-23T07:00:00Z, 09:00 in Tallinn */
#define CALLS	 13
#define ROWS_MAX 12

static struct profile profiles[3];	    /* a: weekly, b: weekly, c: daily */
static struct opportunity calls[CALLS + 1]; /* by id, from 1 */
static struct deadline deadlines[CALLS + 1];

/* Calls 1 to 13: id, title, days until the deadline (-1 = none). */
static const struct {
	const char *title;
	int days;
} shapes[CALLS + 1] = {
	{"", -1},
	{"alpha", 60},
	{"beta", 60},
	{"gamma", 40},
	{"delta", -1},
	{"epsilon", 90},
	{"alpha", 60},
	{"soon", 3},
	{"tomorrow", 1},
	{"zeta", 60},
	{"eta", -1},
	{"theta", 7},
	{"iota", 8},
	{"today", 0},
};

static int setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(profiles); i++) {
		profiles[i] = (struct profile){
			.id = (struct str){&"abc"[i], 1},
			.limit = 12,
			.digest = {.every = EVERY_WEEK, .minute = 480, .zone = STR("Europe/Tallinn")},
		};
	}
	profiles[2].digest.every = EVERY_DAY;
	struct date today = {2026, 11, 23};
	for (size_t i = 1; i <= CALLS; i++) {
		calls[i] = (struct opportunity){.id = (int64_t)i, .title = str_of(shapes[i].title)};
		deadlines[i] = (struct deadline){.date = date_from_days(date_days(today) + shapes[i].days),
			.minute = -1,
			.zone = STR("UTC")};
		if (shapes[i].days >= 0) {
			calls[i].deadlines.v = &deadlines[i];
			calls[i].deadlines.n = 1;
		}
	}
	return 0;
}

/* "7a": call 7 for profile a; "!" behind it: stopped, too early. */
struct row {
	const char *who;
	int64_t score;
};

struct expectation {
	const char *name;
	int64_t limits[3];
	struct row rows[ROWS_MAX];
	const char *calls;   /* "1:ab 2:a" in order, with the profiles that hit */
	const char *waiting; /* "1a early" */
	size_t carried;
};

static const struct expectation cases[] = {
	{"nothing", {12, 12, 12}, {{0}}, "", "", 0},
	{"best score first", {12, 12, 12}, {{"1a", 1}, {"2a", 5}, {"3a", 3}}, "2:a 3:a 1:a", "", 0},
	{"then the nearest deadline, none last", {12, 12, 12}, {{"4a", 0}, {"5a", 0}, {"1a", 0}, {"3a", 0}},
		"3:a 1:a 5:a 4:a", "", 0},
	{"then the title", {12, 12, 12}, {{"9a", 0}, {"2a", 0}, {"1a", 0}}, "1:a 2:a 9:a", "", 0},
	{"then the id", {12, 12, 12}, {{"6a", 0}, {"1a", 0}}, "1:a 6:a", "", 0},
	{"without deadlines too", {12, 12, 12}, {{"10a", 0}, {"4a", 0}}, "4:a 10:a", "", 0},
	{"negative scores", {12, 12, 12}, {{"1a", -5}, {"2a", -1}}, "2:a 1:a", "", 0},
	{"one call, two profiles, the best score", {12, 12, 12}, {{"1b", 9}, {"2a", 5}, {"1a", 1}},
		"1:ab 2:a", "", 0},
	{"limit", {2, 12, 12}, {{"1a", 1}, {"2a", 2}, {"3a", 3}}, "3:a 2:a", "1a limit", 1},
	{"limit of nothing", {0, 12, 12}, {{"1a", 1}}, "", "1a limit", 1},
	{"each profile its own limit", {1, 1, 12}, {{"1a", 4}, {"2a", 3}, {"3b", 2}, {"9b", 1}}, "1:a 3:b",
		"2a limit 9b limit", 2},
	{"comes in by one profile, shows both", {2, 1, 12}, {{"1b", 9}, {"2a", 5}, {"2b", 5}}, "1:b 2:ab", "",
		0},
	{"takes the room of one profile only", {1, 1, 12}, {{"1a", 9}, {"1b", 9}, {"2a", 5}, {"3b", 4}},
		"1:ab 3:b", "2a limit", 1},
	{"takes room where there is most", {1, 2, 12}, {{"1a", 9}, {"1b", 9}, {"2a", 5}, {"3b", 4}},
		"1:ab 2:a 3:b", "", 0},
	{"carried over once, waits for each profile", {1, 1, 12},
		{{"1a", 9}, {"1b", 9}, {"2a", 8}, {"2b", 8}, {"3a", 7}, {"3b", 7}}, "1:ab 2:ab",
		"3a limit 3b limit", 1},
	{"what closes before the next mail goes first", {1, 12, 12}, {{"1a", 99}, {"7a", 0}}, "7:a",
		"1a limit", 1},
	{"and is on top", {12, 12, 12}, {{"1a", 99}, {"7a", 0}, {"8a", 0}}, "8:a 7:a 1:a", "", 0},
	{"by the profile's own schedule", {12, 12, 12}, {{"1c", 99}, {"7c", 0}, {"8c", 0}}, "1:c 8:c 7:c", "",
		0},
	{"the rarer schedule counts", {12, 12, 12}, {{"1c", 99}, {"7c", 0}, {"7a", 0}}, "7:ac 1:c", "", 0},
	{"every day: today", {12, 12, 12}, {{"1c", 99}, {"13c", 0}}, "13:c 1:c", "", 0},
	{"the end of the next mail's day is in time", {12, 12, 12}, {{"1a", 99}, {"11a", 0}, {"12a", 0}},
		"1:a 11:a 12:a", "", 0},
	{"stopped waits with its reason", {12, 12, 12}, {{"2a!", 9}, {"1a", 0}}, "1:a", "2a early", 0},
	{"stopped for one profile, not for the other", {12, 12, 12}, {{"1a!", 9}, {"1b", 2}}, "1:b",
		"1a early", 0},
	{"stopped takes no room", {1, 12, 12}, {{"1a!", 9}, {"2a", 2}}, "2:a", "1a early", 0},
	{"stopped by id, then over the limit by rank", {1, 12, 12},
		{{"9a", 1}, {"5a!", 9}, {"3a", 5}, {"2a!", 0}, {"1a", 2}}, "3:a",
		"2a early 5a early 1a limit 9a limit", 2},
};

static size_t candidates(const struct row *rows, struct candidate *out)
{
	size_t n = 0;
	for (; n < ROWS_MAX && rows[n].who != NULL; n++) {
		struct str who = str_of(rows[n].who);
		bool stopped = str_ends(who, STR("!"));
		who.n -= stopped;
		int64_t id;
		assert_true(str_to_i64(str_sub(who, 0, who.n - 1), 1, CALLS, &id));
		out[n] = (struct candidate){
			.profile = &profiles[who.p[who.n - 1] - 'a'],
			.opportunity = &calls[id],
			.score = rows[n].score,
			.stopped = stopped,
			.stop = WAIT_EARLY,
			.from = {2027, 1, 5},
		};
	}
	return n;
}

static struct str shown_calls(struct arena *a, const struct digest *d)
{
	struct buf b = buf_init(1000);
	for (size_t i = 0; i < d->calls.n; i++) {
		buf_printf(&b, "%s%lld:", i > 0 ? " " : "", (long long)d->calls.v[i].opportunity->id);
		for (size_t j = 0; j < d->calls.v[i].hits.n; j++)
			buf_add(&b, d->calls.v[i].hits.v[j]->profile->id);
	}
	return buf_take(&b, a);
}

static struct str shown_waiting(struct arena *a, const struct waiting_list *w)
{
	struct buf b = buf_init(1000);
	for (size_t i = 0; i < w->list.n; i++) {
		const struct waiting *x = &w->list.v[i];
		buf_printf(&b, "%s%lld%.*s %s", i > 0 ? " " : "", (long long)x->candidate->opportunity->id,
			STRF(x->candidate->profile->id), x->reason == WAIT_EARLY ? "early" : "limit");
		assert_int_equal(x->from.year, x->reason == WAIT_EARLY ? 2027 : 0);
	}
	return buf_take(&b, a);
}

static void check(const struct expectation *x, const struct candidate *c, size_t n)
{
	struct arena *a = arena_new(ARENA_TEST);
	struct digest d = {.language = STR("en"), .to = {.address = STR("x@y.example")}};
	struct waiting_list w = {0};
	digest_select(a, c, n, NOW, &d, &w);
	if (!str_eq(shown_calls(a, &d), str_of(x->calls)))
		fail_msg("%s: calls are '%.*s'", x->name, STRF(shown_calls(a, &d)));
	if (!str_eq(shown_waiting(a, &w), str_of(x->waiting)))
		fail_msg("%s: waiting is '%.*s'", x->name, STRF(shown_waiting(a, &w)));
	assert_int_equal(d.carried_over, x->carried);
	assert_int_equal(d.now, NOW);
	assert_str(d.to.address, "x@y.example");
	arena_free(a);
}

static void test_select(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct candidate c[ROWS_MAX];
		size_t n = candidates(cases[i].rows, c);
		for (size_t p = 0; p < COUNT(profiles); p++)
			profiles[p].limit = cases[i].limits[p];
		check(&cases[i], c, n);
		/* The order of what comes in changes nothing. */
		for (size_t turn = 0; turn < n; turn++) {
			struct candidate first = c[0];
			memmove(c, c + 1, (n - 1) * sizeof(*c));
			c[n - 1] = first;
			check(&cases[i], c, n);
		}
	}
}

static void test_reasons_pass_through(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	static const enum wait_reason reasons[] = {WAIT_REVIEW, WAIT_LATE, WAIT_CLOSED};
	for (size_t i = 0; i < COUNT(reasons); i++) {
		struct candidate c = {
			.profile = &profiles[0],
			.opportunity = &calls[1],
			.stopped = true,
			.stop = reasons[i],
			.from = {2027, 1, 5},
		};
		struct digest d = {0};
		struct waiting_list w = {0};
		digest_select(a, &c, 1, NOW, &d, &w);
		assert_int_equal(d.calls.n, 0);
		assert_int_equal(w.list.n, 1);
		assert_int_equal(w.list.v[0].reason, reasons[i]);
		assert_ptr_equal(w.list.v[0].candidate, &c);
		assert_false(date_known(w.list.v[0].from));
	}
	arena_free(a);
}

/* The mail that goes now is the one of today, also for a profile whose time is later: what
 * closes tomorrow would be too late for the next. */
static void test_one_mail_a_day(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct digest d = {0};
	struct waiting_list w = {0};
	struct profile later = profiles[2];
	later.digest.minute = 1200;
	later.limit = 1;
	const struct candidate rows[] = {{.profile = &later, .opportunity = &calls[1], .score = 9},
		{.profile = &later, .opportunity = &calls[8], .score = 1}};
	calls[8].deadlines.v[0].minute = 60;
	digest_select(a, rows, COUNT(rows), NOW, &d, &w);
	assert_int_equal(d.calls.n, 1);
	assert_int_equal(d.calls.v[0].opportunity->id, 8);
	arena_free(a);
}

/* A profile that is sent by hand has no next slot: nothing of it is urgent. */
static void test_digest_off(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct profile off = {.id = STR("off"), .limit = 12, .digest = {.every = EVERY_NEVER}};
	struct candidate c[] = {
		{.profile = &off, .opportunity = &calls[8], .score = 1},
		{.profile = &off, .opportunity = &calls[1], .score = 2},
	};
	struct digest d = {0};
	struct waiting_list w = {0};
	digest_select(a, c, 2, NOW, &d, &w);
	assert_str(shown_calls(a, &d), "1:off 8:off");
	arena_free(a);
}

static void test_names(void **state)
{
	(void)state;
	for (int i = 0; i < WAIT_REASON_COUNT; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
				wait_reason_name((enum wait_reason)i), wait_reason_name((enum wait_reason)j));
	assert_string_equal(wait_reason_name(WAIT_REVIEW), "held for review");
	assert_string_equal(wait_reason_name(WAIT_EARLY), "too early");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_select),
		cmocka_unit_test(test_reasons_pass_through),
		cmocka_unit_test(test_one_mail_a_day),
		cmocka_unit_test(test_digest_off),
		cmocka_unit_test(test_names),
	};
	log_set_hook(harness_log, NULL);
	return cmocka_run_group_tests(tests, setup, NULL);
}
