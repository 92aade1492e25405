/* SPDX-License-Identifier: MIT
 *
 * Open addressing, at most half full; hashing by FNV-1a (64 bit).
 */
#include "base/set.h"

#define FIRST_SLOTS 64

static uint64_t hash(struct str s)
{
	uint64_t h = 0xcbf29ce484222325u;
	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
	return h;
}

/* The slot that holds `s`, or the free one where it belongs. */
static struct str *slot_of(const struct str_set *set, struct str s)
{
	size_t i = (size_t)hash(s) & (set->room - 1);
	while (set->slots[i].p != NULL && !str_eq(set->slots[i], s))
		i = (i + 1) & (set->room - 1);
	return &set->slots[i];
}

static void grow(struct arena *a, struct str_set *set)
{
	struct str_set bigger = {.room = set->room == 0 ? FIRST_SLOTS : set->room * 2, .n = set->n};
	bigger.slots = arena_make_n(a, bigger.room, struct str);
	for (size_t i = 0; i < set->room; i++)
		if (set->slots[i].p != NULL)
			*slot_of(&bigger, set->slots[i]) = set->slots[i];
	*set = bigger;
}

bool set_add(struct arena *a, struct str_set *set, struct str s)
{
	if (set->n * 2 >= set->room)
		grow(a, set);
	if (s.p == NULL)
		s.p = "";
	struct str *slot = slot_of(set, s);
	if (slot->p != NULL)
		return false;
	*slot = s;
	set->n++;
	return true;
}

bool set_has(const struct str_set *set, struct str s)
{
	return set->n > 0 && slot_of(set, s)->p != NULL;
}
