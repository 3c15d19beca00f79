//! `POST /start` (checklist C).

use hub_fixture::TestHub;
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::problem::problem;
use crate::requests::{AGENT, ALEX, TALKER, THROTTLED, conversation, direct, integration, with};

async fn until_done(hub: &TestHub, sid: &Value) -> Value {
    let acme = hub.demo();
    let path = format!("/calls/{}", sid.as_str().expect("a sid"));
    hub.until("the call is done", async || {
        let call = hub.get(&acme, &path).await.expect(200);
        if call["status"] == "Done" { Ok(call) } else { Err(call.to_string()) }
    })
    .await
}

// C3
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_placed_within_the_request() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let started = hub.post(&acme, "/start", direct(&acme, "phone", ALEX)).await.expect(200);
    assert_eq!(hub.messages("channel=phone").await.len(), 1);
    assert_eq!(started["call_sid"], started["billing_request_id"]);
    assert_json_snapshot!("initiated", started, {".call_sid" => "[sid]", ".billing_request_id" => "[sid]"});
}

// C2
#[tokio::test(flavor = "multi_thread")]
async fn fields_may_be_under_body_and_the_top_level_wins() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let body = json!({
        "phone_number": ALEX,
        "domain_name": "acme",
        "client_name": "",
        "body": {
            "phone_number": "+14165550000",
            "channel": "sms",
            "instruction": "Leave a message.",
            "client_name": "Alex Morgan",
            "context": {"email_subject": "deep"},
        },
    });
    let started = hub.post(&acme, "/start", body).await.expect(200);
    assert_eq!(started["phone_number"], ALEX);
    let path = format!("/calls/{}", started["call_sid"].as_str().expect("a sid"));
    let call = hub.get(&acme, &path).await.expect(200);
    assert_eq!((&call["channel"], &call["client_name"]), (&json!("sms"), &json!("Alex Morgan")));
    assert_eq!(hub.messages("channel=sms").await[0]["text"], "Leave a message.");
}

// C4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_whose_agent_is_busy_is_queued_and_goes_out_when_the_agent_is_free() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let talk = with(integration(&acme, "phone", TALKER), json!({"type": "conversational", "user_phone_number": AGENT}));
    let live = hub.started(&acme, talk).await;
    hub.until_status(&acme, &live, "In Progress").await;
    let queued = hub.post(&acme, "/start", conversation(&acme, ALEX)).await.expect(200);
    assert_eq!(queued["status"], "queued");
    assert_eq!(hub.messages("").await.len(), 1);

    // Only a conversation by voice needs the agent, and only that agent is busy.
    let sms = with(conversation(&acme, ALEX), json!({"channel": "sms"}));
    let informing = with(conversation(&acme, ALEX), json!({"type": "informational"}));
    let other_agent = with(conversation(&acme, ALEX), json!({"user_phone_number": "+14165558888"}));
    for body in [sms, informing, other_agent] {
        assert_eq!(hub.post(&acme, "/start", body).await.expect(200)["status"], "call_initiated");
    }

    hub.post(&acme, "/integration/cancel", json!({"engagement_id": live})).await.expect(200);
    hub.advance(SignedDuration::from_secs(40));
    let call = until_done(&hub, &queued["call_sid"]).await;
    assert!(call["call_sid"].as_str().is_some_and(|sid| sid.starts_with("CA")), "{call}");
}

// C4
#[tokio::test(flavor = "multi_thread")]
async fn a_start_whose_provider_is_throttled_is_queued() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (channel, contact) in [("phone", THROTTLED), ("sms", THROTTLED)] {
        let now = hub.clock.now();
        let queued = hub.post(&acme, "/start", direct(&acme, channel, contact)).await.expect(200);
        assert_eq!(queued["status"], "queued");
        let at: jiff::Timestamp = queued["scheduled_time"].as_str().expect("a time").parse().expect("a time");
        let wait = at.duration_since(now.timestamp());
        assert!((1..=7).contains(&wait.as_secs()), "{wait}");
        hub.advance(SignedDuration::from_secs(10));
        until_done(&hub, &queued["call_sid"]).await;
    }
}

// C3: what the provider refuses for good is an error, and costs nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_the_provider_refuses_is_400_and_in_the_call_log() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let answer = hub.post(&acme, "/start", direct(&acme, "phone", "+15005550001")).await;
    problem(&answer, 400);
    let log = hub.get(&acme, "/calls?domain_name=acme").await.expect(200);
    assert_eq!(log["calls"][0]["status"], "Failed");
    assert_eq!(log["calls"][0]["outcome"], "invalid_number");
    assert_eq!(hub.balance(&acme).await, 10_000);
}

// C5
#[tokio::test(flavor = "multi_thread")]
async fn a_direct_start_is_an_engagement_like_any_other() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let bodies = [
        direct(&acme, "phone", ALEX),
        direct(&acme, "sms", ALEX),
        direct(&acme, "email", "a@example.com"),
        with(direct(&acme, "phone", ALEX), json!({"scheduled_time": at})),
    ];
    for body in bodies {
        let started = hub.post(&acme, "/start", body.clone()).await.expect(200);
        assert!(started.get("engagement_id").is_none());
        let sid = started["call_sid"].as_str().expect("a sid");
        let path = format!("/integration/engagements?domain_name=acme&call_sid={sid}");
        let found = hub.get(&acme, &path).await.expect(200)["engagements"].clone();
        assert_eq!(found.as_array().map(Vec::len), Some(1), "{sid}");
        assert_eq!((&found[0]["call_sid"], &found[0]["channel"]), (&started["call_sid"], &body["channel"]));
        let id = found[0]["engagement_id"].as_str().expect("an id");
        assert_eq!(hub.report(&acme, id).await["channel"], body["channel"]);
    }
    assert_eq!(hub.balance(&acme).await, 9_996);
}

// C5: the sid it was queued under goes on being good.
#[tokio::test(flavor = "multi_thread")]
async fn a_queued_sid_is_found_after_the_call_was_placed() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    let queued =
        hub.post(&acme, "/start", with(direct(&acme, "phone", ALEX), json!({"scheduled_time": at}))).await.expect(200);
    hub.advance(SignedDuration::from_hours(2));
    let call = until_done(&hub, &queued["call_sid"]).await;
    assert_ne!(call["call_sid"], queued["call_sid"]);
    for sid in [&queued["call_sid"], &call["call_sid"]] {
        let path = format!("/integration/engagements?domain_name=acme&call_sid={}", sid.as_str().expect("a sid"));
        assert_eq!(hub.get(&acme, &path).await.expect(200)["engagements"].as_array().map(Vec::len), Some(1));
    }
}
