/* SPDX-License-Identifier: MIT
 *
 * Whole files in and out, and SHA-256. Writing is atomic: a hidden temporary
 * file, fsync, rename.
 */
#ifndef FW_BASE_FILE_H
#define FW_BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

/* Reads `path` ("-" = stdin) of at most `max` bytes into the arena. ERR_LIMIT when
 * it is larger, ERR_CONFIG when it can't be read. A NUL stands behind the bytes. */
enum err file_read(struct arena *a, const char *path, size_t max, struct str *out, struct error *e) NODISCARD;

/* Replaces `path` whole; one that exists keeps its permissions. ERR_TEMPORARY when the disk refuses. */
enum err file_write(const char *path, struct str bytes, struct error *e) NODISCARD;

/* Names in a directory in byte order, without "." and ".."; a directory that does
 * not exist is empty. ERR_CONFIG when it can't be read. */
enum err file_list(struct arena *a, const char *dir, struct strv *out, struct error *e) NODISCARD;

/* Makes the directory and its parents, mode 0755; existing is fine. */
enum err file_mkdirs(const char *dir, struct error *e) NODISCARD;

bool file_exists(const char *path);

/* Lower-case hex SHA-256 (FIPS 180-4) of the parts one after the other, 64
 * characters, in the arena. */
struct str sha256_hex(struct arena *a, const struct str *parts, size_t n);

#endif
