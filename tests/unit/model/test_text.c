/* SPDX-License-Identifier: MIT
 *
 * HTML to text, links resolved and compared.
 */
#include "harness.h"

#include <time.h>

#include "model/internal.h"

static void test_html(void **state)
{
	(void)state;
	static const struct {
		const char *html, *text;
	} rows[] = {
		{"", ""},
		{"  plain  text ", "plain text"},
		{"<p>one</p><p>two</p>", "one\ntwo"},
		{"a<br>b<br/>c", "a\nb\nc"},
		{"<ul><li>x<li>y</ul>z", "x\ny\nz"},
		{"<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>", "a b\nc"},
		{"Expected Outcome:<div>Project results</div>", "Expected Outcome:\nProject results"},
		{"in<b>line</b> <i>tags</i>", "inline tags"},
		/* tags that fool naive strippers */
		{"<p title=\"a > b\">text</p>", "text"},
		{"<a href='x>y' data-z=\">\">t</a>", "t"},
		{"<p title=it's>text</p>", "text"},
		{"<img alt=\"never closed>text", "text"},
		{"<a href=x>a</a", "a"},
		{"a < b and c > d", "a < b and c > d"},
		{"x<5 & y>3", "x<5 & y>3"},
		{"1 <2", "1 <2"},
		{"<", "<"},
		{"<>", "<>"},
		{"</>", "</>"},
		{"write to <john@site.example> now", "write to <john@site.example> now"},
		{"see <https://site.example/x>", "see <https://site.example/x>"},
		{"text <a href=\"htt", "text"},
		{"<P CLASS=x>Upper</P>", "Upper"},
		{"<o:p>word</o:p>", "word"},
		{"<custom-tag>kept</custom-tag>", "kept"},
		/* what goes with its content */
		{"a<script>if (a < b) x('</p>')</script>b", "ab"},
		{"<style>p > a {}</style>text", "text"},
		{"a<SCRIPT src=x></SCRIPT >b", "ab"},
		{"a<script>never closed", "a"},
		{"<script/>text", "text"},
		{"a<!-- <p>comment</p> -->b", "ab"},
		{"a<!-->b", "ab"},
		{"a<!-- b -- c --!>d<!--->e<!---->f", "adef"},
		{"a<!-- never closed", "a"},
		{"<!DOCTYPE html><html><head><title>T</title></head><body>B</body>", "B"},
		{"<?xml version=\"1.0\"?>x", "x"},
		{"<![CDATA[<p>x</p>]]>", "x"},
		{"a]]>b", "ab"},
		/* references */
		{"R&amp;D", "R&D"},
		{"R&D", "R&D"},
		{"AT&T;", "AT&T;"},
		{"&eacute;t&eacute", "été"},
		{"&copy 2026", "© 2026"},
		{"&notit;", "¬it;"},
		{"&unknown; x", "&unknown; x"},
		{"&#8211;&#x2013;&#8211", "–––"},
		{"&#146;&#x80;", "’€"},
		{"&#0;&#xD800;&#x110000;", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"&#99999999999999999999;", "\xEF\xBF\xBD"},
		{"&#;&#x;&", "&#;&#x;&"},
		{"a&nbsp;&nbsp;b", "a b"},
		{"<p>&nbsp;</p>", ""},
		{"&NotEqualTilde;", "≂̸"},
		/* escaped once more */
		{"&lt;p&gt;one&lt;/p&gt;&lt;p&gt;two&lt;/p&gt;", "one\ntwo"},
		{"&amp;#8211; &amp;eacute;", "– é"},
		{"&amp;lt;p&amp;gt;x", "<p>x"},
		{"&lt;span&gt;a\nb&lt;/span&gt;", "a b"},
		{"5 &lt; 6", "5 < 6"},
		/* bytes */
		{"a\x01\x02z\x7f"
		 "b\xC2\x85"
		 "c",
			"a z b c"},
		{"zero\xE2\x80\x8Bwidth\xC2\xAD", "zerowidth"},
		{"bad\xFF"
		 "byte",
			"bad\xEF\xBF\xBD"
			"byte"},
		{"cut\xE2\x82", "cut\xEF\xBF\xBD\xEF\xBF\xBD"},
		{"a\xE2\x80\x83"
		 "b\xE3\x80\x80"
		 "c",
			"a b c"},
		{"\xEF\xBB\xBF"
		 "bom",
			"bom"},
		/* lines */
		{"line one\r\nline two\n\n\nline three", "line one\nline two\nline three"},
		{"<p>a\nb</p>", "a b"},
		{"\n\n x \n\n", "x"},
		{"<br><br>x<br><br>y<br>", "x\ny"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str got = html_text(a, str_of(rows[i].html));
		if (!str_eq(got, str_of(rows[i].text)))
			fail_msg("'%s': got '%.*s', want '%s'", rows[i].html, STRF(got), rows[i].text);
	}
	assert_str(html_text(a, (struct str){"a\0b", 3}), "a b");
	assert_str(plain_line(a, STR("<h2>One</h2>\n <p>two&nbsp; three</p>")), "One two three");
	arena_free(a);
}

/* Input made to be read again and again: every row must be a matter of moments. */
static void test_html_linear(void **state)
{
	(void)state;
	static const char *const rows[] = {"<a href=\"", "<x ", "<x='", "<!--", "<script>", "&amp;", "</",
		"<![CDATA[", "&", "<!", "&#", "<p title=\"'", "</script", "&lt;p&gt;"};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = strlen(rows[i]), times = ITEM_TEXT_MAX / n;
		char *p = arena_alloc(a, times * n + 1);
		for (size_t k = 0; k < times; k++)
			memcpy(p + k * n, rows[i], n);
		clock_t start = clock();
		(void)html_text(a, (struct str){p, times * n});
		long long ms = (long long)(clock() - start) * 1000 / CLOCKS_PER_SEC;
		if (ms > 1000)
			fail_msg("'%s' repeated took %lld ms", rows[i], ms);
	}
	arena_free(a);
}

static void test_absolute(void **state)
{
	(void)state;
	static const struct {
		const char *base, *ref, *want;
	} rows[] = {
		{"", "https://a.example/x", "https://a.example/x"},
		{"", "HTTPS://A.example", "https://A.example/"},
		{"https://a.example/b/c?q", "d", "https://a.example/b/d"},
		{"https://a.example/b/c", "/d", "https://a.example/d"},
		{"https://a.example/b/c", "../d", "https://a.example/d"},
		{"https://a.example/b/", "./d/./e", "https://a.example/b/d/e"},
		{"https://a.example/b", "../../../d", "https://a.example/d"},
		{"https://a.example/b/c?q=1", "?p=2", "https://a.example/b/c?p=2"},
		{"https://a.example/b/c?q=1", "#f", "https://a.example/b/c?q=1#f"},
		{"https://a.example", "d", "https://a.example/d"},
		{"https://a.example/b", "//c.example/d", "https://c.example/d"},
		{"http://a.example/b", "//c.example", "http://c.example/"},
		{"https://a.example/b/", "..", "https://a.example/"},
		{"https://a.example/b/c/", ".", "https://a.example/b/c/"},
		/* repaired */
		{"", "https: //a.example/x", "https://a.example/x"},
		{"", "https:////a.example/x", "https://a.example/x"},
		{"", "http:/a.example/x", "http://a.example/x"},
		{"", " https://a.example/x y ", "https://a.example/x%20y"},
		{"", "https://a.example/\n  x", "https://a.example/x"},
		{"", "www.a.example/x", "https://www.a.example/x"},
		{"", "https://a.example/ä", "https://a.example/%C3%A4"},
		{"", "https://a.example/a%20b", "https://a.example/a%20b"},
		{"", "https://a.example/x;callCode=Y?a=1&b=2", "https://a.example/x;callCode=Y?a=1&b=2"},
		/* refused */
		{"", "d", ""},
		{"", "/d", ""},
		{"https://a.example/", "", ""},
		{"https://a.example/", "javascript:alert(1)", ""},
		{"https://a.example/", "mailto:x@a.example", ""},
		{"ftp://a.example/", "x", ""},
		{"", "ftp://a.example/x", ""},
		{"", "https://", ""},
		{"", "https://a b/", ""},
		{"", "https://\"<x>/", ""},
		{"https://a.example/", "data:text/html,x", ""},
		{"https://a.example/", "java\nscript:x", ""},
		{"", "//c.example/d", ""},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str got = url_absolute(a, str_of(rows[i].base), str_of(rows[i].ref));
		if (!str_eq(got, str_of(rows[i].want)))
			fail_msg("'%s' at '%s': got '%.*s', want '%s'", rows[i].ref, rows[i].base, STRF(got),
				rows[i].want);
	}
	char *longest = arena_alloc(a, ITEM_URL_MAX + 100);
	memset(longest, 'x', ITEM_URL_MAX + 99);
	memcpy(longest, "https://a.example/", 18);
	assert_int_equal(url_absolute(a, STR(""), str_of(longest)).n, 0);
	arena_free(a);
}

static void test_canonical(void **state)
{
	(void)state;
	static const struct {
		const char *url, *want;
	} rows[] = {
		{"http://WWW.A.example:80/x/", "https://a.example/x"},
		{"https://a.example", "https://a.example"},
		{"https://a.example:443/?utm_source=x&id=3&UTM_medium=y#top", "https://a.example?id=3"},
		{"https://a.example:8443/X", "https://a.example:8443/X"},
		{"https://a.example/x;jsessionid=1F?a=b", "https://a.example/x?a=b"},
		{"https://a.example/x?PHPSESSID=1&fbclid=2", "https://a.example/x"},
		{"https://u:p@a.example/x", "https://a.example/x"},
		{"https://a.example/?p=123", "https://a.example?p=123"},
		{"https://a.example./x//", "https://a.example/x"},
		{"ftp://a.example/", ""},
		{"", ""},
		{"x", ""},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str got = url_canonical(a, str_of(rows[i].url));
		if (!str_eq(got, str_of(rows[i].want)))
			fail_msg("'%s': got '%.*s', want '%s'", rows[i].url, STRF(got), rows[i].want);
	}
	arena_free(a);
}

/* Doubled UTF-8 becomes single, and what only looks like it stays. */
static void test_repair(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", ""},
		{"plain text", "plain text"},
		{"the memberâ€™s call", "the member’s call"},
		{"â€œquotedâ€\xC2\x9D", "“quoted”"},
		{"â€“ fÃ¼r Ã\xC2\xA0 â‚¬ 5", "– für à € 5"},
		{"tÃ¤htaeg mÃ¤rtsis", "tähtaeg märtsis"},
		{"Åukasz", "Åukasz"},
		{"größer, déjà vu, “so”, 5 €, Ă", "größer, déjà vu, “so”, 5 €, Ă"},
		{"Ã", "Ã"},
		{"â€", "â€"},
		{"ðŸ’Š", "💊"},
		{"\xE2\x82", "\xE2\x82"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_str(repair_utf8(a, str_of(rows[i].text)), rows[i].want);
	struct item_rules rules = {.source = STR("s"), .closes_at = -1};
	struct item it = {.title = STR("Ã©t")};
	item_settle(a, &rules, &it);
	assert_str(it.title, "Ã©t");
	rules.repair = REPAIR_UTF8;
	item_settle(a, &rules, &it);
	assert_str(it.title, "ét");
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_repair), cmocka_unit_test(test_html), cmocka_unit_test(test_html_linear), cmocka_unit_test(test_absolute),
	cmocka_unit_test(test_canonical))
