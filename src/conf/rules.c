/* SPDX-License-Identifier: MIT
 *
 * [rules ...], [synonyms] and [test ...] sections. Rule texts are kept as they are,
 * match/ reads them; what a test gives and expects is checked here.
 */
#include "conf/load.h"

#define SCORE_MAX     1000 /* points of one score line, either way */
#define TEST_DAYS_MAX 3650 /* days ahead of a test's deadline */
#define SYNONYMS_MAX  5000 /* words with synonyms in one configuration */

static key_parse parse_set_rule, parse_test_text, parse_test_kind, parse_test_deadline, parse_test_expect,
	parse_test_budget, parse_test_country;

static const char expect_hint[] = "for example: match, score >= 2, because \"gene therapy\"; or: no match";

static const struct key rules_keys[] = {
	{"label", .parse = parse_text, .offset = offsetof(struct rule_set, label),
		.help = "what members read as the reason: Cell and gene therapy; default: the rule set's "
			"name"},
	{"match", .form = KEY_MANY, .parse = parse_set_rule,
		.help = "the rule set hits when any match line hits"},
	{"require", .form = KEY_MANY, .parse = parse_set_rule, .help = "and when every require line hits"},
	{"exclude", .form = KEY_MANY, .parse = parse_set_rule, .help = "and when no exclude line hits"},
	{"score", "N", .form = KEY_MANY, .parse = parse_set_rule, .help = "points that a hit adds"},
};

const struct schema rules_schema = {
	.kind = "rules",
	.id = ID_NAME,
	.keys = rules_keys,
	.n = COUNT(rules_keys),
	.help = "rules that several profiles use",
};

const struct schema synonyms_schema = {
	.kind = "synonyms",
	.id = ID_NONE,
	.help = "a word, and what else is found wherever a rule has it",
};

static const struct key test_keys[] = {
	{"profile", .parse = parse_test_text, .help = "the profile that is tried"},
	{"title", .form = KEY_REQUIRED, .parse = parse_test_text, .help = "the title of the call"},
	{"text", .parse = parse_test_text, .help = "its text"},
	{"deadline", .parse = parse_test_deadline, .help = "in 60 days, 2027-03-01 or none"},
	{"kind", .parse = parse_test_kind, .help = "grant, tender, ..."},
	{"programme", .parse = parse_test_text, .help = "Horizon Europe, ..."},
	{"call", .parse = parse_test_text, .help = "the call id"},
	{"funder", .parse = parse_test_text, .help = "who pays"},
	{"source", .parse = parse_test_text, .help = "the source's name"},
	{"category", .parse = parse_test_text, .help = "categories, with commas"},
	{"country", .parse = parse_test_country, .help = "countries of two letters, with commas"},
	{"language", .parse = parse_test_text, .help = "en, et, ..."},
	{"stage", .parse = parse_test_text, .help = "single or two-stage"},
	{"budget", .parse = parse_test_budget, .help = "EUR 2 million"},
	{"expect", .form = KEY_REQUIRED, .parse = parse_test_expect,
		.help = "match or no match; then perhaps: , score >= 2, because \"gene therapy\""},
};

const struct schema test_schema = {
	.kind = "test",
	.id = ID_TITLE,
	.keys = test_keys,
	.n = COUNT(test_keys),
	.help = "an invented call, and whether a profile must get it",
};

/* ---- rules ---------------------------------------------------------------------- */

bool rule_parse(struct reading *r, const struct key *k, const struct value *v, struct rule *out)
{
	static const char *const names[] = {
		[RULE_MATCH] = "match",
		[RULE_REQUIRE] = "require",
		[RULE_EXCLUDE] = "exclude",
		[RULE_SCORE] = "score",
		[RULE_URGENT] = "urgent",
	};
	size_t type = 0;
	while (strcmp(k->name, names[type]) != 0)
		type++;
	*out = (struct rule){.type = (enum rule_type)type, .query = *v};
	if (type != RULE_SCORE || str_to_i64(key_argument(k, v), -SCORE_MAX, SCORE_MAX, &out->score))
		return true;
	value_error(r, v, key_argument(k, v), "for example: score 5: title:pharma",
		"'score' needs a whole number from -%d to %d before the ':', not '%.*s'", SCORE_MAX,
		SCORE_MAX, STRF(key_argument(k, v)));
	return false;
}

static void parse_set_rule(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct rule_set *set = base;
	struct rule rule;
	if (rule_parse(r, k, v, &rule))
		*vec_push(r->a, &set->rules) = rule;
}

void rule_set_read(struct reading *r, const struct lexed *f, const struct section *s, struct rule_set *out)
{
	out->id = s->id;
	out->at = s->at;
	section_read(r, &rules_schema, f, s, out);
	if (out->label.n == 0)
		out->label = out->id;
	for (size_t i = 0; i < out->rules.n; i++)
		if (out->rules.v[i].type == RULE_MATCH)
			return;
	diag_add(r->d, DIAG_WARNING, out->at, "give it a 'match:' line",
		"rule set '%.*s' has no match line, so it never hits", STRF(out->id));
}

/* ---- synonyms -------------------------------------------------------------------- */

void synonyms_read(
	struct reading *r, const struct lexed *f, const struct section *s, size_t final, struct config *c)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct entry *e = &f->entries.v[s->first + i];
		const struct synonym *known = NULL;
		for (size_t j = 0; j < c->synonyms.n && known == NULL; j++)
			if (str_ieq(c->synonyms.v[j].word, e->key))
				known = &c->synonyms.v[j];
		if (known != NULL && known < c->synonyms.v + final)
			continue;
		struct value v = entry_value(r->a, f, e, VALUE_PLAIN);
		if (c->synonyms.n >= SYNONYMS_MAX) {
			diag_add(r->d, DIAG_ERROR, e->key_at, NULL, "more than %d words with synonyms",
				SYNONYMS_MAX);
			return;
		}
		if (v.text.n == 0)
			diag_add(r->d, DIAG_ERROR, e->key_at,
				"write the words behind the ':' or remove the line", "'%.*s' has no synonym",
				STRF(e->key));
		else if (known != NULL)
			diag_add(r->d, DIAG_ERROR, e->key_at, "put all its synonyms into one line",
				"'%.*s' already has synonyms in %.*s", STRF(e->key),
				STRF(value_line(r->a, &known->expansion)));
		else
			*vec_push(r->a, &c->synonyms) = (struct synonym){.word = e->key, .expansion = v};
	}
}

/* ---- tests ------------------------------------------------------------------------ */

static void parse_test_text(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct rule_test *t = base;
	*vec_push(r->a, &t->values) = *v;
}

static void parse_test_kind(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	enum kind kind;
	if (!kind_from(v->text, &kind))
		value_error(r, v, v->text, "such as grant, tender or prize",
			"there is no kind of call named '%.*s'", STRF(v->text));
	parse_test_text(r, k, v, base);
}

static void parse_test_country(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct word_filter unused;
	struct key list = {.name = k->name};
	parse_countries(r, &list, v, &unused);
	parse_test_text(r, k, v, base);
}

static void parse_test_budget(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct budget budget;
	if (!money_parse(v->text, &budget))
		value_error(r, v, v->text, "for example: EUR 2 million", "'%.*s' is no amount of money",
			STRF(v->text));
	parse_test_text(r, k, v, base);
}

/* "in 60 days" */
static bool days_ahead(struct str s, int64_t *days)
{
	struct str rest, in = str_word(s, &rest), number = str_word(rest, &rest),
			 unit = str_word(rest, &rest);
	return str_ieq(in, STR("in")) && str_to_i64(number, 0, TEST_DAYS_MAX, days) &&
	       (str_ieq(unit, STR("days")) || str_ieq(unit, STR("day"))) && str_trim(rest).n == 0;
}

static void parse_test_deadline(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct rule_test *t = base;
	struct date date;
	if (!days_ahead(v->text, &t->days) && !date_from_iso(v->text, &date) && !str_ieq(v->text, STR("none")))
		value_error(r, v, v->text, "for example: in 60 days, 2027-03-01, or none",
			"'%.*s' is no deadline", STRF(v->text));
	parse_test_text(r, k, v, base);
}

/* "score >= 2" */
static bool score_wanted(struct str part, int64_t *score)
{
	struct str rest, word = str_word(part, &rest);
	rest = str_trim(rest);
	return str_ieq(word, STR("score")) && str_starts(rest, STR(">=")) &&
	       str_to_i64(str_trim(str_sub(rest, 2, rest.n)), INT32_MIN, INT32_MAX, score);
}

static void parse_test_expect(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	static const char word[] = "because ";
	struct rule_test *t = base;
	struct str rest = v->text, part = next_part(&rest, ',');
	t->expect = *v;
	t->expect_match = str_ieq(part, STR("match"));
	if (!t->expect_match && !str_ieq(part, STR("no match")))
		value_error(r, v, part, expect_hint, "expected 'match' or 'no match' first, not '%.*s'",
			STRF(part));
	while (rest.n > 0) {
		part = next_part(&rest, ',');
		if (str_istarts(part, STR("because ")))
			*vec_push(r->a, &t->because) = str_trim(str_sub(part, sizeof(word) - 1, part.n));
		else if (score_wanted(part, &t->score))
			t->expect_score = true;
		else
			value_error(r, v, part, expect_hint, "'%.*s' can't be expected", STRF(part));
	}
	if (!t->expect_match && (t->expect_score || t->because.n > 0))
		value_error(r, v, v->text, "leave the rest out, or expect 'match'",
			"a call that must not match has no score and no reasons");
	parse_test_text(r, k, v, base);
}

void rule_test_read(struct reading *r, const struct lexed *f, const struct section *s, struct rule_test *out)
{
	out->name = s->id;
	out->at = s->at;
	out->days = -1;
	section_read(r, &test_schema, f, s, out);
}

void rule_test_settle(struct reading *r, const struct config *c, const struct rule_test *t)
{
	const struct value *profile = NULL;
	for (size_t i = 0; i < t->values.n; i++)
		if (str_ieq(t->values.v[i].key, STR("profile")))
			profile = &t->values.v[i];
	if (profile == NULL) {
		diag_add(r->d, DIAG_WARNING, t->at, "give it a 'profile:' line",
			"this test names no profile, so nothing is tried");
		return;
	}
	if (conf_profile(c, profile->text) != NULL)
		return;
	const char **names = arena_make_n(r->a, c->profiles.n + 1, const char *);
	for (size_t i = 0; i < c->profiles.n; i++)
		names[i] = str_c(r->a, c->profiles.v[i].id);
	value_error(r, profile, profile->text, diag_suggest(r->d, profile->text, names, c->profiles.n),
		"there is no profile called '%.*s'", STRF(profile->text));
}
