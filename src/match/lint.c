/* SPDX-License-Identifier: MIT
 *
 * What can be said about rules without a single call: lines that no call could
 * fulfil, and exclude lines that leave nothing of a match line. In: the compiled
 * rules of one section; out: warnings.
 */
#include "match/internal.h"

/* ---- what follows from what -------------------------------------------------- */

/* A phrase that holds the word, in that very form. */
static bool phrase_has(const struct term *phrase, const struct term *word)
{
	size_t from = phrase->open_start ? 1 : 0, to = phrase->part_count - (phrase->open_end ? 1 : 0);
	bool plain = word->part_count == 1 && !word->cased && word->behind.n == 0 && word->joined.n == 0;
	if (phrase->kind != TERM_PHRASE || phrase->joined.n > 0 || word->kind != TERM_WORD || !plain)
		return false;
	for (size_t i = from; i < to; i++)
		if (str_eq(phrase->parts[i].folded, word->parts[0].folded))
			return true;
	return false;
}

/* A term in the fields it is looked for in. */
struct wanted {
	const struct term *term;
	unsigned fields;
};

/* Whether the node can hold only where `w` occurs. */
static bool implies(const struct node *n, unsigned fields, const struct wanted *w)
{
	bool any = false, all = n->kids.n > 0;
	if (n->type == NODE_TERM) {
		bool same = str_eq(n->term->key, w->term->key) || phrase_has(n->term, w->term);
		return same && (fields & ~w->fields) == 0;
	}
	if (n->type == NODE_NOT)
		return false;
	if (n->type == NODE_FIELD)
		fields = 1U << n->field;
	for (size_t i = 0; i < n->kids.n; i++) {
		bool kid = implies(n->kids.v[i], fields, w);
		any |= kid;
		all &= kid;
	}
	return n->type == NODE_OR ? all : any;
}

/* Whether `must` can hold only where `n` holds. */
static bool always_with(const struct node *must, unsigned must_fields, const struct node *n, unsigned fields)
{
	if (must->type == NODE_OR) {
		for (size_t i = 0; i < must->kids.n; i++)
			if (!always_with(must->kids.v[i], must_fields, n, fields))
				return false;
		return true;
	}
	switch (n->type) {
	case NODE_TERM:
		return implies(must, must_fields, &(struct wanted){n->term, fields});
	case NODE_OR:
		for (size_t i = 0; i < n->kids.n; i++)
			if (always_with(must, must_fields, n->kids.v[i], fields))
				return true;
		return false;
	case NODE_AND:
		for (size_t i = 0; i < n->kids.n; i++)
			if (!always_with(must, must_fields, n->kids.v[i], fields))
				return false;
		return true;
	case NODE_FIELD:
		return always_with(must, must_fields, n->kids.v[0], 1U << n->field);
	case NODE_NOT:
	case NODE_NEAR:
		return false;
	}
	return false;
}

/* ---- lines that never hit ------------------------------------------------------ */

static struct str bare(struct str text)
{
	bool quoted = text.n > 1 && text.p[0] == '"' && text.p[text.n - 1] == '"';
	return quoted ? str_sub(text, 1, text.n - 1) : text;
}

static bool is_kind(struct str word)
{
	enum kind kind;
	return kind_from(word, &kind);
}

static bool is_stage(struct str word)
{
	return str_ieq(word, STR("single")) || str_ieq(word, STR("two-stage"));
}

static bool is_code(struct str word)
{
	return word.n == 2;
}

/* Fields that hold words of one list alone. */
static const struct {
	bool (*holds)(struct str word);
	const char *hint;
} closed[MATCH_FIELD_COUNT] = {
	[MATCH_KIND] = {is_kind, "kinds are grant, tender, cascade, equity, loan, prize, event, partner, "
				 "programme, training and news"},
	[MATCH_STAGE] = {is_stage, "a stage is single or two-stage"},
	[MATCH_COUNTRY] = {is_code, "countries have two letters: country:EE"},
	[MATCH_LANG] = {is_code, "languages have two letters: lang:en"},
};

/* What to write instead of a word that this field never holds; NULL = it may hold it. */
static const char *foreign(const struct node *n, unsigned fields)
{
	if (n->term->open_start || n->term->open_end)
		return NULL;
	for (unsigned f = 0; f < MATCH_FIELD_COUNT; f++)
		if (fields == 1U << f && closed[f].holds != NULL && !closed[f].holds(bare(n->text)))
			return closed[f].hint;
	return NULL;
}

static unsigned fields_of(const struct node *n, unsigned fields)
{
	return n->type == NODE_FIELD ? 1U << n->field : fields;
}

static const char *never(const struct node *n, unsigned fields);

/* "a -a", or "a" beside what is never without it. */
static bool contradicts(const struct node *n, unsigned fields)
{
	for (size_t i = 0; i < n->kids.n; i++)
		for (size_t k = 0; k < n->kids.n; k++)
			if (n->kids.v[i]->type == NODE_NOT && k != i &&
				always_with(n->kids.v[k], fields, n->kids.v[i]->kids.v[0], fields))
				return true;
	return false;
}

/* Words of different fields are never near each other. */
static bool apart(const struct node *n, unsigned fields)
{
	for (size_t i = 1; i < n->kids.n; i++)
		if ((fields_of(n->kids.v[0], fields) & fields_of(n->kids.v[i], fields)) == 0)
			return true;
	return false;
}

/* Why the node can never hold; NULL = it may. */
static const char *never(const struct node *n, unsigned fields)
{
	static const char both[] = "it asks for a word and for its absence",
			  far[] = "words of different fields are never near each other";
	const char *any = NULL;
	bool all = true;
	if (n->type == NODE_TERM)
		return foreign(n, fields);
	if (n->type == NODE_NOT)
		return NULL;
	for (size_t i = 0; i < n->kids.n; i++) {
		const char *kid = never(n->kids.v[i], fields_of(n, fields));
		any = any == NULL ? kid : any;
		all = all && kid != NULL;
	}
	if (n->type == NODE_OR)
		return all ? any : NULL;
	if (any == NULL && n->type == NODE_AND && contradicts(n, fields))
		return both;
	if (any == NULL && n->type == NODE_NEAR && apart(n, fields))
		return far;
	return any;
}

/* ---- warnings -------------------------------------------------------------------- */

static struct place whole(const struct compiled_rule *r)
{
	return value_place(&r->rule->query, 0, r->rule->query.text.n);
}

static void lint_kills(const struct compiled_rules *rules, const struct compiled_rule *out, struct diags *d)
{
	for (size_t i = 0; i < rules->list.n; i++) {
		const struct compiled_rule *in = &rules->list.v[i];
		bool wanted = in->rule->type == RULE_MATCH || in->rule->type == RULE_REQUIRE;
		if (wanted && always_with(in->query.root, PROSE, out->query.root, PROSE))
			diag_add(d, DIAG_WARNING, whole(out),
				"narrow it, or remove one of the two lines",
				"this exclude line takes away every call that %.*s finds", STRF(in->line));
	}
}

void lint_section(const struct compiled_rules *rules, struct diags *d)
{
	for (size_t i = 0; i < rules->list.n; i++) {
		const struct compiled_rule *r = &rules->list.v[i];
		const char *why = never(r->query.root, PROSE);
		if (why != NULL)
			diag_add(d, DIAG_WARNING, whole(r), why, "this line can never hit");
		else if (r->rule->type == RULE_EXCLUDE)
			lint_kills(rules, r, d);
	}
}
