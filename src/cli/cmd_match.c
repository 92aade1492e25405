/* SPDX-License-Identifier: MIT
 *
 * match, explain: what the rules make of calls.
 */
#include "cli/cli.h"

#include "extract/extract.h"

#define ITEM_LINE_MAX  ((size_t)4 << 20)   /* bytes of one ITEM line */
#define CONTEXT_BYTES  40		   /* shown around a word that was found */
#define CALL_ARENA_MAX ((size_t)128 << 20) /* one call against all profiles */

/* ---- match --------------------------------------------------------------------- */

static void print_hit(struct str id, const struct hit *h)
{
	struct buf b = buf_init((size_t)4 << 20);
	struct json j = json_to(&b);
	json_open(&j, '{');
	json_member_str(&j, "id", id);
	json_member_str(&j, "profile", h->profile->id);
	json_member_int(&j, "score", h->score);
	json_key(&j, "reasons");
	json_open(&j, '[');
	for (size_t i = 0; i < h->reasons.n; i++) {
		const struct reason *r = &h->reasons.v[i];
		json_open(&j, '{');
		json_member_str(&j, "line", r->line);
		json_member_str(&j, "field", str_of(match_field_name(r->field)));
		json_member_int(&j, "start", (int64_t)r->start);
		json_member_int(&j, "end", (int64_t)r->end);
		json_member_str(&j, "text", r->text);
		json_close(&j, '}');
	}
	json_close(&j, ']');
	json_close(&j, '}');
	printf("%.*s\n", STRF(buf_str(&b)));
	buf_free(&b);
}

static void match_call(struct cli *c, struct arena *a, const struct opportunity *o, struct str id)
{
	struct document *doc = match_document(a, o);
	for (size_t i = 0; i < c->app.config->profiles.n; i++) {
		struct hit h;
		if (match_profile(c->app.rules, doc, &c->app.config->profiles.v[i], a, &h))
			print_hit(id, &h);
	}
}

static enum err match_line(struct cli *c, struct str text, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(CALL_ARENA_MAX);
	struct item_rules rules = {.source = STR("file"), .closes_at = -1, .identity = IDENTITY_GUID};
	struct item it = {0};
	struct opportunity o = {0};
	enum err rc = extract_item_json(a, text, &it, e);
	if (rc != ERR_OK)
		return rc;
	item_settle(a, &rules, &it);
	rc = opportunity_from_item(a, &rules, &it, &o, e);
	if (rc == ERR_OK)
		match_call(c, a, &o, it.id.n > 0 ? it.id : o.key);
	return rc;
}

static int match_file(struct cli *c, const char *path)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rbe");
	char *text = NULL;
	size_t room = 0;
	ssize_t n;
	int status = EXIT_OK;
	for (long line = 1; f != NULL && (n = getline(&text, &room, f)) >= 0; line++) {
		struct error e;
		struct str s = str_trim((struct str){text, (size_t)n});
		if (s.n == 0)
			continue;
		enum err rc = s.n > ITEM_LINE_MAX ? err_set(&e, ERR_LIMIT, "the line is too long")
						  : match_line(c, s, &e);
		if (rc != ERR_OK) {
			log_error("%s:%ld: %s", path, line, e.text);
			status = EXIT_FAILED;
		}
	}
	free(text);
	if (f != NULL && f != stdin)
		(void)fclose(f);
	return status;
}

int cmd_match(struct cli *c)
{
	if (!cli_options(c, NULL, 0, 1, 1))
		return EXIT_USAGE;
	if (app_load(&c->app, c->dir) != ERR_OK)
		return EXIT_CONFIGURATION;
	if (strcmp(c->argv[0], "-") == 0 || file_exists(c->argv[0]))
		return match_file(c, c->argv[0]);
	struct error e;
	struct opportunity o;
	enum err rc = app_open(&c->app, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	if (!cli_find(c, c->argv[0], &o))
		return EXIT_FAILED;
	match_call(c, c->a, &o, cli_short_id(c, o.id));
	return EXIT_OK;
}

/* ---- explain -------------------------------------------------------------------- */

static const char *const rule_words[] = {[RULE_MATCH] = "match",
	[RULE_REQUIRE] = "require",
	[RULE_EXCLUDE] = "exclude",
	[RULE_SCORE] = "score",
	[RULE_URGENT] = "urgent"};

static struct str whole_characters(struct str s, size_t from, size_t to)
{
	while (from > 0 && from < s.n && ((unsigned char)s.p[from] & 0xc0) == 0x80)
		from--;
	while (to < s.n && ((unsigned char)s.p[to] & 0xc0) == 0x80)
		to++;
	return str_sub(s, from, to);
}

/* "... a pilot for [cell therapy] products ..." on one line. */
static void print_found(struct cli *c, const struct opportunity *o, const struct reason *r)
{
	struct str whole = r->field == MATCH_TITLE  ? o->title
			   : r->field == MATCH_TEXT ? opportunity_text(c->a, o)
						    : r->text;
	size_t from = r->start > CONTEXT_BYTES ? r->start - CONTEXT_BYTES : 0;
	struct str before = whole_characters(whole, from, r->start);
	struct str after = whole_characters(whole, r->end, r->end + CONTEXT_BYTES);
	if (r->field != MATCH_TITLE && r->field != MATCH_TEXT)
		before = after = (struct str){0};
	struct buf b = buf_init(4096);
	buf_printf(&b, "%.*s[%.*s]%.*s", STRF(before), STRF(r->text), STRF(after));
	for (size_t i = 0; i < b.n; i++)
		if (b.p[i] == '\n')
			b.p[i] = ' ';
	printf("      found in the %s: %.*s\n", match_field_name(r->field), STRF(buf_str(&b)));
	buf_free(&b);
}

static void print_clause(struct cli *c, const struct opportunity *o, const struct clause *k)
{
	const char *score = k->type == RULE_SCORE ? arena_printf(c->a, " %lld", (long long)k->score) : "";
	printf("  [%s] %s%s: %.*s   (%.*s)\n", k->hit ? "x" : " ", rule_words[k->type], score, STRF(k->text),
		STRF(k->line));
	for (size_t i = 0; k->hit && i < k->found.n; i++)
		print_found(c, o, &k->found.v[i]);
	for (size_t i = 0; !k->hit && i < k->missing.n; i++)
		printf("%s%.*s%s", i == 0 ? "      not in it: " : ", ", STRF(k->missing.v[i]),
			i + 1 == k->missing.n ? "\n" : "");
}

static void print_explanation(struct cli *c, const struct opportunity *o, const struct explanation *x)
{
	printf("Rules:\n");
	for (size_t i = 0; i < x->clauses.n; i++)
		print_clause(c, o, &x->clauses.v[i]);
	if (x->has_threshold)
		printf("Score: %lld, needed %lld\n", (long long)x->score, (long long)x->threshold);
	if (x->filters.n > 0)
		printf("Filters:\n");
	for (size_t i = 0; i < x->filters.n; i++)
		printf("  [%s] %s: %.*s\n", x->filters.v[i].passed ? "x" : " ", x->filters.v[i].name,
			STRF(x->filters.v[i].text));
	printf("By the rules: %.*s\n", STRF(x->verdict));
}

static enum err print_decision(
	struct cli *c, const struct opportunity *o, const struct profile *p, struct error *e)
{
	struct review r;
	bool found;
	enum err rc = store_decision(c->app.store, c->a, o->id, p->id, &found, &r, e);
	static const char *const verdicts[] = {
		[REVIEW_APPROVE] = "approved", [REVIEW_REJECT] = "rejected", [REVIEW_EDIT] = "annotated"};
	if (rc == ERR_OK && found)
		printf("Review: %s by %.*s on %.*s%s%.*s\n", verdicts[r.verdict], STRF(r.who),
			STRF(cli_time(c, r.at)), r.why.n > 0 ? ": " : "", STRF(r.why));
	return rc;
}

/* Where a call that suits stands: sent, or what `pending` says. */
static enum err print_where(
	struct cli *c, const struct opportunity *o, const struct profile *p, struct error *e)
{
	int64_t at;
	struct pending_list waiting;
	enum err rc = store_forwarded_at(c->app.store, o->id, p->id, &at, e);
	if (rc == ERR_OK && at > 0)
		printf("Sent: on %.*s\n", STRF(cli_time(c, at)));
	if (rc == ERR_OK)
		rc = print_decision(c, o, p, e);
	if (rc == ERR_OK)
		rc = pending_all(&c->app, c->a, &waiting, e);
	for (size_t i = 0; rc == ERR_OK && i < waiting.list.n; i++)
		if (waiting.list.v[i].opportunity == o->id && str_eq(waiting.list.v[i].profile, p->id))
			printf("Not sent: %.*s\n", STRF(waiting.list.v[i].reason));
	return rc;
}

int cmd_explain(struct cli *c)
{
	struct opportunity o;
	struct error e;
	struct explanation x = {0};
	if (!cli_options(c, NULL, 0, 2, 2))
		return EXIT_USAGE;
	const struct profile *p = cli_profile(c, c->argv[1]);
	if (p == NULL || !cli_find(c, c->argv[0], &o))
		return EXIT_FAILED;
	printf("%.*s\nfor %.*s (%.*s)\n\n", STRF(o.title), STRF(p->name), STRF(p->id));
	match_explain(c->app.rules, match_document(c->a, &o), p, c->a, &x);
	print_explanation(c, &o, &x);
	return cli_end(print_where(c, &o, p, &e), &e);
}
