//! What a form's answer leaves for the page it leads back to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A notice, errors beside fields, and what was typed. Everything is in the visitor's language already.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Flash {
    /// Said above the form.
    pub notice: Option<Notice>,
    /// Names of inputs, and what is wrong with each.
    pub errors: Vec<(String, String)>,
    /// What was typed, by the name of its input; never a password or a code.
    pub values: BTreeMap<String, String>,
}

/// A sentence or two about how something went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// How it sounds.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// How a notice sounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// It went well.
    Ok,
    /// It is worth knowing.
    Info,
    /// It needs attention.
    Warn,
    /// It went wrong.
    Error,
}

impl Flash {
    /// What is wrong with the input of that name.
    pub fn error(&self, name: &str) -> Option<String> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, sentence)| sentence.clone())
    }

    /// What was typed into it, else nothing.
    pub fn value(&self, name: &str) -> String {
        self.values.get(name).cloned().unwrap_or_default()
    }
}
