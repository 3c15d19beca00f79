//! What comes of something that was heard: asked of whoever leads the conversation, and carried out.

use std::time::Duration;

use hub_channels::converser::{Converser, Refusal, Situation};
use hub_models::calendar::Booking;
use hub_models::channel::EngagementType;
use hub_models::do_not_contact::{AddedBy, Reason, Scope};
use hub_models::engagement::{Content, Ended, Engagement, Outcome, Turn};
use hub_models::moment::Moment;
use hub_models::talk::{Asked, Facts, Move, Next, Summary, Talk, phrase_for, question};
use hub_models::text::Line;
use hub_models::wording::{Appointment, Conversing};
use hub_store::StoreError;
use url::Url;

use super::booked::{SaidOfBooking, with_calendar_file};
use super::calendar::{Booked, Diary, Settled};
use super::opting::STOPPED_BECAUSE;
use crate::Hub;
use crate::calendar::Teller;
use crate::do_not_contact::close;

/// The turn of the contact with which a conversation ends at the latest.
const MOST_TURNS: u32 = 30;

/// How much of what was said before is told to a model: enough to know what the contact is at.
const REMEMBERED: usize = 40;

/// When a contact wishes to be called back, in its own words.
type Wish = Line<300>;

/// A conversation of which something is to be decided.
pub(super) struct Open<'a> {
    pub(super) hub: &'a Hub,
    pub(super) engagement: &'a Engagement,
    pub(super) content: &'a Content,
    pub(super) teller: Teller,
    pub(super) talk: &'a Talk,
    pub(super) transcript: &'a [Turn],
    /// Where the hub is reached, for links.
    pub(super) public_url: Option<&'a Url>,
}

/// What was decided, and done about it.
pub(super) struct Decision {
    /// What is said.
    pub(super) say: String,
    /// What comes then.
    pub(super) then: Then,
    /// What the owner should know.
    pub(super) note: Option<String>,
    /// What the contact was asked with it.
    pub(super) asked: Asked,
    /// How often in a row the contact was not understood.
    pub(super) lost: u32,
    /// The times that are on offer from now on.
    pub(super) offered: Vec<Moment>,
}

/// What comes after something was said.
pub(super) enum Then {
    Listen,
    Transfer,
    End(Ended),
}

/// Nobody could decide.
pub(super) enum Undecided {
    /// Whoever leads the conversation needs more time.
    Slow,
    /// It cannot lead it.
    Down,
}

/// Decides what comes of `heard` and carries it out. What is carried out can be repeated without harm: a time is booked
/// once for an engagement, a booking is confirmed once, and a contact is on the do-not-contact list once.
pub(super) async fn decide(
    open: &Open<'_>,
    heard: &str,
    patience: Duration,
) -> Result<Result<Decision, Undecided>, StoreError> {
    let diary = open.diary();
    let names = diary.told(&open.talk.offered);
    let facts = open.facts(&names);
    let asked = match open.hub.converser {
        Converser::Keywords => Ok(Move::from(hub_models::talk::reply(&facts, heard))),
        Converser::Bedrock { .. } if facts.asked == Asked::Callback => {
            Ok(Move::from(hub_models::talk::reply(&facts, heard)))
        }
        Converser::Bedrock { .. } => {
            let situation = open.situation(&facts, heard);
            open.hub.converser.reply(&situation, &diary, patience).await
        }
    };
    match asked {
        Ok(decided) => {
            carry_out(open, &facts, &diary, decided, heard).await.map(|decision| Ok(open.within_bounds(decision)))
        }
        Err(Refusal::Slow) => Ok(Err(Undecided::Slow)),
        Err(Refusal::Down) => Ok(Err(Undecided::Down)),
    }
}

impl<'a> Open<'a> {
    fn diary(&self) -> Diary<'a> {
        Diary::of(self.hub, self.engagement, self.content, self.teller.clone(), self.talk.offered.clone())
    }

    fn facts<'f>(&self, offered: &'f [String]) -> Facts<'f> {
        // Who is asked about a booking was told its time, and is offered no other.
        let offered = match self.engagement.engagement_type {
            EngagementType::Confirmational => &[],
            _ => offered,
        };
        Facts {
            engagement_type: self.engagement.engagement_type,
            language: self.content.language,
            asked: self.talk.asked,
            lost: self.talk.lost,
            offered,
        }
    }

    fn situation<'s>(&'s self, facts: &'s Facts<'s>, heard: &'s str) -> Situation<'s> {
        Situation {
            facts,
            instruction: self.content.instruction.as_ref().map_or("", |instruction| instruction.as_str()),
            client_name: self.engagement.client_name.as_ref().map(|name| name.as_str()),
            has_agent: self.engagement.user_phone_number.is_some(),
            voice: self.engagement.channel.is_voice(),
            transcript: &self.transcript[self.transcript.len().saturating_sub(REMEMBERED)..],
            heard,
        }
    }

    /// A conversation that comes to nothing is not led for ever.
    fn within_bounds(&self, decision: Decision) -> Decision {
        if self.talk.turn < MOST_TURNS || !matches!(decision.then, Then::Listen) {
            return decision;
        }
        let goodbye = Conversing::of(self.content.language).goodbye.to_owned();
        let note = decision.note;
        Decision { note, ..self.end(goodbye, Outcome::Conversed, "The conversation went on for as long as one may.") }
    }

    fn listen(&self, say: String) -> Decision {
        let (asked, offered) = (self.talk.asked, self.talk.offered.clone());
        Decision { say, then: Then::Listen, note: None, asked, lost: 0, offered }
    }

    fn end(&self, say: String, outcome: Outcome, summary: &str) -> Decision {
        let ended = Ended { reached: true, outcome, summary: summary.to_owned() };
        Decision { then: Then::End(ended), ..self.listen(say) }
    }

    fn booked(&self, SaidOfBooking { say, note }: SaidOfBooking, summary: &str) -> Decision {
        Decision { note, ..self.end(say, Outcome::Booked, summary) }
    }

    /// What is said and done where nobody can lead the conversation: the agent takes it over, if there is one.
    pub(super) fn give_up(&self) -> Decision {
        if self.engagement.channel.is_voice() && self.engagement.user_phone_number.is_some() {
            return self.transfer(None);
        }
        let phrase = Conversing::of(self.content.language).out_of_order.to_owned();
        let summary = "The model could not go on with the conversation.".to_owned();
        let ended = Ended { reached: false, outcome: Outcome::Refused, summary };
        Decision { then: Then::End(ended), ..self.listen(phrase) }
    }

    /// What is said where nothing was heard: the question once more, or the end.
    pub(super) fn nothing_heard(&self) -> Decision {
        let phrases = Conversing::of(self.content.language);
        if self.talk.lost == 0 {
            let names = self.diary().told(&self.talk.offered);
            let say = format!("{} {}", phrases.are_you_there, question(&self.facts(&names)));
            return Decision { lost: 1, ..self.listen(say) };
        }
        let (outcome, summary) = match self.talk.heard {
            true => (Outcome::Conversed, "The contact did not say anything more."),
            false => (Outcome::Answered, "The contact answered and did not say anything."),
        };
        self.end(phrases.goodbye.to_owned(), outcome, summary)
    }

    /// Connects the contact to the agent. By message, or without an agent, there is a wish to be called back.
    fn transfer(&self, say: Option<String>) -> Decision {
        let phrases = Conversing::of(self.content.language);
        if self.engagement.channel.is_voice() && self.engagement.user_phone_number.is_some() {
            let say = say.unwrap_or_else(|| phrases.connecting.to_owned());
            return Decision { then: Then::Transfer, asked: Asked::ToHold, ..self.listen(say) };
        }
        self.ask_for_callback()
    }

    /// The contact agrees to a booking that does not stand any more: a person has to say what comes of it.
    fn booking_is_gone(&self) -> Decision {
        let note = "The contact wished to keep its booking, which was cancelled or whose time is taken.";
        let decision = self.transfer(None);
        let say = format!("{} {}", Conversing::of(self.content.language).gone, decision.say);
        Decision { say, note: Some(note.to_owned()), ..decision }
    }

    /// The contact has answered for a time that the booking has no more: it is told the new one, and asked again.
    fn booking_has_moved(&self, diary: &Diary<'_>, booking: &Booking) -> Decision {
        let moved = Appointment::of(self.content.language).moved(&diary.told_booking(booking));
        let say = format!("{moved}. {}", Conversing::of(self.content.language).confirm_question);
        Decision { offered: vec![booking.period.starts_at()], ..self.listen(say) }
    }

    /// The agent cannot be had.
    pub(super) fn ask_for_callback(&self) -> Decision {
        let say = Conversing::of(self.content.language).callback_question.to_owned();
        Decision { asked: Asked::Callback, ..self.listen(say) }
    }
}

async fn carry_out(
    open: &Open<'_>,
    facts: &Facts<'_>,
    diary: &Diary<'_>,
    decided: Move,
    heard: &str,
) -> Result<Decision, StoreError> {
    let Move { say, next, summary } = decided;
    let phrase = || phrase_for(&next, facts);
    let decision = match &next {
        Next::Listen => open.listen(say.unwrap_or_else(phrase)),
        Next::AskAgain => Decision { lost: facts.lost + 1, ..open.listen(say.unwrap_or_else(phrase)) },
        Next::Transfer => open.transfer(say),
        Next::Book(number) => return book(open, diary, *number).await,
        Next::Booked(slot) => {
            let summary = with_summary(&format!("The contact booked {slot}."), summary);
            open.booked(with_calendar_file(open, diary, phrase()).await, &summary)
        }
        Next::Confirm | Next::Decline => {
            let confirmed = next == Next::Confirm;
            match diary.settle(confirmed).await? {
                Settled::Yes => {}
                Settled::Gone => return Ok(open.booking_is_gone()),
                Settled::Moved(booking) => return Ok(open.booking_has_moved(diary, &booking)),
            }
            let (outcome, fact) = match confirmed {
                true => (Outcome::Confirmed, "The contact confirmed the booking."),
                false => (Outcome::Declined, "The contact declined the booking."),
            };
            open.end(say.unwrap_or_else(phrase), outcome, &with_summary(fact, summary))
        }
        Next::NoteCallback => {
            let wish = Wish::beginning(heard).map_or(String::new(), |wish| wish.to_string());
            let note = format!("The contact wishes to be called back: {wish}");
            Decision { note: Some(note.clone()), ..open.end(phrase(), Outcome::Conversed, &note) }
        }
        Next::StopContacting => {
            stop_contacting(open).await?;
            let fact = "The contact asked not to be contacted again.";
            open.end(say.unwrap_or_else(phrase), Outcome::OptedOut, &with_summary(fact, summary))
        }
        Next::End => {
            let summary = summary.map_or("The conversation came to its end.".to_owned(), |summary| summary.to_string());
            open.end(say.unwrap_or_else(phrase), Outcome::Conversed, &summary)
        }
    };
    Ok(Decision { offered: diary.listed(), ..decision })
}

/// What happened, and what whoever led the conversation has to say of it.
fn with_summary(fact: &str, summary: Option<Summary>) -> String {
    summary.map_or_else(|| fact.to_owned(), |summary| format!("{fact} {summary}"))
}

async fn stop_contacting(open: &Open<'_>) -> Result<(), StoreError> {
    if open.engagement.test_mode {
        return Ok(());
    }
    let reason = Reason::beginning(STOPPED_BECAUSE);
    close(open.hub, open.engagement, Scope::All, AddedBy::Recipient, reason).await
}

async fn book(open: &Open<'_>, diary: &Diary<'_>, number: usize) -> Result<Decision, StoreError> {
    let phrases = Conversing::of(open.content.language);
    let booked = match open.talk.offered.get(number) {
        Some(at) => diary.book(*at).await?,
        None => Booked::Taken,
    };
    let Booked::Yes { at } = booked else {
        let offered = diary.free().await?;
        let names = diary.told(&offered);
        let say = format!("{} {}", phrases.taken, question(&open.facts(&names)));
        return Ok(Decision { offered, ..open.listen(say) });
    };
    let slot = diary.told(&[at]).concat();
    let said = with_calendar_file(open, diary, phrases.booked(&slot)).await;
    Ok(open.booked(said, &format!("The contact booked {slot}.")))
}
