/* SPDX-License-Identifier: MIT
 *
 * CSV by libcsv, which knows quotes; around it what spreadsheet programs vary:
 * encodings, separators, lines.
 */
#include "base/sheet.h"

#include <csv.h>
#include <iconv.h>
#include <string.h>

#include "base/attr.h"
#include "base/buf.h"

struct reader {
	struct arena *a;
	struct sheet *out;
	struct sheet_row row; /* being read */
	int line, row_line;   /* line being read; line in which the next row starts */
	bool filled, too_large;
};

/* ---- encodings ---------------------------------------------------------------- */

/* Through iconv; what has no character becomes U+FFFD. */
static struct str converted(struct arena *a, const char *from, struct str s)
{
	iconv_t cd = iconv_open("UTF-8", from);
	struct buf b = buf_init(4 * s.n + 16);
	char *in, *copy = arena_alloc(a, s.n + 1);
	memcpy(copy, s.p, s.n);
	in = copy;
	size_t left = s.n;
	while (cd != (iconv_t)-1 && left > 0) {
		char chunk[4096], *to = chunk;
		size_t room = sizeof(chunk), before = left;
		(void)iconv(cd, &in, &left, &to, &room);
		buf_add(&b, (struct str){chunk, sizeof(chunk) - room});
		if (left == before) {
			buf_utf8(&b, 0xFFFD);
			in++;
			left--;
		}
	}
	if (cd != (iconv_t)-1)
		(void)iconv_close(cd);
	return buf_take(&b, a);
}

static struct str as_utf8(struct arena *a, struct str bytes)
{
	if (str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF")))
		return converted(a, "UTF-16", bytes);
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		bytes = str_sub(bytes, 3, bytes.n);
	return utf8_valid(bytes) ? bytes : converted(a, "CP1252", bytes);
}

/* ---- separators ---------------------------------------------------------------- */

/* The one that stands most often in the line of headings, outside quotes. */
static char separator(struct str bytes)
{
	static const char candidates[] = {',', ';', '\t'};
	size_t count[COUNT(candidates)] = {0}, best = 0;
	bool quoted = false;
	for (size_t i = 0; i < bytes.n && (quoted || (bytes.p[i] != '\n' && bytes.p[i] != '\r')); i++) {
		quoted = quoted != (bytes.p[i] == '"');
		for (size_t k = 0; k < COUNT(candidates); k++)
			count[k] += !quoted && bytes.p[i] == candidates[k];
	}
	for (size_t k = 1; k < COUNT(candidates); k++)
		if (count[k] > count[best])
			best = k;
	return candidates[best];
}

/* ---- rows ------------------------------------------------------------------------ */

static void end_cell(void *data, size_t n, void *ctx)
{
	struct reader *r = ctx;
	struct str text = str_trim(str_dup(r->a, (struct str){data, n}));
	if (r->row.cells.n >= SHEET_CELLS_MAX) {
		r->too_large = true;
		return;
	}
	*vec_push(r->a, &r->row.cells) = text;
	r->filled = r->filled || text.n > 0;
}

static void end_row(int end, void *ctx)
{
	(void)end;
	struct reader *r = ctx;
	r->row.line = r->row_line;
	if (r->filled && r->out->rows.n < SHEET_ROWS_MAX)
		*vec_push(r->a, &r->out->rows) = r->row;
	else if (r->filled)
		r->too_large = true;
	r->row = (struct sheet_row){0};
	r->filled = false;
	r->row_line = r->line + 1;
}

/* Line by line, so that each row knows where it starts. */
static enum err parse(struct reader *r, struct csv_parser *p, struct str bytes, struct error *e)
{
	while (bytes.n > 0 && !r->too_large) {
		struct str rest, line = str_cut(bytes, '\n', &rest);
		size_t n = line.n < bytes.n ? line.n + 1 : line.n;
		r->line++;
		if (csv_parse(p, bytes.p, n, end_cell, end_row, r) != n)
			return err_set(e, ERR_INPUT,
				"line %d: a quotation mark stands where none may; put the whole cell in "
				"quotes and "
				"double those inside",
				r->line);
		/* A blank line between rows is no row; inside quotes it belongs to one. */
		if (r->row_line == r->line && r->row.cells.n == 0 && str_trim(line).n == 0)
			r->row_line = r->line + 1;
		bytes = rest;
	}
	if (csv_fini(p, end_cell, end_row, r) != 0)
		return err_set(e, ERR_INPUT, "line %d: a quotation mark is opened here and never closed",
			r->row_line);
	if (r->too_large)
		return err_set(e, ERR_LIMIT, "line %d: the table is too large (at most %d rows of %d cells)",
			r->line, SHEET_ROWS_MAX, SHEET_CELLS_MAX);
	return ERR_OK;
}

enum err sheet_read(struct arena *a, struct str bytes, struct sheet *out, struct error *e)
{
	struct csv_parser p;
	struct reader r = {.a = a, .out = out, .row_line = 1};
	*out = (struct sheet){0};
	if (bytes.n > SHEET_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "the table is larger than %zu bytes", SHEET_BYTES_MAX);
	bytes = as_utf8(a, bytes);
	if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI) != 0)
		return err_set(e, ERR_INTERNAL, "libcsv does not start");
	csv_set_delim(&p, (unsigned char)separator(bytes));
	enum err rc = parse(&r, &p, bytes, e);
	csv_free(&p);
	return rc;
}
