-- People whom an import left out because another campaign is writing to them, and who come in when that ends (A68).
CREATE TABLE waiting_lead (
    workspace_id INTEGER NOT NULL,
    -- where they come in
    campaign_id INTEGER NOT NULL REFERENCES campaign (id),
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    -- the row that was left out: it is taken again, by the settings of its import
    import_id INTEGER NOT NULL,
    row_number INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- when a worker looks next whether they may come in
    look_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, contact_id)
) STRICT, WITHOUT ROWID;
-- the workspaces in which someone is to be looked at
CREATE INDEX waiting_lead_look ON waiting_lead (look_at, workspace_id);
-- merging and erasing a person
CREATE INDEX waiting_lead_contact ON waiting_lead (workspace_id, contact_id);
-- who waits because of an import, in file order; undoing it
CREATE INDEX waiting_lead_import ON waiting_lead (workspace_id, import_id, row_number);
