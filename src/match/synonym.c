/* SPDX-License-Identifier: MIT
 *
 * [synonyms]: a word -> the words and phrases that it also stands for. Each is
 * read once, with the synonyms inside it resolved, and kept as one flat OR.
 */
#include "match/internal.h"

enum state { STATE_NEW, STATE_OPEN, STATE_DONE };

struct entry {
	const struct synonym *def;
	const struct term *word; /* NULL when nothing can be looked for in it */
	struct node *node;	 /* NULL before it is read, and after a fault */
	enum state state;
};

struct synonyms {
	struct arena *a;
	struct diags *d;
	struct entry *list;
	size_t n;
};

static void tell_too_large(struct diags *d, const struct value *v)
{
	diag_add(d, DIAG_ERROR, v->at, NULL,
		"the synonyms and rules of this configuration are too large together");
}

struct synonyms *synonyms_new(struct arena *a, const struct config *c, struct diags *d)
{
	struct synonyms *out = arena_make(a, struct synonyms);
	*out = (struct synonyms){.a = a, .d = d, .n = c->synonyms.n};
	out->list = arena_make_n(a, out->n, struct entry);
	for (size_t i = 0; i < out->n; i++) {
		const struct synonym *def = &c->synonyms.v[i];
		if (arena_room(a) < QUERY_ROOM) {
			tell_too_large(d, &def->expansion);
			out->n = i;
			break;
		}
		struct str word = def->word;
		bool quoted = word.n > 1 && word.p[0] == '"' && word.p[word.n - 1] == '"';
		struct term_text t = {.text = quoted ? str_sub(word, 1, word.n - 1) : word};
		out->list[i] = (struct entry){.def = def, .word = term_make(a, &t)};
	}
	return out;
}

static bool capitals_wanted(const struct term *t)
{
	return t->kind == TERM_ACRONYM || t->joined_capitals;
}

/* The spelling of e-health that it shares with ehealth; empty where there is none. */
static struct str in_one_word(const struct term *t)
{
	return t->kind == TERM_WORD ? t->parts[0].folded : t->joined;
}

/* The same words; an acronym is not meant where small letters are written. */
static bool same_word(const struct term *key, const struct term *t)
{
	if (key == NULL || capitals_wanted(key) != capitals_wanted(t))
		return false;
	if (in_one_word(key).n > 0 && str_eq(in_one_word(key), in_one_word(t)))
		return true;
	if (key->part_count != t->part_count)
		return false;
	for (size_t i = 0; i < t->part_count; i++)
		if (!str_eq(key->parts[i].folded, t->parts[i].folded))
			return false;
	return str_eq(key->behind, t->behind);
}

static bool only_terms(const struct node *n)
{
	if (n->type != NODE_TERM && n->type != NODE_OR)
		return false;
	for (size_t i = 0; i < n->kids.n; i++)
		if (!only_terms(n->kids.v[i]))
			return false;
	return true;
}

static void flatten(struct arena *a, struct node *n, struct node *into)
{
	for (size_t i = 0; i < n->kids.n; i++)
		flatten(a, n->kids.v[i], into);
	if (n->type != NODE_TERM)
		return;
	for (size_t i = 0; i < into->kids.n; i++)
		if (str_eq(into->kids.v[i]->term->key, n->term->key))
			return;
	*vec_push(a, &into->kids) = n;
}

static void tell_cycle(struct synonyms *s, const struct entry *e)
{
	const struct value *v = &e->def->expansion;
	struct buf b = buf_init(500);
	for (size_t i = 0; i < s->n; i++)
		if (s->list[i].state == STATE_OPEN) {
			buf_addz(&b, b.n > 0 ? ", " : "");
			buf_add(&b, s->list[i].def->word);
		}
	diag_add(s->d, DIAG_ERROR, value_place(v, 0, v->text.n),
		"a word always finds itself: leave it out on the right",
		"these synonyms stand for each other: %.*s", STRF(buf_str(&b)));
	buf_free(&b);
}

static void read_entry(struct synonyms *s, struct entry *e, int depth)
{
	const struct value *v = &e->def->expansion;
	struct parser_input in = {
		.a = s->a,
		.d = s->d,
		.synonyms = s,
		.value = v,
		.alternatives = true,
		.depth = depth + 1,
	};
	e->state = STATE_OPEN;
	struct node *root = query_parse(&in);
	e->state = STATE_DONE;
	if (root == NULL)
		return;
	if (!only_terms(root)) {
		diag_add(s->d, DIAG_ERROR, value_place(v, 0, v->text.n),
			"as in \"gene therapy\", \"cell therap*\"",
			"a synonym stands for words and phrases with commas between them");
		return;
	}
	e->node = arena_make(s->a, struct node);
	e->node->type = NODE_OR;
	flatten(s->a, root, e->node);
}

static struct node *entry_node(struct synonyms *s, struct entry *e, int depth)
{
	const struct value *v = &e->def->expansion;
	if (e->state == STATE_OPEN)
		tell_cycle(s, e);
	else if (depth > QUERY_DEPTH_MAX)
		diag_add(s->d, DIAG_ERROR, value_place(v, 0, v->text.n), NULL,
			"synonyms stand for synonyms more than %d deep", QUERY_DEPTH_MAX);
	else if (e->state == STATE_NEW && arena_room(s->a) < QUERY_ROOM)
		tell_too_large(s->d, v);
	else if (e->state == STATE_NEW)
		read_entry(s, e, depth);
	return e->node;
}

struct node *synonyms_of(struct synonyms *s, const struct term *t, int depth)
{
	for (size_t i = 0; i < s->n; i++)
		if (same_word(s->list[i].word, t))
			return entry_node(s, &s->list[i], depth);
	return NULL;
}

/* A rule's word with a star stands for itself alone, so such a key would never be found. */
static bool has_sign(struct str word)
{
	for (size_t i = 0; i < word.n; i++)
		if (strchr("*()|", word.p[i]) != NULL)
			return true;
	return false;
}

void synonyms_check(struct synonyms *s)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct value *v = &s->list[i].def->expansion;
		if (has_sign(s->list[i].def->word))
			diag_add(s->d, DIAG_ERROR, v->key_at,
				"'therapy: therap*' finds all endings wherever a rule has therapy",
				"a word that has synonyms is written without * ( ) |");
		if (s->list[i].word == NULL)
			diag_add(s->d, DIAG_ERROR, value_place(v, 0, v->text.n),
				"a word has letters or digits", "there is nothing to look for in '%.*s'",
				STRF(s->list[i].def->word));
		else if (s->list[i].state == STATE_NEW)
			(void)entry_node(s, &s->list[i], 0);
	}
}
