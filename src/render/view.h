/* SPDX-License-Identifier: MIT
 *
 * The inside of a value tree; for template.c.
 */
#ifndef FW_RENDER_VIEW_H
#define FW_RENDER_VIEW_H

#include "render/render.h"

/* A named string, a named list, or (when nothing was appended) neither. */
struct view_entry {
	uint32_t key; /* of the name */
	struct str name, value;
	VEC(struct view *) list;
};

struct view {
	struct arena *a;
	VEC(struct view_entry) entries;
};

/* NULL when this object has nothing of that name; outer objects are not asked. */
const struct view_entry *view_find(const struct view *v, struct str name);

#endif
