/* SPDX-License-Identifier: MIT
 *
 * Laying files out: what comes out of what; and, on the shipped files and on
 * thousands of generated ones, that it is stable and changes no meaning.
 */
#include "harness.h"

#include "base/buf.h"
#include "conf/conf.h"
#include "conf/fixture.h"
#include "conf/section.h"

#define GENERATED 4000 /* files made up */

static void expect_format(const char *in, const char *want)
{
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	struct str out;
	if (!conf_format(a, STR("x.conf"), str_of(in), &d, &out))
		fail_msg("refused: %s\n%.*s", in, STRF(diags_text(a, &d)));
	if (!str_eq(out, str_of(want)))
		fail_msg("got:\n%.*s\nwant:\n%s", STRF(out), want);
	arena_free(a);
}

static void test_forms(void **state)
{
	(void)state;
	static const struct {
		const char *in, *want;
	} cases[] = {
		{"", ""},
		{"\n\n# a remark  \n\n", "\n\n# a remark\n\n"},
		{"[profile x]\nname: A\n", "[profile x]\nname:         A\n"},
		{"[ profile   x ]  \nname:A", "[profile x]\nname:         A\n"},
		{"\xEF\xBB\xBF[rules x]\r\nmatch:\ta b \r\n", "[rules x]\nmatch:        a b\n"},
		{"[rules x]\nmatch: a OR\n b OR\n\n\t\tc\n",
			"[rules x]\nmatch:        a OR\n              b OR\n\n              c\n"},
		{"[rules x]\nscore  5 : a\n", "[rules x]\nscore 5:      a\n"},
		{"[rules x]\nmatch:\xC2\xA0 a\xC2\xA0\n", "[rules x]\nmatch:        a\n"},
		{"[profile x]\neligible in: EE\norganisation: y\n",
			"[profile x]\neligible in:  EE\norganisation: y\n"},
		{"[fundwatch]\nname: A\nallow-private: x\n",
			"[fundwatch]\nname:           A\nallow-private:  x\n"},
		{"[synonyms]\n\"digital health\": a,\n b\n",
			"[synonyms]\n\"digital health\": a,\n              b\n"},
		{"[rules x]\nmatch:\n  a\n", "[rules x]\nmatch:\n              a\n"},
		{"[test it works: always]\ntitle: a: b\n", "[test it works: always]\ntitle:        a: b\n"},
		/* Programs keep their indenting. */
		{"[source x]\nitems:\n  def f:\n    .a;\n  f  \nurl: u\n",
			"[source x]\nitems:\n  def f:\n    .a;\n  f\nurl:            u\n"},
		/* A remark in the middle of a value stays there. */
		{"[rules x]\nmatch: a OR\n# why\n b\n",
			"[rules x]\nmatch:        a OR\n# why\n              b\n"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		expect_format(cases[i].in, cases[i].want);
		expect_format(cases[i].want, cases[i].want);
	}
}

static void test_files_with_faults_stay(void **state)
{
	(void)state;
	static const char *const faulty[] = {
		"name: A\n",
		"[profile x\n",
		"[rules x]\nno colon\n",
		"[rules x]\nmatch: \x01\n",
		"[rules x]\nmatch: \xFF\n",
		"  indented\n",
		"[rules x]\n a\n",
	};
	for (size_t i = 0; i < COUNT(faulty); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct diags d = {.a = a};
		struct str out;
		assert_false(conf_format(a, STR("x.conf"), str_of(faulty[i]), &d, &out));
		assert_int_not_equal(d.errors, 0);
		arena_free(a);
	}
}

/* A line that is as long as may be can't be pushed to the right. */
static void test_no_room(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	struct buf b = buf_init(ARENA_TEST);
	struct str out;
	buf_addz(&b, "[rules x]\nmatch:");
	for (int i = 0; i < CONF_LINE_MAX - 6; i++)
		buf_addc(&b, 'a');
	assert_false(conf_format(a, STR("x.conf"), buf_str(&b), &d, &out));
	assert_string_equal(diags_text(a, &d).p,
		"x.conf: error: this file can't be laid out, it is too large\n"
		"     | break its longest lines into several\n");
	buf_free(&b);
	arena_free(a);
}

/* ---- meaning ------------------------------------------------------------------ */

/* Everything a file says: kinds, ids, keys and the values in all their forms. */
static struct str meaning(struct arena *a, struct str bytes)
{
	struct diags d = {.a = a};
	struct lexed f;
	struct buf b = buf_init(ARENA_TEST);
	lex_file(a, a, STR("x.conf"), bytes, &d, &f);
	assert_int_equal(d.errors, 0);
	for (size_t i = 0; i < f.sections.n; i++) {
		const struct section *s = &f.sections.v[i];
		buf_printf(&b, "[%.*s|%.*s]\n", STRF(s->kind), STRF(s->id));
		for (size_t k = s->first; k < s->first + s->count; k++) {
			const struct entry *e = &f.entries.v[k];
			buf_printf(&b, "%.*s", STRF(e->key));
			for (int form = VALUE_PLAIN; form <= VALUE_LINES; form++)
				buf_printf(
					&b, "|%.*s", STRF(entry_value(a, &f, e, (enum value_form)form).text));
			buf_addc(&b, '\n');
		}
	}
	return buf_take(&b, a);
}

/* Remarks and how many lines there are, in their order. */
static struct str remarks(struct arena *a, struct str bytes)
{
	struct buf b = buf_init(ARENA_TEST);
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		bytes = str_sub(bytes, 3, bytes.n);
	while (bytes.n > 0) {
		struct str line = str_cut(bytes, '\n', &bytes);
		if (str_ends(line, STR("\r")))
			line.n--;
		if (line.n > 0 && line.p[0] == '#')
			buf_add(&b, text_trim(line));
		buf_addc(&b, text_trim(line).n == 0 ? '0' : '\n');
	}
	return buf_take(&b, a);
}

static void expect_same(struct str bytes)
{
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	struct str once, twice;
	if (!conf_format(a, STR("x.conf"), bytes, &d, &once))
		fail_msg("refused:\n%.*s\n%.*s", STRF(bytes), STRF(diags_text(a, &d)));
	assert_true(conf_format(a, STR("x.conf"), once, &d, &twice));
	if (!str_eq(once, twice))
		fail_msg("not stable:\n%.*s\nthen:\n%.*s", STRF(once), STRF(twice));
	if (!str_eq(meaning(a, bytes), meaning(a, once)))
		fail_msg("other meaning:\n%.*s\nbecame:\n%.*s", STRF(bytes), STRF(once));
	if (!str_eq(remarks(a, bytes), remarks(a, once)))
		fail_msg("remarks or blank lines lost:\n%.*s\nbecame:\n%.*s", STRF(bytes), STRF(once));
	arena_free(a);
}

static void test_shipped_files(void **state)
{
	(void)state;
	static const char *const dirs[] = {"conf", "conf/profiles.d", "conf/rules.d", "feeds"};
	size_t files = 0;
	for (size_t i = 0; i < COUNT(dirs); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct strv names;
		assert_int_equal(file_list(a, dirs[i], &names, NULL), ERR_OK);
		for (size_t k = 0; k < names.n; k++) {
			struct str bytes;
			if (!str_ends(names.v[k], STR(".conf")))
				continue;
			const char *path = arena_printf(a, "%s/%.*s", dirs[i], STRF(names.v[k]));
			assert_int_equal(file_read(a, path, CONF_FILE_MAX, &bytes, NULL), ERR_OK);
			expect_same(bytes);
			files++;
		}
		arena_free(a);
	}
	assert_true(files >= 15);
}

static uint64_t seed = 20261123;
static size_t pick(size_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (size_t)(seed >> 33) % n;
}

/* Parts that people and word processors put together, in any order. */
static struct str invent(struct arena *a)
{
	static const char *const heads[] = {"[profile a-b]", "[ rules  x ] ", "[synonyms]", "[source s]\t",
		"[fundwatch]", "[test x: \xE2\x80\x9Cy\xE2\x80\x9D  z]", "[anything \xC2\xA0 else]"};
	static const char *const keys[] = {"match", "score  -5", "\"digital  health\"", "eligible\xC2\xA0in ",
		"items", "\xE2\x80\x9Cx\xE2\x80\x9D", "k\xC3\xBClmaahel", "part query application/json",
		"a \xE2\x80\x93 b", "\xE2\x80\x93z", "default country"};
	static const char *const words[] = {"", " ", "\t", "\xC2\xA0", "\xE2\x80\xAF", "a", "#b", "[c]", ":",
		"\"d  e\"", "\xE2\x80\x9Eh\xE2\x80\x9D", "\xE2\x80\x93g", "(\xE2\x80\x93h", "OR", "[profile",
		"x]", "\xF0\x9F\x92\x89", "  "};
	static const char *const ends[] = {
		"\n", "\r\n", " \n", "\t\r\n", "\n\n", "\n \t\n", "\n# remark \n", "\n#x\r\n\n"};
	struct buf b = buf_init((size_t)1 << 16);
	bool entry = false, in_section = false;
	if (pick(5) == 0)
		buf_addz(&b, "\xEF\xBB\xBF");
	for (size_t n = pick(30); n > 0; n--) {
		size_t what = in_section ? pick(entry ? 8 : 4) : 0;
		if (what == 0) {
			buf_addz(&b, heads[pick(COUNT(heads))]);
			in_section = true;
			entry = false;
		} else if (what < 4) {
			buf_printf(&b, "%s:", keys[pick(COUNT(keys))]);
			entry = true;
		} else {
			buf_addz(&b, pick(2) == 0 ? " " : "\t \xC2\xA0");
			buf_addz(&b, "c"); /* so that it is no header */
		}
		for (size_t k = what == 0 ? 0 : pick(6); k > 0; k--)
			buf_addz(&b, words[pick(COUNT(words))]);
		buf_addz(&b, n == 1 && pick(2) == 0 ? "" : ends[pick(COUNT(ends))]);
	}
	return buf_take(&b, a);
}

static void test_generated_files(void **state)
{
	(void)state;
	for (int i = 0; i < GENERATED; i++) {
		struct arena *a = arena_new((size_t)1 << 20);
		expect_same(invent(a));
		arena_free(a);
	}
}

/* The hash says whether rules changed, so it must not change either. */
static void test_hash_of_a_configuration(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"[profile p]\nname:A\nkind:sme\nemail:a@b.example\n# x\nmatch: \xE2\x80\x9Cgene "
		"therapy\xE2\x80\x9D OR\n ATMP\nscore  3: x\n",
		"[rules r]\nlabel :  B\nmatch:cell  therapy\n[synonyms]\n\"digital   health\": eHealth,\n  "
		"x\n",
	};
	struct arena *a = arena_new(ARENA_TEST);
	struct str hashes[2], formed;
	for (int round = 0; round < 2; round++) {
		struct diags d = {.a = a};
		struct config *c;
		put("fundwatch.conf", "[fundwatch]\nname: X\nfrom: calls@cluster.example\ncatalogue: cat\n");
		for (size_t i = 0; i < COUNT(texts); i++) {
			assert_true(conf_format(a, STR("x"), str_of(texts[i]), &d, &formed));
			put(i == 0 ? "profiles.d/p.conf" : "rules.d/r.conf",
				round == 0 ? texts[i] : str_c(a, formed));
		}
		assert_int_equal(conf_load(root, &d, &c), ERR_OK);
		hashes[round] = str_dup(a, c->hash);
		conf_free(c);
	}
	assert_true(str_eq(hashes[0], hashes[1]));
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_forms), cmocka_unit_test(test_files_with_faults_stay),
	cmocka_unit_test(test_no_room), cmocka_unit_test(test_shipped_files),
	cmocka_unit_test(test_generated_files),
	cmocka_unit_test_setup_teardown(test_hash_of_a_configuration, make_root, remove_root))
