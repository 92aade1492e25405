/* SPDX-License-Identifier: MIT
 *
 * The catalogues of conf/po/ as the build compiles them in (tests/lint/po.py).
 */
#ifndef FW_RENDER_CATALOGUE_H
#define FW_RENDER_CATALOGUE_H

#include <stddef.h>

#define CATALOGUE_FORMS 6 /* plural forms that a language may have */

struct catalogue_message {
	const char *id;			   /* the English words */
	const char *text[CATALOGUE_FORMS]; /* [0] alone where nothing is counted */
};

struct catalogue {
	const char *code;			  /* ISO 639-1 */
	const struct catalogue_message *messages; /* by id, in byte order */
	size_t n;
	unsigned long (*form)(unsigned long n); /* which form counts `n` */
};

extern const struct catalogue catalogues[];
extern const size_t catalogues_count;

#endif
