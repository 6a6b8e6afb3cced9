//! What happened to an account, for its owner to read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// What kinds of events have in common, by which a list of them is narrowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Sessions begin, fail to begin, and end.
    SignIns,
    /// What guards the account: password, identifiers, second factors.
    Protection,
    /// What others see of it.
    Profile,
    /// The account as a whole: its states and its role.
    Account,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::SignIns, Self::Protection, Self::Profile, Self::Account];

    /// The name in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIns => "sign-ins",
            Self::Protection => "protection",
            Self::Profile => "profile",
            Self::Account => "account",
        }
    }

    /// Reads such a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == name)
    }

    /// Its kinds.
    pub fn kinds(self) -> Vec<Kind> {
        Kind::ALL.iter().copied().filter(|kind| kind.group() == self).collect()
    }
}

/// Declares the kinds: `Kind: "stored name", Group;`.
macro_rules! kinds {
    ($($kind:ident: $name:literal, $group:ident;)+) => {
        /// A kind of security event. The names are stored and must not change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs, reason = "each is named after what happened")]
        pub enum Kind {
            $($kind,)+
        }

        impl Kind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$kind,)+];

            /// The name in the database and in answers.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)+
                }
            }

            /// To what it belongs.
            pub fn group(self) -> Group {
                match self {
                    $(Self::$kind => Group::$group,)+
                }
            }
        }
    };
}

kinds! {
    Registered: "registered", Account;
    SignedIn: "signed-in", SignIns;
    SignInFailed: "sign-in-failed", SignIns;
    SignedOut: "signed-out", SignIns;
    SessionEnded: "session-ended", SignIns;
    SessionsEnded: "sessions-ended", SignIns;
    ProfileChanged: "profile-changed", Profile;
    AvatarUploaded: "avatar-uploaded", Profile;
    AvatarDeleted: "avatar-deleted", Profile;
    PasswordChanged: "password-changed", Protection;
    PasswordReset: "password-reset", Protection;
    EmailVerified: "email-verified", Protection;
    EmailChangeRequested: "email-change-requested", Protection;
    EmailChangeCancelled: "email-change-cancelled", Protection;
    EmailChanged: "email-changed", Protection;
    EmailRemoved: "email-removed", Protection;
    EmailChangeUndone: "email-change-undone", Protection;
    PhoneVerified: "phone-verified", Protection;
    PhoneChangeRequested: "phone-change-requested", Protection;
    PhoneChangeCancelled: "phone-change-cancelled", Protection;
    PhoneChanged: "phone-changed", Protection;
    PhoneRemoved: "phone-removed", Protection;
    PhoneChangeUndone: "phone-change-undone", Protection;
    UsernameChanged: "username-changed", Profile;
    RoleChanged: "role-changed", Account;
    Archived: "archived", Account;
    Restored: "restored", Account;
    Deactivated: "deactivated", Account;
    Unlocked: "unlocked", Account;
    RefreshTokenReused: "refresh-token-reused", SignIns;
    AppSignedIn: "app-signed-in", SignIns;
    AppAllowed: "app-allowed", Protection;
    AppRemoved: "app-removed", Protection;
    TwoFactorEnabled: "two-factor-enabled", Protection;
    TwoFactorDisabled: "two-factor-disabled", Protection;
    AuthenticatorAdded: "authenticator-added", Protection;
    AuthenticatorRemoved: "authenticator-removed", Protection;
    RecoveryCodesRenewed: "recovery-codes-renewed", Protection;
    RecoveryCodeUsed: "recovery-code-used", Protection;
    ManagementAccess: "management-access", Account;
}

impl Kind {
    /// Reads the name in the database; none for one that a newer version wrote.
    pub fn from_stored(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Activity {
    /// UUIDv7.
    pub id: Uuid,
    /// Whose account.
    pub account_id: Uuid,
    /// What happened: the stored name of a [`Kind`].
    pub kind: String,
    /// From which device.
    pub device: String,
    /// From which network.
    pub address: String,
    /// Names of changed fields and the like; never a value that is secret.
    pub detail: Map<String, Value>,
    /// When.
    pub at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_serialised_form() {
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            assert_eq!(Kind::from_stored(kind.as_str()), Some(*kind));
        }
        assert_eq!(Kind::from_stored("signed-up"), None);
    }

    #[test]
    fn every_group_has_kinds_and_a_name() {
        for group in Group::ALL {
            assert!(!group.kinds().is_empty());
            assert_eq!(Group::parse(group.as_str()), Some(group));
        }
        assert_eq!(Group::parse("all"), None);
    }
}
