/* SPDX-License-Identifier: MIT
 *
 * The terms of all rules, each once, and how the words of a text find them: a word by
 * its spelling and its forms, a phrase by the first two words of it that are written
 * out, a star by four letters beside it. In: terms, then a document; out: the value
 * of every atom. What was found for a word of a text is remembered, up to a limit.
 *
 * Where words alone can't tell (the third word of a phrase, capitals of =Word), the
 * atom is a "maybe" and the evaluator is asked once somebody wants to know.
 */
#include "match/engine.h"

#define GRAM	     4 /* letters by which words with a star are found */
#define NAMES_MIN    1024
#define KIND_SPREAD  2654435761U /* so that one text in two languages has two slots */
#define AHEAD	     8		 /* words of a text whose surfaces are fetched early */
#define TERM_KEY_MAX ((size_t)256 << 10)

/* What a key is; below these: a form in a language. */
enum key_kind { KEY_FOLDED = LANG_COUNT, KEY_GRAM, KEY_PAIR };

/* By guess: of a thousand calls so many have one. */
enum cost {
	COST_PAIR = 2,
	COST_ACRONYM = 8,
	COST_LONG = 12,
	COST_WORD = 25,
	COST_SHORT = 60,
	COST_ALWAYS = 1000
};
#define LONG_WORD  10 /* letters */
#define SHORT_WORD 6

/* ---- names ------------------------------------------------------------------------- */

static uint32_t slot_of(const struct names *n, const struct name *wanted)
{
	uint32_t at = wanted->hash & (n->slot_count - 1);
	while (n->slots[at] != 0) {
		const struct name *known = &n->list.v[n->slots[at] - 1];
		if (known->hash == wanted->hash && known->kind == wanted->kind &&
			str_eq(known->text, wanted->text))
			break;
		at = (at + 1) & (n->slot_count - 1);
	}
	return at;
}

static struct name make_name(unsigned kind, struct str text)
{
	return (struct name){text, text_hash(text) + kind * KIND_SPREAD, kind};
}

uint32_t names_find(const struct names *n, unsigned kind, struct str text)
{
	const struct name wanted = make_name(kind, text);
	return n->slot_count == 0 ? NO_WORD : n->slots[slot_of(n, &wanted)] - 1;
}

/* Kept half empty. */
static void grow(struct names *n, struct arena *a)
{
	n->slot_count = n->slot_count == 0 ? NAMES_MIN : n->slot_count * 2;
	n->slots = arena_make_n(a, n->slot_count, uint32_t);
	for (uint32_t i = 0; i < n->list.n; i++)
		n->slots[slot_of(n, &n->list.v[i])] = i + 1;
}

uint32_t names_add(struct names *n, struct arena *a, unsigned kind, struct str text)
{
	if (n->list.n * 2 >= n->slot_count)
		grow(n, a);
	struct name name = make_name(kind, text);
	uint32_t *slot = &n->slots[slot_of(n, &name)];
	if (*slot == 0) {
		name.text = str_dup(a, text);
		*vec_push(a, &n->list) = name;
		*slot = (uint32_t)n->list.n;
	}
	return *slot - 1;
}

/* ---- keys -------------------------------------------------------------------------- */

static uint32_t add_key(struct dictionary *d, unsigned kind, struct str text)
{
	uint32_t k = names_add(&d->keys, d->a, kind, text);
	if (k == d->heard.n)
		(void)vec_push(d->a, &d->heard);
	return k;
}

/* Who waits for it; NULL = nobody. */
static const struct heard *heard_of(const struct dictionary *d, unsigned kind, struct str text)
{
	uint32_t k = names_find(&d->keys, kind, text);
	return k == NO_WORD ? NULL : &d->heard.v[k];
}

static void listen(struct dictionary *d, uint32_t key, uint32_t atom, enum how how)
{
	*vec_push(d->a, &d->heard.v[key].list) = (struct listener){atom, (uint8_t)how};
}

static void listen_word(struct dictionary *d, struct str folded, uint32_t atom, enum how how)
{
	listen(d, add_key(d, KEY_FOLDED, folded), atom, how);
}

static struct str pair_key(const uint32_t pair[static 2])
{
	return (struct str){(const char *)pair, 2 * sizeof(pair[0])};
}

static void listen_pair(
	struct dictionary *d, struct str first, struct str second, uint32_t atom, enum how how)
{
	uint32_t pair[2] = {add_key(d, KEY_FOLDED, first), add_key(d, KEY_FOLDED, second)};
	d->heard.v[pair[0]].leads = true;
	listen(d, add_key(d, KEY_PAIR, pair_key(pair)), atom, how);
}

static void listen_always(struct dictionary *d, uint32_t atom)
{
	*vec_push(d->a, &d->unkeyed) = atom;
	d->atoms.v[atom].cost = COST_ALWAYS;
}

static void listen_gram(struct dictionary *d, struct str letters, uint32_t atom, enum how how)
{
	if (letters.n < GRAM)
		listen_always(d, atom);
	else
		listen(d, add_key(d, KEY_GRAM, str_sub(letters, 0, GRAM)), atom, how);
}

/* ---- terms ------------------------------------------------------------------------- */

static void listen_forms(struct dictionary *d, uint32_t atom, enum lang l)
{
	const struct keys *keys = term_keys(d->atoms.v[atom].term, l);
	for (size_t i = 0; i < keys->n; i++)
		listen(d, add_key(d, l, keys->v[i]), atom, HOW_WHOLE);
}

static void listen_acronym(struct dictionary *d, uint32_t atom, const struct term *t)
{
	char plural[WORD_MAX + 1];
	struct str own = t->parts[0].folded;
	listen_word(d, own, atom, HOW_CAPITALS);
	if (!str_eq(own, t->singular)) {
		listen_word(d, t->singular, atom, HOW_CAPITALS);
		return;
	}
	memcpy(plural, own.p, own.n);
	plural[own.n] = 's';
	listen_word(d, (struct str){plural, own.n + 1}, atom, HOW_PLURAL);
}

/* One part: the word itself, or letters beside a star. */
static void listen_part(struct dictionary *d, uint32_t atom, const struct term *t)
{
	bool words_tell = !t->cased && t->behind.n == 0;
	if (t->open_start || t->open_end)
		listen_gram(d, t->parts[0].folded, atom, words_tell ? HOW_PART : HOW_MAYBE);
	else
		listen_word(d, t->parts[0].folded, atom, words_tell ? HOW_WHOLE : HOW_MAYBE);
}

static bool written_out(const struct term *t, size_t part)
{
	return (part > 0 || !t->open_start) && (part + 1 < t->part_count || !t->open_end);
}

/* Several parts: two of them side by side, else one, else letters beside the star. */
static void listen_parts(struct dictionary *d, uint32_t atom, const struct term *t)
{
	const struct term_part *p = t->parts;
	bool words_tell = t->part_count == 2 && !t->cased && !t->joined_capitals;
	for (size_t i = 0; i + 1 < t->part_count; i++)
		if (written_out(t, i) && written_out(t, i + 1)) {
			listen_pair(
				d, p[i].folded, p[i + 1].folded, atom, words_tell ? HOW_WHOLE : HOW_MAYBE);
			return;
		}
	for (size_t i = 0; i < t->part_count; i++)
		if (written_out(t, i)) {
			listen_word(d, p[i].folded, atom, HOW_MAYBE);
			return;
		}
	listen_gram(d, p[p[0].folded.n < GRAM ? t->part_count - 1 : 0].folded, atom, HOW_MAYBE);
}

static void listen_joined(struct dictionary *d, uint32_t atom, const struct term *t)
{
	if (t->open_start || t->open_end)
		listen_gram(d, t->joined, atom, HOW_JOINED);
	else
		listen_word(d, t->joined, atom, t->joined_capitals ? HOW_CAPITALS : HOW_WHOLE);
}

static unsigned cost_of(const struct term *t)
{
	if (t->kind == TERM_ACRONYM || t->cased)
		return COST_ACRONYM;
	if (t->part_count > 1)
		return COST_PAIR;
	unsigned letters = t->parts[0].letters;
	return letters >= LONG_WORD ? COST_LONG : letters >= SHORT_WORD ? COST_WORD : COST_SHORT;
}

static void listen_term(struct dictionary *d, uint32_t atom)
{
	const struct term *t = d->atoms.v[atom].term;
	if (t->kind == TERM_ACRONYM)
		listen_acronym(d, atom, t);
	else if (t->part_count == 1)
		listen_part(d, atom, t);
	else
		listen_parts(d, atom, t);
	if (t->joined.n > 0)
		listen_joined(d, atom, t);
	for (unsigned l = 0; t->kind == TERM_WORD && l < LANG_COUNT; l++)
		if (((d->opened | d->atoms.v[atom].langs) >> l & 1) != 0)
			listen_forms(d, atom, (enum lang)l);
}

/* Everything by which two terms may find different places. */
static void describe(struct buf *b, const struct term *t, unsigned langs)
{
	buf_printf(b, "%u %u %d%d%d%d", langs, (unsigned)t->kind, t->cased, t->open_start, t->open_end,
		t->joined_capitals);
	for (size_t i = 0; i < t->part_count; i++) {
		buf_printf(b, " %d ", t->joined_capitals && t->parts[i].capitals > 1);
		buf_add(b, t->cased ? t->parts[i].exact : t->parts[i].folded);
	}
	const struct str more[] = {t->forms == NULL ? t->singular : t->forms->lower, t->joined, t->behind};
	for (size_t i = 0; i < COUNT(more); i++) {
		buf_addc(b, ' ');
		buf_add(b, more[i]);
	}
}

static void forget_surfaces(struct dictionary *d)
{
	arena_reset(d->memo);
	d->surfaces = (struct surfaces){0};
}

uint32_t dictionary_atom(struct dictionary *d, struct atom atom)
{
	*vec_push(d->a, &d->atoms) = atom;
	(void)vec_push(d->a, &d->values);
	return (uint32_t)d->atoms.n - 1;
}

uint32_t dictionary_term(struct dictionary *d, const struct term *t, unsigned langs)
{
	struct buf b = buf_init(TERM_KEY_MAX);
	langs = t->kind == TERM_WORD ? langs : 0;
	describe(&b, t, langs);
	uint32_t name = names_add(&d->terms, d->a, 0, buf_str(&b));
	buf_free(&b);
	if (name < d->term_atoms.n)
		return d->term_atoms.v[name];
	uint32_t atom = dictionary_atom(d, (struct atom){.term = t, .langs = langs, .cost = cost_of(t)});
	*vec_push(d->a, &d->term_atoms) = atom;
	forget_surfaces(d);
	listen_term(d, atom);
	return atom;
}

/* The forms of all words in a language that no profile has, for the first text in it. */
static void open_language(struct dictionary *d, unsigned lang)
{
	for (unsigned l = 0; l < LANG_COUNT; l++)
		for (uint32_t i = 0; (lang & ~d->opened) >> l & 1 && i < d->atoms.n; i++) {
			const struct atom *x = &d->atoms.v[i];
			if (x->term != NULL && x->term->kind == TERM_WORD && (x->langs >> l & 1) == 0)
				listen_forms(d, i, (enum lang)l);
		}
	d->opened |= lang;
}

/* ---- words of a text ---------------------------------------------------------------- */

void dictionary_init(struct dictionary *d, struct arena *a, struct arena *memo)
{
	*d = (struct dictionary){.a = a, .memo = memo};
	forget_surfaces(d);
	(void)dictionary_atom(d, (struct atom){.cost = COST_ALWAYS});
}

/* What is found of a word, before it is remembered. */
struct notes {
	struct arena *a;
	VEC(struct listener) list;
};

static void notice(struct notes *s, uint32_t atom, enum how how)
{
	*vec_push(s->a, &s->list) = (struct listener){atom, (uint8_t)how};
}

static void look_up_forms(
	const struct dictionary *d, struct notes *s, const struct word *w, enum lang l, bool of_text)
{
	size_t n;
	const struct str *keys = text_keys(l, w->lower, w->folded, &n);
	for (size_t i = 0; i < n; i++) {
		const struct heard *h = heard_of(d, l, keys[i]);
		for (size_t j = 0; h != NULL && j < h->list.n; j++)
			if (of_text || (d->atoms.v[h->list.v[j].atom].langs >> l & 1) != 0)
				notice(s, h->list.v[j].atom, HOW_WHOLE);
	}
}

static void look_up_grams(const struct dictionary *d, struct notes *s, struct str word)
{
	for (size_t at = 0; at + GRAM <= word.n; at++) {
		const struct heard *h = heard_of(d, KEY_GRAM, str_sub(word, at, at + GRAM));
		for (size_t i = 0; h != NULL && i < h->list.n; i++) {
			const struct listener *l = &h->list.v[i];
			const struct term *t = d->atoms.v[l->atom].term;
			if (l->how == HOW_MAYBE)
				notice(s, l->atom, HOW_MAYBE);
			else if (word_fits(word, l->how == HOW_PART ? t->parts[0].folded : t->joined,
					 t->open_start, t->open_end))
				notice(s, l->atom, HOW_WHOLE);
		}
	}
}

static struct surface *look_up(
	struct dictionary *d, const struct word *w, unsigned text_lang, struct arena *scratch)
{
	struct notes s = {.a = scratch};
	uint32_t key = names_find(&d->keys, KEY_FOLDED, w->folded);
	const struct heard *h = key == NO_WORD ? NULL : &d->heard.v[key];
	for (size_t i = 0; h != NULL && i < h->list.n; i++)
		notice(&s, h->list.v[i].atom, (enum how)h->list.v[i].how);
	for (unsigned l = 0; l < LANG_COUNT; l++)
		if (((d->langs | text_lang) >> l & 1) != 0)
			look_up_forms(d, &s, w, (enum lang)l, (text_lang >> l & 1) != 0);
	look_up_grams(d, &s, w->folded);

	struct str folded = w->folded.p == w->lower.p ? (struct str){0} : w->folded;
	struct listener *list = arena_make_n(d->memo, s.list.n, struct listener);
	struct surface *out = arena_alloc(d->memo, sizeof(*out) + w->lower.n + folded.n);
	if (s.list.n > 0)
		memcpy(list, s.list.v, s.list.n * sizeof(list[0]));
	*out = (struct surface){.list = list,
		.n = (uint32_t)s.list.n,
		.key = key,
		.lang = text_lang,
		.lower = (uint32_t)w->lower.n,
		.folded = (uint32_t)folded.n};
	memcpy(out->text, w->lower.p, w->lower.n);
	if (folded.n > 0)
		memcpy(out->text + w->lower.n, folded.p, folded.n);
	return out;
}

static bool is_surface(const struct surface *s, const struct word *w, unsigned lang)
{
	struct str folded = w->folded.p == w->lower.p ? (struct str){0} : w->folded;
	return s->lang == lang && s->lower == w->lower.n && s->folded == folded.n &&
	       memcmp(s->text, w->lower.p, w->lower.n) == 0 &&
	       (folded.n == 0 || memcmp(s->text + w->lower.n, folded.p, folded.n) == 0);
}

static uint32_t surface_hash(const struct word *w, unsigned lang)
{
	return w->hash + lang * KIND_SPREAD;
}

/* Where the word is, or would go. */
static struct surface_slot *surface_slot(const struct surfaces *s, const struct word *w, unsigned lang)
{
	uint32_t hash = surface_hash(w, lang);
	size_t at = hash & (s->slot_count - 1);
	while (s->slots[at].surface != NULL &&
		(s->slots[at].hash != hash || !is_surface(s->slots[at].surface, w, lang)))
		at = (at + 1) & (s->slot_count - 1);
	return &s->slots[at];
}

static void grow_surfaces(struct surfaces *s, struct arena *a)
{
	struct surfaces old = *s;
	s->slot_count = old.slot_count == 0 ? NAMES_MIN : old.slot_count * 4;
	s->slots = arena_make_n(a, s->slot_count, struct surface_slot);
	for (size_t i = 0; i < old.slot_count; i++) {
		size_t at = old.slots[i].hash & (s->slot_count - 1);
		while (old.slots[i].surface != NULL && s->slots[at].surface != NULL)
			at = (at + 1) & (s->slot_count - 1);
		if (old.slots[i].surface != NULL)
			s->slots[at] = old.slots[i];
	}
}

static const struct surface *surface_of(
	struct dictionary *d, const struct word *w, unsigned lang, struct arena *scratch)
{
	if (arena_room(d->memo) < ENGINE_BYTES_MAX - ENGINE_MEMORY_MAX)
		forget_surfaces(d);
	if (d->surfaces.n * 2 >= d->surfaces.slot_count)
		grow_surfaces(&d->surfaces, d->memo);
	struct surface_slot *slot = surface_slot(&d->surfaces, w, lang);
	if (slot->surface == NULL) {
		*slot = (struct surface_slot){surface_hash(w, lang), look_up(d, w, lang, scratch)};
		d->surfaces.n++;
	}
	return slot->surface;
}

/* ---- a text -------------------------------------------------------------------------- */

void dictionary_mark(struct dictionary *d, uint32_t atom, unsigned value)
{
	if (d->values.v[atom] == 0 && value != 0)
		*vec_push(d->a, &d->present) = atom;
	d->values.v[atom] |= (uint16_t)value;
}

/* Fields of a word's tokens, by enum how. */
struct stands {
	unsigned in[HOW_PLURAL + 1];
};

static struct stands stands_of(const struct document *doc, const struct word *w)
{
	struct stands s = {0};
	for (uint32_t t = w->first; t != NO_WORD; t = doc->tokens[t].next) {
		unsigned field = 1U << doc->pieces.v[doc->tokens[t].piece].field;
		s.in[HOW_WHOLE] |= field;
		if (!doc->tokens[t].capitals && (field & PROSE) != 0)
			continue;
		s.in[HOW_CAPITALS] |= field;
		if (str_ends(document_text(doc, t, t), STR("s")))
			s.in[HOW_PLURAL] |= field;
	}
	return s;
}

/* Its place among the keys. */
static uint32_t read_word(
	struct dictionary *d, const struct document *doc, const struct word *w, struct arena *scratch)
{
	const struct surface *s = surface_of(d, w, doc->langs, scratch);
	if (s->n == 0)
		return s->key;
	struct stands stands = stands_of(doc, w);
	for (uint32_t i = 0; i < s->n; i++)
		dictionary_mark(d, s->list[i].atom,
			s->list[i].how == HOW_MAYBE ? VALUE_MAYBE : stands.in[s->list[i].how]);
	return s->key;
}

static void read_pair(struct dictionary *d, const uint32_t pair[static 2], unsigned field)
{
	const struct heard *h = heard_of(d, KEY_PAIR, pair_key(pair));
	for (size_t i = 0; h != NULL && i < h->list.n; i++)
		dictionary_mark(d, h->list.v[i].atom, h->list.v[i].how == HOW_MAYBE ? VALUE_MAYBE : field);
}

static void read_pairs(struct dictionary *d, const struct document *doc, const uint32_t *keys)
{
	for (uint32_t t = 0; t + 1 < doc->token_count; t++) {
		const struct token *one = &doc->tokens[t], *next = one + 1;
		uint32_t pair[2] = {keys[one->word], keys[next->word]};
		if (pair[0] != NO_WORD && pair[1] != NO_WORD && d->heard.v[pair[0]].leads &&
			next->position == one->position + 1)
			read_pair(d, pair, 1U << doc->pieces.v[one->piece].field);
	}
}

/* Most of the time of a text is waiting for memory. */
static void fetch_ahead(const struct surfaces *s, const struct document *doc, uint32_t w)
{
	if (s->slot_count == 0 || w + 2 * AHEAD >= doc->word_count)
		return;
	__builtin_prefetch(
		&s->slots[surface_hash(&doc->words[w + 2 * AHEAD], doc->langs) & (s->slot_count - 1)]);
	__builtin_prefetch(
		s->slots[surface_hash(&doc->words[w + AHEAD], doc->langs) & (s->slot_count - 1)].surface);
}

void dictionary_read(struct dictionary *d, const struct document *doc, struct arena *scratch)
{
	for (size_t i = 0; i < d->present.n; i++)
		d->values.v[d->present.v[i]] = 0;
	d->present.n = 0;
	open_language(d, doc->langs);
	dictionary_mark(d, ATOM_ALWAYS, FIELDS_ALL);
	for (size_t i = 0; i < d->unkeyed.n; i++)
		dictionary_mark(d, d->unkeyed.v[i], VALUE_MAYBE);
	uint32_t *keys = arena_make_n(scratch, doc->word_count, uint32_t);
	for (uint32_t w = 0; w < doc->word_count; w++) {
		fetch_ahead(&d->surfaces, doc, w);
		keys[w] = read_word(d, doc, &doc->words[w], scratch);
	}
	read_pairs(d, doc, keys);
}
