/* SPDX-License-Identifier: MIT
 *
 * Estonian word forms by endings alone: no free dictionary tells them. A folded word
 * in, the stems it may be a form of out. A text's word gets a stem for each reading:
 * case endings are taken off, what remains loses its stem vowel. A rule's word is read
 * as a basic form and gets the stems that its cases may have, in both grades (rakk,
 * raku; patsient, patsiendi; valdkond, valdkonna; ratas, ratta). Verbs keep to
 * themselves: uurib is no form of uuring.
 */
#include "match/internal.h"

#define STEM_MIN  3   /* letters that must remain */
#define SHORT_MAX 4   /* letters of a short word */
#define VERB	  "+" /* before the stem of a verb */

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
	{"koe", "kude"}, {"vee", "vesi"}, {"vet", "vesi"}, {"vere", "veri"}, {"ver", "veri"}, {"kae", "kasi"},
	{"kat", "kasi"}, {"sudame", "suda"}, {"sudan", "suda"}, {"lapse", "laps"}, {"las", "laps"},
	{"lapsi", "laps"}, {"mehe", "mees"}, {"mehi", "mees"}, {"uue", "uus"}, {"uut", "uus"}, {"uusi", "uus"},
	{"aja", "aeg"}, {"aegu", "aeg"}, {"jala", "jalg"}, {"turu", "turg"}, {"vaikese", "vaike"},
	{"vaikes", "vaike"}, {"vaikesi", "vaike"}, {"soja", "soda"}, {"toe", "tugi"}, {"tuge", "tugi"},
	{"haid", "hea"}, {"nime", "nimi"}, {"tove", "tobi"}, {"tobe", "tobi"}, {"poe", "pood"}, {"teid", "tee"},
	{"toid", "too"}, {"ideid", "idee"}, {"noude", "noue"}, {"noudme", "noue"}, {"katte", "kate"},
	{"jaod", "jagu"}, {"jao", "jagu"}, {"osi", "osa"}, {"loe", "lugu"}, {"loo", "lugu"}, {"meetme", "meede"},
	{"meetmei", "meede"}, {"liigi", "liik"}, {"kopsu", "kops"}, {"kate", "kasi"}, {"kasu", "kask"},
	{"kuuse", "kuusk"}, {"kuusi", "kuusk"}, {"jalu", "jalg"}, {"tuppa", "tuba"}, {"ahju", "ahi"},
	{"soe", "susi"}, {"varre", "vars"}, {"asja", "asi"}, {"asju", "asi"}, {"joe", "jogi"}, {"mae", "magi"},
	{"nae", "nagi"}, {"vae", "vagi"}, {"vea", "viga"}, {"vigu", "viga"}, {"toa", "tuba"}, {"loa", "luba"},
	{"rea", "rida"}, {"ridu", "rida"}, {"peo", "pidu"}, {"toe", "tode"}, {"raja", "rada"}, {"saja", "sada"},
	{"koja", "koda"}, {"oe", "ode"}, {"laua", "laud"}, {"raua", "raud"}, {"leiva", "leib"}, {"aia", "aed"},
	{"poja", "poeg"}, {"vola", "volg"}, {"jou", "joud"}, {"votme", "voti"}, {"mere", "meri"},
	{"merd", "meri"}, {"tule", "tuli"}, {"tuld", "tuli"}, {"lume", "lumi"}, {"suve", "suvi"},
	{"talve", "tali"}, {"kaane", "kaas"}, {"taie", "tais"}, {"ohu", "oht"}, {"sonu", "sona"},
	{"maju", "maja"}, {"sooja", "soe"}, {"katsu", "katse"}, {"naise", "naine"}, {"naisi", "naine"},
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

/* A letter of `first` with one of `second` at the end. */
static bool ends_in(struct str s, const char *first, const char *second)
{
	return s.n >= STEM_MIN && strchr(first, s.p[s.n - 2]) != NULL && strchr(second, s.p[s.n - 1]) != NULL;
}

/* A stem as it is compared: artikkel, artikl(i); aken, akn(a); ankur, ankr(u). */
static size_t even(struct str s, char out[static WORD_MAX])
{
	size_t n = s.n < WORD_MAX ? s.n : WORD_MAX - 1;
	memcpy(out, s.p, n);
	if (n <= STEM_MIN || strchr("lrn", out[n - 1]) == NULL)
		return n;
	char last = out[--n];
	if (n > STEM_MIN - 1 && vowel(out[n - 1]) && !vowel(out[n - 2]))
		n--;
	if (n > STEM_MIN && out[n - 1] == out[n - 2] && !vowel(out[n - 1]) && out[n - 1] != last)
		n--;
	out[n++] = last;
	return n;
}

static void put_stem(struct reader *r, struct str stem)
{
	char key[WORD_MAX];
	put(r, (struct str){key, even(stem, key)});
}

/* The stem with `more` instead of its last `less` letters. */
static void put_changed(struct reader *r, struct str stem, size_t less, const char *more)
{
	char key[WORD_MAX * 2];
	size_t n = stem.n - less;
	memcpy(key, stem.p, n);
	memcpy(key + n, more, strlen(more));
	put_stem(r, (struct str){key, n + strlen(more)});
}

#define VOWELS "aeiou"

/* What the end of a basic form may be changed to. */
struct turn {
	const char *end, *other;
	const char *behind; /* letters it may follow; NULL = any */
};

/* Behind a consonant the weaker grade follows: rakk, raku; veerg, veeru; poiss, poisi. */
static const struct turn closed[] = {
	{"pp", "p", VOWELS "lrmn"},
	{"tt", "t", VOWELS "lrmn"},
	{"kk", "k", VOWELS "lrmn"},
	{"p", "b", VOWELS "lrm"},
	{"t", "d", VOWELS "lrn"},
	{"k", "g", VOWELS "lrn"},
	{"nd", "nn", VOWELS},
	{"ld", "ll", VOWELS},
	{"rd", "rr", VOWELS},
	{"mb", "mm", VOWELS},
	{"ht", "h", VOWELS},
	{"hk", "h", VOWELS},
	{"uund", "uun", "s"},
	{"aand", "aan", "km"},
	{"erg", "er", VOWELS},
	{"urg", "ur", VOWELS},
	{"lg", "lj", VOWELS},
	{"rg", "rj", VOWELS},
	{"oid", "oi", "hlnrt"},
	{"oiss", "ois", "p"},
	{"ss", "s", "lnr"},
	{"ik", "ikk", NULL},  /* vedelik, vedelikku */
	{"as", "s", "hlmnr"}, /* võimas, võimsa */
	{"is", "s", "dht"},   /* tähtis, tähtsa */
	{"mus", "ms", "r"},   /* hirmus, hirmsa */
	{"as", "and", NULL},  /* kolmas, kolmanda */
	{"es", "end", NULL},
};

/* A stem whose vowel or -as is gone may be in the stronger one: teade, teate; hinne,
 * hinde; kallas, kalda. */
static const struct turn stronger[] = {
	{"p", "pp", VOWELS},
	{"t", "tt", VOWELS},
	{"k", "kk", VOWELS},
	{"b", "p", VOWELS "lrm"},
	{"d", "t", VOWELS "lrn"},
	{"g", "k", VOWELS "lrn"},
	{"nn", "nd", VOWELS},
	{"ll", "ld", VOWELS},
	{"rr", "rd", VOWELS},
	{"mm", "mb", VOWELS},
	{"aan", "aand", "k"},
};

static const struct turn open[] = {
	{"ke", "kes", NULL}, /* osake, osakese */
	{"ke", "ks", NULL},  /* väike, väikse */
	{"e", "ed", NULL},   /* pime, pimeda */
	{"de", "dm", NULL},  /* seade, seadme; mõõde, mõõtme */
	{"de", "tm", NULL},
	{"te", "tm", NULL},
	{"ge", "km", NULL},
	{"se", "sem", NULL}, /* tase, taseme */
	{"ri", "rj", NULL},  /* kiri, kirja */
	{"li", "lj", NULL},
	{"si", "sj", NULL},
	{"hi", "hj", NULL},
	{"di", "dj", NULL},
	{"vi", "vj", NULL},
	{"ne", "s", NULL},   /* digitaalne, digitaalse */
};

/* Those whose first letters remain. */
static void put_changes(struct reader *r, struct str s, const struct turn *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t less = strlen(c[i].end);
		bool long_enough = s.n > less && s.n - less + strlen(c[i].other) >= STEM_MIN;
		if (long_enough && str_ends(s, str_of(c[i].end)) &&
			(c[i].behind == NULL || strchr(c[i].behind, s.p[s.n - less - 1]) != NULL))
			put_changed(r, s, less, c[i].other);
	}
}

static void put_irregular(struct reader *r, struct str s)
{
	for (size_t i = 0; i < COUNT(irregular); i++) {
		struct str stem = str_of(irregular[i].stem);
		bool compound = str_ends(s, stem) && s.n > stem.n + (stem.n > STEM_MIN ? STEM_MIN - 1 : STEM_MIN);
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
	return s.n <= SHORT_MAX && vowel(s.p[s.n - 1]) && !vowel(s.p[s.n - 2]);
}

/* Without its vowel at the end; of -ai, -ei and -ui without both. */
static struct str without_vowel(struct str s)
{
	struct str stem = str_sub(s, 0, s.n - 1);
	if (stem.n > STEM_MIN && ends_in(s, "aeu", "i"))
		stem.n--;
	return stem;
}

/* Whether other cases may have another vowel at the end, or none. */
static bool loses_vowel(struct str s)
{
	return s.n > STEM_MIN && vowel(s.p[s.n - 1]) && s.p[s.n - 2] != s.p[s.n - 1];
}

/* What remains of a form without its case: basic form, genitive or plural stem. */
static void put_base(struct reader *r, struct str s)
{
	put_irregular(r, s);
	bool loses = loses_vowel(s);
	if (!loses || short_word(s))
		put(r, s);
	put_stem(r, loses ? without_vowel(s) : s);
}

/* arendamine = arendamise, digitaalne = digitaalse */
static void put_ne(struct reader *r, struct str s)
{
	if (s.n >= 5 && str_ends(s, STR("ne")))
		put_changed(r, s, 2, "s");
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
			put_base(r, rest);
}

/* A verb without its ending; a noun is no form of it. */
static void put_verb(struct reader *r, struct str s)
{
	char key[WORD_MAX + 1] = VERB;
	struct str stem = loses_vowel(s) ? without_vowel(s) : s;
	memcpy(key + strlen(VERB), stem.p, stem.n);
	put(r, (struct str){key, strlen(VERB) + stem.n});
}

static void put_readings(struct reader *r, struct str s)
{
	struct str rest;
	put_ne(r, s);
	put_base(r, s);
	put_plurals(r, s);
	for (size_t i = 0; i < COUNT(case_endings); i++)
		if (take(s, &case_endings[i], STEM_MIN, &rest)) {
			put_base(r, rest);
			put_plurals(r, rest);
		}
	for (size_t i = 0; i < COUNT(verb_endings); i++)
		if (take(s, &verb_endings[i], SHORT_MAX, &rest))
			put_verb(r, rest);
}

/* arutelu, arutellu; nimi, nime: of the basic forms that end in a vowel. */
static void put_open(struct reader *r, struct str s)
{
	struct str stem = str_sub(s, 0, s.n - 1);
	put_changes(r, s, open, COUNT(open));
	if (short_word(s))
		put_changed(r, s, 1, "e");
	else
		put_stem(r, stem);
	if (str_ends(s, STR("e")))
		put_changes(r, stem, stronger, COUNT(stronger));
	if (s.n > SHORT_MAX + 1 && ends_in(stem, VOWELS, "jlmns"))
		put_changed(r, stem, 0, (char[]){stem.p[stem.n - 1], '\0'});
}

static void put_closed(struct reader *r, struct str s)
{
	put_stem(r, s);
	put_changes(r, s, closed, COUNT(closed));
	if (s.n <= SHORT_MAX || !str_ends(s, STR("as")))
		return;
	struct str stem = str_sub(s, 0, s.n - 2); /* rikas, rikka */
	put_stem(r, stem);
	put_changes(r, stem, stronger, COUNT(stronger));
}

/* A rule's word: as the basic form, and (it ends like one) as its plural. */
static void put_basic(struct reader *r, struct str s)
{
	static const struct ending plural = {"d", "", true}, infinitive = {"ma", "", true};
	struct str rest;
	put_irregular(r, s);
	if (!loses_vowel(s) || short_word(s))
		put(r, s);
	if (!vowel(s.p[s.n - 1]))
		put_closed(r, s);
	else if (loses_vowel(s))
		put_open(r, s);
	if (take(s, &plural, SHORT_MAX, &rest)) {
		put_base(r, rest);
		put_changes(r, without_vowel(rest), stronger, COUNT(stronger));
	}
	if (take(s, &infinitive, SHORT_MAX, &rest))
		put_verb(r, rest);
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
