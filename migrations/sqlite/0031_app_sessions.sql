-- Who is signed in to which app. A session of an app hangs on the browser session in which it began; without that one it
-- lives to its own end. `access` is what the app was given in it.
ALTER TABLE sessions ADD COLUMN client_id BLOB REFERENCES clients (id);
ALTER TABLE sessions ADD COLUMN parent_id BLOB REFERENCES sessions (id) ON DELETE SET NULL;
ALTER TABLE sessions ADD COLUMN replaces_id BLOB;
ALTER TABLE sessions ADD COLUMN access TEXT;
CREATE INDEX sessions_client_id ON sessions (client_id);
CREATE INDEX sessions_parent_id ON sessions (parent_id);

-- What the app may do with a refresh token. Tokens of the account's own sessions have none.
ALTER TABLE refresh_tokens ADD COLUMN granted TEXT;

-- Codes that apps exchange for tokens (RFC 6749, section 4.1.2). Used ones are kept for a while: a second use is told.
CREATE TABLE authorization_codes (
    code_hash  BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    granted    TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_at    TEXT
) STRICT;

CREATE INDEX authorization_codes_session_id ON authorization_codes (session_id, created_at);
CREATE INDEX authorization_codes_expires_at ON authorization_codes (expires_at);

-- What people let apps have.
CREATE TABLE consents (
    account_id   BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    client_id    BLOB NOT NULL REFERENCES clients (id),
    access       TEXT NOT NULL,
    created_at   TEXT NOT NULL,
    last_used_at TEXT NOT NULL,
    PRIMARY KEY (account_id, client_id)
) STRICT;

CREATE INDEX consents_client_id ON consents (client_id);
