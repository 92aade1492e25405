/* SPDX-License-Identifier: MIT
 *
 * What every unit test starts with: cmocka, the log hook that fails a test which
 * logs a warning or an error nobody announced, and comparing slices.
 *
 *	static void test_x(void **state) { (void)state; ... }
 *	HARNESS_MAIN(cmocka_unit_test(test_x), cmocka_unit_test(test_y))
 */
#ifndef FW_TESTS_HARNESS_H
#define FW_TESTS_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/str.h"

#define ARENA_TEST ((size_t)64 << 20) /* cap of a test's arena */

/* The next warning or error must contain this text. */
__attribute__((unused)) static const char *expected_log;

__attribute__((unused)) static void harness_log(enum log_level level, const char *line, void *ctx)
{
	(void)ctx;
	if (level < LOG_WARN)
		return;
	if (expected_log == NULL || strstr(line, expected_log) == NULL)
		fail_msg("logged unannounced: %s", line);
	expected_log = NULL;
}

#define assert_str(s, literal)                                                                               \
	do {                                                                                                 \
		struct str str_got_ = (s);                                                                   \
		const char *str_want_ = (literal);                                                           \
		if (!str_eq(str_got_, str_of(str_want_)))                                                    \
			fail_msg("%s:%d: got '%.*s', want '%s'", __FILE__, __LINE__, STRF(str_got_), str_want_); \
	} while (0)

#define HARNESS_MAIN(...)                                                                                    \
	int main(void)                                                                                       \
	{                                                                                                    \
		const struct CMUnitTest tests[] = {__VA_ARGS__};                                             \
		log_set_hook(harness_log, NULL);                                                             \
		return cmocka_run_group_tests(tests, NULL, NULL);                                            \
	}

#endif
