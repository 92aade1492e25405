/* SPDX-License-Identifier: MIT
 *
 * A mail that staff were sent, down to the opportunity in it.
 */
#include "bytes.h"
#include "mail/mail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct item_rules rules = {.source = STR("fuzz"), .closes_at = -1};
	struct arena *a = arena_new(FUZZ_ARENA);
	struct letter l;
	struct item it;
	struct opportunity o;
	struct error e;
	if (mail_parse(a, fuzz_str(data, n), &l, &e) == ERR_OK) {
		item_from_letter(a, &l, &it);
		item_settle(a, &rules, &it);
		(void)!opportunity_from_item(a, &rules, &it, &o, &e);
	}
	arena_free(a);
	return 0;
}
