//! `PUT /account-settings/calendar`: when a domain can be booked (checklist M6).

use axum::extract::State;
use axum::http::HeaderMap;
use hub_engagements::{Hub, domain_of};
use hub_models::calendar::{Calendar, SlotLength};
use hub_models::domain::{DomainName, ZoneName};
use hub_models::moment::Moment;
use hub_store::Saved;
use hub_web::{
    AccountSettings, ApiError, App, Authorized, Based, Fields, Given, Parameters, Problem, Revised, read_time,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::calendar::ShownCalendar;
use crate::calendar_blocks::blocks;
use crate::calendar_hours::hours;
use crate::change::domain_name;

/// A calendar to be set. What is not given is at its default.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct NewCalendar {
    /// Your tenant domain.
    #[schema(value_type = String, example = "acme")]
    domain_name: Given<String>,
    /// An IANA time zone; the domain's by default.
    #[schema(value_type = Option<String>, example = "America/Toronto")]
    time_zone: Given<String>,
    /// The open hours of each day of the week that has any, from `monday` to `sunday`: a list of `{"start", "end"}` or
    /// `"09:00-17:00"`, at most 24 a day. They are of the wall clock, from `00:00` to `24:00`. Required.
    #[schema(value_type = Object, example = json!({"monday": ["09:00-12:30", "13:30-17:00"], "tuesday": [{"start": "09:00", "end": "17:00"}]}))]
    hours: Given<Map<String, Value>>,
    /// How long a slot is, 5 to 480 minutes; 30 by default.
    #[schema(value_type = Option<u32>, example = 30)]
    slot_minutes: Given<u32>,
    /// How long the calendar is kept free between two bookings, up to 240 minutes; 0 by default.
    #[schema(value_type = Option<u32>, example = 10)]
    buffer_minutes: Given<u32>,
    /// When nothing is offered, at most 500 times of `{"starts_at", "ends_at", "reason"}`. Times without a zone are of the
    /// calendar's.
    #[schema(value_type = Option<Vec<Object>>, example = json!([{"starts_at": "2026-12-24 12:00", "ends_at": "2026-12-27 00:00", "reason": "Holidays"}]))]
    blocked: Given<Vec<Value>>,
    /// The `updated_at` that the change was made from; the change is refused with 409 where someone else was faster.
    #[schema(value_type = Option<String>)]
    updated_at: Given<String>,
}

/// Sets the domain's calendar. Bookings stay as they are, also where the calendar is not open any more.
#[utoipa::path(
    put, path = "/account-settings/calendar", tag = "Bookings",
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from.")),
    request_body = NewCalendar,
    responses(
        (status = 200, body = ShownCalendar, headers(("ETag" = String, description = "The new version."))),
        (status = 400, body = Problem, description = "A value cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without account_settings."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 409, body = Problem, description = "Someone else changed it since updated_at."),
        (status = 412, body = Problem, description = "Someone else changed it since If-Match."),
    ),
    security(("api_key" = ["account_settings"]))
)]
pub(crate) async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<AccountSettings>,
    headers: HeaderMap,
    Parameters(object): Parameters,
) -> Result<Revised<ShownCalendar>, ApiError> {
    let new: NewCalendar = object.read()?;
    let zone = usual_zone(&hub, &new.domain_name).await?;
    let (name, calendar, updated_at) = new.read(zone, hub.clock.now())?;
    let based = Based::read(&headers, updated_at)?;
    domain_of(&hub, caller.account_id(), &name).await?;
    let calendar = save(&hub, &name, calendar, based).await?;
    Ok(Revised::ok(calendar.version, ShownCalendar::of(&name, calendar)))
}

/// The zone of the domain that is named; whose it is is told later, with everything else.
async fn usual_zone(hub: &Hub, given: &Given<String>) -> Result<ZoneName, ApiError> {
    let Given::Value(text) = given else { return Ok(ZoneName::default()) };
    let Ok(name) = text.parse() else { return Ok(ZoneName::default()) };
    Ok(hub.store.domain_cached(&name).await?.map(|domain| domain.time_zone.clone()).unwrap_or_default())
}

impl NewCalendar {
    fn read(self, usual_zone: ZoneName, now: Moment) -> Result<(DomainName, Calendar, Option<Moment>), ApiError> {
        let mut fields = Fields::default();
        let name = domain_name(&mut fields, self.domain_name);
        let time_zone: ZoneName = fields.parse("time_zone", self.time_zone, str::parse).unwrap_or(usual_zone);
        let hours = hours(&mut fields, self.hours);
        let slot_minutes = minutes(&mut fields, "slot_minutes", self.slot_minutes).unwrap_or(SlotLength::default());
        let buffer_minutes = minutes(&mut fields, "buffer_minutes", self.buffer_minutes).unwrap_or_default();
        let blocked = blocks(&mut fields, self.blocked, &time_zone.zone());
        let updated_at = fields.parse("updated_at", self.updated_at, read_time);
        let calendar = hours.map(|hours| Calendar {
            time_zone,
            hours,
            slot_minutes,
            buffer_minutes,
            blocked,
            updated_at: now,
            version: 1,
        });
        let (name, calendar) = fields.finish(name.zip(calendar))?;
        Ok((name, calendar, updated_at))
    }
}

fn minutes<T: TryFrom<u32>>(fields: &mut Fields, field: &str, given: Given<u32>) -> Option<T>
where
    T::Error: std::fmt::Display,
{
    let read = T::try_from(fields.value(field, given)?);
    read.map_err(|error| fields.fault(field, error)).ok()
}

/// Writes the calendar over the one that is there, again for as long as others are faster.
async fn save(hub: &Hub, name: &DomainName, new: Calendar, based: Based) -> Result<Calendar, ApiError> {
    loop {
        let before = hub.store.calendar(name).await?;
        let (version, changed_at) =
            before.as_ref().map_or((0, None), |before| (before.version, Some(before.updated_at)));
        based.check(version, changed_at)?;
        let updated_at = changed_at.map_or(new.updated_at, |before| new.updated_at.or_after(before));
        let calendar = Calendar { version: version + 1, updated_at, ..new.clone() };
        if hub.store.save_calendar(name, &calendar).await? == Saved::Yes {
            return Ok(calendar);
        }
    }
}
