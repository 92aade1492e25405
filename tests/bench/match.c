/* SPDX-License-Identifier: MIT
 *
 * match PROFILES: so many profiles against calls of 2 KB, by the engine and by the plain
 * evaluator on the same input in the same run. Calls are made of words that are as
 * unequally frequent as those of a language; each profile is drawn from one of them, as
 * a member describes what it does: lists of phrases and rare words, groups of words that
 * must come together, words that must not; some use shared rule sets. Seeded.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "match/internal.h"

#define WORDS	      12000
#define CALLS	      2400 /* that profiles are drawn from */
#define MATCHED	      300  /* by the engine ... */
#define PLAIN_MATCHED 3	   /* ... and of them by the evaluator */
#define TOKENS	      285  /* of a call: about 2 KB */
#define SETS	      40
#define SET_WORDS     6
#define KNOWN	      200  /* the most frequent words are in no rule */
#define RARE	      2000 /* words that tell a call from others */
#define BYTES_MAX     ((size_t)400 << 20)
#define LINE_MAX_TEXT 2000

static uint64_t state = 20261123;

static size_t below(size_t n)
{
	state = state * 6364136223846793005U + 1442695040888963407U;
	return (size_t)((state >> 33) % n);
}

static double cpu_seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- words and calls ------------------------------------------------------------- */

static struct str words[WORDS];
static double up_to[WORDS]; /* sums of 1/rank */
static uint16_t calls[CALLS][TOKENS];

static void make_words(struct arena *a)
{
	static const char consonants[] = "bcdfghklmnprstvz", vowels[] = "aeiou", ends[] = "nrsl";
	static const char *const endings[] = {"", "s", "ing", "ed", "ation", "y", "al", "er"};
	double sum = 0;
	for (size_t i = 0; i < WORDS; i++) {
		struct buf b = buf_init(100);
		for (size_t n = 1 + below(2) + (i > 200); n > 0; n--) {
			buf_addc(&b, consonants[below(sizeof(consonants) - 1)]);
			buf_addc(&b, vowels[below(sizeof(vowels) - 1)]);
			if (below(2) == 0)
				buf_addc(&b, ends[below(sizeof(ends) - 1)]);
		}
		buf_addz(&b, endings[below(COUNT(endings))]);
		words[i] = buf_take(&b, a);
		sum += 1.0 / (double)(i + 2);
		up_to[i] = sum;
	}
}

static uint16_t frequent(void)
{
	double at = up_to[WORDS - 1] * (double)below(1 << 24) / (1 << 24);
	size_t low = 0, high = WORDS - 1;
	while (low < high) {
		size_t mid = (low + high) / 2;
		if (up_to[mid] < at)
			low = mid + 1;
		else
			high = mid;
	}
	return (uint16_t)low;
}

static struct opportunity make_call(struct arena *a, size_t n)
{
	struct buf b = buf_init(TOKENS * 40);
	struct opportunity o = {.id = (int64_t)n, .language = STR("en"), .kind = KIND_GRANT};
	for (size_t i = 0; i < TOKENS; i++) {
		calls[n][i] = frequent();
		if (i == 10) {
			o.title = buf_take(&b, a);
			b = buf_init(TOKENS * 40);
		}
		buf_addz(&b, b.n == 0 ? "" : i % 15 == 0 ? ". " : " ");
		buf_add(&b, words[calls[n][i]]);
	}
	o.summary = buf_take(&b, a);
	*vec_push(a, &o.countries) = below(3) == 0 ? STR("DE") : STR("EE");
	return o;
}

/* ---- profiles -------------------------------------------------------------------- */

/* A rarer word of the call, or one that stands in none. */
static void rare_word(struct buf *b, size_t call, size_t rank)
{
	size_t at = below(TOKENS - 1);
	for (int tries = 0; tries < 100 && calls[call][at] < rank; tries++)
		at = below(TOKENS - 1);
	if (below(100) < 15)
		buf_printf(b, "xo%zuq", below(20000));
	else if (below(100) < 10 && words[calls[call][at]].n > 7)
		buf_printf(
			b, "%.*s*", STRF(str_sub(words[calls[call][at]], 0, words[calls[call][at]].n - 2)));
	else
		buf_add(b, words[calls[call][at]]);
}

static void phrase(struct buf *b, size_t call)
{
	size_t at = below(TOKENS - 2);
	for (int tries = 0; tries < 100 && calls[call][at] < KNOWN; tries++)
		at = below(TOKENS - 2);
	buf_printf(b, "\"%.*s %.*s\"", STRF(words[calls[call][at]]),
		STRF(below(10) == 0 ? STR("xoq") : words[calls[call][at + 1]]));
}

static void group(struct buf *b, size_t call, size_t n, size_t phrases, size_t rank)
{
	buf_addc(b, '(');
	for (size_t i = 0; i < n; i++) {
		buf_addz(b, i > 0 ? " OR " : "");
		if (below(100) < phrases)
			phrase(b, call);
		else
			rare_word(b, call, rank);
	}
	buf_addc(b, ')');
}

static struct value make_value(struct arena *a, const char *key, struct buf *b)
{
	struct value v = value_typed(a, str_c(a, buf_take(b, a)));
	v.key = str_of(key);
	return v;
}

static struct value main_line(struct arena *a, size_t call)
{
	struct buf b = buf_init(LINE_MAX_TEXT);
	size_t kind = below(100), n = 2 + below(2);
	if (kind < 35)
		group(&b, call, 4 + below(6), 60, RARE);
	else if (kind < 80)
		for (size_t i = 0; i < n; i++)
			group(&b, call, 2 + below(3), 20, KNOWN);
	else if (kind < 95)
		for (size_t i = 0; i < n + below(2); i++)
			group(&b, call, 1, 10, KNOWN);
	else
		phrase(&b, call);
	return make_value(a, "match", &b);
}

static void add_rule(struct arena *a, struct profile *p, enum rule_type type, size_t call)
{
	struct buf b = buf_init(LINE_MAX_TEXT);
	rare_word(&b, call, RARE);
	*vec_push(a, &p->rules) = (struct rule){type, 2, make_value(a, "rule", &b)};
}

static struct profile make_profile(struct arena *a, const struct config *c, size_t n)
{
	static const char *const languages[] = {"en", "en", "de", "nl"};
	size_t call = below(CALLS);
	struct profile p = {.id = str_of(arena_printf(a, "p%zu", n)),
		.language = str_of(languages[below(COUNT(languages))])};
	*vec_push(a, &p.rules) = (struct rule){RULE_MATCH, 0, main_line(a, call)};
	for (size_t i = below(3); i > 0; i--)
		add_rule(a, &p, RULE_EXCLUDE, below(CALLS));
	if (below(4) == 0)
		add_rule(a, &p, RULE_SCORE, call);
	if (below(3) == 0)
		*vec_push(a, &p.use) = &c->rule_sets.v[below(SETS)];
	p.kinds.unknown_ok = p.programme.unknown_ok = p.stage.unknown_ok = p.eligible_in.unknown_ok = true;
	*vec_push(a, &p.kinds.allow) = STR("grant");
	*vec_push(a, &p.eligible_in.allow) = STR("EE");
	return p;
}

static struct config *make_config(struct arena *a, size_t profiles)
{
	struct config *c = arena_make(a, struct config);
	for (size_t i = 0; i < SETS; i++) {
		struct rule_set *s = vec_push(a, &c->rule_sets);
		struct buf b = buf_init(LINE_MAX_TEXT);
		group(&b, below(CALLS), SET_WORDS, 90, RARE);
		s->id = s->label = str_of(arena_printf(a, "s%zu", i));
		*vec_push(a, &s->rules) = (struct rule){RULE_MATCH, 0, make_value(a, "match", &b)};
	}
	for (size_t i = 0; i < profiles; i++) {
		struct profile p = make_profile(a, c, i);
		*vec_push(a, &c->profiles) = p;
	}
	return c;
}

/* ---- measuring -------------------------------------------------------------------- */

static double engine_seconds(struct engine *e, const struct opportunity *o, size_t n, size_t *hits)
{
	struct arena *a = arena_new(BYTES_MAX);
	double start = cpu_seconds();
	for (size_t i = 0; i < n; i++) {
		struct hits found;
		arena_reset(a);
		engine_match(e, match_document(a, &o[i]), a, &found);
		*hits += found.list.n;
	}
	double seconds = cpu_seconds() - start;
	arena_free(a);
	return seconds / (double)n;
}

static double plain_seconds(const struct rulebook *b, const struct opportunity *o, size_t n, size_t *hits)
{
	struct arena *a = arena_new(BYTES_MAX);
	double start = cpu_seconds();
	for (size_t i = 0; i < n; i++) {
		arena_reset(a);
		struct document *doc = match_document(a, &o[i]);
		for (size_t k = 0; k < b->config->profiles.n; k++) {
			struct hit h;
			*hits += match_profile(b, doc, &b->config->profiles.v[k], a, &h);
		}
	}
	double seconds = cpu_seconds() - start;
	arena_free(a);
	return seconds / (double)n;
}

int main(int argc, char **argv)
{
	int64_t profiles = 0;
	if (argc != 2 || !str_to_i64(str_of(argv[1]), 1, 1000000, &profiles))
		die("usage: match PROFILES");
	struct arena *a = arena_new((size_t)4 << 30);
	struct diags d = {.a = a};
	struct opportunity *o = arena_make_n(a, CALLS, struct opportunity);
	make_words(a);
	for (size_t i = 0; i < CALLS; i++)
		o[i] = make_call(a, i);
	struct rulebook *b = match_compile(a, make_config(a, (size_t)profiles), &d);
	if (b == NULL) {
		diags_print(&d, stderr);
		die("the rules have errors");
	}
	double start = cpu_seconds();
	struct engine *e = engine_new();
	engine_add_all(e, b);
	double built = cpu_seconds() - start;
	size_t same = 0, plain = 0, hits = 0;
	(void)engine_seconds(e, o, PLAIN_MATCHED, &same);
	double slow = plain_seconds(b, o, PLAIN_MATCHED, &plain);
	double cold = engine_seconds(e, o, MATCHED, &hits);
	struct match_counts before = engine_counts(e), c;
	hits = 0;
	double fast = engine_seconds(e, o, MATCHED, &hits);
	c = engine_counts(e);
	printf("%lld profiles x a call of 2 KB: %.0f us of CPU (words seen for the first time: %.0f us), "
	       "plain evaluator "
	       "%.0f us, ratio %.0f\n",
		(long long)profiles, fast * 1e6, cold * 1e6, slow * 1e6, slow / fast);
	printf("  %.1f hits a call, %.1f programs run a hit, %.1f texts asked a call, %zu bytes a profile, "
	       "%.2f s to build\n",
		(double)hits / MATCHED, (double)(c.judged - before.judged) / (double)(hits + 1),
		(double)(c.asked - before.asked) / MATCHED, c.bytes / (size_t)profiles, built);
	if (same != plain)
		die("the engine finds %zu hits, the plain evaluator %zu", same, plain);
	engine_free(e);
	arena_free(a);
	return 0;
}
