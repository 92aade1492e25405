/* SPDX-License-Identifier: MIT
 *
 * An offer out of a letter that staff were sent, mostly one that somebody passed
 * on. A decoded letter comes in, a raw item goes out: what the innermost forwarded
 * message says is the offer, who sent and who forwarded it is its provenance.
 */
#include "model/internal.h"

#include "base/buf.h"

#define LINK_SCHEME_MIN	 7	       /* bytes of "http://" */
#define NAME_WORD_MIN	 4	       /* letters of a word by which a sender's name is the organisation's */
#define DEADLINE_REACH	 200	       /* bytes behind a word such as "deadline" in which its date stands */
#define HEADER_LINES_MAX 12	       /* lines of the header block of a forwarded message */
#define PREFIXES_MAX	 20	       /* "Re: Fwd: [list] ..." */
#define FIRST_LINE_MAX	 ((size_t)120) /* bytes of the body that stand in for a subject */

enum header { HEADER_NONE, HEADER_FROM, HEADER_DATE, HEADER_SUBJECT, HEADER_OTHER };

/* Names of header lines as mail programs translate them. */
static const struct {
	enum header header;
	const char *words;
} header_words[] = {
	{HEADER_FROM, "from von de saatja kellelt fran van da od lahettaja no expediteur avsandare"},
	{HEADER_DATE, "date datum sent gesendet envoye saadetud kuupaev lahetetty skickat verzonden data "
		      "fecha pvm aeg"},
	{HEADER_SUBJECT,
		"subject betreff objet teema pealkiri aihe amne onderwerp oggetto asunto temat sujet"},
	{HEADER_OTHER,
		"to an a cc kellele saaja koopia kopie copie reply kopia vastaanottaja aan till para do kopi "
		"antwort repondre organization importance"},
};

/* Before the colon of a subject that was answered or passed on. */
static const char prefix_words[] = "fwd fw re wg vs tr aw sv rv enc edasi vl vb rif ref i odp fs antw doorst";

static const char *const link_noise[] = {
	"unsubscribe",
	"optout",
	"opt-out",
	"abmelden",
	"abbestellen",
	"desabonn",
	"desinscri",
	"loobu",
	"preferences",
	"update-profile",
	"/profile?",
	"facebook.com",
	"linkedin.com",
	"twitter.com",
	"//x.com",
	"instagram.com",
	"youtube.com",
	"bsky.app",
	"mastodon",
	"flickr.com",
	"tiktok.com",
	"privacy",
	"datenschutz",
	"privaatsus",
	"confidentialite",
	"impressum",
	"forward-to-a-friend",
	"view-in-browser",
	"w3.org",
	"schemas.microsoft",
	"aka.ms",
	".png",
	".jpg",
	".jpeg",
	".gif",
	".css",
	"fonts.g",
	"safelinks.protection.outlook.com/?url=mailto",
};

/* What comes before the date by which to apply. */
static const char deadline_words[] =
	"deadline deadlines closes closing "
	"frist bewerbungsschluss "
	"einsendeschluss stichtag anmeldeschluss "
	"limite cloture echeance tahtaeg tahtajaga tahtajaks tahtajani tahtpaev hiljemalt "
	"maaraaika sista termin plazo scadenza";
static const char *const deadline_phrases[] = {
	"close on",
	"close at",
	"due on",
	"due by",
	"due date",
	"apply by",
	"submit by",
	"submitted by",
	"applications by",
	"proposals by",
	"open until",
	"apply until",
	"apply before",
	"accepted until",
	"bis zum",
	"bis spatestens",
	"spatestens am",
	"avant le",
	"esitada kuni",
	"taotlusi kuni",
	"avatud kuni",
	"kuni",
};

struct forwarded {
	size_t body; /* where its body begins; 0 = nothing was forwarded */
	struct str from, subject, date;
};

/* ---- lines ------------------------------------------------------------- */

/* The line at *at without its end; *at moves behind it. */
static struct str next_line(struct str s, size_t *at)
{
	struct str rest, l = str_cut(str_sub(s, *at, s.n), '\n', &rest);
	*at = *at + l.n + (rest.p != NULL ? 1 : 0);
	if (l.n > 0 && l.p[l.n - 1] == '\r')
		l.n--;
	return l;
}

/* Without "> > " before it. */
static struct str unquoted(struct str l)
{
	for (;;) {
		struct str t = str_sub(l, skip_space(l, 0), l.n);
		if (t.n == 0 || t.p[0] != '>')
			return l;
		l = str_sub(t, 1, t.n);
		if (l.n > 0 && l.p[0] == ' ')
			l = str_sub(l, 1, l.n);
	}
}

static struct str without_stars(struct str s)
{
	s = str_trim(s);
	while (s.n > 0 && s.p[0] == '*')
		s = str_trim(str_sub(s, 1, s.n));
	while (s.n > 0 && s.p[s.n - 1] == '*')
		s = str_trim(str_sub(s, 0, s.n - 1));
	return s;
}

/* "Betreff: x", "*From:* y", "Objet : z" -> which header, and its value. */
static enum header header_of(struct str l, struct str *value)
{
	l = without_stars(unquoted(l));
	struct word w = word_read(l, 0);
	size_t colon = str_find_char(l, ':');
	if (w.n == 0 || colon == SIZE_MAX || colon > w.end + 12)
		return HEADER_NONE;
	for (size_t i = 0; i < COUNT(header_words); i++)
		if (word_in(&w, header_words[i].words)) {
			*value = without_stars(str_sub(l, colon + 1, l.n));
			return header_words[i].header;
		}
	return HEADER_NONE;
}

/* The header block whose From line begins at `at`; its body 0 when it is none. */
static struct forwarded header_block(struct str text, size_t at)
{
	struct forwarded f = {0};
	bool seen[HEADER_OTHER + 1] = {false};
	for (int i = 0; i < HEADER_LINES_MAX && at < text.n; i++) {
		struct str value = {0};
		size_t line_at = at;
		struct str l = next_line(text, &at);
		enum header h = header_of(l, &value);
		if (h == HEADER_NONE && seen[HEADER_SUBJECT]) {
			at = line_at;
			break;
		}
		if (str_trim(unquoted(l)).n == 0)
			break;
		/* A line that is no header goes on with the one before: long lists of To. */
		seen[h] = true;
		if (h == HEADER_FROM && f.from.n == 0)
			f.from = value;
		if (h == HEADER_DATE)
			f.date = value;
		if (h == HEADER_SUBJECT)
			f.subject = value;
	}
	if (seen[HEADER_FROM] && seen[HEADER_SUBJECT] && (seen[HEADER_DATE] || seen[HEADER_OTHER]))
		f.body = at;
	return f;
}

/* The last block is the innermost. */
static struct forwarded innermost(struct str text)
{
	struct forwarded found = {0};
	for (size_t at = 0; at < text.n;) {
		struct str value;
		size_t line_at = at;
		if (header_of(next_line(text, &at), &value) != HEADER_FROM)
			continue;
		struct forwarded f = header_block(text, line_at);
		if (f.body == 0)
			continue;
		found = f;
		at = f.body;
	}
	return found;
}

/* Without quote signs, up to the signature. */
static struct str clean_body(struct arena *a, struct str text)
{
	struct buf b = buf_init(text.n + 1);
	for (size_t at = 0; at < text.n;) {
		struct str l = unquoted(next_line(text, &at));
		bool signature = str_eq(l, STR("-- ")) || str_eq(l, STR("--"));
		if (signature && str_trim(buf_str(&b)).n > 0)
			break;
		buf_add(&b, l);
		buf_addc(&b, '\n');
	}
	return str_trim(buf_take(&b, a));
}

/* ---- subject and sender ------------------------------------------------ */

/* Behind one "Fwd:", "RE[2]:" or "[list]"; `s` itself when there is none. */
static struct str without_prefix(struct str s)
{
	size_t close;
	if (s.n > 0 && s.p[0] == '[' && (close = str_find_char(s, ']')) != SIZE_MAX)
		return str_trim(str_sub(s, close + 1, s.n));
	struct word w = word_read(s, 0);
	if (!word_in(&w, prefix_words))
		return s;
	size_t i = w.end;
	while (i < s.n && (digit_at(s, i) || strchr("[]()", s.p[i]) != NULL))
		i++;
	i = skip_space(s, i);
	return i < s.n && s.p[i] == ':' ? str_trim(str_sub(s, i + 1, s.n)) : s;
}

static struct str clean_subject(struct arena *a, struct str subject)
{
	struct str s = plain_line(a, cut_text(subject, ITEM_TITLE_MAX));
	for (int i = 0; i < PREFIXES_MAX; i++) {
		struct str t = without_prefix(s);
		/* A subject of nothing but a tag keeps it. */
		if (t.n == s.n || (t.n == 0 && s.p[0] == '['))
			break;
		s = t;
	}
	return s;
}

/* "Name" <address> -> the name, else the address. */
struct sender {
	struct str name, address;
};

static struct sender sender_of(struct str from)
{
	struct str rest;
	from = str_trim(from);
	size_t open = str_find_char(from, '<');
	size_t skip = 1;
	if (open == SIZE_MAX) {
		open = str_ifind(from, STR("[mailto:"));
		skip = 8;
	}
	struct sender s = {.name = open == SIZE_MAX ? from : str_trim(str_sub(from, 0, open))};
	if (open != SIZE_MAX)
		s.address = str_trim(str_cut(str_cut(str_sub(from, open + skip, from.n), '>', &rest), ']', &rest));
	while (s.name.n > 0 && (s.name.p[0] == '"' || s.name.p[0] == '\''))
		s.name = str_sub(s.name, 1, s.name.n);
	while (s.name.n > 0 && (s.name.p[s.name.n - 1] == '"' || s.name.p[s.name.n - 1] == '\''))
		s.name.n--;
	return s;
}

/* Whether a word of the name is in the domain: "Nord Fund" of nordfund.example. */
static bool names_domain(struct str name, struct str domain)
{
	for (size_t i = 0, n; i < name.n; i += n + 1) {
		for (n = 0; i + n < name.n && (name.p[i + n] | 32) >= 'a' && (name.p[i + n] | 32) <= 'z';)
			n++;
		if (n >= NAME_WORD_MIN && str_ifind(domain, str_sub(name, i, i + n)) != SIZE_MAX)
			return true;
	}
	return false;
}

/* Who offers: the sender's name when it is the organisation's, else its domain; a
 * person's name says nothing to members. */
static struct str funder_of(struct str from)
{
	struct sender s = sender_of(from);
	struct str domain;
	(void)str_cut(s.address.n > 0 ? s.address : s.name, '@', &domain);
	bool named = s.address.n > 0 && names_domain(s.name, domain);
	return domain.n == 0 || named ? s.name : domain;
}

static struct str provenance(struct arena *a, const struct letter *l, bool forwarded)
{
	struct str by = plain_line(a, cut_text(l->from, ITEM_TITLE_MAX));
	if (by.n == 0)
		by = STR("somebody");
	const char *verb = forwarded ? "forwarded" : "sent";
	if (l->date == 0)
		return str_of(arena_printf(a, "%s by %.*s", verb, STRF(by)));
	struct str day = date_iso(a, zone_civil(STR("UTC"), l->date).date);
	return str_of(arena_printf(a, "%s by %.*s on %.*s", verb, STRF(by), STRF(day)));
}

/* ---- link -------------------------------------------------------------- */

static bool is_noise(struct str link)
{
	for (size_t i = 0; i < COUNT(link_noise); i++)
		if (str_ifind(link, str_of(link_noise[i])) != SIZE_MAX)
			return true;
	return false;
}

/* The http(s) link that begins at `at`; empty when none does. */
static struct str link_at(struct str s, size_t at)
{
	struct str rest = str_sub(s, at, at + ITEM_URL_MAX);
	if (!str_istarts(rest, STR("http://")) && !str_istarts(rest, STR("https://")))
		return (struct str){0};
	size_t n = 0;
	while (n < rest.n && (unsigned char)rest.p[n] > ' ' && strchr("<>\"'|", rest.p[n]) == NULL)
		n++;
	while (n > 0 && strchr(".,;:!?)]}*", rest.p[n - 1]) != NULL)
		n--;
	return n > LINK_SCHEME_MIN ? str_sub(rest, 0, n) : (struct str){0};
}

/* The first link of a text or of HTML source that leads to the offer. */
static struct str first_link(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if ((s.p[i] | 32) != 'h')
			continue;
		struct str link = link_at(s, i);
		if (link.n == 0)
			continue;
		if (!is_noise(link))
			return link;
		i += link.n - 1;
	}
	return (struct str){0};
}

/* ---- deadline ---------------------------------------------------------- */

/* Behind a word or phrase at `at` that announces the last day; 0 = none there. */
static size_t deadline_word_at(struct str s, size_t at)
{
	size_t end;
	struct word w = word_read(s, at);
	if (word_in(&w, deadline_words) || (w.n > 5 && str_ends((struct str){w.p, w.n}, STR("frist"))))
		return w.end;
	for (size_t i = 0; i < COUNT(deadline_phrases); i++)
		if (phrase_at(s, at, deadline_phrases[i], &end))
			return end;
	return 0;
}

/* The text of the date within reach, of a range all of it. */
static struct str date_within(struct str s)
{
	struct when w;
	size_t at = 0, end, next, next_end;
	if (!date_find(s, &at, NULL, &w, &end))
		return (struct str){0};
	next = end;
	if (date_find(s, &next, NULL, &w, &next_end) && joins_range(str_sub(s, end, next)))
		end = next_end;
	return str_sub(s, at, end);
}

/* How far a sentence about a deadline reaches: to the next empty line. */
static struct str reach(struct str s, size_t at)
{
	struct str r = cut_text(str_sub(s, at, s.n), DEADLINE_REACH);
	size_t blank = str_find(r, STR("\n\n"));
	return blank == SIZE_MAX ? r : str_sub(r, 0, blank);
}

static struct str find_deadline(struct str s)
{
	for (size_t i = 0; i < s.n;) {
		if (!letter_at(s, i)) {
			i++;
			continue;
		}
		size_t behind = deadline_word_at(s, i);
		struct str date = behind == 0 ? (struct str){0} : date_within(reach(s, behind));
		if (date.n > 0)
			return date;
		i = word_read(s, i).end;
	}
	return (struct str){0};
}

/* ---- the letter -------------------------------------------------------- */

void item_from_letter(struct arena *a, const struct letter *l, struct item *out)
{
	struct str html = cut_text(l->html, ITEM_TEXT_MAX);
	bool plain = str_trim(l->text).n > 0;
	struct str text = plain ? cut_text(l->text, ITEM_TEXT_MAX) : html_text(a, html);
	struct forwarded f = innermost(text);
	struct str body = clean_body(a, str_sub(text, f.body, text.n));
	if (body.n == 0)
		body = clean_body(a, text);

	*out = (struct item){.id = str_trim(l->message_id), .content = body, .summary = {0}};
	out->title = clean_subject(a, l->subject);
	if (out->title.n == 0)
		out->title = clean_subject(a, f.subject);
	struct str rest;
	if (out->title.n == 0)
		out->title = str_trim(cut_text(str_cut(body, '\n', &rest), FIRST_LINE_MAX));
	out->link = first_link(body);
	if (out->link.n == 0)
		out->link = first_link(html);
	out->funder = funder_of(f.from.n > 0 ? f.from : l->author.n > 0 ? l->author : l->from);
	out->provenance = provenance(a, l, f.body > 0 || l->author.n > 0);
	if (l->date != 0)
		out->published = instant_iso(a, l->date);
	struct str date = find_deadline(body);
	if (date.n > 0)
		*vec_push(a, &out->deadlines) = (struct item_deadline){.date = date};
}
