/* SPDX-License-Identifier: MIT
 *
 * What the files of match/ share: folded words, word forms, the token table of a
 * document, the tree of a query. The order below is the order in which they build
 * on each other; nothing here is for other folders.
 */
#ifndef FW_MATCH_INTERNAL_H
#define FW_MATCH_INTERNAL_H

#include "base/buf.h"
#include "match/match.h"

/* ---- fold.c: letters ------------------------------------------------------ */

#define WORD_MAX 256 /* bytes of a word that are compared; what is behind them is not */

/* Each writes at most WORD_MAX bytes to `out` and returns them as a slice. */
/* Casefold, compatibility decomposition, no marks, ß ø ł đ æ œ ı ħ þ spelt out. */
struct str word_fold(struct str word, char out[static WORD_MAX]);
/* Lower-case letters, composed (NFC). */
struct str word_lower(struct str word, char out[static WORD_MAX]);
/* As written, composed (NFC). */
struct str word_exact(struct str word, char out[static WORD_MAX]);

/* One run of letters and digits. */
struct run {
	size_t start, end; /* bytes */
	unsigned letters;  /* letters and digits, marks not counted */
	unsigned capitals;
};
/* The next run at or behind *at (moves *at); false at the end. */
bool run_next(struct str s, size_t *at, struct run *out);
/* Whether the bytes stand for hyphens, slashes, apostrophes or dots
 * only: what may stand between the parts of a word that is also spelt joined. */
bool run_joint(struct str between);
/* Bytes of the white space character at s.p[at]; 0 when it is none. */
size_t space_at(struct str s, size_t at);

/* ---- stem.c: word forms --------------------------------------------------- */

enum lang {
	LANG_EN, LANG_DE, LANG_FR, LANG_ES, LANG_IT, LANG_PT, LANG_NL, LANG_DA, LANG_SV, LANG_FI, LANG_ET, LANG_HU,
	LANG_PL, LANG_CS, LANG_SK, LANG_SL, LANG_HR, LANG_BG, LANG_EL, LANG_RO, LANG_LT, LANG_LV, LANG_GA, LANG_MT,
	LANG_COUNT
};

/* The set with the one language of this code ("de", "de-AT"); 0 when it is none of
 * the table's. Sets are bits 1 << enum lang. */
unsigned lang_set(struct str code);
/* The language a text is read in: the declared one, else English. */
unsigned lang_of_text(struct str declared);

#define STEMS_MAX 12 /* readings of one word */
#define KEYS_MAX  (STEMS_MAX + 4)

/* Two words are forms of each other when they share a key: fold(stem(lower)) for
 * each stem that the word may have, and fold(stem(fold)) likewise; a guessed stem has
 * a mark before it, for it is no word of a dictionary. */
struct keys {
	struct str v[KEYS_MAX];
	size_t n;
};
/* The keys in `a`. A rule's word is read as a basic form where it can be one. */
void word_keys(enum lang l, struct arena *a, struct str lower, struct str folded, bool of_rule, struct keys *out);
/* The keys of a text's word, remembered; good until the next call. */
const struct str *text_keys(enum lang l, struct str lower, struct str folded, size_t *n);

/* ---- morph.c: dictionaries ------------------------------------------------ */

#define MORPH_VOIKKO "voikko" /* the name of the Finnish one; others have a file of their name */

struct morph;
bool morph_there(const char *name);
struct morph *morph_open(const char *name); /* NULL when it is not installed */
void morph_close(struct morph *m);
/* How many stems; 0 when the word is not in it. */
size_t morph_stems(struct morph *m, struct arena *a, struct str word, struct str out[static STEMS_MAX]);

/* ---- estonian.c, endings.c: word forms without a dictionary ---------------- */

size_t estonian_stems(
	struct arena *a, struct str folded, bool of_rule, struct str out[static STEMS_MAX]);
/* One stem: the word without its longest ending, or itself; none when the language
 * has no table. */
size_t endings_stems(enum lang l, struct arena *a, struct str word, struct str out[static 1]);

/* ---- token.c: a document -------------------------------------------------- */

#define POSITION_GAP 5000 /* words between two pieces: more than any phrase and NEAR reach together */
#define NO_WORD	     UINT32_MAX

struct piece { /* one text of a document: a field, or one element of a list field */
	enum match_field field;
	struct str text;
};

struct token {
	uint32_t start, end; /* bytes in its piece */
	uint32_t position;   /* counts on through all pieces, with gaps */
	uint32_t word;	     /* the distinct word it is */
	uint32_t next;	     /* the next token that is this word, or NO_WORD */
	uint16_t piece;
	bool capitals; /* at least two */
};

struct word { /* distinct lower-case form */
	struct str lower, folded;
	uint32_t hash; /* of `lower` */
	uint32_t first, last; /* its tokens */
};

/* Words by a key each of them has. */
struct index {
	uint32_t *heads, *next; /* word + 1; 0 ends */
	const struct str *keys; /* by word */
	uint32_t mask;
};

/* Words by their forms: each word under each of its keys. */
struct form {
	struct str key;
	uint32_t word;
	uint32_t next; /* form + 1; 0 ends */
};
struct forms {
	struct form *list;
	uint32_t n;
	uint32_t *heads; /* form + 1 */
	uint32_t mask;
};

struct document {
	struct arena *a;
	const struct opportunity *o;
	unsigned langs; /* of its text */
	VEC(struct piece) pieces;
	struct token *tokens;
	uint32_t token_count, token_room;
	struct word *words;
	uint32_t word_count;
	struct index folded;
	struct forms forms[LANG_COUNT];
	unsigned stemmed; /* set of languages whose indexes are there */
};

uint32_t text_hash(struct str s);
/* First word with this key, and the next after `word`; NO_WORD ends. */
uint32_t index_first(const struct index *x, struct str key);
uint32_t index_next(const struct index *x, uint32_t word, struct str key);
/* The first form with this key, and the next after `f`; NULL ends. */
const struct form *forms_first(const struct forms *x, struct str key);
const struct form *forms_next(const struct forms *x, const struct form *f, struct str key);
/* Builds the form indexes of these languages where they are not there yet. */
void document_stem(struct document *d, unsigned langs);
/* The bytes of tokens first..last, which are of one piece. */
struct str document_text(const struct document *d, uint32_t first, uint32_t last);

/* ---- term.c: the leaves of a query ---------------------------------------- */

enum term_kind {
	TERM_WORD,    /* one part, in any of its forms */
	TERM_ACRONYM, /* one part, where the text has two capitals */
	TERM_PHRASE,  /* parts next to each other, in exactly these forms */
};

struct term_part {
	struct str folded, exact;
	unsigned letters, capitals;
};

/* The keys of a rule's word in a language, found when the first text of it comes. */
struct term_keys {
	enum lang lang;
	struct keys keys;
	struct term_keys *next;
};
struct term_forms {
	struct arena *a;
	struct str lower;
	struct term_keys *list;
};

struct term {
	enum term_kind kind;
	struct str key; /* the same for equal terms */
	struct term_part *parts;
	size_t part_count;
	bool cased;			/* =Word */
	bool open_start, open_end;	/* *word and word* */
	struct term_forms *forms;	/* of a TERM_WORD */
	struct str singular;		/* of a TERM_ACRONYM: "atmp" of ATMPs, else itself */
	struct str joined;		/* of a TERM_PHRASE: the spelling in one word; empty = none */
	bool joined_capitals;		/* which then needs two capitals in the text */
	struct str behind;		/* characters that must stand right behind the word: "++" */
};

/* What a term is made of: the characters between its stars or quotes. */
struct term_text {
	struct str text;
	bool quoted, cased, open_start, open_end;
};
/* NULL when there is no letter or digit in it. */
struct term *term_make(struct arena *a, const struct term_text *t);
/* The keys of a TERM_WORD in this language; none when the arena is full. */
const struct keys *term_keys(const struct term *t, enum lang l);

#define QUERY_ROOM ((size_t)2 << 20) /* arena bytes that compiling one query may take */

/* ---- parse.c: query text -> tree ------------------------------------------ */

enum node_type { NODE_TERM, NODE_OR, NODE_AND, NODE_NOT, NODE_NEAR, NODE_FIELD };

struct near { /* how an operand of NEAR stands to what is before it */
	int64_t within;
	bool ordered;
};

struct node {
	enum node_type type;
	bool bracketed;
	struct str text;	 /* as written */
	const struct term *term; /* of a NODE_TERM */
	enum match_field field;	 /* of a NODE_FIELD */
	VEC(struct node *) kids;
	VEC(struct near) nears; /* of a NODE_NEAR: one for each kid, the first unused */
	bool synonyms;		/* an OR of a word and what it stands for */
};

struct query {
	struct str text;
	const struct node *root;
};

struct synonyms;
struct parser_input {
	struct arena *a;
	struct diags *d;
	struct synonyms *synonyms; /* may be NULL */
	const struct value *value;
	bool alternatives; /* the right side of a synonym: commas are ORs */
	int depth;	   /* of synonyms within synonyms */
};
/* The root, or NULL when errors were added. */
struct node *query_parse(const struct parser_input *in);

/* ---- tree.c --------------------------------------------------------------- */

/* Different terms, synonyms included; one more than QUERY_TERMS_MAX for any number above. */
size_t node_terms(const struct node *n);
/* Whether it holds for a call that has none of its words. */
bool node_holds_on_nothing(const struct node *n);

/* ---- synonym.c ------------------------------------------------------------ */

struct synonyms *synonyms_new(struct arena *a, const struct config *c, struct diags *d);
/* Reads all of them, so that every fault is told even where none is used. */
void synonyms_check(struct synonyms *s);
/* What `t` also stands for (an OR of terms), or NULL. */
struct node *synonyms_of(struct synonyms *s, const struct term *t, int depth);

/* ---- eval.c --------------------------------------------------------------- */

#define SCRATCH_MAX ((size_t)64 << 20) /* bytes for judging one rule */
#define PROSE	    (1U << MATCH_TITLE | 1U << MATCH_TEXT) /* the fields meant when none is written */

struct find { /* a place found: tokens first..last */
	uint32_t first, last;
	uint32_t rank; /* 0 = the first place of its word */
};
struct finds {
	VEC(struct find) list;
};

struct eval {
	struct document *doc;
	unsigned langs;
	struct arena *scratch;
};

/* Whether the query hits; the places go to `finds` unless it is NULL. */
bool query_eval(const struct eval *e, const struct query *q, struct finds *finds);
/* Those of these fields that a term stands in. */
unsigned term_fields(const struct eval *e, const struct term *t, unsigned fields);
/* Whether a word is, or with a star begins or ends with, these letters. */
bool word_fits(struct str word, struct str letters, bool open_start, bool open_end);
/* The words, phrases and NEARs that would have to occur and do not, as written. */
void query_missing(const struct eval *e, const struct query *q, struct arena *a, struct strv *out);

/* Whether a part of a query holds within these fields (a set of 1 << enum match_field). */
bool node_eval(const struct eval *e, const struct node *n, unsigned fields, struct finds *finds);
/* All places of a term, a NEAR or an OR of them. */
void node_places(const struct eval *e, const struct node *n, unsigned fields, struct finds *finds);

/* ---- compile.c: the rule book --------------------------------------------- */

struct compiled_rule {
	const struct rule *rule;
	struct query query;
	struct str line;
};
struct compiled_rules {
	VEC(struct compiled_rule) list;
};
struct compiled_profile {
	const struct profile *profile;
	unsigned langs;
	struct compiled_rules rules;
	VEC(const struct compiled_set *) sets;
};
struct compiled_set {
	const struct rule_set *set;
	struct compiled_rules rules;
};
struct rulebook {
	const struct config *config;
	struct compiled_set *sets;	   /* as config->rule_sets */
	struct compiled_profile *profiles; /* as config->profiles */
};
/* Warnings about the rules of one section that need no call: a line that can never
 * hit, an exclude line that leaves nothing of a match line. */
void lint_section(const struct compiled_rules *rules, struct diags *d);

/* NULL when the profile is not of this configuration. */
const struct compiled_profile *rulebook_profile(const struct rulebook *b, const struct profile *p);

/* ---- filter.c ------------------------------------------------------------- */

struct filter_verdicts {
	VEC(struct filter_verdict) list;
};
/* Adds the verdict of every filter the profile sets; false when one stopped the call. */
bool filters_judge(struct arena *a, const struct settings *s, const struct profile *p,
	const struct opportunity *o, struct filter_verdicts *out);

#define FILTERS	       6		 /* each of which the engine judges once for all who have it */
#define FILTER_KEY_MAX (16 * CONF_FILE_MAX) /* bytes of what the profile sets of one */
bool filter_passes(struct arena *a, const struct settings *s, size_t filter, const struct profile *p,
	const struct opportunity *o);
/* Adds what tells this filter from others; nothing when the profile does not set it. */
void filter_key(struct buf *b, size_t filter, const struct profile *p);

/* ---- explain.c ------------------------------------------------------------- */

/* The sum of two scores, as far as there are numbers. */
int64_t score_add(int64_t a, int64_t b);
/* The reasons of a hit that is known to be one. */
void explain_hit(const struct compiled_profile *c, struct document *doc, struct arena *a, struct hit *h);

/* The verdict without any index, by the evaluator alone: what the engine is tested
 * against. *out is written when true; it lives in `a`. */
bool match_profile(const struct rulebook *b, struct document *doc, const struct profile *p, struct arena *a,
	struct hit *out);

/* match_explain() as if these clauses did not hit and these filters were not there;
 * `without` may be NULL. */
void explain_without(const struct rulebook *b, struct document *doc, const struct profile *p, struct arena *a,
	const struct remedy *without, struct explanation *out);

#endif
