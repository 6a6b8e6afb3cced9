//! Every route of every surface, with the marker wherever a text may stand: in the right shape, and in a wrong one, which
//! parsers like to quote.

use std::collections::BTreeSet;

use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Map, Value, json};
use url::form_urlencoded::Serializer;

use super::{EMAIL, FIRST, MARKER, assert_kept};
use crate::{
    harness::site::{Server, Site},
    server::{composition, half_signed_in::routed},
};

const FORM: &str = "application/x-www-form-urlencoded";
/// What forms send, in the words of all of them.
const FIELDS: [&str; 24] = [
    "bio",
    "channel",
    "code",
    "confirm_password",
    "confirmation",
    "email",
    "family_name",
    "given_name",
    "id",
    "identifier",
    "locale",
    "location",
    "method",
    "middle_name",
    "new_password",
    "next",
    "old_password",
    "password",
    "phone",
    "reason",
    "record_version",
    "step_up_password",
    "token",
    "username",
];

/// Whether texts keep the shape that is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Right,
    Wrong,
}

/// A value of a schema with the marker in all that is a text.
fn marked(document: &Value, schema: &Value, name: &str, shape: Shape) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return marked(document, document.pointer(&reference[1..]).unwrap(), name, shape);
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[choice].get(0) {
            return marked(document, first, name, shape);
        }
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    let members: Map<_, _> =
        properties.map(|(name, schema)| (name.clone(), marked(document, schema, name, shape))).collect();
    let is_text = schema["type"] == "string" || schema["type"][0] == "string";
    let lower = name.to_lowercase();
    match &schema["example"] {
        _ if !members.is_empty() => Value::Object(members),
        _ if shape == Shape::Wrong => json!(MARKER),
        _ if !is_text => schema["example"].clone(),
        Value::String(example) if example.contains('@') => json!(EMAIL),
        _ if lower.contains("email") => json!(EMAIL),
        _ if lower.contains("password") => json!(FIRST),
        Value::String(example) if example.starts_with('+') || schema["pattern"].is_string() => json!(example),
        _ => schema["enum"].get(0).cloned().unwrap_or_else(|| json!(format!("{MARKER} {name}"))),
    }
}

/// An address that is somebody's by now.
fn somebody(site: &Site, number: usize) -> String {
    let email = format!("{MARKER}.{number}@example.com");
    site.run(&["user", "create", "--email", &email, "--name", "Fay", "--role", "admin"], &format!("{FIRST}\n"));
    email
}

/// A token of a service that may do everything.
pub async fn management(site: &Site, server: &Server) -> String {
    let client: Value = serde_json::from_str(&site.run(&["client", "create", "Shop", "--json"], "")).unwrap();
    let mut form = Serializer::new(String::new());
    form.append_pair("grant_type", "client_credentials").append_pair("scope", "all");
    form.append_pair("resource", "https://default.logto.app/api");
    for name in ["id", "secret"] {
        form.append_pair(&format!("client_{name}"), client[name].as_str().unwrap());
    }
    let request = server.request("POST /oidc/token").header("content-type", FORM);
    let answer = request.body(form.finish()).send().await.unwrap().text().await.unwrap();
    serde_json::from_str::<Value>(&answer).unwrap()["access_token"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_a_route_is_sent_reaches_the_log() {
    let site = Site::sqlite();
    let server = site.serve(&["--log.level", "trace"]).await;
    let (_, document) = server.call("GET /openapi.json", None, &Value::Null).await;
    let manager = management(&site, &server).await;
    let mut secrets = BTreeSet::from([FIRST.to_owned(), manager.clone()]);
    let mut fay = server.sign_in(&somebody(&site, 0), FIRST).await.unwrap();
    let mut statuses = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let content = operation["requestBody"]["content"].as_object();
            for shape in [Shape::Right, Shape::Wrong] {
                if !server.knows(&fay).await {
                    fay = server.sign_in(&somebody(&site, secrets.len()), FIRST).await.unwrap();
                }
                secrets.extend([fay.access.clone(), fay.refresh.clone()]);
                let address = path.replace("{userId}", &fay.id);
                let route = format!("{} {address}?{}", method.to_uppercase(), form());
                for token in [&fay.access, &manager, MARKER] {
                    let request = server.request(&route).bearer_auth(token).header("if-match", MARKER);
                    let request = match content.and_then(|content| content.iter().next()) {
                        Some((media_type, body)) => {
                            let body = marked(&document, &body["schema"], "", shape);
                            request.header("content-type", media_type).body(body.to_string())
                        }
                        None => request,
                    };
                    statuses.insert(request.send().await.unwrap().status().as_u16());
                }
            }
        }
    }
    assert!(statuses.is_superset(&BTreeSet::from([200, 400, 401, 403, 404, 422])), "{statuses:?}");
    assert!(statuses.last() < Some(&500), "{statuses:?}");
    assert_kept(&server.log(), &secrets.into_iter().collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_does_anything_that_a_page_is_sent() {
    let site = Site::sqlite();
    let server = site.serve(&["--log.level", "trace"]).await;
    let mut secrets = BTreeSet::from([FIRST.to_owned()]);
    let strange = ["sid", "step", "flash", "codes", "locale"].map(|name| format!("{name}={MARKER}")).join("; ");
    let mut cookie = String::new();
    let mut asked = 0;
    let operations = server_fn_paths().map(|(path, _)| format!("POST {path}"));
    let composed = composition::site(false).await;
    let pages = routed(&composed.router).into_iter().filter(|path| !path.starts_with("/fn/") && !path.contains('{'));
    for route in operations.chain(pages.map(|path| format!("GET {path}?{}", form()))) {
        if !is_signed_in(&server, &cookie).await {
            cookie = enter(&server, &somebody(&site, secrets.len()), FIRST).await;
            secrets.insert(cookie.split_once('=').unwrap().1.to_owned());
        }
        for (cookie, accept) in [(&strange, "text/html"), (&cookie, "text/html"), (&cookie, "application/json")] {
            let request =
                server.request(&route).header("cookie", cookie).header("accept", accept).header("referer", MARKER);
            let request = request.header("sec-fetch-site", "same-origin").header("content-type", FORM).body(form());
            let status = request.send().await.unwrap().status().as_u16();
            assert!(status < 500, "{route}: {status}");
            asked += 1;
        }
    }
    assert!(asked > 150, "{asked}");
    assert_kept(&server.log(), &secrets.into_iter().collect::<Vec<_>>());
}

async fn is_signed_in(server: &Server, cookie: &str) -> bool {
    server.request("GET /profile").header("cookie", cookie).send().await.unwrap().status() == 200
}

/// The cookie of a browser that signs in.
pub async fn enter(server: &Server, email: &str, password: &str) -> String {
    let credentials =
        Serializer::new(String::new()).extend_pairs([("identifier", email), ("password", password)]).finish();
    let request = server.request("POST /fn/sign-in").header("sec-fetch-site", "same-origin");
    let answer = request.header("content-type", FORM).body(credentials).send().await.unwrap();
    let cookies = answer.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let pair = cookies.filter_map(|cookie| cookie.split(';').next()).find(|pair| pair.starts_with("sid="));
    pair.unwrap().to_owned()
}

/// All fields, each with the marker, as a form and as a query.
fn form() -> String {
    let value = |name: &&str| match *name {
        name if name.contains("password") => FIRST.to_owned(),
        "email" | "identifier" => EMAIL.to_owned(),
        name => format!("{MARKER} {name}"),
    };
    Serializer::new(String::new()).extend_pairs(FIELDS.iter().map(|name| (name, value(name)))).finish()
}
