CREATE TABLE codes (
    id              UUID    NOT NULL PRIMARY KEY,
    purpose         TEXT    NOT NULL,
    account_id      UUID    REFERENCES accounts (id) ON DELETE CASCADE,
    registration_id UUID    REFERENCES registrations (account_id) ON DELETE CASCADE,
    session_id      UUID    REFERENCES sessions (id) ON DELETE CASCADE,
    channel         TEXT    NOT NULL,
    destination     TEXT    NOT NULL,
    code_hash       BYTEA    NOT NULL,
    token_hash      BYTEA    UNIQUE,
    tries           BIGINT NOT NULL,
    created_at      TIMESTAMPTZ    NOT NULL,
    expires_at      TIMESTAMPTZ    NOT NULL,
    used_at         TIMESTAMPTZ
);

CREATE INDEX codes_destination ON codes (destination, purpose, created_at);
CREATE INDEX codes_account_id ON codes (account_id);

-- Sliding windows and failure counters; `key` names what is counted (an account, an address, a destination).
CREATE TABLE limit_hits (
    id  UUID NOT NULL PRIMARY KEY,
    key TEXT NOT NULL,
    at  TIMESTAMPTZ NOT NULL
);

CREATE INDEX limit_hits_key ON limit_hits (key, at);

CREATE TABLE limits (
    key           TEXT    NOT NULL PRIMARY KEY,
    failures      BIGINT NOT NULL,
    blocked_until TIMESTAMPTZ,
    touched_at    TIMESTAMPTZ    NOT NULL
);
