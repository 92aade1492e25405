/* SPDX-License-Identifier: MIT
 *
 * The programme that a call's identifier names by its first word:
 * "HORIZON-HLTH-2027-01" -> "Horizon Europe". For sources that give no programme,
 * or only the portal's number of one.
 */
#include "model/internal.h"

static const struct {
	const char *prefix, *name;
} programmes[] = {
	{"HORIZON-EURATOM", "Euratom"},
	{"HORIZON-EIT", "Horizon Europe, EIT"},
	{"HORIZON-MSCA", "Horizon Europe, MSCA"},
	{"HORIZON-EIC", "Horizon Europe, EIC"},
	{"HORIZON", "Horizon Europe"},
	{"ERC", "Horizon Europe, ERC"},
	{"EURATOM", "Euratom"},
	{"DIGITAL", "Digital Europe"},
	{"LIFE", "LIFE"},
	{"EDF", "European Defence Fund"},
	{"EDIP", "European Defence Industry Programme"},
	{"CREA", "Creative Europe"},
	{"CERV", "CERV"},
	{"ERASMUS", "Erasmus+"},
	{"EU4H", "EU4Health"},
	{"SMP", "Single Market Programme"},
	{"CEF", "Connecting Europe Facility"},
	{"INNOVFUND", "Innovation Fund"},
	{"EMFAF", "EMFAF"},
	{"I3", "I3"},
	{"ESF", "ESF+"},
	{"PPPA", "PPPA"},
	{"RFCS", "RFCS"},
	{"ISF", "Internal Security Fund"},
	{"AMIF", "AMIF"},
	{"BMVI", "BMVI"},
	{"JUST", "Justice Programme"},
	{"EUBA", "EU bodies and agencies"},
	{"EP", "European Parliament"},
	{"EUAF", "EU Anti-Fraud Programme"},
	{"AGRIP", "AGRIP"},
	{"IMCAP", "IMCAP"},
	{"UCPM", "UCPM"},
	{"RENEWFM", "Renewable Energy Financing Mechanism"},
	{"JTM", "Just Transition Mechanism"},
	{"SOCPL", "Social Prerogatives"},
	{"ESC", "European Solidarity Corps"},
	{"PERI", "Pericles IV"},
	{"PERICLES", "Pericles IV"},
	{"EUROPEAID", "EuropeAid"},
	{"TSI", "Technical Support Instrument"},
	{"CUST", "Customs"},
	{"FISC", "Fiscalis"},
	{"CCEI", "CCEI"},
	{"NDICI", "NDICI"},
	{"INTERREG", "Interreg"},
	{"COST", "COST"},
	{"EUROSTARS", "Eurostars"},
	{"H2020", "Horizon 2020"},
	{"COSME", "COSME"},
	{"IHI", "Horizon Europe"},
	{"MSCA", "Horizon Europe, MSCA"},
	{"EIT", "Horizon Europe, EIT"},
};

/* Numbers that the EU portal gives instead of names. */
static const struct {
	const char *code, *name;
} codes[] = {
	{"43108390", "Horizon Europe"},
	{"43298916", "Euratom"},
	{"43152860", "Digital Europe"},
	{"44181033", "European Defence Fund"},
	{"43252405", "LIFE"},
	{"43251567", "Connecting Europe Facility"},
	{"43353764", "Erasmus+"},
	{"43251589", "CERV"},
	{"43254019", "ESF+"},
	{"43251814", "Creative Europe"},
	{"44416173", "I3"},
	{"43252368", "Internal Security Fund"},
	{"44773066", "Just Transition Mechanism"},
	{"45532249", "EU bodies and agencies"},
	{"43252386", "Justice Programme"},
	{"43637601", "PPPA"},
	{"43252476", "Single Market Programme"},
	{"43252517", "Social Prerogatives"},
	{"43254037", "European Solidarity Corps"},
	{"43392145", "EMFAF"},
	{"43089234", "Innovation Fund"},
	{"45876777", "NDICI"},
	{"43253967", "Renewable Energy Financing Mechanism"},
	{"43332642", "EU4Health"},
	{"43298203", "UCPM"},
	{"43298664", "AGRIP"},
	{"43251447", "AMIF"},
	{"43251530", "BMVI"},
	{"43251534", "CCEI"},
	{"43253979", "Customs"},
	{"43253995", "Fiscalis"},
	{"43253706", "Technical Support Instrument"},
	{"43251842", "EU Anti-Fraud Programme"},
	{"43251882", "IMCAP"},
	{"43252433", "Pericles IV"},
	{"43252449", "RFCS"},
	{"43697167", "European Parliament"},
	{"111111", "EuropeAid"},
	{"31045243", "Horizon 2020"},
	{"31059643", "COSME"},
};

/* Whether the identifier begins with the prefix as a whole word. */
static bool begins(struct str call, struct str prefix)
{
	if (!str_istarts(call, prefix))
		return false;
	if (call.n == prefix.n)
		return true;
	char next = call.p[prefix.n];
	return next == '-' || next == '/' || next == '_' || next == ' ';
}

struct str programme_of_call(struct str call)
{
	call = str_trim(call);
	for (size_t i = 0; i < COUNT(programmes); i++)
		if (begins(call, str_of(programmes[i].prefix)))
			return str_of(programmes[i].name);
	return (struct str){0};
}

struct str programme_of_code(struct str code)
{
	for (size_t i = 0; i < COUNT(codes); i++)
		if (str_eq(code, str_of(codes[i].code)))
			return str_of(codes[i].name);
	return code;
}
