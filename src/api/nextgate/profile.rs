//! The second version of the profile: how somebody appears to others, and the own one.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    envelope::{Answer, Envelope, Refusal},
    errors::of_user,
    extract::{Caller, PathId, PathText},
    fields::{Body, clearable, clearable_list, guard},
    me::{Me, first_name, guarded_v2, is_verified, unless_empty},
    openapi::{Refused, RefusedCaller},
};
use crate::{
    api::response::iso8601,
    domain::relationship,
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
    first_name: Option<String>,
    /// 1-30 characters.
    #[serde(default, deserialize_with = "clearable")]
    last_name: Option<String>,
    /// At most 30 characters.
    #[serde(default, deserialize_with = "clearable")]
    middle_name: Option<String>,
    /// At most 500 characters of plain text.
    #[serde(default, deserialize_with = "clearable")]
    bio: Option<String>,
    /// At most 100 characters of plain text.
    #[serde(default, deserialize_with = "clearable")]
    location: Option<String>,
    /// At most 5, `https`, ending in .jpg, .jpeg, .png, .gif or .webp, at most 500 characters each.
    #[serde(default, deserialize_with = "clearable_list")]
    profile_picture_urls: Option<Vec<String>>,
    /// Whether follows wait for acceptance.
    is_private: Option<bool>,
    /// The version this is meant for; 409 if it is not the present one.
    record_version: Option<i64>,
    #[serde(flatten)]
    #[schema(ignore)]
    rest: Map<String, Value>,
}

/// What two people are to one another, seen from the caller.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Relationship {
    is_following: bool,
    is_followed_by: bool,
    is_blocked: bool,
    is_blocked_by: bool,
}

impl From<relationship::Relationship> for Relationship {
    fn from(seen: relationship::Relationship) -> Self {
        Self {
            is_following: seen.is_following,
            is_followed_by: seen.is_followed_by,
            is_blocked: seen.is_blocked,
            is_blocked_by: seen.is_blocked_by,
        }
    }
}

/// A profile as others see it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PublicProfile {
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad90")]
    user_id: Uuid,
    #[schema(example = "john_doe")]
    user_name: String,
    #[schema(example = "John")]
    first_name: String,
    #[schema(example = "Doe")]
    last_name: Option<String>,
    /// The primary one; `null` without a picture.
    #[schema(example = "https://cdn.example.com/profiles/john_main.jpg")]
    profile_picture_url: Option<String>,
    #[schema(example = "Building cool things.")]
    bio: Option<String>,
    #[schema(example = "Nairobi, Kenya")]
    location: Option<String>,
    is_verified: bool,
    #[schema(example = 1420)]
    followers_count: i64,
    #[schema(example = 310)]
    following_count: i64,
    #[schema(example = 42)]
    posts_count: i64,
    #[schema(example = 1)]
    shops_count: i64,
    #[schema(example = 3)]
    events_count: i64,
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
            user_id: account.id,
            user_name: account.username.to_string(),
            first_name: first_name(&account),
            last_name: account.names.family().map(str::to_owned),
            profile_picture_url: account.pictures.first().map(|picture| accounts.picture_url(picture)),
            bio: unless_empty(&account.bio),
            location: unless_empty(&account.location),
            is_verified: is_verified(&account),
            followers_count: shown.connections.followers,
            following_count: shown.connections.following,
            posts_count: account.posts_count,
            shops_count: account.shops_count,
            events_count: account.events_count,
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
    responses((status = 200, description = "The profile", body = Envelope<Me>), RefusedCaller))]
pub(super) async fn me(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, Refusal> {
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
) -> Result<Answer, Refusal> {
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
) -> Result<Answer, Refusal> {
    let viewer = caller.as_ref().map(|caller| &caller.actor);
    let shown = accounts.public_profile_by_username(viewer, &username).await.map_err(of_user)?;
    Ok(Answer::ok(RETRIEVED, PublicProfile::of(&accounts, shown)))
}

/// Changes how the caller appears to others.
///
/// Username, email and phone number have routes of their own; 422 names them.
#[utoipa::path(put, path = "/api/v1/profile/update", tag = "NextGate: profile", request_body = UpdateProfile,
    responses((status = 200, description = "As it is now", body = Envelope<Me>), RefusedCaller))]
pub(super) async fn update(
    State(accounts): State<Accounts>,
    caller: Caller,
    Body(body): Body<UpdateProfile>,
) -> Result<Answer, Refusal> {
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
