/* SPDX-License-Identifier: MIT
 *
 * Hits -> what goes to whom, when. Pure: takes what the store knows of one
 * recipient, decides what this digest holds and what waits, and why it waits.
 */
#ifndef FW_DIGEST_DIGEST_H
#define FW_DIGEST_DIGEST_H

#include "conf/conf.h"

enum wait_reason {
	WAIT_REVIEW, WAIT_EARLY, WAIT_LATE, WAIT_CLOSED, WAIT_PAUSED, WAIT_LIMIT, WAIT_REASON_COUNT
};
/* "held for review", "too early", ... */
const char *wait_reason_name(enum wait_reason r) RET_NONNULL;

/* A call that suits one of the recipient's profiles and was not yet mailed. */
struct candidate {
	const struct profile *profile;
	const struct opportunity *opportunity; /* as stored: calls are told apart by `id` */
	int64_t score;
	struct strv labels;    /* rule sets that hit, by label */
	struct strv words;     /* words found, each once, as the text has them */
	struct str note;       /* of staff to the member; may be empty */
	bool urgent;           /* an `urgent` line of the profile hit too */
	bool stopped;          /* the filters on time, the status or the review keep it out of this digest */
	enum wait_reason stop; /* when stopped: why */
	struct date from;      /* when stopped by WAIT_EARLY: the date from which it counts */
};

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

/* What became different of a call that the recipient was told of before. */
struct field_change {
	struct str field;         /* "deadline", "budget", "title", "eligibility", "withdrawn", "reopened" */
	struct str before, after; /* as opportunity_changes() words them */
};
struct digest_change {
	const struct opportunity *opportunity;
	VEC(struct field_change) fields; /* one per field: from the first state not told to the present one */
	struct str profile;              /* id: for which the recipient was told of the call */
};

/* A deadline of a call that the recipient was told of before comes near. */
struct digest_reminder {
	const struct opportunity *opportunity;
	const struct deadline *deadline; /* of the opportunity */
	int64_t step;                    /* days: the setting it answers */
	struct str profile;              /* as in digest_change */
};

enum digest_kind {
	DIGEST_REGULAR,
	DIGEST_URGENT, /* outside the schedule, for a hit of an `urgent` rule */
};

struct digest {
	enum digest_kind kind;
	struct contact to;
	struct str language;
	int64_t now;
	VEC(struct digest_call) calls; /* in the order of digest_select() */
	VEC(struct digest_change) changes;     /* nearest deadline first */
	VEC(struct digest_reminder) reminders; /* nearest deadline first */
	size_t carried_over;           /* calls that wait for WAIT_LIMIT */
	struct strv profiles;          /* names of the profiles it is for; those of the calls are known */
	const struct schedule *schedule; /* of the mail: an empty one says "this week"; may be NULL */
};

struct waiting_list {
	VEC(struct waiting) list;
};

/* Decides for one recipient and the candidates of the profiles that are due, at most
 * one per profile and call. A call stands once with all profiles that it was not
 * stopped for; its score is the best of theirs.
 *
 * Order: calls whose next deadline passes before their profile's next slot, then
 * best score, nearest deadline (none last), title, id. In that order calls go in as
 * long as one of their profiles has room under its `limit`; a call takes the room
 * of one profile only, the one with most of it.
 *
 * Left out goes to `waiting`: the stopped by id of the call, then what is over the
 * limit in the order in which it will come. Candidates must outlive both results,
 * which are zero but for out->to and out->language; these stay the caller's. */
void digest_select(struct arena *a, const struct candidate *c, size_t n, int64_t now, struct digest *out,
	struct waiting_list *waiting);

/* ---- what the recipient knows already ------------------------------------------ */

/* A recorded change as the store gives it, of a call that the recipient was told of. */
struct update {
	const struct opportunity *opportunity; /* as it is now; one pointer per call */
	struct str field, before, after;
	struct str profile; /* id: for which the recipient was told of it */
	bool waits;         /* set: not for this mail, nor known by it */
};

/* Adds the changes to the digest; `u` by call, oldest first. Of a field that changed
 * more than once the way from first to last is told; what came back to where it was
 * is not told, nor are changes of a call that is in out->calls. Those of a call that is
 * over wait for its reopening, unless they are what ended it. */
void digest_add_changes(struct arena *a, struct update *u, size_t n, struct digest *out);

/* A deadline to come of a call that the recipient was told of. */
struct due_deadline {
	const struct opportunity *opportunity;
	const struct deadline *deadline; /* of the opportunity */
	int64_t told;                    /* when the recipient was told of the call */
	int64_t reminded;                /* smallest step it was reminded of for this date; -1 = none */
	struct str profile;              /* as in update */
};

/* Adds the reminders that are due: at most one per deadline, the smallest step N of
 * `steps` (days) with at most N days left, or when the deadline passes before
 * `next_slot`; not a step already passed when the call was told, nor one not smaller
 * than the last. Calls in out->calls or out->changes tell their deadline anyway, and of a
 * withdrawn call there is none. */
void digest_add_reminders(struct arena *a, const int64_t *steps, size_t step_count, const struct due_deadline *d,
	size_t n, int64_t next_slot, struct digest *out);

#endif
