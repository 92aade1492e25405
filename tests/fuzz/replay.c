/* SPDX-License-Identifier: MIT
 *
 * A fuzzer's corpus once more, without libFuzzer: "replay_feed" runs every file of
 * tests/fuzz/corpus/feed, and every beginning of the small ones. Speaks TAP.
 */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "bytes.h"

#define SEED_MAX   ((size_t)1 << 20)
#define SMALL_SEED 600 /* bytes: such a file is also tried cut off at every byte */

static void run(struct str seed)
{
	size_t first = seed.n <= SMALL_SEED ? 0 : seed.n;
	for (size_t n = first; n <= seed.n; n++) { /* a copy, so that reading past its end is seen */
		uint8_t *copy = malloc(n + 1);
		if (copy == NULL)
			die("out of memory");
		if (n > 0)
			memcpy(copy, seed.p, n);
		uint8_t *exact = realloc(copy, n > 0 ? n : 1);
		(void)LLVMFuzzerTestOneInput(exact, n);
		free(exact);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	struct arena *a = arena_new(FUZZ_ARENA);
	struct strv names = {0};
	struct error e;
	const char *name = strstr(argv[0], "replay_");
	const char *dir = arena_printf(a, "tests/fuzz/corpus/%s", name == NULL ? "" : name + strlen("replay_"));
	if (file_list(a, dir, &names, &e) != ERR_OK || names.n == 0)
		die("no corpus in %s", dir);
	printf("1..%zu\n", names.n);
	for (size_t i = 0; i < names.n; i++) {
		struct str seed;
		const char *path = arena_printf(a, "%s/%.*s", dir, STRF(names.v[i]));
		bool ok = file_read(a, path, SEED_MAX, &seed, &e) == ERR_OK;
		if (ok)
			run(seed);
		printf("%sok %zu - %s\n", ok ? "" : "not ", i + 1, path);
	}
	arena_free(a);
	return 0;
}
