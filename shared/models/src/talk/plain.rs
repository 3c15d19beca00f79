//! The conversation without a model: each purpose is served by what single words mean.

use super::keywords::{Meant, understand, understand_answer};
use super::state::Asked;
use crate::channel::{EngagementType, Language};
use crate::text::Line;
use crate::wording::Conversing;

/// What is known when something is to be answered.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The purpose.
    pub engagement_type: EngagementType,
    /// The language.
    pub language: Language,
    /// What the contact was asked.
    pub asked: Asked,
    /// How often in a row the contact was not understood.
    pub lost: u32,
    /// The times that are on offer, as they are told.
    pub offered: &'a [String],
}

/// What comes of something that was heard: what the hub says to it, and what happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// What is said; none is the phrase that belongs to what happens.
    pub say: Option<String>,
    /// What happens.
    pub next: Next,
    /// What came of the conversation, for its owner, where whoever leads it has said so.
    pub summary: Option<Summary>,
}

/// What came of a conversation, in a sentence or two.
pub type Summary = Line<500>;

/// What happens next in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The hub has noted it and goes on listening.
    Listen,
    /// The hub has not understood it and asks again.
    AskAgain,
    /// The contact is connected to the agent, or asked for a wish to be called back where there is none.
    Transfer,
    /// The booking is confirmed.
    Confirm,
    /// The booking is declined.
    Decline,
    /// This one of the times that are on offer is booked, counted from 0.
    Book(usize),
    /// This time was booked while the answer was thought over.
    Booked(String),
    /// The wish to be called back is noted.
    NoteCallback,
    /// The contact is left alone from now on.
    StopContacting,
    /// The conversation is over.
    End,
}

impl From<Next> for Move {
    fn from(next: Next) -> Self {
        Self { say: None, next, summary: None }
    }
}

/// How often the contact may not be understood before the hub gives up.
const MOST_LOST: u32 = 2;

/// What comes of something that was heard.
#[must_use]
pub fn reply(facts: &Facts<'_>, heard: &str) -> Next {
    let meant = match facts.engagement_type {
        EngagementType::Confirmational => understand_answer(heard, facts.language),
        _ => understand(heard, facts.language),
    };
    if meant == Meant::Stop {
        return Next::StopContacting;
    }
    if facts.asked == Asked::Callback {
        return Next::NoteCallback;
    }
    match (facts.engagement_type, meant) {
        (_, Meant::Agent) => Next::Transfer,
        (_, Meant::Later | Meant::Bye) => Next::End,
        (EngagementType::Confirmational, Meant::Yes) => Next::Confirm,
        (EngagementType::Confirmational, Meant::No) => Next::Decline,
        (EngagementType::AppointmentBooking, Meant::Number(number)) if number <= facts.offered.len() => {
            Next::Book(number - 1)
        }
        (EngagementType::AppointmentBooking, Meant::Yes) if !facts.offered.is_empty() => Next::Book(0),
        (EngagementType::AppointmentBooking, Meant::No) => Next::Transfer,
        (EngagementType::Informational | EngagementType::Conversational, Meant::No) => Next::End,
        (EngagementType::Informational | EngagementType::Conversational, _) => Next::Listen,
        (EngagementType::Confirmational | EngagementType::AppointmentBooking, _) => not_understood(facts.lost),
    }
}

const fn not_understood(lost: u32) -> Next {
    if lost + 1 < MOST_LOST { Next::AskAgain } else { Next::End }
}

/// The first thing that is said: what the contact is to be told, and the question that the engagement is about.
///
/// `about` are the times that are offered, or the one booking that is to be confirmed.
#[must_use]
pub fn opening(told: &str, engagement_type: EngagementType, language: Language, about: &[String]) -> String {
    let phrases = Conversing::of(language);
    let told = told.trim();
    match (engagement_type, about) {
        (EngagementType::Informational, _) => told.to_owned(),
        (EngagementType::Conversational, _) => format!("{told} {}", phrases.invitation),
        (EngagementType::Confirmational, [booking, ..]) => format!("{told} ({booking}) {}", phrases.confirm_question),
        (EngagementType::Confirmational, []) => format!("{told} {}", phrases.confirm_question),
        (EngagementType::AppointmentBooking, offered) => format!("{told} {}", offer(language, offered)),
    }
}

/// The times that are on offer, each with its number.
#[must_use]
pub(crate) fn offer(language: Language, offered: &[String]) -> String {
    let phrases = Conversing::of(language);
    if offered.is_empty() {
        return phrases.no_slots.to_owned();
    }
    let numbered = (1..).zip(offered).map(|(number, slot)| format!("{number}) {slot}"));
    phrases.offer(&numbered.collect::<Vec<_>>().join("; "))
}

/// What belongs to something that happens, where nobody said it in other words.
#[must_use]
pub fn phrase_for(next: &Next, facts: &Facts<'_>) -> String {
    let phrases = Conversing::of(facts.language);
    let phrase = match next {
        Next::Listen => phrases.noted,
        Next::AskAgain => return format!("{} {}", phrases.not_understood, question(facts)),
        Next::Transfer => phrases.connecting,
        Next::Confirm => phrases.confirmed,
        Next::Decline => phrases.declined,
        Next::Book(number) => {
            return phrases.booked(facts.offered.get(*number).map_or("", String::as_str));
        }
        Next::Booked(slot) => return phrases.booked(slot),
        Next::End => phrases.goodbye,
        Next::NoteCallback => phrases.callback_noted,
        Next::StopContacting => phrases.stopped,
    };
    phrase.to_owned()
}

/// What the contact is to answer.
#[must_use]
pub fn question(facts: &Facts<'_>) -> String {
    let phrases = Conversing::of(facts.language);
    match (facts.asked, facts.engagement_type) {
        (Asked::Callback, _) => phrases.callback_question.to_owned(),
        (_, EngagementType::Informational | EngagementType::Conversational) => phrases.invitation.to_owned(),
        (_, EngagementType::Confirmational) => phrases.confirm_question.to_owned(),
        (_, EngagementType::AppointmentBooking) => offer(facts.language, facts.offered),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::word_for;

    const OFFERED: [&str; 2] = ["Monday 9:00", "Monday 10:00"];

    fn next(engagement_type: EngagementType, language: Language, heard: &str) -> Next {
        let offered = OFFERED.map(str::to_owned);
        reply(&Facts { engagement_type, language, asked: Asked::Purpose, lost: 0, offered: &offered }, heard)
    }

    #[test]
    fn every_purpose_is_served_in_every_language() {
        use EngagementType::{AppointmentBooking, Confirmational, Conversational};
        for language in Language::ALL.iter().copied() {
            for (engagement_type, meant, expected) in [
                (Confirmational, Meant::Yes, Next::Confirm),
                (Confirmational, Meant::No, Next::Decline),
                (Confirmational, Meant::Later, Next::End),
                (AppointmentBooking, Meant::Number(2), Next::Book(1)),
                (AppointmentBooking, Meant::Number(3), Next::AskAgain),
                (AppointmentBooking, Meant::Yes, Next::Book(0)),
                (AppointmentBooking, Meant::No, Next::Transfer),
                (Conversational, Meant::No, Next::End),
                (Conversational, Meant::Bye, Next::End),
                (Conversational, Meant::Yes, Next::Listen),
                (Conversational, Meant::Agent, Next::Transfer),
                (Conversational, Meant::Stop, Next::StopContacting),
            ] {
                assert_eq!(
                    next(engagement_type, language, word_for(meant, language)),
                    expected,
                    "{language} {meant:?}"
                );
            }
        }
    }

    #[test]
    fn who_is_not_understood_twice_is_let_go() {
        let facts = |lost| Facts {
            engagement_type: EngagementType::Confirmational,
            language: Language::En,
            asked: Asked::Purpose,
            lost,
            offered: &[],
        };
        assert_eq!(reply(&facts(0), "hm"), Next::AskAgain);
        assert_eq!(reply(&facts(1), "hm"), Next::End);
    }

    #[test]
    fn whatever_is_said_to_a_callback_question_is_the_wish() {
        let facts = Facts {
            engagement_type: EngagementType::Confirmational,
            language: Language::En,
            asked: Asked::Callback,
            lost: 0,
            offered: &[],
        };
        for wish in ["Yes, tomorrow at 9", "no", "agent"] {
            assert_eq!(reply(&facts, wish), Next::NoteCallback);
        }
        assert_eq!(reply(&facts, "do not call me"), Next::StopContacting);
    }

    #[test]
    fn an_opening_tells_and_asks() {
        let opening =
            |engagement_type| opening("We\nmove.", engagement_type, Language::En, &OFFERED.map(str::to_owned));
        assert_eq!(opening(EngagementType::Informational), "We\nmove.");
        assert_eq!(opening(EngagementType::Conversational), "We\nmove. Do you have any questions?");
        assert_eq!(
            opening(EngagementType::AppointmentBooking),
            "We\nmove. These times are free: 1) Monday 9:00; 2) Monday 10:00. Please answer with the number of the one \
             that suits you."
        );
    }
}
