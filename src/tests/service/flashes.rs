//! What waits for the next view of a page.

use std::net::IpAddr;

use chrono::TimeDelta;
use nameplate::{
    domain::{error::Error, recovery_code::RecoveryCode, session::Origin},
    service::flashes::{LIFETIME, MOST_BYTES},
};
use serde_json::{Value, json};

use crate::harness::{TestServer, origin, with_both_engines};

with_both_engines!(
    it_comes_back_to_its_page_once_whatever_was_typed,
    strangers_cannot_fill_the_table_nor_drop_what_waits_for_others,
    recovery_codes_are_for_the_session_that_made_them,
    what_is_too_large_is_not_kept,
);

async fn it_comes_back_to_its_page_once_whatever_was_typed(server: TestServer) {
    let accounts = &server.accounts;
    let payload = json!({ "values": { "bio": "a\0b\u{FFFF} \"ş\" \u{1F600}" } });
    let token = accounts.leave_flash(None, &origin(), "/profile", &payload).await.unwrap();
    assert_eq!(accounts.take_flash(&token, "/login").await.unwrap(), None);
    assert_eq!(accounts.take_flash("another", "/profile").await.unwrap(), None);
    assert_eq!(accounts.take_flash(&token, "/profile").await.unwrap(), Some(payload.clone()));
    assert_eq!(accounts.take_flash(&token, "/profile").await.unwrap(), None);
    let token = accounts.leave_flash(None, &origin(), "/profile", &payload).await.unwrap();
    server.advance(LIFETIME);
    assert_eq!(accounts.take_flash(&token, "/profile").await.unwrap(), None);
}

/// Leaves some, one after another, and answers their tokens.
async fn leave(server: &TestServer, origin: &Origin, count: usize) -> Vec<String> {
    let mut tokens = Vec::new();
    for number in 0..count {
        server.advance(TimeDelta::milliseconds(1));
        tokens.push(server.accounts.leave_flash(None, origin, "/login", &json!(number)).await.unwrap());
    }
    tokens
}

async fn strangers_cannot_fill_the_table_nor_drop_what_waits_for_others(server: TestServer) {
    let accounts = &server.accounts;
    let ada = server.actor(&server.sign_up("ada@example.com", "Ada Lovelace").await).await;
    let from = |address: &str| Origin { address: Some(address.parse::<IpAddr>().unwrap()), ..Origin::default() };
    let hers = accounts.leave_flash(Some(&ada), &origin(), "/profile", &Value::Null).await.unwrap();
    let elsewhere = leave(&server, &from("2001:db8:0:1::1"), 1).await;
    let unknown = leave(&server, &Origin::default(), 1).await;

    let tokens = leave(&server, &origin(), 40).await;
    // All of one network count together.
    let network = [leave(&server, &from("2001:db8::1"), 20).await, leave(&server, &from("2001:db8::2"), 20).await];
    for tokens in [tokens, network.concat()] {
        let mut left = Vec::new();
        for (number, token) in tokens.iter().enumerate() {
            left.extend(accounts.take_flash(token, "/login").await.unwrap().map(|_| number));
        }
        assert_eq!(left, (8..40).collect::<Vec<_>>(), "the newest wait");
    }
    assert!(accounts.take_flash(&hers, "/profile").await.unwrap().is_some(), "an account is not its address");
    for other in [&elsewhere[0], &unknown[0]] {
        assert!(accounts.take_flash(other, "/login").await.unwrap().is_some());
    }
}

async fn recovery_codes_are_for_the_session_that_made_them(server: TestServer) {
    let accounts = &server.accounts;
    let person = server.sign_up("ada@example.com", "Ada Lovelace").await;
    let (ada, again) = (server.actor(&person).await, server.actor(&server.sign_in("ada@example.com").await).await);
    let codes = [RecoveryCode::new([0; 16]), RecoveryCode::new([1; 16])];
    let shown = ["0000-0000-0000-0000", "1111-1111-1111-1111"].map(str::to_owned).to_vec();

    let token = accounts.leave_recovery_codes(&ada, &codes).await.unwrap();
    assert_eq!(accounts.take_recovery_codes(&ada, "another").await.unwrap(), None);
    assert_eq!(accounts.take_recovery_codes(&ada, &token).await.unwrap(), Some(shown));
    assert_eq!(accounts.take_recovery_codes(&ada, &token).await.unwrap(), None);

    let token = accounts.leave_recovery_codes(&ada, &codes).await.unwrap();
    assert_eq!(accounts.take_recovery_codes(&again, &token).await.unwrap(), None);
    let token = accounts.leave_recovery_codes(&ada, &codes).await.unwrap();
    assert_eq!(accounts.take_flash(&token, "recovery-codes").await.unwrap(), None, "no page is called so");
    let token = accounts.leave_recovery_codes(&ada, &codes).await.unwrap();
    server.advance(LIFETIME);
    assert_eq!(accounts.take_recovery_codes(&ada, &token).await.unwrap(), None);
}

async fn what_is_too_large_is_not_kept(server: TestServer) {
    let leave = async |length| {
        let payload = Value::String("x".repeat(length));
        server.accounts.leave_flash(None, &origin(), "/login", &payload).await
    };
    assert!(leave(MOST_BYTES - 2).await.is_ok(), "with its quotes");
    assert!(matches!(leave(MOST_BYTES - 1).await, Err(Error::Internal(_))));
}
