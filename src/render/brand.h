/* SPDX-License-Identifier: MIT
 *
 * The cluster's colour, made readable.
 */
#ifndef FW_RENDER_BRAND_H
#define FW_RENDER_BRAND_H

#include "base/arena.h"
#include "base/str.h"

#define BRAND_LIGHT                                                                                          \
	"#f2f4f7" /* the page behind the mail in light and dark: the harder of its backgrounds               \
		   */
#define BRAND_DARK "#1c1f24"

/* "#0b5394" -> the nearest shade of it that has a contrast of 4.5:1 on `background`:
 * darker on a light one, lighter on a dark one. What is no "#rrggbb" gives the
 * program's own blue. */
struct str brand_colour(struct arena *a, struct str colour, struct str background);

#endif
