/* SPDX-License-Identifier: MIT
 *
 * The query parser on broken queries: no crash, an error exactly when nothing comes
 * out, every diagnostic inside the text, and the same verdict twice.
 */
#include "fuzz.h"

#include "base/buf.h"
#include "conf/section.h"
#include "match/match.h"

#define KEY_CHARS 7 /* of "match: " in front of the query */

static const char *const words[] = {
	" ", "(", ")", "\"", " OR ", " AND ", " NOT ", "-", "NEAR/3 ", "W ", "PRE/50 ", "NEAR/", "|", "title:", "x:",
	"kind:grant", "=", "*", "gene", "therap*", "ATMP", "co-fund", "R&D", "C++", "\"cell therapy\"", ",", "^3", "?",
	"\u00E9", "\u00DF", "/", "or ", "\xFF", "\xC3", "\u200B", "\u65E5\u672C", "((((((((", "--------", "title:title:",
	"\u0130", "\uFB03", "o\u0308", NULL,
};

/* Every rule line of the shipped files. */
static void seed(struct fuzz *f)
{
	struct fuzz files = {.a = f->a};
	fuzz_files(&files, "conf/profiles.d");
	fuzz_files(&files, "conf/rules.d");
	for (size_t i = 0; i < files.seeds.n; i++) {
		struct str rest = files.seeds.v[i];
		while (rest.n > 0) {
			struct str value, line = str_cut(rest, '\n', &rest), key = str_cut(line, ':', &value);
			if (str_eq(key, STR("match")) || str_eq(key, STR("exclude")) ||
				str_starts(key, STR("score")))
				*vec_push(f->a, &f->seeds) = str_trim(value);
		}
	}
}

static struct value value_of(struct arena *a, struct str text)
{
	struct segment *s = arena_make(a, struct segment);
	struct place at = {.file = STR("x.conf"), .line = 1, .col = KEY_CHARS + 1, .width = 1};
	at.text = str_of(arena_printf(a, "match: %.*s", STRF(text)));
	*s = (struct segment){.n = text.n, .at = at};
	return (struct value){.text = text, .at = at, .key = STR("match"), .segments = s, .segment_count = 1};
}

static void check_places(const struct diags *d, struct str text)
{
	for (size_t i = 0; i < d->list.n; i++) {
		const struct place *at = &d->list.v[i].at;
		int first = at->col - KEY_CHARS, last = first + at->width - 1;
		if (first < 1 || last > text_chars(text) + 1)
			fuzz_fail("a diagnostic outside of the query");
		if (d->list.v[i].message.n == 0)
			fuzz_fail("a diagnostic without words");
	}
}

static void one(struct str input)
{
	struct arena *a = arena_new((size_t)256 << 20);
	struct diags d = {.a = a};
	input = str_sub(text_plain(a, input), 0, QUERY_BYTES_MAX + 10);
	for (size_t i = 0; i < input.n; i++) /* values are one line */
		if (input.p[i] == '\n' || input.p[i] == '\0')
			input.n = i;
	struct value v = value_of(a, input);
	struct query *q = query_compile(a, NULL, &v, &d);
	if ((q == NULL) != (d.errors > 0))
		fuzz_fail("an error, or none, against what came out");
	check_places(&d, input);
	struct opportunity o = {
		.title = STR("Gene therapy and R&D: ATMP"), .summary = input, .language = STR("en"), .kind = KIND_GRANT};
	if (q != NULL && query_matches(q, match_document(a, &o)) != query_matches(q, match_document(a, &o)))
		fuzz_fail("two verdicts");
	arena_free(a);
}

FUZZ_MAIN(seed, words, 5000, one)
