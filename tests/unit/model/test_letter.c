/* SPDX-License-Identifier: MIT
 *
 * Offers out of letters: subjects with their prefixes, the innermost forwarded
 * message, its link and its deadline.
 */
#include "harness.h"

#include "model/model.h"

static struct item from(struct arena *a, const char *subject, const char *text, const char *html)
{
	struct letter l = {.message_id = STR("<1@mail.example>"),
		.from = STR("Mari Maasikas <mari@cluster.example>"),
		.subject = str_of(subject),
		.text = str_of(text),
		.html = str_of(html),
		.date = 1795417200};
	struct item it;
	item_from_letter(a, &l, &it);
	return it;
}

static void test_subjects(void **state)
{
	(void)state;
	static const struct {
		const char *subject, *want;
	} rows[] = {
		{"Fwd: Call", "Call"},
		{"FW: RE: Call", "Call"},
		{"WG: AW: Call", "Call"},
		{"VS: Call", "Call"},
		{"TR: Call", "Call"},
		{"[ncp-health] Fwd: [list] Call 2027", "Call 2027"},
		{"Re[2]: Call", "Call"},
		{"fwd : Call", "Call"},
		{"Call: Re-use of data", "Call: Re-use of data"},
		{"Research: call", "Research: call"},
		{"[EIC]", "[EIC]"},
		{"  Fwd:   Fwd:Call  ", "Call"},
		{"Réf: Call", "Call"},
		{"Fwd:", "first line"},
		{"", "first line"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct item it = from(a, rows[i].subject, "first line\nsecond", "");
		if (!str_eq(it.title, str_of(rows[i].want)))
			fail_msg("'%s': got '%.*s'", rows[i].subject, STRF(it.title));
	}
	arena_free(a);
}

static void test_forwarded(void **state)
{
	(void)state;
	static const struct {
		const char *text, *funder, *content;
	} rows[] = {
		{"FYI\n\n---------- Forwarded message ---------\nFrom: Nord Fund <calls@fund.example>\nDate: "
		 "Mon, 16 Nov 2026 at 10:00\n"
		 "Subject: Seed call\nTo: <mari@cluster.example>\n\n\nWe invest.\n-- \nNord Fund, Main "
		 "Street",
			"Nord Fund", "We invest."},
		{"-----Original Message-----\nFrom: \"Nord, Fund\" [mailto:x@fund.example]\nSent: "
		 "Monday\nTo: Mari\nSubject: Call\n\nWe invest.",
			"Nord, Fund", "We invest."},
		{"Begin forwarded message:\n\n> From: Nord Fund <x@fund.example>\n> Subject: Call\n> Date: "
		 "16 November 2026\n> To: Mari\n> \n"
		 "> We invest.\n> > quoted",
			"Nord Fund", "We invest.\nquoted"},
		{"Von: Nordfonds <x@nordfonds.example>\nGesendet: Montag\nAn: Mari\nBetreff: Aufruf\n\nWir "
		 "investieren.",
			"Nordfonds", "Wir investieren."},
		{"*De :* Fonds Nord <x@fonds.example>\n*Envoyé :* lundi\n*À :* Mari\n*Objet :* Appel\n\nNous "
		 "investissons.",
			"Fonds Nord", "Nous investissons."},
		{"Saatja: Põhjafond <x@pohjafond.example>\nSaadetud: esmaspäev\nSaaja: Mari\nTeema: "
		 "Konkurss\n\nInvesteerime.",
			"Põhjafond", "Investeerime."},
		/* the innermost of two */
		{"From: One <1@a.example>\nTo: Mari\nSubject: a\n\nsee below\n\nFrom: Two <2@a.example>\nTo: "
		 "One\nSubject: b\n\nInner.",
			"a.example", "Inner."},
		{"From: x@fund.example\nDate: today\nSubject: Call\n\nbody", "fund.example", "body"},
		/* none */
		{"Dear all,\nfrom: here on we invest.\n-- \nMari", "cluster.example",
			"Dear all,\nfrom: here on we invest."},
		{"From: nobody\n\nno headers", "cluster.example", "From: nobody\n\nno headers"},
		{"", "cluster.example", ""},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct item it = from(a, "Fwd: Call", rows[i].text, "");
		if (!str_eq(it.funder, str_of(rows[i].funder)) ||
			!str_eq(it.content, str_of(rows[i].content)))
			fail_msg("row %zu: got '%.*s' '%.*s'", i, STRF(it.funder), STRF(it.content));
	}
	struct item it = from(a, "Fwd: ", rows[0].text, "");
	assert_str(it.title, "Seed call");
	assert_str(it.provenance, "forwarded by Mari Maasikas <mari@cluster.example> on 2026-11-23");
	it = from(a, "Call", "We invest.", "");
	assert_str(it.provenance, "sent by Mari Maasikas <mari@cluster.example> on 2026-11-23");
	assert_str(it.published, "2026-11-23T07:00:00Z");
	/* HTML alone */
	it = from(a, "Fwd: x", " ",
		"<div>FYI</div><blockquote><b>From:</b> Nord Fund &lt;x@fund.example&gt;<br><b>Sent:</b> "
		"Monday<br>"
		"<b>Subject:</b> Call<br><br><p>We <a "
		"href=\"https://fund.example/call\">invest</a>.</p></blockquote>");
	assert_str(it.funder, "Nord Fund");
	assert_str(it.content, "We invest.");
	assert_str(it.link, "https://fund.example/call");
	arena_free(a);
}

static void test_links(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"See https://fund.example/call.", "https://fund.example/call"},
		{"(http://fund.example/a_(b))", "http://fund.example/a_(b"},
		{"https://fund.example/unsubscribe?x=1 https://www.facebook.com/fund "
		 "https://www.linkedin.com/in/x https://fund.example/privacy "
		 "<https://fund.example/apply>",
			"https://fund.example/apply"},
		{"https://fund.example/logo.png", ""},
		{"http:// nothing", ""},
		{"mailto:x@fund.example", ""},
		{"", ""},
		{"link<https://fund.example/x>", "https://fund.example/x"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(from(a, "s", rows[i].text, "").link, rows[i].want);
	assert_str(from(a, "s", "text without", "<a href='https://fund.example/h'>x</a>").link,
		"https://fund.example/h");
	arena_free(a);
}

static void test_deadlines(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"Deadline: 15 December 2026, 17:00 CET", "2026-12-15 17:00 Europe/Brussels"},
		{"The call closes on Friday 18 December 2026 at 4pm UK time.",
			"2026-12-18 16:00 Europe/London"},
		{"Applications close on 5 January 2027.", "2027-01-05  Europe/Tallinn"},
		{"Please apply by 5 January 2027.", "2027-01-05  Europe/Tallinn"},
		{"Published 1 November 2026. Applications must be submitted by 31.01.2027.",
			"2027-01-31  Europe/Tallinn"},
		{"Einreichfrist: 31. Januar 2027, 12:00 Uhr", "2027-01-31 12:00 Europe/Tallinn"},
		{"Frist ist der 31.01.2027", "2027-01-31  Europe/Tallinn"},
		{"Bewerbungen bis zum 31. März 2027", "2027-03-31  Europe/Tallinn"},
		{"Date limite : 31 janvier 2027", "2027-01-31  Europe/Tallinn"},
		{"Candidatures avant le 1er mars 2027", "2027-03-01  Europe/Tallinn"},
		{"Tähtaeg on 15. jaanuar 2027 kell 16.00", "2027-01-15 16:00 Europe/Tallinn"},
		{"Taotlusi saab esitada kuni 15.01.2027", "2027-01-15  Europe/Tallinn"},
		{"Deadline: 01.12.2026 - 31.01.2027", "2027-01-31  Europe/Tallinn"},
		{"The deadline passed.\n\nFounded on 1 May 2020.", ""},
		{"Meet us on 1 May 2027", ""},
		{"Deadline: rolling", ""},
		{"Deadline: 15 December", ""},
		{"", ""},
	};
	struct arena *a = arena_new(ARENA_TEST);
	struct item_rules r = {.zone = STR("Europe/Tallinn"), .closes_at = -1};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct item it = from(a, "s", rows[i].text, "");
		item_settle(a, &r, &it);
		const char *got = "";
		if (it.deadlines.n == 1)
			got = arena_printf(a, "%.*s %.*s %.*s", STRF(it.deadlines.v[0].date),
				STRF(it.deadlines.v[0].time), STRF(it.deadlines.v[0].zone));
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("'%s': got '%s', want '%s'", rows[i].text, got, rows[i].want);
	}
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_subjects), cmocka_unit_test(test_forwarded), cmocka_unit_test(test_links),
	cmocka_unit_test(test_deadlines))
