/* SPDX-License-Identifier: MIT
 *
 * What waits for a recipient, as digests, previews and `pending` see it.
 */
#ifndef FW_DAEMON_CANDIDATES_H
#define FW_DAEMON_CANDIDATES_H

#include "daemon/daemon.h"
#include "digest/digest.h"

struct candidates {
	VEC(struct candidate) list;
};

/* Adds the hits of a profile that this address was not yet told of, judged at
 * clock_now(); what staff rejected is left out. */
enum err candidates_add(struct app *app, struct arena *a, const struct profile *p, struct str address,
	struct candidates *out, struct error *e) NODISCARD;

#endif
