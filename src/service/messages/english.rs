//! English.

use chrono::{DateTime, Utc};

use super::{
    language::{Labels, Language, MessageContext},
    notice::{Notice, Target, Undo},
};
use crate::domain::{
    account::Role,
    code::{Channel, Purpose},
};

/// The English language.
pub(super) struct English;

impl Language for English {
    fn subject(&self, notice: &Notice, context: &MessageContext<'_>) -> String {
        let brand = context.brand;
        match notice {
            Notice::Code { purpose, .. } => format!("Your {brand} {}", code_name(*purpose)),
            Notice::AlreadyRegistered => format!("You already have a {brand} account"),
            Notice::NewDeviceSignIn => format!("New sign-in to your {brand} account"),
            Notice::PasswordChanged => format!("Your {brand} password was changed"),
            Notice::PasswordReset => format!("Your {brand} password was reset"),
            Notice::EmailChangeRequested { .. } => format!("Your {brand} e-mail address is about to change"),
            Notice::PhoneChangeRequested { .. } => format!("Your {brand} phone number is about to change"),
            Notice::EmailChanged { to: Some(_), .. } => format!("Your {brand} e-mail address was changed"),
            Notice::EmailChanged { to: None, .. } => format!("Your {brand} e-mail address was removed"),
            Notice::PhoneChanged { to: Some(_), .. } => format!("Your {brand} phone number was changed"),
            Notice::PhoneChanged { to: None, .. } => format!("Your {brand} phone number was removed"),
            Notice::EmailChangeUndone { .. } => format!("The change of your {brand} e-mail address was undone"),
            Notice::PhoneChangeUndone { .. } => format!("The change of your {brand} phone number was undone"),
            Notice::Displaced { channel: Channel::Email, username, .. } => {
                format!("An e-mail address was removed from the {brand} account {username}")
            }
            Notice::Displaced { channel: Channel::Sms, username, .. } => {
                format!("A phone number was removed from the {brand} account {username}")
            }
            Notice::UsernameChanged { .. } => format!("Your {brand} username was changed"),
            Notice::TwoFactorEnabled => format!("Two-step verification was turned on for your {brand} account"),
            Notice::TwoFactorDisabled => format!("Two-step verification was turned off for your {brand} account"),
            Notice::AuthenticatorAdded => format!("An authenticator app was added to your {brand} account"),
            Notice::AuthenticatorRemoved => format!("The authenticator app was removed from your {brand} account"),
            Notice::RecoveryCodesRenewed => format!("New recovery codes were made for your {brand} account"),
            Notice::RecoveryCodeUsed { .. } => format!("A recovery code of your {brand} account was used"),
            Notice::RoleChanged { .. } => format!("The role of your {brand} account was changed"),
            Notice::Archived { .. } => format!("Your {brand} account was archived"),
            Notice::PurgeReminder { purge_at } => {
                format!("Your {brand} account will be deleted on {}", self.date(context.day(*purge_at)))
            }
            Notice::Restored => format!("Your {brand} account was restored"),
            Notice::Deactivated => format!("Your {brand} account was deactivated"),
            Notice::Unlocked => format!("Your {brand} account was unlocked"),
            Notice::AppTokenReused { app } => format!("{app} was signed out of your {brand} account"),
        }
    }

    fn happened(&self, notice: &Notice, context: &MessageContext<'_>) -> String {
        let account = format!("your {} account", context.brand);
        let first = format!("Your {} account", context.brand);
        match notice {
            Notice::Code { purpose, expires_at, .. } => code_asked_for(*purpose, *expires_at, context),
            Notice::AlreadyRegistered => format!(
                "Somebody tried to sign up with your address, but {account} exists already. If it was you, sign in; if \
                 you forgot your password, you can choose a new one there."
            ),
            Notice::AppTokenReused { app } => format!(
                "A token that {app} had used up already was used once more, so somebody else may hold it. {app} was signed \
                 out of {account}."
            ),
            Notice::NewDeviceSignIn => {
                format!("Somebody signed in to {account} from a device that was not seen before.")
            }
            Notice::PasswordChanged => {
                format!("The password of {account} was changed, and all its sessions were signed out.")
            }
            Notice::PasswordReset => {
                format!("The password of {account} was reset with a code, and all its sessions were signed out.")
            }
            Notice::EmailChangeRequested { to, undo } => self.change_asked_for("e-mail address", to, undo, context),
            Notice::PhoneChangeRequested { to, undo } => self.change_asked_for("phone number", to, undo, context),
            Notice::EmailChanged { to, undo } => self.changed("e-mail address", to.as_deref(), undo.as_ref(), context),
            Notice::PhoneChanged { to, undo } => self.changed("phone number", to.as_deref(), undo.as_ref(), context),
            Notice::EmailChangeUndone { to } => change_undone("e-mail address", to, context),
            Notice::PhoneChangeUndone { to } => change_undone("phone number", to, context),
            Notice::Displaced { identifier, username, .. } => format!(
                "The {} account {username} had {identifier} without ever confirming it. It was confirmed for another \
                 account, and removed from {username}.",
                context.brand
            ),
            Notice::UsernameChanged { from, to } => {
                format!(
                    "The username of {account} was changed from {from} to {to}, and all its sessions were signed out."
                )
            }
            Notice::TwoFactorEnabled => format!("Signing in to {account} takes a second step from now on."),
            Notice::TwoFactorDisabled => format!("Signing in to {account} takes nothing but the password from now on."),
            Notice::AuthenticatorAdded => {
                format!("Codes of a new authenticator app can be used to sign in to {account} from now on.")
            }
            Notice::AuthenticatorRemoved => {
                format!("Codes of an authenticator app can no longer be used to sign in to {account}.")
            }
            Notice::RecoveryCodesRenewed => {
                format!("There are ten new recovery codes for {account}, and the old ones no longer work.")
            }
            Notice::RecoveryCodeUsed { left } => format!(
                "Somebody used a recovery code of {account}. Each works once; {}.",
                match left {
                    0 => "none is left".to_owned(),
                    1 => "one is left".to_owned(),
                    _ => format!("{left} are left"),
                }
            ),
            Notice::RoleChanged { role: Role::Admin } => format!("The role of {account} is now administrator."),
            Notice::RoleChanged { role: Role::User } => format!("The role of {account} is now user."),
            Notice::Archived { purge_at } | Notice::PurgeReminder { purge_at } => format!(
                "{first} is archived and will be deleted for good on {}, {}. Until then, signing in restores it.",
                self.date(context.day(*purge_at)),
                in_days(context.days_until(*purge_at))
            ),
            Notice::Restored => format!("{first} was restored and is in use again."),
            Notice::Deactivated => format!("{first} is locked until an administrator unlocks it."),
            Notice::Unlocked => format!("{first} was unlocked. You can sign in again."),
        }
    }

    fn advice(&self, notice: &Notice, context: &MessageContext<'_>) -> String {
        let advice = match notice {
            Notice::Code { purpose: Purpose::Registration, .. } => {
                "If you did not sign up, ignore this message: there is no account without the code."
            }
            Notice::Code { purpose: Purpose::Verification | Purpose::Management, .. } => {
                "If you did not ask for it, ignore this message and give the code to nobody."
            }
            Notice::Code { purpose: Purpose::PasswordReset, .. } => {
                "If you did not ask for it, ignore this message and give the code to nobody. Your password stays as it \
                 is."
            }
            Notice::Code { purpose: Purpose::SecondFactor, .. } => {
                "If you are not signing in, somebody knows your password: give the code to nobody, and choose a new \
                 password now."
            }
            Notice::Code { purpose: Purpose::FactorChange, .. } => {
                "If it was not you, somebody else is signed in to your account: give the code to nobody, and choose a \
                 new password now."
            }
            Notice::AlreadyRegistered => {
                "If it was not you, there is nothing to do: nothing was changed, and nobody got in."
            }
            Notice::AppTokenReused { .. } => {
                "Sign in to the app again. If this comes back, take its access away and tell the people who run it."
            }
            Notice::NewDeviceSignIn => "If it was not you, end that session and change your password now.",
            Notice::PasswordChanged | Notice::PasswordReset | Notice::UsernameChanged { .. } | Notice::Restored => {
                "If it was not you, somebody else can get into your account: choose a new password now."
            }
            Notice::EmailChangeRequested { .. }
            | Notice::PhoneChangeRequested { .. }
            | Notice::EmailChanged { undo: Some(_), .. }
            | Notice::PhoneChanged { undo: Some(_), .. } => {
                "If it was not you, undo the change, then change your password."
            }
            Notice::EmailChanged { undo: None, .. } | Notice::PhoneChanged { undo: None, .. } => {
                "If it was not you, change your password now and put your own back. If there was another one before, \
                 the message sent there has a link that undoes the change."
            }
            Notice::EmailChangeUndone { .. } | Notice::PhoneChangeUndone { .. } => {
                "Whoever asked for the change may know your password: choose a new one now."
            }
            Notice::Displaced { channel, username, .. } => {
                let what = match channel {
                    Channel::Email => "an address",
                    Channel::Sms => "a number",
                };
                return format!("If {username} is yours, sign in with that username and give it {what} of your own.");
            }
            Notice::TwoFactorEnabled => "If it was not you, change your password and turn it off now.",
            Notice::TwoFactorDisabled => "If it was not you, change your password and turn it on again now.",
            Notice::AuthenticatorAdded | Notice::AuthenticatorRemoved | Notice::RecoveryCodesRenewed => {
                "If it was not you, change your password now, then set up the app and the recovery codes anew."
            }
            Notice::RecoveryCodeUsed { .. } => {
                "If it was not you, change your password and make new recovery codes now."
            }
            Notice::Archived { .. } | Notice::PurgeReminder { .. } => {
                "If it was not you who archived it, sign in to restore it and change your password."
            }
            Notice::RoleChanged { .. } | Notice::Deactivated => {
                return format!("If you did not expect this, tell the people who run {}.", context.brand);
            }
            Notice::Unlocked => "If you did not expect this, change your password after signing in.",
        };
        advice.to_owned()
    }

    fn code_text(&self, purpose: Purpose, minutes: i64, context: &MessageContext<'_>) -> String {
        let name = code_name(purpose);
        format!("is your {} {name}. It works for {minutes} minutes. Give it to nobody.", context.brand)
    }

    fn action(&self, target: Target<'_>) -> &'static str {
        match target {
            Target::SignIn => "Sign in",
            Target::NewPassword => "Choose a new password",
            Target::Security => "Check your account",
            Target::Undo(_) => "Undo the change",
        }
    }

    fn doubt(&self) -> &'static str {
        "Not you?"
    }

    fn device(&self, device: &str) -> String {
        device.to_owned()
    }

    fn labels(&self) -> Labels {
        Labels { index: "Code number", when: "When", device: "Device", network: "Network" }
    }

    fn footer(&self, context: &MessageContext<'_>) -> String {
        format!("{} sent this automatically, for the safety of your account. Replies are not read.", context.brand)
    }

    fn months(&self) -> [&'static str; 12] {
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
    }
}

impl English {
    fn change_asked_for(&self, what: &str, to: &str, undo: &Undo, context: &MessageContext<'_>) -> String {
        let brand = context.brand;
        let until = self.moment(context.local(undo.until));
        format!(
            "Somebody asked to change the {what} of your {brand} account to {to}. It changes when the code sent \
             there is entered. You can undo this until {until}."
        )
    }

    fn changed(&self, what: &str, to: Option<&str>, undo: Option<&Undo>, context: &MessageContext<'_>) -> String {
        let brand = context.brand;
        let news = match to {
            Some(to) => format!("The {what} of your {brand} account is now {to}."),
            None => format!("The {what} of your {brand} account was removed."),
        };
        match undo {
            Some(undo) => format!("{news} You can undo this until {}.", self.moment(context.local(undo.until))),
            None => news,
        }
    }
}

fn change_undone(what: &str, to: &str, context: &MessageContext<'_>) -> String {
    let brand = context.brand;
    format!("The {what} of your {brand} account is {to} again, and all sessions of the account were signed out.")
}

fn code_name(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Registration => "sign-up code",
        Purpose::Verification | Purpose::Management => "verification code",
        Purpose::PasswordReset => "password reset code",
        Purpose::SecondFactor => "sign-in code",
        Purpose::FactorChange => "security code",
    }
}

fn code_asked_for(purpose: Purpose, expires_at: DateTime<Utc>, context: &MessageContext<'_>) -> String {
    let brand = context.brand;
    let aim = match purpose {
        Purpose::Registration => format!("finish signing up for {brand}"),
        Purpose::Verification | Purpose::Management => format!("confirm this address for {brand}"),
        Purpose::PasswordReset => format!("choose a new password for your {brand} account"),
        Purpose::SecondFactor => format!("finish signing in to {brand}"),
        Purpose::FactorChange => format!("change the two-step verification of your {brand} account"),
    };
    format!("Enter this code to {aim}. It works once, for {} minutes.", context.minutes_until(expires_at))
}

fn in_days(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        _ => format!("in {days} days"),
    }
}
