/* SPDX-License-Identifier: MIT
 *
 * Templates: values, escaping, sections, standalone lines, outward look-up, and
 * every fault with its line.
 */
#include "harness.h"

#include "render/render.h"

/* a = "A", html = <&>"', empty = "", list of three with n and (in the second) a. */
static struct view *sample(struct arena *a)
{
	static const char *const numbers[] = {"1", "2", "3"};
	struct view *v = view_new(a);
	view_set(v, "a", STR("overwritten"));
	view_set(v, "a", STR("A"));
	view_set(v, "html", STR("<b a=\"1\" c='2'>&{{a}}"));
	view_set(v, "empty", (struct str){0});
	view_set(v, "x_1", STR("X"));
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct view *row = view_append(v, "list");
		view_set(row, "n", str_of(numbers[i]));
		if (i == 1)
			view_set(row, "a", STR("inner"));
		if (i == 2)
			view_set(row, "a", (struct str){0});
		struct view *deep = view_append(row, "deep");
		view_set(deep, "d", str_of(numbers[i]));
	}
	return v;
}

static enum err fill(struct str text, const struct view *v, enum escape escape, struct buf *out, struct error *e)
{
	struct arena *a = arena_new(ARENA_TEST);
	const struct template *t = NULL;
	enum err rc = template_parse(a, text, &t, e);
	if (rc == ERR_OK)
		rc = template_write(t, v, escape, out, e);
	arena_free(a);
	return rc;
}

static void test_render(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"", ""},
		{"plain { } text }} here", "plain { } text }} here"},
		{"{{a}}-{{ a }}-{{x_1}}", "A-A-X"},
		{"{{unknown}}{{{unknown}}}", ""},
		{"{{html}}", "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;{{a}}"},
		{"{{{html}}}", "<b a=\"1\" c='2'>&{{a}}"},
		{"{color:{{a}}}", "{color:A}"},
		{"{{#a}}yes {{a}}{{/a}}{{^a}}no{{/a}}", "yes A"},
		{"{{#empty}}yes{{/empty}}{{^empty}}no{{/empty}}", "no"},
		{"{{#unknown}}yes{{/unknown}}{{^unknown}}no{{/unknown}}", "no"},
		{"{{^list}}none{{/list}}", ""},
		{"{{#list}}{{n}},{{/list}}", "1,2,3,"},
		{"{{#list}}{{n}}{{a}} {{/list}}", "1A 2inner 3 "},
		{"{{#list}}{{#deep}}{{d}}{{n}}{{x_1}}{{/deep}}{{/list}}", "11X22X33X"},
		{"{{#list}}{{#a}}{{n}}{{/a}}{{^a}}-{{/a}}{{/list}}", "12-"},
		{"{{list}}", ""},
		{"{{! comment }}{{a}}{{!{{}}", "A"},
		{"a\n{{! two\nlines }}\nb\n", "a\nb\n"},
		{"a\n{{#a}}\nb\n{{/a}}\nc\n", "a\nb\nc\n"},
		{"a\n  {{#a}}  \nb\n\t{{/a}}\t\nc\n", "a\nb\nc\n"},
		{"{{#a}}\n{{/a}}", ""},
		{"{{#a}}\nx\n{{/a}}", "x\n"},
		{"  {{#a}} x {{/a}}\n", "   x \n"},
		{"| {{#a}}\n{{/a}} |\n", "| \n |\n"},
		{"{{#a}} {{/a}}\n", " \n"},
		{"  {{a}}  \n", "  A  \n"},
		{"{{#list}}\n- {{n}}\n{{/list}}\n", "- 1\n- 2\n- 3\n"},
		{"{{#empty}}\nx\n{{/empty}}\n{{^empty}}\ny\n{{/empty}}\n", "y\n"},
		{"{{#list}}\n{{#deep}}\n{{d}}\n{{/deep}}\n{{/list}}\nend", "1\n2\n3\nend"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b = buf_init(1000);
		struct error e;
		assert_int_equal(
			fill(str_of(rows[i].text), sample(a), ESCAPE_HTML, &b, &e), ERR_OK);
		if (!str_eq(buf_str(&b), str_of(rows[i].want)))
			fail_msg("'%s' gives '%.*s'", rows[i].text, STRF(buf_str(&b)));
		buf_free(&b);
	}
	arena_free(a);
}

static void test_no_escape(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct buf b = buf_init(1000);
	assert_int_equal(fill(STR("{{html}}"), sample(a), ESCAPE_NONE, &b, NULL), ERR_OK);
	assert_str(buf_str(&b), "<b a=\"1\" c='2'>&{{a}}");
	buf_free(&b);
	arena_free(a);
}

static void test_faults(void **state)
{
	(void)state;
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"{{a", "template line 1: a tag is not closed"},
		{"{{", "template line 1: a tag is not closed"},
		{"x\n\n{{{a}}", "template line 3: a tag is not closed"},
		{"{{! a", "template line 1: a tag is not closed"},
		{"{{}}", "template line 1: not a name: "},
		{"{{ }}", "template line 1: not a name: "},
		{"{{A}}", "template line 1: not a name: A"},
		{"{{a b}}", "template line 1: not a name: a b"},
		{"{{a.b}}", "template line 1: not a name: a.b"},
		{"{{.}}", "template line 1: not a name: ."},
		{"{{&a}}", "template line 1: not a name: &a"},
		{"{{>a}}", "template line 1: not a name: >a"},
		{"{{=<% %>=}}", "template line 1: not a name: =<% %>="},
		{"{{#}}", "template line 1: not a name: "},
		{"{{/a}}", "template line 1: nothing is open that this closes: a"},
		{"\n{{#a}}\n{{/b}}", "template line 3: another section is open: a"},
		{"{{#a}}\n{{#b}}\n{{/a}}\n{{/b}}", "template line 3: another section is open: b"},
		{"{{#a}}\n", "template line 2: a section is not closed: a"},
		/* also where nothing would be written */
		{"{{#unknown}}\n{{a b}}{{/unknown}}", "template line 2: not a name: a b"},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf b = buf_init(1000);
		struct error e;
		assert_int_equal(
			fill(str_of(rows[i].text), sample(a), ESCAPE_HTML, &b, &e), ERR_INTERNAL);
		assert_string_equal(e.text, rows[i].want);
		buf_free(&b);
	}
	arena_free(a);
}

static void repeat(struct buf *b, const char *text, int n)
{
	for (int i = 0; i < n; i++)
		buf_addz(b, text);
}

static void test_limits(void **state)
{
	(void)state;
	static const struct {
		const char *open, *close;
		int n;
		size_t cap;
		enum err want;
	} rows[] = {
		{"{{#a}}", "{{/a}}", 16, 100, ERR_OK},
		{"{{#a}}", "{{/a}}", 17, 100, ERR_INTERNAL},
		{"{{a}}", "", 100, 100, ERR_OK},
		{"{{a}}", "", 101, 100, ERR_LIMIT},
		{"{{a}}", "", 5000, 10000, ERR_OK},
		{"{{a}}", "", 5001, 10000, ERR_INTERNAL},
	};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct buf text = buf_init(1000000), out = buf_init(rows[i].cap);
		struct error e;
		repeat(&text, rows[i].open, rows[i].n);
		repeat(&text, rows[i].close, rows[i].n);
		assert_int_equal(
			fill(buf_str(&text), sample(a), ESCAPE_HTML, &out, &e), rows[i].want);
		buf_free(&text);
		buf_free(&out);
	}
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_render), cmocka_unit_test(test_no_escape), cmocka_unit_test(test_faults),
	cmocka_unit_test(test_limits))
