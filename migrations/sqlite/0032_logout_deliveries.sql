-- Apps that are to be told that a session of theirs has ended (OpenID Connect Back-Channel Logout 1.0). A trigger, because
-- sessions end in many ways, and each in the transaction of what ends them. `account_id` goes with the account.
CREATE TABLE logout_deliveries (
    session_id BLOB    NOT NULL PRIMARY KEY,
    client_id  BLOB    NOT NULL REFERENCES clients (id),
    account_id BLOB    REFERENCES accounts (id) ON DELETE SET NULL,
    attempts   INTEGER NOT NULL,
    created_at TEXT    NOT NULL,
    due_at     TEXT    NOT NULL
) STRICT;

CREATE INDEX logout_deliveries_client_id ON logout_deliveries (client_id);
CREATE INDEX logout_deliveries_account_id ON logout_deliveries (account_id);
CREATE INDEX logout_deliveries_due_at ON logout_deliveries (due_at);

CREATE TRIGGER sessions_tell_apps AFTER UPDATE OF ended_at ON sessions
WHEN NEW.kind = 'app' AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN
    INSERT INTO logout_deliveries (session_id, client_id, account_id, attempts, created_at, due_at)
    SELECT NEW.id, NEW.client_id, NEW.account_id, 0, NEW.ended_at, NEW.ended_at FROM clients
    WHERE id = NEW.client_id AND json_extract(settings, '$.backchannel_logout_uri') IS NOT NULL
    ON CONFLICT DO NOTHING;
END;
