/* SPDX-License-Identifier: MIT
 *
 * Address guard: which resolved addresses may be connected to. Pure; a socket
 * address comes in, a verdict and its words go out.
 */
#ifndef FW_FETCH_GUARD_H
#define FW_FETCH_GUARD_H

#include <sys/socket.h>

#include "base/err.h"
#include "base/vec.h"

struct net { /* "10.0.0.0/8" */
	int family;
	unsigned bits;
	unsigned char address[16]; /* the first 4 or all 16 */
};

struct guard {
	VEC(struct net) allow; /* reachable on any port */
};

/* "127.0.0.0/8", "fd00::/8" or a single address. */
bool net_parse(struct str text, struct net *out) NODISCARD;

/* Reads the networks of `allow` (may be NULL) into the arena. */
struct guard guard_make(struct arena *a, const struct strv *allow);

/* ERR_INPUT with "refused: ..." for addresses that are not public and for ports
 * other than 80 and 443, unless the address lies in a network of `allow`. */
enum err guard_judge(const struct guard *g, const struct sockaddr *to, struct error *e) NODISCARD;

#endif
