/* SPDX-License-Identifier: MIT
 *
 * Address guard: a table of networks that are not public, and the verdict.
 */
#include "fetch/guard.h"

#include <arpa/inet.h>
#include <netinet/in.h>

/* IANA special-purpose registries: own host, private, link-local, multicast,
 * reserved, and every form that carries an IPv4 address inside an IPv6 one. */
static const char *const not_public[] = {
	"0.0.0.0/8",
	"10.0.0.0/8",
	"100.64.0.0/10",
	"127.0.0.0/8",
	"169.254.0.0/16",
	"172.16.0.0/12",
	"192.0.0.0/24",
	"192.0.2.0/24",
	"192.168.0.0/16",
	"198.18.0.0/15",
	"198.51.100.0/24",
	"203.0.113.0/24",
	"224.0.0.0/4",
	"240.0.0.0/4",
	"::/96",	 /* unspecified, loopback, IPv4-compatible */
	"::ffff:0:0/96", /* IPv4-mapped */
	"64:ff9b::/96",
	"64:ff9b:1::/48", /* NAT64 */
	"2001::/32",	  /* Teredo */
	"2002::/16",	  /* 6to4 */
	"100::/64",
	"2001:db8::/32",
	"fc00::/7",
	"fe80::/10",
	"fec0::/10",
	"ff00::/8",
};

bool net_parse(struct str text, struct net *out)
{
	char name[INET6_ADDRSTRLEN];
	size_t slash = str_find_char(text, '/');
	struct str host = str_sub(text, 0, slash);
	if (host.n == 0 || host.n >= sizeof(name))
		return false;
	memcpy(name, host.p, host.n);
	name[host.n] = '\0';
	struct net net = {.family = str_find_char(host, ':') == SIZE_MAX ? AF_INET : AF_INET6};
	int64_t most = net.family == AF_INET ? 32 : 128, bits = most;
	if (slash != SIZE_MAX && !str_to_i64(str_sub(text, slash + 1, text.n), 0, most, &bits))
		return false;
	if (inet_pton(net.family, name, net.address) != 1)
		return false;
	net.bits = (unsigned)bits;
	*out = net;
	return true;
}

static bool net_has(const struct net *net, int family, const unsigned char *address)
{
	if (net->family != family || memcmp(net->address, address, net->bits / 8) != 0)
		return false;
	unsigned rest = net->bits % 8;
	if (rest == 0)
		return true;
	unsigned differ = (unsigned)net->address[net->bits / 8] ^ address[net->bits / 8];
	return differ >> (8 - rest) == 0;
}

struct guard guard_make(struct arena *a, const struct strv *allow)
{
	struct guard g = {0};
	for (size_t i = 0; allow != NULL && i < allow->n; i++) {
		struct net net;
		if (net_parse(str_trim(allow->v[i]), &net))
			*vec_push(a, &g.allow) = net;
	}
	return g;
}

static bool is_allowed(const struct guard *g, int family, const unsigned char *address)
{
	for (size_t i = 0; i < g->allow.n; i++)
		if (net_has(&g->allow.v[i], family, address))
			return true;
	return false;
}

static bool is_public(int family, const unsigned char *address)
{
	for (size_t i = 0; i < COUNT(not_public); i++) {
		struct net net;
		if (!net_parse(str_of(not_public[i]), &net))
			die("bad network '%s'", not_public[i]);
		if (net_has(&net, family, address))
			return false;
	}
	return true;
}

enum err guard_judge(const struct guard *g, const struct sockaddr *to, struct error *e)
{
	unsigned char address[16] = {0};
	in_port_t port;
	if (to->sa_family == AF_INET) {
		const struct sockaddr_in *v4 = (const void *)to;
		memcpy(address, &v4->sin_addr, 4);
		port = ntohs(v4->sin_port);
	} else if (to->sa_family == AF_INET6) {
		const struct sockaddr_in6 *v6 = (const void *)to;
		memcpy(address, &v6->sin6_addr, 16);
		port = ntohs(v6->sin6_port);
	} else {
		return err_set(e, ERR_INPUT, "refused: not an internet address");
	}
	if (is_allowed(g, to->sa_family, address))
		return ERR_OK;
	char name[INET6_ADDRSTRLEN] = "?";
	(void)inet_ntop(to->sa_family, address, name, sizeof(name));
	if (!is_public(to->sa_family, address))
		return err_set(e, ERR_INPUT, "refused: %s is not a public address (allow-private)", name);
	if (port != 80 && port != 443)
		return err_set(e, ERR_INPUT,
			"refused: port %u of %s, only 80 and 443 are open (allow-private)", (unsigned)port,
			name);
	return ERR_OK;
}
