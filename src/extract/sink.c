/* SPDX-License-Identifier: MIT
 *
 * The sink: where extracted items go. Every copy checks the room left in the
 * arena first, so that a hostile page ends in ERR_LIMIT and never in an abort.
 */
#include "extract/parts.h"

#define SLACK		((size_t)64 * 1024) /* kept free for the small lists of an item */
#define SCRATCH_MAX	(ITEM_TEXT_MAX * 2) /* bytes of one text while it is collected */
#define SHORT_LIVED_MAX (SCRATCH_MAX * 32)  /* bytes that turning one text into another may take */

struct sink sink_begin(struct arena *a, struct page *page, struct str base)
{
	return (struct sink){.a = a,
		.page = page,
		.base = base,
		.scratch = buf_init(SCRATCH_MAX),
		.tmp = arena_new(SHORT_LIVED_MAX)};
}

struct arena *sink_fresh(struct sink *s)
{
	arena_reset(s->tmp);
	return s->tmp;
}

enum err sink_end(struct sink *s, struct error *e)
{
	buf_free(&s->scratch);
	arena_freep(&s->tmp);
	if (s->full)
		return err_set(e, ERR_LIMIT, "more than %d items, or more text than one page may have",
			EXTRACT_ITEMS_MAX);
	return ERR_OK;
}

/* Whether `n` bytes still fit; from the first that do not, nothing does. */
static bool room(struct sink *s, size_t n)
{
	size_t left = arena_room(s->a);
	if (left < SLACK || left - SLACK < n)
		s->full = true;
	return !s->full;
}

struct item *sink_item(struct sink *s)
{
	struct page *p = s->page;
	size_t more = p->items.n < p->items.room ? 0 : (p->items.room + 4) * 2 * sizeof(struct item);
	if (p->items.n >= EXTRACT_ITEMS_MAX)
		s->full = true;
	if (!room(s, more))
		return NULL;
	return vec_push(s->a, &p->items);
}

void sink_reject(struct sink *s, struct str why)
{
	struct page *p = s->page;
	p->items.n--;
	p->items.v[p->items.n] = (struct item){0};
	while (p->found.n > 0 && p->found.v[p->found.n - 1].item == p->items.n)
		p->found.n--;
	p->bad++;
	if (p->bad == 1)
		p->bad_why = sink_keep(s, why, FIELD_TEXT_MAX);
}

void sink_found(struct sink *s, size_t item, enum field f, size_t index, const struct alternative *alt)
{
	size_t more = s->page == NULL ? 0 : (s->page->found.n + 4) * 2 * sizeof(struct found);
	if (s->trace && room(s, more))
		*vec_push(s->a, &s->page->found) = (struct found){.item = item,
			.field = f,
			.alternative = index + 1,
			.selector = str_dup(s->a, alt->text)};
}

struct str clip_text(struct str s, size_t max)
{
	if (s.n <= max)
		return s;
	while (max > 0 && ((unsigned char)s.p[max] & 0xC0) == 0x80)
		max--;
	return (struct str){s.p, max};
}

struct str sink_keep(struct sink *s, struct str text, size_t max)
{
	text = str_trim(clip_text(str_trim(text), max));
	if (text.n == 0 || !room(s, text.n + 1))
		return (struct str){0};
	return str_dup(s->a, text);
}

void sink_keep_in(struct sink *s, struct strv *list, struct str text)
{
	text = str_trim(clip_text(str_trim(text), FIELD_TEXT_MAX));
	if (text.n == 0 || list->n >= ITEM_LIST_MAX || strv_has(list, text))
		return;
	struct str kept = sink_keep(s, text, FIELD_TEXT_MAX);
	if (kept.n > 0)
		*vec_push(s->a, list) = kept;
}

struct str sink_join(struct sink *s, const struct strv *list)
{
	buf_clear(&s->scratch);
	for (size_t i = 0; i < list->n; i++) {
		buf_addz(&s->scratch, i == 0 ? "" : ", ");
		buf_add(&s->scratch, list->v[i]);
	}
	return sink_keep(s, buf_str(&s->scratch), FIELD_TEXT_MAX);
}

struct str sink_link(struct sink *s, struct str base, struct str link)
{
	link = str_trim(link);
	if (link.n == 0 || link.n > ITEM_URL_MAX || base.n > ITEM_URL_MAX || !room(s, 8 * ITEM_URL_MAX))
		return (struct str){0};
	struct str absolute = url_absolute(s->a, base, link);
	return absolute.n > 0 ? absolute : str_dup(s->a, link);
}

bool item_says_something(const struct sink *s, const struct item *it)
{
	return s->partial || it->title.n + it->link.n + it->id.n + it->summary.n + it->content.n + it->author.n +
		       it->published.n + it->updated.n + it->categories.n >
	       0;
}

void add_escaped(struct buf *out, struct str text)
{
	size_t from = 0;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c != '&' && c != '<' && c != '>')
			continue;
		buf_add(out, str_sub(text, from, i));
		buf_addz(out, c == '&' ? "&amp;" : c == '<' ? "&lt;" : "&gt;");
		from = i + 1;
	}
	buf_add(out, str_sub(text, from, text.n));
}
