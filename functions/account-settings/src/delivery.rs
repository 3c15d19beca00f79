//! A webhook delivery as it is shown.

use hub_models::id::{BatchId, DeliveryId, EngagementId};
use hub_models::moment::Moment;
use hub_models::webhook::{Delivery, DeliveryStatus, Destination, Try};
use serde::Serialize;
use utoipa::ToSchema;

/// One telling of one engagement or batch.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShownDelivery {
    /// Its identifier, `webhook-id` in the request's headers.
    #[schema(value_type = String, example = "dlv_a1b2c3d4e5f67890123456780190163d8a5c7c3e9f0a1b2c3d4e5f60")]
    delivery_id: DeliveryId,
    /// The engagement that it tells of; null where it tells of a batch.
    #[schema(value_type = Option<String>, example = "eng_a1b2c3d4e5f6789012345678")]
    engagement_id: Option<EngagementId>,
    /// The batch that it tells of; null where it tells of an engagement.
    #[schema(value_type = Option<String>)]
    batch_id: Option<BatchId>,
    /// Whom it tells: `webhook`, the domain's, or `call_result`, the ResultDestination of a triggered call.
    #[schema(value_type = String, example = "webhook")]
    destination: Destination,
    /// `pending`, `delivered` or `failed`.
    #[schema(value_type = String, example = "delivered")]
    status: DeliveryStatus,
    #[schema(value_type = String)]
    created_at: Moment,
    /// When it is tried again, where it is.
    #[schema(value_type = Option<String>)]
    next_attempt_at: Option<Moment>,
    /// Every try so far.
    attempts: Vec<Attempt>,
}

/// One try.
#[derive(Serialize, ToSchema)]
pub(crate) struct Attempt {
    #[schema(value_type = String)]
    at: Moment,
    /// The endpoint's status code, where it answered.
    #[schema(example = 200)]
    status_code: Option<u16>,
    /// What went wrong, in words.
    error: Option<String>,
    duration_ms: u64,
}

impl From<Try> for Attempt {
    fn from(made: Try) -> Self {
        Self { at: made.at, status_code: made.status_code, error: made.error, duration_ms: made.duration_ms }
    }
}

impl From<Delivery> for ShownDelivery {
    fn from(delivery: Delivery) -> Self {
        Self {
            delivery_id: delivery.delivery_id,
            engagement_id: delivery.engagement_id(),
            batch_id: delivery.batch_id,
            destination: delivery.destination,
            status: delivery.status,
            created_at: delivery.created_at,
            next_attempt_at: delivery.due_at,
            attempts: delivery.tries.into_iter().map(Attempt::from).collect(),
        }
    }
}
