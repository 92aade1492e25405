/* SPDX-License-Identifier: MIT
 *
 * Errors carry a kind, which decides what happens next, and one line of text
 * for a person. Library code sets them and returns the kind; each stage
 * boundary (daemon/, cli/) logs them once.
 */
#ifndef FW_BASE_ERR_H
#define FW_BASE_ERR_H

#include "base/attr.h"

enum err {
	ERR_OK = 0,
	ERR_TEMPORARY, /* try again later: network, busy database, 4xx mail reply */
	ERR_PERMANENT, /* will not get better by itself: 5xx mail reply, HTTP 410 */
	ERR_INPUT,     /* what came from outside is not what it should be */
	ERR_LIMIT,     /* a named limit was passed */
	ERR_CONFIG,    /* files edited by people, or missing permissions */
	ERR_INTERNAL,  /* a bug or a broken database */
};

#define ERROR_TEXT_MAX 600 /* bytes of one error text, the NUL included */

struct error {
	enum err kind;
	char text[ERROR_TEXT_MAX];
};

/* Sets kind and text (control characters become spaces) and returns the kind;
 * `e` may be NULL. `kind` is never ERR_OK. */
enum err err_set(struct error *e, enum err kind, const char *fmt, ...) PRINTF(3, 4);

/* Puts "prefix: " before the text already in `e` and returns its kind. */
enum err err_prefix(struct error *e, const char *fmt, ...) PRINTF(2, 3);

/* "temporary", "input", ...; for logs and tests. */
const char *err_name(enum err kind) RET_NONNULL;

/* Ends the process: out of memory or a broken invariant. */
_Noreturn void die(const char *fmt, ...) PRINTF(1, 2);

#endif
