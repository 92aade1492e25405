/* SPDX-License-Identifier: MIT
 *
 * Local files through a recipe, as `extract` prints them and `check` compares them
 * with the sample's expectation.
 */
#ifndef FW_CLI_SAMPLE_H
#define FW_CLI_SAMPLE_H

#include "conf/conf.h"
#include "extract/extract.h"

#define SAMPLE_BYTES_MAX ((size_t)64 << 20) /* of one local file */

/* Reads a page, brings its items to ITEM form and counts them. `x` is the recipe's; both
 * NULL = any feed format. */
enum err sample_page(struct arena *a, const struct recipe *r, struct extractor *x, const char *path,
	struct page_tally *t, struct page *out, struct error *e) NODISCARD;

/* The same, with the items as they were found in *raw (when not NULL). */
enum err sample_traced(struct arena *a, const struct recipe *r, struct extractor *x, const char *path,
	struct page_tally *t, struct page *out, const struct item **raw, struct error *e) NODISCARD;

/* Runs the recipe over its samples (DIR/samples/NAME.*) and compares with
 * NAME.expect; faults go to `d`, a missing sample is a note. */
void sample_check(struct arena *a, const struct recipe *r, struct diags *d);

/* One item as a JSON object. */
struct str sample_json(struct arena *a, const struct item *it);

#endif
