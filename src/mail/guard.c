/* SPDX-License-Identifier: MIT
 *
 * One look over the lines of a received mail. GMime 3.2.13 keeps an object for
 * every header and every part, hundreds of times their bytes, and calls itself for
 * every group inside a group of an address header. The limits are far above what
 * mail holds, for any line of a body may look like a header or a boundary.
 */
#include "mail/guard.h"

#include "base/attr.h"

#define HEADER_LINES_MAX   50000 /* lines of the shape "name:" */
#define BOUNDARY_LINES_MAX 5000  /* lines that begin with "--" */
#define GROUPS_MAX         1000  /* colons in one address header */

static const struct str address_headers[] = {{"from", 4}, {"to", 2}, {"cc", 2}, {"bcc", 3}, {"sender", 6},
	{"reply-to", 8}};

struct tally {
	size_t headers, boundaries, colons;
	bool in_address;
};

/* What stands before the first colon, when it could be a header's name. */
static struct str name_of(struct str line)
{
	size_t n = str_find_char(line, ':');
	if (n == SIZE_MAX)
		return (struct str){0};
	struct str name = str_trim(str_sub(line, 0, n));
	return str_find_char(name, ' ') == SIZE_MAX ? name : (struct str){0};
}

static size_t colons_in(struct str line)
{
	size_t n = 0;
	for (size_t i = 0; i < line.n; i++)
		n += line.p[i] == ':';
	return n;
}

static void begin_field(struct tally *t, struct str name)
{
	t->headers += name.n > 0;
	t->in_address = false;
	t->colons = 0;
	for (size_t i = 0; i < COUNT(address_headers); i++)
		if (str_ieq(name, address_headers[i]))
			t->in_address = true;
}

bool guard_passes(struct str bytes)
{
	struct tally t = {0};
	while (bytes.n > 0) {
		struct str line = str_cut(bytes, '\n', &bytes);
		bool goes_on = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');
		if (!goes_on)
			begin_field(&t, name_of(line));
		t.boundaries += str_starts(line, STR("--"));
		t.colons += t.in_address ? colons_in(line) : 0;
		if (t.headers > HEADER_LINES_MAX || t.boundaries > BOUNDARY_LINES_MAX ||
			t.colons > GROUPS_MAX)
			return false;
	}
	return true;
}
