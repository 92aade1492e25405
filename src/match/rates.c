/* SPDX-License-Identifier: MIT
 *
 * Rules held against many calls: how often each term and each line hits, and what
 * exclude lines leave. In: the rule book, then one call after the other; out:
 * warnings at the places of terms and lines.
 */
#include "base/err.h"
#include "match/engine.h"

#define WORDS_SHOWN 8	/* terms listed in one warning */
#define LIST_MAX    400 /* bytes of that list */

struct rated_term {
	uint32_t program; /* the term alone, in its field */
	struct str text;  /* as written; a part of the line's query text */
	size_t hits;
	bool left_out; /* it stands behind a minus */
};

struct rated_line {
	const struct compiled_rule *rule;
	uint32_t program;
	VEC(struct rated_term) terms;
	size_t killed; /* matched calls that it took away */
	bool hit;      /* in the call at hand */
};

struct rated_section {
	const struct compiled_set *set; /* of a rule set; NULL = a profile's */
	const struct compiled_profile *profile;
	struct rated_line *lines;
	size_t n, matched, killed;
	bool hit; /* in the call at hand */
};

struct rates {
	struct arena *a;
	const struct rulebook *book;
	struct engine *engine;
	struct rated_section *sections; /* rule sets, then profiles */
	size_t n, sets, terms, calls;
	bool full; /* the arena has no room for more terms */
};

/* ---- what is counted ----------------------------------------------------------- */

#define TERM_ROOM ((size_t)4096) /* arena bytes that one more term may take */

/* Where the terms of a line go. */
struct rating {
	struct rates *r;
	struct rated_line *line;
	unsigned langs;
};

static void add_term(const struct rating *g, const struct node *n, unsigned fields, bool left_out)
{
	struct rates *r = g->r;
	r->full |= arena_room(r->a) < TERM_ROOM + 2 * g->line->terms.room * sizeof(struct rated_term);
	if ((fields & PROSE) == 0 || r->full)
		return;
	*vec_push(r->a, &g->line->terms) = (struct rated_term){
		.text = n->text,
		.program = engine_program(r->engine, n, fields, g->langs),
		.left_out = left_out,
	};
	r->terms++;
}

/* A word and what it stands for count as one. */
static void add_terms(const struct rating *g, const struct node *n, unsigned fields, bool left_out)
{
	if (n->type == NODE_TERM || n->synonyms) {
		add_term(g, n, fields, left_out);
		return;
	}
	if (n->type == NODE_FIELD)
		fields = 1U << n->field;
	for (size_t i = 0; i < n->kids.n; i++)
		add_terms(g, n->kids.v[i], fields, left_out != (n->type == NODE_NOT));
}

static void add_section(
	struct rates *r, const struct compiled_rules *rules, unsigned langs, struct rated_section s)
{
	s.n = rules->list.n;
	s.lines = arena_make_n(r->a, s.n, struct rated_line);
	for (size_t i = 0; i < s.n; i++) {
		const struct node *root = rules->list.v[i].query.root;
		s.lines[i].rule = &rules->list.v[i];
		s.lines[i].program = engine_program(r->engine, root, PROSE, langs);
		add_terms(&(struct rating){r, &s.lines[i], langs}, root, PROSE, false);
	}
	r->sections[r->n++] = s;
}

static bool has_set(const struct compiled_profile *p, const struct compiled_set *set)
{
	for (size_t i = 0; i < p->sets.n; i++)
		if (p->sets.v[i] == set)
			return true;
	return false;
}

/* Only what a member uses: of the sets that are there to choose from nothing need be said. */
static void add_set(struct rates *r, const struct compiled_set *set)
{
	static const struct compiled_rules none;
	const struct rulebook *b = r->book;
	unsigned langs = 0;
	bool used = false;
	for (size_t i = 0; i < b->config->profiles.n; i++)
		if (has_set(&b->profiles[i], set) && !profile_for_tests(b->profiles[i].profile)) {
			langs |= b->profiles[i].langs;
			used = true;
		}
	add_section(r, used ? &set->rules : &none, langs, (struct rated_section){.set = set});
}

struct rates *rates_new(struct arena *a, const struct rulebook *b)
{
	struct rates *r = arena_make(a, struct rates);
	size_t profiles = b->config->profiles.n;
	*r = (struct rates){.a = a, .book = b, .engine = engine_new(), .sets = b->config->rule_sets.n};
	r->sections = arena_make_n(a, r->sets + profiles, struct rated_section);
	for (size_t i = 0; i < r->sets; i++)
		add_set(r, &b->sets[i]);
	for (size_t i = 0; i < profiles; i++)
		if (!profile_for_tests(b->profiles[i].profile))
			add_section(r, &b->profiles[i].rules, b->profiles[i].langs,
				(struct rated_section){.profile = &b->profiles[i]});
	return r;
}

void rates_freep(struct rates **r)
{
	engine_free((*r)->engine);
}

size_t rates_wanted(const struct rates *r)
{
	size_t most = RATE_WORK_MAX / (r->terms + 1);
	if (r->full || most < RATE_CALLS_MIN)
		return 0;
	return most < RATE_CALLS_MAX ? most : RATE_CALLS_MAX;
}

/* ---- one call ------------------------------------------------------------------- */

static void count_lines(const struct rates *r, struct rated_section *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct rated_line *line = &s->lines[i];
		for (size_t k = 0; k < line->terms.n; k++)
			line->terms.v[k].hits += engine_holds(r->engine, line->terms.v[k].program);
		line->hit = engine_holds(r->engine, line->program);
	}
}

static bool set_hit(const struct rates *r, const struct rated_section *s)
{
	bool any = false;
	for (size_t i = 0; s->profile != NULL && i < s->profile->sets.n; i++)
		any |= r->sections[s->profile->sets.v[i] - r->book->sets].hit;
	return any;
}

static void count_section(const struct rates *r, struct rated_section *s)
{
	count_lines(r, s);
	bool matched = set_hit(r, s), required = true, excluded = false;
	for (size_t i = 0; i < s->n; i++) {
		matched |= s->lines[i].rule->rule->type == RULE_MATCH && s->lines[i].hit;
		required &= s->lines[i].rule->rule->type != RULE_REQUIRE || s->lines[i].hit;
		excluded |= s->lines[i].rule->rule->type == RULE_EXCLUDE && s->lines[i].hit;
	}
	s->hit = matched && required && !excluded;
	s->matched += matched && required;
	s->killed += matched && required && excluded;
	for (size_t i = 0; i < s->n && matched && required; i++)
		s->lines[i].killed += s->lines[i].rule->rule->type == RULE_EXCLUDE && s->lines[i].hit;
}

void rates_count(struct rates *r, struct document *doc)
{
	engine_read(r->engine, doc);
	for (size_t i = 0; i < r->n; i++)
		count_section(r, &r->sections[i]);
	r->calls++;
}

/* ---- what is said ----------------------------------------------------------------- */

static struct place term_place(const struct rated_line *line, const struct rated_term *t)
{
	const struct value *v = &line->rule->rule->query;
	bool inside = t->text.p >= v->text.p && t->text.p + t->text.n <= v->text.p + v->text.n;
	return inside ? value_place(v, (size_t)(t->text.p - v->text.p), t->text.n)
		      : value_place(v, 0, v->text.n);
}

static bool told_before(const struct rated_line *line, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (line->terms.v[k].hits == 0 && str_eq(line->terms.v[k].text, line->terms.v[i].text))
			return true;
	return false;
}

/* One warning a line, with all its terms that never hit. */
static void tell_never(const struct rates *r, const struct rated_line *line, struct diags *d)
{
	struct buf b = buf_init(LIST_MAX);
	const struct rated_term *first = NULL;
	size_t shown = 0;
	bool more = false;
	for (size_t i = 0; i < line->terms.n; i++) {
		const struct rated_term *t = &line->terms.v[i];
		if (t->hits > 0 || told_before(line, i))
			continue;
		first = first == NULL ? t : first;
		more |= shown == WORDS_SHOWN || b.n + t->text.n + 4 >= LIST_MAX;
		if (more)
			continue;
		buf_printf(&b, "%s%.*s", b.n > 0 ? ", " : "", STRF(t->text));
		shown++;
	}
	if (first != NULL)
		diag_add(d, DIAG_WARNING, term_place(line, first),
			"is it spelt as funders write it? a rare word is no fault",
			"in none of the %zu newest stored calls: %.*s%s", r->calls, STRF(buf_str(&b)),
			more ? ", and more" : "");
	buf_free(&b);
}

static void tell_often(const struct rates *r, const struct rated_line *line, struct diags *d)
{
	for (size_t i = 0; i < line->terms.n; i++) {
		const struct rated_term *t = &line->terms.v[i];
		if (!t->left_out && t->hits * 100 > r->calls * RATE_OFTEN)
			diag_add(d, DIAG_WARNING, term_place(line, t),
				"add a word beside it, or use a phrase",
				"%.*s is in %zu of the %zu newest stored calls; it tells few of them apart",
				STRF(t->text), t->hits, r->calls);
	}
}

static void tell_kills(const struct rated_section *s, struct diags *d)
{
	const struct rated_line *first = NULL, *alone = NULL;
	if (s->matched < RATE_KILLS_MIN || s->killed < s->matched)
		return;
	for (size_t i = 0; i < s->n; i++) {
		const struct rated_line *line = &s->lines[i];
		if (first == NULL && line->killed > 0)
			first = line;
		if (alone == NULL && line->killed == s->matched)
			alone = line;
	}
	const struct rated_line *at = alone != NULL ? alone : first;
	if (at == NULL)
		return;
	struct str id = s->profile != NULL ? s->profile->profile->id : s->set->set->id;
	const struct value *v = &at->rule->rule->query;
	diag_add(d, DIAG_WARNING, value_place(v, 0, v->text.n), "narrow it: what is left is nothing",
		alone != NULL
			? "this exclude line takes away all %zu stored calls that '%.*s' matches"
			: "the exclude lines together take away all %zu stored calls that '%.*s' matches",
		s->matched, STRF(id));
}

void rates_tell(const struct rates *r, struct diags *d)
{
	if (r->calls < RATE_CALLS_MIN)
		return;
	for (size_t i = 0; i < r->n; i++) {
		const struct rated_section *s = &r->sections[i];
		for (size_t k = 0; k < s->n; k++) {
			const struct rated_line *line = &s->lines[k];
			tell_never(r, line, d);
			if (line->rule->rule->type == RULE_MATCH || line->rule->rule->type == RULE_REQUIRE)
				tell_often(r, line, d);
		}
		tell_kills(s, d);
	}
}

void rates_idle(const struct rates *r, struct arena *a, struct idle_terms *out)
{
	*out = (struct idle_terms){.calls = r->calls};
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->sections[i].n; k++) {
			const struct rated_line *line = &r->sections[i].lines[k];
			for (size_t t = 0; t < line->terms.n; t++)
				if (line->terms.v[t].hits == 0 && !told_before(line, t))
					*vec_push(a, &out->list) =
						(struct idle_term){line->rule->line, line->terms.v[t].text};
		}
}
