/* SPDX-License-Identifier: MIT
 *
 * [test] sections and lints: what they say, word for word, and that they say
 * nothing about rules that are fine.
 */
#include "match_harness.h"

#include "conf/fixture.h"

#define MAIN  "[fundwatch]\nname: X\nfrom: calls@cluster.example\nzone: UTC\ncatalogue: cat\n"
#define NAMED "[profile a]\nname: A\nkind: sme\nemail: a@a.example\n"
#define NOON  1795435200 /* 2026-11-23T12:00:00Z */

struct loaded {
	struct arena *a;
	struct config *c;
	struct rulebook *b;
	struct diags d;
};

/* The configuration with this one file of profiles, right or wrong. */
static struct loaded load_any(const char *text)
{
	struct loaded l = {.a = arena_new(ARENA_MATCH)};
	clock_set(NOON);
	l.d.a = l.a;
	put("cat/x", "");
	put("fundwatch.conf", MAIN);
	put("profiles.d/x.conf", text);
	enum err rc = conf_load(root, &l.d, &l.c);
	assert_int_equal(rc != ERR_OK, l.d.errors > 0);
	l.b = match_compile(l.a, l.c, &l.d);
	return l;
}

static struct loaded load(const char *text)
{
	struct loaded l = load_any(text);
	if (l.d.errors > 0)
		fail_msg("%.*s", STRF(diags_text(l.a, &l.d)));
	return l;
}

static void unload(struct loaded *l)
{
	conf_free(l->c);
	arena_free(l->a);
}

static void expect_text(struct loaded *l, const char *want)
{
	struct str got = diags_text(l->a, &l->d);
	if (!str_eq(got, str_of(want)))
		fail_msg("got:\n%.*s\nwant:\n%s", STRF(got), want);
}

/* ---- [test] ------------------------------------------------------------------------- */

#define RULES NAMED "match: \"gene therapy\" GMP\nexclude: tender\nscore 3: title:gene\nthreshold: 2\n" \
	"deadline: 14..200 days\nbudget: >= 50k EUR, unknown no\ncountry: EE\n\n"
#define TRIED "[test t]\nprofile: a\n"
#define CALL  "title: Gene therapy\ntext: under GMP\nbudget: EUR 2 million\n"

static void test_right_tests(void **state)
{
	(void)state;
	static const char *const rows[] = {
		CALL "expect: match",
		CALL "expect: MATCH, score >= 3, because \"gene therapy\", because GMP",
		CALL "expect: match, because \"gene therap*\"",
		CALL "deadline: in 14 days\nexpect: match",
		CALL "deadline: in 13 days\nexpect: no match",
		CALL "deadline: in 201 days\nexpect: no match",
		CALL "deadline: 2026-12-24\nexpect: match",
		CALL "deadline: 2026-11-22\nexpect: no match",
		CALL "deadline: none\nexpect: match",
		CALL "country: EE, FI\nexpect: match",
		CALL "country: FR\nexpect: no match",
		CALL "funder: a tender office\nexpect: match",
		"title: Gene therapy tender\ntext: GMP\nbudget: EUR 2 million\nexpect: no match",
		"title: Gene therapy\ntext: GMP\nexpect: no match",
		"title: Gene therapy\ntext: GMP\nbudget: EUR 10 000\nexpect: no match",
		"title: Therapy\ntext: gene therapy, GMP\nbudget: EUR 2 million\nexpect: no match",
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[2000];
		size_t run = 0;
		(void)snprintf(text, sizeof(text), RULES TRIED "%s\n", rows[i]);
		struct loaded l = load(text);
		match_tests(l.b, clock_now(), &l.d, &run);
		assert_int_equal(run, 1);
		expect_text(&l, "");
		unload(&l);
	}
}

static void test_failing_tests(void **state)
{
	(void)state;
	static const struct {
		const char *call, *want;
	} rows[] = {
		{"title: Gene therapy\nbudget: EUR 2 million\nexpect: match\n",
			"profiles.d/x.conf:17:9: error: test 't' fails: expected a match, got none\n"
			"  17 | expect: match\n"
			"     |         ^^^^^ does not suit: no match line hits; not found: 'GMP'\n"},
		{CALL "deadline: in 300 days\nexpect: match\n",
			"profiles.d/x.conf:19:9: error: test 't' fails: expected a match, got none\n"
			"  19 | expect: match\n"
			"     |         ^^^^^ the rules suit, but it closes in 300 days, the profile asks for 200 "
			"or fewer\n"},
		{CALL "deadline: in 2 days\nexpect: match\n",
			"profiles.d/x.conf:19:9: error: test 't' fails: expected a match, got none\n"
			"  19 | expect: match\n"
			"     |         ^^^^^ the rules suit, but it closes in 2 days, the profile asks for 14 "
			"or more\n"},
		{CALL "deadline: 2026-11-01\nexpect: match\n",
			"profiles.d/x.conf:19:9: error: test 't' fails: expected a match, got none\n"
			"  19 | expect: match\n"
			"     |         ^^^^^ the rules suit, but the call is closed\n"},
		{CALL "expect: no match\n",
			"profiles.d/x.conf:18:9: error: test 't' fails: expected no match, got a match\n"
			"  18 | expect: no match\n"
			"     |         ^^^^^^^^ suits: 'Gene therapy', 'GMP' (profiles.d/x.conf:5); score 3 of 2\n"},
		{CALL "expect: match, score >= 4\n",
			"profiles.d/x.conf:18:9: error: test 't' fails: expected a score of 4 or more, got 3\n"
			"  18 | expect: match, score >= 4\n"
			"     |         ^^^^^^^^^^^^^^^^^ suits: 'Gene therapy', 'GMP' (profiles.d/x.conf:5); score "
			"3 of 2\n"},
		{CALL "expect: match, because pharma\n",
			"profiles.d/x.conf:18:24: error: test 't' fails: expected the reason pharma, got \"Gene "
			"therapy\", \"GMP\", \"Gene\"\n"
			"  18 | expect: match, because pharma\n"
			"     |                        ^^^^^^ suits: 'Gene therapy', 'GMP' (profiles.d/x.conf:5); "
			"score 3 of 2\n"},
		{CALL "expect: match, because \"gene\n",
			"profiles.d/x.conf:18:24: error: this quote is not closed\n"
			"  18 | expect: match, because \"gene\n"
			"     |                        ^ put a second \" behind its last word\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[2000];
		size_t run = 0;
		(void)snprintf(text, sizeof(text), RULES TRIED "%s", rows[i].call);
		struct loaded l = load(text);
		match_tests(l.b, clock_now(), &l.d, &run);
		expect_text(&l, rows[i].want);
		unload(&l);
	}
}

/* ---- what is said when rules are compiled -------------------------------------------- */

static void test_messages(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{NAMED "match: -tender\n",
			"profiles.d/x.conf:5:8: error: this match line only says what must not occur\n"
			"   5 | match: -tender\n"
			"     |        ^^^^^^^ say what to look for, or make it an exclude line\n"},
		{NAMED "match: gene\nthreshold: 2\n",
			"profiles.d/x.conf:1:1: warning: the threshold of 'a' does nothing: there is no score line\n"
			"   1 | [profile a]\n"
			"     | ^^^^^^^^^^^ add score lines, or leave the threshold out\n"},
		{NAMED "match: gene\nscore 1: cell\nscore -5: x\nthreshold: 2\n",
			"profiles.d/x.conf:1:1: warning: 'a' never gets a call: its score lines give at most 1, "
			"its threshold is 2\n"
			"   1 | [profile a]\n"
			"     | ^^^^^^^^^^^\n"},
		{"[rules s]\nmatch: gene\nscore 2: cell\n",
			"profiles.d/x.conf:3:10: warning: score lines of a rule set count for nothing\n"
			"   3 | score 2: cell\n"
			"     |          ^^^^ write it into the profile\n"},
		{"[rules s]\nmatch: gene or cell, tissue\n",
			"profiles.d/x.conf:2:13: warning: 'or' in small letters is a word to look for\n"
			"   2 | match: gene or cell, tissue\n"
			"     |             ^^ operators are written in capitals\n"
			"profiles.d/x.conf:2:20: warning: a comma means nothing here: words side by side must all "
			"occur\n"
			"   2 | match: gene or cell, tissue\n"
			"     |                    ^ write OR between words of which one is enough\n"},
		{"[rules s]\nmatch: gene -gene\n",
			"profiles.d/x.conf:2:8: warning: this line can never hit\n"
			"   2 | match: gene -gene\n"
			"     |        ^^^^^^^^^^ it asks for a word and for its absence\n"},
		{"[rules s]\nmatch: country:Estonia gene\n",
			"profiles.d/x.conf:2:8: warning: this line can never hit\n"
			"   2 | match: country:Estonia gene\n"
			"     |        ^^^^^^^^^^^^^^^^^^^^ countries have two letters: country:EE\n"},
		{"[rules s]\nmatch: gene 'cell therapy'\n",
			"profiles.d/x.conf:2:13: warning: a single quote means nothing here\n"
			"   2 | match: gene 'cell therapy'\n"
			"     |             ^ put \"double quotes\" around words that stand together\n"},
		{"[rules s]\nmatch: gene\nexclude: gene OR cell\n",
			"profiles.d/x.conf:3:10: warning: this exclude line takes away every call that "
			"profiles.d/x.conf:2 finds\n"
			"   3 | exclude: gene OR cell\n"
			"     |          ^^^^^^^^^^^^ narrow it, or remove one of the two lines\n"},
		{"[synonyms]\nATMP: ATMP, \"gene therapy\"\n",
			"profiles.d/x.conf:2:7: error: these synonyms stand for each other: ATMP\n"
			"   2 | ATMP: ATMP, \"gene therapy\"\n"
			"     |       ^^^^^^^^^^^^^^^^^^^^ a word always finds itself: leave it out on the right\n"},
		{"[synonyms]\nATMP: -gene\n",
			"profiles.d/x.conf:2:7: error: a synonym stands for words and phrases with commas between "
			"them\n"
			"   2 | ATMP: -gene\n"
			"     |       ^^^^^ as in \"gene therapy\", \"cell therap*\"\n"},
		{"[synonyms]\ntherap*: cure\n",
			"profiles.d/x.conf:2:1: error: a word that has synonyms is written without * ( ) |\n"
			"   2 | therap*: cure\n"
			"     | ^^^^^^^ 'therapy: therap*' finds all endings wherever a rule has therapy\n"},
		{"[synonyms]\nATMP: gene therapy, cell\n",
			"profiles.d/x.conf:2:19: error: put quotes around several words that stand together\n"
			"   2 | ATMP: gene therapy, cell\n"
			"     |                   ^ as in \"gene therapy\", ATMP\n"},
		{"[profile a]\nname: A\nkind: sme\nemail: a@a.example\nmatch: x\nconsent: until 2026-13-01\n",
			"profiles.d/x.conf:6:16: error: expected a day behind 'until', not '2026-13-01'\n"
			"   6 | consent: until 2026-13-01\n"
			"     |                ^^^^^^^^^^ for example: until 2027-12-31\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct loaded l = load_any(rows[i].text);
		expect_text(&l, rows[i].want);
		unload(&l);
	}
}

/* Lines too long to be shown whole: where and what. */
static void test_limit_messages(void **state)
{
	(void)state;
	static const struct {
		const char *first, *piece;
		int times;
		const char *message, *hint;
	} rows[] = {
		{"x", " wordword", 456, "this query is longer than 4096 bytes", "make several lines of it"},
		{"x", " v%d", 256, "this query has more than 256 different words, synonyms included",
			"make several lines of it"},
		{"", "-", 32, "brackets, fields and NOTs are nested more than 32 deep", ""},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_MATCH);
		struct diags d = {0};
		struct buf b = buf_init(100000);
		buf_addz(&b, rows[i].first);
		for (int k = 0; k < rows[i].times; k++) {
			size_t at = str_find(str_of(rows[i].piece), STR("%d"));
			buf_add(&b, str_sub(str_of(rows[i].piece), 0, at));
			if (at != SIZE_MAX)
				buf_printf(&b, "%d", k);
		}
		buf_addz(&b, "x");
		assert_null(compile(a, NULL, b.p, &d));
		assert_int_equal(d.list.n, 1);
		assert_str(d.list.v[0].message, rows[i].message);
		assert_str(d.list.v[0].hint, rows[i].hint);
		buf_free(&b);
		arena_free(a);
	}
}

/* ---- lints of the rules alone --------------------------------------------------------- */

static void test_static_lints(void **state)
{
	(void)state;
	static const char never[] = "this line can never hit",
			  kills[] = "this exclude line takes away every call that profiles.d/x.conf:5 finds";
	static const struct {
		const char *rules, *want; /* NULL = nothing is said */
		int line;
	} rows[] = {
		{"match: gene -gene\n", never, 5},
		{"match: \"gene therapy\" -gene\n", never, 5},
		{"match: (gene OR cell) -(cell OR gene OR x)\n", never, 5},
		{"match: (gene OR cell) -(gene OR x)\n", NULL, 0},
		{"match: gene -title:gene\n", NULL, 0},
		{"match: title:gene -gene\n", never, 5},
		{"match: kind:grants\n", never, 5},
		{"match: kind:(gift OR present)\n", never, 5},
		{"match: kind:(gift OR grant)\n", NULL, 0},
		{"match: kind:gran*\n", NULL, 0},
		{"match: stage:two-stage\n", NULL, 0},
		{"match: stage:second\n", never, 5},
		{"match: lang:english\n", never, 5},
		{"match: lang:(en OR english)\n", NULL, 0},
		{"match: title:gene NEAR text:cell\n", never, 5},
		{"match: title:gene NEAR title:cell\n", NULL, 0},
		{"match: cell\nexclude: kind:gift\n", never, 6},
		{"match: gene\nexclude: Gene\n", kills, 6},
		{"match: \"gene therapy\"\nexclude: gene OR tender\n", kills, 6},
		{"match: gene cell\nexclude: cell\n", kills, 6},
		{"match: gene OR cell\nexclude: cell\n", NULL, 0},
		{"match: gene\nexclude: \"gene therapy\"\n", NULL, 0},
		{"match: gene cell\nexclude: cell gene\n", kills, 6},
		{"match: gene\nexclude: gene -cell\n", NULL, 0},
		{"match: genes\nexclude: =gene\n", NULL, 0},
		{"match: title:gene\nexclude: gene\n", kills, 6},
		{"match: gene\nexclude: title:gene\n", NULL, 0},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[2000];
		(void)snprintf(text, sizeof(text), NAMED "%s", rows[i].rules);
		struct loaded l = load(text);
		if (rows[i].want == NULL)
			expect_text(&l, "");
		else if (l.d.list.n != 1 || !str_eq(l.d.list.v[0].message, str_of(rows[i].want)) ||
			 l.d.list.v[0].at.line != rows[i].line || l.d.errors > 0)
			fail_msg("%s: %.*s", rows[i].rules, STRF(diags_text(l.a, &l.d)));
		unload(&l);
	}
}

static void test_consent(void **state)
{
	(void)state;
	static const struct {
		const char *consent, *want;
	} rows[] = {
		{"2025-03-01 form", ""},
		{"form, valid until further notice", ""},
		{"until 2026-11-23", ""},
		{"form, until 2026-11-22, by phone",
			"profiles.d/x.conf:6:22: warning: this consent has ended\n"
			"   6 | consent: form, until 2026-11-22, by phone\n"
			"     |                      ^^^^^^^^^^ ask the member again, or set 'mode: mute'\n"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[2000];
		(void)snprintf(text, sizeof(text), NAMED "match: x\nconsent: %s\n", rows[i].consent);
		struct loaded l = load(text);
		expect_text(&l, rows[i].want);
		unload(&l);
	}
}

/* ---- lints by rates ------------------------------------------------------------------- */

/* `n` calls: every third has "health", the first five "gene therapy for veterinary use". */
static void count_calls(struct loaded *l, int n)
{
	struct rates *r CLEANUP(rates_freep) = rates_new(l->a, l->b);
	for (int i = 0; i < n; i++) {
		struct opportunity o = {.title = i % 3 == 0 ? STR("Digital health") : STR("Something"),
			.summary = i < 5 ? STR("gene therapy for veterinary use") : STR("other words")};
		rates_count(r, match_document(l->a, &o));
	}
	rates_tell(r, &l->d);
}

#define THIRTY(c) c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c
#define LONG150	  THIRTY("a") THIRTY("a") THIRTY("a") THIRTY("a") THIRTY("a")
#define CARETS150 THIRTY("^") THIRTY("^") THIRTY("^") THIRTY("^") THIRTY("^")

static void test_rates(void **state)
{
	(void)state;
	static const struct {
		const char *rules, *want;
		int calls;
	} rows[] = {
		{"match: health\n", "", RATE_CALLS_MIN - 1},
		{"match: health\n",
			"profiles.d/x.conf:5:8: warning: health is in 17 of the 50 newest stored calls; it tells "
			"few of them apart\n"
			"   5 | match: health\n"
			"     |        ^^^^^^ add a word beside it, or use a phrase\n",
			50},
		{"match: \"gene therapy\" -health\n", "", 60},
		{"match: text:health OR gene OR kind:prize\n",
			"profiles.d/x.conf:5:13: warning: in none of the 60 newest stored calls: health\n"
			"   5 | match: text:health OR gene OR kind:prize\n"
			"     |             ^^^^^^ is it spelt as funders write it? a rare word is no fault\n",
			60},
		{"match: gene OR a1 OR a2 OR a3 OR a4 OR a5 OR a6 OR a7 OR a8 OR a9\n",
			"profiles.d/x.conf:5:16: warning: in none of the 60 newest stored calls: a1, a2, a3, a4, "
			"a5, a6, a7, a8, and more\n"
			"   5 | match: gene OR a1 OR a2 OR a3 OR a4 OR a5 OR a6 OR a7 OR a8 OR a9\n"
			"     |                ^^ is it spelt as funders write it? a rare word is no fault\n",
			60},
		{"match: gene OR\n " LONG150 " OR\n " LONG150 "b OR\n " LONG150 "c\n",
			"profiles.d/x.conf:6:2: warning: in none of the 60 newest stored calls: " LONG150 ", "
			LONG150 "b, and more\n"
			"   6 |  " LONG150 " OR\n"
			"     |  " CARETS150 " is it spelt as funders write it? a rare word is no fault\n",
			60},
		{"match: gene OR CAR-T OR \"stem cell\"\n",
			"profiles.d/x.conf:5:16: warning: in none of the 60 newest stored calls: CAR-T, \"stem "
			"cell\"\n"
			"   5 | match: gene OR CAR-T OR \"stem cell\"\n"
			"     |                ^^^^^ is it spelt as funders write it? a rare word is no fault\n",
			60},
		{"match: gene\nexclude: veterinary\n",
			"profiles.d/x.conf:6:10: warning: this exclude line takes away all 5 stored calls that 'a' "
			"matches\n"
			"   6 | exclude: veterinary\n"
			"     |          ^^^^^^^^^^ narrow it: what is left is nothing\n",
			60},
		{"use: s\nexclude: veterinary\n[rules s]\nmatch: gene\n",
			"profiles.d/x.conf:6:10: warning: this exclude line takes away all 5 stored calls that 'a' "
			"matches\n"
			"   6 | exclude: veterinary\n"
			"     |          ^^^^^^^^^^ narrow it: what is left is nothing\n",
			60},
		{"match: gene\nexclude: \"digital health\"\nexclude: something\n",
			"profiles.d/x.conf:6:10: warning: the exclude lines together take away all 5 stored calls "
			"that 'a' matches\n"
			"   6 | exclude: \"digital health\"\n"
			"     |          ^^^^^^^^^^^^^^^^ narrow it: what is left is nothing\n",
			60},
		{"match: gene\nexclude: something\n", "", 60},
		/* Nothing of a set that no member uses, nor of a profile that is there for tests. */
		{"match: gene\n[rules s]\nmatch: zebra\n", "", 60},
		{"test: yes\nmode: mute\nuse: s\nmatch: lion\n[rules s]\nmatch: zebra\n", "", 60},
		{"mode: mute\nuse: s\n[rules s]\nmatch: zebra\n",
			"profiles.d/x.conf:8:8: warning: in none of the 60 newest stored calls: zebra\n"
			"   8 | match: zebra\n"
			"     |        ^^^^^ is it spelt as funders write it? a rare word is no fault\n",
			60},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[2000];
		(void)snprintf(text, sizeof(text), NAMED "%s", rows[i].rules);
		struct loaded l = load(text);
		count_calls(&l, rows[i].calls);
		expect_text(&l, rows[i].want);
		unload(&l);
	}
}

#define IN_ROOT(f) cmocka_unit_test_setup_teardown(f, make_root, remove_root)
HARNESS_MAIN(IN_ROOT(test_right_tests), IN_ROOT(test_failing_tests), IN_ROOT(test_static_lints),
	IN_ROOT(test_consent), IN_ROOT(test_rates), IN_ROOT(test_messages),
	cmocka_unit_test(test_limit_messages))
