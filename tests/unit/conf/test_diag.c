/* SPDX-License-Identifier: MIT
 *
 * What is said about files: every diagnostic of one file by its exact text, every
 * key once right and once wrong.
 */
#include "harness.h"

#include "base/buf.h"
#include "conf/conf.h"
#include "conf/fixture.h"

/* ---- diagnostics -------------------------------------------------------------- */

struct message_row {
	const char *file, *text, *want; /* what check of this one file prints */
};

static void check_rows(const struct message_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct diags d = {.a = a};
		put(rows[i].file, rows[i].text);
		assert_int_equal(chdir(root), 0);
		conf_free(conf_file(rows[i].file, &d));
		struct str got = diags_text(a, &d);
		if (!str_eq(got, str_of(rows[i].want)))
			fail_msg("row %zu:\n%s\ngot:\n%.*s\nwant:\n%s", i, rows[i].text, STRF(got),
				rows[i].want);
		arena_free(a);
	}
}

static void test_syntax_messages(void **state)
{
	(void)state;
	static const struct message_row rows[] = {
		{"x.conf", "", ""},
		{"x.conf", "# only a \u201Cremark\u201D\n\n", ""},
		{"x.conf", "# only a remark\r\n\r\n",
			"x.conf: note: read as if typed plainly: Windows line ends\n"},
		{"x.conf", "\xEF\xBB\xBF[rules a]\r\nmatch:\u00A0\u201Ccell therapy\u201D \u2013tender\r\n",
			"x.conf:2:7: note: read as if typed plainly: curly quotes, no-break spaces, dashes "
			"in place "
			"of a minus, a byte order mark, Windows line ends\n"
			"   2 | match:\u00A0\u201Ccell therapy\u201D \u2013tender\n"
			"     |       ^\n"},
		{"x.conf", "[rules a]\nlabel: pilot \u2013 production, 2\u20133\nmatch: \u2212x y\n",
			"x.conf:3:8: note: read as if typed plainly: dashes in place of a minus\n"
			"   3 | match: \u2212x y\n"
			"     |        ^\n"},
		{"x.conf", "[source a]\nformat: feed\nurl: https://x.example/\ntitle: \u201Cx\u201D\n", ""},
		{"x.conf", "name: X\nkind: sme\n",
			"x.conf:1:1: error: this stands before the first section\n"
			"   1 | name: X\n"
			"     | ^^^^^^^ start with a section, such as [profile celltech]\n"},
		{"x.conf", "[profile a\nname: A\nkind: sme\nemail: a@a.example\nmatch: x\n",
			"x.conf:1:1: error: the '[' has no ']' behind it\n"
			"   1 | [profile a\n"
			"     | ^^^^^^^^^^ a section starts like this: [profile celltech]\n"},
		{"x.conf", "[]\n",
			"x.conf:1:1: error: there is nothing between '[' and ']'\n"
			"   1 | []\n"
			"     | ^^ a section starts like this: [profile celltech]\n"},
		{"x.conf", "[synonyms] x\n",
			"x.conf:1:11: error: nothing may stand behind the ']' of a section's header\n"
			"   1 | [synonyms] x\n"
			"     |           ^^ write it on a line of its own\n"},
		{"x.conf", "[profle a]\nname: x\n",
			"x.conf:1:1: error: there is no kind of section called 'profle'\n"
			"   1 | [profle a]\n"
			"     | ^^^^^^^^^^ did you mean profile ?\n"},
		/* What else is wrong with it is said at once. */
		{"x.conf",
			"[profile Cell Tech]\nname: A\nkind: sme\nemail: a@b.example\nmatch: x\nexlude: y\n",
			"x.conf:1:1: error: this [profile] has a name that can't be used\n"
			"   1 | [profile Cell Tech]\n"
			"     | ^^^^^^^^^^^^^^^^^^^ small letters a-z, digits and hyphens only, such as "
			"[profile celltech]\n"
			"x.conf:6:1: error: there is no key called 'exlude' in a [profile] section\n"
			"   6 | exlude: y\n"
			"     | ^^^^^^ did you mean exclude ?\n"},
		{"x.conf", "[rules]\nmatch: x\n",
			"x.conf:1:1: error: this [rules] has no name\n"
			"   1 | [rules]\n"
			"     | ^^^^^^^ small letters a-z, digits and hyphens only, such as [profile "
			"celltech]\n"},
		{"x.conf", "[test]\ntitle: A\nexpect: match\n",
			"x.conf:1:1: error: this [test] has no name\n"
			"   1 | [test]\n"
			"     | ^^^^^^ say what it shows: [test an ATMP call reaches celltech]\n"},
		{"x.conf", "[synonyms x]\n",
			"x.conf:1:1: error: [synonyms] has no name: write just [synonyms]\n"
			"   1 | [synonyms x]\n"
			"     | ^^^^^^^^^^^^\n"},
		{"x.conf", "[rules a]\n  match: x\nmatch: y\n",
			"x.conf:2:3: error: this line starts with white space, so it continues the value "
			"above; there is none\n"
			"   2 |   match: x\n"
			"     |   ^^^^^^^^ if it is a key of its own, delete the spaces before it\n"},
		{"x.conf", "[rules a]\nmatch: x\n  [rules b]\n",
			"x.conf:3:3: error: a section header must start at the beginning of its line\n"
			"   3 |   [rules b]\n"
			"     |   ^^^^^^^^^ delete the spaces before it\n"},
		{"x.conf", "[rules a]\nmatch: x\nthis is text\n : y\n",
			"x.conf:3:1: error: expected 'key: value', but there is no ':' in this line\n"
			"   3 | this is text\n"
			"     | ^^^^^^^^^^^^ if it continues the line above, start it with a space; if it is "
			"a remark, with #\n"},
		{"x.conf", "[rules a]\nmatch: x\n: y\n",
			"x.conf:3:1: error: expected 'key: value', but there is nothing before the ':'\n"
			"   3 | : y\n"
			"     | ^^^ if it continues the line above, start it with a space; if it is a "
			"remark, with #\n"},
		{"x.conf", "[rules a]\nmatch:\t\xFFz\n",
			"x.conf:2:8: error: this character can't be read: the file is not in UTF-8\n"
			"   2 | match:\t\xEF\xBF\xBDz\n"
			"     |       \t^ save the file as UTF-8 in your editor\n"},
		{"x.conf", "[rules a]\nmatch: x\x01y\n",
			"x.conf:2:9: error: there is an invisible control character here (code 1)\n"
			"   2 | match: x y\n"
			"     |         ^ delete it, or type the line anew\n"},
		{"x.conf", "\xFF\xFE[",
			"x.conf: error: this file can't be read: it is UTF-16 or no text at all\n"
			"     | save it as UTF-8 in your editor\n"},
		{"x.conf", "[rules a]\nlable: y\nmatch: x\n",
			"x.conf:2:1: error: there is no key called 'lable' in a [rules] section\n"
			"   2 | lable: y\n"
			"     | ^^^^^ did you mean label ?\n"},
		{"x.conf", "[rules a]\nmatch: x\n\"cell therapy\" OR title:pharma\n",
			"x.conf:3:1: error: there is no key called '\"cell therapy\" OR title' in a [rules] "
			"section\n"
			"   3 | \"cell therapy\" OR title:pharma\n"
			"     | ^^^^^^^^^^^^^^^^^^^^^^^ is 'match:' missing at the start of this line?\n"},
		{"x.conf", "[rules a]\nlabel: y\nmatch: x\nLabel: z\n",
			"x.conf:4:1: error: 'label' is given twice (first in line 2)\n"
			"   4 | Label: z\n"
			"     | ^^^^^ keep one of them\n"},
		{"x.conf", "[rules a]\nmatch:\n",
			"x.conf:1:1: warning: rule set 'a' has no match line, so it never hits\n"
			"   1 | [rules a]\n"
			"     | ^^^^^^^^^ give it a 'match:' line\n"
			"x.conf:2:1: error: 'match' has no value\n"
			"   2 | match:\n"
			"     | ^^^^^ write something behind the ':' or remove the line\n"},
		{"x.conf", "[rules a]\nmatch: x\nscore: y\nscore 5x: y\n",
			"x.conf:3:1: error: 'score' needs something before the ':', as in 'score N:'\n"
			"   3 | score: y\n"
			"     | ^^^^^\n"
			"x.conf:4:7: error: 'score' needs a whole number from -1000 to 1000 before the ':', "
			"not '5x'\n"
			"   4 | score 5x: y\n"
			"     |       ^^ for example: score 5: title:pharma\n"},
		{"x.conf", "[rules a]\nmatch: x\n  label: y\n",
			"x.conf:3:3: warning: this line starts with white space, so it continues the value "
			"of 'match'\n"
			"   3 |   label: y\n"
			"     |   ^^^^^^^^ if it is a key of its own, delete the spaces before it\n"},
		{"x.conf", "[rules a]\nmatch: x\n[rules a]\nmatch: y\n",
			"x.conf:3:1: error: [rules a] is given twice, also in x.conf:1\n"
			"   3 | [rules a]\n"
			"     | ^^^^^^^^^ keep one of them, or give one another name\n"},
		{"x.conf", "[synonyms]\nA: b\na: c\nD:\n",
			"x.conf:3:1: error: 'a' already has synonyms in x.conf:2\n"
			"   3 | a: c\n"
			"     | ^ put all its synonyms into one line\n"
			"x.conf:4:1: error: 'D' has no synonym\n"
			"   4 | D:\n"
			"     | ^ write the words behind the ':' or remove the line\n"},
		{"x.conf", "[profile a]\nmatch: x\n",
			"x.conf:1:1: error: this [profile] has no 'name:'\n"
			"   1 | [profile a]\n"
			"     | ^^^^^^^^^^^ the member's name, as mails show it\n"
			"x.conf:1:1: error: this [profile] has no 'kind:'\n"
			"   1 | [profile a]\n"
			"     | ^^^^^^^^^^^ sme, startup, research, large, public, ngo or investor\n"
			"x.conf:1:1: error: this [profile] has no 'email:'\n"
			"   1 | [profile a]\n"
			"     | ^^^^^^^^^^^ who gets the mail: desk@celltech.example, or Front Desk "
			"<desk@celltech.example>\n"},
	};
	check_rows(rows, COUNT(rows));
}

static void test_source_messages(void **state)
{
	(void)state;
	static const struct message_row rows[] = {
		{"x.conf", "[fundwtch]\n[gadget]\n",
			"x.conf:1:1: error: there is no kind of section called 'fundwtch'\n"
			"   1 | [fundwtch]\n"
			"     | ^^^^^^^^^^ did you mean fundwatch ?\n"
			"x.conf:2:1: error: there is no kind of section called 'gadget'\n"
			"   2 | [gadget]\n"
			"     | ^^^^^^^^ known are: fundwatch, profile, rules, synonyms, test, source\n"},
		{"x.conf", "[source a]\nformat: json\n",
			"x.conf:1:1: error: this [source] has no 'url:'\n"
			"   1 | [source a]\n"
			"     | ^^^^^^^^^^ what is fetched: url: https://...\n"
			"x.conf:1:1: error: a source of format json needs 'items:'\n"
			"   1 | [source a]\n"
			"     | ^^^^^^^^^^ it says what one item is\n"},
		{"x.conf", "[source a]\nformat: html\nurl: https://x.example/\nitems: //li\n",
			"x.conf:1:1: error: a source of format html needs 'title:'\n"
			"   1 | [source a]\n"
			"     | ^^^^^^^^^^ for example: title: .//h2/a\n"},
		{"x.conf", "[source a]\nformat: json\nurl: https://x.example/\nitems: .x\ntitle: .t\n"
			   "method: GET\nbody: {}\n",
			"x.conf:5:8: error: a source of format json has no 'title:' of its own\n"
			"   5 | title: .t\n"
			"     |        ^^ let the jq program of 'items' give it\n"
			"x.conf:6:9: error: a GET request sends neither body nor parts\n"
			"   6 | method: GET\n"
			"     |         ^^^ write POST\n"},
		{"x.conf", "[source a]\nformat: json\nurl: https://x.example/\nitems: .x\ntoken: .next\n",
			"x.conf:5:8: error: 'token' has no {token} to stand for\n"
			"   5 | token: .next\n"
			"     |        ^^^^^ 'token:' finds on each page what {token} in url, body or a part is on "
			"the next\n"},
		{"x.conf", "[source a]\nformat: json\nurl: https://x.example/?o={offset}\nitems: .x\n"
			   "pages: from 0, until empty\n",
			"x.conf:5:8: error: {offset} needs a 'step'\n"
			"   5 | pages: from 0, until empty\n"
			"     |        ^^^^^^^^^^^^^^^^^^^ for example: from 0 step 100, until empty\n"},
	};
	check_rows(rows, COUNT(rows));
}

/* Lists of more entries than anybody needs. */
static void test_long_lists(void **state)
{
	(void)state;
	static const struct {
		const char *head, *entry, *message;
		int n;
	} rows[] = {
		{"[profile a]\nname: A\nkind: sme\nmatch: x\nemail: a@a.example\nprogramme: p", ",\n p%d",
			"more than 2000 entries in one list", 2000},
		{"[profile a]\nname: A\nkind: sme\nmatch: x\nemail: a@a.example\ntags: p", ",\n p%d",
			"more than 2000 entries in one list", 2000},
		{"[profile a]\nname: A\nkind: sme\nmatch: x\nemail: a@a.example", ",\n a%d@a.example",
			"more than 2000 entries in one list", 2000},
		{"[synonyms]\n", "w%d: x\n", "more than 5000 words with synonyms", 5001},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct diags d = {.a = a};
		struct buf b = buf_init(CONF_FILE_MAX);
		buf_addz(&b, rows[i].head);
		for (int k = 0; k < rows[i].n; k++) {
			size_t at = str_find(str_of(rows[i].entry), STR("%d"));
			buf_add(&b, str_sub(str_of(rows[i].entry), 0, at));
			buf_printf(&b, "%d%s", k, rows[i].entry + at + 2);
		}
		buf_addc(&b, '\n');
		assert_int_equal(conf_check_text(STR("x.conf"), buf_str(&b), &d), 1);
		assert_str(d.list.v[0].message, rows[i].message);
		buf_free(&b);
		arena_free(a);
	}
}

/* One wrong value: the message, and the width and hint under it. */
struct value_row {
	const char *section; /* "profile", "settings", "source", "test" */
	const char *key, *value;
	const char *bad; /* what stands over the caret; NULL = the value is right */
	const char *message, *hint;
};

static const char *section_before(const char *section)
{
	if (strcmp(section, "settings") == 0)
		return "[fundwatch]\n";
	if (strcmp(section, "profile") == 0)
		return "[profile a]\n";
	if (strcmp(section, "test") == 0)
		return "[test a]\n";
	return "[source a]\n";
}

/* The keys that must be there, without the one that is tried. */
static void required(struct buf *b, const char *section, const char *key)
{
	static const struct {
		const char *section, *key, *value;
	} rows[] = {
		{"settings", "name", "X"},
		{"settings", "from", "a@b.example"},
		{"profile", "name", "A"},
		{"profile", "kind", "sme"},
		{"profile", "email", "a@a.example"},
		{"profile", "match", "x"},
		{"test", "title", "T"},
		{"test", "expect", "match"},
		{"source", "format", "feed"},
		{"source", "url", "https://x.example/"},
	};
	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].section, section) == 0 && strcmp(rows[i].key, key) != 0)
			buf_printf(b, "%s: %s\n", rows[i].key, rows[i].value);
}

static void try_value(const struct value_row *row)
{
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	struct buf file = buf_init(100000);
	buf_addz(&file, section_before(row->section));
	buf_printf(&file, "%s: %s\n", row->key, row->value);
	required(&file, row->section, row->key);
	put("v.conf", buf_str(&file).p);
	conf_free(conf_file("v.conf", &d));
	struct str text = diags_text(a, &d);
	if (row->bad == NULL) {
		if (text.n > 0)
			fail_msg("'%s: %s' is right, but: %.*s", row->key, row->value, STRF(text));
	} else {
		if (d.errors != 1)
			fail_msg("'%s: %s' must give one error, not: %.*s", row->key, row->value, STRF(text));
		assert_str(d.list.v[0].message, row->message);
		assert_str(d.list.v[0].hint, row->hint);
		const char *line = arena_printf(a, "%s: %s", row->key, row->value), *at = line + strlen(line);
		do
			at--;
		while (at > line && strncmp(at, row->bad, strlen(row->bad)) != 0);
		assert_int_equal(d.list.v[0].at.line, 2);
		assert_int_equal(d.list.v[0].at.col, (int)(at - line) + 1);
		assert_int_equal(d.list.v[0].at.width, (int)strlen(row->bad));
	}
	buf_free(&file);
	arena_free(a);
}

#define OK	      NULL, NULL, NULL
#define ADDRESS_HINT  "write it like this: desk@celltech.example, with commas between several"
#define DAYS_HINT     "for example: 14..200 days, or >= 14 days, or <= 90 days, or any; then: , unknown no"
#define MONEY_HINT    "for example: >= 50k EUR, or 50k..2M EUR, or <= 1 million EUR, or any"
#define SCHEDULE_HINT "for example: weekly mon 08:00, daily 07:30, monthly 1 08:00 Europe/Tallinn, or off"
#define EXPECT_HINT   "for example: match, score >= 2, because \"gene therapy\"; or: no match"
#define NAME_HINT     "small letters a-z, digits and hyphens only"

static const struct value_row value_rows[] = {
	{"settings", "name", "Emajogi Health Cluster", OK},
	{"settings", "from", "Cluster <a@b.example>", OK},
	{"settings", "from", "Cluster", "Cluster", "'Cluster' is no mail address", ADDRESS_HINT},
	{"settings", "from", "X <a@b.example", "X <a@b.example",
		"the '<' before the address and the '>' behind it don't fit",
		"write it like this: Front Desk <desk@celltech.example>"},
	{"settings", "reply-to", "\"Desk, the\" <d@b.example>", OK},
	{"settings", "reply-to", "@b.example", "@b.example", "'@b.example' is no mail address", ADDRESS_HINT},
	{"settings", "inbound", "in@b.example", OK},
	{"settings", "inbound", "in b@b.example", "in b@b.example", "'in b@b.example' is no mail address",
		ADDRESS_HINT},
	{"settings", "staff", "a@b.example, B <c@d.example>", OK},
	{"settings", "staff", "a@b.example, A@b.example", "A@b.example", "'A@b.example' is given twice",
		"keep one of them"},
	{"settings", "admin", "root@localhost", OK},
	{"settings", "admin", "a@b.example,,b@b.example", "a@b.example,,b@b.example",
		"'admin' has an empty entry", "between two commas there must be something"},
	{"settings", "address", "Main Street 1", OK},
	{"settings", "contact", "https://x.example", OK},
	{"settings", "zone", "Europe/Tallinn", OK},
	{"settings", "zone", "Tallinn", "Tallinn", "there is no time zone called 'Tallinn'",
		"write it like Europe/Tallinn"},
	{"settings", "database", "/var/x.db", OK},
	{"settings", "catalogue", "feeds", OK},
	{"settings", "sources", "a, b-2", OK},
	{"settings", "sources", "a, B", "B", "'B' is no name",
		"small letters a-z, digits and hyphens only; commas between names"},
	{"settings", "sources", "a, a", "a", "'a' is given twice", "keep one of them"},
	{"settings", "deliver", "off", OK},
	{"settings", "deliver", "on", OK},
	{"settings", "deliver", "only example.org, me@x.example", OK},
	{"settings", "deliver", "yes", "yes", "'deliver' must be off, on or only ..., not 'yes'",
		"off, on, or: only example.org, me@cluster.example"},
	{"settings", "deliver", "only", "only", "'only' needs domains or addresses behind it",
		"for example: only example.org, me@cluster.example"},
	{"settings", "deliver", "only a.example, b c", "b c", "'b c' is neither a domain nor a mail address",
		"for example: only example.org, me@cluster.example"},
	{"settings", "transport", "esmtp 127.0.0.1:25", OK},
	{"settings", "transport", "smtp://relay.example:587", OK},
	{"settings", "transport", "smtps://[::1]:465/", OK},
	{"settings", "transport", "maildir out", OK},
	{"settings", "transport", "eml /tmp/x", OK},
	{"settings", "transport", "stdout", OK},
	{"settings", "transport", "sendmail", "sendmail", "there is no way to send mail called 'sendmail'",
		"esmtp HOST:PORT, smtp://HOST:PORT, smtps://HOST:PORT, maildir DIR, eml DIR or stdout"},
	{"settings", "transport", "esmtp x:99999", "x:99999", "'x:99999' is no host with a port",
		"for example: esmtp 127.0.0.1:25"},
	{"settings", "after-crash", "hold", OK},
	{"settings", "after-crash", "holt", "holt", "'after-crash' must be resend-once or hold, not 'holt'",
		"did you mean hold ?"},
	{"settings", "reminders", "off", OK},
	{"settings", "reminders", "3 days, 14", OK},
	{"settings", "reminders", "14, soon", "soon", "expected a number of days from 1 to 365",
		"for example: 14, 3 days, or off"},
	{"settings", "reminders", "3, 3", "3, 3", "the reminder of 3 days is given twice",
		"keep one of them"},
	{"settings", "rates", "2026-11-01: SEK 11.2, GBP 0.86, 2026-12-01: SEK 11", OK},
	{"settings", "rates", "SEK 11.2", "SEK 11.2", "expected the day of these rates first",
		"for example: 2026-11-01: SEK 11.2, GBP 0.86"},
	{"settings", "rates", "2026-11-01: SEK 11.2345", "SEK 11.2345", "'SEK 11.2345' is no rate",
		"what one EUR is worth, such as SEK 11.2 (three decimals at most)"},
	{"settings", "rates", "2026-11-01: SEK 0", "SEK 0", "'SEK 0' is no rate",
		"what one EUR is worth, such as SEK 11.2 (three decimals at most)"},
	{"settings", "allow-private", "127.0.0.0/8, ::1/128", OK},
	{"settings", "allow-private", "127.0.0.1", "127.0.0.1", "'127.0.0.1' is no network",
		"for example: 127.0.0.0/8, 10.1.2.3/32, ::1/128"},
	{"settings", "web", "127.0.0.1:8080", OK},
	{"settings", "web", "127.0.0.1", "127.0.0.1", "'127.0.0.1' is no host with a port",
		"for example: 127.0.0.1:8080"},
	{"settings", "web-url", "https://x.example/y", OK},
	{"settings", "bounces", "calls+bounce@x.example", OK},
	{"settings", "bounces", "x", "x", "'x' is no mail address with at most 26 characters before the @",
		"for example: calls+bounce@cluster.example"},
	{"settings", "bounces", "abcdefghijklmnopqrstuvwxyza@x.example", "abcdefghijklmnopqrstuvwxyza@x.example",
		"'abcdefghijklmnopqrstuvwxyza@x.example' is no mail address with at most 26 "
		"characters before the @",
		"for example: calls+bounce@cluster.example"},
	{"settings", "web-url", "x.example", "x.example", "'x.example' is no link",
		"a link has no spaces and starts with https://"},

	{"profile", "organisation", "EE-1", OK},
	{"profile", "kind", "startup", OK},
	{"profile", "kind", "smes", "smes", "there is no kind of organisation named 'smes'",
		"did you mean sme ?"},
	{"profile", "email", "Desk <a@a.example>, b@a.example", OK},
	{"profile", "email", "a@a.example; b@a.example", "a@a.example; b@a.example",
		"'a@a.example; b@a.example' is no mail address", ADDRESS_HINT},
	{"profile", "language", "et", OK},
	{"profile", "language", "Estonian", "Estonian",
		"expected a language of two small letters, not 'Estonian'",
		"Estonian is et, German de, English en"},
	{"profile", "country", "ee", OK},
	{"profile", "country", "UK", "UK", "'UK' is no country code of two letters",
		"the United Kingdom is GB"},
	{"profile", "tags", "x, y z", OK},
	{"profile", "digest", "weekly mon 08:00 Europe/Tallinn", OK},
	{"profile", "digest", "weekly Sunday 8:00", OK},
	{"profile", "digest", "monthly 28 23:59", OK},
	{"profile", "digest", "off", OK},
	{"profile", "digest", "weekli mon 08:00", "weekli",
		"expected daily, weekly, monthly or off, not 'weekli'", "did you mean weekly ?"},
	{"profile", "digest", "weekly 08:00", "08:00", "expected a day of the week, not '08:00'",
		"mon, tue, wed, thu, fri, sat or sun"},
	{"profile", "digest", "monthly 31 08:00", "31", "expected a day of the month from 1 to 28, not '31'",
		"days 29 to 31 are missing in some months"},
	{"profile", "digest", "daily 25:00", "25:00", "expected a time of day such as 08:00, not '25:00'",
		SCHEDULE_HINT},
	{"profile", "digest", "daily 08:00 Tallinn", "Tallinn", "there is no time zone called 'Tallinn'",
		"write it like Europe/Tallinn"},
	{"profile", "digest", "daily 08:00 UTC please", "please", "'please' does not belong here",
		SCHEDULE_HINT},
	{"profile", "mode", "review", OK},
	{"profile", "mode", "manual", "manual", "'mode' must be auto, review or mute, not 'manual'", ""},
	{"profile", "test", "yes", OK},
	{"profile", "test", "true", "true", "'test' must be no or yes, not 'true'", ""},
	{"profile", "use", "b", OK},
	{"profile", "require", "x", OK},
	{"profile", "exclude", "x", OK},
	{"profile", "score -3", "x", OK},
	{"profile", "threshold", "-2", OK},
	{"profile", "threshold", "2.5", "2.5", "expected a whole number, not '2.5'", "for example: 2"},
	{"profile", "deadline", "14..200 days, unknown ok", OK},
	{"profile", "deadline", ">= 14 days", OK},
	{"profile", "deadline", "<= 90 days, unknown no", OK},
	{"profile", "deadline", "any, unknown no", OK},
	{"profile", "deadline", "14-200 days", "14-200 days",
		"expected a number of days such as '14..200 days'", DAYS_HINT},
	{"profile", "deadline", ">= 14", ">= 14", "expected a number of days such as '14..200 days'",
		DAYS_HINT},
	{"profile", "deadline", "200..14 days", "200..14 days", "no number of days lies in this range",
		"the smaller number comes first"},
	{"profile", "deadline", "14..200 days, unknown maybe", "unknown maybe",
		"expected 'unknown ok' or 'unknown no'",
		"unknown ok: calls that don't say pass; unknown no: they don't"},
	{"profile", "budget", ">= 50k EUR, unknown ok", OK},
	{"profile", "budget", "50k..2M EUR", OK},
	{"profile", "budget", "<= 1 million EUR", OK},
	{"profile", "budget", "any", OK},
	{"profile", "budget", "lots", "lots", "expected an amount of money such as '>= 50k EUR'", MONEY_HINT},
	{"profile", "budget", ">= 50k", ">= 50k", "this amount has no currency", "write EUR behind it"},
	{"profile", "kinds", "gift", "gift", "there is no kind of call named 'gift'",
		"known are: grant, tender, cascade, equity, loan, prize, event, partner, programme, training, "
		"news"},
	{"profile", "urgent limit", "3 per day", OK},
	{"profile", "urgent limit", "often", "often", "expected a number of mails from 0 to 20",
		"for example: 2 per day"},
	{"profile", "pause", "until 2027-01-10", OK},
	{"profile", "pause", "January", "January", "expected 'until' and a day", "for example: until 2027-01-10"},
	{"settings", "colour", "#0B5394", OK},
	{"settings", "colour", "blue", "blue", "'blue' is no colour", "for example: #0b5394"},
	{"profile", "budget", "2M..50k EUR", "2M..50k EUR", "no amount lies in this range",
		"the smaller amount comes first"},
	{"profile", "kinds", "grant, prize, not equity", OK},
	{"profile", "kinds", "grant, grants", "grants", "there is no kind of call named 'grants'",
		"did you mean grant ?"},
	{"profile", "kinds", "grant, not grant", "not grant", "'grant' is given twice", "keep one of them"},
	{"profile", "programme", "Horizon Europe, EIC, not Interreg, unknown no", OK},
	{"profile", "programme", "EIC,, LIFE", "EIC,, LIFE", "this list has an empty entry",
		"between two commas there must be something"},
	{"profile", "stage", "single, two-stage", OK},
	{"profile", "stage", "twostage", "twostage", "a stage is 'single' or 'two-stage', not 'twostage'",
		"did you mean two-stage ?"},
	{"profile", "eligible in", "EE, fi, EU, associated", OK},
	{"profile", "eligible in", "EE, XX", "XX", "'XX' is no country code",
		"two letters such as EE (GB is the United Kingdom, GR Greece), or EU, or associated"},
	{"profile", "limit", "12 per digest", OK},
	{"profile", "limit", "none", "none", "expected a number of calls from 1 to 500",
		"for example: 12 per digest"},
	{"profile", "note", "anything: at all", OK},
	{"profile", "consent", "2026-03-01 form", OK},
	{"profile", "was", "old-name", OK},
	{"profile", "was", "Old Name", "Old Name", "'Old Name' is no name", NAME_HINT},

	{"test", "profile", "a", OK},
	{"test", "text", "x", OK},
	{"test", "deadline", "in 60 days", OK},
	{"test", "deadline", "2027-03-01", OK},
	{"test", "deadline", "none", OK},
	{"test", "deadline", "soon", "soon", "'soon' is no deadline",
		"for example: in 60 days, 2027-03-01, or none"},
	{"test", "kind", "grant", OK},
	{"test", "kind", "gift", "gift", "there is no kind of call named 'gift'",
		"such as grant, tender or prize"},
	{"test", "programme", "EIC", OK},
	{"test", "call", "HORIZON-1", OK},
	{"test", "funder", "EC", OK},
	{"test", "source", "x", OK},
	{"test", "category", "x", OK},
	{"test", "country", "EE, EU", OK},
	{"test", "country", "Estonia", "Estonia", "'Estonia' is no country code",
		"two letters such as EE (GB is the United Kingdom, GR Greece), or EU, or associated"},
	{"test", "language", "en", OK},
	{"test", "stage", "single", OK},
	{"test", "budget", "EUR 2 million", OK},
	{"test", "budget", "lots", "lots", "'lots' is no amount of money", "for example: EUR 2 million"},
	{"test", "expect", "match, score >= 2, because \"a, b\"", OK},
	{"test", "expect", "no match", OK},
	{"test", "expect", "hit", "hit", "expected 'match' or 'no match' first, not 'hit'", EXPECT_HINT},
	{"test", "expect", "no match, score >= 2", "no match, score >= 2",
		"a call that must not match has no score and no reasons",
		"leave the rest out, or expect 'match'"},
	{"test", "expect", "match, score > 2", "score > 2", "'score > 2' can't be expected", EXPECT_HINT},

	{"source", "label", "X", OK},
	{"source", "homepage", "https://x.example", OK},
	{"source", "homepage", "x", "x", "'x' is no link", "a link has no spaces and starts with https://"},
	{"source", "verified", "yes", OK},
	{"source", "verified", "maybe", "maybe", "'verified' must be no or yes, not 'maybe'", ""},
	{"source", "default kind", "grant", OK},
	{"source", "default kind", "gift", "gift", "there is no kind of call named 'gift'",
		"such as grant, tender or prize"},
	{"source", "default funder", "EC", OK},
	{"source", "default country", "EE", OK},
	{"source", "default language", "et", OK},
	{"source", "default programme", "X", OK},
	{"source", "default titel", "X", "titel",
		"'default' knows kind, funder, country, language and programme, not 'titel'", ""},
	{"source", "format", "mail", OK},
	{"source", "format", "rss", "rss", "'format' must be feed, json, xml, html or mail, not 'rss'", ""},
	{"source", "url", "ftp://x", "ftp://x", "'ftp://x' is no link",
		"a link has no spaces and starts with https://"},
	{"source", "url", "https://x.example/?p={page}", "https://x.example/?p={page}",
		"with {page} or {offset} a 'pages:' line is needed",
		"for example: pages: from 1, until empty, at most 60"},
	{"source", "method", "get", OK},
	{"source", "method", "PUT", "PUT", "'method' must be GET or POST, not 'PUT'", ""},
	{"source", "part q application/json", "{\"a\": 1}", OK},
	{"source", "part q", "{}", "part q", "'part' needs a name and a type before the ':'",
		"for example: part query application/json: {...}"},
	{"source", "header Accept", "application/json", OK},
	{"source", "header A B", "x", "A B", "'A B' is no name of a header",
		"for example: header Accept: application/json"},
	{"source", "body", "{}", OK},
	{"source", "pages", "at most 1", OK},
	{"source", "pages", "from 1, all", "all", "'all' says nothing about pages",
		"for example: from 1, until empty, at most 60"},
	{"source", "pages", "from 1", "from 1", "every page would be the same, for nothing holds {page}",
		"write {page} where the number belongs, or give 'next:'"},
	{"source", "every", "90 minutes", OK},
	{"source", "every", "6", "6", "expected a time such as '6 hours', not '6'",
		"from 1 minute to 31 days"},
	{"source", "every", "5 s", "5 s", "expected a time such as '6 hours', not '5 s'",
		"from 1 minute to 31 days"},
	{"source", "pause", "0 s", OK},
	{"source", "pause", "1 day", "1 day", "expected a time such as '2 s', not '1 day'",
		"at most 10 minutes"},
	{"source", "expect", ".x", OK},
	{"source", "complete", "title, deadline in 50 %", OK},
	{"source", "complete", "titel", "titel", "an item has no field 'titel'", "did you mean title ?"},
	{"source", "complete", "title in half", "title in half",
		"expected a field and a share, not 'title in half'",
		"for example: title, link, deadline in 50 %"},
	{"source", "complete", "title in 0 %", "title in 0 %",
		"expected a field and a share, not 'title in 0 %'",
		"for example: title, link, deadline in 50 %"},
	{"source", "at least", "0 items", OK},
	{"source", "gone after", "3 polls", OK},
	{"source", "gone after", "one", "one",
		"expected a number of polls from 2 to 50 such as '3 polls', not 'one'", ""},
	{"source", "lists all", "yes", OK},
	{"source", "at least", "many", "many", "expected a number such as '100 items', not 'many'", ""},
	{"source", "at most", "500 KB a page, 10 items", OK},
	{"source", "at most", "20000 items", OK},
	{"source", "at most", "1 GB", "1 GB", "'1 GB' is neither a size of a page nor a number of items",
		"for example: 16 MB a page, 20000 items (either or both; at most 256 MB)"},
	{"source", "items", ".x", ".x", "a source of format feed has no 'items:'", "remove it"},
	{"source", "dates", "%d.%m.%Y || %Y-%m-%d as date", OK},
	{"source", "dates", "%d.%m.%Y || dd.mm", "dd.mm", "'dd.mm' is no form of a date",
		"for example: %d.%m.%Y || %Y-%m-%dT%H:%M:%S as date"},
	{"source", "zone", "Europe/Brussels", OK},
	{"source", "zone", "Brussels", "Brussels", "there is no time zone called 'Brussels'",
		"write it like Europe/Tallinn"},
	{"source", "closes at", "17:00", OK},
	{"source", "closes at", "5pm", "5pm", "expected a time of day such as 17:00, not '5pm'", ""},
	{"source", "identity", "guid", OK},
	{"source", "identity", "id", "id", "'identity' must be call, guid, url or title, not 'id'", ""},
	{"source", "next", "//a", "//a", "'next' is for json, xml and html only",
		"pages of feeds are numbered, or named by a Link header"},
	{"source", "token", "//a", "//a", "'token' is for json, xml and html only",
		"pages of feeds are numbered, or named by a Link header"},
	{"source", "url", "https://x.example/?t={token}", "https://x.example/?t={token}",
		"{token} needs a 'token:' line",
		"'token:' finds on each page what {token} in url, body or a part is on the next"},
	{"source", "pages", "by link header, at most 5", OK},
	{"source", "pages", "from 0 step 10, at most 1", "from 0 step 10, at most 1",
		"a 'step' counts {offset}, which is nowhere", "for example: from 0 step 100, until empty"},
	{"source", "pages", "from 0 step 0", "from 0 step 0", "'from 0 step 0' says nothing about pages",
		"for example: from 1, until empty, at most 60"},
	{"source", "relevance", "x OR y", OK},
	{"source", "detail", "link", "link", "'detail' needs at least one 'detail FIELD:' line",
		"for example: detail deadline: //dd[@class='closes']"},
	{"source", "detail", "page", "page", "expected 'link' or a link with http:// or https://",
		"detail: link, or detail: https://.../{id}"},
	{"source", "detail", "https://x.example/{page}", "{page}", "this stands for nothing that a call has",
		"{call}, {id} and {link} are known here"},
	{"source", "detail", "https://x.example/", "https://x.example/",
		"this page would be the same for every call",
		"write {call}, {id} or {link} where they belong"},
	{"source", "detail deadline", "//dd", "//dd", "there is no 'detail:' line, so no page is asked for it",
		"say where: detail: link, or detail: https://.../{id}"},
	{"source", "detail format", "pdf", "pdf", "'detail format' must be html, json or xml, not 'pdf'", ""},
	{"source", "stream", "2", "2", "'stream' is for json only", "remove it"},
	{"source", "stream", "9", "9", "expected a depth from 1 to 8, not '9'", ""},
	{"source", "id", "guid", OK},
	{"source", "title", "title ~ /x: (.*)$/", OK},
	{"source", "link", "link", OK},
	{"source", "published", "x", OK},
	{"source", "updated", "x", OK},
	{"source", "summary", "x", OK},
	{"source", "content", "x", OK},
	{"source", "author", "x", OK},
	{"source", "category", "x", OK},
	{"source", "language", "x", OK},
	{"source", "deadline", "x", OK},
	{"source", "opens", "x", OK},
	{"source", "budget", "x", OK},
	{"source", "call", "x", OK},
	{"source", "programme", "x", OK},
	{"source", "kind", "x", OK},
	{"source", "status", "x", OK},
	{"source", "country", "x", OK},
	{"source", "funder", "x", OK},
	{"source", "eligibility", "x", OK},
};

static void test_values(void **state)
{
	(void)state;
	assert_int_equal(chdir(root), 0);
	for (size_t i = 0; i < COUNT(value_rows); i++)
		try_value(&value_rows[i]);
}

HARNESS_MAIN(cmocka_unit_test_setup_teardown(test_syntax_messages, make_root, remove_root),
	cmocka_unit_test_setup_teardown(test_source_messages, make_root, remove_root),
	cmocka_unit_test(test_long_lists),
	cmocka_unit_test_setup_teardown(test_values, make_root, remove_root))
