//! The second step of signing in.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::State,
        code::Channel,
        error::Error,
        second_factor::Method,
        session::{Kind, Origin, SecondFactor},
    },
    service::{
        Expectation,
        login::{OnArchived, SignIn},
        profile::NameInput,
        register::SignUp,
        sessions::Secret,
        two_factor::challenge::Challenge,
    },
};

use crate::harness::{PASSWORD, Person, TestServer, origin};

const NEXT: &str = "Another-harbour 19 fern";
const NONE: TimeDelta = TimeDelta::zero();

/// A server with Ada, who has a mailed code as second factor.
async fn with_ada() -> (TestServer, Person) {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.accounts.enable_two_factor(&server.actor(&ada).await, None, Expectation::Any).await.unwrap();
    (server, ada)
}

async fn mailed(server: &TestServer, challenge: &Challenge) -> String {
    // Past the moment of any other code, so that this one is the newest.
    server.advance(TimeDelta::seconds(1));
    server.accounts.send_challenge_code(challenge, None, NONE).await.unwrap();
    server.code_sent_to("ada@example.com").await
}

fn other_than(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[tokio::test]
async fn a_mailed_code_completes_an_api_session() {
    let (server, _) = with_ada().await;
    let (half, methods) = server.half_sign_in("ada@example.com", Kind::Api).await;
    assert_eq!(methods, [Method::Email]);
    server.advance(TimeDelta::seconds(1));
    let sent = server.accounts.send_preferred_code(&half, &methods, &origin()).await.unwrap().unwrap();
    assert_eq!((sent.channel, sent.masked.as_str()), (Channel::Email, "ad***@example.com"));
    assert_eq!(half.session.expires_at, server.now() + TimeDelta::minutes(10) - TimeDelta::seconds(1));
    assert_eq!(server.last_message_to("ada@example.com").await.subject, "Your Name Plate sign-in code");
    let code = server.code_sent_to("ada@example.com").await;
    let challenge = server.challenge_of(&half).await;
    server.advance(TimeDelta::seconds(1));
    let wrong = server.accounts.answer_challenge(&challenge, &other_than(&code), None).await;
    assert_eq!(wrong.err(), Some(Error::CodeWrong { tries_left: 4 }));
    assert_eq!(server.activity_of("ada@example.com").await[0], "sign-in-failed");
    server.advance(TimeDelta::seconds(1));
    let new = server.accounts.answer_challenge(&challenge, &format!(" {code} "), Some(Method::Email)).await.unwrap();
    assert_eq!((new.session.id, new.session.second_factor), (half.session.id, SecondFactor::Passed));
    assert_eq!(server.activity_of("ada@example.com").await[0], "signed-in");
    let Secret::Access(first) = &half.secret else { panic!("more than an access token") };
    let (actor, _) = server.accounts.authenticate_bearer(first, &origin()).await.unwrap();
    assert_eq!(actor.second_factor, SecondFactor::Passed, "the first token is good now");
    let whole = Person::from(new);
    server.accounts.refresh(&whole.refresh, &origin()).await.unwrap();
    let again = server.accounts.answer_challenge(&challenge, &code, None).await;
    assert_eq!(again.err(), Some(Error::CodeNotFound));
}

#[tokio::test]
async fn a_browser_gets_another_cookie() {
    let (server, _) = with_ada().await;
    let (half, _) = server.half_sign_in("ada@example.com", Kind::Browser).await;
    let Secret::Cookie(first) = half.secret.clone() else { panic!("no cookie") };
    let challenge = server.challenge_of(&half).await;
    let code = mailed(&server, &challenge).await;
    let new = server.accounts.answer_challenge(&challenge, &code, None).await.unwrap();
    let Secret::Cookie(second) = new.secret else { panic!("no cookie") };
    assert_ne!(first, second);
    assert_eq!(server.accounts.authenticate_cookie(&first, &origin()).await.err(), Some(Error::Unauthenticated));
    server.advance(TimeDelta::days(29));
    server.accounts.authenticate_cookie(&second, &origin()).await.unwrap();
}

#[tokio::test]
async fn nothing_but_the_second_step_takes_a_half_signed_in_session() {
    let (server, ada) = with_ada().await;
    for kind in [Kind::Api, Kind::Browser] {
        let (half, methods) = server.half_sign_in("ada@example.com", kind).await;
        let refused = match &half.secret {
            Secret::Cookie(value) => server.accounts.authenticate_cookie(value, &origin()).await.map(drop),
            Secret::Access(token) => server.accounts.authenticate_bearer(token, &origin()).await.map(drop),
            Secret::Tokens { .. } => panic!("a refresh token before the second step"),
        };
        assert_eq!(refused, Err(Error::SecondFactorRequired { methods }));
    }
    assert_eq!(server.accounts.sessions(&server.actor(&ada).await).await.unwrap().len(), 1, "they are not listed");
}

#[tokio::test]
async fn it_can_be_given_up() {
    let (server, ada) = with_ada().await;
    for kind in [Kind::Api, Kind::Browser] {
        let (half, _) = server.half_sign_in("ada@example.com", kind).await;
        for _ in 0..2 {
            match &half.secret {
                Secret::Cookie(value) => server.accounts.sign_out_by_cookie(value, &origin()).await.unwrap(),
                Secret::Access(token) => server.accounts.sign_out_by_bearer(token, &origin()).await.unwrap(),
                Secret::Tokens { .. } => panic!("a whole session"),
            }
        }
        let ended = server.accounts.challenge_by_id(ada.account.id, half.session.id, &origin()).await;
        assert_eq!(ended.err(), Some(Error::Unauthenticated));
    }
    server.accounts.sign_out_by_bearer("a.b.c", &origin()).await.unwrap();
    server.accounts.sign_out_by_cookie("guess", &origin()).await.unwrap();
    server.advance(TimeDelta::seconds(1));
    server.accounts.sign_out_by_bearer(&ada.access, &origin()).await.unwrap();
    assert_eq!(server.activity_of("ada@example.com").await[0], "signed-out");
    let out = server.accounts.authenticate_bearer(&ada.access, &origin()).await;
    assert_eq!(out.err(), Some(Error::Unauthenticated));
}

#[tokio::test]
async fn it_has_ten_minutes() {
    let (server, _) = with_ada().await;
    let challenge = server.challenge("ada@example.com").await;
    server.advance(TimeDelta::minutes(9));
    let code = mailed(&server, &challenge).await;
    server.advance(TimeDelta::minutes(1));
    let late = server.accounts.answer_challenge(&challenge, &code, None).await;
    assert_eq!(late.err(), Some(Error::Unauthenticated));
    let gone = server.accounts.challenge_by_id(challenge.account.id, challenge.session.id, &origin()).await;
    assert_eq!(gone.err(), Some(Error::Unauthenticated));
}

#[tokio::test]
async fn a_code_is_good_in_its_session_alone() {
    let (server, ada) = with_ada().await;
    let first = server.challenge("ada@example.com").await;
    let second = server.challenge("ada@example.com").await;
    let code = mailed(&server, &first).await;
    let refused = server.accounts.answer_challenge(&second, &code, None).await;
    assert_eq!(refused.err(), Some(Error::CodeNotFound));
    assert!(server.accounts.answer_challenge(&first, &code, None).await.is_ok());
    let stranger = server.accounts.challenge_by_id(first.session.id, second.session.id, &origin()).await;
    assert_eq!(stranger.err(), Some(Error::Unauthenticated));
    let whole = server.accounts.challenge_by_bearer(&ada.access, &origin()).await;
    assert_eq!(whole.err(), Some(Error::Unauthenticated), "a whole session waits for nothing");
}

#[tokio::test]
async fn an_app_answers_and_its_codes_are_used_once() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (app, _) = server.add_app(&ada).await;
    let (half, methods) = server.half_sign_in("ada@example.com", Kind::Api).await;
    assert_eq!(methods, [Method::Totp, Method::Email, Method::RecoveryCode]);
    let sent = server.accounts.send_preferred_code(&half, &methods, &origin()).await.unwrap();
    assert_eq!(sent, None, "an app needs no message");
    let challenge = server.challenge_of(&half).await;
    let answer = async |challenge: &Challenge, code: &str, method| {
        server.accounts.answer_challenge(challenge, code, method).await.map(drop)
    };
    let used = answer(&challenge, &app.code(&server, 0), None).await;
    assert_eq!(used, Err(Error::CodeWrong { tries_left: 4 }), "it confirmed the app");
    assert_eq!(answer(&challenge, &app.code(&server, 2), None).await, Err(Error::CodeWrong { tries_left: 3 }));
    assert_eq!(answer(&challenge, &app.code(&server, 1), Some(Method::Email)).await, Err(Error::CodeNotFound));
    assert_eq!(answer(&challenge, &app.code(&server, 1), Some(Method::Totp)).await, Ok(()));
    let challenge = server.challenge("ada@example.com").await;
    let replayed = answer(&challenge, &app.code(&server, 1), None).await;
    assert_eq!(replayed, Err(Error::CodeWrong { tries_left: 4 }), "no replay in another session");
    let mailed = mailed(&server, &challenge).await;
    assert_eq!(answer(&challenge, &mailed, None).await, Ok(()), "who has an app can still be sent a code");
}

#[tokio::test]
async fn a_recovery_code_answers_once_and_is_told_by_mail() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (_, codes) = server.add_app(&ada).await;
    let code = codes[3].to_string();
    let challenge = server.challenge("ada@example.com").await;
    let wrong = server.accounts.answer_challenge(&challenge, "0000-0000-0000-0000", None).await;
    assert_eq!(wrong.err(), Some(Error::CodeWrong { tries_left: 4 }));
    server.advance(TimeDelta::seconds(1));
    let typed = code.replace('-', " ").to_uppercase();
    assert!(server.accounts.answer_challenge(&challenge, &typed, Some(Method::RecoveryCode)).await.is_ok());
    let mail = server.last_message_to("ada@example.com").await;
    assert!(mail.body_text.contains("Each works once; 9 are left."), "{}", mail.body_text);
    let again = server.challenge("ada@example.com").await;
    let spent = server.accounts.answer_challenge(&again, &code, None).await;
    assert_eq!(spent.err(), Some(Error::CodeWrong { tries_left: 4 }));
}

#[tokio::test]
async fn a_new_device_is_told_after_the_second_step() {
    let (server, _) = with_ada().await;
    let phone = Origin { user_agent: "curl/8".into(), ..origin() };
    let done = server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Api, OnArchived::Ask, &phone).await;
    let Ok(SignIn::SecondFactor { session, .. }) = done else { panic!("no second step") };
    let Secret::Access(token) = session.secret else { panic!("no token") };
    let challenge = server.accounts.challenge_by_bearer(&token, &phone).await.unwrap();
    let code = mailed(&server, &challenge).await;
    let before = server.accounts.outbox(50).await.unwrap().len();
    server.advance(TimeDelta::seconds(1));
    server.accounts.answer_challenge(&challenge, &code, None).await.unwrap();
    assert_eq!(server.accounts.outbox(50).await.unwrap().len(), before + 1);
    let mail = server.last_message_to("ada@example.com").await;
    assert_eq!(mail.subject, "New sign-in to your Name Plate account");
}

#[tokio::test]
async fn a_forgotten_password_leaves_the_second_step_on() {
    let (server, _) = with_ada().await;
    let half = server.challenge("ada@example.com").await;
    server.advance(TimeDelta::seconds(1));
    let receipt = server.accounts.request_password_reset("ada@example.com", &origin()).await.unwrap();
    let code = server.code_sent_to("ada@example.com").await;
    server.accounts.reset_password(&receipt.token, &code, NEXT, None, &origin()).await.unwrap();
    let done = server.accounts.sign_in("ada@example.com", NEXT, Kind::Api, OnArchived::Ask, &origin()).await;
    assert!(matches!(done, Ok(SignIn::SecondFactor { .. })));
    let ended = server.accounts.challenge_by_id(half.account.id, half.session.id, &origin()).await;
    assert_eq!(ended.err(), Some(Error::Unauthenticated), "with the old password nobody is even half-signed-in");
}

#[tokio::test]
async fn an_archived_account_comes_back_with_the_second_step() {
    let (server, ada) = with_ada().await;
    let actor = server.actor(&ada).await;
    server.accounts.archive(&actor, ada.account.id, None, Expectation::Any).await.unwrap();
    let done = server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Api, OnArchived::Ask, &origin()).await;
    let Ok(SignIn::RestoreOffered(offer)) = done else { panic!("not asked") };
    let done = server.accounts.restore(&offer.token, Kind::Api, &origin()).await;
    let Ok(SignIn::SecondFactor { session, .. }) = done else { panic!("no second step") };
    let challenge = server.challenge_of(&session).await;
    assert!(matches!(challenge.account.state(server.now()), Some(State::Archived { .. })));
    let code = mailed(&server, &challenge).await;
    let new = server.accounts.answer_challenge(&challenge, &code, None).await.unwrap();
    assert_eq!(new.account.state(server.now()), Some(State::Active));
    server.actor(&new.into()).await;
}

/// Confirms a registration of Ada's archived account with another password.
async fn register_again(server: &TestServer, password: &str) -> Challenge {
    let sign_up = SignUp {
        email: Some("ada@example.com".into()),
        name: NameInput::Full("Somebody Else".into()),
        password: password.into(),
        ..SignUp::default()
    };
    server.advance(TimeDelta::seconds(1));
    let pending = server.accounts.register(sign_up, &origin()).await.unwrap();
    let code = server.code_sent_to("ada@example.com").await;
    let done = server.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Api, &origin()).await;
    let Ok(SignIn::SecondFactor { session, .. }) = done else { panic!("no second step") };
    server.advance(TimeDelta::seconds(1));
    server.challenge_of(&session).await
}

#[tokio::test]
async fn registering_again_restores_with_the_second_step_alone() {
    let (server, ada) = with_ada().await;
    server.accounts.archive(&server.actor(&ada).await, ada.account.id, None, Expectation::Any).await.unwrap();
    let first = register_again(&server, "Yet-another 28 larch").await;
    let sign_in = async |password: &'static str| {
        server.accounts.sign_in("ada@example.com", password, Kind::Api, OnArchived::Restore, &origin()).await
    };
    assert!(matches!(sign_in(PASSWORD).await, Ok(SignIn::SecondFactor { .. })), "the old password still holds");
    assert!(matches!(sign_in(NEXT).await, Err(Error::BadCredentials)));

    let second = register_again(&server, NEXT).await;
    let replaced = server.accounts.challenge_by_id(first.account.id, first.session.id, &origin()).await;
    assert_eq!(replaced.err(), Some(Error::Unauthenticated), "another registration took its place");
    assert!(second.account.archived_at.is_some());
    let Ok(SignIn::SecondFactor { session, .. }) = sign_in(NEXT).await else { panic!("no second step") };
    let challenge = server.challenge_of(&session).await;
    let code = mailed(&server, &challenge).await;
    let new = server.accounts.answer_challenge(&challenge, &code, None).await.unwrap();
    assert_eq!(new.account.id, ada.account.id);
    assert_eq!(new.account.display_name(), "Ada Lovelace", "with its profile");
    assert!(matches!(sign_in(PASSWORD).await, Err(Error::BadCredentials)), "with the new password");
    assert!(matches!(sign_in(NEXT).await, Ok(SignIn::SecondFactor { .. })));
}

#[tokio::test]
async fn signing_in_restores_with_the_password_that_was_given() {
    let (server, ada) = with_ada().await;
    server.accounts.archive(&server.actor(&ada).await, ada.account.id, None, Expectation::Any).await.unwrap();
    register_again(&server, NEXT).await;
    let challenge = server.challenge("ada@example.com").await;
    let code = mailed(&server, &challenge).await;
    server.accounts.answer_challenge(&challenge, &code, None).await.unwrap();
    server.challenge("ada@example.com").await;
    let done = server.accounts.sign_in("ada@example.com", NEXT, Kind::Api, OnArchived::Ask, &origin()).await;
    assert!(matches!(done, Err(Error::BadCredentials)), "the registration counts for nothing any more");
}

#[tokio::test]
async fn a_lock_that_came_between_the_steps_keeps_an_archived_account_archived() {
    let (server, ada) = with_ada().await;
    server.accounts.archive(&server.actor(&ada).await, ada.account.id, None, Expectation::Any).await.unwrap();
    let challenge = server.challenge("ada@example.com").await;
    let code = mailed(&server, &challenge).await;
    server.lock(ada.account.id).await;
    let locked = server.accounts.find_for_operator("ada@example.com").await.unwrap();
    let refused = server.accounts.answer_challenge(&challenge, &code, None).await;
    assert_eq!(refused.err(), Some(Error::Locked));
    let sent = server.accounts.send_challenge_code(&challenge, None, NONE).await;
    assert_eq!(sent.err(), Some(Error::Locked));
    assert_eq!(server.accounts.find_for_operator("ada@example.com").await.unwrap(), locked, "nothing is restored");
    server.accounts.unlock_for_operator("ada@example.com").await.unwrap();
    let new = server.accounts.answer_challenge(&challenge, &code, None).await.unwrap();
    assert_eq!(new.account.state(server.now()), Some(State::Active), "and the code is still good");
}

#[tokio::test]
async fn a_lock_keeps_every_way_of_restoring_shut() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.accounts.archive(&server.actor(&ada).await, ada.account.id, None, Expectation::Any).await.unwrap();
    let sign_in = async |on_archived| {
        server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Api, on_archived, &origin()).await
    };
    let Ok(SignIn::RestoreOffered(offer)) = sign_in(OnArchived::Ask).await else { panic!("not asked") };
    server.advance(TimeDelta::seconds(1));
    let pending = server.register("ada@example.com", NEXT).await;
    let code = server.code_sent_to("ada@example.com").await;
    server.lock(ada.account.id).await;
    let locked = server.accounts.find_for_operator("ada@example.com").await.unwrap();
    assert_eq!(server.accounts.restore(&offer.token, Kind::Api, &origin()).await.err(), Some(Error::Locked));
    assert_eq!(sign_in(OnArchived::Restore).await.err(), Some(Error::Locked));
    assert_eq!(sign_in(OnArchived::Ask).await.err(), Some(Error::Locked));
    let token = &pending.receipt.token;
    let confirmed = server.accounts.confirm_registration(token, &code, Kind::Api, &origin()).await;
    assert_eq!(confirmed.err(), Some(Error::CodeNotFound));
    assert_eq!(server.accounts.find_for_operator("ada@example.com").await.unwrap(), locked);
}
