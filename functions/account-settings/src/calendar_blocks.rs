//! The blocked times of a calendar as a request gives them.

use hub_models::calendar::{Block, MOST_BLOCKS, Period};
use hub_models::date_time::read_date_time;
use hub_web::{Fields, Given};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::Value;

/// A blocked time in a request.
#[derive(Default, Deserialize)]
#[serde(default)]
struct BlockFields {
    starts_at: Given<String>,
    ends_at: Given<String>,
    reason: Given<String>,
}

/// Reads the blocked times, those without a zone in this one; the ones at fault are left out and told.
pub(crate) fn blocks(fields: &mut Fields, given: Given<Vec<Value>>, zone: &TimeZone) -> Vec<Block> {
    let blocks = fields.value("blocked", given).unwrap_or_default();
    if blocks.len() > MOST_BLOCKS {
        fields.fault("blocked", format!("must be at most {MOST_BLOCKS}."));
        return Vec::new();
    }
    let read = blocks.into_iter().enumerate().filter_map(|(place, value)| block(fields, place, value, zone));
    read.collect()
}

fn block(fields: &mut Fields, place: usize, value: Value, zone: &TimeZone) -> Option<Block> {
    let name = |field: &str| format!("blocked.{place}.{field}");
    let Ok(block) = serde_json::from_value::<BlockFields>(value) else {
        fields.fault(&format!("blocked.{place}"), "must be an object with starts_at and ends_at.");
        return None;
    };
    let starts_at = fields.required(&name("starts_at"), block.starts_at, |text| read_date_time(text, zone));
    let ends_at = fields.required(&name("ends_at"), block.ends_at, |text| read_date_time(text, zone));
    let reason = fields.line(&name("reason"), block.reason);
    let period = Period::new(starts_at?, ends_at?).map_err(|error| fields.fault(&name("ends_at"), error)).ok()?;
    Some(Block { period, reason })
}
