/* SPDX-License-Identifier: MIT
 *
 * What every fuzzer shares: seeds, mutations, the loop, and the input that a crash
 * leaves behind. Without an argument it makes a few thousand rounds that are the
 * same every time, as part of `make test`; with a number of seconds it goes on for so
 * long with other dice (`make fuzz`). Before each round the input is written to
 * PROGRAM.input, so that it is there after a crash.
 *
 *	static void one(struct str input) { ... abort() or fail() when it is wrong ... }
 *	FUZZ_MAIN(seeds, words, rounds, one)
 */
#ifndef FW_TESTS_FUZZ_H
#define FW_TESTS_FUZZ_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

#define FUZZ_BYTES   ((size_t)64 << 10) /* of one input */
#define FUZZ_CHANGES 8			/* changes made to a seed in one round, at most */

struct fuzz {
	struct arena *a;
	struct strv seeds;
	const char *const *words; /* pieces of the grammar, NULL ends */
	size_t word_count;
	uint64_t state;
	char *last; /* PROGRAM.input, in memory */
	int fd;
};

static uint32_t fuzz_dice(struct fuzz *f, size_t n)
{
	f->state = f->state * 6364136223846793005U + 1442695040888963407U;
	return n == 0 ? 0 : (uint32_t)((f->state >> 33) % n);
}

__attribute__((unused)) static void fuzz_fail(const char *why)
{
	fprintf(stderr, "fuzz: %s\n", why);
	abort();
}

/* Puts `in` over the bytes [from, to) of the input. */
static size_t fuzz_put(char *text, size_t n, size_t from, size_t to, struct str in)
{
	if (n - (to - from) + in.n > FUZZ_BYTES)
		return n;
	memmove(text + from + in.n, text + to, n - to);
	if (in.n > 0)
		memcpy(text + from, in.p, in.n);
	return n - (to - from) + in.n;
}

static size_t fuzz_change(struct fuzz *f, char *text, size_t n)
{
	size_t from = fuzz_dice(f, n + 1), to = from + fuzz_dice(f, 20);
	to = to > n ? n : to;
	char byte = (char)fuzz_dice(f, 256), kept[64];
	struct str seed = f->seeds.v[fuzz_dice(f, f->seeds.n)], piece;
	switch (fuzz_dice(f, 6)) {
	case 0:
		return fuzz_put(text, n, from, from, (struct str){&byte, 1});
	case 1:
		return fuzz_put(text, n, from, to, (struct str){0});
	case 2:
		return fuzz_put(text, n, from, from, str_of(f->words[fuzz_dice(f, f->word_count)]));
	case 3:
		return fuzz_put(text, n, from, to, str_of(f->words[fuzz_dice(f, f->word_count)]));
	case 4:
		memcpy(kept, text + from, to - from);
		return fuzz_put(text, n, from, from, (struct str){kept, to - from});
	}
	from = fuzz_dice(f, seed.n);
	piece = str_sub(seed, from, from + fuzz_dice(f, 200));
	return fuzz_put(text, n, to, to, piece);
}

static struct str fuzz_input(struct fuzz *f, char *text)
{
	struct str seed = f->seeds.v[fuzz_dice(f, f->seeds.n)];
	size_t n = seed.n < FUZZ_BYTES / 2 ? seed.n : FUZZ_BYTES / 2;
	memcpy(text, seed.p, n);
	for (uint32_t k = 1 + fuzz_dice(f, FUZZ_CHANGES); k > 0; k--)
		n = fuzz_change(f, text, n);
	return (struct str){text, n};
}

static void fuzz_remember(struct fuzz *f, struct str input)
{
	memcpy(f->last, input.p, input.n);
	if (ftruncate(f->fd, (off_t)input.n) != 0)
		fuzz_fail("the input can't be kept");
}

/* Every file of a directory that ends in .conf becomes a seed. */
__attribute__((unused)) static void fuzz_files(struct fuzz *f, const char *dir)
{
	struct strv names;
	struct str text;
	if (file_list(f->a, dir, &names, NULL) != ERR_OK)
		fuzz_fail(dir);
	for (size_t i = 0; i < names.n; i++) {
		const char *path = arena_printf(f->a, "%s/%.*s", dir, STRF(names.v[i]));
		if (str_ends(names.v[i], STR(".conf")) &&
			file_read(f->a, path, FUZZ_BYTES, &text, NULL) == ERR_OK)
			*vec_push(f->a, &f->seeds) = text;
	}
}

typedef void fuzz_one(struct str input);

static int fuzz_run(struct fuzz *f, const char *program, const char *seconds, int64_t rounds, fuzz_one *one)
{
	int64_t until = 0, done = 0;
	char *text = malloc(FUZZ_BYTES);
	if (seconds != NULL && !str_to_i64(str_of(seconds), 1, 86400, &until))
		fuzz_fail("the argument is a number of seconds");
	f->state = seconds == NULL ? 20261123 : (uint64_t)clock_now() ^ (uint64_t)getpid() << 32;
	f->fd = open(arena_printf(f->a, "%s.input", program), O_RDWR | O_CREAT | O_TRUNC, 0644);
	if (text == NULL || f->fd < 0 || ftruncate(f->fd, FUZZ_BYTES) != 0 || f->seeds.n == 0)
		fuzz_fail("no memory, no seeds, or no place for the input");
	f->last = mmap(NULL, FUZZ_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, f->fd, 0);
	if (f->last == MAP_FAILED)
		fuzz_fail("no place for the input");
	while (f->word_count == 0 || f->words[f->word_count] != NULL)
		f->word_count++;
	for (size_t i = 0; i < f->seeds.n; i++)
		one(f->seeds.v[i]);
	until = clock_mono_ms() + until * 1000;
	for (; seconds == NULL ? done < rounds : clock_mono_ms() < until; done++) {
		struct str input = fuzz_input(f, text);
		if (ftruncate(f->fd, FUZZ_BYTES) == 0)
			fuzz_remember(f, input);
		/* A copy of just this size, so that reading past its end is seen. */
		char *exact = malloc(input.n + 1);
		memcpy(exact, input.p, input.n);
		one((struct str){exact, input.n});
		free(exact);
	}
	printf("1..1\nok 1 - %lld rounds, %zu seeds\n", (long long)done, f->seeds.n);
	free(text);
	(void)munmap(f->last, FUZZ_BYTES);
	(void)close(f->fd);
	(void)unlink(arena_printf(f->a, "%s.input", program));
	arena_free(f->a);
	return 0;
}

#define FUZZ_MAIN(seed, dictionary, rounds, one)                                                             \
	int main(int argc, char **argv)                                                                      \
	{                                                                                                    \
		struct fuzz f = {.a = arena_new((size_t)64 << 20), .words = (dictionary)};                   \
		seed(&f);                                                                                    \
		return fuzz_run(&f, argv[0], argc > 1 ? argv[1] : NULL, (rounds), (one));                    \
	}

#endif
