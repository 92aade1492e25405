/* SPDX-License-Identifier: MIT
 *
 * Feeds: every element of every format, what is wrong with them in the wild, and
 * what must be refused. Items are compared in one line of "member=value".
 */
#include "harness.h"

#include "extract/parts.h"

#define LINE_MAX_BYTES ((size_t)1 << 20) /* of an item in one line */

#define RSS(inside) "<rss version='2.0'><channel><title>F</title><item>" inside "</item></channel></rss>"
#define ATOM(inside)                                                                                         \
	"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><entry>" inside "</entry></feed>"

static void add(struct buf *b, const char *key, struct str value)
{
	if (value.n > 0)
		buf_printf(b, "%s%s=%.*s", b->n > 0 ? " " : "", key, STRF(value));
}

static struct str describe(struct arena *a, const struct item *it)
{
	struct buf b = buf_init(LINE_MAX_BYTES);
	add(&b, "id", it->id);
	add(&b, "title", it->title);
	add(&b, "link", it->link);
	add(&b, "published", it->published);
	add(&b, "updated", it->updated);
	add(&b, "summary", it->summary);
	add(&b, "content", it->content);
	add(&b, "author", it->author);
	add(&b, "categories", strv_join(a, &it->categories, ","));
	add(&b, "language", it->language);
	return buf_take(&b, a);
}

static void test_elements(void **state)
{
	(void)state;
	static const struct {
		const char *feed, *want;
	} rows[] = {
		/* RSS */
		{RSS("<title>A &amp;amp; B</title><link>http://x.example/1</link>"),
			"title=A &amp; B link=http://x.example/1"},
		{RSS("<guid>http://x.example/g</guid>"), "id=http://x.example/g link=http://x.example/g"},
		{RSS("<guid isPermaLink='false'>http://x.example/g</guid>"), "id=http://x.example/g"},
		{RSS("<guid>tag:7</guid>"), "id=tag:7"},
		{RSS("<guid>/n/7</guid>"), "id=/n/7 link=/n/7"},
		/* a file is better than nothing, a picture is not; it names no item, for several may share it */
		{RSS("<enclosure url='http://x.example/call.pdf' type='application/pdf'/><title>t</title>"),
			"id=t title=t link=http://x.example/call.pdf"},
		{RSS("<enclosure url='http://x.example/call.pdf'/><description>d</description>"),
			"id=d link=http://x.example/call.pdf summary=d"},
		{RSS("<guid>g</guid><enclosure url='http://x.example/call.pdf'/><title>t</title>"),
			"id=g title=t link=http://x.example/call.pdf"},
		{RSS("<enclosure url='http://x.example/a.mp3' type='audio/mpeg'/><link>http://x.example/l</link>"),
			"link=http://x.example/l"},
		{RSS("<enclosure url='http://x.example/a.png' type='image/png'/><title>t</title>"), "title=t"},
		{RSS("<dcterms:title>t</dcterms:title><dcterms:creator>Ann</dcterms:creator>"
		     "<dcterms:subject>s</dcterms:subject><dcterms:language>et</dcterms:language>"
		     "<dcterms:identifier>i</dcterms:identifier><dcterms:description>d</dcterms:description>"),
			"id=i title=t summary=d author=Ann categories=s language=et"},
		{RSS("<guid>http://x.example/g</guid><link>http://x.example/l</link>"),
			"id=http://x.example/g link=http://x.example/l"},
		{RSS("<pubDate>Mon, 01 Jan 2026 00:00:00 GMT</pubDate>"),
			"published=Mon, 01 Jan 2026 00:00:00 GMT"},
		{RSS("<dc:date>2026-01-01</dc:date>"), "published=2026-01-01"},
		{RSS("<pubDate>p</pubDate><dc:date>2026-01-01</dc:date>"), "published=p updated=2026-01-01"},
		{RSS("<dcterms:created>2026-01-02</dcterms:created>"), "published=2026-01-02"},
		{RSS("<description>s</description><content:encoded><![CDATA[<p>c</p>]]></content:encoded>"),
			"summary=s content=<p>c</p>"},
		{RSS("<description>a &lt;b&gt;c&lt;/b&gt;</description>"), "summary=a <b>c</b>"},
		{RSS("<description>a <b title='x&quot;y'>c</b> &amp; d</description>"),
			"summary=a <b title=\"x&quot;y\">c</b> &amp; d"},
		{RSS("<dc:creator>Ann</dc:creator><author>ann@x.example (Ann)</author>"),
			"author=ann@x.example (Ann)"},
		{RSS("<dc:creator>Ann</dc:creator><dc:creator>Ben</dc:creator>"), "author=Ann, Ben"},
		{RSS("<dc:creator>Annette</dc:creator><dc:creator>Ann</dc:creator><dc:creator>Ann</dc:creator>"),
			"author=Annette, Ann"},
		{RSS("<category>a</category><category>b</category><category>A</category><dc:subject>c</"
		     "dc:subject>"),
			"categories=a,b,c"},
		{RSS("<media:title>m</media:title><title>t</title><dc:title>d</dc:title>"), "title=t"},
		{RSS("<media:group><media:description>m</media:description></media:group>"), "summary=m"},
		{RSS("<title>T</title><source url='http://s.example/'>S</source>"), "title=T"},
		/* CDF */
		{"<CHANNEL BASE='http://b.example/'><TITLE>F</TITLE><ITEM HREF='/1' LASTMOD='2004-04-06'>"
		 "<TITLE>t</TITLE><ABSTRACT>s</ABSTRACT></ITEM></CHANNEL>",
			"title=t link=http://b.example/1 updated=2004-04-06 summary=s"},
		/* a link in text obeys its rel; relative ones go by what the feed says of itself */
		{ATOM("<link rel='enclosure'>http://x.example/e</link><link rel='alternate'>http://x.example/a</link>"),
			"link=http://x.example/a"},
		{"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><link rel='self' "
		 "href='http://x.example/d/feed'/><entry><title>t</title><link href='../7'/></entry></feed>",
			"title=t link=http://x.example/7"},
		{"<rss version='2.0'><channel><title>F</title><link>http://x.example/news</link><item>"
		 "<title>t</title><link>/7</link></item></channel></rss>",
			"title=t link=http://x.example/7"},
		/* namespaces wrong or missing */
		{RSS("<z:encoded xmlns:z=' http://purl.org/rss/1.0/modules/content/ '>c</z:encoded>"),
			"content=c"},
		{RSS("<dc:creator xmlns:dc='http://wrong.example/'>Ann</dc:creator>"), "author=Ann"},
		{RSS("<atom:link href='http://x.example/a'/>"), "link=http://x.example/a"},
		{RSS("<q:title xmlns:q='http://q.example/'>no</q:title><title>t</title>"), "title=t"},
		{"<rss xmlns='http://www.w3.org/1999/xhtml'><channel><item><title>t</title><pubDate>p</pubDate></item>"
		 "</channel></rss>",
			"title=t published=p"},
		{RSS("<TITLE>t</TITLE><PubDate>p</PubDate>"), "title=t published=p"},
		/* RDF */
		{"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
		 "xmlns='http://purl.org/rss/1.0/'>"
		 "<channel/><item rdf:about='http://x.example/i'><title>t</title></item></rdf:RDF>",
			"id=http://x.example/i title=t link=http://x.example/i"},
		/* Atom */
		{ATOM("<id>urn:1</id><title>t</title><link href='http://x.example/e'/>"),
			"id=urn:1 title=t link=http://x.example/e"},
		{ATOM("<link rel='self' href='http://x.example/s'/><link rel='alternate' "
		      "href='http://x.example/a'/>"
		      "<link rel='enclosure' href='http://x.example/f'/>"),
			"link=http://x.example/a"},
		{ATOM("<link rel='alternate' type='application/pdf' href='http://x.example/p'/>"
		      "<link rel='alternate' type='text/html' href='http://x.example/h'/>"),
			"link=http://x.example/h"},
		{ATOM("<link rel='http://www.iana.org/assignments/relation/alternate' href='http://x.example/a'/>"),
			"link=http://x.example/a"},
		{ATOM("<link rel='edit' href='http://x.example/e'/><link rel='self' href='http://x.example/s'/>"),
			"link=http://x.example/s"},
		{ATOM("<link rel='replies' href='http://x.example/r'/><title>t</title>"), "title=t"},
		{ATOM("<link rel='enclosure' href='http://x.example/f'/><link rel='related' "
		      "href='http://x.example/r'/>"),
			"link=http://x.example/r"},
		{ATOM("<link rel='enclosure' href='http://x.example/f'/><title>t</title>"),
			"id=t title=t link=http://x.example/f"},
		{ATOM("<content type='text/html' src='http://x.example/c'/><title>t</title>"),
			"title=t link=http://x.example/c"},
		{ATOM("<title type='text'>1 &lt; 2</title>"), "title=1 &lt; 2"},
		{ATOM("<title type='html'>&lt;b&gt;x&lt;/b&gt;</title>"), "title=<b>x</b>"},
		{ATOM("<content type='xhtml'><div "
		      "xmlns='http://www.w3.org/1999/xhtml'>a<br/>b</div></content>"),
			"content=<div>a<br>b</div>"},
		{ATOM("<content type='application/octet-stream'>PGI+aGk8L2I+</content>"),
			"content=<b>hi</b>"},
		{ATOM("<content type='application/octet-stream'>***</content>"), ""},
		{ATOM("<summary mode='base64' type='text/html'>aGk=</summary>"), "summary=hi"},
		{ATOM("<summary>s</summary><content>c</content>"), "summary=s content=c"},
		{ATOM("<issued>2026-01-01</issued><modified>2026-01-02</modified>"),
			"published=2026-01-01 updated=2026-01-02"},
		{ATOM("<author><name>Ann</name><email>ann@x.example</email></author>"), "author=Ann"},
		{ATOM("<author><email>ann@x.example</email></author>"), "author=ann@x.example"},
		{ATOM("<category term='t' label='l'/><category label='m'/>"), "categories=t,m"},
		{"<feed xmlns='http://www.w3.org/2005/Atom'><author><name>Of the feed</name></author>"
		 "<entry xml:lang='et'><title>t</title></entry></feed>",
			"title=t language=et"},
		{"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://b.example/d/'>"
		 "<entry xml:base='sub/'><link href='e'/></entry></feed>",
			"link=http://b.example/d/sub/e"},
		/* JSON Feed */
		{"{\"version\":\"https://jsonfeed.org/version/"
		 "1.1\",\"title\":\"F\",\"items\":[{\"id\":7,\"url\":\"http://x.example/7\","
		 "\"title\":\"a < b\",\"content_text\":\"c & "
		 "d\",\"authors\":[{\"name\":\"Ann\"},{\"name\":\"Ben\"}],"
		 "\"tags\":[\"x\",\"y\"],\"date_published\":\"2026-01-01T00:00:00Z\"}]}",
			"id=7 title=a &lt; b link=http://x.example/7 published=2026-01-01T00:00:00Z "
			"content=c &amp; d "
			"author=Ann, Ben categories=x,y"},
		{"{\"version\":\"https://jsonfeed.org/version/"
		 "1\",\"items\":[{\"id\":\"a\",\"content_html\":\"<p>\","
		 "\"author\":{\"name\":\"Ann\"}}]}",
			"id=a content=<p> author=Ann"},
		{"{\"version\":\"https://jsonfeed.org/version/1\",\"feed_url\":\"http://x.example/feed\","
		 "\"items\":[{\"id\":\"a\",\"url\":\"/7\",\"author\":\"Ann\"}]}",
			"id=a link=http://x.example/7 author=Ann"},
		/* raw line breaks, half an emoji, escapes that do not exist, commas too many */
		{"{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"a\",\"title\":\"b\n\tc, \\ud83d\\'\\n"
		 "\\ud83d\\ude00\\u00E9\\\\u\",\"tags\":[\"x\",],},]}\n",
			"id=a title=b  c, �'\n😀é\\u categories=x"},
		{"{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[{\"id\":\"http://x.example/7\"}]}",
			"id=http://x.example/7 link=http://x.example/7"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct page p;
		struct error e = {0};
		if (extract_feed(a, str_of(rows[i].feed), STR(""), STR(""), &p, &e) != ERR_OK)
			fail_msg("row %zu: %s: %s", i, rows[i].feed, e.text);
		assert_int_equal(p.items.n, 1);
		assert_str(describe(a, &p.items.v[0]), rows[i].want);
		arena_free(a);
	}
}

/* Broken feeds and how many items (and which first title) they still give. */
static void test_broken(void **state)
{
	(void)state;
	static const struct {
		const char *feed;
		size_t items;
		const char *title;
	} rows[] = {
		{"\n \n<!-- theme debug -->\n<?xml version='1.0'?>" RSS("<title>t</title>"), 1, "t"},
		{"Warning: something\n<?xml version='1.0'?>" RSS("<title>t</title>"), 1, "t"},
		{"<?xml version='1.0' encoding='utf-16'?>" RSS("<title>t\xC3\xB5</title>"), 1, "tõ"},
		{RSS("<title>a & b &nbsp;&eacute; &bogus; 1 < 2</title>"), 1,
			"a &amp; b \xC2\xA0é &amp;bogus; 1 < 2"},
		{RSS("<title>a &#146; &#0; &#x1F600;</title>"), 1, "a ’   \xF0\x9F\x98\x80"},
		{RSS("<title>a\x01 b\x0C</title>"), 1, "a  b"},
		{"<rss><channel><item><title>one</title></item><item><title>two</title></"
		 "item><item><title>thr",
			3, "one"},
		{"<rss><channel><item><title><![CDATA[cut off <b>her", 1, "cut off <b>her"},
		{"<rss><channel><item><title>one</title><link>http://x.example/</item><item><title>two</"
		 "title></item>"
		 "</channel></rss>",
			2, "one"},
		{"<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://n.example/rss.dtd'>" RSS(
			 "<title>t</title>"),
			1, "t"},
		{"<!-- <!ENTITY a 'b'> -->" RSS("<title>t</title>"), 1, "t"},
		{RSS("<title>the &lt;!ENTITY&gt; <![CDATA[<!DOCTYPE x [<!ENTITY a 'b'>]>]]></title>"), 1,
			"the <!ENTITY> <!DOCTYPE x [<!ENTITY a 'b'>]>"},
		{"<rss><channel><title>empty</title></channel></rss>", 0, NULL},
		{"<html><body><feed "
		 "xmlns='http://www.w3.org/2005/Atom'><entry><title>t</title></entry></feed></body></html>",
			1, "t"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct page p;
		struct error e = {0};
		if (extract_feed(a, str_of(rows[i].feed), STR(""), STR(""), &p, &e) != ERR_OK)
			fail_msg("row %zu: %s", i, e.text);
		assert_int_equal(p.items.n, rows[i].items);
		if (rows[i].title != NULL) {
			/* recovered plain text may come escaped: compare what is shown */
			struct str got = p.items.v[0].title;
			bool same = str_eq(got, str_of(rows[i].title)) ||
				    str_eq(plain_line(a, got), plain_line(a, str_of(rows[i].title)));
			if (!same)
				fail_msg("row %zu: got '%.*s'", i, STRF(got));
		}
		arena_free(a);
	}
}

#define TWO(between)                                                                                         \
	"<rss><channel><item><title>A" between "<link>http://x.example/b</link></item></channel></rss>"
#define WHOLE "</title><link>http://x.example/a</link></item><item><title>B</title>"

/* Markup that no XML parser takes: what is wrong with one item costs no other. */
static void test_mended(void **state)
{
	(void)state;
	static const char both[] = "title=A link=http://x.example/a|title=B link=http://x.example/b|";
	static const struct {
		const char *feed, *want;
	} rows[] = {
		{TWO(WHOLE), both},
		/* warnings, white space and more than one feed */
		{"<br />\n<b>Warning</b>: x in <b>y.php</b><br />\n" TWO(WHOLE), both},
		{TWO(WHOLE) TWO("</title>"), both},
		{TWO(WHOLE) "<script>x()</script>", both},
		{"<?xml-stylesheet href='a>b.xsl'?>" TWO(WHOLE), both},
		{"<?xml version=\"1.0\"><rss version=2.0>" TWO(WHOLE) "</rss>", both},
		/* what is well-formed stays what it is */
		{TWO("</title><?php if (a < b) echo \"<link>no</link>\"; ?></item><item><title>B</title>"),
			"title=A|title=B link=http://x.example/b|"},
		/* end tags too few, too many, or misspelt */
		{TWO("</titel><link>http://x.example/a</link></item><item><title>B</title>"), both},
		{TWO("</title></p><link>http://x.example/a</link></description></item></b><item><title>B</title>"), both},
		{TWO("</title><description><p>x<br>y<i>z</description><link>http://x.example/a</link></item>"
		     "<item><title>B</title>"),
			"title=A link=http://x.example/a summary=<p>x<br>y<i>z</i></p>|title=B link=http://x.example/b|"},
		{TWO("</title><dc:creator>Ann</creator><link>http://x.example/a</link></item><item><title>B</title>"),
			"title=A link=http://x.example/a author=Ann|title=B link=http://x.example/b|"},
		{TWO("</title><link>http://x.example/a</link><item><title>B</title>"),
			"title=A link=http://x.example/a|title=B link=http://x.example/b|"},
		{TWO("<link>http://x.example/a</link></item><item><title>B</title>"), both},
		{TWO("<pubDate>p<guid>g<description>d<link>http://x.example/a</link></description></item><item><title>B</title>"),
			"id=g title=A published=p summary=d<link>http://x.example/a|title=B link=http://x.example/b|"},
		/* attributes without quotes, without space, with too much in them */
		{TWO("</title><guid isPermaLink=false>g</guid></item><item><title>B</title>"),
			"id=g title=A|title=B link=http://x.example/b|"},
		{TWO("</title><atom:link hidden href='http://x.example/a?b=1&c=\"<2>\"' rel=\"alternate\"type=text/html/>"
		     "</item><item><title>B</title>"),
			"title=A link=http://x.example/a?b=1&c=%22%3C2%3E%22|title=B link=http://x.example/b|"},
		{TWO("</title><atom:link rel=\"alternate href=\"http://x.example/a\"/></item><item><title>B</title>"),
			"title=A|title=B link=http://x.example/b|"},
		{TWO("</title><description><a href=\"http://x.example/<b>bold</b></description></item><item><title>B</title>"),
			"title=A summary=<a href=\"http://x.example/\"><b>bold</b></a>|title=B link=http://x.example/b|"},
		{TWO(" x<9 ]]> z" WHOLE),
			"title=A x<9 z link=http://x.example/a|title=B link=http://x.example/b|"},
		{TWO("</title><description>see <http://x.example/> or <ann@x.example></description></item><item><title>B</title>"),
			"title=A summary=see <http://x.example/> or <ann@x.example>|title=B link=http://x.example/b|"},
		{TWO("</title><description read http://x.example/ to: your a:b:c to ann</description><link>http://x.example/a</link>"
		     "</item><item><title>B</title>"),
			"title=A link=http://x.example/a|title=B link=http://x.example/b|"},
		/* text in front of the feed, a comment that nobody closed */
		{"<?xml version='1.0'?>&nbsp;oops\n" TWO(WHOLE), both},
		{TWO("</title><!-- never closed <link>http://x.example/a</link></item><item><title>B</title>"), both},
		/* a link that the page breaks off in is none */
		{"<rss><channel><item><title>A</title><atom:link href='http://x.exa", "title=A|"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct page p;
		struct error e = {0};
		struct buf all = buf_init(LINE_MAX_BYTES);
		if (extract_feed(a, str_of(rows[i].feed), STR(""), STR(""), &p, &e) != ERR_OK)
			fail_msg("row %zu: %s", i, e.text);
		for (size_t k = 0; k < p.items.n; k++) {
			p.items.v[k].title = plain_line(a, p.items.v[k].title);
			buf_add(&all, describe(a, &p.items.v[k]));
			buf_addc(&all, '|');
		}
		if (!str_eq(buf_str(&all), str_of(rows[i].want)))
			fail_msg("row %zu: %s\ngot  %s\nwant %s", i, rows[i].feed, all.p, rows[i].want);
		buf_free(&all);
		arena_free(a);
	}
}

/* A page that breaks off still gives what it has, and says so. */
static void test_cut(void **state)
{
	(void)state;
	static const struct {
		const char *feed;
		bool cut;
	} rows[] = {
		{RSS("<title>t</title>"), false},
		{ATOM("<title>t</title>") "\n<!-- served by c3 -->\n", false},
		{"<rss version='2.0'/>", false},
		{"<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>t</a:title></a:entry></a:feed >", false},
		{"<rss><channel><item><title>one</title></item><item><title>tw", true},
		{"<rss><channel><item><title>one</title></item></channel>", true},
		{"<rss><channel><item><title>one</title></item></channel></rs", true},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct page p;
		struct error e = {0};
		if (extract_feed(a, str_of(rows[i].feed), STR(""), STR(""), &p, &e) != ERR_OK)
			fail_msg("row %zu: %s", i, e.text);
		if (p.cut != rows[i].cut)
			fail_msg("row %zu: cut is %d", i, (int)p.cut);
		arena_free(a);
	}
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *page;
		enum err want;
		const char *text;
	} rows[] = {
		{"", ERR_INPUT, "empty"},
		{" \n", ERR_INPUT, "empty"},
		{"<!DOCTYPE html><html><head><title>x</title></head><body>Hi<br></body></html>", ERR_INPUT,
			"an HTML page, not a feed"},
		{"<urlset><url/></urlset>", ERR_INPUT, "<urlset>"},
		{"plain text", ERR_INPUT, "not XML"},
		{"{\"a\":1}", ERR_INPUT, "no JSON Feed"},
		{"{\"a\":", ERR_INPUT, "not JSON"},
		{"<!DOCTYPE rss [<!ENTITY a 'aaaaaaaaaa'>]>" RSS("<title>&a;&a;</title>"), ERR_INPUT,
			"declares entities"},
		{"<!DOCTYPE rss [<!-- ' --><!ENTITY % a SYSTEM 'file:///etc/passwd'>]>" RSS(
			 "<title>t</title>"),
			ERR_INPUT, "declares entities"},
		{"<!doctype rss [\n<!entity a 'b'>]>" RSS("<title>t</title>"), ERR_INPUT,
			"declares entities"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct page p;
		struct error e = {0};
		enum err got = extract_feed(a, str_of(rows[i].page), STR(""), STR(""), &p, &e);
		if (got != rows[i].want || strstr(e.text, rows[i].text) == NULL)
			fail_msg("row %zu: %s '%s'", i, err_name(got), e.text);
		arena_free(a);
	}
}

static void test_head(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	static const char rss[] =
		"<rss xml:base='http://b.example/'><channel><title>A &amp;amp; B</title><link>/home</link>"
		"<atom:link rel='self' href='http://b.example/feed'/><language>et</language>"
		"<image><title>no</title></image></channel></rss>";
	assert_int_equal(extract_feed(a, str_of(rss), STR(""), STR(""), &p, &e), ERR_OK);
	assert_str(p.title, "A & B");
	assert_str(p.link, "http://b.example/home");
	assert_str(p.language, "et");
	assert_string_equal(p.format, "rss");
	static const char json[] = "{\"version\":\"https://jsonfeed.org/version/"
				   "1\",\"title\":\"T\",\"home_page_url\":\"http://h.example/\","
				   "\"next_url\":\"http://h.example/2\",\"items\":[]}";
	assert_int_equal(extract_feed(a, str_of(json), STR(""), STR(""), &p, &e), ERR_OK);
	assert_str(p.next, "http://h.example/2");
	assert_string_equal(p.format, "jsonfeed");
	arena_free(a);
}

static struct str repeated(
	struct arena *a, const char *head, const char *part, size_t times, const char *tail)
{
	struct buf b = buf_init((size_t)32 << 20);
	buf_addz(&b, head);
	for (size_t i = 0; i < times; i++)
		buf_addz(&b, part);
	buf_addz(&b, tail);
	return buf_take(&b, a);
}

static void test_limits(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST * 4), *small = arena_new((size_t)300 << 10);
	struct page p;
	struct error e;
	struct str many = repeated(a, "<rss><channel>", "<item><title>t</title></item>",
		EXTRACT_ITEMS_MAX + 1, "</channel></rss>");
	assert_int_equal(extract_feed(a, many, STR(""), STR(""), &p, &e), ERR_LIMIT);
	/* no room in the arena is a limit too, not the end of the process */
	struct str wide = repeated(a, "<rss><channel>",
		"<item><description>0123456789012345678901234567890123456789"
		"</description></item>",
		9000, "</channel></rss>");
	assert_int_equal(extract_feed(small, wide, STR(""), STR(""), &p, &e), ERR_LIMIT);
	struct str deep = repeated(a, "<rss><channel><item>", "<a>", 100000, "");
	assert_int_equal(extract_feed(a, deep, STR(""), STR(""), &p, &e), ERR_LIMIT);
	/* what never closes is not searched for again and again */
	static const char *const bombs[] = {"]]>", "<?", "<!--", "<a b='", "<![CDATA[", "&a", "</x>"};
	for (size_t i = 0; i < COUNT(bombs); i++) {
		struct arena *b = arena_new(ARENA_TEST);
		struct str bomb = repeated(b, "<rss><channel><item><title>t", bombs[i], 300000, "");
		if (extract_feed(a, bomb, STR(""), STR(""), &p, &e) == ERR_OK)
			assert_true(p.items.n <= 1 && p.cut);
		arena_free(b);
	}
	struct str json = repeated(a, "", "[", 100000, "");
	assert_int_equal(extract_feed(a, json, STR(""), STR(""), &p, &e), ERR_LIMIT);
	struct str huge = repeated(a, "<rss><channel><item><description>", "õ&lt;", 200000,
		"</description></item></channel></rss>");
	assert_int_equal(extract_feed(a, huge, STR(""), STR(""), &p, &e), ERR_OK);
	assert_true(p.items.v[0].summary.n <= ITEM_TEXT_MAX && p.items.v[0].summary.n > ITEM_TEXT_MAX - 4);
	assert_true(utf8_valid(p.items.v[0].summary));
	arena_free(small);
	arena_free(a);
}

/* Every prefix of a feed is read without harm, and items come one by one. */
static void test_every_prefix(void **state)
{
	(void)state;
	static const char feed[] =
		"<?xml version='1.0'?><!DOCTYPE rss [ ]><rss "
		"xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><!-- c -->"
		"<item><title>one &amp; &#8364; "
		"<![CDATA[<b>x</b>]]></title><dc:date>2026-01-01</dc:date></item>"
		"<item><title type=\"html\">two</title><link href='u'/></item></channel></rss>";
	size_t most = 0;
	for (size_t n = 0; n < sizeof(feed); n++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct page p = {0};
		char *copy = malloc(n + 1); /* an exact copy, so that a read past its end shows */
		memcpy(copy, feed, n);
		if (extract_feed(a, (struct str){copy, n}, STR(""), STR(""), &p, NULL) == ERR_OK) {
			assert_true(p.items.n >= most);
			most = p.items.n;
		}
		free(copy);
		arena_free(a);
	}
	assert_int_equal(most, 2);
}

HARNESS_MAIN(cmocka_unit_test(test_elements), cmocka_unit_test(test_broken), cmocka_unit_test(test_mended), cmocka_unit_test(test_cut), cmocka_unit_test(test_refused),
	cmocka_unit_test(test_head), cmocka_unit_test(test_limits), cmocka_unit_test(test_every_prefix))
