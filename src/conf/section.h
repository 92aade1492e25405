/* SPDX-License-Identifier: MIT
 *
 * The file syntax: sections of "key: value". In: the bytes of one file; out: its
 * sections, entries and lines with places, nothing interpreted yet. Private to
 * conf/.
 *
 *	[kind id]              a section, up to the next one
 *	key: value             the rest of the line, verbatim
 *	  more                 a line that starts with white space continues the value
 *	# remark               at the line's start only; like blank lines they end nothing
 */
#ifndef FW_CONF_SECTION_H
#define FW_CONF_SECTION_H

#include "conf/conf.h"

#define CONF_LINE_MAX  16384  /* bytes of one line */
#define CONF_LINES_MAX 100000 /* lines of one file */
#define CONF_FILE_COST 128    /* arena bytes that one byte of a file may need at most */

/* A part of a value that stands on one line. */
struct segment {
	size_t offset, n; /* in the value's text */
	struct place at;
};

struct line {
	struct str text; /* without white space at both ends; may be empty */
	struct place at; /* of the text */
};

struct entry {
	struct str key; /* white space collapsed, quotes and dashes plain */
	struct place key_at;
	size_t first, count; /* of lexed.lines; the first is what follows the colon */
};

struct section {
	struct str kind, id; /* "profile" "celltech"; id may be empty */
	struct place at;     /* of the header */
	size_t first, count; /* of lexed.entries */
};

/* What word processors and spreadsheets put into a text; values are read as if it
 * had been typed plainly. Bits of a set. */
enum odd { ODD_QUOTES = 1, ODD_SPACES = 2, ODD_DASHES = 4, ODD_MARK = 8, ODD_LINE_ENDS = 16 };

/* One file taken apart; the vectors live in a scratch arena. */
struct lexed {
	struct str file; /* as it is shown */
	VEC(struct section) sections;
	VEC(struct entry) entries;
	VEC(struct line) lines;
	unsigned odd;        /* set of enum odd, outside of remarks */
	struct place odd_at; /* the first quote, space or dash of them; the file when there is none */
};

/* Takes the file apart. Texts that values and places refer to live in `keep`, the
 * vectors in `scratch`. Faults go to `d`; what can still be read is read. */
void lex_file(struct arena *keep, struct arena *scratch, struct str file, struct str bytes, struct diags *d,
	struct lexed *out);

enum value_form {
	VALUE_PLAIN, /* quotes, dashes and spaces made plain, lines joined by a space */
	VALUE_RAW,   /* every character as written, lines joined by a space */
	VALUE_LINES, /* every character as written, lines joined by "\n" */
};

/* The entry as a value in `a`. An empty one stands where its key does. */
struct value entry_value(struct arena *a, const struct lexed *f, const struct entry *e, enum value_form form);

/* Curly quotes, no-break spaces and dashes that stand for a minus, made plain;
 * the number of characters stays the same. In `a`, or `s` itself when it is plain. */
struct str text_plain(struct arena *a, struct str s);

/* Without blanks at both ends, those that word processors put included. */
struct str text_trim(struct str s);

/* Characters in the bytes. */
int text_chars(struct str s);

#endif
