//! `POST /bulk-calls/submit`: a campaign as JSON (checklist I1–I3).

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use hub_models::fault::Faults;
use hub_web::{
    ApiError, App, Authorized, CallManagement, Endpoint, Fields, Given, LargeJsonObject, Problem, idempotency_key,
};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::accept::{Asked, accept};
use crate::campaign::{Campaign, CampaignFields};
use crate::row::RowFields;
use crate::rows::of_json;
use crate::submitted::SubmittedBatch;

const ROUTE: &str = "/bulk-calls/submit";

/// The most rows of one request. A file may have more.
const MOST_ROWS: usize = 1_000;

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bulk-calls-submit", routes!(handle))
}

/// A campaign.
#[derive(Deserialize, ToSchema)]
struct NewBatch {
    #[serde(flatten)]
    campaign: CampaignFields,
    /// The contacts, 1 to 1000. Required.
    #[serde(default)]
    #[schema(value_type = Vec<RowFields>, min_items = 1, max_items = 1000)]
    rows: Given<Vec<Value>>,
}

/// Starts a campaign: one engagement for each row, released at the domain's rate.
///
/// A row that cannot be engaged is skipped and named, and the others go on; rows are numbered from 1. What stands beside the
/// rows is theirs where they do not give it. Credits for all rows are debited at once. `Idempotency-Key` makes a repetition
/// within 24 hours answer with the same batch.
#[utoipa::path(
    post, path = "/bulk-calls/submit", tag = "Campaigns",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours.")),
    request_body(content = NewBatch, examples(
        ("An SMS follow-up" = (value = json!({"domain_name": "acme", "campaign_name": "June SMS follow-up",
            "source_system": "twenty", "source_org_id": "workspace-uuid", "call_type": "informational",
            "rows": [{"phone_number": "+14165550000", "instruction": "Confirm appointment time", "name": "Jane Doe",
                "channel": "sms", "source_record_id": "person-uuid"}]}))),
    )),
    responses(
        (status = 200, body = SubmittedBatch),
        (status = 400, body = Problem, description = "A value cannot be taken, there are more than 1000 rows, or none can be engaged."),
        (status = 402, body = Problem, description = "Too few credits for all rows; the detail says how many are missing."),
        (status = 403, body = Problem, description = "No valid API key, or one without call_management."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 413, body = Problem, description = "The body is larger than 4 MB."),
        (status = 415, body = Problem, description = "The body is not JSON."),
        (status = 422, body = Problem, description = "The idempotency key came with another request."),
        (status = 429, body = Problem, description = "Too many requests; see Retry-After."),
        (status = 503, body = Problem, description = "Engagements are paused for the domain; see Retry-After."),
    ),
    security(("api_key" = ["call_management"]))
)]
async fn handle(
    State(hub): State<App>,
    Authorized { caller, .. }: Authorized<CallManagement>,
    headers: HeaderMap,
    LargeJsonObject(body): LargeJsonObject,
) -> Result<Json<SubmittedBatch>, ApiError> {
    let (key, request_hash) = (idempotency_key(&headers)?, body.hash());
    let (campaign, rows) = read(body.read()?)?;
    let asked = Asked { caller, route: ROUTE, key, request_hash };
    Ok(Json(accept(&hub, asked, campaign, of_json(rows)).await?))
}

fn read(NewBatch { campaign, rows }: NewBatch) -> Result<(Campaign, Vec<Value>), Faults> {
    let mut fields = Fields::default();
    let rows = fields.value("rows", rows);
    let count = rows.as_ref().map_or(0, Vec::len);
    let campaign = campaign.read(&mut fields, None, count);
    if !(1..=MOST_ROWS).contains(&count) && !fields.is_at_fault("rows") {
        let detail = format!(
            "rows must be a list of 1 to {MOST_ROWS} contacts and has {count}; POST /bulk-calls/upload takes a file of more."
        );
        fields.fault("rows", detail);
    }
    fields.finish(campaign.zip(rows))
}
