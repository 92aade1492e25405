/* SPDX-License-Identifier: MIT
 *
 * XML and HTML pages by the XPaths of a recipe: `expect` must hold, `items` gives
 * the items, one XPath with alternatives per field is evaluated at each of them.
 * Prefixes that the page's root declares can be used in XPaths; its default
 * namespace has the prefix x.
 */
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "extract/parts.h"

#define XPATH_OPS_MAX	20000000UL	  /* steps of one evaluation */
#define XPATH_ARENA_MAX ((size_t)4 << 20) /* bytes of a recipe's compiled selectors */

/* A selector with one compiled XPath per alternative. */
struct path {
	struct selector sel;
	xmlXPathCompExpr **exprs;
};

struct xpaths {
	const struct recipe *r;
	struct arena *a;
	struct path items, next, token, expect, fields[FIELD_COUNT];
};

/* One page while it is read. */
struct reading {
	struct xpaths *x;
	struct sink *s;
	xmlXPathContext *ctx;
};

/* libxml2 tells where it stopped reading an XPath, and no more. */
static void note_offset(void *ctx, xmlErrorPtr error)
{
	*(int *)ctx = error->int1;
}

static bool compile_one(const struct value *v, const struct alternative *alt, const char *z,
	xmlXPathCompExpr **out, struct diags *d, struct error *e)
{
	xmlXPathContext *ctx = xmlXPathNewContext(NULL);
	if (ctx == NULL)
		die("out of memory");
	int stopped = 0;
	ctx->error = note_offset;
	ctx->userData = &stopped;
	*out = xmlXPathCtxtCompile(ctx, (const xmlChar *)z);
	xmlXPathFreeContext(ctx);
	if (*out != NULL)
		return true;
	(void)err_set(e, ERR_CONFIG, "%.*s: this is no XPath: %.*s", STRF(v->key), STRF(alt->text));
	size_t offset = stopped < 0 || (size_t)stopped >= alt->text.n ? alt->text.n - 1 : (size_t)stopped;
	if (d != NULL)
		diag_add(d, DIAG_ERROR, value_place(v, alt->offset + offset, 1),
			"it can't be read from here on", "this is no XPath");
	return false;
}

/* An empty value is fine and gives no alternatives. */
static bool compile(
	struct xpaths *x, const struct value *v, struct path *out, struct diags *d, struct error *e)
{
	if (!selector_parse(x->a, v, &out->sel, d, e))
		return false;
	out->exprs = arena_make_n(x->a, out->sel.list.n + 1, xmlXPathCompExpr *);
	bool ok = true;
	for (size_t i = 0; i < out->sel.list.n; i++) {
		const struct alternative *alt = &out->sel.list.v[i];
		ok = compile_one(v, alt, str_c(x->a, alt->text), &out->exprs[i], d, e) && ok;
	}
	return ok;
}

static void path_free(struct path *p)
{
	for (size_t i = 0; i < p->sel.list.n && p->exprs != NULL; i++)
		if (p->exprs[i] != NULL)
			xmlXPathFreeCompExpr(p->exprs[i]);
	selector_free(&p->sel);
}

struct xpaths *xpaths_new(const struct recipe *r, struct diags *d, struct error *e)
{
	struct xpaths *x = calloc(1, sizeof(*x));
	if (x == NULL)
		die("out of memory");
	*x = (struct xpaths){.r = r, .a = arena_new(XPATH_ARENA_MAX)};
	bool ok = compile(x, &r->items, &x->items, d, e);
	ok = compile(x, &r->next, &x->next, d, e) && ok;
	ok = compile(x, &r->token, &x->token, d, e) && ok;
	ok = compile(x, &r->expect, &x->expect, d, e) && ok;
	for (size_t f = 0; f < FIELD_COUNT; f++)
		ok = compile(x, &r->fields[f], &x->fields[f], d, e) && ok;
	if (ok)
		return x;
	xpaths_free(x);
	return NULL;
}

void xpaths_free(struct xpaths *x)
{
	if (x == NULL)
		return;
	path_free(&x->items);
	path_free(&x->next);
	path_free(&x->token);
	path_free(&x->expect);
	for (size_t f = 0; f < FIELD_COUNT; f++)
		path_free(&x->fields[f]);
	arena_free(x->a);
	free(x);
}

static void be_silent(void *ctx, xmlErrorPtr error)
{
	(void)ctx, (void)error;
}

static xmlXPathContext *new_context(xmlDoc *doc)
{
	xmlXPathContext *ctx = xmlXPathNewContext(doc);
	if (ctx == NULL)
		die("out of memory");
	ctx->error = be_silent;
	ctx->opLimit = XPATH_OPS_MAX;
	for (const xmlNs *ns = xmlDocGetRootElement(doc)->nsDef; ns != NULL; ns = ns->next)
		(void)xmlXPathRegisterNs(
			ctx, ns->prefix == NULL ? (const xmlChar *)"x" : ns->prefix, ns->href);
	return ctx;
}

/* Evaluates alternative `i` at `at`; NULL when it can't be. */
static xmlXPathObject *evaluate(struct reading *rd, const struct path *p, size_t i, xmlNode *at)
{
	rd->ctx->opCount = 0;
	rd->ctx->node = at;
	return xmlXPathCompiledEval(p->exprs[i], rd->ctx);
}

/* The text of a node that is no element. */
static struct str leaf_text(const xmlNode *n)
{
	const xmlNode *text = n->type == XML_ATTRIBUTE_NODE ? n->children : n;
	bool plain = text != NULL && (n->type == XML_ATTRIBUTE_NODE || n->type == XML_TEXT_NODE ||
					     n->type == XML_CDATA_SECTION_NODE);
	return plain ? str_of((const char *)text->content) : (struct str){0};
}

/* What a field takes from a text that is no markup. */
static struct str final_text(struct sink *s, const struct alternative *alt, struct str text, bool rich)
{
	struct str taken = alternative_take(s->tmp, alt, str_trim(clip_text(text, ITEM_TEXT_MAX)));
	if (!rich)
		return taken;
	buf_clear(&s->scratch);
	add_escaped(&s->scratch, taken);
	return buf_str(&s->scratch);
}

/* What a field takes from a node: markup where the field keeps it, else plain text. */
static struct str final_node(struct sink *s, const struct alternative *alt, const xmlNode *n, bool rich)
{
	(void)sink_fresh(s);
	if (n->type != XML_ELEMENT_NODE)
		return final_text(s, alt, leaf_text(n), rich);
	buf_clear(&s->scratch);
	node_markup(n, &s->scratch);
	if (rich && !alt->has_regex)
		return buf_str(&s->scratch);
	struct str plain = plain_line(s->tmp, clip_text(buf_str(&s->scratch), ITEM_TEXT_MAX));
	return final_text(s, alt, plain, rich);
}

/* Stores what one alternative found; true when it found anything. */
static bool store(struct reading *rd, struct item *it, enum field f, const struct alternative *alt,
	const xmlXPathObject *found)
{
	bool any = false;
	const xmlNodeSet *set = found->type == XPATH_NODESET ? found->nodesetval : NULL;
	for (int i = 0; set != NULL && i < set->nodeNr && !rd->s->full; i++) {
		if (set->nodeTab[i]->type == XML_NAMESPACE_DECL)
			continue;
		struct str value = final_node(rd->s, alt, set->nodeTab[i], field_is_rich(f));
		if (value.n == 0)
			continue;
		field_store(rd->s, it, f, value);
		any = true;
		if (!field_is_list(f))
			break;
	}
	if (found->type == XPATH_STRING && found->stringval != NULL) {
		(void)sink_fresh(rd->s);
		struct str value =
			final_text(rd->s, alt, str_of((const char *)found->stringval), field_is_rich(f));
		any = value.n > 0;
		if (any)
			field_store(rd->s, it, f, value);
	}
	return any;
}

static void take_field(struct reading *rd, struct item *it, enum field f, xmlNode *at)
{
	const struct path *p = &rd->x->fields[f];
	bool done = false;
	for (size_t i = 0; i < p->sel.list.n && !done; i++) {
		xmlXPathObject *found = evaluate(rd, p, i, at);
		done = found != NULL && store(rd, it, f, &p->sel.list.v[i], found);
		if (done)
			sink_found(rd->s, rd->s->page->items.n - 1, f, i, &p->sel.list.v[i]);
		xmlXPathFreeObject(found);
	}
}

static void take_item(struct reading *rd, xmlNode *at)
{
	struct item *it = sink_item(rd->s);
	if (it == NULL)
		return;
	for (size_t f = 0; f < FIELD_COUNT; f++)
		take_field(rd, it, (enum field)f, at);
	if (!item_says_something(rd->s, it))
		sink_reject(rd->s, STR("an empty item"));
}

static enum err take_items(struct reading *rd, xmlNode *root, struct error *e)
{
	const struct path *p = &rd->x->items;
	bool any = false;
	for (size_t i = 0; i < p->sel.list.n && !any; i++) {
		xmlXPathObject *found = evaluate(rd, p, i, root);
		if (found == NULL)
			return err_set(e, ERR_LIMIT, "items: this XPath can't be evaluated on this page");
		const xmlNodeSet *set = found->type == XPATH_NODESET ? found->nodesetval : NULL;
		for (int k = 0; set != NULL && k < set->nodeNr && !rd->s->full; k++)
			if (set->nodeTab[k]->type == XML_ELEMENT_NODE)
				take_item(rd, set->nodeTab[k]);
		any = set != NULL && set->nodeNr > 0;
		xmlXPathFreeObject(found);
	}
	return ERR_OK;
}

static bool as_expected(struct reading *rd, xmlNode *root)
{
	const struct path *p = &rd->x->expect;
	bool ok = p->sel.list.n == 0;
	for (size_t i = 0; i < p->sel.list.n && !ok; i++) {
		xmlXPathObject *found = evaluate(rd, p, i, root);
		ok = found != NULL && xmlXPathCastToBoolean(found) == 1;
		xmlXPathFreeObject(found);
	}
	return ok;
}

/* What a selector of the page itself finds first, kept as field `f` would be. */
static struct str take_one(struct reading *rd, const struct path *p, enum field f, xmlNode *root)
{
	struct item found = {0};
	for (size_t i = 0; i < p->sel.list.n && field_read(&found, f).n == 0; i++) {
		xmlXPathObject *o = evaluate(rd, p, i, root);
		if (o != NULL)
			(void)store(rd, &found, f, &p->sel.list.v[i], o);
		xmlXPathFreeObject(o);
	}
	return field_read(&found, f);
}

/* <base href> of an HTML page. */
static void take_base(struct sink *s, xmlNode *root)
{
	for (xmlNode *n = root; n != NULL; n = tree_next(root, n))
		if (n->type == XML_ELEMENT_NODE && str_ieq(node_name(n), STR("base"))) {
			struct str href = node_attr(n, "href");
			s->base = href.n > 0 ? sink_link(s, s->base, href) : s->base;
			return;
		}
}

static void take_page_facts(struct sink *s, xmlNode *root)
{
	s->page->language = sink_keep(s, node_attr(root, "lang"), FIELD_TEXT_MAX);
	for (xmlNode *n = root; n != NULL; n = tree_next(root, n))
		if (n->type == XML_ELEMENT_NODE && str_ieq(node_name(n), STR("title"))) {
			buf_clear(&s->scratch);
			node_text(n, &s->scratch);
			s->page->title = sink_keep(s, buf_str(&s->scratch), FIELD_TEXT_MAX);
			return;
		}
}

static enum err read_tree(const struct recipe *r, struct str utf8, xmlDoc **doc, struct error *e)
{
	if (r->format == FORMAT_HTML)
		return tree_html(utf8, doc, e);
	struct buf tidy;
	enum err err = tidy_xml(utf8, &tidy, e);
	if (err != ERR_OK)
		return err;
	err = tree_xml(buf_str(&tidy), doc, e);
	buf_free(&tidy);
	return err;
}

enum err xpaths_page(struct xpaths *x, struct sink *s, struct str utf8, struct str url, struct error *e)
{
	xmlDoc *doc;
	enum err err = read_tree(x->r, utf8, &doc, e);
	if (err != ERR_OK)
		return err;
	xmlNode *root = xmlDocGetRootElement(doc);
	struct reading rd = {.x = x, .s = s, .ctx = new_context(doc)};
	s->page->format = x->r->format == FORMAT_HTML ? "html" : "xml";
	s->page->link = sink_keep(s, url, ITEM_URL_MAX);
	s->page->cut = x->r->format != FORMAT_HTML && tree_cut(utf8, root);
	take_page_facts(s, root);
	take_base(s, root);
	if (!as_expected(&rd, root))
		err = err_set(e, ERR_INPUT, "the page is not what the recipe expects");
	if (err == ERR_OK)
		err = take_items(&rd, root, e);
	if (err == ERR_OK) {
		s->page->next = take_one(&rd, &x->next, FIELD_LINK, root);
		s->page->token = take_one(&rd, &x->token, FIELD_ID, root);
	}
	xmlXPathFreeContext(rd.ctx);
	xmlFreeDoc(doc);
	return err;
}
