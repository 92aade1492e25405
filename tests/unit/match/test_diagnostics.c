/* SPDX-License-Identifier: MIT
 *
 * Every fault of a query has its place and its exact words; lints are warnings;
 * no text makes the parser crash or point outside.
 */
#include "match_harness.h"

static void test_texts(void **state)
{
	(void)state;
	static const struct {
		const char *rule;
		int col, width;
		const char *message, *hint;
	} rows[] = {
		{"ATMP OR tittle:pharma", 9, 6, "there is no field called 'tittle'", "did you mean title: ?"},
		{"https://x.example", 1, 5, "there is no field called 'https'",
			"fields are title text programme call funder kind stage source country lang "
			"category"},
		{"a OR b c", 3, 2, "AND and OR are mixed without brackets",
			"write a OR (b AND c), or (a OR b) AND c"},
		{"a b | c -d", 5, 1, "AND and OR are mixed without brackets",
			"write (a AND b) OR (c -d), or a AND (b OR c) -d"},
		{"a (b c) OR d", 9, 2, "AND and OR are mixed without brackets",
			"write (a AND (b c)) OR d, or a AND ((b c) OR d)"},
		{"a OR b AND NOT c", 3, 2, "AND and OR are mixed without brackets",
			"write a OR (b NOT c), or (a OR b) NOT c"},
		{"a AND -b OR c", 10, 2, "AND and OR are mixed without brackets",
			"write (a -b) OR c, or (a OR c) -b"},
		{"a OR -b", 3, 2, "AND and OR are mixed without brackets",
			"what is left out stands behind a bracket: (a OR b) -c"},
		{"gene^3", 1, 6, "there are no weights inside a query", "use a 'score N:' line"},
		{"\"gene therapy\"^3", 15, 2, "there are no weights inside a query", "use a 'score N:' line"},
		{"gene !tender", 6, 7, "'!' has no meaning here",
			"write a minus or NOT in front of what must not occur"},
		{"therap?", 1, 7, "'?' is no wildcard here",
			"* at the beginning or end of a word stands for any letters"},
		{"/gene.+/", 1, 8, "there are no regular expressions here",
			"put the words in quotes to look for them as they are"},
		{"bio.*", 1, 5, "there are no regular expressions here",
			"* at the beginning or end of a word stands for any letters"},
		{"cell bio*", 6, 4, "this wildcard is too short",
			"it needs 4 letters or digits beside the *; write the forms out, with OR"},
		{"bi-o*", 1, 5, "this wildcard is too short",
			"it needs 4 letters or digits beside the *; write the forms out, with OR"},
		{"*", 1, 1, "this wildcard is too short",
			"it needs 4 letters or digits beside the *; write the forms out, with OR"},
		{"\"cell *\"", 2, 6, "this wildcard is too short",
			"it needs 4 letters or digits beside the *; write the forms out, with OR"},
		{"\"cell thera* x\"", 2, 13, "inside quotes * can stand at the end only", ""},
		{"bio*tech", 1, 8, "* can stand at the beginning or end of a word only", ""},
		{"=WHO*", 2, 4, "= finds exactly this word, so it can have no *", ""},
		{"= WHO", 1, 1, "behind = stands one word, without a space", "=WHO finds WHO, but not who"},
		{"x \"gene", 3, 1, "this quote is not closed", "put a second \" behind its last word"},
		{"(a b", 1, 1, "this bracket is not closed", "put a ) where the group ends"},
		{"a b)", 4, 1, "this bracket closes nothing", "there is no ( for it"},
		{"a ()", 4, 1, "there is nothing between these brackets", ""},
		{"", 1, 1, "there is nothing to look for", ""},
		{"\"\"", 1, 2, "there is nothing to look for in '\"\"'", ""},
		{"a &", 3, 1, "there is nothing to look for in '&'", "a word has letters or digits"},
		{"a - b", 3, 1, "this - stands alone", "write -word without a space, or leave it out"},
		{"a OR", 3, 2, "there is nothing to look for behind 'OR'", ""},
		{"OR a", 1, 2, "there is nothing in front of 'OR'", "put it in quotes to look for the word"},
		{"a NEAR/51 b", 3, 7, "behind NEAR/ stands a number of words from 1 to 50", "as in NEAR/5"},
		{"a NEAR/x b", 3, 6, "behind NEAR/ stands a number of words from 1 to 50", "as in NEAR/5"},
		{"a W/0 b", 3, 3, "behind W/ stands a number of words from 1 to 50", "as in NEAR/5"},
		{"a NEAR", 3, 4, "there is nothing to look for behind 'NEAR'", ""},
		{"(a b) NEAR c", 1, 5, "NEAR stands between words, phrases, or words with OR in brackets",
			"as in (a OR b) NEAR/5 \"c d\"; to leave it out: -(a NEAR/5 b)"},
		{":x", 1, 1, "in front of : stands the name of a field, without a space",
			"as in title:pharma"},
		{"title:", 1, 6, "there is nothing to look for behind 'title:'", ""},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_MATCH);
		struct diags d = {0};
		struct query *q = compile(a, NULL, rows[i].rule, &d);
		if (q != NULL || d.list.n != 1)
			fail_msg("'%s': %zu diagnostics: %.*s", rows[i].rule, d.list.n,
				STRF(diags_text(a, &d)));
		struct diag *g = &d.list.v[0];
		if (!str_eq(g->message, str_of(rows[i].message)) || !str_eq(g->hint, str_of(rows[i].hint)))
			fail_msg("'%s': got '%.*s' / '%.*s'", rows[i].rule, STRF(g->message), STRF(g->hint));
		if (g->at.col - 7 != rows[i].col || g->at.width != rows[i].width)
			fail_msg("'%s': at %d+%d", rows[i].rule, g->at.col - 7, g->at.width);
		arena_free(a);
	}
}

static void test_warnings(void **state)
{
	(void)state;
	static const struct {
		const char *rule, *message;
	} rows[] = {
		{"gene or cell", "'or' in small letters is a word to look for"},
		{"gene And cell", "'And' in small letters is a word to look for"},
		{"gene, cell", "a comma means nothing here: words side by side must all occur"},
		{"gene near cell", "'near' in small letters is a word to look for"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_MATCH);
		struct diags d = {0};
		assert_non_null(compile(a, NULL, rows[i].rule, &d));
		assert_int_equal(d.list.n, 1);
		assert_int_equal(d.warnings, 1);
		assert_str(d.list.v[0].message, rows[i].message);
		arena_free(a);
	}
}

static const char *repeat(struct arena *a, const char *text, int n, const char *last)
{
	struct buf b = buf_init((size_t)1 << 20);
	for (int i = 0; i < n; i++) {
		buf_addz(&b, text);
		if (text[1] == '\0' && text[0] == 'v') /* different words */
			buf_printf(&b, "%d ", i);
	}
	buf_addz(&b, last);
	return buf_take(&b, a).p;
}

static void test_limits(void **state)
{
	(void)state;
	static const struct {
		const char *text, *last;
		int n;
		bool fine;
	} rows[] = {
		{"v", "x", 255, true},
		{"v", "x", 256, false},
		{"w ", "x", 1000, true},
		{"(", "x", 40, false},
		{"-", "x", 31, true},
		{"-", "x", 32, false},
		{"title:", "x", 31, true},
		{"title:", "x", 33, false},
		{"wordword ", "x", 455, true},
		{"wordword ", "x", 456, false},
		{"aa W bb W ", "x", 409, true},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_MATCH);
		struct diags d = {0};
		struct query *q = compile(a, NULL, repeat(a, rows[i].text, rows[i].n, rows[i].last), &d);
		if ((q != NULL) != rows[i].fine)
			fail_msg("%s x %d: %.*s", rows[i].text, rows[i].n, STRF(diags_text(a, &d)));
		assert_true(d.list.n <= 10);
		arena_free(a);
	}
}

static void check_config(struct config *c, struct arena *a, const char *want)
{
	struct diags d = {.a = a};
	struct rulebook *b = match_compile(a, c, &d);
	for (size_t i = 0; want != NULL && i < d.list.n; i++)
		if (str_find(d.list.v[i].message, str_of(want)) != SIZE_MAX) {
			assert_int_equal(b == NULL, d.list.v[i].severity == DIAG_ERROR);
			return;
		}
	if (want != NULL || d.list.n > 0)
		fail_msg("want '%s', got %.*s", want == NULL ? "nothing" : want, STRF(diags_text(a, &d)));
}

/* A configuration too large for its arena is an error, not an abort. */
static void test_small_arena(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_MATCH);
	struct config c = {0};
	struct profile *p = vec_push(a, &c.profiles);
	for (int i = 0; i < 2000; i++)
		add_rule(a, p, RULE_MATCH, 0, repeat(a, "v", 100, "x"));
	for (size_t cap = (size_t)1 << 20; cap < (size_t)16 << 20; cap *= 2) {
		struct arena *small = arena_new(cap);
		struct diags d = {.a = a};
		assert_null(match_compile(small, &c, &d));
		assert_true(str_eq(d.list.v[0].message,
				    STR("the rules of this configuration are too large together")) ||
			    str_eq(d.list.v[0].message,
				    STR("the synonyms and rules of this configuration are too large "
					"together")));
		arena_free(small);
	}
	arena_free(a);
}

static void test_synonym_faults(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b, *want; /* what x and y stand for */
	} rows[] = {
		{"one, \"two three\"", "zebra OR four", NULL},
		{"one, yy", "zebra", NULL},
		{"yy", "xx", "these synonyms stand for each other: xx, yy"},
		{"xx, one", "two", "these synonyms stand for each other: xx"},
		{"one two", "three", "a synonym stands for words and phrases with commas between them"},
		{"one two, three", "four", "put quotes around several words"},
		{"-one", "two", "a synonym stands for words"},
		{"title:one", "two", "a synonym stands for words"},
		{"one,", "two", "there is nothing to look for behind ','"},
		{"", "two", "there is nothing to look for"},
		{"bio*", "two", "this wildcard is too short"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_MATCH);
		struct config c = {0};
		add_synonym(a, &c, "xx", rows[i].a);
		add_synonym(a, &c, "yy", rows[i].b);
		check_config(&c, a, rows[i].want);
		arena_free(a);
	}
}

static void test_many_synonyms(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_MATCH);
	struct config c = {0};
	for (int i = 0; i < 30; i++) /* each stands for the next two: 2^30 ways through */
		add_synonym(
			a, &c, arena_printf(a, "word%d", i), arena_printf(a, "word%d, word%d", i + 1, i + 2));
	check_config(&c, a, NULL);
	struct diags d = {0};
	struct query *q = compile(a, &c, "word0 NEAR start", &d);
	struct opportunity o = {.title = STR("start word31")};
	assert_true(q != NULL && query_matches(q, match_document(a, &o)));
	for (int i = 30; i < 60; i++)
		add_synonym(a, &c, arena_printf(a, "word%d", i), arena_printf(a, "word%d", i + 1));
	check_config(&c, a, "synonyms stand for synonyms more than 32 deep");
	arena_free(a);
}

static void test_rule_faults(void **state)
{
	(void)state;
	static const struct {
		enum rule_type type;
		int64_t score, threshold; /* 0 = no threshold */
		const char *rule, *other, *want;
	} rows[] = {
		{RULE_MATCH, 0, 0, "-tender", "gene", "this match line only says what must not occur"},
		{RULE_MATCH, 0, 0, "gene OR (-tender)", "gene",
			"this match line only says what must not occur"},
		{RULE_MATCH, 0, 0, "gene (-tender)", "gene", NULL},
		{RULE_REQUIRE, 0, 0, "-tender", "gene", NULL},
		{RULE_EXCLUDE, 0, 0, "Gene", "gene",
			"this exclude line takes away every call that profiles.d/x.conf:2 finds"},
		{RULE_EXCLUDE, 0, 0, "cell OR gene OR drug", "gene OR \"cell therapy\"",
			"this exclude line takes away every call that profiles.d/x.conf:2 finds"},
		{RULE_EXCLUDE, 0, 0, "cell OR drug", "gene OR cell", NULL},
		{RULE_SCORE, 2, 3, "cell", "gene", "its score lines give at most 2, its threshold is 3"},
		{RULE_SCORE, 2, 2, "cell", "gene", NULL},
		{RULE_SCORE, -2, 0, "cell", "gene", NULL},
		{RULE_REQUIRE, 0, 2, "cell", "gene", "does nothing: there is no score line"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_MATCH);
		struct config c = {0};
		struct profile *p = vec_push(a, &c.profiles);
		p->has_threshold = rows[i].threshold > 0;
		p->threshold = rows[i].threshold;
		add_rule(a, p, RULE_MATCH, 0, rows[i].other);
		add_rule(a, p, rows[i].type, rows[i].score, rows[i].rule);
		check_config(&c, a, rows[i].want);
		arena_free(a);
	}
}

static uint32_t random_state = 20261123;

static uint32_t dice(uint32_t n)
{
	random_state = random_state * 1664525U + 1013904223U;
	return (random_state >> 8) % n;
}

/* Pieces that make grammar, and any bytes. */
static const char *random_query(struct arena *a)
{
	static const char *const pieces[] = {
		" ",
		" ",
		" ",
		"(",
		")",
		"\"",
		"OR ",
		"AND ",
		"NOT ",
		"-",
		"NEAR/3 ",
		"W ",
		"PRE/2 ",
		"|",
		"title:",
		"x:",
		"=",
		"*",
		"gene",
		"therap*",
		"ATMP",
		"co-fund",
		"R&D",
		"C++",
		"\"cell therapy\"",
		",",
		"^3",
		"?",
		"é",
		"ß",
		"/",
		"or ",
		"\xff",
		"\xc3",
		"\x01",
		"\xe2\x80\x8b",
		"NEAR/99 ",
		"日本",
		"xx",
	};
	struct buf b = buf_init(2000);
	for (uint32_t n = dice(14); n > 0; n--) {
		if (dice(20) > 0)
			buf_addz(&b, pieces[dice(COUNT(pieces))]);
		else
			buf_addc(&b, (char)(1 + dice(255)));
	}
	struct str s = buf_take(&b, a);
	return s.p == NULL ? "" : s.p;
}

static void check_places(const struct diags *d, const char *text)
{
	size_t n = strlen(text);
	for (size_t i = 0; i < d->list.n; i++) {
		const struct place *at = &d->list.v[i].at;
		size_t col = (size_t)at->col, end = col + (size_t)at->width;
		if (col < 8 || (end > n + 8 && !(at->width == 1 && end == n + 9)))
			fail_msg("'%s': a diagnostic at %d+%d", text, at->col - 7, at->width);
	}
}

static void test_random_queries(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_MATCH), *fixed = arena_new(ARENA_MATCH);
	struct config c = {0};
	add_synonym(fixed, &c, "xx", "\"cell therapy\", ATMP");
	struct opportunity o = {
		.title = STR("Gene therapy and R&D: ATMP"), .summary = STR("cell therapy in C++, cofund")};
	struct document *doc = match_document(fixed, &o);
	size_t compiled = 0;
	for (int i = 0; i < 100000; i++) {
		struct diags d = {0};
		const char *text = random_query(a);
		struct query *q = compile(a, &c, text, &d);
		if ((q == NULL) != (d.errors > 0))
			fail_msg("'%s': %zu errors", text, d.errors);
		check_places(&d, text);
		compiled += q != NULL;
		if (q != NULL && i % 8 == 0)
			(void)query_matches(q, doc);
		if (q != NULL && i % 16 == 0) { /* the same bytes as a text */
			struct opportunity any = {.title = str_of(text), .summary = str_of(random_query(a))};
			(void)query_matches(q, match_document(a, &any));
		}
		arena_reset(a);
	}
	assert_true(compiled > 1000);
	arena_free(a);
	arena_free(fixed);
}

HARNESS_MAIN(cmocka_unit_test(test_texts), cmocka_unit_test(test_warnings), cmocka_unit_test(test_limits),
	cmocka_unit_test(test_small_arena), cmocka_unit_test(test_synonym_faults),
	cmocka_unit_test(test_many_synonyms), cmocka_unit_test(test_rule_faults),
	cmocka_unit_test(test_random_queries))
