/* SPDX-License-Identifier: MIT
 *
 * The KPI sentences of design.md section 9.
 */
#include "report/report.h"

/* In the order in which they are printed; the first two always. "SMEs" holds small
 * and medium enterprises and start-ups. */
static const struct {
	const char *words, *key;
	enum org_kind kinds[2];
	size_t n;
	bool always;
} groups[] = {
	{"SMEs", "smes", {ORG_SME, ORG_STARTUP}, 2, true},
	{"research institutions", "research_institutions", {ORG_RESEARCH}, 1, true},
	{"large companies", "large_companies", {ORG_LARGE}, 1, false},
	{"public bodies", "public_bodies", {ORG_PUBLIC}, 1, false},
	{"NGOs", "ngos", {ORG_NGO}, 1, false},
	{"investors", "investors", {ORG_INVESTOR}, 1, false},
};

static const struct {
	const char *key, *text;
} definitions[] = {
	{"forwarded", "distinct calls that the mail relay accepted for at least one member in the period"},
	{"reached", "distinct organisations to which at least one call was forwarded in the period"},
	{"engaged", "distinct organisations with at least one answer (interested, not relevant, contact, "
		    "applying,"
		    " applied, won, lost) dated in the period; clicks do not count"},
	{"SMEs", "small and medium enterprises and start-ups; an organisation with several profiles counts "
		 "once"},
	{"left out", "test members, mails that bounced, retracted answers"},
};

static int64_t group_count(const struct org_count *c, size_t g)
{
	int64_t n = 0;
	for (size_t i = 0; i < groups[g].n; i++)
		n += c->by_kind[groups[g].kinds[i]];
	return n;
}

static void companies(struct buf *out, const char *what, const struct org_count *c)
{
	buf_printf(out, "No. of companies %s: %lld (", what, (long long)c->total);
	for (size_t g = 0; g < COUNT(groups); g++) {
		int64_t n = group_count(c, g);
		if (groups[g].always || n > 0)
			buf_printf(out, "%s%lld %s", g > 0 ? ", " : "", (long long)n, groups[g].words);
	}
	buf_addz(out, ")\n");
}

void report_text(struct buf *out, const struct report *r)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(4096);
	buf_printf(out, "%.*s, %.*s to %.*s\n\n", STRF(r->name), STRF(date_iso(a, r->from)),
		STRF(date_iso(a, r->to)));
	buf_printf(out, "No. of calls/opportunities forwarded: %lld\n", (long long)r->kpi.forwarded);
	companies(out, "reached", &r->kpi.reached);
	companies(out, "engaged", &r->kpi.engaged);
	buf_printf(out, "\nWhat these figures mean (days in %.*s, both inclusive):\n", STRF(r->zone));
	for (size_t i = 0; i < COUNT(definitions); i++)
		buf_printf(out, "  %-10s %s\n", definitions[i].key, definitions[i].text);
}

static void json_companies(struct json *j, const char *key, const struct org_count *c)
{
	json_key(j, key);
	json_open(j, '{');
	json_member_int(j, "total", c->total);
	for (size_t g = 0; g < COUNT(groups); g++)
		json_member_int(j, groups[g].key, group_count(c, g));
	json_close(j, '}');
}

void report_json(struct buf *out, const struct report *r)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(4096);
	struct json j = json_to(out);
	json_open(&j, '{');
	json_member_str(&j, "name", r->name);
	json_member_str(&j, "from", date_iso(a, r->from));
	json_member_str(&j, "to", date_iso(a, r->to));
	json_member_str(&j, "zone", r->zone);
	json_member_int(&j, "identified", r->kpi.identified);
	json_member_int(&j, "forwarded", r->kpi.forwarded);
	json_companies(&j, "reached", &r->kpi.reached);
	json_companies(&j, "engaged", &r->kpi.engaged);
	json_key(&j, "definitions");
	json_open(&j, '{');
	for (size_t i = 0; i < COUNT(definitions); i++)
		json_member_str(&j, definitions[i].key, str_of(definitions[i].text));
	json_close(&j, '}');
	json_close(&j, '}');
	buf_addc(out, '\n');
}
