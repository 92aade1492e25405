/* SPDX-License-Identifier: MIT
 *
 * XML as the world writes it -> XML that a parser reads without losing text. One
 * pass over UTF-8: comments, processing instructions and the DOCTYPE go (with them
 * goes everything that may stand before the XML declaration), named entities of
 * HTML and impossible character references are resolved, a stray '&' or '<' is
 * escaped, an open CDATA section is closed. Declared entities are refused here,
 * before a parser sees them.
 */
#include <libxml/HTMLparser.h>

#include "extract/parts.h"

#include "model/model.h"

#define TIDY_MAX	((size_t)512 << 20) /* bytes of the result */
#define ENTITY_NAME_MAX 32		    /* bytes of the longest entity name looked up */

static struct str from_here(struct str s, size_t i)
{
	return str_sub(s, i, s.n);
}

/* Offset behind the next `what`, or the end. */
static size_t behind(struct str s, size_t i, struct str what)
{
	size_t at = str_find(from_here(s, i), what);
	return at == SIZE_MAX ? s.n : i + at + what.n;
}

static bool name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
	       (unsigned char)c >= 0x80;
}

static bool xml_char(int64_t c)
{
	return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xD800) ||
	       (c >= 0xE000 && c < 0xFFFE) || (c >= 0x10000 && c <= 0x10FFFF);
}

/* The number of "#123" or "#x7B"; -1 when it is none. */
static int64_t reference(struct str s)
{
	static const char known[] = "0123456789abcdef";
	bool hex = s.n > 2 && (s.p[1] == 'x' || s.p[1] == 'X');
	struct str digits = str_sub(s, hex ? 2 : 1, s.n);
	int64_t v = 0;
	if (digits.n == 0)
		return -1;
	for (size_t i = 0; i < digits.n; i++) {
		const char *digit =
			memchr(known, digits.p[i] | (digits.p[i] >= 'A' ? 0x20 : 0), hex ? 16 : 10);
		if (digit == NULL)
			return -1;
		v = v > 0x10FFFF ? v : v * (hex ? 16 : 10) + (digit - known);
	}
	return v;
}

static void add_number(struct buf *out, int64_t c)
{
	if (c >= 0x80 && c < 0xA0)
		c = numbered_char((uint32_t)c);
	bool control = c >= 0x80 && c < 0xA0;
	buf_printf(out, "&#%d;", (int)(xml_char(c) && !control ? c : ' '));
}

/* The entity at s[i] == '&': writes what it stands for, returns the offset behind it. */
static size_t entity(struct str s, size_t i, struct buf *out)
{
	static const char *const own[] = {"amp", "lt", "gt", "quot", "apos"};
	struct str rest = str_sub(s, i + 1, i + 2 + ENTITY_NAME_MAX);
	size_t n = str_find_char(rest, ';');
	struct str name = n == SIZE_MAX ? (struct str){0} : str_sub(rest, 0, n);
	if (name.n > 1 && name.p[0] == '#' && reference(name) >= 0) {
		add_number(out, reference(name));
		return i + n + 2;
	}
	for (size_t k = 0; k < COUNT(own); k++)
		if (str_eq(name, str_of(own[k]))) {
			buf_add(out, str_sub(s, i, i + n + 2));
			return i + n + 2;
		}
	char zname[ENTITY_NAME_MAX + 2] = "";
	if (name.n > 0)
		memcpy(zname, name.p, name.n);
	const htmlEntityDesc *found = name.n > 0 ? htmlEntityLookup((const xmlChar *)zname) : NULL;
	if (found != NULL) {
		buf_utf8(out, (uint32_t)found->value);
		return i + n + 2;
	}
	buf_addz(out, "&amp;");
	return i + 1;
}

/* The end of a DOCTYPE at s[i]; *bad when it declares entities. */
static size_t doctype(struct str s, size_t i, bool *bad)
{
	bool subset = false;
	while (i < s.n) {
		struct str rest = from_here(s, i);
		char c = rest.p[0];
		if (str_starts(rest, STR("<!--"))) {
			i = behind(s, i + 4, STR("-->"));
		} else if (str_istarts(rest, STR("<!ENTITY"))) {
			*bad = true;
			return s.n;
		} else if (c == '"' || c == '\'') {
			i = behind(s, i + 1, (struct str){&c, 1});
		} else if (c == '>' && !subset) {
			return i + 1;
		} else {
			subset = c == '[' || (subset && c != ']');
			i++;
		}
	}
	return i;
}

/* The tag or other markup at s[i] == '<'. */
static size_t markup(struct str s, size_t i, struct buf *out, bool *bad)
{
	struct str rest = from_here(s, i);
	if (str_starts(rest, STR("<!--")))
		return behind(s, i + 4, STR("-->"));
	if (str_starts(rest, STR("<![CDATA["))) {
		size_t end = behind(s, i, STR("]]>"));
		struct str section = str_sub(s, i, end);
		buf_add(out, section);
		if (!str_ends(section, STR("]]>")))
			buf_addz(out, "]]>");
		return end;
	}
	if (str_istarts(rest, STR("<!DOCTYPE")))
		return doctype(s, i + 9, bad);
	if (str_starts(rest, STR("<?")))
		return behind(s, i, STR(">"));
	bool tag = rest.n > 1 && (name_start(rest.p[1]) || rest.p[1] == '/');
	buf_addz(out, tag ? "<" : "&lt;");
	return i + 1;
}

enum err tidy_xml(struct str in, struct buf *out, struct error *e)
{
	bool bad = false;
	*out = buf_init(TIDY_MAX);
	size_t i = str_find_char(in, '<');
	if (i == SIZE_MAX)
		i = in.n;
	while (i < in.n && !bad) {
		size_t from = i;
		while (i < in.n && in.p[i] != '<' && in.p[i] != '&')
			i++;
		buf_add(out, str_sub(in, from, i));
		if (i < in.n)
			i = in.p[i] == '<' ? markup(in, i, out, &bad) : entity(in, i, out);
	}
	if (!bad && !out->failed)
		return ERR_OK;
	buf_free(out);
	if (bad)
		return err_set(e, ERR_INPUT, "it declares entities, which a feed has no need of");
	return err_set(e, ERR_LIMIT, "too large to read as XML");
}
