//! `GET /bulk-calls/batches/{batch_id}`: how far a batch is, and its rows (checklist I5).

use axum::Json;
use axum::extract::State;
use hub_engagements::DeliveryType;
use hub_engagements::bulk::{BatchReport, batch, first_skipped, rows};
use hub_models::batch::SkippedRow;
use hub_models::channel::{Channel, EngagementType};
use hub_models::engagement::{Engagement, Outcome, WireStatus};
use hub_models::fault::Faults;
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use hub_web::{ApiError, App, Endpoint, Fields, Paging, Problem, QueryFields};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::which::WhichBatch;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bulk-calls-get", routes!(handle))
}

/// A batch and a page of its rows.
#[derive(Serialize, ToSchema)]
struct ShownBatch {
    #[serde(flatten)]
    report: BatchReport,
    /// Rows that became engagements, in the order in which they go out.
    rows: Vec<ShownRow>,
    /// Send it as `cursor` for the next page of rows; null after the last.
    next_cursor: Option<String>,
    /// On the first page, the skipped rows with their reasons, the first 200 of them; results.csv has all.
    #[schema(example = json!(["Row 3: skipped — duplicate customer"]))]
    errors: Vec<String>,
}

/// A row that became an engagement.
#[derive(Serialize, ToSchema)]
struct ShownRow {
    /// Its number in the request or below the header of the file, from 1.
    row: u32,
    /// The engagement: `GET /integration/engagement/{engagement_id}` tells all of it.
    #[schema(value_type = String, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: EngagementId,
    #[schema(value_type = String, example = "Completed")]
    status: WireStatus,
    #[schema(value_type = Option<String>, example = "answered")]
    outcome: Option<Outcome>,
    /// What happened, in words.
    summary: Option<String>,
    #[schema(value_type = String, example = "sms")]
    channel: Channel,
    #[schema(value_type = String, example = "informational")]
    call_type: EngagementType,
    /// The phone number or email address.
    #[schema(example = "+14165550000")]
    contact_identifier: String,
    name: Option<String>,
    source_record_id: Option<String>,
    #[schema(value_type = Option<String>)]
    scheduled_time: Option<Moment>,
    #[schema(value_type = Option<String>)]
    completed_at: Option<Moment>,
}

impl ShownRow {
    fn of(engagement: Engagement) -> Option<Self> {
        Some(Self {
            row: engagement.batch?.number,
            engagement_id: engagement.engagement_id,
            status: engagement.state.wire(),
            outcome: engagement.outcome,
            summary: engagement.summary.map(|summary| summary.to_string()),
            channel: engagement.channel,
            call_type: engagement.engagement_type,
            contact_identifier: engagement.contact.as_str().to_owned(),
            name: engagement.client_name.map(|name| name.to_string()),
            source_record_id: engagement.source.record_id.map(|id| id.to_string()),
            scheduled_time: engagement.scheduled_time,
            completed_at: engagement.completed_at,
        })
    }
}

/// Tells how far a batch is, with a page of its rows.
#[utoipa::path(
    get, path = "/bulk-calls/batches/{batch_id}", tag = "Campaigns",
    params(
        ("batch_id" = String, Path, description = "The batch."),
        ("limit" = Option<u32>, Query, description = "At most so many rows, 1 to 100; 50 by default."),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before."),
    ),
    responses(
        (status = 200, body = ShownBatch),
        (status = 400, body = Problem, description = "A parameter cannot be taken."),
        (status = 403, body = Problem, description = "No valid API key, or one without call_management."),
        (status = 404, body = Problem, description = "The batch is not on this account."),
    ),
    security(("api_key" = ["call_management"]))
)]
async fn handle(
    State(hub): State<App>,
    WhichBatch { caller, id }: WhichBatch,
    query: QueryFields,
) -> Result<Json<ShownBatch>, ApiError> {
    let paging = read(query)?;
    let progress = batch(&hub, caller.account_id(), id).await?;
    let (from, limit) = (paging.cursor.unwrap_or(0), u32::try_from(paging.limit).unwrap_or(u32::MAX));
    let page = rows(&hub, &progress.batch, from, limit).await?;
    let skipped = if from == 0 { first_skipped(&hub, &progress.batch).await? } else { Vec::new() };
    Ok(Json(ShownBatch {
        report: BatchReport::new(&progress, DeliveryType::Pull, hub.clock.now()),
        rows: page.items.into_iter().filter_map(ShownRow::of).collect(),
        next_cursor: page.next.map(|place| place.to_string()),
        errors: skipped.iter().map(SkippedRow::to_string).collect(),
    }))
}

fn read(mut query: QueryFields) -> Result<Paging<u32>, Faults> {
    let mut fields = Fields::default();
    let place = |text: &str| text.parse().map_err(|_| "is not a cursor; use the next_cursor of the page before.");
    let paging = Paging::read_with(&mut fields, &mut query, place);
    fields.finish(Some(paging))
}
