//! Parameters as they are sent, in a query or a form.

use percent_encoding::percent_decode;

use super::request::Parameters;

/// Reads `name=value&…` (WHATWG URL, section 5.1), but takes nothing that is not UTF-8, and no NUL, which databases cannot
/// keep.
pub fn read(sent: &[u8]) -> Option<Parameters> {
    let mut pairs = Vec::new();
    for pair in sent.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let (name, value) = match pair.iter().position(|byte| *byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        pairs.push((decode(name)?, decode(value)?));
    }
    Some(Parameters::new(pairs))
}

fn decode(part: &[u8]) -> Option<String> {
    let spaced: Vec<_> = part.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    let text = String::from_utf8(percent_decode(&spaced).collect()).ok()?;
    (!text.contains('\0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_refused() {
        let read_one =
            |sent: &str| read(sent.as_bytes()).map(|read| read.one("a").map(|value| value.map(str::to_owned)));
        assert_eq!(read_one("a=b+c%20d&e"), Some(Ok(Some("b c d".to_owned()))));
        assert_eq!(read_one("a=%C3%A9%"), Some(Ok(Some("é%".to_owned()))));
        assert_eq!(read_one("a=&b"), Some(Ok(None)), "what has no value counts as not sent");
        assert!(read_one("a=b&a=c").is_some_and(|read| read.is_err()));
        assert_eq!(read_one("a=b&a="), Some(Ok(Some("b".to_owned()))));
        for unreadable in ["a=%ff", "a=%00", "%00=a", "a=\0"] {
            assert_eq!(read_one(unreadable), None, "{unreadable}");
        }
    }
}
