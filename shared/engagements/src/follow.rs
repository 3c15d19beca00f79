//! Following what a provider has taken until it ends. The simulator ends by what its contact does.

use hub_channels::simulator::{Script, Simulator};
use hub_models::do_not_contact::{AddedBy, Reason, Scope};
use hub_models::engagement::{Content, Engagement, Event, Outcome, Role, Turn};
use hub_models::moment::Moment;
use hub_models::scenario::ScenarioCall;
use hub_models::talk::AnsweredBy;
use hub_store::StoreError;
use jiff::SignedDuration;

use crate::Hub;
use crate::carrier;
use crate::do_not_contact::close;
use crate::scenario::{HandedOver, hand_to_scenario, ivr_scenario};
use crate::talk::{TalkError, begin_sent, follow_contact, look_after, ring, told_at_first};
use crate::transition::transition;

/// When the tick looks again at a contact that never hangs up.
const LONG_CALL: SignedDuration = SignedDuration::from_hours(1);

/// Takes an engagement in progress a step further.
pub(crate) async fn follow(hub: &Hub, engagement: Engagement, content: Option<Content>) -> Result<(), StoreError> {
    match go_on(hub, engagement, content).await {
        Ok(()) => Ok(()),
        Err(TalkError::Store(error)) => Err(error),
        Err(error) => {
            tracing::info!(%error, "not followed");
            Ok(())
        }
    }
}

async fn go_on(hub: &Hub, engagement: Engagement, content: Option<Content>) -> Result<(), TalkError> {
    // Whoever sent its opening may have broken off before the conversation began, or evidence told of it.
    let engagement = begin_sent(hub, engagement).await?;
    if look_after(hub, &engagement).await? {
        return Ok(());
    }
    if !Simulator::has_taken(&engagement) {
        return Ok(carrier::follow(hub, engagement).await?);
    }
    let (contact, channel) = (&engagement.contact, engagement.channel);
    let script = Simulator::script(contact, channel, engagement.engagement_type, engagement.attempt);
    if let Some(call) = ivr_scenario(&engagement, content.as_ref()).filter(|_| is_answered(&script)) {
        return Ok(scenario_takes(hub, engagement, content.as_ref(), &call, script).await?);
    }
    if hub.simulator.is_played_by_hand(contact) && (channel.is_voice() || engagement.awaits_messages()) {
        return ring(hub, engagement).await;
    }
    match script {
        Script::Talks(part) => follow_contact(hub, engagement, content, part).await,
        script => Ok(end_as_scripted(hub, engagement, content.as_ref(), script).await?),
    }
}

/// What comes of an engagement without a conversation.
async fn end_as_scripted(
    hub: &Hub,
    engagement: Engagement,
    content: Option<&Content>,
    script: Script,
) -> Result<(), StoreError> {
    let now = hub.clock.now();
    match script {
        Script::NeverEnds | Script::Talks(_) => {
            let look_again = Event::Released { look_again: now + LONG_CALL };
            transition(hub, engagement, look_again, &[]).await?.map(drop).or(Ok(()))
        }
        Script::Ends { reached, outcome, summary, replies, opt_out } => {
            if opt_out && !engagement.test_mode {
                let reason = Reason::beginning("The contact asked not to be contacted.");
                close(hub, &engagement, Scope::All, AddedBy::Recipient, reason).await?;
            }
            let said = match reached {
                true => transcript(&engagement, told_at_first(hub, &engagement, content).await?, replies, now),
                false => Vec::new(),
            };
            let ended = Event::Ended { reached, outcome, summary };
            transition(hub, engagement, ended, &said).await?.map(drop).or(Ok(()))
        }
    }
}

/// Whether somebody, or a machine, takes the call.
fn is_answered(script: &Script) -> bool {
    match script {
        Script::NeverEnds | Script::Talks(_) => true,
        Script::Ends { reached, .. } => *reached,
    }
}

/// The scenario of an IVR project takes an answered call, unless another hands it over at this moment.
async fn scenario_takes(
    hub: &Hub,
    engagement: Engagement,
    content: Option<&Content>,
    call: &ScenarioCall,
    script: Script,
) -> Result<(), StoreError> {
    let HandedOver::Done(engagement, how) = hand_to_scenario(hub, engagement, call).await? else {
        return Ok(());
    };
    end_as_scripted(hub, *engagement, content, said_by_scenario(script, &how)).await
}

/// How a call goes on that its scenario has taken: what is said in it, nobody here hears.
fn said_by_scenario(script: Script, how: &str) -> Script {
    let (outcome, answered, opt_out) = match script {
        Script::NeverEnds => return Script::NeverEnds,
        Script::Ends { outcome, summary, opt_out, .. } => (outcome, summary, opt_out),
        Script::Talks(part) => match part.answered_by {
            AnsweredBy::Human | AnsweredBy::Unknown => (Outcome::Answered, "The contact answered.".to_owned(), false),
            AnsweredBy::Machine => (Outcome::Voicemail, "A machine answered.".to_owned(), false),
        },
    };
    Script::Ends { reached: true, outcome, summary: format!("{answered} {how}"), replies: Vec::new(), opt_out }
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

fn transcript(
    engagement: &Engagement,
    opening: Option<String>,
    replies: Vec<(Role, String)>,
    now: Moment,
) -> Vec<Turn> {
    let start = engagement.started_at.unwrap_or(now);
    let turns = opening.map(|text| (Role::Assistant, text)).into_iter().chain(replies);
    turns.map(|(role, content)| Turn { role, content, timestamp: start }).collect()
}
