/* SPDX-License-Identifier: MIT
 *
 * Recipes on local files.
 */
#include "cli/sample.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"

#define ITEM_JSON_MAX ((size_t)4 << 20) /* bytes of one item as JSON */

/* A huge document is read in pieces, as it is when polled. */
static enum err read_page(struct arena *a, const struct recipe *r, struct extractor *x, const char *path,
	struct page *out, struct error *e)
{
	struct str bytes;
	if (r->stream > 0) {
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return err_set(e, ERR_CONFIG, "%s: %s", path, strerror(errno));
		enum err streamed = extract_file(x, a, fd, r->url, out, e);
		(void)close(fd);
		return streamed;
	}
	enum err rc = file_read(a, path, SAMPLE_BYTES_MAX, &bytes, e);
	return rc != ERR_OK ? rc : extract_page(x, a, bytes, (struct str){0}, r->url, out, e);
}

static enum err read_feed(struct arena *a, const char *path, struct page *out, struct error *e)
{
	struct str bytes;
	enum err rc = file_read(a, path, SAMPLE_BYTES_MAX, &bytes, e);
	return rc != ERR_OK ? rc : extract_feed(a, bytes, (struct str){0}, (struct str){0}, out, e);
}

enum err sample_traced(struct arena *a, const struct recipe *r, struct extractor *x, const char *path,
	struct page_tally *t, struct page *out, const struct item **raw, struct error *e)
{
	struct item_rules rules = {.closes_at = -1, .identity = IDENTITY_GUID};
	enum err rc = r == NULL ? read_feed(a, path, out, e) : read_page(a, r, x, path, out, e);
	if (rc != ERR_OK)
		return rc;
	rules.base = out->link;
	if (r != NULL)
		rules = r->rules;
	struct item *copy = raw == NULL ? NULL : arena_make_n(a, out->items.n, struct item);
	tally_page(t, out);
	for (size_t i = 0; i < out->items.n; i++) {
		if (copy != NULL)
			copy[i] = out->items.v[i];
		tally_settle(t, a, &rules, &out->items.v[i]);
	}
	if (raw != NULL)
		*raw = copy;
	return ERR_OK;
}

enum err sample_page(struct arena *a, const struct recipe *r, struct extractor *x, const char *path,
	struct page_tally *t, struct page *out, struct error *e)
{
	return sample_traced(a, r, x, path, t, out, NULL, e);
}

struct str sample_json(struct arena *a, const struct item *it)
{
	struct buf b = buf_init(ITEM_JSON_MAX);
	struct json j = json_to(&b);
	json_open(&j, '{');
	item_json_members(&j, it);
	json_close(&j, '}');
	return buf_take(&b, a);
}

/* NAME.xml, NAME.1.json, NAME.2.json, ...: all but the expectation, in byte order. */
static struct strv pages_of(struct arena *a, const char *dir, struct str name)
{
	struct strv all = {0}, out = {0};
	struct str prefix = str_of(arena_printf(a, "%.*s.", STRF(name)));
	if (file_list(a, dir, &all, NULL) != ERR_OK)
		return out;
	for (size_t i = 0; i < all.n; i++)
		if (str_starts(all.v[i], prefix) && !str_ends(all.v[i], STR(".expect")))
			*vec_push(a, &out) = str_of(arena_printf(a, "%s/%.*s", dir, STRF(all.v[i])));
	return out;
}

static struct str next_line(struct str *rest)
{
	struct str line = {0};
	while (line.n == 0 && rest->n > 0)
		line = str_trim(str_cut(*rest, '\n', rest));
	return line;
}

static struct place line_of(struct str file, int line, struct str text)
{
	return (struct place){.file = file, .line = line, .col = 1, .width = 1, .text = text};
}

/* The expected line as we would write it: white space and order of members are free.
 * A line that is no ITEM is compared as it stands. */
static struct str canonical(struct arena *a, struct str line)
{
	struct item it = {0};
	return extract_item_json(a, line, &it, NULL) == ERR_OK ? sample_json(a, &it) : line;
}

/* One page's items against the lines that are left. */
static void compare(
	struct arena *a, const struct page *p, struct str file, struct str *rest, int *line, struct diags *d)
{
	for (size_t i = 0; i < p->items.n; i++) {
		struct str got = sample_json(a, &p->items.v[i]), want = next_line(rest);
		++*line;
		if (!str_eq(got, canonical(a, want)))
			diag_add(d, DIAG_ERROR, line_of(file, *line, want), NULL,
				"item %d of the sample comes out differently: %.*s", *line, STRF(got));
	}
}

void sample_check(struct arena *a, const struct recipe *r, struct diags *d)
{
	const char *folder = r->is_detail ? "samples/detail" : "samples";
	const char *dir = arena_printf(a, "%.*s/%s", STRF(r->dir), folder);
	const char *expect = arena_printf(a, "%s/%.*s.expect", dir, STRF(r->name));
	struct strv pages = pages_of(a, dir, r->name);
	struct str rest, file = str_of(expect);
	struct error e;
	struct page_tally t = {0};
	int line = 0;
	if (pages.n == 0 || !file_exists(expect)) {
		diag_add(d, DIAG_NOTE, r->at, NULL, "the source %.*s has no sample (%s)", STRF(r->name),
			expect);
		return;
	}
	if (file_read(a, expect, SAMPLE_BYTES_MAX, &rest, &e) != ERR_OK) {
		diag_add(d, DIAG_ERROR, r->at, NULL, "%s", e.text);
		return;
	}
	struct extractor *x = extract_new(r);
	bool read = true;
	for (size_t i = 0; i < pages.n && read; i++) {
		struct page p = {0};
		read = sample_page(a, r, x, str_c(a, pages.v[i]), &t, &p, &e) == ERR_OK;
		if (read)
			compare(a, &p, file, &rest, &line, d);
		else
			diag_add(d, DIAG_ERROR, r->at, NULL, "sample %.*s: %s", STRF(pages.v[i]), e.text);
	}
	extract_free(x);
	if (!read)
		return;
	if (tally_check(&t, r, &e) != ERR_OK)
		diag_add(d, DIAG_ERROR, r->at, NULL, "the sample would be refused: %s", e.text);
	struct str left = next_line(&rest);
	if (left.n > 0)
		diag_add(d, DIAG_ERROR, line_of(file, line + 1, left), NULL,
			"the sample does not give this item");
}
