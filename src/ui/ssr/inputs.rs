//! What a form takes, and how much of what came with it is kept for its page.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{RequestContext, forms::FormValues, page::page_of};
use crate::domain::{limits, next};

/// How much of an input is kept, as a multiple of what its field can hold. Letters may come decomposed and line breaks as two
/// characters, and a text that is too long comes back to be shortened; what is cut is still too long.
const ROOM: usize = 4;
/// Most code points of inputs that nobody types at length: numbers, ids, names of choices, telephone numbers.
const SHORT: usize = 40;

/// The inputs that each server function takes, by its path.
#[derive(Debug, Default)]
pub struct Inputs(BTreeMap<&'static str, Vec<String>>);

/// Registers server functions, and notes what they take.
macro_rules! register {
    ($inputs:expr, $($function:ty),* $(,)?) => {{
        use leptos::server_fn::{ServerFn, axum::register_explicit};
        $(
            register_explicit::<$function>();
            $inputs.add::<$function>(<$function as ServerFn>::PATH);
        )*
    }};
}
pub(super) use register;

impl Inputs {
    /// Notes the fields of `F`, the arguments of a server function. None of them must be sent, so that nothing has them all.
    pub(super) fn add<F: Serialize + DeserializeOwned>(&mut self, path: &'static str) {
        let nothing = serde_json::from_value::<F>(Value::Object(Map::new()));
        let fields = nothing.and_then(serde_json::to_value).ok();
        let fields = fields.as_ref().and_then(Value::as_object).map(|fields| fields.keys().cloned().collect());
        self.0.insert(path, fields.unwrap_or_default());
    }

    /// What is kept of a form that was sent to `path`: what belongs there and is no secret, cut to what its page can show.
    fn keep(&self, path: &str, typed: FormValues) -> FormValues {
        let fields = self.0.get(path).map(Vec::as_slice).unwrap_or_default();
        let known = typed.into_iter().filter(|(name, _)| fields.contains(name) && !is_secret(name));
        known
            .map(|(name, value)| {
                let kept = cut(&value, room(&name));
                (name, kept)
            })
            .collect()
    }
}

impl RequestContext {
    /// What is kept of the form that was sent.
    pub(super) fn kept(&self, typed: FormValues) -> FormValues {
        self.inputs().keep(page_of(self.path()), typed)
    }
}

/// Whether a value must not be shown again.
fn is_secret(name: &str) -> bool {
    name.contains("password") || matches!(name, "code" | "token")
}

/// Most code points that are kept of an input.
fn room(name: &str) -> usize {
    let longest = match name {
        // It is no path of ours if it is longer.
        "next" => return next::MAX + 1,
        "given_name" | "middle_name" | "family_name" => limits::NAME_PART,
        "bio" => limits::BIO,
        "location" => limits::LOCATION,
        "email" | "identifier" => limits::EMAIL,
        "avatar" => limits::PICTURE_URL,
        "reason" => limits::DEACTIVATION_REASON,
        _ => SHORT,
    };
    longest * ROOM
}

/// The beginning of what was typed, as HTML can carry it: browsers drop NUL or show it as this, depending on the place.
fn cut(value: &str, room: usize) -> String {
    value.trim_start().chars().take(room).map(|c| if c == '\0' { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        service::flashes::MOST_BYTES,
        ui::{flash::Flash, ssr::forms::register_server_functions},
    };

    fn typed(fields: &[(&str, &str)]) -> FormValues {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_what_belongs_to_the_form_is_kept_and_no_secret() {
        let inputs = register_server_functions();
        let sent = [
            ("bio", "Poet"),
            ("given_name", "Ada"),
            ("record_version", "1"),
            ("reason", "of another form"),
            ("old_password", "x"),
            ("fields", "x"),
            ("", "x"),
        ];
        assert_eq!(inputs.keep("/fn/update-profile", typed(&sent)), typed(&sent[..3]));
        let sent = [("next", "/u/eve"), ("identifier", "ada"), ("password", "x"), ("code", "1"), ("token", "x")];
        assert_eq!(inputs.keep("/fn/sign-in", typed(&sent)), typed(&sent[..2]));
        for nothing in ["/fn/confirm-email", "/fn/sign-out", "/fn/no-such-thing", "/fn/upload-avatar", "/profile"] {
            let sent = [("code", "1"), ("token", "x"), ("bio", "Poet")];
            assert_eq!(inputs.keep(nothing, typed(&sent)), FormValues::new(), "{nothing}");
        }
        let unread: Vec<_> = inputs.0.iter().filter(|(_, fields)| fields.is_empty()).map(|(path, _)| *path).collect();
        assert_eq!(
            unread,
            [
                "/fn/enable-two-factor",
                "/fn/end-other-sessions",
                "/fn/renew-recovery-codes",
                "/fn/send-email-code",
                "/fn/send-phone-code",
                "/fn/set-up-authenticator",
                "/fn/sign-out",
            ]
        );
    }

    #[test]
    fn what_is_too_long_comes_back_too_long_and_all_of_a_form_can_wait() {
        let inputs = register_server_functions();
        for (path, fields) in &inputs.0 {
            // No character takes more room in JSON.
            let sent: FormValues = fields.iter().map(|name| (name.clone(), "\u{1}".repeat(60_000))).collect();
            let values = inputs.keep(path, sent);
            for (name, most) in [("bio", limits::BIO), ("email", limits::EMAIL), ("avatar", limits::PICTURE_URL)] {
                assert!(values.get(name).is_none_or(|kept| kept.chars().count() > most), "{path} {name}");
            }
            let errors = fields.iter().map(|name| (name.clone(), "e".repeat(200))).collect();
            let flash = serde_json::to_string(&Flash { errors, values, notice: None }).unwrap();
            assert!(flash.len() <= MOST_BYTES, "{path}: {}", flash.len());
        }
    }

    #[test]
    fn values_come_back_as_they_were_typed_as_far_as_html_can_carry_them() {
        let inputs = register_server_functions();
        let kept = inputs.keep("/fn/update-profile", typed(&[("bio", " a\0b\r\n\u{7}\u{202E}ş ")]));
        assert_eq!(kept, typed(&[("bio", "a\u{FFFD}b\r\n\u{7}\u{202E}ş ")]));
    }
}
