/* SPDX-License-Identifier: MIT
 *
 * The value of a recipe's field: alternatives separated by " || ", each with an
 * optional " ~ /regex/" behind it. In: the value as written; out: its parts, with
 * the regular expressions compiled (POSIX extended).
 */
#include "extract/parts.h"

/* Offset of the first `what` outside of quotes, from `i`; the end when there is none. */
static size_t unquoted(struct str s, size_t i, struct str what)
{
	char quote = '\0';
	for (; i < s.n; i++) {
		if (quote != '\0')
			quote = s.p[i] == quote ? '\0' : quote;
		else if (str_starts(str_sub(s, i, s.n), what))
			return i;
		else if (s.p[i] == '"' || s.p[i] == '\'')
			quote = s.p[i];
	}
	return s.n;
}

/* The '/' that ends a regular expression starting at `i`: one with nothing or the
 * next alternative behind it. The end when it is missing. */
static size_t regex_end(struct str s, size_t i)
{
	for (; i < s.n; i++) {
		struct str rest = str_sub(s, i + 1, s.n);
		if (s.p[i] == '/' && s.p[i - 1] != '\\' &&
			(str_trim(rest).n == 0 || str_starts(rest, STR(" || "))))
			return i;
	}
	return s.n;
}

static bool fault(
	struct diags *d, struct error *e, const struct value *v, size_t offset, size_t n, const char *what)
{
	(void)err_set(e, ERR_CONFIG, "%.*s: %s", STRF(v->key), what);
	if (d != NULL)
		diag_add(d, DIAG_ERROR, value_place(v, offset, n), NULL, "%s", what);
	return false;
}

static bool compile_regex(struct arena *a, struct alternative *alt, struct str pattern)
{
	if (pattern.n == 0)
		return false;
	alt->has_regex = regcomp(&alt->regex, str_c(a, pattern), REG_EXTENDED) == 0;
	return alt->has_regex;
}

bool selector_parse(
	struct arena *a, const struct value *v, struct selector *out, struct diags *d, struct error *e)
{
	static const struct str with = {" ~ /", 4}, or = {" || ", 4};
	struct str s = v->text;
	*out = (struct selector){0};
	for (size_t at = 0; at < s.n;) {
		struct alternative *alt = vec_push(a, &out->list);
		size_t end = unquoted(s, at, or), tilde = unquoted(s, at, with);
		size_t stop = tilde < end ? tilde : end;
		alt->text = str_trim(str_sub(s, at, stop));
		alt->offset = at + (size_t)(alt->text.p - (s.p + at));
		if (alt->text.n == 0)
			return fault(d, e, v, at, 1, "something is missing here");
		if (tilde < end) {
			size_t from = tilde + with.n;
			end = regex_end(s, from);
			if (end == s.n)
				return fault(d, e, v, tilde + 1, s.n - tilde - 1,
					"the regular expression has no '/' at its end");
			if (!compile_regex(a, alt, str_sub(s, from, end)))
				return fault(d, e, v, from, end - from, "this is no regular expression");
			end++;
		}
		at = str_starts(str_sub(s, end, s.n), or) ? end + or.n : s.n;
	}
	return true;
}

void selector_free(struct selector *sel)
{
	for (size_t i = 0; i < sel->list.n; i++)
		if (sel->list.v[i].has_regex)
			regfree(&sel->list.v[i].regex);
	sel->list.n = 0;
}

struct str alternative_take(struct arena *a, const struct alternative *alt, struct str text)
{
	if (!alt->has_regex)
		return text;
	regmatch_t m[2];
	const char *z = str_c(a, text);
	if (regexec(&alt->regex, z, COUNT(m), m, 0) != 0)
		return (struct str){0};
	const regmatch_t *taken = alt->regex.re_nsub > 0 ? &m[1] : &m[0];
	if (taken->rm_so < 0)
		return (struct str){0};
	return str_trim((struct str){z + taken->rm_so, (size_t)(taken->rm_eo - taken->rm_so)});
}
