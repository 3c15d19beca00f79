//! Where a domain is told of its engagements, and each telling (checklist G).

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::channel::wire_words;
use crate::domain::DomainName;
use crate::id::{AccountId, BatchId, DeliveryId, EngagementId};
use crate::moment::Moment;
use crate::outside::{self, UrlError, UrlPolicy};

/// The address of a webhook: https, with a host, without credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebhookUrl(Url);

impl WebhookUrl {
    /// Reads an address that the policy allows. Where its host leads is checked when it is called.
    ///
    /// # Errors
    /// When it cannot be read, is not https, or carries credentials.
    pub fn parse(raw: &str, policy: UrlPolicy) -> Result<Self, UrlError> {
        outside::parse(raw, policy).map(Self)
    }

    /// The address.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for WebhookUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What both sides know and nobody else: sent in `X-Aventora-Webhook-Secret` and the key of the signature.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebhookSecret(String);

/// A secret that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be 16 to 256 visible ASCII characters.")]
pub struct WebhookSecretError;

impl WebhookSecret {
    /// The secret, to be sent and signed with.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for WebhookSecret {
    type Err = WebhookSecretError;

    fn from_str(raw: &str) -> Result<Self, Self::Err> {
        // It travels in a header, so nothing but visible ASCII can be in it.
        let well_made = (16..=256).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_graphic());
        if well_made { Ok(Self(raw.to_owned())) } else { Err(WebhookSecretError) }
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(…)")
    }
}

/// A domain's webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEndpoint {
    /// Where it is sent.
    pub url: WebhookUrl,
    /// What it is signed with.
    pub secret: WebhookSecret,
    /// Since when nothing is sent, because the endpoint answered 410 Gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Moment>,
}

wire_words! {
    /// How a delivery stands.
    DeliveryStatus {
        /// It will be tried (again).
        Pending = "pending",
        /// The endpoint took it.
        Delivered = "delivered",
        /// Every try failed, or the endpoint is gone.
        Failed = "failed",
    }
}

wire_words! {
    /// Whom a delivery tells.
    Destination {
        /// The domain's webhook.
        Webhook = "webhook",
        /// The destination that the IVR project named for the result of its call.
        CallResult = "call_result",
    }
}

impl Destination {
    const fn webhook() -> Self {
        Self::Webhook
    }

    const fn is_webhook(&self) -> bool {
        matches!(self, Self::Webhook)
    }
}

/// One try of a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// When it was made.
    pub at: Moment,
    /// The endpoint's status code, where it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_code: Option<u16>,
    /// What went wrong, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
}

/// One telling of one engagement or batch, tried until it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its identifier, `webhook-id` on the wire.
    pub delivery_id: DeliveryId,
    /// The owner.
    pub account_id: AccountId,
    /// The tenant.
    pub domain_name: DomainName,
    /// The batch that it tells of, where it is no engagement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<BatchId>,
    /// Whom it tells.
    #[serde(default = "Destination::webhook", skip_serializing_if = "Destination::is_webhook")]
    pub destination: Destination,
    /// How it stands.
    pub status: DeliveryStatus,
    /// When it was made.
    pub created_at: Moment,
    /// The number of the try that comes next, from 1; the claim of that try.
    pub attempt: u32,
    /// When that try is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Moment>,
    /// The tries so far.
    #[serde(default)]
    pub tries: Vec<Try>,
}

impl Delivery {
    /// A delivery whose first try is made at once, by the tick at `due_at` where the queue lost it.
    #[must_use]
    pub fn new(
        delivery_id: DeliveryId,
        account_id: AccountId,
        domain_name: DomainName,
        now: Moment,
        due_at: Moment,
    ) -> Self {
        let due_at = Some(due_at);
        let (status, attempt, tries) = (DeliveryStatus::Pending, 1, Vec::new());
        let (batch_id, destination, created_at) = (None, Destination::Webhook, now);
        Self { delivery_id, account_id, domain_name, batch_id, destination, status, created_at, attempt, due_at, tries }
    }

    /// The engagement that it tells of, unless it is a batch.
    #[must_use]
    pub fn engagement_id(&self) -> Option<EngagementId> {
        self.batch_id.is_none().then(|| self.delivery_id.engagement_id())
    }

    /// The delivery while its current try is made: the next one is already due, so a crash loses nothing.
    #[must_use]
    pub fn claimed(mut self, now: Moment) -> Self {
        self.attempt += 1;
        self.due_at = Some(now + pause_after(self.attempt - 1).map_or(TRY_LEASE, |pause| pause.max(TRY_LEASE)));
        self
    }

    /// The delivery after a try.
    #[must_use]
    pub fn tried(mut self, outcome: Try, now: Moment) -> Self {
        let next = pause_after(self.attempt - 1);
        (self.status, self.due_at) = match outcome.status_code {
            Some(200..=299) => (DeliveryStatus::Delivered, None),
            Some(410) => (DeliveryStatus::Failed, None),
            _ => next.map_or((DeliveryStatus::Failed, None), |pause| (DeliveryStatus::Pending, Some(now + pause))),
        };
        self.tries.push(outcome);
        self
    }

    /// The delivery once more from its first try, as its owner asked.
    #[must_use]
    pub fn again(mut self, due_at: Moment) -> Self {
        self.status = DeliveryStatus::Pending;
        self.attempt = 1;
        self.due_at = Some(due_at);
        self
    }
}

/// How long one try can take at most, with room to record it.
const TRY_LEASE: SignedDuration = SignedDuration::from_secs(60);

/// The pauses after the first, second … try: eight tries over some 28 hours.
const PAUSES: [SignedDuration; 7] = [
    SignedDuration::from_secs(5),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(30),
    SignedDuration::from_hours(2),
    SignedDuration::from_hours(5),
    SignedDuration::from_hours(10),
    SignedDuration::from_hours(10),
];

fn pause_after(tries: u32) -> Option<SignedDuration> {
    PAUSES.get(usize::try_from(tries).ok()?.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(now: Moment) -> Delivery {
        let id = DeliveryId::new(EngagementId::random());
        Delivery::new(id, AccountId::random(), "acme".parse().unwrap(), now, now)
    }

    fn answer(now: Moment, status_code: u16) -> Try {
        Try { at: now, status_code: Some(status_code), error: None, duration_ms: 1 }
    }

    #[test]
    fn a_refused_delivery_is_tried_eight_times_at_growing_pauses() {
        let mut now = Moment::from_millisecond(0);
        let mut delivery = delivery(now);
        let mut pauses = Vec::new();
        while delivery.status == DeliveryStatus::Pending {
            delivery = delivery.claimed(now).tried(answer(now, 500), now);
            if let Some(due) = delivery.due_at {
                pauses.push((due - now).as_secs());
                now = due;
            }
        }
        assert_eq!(pauses, [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000]);
        assert_eq!((delivery.status, delivery.tries.len()), (DeliveryStatus::Failed, 8));
    }

    #[test]
    fn a_taken_delivery_and_a_gone_endpoint_are_not_tried_again() {
        let now = Moment::from_millisecond(0);
        let taken = delivery(now).claimed(now).tried(answer(now, 204), now);
        assert_eq!((taken.status, taken.due_at), (DeliveryStatus::Delivered, None));
        let gone = delivery(now).claimed(now).tried(answer(now, 410), now);
        assert_eq!((gone.status, gone.due_at), (DeliveryStatus::Failed, None));
    }
}
