//! `GET /bulk-calls/batches/{batch_id}/results.csv`: what became of every row (checklist I5).

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use hub_engagements::Hub;
use hub_engagements::bulk::{batch, rows, skipped};
use hub_models::batch::{Batch, SkippedRow};
use hub_models::engagement::Engagement;
use hub_models::moment::Moment;
use hub_store::StoreError;
use hub_web::{ApiError, App, Endpoint, Problem};
use utoipa_axum::routes;

use crate::csv_file::{Packing, csv_file};
use crate::which::WhichBatch;

/// How many rows are read at once.
const PAGE: u32 = 500;

/// The columns of the file. They begin with those by which a file of the skipped and failed can be made.
const HEADER: [&str; 13] = [
    "row",
    "status",
    "outcome",
    "reason",
    "contact",
    "name",
    "channel",
    "call_type",
    "engagement_id",
    "source_record_id",
    "scheduled_time",
    "started_at",
    "completed_at",
];

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bulk-calls-results", routes!(handle))
}

/// A CSV file of every row, the skipped ones too, with what became of it and why.
///
/// Cells that begin like formulas have an apostrophe before them, so that no spreadsheet program calculates with them. The
/// results of many thousand rows fit into an answer only for clients that accept gzip (`curl --compressed`).
#[utoipa::path(
    get, path = "/bulk-calls/batches/{batch_id}/results.csv", tag = "Campaigns",
    params(("batch_id" = String, Path, description = "The batch.")),
    responses(
        (status = 200, body = String, content_type = "text/csv"),
        (status = 403, body = Problem, description = "No valid API key, or one without call_management."),
        (status = 404, body = Problem, description = "The batch is not on this account."),
    ),
    security(("api_key" = ["call_management"]))
)]
async fn handle(
    State(hub): State<App>,
    WhichBatch { caller, id }: WhichBatch,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let batch = batch(&hub, caller.account_id(), id).await?.batch;
    let mut lines = engaged(&hub, &batch).await?;
    lines.extend(skipped(&hub, &batch).await?.into_iter().map(|row| (row.number, skipped_line(row))));
    lines.sort_unstable_by_key(|(number, _)| *number);
    let header = HEADER.map(str::to_owned);
    let lines = [header].into_iter().chain(lines.into_iter().map(|(_, line)| line));
    csv_file(&format!("batch-{}-results.csv", batch.batch_id), Packing::of(&headers), lines)
}

type Line = [String; HEADER.len()];

/// The lines of all rows that became engagements. Whole engagements are held for one page only.
async fn engaged(hub: &Hub, batch: &Batch) -> Result<Vec<(u32, Line)>, StoreError> {
    let (mut lines, mut from) = (Vec::new(), Some(0));
    while let Some(place) = from {
        let page = rows(hub, batch, place, PAGE).await?;
        lines.extend(page.items.into_iter().filter_map(engaged_line));
        from = page.next;
    }
    Ok(lines)
}

fn engaged_line(engagement: Engagement) -> Option<(u32, Line)> {
    let time = |moment: Option<Moment>| moment.map(|moment| moment.to_string()).unwrap_or_default();
    let line = [
        engagement.batch?.number.to_string(),
        engagement.state.wire().to_string(),
        engagement.outcome.map(|outcome| outcome.to_string()).unwrap_or_default(),
        engagement.summary.map(|summary| summary.to_string()).unwrap_or_default(),
        engagement.contact.as_str().to_owned(),
        engagement.client_name.map(|name| name.to_string()).unwrap_or_default(),
        engagement.channel.to_string(),
        engagement.engagement_type.to_string(),
        engagement.engagement_id.to_string(),
        engagement.source.record_id.map(|id| id.to_string()).unwrap_or_default(),
        time(engagement.scheduled_time),
        time(engagement.started_at),
        time(engagement.completed_at),
    ];
    Some((engagement.batch?.number, line))
}

fn skipped_line(SkippedRow { number, reason }: SkippedRow) -> Line {
    let mut line = Line::default();
    line[0] = number.to_string();
    line[1] = "Skipped".to_owned();
    line[3] = reason.to_string();
    line
}
