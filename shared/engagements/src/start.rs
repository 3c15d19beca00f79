//! Accepting an engagement: every dialect ends here (DESIGN §4).

use std::sync::Arc;

use hub_auth::Caller;
use hub_channels::queue::Queue;
use hub_models::channel::{Channel, EngagementType};
use hub_models::domain::Domain;
use hub_models::engagement::{Claim, Content, Engagement, HistoryEvent, State};
use hub_models::fault::{Faults, FieldFault};
use hub_models::id::EngagementId;
use hub_models::moment::Moment;
use hub_models::schedule::Plan;
use hub_models::start::{Message, StartRequest};
use hub_store::{Acceptance, StoreError};

use crate::Hub;
use crate::access::{AccessError, domain_of};
use crate::dispatch::Job;
use crate::idempotency::{IdempotencyKey, VALID_FOR};

/// A start request with whom it comes from.
pub struct Submission {
    /// Who asks.
    pub caller: Caller,
    /// What is asked.
    pub request: StartRequest,
    /// The route it came by; the same key on another route is another key.
    pub route: &'static str,
    /// The caller's idempotency key.
    pub key: Option<IdempotencyKey>,
    /// What tells the request from another.
    pub request_hash: String,
}

/// An engagement that was accepted, now or by an earlier request with the same key.
#[derive(Clone, Debug)]
pub struct Started {
    /// The engagement.
    pub engagement: Engagement,
    /// Whether this request made it.
    pub new: bool,
}

/// Why an engagement was not accepted. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The domain is not the caller's.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The domain's engagements are paused.
    #[error("Engagements are paused for domain \"{0}\"; try again later or have them resumed.")]
    Paused(hub_models::domain::DomainName),
    /// What is asked does not go together with the domain's setup.
    #[error("{0}")]
    Unfit(#[from] Faults),
    /// The contact must not be engaged.
    #[error("{contact} is on the do-not-contact list for {channel}: {reason}")]
    DoNotContact {
        /// The contact.
        contact: String,
        /// The channel.
        channel: Channel,
        /// Why it is on the list.
        reason: String,
    },
    /// The account cannot pay for it.
    #[error("The account has too few credits: this engagement costs {price}. Add credits and try again.")]
    TooFewCredits {
        /// What it costs.
        price: u64,
    },
    /// The idempotency key came with another request before.
    #[error("This Idempotency-Key was used with another request in the last 24 hours; use a new key.")]
    KeyReused,
    /// A table could not be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Accepts an engagement and hands it to its dispatcher.
///
/// # Errors
/// When it cannot be accepted; nothing is changed then.
pub async fn start(hub: &Hub, submission: Submission) -> Result<Started, StartError> {
    let now = hub.clock.now();
    let prepared = match prepare(hub, submission, now).await? {
        Preparation::Ready(prepared) => prepared,
        Preparation::Answered(engagement) => {
            return Ok(Started { engagement: *engagement, new: false });
        }
    };
    let plan = prepared.plan(hub, now);
    let (started, _) = prepared.accept(hub, plan, None, now).await?;
    if let (true, Some(delay)) = (started.new, plan.delay) {
        enqueue(hub, &started.engagement, delay).await;
    }
    Ok(started)
}

/// Hands an engagement to its dispatcher, and says whether the queue took it. A queue that is out of order loses
/// nothing: the tick finds what is due.
pub(crate) async fn enqueue(hub: &Hub, engagement: &Engagement, delay: jiff::SignedDuration) -> bool {
    let queue = Queue::of(engagement.channel);
    let job = Job::of(engagement);
    let sent = hub.queues.send(queue, &job, &engagement.domain_name, delay).await;
    if let Err(error) = &sent {
        tracing::warn!(engagement_id = %engagement.engagement_id, %error, "not enqueued; the tick will release it");
    }
    sent.is_ok()
}

/// What became of the checks.
pub(crate) enum Preparation {
    /// It may be accepted.
    Ready(Box<Prepared>),
    /// An earlier request with the same key was accepted.
    Answered(Box<Engagement>),
}

/// A request that passed every check but the last two, which are part of the write: credits and the key.
pub(crate) struct Prepared {
    id: EngagementId,
    pub(crate) domain: Arc<Domain>,
    pub(crate) request: StartRequest,
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
    if domain.engagement_hub_paused {
        return Err(StartError::Paused(domain.domain_name.clone()));
    }
    fits(hub, &domain, &request).await?;
    let listed = hub.store.do_not_contact(&domain.domain_name, &request.contact, request.channel).await?;
    if let Some(entry) = listed {
        let contact = request.contact.as_str().to_owned();
        return Err(StartError::DoNotContact { contact, channel: request.channel, reason: entry.reason });
    }
    Ok(Preparation::Ready(Box::new(Prepared { id, domain, request, request_hash })))
}

fn same_request(engagement: Engagement, request_hash: &str) -> Result<Engagement, StartError> {
    if engagement.request_hash == request_hash { Ok(engagement) } else { Err(StartError::KeyReused) }
}

/// Whether channel, type and setup go together (checklist D1, D2); every misfit is named.
async fn fits(hub: &Hub, domain: &Domain, request: &StartRequest) -> Result<(), StartError> {
    let mut faults = Faults::default();
    if let Some(fault) = channel_fault(hub, domain, request) {
        faults.push(fault);
    }
    if !request.channel.carries(request.engagement_type) {
        faults.invalid("type", "Email supports type \"informational\" only.");
    } else if let Some(fault) = type_fault(hub, domain, request).await? {
        faults.push(fault);
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
}

fn channel_fault(hub: &Hub, domain: &Domain, request: &StartRequest) -> Option<FieldFault> {
    let (channel, name) = (request.channel, &domain.domain_name);
    if !domain.channels.contains(&channel) {
        let detail = format!("Channel {channel} is not enabled for domain \"{name}\"; have it enabled or use another.");
        return Some(FieldFault::invalid("channel", detail));
    }
    let no_sender = channel == Channel::Email && domain.outbound_email.from.is_none();
    let no_carrier = channel != Channel::Email && !request.test_mode && !hub.settings.simulate_carriers;
    let missing = match (no_sender, no_carrier) {
        (true, _) => "set a sender with PUT /account-settings/outbound-email",
        (_, true) => "no carrier is configured; use test_mode or have one set up",
        (false, false) => return None,
    };
    let detail = format!("Channel {channel} is not set up for domain \"{name}\": {missing}.");
    Some(FieldFault::invalid("channel", detail))
}

async fn type_fault(hub: &Hub, domain: &Domain, request: &StartRequest) -> Result<Option<FieldFault>, StoreError> {
    let name = &domain.domain_name;
    Ok(match (request.engagement_type, &request.booking_id) {
        (EngagementType::Confirmational, None) => {
            Some(FieldFault::invalid("booking_id", "booking_id is required when type is confirmational."))
        }
        (EngagementType::Confirmational, Some(booking)) if !hub.store.has_booking(name, booking).await? => Some(
            FieldFault::invalid("booking_id", format!("Booking \"{booking}\" does not exist on domain \"{name}\".")),
        ),
        (EngagementType::AppointmentBooking, _) if !hub.store.has_calendar(name).await? => Some(FieldFault::invalid(
            "type",
            format!("No calendar is set up for domain \"{name}\", so nothing can be booked."),
        )),
        _ => None,
    })
}

impl Prepared {
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
        let (engagement, content) = self.into_engagement(plan, claim, now);
        match hub.store.accept(&engagement, &content).await? {
            Acceptance::Accepted => {
                tracing::info!(engagement_id = %engagement.engagement_id, channel = %engagement.channel, "accepted");
                Ok((Started { engagement, new: true }, content))
            }
            Acceptance::Existing(existing) => {
                let engagement = same_request(*existing, &request_hash)?;
                Ok((Started { engagement, new: false }, content))
            }
            Acceptance::TooFewCredits => Err(StartError::TooFewCredits { price: engagement.price }),
        }
    }

    fn into_engagement(self, plan: Plan, claim: Option<Claim>, now: Moment) -> (Engagement, Content) {
        let Self { id, domain, request, request_hash } = self;
        let state = match (&claim, request.scheduled_time) {
            (Some(_), _) => State::Dispatching,
            (None, Some(_)) => State::Scheduled,
            (None, None) => State::Queued,
        };
        let email = match request.message {
            Message::Instructed => None,
            Message::Email(email) => Some(email),
        };
        let mut engagement = Engagement {
            engagement_id: id,
            account_id: domain.account_id,
            domain_name: domain.domain_name.clone(),
            version: 1,
            state,
            wish: None,
            channel: request.channel,
            engagement_type: request.engagement_type,
            contact: request.contact,
            client_name: request.client_name,
            user_phone_number: request.user_phone_number,
            source: request.source,
            test_mode: request.test_mode,
            price: if request.test_mode { 0 } else { domain.price(request.channel) },
            created_at: now,
            scheduled_time: request.scheduled_time,
            due_at: Some(plan.due_at),
            attempt: 1,
            failures: 0,
            claim,
            started_at: None,
            completed_at: None,
            outcome: None,
            summary: None,
            call_sid: None,
            provider_id: None,
            history: Vec::new(),
            request_hash,
        };
        let accepted_for =
            if request.scheduled_time.is_some() { HistoryEvent::Scheduled } else { HistoryEvent::Queued };
        engagement.note(accepted_for, now, None);
        let content = Content {
            instruction: request.instruction,
            email,
            language: request.language,
            external_user_id: request.external_user_id,
            booking_id: request.booking_id,
            context: request.context,
        };
        (engagement, content)
    }
}
