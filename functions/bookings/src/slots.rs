//! `GET /bookings/slots`: what is free in a domain's calendar.

use axum::Json;
use axum::extract::State;
use hub_engagements::calendar::{Offer, Teller, free_slots};
use hub_engagements::domain_of;
use hub_models::calendar::Period;
use hub_models::channel::Language;
use hub_models::domain::DomainName;
use hub_models::moment::Moment;
use hub_web::{ApiError, App, Authorized, Endpoint, Engagements, Fields, Problem, QueryFields, read_time};
use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::fields::domain_name;

/// How far is looked where the request does not say.
const USUAL: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How far one request can look.
const FURTHEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// The most slots that one request is given.
const MOST: usize = 1_000;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bookings-slots", routes!(handle))
}

/// What is free.
#[derive(Serialize, ToSchema)]
struct FreeSlots {
    #[schema(example = "acme")]
    domain_name: String,
    /// The calendar's time zone.
    #[schema(example = "America/Toronto")]
    time_zone: String,
    /// How long a slot is.
    #[schema(example = 30)]
    slot_minutes: u32,
    /// The free slots, in order.
    slots: Vec<Slot>,
}

/// A time that can be booked.
#[derive(Serialize, ToSchema)]
struct Slot {
    /// Send it as `starts_at` of a booking.
    #[schema(value_type = String, example = "2026-06-19T18:30:00.000Z")]
    starts_at: Moment,
    #[schema(value_type = String, example = "2026-06-19T19:00:00.000Z")]
    ends_at: Moment,
    /// When it begins, by the calendar's wall clock.
    #[schema(example = "2026-06-19T14:30:00-04:00")]
    local_starts_at: String,
    /// When it begins, in words.
    #[schema(example = "Friday, June 19, 2026 at 2:30 PM")]
    when: String,
}

/// Lists the free slots of the domain's calendar, from now on. Each may be taken by the time it is booked.
#[utoipa::path(
    get, path = "/bookings/slots", tag = "Bookings",
    params(
        ("domain_name" = String, Query, description = "Your tenant domain."),
        ("from" = Option<String>, Query, description = "Beginning at or after, ISO 8601; now by default."),
        ("to" = Option<String>, Query, description = "Beginning before, ISO 8601, at most 31 days later; 7 days by default."),
        ("language" = Option<String>, Query, description = "The language of the words; en by default."),
        ("limit" = Option<u32>, Query, description = "At most so many, 1 to 1000; 100 by default."),
    ),
    responses(
        (status = 200, body = FreeSlots),
        (status = 400, body = Problem, description = "A parameter cannot be taken, or there is no calendar."),
        (status = 403, body = Problem, description = "No valid API key, or one without engagements."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
    ),
    security(("api_key" = ["engagements"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<Engagements>,
    query: QueryFields,
) -> Result<Json<FreeSlots>, ApiError> {
    let wanted = Wanted::read(query, hub.clock.now())?;
    domain_of(&hub, caller.account_id(), &wanted.domain_name).await?;
    let offer = free_slots(&hub, &wanted.domain_name, wanted.within, wanted.limit).await?;
    Ok(Json(FreeSlots::of(&wanted, &offer)))
}

/// What is asked for.
struct Wanted {
    domain_name: DomainName,
    within: Period,
    language: Language,
    limit: usize,
}

impl Wanted {
    fn read(mut query: QueryFields, now: Moment) -> Result<Self, ApiError> {
        let mut fields = Fields::default();
        let domain_name = domain_name(&mut fields, query.take("domain_name"));
        let from = fields.parse("from", query.take("from"), read_time).unwrap_or(now);
        let to = fields.parse("to", query.take("to"), |text| until(text, from)).unwrap_or(from + USUAL);
        let language = fields.parse("language", query.take("language"), str::parse).unwrap_or(Language::En);
        let limit = fields.parse("limit", query.take("limit"), |text| match text.parse() {
            Ok(limit) if (1..=MOST).contains(&limit) => Ok(limit),
            _ => Err(format!("must be a number from 1 to {MOST}.")),
        });
        let wanted = domain_name.zip(Period::new(from, to).ok()).map(|(domain_name, within)| Self {
            domain_name,
            within,
            language,
            limit: limit.unwrap_or(100),
        });
        Ok(fields.finish(wanted)?)
    }
}

fn until(text: &str, from: Moment) -> Result<Moment, &'static str> {
    let to = read_time(text)?;
    if from < to && to <= from + FURTHEST { Ok(to) } else { Err("must be later than from, by at most 31 days.") }
}

impl FreeSlots {
    fn of(wanted: &Wanted, offer: &Offer) -> Self {
        let teller = Teller::from(offer.calendar.time_zone.zone());
        let slot = |slot: &Period| Slot {
            starts_at: slot.starts_at(),
            ends_at: slot.ends_at(),
            local_starts_at: teller.local(slot.starts_at()),
            when: teller.moment(slot.starts_at(), wanted.language),
        };
        Self {
            domain_name: wanted.domain_name.to_string(),
            time_zone: offer.calendar.time_zone.clone().into(),
            slot_minutes: offer.calendar.slot_minutes.into(),
            slots: offer.slots.iter().map(slot).collect(),
        }
    }
}
