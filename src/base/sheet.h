/* SPDX-License-Identifier: MIT
 *
 * Tables that spreadsheet programs write as text (CSV): bytes -> rows of cells with
 * the line each row starts in. Commas, semicolons or tabs between cells (the first
 * line tells), quotes around them; UTF-8, UTF-16 with a mark, else Windows-1252.
 */
#ifndef FW_BASE_SHEET_H
#define FW_BASE_SHEET_H

#include "base/err.h"
#include "base/vec.h"

#define SHEET_BYTES_MAX ((size_t)8 << 20) /* of a file */
#define SHEET_ROWS_MAX  50000             /* of a file, the headings included */
#define SHEET_CELLS_MAX 200               /* of a row */

struct sheet_row {
	int line; /* from 1 */
	VEC(struct str) cells; /* UTF-8, without white space at both ends */
};

struct sheet {
	VEC(struct sheet_row) rows; /* empty ones left out */
};

/* ERR_INPUT when a quote is never closed, ERR_LIMIT when it is too large; the message
 * names the line. */
enum err sheet_read(struct arena *a, struct str bytes, struct sheet *out, struct error *e) NODISCARD;

#endif
