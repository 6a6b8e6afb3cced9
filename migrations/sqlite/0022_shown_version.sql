-- The version of the last change that pages show. What services write beside the profile, counters and data of their own,
-- is no reason to tell somebody with an open form that it was changed elsewhere. Nothing is known of forms from before: 0.
ALTER TABLE accounts ADD COLUMN shown_version INTEGER NOT NULL DEFAULT 0;
