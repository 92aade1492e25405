/* SPDX-License-Identifier: MIT
 *
 * conf/templates/ as compiled in by the build.
 */
#ifndef FW_RENDER_TEMPLATES_H
#define FW_RENDER_TEMPLATES_H

#include "base/embed.h"

extern const struct embedded_file template_files[];
extern const size_t template_files_count;

#endif
