/* SPDX-License-Identifier: MIT
 *
 * Any feed format, in any encoding.
 */
#include "bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct item_rules rules = {.source = STR("fuzz"), .closes_at = -1};
	struct arena *a = arena_new(FUZZ_ARENA);
	struct page p;
	struct error e;
	if (extract_feed(a, fuzz_str(data, n), (struct str){0}, STR("https://x.example/"), &p, &e) == ERR_OK)
		fuzz_items(a, &rules, &p);
	arena_free(a);
	return 0;
}
