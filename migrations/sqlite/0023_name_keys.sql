-- Full names as they are looked for, folded by the server. Where there is none yet, one is made after the migrations, and
-- before anybody is served.
ALTER TABLE accounts ADD COLUMN name_key TEXT;
CREATE INDEX accounts_without_name_key ON accounts (id) WHERE name_key IS NULL;
