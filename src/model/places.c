/* SPDX-License-Identifier: MIT
 *
 * Countries and languages as sources name them -> ISO 3166-1 alpha-2 and ISO
 * 639-1. Anything unknown becomes empty: a filter must not read noise.
 */
#include "model/internal.h"

static const struct {
	const char *two, *three, *name;
} countries[] = {
	{"AT", "AUT", "Austria"},
	{"BE", "BEL", "Belgium"},
	{"BG", "BGR", "Bulgaria"},
	{"HR", "HRV", "Croatia"},
	{"CY", "CYP", "Cyprus"},
	{"CZ", "CZE", "Czechia"},
	{"CZ", "CZE", "Czech Republic"},
	{"DK", "DNK", "Denmark"},
	{"EE", "EST", "Estonia"},
	{"FI", "FIN", "Finland"},
	{"FR", "FRA", "France"},
	{"DE", "DEU", "Germany"},
	{"GR", "GRC", "Greece"},
	{"HU", "HUN", "Hungary"},
	{"IE", "IRL", "Ireland"},
	{"IT", "ITA", "Italy"},
	{"LV", "LVA", "Latvia"},
	{"LT", "LTU", "Lithuania"},
	{"LU", "LUX", "Luxembourg"},
	{"MT", "MLT", "Malta"},
	{"NL", "NLD", "Netherlands"},
	{"PL", "POL", "Poland"},
	{"PT", "PRT", "Portugal"},
	{"RO", "ROU", "Romania"},
	{"SK", "SVK", "Slovakia"},
	{"SI", "SVN", "Slovenia"},
	{"ES", "ESP", "Spain"},
	{"SE", "SWE", "Sweden"},
	{"IS", "ISL", "Iceland"},
	{"LI", "LIE", "Liechtenstein"},
	{"NO", "NOR", "Norway"},
	{"CH", "CHE", "Switzerland"},
	{"GB", "GBR", "United Kingdom"},
	{"UA", "UKR", "Ukraine"},
	{"MD", "MDA", "Moldova"},
	{"GE", "GEO", "Georgia"},
	{"AM", "ARM", "Armenia"},
	{"RS", "SRB", "Serbia"},
	{"AL", "ALB", "Albania"},
	{"MK", "MKD", "North Macedonia"},
	{"ME", "MNE", "Montenegro"},
	{"BA", "BIH", "Bosnia and Herzegovina"},
	{"XK", "XKX", "Kosovo"},
	{"TR", "TUR", "Turkey"},
	{"TR", "TUR", "Türkiye"},
	{"IL", "ISR", "Israel"},
	{"US", "USA", "United States"},
	{"CA", "CAN", "Canada"},
	{"EU", "EUR", "European Union"},
	{"GR", "EL", "Hellas"},
	{"GB", "UK", "Great Britain"},
};

static const struct {
	const char *two, *others; /* ISO 639-2 codes and names in lower case */
} languages[] = {
	{"bg", "bul bulgarian"},
	{"hr", "hrv croatian"},
	{"cs", "ces cze czech"},
	{"da", "dan danish"},
	{"nl", "nld dut dutch"},
	{"en", "eng english"},
	{"et", "est estonian"},
	{"fi", "fin finnish"},
	{"fr", "fra fre french"},
	{"de", "deu ger german"},
	{"el", "ell gre greek"},
	{"hu", "hun hungarian"},
	{"ga", "gle irish"},
	{"it", "ita italian"},
	{"lv", "lav latvian"},
	{"lt", "lit lithuanian"},
	{"mt", "mlt maltese"},
	{"pl", "pol polish"},
	{"pt", "por portuguese"},
	{"ro", "ron rum romanian"},
	{"sk", "slk slo slovak"},
	{"sl", "slv slovenian"},
	{"es", "spa spanish"},
	{"sv", "swe swedish"},
	{"no", "nor norwegian"},
	{"uk", "ukr ukrainian"},
	{"ru", "rus russian"},
};

/* Two ASCII letters with the bit of their case set or cleared. */
static struct str two_letters(struct arena *a, struct str s, int bit)
{
	char *p = arena_strndup(a, s.p, 2);
	p[0] = (char)(bit ? p[0] | bit : p[0] & ~32);
	p[1] = (char)(bit ? p[1] | bit : p[1] & ~32);
	return (struct str){p, 2};
}

static bool ascii_letters(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((s.p[i] | 32) < 'a' || (s.p[i] | 32) > 'z')
			return false;
	return s.n > 0;
}

struct str country_code(struct arena *a, struct str country)
{
	country = str_trim(country);
	for (size_t i = 0; i < COUNT(countries); i++)
		if (str_ieq(country, str_of(countries[i].three)) ||
			str_ieq(country, str_of(countries[i].name)))
			return str_of(countries[i].two);
	return country.n == 2 && ascii_letters(country) ? two_letters(a, country, 0) : (struct str){0};
}

struct str language_code(struct arena *a, struct str language)
{
	struct word w = word_read(str_trim(language), 0);
	for (size_t i = 0; i < COUNT(languages); i++)
		if (word_in(&w, languages[i].others))
			return str_of(languages[i].two);
	struct str s = {w.p, w.n};
	return w.n == 2 && ascii_letters(s) ? two_letters(a, s, 32) : (struct str){0};
}
