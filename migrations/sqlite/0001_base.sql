-- Ids are handed out in blocks, so that bulk work appends to its tables.
CREATE TABLE id_block (
    name TEXT NOT NULL PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT;

CREATE TABLE user_account (
    id INTEGER NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key BLOB NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE workspace (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    default_country TEXT NOT NULL,
    default_policy TEXT NOT NULL,
    fold_gmail INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
    workspace_id INTEGER NOT NULL REFERENCES workspace (id),
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    role TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
) STRICT;
-- sign-in: the workspaces of a user
CREATE INDEX member_user ON member (user_id);

-- The token itself is only in the cookie; here is its SHA-256.
CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES user_account (id),
    workspace_id INTEGER NOT NULL REFERENCES workspace (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
-- ending every session of a user; sweeping the expired
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE campaign (
    id INTEGER NOT NULL PRIMARY KEY,
    workspace_id INTEGER NOT NULL REFERENCES workspace (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    owner_id INTEGER NOT NULL REFERENCES user_account (id),
    archived_at INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
-- the campaign list; a campaign by name on the command line
CREATE INDEX campaign_workspace ON campaign (workspace_id, name_key);

-- Names of the variables that a campaign's leads have, for the column chooser.
CREATE TABLE campaign_variable (
    workspace_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL REFERENCES campaign (id),
    name TEXT NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    id INTEGER NOT NULL PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    email TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    company_name TEXT NOT NULL,
    company_domain TEXT NOT NULL,
    job_title TEXT NOT NULL,
    phone TEXT NOT NULL,
    linkedin_url TEXT NOT NULL,
    linkedin_url_sales_nav TEXT NOT NULL,
    industry TEXT NOT NULL,
    city TEXT NOT NULL,
    postcode TEXT NOT NULL,
    street TEXT NOT NULL,
    country TEXT NOT NULL,
    timezone TEXT NOT NULL,
    date_of_birth TEXT NOT NULL,
    picture TEXT NOT NULL,
    preferred_contact_method TEXT NOT NULL,
    contact_owner TEXT NOT NULL,
    external_id TEXT NOT NULL,
    custom TEXT NOT NULL,
    -- folded in Rust: what search looks in, and what the name and company columns sort by
    search TEXT NOT NULL,
    name_key TEXT NOT NULL,
    company_key TEXT NOT NULL,
    -- nothing may be sent to this person; only ever set, never cleared by an import (R8)
    do_not_contact INTEGER NOT NULL,
    merged_into INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;
-- everyone of a workspace, in order of arrival; doctor
CREATE INDEX contact_workspace ON contact (workspace_id, id);

-- Which contact a canonical identifier belongs to: the uniqueness guarantee and the only look-up by identifier.
CREATE TABLE identity (
    workspace_id INTEGER NOT NULL,
    key BLOB NOT NULL,
    contact_id INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, key)
) STRICT, WITHOUT ROWID;

-- Further addresses and profiles of a contact, kept by imports; they identify the person like the first.
CREATE TABLE contact_address (
    workspace_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    key BLOB NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, key)
) STRICT, WITHOUT ROWID;

-- Where a contact came from (B1).
CREATE TABLE contact_source (
    workspace_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    kind TEXT NOT NULL,
    source_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, kind, source_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tag (
    id INTEGER NOT NULL PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    UNIQUE (workspace_id, name_key)
) STRICT;

CREATE TABLE contact_tag (
    workspace_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    tag_id INTEGER NOT NULL REFERENCES tag (id),
    PRIMARY KEY (workspace_id, contact_id, tag_id)
) STRICT, WITHOUT ROWID;
-- the lead list filtered by tag
CREATE INDEX contact_tag_tag ON contact_tag (workspace_id, tag_id, contact_id);

CREATE TABLE lead (
    id INTEGER NOT NULL PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL REFERENCES campaign (id),
    contact_id INTEGER NOT NULL REFERENCES contact (id),
    status TEXT NOT NULL,
    variables TEXT NOT NULL,
    import_id INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    -- R6, and the duplicate checks: the leads of a person
    UNIQUE (workspace_id, contact_id, campaign_id)
) STRICT;
-- the lead list, newest first
CREATE INDEX lead_campaign ON lead (workspace_id, campaign_id, id);
-- the lead list filtered by status; recounting the counters
CREATE INDEX lead_status ON lead (workspace_id, campaign_id, status, id);

-- Leads by status, kept in the transaction that changes them: no page counts rows.
CREATE TABLE lead_count (
    workspace_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL REFERENCES campaign (id),
    status TEXT NOT NULL,
    leads INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, status)
) STRICT, WITHOUT ROWID;

-- Who must not be contacted, by identifier: it outlives the contact.
CREATE TABLE suppression (
    workspace_id INTEGER NOT NULL,
    key BLOB NOT NULL,
    origin TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, key)
) STRICT, WITHOUT ROWID;

-- Who was deleted here, by identifier (R9); campaign_id 0 is the whole workspace.
CREATE TABLE tombstone (
    workspace_id INTEGER NOT NULL,
    key BLOB NOT NULL,
    campaign_id INTEGER NOT NULL,
    change_id INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, key, campaign_id)
) STRICT, WITHOUT ROWID;
-- undo of a deletion
CREATE INDEX tombstone_change ON tombstone (workspace_id, change_id);

-- Two contacts that may be one person.
CREATE TABLE suspect (
    workspace_id INTEGER NOT NULL,
    first_contact_id INTEGER NOT NULL REFERENCES contact (id),
    second_contact_id INTEGER NOT NULL REFERENCES contact (id),
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    import_id INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, first_contact_id, second_contact_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
    id INTEGER NOT NULL PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    campaign_id INTEGER REFERENCES campaign (id),
    created_by INTEGER NOT NULL REFERENCES user_account (id),
    state TEXT NOT NULL,
    step TEXT NOT NULL,
    -- what the person chose, what was found in the file, what was corrected: JSON of domain::import and sheet
    settings TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_path TEXT NOT NULL,
    file_bytes INTEGER NOT NULL,
    detection TEXT NOT NULL,
    inspection TEXT NOT NULL,
    -- the import whose left-out rows this one takes, when it is a second try under another policy
    again_of INTEGER,
    dry_run TEXT NOT NULL,
    dry_run_key TEXT NOT NULL,
    total_rows INTEGER NOT NULL,
    done_rows INTEGER NOT NULL,
    counts TEXT NOT NULL,
    pending_elsewhere INTEGER NOT NULL,
    problem TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    started_at INTEGER,
    finished_at INTEGER
) STRICT;
-- the history, newest first
CREATE INDEX import_workspace ON import (workspace_id, id);

-- One per data row: what became of it, and what stood before (undo).
CREATE TABLE import_row (
    workspace_id INTEGER NOT NULL,
    import_id INTEGER NOT NULL,
    row_number INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    who TEXT NOT NULL,
    contact_id INTEGER,
    matched TEXT,
    campaign_id INTEGER,
    status TEXT,
    before TEXT,
    PRIMARY KEY (workspace_id, import_id, row_number)
) STRICT, WITHOUT ROWID;
-- View details: the rows that did not simply go in
CREATE INDEX import_row_detail ON import_row (workspace_id, import_id, outcome, row_number)
    WHERE outcome <> 'created' AND outcome <> 'updated' AND outcome <> 'unchanged';

-- How columns with these headers were mapped last time.
CREATE TABLE mapping_memory (
    workspace_id INTEGER NOT NULL,
    headers BLOB NOT NULL,
    columns TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, headers)
) STRICT, WITHOUT ROWID;

-- A bulk act that can be taken back, with what stood before.
CREATE TABLE bulk_change (
    id INTEGER NOT NULL PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    campaign_id INTEGER NOT NULL REFERENCES campaign (id),
    actor_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    undone_at INTEGER
) STRICT;

CREATE TABLE bulk_change_lead (
    workspace_id INTEGER NOT NULL,
    change_id INTEGER NOT NULL REFERENCES bulk_change (id),
    lead_id INTEGER NOT NULL,
    contact_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    variables TEXT NOT NULL,
    import_id INTEGER,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, change_id, lead_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
    id INTEGER NOT NULL PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    state TEXT NOT NULL,
    lease_until INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    stop_asked INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
-- claiming the next job
CREATE INDEX job_ready ON job (state, lease_until);
-- the job of an import
CREATE INDEX job_subject ON job (kind, subject_id);

CREATE TABLE audit_event (
    id INTEGER NOT NULL PRIMARY KEY,
    workspace_id INTEGER NOT NULL,
    actor_id INTEGER NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
-- what happened in a workspace, newest first
CREATE INDEX audit_event_workspace ON audit_event (workspace_id, id);
