/* SPDX-License-Identifier: MIT
 *
 * Rules against calls: rule text -> compiled rule book; opportunity x profile ->
 * hit with score and reasons. Pure. The grammar and its meaning are rules.md.
 * An engine holds the rules of many profiles and finds those that a call suits; the
 * plain evaluator behind match_explain() and query_matches() tells the reasons, and is
 * what the engine is tested against.
 */
#ifndef FW_MATCH_MATCH_H
#define FW_MATCH_MATCH_H

#include "conf/conf.h"

#define QUERY_BYTES_MAX   4096 /* bytes of one query */
#define QUERY_TERMS_MAX   256  /* distinct terms of one query, synonyms included */
#define QUERY_DEPTH_MAX   32   /* nesting */
#define NEAR_MAX          50   /* words of a NEAR */
#define NEAR_DEFAULT      8
#define REASONS_PER_RULE  5    /* found places kept per rule line */
#define MATCH_TOKENS_MAX  60000 /* words of one text that are looked at */

/* ---- languages ---------------------------------------------------------- */

/* How the words of a language are matched here. */
struct match_language {
	const char *name;
	const char *package; /* a dictionary that is not installed and would find more forms; else NULL */
	bool stemmer;	     /* without it a stemmer finds many of them */
	bool folding;	     /* nothing knows its word forms */
};
/* False when the code is not of an EU language. */
bool match_language(struct str code, struct match_language *out);

/* ---- compiling ---------------------------------------------------------- */

struct rulebook; /* all profiles, rule sets and synonyms of one configuration */

/* Compiles every rule line; faults go to `d` with their places (negatives alone in
 * a match line, mixed AND/OR, unknown field, wildcard too short, ...), lints as
 * warnings. The rule book lives in `a` and refers to `c`, which must outlive it.
 * NULL when errors were added. */
struct rulebook *match_compile(struct arena *a, const struct config *c, struct diags *d);

struct query; /* one compiled query: a recipe's relevance, `search`, `try` */
/* `c` gives the synonyms and may be NULL. NULL when errors were added. */
struct query *query_compile(struct arena *a, const struct config *c, const struct value *text, struct diags *d);

/* ---- matching ----------------------------------------------------------- */

/* An opportunity cut into tokens, once for all profiles. It refers to `o`, and goes
 * on to grow in `a` while it is matched. The longest texts take 48 MB; in a smaller
 * arena fewer of their words are looked at. */
struct document;
struct document *match_document(struct arena *a, const struct opportunity *o);

bool query_matches(const struct query *q, struct document *doc);

enum match_field { /* grammar's fields; spans exist in the first two */
	MATCH_TITLE, MATCH_TEXT, MATCH_PROGRAMME, MATCH_CALL, MATCH_FUNDER, MATCH_KIND, MATCH_STAGE,
	MATCH_SOURCE, MATCH_COUNTRY, MATCH_LANG, MATCH_CATEGORY, MATCH_FIELD_COUNT
};
const char *match_field_name(enum match_field f) RET_NONNULL;

struct reason {
	struct str line;      /* "profiles.d/celltech.conf:9" */
	struct str label;     /* label of the rule set it came through; empty for the profile's own */
	enum match_field field;
	size_t start, end;    /* bytes [start,end) of the field's plain text */
	struct str text;      /* those bytes */
};

struct hit {
	const struct profile *profile;
	int64_t score;
	bool urgent; /* an `urgent` line of the profile hits too */
	VEC(struct reason) reasons;
};

struct hits {
	VEC(struct hit) list;
};

#define ENGINE_MEMORY_MAX ((size_t)48 << 20) /* bytes remembered of texts; when full, all are forgotten */

/* The engine: many profiles against one call after the other. It holds profiles of one
 * or a few rule books, which must outlive it. */
struct engine;
/* Holds no profile yet. Free with engine_free(). */
struct engine *engine_new(void) NODISCARD RET_NONNULL;
void engine_free(struct engine *e);
/* All profiles of a rule book, or one of them; one that is there already is left alone. */
void engine_add_all(struct engine *e, const struct rulebook *b);
void engine_add(struct engine *e, const struct rulebook *b, const struct profile *p);
void engine_remove(struct engine *e, const struct rulebook *b, const struct profile *p);

/* The profiles that the call suits (rules, threshold and all filters but `deadline`,
 * which is judged at each digest), in the order of the configuration, with their
 * reasons. The hits live in `a`. MODE_MUTE profiles are matched too. */
void engine_match(struct engine *e, struct document *doc, struct arena *a, struct hits *out);

/* What the engine did since it was made, and what it takes. */
struct match_counts {
	uint64_t documents, hits;
	uint64_t judged; /* profiles and rule sets whose programs ran */
	uint64_t asked;	 /* phrases and NEARs that were looked for in a text */
	size_t bytes;	 /* of rules */
	size_t remembered; /* of words of texts; about ENGINE_MEMORY_MAX at most */
};
struct match_counts engine_counts(const struct engine *e);

/* The deadline filter at `now`. DEADLINE_EARLY: in range from *from on (local
 * date of the deadline's zone). */
enum deadline_verdict { DEADLINE_OK, DEADLINE_EARLY, DEADLINE_LATE };
enum deadline_verdict match_deadline(const struct profile *p, const struct opportunity *o, int64_t now,
	struct date *from);

/* ---- rules against many calls ---------------------------------------------- */

#define RATE_CALLS_MIN  50       /* calls without which a rate says nothing */
#define RATE_CALLS_MAX  2000     /* calls that are looked at */
#define RATE_WORK_MAX   20000000 /* terms x calls that are looked at */
#define RATE_OFTEN      20       /* per cent of the calls; a term above it tells little apart */
#define RATE_KILLS_MIN  3        /* matched calls, all excluded, before that is said */

/* How often each term and line hits of the rules that members have: not of sets that none
 * uses, nor of profile_for_tests(). */
struct rates;
struct rates *rates_new(struct arena *a, const struct rulebook *b);
void rates_freep(struct rates **r); /* what it holds besides `a` */
/* How many calls should be counted at most; the newest tell most. */
size_t rates_wanted(const struct rates *r);
/* One call; the document lives on in the arena it was made in. */
void rates_count(struct rates *r, struct document *doc);
/* Warnings: terms that never hit, terms that hit too often, exclude lines that take
 * away every matched call. Nothing below RATE_CALLS_MIN calls. */
void rates_tell(const struct rates *r, struct diags *d);

/* Terms in none of the calls that were counted, by line. */
struct idle_term {
	struct str line, text;
};
struct idle_terms {
	size_t calls; /* that were counted */
	VEC(struct idle_term) list;
};
void rates_idle(const struct rates *r, struct arena *a, struct idle_terms *out);

/* ---- [test] sections ------------------------------------------------------ */

/* Runs every [test] of the configuration at `now`; each that fails is an error at
 * its 'expect', with what came out and why. *run = how many were tried (those
 * that name no profile are not). */
void match_tests(const struct rulebook *b, int64_t now, struct diags *d, size_t *run);

/* ---- words inside longer ones --------------------------------------------- */

/* A rule's word that the calls have only inside longer words. */
struct compound {
	struct str line, word; /* of the rule */
	struct str longer;     /* one that it is in */
	bool ends;	       /* it ends with the word: *word finds it, else word* does */
};
struct compound_list {
	VEC(struct compound) list;
};
struct compounds;
struct compounds *compounds_new(struct arena *a);
/* The words that the profile's match, require and score lines ask for. */
void compounds_add(struct compounds *c, const struct rulebook *b, const struct profile *p);
void compounds_count(struct compounds *c, struct document *doc);
void compounds_list(const struct compounds *c, struct compound_list *out);

/* ---- explaining --------------------------------------------------------- */

struct clause {
	enum rule_type type;
	struct str line, label, text; /* text: the rule as written */
	int64_t score;
	bool hit;
	VEC(struct reason) found;     /* when hit */
	VEC(struct str) missing;      /* when not: words and phrases that did not occur */
};

struct filter_verdict {
	const char *name;   /* "budget", "kinds", "eligible in", ... */
	bool passed;
	struct str text;    /* "asks for >= 50000 EUR, the call gives 30000 EUR" */
};

struct explanation {
	bool hit;
	int64_t score, threshold;
	bool has_threshold;
	VEC(struct clause) clauses;
	VEC(struct filter_verdict) filters;
	struct str verdict; /* one sentence in plain words: why it suits, or what stopped it */
	/* When it does not suit, the first thing that stopped it: "match", "require",
	 * "exclude", "threshold", "rules" (there are none), or the name of a filter. */
	struct str stopped_by;
};

/* Every clause with its verdict; agrees with engine_match(), which is tested. */
void match_explain(const struct rulebook *b, struct document *doc, const struct profile *p, struct arena *a,
	struct explanation *out);

/* One thing that would have to be otherwise for a call to suit. */
enum need_type {
	NEED_WORDS,  /* `words` in the field; at the end of title or text, or as the field's value */
	NEED_ABSENT, /* what `text` finds in the field, gone from it */
	NEED_CLAUSE, /* the exclude or score line not hitting, or left out */
	NEED_FILTER, /* the filter `text` letting it pass, or left out */
};
struct need {
	enum need_type type;
	enum match_field field; /* NEED_WORDS, NEED_ABSENT */
	struct str line;	/* of the clause; empty for a filter */
	struct str text;	/* the part of the rule as written; name of the filter */
	/* NEED_WORDS: fulfils it; NEED_ABSENT: what was found, one a line; NEED_FILTER:
	 * the values of both sides. */
	struct str words;
};
struct remedy { /* all of them together make the call suit */
	VEC(struct need) needs;
	size_t found; /* words of the rule that are there: of two misses, the nearer one has more */
};
struct remedies {
	VEC(struct remedy) list;
};

#define REMEDIES_MAX 3 /* told for one call */

/* For a call that does not suit: the smallest sets of needs, at most `wanted` of
 * them, all of the same size. Each was tried: the call with these words (each on a
 * line of its own behind what it says) and without these clauses and filters suits.
 * Empty when none was found. */
void match_remedies(const struct rulebook *b, const struct opportunity *o, const struct profile *p, struct arena *a,
	size_t wanted, struct remedies *out);

#endif
