//! What a carrier reports of a call or a message, and what it comes to: the table of checklist M2.
//!
//! The words are Twilio's. A code of the telephone network (SIP) says more than Twilio's word and goes before it.

use serde::{Deserialize, Serialize};

use crate::channel::wire_words;
use crate::engagement::Outcome;
use crate::talk::AnsweredBy;

wire_words! {
    /// Where a call stands, in Twilio's words.
    CallStatus {
        /// It waits for its turn.
        Queued = "queued",
        /// It is being set up.
        Initiated = "initiated",
        /// It rings.
        Ringing = "ringing",
        /// It was taken.
        InProgress = "in-progress",
        /// It was taken and is over.
        Completed = "completed",
        /// The line was engaged.
        Busy = "busy",
        /// Nobody took it.
        NoAnswer = "no-answer",
        /// It was hung up before anyone took it.
        Canceled = "canceled",
        /// It could not be put through.
        Failed = "failed",
    }
}

wire_words! {
    /// Where a message stands, in Twilio's words.
    MessageStatus {
        /// Twilio has it.
        Accepted = "accepted",
        /// Twilio has it for later.
        Scheduled = "scheduled",
        /// It waits for its turn.
        Queued = "queued",
        /// It is being handed on.
        Sending = "sending",
        /// The contact's carrier has it.
        Sent = "sent",
        /// The contact's phone has it.
        Delivered = "delivered",
        /// The contact has seen it.
        Read = "read",
        /// The contact's carrier could not deliver it.
        Undelivered = "undelivered",
        /// It could not be sent.
        Failed = "failed",
        /// It was taken back before it was sent.
        Canceled = "canceled",
    }
}

impl AnsweredBy {
    /// Reads Twilio's `AnsweredBy`: `human`, `machine_start`, `machine_end_beep`, `fax`, `unknown` and the like.
    #[must_use]
    pub fn read(word: &str) -> Self {
        match word {
            "human" => Self::Human,
            "fax" => Self::Machine,
            machine if machine.starts_with("machine") => Self::Machine,
            _ => Self::Unknown,
        }
    }
}

/// What Twilio tells of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CallReport {
    /// Where it stands.
    pub status: CallStatus,
    /// The last code of the telephone network, such as 486.
    pub sip_code: Option<u16>,
    /// Twilio's own code of an error, such as 13224.
    pub error_code: Option<u32>,
    /// Who took it, where that was looked at.
    pub answered_by: AnsweredBy,
}

/// What Twilio tells of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MessageReport {
    /// Where it stands.
    pub status: MessageStatus,
    /// Twilio's own code of an error, such as 30003.
    pub error_code: Option<u32>,
}

/// What a report comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It goes on.
    UnderWay,
    /// It has left for good, and nobody may ever tell whether it arrived.
    HandedOn,
    /// It is over.
    Ended {
        /// Whether the contact was reached.
        reached: bool,
        /// The result.
        outcome: Outcome,
    },
}

impl Progress {
    const fn reached(outcome: Outcome) -> Self {
        Self::Ended { reached: true, outcome }
    }

    const fn missed(outcome: Outcome) -> Self {
        Self::Ended { reached: false, outcome }
    }
}

impl CallReport {
    /// What the report comes to.
    #[must_use]
    pub fn progress(&self) -> Progress {
        match self.status {
            CallStatus::Queued | CallStatus::Initiated | CallStatus::Ringing | CallStatus::InProgress => {
                Progress::UnderWay
            }
            CallStatus::Completed => Progress::reached(match self.answered_by {
                AnsweredBy::Machine => Outcome::Voicemail,
                AnsweredBy::Human | AnsweredBy::Unknown => Outcome::Answered,
            }),
            CallStatus::Busy => Progress::missed(self.network().unwrap_or(Outcome::Busy)),
            CallStatus::NoAnswer => Progress::missed(self.network().unwrap_or(Outcome::NoAnswer)),
            CallStatus::Canceled => Progress::missed(Outcome::NoAnswer),
            CallStatus::Failed => {
                Progress::missed(self.network().or(self.error_code.and_then(of_call_error)).unwrap_or(Outcome::Error))
            }
        }
    }

    /// What the code of the telephone network says of the contact (RFC 3261, section 21; RFC 8197).
    fn network(&self) -> Option<Outcome> {
        Some(match self.sip_code? {
            404 | 410 | 484 | 604 => Outcome::InvalidNumber,
            486 | 600 => Outcome::Busy,
            408 | 487 => Outcome::NoAnswer,
            603 | 607 | 608 => Outcome::Rejected,
            480 | 503 => Outcome::TemporarilyUnavailable,
            _ => return None,
        })
    }

    /// The report as the history keeps it, in the carrier's own words and codes.
    #[must_use]
    pub fn in_the_carriers_words(&self) -> String {
        let sip = self.sip_code.map_or_else(String::new, |code| format!(", SIP {code}"));
        format!("Twilio: {}{sip}{}.", self.status, error(self.error_code))
    }
}

impl MessageReport {
    /// What the report comes to.
    #[must_use]
    pub fn progress(&self) -> Progress {
        match self.status {
            MessageStatus::Accepted | MessageStatus::Scheduled | MessageStatus::Queued | MessageStatus::Sending => {
                Progress::UnderWay
            }
            MessageStatus::Sent => Progress::HandedOn,
            MessageStatus::Delivered | MessageStatus::Read => Progress::reached(Outcome::Delivered),
            MessageStatus::Undelivered | MessageStatus::Failed | MessageStatus::Canceled => {
                Progress::missed(self.error_code.map_or(Outcome::Error, of_message_error))
            }
        }
    }

    /// The report as the history keeps it, in the carrier's own words and codes.
    #[must_use]
    pub fn in_the_carriers_words(&self) -> String {
        format!("Twilio: {}{}.", self.status, error(self.error_code))
    }
}

fn error(code: Option<u32>) -> String {
    code.map_or_else(String::new, |code| format!(", error {code}"))
}

/// What Twilio's code of an error in a call says of the contact: its number cannot be dialled.
const fn of_call_error(code: u32) -> Option<Outcome> {
    match code {
        13_223 | 13_224 | 21_211 | 21_217 => Some(Outcome::InvalidNumber),
        _ => None,
    }
}

/// What Twilio's code of an error in the delivery of a message says of the contact.
const fn of_message_error(code: u32) -> Outcome {
    match code {
        // The phone is off or out of reach, or the contact's carrier takes no more at the moment.
        30_003 | 30_017 | 30_022 | 63_018 => Outcome::TemporarilyUnavailable,
        // The contact has blocked the sender, by its carrier or in the app.
        30_004 | 63_032 => Outcome::Rejected,
        // No such number, a landline, or no such account of WhatsApp.
        30_005 | 30_006 | 21_211 | 21_217 | 21_614 | 63_003 | 63_024 => Outcome::InvalidNumber,
        // The contact has told the carrier STOP.
        21_610 => Outcome::OptedOut,
        // Filtered, or not allowed for this sender, country or content.
        30_007 | 30_034 | 30_410 | 63_013 | 63_016 | 63_049 | 63_051 => Outcome::Refused,
        _ => Outcome::Error,
    }
}

/// How a call or message ended, in a sentence for whoever started it.
#[must_use]
pub const fn in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Delivered => "The message was delivered.",
        Outcome::Answered => "The contact took the call.",
        Outcome::Voicemail => "A machine took the call.",
        Outcome::Busy => "The line was busy.",
        Outcome::NoAnswer => "Nobody took the call.",
        Outcome::InvalidNumber => "There is no such number: correct the contact's phone number.",
        Outcome::Rejected => "The contact declined it.",
        Outcome::TemporarilyUnavailable => "The contact's phone could not be reached.",
        Outcome::OptedOut => "The contact has told the carrier to stop.",
        Outcome::Refused => "The carrier did not let it through.",
        Outcome::Conversed
        | Outcome::Confirmed
        | Outcome::Booked
        | Outcome::Declined
        | Outcome::Error
        | Outcome::Bounced
        | Outcome::Complained
        | Outcome::DoNotContact
        | Outcome::Cancelled => "The carrier could not put it through.",
    }
}

/// What was made of a request that the carrier refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// How the engagement ends.
    pub outcome: Outcome,
    /// What to do about it, after what the carrier said.
    pub advice: &'static str,
}

/// What Twilio's code of a refused request (HTTP 4xx) comes to.
#[must_use]
pub const fn refused(code: u32) -> Refused {
    let (outcome, advice) = match code {
        13_223 | 13_224 | 21_201 | 21_211 | 21_214 | 21_217 | 21_401 | 21_421 | 21_614 | 63_024 => {
            (Outcome::InvalidNumber, "correct the contact's phone number")
        }
        21_610 => (Outcome::OptedOut, "the contact has told the carrier to stop; only START from them lifts it"),
        21_212 | 21_210 | 21_213 | 21_603 | 21_606 | 21_659 | 63_007 => {
            (Outcome::Refused, "have the operator set a sender that belongs to the Twilio account and can do this")
        }
        21_215 | 21_216 | 21_408 | 13_227 => {
            (Outcome::Refused, "have the operator allow this country in the Twilio account")
        }
        21_608 | 21_219 => (Outcome::Refused, "a trial account of Twilio reaches verified numbers only"),
        63_016 => (
            Outcome::Refused,
            "the contact has not written within 24 hours; set a WhatsApp template that Meta has approved",
        ),
        _ => (Outcome::Refused, "correct the request, or ask the operator"),
    };
    Refused { outcome, advice }
}

/// The code with which Twilio answers that a call cannot be changed, because it is over.
pub const CALL_IS_OVER: u32 = 21_220;

#[cfg(test)]
mod tests {
    use super::*;

    fn call(status: CallStatus, sip_code: Option<u16>, error_code: Option<u32>, answered_by: &str) -> Progress {
        CallReport { status, sip_code, error_code, answered_by: AnsweredBy::read(answered_by) }.progress()
    }

    // M2
    #[test]
    fn a_call_that_was_taken_is_answered_by_a_person_or_a_machine() {
        use CallStatus::Completed;
        for human in ["human", "unknown", ""] {
            assert_eq!(call(Completed, Some(200), None, human), Progress::reached(Outcome::Answered), "{human}");
        }
        for machine in ["machine_start", "machine_end_beep", "machine_end_silence", "machine_end_other", "fax"] {
            assert_eq!(call(Completed, Some(200), None, machine), Progress::reached(Outcome::Voicemail), "{machine}");
        }
    }

    // M2
    #[test]
    fn the_code_of_the_network_says_more_than_the_word() {
        use CallStatus::{Busy, Failed, NoAnswer};
        for (status, sip_code, outcome) in [
            (Busy, None, Outcome::Busy),
            (Busy, Some(486), Outcome::Busy),
            (Busy, Some(600), Outcome::Busy),
            (Busy, Some(603), Outcome::Rejected),
            (NoAnswer, None, Outcome::NoAnswer),
            (NoAnswer, Some(487), Outcome::NoAnswer),
            (NoAnswer, Some(480), Outcome::TemporarilyUnavailable),
            (Failed, Some(404), Outcome::InvalidNumber),
            (Failed, Some(410), Outcome::InvalidNumber),
            (Failed, Some(484), Outcome::InvalidNumber),
            (Failed, Some(604), Outcome::InvalidNumber),
            (Failed, Some(408), Outcome::NoAnswer),
            (Failed, Some(607), Outcome::Rejected),
            (Failed, Some(608), Outcome::Rejected),
            (Failed, Some(603), Outcome::Rejected),
            (Failed, Some(480), Outcome::TemporarilyUnavailable),
            (Failed, Some(503), Outcome::TemporarilyUnavailable),
            (Failed, Some(500), Outcome::Error),
            (Failed, None, Outcome::Error),
        ] {
            assert_eq!(call(status, sip_code, None, ""), Progress::missed(outcome), "{status} {sip_code:?}");
        }
        for code in [13_223, 13_224, 21_211, 21_217] {
            assert_eq!(call(Failed, None, Some(code), ""), Progress::missed(Outcome::InvalidNumber), "{code}");
        }
        assert_eq!(call(Failed, Some(603), Some(13_224), ""), Progress::missed(Outcome::Rejected));
    }

    // M2
    #[test]
    fn a_call_is_under_way_until_it_is_over() {
        for status in [CallStatus::Queued, CallStatus::Initiated, CallStatus::Ringing, CallStatus::InProgress] {
            assert_eq!(call(status, None, None, ""), Progress::UnderWay, "{status}");
        }
    }

    #[test]
    fn a_message_has_arrived_when_the_phone_has_it() {
        let progress = |status, error_code| MessageReport { status, error_code }.progress();
        for status in MessageStatus::ALL {
            let arrived = matches!(status, MessageStatus::Delivered | MessageStatus::Read);
            assert_eq!(progress(*status, None) == Progress::reached(Outcome::Delivered), arrived, "{status}");
        }
        for (code, outcome) in [
            (30_003, Outcome::TemporarilyUnavailable),
            (30_017, Outcome::TemporarilyUnavailable),
            (30_022, Outcome::TemporarilyUnavailable),
            (63_018, Outcome::TemporarilyUnavailable),
            (30_004, Outcome::Rejected),
            (63_032, Outcome::Rejected),
            (30_005, Outcome::InvalidNumber),
            (30_006, Outcome::InvalidNumber),
            (21_211, Outcome::InvalidNumber),
            (21_217, Outcome::InvalidNumber),
            (21_614, Outcome::InvalidNumber),
            (63_003, Outcome::InvalidNumber),
            (63_024, Outcome::InvalidNumber),
            (30_007, Outcome::Refused),
            (30_034, Outcome::Refused),
            (30_410, Outcome::Refused),
            (63_013, Outcome::Refused),
            (63_049, Outcome::Refused),
            (63_051, Outcome::Refused),
            (30_008, Outcome::Error),
            (21_610, Outcome::OptedOut),
            (63_016, Outcome::Refused),
        ] {
            let missed = Progress::missed(outcome);
            assert_eq!(progress(MessageStatus::Undelivered, Some(code)), missed, "{code}");
            assert_eq!(progress(MessageStatus::Failed, Some(code)), missed, "{code}");
        }
    }

    #[test]
    fn the_history_keeps_the_carriers_own_words() {
        let report = CallReport {
            status: CallStatus::Failed,
            sip_code: Some(404),
            error_code: Some(13_224),
            answered_by: AnsweredBy::Unknown,
        };
        assert_eq!(report.in_the_carriers_words(), "Twilio: failed, SIP 404, error 13224.");
        let report = MessageReport { status: MessageStatus::Sent, error_code: None };
        assert_eq!(report.in_the_carriers_words(), "Twilio: sent.");
    }
}
