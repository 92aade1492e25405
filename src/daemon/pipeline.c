/* SPDX-License-Identifier: MIT
 *
 * The table of contents of the program:
 *
 *	take in (poll, receive) -> extract -> normalise -> store -> match
 *	-> (review) -> digest -> deliver -> answers -> report
 *
 * take_in() does the first five for every source that is due; details_ask() asks for
 * second pages of what suits somebody, and matches again; answers and reports
 * are verbs of people. Stages meet only in the database, so a pass may be cut off
 * anywhere: the next one finds what is left to do.
 */
#include "daemon/daemon.h"

static void say(const struct app *app, const char *stage)
{
	if (app->narrate)
		fprintf(stderr, "%s\n", stage);
}

enum err pipeline_once(struct app *app, struct pass_counts *out, struct error *e)
{
	*out = (struct pass_counts){0};
	say(app, "taking in ...");
	enum err rc = take_in(app, (struct str){0}, false, &out->poll, e);
	say(app, "matching ...");
	if (rc == ERR_OK)
		rc = match_new(app, &out->hits, e);
	say(app, "asking for details ...");
	if (rc == ERR_OK)
		rc = details_ask(app, (struct str){0}, &out->details, e);
	say(app, "making digests ...");
	if (rc == ERR_OK)
		rc = digest_due(app, &out->digest, e);
	say(app, "delivering ...");
	if (rc == ERR_OK)
		rc = deliver(app, &out->mail, e);
	return rc;
}
