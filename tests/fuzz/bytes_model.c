/* SPDX-License-Identifier: MIT
 *
 * The normalisers: dates, money, HTML to text, links. What they give must be sane.
 */
#include "bytes.h"

static void check_date(struct str text, const struct strv *forms)
{
	struct when w;
	if (!date_parse(text, forms, &w))
		return;
	if (w.date.month < 1 || w.date.month > 12 || w.date.day < 1 || w.date.day > 31 || w.minute < -1 ||
		w.minute >= 24 * 60)
		die("an impossible date out of '%.*s'", STRF(text));
}

/* Lists of deadlines: in order, and each of them a date that is read again as what it is. */
static void check_deadlines(struct arena *a, struct str text, const struct strv *forms)
{
	struct item_rules r = {.zone = STR("Europe/Brussels"), .closes_at = -1, .dates = *forms};
	struct item it = {.title = STR("x")};
	*vec_push(a, &it.deadlines) = (struct item_deadline){.date = text};
	item_settle(a, &r, &it);
	for (size_t i = 0; i < it.deadlines.n; i++) {
		struct when w;
		struct str date = it.deadlines.v[i].date;
		if (!date_parse(date, NULL, &w) || !w.has_day ||
			(i > 0 && str_cmp(it.deadlines.v[i - 1].date, date) > 0))
			die("an impossible deadline out of '%.*s'", STRF(text));
	}
}

static void check_money(struct str text)
{
	struct budget b;
	if (money_parse(text, &b) && (b.min < AMOUNT_UNKNOWN || b.max < AMOUNT_UNKNOWN ||
					     b.total < AMOUNT_UNKNOWN || (b.max > 0 && b.min > b.max)))
		die("an impossible amount out of '%.*s'", STRF(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct str list[] = {
		{"%d.%m.%Y", 8}, {"%Y-%m-%dT%H:%M:%S as date", 25}, {"%b %d, %Y %I %p", 15}};
	static const struct strv forms = {list, COUNT(list), COUNT(list)};
	struct str text = fuzz_str(data, n);
	if (n > 64 * 1024)
		return 0;
	struct arena *a = arena_new(FUZZ_ARENA);
	check_date(text, NULL);
	check_date(text, &forms);
	check_deadlines(a, text, &forms);
	check_money(text);
	(void)html_text(a, text);
	(void)plain_line(a, text);
	struct str link = str_sub(text, 0, ITEM_URL_MAX);
	struct str absolute = url_absolute(a, STR("https://x.example/a/b?c"), link);
	(void)url_canonical(a, absolute.n > 0 ? absolute : link);
	(void)programme_of_call(link);
	arena_free(a);
	return 0;
}
