//! All surfaces in one router, over a real account core.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode},
};
use chrono::Months;
use nameplate::{
    domain::{
        account::{Account, Role},
        names::Names,
    },
    server::{
        admission::Admission,
        assets::Assets,
        config::{Config, Flags, Sources},
        middleware::MiddlewareStack,
        router,
        shutdown::Shutdown,
        state::State,
    },
    service::{operator::NewAccount, profile::NameInput},
};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::harness::site::until;

/// The service without a socket.
pub struct Site {
    pub router: Router,
    pub state: State,
    _data: TempDir,
}

/// A service whose database is new.
pub async fn site(dev_outbox: bool) -> Site {
    site_with(dev_outbox, |_| {}).await
}

/// The same in another frame.
pub async fn site_with(dev_outbox: bool, choose: impl FnOnce(&mut MiddlewareStack)) -> Site {
    let data = tempfile::tempdir().unwrap();
    let values = vec![("data_dir".to_owned(), data.path().join("data").display().to_string())];
    let config = Config::from_sources(&Sources::gather(&Flags { file: None, values }, &[]).unwrap()).unwrap();
    let bound = config.server.listen;
    let state = State::open(&config, bound, None).await.unwrap();
    let shutdown = Shutdown::default();
    let admission = Admission::new(8, shutdown.clone());
    let mut middleware = MiddlewareStack::new(
        &config,
        config.public_url(bound),
        admission,
        Arc::clone(&state.clock),
        Arc::clone(&state.rng),
    );
    choose(&mut middleware);
    let router = router::compose(&middleware, &state, Arc::new(Assets::default()), &shutdown, dev_outbox);
    Site { router, state, _data: data }
}

impl Site {
    /// Asks it; of what is no text, something like it.
    pub async fn ask(&self, request: Request<Body>) -> (StatusCode, HeaderMap, String) {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, String::from_utf8_lossy(&body).into_owned())
    }

    async fn change(&self, id: Uuid, change: impl FnOnce(&mut Account)) {
        let mut tx = self.state.store.write().await.unwrap();
        let mut account = tx.lock_account(id).await.unwrap().unwrap();
        change(&mut account);
        tx.update_account(&account).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn rename(&self, id: Uuid, name: &str) {
        self.change(id, |account| account.names = Names::from_full(name).unwrap()).await;
    }

    async fn archive(&self, id: Uuid) {
        let now = self.state.clock.now();
        self.change(id, |account| {
            account.archived_at = Some(now);
            account.purge_at = now.checked_add_months(Months::new(1));
        })
        .await;
    }

    async fn get(&self, path: &str) -> (StatusCode, HeaderMap, String) {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }
}

#[tokio::test]
async fn a_fresh_server_is_alive_and_ready() {
    let site = site(true).await;
    assert_eq!(site.get("/livez").await.0, StatusCode::OK);
    assert_eq!(site.get("/readyz").await.0, StatusCode::OK);
    site.state.store.close().await;
    assert_eq!(site.get("/livez").await.0, StatusCode::OK);
    // What the database answered is good for a second.
    until("without its database it is not", async || site.get("/readyz").await.0 == StatusCode::SERVICE_UNAVAILABLE)
        .await;
    for path in ["/auth-api/v1/briefuser/00000000-0000-7000-8000-000000000000", "/u/somebody"] {
        let (status, headers, body) = site.get(path).await;
        assert_eq!(
            (status, headers["retry-after"].to_str().unwrap()),
            (StatusCode::SERVICE_UNAVAILABLE, "5"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn public_keys_are_at_both_addresses_and_private_ones_at_none() {
    let site = site(true).await;
    let (status, headers, keys) = site.get("/.well-known/jwks.json").await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/json"));
    assert_eq!(site.get("/oidc/jwks").await.2, keys);
    let keys: Value = serde_json::from_str(&keys).unwrap();
    let key = keys["keys"][0].as_object().unwrap();
    let [kty, crv, alg, usage] = ["kty", "crv", "alg", "use"].map(|name| key[name].as_str().unwrap());
    assert_eq!([kty, crv, alg, usage], ["OKP", "Ed25519", "EdDSA", "sig"]);
    assert_eq!((key["x"].as_str().unwrap().len(), key["kid"].as_str().unwrap().len()), (43, 43));
    assert!(!key.contains_key("d"));
}

#[tokio::test]
async fn routes_of_no_dialect_answer_as_they_are_described() {
    let site = site(false).await;
    let description: Value = serde_json::from_str(&site.get("/openapi.json").await.2).unwrap();
    let mut answered = 0;
    for (path, item) in description["paths"].as_object().unwrap() {
        if item["get"]["tags"][0] != "Nameplate" {
            continue;
        }
        let path = path.replace("{id}", "00000000-0000-7000-8000-000000000000");
        let (status, headers, _) = site.get(&path).await;
        let response = &item["get"]["responses"][status.as_str()];
        assert!(response.is_object(), "{path}: {status}");
        let told = headers.get("content-type").map(|kind| kind.to_str().unwrap().split(';').next().unwrap());
        let described = response["content"].as_object().and_then(|content| content.keys().next());
        assert_eq!(told, described.map(String::as_str), "{path}");
        let (status, headers, _) = site.ask(Request::post(&path).body(Body::empty()).unwrap()).await;
        assert_eq!(
            (status, &headers["allow"]),
            (StatusCode::METHOD_NOT_ALLOWED, &"GET,HEAD".parse().unwrap()),
            "{path}"
        );
        answered += 1;
    }
    assert_eq!(answered, 7);
}

#[tokio::test]
async fn the_rest_api_is_described_once_for_who_has_it_already() {
    let site = site(false).await;
    let (status, headers, description) = site.get("/openapi.json").await;
    assert_eq!(status, StatusCode::OK, "{description}");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["cache-control"], "public, max-age=300");
    let description: Value = serde_json::from_str(&description).unwrap();
    assert_eq!(description["servers"][0]["url"], "http://127.0.0.1:3000");
    assert!(description["paths"]["/auth-api/login"]["post"].is_object());
    let again = Request::get("/openapi.json").header("if-none-match", &headers["etag"]).body(Body::empty()).unwrap();
    let (status, again, body) = site.ask(again).await;
    assert_eq!((status, body.as_str(), &again["etag"]), (StatusCode::NOT_MODIFIED, "", &headers["etag"]));
}

#[tokio::test]
async fn password_managers_find_where_a_password_is_changed() {
    let site = site(true).await;
    let (status, headers, _) = site.get("/.well-known/change-password").await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (StatusCode::SEE_OTHER, "/profile#password"));
}

#[tokio::test]
async fn every_account_has_a_drawn_avatar() {
    let site = site(true).await;
    let new = NewAccount {
        email: Some("ada@example.com".to_owned()),
        phone: None,
        name: NameInput::Full("Ada Lovelace".to_owned()),
        password: "correct horse battery staple".to_owned(),
        role: Role::User,
    };
    let account = site.state.accounts.create_for_operator(new).await.unwrap();
    let path = format!("/avatars/{}.svg", account.id);
    let (status, headers, svg) = site.get(&path).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "image/svg+xml"));
    assert!(svg.starts_with("<svg"), "{svg}");
    assert!(headers["content-security-policy"].to_str().unwrap().ends_with("; sandbox"));
    assert_eq!(headers["cross-origin-resource-policy"], "cross-origin");
    let tag = headers["etag"].clone();
    let again = || Request::get(&path).header("if-none-match", &tag).body(Body::empty()).unwrap();
    let (status, unchanged, body) = site.ask(again()).await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    for name in ["cross-origin-resource-policy", "content-security-policy", "cache-control", "etag"] {
        assert_eq!(unchanged[name], headers[name], "{name}: a 304 changes what is kept");
    }
    assert_eq!(headers["cache-control"], "public, no-cache", "a new name shows at once");
    site.rename(account.id, "Augusta King").await;
    let (status, renamed, svg) = site.ask(again()).await;
    assert_eq!((status, svg.contains(">AK<")), (StatusCode::OK, true), "{svg}");
    assert_ne!(renamed["etag"], tag);
    site.archive(account.id).await;
    assert_eq!(site.ask(again()).await.0, StatusCode::NOT_FOUND);
    for path in ["/avatars/x.svg", "/avatars/x", "/avatars/%FF.svg", "/fn/%FF", "/u/%FF", "/nothing/%FF"] {
        let (status, headers, page) = site.get(path).await;
        let expected = if path.starts_with("/fn") { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::NOT_FOUND };
        assert_eq!(
            (status, &headers["content-type"]),
            (expected, &"text/html; charset=utf-8".parse().unwrap()),
            "{path}"
        );
        assert!(page.contains("<h1"), "a page of ours: {path} {page}");
    }
}

#[tokio::test]
async fn each_door_has_its_own_words() {
    let site = site(true).await;
    for path in ["/auth-api/nothing", "/auth-api", "/auth-api/"] {
        let (status, _, body) = site.get(path).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &body["message"]), (StatusCode::NOT_FOUND, &Value::from("errMsg_RouteNotFound")), "{path}");
    }

    for path in ["/api/v1/nothing", "/api/v1", "/api/v1/"] {
        let (status, _, body) = site.get(path).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &body["message"]), (StatusCode::NOT_FOUND, &Value::from("Route not found")), "{path}");
    }

    let forged = Request::post("/auth-api/login").header("cookie", "sid=x").header("origin", "https://evil.example");
    let (status, headers, body) = site.ask(forged.body(Body::empty()).unwrap()).await;
    let body: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &body["result"]), (StatusCode::FORBIDDEN, &Value::from("ERR")));
    assert!(headers.contains_key("x-request-id"));

    let (status, headers, _) = site.get("/nothing/here").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(headers["content-type"].to_str().unwrap().starts_with("text/html"));

    let forged = || Request::post("/fn/sign-in").header("sec-fetch-site", "cross-site");
    let (status, _, page) = site.ask(forged().header("accept", "text/html").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(page.contains("This form has gone stale"), "{page}");
    let (status, _, body) = site.ask(forged().header("accept", "application/json").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(serde_json::from_str::<Value>(&body).unwrap().is_object(), "{body}");
}

#[tokio::test]
async fn the_outbox_is_read_on_this_machine_in_development_alone() {
    let deployed = site(false).await;
    assert_eq!(deployed.get("/dev/outbox").await.0, StatusCode::NOT_FOUND);

    let site = site(true).await;
    assert!(site.get("/dev/outbox").await.2.contains("Nothing yet"));
    let sign_up =
        r#"{"email":"ada@example.com","password":"correct horse battery staple","fullname":"Ada <b>Lovelace</b>"}"#;
    let request = Request::post("/auth-api/v1/registeruser").header("content-type", "application/json");
    let (status, _, body) = site.ask(request.body(Body::from(sign_up)).unwrap()).await;
    assert_eq!(status, StatusCode::CREATED, "{body}");
    let json = Request::get("/dev/outbox").header("accept", "application/json").body(Body::empty()).unwrap();
    let (_, headers, messages) = site.ask(json).await;
    assert_eq!(headers["content-type"], "application/json");
    let messages: Value = serde_json::from_str(&messages).unwrap();
    let message = messages[0].as_object().unwrap();
    let mut names: Vec<_> = message.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["channel", "createdAt", "sentAt", "subject", "text", "to"]);
    assert_eq!((&message["to"], &message["channel"]), (&Value::from("ada@example.com"), &Value::from("email")));
    assert!(message["createdAt"].as_str().unwrap().ends_with('Z') && message["sentAt"].is_null());

    let (status, headers, page) = site.get("/dev/outbox").await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "text/html; charset=utf-8"));
    assert!(page.contains("ada@example.com") && !page.contains("<b>"), "{page}");
    let proxied = Request::get("/dev/outbox").header("x-forwarded-for", "203.0.113.9").body(Body::empty()).unwrap();
    assert_eq!(site.ask(proxied).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_that_was_opened_under_another_address_is_told_the_right_one() {
    let site = site(false).await;
    for accept in ["text/html", "application/json"] {
        for (origin, told) in [(Some("http://nameplate.lan:3000"), true), (None, false)] {
            let mut request = Request::post("/fn/sign-in")
                .header("accept", accept)
                .header("content-type", "application/x-www-form-urlencoded");
            if let Some(origin) = origin {
                request = request.header("origin", origin);
            }
            let (status, _, body) = site.ask(request.body(Body::from("identifier=a")).unwrap()).await;
            assert_eq!(status, StatusCode::FORBIDDEN);
            assert_eq!(body.contains("taken at http://127.0.0.1:3000/ only"), told, "{accept} {origin:?}: {body}");
        }
    }
}
