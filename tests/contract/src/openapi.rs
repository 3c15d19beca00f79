//! `GET /openapi.json` is a file; it must say what the code says.

use hub_local::functions;
use serde_json::Value;

use crate::repository::path;

const FILE: &str = "functions/service/openapi.json";

fn from_the_code() -> Value {
    serde_json::to_value(hub_web::openapi(functions::endpoints())).unwrap()
}

/// After a change of the API, `UPDATE_OPENAPI=1 cargo test -p hub-contract openapi` writes the file anew.
#[test]
fn the_description_of_the_api_says_what_the_code_says() {
    let document = from_the_code();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(path(FILE), serde_json::to_string_pretty(&document).unwrap() + "\n").unwrap();
        return;
    }
    let written: Value = serde_json::from_str(hub_service::openapi::OPENAPI).unwrap();
    assert_eq!(written, document, "run: UPDATE_OPENAPI=1 cargo test -p hub-contract openapi");
}

/// What has no key in a header: it tells nothing of a tenant but its logo, knows the caller by a signed link or a
/// `UniqueId`, or is told the key in the body, as the IVR trigger's document has it.
const OPEN: [&str; 7] = [
    "/health",
    "/openapi.json",
    "/stats/logo/{domain_name}",
    "/contacts/unsubscribe/{token}",
    "/bookings/invitations/{token}",
    "/v2/call",
    "/v2/callresult",
];

/// What a carrier calls, which is known by its signature.
const CARRIERS: &str = "/carriers/";

#[test]
fn every_operation_says_what_it_is_for_and_what_can_go_wrong() {
    for (path, operations) in from_the_code()["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(operation["summary"].is_string(), "{name} has no summary");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
            let open = operation.get("security").is_none();
            let carriers = path.starts_with(CARRIERS);
            assert_eq!(open, OPEN.contains(&path.as_str()) || carriers, "{name}: who may call it?");
            // The CRM's users are told to sign in, everyone else that the key will not do.
            let refusal = if path.starts_with("/rest/") { "401" } else { "403" };
            assert!((open && !carriers) || responses.contains_key(refusal), "{name} does not say {refusal}");
        }
    }
}

/// Schemas are known by the names of their types: of two with the same name, one would stand for both.
#[test]
fn no_two_schemas_have_the_same_name() {
    let document = from_the_code();
    for endpoint in functions::endpoints() {
        let function = endpoint.function;
        let own = serde_json::to_value(hub_web::openapi(vec![endpoint])).unwrap();
        for (name, schema) in own["components"]["schemas"].as_object().into_iter().flatten() {
            assert_eq!(schema, &document["components"]["schemas"][name], "{name} of {function} is another's too");
        }
    }
}

#[test]
fn the_examples_of_the_documents_are_in_it() {
    let document = from_the_code().to_string();
    for example in ["contact-98765", "42 Main St", "POL-2026-8842", "Saturday's open house", "2026-06-19T14:30:00Z"] {
        assert!(document.contains(example), "{example}");
    }
}
