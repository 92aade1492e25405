/* SPDX-License-Identifier: MIT
 *
 * Configurations: directories made by the test, loaded, and what came out of them;
 * what is said across files; places; money; printing; the shipped example.
 */
#include "harness.h"

#include "base/buf.h"
#include "conf/conf.h"
#include "conf/fixture.h"

#define MAIN_MIN    "[fundwatch]\nname: X\nfrom: calls@cluster.example\ncatalogue: cat\n"
#define PROFILE(id) "[profile " id "]\nname: A\nkind: sme\nemail: " id "@a.example\n"
#define SOURCE(id)  "[source " id "]\nformat: feed\nurl: https://x.example/\n"

/* Loads and gives what is printed; *out as conf_load() leaves it. */
static struct str load(struct arena *a, struct config **out)
{
	struct diags d = {.a = a};
	*out = NULL;
	enum err rc = conf_load(root, &d, out);
	assert_int_equal(rc, d.errors > 0 ? ERR_CONFIG : ERR_OK);
	assert_non_null(*out); /* with errors too, so that more can be found in it */
	return diags_text(a, &d);
}

static void expect_load(const char *want)
{
	struct arena *a = arena_new(ARENA_TEST);
	struct config *c;
	struct str got = load(a, &c);
	if (!str_eq(got, str_of(want)))
		fail_msg("got:\n%.*s\nwant:\n%s", STRF(got), want);
	conf_free(c);
	arena_free(a);
}

/* ---- across files ----------------------------------------------------------------- */

static void test_no_files(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	char want[1000];
	(void)snprintf(want, sizeof(want),
		"fundwatch.conf: error: there is no such file in %s\n"
		"     | a configuration is a directory; name it with -c\n",
		root);
	expect_load(want);
	put("fundwatch.conf", "# nothing\n");
	expect_load("fundwatch.conf: error: this file has no [fundwatch] section\n"
		    "     | it starts with the line [fundwatch]\n");
	put("fundwatch.conf", "[fundwatch]\n");
	put("cat/x", "");
	expect_load("fundwatch.conf:1:1: error: this [fundwatch] has no 'name:'\n"
		    "   1 | [fundwatch]\n"
		    "     | ^^^^^^^^^^^ the name of your cluster, as members know it\n"
		    "fundwatch.conf:1:1: error: this [fundwatch] has no 'from:'\n"
		    "   1 | [fundwatch]\n"
		    "     | ^^^^^^^^^^^ the sender of all mail: Our Cluster <calls@cluster.example>\n"
		    "fundwatch.conf:1:1: note: the catalogue /usr/share/fundwatch/feeds does not exist\n"
		    "   1 | [fundwatch]\n"
		    "     | ^^^^^^^^^^^\n");
	arena_free(a);
}

static void test_across_files(void **state)
{
	(void)state;
	put("cat/x", "");
	put("fundwatch.conf", MAIN_MIN "[profile p]\n");
	put("profiles.d/a.conf", PROFILE("a") "use: lfe, life, life\n[source s]\n");
	put("profiles.d/b.conf", PROFILE("a") "match: x\n" PROFILE("c") "match: x\n");
	put("profiles.d/b.conf~", "");
	put("profiles.d/.x.conf", "");
	put("profiles.d/readme.txt", "");
	put("rules.d/life.conf", "[rules life]\nmatch: x\n[test one]\ntitle: t\nexpect: match\n"
				 "[test two]\nprofile: aa\ntitle: t\nexpect: match\n");
	expect_load("fundwatch.conf:5:1: error: a [profile] section has no place in this file\n"
		    "   5 | [profile p]\n"
		    "     | ^^^^^^^^^^^ it belongs into profiles.d\n"
		    "profiles.d/.x.conf: note: skipped: a copy that an editor or an update left\n"
		    "profiles.d/a.conf:5:6: error: there is no rule set called 'lfe'\n"
		    "   5 | use: lfe, life, life\n"
		    "     |      ^^^ did you mean life ?\n"
		    "profiles.d/a.conf:5:17: error: 'life' is given twice\n"
		    "   5 | use: lfe, life, life\n"
		    "     |                 ^^^^ keep one of them\n"
		    "profiles.d/a.conf:6:1: error: a [source] section has no place in this file\n"
		    "   6 | [source s]\n"
		    "     | ^^^^^^^^^^ it belongs into feeds.d\n"
		    "profiles.d/b.conf:1:1: error: [profile a] is given twice, also in profiles.d/a.conf:1\n"
		    "   1 | [profile a]\n"
		    "     | ^^^^^^^^^^^ keep one of them, or give one another name\n"
		    "profiles.d/b.conf~: note: skipped: a copy that an editor or an update left\n"
		    "profiles.d/readme.txt: warning: not read: its name does not end in .conf\n"
		    "rules.d/life.conf:3:1: warning: this test names no profile, so nothing is tried\n"
		    "   3 | [test one]\n"
		    "     | ^^^^^^^^^^ give it a 'profile:' line\n"
		    "rules.d/life.conf:7:10: error: there is no profile called 'aa'\n"
		    "   7 | profile: aa\n"
		    "     |          ^^\n");
}

static void test_renamed(void **state)
{
	(void)state;
	put("cat/x", "");
	put("fundwatch.conf", MAIN_MIN);
	put("profiles.d/a.conf", PROFILE("a") "match: x\nwas: old\n" PROFILE("b") "match: x\nwas: a\n");
	expect_load("profiles.d/a.conf:7:1: error: profile 'b' was 'a', but there still is a profile of that "
		    "name\n"
		    "   7 | [profile b]\n"
		    "     | ^^^^^^^^^^^ remove the old one, or the line 'was:'\n");
}

static void test_lints(void **state)
{
	(void)state;
	put("cat/x", "");
	put("fundwatch.conf", MAIN_MIN);
	put("profiles.d/a.conf", PROFILE("a") "exclude: x\n");
	put("profiles.d/b.conf",
		"[profile b]\nname: B\nkind: sme\nemail: Desk <A@a.example>\nmatch: x\n"
		"[profile c]\nname: C\nkind: sme\norganisation: b\nemail: a@a.example\nmatch: x\n");
	expect_load(
		"profiles.d/a.conf:1:1: warning: profile 'a' has no rule that a call could match, so it "
		"never gets any\n"
		"   1 | [profile a]\n"
		"     | ^^^^^^^^^^^ give it a 'match:' or a 'use:' line\n"
		"profiles.d/b.conf:4:14: warning: this address also gets the mail of 'a', which is another "
		"organisation\n"
		"   4 | email: Desk <A@a.example>\n"
		"     |              ^^^^^^^^^^^ give both the same 'organisation:', or other addresses\n");
}

/* Paths in `got` that start with the test's directory, as "ROOT". */
static void expect_rooted(const char *want)
{
	struct arena *a = arena_new(ARENA_TEST);
	struct config *c;
	struct str got = load(a, &c);
	struct buf b = buf_init(100000);
	size_t at;
	while ((at = str_find(got, str_of(root))) != SIZE_MAX) {
		buf_add(&b, str_sub(got, 0, at));
		buf_addz(&b, "ROOT");
		got = str_sub(got, at + strlen(root), got.n);
	}
	buf_add(&b, got);
	assert_str(buf_str(&b), want);
	buf_free(&b);
	conf_free(c);
	arena_free(a);
}

static void test_sources(void **state)
{
	(void)state;
	put("fundwatch.conf", MAIN_MIN "sources: own, portal, broken\n");
	put("feeds.d/own.conf", SOURCE("own"));
	put("feeds.d/samples/own.xml", "");
	expect_rooted("fundwatch.conf:4:12: note: the catalogue ROOT/cat does not exist; without it these "
		      "sources are"
		      " not polled: portal, broken\n"
		      "   4 | catalogue: cat\n"
		      "     |            ^^^\n");
	put("cat/own.conf", SOURCE("own"));
	put("cat/portals.conf", SOURCE("portals"));
	put("cat/broken.conf", SOURCE("other"));
	expect_rooted("ROOT/cat/broken.conf: error: this file has no section [source broken]\n"
		      "feeds.d/own.conf:1:1: note: this recipe replaces the catalogue's 'own'\n"
		      "   1 | [source own]\n"
		      "     | ^^^^^^^^^^^^\n"
		      "fundwatch.conf:5:15: error: there is no source called 'portal' in feeds.d or in the "
		      "catalogue\n"
		      "   5 | sources: own, portal, broken\n"
		      "     |               ^^^^^^ did you mean portals ?\n");
	put("fundwatch.conf", MAIN_MIN "sources: portals\n");
	expect_rooted("ROOT/cat/portals.conf:1:1: note: source 'portals' has no sample in ROOT/cat/samples\n"
		      "   1 | [source portals]\n"
		      "     | ^^^^^^^^^^^^^^^^\n");
}

static void test_too_large(void **state)
{
	(void)state;
	struct buf b = buf_init(4 * CONF_FILE_MAX);
	put("cat/x", "");
	while (b.n <= CONF_FILE_MAX)
		buf_addz(&b, "# a line of a remark that is quite long, so that the file grows\n");
	put("fundwatch.conf", MAIN_MIN);
	put("profiles.d/a.conf", buf_str(&b).p);
	expect_load("profiles.d/a.conf: error: this file is larger than 1 MB; split it\n");
	buf_clear(&b);
	for (int i = 0; i < 100001; i++)
		buf_addc(&b, '\n');
	put("profiles.d/a.conf", buf_str(&b).p);
	expect_load("profiles.d/a.conf: error: this file has more than 100000 lines; split it\n");
	buf_clear(&b);
	buf_addz(&b, "[rules x]\nmatch: x\nlabel: ");
	for (int i = 0; i < 17000; i++)
		buf_addc(&b, 'x');
	put("profiles.d/a.conf", buf_str(&b).p);
	expect_load(
		"profiles.d/a.conf:3: error: this line has more than 16384 bytes; break it into several\n");
	buf_free(&b);
}

/* Many faults in few bytes: bounded memory, a bounded list. */
static void test_flood(void **state)
{
	(void)state;
	struct buf b = buf_init(CONF_FILE_MAX - 16);
	put("cat/x", "");
	put("fundwatch.conf", MAIN_MIN);
	while (!b.failed)
		buf_addz(&b, b.n < CONF_FILE_MAX / 4   ? "[source a]\n"
			     : b.n < CONF_FILE_MAX / 2 ? "[profile a]\n"
						       : "abcdefgh:\n");
	put("profiles.d/a.conf", buf_str(&b).p);
	struct arena *a = arena_new(ARENA_TEST);
	struct config *c;
	struct str got = load(a, &c);
	assert_true(str_find(got, STR(" more errors\n")) != SIZE_MAX);
	assert_true(got.n < 20000);
	conf_free(c);
	arena_free(a);
	buf_free(&b);
}

/* ---- what comes out --------------------------------------------------------------- */

static struct config *load_clean(struct arena *a)
{
	struct config *c;
	struct str got = load(a, &c);
	if (str_find(got, STR(": error:")) != SIZE_MAX)
		fail_msg("%.*s", STRF(got));
	return c;
}

static void test_settings(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	put("cat/x", "");
	put("fundwatch.conf", MAIN_MIN);
	struct config *c = load_clean(a);
	const struct settings *s = &c->settings;
	assert_str(s->zone, "UTC");
	assert_str(s->database, "/var/lib/fundwatch/fundwatch.db");
	assert_str(s->catalogue, arena_printf(a, "%s/cat", root));
	assert_str(s->inbound.address, "calls@cluster.example");
	assert_int_equal(s->deliver, DELIVER_OFF);
	assert_int_equal(s->route.transport, TRANSPORT_ESMTP);
	assert_str(s->route.target, "127.0.0.1");
	assert_int_equal(s->route.port, 25);
	assert_int_equal(s->after_crash, AFTER_CRASH_RESEND_ONCE);
	assert_int_equal(s->reminders.n, 2);
	assert_int_equal(s->reminders.v[0], 14);
	assert_int_equal(s->reminders.v[1], 3);
	conf_free(c);
	put("fundwatch.conf", "\xEF\xBB\xBF[fundwatch]\r\nname:\u00A0 The \u201CX\u201D\u00A0\r\n"
			      "from: Calls Desk <calls@cluster.example>\r\ncatalogue: cat\n"
			      "deliver: only a.example,\n b@c.example\ntransport: smtps://[::1]\n"
			      "after-crash: hold\nreminders: 3, 30, 7 days\ndatabase: x.db\n"
			      "rates: 2026-11-01: SEK 11.25, GBP 0.86, 2026-12-01: SEK 10\n");
	c = load_clean(a);
	s = &c->settings;
	assert_str(s->name, "The \"X\"");
	assert_str(s->from.name, "Calls Desk");
	assert_str(s->from.address, "calls@cluster.example");
	assert_int_equal(s->deliver, DELIVER_ONLY);
	assert_int_equal(s->deliver_only.n, 2);
	assert_str(s->deliver_only.v[1], "b@c.example");
	assert_int_equal(s->route.transport, TRANSPORT_SMTPS);
	assert_str(s->route.target, "::1");
	assert_int_equal(s->route.port, 465);
	assert_int_equal(s->after_crash, AFTER_CRASH_HOLD);
	assert_int_equal(s->reminders.n, 3);
	assert_int_equal(s->reminders.v[0], 30);
	assert_str(s->database, arena_printf(a, "%s/x.db", root));
	int64_t eur;
	assert_true(money_in_eur(s, 100, "EUR", &eur) && eur == 100);
	assert_true(money_in_eur(s, 1000, "SEK", &eur) && eur == 100); /* the latest day counts */
	assert_true(money_in_eur(s, 86, "GBP", &eur) && eur == 100);
	assert_true(money_in_eur(s, 87, "GBP", &eur) && eur == 101);
	assert_false(money_in_eur(s, 1, "USD", &eur));
	assert_false(money_in_eur(s, INT64_MAX, "SEK", &eur));
	conf_free(c);
	arena_free(a);
}

static void test_profile(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	put("cat/x", "");
	put("fundwatch.conf", MAIN_MIN "zone: Europe/Tallinn\n");
	put("rules.d/r.conf",
		"[rules life]\nlabel: Life\nmatch: x\nscore 2: y\n[synonyms]\nATMP: \"a b\",\n  c*\n");
	put("profiles.d/a.conf",
		"[profile a]\nname: A\nkind: research\nemail: Front Desk <a@a.example>, "
		"b@a.example\ncountry: ee\n"
		"use: life\nmatch: \u201Ccell\u201D \u2013tender\nscore \u22123: x\nthreshold: 2\n"
		"deadline: 14..200 days, unknown no\nbudget: 50k..2M EUR\nkinds: grant, not equity\ntags: x, "
		"y\n"
		"digest: monthly 3 07:30\nmode: review\nlimit: 5\n"
		"[profile b]\nname: B\nkind: sme\nemail: x@b.example\nuse: life\ncountry: EE\neligible in: "
		"any\n");
	struct config *c = load_clean(a);
	const struct profile *p = conf_profile(c, STR("a")), *b = conf_profile(c, STR("b"));
	assert_null(conf_profile(c, STR("zz")));
	assert_str(p->organisation, "a");
	assert_int_equal(p->kind, ORG_RESEARCH);
	assert_int_equal(p->contacts.n, 2);
	assert_str(p->contacts.v[0].name, "Front Desk");
	assert_str(p->contacts.v[1].address, "b@a.example");
	assert_str(p->language, "en");
	assert_int_equal(p->use.n, 1);
	assert_str(p->use.v[0]->label, "Life");
	assert_int_equal(p->use.v[0]->rules.v[1].score, 2);
	assert_int_equal(p->rules.n, 2);
	assert_str(p->rules.v[0].query.text, "\"cell\" -tender");
	assert_int_equal(p->rules.v[1].type, RULE_SCORE);
	assert_int_equal(p->rules.v[1].score, -3);
	assert_true(p->has_threshold && p->threshold == 2);
	assert_true(p->deadline.set && !p->deadline.unknown_ok && p->deadline.min == 14 &&
		    p->deadline.max == 200);
	assert_true(
		p->budget.set && p->budget.unknown_ok && p->budget.min == 50000 && p->budget.max == 2000000);
	assert_string_equal(p->budget.currency, "EUR");
	assert_str(p->kinds.allow.v[0], "grant");
	assert_str(p->kinds.refuse.v[0], "equity");
	assert_true(p->kinds.unknown_ok);
	assert_int_equal(p->eligible_in.allow.n, 1);
	assert_str(p->eligible_in.allow.v[0], "EE");
	assert_true(p->eligible_in.unknown_ok);
	assert_int_equal(p->digest.every, EVERY_MONTH);
	assert_true(p->digest.day == 3 && p->digest.minute == 450);
	assert_str(p->digest.zone, "Europe/Tallinn");
	assert_int_equal(p->mode, MODE_REVIEW);
	assert_int_equal(p->limit, 5);
	assert_int_equal(b->eligible_in.allow.n, 0);
	assert_int_equal(b->limit, 12);
	assert_true(!b->deadline.set && !b->budget.set && !b->test && !b->has_threshold);
	assert_int_equal(b->digest.every, EVERY_WEEK);
	assert_true(b->digest.day == 0 && b->digest.minute == 480);
	assert_int_equal(c->synonyms.n, 1);
	assert_str(c->synonyms.v[0].word, "ATMP");
	assert_str(c->synonyms.v[0].expansion.text, "\"a b\", c*");
	assert_str(value_line(a, &p->rules.v[0].query), "profiles.d/a.conf:7");
	conf_free(c);
	arena_free(a);
}

static void test_recipe(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	put("fundwatch.conf", MAIN_MIN);
	put("cat/x", "");
	put("feeds.d/p.conf",
		"[source p]\nlabel: Portal\ndefault kind: grant\nformat: json\nurl: "
		"https://x.example/?n={page}\n"
		"part q application/json: {\u201Ca\u201D:1}\nheader X-Y: z\npages: from 1, until empty, at "
		"most 7\n"
		"every: 90 minutes\npause: 500 ms\ncomplete: title, link in 50%\nat least: 100 items\nat most: 2 MB a page\n"
		"items: .results[] # every one\n  | {id: .i,\n# a remark of the file\n  title: .t}\n"
		"dates: %Y-%m-%d as date || %d.%m.%Y\nzone: Europe/Brussels\ncloses at: 17:00\nidentity: "
		"guid\n");
	struct config *c = load_clean(a);
	const struct recipe *p = conf_recipe(c, STR("p"));
	assert_non_null(p);
	assert_str(p->method, "POST");
	assert_str(p->parts.v[0].name, "q");
	assert_str(p->parts.v[0].type, "application/json");
	assert_str(p->parts.v[0].data.text, "{\u201Ca\u201D:1}");
	assert_str(p->headers.v[0], "X-Y: z");
	assert_true(p->pages_until_empty && p->page_from == 1 && p->page_max == 7);
	assert_true(p->every == 5400 && p->pause == 500 && p->at_least == 100);
	assert_true(p->complete[FIELD_TITLE] == 80 && p->complete[FIELD_LINK] == 50 && p->complete[FIELD_ID] == 0);
	assert_true(p->max_bytes == 2 << 20 && p->at_most_items == 20000);
	assert_str(p->items.text, ".results[] # every one\n| {id: .i,\ntitle: .t}");
	struct place at = value_place(&p->items, str_find(p->items.text, STR("title")), 5);
	assert_true(at.line == 17 && at.col == 3 && at.width == 5);
	assert_int_equal(p->rules.dates.n, 2);
	assert_str(p->rules.dates.v[0], "%Y-%m-%d as date");
	assert_str(p->rules.kind, "grant");
	assert_str(p->rules.source, "p");
	assert_true(p->rules.closes_at == 17 * 60 && p->rules.identity == IDENTITY_GUID);
	assert_false(p->verified || p->from_catalogue);
	conf_free(c);
	put("feeds.d/p.conf", SOURCE("p"));
	c = load_clean(a);
	p = conf_recipe(c, STR("p"));
	assert_str(p->label, "p");
	assert_str(p->method, "GET");
	assert_true(p->page_max == 1 && p->every == 6 * 3600 && p->pause == 2000 && p->rules.closes_at == -1);
	assert_true(p->at_least == 1 && p->max_bytes == 16 << 20 && p->rules.identity == IDENTITY_CALL);
	conf_free(c);
	struct diags d = {.a = a};
	char path[600];
	(void)snprintf(path, sizeof(path), "%s/feeds.d/p.conf", root);
	assert_non_null(conf_recipe_file(a, path, &d));
	put("feeds.d/p.conf", "[profile x]\n");
	assert_null(conf_recipe_file(a, path, &d));
	assert_str(d.list.v[0].message, "a [profile] section has no place in this file");
	assert_string_equal(field_name(FIELD_ELIGIBILITY), "eligibility");
	arena_free(a);
}

static void test_recipe_fit(void **state)
{
	(void)state;
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"format: json\nurl: https://x.example/\n", "a source of format json needs 'items:'"},
		{"format: html\nurl: https://x.example/\nitems: //li\n",
			"a source of format html needs 'title:'"},
		{"format: feed\n", "this [source] has no 'url:'"},
		{"format: feed\nurl: https://x.example/\nbody: x\npart a b/c: x\n",
			"a request has parts or a body, not both"},
		{"format: feed\nurl: https://x.example/\nbody: x\nmethod: GET\n",
			"a GET request sends neither body nor parts"},
		{"format: json\nurl: https://x.example/\nitems: .\ntitle: .x\n",
			"a source of format json has no 'title:' of its own"},
		{"format: feed\nurl: https://x.example/\ndefault kind: grant\ndefault kind: loan\n",
			"'default kind' is given twice"},
		{"url: https://x.example/\n", "this [source] has no 'format:'"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct diags d = {.a = a};
		char path[600];
		put("r.conf", arena_printf(a, "[source r]\n%s", rows[i].text));
		(void)snprintf(path, sizeof(path), "%s/r.conf", root);
		assert_null(conf_recipe_file(a, path, &d));
		assert_int_equal(d.errors, 1);
		assert_str(d.list.v[0].message, rows[i].message);
		arena_free(a);
	}
}

static void test_too_many_files(void **state)
{
	(void)state;
	put("cat/x", "");
	put("fundwatch.conf", MAIN_MIN);
	for (int i = 0; i < CONF_FILES_MAX; i++) {
		char name[64];
		(void)snprintf(name, sizeof(name), "%s/rules.d/r%04d.conf", root, i);
		if (i == 0)
			put("rules.d/r0000.conf", "");
		FILE *f = fopen(name, "we");
		assert_true(f != NULL && fclose(f) == 0);
	}
	expect_load("rules.d/r4999.conf: error: the configuration is too large: this file and those after it "
		    "are not read\n");
}

static void test_recipe_file(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	put("r.conf", "# nothing\n");
	assert_null(conf_recipe_file(a, arena_printf(a, "%s/r.conf", root), &d));
	assert_int_equal(d.errors, 1);
	assert_str(d.list.v[0].message, "expected one [source NAME] section in this file");
	put("r.conf", SOURCE("a"));
	assert_non_null(conf_recipe_file(a, arena_printf(a, "%s/r.conf", root), &d));
	arena_free(a);
}

static void test_hash(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	put("cat/x", "");
	put("fundwatch.conf", MAIN_MIN);
	put("profiles.d/a.conf", PROFILE("a") "match: x\n" PROFILE("b") "match: y\n");
	struct config *c = load_clean(a);
	struct str one = str_dup(a, c->hash);
	conf_free(c);
	put("fundwatch.conf", MAIN_MIN "deliver: on\n");
	put("profiles.d/a.conf",
		"# moved\n" PROFILE("b") "match:   y\n\n" PROFILE("a") "match: x\n[test t]\ntitle: t\n"
								       "profile: a\nexpect: match\n");
	c = load_clean(a);
	assert_int_equal(c->hash.n, 64);
	assert_true(str_eq(one, c->hash));
	conf_free(c);
	put("profiles.d/a.conf", PROFILE("a") "match: xx\n" PROFILE("b") "match: y\n");
	c = load_clean(a);
	assert_false(str_eq(one, c->hash));
	conf_freep(&c);
	assert_null(c);
	arena_free(a);
}

static void test_places(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	put("cat/x", "");
	put("fundwatch.conf", MAIN_MIN);
	put("rules.d/a.conf", "[rules a]\nmatch:  \u201Cs\u00F5na\u201D\u00A0OR  ab\n\n# remark\n\t  "
			      "tittle:x  OR\n   \u00E9nd \n");
	struct config *c = load_clean(a);
	const struct value *v = &c->rule_sets.v[0].rules.v[0].query;
	assert_str(v->text, "\"s\u00F5na\" OR  ab tittle:x  OR \u00E9nd");
	static const struct {
		const char *part;
		int line, col, width;
	} rows[] = {
		{"\"s\u00F5na\"", 2, 9, 6},
		{"OR  ab", 2, 16, 6},
		{"tittle", 5, 4, 6},
		{"x  OR", 5, 11, 5},
		{"\u00E9nd", 6, 4, 3},
		{"ab tittle", 2, 20, 2},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str part = str_of(rows[i].part);
		struct place p = value_place(v, str_find(v->text, part), part.n);
		if (p.line != rows[i].line || p.col != rows[i].col || p.width != rows[i].width)
			fail_msg("%s at %d:%d+%d", rows[i].part, p.line, p.col, p.width);
		assert_str(p.file, "rules.d/a.conf");
	}
	struct place end = value_place(v, v->text.n, 1);
	assert_true(end.line == 6 && end.col == 7 && end.width == 1);
	assert_true(value_place(v, SIZE_MAX, SIZE_MAX).line == 6);
	conf_free(c);
	arena_free(a);
}

/* ---- printing --------------------------------------------------------------------- */

static void test_print(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	struct place at = {.file = STR("rules.d/x.conf"),
		.line = 9,
		.col = 22,
		.width = 6,
		.text = STR("match:     ATMP OR   tittle:pharma")};
	diag_add(&d, DIAG_ERROR, at, "did you mean title: ?", "there is no field called '%s'", "tittle");
	diag_add(&d, DIAG_NOTE,
		(struct place){.file = STR("a.conf"), .line = 12345, .text = STR("x\x1B[2Jy")}, NULL, "n");
	diag_add(&d, DIAG_WARNING,
		(struct place){.file = STR("a.conf"),
			.line = 7,
			.col = 4,
			.width = 9,
			.text = STR("a\tb\u4E2D\u0301x")},
		NULL, "w");
	assert_str(diags_text(a, &d), "a.conf:7:4: warning: w\n"
				      "   7 | a\tb\u4E2D\u0301x\n"
				      "     |  \t ^^^\n"
				      "a.conf:12345: note: n\n"
				      "12345 | x [2Jy\n"
				      "rules.d/x.conf:9:22: error: there is no field called 'tittle'\n"
				      "   9 | match:     ATMP OR   tittle:pharma\n"
				      "     |                      ^^^^^^ did you mean title: ?\n");
	assert_int_equal(d.errors, 1);
	assert_int_equal(d.warnings, 1);
	struct diags many = {.a = a};
	for (int i = 52; i > 0; i--)
		diag_add(&many, DIAG_ERROR, (struct place){.file = STR("f"), .line = i}, NULL, "e%d", i);
	struct str text = diags_text(a, &many);
	assert_true(str_starts(text, STR("f:1: error: e1\n")));
	assert_true(str_ends(text, STR("f:50: error: e50\nand 2 more errors\n")));
	struct diags lots = {.a = a};
	for (int i = 0; i < 100000; i++)
		diag_add(&lots, DIAG_ERROR, at, NULL, "e");
	assert_true(str_ends(diags_text(a, &lots), STR("\nand 99950 more errors\n")));
	arena_free(a);
}

static void test_print_long(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	char line[1001], want[600];
	for (size_t i = 0; i < 1000; i++)
		line[i] = (char)('a' + i % 26);
	line[1000] = '\0';
	struct place at = {.file = STR("f"), .line = 1, .col = 501, .width = 900, .text = str_of(line)};
	diag_add(&d, DIAG_ERROR, at, NULL, "e");
	(void)snprintf(want, sizeof(want), "f:1:501: error: e\n   1 | ...%.*s...\n     | %*s", 200,
		line + 401, 102, "");
	struct str text = diags_text(a, &d);
	assert_true(str_starts(text, str_of(want)));
	assert_int_equal(text.n, strlen(want) + 1 + 100 + 1);
	arena_free(a);
}

static void test_suggest(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	static const char *const words[] = {"title", "text", "programme"};
	assert_string_equal(diag_suggest(&d, STR("tittle"), words, 3), "did you mean title ?");
	assert_string_equal(diag_suggest(&d, STR("progarmme"), words, 3), "did you mean programme ?");
	assert_string_equal(diag_suggest(&d, STR("txet"), words, 3), "did you mean text ?");
	assert_null(diag_suggest(&d, STR("te"), words, 3));
	assert_null(diag_suggest(&d, STR("xyz"), words, 3));
	assert_null(diag_suggest(&d, STR(""), words, 3));
	arena_free(a);
}

/* ---- the shipped example ------------------------------------------------------------ */

static void copy_folder(struct arena *a, const char *folder)
{
	struct strv names;
	assert_int_equal(file_list(a, arena_printf(a, "conf/%s", folder), &names, NULL), ERR_OK);
	for (size_t i = 0; i < names.n; i++) {
		struct str bytes;
		const char *name = arena_printf(a, "%s%s%.*s", folder, *folder ? "/" : "", STRF(names.v[i]));
		if (str_ends(names.v[i], STR(".conf")) &&
			file_read(a, arena_printf(a, "conf/%s", name), CONF_FILE_MAX, &bytes, NULL) == ERR_OK)
			put(name, bytes.p);
	}
}

/* Something to start from for each kind of member. */
static void expect_examples_of_all_kinds(const struct config *c)
{
	bool kinds[ORG_COUNT] = {0};
	for (size_t i = 0; i < c->profiles.n; i++)
		kinds[c->profiles.v[i].kind] = true;
	for (size_t k = 0; k < ORG_COUNT; k++)
		assert_true(kinds[k]);
}

static void test_shipped(void **state)
{
	(void)state;
	static const char *const members[] = {
		"celltech", "medscan", "uni-genomics", "uni-materials", "coldchain", "test-member"};
	struct arena *a = arena_new(ARENA_TEST);
	copy_folder(a, "");
	copy_folder(a, "profiles.d");
	copy_folder(a, "rules.d");
	struct str text;
	char path[600];
	(void)snprintf(path, sizeof(path), "%s/fundwatch.conf", root);
	assert_int_equal(file_read(a, path, CONF_FILE_MAX, &text, NULL), ERR_OK);
	size_t at = str_find(text, STR("/usr/share/fundwatch/feeds"));
	assert_true(at != SIZE_MAX);
	put("fundwatch.conf", arena_printf(a, "%.*scat%s", (int)at, text.p, text.p + at + 26));
	static const char *const sources[] = {"eu-funding-tenders", "hadea-news", "estban", "innovate-uk"};
	for (size_t i = 0; i < COUNT(sources); i++) {
		put(arena_printf(a, "cat/%s.conf", sources[i]),
			arena_printf(a, "[source %s]\nformat: feed\nurl: https://x.example/\n", sources[i]));
		put(arena_printf(a, "cat/samples/%s.xml", sources[i]), "");
	}
	struct config *c;
	assert_str(load(a, &c), "");
	assert_non_null(c);
	assert_true(c->profiles.n >= 12 && c->rule_sets.n >= 8);
	for (size_t i = 0; i < COUNT(members); i++)
		assert_non_null(conf_profile(c, str_of(members[i])));
	expect_examples_of_all_kinds(c);
	assert_int_equal(c->recipes.n, 4);
	assert_str(c->recipes.v[1].name, "hadea-news");
	assert_int_equal(c->settings.deliver, DELIVER_OFF);
	conf_free(c);
	arena_free(a);
}

/* Each key that holds a text keeps it in its own place. */
static void test_settings_texts(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	put("cat/x", "");
	put("fundwatch.conf", "[fundwatch]\nname: N\nfrom: F <f@x.example>\nreply-to: R <r@x.example>\n"
			      "inbound: i@x.example\nbounces: b@x.example\nstaff: s@x.example\nadmin: "
			      "a@x.example\naddress: A\ncontact: https://c.example\nzone: Europe/Tallinn\n"
			      "database: /d\ncatalogue: cat\nweb: 127.0.0.1:80\nweb-url: https://w.example\n"
			      "colour: #ffcc00\nlogo: https://l.example/x.png\nintro: I\nfooter: O\n");
	struct config *c = load_clean(a);
	const struct settings *s = &c->settings;
	const struct str got[] = {s->name, s->from.address, s->reply_to.address, s->inbound.address, s->bounces,
		s->staff.v[0], s->admin.v[0], s->address, s->contact, s->zone, s->database, s->web, s->web_url,
		s->colour, s->logo, s->intro, s->footer};
	static const char *const want[] = {"N", "f@x.example", "r@x.example", "i@x.example", "b@x.example",
		"s@x.example", "a@x.example", "A", "https://c.example", "Europe/Tallinn", "/d", "127.0.0.1:80",
		"https://w.example", "#ffcc00", "https://l.example/x.png", "I", "O"};
	for (size_t i = 0; i < COUNT(got); i++)
		assert_str(got[i], want[i]);
	conf_free(c);
	arena_free(a);
}

#define IN_ROOT(t) cmocka_unit_test_setup_teardown(t, make_root, remove_root)

HARNESS_MAIN(IN_ROOT(test_no_files), IN_ROOT(test_across_files), IN_ROOT(test_renamed), IN_ROOT(test_lints),
	IN_ROOT(test_sources), IN_ROOT(test_too_large), IN_ROOT(test_flood), IN_ROOT(test_settings),
	IN_ROOT(test_settings_texts),
	IN_ROOT(test_profile), IN_ROOT(test_recipe), IN_ROOT(test_recipe_fit), IN_ROOT(test_hash),
	IN_ROOT(test_too_many_files), IN_ROOT(test_recipe_file),
	IN_ROOT(test_places), cmocka_unit_test(test_print), cmocka_unit_test(test_print_long),
	cmocka_unit_test(test_suggest), IN_ROOT(test_shipped))
