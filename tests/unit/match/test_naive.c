/* SPDX-License-Identifier: MIT
 *
 * The evaluator against a second, naive one: random rules are made as trees, written
 * as staff would write them, and judged twice over random texts. The naive one knows no
 * index, no tree of the parser and no stemmer: it looks at every word of a small
 * vocabulary whose forms are listed by hand.
 */
#include "match_harness.h"

#ifdef FW_ASAN
#define ROUNDS 800
#else
#define ROUNDS 6000
#endif
#define TEXTS_PER_ROUND 4
#define TOKENS_MAX	40
#define PIECES		6
#define SPANS_MAX	4000
#define DEPTH_MAX	4

static uint64_t seed = 4242;

static size_t below(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)((seed >> 11) % n);
}

/* ---- words --------------------------------------------------------------------- */

static const struct word {
	const char *written, *folded, *form; /* words of one form are forms of each other */
} vocabulary[] = {
	{"therapy", "therapy", "therapi"},
	{"therapies", "therapies", "therapi"},
	{"Therapy", "therapy", "therapi"},
	{"cell", "cell", "cell"},
	{"cells", "cells", "cell"},
	{"Cell", "cell", "cell"},
	{"gene", "gene", "gene"},
	{"genes", "genes", "gene"},
	{"GMP", "gmp", "gmp"},
	{"gmp", "gmp", "gmp"},
	{"GMPs", "gmps", "gmps"},
	{"GMPS", "gmps", "gmps"},
	{"AI", "ai", "ai"},
	{"ai", "ai", "ai"},
	{"Häls", "hals", "hal"},
	{"hals", "hals", "hal"},
	{"toetus", "toetus", "toetus"},
	{"teadustoetus", "teadustoetus", "teadustoetus"},
	{"biomaterial", "biomaterial", "biomateri"},
	{"biomaterials", "biomaterials", "biomateri"},
	{"co", "co", "co"},
	{"funding", "funding", "fund"},
	{"cofunding", "cofunding", "cofund"},
	{"CAR", "car", "car"},
	{"car", "car", "car"},
	{"T", "t", "t"},
	{"CART", "cart", "cart"},
	{"cart", "cart", "cart"},
	{"pilot", "pilot", "pilot"},
};
#define WORDS COUNT(vocabulary)

static size_t capitals(const char *s)
{
	size_t n = 0;
	for (; *s != '\0'; s++)
		n += *s >= 'A' && *s <= 'Z';
	return n;
}

static bool starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static bool ends(const char *s, const char *with)
{
	size_t n = strlen(s), m = strlen(with);
	return n >= m && strcmp(s + n - m, with) == 0;
}

/* ---- texts --------------------------------------------------------------------- */

static const struct place_name {
	enum match_field field;
	const char *name;
} places[PIECES] = {{MATCH_TITLE, "title"}, {MATCH_TEXT, "text"}, {MATCH_FUNDER, "funder"},
	{MATCH_PROGRAMME, "programme"}, {MATCH_CATEGORY, "category"}, {MATCH_CATEGORY, "category"}};

struct token {
	char written[32];
	const struct word *word;
};
struct text {
	struct token tokens[TOKENS_MAX];
	size_t n;
	char written[2048];
};
static struct text texts[PIECES];

static void make_text(struct text *t, size_t most, bool shout)
{
	static const char *const gaps[] = {" ", " ", " ", "-", ", ", ". ", "/"};
	size_t at = 0;
	t->n = below(most + 1);
	t->written[0] = '\0';
	for (size_t i = 0; i < t->n; i++) {
		struct token *k = &t->tokens[i];
		k->word = &vocabulary[below(WORDS)];
		(void)snprintf(k->written, sizeof(k->written), "%s", k->word->written);
		for (char *p = k->written; shout && *p != '\0'; p++)
			*p = *p >= 'a' && *p <= 'z' ? (char)(*p - 32) : *p;
		at += (size_t)snprintf(t->written + at, sizeof(t->written) - at, "%s%s",
			i > 0 ? gaps[below(COUNT(gaps))] : "", k->written);
	}
}

static struct opportunity make_call(struct arena *a)
{
	make_text(&texts[0], 6, below(4) == 0);
	make_text(&texts[1], 30, false);
	for (size_t i = 2; i < PIECES; i++)
		make_text(&texts[i], 3, false);
	struct opportunity o = {
		.title = str_of(texts[0].written),
		.summary = str_of(texts[1].written),
		.funder = str_of(texts[2].written),
		.programme = str_of(texts[3].written),
		.language = STR("en"),
	};
	*vec_push(a, &o.categories) = str_of(texts[4].written);
	*vec_push(a, &o.categories) = str_of(texts[5].written);
	return o;
}

/* ---- rules --------------------------------------------------------------------- */

enum shape {
	BARE,
	EXACT,
	PHRASE,
	OPEN_END,
	OPEN_START,
	OPEN_BOTH,
	JOINT,
	EITHER,
	BOTH,
	WITHOUT,
	NEITHER,
	CLOSE,
	IN
};

struct rule_node {
	enum shape shape;
	const struct word *words[3]; /* of a leaf */
	size_t n;		     /* words, or kids */
	bool open;		     /* a phrase with any ending */
	const char *part;	     /* of a wildcard, folded */
	const struct rule_node *kids[3];
	size_t within[3];
	bool ordered[3];
	size_t place; /* of IN */
};

static const struct {
	enum shape shape;
	const char *part;
} stars[] = {{OPEN_END, "ther"}, {OPEN_END, "biom"}, {OPEN_END, "cell"}, {OPEN_START, "etus"},
	{OPEN_START, "rials"}, {OPEN_START, "unding"}, {OPEN_BOTH, "mater"}, {OPEN_BOTH, "dust"}};

/* Words with hyphens, by the parts and the spelling in one word. */
static const struct joint {
	const char *written, *parts[2], *joined;
	bool acronym;
} joints[] = {{"co-funding", {"co", "funding"}, "cofunding", false}, {"CAR-T", {"car", "t"}, "cart", true},
	{"gene-therapy", {"gene", "therapy"}, "genetherapy", false}};

static struct rule_node *leaf(struct arena *a)
{
	static const enum shape shapes[] = {BARE, BARE, BARE, BARE, EXACT, PHRASE, PHRASE, OPEN_END, JOINT};
	struct rule_node *r = arena_make(a, struct rule_node);
	r->shape = shapes[below(COUNT(shapes))];
	r->n = r->shape == PHRASE ? 1 + below(3) : 1;
	for (size_t i = 0; i < r->n; i++)
		r->words[i] = &vocabulary[below(WORDS)];
	if (r->shape == PHRASE)
		r->open = below(3) == 0 && strlen(r->words[r->n - 1]->folded) >= 4;
	if (r->shape == OPEN_END) {
		size_t k = below(COUNT(stars));
		r->shape = stars[k].shape;
		r->part = stars[k].part;
	}
	if (r->shape == JOINT)
		r->place = below(COUNT(joints));
	return r;
}

/* A leaf, an OR of leaves, one within a field, or a NEAR: what NEAR takes. */
static const struct rule_node *spot_rule(struct arena *a, size_t depth)
{
	struct rule_node *r = leaf(a);
	size_t how = below(depth < DEPTH_MAX ? 8 : 1);
	if (how < 4)
		return r;
	r = arena_make(a, struct rule_node);
	r->shape = how < 6 ? EITHER : how == 6 ? CLOSE : IN;
	r->n = r->shape == IN ? 1 : 2 + below(2);
	r->place = below(PIECES);
	for (size_t i = 0; i < r->n; i++) {
		r->kids[i] = spot_rule(a, depth + 1);
		r->within[i] = 1 + below(9);
		r->ordered[i] = below(3) == 0;
	}
	return r;
}

static const struct rule_node *make_rule(struct arena *a, size_t depth)
{
	static const enum shape shapes[] = {EITHER, EITHER, BOTH, BOTH, WITHOUT, NEITHER, IN};
	if (depth >= DEPTH_MAX || below(4) == 0)
		return spot_rule(a, depth);
	struct rule_node *r = arena_make(a, struct rule_node);
	r->shape = shapes[below(COUNT(shapes))];
	r->n = r->shape == IN || r->shape == NEITHER ? 1 : r->shape == WITHOUT ? 3 : 2 + below(2);
	r->place = below(PIECES);
	for (size_t i = 0; i < r->n; i++)
		r->kids[i] = make_rule(a, depth + 1);
	return r;
}

/* ---- as staff write them ----------------------------------------------------------- */

static void write_rule(struct buf *b, const struct rule_node *r);

static void write_leaf(struct buf *b, const struct rule_node *r)
{
	switch (r->shape) {
	case BARE:
		buf_addz(b, r->words[0]->written);
		break;
	case EXACT:
		buf_printf(b, "=%s", r->words[0]->written);
		break;
	case PHRASE:
		for (size_t i = 0; i < r->n; i++)
			buf_printf(b, "%s%s", i == 0 ? "\"" : " ", r->words[i]->written);
		buf_addz(b, r->open ? "*\"" : "\"");
		break;
	case OPEN_END:
		buf_printf(b, "%s*", r->part);
		break;
	case OPEN_START:
		buf_printf(b, "*%s", r->part);
		break;
	case OPEN_BOTH:
		buf_printf(b, "*%s*", r->part);
		break;
	default:
		buf_addz(b, joints[r->place].written);
	}
}

static void write_joined(struct buf *b, const struct rule_node *r)
{
	static const char *const ands[] = {" ", " AND "}, *const ors[] = {" OR ", " | "};
	const char *const joint = r->shape == BOTH ? ands[below(2)] : ors[below(2)];
	buf_addc(b, '(');
	for (size_t i = 0; i < r->n; i++) {
		if (i > 0 && r->shape == CLOSE)
			buf_printf(b, " %s/%zu ",
				r->ordered[i] ? "PRE"
				: below(2)    ? "NEAR"
					      : "W",
				r->within[i]);
		else if (i > 0)
			buf_addz(b, joint);
		write_rule(b, r->kids[i]);
	}
	buf_addc(b, ')');
}

static void write_rule(struct buf *b, const struct rule_node *r)
{
	switch (r->shape) {
	case EITHER:
	case BOTH:
	case CLOSE:
		write_joined(b, r);
		break;
	case WITHOUT: /* (a OR b -c): the - belongs to the whole level */
		buf_addc(b, '(');
		write_rule(b, r->kids[0]);
		buf_addz(b, " OR ");
		write_rule(b, r->kids[1]);
		buf_addz(b, " -");
		write_rule(b, r->kids[2]);
		buf_addc(b, ')');
		break;
	case NEITHER:
		buf_addz(b, "(NOT ");
		write_rule(b, r->kids[0]);
		buf_addc(b, ')');
		break;
	case IN:
		buf_printf(b, "%s:(", places[r->place].name);
		write_rule(b, r->kids[0]);
		buf_addc(b, ')');
		break;
	default:
		write_leaf(b, r);
	}
}

/* ---- the naive judgement ------------------------------------------------------------- */

#define ANYWHERE PIECES /* no field written: title or text */

struct span {
	size_t piece, first, last;
};
struct spans {
	struct span v[SPANS_MAX];
	size_t n;
};

static bool in_place(size_t piece, size_t place)
{
	return place == ANYWHERE ? piece < 2 : places[piece].field == places[place].field;
}

/* An acronym stands in capitals; outside title and text there are only codes. */
static bool shouted(const struct token *t, size_t piece)
{
	return piece >= 2 || capitals(t->written) >= 2;
}

static bool fits_bare(const struct word *w, const struct token *t, size_t piece)
{
	const char *s = w->written;
	size_t letters = strlen(s);
	if (capitals(s) < 2 || letters > 5)
		return strcmp(w->form, t->word->form) == 0;
	bool plural = ends(s, "s") && capitals(s) == letters - 1;
	if (!shouted(t, piece))
		return false;
	if (strcmp(t->word->folded, w->folded) == 0)
		return true;
	if (plural)
		return strlen(t->word->folded) + 1 == letters && starts(w->folded, t->word->folded);
	return strlen(t->word->folded) == letters + 1 && starts(t->word->folded, w->folded) &&
	       ends(t->written, "s");
}

static bool fits_phrase(const struct rule_node *r, const struct text *t, size_t at)
{
	if (at + r->n > t->n)
		return false;
	for (size_t i = 0; i < r->n; i++) {
		const char *have = t->tokens[at + i].word->folded, *want = r->words[i]->folded;
		bool open = r->open && i + 1 == r->n;
		if (open ? !starts(have, want) : strcmp(have, want) != 0)
			return false;
	}
	return true;
}

/* How many words the leaf takes at this one; 0 = it is not there. */
static size_t fits(const struct rule_node *r, size_t piece, size_t at)
{
	const struct text *t = &texts[piece];
	const struct token *k = &t->tokens[at];
	const char *word = k->word->folded;
	switch (r->shape) {
	case BARE:
		return fits_bare(r->words[0], k, piece);
	case EXACT:
		return strcmp(k->written, r->words[0]->written) == 0;
	case PHRASE:
		return fits_phrase(r, t, at) ? r->n : 0;
	case OPEN_END:
		return starts(word, r->part);
	case OPEN_START:
		return ends(word, r->part);
	case OPEN_BOTH:
		return strstr(word, r->part) != NULL;
	default:
		return 0;
	}
}

static void add_span(struct spans *out, size_t piece, size_t first, size_t n)
{
	if (n > 0 && out->n < SPANS_MAX)
		out->v[out->n++] = (struct span){piece, first, first + n - 1};
}

static void joint_spans(const struct joint *j, size_t piece, size_t at, struct spans *out)
{
	const struct text *t = &texts[piece];
	const struct token *k = &t->tokens[at];
	if (at + 1 < t->n && strcmp(k->word->folded, j->parts[0]) == 0 &&
		strcmp(t->tokens[at + 1].word->folded, j->parts[1]) == 0)
		add_span(out, piece, at, 2);
	if (strcmp(k->word->folded, j->joined) == 0 && (!j->acronym || shouted(k, piece)))
		add_span(out, piece, at, 1);
}

static void spans_of(struct arena *a, const struct rule_node *r, size_t place, struct spans *out);

static void near_spans(struct arena *a, const struct rule_node *r, size_t place, struct spans *out)
{
	struct spans *left = arena_make(a, struct spans);
	spans_of(a, r->kids[0], place, left);
	for (size_t k = 1; k < r->n; k++) {
		struct spans *right = arena_make(a, struct spans), *both = arena_make(a, struct spans);
		spans_of(a, r->kids[k], place, right);
		for (size_t i = 0; i < left->n; i++)
			for (size_t j = 0; j < right->n; j++) {
				struct span x = left->v[i], y = right->v[j];
				bool before = x.last < y.first && y.first - x.last <= r->within[k];
				bool behind = y.last < x.first && x.first - y.last <= r->within[k];
				if (x.piece == y.piece && before)
					add_span(both, x.piece, x.first, y.last - x.first + 1);
				if (x.piece == y.piece && behind && !r->ordered[k])
					add_span(both, x.piece, y.first, x.last - y.first + 1);
			}
		left = both;
	}
	for (size_t i = 0; i < left->n && out->n < SPANS_MAX; i++)
		out->v[out->n++] = left->v[i];
}

static void spans_of(struct arena *a, const struct rule_node *r, size_t place, struct spans *out)
{
	if (r->shape == CLOSE) {
		near_spans(a, r, place, out);
		return;
	}
	if (r->shape == EITHER || r->shape == IN) {
		for (size_t i = 0; i < r->n; i++)
			spans_of(a, r->kids[i], r->shape == IN ? r->place : place, out);
		return;
	}
	for (size_t piece = 0; piece < PIECES; piece++)
		for (size_t at = 0; in_place(piece, place) && at < texts[piece].n; at++) {
			if (r->shape == JOINT)
				joint_spans(&joints[r->place], piece, at, out);
			else
				add_span(out, piece, at, fits(r, piece, at));
		}
}

/* *sure is cleared when there were more spans than the naive one keeps. */
static bool holds(const struct rule_node *r, size_t place, bool *sure)
{
	bool k[3] = {false};
	for (size_t i = 0; i < r->n && r->shape >= EITHER && r->shape != CLOSE; i++)
		k[i] = holds(r->kids[i], r->shape == IN ? r->place : place, sure);
	switch (r->shape) {
	case EITHER:
		return k[0] || k[1] || k[2];
	case BOTH:
		return k[0] && k[1] && (r->n < 3 || k[2]);
	case WITHOUT:
		return (k[0] || k[1]) && !k[2];
	case NEITHER:
		return !k[0];
	case IN:
		return k[0];
	default:
		break;
	}
	struct arena *a CLEANUP(arena_freep) = arena_new(ARENA_MATCH);
	struct spans *s = arena_make(a, struct spans);
	spans_of(a, r, place, s);
	*sure &= s->n < SPANS_MAX;
	return s->n > 0;
}

/* ---- the tests -------------------------------------------------------------------------- */

static const char *written(struct arena *a, const struct rule_node *r)
{
	struct buf b = buf_init(QUERY_BYTES_MAX);
	write_rule(&b, r);
	assert_false(b.failed);
	return str_c(a, buf_take(&b, a));
}

static void test_queries(void **state)
{
	(void)state;
	size_t hits = 0, misses = 0;
	struct arena *a = arena_new(ARENA_MATCH);
	for (size_t round = 0; round < ROUNDS; round++, arena_reset(a)) {
		const struct rule_node *r = make_rule(a, 0);
		const char *text = written(a, r);
		struct diags d = {0};
		struct query *q = compile(a, NULL, text, &d);
		if (q == NULL)
			fail_msg("'%s' does not compile: %.*s", text, STRF(diags_text(a, &d)));
		for (size_t i = 0; i < TEXTS_PER_ROUND; i++) {
			struct opportunity o = make_call(a);
			bool sure = true, want = holds(r, ANYWHERE, &sure);
			bool got = query_matches(q, match_document(a, &o));
			if (sure && got != want)
				fail_msg("round %zu: %s\ntitle: %s\ntext: %s\nfunder: %s\nprogramme: %s\n"
					 "category: %s; %s\nwant %s",
					round, text, texts[0].written, texts[1].written, texts[2].written,
					texts[3].written, texts[4].written, texts[5].written,
					want ? "a hit" : "no hit");
			hits += want;
			misses += !want;
		}
	}
	arena_free(a);
	assert_true(hits > ROUNDS / 2 && misses > ROUNDS / 2);
}

/* What the lines of one section say; `set` = a rule set, whose scores count for nothing. */
struct rule_list {
	const struct rule_node *rules[6];
	enum rule_type types[6];
	int64_t scores[6];
	size_t n;
};

static void make_section(struct arena *a, struct rule_list *s, size_t least)
{
	static const enum rule_type kinds[] = {
		RULE_MATCH, RULE_MATCH, RULE_MATCH, RULE_REQUIRE, RULE_EXCLUDE, RULE_SCORE, RULE_SCORE};
	s->n = least + below(COUNT(s->rules) - least + 1);
	for (size_t i = 0; i < s->n; i++) {
		s->types[i] = kinds[below(COUNT(kinds))];
		s->scores[i] = (int64_t)below(9) - 3;
		do
			s->rules[i] = make_rule(a, 2);
		while (s->rules[i]->shape == NEITHER || s->rules[i]->shape == IN);
	}
}

static bool section_holds(const struct rule_list *s, bool other, int64_t *score, bool *scored, bool *sure)
{
	bool matched = other;
	for (size_t i = 0; i < s->n; i++) {
		bool hit = holds(s->rules[i], ANYWHERE, sure);
		if (s->types[i] == RULE_MATCH)
			matched |= hit;
		if (s->types[i] == RULE_SCORE) {
			*scored = true;
			*score += hit ? s->scores[i] : 0;
		}
	}
	for (size_t i = 0; i < s->n; i++) {
		bool hit = holds(s->rules[i], ANYWHERE, sure);
		if ((s->types[i] == RULE_REQUIRE && !hit) || (s->types[i] == RULE_EXCLUDE && hit))
			return false;
	}
	return matched;
}

static void add_rules(struct arena *a, struct profile *p, const struct rule_list *s)
{
	for (size_t i = 0; i < s->n; i++)
		add_rule(a, p, s->types[i], s->scores[i], written(a, s->rules[i]));
}

static void test_profiles(void **state)
{
	(void)state;
	size_t hits = 0, compared = 0;
	struct arena *a = arena_new(ARENA_MATCH);
	for (size_t round = 0; round < ROUNDS / 4; round++, arena_reset(a)) {
		struct rule_list own, shared;
		struct config c = {.a = a};
		struct profile p = {.id = STR("p"), .language = STR("en"), .threshold = (int64_t)below(5)},
			       set = {0};
		p.kinds.unknown_ok = p.programme.unknown_ok = p.stage.unknown_ok = p.eligible_in.unknown_ok =
			true;
		p.has_threshold = below(2) == 0;
		make_section(a, &own, 1);
		make_section(a, &shared, 0);
		add_rules(a, &p, &own);
		add_rules(a, &set, &shared);
		struct rule_set *rs = vec_push(a, &c.rule_sets);
		*rs = (struct rule_set){.id = STR("s"), .label = STR("S")};
		rs->rules.v = set.rules.v;
		rs->rules.n = rs->rules.room = set.rules.n;
		*vec_push(a, &p.use) = rs;
		*vec_push(a, &c.profiles) = p;
		struct diags d = {.a = a};
		struct rulebook *b = match_compile(a, &c, &d);
		for (size_t i = 0; b != NULL && i < TEXTS_PER_ROUND; i++) {
			struct opportunity o = make_call(a);
			int64_t score = 0, unused = 0;
			bool scored = false, ignored, sure = true;
			bool set_hit = section_holds(&shared, false, &unused, &ignored, &sure);
			bool want = section_holds(&own, set_hit, &score, &scored, &sure);
			want = want && (!scored || !p.has_threshold || score >= p.threshold);
			struct hit h;
			struct explanation x;
			struct document *doc = match_document(a, &o);
			bool got = suits(b, doc, &c.profiles.v[0], a, &h);
			match_explain(b, doc, &c.profiles.v[0], a, &x);
			if (sure && (got != want || x.hit != want || (want && h.score != score)))
				fail_msg("round %zu: want %d, got %d, explained %d", round, want, got, x.hit);
			hits += want;
			compared += sure;
		}
	}
	arena_free(a);
	assert_true(hits > ROUNDS / 20 && compared > ROUNDS / 2);
}

HARNESS_MAIN(cmocka_unit_test(test_queries), cmocka_unit_test(test_profiles))
