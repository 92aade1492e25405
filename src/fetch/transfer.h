/* SPDX-License-Identifier: MIT
 *
 * One request and its answer: a curl handle with all guards set, what its
 * callbacks gathered, and the verdict at the end. When it starts is the business
 * of fetch.c.
 */
#ifndef FW_FETCH_TRANSFER_H
#define FW_FETCH_TRANSFER_H

#include <curl/curl.h>

#include "base/buf.h"
#include "fetch/fetch.h"
#include "fetch/guard.h"

/* What all transfers of a fetcher share. */
struct transfer_rules {
	struct guard guard;
	const char *user_agent;
	int64_t total_ms, slow_seconds;
};

struct transfer {
	struct transfer *next; /* in the queue of its host */
	const struct transfer_rules *rules;
	struct arena *arena;
	struct fetch_request request; /* strings in the arena, each with a NUL behind it */
	fetch_done *done;
	void *ctx;
	struct error failed;  /* why it ends, when that is known before curl's own verdict */
	struct error refused; /* what the guard said last */

	CURL *easy; /* NULL before it starts, as what follows */
	curl_mime *mime;
	struct curl_slist *lines;
	struct buf head, body; /* header lines of the last response; its bytes as they came */
	int file;	       /* its bytes instead, when a file was asked for; else -1 */
	size_t file_bytes;
	size_t head_bytes;     /* of all responses, redirects included */
	bool head_ended;
	char curl_text[CURL_ERROR_SIZE];
};

/* Copies the request. What can't be asked at all (no URL, another scheme, no room)
 * is noted in `failed`. *host is the host's name in lower case, to be given to
 * free(); empty when there is none. */
struct transfer *transfer_new(const struct transfer_rules *rules, struct arena *a,
	const struct fetch_request *r, char **host) NODISCARD RET_NONNULL;

/* Makes the curl handle and adds it to `multi`. */
void transfer_start(struct transfer *t, CURLM *multi);

/* Judges, calls done() and frees the transfer; `code` is curl's verdict. */
void transfer_finish(struct transfer *t, CURLM *multi, CURLcode code);

/* Frees without calling done(). */
void transfer_free(struct transfer *t, CURLM *multi);

#endif
