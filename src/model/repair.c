/* SPDX-License-Identifier: MIT
 *
 * Doubled UTF-8: text that somewhere on its way was taken for windows-1252 and
 * encoded once more, so that an apostrophe became three characters. Such text goes
 * in and what was meant comes out; everything else stays as it is. It is done only
 * where a recipe asks, for nobody can prove that the three were not meant.
 */
#include "model/internal.h"

#include "base/buf.h"

#define SEQUENCE_MAX 4 /* bytes of the longest character in UTF-8 */

/* The byte of windows-1252 that a character is; 0 = none above ASCII. */
static unsigned char byte_of(uint32_t c)
{
	if (c >= 0x80 && c <= 0xFF)
		return (unsigned char)c;
	for (uint32_t b = 0x80; b < 0xA0; b++)
		if (numbered_char(b) == c)
			return (unsigned char)b;
	return 0;
}

static size_t sequence_length(unsigned char first)
{
	return first >= 0xF0 && first < 0xF5 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
}

/* The doubled character that begins at `at`: its own bytes, and where it ends; 0 = none. */
static size_t doubled(struct str s, size_t at, char out[static SEQUENCE_MAX], size_t *end)
{
	size_t want = 0, n = 0;
	while (at < s.n && (n == 0 || n < want)) {
		unsigned char b = byte_of(utf8_next(s, &at));
		if (n == 0)
			want = sequence_length(b);
		if (b == 0 || want == 0)
			return 0;
		out[n++] = (char)b;
	}
	*end = at;
	return n == want && utf8_valid((struct str){out, n}) ? n : 0;
}

struct str repair_utf8(struct arena *a, struct str s)
{
	struct buf out = buf_init(s.n + 1);
	for (size_t i = 0; i < s.n;) {
		char bytes[SEQUENCE_MAX];
		size_t end = i, n = (unsigned char)s.p[i] < 0x80 ? 0 : doubled(s, i, bytes, &end);
		if (n > 0) {
			buf_add(&out, (struct str){bytes, n});
			i = end;
			continue;
		}
		size_t from = i;
		(void)utf8_next(s, &i);
		buf_add(&out, str_sub(s, from, i));
	}
	return buf_take(&out, a);
}
