//! What requests cost: the statements that each sends to the database.

use std::{fmt::Write as _, sync::Arc};

use axum::{
    body::Body,
    http::{Request, header},
};
use chrono::TimeDelta;
use nameplate::{
    domain::{
        avatar::{FocusPoint, Region},
        code::{Channel, Purpose},
        session::Kind,
    },
    ports::hasher::{Cost, Hasher},
    service::{
        Expectation, Parts,
        codes::verification::CodeRecipient,
        login::{OnArchived, SignIn},
        sessions::Secret,
    },
    ui::{forms::forms, ssr},
};
use serde_json::json;
use tower::ServiceExt as _;

use crate::harness::{Call, PASSWORD, TestServer, origin, statements::recorded, with_both_engines};

const EMAIL: &str = "ada@example.com";
const PICTURE: &[u8] = include_bytes!("../../ports/image/fixtures/progressive.jpg");

with_both_engines!(
    statements_of_common_requests,
    who_is_signed_in_is_told_of_one_session,
    an_unknown_identifier_costs_what_a_known_one_does,
    a_code_for_nobody_costs_what_one_for_somebody_does,
);

/// The cookie of a browser that signed in.
async fn cookie(server: &TestServer) -> String {
    let done = server.accounts.sign_in(EMAIL, PASSWORD, Kind::Browser, OnArchived::Ask, &origin()).await.unwrap();
    match done {
        SignIn::Complete(session) => match session.secret {
            Secret::Cookie(value) => format!("__Host-sid={value}"),
            _ => panic!("no cookie"),
        },
        _ => panic!("more than a password was asked for"),
    }
}

async fn who_is_signed_in_is_told_of_one_session(server: TestServer) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    server.sign_in(EMAIL).await;
    let (told, statements) = recorded(server.call("GET /auth-api/currentuser").bearer(&ada.access).send()).await;
    told.expect(200);
    let all = statements.iter().filter(|statement| statement.text.contains("FROM sessions WHERE account_id"));
    assert_eq!(all.count(), 0, "{statements:#?}");
    let listed = recorded(server.call("GET /auth-api/getusersessions").bearer(&ada.access).send()).await.1;
    assert!(listed.iter().any(|statement| statement.text.contains("FROM sessions WHERE account_id")), "{listed:#?}");
}

async fn statements_of_common_requests(server: TestServer) {
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let upload = server
        .accounts
        .upload_avatar(&actor, "ada.jpg", PICTURE.to_vec(), Region::Focus(FocusPoint::default()))
        .await
        .unwrap();
    let (id, key, cookie) = (ada.account.id, upload.access_key, cookie(&server).await);
    let pages =
        ssr::router(server.accounts.clone(), Arc::new(|name: &str| format!("/{name}")), Arc::default(), forms());
    let page = Request::get("/profile").header(header::COOKIE, cookie).body(Body::empty()).unwrap();
    let right = json!({ "username": EMAIL, "password": PASSWORD });
    let wrong = json!({ "username": EMAIL, "password": "Quill-harbour 73 mess" });

    let mut table = String::new();
    let (page, statements) = recorded(async { pages.oneshot(page).await.unwrap() }).await;
    assert_eq!(page.status().as_u16(), 200);
    let _ = writeln!(table, "{:2} cookie page", statements.len());
    let call = |route: &str| server.call(route).bearer(&ada.access);
    let calls: [(&str, u16, Call); 7] = [
        ("GET users/:id", 200, call(&format!("GET /auth-api/v1/users/{id}"))),
        ("profile/me", 200, call("GET /api/v1/profile/me")),
        ("PATCH profile", 200, call("PATCH /auth-api/v1/profile").json(&json!({ "fullname": "Ada King" }))),
        ("NextGate update", 200, call("PUT /api/v1/profile/update").json(&json!({ "bio": "Notes" }))),
        ("sign-in", 200, server.call("POST /auth-api/login").json(&right)),
        ("wrong password", 403, server.call("POST /auth-api/login").json(&wrong)),
        ("avatar download", 200, server.call(&format!("GET /auth-api/bucket/userAvatars/download/key/{key}"))),
    ];
    for (name, status, call) in calls {
        let (reply, statements) = recorded(call.send()).await;
        assert_eq!(reply.status.as_u16(), status, "{name}: {reply:?}");
        let _ = writeln!(table, "{:2} {name}", statements.len());
    }
    // One table for both engines: each is sent the same.
    insta::assert_snapshot!("statements", table);
}

/// What a sign-in with a wrong password takes: statements, and work at the password hasher.
async fn wrong_password(server: &TestServer, identifier: &str) -> (usize, u64) {
    let before = server.hasher().work_done();
    let body = json!({ "username": identifier, "password": "Quill-harbour 73 mess" });
    let call = server.call("POST /auth-api/login").json(&body);
    let (reply, statements) = recorded(call.send()).await;
    assert_eq!(reply.status.as_u16(), 403, "{reply:?}");
    (statements.len(), server.hasher().work_done() - before)
}

/// The username of an archived account that has a second factor, of which the second step alone is missing until it is
/// restored with the password of a registration.
async fn restore_waits(server: &TestServer) -> String {
    let carol = server.sign_up("carol@example.com", "Carol").await;
    let actor = server.actor(&carol).await;
    server.accounts.enable_two_factor(&actor, None, Expectation::Any).await.unwrap();
    server.accounts.archive(&actor, actor.account_id, None, Expectation::Any).await.unwrap();
    server.advance(TimeDelta::minutes(1));
    let token = server.register("carol@example.com", "Another-harbour 19 fern").await.receipt.token;
    let code = server.code_sent_to("carol@example.com").await;
    let confirmed = server.accounts.confirm_registration(&token, &code, Kind::Api, &origin()).await.unwrap();
    assert!(matches!(confirmed, SignIn::SecondFactor { .. }));
    carol.account.username.to_string()
}

fn raised(parts: &mut Parts) {
    let cost = Cost { memory_kib: 16, iterations: 2, parallelism: 1 };
    parts.hasher = Hasher::new(cost, None, Arc::clone(&parts.rng)).unwrap();
}

async fn an_unknown_identifier_costs_what_a_known_one_does(server: TestServer) {
    server.sign_up(EMAIL, "Ada Lovelace").await;
    let server = server.beside(raised).await;
    server.sign_up("bob@example.com", "Bob").await;
    server.advance(TimeDelta::minutes(10));
    let known = wrong_password(&server, EMAIL).await;
    assert_eq!(known.1, 64, "what two hashes cost now");
    // One that was hashed since the cost was raised, and one that nobody has.
    for identifier in ["bob@example.com", "nobody@example.com", "no@@body"] {
        assert_eq!(wrong_password(&server, identifier).await.1, known.1, "{identifier}");
    }
    assert_eq!(wrong_password(&server, EMAIL).await, wrong_password(&server, "nobody@example.com").await);

    // An archived one whose registration was confirmed and waits for the second step, by either of its names.
    let waiting = restore_waits(&server).await;
    for (identifier, unknown) in [("carol@example.com", "nobody@example.com"), (waiting.as_str(), "some-body")] {
        let known = wrong_password(&server, identifier).await;
        assert_eq!(known, wrong_password(&server, unknown).await, "{identifier}");
    }

    // While somebody registers with it, both cost more, and the same.
    for email in [EMAIL, "new@example.com"] {
        server.register(email, PASSWORD).await;
    }
    assert_eq!(wrong_password(&server, EMAIL).await, wrong_password(&server, "new@example.com").await);
}

/// Statements of a request for a code to each address: of its verification, and to set a forgotten password.
async fn requests_for_codes(server: &TestServer, email: &str) -> [usize; 2] {
    server.advance(TimeDelta::hours(1));
    let (none, to) = (TimeDelta::zero(), CodeRecipient::new(Channel::Email, email));
    let from = origin();
    let verification = server.accounts.start_verification(Purpose::Verification, to, none, None, &from);
    let (verification, statements) = recorded(async { verification.await.unwrap() }).await;
    assert_eq!(verification.index, 1);
    let (_, reset) = recorded(async { server.accounts.request_password_reset(email, &from).await.unwrap() }).await;
    [statements.len(), reset.len()]
}

async fn a_code_for_nobody_costs_what_one_for_somebody_does(server: TestServer) {
    server.sign_up(EMAIL, "Ada Lovelace").await;
    let bob = server.sign_up("bob@example.com", "Bob").await;
    server.unverify(bob.account.id).await;
    let sent = server.accounts.outbox(50).await.unwrap().len();
    let known = requests_for_codes(&server, EMAIL).await;
    let unverified = requests_for_codes(&server, "bob@example.com").await;
    assert_eq!(
        server.accounts.outbox(50).await.unwrap().len(),
        sent + 2,
        "a reset of one, a verification of the other"
    );
    assert_eq!(requests_for_codes(&server, "nobody@example.com").await, known);
    assert_eq!(unverified, known);
    assert_eq!(server.messages_to("nobody@example.com").await, []);
}

/// Commits that SQLite wrote to its log, as its frames say: an empty transaction writes none, and costs nothing.
fn commits(server: &TestServer) -> usize {
    const HEADER: usize = 32;
    const FRAME_HEADER: usize = 24;
    let log = std::fs::read(server.database_file().with_extension("db-wal")).expect("a write-ahead log");
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let (page, salt) = (number(8) as usize, &log[16..24]);
    let frames = (HEADER..log.len()).step_by(FRAME_HEADER + page);
    // The file keeps frames of before it was begun anew, under other salts; the last frame of a commit has a size.
    frames.filter(|at| log.get(at + 8..at + 16) == Some(salt) && number(at + 4) > 0).count()
}

#[tokio::test]
async fn an_unknown_identifier_is_written_as_often_as_a_known_one() {
    let server = TestServer::start().await;
    server.sign_up(EMAIL, "Ada Lovelace").await;
    let mut counts = Vec::new();
    for identifier in [EMAIL, "nobody@example.com", "no@@body", EMAIL, "nobody@example.com"] {
        let before = commits(&server);
        wrong_password(&server, identifier).await;
        counts.push(commits(&server) - before);
    }
    assert_eq!(counts, [2; 5], "that it is tried, and that it failed");
}
