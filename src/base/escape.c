/* SPDX-License-Identifier: MIT
 *
 * Percent-encoding (RFC 3986 section 2.3).
 */
#include "base/escape.h"

void escape_url(struct buf *out, struct str s)
{
	static const char safe[] = "-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\0' && strchr(safe, s.p[i]) != NULL)
			buf_addc(out, s.p[i]);
		else
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)s.p[i]);
}
