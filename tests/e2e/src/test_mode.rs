//! Test mode (checklist H1).

use futures::future::join_all;
use hub_fixture::{Caller, TestHub};
use serde_json::{Value, json};

use crate::requests::{ALEX, OPTS_OUT, direct, integration, with};

fn test(body: Value) -> Value {
    with(body, json!({"test_mode": true}))
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_through_its_states_and_nothing_leaves_and_nothing_is_charged() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let channels =
        [("phone", ALEX), ("sms", ALEX), ("wmsg", ALEX), ("wvoice", ALEX), ("email", "customer@example.com")];
    let tests = channels.map(async |(channel, contact)| {
        let id = hub.started(&acme, test(integration(channel, contact))).await;
        let report = hub.until_status(&acme, &id, "Completed").await;
        assert_eq!(report["test_mode"], true);
        let events: Vec<_> =
            report["history"].as_array().expect("a history").iter().map(|entry| &entry["event_type"]).collect();
        assert_eq!(events, ["Queued", "Sent", "Ended"], "{channel}");
    });
    join_all(tests).await;
    assert!(hub.messages("").await.is_empty());
    assert_eq!(hub.balance(&acme).await, 10_000);
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_direct_test_answers_with_test_identifiers() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (channel, contact, prefix) in
        [("phone", ALEX, "CA"), ("sms", ALEX, "SM"), ("email", "customer@example.com", "EM")]
    {
        let started = hub.post(&acme, "/start", test(direct(channel, contact))).await.expect(200);
        assert_eq!(started["status"], "call_initiated");
        let sid = started["call_sid"].as_str().expect("a sid");
        assert!(sid.starts_with(prefix), "{sid}");
        let call = hub.get(&acme, &format!("/calls/{sid}")).await.expect(200);
        assert_eq!(call["test_mode"], true);
    }
    assert!(hub.messages("").await.is_empty());
    assert_eq!(hub.balance(&acme).await, 10_000);
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_test_needs_no_credits() {
    let hub = TestHub::start().await;
    let globex = hub.account("globex", 0).await;
    hub.started(&globex, with(test(integration("phone", ALEX)), json!({"domain_name": "globex"}))).await;
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_test_key_forces_test_mode() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let api_key = hub.api_key(&acme.account_id, json!({"name": "CI", "mode": "test"})).await;
    assert!(api_key.starts_with("hub_test_"));
    let tester = Caller { api_key, ..acme };
    for test_mode in [json!(false), json!(null), json!(true)] {
        let body = with(integration("email", "customer@example.com"), json!({"test_mode": test_mode}));
        let id = hub.started(&tester, body).await;
        assert_eq!(hub.until_status(&tester, &id, "Completed").await["test_mode"], true);
    }
    hub.post(&tester, "/start", direct("phone", ALEX)).await.expect(200);
    assert!(hub.messages("").await.is_empty());
    assert_eq!(hub.balance(&tester).await, 10_000);
}

// H1: a test changes nothing for real engagements.
#[tokio::test(flavor = "multi_thread")]
async fn a_contact_that_opts_out_of_a_test_can_still_be_contacted() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (channel, contact) in [("sms", OPTS_OUT), ("email", "bounce@simulator.amazonses.com")] {
        let id = hub.started(&acme, test(integration(channel, contact))).await;
        hub.until_status(&acme, &id, "Completed").await;
        hub.started(&acme, integration(channel, contact)).await;
    }
}
