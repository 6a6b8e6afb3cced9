//! Writing the profile, and how the pages look.

use super::{RequestContext, cookies};
use crate::{
    domain::{
        account::Account,
        email::EmailAddress,
        error::{Error, Field, Issues, Reason},
        locale::{Locale, Theme},
        next::LocalPath,
    },
    http::conditional::if_match,
    service::{Expectation, profile::ProfileChange},
    ui::{
        actions::profile::ProfileFields,
        error::{ActionError, Cause, Done},
        flash::{Notice, Tone},
        pages::profile::stored_values,
        text,
    },
};

impl RequestContext {
    /// Writes the profile.
    ///
    /// # Errors
    /// [`ActionError`]: the cause, and a sentence for each input that is wrong.
    pub async fn update_profile(&self, fields: ProfileFields) -> Result<Done, ActionError> {
        let actor = self.actor()?;
        let expected = self.expectation(fields.record_version.as_deref())?;
        self.guard(&fields).map_err(|error| self.refuse(error))?;
        if self.changes_phone(&fields) {
            self.require_step_up().await?;
        }
        let only_avatar = fields.given_name.is_none() && fields.avatar.is_some();
        let theme = if fields.theme.is_some() { Theme::System } else { self.theme() };
        let change = self.change(fields)?;
        let written = self.accounts().update_profile(actor, actor.account_id, change, expected).await;
        match written {
            Ok(account) => Ok(self.saved(&account, theme, only_avatar)),
            Err(error) => Err(self.refuse_write(error).await),
        }
    }

    /// Refuses a write; with what is there, when somebody else wrote first.
    pub async fn refuse_write(&self, error: Error) -> ActionError {
        let stale = matches!(error, Error::Stale { .. } | Error::PreconditionFailed { .. });
        let mut refusal = self.refuse(error);
        if stale && let Ok(actor) = self.actor() {
            match self.accounts().account(actor, actor.account_id).await {
                Ok(account) => refusal.saved = stored_values(self.accounts(), &account, self.locale(), self.theme()),
                Err(error) => return self.refuse(error),
            }
        }
        refusal
    }

    /// Refuses as a whole what asks for more than the profile page may change.
    fn guard(&self, fields: &ProfileFields) -> Result<(), Error> {
        let account = self.account().ok_or(Error::Unauthenticated)?;
        let mut issues = Issues::default();
        for (field, sent, present) in [
            (Field::Email, &fields.email, account.email.as_ref().map(EmailAddress::as_str)),
            (Field::Username, &fields.username, Some(account.username.as_str())),
            (Field::Role, &fields.role, Some(account.role.as_str())),
        ] {
            if sent.is_some() && sent.as_deref() != present {
                issues.push(field, Reason::NotSettable);
            }
        }
        issues.finish()
    }

    /// Whether the number is to become another one: as sensitive here as on the security page.
    fn changes_phone(&self, fields: &ProfileFields) -> bool {
        let shown = self.account().and_then(Account::shown_phone).map(ToString::to_string).unwrap_or_default();
        fields.phone.as_deref().is_some_and(|phone| phone.trim() != shown)
    }

    /// What a write expects, by its header and by the form.
    ///
    /// # Errors
    /// [`Cause::Malformed`] when the form's is no number.
    pub fn expectation(&self, record_version: Option<&str>) -> Result<Expectation, ActionError> {
        let version = record_version.map(str::parse).transpose().map_err(|_| Cause::Malformed)?;
        let current = self.account().map(|account| account.record_version).unwrap_or_default();
        Ok(match Expectation::of(if_match(self.headers(), current), version, current) {
            Expectation::Version(seen) => Expectation::Shown(seen),
            other => other,
        })
    }

    fn change(&self, fields: ProfileFields) -> Result<ProfileChange, Cause> {
        // Pages name pictures of ours by their path.
        let absolute = |url: String| if url.starts_with('/') { self.accounts().absolute(&url) } else { url };
        Ok(ProfileChange {
            full_name: None,
            given_name: fields.given_name,
            middle_name: fields.middle_name,
            family_name: fields.family_name,
            bio: fields.bio,
            location: fields.location,
            phone: fields.phone,
            avatar: fields.avatar.map(absolute),
            is_private: fields.is_private.map(|is| is.parse()).transpose().map_err(|_| Cause::Malformed)?,
            locale: fields.locale,
            time_zone: fields.time_zone,
            theme: fields.theme,
            ..ProfileChange::default()
        })
    }

    /// `theme` is that of this browser, where the account follows the system.
    fn saved(&self, account: &Account, theme: Theme, only_avatar: bool) -> Done {
        let (locale, theme) = (account.locale.unwrap_or(self.locale()), account.theme.or(theme));
        let (profile, avatar) = (&text::of(locale).profile, &text::of(locale).avatar);
        let said = match (only_avatar, account.pictures.is_empty()) {
            (true, true) => &avatar.removed,
            (true, false) => &avatar.saved,
            _ => &profile.saved,
        };
        let redraw = (locale, theme) != (self.locale(), self.theme());
        self.remember_appearance(locale, theme);
        Done {
            notice: Some(Notice { tone: Tone::Ok, text: said.to_string() }),
            next: redraw.then(|| "/profile".to_owned()),
            saved: stored_values(self.accounts(), account, locale, theme),
        }
    }

    /// Chooses language and colours for this browser, and for the account of whoever is signed in.
    ///
    /// # Errors
    /// When there are no such ones.
    pub async fn set_appearance(
        &self,
        locale: Option<String>,
        theme: Option<String>,
        next: Option<String>,
    ) -> Result<Done, ActionError> {
        let read = |field, error| self.refuse(Error::invalid(field, error));
        let chosen_locale =
            locale.as_deref().map(str::parse).transpose().map_err(|error| read(Field::Locale, error))?;
        let chosen_theme = theme.as_deref().map(str::parse).transpose().map_err(|error| read(Field::Theme, error))?;
        if let Ok(actor) = self.actor() {
            let change = ProfileChange { locale, theme, ..ProfileChange::default() };
            let written = self.accounts().update_profile(actor, actor.account_id, change, Expectation::Any).await;
            written.map_err(|error| self.refuse(error))?;
        }
        self.remember_appearance(chosen_locale.unwrap_or(self.locale()), chosen_theme.unwrap_or(self.theme()));
        Ok(Done { next: Some(LocalPath::parse_or_home(next.as_deref()).to_string()), ..Done::default() })
    }

    fn remember_appearance(&self, locale: Locale, theme: Theme) {
        self.answer_with_cookie(cookies::LOCALE, locale.as_str(), cookies::LASTING);
        self.answer_with_cookie(cookies::THEME, theme.as_str(), cookies::LASTING);
    }
}
