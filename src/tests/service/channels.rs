//! A transport that is not there: nothing that needs it is offered, through any surface.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::LoginIdentifier,
        code::{Channel, Purpose},
        error::Error,
        second_factor::Method,
        session::Kind,
    },
    service::{
        Expectation,
        channels::Channels,
        codes::verification::CodeRecipient,
        management::change::ManagedChange,
        profile::{NameInput, ProfileChange},
        register::SignUp,
    },
};
use serde_json::json;

use crate::harness::{PASSWORD, TestServer, origin};

const EMAIL: &str = "ada@example.com";
const PHONE: &str = "+12015550123";
const OFF: Error = Error::ChannelOff(Channel::Sms);
const ANY: Expectation = Expectation::Any;
const NONE: TimeDelta = TimeDelta::zero();

/// A server that sends mail alone.
async fn server() -> TestServer {
    TestServer::start_with(|settings| {
        settings.login_identifier = LoginIdentifier::EmailOrMobile;
        settings.channels = Channels { email: true, sms: false };
    })
    .await
}

#[tokio::test]
async fn nobody_registers_with_what_gets_no_code() {
    let server = server().await;
    assert_eq!(server.accounts.offered_identifier(), LoginIdentifier::Email);
    let register = async |email: Option<&str>, phone: Option<&str>, channel| {
        server.advance(TimeDelta::seconds(1));
        let sign_up = SignUp {
            email: email.map(str::to_owned),
            phone: phone.map(str::to_owned),
            name: NameInput::Full("Ada Lovelace".into()),
            password: PASSWORD.into(),
            channel,
            ..SignUp::default()
        };
        server.accounts.register(sign_up, &origin()).await.map(|pending| pending.receipt.channel)
    };
    assert_eq!(register(None, Some(PHONE), None).await, Err(OFF));
    assert_eq!(register(Some(EMAIL), Some(PHONE), Some(Channel::Sms)).await, Err(OFF));
    assert_eq!(register(Some(EMAIL), Some(PHONE), None).await, Ok(Channel::Email));
    let phones_alone = TestServer::start_with(|settings| {
        settings.login_identifier = LoginIdentifier::EmailOrMobile;
        settings.channels = Channels { email: false, sms: true };
    })
    .await;
    let sign_up = SignUp {
        email: Some(EMAIL.into()),
        phone: Some(PHONE.into()),
        name: NameInput::Full("Ada Lovelace".into()),
        password: PASSWORD.into(),
        ..SignUp::default()
    };
    let pending = phones_alone.accounts.register(sign_up, &origin()).await.unwrap();
    assert_eq!(pending.receipt.channel, Channel::Sms);
}

#[tokio::test]
async fn a_number_is_kept_but_gets_no_code_and_is_no_factor() {
    let server = server().await;
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    assert_eq!(server.accounts.change_phone(&actor, PHONE, ANY).await.err(), Some(OFF));
    let change = ProfileChange { phone: Some(PHONE.into()), with_primary: true, ..ProfileChange::default() };
    let updated = server.accounts.update_account(&actor, actor.account_id, change, ANY).await.unwrap();
    assert!(updated.receipts.is_empty() && updated.account.phone.is_some() && !updated.account.phone_verified);
    assert_eq!(server.accounts.request_verification(&actor, Channel::Sms).await.err(), Some(OFF));

    let verified = ManagedChange { phone: Some(PHONE.into()), ..ManagedChange::default() };
    let access = server.access().await;
    server.accounts.update_managed(&access, ada.account.id, verified, ANY).await.unwrap();
    server.accounts.enable_two_factor(&actor, None, Expectation::Any).await.unwrap();
    let (half, methods) = server.half_sign_in(EMAIL, Kind::Api).await;
    assert_eq!(methods, [Method::Email]);
    server.advance(TimeDelta::seconds(1));
    let token = server.accounts.second_step_token(&half).unwrap().token;
    let by_phone = server.accounts.resend_code(&token, Some(Channel::Sms), &origin()).await;
    assert_eq!(by_phone.err(), Some(OFF));
    assert_eq!(server.accounts.resend_code(&token, None, &origin()).await.unwrap().channel, Channel::Email);
    // Whether or not somebody has the number.
    for number in [PHONE, "+12015550144"] {
        assert_eq!(server.accounts.request_password_reset(number, &origin()).await.err(), Some(OFF));
        let to = CodeRecipient::new(Channel::Sms, number);
        let started = server.accounts.start_verification(Purpose::Verification, to, NONE, None, &origin()).await;
        assert_eq!(started.err(), Some(OFF));
    }
    let sent = server.accounts.outbox(50).await.unwrap();
    assert!(sent.iter().all(|message| message.channel == Channel::Email), "nothing would carry it");
}

#[tokio::test]
async fn every_door_says_so() {
    let server = server().await;
    let ada = server.sign_up(EMAIL, "Ada Lovelace").await;
    let change = ProfileChange { phone: Some(PHONE.into()), with_primary: true, ..ProfileChange::default() };
    let actor = server.actor(&ada).await;
    server.accounts.update_account(&actor, actor.account_id, change, ANY).await.unwrap();

    let start = "POST /auth-api/verification-services/mobile-verification/start";
    let told = server.call(start).json(&json!({ "mobile": PHONE })).send().await.expect(400);
    assert_eq!(told["message"], "errMsg_SmsIsSwitchedOff");

    let request = "POST /api/v1/profile/request-phone-verification";
    let told = server.call(request).bearer(&ada.access).json(&json!({})).send().await.expect(422);
    assert_eq!(told["data"], json!({ "phoneNumber": "This service sends no text messages" }));

    let made = server.accounts.create_client("Shop", nameplate::domain::client::Scope::All).await.unwrap();
    let resource = server.accounts.resource("https://id.example/api").unwrap();
    let token = server.accounts.issue_management_token(&made.client, &resource, "all").unwrap().access;
    let send = async |body| server.call("POST /api/verification-codes").bearer(&token).json(&body).send().await;
    assert_eq!(send(json!({ "phone": "12015550123" })).await.expect(501)["code"], "connector.not_found");
    assert_eq!(send(json!({ "email": EMAIL })).await.status, 204);
}
