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

/* What the next mail to an address would hold, and what waits behind it. */
struct outlook {
	struct candidates candidates;
	struct digest next;
	struct waiting_list waiting;
	bool suppressed; /* the address gets nothing */
};
/* Of a profile and all others whose next mail to this address is the same one. */
enum err outlook_of(struct app *app, struct arena *a, const struct profile *p, struct str address,
	struct outlook *out, struct error *e) NODISCARD;
/* Why a candidate is not in the next mail, in words, with its dates. */
struct str outlook_reason(struct app *app, struct arena *a, const struct outlook *o, const struct waiting *w);
/* When the next mail of a profile goes, in words. */
struct str outlook_next(struct app *app, struct arena *a, const struct profile *p);
/* Where a mail stands that no relay accepted. */
struct str unsent_text(struct app *app, struct arena *a, struct str recipient, struct str state, struct str reply,
	int64_t next_try);
/* "23 November 2026 09:00" in the cluster's zone. */
const char *local_time(struct app *app, struct arena *a, int64_t at) RET_NONNULL;

#endif
