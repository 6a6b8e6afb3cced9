-- What a form leaves for the next page is sealed under a token that only the browser holds, and bounded by who left it.
-- `payload` is written and read by servers of the version before, as long as some of them run.
DROP TABLE flashes;

CREATE TABLE flashes (
    token_hash BLOB NOT NULL PRIMARY KEY,
    page       TEXT NOT NULL,
    payload    TEXT,
    expires_at TEXT NOT NULL,
    caller     TEXT,
    sealed     BLOB
) STRICT;

CREATE INDEX IF NOT EXISTS flashes_caller ON flashes (caller, expires_at);
CREATE INDEX IF NOT EXISTS flashes_expires_at ON flashes (expires_at);
