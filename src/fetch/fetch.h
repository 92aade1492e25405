/* SPDX-License-Identifier: MIT
 *
 * Bytes in: HTTP through libcurl's multi interface, several hosts at once, one
 * request at a time per host with a pause between. It knows nothing of funding
 * and nothing of the store: validators travel in request and response.
 *
 * Guards: http and https only (also after redirects), ports 80 and 443 and
 * addresses of public networks unless listed in `allow`, judged by the resolved
 * address at every connect; no proxy, no netrc, no cookies; caps on decompressed
 * bytes, header bytes, redirects and time. Bodies are decompressed here with zlib,
 * so that a truncated gzip body is an error (libcurl 7.88 calls it a success).
 */
#ifndef FW_FETCH_FETCH_H
#define FW_FETCH_FETCH_H

#include "base/err.h"
#include "base/vec.h"

#define FETCH_REDIRECTS_MAX  5
#define FETCH_CONNECT_MS     15000                /* to connect, TLS included */
#define FETCH_TOTAL_MS       60000                /* for one request */
#define FETCH_SLOW_SECONDS   20                   /* so long below FETCH_SLOW_BYTES a second: given up */
#define FETCH_SLOW_BYTES     50
#define FETCH_HEADERS_MAX    ((size_t)64 * 1024)  /* bytes of all response headers */
#define FETCH_PARALLEL_MAX   8                    /* connections in all */
#define FETCH_RETRY_AFTER_MAX (24 * 3600)         /* seconds; a longer Retry-After counts as this */

struct fetch_part { /* of a multipart/form-data body */
	struct str name, type, data;
};

struct fetch_request {
	struct str url, method;        /* "GET" or "POST" */
	struct strv headers;           /* "Name: value" */
	VEC(struct fetch_part) parts;  /* sent as files named "blob", as SEDIA demands */
	struct str body;               /* of a POST without parts */
	struct str etag, last_modified; /* echoed byte for byte when not empty */
	size_t max_bytes;              /* decompressed body */
	bool to_file;                  /* the body goes into a file without a name, not into memory */
	int64_t pause_ms;              /* after the end of the last request to this host */
};

struct fetch_response {
	int status;                    /* 200, 304, ...; 0 when there was no answer */
	int fd;                        /* of the file when asked for, at its beginning; closed after done(); else -1 */
	size_t size;                   /* bytes of the body in either case */
	struct str body, content_type, etag, last_modified; /* verbatim, in the arena given to fetch_add() */
	struct str charset;            /* of content_type, may be empty */
	struct str url;                /* after redirects */
	struct str link_next;          /* URL of a Link header with rel="next", may be empty */
	int64_t retry_after;           /* seconds; 0 = none */
};

struct fetcher;

struct fetch_options {
	struct str user_agent;         /* "fundwatch/1.0 (+https://...)" */
	const struct strv *allow;      /* CIDR networks reachable on any port (else skipped); may be NULL */
	int64_t total_ms;              /* for one request; 0 = FETCH_TOTAL_MS */
	int64_t slow_seconds;          /* 0 = FETCH_SLOW_SECONDS */
};

struct fetcher *fetch_new(const struct fetch_options *options) NODISCARD RET_NONNULL;
/* NULL is fine. Requests still queued go without a word. */
void fetch_free(struct fetcher *f);

/* Called once per request when it ended, always from fetch_drive(): `kind` is ERR_OK for every complete
 * answer with a status of 200-299 or 304, ERR_TEMPORARY for network failures,
 * time-outs, truncated bodies, 408, 425, 429 and 5xx, ERR_PERMANENT for other
 * statuses, ERR_LIMIT for what a cap stopped, ERR_INPUT for answers that break
 * HTTP or a refused address or scheme. `e` says it in one line ("HTTP 503
 * Service Unavailable"). A body comes with ERR_OK only. It may call fetch_add() for
 * the next page, and free the arena: nothing of the request is used afterwards. */
typedef void fetch_done(void *ctx, const struct fetch_response *r, enum err kind, const struct error *e);

/* Queues a request; strings are copied into `a`, which also takes the response. */
void fetch_add(struct fetcher *f, struct arena *a, const struct fetch_request *r, fetch_done *done,
	void *ctx);

/* Works until every queued request has ended, or `stop` (may be NULL) turns true:
 * then what is open ends with ERR_TEMPORARY. */
void fetch_drive(struct fetcher *f, const volatile int *stop);

#endif
