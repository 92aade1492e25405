/* SPDX-License-Identifier: MIT
 *
 * Word forms: a word and a language in, the keys that it shares with its forms out.
 * One table row per language names its dictionary and its stemmer; a language
 * whose dictionary is not installed does with the stemmer, then with endings, then with
 * folding alone. What was found of a text's word is remembered for the life of the
 * process, up to a limit.
 */
#include <libstemmer.h>

#include "base/err.h"
#include "match/internal.h"

#define MEMO_BYTES ((size_t)48 << 20) /* remembered words; when full, all are forgotten */
#define MEMO_ROOM  ((size_t)64 << 10) /* bytes that one word may need */
#define MEMO_SLOTS (1U << 17)
#define GUESS	   "~" /* before the key that a stemmer left */
#define ENDING	   "^" /* before one that endings.c left */
#define OWN_BYTES  ((size_t)1 << 20) /* for analysing one word */

static const struct {
	const char *code, *name;
	const char *dictionary; /* preferred where there is one */
	const char *package;	/* that has it */
	const char *algorithm;	/* of libstemmer */
	bool lacks_stems;	/* where it gives one, an ending is taken off, too */
} languages[LANG_COUNT] = {
	[LANG_EN] = {"en", "English", NULL, NULL, "english", false},
	[LANG_DE] = {"de", "German", NULL, NULL, "german", false},
	[LANG_FR] = {"fr", "French", "fr", "hunspell-fr", "french", false},
	[LANG_ES] = {"es", "Spanish", "es_ES", "hunspell-es", "spanish", false},
	[LANG_IT] = {"it", "Italian", "it_IT", "hunspell-it", "italian", true},
	[LANG_PT] = {"pt", "Portuguese", "pt_PT", "hunspell-pt-pt", "portuguese", false},
	[LANG_NL] = {"nl", "Dutch", "nl_NL", "hunspell-nl", "dutch", false},
	[LANG_DA] = {"da", "Danish", "da_DK", "hunspell-da", "danish", false},
	[LANG_SV] = {"sv", "Swedish", "sv_SE", "hunspell-sv", "swedish", false},
	[LANG_FI] = {"fi", "Finnish", MORPH_VOIKKO, "voikko-fi", "finnish", false},
	[LANG_ET] = {"et", "Estonian", NULL, NULL, NULL, false},
	[LANG_HU] = {"hu", "Hungarian", "hu_HU", "hunspell-hu", "hungarian", false},
	[LANG_PL] = {"pl", "Polish", "pl_PL", "hunspell-pl", NULL, false},
	[LANG_CS] = {"cs", "Czech", "cs_CZ", "hunspell-cs", NULL, false},
	[LANG_SK] = {"sk", "Slovak", "sk_SK", "hunspell-sk", NULL, false},
	[LANG_SL] = {"sl", "Slovene", "sl_SI", "hunspell-sl", NULL, true},
	[LANG_HR] = {"hr", "Croatian", "hr_HR", "hunspell-hr", "serbian", false},
	[LANG_BG] = {"bg", "Bulgarian", "bg_BG", "hunspell-bg", NULL, false},
	[LANG_EL] = {"el", "Greek", NULL, NULL, "greek", false},
	[LANG_RO] = {"ro", "Romanian", "ro_RO", "hunspell-ro", "romanian", true},
	[LANG_LT] = {"lt", "Lithuanian", "lt_LT", "hunspell-lt", "lithuanian", false},
	[LANG_LV] = {"lv", "Latvian", "lv_LV", "hunspell-lv", NULL, false},
	[LANG_GA] = {"ga", "Irish", NULL, NULL, "irish", false},
	/* Nothing free knows the forms of Maltese: folding alone. */
	[LANG_MT] = {"mt", "Maltese", NULL, NULL, NULL, false},
};

struct memo_word {
	const struct memo_word *next;
	struct str lower;
	enum lang lang;
	size_t n;
	struct str keys[];
};

/* What was opened and found so far. */
static struct {
	bool opened[LANG_COUNT];
	struct morph *morph[LANG_COUNT];
	struct sb_stemmer *sb[LANG_COUNT];
	struct arena *own;  /* for one word */
	struct arena *memo; /* remembered words */
	const struct memo_word **slots;
} known;

static bool code_is(struct str code, const char *own)
{
	size_t n = strlen(own);
	bool ends = code.n == n || (code.n > n && (code.p[n] == '-' || code.p[n] == '_'));
	return ends && str_istarts(code, str_of(own));
}

unsigned lang_set(struct str code)
{
	for (unsigned l = 0; l < LANG_COUNT; l++)
		if (code_is(code, languages[l].code))
			return 1U << l;
	return 0;
}

unsigned lang_of_text(struct str declared)
{
	unsigned set = lang_set(declared);
	return set != 0 ? set : 1U << LANG_EN;
}

bool match_language(struct str code, struct match_language *out)
{
	for (unsigned l = 0; l < LANG_COUNT; l++) {
		if (!code_is(code, languages[l].code))
			continue;
		const char *dictionary = languages[l].dictionary;
		bool lacks = dictionary != NULL && !morph_there(dictionary);
		*out = (struct match_language){
			.name = languages[l].name,
			.package = lacks ? languages[l].package : NULL,
			.stemmer = languages[l].algorithm != NULL,
			.folding = l == LANG_MT,
		};
		return true;
	}
	return false;
}

/* ---- one word ------------------------------------------------------------- */

static void open_language(enum lang l)
{
	if (known.opened[l])
		return;
	known.opened[l] = true;
	if (languages[l].dictionary != NULL)
		known.morph[l] = morph_open(languages[l].dictionary);
	if (languages[l].algorithm == NULL)
		return;
	known.sb[l] = sb_stemmer_new(languages[l].algorithm, "UTF_8");
	if (known.sb[l] == NULL)
		die("libstemmer has no stemmer for %s", languages[l].name);
}

/* Good until the next word of the language. */
static struct str snowball(enum lang l, struct str word)
{
	const unsigned char *stem =
		sb_stemmer_stem(known.sb[l], (const unsigned char *)word.p, (int)word.n);
	if (stem == NULL)
		die("out of memory");
	return (struct str){(const char *)stem, (size_t)sb_stemmer_length(known.sb[l])};
}

/* A rule's word that is a basic form itself is no form of another word. */
static size_t basic_first(struct str word, struct str *stems, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(stems[i], word)) {
			stems[0] = word;
			return 1;
		}
	return n;
}

static void add_key(struct keys *k, struct arena *a, const char *mark, struct str stem)
{
	char folded[WORD_MAX];
	struct str plain = word_fold(stem, folded);
	struct str key = str_of(arena_printf(a, "%s%.*s", mark, STRF(plain)));
	for (size_t i = 0; i < k->n; i++)
		if (str_eq(k->v[i], key))
			return;
	if (k->n < KEYS_MAX && plain.n > 0)
		k->v[k->n++] = key;
}

static void add_stems(struct keys *k, struct arena *a, const char *mark, const struct str *stems, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_key(k, a, mark, stems[i]);
}

static void add_ending(enum lang l, struct arena *a, struct str word, struct keys *out)
{
	struct str stem;
	add_stems(out, a, ENDING, &stem, endings_stems(l, known.own, word, &stem));
}

/* What stemmer and endings leave is no word of a dictionary; all three are kept apart. */
static void add_guesses(enum lang l, struct arena *a, struct str word, struct keys *out)
{
	if (known.sb[l] != NULL)
		add_key(out, a, GUESS, snowball(l, word));
	add_ending(l, a, word, out);
}

/* A text's word that the dictionary lacks is known by its ending alone; a rule's
 * word therefore is looked for in both ways. */
static void add_forms(enum lang l, struct arena *a, struct str lower, struct str folded, bool of_rule, struct keys *out)
{
	struct str stems[STEMS_MAX];
	struct morph *m = known.morph[l];
	size_t n = m == NULL ? 0 : morph_stems(m, known.own, lower, stems);
	bool unknown = n == 0, plain = str_eq(lower, folded);
	if (m != NULL && unknown && !plain)
		n = morph_stems(m, known.own, folded, stems);
	add_stems(out, a, "", stems, of_rule ? basic_first(lower, stems, n) : n);
	if (unknown && m != NULL)
		add_key(out, a, "", lower);
	if (languages[l].lacks_stems && n == 1 && !unknown && !of_rule)
		add_ending(l, a, lower, out);
	if (!unknown && !of_rule)
		return;
	add_guesses(l, a, lower, out);
	if (!plain)
		add_guesses(l, a, folded, out);
}

void word_keys(enum lang l, struct arena *a, struct str lower, struct str folded, bool of_rule, struct keys *out)
{
	struct str stems[STEMS_MAX];
	out->n = 0;
	if (l == LANG_MT)
		return;
	open_language(l);
	if (known.own == NULL)
		known.own = arena_new(OWN_BYTES);
	arena_reset(known.own);
	if (l != LANG_ET) {
		add_forms(l, a, lower, folded, of_rule, out);
		return;
	}
	add_stems(out, a, "", stems, estonian_stems(known.own, folded, of_rule, stems));
}

/* ---- words seen before ---------------------------------------------------- */

static void memo_begin(void)
{
	arena_free(known.memo);
	known.memo = arena_new(MEMO_BYTES);
	known.slots = arena_make_n(known.memo, MEMO_SLOTS, const struct memo_word *);
}

const struct str *text_keys(enum lang l, struct str lower, struct str folded, size_t *n)
{
	if (known.memo == NULL || arena_room(known.memo) < MEMO_ROOM)
		memo_begin();
	const struct memo_word **slot = &known.slots[(text_hash(lower) + (unsigned)l * 2654435761U) % MEMO_SLOTS];
	for (const struct memo_word *w = *slot; w != NULL; w = w->next)
		if (w->lang == l && str_eq(w->lower, lower)) {
			*n = w->n;
			return w->keys;
		}
	struct keys k = {0};
	word_keys(l, known.memo, lower, folded, false, &k);
	struct memo_word *w = arena_alloc(known.memo, offsetof(struct memo_word, keys) + k.n * sizeof(k.v[0]));
	w->next = *slot;
	w->lower = str_dup(known.memo, lower);
	w->lang = l;
	w->n = k.n;
	memcpy(w->keys, k.v, k.n * sizeof(k.v[0]));
	*slot = w;
	*n = w->n;
	return w->keys;
}
