/* SPDX-License-Identifier: MIT
 *
 * SMTP: the rule that judges a dialogue, every fault of a relay through both
 * libraries, and many mails into a real server.
 */
#include "harness.h"

#include "servers.h"

/* ---- the rule ------------------------------------------------------------ */

static void test_classify(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		struct smtp_trace t; /* codes at MAIL, RCPT, transfer; started, eof, complete */
		enum mail_outcome want;
		bool over;
	} rows[] = {
		{"no connection", {{0, 0, 0}, 0, 0, 0}, MAIL_NOT_ATTEMPTED, true},
		{"dropped at MAIL", {{0, 0, 0}, 0, 0, 0}, MAIL_NOT_ATTEMPTED, true},
		{"accepted", {{250, 250, 250}, 1, 1, 1}, MAIL_ACCEPTED, false},
		{"accepted without 250 at MAIL seen", {{0, 250, 250}, 1, 1, 1}, MAIL_ACCEPTED, false},
		{"251 at RCPT", {{250, 251, 250}, 1, 1, 1}, MAIL_ACCEPTED, false},
		{"250 that was not whole", {{250, 250, 250}, 1, 1, 0}, MAIL_UNKNOWN, true},
		{"dropped after the dot", {{250, 250, 0}, 1, 1, 0}, MAIL_UNKNOWN, true},
		{"time-out after the dot", {{250, 250, 354}, 1, 1, 0}, MAIL_UNKNOWN, true},
		{"dropped in a long message", {{250, 250, 354}, 1, 0, 0}, MAIL_DEFERRED, true},
		{"dropped at RCPT", {{250, 0, 0}, 0, 0, 0}, MAIL_DEFERRED, true},
		{"dropped at DATA", {{250, 250, 0}, 0, 0, 0}, MAIL_DEFERRED, true},
		{"4xx at MAIL", {{451, 0, 0}, 0, 0, 0}, MAIL_DEFERRED, false},
		{"421 at MAIL", {{421, 0, 0}, 0, 0, 0}, MAIL_DEFERRED, true},
		{"5xx at MAIL", {{550, 0, 0}, 0, 0, 0}, MAIL_REJECTED_SENDER, false},
		{"greylisted, then 503", {{250, 450, 503}, 0, 0, 0}, MAIL_DEFERRED, false},
		{"greylisted, then 551 to BDAT", {{250, 450, 551}, 1, 1, 1}, MAIL_DEFERRED, false},
		{"no such user", {{250, 550, 503}, 0, 0, 1}, MAIL_REJECTED_RECIPIENT, false},
		{"421 at RCPT", {{250, 421, 0}, 0, 0, 0}, MAIL_DEFERRED, true},
		{"451 at DATA", {{250, 250, 451}, 0, 0, 0}, MAIL_DEFERRED, false},
		{"451 after the dot", {{250, 250, 451}, 1, 1, 0}, MAIL_DEFERRED, false},
		{"554 after the dot", {{250, 250, 554}, 1, 1, 1}, MAIL_REJECTED_MESSAGE, false},
		{"421 after the dot", {{250, 250, 421}, 1, 1, 0}, MAIL_DEFERRED, true},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		enum mail_outcome got = smtp_classify(&rows[i].t);
		if (got != rows[i].want)
			fail_msg("%s: %s", rows[i].what, mail_outcome_name(got));
		if (smtp_session_over(&rows[i].t) != rows[i].over)
			fail_msg("%s: session over or not", rows[i].what);
	}
}

/* ---- faults -------------------------------------------------------------- */

typedef enum err sender(const struct route *, const struct mail_queue *, int, struct error *);

static const struct way {
	const char *name;
	sender *send;
	const char *option;
	bool bdat;
} ways[] = {
	{"esmtp, pipelining", esmtp_send, NULL, false},
	{"esmtp, one by one", esmtp_send, "--no-pipelining", false},
	{"esmtp, BDAT", esmtp_send, "--chunking", true},
	{"curl", curl_send, "--no-pipelining", false},
};

/* The second of three mails meets the fault. */
static const struct {
	const char *fault;
	bool by_sender;
	enum mail_outcome want;
	bool third; /* is sent too; else it stays in the queue and the result is ERR_TEMPORARY */
	const char *reply;
} faults[] = {
	{"550-at-mail", true, MAIL_REJECTED_SENDER, true, "550 5.7.1"},
	{"421-at-mail", true, MAIL_DEFERRED, false, "421 4.7.0"},
	{"drop-at-mail", true, MAIL_NOT_ATTEMPTED, false, ""},
	{"550-at-rcpt", false, MAIL_REJECTED_RECIPIENT, true, "550 5.1.1"},
	{"450-at-rcpt", false, MAIL_DEFERRED, true, "450 4.2.0"},
	{"451-at-data", false, MAIL_DEFERRED, true, "451 4.3.0"},
	{"554-at-data", false, MAIL_REJECTED_MESSAGE, true, "554 5.5.1"},
	{"451-after-dot", false, MAIL_DEFERRED, true, "451 4.3.0"},
	{"554-after-dot", false, MAIL_REJECTED_MESSAGE, true, "554 5.6.0"},
	{"421-after-dot", false, MAIL_DEFERRED, false, "421 4.3.2"},
	{"drop-after-dot", false, MAIL_UNKNOWN, false, ""},
	{"reset-after-dot", false, MAIL_UNKNOWN, false, ""},
	{"silent-after-dot", false, MAIL_UNKNOWN, false, ""},
	{"garbage-after-dot", false, MAIL_UNKNOWN, false, ""},
	{"mismatch-after-dot", false, MAIL_UNKNOWN, false, ""},
	{"drop-mid-data", false, MAIL_UNKNOWN, false, ""},
};

/* How many mails of this id the relay says it queued. */
static size_t queued(struct arena *a, const char *log, struct str message_id)
{
	struct str text, line;
	struct error e;
	size_t n = 0;
	assert_int_equal(file_read(a, log, 10000000, &text, &e), ERR_OK);
	while (text.n > 0) {
		line = str_cut(text, '\n', &text);
		n += str_find(line, message_id) != SIZE_MAX && str_find(line, STR("\"queued\": true")) != SIZE_MAX;
	}
	return n;
}

static void expect(const char *way, const char *fault, const struct book *b, size_t i, enum mail_outcome want)
{
	if (i >= b->settled || b->outcomes[i] != want)
		fail_msg("%s, %s: mail %zu is %s (%s)", way, fault, i + 1,
			i < b->settled ? mail_outcome_name(b->outcomes[i]) : "not settled", b->replies[i]);
}

static void one_fault(struct arena *a, const struct way *way, size_t row, int64_t port, const char *log)
{
	const char *fault = faults[row].fault, *plain = arena_printf(a, "%zu@ok.example", row);
	const char *special = arena_printf(a, "%s@bad.example", fault);
	/* Several reads long; but cut in its middle, one that was read to its end by then. */
	size_t size = strcmp(fault, "drop-mid-data") == 0 ? 9000 : 40000;
	struct book *b = calloc(1, sizeof(*b));
	assert_non_null(b);
	for (int i = 0; i < 3; i++) {
		bool hit = i == 1;
		book_add(a, b, hit && faults[row].by_sender ? special : "d@mail.example",
			hit && !faults[row].by_sender ? special : plain, size);
		b->mails[i].message_id = str_of(arena_printf(a, "%s.%d.%s@x", fault, i, way->name));
		b->mails[i].bytes = str_of(arena_printf(a, "From: <a@b.example>\r\nMessage-ID: <%s.%d.%s@x>\r\n%.*s",
			fault, i, way->name, STRF(str_sub(b->mails[i].bytes, 39, SIZE_MAX))));
	}
	struct route route = {.target = STR("127.0.0.1"), .port = port};
	struct mail_queue queue = book_queue(b);
	struct error e = {0};
	enum err rc = way->send(&route, &queue, SHORT_WAIT, &e);
	bool third = faults[row].third;
	if (rc != (third ? ERR_OK : ERR_TEMPORARY))
		fail_msg("%s, %s: %s %s", way->name, fault, err_name(rc), e.text);
	expect(way->name, fault, b, 0, MAIL_ACCEPTED);
	expect(way->name, fault, b, 1, faults[row].want);
	if (third)
		expect(way->name, fault, b, 2, MAIL_ACCEPTED);
	else
		assert_int_equal(b->given, 2);
	assert_false(b->open);
	if (!str_starts(str_of(b->replies[1]), str_of(faults[row].reply)))
		fail_msg("%s, %s: reply '%s'", way->name, fault, b->replies[1]);
	for (size_t i = 0; i < b->settled; i++) {
		size_t n = queued(a, log, b->mails[i].message_id);
		if (b->outcomes[i] != MAIL_UNKNOWN && n != (b->outcomes[i] == MAIL_ACCEPTED ? 1 : 0))
			fail_msg("%s, %s: mail %zu is %s, and %zu are queued", way->name, fault, i + 1,
				mail_outcome_name(b->outcomes[i]), n);
	}
	free(b);
}

static void test_faults(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN); /* as mail_send_all() does */
	struct arena *a = arena_new(ARENA_TEST);
	const char *dir = temp_dir(a);
	for (size_t w = 0; w < COUNT(ways); w++) {
		const char *log = arena_printf(a, "%s/%zu.log", dir, w);
		const char *argv[20] = {PYTHON, "tests/replay/smtp_faulty.py", "--port", "0", "--log", log,
			ways[w].option};
		struct server s = server_start(argv);
		for (size_t i = 0; i < COUNT(faults); i++)
			one_fault(a, &ways[w], i, s.port, log);
		server_stop(&s, true);
	}
	remove_dir(a, dir);
	arena_free(a);
}

/* A relay that offers notices is asked for them; one that does not, is not. */
static void test_notices(void **state)
{
	(void)state;
	static const struct {
		const char *option;
		const char *const asked[4];
	} rows[] = {
		{"--dsn", {" RET=HDRS", " ENVID=1", "\"NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;one@ok.example\""}},
		{"--chunking", {"\"asked\": [\"SIZE=", ", \"\"]}", "\"queued\": true", "one@ok.example"}},
	};
	(void)signal(SIGPIPE, SIG_IGN);
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *dir = temp_dir(a), *log = arena_printf(a, "%s/log", dir);
		const char *argv[20] = {PYTHON, "tests/replay/smtp_faulty.py", "--log", log, rows[i].option};
		struct server s = server_start(argv);
		struct book *b = calloc(1, sizeof(*b));
		assert_non_null(b);
		book_add(a, b, "d@mail.example", "one@ok.example", 1000);
		struct route route = {.target = STR("127.0.0.1"), .port = s.port};
		struct mail_queue queue = book_queue(b);
		struct error e = {0};
		struct str text;
		assert_int_equal(esmtp_send(&route, &queue, SHORT_WAIT, &e), ERR_OK);
		expect(rows[i].option, "none", b, 0, MAIL_ACCEPTED);
		assert_int_equal(file_read(a, log, 100000, &text, &e), ERR_OK);
		for (size_t k = 0; k < COUNT(rows[i].asked); k++)
			if (str_find(text, str_of(rows[i].asked[k])) == SIZE_MAX)
				fail_msg("%s: no %s in %.*s", rows[i].option, rows[i].asked[k], STRF(text));
		server_stop(&s, true);
		free(b);
		remove_dir(a, dir);
	}
	arena_free(a);
}

static void test_no_session(void **state)
{
	(void)state;
	static const struct {
		const char *fault, *text; /* what the error says */
	} rows[] = {{"greeting-554", "554"}, {"greeting-421", "421"}, {"refuse", "127.0.0.1"}};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *argv[20] = {PYTHON, "tests/replay/smtp_faulty.py", "--fault", rows[i].fault};
		struct server s = server_start(argv);
		for (size_t w = 2; w < COUNT(ways); w++) {
			struct book *b = calloc(1, sizeof(*b));
			assert_non_null(b);
			book_add(a, b, "d@mail.example", "one@ok.example", 1000);
			book_add(a, b, "d@mail.example", "two@ok.example", 1000);
			struct route route = {.target = STR("127.0.0.1"), .port = s.port};
			struct mail_queue queue = book_queue(b);
			struct error e = {0};
			assert_int_equal(ways[w].send(&route, &queue, SHORT_WAIT, &e), ERR_TEMPORARY);
			expect(ways[w].name, rows[i].fault, b, 0, MAIL_NOT_ATTEMPTED);
			assert_int_equal(b->given, 1);
			if (strstr(e.text, rows[i].text) == NULL)
				fail_msg("%s, %s: '%s'", ways[w].name, rows[i].fault, e.text);
			free(b);
		}
		server_stop(&s, false);
	}
	arena_free(a);
}

/* ---- a real server ------------------------------------------------------- */

static size_t lines_with(struct str text, const char *what)
{
	size_t n = 0;
	while (text.n > 0)
		n += str_find(str_cut(text, '\n', &text), str_of(what)) != SIZE_MAX;
	return n;
}

/* The file is the mail behind the lines that the sink put in front. */
static void same_mail(struct arena *a, const char *path, const struct delivery *d)
{
	struct str got;
	struct error e;
	assert_int_equal(file_read(a, path, MAIL_BYTES_MAX, &got, &e), ERR_OK);
	assert_str(str_cut(got, '\n', &got), arena_printf(a, "X-Envelope-From: %.*s\r", STRF(d->sender)));
	assert_str(str_cut(got, '\n', &got), arena_printf(a, "X-Envelope-To: %.*s\r", STRF(d->recipient)));
	assert_true(str_eq(got, d->bytes));
}

static void many(enum transport transport, size_t n)
{
	struct arena *a = arena_new(ARENA_TEST);
	const char *dir = temp_dir(a), *log = arena_printf(a, "%s/log", dir);
	const char *argv[20] = {PYTHON, "tests/replay/smtp_sink.py", "--maildir", dir, "--log", log, "--refuse",
		"gone@member.example=550", "--defer", "full@member.example=452"};
	struct server s = server_start(argv);
	struct book *b = calloc(1, sizeof(*b));
	assert_non_null(b);
	for (size_t i = 0; i < n; i++)
		book_add(a, b, "d+1@mail.example",
			i == 20 ? "gone@member.example" : i == 70 ? "full@member.example" : "m@member.example",
			i == 5 ? 300000 : 3000);
	struct route route = {.transport = transport, .target = STR("127.0.0.1"), .port = s.port};
	struct mail_queue queue = book_queue(b);
	struct error e = {0};
	assert_int_equal(mail_send_all(&route, &queue, &e), ERR_OK);
	assert_int_equal(b->settled, n);
	struct strv names;
	struct str text;
	const char *new = arena_printf(a, "%s/new", dir);
	assert_int_equal(file_list(a, new, &names, &e), ERR_OK);
	assert_int_equal(names.n, n - 2);
	for (size_t i = 0, k = 0; i < n; i++) {
		expect("sink", "none", b, i,
			i == 20 ? MAIL_REJECTED_RECIPIENT : i == 70 ? MAIL_DEFERRED : MAIL_ACCEPTED);
		if (b->outcomes[i] == MAIL_ACCEPTED)
			same_mail(a, arena_printf(a, "%s/%s", new, names.v[k++].p), &b->mails[i]);
	}
	assert_true(strstr(b->replies[0], "queued as 1") != NULL);
	assert_int_equal(file_read(a, log, 10000000, &text, &e), ERR_OK);
	assert_int_equal(lines_with(text, "\"outcome\": \"250\""), n - 2);
	/* Connections are kept and not too long. A refusal may cost libcurl one. */
	size_t first = lines_with(text, "\"connection\": 1,"), all = (n + MAIL_SESSION_MAX - 1) / MAIL_SESSION_MAX;
	assert_true(first <= MAIL_SESSION_MAX);
	if (transport == TRANSPORT_ESMTP)
		assert_int_equal(first, MAIL_SESSION_MAX);
	else
		all += 2;
	assert_int_equal(lines_with(text, arena_printf(a, "\"connection\": %zu,", all + 1)), 0);
	server_stop(&s, true);
	free(b);
	remove_dir(a, dir);
	arena_free(a);
}

static void test_many_esmtp(void **state)
{
	(void)state;
	many(TRANSPORT_ESMTP, 200);
}

static void test_many_curl(void **state)
{
	(void)state;
	many(TRANSPORT_SMTP, 200);
}

/* ---- what is not let out ------------------------------------------------- */

static void test_guard(void **state)
{
	(void)state;
	static const struct {
		const char *sender, *recipient, *bytes;
		enum mail_outcome want;
	} rows[] = {
		{"a@b.example", "c@d.example>\r\nRCPT TO:<x@y.example", "From: x\r\n\r\n", MAIL_REJECTED_RECIPIENT},
		{"a@b.example", "nobody", "From: x\r\n\r\n", MAIL_REJECTED_RECIPIENT},
		{"a@b.example\nQUIT", "c@d.example", "From: x\r\n\r\n", MAIL_REJECTED_SENDER},
		{"a@b.example", "c@d.example", "From: x\r\n\r\nbody\n.\r\nMAIL", MAIL_REJECTED_MESSAGE},
		{"a@b.example", "c@d.example", "From: x\r\n\r\nbody\n.\r\nMAIL\r\n", MAIL_REJECTED_MESSAGE},
		{"a@b.example", "c@d.example", "From: x\r\n\r\nbody\r.\r\nMAIL\r\n", MAIL_REJECTED_MESSAGE},
		{"a@b.example", "c@d.example", "\nFrom: x\r\n\r\n", MAIL_REJECTED_MESSAGE},
		{"a@b.example", "c@d.example", "", MAIL_REJECTED_MESSAGE},
	};
	struct book *b = calloc(1, sizeof(*b));
	assert_non_null(b);
	for (size_t i = 0; i < COUNT(rows); i++)
		b->mails[i] = (struct delivery){.id = (int64_t)i, .sender = str_of(rows[i].sender),
			.recipient = str_of(rows[i].recipient), .bytes = str_of(rows[i].bytes)};
	b->n = COUNT(rows);
	struct route route = {.transport = TRANSPORT_ESMTP, .target = STR("127.0.0.1"), .port = 1};
	struct mail_queue queue = book_queue(b);
	struct error e = {0};
	assert_int_equal(mail_send_all(&route, &queue, &e), ERR_OK); /* nothing came to a connection */
	for (size_t i = 0; i < COUNT(rows); i++)
		expect("guard", rows[i].recipient, b, i, rows[i].want);
	free(b);
}

HARNESS_MAIN(cmocka_unit_test(test_classify), cmocka_unit_test(test_faults), cmocka_unit_test(test_notices),
		cmocka_unit_test(test_no_session),
	cmocka_unit_test(test_many_esmtp), cmocka_unit_test(test_many_curl), cmocka_unit_test(test_guard))
