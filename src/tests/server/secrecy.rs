//! What never reaches a log, however much of it is asked for.

use serde_json::{Value, json};

use crate::harness::site::Site;

const EMAIL: &str = "Quillmarker.Person@example.com";
const FORGETFUL: &str = "Quillmarker.Forgetful@example.com";
const FIRST: &str = "Firstmarker-harbour 73 moss";
const SECOND: &str = "Secondmarker-harbour 19 fern";
const THIRD: &str = "Thirdmarker-harbour 28 reed";
const WRONG: &str = "Wrongmarker-harbour 55 rush";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passwords_codes_tokens_and_addresses_never_reach_the_log() {
    let site = Site::sqlite();
    let server = site.serve(&["--log.level", "trace"]).await;
    let mut secrets: Vec<String> = [FIRST, SECOND, THIRD, WRONG].map(str::to_owned).into();
    let post = async |route: &str, token: Option<&str>, body: Value, expected: u16| {
        let (status, answer) = server.call(route, token, &body).await;
        assert_eq!(status, expected, "{route}: {answer}");
        answer
    };
    let note = |secrets: &mut Vec<String>, answer: &Value| {
        for name in ["accessToken", "refreshToken"] {
            secrets.push(answer[name].as_str().unwrap().to_owned());
        }
    };

    let new = json!({ "email": EMAIL, "password": FIRST, "fullname": "Quentin Marrow" });
    post("POST /auth-api/v1/registeruser", None, new, 201).await;
    let code = server.code_to(EMAIL).await.unwrap();
    let complete = "POST /auth-api/verification-services/email-verification/complete";
    let wrong = if code == "123456" { "654321" } else { "123456" };
    post(complete, None, json!({ "email": EMAIL, "secretCode": wrong }), 403).await;
    post(complete, None, json!({ "email": EMAIL, "secretCode": code }), 200).await;
    secrets.extend([code, wrong.to_owned()]);

    post("POST /auth-api/login", None, json!({ "username": EMAIL, "password": WRONG }), 403).await;
    let first = post("POST /auth-api/login", None, json!({ "username": EMAIL, "password": FIRST }), 200).await;
    note(&mut secrets, &first);
    let refresh = json!({ "refreshToken": first["refreshToken"] });
    let next = post("POST /auth-api/refresh", None, refresh, 200).await;
    note(&mut secrets, &next);
    let token = next["accessToken"].as_str().unwrap();
    post("GET /auth-api/currentuser", Some(token), Value::Null, 200).await;
    post("GET /auth-api/currentuser", Some("Quillmarker-token"), Value::Null, 401).await;
    post("PATCH /auth-api/v1/profile", Some(token), json!({ "fullname": "Quentin Dale" }), 200).await;
    let change = json!({ "oldPassword": WRONG, "newPassword": SECOND });
    post("PATCH /auth-api/v1/userpassword", Some(token), change, 403).await;
    let change = json!({ "oldPassword": FIRST, "newPassword": SECOND });
    post("PATCH /auth-api/v1/userpassword", Some(token), change, 200).await;

    let start = "POST /auth-api/verification-services/password-reset-by-email/start";
    site.run(&["user", "create", "--email", FORGETFUL, "--name", "Fay"], &format!("{FIRST}\n"));
    post(start, None, json!({ "email": FORGETFUL }), 200).await;
    let code = server.code_to(FORGETFUL).await.unwrap();
    let reset = json!({ "email": FORGETFUL, "secretCode": code, "password": THIRD });
    post("POST /auth-api/verification-services/password-reset-by-email/complete", None, reset, 200).await;
    secrets.push(code);
    let last = post("POST /auth-api/login", None, json!({ "username": FORGETFUL, "password": THIRD }), 200).await;
    note(&mut secrets, &last);
    let token = last["accessToken"].as_str().unwrap();
    let made = site.run(&["client", "create", "Shop", "--json"], "");
    secrets.push(serde_json::from_str::<Value>(&made).unwrap()["secret"].as_str().unwrap().to_owned());
    post("DELETE /auth-api/v1/archiveprofile", Some(token), Value::Null, 200).await;

    let log = server.log();
    assert!(log.contains("DEBUG") && log.contains("password-reset"), "it says what happens: {log}");
    for line in log.lines() {
        // Fractions of the second have six digits, too.
        let said = line.split_once(' ').map_or(line, |(_time, said)| said);
        assert!(!said.to_lowercase().contains("quillmarker"), "{said}");
        for secret in &secrets {
            assert!(!holds(said, secret), "{secret} is in: {said}");
        }
    }
}

/// Whether a text has the secret in it, and not as a part of a longer number.
fn holds(text: &str, secret: &str) -> bool {
    text.match_indices(secret).any(|(at, _)| {
        let around = [text[..at].chars().next_back(), text[at + secret.len()..].chars().next()];
        !around.into_iter().flatten().any(|c| c.is_ascii_alphanumeric())
    })
}
