/* SPDX-License-Identifier: MIT
 *
 * The files that people edit -> structs. One configuration is one directory:
 * fundwatch.conf, profiles.d, rules.d, feeds.d (and the recipe catalogue it
 * names). conf_load() reads all of it, collects every fault of every file, and
 * says whether the configuration may be used. Rule text is kept verbatim with
 * its places; match/ compiles it and adds its own diagnostics. jq programs and
 * XPaths are compiled by extract/.
 */
#ifndef FW_CONF_CONF_H
#define FW_CONF_CONF_H

#include "conf/diag.h"
#include "model/model.h"

#define CONF_FILE_MAX  ((size_t)1 << 20)  /* bytes of one file */
#define CONF_FILES_MAX 5000               /* files of one configuration */
#define CONF_ARENA_MAX ((size_t)512 << 20) /* bytes of one loaded configuration */

/* ---- values with places ------------------------------------------------ */

/* The value of a key: its text as one line (continuation lines joined by one
 * space; NBSP, smart quotes and en dash already plain) and where it stands. In
 * recipes, programs, XPaths and the data of parts keep every character; the lines
 * of `items` and `body` are joined by "\n" (comments and blank lines at the line's
 * start left out), so that jq remarks and line numbers survive. */
struct value {
	struct str text;
	struct place at;      /* of its first character */
	struct str key;       /* the key it was given under: "match", "score 5" */
	struct place key_at;
	const struct segment *segments; /* which line each part came from */
	size_t segment_count;
};

/* The place of `n` bytes at `offset` of the value's text. */
struct place value_place(const struct value *v, size_t offset, size_t n);
/* A part of the value's text as a value of its own, with its place. */
struct value value_part(struct arena *a, const struct value *v, struct str part);
/* "profiles.d/celltech.conf:9" in the arena. */
struct str value_line(struct arena *a, const struct value *v);

/* A query typed on the command line: its place is "query:1". `text` must outlive it. */
struct value value_typed(struct arena *a, const char *text);

/* ---- profiles and rules ------------------------------------------------ */

enum rule_type { RULE_MATCH, RULE_REQUIRE, RULE_EXCLUDE, RULE_SCORE, RULE_URGENT };

struct rule {
	enum rule_type type;
	int64_t score; /* of a score line; may be negative */
	struct value query;
};

struct rule_set {
	struct str id, label; /* label defaults to the id */
	struct place at;
	VEC(struct rule) rules;
};

/* Words are unique without regard to case. */
struct synonym {
	struct str word; /* as written before the colon */
	struct value expansion; /* "a", "b*", ... : alternatives separated by commas or OR */
};

struct contact {
	struct str name, address; /* name may be empty; address is valid by address_valid() */
};

struct schedule {
	enum { EVERY_NEVER, EVERY_DAY, EVERY_WEEK, EVERY_MONTH } every;
	int day;      /* week: 0 = Monday; month: 1..28 */
	int minute;   /* of the local day */
	struct str zone;
};

enum mode { MODE_AUTO, MODE_REVIEW, MODE_MUTE };

/* A list filter such as "grant, prize, not equity": allowed words and refused ones. */
struct word_filter {
	struct strv allow, refuse; /* empty allow = everything that is not refused */
	bool unknown_ok;
};

struct days_filter {
	bool set;
	int64_t min, max; /* days until the deadline, inclusive; INT64_MAX = open end */
	bool unknown_ok;
};

struct money_filter {
	bool set;
	int64_t min, max; /* whole units of `currency`; INT64_MAX = open end */
	char currency[4];
	bool unknown_ok;
};

struct profile {
	struct str id, was, name, organisation, language, country, note, consent;
	enum org_kind kind;
	VEC(struct contact) contacts; /* addresses in small letters */
	struct strv tags;
	struct schedule digest;
	enum mode mode;
	bool test;
	VEC(const struct rule_set *) use;
	VEC(struct rule) rules;
	int64_t threshold;
	bool has_threshold;
	struct days_filter deadline;
	struct money_filter budget;
	struct word_filter kinds, programme, stage; /* "any" leaves both lists empty */
	/* Countries, "EU" and "associated"; when the file has none: the profile's
	 * country alone, unknown ok (everything when that is not given either). */
	struct word_filter eligible_in;
	int64_t limit;        /* calls per digest */
	int64_t urgent_limit; /* mails a day outside the schedule, for hits of `urgent` rules */
	struct date pause;    /* nothing is sent until this local day; no date = not paused */
	bool empty_send;      /* a mail also when there is nothing to say */
	struct place at;
};

struct rule_test { /* a [test ...] section: an invented call and what must come of it */
	struct str name;
	struct place at;
	VEC(struct value) values; /* all keys as given; checked */
	int64_t days;             /* of "deadline: in N days"; -1 = not given so */
	struct value expect;
	bool expect_match, expect_score;
	int64_t score;            /* at least, when expect_score */
	struct strv because;      /* parts of expect's text: what must be among the reasons */
};

/* ---- recipes ----------------------------------------------------------- */

enum format { FORMAT_FEED, FORMAT_JSON, FORMAT_XML, FORMAT_HTML, FORMAT_MAIL };

enum field { /* of an item, as recipes name them */
	FIELD_ID, FIELD_TITLE, FIELD_LINK, FIELD_PUBLISHED, FIELD_UPDATED, FIELD_SUMMARY, FIELD_CONTENT,
	FIELD_AUTHOR, FIELD_CATEGORY, FIELD_LANGUAGE, FIELD_DEADLINE, FIELD_OPENS, FIELD_BUDGET, FIELD_CALL,
	FIELD_PROGRAMME, FIELD_KIND, FIELD_STATUS, FIELD_COUNTRY, FIELD_FUNDER, FIELD_ELIGIBILITY, FIELD_COUNT
};
/* "title", "category", "deadline", ...: the key in recipes. */
const char *field_name(enum field f) RET_NONNULL;

struct part { /* of a multipart/form-data body */
	struct str name, type;
	struct value data;
};

struct recipe {
	struct str name, label, homepage;
	bool verified;
	bool lists_all;         /* every poll shows all open calls */
	int64_t gone_after;     /* polls in a row that miss a call of such a source; then it is over */
	bool from_catalogue;
	enum format format;
	struct str url, method; /* "GET" or "POST"; url, body and parts may hold {page}, {offset}, {token} */
	VEC(struct part) parts;
	struct strv headers;    /* "Name: value" */
	struct value body;      /* of a POST without parts */
	int64_t page_from, page_max; /* page_max 1 = one request */
	int64_t page_step;      /* of {offset}; 0 = none given */
	bool pages_until_empty;
	bool pages_by_link;     /* the next page is named by a Link header */
	int64_t every;          /* seconds between polls */
	int64_t pause;          /* milliseconds between requests to its host */
	struct value expect;    /* jq test or XPath; empty = none */
	int complete[FIELD_COUNT]; /* percent of the items that must have the field; 0 = none */
	int64_t at_least;       /* items; fewer fail the poll */
	int64_t at_most_items;  /* items; more fail the poll */
	int64_t max_bytes;      /* of one decompressed page */
	struct value items;     /* jq program or XPath */
	struct value fields[FIELD_COUNT]; /* XPath with || and ~ /regex/; empty = not given */
	struct value next;      /* XPath or jq program of the next page's link */
	struct value token;     /* XPath or jq program of what {token} is on the next page */
	struct value relevance; /* a query; empty = everything */
	/* How one more page of a call that suits a profile is read (NULL = there is none): its
	 * url is empty for the call's own link, or holds {call}, {id} or {link}. */
	struct recipe *detail;
	bool is_detail;         /* this is such a recipe */
	int64_t stream;         /* depth; 0 = not streamed */
	struct item_rules rules;
	struct place at;
	struct str dir;         /* directory of its file, for samples */
};

/* ---- settings ---------------------------------------------------------- */

enum deliver { DELIVER_OFF, DELIVER_ONLY, DELIVER_ON };
enum transport {
	TRANSPORT_ESMTP,   /* libesmtp to host:port, no TLS: a local relay */
	TRANSPORT_SMTP,    /* libcurl, STARTTLS where offered */
	TRANSPORT_SMTPS,   /* libcurl, TLS from the start */
	TRANSPORT_MAILDIR, /* target = directory with tmp, new, cur (made when missing) */
	TRANSPORT_EML,     /* target = directory; one file per mail, named by Message-ID */
	TRANSPORT_STDOUT,
};
struct route { /* how mail leaves */
	enum transport transport;
	struct str target; /* host or directory */
	int64_t port;
};
enum after_crash { AFTER_CRASH_RESEND_ONCE, AFTER_CRASH_HOLD };

struct rate { /* one unit of EUR is `milli` thousandths of `currency` */
	char currency[4];
	int64_t milli;
	struct date date;
};

struct settings {
	struct str name;
	struct contact from, reply_to, inbound; /* reply_to.address may be empty */
	struct str bounces; /* address to which undeliverable mail returns; may be empty */
	struct strv staff, admin;               /* addresses */
	struct str address, contact, zone, database, catalogue, web, web_url;
	struct str colour, logo, intro, footer; /* of the mails: "#0b5394", https URL, texts; may be empty */
	struct strv sources;      /* names; empty = all of feeds.d */
	enum deliver deliver;
	struct strv deliver_only; /* domains or addresses */
	struct route route;
	enum after_crash after_crash;
	VEC(int64_t) reminders;   /* days, descending; empty = off */
	VEC(struct rate) rates;
	struct strv allow_private; /* CIDR networks, checked */
};

struct config {
	struct arena *a;
	struct str dir;
	struct settings settings;
	VEC(struct profile) profiles;
	VEC(struct rule_set) rule_sets;
	VEC(struct synonym) synonyms;
	VEC(struct rule_test) tests;
	VEC(struct recipe) recipes; /* those in use: settings.sources, in order */
	/* All profile, rule and synonym sections, sorted, without remarks and without
	 * what identifies people or decides nothing (email, note, consent). */
	struct str rules_text;
	struct str hash;            /* its SHA-256 */
};

/* Loads the directory. Relative paths of `database`, `catalogue` and file transports
 * come out relative to it. Without the catalogue's directory the sources that only it
 * could have are left out with a note. ERR_CONFIG when d->errors is not 0 afterwards (warnings are
 * fine). *out is set in both cases: one with errors holds what could be read and is
 * good for nothing but finding more errors in it (match_compile()). Free with
 * conf_free(). */
enum err conf_load(const char *dir, struct diags *d, struct config **out) NODISCARD;
/* The same with an edited rule file: the profiles, rule sets and words with synonyms
 * it holds replace those of the same name, or are new. */
enum err conf_load_with(const char *dir, const char *edited, struct diags *d, struct config **out) NODISCARD;
void conf_free(struct config *c);
void conf_freep(struct config **c);

/* Parses one recipe file outside a configuration (catalogue, samples). The
 * recipe lives in `a`; faults go to `d`. NULL when there were errors. */
const struct recipe *conf_recipe_file(struct arena *a, const char *path, struct diags *d);

/* What one file of any kind holds by itself (`check FILE`), so that its rules can be
 * compiled; what it refers to in other files is left empty. With or without errors
 * it is freed with conf_free(). */
struct config *conf_file(const char *path, struct diags *d) RET_NONNULL;
/* Checks the bytes of a file that need not exist, called `file` in messages: syntax
 * and values; references to other files are not followed. Returns the number of
 * errors added. */
size_t conf_check_text(struct str file, struct str bytes, struct diags *d);

/* The bytes of a file laid out in the one way there is, in `a`: values in a column,
 * sections, keys, remarks and blank lines kept in their order. False, and an error in
 * `d`, when the file can't be taken apart. */
bool conf_format(struct arena *a, struct str file, struct str bytes, struct diags *d, struct str *out) NODISCARD;

/* The kinds of sections and their keys, from the tables by which files are read: for
 * help and man pages. False at the end. */
struct section_help {
	const char *kind, *help;
	bool named; /* [profile NAME] */
};
struct key_help {
	const char *name, *argument, *missing, *help; /* argument and missing may be NULL */
	bool required, many;
};
bool conf_section_help(size_t i, struct section_help *out) NODISCARD;
bool conf_key_help(const char *kind, size_t i, struct key_help *out) NODISCARD;

const struct profile *conf_profile(const struct config *c, struct str id);
const struct recipe *conf_recipe(const struct config *c, struct str name);
/* Nobody's: a muted test profile is there for the [test] sections of a rule file. */
bool profile_for_tests(const struct profile *p);

/* The latest slot of the schedule at or before `now`, or INT64_MIN for
 * EVERY_NEVER. Days are local to its zone; a time inside the hour that does not
 * exist is read with the offset from before, so that there is one slot a day. */
int64_t schedule_slot(const struct schedule *s, int64_t now);
/* The first slot after `now`, or INT64_MAX. */
int64_t schedule_next(const struct schedule *s, int64_t now);

/* Amount in EUR by the dated rates; false when the currency is not listed. */
bool money_in_eur(const struct settings *s, int64_t amount, const char *currency, int64_t *out) NODISCARD;

/* Whether deliver allows this address now. */
bool deliver_allows(const struct settings *s, struct str address);

/* local@domain in ASCII, at most 254 bytes, no control characters or spaces, no
 * quoted local part, a dot in the domain (unless it is localhost). */
bool address_valid(struct str address);

#endif
