/* SPDX-License-Identifier: MIT
 *
 * Filters: what a profile asks of a call besides words. Each gives a verdict with
 * the values of both sides; what the call does not say passes unless the line
 * says `unknown no`. The filter on deadlines needs a point in time and is judged
 * apart from the others.
 */
#include "match/internal.h"

#define TEXT_MAX 1000 /* bytes of a verdict's text */

static const char *const eu[] = {
	"AT",
	"BE",
	"BG",
	"CY",
	"CZ",
	"DE",
	"DK",
	"EE",
	"ES",
	"FI",
	"FR",
	"GR",
	"HR",
	"HU",
	"IE",
	"IT",
	"LT",
	"LU",
	"LV",
	"MT",
	"NL",
	"PL",
	"PT",
	"RO",
	"SE",
	"SI",
	"SK",
};
/* Associated to Horizon Europe, parts of it included. */
static const char *const associated[] = {
	"AL",
	"AM",
	"BA",
	"CA",
	"CH",
	"EG",
	"FO",
	"GB",
	"GE",
	"IL",
	"IS",
	"KR",
	"MD",
	"ME",
	"MK",
	"NO",
	"NZ",
	"RS",
	"TN",
	"TR",
	"UA",
	"XK",
};
/* Names that the EU gives two countries, and the ISO codes. */
static const char *const twins[][2] = {{"EL", "GR"}, {"UK", "GB"}};

struct tally { /* one filter being judged */
	struct arena *a;
	struct filter_verdicts *out;
	bool all;
};

static void say(struct tally *t, const char *name, bool passed, struct str text)
{
	*vec_push(t->a, &t->out->list) =
		(struct filter_verdict){.name = name, .passed = passed, .text = text};
	t->all &= passed;
}

/* "any, unknown no" lists nothing and still asks for something. */
static bool is_set(const struct word_filter *f)
{
	return f->allow.n > 0 || f->refuse.n > 0 || !f->unknown_ok;
}

/* "grant, prize, not equity" */
static struct str filter_words(struct arena *a, const struct word_filter *f)
{
	struct buf b = buf_init(TEXT_MAX);
	struct str allow = strv_join(a, &f->allow, ", ");
	buf_add(&b, f->allow.n + f->refuse.n > 0 ? allow : STR("any"));
	for (size_t i = 0; i < f->refuse.n; i++)
		buf_printf(&b, "%snot %.*s", b.n > 0 ? ", " : "", STRF(f->refuse.v[i]));
	return buf_take(&b, a);
}

static void say_unknown(struct tally *t, const char *name, bool passed, struct str wanted)
{
	say(t, name, passed,
		str_of(arena_printf(t->a, "asks for %.*s, the call does not say%s", STRF(wanted),
			passed ? "" : " (unknown no)")));
}

/* ---- kinds, programme, stage ---------------------------------------------- */

/* Whether the words of `name` stand next to each other in `text`, folded. */
static bool holds_words(struct str text, struct str name)
{
	char x[WORD_MAX], y[WORD_MAX];
	struct run r, want;
	for (size_t at = 0; run_next(text, &at, &r);) {
		size_t t = r.start, n = 0, words = 0;
		bool same = true;
		while (same && run_next(name, &n, &want)) {
			words++;
			same = run_next(text, &t, &r) &&
			       str_eq(word_fold(str_sub(text, r.start, r.end), x),
				       word_fold(str_sub(name, want.start, want.end), y));
		}
		if (same && words > 0)
			return true;
	}
	return false;
}

static bool any_holds(struct str text, const struct strv *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (holds_words(text, names->v[i]))
			return true;
	return false;
}

static void judge_words(struct tally *t, const char *name, const struct word_filter *f, struct str value)
{
	if (!is_set(f))
		return;
	struct str wanted = filter_words(t->a, f);
	if (value.n == 0) {
		say_unknown(t, name, f->unknown_ok, wanted);
		return;
	}
	bool passed = (f->allow.n == 0 || any_holds(value, &f->allow)) && !any_holds(value, &f->refuse);
	say(t, name, passed,
		str_of(arena_printf(t->a, "asks for %.*s, the call is %.*s", STRF(wanted), STRF(value))));
}

/* ---- eligible in ---------------------------------------------------------- */

static struct str iso_country(struct str c)
{
	for (size_t i = 0; i < COUNT(twins); i++)
		if (str_ieq(c, str_of(twins[i][0])))
			return str_of(twins[i][1]);
	return c;
}

static void add_codes(struct arena *a, struct strv *out, const char *const *codes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*vec_push(a, out) = str_of(codes[i]);
}

static struct strv expand(struct arena *a, const struct strv *countries)
{
	struct strv out = {0};
	for (size_t i = 0; i < countries->n; i++) {
		struct str c = str_trim(countries->v[i]);
		if (str_ieq(c, STR("EU")))
			add_codes(a, &out, eu, COUNT(eu));
		else if (str_istarts(c, STR("associated")))
			add_codes(a, &out, associated, COUNT(associated));
		else
			*vec_push(a, &out) = iso_country(c);
	}
	return out;
}

/* A country of the call that is not refused and, where some are asked for, asked for. */
static bool countries_meet(const struct strv *call, const struct strv *allow, const struct strv *refuse)
{
	for (size_t i = 0; i < call->n; i++)
		if (!strv_has(refuse, call->v[i]) && (allow->n == 0 || strv_has(allow, call->v[i])))
			return true;
	return false;
}

static void judge_countries(
	struct tally *t, const struct settings *s, const struct profile *p, const struct opportunity *o)
{
	(void)s;
	const struct word_filter *f =
		&p->eligible_in; /* the member's country when the profile says nothing */
	if (!is_set(f))
		return;
	struct str wanted = filter_words(t->a, f);
	if (o->countries.n == 0) {
		say_unknown(t, "eligible in", f->unknown_ok, wanted);
		return;
	}
	struct strv call = expand(t->a, &o->countries), allow = expand(t->a, &f->allow),
		    refuse = expand(t->a, &f->refuse);
	say(t, "eligible in", countries_meet(&call, &allow, &refuse),
		str_of(arena_printf(t->a, "asks for %.*s, the call is for %.*s", STRF(wanted),
			STRF(strv_join(t->a, &o->countries, ", ")))));
}

/* ---- eligibility by kind of organisation ---------------------------------- */

/* "sme", "SMEs", "startup": a kind of organisation and nothing else. */
static bool kind_word(struct str word, enum org_kind *out)
{
	char folded[WORD_MAX];
	struct str w = word_fold(str_trim(word), folded);
	if (org_kind_from(w, out))
		return true;
	return w.n > 1 && w.p[w.n - 1] == 's' && org_kind_from(str_sub(w, 0, w.n - 1), out);
}

/* Judged only where the text is a plain list of kinds; prose is unknown, and
 * unknown passes. */
static void judge_organisation(
	struct tally *t, const struct settings *s, const struct profile *p, const struct opportunity *o)
{
	(void)s;
	bool listed = false, open = false;
	for (struct str rest = o->eligibility; rest.n > 0;) {
		struct str word = str_trim(str_cut(rest, ',', &rest));
		enum org_kind k;
		if (word.n == 0)
			continue;
		if (!kind_word(word, &k))
			return;
		listed = true;
		open |= k == p->kind;
	}
	if (listed)
		say(t, "organisation", open,
			str_of(arena_printf(t->a, "the member is %s, the call is for %.*s",
				org_kind_name(p->kind), STRF(o->eligibility))));
}

/* ---- budget --------------------------------------------------------------- */

struct range {
	int64_t low, high;
};

/* What one applicant can get, as far as the call says. */
static bool budget_range(const struct budget *b, struct range *out)
{
	*out = (struct range){0, INT64_MAX};
	if (b->min >= 0)
		out->low = b->min;
	if (b->max >= 0)
		out->high = b->max;
	else if (b->total >= 0)
		out->high = b->total;
	return b->min >= 0 || b->max >= 0 || b->total >= 0;
}

static bool to_eur(const struct settings *s, const char *currency, int64_t *amount)
{
	if (*amount == INT64_MAX || *amount == 0 || strcmp(currency, "EUR") == 0)
		return true;
	return money_in_eur(s, *amount, currency, amount);
}

static bool range_in_eur(const struct settings *s, const char *currency, struct range *r)
{
	return to_eur(s, currency, &r->low) && to_eur(s, currency, &r->high);
}

static struct str range_text(struct arena *a, const struct range *r, const char *currency)
{
	const char *text;
	if (r->high == INT64_MAX)
		text = arena_printf(a, "at least %lld %s", (long long)r->low, currency);
	else if (r->low == r->high)
		text = arena_printf(a, "%lld %s", (long long)r->low, currency);
	else if (r->low <= 0)
		text = arena_printf(a, "at most %lld %s", (long long)r->high, currency);
	else
		text = arena_printf(a, "%lld to %lld %s", (long long)r->low, (long long)r->high, currency);
	return str_of(text);
}

static void judge_budget(
	struct tally *t, const struct settings *s, const struct profile *p, const struct opportunity *o)
{
	const struct money_filter *f = &p->budget;
	if (!f->set)
		return;
	struct range want = {f->min, f->max}, give;
	struct str wanted = range_text(t->a, &want, f->currency);
	if (!budget_range(&o->budget, &give)) {
		say_unknown(t, "budget", f->unknown_ok, wanted);
		return;
	}
	struct str given = range_text(t->a, &give, o->budget.currency);
	bool same = strcmp(f->currency, o->budget.currency) == 0;
	if (!same && !(range_in_eur(s, f->currency, &want) && range_in_eur(s, o->budget.currency, &give))) {
		say(t, "budget", f->unknown_ok,
			str_of(arena_printf(t->a, "asks for %.*s, there is no rate for the call's %.*s",
				STRF(wanted), STRF(given))));
		return;
	}
	say(t, "budget", want.low <= give.high && give.low <= want.high,
		str_of(arena_printf(t->a, "asks for %.*s, the call gives %.*s", STRF(wanted), STRF(given))));
}

/* ---- all of them ------------------------------------------------------------ */

static void judge_kinds(
	struct tally *t, const struct settings *s, const struct profile *p, const struct opportunity *o)
{
	(void)s;
	judge_words(t, "kinds", &p->kinds, str_of(kind_name(o->kind)));
}

static void judge_programme(
	struct tally *t, const struct settings *s, const struct profile *p, const struct opportunity *o)
{
	(void)s;
	judge_words(t, "programme", &p->programme, o->programme);
}

static void judge_stage(
	struct tally *t, const struct settings *s, const struct profile *p, const struct opportunity *o)
{
	(void)s;
	judge_words(t, "stage", &p->stage, o->stage);
}

static void key_words(struct buf *b, const struct word_filter *f)
{
	const struct strv *lists[] = {&f->allow, &f->refuse};
	if (!is_set(f))
		return;
	buf_addc(b, f->unknown_ok ? '?' : '!');
	for (size_t l = 0; l < COUNT(lists); l++) {
		buf_addc(b, '\n');
		for (size_t i = 0; i < lists[l]->n; i++)
			buf_printf(b, "%zu:%.*s", lists[l]->v[i].n, STRF(lists[l]->v[i]));
	}
}

static void key_kinds(struct buf *b, const struct profile *p)
{
	key_words(b, &p->kinds);
}

static void key_programme(struct buf *b, const struct profile *p)
{
	key_words(b, &p->programme);
}

static void key_stage(struct buf *b, const struct profile *p)
{
	key_words(b, &p->stage);
}

static void key_countries(struct buf *b, const struct profile *p)
{
	key_words(b, &p->eligible_in);
}

static void key_organisation(struct buf *b, const struct profile *p)
{
	buf_printf(b, "%d", (int)p->kind);
}

static void key_budget(struct buf *b, const struct profile *p)
{
	const struct money_filter *f = &p->budget;
	if (f->set)
		buf_printf(b, "%lld %lld %s %d", (long long)f->min, (long long)f->max, f->currency,
			f->unknown_ok);
}

static const struct {
	void (*judge)(struct tally *t, const struct settings *s, const struct profile *p,
		const struct opportunity *o);
	void (*key)(struct buf *b, const struct profile *p); /* writes nothing when it is not set */
} filters[FILTERS] = {
	{judge_kinds, key_kinds},
	{judge_programme, key_programme},
	{judge_stage, key_stage},
	{judge_countries, key_countries},
	{judge_organisation, key_organisation},
	{judge_budget, key_budget},
};

bool filters_judge(struct arena *a, const struct settings *s, const struct profile *p,
	const struct opportunity *o, struct filter_verdicts *out)
{
	struct tally t = {.a = a, .out = out, .all = true};
	for (size_t i = 0; i < FILTERS; i++)
		filters[i].judge(&t, s, p, o);
	return t.all;
}

bool filter_passes(struct arena *a, const struct settings *s, size_t filter, const struct profile *p,
	const struct opportunity *o)
{
	struct filter_verdicts unheard = {0};
	struct tally t = {.a = a, .out = &unheard, .all = true};
	filters[filter].judge(&t, s, p, o);
	return t.all;
}

void filter_key(struct buf *b, size_t filter, const struct profile *p)
{
	size_t before = b->n;
	filters[filter].key(b, p);
	if (b->n > before)
		buf_printf(b, " %zu", filter);
}

/* ---- deadline ------------------------------------------------------------- */

/* One can enter a call at any of its cut-offs, but not at its second stage. */
static bool enters_later(const struct deadline *d, const struct deadline *next)
{
	return d != next && date_cmp(d->date, next->date) >= 0 && !str_istarts(d->stage, STR("stage"));
}

static enum deadline_verdict judge_deadline(
	const struct days_filter *f, const struct deadline *d, int64_t now, struct date *from)
{
	int64_t days = deadline_days_left(d, now);
	if (days < f->min)
		return DEADLINE_LATE;
	if (days <= f->max)
		return DEADLINE_OK;
	*from = date_from_days(date_days(d->date) - f->max);
	return DEADLINE_EARLY;
}

enum deadline_verdict match_deadline(
	const struct profile *p, const struct opportunity *o, int64_t now, struct date *from)
{
	const struct days_filter *f = &p->deadline;
	*from = (struct date){0};
	if (!f->set)
		return DEADLINE_OK;
	if (o->deadlines.n == 0)
		return f->unknown_ok ? DEADLINE_OK : DEADLINE_LATE;
	const struct deadline *next = opportunity_deadline(o, now);
	if (next == NULL)
		return DEADLINE_LATE;
	enum deadline_verdict v = judge_deadline(f, next, now, from);
	for (size_t i = 0; i < o->deadlines.n && v == DEADLINE_LATE; i++)
		if (enters_later(&o->deadlines.v[i], next))
			v = judge_deadline(f, &o->deadlines.v[i], now, from);
	return v;
}
