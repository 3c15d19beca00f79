//! Whether a value is what a schema of the API's description says.
//!
//! It reads the forms that the description has, and panics at any other rather than let something pass.

use serde_json::{Map, Value};

/// The description of the API.
pub struct Description(pub Value);

/// What stands in a schema for people to read.
const FOR_PEOPLE: [&str; 4] = ["description", "example", "default", "format"];

impl Description {
    /// The schema of the answer to this method at this path with this status.
    pub fn answer(&self, method: &str, path: &str, status: u16) -> &Value {
        let schema = &self.0["paths"][path][method]["responses"][status.to_string()]["content"]["application/json"];
        let schema = &schema["schema"];
        assert!(schema.is_object(), "{method} {path} has no schema for {status}");
        schema
    }

    /// Asserts that a value is what the schema says, and has nothing that it does not say.
    #[track_caller]
    pub fn holds(&self, schema: &Value, value: &Value) {
        let faults = self.faults(schema, value, "it");
        assert!(faults.is_empty(), "{}\n{value}", faults.join("; "));
    }

    fn faults(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let fields = schema.as_object().unwrap_or_else(|| panic!("{at} has a schema that is none: {schema}"));
        if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
            return self.faults(self.referred(reference), value, at);
        }
        if let Some(choices) = fields.get("oneOf").and_then(Value::as_array) {
            let fits = choices.iter().any(|choice| self.faults(choice, value, at).is_empty());
            return if fits { Vec::new() } else { vec![format!("{at} is none of the choices")] };
        }
        let mut faults = Vec::new();
        for (keyword, wanted) in fields.iter().filter(|(keyword, _)| !FOR_PEOPLE.contains(&keyword.as_str())) {
            faults.extend(match keyword.as_str() {
                "type" => wrong_type(wanted, value, at),
                "required" => missing(wanted, value, at),
                "properties" => self.properties(wanted, value, at),
                "items" => self.items(wanted, value, at),
                other => panic!("{at} has the keyword {other}, which this test does not know"),
            });
        }
        faults
    }

    fn referred(&self, reference: &str) -> &Value {
        let pointer = reference.strip_prefix('#').expect("a reference within the description");
        self.0.pointer(pointer).unwrap_or_else(|| panic!("nothing is at {reference}"))
    }

    fn properties(&self, wanted: &Value, value: &Value, at: &str) -> Vec<String> {
        let wanted = wanted.as_object().expect("properties");
        let none = Map::new();
        let fields = value.as_object().unwrap_or(&none);
        let of_field = fields.iter().flat_map(|(name, value)| match wanted.get(name) {
            Some(schema) => self.faults(schema, value, &format!("{at}.{name}")),
            None => vec![format!("{at}.{name} is not described")],
        });
        of_field.collect()
    }

    fn items(&self, schema: &Value, value: &Value, at: &str) -> Vec<String> {
        let items = value.as_array().into_iter().flatten().enumerate();
        items.flat_map(|(place, item)| self.faults(schema, item, &format!("{at}[{place}]"))).collect()
    }
}

fn wrong_type(wanted: &Value, value: &Value, at: &str) -> Vec<String> {
    let one_of = wanted.as_array().cloned().unwrap_or_else(|| vec![wanted.clone()]);
    let fits = |name: &Value| match name.as_str().expect("the name of a type") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{at} is of the type {other}, which this test does not know"),
    };
    if one_of.iter().any(fits) { Vec::new() } else { vec![format!("{at} is no {wanted}")] }
}

fn missing(wanted: &Value, value: &Value, at: &str) -> Vec<String> {
    let names = wanted.as_array().expect("names").iter().map(|name| name.as_str().expect("a name"));
    names.filter(|name| value.get(name).is_none()).map(|name| format!("{at}.{name} is missing")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_missing_wrong_or_too_much_is_seen() {
        let description = Description(json!({"one": {"type": "object", "required": ["a"], "properties": {
            "a": {"type": "string"}, "b": {"type": "array", "items": {"type": ["integer", "null"]}},
        }}}));
        let schema = json!({"$ref": "#/one"});
        description.holds(&schema, &json!({"a": "x", "b": [1, null]}));
        for bad in [json!({}), json!({"a": 1}), json!({"a": "x", "b": ["y"]}), json!({"a": "x", "c": 1}), json!("x")] {
            assert!(!description.faults(&schema, &bad, "it").is_empty(), "{bad}");
        }
    }
}
