/* SPDX-License-Identifier: MIT
 *
 * Configuration -> rule book: every rule line of every profile and rule set is
 * parsed once, faults and lints go to the diagnostics, profiles are tied to the
 * rule sets they use.
 */
#include "base/err.h"
#include "match/internal.h"

struct compiler {
	struct arena *a;
	struct diags *d;
	struct synonyms *synonyms;
};

static const struct node *compile_query(const struct compiler *c, const struct value *v)
{
	struct parser_input in = {
		.a = c->a,
		.d = c->d,
		.synonyms = c->synonyms,
		.value = v,
	};
	if (arena_room(c->a) >= QUERY_ROOM)
		return query_parse(&in);
	diag_add(c->d, DIAG_ERROR, v->at, NULL, "the rules of this configuration are too large together");
	return NULL;
}

/* A match line must be fulfilled by something that is there. */
static void check_match(const struct compiler *c, const struct rule *r, const struct node *root)
{
	if (r->type == RULE_MATCH && node_holds_on_nothing(root))
		diag_add(c->d, DIAG_ERROR, value_place(&r->query, 0, r->query.text.n),
			"say what to look for, or make it an exclude line",
			"this match line only says what must not occur");
}

static void compile_rule(const struct compiler *c, const struct rule *r, struct compiled_rules *out)
{
	const struct node *root = compile_query(c, &r->query);
	if (root == NULL)
		return;
	check_match(c, r, root);
	*vec_push(c->a, &out->list) = (struct compiled_rule){
		.rule = r,
		.query = {.text = r->query.text, .root = root},
		.line = value_line(c->a, &r->query),
	};
}

/* ---- lints ---------------------------------------------------------------- */

static void lint_threshold(const struct compiler *c, const struct profile *p)
{
	int64_t most = 0;
	bool any = false;
	for (size_t i = 0; i < p->rules.n; i++) {
		const struct rule *r = &p->rules.v[i];
		any |= r->type == RULE_SCORE;
		if (r->type == RULE_SCORE && r->score > 0 && __builtin_add_overflow(most, r->score, &most))
			most = INT64_MAX;
	}
	if (!p->has_threshold)
		return;
	if (!any)
		diag_add(c->d, DIAG_WARNING, p->at, "add score lines, or leave the threshold out",
			"the threshold of '%.*s' does nothing: there is no score line", STRF(p->id));
	else if (most < p->threshold)
		diag_add(c->d, DIAG_WARNING, p->at, NULL,
			"'%.*s' never gets a call: its score lines give at most %lld, its threshold is %lld",
			STRF(p->id), (long long)most, (long long)p->threshold);
}

static void lint_set(const struct compiler *c, const struct rule_set *set)
{
	for (size_t i = 0; i < set->rules.n; i++)
		if (set->rules.v[i].type == RULE_SCORE) {
			const struct value *v = &set->rules.v[i].query;
			diag_add(c->d, DIAG_WARNING, value_place(v, 0, v->text.n),
				"write it into the profile", "score lines of a rule set count for nothing");
		}
}

/* ---- the book ------------------------------------------------------------- */

static void compile_set(const struct compiler *c, const struct rule_set *set, struct compiled_set *out)
{
	out->set = set;
	for (size_t i = 0; i < set->rules.n; i++)
		compile_rule(c, &set->rules.v[i], &out->rules);
	lint_section(&out->rules, c->d);
	lint_set(c, set);
}

static void tie_sets(const struct compiler *c, const struct rulebook *b, struct compiled_profile *p)
{
	for (size_t i = 0; i < p->profile->use.n; i++)
		for (size_t k = 0; k < b->config->rule_sets.n; k++)
			if (b->sets[k].set == p->profile->use.v[i])
				*vec_push(c->a, &p->sets) = &b->sets[k];
}

static void compile_profile(const struct compiler *c, const struct rulebook *b, const struct profile *p,
	struct compiled_profile *out)
{
	out->profile = p;
	out->langs = lang_set(p->language);
	for (size_t i = 0; i < p->rules.n; i++)
		compile_rule(c, &p->rules.v[i], &out->rules);
	tie_sets(c, b, out);
	lint_section(&out->rules, c->d);
	lint_threshold(c, p);
}

static void fill_book(const struct compiler *c, struct rulebook *b)
{
	const struct config *conf = b->config;
	b->sets = arena_make_n(c->a, conf->rule_sets.n, struct compiled_set);
	b->profiles = arena_make_n(c->a, conf->profiles.n, struct compiled_profile);
	for (size_t i = 0; i < conf->rule_sets.n; i++)
		compile_set(c, &conf->rule_sets.v[i], &b->sets[i]);
	for (size_t i = 0; i < conf->profiles.n; i++)
		compile_profile(c, b, &conf->profiles.v[i], &b->profiles[i]);
}

struct rulebook *match_compile(struct arena *a, const struct config *c, struct diags *d)
{
	size_t errors = d->errors;
	struct compiler k = {.a = a, .d = d};
	k.synonyms = synonyms_new(a, c, d);
	synonyms_check(k.synonyms);
	struct rulebook *b = arena_make(a, struct rulebook);
	b->config = c;
	fill_book(&k, b);
	return d->errors == errors ? b : NULL;
}

/* The faults of [synonyms] belong to the configuration and were told with it. */
static struct synonyms *quiet_synonyms(struct arena *a, const struct config *c)
{
	struct diags *unheard = arena_make(a, struct diags);
	unheard->a = a;
	return c == NULL ? NULL : synonyms_new(a, c, unheard);
}

struct query *query_compile(
	struct arena *a, const struct config *c, const struct value *text, struct diags *d)
{
	struct compiler k = {.a = a, .d = d};
	k.synonyms = quiet_synonyms(a, c);
	const struct node *root = compile_query(&k, text);
	if (root == NULL)
		return NULL;
	struct query *q = arena_make(a, struct query);
	*q = (struct query){.text = text->text, .root = root};
	return q;
}

const struct compiled_profile *rulebook_profile(const struct rulebook *b, const struct profile *p)
{
	uintptr_t base = (uintptr_t)b->config->profiles.v, at = (uintptr_t)p;
	size_t i = (at - base) / sizeof(*p);
	return at >= base && i < b->config->profiles.n && &b->config->profiles.v[i] == p ? &b->profiles[i]
											 : NULL;
}
