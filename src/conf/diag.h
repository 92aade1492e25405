/* SPDX-License-Identifier: MIT
 *
 * Diagnostics about files that people edit, in the manner of compilers: place,
 * message in plain words, the line, a caret, a hint. All errors of all files are
 * collected, sorted and printed at once.
 */
#ifndef FW_CONF_DIAG_H
#define FW_CONF_DIAG_H

#include <stdio.h>

#include "base/vec.h"

#define DIAG_SHOWN_MAX 50 /* errors printed; the rest is counted */

enum severity { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

/* A stretch of one line of one file. */
struct place {
	struct str file;  /* as it is to be shown: "profiles.d/celltech.conf" */
	int line, col;    /* from 1; col counts characters, not bytes; 0 = whole file / whole line */
	int width;        /* characters under the caret, at least 1 */
	struct str text;  /* the line itself */
};

struct diag {
	enum severity severity;
	struct place at;
	struct str message, hint; /* hint may be empty */
};

struct diags {
	struct arena *a; /* owns all strings */
	VEC(struct diag) list;
	size_t errors, warnings;
};

/* Adds one; `hint` may be NULL, and is shown behind the caret. */
void diag_add(struct diags *d, enum severity severity, struct place at, const char *hint, const char *fmt,
	...) PRINTF(5, 6);

/* Sorts by file, line, column and prints:
 *	rules.d/x.conf:9:22: error: there is no field called 'tittle'
 *	   9 | match:     ATMP OR tittle:pharma
 *	     |                    ^^^^^^ did you mean title: ?
 */
void diags_print(struct diags *d, FILE *out);
/* For editors and programs: everything that was kept, one a line.
 *	gcc    FILE:LINE:COL: error: MESSAGE [HINT]
 *	json   {"file","line","col","width","severity","message","hint","text"} */
enum diag_format { DIAG_TEXT, DIAG_GCC, DIAG_JSON };
void diags_write(struct diags *d, enum diag_format format, FILE *out);
/* By the words "text", "gcc" and "json". */
bool diag_format_from(const char *word, enum diag_format *out) NODISCARD;
/* The same as diags_print() as text in the arena (for a mail to staff). */
struct str diags_text(struct arena *a, struct diags *d);

/* "did you mean X ?" when one of the words is near enough (distance <= 2 and less
 * than half its length), else NULL. In d's arena. */
const char *diag_suggest(struct diags *d, struct str word, const char *const *words, size_t n);

#endif
