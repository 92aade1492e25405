/* SPDX-License-Identifier: MIT
 *
 * The fetcher: a queue per host, at most one open request per host and a pause
 * between, FETCH_PARALLEL_MAX in all, driven by curl's multi interface.
 */
#include "fetch/fetch.h"

#include "base/clock.h"
#include "fetch/transfer.h"

#define OWN_MAX	 ((size_t)1 << 20) /* bytes of user agent and networks */
#define WAIT_MAX 250		   /* ms until `stop` is looked at again */

struct host {
	struct host *next;
	char *name;
	struct transfer *active;       /* NULL between requests */
	struct transfer *first, **end; /* waiting, in the order of fetch_add() */
	bool asked;		       /* `ended` counts */
	int64_t ended;		       /* clock_mono_ms() at the end of its last request */
};

struct fetcher {
	struct arena *own;
	struct transfer_rules rules;
	CURLM *multi;
	struct host *hosts;
	size_t open, active; /* requests not ended, and those of them under way */
};

struct fetcher *fetch_new(const struct fetch_options *options)
{
	/* Once for the life of the process; curl itself minds that mail/ does the same. */
	static bool ready;
	if (!ready && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		die("curl does not start");
	ready = true;
	struct fetcher *f = calloc(1, sizeof(*f));
	CURLM *multi = curl_multi_init();
	if (f == NULL || multi == NULL)
		die("out of memory");
	f->multi = multi;
	f->own = arena_new(OWN_MAX);
	f->rules = (struct transfer_rules){
		.guard = guard_make(f->own, options->allow),
		.user_agent = str_c(f->own, options->user_agent),
		.total_ms = options->total_ms > 0 ? options->total_ms : FETCH_TOTAL_MS,
		.slow_seconds = options->slow_seconds > 0 ? options->slow_seconds : FETCH_SLOW_SECONDS,
	};
	return f;
}

void fetch_free(struct fetcher *f)
{
	if (f == NULL)
		return;
	while (f->hosts != NULL) {
		struct host *h = f->hosts;
		f->hosts = h->next;
		while (h->first != NULL) {
			struct transfer *t = h->first;
			h->first = t->next;
			transfer_free(t, f->multi);
		}
		free(h->name);
		free(h);
	}
	(void)curl_multi_cleanup(f->multi);
	arena_free(f->own);
	free(f);
}

/* The record of a host, new ones at the end; takes `name`. */
static struct host *host_of(struct fetcher *f, char *name)
{
	struct host **at = &f->hosts;
	for (; *at != NULL; at = &(*at)->next)
		if (strcmp((*at)->name, name) == 0) {
			free(name);
			return *at;
		}
	struct host *h = calloc(1, sizeof(*h));
	if (h == NULL)
		die("out of memory");
	h->name = name;
	h->end = &h->first;
	*at = h;
	return h;
}

void fetch_add(struct fetcher *f, struct arena *a, const struct fetch_request *r, fetch_done *done, void *ctx)
{
	char *name;
	struct transfer *t = transfer_new(&f->rules, a, r, &name);
	t->done = done;
	t->ctx = ctx;
	struct host *h = host_of(f, name);
	*h->end = t;
	h->end = &t->next;
	f->open++;
}

static struct transfer *take_first(struct host *h)
{
	struct transfer *t = h->first;
	h->first = t->next;
	if (h->first == NULL)
		h->end = &h->first;
	t->next = NULL;
	return t;
}

static void finish(struct fetcher *f, struct transfer *t, CURLcode code)
{
	f->open--;
	transfer_finish(t, f->multi, code);
}

static void finish_active(struct fetcher *f, struct host *h, CURLcode code)
{
	struct transfer *t = h->active;
	h->active = NULL;
	h->asked = true;
	h->ended = clock_mono_ms();
	f->active--;
	finish(f, t, code);
}

/* Starts what is due at this host. Returns in how many milliseconds it is to be
 * looked at again. */
static int64_t start_due(struct fetcher *f, struct host *h)
{
	while (h->active == NULL && h->first != NULL && h->first->failed.kind != ERR_OK)
		finish(f, take_first(h), CURLE_OK); /* nothing to ask, nothing to pause for */
	if (h->active != NULL || h->first == NULL || f->active >= FETCH_PARALLEL_MAX)
		return WAIT_MAX;
	int64_t wait = h->asked ? h->ended + h->first->request.pause_ms - clock_mono_ms() : 0;
	if (wait > 0)
		return wait;
	h->active = take_first(h);
	f->active++;
	transfer_start(h->active, f->multi);
	return WAIT_MAX;
}

static int start_all(struct fetcher *f)
{
	int64_t wait = WAIT_MAX;
	for (struct host *h = f->hosts; h != NULL; h = h->next) {
		int64_t w = start_due(f, h);
		wait = w < wait ? w : wait;
	}
	return (int)wait;
}

static struct host *host_with(const struct fetcher *f, const CURL *easy)
{
	for (struct host *h = f->hosts; h != NULL; h = h->next)
		if (h->active != NULL && h->active->easy == easy)
			return h;
	die("curl ended an unknown transfer");
}

static void collect_ended(struct fetcher *f)
{
	int left;
	for (CURLMsg *m; (m = curl_multi_info_read(f->multi, &left)) != NULL;)
		if (m->msg == CURLMSG_DONE)
			finish_active(f, host_with(f, m->easy_handle), m->data.result);
}

static void stop_all(struct fetcher *f)
{
	for (struct host *h = f->hosts; h != NULL; h = h->next) {
		if (h->active != NULL) {
			(void)err_set(&h->active->failed, ERR_TEMPORARY, "stopped");
			finish_active(f, h, CURLE_OK);
		}
		while (h->first != NULL) {
			(void)err_set(&h->first->failed, ERR_TEMPORARY, "stopped");
			finish(f, take_first(h), CURLE_OK);
		}
	}
}

void fetch_drive(struct fetcher *f, const volatile int *stop)
{
	while (f->open > 0) {
		if (stop != NULL && *stop != 0) {
			stop_all(f);
			continue;
		}
		int running;
		if (curl_multi_perform(f->multi, &running) != CURLM_OK)
			die("curl: transfers do not run");
		collect_ended(f);
		int wait = start_all(f);
		if (f->open > 0 && curl_multi_poll(f->multi, NULL, 0, wait, NULL) != CURLM_OK)
			die("curl: cannot wait");
	}
}
