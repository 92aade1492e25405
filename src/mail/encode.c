/* SPDX-License-Identifier: MIT
 *
 * Header values (RFC 5322, RFC 2047) and quoted-printable (RFC 2045).
 */
#include "mail/encode.h"

#include <nettle/base64.h>

#define WORD_MAX    75 /* octets of one encoded word (RFC 2047 section 2) */
#define WORD_PREFIX "=?UTF-8?B?"
#define WORD_SUFFIX "?="
#define WORD_FRAME  (sizeof(WORD_PREFIX) - 1 + sizeof(WORD_SUFFIX) - 1)
#define QUOTED_MAX  60 /* octets of a name written as a quoted string; longer ones fold as encoded words */
#define BASE64_LINE 57 /* octets that make a base64 line of 76 */
#define QP_LINE_MAX 76 /* octets of a quoted-printable line, a soft break's "=" included */

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/* One line of valid UTF-8 without control characters, trimmed. */
static struct buf one_line(struct str text)
{
	struct buf b = buf_init(text.n * 3); /* a bad byte grows to U+FFFD's three */
	text = str_trim(text);
	for (size_t i = 0; i < text.n;) {
		uint32_t c = utf8_next(text, &i);
		buf_utf8(&b, is_control(c) ? ' ' : c);
	}
	return b;
}

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/* How much of `text` one word of `room` bytes takes: whole characters, and unless it
 * is all of it a multiple of three where there is one, for readers exist that stop
 * at the padding of a word in the middle. */
static size_t word_share(struct str text, size_t room)
{
	size_t any = 0, unpadded = 0;
	for (size_t next = 0; next < text.n;) {
		(void)utf8_next(text, &next);
		if (next > room)
			return unpadded > 0 ? unpadded : any;
		any = next;
		unpadded = next % 3 == 0 ? next : unpadded;
	}
	return text.n;
}

/* Adds one encoded word behind `column`; returns how many bytes of `text` it took. */
static size_t add_word(struct buf *out, size_t column, struct str text)
{
	size_t room = LINE_FOLD - column < WORD_MAX ? LINE_FOLD - column : WORD_MAX;
	size_t n = word_share(text, (room - WORD_FRAME) / 4 * 3);
	char coded[BASE64_ENCODE_RAW_LENGTH(WORD_MAX) + 1];
	base64_encode_raw(coded, n, (const uint8_t *)text.p);
	buf_addz(out, WORD_PREFIX);
	buf_add(out, (struct str){coded, BASE64_ENCODE_RAW_LENGTH(n)});
	buf_addz(out, WORD_SUFFIX);
	return n;
}

/* Returns the column behind the last word. */
static size_t add_words(struct buf *out, size_t column, struct str text)
{
	/* The least that a word can hold is one character of four bytes. */
	bool first = column + 1 + WORD_FRAME + 8 <= LINE_FOLD;
	while (text.n > 0) {
		buf_addz(out, first ? " " : "\n ");
		column = first ? column + 1 : 1;
		first = false;
		size_t before = out->n, n = add_word(out, column, text);
		column += out->n - before;
		text = str_sub(text, n, text.n);
	}
	return column;
}

/* The next run of spaces and the word behind it. */
static struct str next_chunk(struct str *text)
{
	size_t i = 0;
	while (i < text->n && text->p[i] == ' ')
		i++;
	while (i < text->n && text->p[i] != ' ')
		i++;
	struct str chunk = str_sub(*text, 0, i);
	*text = str_sub(*text, i, text->n);
	return chunk;
}

/* Whether text can stand as it is: ASCII, nothing that looks like an encoded word,
 * no word too long to fold. */
static bool stands_plain(struct str text)
{
	if (!is_ascii(text) || str_find(text, STR("=?")) != SIZE_MAX)
		return false;
	while (text.n > 0)
		if (next_chunk(&text).n > LINE_FOLD - 1)
			return false;
	return true;
}

/* A folded line must hold more than white space; chunks take care of it. */
static size_t add_folded(struct buf *out, size_t column, struct str text)
{
	buf_addc(out, ' ');
	column++;
	for (bool first = true; text.n > 0; first = false) {
		struct str chunk = next_chunk(&text);
		if (!first && column + chunk.n > LINE_FOLD) {
			buf_addc(out, '\n');
			column = 0;
		}
		buf_add(out, chunk);
		column += chunk.n;
	}
	return column;
}

void encode_text(struct buf *out, size_t column, struct str text)
{
	struct buf line = one_line(text);
	struct str s = buf_str(&line);
	if (s.n > 0 && stands_plain(s))
		(void)add_folded(out, column, s);
	else
		(void)add_words(out, column, s);
	buf_free(&line);
}

static bool is_atom_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == ' ' ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool is_phrase(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!is_atom_char(name.p[i]))
			return false;
	return str_find(name, STR("  ")) == SIZE_MAX;
}

static size_t add_quoted(struct buf *out, size_t column, struct str name)
{
	size_t before = out->n;
	buf_addz(out, " \"");
	for (size_t i = 0; i < name.n; i++) {
		if (name.p[i] == '"' || name.p[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, name.p[i]);
	}
	buf_addc(out, '"');
	return column + (out->n - before);
}

void encode_mailbox(struct buf *out, size_t column, struct str name, struct str address)
{
	struct buf line = one_line(name);
	struct str s = buf_str(&line);
	if (!stands_plain(s) || (!is_phrase(s) && s.n > QUOTED_MAX))
		column = add_words(out, column, s);
	else if (!is_phrase(s))
		column = add_quoted(out, column, s);
	else if (s.n > 0)
		column = add_folded(out, column, s);
	buf_addz(out, s.n > 0 && column + 3 + address.n > LINE_FOLD ? "\n <" : " <");
	buf_add(out, address);
	buf_addc(out, '>');
	buf_free(&line);
}

void encode_list(struct buf *out, size_t column, struct str list)
{
	for (bool first = true; list.n > 0; first = false) {
		struct str one = str_trim(str_cut(list, ',', &list));
		if (!first)
			buf_addc(out, ',');
		bool fold = !first && column + one.n + 3 > LINE_FOLD;
		buf_addz(out, fold ? "\n " : " ");
		buf_add(out, one);
		column = (fold ? 1 : column + 2) + one.n;
	}
}

void encode_canonical(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n;) {
		size_t at = i + ascii_run(text, i, '\0');
		buf_add(out, str_sub(text, i, at));
		i = at;
		if (i == text.n)
			return;
		uint32_t c = utf8_next(text, &i);
		if (c == '\r' && i < text.n && text.p[i] == '\n')
			i++;
		if (c == '\n' || c == '\r')
			buf_add(out, STR("\r\n"));
		else if (is_control(c) && c != '\t')
			buf_addc(out, ' ');
		else if (c == 0xFFFD)
			buf_utf8(out, c);
		else
			buf_add(out, str_sub(text, at, i));
	}
}

/* Whether the byte at `i`, which would stand first on a line if `first`, must be
 * written as =XX. */
static bool must_quote(struct str s, size_t i, bool first)
{
	unsigned char c = (unsigned char)s.p[i];
	if (c == ' ' || c == '\t')
		return i + 1 == s.n || s.p[i + 1] == '\r';
	if (first && (c == '.' || (c == 'F' && str_starts(str_sub(s, i, s.n), STR("From ")))))
		return true;
	return c < 0x20 || c > 0x7E || c == '=';
}

/* Bytes of the character that starts at `i`, so that soft breaks do not split it
 * (readers that decode line by line show rubbish otherwise). */
static size_t char_bytes(struct str s, size_t i)
{
	size_t next = i;
	if ((unsigned char)s.p[i] < 0x80)
		return 1;
	(void)utf8_next(s, &next);
	return next - i;
}

static void add_qp_byte(struct buf *out, unsigned char c, bool quoted)
{
	static const char hex[] = "0123456789ABCDEF";
	char code[3] = {'=', hex[c >> 4], hex[c & 15]};
	if (quoted)
		buf_add(out, (struct str){code, sizeof(code)});
	else
		buf_addc(out, (char)c);
}

/* How many bytes from `i` on stand as they are and leave room for a soft break; spaces
 * only before such a byte. */
static size_t qp_run(struct str s, size_t i, size_t column)
{
	if (column + 1 >= QP_LINE_MAX || (column == 0 && must_quote(s, i, true)))
		return 0;
	size_t n = ascii_run(str_sub(s, i, i + QP_LINE_MAX - 1 - column), 0, '=');
	while (n > 0 && s.p[i + n - 1] == ' ')
		n--;
	return n;
}

void encode_quoted_printable(struct buf *out, struct str s)
{
	size_t column = 0;
	for (size_t i = 0; i < s.n;) {
		size_t run = qp_run(s, i, column);
		buf_add(out, str_sub(s, i, i + run));
		i += run;
		column += run;
		if (i == s.n)
			return;
		if (s.p[i] == '=' && column + 3 < QP_LINE_MAX) { /* HTML is full of them */
			buf_add(out, STR("=3D"));
			column += 3;
			i++;
			continue;
		}
		if (s.p[i] == '\r') {
			buf_add(out, STR("\r\n"));
			column = 0;
			i += 2;
			continue;
		}
		size_t n = char_bytes(s, i), width = n * (n > 1 || must_quote(s, i, column == 0) ? 3 : 1);
		bool ends_line = i + n == s.n || s.p[i + n] == '\r';
		if (column + width + (ends_line ? 0 : 1) > QP_LINE_MAX) {
			buf_add(out, STR("=\r\n"));
			column = 0;
			width = n * (n > 1 || must_quote(s, i, true) ? 3 : 1);
		}
		for (size_t end = i + n; i < end; i++)
			add_qp_byte(out, (unsigned char)s.p[i], width > n);
		column += width;
	}
}

void encode_base64(struct buf *out, struct str bytes)
{
	char line[BASE64_ENCODE_RAW_LENGTH(BASE64_LINE)];
	for (size_t i = 0; i < bytes.n; i += BASE64_LINE) {
		struct str part = str_sub(bytes, i, i + BASE64_LINE);
		base64_encode_raw(line, part.n, (const uint8_t *)part.p);
		buf_add(out, (struct str){line, BASE64_ENCODE_RAW_LENGTH(part.n)});
		buf_add(out, STR("\r\n"));
	}
}
