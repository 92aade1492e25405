/* SPDX-License-Identifier: MIT
 *
 * Log lines to stderr or to a test's hook.
 */
#include "base/log.h"

#include <stdarg.h>

#define LINE_MAX_BYTES 2000 /* a longer line is cut */

static enum log_level threshold = LOG_INFO;
static log_hook *test_hook;
static void *test_ctx;

static const struct {
	const char *name, *priority;
} levels[] = {
	[LOG_DEBUG] = {"debug", "<7>"},
	[LOG_INFO] = {"info", "<6>"},
	[LOG_WARN] = {"warning", "<4>"},
	[LOG_ERROR] = {"error", "<3>"},
};

static void PRINTF(2, 0) log_line(enum log_level level, const char *fmt, va_list ap)
{
	if (test_hook == NULL && level < threshold)
		return;
	char line[LINE_MAX_BYTES];
	(void)vsnprintf(line, sizeof(line), fmt, ap);
	for (char *s = line; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
	if (test_hook != NULL)
		test_hook(level, line, test_ctx);
	else if (getenv("JOURNAL_STREAM") != NULL)
		fprintf(stderr, "%s%s\n", levels[level].priority, line);
	else
		fprintf(stderr, "fundwatch: %s: %s\n", levels[level].name, line);
}

#define DEFINE_LOG(name, level)                                                                              \
	void name(const char *fmt, ...)                                                                      \
	{                                                                                                    \
		va_list ap;                                                                                  \
		va_start(ap, fmt);                                                                           \
		log_line(level, fmt, ap);                                                                    \
		va_end(ap);                                                                                  \
	}

DEFINE_LOG(log_debug, LOG_DEBUG)
DEFINE_LOG(log_info, LOG_INFO)
DEFINE_LOG(log_warn, LOG_WARN)
DEFINE_LOG(log_error, LOG_ERROR)

void log_set_level(enum log_level level)
{
	threshold = level;
}

void log_set_hook(log_hook *hook, void *ctx)
{
	test_hook = hook;
	test_ctx = ctx;
}
