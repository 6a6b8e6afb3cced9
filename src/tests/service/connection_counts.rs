//! The numbers of followers that are kept are those that counting would give, whatever happened.

use std::sync::Arc;

use nameplate::{
    domain::{relationship::Connections, session::Actor},
    ports::rng::{FakeRng, Rng},
    service::{Accounts, Expectation, profile::ProfileChange},
    store::{
        Store,
        relationships::{List, Page},
    },
};
use uuid::Uuid;

use crate::harness::{TestServer, with_both_engines};

const EVERYBODY: Page = Page { viewer: Uuid::nil(), before: None, limit: 1_000 };

with_both_engines!(
    they_are_what_counting_gives_after_anything,
    they_are_what_counting_gives_after_much_at_once,
    an_account_that_goes_is_counted_out,
);

/// People who are connected with each other, and what happens to them.
#[derive(Clone)]
struct Circle {
    accounts: Accounts,
    store: Arc<dyn Store>,
    people: Vec<Actor>,
}

impl Circle {
    async fn of(server: &TestServer, size: u32) -> Self {
        let mut people = Vec::new();
        for number in 0..size {
            let person = server.sign_up(&format!("p{number}@example.com"), &format!("P {number}")).await;
            people.push(server.actor(&person).await);
        }
        Self { accounts: server.accounts.clone(), store: Arc::clone(server.store()), people }
    }

    /// Something happens to somebody. What is refused changes nothing, which is as good.
    async fn happen(&self, rng: &dyn Rng, deletes: bool) {
        let pick = || &self.people[rng.below(u32::try_from(self.people.len()).unwrap()) as usize];
        let (one, other) = (pick(), pick());
        let id = other.account_id;
        let accounts = &self.accounts;
        match rng.below(if deletes { 33 } else { 32 }) {
            0..10 => drop(accounts.follow(one, id).await),
            10..14 => drop(accounts.unfollow(one, id).await),
            14..18 => drop(accounts.accept_follower(one, id).await),
            18 => drop(accounts.decline_follower(one, id).await),
            19..21 => drop(accounts.block(one, id).await),
            21..23 => drop(accounts.unblock(one, id).await),
            23..26 => {
                let change = ProfileChange { is_private: Some(rng.below(2) == 0), ..ProfileChange::default() };
                drop(accounts.update_profile(one, one.account_id, change, Expectation::Any).await);
            }
            26..28 => self.set_state(id, |_, now| (Some(now), None)).await,
            28 => self.set_state(id, |archived_at, now| (archived_at, Some(now))).await,
            29..32 => self.set_state(id, |_, _| (None, None)).await,
            _ => {
                let mut tx = self.store.write().await.unwrap();
                tx.delete_account(id).await.unwrap();
                tx.commit().await.unwrap();
            }
        }
    }

    /// Archives, restores, locks or unlocks an account, as if by whoever may; sessions stay alive.
    async fn set_state(&self, id: Uuid, state: impl Fn(Time, chrono::DateTime<chrono::Utc>) -> (Time, Time)) {
        let mut tx = self.store.write().await.unwrap();
        if let Some(mut account) = tx.lock_account(id).await.unwrap() {
            (account.archived_at, account.locked_at) = state(account.archived_at, self.accounts.now());
            account.purge_at = account.archived_at;
            tx.update_account(&account).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    async fn check(&self, after: &str) {
        let mut tx = self.store.read().await.unwrap();
        for person in &self.people {
            let id = person.account_id;
            let mut counted = [0; 2];
            for (count, list) in counted.iter_mut().zip([List::Followers, List::Following]) {
                *count = tx.connected(id, list, EVERYBODY).await.unwrap().len() as i64;
                assert_eq!(tx.count_connected(id, list).await.unwrap(), *count, "{after}");
            }
            let [followers, following] = counted;
            assert_eq!(tx.connections(id).await.unwrap(), Connections { followers, following }, "{after}");
        }
    }
}

type Time = Option<chrono::DateTime<chrono::Utc>>;

async fn they_are_what_counting_gives_after_anything(server: TestServer) {
    let circle = Circle::of(&server, 6).await;
    let rng: Box<dyn Rng> = Box::new(FakeRng::seeded(16));
    for step in 0..400 {
        // Towards the end people go for good.
        circle.happen(rng.as_ref(), step > 300).await;
        circle.check(&format!("step {step}")).await;
    }
}

async fn they_are_what_counting_gives_after_much_at_once(server: TestServer) {
    let circle = Circle::of(&server, 6).await;
    let parties = (0..4).map(|seed| {
        let circle = circle.clone();
        tokio::spawn(async move {
            let rng: Box<dyn Rng> = Box::new(FakeRng::seeded(seed));
            for _ in 0..100 {
                circle.happen(rng.as_ref(), false).await;
            }
        })
    });
    for party in parties.collect::<Vec<_>>() {
        party.await.expect("nobody waits in a circle");
    }
    circle.check("all of it").await;
}

async fn an_account_that_goes_is_counted_out(server: TestServer) {
    let circle = Circle::of(&server, 4).await;
    let [ada, bob, cy, dee] = circle.people.as_slice() else { panic!("four people") };
    for (follower, followed) in [(ada, bob), (cy, bob), (bob, ada), (dee, bob)] {
        circle.accounts.follow(follower, followed.account_id).await.unwrap();
    }
    circle.set_state(dee.account_id, |_, now| (Some(now), None)).await;
    let connections = circle.accounts.connections(bob.account_id).await.unwrap();
    assert_eq!(connections, Connections { followers: 2, following: 1 });
    circle.accounts.delete_managed(&server.access().await, bob.account_id).await.unwrap();
    assert_eq!(circle.accounts.connections(ada.account_id).await.unwrap(), Connections::default());
    assert_eq!(circle.accounts.connections(cy.account_id).await.unwrap(), Connections::default());
}
