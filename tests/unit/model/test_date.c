/* SPDX-License-Identifier: MIT
 *
 * Dates as sources write them: what must be read, with date, minute, zone and
 * instant, and what must be refused.
 */
#include "harness.h"

#include "model/internal.h"

static const char *show(struct arena *a, const struct when *w)
{
	const char *day = arena_printf(
		a, "%04d-%02d-%02d%s", w->date.year, w->date.month, w->date.day, w->has_day ? "" : "?");
	if (w->minute < 0)
		return arena_printf(a, "%s%s%.*s", day, w->zone.n > 0 ? " " : "", STRF(w->zone));
	return arena_printf(a, "%s %02d:%02d%s%.*s%s", day, w->minute / 60, w->minute % 60,
		w->zone.n > 0 ? " " : "", STRF(w->zone), w->has_offset && w->zone.n == 0 ? " offset" : "");
}

static void test_shapes(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		/* RFC 822 and what became of it */
		{"Tue, 01 Sep 2026 10:00:00 +0200", "2026-09-01 10:00 offset"},
		{"Sat, 21 Dec 19 11:00:28 +0100", "2019-12-21 11:00 offset"},
		{"Thu,  5 Apr 2012", "2012-04-05"},
		{"Fri,24 Nov 2006 18:28:36 -0000", "2006-11-24 18:28 offset"},
		{"Thu, 30 Apr 2015 08:57:00 MEST", "2015-04-30 08:57 Europe/Brussels"},
		{"Wed, 19 Feb 2012 22:40:00 GMT-01:01", "2012-02-19 22:40 offset"},
		{"Seg, 24 Set 2018 19:29:18 -0300", "2018-09-24 19:29 offset"},
		{"Pn, 24 wrz 2018 19:29:18 +0200", "2018-09-24 19:29 offset"},
		{"Lör, 06 okt 2018 10:00 +0200", "2018-10-06 10:00 offset"},
		{"Sun, 17 Dec 2017 1:55 PM EST", "2017-12-17 13:55 America/New_York"},
		{"Sun Jan  4 16:29:06 2004", "2004-01-04 16:29"},
		{"Sun Jul 15 01:16:00 +0000 2012", "2012-07-15 01:16 offset"},
		{"Thu Nov 12 2020 17:00:00 GMT+0000 (Coordinated Universal Time)", "2020-11-12 17:00 offset"},
		{"mar., 01 déc. 2020 16:11:02 +0000", "2020-12-01 16:11 offset"},
		{"Thu, 25 Feb 2016 00:00:00 Europe/Brussels", "2016-02-25 00:00 Europe/Brussels"},
		{"Mon, 16th Nov 2020 13:16:28 GMT", "2020-11-16 13:16 UTC"},
		/* ISO 8601 and its relatives */
		{"2027-04-08T00:00:00.000+0000", "2027-04-08 00:00 offset"},
		{"2026-12-15T16:00:00", "2026-12-15 16:00"},
		{"2026-04-04T08:00Z", "2026-04-04 08:00 UTC"},
		{"2026-09-23+02:00", "2026-09-23"},
		{"2023-10-30Z", "2023-10-30 UTC"},
		{"2024-09-27+02:00 Europe/Brussels", "2024-09-27 Europe/Brussels"},
		{"2025-07-25 11:08:05", "2025-07-25 11:08"},
		{"2026-09-01 00:00:00", "2026-09-01 00:00"},
		{"2020-11-08T16:20:00-05:00Z", "2020-11-08 16:20 offset"},
		{"2026/12/15", "2026-12-15"},
		{"2003-335", "2003-12-01"},
		{"2003-12", "2003-12-01?"},
		{"2003", "2003-01-01?"},
		{"2004-július-13T9:15-05:00", "2004-07-13 09:15 offset"},
		{"2004-05-25 오후 11:23:17", "2004-05-25 23:23 Asia/Seoul"},
		{"2004년 05월 28일 01:31:15", "2004-05-28 01:31 Asia/Seoul"},
		{"2026-12-31T24:00:00", "2026-12-31 23:59"},
		{"2016-12-31T23:59:60Z", "2016-12-31 23:59 UTC"},
		/* compact and epoch */
		{"20200331", "2020-03-31"},
		{"20200506 12:00", "2020-05-06 12:00"},
		{"20260930T120000Z", "2026-09-30 12:00 UTC"},
		{"1789516800000", "2026-09-16 00:00 UTC"},
		{"1520932969", "2018-03-13 09:22 UTC"},
		/* dotted */
		{"31.12.2026", "2026-12-31"},
		{"1. 9. 2026", "2026-09-01"},
		{"30.10.23", "2023-10-30"},
		{"31.12.2026 16.15", "2026-12-31 16:15"},
		{"31.12.2026 kell 17.00", "2026-12-31 17:00"},
		{"15.1.2027 klo 16.15", "2027-01-15 16:15"},
		{"31.12.2026, 12:00 Uhr", "2026-12-31 12:00"},
		/* English */
		{"06 December 2022", "2022-12-06"},
		{"June 7th 2023", "2023-06-07"},
		{"05 April 2023", "2023-04-05"},
		{"15 December 2026 4pm UK time", "2026-12-15 16:00 Europe/London"},
		{"16 December 2026 11:00am", "2026-12-16 11:00"},
		{"Wednesday 16 December 2026 11:00am", "2026-12-16 11:00"},
		{"Friday, December 22, 2017 - 3:09pm", "2017-12-22 15:09"},
		{"Nov. 16, 2020, 10:57 a.m.", "2020-11-16 10:57"},
		{"Thu, June 22, 2023 at 01:11 PM EDT", "2023-06-22 13:11 America/New_York"},
		{"Nov. 2020", "2020-11-01?"},
		{"6th of June 2027, 17:00 (Brussels time)", "2027-06-06 17:00 Europe/Brussels"},
		{"15 December 2026 12 noon", "2026-12-15 12:00"},
		{"15 December 2026 midnight", "2026-12-15 23:59"},
		{"31-Dec-2026", "2026-12-31"},
		{"15 December 2026, 17:00 CET.", "2026-12-15 17:00 Europe/Brussels"},
		{"15 December 2026 12:30 am", "2026-12-15 00:30"},
		{"1 March 2027 15 pm CET", "2027-03-01 15:00 Europe/Brussels"},
		/* national months */
		{"31 décembre 2026", "2026-12-31"},
		{"le 1er février 2027 à 17h00", "2027-02-01 17:00"},
		{"22. November 2026", "2026-11-22"},
		{"Lundi, 16. Novembre 2020 - 15:54", "2020-11-16 15:54"},
		{"15. märz 2027", "2027-03-15"},
		{"15. detsembril 2026", "2026-12-15"},
		{"1. jaanuar 2027", "2027-01-01"},
		{"15. joulukuuta 2026", "2026-12-15"},
		{"3 maj 2027", "2027-05-03"},
		{"15 de diciembre de 2026", "2026-12-15"},
		{"7 maggio 2027", "2027-05-07"},
		{"1 maart 2027", "2027-03-01"},
		{"15 października 2026", "2026-10-15"},
		{"30 listopada 2026 r.", "2026-11-30"},
		{"30. listopada 2026.", "2026-10-30"},
		{"listopada 2026", NULL},
		{"listopad 2026", NULL},
		{"30. listopadu 2026", "2026-11-30"},
		{"15. prosinca 2026. godine", "2026-12-15"},
		{"7. rujna 2026", "2026-09-07"},
		{"7. října 2026", "2026-10-07"},
		{"1. srpnja 2026. u 12:00 sati", "2026-07-01 12:00"},
		{"1. srpna 2026 v 12:00", "2026-08-01 12:00"},
		{"15 декември 2026 г.", "2026-12-15"},
		{"28 май 2027", "2027-05-28"},
		{"15 decembrie 2026", "2026-12-15"},
		{"3 iunie 2027 ora 17:00", "2027-06-03 17:00"},
		{"15. avgusta 2027", "2027-08-15"},
		{"9. júla 2027", "2027-07-09"},
		{"15 ta' Diċembru 2026", "2026-12-15"},
		{"15 Diċembru 2026", "2026-12-15"},
		{"12 Ġunju 2027", "2027-06-12"},
		{"15 Nollaig 2026", "2026-12-15"},
		{"3 Deireadh Fómhair 2027", "2027-10-03"},
		{"3 Meán Fómhair 2027", "2027-09-03"},
		{"1 Bealtaine 2027", "2027-05-01"},
		{"2026. december 15.", "2026-12-15"},
		{"2027. március 1. 16:00 óra", "2027-03-01 16:00"},
		{"2026 m. gruodžio 15 d.", "2026-12-15"},
		{"2026. gada 15. decembris", "2026-12-15"},
		{"2027. gada 3. jūnijam", "2027-06-03"},
		{"31. elokuuta 2027", "2027-08-31"},
		{"5 Ιανουαρίου 2027", "2027-01-05"},
		{"Κυρ, 11 Ιούλ 2004 12:00:00 EST", "2004-07-11 12:00 America/New_York"},
		/* refused: impossible, ambiguous, unfinished, something else */
		{"", NULL},
		{"   ", NULL},
		{"2026-02-30", NULL},
		{"31.11.2026", NULL},
		{"Sun, 99 Jun 2009 12:00:00 GMT", NULL},
		{"2003-12-31T25:14:55Z", NULL},
		{"2003-12-31T10:61:55Z", NULL},
		{"2003-12-31T10:14:61Z", NULL},
		{"9999-12-31T23:59:59-99:99", NULL},
		{"2013-01-27-01", NULL},
		{"2013-01-28T11:30:00-06:00Textra", NULL},
		{"22013", NULL},
		{"013", NULL},
		{"2013-xx-27", NULL},
		{"Sun, 16 Dec 2012 1:2:3:4 GMT", NULL},
		{"Sun, 16 zzz 2012 11:47:32 GMT", NULL},
		{"Sun, 16 Dec 2012 11:47:32 +zz:00", NULL},
		{"08/01/2026", NULL},
		{"31/12/2026", NULL},
		{"08012026", NULL},
		{"31-12-26", NULL},
		{"15 December", NULL},
		{"rolling", NULL},
		{"permanent", NULL},
		{"laufend", NULL},
		{"1 {{month_08}} 2014", NULL},
		{"2021-2027", NULL},
		{"2026-W12", NULL},
		{"0000-00-00", NULL},
		{"1.2.3.4", NULL},
		{"31 December 2026 and so on", NULL},
		{"366", NULL},
		{"2003-366", NULL},
		{"17:00", NULL},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct when w = {0};
		bool read = date_parse(str_of(rows[i].text), NULL, &w);
		const char *got = read ? show(a, &w) : "(refused)",
			   *want = rows[i].want == NULL ? "(refused)" : rows[i].want;
		if (strcmp(got, want) != 0)
			fail_msg("'%s': got '%s', want '%s'", rows[i].text, got, want);
	}
	arena_free(a);
}

static void test_instants(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
		bool exact;
	} rows[] = {
		{"Thu, 30 Apr 2015 08:57:00 MET", "2015-04-30T07:57:00Z", true},
		{"Thu, 30 Apr 2015 08:57:00 MEST", "2015-04-30T06:57:00Z", true},
		{"Wed, 26 Dec 2018 10:00:54 PST", "2018-12-26T18:00:54Z", true},
		{"Mon, 26 July 2004 16:31:00 ET", "2004-07-26T20:31:00Z", true},
		{"Fri, 31 Mar 2023 20:19:00 America/Los_Angeles", "2023-04-01T03:19:00Z", true},
		{"15 June 2027 4pm UK time", "2027-06-15T15:00:00Z", true},
		{"2007-04-23T23:25:47.538+10:00", "2007-04-23T13:25:47Z", true},
		{"2004-07-08 23:56:58 -00:20", "2004-07-09T00:16:58Z", true},
		{"2016-02-01T07:44:09.318-08:00", "2016-02-01T15:44:09Z", true}, /* no time until eight */
		{"2012-11-07T04:09-05:00", "2012-11-07T09:09:00Z", true},
		{"2012-04-01T05:57:41-07:00", "2012-04-01T12:57:41Z", true},
		{"2004-07-08 23:56:58", "2004-07-08T23:56:58Z", false},
		{"2026-12-15", "2026-12-15T00:00:00Z", false},
		{"1789516800000", "2026-09-16T00:00:00Z", true},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct when w;
		assert_true(date_parse(str_of(rows[i].text), NULL, &w));
		assert_str(instant_iso(a, w.instant), rows[i].want);
		assert_int_equal(w.has_offset, rows[i].exact);
	}
	arena_free(a);
}

static void test_forms(void **state)
{
	(void)state;
	static const struct {
		const char *form, *text, *want;
	} rows[] = {
		{"%d/%m/%Y", "03/04/2026", "2026-04-03"},
		{"%m/%d/%Y", "03/04/2026", "2026-03-04"},
		{"%m%d%Y", "08012026", "2026-08-01"},
		{"%d/%m/%Y", "31/02/2026", NULL},
		{"%d/%m/%Y", "31/12/2026x", NULL},
		{"%d/%m/%Y", "31/12/20267", NULL},
		{"%d/%m/%y", "31/12/26", "2026-12-31"},
		{"%Y-%m-%dT%H:%M:%S.000+0000 as date", "2027-04-08T17:00:00.000+0000", "2027-04-08"},
		{"%A %d %B %Y %I:%M%p", "Wednesday 16 December 2026 11:00pm", "2026-12-16 23:00"},
		{"%d %b %Y %H:%M %Z", "1 janv. 2027 12:00 CET", "2027-01-01 12:00 Europe/Brussels"},
		{"%s", "1520932969", "2018-03-13 09:22 UTC"},
		{"%L", "1789516800000", "2026-09-16 00:00 UTC"},
		{"%L as date", "1789516800000", "2026-09-16"},
		{"%FT%T", "2026-12-15T16:00:05", "2026-12-15 16:00"},
		{"%H:%M", "17:00", NULL},
		{"%Q", "2026", "2026-01-01?"},
		{"", "2026-12-15", "2026-12-15"},
		{"%d.%m.%Y um %H Uhr", "15.12.2026 um 12 Uhr", "2026-12-15 12:00"},
		{"%d/%m/%Y", "15.12.2026", "2026-12-15"},
		{"%d/%m/%Y %H:%M", "15/12/2026 24:01", NULL},
		{"%", "2026-12-15", "2026-12-15"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str form = str_of(rows[i].form);
		struct strv forms = {&form, 1, 1};
		struct when w = {0};
		bool read = date_parse(str_of(rows[i].text), &forms, &w);
		const char *got = read ? show(a, &w) : "(refused)",
			   *want = rows[i].want == NULL ? "(refused)" : rows[i].want;
		if (strcmp(got, want) != 0)
			fail_msg("'%s' by '%s': got '%s', want '%s'", rows[i].text, rows[i].form, got, want);
	}
	arena_free(a);
}

/* Several dates in one text, ranges, beginnings. */
static void test_deadline_texts(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"21 February 2027 | 22 August 2027", "2027-02-21;2027-08-22;"},
		{"01.10.2026 - 31.12.2026", "2026-12-31;"},
		{"01.10.2026-31.12.2026", "2026-12-31;"},
		{"1. 9. 2026 - 30. 11. 2026", "2026-11-30;"},
		{"01/01/2026 au 31/12/2026", "2026-12-31;"},
		{"du 1 mars 2027 au 31 mai 2027", "2027-05-31;"},
		{"1 - 31 December 2026", "2026-12-31;"},
		{"2026-10-01/2026-12-31", "2026-12-31;"},
		{"01.10.2026 bis zum 31.12.2026", "2026-12-31;"},
		{"Opens: Monday 2 November 2026 Closes: Wednesday 16 December 2026 11:00am",
			"2026-12-16 11:00;"},
		{"Titel | 01.10.2026 – 31.12.2026", "2026-12-31;"},
		{"Frist: 22. November 2026", "2026-11-22;"},
		{"rolling", ""},
		{"au fil de l'eau", ""},
		{"", ""},
		{"December 2026", ""},
		{"in 2027", ""},
		{"15 January 2027, 15 April 2027 and 15 September 2027", "2027-01-15;2027-04-15;2027-09-15;"},
		{"15.12.2026 17:00 CET (stage 1)", "2026-12-15 17:00 Europe/Brussels;"},
		{"call 2026-02-30", ""},
		{"od 1. listopada do 15. prosinca 2026.", "2026-12-15;"},
		{"nuo 2026 m. spalio 1 d. iki 2026 m. gruodžio 15 d.", "2026-12-15;"},
		{"De la 1 iunie 2027 până la 31 august 2027", "2027-08-31;"},
		{"от 1 март 2027 до 31 май 2027 г.", "2027-05-31;"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	struct str form = STR("%d/%m/%Y");
	struct strv forms = {&form, 1, 1};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct whens list = {0};
		const char *got = "";
		deadline_dates(a, str_of(rows[i].text), &forms, &list);
		for (size_t k = 0; k < list.list.n; k++)
			got = arena_printf(a, "%s%s;", got, show(a, &list.list.v[k]));
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("'%s': got '%s', want '%s'", rows[i].text, got, rows[i].want);
	}
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_shapes), cmocka_unit_test(test_instants), cmocka_unit_test(test_forms),
	cmocka_unit_test(test_deadline_texts))
