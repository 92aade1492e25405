/* SPDX-License-Identifier: MIT
 *
 * Dates, deadlines and amounts as people write them, in English. Pure: values in,
 * words in the arena out.
 */
#include "render/words.h"

#include "base/buf.h"
#include "render/show.h"

#define WORDS_MAX  400 /* bytes of one date or amount in words */
#define CITY_CHARS 60  /* of a zone's city */

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July", "August",
	"September", "October", "November", "December"};

static void add_day(struct buf *b, struct date d)
{
	if (d.month >= 1 && d.month <= (int)COUNT(months))
		buf_printf(b, "%d %s", d.day, months[d.month - 1]);
}

static void add_date(struct buf *b, struct date d)
{
	if (!date_known(d))
		return;
	add_day(b, d);
	buf_printf(b, " %d", d.year);
}

struct str render_date(struct arena *a, struct date d)
{
	struct buf b = buf_init(WORDS_MAX);
	add_date(&b, d);
	return buf_take(&b, a);
}

static bool passed(const struct deadline *d, int64_t now)
{
	return deadline_instant(d) < now;
}

struct str words_left(struct arena *a, const struct deadline *d, int64_t now)
{
	if (passed(d, now))
		return STR("passed");
	int64_t days = deadline_days_left(d, now);
	if (days <= 1)
		return days < 1 ? STR("today") : STR("tomorrow");
	return str_of(arena_printf(a, "in %lld days", (long long)days));
}

struct str words_on(struct arena *a, const struct deadline *d, int64_t now)
{
	int64_t days = deadline_days_left(d, now);
	if (days == 0 || days == 1)
		return days == 0 ? STR("today") : STR("tomorrow");
	struct buf b = buf_init(WORDS_MAX);
	buf_addz(&b, "on ");
	if (zone_civil(d->zone, now).date.year == d->date.year)
		add_day(&b, d->date);
	else
		add_date(&b, d->date);
	return buf_take(&b, a);
}

/* "America/Argentina/Buenos_Aires" -> "Buenos Aires" */
static void add_city(struct arena *a, struct buf *b, struct str zone)
{
	struct str rest = zone, city = zone;
	while (rest.n > 0)
		city = str_cut(rest, '/', &rest);
	city = show_line(a, city, CITY_CHARS);
	for (size_t i = 0; i < city.n; i++)
		buf_addc(b, city.p[i] == '_' ? ' ' : city.p[i]);
}

struct str render_deadline(struct arena *a, const struct deadline *d, int64_t now)
{
	struct buf b = buf_init(WORDS_MAX);
	add_date(&b, d->date);
	if (d->minute >= 0) {
		buf_printf(&b, ", %02d:%02d ", d->minute / 60, d->minute % 60);
		add_city(a, &b, d->zone);
	}
	buf_addz(&b, ", ");
	buf_add(&b, words_left(a, d, now));
	return buf_take(&b, a);
}

/* "24,000,000" */
static void add_amount(struct buf *b, int64_t v)
{
	char digits[24];
	int n = snprintf(digits, sizeof(digits), "%lld", (long long)v);
	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			buf_addc(b, ',');
		buf_addc(b, digits[i]);
	}
}

static void add_money(struct buf *b, const struct budget *m, int64_t v)
{
	buf_addz(b, m->currency);
	if (m->currency[0] != '\0')
		buf_addc(b, ' ');
	add_amount(b, v);
}

/* Of one project; a source that gives 0 does not know. */
static void add_range(struct buf *b, const struct budget *m)
{
	bool min = m->min > 0, max = m->max > 0;
	if (min && max && m->min != m->max) {
		add_money(b, m, m->min);
		buf_addz(b, " to ");
		add_amount(b, m->max);
	} else if (max) {
		buf_addz(b, min ? "" : "up to ");
		add_money(b, m, m->max);
	} else if (min) {
		buf_addz(b, "from ");
		add_money(b, m, m->min);
	}
}

struct str render_budget(struct arena *a, const struct budget *m)
{
	struct buf b = buf_init(WORDS_MAX);
	add_range(&b, m);
	if (m->total > 0) {
		buf_addz(&b, b.n > 0 ? ", " : "");
		add_money(&b, m, m->total);
		buf_addz(&b, " in total");
	}
	return buf_take(&b, a);
}
