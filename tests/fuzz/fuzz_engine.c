/* SPDX-License-Identifier: MIT
 *
 * The matching engine against the plain evaluator, on random rule books and texts (see
 * match_dice.h); the input throws the dice and stands in every text.
 */
#include "fuzz.h"

#define DICE_TEXTS 100
#include "match/match_dice.h"

static const char *const words[] = {" ", "-", "gene therapies", "IL-6", "il 6", "CAR-T", "cart", "\u00DF",
	"\u0130", "\uFB03", "o\u0308", "\u0391\u03A3", "\u200B", "\u05D0\u05D1", "C++", "\xFF", "\xC3", NULL};

static size_t pairs, hits;

static void seed(struct fuzz *f)
{
	fuzz_files(f, "conf/profiles.d");
}

static void one(struct str input)
{
	struct arena *a = arena_new((size_t)1 << 20);
	dice_state = input.n + 1;
	for (size_t i = 0; i < input.n; i++)
		dice_state = (dice_state ^ (unsigned char)input.p[i]) * 1099511628211U;
	dice_state |= 1; /* dice() needs a state that is not 0 */
	if (!dice_round(text_plain(a, str_sub(input, 0, DICE_BYTES)), &pairs, &hits))
		fuzz_fail("the engine and the evaluator differ");
	arena_free(a);
}

FUZZ_MAIN(seed, words, 6, one)
