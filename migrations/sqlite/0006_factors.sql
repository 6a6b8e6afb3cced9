-- What answers the second step besides a code that is sent. The secrets of apps stand here as they are: the server needs
-- them at every sign-in, and a key to wrap them with would lie in this database too, where it protects nothing.
CREATE TABLE authenticator_apps (
    id           BLOB NOT NULL PRIMARY KEY,
    account_id   BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    secret       BLOB NOT NULL,
    created_at   TEXT NOT NULL,
    -- None while a first code is awaited.
    confirmed_at TEXT,
    -- The step (RFC 6238) of the last code that counted: no code counts twice.
    last_step    INTEGER
) STRICT;

CREATE INDEX authenticator_apps_account_id ON authenticator_apps (account_id);

CREATE TABLE recovery_codes (
    account_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    code_hash  BLOB NOT NULL,
    used_at    TEXT,
    PRIMARY KEY (account_id, code_hash)
) STRICT;

-- A confirmed registration of an archived account that has a second factor: the account comes back, with this password,
-- once the second step has passed in a session that it began.
CREATE TABLE restores (
    account_id    BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    expires_at    TEXT NOT NULL
) STRICT;
