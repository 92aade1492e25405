/* SPDX-License-Identifier: MIT
 *
 * A deep copy of an opportunity, so that it outlives the page it came from.
 */
#include "model/model.h"

static struct strv copy_list(struct arena *a, const struct strv *list)
{
	struct strv out = {0};
	for (size_t i = 0; i < list->n; i++)
		*vec_push(a, &out) = str_dup(a, list->v[i]);
	return out;
}

struct opportunity opportunity_copy(struct arena *a, const struct opportunity *o)
{
	struct opportunity c = *o;
	struct str *const texts[] = {&c.key, &c.guid, &c.title, &c.summary, &c.body, &c.url, &c.call,
		&c.programme, &c.funder, &c.source, &c.eligibility, &c.language, &c.stage, &c.source_status,
		&c.provenance};
	for (size_t i = 0; i < COUNT(texts); i++)
		*texts[i] = str_dup(a, *texts[i]);
	c.countries = copy_list(a, &o->countries);
	c.categories = copy_list(a, &o->categories);
	memset(&c.deadlines, 0, sizeof(c.deadlines));
	for (size_t i = 0; i < o->deadlines.n; i++) {
		struct deadline *d = vec_push(a, &c.deadlines);
		*d = o->deadlines.v[i];
		d->stage = str_dup(a, d->stage);
		d->zone = str_dup(a, d->zone);
	}
	return c;
}
