/* SPDX-License-Identifier: MIT
 *
 * Every statement of the program, by name. Portable to PostgreSQL where that costs
 * nothing: named parameters, no double-quoted strings, coalesce and sum, upserts.
 */
#include "store/sql.h"

#include <stddef.h>

/* A forward or event that counts: no test member, no bounce, not retracted. */
#define NOT_BOUNCED                                                                                          \
	" AND NOT EXISTS (SELECT 1 FROM event b LEFT JOIN retraction r ON r.event = b.id"                    \
	" WHERE b.state = 'bounced' AND r.event IS NULL AND b.profile = f.profile AND b.opportunity = f.opportunity)"

/* A call that is known from what was forwarded by hand alone: it is over, and nobody
 * is told of it until a source shows it. */
#define PAST_ONLY                                                                                            \
	"o.source = 'imported' AND NOT EXISTS"                                                               \
	" (SELECT 1 FROM sighting s WHERE s.opportunity = o.id AND s.source <> 'imported')"
/* The profile for which a call of mail_item `m` was told; of several the first. */
#define TOLD_PROFILE                                                                                         \
	"coalesce((SELECT min(p.profile) FROM mail_item_profile p WHERE p.outbox = m.outbox"                 \
	" AND p.opportunity = m.opportunity), '')"
/* The call is not one that was merged into another. */
#define STANDS(call) call " NOT IN (SELECT id FROM opportunity WHERE merged_into IS NOT NULL)"

/* Rows of :from go to :to, unless `taken` says that it has the like. */
#define MERGE(table, taken)                                                                                  \
	"UPDATE " table " SET origin = CASE origin WHEN 0 THEN opportunity ELSE origin END,"                 \
	" opportunity = :to WHERE opportunity = :from" taken
#define UNLESS(table, like)                                                                                  \
	" AND NOT EXISTS (SELECT 1 FROM " table " x WHERE x.opportunity = :to" like ")"
/* Only with what it belongs to. */
#define WITH_ITS(table, like)                                                                                \
	" AND NOT EXISTS (SELECT 1 FROM " table " x WHERE x.opportunity = :from" like ")"
/* What came from :gone, or from what was merged into it before, goes back to it. */
#define UNMERGE(table)                                                                                       \
	"WITH RECURSIVE part (id) AS (SELECT :gone UNION SELECT g.gone FROM merge g JOIN part ON g.kept = part.id" \
	" AND g.verdict = 'merged') UPDATE " table " SET opportunity = :gone,"                               \
	" origin = CASE origin WHEN :gone THEN 0 ELSE origin END WHERE origin IN (SELECT id FROM part)"

/* The last one: whether it came while its profile was paused. */
#define HIT_COLUMNS                                                                                          \
	"h.id, h.opportunity, h.profile, h.score, h.state, h.rules, h.at, h.note, h.urgent,"                 \
	" EXISTS (SELECT 1 FROM pause p WHERE p.profile = h.profile AND h.at >= p.started AND h.at < p.ended)"

#define OUTBOX_COLUMNS                                                                                       \
	"id, recipient, message_id, sender, subject, state, reply, slot, next_try, attempts, created"

const char *const sql_text[SQL_COUNT] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_BEGIN_READING] = "BEGIN",
	[SQL_COMMIT] = "COMMIT",
	[SQL_META_GET] = "SELECT value FROM meta WHERE key = :key",
	[SQL_META_SET] = "INSERT INTO meta (key, value) VALUES (:key, :value)"
			 " ON CONFLICT (key) DO UPDATE SET value = excluded.value",

	[SQL_SOURCE_GET] = "SELECT etag, last_modified, next_poll, last_try, last_ok, failures, last_error, items,"
			   " bad_items, bad_why, usual FROM source WHERE name = :name",
	[SQL_SOURCE_SAVE] =
		"INSERT INTO source (name, etag, last_modified, next_poll, last_try, last_ok, failures, last_error,"
		" items, bad_items, bad_why, usual) VALUES (:name, :etag, :last_modified, :next_poll, :last_try, :last_ok,"
		" :failures, :last_error, :items, :bad_items, :bad_why, :usual)"
		" ON CONFLICT (name) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,"
		" next_poll = excluded.next_poll, last_try = excluded.last_try, last_ok = excluded.last_ok,"
		" failures = excluded.failures, last_error = excluded.last_error, items = excluded.items,"
		" bad_items = excluded.bad_items, bad_why = excluded.bad_why, usual = excluded.usual",

	[SQL_IDENTITY_FIND] = "SELECT opportunity FROM identity WHERE key = :key",
	[SQL_IDENTITY_ADD] = "INSERT INTO identity (key, opportunity) VALUES (:key, :opportunity)"
			     " ON CONFLICT (key) DO NOTHING",
	[SQL_SIGHTING_SAVE] =
		"INSERT INTO sighting (source, key, opportunity, url, first_seen, last_seen)"
		" VALUES (:source, :key, :opportunity, :url, :now, :now)"
		" ON CONFLICT (source, key) DO UPDATE SET opportunity = excluded.opportunity, url = excluded.url,"
		" last_seen = excluded.last_seen, missed = 0",
	[SQL_SHARED_ID_ADD] = "INSERT INTO shared_id (key) VALUES (:key) ON CONFLICT (key) DO NOTHING",
	[SQL_SHARED_ID_FIND] = "SELECT count(*) FROM shared_id WHERE key = :key",
	[SQL_SIGHTING_LISTED] = "UPDATE sighting SET last_seen = :now, missed = 0 WHERE source = :source AND key = :key",
	[SQL_SIGHTING_MISS] = "UPDATE sighting SET missed = missed + 1 WHERE source = :source AND last_seen < :now"
			      " AND missed < 100 AND (:unmodified = 0 OR missed > 0 OR last_seen <"
			      " (SELECT max(m.last_seen) FROM sighting m WHERE m.source = :source))",
	[SQL_VOICE_SEEN] = "SELECT count(*) FROM sighting WHERE source = :source AND key = :key AND missed = 0",
	/* Calls with the words of a source that shows them no more, and that no other shows. */
	[SQL_GONE] = "SELECT o.id FROM opportunity o WHERE o.source = :source AND o.withdrawn = 0"
		     " AND o.merged_into IS NULL"
		     " AND EXISTS (SELECT 1 FROM sighting s WHERE s.opportunity = o.id AND s.source = :source)"
		     " AND NOT EXISTS (SELECT 1 FROM sighting s WHERE s.opportunity = o.id"
		     " AND s.missed < CASE s.source WHEN :source THEN :polls ELSE 1 END)"
		     " AND (NOT EXISTS (SELECT 1 FROM deadline d WHERE d.opportunity = o.id)"
		     " OR EXISTS (SELECT 1 FROM deadline d WHERE d.opportunity = o.id AND d.date >= :from)) ORDER BY o.id",
	[SQL_CLOSE_GONE] = "UPDATE opportunity SET withdrawn = 1, changed_at = :now, matched_with = '' WHERE id = :id",
	[SQL_SIGHTINGS] = "SELECT source, url, first_seen, last_seen FROM sighting WHERE opportunity = :opportunity"
			  " ORDER BY first_seen, source, key",
	[SQL_SIGHTED_OTHERWISE] = "SELECT count(*) FROM sighting WHERE opportunity = :opportunity"
				  " AND source = :source AND key <> :key",
	[SQL_OPPORTUNITY_ADD] =
		"INSERT INTO opportunity (short_id, key, kind, title, summary, body, url, call_id, programme, funder, source,"
		" eligibility, language, stage, countries, categories, opens, budget_min, budget_max, budget_total,"
		" currency, source_status, provenance, published, withdrawn, first_seen, changed_at)"
		" VALUES (:short_id, :key, :kind, :title, :summary, :body, :url, :call_id, :programme, :funder, :source,"
		" :eligibility, :language, :stage, :countries, :categories, :opens, :budget_min, :budget_max,"
		" :budget_total, :currency, :source_status, :provenance, :published, :withdrawn, :now, :now) RETURNING id",
	[SQL_OPPORTUNITY_UPDATE] =
		"UPDATE opportunity SET key = :key, kind = :kind, title = :title, summary = :summary, body = :body, url = :url,"
		" call_id = :call_id, programme = :programme, funder = :funder, source = :source,"
		" eligibility = :eligibility, language = :language, stage = :stage, countries = :countries,"
		" categories = :categories, opens = :opens, budget_min = :budget_min, budget_max = :budget_max,"
		" budget_total = :budget_total, currency = :currency, source_status = :source_status,"
		" provenance = :provenance, published = :published, withdrawn = :withdrawn, changed_at = :now, matched_with = ''"
		" WHERE id = :id",
	[SQL_OPPORTUNITY_GET] =
		"SELECT kind, title, summary, body, url, call_id, programme, funder, source, eligibility, language,"
		" stage, countries, categories, opens, budget_min, budget_max, budget_total, currency, source_status,"
		" provenance, published, first_seen,"
		" CASE WHEN " PAST_ONLY " THEN 1 ELSE withdrawn END, key, short_id,"
		" (SELECT count(*) FROM change c WHERE c.opportunity = o.id) FROM opportunity o WHERE o.id = :id",
	[SQL_OPPORTUNITY_IDS] = "SELECT id FROM opportunity WHERE merged_into IS NULL"
				" ORDER BY first_seen DESC, id DESC",
	/* "<>" would read every call that was ever stored. */
	[SQL_OPPORTUNITY_UNMATCHED] = "SELECT o.id FROM opportunity o WHERE (o.matched_with < :rules OR o.matched_with > :rules)"
				      " AND o.merged_into IS NULL"
				      " AND NOT (" PAST_ONLY ") ORDER BY +o.id",
	[SQL_OPPORTUNITY_SET_MATCHED] = "UPDATE opportunity SET matched_with = :rules WHERE id = :id",
	[SQL_OPPORTUNITY_FIND] =
		"SELECT coalesce(merged_into, id), short_id, call_id, id FROM opportunity WHERE substr(short_id, 1, length(:lower)) = :lower"
		" OR substr(upper(call_id), 1, length(:upper)) = :upper"
		" ORDER BY (short_id = :lower OR upper(call_id) = :upper) DESC, id LIMIT 6",
	[SQL_SHORT_ID] = "SELECT short_id FROM opportunity WHERE id = :id",
	[SQL_SHORT_ID_TAKEN] = "SELECT count(*) FROM opportunity WHERE short_id = :short_id",
	[SQL_DEADLINE_CLEAR] = "DELETE FROM deadline WHERE opportunity = :opportunity",
	[SQL_DEADLINE_ADD] = "INSERT INTO deadline (opportunity, position, stage, date, minute, zone)"
			     " VALUES (:opportunity, :position, :stage, :date, :minute, :zone)",
	[SQL_DEADLINES] = "SELECT stage, date, minute, zone FROM deadline WHERE opportunity = :opportunity"
			  " ORDER BY position",
	[SQL_CHANGE_ADD] = "INSERT INTO change (opportunity, at, field, before, after)"
			   " VALUES (:opportunity, :at, :field, :before, :after)",
	[SQL_CHANGES] = "SELECT at, field, before, after FROM change WHERE opportunity = :opportunity ORDER BY id",

	[SQL_MERGED_INTO] = "SELECT coalesce(merged_into, id) FROM opportunity WHERE id = :id",
	[SQL_MERGE_ADD] = "INSERT INTO merge (kept, gone, verdict, at, who, known, key, source) SELECT id, :gone, :verdict,"
			  " :now, :who, (SELECT coalesce(max(id), 0) FROM change), key, source"
			  " FROM opportunity WHERE id = :kept",
	[SQL_MERGE_FIND] = "SELECT g.id, g.gone, g.key, g.source, o.merged_into FROM merge g"
			   " JOIN opportunity o ON o.id = g.gone WHERE g.verdict = 'merged'"
			   " AND ((g.gone = :one AND :two IN (g.kept, o.merged_into))"
			   " OR (g.gone = :two AND :one IN (g.kept, o.merged_into))) ORDER BY g.id DESC LIMIT 1",
	[SQL_MERGE_SEEN] = "SELECT count(*) FROM merge WHERE gone = :one AND kept = :two OR gone = :two AND kept = :one",
	[SQL_MERGE_END] = "UPDATE merge SET verdict = 'undone', undone_at = :now, undone_by = :who WHERE id = :id",
	[SQL_MERGE_POINT] = "UPDATE opportunity SET merged_into = :to WHERE id = :from OR merged_into = :from",
	[SQL_UNMERGE_POINT] =
		"WITH RECURSIVE part (id) AS (SELECT :gone UNION SELECT g.gone FROM merge g JOIN part ON g.kept = part.id"
		" AND g.verdict = 'merged') UPDATE opportunity SET matched_with = '',"
		" merged_into = CASE id WHEN :gone THEN NULL ELSE :gone END WHERE id IN (SELECT id FROM part)",
	/* Mails that wait with the call in them. */
	[SQL_MERGE_MAILS] = "SELECT DISTINCT o.id FROM mail_item m JOIN outbox o ON o.id = m.outbox"
			    " WHERE m.opportunity = :opportunity AND m.change = 0 AND o.state = 'queued' ORDER BY o.id",
	[SQL_MERGES_OF] = "SELECT o.short_id, o.call_id, o.title, o.source, g.at, g.who FROM opportunity o"
			  " JOIN merge g ON g.gone = o.id AND g.verdict = 'merged' WHERE o.merged_into = :opportunity"
			  " ORDER BY g.id",
	/* A call that took the words of one that leaves it is its own source's again. */
	[SQL_MERGE_VOICE] = "UPDATE opportunity SET key = :key, source = :source WHERE id = :id AND NOT EXISTS"
			    " (SELECT 1 FROM sighting s WHERE s.opportunity = :id AND s.source = opportunity.source"
			    " AND s.key = opportunity.key)",
	[SQL_MERGE_TITLES] =
		"SELECT o.id, o.title, d.date FROM opportunity o JOIN deadline d ON d.opportunity = o.id"
		" WHERE o.merged_into IS NULL AND o.title <> '' AND EXISTS (SELECT 1 FROM deadline n"
		" WHERE n.opportunity = o.id AND n.date >= :from) ORDER BY o.id, d.date",
	[SQL_MERGE_IDENTITY] = MERGE("identity", ""),
	[SQL_MERGE_SIGHTING] = MERGE("sighting", ""),
	[SQL_MERGE_HIT] = MERGE("hit", UNLESS("hit", " AND x.profile = hit.profile")),
	[SQL_MERGE_DECISION] = MERGE("decision", WITH_ITS("hit", " AND x.profile = decision.profile")),
	[SQL_MERGE_MAIL_ITEM] = MERGE("mail_item", UNLESS("mail_item", " AND x.recipient = mail_item.recipient"
								       " AND x.change = mail_item.change")),
	[SQL_MERGE_MAIL_PROFILE] =
		MERGE("mail_item_profile", WITH_ITS("mail_item", " AND x.outbox = mail_item_profile.outbox AND x.change = 0")
		UNLESS("mail_item_profile", " AND x.outbox = mail_item_profile.outbox"
					    " AND x.profile = mail_item_profile.profile")),
	[SQL_MERGE_REMINDER] = MERGE("reminder", UNLESS("reminder", " AND x.recipient = reminder.recipient"
								   " AND x.date = reminder.date AND x.step = reminder.step")),
	[SQL_MERGE_FORWARD] = MERGE("forward", UNLESS("forward", " AND x.profile = forward.profile")),
	[SQL_MERGE_EVENT] = MERGE("event", WITH_ITS("forward", " AND x.profile = event.profile")),
	[SQL_UNMERGE_IDENTITY] = UNMERGE("identity"),
	[SQL_UNMERGE_SIGHTING] = UNMERGE("sighting"),
	[SQL_UNMERGE_HIT] = UNMERGE("hit"),
	[SQL_UNMERGE_DECISION] = UNMERGE("decision"),
	[SQL_UNMERGE_MAIL_ITEM] = UNMERGE("mail_item"),
	[SQL_UNMERGE_MAIL_PROFILE] = UNMERGE("mail_item_profile"),
	[SQL_UNMERGE_REMINDER] = UNMERGE("reminder"),
	/* What happened since belongs to the forward that it followed. */
	[SQL_UNMERGE_NEW_EVENTS] =
		"UPDATE event SET origin = :gone WHERE opportunity = :kept AND origin = 0 AND profile IN"
		" (SELECT f.profile FROM forward f WHERE f.opportunity = :kept AND f.origin = :gone)",
	[SQL_UNMERGE_EVENT] = UNMERGE("event"),
	[SQL_UNMERGE_FORWARD] = UNMERGE("forward"),

	[SQL_DETAILS_DUE] =
		"SELECT o.id, max(g.url), coalesce((SELECT substr(i.key, length('guid:' || :source || ':') + 1)"
		" FROM identity i WHERE i.opportunity = o.id"
		" AND substr(i.key, 1, length('guid:' || :source || ':')) = 'guid:' || :source || ':'"
		" ORDER BY i.rowid DESC LIMIT 1), ''),"
		" coalesce(max(d.tries), 0)"
		" FROM opportunity o JOIN sighting g ON g.opportunity = o.id AND g.source = :source"
		" LEFT JOIN detail d ON d.opportunity = o.id AND d.source = :source"
		" WHERE o.withdrawn = 0 AND (d.state IS NULL OR (d.state = 'failed' AND d.next_try <= :now))"
		" AND EXISTS (SELECT 1 FROM hit h WHERE h.opportunity = o.id AND h.state <> 'rejected')"
		" AND coalesce((SELECT max(l.date) FROM deadline l WHERE l.opportunity = o.id), :yesterday) >= :yesterday"
		" AND NOT EXISTS (SELECT 1 FROM detail r WHERE r.source = :source AND r.rest > :now)"
		" GROUP BY o.id ORDER BY coalesce(max(d.tries), 0), o.id LIMIT :max",
	[SQL_DETAIL_SAVE] =
		"INSERT INTO detail (opportunity, source, state, tries, next_try, rest, fetched_at, fields, error)"
		" VALUES (:opportunity, :source, :state, :tries, :next_try, :rest, :fetched_at, :fields, :error)"
		" ON CONFLICT (opportunity, source) DO UPDATE SET state = excluded.state, tries = excluded.tries,"
		" next_try = excluded.next_try, rest = excluded.rest, fetched_at = excluded.fetched_at,"
		" fields = excluded.fields, error = excluded.error",
	[SQL_DETAILS] = "SELECT source, state = 'done', tries, next_try, fetched_at, fields, error FROM detail"
			" WHERE opportunity = :opportunity ORDER BY source",
	[SQL_DETAILS_FAILING] =
		"SELECT (SELECT count(*) FROM detail WHERE source = :source AND state = 'failed'), error FROM detail"
		" WHERE source = :source AND state = 'failed' ORDER BY fetched_at DESC, opportunity DESC LIMIT 1",

	[SQL_REACHED] = "SELECT opportunity, profile FROM hit WHERE state <> 'rejected' AND " STANDS("opportunity")
			" UNION SELECT opportunity, profile FROM forward ORDER BY 1, 2",
	[SQL_LAST_FORWARDS] = "SELECT profile, max(at) FROM forward GROUP BY profile ORDER BY profile",
	[SQL_DISLIKED_TERMS] =
		"SELECT h.profile, r.line, lower(r.words), count(DISTINCT e.opportunity), count(DISTINCT f.opportunity)"
		" FROM forward f JOIN hit h ON h.opportunity = f.opportunity AND h.profile = f.profile"
		" JOIN reason r ON r.hit = h.id"
		" LEFT JOIN event e ON e.profile = f.profile AND e.opportunity = f.opportunity"
		" AND e.state = 'not-relevant' AND NOT EXISTS (SELECT 1 FROM retraction x WHERE x.event = e.id)"
		" WHERE f.test = 0 GROUP BY h.profile, r.line, lower(r.words)"
		" HAVING count(DISTINCT e.opportunity) > 0 ORDER BY 4 DESC, 5, 3, 1 LIMIT 50",
	[SQL_HIT_SAVE] =
		"INSERT INTO hit (opportunity, profile, score, state, rules, urgent, at)"
		" VALUES (:opportunity, :profile, :score, :state, :rules, :urgent, :at)"
		" ON CONFLICT (opportunity, profile) DO UPDATE SET score = excluded.score, rules = excluded.rules,"
		" urgent = excluded.urgent,"
		" state = CASE WHEN hit.state IN ('open', 'review') THEN excluded.state ELSE hit.state END"
		" RETURNING id",
	[SQL_HIT_ID] = "SELECT id FROM hit WHERE opportunity = :opportunity AND profile = :profile",
	[SQL_HIT_DROP] = "DELETE FROM hit WHERE opportunity = :opportunity AND profile = :profile"
			 /* What suits by the words of a call that was merged into this one stays. */
			 " AND state IN ('open', 'review') AND origin = 0",
	[SQL_HIT_PROFILES] = "SELECT DISTINCT profile FROM hit WHERE state IN ('open', 'review')",
	[SQL_CALL_PROFILES] = "SELECT profile FROM hit WHERE opportunity = :opportunity AND state IN ('open', 'review')",
	[SQL_HITS_DROP_STRANGERS] = "DELETE FROM hit WHERE profile = :profile AND state IN ('open', 'review')",
	[SQL_REASON_CLEAR] = "DELETE FROM reason WHERE hit = :hit",
	[SQL_REASON_ADD] = "INSERT INTO reason (hit, position, line, label, field, start_byte, end_byte, words)"
			   " VALUES (:hit, :position, :line, :label, :field, :start, :end, :words)",
	[SQL_REASONS] = "SELECT line, label, field, start_byte, end_byte, words FROM reason WHERE hit = :hit"
			" ORDER BY position",
	[SQL_HITS_OF_PROFILE] = "SELECT " HIT_COLUMNS " FROM hit h"
				" WHERE profile = :profile AND " STANDS("opportunity") " ORDER BY opportunity",
	[SQL_HITS_UNTOLD] =
		"SELECT " HIT_COLUMNS " FROM hit h"
		" WHERE h.profile = :profile AND h.state <> 'rejected' AND " STANDS("h.opportunity")
		" AND NOT EXISTS (SELECT 1 FROM hit r JOIN opportunity g ON g.id = r.opportunity"
		" WHERE g.merged_into = h.opportunity AND r.profile = h.profile AND r.state = 'rejected')"
		" AND NOT EXISTS (SELECT 1 FROM mail_item m WHERE m.recipient = :recipient"
		" AND m.opportunity = h.opportunity AND m.change = 0)"
		" AND NOT EXISTS (SELECT 1 FROM forward f WHERE f.opportunity = h.opportunity AND f.outbox IS NULL"
		" AND (f.profile = h.profile OR f.recipient = :recipient))"
		" AND NOT EXISTS (SELECT 1 FROM forward f WHERE f.profile = h.profile AND f.opportunity = h.opportunity"
		" AND f.at < coalesce((SELECT since FROM served s WHERE s.profile = :profile AND s.recipient = :recipient), :now))"
		" AND (NOT EXISTS (SELECT 1 FROM deadline d WHERE d.opportunity = h.opportunity)"
		" OR EXISTS (SELECT 1 FROM deadline d WHERE d.opportunity = h.opportunity AND d.date >= :from))"
		" ORDER BY h.opportunity",
	[SQL_HIT_ONE] = "SELECT " HIT_COLUMNS " FROM hit h"
			" WHERE opportunity = :opportunity AND profile = :profile",
	[SQL_HITS_IN_REVIEW] = "SELECT " HIT_COLUMNS " FROM hit h"
			       " WHERE state = 'review' AND " STANDS("opportunity") " ORDER BY at, id",
	[SQL_HIT_DECIDE] = "UPDATE hit SET state = CASE WHEN :state = '' THEN state ELSE :state END, note = :note"
			   " WHERE opportunity = :opportunity AND profile = :profile",
	[SQL_DECISION_ADD] = "INSERT INTO decision (opportunity, profile, verdict, at, who, why, note)"
			     " VALUES (:opportunity, :profile, :verdict, :at, :who, :why, :note)",
	[SQL_DECISION_GET] = "SELECT verdict, at, who, why, note FROM decision WHERE opportunity = :opportunity"
			     " AND profile = :profile ORDER BY id DESC LIMIT 1",

	[SQL_RULESET_ADD] = "INSERT INTO ruleset (hash, text) VALUES (:hash, :text) ON CONFLICT (hash) DO NOTHING",
	[SQL_IN_FORCE_ADD] = "INSERT INTO in_force (at, hash) VALUES (:at, :hash)",
	[SQL_RULES_AT] = "SELECT f.at, f.hash, r.text FROM in_force f JOIN ruleset r ON r.hash = f.hash"
			 " WHERE f.at <= :at ORDER BY f.at DESC, f.id DESC LIMIT 1",
	[SQL_RULES_NOW] = "SELECT hash FROM in_force ORDER BY id DESC LIMIT 1",
	[SQL_RULES_ALL] = "SELECT at, hash FROM in_force ORDER BY id",
	[SQL_KNOWN_PROFILES] = "SELECT profile, recipient FROM served UNION SELECT profile, recipient FROM forward"
			       " ORDER BY 1, 2",
	/* Where both names have one, what staff decided stays, and the ledger of either. */
	[SQL_RENAME_HITS_CLEAR] = "DELETE FROM hit WHERE profile = :to AND state IN ('open', 'review') AND EXISTS"
				  " (SELECT 1 FROM hit h WHERE h.profile = :from AND h.opportunity = hit.opportunity)",
	[SQL_RENAME_HITS] = "UPDATE hit SET profile = :to WHERE profile = :from AND NOT EXISTS"
			    " (SELECT 1 FROM hit h WHERE h.profile = :to AND h.opportunity = hit.opportunity)",
	[SQL_RENAME_HITS_END] = "DELETE FROM hit WHERE profile = :from AND EXISTS"
				" (SELECT 1 FROM hit h WHERE h.profile = :to AND h.opportunity = hit.opportunity)",
	[SQL_RENAME_DECISIONS] = "UPDATE decision SET profile = :to WHERE profile = :from",
	[SQL_RENAME_SERVED] = "UPDATE served SET profile = :to WHERE profile = :from AND NOT EXISTS"
			      " (SELECT 1 FROM served s WHERE s.profile = :to AND s.recipient = served.recipient)",
	[SQL_RENAME_SERVED_END] = "DELETE FROM served WHERE profile = :from AND EXISTS"
				  " (SELECT 1 FROM served s WHERE s.profile = :to AND s.recipient = served.recipient)",
	[SQL_RENAME_MAIL_ITEMS] =
		"UPDATE mail_item_profile SET profile = :to WHERE profile = :from AND NOT EXISTS"
		" (SELECT 1 FROM mail_item_profile m WHERE m.profile = :to AND m.outbox = mail_item_profile.outbox"
		" AND m.opportunity = mail_item_profile.opportunity)",
	[SQL_RENAME_FORWARDS] = "UPDATE forward SET profile = :to WHERE profile = :from AND NOT EXISTS"
				" (SELECT 1 FROM forward f WHERE f.profile = :to AND f.opportunity = forward.opportunity)",
	[SQL_RENAME_PAUSES] = "UPDATE pause SET profile = :to WHERE profile = :from AND NOT EXISTS"
			      " (SELECT 1 FROM pause p WHERE p.profile = :to AND p.started = pause.started)",
	[SQL_RENAME_EVENTS] = "UPDATE event SET profile = :to WHERE profile = :from",

	[SQL_SERVED_GET] = "SELECT slot, schedule FROM served WHERE profile = :profile AND recipient = :recipient",
	[SQL_SERVED_SET] = "INSERT INTO served (profile, recipient, slot, schedule, since)"
			   " VALUES (:profile, :recipient, :slot, :schedule, :now) ON CONFLICT (profile, recipient)"
			   " DO UPDATE SET slot = excluded.slot, schedule = excluded.schedule",
	[SQL_SLOT_TAKEN] = "SELECT count(*) FROM outbox WHERE recipient = :recipient AND slot = :slot"
			   " AND kind = :kind AND state <> 'superseded'",
	[SQL_MAIL_ADD] =
		"INSERT INTO outbox (kind, recipient, slot, message_id, sender, subject, bytes, state, next_try, created, rules)"
		" VALUES (:kind, :recipient, :slot, :message_id, :sender, :subject, :bytes, 'queued', :now, :now, :rules)"
		" RETURNING id",
	/* The same call may stand in one mail for several profiles of the recipient. */
	[SQL_MAIL_ITEM_ADD] =
		"INSERT INTO mail_item (recipient, opportunity, change, known, outbox) VALUES (:recipient, :opportunity, 0,"
		" (SELECT coalesce(max(id), 0) FROM change WHERE opportunity = :opportunity), :outbox)",
	[SQL_MAIL_CHANGE_ADD] = "INSERT INTO mail_item (recipient, opportunity, change, outbox)"
				" VALUES (:recipient, :opportunity, :change, :outbox)",
	[SQL_REMINDER_ADD] = "INSERT INTO reminder (recipient, opportunity, date, step, outbox)"
			     " VALUES (:recipient, :opportunity, :date, :step, :outbox)",
	[SQL_MAIL_RECALL_REMINDERS] = "DELETE FROM reminder WHERE outbox = :id",
	[SQL_MAIL_ITEM_PROFILE_ADD] =
		"INSERT INTO mail_item_profile (outbox, opportunity, profile, organisation, org_kind, test)"
		" VALUES (:outbox, :opportunity, :profile, :organisation, :org_kind, :test)",
	[SQL_MAIL_RECALL_ITEMS] = "DELETE FROM mail_item WHERE outbox = :id",
	[SQL_MAIL_RECALL_PROFILES] = "DELETE FROM mail_item_profile WHERE outbox = :id",
	[SQL_MAIL_RECALL] = "UPDATE outbox SET state = 'superseded', ended = :now WHERE id = :id",
	/* The recipient's slots of the mail are due again, so that it is made anew at once. */
	[SQL_MAIL_RECALL_SERVED] =
		"UPDATE served SET slot = -1 WHERE recipient = (SELECT recipient FROM outbox WHERE id = :id AND kind = 'digest')"
		" AND profile IN (SELECT profile FROM mail_item_profile WHERE outbox = :id)",
	/* Nothing of it can have left: queued, and not the identical second copy of a mail
	 * of unknown fate; or given up. */
	[SQL_MAIL_RECALLABLE] = "SELECT count(*) FROM outbox WHERE id = :id"
				" AND ((state = 'queued' AND resent = 0) OR state IN ('failed', 'held'))",
	[SQL_MAIL_WAITING] = "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE state = 'queued' AND resent = 0"
			     " AND kind <> 'staff' ORDER BY id",
	[SQL_MAIL_HOLDING] = "SELECT o.id, o.state FROM mail_item_profile p JOIN outbox o ON o.id = p.outbox"
			     " WHERE p.opportunity = :opportunity AND p.profile = :profile AND o.state <> 'superseded'"
			     " ORDER BY o.id",
	[SQL_MAIL_RELEASE] = "UPDATE outbox SET state = 'queued', next_try = :now, attempts = 0"
			     " WHERE id = :id AND state IN ('held', 'failed') RETURNING id",
	[SQL_MAIL_SENDING] = "SELECT id, owner FROM outbox WHERE state = 'sending' ORDER BY id",
	[SQL_MAIL_UNKNOWN] = "UPDATE outbox SET state = 'unknown', owner = '' WHERE id = :id AND state = 'sending'",
	[SQL_MAIL_READY] = "SELECT " OUTBOX_COLUMNS " FROM outbox WHERE state = 'queued' AND next_try <= :now"
			   " ORDER BY id",
	[SQL_MAIL_CLAIM] = "UPDATE outbox SET state = 'sending', owner = :owner, attempts = attempts + 1"
			   " WHERE id = :id AND state = 'queued' RETURNING id",
	[SQL_MAIL_GET] = "SELECT " OUTBOX_COLUMNS ", bytes FROM outbox WHERE id = :id",
	[SQL_MAIL_END] =
		"UPDATE outbox SET state = :state, reply = :reply, next_try = :next_try, owner = '',"
		" attempts = attempts - :untried,"
		" ended = CASE WHEN :state IN ('accepted', 'failed') THEN :now ELSE 0 END WHERE id = :id",
	[SQL_MAIL_RESENT] = "UPDATE outbox SET state = CASE WHEN resent = 0 AND :resend = 1 THEN 'queued' ELSE 'held' END,"
			    " resent = 1, next_try = :next_try WHERE id = :id AND state = 'unknown'",
	[SQL_FORWARDS_ADD] =
		"INSERT INTO forward (profile, opportunity, organisation, org_kind, test, recipient, outbox, at)"
		" SELECT p.profile, p.opportunity, p.organisation, p.org_kind, p.test, o.recipient, o.id, :now"
		" FROM mail_item_profile p JOIN outbox o ON o.id = p.outbox WHERE p.outbox = :id"
		" ON CONFLICT (profile, opportunity) DO NOTHING",
	/* The address has the call by another of its profiles: it is forwarded to this one too. */
	[SQL_FORWARDS_KNOWN] =
		"INSERT INTO forward (profile, opportunity, organisation, org_kind, test, recipient, outbox, at)"
		" SELECT h.profile, h.opportunity, :organisation, :org_kind, :test, m.recipient, m.outbox, :now"
		" FROM hit h JOIN mail_item m ON m.opportunity = h.opportunity AND m.change = 0"
		" JOIN outbox o ON o.id = m.outbox WHERE h.profile = :profile AND h.state IN ('open', 'approved')"
		" AND m.recipient = :recipient AND o.state = 'accepted'"
		" ON CONFLICT (profile, opportunity) DO NOTHING",
	[SQL_OUTBOX] =
		"SELECT " OUTBOX_COLUMNS " FROM outbox WHERE state IN ('queued', 'sending', 'failed', 'unknown', 'held')"
		" OR id IN (SELECT id FROM outbox WHERE state = 'accepted' ORDER BY id DESC LIMIT :accepted)"
		" ORDER BY id",
	[SQL_TOLD] =
		"SELECT o.id, o.recipient, o.message_id, o.sender, o.subject, o.state, o.reply, o.slot, o.next_try,"
		" o.attempts, CASE WHEN o.ended > 0 THEN o.ended ELSE o.created END"
		" FROM mail_item m JOIN outbox o ON o.id = m.outbox"
		" WHERE m.recipient = :recipient AND m.opportunity = :opportunity AND m.change = 0",
	[SQL_UNSENT] =
		"SELECT p.opportunity, p.profile, o.recipient, o.state, o.reply, o.next_try"
		" FROM mail_item_profile p JOIN outbox o ON o.id = p.outbox"
		" WHERE o.state IN ('queued', 'sending', 'failed', 'unknown', 'held') ORDER BY o.id, p.opportunity, p.profile",
	[SQL_SUPPRESSED] = "SELECT count(*) FROM suppression WHERE address = :address",
	[SQL_SUPPRESS] = "INSERT INTO suppression (address, at, why) VALUES (:address, :at, :why)"
			 " ON CONFLICT (address) DO NOTHING",

	/* What changed of calls that a relay took for the recipient, since they were told. */
	[SQL_CHANGES_UNTOLD] =
		"SELECT c.id, m.opportunity, c.field, c.before, c.after, c.at, " TOLD_PROFILE " FROM mail_item m"
		" JOIN outbox o ON o.id = m.outbox JOIN change c ON c.opportunity IN (m.opportunity, m.origin)"
		/* Of a call that another one was merged into, only what came after. */
		" AND c.id > CASE WHEN m.origin = 0 OR c.opportunity = m.origin THEN m.known ELSE"
		" (SELECT max(g.known) FROM merge g WHERE g.verdict = 'merged' AND (g.gone = m.origin OR"
		" (g.kept = m.opportunity AND g.gone IN (SELECT i.kept FROM merge i WHERE i.gone = m.origin)))) END"
		" WHERE m.recipient = :recipient AND m.change = 0 AND o.state = 'accepted' AND " STANDS("m.opportunity")
		" AND NOT EXISTS (SELECT 1 FROM mail_item t WHERE t.recipient = m.recipient AND t.change = c.id)"
		" ORDER BY m.opportunity, c.id",
	/* Deadlines to come of calls that a relay took for the recipient and that none of
	 * its profiles settled, with the smallest step that it was reminded of. */
	[SQL_DEADLINES_TOLD] =
		"SELECT m.opportunity, d.position, o.created, coalesce((SELECT min(r.step) FROM reminder r"
		" WHERE r.recipient = m.recipient AND r.opportunity = m.opportunity AND r.date = d.date), -1), " TOLD_PROFILE
		" FROM mail_item m JOIN outbox o ON o.id = m.outbox JOIN deadline d ON d.opportunity = m.opportunity"
		" WHERE m.recipient = :recipient AND m.change = 0 AND o.state = 'accepted'"
		" AND " STANDS("m.opportunity")
		" AND d.date >= :from AND d.date <= :to AND NOT EXISTS (SELECT 1 FROM mail_item_profile p"
		" JOIN event e ON e.profile = p.profile AND (e.opportunity = p.opportunity OR e.opportunity IN"
		" (SELECT id FROM opportunity WHERE merged_into = p.opportunity))"
		" LEFT JOIN retraction x ON x.event = e.id WHERE p.outbox = m.outbox AND p.opportunity = m.opportunity"
		" AND x.event IS NULL AND e.state IN ('not-relevant', 'applied', 'won', 'lost'))"
		" ORDER BY d.date, m.opportunity, d.position",
	[SQL_URGENT_COUNT] = "SELECT count(*) FROM outbox WHERE recipient = :recipient AND kind = 'urgent'"
			     " AND created >= :from AND state <> 'superseded'",
	[SQL_PAUSE_OPEN] = "INSERT INTO pause (profile, started, ended) VALUES (:profile, :now, :until)"
			   " ON CONFLICT (profile, started) DO UPDATE SET ended = excluded.ended",
	[SQL_PAUSES] = "SELECT profile, ended FROM pause WHERE ended > :now ORDER BY profile",
	[SQL_PAUSE_CLOSE] = "UPDATE pause SET ended = :now WHERE profile = :profile AND ended > :now",

	/* Who the profile was is taken from its forward, so that the ledger stands alone. */
	[SQL_EVENT_ADD] =
		"INSERT INTO event (profile, opportunity, organisation, org_kind, test, state, at, who, note, eur, project)"
		" SELECT f.profile, f.opportunity, f.organisation, f.org_kind, f.test, :state, :at, :who, :note, :eur,"
		" :project FROM forward f WHERE f.profile = :profile AND f.opportunity = :opportunity RETURNING id",
	[SQL_EVENT_RETRACTABLE] = "SELECT count(*) FROM event e LEFT JOIN retraction r ON r.event = e.id"
				  " WHERE e.id = :event AND r.event IS NULL",
	[SQL_RETRACTION_ADD] = "INSERT INTO retraction (event, at, who, why) VALUES (:event, :at, :who, :why)",
	[SQL_FORWARDED_AT] = "SELECT at FROM forward WHERE opportunity = :opportunity AND profile = :profile",
	[SQL_PAST_FORWARD_ADD] =
		"INSERT INTO forward (profile, opportunity, organisation, org_kind, test, recipient, imported, at)"
		" VALUES (:profile, :opportunity, :organisation, :org_kind, :test, :recipient, :imported, :at)"
		" ON CONFLICT (profile, opportunity) DO NOTHING RETURNING id",
	[SQL_PAST_FORWARD_GET] =
		"SELECT at, imported FROM forward WHERE opportunity = :opportunity AND outbox IS NULL"
		" AND (profile = :profile OR recipient = :recipient) ORDER BY at LIMIT 1",
	[SQL_EVENT_KNOWN] = "SELECT count(*) FROM event WHERE profile = :profile AND opportunity = :opportunity"
			    " AND state = :state AND at = :at",
	[SQL_KPI_IDENTIFIED] = "SELECT count(*) FROM opportunity WHERE first_seen >= :from AND first_seen < :to"
			       " AND merged_into IS NULL",
	[SQL_KPI_FORWARDED] = "SELECT count(DISTINCT coalesce(o.merged_into, o.id)) FROM forward f"
			      " JOIN opportunity o ON o.id = f.opportunity WHERE f.at >= :from AND f.at < :to AND f.test = 0" NOT_BOUNCED,
	/* An organisation counts once, under the kind it had at the end of the period. */
	[SQL_KPI_REACHED] =
		"SELECT k.org_kind, count(*) FROM (SELECT f.organisation, (SELECT g.org_kind FROM forward g"
		" WHERE g.organisation = f.organisation AND g.test = 0 AND g.at < :to ORDER BY g.id DESC LIMIT 1) AS org_kind"
		" FROM forward f WHERE f.at >= :from AND f.at < :to AND f.test = 0" NOT_BOUNCED
		" GROUP BY f.organisation) k GROUP BY k.org_kind",
	[SQL_KPI_ENGAGED] =
		"SELECT k.org_kind, count(*) FROM (SELECT f.organisation, (SELECT g.org_kind FROM forward g"
		" WHERE g.organisation = f.organisation AND g.test = 0 AND g.at < :to ORDER BY g.id DESC LIMIT 1) AS org_kind"
		" FROM event f LEFT JOIN retraction x ON x.event = f.id"
		" WHERE f.at >= :from AND f.at < :to AND f.test = 0 AND x.event IS NULL AND f.state IN"
		" ('interested', 'not-relevant', 'contact', 'applying', 'applied', 'won', 'lost')" NOT_BOUNCED
		" GROUP BY f.organisation) k GROUP BY k.org_kind",
	[SQL_EVIDENCE] =
		"SELECT 'forward', o.short_id, o.title, f.organisation, f.org_kind, f.profile, 'forwarded', f.at,"
		" CASE WHEN f.outbox IS NULL THEN f.imported ELSE 'mail' END, 0"
		" FROM forward f JOIN opportunity g ON g.id = f.opportunity"
		" JOIN opportunity o ON o.id = coalesce(g.merged_into, g.id) WHERE f.at >= :from AND f.at < :to AND f.test = 0" NOT_BOUNCED
		" UNION ALL SELECT 'event', o.short_id, o.title, f.organisation, f.org_kind, f.profile, f.state, f.at,"
		" f.who, f.id"
		" FROM event f JOIN opportunity g ON g.id = f.opportunity"
		" JOIN opportunity o ON o.id = coalesce(g.merged_into, g.id) LEFT JOIN retraction x ON x.event = f.id"
		" WHERE f.at >= :from AND f.at < :to AND f.test = 0 AND x.event IS NULL" NOT_BOUNCED
		" ORDER BY 8, 6, 2, 7",
	[SQL_TOTALS] =
		"SELECT (SELECT count(*) FROM opportunity WHERE merged_into IS NULL),"
		" (SELECT count(*) FROM hit WHERE " STANDS("opportunity") "),"
		" (SELECT count(*) FROM hit WHERE state = 'review' AND " STANDS("opportunity") "),"
		" (SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', 'unknown')),"
		" (SELECT count(*) FROM outbox WHERE state = 'accepted'),"
		" (SELECT count(*) FROM outbox WHERE state IN ('held', 'failed'))",
};
