/* SPDX-License-Identifier: MIT
 *
 * Which of the 24 official languages of the EU a text is written in. Plain text
 * goes in; two letters come out, or nothing when the text is too short or too
 * mixed to tell. Two things count: the small words that every sentence needs, and
 * letters that few alphabets have. A word that several languages share counts for
 * each of them, but less.
 */
#include <utf8proc.h>

#include "model/internal.h"

#define TEXT_LOOKED_AT ((size_t)1500) /* bytes of a text that are enough */
#define WORD_BYTES_MAX 24	      /* bytes of the longest word in the lists */
#define WORD_WEIGHT    24	      /* points of a word that one language alone has */
#define LETTER_WEIGHT  10	      /* points of such a letter */
#define SCORE_MIN      60	      /* points below which nothing is said */
#define LEAD_PERCENT   125	      /* of the second language's points that the first must have */

/* Words in lower case, each between two spaces. */
static const struct {
	const char *code, *words, *letters;
} languages[] = {
	{"bg",
		" и на в за от да се с по не са до е при като или със които който която както през чрез между "
		"бъдат също си към това тази този за върху след ще има може което за ",
		"ъщьюя"},
	{"cs",
		" a v na se je pro že s z do k o jsou které který která nebo jako podle také při od po by být "
		"bude budou může aby jeho jejich ve ze mezi více až tak pokud musí této tato tento těchto jejichž "
		"není byl jen mohou výzva žádosti žádost podpory projektu lze ",
		"řěů"},
	{"da",
		" og i at er til af en for det den på med der som de ikke et har kan skal fra eller om ved blive "
		"bliver være efter inden også sig deres hvor mere mellem ansøgning støtte virksomheder denne dette "
		"hvis har når man samt både kun nye ",
		"øæ"},
	{"de",
		" der die das und in den von zu mit ist des im für auf dem nicht ein eine als auch werden aus an "
		"einer bis sich wird sind oder bei nach zur zum durch einen über können sowie unter wie vor haben "
		"kann dass nur eines einem sein ihre werden dieser diese ",
		"ßäöü"},
	{"el",
		" και το της των του η για με την τα στην από στο που να οι σε είναι τις τη ο θα ή στις ένα μια "
		"τους στη ως κατά στον δεν έως αυτό ",
		"αεηοω"},
	{"en",
		" the of and to in for is are on that with by as be this from or an will which have has not can at "
		"it their must should may these more than into been its they we you your our also who between ",
		""},
	{"es",
		" de la que el en y los del las un por con una para se al como más su sus es son este esta no lo "
		"entre o desde hasta ser pueden puede sobre también empresas ayudas proyectos está será han ha "
		"deberán presentación solicitudes convocatoria ",
		"ñ"},
	{"et",
		" ja on ning et ei kui see mis või kes selle seda oma ka ta tema kuni alates korral peab võib saab "
		"olema vähemalt toetuse toetust taotluse taotlus taotleja projekti ettevõtte ettevõtted ettevõtete "
		"eest poolt järgi kõik kelle mille välja üle vahel nende mida kus siis ühe juures ",
		"õäöü"},
	{"fi",
		" ja on ei että se tai sekä voi ovat joka jotka myös kun sen mukaan ole niiden kuin mutta olla "
		"voidaan hankkeen rahoitus rahoitusta yritysten yritykset yrityksille ennen jälkeen sekä koko "
		"hakemus hakea haku kanssa kuten vain jos tämä tämän näiden vuoden avulla jossa jonka ",
		"äöy"},
	{"fr",
		" le la les de des et du en un une à dans pour que qui par sur au aux est sont avec ce cette ces "
		"ou ne pas plus il leur leurs se être ont été peut peuvent doivent doit entre ainsi projets "
		"entreprises d l qu une appel projet son sa nous vous ",
		"éèçêùœà"},
	{"ga",
		" an na agus ar i le do a go is ag de ó sé seo sin bhfuil tá ní nó um gcuid ina chun faoi mar don "
		"atá bhí siad iad sa san leis acu mbeidh beidh dá gach ba óna trí cuid lena nach féidir idir iarratais ",
		"áéíóú"},
	{"hr",
		" i u je na za se da su od s o koji koje koja kao ili te iz do biti po što nije ako može će "
		"sukladno prema između svih kako također bi ima im ne sa tijekom nakon poziv prijava sredstava "
		"projekata potpore poduzeća poduzetnika mogu moraju natječaj uvjeti ",
		"ćđčšž"},
	{"hu",
		" a az és hogy nem is egy ez meg de van vagy amely amelyek azok mint csak már ha kell lehet között "
		"valamint szerint által számára során után ki be el minden ennek ezek pályázat pályázatok támogatás "
		"támogatási vállalkozások illetve ezt olyan való ",
		"őűöüáé"},
	{"it",
		" di e il la che in un per è del della dei le una con non si da gli al nel sono alla delle i lo dal "
		"degli come più ed anche alle o essere ai nella tra su questo questa sul imprese progetti possono "
		"deve devono domanda domande agevolazioni dalla presso ",
		"èìòàù"},
	{"lt",
		" ir yra į iš su kad ar bei tai kaip ne už per nuo iki pagal gali būti turi taip pat kurie kuri "
		"kuris jų jo dėl arba tik šio ši šis apie prie paraiškos paraiškų projektų projektai įmonės įmonių "
		"įmonėms paramos parama skirta bus po tarp jos ",
		"ėįųąęūžš"},
	{"lv",
		" un ir uz ar no par kas kā vai pie lai tas tā to šo nav arī bet ja pēc līdz kura kuri kuru var tiek "
		"būt tikai gan starp savu šī jābūt pieteikumu pieteikumi projektu projekta uzņēmumi uzņēmumiem "
		"atbalsts atbalstu atbalsta konkursa laikā tiks to ",
		"āēīūļņķģ"},
	{"mt",
		" ta li u fil il l tal għall minn huma huwa dan din f fl jew kif ikun jkun għandu għandhom "
		"bħal mal bil għal biex wara kull tkun mill aktar bejn jistgħu jista ukoll ma mhux permezz hija "
		"dawn tagħhom tiegħu dwar lil is it ir id in fi ",
		"ħġċż"},
	{"nl",
		" de het een en van in is dat op te zijn voor met die aan niet om als er door worden bij ook naar "
		"uit of kan deze wordt dit tot moet onder over hun kunnen na meer heeft hebben binnen tussen "
		"aanvraag subsidie bedrijven projecten u wij ",
		""},
	{"pl",
		" i w na z do się jest o że nie dla od oraz przez jak po które który która lub są być przy może za "
		"to co ich tym także w ramach ze w zakresie wniosek wnioski wniosków projektu projektów "
		"przedsiębiorstw przedsiębiorstwa mogą jego jej tego tej ",
		"łąęśćźżń"},
	{"pt",
		" de a o que e do da em um para com não uma os no se na por mais as dos como das à ao são é pelo pela "
		"ou ser foi está também entre até sua seu nos aos às pode podem deve devem empresas projetos "
		"candidaturas candidatura apoio apoios nas ",
		"ãõçê"},
	{"ro",
		" de și în la a pe cu din care pentru este un o nu mai să sunt sau prin ca al ale se ce cel cele "
		"după fi lor între către ai fost va poate pot trebuie privind proiecte proiectelor "
		"întreprinderi întreprinderile cererile cererea această acest până ",
		"șțăâîşţ"},
	{"sk",
		" a v na sa je pre že s z do k o sú ktoré ktorý ktorá alebo ako podľa aj pri od po by byť bude "
		"budú môže aby jeho ich vo zo medzi viac až tak ak musí tejto táto tento týchto nie bol môžu výzva "
		"žiadosti žiadosť podpory projektu možno ",
		"ľĺŕôä"},
	{"sl",
		" in je v na za se da so z s ki pri od ali po kot do pa tudi ter lahko ne bo bodo iz med biti k o "
		"mora morajo če glede prek več tem ta to katerih kateri katera razpis prijave prijavo vloge "
		"sredstev sredstva podjetij podjetja projektov upravičeni ",
		"čšž"},
	{"sv",
		" och i att det som en på är av för med till den de om inte ett har kan ska från eller vid vara "
		"genom efter även inom denna detta hur mellan samt också där alla kommer blir bli sig deras under "
		"ansökan företag projekt stöd utlysningen ",
		"åäö"},
};

/* Letters of alphabets that none of the languages above is written in. */
static const char foreign_letters[] = "ыэёіїєґўјљњћђџѓќ";

#define LANGUAGES COUNT(languages)

struct tally {
	int points[LANGUAGES];
	bool foreign;
};

/* To each of the languages in the set its share. */
static void share(struct tally *t, uint32_t set, int weight)
{
	int many = __builtin_popcount(set);
	for (size_t i = 0; i < LANGUAGES && many > 0; i++)
		if ((set >> i & 1) != 0)
			t->points[i] += weight / many;
}

static void count_word(struct tally *t, struct str padded)
{
	uint32_t set = 0;
	for (size_t i = 0; i < LANGUAGES; i++)
		if (str_find(str_of(languages[i].words), padded) != SIZE_MAX)
			set |= (uint32_t)1 << i;
	share(t, set, WORD_WEIGHT);
}

/* Letters beyond a to z. */
static void count_letter(struct tally *t, struct str letter)
{
	uint32_t set = 0;
	if (str_find(str_of(foreign_letters), letter) != SIZE_MAX)
		t->foreign = true;
	for (size_t i = 0; i < LANGUAGES; i++)
		if (str_find(str_of(languages[i].letters), letter) != SIZE_MAX)
			set |= (uint32_t)1 << i;
	share(t, set, LETTER_WEIGHT);
}

static bool is_letter(uint32_t c)
{
	utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
	return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

static void take_tally(struct tally *t, struct str text)
{
	char word[WORD_BYTES_MAX + 8] = " ";
	size_t n = 1;
	for (size_t i = 0; i < text.n || n > 1;) {
		uint32_t c = i < text.n ? utf8_next(text, &i) : ' ';
		if (is_letter(c)) {
			char bytes[4];
			size_t more = utf8_put(bytes, (uint32_t)utf8proc_tolower((utf8proc_int32_t)c));
			if (more > 1)
				count_letter(t, (struct str){bytes, more});
			if (n + more <= WORD_BYTES_MAX)
				memcpy(word + n, bytes, more);
			n += more;
			continue;
		}
		word[n <= WORD_BYTES_MAX ? n : 0] = ' ';
		if (n > 1 && n <= WORD_BYTES_MAX)
			count_word(t, (struct str){word, n + 1});
		n = 1;
	}
}

struct str language_detect(struct str text)
{
	struct tally t = {0};
	size_t best = 0;
	int second = 0;
	take_tally(&t, cut_text(text, TEXT_LOOKED_AT));
	for (size_t i = 1; i < LANGUAGES; i++)
		best = t.points[i] > t.points[best] ? i : best;
	for (size_t i = 0; i < LANGUAGES; i++)
		second = i != best && t.points[i] > second ? t.points[i] : second;
	if (t.foreign || t.points[best] < SCORE_MIN || t.points[best] * 100 < second * LEAD_PERCENT)
		return (struct str){0};
	return str_of(languages[best].code);
}
