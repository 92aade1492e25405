/* SPDX-License-Identifier: MIT
 *
 * JSON by a recipe's programs: whole, and piece by piece as a huge one is read; and
 * the same bytes as one ITEM.
 */
#include "bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct recipe *whole, *streamed;
	static struct extractor *by_whole, *by_stream;
	if (whole == NULL) {
		whole = fuzz_recipe("tests/fuzz/recipes/json.conf");
		streamed = fuzz_recipe("tests/fuzz/recipes/stream.conf");
		by_whole = extract_new(whole);
		by_stream = extract_new(streamed);
	}
	fuzz_page(by_whole, whole, fuzz_str(data, n));
	fuzz_page(by_stream, streamed, fuzz_str(data, n));
	struct arena *a = arena_new(FUZZ_ARENA);
	struct item it;
	struct error e;
	if (extract_item_json(a, fuzz_str(data, n), &it, &e) == ERR_OK)
		item_settle(a, &whole->rules, &it);
	arena_free(a);
	return 0;
}
