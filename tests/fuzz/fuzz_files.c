/* SPDX-License-Identifier: MIT
 *
 * The file parser and the rules in what it reads, on broken files: no crash, and
 * every diagnostic stands inside the text it speaks of.
 */
#include "fuzz.h"

#include "conf/conf.h"
#include "conf/section.h"

static const char *const words[] = {
	"[", "]", "\n", "\r\n", "\n ", "\n\t", ":", ": ", "#", "[profile x]\n", "[rules y]\n", "[synonyms]\n",
	"[test z]\n", "[source s]\n", "[fundwatch]\n", "match: ", "score 5: ", "score", "expect: match, because \"",
	"deadline: in 60 days", "digest: monthly 31 24:00", "budget: >= 50k EUR", "consent: until 2026-02-30",
	"use: y, y,", "was: x", "\"", "\u201C", "\u00A0", "\u2013", "\xEF\xBB\xBF", "\xFF", "\xC3", "\x00\x01", "(",
	"OR ", "AND ", "title:", "-", "*", "\xE2\x80", "9999999999999999999", NULL,
};

static void seed(struct fuzz *f)
{
	fuzz_files(f, "conf/profiles.d");
	fuzz_files(f, "conf/rules.d");
	fuzz_files(f, "conf");
	fuzz_files(f, "feeds");
}

static int lines_of(struct str s)
{
	int n = 0;
	while (s.n > 0) {
		(void)str_cut(s, '\n', &s);
		n++;
	}
	return n;
}

static void check_place(const struct place *at, int lines)
{
	if (!str_eq(at->file, STR("x.conf")))
		fuzz_fail("a diagnostic about another file");
	if (at->line < 0 || at->line > lines || (at->line == 0 && at->col != 0))
		fuzz_fail("a diagnostic outside of the lines");
	if (at->col < 0 || (at->col > 0 && at->col + at->width > text_chars(at->text) + 2))
		fuzz_fail("a diagnostic outside of its line");
}

static void one(struct str input)
{
	struct arena *a = arena_new((size_t)64 << 20);
	struct diags d = {.a = a};
	size_t errors = conf_check_text(STR("x.conf"), input, &d);
	if (errors != d.errors)
		fuzz_fail("errors are not counted right");
	for (size_t i = 0; i < d.list.n; i++)
		check_place(&d.list.v[i].at, lines_of(input));
	if (diags_text(a, &d).n == 0 && d.list.n > 0)
		fuzz_fail("diagnostics that print as nothing");
	arena_free(a);
}

FUZZ_MAIN(seed, words, 3000, one)
