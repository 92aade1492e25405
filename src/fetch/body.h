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

/* Where the bytes of a body go: a buffer, or a file when `fd` is 0 or more. */
struct body_out {
	struct buf *buf;
	int fd;
	size_t n, max; /* of a file: bytes in it, and how many it may have */
};
/* False when they do not fit (any more). */
bool body_add(struct body_out *out, struct str s) NODISCARD;

/* A new file that nobody else sees and that goes when it is closed. */
int body_file(void);

/* As body_decode() for a body of `n` bytes in the file `wire`: out->fd becomes a file that
 * the caller closes, at its beginning; `wire` itself when nothing is encoded. */
enum err body_decode_file(int wire, size_t n, struct str encoding, struct body_out *out, struct error *e) NODISCARD;

/* Sets ERR_LIMIT "larger than 16 MB". */
enum err body_too_large(size_t max, struct error *e);

#endif
