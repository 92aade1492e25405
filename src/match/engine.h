/* SPDX-License-Identifier: MIT
 *
 * What the three files of the engine share. An atom is something that a call has or has
 * not: a term, a used rule set that hits, a NEAR. dictionary.c finds the atoms of a
 * call, program.c makes rules out of atoms, engine.c runs them.
 */
#ifndef FW_MATCH_ENGINE_H
#define FW_MATCH_ENGINE_H

#include "match/internal.h"

/* Of an arena of the engine: what is in them is bounded by the rules, which were
 * compiled within CONF_ARENA_MAX, and by limits of their own. */
#define ENGINE_BYTES_MAX ((size_t)1 << 40)

/* ---- dictionary.c: names -------------------------------------------------------- */

/* Byte strings of several kinds, numbered from 0 on. */
struct name {
	struct str text;
	uint32_t hash;
	unsigned kind;
};
struct names {
	uint32_t *slots; /* name + 1; 0 = free */
	uint32_t slot_count;
	VEC(struct name) list;
};
/* NO_WORD when there is none. */
uint32_t names_find(const struct names *n, unsigned kind, struct str text);
/* The new one's number is the old n->list.n. */
uint32_t names_add(struct names *n, struct arena *a, unsigned kind, struct str text);

/* ---- dictionary.c: terms and texts ------------------------------------------------ */

#define ATOM_ALWAYS 0 /* every call has it */

/* An atom's value: the fields it stands in (1 << enum match_field), and what is known. */
#define FIELDS_ALL  ((1U << MATCH_FIELD_COUNT) - 1)
#define VALUE_MAYBE (1U << 14) /* a part of it is there: the text itself must be asked */
#define VALUE_KNOWN (1U << 15) /* of an atom that is no term: it was asked for */

struct atom {
	const struct term *term; /* NULL: one of the following */
	const struct node *near; /* a NEAR within `fields` */
	unsigned fields;
	uint32_t unit; /* a used set */
	unsigned langs;
	unsigned cost;	      /* the more, the more calls have it */
	VEC(uint32_t) units; /* to be judged when a call has it */
};

/* How an atom takes note of a word of a text. */
enum how {
	HOW_WHOLE,    /* it stands where the word stands */
	HOW_CAPITALS, /* where the word has capitals, or outside of prose */
	HOW_PLURAL,   /* and ends in a small s */
	HOW_PART,     /* the word may fit its first part with a star */
	HOW_JOINED,   /* the word may fit its spelling in one word with a star */
	HOW_MAYBE,
};
struct listener {
	uint32_t atom;
	uint8_t how;
};
struct heard {
	VEC(struct listener) list;
	bool leads; /* a pair of words begins with it */
};

/* A word of a text in a language, looked up once. */
struct surface {
	const struct listener *list; /* whole, capitals, plural and maybe only */
	uint32_t n;
	uint32_t key; /* its place among the keys, or NO_WORD */
	unsigned lang;
	uint32_t lower, folded; /* bytes; folded 0 = the same */
	char text[];
};
struct surfaces {
	struct surface_slot {
		uint32_t hash;
		struct surface *surface; /* NULL = free */
	} *slots;
	size_t n, slot_count;
};

struct dictionary {
	struct arena *a;
	struct names terms; /* atoms of terms by what tells them apart */
	struct names keys;  /* what is looked up */
	VEC(uint32_t) term_atoms;
	VEC(struct heard) heard; /* as `keys` */
	VEC(struct atom) atoms;
	VEC(uint16_t) values;  /* as `atoms`: in the text at hand */
	VEC(uint32_t) present; /* atoms with a value */
	VEC(uint32_t) unkeyed; /* atoms that may be in every text */
	unsigned langs;	       /* of profiles */
	unsigned opened;       /* languages in which the forms of every word are keys */
	struct arena *memo;    /* of surfaces */
	struct surfaces surfaces;
};
void dictionary_init(struct dictionary *d, struct arena *a, struct arena *memo);
/* The atom of a term in a profile of these languages; `d` forgets the surfaces. */
uint32_t dictionary_term(struct dictionary *d, const struct term *t, unsigned langs);
uint32_t dictionary_atom(struct dictionary *d, struct atom atom);
/* Gives the atom's value these bits too. */
void dictionary_mark(struct dictionary *d, uint32_t atom, unsigned value);
/* Gives every atom its value for this text; the values before are gone. */
void dictionary_read(struct dictionary *d, const struct document *doc, struct arena *scratch);

/* ---- program.c ---------------------------------------------------------------------- */

/* A program is a chain of questions: each names the next for yes and for no. */
#define PROGRAM_YES UINT32_MAX
#define PROGRAM_NO  (UINT32_MAX - 1)

struct question {
	uint32_t atom;
	uint32_t fields; /* and VALUE_MAYBE of an atom that no words tell */
	uint32_t yes, no;
};
struct program {
	VEC(struct question) list;
};

#define GATE_NONE UINT64_MAX /* cost of a gate that every text passes */

/* Atoms of which every text that fulfils the rule has one. */
struct gate {
	VEC(uint32_t) atoms;
	uint64_t cost;
};
struct made {
	uint32_t start;
	struct gate gate;
};

struct maker {
	struct dictionary *d;
	struct program *p;
	struct arena *scratch; /* of gates */
	unsigned langs;
};
/* Puts the questions of a node in front of those at `yes` and `no`. The gate is of texts
 * for which the node is as `want`. */
struct made program_node(const struct maker *m, const struct node *n, unsigned fields, bool want, uint32_t yes,
	uint32_t no);
struct made program_atom(const struct maker *m, uint32_t atom, uint32_t yes, uint32_t no);
/* What must be had together: one of the two gates is enough; and what one of must be had. */
struct gate gate_both(struct gate a, struct gate b);
struct gate gate_either(const struct maker *m, struct gate a, struct gate b);

/* ---- engine.c, for rates.c ------------------------------------------------------------ */

/* The program of a part of a query. */
uint32_t engine_program(struct engine *e, const struct node *n, unsigned fields, unsigned langs);
/* Reads a call; then whether a program holds for it. */
void engine_read(struct engine *e, struct document *doc);
bool engine_holds(struct engine *e, uint32_t program);

#endif
