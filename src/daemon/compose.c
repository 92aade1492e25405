/* SPDX-License-Identifier: MIT
 *
 * Digests to mails: rendering within the size that readers show, headers, signed
 * answer links, frozen bytes.
 */
#include "daemon/compose.h"

#include "base/escape.h"
#include "base/file.h"
#include "base/token.h"
#include "mail/mail.h"

#define ID_CHARS 24 /* characters of the hash in a Message-ID */
#define KEY_META "answer-key"
#define LINK_MAX 800 /* bytes of a link to unsubscribe; a header line has 998 at most */

static const char *const answer_words[ANSWER_COUNT] = {
	[ANSWER_INTERESTED] = "interested",
	[ANSWER_NOT_RELEVANT] = "not-relevant",
	[ANSWER_APPLYING] = "applying",
};

static const char *const kind_names[] = {[DIGEST_REGULAR] = "digest", [DIGEST_URGENT] = "urgent"};

/* What answer links are signed with and sent to. */
struct answer_context {
	struct str key, inbound;
};

/* mailto:INBOUND?subject=interested%20ID%20PROFILE%20TOKEN: what `answer` needs, and
 * proof that the mail went to this profile. */
static struct str answer_link(void *ctx, struct arena *a, const struct opportunity *call, struct str profile,
	enum answer answer)
{
	const struct answer_context *c = ctx;
	struct str parts[] = {str_of(answer_words[answer]), call->short_id, profile};
	struct str token = token_make(a, c->key, "answer", parts, COUNT(parts));
	return str_of(arena_printf(a, "mailto:%.*s?subject=%s%%20%.*s%%20%.*s%%20%.*s", STRF(c->inbound),
		answer_words[answer], STRF(call->short_id), STRF(profile), STRF(token)));
}

enum err compose_key(struct app *app, struct arena *a, struct str *out, struct error *e)
{
	enum err rc = store_meta_get(app->store, a, KEY_META, out, e);
	if (rc != ERR_OK || out->n > 0)
		return rc;
	*out = token_key_new(a);
	return store_meta_set(app->store, KEY_META, *out, e);
}

/* mailto:INBOUND?subject=WORD%20ADDRESS%20TOKEN: whose mails it is about, from whatever
 * address it is sent. A test copy asks for nobody. */
static struct str request_link(
	struct arena *a, const struct answer_context *c, const char *word, struct str recipient)
{
	struct buf link = buf_init(LINK_MAX);
	buf_printf(&link, "mailto:%.*s?subject=%s", STRF(c->inbound), word);
	if (c->key.n > 0) {
		buf_addz(&link, "%20");
		escape_url(&link, recipient);
		buf_printf(&link, "%%20%.*s", STRF(token_make(a, c->key, word, &recipient, 1)));
	}
	return buf_take(&link, a);
}

/* The page on which one click unsubscribes: WEB-URL/u/TOKEN, where a web worker serves
 * it; else empty. */
static struct str unsubscribe_page(
	const struct settings *s, struct arena *a, struct str key, struct str recipient)
{
	struct str url = s->web_url;
	if (s->web.n == 0 || key.n == 0 || !str_istarts(url, STR("https://")))
		return (struct str){0};
	while (str_ends(url, STR("/")))
		url.n--;
	struct str token = token_make(a, key, "unsubscribe", &recipient, 1);
	return str_of(arena_printf(a, "%.*s/u/%.*s", STRF(url), STRF(token)));
}

enum err compose_frame(struct app *app, struct arena *a, struct str recipient, bool test,
	struct compose_frame *out, struct error *e)
{
	const struct settings *s = &app->config->settings;
	struct answer_context *c = arena_make(a, struct answer_context);
	struct str key = {0};
	enum err rc = test ? ERR_OK : compose_key(app, a, &key, e);
	*c = (struct answer_context){.key = key, .inbound = s->inbound.address};
	*out = (struct compose_frame){.page = unsubscribe_page(s, a, key, recipient)};
	out->render = (struct render_frame){
		.settings = s,
		.unsubscribe = request_link(a, c, "unsubscribe", recipient),
		.preferences = request_link(a, c, "preferences", recipient),
		.answer_link = test ? NULL : answer_link,
		.ctx = c,
		.test = test,
	};
	return rc;
}

static struct str domain_of(struct str address)
{
	struct str rest;
	(void)str_cut(address, '@', &rest);
	return rest;
}

static struct str message_id(struct arena *a, const struct settings *s, const struct digest *d, int64_t slot)
{
	struct str when = str_of(arena_printf(a, " %d %lld", (int)d->kind, (long long)slot));
	struct str parts[] = {s->from.address, STR(" "), d->to.address, when};
	struct str hash = str_sub(sha256_hex(a, parts, COUNT(parts)), 0, ID_CHARS);
	return str_of(arena_printf(a, "d.%.*s@%.*s", STRF(hash), STRF(domain_of(s->from.address))));
}

/* Leaves in the digest what the mail has room for; what else was going to be told is
 * not told by it. */
static void keep_shown(struct digest *d, const struct rendered *r, struct mail *out)
{
	size_t kept = 0;
	for (size_t i = 0; i < out->changes.n; i++) {
		bool shown = true;
		for (size_t k = r->changes_shown; k < d->changes.n; k++)
			shown = shown && d->changes.v[k].opportunity->id != out->changes.v[i].opportunity;
		for (size_t k = r->calls_shown; k < d->calls.n; k++)
			shown = shown && d->calls.v[k].opportunity->id != out->changes.v[i].opportunity;
		if (shown)
			out->changes.v[kept++] = out->changes.v[i];
	}
	out->changes.n = kept;
	d->calls.n = r->calls_shown;
	d->changes.n = r->changes_shown;
	d->reminders.n = r->reminders_shown;
}

static void list_items(struct arena *a, const struct digest *d, struct mail *out)
{
	for (size_t i = 0; i < d->calls.n; i++)
		for (size_t k = 0; k < d->calls.v[i].hits.n; k++) {
			const struct candidate *c = d->calls.v[i].hits.v[k];
			*vec_push(a, &out->items) = (struct mail_item){
				.opportunity = c->opportunity->id,
				.profile = c->profile->id,
				.organisation = c->profile->organisation,
				.org_kind = c->profile->kind,
				.test = c->profile->test,
			};
		}
	for (size_t i = 0; i < d->reminders.n; i++)
		*vec_push(a, &out->reminders) = (struct mail_reminder){
			.opportunity = d->reminders.v[i].opportunity->id,
			.step = d->reminders.v[i].step,
			.date = d->reminders.v[i].deadline->date,
		};
}

/* What support asks for first: which rules, for which profiles. */
static struct str why(struct arena *a, const struct config *config, const struct digest *d)
{
	struct strv ids = {0};
	for (size_t i = 0; i < d->calls.n; i++)
		for (size_t k = 0; k < d->calls.v[i].hits.n; k++)
			if (!strv_has(&ids, d->calls.v[i].hits.v[k]->profile->id))
				*vec_push(a, &ids) = d->calls.v[i].hits.v[k]->profile->id;
	for (size_t i = 0; i < d->changes.n; i++)
		if (!strv_has(&ids, d->changes.v[i].profile))
			*vec_push(a, &ids) = d->changes.v[i].profile;
	for (size_t i = 0; i < d->reminders.n; i++)
		if (!strv_has(&ids, d->reminders.v[i].profile))
			*vec_push(a, &ids) = d->reminders.v[i].profile;
	return str_of(arena_printf(a, "rules %.*s; profiles %.*s", STRF(str_sub(config->hash, 0, RULES_SHOWN)),
		STRF(strv_join(a, &ids, ", "))));
}

static void set_list_headers(struct arena *a, const struct settings *s, const struct digest *d, int64_t slot,
	const struct compose_frame *f, struct mail_out *m)
{
	const char *kind = kind_names[d->kind];
	struct str domain = domain_of(s->from.address), page = f->page;
	m->list_id = str_of(arena_printf(a, "%.*s funding digest <digest.%.*s>", STRF(s->name), STRF(domain)));
	m->list_unsubscribe = str_of(arena_printf(a, "%s%.*s%s<%.*s>", page.n > 0 ? "<" : "", STRF(page),
		page.n > 0 ? ">," : "", STRF(f->render.unsubscribe)));
	m->one_click = page.n > 0;
	m->feedback_id =
		str_of(arena_printf(a, "%lld:%s:%.*s:fundwatch", (long long)slot, kind, STRF(domain)));
	m->run = str_of(arena_printf(a, "%s %.*s", kind, STRF(instant_iso(a, slot))));
}

enum err compose_mail(struct app *app, struct arena *a, struct digest *d, int64_t slot,
	const struct compose_frame *f, struct mail *out, struct error *e)
{
	static const enum mail_kind kinds[] = {[DIGEST_REGULAR] = MAIL_DIGEST, [DIGEST_URGENT] = MAIL_URGENT};
	const struct settings *s = &app->config->settings;
	struct rendered r = {0};
	enum err rc = render_digest(a, d, &f->render, &r, e);
	if (rc != ERR_OK)
		return rc;
	keep_shown(d, &r, out);
	out->kind = kinds[d->kind];
	out->recipient = d->to.address;
	out->slot = slot;
	out->message_id = message_id(a, s, d, slot);
	out->sender = s->from.address;
	out->subject = r.subject;
	out->created = d->now;
	out->rules = app->config->hash;
	list_items(a, d, out);
	struct mail_out m = {
		.from = s->from,
		.reply_to = s->reply_to,
		.to = d->to,
		.subject = r.subject,
		.text = r.text,
		.html = r.html,
		.calendar = r.calendar,
		.message_id = out->message_id,
		.date = d->now,
		.why = why(a, app->config, d),
	};
	set_list_headers(a, s, d, slot, f, &m);
	return mail_build(a, &m, &out->bytes, e);
}
