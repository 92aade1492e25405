/* SPDX-License-Identifier: MIT
 *
 * What a recipe found where, field by field, for people who write recipes.
 */
#ifndef FW_CLI_TRACE_H
#define FW_CLI_TRACE_H

#include <stdio.h>

#include "extract/extract.h"

/* Reads the file by the recipe and its extractor (both NULL = any feed format) and tells of each item and
 * field which selector won, what it found, and what came of it. */
enum err trace_print(struct arena *a, const struct recipe *r, struct extractor *x, const char *path, FILE *out,
	struct error *e) NODISCARD;

#endif
