/* SPDX-License-Identifier: MIT
 *
 * Any encoding -> clean UTF-8. Labels mean what the WHATWG Encoding Standard
 * says (iso-8859-1 is windows-1252); the conversion itself is iconv's. A page
 * that calls itself one thing and is plainly another is read as what it is.
 */
#include <errno.h>
#include <iconv.h>

#include "extract/parts.h"
#include "model/model.h"

#define CHUNK	   ((size_t)16 * 1024) /* bytes converted at a time */
#define DECODE_MAX ((size_t)256 << 20) /* bytes of a page as UTF-8 */
#define ODD_PART   10		       /* one odd byte in so many is an accident */
#define SURE_CHARS 4		       /* so many that read as UTF-8, and nothing that does not, are no chance */

/* Labels (separated by spaces) and the iconv name they stand for. */
static const struct {
	const char *labels, *name;
} encodings[] = {
	{"utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8", "UTF-8"},
	{"windows-1252 iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 latin1 l1 ascii us-ascii "
	 "ansi_x3.4-1968 cp1252 cp819 csisolatin1 ibm819 iso-ir-100 x-cp1252",
		"CP1252"},
	{"iso-8859-2 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 latin2 l2 csisolatin2 iso-ir-101",
		"ISO-8859-2"},
	{"iso-8859-3 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 latin3 l3 csisolatin3 iso-ir-109",
		"ISO-8859-3"},
	{"iso-8859-4 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 latin4 l4 csisolatin4 iso-ir-110",
		"ISO-8859-4"},
	{"iso-8859-5 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988 cyrillic csisolatincyrillic iso-ir-144",
		"ISO-8859-5"},
	{"iso-8859-6 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987 arabic asmo-708 csiso88596e csiso88596i "
	 "csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i iso-ir-127",
		"ISO-8859-6"},
	{"iso-8859-7 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 greek greek8 csisolatingreek ecma-118 "
	 "elot_928 "
	 "iso-ir-126 sun_eu_greek",
		"ISO-8859-7"},
	{"iso-8859-8 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 iso-8859-8-e iso-8859-8-i hebrew visual "
	 "logical "
	 "csiso88598e csiso88598i csisolatinhebrew iso-ir-138",
		"ISO-8859-8"},
	{"iso-8859-10 iso8859-10 iso885910 latin6 l6 csisolatin6 iso-ir-157", "ISO-8859-10"},
	{"iso-8859-13 iso8859-13 iso885913", "ISO-8859-13"},
	{"iso-8859-14 iso8859-14 iso885914", "ISO-8859-14"},
	{"iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9 csisolatin9", "ISO-8859-15"},
	{"iso-8859-16", "ISO-8859-16"},
	{"ibm866 866 cp866 csibm866", "CP866"},
	{"koi8-r koi koi8 koi8_r cskoi8r", "KOI8-R"},
	{"koi8-u koi8-ru", "KOI8-U"},
	{"macintosh mac x-mac-roman csmacintosh", "MACINTOSH"},
	{"x-mac-cyrillic x-mac-ukrainian", "MAC-UK"},
	{"windows-874 tis-620 iso-8859-11 iso8859-11 iso885911 dos-874", "CP874"},
	{"windows-1250 cp1250 x-cp1250", "CP1250"},
	{"windows-1251 cp1251 x-cp1251", "CP1251"},
	{"windows-1253 cp1253 x-cp1253", "CP1253"},
	{"windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 latin5 l5 "
	 "csisolatin5 iso-ir-148",
		"CP1254"},
	{"windows-1255 cp1255 x-cp1255", "CP1255"},
	{"windows-1256 cp1256 x-cp1256", "CP1256"},
	{"windows-1257 cp1257 x-cp1257", "CP1257"},
	{"windows-1258 cp1258 x-cp1258", "CP1258"},
	{"gbk gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk gb18030", "GB18030"},
	{"big5 big5-hkscs cn-big5 csbig5 x-x-big5", "BIG5-HKSCS"},
	{"euc-jp cseucpkdfmtjapanese x-euc-jp", "EUC-JP"},
	{"iso-2022-jp csiso2022jp", "ISO-2022-JP"},
	{"shift_jis shift-jis sjis csshiftjis ms932 ms_kanji windows-31j x-sjis", "CP932"},
	{"euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 "
	 "windows-949",
		"CP949"},
	{"utf-16 utf-16le csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff", "UTF-16LE"},
	{"utf-16be unicodefffe", "UTF-16BE"},
	/* unknown to the standard, seen in feeds all the same */
	{"utf-32 utf-32le ucs-4", "UTF-32LE"},
	{"utf-32be", "UTF-32BE"},
	{"ibm437 cp437 437 cspc8codepage437", "IBM437"},
	{"cp737 ibm737", "CP737"},
	{"cp775 ibm775 cspc775baltic", "CP775"},
	{"ibm850 cp850 850 cspc850multilingual", "IBM850"},
	{"ibm852 cp852 852 cspcp852", "IBM852"},
	{"ibm855 cp855 855 csibm855", "IBM855"},
	{"ibm857 cp857 857 csibm857", "IBM857"},
	{"ibm860 cp860 860 csibm860", "IBM860"},
	{"ibm861 cp861 861 cp-is cp_is csibm861", "IBM861"},
	{"ibm862 cp862 862 cspc862latinhebrew", "IBM862"},
	{"ibm863 cp863 863 csibm863", "IBM863"},
	{"ibm864 cp864 csibm864", "IBM864"},
	{"ibm865 cp865 865 csibm865", "IBM865"},
	{"ibm869 cp869 869 cp-gr csibm869", "IBM869"},
	{"cp1125", "CP1125"},
};

static const struct {
	struct str mark;
	const char *name;
	bool skip; /* it is a byte order mark: not part of the text */
} marks[] = {
	{{"\xEF\xBB\xBF", 3}, "UTF-8", true},
	{{"\0\0\xFE\xFF", 4}, "UTF-32BE", true},
	{{"\xFF\xFE\0\0", 4}, "UTF-32LE", true},
	{{"\xFE\xFF", 2}, "UTF-16BE", true},
	{{"\xFF\xFE", 2}, "UTF-16LE", true},
	{{"\0\0\0<", 4}, "UTF-32BE", false},
	{{"<\0\0\0", 4}, "UTF-32LE", false},
	{{"\0<\0", 3}, "UTF-16BE", false},
	{{"<\0", 2}, "UTF-16LE", false},
};

static const char *by_label(struct str label)
{
	label = str_trim(label);
	if (label.n == 0)
		return NULL;
	for (size_t i = 0; i < COUNT(encodings); i++) {
		struct str rest = str_of(encodings[i].labels);
		while (rest.n > 0)
			if (str_ieq(str_cut(rest, ' ', &rest), label))
				return encodings[i].name;
	}
	return NULL;
}

bool charset_known(struct str label)
{
	return by_label(label) != NULL;
}

/* Whether ASCII text is something else in it. */
static bool is_wide(const char *name)
{
	return str_starts(str_of(name), STR("UTF-16")) || str_starts(str_of(name), STR("UTF-32"));
}

const char *charset_detect(struct str bytes, struct str http)
{
	for (size_t i = 0; i < COUNT(marks); i++)
		if (marks[i].skip && str_starts(bytes, marks[i].mark))
			return marks[i].name;
	const char *name = by_label(http);
	if (name != NULL)
		return name;
	for (size_t i = 0; i < COUNT(marks); i++)
		if (str_starts(bytes, marks[i].mark))
			return marks[i].name;
	name = by_label(prescan(bytes));
	/* A declaration that could be read byte by byte is in none of these. */
	return is_wide(name) ? "UTF-8" : name;
}

/* Eight bytes at a time: most of most pages is ASCII. */
#define EACH_BYTE(b) ((uint64_t)0x0101010101010101 * (b))

static uint64_t eight_bytes(const char *p)
{
	uint64_t w;
	memcpy(&w, p, sizeof(w));
	return w;
}

/* The first offset from `i` on that may hold no ASCII character. */
static size_t skip_ascii(struct str s, size_t i)
{
	while (i + 8 <= s.n && (eight_bytes(s.p + i) & EACH_BYTE(0x80)) == 0)
		i += 8;
	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i;
}

/* What is known of bytes that may be UTF-8. */
struct census {
	size_t multibyte; /* characters of several bytes */
	size_t strays;	  /* high bytes outside of such characters */
	size_t odd;	  /* of these: no character of windows-1252 in real use */
};

/* Whether a high byte is in real use in windows-1252. */
static bool is_windows(unsigned char b)
{
	return b != 0x81 && b != 0x8D && b != 0x8F && b != 0x90 && b != 0x9D && b != 0xFF;
}

static struct census take_census(struct str s)
{
	struct census c = {0};
	for (size_t i = skip_ascii(s, 0); i < s.n; i = skip_ascii(s, i)) {
		unsigned char b = (unsigned char)s.p[i];
		size_t from = i;
		bool stray = utf8_next(s, &i) == 0xFFFD && i == from + 1;
		c.multibyte += !stray;
		c.strays += stray;
		c.odd += stray && !is_windows(b);
	}
	return c;
}

/* Bytes outrank labels where they leave no doubt: UTF-8 that calls itself something
 * else, and Latin-1 that calls itself UTF-8 or nothing. */
static const char *by_content(const char *name, struct str bytes)
{
	bool utf8 = name == NULL || str_eq(str_of(name), STR("UTF-8"));
	if (is_wide(name))
		return name;
	struct census c = take_census(bytes);
	if (utf8)
		return c.strays > c.odd * ODD_PART && c.multibyte == 0 ? "CP1252" : "UTF-8";
	bool latin = str_eq(str_of(name), STR("CP1252"));
	return c.strays == 0 && c.multibyte >= (latin ? 1 : SURE_CHARS) ? "UTF-8" : name;
}

/* A lone byte between ASCII characters has strayed in from windows-1252. A lead byte
 * that is common in UTF-8 is what a text cut short leaves behind. */
static uint32_t stray_char(struct str s, size_t i)
{
	unsigned char b = (unsigned char)s.p[i];
	bool before = i > 0 && (unsigned char)s.p[i - 1] >= 0x80;
	bool behind = i + 1 < s.n && (unsigned char)s.p[i + 1] >= 0x80;
	bool lead = (b >= 0xC2 && b <= 0xD1) || b == 0xE2;
	return before || behind || lead || !is_windows(b) ? 0xFFFD : numbered_char(b);
}

static void decode_utf8(struct str s, struct buf *out)
{
	size_t from = 0;
	for (size_t i = skip_ascii(s, 0); i < s.n; i = skip_ascii(s, i)) {
		size_t at = i;
		if (utf8_next(s, &i) != 0xFFFD || i > at + 1)
			continue;
		buf_add(out, str_sub(s, from, at));
		buf_utf8(out, stray_char(s, at));
		from = i;
	}
	buf_add(out, str_sub(s, from, s.n));
}

static void decode_iconv(const char *name, struct str s, struct buf *out)
{
	iconv_t cd = iconv_open("UTF-8", name);
	if (cd == (iconv_t)-1) { /* a C library without this table */
		decode_utf8(s, out);
		return;
	}
	char chunk[CHUNK];
	char *in = (char *)(uintptr_t)s.p; /* iconv() only reads it */
	size_t left = s.n;
	while (left > 0 && !out->failed) {
		char *to = chunk;
		size_t free_bytes = sizeof(chunk);
		size_t rc = iconv(cd, &in, &left, &to, &free_bytes);
		int why = errno;
		buf_add(out, (struct str){chunk, sizeof(chunk) - free_bytes});
		if (rc != (size_t)-1 || why == E2BIG)
			continue;
		buf_utf8(out, 0xFFFD);
		in++;
		left--;
	}
	iconv_close(cd);
}

void charset_preload(void)
{
	static iconv_t open[COUNT(encodings)]; /* for ever: a table stays as long as it is in use */
	for (size_t i = 0; i < COUNT(encodings); i++)
		if (open[i] == NULL)
			open[i] = iconv_open("UTF-8", encodings[i].name);
}

/* Whether one of the eight bytes is below 0x20 or 0x7F; at times so when none is. */
static bool may_be_control(uint64_t w)
{
	uint64_t del = w ^ EACH_BYTE(0x7F), low = (w - EACH_BYTE(0x20)) & ~w;
	return ((low | ((del - EACH_BYTE(1)) & ~del)) & EACH_BYTE(0x80)) != 0;
}

static void clean_controls(struct buf *b)
{
	for (size_t i = 0; i < b->n; i++) {
		while (i + 8 <= b->n && !may_be_control(eight_bytes(b->p + i)))
			i += 8;
		if (i == b->n)
			return;
		unsigned char c = (unsigned char)b->p[i];
		if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F)
			b->p[i] = ' ';
	}
}

enum err charset_decode(struct str bytes, struct str http, struct buf *out, struct error *e)
{
	const char *name = charset_detect(bytes, http);
	for (size_t i = 0; i < COUNT(marks); i++)
		if (marks[i].skip && str_starts(bytes, marks[i].mark)) {
			bytes = str_sub(bytes, marks[i].mark.n, bytes.n);
			break;
		}
	name = by_content(name, bytes);
	*out = buf_init(DECODE_MAX);
	if (str_eq(str_of(name), STR("UTF-8")))
		decode_utf8(bytes, out);
	else
		decode_iconv(name, bytes, out);
	if (out->failed) {
		buf_free(out);
		return err_set(e, ERR_LIMIT, "more than %zu MB of text", DECODE_MAX >> 20);
	}
	clean_controls(out);
	return ERR_OK;
}
