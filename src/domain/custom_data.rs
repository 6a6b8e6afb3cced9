//! A service's own data about an account: any JSON object that fits.

use serde_json::{Map, Value};

use super::{error::Reason, limits::CUSTOM_DATA};

/// Whether the data can be kept.
///
/// # Errors
/// [`Reason::TooLong`] (in bytes), or [`Reason::ForbiddenCharacters`] for NUL, which PostgreSQL's `jsonb` does not take.
pub fn check(data: &Map<String, Value>) -> Result<(), Reason> {
    // A map of strings and values always serialises.
    let size = serde_json::to_vec(data).map_or(usize::MAX, |json| json.len());
    if size > CUSTOM_DATA {
        return Err(Reason::TooLong { max: CUSTOM_DATA });
    }
    let has_nul = data.iter().any(|(name, value)| name.contains('\0') || holds_nul(value));
    if has_nul { Err(Reason::ForbiddenCharacters) } else { Ok(()) }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judged(data: Value) -> Result<(), Reason> {
        check(data.as_object().unwrap())
    }

    #[test]
    fn any_object_of_64_kib_can_be_kept() {
        assert_eq!(judged(json!({})), Ok(()));
        assert_eq!(judged(json!({"ş": ["a", null, 1.5, {"b": true}], "\t": "\u{202E}"})), Ok(()));
        let frame = json!({"a": ""}).to_string().len();
        assert_eq!(judged(json!({"a": "x".repeat(CUSTOM_DATA - frame)})), Ok(()));
        assert_eq!(
            judged(json!({"a": "x".repeat(CUSTOM_DATA - frame + 1)})),
            Err(Reason::TooLong { max: CUSTOM_DATA })
        );
    }

    #[test]
    fn nul_is_found_at_any_depth() {
        for data in [json!({"a\0": 1}), json!({"a": "\0"}), json!({"a": [{"b\0": 1}]}), json!({"a": [["x\0y"]]})] {
            assert_eq!(judged(data), Err(Reason::ForbiddenCharacters));
        }
    }
}
