/* SPDX-License-Identifier: MIT
 *
 * What feed software adds to a summary: WordPress cuts the text off with "[…]" and
 * appends "The post .. appeared first on ..". In: plain summary and body; out: the
 * summary without it, empty when the body says it all.
 */
#include "model/internal.h"

/* How the appended line begins and what it holds, by the site's language. */
static const struct {
	struct str start, middle;
} footers[] = {
	{{"The post ", 9}, {" appeared first on ", 19}},
	{{"Der Beitrag ", 12}, {" erschien zuerst auf ", 21}},
	{{"L\xe2\x80\x99"
	  "article ",
		 12},
		{" est apparu en premier sur ", 27}},
	{{"Het bericht ", 12}, {" verscheen eerst op ", 20}},
	{{"La entrada ", 11}, {" se public\xc3\xb3 primero en ", 25}},
};

static const char *const ellipses[] = {"[\xe2\x80\xa6]", "\xe2\x80\xa6", "[...]", "..."};

static struct str without_footer(struct str summary)
{
	size_t line = summary.n;
	while (line > 0 && summary.p[line - 1] != '\n')
		line--;
	struct str last = str_sub(summary, line, summary.n);
	/* A line that is all of the text was written by a person. */
	for (size_t i = 0; line > 0 && i < COUNT(footers); i++)
		if (str_starts(last, footers[i].start) && str_find(last, footers[i].middle) != SIZE_MAX)
			return str_trim(str_sub(summary, 0, line));
	return summary;
}

static bool cut_off_copy(struct str summary, struct str body)
{
	for (size_t i = 0; i < COUNT(ellipses); i++) {
		struct str mark = str_of(ellipses[i]);
		if (str_ends(summary, mark))
			return str_starts(body, str_trim(str_sub(summary, 0, summary.n - mark.n)));
	}
	return false;
}

struct str summary_proper(struct str summary, struct str body)
{
	summary = without_footer(summary);
	return cut_off_copy(summary, body) ? (struct str){0} : summary;
}
