/* SPDX-License-Identifier: MIT
 *
 * HTML and XML by XPath, fields out of feeds by regular expressions, next pages,
 * and faults with line and column.
 */
#include "recipe_text.h"

#define HTML "format: html\nitems: //li\n"

static void test_fields(void **state)
{
	(void)state;
	static const char page[] =
		"<html lang='et'><head><title>List</title><base href='http://b.example/x/'></head><body><ul>"
		"<li><h2><a href='one?a=1&amp;b=2'>One &amp; <b>only</b></a></h2><p class=s>A<br>B &lt;3</p>"
		"<dl><dt>Closes:<dd>1 May 2027<dt>Code<dd>Nr. C-7 (x)</dl><i>a</i><i>b</i><time "
		"datetime='2026-01-02'>x</time></li>"
		"<li><h2>Two</h2><p>T</p></li><li> </li></ul><a rel=next href='?p=2'>n</a>";
	static const char lines[] =
		HTML "title: .//h2/a || .//h2\nlink: .//a/@href\nsummary: .//p\n"
		     "deadline: .//dt[starts-with(., \"Closes\")]/following-sibling::dd[1]\n"
		     "call: .//dd[2] ~ /Nr[.] ([A-Z]-[0-9]+)/ || normalize-space(.//p)\n"
		     "category: .//i\npublished: .//time/@datetime ~ /^[0-9-]+$/\nnext: "
		     "//a[@rel=\"next\"]/@href\n";
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	assert_int_equal(page_of(a, lines, page, &p, &e), ERR_OK);
	assert_int_equal(p.items.n, 2);
	assert_int_equal(p.bad, 1);
	const struct item *one = &p.items.v[0], *two = &p.items.v[1];
	assert_str(one->title, "One &amp; <b>only</b>");
	assert_str(one->link, "http://b.example/x/one?a=1&b=2");
	assert_str(one->summary, "A<br>B &lt;3");
	assert_str(one->deadlines.v[0].date, "1 May 2027");
	assert_str(one->call, "C-7");
	assert_int_equal(one->categories.n, 2);
	assert_str(one->published, "2026-01-02");
	assert_str(two->title, "Two");
	assert_str(two->call, "T");
	assert_int_equal(two->deadlines.n, 0);
	assert_str(p.next, "http://b.example/x/?p=2");
	assert_str(p.title, "List");
	assert_str(p.language, "et");
	arena_free(a);
}

static void test_expectations(void **state)
{
	(void)state;
	static const struct {
		const char *lines, *page;
		enum err want;
	} rows[] = {
		{HTML "title: .\nexpect: //h1\n", "<h1>x</h1>", ERR_OK},
		{HTML "title: .\nexpect: //h1\n", "<p>Maintenance", ERR_INPUT},
		{HTML "title: .\nexpect: count(//li) > 1\n", "<ul><li>a<li>b</ul>", ERR_OK},
		{HTML "title: .\nexpect: count(//li) > 1\n", "<ul><li>a</ul>", ERR_INPUT},
		{HTML "title: .\nexpect: //h1 || //li\n", "<ul><li>a</ul>", ERR_OK},
		{HTML "title: .\n", "", ERR_INPUT},
		{"format: xml\nitems: //c\ntitle: .\n", "<l><c>a</c></l>", ERR_OK},
		{"format: xml\nitems: //c\ntitle: .\n", "<!DOCTYPE l [<!ENTITY a 'b'>]><l><c>&a;</c></l>",
			ERR_INPUT},
		{"format: xml\nitems: //c\ntitle: .\n", "nothing", ERR_INPUT},
		{"format: xml\nitems: //q:c\ntitle: .\n", "<l><c>a</c></l>",
			ERR_LIMIT}, /* a prefix the page has not */
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct page p;
		struct error e = {0};
		enum err got = page_of(a, rows[i].lines, rows[i].page, &p, &e);
		if (got != rows[i].want)
			fail_msg("row %zu: %s '%s'", i, err_name(got), e.text);
		arena_free(a);
	}
}

static void test_namespaces(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	assert_int_equal(page_of(a, "format: xml\nitems: //x:call\ntitle: d:t\nid: @id\nlink: @href\n",
				 "<l xmlns='http://n.example/' xmlns:d='http://d.example/'>"
				 "<call id='7' href='../c/7'><d:t>T &amp; &eacute;</d:t></call></l>",
				 &p, &e),
		ERR_OK);
	assert_str(p.items.v[0].title, "T &amp; é");
	assert_str(p.items.v[0].id, "7");
	assert_str(p.items.v[0].link, "http://s.example/c/7");
	arena_free(a);
}

/* "br" and "hr" are elements like any other where they are closed. */
static void test_closed_all_the_same(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	assert_int_equal(page_of(a, "format: xml\nitems: //call\ntitle: BR\nid: hr\n",
				 "<l><call><BR>Brazil</BR><hr>7</hr ></call></l>", &p, &e),
		ERR_OK);
	assert_str(p.items.v[0].title, "Brazil");
	assert_str(p.items.v[0].id, "7");
	arena_free(a);
}

static void test_feed_fields(void **state)
{
	(void)state;
	static const char feed[] = "<rss><channel><item><title>Kutse | 01.10.2026 - "
				   "31.12.2026</title><link>rel/1</link><description>&lt;p&gt;Budget: EUR "
				   "5&lt;/p&gt;</description>"
				   "</item><item><title>No date</title></item></channel></rss>";
	static const char lines[] =
		"format: feed\ndeadline: title ~ /[|] (.*)$/\nbudget: summary ~ /^Budget: (.*)$/\n"
		"title: title ~ /^(.*) [|] [0-9]/ || title\n";
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	assert_int_equal(page_of(a, lines, feed, &p, &e), ERR_OK);
	assert_str(p.items.v[0].budget, "EUR 5");
	assert_str(p.items.v[0].deadlines.v[0].date, "01.10.2026 - 31.12.2026");
	assert_str(p.items.v[0].title, "Kutse");
	assert_str(p.items.v[0].link, "http://s.example/list/rel/1");
	assert_str(p.items.v[1].title, "No date");
	assert_int_equal(p.items.v[1].deadlines.n, 0);
	arena_free(a);
}

static void test_faults(void **state)
{
	(void)state;
	static const struct {
		const char *lines;
		int line, col; /* RECIPE_HEAD has three lines */
		const char *text;
	} rows[] = {
		{HTML "title: .//h2[\n", 6, 13, "this is no XPath"},
		{HTML "title: .//h2 || .//a[@x=]\n", 6, 25, "this is no XPath"},
		{HTML "title: .//h2 ||\n", 6, 15, "this is no XPath"},
		{HTML "title: . ~ /(/\n", 6, 13, "this is no regular expression"},
		{HTML "title: . ~ /abc\n", 6, 10, "the regular expression has no '/' at its end"},
		{"format: feed\ndeadline: titel ~ /x/\n", 5, 11, "an item has no field 'titel'"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct diags d = {.a = a};
		const struct recipe *r = recipe_of(a, rows[i].lines, &d);
		assert_non_null(r);
		assert_int_equal(extract_check(r, &d), 1);
		const struct diag *got = &d.list.v[d.list.n - 1];
		if (got->at.line != rows[i].line || got->at.col != rows[i].col ||
			str_find(got->message, str_of(rows[i].text)) != 0)
			fail_msg("row %zu: %d:%d '%.*s'", i, got->at.line, got->at.col, STRF(got->message));
		arena_free(a);
	}
}

/* A page made to cost time ends at a limit. */
static void test_hostile_page(void **state)
{
	(void)state;
	struct buf b = buf_init((size_t)4 << 20);
	for (int i = 0; i < 50000; i++)
		buf_addz(&b, "<b>");
	for (int i = 0; i < 20000; i++)
		buf_addz(&b, "<i>x</i>");
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	enum err err =
		page_of(a, "format: html\nitems: //b//i[count(preceding::i) > 5]\ntitle: .\n", b.p, &p, &e);
	assert_true(err == ERR_LIMIT || (err == ERR_OK && p.items.n == 0));
	buf_free(&b);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_fields), cmocka_unit_test(test_expectations),
	cmocka_unit_test(test_namespaces), cmocka_unit_test(test_closed_all_the_same),
	cmocka_unit_test(test_feed_fields), cmocka_unit_test(test_faults),
	cmocka_unit_test(test_hostile_page))
