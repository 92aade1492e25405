/* SPDX-License-Identifier: MIT
 *
 * What would have to be otherwise for a call to suit: the leaves of its queries that
 * lack, the clauses that stand against it, the filters that stop it. In: a call and a
 * profile that it does not suit. Out: the smallest sets, each tried on a copy of the
 * call before it is told, because added words may also wake an exclude line.
 */
#include "match/internal.h"

#define ROADS_MAX  64		       /* match lines and rule sets that are tried */
#define TRIAL_ROOM ((size_t)128 << 20) /* bytes for judging one changed copy of a call */
#define WORDS_MAX  2000		       /* bytes of the words of one need */

/* One way to get a match: the needs of a match line, or of a whole rule set. */
struct road {
	struct remedy needs;
	size_t found; /* leaves that are there already: the nearer miss of two of one size */
	size_t order;
};

struct roads {
	struct road *v;
	size_t n, room;
};

struct survey {
	struct eval e;
	struct arena *a;
	struct str line; /* of the rule looked at */
};

/* Where a leaf stands. */
struct within {
	unsigned fields;
	enum match_field field; /* where its words would go */
	bool want;
};

/* ---- leaves ----------------------------------------------------------------- */

static struct str strip(struct str s)
{
	size_t from = 0, to = s.n;
	while (from < to && strchr("=\"*", s.p[from]) != NULL)
		from++;
	while (to > from && strchr("\"*", s.p[to - 1]) != NULL)
		to--;
	return str_sub(s, from, to);
}

/* Words that fulfil a leaf: the term without its signs; of a NEAR its operands side
 * by side; of an OR the first. */
static void example(struct buf *b, const struct node *n)
{
	if (n->type == NODE_TERM || n->synonyms) {
		buf_add(b, strip(n->text));
		return;
	}
	size_t kids = n->type == NODE_NEAR ? n->kids.n : 1;
	for (size_t i = 0; i < kids; i++) {
		buf_addz(b, i > 0 ? " " : "");
		example(b, n->kids.v[i]);
	}
}

/* The texts that a leaf found, each once, one a line. */
static struct str found_texts(struct survey *s, const struct node *n, unsigned fields)
{
	struct finds finds = {0};
	struct strv texts = {0};
	node_places(&s->e, n, fields, &finds);
	for (size_t i = 0; i < finds.list.n; i++) {
		struct str t = document_text(s->e.doc, finds.list.v[i].first, finds.list.v[i].last);
		if (!strv_has(&texts, t))
			*vec_push(s->a, &texts) = str_dup(s->a, t);
	}
	arena_reset(s->e.scratch);
	return strv_join(s->a, &texts, "\n");
}

static struct str written(struct survey *s, const struct node *n, const struct within *w)
{
	if (w->fields == PROSE)
		return n->text;
	return str_of(arena_printf(s->a, "%s:%.*s", match_field_name(w->field), STRF(n->text)));
}

static struct road leaf(struct survey *s, const struct node *n, const struct within *w)
{
	struct road r = {0};
	if (node_eval(&s->e, n, w->fields, NULL) == w->want) {
		r.found = w->want;
		return r;
	}
	struct need *need = vec_push(s->a, &r.needs.needs);
	*need = (struct need){.type = w->want ? NEED_WORDS : NEED_ABSENT,
		.field = w->field,
		.line = s->line,
		.text = written(s, n, w)};
	if (w->want) {
		struct buf b = buf_init(WORDS_MAX);
		example(&b, n);
		need->words = buf_take(&b, s->a);
	} else {
		need->words = found_texts(s, n, w->fields);
	}
	return r;
}

static bool nearer(const struct road *a, const struct road *b)
{
	if (a->needs.needs.n != b->needs.needs.n)
		return a->needs.needs.n < b->needs.needs.n;
	return a->found != b->found ? a->found > b->found : a->order < b->order;
}

static bool needs_already(const struct remedy *r, const struct need *n)
{
	for (size_t i = 0; i < r->needs.n; i++) {
		const struct need *m = &r->needs.v[i];
		bool same = n->type == NEED_WORDS || n->type == NEED_ABSENT ? m->field == n->field
									    : str_eq(m->line, n->line);
		if (same && m->type == n->type && str_eq(m->text, n->text))
			return true;
	}
	return false;
}

static void join(struct arena *a, struct road *to, const struct road *more)
{
	for (size_t i = 0; i < more->needs.needs.n; i++)
		if (!needs_already(&to->needs, &more->needs.needs.v[i]))
			*vec_push(a, &to->needs.needs) = more->needs.needs.v[i];
	to->found += more->found;
}

/* The fewest leaves that would have to change for the node to hold (or not to). */
static struct road lack(struct survey *s, const struct node *n, struct within w)
{
	if (n->type == NODE_TERM || n->type == NODE_NEAR || n->synonyms)
		return leaf(s, n, &w);
	if (n->type == NODE_NOT)
		w.want = !w.want;
	if (n->type == NODE_FIELD) {
		w.field = n->field;
		w.fields = 1U << n->field;
	}
	bool any = (n->type == NODE_OR) == w.want; /* one kid is enough */
	struct road all = {0};
	for (size_t i = 0; i < n->kids.n; i++) {
		struct road kid = lack(s, n->kids.v[i], w);
		kid.order = i;
		if (!any || i == 0)
			join(s->a, &all, &kid);
		else if (nearer(&kid, &all))
			all = kid;
	}
	return all;
}

static struct road lack_of(struct survey *s, const struct compiled_rule *r)
{
	s->line = r->line;
	return lack(s, r->query.root, (struct within){PROSE, MATCH_TEXT, true});
}

/* ---- clauses ------------------------------------------------------------------ */

static void need_without(struct arena *a, struct remedy *out, const struct compiled_rule *r)
{
	*vec_push(a, &out->needs) =
		(struct need){.type = NEED_CLAUSE, .line = r->line, .text = r->rule->query.text};
}

/* What the require and exclude lines of a section ask for. */
static void add_conditions(struct survey *s, const struct compiled_rules *rules, struct road *out)
{
	for (size_t i = 0; i < rules->list.n; i++) {
		const struct compiled_rule *r = &rules->list.v[i];
		if (r->rule->type == RULE_REQUIRE) {
			struct road more = lack_of(s, r);
			join(s->a, out, &more);
		}
		if (r->rule->type == RULE_EXCLUDE && query_eval(&s->e, &r->query, NULL))
			need_without(s->a, &out->needs, r);
		arena_reset(s->e.scratch);
	}
}

/* One road per match line; those of a used set include its conditions. */
static void add_roads(struct survey *s, const struct compiled_rules *rules, bool own, struct roads *out)
{
	struct road conditions = {0};
	if (!own)
		add_conditions(s, rules, &conditions);
	for (size_t i = 0; i < rules->list.n && out->n < ROADS_MAX; i++) {
		if (rules->list.v[i].rule->type != RULE_MATCH)
			continue;
		struct road r = lack_of(s, &rules->list.v[i]);
		join(s->a, &r, &conditions);
		r.order = out->n;
		*vec_push(s->a, out) = r;
	}
}

static int by_nearness(const void *x, const void *y)
{
	return nearer(x, y) ? -1 : nearer(y, x);
}

/* All roads with what the profile itself asks for, nearest first. */
static void survey_roads(
	struct survey *s, const struct compiled_profile *p, const struct explanation *x, struct roads *out)
{
	struct road base = {0};
	add_conditions(s, &p->rules, &base);
	for (size_t i = 0; i < x->filters.n; i++)
		if (!x->filters.v[i].passed)
			*vec_push(s->a, &base.needs.needs) = (struct need){
				.type = NEED_FILTER,
				.text = str_of(x->filters.v[i].name),
				.words = x->filters.v[i].text,
			};
	add_roads(s, &p->rules, true, out);
	for (size_t i = 0; i < p->sets.n; i++)
		add_roads(s, &p->sets.v[i]->rules, false, out);
	for (size_t i = 0; i < out->n; i++)
		join(s->a, &out->v[i], &base);
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(out->v[0]), by_nearness);
}

/* ---- trying -------------------------------------------------------------------- */

static struct str with_line(struct arena *a, struct str s, struct str words)
{
	return str_of(arena_printf(a, "%.*s\n%.*s", STRF(s), STRF(words)));
}

/* `s` with every occurrence of the lines of `words` gone. */
static struct str without_words(struct arena *a, struct str s, struct str words)
{
	while (words.n > 0) {
		struct str word = str_cut(words, '\n', &words);
		struct buf b = buf_init(s.n + 1);
		for (size_t at; word.n > 0 && (at = str_find(s, word)) != SIZE_MAX;) {
			buf_add(&b, str_sub(s, 0, at));
			s = str_sub(s, at + word.n, s.n);
		}
		buf_add(&b, s);
		s = buf_take(&b, a);
	}
	return s;
}

static void set_list(struct arena *a, struct strv *list, struct str value)
{
	*list = (struct strv){0};
	if (value.n > 0)
		*vec_push(a, list) = value;
}

/* Fields other than title and text take the words as their whole value. */
static void set_field(struct arena *a, struct opportunity *o, enum match_field field, struct str value)
{
	struct str *const plain[MATCH_FIELD_COUNT] = {
		[MATCH_PROGRAMME] = &o->programme,
		[MATCH_CALL] = &o->call,
		[MATCH_FUNDER] = &o->funder,
		[MATCH_STAGE] = &o->stage,
		[MATCH_SOURCE] = &o->source,
		[MATCH_LANG] = &o->language,
	};
	enum kind kind;
	if (plain[field] != NULL)
		*plain[field] = value;
	else if (field == MATCH_KIND && kind_from(value, &kind))
		o->kind = kind;
	else if (field == MATCH_COUNTRY)
		set_list(a, &o->countries, value);
	else if (field == MATCH_CATEGORY)
		set_list(a, &o->categories, value);
}

static void apply(struct arena *a, struct opportunity *o, const struct need *n)
{
	bool add = n->type == NEED_WORDS;
	if (!add && n->type != NEED_ABSENT)
		return;
	if (n->field != MATCH_TITLE && n->field != MATCH_TEXT) {
		set_field(a, o, n->field, add ? n->words : (struct str){0});
		return;
	}
	if (add && n->field == MATCH_TITLE) {
		o->title = with_line(a, o->title, n->words);
		return;
	}
	o->summary = opportunity_text(a, o);
	o->body = (struct str){0};
	if (add) {
		o->summary = with_line(a, o->summary, n->words);
		return;
	}
	o->title = without_words(a, o->title, n->words);
	o->summary = without_words(a, o->summary, n->words);
}

/* The judgement on a copy of the call to which the remedy was applied. */
static void try_remedy(const struct rulebook *b, const struct opportunity *o, const struct profile *p,
	struct arena *a, const struct remedy *r, struct explanation *out)
{
	struct opportunity changed = *o;
	for (size_t i = 0; i < r->needs.n; i++)
		apply(a, &changed, &r->needs.v[i]);
	explain_without(b, match_document(a, &changed), p, a, r, out);
}

/* ---- points --------------------------------------------------------------------- */

struct gain {
	const struct compiled_rule *rule;
	int64_t points;
	size_t order;
};
struct gains {
	struct gain *v;
	size_t n, room;
};

static int by_points(const void *x, const void *y)
{
	const struct gain *a = x, *b = y;
	if (a->points != b->points)
		return a->points > b->points ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* Score lines that would bring points: those that do not hit, and those against. */
static struct gains list_gains(struct arena *a, const struct compiled_profile *p, const struct explanation *x)
{
	struct gains g = {0};
	for (size_t i = 0; i < p->rules.list.n && i < x->clauses.n; i++) {
		const struct compiled_rule *r = &p->rules.list.v[i];
		int64_t score = r->rule->score;
		if (r->rule->type == RULE_SCORE && (score > 0) != x->clauses.v[i].hit)
			*vec_push(a, &g) = (struct gain){r, score > 0 ? score : -score, i};
	}
	if (g.n > 1)
		qsort(g.v, g.n, sizeof(g.v[0]), by_points);
	return g;
}

/* Adds the fewest score lines that lift the score over the threshold. */
static void add_points(
	struct survey *s, const struct compiled_profile *p, const struct explanation *x, struct remedy *out)
{
	struct gains g = list_gains(s->a, p, x);
	int64_t score = x->score;
	struct road road = {.needs = *out};
	for (size_t i = 0; i < g.n && score < x->threshold; i++) {
		const struct gain *gain = &g.v[i];
		struct road more = {0};
		if (gain->rule->rule->score > 0)
			more = lack_of(s, gain->rule);
		else
			need_without(s->a, &more.needs, gain->rule);
		join(s->a, &road, &more);
		if (__builtin_add_overflow(score, gain->points, &score))
			score = INT64_MAX;
	}
	*out = road.needs;
}

/* ---- the sets -------------------------------------------------------------------- */

/* A deep copy: what was found out lives in memory that goes. */
static struct remedy keep(struct arena *a, const struct remedy *r)
{
	struct remedy out = {.found = r->found};
	for (size_t i = 0; i < r->needs.n; i++) {
		struct need n = r->needs.v[i];
		n.text = str_dup(a, n.text);
		n.words = str_dup(a, n.words);
		n.line = str_dup(a, n.line);
		*vec_push(a, &out.needs) = n;
	}
	return out;
}

/* Whether the road, with points where these lack, makes the call suit. */
static bool works(struct survey *s, const struct rulebook *b, const struct opportunity *o,
	const struct compiled_profile *p, struct remedy *r)
{
	struct explanation x;
	try_remedy(b, o, p->profile, s->a, r, &x);
	if (str_eq(x.stopped_by, STR("threshold"))) {
		add_points(s, p, &x, r);
		try_remedy(b, o, p->profile, s->a, r, &x);
	}
	return x.hit;
}

/* Two match lines may ask for the same. */
static bool told_already(const struct remedies *told, const struct remedy *r)
{
	for (size_t i = 0; i < told->list.n; i++) {
		size_t same = 0;
		for (size_t k = 0; k < r->needs.n; k++) {
			struct need n = r->needs.v[k];
			for (size_t m = 0; m < told->list.v[i].needs.n; m++) {
				const struct need *t = &told->list.v[i].needs.v[m];
				same += t->type == n.type && t->field == n.field && str_eq(t->text, n.text);
			}
		}
		if (same == r->needs.n)
			return true;
	}
	return false;
}

static void keep_smallest(struct arena *a, const struct remedy *r, size_t wanted, struct remedies *out)
{
	size_t best = out->list.n > 0 ? out->list.v[0].needs.n : SIZE_MAX;
	if (r->needs.n < best)
		out->list.n = 0;
	if (r->needs.n <= best && out->list.n < wanted && !told_already(out, r))
		*vec_push(a, &out->list) = keep(a, r);
}

void match_remedies(const struct rulebook *b, const struct opportunity *o, const struct profile *p,
	struct arena *a, size_t wanted, struct remedies *out)
{
	*out = (struct remedies){0};
	const struct compiled_profile *c = rulebook_profile(b, p);
	if (c == NULL)
		return;
	struct arena *own CLEANUP(arena_freep) = arena_new(TRIAL_ROOM);
	struct arena *scratch CLEANUP(arena_freep) = arena_new(SCRATCH_MAX);
	struct arena *trial CLEANUP(arena_freep) = arena_new(TRIAL_ROOM);
	struct document *doc = match_document(own, o);
	struct explanation x;
	match_explain(b, doc, p, own, &x);
	struct survey s = {.e = {.doc = doc, .langs = doc->langs | c->langs, .scratch = scratch}, .a = own};
	struct roads roads = {0};
	if (!x.hit)
		survey_roads(&s, c, &x, &roads);
	for (size_t i = 0; i < roads.n; i++) {
		struct remedy *r = &roads.v[i].needs;
		if (out->list.n > 0 && (r->needs.n > out->list.v[0].needs.n || out->list.n == wanted))
			break;
		r->found = roads.v[i].found;
		s.a = trial;
		if (works(&s, b, o, c, r))
			keep_smallest(a, r, wanted, out);
		arena_reset(trial);
	}
}
