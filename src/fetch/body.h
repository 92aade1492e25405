/* SPDX-License-Identifier: MIT
 *
 * Content decoding: the bytes of the wire come in, the bytes of the document go
 * out. Pure. Stricter than libcurl: a body that ends before its compressed
 * stream does is an error.
 */
#ifndef FW_FETCH_BODY_H
#define FW_FETCH_BODY_H

#include "base/buf.h"
#include "base/err.h"

/* Decodes `wire` by `encoding` (the value of Content-Encoding; empty, identity,
 * gzip, x-gzip or deflate) onto the end of `out`. ERR_TEMPORARY when it breaks
 * off, ERR_INPUT when it is no such stream, ERR_LIMIT when `out` is full. */
enum err body_decode(struct str wire, struct str encoding, struct buf *out, struct error *e) NODISCARD;

/* Sets ERR_LIMIT "larger than 16 MB". */
enum err body_too_large(size_t max, struct error *e);

#endif
