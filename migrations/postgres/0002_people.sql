-- View details searches whom a row is about: folded in Rust, so that both databases find the same.
ALTER TABLE import_row ADD COLUMN search TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Whether an import kept enough to be taken back: those of before this migration did not.
ALTER TABLE import ADD COLUMN journaled BIGINT NOT NULL DEFAULT 0;
-- Values that did not fit their field and were left out; their rows went in all the same.
ALTER TABLE import ADD COLUMN skipped_values BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN undone_at BIGINT;

-- The import that put a tag on a person, so that undoing it takes just those off.
ALTER TABLE contact_tag ADD COLUMN import_id BIGINT;

-- The team's own fields of a person.
CREATE TABLE field (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    kind TEXT NOT NULL,
    -- the choices of a choice field: a JSON array of texts
    options TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- removed, with its values still there for those who want it back; its name_key is free for another then
    removed_at BIGINT,
    UNIQUE (workspace_id, name_key)
);

-- Where a field's value came from, when it did not come with the contact itself (B1): JSON by field.
ALTER TABLE contact ADD COLUMN origins TEXT NOT NULL DEFAULT '{}';
-- The team chose to see people apart who share this address: the contact owns no identity for it (R16).
ALTER TABLE contact ADD COLUMN shared_mailbox BIGINT NOT NULL DEFAULT 0;
-- who may inherit an address when the one it belongs to goes
CREATE INDEX contact_sharing ON contact (workspace_id, id) WHERE shared_mailbox <> 0;
-- Deleted, and still there for those who want it back.
ALTER TABLE contact ADD COLUMN deleted_at BIGINT;
-- the contacts page, in order of arrival: only who is somebody
CREATE INDEX contact_live ON contact (workspace_id, id) WHERE merged_into IS NULL AND deleted_at IS NULL;
-- the contacts page by name; people of the same name while someone is typed
CREATE INDEX contact_name ON contact (workspace_id, name_key, id) WHERE merged_into IS NULL AND deleted_at IS NULL;
-- whom a contact has taken in; following an old id
CREATE INDEX contact_merged ON contact (workspace_id, merged_into) WHERE merged_into IS NOT NULL;
-- sweeping what was deleted long ago
CREATE INDEX contact_deleted ON contact (deleted_at) WHERE deleted_at IS NOT NULL;

-- What happened to a contact, one by one: the history in its side panel.
CREATE TABLE contact_event (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    kind TEXT NOT NULL,
    actor_id BIGINT NOT NULL,
    detail TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
-- the history of a contact, newest first
CREATE INDEX contact_event_contact ON contact_event (workspace_id, contact_id, id);

-- An act on contacts that can be taken back: an edit, a tag, a deletion. Its ids come from the block of bulk_change, so
-- that a tombstone says by one number what left it.
CREATE TABLE contact_change (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    undone_at BIGINT
);
-- what was deleted lately
CREATE INDEX contact_change_workspace ON contact_change (workspace_id, kind, id);
-- sweeping what can be taken back no longer
CREATE INDEX contact_change_age ON contact_change (created_at);

CREATE TABLE contact_change_row (
    workspace_id BIGINT NOT NULL,
    change_id BIGINT NOT NULL REFERENCES contact_change (id),
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    -- what stood before: JSON
    before TEXT NOT NULL,
    PRIMARY KEY (workspace_id, change_id, contact_id)
);

-- An import that is taken back: who asked, how far that is, and what came of it.
CREATE TABLE import_undo (
    workspace_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL REFERENCES import (id),
    actor_id BIGINT NOT NULL REFERENCES user_account (id),
    -- rows from this number on are done: the newest come first
    row_number BIGINT NOT NULL,
    rows_done BIGINT NOT NULL,
    contacts BIGINT NOT NULL,
    leads BIGINT NOT NULL,
    restored BIGINT NOT NULL,
    kept BIGINT NOT NULL,
    problem TEXT COLLATE "C" NOT NULL,
    asked_at BIGINT NOT NULL,
    finished_at BIGINT,
    PRIMARY KEY (workspace_id, import_id)
);

-- What was left as it is when an import was taken back, because it changed since: what, of whom, and why.
CREATE TABLE import_undo_kept (
    workspace_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    what TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, import_id, contact_id, what)
);

-- which bulk acts and edits touched a contact: undoing what made it must know
CREATE INDEX bulk_change_lead_contact ON bulk_change_lead (workspace_id, contact_id);
CREATE INDEX contact_change_row_contact ON contact_change_row (workspace_id, contact_id);

-- A public page that people register on.
CREATE TABLE form (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    -- the address of the page
    token TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- what it asks, where it goes and what it says: JSON of domain::form
    settings TEXT NOT NULL,
    campaign_id BIGINT REFERENCES campaign (id),
    created_by BIGINT NOT NULL REFERENCES user_account (id),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    closed_at BIGINT
);
-- the forms of a workspace
CREATE INDEX form_workspace ON form (workspace_id, id);

-- What was sent already, by the page's own number: pressing the button twice is one registration.
CREATE TABLE form_post (
    form_id BIGINT NOT NULL REFERENCES form (id),
    nonce BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (form_id, nonce)
);
-- sweeping the old
CREATE INDEX form_post_age ON form_post (created_at);

-- Sets of fields that imports recognised people by, beside the identities (R5): the fields of one are joined by AND.
CREATE TABLE identifier_group (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    -- the sorted words of the fields, joined by a comma
    fields TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    -- when everyone had their keys: until then the group must be filled before it is used
    filled_at BIGINT,
    UNIQUE (workspace_id, fields)
);

-- Who has which values in such a set. Several people may: the oldest counts.
CREATE TABLE group_key (
    workspace_id BIGINT NOT NULL,
    key BYTEA NOT NULL,
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    PRIMARY KEY (workspace_id, key, contact_id)
);
-- the keys of a contact that changes
CREATE INDEX group_key_contact ON group_key (workspace_id, contact_id);

-- Blocking keys: contacts that share one are compared. A row may be stale; who compares looks at the contact itself.
CREATE TABLE match_key (
    workspace_id BIGINT NOT NULL,
    key BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key, contact_id)
);

-- How many people have a value, so that agreement on a rare name counts more. Counted anew by a full scan.
CREATE TABLE match_term (
    workspace_id BIGINT NOT NULL,
    term BIGINT NOT NULL,
    people BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, term)
);

-- Contacts that are new or changed and were not compared yet.
CREATE TABLE contact_to_match (
    workspace_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, contact_id)
);

-- The score of a pair: its weight in thousandths of a bit, its probability in millionths, its parts as JSON.
ALTER TABLE suspect ADD COLUMN band TEXT COLLATE "C" NOT NULL DEFAULT 'review';
ALTER TABLE suspect ADD COLUMN weight BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suspect ADD COLUMN probability BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suspect ADD COLUMN parts TEXT NOT NULL DEFAULT '[]';
-- The smallest contact id of the cluster that the pair is in.
ALTER TABLE suspect ADD COLUMN cluster_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE suspect ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
-- Duplication Handling: the surest first; the count badge
CREATE INDEX suspect_open ON suspect (workspace_id, band, probability, first_contact_id, second_contact_id)
    WHERE state = 'open';
-- the suspects of a contact from its other side
CREATE INDEX suspect_second ON suspect (workspace_id, second_contact_id);

-- People of one name with nothing else in common, when they are many: one entry of the list.
CREATE TABLE namesake (
    workspace_id BIGINT NOT NULL,
    -- the blocking key of the name
    key BIGINT NOT NULL,
    name TEXT NOT NULL,
    people BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

-- Two contacts that someone said are two people (R16), with the weight they had then: only new evidence asks again.
CREATE TABLE separated_pair (
    workspace_id BIGINT NOT NULL,
    first_contact_id BIGINT NOT NULL REFERENCES contact (id),
    second_contact_id BIGINT NOT NULL REFERENCES contact (id),
    weight BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- the merge that carried the decision over from a contact it took in
    merge_id BIGINT,
    PRIMARY KEY (workspace_id, first_contact_id, second_contact_id)
);
-- the separated pairs of a contact from its other side
CREATE INDEX separated_second ON separated_pair (workspace_id, second_contact_id);

-- One contact taken into another, with what is needed to take it back.
CREATE TABLE merge_event (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    survivor_id BIGINT NOT NULL REFERENCES contact (id),
    loser_id BIGINT NOT NULL REFERENCES contact (id),
    -- merges of one click share this number
    batch_id BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    -- what the reviewer chose, and the before-images of every row it touched: JSON
    choices TEXT NOT NULL,
    journal TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    undone_at BIGINT
);
-- the Merged list, newest first
CREATE INDEX merge_event_workspace ON merge_event (workspace_id, id);
-- the merges of a contact, from both sides
CREATE INDEX merge_event_survivor ON merge_event (workspace_id, survivor_id);
CREATE INDEX merge_event_loser ON merge_event (workspace_id, loser_id);

-- Thresholds of the matcher in millionths of probability; 0 is the default. When the last full scan ended.
ALTER TABLE workspace ADD COLUMN review_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE workspace ADD COLUMN obvious_from BIGINT NOT NULL DEFAULT 0;
ALTER TABLE workspace ADD COLUMN scanned_at BIGINT;
