/* SPDX-License-Identifier: MIT
 *
 * Composes digests of 12 calls with signed answers, each to the finished bytes of a mail,
 * and prints how many a second of CPU time. In: how many; out: one line. For `make bench`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/token.h"
#include "mail/mail.h"
#include "render/render.h"

#define NOW	   INT64_C(1795417200) /* Monday 2026-11-23T07:00:00Z */
#define CALLS	   12
#define MAIL_ARENA ((size_t)64 << 20)

static const char *const languages[] = {"en", "de", "et", "fr"};

static struct str answer_link(void *ctx, struct arena *a, const struct opportunity *call, struct str profile,
	enum answer answer)
{
	static const char *const words[ANSWER_COUNT] = {"interested", "not-relevant", "applying"};
	struct str parts[] = {str_of(words[answer]), call->short_id, profile};
	struct str token = token_make(a, *(const struct str *)ctx, "answer", parts, COUNT(parts));
	return str_of(arena_printf(a, "mailto:calls@cluster.example?subject=%s%%20%.*s%%20%.*s%%20%.*s",
		words[answer], STRF(call->short_id), STRF(profile), STRF(token)));
}

static struct opportunity make_call(struct arena *a, int n)
{
	struct opportunity o = {.id = n, .kind = KIND_GRANT, .budget = {2000000, 6000000, 24000000, "EUR"}};
	struct buf text = buf_init(4000);
	while (text.n < 1500)
		buf_addz(&text, "Proposals should show a pilot line that makes three batches under real "
				"conditions. ");
	o.title = str_of(arena_printf(a, "Automated manufacturing of cell and gene therapies, topic %d", n));
	o.summary = buf_take(&text, a);
	o.url = str_of(arena_printf(
		a, "https://portal.example/opportunities/topic-details/HLTH-2027-%02d?lang=en", n));
	o.call = str_of(arena_printf(a, "HORIZON-HLTH-2027-%02d", n));
	o.programme = STR("Horizon Europe");
	o.funder = STR("European Commission");
	o.eligibility = STR("Consortia of at least three organisations from three different countries.");
	o.language = STR("en");
	o.short_id = str_of(arena_printf(a, "k%03d", n));
	*vec_push(a, &o.countries) = STR("EE");
	*vec_push(a, &o.countries) = STR("EU");
	for (int i = 0; i < 2; i++)
		*vec_push(a, &o.deadlines) =
			(struct deadline){.stage = i == 0 ? STR("stage 1") : STR("stage 2"),
				.date = {(int16_t)(2027 + i), 2, (int8_t)(n + 1)},
				.minute = 1020,
				.zone = STR("Europe/Brussels")};
	return o;
}

static struct digest make_digest(struct arena *a)
{
	struct profile *p = arena_make(a, struct profile);
	struct digest d = {
		.to = {STR("Front Desk"), STR("desk@celltech.example")}, .now = NOW, .carried_over = 3};
	p->id = STR("celltech");
	p->name = STR("CellTech OÜ");
	for (int i = 0; i < CALLS; i++) {
		struct opportunity *o = arena_make(a, struct opportunity);
		struct candidate *c = arena_make(a, struct candidate);
		*o = make_call(a, i);
		c->profile = p;
		c->opportunity = o;
		*vec_push(a, &c->words) = STR("cell therapy");
		*vec_push(a, &c->words) = STR("GMP");
		*vec_push(a, &c->labels) = STR("Cell and gene therapy");
		struct digest_call *call = vec_push(a, &d.calls);
		call->opportunity = o;
		*vec_push(a, &call->hits) = c;
	}
	return d;
}

static size_t compose(struct arena *a, const struct digest *d, const struct render_frame *f, int number)
{
	struct rendered r;
	struct str bytes;
	struct error e;
	if (render_digest(a, d, f, &r, &e) != ERR_OK)
		die("%s", e.text);
	struct mail_out m = {.from = f->settings->from,
		.to = d->to,
		.subject = r.subject,
		.text = r.text,
		.html = r.html,
		.calendar = r.calendar,
		.message_id = str_of(arena_printf(a, "d.%d@cluster.example", number)),
		.date = NOW,
		.list_unsubscribe = STR("<mailto:calls@cluster.example?subject=unsubscribe>")};
	if (r.calls_shown != CALLS || mail_build(a, &m, &bytes, &e) != ERR_OK)
		die("%s", e.text);
	return bytes.n;
}

int main(int argc, char **argv)
{
	int64_t count = 0;
	if (argc != 2 || !str_to_i64(str_of(argv[1]), 1, 1000000, &count))
		die("usage: digests COUNT");
	const struct settings set = {.name = STR("Emajogi Health Cluster"),
		.from = {STR("Emajogi Health Cluster"), STR("calls@cluster.example")},
		.address = STR("Riverside 1, 50411 Tartu, Estonia"),
		.zone = STR("Europe/Tallinn")};
	struct arena *calls = arena_new(MAIL_ARENA), *work = arena_new(MAIL_ARENA);
	struct str key = token_key_new(calls);
	const struct render_frame frame = {.settings = &set,
		.unsubscribe = STR("mailto:calls@cluster.example?subject=unsubscribe"),
		.answer_link = answer_link,
		.ctx = &key};
	struct digest d = make_digest(calls);
	size_t bytes = 0;
	clock_t start = clock();
	for (int i = 0; i < (int)count; i++) {
		d.language = str_of(languages[(size_t)i % COUNT(languages)]);
		arena_reset(work);
		bytes += compose(work, &d, &frame, i);
	}
	double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	printf("%lld digests of %d calls: %.0f a second of CPU, %.0f KB each\n", (long long)count, CALLS,
		(double)count / seconds, (double)bytes / (double)count / 1024);
	arena_free(work);
	arena_free(calls);
	return 0;
}
