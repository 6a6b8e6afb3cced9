//! Requests that cannot be read, and routes that are not there.

use serde_json::json;

use super::{Service, id, invalid, refusal, refused};
use crate::harness::TestServer;

const JSON: &str = "application/json";

#[tokio::test]
async fn a_body_is_a_json_object_of_at_most_64_kib() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    let user = format!("PATCH /users/{}", id(&service.create(json!({"username": "jo-doe"})).await));
    let deep = "[".repeat(10_000);
    for route in [user.as_str(), "POST /users", "POST /verification-codes"] {
        for body in
            ["{", "{\"name\":}", "[]", "\"jo\"", "7", "null", "{\"name\":\"\\ud800\"}", "{\"name\":1e999}", &deep]
        {
            assert_eq!(
                refusal(&service.send_as(route, JSON, body.to_owned()).await),
                invalid(&[""]),
                "{route} {body:.20}"
            );
        }
        assert_eq!(refusal(&service.send_as(route, JSON, vec![0xff, 0xfe]).await), invalid(&[""]));
        let large = format!("{{\"name\":\"{}\"}}", "x".repeat(64 * 1024));
        assert_eq!(refusal(&service.send_as(route, JSON, large).await), refused(413, "request.payload_too_large"));
        for media_type in ["text/plain", "application/x-www-form-urlencoded", "", "json"] {
            let told = refusal(&service.send_as(route, media_type, "{}").await);
            assert_eq!(told, refused(415, "request.unsupported_media_type"), "{media_type}");
        }
    }
    service.send_as(&user, "application/json; charset=utf-8", json!({"name": "Jo"}).to_string()).await.expect(200);
}

#[tokio::test]
async fn unknown_routes_and_methods_have_the_envelope() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    for path in
        ["", "/", "/nowhere", "/users/", "/users/1/nothing", "/users/1/2/3", "/../oidc", "/%ff", "/roles", "/Users"]
    {
        for method in ["GET", "POST", "PATCH", "DELETE"] {
            let told = refusal(&service.ask(&format!("{method} {path}")).await);
            assert_eq!(told, refused(404, "entity.not_found"), "{method} {path}");
        }
    }
    let anyone = server.call("GET /api/nowhere").send().await;
    assert_eq!(refusal(&anyone), refused(404, "entity.not_found"));
    assert_eq!(anyone.header("content-type"), JSON);
    let user = uuid::Uuid::nil();
    for (route, allowed) in [
        ("PUT /users".to_owned(), "GET,HEAD,POST"),
        (format!("POST /users/{user}"), "GET,HEAD,PATCH,DELETE"),
        (format!("GET /users/{user}/password"), "PATCH"),
        (format!("POST /users/{user}/counters"), "PUT"),
        ("GET /verification-codes".to_owned(), "POST"),
        ("DELETE /verification-code/verify".to_owned(), "POST"),
    ] {
        let reply = service.ask(&route).await;
        assert_eq!(refusal(&reply), refused(405, "request.method_not_allowed"), "{route}");
        assert_eq!(reply.header("allow"), allowed, "{route}");
    }
}
