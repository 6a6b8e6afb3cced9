//! How the caller's account is secured.

use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    envelope::{Answer, ApiError, Envelope},
    extract::Caller,
    me::{SecurityStrength, roles},
    refusals::Refused,
};
use crate::{http::response::iso8601, service::Accounts};

/// How an account is secured.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SecurityInfo {
    is_email_verified: bool,
    is_phone_verified: bool,
    is_two_factor_enabled: bool,
    is_account_locked: bool,
    /// `null` for an account without a password.
    #[schema(required, format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    last_password_change: Option<String>,
    #[schema(format = DateTime, example = "2026-01-02T03:04:05.678Z")]
    account_created_at: String,
    #[schema(example = json!(["ROLE_USER"]))]
    roles: Vec<&'static str>,
    security_strength: SecurityStrength,
}

/// Verification, second factor and strength.
#[utoipa::path(get, path = "/api/v1/profile/security-info", tag = "NextGate: account",
    responses((status = 200, description = "How it is secured", body = Envelope<SecurityInfo>), Refused))]
pub(super) async fn info(State(accounts): State<Accounts>, caller: Caller) -> Result<Answer, ApiError> {
    let account = &caller.account;
    let info = SecurityInfo {
        is_email_verified: account.shown_email_verified(),
        is_phone_verified: account.shown_phone_verified(),
        is_two_factor_enabled: account.two_factor_enabled,
        is_account_locked: account.locked_at.is_some(),
        last_password_change: account.password_changed_at.as_ref().map(iso8601),
        account_created_at: iso8601(&account.created_at),
        roles: roles(account.role),
        security_strength: accounts.strength(account).into(),
    };
    Ok(Answer::ok("Security information retrieved successfully", info).tagged(account))
}
