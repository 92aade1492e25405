/* SPDX-License-Identifier: MIT
 *
 * Dates and money in words beyond those of render.h; for digest.c.
 */
#ifndef FW_RENDER_WORDS_H
#define FW_RENDER_WORDS_H

#include "render/render.h"

/* "today", "tomorrow", "in 24 days"; "passed" when it has. */
struct str words_left(struct arena *a, const struct deadline *d, int64_t now);
/* "today", "tomorrow", "on 3 December"; with the year unless it is that of `now`. */
struct str words_on(struct arena *a, const struct deadline *d, int64_t now);

#endif
