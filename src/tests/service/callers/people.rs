//! People: an ended session writes nothing, and the role that counts is the one in force.

use std::io::Cursor;

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use nameplate::{
    domain::{
        account::Role,
        avatar::{FocusPoint, Region},
        client::ClientType,
        code::{Channel, Purpose},
        error::Error,
        oidc::{
            app::App as Settings,
            decision::{Answer, PendingRequest},
            grant::Access,
            request::{AuthorizationRequest, FirstScreen, ResponseMode, Target},
        },
        session::{Actor, Kind},
    },
    service::{
        Accounts, Expectation, codes::verification::CodeRecipient, oidc::registry::AppDraft, profile::ProfileChange,
    },
    store::{oidc::Consent, pictures::Upload},
};
use uuid::Uuid;

use super::expect_all_named;
use crate::harness::{App, PASSWORD, Person, TestServer, origin, with_both_engines};

with_both_engines!(an_ended_session_writes_nothing, only_the_present_role_counts);

const CALLBACK: &str = "https://notes.example/callback";
const NEXT: &str = "Another-harbour 19 fern";
const ANY: Expectation = Expectation::Any;
const NONE: TimeDelta = TimeDelta::zero();

type Call = for<'a> fn(&'a Scene, &'a Actor) -> BoxFuture<'a, Result<(), Error>>;

macro_rules! calls {
    (|$scene:ident, $by:ident| $($name:ident($($argument:expr),* $(,)?)),* $(,)?) => {
        &[$((
            stringify!($name),
            |$scene, $by| Box::pin(async move { $scene.accounts.$name($($argument),*).await.map(drop) }),
        )),*]
    };
}

/// Everything that writes in the name of a caller.
const WRITES: &[(&str, Call)] = calls! { |s, by|
    accept_follower(by, s.asker),
    answer_request(by, s.request_shown_to(by), Answer::Allow),
    archive(by, by.account_id, None, ANY),
    block(by, s.other),
    cancel_change(by, Channel::Email, ANY),
    change_email(by, &format!("third.{}", s.email), ANY),
    change_password(by, by.account_id, PASSWORD, NEXT, None, ANY),
    change_phone(by, &format!("+1201555{:04}", 100 + s.number), ANY),
    change_username(by, &format!("ada{}", s.number), ANY),
    complete_verification(CodeRecipient::new(Channel::Email, &s.new_email), &s.code, Some(by), &by.origin),
    confirm_authenticator(by, &s.app_code),
    confirm_password(by, PASSWORD),
    confirm_verification(by, Channel::Email, &s.token, &s.code),
    deactivate(by, PASSWORD, None, ANY),
    decline_follower(by, s.asker),
    delete_upload(by, s.upload),
    disable_two_factor(by, PASSWORD, None, None),
    enable_two_factor(by, Some(PASSWORD)),
    end_all_sessions(by, true),
    end_session(by, s.other_session),
    follow(by, s.other),
    remove_app(by, s.notes),
    remove_authenticator(by, PASSWORD, None, None),
    renew(by),
    renew_recovery_codes(by, Some(PASSWORD)),
    request_factor_code(by, None, NONE),
    request_verification(by, Channel::Email),
    set_role(by, s.other, Role::Admin, ANY),
    set_up_authenticator(by, Some(PASSWORD)),
    start_verification(Purpose::Verification, CodeRecipient::new(Channel::Email, &s.new_email), NONE, Some(by), &by.origin),
    step_up(by, Some(PASSWORD)),
    unblock(by, s.blocked),
    unfollow(by, s.asker),
    unlock(by, s.locked, ANY),
    update_account(by, by.account_id, private(false), ANY),
    update_profile(by, by.account_id, private(false), ANY),
    upload_avatar(by, "me.png", png(), Region::Focus(FocusPoint::default())),
};

/// What an admin alone may do.
const FOR_ADMINS: [&str; 2] = ["set_role", "unlock"];

/// What only reads, and why the caller of the same request may do it.
const READS: &[(&str, &str)] = &[
    ("account", "tells the owner, or an admin"),
    ("activity", "tells the owner"),
    ("advance", "gives a code in a transaction that proves the caller once more: see the tests of the pages"),
    ("app_to_return_to", "tells the owner"),
    ("apps_with_access", "tells the owner"),
    ("authenticator_setup", "tells the owner; its requests have no body that could come late"),
    ("blocked", "tells the owner"),
    ("check_username", "tells what is public"),
    ("follow_requests", "tells the owner"),
    ("followers", "tells what the viewer may see"),
    ("following", "tells what the viewer may see"),
    ("leave_flash", "keeps what a browser typed, for that browser"),
    ("leave_recovery_codes", "keeps what the session was just told, for that session"),
    ("list_accounts", "tells an admin; its requests have no body that could come late"),
    ("own_lists", "tells the owner"),
    ("own_session", "tells the owner"),
    ("public_profile", "tells what the viewer may see"),
    ("public_profile_by_username", "tells what the viewer may see"),
    ("rate_password", "tells of a password that is sent along"),
    ("receive_ending", "reads what an app asks"),
    ("relationship", "tells what the viewer may see"),
    ("relationships", "tells what the viewer may see"),
    ("sessions", "tells the owner"),
    ("show_to", "marks a request that the browser carries"),
    ("take_recovery_codes", "tells the session what it was told before"),
    ("two_factor_status", "tells the owner"),
    ("upload", "tells the owner"),
    ("upload_slot", "counts uploads of the owner that are under way; what is uploaded is asked about again"),
];

fn private(is_private: bool) -> ProfileChange {
    ProfileChange { is_private: Some(is_private), ..ProfileChange::default() }
}

fn png() -> Vec<u8> {
    let mut png = Cursor::new(Vec::new());
    image::RgbImage::from_pixel(8, 8, image::Rgb([10, 200, 30])).write_to(&mut png, image::ImageFormat::Png).unwrap();
    png.into_inner()
}

/// People whom Ada meets, one after the other of her.
struct Others {
    /// Asks to follow her, and is followed by her.
    asker: Actor,
    /// Is blocked by her.
    blocked: Uuid,
    /// Has a locked account.
    locked: Uuid,
    /// Any account.
    other: Uuid,
}

impl Others {
    async fn of(server: &TestServer) -> Self {
        let mut people = Vec::new();
        for name in ["asker", "blocked", "locked", "other"] {
            people.push(server.sign_up(&format!("{name}@example.com"), name).await);
        }
        let asker = server.actor(&people[0]).await;
        let [_, blocked, locked, other] = [0, 1, 2, 3].map(|at| people[at].account.id);
        Self { asker, blocked, locked, other }
    }
}

/// Ada, with something for each of these methods to write.
struct Scene {
    accounts: Accounts,
    number: usize,
    /// Her second factor, where it is on.
    app: Option<App>,
    /// By a session that is alive.
    ada: Actor,
    email: String,
    /// An address that waits for its code, and that code with the token that names it.
    new_email: String,
    token: String,
    code: String,
    /// What an app shows that waits to be confirmed.
    app_code: String,
    other_session: Uuid,
    upload: Uuid,
    asker: Uuid,
    blocked: Uuid,
    locked: Uuid,
    other: Uuid,
    foreign_session: Uuid,
    /// An app that she lets have something.
    notes: Uuid,
    /// When all this was.
    at: DateTime<Utc>,
}

impl Scene {
    /// The `number`th; the method that turns the second factor on finds it off.
    async fn set(server: &TestServer, others: &Others, number: usize, name: &str, role: Role) -> Self {
        // Out of reach of what was counted for the one before.
        server.advance(TimeDelta::hours(1));
        let email = format!("ada{number}@example.com");
        let id = server.sign_up(&email, "Ada Lovelace").await.account.id;
        let accounts = server.accounts.clone();
        accounts.set_role_for_operator(&id.to_string(), role).await.unwrap();
        accounts.set_role_for_operator(&others.other.to_string(), Role::User).await.unwrap();
        server.lock(others.locked).await;
        let person = server.sign_in(&email).await;
        let ada = server.actor(&person).await;
        accounts.update_profile(&ada, id, private(true), ANY).await.unwrap();
        accounts.follow(&others.asker, id).await.unwrap();
        accounts.follow(&ada, others.asker.account_id).await.unwrap();
        accounts.block(&ada, others.blocked).await.unwrap();
        let upload = keep_upload(server, id, number).await;
        let new_email = format!("new.{email}");
        let changed = accounts.change_email(&ada, &new_email, ANY).await.unwrap();
        let code = server.code_sent_to(&new_email).await;
        let notes = allow_app(server, id).await;
        let app = if name == "enable_two_factor" { None } else { Some(server.add_app(&person).await.0) };
        let ada = server.actor(&person).await;
        let second = sign_in(server, &email, app.as_ref()).await;
        let waiting = accounts.set_up_authenticator(&ada, Some(PASSWORD)).await.unwrap();
        Self {
            number,
            email,
            new_email,
            token: changed.receipts[0].token.clone(),
            code,
            app_code: App::told(&waiting.secret).code(server, 0),
            other_session: server.actor(&second).await.session_id,
            upload,
            asker: others.asker.account_id,
            blocked: others.blocked,
            locked: others.locked,
            other: others.other,
            foreign_session: others.asker.session_id,
            notes,
            at: server.now(),
            accounts,
            app,
            ada,
        }
    }

    /// What the app asks for, as somebody was shown it.
    fn request_shown_to(&self, by: &Actor) -> PendingRequest {
        let target = Target { redirect_uri: CALLBACK.to_owned(), state: None, mode: ResponseMode::Query };
        let scopes = vec!["openid".to_owned(), "email".to_owned()];
        let request = AuthorizationRequest {
            target,
            access: Access { scopes, resources: Vec::new() },
            nonce: None,
            challenge: None,
            prompts: Vec::new(),
            max_age: None,
            login_hint: None,
            id_token_hint: None,
            ui_locales: None,
            first_screen: FirstScreen::SignIn,
        };
        PendingRequest {
            client_id: self.notes,
            request,
            at: self.at,
            hinted: None,
            not_before: None,
            shown: Some(by.session_id),
            answer: None,
        }
    }

    /// Callers who were good when their request began, or never were, and are not now.
    async fn callers(&self, server: &TestServer) -> Vec<(&'static str, Actor)> {
        let by = |session_id| Actor { session_id, ..self.ada.clone() };
        let ended = sign_in(server, &self.email, self.app.as_ref()).await;
        let ended_actor = server.actor(&ended).await;
        self.accounts.sign_out_by_bearer(&ended.access, &origin()).await.unwrap();
        let mut callers = vec![
            ("an ended session", ended_actor),
            ("somebody else's session", by(self.foreign_session)),
            ("no session", by(Uuid::nil())),
        ];
        if self.app.is_some() {
            let (half, _) = server.half_sign_in(&self.email, Kind::Api).await;
            callers.push(("a half-signed-in session", by(half.session.id)));
        }
        callers
    }

    /// All that these methods could write.
    async fn written(&self, server: &TestServer) -> String {
        let (id, now) = (self.ada.account_id, server.now());
        let mut tx = server.store().read().await.unwrap();
        let mail = tx.newest_messages(100).await.unwrap();
        let apps = [tx.proposed_app(id).await.unwrap(), tx.confirmed_app(id).await.unwrap()];
        let mut written = format!(
            "{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
            tx.account(id).await.unwrap(),
            tx.sessions_of(id, now).await.unwrap(),
            tx.uploads_of(id).await.unwrap(),
            tx.activity_of(id, &[], None, 100).await.unwrap(),
            tx.count_recovery_codes(id).await.unwrap(),
            mail.iter().map(|message| message.id).collect::<Vec<_>>(),
            apps.map(|app| app.map(|app| (app.id, app.confirmed_at))),
        );
        for other in [self.asker, self.blocked, self.locked, self.other] {
            let (account, edge) = (tx.account(other).await.unwrap(), tx.relationship(id, other).await.unwrap());
            written += &format!("\n{account:?}\n{edge:?}\n{:?}", tx.relationship(other, id).await.unwrap());
        }
        written
    }
}

/// An app that somebody lets have something.
async fn allow_app(server: &TestServer, account_id: Uuid) -> Uuid {
    let app = Settings { redirect_uris: vec![CALLBACK.to_owned()], ..Settings::default() };
    let draft = AppDraft { name: "Notes".to_owned(), kind: ClientType::Public, id: None, app };
    let client_id = server.accounts.create_app(draft).await.unwrap().client.id;
    let access = Access { scopes: vec!["openid".to_owned()], resources: Vec::new() };
    let (created_at, last_used_at) = (server.now(), server.now());
    let mut tx = server.store().write().await.unwrap();
    tx.put_consent(&Consent { account_id, client_id, access, created_at, last_used_at }).await.unwrap();
    tx.commit().await.unwrap();
    client_id
}

/// An upload that nobody had to render.
async fn keep_upload(server: &TestServer, owner_id: Uuid, number: usize) -> Uuid {
    let upload = Upload {
        id: Uuid::from_u128(number as u128 + 1),
        owner_id,
        access_key: format!("{number}.webp"),
        file_name: "me.png".into(),
        mime_type: "image/png".into(),
        file_size: 142,
        in_use: false,
        created_at: server.now(),
        updated_at: server.now(),
    };
    let mut tx = server.store().write().await.unwrap();
    tx.insert_upload(&upload).await.unwrap();
    tx.commit().await.unwrap();
    upload.id
}

async fn sign_in(server: &TestServer, email: &str, app: Option<&App>) -> Person {
    match app {
        Some(app) => server.sign_in_with(email, app).await,
        None => server.sign_in(email).await,
    }
}

#[test]
fn every_method_with_a_caller_is_named() {
    expect_all_named("&Actor", WRITES.iter().map(|(name, _)| *name), READS);
}

async fn an_ended_session_writes_nothing(server: TestServer) {
    let others = Others::of(&server).await;
    for (number, (name, call)) in WRITES.iter().enumerate() {
        let scene = Scene::set(&server, &others, number, name, Role::Admin).await;
        let refused = async |which: &str, caller: &Actor| {
            let before = scene.written(&server).await;
            assert_eq!(call(&scene, caller).await, Err(Error::Unauthenticated), "{name} by {which}");
            assert!(scene.written(&server).await == before, "{name} by {which} writes");
        };
        for (which, caller) in scene.callers(&server).await {
            refused(which, &caller).await;
        }
        server.lock(scene.ada.account_id).await;
        refused("a locked account", &scene.ada).await;
        scene.accounts.unlock_for_operator(&scene.email).await.unwrap();
        // That ends the session.
        scene.accounts.set_role_for_operator(&scene.email, Role::User).await.unwrap();
        refused("an admin who is none any more", &scene.ada).await;
    }
}

async fn only_the_present_role_counts(server: TestServer) {
    let others = Others::of(&server).await;
    let roles = [(Role::Admin, Role::User), (Role::User, Role::Admin)];
    for (number, (name, call)) in WRITES.iter().enumerate() {
        for (turn, (present, believed)) in roles.into_iter().enumerate() {
            let scene = Scene::set(&server, &others, 2 * number + turn, name, present).await;
            let caller = Actor { role: believed, ..scene.ada.clone() };
            server.advance(TimeDelta::seconds(1));
            let before = scene.written(&server).await;
            let done = call(&scene, &caller).await;
            if present != Role::Admin && FOR_ADMINS.contains(name) {
                assert_eq!(done, Err(Error::Forbidden), "{name}");
                assert!(scene.written(&server).await == before, "{name} writes");
            } else {
                assert_eq!(done, Ok(()), "{name}");
                assert!(scene.written(&server).await != before, "{name} writes nothing, so it proves nothing");
            }
        }
    }
}
