/* SPDX-License-Identifier: MIT
 *
 * Text into the forms that mail headers and bodies may hold: ASCII only, no
 * control characters, folded. Inside src/mail/ only.
 */
#ifndef FW_MAIL_ENCODE_H
#define FW_MAIL_ENCODE_H

#include "base/buf.h"
#include "conf/conf.h"

#define LINE_FOLD 78 /* octets of a header line (RFC 5322 2.1.1) */

/* A header value as it stands behind "Name:", without the last line end. `column`
 * is where it starts; each one begins with a space and folds with "\n ". Control
 * characters become spaces, malformed UTF-8 becomes U+FFFD. */

/* Unstructured text: folded at its spaces, or RFC 2047 words when it has to be. */
void encode_text(struct buf *out, size_t column, struct str text);
/* Name <address>; the name as atoms, a quoted string or RFC 2047 words. */
void encode_mailbox(struct buf *out, size_t column, struct str name, struct str address);
/* Elements separated by commas, folded between them. */
void encode_list(struct buf *out, size_t column, struct str list);

/* Line ends to CRLF, other control characters but tab to spaces, malformed UTF-8
 * to U+FFFD. */
void encode_canonical(struct buf *out, struct str text);
/* Quoted-printable of canonical text: lines of at most 76 octets, none of which
 * begins with "." or "From " or ends with white space. */
void encode_quoted_printable(struct buf *out, struct str canonical);
/* Base64 in lines of 76 characters, with a line end behind each. */
void encode_base64(struct buf *out, struct str bytes);

#endif
