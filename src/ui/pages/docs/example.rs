//! Examples made from schemas, where a schema has none of its own.

use serde_json::{Map, Value, json};

/// How deep schemas are followed: none of ours needs more, and one that refers to itself ends.
const DEEPEST: usize = 6;

/// A value that a schema of the document allows.
pub(super) fn of(document: &Value, schema: &Value) -> Value {
    made(document, schema, 0)
}

fn made(document: &Value, schema: &Value, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    let deeper = |schema: &Value| made(document, schema, depth + 1);
    let given = ["example", "const", "default"].into_iter().find_map(|name| schema.get(name));
    let listed = || ["examples", "enum"].into_iter().find_map(|name| schema.get(name)?.get(0));
    if let Some(value) = given.or_else(listed) {
        return value.clone();
    }
    if let Some(pointer) = schema["$ref"].as_str().and_then(|to| to.strip_prefix('#')) {
        return document.pointer(pointer).map_or(Value::Null, deeper);
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let objects =
            parts.iter().map(deeper).filter_map(|part| if let Value::Object(part) = part { Some(part) } else { None });
        return Value::Object(objects.flatten().collect());
    }
    let choices = ["oneOf", "anyOf"].into_iter().find_map(|name| schema[name].as_array());
    if let Some(choices) = choices {
        let chosen = choices.iter().find(|choice| choice["type"] != "null");
        return chosen.map_or(Value::Null, deeper);
    }
    match kind(schema) {
        "object" => {
            let members = schema["properties"].as_object().into_iter().flatten();
            Value::Object(members.map(|(name, schema)| (name.clone(), deeper(schema))).collect::<Map<_, _>>())
        }
        "array" => json!([deeper(&schema["items"])]),
        "string" => json!(text(schema["format"].as_str().unwrap_or_default())),
        "integer" | "number" => schema.get("minimum").filter(|least| **least != 0).cloned().unwrap_or(json!(1)),
        "boolean" => json!(true),
        _ => Value::Null,
    }
}

/// The type of a schema that is not null.
pub(super) fn kind(schema: &Value) -> &str {
    let names = schema["type"].as_array().into_iter().flatten().chain([&schema["type"]]);
    names.filter_map(Value::as_str).find(|name| *name != "null").unwrap_or_default()
}

fn text(format: &str) -> &'static str {
    match format {
        "uuid" => "0190163d-8694-739b-aea5-966c26f8ad91",
        "date-time" => "2026-01-02T03:04:05.678Z",
        "date" => "2026-01-02",
        "email" => "ada@example.com",
        "uri" => "https://accounts.example.com",
        _ => "…",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_has_what_its_schema_says() {
        let document =
            json!({ "components": { "schemas": { "Role": { "type": "string", "enum": ["user", "admin"] } } } });
        let schema = json!({ "allOf": [
            { "type": "object", "properties": { "id": { "type": "string", "format": "uuid" } } },
            { "type": "object", "properties": {
                "role": { "$ref": "#/components/schemas/Role" },
                "tags": { "type": "array", "items": { "type": ["string", "null"], "example": "new" } },
                "next": { "oneOf": [{ "type": "null" }, { "type": "integer", "minimum": 3 }] },
                "none": { "$ref": "#/components/schemas/None" },
            } },
        ] });
        let expected = json!({
            "id": "0190163d-8694-739b-aea5-966c26f8ad91", "role": "user", "tags": ["new"], "next": 3, "none": null,
        });
        assert_eq!(of(&document, &schema), expected);
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        let document = json!({ "properties": { "me": { "$ref": "#" } }, "type": "object" });
        assert!(of(&document, &document).is_object());
    }
}
