//! The call log (checklist E8).

use hub_fixture::{Caller, Hub};
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::anywhere::{acme, acme_in_test_mode};
use crate::problem::problem;
use crate::requests::{ALEX, direct, with};

pub(crate) async fn log(hub: &Hub, acme: &Caller, query: &str) -> Vec<Value> {
    let log = hub.get(acme, &acme.at(&format!("/calls?{query}"))).await.expect(200);
    log["calls"].as_array().expect("calls").clone()
}

pub(crate) async fn start(hub: &Hub, acme: &Caller, body: Value) -> String {
    let started = hub.post(acme, "/start", body).await.expect(200);
    started["call_sid"].as_str().expect("a sid").to_owned()
}

// E8
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_shows_what_became_of_a_call() {
    let (hub, acme) = acme().await;
    start(&hub, &acme, with(direct(&acme, "email", "customer@example.com"), json!({"client_name": "Alex Morgan"})))
        .await;
    let entry = log(&hub, &acme, "").await.remove(0);
    assert_json_snapshot!("call_log_entry", entry, {
        ".call_sid" => "[sid]", ".created_at" => "[time]", ".started_at" => "[time]", ".completed_at" => "[time]",
    });
}

// E8, A3
#[tokio::test(flavor = "multi_thread")]
async fn bad_parameters_are_all_told() {
    let (hub, acme) = acme().await;
    let query = "status=Gone&channel=pigeon&from=yesterday&to=then&limit=0&cursor=nonsense&contact=nobody";
    for path in ["/calls", "/integration/engagements"] {
        let answer = hub.get(&acme, &format!("{path}?{query}")).await;
        let detail = problem(&answer, 400);
        assert!(detail.contains("ISO 8601"), "{detail}");
        let mut faulty = answer.faulty_fields();
        faulty.sort();
        assert_eq!(faulty, ["channel", "contact", "cursor", "domain_name", "from", "limit", "status", "to"], "{path}");
    }
    problem(&hub.get(&acme, &acme.at("/calls?limit=101")).await, 400);
}

// E8
#[tokio::test(flavor = "multi_thread")]
async fn one_call_is_looked_up_by_its_sid() {
    let (hub, acme) = acme_in_test_mode().await;
    let at = (hub.now() + SignedDuration::from_hours(1)).to_string();
    for body in [
        direct(&acme, "phone", ALEX),
        direct(&acme, "wmsg", ALEX),
        direct(&acme, "email", "customer@example.com"),
        with(direct(&acme, "phone", ALEX), json!({"scheduled_time": at})),
    ] {
        let sid = start(&hub, &acme, body.clone()).await;
        let call = hub.get(&acme, &format!("/calls/{sid}")).await.expect(200);
        assert_eq!((&call["call_sid"], &call["channel"]), (&json!(sid), &body["channel"]));
    }
    for unknown in ["CA0", "nonsense!", "QUEUED_x", "EM00", "QUEUED_018f3b1e-5b1a-8c2d-9e3f-a1b2c3d4e5f6"] {
        problem(&hub.get(&acme, &format!("/calls/{unknown}")).await, 404);
    }
}

// E8
#[tokio::test(flavor = "multi_thread")]
async fn a_failed_call_says_why() {
    let (hub, acme) = acme_in_test_mode().await;
    let sid = start(&hub, &acme, direct(&acme, "phone", "+15005550002")).await;
    let call = hub
        .until("it failed", async || {
            let call = hub.get(&acme, &format!("/calls/{sid}")).await.expect(200);
            if call["status"] == "Failed" { Ok(call) } else { Err(call.to_string()) }
        })
        .await;
    assert_eq!(call["outcome"], "busy");
    assert!(call["reason"].as_str().is_some_and(|reason| reason.contains("busy")), "{call}");
    assert_eq!(call["phone_number"], "+15005550002");
    assert_eq!(call["email_address"], json!(null));
}
