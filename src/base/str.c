/* SPDX-License-Identifier: MIT
 *
 * Slices: comparing, cutting, strict numbers, UTF-8 stepping (by utf8proc).
 */
#include "base/str.h"

#include <endian.h>
#include <utf8proc.h>

#define DISTANCE_MAX 40 /* longest word str_distance() looks at */

struct str str_of(const char *s)
{
	return s == NULL ? (struct str){0} : (struct str){s, strlen(s)};
}

struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.n)
		to = s.n;
	if (from >= to)
		return (struct str){s.p, 0};
	return (struct str){s.p + from, to - from};
}

struct str str_dup(struct arena *a, struct str s)
{
	return (struct str){arena_strndup(a, s.p, s.n), s.n};
}

const char *str_c(struct arena *a, struct str s)
{
	return arena_strndup(a, s.p, s.n);
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_nocase(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lower(a[i]) != lower(b[i]))
			return false;
	return true;
}

struct str str_lower(struct arena *a, struct str s)
{
	char *p = arena_strndup(a, s.p, s.n);
	for (size_t i = 0; i < s.n; i++)
		p[i] = lower(p[i]);
	return (struct str){p, s.n};
}

struct str str_upper(struct arena *a, struct str s)
{
	char *p = arena_strndup(a, s.p, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 32);
	return (struct str){p, s.n};
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_ieq(struct str a, struct str b)
{
	return a.n == b.n && same_nocase(a.p, b.p, a.n);
}

int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n == 0 ? 0 : memcmp(a.p, b.p, n);
	if (c != 0)
		return c;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_istarts(struct str s, struct str prefix)
{
	return str_ieq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

size_t str_find(struct str s, struct str needle)
{
	if (needle.n == 0)
		return 0;
	if (s.n < needle.n)
		return SIZE_MAX;
	const char *p = memmem(s.p, s.n, needle.p, needle.n);
	return p == NULL ? SIZE_MAX : (size_t)(p - s.p);
}

size_t str_ifind(struct str s, struct str needle)
{
	for (size_t i = 0; i + needle.n <= s.n; i++)
		if (same_nocase(s.p + i, needle.p, needle.n))
			return i;
	return SIZE_MAX;
}

size_t str_find_char(struct str s, char c)
{
	const char *p = s.n == 0 ? NULL : memchr(s.p, c, s.n);
	return p == NULL ? SIZE_MAX : (size_t)(p - s.p);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && is_space(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_cut(struct str s, char sep, struct str *rest)
{
	size_t at = str_find_char(s, sep);
	if (at == SIZE_MAX) {
		*rest = (struct str){0};
		return s;
	}
	*rest = str_sub(s, at + 1, s.n);
	return str_sub(s, 0, at);
}

struct str str_word(struct str s, struct str *rest)
{
	size_t i = 0;
	while (i < s.n && is_space(s.p[i]))
		i++;
	size_t from = i;
	while (i < s.n && !is_space(s.p[i]))
		i++;
	*rest = str_sub(s, i, s.n);
	return str_sub(s, from, i);
}

bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out)
{
	bool negative = s.n > 0 && s.p[0] == '-';
	size_t i = negative ? 1 : 0;
	if (i == s.n)
		return false;
	int64_t v = 0;
	for (; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		int64_t digit = negative ? -(s.p[i] - '0') : s.p[i] - '0';
		if (__builtin_mul_overflow(v, (int64_t)10, &v) || __builtin_add_overflow(v, digit, &v))
			return false;
	}
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;
	return m < c ? m : c;
}

unsigned str_distance(struct str a, struct str b)
{
	if (a.n > DISTANCE_MAX || b.n > DISTANCE_MAX)
		return DISTANCE_MAX;
	unsigned d[DISTANCE_MAX + 1][DISTANCE_MAX + 1];
	for (unsigned i = 0; i <= a.n; i++)
		d[i][0] = i;
	for (unsigned j = 0; j <= b.n; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a.n; i++)
		for (size_t j = 1; j <= b.n; j++) {
			unsigned cost = lower(a.p[i - 1]) != lower(b.p[j - 1]);
			d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost);
			bool swapped = i > 1 && j > 1 && lower(a.p[i - 1]) == lower(b.p[j - 2]) &&
				       lower(a.p[i - 2]) == lower(b.p[j - 1]);
			if (swapped && d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[a.n][b.n];
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (uint8_t)(byte)) /* in all eight bytes of a word */

size_t ascii_run(struct str s, size_t at, char except)
{
	size_t i = at;
	/* By eight bytes, for nearly all text is this. The top bit of each byte of `ends` tells
	 * whether it is something else; wrong above the first one that is. */
	while (i < s.n && s.n - at >= sizeof(uint64_t)) {
		uint64_t x, differs;
		if (s.n - i < sizeof(x)) /* the last ones, with some that were seen */
			i = s.n - sizeof(x);
		memcpy(&x, s.p + i, sizeof(x));
		x = le64toh(x);
		differs = x ^ EACH(except);
		uint64_t ends = (x | (x - EACH(' ')) | (x + EACH(1)) | (differs - EACH(1))) & EACH(0x80);
		if (ends != 0)
			return i - at + (size_t)__builtin_ctzll(ends) / 8;
		i += sizeof(x);
	}
	while (i < s.n && s.p[i] >= ' ' && s.p[i] <= '~' && s.p[i] != except)
		i++;
	return i - at;
}

uint32_t utf8_next(struct str s, size_t *at)
{
	utf8proc_int32_t c = 0;
	if ((unsigned char)s.p[*at] < 0x80)
		return (uint32_t)s.p[(*at)++];
	utf8proc_ssize_t n =
		utf8proc_iterate((const utf8proc_uint8_t *)s.p + *at, (utf8proc_ssize_t)(s.n - *at), &c);
	if (n <= 0) {
		*at += 1;
		return 0xFFFD;
	}
	*at += (size_t)n;
	return (uint32_t)c;
}

size_t utf8_put(char out[static 4], uint32_t c)
{
	if (!utf8proc_codepoint_valid((utf8proc_int32_t)c))
		c = 0xFFFD;
	return (size_t)utf8proc_encode_char((utf8proc_int32_t)c, (utf8proc_uint8_t *)out);
}

bool utf8_valid(struct str s)
{
	for (size_t i = ascii_run(s, 0, '\0'); i < s.n; i += ascii_run(s, i, '\0')) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n =
			utf8proc_iterate((const utf8proc_uint8_t *)s.p + i, (utf8proc_ssize_t)(s.n - i), &c);
		if (n <= 0)
			return false;
		i += (size_t)n;
	}
	return true;
}
