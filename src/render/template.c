/* SPDX-License-Identifier: MIT
 *
 * Logic-less templates. In: a template's text and a value tree. Out: text, every
 * value escaped for where it goes. The text is cut into tokens first, so that a
 * fault anywhere in it is found whatever the values are.
 */
#include "render/view.h"

#define TEMPLATE_DEPTH_MAX 16		     /* sections inside each other */
#define TEMPLATE_TAGS_MAX  5000		     /* tokens of one template */

enum tag { TAG_TEXT, TAG_VALUE, TAG_RAW, TAG_SECTION, TAG_INVERTED, TAG_END, TAG_COMMENT };

struct token {
	enum tag tag;
	struct str text; /* of TAG_TEXT; else the name */
	size_t end;	 /* of a section: index of its TAG_END */
};

struct template {
	VEC(struct token) tokens;
};

struct parser {
	struct arena *a;
	struct str text;
	size_t at;
	struct template *out;
	size_t open[TEMPLATE_DEPTH_MAX]; /* indexes of sections not yet closed */
	size_t depth;
	struct error *e;
};

/* The objects around the current one, inmost first. */
struct scope {
	const struct view *view;
	const struct scope *outer;
};

struct run {
	const struct token *tokens;
	enum escape escape;
	struct buf *out;
};

/* ---- tokens -------------------------------------------------------------- */

static enum err fault(const struct parser *p, size_t at, const char *what, struct str name)
{
	int line = 1;
	for (size_t i = 0; i < at; i++)
		line += p->text.p[i] == '\n';
	return err_set(p->e, ERR_INTERNAL, "template line %d: %s%.*s", line, what, STRF(name));
}

static bool name_valid(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
			return false;
	}
	return s.n > 0;
}

static enum tag tag_kind(char sigil)
{
	static const struct {
		char sigil;
		enum tag tag;
	} kinds[] = {
		{'{', TAG_RAW}, {'#', TAG_SECTION}, {'^', TAG_INVERTED}, {'/', TAG_END}, {'!', TAG_COMMENT}};
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (kinds[i].sigil == sigil)
			return kinds[i].tag;
	return TAG_VALUE;
}

/* A section or comment tag alone on its line takes the line with it: widens
 * [*from, *to) over the blanks before it and the line end behind it. */
static void widen(struct str text, size_t *from, size_t *to)
{
	size_t a = *from, b = *to;
	while (a > 0 && (text.p[a - 1] == ' ' || text.p[a - 1] == '\t'))
		a--;
	while (b < text.n && (text.p[b] == ' ' || text.p[b] == '\t'))
		b++;
	if ((a > 0 && text.p[a - 1] != '\n') || (b < text.n && text.p[b] != '\n'))
		return;
	*from = a;
	*to = b < text.n ? b + 1 : b;
}

static enum err push(struct parser *p, size_t at, enum tag tag, struct str text)
{
	if (p->out->tokens.n == TEMPLATE_TAGS_MAX)
		return fault(p, at, "too many tags", (struct str){0});
	*vec_push(p->a, &p->out->tokens) = (struct token){.tag = tag, .text = text};
	return ERR_OK;
}

/* Keeps account of what is open; `at` is where the tag stands. */
static enum err nest(struct parser *p, size_t at, enum tag tag, struct str name)
{
	if (tag == TAG_SECTION || tag == TAG_INVERTED) {
		if (p->depth == TEMPLATE_DEPTH_MAX)
			return fault(p, at, "sections are nested too deep at ", name);
		p->open[p->depth++] = p->out->tokens.n;
	}
	if (tag != TAG_END)
		return ERR_OK;
	if (p->depth == 0)
		return fault(p, at, "nothing is open that this closes: ", name);
	struct token *begin = &p->out->tokens.v[p->open[--p->depth]];
	if (!str_eq(begin->text, name))
		return fault(p, at, "another section is open: ", begin->text);
	begin->end = p->out->tokens.n;
	return ERR_OK;
}

/* The tag at `open` ("{{"): moves p->at behind it. */
static enum err parse_tag(struct parser *p, size_t open)
{
	struct str rest = str_sub(p->text, open + 2, p->text.n);
	enum tag tag = rest.n > 0 ? tag_kind(rest.p[0]) : TAG_VALUE;
	struct str closing = tag == TAG_RAW ? STR("}}}") : STR("}}");
	size_t end = str_find(rest, closing);
	if (end == SIZE_MAX)
		return fault(p, open, "a tag is not closed", (struct str){0});
	struct str name = str_trim(str_sub(rest, tag == TAG_VALUE ? 0 : 1, end));
	if (tag != TAG_COMMENT && !name_valid(name))
		return fault(p, open, "not a name: ", name);
	size_t from = open, to = open + 2 + end + closing.n;
	if (tag != TAG_VALUE && tag != TAG_RAW)
		widen(p->text, &from, &to);
	if (from > p->at) {
		enum err err = push(p, open, TAG_TEXT, str_sub(p->text, p->at, from));
		if (err != ERR_OK)
			return err;
	}
	p->at = to;
	if (tag == TAG_COMMENT)
		return ERR_OK;
	enum err err = nest(p, open, tag, name);
	return err != ERR_OK ? err : push(p, open, tag, name);
}

static enum err parse(struct parser *p)
{
	while (p->at < p->text.n) {
		size_t open = str_find(str_sub(p->text, p->at, p->text.n), STR("{{"));
		if (open == SIZE_MAX) {
			size_t from = p->at;
			p->at = p->text.n;
			enum err err = push(p, from, TAG_TEXT, str_sub(p->text, from, p->text.n));
			if (err != ERR_OK)
				return err;
			break;
		}
		enum err err = parse_tag(p, p->at + open);
		if (err != ERR_OK)
			return err;
	}
	if (p->depth > 0)
		return fault(
			p, p->text.n, "a section is not closed: ", p->out->tokens.v[p->open[p->depth - 1]].text);
	return ERR_OK;
}

/* ---- writing ------------------------------------------------------------- */

/* What stands for a character that HTML gives a meaning; empty for all others. */
static struct str entity(char c)
{
	switch (c) {
	case '&':
		return STR("&amp;");
	case '<':
		return STR("&lt;");
	case '>':
		return STR("&gt;");
	case '"':
		return STR("&quot;");
	case '\'':
		return STR("&#39;");
	default:
		return (struct str){0};
	}
}

static void put_html(struct buf *out, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		struct str code = entity(s.p[i]);
		if (code.n == 0)
			continue;
		buf_add(out, str_sub(s, from, i));
		buf_add(out, code);
		from = i + 1;
	}
	buf_add(out, str_sub(s, from, s.n));
}

static const struct view_entry *look_up(const struct scope *s, struct str name)
{
	const struct view_entry *found = NULL;
	for (; s != NULL && found == NULL; s = s->outer)
		found = view_find(s->view, name);
	return found;
}

static bool is_empty(const struct view_entry *v)
{
	return v == NULL || (v->value.n == 0 && v->list.n == 0);
}

static void run_tokens(const struct run *r, size_t from, size_t to, const struct scope *scope);

static void run_section(const struct run *r, size_t at, const struct view_entry *v, const struct scope *scope)
{
	size_t end = r->tokens[at].end;
	if (is_empty(v))
		return;
	if (v->list.n == 0)
		run_tokens(r, at + 1, end, scope);
	for (size_t i = 0; i < v->list.n && !r->out->failed; i++) {
		struct scope inner = {v->list.v[i], scope};
		run_tokens(r, at + 1, end, &inner);
	}
}

static void run_tokens(const struct run *r, size_t from, size_t to, const struct scope *scope)
{
	for (size_t i = from; i < to; i++) {
		const struct token *t = &r->tokens[i];
		const struct view_entry *v = t->tag == TAG_TEXT ? NULL : look_up(scope, t->text);
		struct str value = v == NULL ? (struct str){0} : v->value;
		switch (t->tag) {
		case TAG_TEXT:
			buf_add(r->out, t->text);
			break;
		case TAG_VALUE:
			if (r->escape == ESCAPE_HTML)
				put_html(r->out, value);
			else
				buf_add(r->out, value);
			break;
		case TAG_RAW:
			buf_add(r->out, value);
			break;
		case TAG_SECTION:
			run_section(r, i, v, scope);
			i = t->end;
			break;
		case TAG_INVERTED:
			if (is_empty(v))
				run_tokens(r, i + 1, t->end, scope);
			i = t->end;
			break;
		case TAG_END:
		case TAG_COMMENT:
			break;
		}
	}
}

enum err template_parse(struct arena *a, struct str text, const struct template **out, struct error *e)
{
	struct template *t = arena_make(a, struct template);
	struct parser p = {.a = a, .text = text, .out = t, .e = e};
	enum err err = parse(&p);
	*out = err == ERR_OK ? t : NULL;
	return err;
}

enum err template_write(const struct template *t, const struct view *v, enum escape escape, struct buf *out,
	struct error *e)
{
	struct run r = {.tokens = t->tokens.v, .escape = escape, .out = out};
	struct scope root = {v, NULL};
	run_tokens(&r, 0, t->tokens.n, &root);
	if (out->failed)
		return err_set(e, ERR_LIMIT, "the rendered text is longer than %zu bytes", out->cap);
	return ERR_OK;
}
