/* SPDX-License-Identifier: MIT
 *
 * Files and SHA-256 (nettle).
 */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define CHUNK	      ((size_t)64 * 1024)
#define PATH_MAX_OURS 4096 /* bytes of a path */

static enum err read_all(
	struct arena *a, FILE *f, const char *path, size_t max, struct str *out, struct error *e)
{
	struct buf b = buf_init(max);
	char chunk[CHUNK];
	size_t n;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && !b.failed)
		buf_add(&b, (struct str){chunk, n});
	enum err rc = ERR_OK;
	if (b.failed)
		rc = err_set(e, ERR_LIMIT, "%s: larger than %zu bytes", path, max);
	else if (ferror(f) != 0)
		rc = err_set(e, ERR_CONFIG, "%s: %s", path, strerror(errno));
	else if (b.n > arena_room(a))
		rc = err_set(e, ERR_LIMIT, "%s: %zu bytes are more than can be held", path, b.n);
	else
		*out = str_dup(a, buf_str(&b));
	buf_free(&b);
	return rc;
}

enum err file_read(struct arena *a, const char *path, size_t max, struct str *out, struct error *e)
{
	if (strcmp(path, "-") == 0)
		return read_all(a, stdin, "standard input", max, out, e);
	FILE *f = fopen(path, "rbe");
	if (f == NULL)
		return err_set(e, ERR_CONFIG, "%s: %s", path, strerror(errno));
	enum err rc = read_all(a, f, path, max, out, e);
	(void)fclose(f);
	return rc;
}

static bool write_fully(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.n);
	}
	return fsync(fd) == 0;
}

enum err file_write(const char *path, struct str bytes, struct error *e)
{
	char tmp[PATH_MAX_OURS];
	const char *slash = strrchr(path, '/');
	int dir = slash == NULL ? 0 : (int)(slash - path + 1);
	const char *name = slash == NULL ? path : slash + 1;
	int n = snprintf(tmp, sizeof(tmp), "%.*s.%s.%ld", dir, path, name, (long)getpid());
	if (n < 0 || (size_t)n >= sizeof(tmp))
		return err_set(e, ERR_LIMIT, "%s: path too long", path);
	int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return err_set(e, ERR_TEMPORARY, "%s: %s", tmp, strerror(errno));
	struct stat old;
	bool ok = stat(path, &old) != 0 || fchmod(fd, old.st_mode & 07777) == 0;
	ok = ok && write_fully(fd, bytes);
	int saved = errno;
	ok = close(fd) == 0 && ok;
	if (ok && rename(tmp, path) == 0)
		return ERR_OK;
	if (ok)
		saved = errno;
	(void)unlink(tmp);
	return err_set(e, ERR_TEMPORARY, "%s: %s", path, strerror(saved));
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum err file_list(struct arena *a, const char *dir, struct strv *out, struct error *e)
{
	struct strv names = {0};
	DIR *d = opendir(dir);
	if (d == NULL && errno != ENOENT)
		return err_set(e, ERR_CONFIG, "%s: %s", dir, strerror(errno));
	for (struct dirent *ent; d != NULL && (ent = readdir(d)) != NULL;)
		if (strcmp(ent->d_name, ".") != 0 && strcmp(ent->d_name, "..") != 0)
			*vec_push(a, &names) = str_dup(a, str_of(ent->d_name));
	if (d != NULL)
		(void)closedir(d);
	if (names.n > 0)
		qsort(names.v, names.n, sizeof(*names.v), by_bytes);
	*out = names;
	return ERR_OK;
}

enum err file_mkdirs(const char *dir, struct error *e)
{
	char path[PATH_MAX_OURS];
	size_t n = strlen(dir);
	if (n == 0 || n >= sizeof(path))
		return err_set(e, ERR_LIMIT, "'%s': bad directory name", dir);
	memcpy(path, dir, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (path[i] != '/' && path[i] != '\0')
			continue;
		char saved = path[i];
		path[i] = '\0';
		if (mkdir(path, 0755) != 0 && errno != EEXIST)
			return err_set(e, ERR_CONFIG, "%s: %s", path, strerror(errno));
		path[i] = saved;
	}
	return ERR_OK;
}

bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

struct str sha256_hex(struct arena *a, const struct str *parts, size_t n)
{
	struct sha256_ctx ctx;
	uint8_t digest[SHA256_DIGEST_SIZE];
	sha256_init(&ctx);
	for (size_t i = 0; i < n; i++)
		sha256_update(&ctx, parts[i].n, (const uint8_t *)parts[i].p);
	sha256_digest(&ctx, sizeof(digest), digest);
	struct buf b = buf_init(2 * sizeof(digest));
	for (size_t i = 0; i < sizeof(digest); i++)
		buf_printf(&b, "%02x", (unsigned)digest[i]);
	return buf_take(&b, a);
}
