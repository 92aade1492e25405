/* SPDX-License-Identifier: MIT
 *
 * explain: why a call reached a profile or not. The answer first, as the support desk
 * says it on the phone; then every clause with the words it found and where.
 */
#include "cli/explain.h"

#include "render/render.h"

#define CONTEXT_BYTES 40   /* shown around a word that was found */
#define REMEDY_MAX    4000 /* bytes of one remedy in words */
#define JSON_MAX      ((size_t)16 << 20)

static const char *const rule_words[] = {[RULE_MATCH] = "match",
	[RULE_REQUIRE] = "require",
	[RULE_EXCLUDE] = "exclude",
	[RULE_SCORE] = "score"};

static const char *const need_words[] = {
	[NEED_WORDS] = "words", [NEED_ABSENT] = "absent", [NEED_CLAUSE] = "clause", [NEED_FILTER] = "filter"};

struct inquiry {
	struct cli *c;
	struct opportunity o;
	const struct profile *p;
	struct explanation x;
	struct remedies remedies;
	struct standings where;
	struct str deadline; /* the filter on it in words; empty when there is none */
	enum deadline_verdict in_time;
	struct review decision;
	bool decided;
	struct compound_list compounds;
};

/* ---- remedies in words ------------------------------------------------------------- */

static void say_need(struct buf *b, const struct need *n)
{
	bool prose = n->field == MATCH_TITLE || n->field == MATCH_TEXT;
	const char *field = match_field_name(n->field);
	struct str rest = n->text;
	if (n->field != MATCH_TEXT && str_starts(n->text, str_of(field)))
		rest = str_sub(n->text, strlen(field) + 1, n->text.n);
	switch (n->type) {
	case NEED_WORDS:
		buf_printf(b, prose ? "the %s also had: %.*s" : "its %s were: %.*s", field, STRF(rest));
		break;
	case NEED_ABSENT:
		buf_printf(b, "the %s did not have: %.*s", field, STRF(rest));
		break;
	case NEED_CLAUSE:
		buf_printf(b, "this line did not hit: %.*s (%.*s)", STRF(n->text), STRF(n->line));
		break;
	case NEED_FILTER:
		buf_printf(b, "the filter '%.*s' let it pass (%.*s)", STRF(n->text), STRF(n->words));
		break;
	}
}

struct str remedy_text(struct arena *a, const struct remedy *r)
{
	struct buf b = buf_init(REMEDY_MAX);
	for (size_t i = 0; i < r->needs.n; i++) {
		buf_addz(&b, i > 0 ? ", and " : "");
		say_need(&b, &r->needs.v[i]);
	}
	return buf_take(&b, a);
}

void remedies_json(struct json *j, const struct remedies *r)
{
	json_key(j, "remedies");
	json_open(j, '[');
	for (size_t i = 0; i < r->list.n; i++) {
		json_open(j, '[');
		for (size_t k = 0; k < r->list.v[i].needs.n; k++) {
			const struct need *n = &r->list.v[i].needs.v[k];
			bool place = n->type == NEED_WORDS || n->type == NEED_ABSENT;
			json_open(j, '{');
			json_member_str(j, "need", str_of(need_words[n->type]));
			json_member_str(j, "field", str_of(place ? match_field_name(n->field) : ""));
			json_member_str(j, "line", n->line);
			json_member_str(j, "text", n->text);
			json_member_str(j, "words", n->words);
			json_close(j, '}');
		}
		json_close(j, ']');
	}
	json_close(j, ']');
}

/* ---- the answer ---------------------------------------------------------------------- */

static const char *answer_word(const struct standing *s)
{
	if (s->sent)
		return "Sent";
	return strcmp(s->stage, "next digest") == 0 ? "Not sent yet" : "Not sent";
}

/* One line when all recipients stand alike, else one for each. */
static void print_answer(const struct inquiry *q)
{
	bool alike = true;
	for (size_t i = 1; i < q->where.list.n; i++)
		alike &= str_eq(q->where.list.v[i].text, q->where.list.v[0].text);
	for (size_t i = 0; i < (alike && q->where.list.n > 0 ? 1 : q->where.list.n); i++) {
		const struct standing *s = &q->where.list.v[i];
		bool rules = strcmp(s->stage, "not matched") == 0 && !str_eq(q->x.stopped_by, STR("match"));
		printf("%s%s%.*s: %.*s\n", answer_word(s), alike ? "" : " to ",
			STRF(alike ? (struct str){0} : s->recipient), STRF(rules ? q->x.verdict : s->text));
	}
}

static void print_remedies(const struct inquiry *q)
{
	for (size_t i = 0; i < q->remedies.list.n; i++)
		printf("%s if %.*s\n", i == 0 ? "It would suit" : "  or",
			STRF(remedy_text(q->c->a, &q->remedies.list.v[i])));
	if (!q->x.hit && q->in_time != DEADLINE_OK)
		printf("And the filter on deadlines keeps it back: %.*s\n", STRF(q->deadline));
}

static void print_decision(const struct inquiry *q)
{
	static const char *const verdicts[] = {
		[REVIEW_APPROVE] = "approved", [REVIEW_REJECT] = "rejected", [REVIEW_EDIT] = "annotated"};
	const struct review *r = &q->decision;
	if (q->decided)
		printf("Review: %s by %.*s on %.*s%s%.*s\n", verdicts[r->verdict], STRF(r->who),
			STRF(cli_time(q->c, r->at)), r->why.n > 0 ? ": " : "", STRF(r->why));
}

/* ---- the details ----------------------------------------------------------------------- */

static struct str whole_characters(struct str s, size_t from, size_t to)
{
	while (from > 0 && from < s.n && ((unsigned char)s.p[from] & 0xc0) == 0x80)
		from--;
	while (to < s.n && ((unsigned char)s.p[to] & 0xc0) == 0x80)
		to++;
	return str_sub(s, from, to);
}

/* What stands around a word that was found, in whole words; "..." where it was cut. */
static struct str words_before(struct arena *a, struct str whole, size_t end)
{
	size_t from = end > CONTEXT_BYTES ? end - CONTEXT_BYTES : 0;
	struct str s = whole_characters(whole, from, end);
	size_t space = str_find_char(s, ' ');
	if (from == 0)
		return s;
	if (space != SIZE_MAX)
		s = str_sub(s, space + 1, s.n);
	return str_of(arena_printf(a, "... %.*s", STRF(s)));
}

static struct str words_after(struct arena *a, struct str whole, size_t start)
{
	struct str s = whole_characters(whole, start, start + CONTEXT_BYTES);
	size_t end = s.n;
	if (start + CONTEXT_BYTES >= whole.n)
		return s;
	while (end > 0 && s.p[end - 1] != ' ')
		end--;
	return str_of(arena_printf(a, "%.*s...", STRF(end > 0 ? str_sub(s, 0, end) : s)));
}

/* "... a pilot for [cell therapy] products ..." on one line, with its line in the text. */
static void print_found(const struct inquiry *q, const struct reason *r)
{
	bool text = r->field == MATCH_TEXT, prose = text || r->field == MATCH_TITLE;
	struct str whole = text ? opportunity_text(q->c->a, &q->o) : prose ? q->o.title : r->text;
	struct str before = {0}, after = {0};
	size_t line = 1;
	if (prose) {
		before = words_before(q->c->a, whole, r->start);
		after = words_after(q->c->a, whole, r->end);
	}
	struct buf b = buf_init(4096);
	buf_printf(&b, "%.*s[%.*s]%.*s", STRF(before), STRF(r->text), STRF(after));
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] == '\n')
			b.p[i] = ' ';
	for (size_t i = 0; text && i < r->start; i++)
		line += whole.p[i] == '\n';
	const char *place = text ? arena_printf(q->c->a, ", line %zu", line) : "";
	printf("      found in the %s%s: %.*s\n", match_field_name(r->field), place, STRF(buf_str(&b)));
	buf_free(&b);
}

static void print_clause(const struct inquiry *q, const struct clause *k)
{
	const char *score = k->type == RULE_SCORE ? arena_printf(q->c->a, " %lld", (long long)k->score) : "";
	printf("  [%s] %s%s: %.*s   (%.*s)\n", k->hit ? "x" : " ", rule_words[k->type], score, STRF(k->text),
		STRF(k->line));
	for (size_t i = 0; k->hit && i < k->found.n; i++)
		print_found(q, &k->found.v[i]);
	for (size_t i = 0; !k->hit && k->type != RULE_EXCLUDE && i < k->missing.n; i++)
		printf("%s%.*s%s", i == 0 ? "      not in it: " : ", ", STRF(k->missing.v[i]),
			i + 1 == k->missing.n ? "\n" : "");
}

static void print_details(const struct inquiry *q)
{
	printf("Rules:\n");
	for (size_t i = 0; i < q->x.clauses.n; i++)
		print_clause(q, &q->x.clauses.v[i]);
	cli_print_compounds(&q->compounds, "the call has");
	if (q->x.has_threshold)
		printf("Score: %lld, needed %lld\n", (long long)q->x.score, (long long)q->x.threshold);
	if (q->x.filters.n > 0 || q->deadline.n > 0)
		printf("Filters:\n");
	for (size_t i = 0; i < q->x.filters.n; i++)
		printf("  [%s] %s: %.*s\n", q->x.filters.v[i].passed ? "x" : " ", q->x.filters.v[i].name,
			STRF(q->x.filters.v[i].text));
	if (q->deadline.n > 0)
		printf("  [%s] deadline: %.*s\n", q->in_time == DEADLINE_OK ? "x" : " ", STRF(q->deadline));
	printf("By the rules: %.*s\n", STRF(q->x.verdict));
}

static void print_text(const struct inquiry *q)
{
	print_answer(q);
	print_remedies(q);
	print_decision(q);
	printf("\n%.*s\nfor %.*s (%.*s)\n\n", STRF(q->o.title), STRF(q->p->name), STRF(q->p->id));
	print_details(q);
}

/* ---- JSON ------------------------------------------------------------------------------ */

static void json_clauses(struct json *j, const struct explanation *x)
{
	json_key(j, "clauses");
	json_open(j, '[');
	for (size_t i = 0; i < x->clauses.n; i++) {
		const struct clause *k = &x->clauses.v[i];
		json_open(j, '{');
		json_member_str(j, "rule", str_of(rule_words[k->type]));
		if (k->type == RULE_SCORE)
			json_member_int(j, "points", k->score);
		json_member_str(j, "text", k->text);
		json_member_str(j, "line", k->line);
		json_member_str(j, "label", k->label);
		json_member_bool(j, "hit", k->hit);
		json_key(j, "found");
		json_open(j, '[');
		for (size_t n = 0; n < k->found.n; n++) {
			const struct reason *r = &k->found.v[n];
			json_open(j, '{');
			json_member_str(j, "field", str_of(match_field_name(r->field)));
			json_member_int(j, "start", (int64_t)r->start);
			json_member_int(j, "end", (int64_t)r->end);
			json_member_str(j, "text", r->text);
			json_close(j, '}');
		}
		json_close(j, ']');
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void json_filter(struct json *j, const char *name, bool passed, struct str text)
{
	json_open(j, '{');
	json_member_str(j, "filter", str_of(name));
	json_member_bool(j, "passed", passed);
	json_member_str(j, "text", text);
	json_close(j, '}');
}

static void json_where(struct json *j, const struct inquiry *q)
{
	json_key(j, "where");
	json_open(j, '[');
	for (size_t i = 0; i < q->where.list.n; i++) {
		const struct standing *s = &q->where.list.v[i];
		json_open(j, '{');
		json_member_str(j, "recipient", s->recipient);
		json_member_bool(j, "sent", s->sent);
		json_member_str(j, "stage", str_of(s->stage));
		json_member_str(j, "text", s->text);
		json_close(j, '}');
	}
	json_close(j, ']');
}

static void print_json(const struct inquiry *q)
{
	struct buf b = buf_init(JSON_MAX);
	struct json j = json_to(&b);
	json_open(&j, '{');
	json_member_str(&j, "id", cli_short_id(q->c, q->o.id));
	json_member_str(&j, "title", q->o.title);
	json_member_str(&j, "profile", q->p->id);
	json_member_bool(&j, "suits", q->x.hit);
	json_member_str(&j, "verdict", q->x.verdict);
	json_member_str(&j, "stopped by", q->x.stopped_by);
	json_member_int(&j, "score", q->x.score);
	if (q->x.has_threshold)
		json_member_int(&j, "threshold", q->x.threshold);
	json_where(&j, q);
	remedies_json(&j, &q->remedies);
	json_clauses(&j, &q->x);
	json_key(&j, "filters");
	json_open(&j, '[');
	for (size_t i = 0; i < q->x.filters.n; i++)
		json_filter(&j, q->x.filters.v[i].name, q->x.filters.v[i].passed, q->x.filters.v[i].text);
	if (q->deadline.n > 0)
		json_filter(&j, "deadline", q->in_time == DEADLINE_OK, q->deadline);
	json_close(&j, ']');
	json_close(&j, '}');
	printf("%.*s\n", STRF(buf_str(&b)));
	buf_free(&b);
}

/* ---- the verb ---------------------------------------------------------------------------- */

/* "asks for 30 to 200 days, it closes in 18": what the filter on time says now. */
static void judge_time(struct inquiry *q)
{
	const struct days_filter *f = &q->p->deadline;
	struct arena *a = q->c->a;
	struct date from;
	if (!f->set)
		return;
	q->in_time = match_deadline(q->p, &q->o, clock_now(), &from);
	const struct deadline *d = opportunity_deadline(&q->o, clock_now());
	const char *most = f->max == INT64_MAX ? "or more" : arena_printf(a, "to %lld", (long long)f->max);
	const char *has = "its last deadline has passed";
	if (q->o.deadlines.n == 0)
		has = "the call does not say";
	else if (d != NULL)
		has = arena_printf(a, "it closes in %lld", (long long)deadline_days_left(d, clock_now()));
	const char *then = q->in_time == DEADLINE_EARLY
				   ? arena_printf(a, "; counts from %.*s", STRF(render_date(a, from)))
				   : "";
	q->deadline =
		str_of(arena_printf(a, "asks for %lld %s days, %s%s", (long long)f->min, most, has, then));
}

static enum err inquire(struct inquiry *q, struct error *e)
{
	struct app *app = &q->c->app;
	struct arena *a = q->c->a;
	struct document *doc = match_document(a, &q->o);
	struct compounds *inside = compounds_new(a);
	match_explain(app->rules, doc, q->p, a, &q->x);
	compounds_add(inside, app->rules, q->p);
	compounds_count(inside, doc);
	compounds_list(inside, &q->compounds);
	if (!q->x.hit)
		match_remedies(app->rules, &q->o, q->p, a, REMEDIES_MAX, &q->remedies);
	judge_time(q);
	enum err rc = standings_of(app, a, &q->o, q->p, q->x.hit, &q->where, e);
	if (rc == ERR_OK)
		rc = store_decision(app->store, a, q->o.id, q->p->id, &q->decided, &q->decision, e);
	return rc;
}

int cmd_explain(struct cli *c)
{
	bool json = false;
	const struct option_spec specs[] = {{"json", NULL, &json}};
	struct inquiry q = {.c = c};
	struct error e;
	if (!cli_options(c, specs, COUNT(specs), 2, 2))
		return EXIT_USAGE;
	q.p = cli_profile(c, c->argv[1]);
	if (q.p == NULL || !cli_find(c, c->argv[0], &q.o))
		return EXIT_FAILED;
	enum err rc = inquire(&q, &e);
	if (rc == ERR_OK && json)
		print_json(&q);
	else if (rc == ERR_OK)
		print_text(&q);
	return cli_end(rc, &e);
}
