/* SPDX-License-Identifier: MIT
 *
 * Languages of the profiles -> those whose word forms are not all known on this machine,
 * as notes for `check` and as a line for `status`.
 */
#include "cli/languages.h"

#include "base/buf.h"
#include "match/match.h"

#define STATE_BYTES 1024 /* of the line */

/* Whether no profile before this one has its language. */
static bool first_with(const struct config *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (str_ieq(c->profiles.v[k].language, c->profiles.v[i].language))
			return false;
	return true;
}

/* Whether something is to be said of the language that this profile is the first with. */
static bool lacks(const struct config *c, size_t i, struct match_language *out)
{
	return first_with(c, i) && match_language(c->profiles.v[i].language, out) &&
	       (out->package != NULL || out->folding);
}

void languages_tell(const struct config *c, struct diags *d)
{
	struct match_language l;
	for (size_t i = 0; i < c->profiles.n; i++) {
		const struct place at = c->profiles.v[i].at;
		struct str own = c->profiles.v[i].language;
		if (first_with(c, i) && !match_language(own, &l))
			diag_add(d, DIAG_WARNING, at, "Estonian is et, German de, English en",
				"'%.*s' is no language of the EU: words are found only as they are written",
				STRF(own));
		if (!lacks(c, i, &l))
			continue;
		if (l.folding)
			diag_add(d, DIAG_NOTE, at, "write word* to find a word with any ending",
				"%s: words are found only as they are written", l.name);
		else
			diag_add(d, DIAG_NOTE, at, arena_printf(d->a, "install the package %s", l.package),
				"%s: %s", l.name,
				l.stemmer ? "some forms of a word are missed without its dictionary"
					  : "many forms of a word are missed without its dictionary");
	}
}

const char *languages_state(struct arena *a, const struct config *c)
{
	struct buf b = buf_init(STATE_BYTES);
	struct match_language l;
	for (size_t i = 0; i < c->profiles.n; i++)
		if (lacks(c, i, &l))
			buf_printf(&b, "%s%s %s", b.n > 0 ? "; " : "", l.name,
				l.folding ? "without word forms" : arena_printf(a, "needs %s", l.package));
	return b.n == 0 ? "word forms of all profiles' languages" : str_c(a, buf_take(&b, a));
}
