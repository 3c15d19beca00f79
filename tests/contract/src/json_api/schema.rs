//! As much of JSON Schema as the API's description uses.

use serde_json::Value;

/// Where a value is not as its schema in this document says. What a schema does not name must not be there.
pub(super) fn violations(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let pointer = reference.trim_start_matches('#');
        let found = document.pointer(pointer).unwrap_or_else(|| panic!("there is no schema {reference}"));
        return violations(document, found, value, at);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let tried: Vec<_> = choices.iter().map(|choice| violations(document, choice, value, at)).collect();
        return if tried.iter().any(Vec::is_empty) { Vec::new() } else { tried.concat() };
    }
    let mut wrong = Vec::new();
    if !is_of_type(&schema["type"], value) {
        wrong.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    match value {
        Value::Object(members) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            wrong.extend(
                required.filter(|name| !members.contains_key(*name)).map(|name| format!("{at}/{name}: missing")),
            );
            for (name, member) in members {
                match schema["properties"].get(name) {
                    Some(schema) => wrong.extend(violations(document, schema, member, &format!("{at}/{name}"))),
                    None if schema.get("properties").is_some() => wrong.push(format!("{at}/{name}: not described")),
                    None => {}
                }
            }
        }
        Value::Array(items) => {
            let each = items.iter().enumerate();
            wrong.extend(each.flat_map(|(i, item)| violations(document, &schema["items"], item, &format!("{at}/{i}"))));
        }
        _ => {}
    }
    wrong
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    let one = |name: &str| match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("a schema has the type {other}"),
    };
    match wanted {
        Value::String(name) => one(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(one),
        _ => true,
    }
}
