/* SPDX-License-Identifier: MIT
 *
 * What the files of extract/ share: the sink that items are collected in, UTF-8
 * out of any encoding, XML and HTML trees read with caps, JSON values, and the
 * selectors of recipes. Nobody outside this folder includes it.
 */
#ifndef FW_EXTRACT_PARTS_H
#define FW_EXTRACT_PARTS_H

#include <jv.h>
#include <libxml/tree.h>
#include <regex.h>

#include "base/buf.h"
#include "extract/extract.h"

#define FIELD_TEXT_MAX ((size_t)4000) /* bytes of a field that has no cap of its own in model.h */

/* ---- sink.c: items into the arena, never past its cap -------------------- */

struct sink {
	struct arena *a;
	struct page *page;
	struct str base;    /* what relative links are resolved against; may be empty */
	struct buf scratch; /* for one text at a time; freed by sink_end() */
	struct arena *tmp;  /* for what lives no longer than one text: sink_fresh() empties it */
	bool full;	    /* the arena or the number of items is used up */
	bool trace;	    /* notes which selector gave what */
	bool partial;	    /* items are parts of calls known elsewhere: they need no title */
};

struct sink sink_begin(struct arena *a, struct page *page, struct str base);
/* ERR_LIMIT when something did not fit. Frees the scratch buffer. */
enum err sink_end(struct sink *s, struct error *e) NODISCARD;
/* The arena for short-lived texts, emptied. */
struct arena *sink_fresh(struct sink *s) RET_NONNULL;
/* A new item, or NULL when there is no room: stop then. */
struct item *sink_item(struct sink *s) NODISCARD;
/* Takes the newest item back and counts it as bad. */
void sink_reject(struct sink *s, struct str why);
/* Notes which alternative gave a field of an item, when somebody wants to know. */
struct alternative;
void sink_found(struct sink *s, size_t item, enum field f, size_t index, const struct alternative *alt);
/* A trimmed copy, cut at a character to `max` bytes. */
struct str sink_keep(struct sink *s, struct str text, size_t max);
/* The same, appended to a list (ITEM_LIST_MAX at most, no repeats). */
void sink_keep_in(struct sink *s, struct strv *list, struct str text);
/* The texts as one, ", " between them. */
struct str sink_join(struct sink *s, const struct strv *list);
/* A link made absolute; the link as it is when it can't be; empty when longer than ITEM_URL_MAX. */
struct str sink_link(struct sink *s, struct str base, struct str link);
/* Whether the item says enough to be one. */
bool item_says_something(const struct sink *s, const struct item *it);

/* At most `max` bytes of `s`, cut between characters. */
struct str clip_text(struct str s, size_t max);
/* Plain text -> HTML that shows it: & < > escaped. */
void add_escaped(struct buf *out, struct str text);

/* ---- charset.c ----------------------------------------------------------- */

/* The iconv name of the encoding: byte order mark, HTTP's label, XML declaration
 * or meta element in the first 1,024 bytes; NULL when nothing says. */
const char *charset_detect(struct str bytes, struct str http);
/* The page as UTF-8 without byte order mark; illegal bytes become U+FFFD, control
 * characters but tab, CR and LF become spaces. */
enum err charset_decode(struct str bytes, struct str http, struct buf *out, struct error *e) NODISCARD;
bool charset_known(struct str label);
/* Loads the tables of all encodings, which iconv otherwise reads from files when
 * they are first needed; once for the life of the process. */
void charset_preload(void);
/* The value of encoding= or charset= by the bytes' own declaration when it is a known label. */
struct str prescan(struct str bytes);

/* ---- tidy.c, tree.c: XML and HTML ---------------------------------------- */

/* Bytes in UTF-8 -> bytes that libxml2 reads without losing text: comments,
 * processing instructions and DOCTYPE left out, HTML's named entities and stray
 * '&' and '<' resolved, an open CDATA section closed. ERR_INPUT when the DOCTYPE
 * declares entities. */
enum err tidy_xml(struct str in, struct buf *out, struct error *e) NODISCARD;

enum err tree_xml(struct str utf8, xmlDoc **out, struct error *e) NODISCARD;
/* Whether the text breaks off before `root`, which the parser closed itself, ends. */
bool tree_cut(struct str utf8, const xmlNode *root);
enum err tree_html(struct str utf8, xmlDoc **out, struct error *e) NODISCARD;
/* The node behind `n` in document order within `top`, or NULL. */
xmlNode *tree_next(const xmlNode *top, xmlNode *n);
/* As tree_next(), but not into `n`. */
xmlNode *tree_skip(const xmlNode *top, xmlNode *n);
/* The name without its prefix. */
struct str node_name(const xmlNode *n);
/* The prefix as written, declared or not; empty = none. */
struct str node_prefix(const xmlNode *n);
/* An attribute by its name without prefix; empty when absent. Lives in the document. */
struct str node_attr(const xmlNode *n, const char *name);
bool node_has_elements(const xmlNode *n);
/* All text below `n`, and its inner markup as HTML, added to `out` up to its cap. */
void node_text(const xmlNode *n, struct buf *out);
void node_markup(const xmlNode *n, struct buf *out);

/* ---- tidyjson.c, jsonvalue.c: jv values ---------------------------------------------- */

/* ERR_INPUT: not JSON; ERR_LIMIT: too large or too deep. The caller frees *out. */
enum err json_read(struct str bytes, jv *out, struct error *e) NODISCARD;
/* JSON with the usual slips put right, added to `out`. */
void tidy_json(struct str in, struct buf *out);
/* o.key; null when `o` is no object. `o` stays the caller's, the result is his to free. */
jv json_get(jv o, const char *key);
/* Elements of an array (0 of anything else), and one of them, which the caller frees. */
int json_length(jv list);
jv json_at(jv list, int i);
/* The bytes of a string value; they live as long as `v`. */
struct str json_bytes(jv v);
/* o.key kept as text: strings as they are, numbers in digits, anything else is empty. */
struct str json_field(struct sink *s, jv o, const char *key, size_t max);
/* An ITEM object -> item. False with the reason in *why (static or in the arena). */
bool json_item(struct sink *s, jv o, struct item *it, struct str *why) NODISCARD;

/* ---- characters ----------------------------------------------------------- */

/* White space of XML and of JSON; HTML has a form feed besides. */
static inline bool xml_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- feed.c, jsonfeed.c -------------------------------------------------- */

enum err json_feed(struct sink *s, struct str utf8, struct error *e) NODISCARD;
/* Whether a text begins as the address of a page does. */
bool is_address(struct str s);
enum err xml_feed(struct sink *s, struct str utf8, struct error *e) NODISCARD;

/* ---- program.c: jq programs ---------------------------------------------- */

struct program;
/* Compiles; NULL on a fault. Faults go to `d` (may be NULL) by line, and the first to `e`. */
struct program *program_new(
	const struct value *v, const char *key, struct diags *d, struct error *e) NODISCARD;
void program_free(struct program *p);
/* Runs it on `in` (consumed): `emit` gets each output (and frees it) until it
 * returns false. ERR_INPUT with the program's own error. */
typedef bool program_emit(void *ctx, jv out);
enum err program_run(struct program *p, jv in, program_emit *emit, void *ctx, struct error *e) NODISCARD;

/* ---- stream.c: a huge array element by element --------------------------- */

/* Hands every value at `depth` to `each` (which frees it) until it returns false.
 * The document comes in pieces and is never whole in memory. */
typedef bool stream_each(void *ctx, jv value);
struct stream;
struct stream *stream_new(int64_t depth, stream_each *each, void *ctx) NODISCARD RET_NONNULL;
/* The next piece. ERR_OK as long as more is welcome, or not needed. */
enum err stream_add(struct stream *st, struct str piece, struct error *e) NODISCARD;
/* Whether the document is complete. */
enum err stream_end(struct stream *st, struct error *e) NODISCARD;
void stream_free(struct stream *st);

/* ---- selector.c: a field's alternatives ---------------------------------- */

/* One of `a || b ~ /regex/`. */
struct alternative {
	struct str text; /* XPath, or the name of a field */
	size_t offset;	 /* of `text` in the value */
	regex_t regex;
	bool has_regex;
};
struct selector {
	VEC(struct alternative) list;
};
/* Splits and compiles the regular expressions; faults go to `d` (may be NULL).
 * False when there was one. selector_free() in any case. */
bool selector_parse(struct arena *a, const struct value *v, struct selector *out, struct diags *d,
	struct error *e) NODISCARD;
void selector_free(struct selector *sel);
/* What the alternative's regular expression takes out of `text`: its first group,
 * or all that matched when it has none; empty when it does not match. Without a
 * regular expression the text itself. */
struct str alternative_take(struct arena *a, const struct alternative *alt, struct str text);

/* ---- fields.c: recipe fields into an item -------------------------------- */

/* Whether the field keeps HTML. */
bool field_is_rich(enum field f);
/* Whether it takes every value found, or only the first. */
bool field_is_list(enum field f);
/* The member of an ITEM object that holds the field. */
const char *json_name(enum field f);
/* Stores one value (already in its final form). */
void field_store(struct sink *s, struct item *it, enum field f, struct str value);
bool field_named(struct str name, enum field *out) NODISCARD;

/* ---- xpath.c, feedfields.c: pages by recipe -------------------------------- */

struct xpaths;
struct xpaths *xpaths_new(const struct recipe *r, struct diags *d, struct error *e) NODISCARD;
void xpaths_free(struct xpaths *x);
enum err xpaths_page(
	struct xpaths *x, struct sink *s, struct str utf8, struct str url, struct error *e) NODISCARD;

struct feed_fields;
struct feed_fields *feed_fields_new(const struct recipe *r, struct diags *d, struct error *e) NODISCARD;
void feed_fields_free(struct feed_fields *f);
/* Fills the recipe's fields of every item of a feed from its named fields. */
void feed_fields_apply(const struct feed_fields *f, struct sink *s);

#endif
