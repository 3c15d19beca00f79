//! The emails of the campaign, in the three forms in which the hub takes them.

use hub_bench::{Request, RunningHub};
use serde_json::{Value, json};

const SUBJECT: &str = "Your policy {{POLICY_NUMBER}} renews";

/// Short enough that a file of 10,000 rows, each with its own, is not too large.
const HTML: &str = "<p>Dear {{CUSTOMER_NAME}},</p><p>Policy <strong>{{POLICY_NUMBER}}</strong> renews in June.</p>\
    <p>Best regards,<br/>{{ORGANIZATION_NAME}}</p>";

const NAME: &str = "Alex Morgan";

/// When emails go out: at once, or at this time.
#[derive(Clone, Copy)]
pub enum When<'a> {
    Now,
    At(&'a str),
}

impl When<'_> {
    fn time(&self) -> Option<&str> {
        match self {
            Self::Now => None,
            Self::At(time) => Some(time),
        }
    }
}

/// One email as an engagement of its own.
pub fn start(hub: &RunningHub, number: usize, when: When<'_>) -> Request {
    let body = json!({
        "phone_number": address(number), "domain_name": hub.domain_name, "source_record_id": format!("contact-{number}"),
        "source_org_id": "bench", "channel": "email", "type": "informational", "client_name": NAME,
        "email_subject": SUBJECT, "email_body_html": HTML, "email_template_params": {"policy_number": policy(number)},
        "scheduled_time": when.time(),
    });
    Request::post("/integration/start", &hub.api_key, &body.to_string())
}

/// Emails as a batch.
pub fn submit(hub: &RunningHub, emails: usize, when: When<'_>) -> Request {
    let rows: Vec<Value> = (0..emails).map(row).collect();
    let body = json!({
        "domain_name": hub.domain_name, "source_org_id": "bench", "channel": "email", "email_subject": SUBJECT,
        "scheduled_time": when.time(), "rows": rows,
    });
    Request::post("/bulk-calls/submit", &hub.api_key, &body.to_string())
}

fn row(number: usize) -> Value {
    json!({
        "email": address(number), "source_record_id": format!("contact-{number}"), "name": NAME,
        "email_body_html": HTML, "email_template_params": {"policy_number": policy(number)},
    })
}

/// Emails as a file.
pub fn upload(hub: &RunningHub, emails: usize, time: &str) -> Request {
    let header = "email,source_record_id,name,email_body_html,policy_number\r\n".to_owned();
    let line = |number| format!("{},contact-{number},{NAME},\"{HTML}\",{}\r\n", address(number), policy(number));
    let csv: String = std::iter::once(header).chain((0..emails).map(line)).collect();
    let fields = [
        ("domain_name", hub.domain_name.as_str()),
        ("source_org_id", "bench"),
        ("channel", "email"),
        ("email_subject", SUBJECT),
        ("scheduled_time", time),
    ];
    Request::upload("/bulk-calls/upload", &hub.api_key, &fields, &csv)
}

fn address(number: usize) -> String {
    format!("customer-{number}@example.com")
}

fn policy(number: usize) -> String {
    format!("POL-{number}")
}
