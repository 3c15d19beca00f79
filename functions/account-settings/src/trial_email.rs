//! An email to try out, sent or only shown: the fields of a start, with a body where none is given.

use hub_models::fault::Faults;
use hub_models::moment::Moment;
use hub_models::start::StartRequest;
use hub_web::{ApiError, Dialect, JsonObject, StartFields};
use serde_json::{Value, json};

/// What an email says that is sent with neither HTML nor a template nor an instruction.
const BODY: &str = "<p>Hello {{CUSTOMER_NAME}},</p>\
    <p>this is a test email from {{ORGANIZATION_NAME}}. If it looks as it should, outbound email is set up.</p>";
const SUBJECT: &str = "A test email from {{ORGANIZATION_NAME}}";

/// The sources of a body, one of which is enough.
const SOURCES: [&str; 4] = ["email_body_html", "email_template_id", "email_template_name", "instruction"];

/// Brings the fields of a trial to where they are looked for, under the names that they have in a start: they may be
/// nested as in a start, and have shorter names.
pub(crate) fn gather(object: &mut JsonObject) {
    object.fill_from("body", |_| true);
    object.fill_from("context", |name| name.starts_with("email_") || name == "template_params");
    // What is left of it would bring back what a trial does not have, such as a time.
    if object.0.get("body").is_some_and(Value::is_object) {
        object.0.remove("body");
    }
    object.alias("email_address", &["to", "recipient", "client_email", "phone_number"]);
    object.alias("email_subject", &["subject"]);
    object.alias("email_body_html", &["body_html", "html"]);
    object.alias("email_template_id", &["template_id"]);
    object.alias("email_template_name", &["template_name"]);
    object.alias("email_template_params", &["template_params", "params"]);
}

/// The request that the fields of a trial make, once they are gathered.
pub(crate) fn read(mut object: JsonObject, now: Moment) -> Result<Result<StartRequest, Faults>, ApiError> {
    object.0.insert("channel".to_owned(), json!("email"));
    object.0.insert("type".to_owned(), json!("informational"));
    object.0.remove("scheduled_time");
    let blank = |value: &Value| value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty());
    if SOURCES.iter().all(|source| object.0.get(*source).is_none_or(blank)) {
        object.fill("email_body_html", json!(BODY));
        object.fill("email_subject", json!(SUBJECT));
    }
    object.fill("source_system", json!("test_email"));
    Ok(StartFields::of(object, Dialect::Direct)?.into_request(Dialect::Direct, now))
}
