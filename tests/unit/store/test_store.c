/* SPDX-License-Identifier: MIT
 *
 * The store: every statement prepares, identity and merging, changes, hits and
 * reviews, the outbox's states, the ledger's figures; on real SQLite files.
 */
#include "harness.h"

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/db.h"
#include "store/schema.h"

#define NOW 1795417200 /* 2026-11-23T07:00:00Z */

static char path[] = "/tmp/fundwatch-store-XXXXXX";
static struct store *s;
static struct arena *a;
static struct error e;

static int setup(void **state)
{
	(void)state;
	a = arena_new(ARENA_TEST);
	memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
	int fd = mkstemp(path);
	if (fd < 0)
		return -1;
	(void)close(fd);
	return store_open(path, &s, &e) == ERR_OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	store_close(s);
	(void)unlink(path);
	(void)unlink(arena_printf(a, "%s-wal", path));
	(void)unlink(arena_printf(a, "%s-shm", path));
	arena_free(a);
	return 0;
}

#define ok(call) assert_int_equal((call), ERR_OK)

static struct opportunity call_of(const char *source, const char *call, const char *url, const char *title)
{
	struct opportunity o = {
		.kind = KIND_GRANT,
		.source = str_of(source),
		.call = str_of(call),
		.url = str_of(url),
		.title = str_of(title),
		.budget = {AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, ""},
	};
	o.key = str_of(call[0] != '\0' ? arena_printf(a, "call:%s", call)
				       : arena_printf(a, "guid:%s:%s", source, title));
	return o;
}

static void add_deadline(struct opportunity *o, int16_t year, int8_t month, int8_t day)
{
	*vec_push(a, &o->deadlines) =
		(struct deadline){.date = {year, month, day}, .minute = 1020, .zone = STR("Europe/Brussels")};
}

static enum seen take(const struct opportunity *o, int64_t *id)
{
	enum seen seen;
	ok(store_begin(s, &e));
	ok(store_take_in(s, a, o, NOW, &seen, id, &e));
	ok(store_commit(s, &e));
	return seen;
}

static void test_statements(void **state)
{
	(void)state;
	ok(store_prepare_all(s, &e));
}

static void test_reopen_and_versions(void **state)
{
	(void)state;
	store_close(s);
	ok(store_open(path, &s, &e));
	store_close(s);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "PRAGMA user_version = 99", NULL, NULL, NULL), SQLITE_OK);
	(void)sqlite3_close(db);
	s = NULL;
	assert_int_equal(store_open(path, &s, &e), ERR_CONFIG);
	assert_non_null(strstr(e.text, "newer"));
	assert_int_equal(store_open("/nonexistent/dir/x.db", &s, &e), ERR_CONFIG);
}

static int64_t number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *st;
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	int64_t n = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
	(void)sqlite3_finalize(st);
	return n;
}

/* What a store of version 1 holds is there in this one, and beside it a copy as it was. */
static void test_a_store_of_version_1(void **state)
{
	(void)state;
	const char *old = arena_printf(a, "%s.old", path), *copy = arena_printf(a, "%s.before-v2", old);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(old, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, schema_files[0].text, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db,
				 "INSERT INTO outbox (id, kind, recipient, slot, message_id, sender, subject, bytes, state,"
				 " next_try, created) VALUES (7, 'digest', 'a@a.example', 5, 'm@x', 's@x', 'subject', x'4142',"
				 " 'accepted', 5, 5);"
				 "INSERT INTO mail_item (recipient, opportunity, outbox) VALUES ('a@a.example', 1, 7);"
				 "INSERT INTO served (profile, recipient, slot, since) VALUES ('p', 'a@a.example', 5, 1);"
				 "PRAGMA user_version = 1",
				 NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(db, arena_printf(a, "PRAGMA application_id = %d", STORE_APP_ID), NULL, NULL, NULL),
		SQLITE_OK);
	(void)sqlite3_close(db);

	struct store *now;
	struct served served;
	ok(store_open(old, &now, &e));
	ok(store_prepare_all(now, &e));
	ok(store_served(now, a, STR("p"), STR("a@a.example"), &served, &e));
	assert_int_equal(served.slot, 5);
	assert_int_equal(served.schedule.n, 0);
	store_close(now);
	assert_int_equal(sqlite3_open(old, &db), SQLITE_OK);
	assert_int_equal(number(db, "PRAGMA user_version"), STORE_VERSION);
	assert_int_equal(number(db, "SELECT count(*) FROM mail_item JOIN outbox ON outbox.id = mail_item.outbox"
				    " WHERE bytes = x'4142' AND state = 'accepted'"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM pragma_foreign_key_check WHERE parent = 'outbox'"), 0);
	(void)sqlite3_close(db);
	assert_int_equal(sqlite3_open(copy, &db), SQLITE_OK);
	assert_int_equal(number(db, "PRAGMA user_version"), 1);
	assert_int_equal(number(db, "SELECT count(*) FROM outbox"), 1);
	(void)sqlite3_close(db);
	(void)unlink(old);
	(void)unlink(copy);
}

static void test_new_same_changed(void **state)
{
	(void)state;
	int64_t id, again;
	struct opportunity o = call_of("eu", "HORIZON-HLTH-2027-01", "https://a.example/1", "Cells");
	add_deadline(&o, 2027, 4, 8);
	assert_int_equal(take(&o, &id), SEEN_NEW);
	assert_int_equal(take(&o, &again), SEEN_SAME);
	assert_int_equal(id, again);
	o.deadlines.v[0].date = (struct date){2027, 4, 22};
	assert_int_equal(take(&o, &again), SEEN_CHANGED);
	o.body = STR("more words"); /* not a meaningful change, but stored */
	assert_int_equal(take(&o, &again), SEEN_SAME);
	struct opportunity got;
	struct history h;
	ok(store_opportunity(s, a, id, &got, &e));
	assert_str(got.body, "more words");
	assert_int_equal(got.deadlines.n, 1);
	assert_int_equal(got.deadlines.v[0].date.day, 22);
	assert_int_equal(got.deadlines.v[0].minute, 1020);
	ok(store_history(s, a, id, &h, &e));
	assert_int_equal(h.changes.n, 1);
	assert_str(h.changes.v[0].field, "deadline");
	assert_int_equal(h.sightings.n, 1);
}

static void test_one_call_at_two_sources(void **state)
{
	(void)state;
	int64_t news, portal, again;
	struct opportunity a1 = call_of("news", "", "https://news.example/n/1", "A call is open");
	a1.call = STR("HORIZON-HLTH-2027-01");
	struct opportunity b1 = call_of("eu", "HORIZON-HLTH-2027-01", "https://a.example/1", "Cells");
	add_deadline(&b1, 2027, 4, 8);
	assert_int_equal(take(&a1, &news), SEEN_NEW);
	(void)take(&b1, &portal); /* knows a deadline: its words stand from now on */
	assert_int_equal(news, portal);
	assert_int_equal(take(&a1, &again), SEEN_SAME);
	assert_int_equal(take(&b1, &again), SEEN_SAME);
	struct opportunity got;
	ok(store_opportunity(s, a, portal, &got, &e));
	assert_str(got.title, "Cells");
	assert_str(got.source, "eu");
	struct history h;
	ok(store_history(s, a, portal, &h, &e));
	assert_int_equal(h.sightings.n, 2);
}

static void test_two_news_about_one_call(void **state)
{
	(void)state;
	int64_t one, two = 0;
	struct opportunity x = call_of("news", "", "https://n.example/1", "First"),
			   y = call_of("news", "", "https://n.example/2", "Second");
	x.call = y.call = STR("C-7");
	add_deadline(&x, 2027, 1, 5);
	add_deadline(&y, 2027, 2, 5);
	assert_int_equal(take(&x, &one), SEEN_NEW);
	for (int i = 0; i < 3; i++) { /* poll after poll: no flapping */
		assert_int_equal(take(&y, &two), SEEN_SAME);
		assert_int_equal(take(&x, &one), SEEN_SAME);
	}
	assert_int_equal(one, two);
	struct opportunity z = call_of("eu", "C-7", "https://eu.example/c7", "The call itself");
	add_deadline(&z, 2027, 1, 5);
	(void)take(&z, &two); /* the portal that knows it by its id speaks from now on */
	(void)take(&x, &one);
	struct opportunity got;
	ok(store_opportunity(s, a, two, &got, &e));
	assert_str(got.title, "The call itself");
}

static void test_a_shared_link_is_weak(void **state)
{
	(void)state;
	int64_t one, two, three, four;
	struct opportunity x = call_of("list", "", "https://p.example/all", "First"),
			   y = call_of("list", "", "https://p.example/all", "Second"),
			   z = call_of("other", "", "http://www.p.example/all/", "First again"),
			   q = call_of("third", "CALL-9", "https://p.example/all", "Another call");
	assert_int_equal(take(&x, &one), SEEN_NEW);
	assert_int_equal(take(&y, &two), SEEN_NEW); /* same page, same source: two calls */
	assert_int_not_equal(one, two);
	(void)take(&z, &three); /* same link at another source: one call */
	assert_int_equal(three, one);
	x.call = STR("CALL-1");
	(void)take(&x, &one);
	assert_int_equal(take(&q, &four), SEEN_NEW); /* different call ids never merge */
}

static void test_find(void **state)
{
	(void)state;
	int64_t one, two, got;
	struct opportunity x = call_of("eu", "HORIZON-AB-01", "", "x"),
			   y = call_of("eu", "HORIZON-AB-02", "", "y");
	(void)take(&x, &one);
	(void)take(&y, &two);
	struct str id;
	ok(store_short_id(s, a, two, &id, &e));
	ok(store_find(s, id, &got, &e));
	assert_int_equal(got, two);
	ok(store_find(s, STR("horizon-ab-01"), &got, &e));
	assert_int_equal(got, one);
	assert_int_equal(store_find(s, STR("HORIZON"), &got, &e), ERR_INPUT);
	assert_non_null(strstr(e.text, "could be"));
	assert_int_equal(store_find(s, STR("nothing"), &got, &e), ERR_INPUT);
	assert_int_equal(store_find(s, STR("%"), &got, &e), ERR_INPUT);
	assert_int_equal(store_find(s, STR(""), &got, &e), ERR_INPUT);
}

static void save_hit(int64_t id, const char *profile, enum hit_state st)
{
	struct stored_hit h = {.opportunity = id,
		.profile = str_of(profile),
		.score = 3,
		.state = st,
		.rules = STR("r"),
		.at = NOW};
	*vec_push(a, &h.reasons) = (struct stored_reason){
		.line = STR("p.conf:3"), .field = STR("title"), .words = STR("cells"), .end = 5};
	ok(store_begin(s, &e));
	ok(store_hit_save(s, &h, &e));
	ok(store_commit(s, &e));
}

static enum err decide(int64_t id, const char *profile, int verdict, const char *note)
{
	struct review r = {.opportunity = id,
		.profile = str_of(profile),
		.who = STR("anna"),
		.why = STR("why"),
		.note = str_of(note),
		.at = NOW};
	r.verdict = verdict == 0 ? REVIEW_APPROVE : verdict == 1 ? REVIEW_REJECT : REVIEW_EDIT;
	ok(store_begin(s, &e));
	enum err rc = store_review(s, &r, &e);
	if (rc == ERR_OK)
		ok(store_commit(s, &e));
	else
		store_rollback(s);
	return rc;
}

static void test_review(void **state)
{
	(void)state;
	int64_t id;
	struct opportunity o = call_of("eu", "C-1", "", "t");
	(void)take(&o, &id);
	struct stored_hits hits;
	struct stored_hit h;
	save_hit(id, "lab", HIT_REVIEW);
	ok(store_reviews(s, a, &hits, &e));
	assert_int_equal(hits.list.n, 1);
	assert_int_equal(hits.list.v[0].reasons.n, 1);
	ok(decide(id, "lab", 2, "look at this"));
	ok(decide(id, "lab", 0, ""));
	ok(store_hit(s, a, id, STR("lab"), &h, &e));
	assert_int_equal(h.state, HIT_APPROVED);
	assert_str(h.note, "look at this"); /* an approval without note keeps it */
	save_hit(id, "lab", HIT_REVIEW);    /* matched again: the decision stands */
	ok(store_hit(s, a, id, STR("lab"), &h, &e));
	assert_int_equal(h.state, HIT_APPROVED);
	ok(store_begin(s, &e));
	ok(store_hit_drop(s, id, STR("lab"), &e)); /* rules no longer hit: staff's word stays */
	ok(store_commit(s, &e));
	ok(store_hit(s, a, id, STR("lab"), &h, &e));
	struct review r;
	bool found;
	ok(store_decision(s, a, id, STR("lab"), &found, &r, &e));
	assert_true(found);
	assert_int_equal(r.verdict, REVIEW_APPROVE);
	assert_str(r.who, "anna");
	assert_int_equal(decide(id, "nobody", 0, ""), ERR_INPUT);
}

static int64_t queue(const char *recipient, int64_t slot, int64_t id, const char *profile, const char *org,
	enum org_kind kind, bool test, enum err want)
{
	struct mail m = {.recipient = str_of(recipient),
		.slot = slot,
		.sender = STR("f@x.example"),
		.subject = STR("s"),
		.bytes = STR("bytes"),
		.created = NOW};
	m.message_id = str_of(arena_printf(a, "%s-%lld-%s", recipient, (long long)slot, profile));
	*vec_push(a, &m.items) = (struct mail_item){.opportunity = id,
		.profile = str_of(profile),
		.organisation = str_of(org),
		.org_kind = kind,
		.test = test};
	int64_t mail = 0;
	ok(store_begin(s, &e));
	assert_int_equal(store_mail_add(s, &m, &mail, &e), want);
	if (want == ERR_OK)
		ok(store_commit(s, &e));
	else
		store_rollback(s);
	return mail;
}

static void end(int64_t mail, enum mail_end how)
{
	bool claimed;
	struct mail m;
	ok(store_begin(s, &e));
	ok(store_mail_claim(s, a, mail, &claimed, &m, &e));
	assert_true(claimed);
	assert_str(m.bytes, "bytes");
	ok(store_commit(s, &e));
	ok(store_begin(s, &e));
	ok(store_mail_end(s, mail, how, STR("250 ok"), NOW + 300, true, NOW, &e));
	ok(store_commit(s, &e));
}

static void test_no_call_twice(void **state)
{
	(void)state;
	int64_t id;
	struct opportunity o = call_of("eu", "C-1", "", "t");
	(void)take(&o, &id);
	save_hit(id, "p", HIT_OPEN);
	struct stored_hits hits;
	ok(store_untold_hits(s, a, STR("p"), STR("x@y.example"), NOW, &hits, &e));
	assert_int_equal(hits.list.n, 1);
	(void)queue("x@y.example", 100, id, "p", "o", ORG_SME, false, ERR_OK);
	(void)queue("x@y.example", 100, id, "q", "o", ORG_SME, false, ERR_INPUT); /* same slot */
	(void)queue("x@y.example", 200, id, "p", "o", ORG_SME, false, ERR_INPUT); /* same call */
	ok(store_untold_hits(s, a, STR("p"), STR("x@y.example"), NOW, &hits, &e));
	assert_int_equal(hits.list.n, 0);
	bool taken;
	ok(store_slot_taken(s, STR("x@y.example"), MAIL_DIGEST, 100, &taken, &e));
	assert_true(taken);
	struct mails waiting;
	bool recalled;
	ok(store_mail_waiting(s, a, &waiting, &e));
	assert_int_equal(waiting.list.n, 1);
	ok(store_begin(s, &e));
	ok(store_mail_recall(s, waiting.list.v[0].id, false, NOW, &recalled, &e));
	ok(store_commit(s, &e));
	assert_true(recalled);
	ok(store_untold_hits(s, a, STR("p"), STR("x@y.example"), NOW, &hits, &e));
	assert_int_equal(hits.list.n, 1);
	(void)queue("x@y.example", 200, id, "p", "o", ORG_SME, false, ERR_OK);
}

static struct mail first_ready(int64_t now, size_t want)
{
	struct mails mails;
	ok(store_mail_ready(s, a, now, &mails, &e));
	assert_int_equal(mails.list.n, want);
	return want > 0 ? mails.list.v[0] : (struct mail){0};
}

static void test_outbox_states(void **state)
{
	(void)state;
	int64_t id, at;
	struct opportunity o = call_of("eu", "C-1", "", "t");
	(void)take(&o, &id);
	int64_t mail = queue("x@y.example", 100, id, "p", "o", ORG_SME, false, ERR_OK);
	(void)first_ready(NOW, 1);
	end(mail, MAIL_END_DEFERRED);
	(void)first_ready(NOW, 0);
	assert_int_equal(first_ready(NOW + 300, 1).attempts, 1);
	end(mail, MAIL_END_UNTRIED); /* nothing left us: not an attempt */
	assert_int_equal(first_ready(NOW + 300, 1).attempts, 1);
	end(mail, MAIL_END_UNKNOWN); /* once more ... */
	(void)first_ready(NOW + 300, 1);
	end(mail, MAIL_END_UNKNOWN); /* ... and no more */
	(void)first_ready(NOW + 99999, 0);
	ok(store_forwarded_at(s, id, STR("p"), &at, &e));
	assert_int_equal(at, 0);
	struct mails box;
	ok(store_outbox(s, a, 5, &box, &e));
	assert_str(box.list.v[0].state, "held");
}

/* A process that takes the mail and then lives until its pipe is closed. */
static pid_t taker(int64_t mail, int *life)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		struct store *mine;
		struct mail m;
		bool claimed;
		char byte;
		(void)close(ends[1]);
		if (store_open(path, &mine, &e) != ERR_OK || store_begin(mine, &e) != ERR_OK ||
			store_mail_claim(mine, a, mail, &claimed, &m, &e) != ERR_OK ||
			store_commit(mine, &e) != ERR_OK)
			_exit(1);
		_exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
	}
	(void)close(ends[0]);
	*life = ends[1];
	return child;
}

static int64_t recovered(void)
{
	int64_t n;
	ok(store_begin(s, &e));
	ok(store_mail_recover(s, true, NOW, &n, &e));
	ok(store_commit(s, &e));
	return n;
}

static void test_recovery_spares_the_living(void **state)
{
	(void)state;
	int64_t id;
	int life, status;
	struct opportunity o = call_of("eu", "C-1", "", "t");
	(void)take(&o, &id);
	int64_t mail = queue("x@y.example", 100, id, "p", "o", ORG_SME, false, ERR_OK);
	pid_t child = taker(mail, &life);
	struct mails ready;
	do /* until the other process has it */
		ok(store_mail_ready(s, a, NOW, &ready, &e));
	while (ready.list.n > 0);
	assert_int_equal(recovered(), 0);
	(void)close(life);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(recovered(), 1);
	(void)first_ready(NOW, 1);
	bool claimed;
	struct mail m;
	ok(store_begin(s, &e));
	ok(store_mail_claim(s, a, mail, &claimed, &m, &e));
	ok(store_commit(s, &e));
	assert_int_equal(recovered(), 1); /* under our own name: we send one at a time, so it is left over */
}

static void test_what_a_recipient_knows(void **state)
{
	(void)state;
	int64_t id;
	struct opportunity o = call_of("eu", "C-1", "https://x.example/1", "t");
	add_deadline(&o, 2027, 1, 15);
	(void)take(&o, &id);
	o.deadlines.v[0].date = (struct date){2027, 1, 20};
	(void)take(&o, &id); /* before it is told: part of what is told */
	int64_t mail = queue("x@y.example", 100, id, "p", "o", ORG_SME, false, ERR_OK);
	o.deadlines.v[0].date = (struct date){2027, 1, 25};
	(void)take(&o, &id);
	struct untold_changes changes;
	ok(store_untold_changes(s, a, STR("x@y.example"), &changes, &e));
	assert_int_equal(changes.list.n, 0); /* no relay took the mail yet */
	end(mail, MAIL_END_ACCEPTED);
	ok(store_untold_changes(s, a, STR("x@y.example"), &changes, &e));
	assert_int_equal(changes.list.n, 1);
	assert_str(changes.list.v[0].profile, "p");
	struct told_deadlines told;
	struct date from = {2027, 1, 1}, to = {2027, 2, 1};
	ok(store_told_deadlines(s, a, STR("x@y.example"), from, to, &told, &e));
	assert_int_equal(told.list.n, 1);
	assert_int_equal(told.list.v[0].reminded, -1);
	assert_str(told.list.v[0].profile, "p");
	struct mail m = {.kind = MAIL_DIGEST,
		.recipient = STR("x@y.example"),
		.slot = 200,
		.created = NOW,
		.message_id = STR("m2")};
	*vec_push(a, &m.changes) =
		(struct mail_change){.opportunity = id, .change = changes.list.v[0].change};
	*vec_push(a, &m.reminders) =
		(struct mail_reminder){.opportunity = id, .step = 14, .date = {2027, 1, 25}};
	int64_t second;
	ok(store_begin(s, &e));
	ok(store_mail_add(s, &m, &second, &e));
	ok(store_commit(s, &e));
	ok(store_untold_changes(s, a, STR("x@y.example"), &changes, &e));
	assert_int_equal(changes.list.n, 0);
	ok(store_told_deadlines(s, a, STR("x@y.example"), from, to, &told, &e));
	assert_int_equal(told.list.v[0].reminded, 14);
	bool recalled;
	ok(store_begin(s, &e));
	ok(store_mail_recall(s, second, false, NOW, &recalled, &e));
	ok(store_commit(s, &e)); /* what it held is untold again */
	ok(store_untold_changes(s, a, STR("x@y.example"), &changes, &e));
	assert_int_equal(changes.list.n, 1);
	struct ledger_event ev = {
		.opportunity = id, .profile = STR("p"), .state = STR("not-relevant"), .at = NOW};
	int64_t event;
	ok(store_begin(s, &e));
	ok(store_event_add(s, &ev, &event, &e));
	ok(store_commit(s, &e));
	ok(store_told_deadlines(s, a, STR("x@y.example"), from, to, &told, &e));
	assert_int_equal(told.list.n, 0); /* answered for good: no reminders */
}

static void test_a_new_contact_is_not_flooded(void **state)
{
	(void)state;
	int64_t id;
	struct opportunity o = call_of("eu", "C-1", "", "t");
	(void)take(&o, &id);
	save_hit(id, "p", HIT_OPEN);
	end(queue("old@y.example", 100, id, "p", "o", ORG_SME, false, ERR_OK), MAIL_END_ACCEPTED);
	struct stored_hits hits;
	ok(store_untold_hits(s, a, STR("p"), STR("new@y.example"), NOW + 5, &hits, &e));
	assert_int_equal(hits.list.n, 0);
	ok(store_begin(s, &e));
	ok(store_set_served(s, STR("p"), STR("new@y.example"), &(struct served){200, STR("x")}, NOW - 5, &e));
	ok(store_commit(s, &e)); /* a contact from before the call: gets it like the other */
	ok(store_untold_hits(s, a, STR("p"), STR("new@y.example"), NOW + 5, &hits, &e));
	assert_int_equal(hits.list.n, 1);
}

static int64_t answer(int64_t id, const char *profile, const char *what, enum err want)
{
	struct ledger_event ev = {.opportunity = id,
		.profile = str_of(profile),
		.state = str_of(what),
		.at = NOW,
		.who = STR("x")};
	int64_t event = 0;
	ok(store_begin(s, &e));
	assert_int_equal(store_event_add(s, &ev, &event, &e), want);
	ok(store_commit(s, &e));
	return event;
}

static size_t details_due(int64_t now)
{
	struct details due;
	ok(store_details_due(s, a, STR("one"), now, 10, &due, &e));
	return due.list.n;
}

static void save_detail(int64_t id, bool done, int64_t next_try, int64_t rest, const char *fields)
{
	const struct detail d = {.opportunity = id,
		.source = STR("one"),
		.done = done,
		.tries = 1,
		.next_try = next_try,
		.rest = rest,
		.fetched_at = NOW,
		.fields = strv_split(a, str_of(fields), ','),
		.error = done ? STR("") : STR("HTTP 503")};
	ok(store_begin(s, &e));
	ok(store_detail_save(s, a, &d, &e));
	ok(store_commit(s, &e));
}

static void test_details(void **state)
{
	(void)state;
	struct opportunity first = call_of("one", "", "https://x.example/1", "First"), got;
	struct opportunity second = call_of("one", "C-2", "https://x.example/2", "Second");
	struct opportunity past = call_of("one", "C-3", "https://x.example/3", "Past");
	int64_t id[3], failing;
	struct str why;
	struct details known;
	first.guid = STR("n-1");
	add_deadline(&past, 2026, 11, 1);
	(void)take(&first, &id[0]);
	(void)take(&second, &id[1]);
	(void)take(&past, &id[2]);
	assert_int_equal(details_due(NOW), 0); /* nobody is suited */
	for (size_t i = 0; i < COUNT(id); i++)
		save_hit(id[i], "celltech", HIT_OPEN);
	ok(store_details_due(s, a, STR("one"), NOW, 10, &known, &e));
	assert_int_equal(known.list.n, 2);
	assert_str(known.list.v[0].guid, "n-1");
	assert_str(known.list.v[0].url, "https://x.example/1");
	assert_str(known.list.v[1].guid, "");
	save_detail(id[0], false, NOW + 500, NOW + 900, "");
	assert_int_equal(details_due(NOW + 600), 0); /* the source rests */
	assert_int_equal(details_due(NOW + 900), 2);
	ok(store_details_failing(s, a, STR("one"), &failing, &why, &e));
	assert_int_equal(failing, 1);
	assert_str(why, "HTTP 503");
	/* What was filled in outlives the list's next reading, but not the list's own word. */
	ok(store_opportunity(s, a, id[0], &got, &e));
	add_deadline(&got, 2027, 2, 9);
	got.funder = STR("Fund");
	ok(store_begin(s, &e));
	ok(store_opportunity_edit(s, &got, NOW, &e));
	ok(store_commit(s, &e));
	save_detail(id[0], true, 0, 0, "deadline");
	assert_int_equal(details_due(NOW), 1);
	first.summary = STR("New words");
	assert_int_equal(take(&first, &id[0]), SEEN_SAME);
	ok(store_opportunity(s, a, id[0], &got, &e));
	assert_int_equal(got.deadlines.n, 1);
	assert_str(got.summary, "New words");
	assert_str(got.funder, ""); /* it was no detail's */
	add_deadline(&first, 2027, 3, 1);
	assert_int_equal(take(&first, &id[0]), SEEN_CHANGED);
	ok(store_opportunity(s, a, id[0], &got, &e));
	assert_int_equal(got.deadlines.v[0].date.month, 3);
}

static void test_figures(void **state)
{
	(void)state;
	int64_t one, two;
	struct opportunity x = call_of("eu", "C-1", "", "x"), y = call_of("eu", "C-2", "", "y");
	(void)take(&x, &one);
	(void)take(&y, &two);
	end(queue("a@a.example", 1, one, "sme", "org-a", ORG_SME, false, ERR_OK), MAIL_END_ACCEPTED);
	end(queue("b@a.example", 1, one, "sme", "org-a", ORG_SME, false, ERR_OK),
		MAIL_END_ACCEPTED); /* same profile */
	end(queue("l1@u.example", 1, one, "lab1", "uni", ORG_RESEARCH, false, ERR_OK), MAIL_END_ACCEPTED);
	end(queue("l2@u.example", 1, two, "lab2", "uni", ORG_RESEARCH, false, ERR_OK), MAIL_END_ACCEPTED);
	end(queue("s@s.example", 1, two, "start", "org-s", ORG_STARTUP, false, ERR_OK), MAIL_END_ACCEPTED);
	end(queue("t@t.example", 1, two, "test", "org-t", ORG_SME, true, ERR_OK), MAIL_END_ACCEPTED);
	end(queue("f@f.example", 1, two, "fail", "org-f", ORG_SME, false, ERR_OK), MAIL_END_FAILED);
	struct kpi k;
	ok(store_kpi(s, NOW, NOW + 1, &k, &e));
	assert_int_equal(k.identified, 2);
	assert_int_equal(k.forwarded, 2);
	assert_int_equal(k.reached.total, 3);
	assert_int_equal(k.reached.by_kind[ORG_RESEARCH], 1);
	assert_int_equal(k.engaged.total, 0);
	ok(store_kpi(s, NOW + 1, NOW + 2, &k, &e));
	assert_int_equal(k.forwarded, 0);

	int64_t wrong = answer(one, "sme", "interested", ERR_OK);
	(void)answer(one, "lab1", "click", ERR_OK); /* clicks never engage */
	(void)answer(two, "test", "applied", ERR_OK);
	(void)answer(two, "start", "not-relevant", ERR_OK);
	(void)answer(two, "fail", "interested", ERR_INPUT); /* never forwarded */
	ok(store_kpi(s, NOW, NOW + 1, &k, &e));
	assert_int_equal(k.engaged.total, 2);
	ok(store_begin(s, &e));
	ok(store_event_retract(s, wrong, STR("x"), STR("mistake"), NOW, &e));
	assert_int_equal(store_event_retract(s, wrong, STR("x"), STR("again"), NOW, &e), ERR_INPUT);
	ok(store_commit(s, &e));
	ok(store_kpi(s, NOW, NOW + 1, &k, &e));
	assert_int_equal(k.engaged.total, 1);
	assert_int_equal(k.engaged.by_kind[ORG_STARTUP], 1);

	(void)answer(two, "start", "bounced", ERR_OK); /* the mail came back after all */
	ok(store_kpi(s, NOW, NOW + 1, &k, &e));
	assert_int_equal(k.reached.total, 2);
	assert_int_equal(k.engaged.total, 0);
	struct evidence_list ev;
	ok(store_evidence(s, a, NOW, NOW + 1, &ev, &e));
	for (size_t i = 0; i < ev.list.n; i++)
		assert_false(str_eq(ev.list.v[i].profile, STR("test")));
}

static void test_sources_and_meta(void **state)
{
	(void)state;
	struct source_state st;
	ok(store_source(s, a, STR("eu"), &st, &e));
	assert_int_equal(st.last_ok, 0);
	st.etag = STR("W/\"a b\"");
	st.failures = 2;
	st.last_error = STR("HTTP 503");
	ok(store_begin(s, &e));
	ok(store_source_save(s, &st, &e));
	ok(store_meta_set(s, "k", STR("v1"), &e));
	ok(store_meta_set(s, "k", STR("v2"), &e));
	ok(store_commit(s, &e));
	ok(store_source(s, a, STR("eu"), &st, &e));
	assert_str(st.etag, "W/\"a b\"");
	assert_int_equal(st.failures, 2);
	struct str v;
	ok(store_meta_get(s, a, "k", &v, &e));
	assert_str(v, "v2");
	bool out;
	ok(store_suppressed(s, STR("x@y.example"), &out, &e));
	assert_false(out);
	ok(store_begin(s, &e));
	ok(store_suppress(s, STR("x@y.example"), STR("asked"), NOW, &e));
	ok(store_commit(s, &e));
	ok(store_suppressed(s, STR("x@y.example"), &out, &e));
	assert_true(out);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

HARNESS_MAIN(T(test_statements), T(test_reopen_and_versions), T(test_a_store_of_version_1),
	T(test_new_same_changed), T(test_one_call_at_two_sources), T(test_two_news_about_one_call), T(test_a_shared_link_is_weak),
	T(test_find), T(test_review), T(test_no_call_twice), T(test_outbox_states),
	T(test_recovery_spares_the_living), T(test_figures), T(test_details), T(test_what_a_recipient_knows),
	T(test_a_new_contact_is_not_flooded), T(test_sources_and_meta))
