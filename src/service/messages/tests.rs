use chrono::{TimeDelta, TimeZone, Utc};
use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::domain::{account::Role, code::Purpose};

fn when() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 7, 31, 22, 5, 9).unwrap()
}

fn url(address: &str) -> Url {
    Url::parse(address).unwrap()
}

fn code(purpose: Purpose) -> Notice {
    Notice::Code { purpose, code: "004219".to_owned(), index: 2, expires_at: when() + TimeDelta::minutes(10) }
}

/// Every notice; [`title`] does not compile when one is missing there.
fn every_notice() -> Vec<Notice> {
    let undo = || Undo { link: url("https://id.example.com/undo?token=Zm9v"), until: when() + TimeDelta::days(7) };
    vec![
        code(Purpose::Registration),
        code(Purpose::Verification),
        code(Purpose::PasswordReset),
        code(Purpose::SecondFactor),
        code(Purpose::FactorChange),
        Notice::AlreadyRegistered,
        Notice::NewDeviceSignIn,
        Notice::AppTokenReused { app: "Notes".to_owned() },
        Notice::PasswordChanged,
        Notice::PasswordReset,
        Notice::EmailChangeRequested { to: "ad***@example.org".to_owned(), undo: undo() },
        Notice::PhoneChangeRequested { to: "+90*****4567".to_owned(), undo: undo() },
        Notice::EmailChanged { to: Some("ad***@example.org".to_owned()), undo: None },
        Notice::EmailChanged { to: Some("ad***@example.org".to_owned()), undo: Some(undo()) },
        Notice::EmailChanged { to: None, undo: Some(undo()) },
        Notice::PhoneChanged { to: Some("+90*****4567".to_owned()), undo: None },
        Notice::PhoneChanged { to: Some("+90*****4567".to_owned()), undo: Some(undo()) },
        Notice::PhoneChanged { to: None, undo: None },
        Notice::EmailChangeUndone { to: "ad***@example.com".to_owned() },
        Notice::PhoneChangeUndone { to: "+90*****4567".to_owned() },
        Notice::Displaced {
            channel: Channel::Email,
            identifier: "ad***@example.com".to_owned(),
            username: "ada".to_owned(),
        },
        Notice::Displaced { channel: Channel::Sms, identifier: "+90*****4567".to_owned(), username: "ada".to_owned() },
        Notice::UsernameChanged { from: "ada-a1B2c3D".to_owned(), to: "ada".to_owned() },
        Notice::TwoFactorEnabled,
        Notice::TwoFactorDisabled,
        Notice::AuthenticatorAdded,
        Notice::AuthenticatorRemoved,
        Notice::RecoveryCodesRenewed,
        Notice::RecoveryCodeUsed { left: 9 },
        Notice::RecoveryCodeUsed { left: 1 },
        Notice::RecoveryCodeUsed { left: 0 },
        Notice::RoleChanged { role: Role::Admin },
        Notice::RoleChanged { role: Role::User },
        Notice::Archived { purge_at: when() + TimeDelta::days(31) },
        Notice::PurgeReminder { purge_at: when() + TimeDelta::days(7) },
        Notice::PurgeReminder { purge_at: when() + TimeDelta::days(1) },
        Notice::Restored,
        Notice::Deactivated,
        Notice::Unlocked,
    ]
}

fn title(notice: &Notice) -> &'static str {
    match notice {
        Notice::Code { purpose: Purpose::Registration, .. } => "registration code",
        Notice::Code { purpose: Purpose::Verification | Purpose::Management, .. } => "verification code",
        Notice::Code { purpose: Purpose::PasswordReset, .. } => "password reset code",
        Notice::Code { purpose: Purpose::SecondFactor, .. } => "second factor code",
        Notice::Code { purpose: Purpose::FactorChange, .. } => "factor change code",
        Notice::AlreadyRegistered => "already registered",
        Notice::NewDeviceSignIn => "new device",
        Notice::AppTokenReused { .. } => "app token reused",
        Notice::PasswordChanged => "password changed",
        Notice::PasswordReset => "password reset",
        Notice::EmailChangeRequested { .. } => "e-mail change requested",
        Notice::PhoneChangeRequested { .. } => "phone change requested",
        Notice::EmailChanged { .. } => "e-mail changed",
        Notice::PhoneChanged { .. } => "phone changed",
        Notice::EmailChangeUndone { .. } => "e-mail change undone",
        Notice::PhoneChangeUndone { .. } => "phone change undone",
        Notice::Displaced { .. } => "displaced",
        Notice::UsernameChanged { .. } => "username changed",
        Notice::TwoFactorEnabled => "two-factor enabled",
        Notice::TwoFactorDisabled => "two-factor disabled",
        Notice::AuthenticatorAdded => "authenticator added",
        Notice::AuthenticatorRemoved => "authenticator removed",
        Notice::RecoveryCodesRenewed => "recovery codes renewed",
        Notice::RecoveryCodeUsed { .. } => "recovery code used",
        Notice::RoleChanged { .. } => "role changed",
        Notice::Archived { .. } => "archived",
        Notice::PurgeReminder { .. } => "purge reminder",
        Notice::Restored => "restored",
        Notice::Deactivated => "deactivated",
        Notice::Unlocked => "unlocked",
    }
}

fn composed(notice: &Notice, channel: Channel, locale: Locale) -> Message {
    composed_as(notice, channel, locale, &Brand::default(), "Firefox on Linux")
}

fn composed_as(notice: &Notice, channel: Channel, locale: Locale, brand: &Brand, device: &str) -> Message {
    let location = RequestLocation { device: device.to_owned(), address: "203.0.113.0/24".to_owned() };
    let public_url = url("https://id.example.com");
    let time_zone = Some("Europe/Istanbul");
    compose(
        notice,
        channel,
        &Compose { locale, time_zone, brand, public_url: &public_url, when: when(), location: &location },
    )
}

fn every_text(locale: Locale) -> String {
    let mut all = String::new();
    for notice in every_notice() {
        let mail = composed(&notice, Channel::Email, locale);
        let sms = composed(&notice, Channel::Sms, locale);
        let (title, subject, text) = (title(&notice), mail.subject, mail.text);
        all += &format!("=== {title}\nSubject: {subject}\n\n{text}--- by text message\n{}\n\n", sms.text);
    }
    all
}

#[test]
fn every_notice_in_english() {
    assert_snapshot!(every_text(Locale::En));
}

#[test]
fn every_notice_in_turkish() {
    assert_snapshot!(every_text(Locale::Tr));
}

#[test]
fn a_code_as_html() {
    assert_snapshot!(composed(&code(Purpose::SecondFactor), Channel::Email, Locale::En).html);
}

#[test]
fn a_branded_notice_as_html() {
    let brand = Brand {
        name: "Çınar & Oğulları".to_owned(),
        colour: Some("#ffd500".to_owned()),
        logo: Some("/logo.png".to_owned()),
    };
    assert_snapshot!(
        composed_as(&Notice::NewDeviceSignIn, Channel::Email, Locale::Tr, &brand, "Firefox on Linux").html
    );
}

#[test]
fn html_says_what_the_text_says() {
    for locale in Locale::ALL {
        for notice in every_notice() {
            let Message { subject, text, html } = composed(&notice, Channel::Email, locale);
            let shown = html.replace("&#39;", "'").replace("<br>", "");
            for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "--") {
                assert!(shown.contains(line.trim_end_matches(':')), "{}: {line}\n{html}", title(&notice));
            }
            assert!(html.contains(&subject.replace('\'', "&#39;")));
        }
    }
}

#[test]
fn subjects_never_hold_a_code_and_only_codes_expire() {
    for locale in Locale::ALL {
        for notice in every_notice() {
            let mail = composed(&notice, Channel::Email, locale);
            let is_code = matches!(notice, Notice::Code { .. });
            assert!(!mail.subject.contains("004219"));
            assert_eq!(mail.text.contains("004219"), is_code);
            assert_eq!(notice.expires_at().is_some(), is_code);
        }
    }
}

#[test]
fn codes_fit_one_text_message_with_the_code_first_and_the_host_last() {
    // The GSM default alphabet (3GPP TS 23.038, table 1) as far as these messages need it.
    let gsm = |c: char| c.is_ascii_alphanumeric() || " \n@#.,:-()üöÜÖÇ".contains(c);
    for locale in Locale::ALL {
        for purpose in [
            Purpose::Registration,
            Purpose::Verification,
            Purpose::PasswordReset,
            Purpose::SecondFactor,
            Purpose::FactorChange,
        ] {
            let Message { subject, text, html } = composed(&code(purpose), Channel::Sms, locale);
            assert!(text.starts_with("004219 ") && text.ends_with("\n@id.example.com #004219"), "{text}");
            assert!(text.chars().all(gsm) && text.chars().count() <= 160, "{text}");
            assert!(subject.is_empty() && html.is_empty());
        }
    }
}

#[test]
fn times_are_those_of_the_reader() {
    let told = |time_zone| {
        let (brand, public_url, location) =
            (Brand::default(), url("https://id.example.com/"), RequestLocation::default());
        let context = Compose {
            locale: Locale::En,
            time_zone,
            brand: &brand,
            public_url: &public_url,
            when: when(),
            location: &location,
        };
        let text = compose(&Notice::Restored, Channel::Email, &context).text;
        text.lines().find(|line| line.starts_with("When")).unwrap().to_owned()
    };
    assert_eq!(told(Some("Europe/Istanbul")), "When: 1 August 2026, 01:05 (UTC+03:00)");
    assert_eq!(told(Some("America/St_Johns")), "When: 31 July 2026, 19:35 (UTC-02:30)");
    assert_eq!(told(Some("Mars/Olympus_Mons")), "When: 31 July 2026, 22:05 (UTC)");
    assert_eq!(told(None), "When: 31 July 2026, 22:05 (UTC)");
}

#[test]
fn links_stay_under_a_public_url_with_a_path() {
    let (brand, location) = (Brand::default(), RequestLocation::default());
    for base in ["https://example.com/id", "https://example.com/id/"] {
        let public_url = url(base);
        let context = Compose {
            locale: Locale::En,
            time_zone: None,
            brand: &brand,
            public_url: &public_url,
            when: when(),
            location: &location,
        };
        let text = compose(&Notice::Restored, Channel::Email, &context).text;
        assert!(text.contains("\nhttps://example.com/id/forgot\n"), "{text}");
    }
}

#[test]
fn unknown_places_are_left_out() {
    let (brand, public_url, location) = (Brand::default(), url("https://id.example.com"), RequestLocation::default());
    let context = Compose {
        locale: Locale::En,
        time_zone: None,
        brand: &brand,
        public_url: &public_url,
        when: when(),
        location: &location,
    };
    let Message { text, html, .. } = compose(&Notice::Restored, Channel::Email, &context);
    assert!(text.contains("When: ") && !text.contains("Device") && !text.contains("Network"));
    assert!(!html.contains("Device") && !html.contains("Network"));
}

#[test]
fn hostile_names_stay_inert() {
    let hostile = "\"><img src=x onerror=alert(1)>\r\nBcc: eve@example.com\r\n\r\n\u{202E}Your code: 111111\0";
    let brand = Brand {
        name: hostile.to_owned(),
        colour: Some("red;background:url(https://evil.example/)".to_owned()),
        logo: Some("javascript:alert(1)".to_owned()),
    };
    for locale in Locale::ALL {
        let renamed = Notice::UsernameChanged { from: hostile.to_owned(), to: hostile.to_owned() };
        let moved = Notice::EmailChanged { to: Some(hostile.to_owned()), undo: None };
        for notice in every_notice().into_iter().chain([renamed, moved]) {
            let Message { subject, text, html } = composed_as(&notice, Channel::Email, locale, &brand, hostile);
            assert!(!subject.contains(['\r', '\n', '\0', '\u{202E}']), "{subject:?}");
            assert!(!text.contains(['\r', '\0', '\u{202E}']) && !text.contains("\nBcc"), "{text:?}");
            assert!(
                !html.contains("<img") && !html.contains("javascript:") && !html.contains("evil.example"),
                "{html}"
            );
            assert!(!html.contains(['\r', '\0', '\u{202E}']) && !html.contains("\nBcc"), "{html}");
            let sms = composed_as(&notice, Channel::Sms, locale, &brand, hostile).text;
            assert!(!sms.contains(['\r', '\0', '\u{202E}']) && !sms.contains("\nBcc"), "{sms:?}");
        }
    }
}

proptest! {
    #[test]
    fn no_name_adds_a_line_or_an_element(name in any::<String>(), turkish in any::<bool>()) {
        let locale = if turkish { Locale::Tr } else { Locale::En };
        let composed = |name: &str| {
            let brand = Brand { name: name.to_owned(), ..Brand::default() };
            let notice = Notice::UsernameChanged { from: name.to_owned(), to: name.to_owned() };
            composed_as(&notice, Channel::Email, locale, &brand, "x")
        };
        let (odd, plain) = (composed(&name), composed("Plain"));
        prop_assert_eq!(odd.subject.lines().count(), 1);
        prop_assert_eq!(odd.text.lines().count(), plain.text.lines().count());
        for mark in ['<', '>', '"', '\n'] {
            prop_assert_eq!(odd.html.matches(mark).count(), plain.html.matches(mark).count());
        }
    }
}

#[test]
fn words_on_a_button_can_be_read_on_any_colour() {
    let (black, white) = ("#000000", "#ffffff");
    for (colour, ink) in [(black, white), (white, black), ("#ffd500", black), ("#1f4e8c", white), ("#767676", black)] {
        let brand = Brand { colour: Some(colour.to_owned()), ..Brand::default() };
        let html = composed_as(&Notice::Restored, Channel::Email, Locale::En, &brand, "x").html;
        assert!(html.contains(&format!("background:{colour};color:{ink}")), "{html}");
    }
}
