/* SPDX-License-Identifier: MIT
 *
 * Fetching from tests/replay/faulty.py: every fault with its kind and words, what
 * is sent, pauses and order per host, pages added from done(), and `stop`. Times
 * are only compared with lower bounds.
 */
#include "harness.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "fetch/fetch.h"

#define PYTHON	  "/usr/bin/python3"
#define NOW	  1795417200 /* 2026-11-23T07:00:00Z */
#define BODY	  "the quick brown fox\n"
#define MB	  ((size_t)1 << 20)
#define ENDED_MAX 64

struct server {
	pid_t pid;
	int port;
};

struct ended { /* what done() saw */
	struct fetch_response r;
	enum err kind;
	char text[ERROR_TEXT_MAX];
	int64_t at;
};

struct run {
	struct arena *arena;
	struct fetcher *fetcher;
	struct ended ended[ENDED_MAX];
	size_t n;
	int stop;
	size_t pages; /* done() adds the next one until so many have ended */
	struct fetch_request page;
};

static struct server server;

static int start_server(void **state)
{
	(void)state;
	int from[2];
	if (pipe(from) != 0)
		return -1;
	server.pid = fork();
	if (server.pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* also when the test crashes */
		(void)dup2(from[1], 1);
		(void)close(from[0]);
		(void)execl(PYTHON, PYTHON, "-B", "tests/replay/faulty.py", (char *)NULL);
		_exit(127);
	}
	(void)close(from[1]);
	FILE *f = fdopen(from[0], "r");
	bool ok = f != NULL && fscanf(f, "listening %d", &server.port) == 1;
	if (f != NULL)
		(void)fclose(f);
	return ok ? 0 : -1;
}

static int stop_server(void **state)
{
	(void)state;
	int status;
	(void)kill(server.pid, SIGTERM);
	return waitpid(server.pid, &status, 0) == server.pid && WIFSIGNALED(status) ? 0 : -1;
}

static struct run run_new(const struct fetch_options *options)
{
	struct arena *a = arena_new(ARENA_TEST);
	static struct strv none;
	struct strv allow = strv_split(a, STR("127.0.0.1/32, ::1"), ',');
	struct fetch_options o = options == NULL ? (struct fetch_options){.allow = &none} : *options;
	if (o.user_agent.n == 0)
		o.user_agent = STR("fundwatch/test (+https://cluster.example/)");
	o.allow = o.allow == NULL ? NULL : &allow;
	return (struct run){.arena = a, .fetcher = fetch_new(&o)};
}

static void run_free(struct run *run)
{
	fetch_free(run->fetcher);
	arena_free(run->arena);
}

static struct fetch_request request(struct run *run, const char *host, const char *path)
{
	return (struct fetch_request){
		.url = str_of(arena_printf(run->arena, "http://%s:%d%s", host, server.port, path)),
		.method = STR("GET"),
		.max_bytes = 2 * MB,
	};
}

static void on_done(void *ctx, const struct fetch_response *r, enum err kind, const struct error *e)
{
	struct run *run = ctx;
	assert_true(run->n < ENDED_MAX);
	struct ended *end = &run->ended[run->n++];
	*end = (struct ended){.r = *r, .kind = kind, .at = clock_mono_ms()};
	(void)snprintf(end->text, sizeof(end->text), "%s", e->text);
	if (run->n < run->pages)
		fetch_add(run->fetcher, run->arena, &run->page, on_done, run);
}

static const struct ended *get(struct run *run, const struct fetch_request *r)
{
	size_t n = run->n;
	fetch_add(run->fetcher, run->arena, r, on_done, run);
	fetch_drive(run->fetcher, NULL);
	assert_int_equal(run->n, n + 1);
	return &run->ended[n];
}

static const struct {
	const char *path;
	enum err kind;
	int status;
	const char *text; /* of the error, or the beginning of the body */
} faults[] = {
	{"/ok", ERR_OK, 200, BODY},
	{"/r3", ERR_OK, 200, BODY},
	{"/loop", ERR_LIMIT, 301, "more than 5 redirects"},
	{"/to-file", ERR_INPUT, 301, "refused: redirected to what is neither http nor https"},
	{"/to-private", ERR_INPUT, 301, "refused: 127.9.9.9 is not a public address (allow-private)"},
	{"/to-metadata", ERR_INPUT, 301, "refused: 169.254.169.254 is not a public address (allow-private)"},
	{"/no-location", ERR_PERMANENT, 301, "HTTP 301 Moved Permanently"},
	{"/short", ERR_TEMPORARY, 200, "the answer broke off after 1,204 bytes"},
	{"/two-lengths", ERR_INPUT, 200, "two Content-Length headers contradict each other"},
	{"/two-equal-lengths", ERR_OK, 200, "abc"},
	{"/chunked", ERR_OK, 200, "abc"},
	{"/chunked-cut", ERR_TEMPORARY, 200, "the answer broke off after 1,0"},
	{"/chunked-bad", ERR_TEMPORARY, 200, "the answer broke off after 0 bytes"},
	{"/until-close", ERR_OK, 200, BODY},
	{"/reset", ERR_TEMPORARY, 200, "the answer broke off after 10 bytes"},
	{"/no-answer", ERR_TEMPORARY, 0, "the server closed the connection without an answer"},
	{"/empty", ERR_OK, 200, ""},
	{"/204", ERR_OK, 204, ""},
	{"/304", ERR_OK, 304, ""},
	{"/304-body", ERR_OK, 304, ""},
	{"/ok?the body of a 304 is not this answer", ERR_OK, 200, BODY},
	{"/continue", ERR_OK, 200, "abc"},
	{"/http09", ERR_INPUT, 0, "the answer is not HTTP"},
	{"/long-header", ERR_LIMIT, 200, "a header line is too long"},
	{"/many-headers", ERR_LIMIT, 200, "headers larger than 64 KB"},
	{"/large", ERR_LIMIT, 200, "larger than 2 MB"},
	{"/gzip", ERR_OK, 200, BODY},
	{"/gzip-two", ERR_OK, 200, BODY},
	{"/gzip-nuls", ERR_OK, 200, BODY},
	{"/gzip-cut", ERR_TEMPORARY, 200, "the compressed answer breaks off"},
	{"/gzip-plain", ERR_INPUT, 200, "the compressed answer is broken"},
	{"/gzip-bomb", ERR_LIMIT, 200, "larger than 2 MB"},
	{"/deflate", ERR_OK, 200, BODY},
	{"/deflate-bare", ERR_OK, 200, BODY},
	{"/brotli", ERR_INPUT, 200, "unknown content encoding 'br'"},
	{"/403", ERR_PERMANENT, 403, "HTTP 403 Forbidden"},
	{"/404", ERR_PERMANENT, 404, "HTTP 404 Not Found"},
	{"/410", ERR_PERMANENT, 410, "HTTP 410 Gone"},
	{"/429", ERR_TEMPORARY, 429, "HTTP 429 Too Many Requests"},
	{"/500", ERR_TEMPORARY, 500, "HTTP 500 Internal Server Error"},
	{"/503-date", ERR_TEMPORARY, 503, "HTTP 503 Service Unavailable"},
	{"/503-endless", ERR_TEMPORARY, 503, "HTTP 503 Service Unavailable"},
	{"/599", ERR_TEMPORARY, 599, "HTTP 599"},
	{"/ok?after all that", ERR_OK, 200, BODY},
};

/* All through one fetcher and so, where the server allows it, one connection. */
static void test_faults(void **state)
{
	(void)state;
	struct run run = run_new(NULL);
	for (size_t i = 0; i < COUNT(faults); i++) {
		struct fetch_request r = request(&run, "127.0.0.1", faults[i].path);
		fetch_add(run.fetcher, run.arena, &r, on_done, &run);
	}
	fetch_drive(run.fetcher, NULL);
	assert_int_equal(run.n, COUNT(faults));
	for (size_t i = 0; i < COUNT(faults); i++) {
		const struct ended *end = &run.ended[i];
		struct str words = end->kind == ERR_OK ? end->r.body : str_of(end->text);
		if (end->kind != faults[i].kind || end->r.status != faults[i].status ||
			!str_starts(words, str_of(faults[i].text)))
			fail_msg("%s: %s, status %d, '%s' %zu bytes", faults[i].path, err_name(end->kind),
				end->r.status, end->text, end->r.body.n);
		if (end->kind != ERR_OK || end->r.status == 304)
			assert_int_equal(end->r.body.n, 0);
	}
	run_free(&run);
}

static void test_response(void **state)
{
	(void)state;
	clock_set(NOW);
	struct run run = run_new(NULL);
	struct fetch_request r = request(&run, "127.0.0.1", "/validators");
	const struct ended *end = get(&run, &r);
	assert_str(end->r.etag, "W/\"a b\\\"c\"");
	assert_str(end->r.last_modified, "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_str(end->r.url, r.url.p);
	assert_int_equal(end->r.body.n, 2000);
	static const char *const types[][2] = {
		{"/charset-plain", "utf-8"},
		{"/charset-quoted", "ISO-8859-15"},
		{"/charset-none", ""},
	};
	for (size_t i = 0; i < COUNT(types); i++) {
		r = request(&run, "127.0.0.1", types[i][0]);
		assert_str(get(&run, &r)->r.charset, types[i][1]);
	}
	assert_str(run.ended[run.n - 1].r.content_type, "text/html");
	r = request(&run, "127.0.0.1", "/429");
	assert_int_equal(get(&run, &r)->r.retry_after, 120);
	r = request(&run, "127.0.0.1", "/503-date");
	assert_int_equal(get(&run, &r)->r.retry_after, 90);
	r = request(&run, "127.0.0.1", "/r3");
	assert_true(str_ends(get(&run, &r)->r.url, STR("/ok?after%20three")) ||
		    str_ends(run.ended[run.n - 1].r.url, STR("/ok?after+three")));
	r = request(&run, "127.0.0.1", "/link");
	assert_true(str_ends(get(&run, &r)->r.link_next, STR("/p?n=2,+3")));
	assert_true(str_starts(run.ended[run.n - 1].r.link_next, STR("http://127.0.0.1:")));
	r = request(&run, "127.0.0.1", "/link-evil");
	assert_str(get(&run, &r)->r.link_next, "");
	r = request(&run, "127.0.0.1", "/chunked");
	assert_str(get(&run, &r)->r.etag, "\"head\""); /* not the trailer's */
	r = request(&run, "127.0.0.1", "/continue");
	assert_str(get(&run, &r)->r.etag, ""); /* not the interim answer's */
	run_free(&run);
}

static void has(struct str text, const char *part)
{
	if (str_find(text, str_of(part)) == SIZE_MAX)
		fail_msg("'%.*s' lacks '%s'", STRF(text), part);
}

static void lacks(struct str text, const char *part)
{
	if (str_ifind(text, str_of(part)) != SIZE_MAX)
		fail_msg("'%.*s' has '%s'", STRF(text), part);
}

static void test_sent(void **state)
{
	(void)state;
	assert_int_equal(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
	struct run run = run_new(NULL);
	struct fetch_request r = request(&run, "127.0.0.1", "/set-cookie");
	assert_int_equal(get(&run, &r)->kind, ERR_OK);
	r = request(&run, "127.0.0.1", "/echo?q=***&x=\xC3\xB5 \"y\"#fragment");
	*vec_push(run.arena, &r.headers) = STR("Accept: application/json");
	r.etag = STR("W/\"a b\\\"c\"");
	r.last_modified = STR("yesterday, more or less");
	struct str body = get(&run, &r)->r.body;
	has(body, "GET /echo?q=***&x=%c3%b5+\"y\" HTTP/1.1\r\n");
	has(body, "\r\nUser-Agent: fundwatch/test (+https://cluster.example/)\r\n");
	has(body, "\r\nAccept-Encoding: gzip, deflate\r\n");
	has(body, "\r\nAccept: application/json\r\n");
	has(body, "\r\nIf-None-Match: W/\"a b\\\"c\"\r\n");
	has(body, "\r\nIf-Modified-Since: yesterday, more or less\r\n");
	lacks(body, "cookie");
	lacks(body, "proxy");
	lacks(body, "referer");
	r = request(&run, "127.0.0.1", "/to-echo");
	r.method = STR("POST");
	r.body = STR("{\"a\":1}");
	*vec_push(run.arena, &r.headers) = STR("Content-Type: application/json");
	body = get(&run, &r)->r.body;
	has(body, "POST /echo HTTP/1.1\r\n"); /* also behind the redirect */
	has(body, "\r\nContent-Type: application/json\r\n");
	has(body, "\r\n\r\n{\"a\":1}");
	lacks(body, "if-none-match");
	(void)unsetenv("http_proxy");
	run_free(&run);
}

static void test_parts(void **state)
{
	(void)state;
	struct run run = run_new(NULL);
	struct fetch_request r = request(&run, "127.0.0.1", "/echo");
	r.method = STR("POST");
	struct str json = STR("application/json");
	*vec_push(run.arena, &r.parts) = (struct fetch_part){STR("query"), json, STR("{\"bool\":{}}")};
	*vec_push(run.arena, &r.parts) = (struct fetch_part){STR("languages"), json, STR("[\"en\"]")};
	struct str body = get(&run, &r)->r.body;
	has(body, "\r\nContent-Type: multipart/form-data; boundary=");
	has(body, "\r\nContent-Disposition: form-data; name=\"query\"; filename=\"blob\"\r\n"
		  "Content-Type: application/json\r\n\r\n{\"bool\":{}}\r\n--");
	has(body, "\r\nContent-Disposition: form-data; name=\"languages\"; filename=\"blob\"\r\n"
		  "Content-Type: application/json\r\n\r\n[\"en\"]\r\n--");
	run_free(&run);
}

/* Refused before a packet leaves. */
static void test_refused(void **state)
{
	(void)state;
	static const struct fetch_options closed = {.allow = NULL};
	static const char *const urls[][2] = {
		{"http://127.0.0.1/", "127.0.0.1 is not a public address"},
		{"http://localhost:1/", "is not a public address"},
		{"http://2130706433/", "127.0.0.1 is not a public address"},
		{"http://0x7f.1/", "127.0.0.1 is not a public address"},
		{"http://127.1/", "127.0.0.1 is not a public address"},
		{"http://0/", "0.0.0.0 is not a public address"},
		{"http://169.254.169.254/latest/", "169.254.169.254 is not a public address"},
		{"http://[::1]/", "::1 is not a public address"},
		{"http://[::ffff:127.0.0.1]/", "is not a public address"},
		{"http://1.1.1.1:8080/", "port 8080 of 1.1.1.1, only 80 and 443"},
		{"ftp://example.com/", "'ftp' is neither http nor https"},
		{"file:///etc/passwd", "'file' is neither http nor https"},
		{"gopher://127.0.0.1/", "'gopher' is neither http nor https"},
		{"example.com/feed", "is no URL"},
		{"http://", "refused: 'http://'"},
		{"", "'' is no URL"},
		{"http://exa\nmple.com/", "is no URL"},
	};
	struct run run = run_new(&closed);
	for (size_t i = 0; i < COUNT(urls); i++) {
		struct fetch_request r = {.url = str_of(urls[i][0]), .method = STR("GET"), .max_bytes = MB};
		const struct ended *end = get(&run, &r);
		if (end->kind != ERR_INPUT || strstr(end->text, urls[i][1]) == NULL)
			fail_msg("%s: %s '%s'", urls[i][0], err_name(end->kind), end->text);
		assert_int_equal(end->r.status, 0);
	}
	run_free(&run);
}

static void test_bad_requests(void **state)
{
	(void)state;
	struct run run = run_new(NULL);
	struct fetch_request good = request(&run, "127.0.0.1", "/echo"), r = good;
	r.method = STR("DELETE");
	assert_int_equal(get(&run, &r)->kind, ERR_INPUT);
	r = good;
	r.etag = STR("a\r\nX: y");
	assert_int_equal(get(&run, &r)->kind, ERR_INPUT);
	r = good;
	*vec_push(run.arena, &r.headers) = STR("X-A: b\nEvil: c");
	assert_int_equal(get(&run, &r)->kind, ERR_INPUT);
	r = request(&run, "127.0.0.1", "/large");
	struct arena *small = arena_new(1000);
	r.max_bytes = 4 * MB;
	fetch_add(run.fetcher, small, &r, on_done, &run);
	struct arena *tiny = arena_new(20);
	fetch_add(run.fetcher, tiny, &r, on_done, &run);
	fetch_drive(run.fetcher, NULL);
	assert_int_equal(run.n, 5);
	for (size_t i = 3; i < 5; i++) { /* in either order of ending */
		assert_int_equal(run.ended[i].kind, ERR_LIMIT);
		assert_non_null(strstr(run.ended[i].text, "larger than the memory for it"));
	}
	arena_free(small);
	arena_free(tiny);
	run_free(&run);
}

static void test_slow(void **state)
{
	(void)state;
	static struct strv some;
	struct fetch_options total = {.allow = &some, .total_ms = 700};
	struct fetch_options slow = {.allow = &some, .slow_seconds = 1};
	struct run run = run_new(&total);
	struct fetch_request r = request(&run, "127.0.0.1", "/stall");
	const struct ended *end = get(&run, &r);
	assert_int_equal(end->kind, ERR_TEMPORARY);
	assert_string_equal(end->text, "no whole answer within 700 ms (0 bytes so far)");
	run_free(&run);
	run = run_new(&slow);
	r = request(&run, "127.0.0.1", "/drip");
	end = get(&run, &r);
	assert_int_equal(end->kind, ERR_TEMPORARY);
	if (strstr(end->text, "slower than 50 bytes per second for 1 seconds (") == NULL)
		fail_msg("'%s'", end->text);
	run_free(&run);
}

/* The server's log of what it was asked: one line per request. */
static struct str server_log(struct run *run)
{
	struct fetch_request r = request(run, "127.0.0.1", "/_log");
	return get(run, &r)->r.body;
}

static void test_order(void **state)
{
	(void)state;
	struct run run = run_new(NULL);
	size_t before = server_log(&run).n;
	for (int i = 0; i < 12; i++) {
		struct fetch_request r = request(
			&run, i % 2 == 0 ? "127.0.0.1" : "LOCALHOST", arena_printf(run.arena, "/held?%d", i));
		fetch_add(run.fetcher, run.arena, &r, on_done, &run);
	}
	fetch_drive(run.fetcher, NULL);
	struct str lines = server_log(&run);
	lines = str_sub(lines, before, lines.n);
	int next[2] = {0, 1};
	while (lines.n > 0) {
		struct str rest, line = str_cut(lines, '\n', &lines), path = str_word(line, &rest);
		struct str host = str_word(rest, &rest);
		int *n = &next[str_starts(host, STR("127.")) ? 0 : 1];
		assert_str(path, arena_printf(run.arena, "/held?%d", *n)); /* in the order added */
		assert_str(str_trim(rest), "1");			   /* and never two at a time */
		*n += 2;
	}
	assert_int_equal(next[0], 12);
	assert_int_equal(next[1], 13);
	run_free(&run);
}

static void test_pause(void **state)
{
	(void)state;
	struct run run = run_new(NULL);
	struct fetch_request r = request(&run, "127.0.0.1", "/ok");
	r.pause_ms = 200;
	int64_t start = clock_mono_ms();
	for (int i = 0; i < 3; i++)
		fetch_add(run.fetcher, run.arena, &r, on_done, &run);
	fetch_drive(run.fetcher, NULL);
	assert_true(run.ended[1].at - start >= 200);
	assert_true(run.ended[2].at - start >= 400);
	(void)get(&run, &r); /* also from one drive to the next */
	assert_true(run.ended[3].at - start >= 600);
	run_free(&run);
}

static void test_pages(void **state)
{
	(void)state;
	struct run run = run_new(NULL);
	run.pages = 5;
	run.page = request(&run, "127.0.0.1", "/ok?page");
	fetch_add(run.fetcher, run.arena, &run.page, on_done, &run);
	fetch_drive(run.fetcher, NULL);
	assert_int_equal(run.n, 5);
	for (size_t i = 0; i < run.n; i++)
		assert_int_equal(run.ended[i].kind, ERR_OK);
	run.pages = run.n + 3;
	run.page = (struct fetch_request){.url = STR("nonsense"), .method = STR("GET")};
	fetch_add(run.fetcher, run.arena, &run.page, on_done, &run);
	fetch_drive(run.fetcher, NULL);
	assert_int_equal(run.n, 8);
	run_free(&run);
}

static void stop_after(void *ctx, const struct fetch_response *r, enum err kind, const struct error *e)
{
	struct run *run = ctx;
	on_done(ctx, r, kind, e);
	run->stop = 1;
}

static void test_stop(void **state)
{
	(void)state;
	struct run run = run_new(NULL);
	struct fetch_request ok = request(&run, "localhost", "/ok");
	struct fetch_request stalled = request(&run, "127.0.0.1", "/stall");
	fetch_add(run.fetcher, run.arena, &stalled, on_done, &run);
	fetch_add(run.fetcher, run.arena, &stalled, on_done, &run);
	fetch_add(run.fetcher, run.arena, &ok, stop_after, &run);
	fetch_add(run.fetcher, run.arena, &ok, on_done, &run);
	fetch_drive(run.fetcher, &run.stop);
	assert_int_equal(run.n, 4);
	assert_int_equal(run.ended[0].kind, ERR_OK);
	for (size_t i = 1; i < 4; i++) {
		assert_int_equal(run.ended[i].kind, ERR_TEMPORARY);
		assert_string_equal(run.ended[i].text, "stopped");
	}
	fetch_add(run.fetcher, run.arena, &ok, on_done, &run); /* never driven */
	run_free(&run);
	fetch_free(NULL);
}

static void free_arena(void *ctx, const struct fetch_response *r, enum err kind, const struct error *e)
{
	(void)e;
	assert_int_equal(kind, ERR_OK);
	assert_int_equal(r->body.n, 2000);
	arena_freep(ctx);
}

static void test_arena_freed_in_done(void **state)
{
	(void)state;
	struct run run = run_new(NULL);
	struct arena *own = arena_new(ARENA_TEST);
	struct fetch_request r = request(&run, "127.0.0.1", "/gzip");
	fetch_add(run.fetcher, own, &r, free_arena, &own);
	fetch_drive(run.fetcher, NULL);
	assert_null(own);
	run_free(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_response),
		cmocka_unit_test(test_sent),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_bad_requests),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_pause),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_arena_freed_in_done),
	};
	log_set_hook(harness_log, NULL);
	return cmocka_run_group_tests(tests, start_server, stop_server);
}
