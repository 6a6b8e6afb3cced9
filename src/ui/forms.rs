//! Every form of the pages: its server function, and the page it stands on.

use leptos::server_fn::{ServerFn, axum::register_explicit};

use super::{
    actions::{account, archive, identifiers, oidc, password, people, profile, second_step, security, two_factor},
    ssr::{
        FormPage::{At, InNext, Of},
        FormTable, FormValues, paths,
    },
};

/// Lists the forms. Each is registered by name, so that none depends on what the linker keeps.
macro_rules! forms {
    ($($function:ty => $page:expr,)*) => {
        /// Registers all server functions, and says where their forms stand.
        pub fn forms() -> FormTable {
            let mut table = FormTable::default();
            $(
                register_explicit::<$function>();
                table.add::<$function>(<$function as ServerFn>::PATH, $page);
            )*
            table
        }
    };
}

forms! {
    account::SignIn => At("/login"),
    second_step::SecondStep => At("/login"),
    second_step::SendSecondStepCode => At("/login"),
    account::Restore => At("/login/restore"),
    account::Register => At("/register"),
    account::ConfirmRegistration => At("/register/confirm"),
    account::ResendCode => At("/register/confirm"),
    account::RequestReset => At("/forgot"),
    account::ResetPassword => At("/reset"),
    account::SignOut => At("/"),
    account::SetAppearance => At("/"),

    profile::UpdateProfile => At("/profile"),
    password::ChangePassword => At("/profile"),
    password::CheckPassword => At("/profile"),
    archive::ArchiveProfile => At("/profile"),

    people::Follow => InNext,
    people::Unfollow => InNext,
    people::Block => InNext,
    people::Unblock => InNext,
    people::AcceptFollower => InNext,
    people::DeclineFollower => InNext,

    oidc::AllowApp => InNext,
    oidc::ContinueAs => InNext,
    oidc::ContinueAsAnother => InNext,
    oidc::RefuseApp => InNext,
    oidc::RemoveApp => At("/security"),

    security::EndSession => At("/security"),
    security::EndOtherSessions => At("/security"),
    security::ConfirmPassword => At("/step-up"),
    security::Deactivate => At("/security/deactivate"),
    security::UndoChange => At("/undo"),

    identifiers::ChangeEmail => At(paths::EMAIL),
    identifiers::RemoveEmail => At(paths::EMAIL),
    identifiers::CancelEmailChange => At(paths::EMAIL),
    identifiers::SendEmailCode => Of(|values| if another_code(values) { paths::EMAIL_CODE } else { paths::EMAIL }),
    identifiers::ConfirmEmail => At(paths::EMAIL_CODE),
    identifiers::ChangePhone => At(paths::PHONE),
    identifiers::RemovePhone => At(paths::PHONE),
    identifiers::CancelPhoneChange => At(paths::PHONE),
    identifiers::SendPhoneCode => Of(|values| if another_code(values) { paths::PHONE_CODE } else { paths::PHONE }),
    identifiers::ConfirmPhone => At(paths::PHONE_CODE),
    identifiers::ChangeUsername => At("/security/username"),

    two_factor::EnableTwoFactor => At(paths::TWO_FACTOR),
    two_factor::SetUpAuthenticator => At(paths::TWO_FACTOR),
    two_factor::RenewRecoveryCodes => At(paths::TWO_FACTOR),
    two_factor::ConfirmAuthenticator => At(paths::ADD_APP),
    two_factor::DisableTwoFactor => At(paths::TWO_FACTOR_OFF),
    two_factor::RemoveAuthenticator => At(paths::REMOVE_APP),
    two_factor::SendFactorCode => Of(|values| paths::removal(values.get("next").map_or("", String::as_str))),
}

/// Whether a form asks for another code: where one was sent, it names that.
fn another_code(values: &FormValues) -> bool {
    values.contains_key("token")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::limits,
        service::flashes::MOST_BYTES,
        ui::{flash::Flash, ssr::FormValues},
    };

    fn typed(fields: &[(&str, &str)]) -> FormValues {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn only_what_belongs_to_the_form_is_kept_and_no_secret() {
        let forms = forms();
        let sent = [
            ("bio", "Poet"),
            ("given_name", "Ada"),
            ("record_version", "1"),
            ("reason", "of another form"),
            ("old_password", "x"),
            ("fields", "x"),
            ("", "x"),
        ];
        assert_eq!(forms.keep("/fn/update-profile", typed(&sent)), typed(&sent[..3]));
        let sent = [("next", "/u/eve"), ("identifier", "ada"), ("password", "x"), ("code", "1"), ("token", "x")];
        assert_eq!(forms.keep("/fn/sign-in", typed(&sent)), typed(&sent[..2]));
        for nothing in ["/fn/confirm-email", "/fn/sign-out", "/fn/no-such-thing", "/fn/upload-avatar", "/profile"] {
            let sent = [("code", "1"), ("token", "x"), ("bio", "Poet")];
            assert_eq!(forms.keep(nothing, typed(&sent)), FormValues::new(), "{nothing}");
        }
        let unread: Vec<_> = forms.inputs().filter(|(_, inputs)| inputs.is_empty()).map(|(path, _)| path).collect();
        assert_eq!(
            unread,
            [
                "/fn/enable-two-factor",
                "/fn/end-other-sessions",
                "/fn/renew-recovery-codes",
                "/fn/send-email-code",
                "/fn/send-phone-code",
                "/fn/set-up-authenticator",
            ]
        );
    }

    #[test]
    fn what_is_too_long_comes_back_too_long_and_all_of_a_form_can_wait() {
        let forms = forms();
        for (path, fields) in forms.inputs() {
            // No character takes more room in JSON.
            let sent: FormValues = fields.iter().map(|name| (name.clone(), "\u{1}".repeat(60_000))).collect();
            let values = forms.keep(path, sent);
            for (name, most) in [("bio", limits::BIO), ("email", limits::EMAIL), ("avatar", limits::PICTURE_URL)] {
                assert!(values.get(name).is_none_or(|kept| kept.chars().count() > most), "{path} {name}");
            }
            let errors = fields.iter().map(|name| (name.clone(), "e".repeat(200))).collect();
            let flash = serde_json::to_string(&Flash { errors, values, notice: None }).unwrap();
            assert!(flash.len() <= MOST_BYTES, "{path}: {}", flash.len());
        }
    }

    #[test]
    fn values_come_back_as_they_were_typed_as_far_as_html_can_carry_them() {
        let forms = forms();
        let kept = forms.keep("/fn/update-profile", typed(&[("bio", " a\0b\r\n\u{7}\u{202E}ş ")]));
        assert_eq!(kept, typed(&[("bio", "a\u{FFFD}b\r\n\u{7}\u{202E}ş ")]));
    }
}
