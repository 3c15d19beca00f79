//! What a line of the log is about: the ids of the engagement, delivery or batch that was being worked on when it was written.

use hub_models::id::{BatchId, DeliveryId, DraftId, EngagementId};
use tracing::field::display;
use tracing::{Span, error_span};

// The spans are of the highest level, so that no log filter takes the ids from the lines that it lets through.

/// Tells the request or message that is being worked on which engagement it concerns, so that its last line says it.
pub fn concerns(id: EngagementId) {
    Span::current().record("engagement_id", display(id));
}

/// The span of what is done for an engagement, which the span around it is told too.
#[must_use]
pub(crate) fn engagement_span(id: EngagementId) -> Span {
    concerns(id);
    error_span!("engagement", engagement_id = %id)
}

/// The span of what is done for a delivery, which the span around it is told too.
#[must_use]
pub(crate) fn delivery_span(id: DeliveryId) -> Span {
    let engagement_id = id.engagement_id();
    concerns(engagement_id);
    Span::current().record("delivery_id", display(id));
    error_span!("delivery", delivery_id = %id, %engagement_id)
}

/// The span of what is done for a batch, which the span around it is told too.
#[must_use]
pub(crate) fn batch_span(id: BatchId) -> Span {
    Span::current().record("batch_id", display(id));
    error_span!("batch", batch_id = %id)
}

/// The span of what is done about rows that have not become a batch.
#[must_use]
pub(crate) fn draft_span(id: DraftId) -> Span {
    error_span!("draft", draft_id = %id)
}
