/* SPDX-License-Identifier: MIT
 *
 * Content decoding with zlib.
 *
 * gzip bodies may have several members and, as some servers send them, padding
 * of NULs behind the last one. "deflate" is a zlib stream by the standard and a
 * bare one by custom; the first two bytes tell which.
 */
#include "fetch/body.h"

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

/* One chunk further; the verdict of zlib. */
static int inflate_chunk(z_stream *z, struct buf *out)
{
	static unsigned char chunk[CHUNK];
	z->next_out = chunk;
	z->avail_out = sizeof(chunk);
	int rc = inflate(z, Z_NO_FLUSH);
	buf_add(out, (struct str){(const char *)chunk, sizeof(chunk) - z->avail_out});
	return rc;
}

/* One compressed stream from its beginning to Z_STREAM_END. */
static enum err inflate_stream(z_stream *z, struct buf *out, struct error *e)
{
	int rc = Z_OK;
	while (rc == Z_OK && !out->failed)
		rc = inflate_chunk(z, out);
	if (out->failed)
		return body_too_large(out->cap, e);
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

static enum err inflate_all(struct str wire, int bits, struct buf *out, struct error *e)
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

enum err body_decode(struct str wire, struct str encoding, struct buf *out, struct error *e)
{
	bool gzip = str_ieq(encoding, STR("gzip")) || str_ieq(encoding, STR("x-gzip"));
	bool deflate = str_ieq(encoding, STR("deflate"));
	if (!gzip && !deflate && encoding.n > 0 && !str_ieq(encoding, STR("identity")))
		return err_set(e, ERR_INPUT, "unknown content encoding '%.*s'", STRF(encoding));
	if (wire.n == 0)
		return ERR_OK;
	if (gzip)
		return inflate_all(wire, BITS_GZIP, out, e);
	if (deflate)
		return inflate_all(wire, deflate_bits(wire), out, e);
	buf_add(out, wire);
	return out->failed ? body_too_large(out->cap, e) : ERR_OK;
}
