/* SPDX-License-Identifier: MIT
 *
 * Files taken apart into sections, entries and lines; entries made into values
 * whose every byte still knows its place.
 */
#include "conf/section.h"

#include "base/buf.h"

#define NBSP	    0x00A0
#define FIGURE_SP   0x2007
#define NARROW_NBSP 0x202F
#define EN_DASH	    0x2013
#define MINUS_SIGN  0x2212

enum after {	       /* what a line that starts with white space continues */
	AFTER_NOTHING, /* nothing: an error */
	AFTER_VALUE,   /* the last entry */
	AFTER_FAULT,   /* a line already complained about */
};

struct lexer {
	struct arena *keep, *scratch;
	struct diags *d;
	struct lexed *out;
	int line;
	enum after after;
	bool said_no_section;
};

/* ---- characters --------------------------------------------------------- */

int text_chars(struct str s)
{
	int n = 0;
	for (size_t i = 0; i < s.n; n++)
		(void)utf8_next(s, &i);
	return n;
}

static bool blank_char(uint32_t c)
{
	return c == ' ' || c == '\t' || c == NBSP || c == FIGURE_SP || c == NARROW_NBSP;
}

struct str text_trim(struct str s)
{
	size_t from = 0, to = 0;
	for (size_t i = 0; i < s.n;) {
		if (!blank_char(utf8_next(s, &i)))
			to = i;
		else if (to == 0)
			from = i;
	}
	return str_sub(s, from, to);
}

static uint32_t plain_char(uint32_t c, bool starts_word)
{
	switch (c) {
	case 0x201C: /* curly double quotes: opening, closing, low */
	case 0x201D:
	case 0x201E:
		return '"';
	case 0x2018: /* curly single quotes */
	case 0x2019:
		return '\'';
	case EN_DASH:
	case MINUS_SIGN:
		return starts_word ? '-' : c;
	}
	return blank_char(c) && c != '\t' ? ' ' : c;
}

/* The character at *i made plain; moves *i behind it. *c is the character before it,
 * and then itself. */
static uint32_t next_plain(struct str s, size_t *i, uint32_t *c)
{
	uint32_t before = *c;
	*c = utf8_next(s, i);
	size_t ahead = *i;
	bool word_follows = *i < s.n && !blank_char(utf8_next(s, &ahead));
	return plain_char(*c, (blank_char(before) || before == '(') && word_follows);
}

static bool ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

struct str text_plain(struct arena *a, struct str s)
{
	if (ascii(s))
		return s;
	struct buf b = buf_init(3 * s.n);
	uint32_t c = ' ';
	for (size_t i = 0; i < s.n;)
		buf_utf8(&b, next_plain(s, &i, &c));
	return buf_take(&b, a);
}

static struct place place_in(const struct lexer *x, struct str line, size_t from, size_t to)
{
	struct place at = {.file = x->out->file, .line = x->line, .text = line};
	at.col = text_chars(str_sub(line, 0, from)) + 1;
	at.width = text_chars(str_sub(line, from, to));
	if (at.width < 1)
		at.width = 1;
	return at;
}

/* ---- making lines clean --------------------------------------------------- */

static bool control_char(uint32_t c)
{
	return c != '\t' && (c < 0x20 || (c >= 0x7F && c < 0xA0));
}

/* The line with what can't be text replaced; the first such place is an error. */
static struct str clean_line(struct lexer *x, struct str line)
{
	struct buf b = buf_init(3 * line.n);
	size_t bad_at = SIZE_MAX;
	uint32_t bad = 0;
	for (size_t i = 0; i < line.n;) {
		size_t at = i;
		uint32_t c = utf8_next(line, &i);
		bool broken = c == 0xFFFD && i - at == 1;
		if ((broken || control_char(c)) && bad_at == SIZE_MAX) {
			bad_at = b.n;
			bad = c;
		}
		buf_utf8(&b, control_char(c) ? ' ' : c);
	}
	struct str clean = buf_take(&b, x->keep);
	if (bad_at == SIZE_MAX)
		return clean;
	struct place at = place_in(x, clean, bad_at, bad_at);
	if (bad == 0xFFFD)
		diag_add(x->d, DIAG_ERROR, at, "save the file as UTF-8 in your editor",
			"this character can't be read: the file is not in UTF-8");
	else
		diag_add(x->d, DIAG_ERROR, at, "delete it, or type the line anew",
			"there is an invisible control character here (code %u)", (unsigned)bad);
	return clean;
}

/* Remembers what of the line is read otherwise than it is written. */
static void note_odd(struct lexer *x, struct str line)
{
	uint32_t c = ' ';
	for (size_t i = ascii(line) ? line.n : 0; i < line.n;) {
		size_t at = i;
		uint32_t plain = next_plain(line, &i, &c);
		if (plain == c)
			continue;
		if (x->out->odd_at.line == 0)
			x->out->odd_at = place_in(x, line, at, i);
		x->out->odd |= plain == ' ' ? ODD_SPACES : plain == '-' ? ODD_DASHES : ODD_QUOTES;
	}
}

/* ---- lines ----------------------------------------------------------------- */

static void add_line(struct lexer *x, struct str line, struct str text)
{
	size_t from = text.n == 0 ? 0 : (size_t)(text.p - line.p);
	struct line l = {.text = text, .at = place_in(x, line, from, from + text.n)};
	*vec_push(x->scratch, &x->out->lines) = l;
	x->out->entries.v[x->out->entries.n - 1].count++;
}

/* An indented header would silently become part of the value above. */
static bool header_like(struct str text)
{
	static const char *const kinds[] = {"fundwatch", "profile", "rules", "synonyms", "test", "source"};
	struct str rest, word;
	if (text.n == 0 || text.p[0] != '[' || text.p[text.n - 1] != ']')
		return false;
	word = str_word(str_sub(text, 1, text.n - 1), &rest);
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (str_eq(word, str_of(kinds[i])))
			return true;
	return false;
}

static void read_continuation(struct lexer *x, struct str line, struct str text)
{
	size_t from = (size_t)(text.p - line.p);
	if (header_like(text)) {
		diag_add(x->d, DIAG_ERROR, place_in(x, line, from, from + text.n),
			"delete the spaces before it",
			"a section header must start at the beginning of its line");
		return;
	}
	if (x->after == AFTER_VALUE) {
		add_line(x, line, text);
		return;
	}
	if (x->after == AFTER_NOTHING)
		diag_add(x->d, DIAG_ERROR, place_in(x, line, from, from + text.n),
			"if it is a key of its own, delete the spaces before it",
			"this line starts with white space, so it continues the value above; there is none");
	x->after = AFTER_FAULT;
}

static void add_section(struct lexer *x, struct place at, struct str inside)
{
	struct str id, kind = str_word(text_plain(x->keep, inside), &id);
	struct section s = {.kind = kind, .id = str_trim(id), .at = at, .first = x->out->entries.n};
	*vec_push(x->scratch, &x->out->sections) = s;
	x->after = AFTER_NOTHING;
}

static void read_header(struct lexer *x, struct str line)
{
	struct str text = text_trim(line);
	size_t close = str_find_char(text, ']');
	struct place at = place_in(x, line, 0, text.n);
	if (close == SIZE_MAX) {
		diag_add(x->d, DIAG_ERROR, at, "a section starts like this: [profile celltech]",
			"the '[' has no ']' behind it");
		add_section(x, at, str_sub(text, 1, text.n));
		return;
	}
	if (close + 1 < text.n)
		diag_add(x->d, DIAG_ERROR, place_in(x, line, close + 1, text.n),
			"write it on a line of its own",
			"nothing may stand behind the ']' of a section's header");
	add_section(x, at, text_trim(str_sub(text, 1, close)));
}

/* Words separated by one space each, characters plain. */
static struct str collapse(struct arena *a, struct str s)
{
	struct buf b = buf_init(s.n * 3);
	struct str rest = text_plain(a, s), word;
	while ((word = str_word(rest, &rest)).n > 0) {
		if (b.n > 0)
			buf_addc(&b, ' ');
		buf_add(&b, word);
	}
	return buf_take(&b, a);
}

static void read_entry(struct lexer *x, struct str line)
{
	size_t colon = str_find_char(line, ':');
	struct str text = text_trim(line);
	if (x->out->sections.n == 0) {
		if (!x->said_no_section)
			diag_add(x->d, DIAG_ERROR, place_in(x, line, 0, text.n),
				"start with a section, such as [profile celltech]",
				"this stands before the first section");
		x->said_no_section = true;
		x->after = AFTER_FAULT;
		return;
	}
	struct str key = text_trim(str_sub(line, 0, colon));
	if (colon == SIZE_MAX || key.n == 0) {
		diag_add(x->d, DIAG_ERROR, place_in(x, line, 0, text.n),
			"if it continues the line above, start it with a space; if it is a remark, with #",
			colon == SIZE_MAX ? "expected 'key: value', but there is no ':' in this line"
					  : "expected 'key: value', but there is nothing before the ':'");
		x->after = AFTER_FAULT;
		return;
	}
	struct entry e = {
		.key = collapse(x->keep, key),
		.key_at = place_in(x, line, 0, key.n),
		.first = x->out->lines.n,
	};
	*vec_push(x->scratch, &x->out->entries) = e;
	x->out->sections.v[x->out->sections.n - 1].count++;
	add_line(x, line, text_trim(str_sub(line, colon + 1, line.n)));
	x->after = AFTER_VALUE;
}

static void read_line(struct lexer *x, struct str raw)
{
	if (raw.n > CONF_LINE_MAX) {
		struct place at = {.file = x->out->file, .line = x->line};
		diag_add(x->d, DIAG_ERROR, at, NULL,
			"this line has more than %d bytes; break it into several", CONF_LINE_MAX);
		return;
	}
	if (raw.n == 0 || raw.p[0] == '#')
		return;
	struct str line = clean_line(x, raw), text = text_trim(line);
	size_t first = 0;
	if (text.n == 0)
		return;
	note_odd(x, line);
	if (blank_char(utf8_next(line, &first)))
		read_continuation(x, line, text);
	else if (line.p[0] == '[')
		read_header(x, line);
	else
		read_entry(x, line);
}

/* What some editors call "Unicode": two bytes a letter. */
static bool looks_utf16(struct str bytes)
{
	return str_starts(bytes, STR("\xFF\xFE")) || str_starts(bytes, STR("\xFE\xFF")) ||
	       (bytes.n >= 2 && (bytes.p[0] == '\0' || bytes.p[1] == '\0'));
}

void lex_file(struct arena *keep, struct arena *scratch, struct str file, struct str bytes, struct diags *d,
	struct lexed *out)
{
	*out = (struct lexed){.file = file, .odd_at.file = file};
	struct lexer x = {.keep = keep, .scratch = scratch, .d = d, .out = out};
	struct place whole = {.file = file};
	if (looks_utf16(bytes)) {
		diag_add(d, DIAG_ERROR, whole, "save it as UTF-8 in your editor",
			"this file can't be read: it is UTF-16 or no text at all");
		return;
	}
	if (str_starts(bytes, STR("\xEF\xBB\xBF"))) {
		bytes = str_sub(bytes, 3, bytes.n);
		out->odd |= ODD_MARK;
	}
	while (bytes.n > 0) {
		if (++x.line > CONF_LINES_MAX) {
			diag_add(d, DIAG_ERROR, whole, NULL, "this file has more than %d lines; split it",
				CONF_LINES_MAX);
			return;
		}
		struct str raw = str_cut(bytes, '\n', &bytes);
		if (str_ends(raw, STR("\r"))) {
			raw.n--;
			out->odd |= ODD_LINE_ENDS;
		}
		read_line(&x, raw);
	}
}

/* ---- values ------------------------------------------------------------------ */

struct value entry_value(struct arena *a, const struct lexed *f, const struct entry *e, enum value_form form)
{
	struct segment *segments = arena_make_n(a, e->count, struct segment);
	struct value v = {.at = e->key_at, .key = e->key, .key_at = e->key_at, .segments = segments};
	size_t bytes = 0;
	for (size_t i = 0; i < e->count; i++)
		bytes += f->lines.v[e->first + i].text.n + 1;
	struct buf b = buf_init(3 * bytes);
	for (size_t i = 0; i < e->count; i++) {
		const struct line *l = &f->lines.v[e->first + i];
		if (l->text.n == 0)
			continue;
		if (b.n > 0)
			buf_addc(&b, form == VALUE_LINES ? '\n' : ' ');
		struct str text = form == VALUE_PLAIN ? text_plain(a, l->text) : l->text;
		segments[v.segment_count++] = (struct segment){.offset = b.n, .n = text.n, .at = l->at};
		buf_add(&b, text);
	}
	v.text = buf_take(&b, a);
	if (v.segment_count > 0)
		v.at = segments[0].at;
	return v;
}

struct place value_place(const struct value *v, size_t offset, size_t n)
{
	if (v->segment_count == 0)
		return v->at;
	const struct segment *s = &v->segments[0];
	for (size_t i = 1; i < v->segment_count && v->segments[i].offset <= offset; i++)
		s = &v->segments[i];
	size_t end = s->offset + s->n, last = offset + n;
	if (last > end || last < offset)
		last = end;
	struct place at = s->at;
	at.col += text_chars(str_sub(v->text, s->offset, offset));
	at.width = text_chars(str_sub(v->text, offset, last));
	if (at.width < 1)
		at.width = 1;
	return at;
}

struct value value_part(struct arena *a, const struct value *v, struct str part)
{
	struct segment *s = arena_make(a, struct segment);
	struct place at = value_place(v, (size_t)(part.p - v->text.p), part.n);
	*s = (struct segment){.offset = 0, .n = part.n, .at = at};
	return (struct value){.text = part,
		.at = at,
		.key = v->key,
		.key_at = v->key_at,
		.segments = s,
		.segment_count = 1};
}

struct str value_line(struct arena *a, const struct value *v)
{
	return str_of(arena_printf(a, "%.*s:%d", STRF(v->at.file), v->at.line));
}

struct value value_typed(struct arena *a, const char *text)
{
	struct value v = {.text = str_of(text), .key = STR("query"), .segment_count = 1};
	v.at = (struct place){.file = STR("query"), .line = 1, .col = 1, .width = 1, .text = v.text};
	struct segment *whole = arena_make(a, struct segment);
	*whole = (struct segment){.offset = 0, .n = v.text.n, .at = v.at};
	v.segments = whole;
	return v;
}
