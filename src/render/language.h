/* SPDX-License-Identifier: MIT
 *
 * The languages of the mails: what the program says in each (catalogues in
 * conf/po/), and how each writes numbers, money and dates.
 */
#ifndef FW_RENDER_LANGUAGE_H
#define FW_RENDER_LANGUAGE_H

#include "base/arena.h"
#include "base/str.h"

struct language {
	const char *code;      /* ISO 639-1 */
	const char *thousands; /* between groups of three digits */
	int grouped;	       /* digits from which a number has groups */
	const char *gap;       /* between an amount and its currency */
	bool currency_first;   /* "EUR 5" rather than "5 EUR" */
	const char *first;     /* how the first day of a month is written */
};

/* "et", "et-EE", "ET": Estonian. English for what there is no catalogue for. */
const struct language *language_of(struct str code) RET_NONNULL;

/* The words for English `id`; `id` itself where the catalogue has none. */
struct str tr(const struct language *l, const char *id);
/* The form that counts `n`. */
struct str tr_n(const struct language *l, const char *one, const char *many, int64_t n);

/* Marks words in a table that tr() will be asked for. */
#define N_(id) (id)

/* Puts values where `text` says {name}; anything else in braces stays. */
struct slot {
	const char *name;
	struct str value;
};
struct str fill_slots(struct arena *a, struct str text, const struct slot *slots, size_t n);
#define FILL(a, text, ...)                                                                                   \
	fill_slots((a), (text), (const struct slot[]){__VA_ARGS__},                                          \
		sizeof((const struct slot[]){__VA_ARGS__}) / sizeof(struct slot))

#endif
