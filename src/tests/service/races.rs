//! What must never meet: restore and purge, archiving and changes.

use std::{io::Cursor, time::Duration};

use chrono::TimeDelta;
use nameplate::{
    domain::{
        avatar::{FocusPoint, Region},
        error::Error,
        session::{Actor, Kind},
    },
    service::{Expectation, login::OnArchived, profile::ProfileChange},
};
use tokio::time::sleep;

use crate::harness::{PASSWORD, TestServer, origin, with_both_engines};

with_both_engines!(a_restore_and_a_purge_never_meet, an_archived_account_does_not_change);

/// How often each is tried; `RACE_ROUNDS` says otherwise.
const ROUNDS: u64 = 40;

fn rounds() -> u64 {
    std::env::var("RACE_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(ROUNDS)
}

async fn actor(server: &TestServer, access: &str) -> Actor {
    server.accounts.authenticate_bearer(access, &origin()).await.unwrap().0
}

async fn a_restore_and_a_purge_never_meet(server: TestServer) {
    let (mut restores, mut purges) = (0, 0);
    for round in 0..rounds() {
        let email = format!("ada{round}@example.com");
        let ada = server.sign_up(&email, "Ada Lovelace").await;
        let owner = actor(&server, &ada.access).await;
        let archived = server.accounts.archive(&owner, ada.account.id, None, Expectation::Any).await.unwrap();
        server.advance(archived.purge_at.unwrap() - server.now() - TimeDelta::microseconds(1));
        let accounts = server.accounts.clone();
        let restore = tokio::spawn(async move {
            accounts.sign_in(&email, PASSWORD, Kind::Api, OnArchived::Restore, &origin()).await.is_ok()
        });
        sleep(Duration::from_millis(round % 20)).await;
        server.advance(TimeDelta::microseconds(1));
        let purged = server.accounts.purge().await.unwrap().done;
        let restored = restore.await.unwrap();
        let there = server.accounts.find_for_operator(&ada.account.id.to_string()).await;
        assert_ne!(restored, purged == [ada.account.id], "round {round}: one of the two, and not both");
        assert_eq!(restored, there.is_ok_and(|account| account.archived_at.is_none()), "round {round}");
        restores += u32::from(restored);
        purges += u32::from(!restored);
    }
    assert!(restores > 0 && purges > 0, "{restores} restores and {purges} purges: they did not race");
}

async fn an_archived_account_does_not_change(server: TestServer) {
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([10, 200, 30])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let png = png.into_inner();
    server.sign_up("ada@example.com", "Ada Lovelace").await;
    let mut changed = 0;
    for round in 0..rounds() {
        // Signing in restores what the round before has archived.
        let ada = server.sign_in("ada@example.com").await;
        let owner = actor(&server, &ada.access).await;
        let id = ada.account.id;
        let (accounts, by, bio) = (server.accounts.clone(), owner.clone(), format!("Round {round}"));
        let update = tokio::spawn(async move {
            let change = ProfileChange { bio: Some(bio), ..ProfileChange::default() };
            accounts.update_profile(&by, id, change, Expectation::Any).await
        });
        let (accounts, by, bytes) = (server.accounts.clone(), owner.clone(), png.clone());
        let upload = tokio::spawn(async move {
            accounts.upload_avatar(&by, "me.png", bytes, Region::Focus(FocusPoint::default())).await
        });
        sleep(Duration::from_millis(round % 10 * 2)).await;
        server.accounts.archive(&owner, id, None, Expectation::Any).await.unwrap();
        let after = server.accounts.find_for_operator(&id.to_string()).await.unwrap();
        let (update, upload) = (update.await.unwrap(), upload.await.unwrap());
        for refused in [update.as_ref().err(), upload.as_ref().err()].into_iter().flatten() {
            assert_eq!(*refused, Error::Unauthenticated, "round {round}");
        }
        let now = server.accounts.find_for_operator(&id.to_string()).await.unwrap();
        assert_eq!(now, after, "round {round}: nothing came after the archiving");
        assert_eq!(update.is_ok(), now.bio == format!("Round {round}"), "round {round}");
        assert_eq!(now.record_version, ada.account.record_version + 1 + i64::from(update.is_ok()), "round {round}");
        if let Ok(stored) = &upload {
            assert!(server.accounts.upload(&owner, stored.id).await.is_ok(), "round {round}");
        }
        changed += u32::from(update.is_ok()) + u32::from(upload.is_ok());
        server.advance(TimeDelta::minutes(10));
    }
    assert!((1..2 * rounds() as u32).contains(&changed), "{changed} changes: they did not race");
}
