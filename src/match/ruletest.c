/* SPDX-License-Identifier: MIT
 *
 * [test] sections: an invented call goes through the same normalising and the same
 * judge as a real one; what comes out is compared with what the test expects. In:
 * the rule book and the moment; out: one error for each test that fails.
 */
#include "base/err.h"
#include "match/internal.h"

#define TEST_ROOM ((size_t)32 << 20) /* arena bytes that one test may take */
#define GOT_MAX	  400		     /* bytes of "because ..." in a message */

struct trial {
	struct arena *a;
	const struct rulebook *book;
	const struct rule_test *test;
	const struct profile *profile;
	struct diags *d;
	int64_t now;
	struct opportunity call;
	struct explanation x;
	enum deadline_verdict time;
	bool sent; /* rules, filters and deadline let it through */
};

static struct str value_of(const struct rule_test *t, const char *key)
{
	for (size_t i = 0; i < t->values.n; i++)
		if (str_ieq(t->values.v[i].key, str_of(key)))
			return t->values.v[i].text;
	return (struct str){0};
}

/* ---- the invented call ------------------------------------------------------ */

static struct str deadline_of(const struct trial *t)
{
	struct str given = value_of(t->test, "deadline");
	if (t->test->days < 0)
		return str_ieq(given, STR("none")) ? (struct str){0} : given;
	struct date today = zone_civil(t->book->config->settings.zone, t->now).date;
	return date_iso(t->a, date_from_days(date_days(today) + t->test->days));
}

static void make_call(struct trial *t)
{
	const struct settings *s = &t->book->config->settings;
	const struct rule_test *test = t->test;
	struct item_rules rules = {
		.source = value_of(test, "source"),
		.zone = s->zone,
		.closes_at = -1,
		.identity = IDENTITY_TITLE,
	};
	struct item it = {
		.id = test->name,
		.title = value_of(test, "title"),
		.summary = value_of(test, "text"),
		.language = value_of(test, "language"),
		.budget = value_of(test, "budget"),
		.call = value_of(test, "call"),
		.programme = value_of(test, "programme"),
		.kind = value_of(test, "kind"),
		.funder = value_of(test, "funder"),
		.source = value_of(test, "source"),
		.categories = strv_split(t->a, value_of(test, "category"), ','),
		.countries = strv_split(t->a, value_of(test, "country"), ','),
	};
	struct str date = deadline_of(t);
	struct error e;
	if (date.n > 0)
		*vec_push(t->a, &it.deadlines) = (struct item_deadline){.date = date, .zone = s->zone};
	item_settle(t->a, &rules, &it);
	/* It has an id and no more text than a file: nothing can be wrong with it. */
	if (opportunity_from_item(t->a, &rules, &it, &t->call, &e) != ERR_OK)
		die("[test %.*s]: %s", STRF(test->name), e.text);
	if (value_of(test, "stage").n > 0)
		t->call.stage = value_of(test, "stage");
}

/* ---- the verdict -------------------------------------------------------------- */

static const char *time_text(const struct trial *t)
{
	const struct days_filter *f = &t->profile->deadline;
	const struct deadline *d = opportunity_deadline(&t->call, t->now);
	if (opportunity_status(&t->call, t->now) == STATUS_CLOSED)
		return "the call is closed";
	if (d == NULL)
		return "the call has no deadline, and 'deadline' says: unknown no";
	const char *days =
		arena_printf(t->a, "it closes in %lld days", (long long)deadline_days_left(d, t->now));
	if (t->time == DEADLINE_LATE)
		return arena_printf(
			t->a, "%s, the profile asks for %lld or more", days, (long long)f->min);
	return arena_printf(t->a, "%s, the profile asks for %lld or fewer", days, (long long)f->max);
}

static void judge_call(struct trial *t)
{
	struct document *doc = match_document(t->a, &t->call);
	struct date from;
	match_explain(t->book, doc, t->profile, t->a, &t->x);
	t->time = match_deadline(t->profile, &t->call, t->now, &from);
	t->sent = t->x.hit && t->time == DEADLINE_OK &&
		  opportunity_status(&t->call, t->now) != STATUS_CLOSED;
}

/* Why it came out as it did: the sentence of `explain`. */
static const char *why(const struct trial *t)
{
	if (t->x.hit && !t->sent)
		return arena_printf(t->a, "the rules suit, but %s", time_text(t));
	return str_c(t->a, t->x.verdict);
}

/* ---- because ------------------------------------------------------------------ */

/* Reasons are the places found by lines that speak for the call. */
static bool reason_fits(const struct trial *t, const struct query *q, const struct clause *c)
{
	bool fits = false;
	for (size_t i = 0; c->type != RULE_EXCLUDE && i < c->found.n && !fits; i++) {
		struct opportunity found = {.title = c->found.v[i].text, .summary = c->label};
		found.language = t->call.language;
		fits = query_matches(q, match_document(t->a, &found));
	}
	return fits;
}

static struct str reasons_text(const struct trial *t)
{
	struct buf b = buf_init(GOT_MAX);
	for (size_t i = 0; i < t->x.clauses.n; i++) {
		const struct clause *c = &t->x.clauses.v[i];
		for (size_t k = 0; c->type != RULE_EXCLUDE && k < c->found.n; k++)
			buf_printf(&b, "%s\"%.*s\"", b.n > 0 ? ", " : "", STRF(c->found.v[k].text));
	}
	return buf_take(&b, t->a);
}

static void check_because(const struct trial *t, struct str part)
{
	struct value v = value_part(t->a, &t->test->expect, part);
	struct query *q = query_compile(t->a, t->book->config, &v, t->d);
	bool fits = q == NULL;
	for (size_t i = 0; i < t->x.clauses.n && !fits; i++)
		fits = reason_fits(t, q, &t->x.clauses.v[i]);
	if (!fits)
		diag_add(t->d, DIAG_ERROR, v.at, str_c(t->a, t->x.verdict),
			"test '%.*s' fails: expected the reason %.*s, got %.*s", STRF(t->test->name),
			STRF(part), STRF(reasons_text(t)));
}

/* ---- one test, all tests -------------------------------------------------------- */

static void check_expected(const struct trial *t)
{
	const struct rule_test *test = t->test;
	struct place at = value_place(&test->expect, 0, test->expect.text.n);
	if (t->sent != test->expect_match) {
		diag_add(t->d, DIAG_ERROR, at, why(t), "test '%.*s' fails: expected %s, got %s",
			STRF(test->name), test->expect_match ? "a match" : "no match",
			t->sent ? "a match" : "none");
		return;
	}
	if (test->expect_score && t->x.score < test->score)
		diag_add(t->d, DIAG_ERROR, at, str_c(t->a, t->x.verdict),
			"test '%.*s' fails: expected a score of %lld or more, got %lld", STRF(test->name),
			(long long)test->score, (long long)t->x.score);
	for (size_t i = 0; i < test->because.n; i++)
		check_because(t, test->because.v[i]);
}

void match_tests(const struct rulebook *b, int64_t now, struct diags *d, size_t *run)
{
	*run = 0;
	for (size_t i = 0; i < b->config->tests.n; i++) {
		const struct rule_test *test = &b->config->tests.v[i];
		struct arena *own CLEANUP(arena_freep) = arena_new(TEST_ROOM);
		struct trial t = {.a = own, .book = b, .test = test, .d = d, .now = now};
		t.profile = conf_profile(b->config, value_of(test, "profile"));
		if (t.profile == NULL)
			continue;
		make_call(&t);
		judge_call(&t);
		check_expected(&t);
		*run += 1;
	}
}
