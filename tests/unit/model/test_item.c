/* SPDX-License-Identifier: MIT
 *
 * From a raw item to its settled form, to an opportunity, and back; identity,
 * status by dates, meaningful changes.
 */
#include "harness.h"

#include "model/internal.h"

#define NOW 1795417200 /* 2026-11-23T07:00:00Z */

static struct item_rules rules(void)
{
	return (struct item_rules){.source = STR("portal"),
		.zone = STR("Europe/Brussels"),
		.closes_at = 17 * 60,
		.kind = STR("grant"),
		.base = STR("https://portal.example/calls/")};
}

static struct item item_with_deadline(
	struct arena *a, const char *stage, const char *date, const char *time, const char *zone)
{
	struct item it = {.title = STR("x")};
	*vec_push(a, &it.deadlines) =
		(struct item_deadline){str_of(stage), str_of(date), str_of(time), str_of(zone)};
	return it;
}

static const char *deadlines_shown(struct arena *a, const struct item *it)
{
	const char *s = "";
	for (size_t i = 0; i < it->deadlines.n; i++) {
		const struct item_deadline *d = &it->deadlines.v[i];
		s = arena_printf(a, "%s%.*s|%.*s|%.*s|%.*s;", s, STRF(d->stage), STRF(d->date), STRF(d->time),
			STRF(d->zone));
	}
	return s;
}

static void test_words(void **state)
{
	(void)state;
	enum kind k = KIND_NEWS;
	enum org_kind o;
	for (enum kind i = KIND_GRANT; i < KIND_COUNT; i++) {
		assert_true(kind_from(str_of(kind_name(i)), &k));
		assert_int_equal(k, i);
	}
	for (enum org_kind i = ORG_SME; i < ORG_COUNT; i++) {
		assert_true(org_kind_from(str_of(org_kind_name(i)), &o));
		assert_int_equal(o, i);
	}
	assert_true(kind_from(STR(" Grant "), &k));
	assert_false(kind_from(STR(""), &k));
	assert_false(kind_from(STR("grants"), &k));
	assert_string_equal(kind_name(KIND_UNKNOWN), "");
	assert_string_equal(status_name(STATUS_FORTHCOMING), "forthcoming");
}

static void test_programmes(void **state)
{
	(void)state;
	static const struct {
		const char *call, *want;
	} rows[] = {
		{"HORIZON-HLTH-2027-01", "Horizon Europe"},
		{"horizon-jti-2027", "Horizon Europe"},
		{"HORIZON", "Horizon Europe"},
		{"HORIZON-EIC-2027-01", "Horizon Europe, EIC"},
		{"HORIZONS-1", ""},
		{"EU4H-2027-PJ-01", "EU4Health"},
		{"EuropeAid/186246/DD/ACT/NG", "EuropeAid"},
		{"LIFE-2026-X", "LIFE"},
		{"LIFELINE", ""},
		{"", ""},
		{"ERASMUS-EDU-2027", "Erasmus+"},
		{"12345", ""},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(programme_of_call(str_of(rows[i].call)), rows[i].want);
	assert_str(programme_of_code(STR("43332642")), "EU4Health");
	assert_str(programme_of_code(STR("99")), "99");
}

static void test_settle_deadlines(void **state)
{
	(void)state;
	static const struct {
		const char *stage, *date, *time, *zone, *want;
	} rows[] = {
		{"", "2027-04-08T00:00:00.000+0000", "", "", "|2027-04-08|17:00|Europe/Brussels;"},
		{"", "2027-04-08", "", "", "|2027-04-08|17:00|Europe/Brussels;"},
		{"stage 1", "2027-04-08", "12:00", "", "stage 1|2027-04-08|12:00|Europe/Brussels;"},
		{"", "2027-04-08", "4pm", "Europe/London", "|2027-04-08|16:00|Europe/London;"},
		{"", "2027-04-08", "16:00:00+02:00", "", "|2027-04-08|16:00|Europe/Brussels;"},
		{"", "2026-09-23+02:00", "16:00:00+02:00", "", "|2026-09-23|16:00|Europe/Brussels;"},
		{"", "2026-12-15T16:00:00Z", "", "", "|2026-12-15|17:00|Europe/Brussels;"},
		{"", "2026-12-14T23:00:00Z", "", "", "|2026-12-15|17:00|Europe/Brussels;"},
		{"", "15 December 2026 4pm UK time", "", "", "|2026-12-15|16:00|Europe/London;"},
		{"", "15 June 2027 17:00 CET", "", "", "|2027-06-15|17:00|Europe/Brussels;"},
		{"", "2026-12-15", "00:00", "", "|2026-12-15|00:00|Europe/Brussels;"},
		{"", "2026-12-15", "noonish", "Mars/Base", "|2026-12-15|17:00|Europe/Brussels;"},
		{"", "2026-12-15", "17:00", "CET", "|2026-12-15|17:00|Europe/Brussels;"},
		{"", "21 February 2027 | 22 August 2027", "", "",
			"|2027-02-21|17:00|Europe/Brussels;|2027-08-22|17:00|Europe/Brussels;"},
		{"", "22 August 2027 | 21 February 2027 | 22 August 2027", "", "",
			"|2027-02-21|17:00|Europe/Brussels;|2027-08-22|17:00|Europe/Brussels;"},
		{"", "01.10.2026 - 31.12.2026", "", "", "|2026-12-31|17:00|Europe/Brussels;"},
		{"", "rolling", "", "", ""},
		{"", "", "", "", ""},
		{"", "2026-02-30", "", "", ""},
		{"", "", "17:00", "", ""},
		{"<b>Stage&nbsp;2</b>", "20261231", "", "", "Stage 2|2026-12-31|17:00|Europe/Brussels;"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	struct item_rules r = rules();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct item it =
			item_with_deadline(a, rows[i].stage, rows[i].date, rows[i].time, rows[i].zone);
		item_settle(a, &r, &it);
		const char *got = deadlines_shown(a, &it);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("'%s': got '%s', want '%s'", rows[i].date, got, rows[i].want);
		item_settle(a, &r, &it); /* settled is settled */
		assert_string_equal(deadlines_shown(a, &it), rows[i].want);
	}
	/* Without a recipe's word on it, the day's end counts and the zone is UTC. */
	struct item_rules none = {.closes_at = -1};
	struct item it = item_with_deadline(a, "", "2026-12-15 00:00:00", "", "");
	item_settle(a, &none, &it);
	assert_string_equal(deadlines_shown(a, &it), "|2026-12-15||UTC;");
	it = item_with_deadline(a, "", "2024-09-27+02:00 Europe/Brussels", "", "");
	item_settle(a, &none, &it);
	assert_string_equal(deadlines_shown(a, &it), "|2024-09-27||Europe/Brussels;");
	/* The same date with and without stage is one deadline; many are capped. */
	it = item_with_deadline(a, "", "2027-01-01", "", "");
	*vec_push(a, &it.deadlines) =
		(struct item_deadline){.stage = STR("cut-off 1"), .date = STR("2027-01-01")};
	item_settle(a, &none, &it);
	assert_string_equal(deadlines_shown(a, &it), "cut-off 1|2027-01-01||UTC;");
	it = (struct item){0};
	for (int i = 0; i < 100; i++)
		*vec_push(a, &it.deadlines) =
			(struct item_deadline){.date = str_of(arena_printf(a, "%d-01-01", 2000 + i))};
	item_settle(a, &none, &it);
	assert_int_equal(it.deadlines.n, ITEM_DEADLINES_MAX);
	arena_free(a);
}

static void test_settle_fields(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct item_rules r = rules();
	r.funder = STR("European Commission");
	r.country = STR("EU");
	r.language = STR("en");
	struct str cats[] = {STR(" AI "), STR("ai"), STR(""), STR("R&amp;D")};
	struct str places[] = {STR("est, FI"), STR("Germany"), STR("nowhere land"), STR("fi")};
	struct item it = {
		.id = STR(" g1 "),
		.title = STR("Scaling <i>up</i>\n cells &amp; genes"),
		.link = STR("x?a=1&amp;b=2"),
		.published = STR("Tue, 01 Sep 2026 10:00:00 +0200"),
		.updated = STR("soon"),
		.summary = STR(" <p>s</p> "),
		.categories = {cats, 4, 4},
		.language = STR("et-EE"),
		.opens = STR("1 March 2027"),
		.budget = STR("EUR 1 to 2 million"),
		.call = STR("HORIZON-HLTH-2027-01"),
		.kind = STR("GRANT"),
		.countries = {places, 4, 4},
		.eligibility = STR("<p>SMEs</p><p>only</p>"),
	};
	item_settle(a, &r, &it);
	struct buf b = buf_init(10000);
	struct json j = json_to(&b);
	json_open(&j, '{');
	item_json_members(&j, &it);
	json_close(&j, '}');
	assert_str(buf_str(&b),
		"{\"id\":\"g1\",\"title\":\"Scaling up cells & "
		"genes\",\"link\":\"https://portal.example/calls/x?a=1&b=2\","
		"\"published\":\"2026-09-01T08:00:00Z\",\"summary\":\"<p>s</"
		"p>\",\"categories\":[\"AI\",\"R&D\"],\"language\":\"et\","
		"\"opens\":\"2027-03-01\",\"budget\":{\"min\":1000000,\"max\":2000000,\"currency\":\"EUR\"},"
		"\"call\":\"HORIZON-HLTH-2027-01\",\"programme\":\"Horizon "
		"Europe\",\"kind\":\"grant\",\"countries\":[\"EE\",\"FI\",\"DE\"],"
		"\"funder\":\"European Commission\",\"source\":\"portal\",\"eligibility\":\"SMEs\\nonly\"}");
	buf_free(&b);
	/* Constants for what is left out, nothing for what can't be read. */
	struct item none = {.title = STR("t"),
		.link = STR("javascript:x"),
		.kind = STR("thing"),
		.budget_min = STR("0"),
		.budget_max = STR("2,5 Mio"),
		.currency = STR("eur"),
		.published = STR("2026-12-15T16:00:00")};
	item_settle(a, &r, &none);
	assert_str(none.link, "");
	assert_str(none.kind, "grant");
	assert_str(none.language, "en");
	assert_str(none.countries.v[0], "EU");
	assert_str(none.budget_min, "");
	assert_str(none.budget_max, "2500000");
	assert_str(none.currency, "EUR");
	assert_str(none.published, "2026-12-15T15:00:00Z"); /* local time of the recipe's zone */
	arena_free(a);
}

static void test_countries(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"EE", "EE"},
		{"ee", "EE"},
		{"EST", "EE"},
		{"EL", "GR"},
		{"UK", "GB"},
		{"Estonia; Finland", "EE FI"},
		{"Estonia|Latvia|Lithuania", "EE LV LT"},
		{"Eesti, Suomi, Österreich", "EE FI AT"},
		{"Bosnia and Herzegovina / Türkiye", "BA TR"},
		{"The Netherlands, Slovak Republic, CZECH REPUBLIC", "NL SK CZ"},
		{"Germany (DE)", "DE"},
		{"Netherlands (the)", "NL"},
		{"Ελλάδα, България, Česko", "GR BG CZ"},
		{"Northern Ireland", "GB"},
		{"EU", "EU"},
		{"European Union", "EU"},
		{"JP", "JP"},
		{"XX, ZZ, EN, of", ""}, /* two letters are not yet a country */
		{"Worldwide", ""},
		{"Germany Valley", ""},
		{"", ""},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct item_rules r = {.closes_at = -1};
		struct str text = str_of(rows[i].text);
		struct item it = {.title = STR("x"), .countries = {&text, 1, 1}};
		const char *got = "";
		item_settle(a, &r, &it);
		for (size_t k = 0; k < it.countries.n; k++)
			got = arena_printf(a, "%s%s%.*s", got, k > 0 ? " " : "", STRF(it.countries.v[k]));
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("'%s': got '%s', want '%s'", rows[i].text, got, rows[i].want);
		arena_free(a);
	}
}

/* The first day; of a range of which only the last one is written in full, none. */
static void test_opens(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"1 March 2027", "2027-03-01"},
		{"from 1 March 2027", "2027-03-01"},
		{"01.10.2026 - 31.12.2026", "2026-10-01"},
		{"1 October 2026 to 15 December 2026", "2026-10-01"},
		{"Opens: 2 November 2026 Closes: 16 December 2026", "2026-11-02"},
		{"3 to 15 December 2026", ""},
		{"3–15 December 2026", ""},
		{"December 3-15, 2026", ""},
		{"15 January to 28 February 2027", ""},
		{"31.11.2026", ""},
		{"soon", ""},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct item_rules r = {.zone = STR("Europe/Brussels"), .closes_at = -1};
		struct item it = {.title = STR("x"), .opens = str_of(rows[i].text)};
		item_settle(a, &r, &it);
		if (!str_eq(it.opens, str_of(rows[i].want)))
			fail_msg("'%s': got '%.*s', want '%s'", rows[i].text, STRF(it.opens), rows[i].want);
		arena_free(a);
	}
}

static void test_keys(void **state)
{
	(void)state;
	static const struct {
		enum identity identity;
		const char *call, *id, *link, *want;
	} rows[] = {
		{IDENTITY_CALL, "Horizon-Hlth-2027  01", "g", "https://a.example/x",
			"call:HORIZON-HLTH-2027 01"},
		{IDENTITY_CALL, "", "g 1", "https://a.example/x", "guid:portal:g 1"},
		{IDENTITY_CALL, "", "", "http://www.a.example/x/", "url:https://a.example/x"},
		{IDENTITY_GUID, "C1", "g", "", "guid:portal:g"},
		{IDENTITY_GUID, "C1", "", "https://a.example/x", "url:https://a.example/x"},
		{IDENTITY_URL, "C1", "g", "https://a.example/x", "url:https://a.example/x"},
		{IDENTITY_URL, "C1", "g", "", "guid:portal:g"},
		{IDENTITY_CALL, "", "", "", "hash:"},
		{IDENTITY_TITLE, "C1", "g", "https://a.example/x", "hash:"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	struct error e;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct item_rules r = rules();
		struct opportunity o;
		r.identity = rows[i].identity;
		struct item it = {.title = STR("T"),
			.call = str_of(rows[i].call),
			.id = str_of(rows[i].id),
			.link = str_of(rows[i].link)};
		assert_int_equal(opportunity_from_item(a, &r, &it, &o, &e), ERR_OK);
		if (str_eq(str_of(rows[i].want), STR("hash:")))
			o.key = str_sub(o.key, 0, 5);
		assert_str(o.key, rows[i].want);
	}
	arena_free(a);
}

static void test_opportunity(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct item_rules r = rules();
	struct error e;
	struct opportunity o;
	struct item it = {0}, back;
	assert_int_equal(opportunity_from_item(a, &r, &it, &o, &e), ERR_INPUT);
	it = (struct item){.id = STR("g"),
		.summary = STR("<p>First words</p><p>more</p>"),
		.content = STR("<p>body</p>")};
	item_settle(a, &r, &it);
	assert_int_equal(opportunity_from_item(a, &r, &it, &o, &e), ERR_OK);
	assert_str(o.title, "First words");
	assert_str(opportunity_text(a, &o), "First words\nmore\n\nbody");
	assert_int_equal(o.kind, KIND_GRANT);
	assert_int_equal(o.budget.max, AMOUNT_UNKNOWN);
	item_from_opportunity(a, &o, &back);
	assert_str(back.id, "g");
	assert_str(back.kind, "grant");
	assert_str(back.currency, "");
	/* The limit of an arena is an error, not an end. */
	struct arena *small = arena_new(1000);
	it.title = STR("T");
	assert_int_equal(opportunity_from_item(small, &r, &it, &o, &e), ERR_LIMIT);
	item_settle(small, &r, &it);
	arena_free(small);
	arena_free(a);
}

static void test_excerpts(void **state)
{
	(void)state;
	static const struct {
		const char *summary, *content, *want;
	} rows[] = {
		{"<p>We open a syn [&#8230;]</p>\n<p>The post <a href=\"x\">T</a> appeared first on "
		 "<a>S</a>.</p>",
			"<p>We open a syndicate today.</p>", ""},
		{"<p>Another text [&#8230;]</p>\n<p>The post T appeared first on S.</p>", "We open.",
			"Another text [\xe2\x80\xa6]"},
		{"<p>Kurz.</p><p>Der Beitrag T erschien zuerst auf S.</p>", "Lang und breit.", "Kurz."},
		{"Told in short.", "Told in short. And at length.", "Told in short."},
		{"The post office appeared first on the map.", "",
			"The post office appeared first on the map."},
		{"We open...", "", "We open..."},
		{"We open...", "We open a call.", ""},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct item_rules r = {.source = STR("s"), .closes_at = -1};
		struct item it = {.title = STR("T"),
			.summary = str_of(rows[i].summary),
			.content = str_of(rows[i].content)};
		struct opportunity o;
		assert_int_equal(opportunity_from_item(a, &r, &it, &o, NULL), ERR_OK);
		assert_str(o.summary, rows[i].want);
		arena_free(a);
	}
}

static void test_stages(void **state)
{
	(void)state;
	static const struct {
		const char *one, *two, *want;
	} rows[] = {
		{"", NULL, "single"},
		{"single-stage", NULL, "single"},
		{"stage 1", "stage 2", "two-stage"},
		{"First stage", "Second stage", "two-stage"},
		{"cut-off 1", "cut-off 2", ""},
		{"", "", ""},
		{"Stage", NULL, ""},
	};
	struct arena *a = arena_new(ARENA_TEST);
	struct item_rules r = rules();
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct opportunity o;
		struct item it = item_with_deadline(a, rows[i].one, "2027-01-01", "", "");
		if (rows[i].two != NULL)
			*vec_push(a, &it.deadlines) = (struct item_deadline){
				.stage = str_of(rows[i].two), .date = STR("2027-06-01")};
		item_settle(a, &r, &it);
		assert_int_equal(opportunity_from_item(a, &r, &it, &o, NULL), ERR_OK);
		assert_str(o.stage, rows[i].want);
	}
	arena_free(a);
}

static void test_status(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct opportunity o = {0};
	assert_int_equal(opportunity_status(&o, NOW), STATUS_OPEN);
	assert_null(opportunity_deadline(&o, NOW));
	*vec_push(a, &o.deadlines) =
		(struct deadline){.date = {2026, 11, 22}, .minute = -1, .zone = STR("Europe/Tallinn")};
	assert_int_equal(opportunity_status(&o, NOW), STATUS_CLOSED);
	/* 23:59:59 in Tallinn is 21:59:59 in UTC. */
	assert_int_equal(deadline_instant(&o.deadlines.v[0]), 1795384799);
	assert_int_equal(opportunity_status(&o, 1795384799), STATUS_OPEN);
	assert_int_equal(opportunity_status(&o, 1795384800), STATUS_CLOSED);
	*vec_push(a, &o.deadlines) =
		(struct deadline){.date = {2026, 11, 23}, .minute = 17 * 60, .zone = STR("Europe/Brussels")};
	*vec_push(a, &o.deadlines) =
		(struct deadline){.date = {2027, 1, 12}, .minute = -1, .zone = STR("Europe/Brussels")};
	assert_int_equal(opportunity_deadline(&o, NOW)->date.day, 23);
	assert_int_equal(deadline_days_left(&o.deadlines.v[1], NOW), 0);
	assert_int_equal(deadline_days_left(&o.deadlines.v[2], NOW), 50);
	assert_int_equal(deadline_days_left(&o.deadlines.v[0], NOW), -1);
	assert_int_equal(opportunity_deadline(&o, NOW + DAY_SECONDS)->date.year, 2027);
	o.opens = (struct date){2026, 11, 24};
	assert_int_equal(opportunity_status(&o, NOW), STATUS_FORTHCOMING);
	assert_int_equal(opportunity_status(&o, NOW + DAY_SECONDS), STATUS_OPEN);
	o.withdrawn = true;
	assert_int_equal(opportunity_status(&o, NOW), STATUS_CLOSED);
	arena_free(a);
}

/* What is in force at an instant: around midnight where the portal sits, and where clocks change. */
static void test_status_in_zones(void **state)
{
	(void)state;
	static const struct {
		const char *deadlines, *zone, *now, *want; /* next deadline, or "closed" */
	} rows[] = {
		{"2026-12-15", "Europe/Tallinn", "2026-12-15T21:59:59Z", "2026-12-15"},
		{"2026-12-15", "Europe/Tallinn", "2026-12-15T22:00:00Z", "closed"},
		{"2026-12-15", "Atlantic/Azores", "2026-12-16T00:59:59Z", "2026-12-15"},
		{"2026-12-15 24:00", "Europe/Brussels", "2026-12-15T22:59:00Z", "2026-12-15"},
		{"2026-12-15 24:00", "Europe/Brussels", "2026-12-15T23:00:00Z", "closed"},
		/* the day with 23 hours, the one with 25, and the hour that is not there */
		{"2027-03-28", "Europe/Brussels", "2027-03-28T21:59:59Z", "2027-03-28"},
		{"2027-03-28", "Europe/Brussels", "2027-03-28T22:00:00Z", "closed"},
		{"2027-10-31", "Europe/Brussels", "2027-10-31T22:59:59Z", "2027-10-31"},
		{"2027-10-31", "Europe/Brussels", "2027-10-31T23:00:00Z", "closed"},
		{"2027-03-28 02:30", "Europe/Brussels", "2027-03-28T01:30:00Z", "2027-03-28"},
		{"2027-03-28 02:30", "Europe/Brussels", "2027-03-28T01:30:01Z", "closed"},
		/* one of several has passed; a time among mere dates */
		{"2026-10-01, 2026-12-15 12:00, 2027-03-15", "Europe/Brussels", "2026-12-15T11:00:00Z",
			"2026-12-15"},
		{"2026-10-01, 2026-12-15 12:00, 2027-03-15", "Europe/Brussels", "2026-12-15T11:00:01Z",
			"2027-03-15"},
		{"2027-03-15, 2026-12-15", "Europe/Brussels", "2026-11-01T00:00:00Z", "2026-12-15"},
		{"2026-12-15 17:00 UTC", "Europe/Brussels", "2026-12-15T16:30:00Z", "2026-12-15"},
		{"2026-12-15 17:00 IST", "Europe/Dublin", "2026-12-15T17:00:00Z", "2026-12-15"},
		{"rolling", "Europe/Brussels", "2026-12-15T16:30:00Z", "open"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct item_rules r = {.zone = str_of(rows[i].zone), .closes_at = -1};
		struct item it = item_with_deadline(a, "", rows[i].deadlines, "", "");
		struct opportunity o;
		int64_t now;
		assert_true(instant_from_iso(str_of(rows[i].now), &now));
		item_settle(a, &r, &it);
		assert_int_equal(opportunity_from_item(a, &r, &it, &o, NULL), ERR_OK);
		const struct deadline *next = opportunity_deadline(&o, now);
		struct str got = next != NULL ? date_iso(a, next->date)
					      : str_of(status_name(opportunity_status(&o, now)));
		if (!str_eq(got, str_of(rows[i].want)))
			fail_msg("'%s' at %s: got '%.*s', want '%s'", rows[i].deadlines, rows[i].now,
				STRF(got), rows[i].want);
		arena_free(a);
	}
}

static struct opportunity base_call(struct arena *a)
{
	struct opportunity o = {.title = STR("Cell therapy"),
		.eligibility = STR("SMEs"),
		.budget = {1000000, 2000000, AMOUNT_UNKNOWN, "EUR"}};
	*vec_push(a, &o.deadlines) =
		(struct deadline){.date = {2026, 12, 15}, .minute = 1020, .zone = STR("Europe/Brussels")};
	return o;
}

static void test_changes(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct opportunity old = base_call(a), now = base_call(a);
	struct changes c;
	/* nothing that means anything */
	now.title = STR(" CELL  Therapy");
	now.eligibility = STR("SMEs\n");
	now.deadlines.v[0].minute = -1;
	now.summary = STR("another text");
	opportunity_changes(a, &old, &now, &c);
	assert_int_equal(c.list.n, 0);
	now.deadlines.v[0] = (struct deadline){.date = {2026, 12, 15}, .minute = 960, .zone = STR("UTC")};
	opportunity_changes(a, &old, &now, &c);
	assert_int_equal(c.list.n, 0); /* the same instant in another zone */
	/* moved */
	now.deadlines.v[0] =
		(struct deadline){.date = {2027, 1, 20}, .minute = -1, .zone = STR("Europe/Brussels")};
	opportunity_changes(a, &old, &now, &c);
	assert_int_equal(c.list.n, 1);
	assert_string_equal(c.list.v[0].field, "deadline");
	assert_str(c.list.v[0].before, "2026-12-15 17:00 Europe/Brussels");
	assert_str(c.list.v[0].after, "2027-01-20");
	/* added, and everything else at once, in order */
	now = base_call(a);
	*vec_push(a, &now.deadlines) = (struct deadline){
		.stage = STR("stage 2"), .date = {2027, 6, 1}, .minute = 1020, .zone = STR("UTC")};
	now.budget = (struct budget){AMOUNT_UNKNOWN, 3000000, 9000000, "EUR"};
	now.title = STR("Gene therapy");
	now.eligibility = STR("");
	now.withdrawn = true;
	opportunity_changes(a, &old, &now, &c);
	static const char *const fields[] = {"deadline", "budget", "title", "eligibility", "withdrawn"};
	assert_int_equal(c.list.n, COUNT(fields));
	for (size_t i = 0; i < COUNT(fields); i++)
		assert_string_equal(c.list.v[i].field, fields[i]);
	assert_str(c.list.v[0].after, "2026-12-15 17:00 Europe/Brussels; stage 2: 2027-06-01 17:00 UTC");
	assert_str(c.list.v[1].before, "EUR 1000000 to 2000000");
	assert_str(c.list.v[1].after, "up to EUR 3000000, EUR 9000000 in total");
	/* back: removed and reopened */
	opportunity_changes(a, &now, &old, &c);
	assert_string_equal(c.list.v[c.list.n - 1].field, "reopened");
	assert_str(c.list.v[0].after, "2026-12-15 17:00 Europe/Brussels");
	arena_free(a);
}

/* A deadline that moves is news when the day before or the one after is still to come. */
static void test_news_of_deadlines(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		int before, after; /* days from now; 0 = none is given */
		size_t news;
	} rows[] = {
		{"both to come", 10, 20, 1},
		{"closed early", 10, -1, 1},
		{"from one day gone by to another", -10, -5, 0},
		{"open again", -10, 20, 1},
		{"passed, and no longer shown", -10, 0, 0},
		{"taken away", 10, 0, 1},
		{"given at last", 0, 10, 1},
		{"the same", 10, 10, 0},
	};
	const int64_t now = 20000 * DAY_SECONDS;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct opportunity sides[2] = {0};
		const int days[] = {rows[i].before, rows[i].after};
		struct changes c;
		for (size_t k = 0; k < COUNT(days); k++)
			if (days[k] != 0)
				*vec_push(a, &sides[k].deadlines) = (struct deadline){
					.date = date_from_days(20000 + days[k]), .minute = -1, .zone = STR("UTC")};
		opportunity_changes(a, &sides[0], &sides[1], &c);
		changes_news(&sides[0], &sides[1], now, &c);
		if (c.list.n != rows[i].news)
			fail_msg("%s: %zu changes", rows[i].what, c.list.n);
		arena_free(a);
	}
}

HARNESS_MAIN(cmocka_unit_test(test_excerpts), cmocka_unit_test(test_words), cmocka_unit_test(test_programmes),
	cmocka_unit_test(test_settle_deadlines), cmocka_unit_test(test_settle_fields),
	cmocka_unit_test(test_countries), cmocka_unit_test(test_opens), cmocka_unit_test(test_keys),
	cmocka_unit_test(test_opportunity), cmocka_unit_test(test_stages), cmocka_unit_test(test_status),
	cmocka_unit_test(test_status_in_zones), cmocka_unit_test(test_changes),
	cmocka_unit_test(test_news_of_deadlines))
