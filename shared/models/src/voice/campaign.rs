//! A campaign in the making: it is changed freely until it is submitted, and not at all from then on.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{Activity, ActivityKind, CampaignId, MOST_ENVELOPES, Part, Title, Trigger, TriggerEvent};
use crate::domain::DomainName;
use crate::id::AccountId;
use crate::moment::Moment;

/// The most triggers of a campaign.
const MOST_TRIGGERS: usize = 40;

crate::channel::wire_words! {
    /// Who engages whom. Campaigns that wait to be called are not served.
    Direction {
        /// The hub engages the contacts.
        Outbound = "outbound",
    }
}

crate::channel::wire_words! {
    /// Where a campaign stands.
    CampaignStatus {
        /// It is being put together.
        Pending = "pending",
        /// It was submitted, and its contacts are or will be engaged.
        Scheduled = "scheduled",
        /// Some of its contacts are engaged or were.
        Processing = "processing",
        /// It is held.
        Paused = "paused",
        /// It was called off.
        Canceled = "canceled",
        /// All its contacts were engaged.
        Completed = "completed",
    }
}

/// When a campaign goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Delivery {
    /// As soon as it is submitted.
    Immediately,
    /// Later.
    Scheduled {
        /// When.
        at: Moment,
    },
}

impl Delivery {
    /// The word for it in the API.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Immediately => "immediately",
            Self::Scheduled { .. } => "scheduled",
        }
    }

    /// Whether a campaign that was to go out at this time would go out at another. A time that has passed is now.
    #[must_use]
    pub fn differs_from(self, other: Self, now: Moment) -> bool {
        let later = |delivery: Self| delivery.at().filter(|at| *at > now);
        later(self) != later(other)
    }

    /// When it goes out, where that is later.
    #[must_use]
    pub const fn at(self) -> Option<Moment> {
        match self {
            Self::Immediately => None,
            Self::Scheduled { at } => Some(at),
        }
    }
}

/// A campaign with its activity and its triggers. Its envelopes lie beside it, since there may be many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its identifier.
    pub id: CampaignId,
    /// The owner.
    pub account_id: AccountId,
    /// The tenant.
    pub domain_name: DomainName,
    /// Counts the changes, so that two at once do not undo each other.
    pub version: u64,
    /// What people call it.
    pub name: Title,
    /// Who engages whom.
    pub direction: Direction,
    /// Whether its owner has put it away.
    #[serde(default)]
    pub is_archived: bool,
    /// When it goes out.
    pub delivery: Delivery,
    /// Since when it cannot be changed any more, because it was submitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submitted_at: Option<Moment>,
    /// What it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Activity>,
    /// What happens in its calls, by their numbers.
    #[serde(default)]
    pub triggers: Vec<Trigger>,
    /// The number of the next trigger.
    #[serde(default)]
    pub next_trigger: u16,
    /// The number of the next envelope.
    #[serde(default)]
    pub next_envelope: u32,
    /// The numbers of envelopes that were taken out again, in order.
    #[serde(default)]
    pub removed: Vec<u32>,
    /// When it was made.
    pub created_at: Moment,
    /// When it was last changed.
    pub updated_at: Moment,
}

/// Why a campaign cannot be changed or submitted so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CampaignError {
    /// It was submitted.
    #[error("The engagement was scheduled, so it cannot be changed any more; create a new one.")]
    Submitted,
    /// There is an activity already.
    #[error("The engagement has an activity already; change or delete that one, or create another engagement.")]
    HasActivity,
    /// It has none.
    #[error("The engagement has no activity; create one first.")]
    NoActivity,
    /// Its calls would say nothing.
    #[error("The voice activity \"{0}\" is missing a voice-machine or voice-human trigger.")]
    MissingTrigger(Title),
    /// Its messages would say nothing.
    #[error("The {0} activity has no {0}-template that is there; relate it to one.")]
    MissingTemplate(ActivityKind),
    /// A trigger says what is not there any more.
    #[error("The voice-template of a trigger is not there any more; relate the trigger to another one.")]
    LostTemplate,
    /// Its calls would show a number that they may not.
    #[error(
        "The voice activity has no verified caller-id that is there; verify it, or relate the activity to another."
    )]
    NoCallerId,
    /// Nobody is to be engaged.
    #[error("The engagement has no envelopes; create some first.")]
    NoEnvelopes,
    /// There are too many.
    #[error("An engagement takes at most {MOST_ENVELOPES} envelopes; create another engagement for the others.")]
    TooManyEnvelopes,
    /// There are too many.
    #[error("An engagement takes at most {MOST_TRIGGERS} triggers.")]
    TooManyTriggers,
}

impl Campaign {
    /// Whether it can still be changed.
    ///
    /// # Errors
    /// When it was submitted.
    pub fn open(&self) -> Result<(), CampaignError> {
        if self.submitted_at.is_some() { Err(CampaignError::Submitted) } else { Ok(()) }
    }

    /// The next version of it, to be written over this one.
    #[must_use]
    pub fn next_version(self, now: Moment) -> Self {
        Self { version: self.version + 1, updated_at: now, ..self }
    }

    /// The campaign with this activity.
    ///
    /// # Errors
    /// When it was submitted, or has one.
    pub fn with_activity(self, activity: Activity) -> Result<Self, CampaignError> {
        self.open()?;
        if self.activity.is_some() {
            return Err(CampaignError::HasActivity);
        }
        Ok(Self { activity: Some(activity), ..self })
    }

    /// The campaign with another trigger, which gets its number, and that number.
    ///
    /// # Errors
    /// When it was submitted, has no activity, or has many triggers.
    pub fn with_trigger(self, trigger: Trigger) -> Result<(Self, u16), CampaignError> {
        self.open()?;
        if self.activity.is_none() {
            return Err(CampaignError::NoActivity);
        }
        let number = self.next_trigger;
        let next = number.checked_add(1).ok_or(CampaignError::TooManyTriggers)?;
        if self.triggers.len() >= MOST_TRIGGERS {
            return Err(CampaignError::TooManyTriggers);
        }
        let mut triggers = self.triggers;
        triggers.push(Trigger { number, ..trigger });
        Ok((Self { triggers, next_trigger: next, ..self }, number))
    }

    /// The campaign with room for so many more envelopes, and their numbers.
    ///
    /// # Errors
    /// When it was submitted, or takes no more.
    pub fn with_envelopes(self, more: u32) -> Result<(Self, Range<u32>), CampaignError> {
        self.open()?;
        let first = self.next_envelope;
        let next = first.saturating_add(more);
        if next > MOST_ENVELOPES {
            return Err(CampaignError::TooManyEnvelopes);
        }
        Ok((Self { next_envelope: next, ..self }, first..next))
    }

    /// The campaign without this envelope.
    ///
    /// # Errors
    /// When it was submitted.
    pub fn without_envelope(self, number: u32) -> Result<Self, CampaignError> {
        self.open()?;
        let mut removed = self.removed;
        if let Err(place) = removed.binary_search(&number) {
            removed.insert(place, number);
        }
        Ok(Self { removed, ..self })
    }

    /// The campaign as it was submitted. One that was is so already.
    ///
    /// # Errors
    /// What is missing for that.
    pub fn submitted(self, delivery: Delivery, now: Moment) -> Result<Self, CampaignError> {
        self.open()?;
        let activity = self.activity.as_ref().ok_or(CampaignError::NoActivity)?;
        let heard = |trigger: &Trigger| matches!(trigger.event, TriggerEvent::Human | TriggerEvent::Machine);
        if activity.kind == ActivityKind::Voice && !self.triggers.iter().any(heard) {
            return Err(CampaignError::MissingTrigger(activity.name.clone()));
        }
        if self.envelopes() == 0 {
            return Err(CampaignError::NoEnvelopes);
        }
        Ok(Self { delivery, submitted_at: Some(now), ..self })
    }

    /// The campaign as it was before it was submitted, since no batch came of that.
    #[must_use]
    pub fn reopened(self) -> Self {
        Self { submitted_at: None, ..self }
    }

    /// How many envelopes it has.
    #[must_use]
    pub fn envelopes(&self) -> u32 {
        let removed = u32::try_from(self.removed.len()).unwrap_or(u32::MAX);
        self.next_envelope.saturating_sub(removed)
    }

    /// Whether it has the envelope with this number.
    #[must_use]
    pub fn has_envelope(&self, number: u32) -> bool {
        number < self.next_envelope && self.removed.binary_search(&number).is_err()
    }

    /// The trigger with this number.
    #[must_use]
    pub fn trigger(&self, number: u16) -> Option<&Trigger> {
        self.triggers.iter().find(|trigger| trigger.number == number)
    }

    /// The activity with its triggers and the identifier of a part of it, for what has been found by that.
    #[must_use]
    pub fn has(&self, part: Part) -> bool {
        match part {
            Part::Campaign => true,
            Part::Activity => self.activity.is_some(),
            Part::Trigger(number) => self.trigger(number).is_some(),
            Part::Envelope(number) => self.has_envelope(number),
        }
    }

    /// The place of an envelope among the rows of the campaign's batch; none where it was left out. `skipped` are the
    /// numbers of the rows that were, in order; rows are numbered from 1, by their envelopes.
    #[must_use]
    pub fn place(&self, envelope: u32, skipped: &[u32]) -> Option<u32> {
        let row = envelope + 1;
        let before = skipped.binary_search(&row).err()?;
        let removed = self.removed.partition_point(|number| *number < envelope);
        let left_out = u32::try_from(before + removed).ok()?;
        envelope.checked_sub(left_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voice::TriggerAction;

    fn at(second: i64) -> Moment {
        Moment::from_millisecond(second * 1_000)
    }

    fn campaign() -> Campaign {
        Campaign {
            id: CampaignId::random(),
            account_id: AccountId::random(),
            domain_name: "acme".parse().unwrap(),
            version: 1,
            name: Title::beginning("Voice Blast").unwrap(),
            direction: Direction::Outbound,
            is_archived: false,
            delivery: Delivery::Immediately,
            submitted_at: None,
            activity: None,
            triggers: Vec::new(),
            next_trigger: 0,
            next_envelope: 0,
            removed: Vec::new(),
            created_at: at(0),
            updated_at: at(0),
        }
    }

    fn activity(kind: ActivityKind) -> Activity {
        let name = Title::beginning("Voice Blast").unwrap();
        Activity { name, kind, sender: None, template: None, created_at: at(0), updated_at: at(0) }
    }

    fn trigger(event: TriggerEvent) -> Trigger {
        let (created_at, updated_at) = (at(0), at(0));
        Trigger {
            number: 0,
            event,
            action: TriggerAction::Pause,
            delay_in_seconds: 1,
            repeats: 0,
            created_at,
            updated_at,
        }
    }

    fn voice(event: TriggerEvent) -> Campaign {
        let campaign = campaign().with_activity(activity(ActivityKind::Voice)).unwrap();
        campaign.with_trigger(trigger(event)).unwrap().0
    }

    fn submit(campaign: Campaign) -> Result<Campaign, CampaignError> {
        campaign.submitted(Delivery::Immediately, at(1))
    }

    #[test]
    fn a_campaign_is_submitted_with_an_activity_a_trigger_of_the_verdict_and_an_envelope() {
        assert_eq!(submit(campaign()), Err(CampaignError::NoActivity));
        let missing = submit(voice(TriggerEvent::Answered)).unwrap_err().to_string();
        assert_eq!(missing, "The voice activity \"Voice Blast\" is missing a voice-machine or voice-human trigger.");
        assert_eq!(submit(voice(TriggerEvent::Machine)), Err(CampaignError::NoEnvelopes));
        let (whole, numbers) = voice(TriggerEvent::Human).with_envelopes(2).unwrap();
        assert_eq!(numbers, 0..2);
        assert!(submit(whole).is_ok());
    }

    #[test]
    fn what_was_submitted_is_not_changed_any_more() {
        let submitted = submit(voice(TriggerEvent::Human).with_envelopes(1).unwrap().0).unwrap();
        let refused = CampaignError::Submitted;
        assert_eq!(submitted.clone().with_envelopes(1).unwrap_err(), refused);
        assert_eq!(submitted.clone().without_envelope(0).unwrap_err(), refused);
        assert_eq!(submitted.clone().with_trigger(trigger(TriggerEvent::Human)).unwrap_err(), refused);
        assert_eq!(submit(submitted).unwrap_err(), refused);
    }

    #[test]
    fn a_campaign_has_one_activity_and_ten_thousand_envelopes() {
        let campaign = campaign().with_activity(activity(ActivityKind::Text)).unwrap();
        let again = campaign.clone().with_activity(activity(ActivityKind::Voice));
        assert_eq!(again.unwrap_err(), CampaignError::HasActivity);
        let (full, _) = campaign.with_envelopes(MOST_ENVELOPES).unwrap();
        assert_eq!(full.with_envelopes(1).unwrap_err(), CampaignError::TooManyEnvelopes);
    }

    #[test]
    fn an_envelope_is_the_row_that_is_left_for_it() {
        let (campaign, _) = campaign().with_envelopes(6).unwrap();
        let campaign = campaign.without_envelope(1).unwrap().without_envelope(4).unwrap();
        assert_eq!(campaign.envelopes(), 4);
        // Of the envelopes 0, 2, 3 and 5, the rows 1, 3, 4 and 6, one was left out.
        let places = [0, 2, 3, 5].map(|number| campaign.place(number, &[3]));
        assert_eq!(places, [Some(0), None, Some(1), Some(2)]);
    }
}
