//! The events that SES publishes by way of EventBridge, and which of them a recipient causes.

use std::collections::BTreeMap;

use hub_models::moment::Moment;
use serde_json::{Value, json};

const SIMULATOR: &str = "simulator.amazonses.com";

/// What the events tell of a mail.
#[derive(Clone, Debug)]
pub(super) struct Mail {
    pub(super) id: String,
    pub(super) at: Moment,
    pub(super) source: String,
    pub(super) destination: Vec<String>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) configuration_set: Option<String>,
    pub(super) subject: Option<String>,
}

/// What becomes of a mail once it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Delivered,
    Bounced,
    Complained,
    Suppressed,
}

impl Fate {
    /// The mailbox simulator's addresses behave as on AWS, labels after a `+` included; all others take the mail.
    fn of(recipient: &str) -> Self {
        let Some(local) = simulated(recipient) else {
            return Self::Delivered;
        };
        match local.split('+').next().unwrap_or(local) {
            "bounce" => Self::Bounced,
            "complaint" => Self::Complained,
            "suppressionlist" => Self::Suppressed,
            _ => Self::Delivered,
        }
    }
}

/// Whether `recipient` is an address of the mailbox simulator, which no mail server knows.
pub(super) fn is_simulated(recipient: &str) -> bool {
    simulated(recipient).is_some()
}

fn simulated(recipient: &str) -> Option<&str> {
    let address = recipient.rsplit_once('<').map_or(recipient, |(_, address)| address).trim_end_matches('>');
    let (local, domain) = address.split_once('@')?;
    domain.eq_ignore_ascii_case(SIMULATOR).then_some(local)
}

impl Mail {
    /// The events of this mail, in the order in which they happen.
    pub(super) fn events(&self) -> Vec<Value> {
        let mut events = vec![self.event("Email Sent", "Send", "send", json!({}))];
        for recipient in &self.destination {
            match Fate::of(recipient) {
                Fate::Delivered => events.push(self.delivery(recipient)),
                Fate::Bounced => events.push(self.bounce(recipient, "General")),
                Fate::Suppressed => events.push(self.bounce(recipient, "OnAccountSuppressionList")),
                Fate::Complained => events.extend([self.delivery(recipient), self.complaint(recipient)]),
            }
        }
        events
    }

    fn delivery(&self, recipient: &str) -> Value {
        let delivery = json!({
            "timestamp": self.at.to_string(),
            "processingTimeMillis": 1,
            "recipients": [recipient],
            "smtpResponse": "250 2.0.0 OK",
            "reportingMTA": "localhost",
        });
        self.event("Email Delivered", "Delivery", "delivery", delivery)
    }

    fn bounce(&self, recipient: &str, subtype: &str) -> Value {
        let bounced = json!({
            "emailAddress": recipient,
            "action": "failed",
            "status": "5.1.1",
            "diagnosticCode": "smtp; 550 5.1.1 user unknown",
        });
        let bounce = json!({
            "bounceType": "Permanent",
            "bounceSubType": subtype,
            "bouncedRecipients": [bounced],
            "timestamp": self.at.to_string(),
            "feedbackId": self.feedback_id(),
            "reportingMTA": "dns; localhost",
        });
        self.event("Email Bounced", "Bounce", "bounce", bounce)
    }

    fn complaint(&self, recipient: &str) -> Value {
        let complaint = json!({
            "complainedRecipients": [{ "emailAddress": recipient }],
            "timestamp": self.at.to_string(),
            "feedbackId": self.feedback_id(),
            "complaintSubType": null,
            "complaintFeedbackType": "abuse",
            "arrivalDate": self.at.to_string(),
        });
        self.event("Email Complaint Received", "Complaint", "complaint", complaint)
    }

    fn feedback_id(&self) -> String {
        format!("{}-feedback", self.id)
    }

    fn event(&self, detail_type: &str, event_type: &str, member: &str, told: Value) -> Value {
        let mut detail = json!({ "eventType": event_type, "mail": self.described() });
        detail[member] = told;
        json!({
            "version": "0",
            "id": uuid::Uuid::new_v4().to_string(),
            "detail-type": detail_type,
            "source": "aws.ses",
            "account": "000000000000",
            "time": self.at.to_string(),
            "region": "us-east-1",
            "resources": [self.resource()],
            "detail": detail,
        })
    }

    fn resource(&self) -> String {
        let set = self.configuration_set.as_deref().unwrap_or("default");
        format!("arn:aws:ses:us-east-1:000000000000:configuration-set/{set}")
    }

    fn described(&self) -> Value {
        let mut tags: BTreeMap<&str, [&str; 1]> =
            self.tags.iter().map(|(name, value)| (name.as_str(), [value.as_str()])).collect();
        if let Some(set) = &self.configuration_set {
            tags.insert("ses:configuration-set", [set]);
        }
        json!({
            "timestamp": self.at.to_string(),
            "source": self.source,
            "sendingAccountId": "000000000000",
            "messageId": self.id,
            "destination": self.destination,
            "headersTruncated": false,
            "headers": [],
            "commonHeaders": { "to": self.destination, "messageId": self.id, "subject": self.subject },
            "tags": tags,
        })
    }
}
