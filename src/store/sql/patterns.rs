//! Patterns as the engines write them.

use crate::domain::search::{Pattern, Piece};

/// A pattern as `LIKE` writes it, each text in it folded first.
pub(super) fn like(pattern: &Pattern, fold: impl Fn(&str) -> String) -> String {
    let written = |piece: &Piece| match piece {
        Piece::Anything => "%".to_owned(),
        Piece::Literal(text) => literal(&fold(text)),
    };
    pattern.pieces().iter().map(written).collect()
}

/// The text as a `LIKE` pattern in which nothing has a special meaning.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::new();
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            literal.push('\\');
        }
        literal.push(storable(character));
    }
    literal
}

/// A part of a pattern as SQLite's `GLOB` writes it.
pub(super) fn glob(piece: &Piece) -> String {
    let Piece::Literal(text) = piece else { return "*".to_owned() };
    text.chars().map(storable).fold(String::new(), |written, character| match character {
        '*' | '?' | '[' => format!("{written}[{character}]"),
        _ => format!("{written}{character}"),
    })
}

/// PostgreSQL takes no text with NUL; none that is kept has one.
fn storable(character: char) -> char {
    if character == '\0' { char::REPLACEMENT_CHARACTER } else { character }
}
