CREATE TABLE uploads (
    id         UUID    NOT NULL PRIMARY KEY,
    owner_id   UUID    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    access_key TEXT    NOT NULL UNIQUE,
    file_name  TEXT    NOT NULL,
    mime_type  TEXT    NOT NULL,
    file_size  BIGINT NOT NULL,
    in_use     BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ    NOT NULL,
    updated_at TIMESTAMPTZ    NOT NULL
);

CREATE INDEX uploads_owner_id ON uploads (owner_id, updated_at);

-- The database bucket: one row a rendition.
CREATE TABLE blobs (
    access_key TEXT NOT NULL REFERENCES uploads (access_key) ON DELETE CASCADE,
    rendition  TEXT NOT NULL,
    bytes      BYTEA NOT NULL,
    PRIMARY KEY (access_key, rendition)
);
