//! What happened to an account, for its owner to read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A kind of security event. The names are stored and must not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Kind {
    Registered,
    SignedIn,
    SignInFailed,
    SignedOut,
    SessionEnded,
    SessionsEnded,
    ProfileChanged,
    AvatarUploaded,
    AvatarDeleted,
    PasswordChanged,
    PasswordReset,
    EmailVerified,
    EmailChangeRequested,
    EmailChangeCancelled,
    EmailChanged,
    EmailRemoved,
    EmailChangeUndone,
    PhoneVerified,
    PhoneChangeRequested,
    PhoneChangeCancelled,
    PhoneChanged,
    PhoneRemoved,
    PhoneChangeUndone,
    UsernameChanged,
    RoleChanged,
    Archived,
    Restored,
    Deactivated,
    Unlocked,
    RefreshTokenReused,
    TwoFactorEnabled,
    TwoFactorDisabled,
    AuthenticatorAdded,
    AuthenticatorRemoved,
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    ManagementAccess,
}

impl Kind {
    /// The name in the database and in answers.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::SignedIn => "signed-in",
            Self::SignInFailed => "sign-in-failed",
            Self::SignedOut => "signed-out",
            Self::SessionEnded => "session-ended",
            Self::SessionsEnded => "sessions-ended",
            Self::ProfileChanged => "profile-changed",
            Self::AvatarUploaded => "avatar-uploaded",
            Self::AvatarDeleted => "avatar-deleted",
            Self::PasswordChanged => "password-changed",
            Self::PasswordReset => "password-reset",
            Self::EmailVerified => "email-verified",
            Self::EmailChangeRequested => "email-change-requested",
            Self::EmailChangeCancelled => "email-change-cancelled",
            Self::EmailChanged => "email-changed",
            Self::EmailRemoved => "email-removed",
            Self::EmailChangeUndone => "email-change-undone",
            Self::PhoneVerified => "phone-verified",
            Self::PhoneChangeRequested => "phone-change-requested",
            Self::PhoneChangeCancelled => "phone-change-cancelled",
            Self::PhoneChanged => "phone-changed",
            Self::PhoneRemoved => "phone-removed",
            Self::PhoneChangeUndone => "phone-change-undone",
            Self::UsernameChanged => "username-changed",
            Self::RoleChanged => "role-changed",
            Self::Archived => "archived",
            Self::Restored => "restored",
            Self::Deactivated => "deactivated",
            Self::Unlocked => "unlocked",
            Self::RefreshTokenReused => "refresh-token-reused",
            Self::TwoFactorEnabled => "two-factor-enabled",
            Self::TwoFactorDisabled => "two-factor-disabled",
            Self::AuthenticatorAdded => "authenticator-added",
            Self::AuthenticatorRemoved => "authenticator-removed",
            Self::RecoveryCodesRenewed => "recovery-codes-renewed",
            Self::RecoveryCodeUsed => "recovery-code-used",
            Self::ManagementAccess => "management-access",
        }
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
