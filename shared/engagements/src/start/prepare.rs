//! What is checked before an engagement is written, and its acceptance.

use std::sync::Arc;

use hub_models::domain::Domain;
use hub_models::engagement::{Accepted, Claim, Content, Engagement, HistoryEvent, State};
use hub_models::id::{EngagementId, UniqueId};
use hub_models::moment::Moment;
use hub_models::price::Costing;
use hub_models::scenario::{CallTrigger, Scenario};
use hub_models::schedule::Plan;
use hub_models::start::{Message, StartRequest};
use hub_store::Acceptance;

use super::{StartError, Started, Submission, fits};
use crate::access::domain_of;
use crate::email::Resolved;
use crate::idempotency::VALID_FOR;
use crate::{Hub, metrics};

/// What became of the checks.
pub(crate) enum Preparation {
    /// It may be accepted.
    Ready(Box<Prepared>),
    /// An earlier request with the same key was accepted.
    Answered(Box<Engagement>),
}

/// A request that passed every check but the last two, which are part of the write: credits and the key.
pub(crate) struct Prepared {
    pub(crate) id: EngagementId,
    pub(crate) domain: Arc<Domain>,
    pub(crate) request: StartRequest,
    email: Option<Resolved>,
    request_hash: String,
}

/// Checks everything that can be checked before the write, in the order of the specification.
pub(crate) async fn prepare(hub: &Hub, submission: Submission, now: Moment) -> Result<Preparation, StartError> {
    let Submission { caller, mut request, route, key, request_hash } = submission;
    request.test_mode |= caller.is_test();
    let domain = domain_of(hub, caller.account_id(), &request.domain_name).await?;
    let mut id = EngagementId::random();
    if let Some(key) = key {
        let candidates = key.candidates(caller.account_id(), route, now);
        let (current, previous) =
            futures::try_join!(hub.store.engagement(candidates.current), hub.store.engagement(candidates.previous))?;
        let previous = previous.filter(|engagement| now - engagement.created_at < VALID_FOR);
        if let Some(engagement) = current.or(previous) {
            return same_request(engagement, &request_hash).map(|same| Preparation::Answered(Box::new(same)));
        }
        id = candidates.current;
    }
    admit(hub, id, domain, request, request_hash).await.map(Box::new).map(Preparation::Ready)
}

/// Whether the domain may make the engagement, and nothing is in its way.
pub(super) async fn admit(
    hub: &Hub,
    id: EngagementId,
    domain: Arc<Domain>,
    mut request: StartRequest,
    request_hash: String,
) -> Result<Prepared, StartError> {
    if domain.engagement_hub_paused {
        return Err(StartError::Paused(domain.domain_name.clone()));
    }
    let email = fits(hub, &domain, &mut request).await?;
    let listed = hub.store.do_not_contact(&domain.domain_name, &request.contact, request.channel).await?;
    if let Some(entry) = listed {
        let contact = request.contact.as_str().to_owned();
        return Err(StartError::DoNotContact { contact, channel: request.channel, reason: entry.reason.to_string() });
    }
    Ok(Prepared { id, domain, request, email, request_hash })
}

fn same_request(engagement: Engagement, request_hash: &str) -> Result<Engagement, StartError> {
    if engagement.request_hash == request_hash { Ok(engagement) } else { Err(StartError::KeyReused) }
}

/// Logs an acceptance with its tenant; metrics have no tenant dimension, so questions about one tenant are answered from
/// the log.
fn log_acceptance(engagement: &Engagement) {
    tracing::info!(
        domain_name = %engagement.domain_name,
        channel = %engagement.channel,
        test_mode = engagement.test_mode,
        state = %engagement.state,
        "accepted"
    );
}

impl Prepared {
    /// A row of a batch, which passed [`fits`].
    pub(crate) fn row(domain: Arc<Domain>, request: StartRequest, email: Option<Resolved>) -> Self {
        // Its batch gives it its identifier, and is what the key of the request stands for.
        Self { id: EngagementId::from_bytes([0; 12]), domain, request, email, request_hash: String::new() }
    }

    /// When it goes out.
    pub(crate) fn plan(&self, hub: &Hub, now: Moment) -> Plan {
        hub.settings.pace.plan(self.request.scheduled_time.unwrap_or(now), now)
    }

    /// Writes the engagement, and gives it with what it says; with a claim, it is its writer's to send.
    pub(crate) async fn accept(
        self: Box<Self>,
        hub: &Hub,
        plan: Plan,
        claim: Option<Claim>,
        now: Moment,
    ) -> Result<(Started, Content), StartError> {
        let request_hash = self.request_hash.clone();
        let remembered_for_days = self.domain.customer_dedup_days;
        let (engagement, content) = self.into_engagement(plan, claim, now);
        match hub.store.accept(&engagement, &content, remembered_for_days).await? {
            Acceptance::Accepted => {
                log_acceptance(&engagement);
                metrics::accepted(&engagement);
                Ok((Started { engagement, new: true }, content))
            }
            Acceptance::Existing(existing) => {
                let engagement = same_request(*existing, &request_hash)?;
                Ok((Started { engagement, new: false }, content))
            }
            Acceptance::TooFewCredits => Err(StartError::TooFewCredits { price: engagement.price }),
        }
    }

    pub(crate) fn into_engagement(self, plan: Plan, claim: Option<Claim>, now: Moment) -> (Engagement, Content) {
        let Self { id, domain, request, email, request_hash } = self;
        let state = match (&claim, request.scheduled_time) {
            (Some(_), _) => State::Dispatching,
            (None, Some(_)) => State::Scheduled,
            (None, None) => State::Queued,
        };
        let price = Costing::from(&request).price(&domain);
        let (scenario, scripts) = match request.message {
            Message::Scenario(scenario) => (Some(scenario), None),
            Message::Scripted(scripts) => (None, Some(scripts)),
            Message::Instructed | Message::Email(_) => (None, None),
        };
        let accepted = Accepted {
            engagement_id: id,
            account_id: domain.account_id,
            domain_name: domain.domain_name.clone(),
            channel: request.channel,
            engagement_type: request.engagement_type,
            contact: request.contact,
            client_name: request.client_name,
            user_phone_number: request.user_phone_number,
            source: request.source,
            test_mode: request.test_mode,
            price,
            created_at: now,
            request_hash,
        };
        let mut engagement = Engagement {
            state,
            scheduled_time: request.scheduled_time,
            due_at: Some(plan.due_at),
            claim,
            trigger: scenario.as_deref().map(|scenario| trigger(id, scenario)),
            ..accepted.into()
        };
        let accepted_for =
            if request.scheduled_time.is_some() { HistoryEvent::Scheduled } else { HistoryEvent::Queued };
        engagement.note(accepted_for, now, None);
        let (email, note) = email.map_or((None, None), |Resolved { content, note }| (Some(content), note));
        if note.is_some() {
            engagement.note(HistoryEvent::Noted, now, note);
        }
        let content = Content {
            instruction: request.instruction,
            email,
            language: request.language,
            external_user_id: request.external_user_id,
            booking_id: request.booking_id,
            context: request.context,
            scenario: scenario.map(|scenario| *scenario),
            scripts: scripts.map(|scripts| *scripts),
        };
        (engagement, content)
    }
}

/// What is kept with the engagement of a call that is handed to this scenario.
fn trigger(id: EngagementId, scenario: &Scenario) -> CallTrigger {
    let telling = scenario.result.as_ref().map(|result| result.telling);
    CallTrigger { unique_id: UniqueId::random(id), telling }
}
