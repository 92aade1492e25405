/* SPDX-License-Identifier: MIT
 *
 * Dates, money, countries and kinds in the words of a language.
 */
#ifndef FW_RENDER_WORDS_H
#define FW_RENDER_WORDS_H

#include "render/language.h"
#include "render/render.h"

/* "15 December 2026", "15. Dezember 2026", "15 décembre 2026" */
struct str words_date(struct arena *a, const struct language *l, struct date d);
/* The same without the year when it is that of `now`, at the deadline's place. */
struct str words_day(struct arena *a, const struct language *l, const struct deadline *d, int64_t now);
/* "17:00 Brussels"; empty when no time is known. */
struct str words_time(struct arena *a, const struct language *l, const struct deadline *d);
/* "today", "tomorrow", "in 24 days"; "passed" when it has. */
struct str words_left(struct arena *a, const struct language *l, const struct deadline *d, int64_t now);
/* "15 December 2026, 17:00 Brussels, in 24 days" */
struct str words_deadline(struct arena *a, const struct language *l, const struct deadline *d, int64_t now);
/* "stage 1" and "cut-off 2" in the language; other stages as the source has them. */
struct str words_stage(struct arena *a, const struct language *l, struct str stage);
/* "EUR 5,000,000 to 6,000,000", "5.000.000 bis 6.000.000 EUR" */
struct str words_budget(struct arena *a, const struct language *l, const struct budget *b);
/* "Estonia" for "EE"; the code itself where there is no name. */
struct str words_country(const struct language *l, struct str code);
/* "Grant"; empty for KIND_UNKNOWN. */
struct str words_kind(const struct language *l, enum kind k);

#endif
