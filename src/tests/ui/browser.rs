//! A site without a socket, and a browser that keeps its cookies.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Extensions, HeaderMap, Request, StatusCode, header},
};
use chrono::{DateTime, TimeDelta, Utc};
use nameplate::{
    domain::account::Account,
    service::{Expectation, Settings},
    ui::{forms::forms, ssr},
};
use serde_json::Value;
use tower::ServiceExt as _;
use url::form_urlencoded;

use super::html::without_markers;
pub use crate::harness::PASSWORD;
use crate::harness::TestServer;

/// Whose account it is.
pub const EMAIL: &str = "ada@example.com";

/// Repeats each case, a function of a site, as a test on SQLite and one on PostgreSQL.
macro_rules! on_both_engines {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::ui::browser::Site::start().await).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    super::$case(crate::ui::browser::Site::start_on_postgres().await).await;
                }
            )*
        }
    };
}
pub(crate) use on_both_engines;

/// A site.
pub struct Site {
    server: TestServer,
    router: Router,
}

impl Site {
    /// A site at `http://localhost:3000`, on the last of January.
    pub async fn start() -> Self {
        Self::over(TestServer::start_with(at_localhost).await)
    }

    /// The same with other settings.
    pub async fn start_with(choose: impl FnOnce(&mut Settings)) -> Self {
        let choose = |settings: &mut Settings| {
            at_localhost(settings);
            choose(settings);
        };
        Self::over(TestServer::start_with(choose).await)
    }

    /// The same over PostgreSQL.
    pub async fn start_on_postgres() -> Self {
        Self::over(TestServer::start_on_postgres_with(at_localhost).await)
    }

    fn over(server: TestServer) -> Self {
        let opens: DateTime<Utc> = "2026-01-31T03:04:05Z".parse().unwrap();
        server.advance(opens - server.now());
        let asset_url: ssr::AssetUrl = Arc::new(|name: &str| format!("/assets/{name}"));
        let router = ssr::router(server.accounts.clone(), Arc::clone(&asset_url), Arc::default(), forms())
            .merge(ssr::foreign_router(server.accounts.clone(), asset_url));
        Self { server, router }
    }

    /// Somebody who is not signed in.
    pub fn browser(&self) -> Browser<'_> {
        Browser { site: self, cookies: BTreeMap::new() }
    }

    /// Ada, signed up and signed in.
    pub async fn ada(&self) -> Browser<'_> {
        self.person(EMAIL, "Ada Lovelace").await
    }

    /// Somebody, signed up and signed in.
    pub async fn person(&self, email: &str, full_name: &str) -> Browser<'_> {
        self.server.sign_up(email, full_name).await;
        let mut browser = self.browser();
        let answer = browser.send("sign-in", &[("identifier", email), ("password", PASSWORD)]).await;
        assert_eq!(answer.location(), "/profile");
        browser
    }

    /// Signs somebody up who follows `followed`.
    pub async fn follower(&self, followed: &str, email: &str, full_name: &str) {
        let person = self.server.sign_up(email, full_name).await;
        let (actor, other) = (self.server.actor(&person).await, self.account(followed).await.id);
        self.server.accounts.follow(&actor, other).await.unwrap();
        // Codes of strangers are counted by where they come from.
        self.advance(TimeDelta::minutes(3));
    }

    pub async fn block(&self, blocker: &str, blocked: &str) {
        let actor = self.server.actor(&self.server.sign_in(blocker).await).await;
        self.server.accounts.block(&actor, self.account(blocked).await.id).await.unwrap();
    }

    /// Gives somebody another username.
    pub async fn rename(&self, email: &str, username: &str) {
        let actor = self.server.actor(&self.server.sign_in(email).await).await;
        self.server.accounts.change_username(&actor, username, Expectation::Any).await.unwrap();
    }

    pub async fn username(&self, email: &str) -> String {
        self.account(email).await.username.to_string()
    }

    async fn account(&self, email: &str) -> Account {
        self.server.accounts.find_for_operator(email).await.unwrap()
    }

    pub fn advance(&self, by: TimeDelta) {
        self.server.advance(by);
    }

    /// The server behind it.
    pub fn server(&self) -> &TestServer {
        &self.server
    }

    /// The newest code in the outbox for an address.
    pub async fn code_sent_to(&self, recipient: &str) -> String {
        self.server.code_sent_to(recipient).await
    }
}

fn at_localhost(settings: &mut Settings) {
    settings.public_url = "http://localhost:3000".parse().unwrap();
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
    pub extensions: Extensions,
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

    /// Whether the page says this, tags and entities aside.
    pub fn says(&self, words: &str) -> bool {
        let text: String = self.body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect();
        text.replace("&amp;", "&").replace("&#x27;", "'").contains(words)
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
        let body = without_markers(&body);
        Answer { status: parts.status, headers: parts.headers, extensions: parts.extensions, body }
    }
}
