/* SPDX-License-Identifier: MIT
 *
 * Sends a queue by the route's transport. Whatever comes out of the queue is
 * checked once more here, because the SMTP libraries pass on what they are given:
 * a line end in an address would be a command, one in the wrong form an end of
 * the message.
 */
#include <signal.h>

#include "mail/transport.h"

/* Every CR is followed by LF, every LF follows CR, no NUL, ends in CRLF. */
static bool canonical(struct str s)
{
	if (!str_ends(s, STR("\r\n")) || str_find_char(s, '\0') != SIZE_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n' && (i == 0 || s.p[i - 1] != '\r'))
			return false;
		if (s.p[i] == '\r' && s.p[i + 1] != '\n')
			return false;
	}
	return true;
}

bool queue_next(const struct mail_queue *queue, struct delivery *out)
{
	while (queue->next(queue->ctx, out)) {
		/* The null sender is an address of its own (RFC 5321 4.5.5). */
		if (out->sender.n > 0 && !address_valid(out->sender))
			queue_done(queue, out, MAIL_REJECTED_SENDER, "not an address mail can come from");
		else if (!address_valid(out->recipient))
			queue_done(queue, out, MAIL_REJECTED_RECIPIENT, "not an address mail can go to");
		else if (out->bytes.n > MAIL_BYTES_MAX || !canonical(out->bytes))
			queue_done(queue, out, MAIL_REJECTED_MESSAGE, "not a message in canonical form");
		else
			return true;
	}
	return false;
}

void queue_done(const struct mail_queue *queue, const struct delivery *d, enum mail_outcome outcome,
	const char *reply)
{
	char line[REPLY_MAX];
	reply_line(line, str_of(reply));
	queue->done(queue->ctx, d, outcome, str_of(line));
}

void reply_line(char out[static REPLY_MAX], struct str text)
{
	text = str_trim(text);
	size_t n = text.n < REPLY_MAX - 1 ? text.n : REPLY_MAX - 1;
	for (size_t i = 0; i < n; i++)
		out[i] = (unsigned char)text.p[i] < 0x20 || text.p[i] == 0x7F ? ' ' : text.p[i];
	out[n] = '\0';
}

enum err relay_error(const struct route *route, const char *why, struct error *e)
{
	return err_set(e, ERR_TEMPORARY, "relay %.*s:%lld: %s", STRF(route->target), (long long)route->port,
		why);
}

static enum err dispatch(const struct route *route, const struct mail_queue *queue, struct error *e)
{
	switch (route->transport) {
	case TRANSPORT_ESMTP:
		return esmtp_send(route, queue, MAIL_TIMEOUT_MS, e);
	case TRANSPORT_SMTP:
	case TRANSPORT_SMTPS:
		return curl_send(route, queue, MAIL_TIMEOUT_MS, e);
	case TRANSPORT_MAILDIR:
	case TRANSPORT_EML:
	case TRANSPORT_STDOUT:
		return files_send(route, queue, e);
	}
	return err_set(e, ERR_CONFIG, "no such transport");
}

enum err mail_send_all(const struct route *route, const struct mail_queue *queue, struct error *e)
{
	/* Both SMTP libraries write to sockets that the relay may have closed. */
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	(void)sigaction(SIGPIPE, &ignore, &before);
	enum err rc = dispatch(route, queue, e);
	(void)sigaction(SIGPIPE, &before, NULL);
	return rc;
}
