/* SPDX-License-Identifier: MIT
 *
 * What a received mail may cost, judged before it is parsed. Inside src/mail/ only.
 */
#ifndef FW_MAIL_GUARD_H
#define FW_MAIL_GUARD_H

#include "base/str.h"

/* False for bytes that would make GMime use gigabytes or all of the stack. */
bool guard_passes(struct str bytes);

#endif
