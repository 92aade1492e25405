/* SPDX-License-Identifier: MIT
 *
 * What became of a transfer: the kind of its end, one line of words for it, and
 * the response in the arena.
 */
#ifndef FW_FETCH_OUTCOME_H
#define FW_FETCH_OUTCOME_H

#include "fetch/transfer.h"

/* Fills `r` (strings in the transfer's arena) and, unless ERR_OK is returned, `e`. */
enum err outcome_judge(struct transfer *t, CURLcode code, struct fetch_response *r,
	struct error *e) NODISCARD;

#endif
