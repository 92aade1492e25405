/* SPDX-License-Identifier: MIT
 *
 * JSON writer (RFC 8259) into a buffer: commas and escaping are its business,
 * nesting is the caller's. Malformed UTF-8 is written as U+FFFD. Members whose
 * value is absent are left out by json_member_str() and friends.
 */
#ifndef FW_BASE_JSON_H
#define FW_BASE_JSON_H

#include "base/buf.h"

struct json {
	struct buf *out;
	bool comma; /* the next value or key needs one before it */
};

static inline struct json json_to(struct buf *out)
{
	return (struct json){.out = out};
}

void json_open(struct json *j, char bracket);  /* '{' or '[' */
void json_close(struct json *j, char bracket); /* '}' or ']' */
void json_key(struct json *j, const char *key);
void json_str(struct json *j, struct str s);
void json_int(struct json *j, int64_t v);
void json_bool(struct json *j, bool v);

/* key: "value", left out when the value is empty */
void json_member_str(struct json *j, const char *key, struct str s);
void json_member_int(struct json *j, const char *key, int64_t v);
void json_member_bool(struct json *j, const char *key, bool v);

#endif
