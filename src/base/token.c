/* SPDX-License-Identifier: MIT
 *
 * Tokens over nettle's HMAC.
 */
#include "base/token.h"

#include <nettle/hmac.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/err.h"

#define KEY_BYTES   32
#define TOKEN_BYTES 16

struct str token_key_new(struct arena *a)
{
	unsigned char bytes[KEY_BYTES];
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		die("no random bytes");
	struct buf b = buf_init(TOKEN_KEY_CHARS);
	for (size_t i = 0; i < sizeof(bytes); i++)
		buf_printf(&b, "%02x", (unsigned)bytes[i]);
	return buf_take(&b, a);
}

static void add_part(struct hmac_sha256_ctx *ctx, struct str part)
{
	char length[32];
	int n = snprintf(length, sizeof(length), "%zu:", part.n);
	hmac_sha256_update(ctx, (size_t)n, (const uint8_t *)length);
	hmac_sha256_update(ctx, part.n, (const uint8_t *)part.p);
}

static struct str base32(struct arena *a, const uint8_t *bytes, size_t n)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";
	struct buf b = buf_init(n * 2);
	unsigned bits = 0, have = 0;
	for (size_t i = 0; i < n; i++) {
		bits = (bits << 8 | bytes[i]) & 0xffff;
		for (have += 8; have >= 5; have -= 5)
			buf_addc(&b, letters[bits >> (have - 5) & 31]);
	}
	if (have > 0)
		buf_addc(&b, letters[bits << (5 - have) & 31]);
	return buf_take(&b, a);
}

struct str token_make(struct arena *a, struct str key, const char *purpose, const struct str *parts, size_t n)
{
	struct hmac_sha256_ctx ctx;
	uint8_t digest[TOKEN_BYTES];
	hmac_sha256_set_key(&ctx, key.n, (const uint8_t *)key.p);
	add_part(&ctx, str_of(purpose));
	for (size_t i = 0; i < n; i++)
		add_part(&ctx, parts[i]);
	hmac_sha256_digest(&ctx, sizeof(digest), digest);
	return base32(a, digest, sizeof(digest));
}
