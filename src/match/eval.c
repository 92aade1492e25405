/* SPDX-License-Identifier: MIT
 *
 * A query against a document: tree and tokens in, hit or miss out, with the
 * places found. Terms are looked up in the document's indexes; phrases are then
 * checked token by token, NEAR by the positions of its operands' places.
 */
#include "match/internal.h"

/* Places of one term (all of them) or of a NEAR that are looked at. */
#define SPOTS_MAX  (2 * (size_t)MATCH_TOKENS_MAX)
#define SPOTS_ROOM ((size_t)4 << 20) /* bytes the scratch arena must have for more of them */
#define FINDS_MAX  10000	     /* places kept of one rule, to choose its reasons from */

struct spot {
	uint32_t first, last;		 /* tokens */
	const struct spot *left, *right; /* of a NEAR: what it was made of */
};

struct spots {
	VEC(struct spot) list;
	size_t wanted; /* more than these are not looked for */
};

static bool full(const struct spots *p)
{
	return p->list.n >= p->wanted;
}

static void add_spot(const struct eval *e, struct spots *out, struct spot p)
{
	if (!full(out) && arena_room(e->scratch) > SPOTS_ROOM)
		*vec_push(e->scratch, &out->list) = p;
}

static bool in_fields(const struct eval *e, uint32_t token, unsigned fields)
{
	return (fields >> e->doc->pieces.v[e->doc->tokens[token].piece].field & 1) != 0;
}

/* ---- terms ---------------------------------------------------------------- */

static void add_word(const struct eval *e, uint32_t word, unsigned fields, struct spots *out)
{
	for (uint32_t t = e->doc->words[word].first; t != NO_WORD && !full(out); t = e->doc->tokens[t].next)
		if (in_fields(e, t, fields))
			add_spot(e, out, (struct spot){.first = t, .last = t});
}

static void add_key(
	const struct eval *e, const struct index *x, struct str key, unsigned fields, struct spots *out)
{
	for (uint32_t w = index_first(x, key); w != NO_WORD; w = index_next(x, w, key))
		add_word(e, w, fields, out);
}

static void add_forms(
	const struct eval *e, const struct term *t, enum lang l, unsigned fields, struct spots *out)
{
	const struct keys *keys = term_keys(t, l);
	const struct forms *x = &e->doc->forms[l];
	for (size_t i = 0; i < keys->n; i++)
		for (const struct form *f = forms_first(x, keys->v[i]); f != NULL;
			f = forms_next(x, f, keys->v[i]))
			add_word(e, f->word, fields, out);
}

static void find_word(const struct eval *e, const struct term *t, unsigned fields, struct spots *out)
{
	add_key(e, &e->doc->folded, t->parts[0].folded, fields, out);
	for (unsigned l = 0; l < LANG_COUNT; l++)
		if ((e->langs & e->doc->stemmed & 1U << l) != 0)
			add_forms(e, t, (enum lang)l, fields, out);
}

/* In prose an acronym is one only with two capitals; other fields hold codes. In
 * a title all in capitals every word passes, so folding alone decides there. */
static void add_capitals(
	const struct eval *e, struct str folded, unsigned fields, bool small_s, struct spots *out)
{
	const struct document *d = e->doc;
	for (uint32_t w = index_first(&d->folded, folded); w != NO_WORD;
		w = index_next(&d->folded, w, folded))
		for (uint32_t t = d->words[w].first; t != NO_WORD; t = d->tokens[t].next) {
			bool capitals = d->tokens[t].capitals || !in_fields(e, t, PROSE);
			bool plural = !small_s || str_ends(document_text(d, t, t), STR("s"));
			if (capitals && plural && in_fields(e, t, fields))
				add_spot(e, out, (struct spot){.first = t, .last = t});
		}
}

static void find_acronym(const struct eval *e, const struct term *t, unsigned fields, struct spots *out)
{
	char plural[WORD_MAX + 1];
	struct str own = t->parts[0].folded;
	size_t n = t->singular.n;
	memcpy(plural, t->singular.p, n);
	plural[n] = 's';
	add_capitals(e, own, fields, false, out);
	if (!str_eq(own, t->singular))
		add_capitals(e, t->singular, fields, false, out);
	else
		add_capitals(e, (struct str){plural, n + 1}, fields, true, out);
}

bool word_fits(struct str word, struct str part, bool open_start, bool open_end)
{
	if (open_start && open_end)
		return str_find(word, part) != SIZE_MAX;
	if (open_start)
		return str_ends(word, part);
	return open_end ? str_starts(word, part) : str_eq(word, part);
}

static bool part_fits(const struct eval *e, const struct term *t, size_t i, uint32_t token)
{
	const struct document *d = e->doc;
	bool first = i == 0, last = i + 1 == t->part_count;
	if (!word_fits(d->words[d->tokens[token].word].folded, t->parts[i].folded, first && t->open_start,
		    last && t->open_end))
		return false;
	if (!t->cased)
		return true;
	char exact[WORD_MAX];
	return str_eq(word_exact(document_text(d, token, token), exact), t->parts[i].exact);
}

/* "il 6 marzo" is no IL-6: with a space before its number, an acronym needs its
 * capitals in the text. */
static bool spaced_small(const struct eval *e, const struct term *t, size_t i, uint32_t token)
{
	const struct document *d = e->doc;
	if (!t->joined_capitals || i + 1 == t->part_count || t->parts[i].capitals < 2 ||
		d->tokens[token].capitals || !in_fields(e, token, PROSE) ||
		strchr("0123456789", t->parts[i + 1].folded.p[0]) == NULL)
		return false;
	const struct token *next = &d->tokens[token + 1];
	return !run_joint(str_sub(d->pieces.v[next->piece].text, d->tokens[token].end, next->start));
}

static bool followed_by(const struct document *d, uint32_t token, struct str signs)
{
	const struct token *t = &d->tokens[token];
	return str_starts(str_sub(d->pieces.v[t->piece].text, t->end, SIZE_MAX), signs);
}

static void try_phrase(
	const struct eval *e, const struct term *t, uint32_t first, unsigned fields, struct spots *out)
{
	const struct document *d = e->doc;
	if (!in_fields(e, first, fields) || t->part_count > d->token_count - first)
		return;
	for (size_t i = 0; i < t->part_count; i++) {
		uint32_t at = first + (uint32_t)i;
		if (d->tokens[at].position != d->tokens[first].position + i || !part_fits(e, t, i, at) ||
			spaced_small(e, t, i, at))
			return;
	}
	uint32_t last = first + (uint32_t)t->part_count - 1;
	if (followed_by(d, last, t->behind))
		add_spot(e, out, (struct spot){.first = first, .last = last});
}

static void try_word(
	const struct eval *e, const struct term *t, uint32_t word, unsigned fields, struct spots *out)
{
	for (uint32_t at = e->doc->words[word].first; at != NO_WORD && !full(out);
		at = e->doc->tokens[at].next)
		try_phrase(e, t, at, fields, out);
}

static void find_parts(const struct eval *e, const struct term *t, unsigned fields, struct spots *out)
{
	const struct document *d = e->doc;
	struct str part = t->parts[0].folded;
	bool open_end = t->open_end && t->part_count == 1;
	if (!t->open_start && !open_end) {
		for (uint32_t w = index_first(&d->folded, part); w != NO_WORD;
			w = index_next(&d->folded, w, part))
			try_word(e, t, w, fields, out);
		return;
	}
	for (uint32_t w = 0; w < d->word_count && !full(out); w++)
		if (word_fits(d->words[w].folded, part, t->open_start, open_end))
			try_word(e, t, w, fields, out);
}

static void find_joined(const struct eval *e, const struct term *t, unsigned fields, struct spots *out)
{
	const struct document *d = e->doc;
	if (t->joined_capitals && !t->open_start && !t->open_end) {
		add_capitals(e, t->joined, fields, false, out);
		return;
	}
	if (!t->open_start && !t->open_end) {
		add_key(e, &d->folded, t->joined, fields, out);
		return;
	}
	for (uint32_t w = 0; w < d->word_count && !full(out); w++)
		if (word_fits(d->words[w].folded, t->joined, t->open_start, t->open_end))
			add_word(e, w, fields, out);
}

static int by_spot(const void *a, const void *b)
{
	const struct spot *x = a, *y = b;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->last > y->last) - (x->last < y->last);
}

/* In the order of the text, each place once. */
static void tidy(struct spots *p)
{
	size_t n = 0;
	if (p->list.n > 1)
		qsort(p->list.v, p->list.n, sizeof(p->list.v[0]), by_spot);
	for (size_t i = 0; i < p->list.n; i++)
		if (n == 0 || by_spot(&p->list.v[n - 1], &p->list.v[i]) != 0)
			p->list.v[n++] = p->list.v[i];
	p->list.n = n;
}

static void find_term(const struct eval *e, const struct term *t, unsigned fields, struct spots *out)
{
	if (t->kind == TERM_WORD)
		find_word(e, t, fields, out);
	else if (t->kind == TERM_ACRONYM)
		find_acronym(e, t, fields, out);
	else
		find_parts(e, t, fields, out);
	if (t->joined.n > 0)
		find_joined(e, t, fields, out);
}

unsigned term_fields(const struct eval *e, const struct term *t, unsigned fields)
{
	unsigned found = 0;
	for (unsigned f = 0; f < MATCH_FIELD_COUNT; f++) {
		struct spot one;
		struct spots p = {.list = {.v = &one, .room = 1}, .wanted = 1};
		if ((fields >> f & 1) != 0)
			find_term(e, t, 1U << f, &p);
		found |= p.list.n > 0 ? 1U << f : 0;
	}
	return found;
}

/* ---- NEAR ----------------------------------------------------------------- */

static void find_spots(const struct eval *e, const struct node *n, unsigned fields, struct spots *out);

/* Whether `b` stands within reach of `a`; what overlaps is not near but the same. */
static bool in_reach(
	const struct document *d, const struct spot *a, const struct spot *b, const struct near *how)
{
	const struct spot *left = a, *right = b;
	if (!how->ordered && b->first < a->first) {
		left = b;
		right = a;
	}
	if (right->first <= left->last)
		return false;
	return (int64_t)d->tokens[right->first].position - (int64_t)d->tokens[left->last].position <=
	       how->within;
}

static struct spot both(const struct spot *a, const struct spot *b)
{
	return (struct spot){
		.first = a->first < b->first ? a->first : b->first,
		.last = a->last > b->last ? a->last : b->last,
		.left = a,
		.right = b,
	};
}

static void pair(const struct eval *e, const struct spots *a, const struct spots *b, const struct near *how,
	struct spots *out)
{
	size_t from = 0;
	for (size_t i = 0; i < a->list.n; i++) {
		const struct spot *x = &a->list.v[i];
		int64_t low = (int64_t)e->doc->tokens[x->first].position - how->within;
		int64_t high = (int64_t)e->doc->tokens[x->last].position + how->within;
		while (from < b->list.n &&
			(int64_t)e->doc->tokens[b->list.v[from].first].position + POSITION_GAP < low)
			from++;
		for (size_t k = from; k < b->list.n && !full(out); k++) {
			const struct spot *y = &b->list.v[k];
			if ((int64_t)e->doc->tokens[y->first].position > high)
				break;
			if (in_reach(e->doc, x, y, how))
				add_spot(e, out, both(x, y));
		}
	}
}

static void find_near(const struct eval *e, const struct node *n, unsigned fields, struct spots *out)
{
	struct spots left = {.wanted = SPOTS_MAX};
	find_spots(e, n->kids.v[0], fields, &left);
	for (size_t i = 1; i < n->kids.n && left.list.n > 0; i++) {
		struct spots right = {.wanted = SPOTS_MAX}, pairs = {.wanted = SPOTS_MAX};
		find_spots(e, n->kids.v[i], fields, &right);
		pair(e, &left, &right, &n->nears.v[i], &pairs);
		tidy(&pairs);
		left = pairs;
	}
	for (size_t i = 0; i < left.list.n; i++)
		add_spot(e, out, left.list.v[i]);
}

/* The places of an operand: a term, an OR of them, a NEAR. */
static void find_spots(const struct eval *e, const struct node *n, unsigned fields, struct spots *out)
{
	switch (n->type) {
	case NODE_TERM:
		find_term(e, n->term, fields, out);
		break;
	case NODE_FIELD:
		find_spots(e, n->kids.v[0], 1U << n->field, out);
		break;
	case NODE_NEAR:
		find_near(e, n, fields, out);
		break;
	case NODE_OR:
	case NODE_AND:
	case NODE_NOT:
		for (size_t i = 0; i < n->kids.n; i++)
			find_spots(e, n->kids.v[i], fields, out);
		break;
	}
	tidy(out);
}

/* ---- the tree ------------------------------------------------------------- */

static void keep_spot(const struct eval *e, const struct spot *p, uint32_t rank, struct finds *finds)
{
	if (p->left != NULL) {
		keep_spot(e, p->left, rank, finds);
		keep_spot(e, p->right, rank, finds);
		return;
	}
	if (finds->list.n < FINDS_MAX)
		*vec_push(e->scratch, &finds->list) = (struct find){p->first, p->last, rank};
}

/* All places of a term or NEAR, in memory of its own. */
static bool eval_spots(const struct eval *e, const struct node *n, unsigned fields, struct finds *finds)
{
	struct eval own = {.doc = e->doc, .langs = e->langs, .scratch = arena_new(SCRATCH_MAX)};
	struct spots p = {.wanted = SPOTS_MAX};
	find_spots(&own, n, fields, &p);
	for (uint32_t i = 0; finds != NULL && i < p.list.n && i < REASONS_PER_RULE; i++)
		keep_spot(e, &p.list.v[i], i, finds);
	arena_free(own.scratch);
	return p.list.n > 0;
}

static bool eval_leaf(const struct eval *e, const struct node *n, unsigned fields, struct finds *finds)
{
	struct spot one;
	struct spots p = {.list = {.v = &one, .room = 1}, .wanted = 1};
	if (n->type == NODE_NEAR)
		return eval_spots(e, n, fields, finds);
	find_term(e, n->term, fields, &p);
	if (p.list.n > 0 && finds != NULL)
		(void)eval_spots(e, n, fields, finds);
	return p.list.n > 0;
}

static bool eval_or(const struct eval *e, const struct node *n, unsigned fields, struct finds *finds)
{
	bool any = false;
	for (size_t i = 0; i < n->kids.n && (!any || finds != NULL); i++)
		any |= node_eval(e, n->kids.v[i], fields, finds);
	return any;
}

static bool eval_and(const struct eval *e, const struct node *n, unsigned fields, struct finds *finds)
{
	size_t before = finds == NULL ? 0 : finds->list.n;
	for (size_t i = 0; i < n->kids.n; i++) {
		if (node_eval(e, n->kids.v[i], fields, finds))
			continue;
		if (finds != NULL)
			finds->list.n = before;
		return false;
	}
	return true;
}

bool node_eval(const struct eval *e, const struct node *n, unsigned fields, struct finds *finds)
{
	switch (n->type) {
	case NODE_TERM:
	case NODE_NEAR:
		return eval_leaf(e, n, fields, finds);
	case NODE_OR:
		return eval_or(e, n, fields, finds);
	case NODE_AND:
		return eval_and(e, n, fields, finds);
	case NODE_NOT:
		return !node_eval(e, n->kids.v[0], fields, NULL);
	case NODE_FIELD:
		return node_eval(e, n->kids.v[0], 1U << n->field, finds);
	}
	return false;
}

void node_places(const struct eval *e, const struct node *n, unsigned fields, struct finds *finds)
{
	struct spots p = {.wanted = SPOTS_MAX};
	find_spots(e, n, fields, &p);
	for (uint32_t i = 0; i < p.list.n; i++)
		keep_spot(e, &p.list.v[i], i, finds);
}

bool query_eval(const struct eval *e, const struct query *q, struct finds *finds)
{
	return node_eval(e, q->root, PROSE, finds);
}

/* ---- what is missing ------------------------------------------------------ */

struct search {
	const struct eval *e;
	struct arena *a;
	struct strv *out;
};

static void add_missing(const struct search *s, const struct node *n, unsigned fields, enum match_field field)
{
	if (node_eval(s->e, n, fields, NULL))
		return;
	struct str text = n->text;
	if (fields != PROSE)
		text = str_of(arena_printf(s->a, "%s:%.*s", match_field_name(field), STRF(text)));
	if (!strv_has(s->out, text))
		*vec_push(s->a, s->out) = text;
}

static void missing(const struct search *s, const struct node *n, unsigned fields, enum match_field field)
{
	bool whole = n->type == NODE_TERM || n->type == NODE_NEAR || n->synonyms;
	if (n->type == NODE_NOT)
		return;
	if (whole) {
		add_missing(s, n, fields, field);
		return;
	}
	if (n->type == NODE_FIELD) {
		field = n->field;
		fields = 1U << field;
	}
	for (size_t i = 0; i < n->kids.n; i++)
		missing(s, n->kids.v[i], fields, field);
}

void query_missing(const struct eval *e, const struct query *q, struct arena *a, struct strv *out)
{
	struct search s = {e, a, out};
	missing(&s, q->root, PROSE, MATCH_TITLE);
}

bool query_matches(const struct query *q, struct document *doc)
{
	document_stem(doc, doc->langs);
	struct eval e = {.doc = doc, .langs = doc->langs, .scratch = arena_new(SCRATCH_MAX)};
	bool hit = query_eval(&e, q, NULL);
	arena_free(e.scratch);
	return hit;
}
