/* SPDX-License-Identifier: MIT
 *
 * The part of `check` that needs stored calls.
 */
#ifndef FW_CLI_STORED_H
#define FW_CLI_STORED_H

#include "cli/cli.h"

/* Adds warnings about the configuration and rules in c->app. */
void check_stored(struct cli *c, struct diags *d);

#endif
