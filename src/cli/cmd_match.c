/* SPDX-License-Identifier: MIT
 *
 * match: what the rules make of calls, for programs. In: a stored call, or ITEMs, one a
 * line (the members are those of a recipe, feeds/README.md); out: hits as JSON lines.
 */
#include "cli/cli.h"

#include <errno.h>

#include "extract/extract.h"

#define ITEM_LINE_MAX  ((size_t)4 << 20)   /* bytes of one ITEM line */
#define CALL_ARENA_MAX ((size_t)128 << 20) /* one call against all profiles */

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
	struct hits found;
	engine_match(app_engine(&c->app), match_document(a, o), a, &found);
	for (size_t i = 0; i < found.list.n; i++)
		print_hit(id, &found.list.v[i]);
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
		enum err rc = s.n > ITEM_LINE_MAX
				      ? err_set(&e, ERR_LIMIT, "this line is longer than %zu MB", ITEM_LINE_MAX >> 20)
				      : match_line(c, s, &e);
		if (rc != ERR_OK) {
			log_error("%s:%ld: %s", path, line, e.text);
			status = EXIT_FAILED;
		}
	}
	if (f == NULL || ferror(f)) {
		log_error("%s: %s", path, strerror(errno));
		status = EXIT_FAILED;
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
