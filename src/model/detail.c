/* SPDX-License-Identifier: MIT
 *
 * What a second page says of a call that a list only mentions: it fills what is
 * empty, and never replaces what is there.
 */
#include "model/model.h"

#define OFFSET(member) offsetof(struct opportunity, member)

/* Texts and lists by the names that recipes have for them. */
static const struct {
	const char *name;
	size_t offset;
	bool list;
} plain[] = {
	{"summary", OFFSET(summary), false},
	{"content", OFFSET(body), false},
	{"language", OFFSET(language), false},
	{"programme", OFFSET(programme), false},
	{"status", OFFSET(source_status), false},
	{"funder", OFFSET(funder), false},
	{"eligibility", OFFSET(eligibility), false},
	{"category", OFFSET(categories), true},
	{"country", OFFSET(countries), true},
};

static bool fill_text(struct str *to, const struct str *from)
{
	bool fills = to->n == 0 && from->n > 0;
	if (fills)
		*to = *from;
	return fills;
}

static bool fill_list(struct strv *to, const struct strv *from)
{
	bool fills = to->n == 0 && from->n > 0;
	if (fills)
		*to = *from;
	return fills;
}

static bool fill_plain(size_t i, struct opportunity *o, const struct opportunity *from)
{
	void *to = (char *)o + plain[i].offset;
	const void *source = (const char *)from + plain[i].offset;
	return plain[i].list ? fill_list(to, source) : fill_text(to, source);
}

static bool fill_deadline(struct opportunity *o, const struct opportunity *from)
{
	bool fills = o->deadlines.n == 0 && from->deadlines.n > 0;
	if (!fills)
		return false;
	memcpy(&o->deadlines, &from->deadlines, sizeof(o->deadlines));
	o->stage = from->stage;
	return true;
}

static bool fill_opens(struct opportunity *o, const struct opportunity *from)
{
	bool fills = !date_known(o->opens) && date_known(from->opens);
	if (fills)
		o->opens = from->opens;
	return fills;
}

static bool budget_known(const struct budget *b)
{
	return b->min != AMOUNT_UNKNOWN || b->max != AMOUNT_UNKNOWN || b->total != AMOUNT_UNKNOWN;
}

static bool fill_budget(struct opportunity *o, const struct opportunity *from)
{
	bool fills = !budget_known(&o->budget) && budget_known(&from->budget);
	if (fills)
		o->budget = from->budget;
	return fills;
}

static bool fill_kind(struct opportunity *o, const struct opportunity *from)
{
	bool fills = o->kind == KIND_UNKNOWN && from->kind != KIND_UNKNOWN;
	if (fills)
		o->kind = from->kind;
	return fills;
}

static const struct {
	const char *name;
	bool (*fill)(struct opportunity *o, const struct opportunity *from);
} special[] = {
	{"deadline", fill_deadline},
	{"opens", fill_opens},
	{"budget", fill_budget},
	{"kind", fill_kind},
};

static bool asked(const struct strv *only, const char *name)
{
	return only == NULL || strv_has(only, str_of(name));
}

struct strv opportunity_fill(
	struct arena *a, struct opportunity *o, const struct opportunity *from, const struct strv *only)
{
	struct strv filled = {0};
	for (size_t i = 0; i < COUNT(special); i++)
		if (asked(only, special[i].name) && special[i].fill(o, from))
			*vec_push(a, &filled) = str_of(special[i].name);
	for (size_t i = 0; i < COUNT(plain); i++)
		if (asked(only, plain[i].name) && fill_plain(i, o, from))
			*vec_push(a, &filled) = str_of(plain[i].name);
	return filled;
}
