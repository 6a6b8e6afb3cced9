//! The paths of the pages that forms stand on or lead to, where more than one place names them.

/// The e-mail address.
pub const EMAIL: &str = "/security/email";
/// Entering its code.
pub const EMAIL_CODE: &str = "/security/email/code";
/// The mobile number.
pub const PHONE: &str = "/security/phone";
/// Entering its code.
pub const PHONE_CODE: &str = "/security/phone/code";
/// Two-step verification.
pub const TWO_FACTOR: &str = "/security/two-factor";
/// Turning it off.
pub const TWO_FACTOR_OFF: &str = "/security/two-factor/off";
/// Adding an authenticator app.
pub const ADD_APP: &str = "/security/two-factor/app";
/// Removing it.
pub const REMOVE_APP: &str = "/security/two-factor/remove-app";
/// The recovery codes, once.
pub const RECOVERY_CODES: &str = "/security/two-factor/codes";

/// The page that takes a factor away: `next` where it names one, else the one that turns two-step verification off.
pub fn removal(next: &str) -> &'static str {
    if next == REMOVE_APP { REMOVE_APP } else { TWO_FACTOR_OFF }
}
