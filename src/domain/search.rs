//! What a service looks for among users, and the patterns in it.

use uuid::Uuid;

/// What is looked for. Without a term, everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// The terms.
    pub terms: Vec<Term>,
    /// How many of them must hold.
    pub joint: Joint,
    /// Whether upper and lower case are different letters, and marks on letters count in names.
    pub case_sensitive: bool,
}

/// How many terms must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Joint {
    /// One of them.
    #[default]
    Any,
    /// All of them.
    All,
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The field it is about; without one, it holds if it does for any field.
    pub field: Option<SearchField>,
    /// What must be in there.
    pub matching: Matching,
}

/// A field that can be looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchField {
    /// The id, only as a whole.
    Id,
    /// The username.
    Username,
    /// The confirmed e-mail address.
    Email,
    /// The confirmed phone number, with and without its `+`.
    Phone,
    /// The full name.
    Name,
}

impl SearchField {
    /// Every field.
    pub const ALL: [Self; 5] = [Self::Id, Self::Username, Self::Email, Self::Phone, Self::Name];
}

/// What must be in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matching {
    /// What a pattern describes.
    Like(Pattern),
    /// One of these texts, and nothing else.
    Exact(Vec<String>),
}

impl Matching {
    /// Every text in it, as it was written.
    pub fn texts(&self) -> &[String] {
        match self {
            Self::Like(pattern) => std::slice::from_ref(&pattern.text),
            Self::Exact(texts) => texts,
        }
    }
}

/// A text in which `%` stands for any text, `\%`, `\_` and `\\` for `%`, `_` and `\`, and everything else for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    anywhere: bool,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Any text, also none.
    Anything,
    /// This text.
    Literal(String),
}

impl Pattern {
    /// A pattern for the whole of a field.
    pub fn whole(text: impl Into<String>) -> Self {
        Self { text: text.into(), anywhere: false }
    }

    /// A text that may stand anywhere in a field; with a `%` in it, a pattern for the whole of one.
    pub fn typed(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { anywhere: !read(&text).contains(&Piece::Anything), text }
    }

    /// The id that this is, if it is one.
    pub fn id(&self) -> Option<Uuid> {
        Uuid::try_parse(&self.text).ok()
    }

    /// Whether other texts match than the one that is written.
    pub fn has_wildcard(&self) -> bool {
        self.pieces().contains(&Piece::Anything)
    }

    /// Its parts, in their order.
    pub fn pieces(&self) -> Vec<Piece> {
        let pieces = read(&self.text);
        if !self.anywhere {
            return pieces;
        }
        [Piece::Anything].into_iter().chain(pieces).chain([Piece::Anything]).collect()
    }
}

fn read(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut literal = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '%' => {
                pieces.extend((!literal.is_empty()).then(|| Piece::Literal(std::mem::take(&mut literal))));
                pieces.push(Piece::Anything);
            }
            '\\' => {
                literal.push(characters.next_if(|next| matches!(next, '%' | '_' | '\\')).unwrap_or(character));
            }
            _ => literal.push(character),
        }
    }
    pieces.extend((!literal.is_empty()).then_some(Piece::Literal(literal)));
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Piece::Anything, *};

    fn literal(text: &str) -> Piece {
        Piece::Literal(text.to_owned())
    }

    #[test]
    fn percent_signs_stand_for_any_text_unless_escaped() {
        for (text, pieces) in [
            ("", vec![]),
            ("ada", vec![literal("ada")]),
            ("a%da%", vec![literal("a"), Anything, literal("da"), Anything]),
            ("%%", vec![Anything, Anything]),
            (r"100\% \_\\", vec![literal(r"100% _\")]),
            (r"a\b\", vec![literal(r"a\b\")]),
            (r"\\%", vec![literal(r"\"), Anything]),
        ] {
            assert_eq!(Pattern::whole(text).pieces(), pieces, "{text}");
        }
    }

    #[test]
    fn a_typed_text_may_stand_anywhere_unless_it_says_where() {
        assert_eq!(Pattern::typed("da").pieces(), [Anything, literal("da"), Anything]);
        assert_eq!(Pattern::typed(r"0\%").pieces(), [Anything, literal("0%"), Anything]);
        assert_eq!(Pattern::typed("%da").pieces(), [Anything, literal("da")]);
        assert!(!Pattern::whole(r"\%").has_wildcard());
    }
}
