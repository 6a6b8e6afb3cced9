-- Keys under which an object store may hold pictures that no upload names: those about to be uploaded, and those deleted.
CREATE TABLE stray_objects (
    access_key TEXT NOT NULL PRIMARY KEY,
    due_at     TIMESTAMPTZ NOT NULL
);

CREATE INDEX stray_objects_due_at ON stray_objects (due_at);

-- A trigger, because most uploads go with their account.
CREATE FUNCTION uploads_leave_objects() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO stray_objects (access_key, due_at) VALUES (OLD.access_key, OLD.updated_at) ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;

CREATE TRIGGER uploads_leave_objects AFTER DELETE ON uploads FOR EACH ROW EXECUTE FUNCTION uploads_leave_objects();
