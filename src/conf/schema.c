/* SPDX-License-Identifier: MIT
 *
 * Walks a section's entries by its table: unknown and doubled keys, missing ones,
 * defaults, and the trap of a key that was indented by mistake.
 */
#include "conf/schema.h"

#include <stdarg.h>

#define SCHEMA_KEYS_MAX 96  /* keys of one kind of section */
#define NAME_MAX_BYTES	64  /* bytes of an id */
#define ERROR_MAX	600 /* bytes of one message */

static const struct schema *const schemas[] = {
	&settings_schema,
	&profile_schema,
	&rules_schema,
	&synonyms_schema,
	&test_schema,
	&source_schema,
};

const struct schema *schema_of(struct str kind)
{
	for (size_t i = 0; i < COUNT(schemas); i++)
		if (str_ieq(kind, str_of(schemas[i]->kind)))
			return schemas[i];
	return NULL;
}

void schema_unknown(struct diags *d, const struct section *s)
{
	const char *kinds[COUNT(schemas)];
	for (size_t i = 0; i < COUNT(schemas); i++)
		kinds[i] = schemas[i]->kind;
	if (s->kind.n == 0) {
		diag_add(d, DIAG_ERROR, s->at, "a section starts like this: [profile celltech]",
			"there is nothing between '[' and ']'");
		return;
	}
	const char *hint = diag_suggest(d, s->kind, kinds, COUNT(kinds));
	diag_add(d, DIAG_ERROR, s->at,
		hint != NULL ? hint : "known are: fundwatch, profile, rules, synonyms, test, source",
		"there is no kind of section called '%.*s'", STRF(s->kind));
}

bool name_valid(struct str s)
{
	if (s.n == 0 || s.n > NAME_MAX_BYTES || s.p[0] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
			return false;
	}
	return true;
}

bool section_id_ok(struct diags *d, const struct schema *schema, const struct section *s)
{
	switch (schema->id) {
	case ID_NONE:
		if (s->id.n == 0)
			return true;
		diag_add(d, DIAG_ERROR, s->at, NULL, "[%s] has no name: write just [%s]", schema->kind,
			schema->kind);
		return false;
	case ID_TITLE:
		if (s->id.n > 0)
			return true;
		diag_add(d, DIAG_ERROR, s->at, "say what it shows: [test an ATMP call reaches celltech]",
			"this [%s] has no name", schema->kind);
		return false;
	case ID_NAME:
		if (name_valid(s->id))
			return true;
		diag_add(d, DIAG_ERROR, s->at,
			"small letters a-z, digits and hyphens only, such as [profile celltech]",
			s->id.n == 0 ? "this [%s] has no name" : "this [%s] has a name that can't be used",
			schema->kind);
		return false;
	}
	return false;
}

struct str key_argument(const struct key *k, const struct value *v)
{
	return str_trim(str_sub(v->key, strlen(k->name), v->key.n));
}

static bool within(struct str part, struct str whole)
{
	return part.n > 0 && part.p >= whole.p && part.p + part.n <= whole.p + whole.n;
}

/* Where a part of the key stands; the whole key when its spaces were collapsed. */
static struct place key_place(const struct value *v, struct str part)
{
	struct place at = v->key_at;
	if (at.width != text_chars(v->key))
		return at;
	at.col += text_chars(str_sub(v->key, 0, (size_t)(part.p - v->key.p)));
	at.width = text_chars(part);
	return at;
}

void value_error(
	struct reading *r, const struct value *v, struct str at, const char *hint, const char *fmt, ...)
{
	char text[ERROR_MAX];
	va_list args;
	va_start(args, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	struct place place = value_place(v, 0, v->text.n);
	if (within(at, v->text))
		place = value_place(v, (size_t)(at.p - v->text.p), at.n);
	else if (within(at, v->key))
		place = key_place(v, at);
	diag_add(r->d, DIAG_ERROR, place, hint, "%s", text);
}

static bool key_is(const struct key *k, struct str key)
{
	struct str name = str_of(k->name);
	if (k->argument == NULL)
		return str_ieq(key, name);
	return str_istarts(key, name) && (key.n == name.n || key.p[name.n] == ' ');
}

static const struct key *find_key(const struct schema *schema, struct str key)
{
	for (size_t i = 0; i < schema->n; i++)
		if (key_is(&schema->keys[i], key))
			return &schema->keys[i];
	return NULL;
}

/* A rule written without its "match:" takes the colon of "title:" for its own. */
static bool rule_like(struct str key)
{
	return str_find_char(key, '"') != SIZE_MAX || str_find_char(key, '(') != SIZE_MAX ||
	       str_find(key, STR(" OR ")) != SIZE_MAX || str_find(key, STR(" AND ")) != SIZE_MAX;
}

static void unknown_key(struct reading *r, const struct schema *schema, const struct entry *e)
{
	const char *names[SCHEMA_KEYS_MAX];
	struct str rest, first = str_word(e->key, &rest);
	for (size_t i = 0; i < schema->n && i < SCHEMA_KEYS_MAX; i++)
		names[i] = schema->keys[i].name;
	const char *hint = diag_suggest(r->d, e->key, names, schema->n);
	if (hint == NULL && rest.n > 0)
		hint = diag_suggest(r->d, first, names, schema->n);
	if (hint == NULL && rule_like(e->key))
		hint = "is 'match:' missing at the start of this line?";
	diag_add(r->d, DIAG_ERROR, e->key_at, hint, "there is no key called '%.*s' in a [%s] section",
		STRF(e->key), schema->kind);
}

/* An indented key would silently become part of the value above. */
static void lint_indented_key(
	struct reading *r, const struct schema *schema, const struct lexed *f, const struct entry *e)
{
	for (size_t i = 1; i < e->count; i++) {
		const struct line *l = &f->lines.v[e->first + i];
		struct str behind, word = str_cut(l->text, ':', &behind);
		bool spaced = behind.n > 0 && behind.p[0] == ' ';
		if (spaced && find_key(schema, word) != NULL)
			diag_add(r->d, DIAG_WARNING, l->at,
				"if it is a key of its own, delete the spaces before it",
				"this line starts with white space, so it continues the value of '%.*s'",
				STRF(e->key));
	}
}

static void read_entry(struct reading *r, const struct schema *schema, const struct lexed *f,
	const struct entry *e, int first_line[static SCHEMA_KEYS_MAX], void *base)
{
	const struct key *k = find_key(schema, e->key);
	if (k == NULL) {
		unknown_key(r, schema, e);
		return;
	}
	int *first = &first_line[k - schema->keys];
	if (*first != 0 && k->form != KEY_MANY) {
		diag_add(r->d, DIAG_ERROR, e->key_at, "keep one of them",
			"'%s' is given twice (first in line %d)", k->name, *first);
		return;
	}
	if (*first == 0)
		*first = e->key_at.line;
	if (k->value == VALUE_PLAIN)
		lint_indented_key(r, schema, f, e);
	struct value v = entry_value(r->a, f, e, k->value);
	if (k->argument != NULL && key_argument(k, &v).n == 0)
		diag_add(r->d, DIAG_ERROR, e->key_at, NULL,
			"'%s' needs something before the ':', as in '%s %s:'", k->name, k->name, k->argument);
	else if (v.text.n == 0)
		diag_add(r->d, DIAG_ERROR, e->key_at, "write something behind the ':' or remove the line",
			"'%.*s' has no value", STRF(e->key));
	else
		k->parse(r, k, &v, base);
}

void section_read(struct reading *r, const struct schema *schema, const struct lexed *f,
	const struct section *s, void *base)
{
	int first_line[SCHEMA_KEYS_MAX] = {0};
	for (size_t i = 0; i < s->count; i++)
		read_entry(r, schema, f, &f->entries.v[s->first + i], first_line, base);
	for (size_t i = 0; i < schema->n; i++) {
		const struct key *k = &schema->keys[i];
		if (first_line[i] != 0)
			continue;
		if (k->form == KEY_REQUIRED)
			diag_add(r->d, DIAG_ERROR, s->at, k->help, "this [%s] has no '%s:'", schema->kind,
				k->name);
		if (k->missing == NULL)
			continue;
		struct value v = {.text = str_of(k->missing), .key = str_of(k->name), .at = s->at};
		k->parse(r, k, &v, base);
	}
}

bool conf_section_help(size_t i, struct section_help *out)
{
	if (i >= COUNT(schemas))
		return false;
	*out = (struct section_help){schemas[i]->kind, schemas[i]->help, schemas[i]->id != ID_NONE};
	return true;
}

bool conf_key_help(const char *kind, size_t i, struct key_help *out)
{
	const struct schema *schema = schema_of(str_of(kind));
	if (schema == NULL || i >= schema->n)
		return false;
	const struct key *k = &schema->keys[i];
	/* What is not a plain value is told in words. */
	bool told = strstr(k->help, "default: ") != NULL;
	*out = (struct key_help){
		k->name, k->argument, told ? NULL : k->missing, k->help, k->form == KEY_REQUIRED, k->form == KEY_MANY};
	return true;
}
