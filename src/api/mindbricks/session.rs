//! The session, in the flat shapes of the dialect.

use serde_json::{Value, json};

use super::{agent::Agent, envelope::ApiError, errors::second_step};
use crate::{
    domain::{
        account::Account,
        code::Channel,
        second_factor::Method,
        session::{Origin, Session},
    },
    http::response::iso8601,
    service::{
        Accounts,
        sessions::{NewSession, Secret},
    },
};

/// A session and the account it belongs to. `ip` is where it began: of an open session only the network is kept.
pub(super) fn described(accounts: &Accounts, account: &Account, session: &Session, ip: &str) -> Value {
    json!({
        "sessionId": session.id,
        "userId": account.id,
        "email": account.shown_email().map(ToString::to_string),
        "fullname": account.display_name(),
        "avatar": accounts.avatar_url(account),
        "roleId": account.role.as_str(),
        "mobile": account.shown_phone().map(ToString::to_string),
        "emailVerified": account.shown_email_verified(),
        "mobileVerified": account.shown_phone_verified(),
        "loginAt": iso8601(&session.created_at),
        "loginIp": Some(ip).filter(|ip| !ip.is_empty()),
        "agent": Agent::parse(&session.user_agent),
        "appCodename": codename(accounts),
    })
}

/// What a complete sign-in answers.
pub(super) fn signed_in(accounts: &Accounts, new: &NewSession, origin: &Origin) -> Result<Value, ApiError> {
    let (access, refresh) = tokens(new)?;
    let mut told = described(accounts, &new.account, &new.session, &address(origin, &new.session));
    told["status"] = json!("OK");
    told["accessToken"] = json!(access);
    told["refreshToken"] = json!(refresh);
    Ok(told)
}

/// What a right password answers before the second step: how to take it, and nothing of the account.
pub(super) fn half_signed_in(
    accounts: &Accounts,
    new: &NewSession,
    methods: &[Method],
    origin: &Origin,
) -> Result<Value, ApiError> {
    let Secret::Access(access) = &new.secret else {
        return Err(ApiError::internal("a half-signed-in session was given more than an access token"));
    };
    let needed = match second_step(methods) {
        Channel::Email => "sessionNeedsEmail2FA",
        Channel::Sms => "sessionNeedsMobile2FA",
    };
    Ok(json!({
        "status": "OK",
        "accessToken": access,
        "sessionId": new.session.id,
        "userId": new.account.id,
        "loginAt": iso8601(&new.session.created_at),
        "loginIp": address(origin, &new.session),
        "agent": Agent::parse(&new.session.user_agent),
        "appCodename": codename(accounts),
        needed: true,
    }))
}

/// The access and the refresh token of a session of this API.
pub(super) fn tokens(new: &NewSession) -> Result<(&str, &str), ApiError> {
    match &new.secret {
        Secret::Tokens { access, refresh, .. } => Ok((access, refresh)),
        Secret::Cookie(_) | Secret::Access(_) => Err(ApiError::internal("an API session was given no tokens")),
    }
}

/// The caller's own address is told to the caller alone, at sign-in.
fn address(origin: &Origin, session: &Session) -> String {
    origin.address.map_or_else(|| session.address.clone(), |address| address.to_string())
}

/// The brand's name as a slug: what clients file sessions of several installations under.
fn codename(accounts: &Accounts) -> String {
    let name = accounts.settings().brand.name.to_lowercase();
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}
