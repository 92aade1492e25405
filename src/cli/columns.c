/* SPDX-License-Identifier: MIT
 *
 * Headings of a spreadsheet against the columns that an import knows.
 */
#include "cli/columns.h"

#include <stdarg.h>

#include "base/buf.h"

/* Letters and digits in lower case: "E-Mail " is email. */
static struct str heading(struct arena *a, struct str s)
{
	struct buf b = buf_init(s.n + 1);
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];
		if (ch >= 'A' && ch <= 'Z')
			ch = (char)(ch + ('a' - 'A'));
		if ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (unsigned char)ch >= 0x80)
			buf_addc(&b, ch);
	}
	return buf_take(&b, a);
}

static bool called(const struct column_spec *spec, struct str name)
{
	struct str rest = str_of(spec->others), other;
	bool is = str_eq(name, str_of(spec->name));
	while ((other = str_word(rest, &rest)).n > 0)
		is = is || str_eq(name, other);
	return is;
}

static bool find_columns(struct cli *c, const struct column_spec *specs, size_t n, struct columns *cs)
{
	const struct sheet_row *heads = &cs->sheet.rows.v[0];
	bool ok = true;
	for (size_t k = 0; k < n; k++)
		cs->at[k] = -1;
	for (size_t i = 0; i < heads->cells.n; i++) {
		struct str name = heading(c->a, heads->cells.v[i]);
		size_t k = 0;
		while (k < n && !called(&specs[k], name))
			k++;
		if (k == n && name.n > 0)
			fprintf(stderr, "%s:%d: note: the column '%.*s' is not used\n", cs->path, heads->line,
				STRF(heads->cells.v[i]));
		if (k < n && cs->at[k] >= 0) {
			log_error("%s:%d: two columns are called %s", cs->path, heads->line, specs[k].name);
			ok = false;
		} else if (k < n) {
			cs->at[k] = (int)i;
		}
	}
	for (size_t k = 0; k < n; k++)
		if (specs[k].required && cs->at[k] < 0) {
			log_error("%s:%d: there is no column called '%s'", cs->path, heads->line,
				specs[k].name);
			ok = false;
		}
	return ok;
}

bool columns_read(
	struct cli *c, const char *path, const struct column_spec *specs, size_t n, struct columns *out)
{
	struct str bytes;
	struct error e;
	*out = (struct columns){.path = path};
	enum err rc = file_read(c->a, path, SHEET_BYTES_MAX, &bytes, &e);
	if (rc == ERR_OK && (rc = sheet_read(c->a, bytes, &out->sheet, &e)) != ERR_OK)
		rc = err_prefix(&e, "%s", path);
	if (rc != ERR_OK) {
		log_error("%s", e.text);
		return false;
	}
	if (out->sheet.rows.n == 0) {
		log_error("%s: this table is empty; its first line must name the columns", path);
		return false;
	}
	return find_columns(c, specs, n, out);
}

struct str columns_cell(const struct columns *cs, size_t row, size_t column)
{
	const struct sheet_row *r = &cs->sheet.rows.v[row];
	int at = cs->at[column];
	return at < 0 || (size_t)at >= r->cells.n ? (struct str){0} : r->cells.v[at];
}

void columns_refuse(struct columns *cs, size_t row, const char *fmt, ...)
{
	va_list args;
	fprintf(stderr, "%s:%d: refused: ", cs->path, cs->sheet.rows.v[row].line);
	va_start(args, fmt);
	(void)vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	cs->refused++;
}
