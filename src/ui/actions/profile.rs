//! Writing the profile.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::ui::error::{ActionError, Done};

/// The inputs of the profile form. What a form does not have stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "the inputs of the form, named as they are on the page")]
pub struct ProfileFields {
    pub given_name: Option<String>,
    pub middle_name: Option<String>,
    pub family_name: Option<String>,
    pub bio: Option<String>,
    pub location: Option<String>,
    pub phone: Option<String>,
    /// The next three are shown, not edited: a request that tries is refused.
    pub email: Option<String>,
    pub username: Option<String>,
    pub role: Option<String>,
    /// The address of an upload; empty for the generated avatar.
    pub avatar: Option<String>,
    /// `true` or `false`.
    pub is_private: Option<String>,
    pub locale: Option<String>,
    pub time_zone: Option<String>,
    pub theme: Option<String>,
    /// The version of the record that the form was made from.
    pub record_version: Option<String>,
}

/// Writes the fields that came.
///
/// # Errors
/// [`ActionError`]: the cause, and a sentence for each input that is wrong.
#[server(prefix = "/fn", endpoint = "update-profile")]
pub async fn update_profile(#[server(flatten)] fields: ProfileFields) -> Result<Done, ActionError> {
    let request = crate::ui::ssr::RequestContext::current()?;
    request.update_profile(fields).await
}
