/* SPDX-License-Identifier: MIT
 *
 * What a fuzzer of bytes from outside is: one function that libFuzzer (make fuzz) or replay.c (make test)
 * calls with bytes. It must come back, whatever they are, without leaving memory.
 * Both are started in the root of the tree.
 */
#ifndef FW_TESTS_BYTES_H
#define FW_TESTS_BYTES_H

#include <stdint.h>
#include <stdlib.h>

#include "extract/extract.h"

#define FUZZ_ARENA ((size_t)64 << 20) /* what one input may use */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* libjq 1.6 leaks a token of some broken JSON, and a live program's memory looks lost
 * to the leak check. The unit tests look for leaks of our own. */
const char *__lsan_default_suppressions(void);
__attribute__((weak)) const char *__lsan_default_suppressions(void)
{
	return "leak:libjq";
}

static inline struct str fuzz_str(const uint8_t *data, size_t n)
{
	return (struct str){(const char *)data, n};
}

/* A recipe of tests/fuzz/recipes; lives as long as the process. */
static inline const struct recipe *fuzz_recipe(const char *path)
{
	static struct arena *kept;
	if (kept == NULL)
		kept = arena_new(FUZZ_ARENA);
	struct diags d = {.a = kept};
	const struct recipe *r = conf_recipe_file(kept, path, &d);
	if (r == NULL)
		die("%s is no sound recipe", path);
	return r;
}

/* What follows extraction: every item settled and made an opportunity. */
static inline void fuzz_items(struct arena *a, const struct item_rules *rules, struct page *p)
{
	for (size_t i = 0; i < p->items.n && arena_room(a) > FUZZ_ARENA / 4; i++) {
		struct opportunity o;
		struct error e;
		item_settle(a, rules, &p->items.v[i]);
		(void)!opportunity_from_item(a, rules, &p->items.v[i], &o, &e);
	}
}

/* One page by a recipe. */
static inline void fuzz_page(struct extractor *x, const struct recipe *r, struct str bytes)
{
	struct arena *a = arena_new(FUZZ_ARENA);
	struct page p;
	struct error e;
	if (extract_page(x, a, bytes, (struct str){0}, STR("https://x.example/list/"), &p, &e) == ERR_OK)
		fuzz_items(a, &r->rules, &p);
	arena_free(a);
}

#endif
