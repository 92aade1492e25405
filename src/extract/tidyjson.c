/* SPDX-License-Identifier: MIT
 *
 * JSON as templates and cut strings write it -> JSON that a parser takes: raw line
 * breaks in strings, halves of surrogate pairs, escapes that do not exist, commas
 * with nothing behind them. Anything else that is wrong stays wrong.
 */
#include "extract/parts.h"

#define UNIT_BYTES 6 /* of "\uXXXX" */

/* The code unit of the escape "\uXXXX" at s[i]; -1 when there is none. */
static int code_unit(struct str s, size_t i)
{
	static const char digits[] = "0123456789abcdef";
	if (i + UNIT_BYTES > s.n || s.p[i] != '\\' || s.p[i + 1] != 'u')
		return -1;
	int v = 0;
	for (size_t k = i + 2; k < i + UNIT_BYTES; k++) {
		char c = s.p[k] >= 'A' && s.p[k] <= 'F' ? (char)(s.p[k] | 0x20) : s.p[k];
		const char *digit = memchr(digits, c, sizeof(digits) - 1);
		if (digit == NULL)
			return -1;
		v = v * 16 + (int)(digit - digits);
	}
	return v;
}

/* The escape at s[i] == '\\' within a string. */
static size_t escape(struct str s, size_t i, struct buf *out)
{
	int unit = code_unit(s, i), next = code_unit(s, i + UNIT_BYTES);
	bool high = unit >= 0xD800 && unit < 0xDC00, pair = high && next >= 0xDC00 && next < 0xE000;
	size_t n = pair ? (size_t)UNIT_BYTES * 2 : unit >= 0 ? UNIT_BYTES : 2;
	bool known = unit >= 0 || (i + 1 < s.n && str_find_char(STR("\"\\/bfnrt"), s.p[i + 1]) != SIZE_MAX);
	if (!known)
		return i + 1;
	if (unit >= 0xD800 && unit < 0xE000 && !pair)
		buf_addz(out, "\\ufffd");
	else
		buf_add(out, str_sub(s, i, i + n));
	return i + n;
}

/* Whether the comma at s[i] has a value behind it. */
static bool separates(struct str s, size_t i)
{
	struct str rest = str_trim(str_sub(s, i + 1, s.n));
	return rest.n > 0 && rest.p[0] != ']' && rest.p[0] != '}';
}

void tidy_json(struct str in, struct buf *out)
{
	bool string = false;
	for (size_t i = 0; i < in.n && !out->failed;) {
		char c = in.p[i];
		if (string && c == '\\') {
			i = escape(in, i, out);
			continue;
		}
		string = c == '"' ? !string : string;
		bool dropped = !string && c == ',' && !separates(in, i);
		if (!dropped)
			buf_addc(out, string && (unsigned char)c < ' ' ? ' ' : c);
		i++;
	}
}
