/* SPDX-License-Identifier: MIT
 *
 * src/store/schema/ as compiled in by the build: migration N is element N-1.
 */
#ifndef FW_STORE_SCHEMA_H
#define FW_STORE_SCHEMA_H

#include "base/embed.h"

extern const struct embedded_file schema_files[];
extern const size_t schema_files_count;

#endif
