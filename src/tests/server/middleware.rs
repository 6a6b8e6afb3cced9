//! What stands around all routes, on a router of its own.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Extension, Json, Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, Request},
    http::{HeaderMap, Method, StatusCode, request::Parts},
    response::{Html, IntoResponse, Response},
    routing::{get, post},
};
use nameplate::{
    domain::{error::Error, locale::Locale, session::Origin},
    http::response::CROSS_ORIGIN,
    ports::{clock::FakeClock, rng::FakeRng},
    server::{
        admission::Admission,
        bodies::Bodies,
        csrf::Scope,
        middleware::MiddlewareStack,
        shutdown::Shutdown,
        surface::{Surface, bare_page},
    },
    ui::nonce::Nonce,
};
use serde_json::json;
use tower::ServiceExt as _;

/// A frame with room for `requests`.
fn middleware(public_url: &str, requests: usize, shutdown: &Shutdown) -> MiddlewareStack {
    MiddlewareStack {
        public_url: public_url.parse().unwrap(),
        proxies: vec!["10.0.0.0/8".parse().unwrap()].into(),
        cors: None,
        admission: Admission::new(requests, shutdown.clone()),
        bodies: Bodies::default(),
        clock: Arc::new(FakeClock::at("2026-01-02T03:04:05Z".parse().unwrap())),
        rng: Arc::new(FakeRng::seeded(1)),
    }
}

fn refuse(error: Error, head: &Parts) -> Response {
    let (status, name) = match error {
        Error::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
        Error::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
    };
    (status, Json(json!({ "error": name, "path": head.uri.path() }))).into_response()
}

fn routes(middleware: &MiddlewareStack) -> Router {
    let page = get(async |Extension(nonce): Extension<Nonce>| Html(format!("<script nonce={nonce}></script>")));
    let pages = Router::new()
        .route("/", page.post(async || "done"))
        .fallback(async || (StatusCode::NOT_FOUND, Html("nothing here")));
    let api = Router::new()
        .route("/origin", get(async |Extension(origin): Extension<Origin>| format!("{origin:?}")))
        .route("/users/{id}", get(async || "user").post(async || "done"))
        .route("/picture", get(async || ([("content-type", "image/svg+xml")], "<svg/>")))
        .route("/shared", get(async || (StatusCode::NOT_MODIFIED, [CROSS_ORIGIN])))
        .route("/panic", post(async || -> () { panic!("on purpose") }))
        .fallback(async || (StatusCode::NOT_FOUND, Json("no such route")));
    let routes = middleware.surface(Surface { router: pages, scope: Scope::Every, refuse: Arc::new(bare_page) }).nest(
        "/api",
        middleware.rest_surface(Surface { router: api, scope: Scope::WithCookie, refuse: Arc::new(refuse) }),
    );
    middleware.around(routes)
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(router: &Router, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let mut request = request.body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 4711))));
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn get_from(router: &Router, path: &str) -> Answer {
    ask(router, Method::GET, path, &[]).await
}

#[tokio::test]
async fn pages_get_a_policy_with_the_nonce_they_were_given() {
    let router = routes(&middleware("https://accounts.example", 8, &Shutdown::default()));
    let (first, second) = (get_from(&router, "/").await, get_from(&router, "/").await);
    let nonce = first.body.trim_start_matches("<script nonce=").trim_end_matches("></script>");
    assert!(nonce.len() >= 22, "at least 128 bits: {nonce}");
    assert_eq!(
        first.header("content-security-policy"),
        format!(
            "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' blob:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
             base-uri 'none'; manifest-src 'self'"
        )
    );
    assert_ne!(first.body, second.body, "each answer has a nonce of its own");
    assert_eq!(first.header("cache-control"), "no-store");
}

#[tokio::test]
async fn every_answer_is_careful() {
    let router = routes(&middleware("https://accounts.example", 8, &Shutdown::default()));
    for path in ["/", "/nothing", "/api/origin", "/api/nothing", "/api/picture"] {
        let answer = get_from(&router, path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(answer.header("strict-transport-security"), "max-age=63072000", "{path}");
        assert!(answer.header("permissions-policy").contains("camera=(self)"), "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
    }
    let data = get_from(&router, "/api/origin").await;
    assert_eq!(data.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(data.header("cross-origin-resource-policy"), "same-origin");
    let picture = get_from(&router, "/api/picture").await;
    assert!(picture.header("content-security-policy").ends_with("; sandbox"));
    assert_eq!(picture.header("cross-origin-resource-policy"), "same-origin", "unless its route says otherwise");
    assert_eq!(get_from(&router, "/api/shared").await.header("cross-origin-resource-policy"), "cross-origin");
    let plain = routes(&middleware("http://127.0.0.1:3000", 8, &Shutdown::default()));
    assert_eq!(get_from(&plain, "/").await.header("strict-transport-security"), "");
}

#[tokio::test]
async fn the_request_id_is_ours() {
    let router = routes(&middleware("https://accounts.example", 8, &Shutdown::default()));
    let answer = ask(&router, Method::GET, "/", &[("x-request-id", "theirs")]).await;
    let id: uuid::Uuid = answer.header("x-request-id").parse().unwrap();
    assert_eq!(id.get_version_num(), 7);
}

#[tokio::test]
async fn handlers_hear_where_a_request_comes_from() {
    let router = routes(&middleware("https://accounts.example", 8, &Shutdown::default()));
    let agent = "x".repeat(300);
    let headers = [("x-forwarded-for", "1.2.3.4, 203.0.113.9"), ("user-agent", &agent), ("accept-language", "tr")];
    let origin = Origin {
        address: Some("203.0.113.9".parse().unwrap()),
        user_agent: "x".repeat(256),
        locale: Some(Locale::Tr),
        ..Origin::default()
    };
    assert_eq!(ask(&router, Method::GET, "/api/origin", &headers).await.body, format!("{origin:?}"));
}

#[tokio::test]
async fn forged_requests_are_refused_in_the_words_of_the_surface() {
    let router = routes(&middleware("https://accounts.example", 8, &Shutdown::default()));
    let ours = [("origin", "https://accounts.example")];
    let theirs = [("origin", "https://evil.example"), ("cookie", "__Host-sid=x")];
    assert_eq!(ask(&router, Method::POST, "/", &ours).await.status, StatusCode::OK);
    let page = ask(&router, Method::POST, "/", &theirs).await;
    assert_eq!((page.status, page.header("content-type")), (StatusCode::FORBIDDEN, "text/html; charset=utf-8"));
    assert_eq!(ask(&router, Method::POST, "/", &[]).await.status, StatusCode::FORBIDDEN);

    assert_eq!(ask(&router, Method::POST, "/api/users/1", &[]).await.status, StatusCode::OK);
    let api = ask(&router, Method::POST, "/api/users/1", &theirs).await;
    assert_eq!(api.status, StatusCode::FORBIDDEN);
    assert_eq!(api.body, r#"{"error":"forbidden","path":"/users/1"}"#);
}

#[tokio::test]
async fn a_panic_is_our_fault_and_costs_nothing_but_its_request() {
    let router = routes(&middleware("https://accounts.example", 1, &Shutdown::default()));
    for _ in 0..3 {
        let answer = ask(&router, Method::POST, "/api/panic", &[]).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::INTERNAL_SERVER_ERROR, r#"{"error":"internal","path":"/panic"}"#)
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn without_room_a_request_is_shed_in_the_words_of_the_surface() {
    let shutdown = Shutdown::default();
    let full = routes(&middleware("https://accounts.example", 0, &shutdown));
    for path in ["/", "/api/origin"] {
        let answer = get_from(&full, path).await;
        assert_eq!((answer.status, answer.header("connection")), (StatusCode::SERVICE_UNAVAILABLE, "close"), "{path}");
    }
    assert_eq!(get_from(&full, "/").await.header("retry-after"), "2");

    let leaving = routes(&middleware("https://accounts.example", 8, &shutdown));
    assert_eq!(get_from(&leaving, "/").await.status, StatusCode::OK);
    shutdown.ask();
    assert_eq!(get_from(&leaving, "/").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn scripts_of_configured_origins_may_call_rest_doors_alone() {
    let mut middleware = middleware("https://accounts.example", 8, &Shutdown::default());
    middleware.cors = nameplate::server::middleware::cors(&["https://app.example".to_owned()]);
    let router = routes(&middleware);
    let from = |origin| [("origin", origin), ("access-control-request-method", "PATCH")];
    let answer = ask(&router, Method::OPTIONS, "/api/users/1", &from("https://app.example")).await;
    assert_eq!(answer.header("access-control-allow-origin"), "https://app.example");
    assert!(answer.header("access-control-allow-methods").contains("PATCH"));
    assert!(answer.header("access-control-allow-headers").contains("authorization"));
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    let other = ask(&router, Method::OPTIONS, "/api/users/1", &from("https://evil.example")).await;
    assert_eq!(other.header("access-control-allow-origin"), "");
    let page = ask(&router, Method::GET, "/", &from("https://app.example")).await;
    assert_eq!(page.header("access-control-allow-origin"), "");
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_path() {
    let recorder = nameplate::server::metrics::builder().unwrap().build_recorder();
    let handle = recorder.handle();
    let _recording = metrics::set_default_local_recorder(&recorder);
    let router = routes(&middleware("https://accounts.example", 8, &Shutdown::default()));
    get_from(&router, "/api/users/0198c0de?token=secret").await;
    get_from(&router, "/api/users/0198beef").await;
    get_from(&router, "/somebody@example.com").await;
    ask(&router, Method::from_bytes(b"BREW").unwrap(), "/", &[("sec-fetch-site", "same-origin")]).await;
    let text = handle.render();
    assert!(text.contains(r#"http_requests_total{method="GET",route="/api/users/{id}",status="200"} 2"#), "{text}");
    assert!(text.contains(r#"http_requests_total{method="GET",route="unmatched",status="404"} 1"#), "{text}");
    assert!(text.contains(r#"method="OTHER""#) && text.contains("http_request_duration_seconds_bucket"), "{text}");
    assert!(!text.contains("secret") && !text.contains("0198") && !text.contains("somebody"), "{text}");
}
