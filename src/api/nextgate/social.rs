//! Following and blocking.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    envelope::{Answer, Envelope, Refusal},
    errors::of_user,
    extract::{Caller, PathId, Slice},
    me::{first_name, is_verified},
    openapi::RefusedCaller,
    page::Page,
};
use crate::{
    domain::{account::Account, relationship::Relationship},
    service::{Accounts, relationships::People},
};

/// What two people are to one another, seen from the caller.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ties {
    is_following: bool,
    /// Whether the caller asked to follow a private account, and waits for the answer.
    is_requested: bool,
    is_followed_by: bool,
    is_blocked: bool,
    is_blocked_by: bool,
}

impl From<Relationship> for Ties {
    fn from(seen: Relationship) -> Self {
        Self {
            is_following: seen.is_following,
            is_requested: seen.is_requested,
            is_followed_by: seen.is_followed_by,
            is_blocked: seen.is_blocked,
            is_blocked_by: seen.is_blocked_by,
        }
    }
}

/// Somebody in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad90")]
    user_id: Uuid,
    #[schema(example = "john_doe")]
    user_name: String,
    #[schema(example = "John")]
    first_name: String,
    #[schema(example = "Doe")]
    last_name: Option<String>,
    /// The primary one; `null` without a picture.
    profile_picture_url: Option<String>,
    is_verified: bool,
}

impl Person {
    fn of(accounts: &Accounts, account: &Account) -> Self {
        Self {
            user_id: account.id,
            user_name: account.username.to_string(),
            first_name: first_name(account),
            last_name: account.names.family().map(str::to_owned),
            profile_picture_url: account.pictures.first().map(|picture| accounts.picture_url(picture)),
            is_verified: is_verified(account),
        }
    }
}

/// Follows somebody; a private account is asked. Doing it again changes nothing.
///
/// 403 for oneself and for whom the caller blocks.
#[utoipa::path(post, path = "/api/v1/social/follow/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whom")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), RefusedCaller))]
pub(super) async fn follow(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, Refusal> {
    let ties = accounts.follow(&caller.actor, id).await.map_err(of_user)?;
    let message = if ties.is_following { "User followed successfully" } else { "Follow request sent successfully" };
    Ok(Answer::ok(message, Ties::from(ties)))
}

/// Follows somebody no more, or takes the request back.
#[utoipa::path(delete, path = "/api/v1/social/follow/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whom")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), RefusedCaller))]
pub(super) async fn unfollow(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, Refusal> {
    let ties = accounts.unfollow(&caller.actor, id).await.map_err(of_user)?;
    Ok(Answer::ok("User unfollowed successfully", Ties::from(ties)))
}

/// Blocks somebody: neither follows the other any more, and they no longer see the caller.
#[utoipa::path(post, path = "/api/v1/social/block/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whom")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), RefusedCaller))]
pub(super) async fn block(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, Refusal> {
    let ties = accounts.block(&caller.actor, id).await.map_err(of_user)?;
    Ok(Answer::ok("User blocked successfully", Ties::from(ties)))
}

/// Takes a block back. What it removed does not come back.
#[utoipa::path(delete, path = "/api/v1/social/block/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whom")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), RefusedCaller))]
pub(super) async fn unblock(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, Refusal> {
    let ties = accounts.unblock(&caller.actor, id).await.map_err(of_user)?;
    Ok(Answer::ok("User unblocked successfully", Ties::from(ties)))
}

/// Who follows somebody, newest first.
///
/// 403 for a private account that the caller does not follow.
#[utoipa::path(get, path = "/api/v1/social/followers/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whose"),
        ("cursor" = Option<Uuid>, Query, description = "`nextCursor` of the part before"),
        ("limit" = Option<i64>, Query, description = "1 to 99; 20 without it")),
    responses((status = 200, description = "A part of them", body = Envelope<Page<Person>>), RefusedCaller))]
pub(super) async fn followers(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
    slice: Slice,
) -> Result<Answer, Refusal> {
    let people = accounts.followers(Some(&caller.actor), id, slice.after, slice.limit).await.map_err(of_user)?;
    Ok(page(&accounts, "Followers retrieved successfully", people))
}

/// Whom somebody follows, newest first.
///
/// 403 for a private account that the caller does not follow.
#[utoipa::path(get, path = "/api/v1/social/following/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whose"),
        ("cursor" = Option<Uuid>, Query, description = "`nextCursor` of the part before"),
        ("limit" = Option<i64>, Query, description = "1 to 99; 20 without it")),
    responses((status = 200, description = "A part of them", body = Envelope<Page<Person>>), RefusedCaller))]
pub(super) async fn following(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
    slice: Slice,
) -> Result<Answer, Refusal> {
    let people = accounts.following(Some(&caller.actor), id, slice.after, slice.limit).await.map_err(of_user)?;
    Ok(page(&accounts, "Following retrieved successfully", people))
}

/// Who waits to follow the caller, newest first.
#[utoipa::path(get, path = "/api/v1/social/requests", tag = "NextGate: social",
    params(("cursor" = Option<Uuid>, Query, description = "`nextCursor` of the part before"),
        ("limit" = Option<i64>, Query, description = "1 to 99; 20 without it")),
    responses((status = 200, description = "A part of them", body = Envelope<Page<Person>>), RefusedCaller))]
pub(super) async fn requests(
    State(accounts): State<Accounts>,
    caller: Caller,
    slice: Slice,
) -> Result<Answer, Refusal> {
    let people = accounts.follow_requests(&caller.actor, slice.after, slice.limit).await?;
    Ok(page(&accounts, "Follow requests retrieved successfully", people))
}

/// Lets somebody who asked follow the caller.
///
/// 404 when they did not ask.
#[utoipa::path(post, path = "/api/v1/social/requests/{userId}/accept", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Who asked")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), RefusedCaller))]
pub(super) async fn accept(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, Refusal> {
    let ties = accounts.accept_follower(&caller.actor, id).await?;
    Ok(Answer::ok("Follow request accepted successfully", Ties::from(ties)))
}

/// Turns a request to follow the caller down.
#[utoipa::path(post, path = "/api/v1/social/requests/{userId}/decline", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Who asked")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), RefusedCaller))]
pub(super) async fn decline(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, Refusal> {
    let ties = accounts.decline_follower(&caller.actor, id).await?;
    Ok(Answer::ok("Follow request declined successfully", Ties::from(ties)))
}

fn page(accounts: &Accounts, message: &'static str, people: People) -> Answer {
    let items: Vec<_> = people.accounts.iter().map(|account| Person::of(accounts, account)).collect();
    Answer::ok(message, Page { items, next_cursor: people.next })
}
