/* SPDX-License-Identifier: MIT
 *
 * A file that the build compiled in (tests/lint/embed.py writes the tables).
 */
#ifndef FW_BASE_EMBED_H
#define FW_BASE_EMBED_H

#include <stddef.h>

struct embedded_file {
	const char *name; /* without directories: "001_main.sql" */
	const char *text; /* `n` bytes and a NUL */
	size_t n;
};

#endif
