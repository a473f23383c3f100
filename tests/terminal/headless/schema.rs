//! The published schema of records, and as much of JSON Schema as it uses.

use std::path::Path;

use serde_json::Value;

/// Fails unless every line is a record of the published schema. Returns the records.
#[track_caller]
pub(crate) fn records(lines: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/schema/record.v1.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let records = lines.lines().map(|line| {
        let record: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        // The errors of the schema of its type say more than that it matches none of them.
        let kind = record["type"].as_str().unwrap_or_else(|| panic!("no type: {line}"));
        let definition = &schema["$defs"][format!("record_{kind}")];
        assert!(definition.is_object(), "no schema of {kind}");
        let mut errors = Vec::new();
        check(&schema, definition, &record, kind, &mut errors);
        assert!(errors.is_empty(), "{errors:?}: {line}");
        let matching = schema["oneOf"].as_array().unwrap().iter().filter(|one| {
            let mut errors = Vec::new();
            check(&schema, one, &record, "", &mut errors);
            errors.is_empty()
        });
        assert_eq!(matching.count(), 1, "{line}");
        record
    });
    records.collect()
}

/// Adds the places of `value` that do not match `schema`.
fn check(root: &Value, schema: &Value, value: &Value, place: &str, errors: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.strip_prefix("#/$defs/").unwrap();
        return check(root, &root["$defs"][name], value, place, errors);
    }
    let is_type = match schema["type"].as_str() {
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_u64() || value.is_i64(),
        None => true,
        Some(other) => panic!("{other}"),
    };
    let is_allowed = schema["enum"].as_array().is_none_or(|allowed| allowed.contains(value));
    let is_constant = schema.get("const").is_none_or(|constant| constant == value);
    if !is_type || !is_allowed || !is_constant {
        errors.push(format!("{place}: {value}"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(items) = schema.get("items") {
            check(root, items, item, &format!("{place}[{index}]"), errors);
        }
    }
    let Some(fields) = value.as_object() else { return };
    for required in schema["required"].as_array().into_iter().flatten() {
        if !fields.contains_key(required.as_str().unwrap()) {
            errors.push(format!("{place} lacks {required}"));
        }
    }
    for (name, field) in fields {
        match schema["properties"].get(name) {
            Some(property) => check(root, property, field, &format!("{place}.{name}"), errors),
            None => errors.push(format!("{place}.{name} is not in the schema")),
        }
    }
}

#[test]
#[should_panic(expected = "sent.extra is not in the schema")]
fn unknown_field_is_noticed() {
    records(r#"{"v":1,"type":"sent","local_id":"l","room":"r","repeated":false,"extra":1}"#);
}
