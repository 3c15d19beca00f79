//! Accepting an engagement: every dialect ends here (DESIGN §4).

use std::sync::Arc;

use hub_auth::Caller;
use hub_channels::queue::Queue;
use hub_models::calendar::BookingStatus;
use hub_models::carrier::Carrier;
use hub_models::channel::{Channel, EngagementType};
use hub_models::domain::Domain;
use hub_models::engagement::{Claim, Content, Engagement, HistoryEvent, State};
use hub_models::fault::{Faults, FieldFault};
use hub_models::id::{EngagementId, UniqueId};
use hub_models::moment::Moment;
use hub_models::scenario::{CallTrigger, LONGEST_ADDRESS, Scenario};
use hub_models::schedule::Plan;
use hub_models::start::{Message, StartRequest};
use hub_models::text::ForeignId;
use hub_store::{Acceptance, StoreError};
use tracing::Instrument;

use crate::access::{AccessError, domain_of};
use crate::dispatch::Job;
use crate::email::{Resolved, SET_A_SENDER, resolve, sender_of};
use crate::idempotency::{IdempotencyKey, VALID_FOR};
use crate::spans::{concerns, engagement_span};
use crate::talk::segments_of;
use crate::{Hub, metrics};

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
    let prepared = match prepare(hub, submission, now).await.inspect_err(metrics::start_refused)? {
        Preparation::Ready(prepared) => prepared,
        Preparation::Answered(engagement) => {
            concerns(engagement.engagement_id);
            return Ok(Started { engagement: *engagement, new: false });
        }
    };
    let span = engagement_span(prepared.id);
    accept_and_enqueue(hub, prepared, now).instrument(span).await
}

async fn accept_and_enqueue(hub: &Hub, prepared: Box<Prepared>, now: Moment) -> Result<Started, StartError> {
    let plan = prepared.plan(hub, now);
    let (started, _) = prepared.accept(hub, plan, None, now).await.inspect_err(metrics::start_refused)?;
    if let (true, Some(delay)) = (started.new, plan.delay) {
        enqueue(hub, &started.engagement, delay).await;
    }
    Ok(started)
}

/// Hands an engagement to its dispatcher, and says whether the queue took it. A queue that is out of order loses
/// nothing: the tick finds what is due.
pub(crate) async fn enqueue(hub: &Hub, engagement: &Engagement, delay: jiff::SignedDuration) -> bool {
    let queue = Queue::of(engagement.channel);
    let job = Job::of(engagement, hub.clock.now() + delay);
    let sent = hub.queues.send(queue, &job, &engagement.domain_name, delay).await;
    if let Err(error) = &sent {
        tracing::warn!(%error, "not enqueued; the tick will release it");
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

/// Accepts an engagement that the hub itself makes for a domain, under an id that says what for: once, however often.
pub(crate) async fn start_own(
    hub: &Hub,
    id: EngagementId,
    domain: Arc<Domain>,
    request: StartRequest,
) -> Result<Started, StartError> {
    if let Some(engagement) = hub.store.engagement(id).await? {
        return Ok(Started { engagement, new: false });
    }
    let now = hub.clock.now();
    let prepared = admit(hub, id, domain, request, String::new()).await.inspect_err(metrics::start_refused)?;
    accept_and_enqueue(hub, Box::new(prepared), now).instrument(engagement_span(id)).await
}

/// Whether the domain may make the engagement, and nothing is in its way.
async fn admit(
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

/// Whether channel, type and setup go together (checklist D1, D2); every misfit is named. Gives the email that there is
/// to send.
pub(crate) async fn fits(
    hub: &Hub,
    domain: &Domain,
    request: &mut StartRequest,
) -> Result<Option<Resolved>, StartError> {
    let mut faults = Faults::default();
    if let Some(fault) = channel_fault(hub, domain, request).await? {
        faults.push(fault);
    }
    if let Some(fault) = scenario_fault(domain, request) {
        faults.push(fault);
    }
    if !request.channel.carries(request.engagement_type) {
        faults.invalid("type", "Email supports type \"informational\" only.");
    } else if let Some(fault) = type_fault(hub, domain, request).await? {
        faults.push(fault);
    }
    let email = match email(hub, domain, request).await? {
        Ok(email) => email,
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    if faults.is_empty() { Ok(email) } else { Err(faults.into()) }
}

/// The email of a request, made from what is there.
async fn email(
    hub: &Hub,
    domain: &Domain,
    request: &mut StartRequest,
) -> Result<Result<Option<Resolved>, FieldFault>, StoreError> {
    let email = match std::mem::replace(&mut request.message, Message::Instructed) {
        Message::Email(email) => email,
        other => {
            request.message = other;
            return Ok(Ok(None));
        }
    };
    let (user, instruction) = (request.external_user_id.as_ref(), request.instruction.as_ref());
    Ok(resolve(hub, domain, user, email, instruction).await?.map(Some))
}

async fn channel_fault(hub: &Hub, domain: &Domain, request: &StartRequest) -> Result<Option<FieldFault>, StoreError> {
    let (channel, name) = (request.channel, &domain.domain_name);
    if !domain.channels.contains(&channel) {
        let detail = format!("Channel {channel} is not enabled for domain \"{name}\"; have it enabled or use another.");
        return Ok(Some(FieldFault::invalid("channel", detail)));
    }
    let set_up = match channel {
        Channel::Email => sender_of(hub, domain, request.external_user_id.as_ref()).await?.is_some(),
        Channel::Phone | Channel::Sms | Channel::Wmsg | Channel::Wvoice => match &domain.carrier {
            Some(carrier) => request.test_mode || carrier.sender(channel).is_some(),
            None => request.test_mode || hub.settings.simulate_carriers,
        },
    };
    if set_up {
        return Ok(None);
    }
    let missing = match (channel, &domain.carrier) {
        (Channel::Email, _) => SET_A_SENDER.to_owned(),
        (_, Some(_)) => format!("its carrier has no {}; have the operator set it", Carrier::setting(channel)),
        (_, None) => "no carrier is configured; use test_mode or have one set up".to_owned(),
    };
    let detail = format!("Channel {channel} is not set up for domain \"{name}\": {missing}.");
    Ok(Some(FieldFault::invalid("channel", detail)))
}

/// A carrier is given the scenario as an address, with all that it is told in it.
fn scenario_fault(domain: &Domain, request: &StartRequest) -> Option<FieldFault> {
    let Message::Scenario(scenario) = &request.message else { return None };
    if request.test_mode || domain.carrier.is_none() || scenario.can_be_followed() {
        return None;
    }
    let detail = format!(
        "is too long for the carrier of domain \"{}\": with everything else that the scenario is told, its address must \
         have at most {LONGEST_ADDRESS} characters.",
        domain.domain_name
    );
    Some(FieldFault::invalid("ScenarioInputParameters", detail))
}

async fn type_fault(hub: &Hub, domain: &Domain, request: &StartRequest) -> Result<Option<FieldFault>, StoreError> {
    let name = &domain.domain_name;
    Ok(match (request.engagement_type, &request.booking_id) {
        (EngagementType::Confirmational, None) => {
            Some(FieldFault::invalid("booking_id", "booking_id is required when type is confirmational."))
        }
        (EngagementType::Confirmational, Some(booking)) => booking_fault(hub, domain, booking).await?,
        (EngagementType::AppointmentBooking, _) if !hub.store.has_calendar(name).await? => Some(FieldFault::invalid(
            "type",
            format!("No calendar is set up for domain \"{name}\", so nothing can be booked."),
        )),
        _ => None,
    })
}

/// What keeps a booking from being confirmed.
async fn booking_fault(hub: &Hub, domain: &Domain, id: &ForeignId) -> Result<Option<FieldFault>, StoreError> {
    let name = &domain.domain_name;
    let booking = match id.as_str().parse() {
        Ok(id) => hub.store.booking(name, id).await?,
        Err(_) => None,
    };
    let detail = match booking.map(|booking| booking.status) {
        None => format!("Booking \"{id}\" does not exist on domain \"{name}\"."),
        Some(BookingStatus::Cancelled) => {
            format!("Booking \"{id}\" is cancelled, so there is nothing to confirm; book again or use another.")
        }
        Some(BookingStatus::Booked | BookingStatus::Confirmed | BookingStatus::Declined) => return Ok(None),
    };
    Ok(Some(FieldFault::invalid("booking_id", detail)))
}

/// Says whose engagement it is and whether it stays here, so that what is asked of a metric can be asked of a tenant.
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
        let price =
            if request.test_mode { 0 } else { domain.price(request.channel).saturating_mul(segments_of(&request)) };
        let (scenario, scripts) = match request.message {
            Message::Scenario(scenario) => (Some(scenario), None),
            Message::Scripted(scripts) => (None, Some(scripts)),
            Message::Instructed | Message::Email(_) => (None, None),
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
            price,
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
            batch: None,
            talk: None,
            trigger: scenario.as_deref().map(|scenario| trigger(id, scenario)),
            to_hang_up: false,
            content: None,
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
