/* SPDX-License-Identifier: MIT
 *
 * Sections -> structs, one function per kind, and what can only be said when all
 * files are read. Private to conf/.
 */
#ifndef FW_CONF_LOAD_H
#define FW_CONF_LOAD_H

#include "conf/schema.h"

/* A profile with the values whose names are looked up when all files are read. */
struct draft {
	struct profile profile;
	struct value use, email;
};

/* The settings with the values that are looked up when all files are read. */
struct settings_draft {
	struct settings settings;
	struct value sources, catalogue; /* empty = not given */
	struct place at;
	bool given;
};

void settings_read(struct reading *r, const struct lexed *f, const struct section *s,
	struct settings_draft *out);

void profile_read(struct reading *r, const struct lexed *f, const struct section *s, struct draft *out);
/* Looks up `use` and fills in what depends on the settings. */
void profile_settle(struct reading *r, const struct config *c, struct draft *d);

void rule_set_read(struct reading *r, const struct lexed *f, const struct section *s, struct rule_set *out);
/* Words among the first `final` of the configuration stay as they are. */
void synonyms_read(struct reading *r, const struct lexed *f, const struct section *s, size_t final, struct config *c);
void rule_test_read(struct reading *r, const struct lexed *f, const struct section *s, struct rule_test *out);
/* Its profile, by the profiles of the configuration. */
void rule_test_settle(struct reading *r, const struct config *c, const struct rule_test *t);

void recipe_read(struct reading *r, const struct lexed *f, const struct section *s, struct recipe *out);

/* One rule line out of the value of a match, require, exclude, score or urgent key. */
bool rule_parse(struct reading *r, const struct key *k, const struct value *v, struct rule *out);

#endif
