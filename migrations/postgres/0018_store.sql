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

-- Ids are in the order of time.
DROP INDEX activity_account_id;
CREATE INDEX activity_account_id ON activity (account_id, id);

DROP INDEX outbox_due_at;
CREATE INDEX outbox_waiting ON outbox (channel, due_at, id) WHERE sent_at IS NULL AND parked_at IS NULL;
CREATE INDEX outbox_recipient ON outbox (recipient);
CREATE INDEX outbox_sent_at ON outbox (sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX outbox_parked_at ON outbox (parked_at) WHERE parked_at IS NOT NULL;
CREATE INDEX outbox_expires_at ON outbox (expires_at) WHERE expires_at IS NOT NULL;
