-- Indexes in place of others. Dropping an index waits until nobody reads its table, so these two have a
-- migration of their own.
LOCK TABLE outbox, activity IN ACCESS EXCLUSIVE MODE;

DROP INDEX outbox_due_at;
CREATE INDEX outbox_waiting ON outbox (channel, due_at, id) WHERE sent_at IS NULL AND parked_at IS NULL;

-- Ids are in the order of time. A page of some kinds is read from the second, kind by kind.
DROP INDEX activity_account_id;
CREATE INDEX activity_account_id ON activity (account_id, id);
CREATE INDEX activity_by_kind ON activity (account_id, kind, id);
