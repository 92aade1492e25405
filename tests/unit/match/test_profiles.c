/* SPDX-License-Identifier: MIT
 *
 * Profiles: sections, used rule sets, scores, reasons with their bytes, filters,
 * deadlines, explanations; and match_explain() against suits() on random
 * configurations.
 */
#include "match_harness.h"

struct world {
	struct arena *a;
	struct config c;
	struct rulebook *b;
	struct opportunity o;
};

static struct world new_world(void)
{
	struct world w = {.a = arena_new(ARENA_MATCH)};
	w.o = (struct opportunity){
		.title = STR("Cell therapy: scaling up"),
		.summary = STR("GMP production for gene therapies."),
		.body = STR("Cell therapies in Tartu."),
		.budget = {AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, ""},
	};
	return w;
}

static struct profile *new_profile(struct world *w)
{
	struct profile *p = vec_push(w->a, &w->c.profiles);
	p->id = STR("x");
	p->language = STR("en");
	p->kinds.unknown_ok = p->programme.unknown_ok = p->stage.unknown_ok = p->eligible_in.unknown_ok =
		true;
	p->budget.unknown_ok = p->deadline.unknown_ok = true;
	return p;
}

static void book(struct world *w)
{
	struct diags d = {.a = w->a};
	w->b = match_compile(w->a, &w->c, &d);
	if (w->b == NULL)
		fail_msg("%.*s", STRF(diags_text(w->a, &d)));
}

static bool hits(struct world *w, struct hit *out)
{
	return suits(w->b, match_document(w->a, &w->o), &w->c.profiles.v[0], w->a, out);
}

static struct explanation explain(struct world *w)
{
	struct explanation x;
	match_explain(w->b, match_document(w->a, &w->o), &w->c.profiles.v[0], w->a, &x);
	return x;
}

static void test_semantics(void **state)
{
	(void)state;
	static const struct {
		const char *match, *match2, *require, *exclude, *score, *set_match, *set_exclude;
		int64_t threshold;
		bool want;
	} rows[] = {
		{.match = "cell", .want = true},
		{.match = "none", .want = false},
		{.match = "none", .match2 = "gmp", .want = true},
		{.match = "cell", .require = "tartu", .want = true},
		{.match = "cell", .require = "tallinn", .want = false},
		{.match = "cell", .exclude = "tartu", .want = false},
		{.match = "cell", .exclude = "tallinn", .want = true},
		{.match = "cell", .score = "gmp", .threshold = 5, .want = true},
		{.match = "cell", .score = "gmp", .threshold = 6, .want = false},
		{.match = "cell", .score = "none", .threshold = 1, .want = false},
		{.match = "cell", .threshold = 9, .want = true}, /* no score line: no threshold */
		{.set_match = "cell", .want = true},
		{.set_match = "none", .want = false},
		{.set_match = "cell", .set_exclude = "tartu", .want = false},
		{.set_match = "cell", .exclude = "tartu", .want = false},
		{.set_match = "cell", .require = "tallinn", .want = false},
		{.match = "gmp", .set_match = "cell", .set_exclude = "tartu", .want = true},
		{.require = "cell", .want = false},
		{.score = "cell", .want = false},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w = new_world();
		const char *texts[] = {
			rows[i].match, rows[i].match2, rows[i].require, rows[i].exclude, rows[i].score};
		static const enum rule_type types[] = {
			RULE_MATCH, RULE_MATCH, RULE_REQUIRE, RULE_EXCLUDE, RULE_SCORE};
		struct profile *p = new_profile(&w);
		p->has_threshold = rows[i].threshold > 0;
		p->threshold = rows[i].threshold;
		for (size_t k = 0; k < COUNT(texts); k++)
			if (texts[k] != NULL)
				add_rule(w.a, p, types[k], 5, texts[k]);
		if (rows[i].set_match != NULL) {
			struct rule_set *s = vec_push(w.a, &w.c.rule_sets);
			*vec_push(w.a, &s->rules) =
				(struct rule){RULE_MATCH, 0, make_value(w.a, "match", rows[i].set_match, 3)};
			if (rows[i].set_exclude != NULL)
				*vec_push(w.a, &s->rules) = (struct rule){
					RULE_EXCLUDE, 0, make_value(w.a, "exclude", rows[i].set_exclude, 4)};
			s->label = STR("Set");
			*vec_push(w.a, &p->use) = s;
		}
		book(&w);
		struct hit h;
		struct explanation x = explain(&w);
		if (hits(&w, &h) != rows[i].want || x.hit != rows[i].want)
			fail_msg("row %zu: want %d: %.*s", i, rows[i].want, STRF(x.verdict));
		arena_free(w.a);
	}
}

static void test_profile_language(void **state)
{
	(void)state;
	struct world w = new_world();
	struct profile *p = new_profile(&w);
	add_rule(w.a, p, RULE_MATCH, 0, "Zelle");
	p->language = STR("de");
	w.o.summary = STR("Our Zellen");
	w.o.language = STR("en");
	book(&w);
	struct hit h;
	assert_true(hits(&w, &h));
	w.c.profiles.v[0].language = STR("en");
	book(&w);
	assert_false(hits(&w, &h));
	arena_free(w.a);
}

static void test_reasons(void **state)
{
	(void)state;
	static const struct {
		const char *rule, *want; /* field start-end 'text'; ... */
	} rows[] = {
		{"therapy", "title 5-12 'therapy'; text 24-33 'therapies'; text 41-50 'therapies'; "},
		{"\"cell therapy\"", "title 0-12 'Cell therapy'; "},
		{"GMP NEAR/4 therapy", "text 0-3 'GMP'; text 24-33 'therapies'; "},
		{"text:cell OR nothing", "text 36-40 'Cell'; "},
		{"GMP -tender", "text 0-3 'GMP'; "},
		{"scaling-up", "title 14-24 'scaling up'; "},
		{"GMP (gene OR title:cell)", "title 0-4 'Cell'; text 0-3 'GMP'; text 19-23 'gene'; "},
		{"cell OR cell OR \"Cell therapy\"",
			"title 0-4 'Cell'; title 0-12 'Cell therapy'; text 36-40 'Cell'; "},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w = new_world();
		add_rule(w.a, new_profile(&w), RULE_MATCH, 0, rows[i].rule);
		book(&w);
		struct hit h;
		assert_true(hits(&w, &h));
		struct buf b = buf_init(1000);
		struct str text = opportunity_text(w.a, &w.o);
		for (size_t k = 0; k < h.reasons.n; k++) {
			const struct reason *r = &h.reasons.v[k];
			struct str whole = r->field == MATCH_TITLE ? w.o.title : text;
			assert_true(str_eq(str_sub(whole, r->start, r->end), r->text));
			assert_str(r->line, "profiles.d/x.conf:2");
			buf_printf(&b, "%s %zu-%zu '%.*s'; ", match_field_name(r->field), r->start, r->end,
				STRF(r->text));
		}
		assert_str(buf_str(&b), rows[i].want);
		buf_free(&b);
		arena_free(w.a);
	}
}

static void test_reason_choice(void **state)
{
	(void)state;
	struct world w = new_world();
	struct profile *p = new_profile(&w);
	w.o.summary = STR("cell cell cell cell cell cell cell cell gene");
	w.o.body = STR("");
	add_rule(w.a, p, RULE_MATCH, 0, "text:cell gene");
	add_rule(w.a, p, RULE_REQUIRE, 0, "scaling");
	add_rule(w.a, p, RULE_SCORE, 3, "up");
	add_rule(w.a, p, RULE_SCORE, -1, "gene");
	add_rule(w.a, p, RULE_EXCLUDE, 0, "tender");
	book(&w);
	struct hit h;
	assert_true(hits(&w, &h));
	assert_int_equal(h.score, 2);
	assert_int_equal(h.reasons.n, REASONS_PER_RULE + 2);
	assert_str(h.reasons.v[4].text, "gene"); /* each word's first place before any word's second */
	assert_str(h.reasons.v[5].line, "profiles.d/x.conf:3");
	assert_str(h.reasons.v[6].text, "up");
	arena_free(w.a);
}

static struct strv words(struct arena *a, const char *text)
{
	return strv_split(a, str_of(text), ',');
}

static void test_word_filters(void **state)
{
	(void)state;
	static const struct {
		const char *allow, *refuse;
		bool unknown_ok;
		enum kind kind;
		bool want;
	} rows[] = {
		{"grant, prize", "", true, KIND_GRANT, true},
		{"grant", "", true, KIND_EQUITY, false},
		{"", "equity", true, KIND_EQUITY, false},
		{"", "equity", true, KIND_GRANT, true},
		{"grant", "", true, KIND_UNKNOWN, true},
		{"grant", "", false, KIND_UNKNOWN, false},
		{"", "", true, KIND_NEWS, true},
		{"", "", false, KIND_UNKNOWN, false},
		{"", "", false, KIND_GRANT, true},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w = new_world();
		struct profile *p = new_profile(&w);
		add_rule(w.a, p, RULE_MATCH, 0, "cell");
		p->kinds = (struct word_filter){
			words(w.a, rows[i].allow), words(w.a, rows[i].refuse), rows[i].unknown_ok};
		w.o.kind = rows[i].kind;
		book(&w);
		struct hit h;
		if (hits(&w, &h) != rows[i].want || explain(&w).hit != rows[i].want)
			fail_msg("row %zu", i);
		arena_free(w.a);
	}
}

static void test_programme_and_countries(void **state)
{
	(void)state;
	static const struct {
		const char *allow, *refuse, *programme, *countries, *eligibility;
		bool want;
	} rows[] = {
		{.programme = "Horizon Europe, EIC", .allow = "EIC Accelerator", .want = true},
		{.programme = "EIC, Horizon Europe",
			.refuse = "Interreg",
			.allow = "interreg baltic sea",
			.want = false},
		{.programme = "Horizon Europe", .allow = "Horizon 2020", .want = false},
		{.programme = "Horizon Europe", .allow = "", .want = true},
		{.countries = "EE", .allow = "EE, FI", .want = true},
		{.countries = "SE", .allow = "EE, FI", .want = false},
		{.countries = "EU", .allow = "EE", .want = true},
		{.countries = "DE", .allow = "EU", .want = true},
		{.countries = "EU", .allow = "GB", .want = false},
		{.countries = "EU, associated", .allow = "UK", .want = true},
		{.countries = "EL", .allow = "GR", .want = true},
		{.countries = "", .allow = "EE", .want = true},
		{.countries = "EE, RU", .refuse = "RU", .want = true},
		{.countries = "RU", .refuse = "RU", .want = false},
		{.eligibility = "sme, startup", .want = true},
		{.eligibility = "SMEs", .want = true},
		{.eligibility = "research, large", .want = false},
		{.eligibility = "Only research organisations", .want = true},
		{.eligibility = "", .want = true},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w = new_world();
		struct profile *p = new_profile(&w);
		add_rule(w.a, p, RULE_MATCH, 0, "cell");
		p->kind = ORG_SME;
		struct strv none = {0};
		if (rows[i].programme != NULL) {
			p->programme.allow = words(w.a, rows[i].programme);
			p->programme.refuse = rows[i].refuse == NULL ? none : words(w.a, rows[i].refuse);
			w.o.programme = str_of(rows[i].allow);
		} else if (rows[i].countries != NULL) {
			w.o.countries = words(w.a, rows[i].countries);
			p->eligible_in.allow = rows[i].allow == NULL ? none : words(w.a, rows[i].allow);
			p->eligible_in.refuse = rows[i].refuse == NULL ? none : words(w.a, rows[i].refuse);
		} else {
			w.o.eligibility = str_of(rows[i].eligibility);
		}
		book(&w);
		struct hit h;
		if (hits(&w, &h) != rows[i].want || explain(&w).hit != rows[i].want)
			fail_msg("row %zu: %.*s", i, STRF(explain(&w).verdict));
		arena_free(w.a);
	}
}

#define NONE AMOUNT_UNKNOWN

static void test_budget(void **state)
{
	(void)state;
	static const struct {
		int64_t min, max;
		bool unknown_ok;
		struct budget b;
		bool want;
	} rows[] = {
		{50000, INT64_MAX, true, {NONE, 60000, NONE, "EUR"}, true},
		{50000, INT64_MAX, true, {NONE, 30000, NONE, "EUR"}, false},
		{50000, INT64_MAX, true, {10000, 60000, NONE, "EUR"}, true},
		{50000, INT64_MAX, true, {NONE, NONE, 30000, "EUR"}, false},
		{50000, INT64_MAX, true, {NONE, NONE, 9000000, "EUR"}, true},
		{50000, INT64_MAX, true, {10000, NONE, NONE, "EUR"}, true},
		{0, 50000, true, {100000, 200000, NONE, "EUR"}, false},
		{0, 50000, true, {20000, 200000, NONE, "EUR"}, true},
		{50000, INT64_MAX, true, {NONE, NONE, NONE, ""}, true},
		{50000, INT64_MAX, false, {NONE, NONE, NONE, ""}, false},
		{50000, INT64_MAX, true, {NONE, 500000, NONE, "SEK"}, false},
		{50000, INT64_MAX, true, {NONE, 600000, NONE, "SEK"}, true},
		{50000, INT64_MAX, true, {NONE, 1, NONE, "JPY"}, true},
		{50000, INT64_MAX, false, {NONE, 1, NONE, "JPY"}, false},
		{50000, INT64_MAX, false, {NONE, 90000, NONE, ""}, false},
		{50000, INT64_MAX, true, {NONE, 90000, NONE, ""}, true},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w = new_world();
		struct profile *p = new_profile(&w);
		add_rule(w.a, p, RULE_MATCH, 0, "cell");
		p->budget = (struct money_filter){true, rows[i].min, rows[i].max, "EUR", rows[i].unknown_ok};
		*vec_push(w.a, &w.c.settings.rates) = (struct rate){"SEK", 11200, {2026, 11, 1}};
		w.o.budget = rows[i].b;
		book(&w);
		struct hit h;
		if (hits(&w, &h) != rows[i].want)
			fail_msg("row %zu: %.*s", i, STRF(explain(&w).verdict));
		arena_free(w.a);
	}
}

static void test_deadline(void **state)
{
	(void)state;
	static const struct {
		bool unknown_ok;
		const char *dates; /* "stage@date" with commas */
		enum deadline_verdict want;
		const char *from;
	} rows[] = {
		/* 14..200 days, on 2026-11-23 in Tallinn */
		{true, "@2026-12-07", DEADLINE_OK, ""},
		{true, "@2026-12-06", DEADLINE_LATE, ""},
		{true, "@2027-06-11", DEADLINE_OK, ""},
		{true, "@2027-06-12", DEADLINE_EARLY, "2026-11-24"},
		{true, "", DEADLINE_OK, ""},
		{false, "", DEADLINE_LATE, ""},
		{true, "@2026-11-01", DEADLINE_LATE, ""},
		{true, "cut-off 1@2026-12-01,cut-off 2@2027-03-01", DEADLINE_OK, ""},
		{true, "stage 1@2026-12-01,stage 2@2027-03-01", DEADLINE_LATE, ""},
		{true, "cut-off 1@2026-12-01,cut-off 2@2028-01-01", DEADLINE_EARLY, "2027-06-15"},
	};
	int64_t now = 0;
	assert_true(instant_from_iso(STR("2026-11-23T07:00:00Z"), &now));
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w = new_world();
		struct profile *p = new_profile(&w);
		p->deadline = (struct days_filter){true, 14, 200, rows[i].unknown_ok};
		struct strv list = words(w.a, rows[i].dates);
		for (size_t k = 0; k < list.n; k++) {
			struct deadline *d = vec_push(w.a, &w.o.deadlines);
			struct str rest;
			*d = (struct deadline){.stage = str_cut(list.v[k], '@', &rest),
				.minute = -1,
				.zone = STR("Europe/Tallinn")};
			assert_true(date_from_iso(rest, &d->date));
		}
		struct date from;
		if (match_deadline(p, &w.o, now, &from) != rows[i].want)
			fail_msg("row %zu", i);
		if (rows[i].from[0] != '\0')
			assert_str(date_iso(w.a, from), rows[i].from);
		p->deadline.set = false;
		assert_int_equal(match_deadline(p, &w.o, now, &from), DEADLINE_OK);
		arena_free(w.a);
	}
}

static void test_verdicts(void **state)
{
	(void)state;
	static const struct {
		const char *match, *require, *exclude, *score;
		int64_t least;
		const char *want;
	} rows[] = {
		{"cell OR nothing", NULL, NULL, "gmp", 0,
			"suits: 'Cell' (profiles.d/x.conf:2); score 5 of 3"},
		{"pharma OR title:\"digital health\"", NULL, NULL, NULL, 0,
			"does not suit: no match line hits; not found: 'pharma', 'title:\"digital health\"'"},
		{"cell tallinn", NULL, NULL, NULL, 0,
			"does not suit: no match line hits; not found: 'tallinn'"},
		{"cell -tartu", NULL, NULL, NULL, 0,
			"does not suit: no match line hits; what profiles.d/x.conf:2 leaves out occurs"},
		{"cell", "tallinn \"narva city\"", NULL, NULL, 0,
			"does not suit: a require line does not hit; not found: 'tallinn', \"narva city\" "
			"(profiles.d/x.conf:3)"},
		{"cell", NULL, "tartu OR narva", NULL, 0,
			"does not suit: an exclude line hits: 'Tartu' (profiles.d/x.conf:3)"},
		{"cell", NULL, NULL, "nothing", 0, "does not suit: the score 0 is below the threshold 3"},
		{"cell", NULL, NULL, NULL, 50000,
			"does not suit: stopped by the filter 'budget': asks for at least 50000 EUR, the "
			"call gives at most 30000 EUR"},
		{"GMP NEAR/1 gene", NULL, NULL, NULL, 0,
			"does not suit: no match line hits; not found: 'GMP NEAR/1 gene'"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct world w = new_world();
		struct profile *p = new_profile(&w);
		const char *texts[] = {rows[i].match, rows[i].require, rows[i].exclude, rows[i].score};
		for (unsigned k = 0; k < COUNT(texts); k++)
			if (texts[k] != NULL)
				add_rule(w.a, p, (enum rule_type)k, 5, texts[k]);
		p->has_threshold = true;
		p->threshold = 3;
		p->budget = (struct money_filter){rows[i].least > 0, rows[i].least, INT64_MAX, "EUR", true};
		w.o.budget = (struct budget){NONE, 30000, NONE, "EUR"};
		book(&w);
		struct hit h;
		struct explanation x = explain(&w);
		assert_str(x.verdict, rows[i].want);
		assert_int_equal(x.hit, hits(&w, &h));
		arena_free(w.a);
	}
}

/* ---- random configurations -------------------------------------------------- */

static uint32_t random_state = 4711;

static uint32_t dice(uint32_t n)
{
	random_state = random_state * 1664525U + 1013904223U;
	return (random_state >> 8) % n;
}

static const char *const vocabulary[] = {
	"gene", "cells", "therapy", "therapies", "GMP", "co-fund", "cofund", "tender", "Häls", "AI"};

static struct str random_text(struct arena *a, uint32_t n)
{
	struct buf b = buf_init(10000);
	while (n-- > 0) {
		buf_addz(&b, vocabulary[dice(COUNT(vocabulary))]);
		buf_addc(&b, ' ');
	}
	return buf_take(&b, a);
}

static const char *random_rule(struct arena *a)
{
	static const char *const shapes[] = {
		"%s",
		"%s %s",
		"%s OR %s",
		"\"%s %s\"",
		"%s NEAR/2 %s",
		"%s PRE/1 %s",
		"%s -%s",
		"title:%s OR text:%s",
		"\"%s\" =%s",
		"(%s OR %s) GMP",
		"thera* OR %s",
	};
	const char *shape = shapes[dice(COUNT(shapes))];
	struct buf b = buf_init(500);
	for (; *shape != '\0'; shape++) {
		if (*shape == '%')
			buf_addz(&b, vocabulary[dice(COUNT(vocabulary))]);
		else if (shape[0] != 's' || shape[-1] != '%')
			buf_addc(&b, *shape);
	}
	return buf_take(&b, a).p;
}

static void random_profile(struct world *w)
{
	struct profile *p = new_profile(w);
	for (uint32_t n = 1 + dice(5); n > 0; n--)
		add_rule(w->a, p, (enum rule_type)(dice(2) * dice(4)), (int64_t)dice(5) - 1,
			random_rule(w->a));
	p->has_threshold = dice(2) == 0;
	p->threshold = dice(3);
	p->language = dice(2) == 0 ? STR("en") : STR("de");
	if (dice(3) == 0)
		*vec_push(w->a, &p->kinds.allow) = STR("grant");
	if (w->c.rule_sets.n > 0 && dice(2) == 0)
		*vec_push(w->a, &p->use) = &w->c.rule_sets.v[0];
}

static void check_pair(struct world *w, struct document *doc, const struct profile *p, size_t *count)
{
	struct hit h = {0};
	struct explanation x;
	bool hit = suits(w->b, doc, p, w->a, &h);
	match_explain(w->b, doc, p, w->a, &x);
	assert_int_equal(hit, x.hit);
	assert_true(str_starts(x.verdict, hit ? STR("suits: ") : STR("does not suit: ")));
	if (!hit)
		return;
	*count += 1;
	assert_int_equal(h.score, x.score);
	struct str text = opportunity_text(w->a, &w->o);
	assert_true(h.reasons.n > 0);
	for (size_t i = 0; i < h.reasons.n; i++) {
		const struct reason *r = &h.reasons.v[i];
		assert_true(str_eq(
			str_sub(r->field == MATCH_TITLE ? w->o.title : text, r->start, r->end), r->text));
		assert_true(r->start < r->end);
	}
}

static void test_random_pairs(void **state)
{
	(void)state;
	size_t hit_count = 0;
	for (int round = 0; round < 60; round++) {
		struct world w = new_world();
		struct rule_set *s = vec_push(w.a, &w.c.rule_sets);
		s->label = STR("Set");
		for (int i = 0; i < 3; i++)
			*vec_push(w.a, &s->rules) = (struct rule){i == 2 ? RULE_EXCLUDE : RULE_MATCH, 0,
				make_value(w.a, "match", random_rule(w.a), i + 2)};
		for (int i = 0; i < 12; i++)
			random_profile(&w);
		book(&w);
		for (int i = 0; i < 12; i++) {
			w.o = (struct opportunity){.title = random_text(w.a, dice(4)),
				.summary = random_text(w.a, dice(8)),
				.body = random_text(w.a, dice(3)),
				.kind = dice(2) == 0 ? KIND_GRANT : KIND_TENDER};
			struct document *doc = match_document(w.a, &w.o);
			for (size_t k = 0; k < w.c.profiles.n; k++)
				check_pair(&w, doc, &w.c.profiles.v[k], &hit_count);
		}
		arena_free(w.a);
	}
	assert_true(hit_count > 500);
}

HARNESS_MAIN(cmocka_unit_test(test_semantics), cmocka_unit_test(test_profile_language),
	cmocka_unit_test(test_reasons), cmocka_unit_test(test_reason_choice),
	cmocka_unit_test(test_word_filters), cmocka_unit_test(test_programme_and_countries),
	cmocka_unit_test(test_budget), cmocka_unit_test(test_deadline), cmocka_unit_test(test_verdicts),
	cmocka_unit_test(test_random_pairs))
