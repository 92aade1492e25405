/* SPDX-License-Identifier: MIT
 *
 * What became of a mail, judged from the codes of its SMTP dialogue. The return
 * values of the SMTP libraries say nothing reliable about one mail.
 */
#include "mail/transport.h"

const char *mail_outcome_name(enum mail_outcome o)
{
	switch (o) {
	case MAIL_ACCEPTED:
		return "accepted";
	case MAIL_DEFERRED:
		return "deferred";
	case MAIL_REJECTED_RECIPIENT:
		return "rejected-recipient";
	case MAIL_REJECTED_MESSAGE:
		return "rejected-message";
	case MAIL_REJECTED_SENDER:
		return "rejected-sender";
	case MAIL_NOT_ATTEMPTED:
		return "not-attempted";
	case MAIL_UNKNOWN:
		return "unknown";
	}
	return "unknown";
}

static bool refuses(int code)
{
	return code / 100 == 4 || code / 100 == 5;
}

enum smtp_stage smtp_decided_at(const struct smtp_trace *t)
{
	if (refuses(t->code[SMTP_MAIL]))
		return SMTP_MAIL;
	/* Before the transfer: what follows a refused recipient is a 503. */
	return refuses(t->code[SMTP_RCPT]) ? SMTP_RCPT : SMTP_TRANSFER;
}

enum mail_outcome smtp_classify(const struct smtp_trace *t)
{
	static const enum mail_outcome rejected[SMTP_STAGES] = {
		[SMTP_MAIL] = MAIL_REJECTED_SENDER,
		[SMTP_RCPT] = MAIL_REJECTED_RECIPIENT,
		[SMTP_TRANSFER] = MAIL_REJECTED_MESSAGE,
	};
	enum smtp_stage stage = smtp_decided_at(t);
	int code = t->code[stage];
	if (t->code[SMTP_MAIL] == 0 && !t->started)
		return MAIL_NOT_ATTEMPTED;
	if (refuses(code))
		return code / 100 == 4 ? MAIL_DEFERRED : rejected[stage];
	if (code / 100 == 2)
		return t->complete ? MAIL_ACCEPTED : MAIL_UNKNOWN;
	return t->eof ? MAIL_UNKNOWN : MAIL_DEFERRED;
}

bool smtp_session_over(const struct smtp_trace *t)
{
	int code = t->code[smtp_decided_at(t)];
	return code == 421 || (!refuses(code) && smtp_classify(t) != MAIL_ACCEPTED);
}
