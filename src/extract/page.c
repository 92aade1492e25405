/* SPDX-License-Identifier: MIT
 *
 * extract/ as others see it: one page of a source by its recipe. Programs are
 * compiled at first use and kept with the extractor.
 */
#include <errno.h>
#include <unistd.h>

#include "extract/parts.h"

struct extractor {
	const struct recipe *r;
	struct arena *a; /* of what is made of the recipe */
	struct value composed; /* the program of a detail recipe */
	struct program *items, *expect, *next, *token;
	struct xpaths *xpaths;
	struct feed_fields *fields;
	bool trace;
};

/* One JSON page while it is read. */
struct reading {
	struct extractor *x;
	struct sink *s;
	struct error *e;
	enum err err;
	bool expected;
	struct str found; /* of a program that gives one text */
};

#define CHUNK	     ((size_t)256 * 1024) /* bytes read at a time from a file */
#define COMPOSED_MAX ((size_t)256 * 1024) /* bytes of the programs of a detail recipe */

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
	program_free(x->next);
	program_free(x->token);
	xpaths_free(x->xpaths);
	feed_fields_free(x->fields);
	arena_freep(&x->a);
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

static bool take_text(void *ctx, jv out)
{
	struct reading *rd = ctx;
	if (jv_get_kind(out) == JV_KIND_STRING)
		rd->found = sink_keep(rd->s, json_bytes(out), FIELD_TEXT_MAX);
	jv_free(out);
	return false;
}

/* The text that a program gives first; empty when it gives none. */
static enum err one_text(struct program *p, struct reading *rd, jv doc, struct str *out)
{
	rd->found = (struct str){0};
	enum err err = p == NULL ? ERR_OK : program_run(p, jv_copy(doc), take_text, rd, rd->e);
	*out = rd->found;
	return err;
}

static enum err take_pages(struct extractor *x, struct reading *rd, jv doc)
{
	struct page *p = rd->s->page;
	enum err err = one_text(x->next, rd, doc, &p->next);
	return err != ERR_OK ? err : one_text(x->token, rd, doc, &p->token);
}

static enum err json_page(struct extractor *x, struct sink *s, struct str utf8, struct error *e)
{
	jv doc;
	struct reading rd = {.x = x, .s = s, .e = e};
	enum err err = json_read(utf8, &doc, e);
	if (err != ERR_OK)
		return err;
	err = check_expected(x, &rd, doc, e);
	if (err == ERR_OK)
		err = take_pages(x, &rd, doc);
	if (err == ERR_OK)
		(void)take_value(&rd, jv_copy(doc));
	jv_free(doc);
	return err != ERR_OK ? err : rd.err;
}

/* A streamed page is never whole in memory, so `expect` does not apply to it. */
static enum err stream_page(struct extractor *x, struct sink *s, int fd, struct str bytes, struct error *e)
{
	struct reading rd = {.x = x, .s = s, .e = e};
	struct stream *st = stream_new(x->r->stream, take_value, &rd);
	char *chunk = malloc(CHUNK);
	if (chunk == NULL)
		die("out of memory");
	enum err err = ERR_OK;
	ssize_t n = 0;
	if (fd < 0)
		err = stream_add(st, bytes, e);
	while (fd >= 0 && err == ERR_OK && rd.err == ERR_OK && (n = read(fd, chunk, CHUNK)) > 0)
		err = stream_add(st, (struct str){chunk, (size_t)n}, e);
	if (err == ERR_OK && rd.err == ERR_OK && !s->full)
		err = n < 0 ? err_set(e, ERR_TEMPORARY, "the page can't be read: %s", strerror(errno))
			    : stream_end(st, e);
	free(chunk);
	stream_free(st);
	return err != ERR_OK ? err : rd.err;
}

/* ---- compiling ------------------------------------------------------------------- */

static bool compile_program(
	const struct value *v, const char *key, struct program **out, struct diags *d, struct error *e)
{
	if (*out == NULL && v->text.n > 0)
		*out = program_new(v, key, d, e);
	return *out != NULL || v->text.n == 0;
}

/* The programs of a detail recipe's fields as one that gives an item. */
static const struct value *compose(struct extractor *x)
{
	if (x->composed.text.n > 0)
		return &x->composed;
	struct buf out = buf_init(COMPOSED_MAX);
	x->a = arena_new(COMPOSED_MAX * 2);
	buf_addz(&out, "{");
	for (size_t f = 0; f < FIELD_COUNT; f++) {
		if (x->r->fields[f].text.n == 0)
			continue;
		bool list = field_is_list((enum field)f);
		buf_printf(&out, "%s\"%s\": ([%.*s\n]%s)", out.n > 1 ? ",\n" : "", json_name((enum field)f),
			STRF(x->r->fields[f].text), list ? " | flatten | map(values)" : " | map(values) | .[0]");
	}
	buf_addz(&out, "}");
	x->composed = (struct value){.text = buf_take(&out, x->a), .key = STR("detail"), .at = x->r->at};
	return &x->composed;
}

/* Each field alone, so that a fault is shown where it is. */
static bool compile_detail(struct extractor *x, struct diags *d, struct error *e)
{
	bool ok = true;
	for (size_t f = 0; f < FIELD_COUNT && d != NULL; f++) {
		struct program *alone = NULL;
		ok = compile_program(&x->r->fields[f], field_name((enum field)f), &alone, d, e) && ok;
		program_free(alone);
	}
	return ok && compile_program(compose(x), "detail", &x->items, NULL, e);
}

static bool compile_json(struct extractor *x, struct diags *d, struct error *e)
{
	const struct recipe *r = x->r;
	bool ok = r->is_detail ? compile_detail(x, d, e)
			       : compile_program(&r->items, "items", &x->items, d, e);
	ok = compile_program(&r->expect, "expect", &x->expect, d, e) && ok;
	ok = compile_program(&r->next, "next", &x->next, d, e) && ok;
	return compile_program(&r->token, "token", &x->token, d, e) && ok;
}

/* Everything that the recipe's format has and that is not compiled yet. */
static bool compile(struct extractor *x, struct diags *d, struct error *e)
{
	switch (x->r->format) {
	case FORMAT_FEED:
		x->fields = x->fields != NULL ? x->fields : feed_fields_new(x->r, d, e);
		return x->fields != NULL;
	case FORMAT_JSON:
		return compile_json(x, d, e);
	case FORMAT_XML:
	case FORMAT_HTML:
		x->xpaths = x->xpaths != NULL ? x->xpaths : xpaths_new(x->r, d, e);
		return x->xpaths != NULL;
	case FORMAT_MAIL:
		return true;
	}
	return true;
}

enum err extract_prepare(struct extractor *x, struct error *e)
{
	charset_preload();
	return compile(x, NULL, e) ? ERR_OK : ERR_CONFIG;
}

size_t extract_check(const struct recipe *r, struct diags *d)
{
	size_t before = d->errors;
	struct error e;
	struct extractor *x = extract_new(r);
	(void)compile(x, d, &e);
	extract_free(x);
	if (r->detail != NULL)
		(void)extract_check(r->detail, d);
	return d->errors - before;
}

/* ---- pages ------------------------------------------------------------------------ */

void extract_trace(struct extractor *x)
{
	x->trace = true;
}

static struct sink begin(const struct extractor *x, struct arena *a, struct page *out, struct str base)
{
	struct sink s = sink_begin(a, out, base);
	s.trace = x->trace;
	s.partial = x->r->is_detail;
	return s;
}

static enum err feed_page(struct extractor *x, struct arena *a, struct str bytes, struct str charset,
	struct str base, struct page *out, struct error *e)
{
	enum err err = extract_feed(a, bytes, charset, base, out, e);
	if (err != ERR_OK)
		return err;
	struct sink s = begin(x, a, out, base);
	feed_fields_apply(x->fields, &s);
	return sink_end(&s, e);
}

static enum err text_page(
	struct extractor *x, struct sink *s, struct str utf8, struct str url, struct error *e)
{
	if (utf8.n == 0)
		return err_set(e, ERR_INPUT, "it is empty");
	if (x->r->format != FORMAT_JSON)
		return xpaths_page(x->xpaths, s, utf8, url, e);
	s->page->format = "json";
	return x->r->stream > 0 ? stream_page(x, s, -1, utf8, e) : json_page(x, s, utf8, e);
}

enum err extract_page(struct extractor *x, struct arena *a, struct str bytes, struct str charset,
	struct str url, struct page *out, struct error *e)
{
	struct str base = url.n > 0 ? url : x->r->rules.base;
	*out = (struct page){.format = ""};
	if (x->r->format == FORMAT_MAIL)
		return err_set(e, ERR_CONFIG, "a source of format mail has no pages");
	if (!compile(x, NULL, e))
		return ERR_CONFIG;
	if (x->r->format == FORMAT_FEED)
		return feed_page(x, a, bytes, charset, base, out, e);
	struct buf text;
	enum err err = charset_decode(bytes, charset, &text, e);
	if (err != ERR_OK)
		return err;
	struct sink s = begin(x, a, out, base);
	err = text_page(x, &s, str_trim(buf_str(&text)), url, e);
	buf_free(&text);
	enum err limit = sink_end(&s, err == ERR_OK ? e : NULL);
	return err != ERR_OK ? err : limit;
}

enum err extract_file(struct extractor *x, struct arena *a, int fd, struct str url, struct page *out,
	struct error *e)
{
	*out = (struct page){.format = "json"};
	if (x->r->format != FORMAT_JSON || x->r->stream == 0)
		return err_set(e, ERR_CONFIG, "only json with 'stream' is read piece by piece");
	if (!compile(x, NULL, e))
		return ERR_CONFIG;
	struct sink s = begin(x, a, out, url);
	enum err err = stream_page(x, &s, fd, (struct str){0}, e);
	enum err limit = sink_end(&s, err == ERR_OK ? e : NULL);
	return err != ERR_OK ? err : limit;
}
