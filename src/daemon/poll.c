/* SPDX-License-Identifier: MIT
 *
 * Taking in: fetch -> extract -> normalise -> store -> match, for all due sources
 * at once. A document (all pages of one poll) is staged whole in memory, its guards
 * run, then one transaction stores and matches it. What fails on the way fails the
 * poll: nothing that is stored changes, and `sources` says why.
 */
#include "daemon/daemon.h"
#include "daemon/notice.h"
#include "daemon/paging.h"

#include "base/buf.h"
#include "base/log.h"
#include "base/set.h"
#include "extract/extract.h"
#include "fetch/fetch.h"

#define USER_AGENT "fundwatch/1.0"
#define URL_MAX	   ((size_t)8000)     /* bytes of a page's URL */
#define USUAL_FADES 8 /* polls in which a lasting loss of items loses most of its weight */
#define PAGE_ROOM  ((size_t)64 << 20) /* what a page may take beyond its own bytes */

/* One document on its way. */
struct poll {
	struct app *app;
	const struct recipe *recipe;
	struct fetcher *fetcher;
	struct extractor *extractor;
	struct query *relevance; /* NULL = everything is relevant */
	struct arena *doc;	 /* the opportunities, the state */
	struct arena *page;	 /* the page that is under way */
	struct source_state state;
	VEC(struct opportunity) staged;
	struct strv passed_over; /* keys of what is listed and not relevant */
	struct str_set seen;  /* keys of this document */
	struct str_set seen_titles, seen_links; /* the same with titles and links */
	struct str_set shared; /* keys that several calls have */
	bool steady; /* the source is neither failing nor short of items */
	struct page_place at; /* the page that is under way, in `doc` */
	struct page_tally tally;
	int64_t pages, items, bad, irrelevant;
	int64_t retry_after; /* seconds that a refusal asked for */
	struct str bad_why;
	bool unmodified;
	enum err kind; /* how it ended */
	struct error error;
	struct poll_counts *counts;
};

static bool conditional(const struct recipe *r)
{
	return r->page_max == 1 && str_eq(r->method, STR("GET"));
}

/* ---- the end of a document ------------------------------------------------------ */

static int64_t backoff(const struct recipe *r, int64_t failures)
{
	int64_t wait = r->every;
	for (int64_t i = 1; i < failures && wait < BACKOFF_MAX; i++)
		wait *= 2;
	return wait > BACKOFF_MAX ? BACKOFF_MAX : wait;
}

static enum err fail(struct poll *p, enum err kind)
{
	if (p->kind == ERR_OK)
		p->kind = kind;
	return kind;
}

/* Counts must make sense before anything is stored. */
static enum err guard_counts(struct poll *p)
{
	const struct recipe *r = p->recipe;
	if (p->items < r->at_least)
		return err_set(&p->error, ERR_INPUT, "%lld items, at least %lld are expected",
			(long long)p->items, (long long)r->at_least);
	if (r->at_most_items > 0 && p->items > r->at_most_items)
		return err_set(&p->error, ERR_LIMIT, "%lld items, at most %lld are expected",
			(long long)p->items, (long long)r->at_most_items);
	return tally_check(&p->tally, r, &p->error);
}

/* An id or a link that several calls of one document share identifies none of them. */
static void mark_shared(struct poll *p)
{
	struct str_set once = {0}, twice = {0};
	for (size_t i = 0; i < p->staged.n; i++) {
		struct str link = url_canonical(p->doc, p->staged.v[i].url);
		if (link.n > 0 && !set_add(p->doc, &once, link))
			(void)set_add(p->doc, &twice, link);
	}
	for (size_t i = 0; i < p->staged.n; i++)
		p->staged.v[i].guid_shared = set_has(&p->shared, p->staged.v[i].key);
	for (size_t i = 0; i < p->staged.n; i++)
		p->staged.v[i].link_shared = set_has(&twice, url_canonical(p->doc, p->staged.v[i].url));
}

/* What a complete poll of a source in good health did not show was missed once more. `now`
 * is when the calls that it showed were seen. */
static enum err store_absences(struct poll *p, int64_t now)
{
	int64_t closed = 0;
	struct str name = p->recipe->name;
	struct store *s = p->app->store;
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < p->passed_over.n; i++)
		rc = store_listed(s, name, p->passed_over.v[i], now, &p->error);
	if (rc != ERR_OK || p->state.bad_items > 0 || !p->steady)
		return rc;
	rc = store_absent(s, p->doc, name, p->unmodified, p->recipe->lists_all ? p->recipe->gone_after : 0,
		now, &closed, &p->error);
	p->counts->changed += closed;
	return rc;
}

static enum err store_document(struct poll *p)
{
	struct app *app = p->app;
	struct error *e = &p->error;
	int64_t now = clock_now(), hits = 0;
	struct poll_counts before = *p->counts;
	mark_shared(p);
	enum err rc = store_begin(app->store, e);
	for (size_t i = 0; rc == ERR_OK && i < p->staged.n; i++) {
		struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
		enum seen seen;
		int64_t id;
		rc = store_take_in(app->store, a, &p->staged.v[i], now, &seen, &id, e);
		p->counts->added += rc == ERR_OK && seen == SEEN_NEW;
		p->counts->changed += rc == ERR_OK && seen == SEEN_CHANGED;
		p->counts->same += rc == ERR_OK && seen == SEEN_SAME;
	}
	if (rc == ERR_OK)
		rc = store_absences(p, now);
	if (rc == ERR_OK)
		rc = match_in_transaction(app, &hits, e);
	if (rc == ERR_OK)
		rc = store_source_save(app->store, &p->state, e);
	if (rc == ERR_OK)
		return store_commit(app->store, e);
	store_rollback(app->store);
	*p->counts = before;
	return rc;
}

/* A source that gives far less than before is said, though it did not fail. */
static void note_shrinking(struct poll *p)
{
	if (p->state.items >= SHRINK_ITEMS && p->items * 100 < p->state.items * SHRINK_PERCENT)
		log_warn("source %.*s: %lld items, %lld the time before", STRF(p->recipe->name),
			(long long)p->items, (long long)p->state.items);
}

/* Far fewer items than usual freeze closings; a source that stays small is what is
 * usual after a while. */
static void judge_steady(struct poll *p)
{
	struct source_state *st = &p->state;
	int64_t items = p->unmodified ? st->items : p->items;
	bool small = st->usual >= SHRINK_ITEMS && items * 100 < st->usual * SHRINK_PERCENT;
	p->steady = !small && st->failures == 0;
	if (p->unmodified)
		return;
	st->usual = small ? st->usual - (st->usual - p->items) / USUAL_FADES : p->items;
}

static void succeed(struct poll *p)
{
	int64_t now = clock_now();
	judge_steady(p);
	p->state.last_try = p->state.last_ok = now;
	p->state.next_poll = now + p->recipe->every;
	p->state.failures = 0;
	p->state.last_error = (struct str){0};
	if (!p->unmodified) {
		note_shrinking(p);
		p->state.items = p->items;
		p->state.bad_items = p->bad;
		p->state.bad_why = p->bad_why;
	}
	p->counts->unmodified += p->unmodified;
	(void)fail(p, store_document(p));
}

static void record_failure(struct poll *p)
{
	struct error e;
	struct source_state *st = &p->state;
	/* The state as stored: what the failed poll found out is forgotten. */
	enum err rc = store_source(p->app->store, p->doc, p->recipe->name, st, &e);
	if (rc == ERR_OK)
		rc = store_begin(p->app->store, &e);
	if (rc == ERR_OK) {
		st->last_try = clock_now();
		st->failures++;
		st->last_error = str_of(p->error.text);
		st->next_poll = st->last_try + backoff(p->recipe, st->failures);
		if (st->next_poll < st->last_try + p->retry_after)
			st->next_poll = st->last_try + p->retry_after;
		rc = store_source_save(p->app->store, st, &e);
		if (rc == ERR_OK)
			rc = notice_failing(p->app, p->doc, p->recipe, st, &e);
		if (rc == ERR_OK)
			rc = store_commit(p->app->store, &e);
		else
			store_rollback(p->app->store);
	}
	if (rc != ERR_OK)
		log_error("source %.*s: %s", STRF(p->recipe->name), e.text);
	log_warn("source %.*s: %s; nothing was changed", STRF(p->recipe->name), p->error.text);
	p->counts->failed++;
}

static void finish(struct poll *p)
{
	if (p->kind == ERR_OK && !p->unmodified)
		(void)fail(p, guard_counts(p));
	if (p->kind == ERR_OK)
		succeed(p);
	/* We were told to stop: that says nothing about the source. */
	bool stopped = p->app->stop != NULL && *p->app->stop;
	if (p->kind != ERR_OK && stopped)
		return;
	if (p->kind != ERR_OK)
		record_failure(p);
	else if (p->app->narrate)
		fprintf(stderr, "  %.*s: %s%lld items on %lld page%s\n", STRF(p->recipe->name),
			p->unmodified ? "not modified, " : "", (long long)p->items, (long long)p->pages,
			p->pages == 1 ? "" : "s");
	p->counts->items += p->items;
	p->counts->irrelevant += p->kind == ERR_OK ? p->irrelevant : 0;
}

/* ---- pages ---------------------------------------------------------------------- */

static void request_page(struct poll *p);

static bool relevant(struct poll *p, const struct opportunity *o)
{
	return p->relevance == NULL || query_matches(p->relevance, match_document(p->page, o));
}

static struct str with_key(struct arena *a, const struct opportunity *o, struct str what)
{
	return str_of(arena_printf(a, "%.*s\n%.*s", STRF(o->key), STRF(what)));
}

static void note_twin(struct poll *p, const struct opportunity *o)
{
	(void)set_add(p->doc, &p->seen_titles, with_key(p->doc, o, title_folded(p->page, o->title)));
	(void)set_add(p->doc, &p->seen_links, with_key(p->doc, o, url_canonical(p->page, o->url)));
}

/* One id on two calls: with another title and another link it is a call of its own,
 * known by its link. */
static bool another_call(struct poll *p, struct opportunity *o)
{
	struct str title = with_key(p->page, o, title_folded(p->page, o->title)),
		   link = with_key(p->page, o, url_canonical(p->page, o->url));
	if (!str_starts(o->key, STR("guid:")) || o->url.n == 0 || set_has(&p->seen_titles, title) ||
		set_has(&p->seen_links, link))
		return false;
	(void)set_add(p->doc, &p->shared, str_dup(p->doc, o->key));
	opportunity_forget_guid(p->page, o);
	return set_add(p->doc, &p->seen, str_dup(p->doc, o->key));
}

/* One item to one staged opportunity. A fault of the item is counted, no more.
 * True when its identity is new in this document. */
static bool stage_item(struct poll *p, struct item *it)
{
	struct opportunity o = {0};
	struct error e;
	tally_settle(&p->tally, p->page, &p->recipe->rules, it);
	if (opportunity_from_item(p->page, &p->recipe->rules, it, &o, &e) != ERR_OK) {
		if (p->bad++ == 0)
			p->bad_why = str_dup(p->doc, str_of(e.text));
		return false;
	}
	if (!set_add(p->doc, &p->seen, str_dup(p->doc, o.key)) && !another_call(p, &o))
		return false;
	note_twin(p, &o);
	p->items++;
	if (relevant(p, &o))
		*vec_push(p->doc, &p->staged) = opportunity_copy(p->doc, &o);
	else {
		*vec_push(p->doc, &p->passed_over) = str_dup(p->doc, o.key);
		p->irrelevant++;
	}
	return true;
}

static enum err stage_page(struct poll *p, const struct fetch_response *r, struct page *page, size_t *fresh)
{
	const struct extract_input in = {
		.bytes = r->body, .charset = r->charset, .url = r->url, .fd = r->fd, .size = r->size};
	enum err rc = extract_confined(p->extractor, p->page, &in, page, &p->error);
	if (rc != ERR_OK)
		return rc;
	/* What stands last may be half of what the source says. */
	if (page->cut)
		return err_set(&p->error, ERR_INPUT, "the document breaks off before its end");
	*fresh = 0;
	for (size_t i = 0; i < page->items.n; i++) {
		if (arena_room(p->doc) < DOCUMENT_ARENA_MAX / 4 || arena_room(p->page) < PAGE_ROOM / 4)
			return err_set(&p->error, ERR_LIMIT, "the document is larger than can be held");
		*fresh += stage_item(p, &page->items.v[i]);
	}
	if (page->bad > 0 && p->bad == 0)
		p->bad_why = str_dup(p->doc, page->bad_why);
	p->bad += (int64_t)page->bad;
	tally_page(&p->tally, page);
	*fresh += page->bad; /* a page of bad items is no end of the list */
	if (*fresh > 0 && p->pages >= p->recipe->page_max && p->recipe->pages_until_empty)
		return err_set(&p->error, ERR_LIMIT, "more than %lld pages", (long long)p->recipe->page_max);
	return ERR_OK;
}

/* Where the page after this one is; false when this was the last: it brought
 * nothing new, enough were asked for, or nothing leads on. */
static bool next_page(struct poll *p, const struct fetch_response *r, const struct page *page, size_t fresh)
{
	const struct recipe *recipe = p->recipe;
	struct str link = recipe->pages_by_link ? r->link_next : page->next;
	if (fresh == 0 || p->pages >= recipe->page_max)
		return false;
	bool same_token = str_eq(page->token, p->at.token);
	bool named = recipe->pages_by_link || recipe->next.text.n + recipe->token.text.n > 0;
	p->at = (struct page_place){
		.number = p->pages,
		.url = url_absolute(p->doc, r->url, str_sub(link, 0, URL_MAX)),
		.token = str_dup(p->doc, page->token),
	};
	return p->at.url.n > 0 || (p->at.token.n > 0 && !same_token) || (!named && page_counts(recipe));
}

/* Ends the page (its memory goes), and the document or asks for the next page. */
static void page_done(void *ctx, const struct fetch_response *r, enum err kind, const struct error *e)
{
	struct poll *p = ctx;
	struct page page = {0};
	bool more = false;
	size_t fresh = 0;
	p->pages++;
	if (kind != ERR_OK) {
		p->error = *e;
		p->retry_after = r->retry_after;
		(void)fail(p, kind);
	} else if (r->status == 304) {
		p->unmodified = true;
	} else if (fail(p, stage_page(p, r, &page, &fresh)) == ERR_OK) {
		more = next_page(p, r, &page, fresh);
		if (conditional(p->recipe)) {
			p->state.etag = str_dup(p->doc, r->etag);
			p->state.last_modified = str_dup(p->doc, r->last_modified);
		}
	}
	struct arena *old = p->page;
	if (p->kind == ERR_OK && more)
		request_page(p);
	else {
		if (p->kind != ERR_OK && p->pages > 1)
			err_prefix(&p->error, "page %lld", (long long)p->pages);
		finish(p);
	}
	arena_free(old);
	if (p->page == old)
		p->page = NULL;
}

static void request_page(struct poll *p)
{
	const struct recipe *r = p->recipe;
	p->page = arena_new((size_t)r->max_bytes + PAGE_ROOM);
	struct fetch_request req = page_request(p->page, r, &p->at);
	if (conditional(r)) {
		req.etag = p->state.etag;
		req.last_modified = p->state.last_modified;
	}
	fetch_add(p->fetcher, p->page, &req, page_done, p);
}

/* ---- all due sources --------------------------------------------------------------- */

static enum err prepare(struct poll *p, struct app *app, const struct recipe *r, struct fetcher *f,
	struct poll_counts *counts, struct error *e)
{
	*p = (struct poll){.app = app, .recipe = r, .fetcher = f, .counts = counts};
	p->doc = arena_new(DOCUMENT_ARENA_MAX);
	return store_source(app->store, p->doc, r->name, &p->state, e);
}

static void start(struct poll *p)
{
	p->extractor = extract_new(p->recipe);
	if (p->recipe->relevance.text.n > 0) {
		struct diags d = {.a = p->doc};
		p->relevance = query_compile(p->doc, p->app->config, &p->recipe->relevance, &d);
	}
	p->counts->sources++;
	if (p->recipe->relevance.text.n > 0 && p->relevance == NULL) {
		/* Everything would be relevant: better nothing than a flood. */
		(void)fail(p, err_set(&p->error, ERR_CONFIG,
				      "its 'relevance' line has an error, see 'fundwatch check'"));
		finish(p);
		return;
	}
	request_page(p);
}

static bool wanted(const struct poll *p, struct str only, bool force)
{
	if (p->recipe->format == FORMAT_MAIL)
		return false;
	if (only.n > 0)
		return str_eq(only, p->recipe->name);
	return force || p->state.next_poll <= clock_now();
}

struct fetcher *fetch_of(struct app *app, struct arena *a)
{
	const struct settings *s = &app->config->settings;
	const char *agent =
		s->contact.n == 0 ? USER_AGENT : arena_printf(a, USER_AGENT " (+%.*s)", STRF(s->contact));
	const struct fetch_options options = {.user_agent = str_of(agent), .allow = &s->allow_private};
	return fetch_new(&options);
}

enum err take_in(struct app *app, struct str only, bool force, struct poll_counts *out, struct error *e)
{
	*out = (struct poll_counts){0};
	size_t n = app->config->recipes.n;
	struct arena *a CLEANUP(arena_freep) = arena_new(WORK_ARENA_MAX);
	struct poll *polls = arena_make_n(a, n + 1, struct poll);
	struct fetcher *f = fetch_of(app, a);
	enum err rc = ERR_OK;
	for (size_t i = 0; rc == ERR_OK && i < n; i++) {
		rc = prepare(&polls[i], app, &app->config->recipes.v[i], f, out, e);
		if (rc == ERR_OK && wanted(&polls[i], only, force))
			start(&polls[i]);
	}
	fetch_drive(f, app->stop);
	for (size_t i = 0; i < n; i++) {
		extract_free(polls[i].extractor);
		arena_free(polls[i].doc);
	}
	fetch_free(f);
	return rc;
}
