/* SPDX-License-Identifier: MIT
 *
 * A selected digest -> the frozen mail of the outbox.
 */
#ifndef FW_DAEMON_COMPOSE_H
#define FW_DAEMON_COMPOSE_H

#include "daemon/candidates.h"
#include "render/render.h"

/* The key that signs what mails carry: made once, kept in the database. */
enum err compose_key(struct app *app, struct arena *a, struct str *out, struct error *e) NODISCARD;

struct compose_frame {
	struct render_frame render;
	struct str page; /* https: on which one click unsubscribes; may be empty */
};
/* What a mail to this recipient says besides its calls. `test` marks a test copy, which
 * has no signed links. Lives in `a`. */
enum err compose_frame(struct app *app, struct arena *a, struct str recipient, bool test, struct compose_frame *out,
	struct error *e) NODISCARD;

/* The whole mail: headers, bytes, what it tells of. What the mail has no room for is
 * taken off `d` and off the changes that `out` came with. The same recipient, kind and slot
 * always give the same Message-ID, so that a run which a crash cut off before T1
 * makes the same mail again. */
enum err compose_mail(struct app *app, struct arena *a, struct digest *d, int64_t slot, const struct compose_frame *f,
	struct mail *out, struct error *e) NODISCARD;

#endif
