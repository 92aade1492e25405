/* SPDX-License-Identifier: MIT
 *
 * review, pending, digest, outbox: what is on its way to members.
 */
#include "cli/cli.h"

/* ---- review ----------------------------------------------------------------------- */

static int list_reviews(struct cli *c, bool json)
{
	static const char *const heads[] = {"id", "profile", "since", "deadline", "title", "note"};
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct stored_hits hits;
	struct error e;
	enum err rc = store_reviews(c->app.store, c->a, &hits, &e);
	for (size_t i = 0; rc == ERR_OK && i < hits.list.n; i++) {
		const struct stored_hit *h = &hits.list.v[i];
		struct opportunity o;
		rc = store_opportunity(c->app.store, c->a, h->opportunity, &o, &e);
		if (rc != ERR_OK)
			break;
		const struct str cells[] = {cli_short_id(c, o.id), h->profile, cli_time(c, h->at),
			cli_deadline(c, &o), o.title, h->note};
		for (size_t k = 0; k < COUNT(cells); k++)
			table_add(&t, cells[k]);
	}
	if (rc == ERR_OK)
		table_print(&t, json, stdout);
	return cli_end(rc, &e);
}

static bool verdict_of(const char *word, struct review *r)
{
	if (strcmp(word, "approve") == 0)
		r->verdict = REVIEW_APPROVE;
	else if (strcmp(word, "reject") == 0)
		r->verdict = REVIEW_REJECT;
	else if (strcmp(word, "edit") == 0)
		r->verdict = REVIEW_EDIT;
	else
		return false;
	return true;
}

static const char *when_it_goes(struct cli *c, const struct review *r, const struct profile *p)
{
	int64_t next = schedule_next(&p->digest, clock_now());
	if (r->verdict != REVIEW_APPROVE || next == INT64_MAX)
		return "";
	return arena_printf(c->a, "; it goes with the next digest, %.*s", STRF(cli_time(c, next)));
}

int cmd_review(struct cli *c)
{
	const char *why = "", *note = "", *by = NULL;
	bool json = false;
	const struct option_spec specs[] = {
		{"why", &why, NULL}, {"note", &note, NULL}, {"by", &by, NULL}, {"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 3))
		return EXIT_USAGE;
	if (c->argc == 0)
		return list_reviews(c, json);
	struct review r = {.why = str_of(why), .note = str_of(note), .at = clock_now()};
	if (c->argc != 3 || !verdict_of(c->argv[0], &r))
		return cli_usage(c);
	const struct profile *p = cli_profile(c, c->argv[2]);
	struct opportunity o;
	struct error e;
	if (p == NULL || !cli_find(c, c->argv[1], &o))
		return EXIT_FAILED;
	r.opportunity = o.id;
	r.profile = p->id;
	r.who = by == NULL ? cli_who(c) : str_of(by);
	enum err rc = store_begin(c->app.store, &e);
	if (rc == ERR_OK)
		rc = store_review(c->app.store, &r, &e);
	if (rc == ERR_OK)
		rc = store_commit(c->app.store, &e);
	else
		store_rollback(c->app.store);
	if (rc == ERR_OK)
		printf("%s: %.*s for %.*s%s\n", c->argv[0], STRF(o.title), STRF(p->id),
			when_it_goes(c, &r, p));
	return cli_end(rc, &e);
}

/* ---- pending, digest, outbox --------------------------------------------------------- */

int cmd_pending(struct cli *c)
{
	static const char *const heads[] = {"id", "profile", "why it waits", "title"};
	bool json = false;
	const struct option_spec specs[] = {{"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 0))
		return EXIT_USAGE;
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct pending_list list;
	struct error e;
	enum err rc = pending_all(&c->app, c->a, &list, &e);
	for (size_t i = 0; rc == ERR_OK && i < list.list.n; i++) {
		const struct pending *p = &list.list.v[i];
		table_add(&t, cli_short_id(c, p->opportunity));
		table_add(&t, p->profile);
		table_add(&t, p->reason);
		table_add(&t, p->title);
	}
	if (rc == ERR_OK)
		table_print(&t, json, stdout);
	return cli_end(rc, &e);
}

static int preview(struct cli *c, const struct profile *p, const char *html)
{
	struct preview v;
	struct error e;
	enum err rc = digest_preview(&c->app, c->a, p, &v, &e);
	if (rc == ERR_OK && html != NULL)
		rc = file_write(html, v.html, &e);
	if (rc == ERR_OK && v.suppressed)
		printf("nothing to send to %.*s: %s\n", STRF(p->id), SUPPRESSED_TEXT);
	else if (rc == ERR_OK && v.text.n == 0)
		printf("nothing to send to %.*s now (%zu waiting, see 'fundwatch pending')\n", STRF(p->id),
			v.waiting);
	else if (rc == ERR_OK)
		printf("Subject: %.*s\n\n%.*s", STRF(v.subject), STRF(v.text));
	return cli_end(rc, &e);
}

static int test_copy(struct cli *c, const struct profile *p, const char *to)
{
	struct preview v;
	struct error e;
	struct str address = str_lower(c->a, str_of(to));
	if (!address_valid(address)) {
		log_error("--to expects an address such as me@cluster.example");
		return EXIT_USAGE;
	}
	enum err rc = digest_test_copy(&c->app, c->a, p, address, &v, &e);
	if (rc == ERR_OK && v.text.n == 0)
		printf("nothing to send to %.*s now (%zu waiting, see 'fundwatch pending')\n", STRF(p->id),
			v.waiting);
	else if (rc == ERR_OK)
		printf("a test copy went to %.*s: %.*s\n", STRF(address), STRF(v.subject));
	return cli_end(rc, &e);
}

int cmd_digest(struct cli *c)
{
	const char *html = NULL, *to = NULL;
	bool want_preview = false;
	const struct option_spec specs[] = {
		{"html", &html, NULL}, {"to", &to, NULL}, {"preview", NULL, &want_preview}};
	if (!cli_options(c, specs, COUNT(specs), 0, 1))
		return EXIT_USAGE;
	struct digest_counts n;
	struct error e;
	if ((want_preview || to != NULL) != (c->argc == 1) || (want_preview && to != NULL))
		return cli_usage(c);
	if (c->argc == 1) {
		const struct profile *p = cli_profile(c, c->argv[0]);
		if (p == NULL)
			return EXIT_FAILED;
		return to != NULL ? test_copy(c, p, to) : preview(c, p, html);
	}
	enum err rc = digest_due(&c->app, &n, &e);
	if (rc == ERR_OK)
		printf("%lld mail%s with %lld new calls, %lld changes, %lld reminders queued for %lld "
		       "recipients who were due\n",
			(long long)n.mails, n.mails == 1 ? "" : "s", (long long)n.calls, (long long)n.changes,
			(long long)n.reminders, (long long)n.recipients);
	return cli_end(rc, &e);
}

/* release: sent again as it is; drop: what it held is told anew in the next digest. */
static int change_mail(struct cli *c)
{
	struct error e;
	int64_t id;
	bool release = strcmp(c->argv[0], "release") == 0, recalled = true;
	if ((!release && strcmp(c->argv[0], "drop") != 0) ||
		!str_to_i64(str_of(c->argv[1]), 1, INT64_MAX, &id))
		return cli_usage(c);
	enum err rc = store_begin(c->app.store, &e);
	if (rc == ERR_OK)
		rc = release ? store_mail_release(c->app.store, id, clock_now(), &e)
			     : store_mail_recall(c->app.store, id, true, clock_now(), &recalled, &e);
	if (rc == ERR_OK && !recalled)
		rc = err_set(&e, ERR_INPUT, "mail %lld is not there, went already, or may have gone",
			(long long)id);
	if (rc == ERR_OK)
		rc = store_commit(c->app.store, &e);
	else
		store_rollback(c->app.store);
	if (rc == ERR_OK)
		printf("mail %lld %s\n", (long long)id,
			release ? "is sent again with the next delivery"
				: "is dropped; its calls go with the next digest");
	return cli_end(rc, &e);
}

int cmd_outbox(struct cli *c)
{
	static const char *const heads[] = {
		"mail", "state", "created", "attempts", "recipient", "subject", "reply"};
	enum { ACCEPTED_SHOWN = 10 };
	bool json = false;
	const struct option_spec specs[] = {{"json", NULL, &json}};
	if (!cli_options(c, specs, COUNT(specs), 0, 2))
		return EXIT_USAGE;
	if (c->argc == 2)
		return change_mail(c);
	if (c->argc == 1)
		return cli_usage(c);
	struct table t = {.a = c->a, .heads = heads, .columns = COUNT(heads)};
	struct mails mails;
	struct error e;
	enum err rc = store_outbox(c->app.store, c->a, ACCEPTED_SHOWN, &mails, &e);
	for (size_t i = 0; rc == ERR_OK && i < mails.list.n; i++) {
		const struct mail *m = &mails.list.v[i];
		const struct str cells[] = {str_of(arena_printf(c->a, "%lld", (long long)m->id)), m->state,
			cli_time(c, m->created), str_of(arena_printf(c->a, "%lld", (long long)m->attempts)),
			m->recipient, m->subject, m->reply};
		for (size_t k = 0; k < COUNT(cells); k++)
			table_add(&t, cells[k]);
	}
	if (rc == ERR_OK)
		table_print(&t, json, stdout);
	return cli_end(rc, &e);
}
