-- Old names of accounts, kept from others until `until`.
CREATE TABLE username_holds (
    username_key TEXT NOT NULL PRIMARY KEY,
    account_id   UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    until        TIMESTAMPTZ NOT NULL
);

CREATE INDEX username_holds_account_id ON username_holds (account_id);

-- Links that take the change of an e-mail address or phone back; `destination` is what they restore.
CREATE TABLE undo_links (
    token_hash  BYTEA NOT NULL PRIMARY KEY,
    account_id  UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    channel     TEXT NOT NULL,
    destination TEXT NOT NULL,
    created_at  TIMESTAMPTZ NOT NULL,
    expires_at  TIMESTAMPTZ NOT NULL
);

CREATE INDEX undo_links_account_id ON undo_links (account_id);
