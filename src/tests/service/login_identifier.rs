//! Each login identifier from end to end: register, confirm, sign in, forget the password, change.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::LoginIdentifier,
        code::Channel,
        error::Error,
        session::{Actor, Kind},
    },
    service::{
        Expectation,
        login::{OnArchived, SignIn},
        profile::NameInput,
        register::SignUp,
    },
};

use crate::harness::{PASSWORD, TestServer, origin};

const NEXT: &str = "Another-harbour 19 fern";
const EMAILS: [&str; 2] = ["ada@example.com", "ada@example.org"];
const PHONES: [&str; 2] = ["+12015550123", "+12015550144"];

async fn journey(identifier: LoginIdentifier, channel: Channel) {
    let server = TestServer::start_with(|settings| settings.login_identifier = identifier).await;
    let [first, second] = if channel == Channel::Email { EMAILS } else { PHONES };
    let person = |email: bool| (email == (channel == Channel::Email)).then(|| first.to_owned());
    let sign_up = SignUp {
        email: person(true),
        phone: person(false),
        name: NameInput::Full("Ada Lovelace".into()),
        password: PASSWORD.into(),
        ..SignUp::default()
    };
    let pending = server.accounts.register(sign_up, &origin()).await.unwrap();
    assert_eq!(pending.receipt.channel, channel);
    let sign_in = async |identifier: &str, password: &str| {
        server.advance(TimeDelta::seconds(1));
        server.accounts.sign_in(identifier, password, Kind::Api, OnArchived::Ask, &origin()).await.map(drop)
    };
    let id = pending.registration.account_id;
    assert_eq!(sign_in(first, PASSWORD).await, Err(Error::RegistrationPending { id, channel }));
    let code = server.code_sent_to(first).await;
    let confirmed = server.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Api, &origin()).await;
    assert!(matches!(confirmed, Ok(SignIn::Complete(_))));
    assert_eq!(sign_in(first, PASSWORD).await, Ok(()));

    server.advance(TimeDelta::seconds(1));
    let receipt = server.accounts.request_password_reset(first, &origin()).await.unwrap();
    let code = server.code_sent_to(first).await;
    server.accounts.reset_password(&receipt.token, &code, NEXT, Some(NEXT), &origin()).await.unwrap();
    assert_eq!(sign_in(first, PASSWORD).await, Err(Error::BadCredentials));
    let actor = signed_in(&server, first).await;

    server.advance(TimeDelta::seconds(1));
    let sent = match channel {
        Channel::Email => server.accounts.change_email(&actor, second, Expectation::Version(2)).await,
        Channel::Sms => server.accounts.change_phone(&actor, second, Expectation::Version(2)).await,
    };
    assert_eq!(sign_in(first, NEXT).await, Ok(()), "while the new one is pending");
    assert_eq!(sign_in(second, NEXT).await, Err(Error::BadCredentials));
    server.accounts.request_password_reset(first, &origin()).await.unwrap();
    assert!(server.last_message_to(first).await.expires_at.is_some(), "recovery goes on, too");
    let code = server.code_sent_to(second).await;
    let sent = sent.unwrap();
    server
        .accounts
        .confirm_verification(&actor, channel, &sent.receipts[0].token, &code, Expectation::Any)
        .await
        .unwrap();
    assert_eq!(sign_in(second, NEXT).await, Ok(()));
    assert_eq!(sign_in(first, NEXT).await, Err(Error::BadCredentials));
}

async fn signed_in(server: &TestServer, identifier: &str) -> Actor {
    let done = server.accounts.sign_in(identifier, NEXT, Kind::Api, OnArchived::Ask, &origin()).await;
    let Ok(SignIn::Complete(new)) = done else { panic!("not signed in") };
    server.actor(&(*new).into()).await
}

#[tokio::test]
async fn by_email() {
    journey(LoginIdentifier::Email, Channel::Email).await;
}

#[tokio::test]
async fn by_mobile() {
    journey(LoginIdentifier::Mobile, Channel::Sms).await;
}

#[tokio::test]
async fn by_either() {
    for channel in [Channel::Email, Channel::Sms] {
        journey(LoginIdentifier::EmailOrMobile, channel).await;
    }
}

#[tokio::test]
async fn where_either_would_do_the_channel_is_a_wish() {
    let server = TestServer::start_with(|settings| settings.login_identifier = LoginIdentifier::EmailOrMobile).await;
    for (channel, sent) in
        [(None, Channel::Email), (Some(Channel::Email), Channel::Email), (Some(Channel::Sms), Channel::Sms)]
    {
        let sign_up = SignUp {
            email: Some(EMAILS[0].into()),
            phone: Some(PHONES[0].into()),
            name: NameInput::Full("Ada Lovelace".into()),
            password: PASSWORD.into(),
            channel,
            ..SignUp::default()
        };
        assert_eq!(server.accounts.register(sign_up, &origin()).await.unwrap().receipt.channel, sent);
    }
}
