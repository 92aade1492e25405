/* SPDX-License-Identifier: MIT
 *
 * A new member: what is known of it -> a commented profile file that checks clean.
 * One table of fields serves the flags and questions of `new profile` and the columns
 * of `import members`.
 */
#ifndef FW_CLI_MEMBER_H
#define FW_CLI_MEMBER_H

#include "cli/cli.h"

enum member_field {
	MEMBER_NAME, MEMBER_ID, MEMBER_KIND, MEMBER_EMAIL, MEMBER_ORGANISATION, MEMBER_COUNTRY, MEMBER_LANGUAGE,
	MEMBER_TAGS, MEMBER_DIGEST, MEMBER_MODE, MEMBER_USE, MEMBER_KEYWORDS, MEMBER_MATCH, MEMBER_NOTE,
	MEMBER_CONSENT, MEMBER_FIELDS
};

struct member_spec {
	const char *name;   /* of the flag, the column and the key (keywords become a match line) */
	const char *others; /* other headings of the column, with spaces between */
	const char *ask;    /* the question on a terminal; NULL = not asked */
	const char *remark; /* the comment above its line in the file; may be NULL */
	bool required;
};
extern const struct member_spec member_specs[MEMBER_FIELDS];

struct member {
	struct str v[MEMBER_FIELDS];
};

/* "CellTech OÜ" -> "celltech-ou" */
struct str member_id_of(struct arena *a, struct str name);

/* What is wrong with one field's value, in the words of `check`; empty = nothing. An
 * id that is taken, a rule set that does not exist and a rule that can't be read count. */
struct str member_fault(struct cli *c, enum member_field f, struct str value);
/* The first fault of all fields, with its name before it; empty = none. */
struct str member_faults(struct cli *c, const struct member *m);

/* Whether any call could match. */
bool member_has_rules(const struct member *m);

/* DIR/profiles.d/ID.conf */
const char *member_path(struct cli *c, const struct member *m);
/* Writes the files, then checks the whole configuration with them; when that finds an
 * error they are removed again and it is printed. A file that exists is never touched.
 * `how` completes "written by ...". */
enum err members_write(struct cli *c, const struct member *list, size_t n, const char *how, struct error *e) NODISCARD;

#endif
