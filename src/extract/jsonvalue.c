/* SPDX-License-Identifier: MIT
 *
 * JSON values by libjq: reading a document, taking members out, and ITEM objects
 * (design.md section 10) to items by one table.
 */
#include <math.h>

#include "extract/parts.h"

#define JSON_BYTES_MAX ((size_t)256 << 20) /* bytes of one document */
#define EXACT_MAX      9007199254740992.0  /* 2^53: larger numbers are not exact in libjq */

/* The members of an ITEM that are one text. */
static const struct {
	const char *key;
	size_t offset, max;
} texts[] = {
	{"id", offsetof(struct item, id), FIELD_TEXT_MAX},
	{"title", offsetof(struct item, title), FIELD_TEXT_MAX},
	{"link", offsetof(struct item, link), FIELD_TEXT_MAX},
	{"published", offsetof(struct item, published), FIELD_TEXT_MAX},
	{"updated", offsetof(struct item, updated), FIELD_TEXT_MAX},
	{"summary", offsetof(struct item, summary), ITEM_TEXT_MAX},
	{"content", offsetof(struct item, content), ITEM_TEXT_MAX},
	{"author", offsetof(struct item, author), FIELD_TEXT_MAX},
	{"language", offsetof(struct item, language), FIELD_TEXT_MAX},
	{"opens", offsetof(struct item, opens), FIELD_TEXT_MAX},
	{"call", offsetof(struct item, call), FIELD_TEXT_MAX},
	{"programme", offsetof(struct item, programme), FIELD_TEXT_MAX},
	{"kind", offsetof(struct item, kind), FIELD_TEXT_MAX},
	{"status", offsetof(struct item, status), FIELD_TEXT_MAX},
	{"funder", offsetof(struct item, funder), FIELD_TEXT_MAX},
	{"source", offsetof(struct item, source), FIELD_TEXT_MAX},
	{"eligibility", offsetof(struct item, eligibility), ITEM_TEXT_MAX},
};
/* Those that are a list of texts. */
static const struct {
	const char *key;
	size_t offset;
} lists[] = {
	{"categories", offsetof(struct item, categories)},
	{"countries", offsetof(struct item, countries)},
};
static const struct {
	const char *key;
	size_t offset;
} amounts[] = {
	{"min", offsetof(struct item, budget_min)},
	{"max", offsetof(struct item, budget_max)},
	{"total", offsetof(struct item, budget_total)},
	{"currency", offsetof(struct item, currency)},
};
static const struct {
	const char *key;
	size_t offset;
} deadline_members[] = {
	{"stage", offsetof(struct item_deadline, stage)},
	{"date", offsetof(struct item_deadline, date)},
	{"time", offsetof(struct item_deadline, time)},
	{"zone", offsetof(struct item_deadline, zone)},
};

/* A second try, with the usual slips put right; *out stays as it is when that fails too. */
static bool read_tidied(struct str text, jv *out)
{
	struct buf tidy = buf_init(JSON_BYTES_MAX);
	tidy_json(text, &tidy);
	bool other = !tidy.failed && !str_eq(buf_str(&tidy), text);
	jv again = other ? jv_parse_sized(tidy.p, (int)tidy.n) : jv_invalid();
	buf_free(&tidy);
	bool ok = jv_is_valid(again);
	jv_free(ok ? *out : again);
	if (ok)
		*out = again;
	return ok;
}

enum err json_read(struct str bytes, jv *out, struct error *e)
{
	if (bytes.n > JSON_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "more than %zu MB of JSON", JSON_BYTES_MAX >> 20);
	struct str text = str_trim(bytes);
	if (text.n == 0)
		return err_set(e, ERR_INPUT, "it is empty");
	if (text.p[0] == '<')
		return err_set(e, ERR_INPUT, "not JSON but a page that starts with '%.*s'",
			STRF(clip_text(text, 20)));
	/* libjq 1.6 itself leaks one token where two values stand side by side. */
	*out = jv_parse_sized(text.p, (int)text.n);
	if (jv_is_valid(*out) || read_tidied(text, out))
		return ERR_OK;
	jv why = jv_invalid_get_msg(*out);
	struct str message = json_bytes(why);
	enum err kind = str_find(message, STR("depth")) == SIZE_MAX ? ERR_INPUT : ERR_LIMIT;
	(void)err_set(e, kind, "not JSON: %.*s", STRF(message.n > 0 ? message : STR("no value")));
	jv_free(why);
	return kind;
}

jv json_get(jv o, const char *key)
{
	if (jv_get_kind(o) != JV_KIND_OBJECT)
		return jv_null();
	jv v = jv_object_get(jv_copy(o), jv_string(key));
	if (jv_is_valid(v))
		return v;
	jv_free(v);
	return jv_null();
}

int json_length(jv list)
{
	return jv_get_kind(list) == JV_KIND_ARRAY ? jv_array_length(jv_copy(list)) : 0;
}

jv json_at(jv list, int i)
{
	return jv_array_get(jv_copy(list), i);
}

struct str json_bytes(jv v)
{
	if (jv_get_kind(v) != JV_KIND_STRING)
		return (struct str){0};
	int n = jv_string_length_bytes(jv_copy(v));
	return (struct str){jv_string_value(v), (size_t)n};
}

/* A string or a number as text. False for any other kind but null, which is empty. */
static bool keep_scalar(struct sink *s, jv v, size_t max, struct str *out)
{
	jv_kind kind = jv_get_kind(v);
	*out = (struct str){0};
	if (kind == JV_KIND_STRING)
		*out = sink_keep(s, json_bytes(v), max);
	if (kind != JV_KIND_NUMBER)
		return kind == JV_KIND_STRING || kind == JV_KIND_NULL;
	double d = jv_number_value(v);
	char digits[64];
	bool whole = fabs(d) < EXACT_MAX && floor(d) == d;
	int n = whole ? snprintf(digits, sizeof(digits), "%.0f", d)
		      : snprintf(digits, sizeof(digits), "%.17g", d);
	*out = sink_keep(s, (struct str){digits, (size_t)n}, max);
	return true;
}

struct str json_field(struct sink *s, jv o, const char *key, size_t max)
{
	struct str out;
	jv v = json_get(o, key);
	(void)keep_scalar(s, v, max, &out);
	jv_free(v);
	return out;
}

static struct str *member(void *base, size_t offset)
{
	return (struct str *)(void *)((char *)base + offset);
}

static bool wrong(struct sink *s, struct str *why, const char *key, const char *want)
{
	char text[120];
	int n = snprintf(text, sizeof(text), "'%s' is not %s", key, want);
	*why = sink_keep(s, (struct str){text, (size_t)n}, sizeof(text));
	return false;
}

static bool take_list(struct sink *s, jv o, const char *key, struct strv *out)
{
	jv v = json_get(o, key);
	bool ok = jv_get_kind(v) == JV_KIND_NULL || jv_get_kind(v) == JV_KIND_ARRAY;
	for (int i = 0; ok && i < json_length(v); i++) {
		struct str text;
		jv x = json_at(v, i);
		ok = keep_scalar(s, x, FIELD_TEXT_MAX, &text);
		if (ok)
			sink_keep_in(s, out, text);
		jv_free(x);
	}
	jv_free(v);
	return ok;
}

static bool take_deadline(struct sink *s, jv v, struct item *it)
{
	struct item_deadline d = {0};
	bool ok = true;
	if (jv_get_kind(v) == JV_KIND_OBJECT)
		for (size_t i = 0; i < COUNT(deadline_members) && ok; i++) {
			jv x = json_get(v, deadline_members[i].key);
			ok = keep_scalar(s, x, FIELD_TEXT_MAX, member(&d, deadline_members[i].offset));
			jv_free(x);
		}
	else
		ok = keep_scalar(s, v, FIELD_TEXT_MAX, &d.date);
	if (ok && d.date.n > 0 && it->deadlines.n < ITEM_DEADLINES_MAX)
		*vec_push(s->a, &it->deadlines) = d;
	return ok;
}

static bool take_deadlines(struct sink *s, jv o, struct item *it)
{
	jv v = json_get(o, "deadlines");
	bool ok = jv_get_kind(v) == JV_KIND_NULL || jv_get_kind(v) == JV_KIND_ARRAY;
	for (int i = 0; ok && i < json_length(v); i++) {
		jv x = json_at(v, i);
		ok = take_deadline(s, x, it);
		jv_free(x);
	}
	jv_free(v);
	return ok;
}

static bool take_budget(struct sink *s, jv o, struct item *it)
{
	jv v = json_get(o, "budget");
	bool ok = true;
	if (jv_get_kind(v) == JV_KIND_OBJECT)
		for (size_t i = 0; i < COUNT(amounts) && ok; i++) {
			jv x = json_get(v, amounts[i].key);
			ok = keep_scalar(s, x, FIELD_TEXT_MAX, member(it, amounts[i].offset));
			jv_free(x);
		}
	else
		ok = keep_scalar(s, v, FIELD_TEXT_MAX, &it->budget);
	jv_free(v);
	return ok;
}

bool json_item(struct sink *s, jv o, struct item *it, struct str *why)
{
	if (jv_get_kind(o) == JV_KIND_STRING) { /* a recipe's own word on a row it could not read */
		*why = sink_keep(s, json_bytes(o), FIELD_TEXT_MAX);
		return false;
	}
	if (jv_get_kind(o) != JV_KIND_OBJECT)
		return wrong(s, why, "item", "an object");
	for (size_t i = 0; i < COUNT(texts); i++) {
		jv v = json_get(o, texts[i].key);
		bool ok = keep_scalar(s, v, texts[i].max, member(it, texts[i].offset));
		jv_free(v);
		if (!ok)
			return wrong(s, why, texts[i].key, "a string");
	}
	for (size_t i = 0; i < COUNT(lists); i++)
		if (!take_list(s, o, lists[i].key, (struct strv *)(void *)((char *)it + lists[i].offset)))
			return wrong(s, why, lists[i].key, "an array of strings");
	if (!take_deadlines(s, o, it))
		return wrong(s, why, "deadlines",
			"an array of dates or of objects with stage, date, time and zone");
	if (!take_budget(s, o, it))
		return wrong(s, why, "budget", "an object with min, max, total and currency, or a string");
	if (item_says_something(s, it))
		return true;
	*why = STR("an empty item");
	return false;
}

enum err extract_item_json(struct arena *a, struct str json, struct item *out, struct error *e)
{
	jv v;
	enum err err = json_read(json, &v, e);
	if (err != ERR_OK)
		return err;
	struct sink s = sink_begin(a, NULL, (struct str){0});
	struct str why = {0};
	*out = (struct item){0};
	bool ok = json_item(&s, v, out, &why);
	jv_free(v);
	err = sink_end(&s, e);
	if (err != ERR_OK || ok)
		return err;
	return err_set(e, ERR_INPUT, "%.*s", STRF(why));
}
