-- A server of a version without keys of names goes on beside this one while it is rolled out, and may be put back later. When
-- it writes another name, the key that is left is of the old one: it is forgotten, and made anew by the sweep. Whoever writes
-- keys counts every change of a name in `shown_version`, even where the key stays as it is.
CREATE TRIGGER accounts_forget_name_key AFTER UPDATE OF given_name, middle_name, family_name ON accounts
WHEN NEW.name_key IS NOT NULL AND NEW.name_key = OLD.name_key AND NEW.shown_version = OLD.shown_version AND (
    NEW.given_name IS NOT OLD.given_name OR NEW.middle_name IS NOT OLD.middle_name OR NEW.family_name IS NOT OLD.family_name
) BEGIN
    UPDATE accounts SET name_key = NULL WHERE id = NEW.id;
END;
