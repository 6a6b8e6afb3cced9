//! The operations of a dialect, rendered from the OpenAPI document. In English, as that is.

use std::{collections::BTreeMap, sync::Arc};

use leptos::prelude::*;
use serde_json::Value;

use super::{
    example,
    prose::prose,
    schema::{anchor, limits, members, name, row, type_of},
};

const JSON: &str = "application/json";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// An operation, and where it is.
#[derive(Clone, Copy)]
struct Operation<'a> {
    method: &'static str,
    path: &'a str,
    body: &'a Value,
}

/// All operations of a dialect, or of none, by tag, and the schemas they refer to.
#[component]
pub(super) fn Reference(
    /// What their tags are grouped under.
    group: &'static str,
    description: Arc<Value>,
) -> impl IntoView {
    let document = &*description;
    let tags = tags(document, group);
    let operations = operations(document);
    let mut schemas = BTreeMap::new();
    let sections = tags.iter().map(|tag| {
        let own = operations.iter().filter(|operation| has_tag(operation.body, tag));
        let own: Vec<_> = own.inspect(|operation| collect(document, operation.body, &mut schemas)).collect();
        let about = list(&document["tags"]).find(|known| known["name"] == *tag)?["description"].as_str();
        let id = format!("tag-{}", slug(tag));
        let labelled = id.clone();
        Some(view! {
            <section class="docs__section" aria-labelledby=labelled>
                <h3 id=id>{tag.clone()}</h3>
                {about.map(|about| view! { <p>{prose(about)}</p> })}
                <div class="operations">
                    {own.into_iter().map(|operation| operation_view(document, *operation)).collect_view()}
                </div>
            </section>
        })
    });
    let sections = sections.collect_view();
    let schemas = schemas.into_iter().map(|(reference, schema)| schema_view(&reference, schema)).collect_view();
    view! {
        <div class="reference" lang="en">
            {sections}
            <section class="docs__section" aria-labelledby="schemas">
                <h3 id="schemas">"Schemas"</h3>
                <div class="operations">{schemas}</div>
            </section>
        </div>
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn tags(document: &Value, name: &str) -> Vec<String> {
    let group = list(&document["x-tagGroups"]).find(|group| group["name"] == name);
    group.map(|group| list(&group["tags"]).filter_map(Value::as_str).map(str::to_owned).collect()).unwrap_or_default()
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            METHODS.into_iter().filter_map(move |method| Some(Operation { method, path, body: item.get(method)? }))
        })
        .collect()
}

fn has_tag(operation: &Value, tag: &str) -> bool {
    list(&operation["tags"]).any(|own| own == tag)
}

/// Adds the schemas that a part of the document refers to, and those that they refer to.
fn collect<'a>(document: &'a Value, part: &'a Value, schemas: &mut BTreeMap<String, &'a Value>) {
    match part {
        Value::Object(object) => {
            if let Some(reference) = part["$ref"].as_str()
                && let Some(target) = document.pointer(reference.trim_start_matches('#'))
                && !schemas.contains_key(reference)
            {
                if reference.contains("/schemas/") {
                    schemas.insert(reference.to_owned(), target);
                }
                collect(document, target, schemas);
            }
            object.values().for_each(|value| collect(document, value, schemas));
        }
        Value::Array(values) => values.iter().for_each(|value| collect(document, value, schemas)),
        _ => {}
    }
}

fn slug(text: &str) -> String {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_lowercase()
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value[name].as_str().filter(|text| !text.is_empty())
}

fn operation_view(document: &Value, Operation { method, path, body }: Operation<'_>) -> AnyView {
    let id = text(body, "operationId").map_or_else(|| slug(&format!("{method} {path}")), str::to_owned);
    let parameters: Vec<_> = list(&body["parameters"]).map(|parameter| resolved(document, parameter)).collect();
    let parameters = (!parameters.is_empty()).then(|| {
        let rows = parameters.into_iter().map(parameter_view).collect_view();
        view! { <h4>"Parameters"</h4><dl class="schema">{rows}</dl> }
    });
    let request = resolved(document, &body["requestBody"]);
    let request = request["content"].as_object().into_iter().flatten().map(|(media_type, content)| {
        let schema = &content["schema"];
        let target = resolved(document, schema);
        let sample = (media_type == JSON).then(|| sample(document, content));
        view! {
            <h4>"Request body "<small>{media_type.clone()}</small></h4>
            {text(target, "description").map(|about| view! { <p>{prose(about)}</p> })}
            {members(target)}
            {sample}
        }
    });
    let answers = body["responses"].as_object().into_iter().flatten();
    let answers = answers.map(|(status, answer)| answer_view(document, status, resolved(document, answer)));
    let public = list(&body["security"]).any(|requirement| requirement.as_object().is_some_and(|one| one.is_empty()));
    view! {
        <details class="operation" id=id>
            <summary>
                <code class=format!("method method--{method}")>{method.to_uppercase()}</code>
                <code class="operation__path">{path.to_owned()}</code>
                <span class="operation__summary">{text(body, "summary").map(prose)}</span>
            </summary>
            <div class="operation__body">
                {text(body, "description").map(|about| view! { <p>{prose(about)}</p> })}
                <p>{if public { "Needs no token." } else { "Needs a token." }}</p>
                {parameters}
                {request.collect_view()}
                <h4>"Answers"</h4>
                {answers.collect_view()}
            </div>
        </details>
    }
    .into_any()
}

fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

fn parameter_view(parameter: &Value) -> AnyView {
    let mut schema = parameter["schema"].clone();
    let about = [text(parameter, "description"), text(parameter, "in")].into_iter().flatten();
    let about = about.collect::<Vec<_>>().join(" · in: ");
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("description".to_owned(), about.into());
    }
    row(text(parameter, "name").unwrap_or_default(), &schema, parameter["required"] == true)
}

fn answer_view(document: &Value, status: &str, answer: &Value) -> AnyView {
    let headers = answer["headers"].as_object().into_iter().flatten();
    let headers: Vec<_> = headers.map(|(name, _)| format!("`{name}`")).collect();
    let headers = (!headers.is_empty()).then(|| {
        view! { <p>{prose(&format!("Headers: {}", headers.join(", ")))}</p> }
    });
    let contents = answer["content"].as_object().into_iter().flatten().map(|(media_type, content)| {
        let schema = &content["schema"];
        let sample = (media_type == JSON).then(|| sample(document, content));
        view! { <p><code>{media_type.clone()}</code>" "{type_of(schema)}" "{limits(schema)}</p>{sample} }
    });
    view! {
        <details class="answer">
            <summary><code>{status.to_owned()}</code>" "{text(answer, "description").map(prose)}</summary>
            {headers}
            {contents.collect_view()}
        </details>
    }
    .into_any()
}

/// An example of a body.
fn sample(document: &Value, content: &Value) -> AnyView {
    let named = content["examples"].as_object().and_then(|examples| examples.values().next()).map(|one| &one["value"]);
    let given = content.get("example").or(named).cloned();
    let value = given.unwrap_or_else(|| example::of(document, &content["schema"]));
    let written = serde_json::to_string_pretty(&value).unwrap_or_default();
    view! { <pre class="code" tabindex="0"><code>{written}</code></pre> }.into_any()
}

fn schema_view(reference: &str, schema: &Value) -> AnyView {
    let shown = name(reference).split_once('.').map_or(name(reference), |(_, own)| own).to_owned();
    view! {
        <details class="operation" id=anchor(reference)>
            <summary><code class="operation__path">{shown}</code></summary>
            <div class="operation__body">
                {text(schema, "description").map(|about| view! { <p>{prose(about)}</p> })}
                {members(schema)}
            </div>
        </details>
    }
    .into_any()
}
