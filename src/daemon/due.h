/* SPDX-License-Identifier: MIT
 *
 * Who is due for a digest, and who is paused.
 */
#ifndef FW_DAEMON_DUE_H
#define FW_DAEMON_DUE_H

#include "daemon/daemon.h"

/* One profile of one address, with the slot it is due for. */
struct due {
	const struct profile *profile;
	const struct contact *contact;
	int64_t slot;
	bool now;      /* its slot is not served yet */
	int64_t later; /* its slot later on this day, where that is not served; INT64_MAX = none */
};
struct dues {
	struct due *v;
	size_t n, room;
};

/* All addresses of all profiles that get digests at all, sorted by address. While a
 * source was never asked, who was never served is not due: the first mail waits for
 * the first calls. */
enum err dues_list(struct app *app, struct arena *a, struct dues *out, struct error *e) NODISCARD;

/* Its slot is served: with a mail, or because there was nothing to say. */
enum err due_served(struct app *app, struct arena *a, const struct due *d, struct error *e) NODISCARD;

/* One address gets one mail a day: what would be due later today goes with what is due. */
void dues_join(struct due *v, size_t n);

/* How many entries from `i` on have the same address. */
size_t dues_group(const struct dues *d, size_t i);

/* The instant at which the profile's pause ends; 0 = it has none. */
int64_t pause_end(const struct app *app, const struct profile *p);

/* Brings the stored pauses in line with the files. */
enum err pauses_settle(struct app *app, struct error *e) NODISCARD;

/* Passes over the slots that nobody waits for: those of a pause or of `mode: mute`, and
 * those before a profile got its present schedule. Else they would be caught up, on a
 * day that is not theirs. */
enum err slots_settle(struct app *app, struct error *e) NODISCARD;

#endif
