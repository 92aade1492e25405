/* SPDX-License-Identifier: MIT
 *
 * The words of the enumerations: kinds of opportunities, kinds of organisations,
 * states of a call. A word comes in as people and sources write it (case is
 * ignored), a value goes out; and back.
 */
#include "model/model.h"

static const char *const kind_names[KIND_COUNT] = {
	[KIND_UNKNOWN] = "",
	[KIND_GRANT] = "grant",
	[KIND_TENDER] = "tender",
	[KIND_CASCADE] = "cascade",
	[KIND_EQUITY] = "equity",
	[KIND_LOAN] = "loan",
	[KIND_PRIZE] = "prize",
	[KIND_EVENT] = "event",
	[KIND_PARTNER] = "partner",
	[KIND_PROGRAMME] = "programme",
	[KIND_TRAINING] = "training",
	[KIND_NEWS] = "news",
};

static const char *const org_kind_names[ORG_COUNT] = {
	[ORG_SME] = "sme",
	[ORG_STARTUP] = "startup",
	[ORG_RESEARCH] = "research",
	[ORG_LARGE] = "large",
	[ORG_PUBLIC] = "public",
	[ORG_NGO] = "ngo",
	[ORG_INVESTOR] = "investor",
};

static const char *const status_names[] = {
	[STATUS_FORTHCOMING] = "forthcoming",
	[STATUS_OPEN] = "open",
	[STATUS_CLOSED] = "closed",
};

/* Index of `word` among `names` from `first` on, or `n`. */
static size_t word_index(struct str word, const char *const *names, size_t first, size_t n)
{
	word = str_trim(word);
	for (size_t i = first; i < n; i++)
		if (str_ieq(word, str_of(names[i])))
			return i;
	return n;
}

const char *kind_name(enum kind k)
{
	return k < KIND_COUNT ? kind_names[k] : "";
}

bool kind_from(struct str word, enum kind *out)
{
	size_t i = word_index(word, kind_names, KIND_GRANT, KIND_COUNT);
	if (i == KIND_COUNT)
		return false;
	*out = (enum kind)i;
	return true;
}

const char *org_kind_name(enum org_kind k)
{
	return k < ORG_COUNT ? org_kind_names[k] : "";
}

bool org_kind_from(struct str word, enum org_kind *out)
{
	size_t i = word_index(word, org_kind_names, ORG_SME, ORG_COUNT);
	if (i == ORG_COUNT)
		return false;
	*out = (enum org_kind)i;
	return true;
}

const char *status_name(enum status s)
{
	return s < COUNT(status_names) ? status_names[s] : "";
}
