/* SPDX-License-Identifier: MIT
 *
 * For the tests of src/mail/: servers as child processes, temporary directories,
 * and a queue that keeps book of what the transport did with it. Paths are from
 * the root of the repository.
 */
#ifndef FW_TESTS_MAIL_SERVERS_H
#define FW_TESTS_MAIL_SERVERS_H

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "mail/transport.h"

#define PYTHON       "/usr/bin/python3"
#define QUEUE_MAX    400
#define SHORT_WAIT   1500 /* milliseconds for a reply that never comes */

struct server {
	pid_t pid;
	int64_t port;
};

/* Starts argv (ends with NULL) and reads "listening PORT" from it. */
__attribute__((unused)) static struct server server_start(const char *const *argv)
{
	int out[2];
	assert_int_equal(pipe(out), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		char *args[20];
		memcpy(args, argv, 19 * sizeof(*args));
		(void)prctl(PR_SET_PDEATHSIG, SIGTERM); /* a test that fails leaves no server behind */
		(void)dup2(out[1], STDOUT_FILENO);
		(void)close(out[0]);
		(void)execv(argv[0], args);
		_exit(127);
	}
	(void)close(out[1]);
	FILE *f = fdopen(out[0], "r");
	char line[100] = "";
	assert_non_null(f);
	if (fgets(line, sizeof(line), f) == NULL)
		fail_msg("%s does not start", argv[1]);
	(void)fclose(f);
	struct server s = {.pid = pid};
	struct str rest = str_trim(str_of(line));
	assert_str(str_cut(rest, ' ', &rest), "listening");
	assert_true(str_to_i64(rest, 1, 65535, &s.port));
	return s;
}

/* Ends it and wants a clean exit. */
__attribute__((unused)) static void server_stop(const struct server *s, bool clean)
{
	int status = 0;
	(void)kill(s->pid, SIGTERM);
	assert_int_equal(waitpid(s->pid, &status, 0), s->pid);
	if (clean)
		assert_int_equal(status, 0);
}

__attribute__((unused)) static const char *temp_dir(struct arena *a)
{
	char name[] = "/tmp/fundwatch-mail-XXXXXX";
	assert_non_null(mkdtemp(name));
	return str_c(a, str_of(name));
}

/* Removes the directory: files, and directories one level down. */
__attribute__((unused)) static void remove_dir(struct arena *a, const char *dir)
{
	struct strv names, inner;
	struct error e;
	assert_int_equal(file_list(a, dir, &names, &e), ERR_OK);
	for (size_t i = 0; i < names.n; i++) {
		const char *path = arena_printf(a, "%s/%s", dir, names.v[i].p);
		if (unlink(path) == 0)
			continue;
		assert_int_equal(file_list(a, path, &inner, &e), ERR_OK);
		for (size_t k = 0; k < inner.n; k++)
			(void)unlink(arena_printf(a, "%s/%s", path, inner.v[k].p));
		(void)rmdir(path);
	}
	assert_int_equal(rmdir(dir), 0);
}

struct book { /* a queue */
	struct delivery mails[QUEUE_MAX];
	size_t n, given;
	bool open; /* one was given and not settled */
	enum mail_outcome outcomes[QUEUE_MAX];
	char replies[QUEUE_MAX][REPLY_MAX];
	size_t settled;
};

static bool book_next(void *ctx, struct delivery *out)
{
	struct book *b = ctx;
	assert_false(b->open); /* at most one is in flight */
	if (b->given == b->n)
		return false;
	/* Exact copies on the heap: reading them after done() is a fault that ASan sees. */
	struct delivery *d = &b->mails[b->given];
	char *bytes = malloc(d->bytes.n + 1);
	assert_non_null(bytes);
	memcpy(bytes, d->bytes.p, d->bytes.n);
	*out = *d;
	out->bytes.p = bytes;
	b->given++;
	b->open = true;
	return true;
}

static void book_done(void *ctx, const struct delivery *d, enum mail_outcome outcome, struct str reply)
{
	struct book *b = ctx;
	assert_true(b->open);
	assert_int_equal(d->id, b->mails[b->settled].id); /* in order, once each */
	assert_int_equal(str_find_char(reply, '\n'), SIZE_MAX);
	assert_true(reply.n < REPLY_MAX);
	b->outcomes[b->settled] = outcome;
	memcpy(b->replies[b->settled], reply.p, reply.n);
	b->replies[b->settled][reply.n] = '\0';
	b->settled++;
	b->open = false;
	char *bytes;
	memcpy(&bytes, &d->bytes.p, sizeof(bytes));
	free(bytes);
}

__attribute__((unused)) static struct mail_queue book_queue(struct book *b)
{
	return (struct mail_queue){book_next, book_done, b};
}

/* A small mail of `size` body bytes at the end of the book. */
__attribute__((unused)) static void book_add(struct arena *a, struct book *b, const char *sender,
	const char *recipient, size_t size)
{
	assert_true(b->n + 1 < QUEUE_MAX);
	struct delivery *d = &b->mails[b->n++];
	struct buf m = buf_init(size + 1000);
	d->id = (int64_t)b->n;
	d->sender = str_dup(a, str_of(sender));
	d->recipient = str_dup(a, str_of(recipient));
	d->message_id = str_of(arena_printf(a, "m%zu@mail.example", b->n));
	buf_printf(&m, "Date: Mon, 23 Nov 2026 07:00:00 +0000\r\nFrom: <%s>\r\nTo: <%s>\r\nSubject: %zu\r\n",
		sender[0] == '\0' ? "nobody@example" : sender, recipient, b->n);
	buf_printf(&m, "Message-ID: <%.*s>\r\n\r\n.dot first\r\n..\r\n.\r\nthen text\r\n", STRF(d->message_id));
	while (m.n < size)
		buf_addz(&m, "All work and no play makes a dull digest, line after line.\r\n");
	d->bytes = buf_take(&m, a);
}

#endif
