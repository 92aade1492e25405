/* SPDX-License-Identifier: MIT
 *
 * Charsets as they are really used (iconv and a few corrections), format=flowed,
 * header text and addresses, subject prefixes.
 */
#include "mail/decode.h"

#include <errno.h>
#include <iconv.h>

#define CHARSET_MAX 40              /* bytes of a charset's name */
#define CHUNK_BYTES ((size_t)8192)  /* converted at a time */

/* What is declared -> what is meant: supersets that senders use under the name of
 * the standard. "" = guess. */
static const struct {
	const char *declared, *meant;
} charsets[] = {
	{"us-ascii", ""},
	{"ascii", ""},
	{"unknown-8bit", ""},
	{"x-unknown", ""},
	{"utf8", "utf-8"},
	{"iso-8859-1", "windows-1252"},
	{"latin1", "windows-1252"},
	{"iso8859-1", "windows-1252"},
	{"iso-8859-9", "windows-1254"},
	{"gb2312", "gb18030"},
	{"gbk", "gb18030"},
	{"ks_c_5601-1987", "cp949"},
	{"shift_jis", "cp932"},
};

static const char *const prefixes[] = {"fwd", "fw", "re", "aw", "wg", "tr", "rv", "vs", "vl", "sv", "vb",
	"edasi", "i", "r"};

/* UTF-8 made sound; CRLF and CR to LF, NUL to a space. */
static void add_tidy(struct buf *out, struct str in)
{
	for (size_t i = 0; i < in.n;) {
		size_t at = i;
		uint32_t c = utf8_next(in, &i);
		if (c == '\r' && i < in.n && in.p[i] == '\n')
			continue;
		if (c == '\r')
			buf_addc(out, '\n');
		else if (c == 0)
			buf_addc(out, ' ');
		else if (c == 0xFFFD)
			buf_utf8(out, c);
		else
			buf_add(out, str_sub(in, at, i));
	}
}

/* Bytes that iconv can't read become U+FFFD. */
static void convert(iconv_t cd, struct buf *out, struct str in)
{
	char *p;
	memcpy(&p, &in.p, sizeof(p)); /* iconv() takes char ** and changes nothing */
	size_t left = in.n;
	while (left > 0 && !out->failed) {
		char chunk[CHUNK_BYTES], *to = chunk;
		size_t room = sizeof(chunk);
		bool stuck = iconv(cd, &p, &left, &to, &room) == (size_t)-1 && errno != E2BIG;
		buf_add(out, (struct str){chunk, sizeof(chunk) - room});
		if (stuck) {
			buf_utf8(out, 0xFFFD);
			p++;
			left--;
		}
	}
}

/* False when iconv does not know the charset. */
static bool add_converted(struct buf *out, struct str in, const char *charset)
{
	iconv_t cd = iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return false;
	struct buf b = buf_init(out->cap);
	convert(cd, &b, in);
	(void)iconv_close(cd);
	add_tidy(out, buf_str(&b));
	out->failed = out->failed || b.failed;
	buf_free(&b);
	return true;
}

/* A name that iconv may be given: no "//IGNORE" and the like behind it. */
static bool charset_ok(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			  c == '-' || c == '_' || c == '.' || c == ':' || c == '+';
		if (!ok)
			return false;
	}
	return name.n > 0 && name.n <= CHARSET_MAX;
}

void decode_charset(struct buf *out, struct str bytes, const char *charset)
{
	struct str name = str_trim(str_of(charset));
	const char *meant = charset_ok(name) ? charset : "";
	for (size_t i = 0; i < COUNT(charsets); i++)
		if (str_ieq(name, str_of(charsets[i].declared)))
			meant = charsets[i].meant;
	bool utf8 = str_ieq(str_of(meant), STR("utf-8"));
	if (!utf8 && meant[0] != '\0' && add_converted(out, bytes, meant))
		return;
	if (utf8 || utf8_valid(bytes) || !add_converted(out, bytes, "windows-1252"))
		add_tidy(out, bytes);
}

static size_t quote_depth(struct str line)
{
	size_t n = 0;
	while (n < line.n && line.p[n] == '>')
		n++;
	return n;
}

static void add_quote(struct buf *out, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		buf_addc(out, '>');
	if (depth > 0)
		buf_addc(out, ' ');
}

void decode_flowed(struct buf *out, struct str text, bool delsp)
{
	bool open = false; /* the line before flows on */
	size_t open_depth = 0;
	while (text.n > 0) {
		struct str line = str_cut(text, '\n', &text);
		size_t depth = quote_depth(line);
		line = str_sub(line, depth, line.n);
		if (line.n > 0 && line.p[0] == ' ')
			line = str_sub(line, 1, line.n);
		bool signature = str_eq(line, STR("-- "));
		bool joins = open && depth == open_depth && !signature;
		if (open && !joins)
			buf_addc(out, '\n');
		if (!joins)
			add_quote(out, depth);
		open = !signature && line.n > 0 && line.p[line.n - 1] == ' ';
		open_depth = depth;
		buf_add(out, open && delsp ? str_sub(line, 0, line.n - 1) : line);
		if (!open)
			buf_addc(out, '\n');
	}
}

/* ---- header text --------------------------------------------------------- */

struct word { /* =?charset?coding?text?= */
	struct str charset, text;
	char coding; /* 'b' or 'q' */
};

/* The encoded word that begins at s.p[0]; returns its length, 0 when there is none. */
static size_t read_word(struct str s, struct word *out)
{
	struct str rest = str_sub(s, 2, s.n);
	if (!str_starts(s, STR("=?")))
		return 0;
	struct str charset = str_cut(rest, '?', &rest), coding = str_cut(rest, '?', &rest);
	size_t end = str_find(rest, STR("?="));
	if (charset.n == 0 || charset.n > CHARSET_MAX || coding.n != 1 || end == SIZE_MAX)
		return 0;
	char c = (char)(coding.p[0] | 0x20);
	struct str language;
	*out = (struct word){str_cut(charset, '*', &language), str_sub(rest, 0, end), c};
	return c == 'b' || c == 'q' ? (size_t)(rest.p - s.p) + end + 2 : 0;
}

static int base64_value(char c)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c == '\0' ? NULL : strchr(digits, c);
	return p == NULL ? -1 : (int)(p - digits);
}

/* What is no base64 is passed over; "=" ends it. */
static void add_base64(struct buf *out, struct str text)
{
	unsigned bits = 0, n = 0;
	for (size_t i = 0; i < text.n && text.p[i] != '='; i++) {
		int v = base64_value(text.p[i]);
		if (v < 0)
			continue;
		bits = (bits << 6 | (unsigned)v) & 0xFFFFFF;
		n += 6;
		if (n >= 8) {
			n -= 8;
			buf_addc(out, (char)(bits >> n & 0xFF));
		}
	}
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static void add_q(struct buf *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		bool coded = text.p[i] == '=' && i + 2 < text.n && hex_value(text.p[i + 1]) >= 0 &&
			     hex_value(text.p[i + 2]) >= 0;
		if (coded) {
			buf_addc(out, (char)(hex_value(text.p[i + 1]) << 4 | hex_value(text.p[i + 2])));
			i += 2;
		} else {
			buf_addc(out, text.p[i] == '_' ? ' ' : text.p[i]);
		}
	}
}

/* Bytes of neighbouring words in one charset, decoded together: some senders split
 * a character between two words. */
struct run {
	struct buf bytes;
	char charset[CHARSET_MAX + 1];
};

static void run_flush(struct run *r, struct buf *out)
{
	decode_charset(out, buf_str(&r->bytes), r->charset);
	buf_clear(&r->bytes);
	r->charset[0] = '\0';
}

static void run_add(struct run *r, struct buf *out, const struct word *w)
{
	if (!str_ieq(w->charset, str_of(r->charset)))
		run_flush(r, out);
	(void)snprintf(r->charset, sizeof(r->charset), "%.*s", STRF(w->charset));
	if (w->coding == 'b')
		add_base64(&r->bytes, w->text);
	else
		add_q(&r->bytes, w->text);
}

static size_t leading_space(struct str s)
{
	size_t n = 0;
	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t'))
		n++;
	return n;
}

static void decode_unfolded(struct buf *out, struct str s)
{
	struct run run = {.bytes = buf_init(out->cap)};
	struct word w;
	while (s.n > 0) {
		size_t n = read_word(s, &w);
		if (n > 0) {
			run_add(&run, out, &w);
			s = str_sub(s, n, s.n);
			size_t gap = leading_space(s);
			if (read_word(str_sub(s, gap, s.n), &w) > 0) /* no space between words */
				s = str_sub(s, gap, s.n);
			continue;
		}
		run_flush(&run, out);
		size_t next = str_find(str_sub(s, 1, s.n), STR("=?"));
		struct str plain = str_sub(s, 0, next == SIZE_MAX ? s.n : next + 1);
		decode_charset(out, plain, NULL);
		s = str_sub(s, plain.n, s.n);
	}
	run_flush(&run, out);
	out->failed = out->failed || run.bytes.failed;
	buf_free(&run.bytes);
}

void decode_header(struct buf *out, struct str raw)
{
	struct buf unfolded = buf_init(raw.n);
	for (size_t i = 0; i < raw.n; i++)
		if (raw.p[i] != '\r' && raw.p[i] != '\n')
			buf_addc(&unfolded, raw.p[i]);
	decode_unfolded(out, str_trim(buf_str(&unfolded)));
	buf_free(&unfolded);
}

/* Offset of the first of `stops` outside of quotes and comments, or s.n. */
static size_t find_outside(struct str s, const char *stops)
{
	bool quoted = false;
	int comment = 0;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '\\') {
			i++;
		} else if (c == '"' && comment == 0) {
			quoted = !quoted;
		} else if (!quoted && (c == '(' || c == ')')) {
			comment += c == '(' ? 1 : comment > 0 ? -1 : 0;
		} else if (!quoted && comment == 0 && c != '\0' && strchr(stops, c) != NULL) {
			return i;
		}
	}
	return s.n;
}

void decode_mailbox(struct str raw, struct str *name, struct str *address)
{
	size_t colon = find_outside(raw, ":<,");
	if (colon < raw.n && raw.p[colon] == ':') /* a group: "Name: a@b, c@d;" */
		raw = str_sub(raw, colon + 1, raw.n);
	raw = str_sub(raw, 0, find_outside(raw, ",;"));
	size_t open = find_outside(raw, "<"), comment = str_find_char(raw, '(');
	struct str rest;
	*name = str_trim(str_sub(raw, 0, open));
	if (open < raw.n) {
		*address = str_trim(str_cut(str_sub(raw, open + 1, raw.n), '>', &rest));
	} else { /* address (name) */
		*address = str_trim(str_sub(raw, 0, comment));
		*name = comment == SIZE_MAX ? (struct str){0}
					    : str_trim(str_cut(str_sub(raw, comment + 1, raw.n), ')', &rest));
	}
}

/* The rest behind "word:" when it is one of the prefixes, else nothing. */
static bool cut_prefix(struct str *s)
{
	size_t colon = str_find_char(*s, ':');
	struct str word = str_trim(str_sub(*s, 0, colon));
	for (size_t i = 0; colon != SIZE_MAX && i < COUNT(prefixes); i++) {
		if (str_ieq(word, str_of(prefixes[i]))) {
			*s = str_trim(str_sub(*s, colon + 1, s->n));
			return true;
		}
	}
	return false;
}

struct str decode_subject(struct str subject)
{
	subject = str_trim(subject);
	while (cut_prefix(&subject))
		;
	return subject;
}
