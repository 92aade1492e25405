/* SPDX-License-Identifier: MIT
 *
 * Calls that turn out to be one: what is merged counts once and is sent once, undoing
 * restores every row, and what staff decided is not proposed again.
 */
#include "harness.h"

#include <sqlite3.h>
#include <unistd.h>

#include "store/store.h"

#define NOW 1795417200 /* 2026-11-23T07:00:00Z */

static char path[] = "/tmp/fundwatch-merge-XXXXXX";
static struct store *s;
static struct arena *a;
static struct error e;

#define ok(call) assert_int_equal((call), ERR_OK)

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

static int64_t take(const char *source, const char *guid, const char *title, int8_t day)
{
	struct opportunity o = {.kind = KIND_GRANT,
		.source = str_of(source),
		.guid = str_of(guid),
		.title = str_of(title),
		.key = str_of(arena_printf(a, "guid:%s:%s", source, guid)),
		.budget = {AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, AMOUNT_UNKNOWN, ""}};
	if (day > 0)
		*vec_push(a, &o.deadlines) =
			(struct deadline){.date = {2027, 1, day}, .minute = 1020, .zone = STR("Europe/Brussels")};
	enum seen seen;
	int64_t id;
	ok(store_begin(s, &e));
	ok(store_take_in(s, a, &o, NOW, &seen, &id, &e));
	ok(store_commit(s, &e));
	return id;
}

static void hit(int64_t id, const char *profile, enum hit_state st)
{
	struct stored_hit h = {
		.opportunity = id, .profile = str_of(profile), .state = st, .rules = STR("r"), .at = NOW};
	ok(store_begin(s, &e));
	ok(store_hit_save(s, &h, &e));
	ok(store_commit(s, &e));
}

/* The call goes to one recipient for one profile; accepted by the relay when `sent`. */
static void mail(int64_t id, const char *profile, const char *recipient, int64_t slot, bool sent)
{
	struct mail m = {.recipient = str_of(recipient), .slot = slot, .bytes = STR("b"), .created = NOW};
	m.message_id = str_of(arena_printf(a, "%s-%lld", recipient, (long long)slot));
	*vec_push(a, &m.items) = (struct mail_item){
		.opportunity = id, .profile = str_of(profile), .organisation = str_of(profile), .org_kind = ORG_SME};
	bool claimed;
	ok(store_begin(s, &e));
	ok(store_mail_add(s, &m, &m.id, &e));
	if (sent) {
		struct mail got;
		ok(store_mail_claim(s, a, m.id, &claimed, &got, &e));
		ok(store_mail_end(s, m.id, MAIL_END_ACCEPTED, STR("250"), 0, true, NOW, &e));
	}
	ok(store_commit(s, &e));
}

static void answer(int64_t id, const char *profile, const char *word)
{
	struct ledger_event ev = {.opportunity = id, .profile = str_of(profile), .state = str_of(word), .at = NOW};
	ok(store_begin(s, &e));
	ok(store_event_add(s, &ev, &ev.id, &e));
	ok(store_commit(s, &e));
}

static int64_t merge(int64_t one, int64_t two)
{
	int64_t kept;
	ok(store_begin(s, &e));
	ok(store_merge(s, a, one, two, STR("anna"), NOW, &kept, &e));
	ok(store_commit(s, &e));
	return kept;
}

static int64_t undo(int64_t one, int64_t two)
{
	int64_t gone;
	ok(store_begin(s, &e));
	ok(store_merge_undo(s, a, one, two, STR("anna"), NOW, &gone, &e));
	ok(store_commit(s, &e));
	return gone;
}

static size_t untold(const char *profile, const char *recipient)
{
	struct stored_hits hits;
	ok(store_untold_hits(s, a, str_of(profile), str_of(recipient), NOW, &hits, &e));
	return hits.list.n;
}

/* All rows that a merge may touch, as one text. */
static const char *all_rows(void)
{
	static const char *const tables[] = {"identity", "sighting", "hit", "decision", "mail_item",
		"mail_item_profile", "reminder", "forward", "event"};
	sqlite3 *db;
	const char *out = "";
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	for (size_t i = 0; i < COUNT(tables); i++) {
		sqlite3_stmt *st;
		const char *sql = arena_printf(a, "SELECT * FROM %s ORDER BY 1, 2, 3", tables[i]);
		assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
		while (sqlite3_step(st) == SQLITE_ROW) {
			out = arena_printf(a, "%s\n%s", out, tables[i]);
			for (int k = 0; k < sqlite3_column_count(st); k++)
				out = arena_printf(a, "%s|%s", out, (const char *)sqlite3_column_text(st, k));
		}
		(void)sqlite3_finalize(st);
	}
	(void)sqlite3_close(db);
	return out;
}

static int64_t forwarded(void)
{
	struct kpi k;
	ok(store_kpi(s, NOW - 10, NOW + 10, &k, &e));
	return k.forwarded;
}

static void test_sent_once_counted_once_restored(void **state)
{
	(void)state;
	int64_t x = take("eu", "1", "Cells", 12), y = take("news", "n1", "Cells", 12);
	for (int i = 0; i < 3; i++) { /* p had both, q one of each kind, r none yet */
		static const char *const who[] = {"p", "q", "r"};
		hit(x, who[i], HIT_OPEN);
		hit(y, who[i], HIT_OPEN);
	}
	mail(x, "p", "p@x.example", 1, true);
	mail(y, "p", "p@x.example", 2, true);
	mail(y, "q", "q@x.example", 1, true);
	answer(y, "q", "interested");
	answer(y, "p", "bounced");
	assert_int_equal(forwarded(), 2);
	assert_int_equal(untold("q", "q@x.example"), 1);
	assert_int_equal(untold("r", "r@x.example"), 2);
	const char *before = all_rows();
	assert_int_equal(merge(y, x), x); /* the older one's words stand, whatever the order */
	assert_int_equal(forwarded(), 1);
	assert_int_equal(untold("p", "p@x.example"), 0);
	assert_int_equal(untold("q", "q@x.example"), 0);
	assert_int_equal(untold("r", "r@x.example"), 1);
	struct ids ids;
	ok(store_opportunities(s, a, &ids, &e));
	assert_int_equal(ids.list.n, 1);
	assert_int_equal(take("news", "n1", "Cells", 12), x);
	/* A second answer of q, and a third portal with another call merged in. */
	answer(x, "q", "applied");
	assert_int_equal(undo(x, y), y);
	assert_int_equal(forwarded(), 2);
	assert_int_equal(untold("q", "q@x.example"), 1);
	assert_int_equal(take("news", "n1", "Cells", 12), y);
	const char *after = all_rows();
	const char *added = strstr(after, "\nevent|3|");
	assert_non_null(added);
	assert_int_equal((size_t)(added - after), strlen(before)); /* nothing but the new answer ... */
	assert_memory_equal(before, after, strlen(before));
	assert_non_null(strstr(added, arena_printf(a, "q|%lld|0|", (long long)y))); /* ... with its forward */
}

static void test_chain(void **state)
{
	(void)state;
	int64_t x = take("one", "1", "Cells", 12), y = take("two", "2", "Cells", 12),
		z = take("three", "3", "Cells", 12);
	const char *before = all_rows();
	assert_int_equal(merge(y, z), y);
	const char *middle = all_rows();
	assert_int_equal(merge(z, x), x); /* the id of a merged call stands for the call it is now */
	assert_int_equal(take("three", "3", "Cells", 12), x);
	assert_int_equal(undo(x, y), y);
	assert_string_equal(all_rows(), middle);
	assert_int_equal(undo(y, z), z);
	assert_string_equal(all_rows(), before);
	(void)merge(y, z);
	(void)merge(x, y);
	assert_int_equal(undo(x, z), z); /* the inner one alone */
	assert_int_equal(take("three", "3", "Cells", 12), z);
	assert_int_equal(take("two", "2", "Cells", 12), x);
}

static void test_old_ids_resolve(void **state)
{
	(void)state;
	int64_t x = take("one", "1", "Cells", 12), y = take("two", "2", "Cells", 12), got, kept;
	struct str id;
	ok(store_short_id(s, a, y, &id, &e));
	(void)merge(x, y);
	ok(store_find(s, id, &got, &e));
	assert_int_equal(got, x);
	ok(store_find_itself(s, id, &got, &e));
	assert_int_equal(got, y);
	struct merged_calls m;
	ok(store_merges_of(s, a, x, &m, &e));
	assert_int_equal(m.list.n, 1);
	assert_str(m.list.v[0].who, "anna");
	ok(store_begin(s, &e));
	assert_int_equal(store_merge(s, a, x, y, STR("b"), NOW, &kept, &e), ERR_INPUT);
	assert_int_equal(store_merge_reject(s, x, y, STR("b"), NOW, &e), ERR_INPUT);
	store_rollback(s);
}

static size_t proposals(void)
{
	struct merge_proposals p;
	ok(store_merge_proposals(s, a, NOW, &p, &e));
	return p.list.n;
}

static void test_proposals(void **state)
{
	(void)state;
	int64_t x = take("one", "1", "Thérapie  cellulaire", 12), y = take("two", "2", "therapie Cellulaire", 12);
	assert_int_not_equal(x, y); /* proposed, never done */
	(void)take("three", "3", "Thérapie cellulaire", 13);
	(void)take("four", "4", "Thérapie cellulaire", 0);
	assert_int_equal(proposals(), 1);
	(void)merge(x, y);
	assert_int_equal(proposals(), 0);
	(void)undo(x, y);
	assert_int_equal(proposals(), 0); /* decided */
	int64_t z = take("five", "5", "Thérapie cellulaire", 12);
	assert_int_equal(proposals(), 2);
	ok(store_begin(s, &e));
	ok(store_merge_reject(s, z, x, STR("anna"), NOW, &e));
	ok(store_merge_reject(s, y, z, STR("anna"), NOW, &e));
	ok(store_commit(s, &e));
	assert_int_equal(proposals(), 0);
}

static void test_waiting_mails_and_rejections(void **state)
{
	(void)state;
	int64_t x = take("one", "1", "Cells", 12), y = take("two", "2", "Cells", 12);
	hit(x, "p", HIT_OPEN);
	hit(y, "p", HIT_OPEN);
	hit(y, "q", HIT_OPEN);
	mail(y, "q", "q@x.example", 1, false); /* waits: taken back and made anew as the other */
	hit(x, "r", HIT_OPEN);
	hit(y, "r", HIT_REJECTED);
	(void)merge(x, y);
	assert_int_equal(untold("q", "q@x.example"), 1);
	assert_int_equal(untold("p", "p@x.example"), 1);
	assert_int_equal(untold("r", "r@x.example"), 0); /* staff said no to one of them */
}

static void test_changes_reach_both(void **state)
{
	(void)state;
	int64_t x = take("one", "1", "Cells", 12), y = take("two", "2", "Cells", 12);
	struct untold_changes c;
	mail(y, "q", "q@x.example", 1, true);
	(void)take("one", "1", "Cells", 14); /* before the merge: not what q was told of */
	(void)merge(x, y);
	ok(store_untold_changes(s, a, STR("q@x.example"), &c, &e));
	assert_int_equal(c.list.n, 0);
	(void)take("one", "1", "Cells", 16);
	ok(store_untold_changes(s, a, STR("q@x.example"), &c, &e));
	assert_int_equal(c.list.n, 1);
	assert_int_equal(c.list.v[0].opportunity, x);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
HARNESS_MAIN(T(test_sent_once_counted_once_restored), T(test_chain), T(test_old_ids_resolve), T(test_proposals),
	T(test_waiting_mails_and_rejections), T(test_changes_reach_both))
