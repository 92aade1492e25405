/* SPDX-License-Identifier: MIT
 *
 * The pure parts of fetching: the address guard, response headers, content
 * decoding.
 */
#include "harness.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <zlib.h>

#include "fetch/body.h"
#include "fetch/fetch.h"
#include "fetch/guard.h"
#include "fetch/headers.h"

#define NOW    1795417200 /* 2026-11-23T07:00:00Z */
#define ONE_MB ((size_t)1 << 20)

static void test_nets(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool ok;
		unsigned bits;
	} rows[] = {
		{"127.0.0.0/8", true, 8},
		{"10.1.2.3", true, 32},
		{"0.0.0.0/0", true, 0},
		{"::1/128", true, 128},
		{"fd00::/8", true, 8},
		{"::1", true, 128},
		{"::/0", true, 0},
		{"", false, 0},
		{"/8", false, 0},
		{"127.0.0.0/33", false, 0},
		{"127.0.0.0/-1", false, 0},
		{"127.0.0.0/", false, 0},
		{"127.0.0/8", false, 0},
		{"127.0.0.0/8/8", false, 0},
		{"::1/129", false, 0},
		{"localhost", false, 0},
		{"1.2.3.4.5", false, 0},
		{" 10.0.0.0/8", false, 0},
		{"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb", false, 0},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct net net;
		bool ok = net_parse(str_of(rows[i].text), &net);
		if (ok != rows[i].ok || (ok && net.bits != rows[i].bits))
			fail_msg("'%s'", rows[i].text);
	}
}

static enum err judge(const struct guard *g, const char *address, uint16_t port, struct error *e)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
	if (inet_pton(AF_INET, address, &v4.sin_addr) == 1)
		return guard_judge(g, (struct sockaddr *)&v4, e);
	assert_int_equal(inet_pton(AF_INET6, address, &v6.sin6_addr), 1);
	return guard_judge(g, (struct sockaddr *)&v6, e);
}

static void test_public(void **state)
{
	(void)state;
	static const char *const refused[] = {
		"0.0.0.0",
		"0.255.255.255",
		"10.0.0.1",
		"10.255.255.255",
		"100.64.0.1",
		"100.127.255.255",
		"127.0.0.1",
		"127.255.255.255",
		"169.254.169.254",
		"172.16.0.1",
		"172.31.255.255",
		"192.0.0.1",
		"192.0.2.1",
		"192.168.0.1",
		"198.18.0.1",
		"198.19.255.255",
		"198.51.100.1",
		"203.0.113.1",
		"224.0.0.1",
		"239.1.1.1",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::7f00:1",
		"::ffff:127.0.0.1",
		"::ffff:8.8.8.8",
		"64:ff9b::7f00:1",
		"64:ff9b:1::1",
		"2001::1",
		"2002:7f00:1::1",
		"2001:db8::1",
		"100::1",
		"fc00::1",
		"fdff::1",
		"fe80::1",
		"febf::1",
		"fec0::1",
		"ff02::1",
	};
	static const char *const fine[] = {
		"1.1.1.1",
		"9.255.255.255",
		"11.0.0.0",
		"100.63.255.255",
		"100.128.0.0",
		"126.0.0.1",
		"128.0.0.1",
		"169.253.0.1",
		"169.255.0.1",
		"172.15.255.255",
		"172.32.0.0",
		"192.0.1.1",
		"192.167.1.1",
		"192.169.1.1",
		"198.17.0.1",
		"198.20.0.1",
		"223.255.255.255",
		"2a00:1450::1",
		"2001:1::1",
		"2001:67c::1",
		"2003::1",
		"2606:4700::1111",
		"64:ff9a::1",
	};
	const struct guard none = {0};
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct error e = {0};
		enum err kind = judge(&none, refused[i], 443, &e);
		if (kind != ERR_INPUT || strstr(e.text, "is not a public address") == NULL)
			fail_msg("%s passes: '%s'", refused[i], e.text);
	}
	for (size_t i = 0; i < COUNT(fine); i++)
		if (judge(&none, fine[i], 80, NULL) != ERR_OK)
			fail_msg("%s is refused", fine[i]);
}

static void test_allowed(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct str nets = STR("127.0.0.0/8, fd12::/15, 10.0.0.128/25, nonsense, 8.8.8.8");
	struct strv allow = strv_split(a, nets, ',');
	struct guard g = guard_make(a, &allow);
	assert_int_equal(g.allow.n, 4);
	static const struct {
		const char *address;
		uint16_t port;
		enum err want;
	} rows[] = {
		{"127.0.0.1", 80, ERR_OK},
		{"127.9.9.9", 8080, ERR_OK},
		{"128.0.0.1", 80, ERR_OK},
		{"128.0.0.1", 8080, ERR_INPUT},
		{"::ffff:127.0.0.1", 80, ERR_INPUT},
		{"::1", 80, ERR_INPUT},
		{"fd13::1", 1, ERR_OK},
		{"fd14::1", 80, ERR_INPUT},
		{"10.0.0.128", 1, ERR_OK},
		{"10.0.0.127", 80, ERR_INPUT},
		{"8.8.8.8", 25, ERR_OK},
		{"8.8.4.4", 25, ERR_INPUT},
		{"8.8.4.4", 443, ERR_OK},
		{"2a00::1", 8443, ERR_INPUT},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (judge(&g, rows[i].address, rows[i].port, NULL) != rows[i].want)
			fail_msg("%s port %d", rows[i].address, rows[i].port);
	struct error e;
	(void)judge(&g, "8.8.4.4", 25, &e);
	assert_string_equal(e.text, "refused: port 25 of 8.8.4.4, only 80 and 443 are open (allow-private)");
	(void)judge(&g, "::1", 25, &e);
	assert_string_equal(e.text, "refused: ::1 is not a public address (allow-private)");
	const struct sockaddr local = {.sa_family = AF_UNIX};
	assert_int_equal(guard_judge(&g, &local, &e), ERR_INPUT);
	arena_free(a);
}

static void test_header_get(void **state)
{
	(void)state;
	struct str block = STR("HTTP/1.1 200 OK\r\nA: one\r\n"
			       "ETAG:  W/\"x y:z\"\t\r\nb:\r\na: two\r\n folded: a: no\r\nAB\r\n\r\n");
	assert_str(header_get(block, STR("a")), "two");
	assert_str(header_get(block, STR("etag")), "W/\"x y:z\"");
	assert_str(header_get(block, STR("B")), "");
	assert_str(header_get(block, STR("AB")), "");
	assert_str(header_get(block, STR("folded")), "");
	assert_str(header_get((struct str){0}, STR("a")), "");
}

static void test_lengths(void **state)
{
	(void)state;
	static const struct {
		const char *block;
		bool agree;
	} rows[] = {
		{"", true},
		{"X: 1\r\n", true},
		{"Content-Length: 1\r\n", true},
		{"Content-Length: 1\r\ncontent-length:1\r\n", true},
		{"Content-Length: 1, 1\r\n", true},
		{"Content-Length: 01\r\nContent-Length: 1\r\n", true},
		{"Content-Length: 1\r\nContent-Length: 2\r\n", false},
		{"Content-Length: 1, 2\r\n", false},
		{"Content-Length: 1\r\nX: y\r\nContent-Length: 1, 1, 11\r\n", false},
		{"Content-Length: 0\r\nContent-Length: 00\r\n", true},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (header_lengths_agree(str_of(rows[i].block)) != rows[i].agree)
			fail_msg("'%s'", rows[i].block);
}

static void test_charset(void **state)
{
	(void)state;
	static const struct {
		const char *type, *charset;
	} rows[] = {
		{"", ""},
		{"text/html", ""},
		{"text/html;charset=utf-8", "utf-8"},
		{"text/html; Charset = \"UTF-8\" ", "UTF-8"},
		{"text/xml; charset='windows-1252'; x", "windows-1252"},
		{"a/b; q=\"x; charset=no\"; charset=yes", "yes"},
		{"a/b; charset", ""},
		{"a/b; charset=", ""},
		{"a/b; charset=\"", "\""},
		{"a/b;;;charset=x;", "x"},
		{"charset=utf-8", ""},
		{"a/b; xcharset=y", ""},
		{"a/b; x=\"unclosed; charset=y", ""},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(header_charset(str_of(rows[i].type)), rows[i].charset);
}

static void test_retry_after(void **state)
{
	(void)state;
	static const char *const date = "Mon, 23 Nov 2026 06:00:00 GMT"; /* an hour before NOW */
	static const struct {
		const char *value, *date;
		int64_t want;
	} rows[] = {
		{"", "", 0},
		{"0", "", 0},
		{"120", "", 120},
		{"86400", "", 86400},
		{"86401", "", 86400},
		{"99999999999999999999999", "", 86400},
		{"-5", "", 0},
		{"soon", "", 0},
		{"Mon, 23 Nov 2026 07:01:30 GMT", "", 90},
		{"Mon, 23 Nov 2026 07:01:30 GMT", date, 3690},
		{"Mon, 23 Nov 2026 06:59:59 GMT", "", 0},
		{"Monday, 23-Nov-26 07:00:10 GMT", "", 10},
		{"Mon Nov 23 07:00:20 2026", "", 20},
		{"Fri, 31 Dec 9999 23:59:59 GMT", "", 86400},
		{"Mon, 23 Nov 2026 07:01:30 GMT", "yesterday", 90},
		{"Mon, 23 Nov 2026 07:01:30 GMT and so much more that it is no date any longer", "", 0},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t got = header_retry_after(str_of(rows[i].value), str_of(rows[i].date), NOW);
		if (got != rows[i].want)
			fail_msg("'%s': %lld", rows[i].value, (long long)got);
	}
}

static void test_link(void **state)
{
	(void)state;
	static const struct {
		const char *block, *next;
	} rows[] = {
		{"", ""},
		{"Link:\r\n", ""},
		{"Link: <a>\r\n", ""},
		{"Link: <a>; rel=next\r\n", "a"},
		{"Link: <a>; rel=\"next\"\r\n", "a"},
		{"Link: <a>;rel=NEXT\r\n", "a"},
		{"Link: < a >; title=\"next\"\r\n", ""},
		{"Link: <a>; rel=\"prev next\"\r\n", "a"},
		{"Link: <a>; rel=nextish\r\n", ""},
		{"Link: <a>; rel=prev, <b>; rel=next\r\n", "b"},
		{"Link: <a>; rel=prev\r\nlink: <b>; rel=next\r\n", "b"},
		{"Link: <a,b;c>; rel=next\r\n", "a,b;c"},
		{"Link: <a>; title=\"x, <y>; rel=next\"; rel=prev, <b>; rel=next\r\n", "b"},
		{"Link: a; rel=next\r\n", ""},
		{"Link: <a; rel=next\r\n", ""},
		{"Link: ,,,<b>;rel=next\r\n", "b"},
		{"Link: <a>; rel=prev; rel=next\r\n", ""},
		{"Link: x<a>; rel=next\r\n", ""},
		{"Link: >\r\n", ""},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(header_link_next(str_of(rows[i].block)), rows[i].next);
}

/* Compresses the text `times` times in one stream; `bits` as deflateInit2() takes them. */
static struct str packed(struct arena *a, const char *text, size_t times, int bits)
{
	z_stream z = {0};
	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
	size_t n = strlen(text), room = 1000 + n * times / 50;
	char *out = arena_alloc(a, room);
	z.next_out = (Bytef *)out;
	z.avail_out = (uInt)room;
	for (size_t i = 0; i <= times; i++) {
		union {
			const char *in;
			Bytef *z;
		} p = {.in = text};
		z.next_in = p.z;
		z.avail_in = i < times ? (uInt)n : 0;
		int rc = deflate(&z, i < times ? Z_NO_FLUSH : Z_FINISH);
		assert_int_equal(rc, i < times ? Z_OK : Z_STREAM_END);
	}
	struct str s = {out, room - z.avail_out};
	(void)deflateEnd(&z);
	return s;
}

static struct str joined(struct arena *a, struct str x, struct str y)
{
	char *p = arena_alloc(a, x.n + y.n);
	memcpy(p, x.p, x.n);
	memcpy(p + x.n, y.p, y.n);
	return (struct str){p, x.n + y.n};
}

static void check_body(struct str wire, const char *encoding, enum err kind, const char *want)
{
	struct buf out = buf_init(ONE_MB);
	struct error e = {0};
	enum err got = body_decode(wire, str_of(encoding), &out, &e);
	if (got != kind)
		fail_msg("%s: %s '%s', want %s", encoding, err_name(got), e.text, err_name(kind));
	if (kind == ERR_OK)
		assert_str(buf_str(&out), want);
	else if (strstr(e.text, want) == NULL)
		fail_msg("%s: '%s' lacks '%s'", encoding, e.text, want);
	buf_free(&out);
}

static void test_decode(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct str gz = packed(a, "hello", 1, 31), zl = packed(a, "hello", 1, 15);
	struct str bare = packed(a, "hello", 1, -15);
	check_body(STR("hello"), "", ERR_OK, "hello");
	check_body(STR("hello"), "Identity", ERR_OK, "hello");
	check_body(STR(""), "gzip", ERR_OK, "");
	check_body(gz, "gzip", ERR_OK, "hello");
	check_body(gz, "X-GZIP", ERR_OK, "hello");
	check_body(joined(a, gz, gz), "gzip", ERR_OK, "hellohello");
	check_body(joined(a, gz, STR("\0\0\0")), "gzip", ERR_OK, "hello");
	check_body(joined(a, joined(a, gz, gz), STR("\0")), "gzip", ERR_OK, "hellohello");
	check_body(joined(a, gz, STR("garbage")), "gzip", ERR_INPUT, "broken");
	check_body(joined(a, gz, STR("\0\0x")), "gzip", ERR_INPUT, "broken");
	check_body(joined(a, gz, str_sub(gz, 0, 5)), "gzip", ERR_TEMPORARY, "breaks off");
	check_body(STR("hello"), "gzip", ERR_INPUT, "broken");
	check_body(zl, "gzip", ERR_INPUT, "broken");
	check_body(zl, "deflate", ERR_OK, "hello");
	check_body(bare, "deflate", ERR_OK, "hello");
	check_body(STR("\xff\xff\xff\xff"), "deflate", ERR_INPUT, "broken");
	check_body(gz, "br", ERR_INPUT, "unknown content encoding 'br'");
	check_body(gz, "gzip, gzip", ERR_INPUT, "unknown content encoding");
	for (size_t n = 1; n < gz.n; n++) /* wherever it is cut */
		check_body(str_sub(gz, 0, n), "gzip", ERR_TEMPORARY, "breaks off");
	for (size_t n = 1; n < zl.n; n++)
		check_body(str_sub(zl, 0, n), "deflate", ERR_TEMPORARY, "breaks off");
	for (size_t i = 0; i < gz.n; i++) { /* whichever byte is another: no success with other bytes */
		char *p = arena_strndup(a, gz.p, gz.n);
		p[i] = (char)(p[i] ^ 0x55);
		struct buf out = buf_init(ONE_MB);
		if (body_decode((struct str){p, gz.n}, STR("gzip"), &out, NULL) == ERR_OK)
			assert_str(buf_str(&out), "hello");
		buf_free(&out);
	}
	arena_free(a);
}

static void test_bomb(void **state)
{
	(void)state;
	static char text[64 * 1024];
	memset(text, 'a', sizeof(text) - 1);
	struct arena *a = arena_new(ARENA_TEST);
	struct str small = packed(a, text, 15, 31), large = packed(a, text, 800, 31);
	assert_true(large.n < 100000); /* of 50 MB */
	struct buf out = buf_init(ONE_MB);
	struct error e;
	assert_int_equal(body_decode(small, STR("gzip"), &out, &e), ERR_OK);
	assert_int_equal(out.n, 15 * (sizeof(text) - 1));
	buf_clear(&out);
	assert_int_equal(body_decode(large, STR("gzip"), &out, &e), ERR_LIMIT);
	assert_string_equal(e.text, "larger than 1 MB");
	assert_true(out.room <= 2 * ONE_MB);
	buf_free(&out);
	assert_int_equal(body_too_large((size_t)16 << 20, &e), ERR_LIMIT);
	assert_string_equal(e.text, "larger than 16 MB");
	(void)body_too_large(2048, &e);
	assert_string_equal(e.text, "larger than 2 KB");
	(void)body_too_large(7, &e);
	assert_string_equal(e.text, "larger than 7 bytes");
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_nets), cmocka_unit_test(test_public), cmocka_unit_test(test_allowed),
	cmocka_unit_test(test_header_get), cmocka_unit_test(test_lengths), cmocka_unit_test(test_charset),
	cmocka_unit_test(test_retry_after), cmocka_unit_test(test_link), cmocka_unit_test(test_decode),
	cmocka_unit_test(test_bomb))
