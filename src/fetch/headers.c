/* SPDX-License-Identifier: MIT
 *
 * What response headers say.
 */
#include "fetch/headers.h"

#include <curl/curl.h>

#include "fetch/fetch.h"

#define HTTP_DATE_MAX 64 /* bytes; the longest form has 33 */

/* The next header of this name in the lines of *rest. */
static bool next_header(struct str *rest, struct str name, struct str *value)
{
	while (rest->n > 0) {
		struct str line = str_cut(*rest, '\n', rest);
		struct str key = str_cut(line, ':', value);
		if (key.n < line.n && str_ieq(key, name)) {
			*value = str_trim(*value);
			return true;
		}
	}
	return false;
}

struct str header_get(struct str block, struct str name)
{
	struct str value, last = {0};
	while (next_header(&block, name, &value))
		last = value;
	return last;
}

static struct str without_zeros(struct str number)
{
	while (number.n > 1 && number.p[0] == '0')
		number = str_sub(number, 1, number.n);
	return number;
}

bool header_lengths_agree(struct str block)
{
	struct str value, first = {0};
	while (next_header(&block, STR("Content-Length"), &value))
		while (value.n > 0) { /* "5, 5" is the same header twice, joined on the way */
			struct str one = without_zeros(str_trim(str_cut(value, ',', &value)));
			if (first.n > 0 && !str_eq(first, one))
				return false;
			first = one;
		}
	return true;
}

/* The next parameter of "a=b; c=\"d;e\""; *rest starts behind a semicolon. */
static struct str next_param(struct str *rest, struct str *value)
{
	bool quoted = false;
	size_t i = 0;
	while (i < rest->n && (quoted || rest->p[i] != ';')) {
		if (rest->p[i] == '"')
			quoted = !quoted;
		i++;
	}
	struct str param = str_sub(*rest, 0, i);
	*rest = str_sub(*rest, i + 1, rest->n);
	struct str name = str_trim(str_cut(param, '=', value));
	*value = str_trim(*value);
	return name;
}

/* Also single quotes, which some servers write. */
static struct str unquoted(struct str s)
{
	if (s.n >= 2 && (s.p[0] == '"' || s.p[0] == '\'') && s.p[s.n - 1] == s.p[0])
		return str_trim(str_sub(s, 1, s.n - 1));
	return s;
}

struct str header_charset(struct str content_type)
{
	struct str rest, value;
	(void)str_cut(content_type, ';', &rest);
	while (rest.n > 0)
		if (str_ieq(next_param(&rest, &value), STR("charset")))
			return unquoted(value);
	return (struct str){0};
}

/* -1 when it is none. */
static int64_t http_date(struct str s)
{
	char text[HTTP_DATE_MAX];
	if (s.n == 0 || s.n >= sizeof(text))
		return -1;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	return curl_getdate(text, NULL);
}

static bool all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return s.n > 0;
}

int64_t header_retry_after(struct str value, struct str date, int64_t now)
{
	const int64_t most = FETCH_RETRY_AFTER_MAX;
	int64_t seconds = 0;
	if (all_digits(value))
		return str_to_i64(value, 0, most, &seconds) ? seconds : most;
	int64_t until = http_date(value), from = http_date(date);
	if (until < 0)
		return 0;
	seconds = until - (from < 0 ? now : from);
	if (seconds < 0)
		return 0;
	return seconds < most ? seconds : most;
}

/* End of one link of a Link value: the comma outside <> and quotes. */
static size_t link_end(struct str s)
{
	bool quoted = false, angle = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '"' && !angle)
			quoted = !quoted;
		else if (!quoted && (c == '<' || c == '>'))
			angle = c == '<';
		else if (c == ',' && !quoted && !angle)
			return i;
	}
	return s.n;
}

static bool has_word(struct str list, struct str word)
{
	while (list.n > 0)
		if (str_ieq(str_word(list, &list), word))
			return true;
	return false;
}

/* The target of `<target>; rel="next"`, else empty. */
static struct str link_if_next(struct str link)
{
	link = str_trim(link);
	size_t end = str_find_char(link, '>');
	if (end == SIZE_MAX || link.p[0] != '<')
		return (struct str){0};
	struct str value, rest = str_sub(link, end + 1, link.n);
	(void)str_cut(rest, ';', &rest);
	while (rest.n > 0)
		if (str_ieq(next_param(&rest, &value), STR("rel")))
			return has_word(unquoted(value), STR("next")) ? str_trim(str_sub(link, 1, end))
								      : (struct str){0};
	return (struct str){0};
}

struct str header_link_next(struct str block)
{
	struct str links;
	while (next_header(&block, STR("Link"), &links))
		while (links.n > 0) {
			size_t end = link_end(links);
			struct str target = link_if_next(str_sub(links, 0, end));
			if (target.n > 0)
				return target;
			links = str_sub(links, end + 1, links.n);
		}
	return (struct str){0};
}
