/* SPDX-License-Identifier: MIT
 *
 * Content decoding with zlib.
 *
 * gzip bodies may have several members and, as some servers send them, padding
 * of NULs behind the last one. "deflate" is a zlib stream by the standard and a
 * bare one by custom; the first two bytes tell which.
 */
#include "fetch/body.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define ZLIB_CONST
#include <zlib.h>

#define CHUNK	  ((size_t)64 * 1024) /* bytes inflated at a time */
#define BITS_ZLIB 15		      /* window bits of inflateInit2(): zlib wrapper, */
#define BITS_GZIP (15 + 16)	      /* gzip wrapper, */
#define BITS_BARE (-15)		      /* none */
#define WIRE_MAX  ((size_t)1 << 30)   /* what a zlib counter holds with ease */

enum err body_too_large(size_t max, struct error *e)
{
	if (max >= (1 << 20))
		return err_set(e, ERR_LIMIT, "larger than %zu MB", max >> 20);
	if (max >= (1 << 10))
		return err_set(e, ERR_LIMIT, "larger than %zu KB", max >> 10);
	return err_set(e, ERR_LIMIT, "larger than %zu bytes", max);
}

int body_file(void)
{
	static const char *const places[] = {"/var/tmp", "/tmp"};
	const char *own = secure_getenv("TMPDIR");
	int fd = own == NULL ? -1 : open(own, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	for (size_t i = 0; fd < 0 && i < COUNT(places); i++)
		fd = open(places[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd < 0 ? memfd_create("page", MFD_CLOEXEC) : fd;
}

bool body_add(struct body_out *out, struct str s)
{
	if (out->fd < 0) {
		buf_add(out->buf, s);
		return !out->buf->failed;
	}
	if (s.n > out->max - out->n)
		return false;
	while (s.n > 0) {
		ssize_t n = write(out->fd, s.p, s.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		out->n += (size_t)n;
		s = str_sub(s, (size_t)n, s.n);
	}
	return true;
}

/* One chunk further; the verdict of zlib. *full when its output does not fit. */
static int inflate_chunk(z_stream *z, struct body_out *out, bool *full)
{
	static unsigned char chunk[CHUNK];
	z->next_out = chunk;
	z->avail_out = sizeof(chunk);
	int rc = inflate(z, Z_NO_FLUSH);
	*full = !body_add(out, (struct str){(const char *)chunk, sizeof(chunk) - z->avail_out});
	return rc;
}

/* One compressed stream from its beginning to Z_STREAM_END. */
static enum err inflate_stream(z_stream *z, struct body_out *out, struct error *e)
{
	int rc = Z_OK;
	bool full = false;
	while (rc == Z_OK && !full)
		rc = inflate_chunk(z, out, &full);
	if (full)
		return body_too_large(out->max, e);
	if (rc == Z_STREAM_END)
		return ERR_OK;
	if (rc == Z_MEM_ERROR)
		die("out of memory");
	if (rc == Z_BUF_ERROR) /* wants more than there is */
		return err_set(e, ERR_TEMPORARY, "the compressed answer breaks off");
	return err_set(e, ERR_INPUT, "the compressed answer is broken: %s",
		z->msg == NULL ? "no such stream" : z->msg);
}

static bool only_nuls(const z_stream *z)
{
	for (uInt i = 0; i < z->avail_in; i++)
		if (z->next_in[i] != 0)
			return false;
	return true;
}

static enum err inflate_all(struct str wire, int bits, struct body_out *out, struct error *e)
{
	if (wire.n > WIRE_MAX)
		return body_too_large(WIRE_MAX, e);
	z_stream z = {.next_in = (const Bytef *)wire.p, .avail_in = (uInt)wire.n};
	if (inflateInit2(&z, bits) != Z_OK)
		die("out of memory");
	enum err kind = inflate_stream(&z, out, e);
	while (kind == ERR_OK && bits == BITS_GZIP && !only_nuls(&z)) {
		if (inflateReset(&z) != Z_OK)
			die("zlib refuses a reset");
		kind = inflate_stream(&z, out, e);
	}
	(void)inflateEnd(&z);
	return kind;
}

static int deflate_bits(struct str wire)
{
	if (wire.n < 2)
		return BITS_ZLIB;
	unsigned a = (unsigned char)wire.p[0], b = (unsigned char)wire.p[1];
	return (a & 15) == Z_DEFLATED && (a * 256 + b) % 31 == 0 ? BITS_ZLIB : BITS_BARE;
}

/* How zlib is to read this encoding, or 0 for none. */
static enum err window_bits(struct str wire, struct str encoding, int *bits, struct error *e)
{
	bool deflate = str_ieq(encoding, STR("deflate"));
	*bits = deflate ? deflate_bits(wire) : 0;
	if (str_ieq(encoding, STR("gzip")) || str_ieq(encoding, STR("x-gzip")))
		*bits = BITS_GZIP;
	if (*bits == 0 && encoding.n > 0 && !str_ieq(encoding, STR("identity")))
		return err_set(e, ERR_INPUT, "unknown content encoding '%.*s'", STRF(encoding));
	return ERR_OK;
}

enum err body_decode(struct str wire, struct str encoding, struct buf *out, struct error *e)
{
	int bits;
	struct body_out to = {.buf = out, .fd = -1, .max = out->cap};
	enum err kind = window_bits(wire, encoding, &bits, e);
	if (kind != ERR_OK || wire.n == 0)
		return kind;
	if (bits != 0)
		return inflate_all(wire, bits, &to, e);
	return body_add(&to, wire) ? ERR_OK : body_too_large(out->cap, e);
}

/* The pages of `wire` are the kernel's to keep or drop. */
static enum err inflate_file(int wire, size_t n, struct str encoding, struct body_out *out, struct error *e)
{
	int bits;
	void *map = mmap(NULL, n, PROT_READ, MAP_PRIVATE, wire, 0);
	if (map == MAP_FAILED)
		return err_set(e, ERR_TEMPORARY, "the answer's file can't be read: %s", strerror(errno));
	struct str bytes = {map, n};
	enum err kind = window_bits(bytes, encoding, &bits, e);
	if (kind == ERR_OK)
		out->fd = bits == 0 ? wire : body_file();
	if (kind == ERR_OK && bits != 0)
		kind = out->fd < 0 ? err_set(e, ERR_TEMPORARY, "no file for the answer: %s", strerror(errno))
				   : inflate_all(bytes, bits, out, e);
	else if (kind == ERR_OK)
		out->n = n;
	(void)munmap(map, n);
	return kind;
}

enum err body_decode_file(int wire, size_t n, struct str encoding, struct body_out *out, struct error *e)
{
	out->fd = wire;
	enum err kind = n == 0 ? ERR_OK : inflate_file(wire, n, encoding, out, e);
	if (kind == ERR_OK && lseek(out->fd, 0, SEEK_SET) != 0)
		return err_set(e, ERR_TEMPORARY, "the answer's file can't be read: %s", strerror(errno));
	return kind;
}
