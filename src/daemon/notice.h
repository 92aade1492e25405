/* SPDX-License-Identifier: MIT
 *
 * Plain mails to those who run Fundwatch, through the outbox like all others.
 */
#ifndef FW_DAEMON_NOTICE_H
#define FW_DAEMON_NOTICE_H

#include "daemon/daemon.h"

#define NOTICE_AFTER 3 /* failures of a source in a row after which admins are told */

/* Queues one mail to each address, once for each `occasion` (any text that is the same
 * when the same thing is to be told). Inside the caller's transaction. */
enum err notice_queue(struct app *app, struct arena *a, const struct strv *to, struct str occasion,
	const char *subject, struct str text, struct error *e) NODISCARD;

/* Tells the admins that a source has failed NOTICE_AFTER times, once per streak. */
enum err notice_failing(struct app *app, struct arena *a, const struct recipe *r, const struct source_state *st,
	struct error *e) NODISCARD;

#endif
