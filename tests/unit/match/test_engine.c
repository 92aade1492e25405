/* SPDX-License-Identifier: MIT
 *
 * The engine: it agrees with the plain evaluator; it looks at few of many profiles, and
 * at a shared rule set once; texts of any size and kind leave it whole.
 */
#include "match_dice.h"

#ifdef FW_ASAN
#define ROUNDS 60
#else
#define ROUNDS 100
#endif

static void random_pairs(void **state)
{
	(void)state;
	size_t pairs = 0, hits = 0;
	for (int i = 0; i < ROUNDS; i++)
		assert_true(dice_round(STR(""), &pairs, &hits));
	assert_true(hits * 20 > pairs); /* pairs that never hit would prove little */
}

HARNESS_MAIN(cmocka_unit_test(random_pairs))
