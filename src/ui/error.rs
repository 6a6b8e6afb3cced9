//! How an action ends, as it travels: as JSON to an island, as a flash to the next page. Every sentence is in the
//! visitor's language already.

use std::collections::BTreeMap;

use leptos::server_fn::{
    codec::JsonEncoding,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

use super::flash::Notice;

/// What an action did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Done {
    /// What to say about it. With [`Self::next`] it is said there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// The local path on which things go on; none stays where the form is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What is kept now, by the names of the inputs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub saved: BTreeMap<String, String>,
}

/// Why an action did nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionError {
    /// The kind of reason.
    pub cause: Cause,
    /// What to say about it as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// What to say beside inputs.
    #[serde(default)]
    pub errors: Vec<FieldError>,
    /// Of [`Cause::Stale`]: what is kept now, by the names of the inputs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub saved: BTreeMap<String, String>,
    /// Seconds until another try makes sense.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// What is wrong with one input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The name of the input.
    pub field: String,
    /// A whole sentence.
    pub message: String,
}

/// Kinds of reasons for which an action does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// It is nothing that a form of ours sends.
    Malformed,
    /// Nobody is signed in, or no longer.
    SignedOut,
    /// It is not the visitor's to do.
    Forbidden,
    /// It needs the password first.
    StepUp,
    /// What it was about is not there.
    NotFound,
    /// The record was changed since the form was made.
    Stale,
    /// It was changed since the version that `If-Match` names.
    PreconditionFailed,
    /// What was sent did not come in time.
    TimedOut,
    /// The request is too large.
    TooLarge,
    /// It is in a format that no form of ours has.
    UnsupportedMedia,
    /// Values break rules, or credentials are wrong.
    Invalid,
    /// It was tried too often.
    Throttled,
    /// Our fault.
    Internal,
    /// There is more work than we take at once.
    Busy,
}

impl Cause {
    /// The HTTP status of the answer.
    pub fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::SignedOut => 401,
            Self::Forbidden | Self::StepUp => 403,
            Self::NotFound => 404,
            Self::TimedOut => 408,
            Self::Stale => 409,
            Self::PreconditionFailed => 412,
            Self::TooLarge => 413,
            Self::UnsupportedMedia => 415,
            Self::Invalid => 422,
            Self::Throttled => 429,
            Self::Internal => 500,
            Self::Busy => 503,
        }
    }
}

impl From<Cause> for ActionError {
    fn from(cause: Cause) -> Self {
        Self { cause, notice: None, errors: Vec::new(), saved: BTreeMap::new(), retry_after: None }
    }
}

impl FromServerFnError for ActionError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Cause::Malformed.into()
            }
            _ => Cause::Internal.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::flash::Tone;

    #[test]
    fn the_json_form_is_what_islands_read() {
        let errors = vec![FieldError { field: "bio".into(), message: "Use at most 500 characters.".into() }];
        let notice = Some(Notice { tone: Tone::Error, text: "Please check one field".into() });
        let error = ActionError { notice, errors, ..Cause::Invalid.into() };
        assert_eq!(
            serde_json::to_value(&error).unwrap(),
            serde_json::json!({
                "cause": "invalid",
                "notice": { "tone": "error", "text": "Please check one field" },
                "errors": [{ "field": "bio", "message": "Use at most 500 characters." }],
            })
        );
        assert_eq!(serde_json::to_value(Done::default()).unwrap(), serde_json::json!({}));
    }

    #[test]
    fn what_cannot_be_read_is_the_senders_fault() {
        let error = |error| ActionError::from_server_fn_error(error).cause.status();
        assert_eq!(error(ServerFnErrorErr::Args("missing field".into())), 400);
        assert_eq!(error(ServerFnErrorErr::MissingArg("x".into())), 400);
        assert_eq!(error(ServerFnErrorErr::ServerError("x".into())), 500);
    }
}
