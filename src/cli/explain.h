/* SPDX-License-Identifier: MIT
 *
 * What a call would need to suit, in words and as JSON; for explain and orphans.
 */
#ifndef FW_CLI_EXPLAIN_H
#define FW_CLI_EXPLAIN_H

#include "cli/cli.h"

/* "the text also had: GMP and the filter 'budget' let it pass" */
struct str remedy_text(struct arena *a, const struct remedy *r);
/* Writes "remedies": [...]. */
void remedies_json(struct json *j, const struct remedies *r);

#endif
