//! What answers tell of codes.

#![expect(dead_code, reason = "these describe answers")]

use chrono::{DateTime, Utc};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{SignedIn, Status};

/// All about a code that was sent, but the code.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct CodeSent {
    status: Status,
    /// Which one it is; the message says so from the second on.
    #[schema(minimum = 1)]
    code_index: i64,
    /// When it was sent, in milliseconds since 1970.
    time_stamp: i64,
    /// The same.
    date: DateTime<Utc>,
    /// Seconds it is good for.
    #[schema(example = 600)]
    expire_time: i64,
    #[schema(example = "byCode")]
    verification_type: String,
}

/// That an address was confirmed.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct EmailVerified {
    status: Status,
    is_verified: bool,
    email: String,
    user_id: Uuid,
}

/// That a number was confirmed.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct MobileVerified {
    status: Status,
    is_verified: bool,
    mobile: String,
    user_id: Uuid,
}

/// A session that passed the second step.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct SecondStepPassed {
    is_verified: bool,
    #[serde(flatten)]
    session: SignedIn,
}
