//! What other services count for a user. Not of Logto: profiles show it.

use axum::{extract::State, response::Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    envelope::ApiError,
    extract::Target,
    fields::Fields,
    refusals::{BodyErrors, CallErrors, UserErrors, ValueErrors},
    user::tagged,
};
use crate::{
    domain::{account::Account, error::Error},
    service::{Accounts, public_profile::CounterChange},
};

const NAMES: [&str; 3] = ["postsCount", "shopsCount", "eventsCount"];

/// The counters of a user. One that is not sent stays as it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(min_properties = 1, example = json!({ "postsCount": 12, "shopsCount": 1, "eventsCount": 0 }))]
pub(super) struct Counters {
    #[schema(required = false, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    posts_count: i64,
    #[schema(required = false, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    shops_count: i64,
    #[schema(required = false, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    events_count: i64,
}

/// Sets counters.
#[utoipa::path(
    put, path = "/api/users/{userId}/counters", operation_id = "SetUserCounters", tag = "Logto", security(("management" = [])), params(("userId" = Uuid, Path)), request_body = Counters,
    responses(
        (status = 200, description = "All counters as they are now", body = Counters),
        CallErrors, UserErrors, BodyErrors, ValueErrors,
    ),
)]
pub(super) async fn put(
    State(accounts): State<Accounts>,
    Target { access, account, .. }: Target,
    mut fields: Fields,
) -> Result<Response, ApiError> {
    let [posts, shops, events] = NAMES.map(|name| fields.count(name));
    fields.finish()?;
    if !fields.any(&NAMES) {
        return Err(Error::NothingToChange.into());
    }
    let account = accounts.set_counters(&access, account.id, CounterChange { posts, shops, events }).await?;
    Ok(tagged(&account, Counters::of(&account)))
}

impl Counters {
    fn of(account: &Account) -> Self {
        Self { posts_count: account.posts_count, shops_count: account.shops_count, events_count: account.events_count }
    }
}
