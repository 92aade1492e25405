/* SPDX-License-Identifier: MIT
 *
 * Settling: an item as a recipe or a feed gave it -> the form that `extract`
 * prints. Each field has its own tidying; what can't be read is left out.
 */
#include "model/internal.h"

#define TERM_MAX ((size_t)300) /* bytes of a category, a funder, an identifier's neighbour */

/* One line of plain text of at most `max` bytes. */
static struct str line(struct arena *a, struct str s, size_t max)
{
	return cut_text(plain_line(a, cut_text(s, ITEM_TEXT_MAX)), max);
}

static struct str or_else(struct str s, struct str constant)
{
	return s.n > 0 ? s : constant;
}

/* RFC 3339 in UTC; a date without time is its first second there. */
static struct str settled_instant(struct arena *a, const struct item_rules *r, struct str text)
{
	struct when w;
	if (!date_parse(cut_text(text, TERM_MAX), &r->dates, &w))
		return (struct str){0};
	int64_t at = w.instant;
	if (!w.has_offset && w.minute >= 0 && r->zone.n > 0) {
		struct civil c = zone_civil(STR("UTC"), w.instant);
		at = zone_instant(r->zone, c);
	}
	return instant_iso(a, at);
}

/* Whether a range that began before `at` ends there: "3–15 December 2026", "15 January to 28
 * February 2027". */
static bool range_ends(struct str text, size_t at)
{
	size_t from = str_trim(str_sub(text, 0, at)).n, digit = at;
	while (from > 0 && text.p[from - 1] != ' ' && !digit_at(text, from - 1))
		from--;
	while (digit > 0 && !digit_at(text, digit - 1))
		digit--;
	return digit > 0 && joins_range(str_sub(text, from, at));
}

static struct str settled_opens(struct arena *a, const struct item_rules *r, struct str text)
{
	struct when w;
	size_t at = 0, end;
	text = cut_text(text, TERM_MAX);
	bool whole = date_parse(text, &r->dates, &w) && w.has_day;
	if (!whole && !date_find(text, &at, &r->dates, &w, &end))
		return (struct str){0};
	if (w.last_day || range_ends(text, at))
		return (struct str){0};
	when_to_zone(&w, r->zone);
	return date_iso(a, w.date);
}

/* "&amp;" that outlived a recipe. */
static struct str without_amp(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		p[n++] = s.p[i];
		if (str_starts(str_sub(s, i, s.n), STR("&amp;")))
			i += strlen("amp;");
	}
	return (struct str){p, n};
}

static struct str settled_link(struct arena *a, const struct item_rules *r, struct str link)
{
	link = without_amp(a, cut_text(link, ITEM_URL_MAX + 1));
	struct str absolute = url_absolute(a, r->base, link);
	/* Of a file that nobody knows the address of, the path is better than nothing. */
	return absolute.n == 0 && url_is_path(link) ? str_trim(link) : absolute;
}

static struct str settled_kind(const struct item_rules *r, struct str word)
{
	enum kind k;
	if (kind_from(word, &k) || kind_from(r->kind, &k))
		return str_of(kind_name(k));
	return (struct str){0};
}

static void settle_categories(struct arena *a, struct item *it)
{
	struct strv old = it->categories, list = {0};
	for (size_t i = 0; i < old.n && list.n < ITEM_LIST_MAX; i++) {
		struct str s = line(a, old.v[i], TERM_MAX);
		if (s.n > 0 && !strv_has(&list, s))
			*vec_push(a, &list) = s;
	}
	it->categories = list;
}

static void add_countries(struct arena *a, struct strv *list, struct str text)
{
	static const char separators[] = ",;|/\n";
	while (text.n > 0) {
		size_t n = 0;
		while (n < text.n && strchr(separators, text.p[n]) == NULL)
			n++;
		struct str code = country_code(a, str_sub(text, 0, n));
		text = str_sub(text, n + 1, text.n);
		if (code.n > 0 && list->n < ITEM_LIST_MAX && !strv_has(list, code))
			*vec_push(a, list) = code;
	}
}

static void settle_countries(struct arena *a, const struct item_rules *r, struct item *it)
{
	struct strv list = {0};
	for (size_t i = 0; i < it->countries.n; i++)
		add_countries(a, &list, cut_text(it->countries.v[i], TERM_MAX));
	if (list.n == 0)
		add_countries(a, &list, r->country);
	it->countries = list;
}

/* One of the four fields: a single amount in any notation. */
static struct str settled_amount(struct arena *a, struct str text, char currency[static 4])
{
	struct budget b;
	if (!money_parse(cut_text(text, TERM_MAX), &b))
		return (struct str){0};
	if (currency[0] == '\0')
		memcpy(currency, b.currency, sizeof(b.currency));
	return amount_text(a, b.max > 0 ? b.max : b.min > 0 ? b.min : b.total);
}

/* "eur", "€" and "Euro" alike. */
static void read_currency(struct arena *a, struct str word, char out[static 4])
{
	struct budget b;
	word = str_trim(cut_text(word, TERM_MAX));
	if (word.n > 0 && money_parse(str_of(arena_printf(a, "1 %.*s", STRF(word))), &b) &&
		b.currency[0] != '\0')
		memcpy(out, b.currency, sizeof(b.currency));
	else if (word.n == 3 && country_code(a, str_sub(word, 0, 2)).n > 0)
		for (size_t i = 0; i < 3; i++)
			out[i] = (char)(word.p[i] & ~32);
}

static void settle_budget(struct arena *a, struct item *it)
{
	struct budget b;
	char currency[4] = "";
	read_currency(a, it->currency, currency);
	it->budget_min = settled_amount(a, it->budget_min, currency);
	it->budget_max = settled_amount(a, it->budget_max, currency);
	it->budget_total = settled_amount(a, it->budget_total, currency);
	bool given = it->budget_min.n + it->budget_max.n + it->budget_total.n > 0;
	if (!given && money_parse(cut_text(it->budget, ITEM_TITLE_MAX), &b)) {
		it->budget_min = amount_text(a, b.min);
		it->budget_max = amount_text(a, b.max);
		it->budget_total = amount_text(a, b.total);
		if (currency[0] == '\0')
			memcpy(currency, b.currency, sizeof(currency));
	}
	it->currency = str_dup(a, str_of(currency));
}

/* Before anything is read or cut. */
static void repair(struct arena *a, struct item *it)
{
	struct str *const texts[] = {&it->title, &it->summary, &it->content, &it->author, &it->eligibility,
		&it->funder, &it->budget};
	for (size_t i = 0; i < COUNT(texts); i++)
		*texts[i] = repair_utf8(a, cut_text(*texts[i], ITEM_TEXT_MAX));
	for (size_t i = 0; i < it->categories.n && i < ITEM_LIST_MAX; i++)
		it->categories.v[i] = repair_utf8(a, cut_text(it->categories.v[i], TERM_MAX));
}

void item_settle(struct arena *a, const struct item_rules *r, struct item *it)
{
	/* opportunity_from_item() then says that the limit was passed. */
	if (arena_room(a) < item_room(it))
		return;
	if (r->repair == REPAIR_UTF8)
		repair(a, it);
	it->id = line(a, it->id, ITEM_URL_MAX);
	it->title = line(a, it->title, ITEM_TITLE_MAX);
	it->link = settled_link(a, r, it->link);
	it->published = settled_instant(a, r, it->published);
	it->updated = settled_instant(a, r, it->updated);
	it->summary = str_trim(cut_text(it->summary, ITEM_TEXT_MAX));
	it->content = str_trim(cut_text(it->content, ITEM_TEXT_MAX));
	it->author = line(a, it->author, TERM_MAX);
	settle_categories(a, it);
	it->language = or_else(language_code(a, it->language), language_code(a, r->language));
	settle_deadlines(a, r, it);
	it->opens = settled_opens(a, r, it->opens);
	settle_budget(a, it);
	it->call = line(a, it->call, TERM_MAX);
	it->programme = or_else(programme_of_code(line(a, it->programme, TERM_MAX)), r->programme);
	it->programme = or_else(it->programme, programme_of_call(it->call));
	it->kind = settled_kind(r, it->kind);
	it->status = line(a, it->status, TERM_MAX);
	settle_countries(a, r, it);
	it->funder = or_else(line(a, it->funder, TERM_MAX), r->funder);
	it->source = or_else(line(a, it->source, TERM_MAX), r->source);
	it->eligibility = cut_text(html_text(a, cut_text(it->eligibility, ITEM_TEXT_MAX)), ITEM_TEXT_MAX);
	it->provenance = line(a, it->provenance, ITEM_TITLE_MAX);
}
