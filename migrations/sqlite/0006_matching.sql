-- Which asking it is, a new number each time: who compared takes away what they read, and what was asked since stays.
ALTER TABLE contact_to_match ADD COLUMN asked INTEGER NOT NULL DEFAULT 0;
-- 1: nothing about the contact is new, but a block it is in has passed its limit. Those come last, many at once.
ALTER TABLE contact_to_match ADD COLUMN again INTEGER NOT NULL DEFAULT 0;
-- who is next
CREATE INDEX contact_to_match_turn ON contact_to_match (workspace_id, again, contact_id);
-- the keys of a contact, to take away those that it has no more
CREATE INDEX match_key_contact ON match_key (workspace_id, contact_id);
-- Someone asked for the work again while it was being done: it is done once more.
ALTER TABLE job ADD COLUMN again INTEGER NOT NULL DEFAULT 0;

-- A name is counted by its own key from now on, not by the one that its spellings share: everyone is looked at anew.
DELETE FROM namesake;
DELETE FROM match_key;
DELETE FROM match_term;
INSERT INTO contact_to_match (workspace_id, contact_id) SELECT workspace_id, id FROM contact
    WHERE merged_into IS NULL AND deleted_at IS NULL ON CONFLICT DO NOTHING;
UPDATE workspace SET scanned_at = NULL;
