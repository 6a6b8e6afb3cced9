-- Applications that sign people in are clients, too. What they are registered with is read as a whole, so it is one object.
-- An app has the scope `none` and no secret is the empty one: servers of the version before give it nothing.
ALTER TABLE clients ADD COLUMN kind TEXT NOT NULL DEFAULT 'service';
ALTER TABLE clients ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE clients ADD COLUMN previous_secret_hash BLOB;
ALTER TABLE clients ADD COLUMN previous_secret_until TEXT;
