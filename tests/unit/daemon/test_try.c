/* SPDX-License-Identifier: MIT
 *
 * try is a prophecy: the shipped rules are edited at random, `try` says which stored
 * calls come new and which go, then the edit is made and the pipeline's matching runs:
 * exactly these came and went, and exactly so many wait for the next digest.
 */
#include "harness.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/set.h"
#include "daemon/candidates.h"
#include "extract/extract.h"

#define NOW 1795417200 /* 2026-11-23T07:00:00Z */
#ifdef FW_ASAN
#define EDITS 30
#else
#define EDITS 200
#endif
#define FILES_MAX 64
#define LINES_MAX 400

static char dir[] = "/tmp/fundwatch-try-XXXXXX";
static struct arena *a;
static struct error e;
static uint64_t seed = 20261123;

#define ok(call)                                                                                             \
	do {                                                                                                 \
		if ((call) != ERR_OK)                                                                        \
			fail_msg("%s:%d: %s", __FILE__, __LINE__, e.text);                                   \
	} while (0)

static size_t below(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed % n);
}

/* ---- the world ------------------------------------------------------------------ */

static const char *const folders[] = {"profiles.d", "rules.d"};

struct rule_file {
	const char *shown, *path;
	struct str text;
};
static struct rule_file files[FILES_MAX];
static size_t file_count;

static void copy_rules(void)
{
	for (size_t i = 0; i < COUNT(folders); i++) {
		struct strv names;
		const char *from = arena_printf(a, "conf/%s", folders[i]);
		ok(file_list(a, from, &names, &e));
		ok(file_mkdirs(arena_printf(a, "%s/%s", dir, folders[i]), &e));
		for (size_t k = 0; k < names.n && file_count < FILES_MAX; k++) {
			struct rule_file *f = &files[file_count++];
			f->shown = arena_printf(a, "%s/%.*s", folders[i], STRF(names.v[k]));
			f->path = arena_printf(a, "%s/%s", dir, f->shown);
			ok(file_read(a, arena_printf(a, "conf/%s", f->shown), CONF_FILE_MAX, &f->text, &e));
			ok(file_write(f->path, f->text, &e));
		}
	}
}

static void store_samples(struct app *app)
{
	static const char *const samples[] = {"estban", "eu-funding-tenders", "hadea-news", "innovate-uk"};
	ok(store_begin(app->store, &e));
	for (size_t i = 0; i < COUNT(samples); i++) {
		struct str text;
		ok(file_read(
			a, arena_printf(a, "feeds/samples/%s.expect", samples[i]), CONF_FILE_MAX, &text, &e));
		while (text.n > 0) {
			struct str line = str_cut(text, '\n', &text);
			struct item_rules rules = {
				.source = str_of(samples[i]), .closes_at = -1, .identity = IDENTITY_GUID};
			struct item it = {0};
			struct opportunity o = {0};
			enum seen seen;
			int64_t id;
			ok(extract_item_json(a, line, &it, &e));
			item_settle(a, &rules, &it);
			ok(opportunity_from_item(a, &rules, &it, &o, &e));
			ok(store_take_in(
				app->store, a, &o, NOW - (int64_t)below(60 * 86400), &seen, &id, &e));
		}
	}
	ok(store_commit(app->store, &e));
}

/* Loading tells its diagnostics to stderr; random edits have many. */
static bool load(struct app *app, const char *edited)
{
	(void)fflush(stderr);
	int kept = dup(2), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	(void)dup2(null, 2);
	bool fine = app_load_edited(app, dir, edited) == ERR_OK;
	(void)fflush(stderr);
	(void)dup2(kept, 2);
	(void)close(kept);
	(void)close(null);
	return fine;
}

static void unload(struct app *app)
{
	app->store = NULL; /* another's */
	app_close(app);
}

/* ---- edits ------------------------------------------------------------------------ */

static struct str lines[LINES_MAX];
static size_t line_count;

static bool continued(size_t i)
{
	return i + 1 < line_count && lines[i + 1].n > 0 && strchr(" \t", lines[i + 1].p[0]) != NULL;
}

/* A line with one of the keys, in one piece; SIZE_MAX when chance finds none. */
static size_t pick_line(const char *const *keys, size_t n)
{
	for (size_t tries = 0; tries < 500; tries++) {
		size_t i = below(line_count);
		for (size_t k = 0; k < n; k++)
			if (str_starts(lines[i], str_of(keys[k])) && !continued(i))
				return i;
	}
	return SIZE_MAX;
}

static const char *const words[] = {"health", "vaccine", "data", "GMP", "AI", "\"cell therapy\"", "innovat*",
	"*care", "pilot", "Europe", "title:health", "kind:grant", "research NEAR/9 health",
	"(clinic* OR patient)", "funder:EIC"};

/* "NEAR/8 (" -> "AND (" and other exchanges of words. */
static struct str exchange(struct str s, const char *from, const char *to)
{
	size_t at = str_find(s, str_of(from));
	if (at == SIZE_MAX)
		return s;
	size_t end = at + strlen(from);
	while (from[strlen(from) - 1] == '/' && end < s.n && s.p[end] != ' ')
		end++;
	return str_of(arena_printf(a, "%.*s%s%.*s", STRF(str_sub(s, 0, at)), to, STRF(str_sub(s, end, s.n))));
}

static const char *const new_lines[] = {"exclude: %s", "match: %s", "require: %s",
	"score 3: %s\nthreshold: 3", "match: health NEAR/6 (support OR project OR %s)"};
static const char *const filters[][2] = {{"kinds:", "kinds: grant"}, {"kinds:", "kinds: any, not grant"},
	{"budget:", "budget: >= 3M EUR, unknown ok"}, {"budget:", "budget: <= 1M EUR, unknown no"},
	{"deadline:", "deadline: 1..40 days"}, {"deadline:", "deadline: >= 90 days, unknown ok"},
	{"eligible in:", "eligible in: GB"}, {"eligible in:", "eligible in: any, unknown no"},
	{"limit:", "limit: 1 per digest"}, {"language:", "language: de"}};

static void edit_filter(void)
{
	size_t f = below(COUNT(filters));
	for (size_t i = 0; i < line_count; i++)
		if (str_starts(lines[i], str_of(filters[f][0]))) {
			lines[i] = str_of(filters[f][1]);
			return;
		}
}

static void edit_once(void)
{
	static const char *const any[] = {"match:", "require:", "exclude:", "score ",
		"threshold:", "use:", "kinds:", "budget:", "eligible in:", "deadline:", "limit:"};
	static const char *const query[] = {"match:", "match:", "exclude:", "score "};
	const char *word = words[below(COUNT(words))];
	unsigned how = (unsigned)below(7);
	size_t i = how == 0 ? pick_line(any, COUNT(any)) : pick_line(query, COUNT(query));
	if (i == SIZE_MAX)
		return;
	struct str rest, key = str_cut(lines[i], ':', &rest);
	switch (how) {
	case 0:
		lines[i] = STR("#");
		break;
	case 1:
		lines[i] = str_of(arena_printf(a, "%.*s: (%.*s) %s", STRF(key), STRF(rest), word));
		break;
	case 2:
		lines[i] = str_of(arena_printf(a, "%.*s: (%.*s) OR (%s)", STRF(key), STRF(rest), word));
		break;
	case 3:
		for (i = 0; i < line_count; i++)
			lines[i] = exchange(lines[i], "NEAR/", "AND");
		break;
	case 4:
		lines[i] = exchange(exchange(lines[i], " OR ", " "), "exclude:", "match:");
		break;
	case 5:
		edit_filter();
		break;
	default: /* a new line before this one */
		lines[i] = str_of(arena_printf(a, "%s\n%.*s",
			exchange(str_of(new_lines[below(COUNT(new_lines))]), "%s", word).p, STRF(lines[i])));
	}
}

static struct str edited_text(const struct rule_file *f)
{
	struct str rest = f->text;
	struct buf b = buf_init(CONF_FILE_MAX);
	for (line_count = 0; rest.n > 0 && line_count < LINES_MAX; line_count++)
		lines[line_count] = str_cut(rest, '\n', &rest);
	for (size_t n = below(2) + 1; n > 0; n--)
		edit_once();
	for (size_t i = 0; i < line_count; i++)
		buf_printf(&b, "%.*s\n", STRF(lines[i]));
	return buf_take(&b, a);
}

/* ---- prophecy and truth -------------------------------------------------------------- */

/* One "profile call" per hit. */
static struct str_set stored_pairs(struct app *app, struct arena *w, size_t *n)
{
	struct str_set set = {0};
	*n = 0;
	for (size_t i = 0; i < app->config->profiles.n; i++) {
		const struct profile *p = &app->config->profiles.v[i];
		struct stored_hits hits;
		ok(store_hits(app->store, w, p->id, &hits, &e));
		for (size_t k = 0; k < hits.list.n; k++, (*n)++)
			(void)set_add(w, &set,
				str_of(arena_printf(
					w, "%.*s %lld", STRF(p->id), (long long)hits.list.v[k].opportunity)));
	}
	return set;
}

static bool was_there(struct arena *w, struct str_set *set, const struct profile *p, int64_t call)
{
	return !set_add(w, set, str_of(arena_printf(w, "%.*s %lld", STRF(p->id), (long long)call)));
}

static void compare(struct app *app, struct arena *w, const struct trial *t, struct str_set before,
	size_t count_before, const char *what)
{
	size_t n, expected = count_before;
	struct str_set is = stored_pairs(app, w, &n);
	for (size_t i = 0; i < t->profiles.n; i++) {
		const struct trial_profile *p = &t->profiles.v[i];
		size_t ready = 0;
		struct candidates c = {0};
		const struct profile *now = conf_profile(app->config, p->after->id);
		for (size_t k = 0; k < p->calls.n; k++) {
			const struct trial_call *call = &p->calls.v[k];
			if (!call->open)
				continue;
			bool was = was_there(w, &before, p->after, call->call.id);
			bool there = was_there(w, &is, p->after, call->call.id);
			if (was != call->before || there != call->after)
				fail_msg("%s: %.*s, '%.*s': told %d -> %d, is %d -> %d", what,
					STRF(p->after->id), STRF(call->call.title), call->before, call->after,
					was, there);
			expected += call->after;
			expected -= call->before;
		}
		ok(candidates_add(app, w, now, now->contacts.v[0].address, &c, &e));
		for (size_t k = 0; k < c.list.n; k++)
			ready += !c.list.v[k].stopped || c.list.v[k].stop == WAIT_REVIEW;
		if (now->mode != MODE_REVIEW && ready != p->ready_after)
			fail_msg("%s: %.*s: told %zu ready, %zu are", what, STRF(now->id), p->ready_after,
				ready);
	}
	if (n != expected)
		fail_msg("%s: %zu hits, %zu were told", what, n, expected);
}

struct prophecies {
	size_t refused, applied, gained, gone;
};

static void try_edit(struct app *app, struct rule_file *f, struct prophecies *tally)
{
	struct arena *w CLEANUP(arena_freep) = arena_new(ARENA_TEST);
	const char *edited = arena_printf(w, "%s/edited.conf", dir);
	struct str text = edited_text(f);
	struct app tried = {0}, fresh = {0};
	struct trial t = {0};
	int64_t hits;
	size_t n;
	ok(file_write(edited, text, &e));
	bool fine = load(&tried, edited);
	ok(file_write(f->path, text, &e));
	if (load(&fresh, NULL) != fine)
		fail_msg("%s: try says %s, check does not", f->shown, fine ? "it is fine" : "it has errors");
	if (fine) {
		struct str_set before = stored_pairs(app, w, &n);
		try_touched(app, &tried, edited, w, &t);
		ok(try_rules(app, &tried, w, NOW - 180 * 86400, &t, &e));
		for (size_t i = 0; i < t.profiles.n; i++) {
			tally->gained += t.profiles.v[i].gained;
			tally->gone += t.profiles.v[i].gone;
		}
		fresh.store = app->store;
		ok(match_new(&fresh, &hits, &e));
		compare(&fresh, w, &t, before, n, str_c(w, text));
		unload(&fresh);
		unload(&tried);
		tally->applied++;
		ok(file_write(f->path, f->text, &e));
		ok(match_new(app, &hits, &e));
	} else {
		ok(file_write(f->path, f->text, &e));
		tally->refused++;
	}
}

static void test_random_edits(void **state)
{
	(void)state;
	struct app app = {0};
	struct prophecies tally = {0};
	int64_t hits;
	assert_true(load(&app, NULL));
	ok(app_open(&app, &e));
	store_samples(&app);
	ok(match_new(&app, &hits, &e));
	assert_true(hits > 10);
	for (size_t i = 0; i < 2 * EDITS && tally.applied < EDITS; i++)
		try_edit(&app, &files[below(file_count)], &tally);
	print_message("# %zu applied, %zu refused, %zu came, %zu went\n", tally.applied, tally.refused,
		tally.gained, tally.gone);
	assert_true(tally.applied == EDITS && tally.gained > EDITS / 10 && tally.gone > EDITS / 10);
	app_close(&app);
}

static int setup(void **state)
{
	(void)state;
	a = arena_new((size_t)512 << 20);
	clock_set(NOW);
	if (mkdtemp(dir) == NULL)
		return -1;
	copy_rules();
	const char *main = arena_printf(a,
		"[fundwatch]\nname: Cluster\nfrom: calls@cluster.example\nzone: Europe/Tallinn\n"
		"address: Main Street 1\ndatabase: %s/fundwatch.db\ncatalogue: %s\n",
		dir, dir);
	return file_write(arena_printf(a, "%s/fundwatch.conf", dir), str_of(main), &e) == ERR_OK ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < file_count; i++)
		(void)unlink(files[i].path);
	static const char *const rest[] = {
		"edited.conf", "fundwatch.conf", "fundwatch.db", "fundwatch.db-wal", "fundwatch.db-shm"};
	for (size_t i = 0; i < COUNT(rest); i++)
		(void)unlink(arena_printf(a, "%s/%s", dir, rest[i]));
	for (size_t i = 0; i < COUNT(folders); i++)
		(void)rmdir(arena_printf(a, "%s/%s", dir, folders[i]));
	(void)rmdir(dir);
	arena_free(a);
	return 0;
}

HARNESS_MAIN(cmocka_unit_test_setup_teardown(test_random_edits, setup, teardown))
