//! The open hours of a calendar as a request gives them.

use std::fmt;

use hub_models::calendar::{HourSpan, Weekday, WeeklyHours};
use hub_models::text::excerpt;
use hub_web::{Fields, Given};
use serde_json::{Map, Value};

/// What open hours must look like.
const FORM: &str = "must be a list of {\"start\": \"09:00\", \"end\": \"17:00\"} or \"09:00-17:00\".";

/// Reads the hours of every day that is named; none where they are at fault.
pub(crate) fn hours(fields: &mut Fields, given: Given<Map<String, Value>>) -> Option<WeeklyHours> {
    if !given.is_given() {
        fields.missing("hours");
    }
    let mut hours = WeeklyHours::default();
    for (day, value) in fields.value("hours", given)? {
        let read = day.parse::<Weekday>().map_err(|error| error.to_string()).and_then(|day| {
            let spans = spans(&value)?;
            hours.set(day, spans).map_err(|error| error.to_string())
        });
        if let Err(fault) = read {
            fields.fault(&format!("hours.{}", excerpt(&day)), fault);
        }
    }
    Some(hours)
}

fn spans(value: &Value) -> Result<Vec<HourSpan>, String> {
    match value {
        Value::Null => Ok(Vec::new()),
        Value::Array(spans) => spans.iter().map(span).collect(),
        _ => Err(FORM.to_owned()),
    }
}

fn span(value: &Value) -> Result<HourSpan, String> {
    let ends = match value {
        Value::String(text) => text.split_once(['-', '–']),
        Value::Object(span) => span["start"].as_str().zip(span["end"].as_str()),
        _ => None,
    };
    let (start, end) = ends.ok_or(FORM)?;
    let told = |error: &dyn fmt::Display| error.to_string();
    let (start, end) = (start.parse().map_err(|e| told(&e))?, end.parse().map_err(|e| told(&e))?);
    HourSpan::new(start, end).map_err(|error| told(&error))
}
