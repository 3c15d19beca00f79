//! What the CRM calls the fields of `/integration/start` (outbound-email.md, "CRM REST").

use hub_web::JsonObject;
use serde_json::{Map, Value};

/// The hub's name of a field, and the CRM's.
pub(crate) const NAMES: [(&str, &str); 8] = [
    ("source_record_id", "personId"),
    ("phone_number", "contactIdentifier"),
    ("client_name", "clientName"),
    ("email_subject", "emailSubject"),
    ("email_body_html", "emailBodyHtml"),
    ("email_template_id", "emailTemplateId"),
    ("email_template_name", "emailTemplateName"),
    ("email_template_params", "emailTemplateParams"),
];

/// What both call the same.
const SAME: [&str; 3] = ["channel", "type", "instruction"];

/// The fields of a CRM's request under the hub's names. All others are left out.
pub(crate) fn in_the_hubs_words(JsonObject(mut given): JsonObject) -> JsonObject {
    let names = NAMES.into_iter().chain(SAME.map(|name| (name, name)));
    let fields: Map<String, Value> =
        names.filter_map(|(name, crms)| Some((name.to_owned(), given.remove(crms)?))).collect();
    JsonObject(fields)
}
