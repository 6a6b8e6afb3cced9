//! Statements and rows as they are declared.
//!
//! Every column is named, wherever rows are read. With `*` a running server would be told of columns that the next version
//! adds: PostgreSQL then refuses what it has prepared (`0A000`), and the driver of SQLite reads past the columns it knows.

/// Declares the statements of a file, each in one piece or several: `NAME = "…", Row::COLUMNS, "…";`. `STATEMENTS` lists
/// them, for tests that look at all.
macro_rules! statements {
    ($($name:ident = $($part:expr),+;)+) => {
        $(const $name: &str = {
            const PARTS: &[&str] = &[$($part),+];
            const BYTES: [u8; $crate::store::sql::statements::length(PARTS)] =
                $crate::store::sql::statements::joined(PARTS);
            match std::str::from_utf8(&BYTES) {
                Ok(text) => text,
                Err(_) => panic!("texts are made of whole characters"),
            }
        };)+
        pub(super) const STATEMENTS: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}
pub(super) use statements;

/// Declares a row of a table, which knows the names of its columns.
macro_rules! row {
    ($visibility:vis struct $name:ident of $table:literal { $($field:ident: $type:ty,)+ }) => {
        #[derive(sqlx::FromRow)]
        $visibility struct $name {
            $($field: $type,)+
        }

        impl $name {
            $visibility const COLUMNS: &str = $crate::store::sql::statements::columns!($table; $($field),+);
        }
    };
}
pub(super) use row;

/// The names of columns, each with that of its table: they go into joins.
macro_rules! columns {
    ($table:literal; $first:ident $(, $field:ident)*) => {
        concat!($table, ".", stringify!($first) $(, ", ", $table, ".", stringify!($field))*)
    };
}
pub(super) use columns;

/// Deletes rows of a table that have had their time, `$2` at most: those that meet the condition, which is of `$1`. It is
/// looked at again when a row's lock is there, because PostgreSQL may have waited for somebody who changed the row.
macro_rules! swept {
    ($table:literal, $key:literal, $condition:literal) => {
        concat!(
            "DELETE FROM ",
            $table,
            " WHERE ",
            $key,
            " IN (SELECT ",
            $key,
            " FROM ",
            $table,
            " WHERE ",
            $condition,
            " LIMIT $2) AND ",
            $condition,
        )
    };
}
pub(super) use swept;

/// How long texts are together.
pub(super) const fn length(parts: &[&str]) -> usize {
    let (mut length, mut part) = (0, 0);
    while part < parts.len() {
        length += parts[part].len();
        part += 1;
    }
    length
}

/// Texts one after the other.
pub(super) const fn joined<const N: usize>(parts: &[&str]) -> [u8; N] {
    let (mut bytes, mut at, mut part) = ([0; N], 0, 0);
    while part < parts.len() {
        let text = parts[part].as_bytes();
        let mut byte = 0;
        while byte < text.len() {
            bytes[at] = text[byte];
            at += 1;
            byte += 1;
        }
        part += 1;
    }
    bytes
}
