/* SPDX-License-Identifier: MIT
 *
 * The engine: profiles of a rule book in, then one document after the other; out: the
 * profiles it suits, with score and reasons. A document is read once: its words give
 * the atoms it has. Only profiles and rule sets that wait at one of these (their gate)
 * are judged, each at most once, by their flat programs; a rule set that several
 * profiles use once for all of them. Phrases that words alone can't settle, and NEAR,
 * are asked of the evaluator when a program comes to them. Reasons are told by it, too.
 */
#include "match/engine.h"
#include "base/err.h"

#define GARBAGE_MIN 64 /* removed profiles, before the rest is built anew */

struct scored { /* a score or urgent line */
	uint32_t program;
	enum rule_type type;
	int64_t score;
};

struct unit { /* a profile, or a rule set as profiles of one language use it */
	const struct rulebook *book;
	const struct compiled_profile *profile;
	const struct compiled_set *set;
	unsigned langs;
	uint32_t atom; /* of a set: that it hits */
	uint32_t program;
	uint32_t judged; /* the last document it was judged for */
	VEC(struct scored) scores;
	VEC(uint32_t) filters;
	bool removed;
};

struct verdict { /* of a filter that many profiles have, about the last document it was asked for */
	const struct settings *settings;
	const struct profile *one_of_them;
	size_t filter;
	uint32_t asked;
	bool passed;
};

struct shelf { /* one rule book */
	const struct rulebook *book;
	uint32_t *held; /* by profile of the book: its unit + 1 */
};

struct engine {
	struct arena *a, *memo;
	struct arena *scratch; /* of one document, or one rule being compiled */
	struct arena *eval;    /* of one question to the evaluator */
	struct dictionary d;
	struct program program;
	VEC(struct unit) units;
	VEC(struct shelf) books;
	VEC(uint32_t) set_atoms;
	struct names filters;
	VEC(struct verdict) verdicts; /* as `filters` */
	size_t removed;
	uint32_t number; /* of the document at hand */
	struct document *doc;
	unsigned doc_fields;
	struct match_counts counts;
};

/* ---- life --------------------------------------------------------------------------- */

static void begin(struct engine *e)
{
	arena_reset(e->a);
	arena_reset(e->memo);
	*e = (struct engine){.a = e->a, .memo = e->memo, .scratch = e->scratch, .eval = e->eval};
	dictionary_init(&e->d, e->a, e->memo);
}

struct engine *engine_new(void)
{
	struct engine *e = calloc(1, sizeof(*e));
	if (e == NULL)
		die("out of memory");
	e->a = arena_new(ENGINE_BYTES_MAX);
	e->memo = arena_new(ENGINE_BYTES_MAX);
	e->scratch = arena_new(ENGINE_BYTES_MAX);
	e->eval = arena_new(SCRATCH_MAX);
	begin(e);
	return e;
}

void engine_free(struct engine *e)
{
	if (e == NULL)
		return;
	arena_free(e->a);
	arena_free(e->memo);
	arena_free(e->scratch);
	arena_free(e->eval);
	free(e);
}

/* ---- compiling ------------------------------------------------------------------------ */

/* Every require line, or no exclude line; and what comes then. */
static struct made add_lines(
	const struct maker *m, const struct compiled_rules *rules, enum rule_type type, struct made then)
{
	for (size_t i = rules->list.n; i-- > 0;) {
		const struct compiled_rule *r = &rules->list.v[i];
		bool want = type == RULE_REQUIRE;
		if (r->rule->type != type)
			continue;
		struct made line = program_node(m, r->query.root, PROSE, true, want ? then.start : PROGRAM_NO,
			want ? PROGRAM_NO : then.start);
		then.start = line.start;
		if (want)
			then.gate = gate_both(line.gate, then.gate);
	}
	return then;
}

/* Both gates together, unless there is only the one. */
static struct made add_alternative(const struct maker *m, struct made one, struct made others)
{
	if (others.start != PROGRAM_NO)
		one.gate = gate_either(m, one.gate, others.gate);
	return one;
}

static uint32_t set_atom(struct engine *e, const struct compiled_set *set, unsigned langs);

/* Any match line, or a used rule set that hits. */
static struct made add_matches(struct engine *e, const struct maker *m, const struct compiled_rules *rules,
	const struct compiled_profile *p, uint32_t yes)
{
	struct made any = {.start = PROGRAM_NO};
	for (size_t i = p == NULL ? 0 : p->sets.n; i-- > 0;)
		any = add_alternative(
			m, program_atom(m, set_atom(e, p->sets.v[i], p->langs), yes, any.start), any);
	for (size_t i = rules->list.n; i-- > 0;)
		if (rules->list.v[i].rule->type == RULE_MATCH)
			any = add_alternative(m,
				program_node(m, rules->list.v[i].query.root, PROSE, true, yes, any.start),
				any);
	return any;
}

/* The unit is judged for texts that have one of these. */
static void wait_at(struct engine *e, const struct gate *g, uint32_t unit)
{
	if (g->cost == GATE_NONE)
		*vec_push(e->a, &e->d.atoms.v[ATOM_ALWAYS].units) = unit;
	for (size_t i = 0; g->cost != GATE_NONE && i < g->atoms.n; i++)
		*vec_push(e->a, &e->d.atoms.v[g->atoms.v[i]].units) = unit;
}

/* Without a match line or rule set nothing ever suits, and nothing need be judged. */
static void add_unit(struct engine *e, struct unit u, const struct compiled_rules *rules)
{
	struct maker m = {.d = &e->d, .p = &e->program, .scratch = e->scratch, .langs = u.langs};
	struct made all = {.start = PROGRAM_YES, .gate = {.cost = GATE_NONE}};
	all = add_lines(&m, rules, RULE_EXCLUDE, all);
	all = add_lines(&m, rules, RULE_REQUIRE, all);
	struct made any = add_matches(e, &m, rules, u.profile, all.start);
	u.program = any.start;
	*vec_push(e->a, &e->units) = u;
	struct gate g = gate_both(any.gate, all.gate);
	if (any.start != PROGRAM_NO)
		wait_at(e, &g, (uint32_t)e->units.n - 1);
}

static uint32_t set_atom(struct engine *e, const struct compiled_set *set, unsigned langs)
{
	for (size_t i = 0; i < e->set_atoms.n; i++) {
		uint32_t atom = e->set_atoms.v[i];
		const struct unit *u = &e->units.v[e->d.atoms.v[atom].unit];
		if (u->set == set && u->langs == langs)
			return atom;
	}
	add_unit(e, (struct unit){.set = set, .langs = langs}, &set->rules);
	uint32_t unit = (uint32_t)e->units.n - 1;
	uint32_t atom = dictionary_atom(&e->d, (struct atom){.unit = unit, .cost = 1});
	e->units.v[unit].atom = atom;
	*vec_push(e->a, &e->set_atoms) = atom;
	return atom;
}

static void add_filters(struct engine *e, struct unit *u, size_t book)
{
	const struct profile *p = u->profile->profile;
	struct buf b = buf_init(FILTER_KEY_MAX);
	for (size_t f = 0; f < FILTERS; f++) {
		buf_clear(&b);
		filter_key(&b, f, p);
		if (b.n == 0)
			continue;
		uint32_t v = names_add(&e->filters, e->a, (unsigned)book, buf_str(&b));
		if (v == e->verdicts.n)
			*vec_push(e->a, &e->verdicts) = (struct verdict){
				.settings = &u->book->config->settings, .one_of_them = p, .filter = f};
		*vec_push(e->a, &u->filters) = v;
	}
	buf_free(&b);
}

static void add_scores(struct engine *e, struct unit *u)
{
	for (size_t i = 0; i < u->profile->rules.list.n; i++) {
		const struct compiled_rule *r = &u->profile->rules.list.v[i];
		if (r->rule->type == RULE_SCORE || r->rule->type == RULE_URGENT)
			*vec_push(e->a, &u->scores) =
				(struct scored){engine_program(e, r->query.root, PROSE, u->langs),
					r->rule->type, r->rule->score};
	}
}

static size_t shelf_of(struct engine *e, const struct rulebook *b)
{
	for (size_t i = 0; i < e->books.n; i++)
		if (e->books.v[i].book == b)
			return i;
	*vec_push(e->a, &e->books) = (struct shelf){b, arena_make_n(e->a, b->config->profiles.n, uint32_t)};
	return e->books.n - 1;
}

void engine_add(struct engine *e, const struct rulebook *b, const struct profile *p)
{
	const struct compiled_profile *c = rulebook_profile(b, p);
	size_t book = shelf_of(e, b);
	if (c == NULL || e->books.v[book].held[c - b->profiles] != 0)
		return;
	struct unit u = {.book = b, .profile = c, .langs = c->langs};
	e->d.langs |= c->langs;
	add_filters(e, &u, book);
	add_scores(e, &u);
	add_unit(e, u, &c->rules);
	e->books.v[book].held[c - b->profiles] = (uint32_t)e->units.n;
	arena_reset(e->scratch);
}

void engine_add_all(struct engine *e, const struct rulebook *b)
{
	for (size_t i = 0; i < b->config->profiles.n; i++)
		engine_add(e, b, &b->config->profiles.v[i]);
}

static void build_anew(struct engine *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(ENGINE_BYTES_MAX);
	VEC(struct unit) kept = {0};
	for (size_t i = 0; i < e->units.n; i++)
		if (e->units.v[i].profile != NULL && !e->units.v[i].removed)
			*vec_push(a, &kept) = e->units.v[i];
	begin(e);
	for (size_t i = 0; i < kept.n; i++)
		engine_add(e, kept.v[i].book, kept.v[i].profile->profile);
}

void engine_remove(struct engine *e, const struct rulebook *b, const struct profile *p)
{
	const struct compiled_profile *c = rulebook_profile(b, p);
	uint32_t *held = c == NULL ? NULL : &e->books.v[shelf_of(e, b)].held[c - b->profiles];
	if (held == NULL || *held == 0)
		return;
	e->units.v[*held - 1].removed = true;
	*held = 0;
	e->removed++;
	if (e->removed > GARBAGE_MIN && e->removed * 2 > e->units.n)
		build_anew(e);
}

/* ---- running -------------------------------------------------------------------------- */

static unsigned known_value(struct engine *e, uint32_t atom);

/* Where the atom stands. */
static unsigned fields_of(struct engine *e, uint32_t atom)
{
	unsigned v = e->d.values.v[atom];
	return FIELDS_ALL & ((v & VALUE_MAYBE) == 0 ? v : known_value(e, atom));
}

static bool run(struct engine *e, uint32_t at)
{
	while (at < PROGRAM_NO) {
		struct question q = e->program.list.v[at];
		unsigned v = e->d.values.v[q.atom];
		if ((v & q.fields & FIELDS_ALL) == 0 && ((v | q.fields) & VALUE_MAYBE) != 0)
			v = known_value(e, q.atom);
		at = (v & q.fields & FIELDS_ALL) != 0 ? q.yes : q.no;
	}
	return at == PROGRAM_YES;
}

static unsigned ask_text(struct engine *e, const struct atom *x)
{
	struct eval v = {.doc = e->doc, .langs = e->doc->langs | x->langs, .scratch = e->eval};
	unsigned found = 0;
	if (x->term != NULL) {
		found = term_fields(&v, x->term, e->doc_fields);
	} else {
		document_stem(e->doc, v.langs);
		found = node_eval(&v, x->near, x->fields, NULL) ? FIELDS_ALL : 0;
	}
	arena_reset(e->eval);
	e->counts.asked++;
	return found;
}

/* The value of an atom of which the words alone have not told everything. */
static unsigned known_value(struct engine *e, uint32_t atom)
{
	const struct atom *x = &e->d.atoms.v[atom];
	unsigned found = 0;
	if ((e->d.values.v[atom] & VALUE_KNOWN) != 0)
		return e->d.values.v[atom];
	if (x->term != NULL || x->near != NULL) {
		found = ask_text(e, x);
	} else {
		struct unit *u = &e->units.v[x->unit];
		u->judged = e->number;
		e->counts.judged++;
		found = run(e, u->program) ? FIELDS_ALL : 0;
	}
	dictionary_mark(&e->d, atom, found | VALUE_KNOWN);
	e->d.values.v[atom] &= (uint16_t)~VALUE_MAYBE;
	return e->d.values.v[atom];
}

void engine_read(struct engine *e, struct document *doc)
{
	arena_reset(e->scratch);
	e->doc = doc;
	e->doc_fields = 0;
	for (size_t i = 0; i < doc->pieces.n; i++)
		e->doc_fields |= 1U << doc->pieces.v[i].field;
	e->number++;
	dictionary_read(&e->d, doc, e->scratch);
}

uint32_t engine_program(struct engine *e, const struct node *n, unsigned fields, unsigned langs)
{
	struct maker m = {.d = &e->d, .p = &e->program, .scratch = e->scratch, .langs = langs};
	e->d.langs |= langs;
	uint32_t start = program_node(&m, n, fields, true, PROGRAM_YES, PROGRAM_NO).start;
	arena_reset(e->scratch);
	return start;
}

bool engine_holds(struct engine *e, uint32_t program)
{
	return run(e, program);
}

/* ---- judging -------------------------------------------------------------------------- */

static bool passes(struct engine *e, const struct unit *u)
{
	for (size_t i = 0; i < u->filters.n; i++) {
		struct verdict *v = &e->verdicts.v[u->filters.v[i]];
		if (v->asked != e->number) {
			v->asked = e->number;
			v->passed = filter_passes(e->eval, v->settings, v->filter, v->one_of_them, e->doc->o);
			arena_reset(e->eval);
		}
		if (!v->passed)
			return false;
	}
	return true;
}

/* Score and urgency; false when the score is too low. */
static bool add_up(struct engine *e, const struct unit *u, struct hit *h)
{
	bool scored = false;
	for (size_t i = 0; i < u->scores.n; i++) {
		const struct scored *s = &u->scores.v[i];
		bool hits = run(e, s->program);
		scored |= s->type == RULE_SCORE;
		h->urgent |= s->type == RULE_URGENT && hits;
		if (s->type == RULE_SCORE && hits)
			h->score = score_add(h->score, s->score);
	}
	return !scored || !h->profile->has_threshold || h->score >= h->profile->threshold;
}

static void judge(struct engine *e, struct unit *u, struct arena *a, struct hits *out)
{
	u->judged = e->number;
	e->counts.judged++;
	struct hit h = {.profile = u->profile->profile};
	if (run(e, u->program) && add_up(e, u, &h) && passes(e, u))
		*vec_push(a, &out->list) = h;
}

static void judge_waiting(struct engine *e, uint32_t atom, struct arena *a, struct hits *out)
{
	const struct atom *x = &e->d.atoms.v[atom];
	if (x->units.n == 0 || fields_of(e, atom) == 0)
		return;
	for (size_t i = 0; i < x->units.n; i++) {
		struct unit *u = &e->units.v[x->units.v[i]];
		if (u->judged == e->number || u->removed)
			continue;
		if (u->profile != NULL)
			judge(e, u, a, out);
		else
			(void)known_value(e, u->atom);
	}
}

/* In the order of the configuration. */
static int by_profile(const void *x, const void *y)
{
	const struct profile *a = ((const struct hit *)x)->profile, *b = ((const struct hit *)y)->profile;
	return (a > b) - (a < b);
}

static void add_reasons(struct engine *e, struct arena *a, struct hit *h)
{
	for (size_t i = 0; i < e->books.n; i++) {
		const struct compiled_profile *c = rulebook_profile(e->books.v[i].book, h->profile);
		if (c != NULL)
			explain_hit(c, e->doc, a, h);
	}
}

void engine_match(struct engine *e, struct document *doc, struct arena *a, struct hits *out)
{
	*out = (struct hits){0};
	if (e->units.n == 0)
		return;
	engine_read(e, doc);
	/* A rule set that hits is one more atom, at whose end profiles wait. */
	for (size_t i = 0; i < e->d.present.n; i++)
		judge_waiting(e, e->d.present.v[i], a, out);
	if (out->list.n > 1)
		qsort(out->list.v, out->list.n, sizeof(out->list.v[0]), by_profile);
	for (size_t i = 0; i < out->list.n; i++)
		add_reasons(e, a, &out->list.v[i]);
	e->counts.documents++;
	e->counts.hits += out->list.n;
}

struct match_counts engine_counts(const struct engine *e)
{
	struct match_counts c = e->counts;
	c.bytes = ENGINE_BYTES_MAX - arena_room(e->a);
	c.remembered = ENGINE_BYTES_MAX - arena_room(e->memo);
	return c;
}
