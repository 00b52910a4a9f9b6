-- Who an account is for: a `person` who signs in, the `demo` whose password everyone knows, the `commandLine` that
-- nobody signs in as.
ALTER TABLE user_account ADD COLUMN kind TEXT COLLATE "C" NOT NULL DEFAULT 'person';
UPDATE user_account SET kind = 'demo' WHERE email = 'mara@fernhill.example';
UPDATE user_account SET kind = 'commandLine' WHERE email LIKE 'owner-%@onefold.invalid';
-- the rows of imports that are about a contact: emptied when the person is erased
CREATE INDEX import_row_contact ON import_row (workspace_id, contact_id) WHERE contact_id IS NOT NULL;
