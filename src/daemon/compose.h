/* SPDX-License-Identifier: MIT
 *
 * A selected digest -> the frozen mail of the outbox.
 */
#ifndef FW_DAEMON_COMPOSE_H
#define FW_DAEMON_COMPOSE_H

#include "daemon/candidates.h"
#include "render/render.h"

/* What every mail of this run says besides its calls. `test` marks a test copy, which
 * has no answer links. Lives in `a`. */
enum err compose_frame(struct app *app, struct arena *a, bool test, struct render_frame *out, struct error *e) NODISCARD;

/* The whole mail: headers, bytes, what it tells of. What the mail has no room for is
 * taken off `d` and off the changes that `out` came with. The same recipient, kind and slot
 * always give the same Message-ID, so that a run which a crash cut off before T1
 * makes the same mail again. */
enum err compose_mail(struct app *app, struct arena *a, struct digest *d, int64_t slot, const struct render_frame *f,
	struct mail *out, struct error *e) NODISCARD;

#endif
