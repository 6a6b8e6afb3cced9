-- What a form leaves for the next page is sealed under a token that only the browser holds, and bounded by who left it.
-- `payload` is written and read by servers of the version before, as long as some of them run.
ALTER TABLE flashes ADD COLUMN caller TEXT, ADD COLUMN sealed BYTEA, ALTER COLUMN payload DROP NOT NULL;

CREATE INDEX IF NOT EXISTS flashes_caller ON flashes (caller, expires_at);
CREATE INDEX IF NOT EXISTS flashes_expires_at ON flashes (expires_at);
