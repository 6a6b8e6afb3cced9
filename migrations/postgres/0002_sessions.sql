CREATE TABLE sessions (
    id               UUID NOT NULL PRIMARY KEY,
    account_id       UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind             TEXT NOT NULL,
    token_hash       BYTEA UNIQUE,
    user_agent       TEXT NOT NULL,
    device           TEXT NOT NULL,
    address          TEXT NOT NULL,
    second_factor    TEXT NOT NULL,
    created_at       TIMESTAMPTZ NOT NULL,
    last_used_at     TIMESTAMPTZ NOT NULL,
    authenticated_at TIMESTAMPTZ NOT NULL,
    expires_at       TIMESTAMPTZ NOT NULL,
    ended_at         TIMESTAMPTZ
);

CREATE INDEX sessions_account_id ON sessions (account_id, created_at);

CREATE TABLE refresh_tokens (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at    TIMESTAMPTZ
);

CREATE INDEX refresh_tokens_session_id ON refresh_tokens (session_id);

-- Devices an account has signed in from, so that a new one can be told by mail.
CREATE TABLE known_devices (
    account_id   UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    fingerprint  BYTEA NOT NULL,
    last_seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (account_id, fingerprint)
);

-- Secrets that every server of this database must share: token signing keys, and keys for hashing codes.
CREATE TABLE keys (
    id         TEXT NOT NULL PRIMARY KEY,
    purpose    TEXT NOT NULL,
    secret     BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ
);
