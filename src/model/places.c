/* SPDX-License-Identifier: MIT
 *
 * Countries and languages as sources name them -> ISO 3166-1 alpha-2 and ISO
 * 639-1. Anything unknown becomes empty: a filter must not read noise.
 */
#include "model/internal.h"

#define NAME_MAX_BYTES 40 /* of the longest name below */

static const struct {
	const char *two, *three, *names; /* folded, as in English, at home and nearby, parted by '|' */
} countries[] = {
	{"AT", "aut", "austria|osterreich|autriche"},
	{"BE", "bel", "belgium|belgique|belgie|belgien"},
	{"BG", "bgr", "bulgaria|българия|bulgarie"},
	{"HR", "hrv", "croatia|hrvatska|croatie"},
	{"CY", "cyp", "cyprus|κυπροσ|kibris"},
	{"CZ", "cze", "czechia|czech republic|cesko|ceska republika"},
	{"DK", "dnk", "denmark|danmark|danemark"},
	{"EE", "est", "estonia|eesti|estonie|estland"},
	{"FI", "fin", "finland|suomi|finlande|finnland"},
	{"FR", "fra", "france|frankreich|francia"},
	{"DE", "deu", "germany|deutschland|allemagne|alemania"},
	{"GR", "grc el", "greece|hellas|ελλαδα|elliniki dimokratia|griechenland|grece"},
	{"HU", "hun", "hungary|magyarorszag|hongrie|ungarn"},
	{"IE", "irl", "ireland|eire|irlande|irland|republic of ireland"},
	{"IT", "ita", "italy|italia|italie|italien"},
	{"LV", "lva", "latvia|latvija|lettonie|lettland"},
	{"LT", "ltu", "lithuania|lietuva|lituanie|litauen"},
	{"LU", "lux", "luxembourg|luxemburg|letzebuerg"},
	{"MT", "mlt", "malta|malte"},
	{"NL", "nld", "netherlands|nederland|the netherlands|pays bas|niederlande"},
	{"PL", "pol", "poland|polska|pologne|polen"},
	{"PT", "prt", "portugal|portugalia"},
	{"RO", "rou", "romania|roumanie|rumanien"},
	{"SK", "svk", "slovakia|slovensko|slovak republic|slovaquie|slowakei"},
	{"SI", "svn", "slovenia|slovenija|slovenie|slowenien"},
	{"ES", "esp", "spain|espana|espagne|spanien"},
	{"SE", "swe", "sweden|sverige|suede|schweden"},
	{"IS", "isl", "iceland|island|islande"},
	{"LI", "lie", "liechtenstein"},
	{"NO", "nor", "norway|norge|norwegen|norvege"},
	{"CH", "che", "switzerland|schweiz|suisse|svizzera"},
	{"GB", "gbr uk", "united kingdom|great britain|england|scotland|wales|northern ireland"},
	{"UA", "ukr", "ukraine|украіна"},
	{"MD", "mda", "moldova|republic of moldova"},
	{"GE", "geo", "georgia"},
	{"AM", "arm", "armenia"},
	{"RS", "srb", "serbia"},
	{"AL", "alb", "albania"},
	{"MK", "mkd", "north macedonia|macedonia"},
	{"ME", "mne", "montenegro"},
	{"BA", "bih", "bosnia and herzegovina"},
	{"XK", "xkx", "kosovo"},
	{"TR", "tur", "turkey|turkiye|turkei|turquie"},
	{"IL", "isr", "israel"},
	{"US", "usa", "united states|united states of america"},
	{"CA", "can", "canada"},
	{"EU", "eur", "european union"},
};

/* The codes of ISO 3166-1, with XK and EU. */
static const char codes[] =
	"ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt "
	"bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh "
	"er es et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr "
	"ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr "
	"ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng "
	"ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se "
	"sg sh si sj sk sl sm sn so sr ss st sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua "
	"ug um us uy uz va vc ve vg vi vn vu wf ws xk ye yt za zm zw";

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

/* Whether one of the names parted by '|' is the whole text, but for a "(the)" or "(DE)" behind. */
static bool named(struct str text, const char *names)
{
	for (const char *p = names; *p != '\0';) {
		size_t n = strcspn(p, "|"), end;
		char name[NAME_MAX_BYTES + 1];
		(void)snprintf(name, sizeof(name), "%.*s", (int)n, p);
		if (phrase_at(text, 0, name, &end)) {
			end = skip_space(text, end);
			if (end == text.n || text.p[end] == '(')
				return true;
		}
		p += n + (p[n] == '|' ? 1 : 0);
	}
	return false;
}

struct str country_code(struct arena *a, struct str country)
{
	country = str_trim(country);
	struct word w = word_read(country, 0);
	bool code = country.n <= 3 && ascii_letters(country);
	for (size_t i = 0; i < COUNT(countries); i++)
		if (code ? word_in(&w, countries[i].three) : named(country, countries[i].names))
			return str_of(countries[i].two);
	return code && country.n == 2 && word_in(&w, codes) ? two_letters(a, country, 0) : (struct str){0};
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
