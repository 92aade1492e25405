/* SPDX-License-Identifier: MIT
 *
 * Tables as spreadsheet programs write them: separators, quotes, encodings, lines.
 */
#include "harness.h"

#include "base/buf.h"
#include "base/sheet.h"

/* Rows as "LINE|cell|cell". */
static struct str shown(struct arena *a, struct str bytes)
{
	struct sheet s;
	struct error e;
	struct buf b = buf_init(ARENA_TEST);
	if (sheet_read(a, bytes, &s, &e) != ERR_OK)
		return str_of(arena_printf(a, "error: %s", e.text));
	for (size_t i = 0; i < s.rows.n; i++) {
		buf_printf(&b, "%s%d", i > 0 ? "\n" : "", s.rows.v[i].line);
		for (size_t k = 0; k < s.rows.v[i].cells.n; k++)
			buf_printf(&b, "|%.*s", STRF(s.rows.v[i].cells.v[k]));
	}
	return buf_take(&b, a);
}

static void test_tables(void **state)
{
	(void)state;
#define IN(lit)                                                                                              \
	{                                                                                                    \
		"" lit, sizeof(lit) - 1                                                                      \
	}
#define UTF16 "\xFF\xFEn\0\t\0\xFC\0\n\0"
	static const struct {
		struct str in;
		const char *want;
	} cases[] = {
		{IN(""), ""},
		{IN("\n\n"), ""},
		{IN("name,email"), "1|name|email"},
		{IN("a,b\n1,2\n"), "1|a|b\n2|1|2"},
		{IN("a;b\r\n1,5;2\r\n"), "1|a|b\n2|1,5|2"},
		{IN("a\tb\n1,2;\t \n"), "1|a|b\n2|1,2;|"},
		{IN("\xEF\xBB\xBF"
		    "a;b\n"),
			"1|a|b"},
		{IN("\"a,a,a\";b;c\n"), "1|a,a,a|b|c"},
		{IN("a,b\n\"x \"\"y\"\", z\",2\n"), "1|a|b\n2|x \"y\", z|2"},
		/* A cell of two lines; the next row starts below it. */
		{IN("a,b\n\"x\ny\",2\n\n\n3,4\n"), "1|a|b\n2|x\ny|2\n6|3|4"},
		{IN("a,b\n,\n ; \n5,6"), "1|a|b\n3|;\n4|5|6"},
		{IN("n,o\nO\xDC,\x80 5\n"), "1|n|o\n2|O\xC3\x9C|\xE2\x82\xAC 5"},
		{IN("n\n\x81x\n"), "1|n\n2|\xEF\xBF\xBDx"},
		{IN(UTF16), "1|n|\xC3\xBC"},
		{IN("a,b\n1,5\" tube\n"),
			"error: line 2: a quotation mark stands where none may; put the whole cell in quotes and "
			"double those inside"},
		{IN("a,b\n1,2\n\"x,3\n4,5\n"),
			"error: line 3: a quotation mark is opened here and never closed"},
	};
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct str got = shown(a, cases[i].in);
		if (!str_eq(got, str_of(cases[i].want)))
			fail_msg("case %zu: got '%.*s', want '%s'", i, STRF(got), cases[i].want);
		arena_free(a);
	}
}

static void test_limits(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct buf b = buf_init(ARENA_TEST);
	for (int i = 0; i < SHEET_CELLS_MAX; i++)
		buf_addz(&b, "x,");
	assert_true(str_starts(shown(a, buf_str(&b)), STR("error: line 1: the table is too large")));
	buf_clear(&b);
	for (int i = 0; i < SHEET_ROWS_MAX + 1; i++)
		buf_addz(&b, "x\n");
	assert_true(str_starts(shown(a, buf_str(&b)), STR("error: line 50001: the table is too large")));
	buf_free(&b);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_tables), cmocka_unit_test(test_limits))
