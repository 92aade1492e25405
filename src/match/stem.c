/* SPDX-License-Identifier: MIT
 *
 * Word forms: a lower-case word in, the two keys that its forms share out. One
 * table row per language; the stems come from libstemmer.
 */
#include <libstemmer.h>

#include "base/err.h"
#include "match/internal.h"

static const struct {
	const char *code, *algorithm;
} languages[LANG_COUNT] = {
	[LANG_EN] = {"en", "english"},
	[LANG_DE] = {"de", "german"},
	[LANG_FR] = {"fr", "french"},
};

struct stemmer {
	struct sb_stemmer *sb;
};

unsigned lang_set(struct str code)
{
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		struct str own = str_of(languages[l].code);
		bool ends =
			code.n == own.n || (code.n > own.n && (code.p[own.n] == '-' || code.p[own.n] == '_'));
		if (ends && str_istarts(code, own))
			return 1U << l;
	}
	return 0;
}

unsigned lang_of_text(struct str declared)
{
	unsigned set = lang_set(declared);
	return set != 0 ? set : 1U << LANG_EN;
}

struct stemmer *stemmer_open(enum lang l)
{
	struct stemmer *s = calloc(1, sizeof(*s));
	if (s == NULL)
		die("out of memory");
	s->sb = sb_stemmer_new(languages[l].algorithm, "UTF_8");
	if (s->sb == NULL)
		die("libstemmer has no stemmer for %s", languages[l].algorithm);
	return s;
}

void stemmer_close(struct stemmer *s)
{
	sb_stemmer_delete(s->sb);
	free(s);
}

static struct str stem_fold(struct stemmer *s, struct arena *a, struct str word)
{
	char folded[WORD_MAX];
	const unsigned char *stem = sb_stemmer_stem(s->sb, (const unsigned char *)word.p, (int)word.n);
	if (stem == NULL)
		die("out of memory");
	return str_dup(
		a, word_fold((struct str){(const char *)stem, (size_t)sb_stemmer_length(s->sb)}, folded));
}

struct forms stem_forms(struct stemmer *s, struct arena *a, struct str lower, struct str folded)
{
	struct forms f = {.accented = stem_fold(s, a, lower)};
	f.plain = str_eq(lower, folded) ? f.accented : stem_fold(s, a, folded);
	return f;
}
