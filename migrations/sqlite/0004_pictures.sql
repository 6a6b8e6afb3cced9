CREATE TABLE uploads (
    id         BLOB    NOT NULL PRIMARY KEY,
    owner_id   BLOB    NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    access_key TEXT    NOT NULL UNIQUE,
    file_name  TEXT    NOT NULL,
    mime_type  TEXT    NOT NULL,
    file_size  INTEGER NOT NULL,
    in_use     INTEGER NOT NULL,
    created_at TEXT    NOT NULL,
    updated_at TEXT    NOT NULL
) STRICT;

CREATE INDEX uploads_owner_id ON uploads (owner_id, updated_at);

-- The database bucket: one row a rendition.
CREATE TABLE blobs (
    access_key TEXT NOT NULL REFERENCES uploads (access_key) ON DELETE CASCADE,
    rendition  TEXT NOT NULL,
    bytes      BLOB NOT NULL,
    PRIMARY KEY (access_key, rendition)
) STRICT;
