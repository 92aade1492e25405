/* SPDX-License-Identifier: MIT
 *
 * When a document's items look as if the site had changed: fields that are gone,
 * deadlines that nobody can read, or that lie before the opening.
 */
#include "recipe_text.h"

#define JSON_RECIPE                                                                                          \
	"format: json\ncomplete: title, link in 60 %, deadline in 25 %\ndates: %d/%m/%Y\n"                   \
	"items: .[] | if .bad then \"unreadable\" else {title: .t, link: .l, opens: .o, deadlines: [.d // "  \
	"empty]} end\n"

static void test_verdicts(void **state)
{
	(void)state;
	static const struct {
		const char *items;
		const char *verdict; /* what its error says; NULL = fine */
	} rows[] = {
		{"", NULL},
		{"{\"t\":\"A\",\"l\":\"/a\",\"d\":\"31/12/2026\"}", NULL},
		/* 80 % is the share of what has no other */
		{"{\"t\":\"A\",\"l\":\"/a\",\"d\":\"1/12/2026\"},{\"l\":\"/b\"}",
			"1 of 2 items have a 'title', at least 80 %"},
		{"{\"t\":\"A\",\"l\":\"/a\",\"d\":\"1/12/2026\"},{\"t\":\"B\"}",
			"1 of 2 items have a 'link', at least 60 %"},
		{"{\"t\":\"A\",\"l\":\"/a\"}", "0 of 1 items have a 'deadline', at least 25 %"},
		/* words are no date that can't be read */
		{"{\"t\":\"A\",\"l\":\"/a\",\"d\":\"rolling\"},{\"t\":\"B\",\"l\":\"/b\",\"d\":\"1/12/"
		 "2026\"}",
			NULL},
		{"{\"t\":\"A\",\"l\":\"/a\",\"d\":\"12/31/2026\"},{\"t\":\"B\",\"l\":\"/b\",\"d\":\"1/12/"
		 "2026\"}",
			"1 of 2 deadlines can't be read ('12/31/2026')"},
		/* one in six is an accident */
		{"{\"t\":\"A\",\"l\":\"/a\",\"d\":\"12/31/2026\"},{\"t\":\"B\",\"l\":\"/b\",\"d\":\"1/12/"
		 "2026\"},"
		 "{\"t\":\"C\",\"l\":\"/c\",\"d\":\"1/12/2026\"},{\"t\":\"D\",\"l\":\"/d\",\"d\":\"1/12/"
		 "2026\"},"
		 "{\"t\":\"E\",\"l\":\"/e\",\"d\":\"1/12/2026\"},{\"t\":\"F\",\"l\":\"/f\",\"d\":\"1/12/"
		 "2026\"}",
			NULL},
		{"{\"t\":\"A\",\"l\":\"/a\",\"o\":\"2/12/2026\",\"d\":\"1/12/2026\"}",
			"1 of 1 items close before they open"},
		{"{\"t\":\"A\",\"l\":\"/a\",\"o\":\"1/12/2026\",\"d\":\"1/12/2026\"}", NULL},
		{"{\"t\":\"A\",\"l\":\"/a\",\"d\":\"1/12/2026\"},{\"bad\":true}",
			"1 of 2 items can't be read (unreadable)"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	struct diags d = {.a = a};
	const struct recipe *r = recipe_of(a, JSON_RECIPE, &d);
	if (r == NULL)
		diags_print(&d, stderr);
	assert_non_null(r);
	struct extractor *x = extract_new(r);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct page p;
		struct error e = {0};
		struct str text = str_of(arena_printf(a, "[%s]", rows[i].items));
		assert_int_equal(extract_page(x, a, text, (struct str){0}, r->url, &p, &e), ERR_OK);
		struct page_tally t = {0};
		tally_page(&t, &p);
		for (size_t k = 0; k < p.items.n; k++)
			tally_settle(&t, a, &r->rules, &p.items.v[k]);
		enum err got = tally_check(&t, r, &e);
		if ((got == ERR_OK) != (rows[i].verdict == NULL) ||
			(got != ERR_OK && str_find(str_of(e.text), str_of(rows[i].verdict)) == SIZE_MAX))
			fail_msg("%s: %s", rows[i].items, e.text);
	}
	extract_free(x);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_verdicts))
