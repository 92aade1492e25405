/* SPDX-License-Identifier: MIT
 *
 * Words of a language by their English: a binary search in the compiled catalogue.
 * The C library's own catalogues would need installed locales, which a small server
 * does not have; a table in the program always works. In: English and a count; out:
 * the words.
 */
#include "render/language.h"

#include <stdlib.h>

#include "base/buf.h"
#include "render/catalogue.h"

#define FILLED_MAX ((size_t)16 << 10) /* bytes of one filled sentence */
#define NBSP	   "\xC2\xA0"
#define NARROW	   "\xE2\x80\xAF"

/* A new language is a row here and a file in conf/po/. */
static const struct language languages[] = {
	{.code = "en", .thousands = ",", .grouped = 4, .gap = " ", .currency_first = true, .first = "1"},
	{.code = "de", .thousands = ".", .grouped = 4, .gap = NBSP, .first = "1"},
	{.code = "et", .thousands = NBSP, .grouped = 5, .gap = NBSP, .first = "1"},
	{.code = "fr", .thousands = NARROW, .grouped = 4, .gap = NBSP, .first = "1er"},
};

const struct language *language_of(struct str code)
{
	struct str rest, two = str_cut(code, '-', &rest);
	for (size_t i = 0; i < COUNT(languages); i++)
		if (str_ieq(two, str_of(languages[i].code)))
			return &languages[i];
	return &languages[0];
}

static const struct catalogue *catalogue_of(const struct language *l)
{
	for (size_t i = 0; i < catalogues_count; i++)
		if (strcmp(catalogues[i].code, l->code) == 0)
			return &catalogues[i];
	return NULL;
}

static int by_id(const void *key, const void *row)
{
	const struct catalogue_message *m = row;
	return strcmp(key, m->id);
}

static const struct catalogue_message *look_up(const struct catalogue *c, const char *id)
{
	return c == NULL ? NULL : bsearch(id, c->messages, c->n, sizeof(*c->messages), by_id);
}

struct str tr(const struct language *l, const char *id)
{
	const struct catalogue_message *m = look_up(catalogue_of(l), id);
	return str_of(m == NULL ? id : m->text[0]);
}

struct str tr_n(const struct language *l, const char *one, const char *many, int64_t n)
{
	const struct catalogue *c = catalogue_of(l);
	const struct catalogue_message *m = look_up(c, one);
	if (m == NULL)
		return str_of(n == 1 ? one : many);
	unsigned long form = c->form(n < 0 ? 0 : (unsigned long)n);
	return str_of(m->text[form < CATALOGUE_FORMS && m->text[form] != NULL ? form : 0]);
}

/* The slot whose name stands between the braces at the text's start. */
static const struct slot *slot_at(struct str text, const struct slot *slots, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str name = str_of(slots[i].name);
		if (text.n >= name.n + 2 && text.p[name.n + 1] == '}' &&
			str_eq(str_sub(text, 1, name.n + 1), name))
			return &slots[i];
	}
	return NULL;
}

struct str fill_slots(struct arena *a, struct str text, const struct slot *slots, size_t n)
{
	struct buf b = buf_init(FILLED_MAX);
	while (text.n > 0) {
		size_t open = str_find_char(text, '{');
		buf_add(&b, str_sub(text, 0, open));
		text = str_sub(text, open, text.n);
		const struct slot *slot = text.n > 0 ? slot_at(text, slots, n) : NULL;
		buf_add(&b, slot == NULL ? str_sub(text, 0, 1) : slot->value);
		text = str_sub(text, slot == NULL ? 1 : strlen(slot->name) + 2, text.n);
	}
	return buf_take(&b, a);
}
