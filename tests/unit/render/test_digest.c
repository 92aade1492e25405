/* SPDX-License-Identifier: MIT
 *
 * Whole mails: one digest compared byte for byte with tests/golden/digest.txt and
 * digest.html (FUNDWATCH_GOLDEN=write makes them anew), subjects, several profiles
 * of one recipient, hostile content; every HTML part is checked as XML.
 */
#include "harness.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <utf8proc.h>

#include "base/file.h"
#include "render/render.h"

#define NOW INT64_C(1795417200) /* Monday 2026-11-23T07:00:00Z */

/* STR() as a constant initialiser. */
#define LIT(s)                                                                                               \
	{                                                                                                    \
		(s), sizeof(s) - 1                                                                           \
	}

static const struct settings settings = {
	.name = LIT("Emajogi Health Cluster"),
	.from = {LIT("Emajogi Health Cluster"), LIT("calls@cluster.example")},
	.reply_to = {LIT("Funding desk"), LIT("desk@cluster.example")},
	.address = LIT("Riverside 1, 50411 Tartu, Estonia"),
	.contact = LIT("https://cluster.example/alerts"),
	.zone = LIT("Europe/Tallinn"),
};
static const struct render_frame frame = {
	.settings = &settings,
	.unsubscribe = LIT("mailto:calls+stop.7f3a@cluster.example?subject=unsubscribe"),
};
static const struct profile celltech = {.id = LIT("celltech"), .name = LIT("CellTech OÜ"), .limit = 12};
static const struct profile genomics = {
	.id = LIT("uni-genomics"), .name = LIT("University of Emajogi, Genomics Lab"), .limit = 12};
static const struct profile materials = {
	.id = LIT("uni-materials"), .name = LIT("University of Emajogi, Biomaterials Lab"), .limit = 12};

static struct deadline scale_up_deadlines[] = {
	{LIT("stage 1"), {2026, 12, 15}, 1020, LIT("Europe/Brussels")},
	{LIT("stage 2"), {2027, 9, 10}, 1020, LIT("Europe/Brussels")},
};
static struct deadline fund_deadlines[] = {{LIT(""), {2026, 12, 3}, -1, LIT("Europe/Tallinn")}};
static struct deadline old_deadlines[] = {
	{LIT("cut-off 1"), {2026, 10, 1}, 1020, LIT("Europe/Brussels")},
	{LIT("cut-off 2"), {2027, 3, 3}, 1020, LIT("Europe/Brussels")},
	{LIT("cut-off 3"), {2027, 6, 2}, 1020, LIT("Europe/Brussels")},
};
static struct str countries[] = {LIT("EE"), LIT("FI"), LIT("LV")};

static const struct opportunity scale_up = {
	.id = 1,
	.kind = KIND_GRANT,
	.title = LIT("Scaling up the manufacturing of advanced therapy medicinal products: from the pilot "
		     "line to reliable supply"),
	.summary = LIT(
		"Gene & cell therapies reach few patients, because making them is slow and costly. Proposals "
		"should show a GMP pilot line that makes at least three batches of one product under real "
		"conditions, with an analysis of costs per dose.\nThey should involve a hospital that treats "
		"patients, and a manufacturer. They should also explain how results are kept open to other "
		"makers in Europe after the project has ended, and who pays for upkeep."),
	.url = LIT("https://ec.europa.example/info/funding-tenders/opportunities/portal/screen/opportunities/"
		   "topic-details/HORIZON-HLTH-2027-01-TOOL-03?lang=en&tab=1"),
	.call = LIT("HORIZON-HLTH-2027-01-TOOL-03"),
	.programme = LIT("Horizon Europe"),
	.funder = LIT("European Commission"),
	.language = LIT("en"),
	.deadlines = {.v = scale_up_deadlines, .n = 2},
	.budget = {6000000, 8000000, 24000000, "EUR"},
	.eligibility =
		LIT("Consortia of at least three organisations from three different member states or "
		    "associated countries; small and medium-sized enterprises are expected to lead at least "
		    "one work package."),
};
static const struct opportunity fund = {
	.id = 2,
	.kind = KIND_EQUITY,
	.title = LIT("Iduinvesteering tervisetehnoloogia ettevõtetele"),
	.summary = LIT("Sündikaat otsib raku- ja geeniteraapia ettevõtteid."),
	.url = LIT("https://estban.example/syndicate/health-2026"),
	.language = LIT("et"),
	.deadlines = {.v = fund_deadlines, .n = 1},
	.budget = {-1, 250000, -1, "EUR"},
	.countries = {.v = countries, .n = 3},
};
static const struct opportunity accelerator = {
	.id = 3,
	.kind = KIND_GRANT,
	.title = LIT("Accelerator, open call"),
	.body = LIT("Support for single companies."),
	.url = LIT("https://eic.example/accelerator"),
	.programme = LIT("EIC"),
	.funder = LIT("EIC"),
	.deadlines = {.v = old_deadlines, .n = 3},
};
static const struct opportunity rolling = {
	.id = 4,
	.title = LIT("Vouchers for <small> firms & labs"),
	.opens = {2027, 1, 11},
};

static struct str cell_words[] = {LIT("cell therapies"), LIT("GMP"), LIT("advanced therapy")};
static struct str cell_labels[] = {LIT("Cell and gene therapy")};
static struct str raku_words[] = {LIT("raku- ja geeniteraapia")};

static const struct candidate hits[] = {
	{.profile = &celltech,
		.opportunity = &scale_up,
		.score = 7,
		.words = {.v = cell_words, .n = 3},
		.labels = {.v = cell_labels, .n = 1},
		.note = LIT(
			"We know a hospital in Tartu that looks for partners.\nCall us before 1 December.")},
	{.profile = &celltech, .opportunity = &fund, .score = 5, .words = {.v = raku_words, .n = 1}},
	{.profile = &celltech, .opportunity = &accelerator, .labels = {.v = cell_labels, .n = 1}},
	{.profile = &celltech, .opportunity = &rolling},
};

static void add_call(struct arena *a, struct digest *d, const struct candidate *c)
{
	struct digest_call *call = vec_push(a, &d->calls);
	call->opportunity = c->opportunity;
	*vec_push(a, &call->hits) = c;
}

static struct digest digest_of(struct arena *a, size_t n)
{
	struct digest d = {
		.to = {STR("Front Desk"), STR("desk@celltech.example")}, .language = STR("en"), .now = NOW};
	for (size_t i = 0; i < n; i++)
		add_call(a, &d, &hits[i]);
	return d;
}

/* ---- what holds for every mail ------------------------------------------- */

static size_t count_nodes(xmlDoc *doc, const char *path)
{
	xmlXPathContext *x = xmlXPathNewContext(doc);
	assert_non_null(x);
	xmlXPathObject *found = xmlXPathEvalExpression((const xmlChar *)path, x);
	assert_non_null(found);
	size_t n = found->nodesetval == NULL ? 0 : (size_t)found->nodesetval->nodeNr;
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(x);
	return n;
}

static void check_html(struct str html, size_t calls)
{
	xmlDoc *doc = xmlReadMemory(html.p, (int)html.n, "digest.html", "UTF-8",
		XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	if (doc == NULL)
		fail_msg("not well-formed: %s%.*s", xmlGetLastError()->message, STRF(html));
	static const char *const never[] = {
		"//script",
		"//form",
		"//base",
		"//link",
		"//img",
		"//iframe",
		"//object",
		"//svg",
		"//meta[@http-equiv]",
		"//@onclick",
		"//@onmouseover",
		"//@src",
		"//a[not(normalize-space(.))]",
		("//a[not(starts-with(@href, 'https://') or starts-with(@href, 'http://') or "
		 "starts-with(@href, 'mailto:'))]"),
		"//table[not(@role = 'presentation')]",
	};
	for (size_t i = 0; i < COUNT(never); i++)
		if (count_nodes(doc, never[i]) != 0)
			fail_msg("there is %s in %.*s", never[i], STRF(html));
	assert_int_equal(count_nodes(doc, "//h1"), 1);
	assert_int_equal(count_nodes(doc, "//h2"), calls);
	assert_int_equal(count_nodes(doc, "/html[@lang]/head/title"), 1);
	assert_int_equal(count_nodes(doc, "//meta[@name = 'color-scheme']"), 1);
	assert_int_equal(count_nodes(doc, "//a[normalize-space(.) = 'Stop these mails']"), 1);
	xmlFreeDoc(doc);
	doc = htmlReadMemory(
		html.p, (int)html.n, "digest.html", "UTF-8", HTML_PARSE_NONET | HTML_PARSE_NOERROR);
	assert_non_null(doc);
	assert_int_equal(count_nodes(doc, "//h2"), calls);
	xmlFreeDoc(doc);
}

static size_t width(struct str line)
{
	size_t n = 0;
	for (size_t at = 0; at < line.n;)
		n += (size_t)utf8proc_charwidth((utf8proc_int32_t)utf8_next(line, &at));
	return n;
}

static void check_text(struct str text)
{
	assert_true(utf8_valid(text));
	assert_int_equal(str_find(text, STR("\n\n\n")), SIZE_MAX);
	while (text.n > 0) {
		struct str line = str_cut(text, '\n', &text);
		assert_false(str_ends(line, STR(" ")));
		if (width(line) > RENDER_TEXT_COLUMNS && str_find_char(str_trim(line), ' ') != SIZE_MAX)
			fail_msg("too long: %.*s", STRF(line));
	}
}

static struct rendered render(struct arena *a, const struct digest *d, const struct render_frame *f)
{
	struct rendered r = {0};
	struct error e = {0};
	if (render_digest(a, d, f, &r, &e) != ERR_OK)
		fail_msg("%s", e.text);
	check_html(r.html, d->calls.n);
	check_text(r.text);
	return r;
}

static bool holds(struct str text, const char *part)
{
	return str_find(text, str_of(part)) != SIZE_MAX;
}

#define assert_holds(text, part)                                                                             \
	do {                                                                                                 \
		if (!holds((text), (part)))                                                                  \
			fail_msg("%s:%d: no '%s' in %.*s", __FILE__, __LINE__, (part), STRF(text));          \
	} while (0)

/* ---- golden -------------------------------------------------------------- */

static void same_as_file(struct arena *a, struct str got, const char *path)
{
	struct error e;
	const char *mode = getenv("FUNDWATCH_GOLDEN");
	if (mode != NULL && strcmp(mode, "write") == 0)
		assert_int_equal(file_write(path, got, &e), ERR_OK);
	struct str want;
	if (file_read(a, path, 1 << 20, &want, &e) != ERR_OK)
		fail_msg("%s", e.text);
	for (int line = 1; got.n > 0 || want.n > 0; line++) {
		struct str g = str_cut(got, '\n', &got), w = str_cut(want, '\n', &want);
		if (!str_eq(g, w))
			fail_msg("%s:%d: got '%.*s', want '%.*s'", path, line, STRF(g), STRF(w));
	}
}

static void test_golden(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct digest d = digest_of(a, COUNT(hits));
	d.carried_over = 3;
	struct rendered r = render(a, &d, &frame);
	assert_str(r.subject, "4 new calls for CellTech OÜ, the next closes on 3 December");
	same_as_file(a, r.text, "tests/golden/digest.txt");
	same_as_file(a, r.html, "tests/golden/digest.html");
	assert_true(r.html.n < 90 * 1024);
	arena_free(a);
}

/* ---- variations ---------------------------------------------------------- */

static void test_subjects(void **state)
{
	(void)state;
	static const struct {
		size_t first, n;
		bool test;
		const char *want;
	} rows[] = {
		{0, 0, false, "No new calls for you"},
		{0, 1, false, "1 new call for CellTech OÜ, it closes on 15 December"},
		{0, 2, false, "2 new calls for CellTech OÜ, the next closes on 3 December"},
		{2, 1, false, "1 new call for CellTech OÜ, it closes on 3 March 2027"},
		{3, 1, false, "1 new call for CellTech OÜ"},
		{3, 1, true, "[Test] 1 new call for CellTech OÜ"},
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
	} rows[] = {{23, "the next closes today"}, {24, "the next closes tomorrow"}};
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
	assert_str(r.subject, "1 new call for you, it closes on 15 December");
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
	assert_holds(render(a, &d, &frame).text, "\n1. Call without a title\nhttps://a.example/x\n");
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
	assert_true(render(a, &d, &frame).html.n < 150000);
	struct arena *small = arena_new(300000);
	struct rendered r;
	struct error e;
	assert_int_equal(render_digest(small, &d, &frame, &r, &e), ERR_LIMIT);
	arena_free(small);
	for (int i = 0; i < 400; i++)
		add_call(a, &d, &c);
	assert_int_equal(render_digest(a, &d, &frame, &r, &e), ERR_LIMIT);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_golden), cmocka_unit_test(test_subjects),
	cmocka_unit_test(test_closing_soon), cmocka_unit_test(test_carried_over),
	cmocka_unit_test(test_several_profiles), cmocka_unit_test(test_many_words),
	cmocka_unit_test(test_hostile), cmocka_unit_test(test_unsafe_links), cmocka_unit_test(test_bare),
	cmocka_unit_test(test_limits))
