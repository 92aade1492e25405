/* SPDX-License-Identifier: MIT
 *
 * Tokens: what a mail may carry so that its answer can be believed. HMAC-SHA256
 * (RFC 2104), cut to 128 bits, in letters and digits that survive mail and phones
 * (base32 of RFC 4648, small letters).
 */
#ifndef FW_BASE_TOKEN_H
#define FW_BASE_TOKEN_H

#include "base/arena.h"
#include "base/str.h"

#define TOKEN_CHARS     26 /* of a token */
#define TOKEN_KEY_CHARS 64 /* of a key: 32 random bytes in hex */

/* A new random key in hex; ends the process when the system has no randomness. */
struct str token_key_new(struct arena *a);

/* The token of a purpose ("answer") and its parts: each is covered by its length, so
 * that parts can't be shifted. */
struct str token_make(struct arena *a, struct str key, const char *purpose, const struct str *parts, size_t n);

#endif
