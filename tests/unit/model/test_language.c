/* SPDX-License-Identifier: MIT
 *
 * The language of a text: sentences that no trigram was counted in, and what
 * must stay untold.
 */
#include "harness.h"

#include "model/internal.h"

#define A_LINE	      80 /* bytes */
#define RIGHT_PERCENT 95 /* of the sentences that must be told; none may be told wrong */

static const struct {
	const char *code, *text;
} sentences[] = {
	{"bg", "Малките предприятия от цялата страна вече кандидатстват за безвъзмездни средства, с "
		"които да купят нова апаратура. Документите се подават онлайн най-късно в петък."},
	{"cs", "Malé firmy z celé země už mohou požádat o dotaci, za kterou pořídí nové přístroje. "
		"Dokumenty se odevzdávají online nejpozději v pátek odpoledne, později došlé nebudou "
		"hodnoceny."},
	{"da", "Små virksomheder i hele landet kan nu søge om penge til nyt udstyr. Papirerne sendes ind "
		"på nettet senest fredag eftermiddag, og alt hvad der kommer senere bliver afvist."},
	{"de", "Kleine Betriebe im ganzen Land dürfen ab sofort Geld für neue Geräte beantragen. Die "
		"Unterlagen gehen spätestens am Freitagnachmittag online ein, alles spätere bleibt "
		"liegen."},
	{"el", "Οι μικρές εταιρείες σε όλη τη χώρα μπορούν πλέον να ζητήσουν χρήματα για νέα μηχανήματα. "
		"Τα έγγραφα υποβάλλονται ηλεκτρονικά το αργότερο την Παρασκευή."},
	{"en", "Small firms all over the country can now ask for money to buy new equipment. Papers are "
		"sent online by Friday afternoon at the latest, and anything that arrives later is turned "
		"down."},
	{"es", "Las pequeñas firmas de todo el país ya pueden pedir dinero para comprar aparatos nuevos. "
		"Los papeles se envían por internet el viernes por la tarde, y lo que llegue después no "
		"cuenta."},
	{"et", "Väikesed firmad üle terve riigi saavad nüüd küsida raha uute seadmete ostmiseks. Paberid "
		"saadetakse veebis hiljemalt reede pärastlõunaks ja hiljem tulnud jäävad kõrvale."},
	{"fi", "Pienet firmat koko maassa voivat nyt pyytää rahaa uusien laitteiden ostoon. Paperit "
		"lähetetään verkossa viimeistään perjantaina iltapäivällä, ja myöhemmin tulleet jäävät "
		"pois."},
	{"fr", "Les petites sociétés de tout le pays peuvent désormais demander de l'argent pour acheter "
		"du matériel neuf. Les papiers sont envoyés en ligne avant vendredi après-midi, ensuite "
		"c'est trop tard."},
	{"ga", "Is féidir le gnólachtaí beaga ar fud na tíre airgead a iarraidh anois chun trealamh nua "
		"a cheannach. Seoltar na cáipéisí ar líne faoin Aoine ar a dhéanaí agus ní ghlactar le "
		"rud ar bith ina dhiaidh sin."},
	{"hr", "Male tvrtke u cijeloj zemlji sada mogu zatražiti novac za kupnju nove opreme. Papiri se "
		"šalju putem interneta najkasnije u petak poslijepodne, a ono što stigne kasnije neće se "
		"uzeti u obzir."},
	{"hu", "A kis cégek az egész országban mostantól pénzt kérhetnek új gépek vásárlására. A "
		"papírokat legkésőbb péntek délutánig kell online elküldeni, ami később érkezik, azt nem "
		"veszik figyelembe."},
	{"it", "Le piccole aziende di tutto il paese possono ora chiedere denaro per comprare nuove "
		"macchine. I documenti si inviano online entro venerdì pomeriggio, quello che arriva dopo "
		"non viene considerato."},
	{"lt", "Mažos firmos visoje šalyje jau gali prašyti pinigų naujai įrangai pirkti. Dokumentai "
		"siunčiami internetu ne vėliau kaip penktadienio popietę, o vėliau gauti nebus vertinami."},
	{"lv", "Mazas firmas visā valstī tagad var lūgt naudu jaunu iekārtu pirkšanai. Dokumenti "
		"jānosūta internetā ne vēlāk kā piektdienas pēcpusdienā, un vēlāk saņemtie netiks "
		"skatīti."},
	{"mt", "Id-ditti ż-żgħar madwar il-pajjiż kollu issa jistgħu jitolbu flus biex jixtru tagħmir "
		"ġdid. Il-karti jintbagħtu online sa nhar il-Ġimgħa wara nofsinhar, u dak li jasal wara "
		"ma jitqiesx."},
	{"nl", "Kleine firma's in het hele land kunnen nu geld vragen om nieuwe apparatuur te kopen. De "
		"papieren worden uiterlijk vrijdagmiddag online ingediend, en wat later komt telt niet "
		"mee."},
	{"pl", "Małe firmy z całego kraju mogą już prosić o pieniądze na zakup nowego sprzętu. Dokumenty "
		"wysyła się przez internet najpóźniej w piątek po południu, a to, co przyjdzie później, "
		"odpada."},
	{"pt", "As pequenas firmas de todo o país já podem pedir dinheiro para comprar aparelhos novos. "
		"Os papéis são enviados pela internet até sexta-feira à tarde, e o que chegar depois não "
		"conta."},
	{"ro", "Firmele mici din toată țara pot cere acum bani pentru a cumpăra aparate noi. Actele se "
		"trimit pe internet cel târziu vineri după-amiază, iar ce sosește mai târziu nu se ia în "
		"seamă."},
	{"sk", "Malé firmy z celej krajiny už môžu požiadať o peniaze na nákup nových prístrojov. "
		"Dokumenty sa posielajú cez internet najneskôr v piatok popoludní, a čo príde neskôr, to "
		"sa nepočíta."},
	{"sl", "Mala podjetja iz vse države lahko zdaj zaprosijo za denar za nakup nove opreme. Papirje "
		"je treba poslati prek spleta najpozneje v petek popoldne, kar prispe kasneje, pa ne "
		"šteje."},
	{"sv", "Små firmor i hela landet kan nu be om pengar för att köpa ny utrustning. Papperen "
		"skickas in på nätet senast på fredag eftermiddag, och det som kommer senare räknas inte."},
};

static void check_sentences(size_t bytes)
{
	size_t right = 0;
	for (size_t i = 0; i < COUNT(sentences); i++) {
		struct str got = language_detect(cut_text(str_of(sentences[i].text), bytes));
		right += got.n > 0;
		if (got.n > 0 && !str_eq(got, str_of(sentences[i].code)))
			fail_msg("'%s' is said to be %.*s", sentences[i].text, STRF(got));
	}
	assert_true(right * 100 >= COUNT(sentences) * RIGHT_PERCENT);
}

static void test_sentences(void **state)
{
	(void)state;
	check_sentences(SIZE_MAX);
	check_sentences(A_LINE);
}

static void test_untold(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"HORIZON-HLTH-2027-01",
		"Biotech 2027",
		"42 000 000,00",
		"Компании всей страны теперь могут попросить денег, и документы надо прислать",
		"Компанії всієї країни тепер можуть просити гроші, документи треба надіслати",
		"\xFF\xFE\xC3",
	};
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_int_equal(language_detect(str_of(texts[i])).n, 0);
}

/* Only where neither the item nor the recipe says it. */
static void test_declared_first(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	const struct item_rules rules = {.source = STR("s")};
	struct item it = {.title = STR("Call"), .id = STR("1"), .summary = str_of(sentences[0].text)};
	struct opportunity o;
	struct error e;
	assert_int_equal(opportunity_from_item(a, &rules, &it, &o, &e), ERR_OK);
	assert_str(o.language, sentences[0].code);
	it.language = STR("en");
	assert_int_equal(opportunity_from_item(a, &rules, &it, &o, &e), ERR_OK);
	assert_str(o.language, "en");
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_sentences), cmocka_unit_test(test_untold),
	cmocka_unit_test(test_declared_first))
