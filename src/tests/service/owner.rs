//! Whose an address or number is: whoever proved it.

use nameplate::{
    domain::{
        account::{Account, LoginIdentifier, Role},
        activity::Kind as Event,
        code::Channel,
        error::{Error, Field},
        session::Kind,
    },
    service::{
        Expectation, Settings,
        login::{OnArchived, SignIn},
        management::change::ManagedChange,
        operator::NewAccount,
        profile::NameInput,
        register::SignUp,
    },
};

use crate::harness::{PASSWORD, TestServer, origin};

const ANY: Expectation = Expectation::Any;
const NEXT: &str = "Another-harbour 19 fern";
const BOB: &str = "bob@example.com";
const ALICES: &str = "+12015550123";
const PHONE: &str = "+12015550144";

/// A server on each engine, where either identifier would do.
async fn servers() -> [TestServer; 2] {
    let either = |settings: &mut Settings| settings.login_identifier = LoginIdentifier::EmailOrMobile;
    [TestServer::start_with(either).await, TestServer::start_on_postgres_with(either).await]
}

/// Registers by one identifier, and types another one besides.
async fn join(server: &TestServer, proved: &str, typed: &str, password: &str) -> Account {
    server.advance(chrono::TimeDelta::seconds(1));
    let (email, phone) = if proved.contains('@') { (proved, typed) } else { (typed, proved) };
    let given = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    let sign_up = SignUp {
        email: given(email),
        phone: given(phone),
        name: NameInput::Full("Ada Lovelace".into()),
        password: password.into(),
        channel: Some(if proved.contains('@') { Channel::Email } else { Channel::Sms }),
        ..SignUp::default()
    };
    let pending = server.accounts.register(sign_up, &origin()).await.unwrap();
    let code = server.code_sent_to(proved).await;
    let done = server.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Api, &origin()).await;
    match done.unwrap() {
        SignIn::Complete(new) => new.account,
        _ => panic!("asked for more"),
    }
}

async fn now(server: &TestServer, account: &Account) -> Account {
    server.accounts.find_for_operator(&account.id.to_string()).await.unwrap()
}

/// All that was written to a recipient.
async fn told(server: &TestServer, recipient: &str) -> String {
    let messages = server.messages_to(recipient).await.into_iter();
    messages.map(|message| format!("{} {}\n", message.subject, message.body_text)).collect()
}

#[tokio::test]
async fn an_address_that_somebody_typed_is_still_its_owners() {
    for archived in [false, true] {
        for server in servers().await {
            let alice = join(&server, ALICES, BOB, PASSWORD).await;
            assert_eq!((alice.email.is_some(), alice.email_verified), (true, false));
            if archived {
                let actor = server.actor(&server.sign_in(ALICES).await).await;
                server.accounts.archive(&actor, alice.id, None, ANY).await.unwrap();
                assert!(told(&server, ALICES).await.contains("archived"));
            }
            assert!(server.messages_to(BOB).await.is_empty(), "what is not proved hears nothing");

            let bob = join(&server, BOB, "", NEXT).await;
            assert_ne!(bob.id, alice.id);
            assert_eq!((bob.email_verified, bob.phone), (true, None));
            let alice = now(&server, &alice).await;
            assert_eq!((alice.email, alice.archived_at.is_some()), (None, archived));
            assert!(told(&server, ALICES).await.contains(alice.username.as_str()));
            assert!(!told(&server, BOB).await.contains(alice.username.as_str()), "that is for her alone");
            assert_eq!(server.activity_of(ALICES).await[0], "email-removed");
            assert_eq!(server.sign_in(ALICES).await.account.id, alice.id);
            let by_hers = server.accounts.sign_in(BOB, PASSWORD, Kind::Api, OnArchived::Restore, &origin()).await;
            assert_eq!(by_hers.err(), Some(Error::BadCredentials));
        }
    }
}

#[tokio::test]
async fn a_number_that_somebody_wrote_is_still_its_owners() {
    for server in servers().await {
        let alice = server.sign_up("alice@example.com", "Alice Adams").await;
        let by_alice = server.actor(&alice).await;
        server.accounts.change_phone(&by_alice, PHONE, ANY).await.unwrap();
        let bob = server.sign_up(BOB, "Bob Baker").await;
        let by_bob = server.actor(&bob).await;
        server.advance(chrono::TimeDelta::seconds(1));
        let updated = server.accounts.change_phone(&by_bob, PHONE, ANY).await.unwrap();
        assert_eq!((updated.account.phone, updated.account.phone_verified), (None, false));
        assert_eq!(updated.account.pending_phone.unwrap().as_str(), PHONE);
        let code = server.code_sent_to(PHONE).await;
        let token = &updated.receipts[0].token;
        let bob =
            server.accounts.confirm_verification(&by_bob, Channel::Sms, token, &code, Expectation::Any).await.unwrap();
        assert_eq!((bob.phone.unwrap().as_str(), bob.phone_verified, bob.pending_phone), (PHONE, true, None));
        assert_eq!(now(&server, &alice.account).await.phone, None);
        let told = told(&server, "alice@example.com").await;
        assert!(told.contains(alice.account.username.as_str()), "{told}");

        // What was proved stays.
        let taken = server.accounts.change_phone(&by_alice, PHONE, ANY).await;
        assert_eq!(taken.err(), Some(Error::Taken(Field::Phone)));
        server.advance(chrono::TimeDelta::seconds(1));
        server.accounts.request_password_reset(PHONE, &origin()).await.unwrap();
        assert!(server.last_message_to(PHONE).await.expires_at.is_some(), "a code");
    }
}

#[tokio::test]
async fn a_second_value_that_somebody_has_looks_like_any_other() {
    for proved in [false, true] {
        for server in servers().await {
            let alice = if proved {
                join(&server, PHONE, "", PASSWORD).await
            } else {
                join(&server, "alice@example.com", PHONE, PASSWORD).await
            };
            let free = join(&server, "carol@example.com", "+12015550155", PASSWORD).await;
            let bob = join(&server, BOB, PHONE, PASSWORD).await;
            for one in [&free, &bob] {
                assert!(one.shown_phone().is_some() && !one.shown_phone_verified() && one.next_phone().is_none());
            }
            assert_eq!(now(&server, &alice).await.phone.unwrap().as_str(), PHONE, "not proved by him");
            let actor = server.actor(&server.sign_in(BOB).await).await;
            server.advance(chrono::TimeDelta::seconds(1));
            let receipt = server.accounts.request_verification(&actor, Channel::Sms).await.unwrap();
            let code = server.code_sent_to(PHONE).await;
            let done = server
                .accounts
                .confirm_verification(&actor, Channel::Sms, &receipt.token, &code, Expectation::Any)
                .await;
            if proved {
                assert_eq!(done.err(), Some(Error::Taken(Field::Phone)));
            } else {
                assert!(done.unwrap().phone_verified);
                assert_eq!(now(&server, &alice).await.phone, None);
            }
        }
    }
}

#[tokio::test]
async fn who_proved_nothing_is_told_and_has_the_username() {
    for server in servers().await {
        let alice = server.sign_up(BOB, "Alice Adams").await.account;
        server.unverify(alice.id).await;
        let bob = join(&server, BOB, "", NEXT).await;
        assert_ne!(bob.id, alice.id);
        assert_eq!(now(&server, &alice).await.email, None);
        let told = told(&server, BOB).await;
        assert!(told.contains(&format!("If {} is yours, sign in", alice.username)), "{told}");
        assert_eq!(server.sign_in(alice.username.as_str()).await.account.id, alice.id);
    }
}

#[tokio::test]
async fn what_services_and_operators_set_counts_as_proved() {
    for server in servers().await {
        let alice = join(&server, ALICES, BOB, PASSWORD).await;
        let bob = server.sign_up("robert@example.com", "Bob Baker").await.account;
        let change = || ManagedChange { email: Some(BOB.into()), ..ManagedChange::default() };
        let access = server.access().await;
        let bob = server.accounts.update_managed(&access, bob.id, change(), ANY).await.unwrap();
        assert_eq!((bob.email.unwrap().as_str(), bob.email_verified), (BOB, true));
        assert_eq!(now(&server, &alice).await.email, None);
        let taken = server.accounts.create_managed(&access, change(), None).await;
        assert_eq!(taken.err(), Some(Error::Taken(Field::Email)));

        let other = join(&server, PHONE, "carol@example.com", PASSWORD).await;
        let new = NewAccount {
            email: Some("carol@example.com".into()),
            phone: None,
            name: NameInput::Full("Carol Cook".into()),
            password: PASSWORD.into(),
            role: Role::User,
        };
        let carol = server.accounts.create_for_operator(new).await.unwrap();
        assert!(carol.email_verified);
        assert_eq!(now(&server, &other).await.email, None);
    }
}

#[tokio::test]
async fn what_is_not_proved_names_nobody_to_an_operator_who_changes_something() {
    for server in servers().await {
        let alice = join(&server, ALICES, BOB, PASSWORD).await;
        assert_eq!(server.accounts.find_for_operator(BOB).await.unwrap().id, alice.id, "it may be looked at");
        assert_eq!(server.accounts.set_role_for_operator(BOB, Role::Admin).await.err(), Some(Error::NotFound));
        assert_eq!(server.accounts.unlock_for_operator(BOB).await.err(), Some(Error::NotFound));
        assert_eq!(server.accounts.reset_password_for_operator(BOB, NEXT).await.err(), Some(Error::NotFound));
        for name in [ALICES, alice.username.as_str(), &alice.id.to_string()] {
            assert_eq!(server.accounts.set_role_for_operator(name, Role::Admin).await.unwrap().id, alice.id);
        }
    }
}

#[tokio::test]
async fn deleting_an_account_takes_nothing_from_who_may_own_what_it_never_proved() {
    for server in servers().await {
        let alice = join(&server, ALICES, BOB, PASSWORD).await;
        let sign_up = SignUp {
            email: Some(BOB.into()),
            name: NameInput::Full("Bob Baker".into()),
            password: NEXT.into(),
            ..SignUp::default()
        };
        let pending = server.accounts.register(sign_up, &origin()).await.unwrap();
        let code = server.code_sent_to(BOB).await;
        server.accounts.delete_managed(&server.access().await, alice.id).await.unwrap();
        assert_eq!(server.messages_to(BOB).await.len(), 1);
        let done = server.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Api, &origin()).await;
        assert!(matches!(done, Ok(SignIn::Complete(_))));
    }
}

/// A primary identifier signs in before it is verified, with the password of the account that has it; and tells that account
/// nothing of its owner.
#[tokio::test]
async fn an_address_that_nobody_proved_signs_in_until_somebody_does() {
    for server in servers().await {
        let alice = join(&server, ALICES, BOB, PASSWORD).await;
        assert_eq!(server.sign_in(BOB).await.account.id, alice.id);
        for (identifier, known) in [(BOB, false), (ALICES, true)] {
            let wrong = server.accounts.sign_in(identifier, NEXT, Kind::Api, OnArchived::Restore, &origin()).await;
            assert_eq!(wrong.err(), Some(Error::BadCredentials));
            let mut tx = server.store().read().await.unwrap();
            let failed = tx.activity_of(alice.id, &[Event::SignInFailed], None, 1).await.unwrap().remove(0);
            let told = [failed.device.contains("Firefox"), !failed.address.is_empty()];
            assert_eq!(told, [known; 2], "{identifier}");
        }
        join(&server, BOB, "", NEXT).await;
        let hers = server.accounts.sign_in(BOB, PASSWORD, Kind::Api, OnArchived::Restore, &origin()).await;
        assert_eq!(hers.err(), Some(Error::BadCredentials));
    }
}
