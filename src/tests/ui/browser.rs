//! A site without a socket, and a browser that keeps its cookies.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use chrono::TimeDelta;
use nameplate::{
    domain::{
        account::LoginIdentifier,
        message::OutboxMessage,
        password_rules::Policy,
        session::{Kind, Origin},
    },
    ports::{
        clock::FakeClock,
        hasher::{Cost, Hasher},
        rng::{FakeRng, Rng},
    },
    service::{Accounts, Parts, Settings, messages::Brand, profile::NameInput, register::SignUp, secrets::Secrets},
    store::{Store, sql},
    ui::ssr,
};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;
use url::form_urlencoded;

/// A password that every policy takes.
pub const PASSWORD: &str = "Quill-harbour 73 moss";
/// Whose account it is.
pub const EMAIL: &str = "ada@example.com";

/// A site.
pub struct Site {
    pub accounts: Accounts,
    clock: FakeClock,
    router: Router,
    _directory: TempDir,
}

impl Site {
    /// A site at `http://localhost:3000`.
    pub async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("nameplate.db").display());
        let store: Arc<dyn Store> = sql::connect(&url).await.unwrap();
        store.migrate().await.unwrap();
        let clock = FakeClock::at("2026-01-31T03:04:05Z".parse().unwrap());
        let rng: Arc<dyn Rng> = Arc::new(FakeRng::seeded(1));
        let cheap = Cost { memory_kib: 8, iterations: 1, parallelism: 1 };
        let hasher = Hasher::new(cheap, None, Arc::clone(&rng)).unwrap();
        let secrets = Secrets::load(Arc::clone(&store), &clock, rng.as_ref()).await.unwrap();
        let settings = Settings {
            public_url: "http://localhost:3000".parse().unwrap(),
            brand: Brand { name: "Name Plate".into(), ..Brand::default() },
            login_identifier: LoginIdentifier::Email,
            default_region: "US".into(),
            password_policy: Policy::Hybrid,
            verify_remote: false,
        };
        let accounts = Accounts::new(Parts { store, clock: Arc::new(clock.clone()), rng, hasher, secrets, settings });
        let router = ssr::router(accounts.clone(), Arc::new(|name: &str| format!("/assets/{name}")));
        Self { accounts, clock, router, _directory: directory }
    }

    /// Somebody who is not signed in.
    pub fn browser(&self) -> Browser<'_> {
        Browser { site: self, cookies: BTreeMap::new() }
    }

    /// Ada, signed up and signed in.
    pub async fn ada(&self) -> Browser<'_> {
        let origin = Origin::default();
        let name = NameInput::Full("Ada Lovelace".into());
        let sign_up = SignUp { email: Some(EMAIL.into()), name, password: PASSWORD.into(), ..SignUp::default() };
        let pending = self.accounts.register(sign_up, &origin).await.unwrap();
        let code = self.code_sent_to(EMAIL).await;
        self.accounts.confirm_registration(&pending.receipt.token, &code, Kind::Api, &origin).await.unwrap();
        let mut browser = self.browser();
        let answer = browser.send("sign-in", &[("identifier", EMAIL), ("password", PASSWORD)]).await;
        assert_eq!(answer.location(), "/profile");
        browser
    }

    pub fn advance(&self, by: TimeDelta) {
        self.clock.advance(by);
    }

    /// The newest code in the outbox for an address.
    pub async fn code_sent_to(&self, recipient: &str) -> String {
        let outbox = self.accounts.outbox(20).await.unwrap();
        let digits = |message: &OutboxMessage| {
            let words = message.body_text.split(|c: char| !c.is_ascii_digit());
            words.filter(|word| word.len() == 6).map(str::to_owned).next()
        };
        outbox.iter().filter(|message| message.recipient == recipient).find_map(digits).unwrap()
    }
}

/// A browser.
#[derive(Clone)]
pub struct Browser<'a> {
    site: &'a Site,
    pub cookies: BTreeMap<String, String>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// Where a 303 leads.
    pub fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.headers[header::LOCATION].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The value of an input of the page, with its HTML entities read.
    pub fn value(&self, name: &str) -> Option<String> {
        let input =
            self.body.split('<').find(|tag| tag.starts_with("input") && tag.contains(&format!("name=\"{name}\"")))?;
        let (_, rest) = input.split_once(" value=\"")?;
        Some(rest.split('"').next()?.replace("&amp;", "&").replace("&lt;", "<").replace("&quot;", "\""))
    }
}

impl Browser<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.ask(Request::get(path).header(header::ACCEPT, "text/html").body(Body::empty()).unwrap()).await
    }

    /// Sends a form without script.
    pub async fn send(&mut self, operation: &str, fields: &[(&str, &str)]) -> Answer {
        self.post(operation, "text/html,*/*;q=0.8", fields, &[]).await
    }

    /// Sends a form as an island does.
    pub async fn fetch(&mut self, operation: &str, fields: &[(&str, &str)]) -> Answer {
        self.post(operation, "application/json", fields, &[]).await
    }

    pub async fn post(
        &mut self,
        operation: &str,
        accept: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(format!("/fn/{operation}"))
            .header(header::ACCEPT, accept)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    pub async fn ask(&mut self, mut request: Request<Body>) -> Answer {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        request.headers_mut().insert(header::COOKIE, cookies.parse().unwrap());
        let (parts, body) = self.site.router.clone().oneshot(request).await.unwrap().into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).unwrap();
            match cookie.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }
}
