/* SPDX-License-Identifier: MIT
 *
 * The command line: one row per verb in main.c, one function each in cmd_*.c.
 * Data goes to stdout, messages to stderr. Exit: 0 ok, 1 failed, 2 usage, 78 when
 * the configuration is broken.
 */
#ifndef FW_CLI_CLI_H
#define FW_CLI_CLI_H

#include <stdio.h>

#include "base/file.h"
#include "base/log.h"
#include "daemon/daemon.h"

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_CONFIGURATION = 78 };

#define CLI_ARENA_MAX ((size_t)1 << 30) /* what one verb may use */

/* What a verb needs before it starts. */
enum needs { NEEDS_NOTHING, NEEDS_CONFIG, NEEDS_STORE };

struct cli {
	struct arena *a;
	const char *dir;   /* of the configuration */
	struct app app;    /* as far as the verb's needs go */
	int argc;          /* behind the verb; options are taken out by cli_options() */
	char **argv;
	const char *synopsis; /* of the verb */
};

typedef int verb_fn(struct cli *c);

verb_fn cmd_add, cmd_answer, cmd_check, cmd_deliver, cmd_digest, cmd_explain, cmd_extract, cmd_fmt, cmd_help,
	cmd_import, cmd_list, cmd_match, cmd_merge, cmd_new, cmd_outbox, cmd_pending, cmd_poll, cmd_report, cmd_retract,
	cmd_review, cmd_rules, cmd_run, cmd_search, cmd_show, cmd_sources, cmd_status, cmd_orphans, cmd_silent, cmd_terms, cmd_try, cmd_unsubscribe,
	cmd_version;

/* The table of verbs is in main.c; help is made from it. */
struct verb {
	const char *name, *synopsis, *help;
	enum needs needs;
	verb_fn *run;
};
extern const struct verb verbs[];
extern const size_t verb_count;

void help_print(FILE *out);
int help_verb(const struct verb *v);

/* One option of a verb: --name VALUE when `value`, else --name. */
struct option_spec {
	const char *name;
	const char **value;
	bool *flag;
};

/* Takes the options out of argv, anywhere in it ("--" ends them), and checks that
 * between `min` and `max` words are left. False after a usage message. */
bool cli_options(struct cli *c, const struct option_spec *specs, size_t n, int min, int max) NODISCARD;

/* The days of --last: "180d" or "180"; false after a message. */
bool cli_days(const char *text, int64_t most, int64_t *out) NODISCARD;

/* Prints the verb's synopsis to stderr and returns EXIT_USAGE. */
int cli_usage(const struct cli *c);
/* Logs the error and returns EXIT_FAILED (EXIT_OK for ERR_OK). */
int cli_end(enum err kind, const struct error *e);

/* The profile with this id; NULL after a message with the nearest name. */
const struct profile *cli_profile(struct cli *c, const char *id);
/* The stored call with this id; false after a message. */
bool cli_find(struct cli *c, const char *id, struct opportunity *out);
/* Its short id. */
struct str cli_short_id(struct cli *c, int64_t id);
/* Words of rules that `who` ("the call has") only inside longer ones; nothing when there is none. */
void cli_print_compounds(const struct compound_list *l, const char *who);
/* What members answer, in words; and whether this is one of them. */
#define ANSWERS "interested, not-relevant, contact, applying, applied, won, lost"
bool answer_known(struct str s);
/* Who acts: the login name, for the ledger. */
struct str cli_who(struct cli *c);
/* "" or "s" behind a word that is counted. */
const char *plural(size_t n);
/* "23 November 2026 09:00" in the cluster's zone. */
struct str cli_time(struct cli *c, int64_t at);
/* "2026-12-15 17:00", "2026-12-15" or "none". */
struct str cli_deadline(struct cli *c, const struct opportunity *o);

/* ---- tables ------------------------------------------------------------------ */

/* Columns with headings; printed aligned, or with --json as one object per row
 * whose members are the headings. */
struct table {
	struct arena *a;
	const char *const *heads;
	size_t columns;
	VEC(struct str) cells;
};
void table_add(struct table *t, struct str cell);
void table_print(struct table *t, bool json, FILE *out);

#endif
