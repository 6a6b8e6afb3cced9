//! Uploads in an object store, over the protocol that such stores speak.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header::AUTHORIZATION},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::Picture,
        avatar::Size,
        error::{Error, Field, PictureUrlReason, Reason},
        picture_url::PictureUrl,
        session::Origin,
    },
    ports::{
        blobs::Blobs,
        remote_picture::{NotLooked, RemotePictures},
    },
    service::{
        Accounts, Expectation,
        management::change::ManagedChange,
        pictures::avatar::Format,
        profile::{NameInput, ProfileChange},
        register::SignUp,
    },
};
use tokio::{net::TcpListener, sync::Semaphore};

use super::avatar::{ada, show, upload};
use crate::harness::{PASSWORD, TestServer, origin};

/// An object store of one bucket.
#[derive(Clone)]
struct ObjectStore {
    objects: Arc<Mutex<BTreeMap<String, Bytes>>>,
    /// Objects it has room for.
    room: Arc<AtomicUsize>,
    /// A part of the keys that it does not delete.
    held: Arc<Mutex<Option<String>>>,
    endpoint: String,
}

impl ObjectStore {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let room = Arc::new(AtomicUsize::new(1000));
        let store = Self { objects: Arc::default(), room, held: Arc::default(), endpoint };
        let router = Router::new().fallback(answer).with_state(store.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        store
    }

    fn blobs(&self) -> Blobs {
        let variables = [
            ("AWS_ENDPOINT_URL", self.endpoint.as_str()),
            ("AWS_REGION", "eu-north-1"),
            ("AWS_ACCESS_KEY_ID", "nameplate"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("PATH", "/bin"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Blobs::s3(&"s3://pictures/of/people".parse().unwrap(), variables).unwrap()
    }

    fn keys(&self) -> Vec<String> {
        self.objects.lock().unwrap().keys().cloned().collect()
    }
}

async fn answer(
    State(store): State<ObjectStore>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let signed = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !(signed.starts_with("AWS4-HMAC-SHA256 Credential=nameplate/") && signed.contains("/eu-north-1/s3/aws4_request"))
    {
        return StatusCode::FORBIDDEN.into_response();
    }
    let key = uri.path().to_owned();
    let mut objects = store.objects.lock().unwrap();
    match method {
        Method::PUT if objects.len() >= store.room.load(Ordering::SeqCst) => StatusCode::FORBIDDEN.into_response(),
        Method::PUT => {
            objects.insert(key, body);
            [("etag", "\"1\"")].into_response()
        }
        Method::GET => match objects.get(&key) {
            Some(bytes) => {
                ([("etag", "\"1\""), ("last-modified", "Fri, 02 Jan 2026 03:04:05 GMT")], bytes.clone()).into_response()
            }
            None => StatusCode::NOT_FOUND.into_response(),
        },
        Method::DELETE if store.held.lock().unwrap().as_ref().is_some_and(|held| key.contains(held)) => {
            StatusCode::FORBIDDEN.into_response()
        }
        Method::DELETE => {
            objects.remove(&key);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}

async fn small(accounts: &Accounts, access_key: &str) -> Result<Vec<u8>, Error> {
    accounts.rendition(access_key, Size::Px64, Format::WebP).await
}

#[tokio::test]
async fn renditions_live_and_go_with_their_upload() {
    let bucket = ObjectStore::start().await;
    let server = TestServer::start_of(|parts| parts.blobs = Some(bucket.blobs())).await;
    let ada = ada(&server).await;
    let stored = upload(&server, &ada).await.unwrap();
    let keys = bucket.keys();
    assert_eq!(keys.len(), 5, "{keys:?}");
    let folder = format!("/pictures/of/people/{}/", stored.access_key);
    assert!(keys.iter().all(|key| key.starts_with(&folder)), "{keys:?}");
    let webp = small(&server.accounts, &stored.access_key).await.unwrap();
    assert_eq!(image::load_from_memory(&webp).unwrap().width(), 64);

    server.advance(TimeDelta::hours(2));
    server.accounts.sweep().await.unwrap();
    assert_eq!(bucket.keys().len(), 5, "an upload that was kept is no stray");

    server.accounts.delete_upload(&ada, stored.id).await.unwrap();
    assert_eq!(small(&server.accounts, &stored.access_key).await, Err(Error::NotFound));
    server.accounts.sweep().await.unwrap();
    assert_eq!(bucket.keys(), [""; 0]);
}

#[tokio::test]
async fn an_upload_that_fails_half_way_changes_nothing_and_leaves_nothing() {
    let bucket = ObjectStore::start().await;
    let server = TestServer::start_of(|parts| parts.blobs = Some(bucket.blobs())).await;
    let ada = ada(&server).await;
    let shown = upload(&server, &ada).await.unwrap();
    show(&server, &ada, &shown).await;
    bucket.room.store(7, Ordering::SeqCst);
    assert!(matches!(upload(&server, &ada).await, Err(Error::Busy { .. })));
    assert_eq!(bucket.keys().len(), 7);
    let account = server.accounts.account(&ada, ada.account_id).await.unwrap();
    assert_eq!(server.accounts.avatar_url(&account), server.accounts.upload_url(&shown.access_key));

    server.accounts.sweep().await.unwrap();
    assert_eq!(bucket.keys().len(), 7, "it may be another server's upload under way");
    server.advance(TimeDelta::minutes(61));
    server.accounts.sweep().await.unwrap();
    assert_eq!(bucket.keys().len(), 5);
    assert!(small(&server.accounts, &shown.access_key).await.is_ok());
}

#[tokio::test]
async fn an_object_that_cannot_be_deleted_stops_nobody_behind_it() {
    let bucket = ObjectStore::start().await;
    let server = TestServer::start_of(|parts| parts.blobs = Some(bucket.blobs())).await;
    let ada = ada(&server).await;
    let mut keys = Vec::new();
    for _ in 0..3 {
        let stored = upload(&server, &ada).await.unwrap();
        server.accounts.delete_upload(&ada, stored.id).await.unwrap();
        keys.push(stored.access_key);
    }
    *bucket.held.lock().unwrap() = Some(keys[1].clone());
    server.advance(TimeDelta::hours(2));
    for _ in 0..2 {
        assert!(matches!(server.accounts.sweep().await, Err(Error::Busy { .. })), "it is told of");
        let left = bucket.keys();
        assert!(left.len() == 5 && left.iter().all(|key| key.contains(&keys[1])), "{left:?}");
    }
    *bucket.held.lock().unwrap() = None;
    server.accounts.sweep().await.unwrap();
    assert_eq!(bucket.keys(), [""; 0]);
}

/// The Internet, with no picture at all.
struct Nothing;

#[async_trait::async_trait]
impl RemotePictures for Nothing {
    async fn is_picture(&self, url: &PictureUrl) -> Result<bool, NotLooked> {
        match url.as_str() {
            "https://pictures.example.com/never.png" => Err(NotLooked::Unable("no authorities".to_owned())),
            _ => Ok(false),
        }
    }
}

#[tokio::test]
async fn remote_pictures_are_looked_at_where_that_is_configured() {
    let server = TestServer::start_of(|parts| parts.remote_pictures = Some(Arc::new(Nothing))).await;
    let ada = ada(&server).await;
    let write = async |url: &str| {
        let change = ProfileChange { avatar: Some(url.to_owned()), ..ProfileChange::default() };
        server.accounts.update_profile(&ada, ada.account_id, change, Expectation::Any).await
    };
    let unreachable = Error::invalid(Field::Avatar, Reason::PictureUrl(PictureUrlReason::Unreachable));
    assert_eq!(write("https://pictures.example.com/ada.png").await.err(), Some(unreachable));
    let blameless = write("https://pictures.example.com/never.png").await;
    assert!(matches!(blameless, Err(Error::Busy { .. })), "nobody says that it is none: {blameless:?}");
    let stored = upload(&server, &ada).await.unwrap();
    assert!(write(&server.accounts.upload_url(&stored.access_key)).await.is_ok(), "ours need no look");

    let register = async |url: &str| {
        let sign_up = SignUp {
            email: Some("bob@example.com".into()),
            name: NameInput::Full("Bob Baker".into()),
            password: PASSWORD.into(),
            picture: Some(url.to_owned()),
            ..SignUp::default()
        };
        server.accounts.register(sign_up, &origin()).await.map(drop)
    };
    let refused = |reason| Err(Error::invalid(Field::Avatar, Reason::PictureUrl(reason)));
    assert_eq!(register("https://pictures.example.com/ada.png").await, refused(PictureUrlReason::Unreachable));
    let hers = server.accounts.upload_url(&stored.access_key);
    assert_eq!(register(&hers).await, refused(PictureUrlReason::NotYours), "not kept as a remote one");
}

/// The Internet, where everything is a picture, and is looked at as long as it is held.
struct Held {
    looks: AtomicU32,
    let_go: Semaphore,
}

#[async_trait::async_trait]
impl RemotePictures for Held {
    async fn is_picture(&self, _: &PictureUrl) -> Result<bool, NotLooked> {
        self.looks.fetch_add(1, Ordering::Relaxed);
        self.let_go.acquire().await.map(|_| true).map_err(|_| NotLooked::Busy)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_have_one_picture_looked_at_and_only_where_nothing_else_is_wrong() {
    let held = Arc::new(Held { looks: AtomicU32::default(), let_go: Semaphore::new(0) });
    let pictures = Arc::clone(&held) as Arc<dyn RemotePictures>;
    let server = TestServer::start_of(|parts| parts.remote_pictures = Some(pictures)).await;
    let register = |name: &str, password: &str, last: u8| {
        let sign_up = SignUp {
            email: Some(format!("{name}@example.com")),
            name: NameInput::Full("Bob Baker".into()),
            password: password.into(),
            picture: Some("https://pictures.example.com/bob.png".into()),
            ..SignUp::default()
        };
        let from = Origin { address: Some([203, 0, 113, last].into()), ..origin() };
        let accounts = server.accounts.clone();
        tokio::spawn(async move { accounts.register(sign_up, &from).await.map(drop) })
    };
    let looks = || held.looks.load(Ordering::Relaxed);
    assert!(matches!(register("bob", "weak", 1).await.unwrap(), Err(Error::Invalid(_))));
    assert_eq!(looks(), 0, "it is refused for its password anyway");
    let first = register("bob", PASSWORD, 1);
    while looks() < 1 {
        tokio::task::yield_now().await;
    }
    assert!(matches!(register("eve", PASSWORD, 1).await.unwrap(), Err(Error::Busy { .. })));
    assert_eq!(looks(), 1);
    let other = register("joe", PASSWORD, 2);
    while looks() < 2 {
        tokio::task::yield_now().await;
    }
    held.let_go.add_permits(2);
    assert_eq!((first.await.unwrap(), other.await.unwrap()), (Ok(()), Ok(())));
    held.let_go.close();
    assert!(matches!(register("zoe", PASSWORD, 3).await.unwrap(), Err(Error::Busy { .. })), "nothing is said of it");
}

#[tokio::test]
async fn no_address_of_ours_is_kept_as_one_elsewhere() {
    let server = TestServer::start().await;
    let ada = ada(&server).await;
    let stored = upload(&server, &ada).await.unwrap();
    let own = server.accounts.upload_url(&stored.access_key);
    let service = server.access().await;
    let not_yours = || Error::invalid(Field::Avatar, Reason::PictureUrl(PictureUrlReason::NotYours));
    for (url, is_hers) in [
        ("https://id.example/any.png".to_owned(), false),
        ("https://id.example./any.png".to_owned(), false),
        ("https://ID.example:443/u/ada.png".to_owned(), false),
        (format!("{own}?size=64"), false),
        (own.replace("id.example", "id.example."), true),
        (own.clone(), true),
    ] {
        let expected = if is_hers { Ok(vec![Picture::Upload(stored.access_key.clone())]) } else { Err(not_yours()) };
        let change = ProfileChange { avatar: Some(url.clone()), ..ProfileChange::default() };
        let written = server.accounts.update_profile(&ada, ada.account_id, change, Expectation::Any).await;
        assert_eq!(written.map(|account| account.pictures), expected, "{url}");
        let change = ManagedChange { avatar: Some(url.clone()), ..ManagedChange::default() };
        let managed = server.accounts.update_managed(&service, ada.account_id, change, Expectation::Any).await;
        assert_eq!(managed.map(|account| account.pictures), expected, "{url}");
        let sign_up = SignUp {
            email: Some("bob@example.com".into()),
            name: NameInput::Full("Bob Baker".into()),
            password: PASSWORD.into(),
            picture: Some(url.clone()),
            ..SignUp::default()
        };
        let registered = server.accounts.register(sign_up, &origin()).await;
        assert_eq!(registered.err(), Some(not_yours()), "{url}");
    }
}
