-- Every table that this changes or reads is locked first, in the order in which servers write them: those of the version
-- before go on meanwhile. They take an account's lock before anything that belongs to it, so they wait for the first of these
-- tables while they hold none of the others. Reading goes on.
LOCK TABLE accounts, registrations, limits, limit_hits, codes, sessions, refresh_tokens, authenticator_apps, restores,
    username_holds, undo_links, uploads, follows, outbox, activity IN SHARE ROW EXCLUSIVE MODE;

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
-- it is accepted and the other side is active. Not in `accounts`, whose rows are locked by what their owners do.
CREATE TABLE connection_counts (
    account_id UUID   NOT NULL PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    followers  BIGINT NOT NULL,
    following  BIGINT NOT NULL
);

CREATE FUNCTION accounts_begin_counting() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO connection_counts (account_id, followers, following) VALUES (NEW.id, 0, 0);
    RETURN NULL;
END
$$;

-- Counts edges, which are given by their ends. The counts are locked in the order of ids, so that nobody waits in a circle,
-- and before it is looked who is active: whoever changes that locks them too.
CREATE FUNCTION count_follows(follower_ids UUID[], followed_ids UUID[], step BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM connection_counts WHERE account_id = ANY (follower_ids || followed_ids)
        ORDER BY account_id FOR UPDATE;
    UPDATE connection_counts SET followers = followers + step * edges.number
    FROM (
        SELECT edge.followed_id, COUNT(*) AS number
        FROM UNNEST(follower_ids, followed_ids) AS edge (follower_id, followed_id)
            JOIN accounts ON accounts.id = edge.follower_id
        WHERE archived_at IS NULL AND locked_at IS NULL GROUP BY edge.followed_id
    ) AS edges
    WHERE account_id = edges.followed_id;
    UPDATE connection_counts SET following = following + step * edges.number
    FROM (
        SELECT edge.follower_id, COUNT(*) AS number
        FROM UNNEST(follower_ids, followed_ids) AS edge (follower_id, followed_id)
            JOIN accounts ON accounts.id = edge.followed_id
        WHERE archived_at IS NULL AND locked_at IS NULL GROUP BY edge.follower_id
    ) AS edges
    WHERE account_id = edges.follower_id;
END
$$;

-- Counts an account in or out, where it is connected.
CREATE FUNCTION count_account(account UUID, step BIGINT) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM connection_counts WHERE account_id IN (
        SELECT account
        UNION ALL SELECT followed_id FROM follows WHERE follower_id = account AND accepted_at IS NOT NULL
        UNION ALL SELECT follower_id FROM follows WHERE followed_id = account AND accepted_at IS NOT NULL
    ) ORDER BY account_id FOR UPDATE;
    UPDATE connection_counts SET followers = followers + step WHERE account_id IN (
        SELECT followed_id FROM follows WHERE follower_id = account AND accepted_at IS NOT NULL
    );
    UPDATE connection_counts SET following = following + step WHERE account_id IN (
        SELECT follower_id FROM follows WHERE followed_id = account AND accepted_at IS NOT NULL
    );
END
$$;

CREATE FUNCTION follows_count_made() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_follows(
        ARRAY(SELECT follower_id FROM made WHERE accepted_at IS NOT NULL ORDER BY id),
        ARRAY(SELECT followed_id FROM made WHERE accepted_at IS NOT NULL ORDER BY id), 1);
    RETURN NULL;
END
$$;

CREATE FUNCTION follows_count_accepted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_follows(
        ARRAY(SELECT after.follower_id FROM after JOIN before USING (id)
            WHERE before.accepted_at IS NULL AND after.accepted_at IS NOT NULL ORDER BY id),
        ARRAY(SELECT after.followed_id FROM after JOIN before USING (id)
            WHERE before.accepted_at IS NULL AND after.accepted_at IS NOT NULL ORDER BY id), 1);
    RETURN NULL;
END
$$;

CREATE FUNCTION follows_count_deleted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_follows(
        ARRAY(SELECT follower_id FROM gone WHERE accepted_at IS NOT NULL ORDER BY id),
        ARRAY(SELECT followed_id FROM gone WHERE accepted_at IS NOT NULL ORDER BY id), -1);
    RETURN NULL;
END
$$;

CREATE FUNCTION accounts_count_state() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM count_account(NEW.id, CASE WHEN NEW.archived_at IS NULL AND NEW.locked_at IS NULL THEN 1 ELSE -1 END);
    RETURN NULL;
END
$$;

-- When its edges follow there is no row of the account any more: it counts itself out before.
CREATE FUNCTION accounts_count_deleted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.archived_at IS NULL AND OLD.locked_at IS NULL THEN
        PERFORM count_account(OLD.id, -1);
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER accounts_begin_counting AFTER INSERT ON accounts
    FOR EACH ROW EXECUTE FUNCTION accounts_begin_counting();
CREATE TRIGGER follows_count_made AFTER INSERT ON follows
    REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION follows_count_made();
CREATE TRIGGER follows_count_accepted AFTER UPDATE ON follows
    REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION follows_count_accepted();
CREATE TRIGGER follows_count_deleted AFTER DELETE ON follows
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION follows_count_deleted();
CREATE TRIGGER accounts_count_state AFTER UPDATE OF archived_at, locked_at ON accounts FOR EACH ROW
    WHEN ((OLD.archived_at IS NULL AND OLD.locked_at IS NULL) <> (NEW.archived_at IS NULL AND NEW.locked_at IS NULL))
    EXECUTE FUNCTION accounts_count_state();
CREATE TRIGGER accounts_count_deleted BEFORE DELETE ON accounts
    FOR EACH ROW EXECUTE FUNCTION accounts_count_deleted();

-- Last: whoever writes edges waits since the triggers were made.
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
