/* SPDX-License-Identifier: MIT
 *
 * The [fundwatch] section: its table of keys, the parsers only it needs, and the
 * questions that other parts ask of settings (rates, who may be written to).
 */
#include <arpa/inet.h>

#include "conf/load.h"

#define REMINDER_DAYS_MAX 365	  /* days before a deadline */
#define RATE_MAX	  1000000 /* units of a currency for one EUR */
#define RATE_SCALE	  1000	  /* struct rate counts thousandths */
#define BOUNCES_MAX	  26	  /* of its 64 characters, what -NUMBER-TOKEN leaves to a local part */

static key_parse parse_sources, parse_catalogue, parse_deliver, parse_transport, parse_rates, parse_reminders,
	parse_networks, parse_web, parse_colour, parse_bounces;

static const char *const after_crash_words[] = {
	[AFTER_CRASH_RESEND_ONCE] = "resend-once",
	[AFTER_CRASH_HOLD] = "hold",
	NULL,
};

#define AT(member) .offset = offsetof(struct settings_draft, settings.member)

static const struct key settings_keys[] = {
	{"name", .form = KEY_REQUIRED, .parse = parse_text, AT(name),
		.help = "the name of your cluster, as members know it"},
	{"from", .form = KEY_REQUIRED, .parse = parse_contact, AT(from),
		.help = "the sender of all mail: Our Cluster <calls@cluster.example>"},
	{"reply-to", .parse = parse_contact, AT(reply_to),
		.help = "where answers to a mail go; default: the sender"},
	{"inbound", .parse = parse_contact, AT(inbound),
		.help = "the address that answer buttons write to; default: the sender's"},
	{"bounces", .parse = parse_bounces, AT(bounces),
		.help = "where the relay returns what it can't deliver: calls+bounce@cluster.example becomes "
			"calls+bounce-NUMBER-TOKEN@cluster.example, so that address must take mail with any "
			"such ending; default: the sender's, unchanged"},
	{"staff", .parse = parse_addresses, AT(staff),
		.help = "who is told when changed files were refused; several with commas"},
	{"admin", .parse = parse_addresses, AT(admin),
		.help = "who is told when a source keeps failing; several with commas"},
	{"address", .parse = parse_text, AT(address),
		.help = "your postal address, for the foot of every mail"},
	{"contact", .parse = parse_text, AT(contact),
		.help = "a link or address that sources find in our requests"},
	{"zone", .parse = parse_zone, AT(zone), .missing = "UTC",
		.help = "your time zone, such as Europe/Tallinn"},
	{"database", .parse = parse_path, AT(database), .missing = "/var/lib/fundwatch/fundwatch.db",
		.help = "the file in which everything is kept; relative to this directory"},
	{"sources", .parse = parse_sources,
		.help = "which portals are watched, by their recipes' names; default: all of feeds.d"},
	{"catalogue", .parse = parse_catalogue, .missing = "/usr/share/fundwatch/feeds",
		.help = "the directory of the recipes that come with fundwatch; relative to this directory"},
	{"deliver", .parse = parse_deliver, .missing = "off",
		.help = "off: nothing is sent; only example.org, me@cluster.example: to those alone; on: to "
			"all"},
	{"transport", .parse = parse_transport, .missing = "esmtp 127.0.0.1:25",
		.help = "how mail leaves: esmtp HOST:PORT, smtp://HOST:PORT, smtps://HOST:PORT, maildir DIR, "
			"eml DIR or stdout"},
	{"after-crash", .parse = parse_choice, AT(after_crash), .words = after_crash_words,
		.missing = "resend-once",
		.help = "what becomes of a mail when nobody knows whether it left: resend-once or hold"},
	{"reminders", .parse = parse_reminders, .missing = "14, 3 days",
		.help = "days before a deadline at which members are reminded; or off"},
	{"rates", .parse = parse_rates,
		.help = "what one EUR is worth, with the day: 2026-11-01: SEK 11.2, GBP 0.86"},
	{"allow-private", .parse = parse_networks,
		.help = "private networks that sources may be in, such as 127.0.0.0/8; default: none"},
	{"web", .parse = parse_web, AT(web),
		.help = "where the answer pages are served: 127.0.0.1:8080; default: nowhere"},
	{"colour", .parse = parse_colour, AT(colour),
		.help = "colour of headings and links in the mails: #0b5394"},
	{"logo", .parse = parse_http, AT(logo), .help = "picture at the head of the mails: https://..."},
	{"intro", .parse = parse_text, AT(intro), .help = "a sentence of yours at the head of every mail"},
	{"footer", .parse = parse_text, AT(footer), .help = "a sentence of yours at the foot of every mail"},
	{"web-url", .parse = parse_http, AT(web_url),
		.help = "how members reach the answer pages: https://...; their mails get a link that "
			"unsubscribes with one click only when 'web' is set too"},
};

const struct schema settings_schema = {
	.kind = "fundwatch",
	.id = ID_NONE,
	.keys = settings_keys,
	.n = COUNT(settings_keys),
	.help = "who you are, what is watched, how mail leaves",
};

void settings_read(
	struct reading *r, const struct lexed *f, const struct section *s, struct settings_draft *out)
{
	out->given = true;
	out->at = s->at;
	section_read(r, &settings_schema, f, s, out);
	if (out->settings.inbound.address.n == 0)
		out->settings.inbound = out->settings.from;
}

/* ---- parsers ------------------------------------------------------------------ */

static void parse_sources(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct key names = {.name = k->name, AT(sources)};
	((struct settings_draft *)base)->sources = *v;
	parse_names(r, &names, v, base);
}

static void parse_catalogue(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct key path = {.name = k->name, AT(catalogue)};
	((struct settings_draft *)base)->catalogue = *v;
	parse_path(r, &path, v, base);
}

static void parse_deliver(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct settings *s = &((struct settings_draft *)base)->settings;
	struct str rest, word = str_word(v->text, &rest);
	rest = str_trim(rest);
	bool only = str_ieq(word, STR("only"));
	if (!only && !str_ieq(v->text, STR("off")) && !str_ieq(v->text, STR("on"))) {
		value_error(r, v, v->text, "off, on, or: only example.org, me@cluster.example",
			"'%s' must be off, on or only ..., not '%.*s'", k->name, STRF(v->text));
		return;
	}
	s->deliver = only ? DELIVER_ONLY : str_ieq(word, STR("on")) ? DELIVER_ON : DELIVER_OFF;
	if (only && rest.n == 0)
		value_error(r, v, v->text, "for example: only example.org, me@cluster.example",
			"'only' needs domains or addresses behind it");
	while (rest.n > 0) {
		struct str part = next_part(&rest, ',');
		if (address_valid(part) || domain_valid(part))
			*vec_push(r->a, &s->deliver_only) = part;
		else
			value_error(r, v, part, "for example: only example.org, me@cluster.example",
				"'%.*s' is neither a domain nor a mail address", STRF(part));
	}
}

static bool network_route(struct str target, int64_t port, struct route *out)
{
	out->port = port;
	if (str_ends(target, STR("/")))
		target.n--;
	return host_port_parse(target, &out->target, &out->port);
}

static void parse_transport(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	static const struct {
		struct str prefix;
		enum transport transport;
		int64_t port; /* the default; 0 = a directory follows */
	} forms[] = {
		{{"esmtp ", 6}, TRANSPORT_ESMTP, 25},
		{{"smtp://", 7}, TRANSPORT_SMTP, 25},
		{{"smtps://", 8}, TRANSPORT_SMTPS, 465},
		{{"maildir ", 8}, TRANSPORT_MAILDIR, 0},
		{{"eml ", 4}, TRANSPORT_EML, 0},
	};
	struct route *route = &((struct settings_draft *)base)->settings.route;
	if (str_ieq(v->text, STR("stdout"))) {
		*route = (struct route){.transport = TRANSPORT_STDOUT};
		return;
	}
	for (size_t i = 0; i < COUNT(forms); i++) {
		if (!str_istarts(v->text, forms[i].prefix))
			continue;
		struct value target = *v;
		target.text = str_trim(str_sub(v->text, forms[i].prefix.n, v->text.n));
		struct key path = {
			.name = k->name, .offset = offsetof(struct settings_draft, settings.route.target)};
		route->transport = forms[i].transport;
		if (forms[i].port == 0)
			parse_path(r, &path, &target, base);
		else if (!network_route(target.text, forms[i].port, route))
			value_error(r, v, target.text, "for example: esmtp 127.0.0.1:25",
				"'%.*s' is no host with a port", STRF(target.text));
		return;
	}
	value_error(r, v, v->text,
		"esmtp HOST:PORT, smtp://HOST:PORT, smtps://HOST:PORT, maildir DIR, eml DIR or stdout",
		"there is no way to send mail called '%.*s'", STRF(v->text));
}

static int by_number_down(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x < y) - (x > y);
}

static void parse_reminders(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct settings *s = &((struct settings_draft *)base)->settings;
	struct str rest = v->text;
	if (str_ieq(rest, STR("off")))
		return;
	while (rest.n > 0) {
		struct str unit, part = next_part(&rest, ','), number = str_word(part, &unit);
		int64_t days;
		unit = str_trim(unit);
		if ((unit.n > 0 && !str_ieq(unit, STR("days")) && !str_ieq(unit, STR("day"))) ||
			!str_to_i64(number, 1, REMINDER_DAYS_MAX, &days)) {
			value_error(r, v, part, "for example: 14, 3 days, or off",
				"expected a number of days from 1 to %d", REMINDER_DAYS_MAX);
			continue;
		}
		*vec_push(r->a, &s->reminders) = days;
	}
	qsort(s->reminders.v, s->reminders.n, sizeof(*s->reminders.v), by_number_down);
	for (size_t i = 1; i < s->reminders.n; i++)
		if (s->reminders.v[i] == s->reminders.v[i - 1])
			value_error(r, v, v->text, "keep one of them",
				"the reminder of %lld days is given twice", (long long)s->reminders.v[i]);
}

/* "11.2" -> 11200 */
static bool milli_parse(struct str s, int64_t *out)
{
	struct str decimals, whole = str_cut(s, '.', &decimals);
	int64_t units, fraction = 0;
	if (whole.n == 0 || decimals.n > 3 || !str_to_i64(whole, 0, RATE_MAX, &units) ||
		(decimals.n == 0 && whole.n != s.n))
		return false;
	if (decimals.n > 0 && !str_to_i64(decimals, 0, RATE_SCALE - 1, &fraction))
		return false;
	for (size_t i = decimals.n; decimals.n > 0 && i < 3; i++)
		fraction *= 10;
	*out = units * RATE_SCALE + fraction;
	return *out > 0;
}

static bool rate_parse(struct str part, struct rate *out)
{
	struct str number, code = str_word(part, &number);
	if (code.n != 3)
		return false;
	for (size_t i = 0; i < 3; i++) {
		if (code.p[i] < 'A' || code.p[i] > 'Z')
			return false;
		out->currency[i] = code.p[i];
	}
	return milli_parse(str_trim(number), &out->milli);
}

static void parse_rates(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct settings *s = &((struct settings_draft *)base)->settings;
	struct str rest = v->text;
	struct date date = {0};
	while (rest.n > 0) {
		struct str part = next_part(&rest, ','), behind, day = str_trim(str_cut(part, ':', &behind));
		struct rate rate = {0};
		if (day.n < part.n && date_from_iso(day, &date))
			part = str_trim(behind);
		rate.date = date;
		if (!date_known(date)) {
			value_error(r, v, part, "for example: 2026-11-01: SEK 11.2, GBP 0.86",
				"expected the day of these rates first");
			return;
		}
		if (rate_parse(part, &rate))
			*vec_push(r->a, &s->rates) = rate;
		else
			value_error(r, v, part,
				"what one EUR is worth, such as SEK 11.2 (three decimals at most)",
				"'%.*s' is no rate", STRF(part));
	}
}

static bool network_valid(struct str s)
{
	struct str bits, host = str_cut(s, '/', &bits);
	char text[INET6_ADDRSTRLEN] = {0};
	unsigned char address[sizeof(struct in6_addr)];
	int64_t n;
	if (host.n == 0 || host.n >= sizeof(text))
		return false;
	memcpy(text, host.p, host.n);
	if (inet_pton(AF_INET, text, address) == 1)
		return str_to_i64(bits, 0, 32, &n);
	return inet_pton(AF_INET6, text, address) == 1 && str_to_i64(bits, 0, 128, &n);
}

static void parse_networks(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct settings *s = &((struct settings_draft *)base)->settings;
	struct str rest = v->text;
	while (rest.n > 0) {
		struct str part = next_part(&rest, ',');
		if (network_valid(part))
			*vec_push(r->a, &s->allow_private) = part;
		else
			value_error(r, v, part, "for example: 127.0.0.0/8, 10.1.2.3/32, ::1/128",
				"'%.*s' is no network", STRF(part));
	}
}

static void parse_web(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct str host;
	int64_t port = 0;
	if (!host_port_parse(v->text, &host, &port) || port == 0)
		value_error(r, v, v->text, "for example: 127.0.0.1:8080", "'%.*s' is no host with a port",
			STRF(v->text));
	*TARGET(struct str, k, base) = v->text;
}

static void parse_bounces(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	if (!address_valid(v->text) || str_find_char(v->text, '@') > BOUNCES_MAX)
		value_error(r, v, v->text, "for example: calls+bounce@cluster.example",
			"'%.*s' is no mail address with at most %d characters before the @", STRF(v->text),
			BOUNCES_MAX);
	*TARGET(struct str, k, base) = v->text;
}

static void parse_colour(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	bool ok = v->text.n == 7 && v->text.p[0] == '#';
	for (size_t i = 1; ok && i < v->text.n; i++)
		ok = strchr("0123456789abcdefABCDEF", v->text.p[i]) != NULL;
	if (!ok)
		value_error(r, v, v->text, "for example: #0b5394", "'%.*s' is no colour", STRF(v->text));
	*TARGET(struct str, k, base) = v->text;
}

/* ---- questions ------------------------------------------------------------------ */

bool money_in_eur(const struct settings *s, int64_t amount, const char *currency, int64_t *out)
{
	const struct rate *best = NULL;
	int64_t scaled;
	if (strcmp(currency, "EUR") == 0) {
		*out = amount;
		return true;
	}
	for (size_t i = 0; i < s->rates.n; i++) {
		const struct rate *rate = &s->rates.v[i];
		if (strcmp(rate->currency, currency) == 0 &&
			(best == NULL || date_cmp(rate->date, best->date) >= 0))
			best = rate;
	}
	if (best == NULL || __builtin_mul_overflow(amount, (int64_t)RATE_SCALE, &scaled) ||
		__builtin_add_overflow(scaled, best->milli / 2, &scaled))
		return false;
	*out = scaled / best->milli;
	return true;
}

bool deliver_allows(const struct settings *s, struct str address)
{
	switch (s->deliver) {
	case DELIVER_OFF:
		return false;
	case DELIVER_ON:
		return true;
	case DELIVER_ONLY:
		break;
	}
	struct str domain;
	(void)str_cut(address, '@', &domain);
	return domain.n > 0 && (strv_has(&s->deliver_only, address) || strv_has(&s->deliver_only, domain));
}
