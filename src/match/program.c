/* SPDX-License-Identifier: MIT
 *
 * A rule as a flat program: a chain of questions "does the call have this atom in one
 * of these fields?", each with the next question for yes and for no. In: the tree of a
 * query, and what follows it; out: where to start, and the gate: atoms of which every
 * call that fulfils the rule has one. The chain is written from its end, so every
 * answer leads to an earlier place in the list and every run ends.
 */
#include "match/engine.h"

static uint32_t ask(const struct maker *m, uint32_t atom, unsigned fields, uint32_t yes, uint32_t no)
{
	*vec_push(m->d->a, &m->p->list) = (struct question){atom, fields, yes, no};
	return (uint32_t)m->p->list.n - 1;
}

/* ---- gates ------------------------------------------------------------------------- */

static struct gate gate_open(void)
{
	return (struct gate){.cost = GATE_NONE};
}

static struct gate gate_of(const struct maker *m, uint32_t atom)
{
	struct gate g = {.cost = m->d->atoms.v[atom].cost};
	*vec_push(m->scratch, &g.atoms) = atom;
	return g;
}

struct gate gate_both(struct gate a, struct gate b)
{
	return a.cost <= b.cost ? a : b;
}

struct gate gate_either(const struct maker *m, struct gate a, struct gate b)
{
	if (a.cost == GATE_NONE || b.cost == GATE_NONE)
		return gate_open();
	for (size_t i = 0; i < b.atoms.n; i++)
		*vec_push(m->scratch, &a.atoms) = b.atoms.v[i];
	a.cost += b.cost;
	return a;
}

/* ---- nodes --------------------------------------------------------------------------- */

struct made program_atom(const struct maker *m, uint32_t atom, uint32_t yes, uint32_t no)
{
	return (struct made){ask(m, atom, FIELDS_ALL | VALUE_MAYBE, yes, no), gate_of(m, atom)};
}

/* `all` of the kids, or any, must be as `want`; kids are asked in their order. */
static struct made kids(
	const struct maker *m, const struct node *n, unsigned fields, bool want, uint32_t yes, uint32_t no)
{
	bool all = n->type != NODE_OR;
	struct made out = {.start = all ? yes : no};
	for (size_t i = n->kids.n; i-- > 0;) {
		struct made kid = program_node(
			m, n->kids.v[i], fields, want, all ? out.start : yes, all ? no : out.start);
		out.start = kid.start;
		if (i + 1 == n->kids.n)
			out.gate = kid.gate;
		else
			out.gate = all == want ? gate_both(kid.gate, out.gate)
					       : gate_either(m, kid.gate, out.gate);
	}
	return out;
}

/* Its words are asked for first; where all are there, the evaluator is asked. */
static struct made near(
	const struct maker *m, const struct node *n, unsigned fields, bool want, uint32_t yes, uint32_t no)
{
	uint32_t atom = dictionary_atom(m->d, (struct atom){.near = n, .fields = fields, .langs = m->langs});
	return kids(m, n, fields, want, ask(m, atom, fields | VALUE_MAYBE, yes, no), no);
}

struct made program_node(
	const struct maker *m, const struct node *n, unsigned fields, bool want, uint32_t yes, uint32_t no)
{
	switch (n->type) {
	case NODE_TERM: {
		uint32_t atom = dictionary_term(m->d, n->term, m->langs);
		return (struct made){ask(m, atom, fields, yes, no), want ? gate_of(m, atom) : gate_open()};
	}
	case NODE_FIELD:
		return program_node(m, n->kids.v[0], 1U << n->field, want, yes, no);
	case NODE_NOT:
		return program_node(m, n->kids.v[0], fields, !want, no, yes);
	case NODE_NEAR:
		return near(m, n, fields, want, yes, no);
	case NODE_AND:
	case NODE_OR:
		break;
	}
	return kids(m, n, fields, want, yes, no);
}
