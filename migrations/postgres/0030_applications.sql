-- Applications that sign people in are clients, too. What they are registered with is read as a whole, so it is one object.
-- An app has the scope `none` and no secret is the empty one: servers of the version before give it nothing.
ALTER TABLE clients
    ADD COLUMN kind TEXT NOT NULL DEFAULT 'service',
    ADD COLUMN settings JSONB NOT NULL DEFAULT '{}',
    ADD COLUMN previous_secret_hash BYTEA,
    ADD COLUMN previous_secret_until TIMESTAMPTZ;
