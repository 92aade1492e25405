/* SPDX-License-Identifier: MIT
 *
 * Dates, deadlines and amounts as people write them in the language of a mail. Pure:
 * values in, words in the arena out.
 */
#include "render/words.h"

#include "base/buf.h"
#include "render/show.h"

#define WORDS_MAX   400 /* bytes of one date or amount in words */
#define CITY_CHARS  60	/* of a zone's city */
#define STAGE_CHARS 80	/* of a stage */

static const char *const months[] = {N_("January"), N_("February"), N_("March"), N_("April"), N_("May"),
	N_("June"), N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")};

/* ---- dates ----------------------------------------------------------------- */

static struct str date_as(struct arena *a, const struct language *l, struct date d, const char *form)
{
	if (d.month < 1 || d.month > (int)COUNT(months))
		return (struct str){0};
	struct str day = str_of(d.day == 1 ? l->first : arena_printf(a, "%d", d.day));
	struct str year = str_of(arena_printf(a, "%d", d.year));
	return FILL(a, tr(l, form), {"day", day}, {"month", tr(l, months[d.month - 1])}, {"year", year});
}

struct str words_date(struct arena *a, const struct language *l, struct date d)
{
	return date_as(a, l, d, N_("{day} {month} {year}"));
}

struct str words_day(struct arena *a, const struct language *l, const struct deadline *d, int64_t now)
{
	bool this_year = zone_civil(d->zone, now).date.year == d->date.year;
	return date_as(a, l, d->date, this_year ? N_("{day} {month}") : "{day} {month} {year}");
}

static bool passed(const struct deadline *d, int64_t now)
{
	return deadline_instant(d) < now;
}

struct str words_left(struct arena *a, const struct language *l, const struct deadline *d, int64_t now)
{
	if (passed(d, now))
		return tr(l, N_("passed"));
	int64_t days = deadline_days_left(d, now);
	if (days <= 1)
		return days < 1 ? tr(l, N_("today")) : tr(l, N_("tomorrow"));
	struct str n = str_of(arena_printf(a, "%lld", (long long)days));
	return FILL(a, tr_n(l, "in {n} day", "in {n} days", days), {"n", n});
}

/* "America/Argentina/Buenos_Aires" -> "Buenos Aires" */
static struct str city(struct arena *a, const struct language *l, struct str zone)
{
	static const char *const known[] = {N_("Brussels"), N_("Copenhagen"), N_("Athens"), N_("Lisbon"),
		N_("Prague"), N_("Rome"), N_("Vienna"), N_("Warsaw"), N_("Zurich"), N_("London"),
		N_("Bucharest"), N_("Luxembourg")};
	struct str rest = zone, name = zone;
	while (rest.n > 0)
		name = str_cut(rest, '/', &rest);
	for (size_t i = 0; i < COUNT(known); i++)
		if (str_eq(name, str_of(known[i])))
			return tr(l, known[i]);
	char *p = arena_strndup(a, name.p, name.n);
	for (size_t i = 0; i < name.n; i++)
		p[i] = (char)(p[i] == '_' ? ' ' : p[i]);
	return show_line(a, (struct str){p, name.n}, CITY_CHARS);
}

struct str words_time(struct arena *a, const struct language *l, const struct deadline *d)
{
	if (d->minute < 0)
		return (struct str){0};
	struct str hour = str_of(arena_printf(a, "%02d", d->minute / 60));
	struct str minute = str_of(arena_printf(a, "%02d", d->minute % 60));
	return FILL(a, tr(l, N_("{hour}:{minute} {city}")), {"hour", hour}, {"minute", minute},
		{"city", city(a, l, d->zone)});
}

struct str words_deadline(struct arena *a, const struct language *l, const struct deadline *d, int64_t now)
{
	struct str parts[] = {words_date(a, l, d->date), words_time(a, l, d), words_left(a, l, d, now)};
	struct strv said = {0};
	for (size_t i = 0; i < COUNT(parts); i++)
		if (parts[i].n > 0)
			*vec_push(a, &said) = parts[i];
	return strv_join(a, &said, ", ");
}

struct str words_stage(struct arena *a, const struct language *l, struct str stage)
{
	static const struct {
		struct str start;
		const char *form;
	} forms[] = {{{"stage ", 6}, N_("stage {n}")}, {{"cut-off ", 8}, N_("cut-off {n}")}};
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct str n = str_sub(stage, forms[i].start.n, stage.n);
		int64_t number;
		if (str_istarts(stage, forms[i].start) && str_to_i64(n, 0, 999, &number))
			return FILL(a, tr(l, forms[i].form), {"n", n});
	}
	return show_line(a, stage, STAGE_CHARS);
}

/* ---- money ----------------------------------------------------------------- */

/* "24,000,000" */
static void add_amount(struct buf *b, const struct language *l, int64_t v)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%lld", (long long)v);
	for (int i = 0; i < n; i++) {
		if (i > 0 && n >= l->grouped && (n - i) % 3 == 0)
			buf_addz(b, l->thousands);
		buf_addc(b, digits[i]);
	}
}

static struct str amount(struct arena *a, const struct language *l, int64_t v)
{
	struct buf b = buf_init(WORDS_MAX);
	add_amount(&b, l, v);
	return buf_take(&b, a);
}

/* The amount or range with its currency where the language puts it. */
static struct str with_currency(
	struct arena *a, const struct language *l, struct str amount, const char *currency)
{
	if (currency[0] == '\0')
		return amount;
	return str_of(l->currency_first ? arena_printf(a, "%s%s%.*s", currency, l->gap, STRF(amount))
					: arena_printf(a, "%.*s%s%s", STRF(amount), l->gap, currency));
}

/* Of one project; a source that gives 0 does not know. */
static struct str range(struct arena *a, const struct language *l, const struct budget *m)
{
	bool min = m->min > 0, max = m->max > 0;
	if (min && max && m->min != m->max) {
		struct str both = FILL(a, tr(l, N_("{min} to {max}")), {"min", amount(a, l, m->min)},
			{"max", amount(a, l, m->max)});
		return with_currency(a, l, both, m->currency);
	}
	if (!min && !max)
		return (struct str){0};
	struct str money = with_currency(a, l, amount(a, l, max ? m->max : m->min), m->currency);
	if (min && max)
		return money;
	return FILL(a, max ? tr(l, N_("up to {money}")) : tr(l, N_("from {money}")), {"money", money});
}

struct str words_budget(struct arena *a, const struct language *l, const struct budget *m)
{
	struct str each = range(a, l, m);
	if (m->total <= 0)
		return each;
	struct str money = with_currency(a, l, amount(a, l, m->total), m->currency);
	struct str total = FILL(a, tr(l, N_("{money} in total")), {"money", money});
	return each.n == 0 ? total : str_of(arena_printf(a, "%.*s, %.*s", STRF(each), STRF(total)));
}

/* ---- names ----------------------------------------------------------------- */

static const struct {
	const char *code, *name;
} countries[] = {
	{"AL", N_("Albania")},
	{"AM", N_("Armenia")},
	{"AT", N_("Austria")},
	{"BA", N_("Bosnia and Herzegovina")},
	{"BE", N_("Belgium")},
	{"BG", N_("Bulgaria")},
	{"CA", N_("Canada")},
	{"CH", N_("Switzerland")},
	{"CY", N_("Cyprus")},
	{"CZ", N_("Czechia")},
	{"DE", N_("Germany")},
	{"DK", N_("Denmark")},
	{"EE", N_("Estonia")},
	{"ES", N_("Spain")},
	{"EU", N_("European Union")},
	{"FI", N_("Finland")},
	{"FO", N_("Faroe Islands")},
	{"FR", N_("France")},
	{"GB", N_("United Kingdom")},
	{"GE", N_("Georgia")},
	{"GR", N_("Greece")},
	{"HR", N_("Croatia")},
	{"HU", N_("Hungary")},
	{"IE", N_("Ireland")},
	{"IL", N_("Israel")},
	{"IS", N_("Iceland")},
	{"IT", N_("Italy")},
	{"KR", N_("South Korea")},
	{"LI", N_("Liechtenstein")},
	{"LT", N_("Lithuania")},
	{"LU", N_("Luxembourg")},
	{"LV", N_("Latvia")},
	{"MD", N_("Moldova")},
	{"ME", N_("Montenegro")},
	{"MK", N_("North Macedonia")},
	{"MT", N_("Malta")},
	{"NL", N_("Netherlands")},
	{"NO", N_("Norway")},
	{"NZ", N_("New Zealand")},
	{"PL", N_("Poland")},
	{"PT", N_("Portugal")},
	{"RO", N_("Romania")},
	{"RS", N_("Serbia")},
	{"SE", N_("Sweden")},
	{"SI", N_("Slovenia")},
	{"SK", N_("Slovakia")},
	{"TN", N_("Tunisia")},
	{"TR", N_("Turkey")},
	{"UA", N_("Ukraine")},
	{"US", N_("United States")},
	{"XK", N_("Kosovo")},
};

struct str words_country(const struct language *l, struct str code)
{
	for (size_t i = 0; i < COUNT(countries); i++)
		if (str_ieq(code, str_of(countries[i].code)))
			return tr(l, countries[i].name);
	return code;
}

struct str words_kind(const struct language *l, enum kind k)
{
	static const char *const names[KIND_COUNT] = {
		[KIND_UNKNOWN] = "",
		[KIND_GRANT] = N_("Grant"),
		[KIND_TENDER] = N_("Tender"),
		[KIND_CASCADE] = N_("Cascade funding"),
		[KIND_EQUITY] = N_("Equity"),
		[KIND_LOAN] = N_("Loan"),
		[KIND_PRIZE] = N_("Prize"),
		[KIND_EVENT] = N_("Event"),
		[KIND_PARTNER] = N_("Partner search"),
		[KIND_PROGRAMME] = N_("Programme"),
		[KIND_TRAINING] = N_("Training"),
		[KIND_NEWS] = N_("News"),
	};
	return k == KIND_UNKNOWN ? (struct str){0} : tr(l, names[k]);
}

/* ---- in English, for tables and messages ------------------------------------- */

struct str render_date(struct arena *a, struct date d)
{
	return words_date(a, language_of(STR("en")), d);
}

struct str render_deadline(struct arena *a, const struct deadline *d, int64_t now)
{
	return words_deadline(a, language_of(STR("en")), d, now);
}

struct str render_budget(struct arena *a, const struct budget *m)
{
	return words_budget(a, language_of(STR("en")), m);
}
