/* SPDX-License-Identifier: MIT
 *
 * Second pages: where a source's list says little of a call, the page of that call
 * is asked for, once and only when the call suits a profile. One after the other
 * per source and few in a pass; what it says fills what the list left open, and the
 * call is matched again. A page that can't be had or believed changes nothing but
 * its own row, and is tried again later.
 */
#include "daemon/daemon.h"

#include "base/escape.h"
#include "base/log.h"
#include "extract/extract.h"
#include "fetch/fetch.h"

#define DETAILS_PASS  10		  /* pages of one source in one pass */
#define REST_SECONDS  900		  /* a source that could not answer is left alone for so long */
#define REFUSED_AGAIN 86400		  /* seconds until a page that can't be used is tried again ... */
#define AGAIN_MAX     (14 * 86400)	  /* ... doubling up to this */
#define URL_MAX	      ((size_t)8000)	  /* bytes of a URL */
#define PAGE_ROOM     ((size_t)64 << 20)  /* what a page may take beyond its own bytes */

/* The pages of one source, one after the other. */
struct asking {
	struct app *app;
	const struct recipe *recipe; /* the one of its details */
	struct fetcher *fetcher;
	struct extractor *extractor;
	struct arena *a;    /* the list */
	struct arena *page; /* the page that is under way */
	struct details due;
	size_t at; /* in `due` */
	struct detail_counts *counts;
	struct error error; /* of the database: ends everything */
	enum err kind;
};

/* ---- which page ------------------------------------------------------------------- */

/* The URL with the call's own words in it. ERR_INPUT when the call has none of those. */
static enum err url_of(const struct asking *k, const struct opportunity *o, struct str *out, struct error *e)
{
	const struct detail *d = &k->due.list.v[k->at];
	const struct {
		const char *mark;
		struct str value;
	} marks[] = {{"{call}", o->call}, {"{id}", d->guid}, {"{link}", d->url}};
	struct str form = k->recipe->url;
	struct buf url = buf_init(URL_MAX);
	enum err rc = ERR_OK;
	if (form.n == 0)
		buf_add(&url, d->url);
	while (form.n > 0 && rc == ERR_OK) {
		size_t n = 1;
		for (size_t i = 0; i < COUNT(marks) && n == 1; i++) {
			if (!str_starts(form, str_of(marks[i].mark)))
				continue;
			n = strlen(marks[i].mark);
			if (marks[i].value.n == 0)
				rc = err_set(e, ERR_INPUT, "the call has nothing for %s", marks[i].mark);
			escape_url(&url, marks[i].value);
		}
		if (n == 1)
			buf_addc(&url, form.p[0]);
		form = str_sub(form, n, form.n);
	}
	*out = buf_take(&url, k->page);
	if (rc == ERR_OK && out->n == 0)
		rc = err_set(e, ERR_INPUT, "the call has no link");
	return rc;
}

/* ---- how a try ended ------------------------------------------------------------------ */

static int64_t wait_after(enum err kind, int64_t tries, int64_t retry_after)
{
	bool soon = kind == ERR_TEMPORARY;
	int64_t wait = soon ? REST_SECONDS : REFUSED_AGAIN, most = soon ? BACKOFF_MAX : AGAIN_MAX;
	for (int64_t i = 1; i < tries && wait < most; i++)
		wait *= 2;
	wait = wait > most ? most : wait;
	return wait < retry_after ? retry_after : wait;
}

/* The page, when it can be believed, as a part of a call. */
static enum err read_page(
	struct asking *k, const struct fetch_response *r, struct opportunity *out, struct error *e)
{
	const struct extract_input in = {
		.bytes = r->body, .charset = r->charset, .url = r->url, .fd = r->fd, .size = r->size};
	struct page page = {0};
	struct page_tally tally = {0};
	enum err rc = extract_confined(k->extractor, k->page, &in, &page, e);
	if (rc != ERR_OK)
		return rc;
	tally_page(&tally, &page);
	for (size_t i = 0; i < page.items.n; i++)
		tally_settle(&tally, k->page, &k->recipe->rules, &page.items.v[i]);
	rc = tally_check(&tally, k->recipe, e);
	if (rc != ERR_OK)
		return rc;
	if (page.items.n != 1)
		return err_set(e, ERR_INPUT, "the page gives %zu calls instead of one", page.items.n);
	/* Only what it fills in is taken: it needs no name of its own. */
	page.items.v[0].title = STR("-");
	return opportunity_from_item(k->page, &k->recipe->rules, &page.items.v[0], out, e);
}

/* In one transaction: what it fills in, its row, and the call matched anew. */
static enum err store_page(struct asking *k, struct detail *d, const struct opportunity *from)
{
	struct app *app = k->app;
	struct error *e = &k->error;
	struct opportunity o;
	int64_t now = clock_now(), hits = 0;
	enum err rc = store_begin(app->store, e);
	if (rc == ERR_OK && from != NULL)
		rc = store_opportunity(app->store, k->page, d->opportunity, &o, e);
	if (rc == ERR_OK && from != NULL) {
		d->fields = opportunity_fill(k->page, &o, from, NULL);
		if (d->fields.n > 0)
			rc = store_opportunity_edit(app->store, &o, now, e);
	}
	if (rc == ERR_OK)
		rc = store_detail_save(app->store, k->page, d, e);
	if (rc == ERR_OK && d->fields.n > 0)
		rc = match_in_transaction(app, &hits, e);
	if (rc == ERR_OK)
		return store_commit(app->store, e);
	store_rollback(app->store);
	return rc;
}

/* Whether the next page of the source may be asked for. */
static bool end_try(struct asking *k, enum err kind, int64_t retry_after, const struct opportunity *from,
	const struct error *why)
{
	struct detail *d = &k->due.list.v[k->at];
	int64_t now = clock_now();
	d->done = kind == ERR_OK;
	d->tries++;
	d->fetched_at = now;
	d->error = kind == ERR_OK ? (struct str){0} : str_of(why->text);
	d->next_try = kind == ERR_OK ? 0 : now + wait_after(kind, d->tries, retry_after);
	bool rests = kind == ERR_TEMPORARY || retry_after > 0;
	d->rest = rests ? now + (retry_after > REST_SECONDS ? retry_after : REST_SECONDS) : 0;
	k->kind = store_page(k, d, kind == ERR_OK ? from : NULL);
	k->counts->asked++;
	k->counts->failed += kind != ERR_OK;
	k->counts->filled += k->kind == ERR_OK && d->fields.n > 0;
	struct str id = {0};
	if (kind != ERR_OK && store_short_id(k->app->store, k->page, d->opportunity, &id, NULL) == ERR_OK)
		log_warn("source %.*s: the details of call %.*s: %s; nothing was changed",
			STRF(k->recipe->name), STRF(id), why->text);
	k->at++;
	return k->kind == ERR_OK && !rests;
}

/* ---- one after the other ----------------------------------------------------------------- */

static void ask_next(struct asking *k);

static void page_done(void *ctx, const struct fetch_response *r, enum err kind, const struct error *e)
{
	struct asking *k = ctx;
	struct opportunity from = {0};
	struct error why = {0};
	/* We were told to stop: that says nothing about the page. */
	if (kind != ERR_OK && k->app->stop != NULL && *k->app->stop)
		return;
	if (kind != ERR_OK)
		why = *e;
	else
		kind = read_page(k, r, &from, &why);
	if (end_try(k, kind, r->retry_after, &from, &why))
		ask_next(k);
}

/* Asks for the page of the next call that is still open. */
static void ask_next(struct asking *k)
{
	struct opportunity o;
	struct str url = {0};
	struct error why = {0};
	for (; k->at < k->due.list.n; k->at++) {
		struct arena *old = k->page;
		k->page = arena_new((size_t)k->recipe->max_bytes + PAGE_ROOM);
		k->kind = store_opportunity(
			k->app->store, k->page, k->due.list.v[k->at].opportunity, &o, &k->error);
		arena_free(old);
		if (k->kind != ERR_OK)
			return;
		if (opportunity_status(&o, clock_now()) == STATUS_CLOSED)
			continue;
		if (url_of(k, &o, &url, &why) == ERR_OK)
			break;
		if (!end_try(k, ERR_INPUT, 0, NULL, &why))
			return;
		k->at--; /* end_try() went on, and so does the loop */
	}
	if (k->at == k->due.list.n)
		return;
	const struct fetch_request req = {
		.url = url,
		.method = k->recipe->method,
		.headers = k->recipe->headers,
		.max_bytes = (size_t)k->recipe->max_bytes,
		.pause_ms = k->recipe->pause,
	};
	fetch_add(k->fetcher, k->page, &req, page_done, k);
}

static enum err start(struct asking *k, struct error *e)
{
	k->a = arena_new(WORK_ARENA_MAX);
	enum err rc = store_details_due(
		k->app->store, k->a, k->recipe->name, clock_now(), DETAILS_PASS, &k->due, e);
	if (rc != ERR_OK || k->due.list.n == 0)
		return rc;
	k->extractor = extract_new(k->recipe);
	ask_next(k);
	return ERR_OK;
}

static void finish(struct asking *k)
{
	extract_free(k->extractor);
	arena_free(k->page);
	arena_free(k->a);
}

enum err details_ask(struct app *app, struct str only, struct detail_counts *out, struct error *e)
{
	*out = (struct detail_counts){0};
	size_t n = app->config->recipes.n;
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct asking *all = arena_make_n(a, n + 1, struct asking);
	struct fetcher *f = fetch_of(app, a);
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < n; i++) {
		const struct recipe *r = &app->config->recipes.v[i];
		if (r->detail == NULL || (only.n > 0 && !str_eq(only, r->name)))
			continue;
		all[i] = (struct asking){.app = app, .recipe = r->detail, .fetcher = f, .counts = out};
		rc = start(&all[i], e);
	}
	fetch_drive(f, app->stop);
	for (size_t i = 0; i < n; i++) {
		if (rc == ERR_OK && all[i].kind != ERR_OK) {
			rc = all[i].kind;
			*e = all[i].error;
		}
		finish(&all[i]);
	}
	fetch_free(f);
	return rc;
}
