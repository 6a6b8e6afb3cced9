//! Changing the e-mail address and the phone.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::{Account, LoginIdentifier},
        code::Channel,
        error::{Error, Field, Reason},
        session::{Actor, Kind},
    },
    service::{
        Expectation,
        codes::verification::CodeRecipient,
        login::OnArchived,
        profile::{ProfileChange, Updated},
    },
};

use crate::harness::{PASSWORD, Person, TestServer, origin};

const OLD: &str = "ada@example.com";
const NEW: &str = "Ada.New@example.org";

async fn ada(server: &TestServer) -> (Person, Actor) {
    let ada = server.sign_up(OLD, "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    server.advance(TimeDelta::seconds(1));
    (ada, actor)
}

async fn request(server: &TestServer, actor: &Actor, email: &str) -> Result<Updated, Error> {
    server.advance(TimeDelta::seconds(1));
    server.accounts.change_email(actor, email, Expectation::Any).await
}

async fn confirm(server: &TestServer, actor: &Actor, token: &str, code: &str) -> Result<i64, Error> {
    server.advance(TimeDelta::seconds(1));
    let confirmed = server.accounts.confirm_verification(actor, Channel::Email, token, code, Expectation::Any).await;
    confirmed.map(|account| account.record_version)
}

async fn signs_in(server: &TestServer, identifier: &str) -> bool {
    server.accounts.sign_in(identifier, PASSWORD, Kind::Api, OnArchived::Ask, &origin()).await.is_ok()
}

#[tokio::test]
async fn a_verified_address_works_until_the_new_one_is_confirmed() {
    let server = TestServer::start().await;
    let (person, actor) = ada(&server).await;
    let Updated { account, receipts, signed_out } = request(&server, &actor, NEW).await.unwrap();
    assert_eq!(
        (account.email.as_ref().map(|own| own.as_str()), account.shown_email().map(|e| e.as_str())),
        (Some(OLD), Some(NEW))
    );
    assert!(account.email_verified && !account.shown_email_verified() && !signed_out);
    assert_eq!((account.record_version, receipts.len()), (2, 1));
    assert_eq!((receipts[0].channel, receipts[0].masked.as_str()), (Channel::Email, "Ad***@example.org"));
    assert!(signs_in(&server, OLD).await && !signs_in(&server, NEW).await);
    let told = server.last_message_to(OLD).await;
    assert!(told.body_text.contains("Ad***@example.org") && told.body_text.contains("/undo?token="), "at once");

    let code = server.code_sent_to(NEW).await;
    assert_eq!(confirm(&server, &actor, &receipts[0].token, &code).await, Ok(3));
    assert!(signs_in(&server, "ada.new@EXAMPLE.org").await && !signs_in(&server, OLD).await);
    assert!(server.is_signed_in(&person).await, "sessions go on");
    let account = server.accounts.find_for_operator(NEW).await.unwrap();
    assert!(account.email_verified && account.pending_email.is_none());
    assert!(server.last_message_to(OLD).await.subject.contains("was changed"));
    assert!(server.last_message_to(OLD).await.body_text.contains("/undo?token="));
    let told = server.last_message_to(NEW).await;
    assert!(told.subject.contains("was changed") && !told.body_text.contains("/undo?token="));
    let kinds = server.activity_of(NEW).await;
    for kind in ["email-changed", "email-change-requested"] {
        assert!(kinds.iter().any(|done| done == kind), "{kind} in {kinds:?}");
    }
    assert_eq!(confirm(&server, &actor, &receipts[0].token, &code).await, Err(Error::CodeNotFound), "once");
}

#[tokio::test]
async fn writing_the_old_value_back_or_cancelling_ends_a_change() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    for cancel in [true, false] {
        let sent = request(&server, &actor, NEW).await.unwrap();
        let code = server.code_sent_to(NEW).await;
        server.advance(TimeDelta::seconds(1));
        let account = if cancel {
            server.accounts.cancel_change(&actor, Channel::Email, Expectation::Any).await.unwrap()
        } else {
            request(&server, &actor, OLD).await.unwrap().account
        };
        assert_eq!((account.shown_email().map(|e| e.as_str()), account.shown_email_verified()), (Some(OLD), true));
        let late = confirm(&server, &actor, &sent.receipts[0].token, &code).await;
        assert_eq!(late, Err(Error::CodeNotFound));
        assert_eq!(server.activity_of(OLD).await[0], "email-change-cancelled");
    }
    let version = server.accounts.find_for_operator(OLD).await.unwrap().record_version;
    let again = server.accounts.cancel_change(&actor, Channel::Email, Expectation::Version(version)).await.unwrap();
    assert_eq!(again.record_version, version, "there was nothing to cancel");
    let stale = server.accounts.cancel_change(&actor, Channel::Email, Expectation::Version(1)).await;
    assert_eq!(stale.err(), Some(Error::Stale { current: version }));
}

#[tokio::test]
async fn another_change_takes_the_code_of_the_one_before() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    let first = request(&server, &actor, NEW).await.unwrap();
    let code = server.code_sent_to(NEW).await;
    let second = request(&server, &actor, "third@example.net").await.unwrap();
    assert_eq!(confirm(&server, &actor, &first.receipts[0].token, &code).await, Err(Error::CodeNotFound));
    let crossed = server.code_sent_to(NEW).await;
    let token = &second.receipts[0].token;
    assert!(matches!(confirm(&server, &actor, token, &crossed).await, Err(Error::CodeWrong { .. })));
    let code = server.code_sent_to("third@example.net").await;
    assert!(confirm(&server, &actor, token, &code).await.is_ok());
}

#[tokio::test]
async fn a_code_is_its_owners_for_its_channel_and_is_sent_again_on_request() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    let bob = server.sign_up("bob@example.com", "Bob Baker").await;
    let bob = server.actor(&bob).await;
    assert_eq!(
        server.accounts.request_verification(&actor, Channel::Email).await.err(),
        Some(Error::AlreadyVerified(Channel::Email))
    );
    assert_eq!(
        server.accounts.request_verification(&actor, Channel::Sms).await.err(),
        Some(Error::invalid(Field::Phone, Reason::Required))
    );
    request(&server, &actor, NEW).await.unwrap();
    server.advance(TimeDelta::seconds(1));
    let receipt = server.accounts.request_verification(&actor, Channel::Email).await.unwrap();
    let code = server.code_sent_to(NEW).await;
    assert_eq!(confirm(&server, &bob, &receipt.token, &code).await, Err(Error::CodeNotFound));
    let as_phone =
        server.accounts.confirm_verification(&actor, Channel::Sms, &receipt.token, &code, Expectation::Any).await;
    assert_eq!(as_phone.err(), Some(Error::CodeNotFound));
    assert_eq!(confirm(&server, &actor, &receipt.token, &code).await, Ok(3));
}

#[tokio::test]
async fn a_stranger_cannot_spoil_a_pending_change() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    request(&server, &actor, NEW).await.unwrap();
    let code = server.code_sent_to(NEW).await;
    server.advance(TimeDelta::minutes(2));
    let (purpose, spacing) = (nameplate::domain::code::Purpose::Verification, TimeDelta::zero());
    server
        .accounts
        .start_verification(purpose, CodeRecipient::new(Channel::Email, NEW), spacing, None, &origin())
        .await
        .unwrap();
    let confirmed = server
        .accounts
        .complete_verification(CodeRecipient::new(Channel::Email, NEW), &code, Some(&actor), &origin())
        .await;
    assert!(confirmed.unwrap().email_verified);
}

#[tokio::test]
async fn ten_taken_identifiers_an_hour_can_be_found() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    server.sign_up("bob@example.com", "Bob Baker").await;
    for _ in 0..10 {
        assert_eq!(request(&server, &actor, "Bob@Example.com").await.err(), Some(Error::Taken(Field::Email)));
    }
    for email in ["bob@example.com", NEW] {
        let throttled = request(&server, &actor, email).await;
        assert!(matches!(throttled, Err(Error::Throttled { .. })), "a free one would tell as well");
    }
    assert_eq!(request(&server, &actor, OLD).await.unwrap().account.record_version, 1, "its own is none");
    server.advance(TimeDelta::hours(1));
    assert!(request(&server, &actor, NEW).await.is_ok());
}

#[tokio::test]
async fn the_primary_identifier_can_be_changed_but_not_removed() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    assert_eq!(request(&server, &actor, " ").await.err(), Some(Error::invalid(Field::Email, Reason::Required)));
    assert_eq!(request(&server, &actor, "nonsense").await.err(), Some(Error::invalid(Field::Email, Reason::Malformed)));
    let from_the_profile = ProfileChange { email: Some(NEW.into()), ..Default::default() };
    let refused = server.accounts.update_profile(&actor, actor.account_id, from_the_profile, Expectation::Any).await;
    assert_eq!(refused.err(), Some(Error::invalid(Field::Email, Reason::NotSettable)));
    let stale = server.accounts.change_email(&actor, NEW, Expectation::Matches(9)).await;
    assert_eq!(stale.err(), Some(Error::PreconditionFailed { current: 1 }));
}

#[tokio::test]
async fn a_phone_is_added_changed_and_removed() {
    let server = TestServer::start().await;
    let (_, actor) = ada(&server).await;
    let (first, second) = ("+12015550123", "+12015550144");
    let write = async |phone: &str| {
        server.advance(TimeDelta::seconds(1));
        server.accounts.change_phone(&actor, phone, Expectation::Any).await.unwrap()
    };
    let confirm = async |receipt: &str, phone: &str| {
        server.advance(TimeDelta::seconds(1));
        let code = server.code_sent_to(phone).await;
        server.accounts.confirm_verification(&actor, Channel::Sms, receipt, &code, Expectation::Any).await.unwrap()
    };
    let added = write("(201) 555-0123").await;
    assert!(!added.account.phone_verified && added.account.pending_phone.is_none());
    assert!(confirm(&added.receipts[0].token, first).await.phone_verified);
    assert!(server.last_message_to(OLD).await.subject.contains("phone"), "the mail address hears of it");
    let pending = write(second).await;
    assert_eq!(pending.account.phone.as_ref().map(|own| own.as_str()), Some(first));
    assert!(server.last_message_to(first).await.body_text.contains("/undo?token="));
    let changed = confirm(&pending.receipts[0].token, second).await;
    assert_eq!((changed.phone.as_ref().map(|own| own.as_str()), changed.phone_verified), (Some(second), true));
    let removed = write("").await;
    assert_eq!((removed.account.phone, removed.receipts.len()), (None, 0));
    assert!(server.last_message_to(second).await.body_text.contains("/undo?token="));
    assert_eq!(server.activity_of(OLD).await[0], "phone-removed");
    let undone = server.accounts.undo(&server.undo_link_to(second).await, &origin()).await.unwrap();
    assert_eq!((undone.phone.as_ref().map(|own| own.as_str()), undone.phone_verified), (Some(second), true));
}

#[tokio::test]
async fn pending_values_count_as_unverified_in_the_strength() {
    let server = TestServer::start().await;
    let (ada, actor) = ada(&server).await;
    let strength = |account: &Account| server.accounts.strength(account);
    assert_eq!((strength(&ada.account).score, strength(&ada.account).level.as_str()), (40, "WEAK"));
    let pending = request(&server, &actor, NEW).await.unwrap().account;
    let weaker = strength(&pending);
    assert_eq!(
        (weaker.score, weaker.level.description()),
        (15, "Your account security is poor and needs immediate attention")
    );
    let missing: Vec<_> = weaker.recommendations.iter().map(|item| (item.to_string(), item.points())).collect();
    assert_eq!(missing[0], ("Verify your email address".to_owned(), 25));
    assert_eq!(missing.iter().map(|(_, points)| points).sum::<u8>(), 85);
    server.advance(TimeDelta::days(185));
    assert_eq!(strength(&ada.account).score, 25, "the password is old");
}

async fn two_confirm_one_address(server: TestServer) {
    let mut waiting = Vec::new();
    for email in ["ada@example.com", "bob@example.com"] {
        let person = server.sign_up(email, "Ada Baker").await;
        let actor = server.actor(&person).await;
        let sent = request(&server, &actor, NEW).await.unwrap();
        let code = server.code_sent_to(NEW).await;
        waiting.push((actor, sent.receipts[0].token.clone(), code));
    }
    let confirming = waiting.into_iter().map(|(actor, token, code)| {
        let accounts = server.accounts.clone();
        tokio::spawn(async move {
            accounts.confirm_verification(&actor, Channel::Email, &token, &code, Expectation::Any).await
        })
    });
    let done = futures::future::join_all(confirming.collect::<Vec<_>>()).await;
    let mut errors: Vec<_> = done.into_iter().map(|one| one.unwrap().err()).collect();
    errors.sort_by_key(Option::is_some);
    assert_eq!(errors, [None, Some(Error::Taken(Field::Email))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_two_gets_an_address_on_sqlite() {
    two_confirm_one_address(TestServer::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_two_gets_an_address_on_postgres() {
    two_confirm_one_address(TestServer::start_on_postgres().await).await;
}

#[tokio::test]
async fn either_identifier_stands_in_for_the_other_where_both_sign_in() {
    let server = TestServer::start_with(|settings| settings.login_identifier = LoginIdentifier::EmailOrMobile).await;
    let (_, actor) = ada(&server).await;
    let required = Some(Error::invalid(Field::Email, Reason::Required));
    assert_eq!(request(&server, &actor, "").await.err(), required);
    let added = server.accounts.change_phone(&actor, "+12015550123", Expectation::Any).await.unwrap();
    assert_eq!(request(&server, &actor, "").await.err(), required, "not verified yet");
    let code = server.code_sent_to("+12015550123").await;
    server
        .accounts
        .confirm_verification(&actor, Channel::Sms, &added.receipts[0].token, &code, Expectation::Any)
        .await
        .unwrap();
    assert_eq!(request(&server, &actor, "").await.unwrap().account.email, None);
    assert!(signs_in(&server, "(201) 555-0123").await && !signs_in(&server, OLD).await);
}
