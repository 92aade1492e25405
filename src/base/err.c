/* SPDX-License-Identifier: MIT
 *
 * Error text in a fixed buffer, so that reporting a failure can't fail.
 */
#include "base/err.h"

#include <stdarg.h>

static const char *const names[] = {
	[ERR_OK] = "ok",
	[ERR_TEMPORARY] = "temporary",
	[ERR_PERMANENT] = "permanent",
	[ERR_INPUT] = "input",
	[ERR_LIMIT] = "limit",
	[ERR_CONFIG] = "config",
	[ERR_INTERNAL] = "internal",
};
_Static_assert(COUNT(names) == ERR_INTERNAL + 1, "a name for every kind");

/* A portal's words may end up in an error text: keep it one printable line. */
static void one_line(char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
}

enum err err_set(struct error *e, enum err kind, const char *fmt, ...)
{
	if (e == NULL)
		return kind;
	e->kind = kind;
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	one_line(e->text);
	return kind;
}

enum err err_prefix(struct error *e, const char *fmt, ...)
{
	char old[ERROR_TEXT_MAX];
	memcpy(old, e->text, sizeof(old));
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof(e->text)) {
		size_t room = sizeof(e->text) - (size_t)n;
		(void)snprintf(e->text + n, room, ": %.*s", (int)room, old);
	}
	one_line(e->text);
	return e->kind;
}

const char *err_name(enum err kind)
{
	return names[kind];
}

void die(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fputs("fundwatch: fatal: ", stderr);
	(void)vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	abort();
}
