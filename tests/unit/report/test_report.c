/* SPDX-License-Identifier: MIT
 *
 * The KPI lines, word for word as in the service sheets that they imitate.
 */
#include "harness.h"

#include "report/report.h"

static struct report sample(void)
{
	struct report r = {
		.name = STR("Cluster"), .from = {2026, 1, 1}, .to = {2026, 12, 31}, .zone = STR("UTC")};
	r.kpi.forwarded = 63;
	r.kpi.reached = (struct org_count){120, {[ORG_SME] = 90, [ORG_STARTUP] = 6, [ORG_RESEARCH] = 24}};
	r.kpi.engaged = (struct org_count){89, {[ORG_SME] = 71, [ORG_RESEARCH] = 18}};
	return r;
}

static void test_sentences(void **state)
{
	(void)state;
	struct report r = sample();
	struct buf b = buf_init(100000);
	report_text(&b, &r);
	assert_non_null(strstr(b.p, "No. of calls/opportunities forwarded: 63\n"
				    "No. of companies reached: 120 (96 SMEs, 24 research institutions)\n"
				    "No. of companies engaged: 89 (71 SMEs, 18 research institutions)\n"));
	assert_non_null(strstr(b.p, "What these figures mean"));
	r.kpi.engaged.by_kind[ORG_INVESTOR] = 2;
	buf_clear(&b);
	report_text(&b, &r);
	assert_non_null(strstr(b.p, "(71 SMEs, 18 research institutions, 2 investors)"));
	buf_free(&b);
}

static void test_json(void **state)
{
	(void)state;
	struct report r = sample();
	struct buf b = buf_init(100000);
	report_json(&b, &r);
	assert_non_null(strstr(b.p,
		"\"forwarded\":63,\"reached\":{\"total\":120,\"smes\":96,\"research_institutions\":24,"));
	buf_free(&b);
}

HARNESS_MAIN(cmocka_unit_test(test_sentences), cmocka_unit_test(test_json))
