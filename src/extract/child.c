/* SPDX-License-Identifier: MIT
 *
 * Extraction in a process of its own: a copy of this one that confine() leaves
 * nothing but memory and time for one page. What a hostile page makes libxml2 or
 * libjq do there ends there. In: the page, by the copied memory or an open file;
 * out: items through a pipe, checked by wire.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "extract/confine.h"
#include "extract/parts.h"
#include "extract/wire.h"

#define CHILD_CPU_SECONDS  20			/* of processor time for one page, */
#define CHILD_BYTES_SECOND ((size_t)2 << 20)	/* and one more for each so many bytes */
#define CHILD_WAIT_FACTOR  3			/* so many times that on the clock */
#define CHILD_MEMORY	   ((size_t)384 << 20)	/* bytes beyond what it begins with */
#define ANSWER_ROOM	   ((size_t)64 << 20)	/* bytes of an answer beyond the page's own */
#define FLUSH_BYTES	   ((size_t)256 * 1024) /* of the answer, written at a time */
/* ---- in the child ------------------------------------------------------------------ */

static unsigned cpu_seconds(size_t bytes)
{
	return CHILD_CPU_SECONDS + (unsigned)(bytes / CHILD_BYTES_SECOND);
}

/* Writes what is in the buffer and empties it. */
static void flush(struct buf *b)
{
	struct str s = buf_str(b);
	if (b->failed)
		confine_failed();
	while (s.n > 0) {
		ssize_t n = write(CONFINE_ANSWER, s.p, s.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			confine_failed();
		s = str_sub(s, (size_t)n, s.n);
	}
	buf_clear(b);
}

static void answer(enum err kind, const struct error *e, const struct page *p)
{
	struct buf b = buf_init(FLUSH_BYTES + 16 * ITEM_TEXT_MAX);
	wire_put_start(&b, kind, e);
	if (kind == ERR_OK)
		wire_put_page(&b, p);
	for (size_t i = 0; kind == ERR_OK && i < p->items.n; i++) {
		wire_put_item(&b, &p->items.v[i]);
		if (b.n >= FLUSH_BYTES)
			flush(&b);
	}
	if (kind == ERR_OK)
		wire_put_end(&b);
	flush(&b);
}

_Noreturn static void child(struct extractor *x, struct arena *a, const struct extract_input *in, int to)
{
	struct page p = {0};
	struct error e;
	confine(to, in->fd, CHILD_MEMORY, cpu_seconds(in->size));
	enum err kind = in->fd >= 0 ? extract_file(x, a, CONFINE_PAGE, in->url, &p, &e)
				    : extract_page(x, a, in->bytes, in->charset, in->url, &p, &e);
	answer(kind, &e, &p);
	_exit(0);
}

/* ---- in the parent ----------------------------------------------------------------- */

/* Reads until the pipe's other end is closed. False when that takes too long or the
 * answer is too large. */
static bool read_answer(int fd, int64_t until, struct buf *out)
{
	char chunk[64 * 1024];
	for (;;) {
		int64_t left = until - clock_mono_ms();
		struct pollfd p = {.fd = fd, .events = POLLIN};
		int ready = left <= 0 ? 0 : poll(&p, 1, left > 1000 ? 1000 : (int)left);
		if (left <= 0 || out->failed)
			return false;
		if (ready <= 0)
			continue;
		ssize_t n = read(fd, chunk, sizeof(chunk));
		if (n == 0)
			return true;
		if (n > 0)
			buf_add(out, (struct str){chunk, (size_t)n});
		else if (errno != EINTR)
			return false;
	}
}

static int wait_for(pid_t pid)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* Why there is no answer to read, in words. */
static enum err ended(int status, bool whole, struct error *e)
{
	int number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	/* What die() and libraries do without memory; libjq exits. */
	bool no_memory = number == SIGABRT || (WIFEXITED(status) && WEXITSTATUS(status) == 1);
	if (!whole)
		return err_set(e, ERR_LIMIT, "reading the page took too long or gave too much");
	if (number == SIGXCPU || number == SIGKILL)
		return err_set(e, ERR_LIMIT, "reading the page took too long");
	if (no_memory)
		return err_set(e, ERR_LIMIT, "reading the page needs more memory than it may have");
	if (number != 0)
		return err_set(e, ERR_INPUT, "reading the page crashed, perhaps for lack of memory (signal %d, %s)", number,
			strsignal(number));
	if (WEXITSTATUS(status) == CONFINE_FAILED)
		return err_set(e, ERR_INTERNAL, "the process that reads pages could not be confined");
	return err_set(e, ERR_INTERNAL, "the process that reads pages ended with %d", WEXITSTATUS(status));
}

static enum err collect(struct arena *a, pid_t pid, int fd, const struct extract_input *in, struct page *out,
	struct error *e)
{
	int64_t wait = (int64_t)cpu_seconds(in->size) * CHILD_WAIT_FACTOR * 1000;
	struct buf b CLEANUP(buf_free) = buf_init(in->size + ANSWER_ROOM);
	bool whole = read_answer(fd, clock_mono_ms() + wait, &b);
	if (!whole)
		(void)kill(pid, SIGKILL);
	int status = wait_for(pid);
	if (!whole || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return ended(status, whole, e);
	if (arena_room(a) <= b.n)
		return err_set(e, ERR_LIMIT, "the items of the page are more than can be held");
	return wire_get(a, buf_take(&b, a), out, e);
}

enum err extract_confined(struct extractor *x, struct arena *a, const struct extract_input *in,
	struct page *out, struct error *e)
{
	int ends[2];
	*out = (struct page){.format = ""};
	enum err err = extract_prepare(x, e);
	if (err != ERR_OK)
		return err;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set(e, ERR_TEMPORARY, "no pipe: %s", strerror(errno));
	pid_t pid = fork();
	if (pid == 0)
		child(x, a, in, ends[1]);
	(void)close(ends[1]);
	if (pid > 0)
		err = collect(a, pid, ends[0], in, out, e);
	else
		err = err_set(e, ERR_TEMPORARY, "no process to read the page in: %s", strerror(errno));
	(void)close(ends[0]);
	return err;
}
