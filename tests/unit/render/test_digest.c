/* SPDX-License-Identifier: MIT
 *
 * What a digest says: subjects, several profiles of one recipient, limits, languages,
 * hostile content. Whole mails are compared in test_golden.c.
 */
#include "render/fixture.h"

/* ---- variations ---------------------------------------------------------- */

static void test_subjects(void **state)
{
	(void)state;
	static const struct {
		size_t first, n;
		bool test;
		const char *want;
	} rows[] = {
		{0, 0, false, "Nothing new"},
		{0, 1, false, "1 new call, it closes on 15 December"},
		{0, 2, false, "2 new calls, one closes on 3 December"},
		{2, 1, false, "1 new call, it closes on 3 March 2027"},
		{3, 1, false, "1 new call"},
		{3, 1, true, "[Test] 1 new call"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct digest d = {.now = NOW};
		for (size_t j = 0; j < rows[i].n; j++)
			add_call(a, &d, &hits[rows[i].first + j]);
		struct render_frame f = frame;
		f.test = rows[i].test;
		struct rendered r = render(a, &d, &f);
		assert_str(r.subject, rows[i].want);
		assert_int_equal(holds(r.text, "This is a test copy."), rows[i].test);
		assert_int_equal(holds(r.html, "This is a test copy."), rows[i].test);
		arena_free(a);
	}
}

static void test_closing_soon(void **state)
{
	(void)state;
	static const struct {
		int day;
		const char *want;
	} rows[] = {{23, "one closes today"}, {24, "one closes tomorrow"}};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct deadline soon = {
			.date = {2026, 11, (int8_t)rows[i].day}, .minute = -1, .zone = STR("UTC")};
		struct opportunity o = fund;
		o.deadlines.v = &soon;
		struct candidate c = hits[1];
		c.opportunity = &o;
		struct digest d = digest_of(a, 1);
		add_call(a, &d, &c);
		assert_holds(render(a, &d, &frame).subject, rows[i].want);
		arena_free(a);
	}
}

static void test_carried_over(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct digest d = digest_of(a, 1);
	assert_false(holds(render(a, &d, &frame).text, "next mail"));
	d.carried_over = 1;
	assert_holds(render(a, &d, &frame).text, "\n1 more call waits and comes with the next mail.\n");
	d.carried_over = 1200;
	assert_holds(render(a, &d, &frame).html, ">1200 more calls wait and come with the next mail.<");
	arena_free(a);
}

static void test_several_profiles(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct digest d = digest_of(a, 0);
	const struct candidate both[] = {
		{.profile = &genomics,
			.opportunity = &scale_up,
			.words = {.v = cell_words, .n = 1},
			.note = STR("Same note.")},
		{.profile = &materials,
			.opportunity = &scale_up,
			.words = {.v = cell_words + 1, .n = 2},
			.labels = {.v = cell_labels, .n = 1},
			.note = STR("Same note.")},
	};
	add_call(a, &d, &both[0]);
	*vec_push(a, &d.calls.v[0].hits) = &both[1];
	struct rendered r = render(a, &d, &frame);
	assert_str(r.subject, "1 new call, it closes on 15 December");
	assert_holds(r.text, "Suits University of Emajogi, Genomics Lab because: cell therapies\n");
	assert_holds(r.text, "Suits University of Emajogi, Biomaterials Lab because: GMP, advanced\n"
			     "therapy - Cell and gene therapy\n");
	assert_holds(r.text, "University of Emajogi, Genomics Lab; University of");
	size_t note = str_find(r.text, STR("Same note."));
	assert_true(note != SIZE_MAX);
	assert_false(holds(str_sub(r.text, note + 1, r.text.n), "Same note."));
	arena_free(a);
}

static void test_many_words(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct candidate c = hits[0];
	c.words = (struct strv){0};
	for (int i = 0; i < 20; i++)
		*vec_push(a, &c.words) = str_of(arena_printf(a, "w%d", i));
	struct digest d = digest_of(a, 0);
	add_call(a, &d, &c);
	assert_holds(
		render(a, &d, &frame).text, "because: w0, w1, w2, w3, w4, w5, w6, w7 and 12 more - Cell");
	arena_free(a);
}

/* ---- what must not happen ------------------------------------------------ */

static void test_hostile(void **state)
{
	(void)state;
	static const char *const evil[] = {
		"<script>alert(1)</script>",
		"{{heading}}{{{cluster}}}{{#calls}}",
		"\"><img src=x onerror=y>",
		"' onclick='x",
		"</td></table></body>",
		"a\r\nBcc: x@y.example\r\n\r\n",
		"\u202Egnp.exe\u2066x\u2069",
		"<![CDATA[",
		"<!--",
		"-->",
		"]]>",
		"&amp;&#60;",
		"javascript:alert(1)",
		"\xFF\xFE\xC0\x80",
		"\x01\x02\uFFFF\uFFFE",
		"https://a.example/\" onmouseover=\"x",
		"data:text/html,<script>",
		"----------------------------------------",
	};
	for (size_t i = 0; i < COUNT(evil); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct str s = str_of(evil[i]), list[] = {s};
		struct strv v = {.v = list, .n = 1};
		struct deadline staged[] = {{s, {2026, 12, 15}, 1020, s}, {s, {2026, 12, 16}, -1, s}};
		struct opportunity o = {.kind = KIND_GRANT,
			.title = s,
			.summary = s,
			.body = s,
			.url = s,
			.call = s,
			.programme = s,
			.funder = s,
			.eligibility = s,
			.language = s,
			.countries = v,
			.deadlines = {.v = staged, .n = 2}};
		struct profile p = {.id = STR("p"), .name = s};
		struct candidate c = {.profile = &p, .opportunity = &o, .labels = v, .words = v, .note = s};
		struct settings set = {.name = s, .from = {s, s}, .address = s, .contact = s};
		struct render_frame f = {.settings = &set, .unsubscribe = STR("https://a.example/?a=\"<b>'")};
		struct digest d = {.to = {s, s}, .language = s, .now = NOW};
		for (int j = 0; j < 3; j++)
			add_call(a, &d, &c);
		struct rendered r = render(a, &d, &f);
		assert_true(utf8_valid(r.subject));
		assert_int_equal(str_find_char(r.subject, '\n'), SIZE_MAX);
		static const char *const gone[] = {
			"<script", "<img", "\u202E", "\u2066", "\u2069", "\r", "\x01"};
		for (size_t j = 0; j < COUNT(gone); j++)
			assert_false(holds(r.html, gone[j]));
		assert_false(holds(r.html, "href=\"javascript"));
		assert_false(holds(r.html, "href=\"data"));
		arena_free(a);
	}
}

static void test_unsafe_links(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct opportunity o = fund;
	o.url = STR("javascript:alert(1)");
	struct candidate c = hits[1];
	c.opportunity = &o;
	struct digest d = digest_of(a, 0);
	add_call(a, &d, &c);
	struct settings set = settings;
	set.contact = STR("room 12, ask for Mari");
	struct render_frame f = frame;
	f.settings = &set;
	struct rendered r = render(a, &d, &f);
	assert_false(holds(r.html, "javascript"));
	assert_false(holds(r.text, "javascript"));
	assert_holds(r.html, ">room 12, ask for Mari<");
	f.unsubscribe = STR("javascript:x");
	struct error e;
	assert_int_equal(render_digest(a, &d, &f, &r, &e), ERR_INTERNAL);
	arena_free(a);
}

/* Without a title the call id is the link text; the language of the mail itself is not marked. */
static void test_bare(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct opportunity o = {.title = STR("\u202E\u2069 "),
		.call = STR("X-2027-1"),
		.url = STR("https://a.example/x"),
		.language = STR("EN")};
	struct candidate c = hits[1];
	c.opportunity = &o;
	struct digest d = digest_of(a, 0);
	add_call(a, &d, &c);
	struct rendered r = render(a, &d, &frame);
	assert_holds(r.html, ">X-2027-1</a>");
	assert_false(holds(r.html, "lang=\"EN\""));
	o.call = (struct str){0};
	assert_holds(render(a, &d, &frame).text, "\n1) Call without a title\nhttps://a.example/x\n");
	arena_free(a);
}

static struct str page_link(
	void *ctx, struct arena *a, const struct opportunity *call, struct str profile, enum answer answer)
{
	(void)call;
	(void)profile;
	return answer == ANSWER_APPLYING ? (struct str){0}
					 : str_of(arena_printf(a, "%s%d", (const char *)ctx, (int)answer));
}

/* By mail the reader is told what a tap does; an answer without a link is left out. */
static void test_answers(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct digest d = digest_of(a, 1);
	struct render_frame f = frame;
	static char page[] = "https://alerts.cluster.example/a/",
		    mail[] = "mailto:calls+a@cluster.example?subject=";
	f.answer_link = page_link;
	f.ctx = page;
	assert_holds(render(a, &d, &f).text,
		"\nYour answer:\n- Interested\n  https://alerts.cluster.example/a/0\n- Not for us\n");
	assert_false(holds(render(a, &d, &f).text, "applying"));
	assert_holds(render(a, &d, &f).html, "href=\"https://alerts.cluster.example/a/1\"");
	f.ctx = mail;
	assert_holds(render(a, &d, &f).text,
		"\nYour answer (one tap opens a mail, just send it):\n- Interested\n");
	f.answer_link = NULL;
	assert_false(holds(render(a, &d, &f).text, "Your answer"));
	arena_free(a);
}

/* Long texts are cut; an arena too small is a limit and no abort. */
static void test_limits(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	char *flood = arena_alloc(a, ITEM_TEXT_MAX);
	memset(flood, 'x', ITEM_TEXT_MAX);
	for (size_t i = 9; i < ITEM_TEXT_MAX; i += 10)
		flood[i] = ' ';
	struct str s = {flood, ITEM_TEXT_MAX};
	struct opportunity o = {.title = s, .summary = s, .eligibility = s, .funder = s, .programme = s};
	struct candidate c = hits[0];
	c.opportunity = &o;
	c.note = s;
	struct digest d = digest_of(a, 0);
	for (int i = 0; i < 25; i++)
		add_call(a, &d, &c);
	struct rendered r = render(a, &d, &frame);
	assert_int_equal(r.calls_shown, 25);
	for (int i = 0; i < 400; i++)
		add_call(a, &d, &c);
	d.carried_over = 7;
	r = render(a, &d, &frame);
	assert_true(r.calls_shown >= 20 && r.calls_shown < 60);
	/* It is nearly full: the next call would not fit. */
	assert_true(r.html.n + r.html.n / r.calls_shown * 3 > RENDER_HTML_MAX);
	assert_holds(r.text, arena_printf(a, "\n%zu more calls wait and come", 425 + 7 - r.calls_shown));
	assert_holds(r.subject, arena_printf(a, "%zu new calls", r.calls_shown));
	struct arena *small = arena_new(300000);
	struct error e;
	assert_int_equal(render_digest(small, &d, &frame, &r, &e), ERR_LIMIT);
	arena_free(small);
	arena_free(a);
}

/* Thousands of changes and reminders: the new calls keep a place, nothing is lost. */
static void test_many_changes(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct digest d = digest_of(a, COUNT(hits));
	for (int i = 0; i < 2000; i++) {
		struct digest_change *c = vec_push(a, &d.changes);
		c->opportunity = &scale_up;
		*vec_push(a, &c->fields) = (struct field_change){
			STR("deadline"), STR("2026-12-01"), STR("2026-12-15 17:00 Europe/Brussels")};
		*vec_push(a, &d.reminders) =
			(struct digest_reminder){&fund, &fund_deadlines[0], 14, STR("celltech")};
	}
	struct rendered r = render(a, &d, &frame);
	assert_int_equal(r.calls_shown, COUNT(hits));
	assert_true(r.changes_shown + r.reminders_shown > 50);
	size_t left = 4000 - r.changes_shown - r.reminders_shown;
	assert_holds(r.text, arena_printf(a, "\n%zu more", left));
	arena_free(a);
}

/* More deadlines than a calendar holds: fewer changes, not no mail. */
static void test_many_deadlines(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct digest d = digest_of(a, 0);
	struct opportunity cut_offs = scale_up;
	cut_offs.deadlines.v = arena_make_n(a, ITEM_DEADLINES_MAX, struct deadline);
	cut_offs.deadlines.n = ITEM_DEADLINES_MAX;
	for (size_t i = 0; i < ITEM_DEADLINES_MAX; i++)
		cut_offs.deadlines.v[i] = scale_up.deadlines.v[0];
	for (int i = 0; i < 100; i++) {
		struct digest_change *c = vec_push(a, &d.changes);
		c->opportunity = &cut_offs;
		*vec_push(a, &c->fields) = (struct field_change){STR("title"), STR("Old"), STR("New")};
	}
	struct rendered r = render(a, &d, &frame);
	assert_true(r.changes_shown > 5 && r.changes_shown < 50);
	assert_true(r.calendar.n > 0);
	assert_holds(r.text, arena_printf(a, "\n%zu more", 100 - r.changes_shown));
	arena_free(a);
}

/* The line with the UID of the entry that begins on this date; empty when there is none. */
static struct str uid_on(struct arena *a, struct str calendar, const char *date)
{
	struct str uid = {0}, line, want = str_of(arena_printf(a, ":%s", date));
	while (calendar.n > 0) {
		line = str_trim(str_cut(calendar, '\n', &calendar));
		if (str_starts(line, STR("UID:")))
			uid = line;
		if (str_starts(line, STR("DTSTART")) && str_find(line, want) != SIZE_MAX)
			return uid;
	}
	return (struct str){0};
}

/* A source drops what has passed: the entries of what is to come stay the same ones. */
static void test_calendar_uids(void **state)
{
	(void)state;
	static const char *const stages[][3] = {{"", "", ""}, {"cut-off", "cut-off", "Cut-off"},
		{"stage 1", "stage 2", "stage 3"}, {"", "full", "full"}};
	for (size_t i = 0; i < COUNT(stages); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct deadline list[3];
		struct str calendars[2];
		for (int k = 0; k < 3; k++)
			list[k] = (struct deadline){.stage = str_of(stages[i][k]),
				.date = {2027, (int8_t)(k + 1), 5},
				.minute = -1,
				.zone = STR("UTC")};
		for (size_t dropped = 0; dropped < 2; dropped++) {
			struct opportunity o = scale_up;
			struct candidate c = hits[0];
			struct digest d = digest_of(a, 0);
			o.deadlines.v = list + dropped;
			o.deadlines.n = 3 - dropped;
			c.opportunity = &o;
			add_call(a, &d, &c);
			calendars[dropped] = render(a, &d, &frame).calendar;
		}
		struct str second = uid_on(a, calendars[0], "20270205"),
			   third = uid_on(a, calendars[0], "20270305");
		assert_true(second.n > 0 && third.n > 0 && !str_eq(second, third));
		assert_true(!str_eq(second, uid_on(a, calendars[0], "20270105")));
		assert_true(str_eq(second, uid_on(a, calendars[1], "20270205")));
		assert_true(str_eq(third, uid_on(a, calendars[1], "20270305")));
		arena_free(a);
	}
}

/* What is said of a changed call, in two languages. */
static void test_changes(void **state)
{
	(void)state;
	static const struct {
		const char *field, *before, *after, *language, *want;
	} rows[] = {
		{"deadline", "2027-03-14", "2027-03-28", "en",
			"\nMore time: 14 March 2027 -> 28 March 2027, in 125 days\n"},
		{"deadline", "2027-03-28", "2027-03-14 17:00 Europe/Brussels", "de",
			"\nWeniger Zeit: 28. März 2027 -> 14. März 2027, 17:00\u00A0Uhr (Brüssel), "
			"in\n111 Tagen\n"},
		{"deadline", "2026-12-20", "2026-11-20", "en",
			"\nClosed early: 20 December 2026 -> 20 November 2026, passed\n"},
		{"deadline", "", "2026-12-20", "en",
			"\nDeadline: not given -> 20 December 2026, in 27 days\n"},
		{"deadline", "2026-12-20", "", "en", "\nDeadline: 20 December 2026 -> not given\n"},
		{"deadline", "stage 1: 2026-12-20; stage 2: 2027-01-10", "stage 1: 2026-12-20", "fr",
			"\nDate limite\u00A0: 20 décembre 2026 (étape\u00A01); 10 janvier 2027 "
			"(étape\u00A02) ->\n"
			"20 décembre 2026, dans 27 jours (étape\u00A01)\n"},
		{"deadline", "stage 1: 2026-12-20; stage 2: 2027-01-10",
			"stage 1: 2026-12-20; stage 2: 2027-02-10", "en",
			"\nMore time: 10 January 2027 -> 10 February 2027, in 79 days (stage 2)\n"},
		{"deadline", "stage 1: 2026-12-20; stage 2: 2027-01-10",
			"stage 1: 2026-12-21; stage 2: 2027-01-09", "en",
			"\nMore time: 20 December 2026 -> 21 December 2026, in 28 days (stage 1)\nLess time: "
			"10 "
			"January 2027 -> 9 January 2027, in 47 days (stage 2)\n"},
		{"deadline", "2027-01-01",
			"2027-02-01; 2027-03-01; 2027-04-01; 2027-05-01; 2027-06-01; 2027-07-01; 2027-08-01; "
			"2027-09-01",
			"en", "; 1 July 2027, in 220 days and 2 more\n"},
		{"budget", "up to EUR 5000", "up to EUR 6000000", "et",
			"\nEelarve: kuni 5000\u00A0EUR -> kuni 6\u00A0000\u00A0000\u00A0EUR\n"},
		{"deadline", "<b>soon</b>", "2026-12-20", "en", "\nDeadline: <b>soon</b> -> 2026-12-20\n"},
		{"budget", "up to EUR 50000", "EUR 60000 to 70000", "en",
			"\nBudget: up to EUR 50,000 -> EUR 60,000 to 70,000\n"},
		{"withdrawn", "announced", "withdrawn", "en", "\nThis call was withdrawn.\n"},
		{"reopened", "withdrawn", "announced", "et", "\nSee taotlusvoor on taas avatud.\n"},
		{"title", "Old", "New", "en", "\nTitle: Old -> New\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct digest d = digest_of(a, 0);
		d.language = str_of(rows[i].language);
		struct digest_change *c = vec_push(a, &d.changes);
		c->opportunity = &rolling;
		*vec_push(a, &c->fields) = (struct field_change){
			str_of(rows[i].field), str_of(rows[i].before), str_of(rows[i].after)};
		assert_holds(render(a, &d, &frame).text, rows[i].want);
		arena_free(a);
	}
}

HARNESS_MAIN(cmocka_unit_test(test_subjects), cmocka_unit_test(test_closing_soon),
	cmocka_unit_test(test_carried_over), cmocka_unit_test(test_several_profiles),
	cmocka_unit_test(test_many_words), cmocka_unit_test(test_hostile),
	cmocka_unit_test(test_unsafe_links), cmocka_unit_test(test_bare), cmocka_unit_test(test_answers),
	cmocka_unit_test(test_limits), cmocka_unit_test(test_many_changes),
	cmocka_unit_test(test_many_deadlines), cmocka_unit_test(test_calendar_uids), cmocka_unit_test(test_changes))
