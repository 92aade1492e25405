/* SPDX-License-Identifier: MIT
 *
 * What became of a transfer.
 *
 * The first of these that applies decides: what a callback stopped it with, a
 * status of 400 and above, curl's own verdict, the status, the decoding.
 */
#include "fetch/outcome.h"

#include <unistd.h>

#include "base/clock.h"
#include "fetch/body.h"
#include "fetch/headers.h"

#define GROUPED_MAX 32	/* bytes of a number with its commas */
#define TIMER_SLACK 100 /* ms that curl's timers may run ahead of its totals */

static const struct {
	int status;
	const char *phrase; /* RFC 9110 and registry */
} phrases[] = {
	{300, "Multiple Choices"},
	{301, "Moved Permanently"},
	{302, "Found"},
	{303, "See Other"},
	{305, "Use Proxy"},
	{307, "Temporary Redirect"},
	{308, "Permanent Redirect"},
	{400, "Bad Request"},
	{401, "Unauthorized"},
	{402, "Payment Required"},
	{403, "Forbidden"},
	{404, "Not Found"},
	{405, "Method Not Allowed"},
	{406, "Not Acceptable"},
	{408, "Request Timeout"},
	{409, "Conflict"},
	{410, "Gone"},
	{411, "Length Required"},
	{412, "Precondition Failed"},
	{413, "Content Too Large"},
	{414, "URI Too Long"},
	{415, "Unsupported Media Type"},
	{417, "Expectation Failed"},
	{421, "Misdirected Request"},
	{422, "Unprocessable Content"},
	{425, "Too Early"},
	{426, "Upgrade Required"},
	{429, "Too Many Requests"},
	{431, "Request Header Fields Too Large"},
	{451, "Unavailable For Legal Reasons"},
	{500, "Internal Server Error"},
	{501, "Not Implemented"},
	{502, "Bad Gateway"},
	{503, "Service Unavailable"},
	{504, "Gateway Timeout"},
	{505, "HTTP Version Not Supported"},
	{507, "Insufficient Storage"},
	{511, "Network Authentication Required"},
};

/* Verdicts of curl that need no more than a sentence; what is not listed is a
 * failure of the network and shows curl's own words. Its own caps on a header line
 * (100 KB) look like lack of memory. */
static const struct {
	CURLcode code;
	enum err kind;
	const char *text;
} verdicts[] = {
	{CURLE_COULDNT_RESOLVE_HOST, ERR_TEMPORARY, "the name of the host could not be resolved"},
	{CURLE_GOT_NOTHING, ERR_TEMPORARY, "the server closed the connection without an answer"},
	{CURLE_WEIRD_SERVER_REPLY, ERR_INPUT, "the answer is not HTTP"},
	{CURLE_URL_MALFORMAT, ERR_INPUT, "refused: redirected to something that is no URL"},
	{CURLE_OUT_OF_MEMORY, ERR_LIMIT, "a header line is too long"},
};

static const char *phrase_of(int status)
{
	for (size_t i = 0; i < COUNT(phrases); i++)
		if (phrases[i].status == status)
			return phrases[i].phrase;
	return "";
}

static enum err by_status(int status, struct error *e)
{
	bool again = status == 408 || status == 425 || status == 429 || (status >= 500 && status <= 599);
	const char *phrase = phrase_of(status);
	return err_set(e, again ? ERR_TEMPORARY : ERR_PERMANENT, "HTTP %d%s%s", status,
		phrase[0] == '\0' ? "" : " ", phrase);
}

/* 1204 -> "1,204" */
static const char *grouped(size_t n, char out[static GROUPED_MAX])
{
	char *p = out + GROUPED_MAX;
	*--p = '\0';
	for (unsigned digits = 0; digits == 0 || n > 0; digits++, n /= 10) {
		if (digits > 0 && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + n % 10);
	}
	return p;
}

static enum err broken_off(const struct transfer *t, struct error *e)
{
	char number[GROUPED_MAX];
	return err_set(e, ERR_TEMPORARY, "the answer broke off after %s bytes", grouped(t->body.n, number));
}

/* curl has one code for three clocks. */
static enum err timed_out(const struct transfer *t, struct error *e)
{
	char number[GROUPED_MAX];
	curl_off_t asked = 0, total = 0; /* microseconds until the request went out, and until now */
	(void)curl_easy_getinfo(t->easy, CURLINFO_PRETRANSFER_TIME_T, &asked);
	(void)curl_easy_getinfo(t->easy, CURLINFO_TOTAL_TIME_T, &total);
	if (total / 1000 + TIMER_SLACK >= t->rules->total_ms)
		return err_set(e, ERR_TEMPORARY, "no whole answer within %lld ms (%s bytes so far)",
			(long long)t->rules->total_ms, grouped(t->body.n, number));
	if (asked == 0)
		return err_set(e, ERR_TEMPORARY, "no connection within %d ms", FETCH_CONNECT_MS);
	return err_set(e, ERR_TEMPORARY, "slower than %d bytes per second for %lld seconds (%s bytes so far)",
		FETCH_SLOW_BYTES, (long long)t->rules->slow_seconds, grouped(t->body.n, number));
}

static enum err by_verdict(const struct transfer *t, CURLcode code, struct error *e)
{
	for (size_t i = 0; i < COUNT(verdicts); i++)
		if (verdicts[i].code == code)
			return err_set(e, verdicts[i].kind, "%s", verdicts[i].text);
	const char *words = t->curl_text[0] == '\0' ? curl_easy_strerror(code) : t->curl_text;
	return err_set(e, ERR_TEMPORARY, "%s", words);
}

/* curl ended with something else than success, and no status says why. */
static enum err by_curl(const struct transfer *t, CURLcode code, int status, struct error *e)
{
	if (code == CURLE_COULDNT_CONNECT && t->refused.kind != ERR_OK)
		return err_set(e, t->refused.kind, "%s", t->refused.text);
	if (code == CURLE_TOO_MANY_REDIRECTS)
		return err_set(e, ERR_LIMIT, "more than %d redirects", FETCH_REDIRECTS_MAX);
	if (code == CURLE_UNSUPPORTED_PROTOCOL && status >= 300 && status <= 399)
		return err_set(e, ERR_INPUT, "refused: redirected to what is neither http nor https");
	if (code == CURLE_UNSUPPORTED_PROTOCOL) /* also its word for HTTP/0.9 */
		return err_set(e, ERR_INPUT, "the answer is not HTTP");
	if (code == CURLE_OPERATION_TIMEDOUT)
		return timed_out(t, e);
	bool cut = code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR;
	return cut && t->head_ended ? broken_off(t, e) : by_verdict(t, code, e);
}

static struct str keep(struct arena *a, struct str s, bool *room)
{
	if (s.n >= arena_room(a)) {
		*room = false;
		return (struct str){0};
	}
	return str_dup(a, s);
}

/* `link` as seen from the page at `url`; empty unless http or https. */
static struct str resolve(struct arena *a, const char *url, struct str link, bool *room)
{
	struct str out = {0};
	char *z = strndup(link.p == NULL ? "" : link.p, link.n), *text = NULL, *scheme = NULL;
	CURLU *u = curl_url();
	if (z == NULL || u == NULL)
		die("out of memory");
	unsigned flags = CURLU_URLENCODE | CURLU_ALLOW_SPACE | CURLU_NON_SUPPORT_SCHEME;
	if (link.n > 0 && curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK &&
		curl_url_set(u, CURLUPART_URL, z, flags) == CURLUE_OK &&
		curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
		(strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0) &&
		curl_url_get(u, CURLUPART_URL, &text, 0) == CURLUE_OK)
		out = keep(a, str_of(text), room);
	curl_free(text);
	curl_free(scheme);
	curl_url_cleanup(u);
	free(z);
	return out;
}

/* Everything but the body; false when the arena has no room for it. */
static bool fill(struct transfer *t, struct fetch_response *r)
{
	long status = 0;
	char *url = NULL;
	(void)curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(t->easy, CURLINFO_EFFECTIVE_URL, &url);
	struct str head = buf_str(&t->head);
	bool room = true;
	r->status = (int)status;
	r->url = keep(t->arena, str_of(url), &room);
	r->content_type = keep(t->arena, header_get(head, STR("Content-Type")), &room);
	r->etag = keep(t->arena, header_get(head, STR("ETag")), &room);
	r->last_modified = keep(t->arena, header_get(head, STR("Last-Modified")), &room);
	r->link_next = resolve(t->arena, url, header_link_next(head), &room);
	r->charset = header_charset(r->content_type);
	r->retry_after = header_retry_after(
		header_get(head, STR("Retry-After")), header_get(head, STR("Date")), clock_now());
	return room;
}

static enum err no_room(struct error *e)
{
	return err_set(e, ERR_LIMIT, "the answer is larger than the memory for it");
}

/* The file as it came, or another one with what it holds. */
static enum err fill_file(struct transfer *t, struct fetch_response *r, struct error *e)
{
	struct str encoding = header_get(buf_str(&t->head), STR("Content-Encoding"));
	struct body_out out = {.fd = -1, .max = t->request.max_bytes};
	enum err kind = body_decode_file(t->file, t->file_bytes, encoding, &out, e);
	bool same = out.fd == t->file;
	if (kind != ERR_OK && out.fd >= 0 && !same)
		(void)close(out.fd);
	if (kind != ERR_OK)
		return kind;
	if (same)
		t->file = -1; /* it is the response's now */
	r->fd = out.fd;
	r->size = out.n;
	return ERR_OK;
}

/* Frees what came before it copies what it became. */
static enum err fill_body(struct transfer *t, struct fetch_response *r, struct error *e)
{
	if (t->file >= 0)
		return fill_file(t, r, e);
	struct buf out CLEANUP(buf_free) = buf_init(t->request.max_bytes);
	struct str encoding = header_get(buf_str(&t->head), STR("Content-Encoding"));
	enum err kind = body_decode(buf_str(&t->body), encoding, &out, e);
	buf_free(&t->body);
	if (kind != ERR_OK)
		return kind;
	bool room = true;
	r->body = keep(t->arena, buf_str(&out), &room);
	r->size = r->body.n;
	return room ? ERR_OK : no_room(e);
}

enum err outcome_judge(struct transfer *t, CURLcode code, struct fetch_response *r, struct error *e)
{
	bool room = t->easy == NULL || fill(t, r);
	if (t->failed.kind != ERR_OK)
		return err_set(e, t->failed.kind, "%s", t->failed.text);
	if (r->status >= 400)
		return by_status(r->status, e);
	if (code != CURLE_OK)
		return by_curl(t, code, r->status, e);
	if (r->status != 304 && (r->status < 200 || r->status > 299))
		return by_status(r->status, e);
	if (!room)
		return no_room(e);
	return r->status == 304 ? ERR_OK : fill_body(t, r, e);
}
