-- Fundwatch's database, version 1.
--
-- Words are those of design.md section 2. Instants are seconds since 1970 (UTC),
-- calendar dates are ISO text, booleans are 0/1, lists are text with one element
-- a line. Uniqueness that a promise rests on is declared here, not in code.

CREATE TABLE meta (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT;

-- One row per source ever polled: its validators (verbatim), its health, its clock.
CREATE TABLE source (
	name          TEXT PRIMARY KEY,
	etag          TEXT NOT NULL DEFAULT '',
	last_modified TEXT NOT NULL DEFAULT '',
	next_poll     INTEGER NOT NULL DEFAULT 0,
	last_try      INTEGER NOT NULL DEFAULT 0,
	last_ok       INTEGER NOT NULL DEFAULT 0,  -- 0 = never; the first is the baseline
	failures      INTEGER NOT NULL DEFAULT 0,  -- in a row
	last_error    TEXT NOT NULL DEFAULT '',
	items         INTEGER NOT NULL DEFAULT 0,  -- of the last complete poll
	usual         INTEGER NOT NULL DEFAULT 0,  -- items of a poll that was not short of them
	bad_items     INTEGER NOT NULL DEFAULT 0,  -- left out of it
	bad_why       TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE opportunity (
	id            INTEGER PRIMARY KEY,
	short_id      TEXT NOT NULL UNIQUE,        -- what people type
	key           TEXT NOT NULL,               -- its identity at the source whose words these are
	kind          TEXT NOT NULL,
	title         TEXT NOT NULL,
	summary       TEXT NOT NULL,
	body          TEXT NOT NULL,
	url           TEXT NOT NULL,
	call_id       TEXT NOT NULL,
	programme     TEXT NOT NULL,
	funder        TEXT NOT NULL,
	source        TEXT NOT NULL,               -- the one whose words these are
	eligibility   TEXT NOT NULL,
	language      TEXT NOT NULL,
	stage         TEXT NOT NULL,
	countries     TEXT NOT NULL,
	categories    TEXT NOT NULL,
	opens         TEXT NOT NULL,
	budget_min    INTEGER NOT NULL,            -- -1 = not known
	budget_max    INTEGER NOT NULL,
	budget_total  INTEGER NOT NULL,
	currency      TEXT NOT NULL,
	source_status TEXT NOT NULL,               -- the source's own word: evidence
	provenance    TEXT NOT NULL,               -- of an offer that staff were sent
	published     INTEGER NOT NULL,            -- 0 = not known
	first_seen    INTEGER NOT NULL,
	changed_at    INTEGER NOT NULL,
	withdrawn     INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1)),
	matched_with  TEXT NOT NULL DEFAULT '',    -- hash of the rules it was matched with; '' = to be matched
	merged_into   INTEGER REFERENCES opportunity -- the call that this one turned out to be; never a merged one
) STRICT;
CREATE INDEX opportunity_call ON opportunity (call_id);
CREATE INDEX opportunity_merged ON opportunity (merged_into) WHERE merged_into IS NOT NULL;

-- What staff decided about two calls that look alike: one call after all, or two. A merged
-- call's rows go to the one that is kept and name it in `origin`, so that they find back;
-- what both have of the same kind (a hit of one profile) stays where it is.
CREATE TABLE merge (
	id        INTEGER PRIMARY KEY,
	kept      INTEGER NOT NULL REFERENCES opportunity,
	gone      INTEGER NOT NULL REFERENCES opportunity,
	verdict   TEXT NOT NULL CHECK (verdict IN ('merged', 'undone', 'rejected')),
	at        INTEGER NOT NULL,
	who       TEXT NOT NULL,
	undone_at INTEGER NOT NULL DEFAULT 0,
	undone_by TEXT NOT NULL DEFAULT '',
	known     INTEGER NOT NULL,                -- the latest change when they were merged: later ones are told
	key       TEXT NOT NULL,                   -- of the kept one, and its source, as they were then
	source    TEXT NOT NULL
) STRICT;
CREATE INDEX merge_pair ON merge (gone, kept);
CREATE INDEX merge_kept ON merge (kept);

CREATE TABLE deadline (
	opportunity INTEGER NOT NULL REFERENCES opportunity ON DELETE CASCADE,
	position    INTEGER NOT NULL,
	stage       TEXT NOT NULL,
	date        TEXT NOT NULL,
	minute      INTEGER NOT NULL,              -- of the local day; -1 = not known
	zone        TEXT NOT NULL,
	PRIMARY KEY (opportunity, position)
) STRICT;

-- Every key by which an opportunity is known: "call:..", "guid:SOURCE:..", "url:..", "hash:..".
CREATE TABLE identity (
	key         TEXT PRIMARY KEY,
	opportunity INTEGER NOT NULL REFERENCES opportunity ON DELETE CASCADE,
	origin      INTEGER NOT NULL DEFAULT 0     -- the call that it came from by a merge
) STRICT;

-- Ids that a source gave to several calls at once: they tell nothing any more.
CREATE TABLE shared_id (
	key TEXT PRIMARY KEY
) STRICT;

CREATE TABLE sighting (
	source      TEXT NOT NULL,
	key         TEXT NOT NULL,
	opportunity INTEGER NOT NULL REFERENCES opportunity ON DELETE CASCADE,
	origin      INTEGER NOT NULL DEFAULT 0,    -- the call that it came from by a merge
	url         TEXT NOT NULL,
	first_seen  INTEGER NOT NULL,
	last_seen   INTEGER NOT NULL,
	missed      INTEGER NOT NULL DEFAULT 0,    -- complete polls in a row without it
	PRIMARY KEY (source, key)
) STRICT;
CREATE INDEX sighting_opportunity ON sighting (opportunity);

CREATE TABLE change (
	id          INTEGER PRIMARY KEY,
	opportunity INTEGER NOT NULL REFERENCES opportunity ON DELETE CASCADE,
	at          INTEGER NOT NULL,
	field       TEXT NOT NULL,
	before      TEXT NOT NULL,
	after       TEXT NOT NULL
) STRICT;
CREATE INDEX change_opportunity ON change (opportunity);

-- The page with more about a call that suits somebody: asked for once, a failed try again later.
CREATE TABLE detail (
	opportunity INTEGER NOT NULL REFERENCES opportunity ON DELETE CASCADE,
	source      TEXT NOT NULL,
	state       TEXT NOT NULL CHECK (state IN ('done', 'failed')),
	tries       INTEGER NOT NULL,
	next_try    INTEGER NOT NULL,              -- of a failed one
	rest        INTEGER NOT NULL,              -- the source is asked for no detail before
	fetched_at  INTEGER NOT NULL,              -- the last try
	fields      TEXT NOT NULL,                 -- that it filled in: kept while the list does not say them
	error       TEXT NOT NULL,
	PRIMARY KEY (opportunity, source)
) STRICT;
CREATE INDEX detail_source ON detail (source, state);

-- opportunity x profile. 'review' waits for staff; 'rejected' is staff's no.
CREATE TABLE hit (
	id          INTEGER PRIMARY KEY,
	opportunity INTEGER NOT NULL REFERENCES opportunity ON DELETE CASCADE,
	origin      INTEGER NOT NULL DEFAULT 0,    -- the call that it came from by a merge
	profile     TEXT NOT NULL,
	score       INTEGER NOT NULL,
	state       TEXT NOT NULL CHECK (state IN ('open', 'review', 'approved', 'rejected')),
	rules       TEXT NOT NULL,                 -- hash of the rules that made it
	urgent      INTEGER NOT NULL CHECK (urgent IN (0, 1)), -- an `urgent` line hit too
	at          INTEGER NOT NULL,
	note        TEXT NOT NULL DEFAULT '',      -- of staff, to the member
	UNIQUE (opportunity, profile)
) STRICT;
CREATE INDEX hit_profile ON hit (profile, state);

CREATE TABLE reason (
	hit         INTEGER NOT NULL REFERENCES hit ON DELETE CASCADE,
	position    INTEGER NOT NULL,
	line        TEXT NOT NULL,                 -- "profiles.d/x.conf:9"
	label       TEXT NOT NULL,                 -- of the rule set; '' = the profile's own rule
	field       TEXT NOT NULL,
	start_byte  INTEGER NOT NULL,
	end_byte    INTEGER NOT NULL,
	words       TEXT NOT NULL,
	PRIMARY KEY (hit, position)
) STRICT;

-- Who decided what about a held hit; never changed, the newest is in force.
CREATE TABLE decision (
	id          INTEGER PRIMARY KEY,
	opportunity INTEGER NOT NULL REFERENCES opportunity ON DELETE CASCADE,
	origin      INTEGER NOT NULL DEFAULT 0,    -- the call that it came from by a merge
	profile     TEXT NOT NULL,
	verdict     TEXT NOT NULL CHECK (verdict IN ('approve', 'reject', 'edit')),
	at          INTEGER NOT NULL,
	who         TEXT NOT NULL,
	why         TEXT NOT NULL,
	note        TEXT NOT NULL
) STRICT;

-- Every rule text that was ever in force: profiles, rule sets and synonyms without addresses and remarks.
CREATE TABLE ruleset (
	hash TEXT PRIMARY KEY,                     -- what hits, mails and opportunities name
	text TEXT NOT NULL
) STRICT;

-- Which was in force from when on, until the next row.
CREATE TABLE in_force (
	id   INTEGER PRIMARY KEY,
	at   INTEGER NOT NULL,
	hash TEXT NOT NULL REFERENCES ruleset
) STRICT;

-- Frozen mails. queued -> sending -> accepted | queued (deferred) | failed | unknown -> queued (once) | held.
CREATE TABLE outbox (
	id         INTEGER PRIMARY KEY,
	kind       TEXT NOT NULL CHECK (kind IN ('digest', 'urgent', 'staff')),
	recipient  TEXT NOT NULL,
	slot       INTEGER NOT NULL,               -- of the schedule it answers; of an urgent mail, when it was made
	message_id TEXT NOT NULL,                  -- without angle brackets
	sender     TEXT NOT NULL,                  -- envelope
	subject    TEXT NOT NULL,
	bytes      BLOB NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'failed', 'unknown', 'held', 'superseded')),
	attempts   INTEGER NOT NULL DEFAULT 0,
	resent     INTEGER NOT NULL DEFAULT 0 CHECK (resent IN (0, 1)), -- the one resend after 'unknown' was used
	owner      TEXT NOT NULL DEFAULT '',       -- process that has it in 'sending'
	next_try   INTEGER NOT NULL,
	reply      TEXT NOT NULL DEFAULT '',       -- the relay's words
	created    INTEGER NOT NULL,
	ended      INTEGER NOT NULL DEFAULT 0,
	rules      TEXT NOT NULL DEFAULT ''        -- hash of the rules in force when it was made
) STRICT;
-- One mail per recipient and period; a superseded one makes room for its successor.
CREATE UNIQUE INDEX outbox_slot ON outbox (recipient, kind, slot) WHERE state <> 'superseded';
CREATE UNIQUE INDEX outbox_message ON outbox (message_id) WHERE state <> 'superseded';
CREATE INDEX outbox_ready ON outbox (next_try) WHERE state = 'queued';

-- No call twice: what a recipient was or is being told. change 0 = the call itself, as
-- it stood after the change `known`; later ones are told as changes.
CREATE TABLE mail_item (
	recipient   TEXT NOT NULL,
	opportunity INTEGER NOT NULL REFERENCES opportunity,
	origin      INTEGER NOT NULL DEFAULT 0,    -- the call that it came from by a merge
	change      INTEGER NOT NULL DEFAULT 0,
	known       INTEGER NOT NULL DEFAULT 0,
	outbox      INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
	PRIMARY KEY (recipient, opportunity, change)
) STRICT;
CREATE INDEX mail_item_outbox ON mail_item (outbox);

-- Which steps ("14 days") a recipient was reminded of; a moved deadline is another date.
CREATE TABLE reminder (
	recipient   TEXT NOT NULL,
	opportunity INTEGER NOT NULL REFERENCES opportunity,
	origin      INTEGER NOT NULL DEFAULT 0,    -- the call that it came from by a merge
	date        TEXT NOT NULL,
	step        INTEGER NOT NULL,
	outbox      INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
	PRIMARY KEY (recipient, opportunity, date, step)
) STRICT;
CREATE INDEX reminder_outbox ON reminder (outbox);

-- When a profile was paused: what it was found to suit meanwhile is not sent later.
CREATE TABLE pause (
	profile TEXT NOT NULL,
	started INTEGER NOT NULL,
	ended   INTEGER NOT NULL,
	PRIMARY KEY (profile, started)
) STRICT;

-- For whom: becomes forwards when the relay accepts. Who they were is frozen here.
CREATE TABLE mail_item_profile (
	outbox       INTEGER NOT NULL REFERENCES outbox ON DELETE CASCADE,
	opportunity  INTEGER NOT NULL REFERENCES opportunity,
	origin      INTEGER NOT NULL DEFAULT 0,    -- the call that it came from by a merge
	profile      TEXT NOT NULL,
	organisation TEXT NOT NULL,
	org_kind     TEXT NOT NULL,
	test         INTEGER NOT NULL CHECK (test IN (0, 1)),
	PRIMARY KEY (outbox, opportunity, profile)
) STRICT;

-- The latest slot for which a profile's recipient was looked after, with or without a mail.
CREATE TABLE served (
	profile   TEXT NOT NULL,
	recipient TEXT NOT NULL,
	slot      INTEGER NOT NULL,
	since     INTEGER NOT NULL,               -- first looked after: what the profile was sent before is not repeated
	PRIMARY KEY (profile, recipient)
) STRICT;

-- The ledger: first acceptance by the relay for a profile, or what was done by hand before.
CREATE TABLE forward (
	id           INTEGER PRIMARY KEY,
	profile      TEXT NOT NULL,
	opportunity  INTEGER NOT NULL REFERENCES opportunity,
	origin      INTEGER NOT NULL DEFAULT 0,    -- the call that it came from by a merge
	organisation TEXT NOT NULL,
	org_kind     TEXT NOT NULL,
	test         INTEGER NOT NULL CHECK (test IN (0, 1)),
	recipient    TEXT NOT NULL,
	outbox       INTEGER REFERENCES outbox,    -- NULL = forwarded by hand, before
	imported     TEXT NOT NULL DEFAULT '',     -- then who says so: "imported by WHO on DATE"
	at           INTEGER NOT NULL,
	UNIQUE (profile, opportunity),
	CHECK ((outbox IS NULL) = (imported <> ''))
) STRICT;
CREATE INDEX forward_at ON forward (at);

-- What happened after a forward. Never changed; a wrong one is retracted.
CREATE TABLE event (
	id           INTEGER PRIMARY KEY,
	profile      TEXT NOT NULL,
	opportunity  INTEGER NOT NULL REFERENCES opportunity,
	origin      INTEGER NOT NULL DEFAULT 0,    -- the call that it came from by a merge
	organisation TEXT NOT NULL,
	org_kind     TEXT NOT NULL,
	test         INTEGER NOT NULL CHECK (test IN (0, 1)),
	state        TEXT NOT NULL CHECK (state IN ('click', 'interested', 'not-relevant', 'contact', 'applying', 'applied',
	                                           'won', 'lost', 'unsubscribed', 'bounced')),
	at           INTEGER NOT NULL,
	who          TEXT NOT NULL,
	note         TEXT NOT NULL,
	eur          INTEGER NOT NULL DEFAULT 0,
	project      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX event_at ON event (at);

CREATE TABLE retraction (
	event INTEGER PRIMARY KEY REFERENCES event,
	at    INTEGER NOT NULL,
	who   TEXT NOT NULL,
	why   TEXT NOT NULL
) STRICT;

-- Addresses that get nothing; outlives profiles and files.
CREATE TABLE suppression (
	address TEXT PRIMARY KEY,
	at      INTEGER NOT NULL,
	why     TEXT NOT NULL
) STRICT;
