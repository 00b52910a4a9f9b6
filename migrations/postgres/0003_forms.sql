-- What became of each registration, by the word of its outcome: the form's page counts them. No person stands here, so
-- that the note can stay.
ALTER TABLE form_post ADD COLUMN outcome TEXT COLLATE "C" NOT NULL DEFAULT 'created';
-- counting the registrations of a form, and when the last one was
CREATE INDEX form_post_outcome ON form_post (workspace_id, form_id, outcome, created_at);
-- nobody sweeps by age any more
DROP INDEX form_post_age;
