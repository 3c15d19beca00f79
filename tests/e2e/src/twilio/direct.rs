//! `/start` while Twilio is busy, out of order or silent: it is answered at once, and what it asks for goes out once (checklist
//! C3, C4).

use hub_fixture::twilio::Behaviour;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::support::{Line, events};
use crate::requests::{ALEX, direct};

impl Line {
    /// A direct start that Twilio does not answer well, and the id of its engagement.
    async fn starts_badly(&self, channel: &str, behaviour: Behaviour) -> String {
        self.twilio.next(behaviour, 1);
        let answer = self.hub.post(&self.acme, "/start", direct(&self.acme, channel, ALEX)).await.expect(200);
        assert_eq!(answer["status"], "queued", "{channel} {behaviour:?}: {answer}");
        let list = self.hub.get(&self.acme, &self.acme.at("/integration/engagements")).await.expect(200);
        list["engagements"][0]["engagement_id"].as_str().expect("an id").to_owned()
    }

    async fn until_one_of(&self, id: &str, wanted: &[&str]) -> Value {
        self.hub
            .until(&format!("one of {wanted:?} happened"), || async {
                let report = self.report(id).await;
                if events(&report).iter().any(|event| wanted.contains(event)) {
                    Ok(report)
                } else {
                    Err(report.to_string())
                }
            })
            .await
    }

    /// Twilio was asked so often, has it once, and it was paid for once.
    async fn has_it_once(&self, asked: usize, what: &str) {
        let taken = self.twilio.calls().len() + self.twilio.messages().len();
        assert_eq!((self.twilio.asked(), taken), (asked, 1), "{what}");
        assert_eq!(self.hub.balance(&self.acme).await, 10_000 - 1, "{what}");
    }
}

// C3, C4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_twilio_surely_did_not_take_is_queued_and_tried_again() {
    for behaviour in [Behaviour::Refuses(429, 20_429), Behaviour::Refuses(503, 20_503)] {
        for channel in ["phone", "sms"] {
            let line = Line::open().await;
            let id = line.starts_badly(channel, behaviour).await;
            line.hub.advance(SignedDuration::from_secs(61));
            line.until_one_of(&id, &["Sent"]).await;
            line.has_it_once(2, &format!("{channel} {behaviour:?}")).await;
        }
    }
}

// C3, C4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_of_which_nobody_knows_whether_twilio_took_it_is_settled_by_evidence() {
    for (behaviour, asked) in [
        (Behaviour::Refuses(500, 20_500), 2),
        (Behaviour::BreaksBefore, 2),
        (Behaviour::FailsAfter, 1),
        (Behaviour::BreaksAfter, 1),
    ] {
        for channel in ["phone", "sms"] {
            let line = Line::open().await;
            let id = line.starts_badly(channel, behaviour).await;
            let pace = line.hub.local.hub.settings.pace;
            line.hub.advance(pace.lease + SignedDuration::from_secs(1));
            line.until_one_of(&id, &["Unconfirmed"]).await;
            if asked > 1 {
                line.hub.advance(pace.grace + SignedDuration::from_secs(1));
            }
            line.until_one_of(&id, &["Sent"]).await;
            line.has_it_once(asked, &format!("{channel} {behaviour:?}")).await;
        }
    }
}

// C3
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_twilio_refuses_for_good_is_400_and_costs_nothing() {
    let line = Line::open().await;
    line.twilio.next(Behaviour::Refuses(400, 21_211), 1);
    let refused = line.hub.post(&line.acme, "/start", direct(&line.acme, "phone", ALEX)).await;
    assert_eq!((refused.status, line.hub.balance(&line.acme).await), (400, 10_000));
    assert!(refused.text("detail").contains("21211"), "{}", refused.body);
    let log = line.hub.get(&line.acme, "/calls?domain_name=acme").await.expect(200);
    assert_eq!(log["calls"][0]["outcome"], json!("invalid_number"));
}
