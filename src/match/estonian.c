/* SPDX-License-Identifier: MIT
 *
 * Estonian word forms by endings alone: no free dictionary tells them. A folded word
 * in, the stems it may be a form of out. Case endings are taken off, what remains
 * loses its stem vowel, and both grades of a consonant are written alike (rakk,
 * raku; patsient, patsiendi; valdkond, valdkonna). A text's word gets a stem for
 * each reading; a rule's word is read as the basic form first, so that words which
 * only look like forms of it stay out.
 */
#include "match/internal.h"

#define STEM_MIN 3 /* letters that must remain */

/* Behind a stem vowel, or behind the consonants named. */
static const struct ending {
	const char *letters;
	const char *behind; /* consonants it may follow */
	bool vowel;	    /* whether it may follow a vowel */
} case_endings[] = {
	{"sse", "", true},
	{"se", "s", false},
	{"st", "", true},
	{"s", "", true},
	{"le", "", true},
	{"lt", "", true},
	{"l", "", true},
	{"ks", "", true},
	{"ni", "", true},
	{"na", "", true},
	{"ta", "", true},
	{"ga", "", true},
};
static const struct ending plural_endings[] = {
	{"te", "slrn", true},
	{"de", "lrn", true},
	{"sid", "", true},
	{"d", "lr", true},
	{"t", "slrn", true},
};
static const struct ending verb_endings[] = {
	{"ma", "", true},
	{"mas", "", true},
	{"mast", "", true},
	{"da", "", true},
	{"b", "", true},
	{"vad", "", true},
	{"tud", "", true},
	{"nud", "", true},
	{"takse", "", true},
	{"des", "", true},
};

/* Stems of frequent words that their basic form does not show, at the end of a word
 * or of a compound. */
static const struct {
	const char *stem, *basic;
} irregular[] = {
	{"koe", "kude"},     {"vee", "vesi"},	  {"vet", "vesi"},     {"vere", "veri"},   {"ver", "veri"},
	{"kae", "kasi"},     {"kat", "kasi"},	  {"sudame", "suda"},  {"sudan", "suda"},  {"lapse", "laps"},
	{"las", "laps"},     {"lapsi", "laps"},	  {"mehe", "mees"},    {"mehi", "mees"},   {"uue", "uus"},
	{"uut", "uus"},	     {"uusi", "uus"},	  {"aja", "aeg"},      {"aegu", "aeg"},	   {"jala", "jalg"},
	{"turu", "turg"},    {"vaikese", "vaike"}, {"vaikes", "vaike"}, {"vaikesi", "vaike"}, {"soja", "soda"},
	{"toe", "tugi"},     {"tuge", "tugi"},	  {"haid", "hea"},     {"nime", "nimi"},   {"tove", "tobi"},
	{"tobe", "tobi"},    {"poe", "pood"},	  {"tee", "tee"},      {"teid", "tee"},	   {"toid", "too"},
	{"ideid", "idee"},   {"noude", "noue"},	  {"noudme", "noue"},  {"katte", "kate"},  {"voi", "voi"},
	{"jaod", "jagu"},    {"jao", "jagu"},	  {"osi", "osa"},      {"loe", "lugu"},	   {"loo", "lugu"},
	{"meetme", "meede"}, {"meetmei", "meede"}, {"liigi", "liik"},	 {"aine", "aine"},   {"kopsu", "kops"},
};

struct reader {
	struct arena *a;
	struct str *out;
	size_t n, room;
};

static bool vowel(char c)
{
	return strchr("aeiou", c) != NULL && c != '\0';
}

static void put(struct reader *r, struct str key)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->out[i], key))
			return;
	if (r->n < r->room)
		r->out[r->n++] = str_dup(r->a, key);
}

/* One consonant for a doubled one, the strong grade for both. */
static size_t even_grades(struct str s, char out[static WORD_MAX])
{
	static const struct {
		const char *end, *grade;
	} ends[] = {
		{"nn", "nt"}, {"rr", "rt"}, {"ll", "lt"}, {"g", "k"}, {"b", "p"}, {"d", "t"},
	};
	struct str tail = {0}, grade = {0};
	for (size_t i = 0; i < COUNT(ends) && tail.n == 0; i++)
		if (str_ends(s, str_of(ends[i].end))) {
			tail = str_of(ends[i].end);
			grade = str_of(ends[i].grade);
		}
	size_t n = 0;
	for (size_t i = 0; i < s.n - tail.n; i++)
		if (n == 0 || out[n - 1] != s.p[i] || vowel(s.p[i]))
			out[n++] = s.p[i];
	for (size_t i = 0; i < grade.n; i++)
		if (n == 0 || out[n - 1] != grade.p[i])
			out[n++] = grade.p[i];
	return n;
}

/* A letter of `first` with one of `second` at the end. */
static bool ends_in(const char *s, size_t n, const char *first, const char *second)
{
	return n >= STEM_MIN && strchr(first, s[n - 2]) != NULL && strchr(second, s[n - 1]) != NULL;
}

/* artikli = artikkel, registri = register; seadme = seade; vähi = vähk, koha = koht. */
static size_t even_end(char *s, size_t n)
{
	if (ends_in(s, n, "h", "tk"))
		return n - 1;
	if (n > STEM_MIN && ends_in(s, n, "tdkg", "m")) {
		s[n - 2] = s[n - 2] == 'd' ? 't' : s[n - 2] == 'g' ? 'k' : s[n - 2];
		return n - 1;
	}
	if (n > STEM_MIN && n < WORD_MAX && ends_in(s, n, "ptkbdgfm", "lr")) {
		s[n] = s[n - 1];
		s[n - 1] = 'e';
		return n + 1;
	}
	return n;
}

static void put_stem(struct reader *r, struct str stem)
{
	char key[WORD_MAX + 1];
	put(r, (struct str){key, even_end(key, even_grades(stem, key))});
}

static void put_irregular(struct reader *r, struct str s)
{
	for (size_t i = 0; i < COUNT(irregular); i++) {
		struct str stem = str_of(irregular[i].stem);
		bool compound = str_ends(s, stem) && s.n >= stem.n + STEM_MIN + 1;
		if (!str_eq(s, stem) && !compound)
			continue;
		char key[WORD_MAX * 2];
		struct str basic = str_of(irregular[i].basic);
		memcpy(key, s.p, s.n - stem.n);
		memcpy(key + s.n - stem.n, basic.p, basic.n);
		put(r, (struct str){key, s.n - stem.n + basic.n});
	}
}

/* A word of four letters with one vowel at its end keeps it in all cases. */
static bool short_word(struct str s)
{
	return s.n <= STEM_MIN + 1 && vowel(s.p[s.n - 1]) && !vowel(s.p[s.n - 2]);
}

/* Without its vowel at the end; of -ai, -ei and -ui without both. */
static struct str without_vowel(struct str s, bool basic)
{
	struct str stem = str_sub(s, 0, s.n - 1);
	if (!basic && stem.n > STEM_MIN && ends_in(s.p, s.n, "aeu", "i"))
		stem.n--;
	return stem;
}

/* What remains of a form without its case: basic form, genitive or plural stem. */
static void put_base(struct reader *r, struct str s, bool basic)
{
	put_irregular(r, s);
	bool loses = s.n > STEM_MIN && vowel(s.p[s.n - 1]) && s.p[s.n - 2] != s.p[s.n - 1];
	if (!loses || short_word(s))
		put(r, s);
	if (!basic || !short_word(s))
		put_stem(r, loses ? without_vowel(s, basic) : s);
}

/* arendamine = arendamise, digitaalne = digitaalse */
static bool put_ne(struct reader *r, struct str s)
{
	char key[WORD_MAX];
	if (s.n < 5 || !str_ends(s, STR("ne")))
		return false;
	memcpy(key, s.p, s.n - 2);
	key[s.n - 2] = 's';
	put_stem(r, (struct str){key, s.n - 1});
	return true;
}

static bool take(struct str s, const struct ending *e, size_t min, struct str *rest)
{
	struct str letters = str_of(e->letters);
	if (!str_ends(s, letters) || s.n < letters.n + min)
		return false;
	*rest = str_sub(s, 0, s.n - letters.n);
	char last = rest->p[rest->n - 1];
	return vowel(last) ? e->vowel : strchr(e->behind, last) != NULL;
}

static void put_plurals(struct reader *r, struct str s)
{
	struct str rest;
	for (size_t i = 0; i < COUNT(plural_endings); i++)
		if (take(s, &plural_endings[i], 2, &rest))
			put_base(r, rest, false);
}

static void put_readings(struct reader *r, struct str s)
{
	struct str rest;
	(void)put_ne(r, s);
	put_base(r, s, false);
	put_plurals(r, s);
	for (size_t i = 0; i < COUNT(case_endings); i++)
		if (take(s, &case_endings[i], STEM_MIN, &rest)) {
			put_base(r, rest, false);
			put_plurals(r, rest);
		}
	for (size_t i = 0; i < COUNT(verb_endings); i++)
		if (take(s, &verb_endings[i], STEM_MIN + 1, &rest))
			put_base(r, rest, false);
}

/* A rule's word: as the basic form, else (it ends like a plural) as its plural. */
static void put_basic(struct reader *r, struct str s)
{
	struct str rest;
	if (!put_ne(r, s))
		put_base(r, s, true);
	static const struct ending plural = {"d", "", true}, infinitive = {"ma", "", true};
	if (take(s, &plural, STEM_MIN, &rest))
		put_base(r, rest, false);
	if (take(s, &infinitive, STEM_MIN + 1, &rest))
		put_base(r, rest, false);
}

size_t estonian_stems(
	struct arena *a, struct str folded, bool of_rule, struct str out[static STEMS_MAX])
{
	struct reader r = {.a = a, .out = out, .room = STEMS_MAX};
	if (folded.n < STEM_MIN || folded.n + 1 >= WORD_MAX)
		put(&r, folded);
	else if (of_rule)
		put_basic(&r, folded);
	else
		put_readings(&r, folded);
	return r.n;
}
