//! The document that describes all dialects: whole, sound, and true to their routers.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use nameplate::api::openapi::document;
use serde_json::Value;

use crate::harness::TestServer;

/// The folder of a dialect, and where its routes are nested.
const DIALECTS: [(&str, &str); 2] = [("mindbricks", "/auth-api"), ("nextgate", "/api/v1")];
const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];
/// The sources of routes of no dialect; `/dev/outbox` is none for the public.
const OWN: [&str; 3] = ["well_known.rs", "openapi.rs", "health.rs"];
/// The tag of their descriptions.
const OWN_TAG: &str = "Nameplate";
/// An id that nothing has.
const NOTHING: &str = "00000000-0000-7000-8000-000000000000";

fn described() -> Value {
    document(&"https://accounts.example/".parse().unwrap())
}

/// Path, method and description of every operation.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let items = document["paths"].as_object().unwrap().iter();
    items
        .flat_map(|(path, item)| {
            let operations = item.as_object().unwrap().iter();
            operations.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

/// Every value in a document, itself included.
fn walk<'a>(value: &'a Value, visit: &mut impl FnMut(&'a Value)) {
    visit(value);
    match value {
        Value::Object(members) => members.values().for_each(|value| walk(value, visit)),
        Value::Array(values) => values.iter().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

/// The paths in `.route("…"` of a dialect's sources; names filled in at run time stand in braces.
fn written(folder: &str) -> BTreeSet<String> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api").join(folder);
    let mut paths = BTreeSet::new();
    for file in fs::read_dir(sources).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_some_and(|extension| extension == "rs") {
            paths.extend(written_in(&file));
        }
    }
    assert!(paths.len() > 5, "the routes of {folder} were not found");
    paths
}

fn written_in(file: &Path) -> Vec<String> {
    let source = fs::read_to_string(file).unwrap();
    let calls = source.split(".route(").skip(1).map(|call| {
        let literal = call.trim_start().trim_start_matches("&format!(").trim_start();
        let path = literal.strip_prefix('"').and_then(|literal| literal.split('"').next());
        path.unwrap_or_else(|| panic!("{}: a route without a path: {literal:.60}", file.display())).to_owned()
    });
    calls.collect()
}

/// Whether two paths are alike, a segment in braces standing for any.
fn alike(one: &str, other: &str) -> bool {
    let (mut one, mut other) = (one.split('/'), other.split('/'));
    let open = |segment: &str| segment.starts_with('{');
    loop {
        match (one.next(), other.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other || open(one) || open(other) => {}
            _ => return false,
        }
    }
}

#[test]
fn every_route_that_is_written_is_described() {
    let document = described();
    let described: BTreeSet<_> = operations(&document).into_iter().map(|(path, ..)| path).collect();
    for (folder, prefix) in DIALECTS {
        for path in written(folder) {
            let path = format!("{prefix}{path}");
            let filled = path.contains("{name}");
            let found = described.iter().any(|known| if filled { alike(&path, known) } else { path == **known });
            assert!(found, "{path} is not described");
        }
    }
}

#[test]
fn every_route_of_no_dialect_is_described_and_no_other() {
    let document = described();
    let own = operations(&document).into_iter().filter(|(.., operation)| operation["tags"][0] == OWN_TAG);
    let own: Vec<_> = own.map(|(path, method, _)| (path, method)).collect();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server");
    let written: Vec<_> = OWN.iter().flat_map(|file| written_in(&sources.join(file))).collect();
    for path in &written {
        assert!(own.iter().any(|(known, method)| *method == "get" && alike(path, known)), "{path} is not described");
    }
    assert_eq!(own.len(), written.len());
}

#[tokio::test]
async fn a_route_takes_the_methods_that_are_described_and_no_other() {
    let server = TestServer::start().await;
    let document = described();
    let mut methods: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (path, method, _) in operations(&document).into_iter().filter(|(.., one)| one["tags"][0] != OWN_TAG) {
        methods.entry(path).or_default().insert(method);
    }
    for (path, described) in methods {
        let segments = path.split('/').map(|segment| if segment.starts_with('{') { NOTHING } else { segment });
        let address = segments.collect::<Vec<_>>().join("/");
        for method in METHODS {
            let reply = server.call(&format!("{} {address}", method.to_uppercase())).send().await;
            assert_eq!(reply.status != 405, described.contains(method), "{method} {path}: {}", reply.status);
            let unknown = String::from_utf8_lossy(&reply.body).contains("errMsg_RouteNotFound");
            assert!(!unknown, "there is no {path}");
        }
    }
}

#[test]
fn nothing_that_is_referred_to_is_missing() {
    let document = described();
    walk(&document, &mut |value| {
        if let Some(reference) = value.get("$ref").and_then(Value::as_str) {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference} is missing");
        }
    });
    for (path, method, operation) in operations(&document) {
        for requirement in operation["security"].as_array().unwrap() {
            for scheme in requirement.as_object().unwrap().keys() {
                assert!(document["components"]["securitySchemes"].get(scheme).is_some(), "{method} {path}: {scheme}");
            }
        }
    }
}

#[test]
fn operations_are_complete() {
    let document = described();
    let tags: BTreeSet<_> =
        document["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).map(Value::to_string).collect();
    let grouped =
        document["x-tagGroups"].as_array().unwrap().iter().flat_map(|group| group["tags"].as_array().unwrap());
    assert_eq!(grouped.map(Value::to_string).collect::<BTreeSet<_>>(), tags);
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let at = format!("{method} {path}");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{at}: its id is another's, too");
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{at}: no summary");
        assert!(
            operation["tags"].as_array().unwrap().iter().all(|tag| tags.contains(&tag.to_string())),
            "{at}: its tag"
        );
        let in_path: BTreeSet<_> = path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let told: BTreeSet<_> =
            parameters.filter(|one| one["in"] == "path").map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(told, in_path, "{at}");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with(['2', '3'])), "{at}: it never goes well");
        for (status, response) in responses {
            assert!(
                response["$ref"].is_string() || !response["description"].as_str().unwrap().is_empty(),
                "{at}: {status}"
            );
            if status.as_str() >= "400" && response["$ref"].is_null() && operation["tags"][0] != OWN_TAG {
                let content = &response["content"]["application/json"];
                assert!(content["schema"].is_object(), "{at}: {status} has no schema");
            }
        }
    }
    assert!(ids.len() > 30);
}

#[test]
fn it_says_where_the_service_is() {
    let document = described();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "https://accounts.example");
    assert_eq!(document["info"]["version"], env!("CARGO_PKG_VERSION"));
}
