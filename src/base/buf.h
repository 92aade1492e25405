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

#include "base/arena.h"
#include "base/str.h"

struct buf {
	char *p;
	size_t n, room, cap;
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

void buf_add(struct buf *b, struct str s);
void buf_addc(struct buf *b, char c);
void buf_addz(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_utf8(struct buf *b, uint32_t c);

/* What is in it; valid until the next change. */
struct str buf_str(const struct buf *b);
/* A copy in the arena; the buffer is freed. */
struct str buf_take(struct buf *b, struct arena *a);

#endif
