/* SPDX-License-Identifier: MIT
 *
 * Words of rules that texts have only inside longer words: a rule for toetus does not
 * see tegevustoetus. In: the rules of profiles, then one call after the other; out:
 * each such word with a longer one that it was seen in.
 */
#include "match/internal.h"

#define WORDS_MAX  500	/* of rules that are looked for */
#define CALLS_MAX  1000 /* in which they are looked for inside longer ones */
#define WORD_MIN   4	/* letters of such a word: *word and word* ask for as many */
#define BEFORE_MIN 3	/* letters of what stands before it */
#define BEHIND_MIN 4	/* and behind it: less is an ending */

struct sought {
	const struct node *node; /* the word, or it with its synonyms */
	const struct term *term;
	unsigned fields, langs;
	bool own; /* seen as a word */
	struct compound found;
};

struct compounds {
	struct arena *a;
	VEC(struct sought) list;
	size_t calls;
};

struct compounds *compounds_new(struct arena *a)
{
	struct compounds *c = arena_make(a, struct compounds);
	c->a = a;
	return c;
}

/* ---- what is looked for -------------------------------------------------------- */

static bool plain_word(const struct term *t)
{
	return t->kind == TERM_WORD && !t->cased && !t->open_start && !t->open_end &&
	       t->parts[0].letters >= WORD_MIN;
}

static bool is_known(const struct compounds *c, const struct term *t)
{
	for (size_t i = 0; i < c->list.n; i++)
		if (str_eq(c->list.v[i].term->key, t->key))
			return true;
	return false;
}

static void seek(struct compounds *c, const struct node *n, const struct sought *like)
{
	if (n->type == NODE_NOT || c->list.n == WORDS_MAX)
		return;
	if (n->type == NODE_TERM || n->synonyms) {
		const struct term *t = n->type == NODE_TERM ? n->term : n->kids.v[0]->term;
		struct sought s = *like;
		s.node = n;
		s.term = t;
		if (t != NULL && (s.fields & PROSE) != 0 && plain_word(t) && !is_known(c, t))
			*vec_push(c->a, &c->list) = s;
		return;
	}
	struct sought inner = *like;
	if (n->type == NODE_FIELD)
		inner.fields = 1U << n->field;
	for (size_t i = 0; i < n->kids.n; i++)
		seek(c, n->kids.v[i], &inner);
}

static void seek_rules(struct compounds *c, const struct compiled_rules *rules, unsigned langs)
{
	for (size_t i = 0; i < rules->list.n; i++) {
		const struct compiled_rule *r = &rules->list.v[i];
		struct sought s = {.fields = PROSE, .langs = langs, .found.line = r->line};
		if (r->rule->type != RULE_EXCLUDE)
			seek(c, r->query.root, &s);
	}
}

void compounds_add(struct compounds *c, const struct rulebook *b, const struct profile *p)
{
	const struct compiled_profile *of = rulebook_profile(b, p);
	if (of == NULL)
		return;
	seek_rules(c, &of->rules, of->langs);
	for (size_t i = 0; i < of->sets.n; i++)
		seek_rules(c, &of->sets.v[i]->rules, of->langs);
}

/* ---- one call ------------------------------------------------------------------ */

static bool has_inside(struct sought *s, struct str longer)
{
	struct str word = s->term->parts[0].folded;
	s->found.ends = longer.n >= word.n + BEFORE_MIN && str_ends(longer, word);
	return s->found.ends || (longer.n >= word.n + BEHIND_MIN && str_starts(longer, word));
}

static void look_inside(struct compounds *c, struct sought *s, const struct document *d)
{
	for (uint32_t i = 0; i < d->word_count && s->found.longer.n == 0; i++)
		if (has_inside(s, d->words[i].folded))
			s->found.longer = str_dup(c->a, d->words[i].lower);
}

/* Whether the call could change what will be told of this word. */
static bool is_open(const struct sought *s, bool inside)
{
	return !s->own && (inside || s->found.longer.n > 0);
}

void compounds_count(struct compounds *c, struct document *doc)
{
	bool inside = c->calls++ < CALLS_MAX;
	struct eval e = {.doc = doc, .scratch = arena_new(SCRATCH_MAX)};
	for (size_t i = 0; i < c->list.n; i++) {
		struct sought *s = &c->list.v[i];
		if (!is_open(s, inside))
			continue;
		e.langs = doc->langs | s->langs;
		document_stem(doc, e.langs);
		arena_reset(e.scratch);
		s->own = node_eval(&e, s->node, s->fields, NULL);
		if (inside && !s->own && s->found.longer.n == 0)
			look_inside(c, s, doc);
	}
	arena_free(e.scratch);
}

void compounds_list(const struct compounds *c, struct compound_list *out)
{
	*out = (struct compound_list){0};
	for (size_t i = 0; i < c->list.n; i++) {
		const struct sought *s = &c->list.v[i];
		if (s->own || s->found.longer.n == 0)
			continue;
		struct compound *one = vec_push(c->a, &out->list);
		*one = s->found;
		one->word = s->node->text;
	}
}
