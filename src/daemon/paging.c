/* SPDX-License-Identifier: MIT
 *
 * A recipe's request with its marks filled in. A token in a URL is escaped as URLs
 * are, in a body as JSON texts are: it comes from outside and stays one value.
 */
#include "daemon/paging.h"

#include "base/escape.h"

#define FILLED_MAX ((size_t)1 << 20) /* bytes of a filled-in URL or body */

enum escaping { IN_URL, IN_BODY };

/* What the marks stand for. */
struct marks {
	int64_t page, offset;
	struct str token;
};

static void add_json_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c < 0x20)
			buf_printf(out, "\\u%04x", (unsigned)c);
		else if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", s.p[i]);
		else
			buf_addc(out, s.p[i]);
	}
}

/* The mark that `s` starts with is added as what it stands for. Its length, or 0. */
static size_t add_mark(struct buf *out, struct str s, const struct marks *m, enum escaping place)
{
	static const struct str page = {"{page}", 6}, offset = {"{offset}", 8}, token = {"{token}", 7};
	if (str_starts(s, page)) {
		buf_printf(out, "%lld", (long long)m->page);
		return page.n;
	}
	if (str_starts(s, offset)) {
		buf_printf(out, "%lld", (long long)m->offset);
		return offset.n;
	}
	if (!str_starts(s, token))
		return 0;
	if (place == IN_URL)
		escape_url(out, m->token);
	else
		add_json_escaped(out, m->token);
	return token.n;
}

static struct str filled(struct arena *a, struct str s, const struct marks *m, enum escaping place)
{
	if (str_find_char(s, '{') == SIZE_MAX)
		return s;
	struct buf out = buf_init(FILLED_MAX);
	for (size_t i = 0; i < s.n;) {
		size_t mark = s.p[i] == '{' ? add_mark(&out, str_sub(s, i, s.n), m, place) : 0;
		if (mark == 0)
			buf_addc(&out, s.p[i]);
		i += mark == 0 ? 1 : mark;
	}
	return buf_take(&out, a);
}

static bool has_mark(struct str s)
{
	return str_find(s, STR("{page}")) != SIZE_MAX || str_find(s, STR("{offset}")) != SIZE_MAX;
}

bool page_counts(const struct recipe *r)
{
	bool found = has_mark(r->url) || has_mark(r->body.text);
	for (size_t i = 0; i < r->parts.n; i++)
		found = found || has_mark(r->parts.v[i].data.text);
	return found;
}

struct fetch_request page_request(struct arena *a, const struct recipe *r, const struct page_place *at)
{
	int64_t step = r->page_step > 0 ? r->page_step : 1;
	struct marks m = {
		.page = r->page_from + at->number,
		.offset = r->page_from + at->number * step,
		.token = at->token,
	};
	struct fetch_request req = {
		.url = at->url.n > 0 ? at->url : filled(a, r->url, &m, IN_URL),
		.method = r->method,
		.headers = r->headers,
		.body = filled(a, r->body.text, &m, IN_BODY),
		.max_bytes = (size_t)r->max_bytes,
		.to_file = r->stream > 0,
		.pause_ms = r->pause,
	};
	for (size_t i = 0; i < r->parts.n; i++)
		*vec_push(a, &req.parts) = (struct fetch_part){.name = r->parts.v[i].name,
			.type = r->parts.v[i].type,
			.data = filled(a, r->parts.v[i].data.text, &m, IN_BODY)};
	return req;
}
