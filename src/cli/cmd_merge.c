/* SPDX-License-Identifier: MIT
 *
 * merge: calls that look like one. Without ids it lists them; staff decide.
 */
#include "cli/cli.h"

static int list_proposals(struct cli *c, bool json)
{
	static const char *const heads[] = {"id", "other id", "deadline", "source", "other source", "title"};
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct merge_proposals p;
	struct error e;
	enum err rc = store_merge_proposals(c->app.store, c->a, clock_now(), &p, &e);
	for (size_t i = 0; rc == ERR_OK && i < p.list.n; i++) {
		struct opportunity one, two;
		rc = store_opportunity(c->app.store, c->a, p.list.v[i].one, &one, &e);
		if (rc == ERR_OK)
			rc = store_opportunity(c->app.store, c->a, p.list.v[i].two, &two, &e);
		if (rc != ERR_OK)
			break;
		const struct str cells[] = {one.short_id, two.short_id, cli_deadline(c, &one), one.source,
			two.source, one.title};
		for (size_t k = 0; k < COUNT(cells); k++)
			table_add(&t, cells[k]);
	}
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	if (t.cells.n == 0 && !json)
		fputs("no two calls have the same title and deadline\n", stderr);
	else
		table_print(&t, json, stdout);
	return EXIT_OK;
}

/* What became of the two, in a sentence. */
static void say(struct cli *c, const char *verb, int64_t one, int64_t two, int64_t result)
{
	int64_t other = result == one ? two : one;
	const char *name = str_c(c->a, cli_short_id(c, result)), *rest = str_c(c->a, cli_short_id(c, other));
	if (strcmp(verb, "merge") == 0)
		printf("%s is %s now: what was sent, seen and answered of either counts once\n", rest, name);
	else if (strcmp(verb, "undo") == 0)
		printf("%s is a call of its own again\n", name);
	else
		printf("%s and %s are two calls and are not proposed again\n", name, rest);
}

static int decide(struct cli *c, const char *verb, struct str who)
{
	int64_t one = 0, two = 0, result;
	struct error e;
	bool undo = strcmp(verb, "undo") == 0;
	struct store *s = c->app.store;
	enum err rc = (undo ? store_find_itself : store_find)(s, str_of(c->argv[0]), &one, &e);
	if (rc == ERR_OK)
		rc = (undo ? store_find_itself : store_find)(s, str_of(c->argv[1]), &two, &e);
	if (rc == ERR_OK)
		rc = store_begin(s, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	result = one;
	if (undo)
		rc = store_merge_undo(s, c->a, one, two, who, clock_now(), &result, &e);
	else if (strcmp(verb, "reject") == 0)
		rc = store_merge_reject(s, one, two, who, clock_now(), &e);
	else
		rc = store_merge(s, c->a, one, two, who, clock_now(), &result, &e);
	if (rc == ERR_OK)
		rc = store_commit(s, &e);
	else
		store_rollback(s);
	if (rc == ERR_OK)
		say(c, verb, one, two, result);
	return cli_end(rc, &e);
}

int cmd_merge(struct cli *c)
{
	const char *by = NULL;
	bool undo = false, reject = false, json = false;
	const struct option_spec specs[] = {
		{"undo", NULL, &undo}, {"reject", NULL, &reject}, {"by", &by, NULL}, {"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 2))
		return EXIT_USAGE;
	if (c->argc == 1 || (undo && reject) || (c->argc == 0 && (undo || reject)))
		return cli_usage(c);
	if (c->argc == 0)
		return list_proposals(c, json);
	struct str who = by == NULL ? cli_who(c) : str_of(by);
	return decide(c, undo ? "undo" : reject ? "reject" : "merge", who);
}
