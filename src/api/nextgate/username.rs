//! The caller's username, and whether another one can be had.

use axum::{
    extract::{FromRequestParts, State},
    http::request::Parts,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    envelope::{Answer, ApiError, Envelope},
    extract::{Caller, PathText, query},
    fields::{Body, Version, given},
    me::Me,
    refusals::{Refused, RefusedChange},
};
use crate::{
    domain::{session::Actor, username::Username},
    service::{Accounts, username},
};

/// What a change of the username answers.
pub(super) const RENAMED: &str =
    "Username changed successfully! You will be logged out automatically. Please login again with your new username.";
/// The form of usernames, in the source's words.
const FORM: &str = "Username must start with a letter and be 3-30 characters long";

/// Another username.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeUsername {
    #[serde(alias = "username", deserialize_with = "given")]
    #[schema(min_length = 3, max_length = 30, pattern = "^[A-Za-z][A-Za-z0-9_-]*$", example = "johnsmith")]
    user_name: String,
    #[serde(default)]
    record_version: Version,
}

/// Whether a username can be had.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Availability {
    available: bool,
    valid: bool,
    #[schema(example = "This username is already taken")]
    message: String,
    /// Five free ones like it, if it is taken.
    #[schema(example = json!(["johnsmith1", "johnsmith2", "johnsmithuser", "johnsmith2024", "johnsmithpro"]))]
    suggestions: Vec<String>,
    details: Details,
}

/// Which rules a username keeps.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Details {
    correct_length: bool,
    valid_format: bool,
    not_reserved: bool,
    not_taken: bool,
    #[schema(example = "Username must start with a letter and be 3-30 characters long")]
    format_requirement: &'static str,
}

impl Availability {
    fn of(wanted: &str, found: &username::Availability) -> Self {
        let message = match Username::parse(wanted) {
            Err(reason) => format!("Username {reason}"),
            Ok(_) if found.not_taken => "This username is available".to_owned(),
            Ok(_) => "This username is already taken".to_owned(),
        };
        let checks = found.checks;
        Self {
            available: found.available(),
            valid: checks.correct_length && checks.valid_format,
            message,
            suggestions: found.suggestions.iter().map(ToString::to_string).collect(),
            details: Details {
                correct_length: checks.correct_length,
                valid_format: checks.valid_format,
                not_reserved: checks.not_reserved,
                not_taken: found.not_taken,
                format_requirement: FORM,
            },
        }
    }
}

/// The name in `?u=`.
pub(super) struct Wanted(String);

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        query(parts, "u").map(Self).ok_or_else(|| ApiError::bad_request("u is required"))
    }
}

/// Whether a username can be had, and five free ones like it if it is taken.
#[utoipa::path(get, path = "/api/v1/profile/validate-username/{username}", tag = "NextGate: account",
    params(("username" = String, Path, description = "The username", example = "johnsmith")),
    responses((status = 200, description = "The verdict", body = Envelope<Availability>), Refused))]
pub(super) async fn validate(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathText(wanted): PathText,
) -> Result<Answer, ApiError> {
    judge(&accounts, &caller.actor, &wanted).await
}

/// As `validate-username`.
#[utoipa::path(get, path = "/api/v1/account/username/check", tag = "NextGate: account",
    params(("u" = String, Query, description = "The username", example = "johnsmith")),
    responses((status = 200, description = "The verdict", body = Envelope<Availability>), Refused))]
pub(super) async fn check(
    State(accounts): State<Accounts>,
    caller: Caller,
    Wanted(wanted): Wanted,
) -> Result<Answer, ApiError> {
    judge(&accounts, &caller.actor, &wanted).await
}

async fn judge(accounts: &Accounts, actor: &Actor, wanted: &str) -> Result<Answer, ApiError> {
    let found = accounts.check_username(Some(actor), wanted).await?;
    Ok(Answer::ok("Username validation completed", Availability::of(wanted, &found)))
}

/// Takes another username and ends every session, this one too.
///
/// 409 for a taken one, 422 for a reserved or ill-formed one.
#[utoipa::path(post, path = "/api/v1/account/username/change", tag = "NextGate: account", request_body = ChangeUsername,
    responses((status = 200, description = "As it is now", body = Envelope<Me>), RefusedChange))]
pub(super) async fn change(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<ChangeUsername>,
) -> Result<Answer, ApiError> {
    let expected = caller.expectation(body.record_version);
    let account = accounts.change_username(&caller.actor, &body.user_name, expected).await?;
    let unchanged = account.username == caller.account.username;
    let message = if unchanged { "This is your username already" } else { RENAMED };
    Ok(Answer::ok(message, Me::read(&accounts, &account).await?).tagged(&account))
}
