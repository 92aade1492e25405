/* SPDX-License-Identifier: MIT
 *
 * MIME out and in by GMime; the only file that spells GMime and GLib names.
 *
 * Out: GMime assembles the parts. Header values and quoted-printable are handed to
 * it finished (encode.c), because what it would make of them is unfit: it encodes
 * long List-Unsubscribe URIs, picks charsets by itself, and leaves "." and "From "
 * at line starts.
 *
 * In: GMime takes the message apart and decodes its parts. Which of them are the
 * body is decided here; charsets and header text are decode.c's, for real mail
 * declares none, or a wrong one.
 */
#include <gmime/gmime.h>

#include "base/clock.h"
#include "base/file.h"
#include "mail/decode.h"
#include "mail/encode.h"
#include "mail/guard.h"
#include "mail/mail.h"

#define HEAD_MAX       ((size_t)64 << 10)    /* bytes of all header values of one message out */
#define URI_MAX	       ((size_t)900)	     /* bytes of one List-Unsubscribe URI; a line has 998 at most */
#define ID_MAX	       ((size_t)200)	     /* bytes of a Message-ID, a List-Id and a Feedback-ID */
#define DATE_MAX       INT64_C(253402300799) /* the last second of 9999 */
#define FORWARD_DEPTH  8		     /* messages inside messages that are followed */
#define PART_DEPTH     50		     /* multiparts inside multiparts that are followed */
#define TEXT_MAX       ((size_t)2 * MAIL_BYTES_MAX) /* bytes of a decoded body */
#define HEADER_IN_MAX  ((size_t)8 << 10)	    /* bytes of a received header that are looked at */
#define HEADER_OUT_MAX ((size_t)8 << 10)	    /* bytes of it when decoded */

#define DEFINE_UNREF(type)                                                                                   \
	static void unref_##type(type **p)                                                                   \
	{                                                                                                    \
		if (*p != NULL)                                                                              \
			g_object_unref(*p);                                                                  \
	}
DEFINE_UNREF(GMimeStream)
DEFINE_UNREF(GMimeDataWrapper)
DEFINE_UNREF(GMimeMessage)
DEFINE_UNREF(GMimeObject)
#define OWNED(type) CLEANUP(unref_##type) type *

static void init_once(void)
{
	static bool done;
	if (!done)
		g_mime_init();
	done = true;
}

/* ==== out ================================================================== */

static bool is_graph(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= 0x20 || s.p[i] > 0x7E)
			return false;
	return s.n > 0;
}

static bool has_line_end(struct str s)
{
	return str_find_char(s, '\r') != SIZE_MAX || str_find_char(s, '\n') != SIZE_MAX ||
	       str_find_char(s, '\0') != SIZE_MAX;
}

static bool contact_ok(const struct contact *c)
{
	return address_valid(c->address) && !has_line_end(c->name);
}

/* Something@something, and nothing that could end it early. */
static bool message_id_ok(struct str id)
{
	size_t at = str_find_char(id, '@');
	return is_graph(id) && id.n <= ID_MAX && at != SIZE_MAX && at > 0 && at + 1 < id.n &&
	       str_find_char(str_sub(id, at + 1, id.n), '@') == SIZE_MAX &&
	       str_find_char(id, '<') == SIZE_MAX && str_find_char(id, '>') == SIZE_MAX;
}

static bool angle_uri_ok(struct str uri, size_t max)
{
	return is_graph(uri) && uri.n > 2 && uri.n <= max && uri.p[0] == '<' && uri.p[uri.n - 1] == '>' &&
	       str_find_char(str_sub(uri, 1, uri.n), '<') == SIZE_MAX && str_find_char(uri, '>') == uri.n - 1;
}

static bool unsubscribe_ok(struct str list)
{
	while (list.n > 0)
		if (!angle_uri_ok(str_trim(str_cut(list, ',', &list)), URI_MAX))
			return false;
	return true;
}

/* "Name <id.domain>" -> its two halves. */
static struct str list_id_split(struct str list_id, struct str *name)
{
	size_t at = str_find_char(list_id, '<');
	*name = str_trim(str_sub(list_id, 0, at));
	return at == SIZE_MAX ? (struct str){0} : str_sub(list_id, at, list_id.n);
}

static bool list_id_ok(struct str list_id)
{
	struct str name;
	return list_id.n == 0 ||
	       (!has_line_end(list_id) && angle_uri_ok(list_id_split(list_id, &name), ID_MAX));
}

static bool feedback_id_ok(struct str id)
{
	return id.n == 0 || (is_graph(id) && id.n <= ID_MAX);
}

static bool too_large(const struct mail_out *m)
{
	const struct str parts[] = {m->text, m->html, m->calendar}, lines[] = {m->subject, m->run, m->why};
	for (size_t i = 0; i < COUNT(parts); i++)
		if (parts[i].n > MAIL_BYTES_MAX)
			return true;
	for (size_t i = 0; i < COUNT(lines); i++)
		if (lines[i].n > HEAD_MAX / 8)
			return true;
	return false;
}

static enum err check_out(const struct mail_out *m, struct error *e)
{
	if (!contact_ok(&m->from) || !contact_ok(&m->to) ||
		(m->reply_to.address.n > 0 && !contact_ok(&m->reply_to)))
		return err_set(e, ERR_INPUT, "an address of the mail is not local@domain in ASCII");
	if (!message_id_ok(m->message_id))
		return err_set(e, ERR_INPUT, "'%.*s' is no Message-ID", STRF(m->message_id));
	if (!unsubscribe_ok(m->list_unsubscribe))
		return err_set(e, ERR_INPUT, "List-Unsubscribe is not a list of <URI>");
	if (!list_id_ok(m->list_id))
		return err_set(e, ERR_INPUT, "List-Id is not 'Name <id.domain>'");
	if (!feedback_id_ok(m->feedback_id))
		return err_set(e, ERR_INPUT, "Feedback-ID holds spaces or more than ASCII");
	if (m->date < 0 || m->date > DATE_MAX)
		return err_set(e, ERR_INPUT, "the mail's date cannot be written");
	if (too_large(m))
		return err_set(e, ERR_LIMIT, "the mail is larger than %zu bytes", MAIL_BYTES_MAX);
	return ERR_OK;
}

static void add_date(struct buf *out, int64_t at)
{
	static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct civil c = zone_civil(STR("UTC"), at);
	buf_printf(out, " %s, %02d %s %04d %02d:%02d:%02d +0000", days[date_weekday(c.date)], c.date.day,
		months[c.date.month - 1], c.date.year, c.hour, c.minute, c.second);
}

/* Puts the finished value behind "Name:" and empties the buffer. */
static void add_header(GMimeObject *top, const char *name, struct buf *value)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(top);
	buf_addc(value, '\n');
	g_mime_header_list_append(list, name, "", "utf-8");
	GMimeHeader *header = g_mime_header_list_get_header_at(list, g_mime_header_list_get_count(list) - 1);
	g_mime_header_set_raw_value(header, value->p);
	buf_clear(value);
}

static void add_plain_header(GMimeObject *top, const char *name, const char *value, struct buf *b)
{
	buf_printf(b, " %s", value);
	add_header(top, name, b);
}

static void add_text_header(GMimeObject *top, const char *name, struct str value, struct buf *b)
{
	if (value.n == 0)
		return;
	encode_text(b, strlen(name) + 1, value);
	add_header(top, name, b);
}

static void add_contact(GMimeObject *top, const char *name, const struct contact *c, struct buf *b)
{
	encode_mailbox(b, strlen(name) + 1, c->name, c->address);
	add_header(top, name, b);
}

static void add_list_headers(GMimeObject *top, const struct mail_out *m, struct buf *b)
{
	if (m->list_id.n > 0) {
		struct str name, id = list_id_split(m->list_id, &name);
		encode_mailbox(b, strlen("List-Id:"), name, str_sub(id, 1, id.n - 1));
		add_header(top, "List-Id", b);
	}
	if (m->list_unsubscribe.n > 0) {
		encode_list(b, strlen("List-Unsubscribe:"), m->list_unsubscribe);
		add_header(top, "List-Unsubscribe", b);
	}
	if (m->one_click)
		add_plain_header(top, "List-Unsubscribe-Post", "List-Unsubscribe=One-Click", b);
}

/* The order is fixed: signatures and tests rely on it. `top` is the multipart or
 * the only part; its own headers are written anew. */
static void add_headers(struct arena *a, GMimeObject *top, const struct mail_out *m, const char *content_type,
	const char *coding)
{
	struct buf b = buf_init(HEAD_MAX);
	g_mime_header_list_clear(g_mime_object_get_header_list(top));
	add_date(&b, m->date);
	add_header(top, "Date", &b);
	add_contact(top, "From", &m->from, &b);
	if (m->reply_to.address.n > 0)
		add_contact(top, "Reply-To", &m->reply_to, &b);
	add_contact(top, "To", &m->to, &b);
	encode_text(&b, strlen("Subject:"), m->subject);
	add_header(top, "Subject", &b);
	add_plain_header(top, "Message-ID", arena_printf(a, "<%.*s>", STRF(m->message_id)), &b);
	add_plain_header(top, "MIME-Version", "1.0", &b);
	add_plain_header(top, "Content-Type", content_type, &b);
	if (coding != NULL)
		add_plain_header(top, "Content-Transfer-Encoding", coding, &b);
	add_list_headers(top, m, &b);
	add_plain_header(top, "Auto-Submitted", "auto-generated", &b);
	add_plain_header(top, "Precedence", "bulk", &b);
	if (m->feedback_id.n > 0)
		add_plain_header(top, "Feedback-ID", str_c(a, m->feedback_id), &b);
	add_text_header(top, "X-Fundwatch-Run", m->run, &b);
	add_text_header(top, "X-Fundwatch-Why", m->why, &b);
	buf_free(&b);
}

/* Text of this subtype, quoted-printable where most of it stays readable, else base64. */
static GMimePart *make_part(const char *subtype, struct str text)
{
	struct buf canonical = buf_init(text.n * 3 + 2), coded = buf_init(text.n * 10 + 8);
	buf_reserve(&canonical, text.n + text.n / 16);
	encode_canonical(&canonical, text);
	if (!str_ends(buf_str(&canonical), STR("\r\n")))
		buf_addz(&canonical, "\r\n");
	buf_reserve(&coded, canonical.n + canonical.n / 8);
	encode_quoted_printable(&coded, buf_str(&canonical));
	bool base64 = coded.n > canonical.n / 3 * 4 + canonical.n / 18;
	if (base64) {
		buf_clear(&coded);
		encode_base64(&coded, buf_str(&canonical));
	}
	GMimeContentEncoding coding =
		base64 ? GMIME_CONTENT_ENCODING_BASE64 : GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
	OWNED(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(coded.p, coded.n);
	OWNED(GMimeDataWrapper) content = g_mime_data_wrapper_new_with_stream(stream, coding);
	GMimePart *part = g_mime_part_new_with_type("text", subtype);
	g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, coding);
	buf_free(&canonical);
	buf_free(&coded);
	return part;
}

/* "=_" occurs neither in quoted-printable nor in base64. */
static const char *boundary_of(struct arena *a, const struct mail_out *m, const char *level)
{
	return arena_printf(a, "=_%s%.32s", level, sha256_hex(a, &m->message_id, 1).p);
}

static void add_part(GMimeMultipart *into, GMimeObject *part)
{
	g_mime_multipart_add(into, part);
	g_object_unref(part);
}

/* Text and HTML as alternatives; the text alone when there is no HTML. */
static GMimeObject *make_body(struct arena *a, const struct mail_out *m)
{
	GMimePart *text = make_part("plain", m->text);
	if (m->html.n == 0)
		return GMIME_OBJECT(text);
	GMimeMultipart *both = g_mime_multipart_new_with_subtype("alternative");
	g_mime_multipart_set_boundary(both, boundary_of(a, m, ""));
	add_part(both, GMIME_OBJECT(text));
	add_part(both, GMIME_OBJECT(make_part("html", m->html)));
	return GMIME_OBJECT(both);
}

/* Never inside the alternative: some programs would make a meeting of the mail. */
static GMimeObject *make_calendar(struct str calendar)
{
	GMimeObject *part = GMIME_OBJECT(make_part("calendar", calendar));
	g_mime_object_set_content_type_parameter(part, "method", "PUBLISH");
	g_mime_object_set_disposition(part, GMIME_DISPOSITION_ATTACHMENT);
	g_mime_object_set_content_disposition_parameter(part, "filename", "calls.ics");
	return part;
}

static void add_top_headers(struct arena *a, GMimeObject *top, const struct mail_out *m)
{
	if (GMIME_IS_MULTIPART(top)) {
		const char *subtype = m->calendar.n > 0 ? "mixed" : "alternative";
		const char *boundary = g_mime_multipart_get_boundary(GMIME_MULTIPART(top));
		const char *type = arena_printf(a, "multipart/%s;\n boundary=\"%s\"", subtype, boundary);
		add_headers(a, top, m, type, NULL);
		return;
	}
	bool base64 = g_mime_part_get_content_encoding(GMIME_PART(top)) == GMIME_CONTENT_ENCODING_BASE64;
	add_headers(a, top, m, "text/plain; charset=utf-8", base64 ? "base64" : "quoted-printable");
}

static GMimeObject *make_message(struct arena *a, const struct mail_out *m)
{
	GMimeObject *top = make_body(a, m);
	if (m->calendar.n > 0) {
		GMimeMultipart *mixed = g_mime_multipart_new_with_subtype("mixed");
		g_mime_multipart_set_boundary(mixed, boundary_of(a, m, "m"));
		add_part(mixed, top);
		add_part(mixed, make_calendar(m->calendar));
		top = GMIME_OBJECT(mixed);
	}
	add_top_headers(a, top, m);
	return top;
}

/* What g_mime_object_write_to_stream() does, but for its filter of line ends, which asks for
 * every byte of bodies whose line ends are as they should be. */
static void write_object(struct buf *out, GMimeObject *object, GMimeFormatOptions *format)
{
	char *head = g_mime_object_get_headers(object, format);
	buf_addz(out, head);
	buf_addz(out, "\r\n");
	g_free(head);
	if (!GMIME_IS_MULTIPART(object)) {
		GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(object));
		GMimeStreamMem *stream = GMIME_STREAM_MEM(g_mime_data_wrapper_get_stream(content));
		const GByteArray *bytes = g_mime_stream_mem_get_byte_array(stream);
		buf_add(out, (struct str){(const char *)bytes->data, bytes->len});
		return;
	}
	GMimeMultipart *parts = GMIME_MULTIPART(object);
	const char *boundary = g_mime_multipart_get_boundary(parts);
	for (int i = 0; i < g_mime_multipart_get_count(parts); i++) {
		buf_printf(out, "--%s\r\n", boundary);
		write_object(out, g_mime_multipart_get_part(parts, i), format);
		buf_addz(out, "\r\n");
	}
	buf_printf(out, "--%s--\r\n", boundary);
}

enum err mail_build(struct arena *a, const struct mail_out *m, struct str *out, struct error *e)
{
	init_once();
	enum err rc = check_out(m, e);
	if (rc != ERR_OK)
		return rc;
	if (arena_room(a) < HEAD_MAX)
		return err_set(e, ERR_LIMIT, "no room for a mail");
	OWNED(GMimeObject) message = make_message(a, m);
	GMimeFormatOptions *format = g_mime_format_options_new();
	g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
	struct buf bytes = buf_init(MAIL_BYTES_MAX);
	buf_reserve(&bytes, m->text.n + m->html.n + m->calendar.n + HEAD_MAX);
	write_object(&bytes, message, format);
	g_mime_format_options_free(format);
	bool fits = !bytes.failed && bytes.n < arena_room(a);
	*out = fits ? buf_take(&bytes, a) : (struct str){0};
	buf_free(&bytes);
	return fits ? ERR_OK : err_set(e, ERR_LIMIT, "the mail is larger than %zu bytes", MAIL_BYTES_MAX);
}

/* ==== in =================================================================== */

struct walk { /* over the parts of one message */
	struct buf text, html;
	bool has_text, has_html;
	bool settled;	     /* the first body part was seen: only its kinds are gathered from others */
	GMimeMessage *inner; /* the first message that is a part; not owned */
	int parts;
};

static void add_body(struct buf *out, struct str bytes, GMimeObject *part)
{
	struct buf decoded = buf_init(TEXT_MAX);
	const char *format = g_mime_object_get_content_type_parameter(part, "format");
	const char *delsp = g_mime_object_get_content_type_parameter(part, "delsp");
	decode_charset(&decoded, bytes, g_mime_object_get_content_type_parameter(part, "charset"));
	if (out->n > 0)
		buf_addz(out, "\n");
	if (str_ieq(str_of(format), STR("flowed")))
		decode_flowed(out, buf_str(&decoded), str_ieq(str_of(delsp), STR("yes")));
	else
		buf_add(out, buf_str(&decoded));
	out->failed = out->failed || decoded.failed;
	buf_free(&decoded);
}

static void walk_leaf(struct walk *w, GMimePart *part)
{
	GMimeObject *object = GMIME_OBJECT(part);
	GMimeContentType *type = g_mime_object_get_content_type(object);
	bool html = g_mime_content_type_is_type(type, "text", "html");
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	if (content == NULL || g_mime_part_is_attachment(part) ||
		(!html && !g_mime_content_type_is_type(type, "text", "plain")))
		return;
	if (w->settled && !(html ? w->has_html : w->has_text))
		return;
	OWNED(GMimeStream) stream = g_mime_stream_mem_new();
	if (g_mime_data_wrapper_write_to_stream(content, stream) < 0)
		return;
	const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	add_body(html ? &w->html : &w->text, (struct str){(const char *)bytes->data, bytes->len}, object);
	*(html ? &w->has_html : &w->has_text) = true;
}

/* The parts of an alternative are one body. False when a cap was passed. */
static bool walk_part(struct walk *w, GMimeObject *part, int depth, bool alternative)
{
	if (++w->parts > MAIL_PARTS_MAX || depth > PART_DEPTH)
		return false;
	if (GMIME_IS_MESSAGE_PART(part)) {
		if (w->inner == NULL)
			w->inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
	} else if (GMIME_IS_MULTIPART(part)) {
		GMimeContentType *type = g_mime_object_get_content_type(part);
		bool one_body = alternative || g_mime_content_type_is_type(type, "multipart", "alternative");
		GMimeMultipart *multipart = GMIME_MULTIPART(part);
		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++)
			if (!walk_part(w, g_mime_multipart_get_part(multipart, i), depth + 1, one_body))
				return false;
	} else if (GMIME_IS_PART(part)) {
		walk_leaf(w, GMIME_PART(part));
	}
	if (!alternative)
		w->settled = w->has_text || w->has_html;
	return true;
}

static bool is_report(GMimeMessage *message)
{
	GMimeObject *top = g_mime_message_get_mime_part(message);
	GMimeContentType *type = top == NULL ? NULL : g_mime_object_get_content_type(top);
	return type != NULL && g_mime_content_type_is_type(type, "multipart", "report");
}

/* Decoded text as one line. */
static struct str read_line(struct arena *a, struct str text)
{
	struct buf line = buf_init(HEADER_OUT_MAX);
	text = str_trim(text);
	for (size_t i = 0; i < text.n && !line.failed;) {
		uint32_t c = utf8_next(text, &i);
		buf_utf8(&line, c < 0x20 || c == 0x7F ? ' ' : c);
	}
	return buf_take(&line, a);
}

static struct str read_text(struct arena *a, struct str raw)
{
	struct buf decoded = buf_init(HEADER_IN_MAX * 4);
	decode_header(&decoded, str_sub(raw, 0, HEADER_IN_MAX));
	struct str line = read_line(a, buf_str(&decoded));
	buf_free(&decoded);
	return line;
}

static struct str raw_header(GMimeMessage *message, const char *name)
{
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(message));
	GMimeHeader *header = g_mime_header_list_get_header(list, name);
	return str_sub(str_of(header == NULL ? NULL : g_mime_header_get_raw_value(header)), 0, HEADER_IN_MAX);
}

/* "Name <address>", or the address alone. */
static struct str read_sender(struct arena *a, GMimeMessage *message)
{
	struct str raw_name, raw_address, raw = raw_header(message, "From");
	decode_mailbox(raw, &raw_name, &raw_address);
	struct buf bare = buf_init(raw_name.n); /* without quotes */
	for (size_t i = 0; i < raw_name.n; i++) {
		if (raw_name.p[i] == '\\' && i + 1 < raw_name.n)
			i++;
		else if (raw_name.p[i] == '"')
			continue;
		buf_addc(&bare, raw_name.p[i]);
	}
	struct str name = read_text(a, buf_str(&bare)), address = read_text(a, raw_address);
	buf_free(&bare);
	if (name.n == 0 || address.n == 0)
		return address.n == 0 ? read_text(a, raw) : address;
	return str_of(arena_printf(a, "%.*s <%.*s>", STRF(name), STRF(address)));
}

/* The bodies of the message, or of the one it forwards as a part. */
static enum err read_bodies(struct arena *a, GMimeMessage *message, struct letter *out, struct error *e)
{
	for (int depth = 0; message != NULL && depth < FORWARD_DEPTH; depth++) {
		struct walk w = {.text = buf_init(TEXT_MAX), .html = buf_init(TEXT_MAX)};
		GMimeObject *top = g_mime_message_get_mime_part(message);
		bool ok = (top == NULL || walk_part(&w, top, 0, false)) && !w.text.failed && !w.html.failed &&
			  w.text.n + w.html.n + HEAD_MAX < arena_room(a);
		if (ok && w.text.n + w.html.n > 0) {
			out->text = str_dup(a, buf_str(&w.text));
			out->html = str_dup(a, buf_str(&w.html));
		}
		buf_free(&w.text);
		buf_free(&w.html);
		if (!ok)
			return err_set(e, ERR_LIMIT, "the mail has more parts or text than %d and %zu bytes",
				MAIL_PARTS_MAX, TEXT_MAX);
		message = is_report(message) ? NULL : w.inner; /* a report carries back what was sent */
		if (message == NULL)
			break;
		struct str subject = read_text(a, raw_header(message, "Subject"));
		if (decode_subject(subject).n > 0)
			out->subject = subject;
		out->author = read_sender(a, message);
	}
	return ERR_OK;
}

/* Without what mail programs put in front of a saved message: a byte order mark,
 * blank lines, the "From " line of an mbox. */
static struct str skip_wrapping(struct str bytes)
{
	if (str_starts(bytes, STR("\xEF\xBB\xBF")))
		bytes = str_sub(bytes, 3, bytes.n);
	while (bytes.n > 0 && (bytes.p[0] == '\r' || bytes.p[0] == '\n'))
		bytes = str_sub(bytes, 1, bytes.n);
	if (str_starts(bytes, STR("From ")) || str_starts(bytes, STR(">From ")))
		(void)str_cut(bytes, '\n', &bytes);
	return bytes;
}

static GMimeMessage *parse_message(struct str bytes)
{
	OWNED(GMimeStream) stream = g_mime_stream_mem_new_with_buffer(bytes.p, bytes.n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	return message;
}

/* Any text parses as a message with odd headers; a mail has one of these. */
static bool is_mail(GMimeMessage *message)
{
	static const char *const names[] = {"From", "Subject", "Date", "Message-ID", "To", "Received"};
	GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(message));
	for (size_t i = 0; i < COUNT(names); i++)
		if (g_mime_header_list_contains(list, names[i]))
			return true;
	return false;
}

enum err mail_parse(struct arena *a, struct str bytes, struct letter *out, struct error *e)
{
	init_once();
	*out = (struct letter){0};
	if (bytes.n > MAIL_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "the mail is larger than %zu bytes", MAIL_BYTES_MAX);
	if (arena_room(a) < 4 * HEAD_MAX)
		return err_set(e, ERR_LIMIT, "no room for a mail");
	if (!guard_passes(bytes))
		return err_set(e, ERR_LIMIT, "the mail has more headers or parts than mail has");
	bytes = skip_wrapping(bytes);
	OWNED(GMimeMessage) message = bytes.n == 0 ? NULL : parse_message(bytes);
	if (message == NULL || !is_mail(message))
		return err_set(e, ERR_INPUT, "this is no mail: it has no From, Subject or Date");
	GDateTime *date = g_mime_message_get_date(message);
	out->message_id = read_line(a, str_of(g_mime_message_get_message_id(message)));
	out->from = read_sender(a, message);
	out->subject = read_text(a, raw_header(message, "Subject"));
	out->date = date == NULL ? 0 : g_date_time_to_unix(date);
	return read_bodies(a, message, out, e);
}
