/* SPDX-License-Identifier: MIT
 *
 * Sections by table: which keys a kind of section knows, how each is parsed, where
 * the result goes, what it is by default, and one line of help. The tables are the
 * only list of keys there is; man pages are made from them. Private to conf/.
 */
#ifndef FW_CONF_SCHEMA_H
#define FW_CONF_SCHEMA_H

#include "conf/section.h"

/* What parsing a section needs. */
struct reading {
	struct arena *a; /* results */
	struct diags *d;
	struct str dir;  /* of the configuration: relative paths are relative to it */
};

struct key;
/* Parses `v` into `base` (by default at the key's offset) or adds a diagnostic. The
 * value is never empty. */
typedef void key_parse(struct reading *r, const struct key *k, const struct value *v, void *base);

enum key_form {
	KEY_ONCE,     /* at most once */
	KEY_REQUIRED, /* exactly once */
	KEY_MANY,     /* any number of times */
};

struct key {
	const char *name;
	const char *argument;     /* what follows the name: "N" of "score N"; NULL = nothing */
	enum key_form form;
	enum value_form value;
	key_parse *parse;
	size_t offset;            /* of the target in the section's struct */
	const char *const *words; /* of parse_choice(): ends with NULL */
	const char *missing;      /* default, parsed like a value; NULL = none, or said in help */
	const char *help;         /* one line */
};

enum section_id {
	ID_NONE,  /* [fundwatch] */
	ID_NAME,  /* [profile celltech]: letters, digits, hyphens */
	ID_TITLE, /* [test an ATMP call reaches celltech]: any text */
};

struct schema {
	const char *kind;
	enum section_id id;
	const struct key *keys; /* NULL: any key */
	size_t n;
	const char *help;
};

extern const struct schema settings_schema, profile_schema, rules_schema, synonyms_schema, test_schema,
	source_schema;

/* The schema of a kind of section, or NULL. */
const struct schema *schema_of(struct str kind);
/* Says that there is no such kind of section. */
void schema_unknown(struct diags *d, const struct section *s);

/* Whether the header has the id that its kind asks for; else says so. */
bool section_id_ok(struct diags *d, const struct schema *schema, const struct section *s);

/* Parses all entries of a section into `base` and sets what is missing to its
 * default. */
void section_read(struct reading *r, const struct schema *schema, const struct lexed *f,
	const struct section *s, void *base);

/* The target of a key. */
#define TARGET(type, k, base) ((type *)(void *)((char *)(base) + (k)->offset))

/* What follows the key's name: "5" of "score 5". */
struct str key_argument(const struct key *k, const struct value *v);

/* An error at the part `at` of the value's text or of its key (the whole value
 * when `at` is part of neither). */
void value_error(struct reading *r, const struct value *v, struct str at, const char *hint, const char *fmt,
	...) PRINTF(5, 6);

/* ---- parsers for many keys (values.c) -------------------------------------- */

key_parse parse_text;      /* struct str */
key_parse parse_value;     /* struct value, kept for later */
key_parse parse_choice;    /* enum, by k->words */
key_parse parse_bool;      /* bool */
key_parse parse_name;      /* struct str: an id */
key_parse parse_zone;      /* struct str */
key_parse parse_language;  /* struct str */
key_parse parse_country;   /* struct str */
key_parse parse_path;      /* struct str, made absolute or relative to the working directory */
key_parse parse_http;      /* struct str: an http or https link */
key_parse parse_contact;   /* struct contact */
key_parse parse_addresses; /* struct strv */
key_parse parse_names;     /* struct strv of ids */
key_parse parse_list;      /* struct strv of anything */
key_parse parse_schedule;  /* struct schedule; zone left empty when not given */
key_parse parse_days;      /* struct days_filter */
key_parse parse_money;     /* struct money_filter */
key_parse parse_kinds;     /* struct word_filter */
key_parse parse_words;     /* struct word_filter of anything */
key_parse parse_stages;    /* struct word_filter */
key_parse parse_countries; /* struct word_filter */

struct contacts {
	VEC(struct contact) list;
};
/* "Front Desk <desk@celltech.example>, lab@celltech.example" */
struct contacts contacts_parse(struct reading *r, const struct key *k, const struct value *v);

/* [a-z0-9][a-z0-9-]*, at most 64 bytes. */
bool name_valid(struct str s);
/* "08:00" -> minutes. */
bool minute_parse(struct str s, int *out) NODISCARD;
/* ISO 3166-1 alpha-2, upper case. */
bool country_valid(struct str s);
/* Upper-case copy. */
struct str upper(struct arena *a, struct str s);
/* host or [v6], then optionally ":port"; *port is left alone when not given. */
bool host_port_parse(struct str s, struct str *host, int64_t *port) NODISCARD;
/* A domain of letters, digits, hyphens and dots. */
bool domain_valid(struct str s);
/* The next part up to `sep`, trimmed; separators within double quotes don't count. */
struct str next_part(struct str *rest, char sep);

#endif
