//! Live agents: transfers to them, and calls that wait for them (checklist D3, C4).

use hub_fixture::{Caller, TestHub};
use serde_json::{Value, json};

use super::{open_calendar, played, says, talking};
use crate::requests::{AGENT, ALEX, conversation, direct, integration, with};

/// Asks for the agent, and to be called back.
const ASKS_FOR_AGENT: &str = "+15005550014";
/// An agent that does not answer.
const ABSENT: &str = "+15005550003";

fn notes(report: &Value) -> String {
    report["history"].to_string()
}

// D3
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_the_agent_is_connected() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let fields = json!({"type": "conversational", "user_phone_number": AGENT});
    let id = hub.started(&acme, with(integration(&acme, "phone", ASKS_FOR_AGENT), fields)).await;
    let report = hub.until_status(&acme, &id, "Completed").await;
    assert_eq!(report["outcome"], "conversed");
    assert!(report["summary"].as_str().is_some_and(|summary| summary.contains("connected to the agent")), "{report}");
}

// D3
#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_does_not_answer_leaves_a_wish_to_be_called_back() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (channel, agent) in [("phone", Some(ABSENT)), ("phone", None), ("sms", Some(AGENT))] {
        let fields = json!({"type": "conversational", "user_phone_number": agent});
        let id = hub.started(&acme, with(integration(&acme, channel, ASKS_FOR_AGENT), fields)).await;
        let report = hub.until_status(&acme, &id, "Completed").await;
        assert!(report["summary"].as_str().is_some_and(|summary| summary.contains("15:30")), "{report}");
        assert!(notes(&report).contains("wishes to be called back: 15:30"), "{report}");
        let tried = agent == Some(ABSENT);
        assert_eq!(notes(&report).contains("The agent did not answer."), tried, "{report}");
    }
}

/// A call that was placed and is held; its contact may have been faster.
async fn placed_and_held(hub: &TestHub, caller: &Caller, call: &Value) -> Result<String, String> {
    let id = hub.started(caller, call.clone()).await;
    loop {
        hub.post(caller, "/integration/pause", json!({"engagement_id": id})).await;
        let report = hub.report(caller, &id).await;
        match report["status"].as_str() {
            Some("Paused") if report["started_at"].is_string() => return Ok(id),
            Some("Completed" | "Failed" | "Cancelled") => return Err(report.to_string()),
            _ => hub.post(caller, "/integration/resume", json!({"engagement_id": id})).await,
        };
    }
}

// C4
#[tokio::test(flavor = "multi_thread")]
async fn whoever_ends_a_call_the_next_one_of_its_agent_comes_forward() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let fields = json!({"type": "conversational", "user_phone_number": AGENT});
    let call = with(integration(&acme, "phone", ALEX), fields);
    let held = || placed_and_held(&hub, &acme, &call);
    let id = hub.until("a call is held before its contact does anything", held).await;
    let queued = hub.post(&acme, "/start", conversation(&acme, ALEX)).await.expect(200);
    assert_eq!(queued["status"], "queued");
    hub.post(&acme, "/integration/resume", json!({"engagement_id": id})).await.expect(200);
    hub.until_status(&acme, &id, "Completed").await;
    let path = format!("/calls/{}", queued["call_sid"].as_str().expect("a sid"));
    hub.until("the next call is placed", async || {
        let call = hub.get(&acme, &path).await.expect(200);
        if call["started_at"].is_string() { Ok(()) } else { Err(call.to_string()) }
    })
    .await;
}

// C4
#[tokio::test(flavor = "multi_thread")]
async fn the_next_call_of_a_busy_agent_starts_as_soon_as_the_first_ends() {
    // Whatever is talked about, the contact may be connected to the agent.
    for (kind, last) in [("conversational", "No."), ("appointment_booking", "1")] {
        the_next_call_starts_as_soon_as_the_first_ends(kind, last).await;
    }
}

async fn the_next_call_starts_as_soon_as_the_first_ends(kind: &str, last: &str) {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    open_calendar(&hub, &acme).await;
    let fields = json!({"type": kind, "user_phone_number": AGENT});
    talking(&hub, &acme, "phone", fields).await;
    played(&hub, "answer", json!({})).await;
    let queued = hub.post(&acme, "/start", conversation(&acme, ALEX)).await.expect(200);
    assert_eq!(queued["status"], "queued");
    let path = format!("/calls/{}", queued["call_sid"].as_str().expect("a sid"));
    let started = async || hub.get(&acme, &path).await.expect(200)["started_at"].clone();
    assert_eq!(started().await, json!(null));
    says(&hub, "phone", last).await;
    // No clock is moved: the thirty seconds that it would wait have not passed.
    hub.until("the next call is placed", async || {
        let started = started().await;
        if started.is_string() { Ok(()) } else { Err(started.to_string()) }
    })
    .await;
    let free = with(direct(&acme, "sms", ALEX), json!({"user_phone_number": AGENT}));
    assert_eq!(hub.post(&acme, "/start", free).await.expect(200)["status"], "call_initiated");
}
