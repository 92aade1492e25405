/* SPDX-License-Identifier: MIT
 *
 * Dictionaries of word forms: a lower-case word in, the words of the dictionary
 * that it is a form of out. Hunspell's dictionaries and Voikko's Finnish are looked
 * for at run time, each when its language is first needed, and kept; one that is
 * not there knows no word. What was read stays until the process ends.
 */
#include <hunspell/hunspell.h>
#include <iconv.h>
#include <libvoikko/voikko.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "match/internal.h"

#define DICTIONARIES "/usr/share/hunspell" /* unless DICPATH names another folder, as for Hunspell itself */
#define LOOKED_UP    64 /* bytes of a word; longer ones take a dictionary of compounds far too long */
#define PATH_ROOM    4096
#define WIDE_WORD    ((size_t)WORD_MAX * 4) /* bytes of a word or path in any encoding, with its NUL */

struct morph {
	Hunhandle *hunspell;
	struct VoikkoHandle *voikko;
	iconv_t in, out; /* of a Hunspell dictionary, which has an encoding of its own */
};

static bool dictionary_path(const char *name, const char *ending, char path[static PATH_ROOM])
{
	const char *own = getenv("DICPATH");
	int n = snprintf(path, PATH_ROOM, "%s/%s.%s", own == NULL ? DICTIONARIES : own, name, ending);
	return n > 0 && n < PATH_ROOM && access(path, R_OK) == 0;
}

static struct VoikkoHandle *voikko_open(void)
{
	const char *error = NULL;
	return voikkoInit(&error, "fi", NULL);
}

bool morph_there(const char *name)
{
	char path[PATH_ROOM];
	if (strcmp(name, MORPH_VOIKKO) != 0)
		return dictionary_path(name, "aff", path) && dictionary_path(name, "dic", path);
	struct VoikkoHandle *v = voikko_open();
	if (v != NULL)
		voikkoTerminate(v);
	return v != NULL;
}

static bool open_hunspell(struct morph *m, const char *name)
{
	char aff[PATH_ROOM], dic[PATH_ROOM];
	if (!dictionary_path(name, "aff", aff) || !dictionary_path(name, "dic", dic))
		return false;
	m->hunspell = Hunspell_create(aff, dic);
	if (m->hunspell == NULL)
		return false;
	const char *encoding = Hunspell_get_dic_encoding(m->hunspell);
	m->in = iconv_open(encoding, "UTF-8");
	m->out = iconv_open("UTF-8", encoding);
	return m->in != (iconv_t)-1 && m->out != (iconv_t)-1;
}

struct morph *morph_open(const char *name)
{
	struct morph *m = calloc(1, sizeof(*m));
	if (m == NULL)
		die("out of memory");
	m->in = m->out = (iconv_t)-1;
	if (strcmp(name, MORPH_VOIKKO) == 0)
		m->voikko = voikko_open();
	if (m->voikko != NULL || (strcmp(name, MORPH_VOIKKO) != 0 && open_hunspell(m, name)))
		return m;
	morph_close(m);
	return NULL;
}

void morph_close(struct morph *m)
{
	if (m == NULL)
		return;
	if (m->hunspell != NULL)
		Hunspell_destroy(m->hunspell);
	if (m->voikko != NULL)
		voikkoTerminate(m->voikko);
	if (m->in != (iconv_t)-1)
		iconv_close(m->in);
	if (m->out != (iconv_t)-1)
		iconv_close(m->out);
	free(m);
}

/* With a NUL behind it; false when the other encoding lacks a letter of it. */
static bool recode(iconv_t by, struct str word, char out[static WIDE_WORD])
{
	char in[WIDE_WORD];
	char *from = in, *to = out;
	size_t left = word.n, room = WIDE_WORD - 1;
	if (word.n >= sizeof(in))
		return false;
	memcpy(in, word.p, word.n);
	(void)iconv(by, NULL, NULL, NULL, NULL);
	if (iconv(by, &from, &left, &to, &room) == (size_t)-1)
		return false;
	*to = '\0';
	return true;
}

static void add_stem(struct arena *a, const char *stem, struct str *out, size_t *n)
{
	struct str s = str_of(stem);
	if (s.n > 0 && s.n < WORD_MAX && *n < STEMS_MAX)
		out[(*n)++] = str_dup(a, s);
}

static size_t hunspell_stems(struct morph *m, struct arena *a, struct str word, struct str *out)
{
	char own[WIDE_WORD], utf8[WIDE_WORD];
	char **list = NULL;
	size_t n = 0;
	if (!recode(m->in, word, own))
		return 0;
	int found = Hunspell_stem(m->hunspell, &list, own);
	for (int i = 0; i < found; i++)
		if (recode(m->out, str_of(list[i]), utf8))
			add_stem(a, utf8, out, &n);
	if (list != NULL)
		Hunspell_free_list(m->hunspell, &list, found);
	return n;
}

static size_t voikko_stems(struct morph *m, struct arena *a, struct str word, struct str *out)
{
	char own[WIDE_WORD];
	size_t n = 0;
	memcpy(own, word.p, word.n);
	own[word.n] = '\0';
	struct voikko_mor_analysis **list = voikkoAnalyzeWordCstr(m->voikko, own);
	for (size_t i = 0; list != NULL && list[i] != NULL; i++) {
		char *base = voikko_mor_analysis_value_cstr(list[i], "BASEFORM");
		if (base != NULL)
			add_stem(a, base, out, &n);
		voikko_free_mor_analysis_value_cstr(base);
	}
	if (list != NULL)
		voikko_free_mor_analysis(list);
	return n;
}

/* Case folding turns the sigma at the end of a word into the other one, which
 * dictionaries do not know there. */
static struct str final_sigma(struct str word, char out[static LOOKED_UP])
{
	memcpy(out, word.p, word.n);
	if (str_ends(word, STR("\xCF\x83")))
		out[word.n - 1] = '\x82';
	return (struct str){out, word.n};
}

size_t morph_stems(struct morph *m, struct arena *a, struct str word, struct str out[static STEMS_MAX])
{
	char spelt[LOOKED_UP];
	if (word.n == 0 || word.n > LOOKED_UP || memchr(word.p, '\0', word.n) != NULL)
		return 0;
	word = final_sigma(word, spelt);
	return m->voikko != NULL ? voikko_stems(m, a, word, out) : hunspell_stems(m, a, word, out);
}
