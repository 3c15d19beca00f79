//! What a call says, step by step, by who or what answers it (checklist L3).

use serde::{Deserialize, Serialize};

use crate::contact::PhoneNumber;
use crate::talk::AnsweredBy;
use crate::text::Line;

/// The voice that a text is spoken in, as the carrier calls it: `Polly-Brian`.
pub type VoiceName = Line<60>;

/// One step of a call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Step {
    /// A text is spoken.
    Say {
        /// The text, with nothing left to be filled.
        text: String,
        /// The voice; the carrier's default where none is named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        voice: Option<VoiceName>,
        /// How often it is spoken, from 1.
        times: u8,
    },
    /// Nothing is said for so long.
    Pause {
        /// In seconds.
        seconds: u8,
    },
    /// The contact is connected.
    Dial {
        /// To this number.
        number: PhoneNumber,
    },
    /// The call ends.
    HangUp,
}

/// What a call says, before it is known who takes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scripts {
    /// The number that the contact sees; the domain's own where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller_id: Option<PhoneNumber>,
    /// First, to whoever answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_answered: Vec<Step>,
    /// Then, to a person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_human: Vec<Step>,
    /// Then, to a machine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_machine: Vec<Step>,
    /// What the transcript has in place of what is said, where nobody but the contact is to know that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_as: Option<String>,
}

impl Scripts {
    /// The steps of a call that was answered so. Where nobody could tell, a person is supposed: a machine that hears a
    /// person's text does less harm than a person who hears a machine's.
    pub fn said_to(&self, answered_by: AnsweredBy) -> impl Iterator<Item = &Step> {
        let then = match answered_by {
            AnsweredBy::Human | AnsweredBy::Unknown => &self.on_human,
            AnsweredBy::Machine => &self.on_machine,
        };
        // What follows the end of the call is never heard.
        let mut ended = false;
        self.on_answered.iter().chain(then).take_while(move |step| {
            let heard = !ended;
            ended |= matches!(step, Step::HangUp);
            heard
        })
    }

    /// All that is spoken in a call that was answered so, a line for each text; none where nothing is.
    #[must_use]
    pub fn words_to(&self, answered_by: AnsweredBy) -> Option<String> {
        let spoken = self.said_to(answered_by).filter_map(|step| match step {
            Step::Say { text, .. } => Some(text.as_str()),
            Step::Pause { .. } | Step::Dial { .. } | Step::HangUp => None,
        });
        let lines: Vec<&str> = spoken.collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(text: &str) -> Step {
        Step::Say { text: text.to_owned(), voice: None, times: 1 }
    }

    #[test]
    fn the_verdict_selects_what_is_said_after_the_greeting() {
        let scripts = Scripts {
            on_answered: vec![say("Hello.")],
            on_human: vec![Step::Pause { seconds: 1 }, say("Please hold.")],
            on_machine: vec![say("Please call back.")],
            ..Scripts::default()
        };
        assert_eq!(scripts.words_to(AnsweredBy::Human).as_deref(), Some("Hello.\nPlease hold."));
        assert_eq!(scripts.words_to(AnsweredBy::Machine).as_deref(), Some("Hello.\nPlease call back."));
        assert_eq!(scripts.words_to(AnsweredBy::Unknown), scripts.words_to(AnsweredBy::Human));
    }

    #[test]
    fn nothing_is_said_after_the_end_of_the_call() {
        let scripts = Scripts {
            on_answered: vec![say("Goodbye."), Step::HangUp],
            on_human: vec![say("Still there?")],
            ..Scripts::default()
        };
        assert_eq!(scripts.said_to(AnsweredBy::Human).count(), 2);
        assert_eq!(scripts.words_to(AnsweredBy::Human).as_deref(), Some("Goodbye."));
    }

    #[test]
    fn a_script_without_words_says_none() {
        let scripts = Scripts { on_machine: vec![Step::HangUp], ..Scripts::default() };
        assert_eq!(scripts.words_to(AnsweredBy::Machine), None);
    }
}
