/* SPDX-License-Identifier: MIT
 *
 * run, poll, deliver, status, version: the stages by hand and by daemon.
 */
#include "cli/cli.h"

#include <unistd.h>

#include "cli/languages.h"

#define VERSION "0.1.0"

static void say_polls(const struct poll_counts *n)
{
	printf("seen: %lld items at %lld sources (%lld new, %lld changed, %lld known, %lld not about calls); "
	       "%lld not modified, %lld failed\n",
		(long long)n->items, (long long)n->sources, (long long)n->added, (long long)n->changed,
		(long long)n->same, (long long)n->irrelevant, (long long)n->unmodified, (long long)n->failed);
}

static void say_details(const struct detail_counts *n)
{
	if (n->asked > 0)
		printf("details: %lld calls asked for, %lld told more, %lld failed\n", (long long)n->asked,
			(long long)n->filled, (long long)n->failed);
}

static void say_digests(const struct digest_counts *n)
{
	printf("digests: %lld mail%s with %lld new calls, %lld changes, %lld reminders for %lld recipients "
	       "who were due\n",
		(long long)n->mails, n->mails == 1 ? "" : "s", (long long)n->calls, (long long)n->changes,
		(long long)n->reminders, (long long)n->recipients);
}

static void say_mails(const struct mail_counts *n)
{
	printf("mailed: %lld new mail%s accepted by the relay", (long long)n->accepted,
		n->accepted == 1 ? "" : "s");
	const struct {
		int64_t n;
		const char *what;
	} rest[] = {{n->deferred, "deferred"}, {n->failed, "refused"}, {n->unknown, "of unknown fate"},
		{n->untried, "not tried"}, {n->not_allowed, "held by 'deliver'"}};
	for (size_t i = 0; i < COUNT(rest); i++)
		if (rest[i].n > 0)
			printf(", %lld %s", (long long)rest[i].n, rest[i].what);
	printf("\n");
}

static int run_once(struct cli *c)
{
	struct error e;
	struct pass_counts n;
	struct totals t;
	c->app.narrate = isatty(STDERR_FILENO) == 1;
	stop_on_signals(&c->app);
	enum err rc = app_open(&c->app, &e);
	if (rc == ERR_OK)
		reload_note(&c->app, NULL);
	if (rc == ERR_OK)
		rc = pipeline_once(&c->app, &n, &e);
	if (rc != ERR_OK && rc != ERR_TEMPORARY)
		return cli_end(rc, &e);
	if (n.poll.sources > 0)
		say_polls(&n.poll);
	say_details(&n.details);
	if (n.digest.mails > 0)
		say_digests(&n.digest);
	say_mails(&n.mail);
	struct error ignored;
	if (store_totals(c->app.store, &t, &ignored) == ERR_OK && t.in_review > 0)
		printf("held for review: %lld (see 'fundwatch review')\n", (long long)t.in_review);
	return cli_end(rc, &e);
}

int cmd_run(struct cli *c)
{
	bool once = false;
	const struct option_spec specs[] = {{"once", NULL, &once}};
	if (!cli_options(c, specs, COUNT(specs), 0, 1))
		return EXIT_USAGE;
	struct error e;
	if (once)
		return c->argc > 0 ? cli_usage(c) : run_once(c);
	if (c->argc == 0)
		return cli_end(supervise(&c->app, &e), &e);
	if (strcmp(c->argv[0], "poll") == 0)
		return cli_end(worker_poll(&c->app, &e), &e);
	if (strcmp(c->argv[0], "mail") == 0)
		return cli_end(worker_mail(&c->app, &e), &e);
	return cli_usage(c);
}

static void add_polls(struct poll_counts *all, const struct poll_counts *n)
{
	all->sources += n->sources;
	all->failed += n->failed;
	all->unmodified += n->unmodified;
	all->items += n->items;
	all->added += n->added;
	all->irrelevant += n->irrelevant;
	all->changed += n->changed;
	all->same += n->same;
}

static void add_details(struct detail_counts *all, const struct detail_counts *n)
{
	all->asked += n->asked;
	all->filled += n->filled;
	all->failed += n->failed;
}

/* The named source, or all that are due, and what is then to be asked of calls. */
static enum err poll(struct cli *c, struct str name, bool force, struct poll_counts *all,
	struct detail_counts *details, struct error *e)
{
	struct poll_counts n;
	struct detail_counts d;
	if (name.n > 0 && conf_recipe(c->app.config, name) == NULL)
		return err_set(e, ERR_INPUT,
			"there is no source '%.*s' in use ('fundwatch sources' lists them)", STRF(name));
	enum err rc = take_in(&c->app, name, force, &n, e);
	if (rc != ERR_OK)
		return rc;
	add_polls(all, &n);
	rc = details_ask(&c->app, name, &d, e);
	if (rc == ERR_OK)
		add_details(details, &d);
	return rc;
}

int cmd_poll(struct cli *c)
{
	bool force = false;
	const struct option_spec specs[] = {{"force", NULL, &force}};
	if (!cli_options(c, specs, COUNT(specs), 0, 1000))
		return EXIT_USAGE;
	struct error e;
	struct poll_counts all = {0};
	struct detail_counts details = {0};
	enum err rc = ERR_OK;
	c->app.narrate = isatty(STDERR_FILENO) == 1;
	stop_on_signals(&c->app);
	for (int i = 0; rc == ERR_OK && i < (c->argc > 0 ? c->argc : 1); i++)
		rc = poll(c, c->argc > 0 ? str_of(c->argv[i]) : (struct str){0}, force, &all, &details, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	say_polls(&all);
	say_details(&details);
	return all.failed > 0 ? EXIT_FAILED : EXIT_OK;
}

int cmd_deliver(struct cli *c)
{
	if (!cli_options(c, NULL, 0, 0, 0))
		return EXIT_USAGE;
	struct error e;
	struct mail_counts n;
	stop_on_signals(&c->app);
	enum err rc = deliver(&c->app, &n, &e);
	if (rc == ERR_OK || rc == ERR_TEMPORARY)
		say_mails(&n);
	return cli_end(rc, &e);
}

/* "23 November 2026 09:00, ok" */
static const char *load_text(struct cli *c, const struct last_load *l)
{
	if (!l->known)
		return "never by a running daemon";
	const char *when = str_c(c->a, cli_time(c, l->at));
	struct str rules = str_sub(l->rules, 0, RULES_SHOWN);
	if (l->errors > 0)
		return arena_printf(c->a, "%s, refused: %lld error%s; rules %.*s stay in force", when,
			(long long)l->errors, l->errors == 1 ? "" : "s", STRF(rules));
	return arena_printf(c->a, "%s, ok: rules %.*s", when, STRF(rules));
}

/* With files that can't be used: what a running daemon made of them, which is when
 * people ask. The faults were printed. */
static int status_of_broken(struct cli *c, bool json)
{
	static const char *const heads[] = {"what", "state"};
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct diags d = {.a = c->a};
	struct last_load last = {0};
	struct error e;
	bool readable = conf_load(c->dir, &d, &c->app.config) == ERR_OK ||
			c->app.config->settings.database.n > 0; /* the fault may be in a rule alone */
	if (!readable || !file_exists(str_c(c->a, c->app.config->settings.database)))
		return EXIT_CONFIGURATION;
	enum err rc = app_open(&c->app, &e);
	if (rc == ERR_OK)
		rc = reload_last(&c->app, c->a, &last, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	table_add(&t, STR("files"));
	table_add(&t, STR("can't be used: see the errors; a running daemon keeps the rules before them"));
	table_add(&t, STR("last load"));
	table_add(&t, str_of(load_text(c, &last)));
	table_print(&t, json, stdout);
	return EXIT_CONFIGURATION;
}

int cmd_status(struct cli *c)
{
	bool json = false;
	const struct option_spec specs[] = {{"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 0))
		return EXIT_USAGE;
	static const char *const heads[] = {"what", "state"};
	static const char *const modes[] = {[DELIVER_OFF] = "off: nothing leaves",
		[DELIVER_ONLY] = "only to the addresses listed",
		[DELIVER_ON] = "on"};
	if (app_load(&c->app, c->dir) != ERR_OK)
		return status_of_broken(c, json);
	const struct config *conf = c->app.config;
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct totals n = {0};
	struct error e;
	int64_t failing = 0;
	enum err rc = app_open(&c->app, &e);
	if (rc == ERR_OK)
		rc = store_totals(c->app.store, &n, &e);
	for (size_t i = 0; rc == ERR_OK && i < conf->recipes.n; i++) {
		struct source_state st;
		rc = store_source(c->app.store, c->a, conf->recipes.v[i].name, &st, &e);
		failing += rc == ERR_OK && st.failures > 0;
	}
	struct last_load last;
	if (rc == ERR_OK)
		rc = reload_last(&c->app, c->a, &last, &e);
	if (rc != ERR_OK)
		return cli_end(rc, &e);
	const struct {
		const char *what, *state;
	} rows[] = {
		{"cluster", str_c(c->a, conf->settings.name)},
		{"rules", arena_printf(c->a, "%zu profiles, %.*s", conf->profiles.n,
				  STRF(str_sub(conf->hash, 0, RULES_SHOWN)))},
		{"last load", load_text(c, &last)},
		{"languages", languages_state(c->a, conf)},
		{"sources", arena_printf(c->a, "%zu, %lld failing", conf->recipes.n, (long long)failing)},
		{"calls", arena_printf(c->a, "%lld stored, %lld hits", (long long)n.opportunities,
				  (long long)n.hits)},
		{"review", arena_printf(c->a, "%lld held", (long long)n.in_review)},
		{"deliver", modes[conf->settings.deliver]},
		{"outbox", arena_printf(c->a, "%lld waiting, %lld held or failed, %lld accepted",
				   (long long)n.queued, (long long)n.held, (long long)n.accepted)},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		table_add(&t, str_of(rows[i].what));
		table_add(&t, str_of(rows[i].state));
	}
	table_print(&t, json, stdout);
	return EXIT_OK;
}

int cmd_version(struct cli *c)
{
	if (!cli_options(c, NULL, 0, 0, 0))
		return EXIT_USAGE;
	puts("fundwatch " VERSION);
	return EXIT_OK;
}
