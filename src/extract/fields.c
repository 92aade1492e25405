/* SPDX-License-Identifier: MIT
 *
 * The fields that recipes name and where they live in an item.
 */
#include "extract/parts.h"

static const struct {
	size_t offset;
	bool rich; /* keeps HTML */
	bool list; /* takes every value found */
} places[FIELD_COUNT] = {
	[FIELD_ID] = {offsetof(struct item, id), false, false},
	[FIELD_TITLE] = {offsetof(struct item, title), true, false},
	[FIELD_LINK] = {offsetof(struct item, link), false, false},
	[FIELD_PUBLISHED] = {offsetof(struct item, published), false, false},
	[FIELD_UPDATED] = {offsetof(struct item, updated), false, false},
	[FIELD_SUMMARY] = {offsetof(struct item, summary), true, false},
	[FIELD_CONTENT] = {offsetof(struct item, content), true, false},
	[FIELD_AUTHOR] = {offsetof(struct item, author), false, false},
	[FIELD_CATEGORY] = {offsetof(struct item, categories), false, true},
	[FIELD_LANGUAGE] = {offsetof(struct item, language), false, false},
	[FIELD_DEADLINE] = {0, false, true},
	[FIELD_OPENS] = {offsetof(struct item, opens), false, false},
	[FIELD_BUDGET] = {offsetof(struct item, budget), false, false},
	[FIELD_CALL] = {offsetof(struct item, call), false, false},
	[FIELD_PROGRAMME] = {offsetof(struct item, programme), false, false},
	[FIELD_KIND] = {offsetof(struct item, kind), false, false},
	[FIELD_STATUS] = {offsetof(struct item, status), false, false},
	[FIELD_COUNTRY] = {offsetof(struct item, countries), false, true},
	[FIELD_FUNDER] = {offsetof(struct item, funder), false, false},
	[FIELD_ELIGIBILITY] = {offsetof(struct item, eligibility), true, false},
};

bool field_is_rich(enum field f)
{
	return places[f].rich;
}

bool field_is_list(enum field f)
{
	return places[f].list;
}

const char *json_name(enum field f)
{
	if (f == FIELD_DEADLINE)
		return "deadlines";
	return f == FIELD_CATEGORY ? "categories" : f == FIELD_COUNTRY ? "countries" : field_name(f);
}

static void *place_of(struct item *it, enum field f)
{
	return (char *)it + places[f].offset;
}

void field_store(struct sink *s, struct item *it, enum field f, struct str value)
{
	if (f == FIELD_DEADLINE) {
		struct str date = sink_keep(s, value, FIELD_TEXT_MAX);
		if (date.n > 0 && it->deadlines.n < ITEM_DEADLINES_MAX)
			*vec_push(s->a, &it->deadlines) = (struct item_deadline){.date = date};
	} else if (places[f].list) {
		sink_keep_in(s, place_of(it, f), value);
	} else {
		struct str *to = place_of(it, f);
		*to = f == FIELD_LINK ? sink_link(s, s->base, value)
				      : sink_keep(s, value, places[f].rich ? ITEM_TEXT_MAX : FIELD_TEXT_MAX);
	}
}

struct str field_read(const struct item *it, enum field f)
{
	if (f == FIELD_DEADLINE)
		return it->deadlines.n == 0 ? (struct str){0} : it->deadlines.v[0].date;
	const char *at = (const char *)it + places[f].offset;
	if (!places[f].list)
		return *(const struct str *)(const void *)at;
	const struct strv *list = (const void *)at;
	return list->n == 0 ? (struct str){0} : list->v[0];
}

bool field_named(struct str name, enum field *out)
{
	for (size_t i = 0; i < FIELD_COUNT; i++)
		if (str_eq(name, str_of(field_name((enum field)i)))) {
			*out = (enum field)i;
			return true;
		}
	return false;
}
