/* SPDX-License-Identifier: MIT
 *
 * The engine: it agrees with the plain evaluator; it looks at few of many profiles, at a
 * shared rule set and a shared phrase once; rules come and go without a trace; texts of
 * any size and kind leave it whole.
 */
#include "match_dice.h"

#ifdef FW_ASAN
#define ROUNDS 60
#else
#define ROUNDS 150
#endif

static void random_pairs(void **state)
{
	(void)state;
	size_t pairs = 0, hits = 0;
	for (int i = 0; i < ROUNDS; i++)
		assert_true(dice_round(STR(""), &pairs, &hits));
	assert_true(hits * 30 > pairs); /* pairs that never hit would prove little */
}

/* ---- how much it looks at ---------------------------------------------------------- */

#define MANY		1000
#define BYTES_A_PROFILE 4000

struct many {
	struct arena *a;
	struct config *c;
	struct diags d;
	struct rulebook *b;
	struct engine *e;
};

/* `n` profiles with the rule line that `line` makes of their number. */
static struct many make_many(size_t n, const char *line, const char *set)
{
	struct many m = {.a = arena_new(ARENA_MATCH)};
	m.c = arena_make(m.a, struct config);
	m.d.a = m.a;
	if (set != NULL) {
		struct rule_set *s = vec_push(m.a, &m.c->rule_sets);
		s->id = s->label = STR("shared");
		*vec_push(m.a, &s->rules) = (struct rule){RULE_MATCH, 0, make_value(m.a, "match", set, 2)};
	}
	for (size_t i = 0; i < n; i++) {
		struct profile *p = vec_push(m.a, &m.c->profiles);
		p->id = str_of(arena_printf(m.a, "p%zu", i));
		p->language = STR("en");
		p->kinds.unknown_ok = p->programme.unknown_ok = p->stage.unknown_ok =
			p->eligible_in.unknown_ok = true;
		const char *own = arena_printf(m.a, "%s%zu", line, i);
		*vec_push(m.a, &p->rules) = (struct rule){RULE_MATCH, 0, make_value(m.a, "match", own, 2)};
		if (set != NULL)
			*vec_push(m.a, &p->use) = &m.c->rule_sets.v[0];
	}
	m.b = match_compile(m.a, m.c, &m.d);
	assert_non_null(m.b);
	m.e = engine_new();
	engine_add_all(m.e, m.b);
	return m;
}

static void free_many(struct many *m)
{
	engine_free(m->e);
	arena_free(m->a);
}

static size_t hits_of(struct many *m, const char *text)
{
	struct arena *a = arena_new(ARENA_MATCH);
	struct opportunity o = {.title = STR("A call"), .summary = str_of(text), .language = STR("en")};
	struct hits h;
	engine_match(m->e, match_document(a, &o), a, &h);
	for (size_t i = 0; i < h.list.n; i++)
		assert_true(h.list.v[i].reasons.n > 0);
	arena_free(a);
	return h.list.n;
}

static void few_are_judged(void **state)
{
	(void)state;
	struct many m = make_many(MANY, "nothing OR rare", NULL);
	assert_int_equal(hits_of(&m, "word rare7 and rare700, rare1700"), 2);
	assert_int_equal(engine_counts(m.e).judged, 2);
	assert_int_equal(hits_of(&m, "all have nothing"), MANY);
	assert_int_equal(engine_counts(m.e).judged, MANY + 2);
	assert_true(engine_counts(m.e).bytes < MANY * BYTES_A_PROFILE);
	free_many(&m);
}

static void shared_is_judged_once(void **state)
{
	(void)state;
	struct many m = make_many(MANY, "rare", "\"gene therapy trial\" OR cell NEAR/3 culture");
	/* Two words of the phrase are there, so the text is asked for it; one word of the
	 * NEAR is no reason to ask. */
	assert_int_equal(hits_of(&m, "gene therapy for cell lines"), 0);
	assert_int_equal(engine_counts(m.e).asked, 1);
	assert_int_equal(engine_counts(m.e).judged, 0);
	assert_int_equal(hits_of(&m, "gene therapy trial"), MANY);
	assert_int_equal(engine_counts(m.e).asked, 2);
	assert_int_equal(engine_counts(m.e).judged, 1 + MANY);
	assert_int_equal(hits_of(&m, "culture of a cell"), MANY);
	assert_int_equal(engine_counts(m.e).asked, 3);
	assert_int_equal(engine_counts(m.e).judged, 2 + 2 * MANY);
	free_many(&m);
}

static void phrases_are_asked_once(void **state)
{
	(void)state;
	struct many m = make_many(MANY, "\"gene therapy trial\" rare", NULL);
	assert_int_equal(hits_of(&m, "gene therapy trial with rare5"), 1);
	assert_int_equal(engine_counts(m.e).asked, 1);
	free_many(&m);
}

static void removed_leave_nothing(void **state)
{
	(void)state;
	struct many m = make_many(MANY, "rare", "shared");
	size_t bytes = engine_counts(m.e).bytes;
	for (size_t round = 0; round < 5; round++) {
		for (size_t i = 0; i < MANY; i++)
			engine_remove(m.e, m.b, &m.c->profiles.v[i]);
		assert_int_equal(hits_of(&m, "shared rare5"), 0);
		engine_add_all(m.e, m.b);
		engine_add_all(m.e, m.b);
		assert_int_equal(hits_of(&m, "rare5"), 1);
		assert_int_equal(hits_of(&m, "shared"), MANY);
	}
	assert_true(engine_counts(m.e).bytes < 3 * bytes);
	free_many(&m);
}

/* ---- hostile texts ----------------------------------------------------------------- */

#define LONG_TEXT  ((size_t)10 << 20)
#define LONG_TOKEN ((size_t)1 << 20)

/* Words that hit, and `n` bytes behind them. */
static struct str filled(struct arena *a, size_t n, const char *piece, bool numbered)
{
	struct buf b = buf_init(LONG_TEXT + 1000);
	buf_addz(&b, "gene therapy rare7 ");
	for (size_t i = 0; b.n < n; i++) {
		buf_addz(&b, piece);
		if (numbered)
			buf_printf(&b, "%zu ", i);
	}
	return buf_take(&b, a);
}

static void hostile_texts(void **state)
{
	(void)state;
	struct many m = make_many(20, "\"gene therapy\" rare", NULL);
	struct arena *a = arena_new((size_t)128 << 20);
	const struct str texts[] = {
		filled(a, LONG_TEXT, "word ", false),
		filled(a, LONG_TEXT, "w", true),
		filled(a, LONG_TOKEN, "x", false),
		filled(a, LONG_TOKEN, "\u05E9\u05DC\u05D5\u05DD \u202E\u0645\u0631 ", false),
		filled(a, LONG_TOKEN, "\xFF\xC3\xED\xA0\x80 ", false),
		STR("\0gene\0therapy\0\0rare7\0"),
		STR("\xC3 gene\xFFtherapy\xE2\x80 rare7"),
		STR("\u202Egene therapy\u202C \u05D0rare7 rare7"),
	};
	for (size_t i = 0; i < COUNT(texts) * 2; i++) {
		struct arena *own = arena_new((size_t)256 << 20);
		struct opportunity o = {
			.title = STR("gene therapy rare3"), .summary = texts[i / 2], .language = STR("en")};
		struct hits h;
		engine_match(m.e, match_document(own, &o), own, &h);
		assert_int_equal(h.list.n, 2);
		assert_ptr_equal(h.list.v[0].profile, &m.c->profiles.v[3]);
		assert_ptr_equal(h.list.v[1].profile, &m.c->profiles.v[7]);
		arena_free(own);
		assert_int_equal(hits_of(&m, "gene therapy, rare1"), 1);
		assert_true(engine_counts(m.e).remembered < ENGINE_MEMORY_MAX * 2);
	}
	arena_free(a);
	free_many(&m);
}

HARNESS_MAIN(cmocka_unit_test(random_pairs), cmocka_unit_test(few_are_judged),
	cmocka_unit_test(shared_is_judged_once), cmocka_unit_test(phrases_are_asked_once),
	cmocka_unit_test(removed_leave_nothing), cmocka_unit_test(hostile_texts))
