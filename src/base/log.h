/* SPDX-License-Identifier: MIT
 *
 * Leveled log to stderr, one line an event, called only at stage boundaries
 * (daemon/, cli/). With JOURNAL_STREAM set, lines carry the "<n>" priority that
 * journald understands. Never log addresses, names of people or secrets.
 */
#ifndef FW_BASE_LOG_H
#define FW_BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_debug(const char *fmt, ...) PRINTF(1, 2);
void log_info(const char *fmt, ...) PRINTF(1, 2);
void log_warn(const char *fmt, ...) PRINTF(1, 2);
void log_error(const char *fmt, ...) PRINTF(1, 2);

/* Lines below `level` are dropped; LOG_INFO at start. */
void log_set_level(enum log_level level);

/* Hands every line (also those below the level) to `hook` instead of stderr, so
 * that a test fails on a warning it did not announce; NULL restores stderr. */
typedef void log_hook(enum log_level level, const char *line, void *ctx);
void log_set_hook(log_hook *hook, void *ctx);

#endif
