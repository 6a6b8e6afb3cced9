//! The whole REST API in one OpenAPI document, joined from those of the dialects.

use serde_json::{Map, Value, json};
use url::Url;
use utoipa::{OpenApi as _, openapi::OpenApi};

use super::{dialects::DIALECTS, system::SystemApi};

/// What the tags of operations are grouped under that belong to no dialect.
const SYSTEM: &str = "Nameplate";
const ABOUT: &str = "Three dialects of one account core, and routes of none. Their rules are the same; only names and envelopes differ. A \
    token of one user dialect is good in the others.";
const COMPONENT: &str = "#/components/";

/// What every route takes and answers, for the service at `public_url`. Tags are grouped by dialect in `x-tagGroups`, as
/// Redoc reads them; the schemas of a dialect begin with its name.
pub fn document(public_url: &Url) -> Value {
    let mut whole = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Nameplate",
            "description": ABOUT,
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE") },
        },
        "servers": [{ "url": public_url.as_str().trim_end_matches('/') }],
        "tags": [],
        "x-tagGroups": [],
        "paths": {},
        "components": {},
    });
    let documents = DIALECTS.iter().map(|api| (api.dialect.name(), api.document));
    for (name, document) in documents.chain([(SYSTEM, SystemApi::openapi as fn() -> OpenApi)]) {
        join(&mut whole, name, serde_json::to_value(document()).unwrap_or_default());
    }
    whole
}

/// Adds the document of a dialect.
fn join(whole: &mut Value, name: &str, mut own: Value) {
    prefix_references(&mut own, name);
    // What a dialect says of none of its operations, nobody needs for it.
    let security = match own["security"].take() {
        Value::Null => json!([]),
        security => security,
    };
    let mut tags: Vec<Value> = own["tags"].as_array().cloned().unwrap_or_default();
    for (path, mut item) in members(own["paths"].take()) {
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
            operation.entry("security").or_insert_with(|| security.clone());
            for tag in operation.get("tags").and_then(Value::as_array).into_iter().flatten() {
                if !tags.iter().any(|known| known["name"] == *tag) {
                    tags.push(json!({ "name": tag }));
                }
            }
        }
        whole["paths"][path] = item;
    }
    for (kind, components) in members(own["components"].take()) {
        for (component, value) in members(components) {
            let component = if kind == "securitySchemes" { component } else { prefixed(name, &component) };
            whole["components"][&kind][component] = value;
        }
    }
    let names: Vec<_> = tags.iter().map(|tag| tag["name"].clone()).collect();
    append(&mut whole["x-tagGroups"], [json!({ "name": name, "tags": names })]);
    append(&mut whole["tags"], tags);
}

/// Two dialects may have components of the same name.
fn prefix_references(value: &mut Value, dialect: &str) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let reference =
                    if key == "$ref" { value.as_str().and_then(|to| to.strip_prefix(COMPONENT)) } else { None };
                match reference.and_then(|to| to.split_once('/')) {
                    Some((kind, name)) => *value = format!("{COMPONENT}{kind}/{}", prefixed(dialect, name)).into(),
                    None => prefix_references(value, dialect),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| prefix_references(value, dialect)),
        _ => {}
    }
}

fn prefixed(dialect: &str, component: &str) -> String {
    if component.starts_with(dialect) { component.to_owned() } else { format!("{dialect}.{component}") }
}

fn members(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}

fn append(list: &mut Value, more: impl IntoIterator<Item = Value>) {
    if let Value::Array(list) = list {
        list.extend(more);
    }
}
