/* SPDX-License-Identifier: MIT
 *
 * Slices: bytes that somebody else owns (an arena, a literal, a file in
 * memory). Not NUL-terminated unless said so. Text is UTF-8 after normalising.
 * The zero value is the empty slice.
 */
#ifndef FW_BASE_STR_H
#define FW_BASE_STR_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct str {
	const char *p;
	size_t n;
};

#define STR(lit) ((struct str){("" lit), sizeof(lit) - 1})
/* For printf: printf("%.*s", STRF(s)). */
#define STRF(s) (int)((s).n > INT_MAX ? INT_MAX : (s).n), ((s).p == NULL ? "" : (s).p)

/* A slice of a C string; NULL gives the empty slice. */
struct str str_of(const char *s);
/* Bytes [from, to) of `s`, clipped to it. */
struct str str_sub(struct str s, size_t from, size_t to);
/* Copies into the arena; the copy has a NUL behind it, so .p is a C string. */
struct str str_dup(struct arena *a, struct str s);
const char *str_c(struct arena *a, struct str s) RET_NONNULL;

/* ASCII letters in small; the copy is in the arena. */
struct str str_lower(struct arena *a, struct str s);
struct str str_upper(struct arena *a, struct str s);

bool str_eq(struct str a, struct str b);
/* ASCII letters only are compared without case. */
bool str_ieq(struct str a, struct str b);
/* Byte order; as memcmp. */
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_istarts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Offset of the first occurrence, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle);
size_t str_ifind(struct str s, struct str needle);
size_t str_find_char(struct str s, char c);

/* Without ASCII white space at both ends. */
struct str str_trim(struct str s);
/* Cuts `s` at the first `sep`: returns what is before it and leaves what is
 * behind it in *rest; without `sep` everything is returned, *rest is empty.
 * Loop `while (rest.n > 0)`. */
struct str str_cut(struct str s, char sep, struct str *rest);
/* The next run of non-white-space; empty at the end. */
struct str str_word(struct str s, struct str *rest);

/* The whole slice is a decimal integer in [min, max]: optional '-', digits, no
 * spaces, no '+'. *out is written only on success. */
bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *out) NODISCARD;

/* Edit distance (insert, delete, replace, swap) of two short words, for "did
 * you mean"; words over 40 bytes count as far apart. */
unsigned str_distance(struct str a, struct str b);

/* How many bytes from `at` on are printable ASCII, spaces included, other than `except`. */
size_t ascii_run(struct str s, size_t at, char except);
/* The next code point at s.p[*at] (moves *at); malformed bytes give U+FFFD, one
 * byte at a time. *at must be below s.n. */
uint32_t utf8_next(struct str s, size_t *at);
/* Writes `c` (at most 4 bytes) to `out`, returns how many; a value that is no
 * code point is written as U+FFFD. */
size_t utf8_put(char out[static 4], uint32_t c);
bool utf8_valid(struct str s);

#endif
