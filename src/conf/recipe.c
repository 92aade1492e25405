/* SPDX-License-Identifier: MIT
 *
 * [source ...] sections: recipes. Keys and their plain values are checked here;
 * jq programs and XPaths only pass through, extract/ compiles them.
 */
#include "conf/load.h"

#define MINUTE_MS	   ((int64_t)60 * 1000)
#define EVERY_MAX_MS	   (31 * 24 * 60 * MINUTE_MS) /* longest time between polls */
#define PAUSE_MAX_MS	   (10 * MINUTE_MS)	      /* longest pause between requests */
#define PAGES_DEFAULT	   60			      /* pages where the recipe gives no "at most" */
#define PAGES_MAX	   1000			      /* pages of one poll */
#define PAGE_FROM_MAX	   1000000		      /* first page's number */
#define ITEMS_MAX	   100000		      /* items of one poll */
#define PAGE_BYTES_MAX	   ((int64_t)256 << 20)	      /* bytes of one decompressed page */
#define PAGE_BYTES_DEFAULT ((int64_t)16 << 20)
#define ITEMS_DEFAULT	   20000
#define GONE_MIN	   2  /* polls: one that misses a call tells nothing */
#define GONE_MAX	   50
#define COMPLETE_DEFAULT   80 /* percent of the items that have a field which `complete` names */
#define STREAM_DEPTH_MAX   8  /* depth of the array that is streamed */

static key_parse parse_part, parse_header, parse_default, parse_pages, parse_every, parse_pause,
	parse_at_least, parse_at_most, parse_gone_after, parse_complete, parse_dates, parse_closes_at, parse_stream;

static const char *const format_words[] = {
	[FORMAT_FEED] = "feed",
	[FORMAT_JSON] = "json",
	[FORMAT_XML] = "xml",
	[FORMAT_HTML] = "html",
	[FORMAT_MAIL] = "mail",
	NULL,
};
static const char *const identity_words[] = {
	[IDENTITY_CALL] = "call",
	[IDENTITY_GUID] = "guid",
	[IDENTITY_URL] = "url",
	[IDENTITY_TITLE] = "title",
	NULL,
};
static const char *const repair_words[] = {[REPAIR_NOTHING] = "nothing", [REPAIR_UTF8] = "utf-8", NULL};
static const char *const method_words[] = {"GET", "POST", NULL};
enum { DETAIL_HTML, DETAIL_JSON, DETAIL_XML };
static const char *const detail_words[] = {
	[DETAIL_HTML] = "html",
	[DETAIL_JSON] = "json",
	[DETAIL_XML] = "xml",
	NULL,
};
static const enum format detail_formats[] = {
	[DETAIL_HTML] = FORMAT_HTML,
	[DETAIL_JSON] = FORMAT_JSON,
	[DETAIL_XML] = FORMAT_XML,
};
static const char *const bool_words[] = {"no", "yes", NULL};

static const char *const field_names[FIELD_COUNT] = {
	[FIELD_ID] = "id",
	[FIELD_TITLE] = "title",
	[FIELD_LINK] = "link",
	[FIELD_PUBLISHED] = "published",
	[FIELD_UPDATED] = "updated",
	[FIELD_SUMMARY] = "summary",
	[FIELD_CONTENT] = "content",
	[FIELD_AUTHOR] = "author",
	[FIELD_CATEGORY] = "category",
	[FIELD_LANGUAGE] = "language",
	[FIELD_DEADLINE] = "deadline",
	[FIELD_OPENS] = "opens",
	[FIELD_BUDGET] = "budget",
	[FIELD_CALL] = "call",
	[FIELD_PROGRAMME] = "programme",
	[FIELD_KIND] = "kind",
	[FIELD_STATUS] = "status",
	[FIELD_COUNTRY] = "country",
	[FIELD_FUNDER] = "funder",
	[FIELD_ELIGIBILITY] = "eligibility",
};

/* The recipe and what its checks need besides. */
struct recipe_draft {
	struct recipe recipe;
	unsigned method;				     /* index of method_words */
	struct value method_at, url_at, pages_at, stream_at; /* empty = not given */
	struct value detail, detail_expect, detail_fields[FIELD_COUNT];
	unsigned detail_format; /* index of detail_words */
};

#define AT(member)	 .offset = offsetof(struct recipe_draft, recipe.member)
#define AT_DRAFT(member) .offset = offsetof(struct recipe_draft, member)
#define RAW		 .value = VALUE_RAW, .parse = parse_value
#define FIELD(name, f, text)                                                                                 \
	{                                                                                                    \
		name, RAW,                                                                                   \
			.offset = offsetof(struct recipe_draft, recipe.fields) + (f) * sizeof(struct value), \
			.help = text                                                                         \
	}
#define DETAIL(name, f, text)                                                                                \
	{                                                                                                    \
		"detail " name, RAW,                                                                         \
			.offset = offsetof(struct recipe_draft, detail_fields) + (f) * sizeof(struct value), \
			.help = "the same on the page of `detail`: " text                                    \
	}

static key_parse parse_url, parse_method;

static const struct key source_keys[] = {
	{"label", .parse = parse_text, AT(label),
		.help = "the source's name for people; default: the recipe's name"},
	{"homepage", .parse = parse_http, AT(homepage), .help = "where people read it"},
	{"verified", .parse = parse_bool, AT(verified), .words = bool_words, .missing = "no",
		.help = "no: nobody could try it against the live portal yet"},
	{"default", "KEY", .form = KEY_MANY, .parse = parse_default,
		.help = "kind, funder, country, language or programme of items that don't say"},
	{"format", .form = KEY_REQUIRED, .parse = parse_choice, AT(format), .words = format_words,
		.help = "feed, json, xml, html or mail"},
	{"url", .parse = parse_url,
		.help = "what is fetched; here, in body and in parts stand {page} for the number of the page, "
			"{offset} for how many items come before it, {token} for what 'token' gave"},
	{"method", .parse = parse_method, .help = "GET or POST; default: GET, with a body or parts POST"},
	{"part", "NAME TYPE", .form = KEY_MANY, .value = VALUE_RAW, .parse = parse_part,
		.help = "one part of a multipart/form-data body"},
	{"header", "NAME", .form = KEY_MANY, .parse = parse_header, .help = "one more header of the request"},
	{"body", .value = VALUE_LINES, .parse = parse_value, AT(body),
		.help = "the body of a POST without parts"},
	{"pages", .parse = parse_pages,
		.help = "from 1, step 100 (of {offset}), by Link header, until empty, at most 60; default: one page"},
	{"every", .parse = parse_every, .missing = "6 hours", .help = "time between polls"},
	{"pause", .parse = parse_pause, .missing = "2 s",
		.help = "time between two requests to the same host"},
	{"expect", RAW, AT(expect), .help = "a jq test or an XPath that must hold, else the poll failed"},
	{"complete", .parse = parse_complete,
		.help = "fields that items have: title, link, deadline in 50 %; default share: 80 %"},
	{"at least", .parse = parse_at_least, .missing = "1 items", .help = "fewer items fail the poll"},
	{"lists all", .parse = parse_bool, AT(lists_all), .words = bool_words, .missing = "no",
		.help = "yes: every poll shows all open calls, so that one that vanishes is over"},
	{"gone after", .parse = parse_gone_after, .missing = "3 polls",
		.help = "with 'lists all': so many complete polls in a row without a call close it; at least 2"},
	{"at most", .parse = parse_at_most,
		.help = "more bytes or items fail the poll; default: 16 MB a page, 20000 items"},
	{"items", .value = VALUE_LINES, .parse = parse_value, AT(items),
		.help = "json: a jq program that yields items; xml, html: the XPath of one item"},
	{"dates", .parse = parse_dates,
		.help = "forms of dates in strptime letters, several with ||; 'as date' drops the time"},
	{"zone", .parse = parse_zone, AT(rules.zone), .missing = "UTC",
		.help = "time zone of dates that name none"},
	{"closes at", .parse = parse_closes_at, .help = "time of day at which a deadline without one passes"},
	{"identity", .parse = parse_choice, AT(rules.identity), .words = identity_words, .missing = "call",
		.help = "what tells a call from others: call, guid, url or title"},
	{"repair", .parse = parse_choice, AT(rules.repair), .words = repair_words, .missing = "nothing",
		.help = "utf-8: undo what came of UTF-8 that was encoded twice in all texts"},
	{"next", RAW, AT(next), .help = "json: a jq program, xml, html: an XPath of the link to the next page"},
	{"token", RAW, AT(token),
		.help = "json: a jq program, xml, html: an XPath of what {token} is on the next page"},
	{"relevance", .parse = parse_value, AT(relevance),
		.help = "a rule that an item must meet to be stored"},
	{"detail", RAW, AT_DRAFT(detail),
		.help = "a page with more about one call, asked for once when the call suits a profile: 'link' (the "
			"call's own link) or a URL with {call}, {id} or {link}; fills in what the list does not say"},
	{"detail format", .parse = parse_choice, AT_DRAFT(detail_format), .words = detail_words,
		.missing = "html", .help = "html, json or xml"},
	{"detail expect", RAW, AT_DRAFT(detail_expect),
		.help = "a jq test or an XPath that must hold on that page, else nothing is taken from it"},
	{"stream", .parse = parse_stream,
		.help = "depth of a huge JSON array that is read element by element"},
	FIELD("id", FIELD_ID, "the source's own id"),
	FIELD("title", FIELD_TITLE, "the title"),
	FIELD("link", FIELD_LINK, "the link to the call"),
	FIELD("published", FIELD_PUBLISHED, "when it was published"),
	FIELD("updated", FIELD_UPDATED, "when it was changed"),
	FIELD("summary", FIELD_SUMMARY, "a short text"),
	FIELD("content", FIELD_CONTENT, "the full text"),
	FIELD("author", FIELD_AUTHOR, "who wrote it"),
	FIELD("category", FIELD_CATEGORY, "categories"),
	FIELD("language", FIELD_LANGUAGE, "its language"),
	FIELD("deadline", FIELD_DEADLINE, "deadlines"),
	FIELD("opens", FIELD_OPENS, "when applying becomes possible"),
	FIELD("budget", FIELD_BUDGET, "money"),
	FIELD("call", FIELD_CALL, "the identifier of this one call, never of a group of calls"),
	FIELD("programme", FIELD_PROGRAMME, "the programme"),
	FIELD("kind", FIELD_KIND, "grant, tender, ..."),
	FIELD("status", FIELD_STATUS, "the source's own word for open or closed"),
	FIELD("country", FIELD_COUNTRY, "countries"),
	FIELD("funder", FIELD_FUNDER, "who pays"),
	FIELD("eligibility", FIELD_ELIGIBILITY, "who may apply"),
	DETAIL("summary", FIELD_SUMMARY, "a short text"),
	DETAIL("content", FIELD_CONTENT, "the full text"),
	DETAIL("category", FIELD_CATEGORY, "categories"),
	DETAIL("language", FIELD_LANGUAGE, "its language"),
	DETAIL("deadline", FIELD_DEADLINE, "deadlines"),
	DETAIL("opens", FIELD_OPENS, "when applying becomes possible"),
	DETAIL("budget", FIELD_BUDGET, "money"),
	DETAIL("programme", FIELD_PROGRAMME, "the programme"),
	DETAIL("kind", FIELD_KIND, "grant, tender, ..."),
	DETAIL("status", FIELD_STATUS, "the source's own word for open or closed"),
	DETAIL("country", FIELD_COUNTRY, "countries"),
	DETAIL("funder", FIELD_FUNDER, "who pays"),
	DETAIL("eligibility", FIELD_ELIGIBILITY, "who may apply"),
};

const struct schema source_schema = {
	.kind = "source",
	.id = ID_NAME,
	.keys = source_keys,
	.n = COUNT(source_keys),
	.help = "a recipe: how a portal is read",
};

const char *field_name(enum field f)
{
	return field_names[f];
}

/* ---- numbers with units -------------------------------------------------------- */

/* "6 hours" -> milliseconds. */
static bool duration_parse(struct str s, int64_t *out)
{
	static const struct {
		const char *names; /* "hours hour h" */
		int64_t ms;
	} units[] = {
		{"ms", 1},
		{"s second seconds", 1000},
		{"minutes minute min", MINUTE_MS},
		{"hours hour h", 60 * MINUTE_MS},
		{"days day", 24 * 60 * MINUTE_MS},
		{"weeks week", 7 * 24 * 60 * MINUTE_MS},
	};
	struct str unit, number = str_word(s, &unit), name;
	unit = str_trim(unit);
	for (size_t i = 0; i < COUNT(units); i++) {
		struct str names = str_of(units[i].names);
		while ((name = str_word(names, &names)).n > 0)
			if (str_ieq(unit, name))
				return str_to_i64(number, 0, 1000000, out) &&
				       !__builtin_mul_overflow(*out, units[i].ms, out);
	}
	return false;
}

static void parse_every(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	int64_t ms;
	if (duration_parse(v->text, &ms) && ms >= MINUTE_MS && ms <= EVERY_MAX_MS)
		((struct recipe_draft *)base)->recipe.every = ms / 1000;
	else
		value_error(r, v, v->text, "from 1 minute to 31 days",
			"expected a time such as '6 hours', not '%.*s'", STRF(v->text));
}

static void parse_pause(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	int64_t ms;
	if (duration_parse(v->text, &ms) && ms <= PAUSE_MAX_MS)
		((struct recipe_draft *)base)->recipe.pause = ms;
	else
		value_error(r, v, v->text, "at most 10 minutes", "expected a time such as '2 s', not '%.*s'",
			STRF(v->text));
}

/* "100 items" */
static bool items_parse(struct str s, int64_t *out)
{
	struct str unit, number = str_word(s, &unit);
	unit = str_trim(unit);
	return (str_ieq(unit, STR("items")) || str_ieq(unit, STR("item"))) &&
	       str_to_i64(number, 0, ITEMS_MAX, out);
}

/* "16 MB a page" */
static bool page_bytes_parse(struct str s, int64_t *out)
{
	struct str rest, number = str_word(s, &rest), unit = str_word(rest, &rest);
	rest = str_trim(rest);
	int64_t scale = str_ieq(unit, STR("MB")) ? (int64_t)1 << 20 : str_ieq(unit, STR("KB")) ? 1 << 10 : 0;
	if (scale == 0 || (rest.n > 0 && !str_ieq(rest, STR("a page"))))
		return false;
	if (!str_to_i64(number, 1, PAGE_BYTES_MAX / scale, out))
		return false;
	*out *= scale;
	return true;
}

static void parse_at_least(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	if (!items_parse(v->text, &((struct recipe_draft *)base)->recipe.at_least))
		value_error(r, v, v->text, NULL, "expected a number such as '100 items', not '%.*s'",
			STRF(v->text));
}

static void parse_gone_after(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct str unit, number = str_word(v->text, &unit);
	if (!str_ieq(str_trim(unit), STR("polls")) ||
		!str_to_i64(number, GONE_MIN, GONE_MAX, &((struct recipe_draft *)base)->recipe.gone_after))
		value_error(r, v, v->text, NULL, "expected a number of polls from %d to %d such as '3 polls', not '%.*s'",
			GONE_MIN, GONE_MAX, STRF(v->text));
}

static void parse_at_most(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct recipe *recipe = &((struct recipe_draft *)base)->recipe;
	struct str rest = v->text;
	while (rest.n > 0) {
		struct str part = next_part(&rest, ',');
		if (!items_parse(part, &recipe->at_most_items) && !page_bytes_parse(part, &recipe->max_bytes))
			value_error(r, v, part,
				"for example: 16 MB a page, 20000 items (either or both; at most 256 MB)",
				"'%.*s' is neither a size of a page nor a number of items", STRF(part));
	}
}

/* "deadline in 50 %" -> the field and the share; without "in" COMPLETE_DEFAULT. */
static bool share_parse(struct str s, struct str *name, int64_t *percent)
{
	struct str rest;
	*name = str_word(s, &rest);
	rest = str_trim(rest);
	*percent = COMPLETE_DEFAULT;
	if (rest.n == 0)
		return true;
	if (!str_starts(rest, STR("in ")) || !str_ends(rest, STR("%")))
		return false;
	return str_to_i64(str_trim(str_sub(rest, 3, rest.n - 1)), 1, 100, percent);
}

static void parse_complete(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct recipe *recipe = &((struct recipe_draft *)base)->recipe;
	struct str rest = v->text;
	while (rest.n > 0) {
		struct str name, part = next_part(&rest, ',');
		int64_t percent;
		size_t f = 0;
		if (!share_parse(part, &name, &percent)) {
			value_error(r, v, part, "for example: title, link, deadline in 50 %",
				"expected a field and a share, not '%.*s'", STRF(part));
			continue;
		}
		while (f < FIELD_COUNT && !str_eq(name, str_of(field_names[f])))
			f++;
		if (f < FIELD_COUNT)
			recipe->complete[f] = (int)percent;
		else
			value_error(r, v, name, diag_suggest(r->d, name, field_names, FIELD_COUNT),
				"an item has no field '%.*s'", STRF(name));
	}
}

static void parse_stream(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct recipe_draft *d = base;
	d->stream_at = *v;
	if (!str_to_i64(v->text, 1, STREAM_DEPTH_MAX, &d->recipe.stream))
		value_error(r, v, v->text, NULL, "expected a depth from 1 to %d, not '%.*s'",
			STREAM_DEPTH_MAX, STRF(v->text));
}

/* "1", or "0 step 100" */
static bool parse_from(struct str s, struct recipe *r)
{
	struct str rest, number = str_word(s, &rest), word = str_word(rest, &rest);
	if (!str_to_i64(number, 0, PAGE_FROM_MAX, &r->page_from))
		return false;
	return word.n == 0 || (str_ieq(word, STR("step")) &&
				      str_to_i64(str_trim(rest), 1, PAGE_FROM_MAX, &r->page_step));
}

static void parse_pages(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct recipe_draft *d = base;
	struct str rest = v->text;
	d->pages_at = *v;
	while (rest.n > 0) {
		struct str part = next_part(&rest, ',');
		bool ok = true;
		if (str_ieq(part, STR("until empty")))
			d->recipe.pages_until_empty = true;
		else if (str_ieq(part, STR("by Link header")))
			d->recipe.pages_by_link = true;
		else if (str_istarts(part, STR("from ")))
			ok = parse_from(str_trim(str_sub(part, 5, part.n)), &d->recipe);
		else if (str_istarts(part, STR("step ")))
			ok = str_to_i64(
				str_trim(str_sub(part, 5, part.n)), 1, PAGE_FROM_MAX, &d->recipe.page_step);
		else if (str_istarts(part, STR("at most ")))
			ok = str_to_i64(
				str_trim(str_sub(part, 8, part.n)), 1, PAGES_MAX, &d->recipe.page_max);
		else
			ok = false;
		if (!ok)
			value_error(r, v, part, "for example: from 1, until empty, at most 60",
				"'%.*s' says nothing about pages", STRF(part));
	}
}

/* ---- requests -------------------------------------------------------------------- */

static void parse_url(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct recipe_draft *d = base;
	struct key url = {.name = k->name, AT(url)};
	d->url_at = *v;
	parse_http(r, &url, v, base);
}

static void parse_method(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct recipe_draft *d = base;
	struct key method = {.name = k->name, .words = method_words, AT_DRAFT(method)};
	d->method_at = *v;
	parse_choice(r, &method, v, base);
}

/* A word as HTTP and MIME names are: no separators. */
static bool token_valid(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || s.p[i] > '~' || strchr("()<>@,;:\\\"[]?={}", s.p[i]) != NULL)
			return false;
	return s.n > 0;
}

static void parse_part(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct recipe *recipe = &((struct recipe_draft *)base)->recipe;
	struct str type, name = str_word(key_argument(k, v), &type);
	type = str_trim(type);
	if (!token_valid(name) || type.n == 0 || str_find_char(type, '/') == SIZE_MAX ||
		str_find_char(type, ' ') != SIZE_MAX) {
		value_error(r, v, v->key, "for example: part query application/json: {...}",
			"'part' needs a name and a type before the ':'");
		return;
	}
	*vec_push(r->a, &recipe->parts) = (struct part){.name = name, .type = type, .data = *v};
}

static void parse_header(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	struct recipe *recipe = &((struct recipe_draft *)base)->recipe;
	struct str name = key_argument(k, v);
	if (!token_valid(name))
		value_error(r, v, name, "for example: header Accept: application/json",
			"'%.*s' is no name of a header", STRF(name));
	*vec_push(r->a, &recipe->headers) =
		str_of(arena_printf(r->a, "%.*s: %.*s", STRF(name), STRF(v->text)));
}

/* ---- constants and dates ------------------------------------------------------------ */

static void default_kind(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	enum kind kind;
	if (!kind_from(v->text, &kind))
		value_error(r, v, v->text, "such as grant, tender or prize",
			"there is no kind of call named '%.*s'", STRF(v->text));
	parse_text(r, k, v, base);
}

static void parse_default(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	static const struct key defaults[] = {
		{"kind", .parse = default_kind, AT(rules.kind)},
		{"funder", .parse = parse_text, AT(rules.funder)},
		{"country", .parse = parse_country, AT(rules.country)},
		{"language", .parse = parse_language, AT(rules.language)},
		{"programme", .parse = parse_text, AT(rules.programme)},
	};
	const char *names[COUNT(defaults)];
	struct str name = key_argument(k, v);
	for (size_t i = 0; i < COUNT(defaults); i++) {
		names[i] = defaults[i].name;
		if (!str_ieq(name, str_of(names[i])))
			continue;
		if (TARGET(struct str, &defaults[i], base)->n > 0)
			value_error(
				r, v, v->key, "keep one of them", "'default %s' is given twice", names[i]);
		else
			defaults[i].parse(r, &defaults[i], v, base);
		return;
	}
	const char *hint = diag_suggest(r->d, name, names, COUNT(names));
	value_error(r, v, name, hint,
		"'default' knows kind, funder, country, language and programme, not '%.*s'", STRF(name));
}

/* strptime() letters with something to find: "%d.%m.%Y". */
static bool date_form_valid(struct str s)
{
	static const char letters[] = "YymdejHIMSpbBhaAzZTRDFnst%";
	size_t found = 0;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '%')
			continue;
		if (++i == s.n || s.p[i] == '\0' || strchr(letters, s.p[i]) == NULL)
			return false;
		found++;
	}
	return found > 0;
}

static void parse_dates(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	struct recipe *recipe = &((struct recipe_draft *)base)->recipe;
	struct str rest = v->text;
	while (rest.n > 0) {
		size_t bars = str_find(rest, STR(" || "));
		struct str form = str_trim(str_sub(rest, 0, bars)), letters = form;
		rest = bars == SIZE_MAX ? (struct str){0} : str_sub(rest, bars + 4, rest.n);
		if (str_ends(form, STR(" as date")))
			letters = str_trim(str_sub(form, 0, form.n - strlen(" as date")));
		if (date_form_valid(letters))
			*vec_push(r->a, &recipe->rules.dates) = form;
		else
			value_error(r, v, form, "for example: %d.%m.%Y || %Y-%m-%dT%H:%M:%S as date",
				"'%.*s' is no form of a date", STRF(form));
	}
}

static void parse_closes_at(struct reading *r, const struct key *k, const struct value *v, void *base)
{
	(void)k;
	if (!minute_parse(v->text, &((struct recipe_draft *)base)->recipe.rules.closes_at))
		value_error(r, v, v->text, NULL, "expected a time of day such as 17:00, not '%.*s'",
			STRF(v->text));
}

/* ---- what must fit together ----------------------------------------------------------- */

/* Whether the URL, the body or a part holds `mark`. */
static bool holds(const struct recipe *p, const char *mark)
{
	bool found = str_find(p->url, str_of(mark)) != SIZE_MAX ||
		     str_find(p->body.text, str_of(mark)) != SIZE_MAX;
	for (size_t i = 0; i < p->parts.n; i++)
		found = found || str_find(p->parts.v[i].data.text, str_of(mark)) != SIZE_MAX;
	return found;
}

static void check_request(struct reading *r, struct recipe_draft *d)
{
	struct recipe *p = &d->recipe;
	bool sends = p->parts.n > 0 || p->body.text.n > 0;
	if (d->url_at.text.n == 0 && p->format != FORMAT_MAIL)
		diag_add(r->d, DIAG_ERROR, p->at, "what is fetched: url: https://...",
			"this [source] has no 'url:'");
	if (p->parts.n > 0 && p->body.text.n > 0)
		value_error(r, &p->body, p->body.text, "keep one of them",
			"a request has parts or a body, not both");
	if (sends && d->method_at.text.n > 0 && d->method == 0)
		value_error(r, &d->method_at, d->method_at.text, "write POST",
			"a GET request sends neither body nor parts");
	p->method = sends || d->method == 1 ? STR("POST") : STR("GET");
	p->rules.base = p->url;
}

/* {token} and what gives it belong together. */
static void check_token(struct reading *r, const struct recipe_draft *d)
{
	static const char hint[] =
		"'token:' finds on each page what {token} in url, body or a part is on the next";
	const struct recipe *p = &d->recipe;
	bool used = holds(p, "{token}"), given = p->token.text.n > 0;
	if (used && !given)
		value_error(r, &d->url_at, d->url_at.text, hint, "{token} needs a 'token:' line");
	if (given && !used && p->format != FORMAT_FEED)
		value_error(r, &p->token, p->token.text, hint, "'token' has no {token} to stand for");
}

static void check_pages(struct reading *r, struct recipe_draft *d)
{
	struct recipe *p = &d->recipe;
	bool offset = holds(p, "{offset}");
	bool numbered = holds(p, "{page}") || offset;
	bool given = d->pages_at.text.n > 0, follows = p->next.text.n + p->token.text.n > 0 || p->pages_by_link;
	if (numbered && !given)
		value_error(r, &d->url_at, d->url_at.text,
			"for example: pages: from 1, until empty, at most 60",
			"with {page} or {offset} a 'pages:' line is needed");
	if (given && offset != (p->page_step > 0))
		value_error(r, &d->pages_at, d->pages_at.text, "for example: from 0 step 100, until empty",
			offset ? "{offset} needs a 'step'" : "a 'step' counts {offset}, which is nowhere");
	if (given && !numbered && !follows && p->page_max != 1)
		value_error(r, &d->pages_at, d->pages_at.text,
			"write {page} where the number belongs, or give 'next:'",
			"every page would be the same, for nothing holds {page}");
	if (p->page_max == 0)
		p->page_max = given || follows ? PAGES_DEFAULT : 1;
}

static void unused(struct reading *r, const struct value *v, const char *hint, const char *what)
{
	if (v->text.n > 0)
		value_error(r, v, v->text, hint, "%s", what);
}

/* What the format has no use for would silently do nothing. */
static void check_unused(struct reading *r, const struct recipe_draft *d)
{
	const struct recipe *p = &d->recipe;
	bool tree = p->format == FORMAT_XML || p->format == FORMAT_HTML, json = p->format == FORMAT_JSON;
	if (!tree && !json && p->items.text.n > 0)
		value_error(r, &p->items, p->items.text, "remove it", "a source of format %s has no 'items:'",
			format_words[p->format]);
	if (!tree && !json) {
		static const char hint[] = "pages of feeds are numbered, or named by a Link header";
		unused(r, &p->next, hint, "'next' is for json, xml and html only");
		unused(r, &p->token, hint, "'token' is for json, xml and html only");
	}
	if (p->stream > 0) {
		static const char hint[] = "a streamed document is never whole in memory";
		unused(r, &p->next, hint, "'next' and 'stream' exclude each other");
		unused(r, &p->token, hint, "'token' and 'stream' exclude each other");
		unused(r, &p->expect, hint, "'expect' and 'stream' exclude each other");
	}
	if (!json && p->stream > 0)
		value_error(r, &d->stream_at, d->stream_at.text, "remove it", "'stream' is for json only");
	for (size_t i = 0; json && i < FIELD_COUNT; i++)
		if (p->fields[i].text.n > 0)
			value_error(r, &p->fields[i], p->fields[i].text,
				"let the jq program of 'items' give it",
				"a source of format json has no '%s:' of its own", field_names[i]);
}

static void check_content(struct reading *r, const struct recipe_draft *d)
{
	const struct recipe *p = &d->recipe;
	bool tree = p->format == FORMAT_XML || p->format == FORMAT_HTML;
	const char *format = format_words[p->format];
	if ((tree || p->format == FORMAT_JSON) && p->items.text.n == 0)
		diag_add(r->d, DIAG_ERROR, p->at, "it says what one item is",
			"a source of format %s needs 'items:'", format);
	if (tree && p->fields[FIELD_TITLE].text.n == 0)
		diag_add(r->d, DIAG_ERROR, p->at, "for example: title: .//h2/a",
			"a source of format %s needs 'title:'", format);
}

/* ---- detail pages ------------------------------------------------------------------------ */

/* Whether nothing stands in braces but what a call has. */
static bool detail_url_valid(struct str s, struct str *wrong)
{
	static const char *const marks[] = {"{call}", "{id}", "{link}"};
	for (size_t i = 0; i < s.n; i++) {
		struct str rest = str_sub(s, i, s.n);
		bool known = s.p[i] != '{' && s.p[i] != '}';
		for (size_t k = 0; k < COUNT(marks) && !known; k++)
			if (str_starts(rest, str_of(marks[k]))) {
				known = true;
				i += strlen(marks[k]) - 1;
			}
		*wrong = rest;
		if (!known)
			return false;
	}
	return true;
}

static void check_detail_url(struct reading *r, const struct value *v, struct str *out)
{
	struct str wrong;
	bool web = str_istarts(v->text, STR("https://")) || str_istarts(v->text, STR("http://"));
	if (str_eq(v->text, STR("link")))
		return;
	*out = v->text;
	if (!web)
		value_error(r, v, v->text, "detail: link, or detail: https://.../{id}",
			"expected 'link' or a link with http:// or https://");
	else if (!detail_url_valid(v->text, &wrong))
		value_error(r, v, wrong, "{call}, {id} and {link} are known here",
			"this stands for nothing that a call has");
	else if (str_find_char(v->text, '{') == SIZE_MAX)
		value_error(r, v, v->text, "write {call}, {id} or {link} where they belong",
			"this page would be the same for every call");
}

/* The recipe by which one page of a call is read: what it does not say itself is as in
 * the source's own recipe, without its constants. */
static struct recipe *detail_recipe(struct reading *r, const struct recipe_draft *d)
{
	const struct recipe *p = &d->recipe;
	struct recipe *out = arena_make(r->a, struct recipe);
	*out = (struct recipe){
		.name = p->name,
		.label = p->label,
		.is_detail = true,
		.format = detail_formats[d->detail_format],
		.method = STR("GET"),
		.headers = p->headers,
		.page_max = 1,
		.pause = p->pause,
		.expect = d->detail_expect,
		.max_bytes = p->max_bytes,
		.rules = {.source = p->rules.source,
			.dates = p->rules.dates,
			.zone = p->rules.zone,
			.closes_at = p->rules.closes_at,
			.base = p->rules.base},
		.at = p->at,
		.dir = p->dir,
	};
	memcpy(out->fields, d->detail_fields, sizeof(out->fields));
	if (out->format != FORMAT_JSON)
		out->items = (struct value){.text = STR("/*"), .key = STR("items"), .at = p->at};
	check_detail_url(r, &d->detail, &out->url);
	return out;
}

static void read_detail(struct reading *r, struct recipe_draft *d)
{
	size_t given = 0;
	const struct value *first = &d->detail_expect;
	for (size_t i = 0; i < FIELD_COUNT; i++) {
		first = given == 0 && d->detail_fields[i].text.n > 0 ? &d->detail_fields[i] : first;
		given += d->detail_fields[i].text.n > 0;
	}
	if (d->detail.text.n == 0) {
		unused(r, first, "say where: detail: link, or detail: https://.../{id}",
			"there is no 'detail:' line, so no page is asked for it");
		return;
	}
	size_t errors = r->d->errors;
	d->recipe.detail = detail_recipe(r, d);
	if (given == 0 && r->d->errors == errors)
		value_error(r, &d->detail, d->detail.text, "for example: detail deadline: //dd[@class='closes']",
			"'detail' needs at least one 'detail FIELD:' line");
}

void recipe_read(struct reading *r, const struct lexed *f, const struct section *s, struct recipe *out)
{
	struct recipe_draft d = {0};
	size_t errors = r->d->errors;
	d.recipe.name = d.recipe.label = d.recipe.rules.source = s->id;
	d.recipe.at = s->at;
	d.recipe.page_from = 1;
	d.recipe.max_bytes = PAGE_BYTES_DEFAULT;
	d.recipe.at_most_items = ITEMS_DEFAULT;
	d.recipe.rules.closes_at = -1;
	section_read(r, &source_schema, f, s, &d);
	if (r->d->errors == errors) { /* otherwise what is missing may be what was wrong */
		check_request(r, &d);
		check_pages(r, &d);
		check_token(r, &d);
		check_content(r, &d);
		check_unused(r, &d);
		read_detail(r, &d);
	}
	*out = d.recipe;
}
