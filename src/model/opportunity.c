/* SPDX-License-Identifier: MIT
 *
 * Opportunities: made from a settled item and back; what their dates say at a
 * given moment.
 */
#include "model/internal.h"

#include "base/file.h"

#define FALLBACK_TITLE_MAX ((size_t)120)   /* bytes of the text that stands in for a title */
#define LANGUAGE_TEXT	   ((size_t)1000)  /* bytes of each text in which the language is looked for */
#define ROOM_BASE	   ((size_t)65536) /* bytes for everything of an item that is short */
#define ROOM_PER_BYTE	   9		   /* U+FFFD for a bad byte, twice, and copies */

/* Words in the stage of a deadline. */
static const char two_stage_words[] = "first second two outline full i ii";

size_t item_room(const struct item *it)
{
	const struct str fields[] = {it->id, it->title, it->link, it->summary, it->content, it->author,
		it->eligibility, it->budget, it->call, it->funder, it->provenance};
	size_t sum = 0;
	for (size_t i = 0; i < COUNT(fields); i++)
		sum += fields[i].n < ITEM_TEXT_MAX ? fields[i].n : ITEM_TEXT_MAX;
	for (size_t i = 0; i < it->categories.n && i < ITEM_LIST_MAX; i++)
		sum += it->categories.v[i].n < ITEM_TEXT_MAX ? it->categories.v[i].n : ITEM_TEXT_MAX;
	return sum * ROOM_PER_BYTE + ROOM_BASE + it->deadlines.n * 2 * ITEM_TITLE_MAX;
}

/* ---- identity ---------------------------------------------------------- */

/* Upper case, white space collapsed. */
static struct str call_key(struct arena *a, struct str call)
{
	struct str line = plain_line(a, call);
	char *p = arena_printf(a, "call:%.*s", STRF(line));
	for (char *c = p + strlen("call:"); *c != '\0'; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c & ~32);
	return str_of(p);
}

static struct str hash_key(struct arena *a, const struct opportunity *o)
{
	struct str parts[] = {o->source, STR("\n"), o->title};
	return str_of(arena_printf(a, "hash:%.*s", STRF(sha256_hex(a, parts, COUNT(parts)))));
}

struct str guid_key(struct arena *a, const struct opportunity *o)
{
	struct str link = url_canonical(a, o->guid);
	return str_of(
		arena_printf(a, "guid:%.*s:%.*s", STRF(o->source), STRF(link.n > 0 ? link : o->guid)));
}

static struct str opportunity_key(struct arena *a, enum identity identity, const struct opportunity *o)
{
	struct str url = url_canonical(a, o->url);
	bool by_title = identity == IDENTITY_TITLE && o->title.n > 0;
	if (identity == IDENTITY_CALL && o->call.n > 0)
		return call_key(a, o->call);
	if (o->guid.n > 0 && !by_title && !(identity == IDENTITY_URL && url.n > 0))
		return guid_key(a, o);
	if (url.n > 0 && !by_title)
		return str_of(arena_printf(a, "url:%.*s", STRF(url)));
	return hash_key(a, o);
}

void opportunity_forget_guid(struct arena *a, struct opportunity *o)
{
	bool by_guid = str_starts(o->key, STR("guid:"));
	o->guid = (struct str){0};
	if (by_guid)
		o->key = opportunity_key(a, IDENTITY_URL, o);
}

/* ---- the source's word for the status -------------------------------------- */

/* Folded words of the languages of the EU; what opens a call wins. */
static const char over_words[] =
	"closed ended expired archived withdrawn cancelled canceled annulled geschlossen beendet abgelaufen"
	" zuruckgezogen ferme fermee cloture cloturee clos close annule annulee retire retiree suletud loppenud"
	" tuhistatud gesloten ingetrokken cerrado cerrada cancelado cancelada anulado anulada stangd avslutad"
	" installd lukket annulleret suljettu paattynyt peruttu chiuso chiusa annullato annullata ritirato"
	" encerrado encerrada fechado fechada zamkniety zamknieta anulowany uzavrena ukoncena zrusena"
	" uzavreta lezarult visszavont inchis inchisa anulat anulata zatvoren zatvoreno zaprt zaprto slegts"
	" slegta uzdaryta uzdarytas atsaukts atsaukta";
static const char open_words[] = "not nicht non pas open opens offen ouvert ouverte avatud abierto abierta oppen"
				 " open until aberto aperto otwarty";

bool status_is_over(struct str word)
{
	bool over = false;
	for (size_t i = 0; i < word.n;) {
		struct word w = word_read(word, i);
		if (w.n > 0 && word_in(&w, open_words))
			return false;
		over = over || (w.n > 0 && word_in(&w, over_words));
		i = w.end > i ? w.end : i + 1;
	}
	return over;
}

/* ---- from an item ------------------------------------------------------ */

static int minute_of(struct str time)
{
	int64_t h = 0, m = 0;
	struct str rest, hour = str_cut(time, ':', &rest);
	bool ok = hour.n == 2 && rest.n == 2 && str_to_i64(hour, 0, 23, &h) && str_to_i64(rest, 0, 59, &m);
	return ok ? (int)(h * 60 + m) : -1;
}

static void take_deadlines(struct arena *a, const struct item *it, struct opportunity *o)
{
	for (size_t i = 0; i < it->deadlines.n && i < ITEM_DEADLINES_MAX; i++) {
		const struct item_deadline *d = &it->deadlines.v[i];
		struct date date;
		if (!date_from_iso(d->date, &date))
			continue;
		*vec_push(a, &o->deadlines) = (struct deadline){.stage = d->stage,
			.date = date,
			.minute = minute_of(d->time),
			.zone = d->zone.n > 0 ? d->zone : STR("UTC")};
	}
}

/* "stage 1", "first stage", "two-stage": a word and its number. */
static bool stage_of_two(struct str stage)
{
	bool stage_word = false, number = false;
	for (size_t i = 0; i < stage.n;) {
		struct word w = word_read(stage, i);
		stage_word = stage_word || word_in(&w, "stage stages phase");
		number = number || word_in(&w, two_stage_words) || stage.p[i] == '1' || stage.p[i] == '2';
		i = w.end > i ? w.end : i + 1;
	}
	return stage_word && number;
}

/* Empty unless the deadlines say it. */
static struct str stage_of(const struct opportunity *o)
{
	for (size_t i = 0; i < o->deadlines.n; i++)
		if (stage_of_two(o->deadlines.v[i].stage))
			return STR("two-stage");
	if (o->deadlines.n != 1)
		return (struct str){0};
	struct str only = o->deadlines.v[0].stage;
	return only.n == 0 || str_ifind(only, STR("single")) != SIZE_MAX ? STR("single") : (struct str){0};
}

static int64_t amount_of(struct str digits)
{
	int64_t v;
	return str_to_i64(digits, 1, INT64_MAX, &v) ? v : AMOUNT_UNKNOWN;
}

static struct budget budget_of(const struct item *it)
{
	struct budget b = {.min = amount_of(it->budget_min),
		.max = amount_of(it->budget_max),
		.total = amount_of(it->budget_total)};
	if (it->currency.n == 3 && (b.min > 0 || b.max > 0 || b.total > 0))
		memcpy(b.currency, it->currency.p, 3);
	return b;
}

/* An item without title is known by its first words. */
static struct str title_of(struct arena *a, const struct item *it, const struct opportunity *o)
{
	if (it->title.n > 0)
		return it->title;
	struct str text = o->summary.n > 0 ? o->summary : o->body, rest;
	struct str first = cut_text(str_cut(text, '\n', &rest), FALLBACK_TITLE_MAX);
	if (first.n > 0)
		return plain_line(a, first);
	return it->call.n > 0 ? it->call : it->link.n > 0 ? it->link : it->id;
}

/* Where neither the item nor the recipe says it. */
static struct str language_of(struct arena *a, const struct opportunity *o)
{
	return language_detect(str_of(arena_printf(a, "%.*s\n%.*s\n%.*s", STRF(cut_text(o->title, LANGUAGE_TEXT)),
		STRF(cut_text(o->summary, LANGUAGE_TEXT)), STRF(cut_text(o->body, LANGUAGE_TEXT)))));
}

enum err opportunity_from_item(struct arena *a, const struct item_rules *r, const struct item *settled,
	struct opportunity *out, struct error *e)
{
	const struct item *it = settled;
	if (arena_room(a) < item_room(it))
		return err_set(e, ERR_LIMIT, "no room left for item '%.*s'",
			STRF(cut_text(it->title, FALLBACK_TITLE_MAX)));
	if (it->title.n + it->id.n + it->link.n + it->call.n == 0)
		return err_set(e, ERR_INPUT, "an item has no title, link, id or call id");
	*out = (struct opportunity){
		.guid = it->id,
		.url = url_is_path(it->link) ? (struct str){0} : it->link,
		.call = it->call,
		.programme = it->programme,
		.funder = it->funder,
		.source = it->source.n > 0 ? it->source : r->source,
		.eligibility = it->eligibility,
		.language = it->language,
		.countries = it->countries,
		.categories = it->categories,
		.source_status = it->status,
		.withdrawn = status_is_over(it->status),
		.provenance = it->provenance,
		.budget = budget_of(it),
	};
	out->body = cut_text(html_text(a, it->content), ITEM_TEXT_MAX);
	out->summary = summary_proper(cut_text(html_text(a, it->summary), ITEM_TEXT_MAX), out->body);
	out->title = title_of(a, it, out);
	if (out->language.n == 0)
		out->language = language_of(a, out);
	if (!kind_from(it->kind, &out->kind))
		out->kind = KIND_UNKNOWN;
	take_deadlines(a, it, out);
	out->stage = stage_of(out);
	if (!date_from_iso(it->opens, &out->opens))
		out->opens = (struct date){0};
	if (!instant_from_iso(it->published, &out->published) &&
		!instant_from_iso(it->updated, &out->published))
		out->published = 0;
	out->key = opportunity_key(a, r->identity, out);
	return ERR_OK;
}

/* ---- and back ---------------------------------------------------------- */

void item_from_opportunity(struct arena *a, const struct opportunity *o, struct item *out)
{
	*out = (struct item){
		.id = o->guid,
		.title = o->title,
		.link = o->url,
		.summary = o->summary,
		.content = o->body,
		.categories = o->categories,
		.language = o->language,
		.call = o->call,
		.programme = o->programme,
		.kind = str_of(kind_name(o->kind)),
		.status = o->source_status,
		.countries = o->countries,
		.funder = o->funder,
		.source = o->source,
		.eligibility = o->eligibility,
		.provenance = o->provenance,
		.budget_min = amount_text(a, o->budget.min),
		.budget_max = amount_text(a, o->budget.max),
		.budget_total = amount_text(a, o->budget.total),
		.currency = str_dup(a, str_of(o->budget.currency)),
	};
	if (o->published != 0)
		out->published = instant_iso(a, o->published);
	if (date_known(o->opens))
		out->opens = date_iso(a, o->opens);
	for (size_t i = 0; i < o->deadlines.n; i++) {
		const struct deadline *d = &o->deadlines.v[i];
		struct item_deadline *to = vec_push(a, &out->deadlines);
		*to = (struct item_deadline){
			.stage = d->stage, .date = date_iso(a, d->date), .zone = d->zone};
		if (d->minute >= 0)
			to->time = str_of(arena_printf(a, "%02d:%02d", d->minute / 60, d->minute % 60));
	}
}

struct str opportunity_text(struct arena *a, const struct opportunity *o)
{
	if (o->summary.n == 0 || o->body.n == 0)
		return o->summary.n > 0 ? o->summary : o->body;
	char *p = arena_alloc(a, o->summary.n + 2 + o->body.n + 1);
	memcpy(p, o->summary.p, o->summary.n);
	memcpy(p + o->summary.n, "\n\n", 2);
	memcpy(p + o->summary.n + 2, o->body.p, o->body.n);
	return (struct str){p, o->summary.n + 2 + o->body.n};
}

/* ---- what the dates say ------------------------------------------------ */

int64_t deadline_instant(const struct deadline *d)
{
	struct civil c = {d->date, 23, 59, 59};
	if (d->minute >= 0)
		c = (struct civil){d->date, (int8_t)(d->minute / 60), (int8_t)(d->minute % 60), 0};
	return zone_instant(d->zone, c);
}

const struct deadline *opportunity_deadline(const struct opportunity *o, int64_t now)
{
	const struct deadline *next = NULL;
	int64_t at = INT64_MAX;
	for (size_t i = 0; i < o->deadlines.n; i++) {
		int64_t t = deadline_instant(&o->deadlines.v[i]);
		if (t >= now && t < at) {
			at = t;
			next = &o->deadlines.v[i];
		}
	}
	return next;
}

int64_t deadline_days_left(const struct deadline *d, int64_t now)
{
	return date_days(d->date) - date_days(zone_civil(d->zone, now).date);
}

enum status opportunity_status(const struct opportunity *o, int64_t now)
{
	if (o->withdrawn || (o->deadlines.n > 0 && opportunity_deadline(o, now) == NULL))
		return STATUS_CLOSED;
	struct str zone = o->deadlines.n > 0 ? o->deadlines.v[0].zone : STR("UTC");
	if (date_known(o->opens) && zone_instant(zone, (struct civil){o->opens, 0, 0, 0}) > now)
		return STATUS_FORTHCOMING;
	return STATUS_OPEN;
}
