-- Mails and text messages, written in the transaction of the change they speak of and sent by a worker.
CREATE TABLE outbox (
    id         UUID    NOT NULL PRIMARY KEY,
    account_id UUID    REFERENCES accounts (id) ON DELETE CASCADE,
    channel    TEXT    NOT NULL,
    recipient  TEXT    NOT NULL,
    subject    TEXT    NOT NULL,
    body_text  TEXT    NOT NULL,
    body_html  TEXT    NOT NULL,
    created_at TIMESTAMPTZ    NOT NULL,
    due_at     TIMESTAMPTZ    NOT NULL,
    expires_at TIMESTAMPTZ,
    attempts   BIGINT NOT NULL,
    sent_at    TIMESTAMPTZ,
    parked_at  TIMESTAMPTZ,
    last_error TEXT
);

CREATE INDEX outbox_due_at ON outbox (due_at) WHERE sent_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_account_id ON outbox (account_id);

CREATE TABLE activity (
    id         UUID NOT NULL PRIMARY KEY,
    account_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    kind       TEXT NOT NULL,
    device     TEXT NOT NULL,
    address    TEXT NOT NULL,
    detail     JSONB NOT NULL,
    at         TIMESTAMPTZ NOT NULL
);

CREATE INDEX activity_account_id ON activity (account_id, at);

-- What a form without JavaScript gets back on the next page: errors and what was typed, never passwords.
CREATE TABLE flashes (
    token_hash BYTEA NOT NULL PRIMARY KEY,
    page       TEXT NOT NULL,
    payload    JSONB NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);

-- Work that one server of many does at a time.
CREATE TABLE leases (
    name       TEXT NOT NULL PRIMARY KEY,
    holder     TEXT NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL
);
