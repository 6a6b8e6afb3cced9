//! Services: a client that was revoked writes nothing.

use futures::future::BoxFuture;
use nameplate::{
    domain::{code::Channel, error::Error, search::Search},
    service::{
        Accounts, Expectation, management::Access, management::change::ManagedChange, public_profile::CounterChange,
    },
};
use uuid::Uuid;

use super::expect_all_named;
use crate::harness::{PASSWORD, TestServer, with_both_engines};

with_both_engines!(a_revoked_client_writes_nothing);

const NEXT: &str = "Another-harbour 19 fern";
const ANY: Expectation = Expectation::Any;

type Call = for<'a> fn(&'a Scene, &'a Access) -> BoxFuture<'a, Result<(), Error>>;

macro_rules! calls {
    (|$scene:ident, $by:ident| $($name:ident($($argument:expr),* $(,)?)),* $(,)?) => {
        &[$((
            stringify!($name),
            |$scene, $by| Box::pin(async move { $scene.accounts.$name($($argument),*).await.map(drop) }),
        )),*]
    };
}

/// Everything that writes, counts or tells in the name of a client.
const WRITES: &[(&str, Call)] = calls! { |s, by|
    create_managed(by, email(&format!("new.{}", s.email)), None),
    delete_managed(by, s.user),
    managed(by, s.user),
    search_accounts(by, &Search::default(), 0, 10),
    send_management_code(by, Channel::Email, &s.email),
    set_counters(by, s.user, CounterChange { posts: Some(7), ..CounterChange::default() }),
    set_managed_password(by, s.user, NEXT, ANY),
    suspend(by, s.user, true, ANY),
    update_managed(by, s.user, email(&format!("new.{}", s.email)), ANY),
    verify_managed_password(by, s.user, PASSWORD),
    verify_management_code(by, Channel::Email, &s.email, &s.code),
};

fn email(email: &str) -> ManagedChange {
    ManagedChange { email: Some(email.to_owned()), ..ManagedChange::default() }
}

/// A user, and a service that may do everything.
struct Scene {
    accounts: Accounts,
    access: Access,
    user: Uuid,
    email: String,
    /// A code that was sent to them for the service.
    code: String,
}

impl Scene {
    async fn set(server: &TestServer, number: usize) -> Self {
        server.advance(chrono::TimeDelta::hours(1));
        let accounts = server.accounts.clone();
        let access = server.access().await;
        let address = format!("ada{number}@example.com");
        let user = accounts.create_managed(&access, email(&address), Some(PASSWORD)).await.unwrap().id;
        accounts.send_management_code(&access, Channel::Email, &address).await.unwrap();
        let code = server.code_sent_to(&address).await;
        Self { accounts, access, user, email: address, code }
    }

    /// All that these methods could write.
    async fn written(&self, server: &TestServer) -> String {
        let mut tx = server.store().read().await.unwrap();
        let newest = format!("new.{}", self.email);
        format!(
            "{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
            tx.account(self.user).await.unwrap(),
            tx.account_by_email(&newest).await.unwrap(),
            tx.activity_of(self.user, &[], None, 100).await.unwrap(),
            tx.newest_messages(100).await.unwrap(),
            tx.newest_code("management", &self.email).await.unwrap().map(|code| (code.id, code.tries)),
        )
    }
}

#[test]
fn every_method_with_a_client_is_named() {
    expect_all_named("&Access", WRITES.iter().map(|(name, _)| *name), &[]);
}

async fn a_revoked_client_writes_nothing(server: TestServer) {
    for (number, (name, call)) in WRITES.iter().enumerate() {
        for revoked in [false, true] {
            let scene = Scene::set(&server, 2 * number + usize::from(revoked)).await;
            if revoked {
                scene.accounts.revoke_client(scene.access.manager.client.id).await.unwrap();
            }
            let before = scene.written(&server).await;
            let done = call(&scene, &scene.access).await;
            let changed = scene.written(&server).await != before;
            match revoked {
                true => assert_eq!((done, changed), (Err(Error::Unauthenticated), false), "{name}"),
                // To check a password leaves no trace when it is right.
                false => assert_eq!((done, changed), (Ok(()), *name != "verify_managed_password"), "{name}"),
            }
        }
    }
}
