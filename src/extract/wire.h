/* SPDX-License-Identifier: MIT
 *
 * A page as bytes between the process that extracts and the one that asked for it:
 * start, page, items, end; or a start that says why there is no page.
 */
#ifndef FW_EXTRACT_WIRE_H
#define FW_EXTRACT_WIRE_H

#include "base/buf.h"
#include "extract/extract.h"

void wire_put_start(struct buf *out, enum err kind, const struct error *e);
void wire_put_page(struct buf *out, const struct page *p);
void wire_put_item(struct buf *out, const struct item *it);
void wire_put_end(struct buf *out);

/* The page (its strings point into `bytes`), or the error that was sent.
 * ERR_INTERNAL when the bytes are not a whole answer. */
enum err wire_get(struct arena *a, struct str bytes, struct page *out, struct error *e) NODISCARD;

#endif
