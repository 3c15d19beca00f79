//! A hub whose demo domain has Twilio as its carrier.

use hub_fixture::twilio::{ACCOUNT_SID, AUTH_TOKEN, Placed, Replied, Sent};
use hub_fixture::{Caller, TestHub, Twilio};
use hub_local::{Model, Options};
use reqwest::Method;
use serde_json::{Value, json};

use crate::requests::{ALEX, integration, with};

/// Whom calls and SMS are from.
pub(super) const VOICE: &str = "+14165550100";
/// Whom SMS are from.
pub(super) const SMS: &str = "+14165550101";
/// Whom WhatsApp messages and calls are from.
pub(super) const WHATSAPP: &str = "+14165550102";

/// What is sent by WhatsApp to who has not written.
pub(super) const TEMPLATE: &str = "HX00000000000000000000000000000001";

/// The same to who is addressed in Arabic.
pub(super) const TEMPLATE_IN_ARABIC: &str = "HX00000000000000000000000000000002";

/// A hub with a carrier.
pub(super) struct Line {
    pub(super) hub: TestHub,
    pub(super) twilio: Twilio,
    pub(super) acme: Caller,
}

/// The carrier of the demo domain, with every sender, and so fast that nothing waits.
pub(super) fn carrier() -> Value {
    json!({
        "provider": "twilio",
        "account_sid": ACCOUNT_SID,
        "auth_token": AUTH_TOKEN,
        "voice_from": VOICE,
        "sms_from": SMS,
        "whatsapp_from": WHATSAPP,
        "whatsapp_calls": true,
        "whatsapp_template": {"content_sid": TEMPLATE, "languages": {"ar": TEMPLATE_IN_ARABIC}},
        "rates": {"calls": 1000, "sms": 1000, "whatsapp": 1000},
    })
}

impl Line {
    pub(super) async fn open() -> Self {
        Self::open_with(json!({})).await
    }

    /// The same with these settings of the carrier.
    pub(super) async fn open_with(changes: Value) -> Self {
        let line = Self::without_carrier().await;
        line.set(with(carrier(), changes)).await.expect(200);
        line
    }

    /// The same with a model at this address.
    pub(super) async fn led_by(endpoint: String) -> Self {
        let line = Self::begin(Some(Model { id: "test.talker-v1".to_owned(), endpoint: Some(endpoint) })).await;
        line.set(carrier()).await.expect(200);
        line
    }

    pub(super) async fn without_carrier() -> Self {
        Self::begin(None).await
    }

    async fn begin(model: Option<Model>) -> Self {
        let twilio = Twilio::start().await;
        let base_url = twilio.base_url().parse().expect("an address");
        let change = |options: &mut Options| (options.twilio_base_url, options.model) = (base_url, model);
        let hub = TestHub::start_with(change).await;
        twilio.keeps_time_of(&hub.clock);
        let acme = hub.demo();
        Self { hub, twilio, acme }
    }

    pub(super) async fn set(&self, carrier: Value) -> hub_fixture::Answer {
        self.hub.admin(Method::PUT, "/admin/domains/acme/carrier", Some(carrier)).await
    }

    /// Starts an engagement with Alex, with these fields besides, and gives its id.
    pub(super) async fn start_with(&self, channel: &str, fields: Value) -> String {
        self.hub.started(&self.acme, with(integration(&self.acme, channel, ALEX), fields)).await
    }

    /// Alex writes to the sender of a channel.
    pub(super) async fn writes(&self, channel: &str, message_sid: &str, text: &str) -> Replied {
        self.writes_as(ALEX, channel, message_sid, text).await
    }

    /// A contact writes to the sender of a channel.
    pub(super) async fn writes_as(&self, contact: &str, channel: &str, message_sid: &str, text: &str) -> Replied {
        let url = format!("{}/carriers/twilio/message/inbound?domain_name=acme", self.hub.base_url);
        let (from, to) = match channel {
            "wmsg" => (format!("whatsapp:{contact}"), format!("whatsapp:{WHATSAPP}")),
            _ => (contact.to_owned(), SMS.to_owned()),
        };
        self.twilio.brings(&url, message_sid, &from, &to, text).await
    }

    /// Starts an engagement and gives its id.
    pub(super) async fn start(&self, channel: &str, contact: &str) -> String {
        self.hub.started(&self.acme, integration(&self.acme, channel, contact)).await
    }

    /// The call to this contact, as soon as it is placed and the hub knows of it.
    pub(super) async fn placed(&self, id: &str, contact: &str) -> Placed {
        self.hub.until_status(&self.acme, id, "In Progress").await;
        let calls = self.twilio.calls();
        let mut calls = calls.into_iter().filter(|call| to(&call.form) == contact);
        calls.next_back().expect("a call")
    }

    /// The message to this contact, as soon as it is sent and the hub knows of it.
    pub(super) async fn sent(&self, id: &str, contact: &str) -> Sent {
        self.hub.until_status(&self.acme, id, "In Progress").await;
        self.sent_to(contact).pop().expect("a message")
    }

    /// Every message to this contact, in order.
    pub(super) fn sent_to(&self, contact: &str) -> Vec<Sent> {
        let messages = self.twilio.messages();
        messages.into_iter().filter(|sent| to(&sent.form) == contact).collect()
    }

    pub(super) async fn report(&self, id: &str) -> Value {
        self.hub.report(&self.acme, id).await
    }

    pub(super) async fn until(&self, id: &str, status: &str) -> Value {
        self.hub.until_status(&self.acme, id, status).await
    }
}

fn to(form: &hub_fixture::twilio::Form) -> String {
    let to = form.get("To").expect("a contact");
    to.strip_prefix("whatsapp:").unwrap_or(to).to_owned()
}

/// A number that nobody else has in its test.
pub(super) fn contact(number: usize) -> String {
    format!("+1416555{:04}", 2_000 + number)
}

/// What happened, in order, without what is noted besides.
pub(super) fn events(report: &Value) -> Vec<&str> {
    let history = report["history"].as_array().expect("a history");
    history.iter().filter_map(|entry| entry["event_type"].as_str()).filter(|event| *event != "Noted").collect()
}

/// What the carrier said at the end, in its own words.
pub(super) fn raw(report: &Value) -> &str {
    let history = report["history"].as_array().expect("a history");
    history.last().and_then(|entry| entry["detail"].as_str()).unwrap_or_default()
}
