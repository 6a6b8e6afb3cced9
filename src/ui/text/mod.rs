//! Every word the pages say, in each language.
//!
//! A text is written once, its languages side by side, so that leaving one out does not compile. A text with a gap is a
//! function, because each language orders its words and counts in its own way. Texts that the browser fills in stand
//! on elements as `data-` attributes; their gaps are named in braces.

mod datetime;
mod errors;
mod numbers;
mod pictures;

pub mod activity;
pub mod archive;
pub mod avatar;
pub mod code;
pub mod docs;
pub mod guides;
pub mod identifiers;
pub mod issues;
pub mod login;
pub mod oidc;
pub mod outage;
pub mod password;
pub mod people;
pub mod profile;
pub mod recovery;
pub mod register;
pub mod security;
pub mod shell;
pub mod step_up;
pub mod two_factor;

use self::{
    activity::{Activity, Events},
    archive::Archive,
    avatar::Avatar,
    code::Code,
    docs::Docs,
    errors::Errors,
    identifiers::{EmailChange, Identifiers, PhoneChange, UsernameChange},
    issues::Issues,
    login::{Login, Restore, SecondStep},
    oidc::Oidc,
    outage::Outages,
    password::Password,
    people::{People, PublicProfile},
    pictures::Pictures,
    profile::Profile,
    recovery::{Forgot, Reset},
    register::{ConfirmRegistration, Register},
    security::{Deactivate, Security, Sessions},
    shell::{Forms, Shell},
    step_up::{StepUp, UndoChange},
    two_factor::{AppSetup, FactorRemoval, RecoveryCodes, TwoFactor},
};
use crate::domain::locale::Locale;

/// Declares a group of texts: `name: "English", "Turkish";`, or with gaps `name(types): |…| …, |…| …;`. They are visible in
/// this crate alone, so that the compiler tells of those that nobody says.
macro_rules! texts {
    (@type) => { &'static str };
    (@type $($gap:ty),+) => { fn($($gap),+) -> String };
    ($(#[$about:meta])* $group:ident { $($name:ident $(($($gap:ty),+))? : $en:expr, $tr:expr;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug)]
        pub struct $group {
            $(#[doc = stringify!($en)] pub(crate) $name: texts!(@type $($($gap),+)?),)+
        }

        impl $group {
            pub(super) const EN: Self = Self { $($name: $en,)+ };
            pub(super) const TR: Self = Self { $($name: $tr,)+ };
            /// The source of each text, for tests.
            #[cfg(test)]
            pub(super) const PAIRS: &[[&str; 3]] = &[$([stringify!($name), stringify!($en), stringify!($tr)],)+];
        }
    };
}

use texts;

/// All texts of one language.
#[derive(Debug)]
pub struct Text {
    /// Which language.
    pub(crate) locale: Locale,
    /// Around every page.
    pub(crate) shell: Shell,
    /// In every form.
    pub(crate) forms: Forms,
    /// Signing in.
    pub(crate) login: Login,
    /// Restoring an archived account.
    pub(crate) restore: Restore,
    /// The second step of signing in.
    pub(crate) second_step: SecondStep,
    /// Creating an account.
    pub(crate) register: Register,
    /// Its second step: the code.
    pub(crate) confirm_registration: ConfirmRegistration,
    /// About a code that was sent.
    pub(crate) code: Code,
    /// Asking for a new password.
    pub(crate) forgot: Forgot,
    /// Setting it.
    pub(crate) reset: Reset,
    /// Error pages.
    pub(crate) outages: Outages,
    /// The profile form.
    pub(crate) profile: Profile,
    /// The avatar and its cropper.
    pub(crate) avatar: Avatar,
    /// The password block.
    pub(crate) password: Password,
    /// The archive section and its dialog.
    pub(crate) archive: Archive,
    /// The activity list.
    pub(crate) activity: Activity,
    /// Following and blocking.
    pub(crate) people: People,
    /// What others see of an account.
    pub(crate) public_profile: PublicProfile,
    /// The security page.
    pub(crate) security: Security,
    /// Its list of sessions.
    pub(crate) sessions: Sessions,
    /// Deactivating the account.
    pub(crate) deactivate: Deactivate,
    /// Changing the e-mail address.
    pub(crate) email_change: EmailChange,
    /// Changing the mobile number.
    pub(crate) phone_change: PhoneChange,
    /// What both have.
    pub(crate) identifiers: Identifiers,
    /// Changing the username.
    pub(crate) username_change: UsernameChange,
    /// Two-step verification.
    pub(crate) two_factor: TwoFactor,
    /// Setting up an authenticator app.
    pub(crate) app_setup: AppSetup,
    /// Recovery codes.
    pub(crate) recovery_codes: RecoveryCodes,
    /// Taking a factor away.
    pub(crate) factor_removal: FactorRemoval,
    /// The password in between.
    pub(crate) step_up: StepUp,
    /// Taking a change back.
    pub(crate) undo_change: UndoChange,
    /// Signing in to apps.
    pub(crate) oidc: Oidc,
    /// The pages about the REST API.
    pub(crate) docs: Docs,
    /// Why a value is refused: see [`Text::issue`].
    pub(crate) issues: Issues,
    events: Events,
    errors: Errors,
    pictures: Pictures,
}

macro_rules! language {
    ($locale:ident, $language:ident) => {
        Text {
            locale: Locale::$locale,
            shell: Shell::$language,
            forms: Forms::$language,
            login: Login::$language,
            restore: Restore::$language,
            second_step: SecondStep::$language,
            register: Register::$language,
            confirm_registration: ConfirmRegistration::$language,
            code: Code::$language,
            forgot: Forgot::$language,
            reset: Reset::$language,
            outages: Outages::$language,
            profile: Profile::$language,
            avatar: Avatar::$language,
            password: Password::$language,
            archive: Archive::$language,
            activity: Activity::$language,
            people: People::$language,
            public_profile: PublicProfile::$language,
            events: Events::$language,
            security: Security::$language,
            sessions: Sessions::$language,
            deactivate: Deactivate::$language,
            email_change: EmailChange::$language,
            phone_change: PhoneChange::$language,
            identifiers: Identifiers::$language,
            username_change: UsernameChange::$language,
            two_factor: TwoFactor::$language,
            app_setup: AppSetup::$language,
            recovery_codes: RecoveryCodes::$language,
            factor_removal: FactorRemoval::$language,
            step_up: StepUp::$language,
            undo_change: UndoChange::$language,
            oidc: Oidc::$language,
            docs: Docs::$language,
            issues: Issues::$language,
            errors: Errors::$language,
            pictures: Pictures::$language,
        }
    };
}

static ENGLISH: Text = language!(En, EN);
static TURKISH: Text = language!(Tr, TR);

/// The texts of a language.
pub fn of(locale: Locale) -> &'static Text {
    match locale {
        Locale::En => &ENGLISH,
        Locale::Tr => &TURKISH,
    }
}

/// Fills the named gaps of a text: `fill("{n} of {max}", &[("n", "3"), ("max", "500")])`.
pub fn fill(text: &str, gaps: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let gap = after
            .split_once('}')
            .and_then(|(name, after)| gaps.iter().find(|(gap, _)| *gap == name).map(|(_, value)| (*value, after)));
        let (value, after) = gap.unwrap_or(("{", after));
        filled.push_str(value);
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const GROUPS: [&[[&str; 3]]; 37] = [
        Shell::PAIRS,
        Forms::PAIRS,
        Login::PAIRS,
        Restore::PAIRS,
        SecondStep::PAIRS,
        Register::PAIRS,
        ConfirmRegistration::PAIRS,
        Code::PAIRS,
        Forgot::PAIRS,
        Reset::PAIRS,
        Outages::PAIRS,
        Profile::PAIRS,
        Avatar::PAIRS,
        Password::PAIRS,
        Archive::PAIRS,
        Activity::PAIRS,
        People::PAIRS,
        PublicProfile::PAIRS,
        Events::PAIRS,
        Security::PAIRS,
        Sessions::PAIRS,
        Deactivate::PAIRS,
        EmailChange::PAIRS,
        PhoneChange::PAIRS,
        Identifiers::PAIRS,
        UsernameChange::PAIRS,
        TwoFactor::PAIRS,
        AppSetup::PAIRS,
        RecoveryCodes::PAIRS,
        FactorRemoval::PAIRS,
        StepUp::PAIRS,
        UndoChange::PAIRS,
        Oidc::PAIRS,
        Docs::PAIRS,
        Issues::PAIRS,
        Errors::PAIRS,
        Pictures::PAIRS,
    ];

    /// The names in braces.
    fn gaps(text: &str) -> BTreeSet<&str> {
        let braced = text.split('{').skip(1).filter_map(|after| after.split_once('}')).map(|(name, _)| name);
        braced.filter(|name| name.chars().all(char::is_alphabetic)).collect()
    }

    #[test]
    fn every_text_is_translated_and_keeps_its_gaps() {
        for [name, english, turkish] in GROUPS.iter().copied().flatten() {
            assert_ne!(english, turkish, "{name} is not translated");
            assert_eq!(gaps(english), gaps(turkish), "{name} has other gaps");
            assert!(!english.contains(|c| "çğıöşüÇĞİÖŞÜ".contains(c)), "{name} is Turkish in English");
            for text in [english, turkish] {
                assert!(
                    !text.is_empty() && text.trim_matches(['"', ' ']) == text.trim_matches('"'),
                    "{name}: {text:?}"
                );
            }
        }
    }

    #[test]
    fn numbers_choose_their_word() {
        let (english, turkish) = (of(Locale::En), of(Locale::Tr));
        assert_eq!((english.code.tries_left)(1), "One try left.");
        assert_eq!((english.code.tries_left)(3), "3 tries left.");
        assert_eq!((turkish.code.tries_left)(3), "3 deneme hakkınız kaldı.");
        assert_eq!((english.restore.days_left)(1), "one day left");
        assert_eq!((turkish.restore.days_left)(27), "27 gün kaldı");
        assert_eq!([1, 2].map(english.public_profile.followers), ["Follower", "Followers"]);
        assert_eq!([1, 2].map(turkish.public_profile.followers), ["Takipçi", "Takipçi"]);
        assert_eq!([0, 1, 2].map(english.activity.codes_left)[1], "One recovery code is left");
        assert_eq!((turkish.activity.sessions)(0), "Açık oturum yoktu");
    }

    #[test]
    fn gaps_are_filled_once_and_only_where_they_are() {
        assert_eq!(fill("{n} of {max}", &[("n", "{max}"), ("max", "500")]), "{max} of 500");
        assert_eq!(fill("{other} {n", &[("n", "1")]), "{other} {n");
        assert_eq!(fill("", &[]), "");
    }
}
