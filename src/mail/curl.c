/* SPDX-License-Identifier: MIT
 *
 * SMTP by libcurl: relays that are reached over TLS. One mail is one transfer over
 * a connection that is kept; its dialogue is followed line by line, because the
 * library's result does not say at which command a mail was refused.
 */
#include <curl/curl.h>

#include "mail/transport.h"

#define ADDRESS_ROOM 256 /* an address (at most 254 bytes) and its NUL */
#define URL_ROOM     300 /* "smtps://host:port" */
#define STALL_BYTES  1   /* bytes a second; less than this for the time-out ends an upload */

struct dialogue { /* one mail */
	struct str bytes;
	size_t at; /* bytes read so far */
	struct smtp_trace trace;
	int stage;             /* enum smtp_stage, or -1 outside of a mail */
	char reply[REPLY_MAX]; /* the last line of the last reply */
};

static size_t read_message(char *out, size_t size, size_t n, void *arg)
{
	struct dialogue *d = arg;
	struct str part = str_sub(d->bytes, d->at, d->at + size * n);
	if (part.n > 0)
		memcpy(out, part.p, part.n);
	d->at += part.n;
	d->trace.started = true;
	d->trace.eof = d->at == d->bytes.n;
	return part.n;
}

static void on_command(struct dialogue *d, struct str line)
{
	static const struct {
		struct str word;
		int stage;
	} commands[] = {
		{{"MAIL FROM", 9}, SMTP_MAIL},
		{{"RCPT TO", 7}, SMTP_RCPT},
		{{"DATA", 4}, SMTP_TRANSFER},
	};
	d->stage = -1;
	for (size_t i = 0; i < COUNT(commands); i++)
		if (str_starts(line, commands[i].word))
			d->stage = commands[i].stage;
}

static void on_reply(struct dialogue *d, struct str line)
{
	int64_t code;
	if (!str_to_i64(str_sub(line, 0, 3), 100, 599, &code) || (line.n > 3 && line.p[3] == '-'))
		return;
	/* What comes behind a failed mail (to RSET or QUIT) is not about it; what comes
	 * before one tells why there is no session. */
	if (d->stage >= 0)
		d->trace.code[d->stage] = (int)code;
	if (d->stage >= 0 || d->trace.code[SMTP_MAIL] == 0)
		reply_line(d->reply, line);
}

static int on_debug(CURL *curl, curl_infotype type, char *data, size_t n, void *arg)
{
	(void)curl;
	struct str line = {data, n};
	if (type == CURLINFO_HEADER_OUT)
		on_command(arg, line);
	else if (type == CURLINFO_HEADER_IN)
		on_reply(arg, line);
	return 0;
}

/* The library's own reasons for setting an option to fail are lack of memory and
 * being built without SMTP. */
#define SET(curl, option, value)                                                                             \
	do {                                                                                                 \
		if (curl_easy_setopt((curl), (option), (value)) != CURLE_OK)                                 \
			die("libcurl refuses " #option);                                                     \
	} while (0)

static void set_relay(CURL *curl, const struct route *route, int timeout_ms)
{
	char url[URL_ROOM];
	bool tls = route->transport == TRANSPORT_SMTPS;
	bool literal = str_find_char(route->target, ':') != SIZE_MAX && route->target.p[0] != '[';
	(void)snprintf(url, sizeof(url), "%s://%s%.*s%s:%lld", tls ? "smtps" : "smtp", literal ? "[" : "",
		STRF(route->target), literal ? "]" : "", (long long)route->port);
	long seconds = (timeout_ms + 999) / 1000;
	SET(curl, CURLOPT_URL, url);
	SET(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	SET(curl, CURLOPT_PROXY, "");
	SET(curl, CURLOPT_USE_SSL, (long)(tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
	SET(curl, CURLOPT_NOSIGNAL, 1L);
	SET(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
	SET(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
	SET(curl, CURLOPT_LOW_SPEED_LIMIT, (long)STALL_BYTES);
	SET(curl, CURLOPT_LOW_SPEED_TIME, seconds);
	SET(curl, CURLOPT_UPLOAD, 1L);
	SET(curl, CURLOPT_READFUNCTION, read_message);
	SET(curl, CURLOPT_VERBOSE, 1L); /* or on_debug is not called */
	SET(curl, CURLOPT_DEBUGFUNCTION, on_debug);
}

static CURLcode transfer(CURL *curl, const struct delivery *mail, struct dialogue *d, bool last)
{
	char sender[ADDRESS_ROOM], recipient[ADDRESS_ROOM];
	(void)snprintf(sender, sizeof(sender), "%.*s", STRF(mail->sender));
	(void)snprintf(recipient, sizeof(recipient), "%.*s", STRF(mail->recipient));
	struct curl_slist *to = curl_slist_append(NULL, recipient);
	if (to == NULL)
		die("out of memory");
	SET(curl, CURLOPT_MAIL_FROM, sender);
	SET(curl, CURLOPT_MAIL_RCPT, to);
	SET(curl, CURLOPT_READDATA, d);
	SET(curl, CURLOPT_DEBUGDATA, d);
	SET(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)d->bytes.n);
	SET(curl, CURLOPT_FORBID_REUSE, last ? 1L : 0L);
	CURLcode rc = curl_easy_perform(curl);
	SET(curl, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(to);
	return rc;
}

/* Sends one and tells its fate; ERR_TEMPORARY when the relay has ended the session. */
static enum err send_one(CURL *curl, const struct mail_queue *queue, const struct delivery *mail, bool last,
	const struct route *route, struct error *e)
{
	struct dialogue d = {.bytes = mail->bytes, .stage = -1};
	CURLcode rc = transfer(curl, mail, &d, last);
	d.trace.complete = rc == CURLE_OK;
	bool told = rc == CURLE_OK || d.reply[0] == '4' || d.reply[0] == '5';
	const char *why = told ? d.reply : curl_easy_strerror(rc);
	queue_done(queue, mail, smtp_classify(&d.trace), why);
	return smtp_session_over(&d.trace) ? relay_error(route, why, e) : ERR_OK;
}

enum err curl_send(const struct route *route, const struct mail_queue *queue, int timeout_ms,
	struct error *e)
{
	if (route->target.n == 0 || route->target.n > 255)
		return err_set(e, ERR_CONFIG, "'%.*s' is not the name of a relay", STRF(route->target));
	CURL *curl = curl_easy_init();
	if (curl == NULL)
		die("out of memory");
	set_relay(curl, route, timeout_ms);
	struct delivery mail;
	enum err rc = ERR_OK;
	for (int n = 1; rc == ERR_OK && queue_next(queue, &mail); n++)
		rc = send_one(curl, queue, &mail, n % MAIL_SESSION_MAX == 0, route, e);
	curl_easy_cleanup(curl);
	return rc;
}
