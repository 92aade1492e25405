/* SPDX-License-Identifier: MIT
 *
 * What received mail calls text -> UTF-8. Inside src/mail/ only.
 */
#ifndef FW_MAIL_DECODE_H
#define FW_MAIL_DECODE_H

#include "base/buf.h"

/* Bytes in a declared charset (NULL or unknown: UTF-8 when they are that, else
 * windows-1252) -> UTF-8 with "\n" line ends and without NUL. */
void decode_charset(struct buf *out, struct str bytes, const char *charset);

/* Text/plain; format=flowed (RFC 3676) back to paragraphs; line ends are "\n". With
 * `delsp` the space that marks a flowed line is not part of the text. */
void decode_flowed(struct buf *out, struct str text, bool delsp);

/* The raw value of a header, unfolded, with its RFC 2047 words decoded: also words
 * that touch others, characters split between words, bytes without any charset.
 * (GMime 3.2.13 drops what follows a padded base64 word.) */
void decode_header(struct buf *out, struct str raw);

/* The first mailbox of a raw address header: its name as it stands (quotes and
 * words not yet decoded) and its address; either may be empty. */
void decode_mailbox(struct str raw, struct str *name, struct str *address);

/* Without prefixes of replies and forwards ("Fwd:", "Re:", "AW:", "Edasi:") and
 * white space. */
struct str decode_subject(struct str subject);

#endif
