//! What tests stand on: a whole server without a socket, over a SQLite file, with a clock and chance of its own.

mod factors;
mod gate;
pub mod pooler;
pub mod postgres;
mod request;
pub mod site;
pub mod statements;

use std::{
    net::IpAddr,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{Extension, Router, routing::any_service};
use chrono::{DateTime, TimeDelta, Utc};
use nameplate::{
    api::dialects::DIALECTS,
    domain::{
        account::{Account, LoginIdentifier, Role},
        client::Scope,
        message::OutboxMessage,
        password_rules::Policy,
        session::{Actor, Kind, Origin},
    },
    ports::{
        clock::{Clock, FakeClock},
        hasher::{Cost, Hasher},
        rng::{FakeRng, Rng},
    },
    service::{
        Accounts, Parts, Settings,
        channels::Channels,
        login::SignIn,
        management::Access,
        messages::Brand,
        profile::NameInput,
        register::{PendingSignUp, SignUp},
        secrets::Secrets,
        sessions::{NewSession, Secret},
    },
    store::{Store, sql},
};
use tempfile::TempDir;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use uuid::Uuid;

pub use factors::App;
pub use gate::Gate;
pub use request::{Call, Reply};

/// Repeats each case, a function of a server, as a test on SQLite and one on PostgreSQL.
macro_rules! with_both_engines {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::harness::TestServer::start().await).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::harness::TestServer::start_on_postgres().await).await;
                }
            )*
        }
    };
}
pub(crate) use with_both_engines;

/// A password that every policy takes.
pub const PASSWORD: &str = "Quill-harbour 73 moss";
/// From where requests come.
pub const ADDRESS: [u8; 4] = [203, 0, 113, 7];
/// With what they come.
pub const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A server.
pub struct TestServer {
    /// The core behind its routes.
    pub accounts: Accounts,
    store: Arc<dyn Store>,
    clock: FakeClock,
    hasher: Hasher,
    router: Router,
    directory: TempDir,
}

/// Somebody who is signed in.
pub struct Person {
    /// As it was at sign-in.
    pub account: Account,
    /// An access token.
    pub access: String,
    /// A refresh token.
    pub refresh: String,
}

impl TestServer {
    /// A server with default settings, on 2026-01-02 at 03:04:05.
    pub async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    /// A server with other settings.
    pub async fn start_with(choose: impl FnOnce(&mut Settings)) -> Self {
        Self::start_of(|parts| choose(&mut parts.settings)).await
    }

    /// A server of other parts.
    pub async fn start_of(choose: impl FnOnce(&mut Parts)) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let url = format!("sqlite://{}", directory.path().join("nameplate.db").display());
        Self::start_at(&url, directory, choose).await
    }

    /// A server with default settings over PostgreSQL.
    pub async fn start_on_postgres() -> Self {
        Self::start_over(&postgres::database().await).await
    }

    /// A server with other settings over PostgreSQL.
    pub async fn start_on_postgres_with(choose: impl FnOnce(&mut Settings)) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        Self::start_at(&postgres::database().await, directory, |parts| choose(&mut parts.settings)).await
    }

    /// A server with default settings over this database, which is empty.
    pub async fn start_over(url: &str) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        Self::start_at(url, directory, |_| {}).await
    }

    async fn start_at(url: &str, directory: TempDir, choose: impl FnOnce(&mut Parts)) -> Self {
        let store: Arc<dyn Store> = sql::connect(url).await.expect("a database");
        store.migrate().await.expect("its tables");
        let clock = FakeClock::at("2026-01-02T03:04:05.678901Z".parse().expect("a time"));
        Self::over(directory, store, clock, choose, 1).await
    }

    /// The same server, started again with default settings.
    pub async fn restart(self) -> Self {
        Self::over(self.directory, self.store, self.clock, |_| {}, 2).await
    }

    async fn over(
        directory: TempDir,
        store: Arc<dyn Store>,
        clock: FakeClock,
        choose: impl FnOnce(&mut Parts),
        seed: u64,
    ) -> Self {
        let rng: Arc<dyn Rng> = Arc::new(FakeRng::seeded(seed));
        let cheap = Cost { memory_kib: 8, iterations: 1, parallelism: 1 };
        let hasher = Hasher::new(cheap, None, Arc::clone(&rng)).expect("a hasher");
        let secrets = Secrets::load(Arc::clone(&store), &clock, rng.as_ref()).await.expect("keys");
        let settings = Settings {
            public_url: "https://id.example".parse().expect("an address"),
            brand: Brand { name: "Name Plate".into(), ..Brand::default() },
            login_identifier: LoginIdentifier::Email,
            default_region: "US".into(),
            password_policy: Policy::Hybrid,
            activity_keep_days: 400,
            channels: Channels::default(),
        };
        let mut parts = Parts {
            store: Arc::clone(&store),
            clock: Arc::new(clock.clone()),
            rng,
            hasher,
            secrets,
            blobs: None,
            remote_pictures: None,
            settings,
        };
        choose(&mut parts);
        let hasher = parts.hasher.clone();
        let accounts = Accounts::new(parts);
        let router = router(&accounts);
        Self { accounts, store, clock, hasher, router, directory }
    }

    /// Another server of the same database and time, with a hasher of its own.
    pub async fn beside(&self, choose: impl FnOnce(&mut Parts)) -> Self {
        static SEED: AtomicU64 = AtomicU64::new(100);
        let directory = tempfile::tempdir().expect("a temporary directory");
        // Chance of its own, too: ids must not meet.
        let seed = SEED.fetch_add(1, Ordering::Relaxed);
        Self::over(directory, Arc::clone(&self.store), self.clock.clone(), choose, seed).await
    }

    /// What hashes its passwords.
    pub fn hasher(&self) -> &Hasher {
        &self.hasher
    }

    /// Its database file, if that is SQLite.
    pub fn database_file(&self) -> PathBuf {
        self.directory.path().join("nameplate.db")
    }

    /// Its database.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// The time on this server.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Lets time pass.
    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// Signs somebody up who proves the address, and signs them in.
    pub async fn sign_up(&self, email: &str, full_name: &str) -> Person {
        let pending = self.register_as(email, full_name, PASSWORD).await;
        let code = self.code_sent_to(email).await;
        let confirmed = self.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Api, &origin()).await;
        match confirmed.expect("an account") {
            SignIn::Complete(new) => Person::from(*new),
            _ => panic!("a new account was asked for more"),
        }
    }

    /// Begins a registration, and leaves its code where it was sent.
    pub async fn register(&self, email: &str, password: &str) -> PendingSignUp {
        self.register_as(email, "Ada Lovelace", password).await
    }

    async fn register_as(&self, email: &str, full_name: &str, password: &str) -> PendingSignUp {
        let sign_up = SignUp {
            email: Some(email.to_owned()),
            name: NameInput::Full(full_name.to_owned()),
            password: password.to_owned(),
            ..SignUp::default()
        };
        self.accounts.register(sign_up, &origin()).await.expect("a registration")
    }

    /// Who somebody is, by their access token.
    pub async fn actor(&self, person: &Person) -> Actor {
        self.accounts.authenticate_bearer(&person.access, &origin()).await.expect("a live session").0
    }

    /// Whether somebody's session is alive.
    pub async fn is_signed_in(&self, person: &Person) -> bool {
        self.accounts.authenticate_bearer(&person.access, &origin()).await.is_ok()
    }

    /// A call of a service that may do everything.
    pub async fn access(&self) -> Access {
        let made = self.accounts.create_client("Shop", Scope::All).await.expect("a client");
        let resource = self.accounts.resource("https://id.example/api").expect("our own resource");
        let token = self.accounts.issue_management_token(&made.client, &resource, "all").expect("a token").access;
        let operation = "PATCH /api/users/{userId}".to_owned();
        Access::new(&self.accounts, &token, operation, origin()).await.expect("a good token")
    }

    /// Signs an admin up.
    pub async fn sign_up_admin(&self, email: &str) -> Person {
        let person = self.sign_up(email, "Ada Admin").await;
        let changed = self.accounts.set_role_for_operator(&person.account.id.to_string(), Role::Admin).await;
        changed.expect("a role");
        // The role change ended the session.
        self.sign_in(email).await
    }

    /// Signs somebody in.
    pub async fn sign_in(&self, identifier: &str) -> Person {
        let on_archived = nameplate::service::login::OnArchived::Restore;
        let done = self.accounts.sign_in(identifier, PASSWORD, Kind::Api, on_archived, &origin()).await;
        match done.expect("a session") {
            SignIn::Complete(new) => Person::from(*new),
            _ => panic!("more than a password was asked for"),
        }
    }

    /// Deactivates an account.
    pub async fn lock(&self, id: Uuid) {
        let mut tx = self.store.write().await.expect("a transaction");
        let mut account = tx.lock_account(id).await.expect("an answer").expect("an account");
        account.locked_at = Some(self.now());
        tx.update_account(&account).await.expect("a change");
        tx.commit().await.expect("a commit");
    }

    /// Makes an account's address one that nobody proved.
    pub async fn unverify(&self, id: Uuid) {
        let mut tx = self.store.write().await.expect("a transaction");
        let mut account = tx.lock_account(id).await.expect("an answer").expect("an account");
        account.email_verified = false;
        tx.update_account(&account).await.expect("a change");
        tx.commit().await.expect("a commit");
    }

    /// The kinds of an account's events, newest first.
    pub async fn activity_of(&self, name: &str) -> Vec<String> {
        let account = self.accounts.find_for_operator(name).await.expect("an account");
        let mut tx = self.store.read().await.expect("a transaction");
        let events = tx.activity_of(account.id, &[], None, 100).await.expect("events");
        events.into_iter().map(|event| event.kind).collect()
    }

    /// The token of the newest undo link to a recipient.
    pub async fn undo_link_to(&self, recipient: &str) -> String {
        let link = |message: &OutboxMessage| {
            let (_, rest) = message.body_text.split_once("https://id.example/undo?token=")?;
            rest.split_whitespace().next().map(str::to_owned)
        };
        self.messages_to(recipient).await.iter().find_map(link).expect("an undo link")
    }

    /// The newest message to a recipient.
    pub async fn last_message_to(&self, recipient: &str) -> OutboxMessage {
        self.messages_to(recipient).await.into_iter().next().expect("a message")
    }

    /// The six digits of the newest code to a recipient.
    pub async fn code_sent_to(&self, recipient: &str) -> String {
        self.messages_to(recipient).await.iter().find_map(code_in).expect("six digits")
    }

    /// Messages to a recipient, newest first.
    pub async fn messages_to(&self, recipient: &str) -> Vec<OutboxMessage> {
        let mut messages = self.accounts.outbox(50).await.expect("the outbox");
        messages.retain(|message| message.recipient.eq_ignore_ascii_case(recipient));
        messages
    }
}

fn code_in(message: &OutboxMessage) -> Option<String> {
    let mut words = message.body_text.split(|c: char| !c.is_ascii_digit());
    words.find(|word| word.len() == 6).map(str::to_owned)
}

impl From<NewSession> for Person {
    fn from(new: NewSession) -> Self {
        match new.secret {
            Secret::Tokens { access, refresh, .. } => Self { account: new.account, access, refresh },
            Secret::Cookie(_) | Secret::Access(_) => panic!("no tokens"),
        }
    }
}

/// Where requests of tests come from.
pub fn origin() -> Origin {
    Origin { address: Some(IpAddr::from(ADDRESS)), user_agent: AGENT.into(), ..Origin::default() }
}

/// The routes as the server nests them, with what it leaves in requests.
fn router(accounts: &Accounts) -> Router {
    DIALECTS
        .iter()
        .flat_map(|api| api.mounts)
        .fold(Router::new(), |router, mount| {
            let routes = (mount.router)(accounts.clone());
            // `nest` matches the prefix with and without a path behind it, but not with a bare slash.
            router.route(&format!("{}/", mount.prefix), any_service(routes.clone())).nest(mount.prefix, routes)
        })
        .layer(Extension(origin()))
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetRequestIdLayer::x_request_id(MakeRequestUuid))
}
