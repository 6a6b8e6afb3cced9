//! Schemas in words.

use leptos::prelude::*;
use serde_json::Value;

use super::{example::kind, prose::prose};

/// What limits a value, as a schema names it.
const LIMITS: [(&str, &str); 10] = [
    ("format", "format"),
    ("minLength", "at least this long:"),
    ("maxLength", "at most this long:"),
    ("pattern", "matches"),
    ("minimum", "at least"),
    ("maximum", "at most"),
    ("minItems", "items, at least:"),
    ("maxItems", "items, at most:"),
    ("minProperties", "members, at least:"),
    ("default", "otherwise"),
];

/// The name of a component in addresses.
pub(super) fn anchor(reference: &str) -> String {
    format!("schema-{}", name(reference))
}

/// The last part of a reference.
pub(super) fn name(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// What a value may be, in a few words.
pub(super) fn type_of(schema: &Value) -> AnyView {
    if let Some(reference) = schema["$ref"].as_str() {
        let shown = name(reference).split_once('.').map_or(name(reference), |(_, own)| own).to_owned();
        return view! { <a href=format!("#{}", anchor(reference))>{shown}</a> }.into_any();
    }
    let choices =
        ["oneOf", "anyOf", "allOf"].into_iter().find_map(|name| schema[name].as_array().map(|list| (name, list)));
    if let Some((how, choices)) = choices {
        let between = if how == "allOf" { " and " } else { " or " };
        let parts = choices
            .iter()
            .enumerate()
            .map(|(place, choice)| view! { {(place > 0).then_some(between)}{type_of(choice)} });
        return parts.collect_view().into_any();
    }
    if let Some(values) = schema["enum"].as_array() {
        let values = values.iter().enumerate().map(|(place, value)| {
            view! { {(place > 0).then_some(" or ")}<code>{value.to_string()}</code> }
        });
        return values.collect_view().into_any();
    }
    if kind(schema) == "array" {
        return view! { "array of " {type_of(&schema["items"])} }.into_any();
    }
    let names = schema["type"].as_array().into_iter().flatten().chain([&schema["type"]]);
    let names: Vec<_> = names.filter_map(Value::as_str).collect();
    if names.is_empty() { "anything".into_any() } else { names.join(" or ").into_any() }
}

/// What a value must keep to, in a few words.
pub(super) fn limits(schema: &Value) -> AnyView {
    let limits = LIMITS.into_iter().filter_map(|(name, words)| Some((words, schema.get(name)?)));
    let limits = limits.map(|(words, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        view! { <span class="schema__limit">{words}" "<code>{value}</code></span>" " }
    });
    limits.collect_view().into_any()
}

/// The members of an object, or the type of anything else.
pub(super) fn members(schema: &Value) -> AnyView {
    if let Some(parts) = schema["allOf"].as_array() {
        return parts.iter().map(members).collect_view().into_any();
    }
    let Some(properties) = schema["properties"].as_object() else {
        return view! { <p>{type_of(schema)}" "{limits(schema)}</p> }.into_any();
    };
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let rows = properties.iter().map(|(name, schema)| row(name, schema, required.contains(&name.as_str())));
    view! { <dl class="schema">{rows.collect_view()}</dl> }.into_any()
}

/// A named value: its type, whether it has to be there, and what it is.
pub(super) fn row(name: &str, schema: &Value, required: bool) -> AnyView {
    let about = schema["description"].as_str().map(|text| view! { <p>{prose(text)}</p> });
    view! {
        <div>
            <dt>
                <code>{name.to_owned()}</code>" "<span class="schema__type">{type_of(schema)}</span>
                {required.then(|| view! { " "<span class="schema__required">"required"</span> })}
            </dt>
            <dd>{about}{limits(schema)}</dd>
        </div>
    }
    .into_any()
}
