/* SPDX-License-Identifier: MIT
 *
 * An opportunity cut into tokens: each field's text, its words with their byte
 * spans, the distinct words, and indexes from a folded word or a word form to the
 * words that have it. Each distinct word is folded once, and stemmed once per
 * language that is asked for.
 */
#include <sys/random.h>

#include "base/err.h"
#include "match/internal.h"

#define TOKEN_COST  640	 /* bytes that a word may take, indexes of all languages included */
#define LETTER_COST 16	 /* bytes that a byte of text may take in folded words and stems */
#define STEM_COST   2048 /* bytes that a language takes besides */
#define PIECES_MAX  (ITEM_LIST_MAX * 2 + 16)
#define SLOTS_MIN   16

/* Nobody outside knows which words share a slot, so no text can fill one. */
static uint64_t hash_seed(void)
{
	static uint64_t seed;
	if (seed == 0 && getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		die("no random bytes");
	return seed;
}

uint32_t text_hash(struct str s)
{
	uint64_t h = s.n ^ hash_seed(), eight;
	for (; s.n >= sizeof(eight); s = str_sub(s, sizeof(eight), s.n)) {
		memcpy(&eight, s.p, sizeof(eight));
		h = (h ^ eight) * 0x9E3779B97F4A7C15U;
		h ^= h >> 32;
	}
	eight = 0;
	for (size_t i = 0; i < s.n; i++)
		eight = eight << 8 | (unsigned char)s.p[i];
	h = (h ^ eight) * 0x9E3779B97F4A7C15U;
	return (uint32_t)(h ^ h >> 32);
}

static uint32_t slots_for(uint32_t words)
{
	uint32_t n = SLOTS_MIN;
	while (n < words)
		n *= 2;
	return n;
}

static void index_init(struct index *x, struct arena *a, uint32_t room)
{
	uint32_t slots = slots_for(room);
	x->mask = slots - 1;
	x->heads = arena_make_n(a, slots, uint32_t);
	x->next = arena_make_n(a, room, uint32_t);
}

static void index_add(struct index *x, uint32_t word, uint32_t hash)
{
	uint32_t *head = &x->heads[hash & x->mask];
	x->next[word] = *head;
	*head = word + 1;
}

static uint32_t index_find(const struct index *x, uint32_t link, struct str key)
{
	while (link != 0 && !str_eq(x->keys[link - 1], key))
		link = x->next[link - 1];
	return link == 0 ? NO_WORD : link - 1;
}

uint32_t index_first(const struct index *x, struct str key)
{
	return index_find(x, x->heads[text_hash(key) & x->mask], key);
}

uint32_t index_next(const struct index *x, uint32_t word, struct str key)
{
	return index_find(x, x->next[word], key);
}

static void add_piece(struct document *d, enum match_field field, struct str text)
{
	if (text.n == 0 || d->pieces.n >= PIECES_MAX)
		return;
	*vec_push(d->a, &d->pieces) = (struct piece){field, text};
}

static void add_pieces(struct document *d, enum match_field field, const struct strv *list)
{
	for (size_t i = 0; i < list->n; i++)
		add_piece(d, field, list->v[i]);
}

static void fill_pieces(struct document *d)
{
	const struct opportunity *o = d->o;
	add_piece(d, MATCH_TITLE, o->title);
	add_piece(d, MATCH_TEXT, opportunity_text(d->a, o));
	add_piece(d, MATCH_PROGRAMME, o->programme);
	add_piece(d, MATCH_CALL, o->call);
	add_piece(d, MATCH_FUNDER, o->funder);
	add_piece(d, MATCH_KIND, str_of(kind_name(o->kind)));
	add_piece(d, MATCH_STAGE, o->stage);
	add_piece(d, MATCH_SOURCE, o->source);
	add_pieces(d, MATCH_COUNTRY, &o->countries);
	add_piece(d, MATCH_LANG, o->language);
	add_pieces(d, MATCH_CATEGORY, &o->categories);
}

/* At least as many as there are: every letter behind none, and every letter that takes
 * more than a byte. */
static uint32_t count_tokens(struct str text)
{
	size_t n = 0;
	bool inside = false;
	for (size_t i = 0; i < text.n; i++) {
		unsigned c = (unsigned char)text.p[i];
		bool letter = ((c | 0x20) - 'a' < 26) | (c - '0' < 10);
		n += (c >= 0xC0) | (letter & !inside);
		inside = letter;
	}
	return n < MATCH_TOKENS_MAX ? (uint32_t)n : MATCH_TOKENS_MAX;
}

/* No fewer tokens than there are, but no more than the arena has room for. */
static uint32_t token_room(const struct document *d)
{
	size_t tokens = 0, bytes = 0;
	for (size_t i = 0; i < d->pieces.n; i++) {
		tokens += count_tokens(d->pieces.v[i].text);
		bytes += d->pieces.v[i].text.n;
	}
	size_t room = arena_room(d->a), letters = bytes * LETTER_COST;
	size_t most = room > letters ? (room - letters) / TOKEN_COST : 0;
	return (uint32_t)(tokens < most ? tokens : most);
}

/* By what the words of a text are told apart while it is cut. */
struct gathering {
	struct index by_lower;
	struct str *lowers;
	char lower[WORD_MAX], folded[WORD_MAX]; /* of one word */
};

static uint32_t add_word(
	struct document *d, struct gathering *g, struct str spelling, struct str lower, uint32_t hash)
{
	uint32_t w = d->word_count++;
	g->lowers[w] = str_dup(d->a, lower);
	struct str plain = word_fold(spelling, g->folded);
	d->words[w] = (struct word){
		.lower = g->lowers[w],
		.folded = str_eq(plain, lower) ? g->lowers[w] : str_dup(d->a, plain),
		.hash = hash,
		.first = NO_WORD,
		.last = NO_WORD,
	};
	index_add(&g->by_lower, w, hash);
	return w;
}

/* The distinct word of this spelling; new ones are added. */
static uint32_t word_id(struct document *d, struct gathering *g, struct str spelling)
{
	struct str lower = word_lower(spelling, g->lower);
	uint32_t hash = text_hash(lower);
	uint32_t w = index_find(&g->by_lower, g->by_lower.heads[hash & g->by_lower.mask], lower);
	return w != NO_WORD ? w : add_word(d, g, spelling, lower, hash);
}

static void link_token(struct document *d, uint32_t t)
{
	struct word *w = &d->words[d->tokens[t].word];
	if (w->first == NO_WORD)
		w->first = t;
	else
		d->tokens[w->last].next = t;
	w->last = t;
}

static void fill_tokens(struct document *d, struct gathering *g)
{
	uint32_t position = 0;
	for (size_t i = 0; i < d->pieces.n; i++, position += POSITION_GAP) {
		struct str text = d->pieces.v[i].text;
		struct run r;
		uint32_t n = 0;
		for (size_t at = 0;
			n < MATCH_TOKENS_MAX && d->token_count < d->token_room && run_next(text, &at, &r);
			n++) {
			uint32_t t = d->token_count++;
			d->tokens[t] = (struct token){
				.start = (uint32_t)r.start,
				.end = (uint32_t)r.end,
				.position = position++,
				.word = word_id(d, g, str_sub(text, r.start, r.end)),
				.next = NO_WORD,
				.piece = (uint16_t)i,
				.capitals = r.capitals >= 2,
			};
			link_token(d, t);
		}
	}
}

static void index_folded(struct document *d)
{
	struct str *keys = arena_make_n(d->a, d->word_count, struct str);
	index_init(&d->folded, d->a, d->word_count);
	d->folded.keys = keys;
	for (uint32_t w = 0; w < d->word_count; w++) {
		const struct word *x = &d->words[w];
		keys[w] = x->folded;
		index_add(&d->folded, w, x->folded.p == x->lower.p ? x->hash : text_hash(x->folded));
	}
}

struct document *match_document(struct arena *a, const struct opportunity *o)
{
	struct document *d = arena_make(a, struct document);
	d->a = a;
	d->o = o;
	d->langs = lang_of_text(o->language);
	fill_pieces(d);
	d->token_room = token_room(d);
	d->tokens = arena_make_n(a, d->token_room, struct token);
	d->words = arena_make_n(a, d->token_room, struct word);
	struct gathering g = {.lowers = arena_make_n(a, d->token_room, struct str)};
	g.by_lower.keys = g.lowers;
	index_init(&g.by_lower, a, d->token_room);
	fill_tokens(d, &g);
	index_folded(d);
	return d;
}

const struct form *forms_next(const struct forms *x, const struct form *f, struct str key)
{
	for (uint32_t link = f->next; link != 0; link = x->list[link - 1].next)
		if (str_eq(x->list[link - 1].key, key))
			return &x->list[link - 1];
	return NULL;
}

const struct form *forms_first(const struct forms *x, struct str key)
{
	const struct form head = {.next = x->heads[text_hash(key) & x->mask]};
	return forms_next(x, &head, key);
}

static void add_form(struct document *d, struct forms *x, uint32_t word, struct str key)
{
	struct form *f = &x->list[x->n++];
	uint32_t *head = &x->heads[text_hash(key) & x->mask];
	*f = (struct form){.key = str_dup(d->a, key), .word = word, .next = *head};
	*head = x->n;
}

/* How many forms the words of the text have, and what an index of them takes. */
static size_t stem_cost(const struct document *d, enum lang l, uint32_t *forms)
{
	size_t bytes = STEM_COST + (size_t)d->word_count * 4 * sizeof(uint32_t);
	*forms = 0;
	for (uint32_t w = 0; w < d->word_count; w++) {
		size_t n;
		const struct str *keys = text_keys(l, d->words[w].lower, d->words[w].folded, &n);
		*forms += (uint32_t)n;
		for (size_t i = 0; i < n; i++)
			bytes += sizeof(struct form) + keys[i].n + 1;
	}
	return bytes;
}

static void stem_words(struct document *d, enum lang l, uint32_t room)
{
	struct forms *x = &d->forms[l];
	x->list = arena_make_n(d->a, room, struct form);
	uint32_t slots = slots_for(d->word_count * 2);
	x->heads = arena_make_n(d->a, slots, uint32_t);
	x->mask = slots - 1;
	for (uint32_t w = 0; w < d->word_count; w++) {
		size_t n;
		const struct str *keys = text_keys(l, d->words[w].lower, d->words[w].folded, &n);
		for (size_t i = 0; i < n; i++)
			add_form(d, x, w, keys[i]);
	}
}

void document_stem(struct document *d, unsigned langs)
{
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		uint32_t forms;
		if ((langs & ~d->stemmed & 1U << l) == 0 ||
			stem_cost(d, (enum lang)l, &forms) > arena_room(d->a))
			continue;
		stem_words(d, (enum lang)l, forms);
		d->stemmed |= 1U << l;
	}
}

struct str document_text(const struct document *d, uint32_t first, uint32_t last)
{
	const struct token *t = &d->tokens[first];
	return str_sub(d->pieces.v[t->piece].text, t->start, d->tokens[last].end);
}
