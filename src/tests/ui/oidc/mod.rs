//! People sign in to apps: through the pages, with the apps' calls on the same server.

mod back_channel;
mod claims;
mod codes;
mod consent;
mod ending;
mod journey;
mod prompts;
mod refresh;
mod requests;
mod tokens;

use axum::http::StatusCode;
use data_encoding::BASE64URL_NOPAD;
use nameplate::{
    domain::{
        client::ClientType,
        oidc::app::{Api, App as Settings},
    },
    service::oidc::registry::AppDraft,
};
use serde_json::Value;
use url::{Url, form_urlencoded};
use uuid::Uuid;

use super::browser::{Answer, Browser, EMAIL, PASSWORD, Site};
use crate::harness::Reply;

const CALLBACK: &str = "https://notes.example/callback";
/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const API: &str = "https://api.notes.example";

/// An app that is registered.
struct App<'a> {
    site: &'a Site,
    id: Uuid,
    secret: Option<String>,
}

impl<'a> App<'a> {
    /// An app with a secret.
    async fn confidential(site: &'a Site, choose: impl FnOnce(&mut Settings)) -> Self {
        Self::of(site, ClientType::Confidential, choose).await
    }

    /// An app without.
    async fn public(site: &'a Site, choose: impl FnOnce(&mut Settings)) -> Self {
        Self::of(site, ClientType::Public, choose).await
    }

    async fn of(site: &'a Site, kind: ClientType, choose: impl FnOnce(&mut Settings)) -> Self {
        let mut app = Settings {
            redirect_uris: vec![CALLBACK.to_owned()],
            resources: vec![Api::parse(&format!("{API} read write"))],
            ..Settings::default()
        };
        choose(&mut app);
        let draft = AppDraft { name: "Notes".to_owned(), kind, id: None, app };
        let made = site.server().accounts.create_app(draft).await.unwrap();
        Self { site, id: made.client.id, secret: made.secret }
    }

    /// The address of a request: these parameters in place of, or besides, the usual ones. An empty one is left out.
    fn request(&self, with: &[(&str, &str)]) -> String {
        let id = self.id.to_string();
        let mut parameters = vec![
            ("client_id", id.as_str()),
            ("redirect_uri", CALLBACK),
            ("response_type", "code"),
            ("scope", "openid profile email"),
            ("state", "s t&te"),
            ("nonce", "n0nce"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        parameters.retain(|(name, _)| with.iter().all(|(other, _)| other != name));
        parameters.extend(with.iter().filter(|(_, value)| !value.is_empty()));
        format!("/oidc/auth?{}", form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish())
    }

    /// Calls the token endpoint as this app.
    async fn token(&self, with: &[(&str, &str)]) -> Reply {
        self.post("/oidc/token", with).await
    }

    async fn post(&self, path: &str, with: &[(&str, &str)]) -> Reply {
        let id = self.id.to_string();
        let mut parameters = vec![("client_id", id.as_str())];
        parameters.extend(self.secret.as_deref().map(|secret| ("client_secret", secret)));
        parameters.extend(with);
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        let call = self.site.server().call(&format!("POST {path}"));
        call.body("application/x-www-form-urlencoded", body).send().await
    }

    /// Exchanges a code as usual.
    async fn exchange(&self, code: &str) -> Reply {
        let with = [("redirect_uri", CALLBACK), ("code_verifier", VERIFIER)];
        self.token(&[&[("grant_type", "authorization_code"), ("code", code)][..], &with].concat()).await
    }

    async fn refresh(&self, token: &str, with: &[(&str, &str)]) -> Reply {
        self.token(&[&[("grant_type", "refresh_token"), ("refresh_token", token)][..], with].concat()).await
    }

    /// Whether a token is good at userinfo.
    async fn me(&self, access: &str) -> Reply {
        self.site.server().call("GET /oidc/me").bearer(access).send().await
    }

    /// A code for somebody whom nobody has to ask anything.
    async fn code(&self, browser: &mut Browser<'_>, with: &[(&str, &str)]) -> String {
        let answer = browser.get(&self.request(with)).await;
        answered(&answer).code()
    }

    /// Tokens for the same.
    async fn tokens(&self, browser: &mut Browser<'_>, with: &[(&str, &str)]) -> Value {
        let code = self.code(browser, with).await;
        self.exchange(&code).await.expect(200)
    }
}

/// What an app was answered.
#[derive(Debug)]
struct Answered(Url);

impl Answered {
    fn get(&self, name: &str) -> Option<String> {
        self.0.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    }

    #[track_caller]
    fn code(&self) -> String {
        assert_eq!(self.get("state").as_deref(), Some("s t&te"));
        assert_eq!(self.get("iss").as_deref(), Some("http://localhost:3000/oidc"), "RFC 9207");
        self.get("code").unwrap_or_else(|| panic!("{}", self.0))
    }

    #[track_caller]
    fn error(&self) -> String {
        assert_eq!(self.get("iss").as_deref(), Some("http://localhost:3000/oidc"), "RFC 9207");
        assert!(self.get("error_description").is_some_and(|words| words.ends_with('.')), "{}", self.0);
        self.get("error").unwrap_or_else(|| panic!("{}", self.0))
    }
}

/// Where an app is led, by a redirect or by a page that leads on.
#[track_caller]
fn answered(answer: &Answer) -> Answered {
    let led = match answer.status {
        StatusCode::SEE_OTHER => answer.location().to_owned(),
        StatusCode::OK => {
            let refresh = answer.body.split("content=\"0;url=").nth(1).unwrap_or_else(|| panic!("{}", answer.body));
            refresh.split('"').next().unwrap().replace("&amp;", "&")
        }
        status => panic!("{status}: {}", answer.body),
    };
    Answered(led.parse().unwrap_or_else(|_| panic!("{led} is no address of an app")))
}

/// Signs in on the page that a request led to, and follows the way until it ends.
async fn sign_in(browser: &mut Browser<'_>, led: &Answer, email: &str) -> Answer {
    let next = next_of(led.location());
    let sent = browser.send("sign-in", &[("identifier", email), ("password", PASSWORD), ("next", &next)]).await;
    assert_eq!(sent.location(), next);
    browser.get(&next).await
}

/// Where an address of ours leads then.
fn next_of(address: &str) -> String {
    let url: Url = format!("http://localhost:3000{address}").parse().unwrap();
    url.query_pairs().find(|(name, _)| name == "next").map(|(_, next)| next.into_owned()).unwrap_or_default()
}

/// The claims of a token.
fn payload(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

fn header(token: &Value) -> Value {
    let part = token.as_str().unwrap().split('.').next().unwrap();
    serde_json::from_slice(&BASE64URL_NOPAD.decode(part.as_bytes()).unwrap()).unwrap()
}

#[track_caller]
fn refused(reply: &Reply, status: u16, error: &str) {
    let body = reply.expect(status);
    assert_eq!(
        (body["error"].as_str(), body["code"].as_str()),
        (Some(error), Some(&*format!("oidc.{error}"))),
        "{body}"
    );
    assert!(body["message"].is_string() && body["error_description"] == body["message"]);
    assert_eq!(reply.header("cache-control"), "no-store");
}

fn first_party(app: &mut Settings) {
    app.first_party = true;
}
