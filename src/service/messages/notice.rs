//! What there is to tell.

use chrono::{DateTime, Utc};
use url::Url;

use crate::domain::{
    account::Role,
    code::{Channel, Purpose},
};

/// How to take a change back.
#[derive(Clone, PartialEq, Eq)]
pub struct Undo {
    /// The link that does it.
    pub link: Url,
    /// How long it works.
    pub until: DateTime<Utc>,
}

/// Something to tell. Addresses and numbers in it are masked.
#[derive(Clone, PartialEq, Eq)]
pub enum Notice {
    /// A code that was asked for.
    Code {
        /// What it proves.
        purpose: Purpose,
        /// The digits.
        code: String,
        /// Which one it is of those sent lately, as the page or program that asks for it shows it.
        index: u32,
        /// From when on it is worthless.
        expires_at: DateTime<Utc>,
    },
    /// A sign-up with the identifier of an account in use. Has no code.
    AlreadyRegistered,
    /// A sign-in from a device not seen before.
    NewDeviceSignIn,
    /// The password was changed by someone who knew it, or by a service.
    PasswordChanged,
    /// The password was set anew with a mailed code.
    PasswordReset,
    /// To the old address: a new one waits for its code.
    EmailChangeRequested {
        /// The new address, masked.
        to: String,
        /// Takes the change back.
        undo: Undo,
    },
    /// To the old number: a new one waits for its code.
    PhoneChangeRequested {
        /// The new number, masked.
        to: String,
        /// Takes the change back.
        undo: Undo,
    },
    /// Another e-mail address is in force.
    EmailChanged {
        /// The new address, masked; none when it was removed.
        to: Option<String>,
        /// Takes the change back; for the old address alone.
        undo: Option<Undo>,
    },
    /// Another phone number is in force.
    PhoneChanged {
        /// The new number, masked; none when it was removed.
        to: Option<String>,
        /// Takes the change back; for the old number alone.
        undo: Option<Undo>,
    },
    /// The change of an e-mail address was taken back by its undo link.
    EmailChangeUndone {
        /// The address in force again, masked.
        to: String,
    },
    /// The change of a phone number was taken back by its undo link.
    PhoneChangeUndone {
        /// The number in force again, masked.
        to: String,
    },
    /// An e-mail address or phone number that the account never confirmed was confirmed for another one. The reader may be
    /// its owner, and not the account's.
    Displaced {
        /// Whether it is an e-mail address or a phone number.
        channel: Channel,
        /// Which one, masked.
        identifier: String,
        /// Whose it was.
        username: String,
    },
    /// Another username is in force.
    UsernameChanged {
        /// The old one.
        from: String,
        /// The new one.
        to: String,
    },
    /// Signing in takes a second step from now on.
    TwoFactorEnabled,
    /// Signing in takes no second step any more.
    TwoFactorDisabled,
    /// An authenticator app can answer the second step from now on, in place of any other one.
    AuthenticatorAdded,
    /// No authenticator app can answer the second step any more.
    AuthenticatorRemoved,
    /// There are new recovery codes, and the old ones are worthless.
    RecoveryCodesRenewed,
    /// A recovery code was used.
    RecoveryCodeUsed {
        /// Codes that are left.
        left: usize,
    },
    /// The account may do more, or less, than before.
    RoleChanged {
        /// The new role.
        role: Role,
    },
    /// The account was archived.
    Archived {
        /// When it is deleted.
        purge_at: DateTime<Utc>,
    },
    /// An archived account is about to be deleted.
    PurgeReminder {
        /// When it is deleted.
        purge_at: DateTime<Utc>,
    },
    /// An archived account is in use again.
    Restored,
    /// The account was deactivated.
    Deactivated,
    /// A deactivated account is in use again.
    Unlocked,
    /// A refresh token of an app was used twice: somebody else may have it. The app is signed out.
    AppTokenReused {
        /// What the app is called.
        app: String,
    },
}

impl Notice {
    /// From when on sending it is pointless; none for what is worth knowing late as well.
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Code { expires_at, .. } => Some(*expires_at),
            _ => None,
        }
    }

    /// The number of a code that is not the only one of late.
    pub(super) fn index(&self) -> Option<u32> {
        match self {
            Self::Code { index, .. } if *index > 1 => Some(*index),
            _ => None,
        }
    }

    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Code { code, .. } => Some(code),
            _ => None,
        }
    }

    /// The one thing to do about it.
    pub(super) fn target(&self) -> Option<Target<'_>> {
        match self {
            Self::Code {
                purpose: Purpose::Registration | Purpose::Verification | Purpose::PasswordReset | Purpose::Management,
                ..
            }
            | Self::RoleChanged { .. }
            | Self::Deactivated => None,
            Self::AlreadyRegistered
            | Self::Displaced { .. }
            | Self::Archived { .. }
            | Self::PurgeReminder { .. }
            | Self::Unlocked => Some(Target::SignIn),
            Self::Code { purpose: Purpose::SecondFactor | Purpose::FactorChange, .. }
            | Self::PasswordChanged
            | Self::PasswordReset
            | Self::EmailChangeUndone { .. }
            | Self::PhoneChangeUndone { .. }
            | Self::UsernameChanged { .. }
            | Self::Restored => Some(Target::NewPassword),
            Self::EmailChangeRequested { undo, .. }
            | Self::PhoneChangeRequested { undo, .. }
            | Self::EmailChanged { undo: Some(undo), .. }
            | Self::PhoneChanged { undo: Some(undo), .. } => Some(Target::Undo(&undo.link)),
            Self::NewDeviceSignIn
            | Self::AppTokenReused { .. }
            | Self::EmailChanged { undo: None, .. }
            | Self::PhoneChanged { undo: None, .. }
            | Self::TwoFactorEnabled
            | Self::TwoFactorDisabled
            | Self::AuthenticatorAdded
            | Self::AuthenticatorRemoved
            | Self::RecoveryCodesRenewed
            | Self::RecoveryCodeUsed { .. } => Some(Target::Security),
        }
    }
}

/// Where a message leads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target<'a> {
    SignIn,
    NewPassword,
    Security,
    Undo(&'a Url),
}

impl Target<'_> {
    pub(super) fn address(self, public_url: &Url) -> String {
        let page = match self {
            Self::SignIn => "login",
            Self::NewPassword => "forgot",
            Self::Security => "security",
            Self::Undo(url) => return url.to_string(),
        };
        format!("{}/{page}", public_url.as_str().trim_end_matches('/'))
    }
}
