/* SPDX-License-Identifier: MIT
 *
 * The requests of a document's pages: what {page}, {offset} and {token} become,
 * and where the page after this one is.
 */
#ifndef FW_DAEMON_PAGING_H
#define FW_DAEMON_PAGING_H

#include "conf/conf.h"
#include "fetch/fetch.h"

/* Which page is asked for. */
struct page_place {
	int64_t number;   /* pages before it in this document */
	struct str url;   /* named by the page before; empty = the recipe's */
	struct str token; /* given by the page before */
};

/* The recipe's request for that page. Strings live in `a` or in the recipe. */
struct fetch_request page_request(struct arena *a, const struct recipe *r, const struct page_place *at);

/* Whether the recipe's own request changes from page to page. */
bool page_counts(const struct recipe *r);

#endif
