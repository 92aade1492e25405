/* SPDX-License-Identifier: MIT
 *
 * Growing arrays in an arena: doubling copies, the old copy stays until the
 * arena goes.
 */
#include "base/vec.h"

#include "base/buf.h"

#define FIRST_ELEMENTS 8
#define JOIN_MAX       ((size_t)1 << 20) /* bytes of a joined list */

void *vec_grow(struct arena *a, void *old, size_t n, size_t *room, size_t size)
{
	if (n < *room)
		return old;
	size_t more = *room == 0 ? FIRST_ELEMENTS : *room * 2;
	void *p = arena_array(a, more, size);
	if (n > 0)
		memcpy(p, old, n * size);
	*room = more;
	return p;
}

bool strv_has(const struct strv *list, struct str s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_ieq(list->v[i], s))
			return true;
	return false;
}

struct strv strv_split(struct arena *a, struct str s, char sep)
{
	struct strv out = {0};
	while (s.n > 0) {
		struct str part = str_trim(str_cut(s, sep, &s));
		if (part.n > 0)
			*vec_push(a, &out) = part;
	}
	return out;
}

struct str strv_join(struct arena *a, const struct strv *list, const char *sep)
{
	struct buf b = buf_init(JOIN_MAX);
	for (size_t i = 0; i < list->n; i++) {
		if (i > 0)
			buf_addz(&b, sep);
		buf_add(&b, list->v[i]);
	}
	return buf_take(&b, a);
}
