//! Recording what a carrier reports of its calls and messages: doubled, late, out of order, or before the answer that it
//! confirms.

use hub_models::carrier::{CallReport, MessageReport, Progress, in_words};
use hub_models::do_not_contact::{AddedBy, Reason, Scope};
use hub_models::engagement::{Ended, Engagement, Event, Outcome, Role, Turn};
use hub_models::moment::Moment;
use hub_store::StoreError;
use jiff::SignedDuration;

use super::send::taken;
use crate::Hub;
use crate::do_not_contact::close;
use crate::talk::{CallEnd, STOPPED_AT_CARRIER, how_it_ended, opening_of};
use crate::transition::transition;

/// How long a call may ring, be answered and talk before it is asked after.
const CALLS: SignedDuration = SignedDuration::from_mins(3);

/// How long a message may be on its way before it is asked after.
const MESSAGES: SignedDuration = SignedDuration::from_mins(10);

/// What a carrier reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CarrierReport {
    /// Of a call.
    Call(CallReport),
    /// Of a message.
    Message(MessageReport),
}

/// What came of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is recorded, or says nothing new.
    Recorded,
    /// It is about a call or message that is not this engagement's.
    Strange,
}

impl CarrierReport {
    /// What it comes to.
    #[must_use]
    pub fn progress(&self) -> Progress {
        match self {
            Self::Call(report) => report.progress(),
            Self::Message(report) => report.progress(),
        }
    }

    fn in_the_carriers_words(&self) -> String {
        match self {
            Self::Call(report) => report.in_the_carriers_words(),
            Self::Message(report) => report.in_the_carriers_words(),
        }
    }
}

/// When to ask after something that the carrier has taken, if it tells nothing.
pub(crate) fn look_again(hub: &Hub, engagement: &Engagement, now: Moment) -> Moment {
    let patience = if engagement.channel.is_voice() { CALLS } else { MESSAGES };
    now + patience + hub.settings.pace.fast_path
}

/// Records what the carrier reports of the call or message with this SID.
///
/// # Errors
/// When a table cannot be used. The report must then come again, or be asked for.
pub async fn record_report(
    hub: &Hub,
    engagement: Engagement,
    sid: &str,
    report: CarrierReport,
) -> Result<Told, StoreError> {
    let Some(engagement) = take_as_evidence(hub, engagement, sid).await? else {
        return Ok(Told::Strange);
    };
    match report.progress() {
        Progress::Ended { reached, outcome } if ends(&engagement, &report, reached) => {
            let raw = report.in_the_carriers_words();
            if outcome == Outcome::OptedOut && !reached {
                let reason = Reason::beginning(STOPPED_AT_CARRIER);
                close(hub, &engagement, Scope::from(engagement.channel), AddedBy::Recipient, reason).await?;
            }
            let Ended { reached, outcome, summary } = how(&engagement, reached, outcome);
            let event = Event::Reported { reached, outcome, summary, raw };
            let said = told(hub, &engagement, reached).await?;
            if let Err(refusal) = transition(hub, engagement, event, &said).await? {
                tracing::info!(%refusal, "the carrier's report says nothing new");
            }
        }
        // The contact has answered what the carrier takes for lost.
        Progress::Ended { reached: false, .. } => {
            let event = Event::Noted { detail: report.in_the_carriers_words() };
            // Brought twice, it is noted once.
            transition(hub, engagement, event, &[]).await?.map(drop).unwrap_or_default();
        }
        Progress::Ended { .. } | Progress::HandedOn | Progress::UnderWay => {}
    }
    Ok(Told::Recorded)
}

/// What a message has told its contact that is all of its engagement.
async fn told(hub: &Hub, engagement: &Engagement, reached: bool) -> Result<Vec<Turn>, StoreError> {
    if !reached || engagement.channel.is_voice() || engagement.state.is_final() {
        return Ok(Vec::new());
    }
    let conversation = hub.store.conversation(engagement.engagement_id).await?;
    let content = conversation.map(|conversation| opening_of(&conversation).text);
    let timestamp = engagement.started_at.unwrap_or(engagement.created_at);
    Ok(content.map(|content| Turn { role: Role::Assistant, content, timestamp }).into_iter().collect())
}

/// How it ended: a conversation of a call by what was said in it, anything else by what the carrier reports.
fn how(engagement: &Engagement, reached: bool, outcome: Outcome) -> Ended {
    match &engagement.talk {
        Some(_) if reached && engagement.channel.is_voice() => how_it_ended(engagement, CallEnd::HungUp),
        _ => Ended { reached, outcome, summary: in_words(outcome).to_owned() },
    }
}

/// A message that has arrived is the end of an engagement that only informs; a conversation goes on from there. One whose
/// contact has answered goes on whatever is told of its opening.
fn ends(engagement: &Engagement, report: &CarrierReport, reached: bool) -> bool {
    let answered = engagement.talk.as_ref().is_some_and(|talk| talk.heard);
    match report {
        CarrierReport::Call(_) => true,
        CarrierReport::Message(_) => !engagement.awaits_messages() || !(reached || answered),
    }
}

/// Whatever a carrier tells of a call or message proves that it has it. Gives nothing where the engagement has another:
/// what was placed by an attempt that had been given up says nothing of the one that counts.
///
/// # Errors
/// When a table cannot be used.
pub async fn take_as_evidence(hub: &Hub, engagement: Engagement, sid: &str) -> Result<Option<Engagement>, StoreError> {
    let engagement = if engagement.provider_id.is_some() || engagement.state.is_final() {
        engagement
    } else {
        let look_again = look_again(hub, &engagement, hub.clock.now());
        let event = Event::Taken { taken: taken(sid.to_owned()), look_again };
        match transition(hub, engagement.clone(), event, &[]).await? {
            Ok(change) => change.engagement,
            // Someone else was faster: what the report tells besides is decided on what they wrote.
            Err(_) => hub.store.engagement(engagement.engagement_id).await?.unwrap_or(engagement),
        }
    };
    let own = engagement.provider_id.as_deref() == Some(sid);
    if !own {
        tracing::warn!(sid, "the carrier tells of a call or message that is another attempt's");
    }
    Ok(own.then_some(engagement))
}
