//! The description of the routes.

use std::collections::BTreeSet;

use nameplate::api::oidc::{self, openapi::OidcApi};
use utoipa::OpenApi as _;

use crate::harness::TestServer;

#[tokio::test]
async fn every_route_is_described() {
    let document = serde_json::to_value(OidcApi::openapi()).expect("a document");
    let described: BTreeSet<_> = document["paths"].as_object().expect("paths").keys().cloned().collect();
    assert_eq!(described, oidc::paths().into_iter().collect());
}

/// CORS for scripts of any site, without credentials (RFC 9700, section 2.6); elsewhere none.
#[tokio::test]
async fn scripts_may_call_what_apps_in_browsers_need() {
    let server = TestServer::start().await;
    for (route, allowed) in [
        ("GET /oidc/.well-known/openid-configuration", true),
        ("GET /oidc/jwks", true),
        ("POST /oidc/token", true),
        ("GET /oidc/me", true),
        ("POST /oidc/token/revocation", true),
        ("POST /oidc/token/introspection", false),
    ] {
        let reply = server.call(route).header("origin", "https://app.example").send().await;
        assert_eq!(reply.header("access-control-allow-origin"), if allowed { "*" } else { "" }, "{route}");
        assert_eq!(reply.header("access-control-allow-credentials"), "", "{route}");
        let is_kept = route.contains("well-known") || route.contains("jwks");
        assert_eq!(reply.header("cache-control") == "no-store", !is_kept, "{route}");
    }
}
