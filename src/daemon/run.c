/* SPDX-License-Identifier: MIT
 *
 * The long-running side: two single-threaded workers that meet only in the
 * database, and a supervisor that starts them, starts them again with growing
 * pauses when they die, and hands SIGHUP and SIGTERM on. systemd can run each
 * worker as a unit of its own instead.
 */
#include "daemon/daemon.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

#define TICK_SECONDS   20  /* a worker looks for due work at least so often */
#define RESTART_MIN    1   /* seconds before a dead worker is started again ... */
#define RESTART_MAX    300 /* ... doubling up to this */
#define STEADY_SECONDS 600 /* a worker that lived so long starts from RESTART_MIN */
#define EXIT_CONFIG    78  /* EX_CONFIG: restarting would not help */

static volatile int stop_asked;
static volatile sig_atomic_t reload_asked;
static bool config_broken; /* a worker said so: restarting would not help */

static void on_signal(int sig)
{
	if (sig == SIGHUP)
		reload_asked = 1;
	else
		stop_asked = 1;
}

void stop_on_signals(struct app *app)
{
	struct sigaction sa = {.sa_handler = on_signal};
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)sigaction(SIGINT, &sa, NULL);
	app->stop = &stop_asked;
}

static void catch_signals(void)
{
	struct sigaction sa = {.sa_handler = on_signal}; /* no SA_RESTART: sleeps end */
	(void)sigaction(SIGTERM, &sa, NULL);
	(void)sigaction(SIGINT, &sa, NULL);
	(void)sigaction(SIGHUP, &sa, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
}

/* Sleeps; a signal that comes at any moment since the last check ends it. */
static void doze(int64_t seconds)
{
	sigset_t block, before;
	(void)sigfillset(&block);
	(void)sigprocmask(SIG_BLOCK, &block, &before);
	struct timespec t = {.tv_sec = (time_t)seconds};
	if (!stop_asked && !reload_asked) {
		sigset_t open = before;
		(void)sigdelset(&open, SIGTERM);
		(void)sigdelset(&open, SIGINT);
		(void)sigdelset(&open, SIGHUP);
		(void)sigdelset(&open, SIGCHLD);
		(void)pselect(0, NULL, NULL, NULL, &t, &open);
	}
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
}

typedef enum err work(struct app *app, struct error *e);

/* A worker without a supervisor says itself that the rules were loaded. */
static enum err loop(struct app *app, work *pass, bool alone, struct error *e)
{
	catch_signals();
	app->stop = &stop_asked;
	enum err rc = app_open(app, e);
	if (rc == ERR_OK && alone)
		reload_note(app, NULL);
	while (rc == ERR_OK && !stop_asked) {
		if (reload_asked) {
			reload_asked = 0;
			(void)app_reload(app);
		}
		rc = pass(app, e);
		if (rc == ERR_TEMPORARY) {
			log_warn("%s", e->text);
			rc = ERR_OK;
		}
		if (rc == ERR_OK)
			doze(TICK_SECONDS);
	}
	return rc;
}

static enum err poll_pass(struct app *app, struct error *e)
{
	struct poll_counts n;
	struct detail_counts details = {0};
	int64_t hits = 0;
	enum err rc = take_in(app, (struct str){0}, false, &n, e);
	if (rc == ERR_OK)
		rc = match_new(app, &hits, e);
	if (rc == ERR_OK)
		rc = details_ask(app, (struct str){0}, &details, e);
	if (rc == ERR_OK && details.asked > 0)
		log_info("asked for the details of %lld calls, %lld failed", (long long)details.asked,
			(long long)details.failed);
	if (rc == ERR_OK && n.sources > 0)
		log_info("polled %lld sources, %lld failed: %lld items, %lld new, %lld changed",
			(long long)n.sources, (long long)n.failed, (long long)n.items, (long long)n.added,
			(long long)n.changed);
	if (rc == ERR_OK && hits > 0)
		log_info("%lld hits", (long long)hits);
	return rc;
}

static enum err mail_pass(struct app *app, struct error *e)
{
	struct digest_counts d;
	struct mail_counts m;
	enum err rc = digest_due(app, &d, e);
	/* What waits is sent also when no new mail can be made. */
	struct error later;
	enum err sent = deliver(app, &m, rc == ERR_OK ? e : &later);
	if (rc == ERR_OK)
		rc = sent;
	if (rc == ERR_OK && (d.mails > 0 || m.accepted > 0))
		log_info("%lld mails queued, %lld accepted by the relay", (long long)d.mails,
			(long long)m.accepted);
	return rc;
}

enum err worker_poll(struct app *app, struct error *e)
{
	return loop(app, poll_pass, true, e);
}

enum err worker_mail(struct app *app, struct error *e)
{
	return loop(app, mail_pass, true, e);
}

/* ---- supervisor --------------------------------------------------------------------- */

struct worker {
	const char *name;
	work *pass;
	pid_t pid;			  /* 0 = not running */
	int64_t started, pause, start_at; /* seconds of the monotonic clock */
};

static void start_worker(struct app *app, struct worker *w)
{
	w->started = clock_mono_ms() / 1000;
	w->pid = fork();
	if (w->pid != 0) {
		if (w->pid < 0)
			log_error("%s: cannot start: %s", w->name, strerror(errno));
		return;
	}
	struct error e = {0};
	enum err rc = loop(app, w->pass, false, &e);
	if (rc != ERR_OK)
		log_error("%s: %s", w->name, e.text);
	app_close(app);
	_exit(rc == ERR_OK ? 0 : rc == ERR_CONFIG ? EXIT_CONFIG : 1);
}

static void worker_ended(struct worker *w, int status)
{
	int64_t now = clock_mono_ms() / 1000;
	w->pid = 0;
	if (stop_asked)
		return;
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_CONFIG) {
		log_error("%s can't work with this configuration", w->name);
		config_broken = true;
		stop_asked = 1;
		return;
	}
	w->pause = w->pause == 0 || now - w->started > STEADY_SECONDS ? RESTART_MIN : w->pause * 2;
	if (w->pause > RESTART_MAX)
		w->pause = RESTART_MAX;
	w->start_at = now + w->pause;
	log_error("%s ended (%s %d); it is started again in %lld s", w->name,
		WIFSIGNALED(status) ? "signal" : "exit",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), (long long)w->pause);
}

static void signal_workers(struct worker *w, size_t n, int sig)
{
	for (size_t i = 0; i < n; i++)
		if (w[i].pid > 0)
			(void)kill(w[i].pid, sig);
}

static void reap(struct worker *w, size_t n, int options)
{
	int status;
	pid_t pid;
	while ((pid = waitpid(-1, &status, options)) > 0 || (pid < 0 && errno == EINTR))
		for (size_t i = 0; i < n; i++)
			if (w[i].pid == pid)
				worker_ended(&w[i], status);
}

static void on_child(int sig)
{
	(void)sig;
}

enum err supervise(struct app *app, struct error *e)
{
	struct worker workers[] = {{.name = "poll", .pass = poll_pass}, {.name = "mail", .pass = mail_pass}};
	size_t n = COUNT(workers);
	struct sigaction sa = {.sa_handler = on_child};
	catch_signals();
	(void)sigaction(SIGCHLD, &sa, NULL);
	/* The database is made and migrated once, before two workers want it. */
	enum err rc = app_open(app, e);
	if (rc != ERR_OK)
		return rc;
	reload_note(app, NULL);
	store_close(app->store);
	app->store = NULL;
	log_info("started: %zu profiles, %zu sources", app->config->profiles.n, app->config->recipes.n);
	while (!stop_asked) {
		for (size_t i = 0; i < n; i++)
			if (workers[i].pid <= 0 && clock_mono_ms() / 1000 >= workers[i].start_at)
				start_worker(app, &workers[i]);
		doze(workers[0].pid > 0 && workers[1].pid > 0 ? TICK_SECONDS : 1);
		reap(workers, n, WNOHANG);
		if (reload_asked) {
			reload_asked = 0;
			if (app_reload(app))
				signal_workers(workers, n, SIGHUP);
		}
	}
	signal_workers(workers, n, SIGTERM);
	reap(workers, n, 0);
	log_info("stopped");
	return config_broken ? err_set(e, ERR_CONFIG, "stopped: see the errors above") : ERR_OK;
}
