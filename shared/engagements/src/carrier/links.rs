//! Where a carrier comes back to. A callback names the engagement and the attempt, so that it is evidence of that one.

use hub_channels::twilio::Callbacks;
use hub_models::channel::Channel;
use hub_models::domain::DomainName;
use hub_models::engagement::Engagement;
use hub_models::outside::below;
use url::Url;

const CALL_STATUS: &str = "/carriers/twilio/voice/status";
const MESSAGE_STATUS: &str = "/carriers/twilio/message/status";
/// Where a call begins, once it is answered.
pub const ANSWER: &str = "/carriers/twilio/voice/answer";
/// Where a call goes on after a turn of the contact.
pub const TURN: &str = "/carriers/twilio/voice/turn";
/// Where a call goes on after the agent was dialled.
pub const DIALLED: &str = "/carriers/twilio/voice/dialled";
const INBOUND_MESSAGES: &str = "/carriers/twilio/message/inbound";

/// The paths that a carrier is given, for the test that they are routes.
pub const CALLBACK_PATHS: [&str; 6] = [ANSWER, TURN, DIALLED, CALL_STATUS, MESSAGE_STATUS, INBOUND_MESSAGES];

/// Where Twilio comes back to for this attempt, at the hub's address.
pub(super) fn callbacks(public_url: &Url, engagement: &Engagement) -> Callbacks {
    let status = match engagement.channel {
        Channel::Phone | Channel::Wvoice => CALL_STATUS,
        Channel::Sms | Channel::Wmsg | Channel::Email => MESSAGE_STATUS,
    };
    let of_attempt = |path| of_attempt(public_url, engagement, path);
    Callbacks { answer: of_attempt(ANSWER), status: of_attempt(status) }
}

/// Where Twilio comes back to in a call, with these parameters besides.
#[must_use]
pub fn later_in_call(public_url: &Url, engagement: &Engagement, path: &str, parameters: &[(&str, &str)]) -> Url {
    let mut url = of_attempt(public_url, engagement, path);
    url.query_pairs_mut().extend_pairs(parameters);
    url
}

fn of_attempt(public_url: &Url, engagement: &Engagement, path: &str) -> Url {
    let mut url = below(public_url, path);
    url.query_pairs_mut()
        .append_pair("engagement_id", &engagement.engagement_id.to_string())
        .append_pair("attempt", &engagement.attempt.to_string());
    url
}

/// Where Twilio brings the messages to a domain's senders, to be set at the senders.
#[must_use]
pub fn inbound_messages(public_url: &Url, domain_name: &DomainName) -> Url {
    let mut url = below(public_url, INBOUND_MESSAGES);
    url.query_pairs_mut().append_pair("domain_name", domain_name.as_str());
    url
}
