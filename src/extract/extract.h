/* SPDX-License-Identifier: MIT
 *
 * Bytes of one page -> items, as a recipe says: feeds, JSON by a jq program, XML
 * and HTML by XPath. Pure and fuzzed: bytes in, items in an arena out. A bad item
 * is left out and counted; it never costs the others. Items come out raw: bring
 * them to ITEM form with item_settle() (model/).
 */
#ifndef FW_EXTRACT_EXTRACT_H
#define FW_EXTRACT_EXTRACT_H

#include "conf/conf.h"

#define EXTRACT_ITEMS_MAX 20000 /* items of one page */
#define EXTRACT_DEPTH_MAX 256   /* nesting of a document (libxml2's own bound too) */

struct page {
	struct str title, link, language; /* of the feed; may be empty */
	const char *format;               /* "rss", "atom", "rdf", "jsonfeed", "json", "html", "xml" */
	VEC(struct item) items;
	size_t bad;                       /* items left out */
	struct str bad_why;               /* why the first of them was */
	struct str next;                  /* the next page's link as found; empty = none */
};

/* A recipe's programs, compiled at first use and kept. */
struct extractor;
struct extractor *extract_new(const struct recipe *r) NODISCARD RET_NONNULL;
void extract_free(struct extractor *x);

/* Compiles jq programs and XPaths; faults go to `d` with line (jq) or line and
 * column (XPath). Returns the number of errors added. */
size_t extract_check(const struct recipe *r, struct diags *d);

/* One page. `charset` is what HTTP said (may be empty), `url` where it came from.
 * ERR_INPUT: not this format, `expect` is false, broken beyond repair, declared
 * entities; ERR_LIMIT: too many items or too deep. */
enum err extract_page(struct extractor *x, struct arena *a, struct str bytes, struct str charset, struct str url,
	struct page *out, struct error *e) NODISCARD;

/* Any feed format (RSS, RDF, Atom, JSON Feed), told by looking. */
enum err extract_feed(struct arena *a, struct str bytes, struct str charset, struct str url, struct page *out,
	struct error *e) NODISCARD;

/* One ITEM object of design.md section 10 as JSON text -> item. Unknown members
 * are ignored; a member of the wrong type is an error. */
enum err extract_item_json(struct arena *a, struct str json, struct item *out, struct error *e) NODISCARD;

#endif
