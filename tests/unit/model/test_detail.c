/* SPDX-License-Identifier: MIT
 *
 * Filling a call with what its own page says: every field that can be, none that
 * the list gave, and only those that are asked for.
 */
#include "harness.h"

#include "model/model.h"

static struct opportunity whole(struct arena *a)
{
	struct opportunity o = {
		.kind = KIND_PRIZE,
		.title = STR("Another title"),
		.url = STR("https://other.example/"),
		.call = STR("OTHER"),
		.summary = STR("s"),
		.body = STR("b"),
		.language = STR("en"),
		.programme = STR("p"),
		.funder = STR("f"),
		.eligibility = STR("e"),
		.source_status = STR("open"),
		.stage = STR("single"),
		.opens = {2026, 12, 1},
		.budget = {1, 2, AMOUNT_UNKNOWN, "EUR"},
	};
	*vec_push(a, &o.countries) = STR("EE");
	*vec_push(a, &o.categories) = STR("health");
	*vec_push(a, &o.deadlines) = (struct deadline){.date = {2027, 2, 9}, .zone = STR("UTC"), .minute = -1};
	return o;
}

static struct opportunity empty(void)
{
	return (struct opportunity){
		.title = STR("T"), .budget = {AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, ""}};
}

static void test_fills_what_is_empty(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct opportunity o = empty(), from = whole(a);
	struct strv filled = opportunity_fill(a, &o, &from, NULL);
	struct str names = strv_join(a, &filled, " ");
	assert_str(names, "deadline opens budget kind summary content language programme status funder "
			  "eligibility category country");
	assert_str(o.title, "T"); /* what tells a call from others is never a detail's */
	assert_int_equal(o.url.n + o.call.n, 0);
	assert_str(o.stage, "single");
	assert_int_equal(o.budget.max, 2);
	filled = opportunity_fill(a, &o, &from, NULL);
	assert_int_equal(filled.n, 0);
	arena_free(a);
}

static void test_never_replaces(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct opportunity o = whole(a), from = whole(a), nothing = empty();
	o.summary = STR("the list's");
	o.deadlines.v[0].date.month = 5;
	assert_int_equal(opportunity_fill(a, &o, &from, NULL).n, 0);
	assert_int_equal(opportunity_fill(a, &o, &nothing, NULL).n, 0);
	assert_str(o.summary, "the list's");
	assert_int_equal(o.deadlines.v[0].date.month, 5);
	arena_free(a);
}

static void test_only_what_is_asked_for(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct opportunity o = empty(), from = whole(a);
	struct strv only = strv_split(a, STR("budget,content,nonsense"), ',');
	struct strv filled = opportunity_fill(a, &o, &from, &only);
	assert_str(strv_join(a, &filled, " "), "budget content");
	assert_int_equal(o.deadlines.n + o.funder.n, 0);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_fills_what_is_empty), cmocka_unit_test(test_never_replaces),
	cmocka_unit_test(test_only_what_is_asked_for))
