/* SPDX-License-Identifier: MIT
 *
 * A huge JSON array element by element: libjq's streaming parser gives paths and
 * leaves, and the values at one depth are put together again one at a time.
 */
#include "extract/parts.h"

struct stream {
	int64_t depth;
	jv value; /* being put together */
	stream_each *each;
	void *ctx;
};

static bool hand_over(struct stream *st, jv value)
{
	return st->each(st->ctx, value);
}

/* One event: [path, leaf], or [path] when what holds the path's end is complete. */
static bool take_event(struct stream *st, jv event)
{
	bool leaf = jv_array_length(jv_copy(event)) == 2;
	jv path = jv_array_get(jv_copy(event), 0);
	int length = jv_array_length(jv_copy(path));
	bool more = true;
	if (leaf && length == st->depth) {
		more = hand_over(st, jv_array_get(jv_copy(event), 1));
	} else if (leaf && length > st->depth) {
		jv below = jv_array_slice(jv_copy(path), (int)st->depth, length);
		st->value = jv_setpath(st->value, below, jv_array_get(jv_copy(event), 1));
	} else if (!leaf && length == st->depth + 1) {
		jv done = st->value;
		st->value = jv_null();
		more = hand_over(st, done);
	}
	jv_free(path);
	jv_free(event);
	return more;
}

enum err stream_values(struct str bytes, int64_t depth, stream_each *each, void *ctx, struct error *e)
{
	if (bytes.n > INT32_MAX)
		return err_set(e, ERR_LIMIT, "too large to read as JSON");
	struct stream st = {.depth = depth, .value = jv_null(), .each = each, .ctx = ctx};
	jv_parser *parser = jv_parser_new(JV_PARSE_STREAMING);
	jv_parser_set_buf(parser, bytes.p == NULL ? "" : bytes.p, (int)bytes.n, 0);
	enum err err = ERR_OK;
	bool more = true;
	while (more) {
		jv event = jv_parser_next(parser);
		if (jv_is_valid(event)) {
			more = take_event(&st, event);
			continue;
		}
		jv why = jv_invalid_get_msg(event);
		if (jv_get_kind(why) == JV_KIND_STRING)
			err = err_set(e, ERR_INPUT, "not JSON: %.*s", STRF(json_bytes(why)));
		jv_free(why);
		break;
	}
	jv_free(st.value);
	jv_parser_free(parser);
	return err;
}
