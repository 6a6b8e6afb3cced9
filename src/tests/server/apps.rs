//! Applications on the command line.

use serde_json::{Value, json};

use crate::harness::site::{Site, on_both_sites};

on_both_sites!(apps_are_made_shown_and_changed, what_cannot_be_is_named);

const CALLBACK: &str = "https://notes.example/callback";

fn field<'a>(text: &'a str, name: &str) -> &'a str {
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    line.unwrap_or_else(|| panic!("no {name} in {text}"))
}

async fn apps_are_made_shown_and_changed(site: Site) {
    let create = ["client", "create", "Notes", "--confidential", "--redirect-uri", CALLBACK, "--first-party"];
    let more =
        ["--resource", "https://api.example read write", "--alg", "ES256", "--home-url", "https://notes.example/"];
    let made = site.run(&[&create[..], &more].concat(), "");
    let id = field(&made, "id");
    assert!(field(&made, "secret").len() >= 32, "{made}");
    let shown: Value = serde_json::from_str(&site.run(&["client", "show", id, "--json"], "")).unwrap();
    assert_eq!(shown["type"], "confidential");
    assert_eq!(shown["redirect_uris"], json!([CALLBACK]));
    assert_eq!(shown["resources"], json!([{ "uri": "https://api.example", "scopes": ["read", "write"] }]));
    assert_eq!(
        (&shown["alg"], &shown["refresh_days"], &shown["first_party"]),
        (&json!("ES256"), &json!(30), &json!(true))
    );
    assert!(shown.get("secret").is_none() && shown.get("secret_hash").is_none(), "{shown}");
    let lines = site.run(&["client", "show", id], "");
    assert_eq!(field(&lines, "resources"), "https://api.example read write");
    assert!(!lines.contains("policy_url"), "what is not set is left out: {lines}");

    let other = "https://notes.example/other";
    site.run(&["client", "update", id, "--redirect-uri", other, "--no-home-url", "--no-first-party", "--no-alg"], "");
    site.run(&["client", "update", id, "--name", "Diary", "--no-resource", "--refresh-days", "7"], "");
    let shown: Value = serde_json::from_str(&site.run(&["client", "show", id, "--json"], "")).unwrap();
    assert_eq!((&shown["name"], &shown["redirect_uris"]), (&json!("Diary"), &json!([other])), "a list takes its place");
    assert_eq!((&shown["home_url"], &shown["first_party"]), (&Value::Null, &json!(false)));
    assert_eq!((&shown["alg"], &shown["resources"], &shown["refresh_days"]), (&json!("RS256"), &json!([]), &json!(7)));

    let chosen = "019b7f21-6f1e-4c3a-9d54-0f6f6f1b2a10";
    let native = ["--public", "--redirect-uri", "com.example.notes:/callback", "--id", chosen, "--json"];
    let made: Value =
        serde_json::from_str(&site.run(&[&["client", "create", "Phone"][..], &native].concat(), "")).unwrap();
    assert_eq!((&made["id"], made.get("secret")), (&json!(chosen), None));
    let secret = site.run(&["client", "secret", id, "--now"], "");
    assert!(field(&secret, "secret").len() >= 32);
    let list = site.run(&["client", "list"], "");
    assert!(list.contains("confidential") && list.contains("public"), "{list}");
    let list: Value = serde_json::from_str(&site.run(&["client", "list", "--json"], "")).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 2);
    site.run(&["client", "revoke", id], "");
    assert!(!site.try_run(&["client", "secret", id], "").0, "of a revoked client");
}

async fn what_cannot_be_is_named(site: Site) {
    let create = |more: &[&str]| {
        let (ok, _, error) = site.try_run(&[&["client", "create", "Notes"][..], more].concat(), "");
        assert!(!ok, "{more:?}");
        error
    };
    let public = ["--public", "--redirect-uri", CALLBACK];
    for (more, word) in [
        (&["--redirect-uri", CALLBACK][..], "--confidential or --public"),
        (&["--first-party"], "--confidential or --public"),
        (&["--public"], "redirect_uri"),
        (&["--public", "--redirect-uri", "http://notes.example/"], "http://notes.example/"),
        (&["--public", "--confidential", "--redirect-uri", CALLBACK], "--public"),
        (&[&public[..], &["--scope", "all"]].concat(), "--scope"),
        (&[&public[..], &["--refresh-days", "366"]].concat(), "refresh_days"),
        (&[&public[..], &["--alg", "HS256"]].concat(), "HS256"),
        (&[&public[..], &["--id", "notes"]].concat(), "notes"),
        (&[&public[..], &["--resource", "https://api.example openid"]].concat(), "openid"),
    ] {
        let error = create(more);
        assert!(error.contains(word), "{more:?}: {error}");
    }
    assert_eq!(site.run(&["client", "list"], ""), "", "nothing was made");
    let made = site.run(&[&["client", "create", "Notes"][..], &public].concat(), "");
    let id = field(&made, "id");
    for more in
        [&["--no-redirect-uri"][..], &["--home-url", "x"], &["--home-url", CALLBACK, "--no-home-url"], &["--public"]]
    {
        assert!(!site.try_run(&[&["client", "update", id][..], more].concat(), "").0, "{more:?}");
    }
}
