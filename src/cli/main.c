/* SPDX-License-Identifier: MIT
 *
 * fundwatch [-c DIR] [--now TIME] VERB [args]: the table of verbs.
 */
#include <signal.h>

#include "cli/cli.h"

const struct verb verbs[] = {
	{"run", "run [poll|mail] [--once]", "the daemon: watch, match, mail; --once does what is due and ends",
		NEEDS_CONFIG, cmd_run},
	{"status", "status [--json]", "one screen: what is stored, what waits, what is wrong", NEEDS_NOTHING, cmd_status},
	{"check", "check [--quiet] [--format text|gcc|json] [FILE...]",
		"all errors of all files, [test] sections, lints; of given files, those; recipes on their samples",
		NEEDS_NOTHING, cmd_check},
	{"poll", "poll [SOURCE...] [--force]", "ask the sources that are due (--force: all; or those named) now",
		NEEDS_STORE, cmd_poll},
	{"extract", "extract RECIPE|auto FILE... [--trace] [--detail]",
		"items of local files as JSON, one line a file (--detail: of the page of one call)", NEEDS_NOTHING,
		cmd_extract},
	{"sources", "sources [--json]", "health of each source: last success, next poll, items, what is wrong",
		NEEDS_STORE, cmd_sources},
	{"list", "list [--all] [--json]", "open calls, nearest deadline first (--all: closed ones too)", NEEDS_STORE,
		cmd_list},
	{"search", "search QUERY [--all] [--json]", "open calls that a query finds", NEEDS_STORE, cmd_search},
	{"show", "show ID [--json]", "all about one call: text, deadlines, where it was seen, who it suits", NEEDS_STORE,
		cmd_show},
	{"add", "add [FILE|-] [--id ID] [--title T] [--link URL] [--deadline DATE] [--text T] [--kind K] [--funder F]"
		" [--programme P] [--call C] [--budget B]",
		"take in an offer you were sent (.eml, or JSON as of 'list --json'), or edit a stored one", NEEDS_STORE, cmd_add},
	{"fmt", "fmt [--check] FILE...", "lay out files that people edit: values in one column, nothing else changed",
		NEEDS_NOTHING, cmd_fmt},
	{"match", "match FILE|ID", "profiles hit, with score and reasons, as JSON lines; FILE holds calls as 'list --json' prints them",
		NEEDS_NOTHING, cmd_match},
	{"new", "new profile [--name N] [--id ID] [--kind K] [--email E] [--organisation O] [--country C] [--language L]"
		" [--tags T] [--digest D] [--mode M] [--use SETS] [--keywords W] [--match QUERY] [--note N] [--consent C]",
		"write the file of a new member; asks on a terminal, or takes flags; never overwrites", NEEDS_CONFIG, cmd_new},
	{"import", "import members|forwards FILE.csv [--write] [--by WHO]",
		"take in a spreadsheet of members, or of what was forwarded by hand; shows what it would do until --write",
		NEEDS_CONFIG, cmd_import},
	{"explain", "explain ID PROFILE [--json]", "why a call reached a profile or not: clause by clause, and where it stopped",
		NEEDS_STORE, cmd_explain},
	{"try", "try FILE|PROFILE|--query Q [--last 180d] [--json]",
		"what an edited rule file, a profile or a query makes of the stored calls; changes nothing", NEEDS_STORE,
		cmd_try},
	{"orphans", "orphans [--json]", "open calls that reach nobody, with the member they nearly suit", NEEDS_STORE,
		cmd_orphans},
	{"silent", "silent [--last 60d] [--json]", "profiles that were sent nothing for so long, and why", NEEDS_STORE,
		cmd_silent},
	{"terms", "terms [--json]", "words of rules that never occur, and those behind most 'not relevant' answers",
		NEEDS_STORE, cmd_terms},
	{"pending", "pending [--json]", "everything matched and not yet sent, with the reason", NEEDS_STORE, cmd_pending},
	{"review", "review [approve|reject|edit ID PROFILE] [--why W] [--note N] [--by WHO] [--json]",
		"what is held for review; decide it, with a note to the member", NEEDS_STORE, cmd_review},
	{"merge", "merge [ID ID [--undo|--reject]] [--by WHO] [--json]",
		"calls that look like one; make two of them one, take that back, or say that they are two", NEEDS_STORE,
		cmd_merge},
	{"rules", "rules [--at DAY|TIME] [--json]", "which rules were in force when; with --at their text", NEEDS_STORE,
		cmd_rules},
	{"digest", "digest [PROFILE --preview [--html FILE] | PROFILE --to ADDRESS]",
		"queue the mails that are due; or show one, sending nothing; or send a marked test copy", NEEDS_STORE,
		cmd_digest},
	{"deliver", "deliver", "send what the outbox holds", NEEDS_STORE, cmd_deliver},
	{"outbox", "outbox [release|drop MAIL] [--json]",
		"mails that wait, failed or are held, and the latest that went; send one again, or tell its calls anew",
		NEEDS_STORE, cmd_outbox},
	{"answer", "answer PROFILE ID interested|not-relevant|contact|applying|applied|won|lost [--on DATE] [--note N]"
		   " [--by WHO]"
		   " [--eur N] [--project P]",
		"record what a member answered", NEEDS_STORE, cmd_answer},
	{"retract", "retract EVENT WHY [--by WHO]", "take a wrong answer back; both stay in the ledger", NEEDS_STORE,
		cmd_retract},
	{"unsubscribe", "unsubscribe EMAIL [--why W]", "send nothing to this address any more", NEEDS_STORE,
		cmd_unsubscribe},
	{"report", "report [--from DATE] [--to DATE] [--evidence] [--json]",
		"the figures of a period, with their definitions (default: this year until today)", NEEDS_STORE, cmd_report},
	{"help", "help [VERB | keys [SECTION]] [--mdoc]", "what a verb takes; what may stand in the files that people edit",
		NEEDS_NOTHING, cmd_help},
	{"version", "version", "the program's version", NEEDS_NOTHING, cmd_version},
};

const size_t verb_count = COUNT(verbs);

static const struct verb *find_verb(const char *name)
{
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (strcmp(verbs[i].name, name) == 0)
			return &verbs[i];
	return NULL;
}

static int unknown_verb(const char *name)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(1 << 16);
	struct diags d = {.a = a};
	const char *names[COUNT(verbs)];
	for (size_t i = 0; i < COUNT(verbs); i++)
		names[i] = verbs[i].name;
	const char *hint = diag_suggest(&d, str_of(name), names, COUNT(verbs));
	fprintf(stderr, "fundwatch: there is no verb '%s'; %s\n", name,
		hint == NULL ? "try 'fundwatch --help'" : hint);
	return EXIT_USAGE;
}

/* Takes the options before the verb; how many words they were, -1 when wrong. */
static int global_options(int argc, char **argv, struct cli *c)
{
	int i = 1;
	for (; i < argc && argv[i][0] == '-'; i++) {
		bool dir = strcmp(argv[i], "-c") == 0, now = strcmp(argv[i], "--now") == 0;
		int64_t t;
		if ((!dir && !now) || i + 1 >= argc) {
			fprintf(stderr, "fundwatch: unknown option %s, or its value is missing\n", argv[i]);
			return -1;
		}
		i++;
		if (dir)
			c->dir = argv[i];
		else if (instant_from_iso(str_of(argv[i]), &t))
			clock_set(t);
		else {
			fprintf(stderr, "fundwatch: --now expects a time such as 2026-11-23T07:00:00Z\n");
			return -1;
		}
	}
	return i;
}

static int run_verb(const struct verb *v, struct cli *c)
{
	struct error e;
	if (c->argc > 0 && strcmp(c->argv[0], "--help") == 0)
		return help_verb(v);
	if (v->needs >= NEEDS_CONFIG && app_load(&c->app, c->dir) != ERR_OK)
		return EXIT_CONFIGURATION;
	if (v->needs >= NEEDS_STORE) {
		enum err rc = app_open(&c->app, &e);
		if (rc != ERR_OK)
			return cli_end(rc, &e);
	}
	return v->run(c);
}

int main(int argc, char **argv)
{
	struct cli c = {.dir = file_exists("/etc/fundwatch/fundwatch.conf") ? "/etc/fundwatch" : "conf"};
	(void)signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		help_print(stdout);
		return EXIT_OK;
	}
	int at = global_options(argc, argv, &c);
	if (at < 0 || at >= argc) {
		help_print(stderr);
		return EXIT_USAGE;
	}
	const struct verb *v = find_verb(argv[at]);
	if (v == NULL)
		return unknown_verb(argv[at]);
	c.a = arena_new(CLI_ARENA_MAX);
	c.synopsis = v->synopsis;
	c.argc = argc - at - 1;
	c.argv = argv + at + 1;
	int status = run_verb(v, &c);
	app_close(&c.app);
	arena_free(c.a);
	if (fflush(stdout) != 0 || ferror(stdout) != 0)
		status = status == EXIT_OK ? EXIT_FAILED : status;
	return status;
}
