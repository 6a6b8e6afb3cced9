//! The description of the dialect, held to its router.

use std::collections::BTreeSet;

use nameplate::api::nextgate::openapi::NextgateApi;
use serde_json::{Value, json};
use utoipa::OpenApi;

use crate::harness::TestServer;

fn document() -> Value {
    json!(NextgateApi::openapi())
}

/// Method and path of every operation.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.iter().flat_map(|(path, item)| {
        let item = item.as_object().expect("operations");
        item.iter().map(move |(method, operation)| (method.to_uppercase(), path.clone(), operation.clone()))
    });
    operations.collect()
}

#[test]
fn every_route_of_the_router_is_described() {
    let source = include_str!("../../../api/nextgate/mod.rs");
    let quoted = source.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let routed: BTreeSet<_> = quoted.map(|path| format!("/api/v1{path}")).collect();
    let described: BTreeSet<_> = operations(&document()).into_iter().map(|(_, path, _)| path).collect();
    assert_eq!(routed, described);
}

#[tokio::test]
async fn every_method_of_a_route_is_described_and_no_other() {
    let server = TestServer::start().await;
    let described: BTreeSet<_> = operations(&document()).into_iter().map(|(method, path, _)| (path, method)).collect();
    let paths: BTreeSet<_> = described.iter().map(|(path, _)| path.clone()).collect();
    for path in paths {
        let named = path.replace(['{', '}'], "");
        let reply = server.call(&format!("TRACE {named}")).send().await;
        reply.expect(405);
        let allowed: BTreeSet<_> = reply.header("allow").split(',').filter(|method| *method != "HEAD").collect();
        let of_path = described.iter().filter(|(other, _)| *other == path).map(|(_, method)| method.as_str());
        assert_eq!(of_path.collect::<BTreeSet<_>>(), allowed, "{path}");
    }
}

#[test]
fn operations_have_their_names_answers_and_refusals() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        assert!(ids.insert(operation["operationId"].to_string()), "{path}: {}", operation["operationId"]);
        assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{method} {path}");
        let responses = operation["responses"].as_object().expect("responses");
        let answer = responses.get("200").or_else(|| responses.get("201")).expect("an answer");
        assert!(answer["content"]["application/json"]["schema"].is_object(), "{method} {path}");
        for status in ["400", "401", "403", "409", "422", "429", "500", "503"] {
            assert!(responses.contains_key(status), "{method} {path}: {status}");
        }
        for status in ["408", "413", "415"] {
            assert_eq!(
                responses.contains_key(status),
                operation["requestBody"].is_object(),
                "{method} {path}: {status}"
            );
        }
        assert_eq!(responses.contains_key("404"), path.contains('{'), "{method} {path}");
        let has = |place: &str| {
            operation["parameters"].as_array().is_some_and(|all| all.iter().any(|parameter| parameter["in"] == place))
        };
        assert_eq!(has("path"), path.contains('{'), "{method} {path}");
        assert_eq!(has("header"), responses.contains_key("412"), "{method} {path}: If-Match");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = BTreeSet::new();
    collect(&document, &mut references);
    assert!(references.len() > 30, "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').expect("a local reference");
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            references.extend(members.get("$ref").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| collect(member, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
