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

/* Which selector gave a field of an item. */
struct found {
	size_t item;         /* index in `items` */
	enum field field;
	size_t alternative;  /* from 1 */
	struct str selector; /* as the recipe has it */
};

struct page {
	struct str title, link, language; /* of the feed; may be empty */
	const char *format;               /* "rss", "atom", "rdf", "jsonfeed", "json", "html", "xml" */
	VEC(struct item) items;
	bool cut;                         /* a feed or XML page that breaks off before its end */
	size_t bad;                       /* items left out */
	struct str bad_why;               /* why the first of them was */
	struct str next;                  /* the next page's link as found; empty = none */
	struct str token;                 /* what stands for {token} in the next request; empty = none */
	VEC(struct found) found;          /* with extract_trace() only */
};

/* A recipe's programs, compiled at first use and kept. */
struct extractor;
struct extractor *extract_new(const struct recipe *r) NODISCARD RET_NONNULL;
void extract_free(struct extractor *x);

/* Compiles jq programs and XPaths; faults go to `d` with line (jq) or line and
 * column (XPath). Returns the number of errors added. */
size_t extract_check(const struct recipe *r, struct diags *d);

/* Compiles now what is otherwise compiled at first use, and loads the tables of all
 * encodings. */
enum err extract_prepare(struct extractor *x, struct error *e) NODISCARD;
/* From now on pages say which selector gave what. */
void extract_trace(struct extractor *x);
/* What an item has under a recipe's name for it (the first of a list). */
struct str field_read(const struct item *it, enum field f);

/* One page. `charset` is what HTTP said (may be empty), `url` where it came from.
 * ERR_INPUT: not this format, `expect` is false, broken beyond repair, declared
 * entities; ERR_LIMIT: too many items or too deep. */
enum err extract_page(struct extractor *x, struct arena *a, struct str bytes, struct str charset, struct str url,
	struct page *out, struct error *e) NODISCARD;

/* The same out of an open file that is read piece by piece; for recipes with `stream`. */
enum err extract_file(struct extractor *x, struct arena *a, int fd, struct str url, struct page *out,
	struct error *e) NODISCARD;

struct extract_input {
	struct str bytes, charset, url;
	int fd;      /* of a file that holds the page instead of `bytes`; -1 = none */
	size_t size; /* bytes of the page in either case */
};
/* As extract_page() or extract_file(), in a process of its own that has neither
 * network nor files nor environment and little memory and time. ERR_LIMIT when it
 * used them up, ERR_INPUT when the page made it crash. */
enum err extract_confined(struct extractor *x, struct arena *a, const struct extract_input *in,
	struct page *out, struct error *e) NODISCARD;

/* What a document's items look like together; all zero at its start. */
struct page_tally {
	int64_t items, has[FIELD_COUNT]; /* items, and those that have the field */
	int64_t bad;	  /* items that were left out */
	int64_t dated;	  /* items whose deadline names a date */
	int64_t unread;	  /* of those: not all of them could be read */
	int64_t reversed; /* items that close before they open */
	char example[64]; /* the first deadline that could not be read */
	char why[100];	  /* why the first item was left out */
};

/* Counts what a page left out. */
void tally_page(struct page_tally *t, const struct page *p);
/* item_settle(), and the item is counted. */
void tally_settle(struct page_tally *t, struct arena *a, const struct item_rules *rules, struct item *it);
/* ERR_INPUT when so many items lack a field of `complete`, or have deadlines that
 * can't be true, that the site rather than an item must have changed. */
enum err tally_check(const struct page_tally *t, const struct recipe *r, struct error *e) NODISCARD;

/* Any feed format (RSS, RDF, Atom, JSON Feed), told by looking. */
enum err extract_feed(struct arena *a, struct str bytes, struct str charset, struct str url, struct page *out,
	struct error *e) NODISCARD;

/* One ITEM object of design.md section 10 as JSON text -> item. Unknown members
 * are ignored; a member of the wrong type is an error. */
enum err extract_item_json(struct arena *a, struct str json, struct item *out, struct error *e) NODISCARD;

#endif
