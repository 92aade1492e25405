/* SPDX-License-Identifier: MIT
 *
 * The leaves of a query: what stands between stars or quotes -> a term with its
 * folded parts, word forms and joined spelling. The rules of rules.md about bare
 * words, acronyms and words with hyphens are decided here.
 */
#include "match/internal.h"

#define ACRONYM_MIN  2 /* letters and digits of an acronym */
#define ACRONYM_MAX  5
#define CAPITALS_MIN 2
#define KEYS_COST    (sizeof(struct term_keys) + KEYS_MAX * (WORD_MAX + 32)) /* bytes for the keys of a word */

static struct term_part part_make(struct arena *a, struct str word, const struct run *r)
{
	char folded[WORD_MAX], exact[WORD_MAX];
	return (struct term_part){
		.folded = str_dup(a, word_fold(word, folded)),
		.exact = str_dup(a, word_exact(word, exact)),
		.letters = r->letters,
		.capitals = r->capitals,
	};
}

static struct term_part part_of(struct arena *a, struct str word)
{
	struct run r;
	size_t at = 0;
	(void)run_next(word, &at, &r);
	return part_make(a, word, &r);
}

/* How many of its first bytes lie between `low` and `high`. */
static size_t span_of(struct str s, char low, char high)
{
	size_t n = 0;
	while (n < s.n && s.p[n] >= low && s.p[n] <= high)
		n++;
	return n;
}

/* Where a word of two parts is cut that people also write with a hyphen: eHealth,
 * IL6. 0 = nowhere. */
static size_t seam(struct str word)
{
	size_t capitals = span_of(word, 'A', 'Z');
	if (capitals >= CAPITALS_MIN && capitals < word.n)
		return capitals + span_of(str_sub(word, capitals, word.n), '0', '9') == word.n ? capitals : 0;
	bool camel = span_of(word, 'a', 'z') == 1 && span_of(str_sub(word, 1, word.n), 'A', 'Z') == 1 &&
		     span_of(str_sub(word, 2, word.n), 'a', 'z') > 1;
	return camel ? 1 : 0;
}

static size_t count_runs(struct str text)
{
	size_t n = 0, at = 0;
	struct run r;
	while (run_next(text, &at, &r))
		n++;
	return n;
}

/* At most two parts a run. */
static size_t cut_parts(
	struct arena *a, const struct term_text *from, struct term_part *parts, bool *joint, size_t *end)
{
	struct str text = from->text;
	size_t n = 0;
	struct run r;
	*joint = true;
	for (size_t at = 0; run_next(text, &at, &r); n++) {
		struct str word = str_sub(text, r.start, r.end);
		size_t cut = from->quoted || from->cased ? 0 : seam(word);
		if (n > 0 && !run_joint(str_sub(text, *end, r.start)))
			*joint = false;
		*end = r.end;
		if (cut > 0) {
			parts[n++] = part_of(a, str_sub(word, 0, cut));
			parts[n] = part_of(a, str_sub(word, cut, word.n));
		} else {
			parts[n] = part_make(a, word, &r);
		}
	}
	return n;
}

static bool acronym_like(unsigned letters, unsigned capitals)
{
	return letters >= ACRONYM_MIN && letters <= ACRONYM_MAX && capitals >= CAPITALS_MIN;
}

/* "ATMPs" stands for ATMP: a small s behind capitals is a plural. */
static struct str singular(const struct term_part *p)
{
	bool plural = str_ends(p->exact, STR("s")) && acronym_like(p->letters - 1, p->capitals);
	return plural ? str_sub(p->folded, 0, p->folded.n - 1) : p->folded;
}

static void join_parts(struct arena *a, struct term *t)
{
	struct buf b = buf_init(QUERY_BYTES_MAX * 4);
	unsigned letters = 0, capitals = 0;
	for (size_t i = 0; i < t->part_count; i++) {
		buf_add(&b, t->parts[i].folded);
		letters += t->parts[i].letters;
		capitals += t->parts[i].capitals;
	}
	t->joined = buf_take(&b, a);
	t->joined_capitals = acronym_like(letters, capitals);
}

/* What stands behind a one-letter word belongs to it: C++, C#. */
static struct str signs_behind(struct arena *a, struct str text, size_t end)
{
	struct str signs = str_trim(str_sub(text, end, text.n));
	while (signs.n > 0 && strchr(",;.!?:)'-", signs.p[signs.n - 1]) != NULL)
		signs.n--;
	return str_dup(a, signs);
}

static struct str term_key(struct arena *a, const struct term *t)
{
	struct buf b = buf_init(QUERY_BYTES_MAX * 16);
	buf_printf(&b, "%d%d%d%d", (int)t->kind, t->cased, t->open_start, t->open_end);
	for (size_t i = 0; i < t->part_count; i++) {
		buf_addc(&b, ' ');
		buf_add(&b, t->cased ? t->parts[i].exact : t->parts[i].folded);
	}
	buf_addc(&b, ' ');
	buf_add(&b, t->behind);
	buf_addc(&b, ' ');
	buf_add(&b, t->joined);
	return buf_take(&b, a);
}

static struct term_forms *word_forms(struct arena *a, struct str text)
{
	char lower[WORD_MAX];
	struct run r;
	size_t at = 0;
	(void)run_next(text, &at, &r);
	struct term_forms *f = arena_make(a, struct term_forms);
	f->a = a;
	f->lower = str_dup(a, word_lower(str_sub(text, r.start, r.end), lower));
	return f;
}

const struct keys *term_keys(const struct term *t, enum lang l)
{
	static const struct keys none;
	struct term_forms *f = t->forms;
	for (const struct term_keys *k = f->list; k != NULL; k = k->next)
		if (k->lang == l)
			return &k->keys;
	if (arena_room(f->a) < KEYS_COST)
		return &none;
	struct term_keys *k = arena_make(f->a, struct term_keys);
	k->lang = l;
	word_keys(l, f->a, f->lower, t->parts[0].folded, true, &k->keys);
	k->next = f->list;
	f->list = k;
	return &k->keys;
}

static enum term_kind kind_of(const struct term *t, bool quoted)
{
	if (quoted || t->cased || t->open_start || t->open_end || t->part_count > 1 || t->behind.n > 0)
		return TERM_PHRASE;
	return acronym_like(t->parts[0].letters, t->parts[0].capitals) ? TERM_ACRONYM : TERM_WORD;
}

struct term *term_make(struct arena *a, const struct term_text *from)
{
	bool joint;
	size_t end = 0, runs = count_runs(from->text);
	if (runs == 0)
		return NULL;
	struct term *t = arena_make(a, struct term);
	t->parts = arena_make_n(a, 2 * runs, struct term_part);
	size_t n = t->part_count = cut_parts(a, from, t->parts, &joint, &end);
	t->cased = from->cased;
	t->open_start = from->open_start;
	t->open_end = from->open_end;
	if (n == 1 && t->parts[0].letters == 1)
		t->behind = signs_behind(a, from->text, end);
	t->kind = kind_of(t, from->quoted);
	if (t->kind == TERM_WORD)
		t->forms = word_forms(a, from->text);
	if (t->kind == TERM_ACRONYM)
		t->singular = singular(&t->parts[0]);
	if (n > 1 && joint && !from->quoted && !from->cased)
		join_parts(a, t);
	t->key = term_key(a, t);
	return t;
}
