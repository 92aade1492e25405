/* SPDX-License-Identifier: MIT
 *
 * Force-included into every file: functions that have no safe use here are
 * compile errors. Numbers are parsed by str_to_i64(), text is built by buf_*.
 */
#ifndef FW_BASE_BANNED_H
#define FW_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Under _FORTIFY_SOURCE some C libraries make these macros. */
#undef sprintf
#undef vsprintf
#undef gets
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets atoi atol atoll atof strtok
#pragma GCC poison strtol strtoul strtoll strtoull sscanf gmtime localtime ctime asctime

#endif
