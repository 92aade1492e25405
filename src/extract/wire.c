/* SPDX-License-Identifier: MIT
 *
 * A page on its way between two processes: lengths and bytes, no more. What comes
 * from the other side is not believed: every length and count is checked, since
 * that side has read bytes from outside.
 */
#include "extract/wire.h"

#define WIRE_START 0x46575831u /* what an answer begins with, */
#define WIRE_END   0x656e642eu /* and what says that it is whole */
#define WIRE_NEXT  0x6974656du /* another item follows */

#define IN_ITEM(member) offsetof(struct item, member)

/* The texts of an item, and its lists of texts. */
static const size_t texts[] = {
	IN_ITEM(id),
	IN_ITEM(title),
	IN_ITEM(link),
	IN_ITEM(published),
	IN_ITEM(updated),
	IN_ITEM(summary),
	IN_ITEM(content),
	IN_ITEM(author),
	IN_ITEM(language),
	IN_ITEM(opens),
	IN_ITEM(budget),
	IN_ITEM(budget_min),
	IN_ITEM(budget_max),
	IN_ITEM(budget_total),
	IN_ITEM(currency),
	IN_ITEM(call),
	IN_ITEM(programme),
	IN_ITEM(kind),
	IN_ITEM(status),
	IN_ITEM(funder),
	IN_ITEM(source),
	IN_ITEM(eligibility),
	IN_ITEM(provenance),
};
static const size_t lists[] = {IN_ITEM(categories), IN_ITEM(countries)};
static const size_t deadline_texts[] = {
	offsetof(struct item_deadline, stage),
	offsetof(struct item_deadline, date),
	offsetof(struct item_deadline, time),
	offsetof(struct item_deadline, zone),
};
static const size_t page_texts[] = {
	offsetof(struct page, title),
	offsetof(struct page, link),
	offsetof(struct page, language),
	offsetof(struct page, bad_why),
	offsetof(struct page, next),
	offsetof(struct page, token),
};
/* The formats a page may have: they travel as their place in this list. */
static const char *const formats[] = {"", "rss", "atom", "rdf", "jsonfeed", "json", "html", "xml"};

static struct str *text_at(void *base, size_t offset)
{
	return (struct str *)(void *)((char *)base + offset);
}

/* ---- out ---------------------------------------------------------------------- */

static void put_number(struct buf *out, uint32_t n)
{
	buf_add(out, (struct str){(const char *)&n, sizeof(n)});
}

static void put_text(struct buf *out, struct str s)
{
	put_number(out, (uint32_t)s.n);
	buf_add(out, s);
}

static void put_texts(struct buf *out, const void *base, const size_t *offsets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_text(out, *(const struct str *)(const void *)((const char *)base + offsets[i]));
}

void wire_put_start(struct buf *out, enum err kind, const struct error *e)
{
	put_number(out, WIRE_START);
	put_number(out, (uint32_t)kind);
	put_text(out, kind == ERR_OK ? (struct str){0} : str_of(e->text));
}

void wire_put_page(struct buf *out, const struct page *p)
{
	uint32_t format = 0;
	for (uint32_t i = 0; i < COUNT(formats); i++)
		if (p->format != NULL && strcmp(p->format, formats[i]) == 0)
			format = i;
	put_number(out, format);
	put_number(out, p->cut ? 1 : 0);
	put_number(out, p->bad > UINT32_MAX ? UINT32_MAX : (uint32_t)p->bad);
	put_texts(out, p, page_texts, COUNT(page_texts));
}

void wire_put_item(struct buf *out, const struct item *it)
{
	put_number(out, WIRE_NEXT);
	put_texts(out, it, texts, COUNT(texts));
	for (size_t i = 0; i < COUNT(lists); i++) {
		const struct strv *list = (const void *)((const char *)it + lists[i]);
		put_number(out, (uint32_t)list->n);
		for (size_t k = 0; k < list->n; k++)
			put_text(out, list->v[k]);
	}
	put_number(out, (uint32_t)it->deadlines.n);
	for (size_t i = 0; i < it->deadlines.n; i++)
		put_texts(out, &it->deadlines.v[i], deadline_texts, COUNT(deadline_texts));
}

void wire_put_end(struct buf *out)
{
	put_number(out, WIRE_END);
}

/* ---- in ------------------------------------------------------------------------ */

/* What is left to read; `broken` from the first thing that does not fit. */
struct wire {
	struct arena *a;
	struct str rest;
	bool broken;
};

static uint32_t get_number(struct wire *w)
{
	uint32_t n = 0;
	if (w->rest.n < sizeof(n))
		w->broken = true;
	if (w->broken)
		return 0;
	memcpy(&n, w->rest.p, sizeof(n));
	w->rest = str_sub(w->rest, sizeof(n), w->rest.n);
	return n;
}

static uint32_t get_count(struct wire *w, uint32_t max)
{
	uint32_t n = get_number(w);
	w->broken = w->broken || n > max;
	return w->broken ? 0 : n;
}

static struct str get_text(struct wire *w)
{
	uint32_t n = get_number(w);
	w->broken = w->broken || n > w->rest.n;
	if (w->broken || n == 0)
		return (struct str){0};
	struct str s = str_sub(w->rest, 0, n);
	w->rest = str_sub(w->rest, n, w->rest.n);
	return s;
}

static void get_texts(struct wire *w, void *base, const size_t *offsets, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*text_at(base, offsets[i]) = get_text(w);
}

static bool room(struct wire *w, size_t n)
{
	w->broken = w->broken || arena_room(w->a) < n;
	return !w->broken;
}

static void get_item(struct wire *w, struct item *it)
{
	get_texts(w, it, texts, COUNT(texts));
	for (size_t i = 0; i < COUNT(lists); i++) {
		struct strv *list = (void *)((char *)it + lists[i]);
		list->n = list->room = get_count(w, ITEM_LIST_MAX);
		list->v = arena_make_n(w->a, list->n, struct str);
		for (size_t k = 0; k < list->n; k++)
			list->v[k] = get_text(w);
	}
	it->deadlines.n = it->deadlines.room = get_count(w, ITEM_DEADLINES_MAX);
	it->deadlines.v = arena_make_n(w->a, it->deadlines.n, struct item_deadline);
	for (size_t i = 0; i < it->deadlines.n; i++)
		get_texts(w, &it->deadlines.v[i], deadline_texts, COUNT(deadline_texts));
}

static void get_page(struct wire *w, struct page *p)
{
	static const size_t slack = 64 * 1024; /* for one item's lists, at their longest */
	p->format = formats[get_count(w, COUNT(formats) - 1)];
	p->cut = get_count(w, 1) == 1;
	p->bad = get_number(w);
	get_texts(w, p, page_texts, COUNT(page_texts));
	uint32_t mark;
	while ((mark = get_number(w)) == WIRE_NEXT && p->items.n < EXTRACT_ITEMS_MAX &&
		room(w, slack + 3 * (p->items.n + 4) * sizeof(struct item)))
		get_item(w, vec_push(w->a, &p->items));
	w->broken = w->broken || mark != WIRE_END;
}

enum err wire_get(struct arena *a, struct str bytes, struct page *out, struct error *e)
{
	struct wire w = {.a = a, .rest = bytes};
	*out = (struct page){.format = ""};
	bool start = get_number(&w) == WIRE_START;
	enum err kind = (enum err)get_count(&w, ERR_INTERNAL);
	struct str text = get_text(&w);
	if (start && !w.broken && kind == ERR_OK)
		get_page(&w, out);
	else if (start && !w.broken)
		return err_set(e, kind, "%.*s", STRF(str_sub(text, 0, ERROR_TEXT_MAX - 1)));
	if (start && !w.broken)
		return ERR_OK;
	*out = (struct page){.format = ""};
	return err_set(e, ERR_INTERNAL, "reading the page ended without a whole result");
}
