//! Reading and changing profiles.

use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::{LoginIdentifier, Role},
        code::Channel,
        error::{Error, Field, PictureUrlReason, Reason},
        session::Actor,
    },
    service::{
        Expectation,
        codes::verification::CodeRecipient,
        management::change::{ManagedChange, Write},
        profile::ProfileChange,
        public_profile::CounterChange,
    },
    store::accounts::AccountFilter,
};

use serde_json::json;

use crate::harness::{Person, TestServer, origin};

async fn actor(server: &TestServer, person: &Person) -> Actor {
    server.accounts.authenticate_bearer(&person.access, &origin()).await.unwrap().0
}

async fn ada(server: &TestServer) -> Actor {
    let ada = server.sign_up("ada@example.com", "Ada King Lovelace").await;
    actor(server, &ada).await
}

fn text(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[tokio::test]
async fn only_what_is_sent_is_written_and_counted_once() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let change = ProfileChange {
        bio: text("Line\r\ntwo"),
        location: text("İzmir"),
        is_private: Some(true),
        ..Default::default()
    };
    let changed = server.accounts.update_profile(&ada, ada.account_id, change.clone(), Expectation::Any).await.unwrap();
    assert_eq!((changed.bio.as_str(), changed.location.as_str(), changed.is_private), ("Line\ntwo", "İzmir", true));
    assert_eq!((changed.record_version, changed.names.full().as_str()), (2, "Ada King Lovelace"));
    let same = server.accounts.update_profile(&ada, ada.account_id, change, Expectation::Any).await.unwrap();
    assert_eq!(same.record_version, 2, "nothing changed");
    let cleared = ProfileChange { bio: text(""), middle_name: text(""), ..Default::default() };
    let cleared = server.accounts.update_profile(&ada, ada.account_id, cleared, Expectation::Any).await.unwrap();
    assert_eq!((cleared.bio.as_str(), cleared.names.full().as_str()), ("", "Ada Lovelace"));
}

/// A service counts posts while somebody has the form open.
#[tokio::test]
async fn what_pages_do_not_show_makes_no_form_stale() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let access = server.access().await;
    let save = async |bio: &str, expected| {
        let change = ProfileChange { bio: text(bio), ..Default::default() };
        server.accounts.update_profile(&ada, ada.account_id, change, expected).await
    };
    let counters = CounterChange { posts: Some(3), ..CounterChange::default() };
    server.accounts.set_counters(&access, ada.account_id, counters).await.unwrap();
    let data = Some(Write::Whole(json!({ "plan": "gold" }).as_object().unwrap().clone()));
    let data = ManagedChange { custom_data: data, ..ManagedChange::default() };
    let counted = server.accounts.update_managed(&access, ada.account_id, data, Expectation::Any).await.unwrap();
    assert_eq!(counted.record_version, 3);
    assert_eq!(save("over REST", Expectation::Version(1)).await.err(), Some(Error::Stale { current: 3 }));
    assert_eq!(save("the form", Expectation::Shown(1)).await.unwrap().record_version, 4);

    // What the form shows was changed by the form before, and by a service.
    assert_eq!(save("another tab", Expectation::Shown(3)).await.err(), Some(Error::Stale { current: 4 }));
    assert_eq!(save("from the future", Expectation::Shown(5)).await.err(), Some(Error::Stale { current: 4 }));
    let name = ManagedChange { name: text("Ada Byron"), ..ManagedChange::default() };
    server.accounts.update_managed(&access, ada.account_id, name, Expectation::Any).await.unwrap();
    assert_eq!(save("too late", Expectation::Shown(4)).await.err(), Some(Error::Stale { current: 5 }));
}

/// The username stands in for a name; sent back as it was read, it is none.
#[tokio::test]
async fn the_stand_in_for_a_name_does_not_become_one() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let access = server.access().await;
    let name = ManagedChange { name: text(""), ..ManagedChange::default() };
    let nameless = server.accounts.update_managed(&access, ada.account_id, name, Expectation::Any).await.unwrap();
    let username = nameless.username.to_string();
    assert_eq!(nameless.display_name(), username);
    for change in [
        ProfileChange { full_name: text(&username), bio: text("one"), ..Default::default() },
        ProfileChange { given_name: text(&username), bio: text("two"), ..Default::default() },
        ProfileChange {
            given_name: text(&username),
            middle_name: text(""),
            family_name: text(""),
            bio: text("three"),
            ..Default::default()
        },
    ] {
        let changed =
            server.accounts.update_profile(&ada, ada.account_id, change.clone(), Expectation::Any).await.unwrap();
        assert_eq!((changed.names.full().as_str(), Some(&changed.bio)), ("", change.bio.as_ref()));
    }
    let named = ProfileChange { given_name: text("Cher"), ..Default::default() };
    let named = server.accounts.update_profile(&ada, ada.account_id, named, Expectation::Any).await.unwrap();
    assert_eq!(named.names.full(), "Cher");
}

#[tokio::test]
async fn stale_writes_are_refused_whole() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let change = || ProfileChange { bio: text("new"), ..Default::default() };
    let update = async |expected| server.accounts.update_profile(&ada, ada.account_id, change(), expected).await;
    assert_eq!(update(Expectation::Version(7)).await.err(), Some(Error::Stale { current: 1 }));
    assert_eq!(update(Expectation::Matches(7)).await.err(), Some(Error::PreconditionFailed { current: 1 }));
    assert_eq!(update(Expectation::Version(1)).await.unwrap().record_version, 2);
    assert_eq!(update(Expectation::Version(1)).await.err(), Some(Error::Stale { current: 2 }));
}

#[tokio::test]
async fn every_broken_rule_is_said_and_nothing_is_written() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let change = ProfileChange {
        given_name: text(""),
        bio: Some("x".repeat(501)),
        location: text("here\u{202e}"),
        phone: text("12"),
        avatar: text("http://example.com/a.png"),
        locale: text("xx"),
        time_zone: text("Mars/Olympus"),
        theme: text("pink"),
        ..Default::default()
    };
    let Err(Error::Invalid(issues)) =
        server.accounts.update_profile(&ada, ada.account_id, change, Expectation::Any).await
    else {
        panic!("accepted")
    };
    let fields: Vec<_> = issues.iter().map(|issue| issue.field).collect();
    for field in [
        Field::GivenName,
        Field::Bio,
        Field::Location,
        Field::Phone,
        Field::Avatar,
        Field::Locale,
        Field::TimeZone,
        Field::Theme,
    ] {
        assert!(fields.contains(&field), "{field:?} in {fields:?}");
    }
    assert_eq!(server.accounts.account(&ada, ada.account_id).await.unwrap().record_version, 1);
}

#[tokio::test]
async fn owners_write_admins_read_strangers_neither() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let bob = actor(&server, &server.sign_up("bob@example.com", "Bob").await).await;
    let admin = actor(&server, &server.sign_up_admin("root@example.com").await).await;
    assert!(server.accounts.account(&admin, ada.account_id).await.is_ok());
    assert_eq!(server.accounts.account(&bob, ada.account_id).await.err(), Some(Error::Forbidden));
    for other in [&bob, &admin] {
        let change = ProfileChange { bio: text("mine"), ..Default::default() };
        let written = server.accounts.update_profile(other, ada.account_id, change, Expectation::Any).await;
        assert_eq!(written.err(), Some(Error::Forbidden));
    }
    let everybody = AccountFilter { limit: 10, ..Default::default() };
    assert_eq!(server.accounts.list_accounts(&bob, &everybody).await.err(), Some(Error::Forbidden));
    assert_eq!(server.accounts.list_accounts(&admin, &everybody).await.unwrap().1, 3);
    assert_eq!(
        server.accounts.set_role(&bob, bob.account_id, Role::Admin, Expectation::Any).await.err(),
        Some(Error::Forbidden)
    );
}

#[tokio::test]
async fn a_role_change_ends_sessions() {
    let server = TestServer::start().await;
    let bob = server.sign_up("bob@example.com", "Bob").await;
    let admin = actor(&server, &server.sign_up_admin("root@example.com").await).await;
    assert_eq!(
        server.accounts.set_role(&admin, bob.account.id, Role::Admin, Expectation::Any).await.unwrap().role,
        Role::Admin
    );
    assert_eq!(server.accounts.authenticate_bearer(&bob.access, &origin()).await.err(), Some(Error::Unauthenticated));
    let stale = server.accounts.set_role(&admin, bob.account.id, Role::User, Expectation::Matches(1)).await;
    assert_eq!(stale.err(), Some(Error::PreconditionFailed { current: 2 }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_two_role_changes_of_a_version_wins() {
    for server in [TestServer::start().await, TestServer::start_on_postgres().await] {
        let bob = server.sign_up("bob@example.com", "Bob").await.account.id;
        let admin = actor(&server, &server.sign_up_admin("root@example.com").await).await;
        let changes = (0..2).map(|_| {
            let (accounts, admin) = (server.accounts.clone(), admin.clone());
            tokio::spawn(
                async move { accounts.set_role(&admin, bob, Role::Admin, Expectation::Version(1)).await.err() },
            )
        });
        let done = futures::future::join_all(changes.collect::<Vec<_>>()).await;
        let mut errors: Vec<_> = done.into_iter().map(Result::unwrap).collect();
        errors.sort_by_key(Option::is_some);
        assert_eq!(errors, [None, Some(Error::Stale { current: 2 })]);
    }
}

#[tokio::test]
async fn a_phone_is_normalised_and_a_verified_one_waits_for_the_code_of_the_next() {
    let server = TestServer::start_with(|settings| settings.default_region = "TR".into()).await;
    let ada = ada(&server).await;
    let write = async |phone: &str| {
        let change = ProfileChange { phone: text(phone), ..Default::default() };
        server.accounts.update_profile(&ada, ada.account_id, change, Expectation::Any).await.unwrap()
    };
    let confirm = async |phone: &str| {
        let code = server.code_sent_to(phone).await;
        server
            .accounts
            .complete_verification(CodeRecipient::new(Channel::Sms, phone), &code, Some(&ada), &origin())
            .await
    };
    let account = write("0555 123 45 67").await;
    assert_eq!(account.phone.as_ref().map(|phone| phone.as_str()), Some("+905551234567"));
    assert!(!account.phone_verified);
    assert!(confirm("+905551234567").await.unwrap().phone_verified);

    let account = write("+90 (532) 765 43 21").await;
    assert_eq!(account.phone.as_ref().map(|phone| phone.as_str()), Some("+905551234567"), "still in force");
    assert_eq!(account.shown_phone().map(|phone| phone.as_str()), Some("+905327654321"));
    assert!(!account.shown_phone_verified());
    let account = write("0555 123 45 67").await;
    assert_eq!(account.pending_phone, None, "writing the old one back ends the change");
    assert!(account.phone_verified);

    server.advance(TimeDelta::seconds(1));
    write("+905327654321").await;
    let account = confirm("+905327654321").await.unwrap();
    assert_eq!(account.phone.as_ref().map(|phone| phone.as_str()), Some("+905327654321"));
    assert!(account.phone_verified && account.pending_phone.is_none());
    let account = write("").await;
    assert_eq!((account.phone.as_ref(), account.phone_verified), (None, false));
}

#[tokio::test]
async fn a_taken_phone_and_a_primary_phone_are_refused() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let bob = actor(&server, &server.sign_up("bob@example.com", "Bob").await).await;
    let change = || ProfileChange { phone: text("+14155550123"), bio: text("new"), ..Default::default() };
    server.accounts.update_profile(&bob, bob.account_id, change(), Expectation::Any).await.unwrap();
    let code = server.code_sent_to("+14155550123").await;
    let phone = CodeRecipient::new(Channel::Sms, "+14155550123");
    server.accounts.complete_verification(phone, &code, Some(&bob), &origin()).await.unwrap();
    let taken = server.accounts.update_profile(&ada, ada.account_id, change(), Expectation::Any).await;
    assert_eq!(taken.err(), Some(Error::Taken(Field::Phone)));
    assert_eq!(server.accounts.account(&ada, ada.account_id).await.unwrap().bio, "", "refused as a whole");

    let server = TestServer::start_with(|settings| settings.login_identifier = LoginIdentifier::EmailOrMobile).await;
    let ada = self::ada(&server).await;
    let primary = server.accounts.update_profile(&ada, ada.account_id, change(), Expectation::Any).await;
    assert_eq!(primary.err(), Some(Error::invalid(Field::Phone, Reason::NotSettable)));
}

#[tokio::test]
async fn an_avatar_is_ours_remote_or_none() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let write = async |url: &str| {
        let change = ProfileChange { avatar: text(url), ..Default::default() };
        server.accounts.update_profile(&ada, ada.account_id, change, Expectation::Any).await
    };
    let remote = "https://pictures.example.com/ada.PNG?v=2";
    assert_eq!(server.accounts.avatar_url(&write(remote).await.unwrap()), remote);
    let generated = server.accounts.generated_avatar_url(ada.account_id);
    assert_eq!(server.accounts.avatar_url(&write(&generated).await.unwrap()), generated);
    let foreign = server.accounts.upload_url("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.webp");
    for (url, reason) in [
        (foreign.as_str(), PictureUrlReason::NotYours),
        ("https://127.0.0.1/a.png", PictureUrlReason::LocalHost),
        ("http://example.com/a.png", PictureUrlReason::NotHttps),
        ("https://example.com/a.svg", PictureUrlReason::Extension),
    ] {
        assert_eq!(write(url).await.err(), Some(Error::invalid(Field::Avatar, Reason::PictureUrl(reason))), "{url}");
    }
}

#[tokio::test]
async fn pictures_are_five_in_their_order() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let write = async |urls: &[&str]| {
        let pictures = Some(urls.iter().map(ToString::to_string).collect());
        let change = ProfileChange { pictures, ..Default::default() };
        let changed = server.accounts.update_profile(&ada, ada.account_id, change, Expectation::Any).await?;
        Ok::<_, Error>(changed.pictures.iter().map(|picture| server.accounts.picture_url(picture)).collect::<Vec<_>>())
    };
    let remote = |number| format!("https://pictures.example.com/{number}.png");
    let five: Vec<_> = (1..=5).rev().map(remote).collect();
    let five: Vec<_> = five.iter().map(String::as_str).collect();
    assert_eq!(write(&five).await.unwrap(), five);
    let six = [five.as_slice(), &["https://pictures.example.com/6.png"]].concat();
    let too_many = write(&six).await.err();
    assert_eq!(too_many, Some(Error::invalid(Field::Pictures, Reason::TooMany { max: 5 })));
    let generated = server.accounts.generated_avatar_url(ada.account_id);
    let with_generated = [five.as_slice(), &[generated.as_str()]].concat();
    assert_eq!(write(&with_generated).await.unwrap(), five, "the generated one counts for nothing");
    let foreign = server.accounts.upload_url("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.webp");
    for (url, reason) in [
        (foreign.as_str(), PictureUrlReason::NotYours),
        ("http://example.com/a.png", PictureUrlReason::NotHttps),
        ("", PictureUrlReason::Malformed),
    ] {
        let refused = write(&[five[0], url]).await.err();
        assert_eq!(refused, Some(Error::invalid(Field::Pictures, Reason::PictureUrl(reason))), "{url}");
    }
    assert!(write(&[]).await.unwrap().is_empty());
}
