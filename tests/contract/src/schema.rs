//! Whether a value is what a schema of the API's description says.
//!
//! It reads the forms that the description has, and panics at any other rather than let something pass.

use hub_local::functions;
use serde_json::{Map, Value};

/// The description of the API.
pub struct Description(pub Value);

/// What stands in a schema for people to read.
const FOR_PEOPLE: [&str; 5] = ["description", "example", "examples", "default", "format"];

impl Description {
    /// As the code has it.
    pub fn of_the_code() -> Self {
        Self(serde_json::to_value(hub_web::openapi(functions::endpoints())).unwrap())
    }

    /// The paths of JSON:API, with their operations by method.
    pub fn json_api(&self) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
        let paths = self.0["paths"].as_object().unwrap().iter().filter(|(path, _)| path.starts_with("/api/v1/"));
        paths.map(|(path, operations)| (path, operations.as_object().unwrap()))
    }

    /// What is said of this method at this path.
    pub fn operation(&self, method: &str, path: &str) -> &Value {
        &self.0["paths"][path][method.to_lowercase()]
    }

    /// The schema of the answer to this method at this path with this status.
    pub fn answer(&self, method: &str, path: &str, status: u16) -> &Value {
        let content = &self.operation(method, path)["responses"][status.to_string()]["content"];
        let schema = &content["application/json"]["schema"];
        assert!(schema.is_object(), "{method} {path} has no schema for {status}");
        schema
    }

    /// The schema of the request with this method to this path.
    pub fn request(&self, method: &str, path: &str) -> &Value {
        let schema = &self.body(method, path)["schema"];
        assert!(schema["$ref"].is_string(), "{method} {path} does not say what it takes");
        schema
    }

    /// The example of the request with this method to this path.
    pub fn example(&self, method: &str, path: &str) -> &Value {
        let example = &self.body(method, path)["example"];
        assert!(example.is_object(), "{method} {path} has no example");
        example
    }

    fn body(&self, method: &str, path: &str) -> &Value {
        &self.operation(method, path)["requestBody"]["content"]["application/json"]
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
                "enum" => none_of(wanted, value, at),
                limit if limit.starts_with("min") || limit.starts_with("max") => beyond(limit, wanted, value, at),
                other => panic!("{at} has the keyword {other}, which this test does not know"),
            });
        }
        faults
    }

    /// What is at a reference within the description.
    pub fn referred(&self, reference: &str) -> &Value {
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

fn none_of(wanted: &Value, value: &Value, at: &str) -> Vec<String> {
    let fits = wanted.as_array().expect("values").contains(value);
    if fits { Vec::new() } else { vec![format!("{at} is none of {wanted}")] }
}

fn beyond(keyword: &str, limit: &Value, value: &Value, at: &str) -> Vec<String> {
    let size = match (keyword, value) {
        ("minimum" | "maximum", number) => number.as_i64(),
        ("minLength" | "maxLength", Value::String(text)) => i64::try_from(text.chars().count()).ok(),
        ("minItems" | "maxItems", Value::Array(items)) => i64::try_from(items.len()).ok(),
        ("minLength" | "maxLength" | "minItems" | "maxItems", _) => None,
        _ => panic!("{at} has the keyword {keyword}, which this test does not know"),
    };
    let limit = limit.as_i64().expect("a limit");
    let fits = |size: i64| if keyword.starts_with("max") { size <= limit } else { size >= limit };
    if size.is_none_or(fits) { Vec::new() } else { vec![format!("{at} is beyond its {keyword}, {limit}")] }
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
            "a": {"type": "string"}, "b": {"type": "array", "items": {"type": ["integer", "null"], "maximum": 9}},
            "c": {"enum": ["x", "xx"], "maxLength": 1},
        }}}));
        let schema = json!({"$ref": "#/one"});
        description.holds(&schema, &json!({"a": "x", "b": [1, null]}));
        let beside = |name: &str, value: Value| json!({"a": "x", name: value});
        let beside = [("b", json!(["y"])), ("b", json!([10])), ("c", json!("y")), ("c", json!("xx")), ("d", json!(1))]
            .map(|(name, value)| beside(name, value));
        for bad in [json!({}), json!({"a": 1}), json!("x")].into_iter().chain(beside) {
            assert!(!description.faults(&schema, &bad, "it").is_empty(), "{bad}");
        }
    }
}
