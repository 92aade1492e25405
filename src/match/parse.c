/* SPDX-License-Identifier: MIT
 *
 * Query text -> tree, by recursive descent over the grammar of rules.md, without
 * backtracking. Every fault is told at its place, in plain words, with what to
 * write instead; parsing goes on behind those that do not confuse what follows.
 */
#include "base/err.h"
#include "match/internal.h"

#define FAULTS_MAX   10	      /* of one query; more help nobody */
#define READING_MAX  300      /* bytes of the two readings of a mixed level */
#define ALL_ITEMS    SIZE_MAX /* negatives of every item */
#define WILDCARD_MIN 4	      /* letters or digits beside a star */

static const char *const field_names[MATCH_FIELD_COUNT] = {
	[MATCH_TITLE] = "title",
	[MATCH_TEXT] = "text",
	[MATCH_PROGRAMME] = "programme",
	[MATCH_CALL] = "call",
	[MATCH_FUNDER] = "funder",
	[MATCH_KIND] = "kind",
	[MATCH_STAGE] = "stage",
	[MATCH_SOURCE] = "source",
	[MATCH_COUNTRY] = "country",
	[MATCH_LANG] = "lang",
	[MATCH_CATEGORY] = "category",
};
/* As staff write them, for "did you mean title: ?". */
static const char *const field_words[MATCH_FIELD_COUNT] = {
	"title:",
	"text:",
	"programme:",
	"call:",
	"funder:",
	"kind:",
	"stage:",
	"source:",
	"country:",
	"lang:",
	"category:",
};

/* What has no meaning in a word, and what to write instead. */
static const struct {
	const char *sign, *message, *hint;
} foreign[] = {
	{"^", "there are no weights inside a query", "use a 'score N:' line"},
	{"?", "'?' is no wildcard here", "* at the beginning or end of a word stands for any letters"},
	{"~", "'~' has no meaning here", "write NEAR/5 between two words"},
	{".*", "there are no regular expressions here",
		"* at the beginning or end of a word stands for any letters"},
	{"[", "there are no regular expressions here",
		"put the words in quotes to look for them as they are"},
	{"]", "there are no regular expressions here",
		"put the words in quotes to look for them as they are"},
	{"{", "there are no regular expressions here",
		"put the words in quotes to look for them as they are"},
	{"}", "there are no regular expressions here",
		"put the words in quotes to look for them as they are"},
	{"\\", "there are no regular expressions here",
		"put the words in quotes to look for them as they are"},
};

static const char too_short[] = "this wildcard is too short";

enum operator{ OP_NONE, OP_OR, OP_AND, OP_NOT, OP_NEAR };

struct parser {
	const struct parser_input *in;
	struct str s;
	size_t at;
	int depth;
	size_t faults;
	bool stopped; /* nothing sensible can follow */
};

struct level { /* what stands side by side between two brackets */
	VEC(struct node *) items, negatives;
	VEC(size_t) behind;	   /* each negative: how many items stand before it */
	VEC(enum operator) joints; /* before each item; the first is unused */
	bool has_and, has_or;
	size_t or_at, or_n;
};

static struct node *parse_level(struct parser *p);
static struct node *parse_unary(struct parser *p);

const char *match_field_name(enum match_field f)
{
	return field_names[f];
}

/* ---- faults --------------------------------------------------------------- */

static void tell(
	struct parser *p, enum severity severity, size_t at, size_t n, const char *hint, const char *text)
{
	if (severity == DIAG_ERROR)
		p->faults++;
	if (p->faults <= FAULTS_MAX)
		diag_add(p->in->d, severity, value_place(p->in->value, at, n), hint, "%s", text);
	if (p->faults >= FAULTS_MAX)
		p->stopped = true;
}

static void fault(struct parser *p, size_t at, size_t n, const char *hint, const char *text)
{
	tell(p, DIAG_ERROR, at, n, hint, text);
}

static const char *quoting(struct parser *p, const char *format_before, struct str what, const char *behind)
{
	return arena_printf(p->in->d->a, "%s'%.*s'%s", format_before, STRF(what), behind);
}

/* ---- characters and words ------------------------------------------------- */

static void skip_space(struct parser *p)
{
	size_t n;
	while (p->at < p->s.n && (n = space_at(p->s, p->at)) > 0)
		p->at += n;
}

static bool is_sign(const struct parser *p, size_t at)
{
	char c = p->s.p[at];
	return strchr("()\"|:=", c) != NULL || (c == ',' && p->in->alternatives);
}

static size_t token_end(const struct parser *p, size_t at)
{
	while (at < p->s.n && space_at(p->s, at) == 0 && !is_sign(p, at))
		(void)utf8_next(p->s, &at);
	return at;
}

static struct str peek_token(const struct parser *p)
{
	return str_sub(p->s, p->at, token_end(p, p->at));
}

static bool peek_char(const struct parser *p, char c)
{
	return p->at < p->s.n && p->s.p[p->at] == c;
}

/* At the end of a bracket level. */
static bool at_end(const struct parser *p)
{
	return p->stopped || p->at >= p->s.n || p->s.p[p->at] == ')';
}

static struct node *new_node(struct parser *p, enum node_type type, size_t from)
{
	struct node *n = arena_make(p->in->a, struct node);
	n->type = type;
	n->text = str_trim(str_sub(p->s, from, p->at));
	return n;
}

static void add_kid(struct parser *p, struct node *n, struct node *kid)
{
	*vec_push(p->in->a, &n->kids) = kid;
}

/* ---- operators ------------------------------------------------------------ */

/* Of "NEAR/5", "W/5", "PRE": what is before the slash; empty when it is none. */
static struct str near_name(struct str token)
{
	static const char *const names[] = {"NEAR", "W", "PRE"};
	struct str rest, name = str_cut(token, '/', &rest);
	for (size_t i = 0; i < COUNT(names); i++)
		if (str_eq(name, str_of(names[i])))
			return name;
	return (struct str){0};
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

/* "W/m2" is a word; "NEAR/x" is a slip. */
static bool is_near(struct str token)
{
	struct str name = near_name(token);
	if (name.n == 0)
		return false;
	return name.n == token.n || str_eq(name, STR("NEAR")) ||
	       all_digits(str_sub(token, name.n + 1, token.n));
}

static enum operator peek_operator(const struct parser *p)
{
	if (peek_char(p, '|') || (p->in->alternatives && peek_char(p, ',')))
		return OP_OR;
	struct str t = peek_token(p);
	if (t.n < p->s.n - p->at && p->s.p[p->at + t.n] == ':')
		return OP_NONE;
	if (str_eq(t, STR("OR")))
		return OP_OR;
	if (str_eq(t, STR("AND")))
		return OP_AND;
	if (str_eq(t, STR("NOT")))
		return OP_NOT;
	return is_near(t) ? OP_NEAR : OP_NONE;
}

static size_t operator_width(const struct parser *p)
{
	return peek_char(p, '|') || peek_char(p, ',') ? 1 : peek_token(p).n;
}

/* ---- words and phrases ---------------------------------------------------- */

static bool foreign_signs(struct parser *p, struct str token, size_t at)
{
	if (token.n > 2 && token.p[0] == '/' && token.p[token.n - 1] == '/') {
		fault(p, at, token.n, "put the words in quotes to look for them as they are",
			"there are no regular expressions here");
		return true;
	}
	if (token.n > 1 && token.p[0] == '!') {
		fault(p, at, token.n, "write a minus or NOT in front of what must not occur",
			"'!' has no meaning here");
		return true;
	}
	for (size_t i = 0; i < COUNT(foreign); i++)
		if (str_find(token, str_of(foreign[i].sign)) != SIZE_MAX) {
			fault(p, at, token.n, foreign[i].hint, foreign[i].message);
			return true;
		}
	return false;
}

/* Small operators and commas are read as words or nothing; most who write them
 * mean something else. */
static void lint_word(struct parser *p, struct str token, size_t at)
{
	static const char *const words[] = {"or", "and", "not", "near"};
	for (size_t i = 0; i < COUNT(words); i++)
		if (str_ieq(token, str_of(words[i])))
			tell(p, DIAG_WARNING, at, token.n, "operators are written in capitals",
				quoting(p, "", token, " in small letters is a word to look for"));
	if (token.p[0] == '\'')
		tell(p, DIAG_WARNING, at, 1, "put \"double quotes\" around words that stand together",
			"a single quote means nothing here");
	if (token.p[token.n - 1] == ',')
		tell(p, DIAG_WARNING, at + token.n - 1, 1, "write OR between words of which one is enough",
			"a comma means nothing here: words side by side must all occur");
}

/* Letters and digits of a term. Those of "living lab*" and start-up* stand together in
 * the text as well, so all of them count. */
static unsigned letters_of(struct str s)
{
	unsigned letters = 0;
	struct run r;
	for (size_t at = 0; run_next(s, &at, &r);)
		letters += r.letters;
	return letters;
}

/* What is wrong with the stars of `t`, whose text has them taken off; NULL = nothing. */
static const char *star_fault(const struct term_text *t)
{
	struct str s = t->text;
	bool inside = str_find_char(s, '*') != SIZE_MAX;
	if (t->quoted && (t->open_start || inside))
		return "inside quotes * can stand at the end only";
	if (inside)
		return "* can stand at the beginning or end of a word only";
	if (t->cased && (t->open_start || t->open_end))
		return "= finds exactly this word, so it can have no *";
	bool star = t->open_start || t->open_end;
	bool apart = t->open_end && s.n > 0 && s.p[s.n - 1] == ' ';
	return star && (apart || letters_of(s) < WILDCARD_MIN) ? too_short : NULL;
}

/* Takes the stars off; false when they are not as they should be. */
static bool take_stars(struct parser *p, struct term_text *t, size_t at)
{
	size_t all = t->text.n;
	if (all > 0 && t->text.p[all - 1] == '*') {
		t->open_end = true;
		t->text.n--;
	}
	if (t->text.n > 0 && t->text.p[0] == '*') {
		t->open_start = true;
		t->text = str_sub(t->text, 1, t->text.n);
	}
	const char *message = star_fault(t);
	if (message != NULL)
		fault(p, at, all,
			message == too_short ? "it needs 4 letters or digits beside the *; write the forms out, with OR"
					     : NULL,
			message);
	return message == NULL;
}

/* A comma or full stop behind a word is not part of it. */
static struct str without_stops(struct str token)
{
	while (token.n > 0 && strchr(",;.!", token.p[token.n - 1]) != NULL)
		token.n--;
	return token;
}

static struct node *with_synonyms(struct parser *p, struct node *n, const struct term_text *t)
{
	bool may = !t->cased && !t->open_start && !t->open_end && (!t->quoted || n->term->part_count > 1);
	if (p->in->synonyms == NULL || !may)
		return n;
	struct node *more = synonyms_of(p->in->synonyms, n->term, p->in->depth);
	if (more == NULL)
		return n;
	struct node *either = arena_make(p->in->a, struct node);
	either->type = NODE_OR;
	either->text = n->text;
	either->synonyms = true;
	add_kid(p, either, n);
	add_kid(p, either, more);
	return either;
}

/* A leaf out of t->text, written from `from` to p->at. */
static struct node *leaf(struct parser *p, struct term_text *t, size_t from)
{
	size_t inner = (size_t)(t->text.p - p->s.p);
	if (!take_stars(p, t, inner))
		return NULL;
	struct node *n = new_node(p, NODE_TERM, from);
	n->term = term_make(p->in->a, t);
	if (n->term != NULL)
		return with_synonyms(p, n, t);
	fault(p, from, p->at - from, t->quoted ? NULL : "a word has letters or digits",
		quoting(p, "there is nothing to look for in ", str_sub(p->s, from, p->at), ""));
	return NULL;
}

static struct node *parse_word(struct parser *p, bool cased, size_t from)
{
	size_t at = p->at;
	struct str token = peek_token(p);
	p->at += token.n;
	if (token.n == 0 || foreign_signs(p, token, at))
		return NULL;
	if (!cased)
		lint_word(p, token, at);
	struct term_text t = {.text = without_stops(token), .cased = cased};
	return leaf(p, &t, from);
}

static struct node *parse_phrase(struct parser *p)
{
	size_t from = p->at++;
	size_t close = str_find_char(str_sub(p->s, p->at, p->s.n), '"');
	if (close == SIZE_MAX) {
		fault(p, from, 1, "put a second \" behind its last word", "this quote is not closed");
		p->stopped = true;
		return NULL;
	}
	struct term_text t = {.text = str_trim(str_sub(p->s, p->at, p->at + close)), .quoted = true};
	if (t.text.n == 0)
		t.text = str_sub(p->s, p->at, p->at);
	p->at += close + 1;
	return leaf(p, &t, from);
}

static struct node *parse_exact(struct parser *p)
{
	size_t from = p->at++;
	if (p->at < p->s.n && space_at(p->s, p->at) == 0 && !is_sign(p, p->at))
		return parse_word(p, true, from);
	fault(p, from, 1, "=WHO finds WHO, but not who", "behind = stands one word, without a space");
	return NULL;
}

/* ---- brackets, fields, NOT ------------------------------------------------ */

static struct node *parse_brackets(struct parser *p)
{
	size_t from = p->at++;
	struct node *n = parse_level(p);
	if (p->stopped)
		return n;
	if (!peek_char(p, ')')) {
		fault(p, from, 1, "put a ) where the group ends", "this bracket is not closed");
		return n;
	}
	p->at++;
	if (n == NULL)
		return NULL;
	n->bracketed = true;
	if (n->type != NODE_TERM && !n->synonyms)
		n->text = str_sub(p->s, from, p->at);
	return n;
}

static bool find_field(struct parser *p, struct str name, enum match_field *out)
{
	for (unsigned f = 0; f < MATCH_FIELD_COUNT; f++)
		if (str_ieq(name, str_of(field_names[f]))) {
			*out = (enum match_field)f;
			return true;
		}
	struct str colon = str_sub(p->s, p->at, p->at + name.n + 1);
	const char *hint = diag_suggest(p->in->d, colon, field_words, COUNT(field_words));
	if (hint == NULL)
		hint = "fields are title text programme call funder kind stage source country lang category";
	fault(p, p->at, name.n, hint, quoting(p, "there is no field called ", name, ""));
	return false;
}

/* The operand of a field, a NOT or an operator; NULL after a fault. */
static struct node *operand(struct parser *p, size_t at, size_t n)
{
	skip_space(p);
	if (p->stopped)
		return NULL;
	enum operator op = at_end(p) ? OP_AND : peek_operator(p);
	if (op == OP_NONE || op == OP_NOT)
		return parse_unary(p);
	fault(p, at, n, NULL,
		quoting(p, "there is nothing to look for behind ", str_sub(p->s, at, at + n), ""));
	return NULL;
}

static struct node *parse_field(struct parser *p, struct str name)
{
	enum match_field field = MATCH_TITLE;
	size_t from = p->at;
	bool known = find_field(p, name, &field);
	p->at += name.n + 1;
	struct node *kid = operand(p, from, name.n + 1);
	struct node *n = new_node(p, NODE_FIELD, from);
	n->field = field;
	if (kid != NULL)
		add_kid(p, n, kid);
	return kid != NULL && known ? n : NULL;
}

static struct node *parse_not(struct parser *p, size_t width)
{
	size_t from = p->at;
	p->at += width;
	bool space = width == 1 && p->at < p->s.n && space_at(p->s, p->at) > 0;
	if (space || (width == 1 && p->at >= p->s.n)) {
		fault(p, from, 1, "write -word without a space, or leave it out", "this - stands alone");
		return NULL;
	}
	struct node *kid = operand(p, from, width);
	if (kid == NULL)
		return NULL;
	struct node *n = new_node(p, NODE_NOT, from);
	add_kid(p, n, kid);
	return n;
}

static struct node *parse_primary(struct parser *p)
{
	struct str token = peek_token(p);
	if (peek_char(p, '('))
		return parse_brackets(p);
	if (peek_char(p, '"'))
		return parse_phrase(p);
	if (peek_char(p, '='))
		return parse_exact(p);
	if (peek_char(p, '-'))
		return parse_not(p, 1);
	if (p->at + token.n < p->s.n && p->s.p[p->at + token.n] == ':') {
		if (token.n > 0)
			return parse_field(p, token);
		fault(p, p->at++, 1, "as in title:pharma",
			"in front of : stands the name of a field, without a space");
		return NULL;
	}
	if (str_eq(token, STR("NOT")))
		return parse_not(p, token.n);
	return parse_word(p, false, p->at);
}

static struct node *parse_unary(struct parser *p)
{
	struct node *n = NULL;
	size_t from = p->at;
	if (++p->depth > QUERY_DEPTH_MAX) {
		fault(p, p->at, 1, NULL,
			arena_printf(p->in->d->a, "brackets, fields and NOTs are nested more than %d deep",
				QUERY_DEPTH_MAX));
		p->stopped = true;
	} else {
		n = parse_primary(p);
	}
	p->depth--;
	if (n == NULL && p->at == from)
		p->stopped = true; /* nothing was read: do not try it again */
	return n;
}

/* ---- NEAR ----------------------------------------------------------------- */

static bool has_places(const struct node *n)
{
	if (n->type == NODE_AND || n->type == NODE_NOT)
		return false;
	for (size_t i = 0; n->type != NODE_NEAR && i < n->kids.n; i++)
		if (!has_places(n->kids.v[i]))
			return false;
	return true;
}

static bool read_near(struct parser *p, struct str token, struct near *out)
{
	struct str name = near_name(token), number = str_sub(token, name.n + 1, token.n);
	*out = (struct near){.within = NEAR_DEFAULT, .ordered = str_eq(name, STR("PRE"))};
	if (name.n == token.n || str_to_i64(number, 1, NEAR_MAX, &out->within))
		return true;
	fault(p, p->at, token.n, "as in NEAR/5",
		arena_printf(p->in->d->a, "behind %.*s/ stands a number of words from 1 to %d", STRF(name),
			NEAR_MAX));
	return false;
}

static void check_operand(struct parser *p, const struct node *n)
{
	if (n == NULL || has_places(n))
		return;
	fault(p, (size_t)(n->text.p - p->s.p), n->text.n,
		"as in (a OR b) NEAR/5 \"c d\"; to leave it out: -(a NEAR/5 b)",
		"NEAR stands between words, phrases, or words with OR in brackets");
}

static struct node *parse_near(struct parser *p)
{
	size_t from = p->at;
	struct node *first = parse_unary(p), *n = NULL;
	bool whole = first != NULL;
	skip_space(p);
	while (!at_end(p) && peek_operator(p) == OP_NEAR) {
		struct str token = peek_token(p);
		struct near how;
		whole &= read_near(p, token, &how);
		size_t at = p->at;
		p->at += token.n;
		struct node *right = operand(p, at, token.n);
		whole &= right != NULL;
		if (n == NULL) {
			check_operand(p, first);
			n = new_node(p, NODE_NEAR, from);
			add_kid(p, n, first);
			*vec_push(p->in->a, &n->nears) = how;
		}
		check_operand(p, right);
		add_kid(p, n, right);
		*vec_push(p->in->a, &n->nears) = how;
		n->text = str_trim(str_sub(p->s, from, p->at));
		skip_space(p);
	}
	if (n == NULL)
		return first;
	return whole ? n : NULL;
}

/* ---- levels --------------------------------------------------------------- */

/* Writes the negatives that stand behind item `i`, or all of them. Those before
 * the first item belong to it. */
static void add_negatives(struct buf *b, const struct level *l, size_t i)
{
	for (size_t k = 0; k < l->negatives.n; k++) {
		size_t owner = l->behind.v[k] == 0 ? 0 : l->behind.v[k] - 1;
		if (i != ALL_ITEMS && i != owner)
			continue;
		buf_addc(b, ' ');
		buf_add(b, l->negatives.v[k]->text);
	}
}

static bool joined_to_next(const struct level *l, size_t i, enum operator tight)
{
	return i + 1 < l->items.n && l->joints.v[i + 1] == tight;
}

/* One item with the negatives it owns, in brackets when it has any. */
static void add_item_text(struct buf *b, const struct level *l, size_t i, bool in_brackets)
{
	struct buf own = buf_init(READING_MAX);
	add_negatives(&own, l, i);
	bool wrap = own.n > 0 && !in_brackets;
	buf_addz(b, wrap ? "(" : "");
	buf_add(b, l->items.v[i]->text);
	buf_add(b, buf_str(&own));
	buf_addz(b, wrap ? ")" : "");
	b->failed |= own.failed;
	buf_free(&own);
}

/* The level with brackets around what `tight` joins: AND binds negatives to the
 * item before them, OR leaves them to the whole level. Empty when too long. */
static struct str reading(struct arena *a, const struct level *l, enum operator tight)
{
	struct buf b = buf_init(READING_MAX);
	for (size_t i = 0; i < l->items.n; i++) {
		bool open = i > 0 && l->joints.v[i] == tight, more = joined_to_next(l, i, tight);
		if (i > 0)
			buf_addz(&b, l->joints.v[i] == OP_OR ? " OR " : " AND ");
		buf_addz(&b, more && !open ? "(" : "");
		if (tight == OP_AND)
			add_item_text(&b, l, i, more || open);
		else
			buf_add(&b, l->items.v[i]->text);
		buf_addz(&b, open && !more ? ")" : "");
	}
	if (tight == OP_OR)
		add_negatives(&b, l, ALL_ITEMS);
	bool failed = b.failed;
	struct str s = buf_take(&b, a);
	return failed ? (struct str){0} : s;
}

static void tell_mixed(struct parser *p, const struct level *l)
{
	struct arena *a = p->in->d->a;
	if (p->in->alternatives) {
		fault(p, l->or_at, l->or_n, "as in \"gene therapy\", ATMP",
			"put quotes around several words that stand together");
		return;
	}
	struct str ands = reading(a, l, OP_AND), ors = reading(a, l, OP_OR);
	const char *hint = l->items.n < 2 ? "what is left out stands behind a bracket: (a OR b) -c"
					  : "write (a AND b) OR c, or a AND (b OR c)";
	if (l->items.n >= 2 && ands.n > 0 && ors.n > 0)
		hint = arena_printf(a, "write %.*s, or %.*s", STRF(ands), STRF(ors));
	fault(p, l->or_at, l->or_n, hint, "AND and OR are mixed without brackets");
}

/* The operator between two items, if one is written; false after a fault. */
static bool read_joint(struct parser *p, bool first, enum operator* joint)
{
	size_t at = p->at, n = operator_width(p);
	enum operator op = peek_operator(p);
	*joint = OP_AND;
	if (op == OP_NONE || op == OP_NOT)
		return true;
	if (first || op == OP_NEAR) {
		p->at += n;
		fault(p, at, n, "put it in quotes to look for the word",
			quoting(p, "there is nothing in front of ", str_sub(p->s, at, at + n), ""));
		return false;
	}
	*joint = op;
	p->at += n;
	skip_space(p);
	enum operator next = at_end(p) ? OP_AND : peek_operator(p);
	if (next == OP_NONE || next == OP_NOT)
		return true;
	fault(p, at, n, NULL,
		quoting(p, "there is nothing to look for behind ", str_sub(p->s, at, at + n), ""));
	return false;
}

static void add_item(
	struct parser *p, struct level *l, struct node *n, enum operator joint, bool written, size_t at)
{
	bool negative = n->type == NODE_NOT && !n->bracketed;
	if (joint == OP_OR && !l->has_or) {
		l->has_or = true;
		l->or_at = at;
		l->or_n = p->s.p[at] == 'O' ? 2 : 1;
	}
	bool counts = written || !negative;
	if (joint == OP_AND && counts && l->items.n + l->negatives.n > 0)
		l->has_and |= written || l->items.n > 0;
	if (joint == OP_OR && (negative || l->items.n == 0))
		l->has_and = true; /* a OR -b: the - reads as AND NOT */
	if (negative) {
		*vec_push(p->in->a, &l->negatives) = n;
		*vec_push(p->in->a, &l->behind) = l->items.n;
		return;
	}
	*vec_push(p->in->a, &l->items) = n;
	*vec_push(p->in->a, &l->joints) = joint;
}

static struct node *build_level(struct parser *p, const struct level *l, size_t from)
{
	struct node *n = new_node(p, l->has_or ? NODE_OR : NODE_AND, from);
	for (size_t i = 0; i < l->items.n; i++)
		add_kid(p, n, l->items.v[i]);
	if (l->negatives.n == 0)
		return l->items.n == 1 ? l->items.v[0] : n;
	struct node *all = new_node(p, NODE_AND, from);
	if (l->items.n > 0)
		add_kid(p, all, l->items.n == 1 ? l->items.v[0] : n);
	for (size_t i = 0; i < l->negatives.n; i++)
		add_kid(p, all, l->negatives.v[i]);
	return l->items.n + l->negatives.n == 1 ? l->negatives.v[0] : all;
}

static struct node *parse_level(struct parser *p)
{
	struct level l = {0};
	size_t from = p->at, faults = p->faults;
	bool any = false;
	for (skip_space(p); !at_end(p); skip_space(p)) {
		enum operator joint, written = peek_operator(p);
		size_t at = p->at;
		bool fine = read_joint(p, !any, &joint);
		any = true;
		if (!fine)
			continue;
		struct node *n = parse_near(p);
		if (n != NULL)
			add_item(p, &l, n, joint, written == OP_AND, at);
	}
	if (!any && !p->stopped)
		fault(p, from, 1, NULL,
			from == 0 ? "there is nothing to look for"
				  : "there is nothing between these brackets");
	if (l.has_and && l.has_or && p->faults == faults)
		tell_mixed(p, &l);
	return p->faults == faults && l.items.n + l.negatives.n > 0 ? build_level(p, &l, from) : NULL;
}

/* ---- whole queries -------------------------------------------------------- */

static bool within_limits(struct parser *p)
{
	if (p->s.n <= QUERY_BYTES_MAX)
		return true;
	fault(p, 0, 1, "make several lines of it",
		arena_printf(p->in->d->a, "this query is longer than %d bytes", QUERY_BYTES_MAX));
	return false;
}

struct node *query_parse(const struct parser_input *in)
{
	struct parser p = {.in = in, .s = in->value->text};
	if (!within_limits(&p))
		return NULL;
	struct node *root = NULL;
	for (;;) {
		struct node *n = parse_level(&p);
		root = p.faults == 0 ? n : NULL;
		if (p.stopped || !peek_char(&p, ')'))
			break;
		fault(&p, p.at++, 1, "there is no ( for it", "this bracket closes nothing");
		skip_space(&p);
		if (p.at >= p.s.n)
			break;
	}
	if (root == NULL || p.faults > 0)
		return NULL;
	if (node_terms(root) <= QUERY_TERMS_MAX)
		return root;
	fault(&p, 0, 1, "make several lines of it",
		arena_printf(in->d->a, "this query has more than %d different words, synonyms included",
			QUERY_TERMS_MAX));
	return NULL;
}
