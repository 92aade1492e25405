/* SPDX-License-Identifier: MIT
 *
 * XML as the world writes it -> XML that a parser reads without losing text. One
 * pass over UTF-8: comments, processing instructions and the DOCTYPE go (with them
 * goes everything that may stand before the XML declaration), named entities of
 * HTML and impossible character references are resolved, a stray '&', '<' or "]]>"
 * is escaped, an open CDATA section is closed. Tags are written anew: attributes
 * get their quotes, an end tag closes what is still open within its element, one
 * that closes nothing is left out. Declared entities are refused here, before a
 * parser sees them.
 */
#include <libxml/HTMLparser.h>

#include "extract/parts.h"

#include "model/model.h"

#define TIDY_MAX	((size_t)512 << 20) /* bytes of the result */
#define ENTITY_NAME_MAX 32		    /* bytes of the longest entity name looked up */
#define OPEN_MAX	(EXTRACT_DEPTH_MAX + 1) /* open elements known by name: a parser follows no deeper */
#define NAME_MAX_BYTES	100		    /* of a name with a prefix or letters beyond ASCII */
#define LOOKS_MAX	10000000	    /* open elements asked in vain: from then on only the innermost */
#define TYPO_MIN	4		    /* bytes from which a name may be misspelt */

/* The document while it is put right. */
struct tidier {
	struct str in;
	struct buf *out;
	struct str open[OPEN_MAX]; /* elements that are open, by name */
	size_t depth;              /* how many there are */
	size_t looks;              /* how often one was asked for an end tag that closes nothing */
	bool bad;                  /* entities are declared */
	bool no_comment_end;       /* no "-->" any more: not searched again */
};

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
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
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

static size_t skip_spaces(struct str s, size_t i)
{
	while (i < s.n && xml_space(s.p[i]))
		i++;
	return i;
}

/* Offset behind the name of an element or attribute at s[i]. */
static size_t name_end(struct str s, size_t i)
{
	while (i < s.n && (name_start(s.p[i]) || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' ||
				  s.p[i] == '.' || s.p[i] == ':'))
		i++;
	return i;
}

/* "name" or "prefix:name", unlike "http:" and "It’s". */
static bool name_valid(struct str s)
{
	char copy[NAME_MAX_BYTES + 1] = "";
	size_t plain = 0;
	while (plain < s.n && (unsigned char)s.p[plain] < 0x80 && s.p[plain] != ':')
		plain++;
	if (plain == s.n)
		return s.n > 0 && name_start(s.p[0]);
	if (s.n > NAME_MAX_BYTES)
		return false;
	memcpy(copy, s.p, s.n);
	return xmlValidateQName((const xmlChar *)copy, 0) == 0;
}

/* Whether what follows the name of a tag may do so. */
static bool name_ends(struct str s, size_t i)
{
	return i >= s.n || xml_space(s.p[i]) || s.p[i] == '>' || s.p[i] == '<' || s.p[i] == '/';
}

/* Offset of the next `what` in s[i, end), or `end`. */
static size_t next_of(struct str s, size_t i, size_t end, struct str what)
{
	size_t n = str_find(str_sub(s, i, end), what);
	return n == SIZE_MAX ? end : i + n;
}

/* Text between tags, with what a parser would stumble over escaped. */
static void text(struct tidier *t, size_t i, size_t end)
{
	struct str s = t->in;
	size_t amp = next_of(s, i, end, STR("&")), close = next_of(s, i, end, STR("]]>"));
	while (i < end) {
		size_t stop = amp < close ? amp : close;
		buf_add(t->out, str_sub(s, i, stop));
		i = stop;
		if (i < end && i == close) {
			buf_addz(t->out, "]]&gt;");
			i += 3;
			close = next_of(s, i, end, STR("]]>"));
		} else if (i < end) {
			i = entity(s, i, t->out);
			amp = next_of(s, i, end, STR("&"));
		}
	}
}

/* The value of an attribute, which may hold anything. */
static void value(struct tidier *t, size_t i, size_t end)
{
	struct str s = str_sub(t->in, 0, end);
	while (i < end) {
		size_t from = i;
		while (i < end && s.p[i] != '&' && s.p[i] != '<' && s.p[i] != '"')
			i++;
		buf_add(t->out, str_sub(s, from, i));
		if (i == end)
			return;
		if (s.p[i] != '&')
			buf_addz(t->out, s.p[i] == '<' ? "&lt;" : "&quot;");
		i = s.p[i] == '&' ? entity(s, i, t->out) : i + 1;
	}
}

/* Whether the quote opened before s[i] is closed at s[to]: a '<' within tells that
 * it may have been forgotten, and then what follows must look like a tag. */
static bool quote_closed(struct str s, size_t i, size_t to)
{
	if (to >= s.n)
		return false;
	char next = to + 1 < s.n ? s.p[to + 1] : '>';
	return str_find_char(str_sub(s, i, to), '<') == SIZE_MAX || xml_space(next) || next == '>' || next == '/';
}

/* The value at s[i], with quotes, without, or with one of them missing. */
static size_t attribute_value(struct str s, size_t i, size_t *from, size_t *to)
{
	char quote = i < s.n ? s.p[i] : '\0';
	bool quoted = quote == '"' || quote == '\'';
	*from = quoted ? i + 1 : i;
	if (quoted) {
		size_t n = str_find_char(from_here(s, *from), quote);
		*to = n == SIZE_MAX ? s.n : *from + n;
		if (quote_closed(s, *from, *to))
			return *to + 1;
	}
	*to = *from;
	while (*to < s.n && s.p[*to] != '<' && s.p[*to] != '>' && (quoted || !xml_space(s.p[*to])))
		*to += 1;
	return *to;
}

/* The attribute at s[i], or a byte that has no business in a tag. */
static size_t attribute(struct tidier *t, size_t i)
{
	struct str s = t->in;
	size_t end = name_end(s, i);
	struct str name = str_sub(s, i, end);
	if (name.n == 0)
		return i + 1;
	size_t from = 0, to = 0, equals = skip_spaces(s, end);
	if (equals < s.n && s.p[equals] == '=')
		end = attribute_value(s, skip_spaces(s, equals + 1), &from, &to);
	if (!name_valid(name))
		return end;
	buf_addc(t->out, ' ');
	buf_add(t->out, name);
	buf_addz(t->out, "=\"");
	value(t, from, to);
	buf_addc(t->out, '"');
	return end;
}

/* Elements of HTML that nobody closes. */
static bool never_closed(struct str name, bool bare)
{
	return str_ieq(name, STR("br")) || str_ieq(name, STR("hr")) || (!bare && str_ieq(name, STR("img")));
}

/* "<BR>Brazil</BR>" is closed all the same: the next tag, from `i` on, is its end. */
static bool closed_next(struct str s, size_t i, struct str name)
{
	size_t at = next_of(s, i, s.n, STR("<"));
	return str_starts(from_here(s, at), STR("</")) && str_istarts(from_here(s, at + 2), name) &&
	       name_end(s, at + 2) == at + 2 + name.n;
}

/* What follows a tag's name; *empty when it ends in '/'. */
static size_t attributes(struct tidier *t, size_t i, bool *empty)
{
	struct str s = t->in;
	for (*empty = false; i < s.n && s.p[i] != '>' && s.p[i] != '<';) {
		char c = s.p[i];
		*empty = c == '/' || (*empty && xml_space(c));
		i = c == '/' || xml_space(c) ? i + 1 : attribute(t, i);
	}
	return i;
}

/* The start tag at s[i] == '<'. One that the page breaks off in is left out: half
 * a link is none. */
static size_t start_tag(struct tidier *t, size_t i)
{
	struct str s = t->in;
	bool empty;
	size_t begin = t->out->n, end = name_end(s, i + 1);
	struct str name = str_sub(s, i + 1, end);
	if (!name_valid(name) || !name_ends(s, end)) {
		buf_addz(t->out, "&lt;");
		return i + 1;
	}
	buf_add(t->out, str_sub(s, i, end));
	size_t behind_name = t->out->n;
	end = attributes(t, end, &empty);
	bool bare = t->out->n == behind_name;
	if (end >= s.n || (s.p[end] == '<' && bare)) {
		if (!t->out->failed)
			t->out->n = begin;
		buf_addz(t->out, end < s.n ? "&lt;" : "");
		return end < s.n ? i + 1 : end;
	}
	empty = empty || (never_closed(name, bare) && !closed_next(s, end, name));
	buf_addz(t->out, empty ? "/>" : ">");
	if (!empty && t->depth++ < OPEN_MAX)
		t->open[t->depth - 1] = name;
	return s.p[end] == '>' ? end + 1 : end;
}

static void close_element(struct tidier *t, struct str name)
{
	buf_addz(t->out, "</");
	buf_add(t->out, name);
	buf_addc(t->out, '>');
	t->depth--;
}

/* Whether an end tag that closes nothing was meant for the innermost element. */
static bool meant(struct str name, struct str open)
{
	struct str local;
	(void)str_cut(open, ':', &local);
	return str_ieq(name, local) ||
	       (name.n >= TYPO_MIN && open.n >= TYPO_MIN && str_distance(name, open) == 1);
}

/* The number, from 1, of the open element that an end tag closes; 0 = none. */
static size_t closed_by(struct tidier *t, struct str name)
{
	size_t k = t->depth, lowest = t->looks < LOOKS_MAX || k == 0 ? 0 : k - 1;
	while (k > lowest && !str_ieq(t->open[k - 1], name))
		k--;
	if (k > lowest)
		return k;
	t->looks += t->depth - lowest;
	return t->depth > 0 && meant(name, t->open[t->depth - 1]) ? t->depth : 0;
}

/* The end tag at s[i] == '<'. */
static size_t end_tag(struct tidier *t, size_t i)
{
	struct str s = t->in;
	size_t from = skip_spaces(s, i + 2), end = name_end(s, from);
	struct str name = str_sub(s, from, end);
	while (end < s.n && s.p[end] != '>' && s.p[end] != '<')
		end++;
	end += end < s.n && s.p[end] == '>';
	if (t->depth > OPEN_MAX) {
		close_element(t, name);
		return end;
	}
	size_t k = closed_by(t, name);
	while (k > 0 && t->depth >= k)
		close_element(t, t->open[t->depth - 1]);
	return end;
}

static size_t cdata(struct tidier *t, size_t i)
{
	size_t end = behind(t->in, i, STR("]]>"));
	struct str section = str_sub(t->in, i, end);
	buf_add(t->out, section);
	if (!str_ends(section, STR("]]>")))
		buf_addz(t->out, "]]>");
	return end;
}

/* A comment that nobody closed is taken for text: it must not cost the items behind it. */
static size_t comment(struct tidier *t, size_t i)
{
	size_t end = t->no_comment_end ? SIZE_MAX : str_find(from_here(t->in, i + 4), STR("-->"));
	t->no_comment_end = end == SIZE_MAX;
	return end == SIZE_MAX ? i + 4 : i + 4 + end + 3;
}

/* A processing instruction may hold anything but its end; one that is not closed before
 * the next of them was never meant to be longer than a tag. */
static size_t instruction(struct str s, size_t i)
{
	size_t next = next_of(s, i + 2, s.n, STR("<?")), close = next_of(s, i + 2, next, STR("?>"));
	return close < next ? close + 2 : behind(s, i, STR(">"));
}

/* The tag or other markup at s[i] == '<'. */
static size_t markup(struct tidier *t, size_t i)
{
	struct str rest = from_here(t->in, i);
	char c = rest.n > 1 ? rest.p[1] : '\0';
	if (name_start(c))
		return start_tag(t, i);
	if (c == '/')
		return end_tag(t, i);
	if (c == '?')
		return instruction(t->in, i);
	if (str_starts(rest, STR("<!--")))
		return comment(t, i);
	if (str_starts(rest, STR("<![CDATA[")))
		return cdata(t, i);
	if (str_istarts(rest, STR("<!DOCTYPE")))
		return doctype(t->in, i + 9, &t->bad);
	buf_addz(t->out, "&lt;");
	return i + 1;
}

enum err tidy_xml(struct str in, struct buf *out, struct error *e)
{
	struct tidier t = {.in = in, .out = out};
	*out = buf_init(TIDY_MAX);
	size_t i = str_find_char(in, '<');
	if (i == SIZE_MAX)
		i = in.n;
	while (i < in.n && !t.bad) {
		size_t n = str_find_char(from_here(in, i), '<'), end = n == SIZE_MAX ? in.n : i + n;
		if (t.depth > 0)
			text(&t, i, end);
		i = end < in.n ? markup(&t, end) : end;
	}
	t.depth = t.depth < OPEN_MAX ? t.depth : OPEN_MAX;
	while (t.depth > 0)
		close_element(&t, t.open[t.depth - 1]);
	if (!t.bad && !out->failed)
		return ERR_OK;
	buf_free(out);
	if (t.bad)
		return err_set(e, ERR_INPUT, "it declares entities, which a feed has no need of");
	return err_set(e, ERR_LIMIT, "too large to read as XML");
}
