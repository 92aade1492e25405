/* SPDX-License-Identifier: MIT
 *
 * What a document's items look like together. A portal that was redesigned still
 * gives items, but without links, or with dates that nobody can read: one such item
 * is an accident, many of them are a reason to believe none. Items come in raw, are
 * settled and counted; a verdict comes out.
 */
#include "extract/parts.h"

#define ODD_PERCENT 20 /* share of odd items or deadlines from which the whole document is doubted */

static bool has_digit(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= '0' && s.p[i] <= '9')
			return true;
	return false;
}

/* Deadlines that name a date: "rolling" names none. The first of them in *first. */
static size_t dated(const struct item *it, struct str *first)
{
	size_t n = 0;
	for (size_t i = 0; i < it->deadlines.n; i++) {
		bool again = false;
		struct str date = it->deadlines.v[i].date;
		for (size_t k = 0; k < i && !again; k++)
			again = str_eq(date, it->deadlines.v[k].date);
		if (again || !has_digit(date))
			continue;
		if (n++ == 0)
			*first = date;
	}
	return n;
}

/* Whether its last deadline lies before its opening; both are ISO dates. */
static bool reversed(const struct item *it)
{
	size_t n = it->deadlines.n;
	return n > 0 && it->opens.n > 0 && str_cmp(it->deadlines.v[n - 1].date, it->opens) < 0;
}

static bool has_field(const struct item *it, enum field f)
{
	if (f == FIELD_BUDGET)
		return it->budget_min.n + it->budget_max.n + it->budget_total.n > 0;
	return field_read(it, f).n > 0;
}

/* A copy of the text's beginning, with its NUL. */
static void keep(char *to, size_t size, struct str text)
{
	(void)snprintf(to, size, "%.*s", STRF(clip_text(text, size - 1)));
}

void tally_page(struct page_tally *t, const struct page *p)
{
	if (t->bad == 0)
		keep(t->why, sizeof(t->why), p->bad_why);
	t->bad += (int64_t)p->bad;
}

void tally_settle(struct page_tally *t, struct arena *a, const struct item_rules *rules, struct item *it)
{
	struct str first = {0};
	size_t given = dated(it, &first);
	char example[sizeof(t->example)];
	keep(example, sizeof(example), first);
	item_settle(a, rules, it);
	t->items++;
	for (size_t f = 0; f < FIELD_COUNT; f++)
		t->has[f] += has_field(it, (enum field)f);
	t->dated += given > 0;
	t->reversed += reversed(it);
	if (given > it->deadlines.n && t->unread++ == 0)
		memcpy(t->example, example, sizeof(example));
}

static enum err incomplete(const struct page_tally *t, enum field f, int percent, struct error *e)
{
	return err_set(e, ERR_INPUT,
		"%lld of %lld items have a '%s', at least %d %% are expected; the site may have changed",
		(long long)t->has[f], (long long)t->items, field_name(f), percent);
}

/* A page of a call that tells nothing of what its recipe looks for. */
static bool tells_nothing(const struct page_tally *t, const struct recipe *r)
{
	int64_t told = 0;
	for (size_t f = 0; f < FIELD_COUNT; f++)
		told += r->fields[f].text.n > 0 ? t->has[f] : 0;
	return told + t->unread == 0;
}

enum err tally_check(const struct page_tally *t, const struct recipe *r, struct error *e)
{
	if (t->bad * 100 > (t->items + t->bad) * ODD_PERCENT)
		return err_set(e, ERR_INPUT,
			"%lld of %lld items can't be read (%s); the site may have changed", (long long)t->bad,
			(long long)(t->items + t->bad), t->why);
	if (r->is_detail && tells_nothing(t, r))
		return err_set(e, ERR_INPUT, "the page has nothing of what is looked for; the site may have changed");
	for (size_t f = 0; f < FIELD_COUNT; f++)
		if (t->has[f] * 100 < t->items * r->complete[f])
			return incomplete(t, (enum field)f, r->complete[f], e);
	if (t->unread * 100 > t->dated * ODD_PERCENT)
		return err_set(e, ERR_INPUT,
			"%lld of %lld deadlines can't be read ('%s'); the site may have changed",
			(long long)t->unread, (long long)t->dated, t->example);
	if (t->reversed * 100 > t->dated * ODD_PERCENT)
		return err_set(e, ERR_INPUT,
			"%lld of %lld items close before they open; the site may have changed",
			(long long)t->reversed, (long long)t->dated);
	return ERR_OK;
}
