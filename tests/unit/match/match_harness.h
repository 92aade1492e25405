/* SPDX-License-Identifier: MIT
 *
 * Building calls, queries and rule books by hand for the tests of match/.
 */
#ifndef FW_TESTS_MATCH_HARNESS_H
#define FW_TESTS_MATCH_HARNESS_H

#include "harness.h"

#include "base/buf.h"

#include "conf/section.h"
#include "match/match.h"

#define ARENA_MATCH ((size_t)256 << 20)

/* A value as conf/ makes it: one line, key and text. */
__attribute__((unused)) static struct value make_value(
	struct arena *a, const char *key, const char *text, int line)
{
	struct value v = {.text = str_dup(a, str_of(text)), .key = str_of(key)};
	size_t before = strlen(key) + 2;
	v.at = (struct place){
		.file = STR("profiles.d/x.conf"),
		.line = line,
		.col = (int)before + 1,
		.width = 1,
		.text = str_of(arena_printf(a, "%s: %s", key, text)),
	};
	struct segment *s = arena_make(a, struct segment);
	*s = (struct segment){.offset = 0, .n = v.text.n, .at = v.at};
	v.segments = s;
	v.segment_count = 1;
	return v;
}

__attribute__((unused)) static void add_rule(
	struct arena *a, struct profile *p, enum rule_type type, int64_t score, const char *text)
{
	static const char *const keys[] = {"match", "require", "exclude", "score"};
	int line = (int)p->rules.n + 2;
	*vec_push(a, &p->rules) = (struct rule){type, score, make_value(a, keys[type], text, line)};
}

__attribute__((unused)) static void add_synonym(
	struct arena *a, struct config *c, const char *word, const char *text)
{
	*vec_push(a, &c->synonyms) = (struct synonym){
		.word = str_of(word),
		.expansion = make_value(a, word, text, (int)c->synonyms.n + 100),
	};
}

/* Whether the engine finds that the call suits this profile, when it holds no other. */
__attribute__((unused)) static bool suits(
	const struct rulebook *b, struct document *doc, const struct profile *p, struct arena *a, struct hit *out)
{
	struct engine *e = engine_new();
	struct hits hits;
	engine_add(e, b, p);
	engine_match(e, doc, a, &hits);
	*out = hits.list.n > 0 ? hits.list.v[0] : (struct hit){0};
	engine_free(e);
	return hits.list.n > 0;
}

/* A query as a match line would hold it. */
__attribute__((unused)) static struct query *compile(
	struct arena *a, const struct config *c, const char *text, struct diags *d)
{
	struct value *v = arena_make(a, struct value);
	*v = make_value(a, "match", text, 2);
	d->a = a;
	return query_compile(a, c, v, d);
}

#endif
