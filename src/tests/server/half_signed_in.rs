//! Between the two steps of signing in: no route of any surface takes such a caller, but the second step itself.
//!
//! The routes are read from the router and the server functions from their registry, so that new ones are walked, too, and
//! must refuse unless they are named here or described as public.

use std::collections::{BTreeMap, BTreeSet};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use leptos::server_fn::axum::server_fn_paths;
use nameplate::{
    api::openapi::document,
    domain::{
        account::{Account, Role},
        session::{Actor, Kind, Origin},
    },
    service::{
        login::{OnArchived, SignIn},
        operator::NewAccount,
        profile::NameInput,
        sessions::{NewSession, Secret},
    },
};
use serde_json::Value;

use super::composition::{Site, site};
use crate::harness::{PASSWORD, origin};

const EMAIL: &str = "between.steps@example.com";
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const DIALECTS: [&str; 3] = ["/auth-api/", "/api/", "/oidc/"];

/// Outside of the dialects, whose description says it: what asks nobody who they are.
const PUBLIC: &[&str] = &[
    "/.well-known/change-password",
    "/.well-known/jwks.json",
    "/.well-known/oauth-authorization-server/oidc",
    "/avatars/{file}",
    "/consent",
    "/docs",
    "/docs/{dialect}",
    "/fn/check-password",
    "/fn/confirm-registration",
    "/fn/register",
    "/fn/request-reset",
    "/fn/resend-code",
    "/fn/reset-password",
    "/fn/restore",
    "/fn/set-appearance",
    "/fn/sign-in",
    "/fn/undo-change",
    "/forgot",
    "/fn/continue-as-another",
    "/livez",
    "/login",
    "/login/restore",
    "/oidc/auth",
    "/oidc/session/end",
    "/openapi.json",
    "/readyz",
    "/register",
    "/register/confirm",
    "/reset",
    "/signed-out",
    "/u/{username}",
    "/u/{username}/followers",
    "/u/{username}/following",
    "/undo",
];
/// What a half-signed-in browser may do beside.
const SECOND_STEP: [&str; 2] = ["/fn/second-step", "/fn/send-second-step-code"];
/// What ends the session: asked last.
const SIGN_OUT: [&str; 2] = ["/auth-api/logout", "/fn/sign-out"];

/// How somebody says who they are.
enum Caller {
    Stranger,
    Bearer(String),
    Cookie(String),
}

impl Caller {
    fn kind(&self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::Bearer(_) => "token",
            Self::Cookie(_) => "cookie",
        }
    }
}

struct Answer {
    status: StatusCode,
    location: String,
    body: String,
}

impl Answer {
    fn is_refusal(&self) -> bool {
        let led_to_sign_in = self.status == StatusCode::SEE_OTHER && self.location.starts_with("/login");
        led_to_sign_in || matches!(self.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
    }
}

/// The paths of all routes, with their parameters in braces, as the router prints them.
pub fn routed(router: &Router) -> BTreeSet<String> {
    let printed = format!("{router:?}");
    let paths = printed.split("RouteId(").filter_map(|rest| rest.split_once("): \"")?.1.split('"').next());
    let mut paths: BTreeSet<_> = paths.filter(|path| !path.contains("__private")).map(str::to_owned).collect();
    assert!(paths.remove("/fn/{operation}"), "server functions have a route: {paths:?}");
    paths.extend(server_fn_paths().map(|(path, _)| path.to_owned()));
    paths
}

/// Whether it is a file of the build, which has a route at the root once there is a build.
fn is_file(path: &str) -> bool {
    let of_files = [".ico", ".svg", ".txt"];
    path.matches('/').count() == 1 && of_files.iter().any(|extension| path.ends_with(extension))
}

/// Whether each operation of the dialects is public, by method and path.
fn described() -> BTreeMap<(String, String), bool> {
    let document = document(&"http://127.0.0.1:3000".parse().unwrap());
    let is_public = |operation: &Value| {
        let ways = operation["security"].as_array().unwrap();
        ways.is_empty() || ways.iter().any(|way| way.as_object().unwrap().is_empty())
    };
    let paths = document["paths"].as_object().unwrap().iter();
    let dialects = paths.filter(|(path, _)| DIALECTS.iter().any(|prefix| path.starts_with(prefix)));
    let operations = dialects.flat_map(|(path, item)| {
        let item = item.as_object().unwrap().iter();
        item.map(|(method, operation)| ((method.to_uppercase(), path.clone()), is_public(operation)))
    });
    operations.collect()
}

/// Ada, with a whole session that goes on, and what names two half-signed-in ones.
struct Ada {
    account: Account,
    whole: Actor,
    callers: Vec<Caller>,
}

impl Ada {
    async fn of(site: &Site) -> Self {
        let accounts = &site.state.accounts;
        let new = NewAccount {
            email: Some(EMAIL.to_owned()),
            phone: None,
            name: NameInput::Full("Ada Lovelace".to_owned()),
            password: PASSWORD.to_owned(),
            role: Role::Admin,
        };
        accounts.create_for_operator(new).await.unwrap();
        let SignIn::Complete(whole) = first_step(site, Kind::Api).await else { panic!("no second step is on yet") };
        let Secret::Tokens { access, .. } = whole.secret else { panic!("no tokens") };
        let (whole, _) = accounts.authenticate_bearer(&access, &origin()).await.unwrap();
        let account = accounts.enable_two_factor(&whole, None).await.unwrap();
        let mut callers = Vec::new();
        for kind in [Kind::Api, Kind::Browser] {
            let half = half(site, kind).await;
            callers.push(match &half.secret {
                Secret::Access(token) => Caller::Bearer(token.clone()),
                Secret::Cookie(value) => Caller::Cookie(value.clone()),
                Secret::Tokens { .. } => panic!("a whole session"),
            });
            callers.push(Caller::Bearer(accounts.second_step_token(&half).unwrap().token));
        }
        Self { account, whole, callers }
    }

    /// The path with her own id, username and session in it.
    fn address(&self, path: &str) -> String {
        let fill = |segment: &str| match segment.starts_with('{') {
            false => segment.to_owned(),
            true if segment.contains("username") => self.account.username.to_string(),
            true if segment.contains("session") => self.whole.session_id.to_string(),
            true => self.account.id.to_string(),
        };
        path.split('/').map(fill).collect::<Vec<_>>().join("/")
    }

    /// Whether somebody is still half-signed-in.
    async fn is_half_signed_in(&self, site: &Site, caller: &Caller) -> bool {
        let accounts = &site.state.accounts;
        match caller {
            Caller::Stranger => false,
            Caller::Cookie(value) => accounts.challenge_by_cookie(value, &origin()).await.is_ok(),
            Caller::Bearer(token) => {
                accounts.challenge_by_bearer(token, &origin()).await.is_ok()
                    || accounts.challenge_by_token(token, &origin()).await.is_ok()
            }
        }
    }
}

async fn first_step(site: &Site, kind: Kind) -> SignIn {
    let origin = Origin { address: None, ..origin() };
    site.state.accounts.sign_in(EMAIL, PASSWORD, kind, OnArchived::Restore, &origin).await.unwrap()
}

async fn half(site: &Site, kind: Kind) -> NewSession {
    match first_step(site, kind).await {
        SignIn::SecondFactor { session, .. } => *session,
        _ => panic!("no second step was asked for"),
    }
}

async fn ask(site: &Site, method: &str, address: &str, caller: &Caller) -> Answer {
    let request = Request::builder().method(method).uri(address).header("sec-fetch-site", "same-origin");
    let request = match caller {
        Caller::Stranger => request,
        Caller::Bearer(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        Caller::Cookie(value) => request.header(header::COOKIE, format!("sid={value}")),
    };
    let body = if DIALECTS.iter().any(|prefix| address.starts_with(prefix)) && method != "GET" {
        request.header(header::CONTENT_TYPE, "application/json").body(Body::from("{}"))
    } else {
        request.body(Body::empty())
    };
    let (status, headers, body): (_, HeaderMap, _) = site.ask(body.unwrap()).await;
    let location = headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap()).to_owned();
    Answer { status, location, body }
}

#[tokio::test]
async fn every_route_but_the_second_step_refuses() {
    let site = site(false).await;
    let ada = Ada::of(&site).await;
    let described = described();
    let routes = routed(&site.router);
    for path in described.keys().map(|(_, path)| path.as_str()).chain(PUBLIC.iter().copied()) {
        assert!(routes.contains(path), "{path} is no route");
    }
    let (mut guarded, mut walked, mut takers) = (0, 0, Vec::new());
    let ends = |path: &&String| SIGN_OUT.contains(&path.as_str());
    for path in routes.iter().filter(|path| !ends(path)) {
        let address = ada.address(path);
        for method in METHODS {
            let stranger = ask(&site, method, &address, &Caller::Stranger).await;
            if stranger.status == StatusCode::METHOD_NOT_ALLOWED {
                continue;
            }
            walked += 1;
            let is_public = PUBLIC.contains(&path.as_str())
                || described.get(&(method.to_owned(), path.clone())).copied().unwrap_or_default()
                || is_file(path)
                // A fallback, or a file of the build that is not there.
                || stranger.status == StatusCode::NOT_FOUND;
            let is_second_step = SECOND_STEP.contains(&path.as_str());
            guarded += u32::from(!is_public);
            for caller in &ada.callers {
                let told = ask(&site, method, &address, caller).await;
                let as_stranger = (told.status, &told.location) == (stranger.status, &stranger.location);
                let fine = told.is_refusal() || is_public && as_stranger || is_second_step;
                if !fine || told.body.contains(EMAIL) {
                    takers.push(format!("{method} {path}: {} to a {}", told.status, caller.kind()));
                }
            }
        }
    }
    assert!(takers.is_empty(), "{takers:#?}");
    assert!(guarded > 90 && walked > guarded, "{walked} routes, {guarded} of them guarded");

    let accounts = &site.state.accounts;
    assert_eq!(accounts.find_for_operator(EMAIL).await.unwrap(), ada.account, "nothing has changed");
    let sessions = accounts.sessions(&ada.whole).await.unwrap();
    assert_eq!(sessions.iter().map(|session| session.id).collect::<Vec<_>>(), [ada.whole.session_id]);
    for caller in &ada.callers {
        assert!(ada.is_half_signed_in(&site, caller).await, "a {} ended on the way", caller.kind());
    }
    for (path, caller) in SIGN_OUT.into_iter().zip([&ada.callers[0], &ada.callers[2]]) {
        assert!(routes.contains(path), "{path}");
        let told = ask(&site, "POST", path, caller).await;
        assert!(told.status.is_success(), "{path}: {} {}", told.status, told.body);
        assert!(!ada.is_half_signed_in(&site, caller).await, "{path} ends it");
    }
}
