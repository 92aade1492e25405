/* SPDX-License-Identifier: MIT
 *
 * One request: its copy, its curl handle, its callbacks.
 */
#include "fetch/transfer.h"

#include <unistd.h>

#include "fetch/body.h"
#include "fetch/headers.h"
#include "fetch/outcome.h"

#define SET(t, option, value)                                                                                \
	do {                                                                                                 \
		if (curl_easy_setopt((t)->easy, (option), (value)) != CURLE_OK)                              \
			die("curl refuses %s", #option);                                                     \
	} while (0)

/* Reads and normalises the URL: spaces and bytes above 127 are escaped, as links
 * out of pages may hold them. *url and *host are curl's memory. */
static enum err read_url(struct str text, char **url, char **host, struct error *e)
{
	char *z = strndup(text.p == NULL ? "" : text.p, text.n), *scheme = NULL;
	CURLU *u = curl_url();
	if (z == NULL || u == NULL)
		die("out of memory");
	enum err kind = ERR_OK;
	unsigned flags = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE | CURLU_ALLOW_SPACE;
	if (strlen(z) != text.n || curl_url_set(u, CURLUPART_URL, z, flags) != CURLUE_OK ||
		curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK)
		kind = err_set(e, ERR_INPUT, "refused: '%.*s' is no URL", STRF(text));
	else if (strcmp(scheme, "http") != 0 && strcmp(scheme, "https") != 0)
		kind = err_set(e, ERR_INPUT, "refused: '%s' is neither http nor https", scheme);
	else if (curl_url_get(u, CURLUPART_HOST, host, 0) != CURLUE_OK ||
		 curl_url_get(u, CURLUPART_URL, url, 0) != CURLUE_OK)
		kind = err_set(e, ERR_INPUT, "refused: '%.*s' names no host", STRF(text));
	curl_free(scheme);
	curl_url_cleanup(u);
	free(z);
	return kind;
}

static char *lower_copy(const char *s)
{
	char *copy = strdup(s == NULL ? "" : s);
	if (copy == NULL)
		die("out of memory");
	for (char *c = copy; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	return copy;
}

/* Bytes that copy_request() takes from the arena, at most. */
static size_t request_size(const struct fetch_request *r, size_t url)
{
	size_t n = url + r->method.n + r->body.n + r->etag.n + r->last_modified.n + 5;
	for (size_t i = 0; i < r->headers.n; i++)
		n += r->headers.v[i].n + 1 + sizeof(struct str);
	for (size_t i = 0; i < r->parts.n; i++) {
		const struct fetch_part *p = &r->parts.v[i];
		n += p->name.n + p->type.n + p->data.n + 3 + sizeof(*p);
	}
	return n;
}

static void copy_request(struct transfer *t, const struct fetch_request *r, const char *url)
{
	struct arena *a = t->arena;
	t->request = *r;
	t->request.url = str_dup(a, str_of(url));
	t->request.method = str_dup(a, r->method);
	t->request.body = str_dup(a, r->body);
	t->request.etag = str_dup(a, r->etag);
	t->request.last_modified = str_dup(a, r->last_modified);
	t->request.headers.v = arena_make_n(a, r->headers.n, struct str);
	for (size_t i = 0; i < r->headers.n; i++)
		t->request.headers.v[i] = str_dup(a, r->headers.v[i]);
	t->request.parts.v = arena_make_n(a, r->parts.n, struct fetch_part);
	for (size_t i = 0; i < r->parts.n; i++) {
		const struct fetch_part *p = &r->parts.v[i];
		t->request.parts.v[i] = (struct fetch_part){
			.name = str_dup(a, p->name),
			.type = str_dup(a, p->type),
			.data = str_dup(a, p->data),
		};
	}
}

/* No line break or NUL, which would forge further headers. */
static bool one_line(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t') || s.p[i] == 0x7f)
			return false;
	return true;
}

static enum err check_request(const struct fetch_request *r, struct error *e)
{
	bool ok = one_line(r->etag) && one_line(r->last_modified);
	for (size_t i = 0; i < r->headers.n; i++)
		ok = ok && one_line(r->headers.v[i]) && str_find_char(r->headers.v[i], ':') != SIZE_MAX;
	for (size_t i = 0; i < r->parts.n; i++)
		ok = ok && one_line(r->parts.v[i].name) && one_line(r->parts.v[i].type);
	if (!ok)
		return err_set(e, ERR_INPUT, "refused: a header that is no 'Name: value' on one line");
	if (!str_eq(r->method, STR("GET")) && !str_eq(r->method, STR("POST")))
		return err_set(
			e, ERR_INPUT, "refused: method '%.*s' is neither GET nor POST", STRF(r->method));
	return ERR_OK;
}

struct transfer *transfer_new(
	const struct transfer_rules *rules, struct arena *a, const struct fetch_request *r, char **host)
{
	struct transfer *t = calloc(1, sizeof(*t));
	if (t == NULL)
		die("out of memory");
	t->rules = rules;
	t->arena = a;
	t->head = buf_init(FETCH_HEADERS_MAX);
	t->body = buf_init(r->max_bytes);
	t->file = r->to_file ? body_file() : -1;
	char *url = NULL, *name = NULL;
	enum err kind = read_url(r->url, &url, &name, &t->failed);
	if (kind == ERR_OK)
		kind = check_request(r, &t->failed);
	if (kind == ERR_OK) {
		if (request_size(r, strlen(url)) <= arena_room(a))
			copy_request(t, r, url);
		else
			(void)err_set(&t->failed, ERR_LIMIT, "the request is larger than the memory for it");
	}
	*host = lower_copy(name);
	curl_free(name);
	curl_free(url);
	return t;
}

static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
	(void)purpose;
	struct transfer *t = ctx;
	if (guard_judge(&t->rules->guard, &to->addr, &t->refused) != ERR_OK)
		return CURL_SOCKET_BAD;
	t->refused = (struct error){0};
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* One line of a status line, header or trailer. Anything but `n` ends the transfer. */
static size_t on_header(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct str line = {p, size * n};
	t->head_bytes += line.n;
	if (t->head_bytes > FETCH_HEADERS_MAX) {
		(void)err_set(&t->failed, ERR_LIMIT, "headers larger than %zu KB", FETCH_HEADERS_MAX >> 10);
		return 0;
	}
	if (str_starts(line, STR("HTTP/"))) { /* of the next response, after 1xx or a redirect */
		buf_clear(&t->head);
		t->head_ended = false;
	}
	if (t->head_ended) /* a trailer */
		return line.n;
	buf_add(&t->head, line);
	t->head_ended = str_trim(line).n == 0;
	if (t->head_ended && !header_lengths_agree(buf_str(&t->head))) {
		(void)err_set(&t->failed, ERR_INPUT, "two Content-Length headers contradict each other");
		return 0;
	}
	return line.n;
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;
	struct body_out out = {.buf = &t->body, .fd = t->file, .n = t->file_bytes, .max = t->request.max_bytes};
	bool fits = body_add(&out, (struct str){p, size * n});
	t->file_bytes = out.n;
	if (fits)
		return size * n;
	(void)body_too_large(t->request.max_bytes, &t->failed);
	return 0;
}

static void add_line(struct transfer *t, const char *line)
{
	struct curl_slist *more = curl_slist_append(t->lines, line);
	if (more == NULL)
		die("out of memory");
	t->lines = more;
}

static void add_validator(struct transfer *t, const char *name, struct str value)
{
	if (value.n == 0)
		return;
	char *line = NULL;
	if (asprintf(&line, "%s: %s", name, value.p) < 0)
		die("out of memory");
	add_line(t, line);
	free(line);
}

/* libcurl must not decode: it takes a truncated gzip body for a whole one. */
static void set_headers(struct transfer *t)
{
	add_line(t, "Accept-Encoding: gzip, deflate");
	add_line(t, "Expect:"); /* some servers answer 417 to libcurl's own */
	for (size_t i = 0; i < t->request.headers.n; i++)
		add_line(t, t->request.headers.v[i].p);
	add_validator(t, "If-None-Match", t->request.etag);
	add_validator(t, "If-Modified-Since", t->request.last_modified);
	SET(t, CURLOPT_HTTPHEADER, t->lines);
}

static void add_part(struct transfer *t, const struct fetch_part *p)
{
	curl_mimepart *part = curl_mime_addpart(t->mime);
	if (part == NULL || curl_mime_name(part, p->name.p) != CURLE_OK ||
		curl_mime_filename(part, "blob") != CURLE_OK || curl_mime_type(part, p->type.p) != CURLE_OK ||
		curl_mime_data(part, p->data.p, p->data.n) != CURLE_OK)
		die("out of memory");
}

static void set_method(struct transfer *t)
{
	if (str_eq(t->request.method, STR("GET"))) {
		SET(t, CURLOPT_HTTPGET, 1L);
	} else if (t->request.parts.n == 0) {
		SET(t, CURLOPT_POST, 1L);
		SET(t, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->request.body.n);
		SET(t, CURLOPT_POSTFIELDS, t->request.body.p);
	} else {
		t->mime = curl_mime_init(t->easy);
		for (size_t i = 0; i < t->request.parts.n; i++)
			add_part(t, &t->request.parts.v[i]);
		SET(t, CURLOPT_MIMEPOST, t->mime);
	}
	/* A search API that moved still wants the query it is sent to. */
	SET(t, CURLOPT_POSTREDIR, (long)(CURL_REDIR_POST_301 | CURL_REDIR_POST_302));
}

static void set_guards(struct transfer *t)
{
	SET(t, CURLOPT_PROTOCOLS_STR, "http,https");
	SET(t, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	SET(t, CURLOPT_FOLLOWLOCATION, 1L);
	SET(t, CURLOPT_MAXREDIRS, (long)FETCH_REDIRECTS_MAX);
	SET(t, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(t, CURLOPT_OPENSOCKETDATA, t);
	SET(t, CURLOPT_PROXY, ""); /* one would hide the address from on_socket() */
	SET(t, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(t, CURLOPT_NOSIGNAL, 1L);
	SET(t, CURLOPT_FAILONERROR, 1L); /* bodies of errors are not read */
	SET(t, CURLOPT_CONNECTTIMEOUT_MS, (long)FETCH_CONNECT_MS);
	SET(t, CURLOPT_TIMEOUT_MS, (long)t->rules->total_ms);
	SET(t, CURLOPT_LOW_SPEED_LIMIT, (long)FETCH_SLOW_BYTES);
	SET(t, CURLOPT_LOW_SPEED_TIME, (long)t->rules->slow_seconds);
}

void transfer_start(struct transfer *t, CURLM *multi)
{
	t->easy = curl_easy_init();
	if (t->easy == NULL)
		die("out of memory");
	SET(t, CURLOPT_ERRORBUFFER, t->curl_text);
	SET(t, CURLOPT_URL, t->request.url.p);
	if (t->rules->user_agent[0] != '\0')
		SET(t, CURLOPT_USERAGENT, t->rules->user_agent);
	SET(t, CURLOPT_HEADERFUNCTION, on_header);
	SET(t, CURLOPT_HEADERDATA, t);
	SET(t, CURLOPT_WRITEFUNCTION, on_body);
	SET(t, CURLOPT_WRITEDATA, t);
	set_guards(t);
	set_headers(t);
	set_method(t);
	if (curl_multi_add_handle(multi, t->easy) != CURLM_OK)
		die("curl refuses a transfer");
}

void transfer_free(struct transfer *t, CURLM *multi)
{
	if (t->easy != NULL) {
		(void)curl_multi_remove_handle(multi, t->easy);
		curl_easy_cleanup(t->easy);
	}
	curl_mime_free(t->mime);
	curl_slist_free_all(t->lines);
	buf_free(&t->head);
	buf_free(&t->body);
	if (t->file >= 0)
		(void)close(t->file);
	free(t);
}

void transfer_finish(struct transfer *t, CURLM *multi, CURLcode code)
{
	struct fetch_response r = {.fd = -1};
	struct error e = {0};
	enum err kind = outcome_judge(t, code, &r, &e);
	fetch_done *done = t->done;
	void *ctx = t->ctx;
	transfer_free(t, multi); /* before done(), which may free the arena */
	done(ctx, &r, kind, &e);
	if (r.fd >= 0)
		(void)close(r.fd);
}
