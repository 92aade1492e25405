/* SPDX-License-Identifier: MIT
 *
 * What opportunity_changes() says in words, read back into values, so that a mail can
 * say it in its own language.
 */
#ifndef FW_RENDER_SAID_H
#define FW_RENDER_SAID_H

#include "model/model.h"

struct said_deadlines {
	VEC(struct deadline) list;
};

/* "stage 1: 2026-12-15 17:00 Europe/Brussels; 2027-03-14"; false when a part of it is
 * something else. Empty text is an empty list. Strings point into `text`. */
bool said_deadlines(struct arena *a, struct str text, struct said_deadlines *out) NODISCARD;
/* "EUR 5000000 to 6000000, EUR 24000000 in total" */
bool said_budget(struct str text, struct budget *out) NODISCARD;

#endif
