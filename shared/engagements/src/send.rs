//! Sending a claimed engagement: check again what may have changed, call the provider once, record what it said.

use hub_channels::ProviderError;
use hub_channels::email::{Draft, compose};
use hub_channels::ses::OutgoingEmail;
use hub_channels::simulator::Left;
use hub_channels::writer::Brief;
use hub_models::channel::Channel;
use hub_models::contact::Contact;
use hub_models::domain::Domain;
use hub_models::email::{EmailBody, EmailContent, Mailbox};
use hub_models::engagement::{Content, Engagement, Event, HistoryEvent, Outcome, Taken};
use hub_models::id::CallSid;
use hub_models::moment::Moment;
use hub_models::retry::backoff;
use hub_store::{AgentSlot, StoreError};
use jiff::SignedDuration;

use crate::Hub;
use crate::follow::end_of_simulated_mail;
use crate::start::enqueue;
use crate::transition::transition;

/// How long an engagement waits while its domain is paused or its agent busy.
const WAIT: SignedDuration = SignedDuration::from_secs(30);

/// When a simulated call or message goes on after it was taken.
const SIMULATED_PACE: SignedDuration = SignedDuration::from_secs(1);

/// Sends an engagement that this process has claimed, and gives it as it then stands.
pub(crate) async fn send(
    hub: &Hub,
    engagement: Engagement,
    content: Option<Content>,
) -> Result<Engagement, StoreError> {
    let mut engagement = engagement;
    let (Some(domain), Some(content)) = (hub.store.domain_cached(&engagement.domain_name).await?, content) else {
        let reason = "Its domain or its content is gone.".to_owned();
        return record(hub, engagement, Event::Refused { outcome: Outcome::Refused, reason }).await;
    };
    if let Some(event) = hindrance(hub, &engagement, &domain).await? {
        return record(hub, engagement, event).await;
    }
    let taken = match hand_over(hub, &mut engagement, &content, &domain).await? {
        Ok(taken) => taken,
        Err(error) => return not_taken(hub, engagement, error).await,
    };
    let event = event_of(hub, &engagement, taken);
    let engagement = record(hub, engagement, event).await?;
    end_of_simulated_mail(hub, engagement).await
}

/// What keeps it from going out now, though it was accepted.
async fn hindrance(hub: &Hub, engagement: &Engagement, domain: &Domain) -> Result<Option<Event>, StoreError> {
    let now = hub.clock.now();
    let postponed = |at: Moment, reason: String| {
        let due_at = hub.settings.pace.plan(at, now).due_at;
        Ok(Some(Event::Postponed { due_at, reason }))
    };
    if domain.engagement_hub_paused {
        return postponed(now + WAIT, "Engagements are paused for the domain.".to_owned());
    }
    // A test disturbs nobody.
    if let Some(end) = domain.quiet_until(engagement.channel, now).filter(|_| !engagement.test_mode) {
        return postponed(end, format!("Quiet hours until {end}."));
    }
    let entry = hub.store.do_not_contact(&domain.domain_name, &engagement.contact, engagement.channel).await?;
    if let Some(entry) = entry {
        let reason = format!("The contact is on the do-not-contact list: {}", entry.reason);
        return Ok(Some(Event::Refused { outcome: Outcome::DoNotContact, reason }));
    }
    if agent_is_busy(hub, engagement).await? {
        return postponed(now + WAIT, "The agent is busy in another engagement.".to_owned());
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
fn within_lease(hub: &Hub, engagement: &Engagement) -> Result<(), ProviderError> {
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
) -> Result<Result<Taken, ProviderError>, StoreError> {
    let mail = match (&engagement.contact, &content.email, &domain.outbound_email.from) {
        (Contact::Email(_), Some(email), Some(from)) => Some((email, from)),
        _ => None,
    };
    match (engagement.channel, mail) {
        (Channel::Email, Some((email, from))) => {
            let sender = Sender { hub, domain, content, email, from };
            sender.send(engagement).await
        }
        (Channel::Email, None) => {
            let reason =
                "The domain has no sender any more; set one with PUT /account-settings/outbound-email.".to_owned();
            Ok(Err(ProviderError::Refused { outcome: Outcome::Refused, reason }))
        }
        (Channel::Phone | Channel::Sms | Channel::Wmsg | Channel::Wvoice, _) => {
            Ok(simulate(hub, engagement, content).await)
        }
    }
}

async fn simulate(hub: &Hub, engagement: &Engagement, content: &Content) -> Result<Taken, ProviderError> {
    if !hub.simulates(engagement) {
        let reason = "No carrier is configured for the domain any more.".to_owned();
        return Err(ProviderError::Refused { outcome: Outcome::Refused, reason });
    }
    let text = content.instruction.as_ref().map_or(String::new(), |instruction| instruction.as_str().to_owned());
    let left = left(engagement, text, hub.clock.now());
    within_lease(hub, engagement)?;
    hub.simulator.take(left, engagement.test_mode).await
}

fn left(engagement: &Engagement, text: String, sent_at: Moment) -> Left {
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

/// One email on its way out.
struct Sender<'a> {
    hub: &'a Hub,
    domain: &'a Domain,
    content: &'a Content,
    email: &'a EmailContent,
    from: &'a Mailbox,
}

impl Sender<'_> {
    async fn send(&self, engagement: &mut Engagement) -> Result<Result<Taken, ProviderError>, StoreError> {
        let organization_name = self.organization_name(engagement).await?;
        let paragraph = match self.paragraph(engagement, &organization_name).await {
            Ok(paragraph) => paragraph,
            Err(error) => return Ok(Err(error)),
        };
        Ok(self.compose_and_send(engagement, &organization_name, paragraph.as_deref()).await)
    }

    async fn organization_name(&self, engagement: &Engagement) -> Result<String, StoreError> {
        if let Some(name) = &self.domain.outbound_email.organization_name {
            return Ok(name.as_str().to_owned());
        }
        let account = self.hub.store.account_cached(engagement.account_id).await?;
        Ok(account.map_or(String::new(), |account| account.organization_name.as_str().to_owned()))
    }

    /// What the writer makes of the instruction, where the body has no other source.
    async fn paragraph(
        &self,
        engagement: &Engagement,
        organization_name: &str,
    ) -> Result<Option<String>, ProviderError> {
        let (EmailBody::Instruction, Some(instruction)) = (&self.email.body, &self.content.instruction) else {
            return Ok(None);
        };
        let brief = Brief {
            instruction,
            language: self.content.language,
            client_name: engagement.client_name.as_ref(),
            organization_name,
            subject: &self.email.subject_value(Some(instruction)),
        };
        self.hub.writer.paragraph(&brief).await.map(Some)
    }

    async fn compose_and_send(
        &self,
        engagement: &mut Engagement,
        organization_name: &str,
        paragraph: Option<&str>,
    ) -> Result<Taken, ProviderError> {
        let Contact::Email(recipient) = engagement.contact.clone() else {
            let reason = "The contact is no email address.".to_owned();
            return Err(ProviderError::Refused { outcome: Outcome::Refused, reason });
        };
        let id = engagement.engagement_id;
        let now = self.hub.clock.now();
        let composed = compose(&Draft {
            domain: self.domain,
            organization_name,
            recipient: &recipient,
            client_name: engagement.client_name.as_ref(),
            instruction: self.content.instruction.as_ref(),
            email: self.email,
            language: self.content.language,
            paragraph,
            unsubscribe: None,
            message_id: &id.to_string(),
            now,
            from: self.from,
            reply_to: self.domain.outbound_email.reply_to.as_ref(),
        })
        .map_err(|error| ProviderError::Refused { outcome: Outcome::Refused, reason: error.to_string() })?;
        if !composed.missing.is_empty() {
            let names = composed.missing.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            engagement.note(HistoryEvent::Noted, now, Some(format!("Placeholders without a value: {names}.")));
        }
        within_lease(self.hub, engagement)?;
        if engagement.test_mode {
            let left = Left {
                subject: Some(composed.subject),
                html: Some(composed.html),
                ..left(engagement, composed.text, now)
            };
            return self.hub.simulator.take(left, true).await;
        }
        let domain_name = &self.domain.domain_name;
        let attempt = engagement.attempt;
        let mail = OutgoingEmail {
            from: self.from,
            to: &recipient,
            raw: composed.raw,
            engagement_id: id,
            attempt,
            domain_name,
        };
        let provider_id = self.hub.mailer.send(mail).await?;
        Ok(Taken { provider_id, call_sid: CallSid::Email(id) })
    }
}

fn event_of(hub: &Hub, engagement: &Engagement, taken: Taken) -> Event {
    match engagement.channel {
        // Email is one-shot: what the provider takes is delivered (checklist E8).
        Channel::Email => Event::Delivered(taken),
        Channel::Phone | Channel::Sms | Channel::Wmsg | Channel::Wvoice => {
            let look_again = hub.clock.now() + SIMULATED_PACE + hub.settings.pace.fast_path;
            Event::Taken { taken, look_again }
        }
    }
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
        // Nobody knows whether it left. The claim stays, and evidence decides once its lease is over.
        ProviderError::Unknown { reason } => {
            tracing::warn!(engagement_id = %engagement.engagement_id, reason, "the provider's answer was lost");
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
            tracing::info!(engagement_id = %engagement.engagement_id, %refusal, "recorded by another");
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
pub(crate) async fn simulated_evidence(hub: &Hub, engagement: &Engagement) -> Result<Option<Event>, StoreError> {
    match hub.simulator.find(engagement.engagement_id, engagement.attempt).await {
        Ok(found) => Ok(found.map(|taken| event_of(hub, engagement, taken))),
        Err(error) => Err(StoreError::OutOfOrder(error.to_string())),
    }
}
