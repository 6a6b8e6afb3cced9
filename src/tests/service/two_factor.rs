//! The second step, turned on and off.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::Role,
        error::Error,
        recovery_code::RecoveryCode,
        second_factor::{Method, Status},
        session::SecondFactor,
    },
    service::{
        Expectation,
        operator::NewAccount,
        profile::{NameInput, ProfileChange},
    },
};

use crate::harness::{PASSWORD, TestServer, origin};

#[tokio::test]
async fn a_mailed_code_is_a_factor_where_the_address_is_verified() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let off = Status { can_be_sent: true, ..Status::default() };
    assert_eq!(server.accounts.two_factor_status(&actor).await.unwrap(), off);
    assert_eq!(
        server.accounts.enable_two_factor(&actor, Some("wrong"), Expectation::Any).await.err(),
        Some(Error::WrongPassword)
    );
    server.advance(TimeDelta::seconds(1));
    let account = server.accounts.enable_two_factor(&actor, Some(PASSWORD), Expectation::Any).await.unwrap();
    assert!(account.two_factor_enabled);
    assert_eq!(account.record_version, ada.account.record_version + 1);
    let on = Status { enabled: true, methods: vec![Method::Email], ..off };
    assert_eq!(server.accounts.two_factor_status(&actor).await.unwrap(), on);
    assert_eq!(
        server.accounts.enable_two_factor(&actor, Some(PASSWORD), Expectation::Any).await.err(),
        Some(Error::TwoFactorOn)
    );
    assert_eq!(server.activity_of("ada@example.com").await[0], "two-factor-enabled");
    let mail = server.last_message_to("ada@example.com").await;
    assert_eq!(mail.subject, "Two-step verification was turned on for your Name Plate account");
}

#[tokio::test]
async fn without_anything_to_answer_with_it_stays_off() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    server.unverify(ada.account.id).await;
    let actor = server.actor(&ada).await;
    assert_eq!(
        server.accounts.enable_two_factor(&actor, Some(PASSWORD), Expectation::Any).await.err(),
        Some(Error::NoSecondFactor)
    );
    let (app, _) = server.add_app(&ada).await;
    let status = server.accounts.two_factor_status(&actor).await.unwrap();
    assert_eq!(status.methods, [Method::Totp, Method::RecoveryCode]);
    let actor = server.actor(&ada).await;
    server.accounts.disable_two_factor(&actor, PASSWORD, None, None, Expectation::Any).await.unwrap();
    server.accounts.enable_two_factor(&actor, Some(PASSWORD), Expectation::Any).await.unwrap();
    server.sign_in_with("ada@example.com", &app).await;
}

#[tokio::test]
async fn every_change_ends_all_other_sessions() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let other = server.sign_in("ada@example.com").await;
    let actor = server.actor(&ada).await;
    server.accounts.enable_two_factor(&actor, None, Expectation::Any).await.unwrap();
    let refused = server.accounts.authenticate_bearer(&other.access, &origin()).await;
    assert_eq!(refused.err(), Some(Error::Unauthenticated));
    assert_eq!(server.accounts.refresh(&other.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
    server.actor(&ada).await;
    let half = server.challenge("ada@example.com").await;
    server.accounts.renew_recovery_codes(&actor, None, Expectation::Any).await.unwrap();
    server.advance(TimeDelta::seconds(1));
    let late = server.accounts.send_challenge_code(&half, None, TimeDelta::zero()).await;
    assert_eq!(late.err(), Some(Error::Unauthenticated), "half-signed-in ones, too");
}

#[tokio::test]
async fn turning_it_off_needs_the_password_and_a_code() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    let off = server.accounts.disable_two_factor(&actor, PASSWORD, None, None, Expectation::Any).await;
    assert_eq!(off.err(), Some(Error::TwoFactorOff));
    let none = TimeDelta::zero();
    assert_eq!(server.accounts.request_factor_code(&actor, None, none).await.err(), Some(Error::TwoFactorOff));
    server.accounts.enable_two_factor(&actor, None, Expectation::Any).await.unwrap();
    let needed = Some(Error::CodeRequired { methods: vec![Method::Email] });
    for code in [None, Some(""), Some("  ")] {
        assert_eq!(
            server.accounts.disable_two_factor(&actor, PASSWORD, code, None, Expectation::Any).await.err(),
            needed
        );
        let wrong = server.accounts.disable_two_factor(&actor, "wrong", code, None, Expectation::Any).await;
        assert_eq!(wrong.err(), Some(Error::WrongPassword));
    }

    let half = server.challenge("ada@example.com").await;
    server.advance(TimeDelta::seconds(1));
    server.accounts.send_challenge_code(&half, None, none).await.unwrap();
    let of_sign_in = server.code_sent_to("ada@example.com").await;
    let refused = server.accounts.disable_two_factor(&actor, PASSWORD, Some(&of_sign_in), None, Expectation::Any).await;
    assert_eq!(refused.err(), Some(Error::CodeNotFound), "a code is good for one purpose");

    server.advance(TimeDelta::seconds(1));
    server.accounts.request_factor_code(&actor, None, none).await.unwrap();
    let mail = server.last_message_to("ada@example.com").await;
    assert_eq!(mail.subject, "Your Name Plate security code");
    let code = server.code_sent_to("ada@example.com").await;
    server.advance(TimeDelta::seconds(1));
    let account =
        server.accounts.disable_two_factor(&actor, PASSWORD, Some(&code), None, Expectation::Any).await.unwrap();
    assert!(!account.two_factor_enabled);
    assert_eq!(server.activity_of("ada@example.com").await[0], "two-factor-disabled");
    server.sign_in("ada@example.com").await;
}

#[tokio::test]
async fn a_session_that_passed_the_second_step_needs_no_code() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (app, _) = server.add_app(&ada).await;
    let signed_in = server.sign_in_with("ada@example.com", &app).await;
    let actor = server.actor(&signed_in).await;
    assert_eq!(actor.second_factor, SecondFactor::Passed);
    let renewed = server.accounts.renew(&actor).await.unwrap().into();
    let actor = server.actor(&renewed).await;
    server.accounts.disable_two_factor(&actor, PASSWORD, None, None, Expectation::Any).await.unwrap();
}

#[tokio::test]
async fn recovery_codes_are_shown_once_and_replaced_together() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    assert_eq!(
        server.accounts.renew_recovery_codes(&actor, None, Expectation::Any).await.err(),
        Some(Error::TwoFactorOff)
    );
    server.accounts.enable_two_factor(&actor, None, Expectation::Any).await.unwrap();
    let old = server.accounts.renew_recovery_codes(&actor, Some(PASSWORD), Expectation::Any).await.unwrap();
    let shown: std::collections::HashSet<_> = old.iter().map(ToString::to_string).collect();
    assert_eq!(shown.len(), 10);
    assert_eq!(server.accounts.two_factor_status(&actor).await.unwrap().recovery_codes_left, 10);
    let new = server.accounts.renew_recovery_codes(&actor, Some(PASSWORD), Expectation::Any).await.unwrap();
    let answer = async |code: &RecoveryCode| {
        let challenge = server.challenge("ada@example.com").await;
        server.accounts.answer_challenge(&challenge, &code.to_string(), None).await
    };
    assert_eq!(answer(&old[0]).await.err(), Some(Error::CodeWrong { tries_left: 4 }));
    assert!(answer(&new[0]).await.is_ok());
    assert_eq!(server.accounts.two_factor_status(&actor).await.unwrap().recovery_codes_left, 9);
    assert_eq!(answer(&new[0]).await.err(), Some(Error::CodeWrong { tries_left: 4 }), "each works once");
}

#[tokio::test]
async fn a_phone_that_alone_answers_stays() {
    let server = TestServer::start().await;
    let new = NewAccount {
        email: None,
        phone: Some("+12015550123".into()),
        name: NameInput::Full("Ada Lovelace".into()),
        password: PASSWORD.into(),
        role: Role::User,
    };
    server.accounts.create_for_operator(new).await.unwrap();
    let ada = server.sign_in("+12015550123").await;
    let actor = server.actor(&ada).await;
    server.accounts.enable_two_factor(&actor, None, Expectation::Any).await.unwrap();
    let status = server.accounts.two_factor_status(&actor).await.unwrap();
    assert_eq!(status.methods, [Method::Sms]);
    let challenge = server.challenge("+12015550123").await;
    server.accounts.send_challenge_code(&challenge, None, TimeDelta::zero()).await.unwrap();
    let code = server.code_sent_to("+12015550123").await;
    assert!(server.accounts.answer_challenge(&challenge, &code, Some(Method::Sms)).await.is_ok());
    let removal = ProfileChange { phone: Some(String::new()), ..ProfileChange::default() };
    let removed = server.accounts.update_profile(&actor, actor.account_id, removal, Expectation::Any).await;
    assert_eq!(removed.err(), Some(Error::NoSecondFactor));
}
