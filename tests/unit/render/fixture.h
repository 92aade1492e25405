/* SPDX-License-Identifier: MIT
 *
 * The calls, members and settings that the mails of these tests are made of, and what
 * holds for every mail: well-formed HTML without anything that mail programs refuse,
 * headings in order, text of 72 columns.
 */
#ifndef FW_TESTS_RENDER_FIXTURE_H
#define FW_TESTS_RENDER_FIXTURE_H

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
__attribute__((unused)) static const struct profile genomics = {
	.id = LIT("uni-genomics"), .name = LIT("University of Emajogi, Genomics Lab"), .limit = 12};
__attribute__((unused)) static const struct profile materials = {
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
	.short_id = LIT("k3f9"),
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
	.short_id = LIT("m7q2"),
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
	.short_id = LIT("p4t8"),
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
	.short_id = LIT("z1w6"),
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

static void check_html(struct str html, size_t blocks)
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
		"//img[not(starts-with(@src, 'https://') and @alt)]",
		"//iframe",
		"//object",
		"//svg",
		"//meta[@http-equiv]",
		"//@onclick",
		"//@onmouseover",
		"//@src[not(parent::img)]",
		"//a[not(normalize-space(.))]",
		("//a[not(starts-with(@href, 'https://') or starts-with(@href, 'http://') or "
		 "starts-with(@href, 'mailto:'))]"),
		"//table[not(@role = 'presentation')]",
	};
	for (size_t i = 0; i < COUNT(never); i++)
		if (count_nodes(doc, never[i]) != 0)
			fail_msg("there is %s in %.*s", never[i], STRF(html));
	assert_int_equal(count_nodes(doc, "//h1"), 1);
	assert_int_equal(count_nodes(doc, "//h3"), blocks);
	assert_true(count_nodes(doc, "//h2") <= 3 && (count_nodes(doc, "//h2") > 0) == (blocks > 0));
	assert_int_equal(count_nodes(doc, "/html[@lang]/head/title"), 1);
	assert_int_equal(count_nodes(doc, "//meta[@name = 'color-scheme']"), 1);
	assert_true(count_nodes(doc, "//a[@class = 'link']") >= 2);
	xmlFreeDoc(doc);
	doc = htmlReadMemory(
		html.p, (int)html.n, "digest.html", "UTF-8", HTML_PARSE_NONET | HTML_PARSE_NOERROR);
	assert_non_null(doc);
	assert_int_equal(count_nodes(doc, "//h3"), blocks);
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
	check_html(r.html, r.calls_shown + r.changes_shown + r.reminders_shown);
	assert_true(r.html.n <= RENDER_HTML_MAX);
	check_text(r.text);
	return r;
}

__attribute__((unused)) static bool holds(struct str text, const char *part)
{
	return str_find(text, str_of(part)) != SIZE_MAX;
}

#define assert_holds(text, part)                                                                             \
	do {                                                                                                 \
		if (!holds((text), (part)))                                                                  \
			fail_msg("%s:%d: no '%s' in %.*s", __FILE__, __LINE__, (part), STRF(text));          \
	} while (0)

#endif
