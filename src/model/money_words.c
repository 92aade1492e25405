/* SPDX-License-Identifier: MIT
 *
 * The words and signs that money is written with in the languages of the EU. A
 * place in a text goes in; what stands there goes out: a currency, a multiplier,
 * a word that says which limit an amount is, or one that joins two amounts.
 *
 * Words are folded (lower case, no diacritics, a final sigma as any other);
 * "stem*" matches by its beginning.
 */
#include "model/internal.h"

#define MONEY_THOUSAND 1000
#define MONEY_MILLION  1000000
#define MONEY_BILLION  1000000000

static const char million_words[] =
	"m mn mln mio mill million* miljon* milj millon* milion* milione* millones miljoen "
	"milijun* milijon* milioane millio* miljoona* miljun* milhao milhoes milliun mhilliun "
	"εκατομμυρι* εκατ εκ милион* млн";

static const struct {
	const char *words;
	int64_t times;
	const char *currency; /* of "MEUR" */
} multipliers[] = {
	{"k tsd thousand thousands tausend tuhat tuh tis tys mille miles tusen duizend tuhatta "
	 "tusind tisic tisice mie mii mila ezer χιλιαδεσ χιλ хиляди хил tisuca tisuce tisoc tisocaka tukst "
	 "tukstanc* tukstos* elf mhile mile",
		MONEY_THOUSAND, ""},
	{million_words, MONEY_MILLION, ""},
	{"b bn bln mrd mld mlrd md mds mia milliard* miljard* miliard* milijard* billion billions biljun "
	 "billiun bhilliun δισ δισεκατομμυρι* милиард* млрд",
		MONEY_BILLION, ""},
	{"keur teur", MONEY_THOUSAND, "EUR"},
	{"meur mioeur", MONEY_MILLION, "EUR"},
	{"mgbp", MONEY_MILLION, "GBP"},
	{"tkr", MONEY_THOUSAND, "SEK"},
	{"msek mkr mnkr", MONEY_MILLION, "SEK"},
};

static const struct {
	const char *words, *code;
} currency_words[] = {
	{"eur euro euros eurot euros eurode eurost euroni eura euroa evro euron eiro evrov evra evri evrih "
	 "eurai "
	 "euru eurais ewro ευρω евро",
		"EUR"},
	{"usd dollar dollars", "USD"}, {"gbp pound pounds sterling", "GBP"}, {"sek kronor", "SEK"},
	{"nok", "NOK"}, {"dkk", "DKK"}, {"isk", "ISK"}, {"chf sfr", "CHF"}, {"pln zl zloty zlotych", "PLN"},
	{"czk kc korun", "CZK"}, {"huf ft forint*", "HUF"}, {"ron lei leu", "RON"}, {"bgn лв лева", "BGN"},
	{"try", "TRY"}, {"uah", "UAH"}, {"cad", "CAD"}, {"aud", "AUD"}, {"jpy", "JPY"}, {"ils", "ILS"},
	{"rsd", "RSD"}, {"mdl", "MDL"}, {"gel", "GEL"}, {"cny", "CNY"}, {"krw", "KRW"},
	{"kr kroner", ""}, /* of several countries: money, but nobody's in particular */
};

static const struct {
	const char *text, *code;
} currency_signs[] = {
	{"€", "EUR"},
	{"£", "GBP"},
	{"$", "USD"},
	{"zł", "PLN"},
	{"Kč", "CZK"},
	{"¥", "JPY"},
};

/* Words that say which limit an amount is. */
static const struct {
	enum money_role role;
	const char *words;
} role_words[] = {
	{MONEY_LEAST,
		"minimum* min minimal* minimo minima minim minimu least floor mindest* ab from minimaal* "
		"vahemalt starting minst mindst vahintaan najmanje najmanj najmniej nejmene "
		"najmenej "
		"najniz* nejnizs* legalabb bent vismaz almeno menos τουλαχιστον ελαχιστ* поне минимум "
		"минимал* maziausi* nuo od alates alkaen minn iosmheid"},
	{MONEY_MOST, "up max maximum* maximal* maximo maxima maxim maximaal massim* maksimaal* maksimal* "
		     "maksymaln* bis "
		     "jusqu kuni upto suurim suurem korgeim hochst* tot ceiling cap capped plafon* enintaan "
		     "hasta fino "
		     "ate exceeding iki lidz pana εωσ μεχρι μεγιστ* ανωτατ* до do legfeljebb najvis* najvec "
		     "najviac "
		     "najvyss* nejvyss* nejvyse nanejvys enimmillaan højst højest* hogst* didziausi* "
		     "максимал* максимум "
		     "uasmheid"},
	{MONEY_TOTAL,
		"total overall gesamt* insgesamt globale global kogueelarve kogumaht totaal totale "
		"complessiva complessivo celkem celkova celkovo razem lacznie ukupno ukupna skupaj "
		"osszesen kopa viso συνολο συνολικοσ συνολικη συνολικο общо общ totalt yhteensa samlet"},
	{MONEY_BUDGET,
		"budget* envelope pot presupuesto enveloppe eelarve alokac* allocation budjetti budzet* "
		"biudzet* buget* bidzet* orcamento proracun* keretosszeg προυπολογισμοσ бюджет*"},
};

/* Of several words, which count only right before an amount: "no more than €500,000". */
static const struct {
	const char *words;
	enum money_role role;
} role_phrases[] = {
	{"no more than", MONEY_MOST},
	{"not more than", MONEY_MOST},
	{"less than", MONEY_MOST},
	{"no less than", MONEY_LEAST},
	{"not less than", MONEY_LEAST},
	{"more than", MONEY_LEAST},
	{"over", MONEY_LEAST},
	{"above", MONEY_LEAST},
	{"under", MONEY_MOST},
	{"below", MONEY_MOST},
	{"nicht mehr als", MONEY_MOST},
	{"weniger als", MONEY_MOST},
	{"mehr als", MONEY_LEAST},
	{"pas plus de", MONEY_MOST},
	{"moins de", MONEY_MOST},
	{"plus de", MONEY_LEAST},
	{"no mas de", MONEY_MOST},
	{"menos de", MONEY_MOST},
	{"mas de", MONEY_LEAST},
	{"mais de", MONEY_LEAST},
	{"non superiore a", MONEY_MOST},
	{"non inferiore a", MONEY_LEAST},
	{"ten hoogste", MONEY_MOST},
	{"minder dan", MONEY_MOST},
	{"meer dan", MONEY_LEAST},
	{"op til", MONEY_MOST},
	{"upp till", MONEY_MOST},
	{"mindre an", MONEY_MOST},
	{"mer an", MONEY_LEAST},
	{"mindre end", MONEY_MOST},
	{"mere end", MONEY_LEAST},
	{"rohkem kui", MONEY_LEAST},
	{"vahem kui", MONEY_MOST},
	{"yli", MONEY_LEAST},
	{"alle", MONEY_MOST},
	{"az", MONEY_MOST},
	{"vice nez", MONEY_LEAST},
	{"mene nez", MONEY_MOST},
	{"nie wiecej niz", MONEY_MOST},
	{"nie mniej niz", MONEY_LEAST},
	{"co najmniej", MONEY_LEAST},
	{"co najwyzej", MONEY_MOST},
	{"ne daugiau kaip", MONEY_MOST},
	{"ne maziau kaip", MONEY_LEAST},
	{"ne vairak ka", MONEY_MOST},
	{"ne mazak ka", MONEY_LEAST},
	{"cel mult", MONEY_MOST},
	{"cel putin", MONEY_LEAST},
	{"не повече от", MONEY_MOST},
	{"не по-малко от", MONEY_LEAST},
	{"suas le", MONEY_MOST},
	{"sa", MONEY_MOST},
};

/* Where one group of three follows a sign the language tells what was meant: "1.234 million",
 * "1.234 millones". */
static const char point_words[] = "million billion";
static const char comma_words[] =
	"millionen millioner millones miljoen miljo* milio* milhoes milliarden miljard* miliard* milijun* "
	"milijon* milijard* millio milliard εκατομμυρι* εκατ милион* милиард*";

static const char range_words[] =
	"to bis a au kuni until till til tot do ja hasta iki lidz pana εωσ μεχρι до al zu le";
static const char and_words[] = "and und et y e en och og u agus in i si es ja un ir a και и";
static const char between_words[] =
	"between zwischen entre vahemikus tussen mellan mellem tra fra compreso compresa mezi medzi med "
	"između miedzy pomiedzy intre kozott starp tarp bejn idir между μεταξυ";
/* Words that neither say which limit nor make the text one about something else. */
static const char neutral_words[] =
	"to of at de the approx about circa ca c approximately per project a an eur each amount grant la le "
	"zu au in our fund funding support award toetus";

/* "per project": what a single one gets, whatever was said before. */
static const char per_words[] = "per pro par por pe na за ανα";
static const char project_words[] =
	"project* projekt* projet* proyecto* progett* proiect* prosjekt* grant* proposal* "
	"applica* beneficiar* company compan* sme entreprise* vorhaben antrag* "
	"unternehmen проект* εργο";

enum money_role money_role_of(const struct word *w)
{
	for (size_t i = 0; i < COUNT(role_words); i++)
		if (word_in(w, role_words[i].words))
			return role_words[i].role;
	return MONEY_PLAIN;
}

enum money_role money_role_phrase(struct str s, size_t at, size_t *end)
{
	for (size_t i = 0; i < COUNT(role_phrases); i++)
		if (phrase_at(s, at, role_phrases[i].words, end))
			return role_phrases[i].role;
	return MONEY_PLAIN;
}

bool money_range_word(const struct word *w)
{
	return word_in(w, range_words);
}

bool money_and_word(const struct word *w)
{
	return word_in(w, and_words);
}

bool money_between_word(const struct word *w)
{
	return word_in(w, between_words);
}

bool money_neutral_word(const struct word *w)
{
	return word_in(w, neutral_words) || money_range_word(w) || money_and_word(w) || money_between_word(w);
}

bool money_per_project(struct str s, size_t at)
{
	struct word w = word_read(s, skip_space(s, at));
	if (word_in(&w, "each"))
		return true;
	if (!word_in(&w, per_words))
		return false;
	w = word_read(s, skip_space(s, w.end));
	return word_in(&w, project_words);
}

const char *money_currency(struct str s, size_t at, size_t *end)
{
	struct str rest = str_sub(s, at, s.n);
	for (size_t i = 0; i < COUNT(currency_signs); i++)
		if (str_starts(rest, str_of(currency_signs[i].text))) {
			*end = at + strlen(currency_signs[i].text);
			return currency_signs[i].code;
		}
	struct word w = word_read(s, at);
	for (size_t i = 0; i < COUNT(currency_words); i++)
		if (word_in(&w, currency_words[i].words)) {
			*end = w.end;
			return currency_words[i].code;
		}
	return NULL;
}

char money_decimal_sign(struct str s, size_t at)
{
	struct word w = word_read(s, at);
	return word_in(&w, point_words) ? '.' : word_in(&w, comma_words) ? ',' : '\0';
}

/* Tonnes, but for "500 t€" and "25 t.kr.". */
static int64_t thousand_letter(struct str s, const struct word *w)
{
	size_t at = w->end, end;
	at += at < s.n && s.p[at] == '.' ? 1 : 0;
	return word_in(w, "t") && money_currency(s, at, &end) != NULL ? MONEY_THOUSAND : 0;
}

/* "mil" is a thousand in Spanish and Portuguese; where it is cut short ("2 mil. Kč") or
 * the currency comes first ("$2 mil") it is a million. "mil milhões" is neither. */
static int64_t twofold_multiplier(struct str s, bool currency_before, struct word *w)
{
	if (!word_in(w, "mil"))
		return 0;
	struct word next = word_read(s, skip_space(s, w->end));
	if (word_in(&next, million_words)) {
		w->end = next.end;
		return MONEY_BILLION;
	}
	bool dot = w->end < s.n && s.p[w->end] == '.';
	return dot || currency_before ? MONEY_MILLION : MONEY_THOUSAND;
}

int64_t money_multiplier(struct str s, size_t at, bool currency_before, size_t *end, const char **currency)
{
	struct word w = word_read(s, at);
	int64_t times = twofold_multiplier(s, currency_before, &w);
	times = times > 0 ? times : thousand_letter(s, &w);
	*currency = "";
	for (size_t i = 0; i < COUNT(multipliers) && times == 0; i++) {
		if (!word_in(&w, multipliers[i].words))
			continue;
		times = multipliers[i].times;
		*currency = multipliers[i].currency;
	}
	*end = w.end;
	return times;
}
