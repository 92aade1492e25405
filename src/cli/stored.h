/* SPDX-License-Identifier: MIT
 *
 * The part of `check` that needs stored calls; `terms` counts the same way.
 */
#ifndef FW_CLI_STORED_H
#define FW_CLI_STORED_H

#include "cli/cli.h"

/* Adds warnings about the configuration and rules in c->app. */
void check_stored(struct cli *c, struct diags *d);

/* Holds the rules against the newest stored calls, as many as tell enough. */
enum err count_rates(struct cli *c, struct rates *r, struct error *e);

#endif
