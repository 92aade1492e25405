/* SPDX-License-Identifier: MIT
 *
 * The value tree that templates read: objects of named strings and of lists of
 * objects. Names are literals of the program, values stay where they are.
 */
#include "render/view.h"

struct view *view_new(struct arena *a)
{
	struct view *v = arena_make(a, struct view);
	v->a = a;
	return v;
}

/* Names with the same key are mostly the same. */
static uint32_t key_of(struct str name)
{
	return (uint32_t)(name.n << 16) | (uint32_t)((unsigned char)name.p[0] << 8) |
	       (unsigned char)name.p[name.n - 1];
}

/* For every value of every mail all names are looked at. */
static size_t find(const struct view *v, struct str name)
{
	size_t i = 0;
	uint32_t key = key_of(name);
	while (i < v->entries.n && (v->entries.v[i].key != key || !str_eq(v->entries.v[i].name, name)))
		i++;
	return i;
}

const struct view_entry *view_find(const struct view *v, struct str name)
{
	size_t i = find(v, name);
	return i == v->entries.n ? NULL : &v->entries.v[i];
}

static struct view_entry *entry(struct view *v, const char *name)
{
	size_t i = find(v, str_of(name));
	if (i == v->entries.n)
		*vec_push(v->a, &v->entries) =
			(struct view_entry){.key = key_of(str_of(name)), .name = str_of(name)};
	return &v->entries.v[i];
}

void view_set(struct view *v, const char *name, struct str value)
{
	entry(v, name)->value = value;
}

struct view *view_append(struct view *v, const char *name)
{
	struct view_entry *e = entry(v, name);
	struct view *child = view_new(v->a);
	*vec_push(v->a, &e->list) = child;
	return child;
}
