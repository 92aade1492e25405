/* SPDX-License-Identifier: MIT
 *
 * Extraction in its own process: what comes back is what came out there, what the
 * process may not do, and how its death is told.
 */
#include "recipe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "extract/confine.h"
#include "extract/wire.h"

#define HTML "format: html\nitems: //li\ntitle: ./a\nlink: ./a/@href\ncategory: ./b\ndeadline: ./i\n"

static enum err confined(
	struct arena *a, const char *lines, struct str bytes, struct page *p, struct error *e)
{
	struct diags d = {.a = a};
	const struct recipe *r = recipe_of(a, lines, &d);
	assert_non_null(r);
	struct extractor *x = extract_new(r);
	const struct extract_input in = {
		.bytes = bytes, .url = STR("http://s.example/list/"), .fd = -1, .size = bytes.n};
	enum err err = extract_confined(x, a, &in, p, e);
	extract_free(x);
	return err;
}

static void test_items_come_back(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	enum err err = confined(a, HTML "next: //a[@rel]/@href\n",
		STR("<html lang=et><title>T</title><li><a href=x>One &amp; a half</a><b>p</b><b>q</b><i>1 Dec "
		    "2026</i><i>2 Dec 2026</i></li><li></li><li><a href=y>Two</a></li><a rel=next href='?p=2'>"),
		&p, &e);
	assert_int_equal(err, ERR_OK);
	assert_int_equal(p.items.n, 2);
	assert_int_equal(p.bad, 1);
	assert_str(p.bad_why, "an empty item");
	assert_str(p.title, "T");
	assert_str(p.language, "et");
	assert_string_equal(p.format, "html");
	assert_str(p.next, "http://s.example/list/?p=2");
	assert_str(p.items.v[0].title, "One &amp; a half");
	assert_str(p.items.v[0].link, "http://s.example/list/x");
	assert_int_equal(p.items.v[0].categories.n, 2);
	assert_str(p.items.v[0].categories.v[1], "q");
	assert_int_equal(p.items.v[0].deadlines.n, 2);
	assert_str(p.items.v[0].deadlines.v[1].date, "2 Dec 2026");
	assert_str(p.items.v[1].title, "Two");
	arena_free(a);
}

static void test_errors_come_back(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	assert_int_equal(confined(a, "format: json\nitems: .[]\n", STR("<html>"), &p, &e), ERR_INPUT);
	assert_non_null(strstr(e.text, "not JSON but a page"));
	assert_int_equal(confined(a, "format: json\nitems: .[\n", STR("[]"), &p, &e), ERR_CONFIG);
	arena_free(a);
}

/* iconv reads its tables from files; here there are none. */
static void test_encodings(void **state)
{
	(void)state;
	static const struct {
		const char *charset, *bytes, *title;
	} rows[] = {
		{"windows-1252", "\x80 1 \x96 \xfc\xf5", "€ 1 – üõ"},
		{"shift_jis", "\x93\xfa\x96\x7b", "日本"},
		{"koi8-r", "\xeb\xcf\xce\xcb\xd5\xd2\xd3", "Конкурс"},
		{"iso-2022-jp", "\x1b$BF|K\\\x1b(B", "日本"},
		{"gb18030", "\xc9\xea\xc7\xeb", "申请"},
	};
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena *a = arena_new(ARENA_TEST);
		struct page p;
		struct error e = {0};
		const char *page = arena_printf(a,
			"<html><meta charset=%s><li><a href=x>%s</a></li>", rows[i].charset, rows[i].bytes);
		assert_int_equal(confined(a, HTML, str_of(page), &p, &e), ERR_OK);
		assert_int_equal(p.items.n, 1);
		assert_str(p.items.v[0].title, rows[i].title);
		arena_free(a);
	}
}

/* ---- what the process may not do ---------------------------------------------------- */

static char attempt(int i)
{
	switch (i) {
	case 0:
		return open("/etc/passwd", O_RDONLY) < 0;
	case 1:
		return open("/tmp/fw-escape", O_WRONLY | O_CREAT, 0600) < 0;
	case 2:
		return socket(AF_INET, SOCK_STREAM, 0) < 0;
	case 3:
		return fork() < 0;
	case 4:
		return kill(getppid(), 0) < 0;
	case 5:
		return execl("/bin/true", "true", (char *)NULL) < 0;
	case 6:
		return environ == NULL || environ[0] == NULL;
	case 7:
		return fcntl(0, F_GETFD) < 0 && fcntl(50, F_GETFD) < 0;
	case 8:
		return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
	case 9:
		return unlink("/tmp/fw-keep") < 0 && errno == EPERM;
	default:
		return dup2(CONFINE_ANSWER, 1) < 0;
	}
}

static void test_walls(void **state)
{
	(void)state;
	enum { ATTEMPTS = 11 };
	int ends[2], status;
	char got[ATTEMPTS + 1] = "";
	assert_int_equal(pipe(ends), 0);
	assert_true(dup2(ends[0], 50) == 50);
	pid_t pid = fork();
	if (pid == 0) {
		confine(ends[1], -1, (size_t)64 << 20, 10);
		for (int i = 0; i < ATTEMPTS; i++)
			got[i] = attempt(i) ? 'y' : 'n';
		_exit(write(CONFINE_ANSWER, got, ATTEMPTS) == ATTEMPTS ? 0 : 1);
	}
	close(ends[1]);
	close(50);
	assert_int_equal(read(ends[0], got, ATTEMPTS), ATTEMPTS);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_string_equal(got, "yyyyyyyyyyy");
	close(ends[0]);
}

static void test_time_is_limited(void **state)
{
	(void)state;
	int ends[2], status;
	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		confine(ends[1], -1, (size_t)64 << 20, 1);
		for (volatile unsigned i = 0;; i++)
			;
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL));
	close(ends[0]);
	close(ends[1]);
}

/* A recipe's own program that asks for all memory there is. */
static void test_memory_is_limited(void **state)
{
	(void)state;
#ifndef FW_ASAN
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	static const char lines[] =
		"format: json\nitems: reduce range(40) as $i (\"xxxx\"; . + .) | {title: .}\n";
	enum err err = confined(a, lines, STR("{}"), &p, &e);
	if (err != ERR_LIMIT || strstr(e.text, "more memory than it may have") == NULL)
		fail_msg("%s '%s'", err_name(err), e.text);
	arena_free(a);
#endif
}

/* ---- what comes through the pipe is not believed -------------------------------------- */

static struct str whole_answer(struct arena *a)
{
	struct buf b = buf_init(100000);
	struct page p = {.format = "rss", .title = STR("T")};
	struct item it = {.id = STR("1"), .title = STR("t")};
	*vec_push(a, &it.categories) = STR("c");
	*vec_push(a, &it.deadlines) = (struct item_deadline){.date = STR("2026-12-01")};
	p.cut = true;
	wire_put_start(&b, ERR_OK, NULL);
	wire_put_page(&b, &p);
	wire_put_item(&b, &it);
	wire_put_item(&b, &it);
	wire_put_end(&b);
	return buf_take(&b, a);
}

static void test_broken_answers(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct page p;
	struct error e;
	struct str whole = whole_answer(a);
	assert_int_equal(wire_get(a, whole, &p, &e), ERR_OK);
	assert_true(p.cut);
	assert_int_equal(p.items.n, 2);
	assert_str(p.items.v[1].deadlines.v[0].date, "2026-12-01");
	assert_string_equal(p.format, "rss");
	for (size_t n = 0; n < whole.n; n++) {
		assert_int_equal(wire_get(a, str_sub(whole, 0, n), &p, &e), ERR_INTERNAL);
		assert_int_equal(p.items.n, 0);
	}
	for (size_t i = 0; i < whole.n; i++) { /* no byte can make it read past the end */
		char *bytes = malloc(whole.n);
		assert_non_null(bytes);
		memcpy(bytes, whole.p, whole.n);
		bytes[i] = (char)0xff;
		(void)!wire_get(a, (struct str){bytes, whole.n}, &p, &e);
		free(bytes);
	}
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_items_come_back), cmocka_unit_test(test_errors_come_back),
	cmocka_unit_test(test_encodings), cmocka_unit_test(test_walls), cmocka_unit_test(test_time_is_limited),
	cmocka_unit_test(test_memory_is_limited), cmocka_unit_test(test_broken_answers))
