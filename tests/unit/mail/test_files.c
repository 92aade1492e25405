/* SPDX-License-Identifier: MIT
 *
 * Mail into files: a Maildir, .eml files named by Message-ID, standard output; and
 * a disk that refuses.
 */
#include "harness.h"

#include "servers.h"

static struct book *three_mails(struct arena *a)
{
	struct book *b = calloc(1, sizeof(*b));
	assert_non_null(b);
	for (int i = 0; i < 3; i++)
		book_add(a, b, "d@mail.example", "m@member.example", 500);
	return b;
}

static enum err send_to(struct book *b, enum transport transport, const char *target, struct error *e)
{
	struct route route = {.transport = transport, .target = str_of(target)};
	struct mail_queue queue = book_queue(b);
	return mail_send_all(&route, &queue, e);
}

static struct strv names_in(struct arena *a, const char *dir)
{
	struct strv names;
	struct error e;
	assert_int_equal(file_list(a, dir, &names, &e), ERR_OK);
	return names;
}

static void same_bytes(struct arena *a, const char *dir, struct str name, const struct delivery *d)
{
	struct str bytes;
	struct error e;
	assert_int_equal(file_read(a, arena_printf(a, "%s/%s", dir, name.p), 100000, &bytes, &e), ERR_OK);
	assert_true(str_eq(bytes, d->bytes));
}

static void test_maildir(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct error e = {0};
	const char *dir = temp_dir(a), *new = arena_printf(a, "%s/new", dir);
	for (size_t round = 1; round <= 2; round++) { /* a Maildir keeps both */
		struct book *b = three_mails(a);
		assert_int_equal(send_to(b, TRANSPORT_MAILDIR, dir, &e), ERR_OK);
		assert_int_equal(b->settled, 3);
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(b->outcomes[i], MAIL_ACCEPTED);
		assert_int_equal(names_in(a, new).n, 3 * round);
		same_bytes(a, new, names_in(a, new).v[0], &b->mails[0]);
		free(b);
	}
	assert_int_equal(names_in(a, dir).n, 3);
	assert_int_equal(names_in(a, arena_printf(a, "%s/tmp", dir)).n, 0);
	remove_dir(a, dir);
	arena_free(a);
}

static void test_eml(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	struct error e = {0};
	const char *top = temp_dir(a), *dir = arena_printf(a, "%s/out", top);
	for (int round = 0; round < 2; round++) { /* the same Message-ID is the same file */
		struct book *b = three_mails(a);
		b->mails[1].message_id = STR("../../e/t c<>\"*\\x");
		b->mails[2].message_id = STR("");
		assert_int_equal(send_to(b, TRANSPORT_EML, dir, &e), ERR_OK);
		struct strv names = names_in(a, dir);
		assert_int_equal(names.n, 3);
		assert_str(names.v[0], "_._.._e_t_c_____x.eml");
		assert_str(names.v[1], "delivery-3.eml");
		assert_str(names.v[2], "m1@mail.example.eml");
		same_bytes(a, dir, names.v[0], &b->mails[1]);
		same_bytes(a, dir, names.v[2], &b->mails[0]);
		free(b);
	}
	remove_dir(a, top);
	arena_free(a);
}

static void test_disk_refuses(void **state)
{
	(void)state;
	static const enum transport rows[] = {TRANSPORT_MAILDIR, TRANSPORT_EML};
	struct arena *a = arena_new(ARENA_TEST);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct book *b = three_mails(a);
		struct error e = {0};
		assert_int_equal(send_to(b, rows[i], "/dev/null/x", &e), ERR_CONFIG);
		assert_int_equal(b->given, 0);
		free(b);
	}
	/* The directory goes away after it was made: a file of the mail's name is one. */
	const char *dir = temp_dir(a);
	struct error e = {0};
	assert_int_equal(file_mkdirs(arena_printf(a, "%s/m1@mail.example.eml", dir), &e), ERR_OK);
	struct book *b = three_mails(a);
	assert_int_equal(send_to(b, TRANSPORT_EML, dir, &e), ERR_TEMPORARY);
	assert_int_equal(b->given, 1);
	assert_int_equal(b->outcomes[0], MAIL_NOT_ATTEMPTED);
	assert_int_equal(names_in(a, dir).n, 1); /* no hidden file is left */
	free(b);
	remove_dir(a, dir);
	arena_free(a);
}

static void test_stdout(void **state)
{
	(void)state;
	struct arena *a = arena_new(ARENA_TEST);
	const char *dir = temp_dir(a), *path = arena_printf(a, "%s/out", dir);
	struct book *b = three_mails(a);
	struct error e = {0};
	(void)fflush(stdout);
	int saved = dup(STDOUT_FILENO);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	(void)dup2(fileno(f), STDOUT_FILENO);
	enum err rc = send_to(b, TRANSPORT_STDOUT, "", &e);
	(void)fflush(stdout);
	(void)dup2(saved, STDOUT_FILENO);
	(void)close(saved);
	(void)fclose(f);
	assert_int_equal(rc, ERR_OK);
	struct str got;
	assert_int_equal(file_read(a, path, 100000, &got, &e), ERR_OK);
	for (size_t i = 0; i < 3; i++) {
		assert_true(str_starts(got, b->mails[i].bytes));
		got = str_sub(got, b->mails[i].bytes.n, got.n);
		struct str line = str_cut(got, '\n', &got);
		assert_true(line.n > 40 && line.p[0] == '-' && line.p[line.n - 1] == '-');
	}
	assert_int_equal(got.n, 0);
	free(b);
	remove_dir(a, dir);
	arena_free(a);
}

HARNESS_MAIN(cmocka_unit_test(test_maildir), cmocka_unit_test(test_eml), cmocka_unit_test(test_disk_refuses),
	cmocka_unit_test(test_stdout))
