-- Times are RFC 3339 text in UTC with microseconds at most; ids are 16-byte UUIDs; JSON is text.

CREATE TABLE accounts (
    id                  BLOB    NOT NULL PRIMARY KEY,
    email               TEXT,
    email_key           TEXT    UNIQUE,
    email_verified      INTEGER NOT NULL,
    pending_email       TEXT,
    phone               TEXT    UNIQUE,
    phone_verified      INTEGER NOT NULL,
    pending_phone       TEXT,
    username            TEXT    NOT NULL,
    username_key        TEXT    NOT NULL UNIQUE,
    password_hash       TEXT,
    password_changed_at TEXT,
    given_name          TEXT,
    middle_name         TEXT,
    family_name         TEXT,
    bio                 TEXT    NOT NULL,
    location            TEXT    NOT NULL,
    pictures            TEXT    NOT NULL,
    role                TEXT    NOT NULL,
    locale              TEXT,
    time_zone           TEXT,
    theme               TEXT    NOT NULL,
    is_private          INTEGER NOT NULL,
    two_factor_enabled  INTEGER NOT NULL,
    custom_data         TEXT    NOT NULL,
    oidc_profile        TEXT    NOT NULL,
    posts_count         INTEGER NOT NULL,
    shops_count         INTEGER NOT NULL,
    events_count        INTEGER NOT NULL,
    record_version      INTEGER NOT NULL,
    created_at          TEXT    NOT NULL,
    updated_at          TEXT    NOT NULL,
    last_sign_in_at     TEXT,
    archived_at         TEXT,
    purge_at            TEXT,
    purge_reminders     INTEGER NOT NULL,
    locked_at           TEXT,
    lock_reason         TEXT
) STRICT;

CREATE INDEX accounts_purge_at ON accounts (purge_at) WHERE purge_at IS NOT NULL;
CREATE INDEX accounts_created_at ON accounts (created_at, id);

-- What is left of a purged account: enough to prove when it went, not whose it was.
CREATE TABLE tombstones (
    id_hash     BLOB NOT NULL PRIMARY KEY,
    created_at  TEXT NOT NULL,
    archived_at TEXT NOT NULL,
    purged_at   TEXT NOT NULL
) STRICT;

-- A sign-up whose code is not confirmed yet. `account_id` is reserved for the account it will become.
CREATE TABLE registrations (
    account_id     BLOB    NOT NULL PRIMARY KEY,
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
    created_at     TEXT    NOT NULL,
    expires_at     TEXT    NOT NULL
) STRICT;

CREATE INDEX registrations_identifier_key ON registrations (identifier_key, created_at);
