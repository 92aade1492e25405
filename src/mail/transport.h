/* SPDX-License-Identifier: MIT
 *
 * What the transports share: judging an SMTP dialogue, and the queue with its
 * guard. Inside src/mail/ only.
 */
#ifndef FW_MAIL_TRANSPORT_H
#define FW_MAIL_TRANSPORT_H

#include "mail/mail.h"

#define REPLY_MAX 512 /* bytes of a reply kept, the NUL included (RFC 5321 4.5.3.1.5) */

enum smtp_stage { SMTP_MAIL, SMTP_RCPT, SMTP_TRANSFER, SMTP_STAGES }; /* transfer: DATA, then the dot */

/* What was seen of one mail's dialogue. */
struct smtp_trace {
	int code[SMTP_STAGES]; /* the last reply in each; 0 when none came */
	bool started, eof;     /* the message was read from us, and read to its end */
	bool complete;         /* the reply after the dot was whole and understood */
};

enum mail_outcome smtp_classify(const struct smtp_trace *t);
/* Where the reply stands that decided it. */
enum smtp_stage smtp_decided_at(const struct smtp_trace *t);
/* Whether the relay has ended the session (421, or the connection broke), so that
 * no further mail may be given to it now. */
bool smtp_session_over(const struct smtp_trace *t);

/* One line without control characters. */
void reply_line(char out[static REPLY_MAX], struct str text);

/* The next mail fit for the wire; one with a bad envelope or with stray line ends
 * is refused here. */
bool queue_next(const struct mail_queue *queue, struct delivery *out) NODISCARD;
void queue_done(const struct mail_queue *queue, const struct delivery *d, enum mail_outcome outcome,
	const char *reply);

/* `timeout_ms` bounds the wait for one reply; at least 1000. SIGPIPE must be ignored. */
enum err esmtp_send(const struct route *route, const struct mail_queue *queue, int timeout_ms,
	struct error *e) NODISCARD;
enum err curl_send(const struct route *route, const struct mail_queue *queue, int timeout_ms,
	struct error *e) NODISCARD;
/* ERR_TEMPORARY: "relay host:port: why". */
enum err relay_error(const struct route *route, const char *why, struct error *e);
enum err files_send(const struct route *route, const struct mail_queue *queue, struct error *e) NODISCARD;

#endif
