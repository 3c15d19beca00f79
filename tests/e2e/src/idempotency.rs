//! `Idempotency-Key` (checklist A6).

use futures::future::join_all;
use hub_fixture::{Caller, TestHub};
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::problem::problem;
use crate::requests::{ALEX, JORDAN, direct, integration, with};

const KEY: &[(&str, &str)] = &[("Idempotency-Key", "order-4711")];

async fn engagements(hub: &TestHub, caller: &Caller) -> usize {
    let list = hub.get(caller, &format!("/integration/engagements?domain_name={}", caller.domain_name)).await;
    list.expect(200)["engagements"].as_array().expect("a list").len()
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_with_the_same_key_returns_the_first_answer() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (path, body) in [("/integration/start", integration("phone", ALEX)), ("/start", direct("sms", ALEX))] {
        let first = hub.post_with(&acme, path, body.clone(), KEY).await.expect(200);
        let second = hub.post_with(&acme, path, body, KEY).await.expect(200);
        assert_eq!(first, second);
    }
    // The same key on two routes is two keys.
    assert_eq!(engagements(&hub, &acme).await, 2);
    assert_eq!(hub.balance(&acme).await, 9_998);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_in_another_order_is_the_same_request() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let first = hub.post_with(&acme, "/integration/start", integration("phone", ALEX), KEY).await.expect(200);
    let Value::Object(fields) = integration("phone", ALEX) else { panic!("an object") };
    let turned: Vec<String> = fields.iter().rev().map(|(name, value)| format!("\"{name}\" : {value}")).collect();
    let request = hub.request(reqwest::Method::POST, "/integration/start").header(KEY[0].0, KEY[0].1);
    let request = request.bearer_auth(&acme.api_key).header("Content-Type", "application/json; charset=utf-8");
    let second = hub.send(request.body(format!("{{ {} }}", turned.join(" , ")))).await.expect(200);
    assert_eq!(first, second);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn another_request_with_the_same_key_is_422() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (path, body, other) in [
        ("/integration/start", integration("phone", ALEX), integration("phone", JORDAN)),
        ("/start", direct("phone", ALEX), direct("phone", JORDAN)),
    ] {
        hub.post_with(&acme, path, body, KEY).await.expect(200);
        assert!(problem(&hub.post_with(&acme, path, other, KEY).await, 422).contains("Idempotency-Key"));
    }
    assert_eq!(engagements(&hub, &acme).await, 2);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_key_holds_for_24_hours_and_no_longer() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let start = async || hub.post_with(&acme, "/integration/start", integration("phone", ALEX), KEY).await.expect(200);
    let first = start().await;
    hub.advance(SignedDuration::from_mins(23 * 60 + 59));
    assert_eq!(start().await, first);
    hub.advance(SignedDuration::from_mins(2));
    let second = start().await;
    assert_ne!(second["engagement_id"], first["engagement_id"]);
    assert_eq!(start().await, second);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_its_accounts_own() {
    let hub = TestHub::start().await;
    let (acme, globex) = (hub.demo(), hub.account("globex", 10).await);
    let first = hub.post_with(&acme, "/integration/start", integration("phone", ALEX), KEY).await.expect(200);
    let body = with(integration("phone", ALEX), json!({"domain_name": "globex"}));
    let other = hub.post_with(&globex, "/integration/start", body, KEY).await.expect(200);
    assert_ne!(first["engagement_id"], other["engagement_id"]);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_many_times_at_once_is_carried_out_once() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for (path, body) in [("/integration/start", integration("sms", ALEX)), ("/start", direct("sms", ALEX))] {
        let all = (0..12).map(|_| hub.post_with(&acme, path, body.clone(), KEY));
        let answers: Vec<Value> = join_all(all).await.into_iter().map(|answer| answer.expect(200)).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }
    assert_eq!(engagements(&hub, &acme).await, 2);
    assert_eq!(hub.balance(&acme).await, 9_998);
}

// A6: the answer is the first one, not how it stands by now.
#[tokio::test(flavor = "multi_thread")]
async fn a_queued_start_is_answered_the_same_after_it_was_sent() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    let at = (hub.clock.now() + SignedDuration::from_hours(2)).to_string();
    let body = with(direct("phone", ALEX), json!({"scheduled_time": at}));
    let first = hub.post_with(&acme, "/start", body.clone(), KEY).await.expect(200);
    hub.advance(SignedDuration::from_hours(3));
    let path = format!("/calls/{}", first["call_sid"].as_str().expect("a sid"));
    hub.until("it is done", async || {
        let call = hub.get(&acme, &path).await.expect(200);
        if call["status"] == "Done" { Ok(()) } else { Err(call.to_string()) }
    })
    .await;
    assert_eq!(hub.post_with(&acme, "/start", body, KEY).await.expect(200), first);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_start_leaves_its_key_free() {
    let hub = TestHub::start().await;
    let globex = hub.account("globex", 0).await;
    let body = with(integration("phone", ALEX), json!({"domain_name": "globex"}));
    problem(&hub.post_with(&globex, "/integration/start", body.clone(), KEY).await, 402);
    let path = format!("/admin/accounts/{}/credits", globex.account_id);
    let credits = json!({"amount": 5, "reason": "Invoice 1"});
    hub.admin(reqwest::Method::POST, &path, Some(credits)).await.expect(201);
    hub.post_with(&globex, "/integration/start", body, KEY).await.expect(200);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_no_key_is_400() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    for key in [String::new(), "two words".to_owned(), "k".repeat(256)] {
        let headers = [("Idempotency-Key", key.as_str())];
        let answer = hub.post_with(&acme, "/integration/start", integration("phone", ALEX), &headers).await;
        problem(&answer, 400);
        assert_eq!(answer.faulty_fields(), ["Idempotency-Key"]);
    }
    assert_eq!(engagements(&hub, &acme).await, 0);
}

// A6
#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_was_put_off_is_answered_the_same_while_it_waits() {
    let hub = TestHub::start().await;
    let acme = hub.demo();
    crate::setup::quiet_hours(&hub).await;
    let first = hub.post_with(&acme, "/start", direct("phone", ALEX), KEY).await.expect(200);
    assert_eq!(first["status"], "queued");
    hub.advance(SignedDuration::from_mins(4 * 60 + 50));
    assert_eq!(hub.post_with(&acme, "/start", direct("phone", ALEX), KEY).await.expect(200), first);
}
