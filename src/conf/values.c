/* SPDX-License-Identifier: MIT
 *
 * Parsers for the values of many keys: texts, names, links, paths, languages and
 * countries, mail addresses and lists of them. In: a value; out: the target of its
 * key, or a diagnostic at the part that is wrong.
 */
#include <arpa/inet.h>

#include "conf/schema.h"

#define ADDRESS_MAX 254	 /* bytes of a mail address (RFC 5321) */
#define LOCAL_MAX   64	 /* bytes of it before the '@' */
#define LABEL_MAX   63	 /* bytes between two dots of a domain */
#define LIST_MAX    2000 /* elements of one list */
#define PORT_MAX    65535

/* ISO 3166-1 alpha-2. */
static const char countries[] = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ "
				"BL BM BN BO BQ BR BS BT BV BW BY "
				"BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO "
				"DZ EC EE EG EH ER ES ET FI FJ FK "
				"FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN "
				"HR HT HU ID IE IL IM IN IO IQ IR "
				"IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT "
				"LU LV LY MA MC MD ME MF MG MH MK "
				"ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR "
				"NU NZ OM PA PE PF PG PH PK PL PM "
				"PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN "
				"SO SR SS ST SV SX SY SZ TC TD TF "
				"TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN "
				"VU WF WS XK YE YT ZA ZM ZW";

/* ---- words and texts ------------------------------------------------------- */

void parse_text(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)r;
	*TARGET(struct str, k, base) = v->text;
}

void parse_value(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)r;
	*TARGET(struct value, k, base) = *v;
}

/* "auto, review or mute" */
static const char *choices(struct reading *r, const char *const *words)
{
	const char *text = words[0];
	for (size_t i = 1; words[i] != NULL; i++)
		text = arena_printf(r->a, "%s%s%s", text, words[i + 1] == NULL ? " or " : ", ", words[i]);
	return text;
}

/* The index of the value among k->words; -1 and an error when it is none. */
static int choice(struct reading *r, const struct key *k, const struct value *v)
{
	size_t n = 0;
	for (; k->words[n] != NULL; n++)
		if (str_ieq(v->text, str_of(k->words[n])))
			return (int)n;
	value_error(r, v, v->text, diag_suggest(r->d, v->text, k->words, n), "'%s' must be %s, not '%.*s'",
		k->name, choices(r, k->words), STRF(v->text));
	return -1;
}

void parse_choice(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	int i = choice(r, k, v);
	if (i >= 0)
		*TARGET(unsigned, k, base) = (unsigned)i;
}

void parse_bool(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	int i = choice(r, k, v);
	if (i >= 0)
		*TARGET(bool, k, base) = i == 1;
}

void parse_name(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	if (!name_valid(v->text))
		value_error(r, v, v->text, "small letters a-z, digits and hyphens only", "'%.*s' is no name",
			STRF(v->text));
	*TARGET(struct str, k, base) = v->text;
}

struct str upper(struct arena *a, struct str s)
{
	char *p = arena_strndup(a, s.p, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (p[i] >= 'a' && p[i] <= 'z')
			p[i] = (char)(p[i] - 32);
	return (struct str){p, s.n};
}

void parse_zone(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	if (!zone_valid(v->text))
		value_error(r, v, v->text, "write it like Europe/Tallinn",
			"there is no time zone called '%.*s'", STRF(v->text));
	*TARGET(struct str, k, base) = v->text;
}

void parse_language(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	bool ok = v->text.n == 2;
	for (size_t i = 0; i < v->text.n; i++)
		ok = ok && v->text.p[i] >= 'a' && v->text.p[i] <= 'z';
	if (!ok)
		value_error(r, v, v->text, "Estonian is et, German de, English en",
			"expected a language of two small letters, not '%.*s'", STRF(v->text));
	*TARGET(struct str, k, base) = v->text;
}

bool country_valid(struct str s)
{
	for (size_t i = 0; s.n == 2 && i + 2 < sizeof(countries); i += 3)
		if (memcmp(countries + i, s.p, 2) == 0)
			return true;
	return false;
}

static const char *country_hint(struct str s)
{
	if (str_ieq(s, STR("UK")))
		return "the United Kingdom is GB";
	if (str_ieq(s, STR("EL")))
		return "Greece is GR";
	if (str_find_char(s, ',') != SIZE_MAX)
		return "write where it is; for calls of several countries: eligible in: EE, FI";
	return "Estonia is EE, Finland FI, Germany DE";
}

void parse_country(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct str code = upper(r->a, v->text);
	bool union_ok = str_eq(code, STR("EU"));
	if (!union_ok && !country_valid(code))
		value_error(r, v, v->text, country_hint(code), "'%.*s' is no country code of two letters",
			STRF(v->text));
	*TARGET(struct str, k, base) = code;
}

void parse_path(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	bool absolute = v->text.p[0] == '/' || r->dir.n == 0;
	*TARGET(struct str, k, base) =
		absolute ? v->text : str_of(arena_printf(r->a, "%.*s/%.*s", STRF(r->dir), STRF(v->text)));
}

void parse_http(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct str s = v->text, rest, host = {0};
	if (str_istarts(s, STR("https://")))
		host = str_sub(s, 8, s.n);
	else if (str_istarts(s, STR("http://")))
		host = str_sub(s, 7, s.n);
	bool ok = host.n > 0 && host.p[0] != '/' && str_word(s, &rest).n == s.n;
	if (!ok)
		value_error(r, v, s, "a link has no spaces and starts with https://", "'%.*s' is no link",
			STRF(s));
	*TARGET(struct str, k, base) = s;
}

bool minute_parse(struct str s, int *out)
{
	int64_t h, m;
	struct str minutes, hours = str_cut(s, ':', &minutes);
	if (minutes.n != 2 || hours.n == 0 || hours.n > 2 || !str_to_i64(hours, 0, 23, &h) ||
		!str_to_i64(minutes, 0, 59, &m))
		return false;
	*out = (int)(h * 60 + m);
	return true;
}

/* ---- lists -------------------------------------------------------------------- */

struct str next_part(struct str *rest, char sep)
{
	bool quoted = false;
	size_t i = 0;
	for (; i < rest->n && (quoted || rest->p[i] != sep); i++)
		quoted = quoted != (rest->p[i] == '"');
	struct str part = str_trim(str_sub(*rest, 0, i));
	*rest = str_sub(*rest, i + 1, rest->n);
	return part;
}

void parse_list(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct strv *list = TARGET(struct strv, k, base);
	struct str rest = v->text;
	while (rest.n > 0) {
		struct str part = next_part(&rest, ',');
		if (list->n >= LIST_MAX) {
			value_error(r, v, part, NULL, "more than %d entries in one list", LIST_MAX);
			return;
		}
		if (part.n == 0)
			value_error(r, v, v->text, "between two commas there must be something",
				"'%s' has an empty entry", k->name);
		else if (strv_has(list, part))
			value_error(r, v, part, "keep one of them", "'%.*s' is given twice", STRF(part));
		else
			*vec_push(r->a, list) = part;
	}
}

void parse_names(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct strv *list = TARGET(struct strv, k, base);
	parse_list(r, k, v, base);
	for (size_t i = 0; i < list->n; i++)
		if (!name_valid(list->v[i]))
			value_error(r, v, list->v[i],
				"small letters a-z, digits and hyphens only; commas between names",
				"'%.*s' is no name", STRF(list->v[i]));
}

/* ---- addresses ------------------------------------------------------------------ */

static bool letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool domain_valid(struct str s)
{
	struct str rest = s, last = {0};
	if (s.n == 0 || s.p[s.n - 1] == '.')
		return false;
	while (rest.n > 0) {
		last = str_cut(rest, '.', &rest);
		if (last.n == 0 || last.n > LABEL_MAX || last.p[0] == '-' || last.p[last.n - 1] == '-')
			return false;
		for (size_t i = 0; i < last.n; i++)
			if (!letter_or_digit(last.p[i]) && last.p[i] != '-')
				return false;
	}
	int64_t number;
	return !str_to_i64(last, 0, INT64_MAX, &number);
}

static bool local_valid(struct str s)
{
	static const char others[] = "!#$%&'*+-/=?^_`{|}~.";
	if (s.n == 0 || s.n > LOCAL_MAX || s.p[0] == '.' || s.p[s.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool known = letter_or_digit(s.p[i]) || (s.p[i] != '\0' && strchr(others, s.p[i]) != NULL);
		if (!known || (s.p[i] == '.' && s.p[i + 1] == '.'))
			return false;
	}
	return true;
}

/* Domains of one word are refused, for most of them are typing errors; this
 * machine's own name for itself is not. */
bool address_valid(struct str address)
{
	struct str domain, local = str_cut(address, '@', &domain);
	if (address.n > ADDRESS_MAX || !local_valid(local) || !domain_valid(domain))
		return false;
	return str_find_char(domain, '.') != SIZE_MAX || str_ieq(domain, STR("localhost"));
}

/* "Front Desk <desk@celltech.example>" or the bare address. */
static bool contact_parse(struct reading *r, const struct value *v, struct str part, struct contact *out)
{
	size_t open = str_find_char(part, '<');
	*out = (struct contact){.address = part};
	if (open != SIZE_MAX) {
		struct str behind, inside = str_cut(str_sub(part, open + 1, part.n), '>', &behind);
		out->name = str_trim(str_sub(part, 0, open));
		out->address = str_trim(inside);
		if (part.p[part.n - 1] != '>' || behind.n > 0) {
			value_error(r, v, part, "write it like this: Front Desk <desk@celltech.example>",
				"the '<' before the address and the '>' behind it don't fit");
			return false;
		}
	}
	if (out->name.n >= 2 && out->name.p[0] == '"' && out->name.p[out->name.n - 1] == '"')
		out->name = str_sub(out->name, 1, out->name.n - 1);
	if (address_valid(out->address))
		return true;
	value_error(r, v, out->address.n > 0 ? out->address : part,
		"write it like this: desk@celltech.example, with commas between several",
		"'%.*s' is no mail address", STRF(out->address));
	return false;
}

void parse_contact(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct contact c;
	if (contact_parse(r, v, v->text, &c))
		*TARGET(struct contact, k, base) = c;
}

static bool contacts_have(const struct contacts *c, struct str address)
{
	for (size_t i = 0; i < c->list.n; i++)
		if (str_ieq(c->list.v[i].address, address))
			return true;
	return false;
}

struct contacts contacts_parse(struct reading *r, const struct key *k, const struct value *v)
{
	struct contacts out = {0};
	struct str rest = v->text;
	while (rest.n > 0) {
		struct str part = next_part(&rest, ',');
		struct contact c;
		if (out.list.n >= LIST_MAX) {
			value_error(r, v, part, NULL, "more than %d entries in one list", LIST_MAX);
			break;
		}
		if (part.n == 0)
			value_error(r, v, v->text, "between two commas there must be something",
				"'%s' has an empty entry", k->name);
		else if (!contact_parse(r, v, part, &c))
			continue;
		else if (contacts_have(&out, c.address))
			value_error(r, v, c.address, "keep one of them", "'%.*s' is given twice",
				STRF(c.address));
		else
			*vec_push(r->a, &out.list) = c;
	}
	return out;
}

void parse_addresses(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct contacts c = contacts_parse(r, k, v);
	struct strv *target = TARGET(struct strv, k, base);
	for (size_t i = 0; i < c.list.n; i++)
		*vec_push(r->a, target) = c.list.v[i].address;
}

bool host_port_parse(struct str s, struct str *host, int64_t *port)
{
	struct str rest = {0};
	bool bracket = s.n > 0 && s.p[0] == '[';
	size_t close = bracket ? str_find_char(s, ']') : 0;
	if (close == SIZE_MAX)
		return false;
	*host = bracket ? str_sub(s, 1, close) : str_cut(s, ':', &rest);
	if (bracket)
		rest = str_sub(s, close + 1, s.n);
	else
		rest = str_sub(s, host->n, s.n);
	char text[INET6_ADDRSTRLEN] = {0};
	unsigned char address[sizeof(struct in6_addr)];
	if (host->n < sizeof(text))
		memcpy(text, host->p, host->n);
	bool known = bracket ? inet_pton(AF_INET6, text, address) == 1
			     : domain_valid(*host) || inet_pton(AF_INET, text, address) == 1;
	if (!known)
		return false;
	return rest.n == 0 || (rest.p[0] == ':' && str_to_i64(str_sub(rest, 1, rest.n), 1, PORT_MAX, port));
}
