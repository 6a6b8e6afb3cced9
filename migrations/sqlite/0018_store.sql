-- Indexes, so that no statement reads a whole table that grows with accounts. Those on the end of things let the sweep find
-- what is due without reading what is not.
CREATE INDEX codes_expires_at ON codes (expires_at);
CREATE INDEX codes_session_id ON codes (session_id);
CREATE INDEX codes_registration_id ON codes (registration_id);
CREATE INDEX refresh_tokens_expires_at ON refresh_tokens (expires_at);
CREATE INDEX sessions_expires_at ON sessions (expires_at);
CREATE INDEX sessions_ended_at ON sessions (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX registrations_expires_at ON registrations (expires_at);
CREATE INDEX authenticator_apps_proposed ON authenticator_apps (created_at) WHERE confirmed_at IS NULL;
CREATE INDEX restores_expires_at ON restores (expires_at);
CREATE INDEX username_holds_until ON username_holds (until);
CREATE INDEX undo_links_expires_at ON undo_links (expires_at);
CREATE INDEX uploads_unused ON uploads (updated_at, id) WHERE in_use = FALSE;
CREATE INDEX follows_requests ON follows (followed_id, id) WHERE accepted_at IS NULL;

-- Keys end in the id of an account where they are about one: it is found by that when the account goes.
CREATE INDEX limit_hits_at ON limit_hits (at);
CREATE INDEX limit_hits_subject ON limit_hits (SUBSTR(key, LENGTH(key) - 35));
CREATE INDEX limits_touched_at ON limits (touched_at);
CREATE INDEX limits_subject ON limits (SUBSTR(key, LENGTH(key) - 35));

CREATE INDEX outbox_recipient ON outbox (recipient);
CREATE INDEX outbox_sent_at ON outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX outbox_parked_at ON outbox (parked_at) WHERE parked_at IS NOT NULL;
CREATE INDEX outbox_expires_at ON outbox (expires_at) WHERE expires_at IS NOT NULL;

-- How many active accounts an account is connected with. Triggers keep it up, so that nothing that changes an edge or the
-- state of an account goes by it: accounts that go, and servers of the version before. An edge counts for either side while
-- it is accepted and the other side is active.
CREATE TABLE connection_counts (
    account_id BLOB    NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    followers  INTEGER NOT NULL,
    following  INTEGER NOT NULL
) STRICT;

INSERT INTO connection_counts (account_id, followers, following)
SELECT
    id,
    (SELECT COUNT(*) FROM follows JOIN accounts AS other ON other.id = follower_id
        WHERE followed_id = accounts.id AND accepted_at IS NOT NULL
            AND other.archived_at IS NULL AND other.locked_at IS NULL),
    (SELECT COUNT(*) FROM follows JOIN accounts AS other ON other.id = followed_id
        WHERE follower_id = accounts.id AND accepted_at IS NOT NULL
            AND other.archived_at IS NULL AND other.locked_at IS NULL)
FROM accounts;

CREATE TRIGGER accounts_begin_counting AFTER INSERT ON accounts BEGIN
    INSERT INTO connection_counts (account_id, followers, following) VALUES (NEW.id, 0, 0);
END;

CREATE TRIGGER follows_count_made AFTER INSERT ON follows WHEN NEW.accepted_at IS NOT NULL BEGIN
    UPDATE connection_counts SET followers = followers + 1 WHERE account_id = NEW.followed_id AND EXISTS (
        SELECT 1 FROM accounts WHERE id = NEW.follower_id AND archived_at IS NULL AND locked_at IS NULL
    );
    UPDATE connection_counts SET following = following + 1 WHERE account_id = NEW.follower_id AND EXISTS (
        SELECT 1 FROM accounts WHERE id = NEW.followed_id AND archived_at IS NULL AND locked_at IS NULL
    );
END;

CREATE TRIGGER follows_count_accepted AFTER UPDATE OF accepted_at ON follows
WHEN OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL BEGIN
    UPDATE connection_counts SET followers = followers + 1 WHERE account_id = NEW.followed_id AND EXISTS (
        SELECT 1 FROM accounts WHERE id = NEW.follower_id AND archived_at IS NULL AND locked_at IS NULL
    );
    UPDATE connection_counts SET following = following + 1 WHERE account_id = NEW.follower_id AND EXISTS (
        SELECT 1 FROM accounts WHERE id = NEW.followed_id AND archived_at IS NULL AND locked_at IS NULL
    );
END;

-- Of an account that goes there is no row any more when its edges follow: it has counted itself out.
CREATE TRIGGER follows_count_deleted AFTER DELETE ON follows WHEN OLD.accepted_at IS NOT NULL BEGIN
    UPDATE connection_counts SET followers = followers - 1 WHERE account_id = OLD.followed_id AND EXISTS (
        SELECT 1 FROM accounts WHERE id = OLD.follower_id AND archived_at IS NULL AND locked_at IS NULL
    );
    UPDATE connection_counts SET following = following - 1 WHERE account_id = OLD.follower_id AND EXISTS (
        SELECT 1 FROM accounts WHERE id = OLD.followed_id AND archived_at IS NULL AND locked_at IS NULL
    );
END;

CREATE TRIGGER accounts_count_hidden AFTER UPDATE OF archived_at, locked_at ON accounts
WHEN OLD.archived_at IS NULL AND OLD.locked_at IS NULL AND NOT (NEW.archived_at IS NULL AND NEW.locked_at IS NULL) BEGIN
    UPDATE connection_counts SET followers = followers - 1 WHERE account_id IN (
        SELECT followed_id FROM follows WHERE follower_id = NEW.id AND accepted_at IS NOT NULL
    );
    UPDATE connection_counts SET following = following - 1 WHERE account_id IN (
        SELECT follower_id FROM follows WHERE followed_id = NEW.id AND accepted_at IS NOT NULL
    );
END;

CREATE TRIGGER accounts_count_shown AFTER UPDATE OF archived_at, locked_at ON accounts
WHEN NEW.archived_at IS NULL AND NEW.locked_at IS NULL AND NOT (OLD.archived_at IS NULL AND OLD.locked_at IS NULL) BEGIN
    UPDATE connection_counts SET followers = followers + 1 WHERE account_id IN (
        SELECT followed_id FROM follows WHERE follower_id = NEW.id AND accepted_at IS NOT NULL
    );
    UPDATE connection_counts SET following = following + 1 WHERE account_id IN (
        SELECT follower_id FROM follows WHERE followed_id = NEW.id AND accepted_at IS NOT NULL
    );
END;

CREATE TRIGGER accounts_count_deleted BEFORE DELETE ON accounts
WHEN OLD.archived_at IS NULL AND OLD.locked_at IS NULL BEGIN
    UPDATE connection_counts SET followers = followers - 1 WHERE account_id IN (
        SELECT followed_id FROM follows WHERE follower_id = OLD.id AND accepted_at IS NOT NULL
    );
    UPDATE connection_counts SET following = following - 1 WHERE account_id IN (
        SELECT follower_id FROM follows WHERE followed_id = OLD.id AND accepted_at IS NOT NULL
    );
END;
