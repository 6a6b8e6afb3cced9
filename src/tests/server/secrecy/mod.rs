//! What never reaches a log, however much of it is asked for.

use serde_json::{Value, json};

use crate::harness::site::Site;

pub mod routes;

/// What all names and addresses have in them.
const MARKER: &str = "Quillmarker";
const EMAIL: &str = "Quillmarker.Person@example.com";
const FORGETFUL: &str = "Quillmarker.Forgetful@example.com";
const FIRST: &str = "Firstmarker-harbour 73 moss";
const SECOND: &str = "Secondmarker-harbour 19 fern";
const THIRD: &str = "Thirdmarker-harbour 28 reed";
const PHONE: &str = "+12015550187";
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

    assert!(server.log().contains("password-reset"), "it says what happens: {}", server.log());
    assert_kept(&server.log(), &secrets);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_do_those_of_a_second_step() {
    let site = Site::sqlite();
    let server = site.serve(&["--log.level", "trace"]).await;
    let mut secrets: Vec<String> = [FIRST, PHONE, &PHONE[1..]].map(str::to_owned).into();
    let send = async |secrets: &mut Vec<String>, route: &str, token: &Value, body: Value| {
        let (method, path) = route.split_once(' ').unwrap();
        let (status, answer) = server.call(&format!("{method} /api/v1{path}"), token.as_str(), &body).await;
        assert!(matches!(status, 200 | 201), "{route}: {answer}");
        let data = answer["data"].clone();
        let told = ["tempToken", "accessToken", "refreshToken", "secret"].map(|name| data[name].as_str());
        secrets.extend(told.into_iter().flatten().map(str::to_owned));
        data
    };
    let code_to = async |secrets: &mut Vec<String>, recipient: &str| {
        let code = server.code_to(recipient).await.unwrap();
        secrets.push(code.clone());
        code
    };

    let nobody = Value::Null;
    let new = json!({ "email": EMAIL, "password": FIRST, "firstName": "Quentin" });
    let pending = send(&mut secrets, "POST /auth/register", &nobody, new).await;
    let proof = json!({ "tempToken": pending["tempToken"], "otpCode": code_to(&mut secrets, EMAIL).await });
    let signed_in = send(&mut secrets, "POST /auth/verify-otp", &nobody, proof).await;
    let token = &signed_in["accessToken"];
    let linked = send(&mut secrets, "POST /account/link/phone/initiate", token, json!({ "phoneNumber": PHONE })).await;
    let proof = json!({ "tempToken": linked["tempToken"], "otpCode": code_to(&mut secrets, PHONE).await });
    send(&mut secrets, "POST /account/link/phone/verify", token, proof).await;
    send(&mut secrets, "POST /account/2fa/totp/setup", token, json!({ "password": FIRST })).await;
    send(&mut secrets, "POST /account/2fa/enable", token, json!({ "password": FIRST })).await;
    let recovery = send(&mut secrets, "POST /account/2fa/recovery-codes", token, json!({ "password": FIRST })).await;
    let recovery: Vec<_> = recovery["recoveryCodes"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert_eq!(recovery.len(), 10);
    secrets.extend(recovery.iter().map(|code| (*code).to_owned()));
    let login = json!({ "identifier": EMAIL, "password": FIRST });
    let half = send(&mut secrets, "POST /auth/login", &nobody, login).await;
    code_to(&mut secrets, EMAIL).await;
    let answer = json!({ "tempToken": half["tempToken"], "otpCode": recovery[0], "method": "RECOVERY_CODE" });
    send(&mut secrets, "POST /auth/verify-otp", &nobody, answer).await;
    assert!(secrets.len() > 20, "{}", secrets.len());
    assert!(server.log().contains("recovery-code-used"), "it says what happens: {}", server.log());
    assert_kept(&server.log(), &secrets);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_do_those_of_apps() {
    const CALLBACK: &str = "https://notes.example/callback";
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let site = Site::sqlite();
    let server = site.serve(&["--log.level", "trace"]).await;
    site.run(&["user", "create", "--email", EMAIL, "--name", "Fay"], &format!("{FIRST}\n"));
    let create = ["client", "create", "Notes", "--confidential", "--redirect-uri", CALLBACK, "--first-party", "--json"];
    let app: Value = serde_json::from_str(&site.run(&create, "")).unwrap();
    let (id, secret) = (app["id"].as_str().unwrap(), app["secret"].as_str().unwrap());
    let cookie = routes::enter(&server, EMAIL, FIRST).await;
    let form =
        |pairs: &[(&str, &str)]| url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let query = form(&[
        ("client_id", id),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("scope", "openid email offline_access"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
        ("state", "Quillmarker-state"),
        ("nonce", "Quillmarker-nonce"),
    ]);
    let led = server.request(&format!("GET /oidc/auth?{query}")).header("cookie", &cookie).send().await.unwrap();
    let location: url::Url = led.headers()["location"].to_str().unwrap().parse().unwrap();
    let code = location.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let mut secrets = vec![secret.to_owned(), code.clone(), VERIFIER.to_owned(), cookie];
    let token = async |pairs: &[(&str, &str)]| -> Value {
        let own = [("client_id", id), ("client_secret", secret)];
        let request = server.request("POST /oidc/token").header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(form(&[&own[..], pairs].concat())).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    };
    let first = token(&[("grant_type", "authorization_code"), ("code", &code), ("code_verifier", VERIFIER)]).await;
    let refresh = first["refresh_token"].as_str().unwrap_or_else(|| panic!("{first}"));
    let second = token(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await;
    for tokens in [&first, &second] {
        secrets.extend(
            ["access_token", "refresh_token", "id_token"].map(|name| tokens[name].as_str().unwrap().to_owned()),
        );
    }
    let (status, told) = server.call("GET /oidc/me", second["access_token"].as_str(), &Value::Null).await;
    assert_eq!((status, &told["email"]), (200, &json!(EMAIL)));
    // A used code, which ends the session.
    token(&[("grant_type", "authorization_code"), ("code", &code), ("code_verifier", VERIFIER)]).await;
    assert!(server.log().contains("a code was used twice"), "it says what happens: {}", server.log());
    assert_kept(&server.log(), &secrets);
}

/// Holds a log against everything that must not be in it, and against the marker.
fn assert_kept(log: &str, secrets: &[String]) {
    assert!(log.contains("DEBUG"), "everything is asked for: {log}");
    for line in log.lines() {
        // Fractions of the second have six digits, too.
        let said = line.split_once(' ').map_or(line, |(_time, said)| said);
        assert!(!said.to_lowercase().contains(&MARKER.to_lowercase()), "{said}");
        for secret in secrets {
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
