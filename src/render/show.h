/* SPDX-License-Identifier: MIT
 *
 * What text from outside becomes before a mail shows it; for digest.c and words.c.
 */
#ifndef FW_RENDER_SHOW_H
#define FW_RENDER_SHOW_H

#include "base/arena.h"
#include "base/str.h"

/* One line of valid UTF-8 of at most `max` (>= 20) characters: white space and
 * control characters become single spaces; bidi controls and invisible fillers are
 * dropped. What is longer ends at a sentence, else at a word with "..." behind. */
struct str show_line(struct arena *a, struct str s, size_t max);

/* The URL as it is when it may stand in a link (http, https or mailto, no white
 * space or control characters), else empty. */
struct str show_link(struct str url);

/* Lines of at most `columns` columns by display width, broken at spaces; a broken
 * line goes on under its own text (behind blanks, "- " or "12) "). Words, and so
 * links, are never broken. */
struct str show_wrap(struct arena *a, struct str text, size_t columns);

#endif
