/* SPDX-License-Identifier: MIT
 *
 * Text as one value of a URL.
 */
#ifndef FW_BASE_ESCAPE_H
#define FW_BASE_ESCAPE_H

#include "base/buf.h"

/* Adds `s` with every byte but letters, digits and "-._~" as %XX. */
void escape_url(struct buf *out, struct str s);

#endif
