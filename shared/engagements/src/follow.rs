//! Following what a provider has taken until it ends. The simulator ends by its contact's script.

use hub_channels::simulator::{Script, Simulator};
use hub_models::engagement::{Content, Engagement, Event, Outcome, Role, Turn};
use hub_models::moment::Moment;
use hub_store::{DoNotContact, StoreError};
use jiff::SignedDuration;

use crate::Hub;
use crate::transition::transition;

/// When the tick looks again at a contact that never hangs up.
const LONG_CALL: SignedDuration = SignedDuration::from_hours(1);

/// Takes an engagement in progress a step further.
pub(crate) async fn follow(hub: &Hub, engagement: Engagement, content: Option<Content>) -> Result<(), StoreError> {
    if !hub.simulates(&engagement) {
        return Ok(());
    }
    let now = hub.clock.now();
    let (contact, channel) = (&engagement.contact, engagement.channel);
    match Simulator::script(contact, channel, engagement.engagement_type, engagement.attempt) {
        Script::NeverEnds => {
            let look_again = Event::Released { look_again: now + LONG_CALL };
            transition(hub, engagement, look_again, &[]).await?.map(drop).or(Ok(()))
        }
        Script::Ends { reached, outcome, summary, replies, opt_out } => {
            if opt_out && !engagement.test_mode {
                opted_out(hub, &engagement, "The contact asked not to be contacted.").await?;
            }
            let said = if reached { transcript(&engagement, content.as_ref(), replies, now) } else { Vec::new() };
            let ended = Event::Ended { reached, outcome, summary };
            transition(hub, engagement, ended, &said).await?.map(drop).or(Ok(()))
        }
    }
}

/// What a simulated mail comes to after it was taken: a bounce or a complaint for the contacts that stand for one.
pub(crate) async fn end_of_simulated_mail(hub: &Hub, engagement: Engagement) -> Result<Engagement, StoreError> {
    if !engagement.test_mode || engagement.outcome != Some(Outcome::Delivered) {
        return Ok(engagement);
    }
    let (contact, channel) = (&engagement.contact, engagement.channel);
    match Simulator::script(contact, channel, engagement.engagement_type, engagement.attempt) {
        Script::Ends { reached, outcome, summary, .. } if outcome != Outcome::Delivered => {
            let ended = Event::Ended { reached, outcome, summary };
            let change = transition(hub, engagement.clone(), ended, &[]).await?;
            Ok(change.map_or(engagement, |change| change.engagement))
        }
        _ => Ok(engagement),
    }
}

/// Closes every channel to a contact.
pub(crate) async fn opted_out(hub: &Hub, engagement: &Engagement, reason: &str) -> Result<(), StoreError> {
    let entry = DoNotContact {
        contact: engagement.contact.clone(),
        channels: std::collections::BTreeSet::new(),
        reason: reason.to_owned(),
        added_at: hub.clock.now(),
    };
    hub.store.add_do_not_contact(&engagement.domain_name, &entry).await
}

fn transcript(
    engagement: &Engagement,
    content: Option<&Content>,
    replies: Vec<(Role, String)>,
    now: Moment,
) -> Vec<Turn> {
    let opening = content.and_then(|content| content.instruction.as_ref()).map(|text| text.as_str().to_owned());
    let start = engagement.started_at.unwrap_or(now);
    let turns = opening.map(|text| (Role::Assistant, text)).into_iter().chain(replies);
    turns.map(|(role, content)| Turn { role, content, timestamp: start }).collect()
}
