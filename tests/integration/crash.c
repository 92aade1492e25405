/* SPDX-License-Identifier: MIT
 *
 * Preloaded into the program by test_crash.py: counts the calls by which it changes
 * the world (database writes and syncs, bytes to a socket, renames) and kills the
 * process, as kill -9 does, right before call number CRASH_AT. With CRASH_CALL only
 * calls of that name count ("write" is what speaks SMTP). With CRASH_COUNT set to a
 * file it writes there how many there were.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static long calls;

static void step(const char *name)
{
	const char *at = getenv("CRASH_AT"), *only = getenv("CRASH_CALL");
	if (only != NULL && strcmp(only, name) != 0)
		return;
	calls++;
	if (at != NULL && calls == strtol(at, NULL, 10))
		(void)kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void tell(void)
{
	const char *path = getenv("CRASH_COUNT");
	FILE *f = path == NULL ? NULL : fopen(path, "w");
	if (f != NULL) {
		fprintf(f, "%ld\n", calls);
		fclose(f);
	}
}

static int is_socket(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	step("pwrite64");
	return NEXT(pwrite64)(fd, p, n, at);
}

int fdatasync(int fd)
{
	step("fdatasync");
	return NEXT(fdatasync)(fd);
}

ssize_t write(int fd, const void *p, size_t n)
{
	if (is_socket(fd))
		step("write");
	return NEXT(write)(fd, p, n);
}

ssize_t send(int fd, const void *p, size_t n, int flags)
{
	step("send");
	return NEXT(send)(fd, p, n, flags);
}

int rename(const char *from, const char *to)
{
	step("rename");
	return NEXT(rename)(from, to);
}
