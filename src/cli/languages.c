/* SPDX-License-Identifier: MIT
 *
 * Languages of the profiles and of the sources in use -> those whose word forms are not
 * all known on this machine, as notes for `check` and as a line for `status`.
 */
#include "cli/languages.h"

#include "base/buf.h"
#include "match/match.h"

#define STATE_BYTES 1024 /* of the line */

/* What has a language: the profiles, then the sources. */
static size_t speakers(const struct config *c)
{
	return c->profiles.n + c->recipes.n;
}

static struct str language_of(const struct config *c, size_t i)
{
	return i < c->profiles.n ? c->profiles.v[i].language : c->recipes.v[i - c->profiles.n].rules.language;
}

static struct place place_of(const struct config *c, size_t i)
{
	return i < c->profiles.n ? c->profiles.v[i].at : c->recipes.v[i - c->profiles.n].at;
}

/* Whether it is the first with its language. */
static bool first_with(const struct config *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_ieq(language_of(c, k), language_of(c, i)))
			return false;
	return language_of(c, i).n > 0;
}

/* Whether something is to be said of the language that this is the first with. */
static bool lacks(const struct config *c, size_t i, struct match_language *out)
{
	return first_with(c, i) && match_language(language_of(c, i), out) &&
	       (out->package != NULL || out->folding);
}

static void tell_one(const struct config *c, size_t i, struct diags *d)
{
	struct match_language l;
	if (i < c->profiles.n && first_with(c, i) && !match_language(language_of(c, i), &l))
		diag_add(d, DIAG_WARNING, place_of(c, i), "Estonian is et, German de, English en",
			"'%.*s' is no language of the EU: words are found only as they are written",
			STRF(language_of(c, i)));
	if (!lacks(c, i, &l))
		return;
	if (l.folding)
		diag_add(d, DIAG_NOTE, place_of(c, i), "write word* to find a word with any ending",
			"%s: words are found only as they are written", l.name);
	else
		diag_add(d, DIAG_NOTE, place_of(c, i), arena_printf(d->a, "install the package %s", l.package),
			"%s: %s", l.name,
			l.stemmer ? "some forms of a word are missed without its dictionary"
				  : "many forms of a word are missed without its dictionary");
}

void languages_tell(const struct config *c, struct diags *d)
{
	for (size_t i = 0; i < speakers(c); i++)
		tell_one(c, i, d);
}

const char *languages_state(struct arena *a, const struct config *c)
{
	struct buf b = buf_init(STATE_BYTES);
	struct match_language l;
	for (size_t i = 0; i < speakers(c); i++)
		if (lacks(c, i, &l))
			buf_printf(&b, "%s%s %s", b.n > 0 ? "; " : "", l.name,
				l.folding ? "without word forms" : arena_printf(a, "needs %s", l.package));
	return b.n == 0 ? "word forms of all profiles' and sources' languages" : str_c(a, buf_take(&b, a));
}
