//! The second step of signing in, and what a session is worth before it.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use nameplate::{domain::session::Kind, service::sessions::Secret};
use serde_json::{Value, json};

use crate::harness::{PASSWORD, Person, Reply, TestServer};

async fn service(server: &TestServer, name: &str, body: &Value) -> Reply {
    server.call(&format!("POST /auth-api/verification-services/{name}")).json(body).send().await
}

async fn with_jo() -> (TestServer, Person) {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo Ann Doe").await;
    server
        .accounts
        .enable_two_factor(&server.actor(&jo).await, None, nameplate::service::Expectation::Any)
        .await
        .expect("a second factor");
    server.advance(TimeDelta::minutes(1));
    (server, jo)
}

async fn login(server: &TestServer) -> Value {
    let body = json!({"username": "jo@example.com", "password": PASSWORD});
    server.call("POST /auth-api/login").json(&body).send().await.expect(200)
}

fn ids(half: &Value) -> Value {
    json!({"userId": half["userId"], "sessionId": half["sessionId"]})
}

fn with_code(half: &Value, code: &str) -> Value {
    json!({"userId": half["userId"], "sessionId": half["sessionId"], "secretCode": code})
}

#[tokio::test]
async fn a_mailed_code_makes_the_login_whole() {
    let (server, _) = with_jo().await;
    let half = login(&server).await;
    insta::assert_json_snapshot!("half_signed_in", half, {
        ".accessToken" => "[jwt]", ".sessionId" => "[uuid]", ".userId" => "[uuid]",
    });
    let started = service(&server, "email-2factor-verification/start", &ids(&half)).await.expect(200);
    assert_eq!((&started["status"], &started["expireTime"]), (&json!("OK"), &json!(600)));
    assert_eq!((&started["codeIndex"], &started["verificationType"]), (&json!(1), &json!("byCode")));
    let again = service(&server, "email-2factor-verification/start", &ids(&half)).await.expect(403);
    assert_eq!(again["errCode"], "CodeSpamError");
    let code = server.code_sent_to("jo@example.com").await;
    let other = if code == "000000" { "000001" } else { "000000" };
    let complete =
        async |code: &str| service(&server, "email-2factor-verification/complete", &with_code(&half, code)).await;
    assert_eq!(complete(other).await.expect(403)["errCode"], "CodeMismatch");
    let whole = complete(&code).await.expect(200);
    insta::assert_json_snapshot!("second_step_complete", whole, {
        ".accessToken" => "[jwt]", ".refreshToken" => "[opaque]", ".sessionId" => "[uuid]", ".userId" => "[uuid]",
        ".avatar" => "[url]",
    });
    for told in [&half, &whole] {
        let token = told["accessToken"].as_str().expect("a token");
        let current = server.call("GET /auth-api/currentuser").bearer(token).send().await.expect(200);
        assert_eq!(current["sessionId"], half["sessionId"], "the token of the login is good, too");
    }
    let pair = json!({"refreshToken": whole["refreshToken"]});
    server.call("POST /auth-api/refresh").json(&pair).send().await.expect(200);
    assert_eq!(complete(&code).await.expect(403)["errCode"], "StepNotFound");
}

#[tokio::test]
async fn codes_are_numbered_per_destination() {
    let (server, _) = with_jo().await;
    for index in 1..=3 {
        let half = login(&server).await;
        let started = service(&server, "email-2factor-verification/start", &ids(&half)).await.expect(200);
        assert_eq!(started["codeIndex"], index);
        let mail = server.last_message_to("jo@example.com").await;
        let told = mail.body_text.contains(&format!("Code number: {index}"));
        assert_eq!(told, index > 1, "{}", mail.body_text);
        server.advance(TimeDelta::minutes(1));
    }
    let stranger = json!({"email": "no@example.com"});
    let told = service(&server, "email-verification/start", &stranger).await.expect(200);
    assert_eq!(told["codeIndex"], 1);
}

#[tokio::test]
async fn what_names_no_login_starts_nothing() {
    let (server, jo) = with_jo().await;
    let half = login(&server).await;
    let start = async |body: Value| service(&server, "email-2factor-verification/start", &body).await;
    assert_eq!(start(json!({})).await.expect(400)["message"], "errMsg_userIdisRequired");
    let mut without = ids(&half);
    without["sessionId"] = json!("");
    assert_eq!(start(without).await.expect(400)["message"], "errMsg_sessionIdisRequired");
    let mut malformed = ids(&half);
    malformed["sessionId"] = json!("1");
    assert_eq!(start(malformed).await.expect(400)["message"], "errMsg_sessionIdisNotAValidID");
    let mut swapped = ids(&half);
    swapped["userId"] = half["sessionId"].clone();
    assert_eq!(start(swapped.clone()).await.expect(401)["errCode"], "LoginRequired");
    swapped["secretCode"] = json!("123456");
    let told = service(&server, "email-2factor-verification/complete", &swapped).await.expect(403);
    assert_eq!(told["errCode"], "StepNotFound");
    let whole = json!({"userId": jo.account.id, "sessionId": server.actor(&jo).await.session_id});
    start(whole).await.expect(401);
    let mobile = service(&server, "mobile-2factor-verification/start", &ids(&half)).await.expect(400);
    assert_eq!(mobile["message"], "errMsg_UserHasNoSecondFactor");
    let none = service(&server, "email-2factor-verification/complete", &ids(&half)).await.expect(400);
    assert_eq!(none["message"], "errMsg_secretCodeisRequired");
}

#[tokio::test]
async fn a_phone_alone_is_asked_for_by_its_own_name() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let change = json!({"mobile": "+12015550123"});
    server.call("PATCH /auth-api/v1/profile").bearer(&jo.access).json(&change).send().await.expect(200);
    let code = server.code_sent_to("+12015550123").await;
    let body = json!({"mobile": "+12015550123", "secretCode": code});
    service(&server, "mobile-verification/complete", &body).await.expect(200);
    server.unverify(jo.account.id).await;
    server
        .accounts
        .enable_two_factor(&server.actor(&jo).await, None, nameplate::service::Expectation::Any)
        .await
        .expect("a second factor");
    server.advance(TimeDelta::minutes(1));
    let half = login(&server).await;
    assert_eq!((&half["sessionNeedsMobile2FA"], half.get("sessionNeedsEmail2FA")), (&json!(true), None));
    let token = half["accessToken"].as_str().expect("a token");
    let told = server.call("GET /auth-api/currentuser").bearer(token).send().await.expect(403);
    assert_eq!(told["errCode"], "MobileTwoFactorNeeded");
    service(&server, "mobile-2factor-verification/start", &ids(&half)).await.expect(200);
    let code = server.code_sent_to("+12015550123").await;
    let told = service(&server, "mobile-2factor-verification/complete", &with_code(&half, &code)).await.expect(200);
    assert_eq!(told["isVerified"], true);
}

#[tokio::test]
async fn an_app_answers_either_service() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let (app, _) = server.add_app(&jo).await;
    let half = login(&server).await;
    assert_eq!(half["sessionNeedsEmail2FA"], true);
    let body = with_code(&half, &app.code(&server, 1));
    assert_eq!(service(&server, "email-2factor-verification/complete", &body).await.expect(200)["isVerified"], true);
}

#[tokio::test]
async fn an_archived_account_comes_back_with_the_second_step() {
    let (server, jo) = with_jo().await;
    server.call("DELETE /auth-api/v1/archiveprofile").bearer(&jo.access).send().await.expect(200);
    let half = login(&server).await;
    service(&server, "email-2factor-verification/start", &ids(&half)).await.expect(200);
    let token = half["accessToken"].as_str().expect("a token");
    let told = server.call("GET /auth-api/currentuser").bearer(token).send().await.expect(403);
    assert_eq!(told["errCode"], "EmailTwoFactorNeeded");
    let code = server.code_sent_to("jo@example.com").await;
    service(&server, "email-2factor-verification/complete", &with_code(&half, &code)).await.expect(200);
    let current = server.call("GET /auth-api/currentuser").bearer(token).send().await.expect(200);
    assert_eq!(current["email"], "jo@example.com");
}

/// Every route but the verification services, which take no session, and whether it asks who calls. The last one ends
/// the session.
const ROUTES: [(&str, &str, bool); 26] = [
    ("POST", "/login", false),
    ("GET", "/currentuser", true),
    ("GET", "/relogin", true),
    ("POST", "/relogin", true),
    ("POST", "/refresh", false),
    ("GET", "/getusersessions", true),
    ("GET", "/getuserhistory", true),
    ("DELETE", "/deleteusersession/{sessionId}", true),
    ("DELETE", "/deleteallsessions", true),
    ("GET", "/publickey", false),
    ("POST", "/v1/registeruser", false),
    ("GET", "/v1/users", true),
    ("GET", "/v1/users/{userId}", true),
    ("GET", "/v1/briefuser/{userId}", false),
    ("PATCH", "/v1/userrole/{userId}", true),
    ("PATCH", "/v1/profile", true),
    ("PATCH", "/v1/profile/{userId}", true),
    ("PATCH", "/v1/userpassword", true),
    ("PATCH", "/v1/userpassword/{userId}", true),
    ("DELETE", "/v1/archiveprofile", true),
    ("DELETE", "/v1/archiveprofile/{userId}", true),
    ("POST", "/bucket/userAvatars/upload", true),
    ("GET", "/bucket/userAvatars/download/key/{accessKey}", false),
    ("GET", "/bucket/userAvatars/meta/{id}", true),
    ("DELETE", "/bucket/userAvatars/{id}", true),
    ("POST", "/logout", false),
];

#[tokio::test]
async fn every_protected_route_refuses_a_half_signed_in_session() {
    let (server, jo) = with_jo().await;
    let half = login(&server).await;
    let token = half["accessToken"].as_str().expect("a token");
    let (browser, _) = server.half_sign_in("jo@example.com", Kind::Browser).await;
    let Secret::Cookie(cookie) = browser.secret else { panic!("no cookie") };
    for (method, path, protected) in ROUTES {
        let user = jo.account.id.to_string();
        let path = path.replace("{userId}", &user).replace("{sessionId}", &user).replace("{id}", &user);
        let route = format!("{method} /auth-api{path}");
        let reply = server.call(&route).bearer(token).send().await;
        let told = reply.status == 403 && reply.json()["errCode"] == "EmailTwoFactorNeeded";
        assert_eq!(told, protected, "{route}: {reply:?}");
        if protected {
            let cookie = format!("__Host-sid={cookie}; sid={cookie}");
            server.call(&route).header("cookie", &cookie).send().await.expect(401);
        }
    }
    let ended = server.call("GET /auth-api/currentuser").bearer(token).send().await.expect(401);
    assert_eq!(ended["message"], "No login found", "signing out ends a half-signed-in session, too");
}

/// Holds [`ROUTES`] to the router: a route that is added must be added there, too.
#[test]
fn the_walk_leaves_no_route_out() {
    let source = include_str!("../../../api/mindbricks/mod.rs");
    let quoted = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let routed: BTreeSet<_> = quoted.collect();
    let walked: BTreeSet<_> = ROUTES.iter().map(|(_, path, _)| *path).collect();
    assert_eq!(routed, walked);
}
