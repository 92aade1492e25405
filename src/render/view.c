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

static size_t find(const struct view *v, struct str name)
{
	size_t i = 0;
	/* Looked at for every value of every mail: most names differ in the first letter. */
	while (i < v->entries.n && (v->entries.v[i].name.p[0] != name.p[0] || !str_eq(v->entries.v[i].name, name)))
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
		vec_push(v->a, &v->entries)->name = str_of(name);
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
