//! The token endpoint as services use it, and what tells of it.

use std::time::Duration;

use data_encoding::BASE64;
use nameplate::domain::{client::Scope, error::Error};
use serde_json::{Value, json};
use url::form_urlencoded;

use nameplate::service::management::clients::NewClient;

use crate::harness::{Reply, TestServer, origin};

const FORM: &str = "application/x-www-form-urlencoded";
const LOGTO: &str = "https://default.logto.app/api";

fn form(params: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish()
}

async fn client(server: &TestServer, scope: Scope) -> NewClient {
    server.accounts.create_client("Shop", scope).await.expect("a client")
}

async fn post(server: &TestServer, params: &[(&str, &str)]) -> Reply {
    server.call("POST /oidc/token").body(FORM, form(params)).send().await
}

#[track_caller]
fn refused(reply: &Reply, status: u16, error: &str) {
    let body = reply.expect(status);
    assert_eq!((&body["error"], &body["code"]), (&json!(error), &json!(format!("oidc.{error}"))), "{body}");
    assert!(body["error_description"].is_string() && body["message"] == body["error_description"], "{body}");
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_secret_in_the_body_or_in_http_basic_gets_a_token() {
    let server = TestServer::start().await;
    let made = client(&server, Scope::All).await;
    let (id, secret) = (made.client.id.to_string(), made.secret.as_str());
    for resource in [LOGTO, "https://id.example/api"] {
        let asked = [("grant_type", "client_credentials"), ("resource", resource), ("scope", "all")];
        let in_body = [&asked[..], &[("client_id", &id), ("client_secret", secret)]].concat();
        let basic = format!("Basic {}", BASE64.encode(format!("{id}:{secret}").as_bytes()));
        let with_id = [&asked[..], &[("client_id", id.as_str())]].concat();
        for reply in [
            post(&server, &in_body).await,
            server.call("POST /oidc/token").header("authorization", &basic).body(FORM, form(&asked)).send().await,
            server.call("POST /oidc/token").header("authorization", &basic).body(FORM, form(&with_id)).send().await,
        ] {
            let token = reply.expect(200);
            assert_eq!(reply.header("cache-control"), "no-store");
            let access = token["access_token"].as_str().expect("a token");
            let rest = json!({"access_token": access, "expires_in": 3600, "token_type": "Bearer", "scope": "all"});
            assert_eq!(token, rest);
            server.call("GET /api/users").bearer(access).send().await.expect(200);
        }
    }
}

#[tokio::test]
async fn a_scope_that_is_not_granted_is_left_out() {
    let server = TestServer::start().await;
    for (held, asked) in
        [(Scope::None, Some("all")), (Scope::All, None), (Scope::All, Some("")), (Scope::All, Some("read"))]
    {
        let made = client(&server, held).await;
        let id = made.client.id.to_string();
        let mut params = vec![("grant_type", "client_credentials"), ("resource", LOGTO)];
        params.extend([("client_id", id.as_str()), ("client_secret", &made.secret)]);
        params.extend(asked.map(|scope| ("scope", scope)));
        let token = post(&server, &params).await.expect(200);
        assert_eq!(token.get("scope"), None, "{asked:?}");
        let access = token["access_token"].as_str().expect("a token");
        let told = server.call("GET /api/users").bearer(access).send().await.expect(403);
        assert_eq!(told["code"], "auth.forbidden");
    }
}

#[tokio::test]
async fn refusals_are_those_of_oauth() {
    let server = TestServer::start().await;
    let made = client(&server, Scope::All).await;
    let id = made.client.id.to_string();
    let nobody = uuid::Uuid::nil().to_string();
    let good = [
        ("grant_type", "client_credentials"),
        ("resource", LOGTO),
        ("scope", "all"),
        ("client_id", id.as_str()),
        ("client_secret", made.secret.as_str()),
    ];
    let with = |name: &str, value: &'static str| {
        good.map(|(known, present)| (known, if known == name { value } else { present }))
    };
    let lacking = |name: &str| good.into_iter().filter(|(known, _)| *known != name).collect::<Vec<_>>();
    for (params, status, error) in [
        (with("client_secret", "wrong").to_vec(), 401, "invalid_client"),
        (
            good.map(|(name, value)| (name, if name == "client_id" { nobody.as_str() } else { value })).to_vec(),
            401,
            "invalid_client",
        ),
        (with("client_id", "shop").to_vec(), 401, "invalid_client"),
        (with("client_id", "shop\0").to_vec(), 400, "invalid_request"),
        (lacking("client_secret"), 401, "invalid_client"),
        (lacking("client_id"), 401, "invalid_client"),
        (with("resource", "https://elsewhere.example/api").to_vec(), 400, "invalid_target"),
        (with("resource", "").to_vec(), 400, "invalid_target"),
        (lacking("resource"), 400, "invalid_target"),
        ([&good[..], &[("resource", LOGTO)]].concat(), 400, "invalid_target"),
        (with("grant_type", "password").to_vec(), 400, "unsupported_grant_type"),
        (lacking("grant_type"), 400, "invalid_request"),
        ([&good[..], &[("grant_type", "client_credentials")]].concat(), 400, "invalid_request"),
        ([&good[..], &[("scope", "all")]].concat(), 400, "invalid_request"),
        (Vec::new(), 400, "invalid_request"),
    ] {
        refused(&post(&server, &params).await, status, error);
    }
    let reply = post(&server, &with("client_secret", "wrong")).await;
    assert_eq!(reply.header("www-authenticate"), "Basic realm=\"token\"");

    let call = |media_type: &str, body: String| server.call("POST /oidc/token").body(media_type, body);
    refused(
        &call("application/json", json!({"grant_type": "client_credentials"}).to_string()).send().await,
        400,
        "invalid_request",
    );
    refused(&server.call("POST /oidc/token").send().await, 400, "invalid_request");
    refused(&call(FORM, "a=".repeat(40_000)).send().await, 413, "invalid_request");
    let form = form(&good);
    let basic = format!("Basic {}", BASE64.encode(format!("{id}:{}", made.secret).as_bytes()));
    refused(&call(FORM, form.clone()).header("authorization", &basic).send().await, 400, "invalid_request");
    for header in ["Basic", "Basic !", "Basic YQ==", "Bearer abc", "Basic //8="] {
        refused(&call(FORM, form.clone()).header("authorization", header).send().await, 401, "invalid_client");
    }
    refused(&server.call("GET /oidc/token").send().await, 405, "invalid_request");
    for path in ["", "/", "/token/", "/nowhere"] {
        refused(&server.call(&format!("GET /oidc{path}")).send().await, 404, "invalid_request");
    }
}

#[tokio::test]
async fn guessing_secrets_is_slowed_down() {
    let server = TestServer::start().await;
    let made = client(&server, Scope::All).await;
    let id = made.client.id.to_string();
    for _ in 0..30 {
        let wrong = server.accounts.authenticate_client(&id, "wrong", &origin()).await;
        assert_eq!(wrong.err(), Some(Error::BadCredentials));
    }
    let params = [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &made.secret)];
    let reply = post(&server, &params).await;
    refused(&reply, 429, "temporarily_unavailable");
    let wait = reply.header("retry-after").parse().map(Duration::from_secs).expect("seconds");
    assert!(wait <= Duration::from_secs(600), "{wait:?}");
}

#[tokio::test]
async fn discovery_tells_where_tokens_are_given_and_verified() {
    let server = TestServer::start().await;
    let told = server.call("GET /oidc/.well-known/openid-configuration").send().await.expect(200);
    insta::assert_json_snapshot!("metadata", told);
    let keys = server.call("GET /oidc/jwks").send().await.expect(200);
    let Value::Array(keys) = &keys["keys"] else { panic!("{keys}") };
    let members = ["kty", "crv", "use", "alg"].map(|name| keys[0][name].clone());
    assert_eq!(members, [json!("OKP"), json!("Ed25519"), json!("sig"), json!("EdDSA")]);
    assert_eq!(keys.len(), 1);
}
