//! `GET /_local/messages`: all that "left" the hub, newest first. Only the hub on one machine has it.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use hub_web::{ApiError, Fields, QueryFields};
use serde_json::{Value, json};

use crate::aws::{Filter, Outbox};

/// The route, for whoever runs this machine: it asks for no key.
pub(crate) fn router(outbox: Outbox) -> Router {
    hub_web::finished(Router::new().route("/_local/messages", get(list)).with_state(outbox))
}

async fn list(State(outbox): State<Outbox>, mut query: QueryFields) -> Result<Json<Value>, ApiError> {
    let mut fields = Fields::default();
    let filter = Filter {
        channel: fields.parse("channel", query.take("channel"), str::parse),
        contact: fields.text("contact", query.take("contact")),
        engagement_id: fields.text("engagement_id", query.take("engagement_id")),
        limit: fields.parse("limit", query.take("limit"), |text| text.parse().map_err(|_| "must be a number.")),
    };
    let filter = fields.finish(Some(filter))?;
    let messages = outbox.list(&filter).map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(Json(json!({ "messages": messages })))
}
