//! Reads Twilio's answers and sorts its errors by what to do next.

use hub_models::carrier::{CallReport, MessageReport, refused};
use hub_models::moment::Moment;
use hub_models::talk::AnsweredBy;
use jiff::fmt::rfc2822;
use serde::Deserialize;

use super::{Asks, Cause, Listed, TwilioError};
use crate::error::ProviderError;
use crate::outside::NoAnswer;

/// A call or message that Twilio has just taken.
#[derive(Deserialize)]
pub(super) struct Created {
    sid: String,
}

impl Created {
    pub(super) fn sid(self) -> Result<String, TwilioError> {
        if is_sid(&self.sid) { Ok(self.sid) } else { Err(unreadable(Asks::ToSend)) }
    }
}

/// What can be part of a path.
fn is_sid(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// A call as Twilio shows it.
#[derive(Deserialize)]
pub(super) struct ShownCall {
    status: String,
    answered_by: Option<String>,
}

impl ShownCall {
    /// Nothing where the status is a word that is not known.
    pub(super) fn report(self) -> Option<CallReport> {
        let answered_by = self.answered_by.map_or(AnsweredBy::Unknown, |word| AnsweredBy::read(&word));
        Some(CallReport { status: self.status.parse().ok()?, sip_code: None, error_code: None, answered_by })
    }
}

/// A message as Twilio shows it.
#[derive(Deserialize)]
pub(super) struct ShownMessage {
    status: String,
    error_code: Option<u32>,
}

impl ShownMessage {
    /// Nothing where the status is a word that is not known.
    pub(super) fn report(self) -> Option<MessageReport> {
        Some(MessageReport { status: self.status.parse().ok()?, error_code: self.error_code })
    }
}

/// A page of a list.
#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(alias = "calls", alias = "messages")]
    pub(super) items: Vec<Item>,
}

/// A call or message of a list.
#[derive(Deserialize)]
pub(super) struct Item {
    sid: String,
    date_created: String,
    body: Option<String>,
}

impl Item {
    /// Nothing where its time cannot be read.
    pub(super) fn listed(self) -> Option<Listed> {
        let created_at = Moment::from(rfc2822::parse(&self.date_created).ok()?.timestamp());
        is_sid(&self.sid).then_some(Listed { sid: self.sid, created_at, body: self.body })
    }
}

/// An error as Twilio writes it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusal {
    code: Option<u32>,
    message: String,
}

impl Refusal {
    pub(super) fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    /// The error of this status. 503 says that nothing was done; of every other fault of Twilio's, nobody knows.
    pub(super) fn error(self, status: u16, asks: Asks) -> TwilioError {
        let code = self.code.unwrap_or_default();
        let error = match status {
            401 | 403 => return locked_out(code),
            429 => ProviderError::busy(format!("Twilio takes no more at the moment ({code}).")),
            503 => ProviderError::out_of_order(format!("Twilio is out of order ({code}).")),
            400..=499 => {
                let refused = refused(code);
                let (message, advice) = (self.message.trim_end_matches('.'), refused.advice);
                let reason = format!("Twilio refused it ({code}: {message}): {advice}.");
                ProviderError::Refused { outcome: refused.outcome, reason }
            }
            _ => uncertain(format!("Twilio answered {status}."), asks),
        };
        TwilioError { error, cause: if code == 0 { Cause::Other } else { Cause::Code(code) } }
    }
}

/// The credentials are the operator's to repair; what is to be sent can be once they are.
fn locked_out(code: u32) -> TwilioError {
    let reason = format!(
        "Twilio does not accept the domain's credentials ({code}); have the operator set its carrier again with the \
         account's auth token."
    );
    TwilioError { error: ProviderError::out_of_order(reason), cause: Cause::LockedOut }
}

fn uncertain(reason: String, asks: Asks) -> ProviderError {
    match asks {
        Asks::ToSend => ProviderError::unknown(reason),
        Asks::Again => ProviderError::out_of_order(reason),
    }
}

/// A success that does not say of what.
pub(super) fn unreadable(asks: Asks) -> TwilioError {
    uncertain("Twilio's answer cannot be read.".to_owned(), asks).into()
}

/// No answer at all.
pub(super) fn none(error: &NoAnswer, asks: Asks) -> TwilioError {
    let told = error.told_of("carrier");
    match error {
        NoAnswer::Blocked | NoAnswer::Unconnected(_) | NoAnswer::NoClient(_) => ProviderError::out_of_order(told),
        NoAnswer::Late(_) | NoAnswer::Broken(_) => uncertain(told, asks),
    }
    .into()
}
