/* SPDX-License-Identifier: MIT
 *
 * Trees by libxml2: XML (recovering, without entities, network or DTD) and HTML,
 * and reading text out of them. Walkers are loops and their output is a capped
 * buffer, so neither depth nor size of a document is followed blindly.
 */
#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include "extract/parts.h"

#define TAG_MAX        ((size_t)200)      /* bytes of an end tag that are looked at */
#define TREE_BYTES_MAX ((size_t)32 << 20) /* bytes of a page: a tree takes ten times as many */

/* HTML elements that have no end tag. */
static const char *const void_elements[] = {
	"area",
	"base",
	"br",
	"col",
	"embed",
	"hr",
	"img",
	"input",
	"link",
	"meta",
	"source",
	"wbr",
};

static xmlParserInputPtr deny_entity(const char *url, const char *id, xmlParserCtxtPtr ctxt)
{
	(void)url, (void)id, (void)ctxt;
	return NULL;
}

static void be_silent(void *ctx, xmlErrorPtr error)
{
	(void)ctx, (void)error;
}

/* libxml2's process-wide settings; cheap enough to repeat. */
static void prepare(void)
{
	xmlSetExternalEntityLoader(deny_entity);
	xmlSetStructuredErrorFunc(NULL, be_silent);
}

static bool too_deep(const xmlError *last)
{
	return last != NULL && last->message != NULL && strstr(last->message, "Excessive depth") != NULL;
}

enum err tree_xml(struct str utf8, xmlDoc **out, struct error *e)
{
	const int options = XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT |
			    XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC;
	prepare();
	if (utf8.n > TREE_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "an XML page of more than %zu MB", TREE_BYTES_MAX >> 20);
	xmlParserCtxt *ctxt = xmlNewParserCtxt();
	if (ctxt == NULL)
		die("out of memory");
	xmlDoc *doc = xmlCtxtReadMemory(
		ctxt, utf8.p == NULL ? "" : utf8.p, (int)utf8.n, "page.xml", "UTF-8", options);
	bool deep = too_deep(xmlCtxtGetLastError(ctxt));
	xmlFreeParserCtxt(ctxt);
	bool entities = doc != NULL && doc->intSubset != NULL && doc->intSubset->entities != NULL;
	if (doc != NULL && !deep && !entities && xmlDocGetRootElement(doc) != NULL) {
		*out = doc;
		return ERR_OK;
	}
	if (doc != NULL)
		xmlFreeDoc(doc);
	if (deep)
		return err_set(e, ERR_LIMIT, "elements are nested more than %d deep", EXTRACT_DEPTH_MAX);
	if (entities)
		return err_set(e, ERR_INPUT, "it declares entities, which a feed has no need of");
	return err_set(e, ERR_INPUT, "not XML");
}

bool tree_cut(struct str utf8, const xmlNode *root)
{
	struct str name = str_of((const char *)root->name);
	for (size_t at = utf8.n; at-- > 0;) {
		if (utf8.p[at] != '<' || at + 1 >= utf8.n || utf8.p[at + 1] != '/')
			continue;
		/* With or without a prefix: the last end tag is the root's, or a wrapper's. */
		struct str tag = str_sub(utf8, at + 2, at + 2 + TAG_MAX), rest, local;
		tag = str_trim(str_cut(tag, '>', &rest));
		(void)str_cut(tag, ':', &local);
		if (str_ieq(tag, name) || str_ieq(local, name))
			return false;
	}
	return root->children != NULL;
}

enum err tree_html(struct str utf8, xmlDoc **out, struct error *e)
{
	const int options = HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_COMPACT | HTML_PARSE_NOERROR |
			    HTML_PARSE_NOWARNING | HTML_PARSE_NODEFDTD | HTML_PARSE_IGNORE_ENC;
	prepare();
	if (utf8.n > TREE_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "an HTML page of more than %zu MB", TREE_BYTES_MAX >> 20);
	htmlDocPtr doc =
		htmlReadMemory(utf8.p == NULL ? "" : utf8.p, (int)utf8.n, "page.html", "UTF-8", options);
	if (doc != NULL && xmlDocGetRootElement(doc) != NULL) {
		*out = doc;
		return ERR_OK;
	}
	if (doc != NULL)
		xmlFreeDoc(doc);
	return err_set(e, ERR_INPUT, "not HTML");
}

xmlNode *tree_skip(const xmlNode *top, xmlNode *n)
{
	while (n != NULL && n != top) {
		if (n->next != NULL)
			return n->next;
		n = n->parent;
	}
	return NULL;
}

xmlNode *tree_next(const xmlNode *top, xmlNode *n)
{
	if (n->type == XML_ELEMENT_NODE && n->children != NULL)
		return n->children;
	return tree_skip(top, n);
}

struct str node_name(const xmlNode *n)
{
	struct str name = str_of((const char *)n->name), rest;
	(void)str_cut(name, ':', &rest);
	return rest.n > 0 ? rest : name;
}

struct str node_prefix(const xmlNode *n)
{
	if (n->ns != NULL)
		return str_of((const char *)n->ns->prefix);
	struct str rest, prefix = str_cut(str_of((const char *)n->name), ':', &rest);
	return rest.n > 0 ? prefix : (struct str){0};
}

static struct str attr_value(const xmlAttr *a)
{
	return a->children == NULL ? (struct str){0} : str_of((const char *)a->children->content);
}

struct str node_attr(const xmlNode *n, const char *name)
{
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
		struct str own = str_of((const char *)a->name), rest;
		(void)str_cut(own, ':', &rest);
		if (str_ieq(rest.n > 0 ? rest : own, str_of(name)))
			return attr_value(a);
	}
	return (struct str){0};
}

bool node_has_elements(const xmlNode *n)
{
	for (const xmlNode *c = n->children; c != NULL; c = c->next)
		if (c->type == XML_ELEMENT_NODE)
			return true;
	return false;
}

static bool is_text(const xmlNode *n)
{
	return n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE;
}

/* As much of the text as fits; the rest is dropped by the buffer. */
static void add_text(struct buf *out, struct str text, bool escape)
{
	if (out->failed)
		return;
	size_t left = out->cap - out->n;
	struct str fits = clip_text(text, left);
	if (escape)
		add_escaped(out, fits);
	else
		buf_add(out, fits);
	if (fits.n < text.n)
		out->failed = true;
}

void node_text(const xmlNode *top, struct buf *out)
{
	for (xmlNode *n = top->children; n != NULL && !out->failed; n = tree_next(top, n))
		if (is_text(n))
			add_text(out, str_of((const char *)n->content), false);
}

static bool is_void(struct str name)
{
	for (size_t i = 0; i < COUNT(void_elements); i++)
		if (str_ieq(name, str_of(void_elements[i])))
			return true;
	return false;
}

static void open_tag(const xmlNode *n, struct buf *out)
{
	buf_addc(out, '<');
	buf_add(out, node_name(n));
	for (const xmlAttr *a = n->properties; a != NULL; a = a->next) {
		buf_printf(out, " %s=\"", (const char *)a->name);
		struct str rest = attr_value(a);
		while (rest.n > 0) {
			bool more = str_find_char(rest, '"') != SIZE_MAX;
			add_text(out, str_cut(rest, '"', &rest), true);
			buf_addz(out, more ? "&quot;" : "");
		}
		buf_addc(out, '"');
	}
	buf_addc(out, '>');
}

static void close_tag(const xmlNode *n, struct buf *out)
{
	if (is_void(node_name(n)))
		return;
	buf_addz(out, "</");
	buf_add(out, node_name(n));
	buf_addc(out, '>');
}

void node_markup(const xmlNode *top, struct buf *out)
{
	xmlNode *n = top->children;
	while (n != NULL && !out->failed) {
		if (n->type == XML_ELEMENT_NODE)
			open_tag(n, out);
		else if (is_text(n))
			add_text(out, str_of((const char *)n->content), true);
		if (n->type == XML_ELEMENT_NODE && n->children != NULL) {
			n = n->children;
			continue;
		}
		if (n->type == XML_ELEMENT_NODE)
			close_tag(n, out);
		while (n != top && n->next == NULL) {
			n = n->parent;
			if (n != top)
				close_tag(n, out);
		}
		n = n == top ? NULL : n->next;
	}
}
