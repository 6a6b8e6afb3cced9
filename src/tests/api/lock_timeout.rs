//! A row that somebody else holds for too long: callers are asked to come back, in the words of their dialect.

use nameplate::domain::client::Scope;
use serde_json::json;
use sqlx::{Connection as _, Executor as _, PgConnection};

use crate::harness::{TestServer, origin, postgres};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn is_told_as_busy_in_every_dialect() {
    let url = postgres::database().await;
    // Otherwise the same, the test would take a minute.
    let server = TestServer::start_over(&format!("{url}?options=-c%20lock_timeout%3D50ms")).await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let client = server.accounts.create_client("Shop", Scope::All).await.unwrap();
    let resource = server.accounts.resource("https://id.example/api").unwrap();
    let token = server.accounts.issue_management_token(&client.client, &resource, "all").unwrap().access;

    let mut other = PgConnection::connect(&url).await.unwrap();
    other.execute("BEGIN").await.unwrap();
    other.execute("UPDATE accounts SET updated_at = updated_at").await.unwrap();

    let user = format!("PATCH /api/users/{}", ada.account.id);
    for (route, token, body, code, told) in [
        ("PATCH /auth-api/v1/profile", &ada.access, json!({"fullname": "Ada"}), "message", "errMsg_ServiceBusy"),
        ("PUT /api/v1/profile/update", &ada.access, json!({"firstName": "Ada"}), "httpStatus", "SERVICE_UNAVAILABLE"),
        (user.as_str(), &token, json!({"name": "Ada"}), "code", "request.service_busy"),
    ] {
        let reply = server.call(route).bearer(token).json(&body).send().await;
        assert_eq!((&reply.expect(503)[code], reply.header("retry-after")), (&json!(told), "5"), "{route}");
    }

    other.execute("ROLLBACK").await.unwrap();
    other.execute("BEGIN").await.unwrap();
    other.execute("LOCK TABLE sessions IN EXCLUSIVE MODE").await.unwrap();
    let read = server.call("GET /auth-api/currentuser").bearer(&ada.access).send().await;
    read.expect(200);
    let signed_in = server.accounts.authenticate_bearer(&ada.access, &origin()).await;
    assert!(signed_in.is_ok(), "reading waits for nobody");
}
