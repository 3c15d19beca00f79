//! `POST /bulk-calls/upload`: a campaign as a file (checklist I4).

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use hub_web::{ApiError, App, Authorized, CallManagement, Endpoint, Fields, Form, Given, Problem, idempotency_key};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::accept::{Asked, accept};
use crate::campaign::{Campaign, CampaignFields};
use crate::columns::{rows_of_file, truth};
use crate::rows::RowObject;
use crate::submitted::SubmittedBatch;

const ROUTE: &str = "/bulk-calls/upload";

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bulk-calls-upload", routes!(handle))
}

/// A campaign with its file.
#[derive(Deserialize, ToSchema)]
struct UploadForm {
    #[serde(flatten)]
    campaign: CampaignFields,
    /// The file: CSV or XLSX. Required.
    #[serde(default)]
    #[schema(value_type = String, format = Binary)]
    file: Given<String>,
}

/// Starts a campaign from a file: one engagement for each row, released at the domain's rate.
///
/// The file is CSV (UTF-8, UTF-16 or Windows-1252; with comma, semicolon or tab) or the first sheet of an XLSX workbook, of at
/// most 10,000 rows. Its first row names the columns, in any order and case, with blanks or underscores: the fields of a row
/// of `/bulk-calls/submit`. Other columns fill placeholders of emails: `Policy number` fills `{{POLICY_NUMBER}}`. Rows are
/// numbered from 1 below the header. All else is as with `/bulk-calls/submit`.
#[utoipa::path(
    post, path = "/bulk-calls/upload", tag = "Campaigns",
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repetition harmless for 24 hours.")),
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses(
        (status = 200, body = SubmittedBatch),
        (status = 400, body = Problem, description = "A value or the file cannot be taken, or no row can be engaged."),
        (status = 402, body = Problem, description = "Too few credits for all rows; the detail says how many are missing."),
        (status = 403, body = Problem, description = "No valid API key, or one without call_management."),
        (status = 404, body = Problem, description = "The domain is not on this account."),
        (status = 413, body = Problem, description = "The body is larger than 4 MB."),
        (status = 415, body = Problem, description = "The body is no form with a file."),
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
    form: Form,
) -> Result<Json<SubmittedBatch>, ApiError> {
    let (key, request_hash) = (idempotency_key(&headers)?, form.hash());
    let (campaign, rows) = read(form)?;
    let asked = Asked { caller, route: ROUTE, key, request_hash };
    Ok(Json(accept(&hub, asked, campaign, rows).await?))
}

fn read(Form { fields: mut form, file }: Form) -> Result<(Campaign, Vec<(u32, RowObject)>), ApiError> {
    if let Some(Value::String(text)) = form.0.get("test_mode") {
        let value = truth(text);
        form.0.insert("test_mode".to_owned(), value);
    }
    let UploadForm { campaign, file: pasted } = form.read()?;
    let mut fields = Fields::default();
    let (name, bytes) = file.map(|file| (file.name, file.bytes)).unzip();
    // A form may bring the text of a file without its name.
    let bytes = bytes.or_else(|| fields.text("file", pasted).map(Bytes::from));
    if bytes.is_none() {
        fields.missing("file");
    }
    let rows = bytes.and_then(|bytes| rows_of_file(&bytes).map_err(|error| fields.fault("file", error)).ok());
    let count = rows.as_ref().map_or(0, Vec::len);
    let campaign = campaign.read(&mut fields, name.as_deref(), count);
    Ok(fields.finish(campaign.zip(rows))?)
}
