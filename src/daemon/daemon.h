/* SPDX-License-Identifier: MIT
 *
 * The stages put together. Each stage finds its work in the database, does it, and
 * leaves it there: take in (poll, add) -> match -> digest -> deliver. All are
 * idempotent and are also verbs that run once by hand. Here, and in cli/, errors
 * are logged, once.
 */
#ifndef FW_DAEMON_DAEMON_H
#define FW_DAEMON_DAEMON_H

#include "conf/conf.h"
#include "match/match.h"
#include "store/store.h"

#define DOCUMENT_ARENA_MAX ((size_t)512 << 20) /* one whole document, normalised */
#define WORK_ARENA_MAX     ((size_t)256 << 20) /* one match pass, one recipient's digest */
#define SHRINK_ITEMS       10   /* a source that had so many items ... */
#define SHRINK_PERCENT     50   /* ... and now has less than this share: said in `sources` */
#define BACKOFF_MAX        (24 * 3600) /* seconds: a failing source is asked at least once a day */
#define RULES_SHOWN        12   /* characters of the hash of rules that people are shown */
#define UNKNOWN_WAIT       900  /* seconds before a mail of unknown fate is sent again */

/* What every stage works with. */
struct app {
	struct arena *a;          /* rules and what else lives as long as the configuration */
	struct config *config;
	struct rulebook *rules;
	struct engine *engine; /* of `rules`; NULL until app_engine() */
	struct store *store;
	const volatile int *stop; /* set by a signal; may be NULL */
	bool narrate;             /* progress lines on stderr */
	bool recovered;           /* this process has looked for mails of dead processes */
};

/* Loads the configuration and compiles its rules; faults are printed to stderr.
 * ERR_CONFIG when there are any. Does not open the database. */
enum err app_load(struct app *app, const char *dir);
/* The same with an edited rule file in place of what it replaces (conf_load_with()). */
enum err app_load_edited(struct app *app, const char *dir, const char *edited);
/* Opens the database of the configuration (its directory is made when missing). */
enum err app_open(struct app *app, struct error *e);
void app_close(struct app *app);
/* The engine with all profiles of the rules in force, made when it is first needed. */
struct engine *app_engine(struct app *app) RET_NONNULL;
/* Loads everything again and swaps it whole; on any fault the old configuration
 * and rules stay in force, and staff get a mail with the faults (reload_note()).
 * False when they stayed. */
bool app_reload(struct app *app);

/* ---- rules in force ------------------------------------------------------------ */

/* Says in the database how the last load of a running daemon ended: `faults` NULL
 * when it went well; else they are queued as a mail to staff, at most one for each
 * distinct set of faults. Works with or without an open database. */
void reload_note(struct app *app, struct diags *faults);

/* What reload_note() said last. */
struct last_load {
	bool known;
	int64_t at, errors; /* 0 = it went well */
	struct str rules;   /* hash of those that were in force after it */
};
enum err reload_last(struct app *app, struct arena *a, struct last_load *out, struct error *e);

/* When the rules of the configuration are not those that were last in force:
 * profiles that were renamed (was:) take their past with them, and the rules are
 * kept as in force from now on. Every stage that uses rules calls it first. */
enum err rules_enter_force(struct app *app, struct error *e);
/* The same inside a transaction that the caller holds. */
enum err rules_in_transaction(struct app *app, struct error *e);

/* ---- stages ------------------------------------------------------------------- */

struct poll_counts {
	int64_t sources, failed, unmodified, items, irrelevant, added, changed, same;
};

/* Polls the named source, or all that are due (all when `force`). Returns when all
 * have ended. A failed poll changes no opportunity and is counted, not an error. */
enum err take_in(struct app *app, struct str only, bool force, struct poll_counts *out, struct error *e);

struct detail_counts {
	int64_t asked, filled, failed;
};
/* Asks for second pages of calls that suit a profile, of the named source or of all; a
 * few for each. A failed one changes no opportunity and is counted, not an error. */
enum err details_ask(struct app *app, struct str only, struct detail_counts *out, struct error *e);
/* The fetcher of this configuration: its name for portals, its allowed networks. */
struct fetcher;
struct fetcher *fetch_of(struct app *app, struct arena *a) NODISCARD RET_NONNULL;

/* Matches what was not yet matched with the rules in force. *hits = hits stored. */
enum err match_new(struct app *app, int64_t *hits, struct error *e);
/* The same inside a transaction that the caller holds. */
enum err match_in_transaction(struct app *app, int64_t *hits, struct error *e);

struct digest_counts {
	int64_t recipients; /* that were due */
	int64_t mails;      /* queued */
	int64_t calls, changes, reminders; /* in them */
	int64_t waiting;    /* hits that wait, of the recipients that were due */
};
/* Builds and queues the mails that are due at clock_now(). */
enum err digest_due(struct app *app, struct digest_counts *out, struct error *e);

struct mail_counts {
	int64_t accepted, deferred, failed, unknown, untried, not_allowed;
};
/* Sends what the outbox holds and `deliver` allows. */
enum err deliver(struct app *app, struct mail_counts *out, struct error *e);

struct pass_counts {
	struct poll_counts poll;
	struct detail_counts details;
	struct digest_counts digest;
	struct mail_counts mail;
	int64_t hits;
};
/* One pass of the whole pipeline: `run --once`. */
enum err pipeline_once(struct app *app, struct pass_counts *out, struct error *e);

/* ---- one recipient -------------------------------------------------------------- */

/* What a preview shows: the mail that the profile's first contact would get if the
 * profile were due now, for all profiles of that address; what waits in the outbox for
 * it is in it too. Changes nothing. */
#define SUPPRESSED_TEXT "this address gets nothing: it unsubscribed, or mail to it came back"

struct preview {
	struct str subject, text, html; /* empty when there is nothing to send */
	size_t waiting;
	bool suppressed; /* the address gets nothing; a test copy can be made all the same */
};
enum err digest_preview(struct app *app, struct arena *a, const struct profile *p, struct preview *out, struct error *e);

/* Sends what the preview shows as a marked test copy to an address of staff; nothing
 * is recorded. ERR_INPUT when `deliver` does not allow the address. */
enum err digest_test_copy(struct app *app, struct arena *a, const struct profile *p, struct str to, struct preview *out,
	struct error *e);

/* ---- what waits ------------------------------------------------------------------ */

/* One call that suits a profile and that its recipient was not mailed yet. */
struct pending {
	int64_t opportunity;
	struct str title, profile, recipient, reason; /* reason: in words, with its date */
};
struct pending_list {
	VEC(struct pending) list;
};
/* Everything matched and not yet accepted by a relay, for every recipient. */
enum err pending_all(struct app *app, struct arena *a, struct pending_list *out, struct error *e);

/* ---- where a call stands ---------------------------------------------------------- */

/* One call on its way to one recipient of a profile that it suits or was sent to. */
struct standing {
	struct str recipient;
	bool sent;
	const char *stage; /* "sent", "in a mail", "review", "too early", ...: for programs */
	struct str text;   /* in words, with its date */
};
struct standings {
	VEC(struct standing) list;
};
/* For every contact of the profile; `suits` is the verdict of the rules in force. */
enum err standings_of(struct app *app, struct arena *a, const struct opportunity *o, const struct profile *p,
	bool suits, struct standings *out, struct error *e);

/* ---- trying rules ----------------------------------------------------------------- */

/* One stored call that a profile gets by the rules in force or by those tried. */
struct trial_call {
	struct opportunity call; /* without its texts */
	bool before, after;
	bool open;	  /* now; a closed one counts only in looking back */
	int64_t score;	  /* by the rules tried; of a call that goes, by those in force */
	struct str words; /* why it suits; of a call that goes, why no longer */
	struct str line;  /* the first rule line that hit; empty for one that goes */
};
/* What the digests of the time looked back on would have held. */
struct pace {
	int64_t mails, calls;
};
struct trial_profile {
	const struct profile *before, *after; /* NULL: by no rules */
	VEC(struct trial_call) calls;
	size_t gained, gained_open, gone, stay;
	struct pace pace_before, pace_after;
	size_t ready_before, ready_after; /* open calls in time that it was not sent yet */
};
struct trial {
	size_t calls, open;  /* looked at */
	int64_t days;	     /* looked back: as asked, or since the first call was stored */
	VEC(struct trial_profile) profiles;
	struct compound_list compounds; /* words of the rules tried */
};
/* The stored calls that are open or first seen since `since`, each read once, against
 * the rules in force (of `app`) and those of `tried`. An entry of `profiles` says which
 * two to compare and is filled in; what comes out lives in `a`. Changes nothing. */
enum err try_rules(struct app *app, const struct app *tried, struct arena *a, int64_t since, struct trial *out,
	struct error *e);
/* Adds the profiles that the edited file touches: its own, and those that use its rule
 * sets; all of them when words get other synonyms. */
void try_touched(const struct app *app, const struct app *tried, const char *edited, struct arena *a,
	struct trial *out);

/* ---- offers ---------------------------------------------------------------------- */

/* The name under which received offers are stored as their source. */
#define OFFER_SOURCE "received"

/* Stores a raw item that staff were sent; edits the stored one when `id` > 0. */
enum err offer_add(struct app *app, struct item *raw, enum seen *seen, int64_t *id, struct error *e);

/* Stores a call that was forwarded by hand (or finds it, by call id or link, unless
 * f->opportunity says which it is) and the forward, in a transaction that the caller
 * holds. Sets f->opportunity; *added is false when the profile had it already. */
enum err offer_past(struct app *app, struct arena *a, struct item *raw, struct past_forward *f, bool *added,
	struct error *e);

/* ---- workers ---------------------------------------------------------------------- */

/* SIGTERM and SIGINT end what the app does at the next safe point. */
void stop_on_signals(struct app *app);

/* `run poll`, `run mail`: works until SIGTERM or SIGINT. */
enum err worker_poll(struct app *app, struct error *e);
enum err worker_mail(struct app *app, struct error *e);
/* `run`: both, each in a process of its own, restarted with growing pauses. */
enum err supervise(struct app *app, struct error *e);

#endif
