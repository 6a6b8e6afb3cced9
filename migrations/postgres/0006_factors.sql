-- What answers the second step besides a code that is sent. The secrets of apps stand here as they are: the server needs
-- them at every sign-in, and a key to wrap them with would lie in this database too, where it protects nothing.
CREATE TABLE authenticator_apps (
    id           UUID NOT NULL PRIMARY KEY,
    account_id   UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    secret       BYTEA NOT NULL,
    created_at   TIMESTAMPTZ NOT NULL,
    -- None while a first code is awaited.
    confirmed_at TIMESTAMPTZ,
    -- The step (RFC 6238) of the last code that counted: no code counts twice.
    last_step    BIGINT
);

CREATE INDEX authenticator_apps_account_id ON authenticator_apps (account_id);

CREATE TABLE recovery_codes (
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code_hash  BYTEA NOT NULL,
    used_at    TIMESTAMPTZ,
    PRIMARY KEY (account_id, code_hash)
);

-- A confirmed registration of an archived account that has a second factor: the account comes back, with this password,
-- once the second step has passed in a session that it began.
CREATE TABLE restores (
    account_id    UUID NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    expires_at    TIMESTAMPTZ NOT NULL
);
