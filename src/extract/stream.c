/* SPDX-License-Identifier: MIT
 *
 * A huge JSON array element by element. The document comes in pieces; brackets and
 * quotes tell where the values at one depth begin and end, and each of them is then
 * read by libjq on its own. Memory holds one value at a time.
 */
#include "extract/parts.h"

#define ELEMENT_MAX ((size_t)16 << 20) /* bytes of one value */

struct stream {
	int64_t wanted; /* depth of the values: containers that are open around each */
	stream_each *each;
	void *ctx;
	struct buf value;		/* the one that is being collected */
	char open[EXTRACT_DEPTH_MAX];	/* the brackets that are open */
	int64_t depth;			/* how many */
	bool taking, in_text, escaped;
	bool at_key;  /* at the wanted depth: what comes is the name of a member */
	bool begun;   /* anything but white space and a byte order mark was seen */
	bool enough;  /* `each` wants no more */
	struct error *e;
	enum err err;
};

struct stream *stream_new(int64_t depth, stream_each *each, void *ctx)
{
	struct stream *st = calloc(1, sizeof(*st));
	if (st == NULL)
		die("out of memory");
	*st = (struct stream){.wanted = depth, .each = each, .ctx = ctx, .value = buf_init(ELEMENT_MAX)};
	return st;
}

void stream_free(struct stream *st)
{
	buf_free(&st->value);
	free(st);
}

static void hand_over(struct stream *st)
{
	jv value = jv_null();
	st->taking = false;
	if (st->value.failed)
		st->err = err_set(st->e, ERR_LIMIT, "one value of the JSON is larger than %zu MB",
			ELEMENT_MAX >> 20);
	else
		st->err = json_read(buf_str(&st->value), &value, st->e);
	buf_clear(&st->value);
	if (st->err == ERR_OK && !st->each(st->ctx, value))
		st->enough = true;
}

/* Whether a value of the wanted depth can begin here. */
static bool may_begin(const struct stream *st)
{
	return st->depth == st->wanted && !st->taking && !st->at_key;
}

static void open_bracket(struct stream *st, char c)
{
	if (may_begin(st))
		st->taking = true;
	if (st->depth == EXTRACT_DEPTH_MAX) {
		st->err = err_set(st->e, ERR_LIMIT, "JSON nested more than %d deep", EXTRACT_DEPTH_MAX);
		return;
	}
	st->open[st->depth++] = c;
	if (st->depth == st->wanted)
		st->at_key = c == '{';
	if (st->taking)
		buf_addc(&st->value, c);
}

static void close_bracket(struct stream *st, char c)
{
	if (st->taking && st->depth == st->wanted)
		hand_over(st); /* a number or word that ends here */
	if (st->depth == 0 || st->open[st->depth - 1] != (c == '}' ? '{' : '[')) {
		st->err = err_set(st->e, ERR_INPUT, "not JSON: a '%c' that nothing opened", c);
		return;
	}
	st->depth--;
	if (st->taking)
		buf_addc(&st->value, c);
	if (st->taking && st->depth == st->wanted)
		hand_over(st);
}

/* A comma, a colon or white space, which end a number or word. */
static void between(struct stream *st, char c)
{
	bool here = st->depth == st->wanted;
	if (st->taking && here)
		hand_over(st);
	else if (st->taking)
		buf_addc(&st->value, c);
	if (here && !xml_space(c))
		st->at_key = c == ',' && st->depth > 0 && st->open[st->depth - 1] == '{';
}

static void plain(struct stream *st, char c)
{
	if (st->depth == 0)
		st->err = err_set(st->e, ERR_INPUT, "not JSON but a page that starts with '%c'", c);
	if (may_begin(st))
		st->taking = true;
	st->in_text = c == '"';
	if (st->taking)
		buf_addc(&st->value, c);
}

/* Inside of quotes; returns how many bytes were used. */
static size_t take_text(struct stream *st, struct str s)
{
	size_t n = 0;
	for (; n < s.n && st->in_text; n++) {
		char c = s.p[n];
		if (st->escaped)
			st->escaped = false;
		else if (c == '\\')
			st->escaped = true;
		else if (c == '"')
			st->in_text = false;
	}
	if (st->taking)
		buf_add(&st->value, str_sub(s, 0, n));
	if (st->taking && !st->in_text && st->depth == st->wanted)
		hand_over(st);
	return n;
}

static void take_sign(struct stream *st, char c)
{
	if (c == '{' || c == '[')
		open_bracket(st, c);
	else if (c == '}' || c == ']')
		close_bracket(st, c);
	else if (c == ',' || c == ':' || xml_space(c))
		between(st, c);
	else
		plain(st, c);
}

enum err stream_add(struct stream *st, struct str piece, struct error *e)
{
	st->e = e;
	if (!st->begun && str_starts(piece, STR("\xEF\xBB\xBF")))
		piece = str_sub(piece, 3, piece.n);
	for (size_t i = 0; i < piece.n && st->err == ERR_OK && !st->enough;) {
		st->begun = st->begun || !xml_space(piece.p[i]);
		if (st->in_text)
			i += take_text(st, str_sub(piece, i, piece.n));
		else
			take_sign(st, piece.p[i++]);
	}
	return st->err;
}

enum err stream_end(struct stream *st, struct error *e)
{
	if (st->err != ERR_OK || st->enough)
		return st->err;
	if (!st->begun)
		return err_set(e, ERR_INPUT, "it is empty");
	if (st->depth > 0 || st->in_text)
		return err_set(e, ERR_INPUT, "not JSON: it breaks off");
	return ERR_OK;
}
