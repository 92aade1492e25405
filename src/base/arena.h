/* SPDX-License-Identifier: MIT
 *
 * Arena: allocate many, free once.
 *
 * One arena lives as long as one unit of work (a document, a digest, a loaded
 * configuration). Nothing in it is freed alone. Memory is zeroed and aligned
 * for any type. Running out of system memory ends the process. The cap bounds
 * what one unit of work may use: whoever fills an arena from input checks
 * arena_room() or uses arena_try_alloc() and reports ERR_LIMIT; passing the cap
 * through arena_alloc() is a programming error and ends the process too.
 */
#ifndef FW_BASE_ARENA_H
#define FW_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct arena;

/* A new arena that hands out at most `cap` bytes in all. */
struct arena *arena_new(size_t cap) NODISCARD RET_NONNULL;

/* Frees everything in it and itself; NULL is fine. */
void arena_free(struct arena *a);
void arena_freep(struct arena **a);

/* Forgets everything in it but keeps its first block for the next use. */
void arena_reset(struct arena *a);

/* `n` zeroed bytes; never NULL. */
void *arena_alloc(struct arena *a, size_t n) NODISCARD RET_NONNULL;

/* As arena_alloc(), but NULL when the cap would be passed. */
void *arena_try_alloc(struct arena *a, size_t n) NODISCARD;

/* `n` elements of `size` bytes, the product checked for overflow. */
void *arena_array(struct arena *a, size_t n, size_t size) NODISCARD RET_NONNULL;

/* A NUL-terminated copy of the `n` bytes at `s`. */
char *arena_strndup(struct arena *a, const char *s, size_t n) NODISCARD RET_NONNULL;

/* A NUL-terminated formatted string. */
char *arena_printf(struct arena *a, const char *fmt, ...) NODISCARD RET_NONNULL PRINTF(2, 3);

/* Bytes still allowed under the cap. */
size_t arena_room(const struct arena *a);

#define arena_make(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define arena_make_n(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))

#endif
