/* SPDX-License-Identifier: MIT
 *
 * Blocks of growing size in a list; allocation moves a mark in the newest one.
 * Under AddressSanitizer a poisoned red zone stands behind every object, so an
 * overrun inside a block is reported as it would be for malloc().
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>

#include "base/err.h"

#ifdef FW_ASAN
#include <sanitizer/asan_interface.h>
#define RED_ZONE ((size_t)16)
#else
#define ASAN_POISON_MEMORY_REGION(p, n)	  ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define RED_ZONE			  ((size_t)0)
#endif

#define ALIGNMENT ((size_t)alignof(max_align_t))
#define SHORT_TEXT 512			/* bytes up to which a format is gone through only once */
#define BLOCK_MIN ((size_t)16 * 1024)	/* the first block */
#define BLOCK_MAX ((size_t)1024 * 1024) /* later blocks double up to this */

struct block {
	struct block *next; /* older one */
	size_t size, used;  /* of data */
	alignas(max_align_t) unsigned char data[];
};

struct arena {
	struct block *newest;
	size_t cap, used;
};

struct arena *arena_new(size_t cap)
{
	struct arena *a = calloc(1, sizeof(*a));
	if (a == NULL)
		die("out of memory");
	a->cap = cap;
	return a;
}

static void free_blocks(struct block *b)
{
	while (b != NULL) {
		struct block *older = b->next;
		ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
		free(b);
		b = older;
	}
}

void arena_free(struct arena *a)
{
	if (a == NULL)
		return;
	free_blocks(a->newest);
	free(a);
}

void arena_freep(struct arena **a)
{
	arena_free(*a);
	*a = NULL;
}

void arena_reset(struct arena *a)
{
	struct block *b = a->newest;
	if (b != NULL) {
		free_blocks(b->next);
		b->next = NULL;
		b->used = 0;
		ASAN_POISON_MEMORY_REGION(b->data, b->size);
	}
	a->used = 0;
}

static struct block *add_block(struct arena *a, size_t need)
{
	size_t size = a->newest == NULL ? BLOCK_MIN : a->newest->size * 2;
	if (size > BLOCK_MAX)
		size = BLOCK_MAX;
	if (size < need)
		size = need;
	struct block *b = malloc(sizeof(*b) + size);
	if (b == NULL)
		die("out of memory");
	*b = (struct block){.next = a->newest, .size = size};
	ASAN_POISON_MEMORY_REGION(b->data, size);
	a->newest = b;
	return b;
}

/* Memory as it is; NULL beyond the cap. */
static void *take(struct arena *a, size_t n)
{
	if (n > a->cap - a->used)
		return NULL;
	size_t need = (n + RED_ZONE + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (need == 0)
		need = ALIGNMENT;
	struct block *b = a->newest;
	if (b == NULL || b->size - b->used < need)
		b = add_block(a, need);
	unsigned char *p = b->data + b->used;
	b->used += need;
	a->used += n;
	ASAN_UNPOISON_MEMORY_REGION(p, n);
	return p;
}

static void *must_take(struct arena *a, size_t n)
{
	void *p = take(a, n);
	if (p == NULL)
		die("arena of %zu bytes cannot give %zu more", a->cap, n);
	return p;
}

void *arena_try_alloc(struct arena *a, size_t n)
{
	void *p = take(a, n);
	return p == NULL ? NULL : memset(p, 0, n);
}

void *arena_alloc(struct arena *a, size_t n)
{
	return memset(must_take(a, n), 0, n);
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		die("arena array of %zu x %zu bytes", n, size);
	return arena_alloc(a, bytes);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = must_take(a, n + 1);
	if (n > 0)
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char text[SHORT_TEXT];
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0)
		die("bad format '%s'", fmt);
	char *p = must_take(a, (size_t)n + 1);
	if ((size_t)n < sizeof(text))
		memcpy(p, text, (size_t)n + 1);
	else
		(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

size_t arena_room(const struct arena *a)
{
	return a->cap - a->used;
}
