/* SPDX-License-Identifier: MIT
 *
 * feeds FILE ROUNDS: parses a feed so often, in process, and prints how much of it
 * went through in a second of CPU.
 */
#include <stdio.h>
#include <time.h>

#include "base/file.h"
#include "extract/extract.h"

#define FILE_BYTES_MAX	((size_t)64 << 20)
#define ITEMS_BYTES_MAX ((size_t)512 << 20) /* of the items of one round */

static double cpu_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new(FILE_BYTES_MAX * 2);
	struct error e = {0};
	struct str bytes;
	int64_t rounds;
	if (argc != 3 || !str_to_i64(str_of(argv[2]), 1, 10000000, &rounds))
		return 2;
	if (file_read(a, argv[1], FILE_BYTES_MAX, &bytes, &e) != ERR_OK) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	double start = cpu_seconds();
	for (int64_t i = 0; i < rounds; i++) {
		struct arena *items = arena_new(ITEMS_BYTES_MAX);
		struct page p;
		if (extract_feed(items, bytes, (struct str){0}, (struct str){0}, &p, &e) != ERR_OK) {
			fprintf(stderr, "%s\n", e.text);
			return 1;
		}
		arena_free(items);
	}
	double seconds = cpu_seconds() - start;
	printf("%.1f MB/s, %.0f feeds/s\n", (double)bytes.n * (double)rounds / seconds / 1e6, (double)rounds / seconds);
	arena_free(a);
}
