//! The forms of the pages: which page each stands on, what it takes, and how much of that is kept for its page.

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{RequestContext, forms::FormValues, page::page_of};
use crate::domain::{
    limits,
    next::{self, LocalPath},
};

/// How much of an input is kept, as a multiple of what its field can hold. Letters may come decomposed and line breaks as two
/// characters, and a text that is too long comes back to be shortened; what is cut is still too long.
const ROOM: usize = 4;
/// Most code points of inputs that nobody types at length: numbers, ids, names of choices, telephone numbers.
const SHORT: usize = 40;

/// The page that a form stands on, to which its errors lead back.
#[derive(Clone, Copy, Debug)]
pub enum FormPage {
    /// One page.
    At(&'static str),
    /// One of several, told by what was sent.
    Of(fn(&FormValues) -> &'static str),
    /// Many; the form says in `next` on which it stands.
    InNext,
}

/// All forms, by the path of their server function.
#[derive(Debug, Default)]
pub struct FormTable(BTreeMap<&'static str, Form>);

#[derive(Debug)]
struct Form {
    page: FormPage,
    /// The names of its inputs.
    inputs: Vec<String>,
}

impl FormTable {
    /// Adds the form of a server function with the arguments `F`. None of them must be sent, so that nothing has them all.
    pub fn add<F: Serialize + DeserializeOwned>(&mut self, path: &'static str, page: FormPage) {
        let nothing = serde_json::from_value::<F>(Value::Object(Map::new()));
        let inputs = nothing.and_then(serde_json::to_value).ok();
        let inputs = inputs.as_ref().and_then(Value::as_object).map(|inputs| inputs.keys().cloned().collect());
        self.0.insert(path, Form { page, inputs: inputs.unwrap_or_default() });
    }

    /// The inputs of each form, by its path.
    pub fn inputs(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        self.0.iter().map(|(path, form)| (*path, form.inputs.as_slice()))
    }

    /// The page of the form that was sent to `path`; the home page where there is no such form. A `next` that says so is
    /// taken out of the values.
    pub(super) fn page(&self, path: &str, values: &mut FormValues) -> String {
        match self.0.get(path).map(|form| form.page) {
            Some(FormPage::At(page)) => page.to_owned(),
            Some(FormPage::Of(page)) => page(values).to_owned(),
            Some(FormPage::InNext) => LocalPath::parse_or_home(values.remove("next").as_deref()).to_string(),
            None => "/".to_owned(),
        }
    }

    /// What is kept of a form that was sent to `path`: what belongs there and is no secret, cut to what its page can show.
    pub fn keep(&self, path: &str, values: FormValues) -> FormValues {
        let inputs = self.0.get(path).map(|form| form.inputs.as_slice()).unwrap_or_default();
        let known = values.into_iter().filter(|(name, _)| inputs.contains(name) && !is_secret(name));
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
    pub(super) fn kept(&self, values: FormValues) -> FormValues {
        self.forms().keep(page_of(self.path()), values)
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
