/* SPDX-License-Identifier: MIT
 *
 * A digest -> subject, text part, HTML part, calendar. Templates are logic-less (a
 * mustache subset), live in conf/templates/ and are compiled in; values are escaped
 * where they are written. Words, dates and money by language (conf/po/).
 */
#ifndef FW_RENDER_RENDER_H
#define FW_RENDER_RENDER_H

#include "digest/digest.h"

#define RENDER_TEXT_COLUMNS 72
#define RENDER_BYTES_MAX    ((size_t)1 << 20)  /* of one part */
#define RENDER_HTML_MAX	    ((size_t)90 << 10) /* of the HTML part: mailboxes hide what is behind 102 KB */
#define RENDER_SUMMARY_MAX  240		       /* characters of a summary: three lines of 600 px */

/* ---- templates ---------------------------------------------------------- */

/* A value tree for templates: objects of named strings, lists of objects. Names and
 * values are not copied; a name set again gets the new value. */
struct view;
struct view *view_new(struct arena *a) NODISCARD RET_NONNULL;
void view_set(struct view *v, const char *name, struct str value);
/* Adds one object to the list `name` and returns it. */
struct view *view_append(struct view *v, const char *name) RET_NONNULL;

enum escape { ESCAPE_NONE, ESCAPE_HTML };

/* {{name}} escaped, {{{name}}} raw, {{#name}}..{{/name}} for every object of a list
 * or once when the string is not empty, {{^name}}..{{/name}} when empty, {{! ..}}
 * comment. Names ([a-z0-9_]+) are looked up outwards; the inmost object that has the
 * name counts, also when it is empty there. Section and comment tags alone on a line
 * leave no empty line. An unknown name renders as nothing. */
struct template;
/* Keeps `text`, in which the template's parts stay. ERR_INTERNAL with the line on a
 * fault. */
enum err template_parse(struct arena *a, struct str text, const struct template **out, struct error *e) NODISCARD;
/* ERR_LIMIT when `out` is full. */
enum err template_write(const struct template *t, const struct view *v, enum escape escape, struct buf *out,
	struct error *e) NODISCARD;

/* ---- the digest --------------------------------------------------------- */

struct rendered {
	struct str subject, text, html;
	struct str calendar; /* ICS of all deadlines of the mail; empty when there is none */
	/* How many of each list of the digest are in the mail, from its start. What does not
	 * fit into RENDER_HTML_MAX counts as carried over in its words and is the caller's to
	 * keep for the next one. */
	size_t calls_shown, changes_shown, reminders_shown;
};

/* The answers that a member can give with one tap. */
enum answer { ANSWER_INTERESTED, ANSWER_NOT_RELEVANT, ANSWER_APPLYING, ANSWER_COUNT };

/* Everything a mail says besides its calls. */
struct render_frame {
	const struct settings *settings;
	struct str unsubscribe; /* mailto: or https: */
	struct str preferences; /* mailto: or https:, may be empty */
	/* The link of an answer to a call for a profile, by its id (mailto: with a signed
	 * token); NULL = no answer links. */
	struct str (*answer_link)(void *ctx, struct arena *a, const struct opportunity *call,
		struct str profile, enum answer answer);
	void *ctx;
	bool test; /* marked as a test copy */
};

/* In the language of the digest (English where there is no catalogue). ERR_LIMIT when
 * the arena is too small. */
enum err render_digest(struct arena *a, const struct digest *d, const struct render_frame *f,
	struct rendered *out, struct error *e) NODISCARD;

/* In English, for tables and messages: "15 December 2026, 17:00 Brussels, in 24 days";
 * "today" and "tomorrow" for 0 and 1 days, "passed" when it has. */
struct str render_deadline(struct arena *a, const struct deadline *d, int64_t now);
/* "EUR 5,000,000 to 6,000,000", "up to EUR 50,000", "EUR 24,000,000 in total";
 * empty when nothing is known. */
struct str render_budget(struct arena *a, const struct budget *b);
/* "31 March 2026" */
struct str render_date(struct arena *a, struct date d);

#endif
