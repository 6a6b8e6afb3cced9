-- Devices that were not seen for long are forgotten.
CREATE INDEX IF NOT EXISTS known_devices_last_seen_at ON known_devices (last_seen_at);
