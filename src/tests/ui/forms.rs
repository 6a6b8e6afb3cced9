//! What every form has in common, with script and without.

use leptos::server_fn::axum::server_fn_paths;

use super::browser::{Browser, EMAIL, PASSWORD, Site, on_both_engines};

on_both_engines!(
    a_form_with_nul_comes_back_whole,
    no_form_fails_on_nul_or_on_much_more_than_it_takes,
    a_form_that_waits_for_the_password_takes_along_what_belongs_to_it,
);

async fn a_form_with_nul_comes_back_whole(site: Site) {
    let mut ada = site.ada().await;
    let much = "x".repeat(60_000);
    let typed = [("given_name", ""), ("bio", "Poet\0 <i>"), ("location", "İz\0mir"), ("else", much.as_str())];
    assert_eq!(ada.send("update-profile", &typed).await.location(), "/profile");
    let page = ada.get("/profile").await;
    assert!(page.body.contains("given_name-error") && page.body.contains(">Poet\u{FFFD} &lt;i&gt;</textarea>"));
    assert_eq!(page.value("location").as_deref(), Some("İz\u{FFFD}mir"));

    let mut stranger = site.browser();
    let typed = [("identifier", "ada\0@example.com"), ("password", "x"), ("next", "/security")];
    assert_eq!(stranger.send("sign-in", &typed).await.location(), "/login?next=%2Fsecurity");
    assert_eq!(stranger.get("/login").await.value("identifier").as_deref(), Some("ada\u{FFFD}@example.com"));
}

/// The name of every input, and some of none.
const NAMES: [&str; 31] = [
    "account",
    "avatar",
    "bio",
    "channel",
    "code",
    "confirm_password",
    "confirmation",
    "email",
    "family_name",
    "given_name",
    "id",
    "identifier",
    "is_private",
    "locale",
    "location",
    "method",
    "middle_name",
    "new_password",
    "next",
    "old_password",
    "password",
    "phone",
    "reason",
    "record_version",
    "role",
    "step_up_password",
    "theme",
    "time_zone",
    "token",
    "username",
    "else",
];

async fn signed_in<'a>(site: &'a Site, browser: &mut Browser<'a>) {
    if browser.get("/profile").await.status != 200 {
        *browser = site.browser();
        browser.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
    }
}

async fn no_form_fails_on_nul_or_on_much_more_than_it_takes(site: Site) {
    let (mut ada, mut forms) = (site.ada().await, 0);
    let long = "\0ş".repeat(600);
    for (path, _) in server_fn_paths() {
        let operation = path.strip_prefix("/fn/").unwrap();
        for value in ["\0", "a\0b", &long] {
            let fields = NAMES.map(|name| (name, value));
            let without_password: Vec<_> = fields
                .into_iter()
                .filter(|(name, _)| !matches!(*name, "step_up_password" | "record_version"))
                .collect();
            for fields in [&fields[..], &without_password] {
                signed_in(&site, &mut ada).await;
                let answer = ada.fetch(operation, fields).await;
                assert!(answer.status.as_u16() < 500, "{operation}: {}", answer.body);
                signed_in(&site, &mut ada).await;
                let answer = ada.send(operation, fields).await;
                assert!(answer.status.as_u16() < 500, "{operation}: {}", answer.body);
                if answer.status == 303 {
                    let page = ada.get(answer.location()).await;
                    assert!(page.status.as_u16() < 500, "{operation}: {}", page.body);
                }
                forms += 1;
            }
        }
    }
    assert!(forms > 200, "{forms}");
}

async fn a_form_that_waits_for_the_password_takes_along_what_belongs_to_it(site: Site) {
    let mut ada = site.ada().await;
    site.advance(chrono::TimeDelta::minutes(6));
    let typed =
        [("email", "a\0b@example.com"), ("record_version", "1"), ("bio", "Poet"), ("else", "x"), ("token", "y")];
    ada.send("change-email", &typed).await;
    let page = ada.get("/step-up?next=%2Fsecurity%2Femail").await;
    assert_eq!(page.value("email").as_deref(), Some("a\u{FFFD}b@example.com"));
    assert_eq!(page.value("record_version").as_deref(), Some("1"));
    assert_eq!(["bio", "else", "token"].map(|name| page.value(name)), [None, None, None]);
}
