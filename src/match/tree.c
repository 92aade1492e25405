/* SPDX-License-Identifier: MIT
 *
 * Questions about the tree of a query that need no document: how many different
 * terms it has, and whether it would hold where none of them occurs.
 */
#include "match/internal.h"

#define TERM_SLOTS 1024 /* of the set that counts terms; more than QUERY_TERMS_MAX */

struct term_set {
	const struct term *slots[TERM_SLOTS];
	size_t n;
};

static void count_terms(const struct node *n, struct term_set *set)
{
	for (size_t i = 0; i < n->kids.n; i++)
		count_terms(n->kids.v[i], set);
	if (n->type != NODE_TERM || set->n > QUERY_TERMS_MAX)
		return;
	uint32_t at = text_hash(n->term->key) % TERM_SLOTS;
	while (set->slots[at] != NULL) {
		if (str_eq(set->slots[at]->key, n->term->key))
			return;
		at = (at + 1) % TERM_SLOTS;
	}
	set->slots[at] = n->term;
	set->n++;
}

size_t node_terms(const struct node *n)
{
	struct term_set set = {0};
	count_terms(n, &set);
	return set.n;
}

bool node_holds_on_nothing(const struct node *n)
{
	bool all = true, any = false;
	for (size_t i = 0; i < n->kids.n; i++) {
		bool holds = node_holds_on_nothing(n->kids.v[i]);
		all &= holds;
		any |= holds;
	}
	switch (n->type) {
	case NODE_TERM:
	case NODE_NEAR:
		return false;
	case NODE_NOT:
		return !any;
	case NODE_OR:
	case NODE_FIELD:
		return any;
	case NODE_AND:
		return all;
	}
	return false;
}
