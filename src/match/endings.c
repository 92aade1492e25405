/* SPDX-License-Identifier: MIT
 *
 * Endings of nouns and adjectives, for words that no dictionary knows and for machines
 * without the dictionary: a word in, what remains without its longest known ending
 * out. Coarse on purpose: two words that share the remainder count as forms of each
 * other.
 */
#include "match/internal.h"

#define REMAINDER_MIN 4 /* letters that must remain */

static const struct {
	enum lang lang;
	const char *endings; /* folded, white space between */
} tables[] = {
	{LANG_RO, "ul ului ii iilor i ilor e ele elor a ei uri urile urilor le lui lor"},
	{LANG_IT, "a e i o he hi"},
	{LANG_PL, "ami ach om owi ow em ego emu ych ymi ich imi ie iami iach iom ia iu iej a e i o u y ej ey"},
	{LANG_CS, "ami ach am um ovi ove ech ich em ou ho emu ym ymi eho imi im im ich e i a u y o ata at"},
	{LANG_SK, "ami ach am om ovi ov ou eho emu ym ymi ych imi im ich ej e i a u y o iach iam"},
	{LANG_SL, "ami ih ega emu em im imi am ah om ov oma ema ev ama a e i o u ja je ji jo"},
	{LANG_HR, "ima ama om em og oga omu ome im ih oj ova ovi ove a e i o u ja je ji ju"},
	{LANG_BG, "ите ият ия ата ята ото ове овете ът та то те а я и о е у"},
	{LANG_EL, "ου ο ε οι ων ουσ οσ η ησ ην εσ α ασ αν ιοσ ιου ιο ιων ια ματοσ ματα ματων μα"},
	{LANG_LV, "iem am ai as os a s is us u i e es ei em im iem ijas ija iju ijam iju ais aja aji ajas o"},
};

static size_t letters(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xC0) != 0x80;
	return n;
}

static size_t longest(struct str word, const char *endings)
{
	struct str rest = str_of(endings), ending;
	size_t best = 0;
	while ((ending = str_word(rest, &rest)).n > 0)
		if (ending.n > best && str_ends(word, ending) &&
			letters(str_sub(word, 0, word.n - ending.n)) >= REMAINDER_MIN)
			best = ending.n;
	return best;
}

size_t endings_stems(enum lang l, struct arena *a, struct str word, struct str out[static 1])
{
	char folded[WORD_MAX];
	for (size_t i = 0; i < COUNT(tables); i++) {
		if (tables[i].lang != l)
			continue;
		struct str plain = word_fold(word, folded);
		out[0] = str_dup(a, str_sub(plain, 0, plain.n - longest(plain, tables[i].endings)));
		return 1;
	}
	return 0;
}
