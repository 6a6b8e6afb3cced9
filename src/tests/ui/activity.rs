//! The activity list.

use chrono::{NaiveDate, TimeDelta};
use leptos::prelude::*;
use nameplate::{
    domain::{
        activity::{Activity as Event, Group, Kind},
        locale::Locale,
    },
    ui::{pages::*, text},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    browser::{EMAIL, Site},
    html::tags,
    samples::{context, document, now},
};

fn event(kind: &str, hours_ago: i64, detail: Value) -> Event {
    let detail = if let Value::Object(detail) = detail { detail } else { Map::new() };
    Event {
        id: Uuid::nil(),
        account_id: Uuid::nil(),
        kind: kind.into(),
        device: "Firefox on Linux".into(),
        address: "203.0.113.0/24".into(),
        detail,
        at: now() - TimeDelta::hours(hours_ago),
    }
}

fn render(locale: Locale, events: Vec<Event>) -> String {
    let page = Activity { events, group: None, is_later: false, older: None };
    document(context(locale, "/activity"), |context| view! { <ActivityPage context page/> })
}

#[test]
fn days_are_those_of_the_reader() {
    // 22:30 UTC is 01:30 of the next day in Istanbul.
    let events = [0, 1, 2, 30].map(|hours| event("signed-in", hours, Value::Null)).to_vec();
    let html = render(Locale::En, events.clone());
    let headings: Vec<_> =
        html.split("<h2").skip(1).map(|rest| rest.split(['>', '<']).nth(1).unwrap_or_default()).collect();
    assert_eq!(headings, ["Today, 23 November 2026", "Yesterday, 22 November 2026", "21 November 2026"]);
    assert!(html.contains(">01:30\u{A0}UTC+3</time>") && html.contains("datetime=\"2026-11-22T22:30:00+00:00\""));
    assert!(NaiveDate::from_ymd_opt(2026, 11, 23).is_some_and(|day| html.contains(&format!("id=\"day-{day}\""))));
    assert!(render(Locale::Tr, events).contains("Bugün, 23 Kasım 2026"));
}

#[test]
fn every_kind_has_words_in_both_languages() {
    for locale in Locale::ALL {
        let unknown = text::of(locale).event(None);
        for kind in Kind::ALL {
            let words = text::of(locale).event(Some(*kind));
            assert_ne!(words, unknown, "{kind:?}");
            assert!(render(locale, vec![event(kind.as_str(), 0, Value::Null)]).contains(words), "{kind:?}");
        }
        assert!(render(locale, vec![event("of-the-future", 0, Value::Null)]).contains(unknown));
    }
}

#[test]
fn details_are_told() {
    for (kind, detail, english, turkish) in [
        (
            "profile-changed",
            json!({"fields": ["name", "bio", "x"]}),
            "Changed: Name, Bio",
            "Değişen: Ad ve soyad, Biyografi",
        ),
        ("username-changed", json!({"from": "ada", "to": "countess"}), "@ada → @countess", "@ada → @countess"),
        ("email-changed", json!({"to": "co***@example.com"}), "co***@example.com", "co***@example.com"),
        ("sessions-ended", json!({"count": 1}), "One session was ended", "1 oturum sonlandırıldı"),
        ("two-factor-enabled", json!({"sessionsEnded": 3}), "3 sessions were ended", "3 oturum sonlandırıldı"),
        ("recovery-code-used", json!({"left": 9}), "9 recovery codes are left", "9 kurtarma kodu kaldı"),
        ("role-changed", json!({"role": "admin"}), "Administrator", "Yönetici"),
        ("signed-in", json!({}), "Firefox on Linux", "Linux üzerinde Firefox"),
    ] {
        for (locale, words) in [(Locale::En, english), (Locale::Tr, turkish)] {
            let html = render(locale, vec![event(kind, 0, detail.clone())]);
            assert!(html.contains(words), "{kind}: {html}");
        }
    }
}

#[tokio::test]
async fn it_is_narrowed_and_paged_by_links() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    for number in 0..31 {
        site.advance(TimeDelta::seconds(1));
        ada.fetch("update-profile", &[("bio", &format!("{number}"))]).await;
    }
    let first = ada.get("/activity").await.body;
    assert_eq!(first.matches("Profile changed").count(), 30);
    let next = |page: &str| {
        let tags = tags(page);
        tags.iter().find(|tag| tag.get("rel") == Some("next")).and_then(|tag| tag.get("href")).map(str::to_owned)
    };
    let last = ada.get(&next(&first).unwrap()).await.body;
    assert_eq!((last.matches("Profile changed").count(), next(&last)), (1, None));
    assert!(last.contains("Account created") && last.contains("Back to the newest"));

    let only = ada.get("/activity?kind=profile").await.body;
    assert!(next(&only).unwrap().starts_with("/activity?kind=profile&before="));
    let sign_ins = ada.get("/activity?kind=sign-ins").await.body;
    assert!(sign_ins.contains("Signed in") && !sign_ins.contains("Profile changed"));
    assert!(ada.get("/activity?kind=protection").await.body.contains("Nothing of this kind yet"));
    for (odd, shown) in [("/activity?kind=x&before=y", "Profile changed"), ("/activity?before=", "Profile changed")] {
        assert!(ada.get(odd).await.body.contains(shown), "{odd}");
    }
    assert_eq!(Group::ALL.len() + 1, sign_ins.matches("tabs__tab").count());
}

#[tokio::test]
async fn a_failed_sign_in_stands_out() {
    let site = Site::start().await;
    let mut ada = site.ada().await;
    site.browser().send("sign-in", &[("identifier", EMAIL), ("password", "not-the-one")]).await;
    let page = ada.get("/activity").await.body;
    assert!(page.contains("Sign-in failed") && page.contains("Worth a look"), "{page}");
    assert!(!page.contains("not-the-one"));
}
