//! A hub whose demo domain has Twilio as its carrier, and that can be killed.

use hub_fixture::twilio::{ACCOUNT_SID, AUTH_TOKEN, Form, Placed, Replied, Sent};
use hub_fixture::{Caller, TestHub, Twilio};
use hub_local::Options;
use hub_local::aws::Rule;
use reqwest::Method;
use serde_json::{Value, json};

use crate::crash::{known, start_and_crash};
use crate::support::start;

/// Whom everything is sent to.
pub(super) const ALEX: &str = "+14165551234";

const SMS: &str = "+14165550101";

pub(crate) struct Line {
    pub(crate) hub: TestHub,
    pub(crate) twilio: Twilio,
    pub(super) acme: Caller,
    /// Where the hub was reached before it died, and Twilio still believes it to be.
    before: Vec<String>,
}

impl Line {
    pub(super) async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// The same with more options changed.
    pub(crate) async fn open_with(change: impl FnOnce(&mut Options)) -> Self {
        let twilio = Twilio::start().await;
        let base_url = twilio.base_url().parse().expect("an address");
        let change = |options: &mut Options| {
            options.twilio_base_url = base_url;
            change(options);
        };
        let hub = TestHub::start_with(change).await;
        twilio.keeps_time_of(&hub.clock);
        let carrier = json!({
            "provider": "twilio", "account_sid": ACCOUNT_SID, "auth_token": AUTH_TOKEN, "voice_from": "+14165550100",
            "sms_from": SMS, "rates": {"calls": 1000, "sms": 1000, "whatsapp": 1000},
        });
        hub.admin(Method::PUT, "/admin/domains/acme/carrier", Some(carrier)).await.expect(200);
        let acme = hub.demo();
        Self { hub, twilio, acme, before: Vec::new() }
    }

    /// A request for a conversation, or for what only informs.
    pub(super) fn request(channel: &str, kind: &str) -> Value {
        let mut body = start("acme", channel, ALEX);
        body["type"] = kind.into();
        body
    }

    /// Starts this, dies by this rule over it, and comes back; gives the engagement's id.
    pub(super) async fn dies_sending(self, body: Value, rule: Rule) -> (Self, String) {
        self.hub.local.embedded.faults().inject(rule);
        let id = start_and_crash(&self.hub, &self.acme, body).await;
        let line = self.revived().await;
        let id = known(&line.hub, &line.acme, id).await;
        (line, id)
    }

    /// Does this, dies by this rule over it, and comes back.
    pub(super) async fn dies_over<T>(self, rule: Rule, deed: impl AsyncFnOnce(&Self) -> T) -> Self {
        self.hub.local.embedded.faults().inject(rule.times(1));
        tokio::select! {
            _ = deed(&self) => {}
            () = self.hub.local.embedded.faults().crashed() => {}
        }
        self.hub.local.embedded.faults().crashed().await;
        self.revived().await
    }

    async fn revived(self) -> Self {
        let Self { hub, twilio, acme, mut before } = self;
        before.push(hub.base_url.clone());
        Self { hub: hub.revive().await, twilio, acme, before }
    }

    /// Starts this and gives its id as soon as it is under way.
    pub(crate) async fn started(&self, channel: &str, kind: &str) -> String {
        let id = self.hub.started(&self.acme, Self::request(channel, kind)).await;
        self.hub.until_status(&self.acme, &id, "In Progress").await;
        if channel == "sms" && kind != "informational" {
            self.until_said(&id, 1).await;
        }
        self.hub.until_quiet().await;
        id
    }

    /// Waits until so much was said.
    pub(super) async fn until_said(&self, id: &str, turns: usize) -> Value {
        self.hub
            .until("it was said", || async {
                let report = self.hub.report(&self.acme, id).await;
                let said = report["transcript"].as_array().map_or(0, Vec::len);
                if said == turns { Ok(report) } else { Err(report.to_string()) }
            })
            .await
    }

    /// The only call that was ever placed, which comes back to the hub where it is now.
    pub(crate) fn call(&self) -> Placed {
        let calls = self.twilio.calls();
        assert_eq!((calls.len(), self.twilio.asked()), (1, 1));
        let call = calls.into_iter().next().expect("a call");
        Placed { form: self.moved(call.form), ..call }
    }

    /// Every message that was sent, each of which comes back to the hub where it is now.
    pub(super) fn messages(&self) -> Vec<Sent> {
        let messages = self.twilio.messages().into_iter();
        messages.map(|sent| Sent { form: self.moved(sent.form.clone()), ..sent }).collect()
    }

    /// What the hub answered before it died, with its addresses as they are now.
    pub(super) fn again(&self, reply: &Replied) -> Replied {
        Replied { body: self.here(reply.body.clone()), ..reply.clone() }
    }

    fn moved(&self, form: Form) -> Form {
        Form(form.0.into_iter().map(|(name, value)| (name, self.here(value))).collect())
    }

    fn here(&self, text: String) -> String {
        self.before.iter().fold(text, |text, before| text.replace(before.as_str(), &self.hub.base_url))
    }

    /// Alex writes.
    pub(super) async fn writes(&self, message_sid: &str, text: &str) -> Replied {
        let url = format!("{}/carriers/twilio/message/inbound?domain_name=acme", self.hub.base_url);
        self.twilio.brings(&url, message_sid, ALEX, SMS, text).await
    }
}

/// How often this text was said in an engagement.
pub(super) fn times_said(report: &Value, text: &str) -> usize {
    let said = report["transcript"].as_array().expect("a transcript").iter();
    said.filter(|turn| turn["content"].as_str().is_some_and(|content| content.contains(text))).count()
}
