//! `/docs`: guides, and a reference that leaves nothing out.

use std::{collections::BTreeSet, sync::Arc};

use axum::http::StatusCode;
use leptos::prelude::*;
use nameplate::{
    api::openapi,
    domain::{dialect::Dialect, locale::Locale},
    ui::pages::{Docs, DocsPage},
};
use serde_json::Value;

use super::{
    browser::Site,
    html::tags,
    samples::{context, document},
};

fn page(dialect: Dialect, locale: Locale) -> String {
    let description = Arc::new(openapi::document(&"https://accounts.example".parse().unwrap()));
    let docs = Docs::new("https://accounts.example".to_owned(), description);
    let content = docs.content(Some(dialect), locale);
    document(context(locale, "/docs"), |_| view! { <DocsPage content/> })
}

#[test]
fn the_reference_has_every_operation_of_the_dialect() {
    let html = page(Dialect::Mindbricks, Locale::Tr);
    let tags = tags(&html);
    let shown: BTreeSet<_> =
        tags.iter().filter(|tag| tag.get("class") == Some("operation")).filter_map(|tag| tag.get("id")).collect();
    let description = openapi::document(&"https://accounts.example".parse().unwrap());
    let paths = description["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/auth-api/"));
    for operation in paths.flat_map(|(_, item)| item.as_object().unwrap().values()) {
        let id = operation["operationId"].as_str().unwrap();
        assert!(shown.contains(id), "{id} is not shown");
    }
    let reference = tags.iter().find(|tag| tag.get("class") == Some("reference")).unwrap();
    assert_eq!(reference.get("lang"), Some("en"));
    for pre in tags.iter().filter(|tag| tag.name == "pre") {
        assert_eq!(pre.get("tabindex"), Some("0"), "a box that scrolls must be reachable");
    }
}

#[test]
fn links_in_the_reference_lead_somewhere() {
    for (dialect, locale) in Dialect::ALL.into_iter().flat_map(|dialect| Locale::ALL.map(|locale| (dialect, locale))) {
        let html = page(dialect, locale);
        let tags = tags(&html);
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.get("id")) {
            assert!(ids.insert(id), "two things are called {id}");
        }
        for link in tags.iter().filter_map(|tag| tag.get("href")?.strip_prefix('#')) {
            assert!(ids.contains(link), "nothing is called {link}");
        }
    }
}

#[test]
fn what_belongs_to_no_dialect_is_told_beside_them() {
    let description = Arc::new(openapi::document(&"https://accounts.example".parse().unwrap()));
    let content = Docs::new(String::new(), Arc::clone(&description)).content(None, Locale::En);
    let html = document(context(Locale::En, "/docs"), |_| view! { <DocsPage content/> });
    let of_no_dialect = |operation: &&Value| operation["tags"][0] == "Nameplate";
    let items = description["paths"].as_object().unwrap().values();
    let operations = items.flat_map(|item| item.as_object().unwrap().values()).filter(of_no_dialect);
    let ids: Vec<_> = operations.map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert!(ids.len() == 7 && ids.iter().all(|id| html.contains(&format!("id=\"{id}\""))), "{ids:?}");
}

#[test]
fn guides_name_the_public_url() {
    for (dialect, base) in [
        (Dialect::Mindbricks, "<code>https://accounts.example/auth-api</code>"),
        (Dialect::NextGate, "<code>https://accounts.example/api/v1</code>"),
        (Dialect::Logto, "<code>https://accounts.example</code>"),
    ] {
        assert!(page(dialect, Locale::En).contains(base), "{base}");
    }
}

#[tokio::test]
async fn the_documentation_is_open_to_everyone() {
    let site = Site::start().await;
    for (path, status) in [
        ("/docs", StatusCode::OK),
        ("/docs/mindbricks", StatusCode::OK),
        ("/docs/nextgate", StatusCode::OK),
        ("/docs/logto", StatusCode::OK),
        ("/docs/other", StatusCode::NOT_FOUND),
        ("/docs/%FF", StatusCode::NOT_FOUND),
    ] {
        let mut browser = site.browser();
        assert_eq!(browser.get(path).await.status, status, "{path}");
    }
}
