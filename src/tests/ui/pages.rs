//! What holds for every page, and what each is for.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use leptos::prelude::*;
use nameplate::{
    domain::{
        account::LoginIdentifier,
        code::Channel,
        locale::{Locale, Theme},
        password_rules::Policy,
        second_factor::Method,
    },
    ui::{flash::Flash, page_context::SignedIn, pages::*},
};

use super::{
    html::{Tag, tags},
    samples::{HOSTILE, code, context, document, hostile, now},
};

fn find<'a>(tags: &'a [Tag<'a>], name: &str, attribute: &str, value: &str) -> &'a Tag<'a> {
    tags.iter()
        .find(|tag| tag.name == name && tag.get(attribute) == Some(value))
        .unwrap_or_else(|| panic!("no <{name} {attribute}={value:?}>"))
}

fn every_page() -> impl Iterator<Item = (String, String)> {
    Locale::ALL
        .into_iter()
        .flat_map(|locale| hostile(locale).into_iter().map(move |(name, html)| (format!("{name} in {locale}"), html)))
}

#[test]
fn what_a_stranger_wrote_stays_text() {
    for (name, html) in every_page() {
        assert!(!html.contains("<script>") && !html.contains("<img src=x"), "{name}: {html}");
        assert_eq!(html.matches("</title>").count(), 1, "{name}");
        for tag in tags(&html) {
            for attribute in tag.attributes.keys() {
                assert!(*attribute != "style" && !attribute.starts_with("on"), "{name}: {tag:?}");
            }
        }
    }
}

#[test]
fn what_belongs_together_is_tied_by_ids() {
    for (name, html) in every_page() {
        let tags = tags(&html);
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.get("id")) {
            assert!(ids.insert(id), "{name}: two things are called {id}");
        }
        let links = tags.iter().filter_map(|tag| tag.get("href")).filter_map(|href| href.strip_prefix('#'));
        let ties = ["for", "aria-describedby", "popovertarget", "data-reveal", "data-enables"];
        let ties =
            tags.iter().flat_map(|tag| ties.iter().filter_map(|tie| tag.get(tie)).flat_map(str::split_whitespace));
        for id in ties.chain(links) {
            assert!(ids.contains(id), "{name}: nothing is called {id}");
        }
        let shown = |tag: &&Tag| tag.get("type") != Some("hidden") && tag.get("hidden").is_none();
        for input in tags.iter().filter(|tag| tag.name == "input").filter(shown) {
            let id = input.get("id").unwrap_or_else(|| panic!("{name}: {input:?} has no id"));
            find(&tags, "label", "for", id);
        }
        assert!(tags.iter().filter(|tag| tag.name == "img").all(|tag| tag.get("alt").is_some()), "{name}");
        for unique in ["h1", "title", "main"] {
            assert_eq!(tags.iter().filter(|tag| tag.name == unique).count(), 1, "{name}: {unique}");
        }
    }
}

#[test]
fn every_form_is_an_ordinary_post() {
    for (name, html) in every_page() {
        for form in tags(&html).iter().filter(|tag| tag.name == "form") {
            assert_eq!(form.get("method"), Some("post"), "{name}");
            assert!(form.get("action").is_some_and(|action| action.starts_with("/fn/")), "{name}");
        }
    }
}

#[test]
fn passwords_and_codes_are_never_typed_back() {
    for (name, html) in every_page() {
        for input in tags(&html).iter().filter(|tag| {
            matches!(tag.get("name"), Some("password" | "new_password" | "old_password" | "step_up_password" | "code"))
        }) {
            assert_eq!(input.get("value").unwrap_or_default(), "", "{name}");
        }
    }
}

#[test]
fn errors_stand_beside_their_fields_and_in_the_summary() {
    let flash = Flash {
        errors: vec![
            ("password".into(), "Too many people use this one. Choose another.".into()),
            ("given_name".into(), "Enter your name.".into()),
        ],
        values: [("email".to_owned(), "ada@example.com".to_owned())].into(),
        ..Flash::default()
    };
    let page = Register { identifier: LoginIdentifier::Email, policy: Policy::Hybrid, next: None };
    let html = document(context(Locale::En, "/register"), |context| view! { <RegisterPage context page flash/> });
    let tags = tags(&html);
    let password = find(&tags, "input", "name", "password");
    assert_eq!(password.get("aria-invalid"), Some("true"));
    assert_eq!(password.get("aria-describedby"), Some("password-error password-hint"));
    let email = find(&tags, "input", "name", "email");
    assert_eq!((email.get("aria-invalid"), email.get("value")), (None, Some("ada@example.com")));
    assert_eq!(email.get("aria-describedby"), Some("email-hint"));
    let summary = find(&tags, "div", "role", "alert");
    assert_eq!((summary.get("tabindex"), summary.attributes.contains_key("autofocus")), (Some("-1"), true));
    assert!(html.contains("Please check 2 fields"));
    // In the order of the page, whatever the order they were found in.
    let links: Vec<_> = tags.iter().filter_map(|tag| tag.get("href")).filter(|href| href.starts_with('#')).collect();
    assert_eq!(links, ["#main", "#given_name", "#password"]);
    assert_eq!(tags.iter().filter(|tag| tag.attributes.contains_key("autofocus")).count(), 1, "one focus");
}

#[test]
fn signing_in_asks_for_what_is_configured_and_remembers_the_way() {
    for (identifier, kind, label) in [
        (LoginIdentifier::Email, "text", "E-mail address"),
        (LoginIdentifier::Mobile, "tel", "Mobile number"),
        (LoginIdentifier::EmailOrMobile, "text", "E-mail address or mobile number"),
    ] {
        let page = Login { identifier, next: Some("/people?tab=requests".into()) };
        let html = document(context(Locale::En, "/login"), |context| view! { <LoginPage context page/> });
        let tags = tags(&html);
        let input = find(&tags, "input", "name", "identifier");
        assert_eq!((input.get("type"), input.get("autocomplete")), (Some(kind), Some("username")));
        assert!(html.contains(label));
        assert_eq!(find(&tags, "form", "action", "/fn/sign-in").get("method"), Some("post"));
        assert!(
            tags.iter().any(|tag| tag.get("name") == Some("next") && tag.get("value") == Some("/people?tab=requests"))
        );
        find(&tags, "a", "href", "/register?next=%2Fpeople%3Ftab%3Drequests");
    }
}

#[test]
fn restoring_names_both_days_where_the_reader_lives() {
    // 22:30 UTC is the next day in Istanbul.
    let page = Restore {
        token: "offer".into(),
        name: "Ada".into(),
        archived_at: now() - TimeDelta::days(3),
        purge_at: now() + TimeDelta::hours(24 * 27 + 5),
        next: None,
    };
    let render =
        |locale| document(context(locale, "/login"), |context| view! { <RestorePage context page=page.clone()/> });
    for (locale, words) in [
        (Locale::En, ["20 November 2026", "20 December 2026", "27 days left", "Restore my account"]),
        (Locale::Tr, ["20 Kasım 2026", "20 Aralık 2026", "27 gün kaldı", "Hesabımı geri yükle"]),
    ] {
        let html = render(locale);
        assert!(words.iter().all(|word| html.contains(word)), "{locale}: {html}");
    }
}

#[test]
fn a_code_page_tells_where_the_code_went_and_how_long_it_works() {
    let page = ConfirmRegistration { code: code(Channel::Email, "jo***@example.com"), next: None };
    let html = document(context(Locale::En, "/register"), |context| view! { <ConfirmRegistrationPage context page/> });
    for words in ["jo***@example.com", "9 minutes", "4 tries left.", "42 seconds"] {
        assert!(html.contains(words), "{words}");
    }
    let tags = tags(&html);
    let input = find(&tags, "input", "name", "code");
    assert_eq!((input.get("autocomplete"), input.get("inputmode")), (Some("one-time-code"), Some("numeric")));
    let late =
        CodeStep { expires_at: now(), resend_at: Some(now()), tries_left: None, ..code(Channel::Sms, "+90***67") };
    let html = document(context(Locale::En, "/register"), |context| {
        view! { <ConfirmRegistrationPage context page=ConfirmRegistration { code: late, next: None }/> }
    });
    assert!(
        html.contains("This code has expired.")
            && !html.contains("data-countdown")
            && html.contains("Check your phone")
    );
}

#[test]
fn the_second_step_offers_the_other_ways() {
    let page = SecondStep {
        method: Method::Totp,
        methods: vec![Method::Totp, Method::RecoveryCode],
        code: None,
        restores: false,
        next: Some("/security".into()),
    };
    let html = document(context(Locale::Tr, "/login"), |context| view! { <SecondStepPage context page/> });
    let tags = tags(&html);
    find(&tags, "input", "value", "totp");
    find(&tags, "a", "href", "/login?method=recovery&next=%2Fsecurity");
    assert!(!tags.iter().any(|tag| tag.get("href").is_some_and(|href| href.contains("method=totp"))));
}

#[test]
fn the_page_wears_its_language_and_colours() {
    let mut context = context(Locale::Tr, "/u/ada?x=1&y=2");
    let page = Outage { kind: OutageKind::NotFound, request_id: None, retry_after: None, site: None };
    let html = document(context.clone(), |context| view! { <OutagePage context page=page.clone()/> });
    assert!(html.starts_with("<!DOCTYPE html>"));
    let tags = tags(&html);
    let root = find(&tags, "html", "lang", "tr");
    assert_eq!(root.get("data-theme"), None);
    assert!(html.contains("<title>Title · Acme &amp; Sons</title>"), "{html}");
    assert_eq!(find(&tags, "button", "value", "tr").get("aria-pressed"), Some("true"));
    assert_eq!(find(&tags, "button", "value", "system").get("aria-pressed"), Some("true"));
    assert!(tags.iter().any(|tag| tag.get("name") == Some("next") && tag.get("value") == Some("/u/ada?x=1&y=2")));
    find(&tags, "a", "href", "/login?next=%2Fu%2Fada%3Fx%3D1%26y%3D2");

    context.theme = Theme::Dark;
    context.account =
        Some(SignedIn { name: "Ada".into(), username: "ada".into(), avatar_url: "/avatars/1.svg".into() });
    let html = document(context, |context| view! { <OutagePage context page/> });
    let tags = super::html::tags(&html);
    find(&tags, "html", "data-theme", "dark");
    find(&tags, "form", "action", "/fn/sign-out");
    assert_eq!(find(&tags, "img", "src", "/avatars/1.svg").get("referrerpolicy"), Some("no-referrer"));
}

#[test]
fn error_pages_have_their_status_and_a_way_back() {
    use OutageKind::*;
    let mut titles = std::collections::HashSet::new();
    for (kind, status) in [
        (Malformed, 400),
        (Forbidden, 403),
        (Expired, 403),
        (Address, 403),
        (NotFound, 404),
        (Method, 405),
        (TimedOut, 408),
        (TooLarge, 413),
        (Media, 415),
        (TooMany, 429),
        (Internal, 500),
        (Busy, 503),
        (Unavailable, 503),
    ] {
        assert_eq!(kind.status(), status);
        let site = (kind == Address).then(|| "https://id.example/".to_owned());
        let page = Outage { kind, request_id: Some("req-1".into()), retry_after: None, site };
        let html = document(context(Locale::En, "/x"), |context| view! { <OutagePage context page/> });
        let title = html.split_once("<h1").and_then(|(_, after)| Some(after.split_once("</h1>")?.0.to_owned()));
        assert!(titles.insert(title.expect("a heading")) && html.contains("req-1"), "{kind:?} has a title of its own");
        find(&tags(&html), "a", "href", "/");
    }
}

/// Leptos 0.8 let the text of these elements end them. Profile texts stand in both.
#[test]
fn text_cannot_leave_a_textarea_or_a_title() {
    let (inner, title) = (HOSTILE.to_owned(), HOSTILE.to_owned());
    let html = Owner::new().with(|| view! { <title>{title}</title><textarea name="bio">{inner}</textarea> }.to_html());
    assert_eq!((html.matches("</textarea>").count(), html.matches("</title>").count()), (1, 1), "{html}");
    assert!(!html.contains("<script>") && !html.contains("<img"), "{html}");
}
