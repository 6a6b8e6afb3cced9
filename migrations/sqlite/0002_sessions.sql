CREATE TABLE sessions (
    id               BLOB NOT NULL PRIMARY KEY,
    account_id       BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind             TEXT NOT NULL,
    token_hash       BLOB UNIQUE,
    user_agent       TEXT NOT NULL,
    device           TEXT NOT NULL,
    address          TEXT NOT NULL,
    second_factor    TEXT NOT NULL,
    created_at       TEXT NOT NULL,
    last_used_at     TEXT NOT NULL,
    authenticated_at TEXT NOT NULL,
    expires_at       TEXT NOT NULL,
    ended_at         TEXT
) STRICT;

CREATE INDEX sessions_account_id ON sessions (account_id, created_at);

CREATE TABLE refresh_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT
) STRICT;

CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

-- Devices an account has signed in from, so that a new one can be told by mail.
CREATE TABLE known_devices (
    account_id   BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    fingerprint  BLOB NOT NULL,
    last_seen_at TEXT NOT NULL,
    PRIMARY KEY (account_id, fingerprint)
) STRICT;

-- Secrets that every server of this database must share: token signing keys, and keys for hashing codes.
CREATE TABLE keys (
    id         TEXT NOT NULL PRIMARY KEY,
    purpose    TEXT NOT NULL,
    secret     BLOB NOT NULL,
    created_at TEXT NOT NULL,
    retired_at TEXT
) STRICT;
