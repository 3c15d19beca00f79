//! Sending a claimed engagement: check again what may have changed, call the provider once, record what it said.

use hub_channels::ProviderError;
use hub_channels::simulator::Left;
use hub_models::channel::Channel;
use hub_models::domain::Domain;
use hub_models::engagement::{Content, Engagement, Event, Hindrance, Outcome, Taken};
use hub_models::moment::Moment;
use hub_models::retry::backoff;
use hub_store::{AgentSlot, StoreError};
use jiff::SignedDuration;
use url::Url;

use crate::Hub;
use crate::carrier::{self, send_by_carrier};
use crate::email::send_email;
use crate::enqueue::enqueue;
use crate::follow::end_of_simulated_mail;
use crate::hand_over::HandOver;
use crate::talk::{begin_sent, prepare_opening, wait_for_agent};
use crate::transition::transition;

/// How long an engagement waits while its domain is paused or its agent busy.
const WAIT: SignedDuration = SignedDuration::from_secs(30);

/// When a simulated call or message goes on after it was taken.
const SIMULATED_PACE: SignedDuration = SignedDuration::from_secs(1);

/// Sends an engagement that this process has claimed, and gives it as it then stands. `public_url` is where the hub is
/// reached, for the links that it sends.
pub(crate) async fn send(
    hub: &Hub,
    engagement: Engagement,
    content: Option<Content>,
    public_url: Option<&Url>,
) -> Result<Engagement, StoreError> {
    let mut engagement = engagement;
    let (Some(domain), Some(content)) = (hub.store.domain_cached(&engagement.domain_name).await?, content) else {
        let reason = "Its domain or its content is gone.".to_owned();
        return record(hub, engagement, Event::Refused { outcome: Outcome::Refused, reason }).await;
    };
    let handed_over = match hindrance(hub, &engagement, &domain).await {
        Ok(Some(event)) => return record(hub, engagement, event).await,
        Ok(None) => hand_over(hub, &mut engagement, &content, &domain, public_url).await,
        Err(error) => Err(error),
    };
    let taken = match handed_over {
        Ok(HandOver::Taken(taken)) => taken,
        Ok(HandOver::Failed(error)) => return not_taken(hub, engagement, error).await,
        Ok(HandOver::NotNow { until, hindrance, reason }) => {
            let due_at = hub.settings.pace.plan(until, hub.clock.now()).due_at;
            return record(hub, engagement, Event::Postponed { due_at, hindrance, reason }).await;
        }
        // Nothing was handed over, so nobody has to wait for evidence of it.
        Err(error) => {
            tracing::error!(%error, "not sent");
            let reason = "The hub could not reach its data.".to_owned();
            return not_taken(hub, engagement, ProviderError::OutOfOrder { reason }).await;
        }
    };
    let event = event_of(hub, &engagement, &domain, taken);
    let engagement = record(hub, engagement, event).await?;
    let engagement = begin_sent(hub, engagement).await?;
    end_of_simulated_mail(hub, engagement).await
}

/// What keeps it from going out now, though it was accepted.
async fn hindrance(hub: &Hub, engagement: &Engagement, domain: &Domain) -> Result<Option<Event>, StoreError> {
    let now = hub.clock.now();
    let postponed = |at: Moment, hindrance: Hindrance, reason: String| {
        let due_at = hub.settings.pace.plan(at, now).due_at;
        Ok(Some(Event::Postponed { due_at, hindrance, reason }))
    };
    if domain.engagement_hub_paused {
        return postponed(now + WAIT, Hindrance::DomainPaused, "Engagements are paused for the domain.".to_owned());
    }
    // A test disturbs nobody.
    if let Some(end) = domain.quiet_until(engagement.channel, now).filter(|_| !engagement.test_mode) {
        return postponed(end, Hindrance::QuietHours, format!("Quiet hours until {end}."));
    }
    let entry = hub.store.do_not_contact(&domain.domain_name, &engagement.contact, engagement.channel).await?;
    if let Some(entry) = entry {
        let reason = format!("The contact is on the do-not-contact list: {}", entry.reason);
        return Ok(Some(Event::Refused { outcome: Outcome::DoNotContact, reason }));
    }
    if agent_is_busy(hub, engagement).await? {
        if let Some(agent) = engagement.occupies_agent() {
            wait_for_agent(hub, engagement, agent).await?;
        }
        return postponed(now + WAIT, Hindrance::AgentBusy, "The agent is busy in another engagement.".to_owned());
    }
    Ok(None)
}

async fn agent_is_busy(hub: &Hub, engagement: &Engagement) -> Result<bool, StoreError> {
    let Some(agent) = engagement.occupies_agent() else {
        return Ok(false);
    };
    let (domain, id) = (&engagement.domain_name, engagement.engagement_id);
    let AgentSlot::HeldBy(holder) = hub.store.take_agent(domain, agent, id, None).await? else {
        return Ok(false);
    };
    let ended = hub.store.engagement(holder).await?.is_none_or(|other| !other.holds_agent());
    if !ended {
        return Ok(true);
    }
    Ok(hub.store.take_agent(domain, agent, id, Some(holder)).await? != AgentSlot::Taken)
}

/// A claim gives the right to call the provider for as long as its lease: after that, another attempt may be made.
pub(crate) fn within_lease(hub: &Hub, engagement: &Engagement) -> Result<(), ProviderError> {
    let lease = hub.settings.pace.lease;
    let held = engagement.claim.as_ref().is_some_and(|claim| hub.clock.now() - claim.at < lease);
    if held {
        return Ok(());
    }
    let reason = "Preparing it took so long that its turn was over.".to_owned();
    Err(ProviderError::OutOfOrder { reason })
}

/// Calls the provider, once.
async fn hand_over(
    hub: &Hub,
    engagement: &mut Engagement,
    content: &Content,
    domain: &Domain,
    public_url: Option<&Url>,
) -> Result<HandOver, StoreError> {
    match engagement.channel {
        Channel::Email => send_email(hub, engagement, content, domain, public_url).await,
        Channel::Phone | Channel::Sms | Channel::Wmsg | Channel::Wvoice => {
            converse_or_tell(hub, engagement, content, domain, public_url).await
        }
    }
}

/// Hands over what is said first. Whatever a contact replies to a message must find its way to the engagement before that.
async fn converse_or_tell(
    hub: &Hub,
    engagement: &Engagement,
    content: &Content,
    domain: &Domain,
    public_url: Option<&Url>,
) -> Result<HandOver, StoreError> {
    let opening = match prepare_opening(hub, engagement, content, domain).await? {
        Ok(opening) => opening,
        Err(error) => return Ok(HandOver::Failed(error)),
    };
    // What is real to the contact is not a test's to answer.
    if engagement.awaits_messages() && !(engagement.test_mode && domain.carrier.is_some()) {
        hub.store.pair_with(engagement).await?;
    }
    if hub.simulates(engagement, domain) {
        return Ok(simulate(hub, engagement, opening.text).await.into());
    }
    send_by_carrier(hub, engagement, content, &opening.text, domain, public_url).await
}

async fn simulate(hub: &Hub, engagement: &Engagement, text: String) -> Result<Taken, ProviderError> {
    let left = left(engagement, text, hub.clock.now());
    within_lease(hub, engagement)?;
    hub.simulator.take(left, engagement.test_mode).await
}

/// What the simulator takes in place of a provider.
pub(crate) fn left(engagement: &Engagement, text: String, sent_at: Moment) -> Left {
    Left {
        channel: engagement.channel,
        contact: engagement.contact.as_str().to_owned(),
        engagement_id: engagement.engagement_id,
        attempt: engagement.attempt,
        subject: None,
        text,
        html: None,
        sent_at,
    }
}

fn event_of(hub: &Hub, engagement: &Engagement, domain: &Domain, taken: Taken) -> Event {
    match engagement.channel {
        // Email is one-shot: what the provider takes is delivered (checklist E8).
        Channel::Email => Event::Delivered(taken),
        Channel::Phone | Channel::Sms | Channel::Wmsg | Channel::Wvoice => {
            let now = hub.clock.now();
            let look_again = if hub.simulates(engagement, domain) {
                now + SIMULATED_PACE + hub.settings.pace.fast_path
            } else {
                carrier::look_again(hub, engagement, now)
            };
            Event::Taken { taken, look_again }
        }
    }
}

/// Up to a minute, all of it at random, so that those who met at a busy provider do not meet again.
pub(crate) fn busy_for() -> SignedDuration {
    SignedDuration::from_secs(5) + SignedDuration::from_secs(55).mul_f64(rand::random())
}

async fn not_taken(hub: &Hub, engagement: Engagement, error: ProviderError) -> Result<Engagement, StoreError> {
    let now = hub.clock.now();
    match error {
        ProviderError::Refused { outcome, reason } => record(hub, engagement, Event::Refused { outcome, reason }).await,
        ProviderError::OutOfOrder { reason } => {
            let at = now + backoff(engagement.failures + 1, rand::random());
            let due_at = hub.settings.pace.plan(at, now).due_at;
            record(hub, engagement, Event::OutOfOrder { due_at, reason }).await
        }
        ProviderError::Busy { reason } => {
            let due_at = hub.settings.pace.plan(now + busy_for(), now).due_at;
            record(hub, engagement, Event::Postponed { due_at, hindrance: Hindrance::ProviderBusy, reason }).await
        }
        // Nobody knows whether it left. The claim stays, and evidence decides once its lease is over.
        ProviderError::Unknown { reason } => {
            tracing::warn!(reason, "the provider's answer was lost");
            enqueue(hub, &engagement, hub.settings.pace.lease).await;
            Ok(engagement)
        }
    }
}

/// Writes what happened and sets off what comes next; a refusal means that evidence or an owner was faster.
pub(crate) async fn record(hub: &Hub, engagement: Engagement, event: Event) -> Result<Engagement, StoreError> {
    let at = next_step(hub, &event);
    let recorded = match transition(hub, engagement.clone(), event, &[]).await? {
        Ok(change) => change.engagement,
        Err(refusal) => {
            tracing::info!(%refusal, "recorded by another");
            let current = hub.store.engagement(engagement.engagement_id).await?;
            let current = current.ok_or_else(|| StoreError::Unreadable("the engagement is gone".to_owned()))?;
            return add_notes(hub, &engagement, current).await;
        }
    };
    if let (Some(at), false) = (at, recorded.state.is_final()) {
        let plan = hub.settings.pace.plan(at, hub.clock.now());
        if let Some(delay) = plan.delay {
            enqueue(hub, &recorded, delay).await;
        }
    }
    add_notes(hub, &engagement, recorded).await
}

/// What was noted while it was sent is not lost where another wrote first.
async fn add_notes(hub: &Hub, noted: &Engagement, current: Engagement) -> Result<Engagement, StoreError> {
    let details: Vec<_> = noted.notes_missing_in(&current).filter_map(|entry| entry.detail.clone()).collect();
    let mut current = current;
    for detail in details {
        if let Ok(change) = transition(hub, current.clone(), Event::Noted { detail }, &[]).await? {
            current = change.engagement;
        }
    }
    Ok(current)
}

/// When the queue has to bring the engagement again after this event.
fn next_step(hub: &Hub, event: &Event) -> Option<Moment> {
    let before_the_tick = |due_at: &Moment| hub.settings.pace.goes_out_at(*due_at, hub.clock.now());
    match event {
        Event::Taken { look_again, .. } => Some(before_the_tick(look_again)),
        Event::OutOfOrder { due_at, .. } | Event::Postponed { due_at, .. } | Event::NeverTaken { due_at } => {
            Some(before_the_tick(due_at))
        }
        _ => None,
    }
}

/// Evidence that the simulator took an attempt whose record was lost.
pub(crate) async fn simulated_evidence(
    hub: &Hub,
    engagement: &Engagement,
    domain: &Domain,
) -> Result<Option<Event>, StoreError> {
    match hub.simulator.find(engagement.engagement_id, engagement.attempt).await {
        Ok(found) => Ok(found.map(|taken| event_of(hub, engagement, domain, taken))),
        Err(error) => Err(StoreError::OutOfOrder(error.to_string())),
    }
}
