/* SPDX-License-Identifier: MIT
 *
 * Diagnostics: collecting (strings are copied, so that they outlive the files
 * they speak of), sorting, printing with line and caret. In: places and messages;
 * out: text. What is kept is bounded; what is not kept is still counted.
 */
#include "conf/diag.h"

#include <stdarg.h>
#include <utf8proc.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"

#define DIAGS_KEPT_MAX ((size_t)1000)	   /* diagnostics kept; many more than are ever shown */
#define MESSAGE_MAX    600		   /* bytes of one message, the NUL included */
#define DIAG_COST_MAX  ((size_t)64 * 1024) /* arena bytes that one diagnostic may need */
#define TEXT_MAX       ((size_t)4 << 20)   /* bytes of all diagnostics as text */
#define SHOWN_CHARS    200		   /* characters shown of a line; a longer one is cut on both sides */
#define SHOWN_BEFORE   100		   /* of them, how many stand before the caret */

static const struct {
	const char *name, *many;
} severities[] = {
	[DIAG_ERROR] = {"error", "errors"},
	[DIAG_WARNING] = {"warning", "warnings"},
	[DIAG_NOTE] = {"note", "notes"},
};

static void count(struct diags *d, enum severity severity)
{
	if (severity == DIAG_ERROR)
		d->errors++;
	if (severity == DIAG_WARNING)
		d->warnings++;
}

/* A copy in one line; a message of `n` bytes that did not fit into `text` is cut at
 * a whole character. */
static struct str message(struct arena *a, char text[static MESSAGE_MAX], size_t n)
{
	struct str s = {text, n};
	for (size_t i = 0; i < n && i < MESSAGE_MAX - 1; i++)
		if ((unsigned char)text[i] < ' ')
			text[i] = ' ';
	if (n < MESSAGE_MAX)
		return str_dup(a, s);
	s.n = MESSAGE_MAX - sizeof("...");
	while (s.n > 0 && ((unsigned char)text[s.n] & 0xC0) == 0x80)
		s.n--;
	return str_of(arena_printf(a, "%.*s...", STRF(s)));
}

void diag_add(
	struct diags *d, enum severity severity, struct place at, const char *hint, const char *fmt, ...)
{
	count(d, severity);
	if (d->list.n >= DIAGS_KEPT_MAX ||
		arena_room(d->a) < DIAG_COST_MAX + 2 * d->list.room * sizeof(struct diag))
		return;
	char text[MESSAGE_MAX];
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	at.file = str_dup(d->a, str_sub(at.file, 0, MESSAGE_MAX));
	at.text = str_dup(d->a, str_sub(at.text, 0, DIAG_COST_MAX / 2));
	*vec_push(d->a, &d->list) = (struct diag){
		.severity = severity,
		.at = at,
		.message = message(d->a, text, n < 0 ? 0 : (size_t)n),
		.hint = str_dup(d->a, str_sub(str_of(hint), 0, MESSAGE_MAX)),
	};
}

static int by_place(const void *a, const void *b)
{
	const struct diag *x = *(const struct diag *const *)a, *y = *(const struct diag *const *)b;
	int c = str_cmp(x->at.file, y->at.file);
	if (c == 0)
		c = (x->at.line > y->at.line) - (x->at.line < y->at.line);
	if (c == 0)
		c = (x->at.col > y->at.col) - (x->at.col < y->at.col);
	return c != 0 ? c : (x > y) - (x < y); /* as they came */
}

/* The part of a line that is shown: characters [first, last), counted from 0. */
struct window {
	int first, last;
};

static struct window window_at(const struct place *at)
{
	int chars = 0;
	for (size_t i = 0; i < at->text.n; chars++)
		(void)utf8_next(at->text, &i);
	if (chars <= SHOWN_CHARS)
		return (struct window){0, chars};
	int first = at->col > SHOWN_BEFORE ? at->col - SHOWN_BEFORE : 0;
	int last = first + SHOWN_CHARS < chars ? first + SHOWN_CHARS : chars;
	return (struct window){first, last};
}

static bool invisible(uint32_t c)
{
	return c != '\t' && (c < 0x20 || (c >= 0x7F && c < 0xA0));
}

static void print_line(struct buf *b, const struct place *at, struct window w)
{
	buf_printf(b, "%4d | %s", at->line, w.first > 0 ? "..." : "");
	size_t i = 0;
	for (int k = 0; i < at->text.n && k < w.last; k++) {
		uint32_t c = utf8_next(at->text, &i);
		if (k >= w.first)
			buf_utf8(b, invisible(c) ? ' ' : c);
	}
	buf_addz(b, i < at->text.n ? "...\n" : "\n");
}

/* White space as wide as the line before the caret: tabs stay tabs, marks that
 * stand over a letter take no room, wide letters take two columns. */
static void print_indent(struct buf *b, const struct place *at, struct window w)
{
	buf_addz(b, w.first > 0 ? "   " : "");
	size_t i = 0;
	for (int k = 0; k < at->col - 1; k++) {
		uint32_t c = i < at->text.n ? utf8_next(at->text, &i) : ' ';
		if (k < w.first)
			continue;
		int width = invisible(c) ? 1 : utf8proc_charwidth((utf8proc_int32_t)c);
		if (c == '\t')
			buf_addc(b, '\t');
		for (; c != '\t' && width > 0; width--)
			buf_addc(b, ' ');
	}
}

static void print_caret(struct buf *b, const struct diag *g, struct window w)
{
	if (g->at.col == 0 && g->hint.n == 0)
		return;
	buf_printf(b, "%*s | ", snprintf(NULL, 0, "%4d", g->at.line), "");
	if (g->at.col > 0) {
		print_indent(b, &g->at, w);
		int room = w.last - (g->at.col - 1);
		int carets = g->at.width < 1 ? 1 : g->at.width;
		if (carets > room && room > 0)
			carets = room;
		for (int i = 0; i < carets; i++)
			buf_addc(b, '^');
		buf_addz(b, g->hint.n > 0 ? " " : "");
	}
	buf_printf(b, "%.*s\n", STRF(g->hint));
}

/* "rules.d/x.conf:9:22: error: there is no field called 'tittle'" */
static void print_head(struct buf *b, const struct diag *g)
{
	buf_add(b, g->at.file);
	if (g->at.line > 0)
		buf_printf(b, ":%d", g->at.line);
	if (g->at.line > 0 && g->at.col > 0)
		buf_printf(b, ":%d", g->at.col);
	buf_printf(b, "%s%s: %.*s", g->at.file.n > 0 ? ": " : "", severities[g->severity].name,
		STRF(g->message));
}

static void print_one(struct buf *b, const struct diag *g)
{
	print_head(b, g);
	buf_addc(b, '\n');
	struct window w = window_at(&g->at);
	if (g->at.line > 0 && g->at.text.n > 0)
		print_line(b, &g->at, w);
	print_caret(b, g, w);
}

/* Sorted by place; to be freed. */
static const struct diag **sorted(const struct diags *d)
{
	const struct diag **order = calloc(d->list.n + 1, sizeof(*order));
	if (order == NULL)
		die("out of memory");
	for (size_t i = 0; i < d->list.n; i++)
		order[i] = &d->list.v[i];
	qsort(order, d->list.n, sizeof(struct diag *), by_place);
	return order;
}

static void print_all(struct buf *b, struct diags *d)
{
	size_t n = d->list.n, shown[COUNT(severities)] = {0}, total[COUNT(severities)] = {0};
	const struct diag **order = sorted(d);
	for (size_t i = 0; i < n; i++) {
		total[order[i]->severity]++;
		if (shown[order[i]->severity] >= DIAG_SHOWN_MAX)
			continue;
		shown[order[i]->severity]++;
		print_one(b, order[i]);
	}
	free(order);
	total[DIAG_ERROR] = d->errors;
	total[DIAG_WARNING] = d->warnings;
	for (size_t s = 0; s < COUNT(severities); s++) {
		size_t more = total[s] - shown[s];
		if (more > 0)
			buf_printf(b, "and %zu more %s\n", more,
				more == 1 ? severities[s].name : severities[s].many);
	}
}

void diags_print(struct diags *d, FILE *out)
{
	struct buf b = buf_init(TEXT_MAX);
	print_all(&b, d);
	(void)fwrite(buf_str(&b).p, 1, b.n, out);
	buf_free(&b);
}

static void write_gcc(struct buf *b, const struct diag *g)
{
	print_head(b, g);
	if (g->hint.n > 0)
		buf_printf(b, " [%.*s]", STRF(g->hint));
	buf_addc(b, '\n');
}

static void write_json(struct buf *b, const struct diag *g)
{
	struct json j = json_to(b);
	json_open(&j, '{');
	json_member_str(&j, "file", g->at.file);
	json_member_int(&j, "line", g->at.line);
	json_member_int(&j, "col", g->at.col);
	json_member_int(&j, "width", g->at.width);
	json_member_str(&j, "severity", str_of(severities[g->severity].name));
	json_member_str(&j, "message", g->message);
	json_member_str(&j, "hint", g->hint);
	json_member_str(&j, "text", g->at.text);
	json_close(&j, '}');
	buf_addc(b, '\n');
}

void diags_write(struct diags *d, enum diag_format format, FILE *out)
{
	if (format == DIAG_TEXT) {
		diags_print(d, out);
		return;
	}
	const struct diag **order = sorted(d);
	for (size_t i = 0; i < d->list.n; i++) {
		struct buf b = buf_init(DIAG_COST_MAX * 8);
		if (format == DIAG_GCC)
			write_gcc(&b, order[i]);
		else
			write_json(&b, order[i]);
		(void)fwrite(buf_str(&b).p, 1, b.n, out);
		buf_free(&b);
	}
	free(order);
}

bool diag_format_from(const char *word, enum diag_format *out)
{
	static const char *const words[] = {[DIAG_TEXT] = "text", [DIAG_GCC] = "gcc", [DIAG_JSON] = "json"};
	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(word, words[i]) == 0) {
			*out = (enum diag_format)i;
			return true;
		}
	return false;
}

struct str diags_text(struct arena *a, struct diags *d)
{
	struct buf b = buf_init(arena_room(a) / 2 < TEXT_MAX ? arena_room(a) / 2 : TEXT_MAX);
	print_all(&b, d);
	return buf_take(&b, a);
}

const char *diag_suggest(struct diags *d, struct str word, const char *const *words, size_t n)
{
	unsigned best = 3;
	const char *found = NULL;
	for (size_t i = 0; i < n; i++) {
		unsigned distance = str_distance(word, str_of(words[i]));
		if (distance < best && 2 * (size_t)distance < word.n) {
			best = distance;
			found = words[i];
		}
	}
	if (found == NULL || arena_room(d->a) < DIAG_COST_MAX)
		return NULL;
	return arena_printf(d->a, "did you mean %s ?", found);
}
