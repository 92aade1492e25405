/* SPDX-License-Identifier: MIT
 *
 * The walls around the process that reads a page.
 */
#ifndef FW_EXTRACT_CONFINE_H
#define FW_EXTRACT_CONFINE_H

#include <stddef.h>

#include "base/attr.h"

#define CONFINE_ANSWER 3   /* the descriptors that stay open: the pipe, */
#define CONFINE_PAGE   4   /* and the page's file */
#define CONFINE_FAILED 127 /* exit status of a process that could not be confined, or not answer */

/* For a process that was just forked, once: moves `answer` and `page` (-1 = none) to
 * the numbers above, closes all others, limits address space to `memory` bytes more
 * than now and processor time to `seconds`, and leaves only the system calls that
 * computing needs. Ends the process when it can't. */
void confine(int answer, int page, size_t memory, unsigned seconds);

_Noreturn void confine_failed(void);

#endif
