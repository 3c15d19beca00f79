//! What Twilio is asked for, as the fields of its forms.

use std::fmt;

use hub_models::carrier::ContentSid;
use hub_models::channel::Channel;
use hub_models::contact::PhoneNumber;
use jiff::SignedDuration;
use serde_json::json;
use url::Url;

/// A number as Twilio addresses it over a channel: one of WhatsApp says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address<'a> {
    /// The channel.
    pub channel: Channel,
    /// The number.
    pub number: &'a PhoneNumber,
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.channel {
            Channel::Wmsg | Channel::Wvoice => write!(f, "whatsapp:{}", self.number),
            Channel::Phone | Channel::Sms | Channel::Email => self.number.fmt(f),
        }
    }
}

/// Where Twilio comes back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callbacks {
    /// For what to say, once a call is answered.
    pub answer: Url,
    /// With how a call or message goes on.
    pub status: Url,
}

/// A call to place.
#[derive(Clone, Debug)]
pub struct NewCall<'a> {
    /// Whom it is from.
    pub from: Address<'a>,
    /// Whom it is to.
    pub to: Address<'a>,
    /// Where Twilio comes back to.
    pub callbacks: &'a Callbacks,
    /// How long it rings.
    pub rings_for: SignedDuration,
    /// How long it lasts at most once it is answered.
    pub lasts_for: SignedDuration,
}

impl NewCall<'_> {
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("From", self.from.to_string()),
            ("To", self.to.to_string()),
            ("Url", self.callbacks.answer.to_string()),
            ("Method", "POST".to_owned()),
            ("StatusCallback", self.callbacks.status.to_string()),
            ("StatusCallbackMethod", "POST".to_owned()),
            ("Timeout", self.rings_for.as_secs().to_string()),
            ("TimeLimit", self.lasts_for.as_secs().to_string()),
            // A machine is spoken to after its beep, so Twilio listens for it before it asks what to say.
            ("MachineDetection", "DetectMessageEnd".to_owned()),
        ];
        let events = ["initiated", "ringing", "answered", "completed"];
        fields.extend(events.map(|event| ("StatusCallbackEvent", event.to_owned())));
        fields
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words<'a> {
    /// This text.
    Text(&'a str),
    /// A template that Meta has approved, with this text as its variable 1.
    Template {
        /// The template.
        content_sid: &'a ContentSid,
        /// The text.
        text: &'a str,
    },
}

/// A message to send.
#[derive(Clone, Debug)]
pub struct NewMessage<'a> {
    /// Whom it is from.
    pub from: Address<'a>,
    /// Whom it is to.
    pub to: Address<'a>,
    /// What it says.
    pub words: Words<'a>,
    /// Where Twilio tells how it goes on, if anywhere.
    pub status: Option<&'a Url>,
}

impl NewMessage<'_> {
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("From", self.from.to_string()), ("To", self.to.to_string())];
        fields.extend(self.status.map(|status| ("StatusCallback", status.to_string())));
        match &self.words {
            Words::Text(text) => fields.push(("Body", (*text).to_owned())),
            Words::Template { content_sid, text } => {
                fields.push(("ContentSid", content_sid.as_str().to_owned()));
                fields.push(("ContentVariables", json!({"1": text}).to_string()));
            }
        }
        fields
    }
}
