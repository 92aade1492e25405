/* SPDX-License-Identifier: MIT
 *
 * What every stage works with: configuration, rules, database; loaded whole,
 * swapped whole.
 */
#include "daemon/daemon.h"

#include "base/file.h"
#include "base/log.h"

#define DIAGS_ARENA_MAX ((size_t)64 << 20) /* diagnostics of one load */

/* Notes and lints alone are for `check`; beside errors they would hide them. */
static void print_errors(struct diags *d)
{
	size_t kept = 0;
	for (size_t i = 0; i < d->list.n; i++)
		if (d->list.v[i].severity == DIAG_ERROR)
			d->list.v[kept++] = d->list.v[i];
	d->list.n = kept;
	diags_print(d, stderr);
}

static enum err load(struct app *app, const char *dir, const char *edited, struct diags *d)
{
	struct config *c = NULL;
	struct arena *a = arena_new(CONF_ARENA_MAX);
	enum err rc = conf_load_with(dir, edited, d, &c);
	/* Also after errors: all faults of all files are told at once. */
	struct rulebook *rules = match_compile(a, c, d);
	if (rc != ERR_OK || rules == NULL) {
		print_errors(d);
		conf_free(c);
		arena_free(a);
		return ERR_CONFIG;
	}
	app->a = a;
	app->config = c;
	app->rules = rules;
	app->engine = NULL;
	return ERR_OK;
}

enum err app_load(struct app *app, const char *dir)
{
	return app_load_edited(app, dir, NULL);
}

enum err app_load_edited(struct app *app, const char *dir, const char *edited)
{
	struct arena *da CLEANUP(arena_freep) = arena_new(DIAGS_ARENA_MAX);
	struct diags d = {.a = da};
	return load(app, dir, edited, &d);
}

enum err app_open(struct app *app, struct error *e)
{
	struct arena *a CLEANUP(arena_freep) = arena_new(CONF_FILE_MAX);
	const char *path = str_c(a, app->config->settings.database);
	const char *slash = strrchr(path, '/');
	enum err rc = ERR_OK;
	if (slash != NULL && slash != path)
		rc = file_mkdirs(str_c(a, (struct str){path, (size_t)(slash - path)}), e);
	return rc == ERR_OK ? store_open(path, &app->store, e) : rc;
}

struct engine *app_engine(struct app *app)
{
	if (app->engine == NULL) {
		app->engine = engine_new();
		engine_add_all(app->engine, app->rules);
	}
	return app->engine;
}

void app_close(struct app *app)
{
	store_close(app->store);
	engine_free(app->engine);
	conf_free(app->config);
	arena_free(app->a);
	*app = (struct app){0};
}

bool app_reload(struct app *app)
{
	struct app fresh = *app;
	struct arena *a CLEANUP(arena_freep) = arena_new(DIAGS_ARENA_MAX);
	struct diags d = {.a = a};
	if (load(&fresh, str_c(a, app->config->dir), NULL, &d) != ERR_OK) {
		log_error("the configuration has %zu error%s; the old rules stay in force", d.errors,
			d.errors == 1 ? "" : "s");
		reload_note(app, &d);
		return false;
	}
	engine_free(app->engine);
	conf_free(app->config);
	arena_free(app->a);
	*app = fresh;
	log_info("configuration loaded: %zu profiles, rules %.*s", app->config->profiles.n,
		STRF(str_sub(app->config->hash, 0, RULES_SHOWN)));
	reload_note(app, NULL);
	return true;
}
