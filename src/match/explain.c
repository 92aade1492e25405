/* SPDX-License-Identifier: MIT
 *
 * The verdict of one call and one profile: rules, score, threshold, filters. One
 * judge decides for match_profile() and match_explain(); the first only stops as
 * soon as the call is lost, the second goes on to tell every clause.
 */
#include "match/internal.h"

#define VERDICT_MAX  2000 /* bytes of the sentence */
#define VERDICT_LIST 8	  /* words listed in it */

enum stop { STOP_NONE, STOP_NO_RULES, STOP_MATCH, STOP_REQUIRE, STOP_EXCLUDE, STOP_SCORE, STOP_FILTER };

struct judgement {
	const struct rulebook *book;
	struct eval e;
	struct arena *a;	      /* of the result */
	struct explanation *x;	      /* NULL: only the verdict is wanted */
	struct hit *hit;	      /* where reasons go; may be NULL */
	const struct remedy *without; /* judged as if these did not hit; may be NULL */
	const struct profile *p;
	enum stop stop;
	size_t stopped_at; /* clause or filter */
	int64_t score;
	bool has_threshold, urgent;
};

struct section { /* what the rules of one section say */
	bool matched, has_match, required, excluded;
	size_t first_required, excludes; /* the first clause that stopped */
};

/* Whether this clause or filter is left out of the judgement. */
static bool left_out(const struct judgement *j, enum need_type type, struct str name)
{
	for (size_t i = 0; j->without != NULL && i < j->without->needs.n; i++) {
		const struct need *n = &j->without->needs.v[i];
		if (n->type == type && str_eq(type == NEED_FILTER ? n->text : n->line, name))
			return true;
	}
	return false;
}

/* ---- reasons -------------------------------------------------------------- */

static int by_rank(const void *a, const void *b)
{
	const struct find *x = a, *y = b;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->last > y->last) - (x->last < y->last);
}

static int by_text(const void *a, const void *b)
{
	const struct find *x = a, *y = b;
	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return (x->last > y->last) - (x->last < y->last);
}

/* The places that are told: each word's first before any word's second. */
static size_t choose(struct finds *f, struct find out[static REASONS_PER_RULE])
{
	size_t n = 0;
	if (f->list.n > 1)
		qsort(f->list.v, f->list.n, sizeof(f->list.v[0]), by_rank);
	for (size_t i = 0; i < f->list.n && n < REASONS_PER_RULE; i++) {
		bool known = false;
		for (size_t k = 0; k < n; k++)
			known |= by_text(&out[k], &f->list.v[i]) == 0;
		if (!known)
			out[n++] = f->list.v[i];
	}
	if (n > 1)
		qsort(out, n, sizeof(out[0]), by_text);
	return n;
}

static struct reason make_reason(
	const struct judgement *j, const struct find *f, const struct compiled_rule *r, struct str label)
{
	const struct document *d = j->e.doc;
	const struct token *first = &d->tokens[f->first];
	return (struct reason){
		.line = r->line,
		.label = label,
		.field = d->pieces.v[first->piece].field,
		.start = first->start,
		.end = d->tokens[f->last].end,
		.text = str_dup(j->a, document_text(d, f->first, f->last)),
	};
}

/* ---- clauses -------------------------------------------------------------- */

static void tell_clause(struct judgement *j, const struct compiled_rule *r, struct str label, bool hit,
	const struct find *chosen, size_t n)
{
	struct clause *c = vec_push(j->a, &j->x->clauses);
	*c = (struct clause){
		.type = r->rule->type,
		.line = r->line,
		.label = label,
		.text = r->rule->query.text,
		.score = r->rule->score,
		.hit = hit,
	};
	for (size_t i = 0; i < n; i++)
		*vec_push(j->a, &c->found) = make_reason(j, &chosen[i], r, label);
	struct strv words = {0};
	if (!hit)
		query_missing(&j->e, &r->query, j->a, &words);
	for (size_t i = 0; i < words.n; i++)
		*vec_push(j->a, &c->missing) = words.v[i];
}

/* Whether what the line finds is a reason to send the call. */
static bool speaks_for(const struct rule *r)
{
	return r->type == RULE_MATCH || r->type == RULE_REQUIRE || (r->type == RULE_SCORE && r->score > 0);
}

static void keep_reasons(struct judgement *j, const struct compiled_rule *r, struct str label,
	const struct find *chosen, size_t n)
{
	for (size_t i = 0; i < n && speaks_for(r->rule); i++)
		*vec_push(j->a, &j->hit->reasons) = make_reason(j, &chosen[i], r, label);
}

/* Whether the rule hits; tells it where that is wanted. */
static bool judge_rule(struct judgement *j, const struct compiled_rule *r, struct str label)
{
	if (j->x == NULL && j->hit == NULL)
		return query_eval(&j->e, &r->query, NULL);
	struct finds finds = {0};
	struct find chosen[REASONS_PER_RULE];
	bool hit = query_eval(&j->e, &r->query, &finds) && !left_out(j, NEED_CLAUSE, r->line);
	size_t n = hit ? choose(&finds, chosen) : 0;
	if (j->x != NULL)
		tell_clause(j, r, label, hit, chosen, n);
	else if (hit)
		keep_reasons(j, r, label, chosen, n);
	arena_reset(j->e.scratch);
	return hit;
}

static size_t clause_index(const struct judgement *j)
{
	return j->x == NULL ? 0 : j->x->clauses.n - 1;
}

int64_t score_add(int64_t a, int64_t b)
{
	int64_t sum;
	if (__builtin_add_overflow(a, b, &sum))
		return b > 0 ? INT64_MAX : INT64_MIN;
	return sum;
}

/* All rules of one section but those of the sets it uses. */
static struct section judge_section(
	struct judgement *j, const struct compiled_rules *rules, struct str label, bool own)
{
	struct section s = {.required = true};
	for (size_t i = 0; i < rules->list.n; i++) {
		const struct compiled_rule *r = &rules->list.v[i];
		if (j->hit != NULL && own && !speaks_for(r->rule))
			continue; /* the verdict is known */
		bool hit = judge_rule(j, r, label);
		switch (r->rule->type) {
		case RULE_MATCH:
			s.has_match = true;
			s.matched |= hit;
			break;
		case RULE_REQUIRE:
			if (!hit && s.required)
				s.first_required = clause_index(j);
			s.required &= hit;
			break;
		case RULE_EXCLUDE:
			if (hit && !s.excluded)
				s.excludes = clause_index(j);
			s.excluded |= hit;
			break;
		case RULE_SCORE:
			j->has_threshold |= own && j->p->has_threshold;
			if (own && hit)
				j->score = score_add(j->score, r->rule->score);
			break;
		case RULE_URGENT:
			j->urgent |= own && hit;
			break;
		}
	}
	return s;
}

static bool section_hits(const struct section *s)
{
	return s->matched && s->required && !s->excluded;
}

/* A used set counts as a match line when it hits by its own lines; the reasons of
 * a set that does not hit are no reasons. */
static bool judge_sets(struct judgement *j, const struct compiled_profile *p)
{
	bool any = false;
	for (size_t i = 0; i < p->sets.n; i++) {
		size_t before = j->hit == NULL ? 0 : j->hit->reasons.n;
		struct section s = judge_section(j, &p->sets.v[i]->rules, p->sets.v[i]->set->label, false);
		bool hit = section_hits(&s);
		any |= hit;
		if (!hit && j->hit != NULL)
			j->hit->reasons.n = before;
	}
	return any;
}

static void judge_rules(struct judgement *j, const struct compiled_profile *p)
{
	struct section s = judge_section(j, &p->rules, STR(""), true);
	bool lost = !s.required || s.excluded;
	bool by_set = (j->x != NULL || !lost) && judge_sets(j, p);
	if (!s.has_match && p->sets.n == 0)
		j->stop = STOP_NO_RULES;
	else if (!s.matched && !by_set)
		j->stop = STOP_MATCH;
	else if (!s.required)
		j->stop = STOP_REQUIRE;
	else if (s.excluded)
		j->stop = STOP_EXCLUDE;
	else if (j->has_threshold && j->score < p->profile->threshold)
		j->stop = STOP_SCORE;
	j->stopped_at = j->stop == STOP_REQUIRE ? s.first_required : s.excludes;
}

static void judge_filters(struct judgement *j, const struct compiled_profile *p)
{
	struct filter_verdicts v = {0};
	struct arena *a = j->x == NULL ? j->e.scratch : j->a;
	bool passed = filters_judge(a, &j->book->config->settings, p->profile, j->e.doc->o, &v);
	if (j->without != NULL) {
		passed = true;
		for (size_t i = 0; i < v.list.n; i++)
			passed &= v.list.v[i].passed |= left_out(j, NEED_FILTER, str_of(v.list.v[i].name));
	}
	for (size_t i = 0; j->x != NULL && i < v.list.n; i++)
		*vec_push(j->a, &j->x->filters) = v.list.v[i];
	if (passed || j->stop != STOP_NONE)
		return;
	j->stop = STOP_FILTER;
	for (size_t i = v.list.n; i-- > 0;)
		if (!v.list.v[i].passed)
			j->stopped_at = i;
}

static void judge(struct judgement *j, const struct compiled_profile *p)
{
	judge_rules(j, p);
	if (j->x != NULL || j->stop == STOP_NONE)
		judge_filters(j, p);
}

static struct eval eval_of(struct document *doc, const struct compiled_profile *p)
{
	unsigned langs = doc->langs | p->langs;
	document_stem(doc, langs);
	return (struct eval){.doc = doc, .langs = langs, .scratch = arena_new(SCRATCH_MAX)};
}

bool match_profile(const struct rulebook *b, struct document *doc, const struct profile *p, struct arena *a,
	struct hit *out)
{
	const struct compiled_profile *c = rulebook_profile(b, p);
	if (c == NULL)
		return false;
	struct judgement j = {.book = b, .e = eval_of(doc, c), .a = a, .p = p};
	judge(&j, c);
	arena_free(j.e.scratch);
	if (j.stop != STOP_NONE)
		return false;
	*out = (struct hit){.profile = p, .score = j.score, .urgent = j.urgent};
	explain_hit(c, doc, a, out);
	return true;
}

void explain_hit(const struct compiled_profile *c, struct document *doc, struct arena *a, struct hit *h)
{
	struct judgement j = {.e = eval_of(doc, c), .a = a, .p = h->profile, .hit = h};
	judge_rules(&j, c);
	arena_free(j.e.scratch);
}

/* ---- the sentence --------------------------------------------------------- */

static void add_words(struct buf *b, const struct str *words, size_t n)
{
	for (size_t i = 0; i < n && i < VERDICT_LIST; i++) {
		bool quoted = words[i].n > 0 && words[i].p[0] == '"';
		buf_printf(b, quoted ? "%s%.*s" : "%s'%.*s'", i > 0 ? ", " : "", STRF(words[i]));
	}
	if (n > VERDICT_LIST)
		buf_printf(b, " and %zu more", n - VERDICT_LIST);
}

/* The words found by a clause, each once. */
static void add_found(struct buf *b, struct arena *a, const struct clause *c)
{
	struct strv words = {0};
	for (size_t i = 0; i < c->found.n; i++)
		if (!strv_has(&words, c->found.v[i].text))
			*vec_push(a, &words) = c->found.v[i].text;
	add_words(b, words.v, words.n);
}

static void add_line(struct buf *b, const struct clause *c)
{
	buf_printf(b, " (%.*s", STRF(c->line));
	if (c->label.n > 0)
		buf_printf(b, ", %.*s", STRF(c->label));
	buf_addc(b, ')');
}

/* The clauses of a used set tell for the profile only when the whole set hits. */
static bool set_hits(const struct explanation *x, struct str label)
{
	struct section s = {.required = true};
	for (size_t i = 0; i < x->clauses.n; i++) {
		const struct clause *c = &x->clauses.v[i];
		if (!str_eq(c->label, label))
			continue;
		s.matched |= c->type == RULE_MATCH && c->hit;
		s.required &= c->type != RULE_REQUIRE || c->hit;
		s.excluded |= c->type == RULE_EXCLUDE && c->hit;
	}
	return section_hits(&s);
}

static void say_suits(struct buf *b, struct arena *a, const struct explanation *x)
{
	bool any = false;
	buf_addz(b, "suits: ");
	for (size_t i = 0; i < x->clauses.n; i++) {
		const struct clause *c = &x->clauses.v[i];
		if (c->type != RULE_MATCH || !c->hit || (c->label.n > 0 && !set_hits(x, c->label)))
			continue;
		buf_addz(b, any ? "; " : "");
		add_found(b, a, c);
		add_line(b, c);
		any = true;
	}
	if (x->has_threshold)
		buf_printf(b, "; score %lld of %lld", (long long)x->score, (long long)x->threshold);
}

/* A used set whose words occur, but which its own require or exclude stopped. */
static void say_stopped_sets(struct buf *b, struct arena *a, const struct explanation *x)
{
	for (size_t i = 0; i < x->clauses.n; i++) {
		const struct clause *c = &x->clauses.v[i];
		bool stops = (c->type == RULE_EXCLUDE && c->hit) || (c->type == RULE_REQUIRE && !c->hit);
		if (c->label.n == 0 || !stops)
			continue;
		buf_printf(b, "; the rule set '%.*s' is stopped by its %s line", STRF(c->label),
			c->type == RULE_EXCLUDE ? "exclude" : "require");
		if (c->found.n > 0)
			buf_addz(b, " that finds ");
		add_found(b, a, c);
		buf_printf(b, " (%.*s)", STRF(c->line));
	}
}

/* A match line whose words all occur fails by its negatives. */
static void say_left_out(struct buf *b, const struct explanation *x)
{
	for (size_t i = 0; i < x->clauses.n; i++) {
		const struct clause *c = &x->clauses.v[i];
		if (c->type == RULE_MATCH && !c->hit && c->missing.n == 0)
			buf_printf(b, "; what %.*s leaves out occurs", STRF(c->line));
	}
}

static void say_no_match(struct buf *b, struct arena *a, const struct explanation *x)
{
	struct strv words = {0};
	for (size_t i = 0; i < x->clauses.n; i++) {
		const struct clause *c = &x->clauses.v[i];
		for (size_t k = 0; c->type == RULE_MATCH && !c->hit && k < c->missing.n; k++)
			if (!strv_has(&words, c->missing.v[k]))
				*vec_push(a, &words) = c->missing.v[k];
	}
	buf_addz(b, "does not suit: no match line hits");
	if (words.n > 0)
		buf_addz(b, "; not found: ");
	add_words(b, words.v, words.n);
	say_left_out(b, x);
	say_stopped_sets(b, a, x);
}

static void say_clause(struct buf *b, struct arena *a, const struct clause *c)
{
	if (c->type == RULE_EXCLUDE) {
		buf_addz(b, "does not suit: an exclude line hits");
		if (c->found.n > 0)
			buf_addz(b, ": ");
		add_found(b, a, c);
	} else {
		buf_addz(b, "does not suit: a require line does not hit");
		if (c->missing.n > 0)
			buf_addz(b, "; not found: ");
		add_words(b, c->missing.v, c->missing.n);
	}
	add_line(b, c);
}

static struct str verdict(const struct judgement *j)
{
	const struct explanation *x = j->x;
	struct buf b = buf_init(VERDICT_MAX);
	switch (j->stop) {
	case STOP_NONE:
		say_suits(&b, j->a, x);
		break;
	case STOP_NO_RULES:
		buf_addz(&b, "does not suit: the profile has no match line and uses no rule set");
		break;
	case STOP_MATCH:
		say_no_match(&b, j->a, x);
		break;
	case STOP_REQUIRE:
	case STOP_EXCLUDE:
		say_clause(&b, j->a, &x->clauses.v[j->stopped_at]);
		break;
	case STOP_SCORE:
		buf_printf(&b, "does not suit: the score %lld is below the threshold %lld",
			(long long)x->score, (long long)x->threshold);
		break;
	case STOP_FILTER: {
		const struct filter_verdict *f = &x->filters.v[j->stopped_at];
		buf_printf(&b, "does not suit: stopped by the filter '%s': %.*s", f->name, STRF(f->text));
		break;
	}
	}
	return buf_take(&b, j->a);
}

static struct str stopped_by(const struct judgement *j)
{
	switch (j->stop) {
	case STOP_NONE:
		return (struct str){0};
	case STOP_NO_RULES:
		return STR("rules");
	case STOP_MATCH:
		return STR("match");
	case STOP_REQUIRE:
		return STR("require");
	case STOP_EXCLUDE:
		return STR("exclude");
	case STOP_SCORE:
		return STR("threshold");
	case STOP_FILTER:
		return str_of(j->x->filters.v[j->stopped_at].name);
	}
	return (struct str){0};
}

void explain_without(const struct rulebook *b, struct document *doc, const struct profile *p, struct arena *a,
	const struct remedy *without, struct explanation *out)
{
	*out = (struct explanation){0};
	const struct compiled_profile *c = rulebook_profile(b, p);
	if (c == NULL) {
		out->verdict = STR("does not suit: this profile is not in the rules in force");
		out->stopped_by = STR("rules");
		return;
	}
	struct judgement j = {
		.book = b,
		.e = eval_of(doc, c),
		.a = a,
		.x = out,
		.without = without,
		.p = p,
	};
	judge(&j, c);
	arena_free(j.e.scratch);
	out->hit = j.stop == STOP_NONE;
	out->score = j.score;
	out->threshold = p->threshold;
	out->has_threshold = j.has_threshold;
	out->verdict = verdict(&j);
	out->stopped_by = stopped_by(&j);
}

void match_explain(const struct rulebook *b, struct document *doc, const struct profile *p, struct arena *a,
	struct explanation *out)
{
	explain_without(b, doc, p, a, NULL, out);
}
