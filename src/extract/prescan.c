/* SPDX-License-Identifier: MIT
 *
 * What the first 1,024 bytes of a page say about its encoding: the XML
 * declaration, else HTML's meta elements by the "prescan" of the HTML standard.
 * In: bytes; out: a known label.
 */
#include "extract/parts.h"

#define PRESCAN_MAX ((size_t)1024) /* bytes looked at */

/* What one meta element said. */
struct meta {
	struct str charset, content;
	bool pragma; /* http-equiv="content-type" */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t skip_spaces(struct str s, size_t i)
{
	while (i < s.n && is_space(s.p[i]))
		i++;
	return i;
}

/* The value behind `key` and '=' within `s`, quoted or bare; empty = none. */
static struct str value_of(struct str s, struct str key)
{
	for (;;) {
		size_t at = str_ifind(s, key);
		if (at == SIZE_MAX)
			return (struct str){0};
		s = str_sub(s, at + key.n, s.n);
		size_t i = skip_spaces(s, 0);
		if (i >= s.n || s.p[i] != '=')
			continue;
		i = skip_spaces(s, i + 1);
		if (i >= s.n)
			return (struct str){0};
		char quote = s.p[i];
		size_t from = i + 1, to;
		if (quote == '"' || quote == '\'') {
			to = str_find_char(str_sub(s, from, s.n), quote);
			return to == SIZE_MAX ? (struct str){0} : str_sub(s, from, from + to);
		}
		for (to = i; to < s.n && !is_space(s.p[to]) && s.p[to] != ';'; to++)
			;
		return str_sub(s, i, to);
	}
}

/* Offset of the end of an attribute's name from `i`. */
static size_t name_end(struct str s, size_t i)
{
	while (i < s.n && s.p[i] != '=' && s.p[i] != '>' && s.p[i] != '/' && !is_space(s.p[i]))
		i++;
	return i;
}

/* Reads the value at s[*at], quoted or bare; false when a quote is left open. */
static bool attribute_value(struct str s, size_t *at, struct str *value)
{
	char quote = *at < s.n ? s.p[*at] : '\0';
	bool quoted = quote == '"' || quote == '\'';
	size_t from = quoted ? *at + 1 : *at, i = from;
	while (i < s.n && (quoted ? s.p[i] != quote : s.p[i] != '>' && !is_space(s.p[i])))
		i++;
	*value = str_sub(s, from, i);
	*at = quoted ? i + 1 : i;
	return !quoted || i < s.n;
}

/* Reads one attribute from s[*at]; false at the tag's end. */
static bool attribute(struct str s, size_t *at, struct str *name, struct str *value)
{
	while (*at < s.n && (is_space(s.p[*at]) || s.p[*at] == '/'))
		*at += 1;
	size_t from = *at;
	*at = name_end(s, from);
	*name = str_sub(s, from, *at);
	*value = (struct str){0};
	if (*at >= s.n || name->n == 0)
		return false;
	size_t equals = skip_spaces(s, *at);
	if (equals >= s.n || s.p[equals] != '=')
		return true;
	*at = skip_spaces(s, equals + 1);
	return attribute_value(s, at, value);
}

static void note_attribute(struct meta *m, struct str name, struct str value)
{
	if (str_ieq(name, STR("http-equiv")))
		m->pragma = m->pragma || str_ieq(value, STR("content-type"));
	else if (str_ieq(name, STR("charset")) && m->charset.p == NULL)
		m->charset = value;
	else if (str_ieq(name, STR("content")) && m->content.p == NULL)
		m->content = value_of(value, STR("charset"));
}

/* The tag at s[*at] ('<' and a letter or "</"): moves *at behind its attributes. */
static struct str tag_charset(struct str s, size_t *at)
{
	size_t from = *at + 1;
	size_t i = from;
	while (i < s.n && !is_space(s.p[i]) && s.p[i] != '>' && s.p[i] != '/')
		i++;
	bool meta = str_ieq(str_sub(s, from, i), STR("meta"));
	struct meta m = {0};
	struct str name, value;
	while (attribute(s, &i, &name, &value))
		note_attribute(&m, name, value);
	*at = i;
	if (!meta || i >= s.n)
		return (struct str){0};
	return m.charset.n > 0 ? m.charset : m.pragma ? m.content : (struct str){0};
}

static size_t behind(struct str s, size_t from, struct str what)
{
	size_t at = str_find(str_sub(s, from, s.n), what);
	return at == SIZE_MAX ? s.n : from + at + what.n;
}

static struct str by_meta(struct str s)
{
	size_t next;
	for (size_t i = 0; (next = str_find_char(str_sub(s, i, s.n), '<')) != SIZE_MAX;) {
		i += next;
		struct str rest = str_sub(s, i, s.n);
		char c = rest.n > 1 ? rest.p[1] : '\0';
		bool close = c == '/' && rest.n > 2 && is_letter(rest.p[2]);
		if (str_starts(rest, STR("<!--"))) {
			i = behind(s, i + 2, STR("-->"));
		} else if (is_letter(c) || close) {
			i += close ? 1 : 0;
			struct str label = tag_charset(s, &i);
			if (charset_known(label))
				return label;
		} else if (c == '!' || c == '/' || c == '?') {
			i = behind(s, i, STR(">"));
		} else {
			i++;
		}
	}
	return (struct str){0};
}

struct str prescan(struct str bytes)
{
	struct str head = str_sub(bytes, 0, PRESCAN_MAX);
	size_t at = str_find(head, STR("<?xml"));
	if (at != SIZE_MAX) {
		struct str declaration = str_sub(head, at, behind(head, at, STR("?>")));
		struct str label = value_of(declaration, STR("encoding"));
		if (charset_known(label))
			return label;
	}
	return by_meta(head);
}
