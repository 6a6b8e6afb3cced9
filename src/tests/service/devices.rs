//! Which sign-ins are told as coming from a new device.

use chrono::TimeDelta;
use nameplate::{
    domain::session::{Kind, Origin},
    service::{
        login::{OnArchived, SignIn},
        sessions::NewSession,
    },
};
use sha2::{Digest as _, Sha256};

use crate::harness::{PASSWORD, TestServer, origin, with_both_engines};

with_both_engines!(
    a_browser_is_known_by_its_cookie,
    several_accounts_are_known_in_one_browser,
    a_client_is_known_by_its_name_and_network,
    what_was_known_by_its_words_vouches_once,
    a_device_that_is_not_seen_for_long_is_forgotten,
);

const ADA: &str = "ada@example.com";
const BOB: &str = "bob@example.com";

/// Signs in; the session, and whether the owner was told of a new device.
async fn enter(server: &TestServer, email: &str, kind: Kind, from: &Origin) -> (NewSession, bool) {
    server.advance(TimeDelta::seconds(1));
    let before = server.messages_to(email).await.len();
    let done = server.accounts.sign_in(email, PASSWORD, kind, OnArchived::Ask, from).await;
    let Ok(SignIn::Complete(new)) = done else { panic!("not signed in") };
    (*new, server.messages_to(email).await.len() > before)
}

fn browser(cookie: Option<&str>) -> Origin {
    Origin { device: cookie.map(str::to_owned), ..origin() }
}

async fn a_browser_is_known_by_its_cookie(server: TestServer) {
    server.sign_up(ADA, "Ada Lovelace").await;
    let (first, told) = enter(&server, ADA, Kind::Browser, &browser(None)).await;
    assert!(told, "a client made the account");
    let cookie = first.device.expect("a cookie");
    assert_eq!(cookie.len(), 43, "256 bits");
    let (again, told) = enter(&server, ADA, Kind::Browser, &browser(Some(&cookie))).await;
    assert_eq!((again.device.as_deref(), told), (Some(cookie.as_str()), false));
    let updated = Origin { user_agent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/150".into(), ..browser(Some(&cookie)) };
    assert!(!enter(&server, ADA, Kind::Browser, &updated).await.1, "it is the same browser");
    // The same words, as with everybody's browser.
    let (other, told) = enter(&server, ADA, Kind::Browser, &browser(None)).await;
    assert!(told && other.device.is_some_and(|other| other != cookie));
    for guessed in ["", "x", &cookie[1..], "name=value; x", "A".repeat(44).as_str()] {
        let (new, told) = enter(&server, ADA, Kind::Browser, &browser(Some(guessed))).await;
        assert!(told && new.device.is_some_and(|device| device != guessed), "{guessed}");
    }
    let (client, _) = enter(&server, ADA, Kind::Api, &browser(Some(&cookie))).await;
    assert_eq!(client.device, None);
    assert!(server.accounts.authenticate_cookie(&cookie, &origin()).await.is_err(), "it opens nothing");
}

async fn several_accounts_are_known_in_one_browser(server: TestServer) {
    for email in [ADA, BOB] {
        server.sign_up(email, "Ada Lovelace").await;
    }
    let (first, _) = enter(&server, ADA, Kind::Browser, &browser(None)).await;
    let shared = browser(first.device.as_deref());
    assert!(enter(&server, BOB, Kind::Browser, &shared).await.1, "it vouches for one account alone");
    for email in [ADA, BOB, ADA] {
        let (new, told) = enter(&server, email, Kind::Browser, &shared).await;
        assert_eq!((new.device, told), (shared.device.clone(), false));
    }
}

async fn a_client_is_known_by_its_name_and_network(server: TestServer) {
    server.sign_up(ADA, "Ada Lovelace").await;
    let client = |agent: &str, address: [u8; 4]| Origin {
        user_agent: agent.into(),
        address: Some(address.into()),
        ..Origin::default()
    };
    for (agent, address, new) in [
        ("shop/1", [198, 51, 100, 7], true),
        ("shop/2", [198, 51, 100, 8], false),
        ("shop/1", [192, 0, 2, 7], true),
        ("till/1", [198, 51, 100, 7], true),
        ("till/1", [198, 51, 100, 99], false),
    ] {
        assert_eq!(enter(&server, ADA, Kind::Api, &client(agent, address)).await.1, new, "{agent} {address:?}");
    }
}

async fn what_was_known_by_its_words_vouches_once(server: TestServer) {
    let ada = server.sign_up(ADA, "Ada Lovelace").await.account.id;
    let mut tx = server.store().write().await.unwrap();
    tx.add_device(ada, &Sha256::digest("Firefox on Linux"), server.now()).await.unwrap();
    tx.commit().await.unwrap();
    let (own, told) = enter(&server, ADA, Kind::Browser, &browser(None)).await;
    assert!(!told, "as before the upgrade");
    assert!(!enter(&server, ADA, Kind::Browser, &browser(own.device.as_deref())).await.1);
    assert!(enter(&server, ADA, Kind::Browser, &browser(None)).await.1, "another one of the same words");
}

async fn a_device_that_is_not_seen_for_long_is_forgotten(server: TestServer) {
    server.sign_up(ADA, "Ada Lovelace").await;
    let (first, _) = enter(&server, ADA, Kind::Browser, &browser(None)).await;
    server.advance(TimeDelta::days(399));
    let own = browser(first.device.as_deref());
    server.accounts.sweep().await.unwrap();
    assert!(!enter(&server, ADA, Kind::Browser, &own).await.1);
    server.advance(TimeDelta::days(399));
    enter(&server, ADA, Kind::Api, &origin()).await;
    server.accounts.sweep().await.unwrap();
    assert!(!enter(&server, ADA, Kind::Browser, &own).await.1);
    server.advance(TimeDelta::days(401));
    enter(&server, ADA, Kind::Api, &origin()).await;
    server.accounts.sweep().await.unwrap();
    assert!(enter(&server, ADA, Kind::Browser, &own).await.1);
}
