//! Following and blocking.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    envelope::{Answer, ApiError, Envelope},
    errors::{of_request, of_user},
    extract::{Caller, PathId, Slice},
    page::Page,
    person::{Person, Relationship},
    refusals::Refused,
};
use crate::{
    domain::relationship,
    service::{Accounts, relationships::People},
};

/// What two people are to one another, and whether a follow waits.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ties {
    #[serde(flatten)]
    relationship: Relationship,
    /// Whether the caller asked to follow a private account, and waits for the answer.
    is_requested: bool,
}

impl From<relationship::Relationship> for Ties {
    fn from(seen: relationship::Relationship) -> Self {
        Self { relationship: seen.into(), is_requested: seen.is_requested }
    }
}

/// Follows somebody; a private account is asked. Doing it again changes nothing.
///
/// 403 for oneself and for whom the caller blocks.
#[utoipa::path(post, path = "/api/v1/social/follow/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whom")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), Refused))]
pub(super) async fn follow(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    let ties = accounts.follow(&caller.actor, id).await.map_err(of_user)?;
    let message = if ties.is_following { "User followed successfully" } else { "Follow request sent successfully" };
    Ok(Answer::ok(message, Ties::from(ties)))
}

/// Follows somebody no more, or takes the request back.
#[utoipa::path(delete, path = "/api/v1/social/follow/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whom")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), Refused))]
pub(super) async fn unfollow(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    let ties = accounts.unfollow(&caller.actor, id).await.map_err(of_user)?;
    Ok(Answer::ok("User unfollowed successfully", Ties::from(ties)))
}

/// Blocks somebody: neither follows the other any more, and they no longer see the caller.
#[utoipa::path(post, path = "/api/v1/social/block/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whom")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), Refused))]
pub(super) async fn block(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    let ties = accounts.block(&caller.actor, id).await.map_err(of_user)?;
    Ok(Answer::ok("User blocked successfully", Ties::from(ties)))
}

/// Takes a block back. What it removed does not come back.
#[utoipa::path(delete, path = "/api/v1/social/block/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whom")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), Refused))]
pub(super) async fn unblock(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    let ties = accounts.unblock(&caller.actor, id).await.map_err(of_user)?;
    Ok(Answer::ok("User unblocked successfully", Ties::from(ties)))
}

/// Who follows somebody, newest first.
///
/// 403 for a private account that the caller does not follow.
#[utoipa::path(get, path = "/api/v1/social/followers/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whose"),
        ("cursor" = Option<Uuid>, Query, nullable = false, description = "`nextCursor` of the part before"),
        ("limit" = Option<i64>, Query, nullable = false, minimum = 1, maximum = 99,
            description = "How many; 20 without it")),
    responses((status = 200, description = "A part of them", body = Envelope<Page<Person>>), Refused))]
pub(super) async fn followers(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
    slice: Slice,
) -> Result<Answer, ApiError> {
    let people = accounts.followers(Some(&caller.actor), id, slice.after, slice.limit).await.map_err(of_user)?;
    Ok(page(&accounts, "Followers retrieved successfully", people))
}

/// Whom somebody follows, newest first.
///
/// 403 for a private account that the caller does not follow.
#[utoipa::path(get, path = "/api/v1/social/following/{userId}", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Whose"),
        ("cursor" = Option<Uuid>, Query, nullable = false, description = "`nextCursor` of the part before"),
        ("limit" = Option<i64>, Query, nullable = false, minimum = 1, maximum = 99,
            description = "How many; 20 without it")),
    responses((status = 200, description = "A part of them", body = Envelope<Page<Person>>), Refused))]
pub(super) async fn following(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
    slice: Slice,
) -> Result<Answer, ApiError> {
    let people = accounts.following(Some(&caller.actor), id, slice.after, slice.limit).await.map_err(of_user)?;
    Ok(page(&accounts, "Following retrieved successfully", people))
}

/// Who waits to follow the caller, newest first.
#[utoipa::path(get, path = "/api/v1/social/requests", tag = "NextGate: social",
    params(("cursor" = Option<Uuid>, Query, nullable = false, description = "`nextCursor` of the part before"),
        ("limit" = Option<i64>, Query, nullable = false, minimum = 1, maximum = 99,
            description = "How many; 20 without it")),
    responses((status = 200, description = "A part of them", body = Envelope<Page<Person>>), Refused))]
pub(super) async fn requests(
    State(accounts): State<Accounts>,
    caller: Caller,
    slice: Slice,
) -> Result<Answer, ApiError> {
    let people = accounts.follow_requests(&caller.actor, slice.after, slice.limit).await?;
    Ok(page(&accounts, "Follow requests retrieved successfully", people))
}

/// Lets somebody who asked follow the caller.
///
/// 404 when they did not ask.
#[utoipa::path(post, path = "/api/v1/social/requests/{userId}/accept", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Who asked")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), Refused))]
pub(super) async fn accept(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    let ties = accounts.accept_follower(&caller.actor, id).await.map_err(of_request)?;
    Ok(Answer::ok("Follow request accepted successfully", Ties::from(ties)))
}

/// Turns a request to follow the caller down.
#[utoipa::path(post, path = "/api/v1/social/requests/{userId}/decline", tag = "NextGate: social",
    params(("userId" = Uuid, Path, description = "Who asked")),
    responses((status = 200, description = "What they are to one another now", body = Envelope<Ties>), Refused))]
pub(super) async fn decline(
    State(accounts): State<Accounts>,
    caller: Caller,
    PathId(id): PathId,
) -> Result<Answer, ApiError> {
    let ties = accounts.decline_follower(&caller.actor, id).await.map_err(of_request)?;
    Ok(Answer::ok("Follow request declined successfully", Ties::from(ties)))
}

fn page(accounts: &Accounts, message: &'static str, people: People) -> Answer {
    let items: Vec<_> = people.accounts.iter().map(|account| Person::of(accounts, account)).collect();
    Answer::ok(message, Page { items, next_cursor: people.next })
}
