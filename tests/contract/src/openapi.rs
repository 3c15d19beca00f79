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

#[test]
fn every_operation_says_what_it_is_for_and_what_can_go_wrong() {
    for (path, operations) in from_the_code()["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(operation["summary"].is_string(), "{name} has no summary");
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.keys().any(|status| status.starts_with('2')), "{name} never succeeds");
            let open = operation.get("security").is_none();
            assert_eq!(open, path == "/health" || path == "/openapi.json", "{name}: who may call it?");
            assert!(open || responses.contains_key("403"), "{name} does not say 403");
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
