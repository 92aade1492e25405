/* SPDX-License-Identifier: MIT
 *
 * Mail in: senders and subjects as they really come, charsets, which parts are the
 * body, forwards, format=flowed, caps, and input that is cut anywhere.
 */
#include "harness.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "mail/decode.h"
#include "mail/mail.h"

static struct letter parse(struct arena *a, struct str bytes)
{
	struct letter l;
	struct error e = {0};
	if (mail_parse(a, bytes, &l, &e) != ERR_OK)
		fail_msg("%s: %.60s", e.text, bytes.p);
	return l;
}

static void test_headers(void **state)
{
	(void)state;
	static const struct {
		const char *header, *from, *subject; /* NULL = not looked at */
	} rows[] = {
		{"From: a@b.example", "a@b.example", NULL},
		{"From: Jaan Tamm <jaan@b.example>", "Jaan Tamm <jaan@b.example>", NULL},
		{"From: \"Tamm, Jaan \\\"JT\\\"\" <jaan@b.example>", "Tamm, Jaan \"JT\" <jaan@b.example>", NULL},
		{"From: =?UTF-8?Q?J=C3=BCri_=C3=95un?= <j@b.example>", "Jüri Õun <j@b.example>", NULL},
		{"From: \"=?UTF-8?Q?J=C3=BCri?=\" <j@b.example>", "Jüri <j@b.example>", NULL},
		{"From: j@b.example (Jüri)", "Jüri <j@b.example>", NULL},
		{"From: A <a@b.example>, C <c@d.example>", "A <a@b.example>", NULL},
		{"From: Team: A <a@b.example>;", "A <a@b.example>", NULL},
		{"From: =?iso-8859-1?Q?M=FCller?=\r\n =?iso-8859-1?Q?_GmbH?=\r\n <m@b.example>",
			"Müller GmbH <m@b.example>", NULL},
		{"From: nonsense", "nonsense", NULL},
		{"From:", "", NULL},
		{"From: <", "<", NULL},
		{"From: \"", "\"", NULL},
		{"Subject: plain", NULL, "plain"},
		{"Subject: folded\r\n  twice\r\n\tthrice", NULL, "folded  twice thrice"},
		{"Subject: =?UTF-8?B?w6Q=?= =?UTF-8?B?w7Y=?=", NULL, "äö"},              /* padded in the middle */
		{"Subject: =?UTF-8?B?w6TD?=\r\n =?UTF-8?B?tg==?=", NULL, "äö"},            /* split character */
		{"Subject: =?utf-8?q?a_b=20c?= d =?utf-8?Q?e?=f", NULL, "a b c d ef"},
		{"Subject: =?utf-8?Q?with spaces inside?=", NULL, "with spaces inside"},
		{"Subject: =?utf-8?Q?unfinished", NULL, "=?utf-8?Q?unfinished"},
		{"Subject: =?utf-8?X?what?= =?", NULL, "=?utf-8?X?what?= =?"},
		{"Subject: =?utf-8?Q?bad=ZZ=4?=", NULL, "bad=ZZ=4"},
		{"Subject: =?utf-8*en?Q?language?=", NULL, "language"},
		{"Subject: =?no-such-charset?Q?=E4?=", NULL, "ä"},
		{"Subject: =?windows-1257?Q?=D0ilutis?=", NULL, "Šilutis"},
		{"Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", NULL, "日本"},
		{"Subject: =?koi8-r?B?zsHVy8E=?=", NULL, "наука"},
		{"Subject: raw \xc3\xb5 utf-8", NULL, "raw õ utf-8"},
		{"Subject: raw \xf5 latin", NULL, "raw õ latin"},
		{"Subject: =?utf-8?Q?line=0D=0AX:_y=00z?=", NULL, "line X: y z"},
		{"Subject: =?UTF-8?Q?=F0=9F=9A=80?=", NULL, "🚀"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct letter l = parse(a, str_of(arena_printf(a, "To: x@y.example\r\n%s\r\n\r\nbody\r\n", rows[i].header)));
		if (rows[i].from != NULL)
			assert_str(l.from, rows[i].from);
		if (rows[i].subject != NULL)
			assert_str(l.subject, rows[i].subject);
		assert_str(str_trim(l.text), "body");
	}
	arena_free(a);
}

#define HEAD "From: a@b.example\nSubject: s\nMIME-Version: 1.0\n"
#define MULTI(kind) "Content-Type: multipart/" kind "; boundary=b\n\n"

static void test_bodies(void **state)
{
	(void)state;
	static const struct {
		const char *what, *mail, *text, *html; /* NULL = empty */
	} rows[] = {
		{"no type", HEAD "\nline\n", "line", NULL},
		{"no type, 8bit utf-8", HEAD "\n\xc3\xb5\n", "õ", NULL},
		{"no type, 8bit latin", HEAD "\n\xf5\n", "õ", NULL},
		{"utf-8 that is not", HEAD "Content-Type: text/plain; charset=utf-8\n\na\xf5" "b\n", "a\xef\xbf\xbd" "b", NULL},
		{"latin-1 with a euro", HEAD "Content-Type: text/plain; charset=iso-8859-1\n\n\x80 5\n", "€ 5", NULL},
		{"windows-1257", HEAD "Content-Type: text/plain; charset=\"windows-1257\"\n\n\xd0\n", "Š", NULL},
		{"utf-16", HEAD "Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64\n\nYQD1AA==\n",
			"aõ", NULL},
		{"gb2312", HEAD "Content-Type: text/plain; charset=gb2312\n\n\xd6\xd0\n", "中", NULL},
		{"charset with a suffix", HEAD "Content-Type: text/plain; charset=\"ascii//IGNORE\"\n\n\xf5\n", "õ", NULL},
		{"html alone", HEAD "Content-Type: text/html\n\n<p>x\n", NULL, "<p>x"},
		{"alternative", HEAD MULTI("alternative") "--b\n\nplain\n--b\nContent-Type: text/html\n\n<p>\n--b--\n", "plain", "<p>"},
		{"related in alternative", HEAD MULTI("alternative") "--b\n\nplain\n--b\nContent-Type: multipart/related; boundary=c\n\n"
			"--c\nContent-Type: text/html\n\n<p>\n--c\nContent-Type: image/png\n\nxx\n--c--\n--b--\n", "plain", "<p>"},
		{"attachment left out", HEAD MULTI("mixed") "--b\n\nbody\n--b\nContent-Disposition: attachment; filename=x.txt\n\nno\n--b--\n",
			"body", NULL},
		{"two inline texts", HEAD MULTI("mixed") "--b\n\none\n--b\n\ntwo\n--b--\n", "one\ntwo", NULL},
		{"html, and a list's footer as text", HEAD MULTI("mixed") "--b\nContent-Type: text/html\n\n<p>x\n--b\n\nfooter\n--b--\n",
			NULL, "<p>x"},
		{"text, and html attached inline", HEAD MULTI("mixed") "--b\n\nx\n--b\nContent-Type: text/html\n\n<p>y\n--b--\n", "x", NULL},
		{"no closing boundary", HEAD MULTI("mixed") "--b\n\nrest", "rest", NULL},
		{"no boundary at all", HEAD "Content-Type: multipart/mixed\n\nrest", NULL, NULL},
		{"quoted-printable, broken", HEAD "Content-Transfer-Encoding: quoted-printable\n\na=\nb=ZZ=3D=\n", "ab=ZZ=", NULL},
		{"base64, broken", HEAD "Content-Transfer-Encoding: base64\n\naGVs*bG8=\n", "hello", NULL},
		{"flowed", HEAD "Content-Type: text/plain; format=flowed\n\none \ntwo\n> q \n> r\n stuffed\n-- \nme \n",
			"one two\n> q r\nstuffed\n-- \nme", NULL},
		{"flowed, delsp", HEAD "Content-Type: text/plain; format=Flowed; delsp=YES\n\none \ntwo\n", "onetwo", NULL},
		{"signed", HEAD "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b\n\n--b\n\nbody\n"
			"--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n", "body", NULL},
		{"a forward as a part", HEAD MULTI("mixed") "--b\n\nfyi\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n"
			"From: x@y.example\nSubject: s\n\ninner body\n--b--\n", "inner body", NULL},
		{"a forward of a forward", HEAD "Content-Type: message/rfc822\n\nFrom: x@y.example\nContent-Type: message/rfc822\n\n"
			"From: z@y.example\n\ninnermost\n", "innermost", NULL},
		{"an empty forward", HEAD MULTI("mixed") "--b\n\nfyi\n--b\nContent-Type: message/rfc822\n\n\n--b--\n", "fyi", NULL},
		{"a bounce", HEAD "Content-Type: multipart/report; boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: message/rfc822\n\n"
			"From: x@y.example\n\nours\n--b--\n", "failed", NULL},
		{"mbox line in front", "From a@b.example Mon Nov 23 07:00:00 2026\n" HEAD "\nx\n", "x", NULL},
		{"blank lines and a BOM in front", "\xef\xbb\xbf\r\n\r\n" HEAD "\nx\n", "x", NULL},
		{"bare CR", HEAD "\na\rb\r\n", "a\nb", NULL},
		{"headers alone", HEAD, NULL, NULL},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct letter l = parse(a, str_of(rows[i].mail));
		if (!str_eq(str_trim(l.text), str_of(rows[i].text)) || !str_eq(str_trim(l.html), str_of(rows[i].html)))
			fail_msg("%s: text '%.*s', html '%.*s'", rows[i].what, STRF(l.text), STRF(l.html));
		assert_str(l.from, "a@b.example");
		assert_str(l.subject, "s");
	}
	arena_free(a);
}

static void test_forward_subject(void **state)
{
	(void)state;
	static const struct {
		const char *outer, *want;
	} rows[] = {{"Fwd:", "Call"}, {"FW: Re:", "Call"}, {"", "Call"}, {"Edasi: ", "Call"}, {"Fwd: this", "Call"}};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct letter l = parse(a, str_of(arena_printf(a,
			"From: Officer <o@cluster.example>\nDate: Fri, 20 Nov 2026 09:12:31 +0200\nMessage-ID: <1@x>\nSubject: %s\n"
			"Content-Type: message/rfc822\n\nFrom: x@y.example\nMessage-ID: <2@x>\nSubject: =?utf-8?Q?Call?=\n\ninner\n",
			rows[i].outer)));
		assert_str(l.subject, rows[i].want);
		assert_str(l.from, "Officer <o@cluster.example>");
		assert_str(l.author, "x@y.example");
		assert_str(l.message_id, "1@x");
		assert_str(instant_iso(a, l.date), "2026-11-20T07:12:31Z");
	}
	assert_str(decode_subject(STR(" Re: FWD:AW: Wg : x: y ")), "x: y");
	arena_free(a);
}

static void test_no_mail(void **state)
{
	(void)state;
	static const char *const rows[] = {"", "\n\n", "hello world", "hello\n\nworld\n", "\x00\x01\x02", "{\"a\": 1}\n",
		"<html><body>x</body></html>", "%PDF-1.7\nFoo: x\n", "X: y\n\nz"};
	struct arena *a = arena_new(ARENA_TEST);
	struct letter l;
	struct error e;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (mail_parse(a, str_of(rows[i]), &l, &e) != ERR_INPUT)
			fail_msg("taken for a mail: %s", rows[i]);
	assert_int_equal(mail_parse(a, (struct str){"From: a\n\n\0b", 11}, &l, &e), ERR_OK);
	arena_free(a);
}

/* ---- caps ---------------------------------------------------------------- */

static enum err parse_buf(struct arena *a, struct buf *b)
{
	struct letter l;
	struct error e;
	arena_reset(a);
	enum err rc = mail_parse(a, buf_str(b), &l, &e);
	buf_free(b);
	return rc;
}

static void test_caps(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct buf b = buf_init(MAIL_BYTES_MAX * 2);
	buf_addz(&b, HEAD "\n");
	while (b.n <= MAIL_BYTES_MAX)
		buf_addz(&b, "0123456789abcdef\n");
	assert_int_equal(parse_buf(a, &b), ERR_LIMIT);

	buf_addz(&b, HEAD MULTI("mixed")); /* many parts */
	for (int i = 0; i <= MAIL_PARTS_MAX; i++)
		buf_addz(&b, "--b\n\nx\n");
	assert_int_equal(parse_buf(a, &b), ERR_LIMIT);

	buf_addz(&b, "From: a@b.example\n"); /* deep: each part a multipart */
	for (int i = 0; i < 4900; i++)
		buf_printf(&b, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	assert_int_equal(parse_buf(a, &b), ERR_LIMIT);

	for (int i = 0; i < 20000; i++) /* deep: each a forward of the next */
		buf_addz(&b, "From: a@b.example\nContent-Type: message/rfc822\n\n");
	assert_int_equal(parse_buf(a, &b), ERR_OK);

	for (int i = 0; i < 200000; i++) /* many headers */
		buf_addz(&b, "From: a@b.example\n");
	assert_int_equal(parse_buf(a, &b), ERR_LIMIT);

	buf_addz(&b, HEAD MULTI("mixed")); /* many parts without anything */
	for (int i = 0; i < 500000; i++)
		buf_addz(&b, "--b\n\n");
	assert_int_equal(parse_buf(a, &b), ERR_LIMIT);

	buf_addz(&b, "From: a@b.example\nTo:"); /* groups in groups */
	for (int i = 0; i < 100000; i++)
		buf_addz(&b, "\n a:");
	assert_int_equal(parse_buf(a, &b), ERR_LIMIT);
	buf_addz(&b, "From: a@b.example\nTo: ");
	for (int i = 0; i < 900; i++)
		buf_addz(&b, "a:");
	assert_int_equal(parse_buf(a, &b), ERR_OK);

	buf_addz(&b, "From: a@b.example\nSubject:"); /* a header without end */
	while (b.n < MAIL_BYTES_MAX - 100)
		buf_addz(&b, " =?utf-8?Q?=C3=B5?= (");
	assert_int_equal(parse_buf(a, &b), ERR_OK);
	arena_free(a);

	struct arena *small = arena_new(300000); /* no room for the text */
	buf_addz(&b, HEAD "\n");
	while (b.n < 400000)
		buf_addz(&b, "0123456789abcdef\n");
	assert_int_equal(parse_buf(small, &b), ERR_LIMIT);
	arena_free(small);
}

/* ---- the offer of the demo ------------------------------------------------ */

static struct str offer(struct arena *a)
{
	struct str bytes;
	struct error e = {0};
	if (file_read(a, "tests/demo/offer.eml", MAIL_BYTES_MAX, &bytes, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return bytes;
}

static void test_offer(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct letter l = parse(a, offer(a));
	assert_str(l.subject, "Fwd: Partners wanted: pilot-scale GMP manufacturing of ATMP");
	assert_str(l.from, "Kadri Tamm <kadri.tamm@cluster.example>");
	assert_str(instant_iso(a, l.date), "2026-11-20T07:12:31Z");
	static const char *const in_text[] = {"---------- Forwarded message ---------\nFrom: Helena Brandt",
		"\nNovaTerra Pharma is looking for small and medium-sized companies in the Baltic\n",
		"– a GMP clean room", "Applications close on 15 January 2027."};
	for (size_t i = 0; i < COUNT(in_text); i++)
		assert_true(str_find(l.text, str_of(in_text[i])) != SIZE_MAX);
	assert_true(str_find(l.html, STR("href=\"https://www.novaterra-pharma.example/unsubscribe?u=7f3c91\"")) !=
		    SIZE_MAX);
	arena_free(a);
}

/* Cut, and with bytes changed, anywhere: the answer is a letter or a refusal. The
 * copies are exact, so that reading past the end is a fault that ASan sees. */
static void test_damaged(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST), *work = arena_new(ARENA_TEST);
	struct str whole = offer(a);
	for (size_t n = 0; n < whole.n; n += n < 1500 ? 1 : 37) {
		char *copy = malloc(n + 1);
		assert_non_null(copy);
		memcpy(copy, whole.p, n);
		for (size_t i = n % 61; i < n; i += 997)
			copy[i] = "\0\r\n\"=?<-("[(i + n) % 9];
		struct letter l;
		struct error e = {0};
		enum err rc = mail_parse(work, (struct str){copy, n}, &l, &e);
		assert_true(rc == ERR_OK || rc == ERR_INPUT);
		if (rc == ERR_OK) {
			assert_true(utf8_valid(l.subject) && utf8_valid(l.from) && utf8_valid(l.text) && utf8_valid(l.html));
			assert_int_equal(str_find_char(l.subject, '\n'), SIZE_MAX);
		}
		free(copy);
		arena_reset(work);
	}
	arena_free(work);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_headers), cmocka_unit_test(test_bodies), cmocka_unit_test(test_forward_subject),
	cmocka_unit_test(test_no_mail), cmocka_unit_test(test_caps), cmocka_unit_test(test_offer),
	cmocka_unit_test(test_damaged))
