/* SPDX-License-Identifier: MIT
 *
 * Words of European languages compared without case and diacritics: a stretch of
 * text goes in, its folded letters come out, tables of words are asked. Folding
 * is done character by character (by utf8proc), so that offsets stay those of
 * the text.
 */
#include "model/internal.h"

#include <utf8proc.h>

#define FOLDED_MAX 8 /* code points one character may fold to */

static bool ascii_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_letter(uint32_t c)
{
	if (c < 128)
		return ascii_letter((unsigned char)c);
	utf8proc_category_t t = utf8proc_category((utf8proc_int32_t)c);
	return (t >= UTF8PROC_CATEGORY_LU && t <= UTF8PROC_CATEGORY_LO) ||
	       (t >= UTF8PROC_CATEGORY_MN && t <= UTF8PROC_CATEGORY_ME);
}

/* Adds the folded form of `c`; false when the word is full. */
static bool add_folded(struct word *w, uint32_t c)
{
	utf8proc_int32_t folded[FOLDED_MAX];
	int boundary = 0;
	/* Not a constant: the combination is no value of the library's enum. */
	unsigned how = UTF8PROC_DECOMPOSE;
	how |= UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK;
	utf8proc_ssize_t n = utf8proc_decompose_char(
		(utf8proc_int32_t)c, folded, FOLDED_MAX, (utf8proc_option_t)how, &boundary);
	for (utf8proc_ssize_t i = 0; i < n && i < FOLDED_MAX; i++) {
		char out[4];
		size_t k = utf8_put(out, (uint32_t)folded[i]);
		if (w->n + k > WORD_MAX)
			return false;
		memcpy(w->p + w->n, out, k);
		w->n += k;
	}
	return true;
}

struct word word_read(struct str s, size_t at)
{
	struct word w = {.end = at};
	bool fits = true;
	while (w.end < s.n) {
		size_t next = w.end;
		uint32_t c = utf8_next(s, &next);
		if (!is_letter(c))
			break;
		if (c < 128 && w.n < WORD_MAX)
			w.p[w.n++] = (char)(c | 32);
		else
			fits = fits && add_folded(&w, c);
		w.end = next;
	}
	if (!fits)
		w.n = 0;
	w.p[w.n] = '\0';
	return w;
}

bool word_in(const struct word *w, const char *list)
{
	for (const char *p = list; w->n > 0 && *p != '\0';) {
		size_t i = 0;
		while (i < w->n && p[i] == w->p[i])
			i++;
		if (p[i] == '*' || (i == w->n && (p[i] == ' ' || p[i] == '\0')))
			return true;
		for (p += i; *p != '\0' && *p != ' '; p++)
			continue;
		p += *p == ' ' ? 1 : 0;
	}
	return false;
}

bool phrase_at(struct str s, size_t at, const char *phrase, size_t *end)
{
	for (const char *p = phrase; *p != '\0';) {
		size_t n = strcspn(p, " ");
		struct word w = word_read(s, p == phrase ? at : skip_space(s, at));
		if (w.n == 0 || w.n != n || memcmp(w.p, p, n) != 0)
			return false;
		at = w.end;
		p += n + (p[n] == ' ' ? 1 : 0);
	}
	*end = at;
	return true;
}

bool letter_at(struct str s, size_t at)
{
	return at < s.n && is_letter(utf8_next(s, &at));
}

bool digit_at(struct str s, size_t at)
{
	return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

char char_at(struct str s, size_t at)
{
	return at < s.n ? s.p[at] : '\0';
}

size_t skip_space(struct str s, size_t at)
{
	while (at < s.n) {
		unsigned char c = (unsigned char)s.p[at];
		if (c == ' ' || (c >= '\t' && c <= '\r'))
			at++;
		else if (c == 0xC2 && at + 1 < s.n && (unsigned char)s.p[at + 1] == 0xA0)
			at += 2;
		else if (str_starts(str_sub(s, at, s.n), STR("\xE2\x80\xAF")))
			at += 3; /* narrow NBSP */
		else
			break;
	}
	return at;
}

struct str cut_text(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xC0) == 0x80)
		max--;
	return str_sub(s, 0, max);
}
