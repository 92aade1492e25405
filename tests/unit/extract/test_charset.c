/* SPDX-License-Identifier: MIT
 *
 * Encodings: what labels mean, which evidence wins, and what broken bytes become.
 */
#include "harness.h"

#include "extract/parts.h"

#define BYTES(lit)                                                                                           \
	{                                                                                                    \
		"" lit, sizeof(lit) - 1                                                                      \
	}

static void test_detection(void **state)
{
	(void)state;
	static const struct {
		struct str bytes;
		const char *http, *want;
	} rows[] = {
		{BYTES("<x/>"), "", NULL},
		{BYTES("<x/>"), "ISO-8859-1", "CP1252"},
		{BYTES("<x/>"), " utf8 ", "UTF-8"},
		{BYTES("<x/>"), "nonsense", NULL},
		{BYTES("\xEF\xBB\xBF<x/>"), "iso-8859-2", "UTF-8"},
		{BYTES("\xFF\xFE<\0"), "utf-8", "UTF-16LE"},
		{BYTES("\xFE\xFF\0<"), "", "UTF-16BE"},
		{BYTES("<\0?\0x\0"), "", "UTF-16LE"},
		{BYTES("\xFF\xFE\0\0<\0\0\0"), "", "UTF-32LE"},
		{BYTES("\0\0\0<\0\0\0x"), "", "UTF-32BE"},
		{BYTES("<\0\0\0x\0\0\0"), "", "UTF-32LE"},
		{BYTES("<?xml version='1.0' encoding='iso-8859-15'?>"), "", "ISO-8859-15"},
		{BYTES("<?xml version='1.0' encoding='iso-8859-15'?>"), "windows-1257", "CP1257"},
		{BYTES("\n<!-- x --><?xml encoding = \"koi8-r\"?>"), "", "KOI8-R"},
		{BYTES("<?xml encoding='utf-16'?>"), "", "UTF-8"},
		{BYTES("<meta charset=iso-8859-2>"), "", "ISO-8859-2"},
		{BYTES("<!-- <meta charset=iso-8859-2> --><meta charset='windows-1251'>"), "", "CP1251"},
		{BYTES("<meta http-equiv=\"Content-Type\" content=\"text/html; charset=shift_jis\">"), "",
			"CP932"},
		{BYTES("<meta content=\"text/html; charset=shift_jis\">"), "", NULL},
		{BYTES("<metacharset=iso-8859-2>"), "", NULL},
		{BYTES("<meta charset=iso-8859-2"), "", NULL},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *got = charset_detect(rows[i].bytes, str_of(rows[i].http));
		if ((got == NULL) != (rows[i].want == NULL) ||
			(got != NULL && strcmp(got, rows[i].want) != 0))
			fail_msg("row %zu: got %s", i, got == NULL ? "nothing" : got);
	}
}

static void test_prescan_window(void **state)
{
	(void)state;
	struct buf b = buf_init(4096);
	for (int i = 0; i < 1024; i++)
		buf_addc(&b, ' ');
	buf_addz(&b, "<meta charset=iso-8859-2>");
	assert_null(charset_detect(buf_str(&b), (struct str){0}));
	buf_free(&b);
}

static void test_decoding(void **state)
{
	(void)state;
	static const struct {
		struct str bytes;
		const char *http, *want;
	} rows[] = {
		{BYTES("caf\xC3\xA9"), "utf-8", "café"},
		{BYTES("\xEF\xBB\xBFx"), "", "x"},
		{BYTES("caf\xE9 \x93q\x94"), "iso-8859-1", "café “q”"},
		{BYTES("caf\xE9 \x96"), "utf-8", "café –"},   /* Latin-1 that calls itself UTF-8 */
		{BYTES("caf\xC3\xA9"), "iso-8859-1", "café"}, /* and the other way round */
		{BYTES("\0\0\xFE\xFF\0\0\0x\0\0\0\xE9"), "", "xé"},
		/* UTF-8 whatever it calls itself, but not on the strength of a letter or two */
		{BYTES("\xC5\xBElu\xC5\xA5ou\xC4\x8Dk\xC3\xBD"), "iso-8859-2", "žluťoučký"},
		{BYTES("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\xE3\x81\xAE"), "shift_jis", "日本語の"},
		{BYTES("\xC2\xB7\xC3\xB1"), "gb2312", "路帽"},
		/* stray bytes in real UTF-8: windows-1252 where they stand alone */
		{BYTES("\xC3\xA9 \xE9t\xE9 \x93q\x94"), "utf-8", "é été “q”"},
		{BYTES("\xC3\xA9 caf\xC3..."), "utf-8", "é caf�..."},
		{BYTES("\xC3\xA9 \x81 \xE9\xE8"), "utf-8", "é � ��"},
		/* and a page of windows-1252 may hold one byte that is not */
		{BYTES("\xE9t\xE9 \xE9t\xE9 \xE9t\xE9 \xE9t\xE9 \xE9t\xE9 \xE9 \xFF"), "utf-8", "été été été été été é ÿ"},
		{BYTES("a\xFF"
		       "b"),
			"utf-8", "a�b"},
		{BYTES("\xC3\xA9\xE2\x82"), "utf-8", "é��"},	  /* cut off */
		{BYTES("\xC3\xA9\xED\xA0\x80"), "utf-8", "é���"}, /* a surrogate */
		{BYTES("\xFF\xFEx\0\xE9\0"), "", "xé"},
		{BYTES("\xFF\xFEx\0y"), "", "x�"},
		{BYTES("\xF5"), "iso-8859-13", "õ"},
		{BYTES("\x80 \x81"), "cp850", "Ç ü"},
		{BYTES("\xA0\xE1"), "IBM852", "áß"},
		{BYTES("\x81"
		       "a"),
			"windows-1252", "�a"},
		{BYTES("a\0b\x1B"
		       "c\td\r\n\x7F"),
			"utf-8", "a b c\td\r\n "},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf out;
		struct error e;
		assert_int_equal(charset_decode(rows[i].bytes, str_of(rows[i].http), &out, &e), ERR_OK);
		assert_str(buf_str(&out), rows[i].want);
		assert_true(utf8_valid(buf_str(&out)));
		buf_free(&out);
	}
}

HARNESS_MAIN(cmocka_unit_test(test_detection), cmocka_unit_test(test_prescan_window),
	cmocka_unit_test(test_decoding))
