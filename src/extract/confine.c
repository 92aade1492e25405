/* SPDX-License-Identifier: MIT
 *
 * A process gives away everything: files and connections (all descriptors but the
 * pipe that its answer goes into and the page), the environment, memory and time
 * beyond what was asked for, and every system call that could get any of it back.
 */
#include "extract/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef FW_ASAN
#define SANITIZED 1 /* its shadow memory knows no limits, and its reports go to stderr */
#else
#define SANITIZED 0
#endif

/* What extraction needs: memory, its two descriptors, the clock, its own end. All
 * other calls are refused, so a library that asks for a file hears that it may not. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(write),
	SCMP_SYS(lseek),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(close),
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(getrandom),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
};

void confine_failed(void)
{
	_exit(CONFINE_FAILED);
}

static void limit(__rlimit_resource_t what, rlim_t n)
{
	const struct rlimit l = {.rlim_cur = n, .rlim_max = n};
	if (setrlimit(what, &l) != 0)
		confine_failed();
}

/* Bytes of address space in use. */
static size_t size_now(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (f == NULL || fscanf(f, "%lu", &pages) != 1)
		confine_failed();
	(void)fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static void set_limits(size_t memory, unsigned seconds)
{
	if (!SANITIZED)
		limit(RLIMIT_AS, size_now() + memory);
	limit(RLIMIT_CPU, seconds);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_NPROC, 0);
}

static int moved(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 64);
	if (high < 0)
		confine_failed();
	return high;
}

/* The answer's pipe and the page's file get fixed numbers; everything else is closed. */
static void keep_descriptors(int answer, int page)
{
	answer = moved(answer);
	page = page >= 0 ? moved(page) : -1;
	if (dup2(answer, CONFINE_ANSWER) < 0 || (page >= 0 && dup2(page, CONFINE_PAGE) < 0))
		confine_failed();
	if (!SANITIZED)
		(void)close(STDERR_FILENO);
	(void)close(STDIN_FILENO);
	(void)close(STDOUT_FILENO);
	if (close_range(page >= 0 ? CONFINE_PAGE + 1 : CONFINE_PAGE, ~0U, 0) != 0)
		confine_failed();
	limit(RLIMIT_NOFILE, CONFINE_PAGE + 1);
}

static void filter_calls(void)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (f == NULL)
		confine_failed();
	for (size_t i = 0; i < COUNT(allowed); i++)
		if (seccomp_rule_add(f, SCMP_ACT_ALLOW, allowed[i], 0) != 0)
			confine_failed();
	/* Memory, but neither of files nor to be run. tgkill() is how abort() ends. */
	const struct scmp_arg_cmp anonymous = {3, SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS},
				  no_code = {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0},
				  itself = {0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0};
	if (seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, no_code, anonymous) != 0 ||
		seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, no_code) != 0 ||
		seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1, itself) != 0)
		confine_failed();
	if (seccomp_load(f) != 0)
		confine_failed();
	seccomp_release(f);
}

static void restore_signals(void)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGUSR1, SIGUSR2, SIGCHLD};
	for (size_t i = 0; i < COUNT(signals); i++)
		(void)signal(signals[i], SIG_DFL);
	sigset_t none;
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

void confine(int answer, int page, size_t memory, unsigned seconds)
{
	restore_signals();
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)prctl(PR_SET_DUMPABLE, 0);
	set_limits(memory, seconds);
	keep_descriptors(answer, page);
	(void)clearenv();
	filter_calls();
}
