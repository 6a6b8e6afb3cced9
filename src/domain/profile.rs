//! What a person says about themselves on the profile: plain text, kept as written.

use super::{
    error::Reason,
    limits::{BIO, LOCATION},
    parsed_text::parsed_text,
    text,
};

/// A text about oneself: 1 to 500 code points, line breaks as `\n`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bio(String);

/// A place, as its inhabitant writes it: one line of 1 to 100 code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location(String);

impl Bio {
    /// The text without the white space around it; `None` when nothing is left.
    ///
    /// # Errors
    /// [`Reason`]: the rule that it breaks.
    pub fn parse(raw: &str) -> Result<Option<Self>, Reason> {
        Ok(text::lines(raw, BIO)?.map(Self))
    }
}

impl Location {
    /// The place without the white space around it; `None` when nothing is left.
    ///
    /// # Errors
    /// [`Reason`]: the rule that it breaks.
    pub fn parse(raw: &str) -> Result<Option<Self>, Reason> {
        Ok(text::line(raw, LOCATION)?.map(Self))
    }
}

parsed_text!(Bio);
parsed_text!(Location);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bio_has_up_to_500_code_points_and_line_breaks() {
        assert_eq!(Bio::parse(" \r\n "), Ok(None));
        assert_eq!(Bio::parse("One\r\n<b>two</b> ").unwrap().unwrap().as_str(), "One\n<b>two</b>");
        assert!(Bio::parse(&"ğ".repeat(500)).unwrap().is_some());
        assert!(Bio::parse(&format!("{}\r\n{}", "a".repeat(250), "b".repeat(249))).is_ok());
        assert_eq!(Bio::parse(&"ğ".repeat(501)), Err(Reason::TooLong { max: 500 }));
        assert_eq!(Bio::parse("a\0b"), Err(Reason::ForbiddenCharacters));
    }

    #[test]
    fn a_location_is_one_line_of_up_to_100_code_points() {
        assert_eq!(Location::parse(""), Ok(None));
        assert_eq!(Location::parse(" İzmir ").unwrap().unwrap().to_string(), "İzmir");
        assert!(Location::parse(&"ş".repeat(100)).unwrap().is_some());
        assert_eq!(Location::parse(&"ş".repeat(101)), Err(Reason::TooLong { max: 100 }));
        assert_eq!(Location::parse("İzmir\nTürkiye"), Err(Reason::ForbiddenCharacters));
    }
}
