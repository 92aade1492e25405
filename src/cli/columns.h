/* SPDX-License-Identifier: MIT
 *
 * Spreadsheets with named columns, in any order: which cell is which, and refused rows
 * said with file and line.
 */
#ifndef FW_CLI_COLUMNS_H
#define FW_CLI_COLUMNS_H

#include "base/sheet.h"
#include "cli/cli.h"

#define COLUMNS_MAX 32 /* columns that an import knows */

struct column_spec {
	const char *name;
	const char *others; /* other headings, with spaces between */
	bool required;      /* the column, not each of its cells */
};

struct columns {
	const char *path;
	struct sheet sheet;
	int at[COLUMNS_MAX]; /* by specs; -1 = not in this sheet */
	size_t refused;
};

/* Reads the file and finds its columns; what is wrong with the headings is said. */
bool columns_read(struct cli *c, const char *path, const struct column_spec *specs, size_t n, struct columns *out);
/* Rows below the headings: 1 .. rows - 1. */
struct str columns_cell(const struct columns *cs, size_t row, size_t column);
void columns_refuse(struct columns *cs, size_t row, const char *fmt, ...) PRINTF(3, 4);

#endif
