/* SPDX-License-Identifier: MIT
 *
 * Twenty whole mails, compared byte for byte with the files of tests/golden/: text,
 * HTML, calendar. Each is also built to MIME and read back by GMime.
 *	FUNDWATCH_GOLDEN=write   makes the files anew
 *	FUNDWATCH_MAILS=DIR      writes each mail to DIR, for other readers
 */
#include "render/fixture.h"

#include "mail/mail.h"

/* A mail in the making. */
struct situation {
	struct arena *a;
	struct digest d;
	struct render_frame f;
	struct settings set;
};

static struct str answer_link(void *ctx, struct arena *a, const struct opportunity *call, struct str profile,
	enum answer answer)
{
	(void)ctx;
	(void)profile;
	return str_of(arena_printf(a, "mailto:calls+a.%.*s.%d.5c1f09a2@cluster.example?subject=answer",
		STRF(call->short_id), (int)answer));
}

static struct opportunity *changed(struct situation *s, const struct opportunity *o)
{
	struct opportunity *copy = arena_make(s->a, struct opportunity);
	*copy = *o;
	copy->revision++;
	return copy;
}

static struct digest_change *add_change(struct situation *s, const struct opportunity *o)
{
	struct digest_change *c = vec_push(s->a, &s->d.changes);
	c->opportunity = o;
	return c;
}

static void add_field(struct situation *s, struct digest_change *c, const char *field, const char *before,
	const char *after)
{
	*vec_push(s->a, &c->fields) = (struct field_change){str_of(field), str_of(before), str_of(after)};
}

/* A copy of a hit on a call that the test may change. */
static struct opportunity *add_own(struct situation *s, const struct candidate *hit)
{
	struct candidate *c = arena_make(s->a, struct candidate);
	struct opportunity *o = arena_make(s->a, struct opportunity);
	*c = *hit;
	*o = *hit->opportunity;
	c->opportunity = o;
	add_call(s->a, &s->d, c);
	return o;
}

static void set_deadline(struct situation *s, struct opportunity *o, struct date date, int minute)
{
	o->deadlines.v = arena_make_n(s->a, 1, struct deadline);
	o->deadlines.n = 1;
	o->deadlines.v[0] = (struct deadline){.date = date, .minute = minute, .zone = STR("Europe/Brussels")};
}

/* ---- the situations ---------------------------------------------------------- */

static void new_only(struct situation *s)
{
	for (size_t i = 0; i < COUNT(hits); i++)
		add_call(s->a, &s->d, &hits[i]);
	s->d.carried_over = 3;
}

static void changes_only(struct situation *s)
{
	struct opportunity *moved = changed(s, &scale_up), *closed = changed(s, &fund);
	set_deadline(s, moved, (struct date){2027, 3, 28}, 1020);
	set_deadline(s, closed, (struct date){2026, 11, 20}, -1);
	struct digest_change *c = add_change(s, moved);
	add_field(s, c, "deadline", "2027-03-14 17:00 Europe/Brussels", "2027-03-28 17:00 Europe/Brussels");
	add_field(s, c, "budget", "up to EUR 6000000", "EUR 6000000 to 8000000, EUR 24000000 in total");
	add_field(s, add_change(s, closed), "deadline", "2026-12-03", "2026-11-20");
	add_field(s, add_change(s, changed(s, &accelerator)), "reopened", "withdrawn", "announced");
	c = add_change(s, changed(s, &rolling));
	add_field(s, c, "title", "Vouchers for firms", "Vouchers for <small> firms & labs");
	add_field(s, c, "eligibility", "", "Firms with fewer than 50 people");
}

static void reminder(struct situation *s)
{
	*vec_push(s->a, &s->d.reminders) = (struct digest_reminder){&fund, &fund_deadlines[0], 14, STR("celltech")};
}

static void mixed(struct situation *s)
{
	add_call(s->a, &s->d, &hits[0]);
	add_call(s->a, &s->d, &hits[3]);
	struct opportunity *o = changed(s, &accelerator);
	set_deadline(s, o, (struct date){2027, 3, 1}, 1020);
	add_field(s, add_change(s, o), "deadline",
		"2027-03-03 17:00 Europe/Brussels; 2027-06-02 17:00 Europe/Brussels",
		"2027-03-01 17:00 Europe/Brussels");
	reminder(s);
}

static void two_profiles(struct situation *s)
{
	static const struct candidate both[] = {
		{.profile = &genomics, .opportunity = &scale_up, .words = {.v = cell_words, .n = 1}},
		{.profile = &materials,
			.opportunity = &scale_up,
			.words = {.v = cell_words + 1, .n = 2},
			.labels = {.v = cell_labels, .n = 1}},
	};
	add_call(s->a, &s->d, &both[0]);
	*vec_push(s->a, &s->d.calls.v[0].hits) = &both[1];
	s->d.to = (struct contact){STR("Research office"), STR("research@university.example")};
}

static void sixty_calls(struct situation *s)
{
	for (int i = 0; i < 60; i++) {
		struct opportunity *o = add_own(s, &hits[i % 3]);
		o->short_id = str_of(arena_printf(s->a, "s%02d", i));
		o->title = str_of(arena_printf(s->a, "%.*s, part %d", STRF(o->title), i + 1));
	}
}

static void right_to_left(struct situation *s)
{
	struct opportunity *o = add_own(s, &hits[0]);
	o->title = STR("מענקים לייצור תרופות מתקדמות (GMP) בהיקף של 2.5 מיליון");
	o->summary = STR("תוכנית לחברות קטנות ובינוניות. המענק מכסה עד 60 אחוזים מההוצאות.");
	o->language = STR("he");
	o->eligibility = (struct str){0};
}

static void long_title(struct situation *s)
{
	struct opportunity *o = add_own(s, &hits[0]);
	struct buf b = buf_init(1000);
	while (b.n < 900)
		buf_addz(&b, "Scaling up the manufacturing of advanced therapy medicinal products, and ");
	o->title = str_sub(buf_take(&b, s->a), 0, 900);
}

static void hostile(struct situation *s)
{
	struct opportunity *o = add_own(s, &hits[0]);
	o->title =
		STR("\"><script>alert(1)</script>\r\nBcc: all@cluster.example\r\n\r\n{{heading}}\u202Egnp");
	o->summary =
		STR("</td></table><img src=x onerror=alert(1)> <!-- ]]> &amp; BEGIN:VEVENT\r\nEND:VCALENDAR");
	o->call = STR("X;Y,Z\\n\r\nATTENDEE:mailto:a@b.example");
	o->funder = STR("' onclick='x");
	o->url = STR("https://a.example/\"><b>?x=';&y=1");
	o->eligibility = STR("javascript:alert(1)");
	s->set.name = STR("Evil\r\nX-Header: 1 <b>Cluster</b>");
}

static void no_deadline(struct situation *s)
{
	add_call(s->a, &s->d, &hits[3]);
}

static void three_stages(struct situation *s)
{
	struct opportunity *o = add_own(s, &hits[2]);
	o->deadlines.v = arena_make_n(s->a, 3, struct deadline);
	for (size_t i = 0; i < 3; i++) {
		o->deadlines.v[i] =
			(struct deadline){.date = {(int16_t)(2027 + i / 2), (int8_t)(2 + 4 * i % 8), 10},
				.minute = i == 2 ? -1 : 1020,
				.zone = STR("Europe/London")};
		o->deadlines.v[i].stage = str_of(arena_printf(s->a, "stage %zu", i + 1));
	}
	o->opens = (struct date){2026, 12, 1};
}

static void in_language(struct situation *s, const char *code)
{
	new_only(s);
	s->d.language = str_of(code);
	struct opportunity *o = changed(s, &accelerator);
	set_deadline(s, o, (struct date){2027, 3, 28}, 1020);
	add_field(s, add_change(s, o), "deadline", "2027-03-14 17:00 Europe/Brussels",
		"2027-03-28 17:00 Europe/Brussels");
	o = changed(s, &fund);
	o->short_id = STR("w6d8"); /* a mail reminds of no call that is new in it */
	*vec_push(s->a, &s->d.reminders) = (struct digest_reminder){o, &o->deadlines.v[0], 14, STR("celltech")};
}

static void estonian(struct situation *s)
{
	in_language(s, "et");
}

static void german(struct situation *s)
{
	in_language(s, "de");
}

static void french(struct situation *s)
{
	in_language(s, "fr");
}

static void offer_with_note(struct situation *s)
{
	static const struct candidate hit = {.profile = &celltech,
		.opportunity = &fund,
		.words = {.v = cell_words, .n = 2},
		.note = LIT("A fund we know well. They answer within a week; say that we sent you.")};
	struct opportunity *o = add_own(s, &hit);
	o->title = STR("Seed money for cell therapy companies, 100 000 to 250 000 euros");
	o->summary =
		STR("Ants of Northern Health Ventures asked us who is raising money. One page is enough.");
	o->url = (struct str){0};
	o->language = STR("en");
	o->provenance = STR("forwarded by Mari Tamm on 2026-11-20");
}

static void urgent(struct situation *s)
{
	struct opportunity *o = add_own(s, &hits[0]);
	set_deadline(s, o, (struct date){2026, 11, 24}, 1020);
	s->d.kind = DIGEST_URGENT;
}

static void nothing_new(struct situation *s)
{
	static const struct schedule weekly = {.every = EVERY_WEEK, .zone = LIT("Europe/Tallinn")};
	s->d.schedule = &weekly;
	*vec_push(s->a, &s->d.profiles) = celltech.name;
}

static void withdrawn(struct situation *s)
{
	struct opportunity *o = changed(s, &scale_up);
	o->withdrawn = true;
	add_field(s, add_change(s, o), "withdrawn", "announced", "withdrawn");
}

static void brand(struct situation *s)
{
	new_only(s);
	s->set.colour = STR("#ffb000");
	s->set.logo = STR("https://cluster.example/logo.png");
	s->set.intro = STR("Calls that we found for you this week.");
	s->set.footer = STR("Emajogi Health Cluster is a network of 120 companies and research groups.");
	s->f.preferences = STR("https://alerts.cluster.example/p/7f3a");
	s->f.unsubscribe = STR("https://alerts.cluster.example/u/7f3a");
}

static void test_copy(struct situation *s)
{
	add_call(s->a, &s->d, &hits[1]);
	s->f.test = true;
	s->f.answer_link = NULL;
}

static const struct {
	const char *name;
	void (*make)(struct situation *s);
	const char *subject;
} situations[] = {
	{"new-only", new_only, "4 new calls, one closes on 3 December"},
	{"changes-only", changes_only, "4 calls you know have changed"},
	{"reminder", reminder, "Reminder: Iduinvesteering tervisetehnoloogia ettevõtetele closes in 10 days"},
	{"mixed", mixed, "2 new calls, one closes on 15 December; 1 change, 1 reminder"},
	{"two-profiles", two_profiles, "1 new call, it closes on 15 December"},
	{"sixty-calls", sixty_calls, NULL},
	{"right-to-left", right_to_left, "1 new call, it closes on 15 December"},
	{"long-title", long_title, "1 new call, it closes on 15 December"},
	{"hostile", hostile, "1 new call, it closes on 15 December"},
	{"no-deadline", no_deadline, "1 new call"},
	{"three-stages", three_stages, "1 new call, it closes on 10 February 2027"},
	{"estonian", estonian, "4 uut taotlusvooru, üks tähtaeg on 3. detsember; 1 muutus, 1 meeldetuletus"},
	{"german", german, "4 neue Ausschreibungen, eine endet am 3. Dezember; 1 Änderung, 1 Erinnerung"},
	{"french", french, "4 nouveaux appels, l'un se termine le 3 décembre; 1 modification, 1 rappel"},
	{"offer-with-note", offer_with_note, "1 new call, it closes on 3 December"},
	{"urgent", urgent, "Urgent: 1 new call, it closes tomorrow"},
	{"nothing-new", nothing_new, "Nothing new this week"},
	{"withdrawn", withdrawn, "Withdrawn: Scaling up the manufacturing of advanced therapy..."},
	{"brand", brand, "4 new calls, one closes on 3 December"},
	{"test-copy", test_copy, "[Test] 1 new call, it closes on 3 December"},
};

/* ---- comparing --------------------------------------------------------------- */

static void same_as_file(struct arena *a, struct str got, const char *path)
{
	struct error e;
	const char *mode = getenv("FUNDWATCH_GOLDEN");
	if (mode != NULL && strcmp(mode, "write") == 0)
		assert_int_equal(file_write(path, got, &e), ERR_OK);
	struct str want;
	if (file_read(a, path, 1 << 20, &want, &e) != ERR_OK)
		fail_msg("%s", e.text);
	for (int line = 1; got.n > 0 || want.n > 0; line++) {
		struct str g = str_cut(got, '\n', &got), w = str_cut(want, '\n', &want);
		if (!str_eq(g, w))
			fail_msg("%s:%d: got '%.*s', want '%.*s'", path, line, STRF(g), STRF(w));
	}
}

static void same_body(struct arena *a, struct str got, struct str want)
{
	struct buf b = buf_init(got.n + 1);
	for (size_t i = 0; i < got.n; i++)
		if (got.p[i] != '\r')
			buf_addc(&b, got.p[i]);
	got = str_trim(buf_take(&b, a));
	want = str_trim(want);
	if (!str_eq(got, want))
		fail_msg("read back '%.*s', want '%.*s'", STRF(got), STRF(want));
}

static void check_mime(struct situation *s, const char *name, const struct rendered *r)
{
	struct mail_out m = {.from = settings.from,
		.reply_to = settings.reply_to,
		.to = s->d.to,
		.subject = r->subject,
		.text = r->text,
		.html = r->html,
		.calendar = r->calendar,
		.message_id = str_of(arena_printf(s->a, "d.%s@cluster.example", name)),
		.date = NOW,
		.list_id = STR("Emajogi Health Cluster funding digest <digest.cluster.example>"),
		.list_unsubscribe = str_of(arena_printf(s->a, "<%.*s>", STRF(s->f.unsubscribe))),
		.one_click = str_istarts(s->f.unsubscribe, STR("https:")),
		.feedback_id = STR("1:digest:cluster.example:fundwatch")};
	struct str bytes;
	struct letter letter;
	struct error e;
	if (mail_build(s->a, &m, &bytes, &e) != ERR_OK || mail_parse(s->a, bytes, &letter, &e) != ERR_OK)
		fail_msg("%s", e.text);
	assert_true(str_eq(letter.subject, r->subject));
	same_body(s->a, letter.text, r->text);
	same_body(s->a, letter.html, r->html);
	const char *dir = getenv("FUNDWATCH_MAILS");
	if (dir == NULL)
		return;
	assert_int_equal(file_write(arena_printf(s->a, "%s/%s.eml", dir, name), bytes, &e), ERR_OK);
	assert_int_equal(file_write(arena_printf(s->a, "%s/%s.html", dir, name), r->html, &e), ERR_OK);
	assert_int_equal(file_write(arena_printf(s->a, "%s/%s.txt", dir, name), r->text, &e), ERR_OK);
}

static void check(size_t i)
{
	struct situation s = {.a = arena_new(ARENA_TEST), .set = settings, .f = frame};
	s.d = digest_of(s.a, 0);
	s.f.settings = &s.set;
	s.f.answer_link = answer_link;
	situations[i].make(&s);
	const char *name = situations[i].name;
	struct rendered r = render(s.a, &s.d, &s.f);
	if (situations[i].subject != NULL)
		assert_str(r.subject, situations[i].subject);
	same_as_file(s.a, r.text, arena_printf(s.a, "tests/golden/%s.txt", name));
	same_as_file(s.a, r.html, arena_printf(s.a, "tests/golden/%s.html", name));
	if (r.calendar.n > 0)
		same_as_file(s.a, r.calendar, arena_printf(s.a, "tests/golden/%s.ics", name));
	check_mime(&s, name, &r);
	arena_free(s.a);
}

static void test_situation(void **state)
{
	check(*(const size_t *)*state);
}

int main(void)
{
	static size_t index[COUNT(situations)];
	struct CMUnitTest tests[COUNT(situations)];
	for (size_t i = 0; i < COUNT(situations); i++) {
		index[i] = i;
		tests[i] = (struct CMUnitTest){situations[i].name, test_situation, NULL, NULL, &index[i]};
	}
	log_set_hook(harness_log, NULL);
	return cmocka_run_group_tests_name("mails", tests, NULL, NULL);
}
