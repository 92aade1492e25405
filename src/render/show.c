/* SPDX-License-Identifier: MIT
 *
 * Text from outside -> text that a mail may show: one line, no tricks, no longer
 * than asked, and wrapped for the text part.
 */
#include "render/show.h"

#include <utf8proc.h>

#include "base/buf.h"

#define LOOK_AHEAD  3 /* characters behind the cut that tell whether a sentence ended there */
#define MARK_DIGITS 3 /* digits of a list mark: "999) " */
#define ELLIPSIS    "..."
#define BLANKS	    "        " /* more than any line of the template is indented by */

struct range {
	uint32_t first, last;
};

/* Bidi controls, zero-width space, soft hyphen, byte order mark, noncharacters (XML
 * has no place for some of them); what is left can't reorder or hide its neighbours. */
static const struct range dropped[] = {{0xAD, 0xAD}, {0x200B, 0x200B}, {0x202A, 0x202E}, {0x2060, 0x2060},
	{0x2066, 0x2069}, {0xFDD0, 0xFDEF}, {0xFEFF, 0xFEFF}, {0xFFFE, 0xFFFF}};
static const struct range blanks[] = {{0, 0x20}, {0x7F, 0xA0}, {0x1680, 0x1680}, {0x2000, 0x200A},
	{0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};

static bool in_ranges(const struct range *r, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= r[i].first && c <= r[i].last)
			return true;
	return false;
}

/* How many bytes from `at` on, `max` at most, are ASCII letters, digits and signs. */
static size_t word_run(struct str s, size_t at, size_t max)
{
	return ascii_run(str_sub(s, at, at + max), 0, ' ');
}

/* The same, with single spaces between them. */
static size_t words_run(struct str s, size_t at, size_t max)
{
	struct str run = str_sub(s, at, at + max);
	run.n = ascii_run(run, 0, '\0');
	size_t gap = str_find(run, STR("  "));
	if (gap != SIZE_MAX)
		run.n = gap;
	if (str_starts(run, STR(" ")))
		return 0;
	return str_ends(run, STR(" ")) ? run.n - 1 : run.n;
}

/* At most `max` characters (one more when the last came with a space). */
static struct str tidy(struct arena *a, struct str s, size_t max)
{
	size_t clean = words_run(s, 0, max);
	if (clean == s.n || clean == max)
		return str_sub(s, 0, clean);
	struct buf b = buf_init(4 * (max + 1));
	bool gap = false;
	size_t n = 0;
	for (size_t at = 0; at < s.n && n < max;) {
		size_t run = gap ? 0 : words_run(s, at, max - n);
		buf_add(&b, str_sub(s, at, at + run));
		n += run;
		at += run;
		if (at == s.n || n == max)
			break;
		uint32_t c = utf8_next(s, &at);
		if (in_ranges(dropped, COUNT(dropped), c))
			continue;
		if (in_ranges(blanks, COUNT(blanks), c)) {
			gap = n > 0;
			continue;
		}
		if (gap) {
			buf_addc(&b, ' ');
			n++;
		}
		gap = false;
		buf_utf8(&b, c);
		n++;
	}
	return buf_take(&b, a);
}

/* Byte offset of character number `n`, or the length when there are fewer. */
static size_t offset_of(struct str s, size_t n)
{
	size_t at = 0;
	for (size_t i = 0; i < n && at < s.n; i++) {
		size_t run = ascii_run(str_sub(s, at, at + n - i), 0, '\0');
		at += run;
		i += run;
		if (i < n && at < s.n)
			(void)utf8_next(s, &at);
	}
	return at;
}

/* Whether a sentence ends before offset `at`: a full stop (and closing marks) before
 * it, and behind it no sign that it goes on ("e.g. this", "No. 5"). */
static bool sentence_ends(struct str s, size_t at)
{
	size_t i = at;
	while (i > 0 && (s.p[i - 1] == ')' || s.p[i - 1] == '"' || s.p[i - 1] == '\''))
		i--;
	if (i == 0 || (s.p[i - 1] != '.' && s.p[i - 1] != '!' && s.p[i - 1] != '?'))
		return false;
	if (at + 1 >= s.n)
		return at == s.n;
	char next = s.p[at + 1];
	return s.p[at] == ' ' && !(next >= 'a' && next <= 'z') && !(next >= '0' && next <= '9');
}

static struct str cut(struct arena *a, struct str s, size_t max)
{
	size_t least = offset_of(s, max / 3);
	for (size_t at = offset_of(s, max); at > least; at--)
		if (sentence_ends(s, at))
			return str_sub(s, 0, at);
	size_t most = offset_of(s, max - strlen(ELLIPSIS));
	size_t at = most;
	while (at > least && s.p[at] != ' ')
		at--;
	struct str kept = str_sub(s, 0, at > least ? at : most);
	while (kept.n > 0 && strchr(" .,;:-", kept.p[kept.n - 1]) != NULL)
		kept.n--;
	return str_of(arena_printf(a, "%.*s" ELLIPSIS, STRF(kept)));
}

struct str show_line(struct arena *a, struct str s, size_t max)
{
	struct str line = tidy(a, s, max + LOOK_AHEAD);
	if (line.n <= max)
		return line;
	return offset_of(line, max) == line.n ? line : cut(a, line, max);
}

struct str show_link(struct str url)
{
	static const char *const schemes[] = {"http://", "https://", "mailto:"};
	bool known = false;
	for (size_t i = 0; i < COUNT(schemes); i++)
		known = known || (str_istarts(url, str_of(schemes[i])) && url.n > strlen(schemes[i]));
	if (!known || !utf8_valid(url))
		return (struct str){0};
	for (size_t at = word_run(url, 0, url.n); at < url.n;) {
		uint32_t c = utf8_next(url, &at);
		if (in_ranges(blanks, COUNT(blanks), c) || in_ranges(dropped, COUNT(dropped), c))
			return (struct str){0};
	}
	return url;
}

/* ---- wrapping ------------------------------------------------------------ */

static size_t columns_of(struct str s)
{
	size_t columns = 0;
	for (size_t at = 0; at < s.n;) {
		size_t run = word_run(s, at, s.n);
		columns += run;
		at += run;
		if (at == s.n)
			break;
		int w = utf8proc_charwidth((utf8proc_int32_t)utf8_next(s, &at));
		columns += w > 0 ? (size_t)w : 0;
	}
	return columns;
}

/* Blanks at the line's start, with a list mark that may follow them. */
static size_t hanging(struct str line)
{
	size_t n = 0;
	while (n < line.n && line.p[n] == ' ')
		n++;
	size_t digits = n;
	while (digits < line.n && digits < n + MARK_DIGITS && line.p[digits] >= '0' && line.p[digits] <= '9')
		digits++;
	if (digits > n && str_starts(str_sub(line, digits, line.n), STR(") ")))
		return digits + 2;
	return str_starts(str_sub(line, n, line.n), STR("- ")) ? n + 2 : n;
}

/* How many bytes of the line fit: up to the end of a word, and one word at least. */
static size_t fitting(struct str line, size_t columns)
{
	size_t end = 0;
	for (size_t width = 0; end < line.n;) {
		size_t from = end == 0 ? 0 : end + 1, n = str_find_char(str_sub(line, from, line.n), ' ');
		struct str word = str_sub(line, from, n == SIZE_MAX ? line.n : from + n);
		width += columns_of(word) + (from - end);
		if (end > 0 && width > columns)
			break;
		end = from + word.n;
	}
	return end;
}

static void wrap_line(struct buf *out, struct str line, size_t columns)
{
	size_t hang = hanging(line);
	buf_add(out, str_sub(line, 0, hang));
	for (struct str rest = str_trim(str_sub(line, hang, line.n)); rest.n > 0;) {
		size_t n = fitting(rest, columns - hang);
		buf_add(out, str_sub(rest, 0, n));
		rest = str_trim(str_sub(rest, n, rest.n));
		if (rest.n == 0)
			break;
		buf_addc(out, '\n');
		buf_add(out, str_sub(STR(BLANKS), 0, hang));
	}
}

struct str show_wrap(struct arena *a, struct str text, size_t columns)
{
	/* For every word at most a line end and its hanging indent are added; templates
	 * indent by less than `columns`. */
	struct buf out = buf_init((text.n + 1) * (columns + 1));
	buf_reserve(&out, text.n + text.n / 16);
	while (text.n > 0) {
		wrap_line(&out, str_cut(text, '\n', &text), columns);
		buf_addc(&out, '\n');
	}
	return buf_take(&out, a);
}
