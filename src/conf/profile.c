/* SPDX-License-Identifier: MIT
 *
 * [profile ...] sections: the table of keys, and what is settled when all files
 * are read (rule sets by name, time zones, the country).
 */
#include "conf/load.h"

#define THRESHOLD_MAX 100000 /* of a threshold */
#define LIMIT_MAX     500    /* calls in one digest */
#define URGENT_MAX    20     /* urgent mails a day */

static key_parse parse_consent, parse_email, parse_org_kind, parse_rule, parse_threshold, parse_limit, parse_urgent_limit,
	parse_pause;

static const char *const mode_words[] = {
	[MODE_AUTO] = "auto",
	[MODE_REVIEW] = "review",
	[MODE_MUTE] = "mute",
	NULL,
};
static const char *const bool_words[] = {"no", "yes", NULL};
static const char *const empty_words[] = {"skip", "send", NULL};

#define AT(member)	 .offset = offsetof(struct draft, profile.member)
#define AT_DRAFT(member) .offset = offsetof(struct draft, member)

static const struct key profile_keys[] = {
	{"name", .form = KEY_REQUIRED, .parse = parse_text, AT(name),
		.help = "the member's name, as mails show it"},
	{"organisation", .parse = parse_text, AT(organisation),
		.help = "who it is, when several profiles belong to one organisation; default: the profile "
			"itself"},
	{"kind", .form = KEY_REQUIRED, .parse = parse_org_kind,
		.help = "sme, startup, research, large, public, ngo or investor"},
	{"email", .form = KEY_REQUIRED, .parse = parse_email,
		.help = "who gets the mail: desk@celltech.example, or Front Desk <desk@celltech.example>"},
	{"language", .parse = parse_language, AT(language), .missing = "en",
		.help = "language of the mail: en, et, de .."},
	{"country", .parse = parse_country, AT(country), .help = "where the member is, two letters: EE"},
	{"tags", .parse = parse_list, AT(tags), .help = "your own words for grouping members in reports"},
	{"digest", .parse = parse_schedule, AT(digest), .missing = "weekly mon 08:00",
		.help = "when the mail goes: weekly mon 08:00, daily 07:30, monthly 1 08:00 or off; a time "
			"zone may follow; one address gets one mail a day, at the first of its times"},
	{"mode", .parse = parse_choice, AT(mode), .words = mode_words, .missing = "auto",
		.help = "auto: sent by itself; review: staff approve first; mute: nothing"},
	{"test", .parse = parse_bool, AT(test), .words = bool_words, .missing = "no",
		.help = "yes: a trial profile that no report counts"},
	{"use", .parse = parse_value, AT_DRAFT(use),
		.help = "rule sets of rules.d that count as rules of this profile"},
	{"match", .form = KEY_MANY, .parse = parse_rule, .help = "a call suits when any match line hits"},
	{"require", .form = KEY_MANY, .parse = parse_rule, .help = "and when every require line hits"},
	{"exclude", .form = KEY_MANY, .parse = parse_rule, .help = "and when no exclude line hits"},
	{"score", "N", .form = KEY_MANY, .parse = parse_rule,
		.help = "points that a hit adds; they order the mail"},
	{"threshold", .parse = parse_threshold, .help = "points that a call must reach"},
	{"deadline", .parse = parse_days, AT(deadline), .missing = "any",
		.help = "days left until the deadline: 14..200 days, >= 14 days, <= 90 days; , unknown no"},
	{"budget", .parse = parse_money, AT(budget), .missing = "any",
		.help = "money per project: >= 50k EUR, 50k..2M EUR, <= 1 million EUR; , unknown no"},
	{"kinds", .parse = parse_kinds, AT(kinds), .missing = "any",
		.help = "grant, tender, cascade, equity, loan, prize, event, partner, programme, training, "
			"news; not ..."},
	{"programme", .parse = parse_words, AT(programme), .missing = "any",
		.help = "Horizon Europe, EIC, not Interreg"},
	{"stage", .parse = parse_stages, AT(stage), .missing = "any", .help = "single, two-stage"},
	{"eligible in", .parse = parse_countries, AT(eligible_in), .missing = "any",
		.help = "countries whose calls suit: EE, FI, EU, associated; default: the member's country"},
	{"limit", .parse = parse_limit, .missing = "12 per digest",
		.help = "most calls in one mail; the rest waits"},
	{"urgent", .form = KEY_MANY, .parse = parse_rule,
		.help = "a call that suits and hits this line too is mailed at once, outside the schedule"},
	{"urgent limit", .parse = parse_urgent_limit, .missing = "2 per day",
		.help = "most mails a day for urgent calls; the rest waits for the digest"},
	{"pause", .parse = parse_pause,
		.help = "no mail until this day: until 2027-01-10; what comes meanwhile is not sent later"},
	{"empty", .parse = parse_bool, AT(empty_send), .words = empty_words, .missing = "skip",
		.help = "when there is nothing to say: skip (no mail) or send (so that you see it works)"},
	{"note", .parse = parse_text, AT(note), .help = "a remark for staff; members never see it"},
	{"consent", .parse = parse_consent, AT(consent),
		.help = "when and how the member agreed to get mail; perhaps with an end: until 2027-12-31"},
	{"was", .parse = parse_name, AT(was),
		.help = "the profile's former name, so that nothing is sent again"},
};

const struct schema profile_schema = {
	.kind = "profile",
	.id = ID_NAME,
	.keys = profile_keys,
	.n = COUNT(profile_keys),
	.help = "what a member wants, and where its mail goes",
};

static void parse_email(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct draft *d = base;
	struct contacts c = contacts_parse(r, k, v);
	d->email = *v;
	for (size_t i = 0; i < c.list.n; i++)
		*vec_push(r->a, &d->profile.contacts) = c.list.v[i];
}

static void parse_org_kind(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct draft *d = base;
	const char *names[ORG_COUNT];
	for (size_t i = 0; i < ORG_COUNT; i++)
		names[i] = org_kind_name((enum org_kind)i);
	const char *hint = diag_suggest(r->d, v->text, names, ORG_COUNT);
	if (!org_kind_from(v->text, &d->profile.kind))
		value_error(r, v, v->text, hint != NULL ? hint : k->help,
			"there is no kind of organisation named '%.*s'", STRF(v->text));
}

static void parse_rule(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct draft *d = base;
	struct rule rule;
	if (rule_parse(r, k, v, &rule))
		*vec_push(r->a, &d->profile.rules) = rule;
}

/* "2026-03-01 signed form, until 2027-03-01": a consent that has ended is said. */
static void parse_consent(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct str rest = v->text, word;
	struct date end, today = zone_civil(STR("UTC"), clock_now()).date;
	parse_text(r, k, v, base);
	while ((word = str_word(rest, &rest)).n > 0) {
		struct str after, day = str_word(rest, &after);
		bool number = day.n > 0 && day.p[0] >= '0' && day.p[0] <= '9';
		if (!str_ieq(word, STR("until")) || !number)
			continue;
		while (day.n > 0 && (str_ends(day, STR(",")) || str_ends(day, STR(";")) || str_ends(day, STR("."))))
			day.n--;
		if (!date_from_iso(day, &end))
			value_error(r, v, day, "for example: until 2027-12-31",
				"expected a day behind 'until', not '%.*s'", STRF(day));
		else if (date_cmp(end, today) < 0)
			diag_add(r->d, DIAG_WARNING, value_place(v, (size_t)(day.p - v->text.p), day.n),
				"ask the member again, or set 'mode: mute'", "this consent has ended");
	}
}

static void parse_threshold(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct profile *p = &((struct draft *)base)->profile;
	p->has_threshold = str_to_i64(v->text, -THRESHOLD_MAX, THRESHOLD_MAX, &p->threshold);
	if (!p->has_threshold)
		value_error(r, v, v->text, "for example: 2", "expected a whole number, not '%.*s'",
			STRF(v->text));
}

static void parse_limit(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct profile *p = &((struct draft *)base)->profile;
	struct str rest, number = str_word(v->text, &rest);
	rest = str_trim(rest);
	if (!str_to_i64(number, 1, LIMIT_MAX, &p->limit) || (rest.n > 0 && !str_ieq(rest, STR("per digest"))))
		value_error(r, v, v->text, "for example: 12 per digest",
			"expected a number of calls from 1 to %d", LIMIT_MAX);
}

static void parse_urgent_limit(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct profile *p = &((struct draft *)base)->profile;
	struct str rest, number = str_word(v->text, &rest);
	rest = str_trim(rest);
	if (!str_to_i64(number, 0, URGENT_MAX, &p->urgent_limit) ||
		(rest.n > 0 && !str_ieq(rest, STR("per day"))))
		value_error(r, v, v->text, "for example: 2 per day",
			"expected a number of mails from 0 to %d", URGENT_MAX);
}

static void parse_pause(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct profile *p = &((struct draft *)base)->profile;
	struct str rest, word = str_word(v->text, &rest);
	if (!str_ieq(word, STR("until")) || !date_from_iso(str_trim(rest), &p->pause))
		value_error(r, v, v->text, "for example: until 2027-01-10", "expected 'until' and a day");
}

static void lint_no_rules(struct reading *r, const struct draft *d)
{
	const struct profile *p = &d->profile;
	bool rules = d->use.text.n > 0;
	for (size_t i = 0; i < p->rules.n; i++)
		rules = rules || p->rules.v[i].type == RULE_MATCH;
	if (!rules)
		diag_add(r->d, DIAG_WARNING, p->at, "give it a 'match:' or a 'use:' line",
			"profile '%.*s' has no rule that a call could match, so it never gets any",
			STRF(p->id));
}

void profile_read(struct reading *r, const struct lexed *f, const struct section *s, struct draft *out)
{
	struct profile *p = &out->profile;
	p->id = s->id;
	p->at = s->at;
	section_read(r, &profile_schema, f, s, out);
	if (p->organisation.n == 0)
		p->organisation = p->id;
	lint_no_rules(r, out);
	bool free = p->eligible_in.allow.n == 0 && p->eligible_in.refuse.n == 0;
	bool said = false;
	for (size_t i = 0; i < s->count; i++)
		said = said || str_ieq(f->entries.v[s->first + i].key, STR("eligible in"));
	if (free && !said && p->country.n > 0)
		*vec_push(r->a, &p->eligible_in.allow) = p->country;
}

static const struct rule_set *find_set(const struct config *c, struct str id)
{
	for (size_t i = 0; i < c->rule_sets.n; i++)
		if (str_eq(c->rule_sets.v[i].id, id))
			return &c->rule_sets.v[i];
	return NULL;
}

static const char *suggest_set(struct reading *r, const struct config *c, struct str id)
{
	const char **names = arena_make_n(r->a, c->rule_sets.n + 1, const char *);
	for (size_t i = 0; i < c->rule_sets.n; i++)
		names[i] = str_c(r->a, c->rule_sets.v[i].id);
	const char *hint = diag_suggest(r->d, id, names, c->rule_sets.n);
	return hint != NULL ? hint : "rule sets are the [rules NAME] sections of rules.d";
}

static void settle_use(struct reading *r, const struct config *c, struct draft *d)
{
	struct str rest = d->use.text;
	while (rest.n > 0) {
		struct str id = next_part(&rest, ',');
		const struct rule_set *set = find_set(c, id);
		bool twice = false;
		for (size_t i = 0; i < d->profile.use.n; i++)
			twice = twice || d->profile.use.v[i] == set;
		if (set == NULL)
			value_error(r, &d->use, id, suggest_set(r, c, id),
				"there is no rule set called '%.*s'", STRF(id));
		else if (twice)
			value_error(r, &d->use, id, "keep one of them", "'%.*s' is given twice", STRF(id));
		else
			*vec_push(r->a, &d->profile.use) = set;
	}
}

bool profile_for_tests(const struct profile *p)
{
	return p->test && p->mode == MODE_MUTE;
}

void profile_settle(struct reading *r, const struct config *c, struct draft *d)
{
	struct profile *p = &d->profile;
	if (p->digest.zone.n == 0)
		p->digest.zone = c->settings.zone;
	settle_use(r, c, d);
}
