/* SPDX-License-Identifier: MIT
 *
 * A directory of files for one test: put() writes into it, it goes when the test
 * ends.
 */
#ifndef FW_TESTS_CONF_FIXTURE_H
#define FW_TESTS_CONF_FIXTURE_H

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char root[] = "/tmp/fwconf.XXXXXX";

__attribute__((unused)) static void put(const char *name, const char *text)
{
	char path[512], dir[512];
	(void)snprintf(path, sizeof(path), "%s/%s", root, name);
	(void)snprintf(dir, sizeof(dir), "%s", path);
	*strrchr(dir, '/') = '\0';
	assert_int_equal(file_mkdirs(dir, NULL), ERR_OK);
	assert_int_equal(file_write(path, str_of(text), NULL), ERR_OK);
}

static void clear_dir(const char *dir)
{
	DIR *d = opendir(dir);
	if (d == NULL)
		return;
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		char path[1024];
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);
		if (unlink(path) != 0) {
			clear_dir(path);
			(void)rmdir(path);
		}
	}
	(void)closedir(d);
}

__attribute__((unused)) static int make_root(void **state)
{
	(void)state;
	(void)snprintf(root, sizeof(root), "/tmp/fwconf.XXXXXX");
	return mkdtemp(root) == NULL ? -1 : 0;
}

__attribute__((unused)) static int remove_root(void **state)
{
	(void)state;
	clear_dir(root);
	return rmdir(root);
}

#endif
