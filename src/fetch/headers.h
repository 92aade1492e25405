/* SPDX-License-Identifier: MIT
 *
 * What response headers say. Pure. A block is the status line and the header
 * lines of one response as they came; slices of it go out.
 */
#ifndef FW_FETCH_HEADERS_H
#define FW_FETCH_HEADERS_H

#include "base/str.h"

/* The value of the last header of this name, trimmed; empty when there is none. */
struct str header_get(struct str block, struct str name);

/* Whether all Content-Length headers say the same. */
bool header_lengths_agree(struct str block);

/* The charset of a Content-Type value, as written, without quotes; may be empty. */
struct str header_charset(struct str content_type);

/* Seconds of a Retry-After value: a number, or an HTTP date counted from `date`
 * (the server's own Date; empty or none: from `now`). Between 0 and FETCH_RETRY_AFTER_MAX;
 * 0 for what is neither. */
int64_t header_retry_after(struct str value, struct str date, int64_t now);

/* The target of the first Link with rel "next", as written; may be empty. */
struct str header_link_next(struct str block);

#endif
