/* SPDX-License-Identifier: MIT
 *
 * help: the verbs and the keys of files, from the tables that the program itself goes
 * by; with --mdoc as the lists that the manual pages are built with.
 */
#include "cli/cli.h"

#define TEXT_WIDTH 78 /* of the lines that --mdoc prints */

static const struct {
	const char *option, *argument, *help;
} globals[] = {
	{"-c", "DIR", "directory of the configuration (default /etc/fundwatch, else ./conf)"},
	{"--now", "TIME", "pretend that it is this time (2026-11-23 or 2026-11-23T07:00:00Z)"},
};

void help_print(FILE *out)
{
	fputs("usage: fundwatch [-c DIR] [--now TIME] VERB [args]\n\n", out);
	for (size_t i = 0; i < COUNT(globals); i++)
		fprintf(out, "  %-5s %-6s%s\n", globals[i].option, globals[i].argument, globals[i].help);
	fputc('\n', out);
	for (size_t i = 0; i < verb_count; i++)
		fprintf(out, "  %-12s %s\n", verbs[i].name, verbs[i].help);
	fputs("\nfundwatch help VERB shows what a verb takes, fundwatch help keys what may stand in files.\n",
		out);
}

int help_verb(const struct verb *v)
{
	printf("usage: fundwatch %s\n\n%s\n", v->synopsis, v->help);
	return EXIT_OK;
}

/* ---- mdoc ------------------------------------------------------------------------ */

/* One word, such that no character of it is markup. */
static void mdoc_word(const char *p, size_t n, bool first)
{
	if (first && (*p == '.' || *p == '\''))
		fputs("\\&", stdout);
	for (size_t i = 0; i < n; i++)
		switch (p[i]) {
		case '\\':
			fputs("\\e", stdout);
			break;
		case '-':
			fputs("\\-", stdout);
			break;
		case '"':
			fputs("\\(dq", stdout);
			break;
		default:
			putchar(p[i]);
		}
}

/* The text in lines; a new sentence starts a new one. */
static void mdoc_text(const char *text)
{
	struct str rest = str_of(text), word;
	size_t column = 0;
	bool stop = false;
	while ((word = str_word(rest, &rest)).n > 0) {
		bool fresh = column == 0 || stop || column + word.n + 1 > TEXT_WIDTH;
		if (fresh && column > 0)
			putchar('\n');
		if (!fresh)
			putchar(' ');
		mdoc_word(word.p, word.n, fresh);
		column = fresh ? word.n : column + word.n + 1;
		stop = word.p[word.n - 1] == '.' && !str_ends(word, STR(".."));
	}
	if (column > 0)
		putchar('\n');
}

static void mdoc_item(const char *name, const char *argument, const char *end)
{
	fputs(".It \"", stdout);
	mdoc_word(name, strlen(name), true);
	if (argument != NULL) {
		putchar(' ');
		mdoc_word(argument, strlen(argument), false);
	}
	printf("%s\"\n", end);
}

static void mdoc_verbs(void)
{
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < verb_count; i++) {
		mdoc_item(verbs[i].synopsis, NULL, "");
		mdoc_text(verbs[i].help);
	}
	puts(".El");
}

static void mdoc_globals(void)
{
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; i < COUNT(globals); i++) {
		mdoc_item(globals[i].option, globals[i].argument, "");
		mdoc_text(globals[i].help);
	}
	puts(".El");
}

/* ---- keys -------------------------------------------------------------------------- */

static void mdoc_keys(const char *kind)
{
	struct key_help k;
	puts(".Bl -tag -width Ds");
	for (size_t i = 0; conf_key_help(kind, i, &k); i++) {
		mdoc_item(k.name, k.argument, ":");
		mdoc_text(k.help);
		if (k.missing != NULL) {
			fputs("(default: ", stdout);
			mdoc_word(k.missing, strlen(k.missing), false);
			puts(")");
		} else if (k.required || k.many) {
			puts(k.required ? "(required)" : "(any number of lines)");
		}
	}
	puts(".El");
}

static void plain_keys(const struct section_help *s)
{
	struct key_help k;
	printf("[%s%s]  %s\n", s->kind, s->named ? " NAME" : "", s->help);
	for (size_t i = 0; conf_key_help(s->kind, i, &k); i++) {
		int width = printf("  %s%s%s:", k.name, k.argument == NULL ? "" : " ",
			k.argument == NULL ? "" : k.argument);
		printf("%*s%s%s", width < 18 ? 18 - width : 1, "", k.help, k.required ? " (required)" : "");
		printf(k.missing == NULL ? "\n" : "; default: %s\n", k.missing);
	}
}

/* All kinds of sections, or the one that is named. */
static int help_keys(const char *kind, bool mdoc)
{
	struct section_help s;
	bool found = false;
	for (size_t i = 0; conf_section_help(i, &s); i++) {
		if (kind != NULL && strcmp(kind, s.kind) != 0)
			continue;
		if (found && !mdoc)
			putchar('\n');
		if (mdoc)
			mdoc_keys(s.kind);
		else
			plain_keys(&s);
		found = true;
	}
	if (!found)
		log_error("there is no kind of section called '%s'; 'fundwatch help keys' lists them", kind);
	return found ? EXIT_OK : EXIT_USAGE;
}

int cmd_help(struct cli *c)
{
	bool mdoc = false;
	const struct option_spec specs[] = {{"mdoc", NULL, &mdoc}};
	if (!cli_options(c, specs, COUNT(specs), 0, 2))
		return EXIT_USAGE;
	const char *what = c->argc > 0 ? c->argv[0] : "verbs";
	if (strcmp(what, "keys") == 0)
		return help_keys(c->argc > 1 ? c->argv[1] : NULL, mdoc);
	for (size_t i = 0; i < verb_count; i++)
		if (strcmp(verbs[i].name, what) == 0)
			return help_verb(&verbs[i]);
	if (mdoc && strcmp(what, "options") == 0)
		mdoc_globals();
	else if (mdoc)
		mdoc_verbs();
	else if (strcmp(what, "verbs") == 0)
		help_print(stdout);
	else
		return cli_usage(c);
	return EXIT_OK;
}
