//! Who a list of users is asked for: `search`, `search.<field>`, `mode`, `mode.<field>`, `joint` and `isCaseSensitive`, as Logto
//! has them. A parameter that says something else about the search is refused: who leaves it out of account answers with
//! users that nobody asked for.

use std::collections::HashMap;

use super::envelope::{ApiError, InputIssue};
use crate::domain::search::{Joint, Matching, Pattern, Search, SearchField, Term};

/// How a text is compared with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SearchMode {
    /// As a pattern.
    Like,
    /// As it is written.
    Exact,
}

/// Values of `isCaseSensitive`.
const YES: [&str; 2] = ["true", "1"];
const NO: [&str; 3] = ["false", "0", ""];

/// A field, or none for all of them.
type Subject = Option<SearchField>;

/// What was read so far.
#[derive(Default)]
struct Parameters {
    /// In the order in which they came.
    texts: Vec<(Subject, Vec<String>)>,
    modes: HashMap<Subject, SearchMode>,
    joint: Joint,
    case_sensitive: bool,
    issues: Vec<InputIssue>,
}

/// Reads a search, and says which of the parameters belong to it.
///
/// # Errors
/// `guard.invalid_input` with every parameter that is not as it must be.
pub(super) fn read(pairs: &[(String, String)]) -> Result<(Search, Vec<(String, String)>), ApiError> {
    let mut parameters = Parameters::default();
    let filters = pairs.iter().filter(|(key, value)| parameters.take(key, value)).cloned().collect();
    Ok((parameters.finish()?, filters))
}

impl Parameters {
    /// Whether the parameter is one of a search.
    fn take(&mut self, key: &str, value: &str) -> bool {
        match key {
            // No more than an empty field of a form.
            "search" if value.is_empty() => return false,
            "joint" | "jointMode" => match value {
                "or" | "" => self.joint = Joint::Any,
                "and" => self.joint = Joint::All,
                _ => self.refuse(key, "invalid_enum_value", "must be or, or and"),
            },
            "isCaseSensitive" => match value {
                value if YES.contains(&value) => self.case_sensitive = true,
                value if NO.contains(&value) => self.case_sensitive = false,
                _ => self.refuse(key, "invalid_type", "must be true or false"),
            },
            key if key.starts_with("search") => {
                if let Some(subject) = self.subject(key, "search") {
                    match self.texts.iter_mut().find(|(other, _)| *other == subject) {
                        Some((_, texts)) => texts.push(value.to_owned()),
                        None => self.texts.push((subject, vec![value.to_owned()])),
                    }
                }
            }
            key if key.starts_with("mode") => {
                let mode = self.mode(key, value);
                if let (Some(subject), Some(mode)) = (self.subject(key, "mode"), mode) {
                    self.modes.insert(subject, mode);
                }
            }
            _ => return false,
        }
        true
    }

    fn mode(&mut self, key: &str, value: &str) -> Option<SearchMode> {
        match value {
            "like" => return Some(SearchMode::Like),
            "exact" => return Some(SearchMode::Exact),
            "similar_to" | "posix" => {
                self.refuse(key, "invalid_enum_value", "must be like or exact; there are no regular expressions here");
            }
            _ => self.refuse(key, "invalid_enum_value", "must be like or exact"),
        }
        None
    }

    fn subject(&mut self, key: &str, prefix: &str) -> Option<Subject> {
        if key == prefix {
            return Some(None);
        }
        let named = key.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.'));
        let field = SearchField::ALL.into_iter().find(|field| named == Some(name(*field)));
        if field.is_none() {
            let fields = SearchField::ALL.map(name).join(", ");
            self.refuse(key, "unrecognized_keys", format!("must name one of these fields: {fields}"));
        }
        field.map(Some)
    }

    fn refuse(&mut self, key: &str, code: &'static str, message: impl Into<String>) {
        self.issues.push(InputIssue::new(key, code, message));
    }

    fn finish(mut self) -> Result<Search, ApiError> {
        let mut terms = Vec::new();
        for (field, texts) in std::mem::take(&mut self.texts) {
            let key = field.map_or("search".to_owned(), |field| format!("search.{}", name(field)));
            if texts.iter().any(String::is_empty) {
                self.refuse(&key, "too_small", "must not be empty");
                continue;
            }
            let asked = self.modes.get(&field).or(self.modes.get(&None)).copied();
            let matching = match (asked, &*texts) {
                (Some(SearchMode::Exact), _) => Matching::Exact(texts),
                (Some(SearchMode::Like), [text]) => Matching::Like(Pattern::whole(text)),
                (None, [text]) if field.is_some() => Matching::Like(Pattern::whole(text)),
                (None, [text]) => Matching::Like(Pattern::typed(text)),
                _ => {
                    self.refuse(&key, "too_big", "can be sent several times only with the mode exact");
                    continue;
                }
            };
            match &matching {
                Matching::Like(pattern) if field == Some(SearchField::Id) && pattern.has_wildcard() => {
                    self.refuse(&key, "invalid_string", "must be a whole id");
                }
                _ => terms.push(Term { field, matching }),
            }
        }
        if self.issues.is_empty() {
            Ok(Search { terms, joint: self.joint, case_sensitive: self.case_sensitive })
        } else {
            Err(ApiError::invalid_input(&self.issues))
        }
    }
}

/// What the dialect calls a field.
fn name(field: SearchField) -> &'static str {
    match field {
        SearchField::Id => "id",
        SearchField::Username => "username",
        SearchField::Email => "primaryEmail",
        SearchField::Phone => "primaryPhone",
        SearchField::Name => "name",
    }
}
