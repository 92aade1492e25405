/* SPDX-License-Identifier: MIT
 *
 * add: an offer that staff were sent, as a mail (.eml), as one ITEM, or as flags;
 * with --id, a stored one is edited by flags.
 */
#include "cli/cli.h"

#include "extract/extract.h"
#include "mail/mail.h"

/* What flags may set, in the order of the synopsis. */
struct edits {
	const char *id, *title, *link, *deadline, *text, *kind, *funder, *programme, *call, *budget;
};

static enum err read_offer(struct cli *c, const char *path, struct item *out, struct error *e)
{
	struct str bytes;
	struct letter letter;
	enum err rc = file_read(c->a, path, MAIL_BYTES_MAX, &bytes, e);
	if (rc != ERR_OK)
		return rc;
	if (str_starts(str_trim(bytes), STR("{")))
		return extract_item_json(c->a, bytes, out, e);
	rc = mail_parse(c->a, bytes, &letter, e);
	if (rc == ERR_OK)
		item_from_letter(c->a, &letter, out);
	return rc == ERR_OK ? rc : err_prefix(e, "%s", path);
}

static void set(struct str *field, const char *value)
{
	if (value != NULL)
		*field = str_of(value);
}

static bool apply(struct cli *c, const struct edits *f, struct item *it)
{
	enum kind kind;
	if (f->kind != NULL && !kind_from(str_of(f->kind), &kind)) {
		log_error("--kind: '%s' is no kind of call", f->kind);
		return false;
	}
	if (f->link != NULL && url_absolute(c->a, (struct str){0}, str_of(f->link)).n == 0) {
		log_error("--link: '%s' is no link such as https://fund.example/call", f->link);
		return false;
	}
	set(&it->title, f->title);
	set(&it->link, f->link);
	set(&it->kind, f->kind);
	set(&it->funder, f->funder);
	set(&it->programme, f->programme);
	set(&it->call, f->call);
	if (f->text != NULL) {
		it->summary = (struct str){0};
		it->content = str_of(f->text);
	}
	if (f->budget != NULL) {
		it->budget_min = it->budget_max = it->budget_total = it->currency = (struct str){0};
		it->budget = str_of(f->budget);
	}
	if (f->deadline != NULL) {
		struct when when;
		if (!date_parse(str_of(f->deadline), NULL, &when)) {
			log_error("--deadline: '%s' is no date such as 2026-12-31 or 31 December 2026",
				f->deadline);
			return false;
		}
		it->deadlines.n = 0;
		vec_push(c->a, &it->deadlines)->date = str_of(f->deadline);
	}
	return true;
}

/* The item to start from: the stored call, the file, or nothing but flags. */
static enum err first_form(
	struct cli *c, const struct edits *f, struct item *it, int64_t *id, struct error *e)
{
	struct opportunity o;
	if (f->id == NULL)
		return c->argc > 0 ? read_offer(c, c->argv[0], it, e) : ERR_OK;
	enum err rc = store_find(c->app.store, str_of(f->id), id, e);
	if (rc == ERR_OK)
		rc = store_opportunity(c->app.store, c->a, *id, &o, e);
	if (rc == ERR_OK && !str_eq(o.source, STR(OFFER_SOURCE)))
		rc = err_set(e, ERR_INPUT,
			"this call comes from the source %.*s, which would overwrite what you edit",
			STRF(o.source));
	if (rc == ERR_OK)
		item_from_opportunity(c->a, &o, it);
	return rc;
}

static void say(struct cli *c, enum seen seen, const struct opportunity *o)
{
	static const char *const words[] = {
		[SEEN_NEW] = "taken in", [SEEN_CHANGED] = "changed", [SEEN_SAME] = "was known already"};
	printf("%s: %.*s\n", words[seen], STRF(o->title));
	printf("  id        %.*s\n", STRF(cli_short_id(c, o->id)));
	printf("  deadline  %.*s\n", STRF(cli_deadline(c, o)));
	printf("  link      %.*s\n", o->url.n > 0 ? (int)o->url.n : 4, o->url.n > 0 ? o->url.p : "none");
	printf("Something wrong? fundwatch add --id %.*s --title .. --link .. --deadline ..\n",
		STRF(cli_short_id(c, o->id)));
}

int cmd_add(struct cli *c)
{
	struct edits f = {0};
	const struct option_spec specs[] = {{"id", &f.id, NULL}, {"title", &f.title, NULL},
		{"link", &f.link, NULL}, {"deadline", &f.deadline, NULL}, {"text", &f.text, NULL},
		{"kind", &f.kind, NULL}, {"funder", &f.funder, NULL}, {"programme", &f.programme, NULL},
		{"call", &f.call, NULL}, {"budget", &f.budget, NULL}};
	if (!cli_options(c, specs, COUNT(specs), 0, 1))
		return EXIT_USAGE;
	if (c->argc == 0 && f.id == NULL && f.title == NULL)
		return cli_usage(c);
	struct item it = {0};
	struct error e;
	struct opportunity o;
	enum seen seen = SEEN_SAME;
	int64_t id = 0;
	enum err rc = first_form(c, &f, &it, &id, &e);
	if (rc == ERR_OK && !apply(c, &f, &it))
		return EXIT_USAGE;
	if (rc == ERR_OK && it.provenance.n == 0)
		it.provenance = str_of(arena_printf(
			c->a, "entered by %.*s on %.*s", STRF(cli_who(c)), STRF(cli_time(c, clock_now()))));
	if (rc == ERR_OK)
		rc = offer_add(&c->app, &it, &seen, &id, &e);
	if (rc == ERR_OK)
		rc = store_opportunity(c->app.store, c->a, id, &o, &e);
	if (rc == ERR_OK)
		say(c, seen, &o);
	return cli_end(rc, &e);
}
