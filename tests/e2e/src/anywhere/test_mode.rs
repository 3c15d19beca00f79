//! Test mode (checklist H1).

use futures::future::join_all;
use hub_fixture::AnyHub;
use serde_json::{Value, json};

use crate::anywhere::acme;
use crate::requests::{ALEX, direct, integration, with};

pub(crate) fn test(body: Value) -> Value {
    with(body, json!({"test_mode": true}))
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_test_goes_through_its_states_and_nothing_leaves_and_nothing_is_charged() {
    let (hub, acme) = acme().await;
    let channels =
        [("phone", ALEX), ("sms", ALEX), ("wmsg", ALEX), ("wvoice", ALEX), ("email", "customer@example.com")];
    let tests = channels.map(async |(channel, contact)| {
        let id = hub.started(&acme, test(integration(&acme, channel, contact))).await;
        let report = hub.until_status(&acme, &id, "Completed").await;
        assert_eq!(report["test_mode"], true);
        let events: Vec<_> =
            report["history"].as_array().expect("a history").iter().map(|entry| &entry["event_type"]).collect();
        // An email that is made of an instruction says who wrote it.
        let expected: &[_] =
            if channel == "email" { &["Queued", "Noted", "Sent", "Ended"] } else { &["Queued", "Sent", "Ended"] };
        assert_eq!(events, expected, "{channel}");
    });
    join_all(tests).await;
    assert!(hub.messages_of(&acme).await.is_empty());
    assert_eq!(hub.balance(&acme).await, 10_000);
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_direct_test_answers_with_test_identifiers() {
    let (hub, acme) = acme().await;
    for (channel, contact, prefix) in
        [("phone", ALEX, "CA"), ("sms", ALEX, "SM"), ("email", "customer@example.com", "EM")]
    {
        let started = hub.post(&acme, "/start", test(direct(&acme, channel, contact))).await.expect(200);
        assert_eq!(started["status"], "call_initiated");
        let sid = started["call_sid"].as_str().expect("a sid");
        assert!(sid.starts_with(prefix), "{sid}");
        let call = hub.get(&acme, &format!("/calls/{sid}")).await.expect(200);
        assert_eq!(call["test_mode"], true);
    }
    assert!(hub.messages_of(&acme).await.is_empty());
    assert_eq!(hub.balance(&acme).await, 10_000);
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_test_needs_no_credits() {
    let hub = AnyHub::reach().await;
    let globex = hub.tenant("globex", 0).await;
    hub.started(&globex, test(integration(&globex, "phone", ALEX))).await;
}

// H1
#[tokio::test(flavor = "multi_thread")]
async fn a_test_key_forces_test_mode() {
    let (hub, acme) = acme().await;
    let tester = hub.with_key(&acme, json!({"name": "CI", "mode": "test"})).await;
    assert!(tester.api_key.starts_with("hub_test_"));
    for test_mode in [json!(false), json!(null), json!(true)] {
        let body = with(integration(&acme, "email", "customer@example.com"), json!({"test_mode": test_mode}));
        let id = hub.started(&tester, body).await;
        assert_eq!(hub.until_status(&tester, &id, "Completed").await["test_mode"], true);
    }
    hub.post(&tester, "/start", direct(&acme, "phone", ALEX)).await.expect(200);
    assert!(hub.messages_of(&acme).await.is_empty());
    assert_eq!(hub.balance(&tester).await, 10_000);
}
