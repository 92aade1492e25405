/* SPDX-License-Identifier: MIT
 *
 * Mail out: the exact bytes of one message, hard cases read back by Python's email
 * package and by mail_parse(), and input that is refused.
 */
#include "harness.h"

#include "base/buf.h"
#include "servers.h"

static struct mail_out sample(void)
{
	return (struct mail_out){
		.from = {STR("Emajogi Health Cluster"), STR("calls@cluster.example")},
		.reply_to = {STR("Funding desk"), STR("desk@cluster.example")},
		.to = {STR("CellTech OÜ"), STR("desk@celltech.example")},
		.subject = STR("5 new calls for you – 3 close before 15 Dec"),
		.text = STR("Tere!\n\n.dot\nFrom here\nend \n"),
		.html = STR("<p>Tere päevast</p>"),
		.message_id = STR("d.17@cluster.example"),
		.date = 1795417200,
		.list_id = STR("Emajogi Health Cluster <digest.cluster.example>"),
		.list_unsubscribe = STR("<https://alerts.cluster.example/u/abcdefghijklmnopqrstuvwxyz>,"
					"<mailto:calls@cluster.example?subject=unsubscribe>"),
		.one_click = true,
		.feedback_id = STR("17:weekly:emajogi:fundwatch"),
		.run = STR("digest 2026-11-23T07:00:00Z"),
		.why = STR("rules 0a1b2c3d4e5f; profiles celltech, lab"),
	};
}

static struct str build(struct arena *a, const struct mail_out *m)
{
	struct str out;
	struct error e = {0};
	if (mail_build(a, m, &out, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return out;
}

static void test_exact_bytes(void **state)
{
	(void)state;
	static const char want[] =
		"Date: Mon, 23 Nov 2026 07:00:00 +0000\r\n"
		"From: Emajogi Health Cluster <calls@cluster.example>\r\n"
		"Reply-To: Funding desk <desk@cluster.example>\r\n"
		"To: =?UTF-8?B?Q2VsbFRlY2ggT8Oc?= <desk@celltech.example>\r\n"
		"Subject: =?UTF-8?B?NSBuZXcgY2FsbHMgZm9yIHlvdSDigJMgMyBjbG9zZSBiZWZvcmUgMTUg?=\r\n"
		" =?UTF-8?B?RGVj?=\r\n"
		"Message-ID: <d.17@cluster.example>\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative;\r\n"
		" boundary=\"=_9fca683f9a6d0606adc1f2d088abf5fb\"\r\n"
		"List-Id: Emajogi Health Cluster <digest.cluster.example>\r\n"
		"List-Unsubscribe:"
		" <https://alerts.cluster.example/u/abcdefghijklmnopqrstuvwxyz>,\r\n"
		" <mailto:calls@cluster.example?subject=unsubscribe>\r\n"
		"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"Precedence: bulk\r\n"
		"Feedback-ID: 17:weekly:emajogi:fundwatch\r\n"
		"X-Fundwatch-Run: digest 2026-11-23T07:00:00Z\r\n"
		"X-Fundwatch-Why: rules 0a1b2c3d4e5f; profiles celltech, lab\r\n"
		"\r\n"
		"--=_9fca683f9a6d0606adc1f2d088abf5fb\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"Tere!\r\n"
		"\r\n"
		"=2Edot\r\n"
		"=46rom here\r\n"
		"end=20\r\n"
		"\r\n"
		"--=_9fca683f9a6d0606adc1f2d088abf5fb\r\n"
		"Content-Type: text/html; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"<p>Tere p=C3=A4evast</p>\r\n"
		"\r\n"
		"--=_9fca683f9a6d0606adc1f2d088abf5fb--\r\n";
	struct arena *a = arena_new(ARENA_TEST);
	struct mail_out m = sample();
	struct str got = build(a, &m);
	assert_str(got, want);
	assert_true(str_eq(got, build(a, &m)));
	m.message_id = STR("d.18@cluster.example");
	assert_false(str_eq(got, build(a, &m)));
	arena_free(a);
}

/* ---- hard cases ---------------------------------------------------------- */

static struct str repeated(struct arena *a, const char *what, size_t bytes)
{
	struct buf b = buf_init(bytes + strlen(what));
	while (b.n < bytes)
		buf_addz(&b, what);
	return buf_take(&b, a);
}

/* Empty = as in the sample. `seen` is what a reader gets when it is not what was given. */
static const struct {
	const char *name, *subject, *subject_seen, *to_name, *to_name_seen, *text, *html;
} cases[] = {
	{"plain", "5 new calls", "", "Jaan Tamm", "", "Hello\n", "<p>Hello</p>\n"},
	{"emoji", "🚀🧬 Genoomika 🧬🚀 – 欧盟 Ελλάδα наука 🚀🧬🚀🧬🚀🧬🚀🧬🚀🧬🚀🧬🚀🧬🚀🧬🚀🧬🚀🧬", "", "Jürgen Õunapuu", "", "", ""},
	{"long-ascii", "This subject goes on and on so that it has to be folded more than once, and it has  double "
		"spaces   as well, which nobody may lose on the way to the reader of this mail", "", "", "", "", ""},
	{"one-long-word", "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"", "", "", "", ""},
	{"looks-encoded", "=?utf-8?q?not_so?=", "", "=?x?q?y?=", "", "", ""},
	{"injection", "x\r\nBcc: evil@example.org\nX: y\t\x01z", "x  Bcc: evil@example.org X: y  z", "", "", "", ""},
	{"bad-utf8", "a\xff" "b\xc3", "a\xef\xbf\xbd" "b\xef\xbf\xbd", "N\xff", "N\xef\xbf\xbd", "", ""},
	{"spaces-round", "  padded  ", "padded", "  padded ", "padded", "", ""},
	{"no-subject", "", "-", "", "", "", ""},
	{"no-name", "x", "", "-", "", "", ""},
	{"quoted-name", "x", "", "Tamm, Jaan \"JT\" (CEO) \\ Dr. <x@y.example>", "", "", ""},
	{"long-quoted-name", "x", "", "Institute of Genomics, Bioinformatics, Translational Medicine, and so on and on",
		"", "", ""},
	{"long-name", "x", "", "The Estonian Academy of Sciences and of a Great Many Further Institutions in Tartu "
		"and in Tallinn and elsewhere", "", "", ""},
	{"long-foreign-name", "x", "", "Tartu Ülikooli genoomika, bioinformaatika ja siirdemeditsiini instituut – "
		"Institut für Genomik, Bioinformatik und Translationsmedizin", "", "", ""},
	{"dots", "x", "", "", "", ".\n..\n.a\n\n.", "<p>\n.\n</p>\n."},
	{"from-lines", "x", "", "", "", "From me\n>From you\nFrom: us\n From him\nFrom \n", "From <b>me</b>"},
	{"spaces", "x", "", "", "", "trailing \ntab\t\n  leading\n \n\t\nend ", "<pre> a \n b\t</pre> "},
	{"equals", "x", "", "", "", "a=b=3D=\n=20\n=", "<a href=\"?a=1&b=2\">=</a>"},
	{"line-ends", "x", "", "", "", "a\r\nb\rc\n\nd\r\n", "<p>a\rb</p>"},
	{"greek", "x", "", "", "", "Πρόσκληση υποβολής προτάσεων για την υγεία και την καινοτομία\n", ""},
	{"boundary", "x", "", "", "", "--=_x\n--\n-- \n=_", "<!-- -->"},
	{"empty", "x", "", "", "", "-", "-"},
};

static struct str pick(const char *given, struct str sample_value)
{
	if (strcmp(given, "-") == 0)
		return (struct str){0};
	return given[0] == '\0' ? sample_value : str_of(given);
}

static void save(struct arena *a, const char *dir, const char *name, const char *ending, struct str bytes)
{
	struct error e;
	assert_int_equal(file_write(arena_printf(a, "%s/%s.%s", dir, name, ending), bytes, &e), ERR_OK);
}

/* Builds and writes the mail with what its readers are to see. */
static void save_case(struct arena *a, const char *dir, const char *name, const struct mail_out *m,
	struct str subject, struct str to_name)
{
	struct str bytes = build(a, m);
	save(a, dir, name, "eml", bytes);
	save(a, dir, name, "subject", subject);
	save(a, dir, name, "to", str_of(arena_printf(a, "%.*s|%.*s", STRF(to_name), STRF(m->to.address))));
	save(a, dir, name, "text", m->text);
	if (m->html.n > 0)
		save(a, dir, name, "html", m->html);
	/* GMime as a second reader. */
	struct letter l;
	struct error e = {0};
	assert_int_equal(mail_parse(a, bytes, &l, &e), ERR_OK);
	if (!str_eq(l.subject, subject))
		fail_msg("%s: subject '%.*s'", name, STRF(l.subject));
	assert_true(str_eq(l.message_id, m->message_id));
	assert_int_equal(l.date, m->date);
	if (str_find_char(m->text, '\r') == SIZE_MAX && !str_eq(str_trim(l.text), str_trim(m->text)))
		fail_msg("%s: text '%.*s'", name, STRF(l.text));
	if (str_find_char(m->html, '\r') == SIZE_MAX && !str_eq(str_trim(l.html), str_trim(m->html)))
		fail_msg("%s: html '%.*s'", name, STRF(l.html));
}

static void save_big_cases(struct arena *a, const char *dir)
{
	struct mail_out m = sample();
	m.text = repeated(a, "Üks rida teise järel. Siin lõpeb lause. ", 5000);
	m.html = repeated(a, "<p>Kutse: tervis &amp; tehnoloogia – <a href=\"https://x.example/?a=1\">loe.</a></p>", 90000);
	save_case(a, dir, "big", &m, m.subject, m.to.name);
	m.text = repeated(a, "x", 5000);
	m.html = repeated(a, "....", 5000);
	save_case(a, dir, "long-lines", &m, m.subject, m.to.name);
	m.text = repeated(a, "🧬", 4000);
	m.html = repeated(a, "From ", 5000);
	m.list_unsubscribe = str_of(arena_printf(a, "<https://alerts.cluster.example/u/%.*s>, <mailto:u@cluster.example>",
		STRF(repeated(a, "0123456789", 300))));
	m.list_id = STR("Emajõgi tervishoiuklaster – rahastusuudised <digest.cluster.example>");
	save_case(a, dir, "long-uri", &m, m.subject, m.to.name);
	m.subject = repeated(a, "õ", 900);
	m.to.address = str_of(arena_printf(a, "%.*s@%.*sexample", STRF(repeated(a, "a", 60)),
		STRF(repeated(a, "abcdefghi.", 150))));
	save_case(a, dir, "long-address", &m, m.subject, m.to.name);
}

static void test_read_back(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	const char *dir = temp_dir(a);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mail_out m = sample();
		m.subject = strcmp(cases[i].subject_seen, "-") == 0 ? STR("") : pick(cases[i].subject, m.subject);
		m.to.name = pick(cases[i].to_name, m.to.name);
		m.text = pick(cases[i].text, m.text);
		m.html = pick(cases[i].html, m.html);
		save_case(a, dir, cases[i].name, &m, pick(cases[i].subject_seen, m.subject),
			pick(cases[i].to_name_seen, m.to.name));
	}
	save_big_cases(a, dir);
	int status = system(arena_printf(a, PYTHON " tests/unit/mail/read_back.py %s 1>&2", dir));
	if (getenv("KEEP") == NULL)
		remove_dir(a, dir);
	assert_int_equal(status, 0);
	arena_free(a);
}

/* ---- refused ------------------------------------------------------------- */

static void test_refused(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct mail_out rows[14];
	for (size_t i = 0; i < COUNT(rows); i++)
		rows[i] = sample();
	rows[0].to.address = STR("a@b.example\r\nBcc: x@y.example");
	rows[1].to.address = STR("jüri@celltech.example");
	rows[2].to.name = STR("x\r\nBcc: y");
	rows[3].from.address = STR("");
	rows[4].reply_to.address = STR("a b@c.example");
	rows[5].message_id = STR("x@y>\r\nBcc: z");
	rows[6].message_id = STR("without-at");
	rows[7].list_unsubscribe = STR("https://x.example/");
	rows[8].list_unsubscribe = STR("<https://x.example/>\r\nX: <y>");
	rows[9].list_unsubscribe = STR("<https://x.example/\xc3\xb5>");
	rows[10].list_id = STR("no angle brackets");
	rows[11].list_id = STR("x\n <y.example>");
	rows[12].feedback_id = STR("a:b\r\nX: y");
	rows[13].date = INT64_MAX;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str out;
		struct error e = {0};
		if (mail_build(a, &rows[i], &out, &e) != ERR_INPUT)
			fail_msg("row %zu is not refused", i);
	}
	struct mail_out big = sample();
	struct str out;
	struct error e = {0};
	big.html = repeated(a, "õ", MAIL_BYTES_MAX - 1000);
	assert_int_equal(mail_build(a, &big, &out, &e), ERR_LIMIT);
	struct arena *small = arena_new(70000);
	big.html = repeated(a, "x", 80000);
	assert_int_equal(mail_build(small, &big, &out, &e), ERR_LIMIT);
	arena_free(small);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_exact_bytes), cmocka_unit_test(test_read_back), cmocka_unit_test(test_refused))
