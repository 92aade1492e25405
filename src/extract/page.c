/* SPDX-License-Identifier: MIT
 *
 * extract/ as others see it: one page of a source by its recipe. Programs are
 * compiled at first use and kept with the extractor.
 */
#include "extract/parts.h"

struct extractor {
	const struct recipe *r;
	struct program *items, *expect;
	struct xpaths *xpaths;
	struct feed_fields *fields;
};

/* One JSON page while it is read. */
struct reading {
	struct extractor *x;
	struct sink *s;
	struct error *e;
	enum err err;
	bool expected;
};

struct extractor *extract_new(const struct recipe *r)
{
	struct extractor *x = calloc(1, sizeof(*x));
	if (x == NULL)
		die("out of memory");
	x->r = r;
	return x;
}

void extract_free(struct extractor *x)
{
	if (x == NULL)
		return;
	program_free(x->items);
	program_free(x->expect);
	xpaths_free(x->xpaths);
	feed_fields_free(x->fields);
	free(x);
}

static bool is_true(void *ctx, jv out)
{
	struct reading *rd = ctx;
	jv_kind kind = jv_get_kind(out);
	rd->expected = kind != JV_KIND_NULL && kind != JV_KIND_FALSE;
	jv_free(out);
	return false;
}

static bool take_item(void *ctx, jv out)
{
	struct reading *rd = ctx;
	struct item *it = sink_item(rd->s);
	struct str why = {0};
	if (it != NULL && !json_item(rd->s, out, it, &why))
		sink_reject(rd->s, why);
	jv_free(out);
	return !rd->s->full;
}

static bool take_value(void *ctx, jv value)
{
	struct reading *rd = ctx;
	rd->err = program_run(rd->x->items, value, take_item, rd, rd->e);
	return rd->err == ERR_OK && !rd->s->full;
}

static enum err check_expected(struct extractor *x, struct reading *rd, jv doc, struct error *e)
{
	if (x->expect == NULL)
		return ERR_OK;
	enum err err = program_run(x->expect, jv_copy(doc), is_true, rd, e);
	if (err == ERR_OK && !rd->expected)
		err = err_set(e, ERR_INPUT, "the page is not what the recipe expects");
	return err;
}

/* A streamed page is never whole in memory, so `expect` does not apply to it. */
static enum err json_page(struct extractor *x, struct sink *s, struct str utf8, struct error *e)
{
	const struct recipe *r = x->r;
	if (x->items == NULL && (x->items = program_new(&r->items, "items", NULL, e)) == NULL)
		return ERR_CONFIG;
	if (r->expect.text.n > 0 && x->expect == NULL &&
		(x->expect = program_new(&r->expect, "expect", NULL, e)) == NULL)
		return ERR_CONFIG;
	struct reading rd = {.x = x, .s = s, .e = e};
	s->page->format = "json";
	if (r->stream > 0) {
		enum err err = stream_values(utf8, r->stream, take_value, &rd, e);
		return err != ERR_OK ? err : rd.err;
	}
	jv doc;
	enum err err = json_read(utf8, &doc, e);
	if (err != ERR_OK)
		return err;
	err = check_expected(x, &rd, doc, e);
	if (err != ERR_OK) {
		jv_free(doc);
		return err;
	}
	(void)take_value(&rd, doc);
	return rd.err;
}

static enum err xpath_page(
	struct extractor *x, struct sink *s, struct str utf8, struct str url, struct error *e)
{
	if (x->xpaths == NULL && (x->xpaths = xpaths_new(x->r, NULL, e)) == NULL)
		return ERR_CONFIG;
	return xpaths_page(x->xpaths, s, utf8, url, e);
}

static enum err feed_page(struct extractor *x, struct arena *a, struct str bytes, struct str charset,
	struct str base, struct page *out, struct error *e)
{
	if (x->fields == NULL && (x->fields = feed_fields_new(x->r, NULL, e)) == NULL)
		return ERR_CONFIG;
	enum err err = extract_feed(a, bytes, charset, base, out, e);
	if (err != ERR_OK)
		return err;
	struct sink s = sink_begin(a, out, base);
	feed_fields_apply(x->fields, &s);
	return sink_end(&s, e);
}

enum err extract_page(struct extractor *x, struct arena *a, struct str bytes, struct str charset,
	struct str url, struct page *out, struct error *e)
{
	struct str base = url.n > 0 ? url : x->r->rules.base;
	*out = (struct page){.format = ""};
	if (x->r->format == FORMAT_MAIL)
		return err_set(e, ERR_CONFIG, "a source of format mail has no pages");
	if (x->r->format == FORMAT_FEED)
		return feed_page(x, a, bytes, charset, base, out, e);
	struct buf text;
	enum err err = charset_decode(bytes, charset, &text, e);
	if (err != ERR_OK)
		return err;
	struct sink s = sink_begin(a, out, base);
	struct str body = str_trim(buf_str(&text));
	if (body.n == 0)
		err = err_set(e, ERR_INPUT, "it is empty");
	else if (x->r->format == FORMAT_JSON)
		err = json_page(x, &s, body, e);
	else
		err = xpath_page(x, &s, body, url, e);
	buf_free(&text);
	enum err limit = sink_end(&s, err == ERR_OK ? e : NULL);
	return err != ERR_OK ? err : limit;
}

size_t extract_check(const struct recipe *r, struct diags *d)
{
	size_t before = d->errors;
	struct error e;
	switch (r->format) {
	case FORMAT_FEED:
		feed_fields_free(feed_fields_new(r, d, &e));
		break;
	case FORMAT_JSON:
		if (r->items.text.n > 0)
			program_free(program_new(&r->items, "items", d, &e));
		if (r->expect.text.n > 0)
			program_free(program_new(&r->expect, "expect", d, &e));
		break;
	case FORMAT_XML:
	case FORMAT_HTML:
		xpaths_free(xpaths_new(r, d, &e));
		break;
	case FORMAT_MAIL:
		break;
	}
	return d->errors - before;
}
