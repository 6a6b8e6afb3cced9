//! Codes that belong to no user.

use chrono::TimeDelta;
use serde_json::json;

use super::{Service, invalid, nothing, refusal, refused};
use crate::harness::{TestServer, with_both_engines};

const SEND: &str = "POST /verification-codes";
const VERIFY: &str = "POST /verification-codes/verify";

with_both_engines!(a_code_is_confirmed_once);

async fn a_code_is_confirmed_once(server: TestServer) {
    let service = Service::new(&server).await;
    for (send, verify) in [(SEND, VERIFY), ("POST /verification-code", "POST /verification-code/verify")] {
        for (name, written, sent_to) in
            [("email", "Ada@example.com", "Ada@example.com"), ("phone", "12015550123", "+12015550123")]
        {
            server.advance(TimeDelta::seconds(1));
            let reply = service.send(send, &json!({name: written})).await;
            assert_eq!((reply.status.as_u16(), reply.body.len()), (204, 0));
            let code = server.code_sent_to(sent_to).await;
            let proof = json!({name: written, "verificationCode": code});
            assert_eq!(service.send(verify, &proof).await.status, 204);
            let again = service.send(verify, &proof).await;
            assert_eq!(refusal(&again), refused(400, "verification_code.not_found"));
        }
    }
}

#[tokio::test]
async fn wrong_and_late_codes_are_told_apart() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    let proof = |code: &str| json!({"email": "ada@example.com", "verificationCode": code});
    assert_eq!(refusal(&service.send(VERIFY, &proof("123456")).await), refused(400, "verification_code.not_found"));
    service.send(SEND, &json!({"email": "ada@example.com"})).await;
    let first = server.code_sent_to("ada@example.com").await;
    server.advance(TimeDelta::seconds(1));
    service.send(SEND, &json!({"email": "ada@example.com"})).await;
    let code = server.code_sent_to("ada@example.com").await;
    for wrong in [first.as_str(), "x", "\0", "12345678901234567890", "no", "no", "no", "no", "no", "no"] {
        assert_eq!(
            refusal(&service.send(VERIFY, &proof(wrong)).await),
            refused(400, "verification_code.code_mismatch")
        );
    }
    assert_eq!(refusal(&service.send(VERIFY, &proof(&code)).await), refused(400, "verification_code.exceed_max_try"));
    server.advance(TimeDelta::seconds(1));
    service.send(SEND, &json!({"email": "ada@example.com"})).await;
    let code = server.code_sent_to("ada@example.com").await;
    server.advance(TimeDelta::minutes(10));
    assert_eq!(refusal(&service.send(VERIFY, &proof(&code)).await), refused(400, "verification_code.expired"));
    service.send(SEND, &json!({"email": "ada@example.com"})).await;
    let code = server.code_sent_to("ada@example.com").await;
    assert_eq!(service.send(VERIFY, &proof(&code)).await.status, 204, "the wrong tries of other codes do not count");
}

#[tokio::test]
async fn ten_go_to_one_recipient_in_ten_minutes() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    for _ in 0..10 {
        assert_eq!(service.send(SEND, &json!({"email": "ada@example.com"})).await.status, 204);
    }
    let eleventh = service.send("POST /verification-code", &json!({"email": "ADA@example.com"})).await;
    assert_eq!(refusal(&eleventh), refused(429, "request.message_rate_limited"));
    assert_eq!(eleventh.header("retry-after"), "600");
    assert_eq!(service.send(SEND, &json!({"email": "eve@example.com"})).await.status, 204);
    server.advance(TimeDelta::minutes(10));
    assert_eq!(service.send(SEND, &json!({"email": "ada@example.com"})).await.status, 204);
}

#[tokio::test]
async fn they_count_apart_from_the_codes_of_people() {
    let server = TestServer::start().await;
    let jo = server.sign_up("jo@example.com", "Jo").await;
    let service = Service::new(&server).await;
    for _ in 0..10 {
        assert_eq!(service.send(SEND, &json!({"email": "jo@example.com"})).await.status, 204);
    }
    let code = server.code_sent_to("jo@example.com").await;
    let reset = json!({"email": "jo@example.com", "secretCode": code, "password": "Another-harbour 74"});
    let complete = "POST /auth-api/verification-services/password-reset-by-email/complete";
    server.call(complete).json(&reset).send().await.expect(403);
    let start = "POST /auth-api/verification-services/password-reset-by-email/start";
    server.call(start).json(&json!({"email": "jo@example.com"})).send().await.expect(403);
    server.advance(TimeDelta::minutes(1));
    server.call(start).json(&json!({"email": "jo@example.com"})).send().await.expect(200);
    assert!(server.is_signed_in(&jo).await);
}

#[tokio::test]
async fn a_recipient_is_an_address_or_a_number() {
    let server = TestServer::start().await;
    let service = Service::new(&server).await;
    for (body, told) in [
        (nothing(), invalid(&["email"])),
        (json!({"email": "ada@example.com", "phone": "12015550123"}), invalid(&["phone"])),
        (json!({"email": 7}), invalid(&["email"])),
        (json!({"email": null}), invalid(&["email"])),
        (json!({"email": "nobody"}), invalid(&["email"])),
        (json!({"email": "a\0@example.com"}), invalid(&["email"])),
        (json!({"phone": ""}), invalid(&["phone"])),
        (json!({"phone": "123"}), refused(422, "user.invalid_phone")),
    ] {
        assert_eq!(refusal(&service.send(SEND, &body).await), told, "{body}");
    }
    for (body, told) in [
        (json!({"email": "ada@example.com"}), invalid(&["verificationCode"])),
        (json!({"email": "ada@example.com", "verificationCode": 123_456}), invalid(&["verificationCode"])),
        (json!({"verificationCode": "123456"}), invalid(&["email"])),
        (nothing(), invalid(&["email", "verificationCode"])),
    ] {
        assert_eq!(refusal(&service.send(VERIFY, &body).await), told, "{body}");
    }
}
