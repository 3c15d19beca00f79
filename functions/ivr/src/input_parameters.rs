//! The input parameters of a scenario, two of which the hub needs itself.

use std::collections::HashSet;

use hub_models::contact::PhoneNumber;
use hub_models::scenario::{DESTINATION, DISPLAY_NUMBER, InputParameter};
use hub_web::{Fields, Given};
use serde::Deserialize;
use serde_json::Value;

const FIELD: &str = "ScenarioInputParameters";

/// The most bytes of all parameters together, as JSON: they are kept with the engagement, whose items take 400 kB.
const LIMIT: usize = 64 * 1024;

/// The parameters in their order.
pub(crate) fn input_parameters(fields: &mut Fields, given: Given<Vec<Value>>) -> Option<Vec<InputParameter>> {
    if !given.is_given() {
        fields.missing(FIELD);
    }
    let list = fields.value(FIELD, given)?;
    if serde_json::to_string(&list).map_or(true, |json| json.len() > LIMIT) {
        fields.fault(FIELD, format!("must have at most {LIMIT} bytes as JSON."));
        return None;
    }
    let (mut read, mut names) = (Vec::with_capacity(list.len()), HashSet::new());
    for (place, entry) in list.into_iter().enumerate() {
        let place = format!("{FIELD}.{place}");
        let Some(parameter) = parameter(fields, &place, entry) else { continue };
        if !names.insert(parameter.name.as_str().to_owned()) {
            fields.fault(&place, format!("must not name {} a second time.", parameter.name));
        }
        read.push(parameter);
    }
    Some(read)
}

fn parameter(fields: &mut Fields, place: &str, entry: Value) -> Option<InputParameter> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Entry {
        #[serde(default)]
        name: Given<String>,
        #[serde(default)]
        value: Value,
    }
    let Ok(Entry { name, value }) = serde_json::from_value(entry) else {
        fields.fault(place, "must be an object with Name and Value.");
        return None;
    };
    let name = fields.required_line(&format!("{place}.Name"), name);
    let value = match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(_) | Value::Object(_) => {
            fields.fault(&format!("{place}.Value"), "must be a text.");
            None
        }
    };
    name.zip(value).map(|(name, value)| InputParameter { name, value })
}

/// The number that is called. Which one is shown is for the carrier, but it must be named.
pub(crate) fn phone_number(fields: &mut Fields, parameters: Option<&[InputParameter]>) -> Option<PhoneNumber> {
    let parameters = parameters?;
    let given = |name: &str| {
        let found = parameters.iter().find(|parameter| parameter.name.as_str() == name);
        found.map_or(Given::Nothing, |parameter| Given::Value(parameter.value.clone()))
    };
    fields
        .required(DISPLAY_NUMBER, given(DISPLAY_NUMBER), |number| Ok::<_, std::convert::Infallible>(number.to_owned()));
    fields.required(DESTINATION, given(DESTINATION), PhoneNumber::parse_lenient)
}
