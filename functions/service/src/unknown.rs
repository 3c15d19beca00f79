//! `$default`: what no other function takes. API Gateway's own answers would have another shape (checklist A4).

use axum::Router;
use serde_json::Value;

use crate::openapi::OPENAPI;

/// The function's name.
pub const FUNCTION: &str = "service-unknown";

/// 405 for the paths of the API, which come here with a method that they do not take, and 404 for all others.
pub fn router() -> Router {
    let document: Value = serde_json::from_str(OPENAPI).unwrap_or_default();
    let paths = document["paths"].as_object();
    hub_web::not_found_app(paths.into_iter().flatten().map(|(path, methods)| (path.as_str(), taken(methods))))
}

/// The methods that a path of the document takes.
fn taken(methods: &Value) -> Vec<String> {
    let methods = methods.as_object();
    methods.into_iter().flat_map(|methods| methods.keys().map(|method| method.to_uppercase())).collect()
}
