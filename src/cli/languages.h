/* SPDX-License-Identifier: MIT
 *
 * What is said of the languages of profiles and sources whose word forms are not all
 * known on this machine.
 */
#ifndef FW_CLI_LANGUAGES_H
#define FW_CLI_LANGUAGES_H

#include "conf/conf.h"

/* A note at the first profile or source of each such language. */
void languages_tell(const struct config *c, struct diags *d);
/* The same in one line. */
const char *languages_state(struct arena *a, const struct config *c) RET_NONNULL;

#endif
