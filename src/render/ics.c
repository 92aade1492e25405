/* SPDX-License-Identifier: MIT
 *
 * A name and a value -> a line of a calendar. Not by libical: it breaks lines of 73 and 74
 * octets that have no separator, and takes longer for the events of a mail than all the rest
 * of the mail does.
 */
#include "render/ics.h"

#define LINE_OCTETS 74 /* and the space that a folded line begins with */

/* Where the line at the start of `rest` ends: never within a character. */
static size_t line_end(struct str rest)
{
	size_t end = LINE_OCTETS;
	if (rest.n <= end)
		return rest.n;
	while (end > 1 && ((unsigned char)rest.p[end] & 0xC0) == 0x80)
		end--;
	return end;
}

static void end_line(struct ics *f)
{
	struct str rest = buf_str(&f->line);
	for (size_t end = line_end(rest); end < rest.n; end = line_end(rest)) {
		buf_add(&f->text, str_sub(rest, 0, end));
		buf_add(&f->text, STR("\r\n "));
		rest = str_sub(rest, end, rest.n);
	}
	buf_add(&f->text, rest);
	buf_add(&f->text, STR("\r\n"));
	f->text.failed = f->text.failed || f->line.failed;
	buf_clear(&f->line);
}

void ics_line(struct ics *f, const char *head, struct str value)
{
	buf_addz(&f->line, head);
	buf_addc(&f->line, ':');
	buf_add(&f->line, value);
	end_line(f);
}

void ics_text(struct ics *f, const char *head, struct str value)
{
	buf_addz(&f->line, head);
	buf_addc(&f->line, ':');
	for (size_t i = 0, from = 0; i <= value.n; i++) {
		if (i < value.n && value.p[i] != ',' && value.p[i] != ';' && value.p[i] != '\\')
			continue;
		buf_add(&f->line, str_sub(value, from, i));
		if (i < value.n)
			buf_addc(&f->line, '\\');
		from = i;
	}
	end_line(f);
}
