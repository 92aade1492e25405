/* SPDX-License-Identifier: MIT
 *
 * What every stage works with: configuration, rules, database; loaded whole,
 * swapped whole.
 */
#include "daemon/daemon.h"

#include "base/file.h"
#include "base/log.h"

#define DIAGS_ARENA_MAX ((size_t)64 << 20) /* diagnostics of one load */

/* Loads and compiles into `app`, which is written only when there was no error. */
enum err app_load(struct app *app, const char *dir)
{
	struct arena *da CLEANUP(arena_freep) = arena_new(DIAGS_ARENA_MAX);
	struct diags d = {.a = da};
	struct config *c = NULL;
	struct arena *a = arena_new(CONF_ARENA_MAX);
	struct rulebook *rules = NULL;
	enum err rc = conf_load(dir, &d, &c);
	if (rc == ERR_OK)
		rules = match_compile(a, c, &d);
	if (rules == NULL) {
		diags_print(&d, stderr); /* notes and lints alone are for `check` */
		conf_free(c);
		arena_free(a);
		return ERR_CONFIG;
	}
	app->a = a;
	app->config = c;
	app->rules = rules;
	return ERR_OK;
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

void app_close(struct app *app)
{
	store_close(app->store);
	conf_free(app->config);
	arena_free(app->a);
	*app = (struct app){0};
}

bool app_reload(struct app *app)
{
	struct app fresh = *app;
	struct arena *a CLEANUP(arena_freep) = arena_new(CONF_FILE_MAX);
	if (app_load(&fresh, str_c(a, app->config->dir)) != ERR_OK) {
		log_error("the configuration has errors; the old rules stay in force");
		return false;
	}
	conf_free(app->config);
	arena_free(app->a);
	*app = fresh;
	log_info("configuration loaded: %zu profiles, rules %.*s", app->config->profiles.n,
		STRF(str_sub(app->config->hash, 0, 12)));
	return true;
}
