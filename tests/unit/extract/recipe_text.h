/* SPDX-License-Identifier: MIT
 *
 * For tests: a recipe out of text, and one page through it.
 */
#ifndef FW_TESTS_RECIPE_TEXT_H
#define FW_TESTS_RECIPE_TEXT_H

#include <unistd.h>

#include "harness.h"

#include "base/file.h"
#include "extract/extract.h"

#define RECIPE_HEAD "[source t]\nlabel: T\nurl: http://s.example/list/\n"

/* Parses RECIPE_HEAD and `lines`. NULL when there were faults, which are in `d`. */
static const struct recipe *recipe_of(struct arena *a, const char *lines, struct diags *d)
{
	char path[] = "/tmp/fw-recipe-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	const char *text = arena_printf(a, "%s%s", RECIPE_HEAD, lines);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	const struct recipe *r = conf_recipe_file(a, path, d);
	unlink(path);
	return r;
}

/* One page through a recipe that must be sound. */
__attribute__((unused)) static enum err page_of(
	struct arena *a, const char *lines, const char *bytes, struct page *p, struct error *e)
{
	struct diags d = {.a = a};
	const struct recipe *r = recipe_of(a, lines, &d);
	if (r == NULL) {
		diags_print(&d, stderr);
		fail_msg("this recipe has errors: %s", lines);
		return ERR_CONFIG;
	}
	struct extractor *x = extract_new(r);
	enum err err = extract_page(x, a, str_of(bytes), STR("utf-8"), STR("http://s.example/list/"), p, e);
	extract_free(x);
	return err;
}

#endif
