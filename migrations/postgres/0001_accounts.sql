CREATE TABLE accounts (
    id                  UUID    NOT NULL PRIMARY KEY,
    email               TEXT,
    email_key           TEXT    UNIQUE,
    email_verified      BOOLEAN NOT NULL,
    pending_email       TEXT,
    phone               TEXT    UNIQUE,
    phone_verified      BOOLEAN NOT NULL,
    pending_phone       TEXT,
    username            TEXT    NOT NULL,
    username_key        TEXT    NOT NULL UNIQUE,
    password_hash       TEXT,
    password_changed_at TIMESTAMPTZ,
    given_name          TEXT,
    middle_name         TEXT,
    family_name         TEXT,
    bio                 TEXT    NOT NULL,
    location            TEXT    NOT NULL,
    pictures            JSONB    NOT NULL,
    role                TEXT    NOT NULL,
    locale              TEXT,
    time_zone           TEXT,
    theme               TEXT    NOT NULL,
    is_private          BOOLEAN NOT NULL,
    two_factor_enabled  BOOLEAN NOT NULL,
    custom_data         JSONB    NOT NULL,
    oidc_profile        JSONB    NOT NULL,
    posts_count         BIGINT NOT NULL,
    shops_count         BIGINT NOT NULL,
    events_count        BIGINT NOT NULL,
    record_version      BIGINT NOT NULL,
    created_at          TIMESTAMPTZ    NOT NULL,
    updated_at          TIMESTAMPTZ    NOT NULL,
    last_sign_in_at     TIMESTAMPTZ,
    archived_at         TIMESTAMPTZ,
    purge_at            TIMESTAMPTZ,
    purge_reminders     BIGINT NOT NULL,
    locked_at           TIMESTAMPTZ,
    lock_reason         TEXT
);

CREATE INDEX accounts_purge_at ON accounts (purge_at) WHERE purge_at IS NOT NULL;
CREATE INDEX accounts_created_at ON accounts (created_at, id);

-- What is left of a purged account: enough to prove when it went, not whose it was.
CREATE TABLE tombstones (
    id_hash     BYTEA NOT NULL PRIMARY KEY,
    created_at  TIMESTAMPTZ NOT NULL,
    archived_at TIMESTAMPTZ NOT NULL,
    purged_at   TIMESTAMPTZ NOT NULL
);

-- A sign-up whose code is not confirmed yet. `account_id` is reserved for the account it will become.
CREATE TABLE registrations (
    account_id     UUID    NOT NULL PRIMARY KEY,
    identifier_key TEXT    NOT NULL,
    email          TEXT,
    phone          TEXT,
    username       TEXT,
    given_name     TEXT,
    middle_name    TEXT,
    family_name    TEXT,
    picture        TEXT,
    password_hash  TEXT    NOT NULL,
    locale         TEXT,
    created_at     TIMESTAMPTZ    NOT NULL,
    expires_at     TIMESTAMPTZ    NOT NULL
);

CREATE INDEX registrations_identifier_key ON registrations (identifier_key, created_at);
