/* SPDX-License-Identifier: MIT
 *
 * RSS 0.9x, 1.0 (RDF) and 2.0, Atom 0.3 and 1.0, CDF -> items. Feeds in the wild mix
 * the formats and their extensions, so there is one table of elements for all:
 * each row names an element, the member it fills and a rank; of several the best
 * rank wins, then the first (of dates the last). Prefixes are believed where namespaces are missing
 * or wrong. The bytes have been decoded and are tidied here.
 */
#include <nettle/base64.h>

#include "extract/parts.h"

enum ns {
	NS_CORE, /* no namespace, or one of RSS or Atom */
	NS_DC,
	NS_DCTERMS,
	NS_CONTENT,
	NS_MEDIA,
	NS_ITUNES,
	NS_XHTML,
	NS_RDF,
	NS_OTHER,
	NS_UNKNOWN /* the address tells nothing: the prefix may */
};

/* Namespaces by address (a part of it that tells) and by usual prefix. */
static const struct {
	const char *uri, *prefix;
	enum ns ns;
} namespaces[] = {
	{"purl.org/dc/elements/", "dc", NS_DC},
	{"purl.org/dc/terms/", "dcterms", NS_DCTERMS},
	{"purl.org/rss/1.0/modules/content", "content", NS_CONTENT},
	{"search.yahoo.com/mrss", "media", NS_MEDIA},
	{"itunes.com/dtds/podcast", "itunes", NS_ITUNES},
	{"w3.org/1999/xhtml", "xhtml", NS_XHTML},
	{"w3.org/1999/02/22-rdf-syntax-ns", "rdf", NS_RDF},
	{"w3.org/2005/atom", "atom", NS_CORE},
	{"purl.org/atom/ns#", "atom03", NS_CORE},
	{"purl.org/rss/1.0/modules/rss091", "rss091", NS_CORE},
	{"purl.org/rss/1.0/modules/", NULL, NS_OTHER},
	{"purl.org/rss/1.0/", "rss", NS_CORE},
	{"my.netscape.com/rdf/simple/0.9/", "rss09", NS_CORE},
	{"backend.userland.com/rss", "rss2", NS_CORE},
	{"blogs.law.harvard.edu/tech/rss", NULL, NS_CORE},
	{"channel.netscape.com/rdf/simple/0.9/", NULL, NS_CORE},
};

enum member {
	MEMBER_TITLE,
	MEMBER_ID,
	MEMBER_PUBLISHED,
	MEMBER_UPDATED,
	MEMBER_DC_DATE,
	MEMBER_CREATED,
	MEMBER_SUMMARY,
	MEMBER_CONTENT,
	MEMBER_LANGUAGE,
	MEMBER_LINK, /* texts; the rest has its own shape */
	MEMBER_TEXTS,
	MEMBER_AUTHOR = MEMBER_TEXTS,
	MEMBER_CATEGORY
};

#define RANK_NONE	100 /* nothing found yet */
#define RANK_ALTERNATE	1   /* a link to the page itself */
#define RANK_OTHER_TYPE 3   /* the same in another format than HTML */
#define RANK_GUID	4   /* a guid that is a permanent link */
#define RANK_RELATED	5   /* a link to something that it is about */
#define RANK_ATTRIBUTE	6   /* an attribute of the item itself, as in CDF */
#define RANK_SELF	7   /* the item in the feed's own format */
#define RANK_ENCLOSURE	8   /* a file that goes with it */

static const struct row {
	enum ns ns;
	const char *name;
	enum member member;
	int rank;
} rows[] = {
	{NS_CORE, "title", MEMBER_TITLE, 0},
	{NS_DC, "title", MEMBER_TITLE, 1},
	{NS_DCTERMS, "title", MEMBER_TITLE, 1},
	{NS_MEDIA, "title", MEMBER_TITLE, 2},
	{NS_ITUNES, "title", MEMBER_TITLE, 2},
	{NS_CORE, "link", MEMBER_LINK, RANK_ALTERNATE},
	{NS_CORE, "enclosure", MEMBER_LINK, RANK_ENCLOSURE},
	{NS_CORE, "guid", MEMBER_ID, 0},
	{NS_CORE, "id", MEMBER_ID, 0},
	{NS_DC, "identifier", MEMBER_ID, 2},
	{NS_DCTERMS, "identifier", MEMBER_ID, 2},
	{NS_CORE, "pubDate", MEMBER_PUBLISHED, 0},
	{NS_CORE, "published", MEMBER_PUBLISHED, 0},
	{NS_CORE, "issued", MEMBER_PUBLISHED, 0},
	{NS_DCTERMS, "issued", MEMBER_PUBLISHED, 1},
	{NS_CORE, "updated", MEMBER_UPDATED, 0},
	{NS_CORE, "modified", MEMBER_UPDATED, 0},
	{NS_DCTERMS, "modified", MEMBER_UPDATED, 1},
	{NS_CORE, "lastBuildDate", MEMBER_UPDATED, 2},
	{NS_DC, "date", MEMBER_DC_DATE, 0},
	{NS_DCTERMS, "date", MEMBER_DC_DATE, 1},
	{NS_CORE, "created", MEMBER_CREATED, 0},
	{NS_DCTERMS, "created", MEMBER_CREATED, 1},
	{NS_CORE, "description", MEMBER_SUMMARY, 0},
	{NS_CORE, "summary", MEMBER_SUMMARY, 0},
	{NS_CORE, "abstract", MEMBER_SUMMARY, 1},
	{NS_DC, "description", MEMBER_SUMMARY, 1},
	{NS_DCTERMS, "description", MEMBER_SUMMARY, 1},
	{NS_DCTERMS, "abstract", MEMBER_SUMMARY, 2},
	{NS_ITUNES, "summary", MEMBER_SUMMARY, 3},
	{NS_MEDIA, "description", MEMBER_SUMMARY, 4},
	{NS_ITUNES, "subtitle", MEMBER_SUMMARY, 5},
	{NS_CONTENT, "encoded", MEMBER_CONTENT, 0},
	{NS_CORE, "content", MEMBER_CONTENT, 0},
	{NS_CORE, "fullitem", MEMBER_CONTENT, 1},
	{NS_CORE, "body", MEMBER_CONTENT, 1},
	{NS_XHTML, "body", MEMBER_CONTENT, 1},
	{NS_XHTML, "div", MEMBER_CONTENT, 2},
	{NS_DC, "language", MEMBER_LANGUAGE, 0},
	{NS_DCTERMS, "language", MEMBER_LANGUAGE, 0},
	{NS_CORE, "language", MEMBER_LANGUAGE, 0},
	{NS_CORE, "author", MEMBER_AUTHOR, 0},
	{NS_DC, "creator", MEMBER_AUTHOR, 1},
	{NS_DC, "author", MEMBER_AUTHOR, 1},
	{NS_DCTERMS, "creator", MEMBER_AUTHOR, 1},
	{NS_ITUNES, "author", MEMBER_AUTHOR, 2},
	{NS_CORE, "category", MEMBER_CATEGORY, 0},
	{NS_CORE, "keywords", MEMBER_CATEGORY, 0},
	{NS_DC, "subject", MEMBER_CATEGORY, 0},
	{NS_DCTERMS, "subject", MEMBER_CATEGORY, 0},
	{NS_ITUNES, "category", MEMBER_CATEGORY, 0},
	{NS_MEDIA, "category", MEMBER_CATEGORY, 0},
};

/* What is being filled: an item or the feed's own head. */
struct entry {
	struct sink *s;
	struct item *it;
	struct str *texts[MEMBER_TEXTS];
	int rank[MEMBER_TEXTS], author_rank;
	struct strv authors;
	struct str dc_date, created;
	struct str base;
};

static enum ns ns_by_uri(struct str uri)
{
	for (size_t i = 0; i < COUNT(namespaces) && uri.n > 0; i++)
		if (str_ifind(uri, str_of(namespaces[i].uri)) != SIZE_MAX)
			return namespaces[i].ns;
	return NS_UNKNOWN;
}

static void ns_decide(xmlNs *ns, enum ns verdict)
{
	ns->_private = (void *)((uintptr_t)verdict + 1);
}

/* Judged once per declaration: the verdict stays with it, for a feed has a handful
 * of declarations and a hundred thousand elements. */
static enum ns ns_declared(xmlNs *ns)
{
	if (ns == NULL)
		return NS_UNKNOWN;
	if (ns->_private == NULL)
		ns_decide(ns, ns_by_uri(str_of((const char *)ns->href)));
	return (enum ns)((uintptr_t)ns->_private - 1);
}

static enum ns ns_of(const xmlNode *n)
{
	enum ns declared = ns_declared(n->ns);
	if (declared != NS_UNKNOWN)
		return declared;
	struct str prefix = node_prefix(n);
	if (prefix.n == 0)
		return NS_CORE;
	for (size_t i = 0; i < COUNT(namespaces); i++)
		if (namespaces[i].prefix != NULL && str_ieq(prefix, str_of(namespaces[i].prefix)))
			return namespaces[i].ns;
	return NS_OTHER;
}

static bool is_core(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && str_ieq(node_name(n), str_of(name)) && ns_of(n) == NS_CORE;
}

static const struct row *row_of(const xmlNode *n)
{
	if (n->type != XML_ELEMENT_NODE)
		return NULL;
	struct str name = node_name(n);
	enum ns ns = NS_OTHER;
	bool known = false;
	for (size_t i = 0; i < COUNT(rows) && name.n > 0; i++) {
		/* most rows are told by their first letter */
		if ((name.p[0] | 0x20) != rows[i].name[0] || !str_ieq(name, str_of(rows[i].name)))
			continue;
		ns = known ? ns : ns_of(n);
		known = true;
		if (rows[i].ns == ns)
			return &rows[i];
	}
	return NULL;
}

static struct str text_of(struct sink *s, const xmlNode *n)
{
	buf_clear(&s->scratch);
	node_text(n, &s->scratch);
	return buf_str(&s->scratch);
}

static bool is_base64(const xmlNode *n, struct str type)
{
	if (str_ieq(node_attr(n, "mode"), STR("base64")))
		return true;
	if (type.n == 0 || str_find_char(type, '/') == SIZE_MAX || node_attr(n, "src").n > 0)
		return false;
	return !str_istarts(type, STR("text/")) && !str_ends(type, STR("+xml")) &&
	       !str_ends(type, STR("/xml")) && !str_ieq(type, STR("application/json"));
}

/* Decodes into the scratch buffer; empty when it is no base64 of UTF-8 text. */
static struct str decode_base64(struct sink *s, struct str text)
{
	struct base64_decode_ctx ctx;
	base64_decode_init(&ctx);
	size_t room = BASE64_DECODE_LENGTH(text.n), n = room;
	struct buf out = buf_init(room + 1);
	for (size_t i = 0; i < room; i++)
		buf_addc(&out, '\0');
	bool ok = base64_decode_update(&ctx, &n, (uint8_t *)(void *)out.p, text.n, text.p) != 0 &&
		  base64_decode_final(&ctx) != 0 && utf8_valid((struct str){out.p, n});
	buf_clear(&s->scratch);
	if (ok)
		buf_add(&s->scratch, (struct str){out.p, n});
	buf_free(&out);
	return buf_str(&s->scratch);
}

/* Text that calls itself plain but holds an end tag or an entity is HTML. */
static bool looks_like_html(struct str s)
{
	for (size_t i = 0; i + 2 < s.n; i++) {
		char next = s.p[i + 2];
		bool letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
		if (s.p[i] == '<' && s.p[i + 1] == '/' && letter)
			return true;
		size_t end = s.p[i] == '&' ? str_find_char(str_sub(s, i + 1, i + 10), ';') : SIZE_MAX;
		if (end != SIZE_MAX && end > 1 &&
			str_find_char(str_sub(s, i + 1, i + 1 + end), ' ') == SIZE_MAX)
			return true;
	}
	return false;
}

/* A text construct of RSS or Atom as HTML, in the scratch buffer. */
static struct str rich_of(struct sink *s, const xmlNode *n)
{
	struct str type = node_attr(n, "type");
	if (node_has_elements(n)) {
		buf_clear(&s->scratch);
		node_markup(n, &s->scratch);
		return buf_str(&s->scratch);
	}
	struct str text = text_of(s, n);
	if (is_base64(n, type))
		return decode_base64(s, text);
	bool plain = str_ieq(type, STR("text")) || str_ieq(type, STR("text/plain"));
	if (!plain || looks_like_html(text))
		return text;
	struct buf escaped = buf_init(s->scratch.cap);
	add_escaped(&escaped, text);
	buf_clear(&s->scratch);
	buf_add(&s->scratch, buf_str(&escaped));
	buf_free(&escaped);
	return buf_str(&s->scratch);
}

static void set(struct entry *en, enum member m, int rank, struct str value)
{
	size_t max = m == MEMBER_SUMMARY || m == MEMBER_CONTENT ? ITEM_TEXT_MAX : FIELD_TEXT_MAX;
	bool date =
		m == MEMBER_PUBLISHED || m == MEMBER_UPDATED || m == MEMBER_CREATED || m == MEMBER_DC_DATE;
	value = str_trim(value);
	if (value.n == 0 || rank > en->rank[m] || (rank == en->rank[m] && !date))
		return;
	*en->texts[m] = m == MEMBER_LINK ? sink_link(en->s, en->base, value) : sink_keep(en->s, value, max);
	en->rank[m] = rank;
}

/* The xml:base in force at the node. */
static struct str base_of(struct sink *s, const xmlNode *n)
{
	if (n == NULL || n->type != XML_ELEMENT_NODE)
		return s->base;
	struct str own = {0};
	for (const xmlAttr *at = n->properties; at != NULL; at = at->next) {
		struct str name = str_of((const char *)at->name);
		bool xml = at->ns != NULL && str_eq(str_of((const char *)at->ns->prefix), STR("xml"));
		bool cdf = str_ieq(name, STR("base")) && is_core(n, "channel");
		if (((xml && str_eq(name, STR("base"))) || cdf || str_eq(name, STR("xml:base"))) &&
			at->children != NULL)
			own = str_of((const char *)at->children->content);
	}
	struct str outer = base_of(s, n->parent);
	return own.n == 0 ? outer : sink_link(s, outer, own);
}

bool is_address(struct str s)
{
	return str_istarts(s, STR("http://")) || str_istarts(s, STR("https://"));
}

/* What a feed says of its own address serves where nobody knows where it came from. */
static void base_when_none(struct sink *s, struct str address)
{
	if (s->base.n == 0 && is_address(address))
		s->base = sink_keep(s, address, ITEM_URL_MAX);
}

static bool names_html(struct str type)
{
	return type.n == 0 || str_ieq(type, STR("text/html")) || str_ieq(type, STR("application/xhtml+xml"));
}

/* What a link is to the reader, who wants the page, or else what there is; a
 * picture is nothing. RANK_NONE: not to be shown. */
static int rank_of_link(const xmlNode *n, int rank)
{
	static const struct {
		const char *rel;
		int rank;
	} relations[] = {{"alternate", RANK_ALTERNATE}, {"related", RANK_RELATED}, {"via", RANK_RELATED},
		{"self", RANK_SELF}, {"enclosure", RANK_ENCLOSURE}};
	const struct str registry = STR("http://www.iana.org/assignments/relation/");
	struct str rel = str_trim(node_attr(n, "rel")), type = node_attr(n, "type");
	if (str_istarts(rel, registry))
		rel = str_sub(rel, registry.n, rel.n);
	if (rel.n > 0)
		rank = RANK_NONE;
	for (size_t i = 0; i < COUNT(relations) && rel.n > 0; i++)
		if (str_ieq(rel, str_of(relations[i].rel)))
			rank = relations[i].rank;
	if (rank == RANK_ENCLOSURE && str_istarts(type, STR("image/")))
		return RANK_NONE;
	return rank == RANK_ALTERNATE && !names_html(type) ? RANK_OTHER_TYPE : rank;
}

static void take_link(struct entry *en, const xmlNode *n, int rank)
{
	static const char *const names[] = {"href", "url", "uri", "resource"};
	struct str href = {0};
	for (size_t i = 0; i < COUNT(names) && href.n == 0; i++)
		href = node_attr(n, names[i]);
	rank = rank_of_link(n, rank);
	if (href.n == 0 && rank <= RANK_OTHER_TYPE)
		href = text_of(en->s, n);
	bool of_feed = en->it == NULL;
	if (of_feed && rank == RANK_SELF)
		base_when_none(en->s, href);
	if (rank < RANK_NONE && (!of_feed || rank <= RANK_OTHER_TYPE))
		set(en, MEMBER_LINK, rank, href);
}

static void take_id(struct entry *en, const xmlNode *n, int rank)
{
	struct str id = str_trim(text_of(en->s, n));
	struct str permalink = node_attr(n, "isPermaLink");
	bool link = is_address(id) || str_starts(id, STR("/"));
	if (rank == 0 && link && (permalink.n == 0 || str_ieq(permalink, STR("true"))))
		set(en, MEMBER_LINK, RANK_GUID, id);
	set(en, MEMBER_ID, rank, id);
}

/* The name of an author element, else its address, else its text. */
static struct str person(struct sink *s, const xmlNode *n)
{
	static const char *const names[] = {"name", "email"};
	for (size_t i = 0; i < COUNT(names); i++)
		for (xmlNode *c = n->children; c != NULL; c = tree_next(n, c)) {
			if (c->type != XML_ELEMENT_NODE || !str_ieq(node_name(c), str_of(names[i])))
				continue;
			struct str text = str_trim(text_of(s, c));
			if (text.n > 0)
				return text;
		}
	return node_has_elements(n) ? (struct str){0} : str_trim(text_of(s, n));
}

static void take_author(struct entry *en, const xmlNode *n, int rank)
{
	struct str who = person(en->s, n);
	if (en->it == NULL || who.n == 0 || rank > en->author_rank)
		return;
	if (rank < en->author_rank)
		en->authors.n = 0;
	en->author_rank = rank;
	sink_keep_in(en->s, &en->authors, who);
}

static void take_category(struct entry *en, const xmlNode *n)
{
	struct str term = node_attr(n, "term");
	if (term.n == 0)
		term = node_has_elements(n) ? (struct str){0} : str_trim(text_of(en->s, n));
	if (term.n == 0)
		term = node_attr(n, "label");
	if (term.n == 0)
		term = node_attr(n, "text");
	if (en->it != NULL)
		sink_keep_in(en->s, &en->it->categories, term);
}

static void take_text(struct entry *en, const xmlNode *n, const struct row *row)
{
	bool rich =
		row->member == MEMBER_TITLE || row->member == MEMBER_SUMMARY || row->member == MEMBER_CONTENT;
	struct str value = rich ? rich_of(en->s, n) : text_of(en->s, n);
	enum member m = row->member;
	/* A second description beside a summary is the full text. */
	if (m == MEMBER_SUMMARY && row->rank == 0 && en->rank[m] == 0 &&
		en->rank[MEMBER_CONTENT] == RANK_NONE)
		m = MEMBER_CONTENT;
	set(en, m, m == row->member ? row->rank : RANK_RELATED, value);
	if (m == MEMBER_CONTENT && en->it != NULL)
		set(en, MEMBER_LINK, RANK_RELATED, node_attr(n, "src"));
}

static void take_child(struct entry *en, const xmlNode *n)
{
	const struct row *row = row_of(n);
	if (row == NULL)
		return;
	switch (row->member) {
	case MEMBER_LINK:
		en->base = base_of(en->s, n);
		take_link(en, n, row->rank);
		break;
	case MEMBER_ID:
		take_id(en, n, row->rank);
		break;
	case MEMBER_AUTHOR:
		take_author(en, n, row->rank);
		break;
	case MEMBER_CATEGORY:
		take_category(en, n);
		break;
	case MEMBER_TITLE:
	case MEMBER_PUBLISHED:
	case MEMBER_UPDATED:
	case MEMBER_DC_DATE:
	case MEMBER_CREATED:
	case MEMBER_SUMMARY:
	case MEMBER_CONTENT:
	case MEMBER_LANGUAGE:
		take_text(en, n, row);
		break;
	}
}

static bool is_short_text(const struct row *row)
{
	return row->member == MEMBER_TITLE || row->member == MEMBER_ID || row->member == MEMBER_LINK ||
	       row->member == MEMBER_PUBLISHED || row->member == MEMBER_UPDATED ||
	       row->member == MEMBER_CREATED || row->member == MEMBER_DC_DATE;
}

/* A title, guid, link or date that nobody closed has its neighbours in it: they are
 * put back behind it. */
static void put_back(xmlNode *n)
{
	const struct row *row = node_has_elements(n) ? row_of(n) : NULL;
	if (row == NULL || !is_short_text(row))
		return;
	xmlNode *at = n, *c = n->children;
	for (const struct row *in; c != NULL; c = c->next)
		if ((in = row_of(c)) != NULL && in->ns != NS_XHTML)
			break;
	for (xmlNode *next; c != NULL; c = next) {
		next = c->next;
		xmlUnlinkNode(c);
		at = xmlAddNextSibling(at, c);
	}
}

/* The children of an item; what media groups hold counts as the item's. */
static void take_children(struct entry *en, xmlNode *top)
{
	for (xmlNode *n = top->children, *next; n != NULL && !en->s->full; n = next) {
		put_back(n);
		bool group = n->type == XML_ELEMENT_NODE && ns_of(n) == NS_MEDIA &&
			     (str_ieq(node_name(n), STR("group")) || str_ieq(node_name(n), STR("content")));
		next = group ? tree_next(top, n) : tree_skip(top, n);
		take_child(en, n);
	}
}

static struct entry entry_into(struct sink *s, struct item *it, bool of_feed)
{
	struct entry en = {.s = s, .it = of_feed ? NULL : it, .author_rank = RANK_NONE};
	for (size_t i = 0; i < MEMBER_TEXTS; i++)
		en.rank[i] = RANK_NONE;
	en.texts[MEMBER_TITLE] = &it->title;
	en.texts[MEMBER_ID] = &it->id;
	en.texts[MEMBER_PUBLISHED] = &it->published;
	en.texts[MEMBER_UPDATED] = &it->updated;
	en.texts[MEMBER_SUMMARY] = &it->summary;
	en.texts[MEMBER_CONTENT] = &it->content;
	en.texts[MEMBER_LANGUAGE] = &it->language;
	en.texts[MEMBER_LINK] = &it->link;
	return en;
}

static struct str xml_lang(const xmlNode *n)
{
	for (; n != NULL && n->type == XML_ELEMENT_NODE; n = n->parent)
		if (node_attr(n, "lang").n > 0)
			return node_attr(n, "lang");
	return (struct str){0};
}

/* CDF keeps a link and a date in attributes of the item or channel. */
static void take_attributes(struct entry *en, const xmlNode *n)
{
	en->base = base_of(en->s, n);
	set(en, MEMBER_LINK, RANK_ATTRIBUTE, node_attr(n, "href"));
	set(en, MEMBER_UPDATED, RANK_ATTRIBUTE, node_attr(n, "lastmod"));
}

/* The address of an item of RDF names it, and is its page where no link is given. */
static void take_about(struct entry *en, struct str about)
{
	set(en, MEMBER_ID, 1, about);
	if (is_address(about))
		set(en, MEMBER_LINK, RANK_GUID, about);
}

static void take_item(struct sink *s, xmlNode *n, bool rdf)
{
	struct item *it = sink_item(s);
	if (it == NULL)
		return;
	struct entry en = entry_into(s, it, false);
	en.texts[MEMBER_DC_DATE] = &en.dc_date;
	en.texts[MEMBER_CREATED] = &en.created;
	en.base = base_of(s, n);
	take_children(&en, n);
	if (rdf)
		take_about(&en, node_attr(n, "about"));
	if (it->published.n == 0)
		it->published = en.dc_date;
	else if (it->updated.n == 0)
		it->updated = en.dc_date;
	if (it->published.n == 0)
		it->published = en.created;
	it->author = sink_join(s, &en.authors);
	/* Several items may go with one file: it names none of them. */
	if (en.rank[MEMBER_LINK] == RANK_ENCLOSURE)
		set(&en, MEMBER_ID, RANK_ENCLOSURE, it->title.n > 0 ? it->title : it->summary);
	set(&en, MEMBER_LANGUAGE, RANK_RELATED, node_attr(n, "lang"));
	take_attributes(&en, n);
}

static void take_head(struct sink *s, xmlNode *head)
{
	struct item feed = {0};
	struct entry en = entry_into(s, &feed, true);
	en.texts[MEMBER_DC_DATE] = &en.dc_date;
	en.texts[MEMBER_CREATED] = &en.created;
	en.base = base_of(s, head);
	take_children(&en, head);
	set(&en, MEMBER_LANGUAGE, RANK_RELATED, xml_lang(head));
	take_attributes(&en, head);
	base_when_none(s, feed.link);
	s->page->title = sink_keep(s, plain_line(sink_fresh(s), feed.title), FIELD_TEXT_MAX);
	s->page->link = feed.link;
	s->page->language = feed.language;
}

static bool is_item(const xmlNode *n)
{
	return is_core(n, "item") || is_core(n, "entry");
}

static void take_document(struct sink *s, xmlNode *root, bool rdf)
{
	bool headed = false;
	for (xmlNode *n = root; n != NULL && !s->full; n = tree_next(root, n)) {
		if (!headed && (is_core(n, "channel") || is_core(n, "feed"))) {
			take_head(s, n);
			headed = true;
		} else if (is_item(n)) {
			take_item(s, n, rdf);
		}
	}
}

/* What a root element makes of the document; NULL = no feed that is known. */
static const char *format_of(const xmlNode *root)
{
	static const struct {
		const char *root, *format;
	} known[] = {{"rss", "rss"}, {"RDF", "rdf"}, {"feed", "atom"}, {"channel", "rss"}, {"entry", "atom"}};
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_ieq(node_name(root), str_of(known[i].root)))
			return known[i].format;
	return NULL;
}

/* The feed itself where a page is wrapped around it, else the root. */
static xmlNode *feed_root(xmlNode *root)
{
	if (format_of(root) == NULL)
		for (xmlNode *n = root; n != NULL; n = tree_next(root, n))
			if (is_core(n, "feed") || is_core(n, "rss"))
				return n;
	return root;
}

/* The feed behind whatever stands before it, such as a warning in HTML; empty =
 * there is none. */
static struct str behind_junk(struct str utf8)
{
	static const char *const starts[] = {"<rss", "<feed", "<rdf:RDF"};
	size_t first = SIZE_MAX;
	for (size_t i = 0; i < COUNT(starts); i++) {
		size_t at = str_find(utf8, str_of(starts[i]));
		first = at < first ? at : first;
	}
	return first == SIZE_MAX || first == 0 ? (struct str){0} : str_sub(utf8, first, utf8.n);
}

enum err xml_feed(struct sink *s, struct str utf8, struct error *e)
{
	struct buf tidy;
	xmlDoc *doc;
	enum err err = tidy_xml(utf8, &tidy, e);
	if (err != ERR_OK)
		return err;
	err = tree_xml(buf_str(&tidy), &doc, e);
	buf_free(&tidy);
	if (err != ERR_OK)
		return err;
	xmlNode *root = feed_root(xmlDocGetRootElement(doc));
	s->page->cut = tree_cut(utf8, root);
	s->page->format = format_of(root);
	bool html = str_ieq(node_name(root), STR("html"));
	struct str rest = s->page->format == NULL && !html ? behind_junk(utf8) : (struct str){0};
	/* Whatever a feed calls its own default namespace, its elements are a feed's. */
	if (s->page->format != NULL && root->ns != NULL && root->ns->prefix == NULL)
		ns_decide(root->ns, NS_CORE);
	if (s->page->format != NULL)
		take_document(s, root, str_eq(str_of(s->page->format), STR("rdf")));
	else if (rest.n > 0)
		err = xml_feed(s, rest, e);
	else if (html)
		err = err_set(e, ERR_INPUT, "an HTML page, not a feed");
	else
		err = err_set(e, ERR_INPUT, "not a feed: its first element is <%.*s>",
			STRF(clip_text(str_of((const char *)root->name), 40)));
	xmlFreeDoc(doc);
	return err;
}

enum err extract_feed(struct arena *a, struct str bytes, struct str charset, struct str url, struct page *out,
	struct error *e)
{
	struct buf text;
	enum err err = charset_decode(bytes, charset, &text, e);
	if (err != ERR_OK)
		return err;
	*out = (struct page){.format = ""};
	struct str body = str_trim(buf_str(&text));
	struct sink s = sink_begin(a, out, url);
	if (body.n == 0)
		err = err_set(e, ERR_INPUT, "it is empty");
	else if (body.p[0] == '{' || body.p[0] == '[')
		err = json_feed(&s, body, e);
	else
		err = xml_feed(&s, body, e);
	buf_free(&text);
	enum err limit = sink_end(&s, err == ERR_OK ? e : NULL);
	return err != ERR_OK ? err : limit;
}
