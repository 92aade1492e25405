/* SPDX-License-Identifier: MIT
 *
 * Letters: which characters make words, and what makes two spellings equal.
 * UTF-8 in, folded, lower-cased or composed UTF-8 out, by utf8proc's tables.
 */
#include <utf8proc.h>

#include "match/internal.h"

#define WIDE_MAX 1024 /* characters of a word after decomposition */

struct wide {
	int32_t c[WIDE_MAX];
	size_t n;
};

/* Letters that casefolding and decomposition leave alone although readers write them plainly (ß they turn to
 * ss). */
static const struct {
	uint32_t letter;
	const char *plain;
} by_hand[] = {
	{0x00E6, "ae"},
	{0x00F8, "o"},
	{0x00FE, "th"},
	{0x0111, "d"},
	{0x0127, "h"},
	{0x0131, "i"},
	{0x0142, "l"},
	{0x0153, "oe"},
};

/* In names of genes and substances these stand for their names: TNF-α, IFNγ. */
static const struct {
	uint32_t letter;
	const char *name;
} greek[] = {
	{0x03B1, "alpha"},
	{0x03B2, "beta"},
	{0x03B3, "gamma"},
	{0x03B4, "delta"},
	{0x03B5, "epsilon"},
	{0x03BA, "kappa"},
};
#define LETTER_ROOM 8 /* bytes that one letter may be spelt out in */

enum letter_class { CLASS_OTHER, CLASS_WORD, CLASS_CAPITAL, CLASS_MARK };

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* Not more than WORD_MAX bytes, ending at a character. */
static struct str clip(struct str s)
{
	if (s.n <= WORD_MAX)
		return s;
	s.n = WORD_MAX;
	while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
		s.n--;
	return s;
}

static struct str ascii_lower(struct str s, char *out)
{
	for (size_t i = 0; i < s.n; i++)
		out[i] = s.p[i] >= 'A' && s.p[i] <= 'Z' ? (char)(s.p[i] + ('a' - 'A')) : s.p[i];
	return (struct str){out, s.n};
}

static int32_t to_lower(int32_t c, void *unused)
{
	(void)unused;
	return utf8proc_tolower(c);
}

static void decompose(struct str s, unsigned options, utf8proc_custom_func each, struct wide *w)
{
	ssize_t n = utf8proc_decompose_custom((const unsigned char *)s.p, (ssize_t)s.n, w->c, WIDE_MAX,
		(utf8proc_option_t)options, each, NULL);
	w->n = n < 0 ? 0 : (size_t)n;
	if (w->n > WIDE_MAX)
		w->n = WIDE_MAX;
}

static struct str encode(const struct wide *w, char *out)
{
	size_t n = 0;
	for (size_t i = 0; i < w->n && n + 4 <= WORD_MAX; i++)
		n += utf8_put(out + n, (uint32_t)w->c[i]);
	return (struct str){out, n};
}

static const char *plain_letter(int32_t c, bool name)
{
	for (size_t i = 0; i < COUNT(by_hand); i++)
		if (by_hand[i].letter == (uint32_t)c)
			return by_hand[i].plain;
	for (size_t i = 0; name && i < COUNT(greek); i++)
		if (greek[i].letter == (uint32_t)c)
			return greek[i].name;
	return NULL;
}

/* A Greek letter alone, or among Latin letters. */
static bool names_greek(const struct wide *w)
{
	bool latin = w->n == 1;
	for (size_t i = 0; i < w->n; i++)
		latin |= w->c[i] >= 'a' && w->c[i] <= 'z';
	return latin;
}

struct str word_fold(struct str word, char out[static WORD_MAX])
{
	word = clip(word);
	if (is_ascii(word))
		return ascii_lower(word, out);
	struct wide w = {0};
	decompose(word,
		UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK |
			UTF8PROC_IGNORE,
		NULL, &w);
	bool name = names_greek(&w);
	size_t n = 0;
	for (size_t i = 0; i < w.n && n + LETTER_ROOM <= WORD_MAX; i++) {
		const char *plain = plain_letter(w.c[i], name);
		if (plain == NULL)
			n += utf8_put(out + n, (uint32_t)w.c[i]);
		for (; plain != NULL && *plain != '\0'; plain++)
			out[n++] = *plain;
	}
	return (struct str){out, n};
}

/* Composed form after `each` has changed the letters. */
static struct str compose(struct str word, utf8proc_custom_func each, char *out)
{
	struct wide w = {0};
	unsigned options = UTF8PROC_COMPOSE | UTF8PROC_STABLE;
	decompose(word, options | UTF8PROC_IGNORE, each, &w);
	ssize_t n = utf8proc_normalize_utf32(w.c, (ssize_t)w.n, (utf8proc_option_t)options);
	w.n = n < 0 ? 0 : (size_t)n;
	return encode(&w, out);
}

struct str word_lower(struct str word, char out[static WORD_MAX])
{
	word = clip(word);
	return is_ascii(word) ? ascii_lower(word, out) : compose(word, to_lower, out);
}

struct str word_exact(struct str word, char out[static WORD_MAX])
{
	word = clip(word);
	if (!is_ascii(word))
		return compose(word, NULL, out);
	if (word.n > 0)
		memcpy(out, word.p, word.n);
	return (struct str){out, word.n};
}

/* Soft hyphen and the joiners are invisible: a word goes on through them. */
static bool invisible(uint32_t c)
{
	return c == 0x00AD || c == 0x200C || c == 0x200D || c == 0x2060;
}

static enum letter_class classify_wide(uint32_t c)
{
	switch (utf8proc_category((int32_t)c)) {
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LT:
		return CLASS_CAPITAL;
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
		return CLASS_WORD;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
		return CLASS_MARK;
	default:
		return invisible(c) ? CLASS_MARK : CLASS_OTHER;
	}
}

static enum letter_class classify(uint32_t c)
{
	if (c >= 0x80)
		return classify_wide(c);
	if (c >= 'A' && c <= 'Z')
		return CLASS_CAPITAL;
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? CLASS_WORD : CLASS_OTHER;
}

bool run_next(struct str s, size_t *at, struct run *out)
{
	*out = (struct run){0};
	while (*at < s.n) {
		size_t start = *at;
		enum letter_class k = classify(utf8_next(s, at));
		bool inside = out->letters > 0;
		if (inside && k == CLASS_OTHER)
			return true;
		if (k == CLASS_OTHER || (!inside && k == CLASS_MARK))
			continue;
		if (!inside)
			out->start = start;
		out->end = *at;
		out->letters += k != CLASS_MARK;
		out->capitals += k == CLASS_CAPITAL;
	}
	return out->letters > 0;
}

bool run_joint(struct str between)
{
	for (size_t at = 0; at < between.n;) {
		uint32_t c = utf8_next(between, &at);
		bool joint = c == '-' || c == '/' || c == '\'' || c == '.' || c == 0x2019 ||
			     utf8proc_category((int32_t)c) == UTF8PROC_CATEGORY_PD;
		if (!joint)
			return false;
	}
	return true;
}

size_t space_at(struct str s, size_t at)
{
	size_t next = at;
	uint32_t c = utf8_next(s, &next);
	bool space = c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
	if (c >= 0x80) {
		utf8proc_category_t k = utf8proc_category((int32_t)c);
		space = k == UTF8PROC_CATEGORY_ZS || k == UTF8PROC_CATEGORY_ZL || k == UTF8PROC_CATEGORY_ZP;
	}
	return space ? next - at : 0;
}
