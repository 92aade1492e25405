/* SPDX-License-Identifier: MIT
 *
 * Capped string builder over realloc().
 */
#include "base/buf.h"

#include <stdarg.h>

#include "base/err.h"

#define FIRST_ROOM 64  /* bytes of the first allocation */
#define SHORT_TEXT 512 /* bytes up to which a format is gone through only once */

void buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){.cap = b->cap};
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = false;
	if (b->p != NULL)
		b->p[0] = '\0';
}

/* Makes room for `n` more bytes and the NUL, or marks the failure. */
static bool reserve(struct buf *b, size_t n)
{
	if (b->failed || n > b->cap - b->n) {
		b->failed = true;
		return false;
	}
	if (b->n + n + 1 <= b->room)
		return true;
	size_t room = b->room == 0 ? FIRST_ROOM : b->room * 2;
	if (room < b->n + n + 1)
		room = b->n + n + 1;
	if (room - 1 > b->cap) /* so that the room alone says what fits */
		room = b->cap + 1;
	char *p = realloc(b->p, room);
	if (p == NULL)
		die("out of memory");
	b->p = p;
	b->room = room;
	return true;
}

void buf_reserve(struct buf *b, size_t n)
{
	if (!b->failed)
		(void)reserve(b, n < b->cap - b->n ? n : b->cap - b->n);
}

void buf_add_slow(struct buf *b, struct str s)
{
	if (!reserve(b, s.n))
		return;
	if (s.n > 0)
		memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
	b->p[b->n] = '\0';
}

void buf_addz(struct buf *b, const char *s)
{
	buf_add(b, str_of(s));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	char text[SHORT_TEXT];
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		die("bad format '%s'", fmt);
	if ((size_t)n < sizeof(text)) {
		buf_add(b, (struct str){text, (size_t)n});
	} else if (reserve(b, (size_t)n)) {
		(void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_utf8(struct buf *b, uint32_t c)
{
	char bytes[4];
	buf_add(b, (struct str){bytes, utf8_put(bytes, c)});
}

struct str buf_str(const struct buf *b)
{
	return (struct str){b->p == NULL ? "" : b->p, b->n};
}

struct str buf_take(struct buf *b, struct arena *a)
{
	struct str s = str_dup(a, buf_str(b));
	buf_free(b);
	return s;
}
