//! Registration.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::LoginIdentifier,
        error::{Error, Field, Reason},
        session::Kind,
    },
    service::{
        login::{OnArchived, SignIn},
        profile::NameInput,
        register::SignUp,
    },
};

use crate::harness::{PASSWORD, TestServer, origin};

fn sign_up(email: &str) -> SignUp {
    SignUp {
        email: Some(email.into()),
        name: NameInput::Full("Ada King Lovelace".into()),
        password: PASSWORD.into(),
        ..SignUp::default()
    }
}

#[tokio::test]
async fn the_account_exists_once_the_code_is_confirmed() {
    let server = TestServer::start().await;
    let pending = server.accounts.register(sign_up("ada@example.com"), &origin()).await.unwrap();
    assert_eq!(server.accounts.find_for_operator("ada@example.com").await.err(), Some(Error::NotFound));
    let signed_in = server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Api, OnArchived::Ask, &origin()).await;
    assert!(matches!(signed_in, Err(Error::RegistrationPending { .. })));
    let code = server.code_sent_to("ada@example.com").await;
    let done =
        server.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Browser, &origin()).await.unwrap();
    let SignIn::Complete(new) = done else { panic!("not signed in") };
    assert_eq!(new.account.id, pending.registration.account_id, "the reserved id");
    assert!(new.account.email_verified);
    assert_eq!(new.account.names.middle(), Some("King"));
    assert!(new.account.username.as_str().starts_with("adalovelace-"), "{}", new.account.username);
    assert_eq!(new.account.record_version, 1);
    let again = server.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Browser, &origin()).await;
    assert_eq!(again.err(), Some(Error::CodeNotFound), "a code is used once");
}

#[tokio::test]
async fn a_taken_identifier_gets_the_same_answer_and_a_mail_without_code() {
    let server = TestServer::start().await;
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    let pending = server.accounts.register(sign_up("ADA@example.com"), &origin()).await.unwrap();
    assert_eq!(pending.receipt.masked, "AD***@example.com");
    let mail = server.last_message_to("ADA@example.com").await;
    assert!(mail.body_text.split(|c: char| !c.is_ascii_digit()).all(|word| word.len() != 6), "{}", mail.body_text);
    server.advance(TimeDelta::seconds(1));
    let other = SignUp { password: "Another-harbour 19 fern".into(), ..sign_up("ada@example.com") };
    server.accounts.register(other, &origin()).await.unwrap();
    let signed_in = server
        .accounts
        .sign_in("ada@example.com", "Another-harbour 19 fern", Kind::Api, OnArchived::Ask, &origin())
        .await;
    assert!(matches!(signed_in, Err(Error::RegistrationPending { .. })), "as for a free one");
    server.sign_in("ada@example.com").await;
}

#[tokio::test]
async fn no_guess_takes_an_account_over() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let pending = server.accounts.register(sign_up("ada@example.com"), &origin()).await.unwrap();
    for tries_left in (0..5).rev() {
        let guess = server.accounts.confirm_registration(&pending.receipt.token, "000000", Kind::Api, &origin()).await;
        assert_eq!(guess.err(), Some(Error::CodeWrong { tries_left }));
    }
    let exhausted = server.accounts.confirm_registration(&pending.receipt.token, "000000", Kind::Api, &origin()).await;
    assert_eq!(exhausted.err(), Some(Error::CodeExhausted));
    let now = server.accounts.find_for_operator("ada@example.com").await.unwrap();
    assert_eq!(now.password_hash, ada.account.password_hash);
}

#[tokio::test]
async fn every_broken_rule_is_said_at_once() {
    let server = TestServer::start().await;
    let sign_up = SignUp {
        email: Some("nonsense".into()),
        phone: Some("12".into()),
        name: NameInput::Full("   ".into()),
        password: "short".into(),
        confirm_password: Some("other".into()),
        picture: Some("http://localhost/a.png".into()),
        ..SignUp::default()
    };
    let Err(Error::Invalid(issues)) = server.accounts.register(sign_up, &origin()).await else { panic!("accepted") };
    for field in [Field::Email, Field::Phone, Field::FullName, Field::Password, Field::ConfirmPassword, Field::Avatar] {
        assert!(issues.iter().any(|issue| issue.field == field), "{field:?} in {issues:?}");
    }
}

#[tokio::test]
async fn codes_end_after_ten_minutes_and_five_go_to_one_address() {
    let server = TestServer::start().await;
    let pending = server.accounts.register(sign_up("ada@example.com"), &origin()).await.unwrap();
    let code = server.code_sent_to("ada@example.com").await;
    server.advance(TimeDelta::minutes(10));
    let late = server.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Api, &origin()).await;
    assert_eq!(late.err(), Some(Error::CodeExpired));
    let mut token = pending.receipt.token;
    for _ in 0..5 {
        server.advance(TimeDelta::seconds(1));
        token = server.accounts.resend_registration_code(&token, &origin()).await.unwrap().token;
    }
    let sixth = server.accounts.resend_registration_code(&token, &origin()).await;
    assert!(matches!(sixth, Err(Error::TooManyCodes { .. })), "{sixth:?}");
    let code = server.code_sent_to("ada@example.com").await;
    assert!(server.accounts.confirm_registration(&token, &code, Kind::Api, &origin()).await.is_ok());
}

#[tokio::test]
async fn a_forgotten_registration_is_unknown_the_day_after() {
    let server = TestServer::start().await;
    server.accounts.register(sign_up("ada@example.com"), &origin()).await.unwrap();
    server.advance(TimeDelta::days(1));
    let signed_in = server.accounts.sign_in("ada@example.com", PASSWORD, Kind::Api, OnArchived::Ask, &origin()).await;
    assert_eq!(signed_in.err(), Some(Error::BadCredentials));
}

#[tokio::test]
async fn the_identifier_is_what_the_operator_chose() {
    let phone = Some("0555 123 45 67".to_owned());
    for (identifier, email, phone, missing) in [
        (LoginIdentifier::Email, None, phone.clone(), Some(Field::Email)),
        (LoginIdentifier::Mobile, Some("ada@example.com".to_owned()), None, Some(Field::Phone)),
        (LoginIdentifier::EmailOrMobile, None, None, Some(Field::Identifier)),
        (LoginIdentifier::Mobile, None, phone.clone(), None),
        (LoginIdentifier::EmailOrMobile, None, phone.clone(), None),
    ] {
        let server = TestServer::start_with(|settings| {
            settings.login_identifier = identifier;
            settings.default_region = "TR".into();
        })
        .await;
        let sign_up = SignUp { email, phone, ..sign_up("") };
        match (server.accounts.register(sign_up, &origin()).await, missing) {
            (Err(error), Some(field)) => assert_eq!(error, Error::invalid(field, Reason::Required)),
            (Ok(pending), None) => {
                let code = server.code_sent_to("+905551234567").await;
                let done =
                    server.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Api, &origin()).await;
                let Ok(SignIn::Complete(new)) = done else { panic!("not signed in") };
                assert!(new.account.phone_verified);
                server.sign_in("+90 555 123 45 67").await;
            }
            (other, _) => panic!("{identifier:?}: {other:?}"),
        }
    }
}
