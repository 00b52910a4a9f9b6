-- Ids are handed out in blocks, so that bulk work appends to its tables.
CREATE TABLE id_block (
    name TEXT NOT NULL PRIMARY KEY,
    next BIGINT NOT NULL
);

CREATE TABLE user_account (
    id BIGINT NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE workspace (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    default_country TEXT NOT NULL,
    default_policy TEXT NOT NULL,
    fold_gmail BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE member (
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    role TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, user_id)
);
-- sign-in: the workspaces of a user
CREATE INDEX member_user ON member (user_id);

-- The token itself is only in the cookie; here is its SHA-256.
CREATE TABLE session (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    user_id BIGINT NOT NULL REFERENCES user_account (id),
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
-- ending every session of a user; sweeping the expired
CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE campaign (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL REFERENCES workspace (id),
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES user_account (id),
    archived_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
-- the campaign list; a campaign by name on the command line
CREATE INDEX campaign_workspace ON campaign (workspace_id, name_key);

-- Names of the variables that a campaign's leads have, for the column chooser.
CREATE TABLE campaign_variable (
    workspace_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    name TEXT NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, name)
);

CREATE TABLE contact (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
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
    search TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    company_key TEXT COLLATE "C" NOT NULL,
    -- nothing may be sent to this person; only ever set, never cleared by an import (R8)
    do_not_contact BIGINT NOT NULL,
    merged_into BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
-- everyone of a workspace, in order of arrival; doctor
CREATE INDEX contact_workspace ON contact (workspace_id, id);

-- Which contact a canonical identifier belongs to: the uniqueness guarantee and the only look-up by identifier.
CREATE TABLE identity (
    workspace_id BIGINT NOT NULL,
    key BYTEA NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

-- Further addresses and profiles of a contact, kept by imports; they identify the person like the first.
CREATE TABLE contact_address (
    workspace_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    key BYTEA NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, key)
);

-- Where a contact came from (B1).
CREATE TABLE contact_source (
    workspace_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    kind TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, contact_id, kind, source_id)
);

CREATE TABLE tag (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    UNIQUE (workspace_id, name_key)
);

CREATE TABLE contact_tag (
    workspace_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    tag_id BIGINT NOT NULL REFERENCES tag (id),
    PRIMARY KEY (workspace_id, contact_id, tag_id)
);
-- the lead list filtered by tag
CREATE INDEX contact_tag_tag ON contact_tag (workspace_id, tag_id, contact_id);

CREATE TABLE lead (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    contact_id BIGINT NOT NULL REFERENCES contact (id),
    status TEXT NOT NULL,
    variables TEXT NOT NULL,
    import_id BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    -- R6, and the duplicate checks: the leads of a person
    UNIQUE (workspace_id, contact_id, campaign_id)
);
-- the lead list, newest first
CREATE INDEX lead_campaign ON lead (workspace_id, campaign_id, id);
-- the lead list filtered by status; recounting the counters
CREATE INDEX lead_status ON lead (workspace_id, campaign_id, status, id);

-- Leads by status, kept in the transaction that changes them: no page counts rows.
CREATE TABLE lead_count (
    workspace_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    status TEXT NOT NULL,
    leads BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, campaign_id, status)
);

-- Who must not be contacted, by identifier: it outlives the contact.
CREATE TABLE suppression (
    workspace_id BIGINT NOT NULL,
    key BYTEA NOT NULL,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key)
);

-- Who was deleted here, by identifier (R9); campaign_id 0 is the whole workspace.
CREATE TABLE tombstone (
    workspace_id BIGINT NOT NULL,
    key BYTEA NOT NULL,
    campaign_id BIGINT NOT NULL,
    change_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, key, campaign_id)
);
-- undo of a deletion
CREATE INDEX tombstone_change ON tombstone (workspace_id, change_id);

-- Two contacts that may be one person.
CREATE TABLE suspect (
    workspace_id BIGINT NOT NULL,
    first_contact_id BIGINT NOT NULL REFERENCES contact (id),
    second_contact_id BIGINT NOT NULL REFERENCES contact (id),
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    import_id BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, first_contact_id, second_contact_id)
);

CREATE TABLE import (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    campaign_id BIGINT REFERENCES campaign (id),
    created_by BIGINT NOT NULL REFERENCES user_account (id),
    state TEXT NOT NULL,
    step TEXT NOT NULL,
    -- what the person chose, what was found in the file, what was corrected: JSON of domain::import and sheet
    settings TEXT NOT NULL,
    file_name TEXT NOT NULL,
    file_path TEXT NOT NULL,
    file_bytes BIGINT NOT NULL,
    detection TEXT NOT NULL,
    inspection TEXT NOT NULL,
    -- the import whose left-out rows this one takes, when it is a second try under another policy
    again_of BIGINT,
    dry_run TEXT NOT NULL,
    dry_run_key TEXT NOT NULL,
    total_rows BIGINT NOT NULL,
    done_rows BIGINT NOT NULL,
    counts TEXT NOT NULL,
    pending_elsewhere BIGINT NOT NULL,
    problem TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    started_at BIGINT,
    finished_at BIGINT
);
-- the history, newest first
CREATE INDEX import_workspace ON import (workspace_id, id);

-- One per data row: what became of it, and what stood before (undo).
CREATE TABLE import_row (
    workspace_id BIGINT NOT NULL,
    import_id BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    who TEXT NOT NULL,
    contact_id BIGINT,
    matched TEXT,
    campaign_id BIGINT,
    status TEXT,
    before TEXT,
    PRIMARY KEY (workspace_id, import_id, row_number)
);
-- View details: the rows that did not simply go in
CREATE INDEX import_row_detail ON import_row (workspace_id, import_id, outcome, row_number)
    WHERE outcome <> 'created' AND outcome <> 'updated' AND outcome <> 'unchanged';

-- How columns with these headers were mapped last time.
CREATE TABLE mapping_memory (
    workspace_id BIGINT NOT NULL,
    headers BYTEA NOT NULL,
    columns TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, headers)
);

-- A bulk act that can be taken back, with what stood before.
CREATE TABLE bulk_change (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    campaign_id BIGINT NOT NULL REFERENCES campaign (id),
    actor_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    undone_at BIGINT
);

CREATE TABLE bulk_change_lead (
    workspace_id BIGINT NOT NULL,
    change_id BIGINT NOT NULL REFERENCES bulk_change (id),
    lead_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    variables TEXT NOT NULL,
    import_id BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, change_id, lead_id)
);

CREATE TABLE job (
    id BIGINT NOT NULL PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    lease_until BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    stop_asked BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
-- claiming the next job
CREATE INDEX job_ready ON job (state, lease_until);
-- the job of an import
CREATE INDEX job_subject ON job (kind, subject_id);

CREATE TABLE audit_event (
    id BIGINT NOT NULL GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
-- what happened in a workspace, newest first
CREATE INDEX audit_event_workspace ON audit_event (workspace_id, id);
