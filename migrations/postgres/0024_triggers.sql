-- A server of a version without keys of names goes on beside this one while it is rolled out, and may be put back later. When
-- it writes another name, the key that is left is of the old one: it is forgotten, and made anew by the sweep. Whoever writes
-- keys counts every change of a name in `shown_version`, even where the key stays as it is.
CREATE FUNCTION accounts_forget_name_key() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    NEW.name_key := NULL;
    RETURN NEW;
END
$$;

CREATE TRIGGER accounts_forget_name_key BEFORE UPDATE OF given_name, middle_name, family_name ON accounts FOR EACH ROW
    WHEN (NEW.name_key = OLD.name_key AND NEW.shown_version = OLD.shown_version AND (
        NEW.given_name IS DISTINCT FROM OLD.given_name OR NEW.middle_name IS DISTINCT FROM OLD.middle_name
        OR NEW.family_name IS DISTINCT FROM OLD.family_name
    ))
    EXECUTE FUNCTION accounts_forget_name_key();

-- Edges go with their account, those of either end by themselves. Everything that they lock is locked before, in the order of
-- ids: the edges, because the account at the other end may go at the same moment, and then the counts of all whom they connect.
CREATE OR REPLACE FUNCTION accounts_count_deleted() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM follows WHERE follower_id = OLD.id OR followed_id = OLD.id ORDER BY id FOR UPDATE;
    PERFORM 1 FROM connection_counts WHERE account_id IN (
        SELECT OLD.id
        UNION ALL SELECT followed_id FROM follows WHERE follower_id = OLD.id AND accepted_at IS NOT NULL
        UNION ALL SELECT follower_id FROM follows WHERE followed_id = OLD.id AND accepted_at IS NOT NULL
    ) ORDER BY account_id FOR UPDATE;
    -- When its edges follow there is no row of the account any more: it counts itself out before.
    IF OLD.archived_at IS NULL AND OLD.locked_at IS NULL THEN
        PERFORM count_account(OLD.id, -1);
    END IF;
    RETURN OLD;
END
$$;
