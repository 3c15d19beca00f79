//! The call log (checklist E8).

use hub_fixture::{Caller, TestHub};
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::problem::problem;
use crate::requests::{ALEX, JORDAN, direct, with};

async fn log(hub: &TestHub, acme: &Caller, query: &str) -> Vec<Value> {
    let log = hub.get(acme, &format!("/calls?domain_name=acme&{query}")).await.expect(200);
    log["calls"].as_array().expect("calls").clone()
}

async fn start(hub: &TestHub, acme: &Caller, body: Value) -> String {
    let started = hub.post(acme, "/start", body).await.expect(200);
    started["call_sid"].as_str().expect("a sid").to_owned()
}

// E8
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_shows_what_became_of_a_call() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    start(&hub, &acme, with(direct("email", "customer@example.com"), json!({"client_name": "Alex Morgan"}))).await;
    let entry = log(&hub, &acme, "").await.remove(0);
    assert_json_snapshot!("call_log_entry", entry, {
        ".call_sid" => "[sid]", ".created_at" => "[time]", ".started_at" => "[time]", ".completed_at" => "[time]",
    });
}

// E8
#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_newest_first_and_paged() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let mut sids = Vec::new();
    for _ in 0..5 {
        sids.push(start(&hub, &acme, direct("email", "customer@example.com")).await);
        hub.advance(SignedDuration::from_secs(1));
    }
    sids.reverse();
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = hub.get(&acme, &format!("/calls?domain_name=acme&limit=2{cursor}")).await.expect(200);
        let calls = page["calls"].as_array().expect("calls");
        assert!(calls.len() <= 2);
        seen.extend(calls.iter().map(|call| call["call_sid"].as_str().expect("a sid").to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, sids);
}

// E8
#[tokio::test(flavor = "multi_thread")]
async fn the_log_is_filtered_by_status_channel_contact_and_date() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let mail = start(&hub, &acme, direct("email", "Customer@Example.com")).await;
    hub.advance(SignedDuration::from_hours(1));
    let noon = hub.clock.now();
    let call = start(
        &hub,
        &acme,
        with(direct("phone", ALEX), json!({"scheduled_time": (noon + SignedDuration::from_hours(9)).to_string()})),
    )
    .await;
    problem(&hub.post(&acme, "/start", direct("sms", "+15005550001")).await, 400);
    let refused = log(&hub, &acme, "status=Failed").await.remove(0)["call_sid"].as_str().expect("a sid").to_owned();

    let sids = async |query: &str| -> Vec<String> {
        let calls = log(&hub, &acme, query).await;
        calls.iter().map(|call| call["call_sid"].as_str().expect("a sid").to_owned()).collect()
    };
    assert_eq!(sids("").await, [&refused, &call, &mail].map(String::clone));
    assert_eq!(sids("status=Done").await, [mail.as_str()]);
    assert_eq!(sids("status=Completed").await, [mail.as_str()]);
    assert_eq!(sids("status=Scheduled").await, [call.as_str()]);
    assert_eq!(sids("channel=sms").await, [refused.as_str()]);
    assert_eq!(sids("contact=Customer@example.com").await, [mail.as_str()]);
    assert_eq!(sids("contact=Customer@EXAMPLE.com").await, [mail.as_str()]);
    assert_eq!(sids("contact=%2B14165551234").await, [call.as_str()]);
    // A plus sign that is not encoded is a space in a query string, which every number has at first.
    assert_eq!(sids("contact=+14165551234").await, [call.as_str()]);
    assert_eq!(sids("contact=4165551234").await, [call.as_str()]);
    assert_eq!(sids(&format!("from={noon}")).await, [&refused, &call].map(String::clone));
    assert_eq!(sids(&format!("to={noon}")).await, [mail.as_str()]);
    assert_eq!(sids(&format!("contact={}", JORDAN.replace('+', "%2B"))).await, Vec::<String>::new());
    assert_eq!(sids("status=Failed&channel=email").await, Vec::<String>::new());
}

// E8, A3
#[tokio::test(flavor = "multi_thread")]
async fn bad_parameters_are_all_told() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let query = "status=Gone&channel=pigeon&from=yesterday&to=then&limit=0&cursor=nonsense&contact=nobody";
    for path in ["/calls", "/integration/engagements"] {
        let answer = hub.get(&acme, &format!("{path}?{query}")).await;
        let detail = problem(&answer, 400);
        assert!(detail.contains("ISO 8601"), "{detail}");
        let mut faulty = answer.faulty_fields();
        faulty.sort();
        assert_eq!(faulty, ["channel", "contact", "cursor", "domain_name", "from", "limit", "status", "to"], "{path}");
    }
    problem(&hub.get(&acme, "/calls?domain_name=acme&limit=101").await, 400);
}

// E8
#[tokio::test(flavor = "multi_thread")]
async fn one_call_is_looked_up_by_its_sid() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = (hub.clock.now() + SignedDuration::from_hours(1)).to_string();
    for body in [
        direct("phone", ALEX),
        direct("wmsg", ALEX),
        direct("email", "customer@example.com"),
        with(direct("phone", ALEX), json!({"scheduled_time": at})),
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
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let sid = start(&hub, &acme, direct("phone", "+15005550002")).await;
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
