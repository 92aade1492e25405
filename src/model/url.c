/* SPDX-License-Identifier: MIT
 *
 * Links. url_absolute() resolves what a source wrote against its base (RFC 3986
 * section 5) and repairs the faults that real portals have; anything but http and
 * https becomes the empty string. url_canonical() brings a link to the form in
 * which two links to the same page are equal; it is for comparing only.
 */
#include "model/internal.h"

#include "base/buf.h"

#define ESCAPED_MAX 3 /* one byte becomes %XX */

struct url {
	struct str scheme, authority, path, query, fragment;
	bool has_authority, has_query;
};

/* Parameters that say where a reader came from, or who they are; '*' at the end
 * matches by the beginning. */
static const char *const tracking[] = {
	"utm_*",
	"mc_cid",
	"mc_eid",
	"fbclid",
	"gclid",
	"dclid",
	"msclkid",
	"yclid",
	"igshid",
	"mkt_tok",
	"_hs*",
	"hsctatracking",
	"pk_*",
	"piwik_*",
	"mtm_*",
	"wt_mc",
	"trk",
	"s_cid",
	"cmpid",
	"phpsessid",
	"jsessionid",
	"sessionid",
	"session_id",
	"sid",
	"aspsessionid*",
	"cfid",
	"cftoken",
};

static bool letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Bytes of the scheme before ':'; 0 = none. */
static size_t scheme_length(struct str s)
{
	size_t n = 0;
	while (n < s.n && (letter(s.p[n]) || (n > 0 && (digit_at(s, n) || s.p[n] == '+' || s.p[n] == '-' ||
							       s.p[n] == '.'))))
		n++;
	return n > 0 && n < s.n && s.p[n] == ':' ? n : 0;
}

/* Offset of the first `stop`, or the end. */
static size_t first_of(struct str s, char stop)
{
	size_t at = str_find_char(s, stop);
	return at == SIZE_MAX ? s.n : at;
}

static struct url split(struct str s)
{
	struct url u = {0};
	size_t n = scheme_length(s);
	u.scheme = str_sub(s, 0, n);
	s = n > 0 ? str_sub(s, n + 1, s.n) : s;
	size_t hash = first_of(s, '#');
	u.fragment = str_sub(s, hash + 1, s.n);
	s = str_sub(s, 0, hash);
	size_t mark = first_of(s, '?');
	u.has_query = mark < s.n;
	u.query = str_sub(s, mark + 1, s.n);
	s = str_sub(s, 0, mark);
	u.has_authority = str_starts(s, STR("//"));
	if (u.has_authority) {
		size_t slash = first_of(str_sub(s, 2, s.n), '/') + 2;
		u.authority = str_sub(s, 2, slash);
		s = str_sub(s, slash, s.n);
	}
	u.path = s;
	return u;
}

static bool is_web(struct str scheme)
{
	return str_ieq(scheme, STR("http")) || str_ieq(scheme, STR("https"));
}

/* "host", "user@host:8080", "[::1]": something stands for the host, nothing that
 * a browser would read as another part. */
static bool authority_valid(struct str s)
{
	bool host = false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= ' ' || c == '\\' || c == '<' || c == '>' || c == '"' || c == 0x7F)
			return false;
		host = host || c >= 0x80 || letter(s.p[i]) || digit_at(s, i);
	}
	return host;
}

/* The path without "." and ".." segments. */
static void add_path(struct buf *out, struct str path)
{
	size_t base = out->n;
	while (path.n > 0 && !out->failed) {
		size_t slash = first_of(str_sub(path, 1, path.n), '/') + 1;
		struct str segment = str_sub(path, 0, slash);
		path = str_sub(path, slash, path.n);
		bool up = str_eq(segment, STR("/..")), same = str_eq(segment, STR("/."));
		if (up)
			while (out->n > base && out->p[--out->n] != '/')
				continue;
		if (!up && !same)
			buf_add(out, segment);
		else if (path.n == 0)
			buf_addc(out, '/');
	}
}

/* Spaces and other bytes that no URL may hold, escaped. */
static struct str escaped(struct arena *a, struct str s)
{
	struct buf b = buf_init(s.n * ESCAPED_MAX);
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= ' ' || c >= 0x7F || strchr("\"<>\\^`{|}", c) != NULL)
			buf_printf(&b, "%%%02X", c);
		else
			buf_addc(&b, (char)c);
	}
	return buf_take(&b, a);
}

/* "https: //x", "https:////x", "https:/x", "www.x": the text with the fault put
 * right, line breaks and tabs (that browsers drop too) taken out, with the spaces
 * that indent the next line. */
static struct str repaired(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	bool broken = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		broken = c == '\n' || c == '\r' || c == '\t' || (broken && c == ' ');
		if (!broken)
			p[n++] = c;
	}
	struct str t = str_trim((struct str){p, n});
	if (str_istarts(t, STR("www.")))
		return str_of(arena_printf(a, "https://%.*s", STRF(t)));
	struct str scheme = str_sub(t, 0, scheme_length(t));
	if (!is_web(scheme))
		return t;
	struct str rest = str_sub(t, scheme.n + 1, t.n);
	while (rest.n > 0 && (rest.p[0] == '/' || rest.p[0] == ' ' || rest.p[0] == '\\'))
		rest = str_sub(rest, 1, rest.n);
	return str_of(arena_printf(a, "%.*s://%.*s", STRF(scheme), STRF(rest)));
}

/* The reference's parts completed by the base's; false when the base has no host. */
static bool resolve(struct arena *a, const struct url *base, struct url *u)
{
	if (u->has_authority) {
		u->scheme = u->scheme.n > 0 ? u->scheme : base->scheme;
		return true;
	}
	if (!is_web(base->scheme) || !base->has_authority)
		return false;
	u->scheme = base->scheme;
	u->authority = base->authority;
	u->has_authority = true;
	if (u->path.n == 0) {
		u->path = base->path;
		if (!u->has_query) {
			u->has_query = base->has_query;
			u->query = base->query;
		}
	} else if (u->path.p[0] != '/') {
		size_t keep = base->path.n;
		while (keep > 0 && base->path.p[keep - 1] != '/')
			keep--;
		u->path = str_of(arena_printf(a, "%s%.*s%.*s", keep == 0 ? "/" : "",
			STRF(str_sub(base->path, 0, keep)), STRF(u->path)));
	}
	return true;
}

static void add_lower(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_addc(out, (char)(s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] | 32 : s.p[i]));
}

struct str url_absolute(struct arena *a, struct str base, struct str ref)
{
	struct str fixed = repaired(a, cut_text(ref, ITEM_URL_MAX + 1));
	if (fixed.n == 0 || ref.n > ITEM_URL_MAX)
		return (struct str){0};
	struct url b = {0}, u = split(fixed);
	if (u.scheme.n == 0 || !u.has_authority)
		b = split(repaired(a, base));
	bool foreign = u.scheme.n > 0 && !is_web(u.scheme);
	if (foreign || !resolve(a, &b, &u) || !is_web(u.scheme) || !authority_valid(u.authority))
		return (struct str){0};
	struct buf out = buf_init(ITEM_URL_MAX);
	add_lower(&out, u.scheme);
	buf_addz(&out, "://");
	buf_add(&out, u.authority);
	add_path(&out, u.path.n == 0 ? STR("/") : escaped(a, u.path));
	if (u.has_query) {
		buf_addc(&out, '?');
		buf_add(&out, escaped(a, u.query));
	}
	if (u.fragment.n > 0) {
		buf_addc(&out, '#');
		buf_add(&out, escaped(a, u.fragment));
	}
	if (out.failed)
		buf_clear(&out);
	return buf_take(&out, a);
}

bool url_is_path(struct str link)
{
	struct url u = split(str_trim(link));
	return u.scheme.n == 0 && !u.has_authority && u.path.n > 0 &&
	       str_find_char(u.path, '/') != SIZE_MAX && str_find_char(u.path, ' ') == SIZE_MAX;
}

/* ---- comparing --------------------------------------------------------- */

static bool is_tracking(struct str parameter)
{
	struct str value, name = str_cut(parameter, '=', &value);
	for (size_t i = 0; i < COUNT(tracking); i++) {
		struct str want = str_of(tracking[i]);
		if (str_ends(want, STR("*")) ? str_istarts(name, str_sub(want, 0, want.n - 1))
					     : str_ieq(name, want))
			return true;
	}
	return false;
}

static void add_query(struct buf *out, struct str query)
{
	char sign = '?';
	while (query.n > 0) {
		struct str parameter = str_cut(query, '&', &query);
		if (parameter.n == 0 || is_tracking(parameter))
			continue;
		buf_addc(out, sign);
		buf_add(out, parameter);
		sign = '&';
	}
}

/* Without user, "www." and the port that the scheme means anyway. */
static struct str plain_host(struct str authority)
{
	size_t at = str_find_char(authority, '@');
	if (at != SIZE_MAX)
		authority = str_sub(authority, at + 1, authority.n);
	if (str_istarts(authority, STR("www.")))
		authority = str_sub(authority, 4, authority.n);
	if (str_ends(authority, STR(":80")))
		authority.n -= 3;
	else if (str_ends(authority, STR(":443")))
		authority.n -= 4;
	while (authority.n > 0 &&
		(authority.p[authority.n - 1] == '.' || authority.p[authority.n - 1] == ':'))
		authority.n--;
	return authority;
}

/* ";jsessionid=..." is a part of the path. */
static struct str plain_path(struct str path)
{
	size_t session = str_ifind(path, STR(";jsessionid="));
	if (session != SIZE_MAX)
		path = str_sub(path, 0, session);
	while (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	return path;
}

struct str url_canonical(struct arena *a, struct str url)
{
	struct url u = split(str_trim(url));
	struct buf out = buf_init(ITEM_URL_MAX + 16);
	if (!is_web(u.scheme) || u.authority.n == 0)
		return (struct str){0};
	buf_addz(&out, "https://");
	add_lower(&out, plain_host(u.authority));
	buf_add(&out, plain_path(u.path));
	add_query(&out, u.query);
	if (out.failed)
		buf_clear(&out);
	return buf_take(&out, a);
}
