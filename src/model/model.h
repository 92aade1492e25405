/* SPDX-License-Identifier: MIT
 *
 * The nouns of the program and how an item becomes an opportunity. Everything
 * here is pure: no files, no network, no database; strings live in the arena
 * given or point into the input.
 *
 *	item          one entry as a source published it (strings, HTML kept)
 *	  item_settle()            dates, links and defaults brought to ITEM form
 *	opportunity   the normalised call: plain text, dates, money, status
 *	  opportunity_from_item()
 */
#ifndef FW_MODEL_MODEL_H
#define FW_MODEL_MODEL_H

#include "base/clock.h"
#include "base/err.h"
#include "base/json.h"
#include "base/vec.h"

/* Limits on one item; what is longer is cut at a character, and said in a note
 * only where a whole item is refused. */
#define ITEM_TITLE_MAX     ((size_t)1000)         /* bytes of a title */
#define ITEM_TEXT_MAX      ((size_t)200 * 1024)   /* bytes of summary or content */
#define ITEM_URL_MAX       ((size_t)2000)         /* bytes of a link */
#define ITEM_DEADLINES_MAX 40                     /* deadlines kept of one call */
#define ITEM_LIST_MAX      100                    /* categories or countries kept */

/* ---- kinds ------------------------------------------------------------- */

enum kind {
	KIND_UNKNOWN, KIND_GRANT, KIND_TENDER, KIND_CASCADE, KIND_EQUITY, KIND_LOAN, KIND_PRIZE,
	KIND_EVENT, KIND_PARTNER, KIND_PROGRAMME, KIND_TRAINING, KIND_NEWS, KIND_COUNT
};
enum org_kind {
	ORG_SME, ORG_STARTUP, ORG_RESEARCH, ORG_LARGE, ORG_PUBLIC, ORG_NGO, ORG_INVESTOR, ORG_COUNT
};

/* The word used in files and JSON ("grant"); "" for KIND_UNKNOWN. */
const char *kind_name(enum kind k) RET_NONNULL;
bool kind_from(struct str word, enum kind *out) NODISCARD;
const char *org_kind_name(enum org_kind k) RET_NONNULL;
bool org_kind_from(struct str word, enum org_kind *out) NODISCARD;

/* ---- as published: ITEM of design.md section 10 ------------------------- */

struct item_deadline {
	struct str stage, date, time, zone;
};

struct item {
	struct str id, title, link, published, updated, summary, content, author;
	struct strv categories;
	struct str language;
	VEC(struct item_deadline) deadlines;
	struct str opens;
	struct str budget;                               /* as text: "EUR 2.5 million"; used when the four are empty */
	struct str budget_min, budget_max, budget_total; /* as text, whole units */
	struct str currency;                             /* ISO 4217 */
	struct str call, programme, kind, status;
	struct strv countries; /* ISO 3166-1 alpha-2, or "EU" */
	struct str funder, source, eligibility;
	struct str provenance; /* of a received offer: who sent it when; empty for polled items */
};

/* What a recipe says about normalising (a part of conf's struct recipe). */
enum identity { IDENTITY_CALL, IDENTITY_GUID, IDENTITY_URL, IDENTITY_TITLE };

enum repair { REPAIR_NOTHING, REPAIR_UTF8 }; /* what a source is known to break in every text */

struct item_rules {
	struct str source;   /* the recipe's name */
	struct strv dates;   /* forms in strptime() letters, tried in order; " as date" behind one drops its time */
	struct str zone;     /* IANA zone of dates without one; empty = UTC */
	int closes_at;       /* minute of the day at which a date without time closes; -1 = not known */
	enum identity identity;
	struct str kind, funder, country, language, programme; /* constants for what an item leaves out */
	enum repair repair;
	struct str base;     /* absolute URL that relative links are resolved against; may be empty */
};

/* Brings the item to the form that `extract` prints: published/updated RFC 3339
 * UTC, deadlines and opens as ISO dates (time "HH:MM", IANA zone), title plain
 * text, link absolute, countries upper-case, constants filled in. What can't be
 * read is left out, never guessed; an impossible date is left out. A deadline
 * string that holds several dates ("a | b", a range) gives several deadlines
 * (of a range its end). */
void item_settle(struct arena *a, const struct item_rules *r, struct item *it);

/* Writes the members of a settled item (design.md section 10). Empty fields are left out. Open and close of the object are the caller's, so
 * that it can add members of its own. */
void item_json_members(struct json *j, const struct item *it);

/* ---- normalised -------------------------------------------------------- */

#define AMOUNT_UNKNOWN (-1)

struct budget {
	int64_t min, max, total; /* whole units of the currency; AMOUNT_UNKNOWN */
	char currency[4];        /* ISO 4217 or "" */
};

struct deadline {
	struct str stage; /* "", "stage 1", "cut-off 2", ... */
	struct date date;
	int minute;       /* of the day, in `zone`; -1 = not known, the day's end counts */
	struct str zone;  /* IANA, never empty */
};

enum status { STATUS_FORTHCOMING, STATUS_OPEN, STATUS_CLOSED };

struct opportunity {
	int64_t id;          /* the store's; 0 before it is stored */
	struct str key;      /* identity at its source, by the recipe's identity field */
	struct str guid;     /* the source's own id; may be empty */
	enum kind kind;
	struct str title, summary, body; /* plain UTF-8 text; paragraphs are separated by "\n" */
	struct str url, call, programme, funder, source, eligibility;
	struct str language; /* ISO 639-1; empty = not declared */
	struct str stage;    /* "single", "two-stage" or "" */
	struct strv countries, categories;
	VEC(struct deadline) deadlines; /* by date */
	struct date opens;
	struct budget budget;
	struct str source_status; /* the source's own word: evidence */
	struct str provenance;
	int64_t published;   /* 0 = not known */
	bool guid_shared;    /* several calls of its document have this guid: it tells nothing */
	bool link_shared;    /* several items of its document have this link: it tells nothing */
	struct str short_id; /* set by the store, like all below */
	int64_t first_seen;
	int64_t revision;    /* number of recorded changes: a calendar entry's SEQUENCE */
	bool withdrawn;      /* its source's word says so, or it is gone from there */
};

/* ERR_INPUT when the item has neither title nor anything to tell it by. */
enum err opportunity_from_item(struct arena *a, const struct item_rules *r, const struct item *settled,
	struct opportunity *out, struct error *e) NODISCARD;

/* The identity without the source's own id: one that stands on several calls tells nothing. */
void opportunity_forget_guid(struct arena *a, struct opportunity *o);
/* The key of the source's own id; a link as url_canonical() has it. */
struct str guid_key(struct arena *a, const struct opportunity *o);
/* Whether a source's word for the status says that the call is over ("closed", "withdrawn",
 * "geschlossen" ...). */
bool status_is_over(struct str word);

/* The settled item that `list --json` prints for a stored opportunity. */
void item_from_opportunity(struct arena *a, const struct opportunity *o, struct item *out);

/* A copy whose strings all live in `a`. */
struct opportunity opportunity_copy(struct arena *a, const struct opportunity *o);

/* Fills what `o` does not say with what `from` does; of the fields in `only` when it is
 * not NULL. Returns the names, as recipes have them, of those that were filled. */
struct strv opportunity_fill(struct arena *a, struct opportunity *o, const struct opportunity *from,
	const struct strv *only);

/* What rules read as "text": summary, a break ("\n\n"), body; only one of them
 * when the other is empty. Reasons' byte offsets refer to this string. */
struct str opportunity_text(struct arena *a, const struct opportunity *o);

/* The instant at which it passes: its minute, else the last second of its day. */
int64_t deadline_instant(const struct deadline *d);
/* The next deadline in force at `now`, or NULL when there is none. */
const struct deadline *opportunity_deadline(const struct opportunity *o, int64_t now);
/* Whole local days from `now` to the deadline's date, in its zone; 0 = today. */
int64_t deadline_days_left(const struct deadline *d, int64_t now);
/* From dates: closed when withdrawn or all deadlines passed; forthcoming before
 * `opens`; else open (rolling and unknown included). */
enum status opportunity_status(const struct opportunity *o, int64_t now);
const char *status_name(enum status s) RET_NONNULL;

/* One meaningful change between two states of a call; design.md section 7. */
struct change {
	const char *field; /* "deadline", "budget", "title", "eligibility", "withdrawn", "reopened" */
	struct str before, after; /* in words a reader understands: "2026-12-15 17:00 Europe/Brussels" */
};
/* The meaningful differences, in the order above; at most one per field. */
struct changes {
	VEC(struct change) list;
};
/* Leaves out what the calendar does by itself: a cut-off that passed and is no longer
 * shown, a call that is called closed when its last deadline came. A passed deadline that
 * moves to another day gone by brings nobody anything either; to a day to come, it does. */
void changes_news(const struct opportunity *old, const struct opportunity *now, int64_t at, struct changes *c);
/* A title as titles are compared: folded case and accents, single spaces. */
struct str title_folded(struct arena *a, struct str title);
void opportunity_changes(struct arena *a, const struct opportunity *old, const struct opportunity *now,
	struct changes *out);

/* ---- a mail that staff were sent --------------------------------------- */

struct letter {
	struct str message_id, from, subject, text, html; /* UTF-8; text or html may be empty */
	struct str author;  /* who wrote the mail that was forwarded as an attachment; may be empty */
	int64_t date; /* 0 = not given */
};

/* An offer out of a letter: title from the subject without Fwd:/Re:, the body of
 * the innermost forwarded message, its first link that is no unsubscribe or
 * profile link, a deadline where the text names one ("deadline", "closes",
 * "apply by", Frist, date limite, tähtaeg ...), provenance "forwarded by .. on ..".
 * The result is raw: item_settle() comes next. */
void item_from_letter(struct arena *a, const struct letter *l, struct item *out);

/* ---- text, dates, money, links ----------------------------------------- */

/* HTML to readable text: block tags and <br> break the line, attributes in
 * quotes may hold '>', script and style are dropped, entities are decoded (twice
 * when the first round leaves markup), white space collapses, control characters
 * become spaces. Text without any tag or entity passes through tidied. */
struct str html_text(struct arena *a, struct str html);
/* One line of it: all white space to single spaces. */
struct str plain_line(struct arena *a, struct str html);
/* The character that the number of a reference means: 0x80 to 0x9F are windows-1252. */
uint32_t numbered_char(uint32_t v);

/* A point in time as a source wrote it. */
struct when {
	struct date date;
	int minute;          /* local, -1 = no time given */
	struct str zone;     /* IANA name, or empty when none was given */
	bool has_day;        /* false for "December 2026": date is the first of the month */
	bool last_day;       /* of several: "December 3-15, 2026" */
	bool has_offset;     /* an offset or named zone was given: `instant` is exact */
	int64_t instant;     /* without has_offset: the wall clock read as UTC, for its seconds */
};

/* Parses one date (and time): the recipe's forms first, then the unambiguous
 * shapes of sources.md section 6 (RFC 822, ISO, compact, English and national
 * month names, "4pm"). d/m/Y and m/d/Y only through a form. Impossible dates are
 * refused. The whole trimmed text must be consumed. */
bool date_parse(struct str text, const struct strv *forms, struct when *out) NODISCARD;

/* "2.5 million", "EUR 7 500", "200k", "€1,234.50", "EUR 1 million to 2 million",
 * "up to £50,000" -> min, max, currency. False when there is no amount. */
bool money_parse(struct str text, struct budget *out) NODISCARD;

/* RFC 3986 resolution; repairs "https: //x", "https:////x"; empty when the result
 * is not http or https. */
struct str url_absolute(struct arena *a, struct str base, struct str ref);
/* For comparing: lower-case scheme and host, https for http, no "www.", default
 * port, fragment, utm_* and session parameters, or trailing slash. */
struct str url_canonical(struct arena *a, struct str url);

/* For a text of title plus body: what recipes call `call` and `programme` when
 * only an identifier is known ("HORIZON-HLTH-2027-01" -> "Horizon Europe"). Empty
 * when the prefix is not known. */
struct str programme_of_call(struct str call);

#endif
