//! Authenticator apps.

use chrono::TimeDelta;
use nameplate::domain::{
    error::Error,
    second_factor::Method,
    session::{Actor, Kind, SecondFactor},
};

use crate::harness::{App, PASSWORD, TestServer};

#[tokio::test]
async fn an_app_counts_after_its_first_code() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let without = server.accounts.confirm_authenticator(&actor, "123456", nameplate::service::Expectation::Any).await;
    assert_eq!(without.err(), Some(Error::CodeNotFound));
    let refused =
        server.accounts.set_up_authenticator(&actor, Some("wrong"), nameplate::service::Expectation::Any).await;
    assert_eq!(refused.err(), Some(Error::WrongPassword));
    let told = server
        .accounts
        .set_up_authenticator(&actor, Some(PASSWORD), nameplate::service::Expectation::Any)
        .await
        .unwrap();
    assert!(told.otpauth_url.starts_with("otpauth://totp/Name%20Plate:ada%40example.com?secret="));
    assert!(told.qr_svg.starts_with("<svg "));
    assert!(!server.accounts.two_factor_status(&actor).await.unwrap().has_app);
    server.sign_in("ada@example.com").await;

    let app = App::told(&told.secret);
    let wrong = server
        .accounts
        .confirm_authenticator(&actor, &app.code(&server, 9), nameplate::service::Expectation::Any)
        .await;
    assert_eq!(wrong.err(), Some(Error::CodeWrong { tries_left: 4 }));
    let codes = server
        .accounts
        .confirm_authenticator(&actor, &app.code(&server, 0), nameplate::service::Expectation::Any)
        .await
        .unwrap();
    assert_eq!(codes.map(|codes| codes.len()), Some(10));
    let status = server.accounts.two_factor_status(&actor).await.unwrap();
    assert!(status.enabled && status.has_app);
    assert_eq!(status.methods, [Method::Totp, Method::Email, Method::RecoveryCode]);
    assert_eq!(server.actor(&ada).await.second_factor, SecondFactor::Passed);
    let again = server
        .accounts
        .confirm_authenticator(&actor, &app.code(&server, 1), nameplate::service::Expectation::Any)
        .await;
    assert_eq!(again.err(), Some(Error::CodeNotFound));
    server.sign_in_with("ada@example.com", &app).await;
}

#[tokio::test]
async fn what_an_app_is_told_can_be_read_again_while_it_waits() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let told = server.accounts.set_up_authenticator(&actor, None, nameplate::service::Expectation::Any).await.unwrap();
    let again = server.accounts.authenticator_setup(&actor).await.unwrap();
    assert_eq!((again.secret, again.qr_svg), (told.secret.clone(), told.qr_svg));
    server.advance(TimeDelta::minutes(6));
    let late = server.accounts.authenticator_setup(&actor).await;
    assert_eq!(late.err(), Some(Error::StepUpRequired));
    server.accounts.confirm_password(&actor, PASSWORD).await.unwrap();
    let actor = server.actor(&ada).await;
    server
        .accounts
        .confirm_authenticator(&actor, &App::told(&told.secret).code(&server, 0), nameplate::service::Expectation::Any)
        .await
        .unwrap();
    assert_eq!(server.accounts.authenticator_setup(&actor).await.err(), Some(Error::CodeNotFound));
}

#[tokio::test]
async fn a_secret_waits_an_hour() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let told = server.accounts.set_up_authenticator(&actor, None, nameplate::service::Expectation::Any).await.unwrap();
    server.advance(TimeDelta::hours(1));
    server.accounts.sweep().await.unwrap();
    let fresh = server.actor(&server.sign_in("ada@example.com").await).await;
    assert_eq!(server.accounts.authenticator_setup(&fresh).await.err(), Some(Error::CodeNotFound));
    let late = server
        .accounts
        .confirm_authenticator(&actor, &App::told(&told.secret).code(&server, 0), nameplate::service::Expectation::Any)
        .await;
    assert_eq!(late.err(), Some(Error::CodeNotFound));
}

#[tokio::test]
async fn a_new_app_takes_the_place_of_the_old_one_and_recovery_codes_stay() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (old, codes) = server.add_app(&ada).await;
    assert_eq!(codes.len(), 10);
    server.advance(TimeDelta::seconds(1));
    let (new, codes) = server.add_app(&ada).await;
    assert!(codes.is_empty());
    let mail = server.last_message_to("ada@example.com").await;
    assert_eq!(mail.subject, "An authenticator app was added to your Name Plate account");
    let challenge = server.challenge("ada@example.com").await;
    let of_old = server.accounts.answer_challenge(&challenge, &old.code(&server, 1), None).await;
    assert_eq!(of_old.err(), Some(Error::CodeWrong { tries_left: 4 }));
    server.sign_in_with("ada@example.com", &new).await;
}

#[tokio::test]
async fn removing_it_needs_the_password_and_something_else_to_answer_with() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let none = server.accounts.remove_authenticator(&actor, PASSWORD, None, None).await;
    assert_eq!(none.err(), Some(Error::NotFound));
    server.add_app(&ada).await;
    let actor = server.actor(&ada).await;
    let wrong = server.accounts.remove_authenticator(&actor, "wrong", None, None).await;
    assert_eq!(wrong.err(), Some(Error::WrongPassword));
    let unproved = Actor { second_factor: SecondFactor::NotAsked, ..actor.clone() };
    let needed = server.accounts.remove_authenticator(&unproved, PASSWORD, None, None).await;
    assert!(matches!(needed, Err(Error::CodeRequired { .. })));
    server.advance(TimeDelta::seconds(1));
    server.accounts.remove_authenticator(&actor, PASSWORD, None, None).await.unwrap();
    assert_eq!(server.activity_of("ada@example.com").await[0], "authenticator-removed");
    let (_, methods) = server.half_sign_in("ada@example.com", Kind::Browser).await;
    assert_eq!(methods, [Method::Email, Method::RecoveryCode]);

    server.add_app(&ada).await;
    server.unverify(ada.account.id).await;
    let alone = server.accounts.remove_authenticator(&actor, PASSWORD, None, None).await;
    assert_eq!(alone.err(), Some(Error::NoSecondFactor));
    assert!(server.accounts.two_factor_status(&actor).await.unwrap().has_app);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_parallel_confirmations_tells_the_recovery_codes() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let told = server.accounts.set_up_authenticator(&actor, None, nameplate::service::Expectation::Any).await.unwrap();
    let code = App::told(&told.secret).code(&server, 0);
    let tries = (0..4).map(|_| {
        let (accounts, actor, code) = (server.accounts.clone(), actor.clone(), code.clone());
        tokio::spawn(async move {
            accounts.confirm_authenticator(&actor, &code, nameplate::service::Expectation::Any).await
        })
    });
    let done = futures::future::join_all(tries.collect::<Vec<_>>()).await;
    let told = done.into_iter().filter(|done| matches!(done, Ok(Ok(Some(_))))).count();
    assert_eq!(told, 1);
}
