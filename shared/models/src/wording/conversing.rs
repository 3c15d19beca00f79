//! What the hub says in a conversation that no model leads, and at the ends of those that one does.

mod phrases;

use super::{fill, phrases_in};
use crate::channel::Language;

/// What is said in conversations. All of it is plain text, to be read or spoken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversing {
    /// After what a conversation is about.
    pub invitation: &'static str,
    /// After what a booking to be confirmed is about.
    pub confirm_question: &'static str,
    /// With `{slots}`.
    offer: &'static str,
    /// There is nothing to offer.
    pub no_slots: &'static str,
    /// The booking is confirmed.
    pub confirmed: &'static str,
    /// The booking is declined.
    pub declined: &'static str,
    /// With `{slot}`.
    booked: &'static str,
    /// Somebody else was faster.
    pub taken: &'static str,
    /// The booking that was to be confirmed does not stand any more.
    pub gone: &'static str,
    /// What was heard says nothing to the hub.
    pub not_understood: &'static str,
    /// What was heard is kept for whoever reads the transcript.
    pub noted: &'static str,
    /// The end.
    pub goodbye: &'static str,
    /// Nothing was heard.
    pub are_you_there: &'static str,
    /// The answer takes time.
    pub one_moment: &'static str,
    /// The agent's phone will ring.
    pub connecting: &'static str,
    /// There is no agent.
    pub callback_question: &'static str,
    /// The answer to that was kept.
    pub callback_noted: &'static str,
    /// The hub cannot go on.
    pub out_of_order: &'static str,
    /// The contact is left alone from now on.
    pub stopped: &'static str,
    /// How that is undone, by message.
    pub start_hint: &'static str,
    /// It is undone.
    pub started: &'static str,
}

impl Conversing {
    /// The phrases of a language.
    #[must_use]
    pub const fn of(language: Language) -> &'static Self {
        phrases_in!(language)
    }

    /// Offers these times, which have numbers.
    #[must_use]
    pub fn offer(&self, slots: &str) -> String {
        fill(self.offer, &[("slots", slots)])
    }

    /// Says that this time is booked.
    #[must_use]
    pub fn booked(&self, slot: &str) -> String {
        fill(self.booked, &[("slot", slot)])
    }

    /// What a contact is answered who writes STOP.
    #[must_use]
    pub fn stopped_by_message(&self) -> String {
        format!("{} {}", self.stopped, self.start_hint)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::wording::slots;

    fn phrases(of: &Conversing) -> [&'static str; 21] {
        [
            of.invitation,
            of.confirm_question,
            of.no_slots,
            of.confirmed,
            of.declined,
            of.taken,
            of.gone,
            of.not_understood,
            of.noted,
            of.goodbye,
            of.are_you_there,
            of.one_moment,
            of.connecting,
            of.callback_question,
            of.callback_noted,
            of.out_of_order,
            of.stopped,
            of.start_hint,
            of.started,
            of.offer,
            of.booked,
        ]
    }

    #[test]
    fn every_language_has_words_of_its_own() {
        for index in 0..21 {
            let said: BTreeSet<_> = Language::ALL.iter().map(|one| phrases(Conversing::of(*one))[index]).collect();
            assert_eq!(said.len(), Language::ALL.len(), "{said:?}");
            assert!(said.iter().all(|phrase| !phrase.is_empty()));
        }
    }

    #[test]
    fn every_phrase_has_the_slots_that_are_filled() {
        for language in Language::ALL {
            let slots = phrases(Conversing::of(*language)).map(slots);
            assert!(slots[..19].iter().all(Vec::is_empty), "{language}");
            assert_eq!(slots[19..], [vec!["slots"], vec!["slot"]], "{language}");
        }
    }

    #[test]
    fn the_hints_name_the_words_that_count() {
        for language in Language::ALL {
            let phrases = Conversing::of(*language);
            assert!(phrases.start_hint.contains("START") && phrases.started.contains("STOP"), "{language}");
        }
    }
}
