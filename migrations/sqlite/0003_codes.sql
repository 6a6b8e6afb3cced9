CREATE TABLE codes (
    id              BLOB    NOT NULL PRIMARY KEY,
    purpose         TEXT    NOT NULL,
    account_id      BLOB    REFERENCES accounts (id) ON DELETE CASCADE,
    registration_id BLOB    REFERENCES registrations (account_id) ON DELETE CASCADE,
    session_id      BLOB    REFERENCES sessions (id) ON DELETE CASCADE,
    channel         TEXT    NOT NULL,
    destination     TEXT    NOT NULL,
    code_hash       BLOB    NOT NULL,
    token_hash      BLOB    UNIQUE,
    tries           INTEGER NOT NULL,
    created_at      TEXT    NOT NULL,
    expires_at      TEXT    NOT NULL,
    used_at         TEXT
) STRICT;

CREATE INDEX codes_destination ON codes (destination, purpose, created_at);
CREATE INDEX codes_account_id ON codes (account_id);

-- Sliding windows and failure counters; `key` names what is counted (an account, an address, a destination).
CREATE TABLE limit_hits (
    id  BLOB NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    at  TEXT NOT NULL
) STRICT;

CREATE INDEX limit_hits_key ON limit_hits (key, at);

CREATE TABLE limits (
    key           TEXT    NOT NULL PRIMARY KEY,
    failures      INTEGER NOT NULL,
    blocked_until TEXT,
    touched_at    TEXT    NOT NULL
) STRICT;
