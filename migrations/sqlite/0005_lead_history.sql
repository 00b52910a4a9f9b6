-- How many leads a bulk act touched: the list of recent changes counts no rows.
ALTER TABLE bulk_change ADD COLUMN leads INTEGER NOT NULL DEFAULT 0;
UPDATE bulk_change SET leads = (
    SELECT count(*) FROM bulk_change_lead l WHERE l.workspace_id = bulk_change.workspace_id AND l.change_id = bulk_change.id
);
-- the recent changes of a campaign, newest first
CREATE INDEX bulk_change_campaign ON bulk_change (workspace_id, campaign_id, id);
-- sweeping what can be taken back no longer
CREATE INDEX bulk_change_age ON bulk_change (created_at);
