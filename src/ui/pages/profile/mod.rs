//! The profile page: four cards, each with a form that works by itself and an island around it.

mod archive;
mod avatar;
mod form;
mod password;
mod time_zone;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use leptos::prelude::*;

pub use self::time_zone::{TimeZoneList, TimeZonePage, TimeZonePageProps};
use self::{archive::ArchiveCard, avatar::AvatarCard, form::ProfileCard, password::PasswordCard};
use crate::{
    domain::{
        account::{Account, LoginIdentifier, Role},
        archive::purge_at,
        email::readable,
        locale::{Locale, Theme},
        password_rules::Policy,
    },
    service::Accounts,
    ui::{
        app::{AccountLayout, Section},
        flash::Flash,
        page_context::PageContext,
        parts::FlashSummary,
    },
};

/// What the profile page shows.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What is kept, by the names of the inputs.
    pub stored: BTreeMap<String, String>,
    /// The e-mail address, and whether it is verified.
    pub email: Option<(String, bool)>,
    /// The mobile number, and whether it is verified.
    pub phone: Option<(String, bool)>,
    /// The username.
    pub username: String,
    /// What its owner signs in with: what is in force, not what is pending.
    pub signs_in_with: String,
    /// The role.
    pub role: Role,
    /// What one signs in with: not changed here.
    pub identifier: LoginIdentifier,
    /// What a password must be made of.
    pub policy: Policy,
    /// The day of deletion, were the account archived now.
    pub purge_at: DateTime<Utc>,
    /// Where the islands are.
    pub files: Files,
}

/// Addresses of what the islands are made of.
#[derive(Clone, Debug)]
pub struct Files {
    boot: String,
    script: String,
    program: String,
    camera: String,
    cropper: String,
    library: String,
}

impl Profile {
    /// The page of an account.
    pub fn of(
        accounts: &Accounts,
        account: &Account,
        locale: Locale,
        theme: Theme,
        address: impl Fn(&str) -> String,
    ) -> Self {
        let settings = accounts.settings();
        Self {
            stored: stored_values(accounts, account, locale, theme),
            email: account.shown_email().map(|email| (readable(email.as_str()), account.shown_email_verified())),
            phone: account.shown_phone().map(|phone| (phone.to_string(), account.shown_phone_verified())),
            username: account.username.to_string(),
            signs_in_with: signs_in_with(account, settings.login_identifier),
            role: account.role,
            identifier: settings.login_identifier,
            policy: settings.password_policy,
            purge_at: purge_at(accounts.now()),
            files: Files {
                boot: address("boot.js"),
                script: address("pkg/nameplate.js"),
                program: address("pkg/nameplate.wasm"),
                camera: address("avatar-camera.js"),
                cropper: address("avatar-cropper.js"),
                library: address("vendor/cropper.esm.min.js"),
            },
        }
    }

    fn stored(&self, name: &str) -> String {
        self.stored.get(name).cloned().unwrap_or_default()
    }

    fn has_picture(&self) -> bool {
        self.stored("has_picture") == "true"
    }
}

fn signs_in_with(account: &Account, identifier: LoginIdentifier) -> String {
    let email = account.email.as_ref().filter(|_| identifier.email()).map(ToString::to_string);
    let phone = || account.phone.as_ref().filter(|_| identifier.mobile()).map(ToString::to_string);
    email.or_else(phone).unwrap_or_else(|| account.username.to_string())
}

/// What is kept of an account, by the names of the inputs that write it; and what else the page shows of it.
/// Whoever chose no language and no colours has those of the page.
pub fn stored_values(accounts: &Accounts, account: &Account, locale: Locale, theme: Theme) -> BTreeMap<String, String> {
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let names = &account.names;
    [
        ("given_name", text(names.given())),
        ("middle_name", text(names.middle())),
        ("family_name", text(names.family())),
        ("bio", account.bio.clone()),
        ("location", account.location.clone()),
        ("phone", account.shown_phone().map(ToString::to_string).unwrap_or_default()),
        ("is_private", account.is_private.to_string()),
        ("locale", account.locale.unwrap_or(locale).as_str().to_owned()),
        ("time_zone", text(account.time_zone.as_deref())),
        ("theme", account.theme.or(theme).as_str().to_owned()),
        ("record_version", account.record_version.to_string()),
        ("name", account.display_name()),
        ("avatar", accounts.avatar_path(account)),
        ("own_avatar", accounts.own_avatar_path(account)),
        ("has_picture", (!account.pictures.is_empty()).to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// `/profile`
#[component]
pub fn ProfilePage(
    /// Who looks at it.
    context: PageContext,
    /// What it shows.
    page: Profile,
    /// What the last form left.
    #[prop(optional)]
    flash: Flash,
) -> impl IntoView {
    let text = &context.text().profile;
    let labels = labels(&context);
    let files = page.files.clone();
    let nonce = context.nonce.clone();
    view! {
        <AccountLayout context=context.clone() current=Section::Profile>
            <div class="page-head">
                <h1>{text.title.to_string()}</h1>
                <p class="page-head__lede">{text.lede.to_string()}</p>
            </div>
            <FlashSummary flash=flash.clone() forms=context.text().forms labels/>
            <AvatarCard context=context.clone() page=page.clone() flash=flash.clone()/>
            <ProfileCard context=context.clone() page=page.clone() flash=flash.clone()/>
            <PasswordCard context=context.clone() page=page.clone() flash=flash.clone()/>
            <ArchiveCard context=context.clone() page=page.clone() flash/>
            <link rel="modulepreload" href=files.script data-islands/>
            <link rel="preload" href=files.program r#as="fetch" type="application/wasm" crossorigin="anonymous" data-islands/>
            <script type="module" src=files.boot nonce=nonce></script>
        </AccountLayout>
    }
}

/// The inputs of the page and their labels, in its order.
fn labels(context: &PageContext) -> Vec<(&'static str, String)> {
    let text = context.text();
    let (profile, password) = (&text.profile, &text.password);
    let labels = [
        ("file", text.avatar.file.to_string()),
        ("given_name", profile.given_name.to_string()),
        ("middle_name", profile.middle_name.to_string()),
        ("family_name", profile.family_name.to_string()),
        ("bio", profile.bio.to_string()),
        ("location", profile.location.to_string()),
        ("phone", profile.phone.to_string()),
        ("locale", profile.locale.to_string()),
        ("time_zone", profile.time_zone.to_string()),
        ("theme", profile.theme.to_string()),
        ("old_password", password.current.to_string()),
        ("new_password", password.new.to_string()),
        ("confirm_password", password.confirm.to_string()),
        ("confirmation", text.archive.title.to_string()),
    ];
    labels.into()
}
