/* SPDX-License-Identifier: MIT
 *
 * The meaning of the rule language, sentence by sentence: text, rule, verdict.
 */
#include "match_harness.h"

struct row {
	const char *text, *rule;
	bool want;
};

static void check_rows(const char *title, const char *language, const struct row *rows, size_t n)
{
	struct arena *a = arena_new(ARENA_MATCH);
	for (size_t i = 0; i < n; i++) {
		struct diags d = {0};
		struct query *q = compile(a, NULL, rows[i].rule, &d);
		if (q == NULL || d.errors > 0)
			fail_msg("'%s' does not compile: %.*s", rows[i].rule, STRF(diags_text(a, &d)));
		struct opportunity o = {.title = str_of(title),
			.summary = str_of(rows[i].text),
			.language = str_of(language)};
		if (query_matches(q, match_document(a, &o)) != rows[i].want)
			fail_msg("'%s' in '%s': want %s", rows[i].rule, rows[i].text,
				rows[i].want ? "a hit" : "no hit");
	}
	arena_free(a);
}

#define CHECK(title, language, rows) check_rows(title, language, rows, COUNT(rows))

static void test_folding(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"Häls och vård", "hals", true},
		{"hals", "Häls", true},
		{"HÄLS", "häls", true},
		{"Ha\xcc\x88ls", "häls", true},
		{"Straße", "strasse", true},
		{"STRASSE", "straße", true},
		{"Łódź", "lodz", true},
		{"Đuro", "duro", true},
		{"Ærø", "aero", true},
		{"œuvre", "oeuvre", true},
		{"ılık", "ilik", true},
		{"Ħamrun", "hamrun", true},
		{"Þór", "thor", true},
		{"København", "kobenhavn", true},
		{"ﬁnance", "finance", true},
		{"ＡＴＭＰ therapy", "ATMP", true},
		{"m² surface", "m2", true},
		{"ΟΔΟΣ", "οδος", true},
		{"Ελλάς", "ελλασ", true},
		{"здоровье", "ЗДОРОВЬЕ", true},
		{"bio\xc2\xadtech\xc2\xadnology", "biotechnology", true},
		{"health", "heals", false},
		{"broken \xff\xfe"
		 "cell\xc3",
			"cell", true},
	};
	CHECK("", "", rows);
}

static void test_forms(void **state)
{
	(void)state;
	static const struct row english[] = {
		{"gene therapies", "therapy", true},
		{"therapy", "therapies", true},
		{"manufacturing", "manufacture", true},
		{"therapist", "therapy", false},
		{"theatre", "therapy", false},
		{"THERAPIES", "therapy", true},
	};
	static const struct row german[] = {
		{"Förderungen", "Förderung", true},
		{"Forderungen", "Förderung", true},
		{"Zellen", "Zelle", true},
		{"Krankenhäuser", "krankenhaus", true},
		{"Häuser", "haus", true},
	};
	static const struct row french[] = {
		{"les thérapies géniques", "thérapie", true},
		{"les therapies", "thérapie", true},
		{"financements européens", "financement européen", true},
		{"cellulaires", "cellulaire", true},
	};
	CHECK("", "en", english);
	CHECK("", "", english);
	CHECK("", "en-GB", english);
	CHECK("", "de", german);
	CHECK("", "fr", french);
}

static void test_phrases(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"a cell therapy call", "\"cell therapy\"", true},
		{"cell therapies", "\"cell therapy\"", false},
		{"cell and therapy", "\"cell therapy\"", false},
		{"therapy cell", "\"cell therapy\"", false},
		{"Cell\n\nTherapy", "\"cell therapy\"", true},
		{"cell-therapy", "\"cell therapy\"", true},
		{"therapies", "\"therapy\"", false},
		{"Therapy", "\"therapy\"", true},
		{"advanced therapies", "\"advanced therap*\"", true},
		{"advanced thermal", "\"advanced therap*\"", false},
		{"cofunding", "\"co-funding\"", false},
		{"co funding", "\"co-funding\"", true},
		{"cell (ATMP) therapy", "\"cell ATMP therapy\"", true},
		{"the atmp", "\"ATMP\"", true},
		{"cell cell therapy", "\"cell therapy\"", true},
		{"cell", "\"cell therapy\"", false},
		{"call: cell therapy", "\"call: cell (therapy)\"", true},
	};
	CHECK("", "", rows);
	static const struct row across[] = {{"therapy", "\"cell therapy\"", false}};
	CHECK("a cell", "", across); /* one field ends, the next begins */
}

static void test_acronyms(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"AI in health", "AI", true},
		{"j'ai vu", "AI", false},
		{"rain and snow", "AI", false},
		{"Ai", "AI", false},
		{"IoT devices", "IoT", true},
		{"IOT devices", "IoT", true},
		{"iot", "IoT", false},
		{"Iot", "IoT", false},
		{"GMP, GLP", "GMP", true},
		{"gmp", "GMP", false},
		{"gmp", "gmp", true},
		{"GMP", "gmp", true},
		{"new ATMPs", "ATMP", true},
		{"one ATMP", "ATMPs", true},
		{"SMEs apply", "SME", true},
		{"AIDS", "AID", false},
		{"AID", "AIDS", false},
		{"mRNA vaccines", "mRNA", true},
		{"mrna", "mRNA", false},
		{"crispr", "CRISPR", true},
		{"Who pays", "WHO", false},
		{"the WHO pays", "WHO", true},
		{"(AI)", "AI", true},
		{"AI-based", "AI", true},
		{"H2O", "H2O", true},
		{"B2B", "B2B", true},
	};
	CHECK("", "", rows);
	static const struct row capitals[] = {
		{"", "AI", true}, {"", "IoT", true}, {"", "it", true}, {"", "GMP", false}};
	CHECK("AI AND IOT FOR HEALTH: IT MATTERS", "", capitals);
}

static void test_exact_and_stars(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"the WHO", "=WHO", true},
		{"Who", "=WHO", false},
		{"CAR-T cells", "=CAR-T", true},
		{"car-t cells", "=CAR-T", false},
		{"CART", "=CAR-T", false},
		{"Häls", "=Hals", false},
		{"Ha\xcc\x88ls", "=Häls", true},
		{"therapies", "=therapy", false},
		{"biotechnology", "biotech*", true},
		{"biotech", "biotech*", true},
		{"abiotech", "biotech*", false},
		{"innovatsioonitoetus", "*toetus", true},
		{"toetus", "*toetus", true},
		{"toetused", "*toetus", false},
		{"innovatsioonitoetused", "*toetus*", true},
		{"Ärikeskus", "arik*", true},
		{"co-funding", "co-fund*", true},
		{"cofunding", "co-fund*", true},
		{"co-fond", "co-fund*", false},
		{"two start-ups", "start-up*", true},
		{"two startups", "start-up*", true},
		{"two living labs", "\"living lab*\"", true},
		{"a living room, a lab", "\"living lab*\"", false},
		{"immuno-oncology", "*muno-onco*", true},
		{"immunooncology", "*muno-onco*", true},
		{"gene therapies,", "therap*,", true},
	};
	CHECK("", "", rows);
}

static void test_tokens(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"co-funding", "co-funding", true},
		{"co funding", "co-funding", true},
		{"cofunding", "co-funding", true},
		{"co-funding", "cofunding", false},
		{"co-funding", "funding", true},
		{"company's plan", "company", true},
		{"HORIZON-HLTH-2027-01-TOOL-03", "HORIZON-HLTH-2027-01", true},
		{"HORIZON-HLTH-2027-02", "HORIZON-HLTH-2027-01", false},
		{"COVID-19 relief", "COVID-19", true},
		{"Covid 19", "COVID-19", true},
		{"covid19", "COVID-19", true},
		{"R&D grants", "R&D", true},
		{"R & D grants", "R&D", true},
		{"r&d", "R&D", true},
		{"RD (rare disease)", "R&D", false},
		{"research", "R&D", false},
		{"Annex R", "R&D", false},
		{"C++ code", "C++", true},
		{"vitamin C", "C++", false},
		{"Annex C.", "C++", false},
		{"c++", "C++", true},
		{"C# code", "C#", true},
		{"C# code", "C++", false},
		{"vitamin C", "C", true},
		{"CAR-T cells", "CAR-T", true},
		{"CAR T cells", "CAR-T", true},
		{"CART cells", "CAR-T", true},
		{"shopping cart", "CAR-T", false},
		{"car-t", "CAR-T", true},
		{"CD4+ cells", "CD4+", true},
		{"CD4 cells", "CD4+", true},
		{"and/or", "and/or", true},
		{"AI/ML", "AI", true},
		{"e.g. eHealth", "eHealth", true},
		{"3D bioprinting", "3D", true},
		{"IL-2 therapy", "IL-2", true},
		{"il2", "IL-2", false},
		{"IL2", "IL-2", true},
		{"under_score", "score", true},
	};
	CHECK("", "", rows);
}

static void test_operators(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"a cell", "cell OR gene", true},
		{"a gene", "cell | gene", true},
		{"none", "cell OR gene", false},
		{"gene cell", "cell gene", true},
		{"gene", "cell gene", false},
		{"gene cell", "cell AND gene", true},
		{"gene cell", "cell -gene", false},
		{"cell", "cell -gene", true},
		{"cell", "cell NOT gene", true},
		{"cell", "cell AND NOT gene", true},
		{"cell gene", "cell AND NOT gene", false},
		{"cell", "cell OR gene -tender", true},
		{"cell tender", "cell OR gene -tender", false},
		{"gene tender", "cell OR gene -tender", false},
		{"gene tender", "cell -tender OR gene", false},
		{"gene tender", "cell OR (gene tender)", true},
		{"gene", "(cell OR gene) -(tender OR vacancy)", true},
		{"gene vacancy", "(cell OR gene) -(tender OR vacancy)", false},
		{"x", "-cell", true},
		{"cell", "-cell", false},
		{"cell", "--cell", true},
		{"cell", "NOT (NOT cell)", true},
		{"cell", "-\"gene therapy\" cell", true},
		{"cell or", "cell or", true},
		{"cell", "cell or", false},
		{"", "cell", false},
	};
	CHECK("", "", rows);
}

static void test_near(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"biology of manufacturing", "biolog* NEAR/5 manufactur*", true},
		{"gene therapy", "gene NEAR/1 therapy", true},
		{"therapy gene", "gene NEAR/1 therapy", true},
		{"gene x therapy", "gene NEAR/1 therapy", false},
		{"gene x therapy", "gene NEAR/2 therapy", true},
		{"gene x therapy", "gene W/2 therapy", true},
		{"therapy x gene", "gene PRE/2 therapy", false},
		{"gene x therapy", "gene PRE/2 therapy", true},
		{"gene 1 2 3 4 5 6 7 therapy", "gene NEAR therapy", true},
		{"gene 1 2 3 4 5 6 7 8 therapy", "gene NEAR therapy", false},
		{"gene x \n y therapy", "gene NEAR/3 therapy", true},
		{"cell", "cell NEAR/5 cell", false},
		{"cell cell", "cell NEAR/5 cell", true},
		{"the cell therapy plant and GMP", "\"cell therapy\" NEAR/3 (GMP OR GLP)", true},
		{"the cell therapy plant and more GMP", "\"cell therapy\" NEAR/3 (GMP OR GLP)", false},
		{"a b c", "a NEAR/1 b NEAR/1 c", true},
		{"a b x c", "a NEAR/1 b NEAR/1 c", false},
		{"b a c", "a NEAR/1 b NEAR/1 c", true},
		{"c x a b", "(a NEAR/1 b) NEAR/2 c", true},
		{"W boson", "\"W\" boson", true},
		{"W/m2", "W/m2", true},
		{"title words", "title NEAR/50 words", true},
	};
	CHECK("", "", rows);
	static const struct row across[] = {{"therapy", "gene NEAR/50 therapy", false},
		{"gene therapy", "gene NEAR therapy", true}, {"x", "title:gene NEAR/2 here", true},
		{"here", "title:gene NEAR/2 text:here", false}};
	CHECK("gene here", "", across);
}

static void test_fields(void **state)
{
	(void)state;
	static const struct {
		const char *rule;
		bool want;
	} rows[] = {
		{"title:therapy", true},
		{"title:pharma", false},
		{"text:pharma", true},
		{"text:therapy", false},
		{"therapy pharma", true},
		{"programme:\"Horizon Europe\"", true},
		{"programme:horizon", true},
		{"programme:EIC", false},
		{"call:HORIZON-HLTH-2027-01", true},
		{"call:HLTH", true},
		{"funder:hadea", true},
		{"kind:grant", true},
		{"kind:GRANT", true},
		{"kind:tender", false},
		{"stage:two-stage", true},
		{"source:eu-funding-tenders", true},
		{"country:EE", true},
		{"country:FI", true},
		{"country:SE", false},
		{"country:\"EE FI\"", false},
		{"lang:en", true},
		{"category:\"rare diseases\"", true},
		{"hadea", false},
		{"horizon", false},
		{"title:(therapy OR pharma)", true},
		{"title:(therapy pharma)", false},
		{"TITLE:therapy", true},
		{"title: therapy", true},
		{"-title:pharma", true},
		{"title:-pharma", true},
		{"title:(therapy text:pharma)", true},
		{"title:\"cell therapy\"", true},
		{"title:thera*", true},
	};
	struct arena *a = arena_new(ARENA_MATCH);
	struct str countries[] = {STR("EE"), STR("FI")}, categories[] = {STR("Health"), STR("Rare diseases")};
	struct opportunity o = {
		.title = STR("Cell therapy"),
		.summary = STR("For pharma"),
		.body = STR("More"),
		.programme = STR("Horizon Europe"),
		.call = STR("HORIZON-HLTH-2027-01-02"),
		.funder = STR("HaDEA"),
		.kind = KIND_GRANT,
		.stage = STR("two-stage"),
		.source = STR("eu-funding-tenders"),
		.language = STR("en"),
		.countries = {countries, 2, 2},
		.categories = {categories, 2, 2},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct diags d = {0};
		struct query *q = compile(a, NULL, rows[i].rule, &d);
		if (q == NULL || query_matches(q, match_document(a, &o)) != rows[i].want)
			fail_msg("%s: want %d: %.*s", rows[i].rule, rows[i].want, STRF(diags_text(a, &d)));
	}
	arena_free(a);
}

static void test_synonyms(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"advanced therapies", "ATMP", true},
		{"ATMP", "ATMP", true},
		{"gene therapy", "ATMP", true},
		{"advanced therapies", "atmp", false},
		{"advanced therapies", "\"ATMP\"", false},
		{"advanced therapies", "=ATMP", false},
		{"advanced therapies", "\"the ATMP\"", false},
		{"eHealth", "\"digital health\"", true},
		{"eHealth", "digital-health", true},
		{"eHealth", "\"a digital health\"", false},
		{"telecare", "eHealth", true},
		{"telecare", "\"digital health\"", true},
		{"telecare for all", "eHealth NEAR/2 all", true},
		{"telecare for all", "-eHealth", false},
		{"x", "title:eHealth", false},
	};
	struct arena *a = arena_new(ARENA_MATCH);
	struct config c = {0};
	add_synonym(a, &c, "ATMP", "\"advanced therap*\", \"gene therapy\"");
	add_synonym(a, &c, "digital health", "eHealth OR mHealth");
	add_synonym(a, &c, "ehealth", "telecare");
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct diags d = {0};
		struct query *q = compile(a, &c, rows[i].rule, &d);
		struct opportunity o = {.summary = str_of(rows[i].text)};
		if (q == NULL || query_matches(q, match_document(a, &o)) != rows[i].want)
			fail_msg("%s in %s: want %d: %.*s", rows[i].rule, rows[i].text, rows[i].want,
				STRF(diags_text(a, &d)));
	}
	arena_free(a);
}

/* Very large and odd texts are cut, never a crash. */
static void test_extremes(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_MATCH);
	struct buf b = buf_init((size_t)1 << 20);
	for (int i = 0; i < 70000; i++)
		buf_addz(&b, i == 50000 ? "needle " : i == 65000 ? "beyond " : "b ");
	for (int i = 0; i < 5000; i++)
		buf_addz(&b, "\xef\xb7\xba"); /* a letter that decomposes into 18 */
	struct opportunity o = {.title = STR("t"), .summary = buf_str(&b)};
	struct document *doc = match_document(a, &o);
	struct diags d = {0};
	assert_true(query_matches(compile(a, NULL, "needle NEAR/50 b", &d), doc));
	assert_true(query_matches(compile(a, NULL, "\"b needle b\"", &d), doc));
	assert_true(query_matches(compile(a, NULL, "b NEAR/50 b NEAR/50 b", &d), doc));
	assert_false(query_matches(compile(a, NULL, "beyond", &d), doc));
	char phrase[4001];
	for (size_t i = 0; i < 4000; i += 2)
		memcpy(phrase + i, "b-", 2);
	phrase[3999] = '\0'; /* a word of 2000 parts */
	assert_true(query_matches(compile(a, NULL, phrase, &d), doc));
	struct opportunity few = {.summary = str_sub(o.summary, 0, 3998)}; /* one short */
	assert_false(query_matches(compile(a, NULL, phrase, &d), match_document(a, &few)));
	struct arena *small = arena_new((size_t)1 << 20); /* too small: fewer words are looked at */
	struct opportunity cut = {.title = STR("needle"), .body = str_sub(buf_str(&b), 0, 20000)};
	assert_true(query_matches(compile(a, NULL, "needles", &d), match_document(small, &cut)));
	struct opportunity none = {0};
	assert_false(query_matches(compile(a, NULL, "needle OR *edle", &d), match_document(a, &none)));
	arena_free(small);
	arena_free(a);
	buf_free(&b);
}

HARNESS_MAIN(cmocka_unit_test(test_folding), cmocka_unit_test(test_forms), cmocka_unit_test(test_phrases),
	cmocka_unit_test(test_acronyms), cmocka_unit_test(test_exact_and_stars),
	cmocka_unit_test(test_tokens), cmocka_unit_test(test_operators), cmocka_unit_test(test_near),
	cmocka_unit_test(test_fields), cmocka_unit_test(test_synonyms), cmocka_unit_test(test_extremes))
