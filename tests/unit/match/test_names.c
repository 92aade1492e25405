/* SPDX-License-Identifier: MIT
 *
 * Names that life science lives on (genes, drugs, acronyms, programmes), categories,
 * and word forms in the languages of the calls.
 */
#include "match_harness.h"

struct row {
	const char *lang, *text, *rule;
	bool hit;
};

static bool hits(const char *lang, const char *text, const char *rule)
{
	struct arena *a = arena_new(ARENA_MATCH);
	struct diags d = {0};
	struct query *q = compile(a, NULL, rule, &d);
	struct opportunity o = {.title = str_of(text), .language = str_of(lang), .programme = STR("Horizon Europe")};
	*vec_push(a, &o.categories) = STR("85100000 Health services");
	*vec_push(a, &o.categories) = STR("Gene therapy");
	bool hit = q != NULL && query_matches(q, match_document(a, &o));
	arena_free(a);
	return hit;
}

static void check(const struct row *rows, size_t n)
{
	size_t wrong = 0;
	for (size_t i = 0; i < n; i++)
		if (hits(rows[i].lang, rows[i].text, rows[i].rule) != rows[i].hit) {
			print_error("%s: rule %s, text %s: %s\n", rows[i].lang, rows[i].rule, rows[i].text,
				rows[i].hit ? "missed" : "hit");
			wrong++;
		}
	assert_int_equal(wrong, 0);
}

static void test_names(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"en", "AI in health", "AI", true},
		{"en", "AI-based imaging", "AI", true},
		{"fr", "j'ai une idée", "AI", false},
		{"de", "ai", "AI", false},
		{"en", "mRNA vaccines", "mRNA", true},
		{"en", "mRNAs and siRNAs", "mRNA", true},
		{"en", "mRNA-based", "mRNA", true},
		{"en", "siRNA", "mRNA", false},
		{"en", "IL-6 blockade", "IL-6", true},
		{"en", "IL6 blockade", "IL-6", true},
		{"en", "IL-6 blockade", "IL6", true},
		{"en", "IL 6 blockade", "IL6", true},
		{"en", "il-6 blockade", "IL-6", true},
		{"it", "entro il 6 marzo", "IL-6", false},
		{"it", "entro il 6 marzo", "IL6", false},
		{"en", "IL-60", "IL-6", false},
		{"en", "IL-17", "IL-6", false},
		{"en", "GLP-1 agonists", "GLP1", true},
		{"en", "GLP1 agonists", "GLP-1", true},
		{"en", "BRCA1 and BRCA2", "BRCA1", true},
		{"en", "BRCA-1", "BRCA1", true},
		{"en", "BRCA2", "BRCA1", false},
		{"en", "ISO 13485", "ISO13485", true},
		{"en", "p53 pathway", "p53", true},
		{"en", "see p. 53", "p53", false},
		{"en", "CO₂ capture", "CO2", true},
		{"en", "TNF-α inhibitors", "TNF-alpha", true},
		{"en", "TNF-alpha inhibitors", "TNF-α", true},
		{"en", "TNFα inhibitors", "TNF-α", true},
		{"en", "TNF inhibitors", "TNF-α", false},
		{"en", "IFNγ", "IFN-gamma", true},
		{"en", "β-cell loss", "beta-cell", true},
		{"en", "CAR-T cells", "CAR-T", true},
		{"en", "CAR T-cell therapy", "CAR-T", true},
		{"en", "shopping cart", "CAR-T", false},
		{"en", "COVID-19", "COVID19", true},
		{"en", "Covid 19", "COVID-19", true},
		{"en", "SARS-CoV-2", "SARS-CoV-2", true},
		{"en", "SARS CoV 2", "SARS-CoV-2", true},
		{"en", "SARS-CoV-1", "SARS-CoV-2", false},
		{"en", "R&amp;D", "R&D", false},
		{"en", "R&D costs", "R&D", true},
		{"en", "C++ developers", "C++", true},
		{"en", "hepatitis C", "C++", false},
		{"en", "5G corridors", "5G", true},
		{"en", "15G", "5G", false},
		{"en", "HORIZON-HLTH-2027-01-TOOL-03", "HORIZON-HLTH-2027-01", true},
		{"en", "HORIZON-HLTH-2027-02", "HORIZON-HLTH-2027-01", false},
		{"en", "EIC Accelerator", "EIC", true},
		{"en", "the EIC's budget", "EIC", true},
		{"de", "eichen", "EIC", false},
		{"fr", "l'innovation", "innovation", true},
		{"fr", "l’innovation", "innovation", true},
		{"fr", "l'innovation", "l'innovation", true},
		{"en", "eHealth services", "e-health", true},
		{"en", "e-health services", "eHealth", true},
		{"en", "ehealth services", "eHealth", true},
		{"en", "e health services", "eHealth", true},
		{"en", "mHealth", "eHealth", false},
		{"en", "eHealth", "\"eHealth\"", true},
		{"en", "eHealth", "=eHealth", true},
		{"en", "CRISPR/Cas9 editing", "CRISPR-Cas9", true},
		{"en", "CRISPR-Cas9 editing", "CRISPR", true},
		{"en", "HER2-positive tumours", "HER2", true},
		{"en", "HER-2 positive tumours", "HER2", true},
		{"en", "PD-L1 expression", "PD-L1", true},
		{"en", "PDL1 expression", "PD-L1", true},
		{"en", "PD-1 blockade", "PD-L1", false},
		{"en", "T cell therapy", "T-cell", true},
		{"en", "T cells", "T-cell", false}, /* exactly its parts, as every phrase */
		{"en", "T cells", "T-cell*", true},
		{"en", "T-cell receptors", "\"T cell\"", true},
		{"en", "point-of-care tests", "point-of-care", true},
		{"en", "tests at the point of care", "point-of-care", true},
		{"en", "multiomics", "multi-omics", true},
		{"en", "multi-omics data", "multiomics", false}, /* where it is cut is not known */
		{"en", "in-vitro diagnostics", "\"in vitro\"", true},
		{"en", "3D bioprinting", "3D", true},
		{"en", "H5N1 surveillance", "H5N1", true},
		{"en", "H1N1 surveillance", "H5N1", false},
		{"en", "vitamin D3", "D3", true},
		{"en", "omega-3 fatty acids", "omega-3", true},
		{"en", "omega-6 fatty acids", "omega-3", false},
		{"en", "TRL 4 to 6", "\"TRL 4\"", true},
		{"en", "miRNA biomarkers", "miRNA", true},
		{"en", "miRNA biomarkers", "mRNA", false},
		{"en", "α-synuclein", "alpha-synuclein", true},
		{"en", "NGS panels", "NGS", true},
		{"en", "longs", "NGS", false},
		{"en", "SMEs and mid-caps", "SME", true},
		{"en", "SMEs and mid-caps", "midcap", false},
		{"en", "midcap funds", "mid-cap", true},
		{"it", "l'innovazione", "innovazione", true},
		{"fr", "d'innovations", "innovation", true},
		{"fr", "l'e-santé", "e-santé", true},
		{"de", "KI-gestützte Diagnostik", "KI", true},
		{"et", "AI-põhine", "AI", true},
		{"et", "EL-i toetus", "EL", true},
		{"en", "COVID-19-related", "COVID-19", true},
		{"en", "COVID-19s", "COVID", true},
		{"en", "Health services", "category:\"health services\"", true},
		{"en", "any", "category:85100000", true},
		{"en", "any", "category:therapies", true},
		{"en", "any", "category:vaccine", false},
		{"en", "any", "programme:Horizon", true},
		{"en", "any", "Gene", false},
	};
	check(rows, COUNT(rows));
}

static void test_forms(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"et", "rahastab ettevõtete uuringuid", "uuring", true},
		{"et", "rahastab ettevõtete uuringuid", "ettevõte", true},
		{"et", "vähiga patsientidele", "vähk", true},
		{"et", "vähiga patsientidele", "patsient", true},
		{"et", "uued rahastamisvõimalused", "rahastamis*", true},
		{"et", "tegevustoetused", "*toetus", false},
		{"et", "tegevustoetus", "*toetus", true},
		{"et", "kulud küladele", "kulu", true},
		{"et", "küladele", "kulu", false},
		{"fi", "tutkimuksissa ja hankkeille", "tutkimus", true},
		{"fi", "syövän hoitoon", "syöpä", true},
		{"pl", "badaniami klinicznymi", "badanie", true},
		{"pl", "badaniami klinicznymi", "kliniczny", true},
		{"cs", "klinických studií", "klinický", true},
		{"lv", "pacientiem", "pacients", true},
		{"lt", "ligoninėse", "ligoninė", true},
		{"hu", "kórházakban", "kórház", true},
		{"hr", "bolnicama", "bolnica", true},
		{"bg", "болниците", "болница", true},
		{"el", "ΘΕΡΑΠΕΙΕΣ και φάρμακα", "φάρμακο", true},
		{"el", "ΘΕΡΑΠΕΙΕΣ", "θεραπεία", true},
		{"es", "investigaciones", "investigación", true},
		{"es", "INVESTIGACION", "investigación", true},
		{"nl", "opties", "optie", true},
		{"it", "le etichette", "etichetta", true},
		{"it", "le funzioni", "funzione", true},
		{"ro", "numărul", "număr", true},
		{"sl", "predmeta", "predmet", true},
		{"fr", "une fonction", "fonctionner", false},
		{"es", "la función", "funcionamiento", false},
		{"ro", "activ", "activitate", false},
		{"mt", "proġetti", "proġett", false},
		{"mt", "PROGETT", "proġett", true},
	};
	check(rows, COUNT(rows));
}

/* The dictionaries are looked for once: this one has not been opened before. */
static void test_no_dictionary(void **state)
{
	(void)state;
	assert_int_equal(setenv("DICPATH", "/nonexistent", 1), 0);
	static const struct row rows[] = {
		{"sk", "pacientom", "pacient", true},
		{"da", "projekter", "projekt", true},
		{"sk", "projektor", "projekt", false},
	};
	check(rows, COUNT(rows));
	struct match_language l;
	assert_true(match_language(STR("sk-SK"), &l));
	assert_string_equal(l.package, "hunspell-sk");
	assert_true(match_language(STR("et"), &l));
	assert_null(l.package);
	assert_false(match_language(STR("zz"), &l));
}

HARNESS_MAIN(cmocka_unit_test(test_names), cmocka_unit_test(test_forms), cmocka_unit_test(test_no_dictionary))
