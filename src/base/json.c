/* SPDX-License-Identifier: MIT
 *
 * JSON writer.
 */
#include "base/json.h"

static void value(struct json *j)
{
	if (j->comma)
		buf_addc(j->out, ',');
	j->comma = true;
}

void json_open(struct json *j, char bracket)
{
	value(j);
	buf_addc(j->out, bracket);
	j->comma = false;
}

void json_close(struct json *j, char bracket)
{
	buf_addc(j->out, bracket);
	j->comma = true;
}

static void quoted(struct buf *b, struct str s)
{
	static const char *const shorts[128] = {
		['"'] = "\\\"",
		['\\'] = "\\\\",
		['\n'] = "\\n",
		['\r'] = "\\r",
		['\t'] = "\\t",
	};
	buf_addc(b, '"');
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);
		if (c < 128 && shorts[c] != NULL)
			buf_addz(b, shorts[c]);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(b, "\\u%04x", (unsigned)c);
		else
			buf_utf8(b, c);
	}
	buf_addc(b, '"');
}

void json_key(struct json *j, const char *key)
{
	value(j);
	quoted(j->out, str_of(key));
	buf_addc(j->out, ':');
	j->comma = false;
}

void json_str(struct json *j, struct str s)
{
	value(j);
	quoted(j->out, s);
}

void json_int(struct json *j, int64_t v)
{
	value(j);
	buf_printf(j->out, "%lld", (long long)v);
}

void json_bool(struct json *j, bool v)
{
	value(j);
	buf_addz(j->out, v ? "true" : "false");
}

void json_member_str(struct json *j, const char *key, struct str s)
{
	if (s.n == 0)
		return;
	json_key(j, key);
	json_str(j, s);
}

void json_member_int(struct json *j, const char *key, int64_t v)
{
	json_key(j, key);
	json_int(j, v);
}

void json_member_bool(struct json *j, const char *key, bool v)
{
	json_key(j, key);
	json_bool(j, v);
}
