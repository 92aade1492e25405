/* SPDX-License-Identifier: MIT
 *
 * A set of strings in an arena, for telling what was seen before. The strings are
 * not copied: they must live as long as the set.
 */
#ifndef FW_BASE_SET_H
#define FW_BASE_SET_H

#include "base/arena.h"
#include "base/str.h"

struct str_set {
	struct str *slots;
	size_t n, room; /* room is a power of two */
};

/* Adds `s`; false when it was there already. The zero value is the empty set. */
bool set_add(struct arena *a, struct str_set *set, struct str s);

bool set_has(const struct str_set *set, struct str s);

#endif
