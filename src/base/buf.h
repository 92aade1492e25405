/* SPDX-License-Identifier: MIT
 *
 * Capped string builder. It never grows beyond the cap given at buf_init();
 * the first append that would is dropped and so is all that follows: `failed`
 * stays set, one check at the end is enough. A NUL always stands behind the
 * bytes. The buffer owns its memory: buf_free() it, or buf_take() into an arena.
 */
#ifndef FW_BASE_BUF_H
#define FW_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

struct buf {
	char *p;
	size_t n, room, cap; /* room: bytes allocated, the NUL's included */
	bool failed;
};

/* An empty buffer of at most `cap` bytes. Allocates nothing yet. */
static inline struct buf buf_init(size_t cap)
{
	return (struct buf){.cap = cap};
}

void buf_free(struct buf *b);
/* Empties it and keeps the memory; `failed` is cleared. */
void buf_clear(struct buf *b);

/* Memory for `n` more bytes at once, where it is known that about so many will come. */
void buf_reserve(struct buf *b, size_t n);
/* What buf_add() does where there is no room yet. */
void buf_add_slow(struct buf *b, struct str s);
/* The work of every renderer is done here, so the common case is in line. */
static inline void buf_add(struct buf *b, struct str s)
{
	if (b->failed || s.n == 0 || s.n >= b->room - b->n) {
		buf_add_slow(b, s);
		return;
	}
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}
static inline void buf_addc(struct buf *b, char c)
{
	buf_add(b, (struct str){&c, 1});
}
void buf_addz(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_utf8(struct buf *b, uint32_t c);

/* What is in it; valid until the next change. */
struct str buf_str(const struct buf *b);
/* A copy in the arena; the buffer is freed. */
struct str buf_take(struct buf *b, struct arena *a);

#endif
