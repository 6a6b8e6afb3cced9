-- Who follows whom. Without `accepted_at` it is a request that a private account has not answered.
CREATE TABLE follows (
    id           UUID NOT NULL PRIMARY KEY,
    follower_id  UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    followed_id  UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    requested_at TIMESTAMPTZ NOT NULL,
    accepted_at  TIMESTAMPTZ,
    UNIQUE (follower_id, followed_id),
    CHECK (follower_id <> followed_id)
);

CREATE INDEX follows_by_follower ON follows (follower_id, id);
CREATE INDEX follows_by_followed ON follows (followed_id, id);

CREATE TABLE blocks (
    id         UUID NOT NULL PRIMARY KEY,
    blocker_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    blocked_id UUID NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    blocked_at TIMESTAMPTZ NOT NULL,
    UNIQUE (blocker_id, blocked_id),
    CHECK (blocker_id <> blocked_id)
);

CREATE INDEX blocks_by_blocker ON blocks (blocker_id, id);
CREATE INDEX blocks_by_blocked ON blocks (blocked_id);
