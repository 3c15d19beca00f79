//! `/account-settings/calendar`: when a domain can be booked (checklist M6), shown and set by one function.

use std::collections::BTreeMap;

use hub_models::calendar::{Block, Calendar, HourSpan, MinuteOfDay, Weekday};
use hub_models::domain::DomainName;
use hub_models::moment::Moment;
use hub_web::Endpoint;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::{calendar_get, calendar_put};

/// This function and its routes.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("account-settings-calendar", routes!(calendar_get::handle, calendar_put::handle))
}

/// A domain's calendar.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownCalendar {
    #[schema(example = "acme")]
    domain_name: String,
    /// The zone of the hours, and the one in which times are told to contacts.
    #[schema(example = "America/Toronto")]
    time_zone: String,
    /// The open hours of each day of the week, from `monday` to `sunday`.
    #[schema(value_type = Object, example = json!({"monday": [{"start": "09:00", "end": "12:30"}, {"start": "13:30", "end": "17:00"}]}))]
    hours: BTreeMap<Weekday, Vec<ShownHours>>,
    /// How long a slot is.
    #[schema(example = 30)]
    slot_minutes: u32,
    /// How long the calendar is kept free between two bookings.
    #[schema(example = 0)]
    buffer_minutes: u32,
    /// When nothing is offered, although the calendar would be open.
    blocked: Vec<ShownBlock>,
    /// Send it with a change, or the `ETag` as `If-Match`, and the change is refused where someone else was faster.
    #[schema(value_type = String, example = "2026-06-18T14:30:00.000Z")]
    updated_at: Moment,
}

/// Open hours of a day.
#[derive(Serialize, ToSchema)]
struct ShownHours {
    #[schema(value_type = String, example = "09:00")]
    start: MinuteOfDay,
    #[schema(value_type = String, example = "17:00")]
    end: MinuteOfDay,
}

/// A time in which nothing is offered.
#[derive(Serialize, ToSchema)]
struct ShownBlock {
    #[schema(value_type = String, example = "2026-12-24T17:00:00.000Z")]
    starts_at: Moment,
    #[schema(value_type = String, example = "2026-12-27T05:00:00.000Z")]
    ends_at: Moment,
    #[schema(example = "Holidays")]
    reason: Option<String>,
}

impl ShownCalendar {
    pub(crate) fn of(domain_name: &DomainName, calendar: Calendar) -> Self {
        let hours = |day: &Weekday| (*day, calendar.hours.on(*day).iter().map(ShownHours::of).collect());
        Self {
            hours: Weekday::ALL.iter().map(hours).collect(),
            domain_name: domain_name.to_string(),
            time_zone: calendar.time_zone.into(),
            slot_minutes: calendar.slot_minutes.into(),
            buffer_minutes: calendar.buffer_minutes.into(),
            blocked: calendar.blocked.into_iter().map(ShownBlock::of).collect(),
            updated_at: calendar.updated_at,
        }
    }
}

impl ShownHours {
    fn of(span: &HourSpan) -> Self {
        Self { start: span.start(), end: span.end() }
    }
}

impl ShownBlock {
    fn of(block: Block) -> Self {
        Self {
            starts_at: block.period.starts_at(),
            ends_at: block.period.ends_at(),
            reason: block.reason.map(|reason| reason.to_string()),
        }
    }
}
