/* SPDX-License-Identifier: MIT
 *
 * What the files of this folder share and nobody else needs: folded words, the
 * parts of a date while it is being read, dates inside running text.
 */
#ifndef FW_MODEL_INTERNAL_H
#define FW_MODEL_INTERNAL_H

#include "model/model.h"

/* ---- words.c ----------------------------------------------------------- */

#define WORD_MAX 48 /* bytes of a folded word; a longer one matches nothing */

struct word {
	char p[WORD_MAX + 1]; /* lower case, without diacritics, NUL-terminated; "" = none or too long */
	size_t n;
	size_t end; /* where it ends in the text it was read from */
};

/* The run of letters that begins at `at`. */
struct word word_read(struct str s, size_t at);
/* Whether a space-separated list of folded words holds `w`; "stem*" matches by its beginning. */
bool word_in(const struct word *w, const char *list);
/* Whether the folded words of `phrase` ("local time") stand at `at`; `*end` is behind them. */
bool phrase_at(struct str s, size_t at, const char *phrase, size_t *end);
/* Whether a letter or a digit begins at `at` (false at the end). */
bool letter_at(struct str s, size_t at);
bool digit_at(struct str s, size_t at);
/* The byte at `at`, NUL behind the end. */
char char_at(struct str s, size_t at);
/* The first offset from `at` on that is no space, tab, line break or NBSP. */
size_t skip_space(struct str s, size_t at);
/* At most `max` bytes of `s`, cut at a character. */
struct str cut_text(struct str s, size_t max);

/* ---- entities.c -------------------------------------------------------- */

#define ENTITY_NAME_MAX	  31 /* bytes of the longest name */
#define ENTITY_LEGACY_MAX 6  /* of the longest that is known without ';' */

struct entity {
	const char *name;
	uint32_t first, second; /* second 0 = none */
	bool legacy;		/* known without ';' too */
};
/* NULL when there is none of this name (without '&' and ';'). */
const struct entity *entity_by_name(struct str name);

/* ---- repair.c -------------------------------------------------- */

/* Text without doubled UTF-8. */
struct str repair_utf8(struct arena *a, struct str s);

/* ---- dates ------------------------------------------------------------- */

struct parts { /* 0 = not read; hour -1 = not read */
	int64_t year, month, day, hour, minute, second;
	bool last_day;		   /* of several: "December 3-15" */
	bool month_may_be_weekday; /* "mar" is March, and mardi */
	bool has_offset;
	int64_t offset;	 /* seconds east of UTC */
	struct str zone; /* IANA */
};

struct scan {
	struct str s;
	size_t at;
	struct parts p;
	const struct strv *forms; /* of the recipe; may be NULL */
};

/* From `min` to `max` digits that no further digit follows. */
bool take_digits(struct scan *c, size_t min, size_t max, int64_t *out);
bool take_char(struct scan *c, char want);
/* 2026 for 26, 1999 for 99. */
int64_t full_year(int64_t two_digits);
bool take_month(struct scan *c);
bool take_weekday(struct scan *c);
/* "+0200", "+02:00", "Z", "CEST", "UK time", "Europe/Brussels", "(CET)" */
bool take_zone(struct scan *c);
bool take_clock(struct scan *c); /* "11:23:17.5 pm", "4pm", "16h30", "noon" */
bool take_meridiem(struct scan *c);
/* Words behind which an hour alone is a time: "kl."; words behind an hour: "Uhr", "pm". */
bool clock_word(const struct word *w);
bool hour_word_follows(const struct scan *c);
/* Whether what follows a number lets it be a day or a year. */
bool number_ends(struct str s, size_t at);
/* Year, month and day were read. */
bool date_complete(const struct parts *p);

/* Matches `form` (strptime letters) at c->at; *date_only says that it ends in " as date". */
bool take_form(struct scan *c, struct str form, bool *date_only);
/* Sets date, time and offset from seconds since 1970. */
void parts_from_epoch(struct parts *p, int64_t seconds);
/* False when the parts are no possible date. */
bool parts_when(const struct parts *p, struct when *out);

/* The date that begins at `at` of a running text; *end is behind it. A date without
 * its day is none here. */
bool date_at(struct str text, size_t at, const struct strv *forms, struct when *out, size_t *end);
/* Where date_at() reads nothing: whether there stands a day that cannot be ("31 November 2026"),
 * one whose day and month nobody can tell apart ("03/04/2026"), or a month of a year. */
bool unclear_day_at(struct str text, size_t at);
/* A day and a month without a year at `at`: "15 January", "15.01."; *end is behind them. */
bool day_month_at(struct str text, size_t at, int64_t *day, int64_t *month, size_t *end);
/* The first date at or behind *at; *at becomes its beginning, *end is behind it. */
bool date_find(struct str text, size_t *at, const struct strv *forms, struct when *out, size_t *end);

/* ---- deadlines.c ------------------------------------------------------- */

/* The dates of a text that say until when: of "a - b" the end; at most
 * ITEM_DEADLINES_MAX. Dates behind words such as "opens" are left out. */
struct whens {
	VEC(struct when) list;
};
void deadline_dates(struct arena *a, struct str text, const struct strv *forms, struct whens *out);
/* Whether what stands between two dates makes them a range: " - ", " bis zum ". */
bool joins_range(struct str between);
/* Its wall clock in `zone`, when a time with an offset was given; midnight is no time. */
void when_to_zone(struct when *w, struct str zone);
/* Brings it->deadlines to ITEM form. */
void settle_deadlines(struct arena *a, const struct item_rules *r, struct item *it);

/* ---- money_words.c ----------------------------------------------------- */

enum money_role { /* which limit an amount is */
	MONEY_PLAIN,
	MONEY_LEAST,
	MONEY_MOST,
	MONEY_TOTAL,
	MONEY_BUDGET,  /* "budget": a total unless something says otherwise */
	MONEY_UNCLEAR, /* not to be used */
};
enum money_role money_role_of(const struct word *w);
/* "no more than" at `at`; MONEY_PLAIN = none, else *end is behind it. */
enum money_role money_role_phrase(struct str s, size_t at, size_t *end);
/* "to"; "and"; "between"; words that say nothing, these included. */
bool money_range_word(const struct word *w);
bool money_and_word(const struct word *w);
bool money_between_word(const struct word *w);
bool money_neutral_word(const struct word *w);
/* Whether "per project" or the like comes next. */
bool money_per_project(struct str s, size_t at);
/* The currency of a sign or word at `at`, "" for one of several countries, NULL for none. */
const char *money_currency(struct str s, size_t at, size_t *end);
/* The decimal sign where the multiplier at `at` is at home; NUL = not known. */
char money_decimal_sign(struct str s, size_t at);
/* "million" at `at`; 0 = none. *currency is that of "MEUR", else "". */
int64_t money_multiplier(struct str s, size_t at, bool currency_before, size_t *end, const char **currency);

/* ---- money.c ----------------------------------------------------------- */

/* In digits; empty when not known. */
struct str amount_text(struct arena *a, int64_t amount);

/* ---- url.c ------------------------------------------------------------- */

/* "/calls/7", "../7?x=1": a link without scheme and host that names a path. */
bool url_is_path(struct str link);

/* ---- programme.c ------------------------------------------------------- */

/* The programme of the EU portal's number of it; anything else as it is. */
struct str programme_of_code(struct str code);

/* ---- places.c ---------------------------------------------------------- */

/* "EE" for "ee", "EST" or "Estonia", "GB" for "UK"; empty when not known. */
struct str country_code(struct arena *a, struct str country);
/* "et" for "et-EE", "EST" or "est"; empty when it is no language tag. */
struct str language_code(struct arena *a, struct str language);

/* ---- language.c -------------------------------------------------------- */

/* "et" for plain text in Estonian; empty when it can't be told. The languages of the EU only. */
struct str language_detect(struct str text);

/* ---- opportunity.c ----------------------------------------------------- */

/* Bytes an arena must have left for the work on one item. */
size_t item_room(const struct item *it);

/* The summary without what feed software appends, empty when it is only the body's
 * beginning, cut off. Both plain text. */
struct str summary_proper(struct str summary, struct str body);

#endif
