//! As much of an HTML reader as it takes to look at tags and their attributes.

use std::collections::BTreeMap;

/// A start tag.
#[derive(Debug)]
pub struct Tag<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its attributes, unescaped; one without a value has an empty one.
    pub attributes: BTreeMap<&'a str, String>,
}

impl Tag<'_> {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// The page without the marks that Leptos puts between neighbouring texts, where view types are erased and where they are not.
pub fn without_markers(html: &str) -> String {
    html.replace("<!>", "")
}

/// Every start tag, in order.
pub fn tags(html: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if after.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let (name, after) = after.split_at(after.find([' ', '>', '/']).unwrap_or(after.len()));
            let (attributes, after) = attributes(after);
            rest = after;
            tags.push(Tag { name, attributes });
        }
    }
    tags
}

fn attributes(mut rest: &str) -> (BTreeMap<&str, String>, &str) {
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start_matches([' ', '/']);
        if let Some(after) = rest.strip_prefix('>') {
            return (attributes, after);
        }
        let end = rest.find(['=', ' ', '>']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        assert!(!name.is_empty(), "a tag does not end: {rest:.80}");
        let value;
        (value, rest) = match after.strip_prefix("=\"") {
            Some(after) => after.split_once('"').expect("a value ends"),
            None => ("", after),
        };
        assert!(attributes.insert(name, unescape(value)).is_none(), "{name} stands twice");
    }
}

fn unescape(value: &str) -> String {
    value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}
