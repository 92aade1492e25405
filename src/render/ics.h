/* SPDX-License-Identifier: MIT
 *
 * Lines of an iCalendar file (RFC 5545): escaped, folded, ended by CRLF; for calendar.c.
 */
#ifndef FW_RENDER_ICS_H
#define FW_RENDER_ICS_H

#include "base/buf.h"

/* The file and its line in the making; the caller frees both. */
struct ics {
	struct buf text, line;
};

/* Adds "NAME:value" with the value as it is: dates, numbers, URIs, key words. `head` is
 * the name with its parameters. Values have no control characters. */
void ics_line(struct ics *f, const char *head, struct str value);
/* The same with a value of type TEXT, in which commas, semicolons and backslashes are
 * escaped. */
void ics_text(struct ics *f, const char *head, struct str value);

#endif
