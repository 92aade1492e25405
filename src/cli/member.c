/* SPDX-License-Identifier: MIT
 *
 * The fields of a new member, each tried as `check` would try it, and the file made
 * of them.
 */
#include "cli/member.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <utf8proc.h>

#include "base/buf.h"
#include "render/render.h"

#define MEMBER_FILE_MAX ((size_t)64 << 10) /* bytes of one new file */
#define ID_BYTES	40		   /* of a name made from a member's */
#define VALUE_COLUMN	14		   /* where values start, as fmt has it */

const struct member_spec member_specs[MEMBER_FIELDS] = {
	[MEMBER_NAME] = {"name", "company member companyname", "What is the member called?", NULL, true},
	[MEMBER_ID] = {"id", "profile shortname",
		"A short name for lists: small letters, digits, hyphens; it stays for good.", NULL, true},
	[MEMBER_KIND] = {"kind", "type organisationtype",
		"What is it: sme, startup, research, large, public, ngo or investor?", NULL, true},
	[MEMBER_EMAIL] = {"email", "mail emailaddress emails contact",
		"Who gets the mail? Several with commas.", NULL, true},
	[MEMBER_ORGANISATION] = {"organisation", "organization regcode registrycode registrationnumber vat",
		"Its registration number, so that reports count it once? Empty: none.",
		"Reports count an organisation once, whatever its profiles.", false},
	[MEMBER_COUNTRY] = {"country", "countrycode",
		"In which country is it? Two letters, such as EE. Empty: calls of all countries.",
		"Calls for this country, for the EU and for associated countries suit.", false},
	[MEMBER_LANGUAGE] = {"language", "lang", NULL, NULL, false},
	[MEMBER_TAGS] = {"tags", "groups", NULL, NULL, false},
	[MEMBER_DIGEST] = {"digest", "schedule", NULL, NULL, false},
	[MEMBER_MODE] = {"mode", "", NULL, NULL, false},
	[MEMBER_USE] = {"use", "rules rulesets",
		"Which shared rules suit it? Several with commas; empty: none.",
		"Shared rules, one file each in rules.d: a call that hits one of them suits.", false},
	[MEMBER_KEYWORDS] = {"keywords", "words topics interests",
		"Words of its own that a suitable call has, with commas: gene therapy, GMP", NULL, false},
	[MEMBER_MATCH] = {"match", "rule", NULL,
		"Its own words in all their forms; NEAR/3: at most three words apart.", false},
	[MEMBER_NOTE] = {"note", "notes remark remarks comment", NULL, NULL, false},
	[MEMBER_CONSENT] = {"consent", "agreed",
		"When and how did it agree to get mail, such as: 2026-03-01 signed form?", NULL, false},
};

/* Lines for later, so that nobody has to look them up. */
static const char later[] = "\n# Take away the # to switch one on:\n"
			    "#match:       title:(robot* OR automation OR factory)\n"
			    "#match:       call:CANCER OR title:\"EIC Accelerator\"\n"
			    "#exclude:     title:(veterinary OR \"framework contract\")\n"
			    "#score 2:     demonstrat* OR \"pilot line\"\n"
			    "#deadline:    21..300 days, unknown ok\n"
			    "#budget:      >= 50k EUR, unknown ok\n"
			    "#kinds:       grant, prize, cascade, equity\n"
			    "#digest:      weekly mon 08:00\n"
			    "#mode:        review\n";

/* ---- values --------------------------------------------------------------------- */

/* Letters that no decomposition takes apart. */
static const char *plain_letter(uint32_t c)
{
	static const struct {
		uint32_t letter;
		const char *plain;
	} letters[] = {{0xF8, "o"}, {0xE6, "ae"}, {0x153, "oe"}, {0x142, "l"}, {0x111, "d"}, {0xF0, "d"},
		{0xFE, "th"}};
	for (size_t i = 0; i < COUNT(letters); i++)
		if (letters[i].letter == c)
			return letters[i].plain;
	return NULL;
}

struct str member_id_of(struct arena *a, struct str name)
{
	utf8proc_uint8_t *plain = NULL;
	struct buf b = buf_init(64);
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)name.p, (utf8proc_ssize_t)name.n, &plain,
		(utf8proc_option_t)((unsigned)UTF8PROC_DECOMPOSE | (unsigned)UTF8PROC_COMPAT |
				    (unsigned)UTF8PROC_STRIPMARK | (unsigned)UTF8PROC_CASEFOLD));
	struct str text = {(const char *)plain, n > 0 ? (size_t)n : 0};
	bool gap = false;
	for (size_t at = 0; at < text.n && b.n < ID_BYTES;) {
		uint32_t c = utf8_next(text, &at);
		const char *letter = plain_letter(c);
		bool good = letter != NULL || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (good && gap && b.n > 0)
			buf_addc(&b, '-');
		if (letter != NULL)
			buf_addz(&b, letter);
		else if (good)
			buf_addc(&b, (char)c);
		gap = !good;
	}
	free(plain);
	return buf_take(&b, a);
}

/* One line without control characters: cells of spreadsheets have several. */
static struct str one_line(struct arena *a, struct str s)
{
	struct buf b = buf_init(s.n + 1);
	bool blank = false;
	for (size_t i = 0; i < s.n; i++) {
		bool white = (unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F;
		if (!white && blank && b.n > 0)
			buf_addc(&b, ' ');
		if (!white)
			buf_addc(&b, s.p[i]);
		blank = white;
	}
	return buf_take(&b, a);
}

static bool plain_word(struct str s)
{
	static const struct str operators[] = {
		{"OR", 2}, {"AND", 3}, {"NOT", 3}, {"NEAR", 4}, {"PRE", 3}, {"W", 1}};
	for (size_t i = 0; i < COUNT(operators); i++)
		if (str_eq(s, operators[i]))
			return false;
	for (size_t i = 0; i < s.n; i++)
		if (strchr(" ()|:=*/", s.p[i]) != NULL)
			return false;
	return s.p[0] != '-';
}

/* What stands between two commas. Words in quotes stay as they are; other words are
 * looked for near each other in all their forms, for funders write "therapy of genes"
 * where a member says "gene therapies". */
static void put_keyword(struct buf *b, struct str word)
{
	struct str rest = word, part;
	bool plain = word.p[0] != '"';
	while (plain && (part = str_word(rest, &rest)).n > 0)
		plain = plain_word(part);
	if (!plain) {
		buf_addc(b, '"');
		for (size_t i = 0; i < word.n; i++)
			if (word.p[i] != '"')
				buf_addc(b, word.p[i]);
		buf_addc(b, '"');
		return;
	}
	const char *between = "";
	for (rest = word; (part = str_word(rest, &rest)).n > 0; between = " NEAR/3 ")
		buf_printf(b, "%s%.*s", between, STRF(part));
}

/* "gene therapy, GMP" -> gene NEAR/3 therapy OR GMP */
static struct str rule_of_keywords(struct arena *a, struct str keywords)
{
	struct buf b = buf_init(10 * keywords.n + 16);
	struct str rest = one_line(a, keywords);
	while (rest.n > 0) {
		size_t end = 0;
		while (end < rest.n && rest.p[end] != ',' && rest.p[end] != ';')
			end++;
		struct str word = str_trim(str_sub(rest, 0, end));
		rest = str_sub(rest, end + 1, rest.n);
		if (word.n == 0)
			continue;
		buf_addz(&b, b.n > 0 ? " OR " : "");
		put_keyword(&b, word);
	}
	return buf_take(&b, a);
}

/* ---- the file ---------------------------------------------------------------------- */

static void put_key(struct buf *b, struct arena *a, const char *key, struct str value)
{
	int gap = VALUE_COLUMN - (int)strlen(key) - 1;
	value = one_line(a, value);
	if (value.n > 0)
		buf_printf(b, "%s:%*s%.*s\n", key, gap > 0 ? gap : 1, "", STRF(value));
}

/* A call that names its field in the title is far more often right than one that
 * mentions it somewhere, so it comes first in the mail. */
static void put_title_score(struct buf *b, struct arena *a, struct str rule)
{
	buf_addz(b, "# Points: calls that say so in the title come first.\n");
	put_key(b, a, "score 5", str_of(arena_printf(a, "title:(%.*s)", STRF(rule))));
}

static struct str member_text(struct arena *a, const struct member *m, const char *how, struct str day)
{
	struct buf b = buf_init(MEMBER_FILE_MAX);
	if (how != NULL)
		buf_printf(&b,
			"# %.*s: written by %s on %.*s. Change it as you like, then ask for a check.\n\n",
			STRF(one_line(a, m->v[MEMBER_NAME])), how, STRF(day));
	buf_printf(&b, "[profile %.*s]\n", STRF(one_line(a, m->v[MEMBER_ID])));
	for (size_t f = 0; f < MEMBER_FIELDS; f++) {
		bool keywords = f == MEMBER_KEYWORDS;
		struct str value = keywords ? rule_of_keywords(a, m->v[f]) : m->v[f];
		const struct member_spec *spec = &member_specs[keywords ? MEMBER_MATCH : f];
		if (f == MEMBER_ID || value.n == 0)
			continue;
		if (f == MEMBER_USE || keywords || f == MEMBER_NOTE)
			buf_addc(&b, '\n');
		if (spec->remark != NULL)
			buf_printf(&b, "# %s\n", spec->remark);
		put_key(&b, a, spec->name, value);
		if (keywords)
			put_title_score(&b, a, value);
	}
	if (how != NULL)
		buf_addz(&b, later);
	return buf_take(&b, a);
}

/* ---- faults --------------------------------------------------------------------------- */

static struct str first_error(struct arena *a, const struct diags *d)
{
	for (size_t i = 0; i < d->list.n; i++) {
		const struct diag *x = &d->list.v[i];
		if (x->severity == DIAG_ERROR)
			return str_of(arena_printf(
				a, "%.*s%s%.*s", STRF(x->message), x->hint.n > 0 ? "; " : "", STRF(x->hint)));
	}
	return (struct str){0};
}

static struct str id_fault(struct cli *c, struct str id)
{
	struct member m = {.v[MEMBER_ID] = id};
	if (conf_profile(c->app.config, id) != NULL)
		return str_of(arena_printf(c->a, "there already is a profile '%.*s'", STRF(id)));
	const char *path = member_path(c, &m);
	return file_exists(path) ? str_of(arena_printf(c->a, "there already is a file %s", path))
				 : (struct str){0};
}

static struct str use_fault(struct cli *c, struct str use)
{
	const struct config *conf = c->app.config;
	struct strv wanted = strv_split(c->a, use, ',');
	const char **ids = arena_make_n(c->a, conf->rule_sets.n + 1, const char *);
	for (size_t i = 0; i < conf->rule_sets.n; i++)
		ids[i] = str_c(c->a, conf->rule_sets.v[i].id);
	for (size_t k = 0; k < wanted.n; k++) {
		bool known = false;
		for (size_t i = 0; i < conf->rule_sets.n; i++)
			known = known || str_eq(conf->rule_sets.v[i].id, wanted.v[k]);
		struct diags d = {.a = c->a};
		const char *hint = diag_suggest(&d, wanted.v[k], ids, conf->rule_sets.n);
		if (!known)
			return str_of(arena_printf(c->a, "there is no rule set called '%.*s'%s%s",
				STRF(wanted.v[k]), hint == NULL ? "" : "; ", hint == NULL ? "" : hint));
	}
	return (struct str){0};
}

static struct str rule_fault(struct cli *c, struct str rule)
{
	struct diags d = {.a = c->a};
	struct value v = {.text = one_line(c->a, rule), .key = STR("match")};
	v.at = (struct place){.file = STR("rule"), .text = v.text};
	return query_compile(c->a, c->app.config, &v, &d) != NULL ? (struct str){0} : first_error(c->a, &d);
}

struct str member_fault(struct cli *c, enum member_field f, struct str value)
{
	struct diags d = {.a = c->a};
	struct member m = {.v = {[MEMBER_ID] = STR("x"),
				   [MEMBER_NAME] = STR("X"),
				   [MEMBER_KIND] = STR("sme"),
				   [MEMBER_EMAIL] = STR("x@company.example")}};
	value = one_line(c->a, value);
	if (value.n == 0)
		return member_specs[f].required ? STR("this can't be empty") : value;
	m.v[f] = value;
	struct str text = member_text(c->a, &m, NULL, (struct str){0});
	if (conf_check_text(STR("new"), text, &d) > 0)
		return first_error(c->a, &d);
	switch (f) {
	case MEMBER_ID:
		return id_fault(c, value);
	case MEMBER_USE:
		return use_fault(c, value);
	case MEMBER_MATCH:
		return rule_fault(c, value);
	case MEMBER_KEYWORDS:
		return rule_fault(c, rule_of_keywords(c->a, value));
	case MEMBER_NAME:
	case MEMBER_KIND:
	case MEMBER_EMAIL:
	case MEMBER_ORGANISATION:
	case MEMBER_COUNTRY:
	case MEMBER_LANGUAGE:
	case MEMBER_TAGS:
	case MEMBER_DIGEST:
	case MEMBER_MODE:
	case MEMBER_NOTE:
	case MEMBER_CONSENT:
	case MEMBER_FIELDS:
		break;
	}
	return (struct str){0};
}

struct str member_faults(struct cli *c, const struct member *m)
{
	for (size_t f = 0; f < MEMBER_FIELDS; f++) {
		struct str fault = member_fault(c, (enum member_field)f, m->v[f]);
		if (fault.n > 0)
			return str_of(arena_printf(c->a, "%s: %.*s", member_specs[f].name, STRF(fault)));
	}
	return (struct str){0};
}

bool member_has_rules(const struct member *m)
{
	return m->v[MEMBER_USE].n + m->v[MEMBER_KEYWORDS].n + m->v[MEMBER_MATCH].n > 0;
}

/* ---- writing ------------------------------------------------------------------------------ */

const char *member_path(struct cli *c, const struct member *m)
{
	return arena_printf(c->a, "%s/profiles.d/%.*s.conf", c->dir, STRF(m->v[MEMBER_ID]));
}

/* A file that exists is refused by the system itself, whoever made it meanwhile. */
static enum err write_new(const char *path, struct str bytes, struct error *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_set(e, ERR_PERMANENT, "%s: %s", path, strerror(errno));
	bool ok = write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n && fsync(fd) == 0;
	int saved = errno;
	ok = close(fd) == 0 && ok;
	if (ok)
		return ERR_OK;
	(void)unlink(path);
	return err_set(e, ERR_TEMPORARY, "%s: %s", path, strerror(saved));
}

/* The whole configuration with the new files, as `check` reads it. */
static bool all_well(struct cli *c)
{
	struct config *with CLEANUP(conf_freep) = NULL;
	struct diags d = {.a = c->a};
	enum err rc = conf_load(c->dir, &d, &with);
	bool compiled = match_compile(c->a, with, &d) != NULL;
	if (rc == ERR_OK && compiled)
		return true;
	diags_print(&d, stderr);
	return false;
}

enum err members_write(struct cli *c, const struct member *list, size_t n, const char *how, struct error *e)
{
	struct str day = render_date(c->a, zone_civil(c->app.config->settings.zone, clock_now()).date);
	size_t written = 0;
	enum err rc = file_mkdirs(arena_printf(c->a, "%s/profiles.d", c->dir), e);
	for (size_t i = 0; rc == ERR_OK && i < n; i++) {
		rc = write_new(member_path(c, &list[i]), member_text(c->a, &list[i], how, day), e);
		written += rc == ERR_OK;
	}
	if (rc == ERR_OK && !all_well(c))
		rc = err_set(
			e, ERR_INPUT, "nothing was written, for the configuration would not check clean");
	for (size_t i = 0; rc != ERR_OK && i < written; i++)
		(void)unlink(member_path(c, &list[i]));
	return rc;
}
