//! The next step of a call as TwiML.

use hub_engagements::carrier::{ANSWER, DIALLED, TURN, later_in_call};
use hub_engagements::talk::{CallStep, Then};
use hub_models::carrier::Spoken;
use hub_models::contact::PhoneNumber;
use hub_models::engagement::Engagement;
use hub_models::script::Step;
use url::Url;

use crate::twiml::Twiml;

/// How many seconds the contact may take until it begins to speak.
const LISTENS_FOR: &str = "6";

/// How many seconds the agent's phone rings.
const AGENT_RINGS_FOR: &str = "25";

/// How many seconds pass until the hub is asked again for an answer that it is still thinking of.
const THINKS_FOR: &str = "2";

/// The parameter with who or what has answered, where Twilio does not say it again.
pub(crate) const ANSWERED_BY: &str = "answered_by";

/// A step of this engagement's call.
pub(crate) struct Spoke<'a> {
    /// The engagement.
    pub(crate) engagement: &'a Engagement,
    /// How its language is spoken and heard.
    pub(crate) spoken: Spoken,
    /// Where Twilio reaches the hub.
    pub(crate) public_url: &'a Url,
    /// Whom the agent sees calling, where that is known.
    pub(crate) caller: Option<PhoneNumber>,
    /// Who or what has answered, in Twilio's word.
    pub(crate) answered_by: String,
}

impl Spoke<'_> {
    pub(crate) fn twiml(&self, step: &CallStep) -> Twiml {
        let twiml = Twiml::default();
        match &step.then {
            // What is said stands inside, so that the contact can speak before it is over.
            Then::Listen { turn } => self.listen(twiml, &step.say, *turn),
            Then::Transfer { agent } => self.dial(self.say(twiml, &step.say), agent),
            Then::HangUp => self.say(twiml, &step.say).empty("Hangup", &[]),
            Then::Wait { turn } => {
                let again = self.again(*turn);
                let twiml = self.say(twiml, &step.say).empty("Pause", &[("length", THINKS_FOR)]);
                twiml.text("Redirect", &[("method", "POST")], again.as_str())
            }
        }
    }

    /// What is laid down step by step. The call ends after the last one.
    pub(crate) fn scripted<'s>(&self, steps: impl Iterator<Item = &'s Step>) -> Twiml {
        steps.fold(Twiml::default(), |twiml, step| self.step(twiml, step)).empty("Hangup", &[])
    }

    fn step(&self, twiml: Twiml, step: &Step) -> Twiml {
        match step {
            Step::Say { text, voice, times } => {
                let times = times.to_string();
                let voice = voice.as_ref().map(|voice| spoken_by(voice.as_str()));
                let how = match &voice {
                    // A voice speaks its own language.
                    Some(voice) => ("voice", voice.as_str()),
                    None => ("language", self.spoken.language),
                };
                twiml.text("Say", &[how, ("loop", &times)], text)
            }
            Step::Pause { seconds } => twiml.empty("Pause", &[("length", &seconds.to_string())]),
            Step::Dial { number } => {
                let mut attributes = vec![("timeout", AGENT_RINGS_FOR)];
                attributes.extend(self.caller.as_ref().map(|caller| ("callerId", caller.as_str())));
                twiml.within("Dial", &attributes, |inside| inside.text("Number", &[], number.as_str()))
            }
            Step::HangUp => twiml.empty("Hangup", &[]),
        }
    }

    fn say(&self, twiml: Twiml, said: &[String]) -> Twiml {
        let attributes = [("language", self.spoken.language), ("voice", self.spoken.voice)];
        said.iter().flat_map(|text| parts(text)).fold(twiml, |twiml, part| twiml.text("Say", &attributes, part))
    }

    fn listen(&self, twiml: Twiml, said: &[String], turn: u32) -> Twiml {
        let action = self.at(TURN, &[("turn", &turn.to_string())]);
        let attributes = [
            ("input", "speech"),
            ("language", self.spoken.hears),
            ("speechTimeout", "auto"),
            ("timeout", LISTENS_FOR),
            ("bargeIn", "true"),
            ("actionOnEmptyResult", "true"),
            ("method", "POST"),
            ("action", action.as_str()),
        ];
        twiml.within("Gather", &attributes, |inside| self.say(inside, said))
    }

    fn dial(&self, twiml: Twiml, agent: &PhoneNumber) -> Twiml {
        let action = self.at(DIALLED, &[]);
        let mut attributes = vec![("timeout", AGENT_RINGS_FOR), ("method", "POST"), ("action", action.as_str())];
        attributes.extend(self.caller.as_ref().map(|caller| ("callerId", caller.as_str())));
        twiml.within("Dial", &attributes, |inside| inside.text("Number", &[], agent.as_str()))
    }

    /// Where the hub is asked again: a call whose contact has been told nothing begins anew, with who has answered it.
    fn again(&self, turn: u32) -> Url {
        match turn {
            0 => self.at(ANSWER, &[(ANSWERED_BY, &self.answered_by)]),
            turn => self.at(TURN, &[("turn", &turn.to_string())]),
        }
    }

    fn at(&self, path: &str, parameters: &[(&str, &str)]) -> Url {
        later_in_call(self.public_url, self.engagement, path, parameters)
    }
}

/// The most characters that Twilio says at once.
const MOST_SAID: usize = 4_000;

/// A text in parts of that length, cut between words where it has any.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((end, _)) = rest.char_indices().nth(MOST_SAID) {
        let cut = rest[..end].rfind(char::is_whitespace).filter(|cut| *cut > 0).unwrap_or(end);
        let (part, left) = rest.split_at(cut);
        parts.push(part);
        rest = left.trim_start();
    }
    parts.push(rest);
    parts
}

/// The name of a voice as Twilio writes it: `Polly-Brian` is `Polly.Brian`.
fn spoken_by(voice: &str) -> String {
    match voice.split_once('-') {
        Some((vendor @ ("Polly" | "Google"), name)) => format!("{vendor}.{name}"),
        _ => voice.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_said_in_parts_that_end_between_words() {
        let text = "four ".repeat(2_000);
        let parts = parts(text.trim());
        assert!(parts.len() == 3 && parts.iter().all(|part| part.len() <= MOST_SAID), "{}", parts.len());
        assert_eq!(parts.join(" "), text.trim());
    }

    #[test]
    fn what_has_no_words_is_cut_anyway_and_what_is_short_is_not() {
        let text = "言".repeat(MOST_SAID + 1);
        assert_eq!(parts(&text).iter().map(|part| part.chars().count()).collect::<Vec<_>>(), [MOST_SAID, 1]);
        assert_eq!(parts("Hello there."), ["Hello there."]);
        assert_eq!(parts(""), [""]);
    }
}
