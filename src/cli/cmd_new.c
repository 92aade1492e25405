/* SPDX-License-Identifier: MIT
 *
 * new profile: asks on a terminal, or takes flags, and writes a file to start from.
 */
#include "cli/member.h"

#include <unistd.h>

#define ANSWER_MAX 2000 /* bytes of an answer */

/* Rule sets and their labels, for the one question that needs them. */
static void show_rule_sets(struct cli *c)
{
	const struct config *conf = c->app.config;
	for (size_t i = 0; i < conf->rule_sets.n; i++)
		printf("    %-20.*s %.*s\n", STRF(conf->rule_sets.v[i].id), STRF(conf->rule_sets.v[i].label));
}

/* Asks until the answer can be used; false when there is no more input. */
static bool ask(struct cli *c, struct member *m, enum member_field f)
{
	char line[ANSWER_MAX];
	struct str proposed = f == MEMBER_ID ? member_id_of(c->a, m->v[MEMBER_NAME]) : (struct str){0};
	for (;;) {
		printf("%s\n", member_specs[f].ask);
		if (f == MEMBER_USE)
			show_rule_sets(c);
		printf(proposed.n > 0 ? "  [%.*s] > " : "  > ", STRF(proposed));
		(void)fflush(stdout);
		if (fgets(line, sizeof(line), stdin) == NULL)
			return false;
		struct str answer = str_trim(str_of(line));
		m->v[f] = str_dup(c->a, answer.n > 0 ? answer : proposed);
		struct str fault = member_fault(c, f, m->v[f]);
		if (fault.n == 0 && f == MEMBER_KEYWORDS && !member_has_rules(m))
			fault = STR("without words or shared rules it never gets a call");
		if (fault.n == 0)
			return true;
		printf("  That can't be used: %.*s\n", STRF(fault));
	}
}

static bool ask_all(struct cli *c, struct member *m)
{
	for (size_t f = 0; f < MEMBER_FIELDS; f++)
		if (member_specs[f].ask != NULL && m->v[f].n == 0 && !ask(c, m, (enum member_field)f)) {
			printf("\n");
			log_error("nothing was written");
			return false;
		}
	return true;
}

/* What flags must give when nobody can be asked. */
static bool complete(struct cli *c, struct member *m)
{
	struct strv missing = {0};
	if (m->v[MEMBER_ID].n == 0)
		m->v[MEMBER_ID] = member_id_of(c->a, m->v[MEMBER_NAME]);
	for (size_t f = 0; f < MEMBER_FIELDS; f++)
		if (member_specs[f].required && m->v[f].n == 0)
			*vec_push(c->a, &missing) = str_of(arena_printf(c->a, "--%s", member_specs[f].name));
	if (missing.n == 0)
		return true;
	fprintf(stderr, "fundwatch: %.*s missing; on a terminal, 'fundwatch new profile' asks\n",
		STRF(strv_join(c->a, &missing, " and ")));
	return false;
}

/* The member by flags, else by questions. EXIT_OK when it can be written. */
static int describe(struct cli *c, const char *const values[static MEMBER_FIELDS], struct member *m)
{
	bool flags = false;
	for (size_t f = 0; f < MEMBER_FIELDS; f++) {
		m->v[f] = str_trim(str_of(values[f]));
		flags = flags || values[f] != NULL;
	}
	bool asks = isatty(STDIN_FILENO) != 0 && (!flags || m->v[MEMBER_NAME].n == 0);
	if (asks)
		return ask_all(c, m) ? EXIT_OK : EXIT_FAILED;
	return complete(c, m) ? EXIT_OK : EXIT_USAGE;
}

int cmd_new(struct cli *c)
{
	const char *values[MEMBER_FIELDS] = {0};
	struct option_spec specs[MEMBER_FIELDS];
	struct member m = {0};
	struct error e;
	for (size_t f = 0; f < MEMBER_FIELDS; f++)
		specs[f] = (struct option_spec){member_specs[f].name, &values[f], NULL};
	if (!cli_options(c, specs, COUNT(specs), 1, 1))
		return EXIT_USAGE;
	if (strcmp(c->argv[0], "profile") != 0)
		return cli_usage(c);
	int status = describe(c, values, &m);
	if (status != EXIT_OK)
		return status;
	struct str fault = member_faults(c, &m);
	if (fault.n == 0 && !member_has_rules(&m))
		fault = STR("it needs --use, --keywords or --match; without a rule it never gets a call");
	if (fault.n > 0) {
		log_error("%.*s", STRF(fault));
		return EXIT_FAILED;
	}
	enum err rc = members_write(c, &m, 1, "'fundwatch new profile'", &e);
	if (rc == ERR_OK)
		printf("written: %s\n'fundwatch digest %.*s --preview' shows its first mail; "
		       "'systemctl reload fundwatch' makes it count.\n",
			member_path(c, &m), STRF(m.v[MEMBER_ID]));
	return cli_end(rc, &e);
}
