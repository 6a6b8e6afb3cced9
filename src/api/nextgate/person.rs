//! What is shown of anybody, in profiles and in lists.

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    domain::{
        account::Account,
        relationship::{self, Connections},
    },
    service::Accounts,
};

/// Somebody as others see them, in short.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Person {
    #[schema(example = "0190163d-8694-739b-aea5-966c26f8ad90")]
    user_id: Uuid,
    #[schema(example = "john_doe")]
    user_name: String,
    #[schema(example = "John")]
    first_name: String,
    #[schema(required, example = "Doe")]
    last_name: Option<String>,
    /// The primary one; `null` without a picture.
    #[schema(required, example = "https://cdn.example.com/profiles/john_main.jpg")]
    profile_picture_url: Option<String>,
    is_verified: bool,
}

impl Person {
    /// The account as others see it.
    pub fn of(accounts: &Accounts, account: &Account) -> Self {
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

/// Who somebody is connected with, and what they made elsewhere, in numbers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Counts {
    /// Accepted ones.
    #[schema(minimum = 0, example = 1420)]
    followers_count: i64,
    #[schema(minimum = 0, example = 310)]
    following_count: i64,
    #[schema(minimum = 0, example = 42)]
    posts_count: i64,
    #[schema(minimum = 0, example = 1)]
    shops_count: i64,
    #[schema(minimum = 0, example = 3)]
    events_count: i64,
}

impl Counts {
    /// The numbers of an account.
    pub fn of(account: &Account, connections: Connections) -> Self {
        Self {
            followers_count: connections.followers,
            following_count: connections.following,
            posts_count: account.posts_count,
            shops_count: account.shops_count,
            events_count: account.events_count,
        }
    }
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

/// The given name; where the management API cleared every part of the name, the username stands in.
pub(super) fn first_name(account: &Account) -> String {
    account.names.given().map_or_else(|| account.username.to_string(), str::to_owned)
}

/// Whether somebody proved to be reached by what is in force; a pending change takes nothing from that.
pub(super) fn is_verified(account: &Account) -> bool {
    (account.email.is_some() && account.email_verified) || (account.phone.is_some() && account.phone_verified)
}

/// Empty is told as nothing.
pub(super) fn unless_empty(text: &str) -> Option<String> {
    Some(text).filter(|text| !text.is_empty()).map(str::to_owned)
}
