-- How often a job broke, beside how often it was claimed: after a few times it is given up and says so.
ALTER TABLE job ADD COLUMN failures BIGINT NOT NULL DEFAULT 0;
