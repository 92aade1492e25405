-- Version 2: what a year of 300 members asked for. No statement of a pass reads all that
-- was ever stored, and a slot is known with the schedule that it belongs to.

CREATE INDEX opportunity_source ON opportunity (source);
CREATE INDEX opportunity_matched ON opportunity (matched_with);
CREATE INDEX identity_opportunity ON identity (opportunity);
CREATE INDEX forward_opportunity ON forward (opportunity);
CREATE INDEX event_opportunity ON event (opportunity, profile);

-- Empty: the slot was served before this was kept.
ALTER TABLE served ADD COLUMN schedule TEXT NOT NULL DEFAULT '';

-- As in version 1, but for the place of the bytes: what stands before them is read
-- without them.
CREATE TABLE outbox_next (
	id         INTEGER PRIMARY KEY,
	kind       TEXT NOT NULL CHECK (kind IN ('digest', 'urgent', 'staff')),
	recipient  TEXT NOT NULL,
	slot       INTEGER NOT NULL,               -- of the schedule it answers; of an urgent mail, when it was made
	message_id TEXT NOT NULL,                  -- without angle brackets
	sender     TEXT NOT NULL,                  -- envelope
	subject    TEXT NOT NULL,
	state      TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'accepted', 'failed', 'unknown', 'held', 'superseded')),
	attempts   INTEGER NOT NULL DEFAULT 0,
	resent     INTEGER NOT NULL DEFAULT 0 CHECK (resent IN (0, 1)), -- the one resend after 'unknown' was used
	owner      TEXT NOT NULL DEFAULT '',       -- process that has it in 'sending'
	next_try   INTEGER NOT NULL,
	reply      TEXT NOT NULL DEFAULT '',       -- the relay's words
	created    INTEGER NOT NULL,
	ended      INTEGER NOT NULL DEFAULT 0,
	rules      TEXT NOT NULL DEFAULT '',       -- hash of the rules in force when it was made
	bytes      BLOB NOT NULL
) STRICT;
INSERT INTO outbox_next (id, kind, recipient, slot, message_id, sender, subject, state, attempts, resent, owner,
	next_try, reply, created, ended, rules, bytes)
SELECT id, kind, recipient, slot, message_id, sender, subject, state, attempts, resent, owner,
	next_try, reply, created, ended, rules, bytes FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_next RENAME TO outbox;
-- One mail per recipient and period; a superseded one makes room for its successor.
CREATE UNIQUE INDEX outbox_slot ON outbox (recipient, kind, slot) WHERE state <> 'superseded';
CREATE UNIQUE INDEX outbox_message ON outbox (message_id) WHERE state <> 'superseded';
CREATE INDEX outbox_state ON outbox (state);
