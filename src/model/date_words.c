/* SPDX-License-Identifier: MIT
 *
 * The words that dates are written with: names of months and weekdays in the
 * languages of Europe, names of zones. A place in a text goes in; when a known
 * word stands there the scan moves past it and takes its meaning.
 *
 * Words are folded (lower case, no diacritics); "stem*" matches by its beginning,
 * for languages that decline names of months.
 */
#include "model/internal.h"

#define OFFSET_BY_ZONE INT16_MIN /* the offset depends on the date: ask the zone */
#define COMMENT_MAX    60	 /* bytes of a "(Coordinated Universal Time)" that is skipped */
#define ZONE_TEXT_MAX  40	 /* bytes of "America/Argentina/Buenos_Aires" */

/* One row a language, one column a month. */
static const char *const month_words[][12] = {
	/* English */
	{"january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
		"september sep sept", "october oct", "november nov", "december dec"},
	/* German */
	{"januar janner jan", "februar feber", "marz maerz mrz", "april", "mai", "juni", "juli", "august",
		"september", "oktober okt", "november", "dezember dez"},
	/* French */
	{"janvier janv", "fevrier fevr fev", "mars", "avril avr", "mai", "juin", "juillet juil", "aout",
		"septembre", "octobre", "novembre", "decembre"},
	/* Estonian */
	{"jaanuar* jaan", "veebruar* veebr", "marts martsi martsil martsini", "aprill*", "mai mail maini",
		"juuni*", "juuli*", "august*", "septemb*", "oktoob*", "novemb*", "detsemb* dets"},
	/* Finnish */
	{"tammi*", "helmi*", "maalis*", "huhti*", "touko*", "kesaku*", "heina*", "elokuu*", "syys*",
		"lokakuu*", "marras*", "joulu*"},
	/* Swedish, Danish, Norwegian */
	{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
		"november", "desember des"},
	/* Spanish */
	{"enero ene", "febrero", "marzo", "abril abr", "mayo", "junio", "julio", "agosto ago",
		"septiembre setiembre", "octubre", "noviembre", "diciembre dic"},
	/* Italian */
	{"gennaio genn gen", "febbraio febbr", "marzo", "aprile", "maggio magg mag", "giugno giu",
		"luglio lug", "agosto", "settembre set sett", "ottobre ott", "novembre", "dicembre dic"},
	/* Dutch */
	{"januari", "februari", "maart mrt", "april", "mei", "juni", "juli", "augustus", "september",
		"oktober", "november", "december"},
	/* Polish */
	{"stycznia styczen sty", "lutego luty lut", "marca marzec", "kwietnia kwiecien kwi", "maja maj",
		"czerwca czerwiec cze", "lipca lipiec lip", "sierpnia sierpien sie", "wrzesnia wrzesien wrz",
		"pazdziernik* paz", "listopadzie", "grudnia grudzien gru"},
	/* Portuguese */
	{"janeiro", "fevereiro fev", "marco", "abril", "maio", "junho", "julho", "agosto", "setembro",
		"outubro out", "novembro", "dezembro"},
	/* Czech */
	{"ledna leden led", "unora unor uno", "brezna brezen bre", "dubna duben dub", "kvetna kveten kve",
		"cervna cerven", "cervence cervenec", "srpna srpen", "zari zar", "rijna rijen rij",
		"listopadu", "prosince prosinec"},
	/* Latvian */
	{"janvar*", "februar*", "marts marta martam", "aprilis aprila aprili aprilim", "maijs maija maijam",
		"junijs junij*", "julijs julij*", "augusts augusta augustam", "septembr*", "oktobr*",
		"novembr*", "decembr*"},
	/* Lithuanian */
	{"sausio sausis", "vasario vasaris", "kovo kovas", "balandzio balandis", "geguzes geguze",
		"birzelio birzelis", "liepos liepa", "rugpjucio rugpjutis", "rugsejo rugsejis",
		"spalio spalis", "lapkricio lapkritis", "gruodzio gruodis"},
	/* Hungarian */
	{"januar*", "februar*", "marcius* marc", "aprilis* apr", "majus*", "junius*", "julius*", "augusztus*",
		"szeptember* szept", "oktober*", "november*", "december*"},
	/* Romanian */
	{"ianuarie ian", "februarie", "martie", "aprilie", "mai", "iunie iun", "iulie iul", "august",
		"septembrie", "octombrie", "noiembrie", "decembrie"},
	/* Bulgarian */
	{"януари яну", "февруари фев", "март мар", "април апр", "маи", "юни", "юли", "август авг",
		"септември септ сеп", "октомври окт", "ноември ное", "декември дек"},
	/* Croatian */
	{"sijecanj sijecnja", "veljaca veljace", "ozujak ozujka", "travanj travnja", "svibanj svibnja",
		"lipanj lipnja", "srpanj srpnja", "kolovoz kolovoza", "rujan rujna", "",
		"studeni studenoga studenog", "prosinac prosinca"},
	/* Slovene */
	{"januar januarja", "februar februarja", "marec marca", "april aprila", "maj maja", "junij junija",
		"julij julija", "avgust avgusta", "september septembra", "oktober oktobra",
		"november novembra", "december decembra"},
	/* Slovak */
	{"januar januara", "februar februara", "marec marca", "april aprila", "maj maja", "jun juna",
		"jul jula", "august augusta", "september septembra", "oktober oktobra", "november novembra",
		"december decembra"},
	/* Maltese */
	{"jannar", "frar", "marzu", "april", "mejju", "gunju", "lulju", "awwissu awissu", "settembru",
		"ottubru", "novembru", "dicembru"},
	/* Irish */
	{"eanair eanar", "feabhra", "marta mharta", "aibrean aibreain", "bealtaine bhealtaine",
		"meitheamh mheitheamh meithimh mheithimh", "iuil iul", "lunasa", "", "",
		"samhain samhna shamhain", "nollaig nollag"},
	/* Greek */
	{"ιαν*", "φεβ*", "μαρτ* μαρ", "απρ*", "μαι* μαιου", "ιουν*", "ιουλ*", "αυγ*", "σεπ*", "οκτ*", "νοε*",
		"δεκ*"},
};

/* Names of two words. */
static const struct {
	const char *words;
	int64_t month;
} month_phrases[] = {
	{"mean fomhair", 9},
	{"mhean fomhair", 9},
	{"deireadh fomhair", 10},
	{"dheireadh fomhair", 10},
};

/* The same word for two months: languages that write "15." mean the one, those that
 * write "15" the other. Without a day it could be either, and is none. */
static const struct {
	const char *words;
	int64_t after_dot, after_digit;
} twofold_months[] = {
	{"listopada lis", 10, 11}, /* Croatian, Polish */
	{"lip", 6, 7},
};

static const char weekday_words[] =
	"monday mon tuesday tue tues wednesday wed weds thursday thu thur thurs friday fri saturday sat "
	"sunday sun "
	"montag mo dienstag di mittwoch mi donnerstag do freitag fr samstag sonnabend sa sonntag so "
	"lundi lun mardi mercredi mer jeudi jeu vendredi ven samedi sam dimanche dim "
	"esmaspaev* teisipaev* kolmapaev* neljapaev* reede* laupaev* puhapaev* "
	"maanantai* ma tiistai* ti keskiviikko* ke torstai* to perjantai* pe lauantai* la sunnuntai* su "
	"mandag mandagen tisdag* onsdag* torsdag* fredag* lørdag* søndag* lordag* sondag* tirsdag* "
	"lunes martes miercoles mie jueves jue viernes vie sabado sab domingo "
	"lunedi martedi mercoledi giovedi gio venerdi sabato domenica dom "
	"maandag dinsdag woensdag donderdag vrijdag zaterdag zondag "
	"poniedzialek wtorek sroda czwartek piatek sobota niedziela "
	"duminica luni marti miercuri joi vineri sambata "
	"ponedjeljak utorak srijeda cetvrtak petak subota nedjelja "
	"ponedeljek torek sreda cetrtek petek sobota nedelja "
	"pondelok utorok streda stvrtok piatok nedela pondeli utery ctvrtek patek nedele "
	"понеделник вторник сряда четвъртък петък събота неделя "
	"pirmdien* otrdien* tresdien* ceturtdien* piektdien* sestdien* svetdien* "
	"pirmadien* antradien* treciadien* ketvirtadien* penktadien* sestadien* sekmadien* "
	"hetfo* kedd szerda* csutortok* pentek* szombat* vasarnap* "
	"segunda terca quarta quinta sexta seg ter qua qui sex "
	/* short forms, but for those that are a zone (ct, pt, ut) or an ordinal (nd, st) */
	"man tis tir ons tor tors fre lor son wo vr za zo pon pn wto sro czw sob niedz uto sri cet ned "
	"het ked sze csu szo vas vin dum esmasp teisip kolmap neljap laup puhap "
	"κυρ* δευ* τρι* τετ* πεμ* παρ* σαβ*";
/* Abbreviations of a weekday in one language that are a month in another. */
static const char month_or_weekday[] = "mar";

/* Longer phrases first where one begins another. */
static const struct {
	const char *words;
	int16_t minutes; /* east of UTC */
	const char *zone;
} zones[] = {
	{"utc", 0, "UTC"},
	{"gmt", 0, "UTC"},
	{"ut", 0, "UTC"},
	{"z", 0, "UTC"},
	{"brussels local time", OFFSET_BY_ZONE, "Europe/Brussels"},
	{"brussels time", OFFSET_BY_ZONE, "Europe/Brussels"},
	{"brusseler zeit", OFFSET_BY_ZONE, "Europe/Brussels"},
	{"brusseli aja jargi", OFFSET_BY_ZONE, "Europe/Brussels"},
	{"heure de bruxelles", OFFSET_BY_ZONE, "Europe/Brussels"},
	{"heure de paris", OFFSET_BY_ZONE, "Europe/Paris"},
	{"central european time", OFFSET_BY_ZONE, "Europe/Brussels"},
	{"paris time", OFFSET_BY_ZONE, "Europe/Paris"},
	{"luxembourg time", OFFSET_BY_ZONE, "Europe/Luxembourg"},
	{"berlin time", OFFSET_BY_ZONE, "Europe/Berlin"},
	{"uk time", OFFSET_BY_ZONE, "Europe/London"},
	{"london time", OFFSET_BY_ZONE, "Europe/London"},
	{"irish time", OFFSET_BY_ZONE, "Europe/Dublin"},
	{"estonian time", OFFSET_BY_ZONE, "Europe/Tallinn"},
	{"tallinn time", OFFSET_BY_ZONE, "Europe/Tallinn"},
	{"eesti aja jargi", OFFSET_BY_ZONE, "Europe/Tallinn"},
	{"finnish time", OFFSET_BY_ZONE, "Europe/Helsinki"},
	{"helsinki time", OFFSET_BY_ZONE, "Europe/Helsinki"},
	{"cest", 120, "Europe/Brussels"},
	{"cet", 60, "Europe/Brussels"},
	{"mest", 120, "Europe/Brussels"},
	{"mesz", 120, "Europe/Brussels"},
	{"mez", 60, "Europe/Brussels"},
	{"met", 60, "Europe/Brussels"},
	{"eest", 180, "Europe/Tallinn"},
	{"eet", 120, "Europe/Tallinn"},
	{"bst", 60, "Europe/London"},
	{"west", 60, "Europe/Lisbon"},
	{"wet", 0, "Europe/Lisbon"},
	{"msk", 180, "Europe/Moscow"},
	{"est", -300, "America/New_York"},
	{"edt", -240, "America/New_York"},
	{"et", OFFSET_BY_ZONE, "America/New_York"},
	{"cst", -360, "America/Chicago"},
	{"cdt", -300, "America/Chicago"},
	{"ct", OFFSET_BY_ZONE, "America/Chicago"},
	{"mst", -420, "America/Denver"},
	{"mdt", -360, "America/Denver"},
	{"mt", OFFSET_BY_ZONE, "America/Denver"},
	{"pst", -480, "America/Los_Angeles"},
	{"pdt", -420, "America/Los_Angeles"},
	{"pt", OFFSET_BY_ZONE, "America/Los_Angeles"},
	{"at", OFFSET_BY_ZONE, "America/Halifax"},
	{"ast", -240, "America/Halifax"},
	{"adt", -180, "America/Halifax"},
	{"anywhere on earth", -720, "Etc/GMT+12"},
	{"aoe", -720, "Etc/GMT+12"},
	{"jst", 540, "Asia/Tokyo"},
	{"hst", -600, "Pacific/Honolulu"},
	{"akst", -540, "America/Anchorage"},
	{"akdt", -480, "America/Anchorage"},
	{"aest", 600, "Australia/Sydney"},
	{"aedt", 660, "Australia/Sydney"},
};

static int64_t month_of(const struct word *w)
{
	for (size_t language = 0; language < COUNT(month_words); language++)
		for (int64_t m = 0; m < 12; m++)
			if (word_in(w, month_words[language][m]))
				return m + 1;
	return 0;
}

/* Moves behind a word and the full stop of an abbreviation. */
static void pass_word(struct scan *c, const struct word *w)
{
	c->at = w->end;
	(void)take_char(c, '.');
}

/* Of a word for two months the one that the day before it tells; 0 = none. */
static int64_t twofold_month(const struct scan *c, const struct word *w)
{
	size_t before = c->at;
	while (before > 0 && c->s.p[before - 1] == ' ')
		before--;
	bool dot = before > 0 && c->s.p[before - 1] == '.';
	for (size_t i = 0; i < COUNT(twofold_months) && c->p.day != 0; i++)
		if (word_in(w, twofold_months[i].words))
			return dot ? twofold_months[i].after_dot : twofold_months[i].after_digit;
	return 0;
}

static int64_t month_phrase(const struct scan *c, struct word *w)
{
	for (size_t i = 0; i < COUNT(month_phrases); i++)
		if (phrase_at(c->s, c->at, month_phrases[i].words, &w->end))
			return month_phrases[i].month;
	return 0;
}

bool take_month(struct scan *c)
{
	struct word w = word_read(c->s, c->at);
	int64_t m = month_of(&w);
	m = m > 0 ? m : twofold_month(c, &w);
	m = m > 0 ? m : month_phrase(c, &w);
	if (m == 0 || (c->p.month != 0 && !c->p.month_may_be_weekday) || digit_at(c->s, w.end))
		return false;
	c->p.month_may_be_weekday = c->p.month == 0 && word_in(&w, month_or_weekday);
	c->p.month = m;
	pass_word(c, &w);
	return true;
}

bool take_weekday(struct scan *c)
{
	struct word w = word_read(c->s, c->at);
	if (!word_in(&w, weekday_words) || digit_at(c->s, w.end))
		return false;
	/* Behind the day "do" is no Thursday, but "until" further east. */
	if (w.n == 2 && c->p.day != 0 && c->p.month != 0)
		return false;
	pass_word(c, &w);
	return true;
}

/* "10:00-12:00" is a time until another one, unless the T of ISO 8601 stands before it or it
 * has seconds. */
static bool hours_until(const struct scan *c, size_t sign, int64_t hours)
{
	static const size_t clock = sizeof("T10:00") - 1;
	char before = sign >= clock ? c->s.p[sign - clock] : ' ';
	bool whole_minutes = sign >= 3 && c->s.p[sign - 3] == ':' && before != ':' && before != 'T';
	return c->s.p[sign] == '-' && hours > c->p.hour && whole_minutes;
}

/* "+0200", "+02:00"; "+2" and "+02" only behind a time. */
static bool take_offset(struct scan *c)
{
	struct scan t = *c;
	int64_t h, m = 0;
	if (t.p.has_offset || t.at >= t.s.n || (t.s.p[t.at] != '+' && t.s.p[t.at] != '-'))
		return false;
	bool west = t.s.p[t.at++] == '-';
	if (take_digits(&t, 4, 4, &h)) {
		m = h % 100;
		h /= 100;
	} else if (!take_digits(&t, 1, 2, &h)) {
		return false;
	} else if (t.at < t.s.n && t.s.p[t.at] == ':') {
		t.at++;
		if (!take_digits(&t, 2, 2, &m) || hours_until(&t, c->at, h))
			return false;
	} else if (t.p.hour < 0) {
		return false;
	}
	if (h > 14 || m > 59)
		return false;
	t.p.has_offset = true;
	t.p.offset = (h * 3600 + m * 60) * (west ? -1 : 1);
	*c = t;
	return true;
}

/* Of a second zone ("+02:00 Europe/Brussels") only the name is news, and "Z" not even that. */
static void set_zone(struct parts *p, struct str zone, int64_t minutes)
{
	if (p->has_offset && minutes == 0)
		return;
	if (p->zone.n == 0)
		p->zone = zone;
	if (p->has_offset || minutes == OFFSET_BY_ZONE)
		return;
	p->has_offset = true;
	p->offset = minutes * 60;
}

/* Abbreviations that are words of a language too: "17:00 et", "à 17h est". */
static const char wordlike_zones[] = "at et ct mt pt est met wet west ut";

/* Those are zones in capitals only. */
static bool wordlike_zone(struct str s, size_t at, const struct word *w)
{
	if (!word_in(w, wordlike_zones))
		return false;
	for (size_t i = at; i < w->end; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return true;
	return false;
}

static bool take_zone_words(struct scan *c)
{
	struct word w = word_read(c->s, c->at);
	if (w.n == 0 || wordlike_zone(c->s, c->at, &w))
		return false;
	for (size_t i = 0; i < COUNT(zones); i++) {
		size_t end;
		/* Two letters ("at", "et") are words too: only behind a time. */
		bool short_name = strlen(zones[i].words) == 2 && zones[i].minutes != 0;
		if (strncmp(zones[i].words, w.p, w.n) != 0 || (short_name && c->p.hour < 0) ||
			!phrase_at(c->s, c->at, zones[i].words, &end) || digit_at(c->s, end))
			continue;
		c->at = end;
		/* "GMT+0100" says the offset itself. */
		if (zones[i].minutes != 0 || !take_offset(c))
			set_zone(&c->p, str_of(zones[i].zone), zones[i].minutes);
		return true;
	}
	return false;
}

/* "Europe/Brussels"; in what the text points to, so that the name lives as long. */
static bool take_zone_name(struct scan *c)
{
	size_t end = c->at;
	bool slash = false;
	while (end < c->s.n && end - c->at < ZONE_TEXT_MAX &&
		(letter_at(c->s, end) || c->s.p[end] == '/' || c->s.p[end] == '_')) {
		slash = slash || c->s.p[end] == '/';
		end++;
	}
	struct str name = str_sub(c->s, c->at, end);
	if (!slash || !zone_valid(name))
		return false;
	c->at = end;
	set_zone(&c->p, name, OFFSET_BY_ZONE);
	return true;
}

/* "(CET)", "(Brussels time)"; behind a known offset any short comment. */
static bool take_zone_comment(struct scan *c)
{
	struct scan t = *c;
	if (!take_char(&t, '('))
		return false;
	t.at = skip_space(t.s, t.at);
	if (!take_zone_words(&t) && !take_zone_name(&t) && !t.p.has_offset)
		return false;
	size_t close = str_find_char(str_sub(t.s, t.at, t.at + COMMENT_MAX), ')');
	if (close == SIZE_MAX)
		return false;
	t.at += close + 1;
	*c = t;
	return true;
}

/* "CET/CEST": the second name adds nothing. */
static void pass_zone_pair(struct scan *c)
{
	struct scan t = *c;
	if (take_char(&t, '/') && take_zone_words(&t))
		c->at = t.at;
}

bool take_zone(struct scan *c)
{
	if (take_offset(c) || take_zone_name(c) || take_zone_comment(c))
		return true;
	if (!take_zone_words(c))
		return false;
	pass_zone_pair(c);
	return true;
}
