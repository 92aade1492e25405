/* SPDX-License-Identifier: MIT
 *
 * Mail into files: Maildir, a directory of .eml files, standard output. A file is
 * visible only when it is whole and on disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "mail/transport.h"

#define NAME_MAX_OURS 200 /* bytes of a file name made from a Message-ID */
#define PATH_ROOM     4096 /* bytes of a path */
#define SEPARATOR     "------------------------------------------------------------------------\n"

typedef enum err writer(const char *dir, const struct delivery *d, struct error *e);

/* Message-ID -> file name: letters, digits and "@._+=-" stay, no leading dot. */
static void safe_name(char out[static NAME_MAX_OURS], const struct delivery *d)
{
	size_t n = d->message_id.n < NAME_MAX_OURS - 1 ? d->message_id.n : NAME_MAX_OURS - 1;
	for (size_t i = 0; i < n; i++) {
		char c = d->message_id.p[i];
		bool ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			  (c != '\0' && strchr("@_+=-", c) != NULL) || (c == '.' && i > 0);
		out[i] = ok ? c : '_';
	}
	out[n] = '\0';
	if (n == 0)
		(void)snprintf(out, NAME_MAX_OURS, "delivery-%lld", (long long)d->id);
}

static enum err make_path(char out[static PATH_ROOM], const char *dir, const char *sub, const char *name,
	const char *ending, struct error *e)
{
	int n = snprintf(out, PATH_ROOM, "%s/%s%s%s", dir, sub, name, ending);
	return n < 0 || n >= PATH_ROOM ? err_set(e, ERR_CONFIG, "%s: path too long", dir) : ERR_OK;
}

/* The same Message-ID lands in the same file: sending twice leaves one. */
static enum err write_eml(const char *dir, const struct delivery *d, struct error *e)
{
	char name[NAME_MAX_OURS], path[PATH_ROOM];
	safe_name(name, d);
	enum err rc = make_path(path, dir, "", name, ".eml", e);
	return rc == ERR_OK ? file_write(path, d->bytes, e) : rc;
}

/* "seconds.MmicrosecondsPpidQn.host", the form that Maildir writers agree on. */
static void unique_name(char out[static NAME_MAX_OURS])
{
	static unsigned count; /* names given by this process */
	char host[64] = "localhost";
	struct timeval now;
	(void)gettimeofday(&now, NULL);
	(void)gethostname(host, sizeof(host) - 1);
	for (char *p = host; *p != '\0'; p++)
		if (*p == '/' || *p == ':')
			*p = '_';
	(void)snprintf(out, NAME_MAX_OURS, "%lld.M%06ldP%ldQ%u.%s", (long long)now.tv_sec, (long)now.tv_usec,
		(long)getpid(), ++count, host);
}

static enum err write_maildir(const char *dir, const struct delivery *d, struct error *e)
{
	char name[NAME_MAX_OURS], tmp[PATH_ROOM], final[PATH_ROOM];
	unique_name(name);
	enum err rc = make_path(tmp, dir, "tmp/", name, "", e);
	if (rc == ERR_OK)
		rc = make_path(final, dir, "new/", name, "", e);
	if (rc == ERR_OK)
		rc = file_write(tmp, d->bytes, e);
	if (rc == ERR_OK && rename(tmp, final) != 0) {
		rc = err_set(e, ERR_TEMPORARY, "%s: %s", final, strerror(errno));
		(void)unlink(tmp);
	}
	return rc;
}

static enum err write_stdout(const char *dir, const struct delivery *d, struct error *e)
{
	(void)dir;
	bool ok = fwrite(d->bytes.p, 1, d->bytes.n, stdout) == d->bytes.n;
	ok = fputs(SEPARATOR, stdout) >= 0 && ok;
	ok = fflush(stdout) == 0 && ok;
	return ok ? ERR_OK : err_set(e, ERR_TEMPORARY, "standard output: %s", strerror(errno));
}

static enum err make_dirs(const struct route *route, const char *dir, struct error *e)
{
	static const char *const subs[] = {"tmp", "new", "cur"};
	if (route->transport == TRANSPORT_EML)
		return file_mkdirs(dir, e);
	for (size_t i = 0; route->transport == TRANSPORT_MAILDIR && i < COUNT(subs); i++) {
		char path[PATH_ROOM];
		enum err rc = make_path(path, dir, subs[i], "", "", e);
		if (rc == ERR_OK)
			rc = file_mkdirs(path, e);
		if (rc != ERR_OK)
			return rc;
	}
	return ERR_OK;
}

enum err files_send(const struct route *route, const struct mail_queue *queue, struct error *e)
{
	char dir[PATH_ROOM];
	if (route->target.n >= sizeof(dir))
		return err_set(e, ERR_CONFIG, "the directory's name is too long");
	(void)snprintf(dir, sizeof(dir), "%.*s", STRF(route->target));
	enum err rc = make_dirs(route, dir, e);
	writer *write_one = route->transport == TRANSPORT_EML ? write_eml
			    : route->transport == TRANSPORT_MAILDIR ? write_maildir
								    : write_stdout;
	struct delivery d;
	while (rc == ERR_OK && queue_next(queue, &d)) {
		rc = write_one(dir, &d, e);
		if (rc == ERR_OK)
			queue_done(queue, &d, MAIL_ACCEPTED, "written");
		else
			queue_done(queue, &d, MAIL_NOT_ATTEMPTED, "the file could not be written");
	}
	return rc;
}
