//! Usernames: choosing another, and the old one.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        error::{Error, Field, Reason},
        session::{Actor, Kind},
        username::Checks,
    },
    service::{
        Expectation,
        login::{OnArchived, SignIn},
        management::change::ManagedChange,
        profile::{NameInput, ProfileChange},
        register::SignUp,
        username::UsernameLookup,
    },
};

use crate::harness::{PASSWORD, Person, TestServer, origin, with_both_engines};

with_both_engines!(five_old_names_are_kept_at_once);

async fn person(server: &TestServer, email: &str) -> (Person, Actor) {
    let person = server.sign_up(email, "Ada Lovelace").await;
    let actor = server.actor(&person).await;
    server.advance(TimeDelta::seconds(1));
    (person, actor)
}

async fn rename(server: &TestServer, actor: &Actor, username: &str) -> Result<String, Error> {
    let renamed = server.accounts.change_username(actor, username, Expectation::Any).await;
    renamed.map(|account| account.username.to_string())
}

#[tokio::test]
async fn a_change_signs_out_every_session_and_is_told() {
    let server = TestServer::start().await;
    let (ada, actor) = person(&server, "ada@example.com").await;
    let other = server.sign_in("ada@example.com").await;
    server.advance(TimeDelta::seconds(1));
    assert_eq!(rename(&server, &actor, "Ada_L").await.as_deref(), Ok("Ada_L"));
    assert!(!server.is_signed_in(&ada).await && !server.is_signed_in(&other).await);
    assert_eq!(server.accounts.refresh(&other.refresh, &origin()).await.err(), Some(Error::Unauthenticated));
    let told = server.last_message_to("ada@example.com").await;
    assert!(told.subject.contains("username") && told.body_text.contains("Ada_L"));
    let kinds = server.activity_of("ada@example.com").await;
    assert_eq!(kinds[0], "username-changed");
    assert_eq!(server.sign_in("ada_l").await.account.record_version, 2);
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let server = TestServer::start().await;
    let (ada, actor) = person(&server, "ada@example.com").await;
    let (bob, _) = person(&server, "bob@example.com").await;
    for (wanted, error) in [
        (bob.account.username.as_str().to_uppercase().as_str(), Error::Taken(Field::Username)),
        ("admin", Error::invalid(Field::Username, Reason::Reserved)),
        ("1ada", Error::invalid(Field::Username, Reason::UsernameForm)),
        ("", Error::invalid(Field::Username, Reason::Required)),
    ] {
        assert_eq!(rename(&server, &actor, wanted).await, Err(error), "{wanted}");
    }
    let stale = server.accounts.change_username(&actor, "ada_l", Expectation::Version(7)).await;
    assert_eq!(stale.err(), Some(Error::Stale { current: 1 }));
    let own = ada.account.username.to_string();
    assert_eq!(rename(&server, &actor, &own).await, Ok(own), "its own name is no change");
    assert!(server.is_signed_in(&ada).await);
}

#[tokio::test]
async fn an_old_name_is_kept_for_thirty_days_and_leads_to_the_new_one() {
    let server = TestServer::start().await;
    let (ada, actor) = person(&server, "ada@example.com").await;
    let (_, bob) = person(&server, "bob@example.com").await;
    let old = ada.account.username.to_string();
    rename(&server, &actor, "first").await.unwrap();
    let found = server.accounts.find_by_username(&old.to_uppercase()).await.unwrap();
    assert!(matches!(found, UsernameLookup::Renamed(to) if to.as_str() == "first"));
    assert_eq!(rename(&server, &bob, &old).await, Err(Error::Taken(Field::Username)));
    let sign_up = SignUp {
        email: Some("eve@example.com".into()),
        username: Some(old.clone()),
        name: NameInput::Full("Eve".into()),
        password: PASSWORD.into(),
        ..Default::default()
    };
    let registered = server.accounts.register(sign_up, &origin()).await;
    assert_eq!(registered.err(), Some(Error::Taken(Field::Username)));
    assert!(!server.accounts.check_username(None, &old).await.unwrap().not_taken);

    // Its owner may take it back; then the other one is kept.
    let ada = server.sign_in("ada@example.com").await;
    let actor = server.actor(&ada).await;
    assert!(server.accounts.check_username(Some(&actor), &old).await.unwrap().available());
    rename(&server, &actor, &old).await.unwrap();
    assert!(matches!(server.accounts.find_by_username(&old).await, Ok(UsernameLookup::Present(_))));
    assert!(matches!(server.accounts.find_by_username("first").await, Ok(UsernameLookup::Renamed(_))));
    server.advance(TimeDelta::days(30));
    assert_eq!(server.accounts.find_by_username("first").await.err(), Some(Error::NotFound));
    server.accounts.sweep().await.unwrap();
    let bob = server.sign_in("bob@example.com").await;
    assert!(rename(&server, &server.actor(&bob).await, "first").await.is_ok());
}

async fn five_old_names_are_kept_at_once(server: TestServer) {
    let rename = async |username: &str| {
        let person = server.sign_in("ada@example.com").await;
        rename(&server, &server.actor(&person).await, username).await.map(drop)
    };
    let (ada, _) = person(&server, "ada@example.com").await;
    let first = ada.account.username.to_string();
    let kept_until = server.now() + TimeDelta::days(30);
    for number in 1..=5 {
        assert_eq!(rename(&format!("name-{number}")).await, Ok(()));
        server.advance(TimeDelta::days(1));
    }
    let wait = (kept_until - server.now()).to_std().unwrap();
    let before = server.accounts.find_for_operator("name-5").await.unwrap();
    for _ in 0..2 {
        assert_eq!(rename("name-6").await, Err(Error::TooManyRenames { retry_after: wait }));
    }
    let after = server.accounts.find_for_operator("name-5").await.unwrap();
    assert_eq!(after.record_version, before.record_version);
    assert_eq!(rename("NAME-5").await, Ok(()), "it is the same name");
    assert_eq!(rename(&first).await, Ok(()), "one of its own is given up for another");
    assert!(matches!(rename("name-6").await, Err(Error::TooManyRenames { .. })));
    server.advance(TimeDelta::days(26));
    assert_eq!(rename("name-6").await, Ok(()), "one is free again");

    let access = server.access().await;
    let change = ManagedChange { username: Some("name-7".into()), ..ManagedChange::default() };
    let by_service = server.accounts.update_managed(&access, ada.account.id, change, Expectation::Any).await;
    assert!(matches!(by_service, Err(Error::TooManyRenames { .. })), "it is no way round");
}

#[tokio::test]
async fn nobody_is_found_behind_the_old_name_of_a_hidden_account() {
    let server = TestServer::start().await;
    let (ada, actor) = person(&server, "ada@example.com").await;
    let old = ada.account.username.to_string();
    rename(&server, &actor, "first").await.unwrap();
    server.lock(actor.account_id).await;
    for name in [old.as_str(), "first", "nobody", "not a name"] {
        assert_eq!(server.accounts.find_by_username(name).await.err(), Some(Error::NotFound), "{name}");
    }
}

#[tokio::test]
async fn availability_says_why_and_suggests_five() {
    let server = TestServer::start().await;
    let (_, actor) = person(&server, "ada@example.com").await;
    let (_, bob) = person(&server, "bob@example.com").await;
    rename(&server, &actor, "johnsmith").await.unwrap();
    rename(&server, &bob, "JohnSmith1").await.unwrap();
    let check = async |name| server.accounts.check_username(None, name).await.unwrap();
    let taken = check("JOHNSMITH").await;
    assert!(!taken.available() && taken.checks.passed() && !taken.not_taken);
    let suggested: Vec<_> = taken.suggestions.iter().map(|name| name.as_str()).collect();
    assert_eq!(suggested, ["JOHNSMITH2", "JOHNSMITHuser", "JOHNSMITHpro", "JOHNSMITH3", "JOHNSMITH_1"]);
    assert!(check("johnsmith2").await.available());
    for (name, correct_length, valid_format, not_reserved) in
        [("ab", false, true, true), ("1ab", true, false, true), ("admin", true, true, false)]
    {
        let refused = check(name).await;
        assert_eq!(refused.checks, Checks { correct_length, valid_format, not_reserved }, "{name}");
        assert!(!refused.available() && refused.not_taken && refused.suggestions.is_empty());
    }
    assert!(server.accounts.check_username(None, "\0").await.is_ok());
}

#[tokio::test]
async fn everything_else_of_a_change_comes_with_it() {
    let server = TestServer::start().await;
    let (_, actor) = person(&server, "ada@example.com").await;
    let change = ProfileChange {
        username: Some("ada_l".into()),
        given_name: Some("Augusta".into()),
        email: Some("new@example.org".into()),
        phone: Some("+12015550123".into()),
        with_primary: true,
        ..Default::default()
    };
    let done = server.accounts.update_account(&actor, actor.account_id, change, Expectation::Version(1)).await.unwrap();
    assert!(done.signed_out);
    assert_eq!((done.account.record_version, done.account.names.given()), (2, Some("Augusta")));
    let masked: Vec<_> = done.receipts.iter().map(|receipt| receipt.masked.as_str()).collect();
    assert_eq!(masked[0], "ne***@example.org");
    assert_eq!(masked.len(), 2, "the codes outlive the sessions");
    let actor = server.actor(&server.sign_in("ada_l").await).await;
    let change = ProfileChange { username: Some("other".into()), bio: Some("x".repeat(501)), ..Default::default() };
    let refused = server.accounts.update_account(&actor, actor.account_id, change, Expectation::Any).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert_eq!(server.accounts.find_for_operator("ada_l").await.unwrap().id, actor.account_id);
}

async fn two_take_one_name(server: TestServer) {
    let mut renaming = Vec::new();
    for email in ["ada@example.com", "bob@example.com"] {
        let (_, actor) = person(&server, email).await;
        let accounts = server.accounts.clone();
        renaming.push(async move { accounts.change_username(&actor, "wanted", Expectation::Any).await.err() });
    }
    let done = futures::future::join_all(renaming.into_iter().map(tokio::spawn)).await;
    let mut errors: Vec<_> = done.into_iter().map(Result::unwrap).collect();
    errors.sort_by_key(Option::is_some);
    assert_eq!(errors, [None, Some(Error::Taken(Field::Username))]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_two_gets_a_name_on_sqlite() {
    two_take_one_name(TestServer::start().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_two_gets_a_name_on_postgres() {
    two_take_one_name(TestServer::start_on_postgres().await).await;
}

#[tokio::test]
async fn purging_frees_old_names() {
    let server = TestServer::start().await;
    let (ada, actor) = person(&server, "ada@example.com").await;
    rename(&server, &actor, "first").await.unwrap();
    let again = server.sign_in("ada@example.com").await;
    let actor = server.actor(&again).await;
    server.accounts.archive(&actor, actor.account_id, None, Expectation::Any).await.unwrap();
    server.advance(TimeDelta::days(32));
    server.accounts.purge().await.unwrap();
    for name in [ada.account.username.as_str(), "first"] {
        assert!(server.accounts.check_username(None, name).await.unwrap().available(), "{name}");
    }
    let gone = server.accounts.sign_in("first", PASSWORD, Kind::Api, OnArchived::Restore, &origin()).await;
    assert!(!matches!(gone, Ok(SignIn::Complete(_))));
}
