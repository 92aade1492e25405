/* SPDX-License-Identifier: MIT
 *
 * SMTP to a local relay by libesmtp, without TLS.
 *
 * The library sends what hangs on a session and knows no "next": so each mail is
 * hung on while the fate of the one before it is being told, inside the event
 * callback. Where the library looks for the next mail before it tells (a refusal
 * of DATA), the session ends and another one is opened.
 *
 * The library sets no socket options; without TCP_NODELAY, and TCP_QUICKACK set
 * again for every mail, each mail waits 40 ms for a delayed ACK. Its socket is
 * found by its peer's port.
 */
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>

#include <libesmtp.h>

#include "mail/transport.h"

#define CHUNK_BYTES  ((size_t)16 << 10) /* of a message per read (and per BDAT command) */
#define ADDRESS_ROOM 256                /* an address (at most 254 bytes) and its NUL */
#define HOST_ROOM    300                /* "host:port" */
#define ENVID_ROOM   24                 /* a number of the outbox */

struct session;

struct flight { /* one mail on a session */
	struct session *session;
	struct delivery mail;
	smtp_message_t message;
	smtp_recipient_t recipient;
	size_t at; /* bytes read so far */
	bool started, eof, settled;
};

struct session {
	const struct mail_queue *queue;
	smtp_session_t handle;
	int64_t port;
	int fd;                           /* the library's socket; -1 = not found */
	struct flight flights[MAIL_SESSION_MAX];
	size_t n;
	bool drained;                     /* the queue had nothing left */
	bool over;                        /* the relay ended the session */
	char complaint[REPLY_MAX];        /* the last 4xx or 5xx line read; tells why a session was refused */
	char chunk[CHUNK_BYTES];          /* what the library is reading; outlives the mail */
};

/* ---- socket options ------------------------------------------------------ */

static bool connected_to(int fd, int64_t port)
{
	struct sockaddr_storage peer;
	socklen_t n = sizeof(peer);
	if (getpeername(fd, (struct sockaddr *)&peer, &n) != 0)
		return false;
	if (peer.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)&peer)->sin_port) == port;
	return peer.ss_family == AF_INET6 && ntohs(((struct sockaddr_in6 *)&peer)->sin6_port) == port;
}

static int find_socket(int64_t port)
{
	int found = -1;
	DIR *dir = opendir("/proc/self/fd");
	for (struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
		int64_t fd;
		if (str_to_i64(str_of(entry->d_name), 0, INT32_MAX, &fd) && connected_to((int)fd, port))
			found = (int)fd;
	}
	if (dir != NULL)
		(void)closedir(dir);
	return found;
}

static void set_option(int fd, int option)
{
	int on = 1;
	if (fd >= 0) /* only speed is at stake */
		(void)setsockopt(fd, IPPROTO_TCP, option, &on, sizeof(on));
}

/* ---- one mail ------------------------------------------------------------ */

/* The library asks for the message: `len` NULL starts it anew, NULL or no bytes
 * end it. A settled mail's bytes may be gone. */
static const char *read_message(void **ctx, int *len, void *arg)
{
	(void)ctx;
	struct flight *f = arg;
	if (len == NULL) {
		f->at = 0;
		return NULL;
	}
	*len = 0;
	if (f->settled)
		return NULL;
	f->started = true;
	struct str part = str_sub(f->mail.bytes, f->at, f->at + CHUNK_BYTES);
	f->at += part.n;
	f->eof = f->at == f->mail.bytes.n;
	if (part.n == 0)
		return NULL;
	memcpy(f->session->chunk, part.p, part.n);
	*len = (int)part.n;
	return f->session->chunk;
}

static void copy_address(char out[static ADDRESS_ROOM], struct str address)
{
	(void)snprintf(out, ADDRESS_ROOM, "%.*s", STRF(address));
}

/* A relay that can (DSN, RFC 3461) says which mail was not delivered or waits; to
 * others the library says nothing of it. */
static void ask_for_notices(struct flight *f, const char *recipient)
{
	char id[ENVID_ROOM];
	int when = Notify_FAILURE | Notify_DELAY;
	(void)snprintf(id, sizeof(id), "%lld", (long long)f->mail.id);
	if (smtp_dsn_set_ret(f->message, Ret_HDRS) == 0 || smtp_dsn_set_envid(f->message, id) == 0 ||
		smtp_dsn_set_notify(f->recipient, (enum notify_flags)when) == 0 ||
		smtp_dsn_set_orcpt(f->recipient, "rfc822", recipient) == 0)
		die("out of memory");
}

/* Hangs the next mail of the queue on the session. */
static void give_next(struct session *s)
{
	if (s->n == MAIL_SESSION_MAX || s->over || s->drained)
		return;
	struct flight *f = &s->flights[s->n];
	*f = (struct flight){.session = s};
	if (!queue_next(s->queue, &f->mail)) {
		s->drained = true;
		return;
	}
	char sender[ADDRESS_ROOM], recipient[ADDRESS_ROOM];
	copy_address(sender, f->mail.sender);
	copy_address(recipient, f->mail.recipient);
	f->message = smtp_add_message(s->handle);
	if (f->message == NULL || smtp_set_reverse_path(f->message, sender[0] == '\0' ? NULL : sender) == 0 ||
		(f->recipient = smtp_add_recipient(f->message, recipient)) == NULL ||
		smtp_set_messagecb(f->message, read_message, f) == 0)
		die("out of memory");
	(void)smtp_size_set_estimate(f->message, f->mail.bytes.n);
	ask_for_notices(f, recipient);
	s->n++;
}

static const smtp_status_t *status_of(const struct flight *f, enum smtp_stage stage)
{
	switch (stage) {
	case SMTP_MAIL:
		return smtp_reverse_path_status(f->message);
	case SMTP_RCPT:
		return smtp_recipient_status(f->recipient);
	case SMTP_TRANSFER:
	case SMTP_STAGES:
		break;
	}
	return smtp_message_transfer_status(f->message);
}

static struct smtp_trace trace_of(const struct flight *f)
{
	struct smtp_trace t = {
		.started = f->started,
		.eof = f->eof,
		.complete = smtp_recipient_check_complete(f->recipient) != 0,
	};
	for (enum smtp_stage stage = SMTP_MAIL; stage < SMTP_STAGES; stage++)
		t.code[stage] = status_of(f, stage)->code;
	return t;
}

/* "550 5.1.1 no such user" */
static void print_status(char out[static REPLY_MAX], const smtp_status_t *status)
{
	const char *text = status->text == NULL ? "" : status->text;
	if (status->code == 0)
		(void)snprintf(out, REPLY_MAX, "no reply");
	else if (status->enh_class != 0)
		(void)snprintf(out, REPLY_MAX, "%d %d.%d.%d %s", status->code, status->enh_class,
			status->enh_subject, status->enh_detail, text);
	else
		(void)snprintf(out, REPLY_MAX, "%d %s", status->code, text);
}

static void settle(struct session *s, struct flight *f)
{
	struct smtp_trace t = trace_of(f);
	char reply[REPLY_MAX];
	print_status(reply, status_of(f, smtp_decided_at(&t)));
	f->settled = true;
	if (smtp_session_over(&t))
		s->over = true;
	queue_done(s->queue, &f->mail, smtp_classify(&t), reply);
}

/* ---- events -------------------------------------------------------------- */

static void on_message_sent(struct session *s, struct flight *f)
{
	struct smtp_trace t = trace_of(f);
	if (t.code[SMTP_TRANSFER] == 0 || (t.code[SMTP_TRANSFER] / 100 == 2 && !t.complete))
		return; /* the connection broke: judged when the session has ended */
	settle(s, f);
	if (f->started) /* else DATA was refused, and the library is on its way to QUIT */
		give_next(s);
}

static void on_envelope_status(struct session *s, struct flight *f, enum smtp_stage stage)
{
	set_option(s->fd, TCP_QUICKACK);
	if (status_of(f, stage)->code / 100 != 2) {
		settle(s, f);
		give_next(s);
	}
}

static void on_event(smtp_session_t handle, int event, void *arg, ...)
{
	(void)handle;
	struct session *s = arg;
	struct flight *f = &s->flights[s->n - 1]; /* a session begins with one */
	va_list ap;
	va_start(ap, arg);
	if (event == SMTP_EV_CONNECT) {
		s->fd = find_socket(s->port);
		set_option(s->fd, TCP_NODELAY);
		set_option(s->fd, TCP_QUICKACK);
	} else if (event == SMTP_EV_DISCONNECT) {
		s->fd = -1;
	} else if (event == SMTP_EV_MAILSTATUS) {
		(void)va_arg(ap, const char *);
		if (va_arg(ap, smtp_message_t) == f->message)
			on_envelope_status(s, f, SMTP_MAIL);
	} else if (event == SMTP_EV_RCPTSTATUS) {
		(void)va_arg(ap, const char *);
		if (va_arg(ap, smtp_recipient_t) == f->recipient)
			on_envelope_status(s, f, SMTP_RCPT);
	} else if (event == SMTP_EV_MESSAGESENT) {
		/* Of a refused recipient's message this comes when the next mail already hangs there. */
		if (va_arg(ap, smtp_message_t) == f->message && !f->settled)
			on_message_sent(s, f);
	}
	va_end(ap);
}

static void on_line(const char *text, int n, int writing, void *arg)
{
	struct session *s = arg;
	if (writing == SMTP_CB_READING && n > 0 && (text[0] == '4' || text[0] == '5'))
		reply_line(s->complaint, (struct str){text, (size_t)n});
}

/* ---- sessions ------------------------------------------------------------ */

static void set_timeouts(smtp_session_t handle, long ms)
{
	static const int which[] = {Timeout_GREETING, Timeout_ENVELOPE, Timeout_DATA, Timeout_TRANSFER,
		Timeout_DATA2};
	for (size_t i = 0; i < COUNT(which); i++) /* milliseconds, whatever the manual says */
		(void)smtp_set_timeout(handle, which[i] | Timeout_OVERRIDE_RFC2822_MINIMUM, ms);
}

static void open_session(struct session *s, const struct route *route, const struct mail_queue *queue,
	int timeout_ms)
{
	*s = (struct session){.queue = queue, .port = route->port, .fd = -1};
	char server[HOST_ROOM];
	(void)snprintf(server, sizeof(server), "%.*s:%lld", STRF(route->target), (long long)route->port);
	s->handle = smtp_create_session();
	if (s->handle == NULL || smtp_set_server(s->handle, server) == 0 ||
		smtp_set_eventcb(s->handle, on_event, s) == 0 ||
		smtp_set_monitorcb(s->handle, on_line, s, 0) == 0)
		die("out of memory");
	set_timeouts(s->handle, timeout_ms);
}

/* Why the relay took no more, for people. */
static enum err session_error(const struct session *s, const struct route *route, bool started,
	struct error *e)
{
	char text[200] = "";
	const char *why = s->complaint;
	if (why[0] == '\0' && !started)
		why = smtp_strerror(smtp_errno(), text, sizeof(text));
	if (why == NULL || why[0] == '\0')
		why = "the connection ended early";
	return relay_error(route, why, e);
}

/* One connection with at most MAIL_SESSION_MAX mails. */
static enum err run_session(struct session *s, const struct route *route, struct error *e)
{
	give_next(s);
	if (s->drained)
		return ERR_OK;
	bool started = smtp_start_session(s->handle) != 0;
	struct flight *last = &s->flights[s->n - 1];
	if (!last->settled)
		settle(s, last);
	return s->over ? session_error(s, route, started, e) : ERR_OK;
}

enum err esmtp_send(const struct route *route, const struct mail_queue *queue, int timeout_ms,
	struct error *e)
{
	/* The library splits "host:port" at the first colon. */
	if (route->target.n == 0 || route->target.n > 255 || str_find_char(route->target, ':') != SIZE_MAX)
		return err_set(e, ERR_CONFIG, "'%.*s' is not a host name or IPv4 address of a relay",
			STRF(route->target));
	struct session *s = malloc(sizeof(*s));
	if (s == NULL)
		die("out of memory");
	enum err rc = ERR_OK;
	do {
		open_session(s, route, queue, timeout_ms);
		rc = run_session(s, route, e);
		(void)smtp_destroy_session(s->handle);
	} while (rc == ERR_OK && !s->drained);
	free(s);
	return rc;
}
