/* SPDX-License-Identifier: MIT
 *
 * extract --trace. A field is told in up to three lines: which alternative of the
 * recipe's line won, what it found, and what was made of it when that differs.
 */
#include "cli/trace.h"

#include "base/buf.h"
#include "cli/sample.h"

#define SHOWN_MAX ((size_t)300) /* bytes of a value that are shown */

/* One item before and after settling. */
struct traced {
	struct arena *a;
	const struct recipe *r;
	const struct page *page;
	const struct item *raw, *item;
	size_t index;
	FILE *out;
};

static struct str deadlines(struct arena *a, const struct item *it)
{
	struct strv all = {0};
	for (size_t i = 0; i < it->deadlines.n; i++) {
		const struct item_deadline *d = &it->deadlines.v[i];
		struct strv words = {0};
		const struct str parts[] = {d->date, d->time, d->zone, d->stage};
		for (size_t k = 0; k < COUNT(parts); k++)
			if (parts[k].n > 0)
				*vec_push(a, &words) = parts[k];
		*vec_push(a, &all) = strv_join(a, &words, " ");
	}
	return strv_join(a, &all, " | ");
}

static struct str budget(struct arena *a, const struct item *it)
{
	struct buf b = buf_init(SHOWN_MAX * 8);
	const struct {
		const char *name;
		struct str amount;
	} parts[] = {{"min", it->budget_min}, {"max", it->budget_max}, {"total", it->budget_total}};
	for (size_t i = 0; i < COUNT(parts); i++)
		if (parts[i].amount.n > 0)
			buf_printf(&b, "%s %.*s ", parts[i].name, STRF(str_sub(parts[i].amount, 0, SHOWN_MAX)));
	if (b.n == 0)
		return it->budget;
	buf_add(&b, str_sub(it->currency, 0, SHOWN_MAX));
	return buf_take(&b, a);
}

/* All that an item has under the name of a field. */
static struct str value_of(struct arena *a, const struct item *it, enum field f)
{
	if (f == FIELD_DEADLINE)
		return deadlines(a, it);
	if (f == FIELD_BUDGET)
		return budget(a, it);
	if (f == FIELD_CATEGORY)
		return strv_join(a, &it->categories, " | ");
	if (f == FIELD_COUNTRY)
		return strv_join(a, &it->countries, " | ");
	return field_read(it, f);
}

/* One line of at most SHOWN_MAX bytes: white space and control characters are spaces. */
static void show(FILE *out, const char *what, struct str s)
{
	fprintf(out, "    %-9s", what);
	size_t n = s.n;
	for (n = n > SHOWN_MAX ? SHOWN_MAX : n; n > 0 && n < s.n && ((unsigned char)s.p[n] & 0xC0) == 0x80; n--)
		;
	for (size_t i = 0; i < n; i++)
		fputc((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f ? ' ' : s.p[i], out);
	fputs(n < s.n ? " ...\n" : "\n", out);
}

static const struct found *found_by(const struct traced *t, enum field f)
{
	for (size_t i = 0; i < t->page->found.n; i++) {
		const struct found *found = &t->page->found.v[i];
		if (found->item == t->index && found->field == f)
			return found;
	}
	return NULL;
}

/* Where the raw value came from, in words. */
static const char *origin(const struct traced *t, enum field f, bool raw)
{
	const struct found *found = found_by(t, f);
	if (found != NULL)
		return arena_printf(t->a, "by alternative %zu: %.*s", found->alternative, STRF(found->selector));
	if (!raw)
		return "by the recipe's defaults, or by other fields";
	if (t->r != NULL && t->r->format == FORMAT_JSON)
		return "by the program of 'items'";
	return "by the feed itself";
}

static void trace_field(const struct traced *t, enum field f)
{
	struct str raw = value_of(t->a, t->raw, f), settled = value_of(t->a, t->item, f);
	bool asked = t->r != NULL && t->r->fields[f].text.n > 0;
	if (raw.n + settled.n == 0 && !asked)
		return;
	if (raw.n + settled.n == 0) {
		fprintf(t->out, "  %s: nothing found by: %.*s\n", field_name(f), STRF(t->r->fields[f].text));
		return;
	}
	fprintf(t->out, "  %s: %s\n", field_name(f), origin(t, f, raw.n > 0));
	if (raw.n > 0)
		show(t->out, "found:", raw);
	if (settled.n == 0)
		show(t->out, "becomes:", STR("nothing, for it can't be read"));
	else if (!str_eq(raw, settled))
		show(t->out, "becomes:", settled);
}

enum err trace_print(struct arena *a, const struct recipe *r, struct extractor *x, const char *path, FILE *out,
	struct error *e)
{
	struct page p = {0};
	const struct item *raw = NULL;
	struct page_tally t = {0};
	enum err rc = sample_traced(a, r, x, path, &t, &p, &raw, e);
	if (rc != ERR_OK)
		return rc;
	fprintf(out, "%s: %s, %zu item%s\n", path, p.format, p.items.n, p.items.n == 1 ? "" : "s");
	if (p.bad > 0)
		fprintf(out, "left out: %zu, the first because: %.*s\n", p.bad, STRF(p.bad_why));
	if (p.next.n > 0)
		fprintf(out, "next page: %.*s\n", STRF(p.next));
	if (p.token.n > 0)
		fprintf(out, "token: %.*s\n", STRF(p.token));
	for (size_t i = 0; i < p.items.n; i++) {
		const struct traced one = {
			.a = a, .r = r, .page = &p, .raw = &raw[i], .item = &p.items.v[i], .index = i, .out = out};
		fprintf(out, "\nitem %zu\n", i + 1);
		for (size_t f = 0; f < FIELD_COUNT; f++)
			trace_field(&one, (enum field)f);
	}
	return ERR_OK;
}
