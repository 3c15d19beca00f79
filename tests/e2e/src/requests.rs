//! The requests that tests start from, and how they are changed.

use hub_fixture::Caller;
use serde_json::{Value, json};

/// A contact that the simulator knows nothing special about.
pub(crate) const ALEX: &str = "+14165551234";
/// Another.
pub(crate) const JORDAN: &str = "+14165554321";
/// An agent.
pub(crate) const AGENT: &str = "+14165559999";
/// Talks until it is cancelled.
pub(crate) const TALKER: &str = "+15005550010";
/// Replies STOP.
pub(crate) const OPTS_OUT: &str = "+15005550008";
/// Is throttled at its first attempt.
pub(crate) const THROTTLED: &str = "+15005550009";

/// A request of `/integration/start` on the caller's domain.
pub(crate) fn integration(caller: &Caller, channel: &str, contact: &str) -> Value {
    json!({
        "channel": channel,
        "phone_number": contact,
        "domain_name": caller.domain_name,
        "source_record_id": "contact-1",
        "source_org_id": "acme",
        "instruction": "Say hello.",
    })
}

/// A request of `/start` on the caller's domain.
pub(crate) fn direct(caller: &Caller, channel: &str, contact: &str) -> Value {
    let field = if channel == "email" { "email_address" } else { "phone_number" };
    json!({"channel": channel, field: contact, "domain_name": caller.domain_name, "instruction": "Say hello."})
}

/// A conversational call of `/start` that occupies the agent.
pub(crate) fn conversation(caller: &Caller, contact: &str) -> Value {
    with(direct(caller, "phone", contact), json!({"type": "conversational", "user_phone_number": AGENT}))
}

/// The request with these fields in place of its own.
pub(crate) fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().expect("changes are an object") {
        body[name] = value.clone();
    }
    body
}

/// The request without a field.
pub(crate) fn without(mut body: Value, field: &str) -> Value {
    body.as_object_mut().expect("a request is an object").remove(field);
    body
}
