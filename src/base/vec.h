/* SPDX-License-Identifier: MIT
 *
 * Growing arrays in an arena. VEC(type) is the type of one; the zero value is
 * empty. Elements move when it grows: keep indexes, not pointers.
 *
 *	VEC(int) v = {0};
 *	*vec_push(arena, &v) = 7;
 *	for (size_t i = 0; i < v.n; i++) use(v.v[i]);
 */
#ifndef FW_BASE_VEC_H
#define FW_BASE_VEC_H

#include "base/arena.h"
#include "base/str.h"

#define VEC(type)                                                                                            \
	struct {                                                                                             \
		type *v;                                                                                     \
		size_t n, room;                                                                              \
	}

/* A pointer to a new zeroed element at the end of *vec. */
#define vec_push(arena, vec)                                                                                 \
	((vec)->v = vec_grow((arena), (vec)->v, (vec)->n, &(vec)->room, sizeof(*(vec)->v)), &(vec)->v[(vec)->n++])

/* Room for one more element; used by vec_push(). */
void *vec_grow(struct arena *a, void *old, size_t n, size_t *room, size_t size) NODISCARD RET_NONNULL;

/* The one list type that many structs share. */
struct strv {
	struct str *v;
	size_t n, room;
};

/* Whether the list holds `s` (ASCII case ignored). */
bool strv_has(const struct strv *list, struct str s);
/* Splits at `sep`, trims, leaves out what is empty. */
struct strv strv_split(struct arena *a, struct str s, char sep);
/* Joined with `sep`, in the arena. */
struct str strv_join(struct arena *a, const struct strv *list, const char *sep);

#endif
