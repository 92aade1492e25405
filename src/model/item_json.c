/* SPDX-License-Identifier: MIT
 *
 * The members of a settled item as JSON, in the order of the contract of
 * `extract`; what is empty is left out.
 */
#include "model/model.h"

static void member_list(struct json *j, const char *key, const struct strv *list)
{
	if (list->n == 0)
		return;
	json_key(j, key);
	json_open(j, '[');
	for (size_t i = 0; i < list->n; i++)
		json_str(j, list->v[i]);
	json_close(j, ']');
}

static void member_deadlines(struct json *j, const struct item *it)
{
	if (it->deadlines.n == 0)
		return;
	json_key(j, "deadlines");
	json_open(j, '[');
	for (size_t i = 0; i < it->deadlines.n; i++) {
		const struct item_deadline *d = &it->deadlines.v[i];
		json_open(j, '{');
		json_member_str(j, "stage", d->stage);
		json_member_str(j, "date", d->date);
		json_member_str(j, "time", d->time);
		json_member_str(j, "zone", d->zone);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void member_amount(struct json *j, const char *key, struct str digits)
{
	int64_t v;
	if (str_to_i64(digits, 1, INT64_MAX, &v))
		json_member_int(j, key, v);
}

static void member_budget(struct json *j, const struct item *it)
{
	if (it->budget_min.n + it->budget_max.n + it->budget_total.n == 0)
		return;
	json_key(j, "budget");
	json_open(j, '{');
	member_amount(j, "min", it->budget_min);
	member_amount(j, "max", it->budget_max);
	member_amount(j, "total", it->budget_total);
	json_member_str(j, "currency", it->currency);
	json_close(j, '}');
}

void item_json_members(struct json *j, const struct item *it)
{
	json_member_str(j, "id", it->id);
	json_member_str(j, "title", it->title);
	json_member_str(j, "link", it->link);
	json_member_str(j, "published", it->published);
	json_member_str(j, "updated", it->updated);
	json_member_str(j, "summary", it->summary);
	json_member_str(j, "content", it->content);
	json_member_str(j, "author", it->author);
	member_list(j, "categories", &it->categories);
	json_member_str(j, "language", it->language);
	member_deadlines(j, it);
	json_member_str(j, "opens", it->opens);
	member_budget(j, it);
	json_member_str(j, "call", it->call);
	json_member_str(j, "programme", it->programme);
	json_member_str(j, "kind", it->kind);
	json_member_str(j, "status", it->status);
	member_list(j, "countries", &it->countries);
	json_member_str(j, "funder", it->funder);
	json_member_str(j, "source", it->source);
	json_member_str(j, "eligibility", it->eligibility);
}
