//! Several registrations with one identifier: each is found by what proves it.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        code::{Channel, Purpose},
        error::Error,
        session::Kind,
    },
    service::{
        Expectation,
        codes::verification::CodeRecipient,
        login::{OnArchived, SignIn},
        register::PendingSignUp,
    },
};
use uuid::Uuid;

use crate::harness::{PASSWORD, TestServer, origin, with_both_engines};

with_both_engines!(
    a_code_completes_what_it_was_sent_for,
    an_address_alone_completes_the_only_registration,
    an_address_alone_has_nothing_sent_where_several_wait,
    a_password_finds_its_registration,
    a_strangers_registration_spoils_no_verification,
    a_registration_makes_no_room_for_guesses_at_an_account,
    a_decoy_hides_no_code,
    an_address_alone_verifies_the_only_account_that_waits,
    an_address_alone_has_nothing_sent_where_several_accounts_wait,
    a_late_purge_spares_what_was_begun_since,
);

const ADDRESS: &str = "ada@example.com";
const STRANGERS: &str = "Another-harbour 19 fern";
const NONE: TimeDelta = TimeDelta::zero();

async fn register(server: &TestServer, password: &str) -> PendingSignUp {
    server.advance(TimeDelta::seconds(1));
    server.register(ADDRESS, password).await
}

/// Who is let in with a password, or why nobody is.
async fn sign_in(server: &TestServer, password: &str) -> Result<Uuid, Error> {
    match server.accounts.sign_in(ADDRESS, password, Kind::Api, OnArchived::Ask, &origin()).await? {
        SignIn::Complete(new) => Ok(new.account.id),
        _ => panic!("asked for more"),
    }
}

fn whom(user_id: Option<Uuid>) -> CodeRecipient<'static> {
    CodeRecipient { user_id, ..CodeRecipient::new(Channel::Email, ADDRESS) }
}

async fn complete(server: &TestServer, user_id: Option<Uuid>, code: &str) -> Result<Uuid, Error> {
    let done = server.accounts.complete_verification(whom(user_id), code, None, &origin()).await;
    done.map(|account| account.id)
}

async fn start(server: &TestServer, user_id: Option<Uuid>) {
    server.advance(TimeDelta::seconds(1));
    let to = whom(user_id);
    server.accounts.start_verification(Purpose::Verification, to, NONE, None, &origin()).await.unwrap();
}

async fn a_code_completes_what_it_was_sent_for(server: TestServer) {
    let own = register(&server, PASSWORD).await;
    let code = server.code_sent_to(ADDRESS).await;
    let stranger = register(&server, STRANGERS).await;
    let crossed = server.accounts.confirm_registration(&stranger.receipt.token, &code, Kind::Api, &origin()).await;
    assert_eq!(crossed.err(), Some(Error::CodeWrong { tries_left: 4 }));
    let done = server.accounts.confirm_registration(&own.receipt.token, &code, Kind::Api, &origin()).await.unwrap();
    let SignIn::Complete(new) = done else { panic!("not signed in") };
    assert_eq!(new.account.id, own.registration.account_id);
    assert_eq!(sign_in(&server, PASSWORD).await, Ok(new.account.id));
    assert_eq!(sign_in(&server, STRANGERS).await, Err(Error::BadCredentials), "it went with the first");
}

async fn an_address_alone_completes_the_only_registration(server: TestServer) {
    let own = register(&server, PASSWORD).await.registration.account_id;
    let (code, stranger) = (server.code_sent_to(ADDRESS).await, register(&server, STRANGERS).await);
    let strangers = server.code_sent_to(ADDRESS).await;
    let stranger = stranger.registration.account_id;
    assert_eq!(complete(&server, None, &strangers).await, Err(Error::CodeWrong { tries_left: 4 }), "as any other");
    assert_eq!(complete(&server, None, &code).await, Err(Error::CodeWrong { tries_left: 3 }));
    assert_eq!(complete(&server, Some(stranger), &code).await, Err(Error::CodeWrong { tries_left: 2 }));
    assert_eq!(complete(&server, Some(own), &strangers).await, Err(Error::CodeWrong { tries_left: 4 }));
    assert_eq!(complete(&server, Some(Uuid::nil()), &code).await, Err(Error::CodeNotFound));
    assert_eq!(complete(&server, Some(own), &code).await, Ok(own));
    assert_eq!(sign_in(&server, PASSWORD).await, Ok(own));
}

async fn an_address_alone_has_nothing_sent_where_several_wait(server: TestServer) {
    let own = register(&server, PASSWORD).await.registration.account_id;
    start(&server, None).await;
    assert_eq!(server.messages_to(ADDRESS).await.len(), 2);
    register(&server, STRANGERS).await;
    start(&server, None).await;
    assert_eq!(server.messages_to(ADDRESS).await.len(), 3, "whose?");
    start(&server, Some(own)).await;
    assert_eq!(server.messages_to(ADDRESS).await.len(), 4);
    let code = server.code_sent_to(ADDRESS).await;
    assert_eq!(complete(&server, Some(own), &code).await, Ok(own));
}

async fn a_password_finds_its_registration(server: TestServer) {
    let own = register(&server, PASSWORD).await.registration.account_id;
    let pending = |id| Err(Error::RegistrationPending { id, channel: Channel::Email });
    for number in 0..4 {
        let stranger = register(&server, &format!("{STRANGERS} {number}")).await.registration.account_id;
        assert_eq!(sign_in(&server, &format!("{STRANGERS} {number}")).await, pending(stranger));
    }
    assert_eq!(sign_in(&server, PASSWORD).await, pending(own));
    server.advance(TimeDelta::minutes(10));
    let receipt = server.accounts.send_pending_code(own, &origin()).await.unwrap();
    let code = server.code_sent_to(ADDRESS).await;
    register(&server, &format!("{STRANGERS} 5")).await;
    assert_eq!(sign_in(&server, PASSWORD).await, Err(Error::BadCredentials), "the newest five are looked at");
    server.accounts.confirm_registration(&receipt.token, &code, Kind::Api, &origin()).await.map(drop).unwrap();
    assert_eq!(sign_in(&server, PASSWORD).await, Ok(own));
}

async fn a_strangers_registration_spoils_no_verification(server: TestServer) {
    let ada = server.sign_up(ADDRESS, "Ada Lovelace").await.account.id;
    server.unverify(ada).await;
    start(&server, None).await;
    register(&server, STRANGERS).await;
    let strangers = server.code_sent_to(ADDRESS).await;
    assert_eq!(complete(&server, None, &strangers).await, Err(Error::CodeWrong { tries_left: 4 }));
    // Asking for another code sends none, and does not hide that somebody waits for one.
    let sent = server.messages_to(ADDRESS).await.len();
    start(&server, None).await;
    assert_eq!(server.messages_to(ADDRESS).await.len(), sent);
    assert_eq!(complete(&server, None, &strangers).await, Err(Error::CodeWrong { tries_left: 3 }));
    start(&server, Some(ada)).await;
    let code = server.code_sent_to(ADDRESS).await;
    assert_eq!(complete(&server, Some(ada), &strangers).await, Err(Error::CodeWrong { tries_left: 4 }));
    assert_eq!(complete(&server, Some(Uuid::nil()), &code).await, Err(Error::CodeWrong { tries_left: 3 }));
    assert_eq!(complete(&server, Some(ada), &code).await, Ok(ada));
}

async fn a_registration_makes_no_room_for_guesses_at_an_account(server: TestServer) {
    server.sign_up(ADDRESS, "Ada Lovelace").await;
    register(&server, STRANGERS).await;
    for _ in 0..4 {
        assert_eq!(sign_in(&server, "a guess").await, Err(Error::BadCredentials));
    }
    assert!(matches!(sign_in(&server, STRANGERS).await, Err(Error::RegistrationPending { .. })));
    assert_eq!(sign_in(&server, "a guess").await, Err(Error::BadCredentials));
    assert!(matches!(sign_in(&server, "a guess").await, Err(Error::Throttled { .. })), "the sixth");
}

/// Anybody can ask for a code with an id that nobody has: nothing is sent, and what was sent stays good.
async fn a_decoy_hides_no_code(server: TestServer) {
    let ada = server.sign_up("ada@work.example", "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    server.accounts.change_email(&actor, ADDRESS, Expectation::Any).await.unwrap();
    let code = server.code_sent_to(ADDRESS).await;
    server.advance(TimeDelta::seconds(1));
    let nobody = whom(Some(Uuid::max()));
    server.accounts.start_verification(Purpose::Verification, nobody, NONE, None, &origin()).await.unwrap();
    assert_eq!(server.code_sent_to(ADDRESS).await, code, "nothing was sent");
    assert_eq!(complete(&server, None, &code).await, Ok(actor.account_id));
}

/// Whoever has the address reads what is sent there for every account that it was written to.
async fn an_address_alone_verifies_the_only_account_that_waits(server: TestServer) {
    let mut codes = Vec::new();
    for name in ["ada@work.example", "eve@example.org"] {
        let person = server.sign_up(name, name).await;
        let actor = server.actor(&person).await;
        server.advance(TimeDelta::seconds(1));
        server.accounts.change_email(&actor, ADDRESS, Expectation::Any).await.unwrap();
        codes.push((actor, server.code_sent_to(ADDRESS).await));
    }
    let [(ada, own), (eve, foreign)] = <[_; 2]>::try_from(codes).unwrap();
    assert_eq!(complete(&server, None, &foreign).await, Err(Error::CodeWrong { tries_left: 4 }));
    assert_eq!(complete(&server, None, &own).await, Err(Error::CodeWrong { tries_left: 3 }));
    assert_eq!(complete(&server, Some(ada.account_id), &foreign).await, Err(Error::CodeWrong { tries_left: 4 }));
    // Once one of them waits no longer, the other is the only one.
    server.accounts.cancel_change(&eve, Channel::Email, Expectation::Any).await.unwrap();
    assert_eq!(complete(&server, None, &foreign).await, Err(Error::CodeWrong { tries_left: 3 }));
    assert_eq!(complete(&server, None, &own).await, Ok(ada.account_id));
}

/// One has the address in force without having proved it, another waits for a code there.
async fn an_address_alone_has_nothing_sent_where_several_accounts_wait(server: TestServer) {
    let bob = server.sign_up(ADDRESS, "Bob").await.account.id;
    server.unverify(bob).await;
    let ada = server.sign_up("ada@work.example", "Ada Lovelace").await;
    let ada = server.actor(&ada).await;
    server.accounts.change_email(&ada, ADDRESS, Expectation::Any).await.unwrap();
    let (own, sent) = (server.code_sent_to(ADDRESS).await, server.messages_to(ADDRESS).await.len());
    start(&server, None).await;
    assert_eq!(server.messages_to(ADDRESS).await.len(), sent, "whose?");
    start(&server, Some(bob)).await;
    let foreign = server.code_sent_to(ADDRESS).await;
    for code in [&own, &foreign] {
        assert!(matches!(complete(&server, None, code).await, Err(Error::CodeWrong { .. })));
    }
    assert_eq!(complete(&server, Some(ada.account_id), &own).await, Ok(ada.account_id));
}

/// The day of an archived account has come, but not its deletion. Who registers anew with its address is somebody else.
async fn a_late_purge_spares_what_was_begun_since(server: TestServer) {
    let ada = server.sign_up(ADDRESS, "Ada Lovelace").await;
    let actor = server.actor(&ada).await;
    server.accounts.archive(&actor, actor.account_id, None, Expectation::Any).await.unwrap();
    let purge_at = server.accounts.find_for_operator(ADDRESS).await.unwrap().purge_at.unwrap();
    server.advance(purge_at - server.now() - TimeDelta::seconds(2));
    let early = register(&server, STRANGERS).await;
    server.advance(TimeDelta::hours(1));
    let own = register(&server, PASSWORD).await;
    assert_eq!(server.accounts.purge().await.unwrap().done, [ada.account.id]);
    assert_eq!(server.messages_to(ADDRESS).await.len(), 1, "of what was before nothing is left");
    let gone = server.accounts.confirm_registration(&early.receipt.token, "000000", Kind::Api, &origin()).await;
    assert_eq!(gone.err(), Some(Error::CodeNotFound));
    let code = server.code_sent_to(ADDRESS).await;
    let done = server.accounts.confirm_registration(&own.receipt.token, &code, Kind::Api, &origin()).await.unwrap();
    assert!(matches!(done, SignIn::Complete(new) if new.account.id == own.registration.account_id));
}
