-- Who follows whom. Without `accepted_at` it is a request that a private account has not answered.
CREATE TABLE follows (
    id           BLOB NOT NULL PRIMARY KEY,
    follower_id  BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    followed_id  BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    requested_at TEXT NOT NULL,
    accepted_at  TEXT,
    UNIQUE (follower_id, followed_id),
    CHECK (follower_id <> followed_id)
) STRICT;

CREATE INDEX follows_by_follower ON follows (follower_id, id);
CREATE INDEX follows_by_followed ON follows (followed_id, id);

CREATE TABLE blocks (
    id         BLOB NOT NULL PRIMARY KEY,
    blocker_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    blocked_id BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    blocked_at TEXT NOT NULL,
    UNIQUE (blocker_id, blocked_id),
    CHECK (blocker_id <> blocked_id)
) STRICT;

CREATE INDEX blocks_by_blocker ON blocks (blocker_id, id);
CREATE INDEX blocks_by_blocked ON blocks (blocked_id);
