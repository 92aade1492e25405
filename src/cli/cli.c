/* SPDX-License-Identifier: MIT
 *
 * What the verbs share: options, errors, finding things by their id, tables.
 */
#include "cli/cli.h"

#include <pwd.h>
#include <unistd.h>

#include <utf8proc.h>

#include "render/render.h"

int cli_usage(const struct cli *c)
{
	fprintf(stderr, "usage: fundwatch %s\n", c->synopsis);
	return EXIT_USAGE;
}

int cli_end(enum err kind, const struct error *e)
{
	if (kind == ERR_OK)
		return EXIT_OK;
	log_error("%s", e->text);
	return kind == ERR_CONFIG ? EXIT_CONFIGURATION : EXIT_FAILED;
}

static const struct option_spec *find_option(const struct option_spec *specs, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(specs[i].name, name) == 0)
			return &specs[i];
	return NULL;
}

/* Takes one option at argv[i]; how many words it took, 0 when it is wrong. */
static int take_option(struct cli *c, const struct option_spec *specs, size_t n, int i)
{
	const char *arg = c->argv[i] + 2, *equals = strchr(arg, '=');
	char name[64];
	(void)snprintf(name, sizeof(name), "%.*s",
		(int)(equals == NULL ? strlen(arg) : (size_t)(equals - arg)), arg);
	const struct option_spec *o = find_option(specs, n, name);
	if (o == NULL) {
		fprintf(stderr, "fundwatch: there is no option --%s here\n", name);
		return 0;
	}
	if (o->flag != NULL) {
		*o->flag = true;
		return equals == NULL ? 1 : 0;
	}
	*o->value = equals != NULL ? equals + 1 : c->argv[i + 1];
	if (*o->value == NULL)
		fprintf(stderr, "fundwatch: --%s needs a value\n", name);
	return *o->value == NULL ? 0 : equals != NULL ? 1 : 2;
}

bool cli_options(struct cli *c, const struct option_spec *specs, size_t n, int min, int max)
{
	int words = 0;
	bool options = true;
	for (int i = 0; i < c->argc;) {
		if (options && strcmp(c->argv[i], "--") == 0) {
			options = false;
			i++;
		} else if (options && strncmp(c->argv[i], "--", 2) == 0) {
			int took = take_option(c, specs, n, i);
			if (took == 0) {
				(void)cli_usage(c);
				return false;
			}
			i += took;
		} else {
			c->argv[words++] = c->argv[i++];
		}
	}
	c->argc = words;
	if (words >= min && words <= max)
		return true;
	(void)cli_usage(c);
	return false;
}

bool cli_days(const char *text, int64_t most, int64_t *out)
{
	struct str s = str_of(text);
	if (s.n > 0 && s.p[s.n - 1] == 'd')
		s.n--;
	if (str_to_i64(s, 1, most, out))
		return true;
	fprintf(stderr, "fundwatch: --last expects a number of days, such as 180d\n");
	return false;
}

const struct profile *cli_profile(struct cli *c, const char *id)
{
	const struct config *conf = c->app.config;
	const struct profile *p = conf_profile(conf, str_of(id));
	if (p != NULL)
		return p;
	const char **ids = arena_make_n(c->a, conf->profiles.n + 1, const char *);
	for (size_t i = 0; i < conf->profiles.n; i++)
		ids[i] = str_c(c->a, conf->profiles.v[i].id);
	struct diags d = {.a = c->a};
	const char *hint = diag_suggest(&d, str_of(id), ids, conf->profiles.n);
	log_error("there is no profile '%s'%s%s", id, hint == NULL ? "" : "; ", hint == NULL ? "" : hint);
	return NULL;
}

bool cli_find(struct cli *c, const char *id, struct opportunity *out)
{
	struct error e;
	int64_t found;
	enum err rc = store_find(c->app.store, str_of(id), &found, &e);
	if (rc == ERR_OK)
		rc = store_opportunity(c->app.store, c->a, found, out, &e);
	return cli_end(rc, &e) == EXIT_OK;
}

struct str cli_short_id(struct cli *c, int64_t id)
{
	struct error e;
	struct str s;
	return store_short_id(c->app.store, c->a, id, &s, &e) == ERR_OK ? s : STR("?");
}

void cli_print_compounds(const struct compound_list *l, const char *who)
{
	if (l->list.n > 0)
		printf("Words that %s only inside longer ones:\n", who);
	for (size_t i = 0; i < l->list.n; i++) {
		const struct compound *k = &l->list.v[i];
		printf("  %.*s, in %.*s; %s%.*s%s finds it   (%.*s)\n", STRF(k->word), STRF(k->longer),
			k->ends ? "*" : "", STRF(k->word), k->ends ? "" : "*", STRF(k->line));
	}
}

struct str cli_who(struct cli *c)
{
	const struct passwd *pw = getpwuid(getuid());
	return pw == NULL ? str_of(arena_printf(c->a, "uid %ld", (long)getuid()))
			  : str_dup(c->a, str_of(pw->pw_name));
}

const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

struct str cli_time(struct cli *c, int64_t at)
{
	struct civil t = zone_civil(c->app.config->settings.zone, at);
	return str_of(
		arena_printf(c->a, "%.*s %02d:%02d", STRF(render_date(c->a, t.date)), t.hour, t.minute));
}

struct str cli_deadline(struct cli *c, const struct opportunity *o)
{
	const struct deadline *d = opportunity_deadline(o, clock_now());
	if (d == NULL && o->deadlines.n > 0)
		d = &o->deadlines.v[o->deadlines.n - 1];
	if (d == NULL)
		return STR("none");
	struct str date = date_iso(c->a, d->date);
	if (d->minute < 0)
		return date;
	return str_of(arena_printf(c->a, "%.*s %02d:%02d", STRF(date), d->minute / 60, d->minute % 60));
}

/* ---- tables ------------------------------------------------------------------ */

void table_add(struct table *t, struct str cell)
{
	*vec_push(t->a, &t->cells) = cell;
}

/* Columns that a text takes on a terminal. */
static size_t display_width(struct str s)
{
	size_t width = 0;
	for (size_t at = 0; at < s.n;) {
		int w = utf8proc_charwidth((utf8proc_int32_t)utf8_next(s, &at));
		width += w > 0 ? (size_t)w : 0;
	}
	return width;
}

static void print_json(const struct table *t, FILE *out)
{
	for (size_t i = 0; i + t->columns <= t->cells.n; i += t->columns) {
		struct buf b = buf_init((size_t)1 << 20);
		struct json j = json_to(&b);
		json_open(&j, '{');
		for (size_t k = 0; k < t->columns; k++)
			json_member_str(&j, t->heads[k], t->cells.v[i + k]);
		json_close(&j, '}');
		fprintf(out, "%s\n", b.p);
		buf_free(&b);
	}
}

static void print_row(const struct table *t, const size_t *widths, const struct str *cells, FILE *out)
{
	for (size_t k = 0; k < t->columns; k++) {
		fprintf(out, "%.*s", STRF(cells[k]));
		size_t w = display_width(cells[k]);
		if (k + 1 < t->columns)
			fprintf(out, "%*s", (int)(widths[k] - w + 2), "");
	}
	fputc('\n', out);
}

void table_print(struct table *t, bool json, FILE *out)
{
	if (json) {
		print_json(t, out);
		return;
	}
	size_t *widths = arena_make_n(t->a, t->columns, size_t);
	struct str *heads = arena_make_n(t->a, t->columns, struct str);
	for (size_t k = 0; k < t->columns; k++) {
		heads[k] = str_of(t->heads[k]);
		widths[k] = display_width(heads[k]);
	}
	for (size_t i = 0; i < t->cells.n; i++) {
		size_t w = display_width(t->cells.v[i]);
		if (w > widths[i % t->columns])
			widths[i % t->columns] = w;
	}
	print_row(t, widths, heads, out);
	for (size_t i = 0; i + t->columns <= t->cells.n; i += t->columns)
		print_row(t, widths, &t->cells.v[i], out);
}
