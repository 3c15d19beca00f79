//! Ways in which a document is not what its schema says, and ways in which it only just is.

use serde_json::{Map, Value, json};

use crate::schema::Description;

/// What a document has at one place instead of what it has there.
pub(super) struct Deviation {
    /// The place, as a JSON pointer.
    pub(super) at: String,
    /// The value; none, where there is to be nothing.
    pub(super) value: Option<Value>,
    /// Whether the schema forbids it.
    pub(super) is_refused: bool,
}

impl Deviation {
    /// The document with it.
    pub(super) fn of(&self, document: &Value) -> Value {
        let mut document = document.clone();
        let (parent, name) = self.at.rsplit_once('/').unwrap();
        let parent = parent.split('/').skip(1).fold(&mut document, |place, name| match place {
            Value::Array(items) => &mut items[name.parse::<usize>().unwrap()],
            members => &mut members[name],
        });
        parent[name] = self.value.clone().unwrap_or_default();
        if self.value.is_none() {
            parent.as_object_mut().unwrap().remove(name);
        }
        document
    }
}

/// Every deviation of a document from its schema.
pub(super) fn deviations(description: &Description, schema: &Value, document: &Value) -> Vec<Deviation> {
    within(description, schema, document, "")
}

/// Those in an object's members, or in those of a list's first item.
fn within(description: &Description, schema: &Value, value: &Value, at: &str) -> Vec<Deviation> {
    let schema = resolved(description, schema, value);
    if let Some(items) = schema.get("items") {
        return within(description, items, &value[0], &format!("{at}/0"));
    }
    let none = Map::new();
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let members = schema["properties"].as_object().unwrap_or(&none).iter();
    let each = members.flat_map(|(name, member)| {
        let (at, member) = (format!("{at}/{name}"), resolved(description, member, &value[name]));
        let mut found = at_place(&at, member, &value[name], required.contains(&name.as_str()));
        found.extend(within(description, member, &value[name], &at));
        found
    });
    each.collect()
}

/// The schema itself where it is a reference or a choice. Choices are between a value and null, or one and several.
fn resolved<'a>(description: &'a Description, schema: &'a Value, value: &Value) -> &'a Value {
    if let Some(reference) = schema["$ref"].as_str() {
        return resolved(description, description.referred(reference), value);
    }
    let Some(choices) = schema["oneOf"].as_array() else { return schema };
    let fits = |choice: &&Value| match choice["type"].as_str() {
        Some("array") => value.is_array(),
        Some("null") => false,
        _ => !value.is_array(),
    };
    resolved(description, choices.iter().find(fits).unwrap(), value)
}

fn at_place(at: &str, schema: &Value, value: &Value, is_required: bool) -> Vec<Deviation> {
    let deviation = |value, is_refused| Deviation { at: at.to_owned(), value, is_refused };
    let refused = beyond(schema, value, is_required).into_iter().map(|value| deviation(Some(value), true));
    let missing = is_required.then(|| deviation(None, true));
    let just = just_within(schema).into_iter().map(|value| deviation(Some(value), false));
    refused.chain(missing).chain(just).collect()
}

/// Values that a schema forbids. Where nothing is required, an empty value is as good as none.
fn beyond(schema: &Value, value: &Value, is_required: bool) -> Vec<Value> {
    let limit = |keyword: &str| schema[keyword].as_i64();
    let least = |keyword: &str| limit(keyword).filter(|_| is_required);
    let all = [
        // Nothing that is described is a list of lists.
        Some(json!([[]])),
        schema.get("enum").map(|_| json!("none of them")),
        least("minLength").map(|_| json!("")),
        least("minItems").map(|_| json!([])),
        size(schema, "maxLength").map(|most| json!("x".repeat(most + 1))),
        size(schema, "maxItems").map(|most| json!(vec![&value[0]; most + 1])),
        limit("minimum").map(|least| json!(least - 1)),
        limit("maximum").map(|most| json!(most + 1)),
    ];
    all.into_iter().flatten().collect()
}

/// The largest values that a schema allows.
fn just_within(schema: &Value) -> Vec<Value> {
    let longest = size(schema, "maxLength").map(|most| json!("x".repeat(most)));
    longest.into_iter().chain(schema.get("maximum").cloned()).collect()
}

fn size(schema: &Value, keyword: &str) -> Option<usize> {
    schema[keyword].as_u64().and_then(|most| usize::try_from(most).ok())
}
