/* SPDX-License-Identifier: MIT
 *
 * Fields that a recipe takes out of the text of a feed's items:
 * `deadline: title ~ /Frist: (.*)$/ || summary ~ /by ([0-9]+ [A-Z][a-z]+ [0-9]+)/`.
 */
#include "extract/parts.h"

#define FEED_FIELDS_ARENA_MAX ((size_t)1 << 20) /* bytes of a recipe's selectors */

struct feed_fields {
	struct arena *a;
	struct selector fields[FIELD_COUNT];
};

static bool check_names(const struct selector *sel, const struct value *v, struct diags *d, struct error *e)
{
	for (size_t i = 0; i < sel->list.n; i++) {
		const struct alternative *alt = &sel->list.v[i];
		enum field from;
		if (field_named(alt->text, &from))
			continue;
		(void)err_set(
			e, ERR_CONFIG, "%.*s: an item has no field '%.*s'", STRF(v->key), STRF(alt->text));
		if (d != NULL)
			diag_add(d, DIAG_ERROR, value_place(v, alt->offset, alt->text.n),
				"such as title, summary or content", "an item has no field '%.*s'",
				STRF(alt->text));
		return false;
	}
	return true;
}

struct feed_fields *feed_fields_new(const struct recipe *r, struct diags *d, struct error *e)
{
	struct feed_fields *ff = calloc(1, sizeof(*ff));
	if (ff == NULL)
		die("out of memory");
	ff->a = arena_new(FEED_FIELDS_ARENA_MAX);
	bool ok = true;
	for (size_t f = 0; f < FIELD_COUNT; f++)
		ok = selector_parse(ff->a, &r->fields[f], &ff->fields[f], d, e) &&
		     check_names(&ff->fields[f], &r->fields[f], d, e) && ok;
	if (ok)
		return ff;
	feed_fields_free(ff);
	return NULL;
}

void feed_fields_free(struct feed_fields *ff)
{
	if (ff == NULL)
		return;
	for (size_t f = 0; f < FIELD_COUNT; f++)
		selector_free(&ff->fields[f]);
	arena_free(ff->a);
	free(ff);
}

/* One field from the first alternative that gives something; `was` is the item as the feed gave it. */
static void apply(
	const struct selector *sel, struct sink *s, const struct item *was, size_t item, enum field f)
{
	for (size_t i = 0; i < sel->list.n; i++) {
		const struct alternative *alt = &sel->list.v[i];
		enum field from;
		if (!field_named(alt->text, &from))
			continue;
		struct arena *tmp = sink_fresh(s);
		struct str text = field_read(was, from);
		if (field_is_rich(from) && (alt->has_regex || !field_is_rich(f)))
			text = plain_line(tmp, text);
		text = alternative_take(tmp, alt, text);
		if (text.n == 0)
			continue;
		field_store(s, &s->page->items.v[item], f, text);
		sink_found(s, item, f, i, alt);
		return;
	}
}

void feed_fields_apply(const struct feed_fields *ff, struct sink *s)
{
	for (size_t i = 0; i < s->page->items.n && !s->full; i++) {
		struct item was = s->page->items.v[i];
		for (size_t f = 0; f < FIELD_COUNT; f++)
			apply(&ff->fields[f], s, &was, i, (enum field)f);
	}
}
