/* SPDX-License-Identifier: MIT
 *
 * What a rule of one word finds: gold lists of basic forms with their inflected
 * forms in, recall and precision per language out, for the word as it stands and
 * for its forms.
 *   quality LIST.tsv...     (the language is how the name of the file begins; -v also prints what was missed)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "conf/section.h"
#include "match/match.h"

#define LIST_BYTES  ((size_t)1 << 20)
#define ARENA_LIST  ((size_t)1 << 30)
#define ARENA_WORD  ((size_t)1 << 20)
#define LEMMAS_MAX  1000

/* Per cent found / right, measured on treebanks by others' tools: for orientation only. */
static const struct {
	const char *code, *exact, *best;
} known[] = {
	{"en", "80/98", "97/81"}, {"de", "61/97", "97/85"}, {"fr", "68/97", "98/88"}, {"es", "68/98", "97/81"},
	{"it", "69/97", "94/86"}, {"pt", "65/97", "96/70"}, {"nl", "62/98", "89/81"}, {"da", "48/98", "97/82"},
	{"sv", "45/98", "91/80"}, {"fi", "20/98", "98/86"}, {"et", "31/93", "56/62"}, {"hu", "45/97", "99/83"},
	{"pl", "21/97", "95/85"}, {"cs", "28/99", "94/93"}, {"sk", "24/99", "94/97"}, {"sl", "24/97", "86/85"},
	{"hr", "26/97", "93/83"}, {"bg", "36/99", "94/96"}, {"el", "35/99", "89/83"}, {"ro", "34/95", "90/91"},
	{"lt", "17/97", "98/75"}, {"lv", "18/98", "98/84"}, {"ga", "54/99", "76/93"},
};

struct gold { /* a basic form and all of its forms; a list of other words has none */
	struct str lemma;
	struct strv forms;
};
struct list {
	struct gold golds[LEMMAS_MAX];
	size_t n;
	struct strv words; /* each once */
};
struct tally {
	size_t wanted, found, hits;
};

static bool read_list(struct arena *a, const char *path, struct list *out)
{
	struct str text, line;
	struct error err = {0};
	if (file_read(a, path, LIST_BYTES, &text, &err) != ERR_OK) {
		fprintf(stderr, "quality: %s\n", err.text);
		return false;
	}
	while (text.n > 0) {
		line = str_cut(text, '\n', &text);
		struct str forms, lemma = str_cut(line, '\t', &forms), word;
		if (line.n == 0 || line.p[0] == '#' || out->n == LEMMAS_MAX)
			continue;
		struct gold *g = &out->golds[out->n++];
		g->lemma = str_eq(lemma, STR("-")) ? (struct str){0} : lemma;
		while ((word = str_word(forms, &forms)).n > 0) {
			if (!strv_has(&g->forms, word))
				*vec_push(a, &g->forms) = word;
			if (!strv_has(&out->words, word))
				*vec_push(a, &out->words) = word;
		}
	}
	return true;
}

static struct query *one_word(struct arena *a, struct str lemma, bool quoted)
{
	struct value *v = arena_make(a, struct value);
	const char *sign = quoted ? "\"" : "";
	v->text = str_of(arena_printf(a, "%s%.*s%s", sign, STRF(lemma), sign));
	v->key = STR("match");
	struct segment *whole = arena_make(a, struct segment);
	whole->n = v->text.n;
	v->segments = whole;
	v->segment_count = 1;
	struct diags d = {.a = a};
	return query_compile(a, NULL, v, &d);
}

static void judge(struct query *const *q, const struct list *l, struct str word, struct str lang, bool tell,
	struct tally *t)
{
	struct arena *a = arena_new(ARENA_WORD);
	struct opportunity o = {.title = word, .language = lang};
	struct document *d = match_document(a, &o);
	for (size_t i = 0; i < l->n; i++) {
		if (q[i] == NULL)
			continue;
		bool own = strv_has(&l->golds[i].forms, word), hit = query_matches(q[i], d);
		t->wanted += own;
		t->found += own && hit;
		t->hits += hit;
		if (tell && own != hit)
			printf("  %s %.*s: %.*s\n", hit ? "wrong " : "missed", STRF(l->golds[i].lemma),
				STRF(word));
	}
	arena_free(a);
}

static struct tally measure(struct arena *a, const struct list *l, struct str lang, bool quoted, bool tell)
{
	struct query **q = arena_make_n(a, l->n, struct query *);
	struct tally t = {0};
	for (size_t i = 0; i < l->n; i++)
		q[i] = l->golds[i].lemma.n == 0 ? NULL : one_word(a, l->golds[i].lemma, quoted);
	for (size_t i = 0; i < l->words.n; i++)
		judge(q, l, l->words.v[i], lang, tell, &t);
	return t;
}

static unsigned percent(size_t part, size_t whole)
{
	return whole == 0 ? 0 : (unsigned)((part * 200 + whole) / (2 * whole));
}

static void print_row(const char *path, struct str lang, const struct list *l, struct tally exact, struct tally forms)
{
	const char *kind = strstr(path, "/held/") == NULL ? "built on" : "held out";
	const char *other_exact = "-", *other_best = "-";
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (str_eq(lang, str_of(known[i].code))) {
			other_exact = known[i].exact;
			other_best = known[i].best;
		}
	const char *slash = strrchr(path, '/');
	struct str name = str_of(slash == NULL ? path : slash + 1), rest;
	printf("%-11.*s %-9s %6zu %6zu   %3u/%-3u   %3u/%-3u      %-7s   %s\n", STRF(str_cut(name, '.', &rest)), kind, l->words.n,
		forms.wanted, percent(exact.found, exact.wanted), percent(exact.found, exact.hits),
		percent(forms.found, forms.wanted), percent(forms.found, forms.hits), other_exact, other_best);
}

static bool run(const char *path, bool tell)
{
	struct arena *a = arena_new(ARENA_LIST);
	struct list *l = arena_make(a, struct list);
	const char *name = strrchr(path, '/');
	struct str lang = str_sub(str_of(name == NULL ? path : name + 1), 0, 2);
	bool ok = read_list(a, path, l);
	if (ok) {
		struct tally exact = measure(a, l, lang, true, false), forms = measure(a, l, lang, false, tell);
		print_row(path, lang, l, exact, forms);
	}
	arena_free(a);
	return ok;
}

int main(int argc, char **argv)
{
	bool ok = true, tell = argc > 1 && strcmp(argv[1], "-v") == 0;
	printf("found / right, per cent                     here                  treebanks, other tools\n");
	printf("list        kind       words  forms   exact     forms        exact     best\n");
	for (int i = tell ? 2 : 1; i < argc; i++)
		ok &= run(argv[i], tell);
	return ok ? 0 : 1;
}
