//! `GET /bulk-calls/template.csv`: a file to start from (checklist I4).

use axum::response::Response;
use hub_web::{ApiError, Authorized, CallManagement, Endpoint, Problem};
use utoipa_axum::routes;

use crate::csv_file::{Packing, csv_file};

/// The columns that most campaigns need, and one that fills a placeholder.
const HEADER: [&str; 9] = [
    "phone_number",
    "email",
    "name",
    "channel",
    "instruction",
    "scheduled_time",
    "email_subject",
    "policy_number",
    "test_mode",
];

/// Rows that can be sent as they are: contacts of the simulator, in test mode.
const ROWS: [[&str; 9]; 3] = [
    ["(500) 555-0006", "", "Alex Morgan", "sms", "Remind Alex of Monday at 10.", "", "", "", "true"],
    ["500-555-0011", "", "Jordan Lee", "phone", "Tell Jordan that the order is ready.", "", "", "", "true"],
    [
        "",
        "success@simulator.amazonses.com",
        "Zoë Fournier",
        "email",
        "Tell Zoë that the policy renews in June.",
        "",
        "Your policy {{POLICY_NUMBER}}",
        "POL-2026-8842",
        "true",
    ],
];

/// This function and its route.
#[must_use]
pub fn endpoint() -> Endpoint {
    Endpoint::new("bulk-calls-template", routes!(handle))
}

/// A CSV file to start from, which can be uploaded as it is: its contacts are those of the simulator, in test mode.
#[utoipa::path(
    get, path = "/bulk-calls/template.csv", tag = "Campaigns",
    responses(
        (status = 200, body = String, content_type = "text/csv"),
        (status = 403, body = Problem, description = "No valid API key, or one without call_management."),
    ),
    security(("api_key" = ["call_management"]))
)]
async fn handle(_: Authorized<CallManagement>) -> Result<Response, ApiError> {
    let rows = [HEADER].into_iter().chain(ROWS).map(|row| row.map(str::to_owned));
    csv_file("bulk-calls-template.csv", Packing::Plain, rows)
}
