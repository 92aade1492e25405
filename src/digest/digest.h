/* SPDX-License-Identifier: MIT
 *
 * Hits -> what goes to whom, when. Pure: takes what the store knows of one
 * recipient, decides what this digest holds and what waits, and why it waits.
 */
#ifndef FW_DIGEST_DIGEST_H
#define FW_DIGEST_DIGEST_H

#include "conf/conf.h"

/* A call that suits one of the recipient's profiles and was not yet mailed. */
struct candidate {
	const struct profile *profile;
	const struct opportunity *opportunity;
	int64_t score;
	struct strv labels;  /* rule sets that hit, by label */
	struct strv words;   /* words found, each once, as the text has them */
	struct str note;     /* of staff to the member; may be empty */
};

enum wait_reason { WAIT_REVIEW, WAIT_EARLY, WAIT_LATE, WAIT_CLOSED, WAIT_LIMIT, WAIT_SCHEDULE, WAIT_DELIVER, WAIT_REASON_COUNT };
/* "held for review", "too early", ... */
const char *wait_reason_name(enum wait_reason r) RET_NONNULL;

struct waiting {
	const struct candidate *candidate;
	enum wait_reason reason;
	struct date from;    /* WAIT_EARLY: the date from which it counts */
};

struct digest_call {
	const struct opportunity *opportunity;
	int64_t score;                       /* the best of its profiles */
	VEC(const struct candidate *) hits;  /* one per profile, by profile id */
};

struct digest {
	struct contact to;
	struct str language;
	int64_t now;
	VEC(struct digest_call) calls;       /* best score first, then nearest deadline, then title */
	size_t carried_over;                 /* calls that wait for WAIT_LIMIT */
};

/* Decides for one recipient and the candidates of the profiles that are due. A call
 * stands once with all its profiles; each profile brings at most its `limit` calls;
 * what closes first goes first among equals. Everything left out is in `waiting`. */
struct waiting_list {
	VEC(struct waiting) list;
};
void digest_select(struct arena *a, const struct candidate *c, size_t n, int64_t now, struct digest *out,
	struct waiting_list *waiting);

#endif
