/* SPDX-License-Identifier: MIT
 *
 * JSON Feed 1.0 and 1.1 -> items.
 */
#include "extract/parts.h"

/* The text of a member as HTML: content_html as it is, plain text escaped. */
static struct str plain_member(struct sink *s, jv o, const char *key, size_t max)
{
	jv v = json_get(o, key);
	buf_clear(&s->scratch);
	add_escaped(&s->scratch, clip_text(json_bytes(v), max));
	jv_free(v);
	return sink_keep(s, buf_str(&s->scratch), max);
}

static struct str link_member(struct sink *s, jv o, const char *key)
{
	jv v = json_get(o, key);
	struct str link = sink_link(s, s->base, json_bytes(v));
	jv_free(v);
	return link;
}

static void take_tags(struct sink *s, jv o, struct item *it)
{
	jv tags = json_get(o, "tags");
	for (int i = 0; i < json_length(tags); i++) {
		jv tag = json_at(tags, i);
		sink_keep_in(s, &it->categories, json_bytes(tag));
		jv_free(tag);
	}
	jv_free(tags);
}

/* authors[] of version 1.1, else author of 1.0; several are joined. */
static void take_authors(struct sink *s, jv o, struct item *it)
{
	struct strv names = {0};
	jv list = json_get(o, "authors");
	for (int i = 0; i < json_length(list); i++) {
		jv who = json_at(list, i);
		sink_keep_in(s, &names, json_field(s, who, "name", FIELD_TEXT_MAX));
		jv_free(who);
	}
	jv_free(list);
	if (names.n == 0) {
		jv who = json_get(o, "author");
		sink_keep_in(s, &names, json_field(s, who, "name", FIELD_TEXT_MAX));
		sink_keep_in(s, &names, json_bytes(who));
		jv_free(who);
	}
	it->author = sink_join(s, &names);
}

static void take_item(struct sink *s, jv o)
{
	struct item *it = sink_item(s);
	if (it == NULL)
		return;
	it->id = json_field(s, o, "id", FIELD_TEXT_MAX);
	it->title = plain_member(s, o, "title", FIELD_TEXT_MAX);
	it->link = link_member(s, o, "url");
	if (it->link.n == 0)
		it->link = link_member(s, o, "external_url");
	if (it->link.n == 0 && is_address(it->id))
		it->link = it->id;
	it->published = json_field(s, o, "date_published", FIELD_TEXT_MAX);
	it->updated = json_field(s, o, "date_modified", FIELD_TEXT_MAX);
	it->summary = plain_member(s, o, "summary", ITEM_TEXT_MAX);
	it->content = json_field(s, o, "content_html", ITEM_TEXT_MAX);
	if (it->content.n == 0)
		it->content = plain_member(s, o, "content_text", ITEM_TEXT_MAX);
	it->language = json_field(s, o, "language", FIELD_TEXT_MAX);
	take_authors(s, o, it);
	take_tags(s, o, it);
	if (!item_says_something(s, it))
		sink_reject(s, STR("an empty item"));
}

enum err json_feed(struct sink *s, struct str utf8, struct error *e)
{
	jv feed;
	enum err err = json_read(utf8, &feed, e);
	if (err != ERR_OK)
		return err;
	struct page *p = s->page;
	jv version = json_get(feed, "version"), items = json_get(feed, "items");
	bool named = str_find(json_bytes(version), STR("jsonfeed.org")) != SIZE_MAX;
	jv_free(version);
	if (jv_get_kind(items) == JV_KIND_ARRAY) {
		p->format = "jsonfeed";
		if (s->base.n == 0)
			s->base = json_field(s, feed, "feed_url", ITEM_URL_MAX);
		p->title = json_field(s, feed, "title", FIELD_TEXT_MAX);
		p->link = link_member(s, feed, "home_page_url");
		p->language = json_field(s, feed, "language", FIELD_TEXT_MAX);
		p->next = link_member(s, feed, "next_url");
		for (int i = 0; i < json_length(items) && !s->full; i++) {
			jv item = json_at(items, i);
			take_item(s, item);
			jv_free(item);
		}
	} else {
		err = err_set(e, ERR_INPUT, named ? "a JSON Feed without items" : "JSON, but no JSON Feed");
	}
	jv_free(items);
	jv_free(feed);
	return err;
}
