/* SPDX-License-Identifier: MIT
 *
 * One way to lay a file out. In: the bytes of a file without faults; out: the same
 * sections, keys, values, remarks and blank lines in the same order, with the values
 * in one column. What was written is taken apart again and compared, so that laying
 * out can never change a meaning.
 */
#include "conf/section.h"

#include "base/buf.h"

#define SCRATCH_MAX ((size_t)256 << 20) /* bytes for taking one file apart twice */

/* Where values start, by the kind of section: behind its longest usual key. A longer
 * key pushes its own value only, so that one line's change stays one line. */
static const struct column {
	const char *kind;
	int value;
	bool keeps_indent; /* continuation lines may be programs, whose indenting says something */
} columns[] =
	{
		{"fundwatch", 16, false},
		{"source", 16, true},
},
  other_column = {"", 14, false};

struct layout {
	const struct lexed *f;
	struct buf out;
	const struct column *column;
	size_t sections, entries; /* seen so far */
};

static const struct column *column_of(struct str kind)
{
	for (size_t i = 0; i < COUNT(columns); i++)
		if (str_ieq(kind, str_of(columns[i].kind)))
			return &columns[i];
	return &other_column;
}

static void pad(struct layout *l, int n)
{
	buf_printf(&l->out, "%*s", n, "");
}

static void put_header(struct layout *l)
{
	const struct section *s = &l->f->sections.v[l->sections++];
	l->column = column_of(s->kind);
	buf_printf(&l->out, "[%.*s%s%.*s]", STRF(s->kind), s->id.n > 0 ? " " : "", STRF(s->id));
}

static void put_entry(struct layout *l, struct str line)
{
	const struct entry *e = &l->f->entries.v[l->entries++];
	struct str value = text_trim(str_sub(line, str_find_char(line, ':') + 1, line.n));
	int width = text_chars(e->key) + 1;
	buf_add(&l->out, e->key);
	buf_addc(&l->out, ':');
	if (value.n > 0)
		pad(l, width < l->column->value ? l->column->value - width : 1);
	buf_add(&l->out, value);
}

static void put_continuation(struct layout *l, struct str line, struct str text)
{
	if (l->column->keeps_indent)
		buf_add(&l->out, str_sub(line, 0, (size_t)(text.p - line.p)));
	else
		pad(l, l->column->value);
	buf_add(&l->out, text);
}

/* The kinds of lines are those of lex_file(). */
static void put_line(struct layout *l, struct str line)
{
	struct str text = text_trim(line);
	if (line.n > 0 && line.p[0] == '#')
		buf_add(&l->out, text);
	else if (text.n > 0 && text.p != line.p)
		put_continuation(l, line, text);
	else if (text.n > 0 && text.p[0] == '[')
		put_header(l);
	else if (text.n > 0)
		put_entry(l, line);
	buf_addc(&l->out, '\n');
}

static bool same_entry(struct arena *a, const struct lexed *x, const struct entry *e, const struct lexed *y,
	const struct entry *f)
{
	return str_eq(e->key, f->key) &&
	       str_eq(entry_value(a, x, e, VALUE_LINES).text, entry_value(a, y, f, VALUE_LINES).text);
}

static bool same_meaning(struct arena *a, const struct lexed *x, const struct lexed *y)
{
	if (x->sections.n != y->sections.n || x->entries.n != y->entries.n)
		return false;
	for (size_t i = 0; i < x->sections.n; i++) {
		const struct section *s = &x->sections.v[i], *t = &y->sections.v[i];
		if (!str_eq(s->kind, t->kind) || !str_eq(s->id, t->id) || s->count != t->count)
			return false;
	}
	for (size_t i = 0; i < x->entries.n; i++)
		if (!same_entry(a, x, &x->entries.v[i], y, &y->entries.v[i]))
			return false;
	return true;
}

static struct str lay_out(struct arena *a, const struct lexed *f, struct str bytes)
{
	struct layout l = {.f = f, .out = buf_init(2 * CONF_FILE_MAX), .column = &other_column};
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		bytes = str_sub(bytes, 3, bytes.n);
	while (bytes.n > 0) {
		struct str line = str_cut(bytes, '\n', &bytes);
		if (str_ends(line, STR("\r")))
			line.n--;
		put_line(&l, line);
	}
	bool failed = l.out.failed || l.out.n > CONF_FILE_MAX;
	struct str out = buf_take(&l.out, a);
	return failed ? (struct str){0} : out;
}

bool conf_format(struct arena *a, struct str file, struct str bytes, struct diags *d, struct str *out)
{
	struct arena *scratch CLEANUP(arena_freep) = arena_new(SCRATCH_MAX);
	struct diags again_faults = {.a = scratch};
	struct lexed f, again;
	size_t errors = d->errors;
	lex_file(a, scratch, file, bytes, d, &f);
	if (d->errors > errors)
		return false;
	*out = lay_out(a, &f, bytes);
	lex_file(scratch, scratch, file, *out, &again_faults, &again);
	if (again_faults.errors == 0 && same_meaning(scratch, &f, &again))
		return true;
	diag_add(d, DIAG_ERROR, (struct place){.file = file}, "break its longest lines into several",
		"this file can't be laid out, it is too large");
	return false;
}
