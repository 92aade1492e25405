/* SPDX-License-Identifier: MIT
 *
 * Mail out and in: MIME built and parsed by GMime (mime.c, the one file that
 * spells its names), transports by libesmtp, libcurl and files. It knows nothing
 * of digests and of the store; the outbox feeds it through callbacks.
 */
#ifndef FW_MAIL_MAIL_H
#define FW_MAIL_MAIL_H

#include "conf/conf.h"

#define MAIL_BYTES_MAX    ((size_t)5 << 20)  /* one message in or out */
#define MAIL_PARTS_MAX    200                /* MIME parts looked at in a received mail */
#define MAIL_SESSION_MAX  100                /* mails per SMTP connection */
#define MAIL_TIMEOUT_MS   120000             /* for one SMTP reply */

/* ---- MIME ---------------------------------------------------------------- */

struct mail_out {
	struct contact from, reply_to, to;      /* reply_to.address may be empty */
	struct str subject, text, html;         /* UTF-8 */
	struct str calendar;                    /* ICS, attached as calls.ics; empty = none */
	struct str message_id;                  /* without angle brackets */
	int64_t date;
	struct str list_id;                     /* "Name <id.domain>" */
	struct str list_unsubscribe;            /* URIs, each in <>, comma-separated */
	bool one_click;                         /* adds List-Unsubscribe-Post */
	struct str feedback_id;                 /* may be empty */
	struct str run, why;                    /* X-Fundwatch-Run, X-Fundwatch-Why; may be empty */
};

/* The frozen bytes of one message: CRLF, ASCII only, lines <= 998 (headers folded
 * at 78), multipart/alternative of text and HTML in UTF-8 (in a multipart/mixed beside
 * the calendar, when there is one), quoted-printable or base64, deterministic (the boundary comes from the Message-ID). Headers of
 * mail.md section 5 in that order. ERR_INPUT for addresses with control characters
 * or non-ASCII, ERR_LIMIT above MAIL_BYTES_MAX. */
enum err mail_build(struct arena *a, const struct mail_out *m, struct str *out, struct error *e) NODISCARD;

/* A received mail -> letter: decoded subject and sender, the best text and HTML
 * bodies; of a mail that forwards another as message/rfc822, the inner bodies (and
 * the outer sender). ERR_INPUT when it is no mail, ERR_LIMIT above the caps. */
enum err mail_parse(struct arena *a, struct str bytes, struct letter *out, struct error *e) NODISCARD;

/* ---- sending -------------------------------------------------------------- */

enum mail_outcome {
	MAIL_ACCEPTED,
	MAIL_DEFERRED,           /* 4xx: try this one again later */
	MAIL_REJECTED_RECIPIENT, /* 5xx at RCPT */
	MAIL_REJECTED_MESSAGE,   /* 5xx at DATA or after the dot */
	MAIL_REJECTED_SENDER,    /* 5xx at MAIL */
	MAIL_NOT_ATTEMPTED,      /* the connection ended before it: nothing can have been sent */
	MAIL_UNKNOWN,            /* the connection ended between dot and reply: it may have been taken */
};
const char *mail_outcome_name(enum mail_outcome o) RET_NONNULL;

struct delivery {
	int64_t id;                       /* the outbox's */
	struct str sender, recipient;     /* envelope addresses */
	struct str message_id;            /* without angle brackets */
	struct str bytes;                 /* CRLF */
};

/* The outbox as the transport sees it. */
struct mail_queue {
	/* Gives the next mail, already committed as being sent; its strings stay valid
	 * until done() was called for it. False when nothing is left. */
	bool (*next)(void *ctx, struct delivery *out);
	/* Exactly once per mail that next() gave, before the next one is asked for.
	 * `reply` is the relay's own words, one line. */
	void (*done)(void *ctx, const struct delivery *d, enum mail_outcome outcome, struct str reply);
	void *ctx;
};

/* Sends until the queue is empty. ERR_TEMPORARY when the relay can't be reached or
 * ends the session early (what was given got its done() all the same; the rest
 * stays in the queue). A refusal of one mail never stops the others. At most one
 * mail is in flight. */
enum err mail_send_all(const struct route *route, const struct mail_queue *queue, struct error *e) NODISCARD;

#endif
