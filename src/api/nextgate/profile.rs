//! The second version of the profile: how somebody appears to others, and the own one.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{
    envelope::{Answer, ApiError, Envelope},
    errors::of_user,
    extract::{Caller, PathId, PathText},
    fields::{Body, PictureUrl, Version, clearable, clearable_list, guard},
    me::{Me, guarded_v2},
    person::{Counts, Person, Relationship, unless_empty},
    refusals::{Refused, RefusedChange},
};
use crate::{
    http::response::iso8601,
    service::{Accounts, profile::ProfileChange, public_profile},
};

const RETRIEVED: &str = "Profile retrieved successfully";

/// What is changed; what is not sent stays as it is. `null` and `""` clear what is optional.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = json!({ "firstName": "John", "bio": "Building cool things.", "location": "Nairobi, Kenya" }))]
pub(super) struct UpdateProfile {
    /// 1-30 characters.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(nullable = false, min_length = 1, max_length = 30, pattern = r"\S")]
    first_name: Option<String>,
    /// 1-30 characters.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(max_length = 30)]
    last_name: Option<String>,
    /// At most 30 characters.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(max_length = 30)]
    middle_name: Option<String>,
    /// At most 500 characters of plain text.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(max_length = 500)]
    bio: Option<String>,
    /// At most 100 characters of plain text.
    #[serde(default, deserialize_with = "clearable")]
    #[schema(max_length = 100)]
    location: Option<String>,
    /// At most 5, `https`, ending in .jpg, .jpeg, .png, .gif or .webp, at most 500 characters each.
    #[serde(default, deserialize_with = "clearable_list")]
    #[schema(value_type = Option<Vec<PictureUrl>>, max_items = 5)]
    profile_picture_urls: Option<Vec<String>>,
    /// Whether follows wait for acceptance.
    is_private: Option<bool>,
    #[serde(default)]
    record_version: Version,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Map<String, Value>,
}

/// A profile as others see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PublicProfile {
    #[serde(flatten)]
    person: Person,
    #[schema(required, example = "Building cool things.")]
    bio: Option<String>,
    #[schema(required, example = "Nairobi, Kenya")]
    location: Option<String>,
    #[serde(flatten)]
    counts: Counts,
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    created_at: String,
    is_own_profile: bool,
    /// For a signed-in caller on somebody else's.
    #[serde(skip_serializing_if = "Option::is_none")]
    relationship: Option<Relationship>,
}

impl PublicProfile {
    fn of(accounts: &Accounts, shown: public_profile::PublicProfile) -> Self {
        let account = shown.account;
        Self {
            person: Person::of(accounts, &account),
            bio: unless_empty(&account.bio),
            location: unless_empty(&account.location),
            counts: Counts::of(&account, shown.connections),
            created_at: iso8601(&account.created_at),
            is_own_profile: shown.is_own,
            relationship: shown.relationship.map(Relationship::from),
        }
    }
}

/// The caller's own profile, with everything that only its owner sees.
///
/// The `ETag` is its record version.
#[utoipa::path(get, path = "/api/v1/profile/me", tag = "NextGate: profile",
    responses((status = 200, description = "The profile", body = Envelope<Me>), Refused))]
pub(super) async fn me(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, ApiError> {
    let me = Me::read(&accounts, &caller.account).await?;
    Ok(Answer::ok(RETRIEVED, me).tagged(&caller.account))
}

/// Somebody's public profile, by id.
///
/// Those who block the caller, and archived or locked accounts, are not found.
#[utoipa::path(get, path = "/api/v1/profile/id/{userId}", tag = "NextGate: profile", security((), ("bearer" = [])),
    params(("userId" = Uuid, Path, description = "Whose profile")),
    responses((status = 200, description = "The profile", body = Envelope<PublicProfile>), Refused))]
pub(super) async fn by_id(
    State(accounts): State<Accounts>,
    caller: Option<Caller>,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    let viewer = caller.as_ref().map(|caller| &caller.actor);
    let shown = accounts.public_profile(viewer, id).await.map_err(of_user)?;
    Ok(Answer::ok(RETRIEVED, PublicProfile::of(&accounts, shown)))
}

/// Somebody's public profile, by username.
///
/// Without regard to case, with or without `@` before it.
#[utoipa::path(get, path = "/api/v1/profile/u/{username}", tag = "NextGate: profile", security((), ("bearer" = [])),
    params(("username" = String, Path, description = "Whose profile", example = "@john_doe")),
    responses((status = 200, description = "The profile", body = Envelope<PublicProfile>), Refused))]
pub(super) async fn by_username(
    State(accounts): State<Accounts>,
    caller: Option<Caller>,
    PathText(username): PathText,
) -> Result<Answer, ApiError> {
    let viewer = caller.as_ref().map(|caller| &caller.actor);
    let shown = accounts.public_profile_by_username(viewer, &username).await.map_err(of_user)?;
    Ok(Answer::ok(RETRIEVED, PublicProfile::of(&accounts, shown)))
}

/// Changes how the caller appears to others.
///
/// Username, email and phone number have routes of their own; 422 names them.
#[utoipa::path(put, path = "/api/v1/profile/update", tag = "NextGate: profile", request_body = UpdateProfile,
    responses((status = 200, description = "As it is now", body = Envelope<Me>), RefusedChange))]
pub(super) async fn update(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<UpdateProfile>,
) -> Result<Answer, ApiError> {
    let me = Me::read(&accounts, &caller.account).await?;
    guard(&body.rest, &guarded_v2(), &me.present())?;
    let change = ProfileChange {
        given_name: body.first_name,
        middle_name: body.middle_name,
        family_name: body.last_name,
        bio: body.bio,
        location: body.location,
        pictures: body.profile_picture_urls,
        is_private: body.is_private,
        ..ProfileChange::default()
    };
    let expected = caller.expectation(body.record_version);
    let account = accounts.update_profile(&caller.actor, caller.actor.account_id, change, expected).await?;
    let me = Me::read(&accounts, &account).await?;
    Ok(Answer::ok("Profile updated successfully", me).tagged(&account))
}
