/* SPDX-License-Identifier: MIT
 *
 * jq programs of recipes by libjq: compiled once and run on one value at a
 * time, with an empty environment (so that $ENV and env show nothing and no ~/.jq
 * is read).
 * libjq tells only the line of a fault, so the program is handed over in the
 * lines it has in its file.
 */
#include <jq.h>
#include <unistd.h>

#include "extract/parts.h"

#define PROGRAM_MAX ((size_t)256 * 1024) /* bytes of one program */

struct program {
	jq_state *jq;
	const char *key; /* "items" or "expect" */
};

/* Where faults of compiling go. */
struct faults {
	const struct value *v;
	const char *key;
	struct diags *d;
	struct error *e;
	size_t n;
	struct str source; /* the program in its lines */
};

/* The value's text with the line breaks of its file again. */
static struct str in_lines(const struct value *v, struct buf *out)
{
	*out = buf_init(PROGRAM_MAX);
	int line = value_place(v, 0, 1).line;
	for (size_t i = 0; i < v->text.n; i++) {
		char c = v->text.p[i];
		bool joint = (c == ' ' || c == '\n') && i + 1 < v->text.n;
		int next = joint ? value_place(v, i + 1, 1).line : line;
		buf_addc(out, next > line ? '\n' : c);
		line = next > line ? next : line;
	}
	return buf_str(out);
}

/* The offset of line `n` (from 1) in the program. */
static size_t line_offset(struct str source, int64_t n)
{
	size_t at = 0;
	for (; n > 1 && at < source.n; n--) {
		size_t end = str_find_char(str_sub(source, at, source.n), '\n');
		if (end == SIZE_MAX)
			break;
		at += end + 1;
	}
	while (at + 1 < source.n && (source.p[at] == ' ' || source.p[at] == '\t'))
		at++;
	return at;
}

/* "jq: error: syntax error, unexpected ... at <top-level>, line 3:" -> text and line. */
static struct str read_fault(struct str m, int64_t *line)
{
	struct str prefix = STR("jq: error: ");
	*line = 1;
	m = str_starts(m, prefix) ? str_sub(m, prefix.n, m.n) : m;
	struct str mark = STR(", line ");
	size_t at = str_find(m, mark);
	if (at != SIZE_MAX) {
		struct str rest = str_sub(m, at + mark.n, m.n);
		size_t n = 0;
		while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
			n++;
		(void)!str_to_i64(str_sub(rest, 0, n), 1, INT32_MAX, line);
	}
	size_t end = str_find(m, STR(" at <"));
	m = str_sub(m, 0, end);
	size_t shell = str_find(m, STR(" (Unix shell"));
	return str_trim(str_sub(m, 0, shell));
}

static void note_fault(void *ctx, jv message)
{
	struct faults *f = ctx;
	int64_t line;
	struct str m = json_bytes(message);
	if (m.n > 0 && str_find(m, STR("compile error")) == SIZE_MAX) {
		struct str text = read_fault(m, &line);
		if (f->n++ == 0)
			(void)err_set(f->e, ERR_CONFIG, "%s: %.*s", f->key, STRF(text));
		if (f->d != NULL)
			diag_add(f->d, DIAG_ERROR, value_place(f->v, line_offset(f->source, line), 1), NULL,
				"%s: %.*s", f->key, STRF(text));
	}
	jv_free(message);
}

static char *no_environment[] = {NULL};

static int compile(jq_state *jq, const char *source)
{
	char **saved = environ;
	environ = no_environment;
	int ok = jq_compile(jq, source);
	environ = saved;
	return ok;
}

static jv next_output(jq_state *jq)
{
	char **saved = environ;
	environ = no_environment;
	jv out = jq_next(jq);
	environ = saved;
	return out;
}

static void stay_silent(void *ctx, jv message)
{
	(void)ctx;
	jv_free(message);
}

struct program *program_new(const struct value *v, const char *key, struct diags *d, struct error *e)
{
	jq_state *jq = jq_init();
	struct program *p = calloc(1, sizeof(*p));
	if (jq == NULL || p == NULL)
		die("out of memory");
	*p = (struct program){.jq = jq, .key = key};
	struct buf source;
	struct faults f = {.v = v, .key = key, .d = d, .e = e, .source = in_lines(v, &source)};
	jq_set_error_cb(jq, note_fault, &f);
	int ok = compile(jq, f.source.p);
	jq_set_error_cb(jq, stay_silent, NULL);
	buf_free(&source);
	if (ok)
		return p;
	if (f.n == 0)
		(void)err_set(e, ERR_CONFIG, "%s: this is no jq program", key);
	if (f.n == 0 && d != NULL)
		diag_add(d, DIAG_ERROR, value_place(v, 0, 1), NULL, "%s: this is no jq program", key);
	program_free(p);
	return NULL;
}

void program_free(struct program *p)
{
	if (p == NULL)
		return;
	jq_teardown(&p->jq);
	free(p);
}

enum err program_run(struct program *p, jv in, program_emit *emit, void *ctx, struct error *e)
{
	jq_start(p->jq, in, 0);
	jv out;
	while (jv_is_valid(out = next_output(p->jq)))
		if (!emit(ctx, out))
			return ERR_OK;
	jv why = jv_invalid_get_msg(out);
	enum err err = ERR_OK;
	if (jv_get_kind(why) == JV_KIND_STRING) {
		err = err_set(e, ERR_INPUT, "%s: %.*s", p->key, STRF(json_bytes(why)));
	} else if (jv_get_kind(why) != JV_KIND_NULL || jq_halted(p->jq)) {
		err = err_set(e, ERR_INPUT, "%s: the program gave up", p->key);
	}
	jv_free(why);
	return err;
}
