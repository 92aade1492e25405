/* SPDX-License-Identifier: MIT
 *
 * HTML of feeds and portals to readable text, in one pass and linear time. Bytes
 * go in, whatever they are; tidy UTF-8 comes out: paragraphs separated by one
 * line break, other white space single spaces, no control characters.
 *
 * A scanner and not a parser: only text counts, nesting does not matter to it,
 * and half of the fields are fragments. Attributes are read as the standard
 * reads them, so that a '>' inside quotes ends nothing.
 */
#include "model/internal.h"

#include "base/buf.h"

#define TAG_NAME_MAX 24 /* bytes of a tag's name that is looked at */
#define GROWTH	     3	/* one malformed byte becomes the three of U+FFFD */
#define ROUNDS	     2	/* HTML that was escaped once more inside HTML */

enum tag_effect {
	TAG_INLINE, /* nothing */
	TAG_BREAK,  /* breaks the line */
	TAG_SPACE,  /* separates words */
	TAG_DROP,   /* goes with its content */
};

static const struct {
	enum tag_effect effect;
	const char *names;
} tags[] = {
	/* The common ones first. */
	{TAG_INLINE, "a span strong b em i"},
	{TAG_BREAK, "p br div li ul h1 h2 h3 h4 h5 h6 ol tr table tbody address article aside blockquote "
		    "body center "
		    "dd details dialog dir dl dt fieldset figcaption figure footer form header hgroup hr "
		    "html legend "
		    "main menu nav optgroup option pre section summary tfoot thead caption"},
	{TAG_SPACE, "td th button select input img"},
	{TAG_DROP, "script style template title iframe noembed noframes"},
	{TAG_INLINE, "abbr acronym bdi bdo big cite code data del dfn font head ins kbd label link mark meta "
		     "noscript output "
		     "q rp rt ruby s samp small strike sub sup time tt u var wbr svg math textarea xmp "
		     "object embed video "
		     "audio source picture canvas col colgroup base area map"},
};

/* Numeric references 0x80-0x9F mean windows-1252; 0 = no character there. */
static const uint16_t windows1252[32] = {
	0x20AC,
	0,
	0x201A,
	0x0192,
	0x201E,
	0x2026,
	0x2020,
	0x2021,
	0x02C6,
	0x2030,
	0x0160,
	0x2039,
	0x0152,
	0,
	0x017D,
	0,
	0,
	0x2018,
	0x2019,
	0x201C,
	0x201D,
	0x2022,
	0x2013,
	0x2014,
	0x02DC,
	0x2122,
	0x0161,
	0x203A,
	0x0153,
	0,
	0x017E,
	0x0178,
};

struct html_scan {
	struct str s;
	size_t at;
	struct buf out;
	bool keep_lines;  /* a line break in the text is one (there are no tags) */
	bool space, line; /* to be written before the next character */
	bool no_quote[2]; /* no further " or ' to the end: not searched again */
	bool no_end;	  /* no further '>' */
};

/* ---- writing ----------------------------------------------------------- */

static bool is_space_char(uint32_t c)
{
	return c <= 0x20 || (c >= 0x7F && c <= 0xA0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x202F || c == 0x205F || c == 0x3000;
}

/* Zero-width, soft hyphen, marks of direction, byte order mark. */
static bool is_invisible(uint32_t c)
{
	return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
	       (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static void flush_space(struct html_scan *h)
{
	if (h->out.n > 0 && h->line)
		buf_addc(&h->out, '\n');
	else if (h->out.n > 0 && h->space)
		buf_addc(&h->out, ' ');
	h->line = h->space = false;
}

static void put_char(struct html_scan *h, uint32_t c)
{
	if (c == 0x2028 || c == 0x2029 || (h->keep_lines && c == '\n'))
		h->line = true;
	else if (is_space_char(c))
		h->space = true;
	else if (!is_invisible(c)) {
		flush_space(h);
		buf_utf8(&h->out, c);
	}
}

/* ---- character references ---------------------------------------------- */

static bool hex_value(char c, uint32_t *out)
{
	if (c >= '0' && c <= '9')
		*out = (uint32_t)(c - '0');
	else if ((c | 32) >= 'a' && (c | 32) <= 'f')
		*out = (uint32_t)((c | 32) - 'a' + 10);
	else
		return false;
	return true;
}

uint32_t numbered_char(uint32_t v)
{
	if (v >= 0x80 && v < 0xA0 && windows1252[v - 0x80] != 0)
		return windows1252[v - 0x80];
	return v == 0 || v > 0x10FFFF ? 0xFFFD : v;
}

/* "&#8211;" and "&#x2013" at `at`: its end, or 0. */
static size_t numeric_reference(struct str s, size_t at, uint32_t *c)
{
	bool hex = at + 2 < s.n && (s.p[at + 2] | 32) == 'x';
	size_t from = at + (hex ? 3 : 2), i = from;
	uint32_t v = 0, digit;
	for (; i < s.n && hex_value(s.p[i], &digit) && (hex || digit < 10); i++)
		v = v > 0x10FFFF ? v : v * (hex ? 16 : 10) + digit;
	if (i == from)
		return 0;
	*c = numbered_char(v);
	return i < s.n && s.p[i] == ';' ? i + 1 : i;
}

static bool ascii_alnum(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* "&eacute;" and "&eacute" at `at`: its end, or 0. */
static size_t named_reference(struct str s, size_t at, const struct entity **e)
{
	size_t n = 0;
	while (n < ENTITY_NAME_MAX && at + 1 + n < s.n && ascii_alnum(s.p[at + 1 + n]))
		n++;
	size_t behind = at + 1 + n;
	if (behind < s.n && s.p[behind] == ';') {
		*e = entity_by_name(str_sub(s, at + 1, behind));
		if (*e != NULL)
			return behind + 1;
	}
	for (n = n < ENTITY_LEGACY_MAX ? n : ENTITY_LEGACY_MAX; n >= 2; n--) {
		*e = entity_by_name(str_sub(s, at + 1, at + 1 + n));
		if (*e != NULL && (*e)->legacy)
			return at + 1 + n;
	}
	return 0;
}

/* The reference at `at` ('&'): up to two code points and its end; 0 = none. */
static size_t reference(struct str s, size_t at, uint32_t c[static 2])
{
	const struct entity *e = NULL;
	c[1] = 0;
	if (at + 1 < s.n && s.p[at + 1] == '#')
		return numeric_reference(s, at, &c[0]);
	size_t end = named_reference(s, at, &e);
	if (end != 0) {
		c[0] = e->first;
		c[1] = e->second;
	}
	return end;
}

static void put_reference(struct html_scan *h)
{
	uint32_t c[2];
	size_t end = reference(h->s, h->at, c);
	if (end == 0) {
		put_char(h, '&');
		h->at++;
		return;
	}
	put_char(h, c[0]);
	if (c[1] != 0)
		put_char(h, c[1]);
	h->at = end;
}

/* ---- tags -------------------------------------------------------------- */

static bool name_char(char c)
{
	return ascii_alnum(c) || c == '-' || c == ':' || c == '_' || c == '.';
}

/* The name of the tag at `at` ('<'), behind its '/'; empty when none begins there. */
static struct str tag_name(struct str s, size_t at)
{
	size_t from = at + 1;
	if (from < s.n && s.p[from] == '/')
		from++;
	size_t to = from;
	while (to < s.n && name_char(s.p[to]))
		to++;
	bool letter = to > from && (s.p[from] | 32) >= 'a' && (s.p[from] | 32) <= 'z';
	/* "<john@site.org>" and "<https://site.org>" are text. */
	bool ends = to == s.n || is_space_char((unsigned char)s.p[to]) || s.p[to] == '>' || s.p[to] == '/';
	bool link = letter && s.p[to - 1] == ':';
	return letter && ends && !link ? str_sub(s, from, to) : (struct str){0};
}

static bool tag_known(struct str name, enum tag_effect *effect)
{
	struct word w = {0};
	if (name.n == 0 || name.n > TAG_NAME_MAX)
		return false;
	for (size_t i = 0; i < name.n; i++)
		w.p[i] = (char)(name.p[i] | (name.p[i] >= 'A' && name.p[i] <= 'Z' ? 32 : 0));
	w.n = name.n;
	for (size_t i = 0; i < COUNT(tags); i++)
		if (word_in(&w, tags[i].names)) {
			*effect = tags[i].effect;
			return true;
		}
	return false;
}

/* Behind the quoted value that begins at `at`; `at` when it never ends. */
static size_t skip_quoted(struct html_scan *h, size_t at)
{
	char quote = h->s.p[at];
	bool *none = &h->no_quote[quote == '"' ? 0 : 1];
	const char *end = *none ? NULL : memchr(h->s.p + at + 1, quote, h->s.n - at - 1);
	*none = end == NULL;
	return end == NULL ? at : (size_t)(end - h->s.p) + 1;
}

/* Behind the '>' of the tag whose name ends at `at`; 0 when it never ends. */
static size_t tag_end(struct html_scan *h, size_t at)
{
	bool value = false; /* a '=' came before: a quote here opens a value */
	if (h->no_end)
		return 0;
	while (at < h->s.n && h->s.p[at] != '>') {
		char c = h->s.p[at];
		size_t behind = value && (c == '"' || c == '\'') ? skip_quoted(h, at) : at;
		if (!is_space_char((unsigned char)c))
			value = c == '=';
		at = behind > at ? behind : at + 1;
	}
	if (at < h->s.n)
		return at + 1;
	h->no_end = true;
	return 0;
}

/* The offset at or behind `from` where "</name" begins, or the end of the text. */
static size_t closing_tag(struct str s, size_t from, struct str name)
{
	for (size_t i = from; i < s.n; i++) {
		const char *p = memchr(s.p + i, '<', s.n - i);
		if (p == NULL)
			break;
		i = (size_t)(p - s.p);
		if (i + 1 < s.n && s.p[i + 1] == '/' && str_ieq(tag_name(s, i), name))
			return i;
	}
	return s.n;
}

static void put_tag(struct html_scan *h, struct str name, enum tag_effect effect)
{
	size_t end = tag_end(h, (size_t)(name.p - h->s.p) + name.n);
	bool opens = h->s.p[h->at + 1] != '/';
	if (effect == TAG_BREAK)
		h->line = true;
	if (effect == TAG_SPACE)
		h->space = true;
	/* A text cut inside a tag ends there. */
	h->at = end == 0 ? h->s.n : end;
	if (effect == TAG_DROP && opens && h->at >= 2 && h->s.p[h->at - 2] != '/')
		h->at = closing_tag(h->s, h->at, name);
}

/* ---- comments and other declarations ----------------------------------- */

static void skip_tag(struct html_scan *h)
{
	size_t n = str_find_char(str_sub(h->s, h->at, h->s.n), '>');
	h->at = n == SIZE_MAX ? h->s.n : h->at + n + 1;
}

/* A comment ends in "-->" or, by a slip that browsers forgive, in "--!>". */
static void skip_comment(struct html_scan *h, size_t from)
{
	for (size_t i = from, n; (n = str_find(str_sub(h->s, i, h->s.n), STR("--"))) != SIZE_MAX; i++) {
		i += n;
		size_t end = i + 2 + (i + 2 < h->s.n && h->s.p[i + 2] == '!');
		if (end < h->s.n && h->s.p[end] == '>') {
			h->at = end + 1;
			return;
		}
	}
	h->at = h->s.n;
}

/* "<!-- -->", "<!doctype>", "<?xml?>", and the marks of CDATA, whose content is text. */
static void skip_declaration(struct html_scan *h)
{
	struct str rest = str_sub(h->s, h->at, h->s.n);
	if (str_starts(rest, STR("<![CDATA[")))
		h->at += strlen("<![CDATA[");
	else if (str_starts(rest, STR("<!-->")))
		h->at += strlen("<!-->");
	else if (str_starts(rest, STR("<!--->")))
		h->at += strlen("<!--->");
	else if (str_starts(rest, STR("<!--")))
		skip_comment(h, h->at + 4);
	else
		skip_tag(h);
}

/* At '<'. */
static void put_markup(struct html_scan *h)
{
	char next = h->at + 1 < h->s.n ? h->s.p[h->at + 1] : '\0';
	enum tag_effect effect = TAG_INLINE;
	struct str name = tag_name(h->s, h->at);
	if (next == '!' || next == '?') {
		skip_declaration(h);
		return;
	}
	bool known = tag_known(name, &effect);
	if (known || (name.n > 0 && tag_end(h, h->at + 1) != 0)) {
		put_tag(h, name, effect);
		return;
	}
	put_char(h, '<');
	h->at++;
}

/* ---- rounds ------------------------------------------------------------ */

/* Whether a known tag or a comment begins at `at` ('<'). */
static bool markup_at(struct str s, size_t at)
{
	enum tag_effect effect;
	struct str rest = str_sub(s, at, s.n);
	return tag_known(tag_name(s, at), &effect) || str_starts(rest, STR("<!--")) ||
	       str_starts(rest, STR("<![CDATA["));
}

static bool has_tags(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		const char *p = memchr(s.p + i, '<', s.n - i);
		if (p == NULL)
			return false;
		i = (size_t)(p - s.p);
		if (markup_at(s, i))
			return true;
	}
	return false;
}

/* Whether a reference that ends in ';' is in the text. */
static bool has_references(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint32_t c[2];
		const char *p = memchr(s.p + i, '&', s.n - i);
		if (p == NULL)
			return false;
		i = (size_t)(p - s.p);
		size_t end = reference(s, i, c);
		if (end != 0 && s.p[end - 1] == ';')
			return true;
	}
	return false;
}

static struct buf text_round(struct str html, bool keep_lines)
{
	struct html_scan h = {.s = html, .out = buf_init(html.n * GROWTH + 4), .keep_lines = keep_lines};
	while (h.at < html.n) {
		char c = html.p[h.at];
		if (c == '<')
			put_markup(&h);
		else if (c == '&')
			put_reference(&h);
		else if (c == ']' && str_starts(str_sub(html, h.at, html.n), STR("]]>")))
			h.at += strlen("]]>");
		else
			put_char(&h, utf8_next(html, &h.at));
	}
	return h.out;
}

struct str html_text(struct arena *a, struct str html)
{
	bool tags_before = has_tags(html);
	struct buf text = text_round(html, !tags_before);
	for (int round = 1; round < ROUNDS; round++) {
		struct str s = buf_str(&text);
		bool more_tags = has_tags(s);
		if (!more_tags && !has_references(s))
			break;
		struct buf next = text_round(s, tags_before || !more_tags);
		buf_free(&text);
		text = next;
	}
	return buf_take(&text, a);
}

struct str plain_line(struct arena *a, struct str html)
{
	struct str s = html_text(a, html);
	char *line = arena_strndup(a, s.p, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	return (struct str){line, s.n};
}
